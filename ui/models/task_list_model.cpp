// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/task_list_model.h"

#include "core/trace/trace_text.h"
#include "ui/visible_text.h"

#include <QDateTime>
#include <QFont>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostId = 200; ///< characters of untrusted text in a cell
constexpr qsizetype mostTime = 40;

QString taskSpan(qint64 milliseconds)
{
    constexpr qint64 most = std::numeric_limits<qint64>::max() / 1'000'000;
    return milliseconds > most ? TaskListModel::tr("%1 ms").arg(milliseconds)
                               : humanDuration(milliseconds * 1'000'000);
}

} // namespace

QString taskTime(const QString &sent, QDate today)
{
    if (sent.isEmpty())
        return {};
    const QDateTime time = QDateTime::fromString(sent.left(mostTime), Qt::ISODateWithMs);
    if (!time.isValid())
        return visibleText(sent.left(mostTime));
    const QDateTime local = time.toLocalTime();
    return local.date() == today ? local.toString(u"HH:mm:ss"_s)
                                 : local.toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString taskKept(const Task &task)
{
    return task.ttlMs ? taskSpan(*task.ttlMs) : TaskListModel::tr("no limit");
}

QString taskPoll(const Task &task)
{
    return task.pollMs ? taskSpan(*task.pollMs) : QString();
}

QString taskGlyph(const QString &status, bool lost)
{
    if (lost)
        return u"missing"_s;
    if (status == "working"_L1)
        return u"stream"_s;
    if (status == "input_required"_L1)
        return u"requests"_s;
    if (status == "completed"_L1)
        return u"check"_s;
    if (status == "failed"_L1)
        return u"refused"_s;
    return status == "cancelled"_L1 ? u"stop"_s : u"warning"_s;
}

Role taskRole(const QString &status, bool lost)
{
    if (lost || status == "cancelled"_L1)
        return Role::Muted;
    if (status == "working"_L1)
        return Role::Accent;
    if (status == "completed"_L1)
        return Role::Ok;
    return status == "failed"_L1 ? Role::Failure : Role::Attention;
}

bool TaskListModel::put(const TrackedTask &task)
{
    if (const int row = rowOf(task.task.id); row >= 0) {
        m_tasks[row] = task;
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        return true;
    }
    const int row = int(m_tasks.size());
    if (row >= Most)
        return false;
    beginInsertRows({}, row, row);
    m_tasks.append(task);
    m_rows.insert(task.task.id, row);
    endInsertRows();
    return true;
}

void TaskListModel::clear()
{
    if (m_tasks.isEmpty())
        return;
    beginResetModel();
    m_tasks.clear();
    m_rows.clear();
    endResetModel();
}

const TrackedTask *TaskListModel::find(const QString &id) const
{
    return taskAt(rowOf(id));
}

const TrackedTask *TaskListModel::taskAt(int row) const
{
    return row >= 0 && row < m_tasks.size() ? &m_tasks.at(row) : nullptr;
}

int TaskListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_tasks.size());
}

int TaskListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString TaskListModel::text(const TrackedTask &task, int column) const
{
    switch (column) {
    case Status: {
        const QString status = visibleText(task.task.status.left(mostTime));
        return task.lost.isEmpty() ? status : tr("%1, lost").arg(status);
    }
    case Id:
        return visibleText(task.task.id.left(mostId));
    case What:
        return visibleText(task.what.left(mostId));
    case Created:
        return taskTime(task.task.createdAt, QDate::currentDate());
    case Updated:
        return taskTime(task.task.updatedAt, QDate::currentDate());
    case Kept:
        return taskKept(task.task);
    case Poll:
        return taskPoll(task.task);
    default:
        return {};
    }
}

QVariant TaskListModel::data(const QModelIndex &index, int role) const
{
    const TrackedTask *task = index.isValid() ? taskAt(index.row()) : nullptr;
    if (!task)
        return {};
    const bool lost = !task->lost.isEmpty();
    switch (role) {
    case Qt::DisplayRole:
        return text(*task, index.column());
    case Qt::ToolTipRole:
        return index.column() == Status
            ? visibleText((lost ? task->lost : task->task.statusMessage).left(500))
            : QVariant();
    case GlyphIconRole:
        return index.column() == Status ? taskGlyph(task->task.status, lost) : QVariant();
    case GlyphToneRole:
        return index.column() == Status ? QVariant(int(taskRole(task->task.status, lost)))
                                        : QVariant();
    case Qt::ForegroundRole:
        return index.column() > What ? QVariant(roleColor(Role::Muted, QApplication::palette()))
                                     : QVariant();
    case Qt::FontRole:
        return index.column() == Id ? QVariant(wireFont()) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((index.column() >= Kept ? Qt::AlignRight : Qt::AlignLeft)
                                   | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant TaskListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section >= Kept ? Qt::AlignRight : Qt::AlignLeft)
                                   | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("status"),  tr("task"),     tr("request"), tr("created"),
                             tr("updated"), tr("kept for"), tr("poll")};
    return titles.value(section);
}

} // namespace sightglass
