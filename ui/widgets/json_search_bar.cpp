// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/json_search_bar.h"

#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>

namespace sightglass {

JsonSearchBar::JsonSearchBar(std::function<JsonText::Node()> current, QWidget *parent)
    : QWidget(parent)
    , m_current(std::move(current))
    , m_search(new JsonSearch(this))
    , m_line(new QLineEdit(this))
    , m_result(new RoleLabel(Role::Muted, this))
    , m_cancel(new LinkButton(tr("Cancel"), this))
{
    m_line->setPlaceholderText(tr("Find in keys and values"));
    m_line->setAccessibleName(m_line->placeholderText());
    m_line->setClearButtonEnabled(true);
    m_result->setAccessibleDescription(tr("Which of the matches it is"));
    auto *previous = new LinkButton(tr("Previous"), this);
    previous->setToolTip(tr("Shift+F3"));
    auto *next = new LinkButton(tr("Next"), this);
    next->setToolTip(tr("F3"));
    auto *done = new LinkButton(tr("Done"), this);
    done->setToolTip(tr("Esc"));
    m_cancel->hide();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(12);
    layout->addWidget(m_line, 1);
    layout->addWidget(m_result);
    for (LinkButton *button : {m_cancel, previous, next, done})
        layout->addWidget(button);

    connect(m_line, &QLineEdit::textChanged, this, &JsonSearchBar::begin);
    connect(next, &LinkButton::clicked, this, [this] { find(false); });
    connect(previous, &LinkButton::clicked, this, [this] { find(true); });
    connect(m_cancel, &LinkButton::clicked, this, &JsonSearchBar::leave);
    connect(done, &LinkButton::clicked, this, [this] {
        leave();
        Q_EMIT closed();
    });
    connect(m_search, &JsonSearch::found, this, [this](JsonText::Node node) {
        if (node >= 0)
            Q_EMIT found(node);
        showResult();
    });
    connect(m_search, &JsonSearch::progressed, this, [this] { showResult(); });
    connect(m_search, &JsonSearch::ended, this, [this] { showResult(); });
}

void JsonSearchBar::setJson(const JsonText &json)
{
    m_search->cancel();
    m_searched.clear();
    m_json = json;
    showResult();
}

void JsonSearchBar::open()
{
    show();
    m_line->setFocus();
    m_line->selectAll();
    if (!m_line->text().isEmpty() && m_searched != m_line->text())
        begin();
}

void JsonSearchBar::begin()
{
    m_searched = m_line->text();
    m_search->cancel();
    if (!m_searched.isEmpty())
        m_search->start(m_json, m_searched.toUtf8(), m_current());
    showResult();
}

void JsonSearchBar::find(bool backwards)
{
    if (m_line->text() != m_searched) {
        begin();
        return;
    }
    const JsonText::Node from = m_current();
    const JsonText::Node node = JsonMatches::next(m_search->matches(), from, backwards);
    if (node < 0)
        return;
    Q_EMIT found(node);
    showResult(backwards ? node >= from : node <= from);
}

void JsonSearchBar::leave()
{
    if (m_search->isBusy())
        m_searched.clear();
    m_search->cancel();
    showResult();
}

void JsonSearchBar::showResult(bool around)
{
    const bool busy = m_search->isBusy();
    m_cancel->setVisible(busy);
    m_result->setRole(Role::Muted);
    if (m_searched.isEmpty()) {
        m_result->clear();
    } else if (busy) {
        m_result->setText(tr("Looking… %1 %").arg(m_search->percent()));
    } else if (const JsonMatches &matches = m_search->matches(); matches.nodes.isEmpty()) {
        m_result->setRole(Role::Attention);
        m_result->setText(tr("not found"));
    } else {
        const qsizetype number = matches.number(m_current());
        QString text = matches.all ? tr("%L1 of %L2") : tr("%L1 of more than %L2");
        text = number > 0 ? text.arg(number).arg(matches.nodes.size())
                          : tr("%L1 found").arg(matches.nodes.size());
        m_result->setText(around && matches.nodes.size() > 1 ? tr("%1, around the end").arg(text)
                                                             : text);
    }
}

QString JsonSearchBar::resultText() const
{
    return m_result->text();
}

void JsonSearchBar::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        // First what runs, then the line.
        if (m_search->isBusy()) {
            leave();
        } else {
            leave();
            Q_EMIT closed();
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        find(event->modifiers().testFlag(Qt::ShiftModifier));
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace sightglass
