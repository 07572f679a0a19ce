// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sse/sse_parser.h"
#include "core/trace/trace_store.h"

#include <functional>
#include <memory>

namespace sightglass {

class HttpExchange;

/// Turns the body of one event stream into frames in the trace, and hands on
/// the data of its events. Bytes stand in the trace before they come here.
class EventRecorder final : private SseSink {
public:
    /// Called for each event of type "message" with data, after its frame stands in the trace. The
    /// view holds for the call.
    using OnData = std::function<void(QByteArrayView data, ExchangeId exchange)>;

    /// For events of another type than "message"; they come here instead, also without data.
    using OnNamed =
        std::function<void(QByteArrayView type, QByteArrayView data, ExchangeId exchange)>;

    EventRecorder(TraceStore *trace, OnData onData, OnNamed onNamed = {});

    /// The next bytes of the body of `exchange`; a new exchange begins a new body (lastEventId
    /// stays).
    void feed(QByteArrayView bytes, ExchangeId exchange);
    void finish();
    /// From now on nothing is handed on: what still comes is recorded alone.
    void silence() { m_silent = true; }

    /// Id to resume from; holds over reconnects. Empty: the stream gave none.
    const QByteArray &lastEventId() const { return m_lastEventId; }
    std::optional<qint64> retryMs() const { return m_retryMs; }
    qint64 events() const { return m_events; }
    /// Type of the first event with data that was none of MCP's messages, because it had a type of
    /// its own ("ping", "endpoint"); empty: none came.
    const QByteArray &otherType() const { return m_otherType; }

private:
    void onEvent(const SseEvent &event) override;
    void onOther(const Frame &frame, QByteArrayView line) override;
    void onRetry(qint64 milliseconds) override;
    void keepState();

    TraceStore *m_trace;
    OnData m_onData;
    OnNamed m_onNamed;
    SseParser m_parser;
    ExchangeId m_exchange = 0;
    qint64 m_at = 0;
    QByteArray m_lastEventId;
    bool m_sawId = false;
    bool m_silent = false;
    std::optional<qint64> m_retryMs;
    qint64 m_events = 0;
    QByteArray m_otherType;
};

/// Feeds a recorder with the body of an exchange whose head has come, to its end and also where
/// nobody listens to the exchange any more: each frame is to stand before the end in the trace.
void recordEvents(HttpExchange *http, const std::shared_ptr<EventRecorder> &recorder);

} // namespace sightglass
