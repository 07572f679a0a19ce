// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

#include <QHash>
#include <QSet>

#include <utility>

namespace sightglass {

/// An exchange, or one frame of its stream.
struct TraceRow {
    ExchangeId exchange = 0;
    qint64 frame = -1; ///< -1: the exchange itself

    bool operator==(const TraceRow &) const = default;
};
inline size_t qHash(const TraceRow &row, size_t seed = 0) noexcept
{
    return qHashMulti(seed, row.exchange, row.frame);
}

/// The names of the notes by which a person's bookmarks and notes on rows are kept in a trace.
/// Readers that do not know them show them as notes, or not at all. The last one of a row holds:
/// what was set is taken back by another note, so that a trace stays append-only.
inline constexpr char BookmarkNote[] = "bookmark";
inline constexpr char RemarkNote[] = "remark";

/// The text of a BookmarkNote: "set" or "removed", of an event "event 12: set" (its frame).
QString bookmarkText(const TraceRow &row, bool set);
/// The text of a RemarkNote: what was written, of an event behind "event 12: "; an empty one takes
/// it back. One that begins as an event's does is told apart by "exchange: " before it.
QString remarkText(const TraceRow &row, const QString &text);

/// The row that such a note is about, and in `text` what it says of it; nothing where it was not
/// written by these.
std::optional<TraceRow> rowOfNote(const Note &note, QString &text);

/// What a person wrote on the rows of a trace, as it holds now. Grows with the trace.
class RowNotes {
public:
    /// Reads the notes that came since the last time.
    void update(const TraceReader &trace);

    bool isMarked(const TraceRow &row) const { return m_marked.contains(row); }
    QString remark(const TraceRow &row) const { return m_remarks.value(row); }
    /// An event of it is marked, or has a remark.
    QList<TraceRow> eventsOf(ExchangeId exchange) const { return m_events.values(exchange); }
    /// Rows with a bookmark or a remark, in the order of the trace.
    QList<TraceRow> rows() const;
    /// The findings that notes told of an exchange.
    QStringList findings(ExchangeId exchange) const { return m_findings.values(exchange); }
    /// The exchanges of which something was noted since the last time that this was asked.
    QSet<ExchangeId> takeChanged() { return std::exchange(m_changed, {}); }
    bool isEmpty() const { return m_marked.isEmpty() && m_remarks.isEmpty(); }

private:
    qint64 m_read = 0;
    QSet<ExchangeId> m_changed;
    QHash<TraceRow, bool> m_marked;
    QHash<TraceRow, QString> m_remarks;
    QMultiHash<ExchangeId, TraceRow> m_events;
    QMultiHash<ExchangeId, QString> m_findings;
};

} // namespace sightglass
