// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/events_model.h"

#include "core/sse/sse_parser.h"
#include "core/trace/trace_text.h"
#include "ui/models/exchange_model.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QElapsedTimer>

#include <algorithm>
#include <utility>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLookSliceNs = 4'000'000;
/// How often one looks what the threads of a filter found.
constexpr int kFoundMs = 8;
/// Of a long event only the beginning is read for its line.
constexpr qint64 kLineBytes = 64 * 1024;
/// A silence stands out if it is this much longer than the pace before, and long in itself.
constexpr qint64 kGapFactor = 3;
constexpr qint64 kGapAtLeastNs = 500'000'000;
constexpr qsizetype kPaceEvents = 9;
constexpr qsizetype kPaceKnownAfter = 2;

} // namespace

EventsModel::EventsModel(QObject *parent)
    : QAbstractTableModel(parent)
    , m_decoded(1024)
{
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &EventsModel::slice);
}

void EventsModel::setExchange(const ShownTrace &shown, ExchangeId id)
{
    beginResetModel();
    if (m_shown.trace != shown.trace)
        m_notes = {};
    m_shown = shown;
    m_id = shown.trace ? id : 0;
    m_decoded.clear();
    m_asked.clear();
    clearRows();
    if (m_id > 0) {
        const QByteArray body = m_shown.requestBody(m_id);
        if (!body.isEmpty() && body.size() < 16 * kLineBytes)
            m_asked = askedIn(body);
    }
    endResetModel();
    refresh();
}

void EventsModel::setFilter(const TraceFilter &filter)
{
    beginResetModel();
    m_scan.reset(m_shown.trace, m_id, filter);
    clearRows();
    endResetModel();
    refresh();
    Q_EMIT filterAdvanced();
}

void EventsModel::clearRows()
{
    m_timer.stop();
    m_scan.reset(m_shown.trace, m_id, TraceFilter(m_scan.filter()));
    m_found.clear();
    m_waits = true;
    m_frames = 0;
    m_gaps.clear();
    m_intervals.clear();
    m_lastEventAt = -1;
    m_open = false;
    m_ended = false;
    if (m_id > 0) {
        const ExchangeSummary summary = m_shown.trace->summary(m_id);
        m_lastAt = std::max(summary.times.begun, summary.times.head);
    }
}

