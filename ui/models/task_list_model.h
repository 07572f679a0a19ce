// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/task.h"
#include "core/mcp/tool.h"
#include "ui/models/glyph_roles.h"
#include "ui/theme.h"

#include <QAbstractTableModel>
#include <QDate>
#include <QHash>

namespace sightglass {

/// A task of the server, with what is known of it here.
struct TrackedTask {
    Task task;
    QString what; ///< the request that became it ("tools/call brew-tea"); empty: not known
    ExchangeId began = 0; ///< of that request; 0: it only stood in a list
    ExchangeId told = 0; ///< that told how it is
    QString lost; ///< why it is not asked for any more, a sentence; mostly empty
    QString note; ///< what a person should know besides; mostly empty
    bool cancelling = false; ///< tasks/cancel has no answer yet
    QString cancelled; ///< what became of tasks/cancel, a sentence; empty: it was not asked for
    bool cancelRefused = false;
    ExchangeId cancelExchange = 0;
    bool fetching = false; ///< its result is waited for
    std::optional<CallResult> result; ///< as that of the request that became it
};

/// "14:03:22", with its date where that is not today; what is no ISO 8601 time is shown as it is,
/// with its marks.
QString taskTime(const QString &sent, QDate today);
/// "60.0 s": how long a task is kept; "no limit" where none is said.
QString taskKept(const Task &task);
/// "500 ms"; empty where the server says nothing.
QString taskPoll(const Task &task);
/// Of our own set, for a status; that of a lost one where `lost`.
QString taskGlyph(const QString &status, bool lost);
Role taskRole(const QString &status, bool lost);

/// The tasks of a server, in the order in which they became known. All that it sent is untrusted,
/// and shown with its marks.
class TaskListModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Status, Id, What, Created, Updated, Kept, Poll, ColumnCount };
    static constexpr int Most = 5000; ///< tasks; of more the first are kept

    using QAbstractTableModel::QAbstractTableModel;

    /// In place of what was known of the one with this id, or as a new one; false: there are too
    /// many.
    bool put(const TrackedTask &task);
    void clear();

    const TrackedTask *find(const QString &id) const; ///< null: not known
    const TrackedTask *taskAt(int row) const; ///< null: there is no such row
    int rowOf(const QString &id) const { return m_rows.value(id, -1); }
    const QList<TrackedTask> &tasks() const { return m_tasks; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const TrackedTask &task, int column) const;

    QList<TrackedTask> m_tasks;
    QHash<QString, int> m_rows; ///< by id
};

} // namespace sightglass
