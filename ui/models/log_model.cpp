// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/log_model.h"

#include "core/jsonrpc/json_text.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QApplication>
#include <QFont>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostShown = 1000; ///< characters of data in a row

} // namespace

LogModel::LogModel(Clean clean, QObject *parent)
    : QAbstractTableModel(parent)
    , m_clean(std::move(clean))
{
}

QStringList LogModel::levels()
{
    return {u"debug"_s, u"info"_s,     u"notice"_s, u"warning"_s,
            u"error"_s, u"critical"_s, u"alert"_s,  u"emergency"_s};
}

void LogModel::add(const LogTail::Taken &taken, const QDateTime &began)
{
    m_dropped += taken.passedOver;
    // What goes goes first: a flood brings as much as stands here.
    const qsizetype fresh = taken.messages.size();
    qsizetype gone = std::max<qsizetype>(0, m_entries.size() + fresh - Most);
    qint64 bytes = m_bytes;
    for (const LogTail::Message &message : taken.messages)
        bytes += message.params.size();
    for (qsizetype i = 0; i < std::min(gone, m_entries.size()); ++i)
        bytes -= m_entries.at(i).message.params.size();
    for (; bytes > MostBytes && gone < m_entries.size(); ++gone)
        bytes -= m_entries.at(gone).message.params.size();
    gone = std::min(gone, m_entries.size());
    if (gone > 0) {
        beginRemoveRows({}, 0, int(gone) - 1);
        m_entries.remove(0, gone);
        m_dropped += gone;
        endRemoveRows();
    }
    m_bytes = bytes;
    if (fresh == 0)
        return;
    const auto first = int(m_entries.size());
    beginInsertRows({}, first, first + int(fresh) - 1);
    m_entries.reserve(m_entries.size() + fresh);
    for (const LogTail::Message &message : taken.messages)
        m_entries.append(Entry{message, began, {}});
    endInsertRows();
}

const LogLine &LogModel::lineAt(int row) const
{
    const Entry &entry = m_entries.at(row);
    if (entry.line)
        return *entry.line;
    LogLine &line = entry.line.emplace();
    line.at = entry.began.addMSecs(entry.message.at / 1'000'000).toLocalTime().time();
    line.exchange = entry.message.exchange;
    const QByteArray text = m_clean(entry.message.params);
    const JsonText params = JsonText::parse(text);
    if (params.isObject(params.root())) {
        line.level = params.string(params.member(params.root(), u"level")).left(40);
        line.logger = params.string(params.member(params.root(), u"logger")).left(200);
        const JsonText::Node data = params.member(params.root(), u"data");
        line.data = data >= 0 ? params.raw(data).toByteArray() : text;
    } else {
        line.data = text;
    }
    return line;
}

void LogModel::clear()
{
    beginResetModel();
    m_entries.clear();
    m_bytes = m_dropped = 0;
    endResetModel();
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int LogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_entries.size())
        return {};
    const LogLine &line = lineAt(index.row());
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
