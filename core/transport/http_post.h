// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/transport/event_recorder.h"
#include "core/transport/streamable_http.h"

namespace sightglass {

class HttpStream;

/// One message on its way: the POST, its answer as JSON or as events, and, if
/// its stream breaks off before the answer, the GETs that take it up again.
class HttpPost final : public QObject {
    Q_OBJECT
public:
    HttpPost(StreamableHttp *transport, PostId id, Outgoing message);
    ~HttpPost() override;

    void settle();
    /// Nobody waits for it any more: ends its exchange with `why`, and deletes itself.
    void abandon(const std::optional<Failure> &why);
    ExchangeId exchange() const { return m_exchange; }

private:
    void onHead();
    void onFinished();
    void streamEnded(const std::optional<Failure> &failure);
    /// Tells that a message without an answer was taken, though its exchange goes on.
    void deliver();
    void done(const std::optional<Failure> &failure);

    StreamableHttp *m_transport;
    PostId m_id;
    Outgoing m_message;
    QByteArray m_session; ///< that it was sent in; empty: none
    std::shared_ptr<EventRecorder> m_recorder;
    HttpExchange *m_http = nullptr;
    HttpStream *m_rest = nullptr;
    ExchangeId m_exchange = 0;
    bool m_isStream = false;
    bool m_settled = false;
    bool m_delivered = false; ///< postEnded was emitted
    std::optional<Failure> m_why; ///< it was abandoned
};

} // namespace sightglass
