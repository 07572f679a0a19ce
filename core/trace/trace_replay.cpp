// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_replay.h"

#include <algorithm>
#include <queue>
#include <vector>

namespace sightglass {

namespace {

/// Goes through the records of one exchange, in order.
class Cursor {
public:
    Cursor(const TraceReader &trace, ExchangeId id)
        : m_trace(&trace)
        , m_id(id)
        , m_summary(trace.summary(id))
        , m_chunks(trace.chunkCount(id))
    {
        const ExchangeTimes &t = m_summary.times;
        if (t.connecting >= 0)
            m_marks.append({t.connecting, Mark::Connecting});
        if (t.encrypted >= 0)
            m_marks.append({t.encrypted, Mark::Encrypted});
        if (t.sent >= 0)
            m_marks.append({t.sent, Mark::Sent});
        std::stable_sort(m_marks.begin(), m_marks.end(),
                         [](const auto &a, const auto &b) { return a.first < b.first; });
        advance();
    }

    ExchangeId id() const { return m_id; }
    bool atEnd() const { return m_step == Step::Done; }
    qint64 at() const { return m_at; }

    void tell(TraceSink &sink)
    {
        switch (m_step) {
        case Step::Request:
            sink.onRequest(m_id, m_summary.times.begun, m_trace->request(m_id),
                           m_trace->requestBody(m_id));
            break;
        case Step::Mark:
            sink.onMark(m_id, m_marks.at(m_mark).second, m_marks.at(m_mark).first);
            ++m_mark;
            break;
        case Step::Response:
            if (const std::optional<ResponseRecord> response = m_trace->response(m_id))
                sink.onResponse(m_id, m_summary.times.head, *response);
            m_responded = true;
            break;
        case Step::Body: {
            BodyChunk chunk = m_trace->chunk(m_id, m_chunk++);
            const QByteArray bytes = m_trace->responseBody(m_id, chunk.offset, chunk.length);
            m_told = chunk.offset + chunk.length;
            // What was let go of, or not recorded, is not there; the rest closes up.
            if (bytes.size() < chunk.length)
                break;
            m_missing = chunk.offset - m_passed;
            m_passed += chunk.length;
            chunk.offset -= m_missing;
            sink.onBody(m_id, chunk, bytes.constData());
            break;
        }
        case Step::Frame: {
            Frame frame = m_trace->frame(m_id, m_frame++);
            if (frame.start < m_missing || frame.start < m_trace->summary(m_id).letGo)
                break;
            frame.start -= m_missing;
            frame.end -= m_missing;
            if (frame.idStart >= 0)
                frame.idStart = std::max<qint64>(frame.idStart - m_missing, -1);
            if (frame.idStart < 0)
                frame.idLength = 0;
            sink.onFrame(m_id, frame);
            break;
        }
        case Step::Finish:
            sink.onFinish(m_id, m_summary.times.ended, m_trace->failure(m_id));
            m_finished = true;
            break;
        case Step::Done:
            break;
        }
        advance();
    }

private:
    enum class Step { Request, Mark, Response, Body, Frame, Finish, Done };

    void advance()
    {
        qint64 at = m_at;
        if (!m_begun) {
            m_begun = true;
            m_step = Step::Request;
            at = m_summary.times.begun;
        } else if (m_mark < m_marks.size()
                   && (m_responded || m_summary.times.head < 0
                       || m_marks.at(m_mark).first <= m_summary.times.head)) {
            m_step = Step::Mark;
            at = m_marks.at(m_mark).first;
        } else if (!m_responded && m_summary.times.head >= 0) {
            m_step = Step::Response;
            at = m_summary.times.head;
        } else if (m_frame < m_summary.frames
                   && (m_chunk >= m_chunks || m_trace->frame(m_id, m_frame).end <= m_told)) {
            m_step = Step::Frame;
            at = m_trace->frame(m_id, m_frame).at;
        } else if (m_chunk < m_chunks) {
            m_step = Step::Body;
            at = m_trace->chunk(m_id, m_chunk).at;
        } else if (!m_finished && m_summary.finished) {
            m_step = Step::Finish;
            at = m_summary.times.ended;
        } else {
            m_step = Step::Done;
        }
        m_at = qMax(m_at, at);
    }

    const TraceReader *m_trace;
    ExchangeId m_id;
    ExchangeSummary m_summary;
    qint64 m_chunks;
    QList<std::pair<qint64, Mark>> m_marks;
    qsizetype m_mark = 0;
    qint64 m_chunk = 0;
    qint64 m_frame = 0;
    qint64 m_told = 0;
    qint64 m_passed = 0; ///< bytes that were told
    qint64 m_missing = 0; ///< bytes before those that are told now
    qint64 m_at = 0;
    bool m_begun = false;
    bool m_responded = false;
    bool m_finished = false;
    Step m_step = Step::Done;
};

struct Later {
    bool operator()(const Cursor &a, const Cursor &b) const
    {
        return a.at() != b.at() ? a.at() > b.at() : a.id() > b.id();
    }
};

} // namespace

void replayTrace(const TraceReader &trace, TraceSink &sink)
{
    const ExchangeId exchanges = trace.exchangeCount();
    const qint64 notes = trace.noteCount();
    std::priority_queue<Cursor, std::vector<Cursor>, Later> running;
    ExchangeId next = 1;
    qint64 note = 0;
    while (true) {
        // An exchange comes in when nothing that runs is earlier than it.
        if (next <= exchanges
            && (running.empty() || trace.summary(next).times.begun <= running.top().at())) {
            Cursor cursor(trace, next++);
            if (note >= notes || cursor.at() <= trace.note(note).at) {
                cursor.tell(sink);
                if (!cursor.atEnd())
                    running.push(std::move(cursor));
                continue;
            }
            --next;
        }
        if (note < notes && (running.empty() || trace.note(note).at < running.top().at())) {
            sink.onNote(trace.note(note++));
            continue;
        }
        if (running.empty())
            return;
        Cursor cursor = running.top();
        running.pop();
        cursor.tell(sink);
        if (!cursor.atEnd())
            running.push(std::move(cursor));
    }
}

} // namespace sightglass
