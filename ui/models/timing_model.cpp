// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/timing_model.h"

#include "core/trace/trace_text.h"
#include "ui/theme.h"

#include <algorithm>

namespace sightglass {

namespace {
/// Comments may stand before the first event; more than these are not worth a look.
constexpr qint64 kLookedAt = 1000;
} // namespace

qint64 firstEventTime(const TraceReader &trace, ExchangeId id)
{
    const qint64 frames = std::min(trace.summary(id).frames, kLookedAt);
    for (qint64 i = 0; i < frames; ++i) {
        const Frame frame = trace.frame(id, i);
        if (isDispatched(frame.kind))
            return frame.at;
    }
    return -1;
}

QList<TimingRow> timingRows(const ExchangeSummary &summary, qint64 firstEvent)
{
    const ExchangeTimes &t = summary.times;
    const auto since = [&t](qint64 at) { return at - t.begun; };
    QList<TimingRow> rows;
    qint64 ready = t.begun; // when the connection could be used
    if (t.connecting >= 0) {
        rows.append(
            {TimingModel::tr("Waited for a connection"), 0, since(t.connecting), {}, false});
        const qint64 until = t.encrypted >= 0 ? t.encrypted : t.sent;
        if (until >= 0) {
            rows.append({t.encrypted >= 0 ? TimingModel::tr("Connect and TLS")
                                          : TimingModel::tr("Connect and send"),
                         since(t.connecting),
                         since(until),
                         {},
                         false});
            ready = until;
        }
    } else if (t.sent >= 0 || t.head >= 0) {
        rows.append({TimingModel::tr("Connection"), 0, 0, TimingModel::tr("reused"), false});
    }
    if (t.sent >= 0 && t.sent > ready)
        rows.append({TimingModel::tr("Send the request"), since(ready), since(t.sent), {}, false});
    const qint64 sent = t.sent >= 0 ? t.sent : ready;
    if (t.head >= 0)
        rows.append(
            {TimingModel::tr("Wait for the answer"), since(sent), since(t.head), {}, false});
    if (firstEvent >= 0 && t.head >= 0)
        rows.append({TimingModel::tr("First event"), since(t.head), since(firstEvent), {}, false});
    if (t.head >= 0 && t.lastByte >= 0)
        rows.append({TimingModel::tr("Receive"), since(t.head), since(t.lastByte), {}, false});
    if (summary.lastEvent >= 0)
        rows.append({TimingModel::tr("Last event"),
                     since(summary.lastEvent),
                     since(summary.lastEvent),
                     {},
                     false});
    if (t.ended >= 0)
        rows.append({summary.failed ? TimingModel::tr("Failed") : TimingModel::tr("Ended"),
                     since(t.ended),
                     since(t.ended),
                     {},
                     summary.failed});
    else
        rows.append({TimingModel::tr("Ended"), 0, 0, TimingModel::tr("still open"), false});
    return rows;
}

TimingModel::TimingModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void TimingModel::setRows(const QList<TimingRow> &rows)
{
    beginResetModel();
    m_rows = rows;
    m_span = 1;
    for (const TimingRow &row : rows)
        m_span = std::max(m_span, row.to);
    endResetModel();
}

int TimingModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int TimingModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TimingModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const TimingRow &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == What)
            return row.what;
        if (index.column() == From)
            return row.note.isEmpty()
                ? (row.from > 0 ? humanDuration(row.from) : QStringLiteral("0 ms"))
                : QString();
        if (index.column() == Took) {
            if (!row.note.isEmpty())
                return row.note;
            return row.to > row.from ? humanDuration(row.to - row.from) : QString();
        }
        return {};
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ForegroundRole:
        return roleColor(row.failed ? Role::Failure
                                    : (index.column() == From ? Role::Muted : Role::Text),
                         QApplication::palette());
    case BarStartRole:
        return row.note.isEmpty() ? double(row.from) / double(m_span) : -1.0;
    case BarEndRole:
        return double(row.to) / double(m_span);
    case ToneRole:
        return int(row.failed ? Role::Failure : Role::Accent);
    default:
        return {};
    }
}

QVariant TimingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == From || section == Took ? Qt::AlignRight : Qt::AlignLeft)
                   | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case What:
        return tr("What");
    case From:
        return tr("At");
    case Took:
        return tr("Took");
    default:
        return {};
    }
}

} // namespace sightglass
