// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/credential_matrix.h"
#include "ui/models/filter_scan.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <memory>

namespace sightglass {

/// The exchanges of a trace that match a filter, one row each, oldest first.
///
/// Keeps nothing but their numbers: everything else is read from the trace when it is shown. A
/// filter works in slices of a few milliseconds between events of the GUI; rows appear as they
/// are found, in batches.
class ExchangeModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        Number,
        Time,
        Method,
        What,
        Credentials,
        Status,
        Events,
        Size,
        Duration,
        Waterfall,
        ColumnCount
    };
    enum DataRole {
        IdRole = Qt::UserRole, ///< ExchangeId
        MutedRole, ///< Method: the kind, where the method alone does not tell it
        NameRole, ///< What: the name behind the method ("add" of "tools/call add")
        IconRole, ///< Credentials: name of the icon
        ToneRole, ///< Credentials, Status, Waterfall: a sightglass::Role
        BarStartRole, ///< Waterfall: 0 to 1
        BarEndRole,
    };

    explicit ExchangeModel(QObject *parent = nullptr);

    void setTrace(const TraceReader *trace);
    void setRedactor(std::shared_ptr<const Redactor> redactor);
    void setFilter(const TraceFilter &filter);
    /// The trace has grown: takes in what is new. Connect a TraceFollower's `grown` to it.
    void refresh();

    const TraceReader *trace() const { return m_trace; }
    const TraceFilter &filter() const { return m_scan.filter(); }
    bool isScanning() const { return m_timer.isActive(); }
    ExchangeId scanned() const { return m_scan.scanned(); }
    ExchangeId idAt(int row) const; ///< 0 outside
    int rowOf(ExchangeId id) const; ///< -1: not in it
    CredentialGlance glance(ExchangeId id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    /// All that the trace holds has been looked at.
    void scanFinished();

private:
    void updateCredentials(bool anew);
    void slice();
    void apply(const FilterScan::Changes &changes);
    QVariant display(ExchangeId id, const ExchangeSummary &summary, int column) const;
    QVariant toolTip(ExchangeId id, const ExchangeSummary &summary, int column) const;

    const TraceReader *m_trace = nullptr;
    std::shared_ptr<const Redactor> m_redactor;
    FilterScan m_scan;
    QTimer m_timer;
    QList<ExchangeId> m_rows;
    QList<ExchangeId> m_running; ///< shown and without an end: their cells change
    qint64 m_span = 1; ///< of the waterfall: the trace's length so far, ns
    std::unique_ptr<CredentialMatrixBuilder> m_credentials; ///< what each carried or lacks
};

/// Words of the table, for other views: "84", "2,046", "<1".
QString millisecondsText(qint64 nanoseconds);
/// Seconds since the trace began with three places: "0.046", "1,203.500".
QString secondsText(qint64 nanoseconds);

} // namespace sightglass
