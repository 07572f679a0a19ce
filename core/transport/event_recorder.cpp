// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/event_recorder.h"

#include "core/http/http_gate.h"

namespace sightglass {

EventRecorder::EventRecorder(TraceStore *trace, OnData onData, OnNamed onNamed)
    : m_trace(trace)
    , m_onData(std::move(onData))
    , m_onNamed(std::move(onNamed))
{
}

void EventRecorder::feed(QByteArrayView bytes, ExchangeId exchange)
{
    if (exchange != m_exchange) {
        m_parser = SseParser();
        m_exchange = exchange;
        m_sawId = false;
    }
    m_at = m_trace->now();
    m_parser.feed(bytes, *this);
    keepState();
}

void EventRecorder::finish()
{
    m_at = m_trace->now();
    m_parser.finish(*this);
    keepState();
}

void EventRecorder::keepState()
{
    // An id, once seen in this body, may also be cleared by an empty one; before that the id of the
    // stream that this one continues holds.
    const QByteArray id = m_parser.lastEventId();
    m_sawId = m_sawId || !id.isEmpty();
    if (m_sawId)
        m_lastEventId = id;
}

void EventRecorder::onEvent(const SseEvent &event)
{
    Frame frame = event.frame;
    frame.at = m_at;
    m_trace->frame(m_exchange, frame);
    ++m_events;
    if (m_silent)
        return;
    if (m_onNamed && event.type != "message") {
        m_onNamed(event.type, event.data, m_exchange);
        return;
    }
    if (event.data.isEmpty())
        return;
    if (event.type != "message") {
        if (m_otherType.isEmpty())
            m_otherType = event.type.toByteArray();
        return;
    }
    if (m_onData)
        m_onData(event.data, m_exchange);
}

void EventRecorder::onOther(const Frame &frame, QByteArrayView)
{
    Frame timed = frame;
    timed.at = m_at;
    m_trace->frame(m_exchange, timed);
}

void EventRecorder::onRetry(qint64 milliseconds)
{
    m_retryMs = milliseconds;
}

void recordEvents(HttpExchange *http, const std::shared_ptr<EventRecorder> &recorder)
{
    // The exchange itself is the receiver: what disconnects from it does not end the record.
    QObject::connect(
        http, &HttpExchange::bodyReceived, http,
        [http, recorder](QByteArrayView bytes, qint64) { recorder->feed(bytes, http->id()); });
    QObject::connect(http, &HttpExchange::bodyEnded, http, [recorder] { recorder->finish(); });
}

} // namespace sightglass
