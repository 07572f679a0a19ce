// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/tool_list_model.h"

#include "ui/visible_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

void ToolListModel::setTools(const QList<Tool> &tools)
{
    beginResetModel();
    m_tools = tools;
    filter();
    endResetModel();
}

void ToolListModel::setFilter(const QString &text)
{
    beginResetModel();
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    filter();
    endResetModel();
}

void ToolListModel::filter()
{
    m_shown.clear();
    for (qsizetype i = 0; i < m_tools.size(); ++i) {
        const Tool &tool = m_tools.at(i);
        const bool fits =
            std::all_of(m_words.cbegin(), m_words.cend(), [&tool](const QString &word) {
                return tool.name.contains(word, Qt::CaseInsensitive)
                    || tool.title.contains(word, Qt::CaseInsensitive)
                    || tool.description.contains(word, Qt::CaseInsensitive);
            });
        if (fits)
            m_shown.append(i);
    }
}

const Tool *ToolListModel::toolAt(int row) const
{
    return row >= 0 && row < m_shown.size() ? &m_tools.at(m_shown.at(row)) : nullptr;
}

int ToolListModel::rowOf(const QString &name) const
{
    for (int row = 0; row < m_shown.size(); ++row) {
        if (m_tools.at(m_shown.at(row)).name == name)
            return row;
    }
    return -1;
}

int ToolListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QString ToolListModel::shownName(const Tool &tool)
{
    return tool.name.isEmpty() ? tr("(no name)") : visibleText(tool.name.left(200));
}

QString ToolListModel::hintWords(const Tool &tool, bool brief)
{
    QStringList words;
    if (!tool.problem.isEmpty() && brief)
        return tr("malformed");
    if (tool.readOnly.value_or(false))
        words.append(tr("read-only"));
    if (tool.destructive.value_or(false) && !tool.readOnly.value_or(false))
        words.append(tr("destructive"));
    if (!brief) {
        if (tool.idempotent.value_or(false))
            words.append(tr("idempotent"));
        if (tool.openWorld.value_or(false))
            words.append(tr("open world"));
    }
    return words.join(u", "_s);
}

QVariant ToolListModel::data(const QModelIndex &index, int role) const
{
    const Tool *tool = index.isValid() ? toolAt(index.row()) : nullptr;
    if (!tool)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return shownName(*tool);
    case NoteRole: {
        const QString text =
            tool->title.isEmpty() ? tool->description.left(300) : tool->title.left(300);
        return visibleText(text.section(u'\n', 0, 0).trimmed());
    }
    case BadgeRole:
        return hintWords(*tool, true);
    case DestructiveRole:
        return tool->destructive.value_or(false) && !tool->readOnly.value_or(false);
    case ProblemRole:
        return tool->problem;
    case Qt::AccessibleTextRole:
        return tr("%1, %2").arg(shownName(*tool), hintWords(*tool, false));
    case Qt::ToolTipRole:
        return tool->problem.isEmpty() ? QVariant() : QVariant(tool->problem.toHtmlEscaped());
    default:
        return {};
    }
}

} // namespace sightglass
