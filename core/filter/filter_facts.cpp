// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_facts.h"

#include <algorithm>
#include <cstring>

namespace sightglass {

namespace {

/// Exchanges that are taken into the index at once, beyond the one that is asked for: whoever
/// filters a long trace in parts is not kept waiting by the first of them.
constexpr ExchangeId IndexedAhead = 512;
constexpr qint64 PieceBytes = 256 * 1024;
/// Of a longer frame the beginning is looked at.
constexpr qint64 MostFrameBytes = 16 * 1024 * 1024;

QStringList withoutColumn(QStringList names, const CredentialIndex &index)
{
    names.removeIf([&](const QString &name) { return index.columnOf(name.toUtf8()) >= 0; });
    return names;
}

} // namespace

void TraceKnowledge::bind(const TraceReader &trace)
{
    if (m_trace == &trace && trace.exchangeCount() >= m_index.count())
        return;
    m_index = CredentialIndex();
    m_notes = RowNotes();
    m_trace = &trace;
}

CredentialIndex::Mask
TraceKnowledge::credentials(const TraceReader &trace, ExchangeId id, const QByteArray &name,
                            CredentialIndex::Mask CredentialIndex::Entry::*which)
{
    const std::lock_guard lock(m_mutex);
    bind(trace);
    if (id > m_index.count())
        m_index.update(trace, nullptr, id + IndexedAhead);
    if (id > m_index.count())
        return 0;
    // An answer that came since may tell what its request lacked.
    if (m_index.entry(id).status == 0 && trace.summary(id).status > 0)
        m_index.update(trace, nullptr, m_index.count());
    const CredentialIndex::Mask mask = m_index.entry(id).*which;
    if (name == "any")
        return mask & ~CredentialIndex::ProtocolColumns;
    const int column = m_index.columnOf(name);
    return column < 0 ? 0 : mask & (CredentialIndex::Mask(1) << column);
}

QStringList TraceKnowledge::unknownCredentials(const QStringList &names, const TraceReader &trace)
{
    CredentialIndex index;
    index.update(trace);
    return withoutColumn(names, index);
}

QStringList TraceKnowledge::unknownSoFar(const QStringList &names, const TraceReader &trace)
{
    const std::lock_guard lock(m_mutex);
    bind(trace);
    return m_index.count() < trace.exchangeCount() ? QStringList() : withoutColumn(names, m_index);
}

bool TraceKnowledge::isMarked(const TraceReader &trace, const TraceRow &row, bool orItsEvents)
{
    const std::lock_guard lock(m_mutex);
    bind(trace);
    m_notes.update(trace);
    if (m_notes.isMarked(row))
        return true;
    if (!orItsEvents)
        return false;
    const QList<TraceRow> events = m_notes.eventsOf(row.exchange);
    return std::any_of(events.begin(), events.end(),
                       [this](const TraceRow &event) { return m_notes.isMarked(event); });
}

QStringList TraceKnowledge::remarks(const TraceReader &trace, const TraceRow &row)
{
    const std::lock_guard lock(m_mutex);
    bind(trace);
    m_notes.update(trace);
    QStringList texts;
    const auto add = [&](const TraceRow &of) {
        if (const QString text = m_notes.remark(of); !text.isEmpty())
            texts << text;
    };
    add(row);
    if (row.frame < 0) {
        for (const TraceRow &event : m_notes.eventsOf(row.exchange))
            add(event);
    }
    return texts;
}

QStringList TraceKnowledge::findings(const TraceReader &trace, ExchangeId id)
{
    const std::lock_guard lock(m_mutex);
    bind(trace);
    m_notes.update(trace);
    return m_notes.findings(id);
}

int TraceKnowledge::offsetFromUtc(const QDateTime &began)
{
    const qint64 ms = began.toMSecsSinceEpoch();
    const std::lock_guard lock(m_mutex);
    if (m_beganMs != ms) {
        m_beganMs = ms;
        m_offset = began.toLocalTime().offsetFromUtc();
    }
    return m_offset;
}

const ExchangeSummary &ExchangeFacts::summary()
{
    if (!m_summary)
        m_summary = trace.summary(id);
    return *m_summary;
}

const RequestRecord &ExchangeFacts::request()
{
    if (!m_request)
        m_request = trace.request(id);
    return *m_request;
}

const std::optional<ResponseRecord> &ExchangeFacts::response()
{
    if (!m_response)
        m_response = trace.response(id);
    return m_response;
}

const RpcOutcome &ExchangeFacts::outcome()
{
    if (!m_outcome)
        m_outcome = rpcOutcome(trace, id);
    return *m_outcome;
}

QStringList ExchangeFacts::findings()
{
    QStringList told = knowledge.findings(trace, id);
    const std::optional<Failure> failure = trace.failure(id);
    if (failure && !failure->finding.isEmpty())
        told.append(failure->finding);
    if (m_lookup)
        told += m_lookup(trace, id, stop);
    return told;
}

const QByteArray &ExchangeFacts::answer(qint64 most)
{
    if (m_answerMost < most) {
        // Of a long trace the oldest may have been let go of.
        m_answer = trace.responseBody(id, summary().letGo, most);
        m_answerMost = most;
    }
    return m_answer;
}

void EventFacts::set(qint64 number, const Frame &is, QByteArrayView raw)
{
    index = number;
    frame = is;
    bytes = raw;
    m_split = false;
    m_outcome.reset();
}

void EventFacts::split()
{
    m_split = true;
    m_type = {};
    m_data = {};
    if (frame.kind == FrameKind::Line) {
        m_data = bytes.trimmed();
        return;
    }
    if (frame.kind != FrameKind::Event)
        return;
    const char *p = bytes.data();
    const char *const end = p + bytes.size();
    int lines = 0;
    while (p < end) {
        const char *lineEnd = static_cast<const char *>(std::memchr(p, '\n', size_t(end - p)));
        const char *stop = lineEnd ? lineEnd : end;
        // Few servers end lines with CR; one that stands alone ends a line too.
        if (const void *cr = std::memchr(p, '\r', size_t(stop - p)))
            stop = static_cast<const char *>(cr);
        const QByteArrayView line(p, stop - p);
        const auto value = [&](qsizetype name) {
            const qsizetype skip = line.size() > name && line[name] == ' ' ? name + 1 : name;
            return line.sliced(skip);
        };
        if (line.startsWith("data:") || line == "data") {
            const QByteArrayView part =
                line.size() > 4 ? value(5) : QByteArrayView(stop, qsizetype(0));
            if (++lines == 1) {
                m_data = part;
            } else {
                if (lines == 2) {
                    m_joined.resize(0);
                    m_joined.append(m_data);
                }
                m_joined.append('\n').append(part);
            }
        } else if (line.startsWith("event:")) {
            m_type = value(6);
        }
        p = stop < end ? stop + 1 : end;
    }
    if (lines > 1)
        m_data = m_joined;
    if (m_type.isEmpty())
        m_type = {};
}

QByteArrayView EventFacts::type()
{
    if (!m_split)
        split();
    return m_type;
}

QByteArrayView EventFacts::data()
{
    if (!m_split)
        split();
    return m_data;
}

const RpcOutcome &EventFacts::outcome()
{
    if (!m_outcome)
        m_outcome = isDispatched(frame.kind) ? rpcOutcome(data()) : RpcOutcome();
    return *m_outcome;
}

FrameReader::FrameReader(const TraceReader &trace, ExchangeId id, qint64 first, qint64 end)
    : m_trace(trace)
    , m_id(id)
    , m_next(std::max<qint64>(0, first))
    , m_end(std::min(end, trace.summary(id).frames))
{
    if (m_next < m_end)
        m_bytesEnd = trace.frame(id, m_end - 1).end;
}

bool FrameReader::next(EventFacts &event)
{
    if (m_next >= m_end)
        return false;
    const Frame frame = m_trace.frame(m_id, m_next);
    const qint64 length = std::min(frame.end - frame.start, MostFrameBytes);
    if (frame.start < m_pieceStart || frame.start + length > m_pieceStart + m_piece.size()) {
        m_pieceStart = frame.start;
        const qint64 rest = std::max(m_bytesEnd - frame.start, length);
        m_piece =
            m_trace.responseBody(m_id, frame.start, std::max(length, std::min(rest, PieceBytes)));
    }
    const qint64 at = frame.start - m_pieceStart;
    const qint64 there = std::clamp<qint64>(m_piece.size() - at, 0, length);
    event.set(m_next, frame,
              there > 0 ? QByteArrayView(m_piece.constData() + at, there) : QByteArrayView());
    ++m_next;
    return true;
}

QByteArray FrameReader::idOf(const Frame &frame) const
{
    if (frame.idStart < 0 || frame.idLength <= 0)
        return {};
    const qint64 at = frame.idStart - m_pieceStart;
    if (at >= 0 && at + frame.idLength <= m_piece.size())
        return QByteArray::fromRawData(m_piece.constData() + at, frame.idLength);
    return m_trace.responseBody(m_id, frame.idStart, frame.idLength);
}

} // namespace sightglass
