// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/ask_line.h"

#include "ui/theme.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QVBoxLayout>

namespace sightglass {

AskLine::AskLine(QWidget *parent)
    : QWidget(parent)
    , m_label(new QLabel(this))
    , m_edit(new QLineEdit(this))
    , m_problem(new RoleLabel(Role::Failure, this))
{
    m_label->setBuddy(m_edit);
    m_label->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *take = new LinkButton(tr("Keep"), this);
    auto *cancel = new LinkButton(tr("Cancel"), this);
    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_label);
    line->addWidget(m_edit, 1);
    line->addWidget(take);
    line->addWidget(cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 4);
    layout->setSpacing(4);
    layout->addLayout(line);
    layout->addWidget(m_problem);
    hide();
    connect(m_edit, &QLineEdit::returnPressed, this, &AskLine::accept);
    connect(take, &QAbstractButton::clicked, this, &AskLine::accept);
    connect(cancel, &QAbstractButton::clicked, this, &AskLine::close);
}

void AskLine::ask(const QString &question, const QString &text, const QString &placeholder,
                  Take take)
{
    if (!isAncestorOf(QApplication::focusWidget()))
        m_before = QApplication::focusWidget();
    m_take = std::move(take);
    m_label->setText(question);
    QString name = question;
    while (name.endsWith(u':'))
        name.chop(1);
    m_edit->setAccessibleName(name);
    m_edit->setAccessibleDescription({});
    m_edit->setPlaceholderText(placeholder);
    m_edit->setText(text);
    m_problem->hide();
    show();
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

QString AskLine::problem() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void AskLine::accept()
{
    const QString problem = m_take ? m_take(m_edit->text().trimmed()) : QString();
    if (problem.isEmpty()) {
        close();
        return;
    }
    m_problem->setText(problem);
    m_problem->show();
    m_edit->setAccessibleDescription(problem);
    m_edit->setFocus(Qt::OtherFocusReason);
}

void AskLine::close()
{
    const bool focused = isAncestorOf(QApplication::focusWidget());
    m_take = {};
    hide();
    if (focused && m_before)
        m_before->setFocus(Qt::OtherFocusReason);
}

void AskLine::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        close();
        event->accept();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace sightglass
