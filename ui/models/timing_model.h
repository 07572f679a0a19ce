// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

#include <QAbstractTableModel>

namespace sightglass {

/// One part of an exchange's life. Times are nanoseconds since it began.
struct TimingRow {
    QString what;
    qint64 from = 0;
    qint64 to = 0; ///< the same as `from` for a moment
    QString note; ///< "reused" in place of a time
    bool failed = false;

    bool operator==(const TimingRow &) const = default;
};
/// `firstEvent` is when the first event came, in trace time; -1: none.
QList<TimingRow> timingRows(const ExchangeSummary &summary, qint64 firstEvent);
/// When the first event of an exchange came; -1: none did.
qint64 firstEventTime(const TraceReader &trace, ExchangeId id);

/// The parts of an exchange's life as a table with bars.
class TimingModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { What, From, Took, Bar, ColumnCount };
    enum DataRole { BarStartRole = Qt::UserRole, BarEndRole, ToneRole };

    explicit TimingModel(QObject *parent = nullptr);
    void setRows(const QList<TimingRow> &rows);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<TimingRow> m_rows;
    qint64 m_span = 1;
};

} // namespace sightglass
