// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/tool.h"

#include <QAbstractListModel>

namespace sightglass {

/// The tools of a server that match a filter, in the server's order.
class ToolListModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Roles { NoteRole = Qt::UserRole, BadgeRole, DestructiveRole, ProblemRole };

    using QAbstractListModel::QAbstractListModel;

    void setTools(const QList<Tool> &tools);
    /// Words that must all stand in name, title or description, without case.
    void setFilter(const QString &filter);
    qsizetype toolCount() const { return m_tools.size(); }
    const Tool *toolAt(int row) const; ///< null: no such row
    int rowOf(const QString &name) const; ///< -1: not there, or filtered out

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    /// "read-only, idempotent": what the annotations say in the protocol's words.
    static QString hintWords(const Tool &tool, bool brief);
    static QString shownName(const Tool &tool);

private:
    void filter();

    QList<Tool> m_tools;
    QList<qsizetype> m_shown;
    QStringList m_words;
};

} // namespace sightglass
