// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/log_tail.h"

#include <QAbstractTableModel>
#include <QDateTime>

#include <functional>
#include <optional>

namespace sightglass {

/// A log message of the server (notifications/message).
struct LogLine {
    QTime at; ///< local time
    QString level; ///< untrusted, as are all below
    QString logger;
    QByteArray data; ///< raw JSON
    ExchangeId exchange = 0;
};

/// What the server logs, oldest first. Of what is too much the oldest goes: its exchange has it all
/// the same. A message is taken apart when somebody wants to see it.
class LogModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Level, Logger, Data, Exchange, ColumnCount };
    static constexpr int Most = int(LogTail::Most); ///< lines
    static constexpr qint64 MostBytes = 64LL * 1024 * 1024; ///< of params

    /// Takes secrets out of a text of JSON.
    using Clean = std::function<QByteArray(const QByteArray &json)>;
    explicit LogModel(Clean clean, QObject *parent = nullptr);

    /// From a trace that began then.
    void add(const LogTail::Taken &taken, const QDateTime &began);
    void clear();
    const LogLine &lineAt(int row) const;
    qint64 dropped() const { return m_dropped; } ///< lines, since clear()
    /// From "debug" to "emergency" (server/utilities/logging).
    static QStringList levels();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Entry {
        LogTail::Message message;
        QDateTime began;
        mutable std::optional<LogLine> line; ///< once it was wanted
    };

    Clean m_clean;
    QList<Entry> m_entries;
    qint64 m_bytes = 0;
    qint64 m_dropped = 0;
};

} // namespace sightglass