void EventsModel::updateNotes()
{
    if (m_id == 0)
        return;
    m_notes.update(*m_shown.trace);
    if (m_notes.takeChanged().contains(m_id) && rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

QString EventsModel::marksOf(qint64 frame) const
{
    const TraceRow row{m_id, frame};
    const QString note = m_notes.remark(row);
    QStringList words;
    if (m_notes.isMarked(row))
        words << tr("bookmarked");
    if (!note.isEmpty())
        words << tr("note: %1").arg(visibleText(note));
    return words.isEmpty() ? QString() : u'[' + words.join(u", "_s) + u"] "_s;
}

void EventsModel::refresh()
{
    updateNotes();
    if (m_id == 0 || m_ended)
        return;
    if (!m_open && m_shown.trace->summary(m_id).times.head >= 0) {
        m_lastAt = m_shown.trace->summary(m_id).times.head;
        beginInsertRows({}, 0, 0);
        m_open = true;
        endInsertRows();
    }
    slice();
}

void EventsModel::slice()
{
    // The first look belongs to what asked for it: a short stream is filtered without a flicker.
    const qint64 waits = std::exchange(m_waits, false) ? kLookSliceNs : 0;
    if (isFiltered() ? findSome(waits) : scanSome()) {
        m_timer.start(isFiltered() ? kFoundMs : 0);
        return;
    }
    m_timer.stop();
    const ExchangeSummary summary = m_shown.trace->summary(m_id);
    if (!m_ended && summary.finished && m_frames == summary.frames) {
        const int row = rowCount();
        beginInsertRows({}, row, row);
        m_ended = true;
        endInsertRows();
    }
}

qint64 EventsModel::usualInterval() const
{
    QList<qint64> sorted = m_intervals;
    std::sort(sorted.begin(), sorted.end());
    return sorted.isEmpty() ? 0 : sorted[sorted.size() / 2];
}

bool EventsModel::scanSome()
{
    if (m_id == 0)
        return false;
    const qint64 total = m_shown.trace->summary(m_id).frames;
    if (m_frames >= total)
        return false;
    QElapsedTimer timer;
    timer.start();
    QList<Gap> gaps;
    qint64 next = m_frames;
    while (next < total) {
        const Frame frame = m_shown.trace->frame(m_id, next);
        const qint64 silence = frame.at - m_lastAt;
        // Most frames follow at once: the pace is only worked out where it could matter.
        if (silence >= kGapAtLeastNs && m_intervals.size() >= kPaceKnownAfter) {
            const qint64 usual = usualInterval();
            if (silence > kGapFactor * usual)
                gaps.append({next, usual});
        }
        if (isDispatched(frame.kind)) {
            if (m_lastEventAt >= 0) {
                m_intervals.append(frame.at - m_lastEventAt);
                if (m_intervals.size() > kPaceEvents)
                    m_intervals.removeFirst();
            }
            m_lastEventAt = frame.at;
        }
        m_lastAt = frame.at;
        ++next;
        if ((next & 255) == 0 && timer.nsecsElapsed() > kLookSliceNs)
            break;
    }
    const int first = rowCount();
    beginInsertRows({}, first, first + int(next - m_frames + gaps.size()) - 1);
    m_frames = next;
    m_gaps.append(gaps);
    endInsertRows();
    return m_frames < total;
}

bool EventsModel::findSome(qint64 waitNs)
{
    if (m_id == 0)
        return false;
    QList<qint64> found;
    const bool more = m_scan.step(waitNs, found);
    m_frames = m_scan.scanned();
    if (!found.isEmpty()) {
        const int first = rowCount();
        beginInsertRows({}, first, first + int(found.size()) - 1);
        m_found += found;
        endInsertRows();
    }
    if (!found.isEmpty() || !more)
        Q_EMIT filterAdvanced();
    return more;
}

bool EventsModel::isGapRow(int row, qsizetype *gapsBefore) const
{
    if (isFiltered()) {
        *gapsBefore = 0;
        return false;
    }
    // The row of gap k, counted without the opening line, is its frame plus the k gaps before it.
    const qint64 place = row - (m_open ? 1 : 0);
    qsizetype low = 0;
    qsizetype high = m_gaps.size();
    while (low < high) {
        const qsizetype middle = (low + high) / 2;
        if (m_gaps[middle].frame + middle <= place)
            low = middle + 1;
        else
            high = middle;
    }
    const bool isGap = low > 0 && m_gaps[low - 1].frame + low - 1 == place;
    *gapsBefore = isGap ? low - 1 : low;
    return isGap;
}

EventsModel::Line EventsModel::lineAt(int row) const
{
    if (m_open && row == 0)
        return Line::Open;
    if (m_ended && row == rowCount() - 1)
        return Line::End;
    qsizetype gaps = 0;
    return isGapRow(row, &gaps) ? Line::Gap : Line::Frame;
}

qint64 EventsModel::frameAt(int row) const
{
    if (row < 0 || row >= rowCount() || lineAt(row) != Line::Frame)
        return -1;
    qsizetype gaps = 0;
    isGapRow(row, &gaps);
    const qint64 place = row - (m_open ? 1 : 0) - gaps;
    return isFiltered() ? m_found.at(place) : place;
}

int EventsModel::rowOfFrame(qint64 frame) const
{
    if (frame < 0 || frame >= m_frames)
        return -1;
    if (isFiltered()) {
        const auto place = std::lower_bound(m_found.cbegin(), m_found.cend(), frame);
        return place == m_found.cend() || *place != frame
            ? -1
            : int(place - m_found.cbegin()) + (m_open ? 1 : 0);
    }
    const auto behind = std::upper_bound(m_gaps.cbegin(), m_gaps.cend(), frame,
                                         [](qint64 f, const Gap &gap) { return f < gap.frame; });
    return int(frame + (m_open ? 1 : 0) + (behind - m_gaps.cbegin()));
}

int EventsModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid() || m_id == 0)
        return 0;
    const qint64 lines = isFiltered() ? m_found.size() : m_frames + m_gaps.size();
    return int((m_open ? 1 : 0) + lines + (m_ended ? 1 : 0));
}

int EventsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

qint64 EventsModel::timeOf(qint64 frame) const
{
    if (frame >= 0)
        return m_shown.trace->frame(m_id, frame).at;
    const ExchangeTimes times = m_shown.trace->summary(m_id).times;
    return times.head >= 0 ? times.head : times.begun;
}

EventsModel::Decoded EventsModel::decode(qint64 index) const
{
    if (const Decoded *known = m_decoded.object(index))
        return *known;
    const Frame frame = m_shown.trace->frame(m_id, index);
    const qint64 length = frame.end - frame.start;
    if (frame.start < m_shown.trace->summary(m_id).letGo)
        return {QString::fromLatin1(frameKindName(frame.kind)), tr("let go of, to make room"),
                int(Role::Muted)};
    const QByteArray bytes = m_shown.responseBody(m_id, frame.start, std::min(length, kLineBytes));
    const QString line =
        visibleText(QString::fromUtf8(bytes.left(400)).trimmed().section(u'\n', 0, 0));
    Decoded decoded{QString::fromLatin1(frameKindName(frame.kind)), line, int(Role::Muted)};
    switch (frame.kind) {
    case FrameKind::Comment:
    case FrameKind::Ignored:
        break;
    case FrameKind::Retry: {
        bool ok = false;
        const qint64 ms = line.section(u':', 1).trimmed().toLongLong(&ok);
        if (ok)
            decoded.content = tr("reconnect after %1").arg(humanDuration(ms * 1'000'000));
        break;
    }
    case FrameKind::Incomplete:
        decoded.tone = int(Role::Attention);
        decoded.content = tr("the stream ended within this event, it does not count: %1").arg(line);
        break;
    case FrameKind::NoMessage:
        decoded.tone = int(Role::Attention);
        decoded.content = tr("printed, no message: %1").arg(line);
        break;
    case FrameKind::Line:
    case FrameKind::Event: {
        const SseContent content = frameContent(frame.kind, bytes);
        decoded.type = content.type.isEmpty()
            ? QStringLiteral("message")
            : visibleText(QString::fromUtf8(content.type.left(100)));
        decoded.tone = int(Role::Text);
        if (length <= kLineBytes)
            decoded.content = messageWords(content.data, m_asked);
        if (decoded.content.isEmpty()) {
            decoded.content = visibleText(QString::fromUtf8(content.data.left(400)));
            const bool json = content.data.startsWith('{') || content.data.startsWith('[');
            if (content.data.isEmpty()) {
                decoded.content = tr("(no data)");
                decoded.tone = int(Role::Muted);
            } else if (length > kLineBytes)
                decoded.content = tr("%1: %2").arg(humanSize(length), decoded.content);
            else if (decoded.type == QLatin1String("message") && !json)
                decoded.tone = int(Role::Attention);
        }
        break;
    }
    }
    m_decoded.insert(index, new Decoded(decoded));
    return decoded;
}

