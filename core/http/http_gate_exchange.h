// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"
#include "core/http/http_gate_pool.h"
#include "core/http/network_failure.h"
#include "core/http/redirect.h"

#include <QNetworkRequest>
#include <QPointer>
#include <QTimer>

namespace sightglass {

class TunnelProbe;
class UploadBody;

/// What all exchanges of a gate share; outlives them.
struct GateContext {
    TraceStore *trace = nullptr;
    GatePool *pool = nullptr;
    CredentialSource *credentials = nullptr;
    std::shared_ptr<const Misbehaviour> misbehaviour;
    QList<QByteArray> http1Only; ///< origins that chose HTTP/1.1 although HTTP/2 was offered
    bool paused = false; ///< all of them
    int insideReply = 0; ///< signals of replies that are being handled; see HttpGate's destructor
};

/// The gate's HttpExchange: one hop after the other over QNetworkReply.
///
/// Once on its way a hop has a reply, a lease in the pool and an open exchange in the trace; all
/// three end together.
class GateExchange final : public HttpExchange {
    Q_OBJECT
public:
    GateExchange(std::shared_ptr<GateContext> context, const HttpRequest &request, QObject *parent);
    ~GateExchange() override;

    ExchangeId id() const override { return m_id; }
    QUrl url() const override { return m_record.url; }
    int status() const override { return m_response.status; }
    const HeaderList &responseHeaders() const override { return m_responseHeaders; }
    bool isFinished() const override { return m_finished || m_ending; }
    std::optional<Failure> failure() const override { return m_ending ? m_ending : m_failure; }
    void setPaused(bool paused) override;
    void abort(std::optional<Failure> why) override;
    /// The gate is not paused any more.
    void goOn() { readLater(); }

private:
    void start(ExchangeId cause);
    /// Hands this hop, which stands in the trace, to the library.
    void transmit(QNetworkRequest out);
    /// The connection was closed before any byte of this hop left: then it can go out on another,
    /// as the same exchange, a few times. False where that is not so, or was tried enough.
    bool goOutAnew();
    void connectReply();
    /// No more than the read buffer is held for us, from the first byte on: HTTP/1.1 alone.
    void limitBuffer(const UploadBody *body);
    /// Nothing is heard of a tunnel through the proxy: whether it closed the connection.
    void askProxy();
    void stopAskingProxy();
    void dropReply();

    void onEncrypted();
    void onSent();
    void onSslErrors(const QList<QSslError> &errors);
    void onHead();
    void onReplyFinished();
    void onTimeout();

    /// The connection died without an answer and the library sends the request again by itself,
    /// which it does three times with what has no body: it does not ask, but over TLS, see
    /// onEncrypted(). The server sees several, so the trace has several. False if a consumer ended
    /// or deleted this one over it.
    bool becomeNextTry();
    bool isPaused() const { return m_paused || m_context->paused; }
    void readLater();
    void read();
    /// Reads what has come already. False if a consumer deleted this one over it.
    bool readRest();
    void endHop();
    void followRedirect();
    AnswerHead answerHead() const;
    /// Asks for other credentials for what was refused; true: it waits for them.
    bool askForCredentials();
    void decide(bool again);
    /// What came of a refusal while it waited is told now.
    bool tellRefusal();
    /// Nobody is told of this answer, as long as that is so.
    bool isKept() const { return m_hop || m_held; }
    /// The end: what is still to be read, the trace, then the signal, at once or from the event
    /// loop. Consumers are told of the body meanwhile, and may delete this one.
    void finish(const std::optional<Failure> &failure, bool later = false);
    std::optional<Failure> failureOfHop() const;
    /// Where the body ends is not known then, if it does.
    bool lacksHeaders() const;
    Breakage breakage() const;

    std::shared_ptr<GateContext> m_context;
    RedirectChain m_chain;
    int m_timeoutMs = 0;

    ExchangeId m_id = 0;
    RequestRecord m_record;
    ResponseRecord m_response;
    HeaderList m_responseHeaders;
    QByteArray m_stamped; ///< Authorization, as the credentials have it; empty: none
    std::unique_ptr<GatePool::Lease> m_lease;
    QPointer<QNetworkReply> m_reply;
    QTimer m_timer;
    QTimer m_silence; ///< until askProxy(); see TunnelProbe
    QPointer<TunnelProbe> m_probe;
    QList<QNetworkReply::NetworkError> m_errors;
    QByteArray m_pin; ///< of the certificate that alone passes on this hop
    std::optional<Failure> m_hopFailure; ///< found before the library reports its error
    std::optional<Failure>
        m_ending; ///< aborted from within bodyReceived, which has to return first
    std::optional<Failure> m_failure;
    qint64 m_received = 0;
    bool m_sent = false; ///< this try went out
    bool m_newConnection = false; ///< TLS was made for this hop
    bool m_bodyTaken = false; ///< some of the body was written to the connection
    bool m_emptyBody =
        false; ///< announced as such: the library does not say when its head goes out
    int m_timesAnew = 0; ///< how often this hop went out again, because nothing of it had left
    bool m_http2Offered = false; ///< on this hop
    bool m_headSeen = false;
    bool m_hop = false; ///< this answer is a redirect that will be followed
    bool m_held = false; ///< it is a refusal, and other credentials are looked for
    QList<std::pair<QByteArray, qint64>> m_kept; ///< of its body
    int m_tries = 1; ///< of this request, with other credentials each
    bool m_replyFinished = false;
    bool m_paused = false;
    bool m_reading = false;
    bool m_readScheduled = false;
    bool m_finished = false;
    bool m_recorded = false; ///< the trace has the end
};

} // namespace sightglass
