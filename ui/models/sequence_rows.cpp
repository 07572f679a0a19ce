// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/sequence_rows.h"

#include "core/sse/sse_parser.h"
#include "core/trace/rpc_outcome.h"
#include "ui/models/stream_facts.h"

#include <algorithm>

namespace sightglass {

namespace {

/// Of a message so much is read for its id; what is longer is joined to nothing.
constexpr qint64 kMessageBytes = 256 * 1024;
/// Rows in a part that is handed over.
constexpr size_t kPartRows = 8192;
/// Requests without an answer that are remembered.
constexpr qsizetype kPendingAtMost = 100'000;

bool asksForAStream(ExchangeKind kind)
{
    return kind == ExchangeKind::Stream || kind == ExchangeKind::Reconnect
        || kind == ExchangeKind::Process || kind == ExchangeKind::ErrorOutput;
}

} // namespace

struct SequenceBuilder::Item {
    enum class Step : quint8 { Begin, Head, Frame, End };
    qint64 at;
    ExchangeId id;
    qint32 frame;
    Step step;
};

SequenceBuilder::Open *SequenceBuilder::find(ExchangeId id)
{
    const auto place = std::lower_bound(m_open.begin(), m_open.end(), id,
                                        [](const Open &a, ExchangeId b) { return a.id < b; });
    return place != m_open.end() && place->id == id ? &*place : nullptr;
}

void SequenceBuilder::update(const TraceReader &trace, const QList<ExchangeId> &fresh,
                             const std::atomic<bool> &stop,
                             const std::function<void(Part &&)> &take)
{
    std::vector<Item> items;
    for (const ExchangeId id : fresh) {
        Open open;
        open.id = id;
        m_open.push_back(open);
        items.push_back({trace.summary(id).times.begun, id, -1, Item::Step::Begin});
    }
    const auto byId = [](const Open &a, const Open &b) { return a.id < b.id; };
    if (!std::is_sorted(m_open.begin(), m_open.end(), byId))
        std::sort(m_open.begin(), m_open.end(), byId);
    gather(trace, items);
    if (stop)
        return;
    std::sort(items.begin(), items.end(), [](const Item &a, const Item &b) {
        if (a.at != b.at)
            return a.at < b.at;
        return a.id != b.id ? a.id < b.id
                            : (a.step != b.step ? a.step < b.step : a.frame < b.frame);
    });
    size_t looked = 0;
    for (const Item &item : items) {
        if (looked++ % 256 == 0 && stop)
            return;
        process(trace, item);
        if (m_part.rows.size() >= kPartRows) {
            take(std::move(m_part));
            m_part = {};
            m_partStart = m_next;
        }
    }
    m_open.erase(
        std::remove_if(m_open.begin(), m_open.end(), [](const Open &open) { return open.over; }),
        m_open.end());
    if (!m_part.rows.empty() || !m_part.joined.empty())
        take(std::move(m_part));
    m_part = {};
    m_partStart = m_next;
}

void SequenceBuilder::gather(const TraceReader &trace, std::vector<Item> &items)
{
    for (Open &open : m_open) {
        // Taken first: what comes after it is looked at the next time.
        const ExchangeSummary summary = trace.summary(open.id);
        qint64 last = summary.times.begun;
        if (!open.headTaken && (summary.times.head >= 0 || summary.frames > 0)) {
            open.headTaken = true;
            open.isStream =
                StreamFacts::isStream(trace, open.id) || summary.kind == ExchangeKind::Process;
            last = std::max(last, summary.times.head);
            items.push_back({last, open.id, -1, Item::Step::Head});
        }
        if (open.isStream) {
            for (; open.frames < summary.frames; ++open.frames) {
                const Frame frame = trace.frame(open.id, open.frames);
                last = std::max(last, frame.at);
                if (isDispatched(frame.kind))
                    items.push_back({frame.at, open.id, qint32(open.frames), Item::Step::Frame});
            }
        }
        if (summary.finished)
            items.push_back({std::max(last, summary.times.ended), open.id, -1, Item::Step::End});
    }
}

void SequenceBuilder::process(const TraceReader &trace, const Item &item)
{
    Open *open = find(item.id);
    if (!open)
        return;
    switch (item.step) {
    case Item::Step::Begin:
        begin(trace, *open, item.at);
        break;
    case Item::Step::Head:
        head(*open, trace, item.at);
        break;
    case Item::Step::Frame:
        event(trace, *open, item.frame, item.at);
        break;
    case Item::Step::End:
        end(trace, *open, item.at);
        break;
    }
}

void SequenceBuilder::begin(const TraceReader &trace, Open &open, qint64 at)
{
    SequenceRow row;
    row.id = open.id;
    row.call = open.call = takeCall();
    const QByteArray body = trace.requestBody(open.id);
    const EnvelopeBatch messages = body.size() <= kMessageBytes ? scanBody(body) : EnvelopeBatch();
    Pending answers;
    for (const Envelope &message : messages.messages) {
        const bool isAnswer =
            message.kind == EnvelopeKind::Result || message.kind == EnvelopeKind::Error;
        if (isAnswer && answers.row < 0)
            answers = m_askedByServer.take(message.id.raw);
        open.asks = open.asks || message.kind == EnvelopeKind::Request;
    }
    if (answers.row >= 0)
        row.kind = SequenceRow::Kind::ClientAnswer;
    open.row = push(row, at);
    if (answers.row >= 0) {
        join(open.row, answers.row);
        freeCall(answers.call);
        open.answered = true;
    }
    if (m_asked.size() > kPendingAtMost)
        m_asked.clear();
    for (const Envelope &message : messages.messages) {
        if (message.kind == EnvelopeKind::Request)
            m_asked.insert(message.id.raw, {open.row, open.id, open.call});
    }
}

void SequenceBuilder::head(Open &open, const TraceReader &trace, qint64 at)
{
    if (!open.isStream)
        return;
    open.lane = takeLane();
    // The answer to a request comes on it; of a stream that was asked for this is the answer.
    if (open.asks && !asksForAStream(trace.summary(open.id).kind))
        return;
    SequenceRow row;
    row.id = open.id;
    row.kind = SequenceRow::Kind::Opened;
    row.lane = open.lane;
    row.call = open.call;
    const qint32 number = push(row, at);
    join(number, open.row);
    freeCall(open.call);
    open.call = SequenceRow::None;
    open.answered = true;
}

void SequenceBuilder::event(const TraceReader &trace, const Open &open, qint64 frame, qint64 at)
{
    SequenceRow row;
    row.id = open.id;
    row.frame = qint32(frame);
    row.lane = open.lane;
    row.kind = SequenceRow::Kind::Event;
    const Frame range = trace.frame(open.id, frame);
    Pending request;
    Pending asked;
    QByteArray askedId;
    if (range.end - range.start <= kMessageBytes) {
        const QByteArray bytes = trace.responseBody(open.id, range.start, range.end - range.start);
        const SseContent content = frameContent(range.kind, bytes);
        const Envelope message = scanEnvelope(content.data);
        if (message.kind == EnvelopeKind::Result || message.kind == EnvelopeKind::Error) {
            request = m_asked.take(message.id.raw);
            row.kind = SequenceRow::Kind::StreamAnswer;
            row.failed = message.kind == EnvelopeKind::Error;
            row.call = request.call;
        } else if (message.kind == EnvelopeKind::Request) {
            row.kind = SequenceRow::Kind::ServerRequest;
            row.call = asked.call = takeCall();
            askedId = message.id.raw;
        }
    }
    const qint32 number = push(row, at);
    if (request.row >= 0) {
        join(number, request.row);
        freeCall(request.call);
        if (Open *asker = find(request.id)) {
            asker->answered = true;
            asker->call = SequenceRow::None;
        }
    }
    if (!askedId.isEmpty()) {
        if (m_askedByServer.size() > kPendingAtMost)
            m_askedByServer.clear();
        m_askedByServer.insert(askedId, {number, open.id, asked.call});
    }
}

void SequenceBuilder::end(const TraceReader &trace, Open &open, qint64 at)
{
    const ExchangeSummary summary = trace.summary(open.id);
    const ExchangeKind kind = summary.kind;
    SequenceRow row;
    row.id = open.id;
    row.failed = ((summary.failed || summary.status >= 400) && !isNoFault(summary))
        || (!open.isStream && summary.responseBytes > 0 && rpcOutcome(trace, open.id).isError());
    row.call = open.call;
    row.lane = open.lane;
    // What a program answered stood among its lines already.
    const bool told = kind == ExchangeKind::Input && (open.answered || summary.responseBytes == 0);
    // Taken, and its answer comes on another stream (the older HTTP+SSE).
    const bool awaited = open.asks && !open.answered && summary.status == 202;
    if (awaited)
        row.call = open.call = SequenceRow::None;
    if (!open.isStream && !told) {
        row.kind = SequenceRow::Kind::Answer;
        // What is answered already stays joined to that.
        const qint32 number = push(row, at);
        if (open.answered || awaited)
            setPeer(number, open.row);
        else
            join(number, open.row);
    } else if (open.isStream && (row.failed || !open.answered || asksForAStream(kind))) {
        row.kind = SequenceRow::Kind::Ended;
        push(row, at);
    }
    freeCall(open.call);
    freeLane(open.lane);
    open.over = true; // taken out when all items were looked at
}

qint32 SequenceBuilder::push(SequenceRow row, qint64 at)
{
    at = std::max(at, m_lastAt);
    quint16 lanes = 0;
    for (size_t lane = 0; lane < m_lanes.size(); ++lane)
        lanes |= quint16(m_lanes[lane] > 0 ? 1U << lane : 0U);
    if (m_lastAt >= 0 && at - m_lastAt >= GapNs) {
        SequenceRow gap;
        gap.at = at;
        gap.kind = SequenceRow::Kind::Gap;
        gap.lanes = lanes;
        // A call that begins behind it was not open yet.
        const bool begins = row.fromClient() || row.kind == SequenceRow::Kind::ServerRequest;
        gap.calls = begins && row.call != SequenceRow::None ? quint16(m_calls & ~(1U << row.call))
                                                            : m_calls;
        m_part.rows.push_back(gap);
        ++m_next;
    }
    m_lastAt = at;
    row.at = at;
    row.lanes = lanes;
    row.calls = m_calls;
    m_part.rows.push_back(row);
    return m_next++;
}

void SequenceBuilder::join(qint32 row, qint32 peer)
{
    if (row < 0 || peer < 0)
        return;
    setPeer(row, peer);
    setPeer(peer, row);
}

void SequenceBuilder::setPeer(qint32 row, qint32 peer)
{
    if (row >= m_partStart)
        m_part.rows[size_t(row - m_partStart)].peer = peer;
    else
        m_part.joined.emplace_back(row, peer);
}

quint8 SequenceBuilder::takeLane()
{
    size_t lane = 0;
    while (lane + 1 < m_lanes.size() && m_lanes[lane] > 0)
        ++lane;
    ++m_lanes[lane];
    return quint8(lane);
}

void SequenceBuilder::freeLane(quint8 lane)
{
    if (lane != SequenceRow::None)
        --m_lanes[lane];
}

quint8 SequenceBuilder::takeCall()
{
    for (quint8 call = 0; call < Calls; ++call) {
        if (!(m_calls & (1U << call))) {
            m_calls |= quint16(1U << call);
            return call;
        }
    }
    return SequenceRow::None;
}

void SequenceBuilder::freeCall(quint8 call)
{
    if (call != SequenceRow::None)
        m_calls &= quint16(~(1U << call));
}

} // namespace sightglass