QString EventsModel::contentOf(int row) const
{
    switch (lineAt(row)) {
    case Line::Open: {
        const std::optional<ResponseRecord> response = m_shown.trace->response(m_id);
        if (!response)
            return {};
        QString text;
        for (const Header &header : response->headers) {
            if (header.name.compare("Content-Type", Qt::CaseInsensitive) == 0)
                text = visibleText(QString::fromLatin1(header.value));
        }
        for (const Header &header : response->headers) {
            if (header.name.compare("Transfer-Encoding", Qt::CaseInsensitive) == 0)
                text += u", "_s + visibleText(QString::fromLatin1(header.value));
        }
        return text;
    }
    case Line::Gap: {
        qsizetype gap = 0;
        isGapRow(row, &gap);
        const Gap &at = m_gaps[gap];
        const qint64 silence = timeOf(at.frame) - timeOf(at.frame - 1);
        if (at.usual < 1'000'000)
            return tr("nothing for %1; events came without a pause until here")
                .arg(humanDuration(silence));
        return tr("nothing for %1; events came every %2 until here")
            .arg(humanDuration(silence), humanDuration(at.usual));
    }
    case Line::End:
        if (const auto failure = m_shown.trace->failure(m_id))
            return visibleText(failure->sentence);
        return tr("the answer was complete");
    case Line::Frame:
        return marksOf(frameAt(row)) + decode(frameAt(row)).content;
    }
    return {};
}

QVariant EventsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const int row = index.row();
    const Line line = lineAt(row);
    const qint64 frame = frameAt(row);
    if (role == LineRole)
        return int(line);
    if (role == MarkedRole)
        return frame >= 0 && m_notes.isMarked({m_id, frame});
    if (role == Qt::TextAlignmentRole)
        return headerData(index.column(), Qt::Horizontal, role);
    if (role == ToneRole) {
        if (index.column() == Time || index.column() == Delta)
            return int(line == Line::Gap ? Role::Attention : Role::Muted);
        if (line == Line::Gap)
            return int(Role::Attention);
        if (line == Line::End)
            return int(m_shown.trace->failure(m_id) ? Role::Failure : Role::Muted);
        return line == Line::Open ? int(Role::Muted) : decode(frame).tone;
    }
    if (role == Qt::AccessibleTextRole && index.column() == Time)
        return tr("%1 s").arg(data(index, Qt::DisplayRole).toString());
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};

    const ExchangeTimes times = m_shown.trace->summary(m_id).times;
    switch (index.column()) {
    case Time:
        if (line == Line::Open)
            return secondsText(times.head - times.begun);
        if (line == Line::End)
            return secondsText(times.ended - times.begun);
        if (line == Line::Gap)
            return {};
        return secondsText(timeOf(frame) - times.begun);
    case Delta:
        if (line == Line::Open)
            return tr("+%1 ms").arg(millisecondsText(times.head - times.begun));
        if (line == Line::End)
            return QString(u'+' + millisecondsText(times.ended - timeOf(m_frames - 1)));
        if (line == Line::Gap)
            return {};
        return QString(u'+' + millisecondsText(timeOf(frame) - timeOf(frame - 1)));
    case Id: {
        if (frame < 0)
            return {};
        // An id that an earlier block set holds on, but it does not stand here.
        const Frame at = m_shown.trace->frame(m_id, frame);
        if (at.idStart < at.start || at.idStart >= at.end)
            return {};
        return visibleText(
            QString::fromUtf8(m_shown.responseBody(m_id, at.idStart, std::min(at.idLength, 200))));
    }
    case Type:
        if (line == Line::Open)
            return tr("open");
        if (line == Line::Gap)
            return tr("gap");
        if (line == Line::End)
            return tr("end");
        return decode(frame).type;
    case Content:
        return contentOf(row);
    default:
        return {};
    }
}

QVariant EventsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Time || section == Delta ? Qt::AlignRight : Qt::AlignLeft)
                   | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time s");
    case Delta:
        return tr("+ ms");
    case Id:
        return tr("Id");
    case Type:
        return tr("Type");
    default:
        return tr("Content");
    }
}

} // namespace sightglass
