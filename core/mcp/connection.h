// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"
#include "core/jsonrpc/envelope.h"
#include "core/mcp/era.h"
#include "core/mcp/server_target.h"
#include "core/mcp/tool.h"
#include "core/transport/transport.h"

#include <QTimer>

#include <functional>
#include <map>
#include <memory>

namespace sightglass {

/// How a request ended.
struct RpcAnswer {
    QByteArray result; ///< raw JSON
    QByteArray error; ///< raw JSON of a JSON-RPC error; then there is a failure, too
    std::optional<qint64> errorCode;
    std::optional<Failure> failure;
    ExchangeId exchange = 0;
    qint64 durationNs = 0;
};

/// Number of a request on a connection: its JSON-RPC id.
using RequestId = qint64;

/// One connection to a server from the handshake to its end: speaks by an
/// era over a transport, joins answers to requests, keeps time, answers the
/// server's own requests, and opens a new session when the server lost the
/// old one. Nothing is taken up again after `failed` or close().
class Connection : public QObject {
    Q_OBJECT
public:
    enum class Phase : quint8 { Opening, Ready, Closing, Closed };
    using OnAnswer = std::function<void(const RpcAnswer &)>;
    using OnProgress = std::function<void(const Progress &)>;
    using OnSent = std::function<void(ExchangeId)>;

    /// Takes the transport and the era; the gate and the trace outlive the connection.
    Connection(std::unique_ptr<Transport> transport, std::unique_ptr<Era> era, ServerTarget target,
               TraceStore *trace, QObject *parent = nullptr);
    ~Connection() override;

    void open();
    Phase phase() const { return m_phase; }
    const Agreement &agreement() const { return m_agreement; }
    ExchangeId agreementExchange() const { return m_agreementExchange; }
    const QByteArray &sessionId() const { return m_sessionId; }
    ExchangeId sessionExchange() const { return m_sessionExchange; }
    const StreamState &streamState() const { return m_transport->streamState(); }
    int running() const;

    /// The id that the next request() is to use: for a progress token that is part of its
    /// parameters.
    RequestId takeId() { return ++m_lastId; }
    /// Sends a request; `onAnswer` is called once, later. Waits while a session is being opened
    /// anew.
    void request(RequestId id, const RpcCall &call, const QString &what, OnAnswer onAnswer,
                 OnProgress onProgress = {}, OnSent onSent = {});
    /// Tells the server, and answers with a Failure of kind Cancelled.
    void cancel(RequestId id, const QString &why);
    void reopenStream() { m_transport->openStream(); }
    /// Ends calls and streams, ends the session; `closed` follows.
    void close();

Q_SIGNALS:
    void changed();
    void ready();
    /// The handshake failed.
    void failed(const sightglass::Failure &failure);
    /// Something a person should know, that ended no request: a malformed event, an unknown id.
    void noticed(const sightglass::Failure &failure);
    void notified(const QByteArray &method);
    void closed(const std::optional<sightglass::Failure> &failure);

private:
    struct Pending {
        RpcCall call;
        QString what;
        OnAnswer onAnswer;
        OnProgress onProgress;
        OnSent onSent;
        PostId post = 0;
        ExchangeId exchange = 0;
        qint64 begun = 0;
        bool opening = false;
        bool sentAgain = false;
        /// The first message in its exchange that could not be read; why it has no answer, if it
        /// gets none.
        std::optional<Failure> unreadable;
        std::unique_ptr<QTimer> deadline;
    };

    void noticeUnreadable(const Failure &failure);
    void sendOpening();
    void opened(const RpcAnswer &answer);
    void confirm();
    void becomeReady();
    void fail(const Failure &failure);
    void send(RequestId id, Pending &pending);
    void post(const RpcCall &call, const QByteArray &text, const QString &what);
    void onMessage(QByteArrayView text, ExchangeId exchange);
    void onEnvelope(const Envelope &envelope, QByteArrayView text, ExchangeId exchange);
    void onAnswer(const Envelope &envelope, ExchangeId exchange);
    void onServerRequest(const Envelope &envelope);
    void onNotification(const Envelope &envelope, ExchangeId exchange);
    void onPostEnded(PostId id, ExchangeId exchange, const std::optional<Failure> &failure);
    void answer(RequestId id, RpcAnswer answer);
    void timedOut(RequestId id);
    void reopen(const Failure &why);
    void noteDeviations(const Envelope &envelope, ExchangeId exchange);

    std::unique_ptr<Transport> m_transport;
    std::unique_ptr<Era> m_era;
    ServerTarget m_target;
    TraceStore *m_trace;
    Phase m_phase = Phase::Opening;
    QByteArray m_asked;
    Agreement m_agreement;
    ExchangeId m_agreementExchange = 0;
    QByteArray m_sessionId;
    ExchangeId m_sessionExchange = 0;
    std::map<RequestId, Pending> m_pending;
    RequestId m_lastId = 0;
    PostId m_confirmation = 0;
    int m_deviations = 0;
};

} // namespace sightglass
