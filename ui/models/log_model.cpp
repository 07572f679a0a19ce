// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/log_model.h"

#include "core/jsonrpc/json_text.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QApplication>
#include <QFont>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostShown = 1000; ///< characters of data in a row

} // namespace

LogModel::LogModel(QObject *parent)
    : QAbstractTableModel(parent)
{
    m_flush.setSingleShot(true);
    m_flush.setInterval(50);
    connect(&m_flush, &QTimer::timeout, this, &LogModel::flush);
}

QStringList LogModel::levels()
{
    return {u"debug"_s, u"info"_s,     u"notice"_s, u"warning"_s,
            u"error"_s, u"critical"_s, u"alert"_s,  u"emergency"_s};
}

void LogModel::add(const Notice &notice, QTime at)
{
    if (notice.method != "notifications/message")
        return;
    LogLine line;
    line.at = at;
    line.exchange = notice.exchange;
    const JsonText params = JsonText::parse(notice.params);
    if (params.isObject(params.root())) {
        line.level = params.string(params.member(params.root(), u"level")).left(40);
        line.logger = params.string(params.member(params.root(), u"logger")).left(200);
        const JsonText::Node data = params.member(params.root(), u"data");
        line.data = data >= 0 ? params.raw(data).toByteArray() : notice.params;
    } else {
        line.data = notice.params;
    }
    m_pendingBytes += line.data.size();
    m_pending.append(line);
    if (m_pending.size() >= Most || m_pendingBytes >= MostBytes / 4)
        flush();
    else if (!m_flush.isActive())
        m_flush.start();
}

void LogModel::flush()
{
    m_flush.stop();
    if (m_pending.isEmpty())
        return;
    const QList<LogLine> fresh = std::exchange(m_pending, {});
    m_bytes += std::exchange(m_pendingBytes, 0);
    const int first = int(m_lines.size());
    beginInsertRows({}, first, first + int(fresh.size()) - 1);
    m_lines.append(fresh);
    endInsertRows();
    int gone = 0;
    // A tenth more than has to go, so that it need not go line by line.
    if (m_lines.size() > Most)
        gone = int(m_lines.size()) - Most + Most / 10;
    qint64 bytes = m_bytes;
    for (int i = 0; i < gone; ++i)
        bytes -= m_lines.at(i).data.size();
    for (; bytes > MostBytes && gone < m_lines.size() - 1; ++gone)
        bytes -= m_lines.at(gone).data.size();
    if (gone == 0)
        return;
    beginRemoveRows({}, 0, gone - 1);
    m_lines.remove(0, gone);
    m_bytes = bytes;
    m_dropped += gone;
    endRemoveRows();
}

void LogModel::clear()
{
    m_flush.stop();
    beginResetModel();
    m_lines.clear();
    m_pending.clear();
    m_bytes = m_pendingBytes = m_dropped = 0;
    endResetModel();
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int LogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_lines.size())
        return {};
    const LogLine &line = m_lines.at(index.row());
    if (role == Qt::DisplayRole) {
        switch (index.column()) {
        case Time:
            return line.at.toString(u"hh:mm:ss.zzz"_s);
        case Level:
            return line.level.isEmpty() ? tr("no level") : visibleText(line.level);
        case Logger:
            return visibleText(line.logger);
        case Data: {
            const QByteArray head = line.data.left(mostShown);
            const QString text = head.startsWith('"') && line.data.size() <= mostShown
                ? jsonUnquoted(head)
                : QString::fromUtf8(head);
            return visibleText(text.simplified());
        }
        case Exchange:
            return line.exchange > 0 ? QVariant(line.exchange) : QVariant();
        default:
            return {};
        }
    }
    if (role == Qt::ForegroundRole && index.column() != Data) {
        const qsizetype level = levels().indexOf(line.level);
        const Role color = index.column() != Level || level < 3 ? Role::Muted
            : level == 3                                        ? Role::Attention
                                                                : Role::Failure;
        return roleColor(color, QApplication::palette());
    }
    if (role == Qt::FontRole && index.column() == Data)
        return wireFont();
    if (role == Qt::TextAlignmentRole && index.column() == Exchange)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Exchange ? Qt::AlignRight : Qt::AlignLeft)
                                   | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("time"), tr("level"), tr("logger"), tr("data"), tr("exchange")};
    return titles.value(section);
}

} // namespace sightglass
