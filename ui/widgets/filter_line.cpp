// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/filter_line.h"

#include "ui/theme.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/text_marks.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QVBoxLayout>

namespace sightglass {

FilterLine::FilterLine(QWidget *parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_problem(new RoleLabel(Role::Failure, this))
{
    m_edit->addAction(themedIcon(QStringLiteral("search"), Role::Muted),
                      QLineEdit::LeadingPosition);
    m_edit->setClearButtonEnabled(true);
    m_edit->setAccessibleName(tr("Filter"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_edit);
    layout->addWidget(m_problem);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &FilterLine::textChanged);
}

QString FilterLine::text() const
{
    return m_edit->text();
}

void FilterLine::setText(const QString &text)
{
    m_edit->setText(text);
}

void FilterLine::setPlaceholderText(const QString &text)
{
    m_edit->setPlaceholderText(text);
}

void FilterLine::setProblem(const QString &sentence, qsizetype start, qsizetype length)
{
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
    m_edit->setAccessibleDescription(sentence);
    markText(m_edit, start, sentence.isEmpty() ? 0 : length);
}

void FilterLine::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !m_edit->text().isEmpty()) {
        m_edit->clear();
        event->accept();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace sightglass
