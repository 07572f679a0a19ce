// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/row_notes.h"
#include "core/trace/credential_matrix.h"
#include "core/trace/rpc_outcome.h"
#include "ui/filter_book.h"
#include "ui/models/filter_scan.h"
#include "ui/models/known_findings.h"
#include "ui/models/row_colours.h"
#include "ui/models/row_sorter.h"
#include "ui/models/sent_by_hand.h"
#include "ui/models/time_window.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <optional>

namespace sightglass {

/// The exchanges of a trace that match a filter, one row each, oldest first or sorted by a column.
///
/// Keeps nothing but their numbers: everything else is read from the trace when it is shown. A
/// filter works in threads of its own; rows appear as they are found, in batches. So does sorting:
/// until it is done the rows stand as they stood before, and what comes later takes its place among
/// them some times a second.
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
        ServerRole, ///< What: whom it was with, where that is another than in the row above
        LiveRole, ///< What: of a stream, how it goes ("open 42 s, last event 3 s ago"); of one that
                  ///< was sent again by hand, of which; bookmark and note
        MarkedRole, ///< has a bookmark
        GroundRole = Qt::UserRole + 200, ///< a sightglass::Role: the row's ground by a colour rule
        IconRole, ///< Credentials, Status: name of the icon
        ToneRole, ///< Credentials, Status, Waterfall: a sightglass::Role
        BarStartRole, ///< Waterfall: 0 to 1 within its window, less or more beside it
        BarEndRole,
        SpanRole, ///< Waterfall: a span that was drawn, as a QPointF of such numbers
    };

    explicit ExchangeModel(QObject *parent = nullptr);

    /// `now` is the trace's clock while it is live: open streams then say how long they have been
    /// silent.
    void setTrace(const TraceReader *trace, TraceClock now = {});
    void setRedactor(std::shared_ptr<const Redactor> redactor);
    void setFilter(const TraceFilter &filter);
    /// Rows that match a rule get its colour as their ground.
    void setColourRules(const QList<ColourRule> &rules);
    /// What the rules found in the trace, for filters and colours that ask for findings; `changed`
    /// are looked at again. Another trace begins with nothing.
    void setFindings(const ExchangeFindings &found, const QSet<ExchangeId> &changed);
    /// For other filters over the same trace.
    FindingsLookup findingsLookup() const { return KnownFindings::lookup(m_findings); }
    /// The trace has grown: takes in what is new. Connect a TraceFollower's `grown` to it.
    void refresh();

    /// What the waterfall goes over; nothing: all of the time, also as it grows.
    void setTimeWindow(const std::optional<TimeWindow> &window);
    bool isZoomed() const { return m_window.has_value(); }
    TimeWindow timeWindow() const { return m_window.value_or(wholeTime()); }
    /// From the first request to the last moment of what is shown.
    TimeWindow wholeTime() const { return {m_start, std::max(m_span, m_start + 1)}; }
    void setSpan(const std::optional<TimeWindow> &span);

    const TraceReader *trace() const { return m_trace; }
    const TraceFilter &filter() const { return m_scan.filter(); }
    bool isScanning() const { return m_timer.isActive(); }
    /// Column -1: as recorded. The waterfall is no column to sort by: it is the time's.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    int sortColumn() const { return m_sorter.by().column; } ///< that was asked for
    Qt::SortOrder sortOrder() const;
    /// The rows do not stand yet as was asked for last.
    bool isSorting() const { return m_sortAwaited; }
    /// Of some rows it is not told yet what credentials they carried.
    bool isReadingCredentials() const { return m_credentialTimer.isActive(); }
    ExchangeId scanned() const { return m_scan.scanned(); }
    /// Those that match, in the order of their numbers, however they are sorted.
    const QList<ExchangeId> &matching() const { return m_rows; }
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
    /// These match as well, all of them later than those before.
    void matchesJoined(const QList<sightglass::ExchangeId> &ids);
    /// Others match than before: another filter, or another trace.
    void matchesReset();
    /// Some match no more, or do among those before.
    void matchesRearranged();
    /// The waterfall goes over another time.
    void timesChanged();
    /// Another order was asked for, or stands now.
    void sortingChanged();
    /// Credentials of a long trace are worked out in slices: now those of all exchanges are known.
    void credentialsKnown();

private:
    void updateCredentials(bool anew);
    void sliceCredentials();
    void noteStart();
    void updateNotes();
    void slice();
    void lookAtFindings();
    void apply(const FilterScan::Changes &changes);
    void takeIn(const QList<ExchangeId> &joined);
    void sliceSort();
    void tellTimes();
    void showOrder(const std::shared_ptr<const RowOrder> &order);
    void startSorter(RowSorter::By by);
    QVariant display(ExchangeId id, const ExchangeSummary &summary, int column) const;
    RpcOutcome outcome(ExchangeId id, const ExchangeSummary &summary) const;
    QString serverAt(int row) const;
    void noteServers();
    QString asideOf(ExchangeId id) const;
    bool isBad(ExchangeId id, const ExchangeSummary &summary) const;
    QVariant toolTip(ExchangeId id, const ExchangeSummary &summary, int column) const;

    const TraceReader *m_trace = nullptr;
    std::shared_ptr<const Redactor> m_redactor;
    TraceClock m_now;
    FilterScan m_scan;
    QTimer m_timer;
    const std::shared_ptr<KnownFindings> m_findings = std::make_shared<KnownFindings>();
    QSet<ExchangeId> m_lookAgain; ///< once the scan is not busy: others concern them now
    QTimer m_credentialTimer;
    QTimer m_pulse; ///< while something is open: its times go on
    mutable QHash<ExchangeId, RpcOutcome> m_outcomes; ///< of ended ones that were shown
    QList<ColourRule> m_rules;
    mutable RowColours m_colours;
    SentByHand m_byHand;
    RowNotes m_notes; ///< bookmarks and notes of the person
    ExchangeId m_serversSeen = 0; ///< exchanges looked at for whether there are several servers
    bool m_severalServers = false;
    QList<ExchangeId> m_rows; ///< those that match, as recorded
    RowSorter m_sorter;
    QTimer m_sortTimer;
    std::shared_ptr<const RowOrder> m_order; ///< as they are shown; null: as recorded
    int m_roomAtEnd = 0; ///< rows that are being given to an order
    bool m_sortAwaited = false;
    QList<ExchangeId> m_running; ///< shown and without an end: their cells change
    /// The waterfall goes from the first request, however long somebody thought before it, to the
    /// last moment of what is shown; ns since the trace began.
    qint64 m_start = 0;
    qint64 m_span = 1;
    std::optional<TimeWindow> m_window;
    std::optional<TimeWindow> m_drawn; ///< a span
    std::unique_ptr<CredentialMatrixBuilder> m_credentials; ///< what each carried or lacks
};

/// When the last thing of an exchange happened that is known of; ns since the trace began.
qint64 lastMoment(const ExchangeTimes &times);
/// Words of the table, for other views: "84", "2,046", "<1".
QString millisecondsText(qint64 nanoseconds);
/// Seconds since the trace began with three places: "0.046", "1,203.500".
QString secondsText(qint64 nanoseconds);

} // namespace sightglass
