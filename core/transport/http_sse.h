// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"
#include "core/transport/event_recorder.h"
#include "core/transport/transport.h"

#include <QTimer>

#include <map>

namespace sightglass {

/// The HTTP+SSE transport of 2024-11-05 (basic/transports, "HTTP with SSE"):
/// one GET stream, whose first event names the endpoint that messages are
/// posted to; all answers come on the stream. Where the stream is lost, so is
/// the session.
class HttpSse final : public Transport {
    Q_OBJECT
public:
    using Random = std::function<double()>;

    HttpSse(HttpGate *gate, const QUrl &url, Random random, QObject *parent = nullptr);
    ~HttpSse() override;

    PostId post(const Outgoing &message) override;
    void settle(PostId id) override;
    void abandon(PostId id, const std::optional<Failure> &why = {}) override;
    void setCommonHeaders(const HeaderList &headers) override { m_common = headers; }
    /// Opens it if it is not there: messages are not sent without it.
    void openStream() override;
    const StreamState &streamState() const override { return m_state; }
    bool isShared() const override { return true; }
    void endSession() override;
    void closeAll() override;

    /// Where messages go by an endpoint event: relative to the stream's URL, of the same origin,
    /// or why not. Pure.
    static Expected<QUrl> endpoint(const QUrl &stream, QByteArrayView data);

private:
    struct Post {
        Outgoing message;
        HttpExchange *http = nullptr; ///< null: waits for the endpoint, or was delivered
        ExchangeId exchange = 0;
        bool sent = false;
    };

    void open();
    void onStreamHead();
    void onStreamFinished();
    void onEndpoint(QByteArrayView data, ExchangeId exchange);
    void send(PostId id, Post &post);
    void onDelivered(PostId id);
    void lose(const Failure &failure);
    void endPost(PostId id, const std::optional<Failure> &failure);
    void dropStream();

    HttpGate *m_gate;
    QUrl m_url;
    Random m_random;
    HeaderList m_common;
    std::shared_ptr<EventRecorder> m_recorder;
    HttpExchange *m_stream = nullptr;
    QUrl m_endpoint;
    QTimer m_retry;
    std::map<PostId, Post> m_posts;
    PostId m_lastPost = 0;
    qint64 m_notBefore = 0; ///< trace time, ns: a server that has just gone needs time
    bool m_openedBefore = false;
    bool m_isStream = false;
    StreamState m_state;
};

} // namespace sightglass
