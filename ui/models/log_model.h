// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QAbstractTableModel>
#include <QTime>
#include <QTimer>

namespace sightglass {

/// A log message of the server (notifications/message).
struct LogLine {
    QTime at; ///< local time
    QString level; ///< untrusted, as are all below
    QString logger;
    QByteArray data; ///< raw JSON
    ExchangeId exchange = 0;
};

/// What the server logs, oldest first. A flood is taken in in portions; of what is too much the
/// oldest goes: its exchange has it all the same.
class LogModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Level, Logger, Data, Exchange, ColumnCount };
    static constexpr int Most = 10'000; ///< lines
    static constexpr qint64 MostBytes = 64LL * 1024 * 1024; ///< of data

    explicit LogModel(QObject *parent = nullptr);

    /// Does nothing with other notices.
    void add(const Notice &notice, QTime at);
    void clear();
    const LogLine &lineAt(int row) const { return m_lines.at(row); }
    qint64 dropped() const { return m_dropped; } ///< lines, since clear()
    /// From "debug" to "emergency" (server/utilities/logging).
    static QStringList levels();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void flush();

    QList<LogLine> m_lines;
    QList<LogLine> m_pending;
    qint64 m_bytes = 0;
    qint64 m_pendingBytes = 0;
    qint64 m_dropped = 0;
    QTimer m_flush;
};

} // namespace sightglass
