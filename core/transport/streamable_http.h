// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"
#include "core/transport/transport.h"

#include <functional>
#include <map>
#include <memory>

namespace sightglass {

class HttpPost;
class HttpStream;

/// Streamable HTTP (basic/transports of 2025-03-26, 2025-06-18 and
/// 2025-11-25): each message is a POST that is answered with JSON or with an
/// event stream; a GET opens the server's own stream; broken streams are
/// taken up again with Last-Event-ID; DELETE ends the session.
class StreamableHttp final : public Transport {
    Q_OBJECT
public:
    /// A number from 0 to 1, for the jitter of the back-off.
    using Random = std::function<double()>;

    /// The gate is not owned and outlives the transport.
    StreamableHttp(HttpGate *gate, const QUrl &url, Random random, QObject *parent = nullptr);
    ~StreamableHttp() override;

    PostId post(const Outgoing &message) override;
    void settle(PostId id) override;
    void abandon(PostId id, const std::optional<Failure> &why = {}) override;
    void setCommonHeaders(const HeaderList &headers) override;
    void openStream() override;
    const StreamState &streamState() const override;
    bool isShared() const override { return false; }
    void endSession() override;
    void leaveSession() override;
    void closeAll() override;

    /// For HttpPost and HttpStream: what every request of this transport carries, and where it
    /// goes.
    HttpRequest request(ExchangeKind kind, const QByteArray &method, const QString &what) const;
    HttpGate *gate() const { return m_gate; }
    double random() const { return m_random(); }
    const QByteArray &sessionId() const { return m_sessionId; } ///< empty: none
    void takeSession(const QByteArray &sessionId, ExchangeId exchange);
    /// An answer later than the handshake's named this session; its request carried `own`. Nothing
    /// where there is no handshake, and so no session.
    void compareSession(const QByteArray &sessionId, const QByteArray &own, ExchangeId exchange);
    void forget(PostId id);

private:
    void closeStream();

    HttpGate *m_gate;
    QUrl m_url;
    Random m_random;
    HeaderList m_common;
    QByteArray m_sessionId;
    bool m_opened = false; ///< a handshake was posted: its answer assigns a session, or none
    std::map<PostId, HttpPost *> m_posts; ///< children of this
    PostId m_lastPost = 0;
    HttpStream *m_stream = nullptr; ///< the server's own; child of this
    StreamState m_noStream;
};

} // namespace sightglass
