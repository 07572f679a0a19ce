// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"
#include "core/jsonrpc/envelope.h"
#include "core/mcp/era.h"
#include "core/mcp/inbox.h"
#include "core/mcp/message_watch.h"
#include "core/mcp/server_target.h"
#include "core/mcp/tool.h"
#include "core/transport/transport.h"

#include <QSet>
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

/// Number of a request on a connection: the JSON-RPC id with which it is first sent. Where it is
/// sent once more with the input that the server asked for, it keeps this number.
using RequestId = qint64;

class NoticeStream;

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
    using OnHeadersRefused = std::function<void(ExchangeId)>;
    /// A server that asks for input to one request more often than this is given up.
    static constexpr int MostRounds = 20;
    /// The same for requests of the server's own while ours waits for its answer.
    static constexpr int MostQuestions = 100;

    /// What becomes of a request.
    struct Asked {
        OnAnswer onAnswer; ///< called once, later
        OnProgress onProgress;
        OnSent onSent; ///< each time it is sent
        /// The server says that its headers do not fit its body. Once at most: it then waits for
        /// sendAgain() or takeRefusal(). Empty: that is an answer like any other.
        OnHeadersRefused onHeadersRefused;
        bool hasDeadline = true; ///< false: its answer may take for ever
    };

    /// How to open.
    struct Opening {
        QByteArray revision; ///< that is asked for
        bool pinned = false; ///< and no other will do
        bool undiscovered = false; ///< the server has nothing to be opened with: take it as it is
        int timeoutMs = 0; ///< for the answer; 0: the target's
        RequestId lastId = 0; ///< that the transport has carried already
    };

    /// Takes the transport and the era; the gate and the trace outlive the connection.
    Connection(std::unique_ptr<Transport> transport, std::unique_ptr<Era> era, ServerTarget target,
               TraceStore *trace, QObject *parent = nullptr);
    ~Connection() override;

    void open(const Opening &opening);
    /// Of a connection that failed: for the next one to go on with.
    std::unique_ptr<Transport> takeTransport();
    const Era &era() const { return *m_era; }
    Inbox &inbox() { return *m_inbox; }
    Phase phase() const { return m_phase; }
    /// To the request that opens it; empty before.
    const RpcAnswer &openingAnswer() const { return m_openingAnswer; }
    const Agreement &agreement() const { return m_agreement; }
    ExchangeId agreementExchange() const { return m_agreementExchange; }
    const QByteArray &sessionId() const { return m_sessionId; }
    ExchangeId sessionExchange() const { return m_sessionExchange; }
    /// The server's stream: by GET, by subscriptions/listen, or of the program that it is.
    const StreamState &streamState() const;
    /// Notifications come on a stream that was asked for and is not answered yet.
    bool isStreamOpening() const;
    /// The program that it leads to has ended: nothing can be sent any more.
    bool isGone() const { return m_transport && m_transport->isGone(); }
    int running() const;

    /// The id that the next request() is to use: for a progress token that is part of its
    /// parameters.
    RequestId takeId() { return ++m_lastId; }
    RequestId lastId() const { return m_lastId; }
    bool isAsking(const RpcCall &call) const; ///< it waits for the answer to this
    /// Sends a request. Waits while a session is being opened anew.
    void request(RequestId id, const RpcCall &call, const QString &what, Asked asked);
    /// Of a request whose headers were refused: it is sent once more, with the headers that it has
    /// now, or has its refusal for an answer, with this advice. Nothing if it was given up.
    void sendAgain(RequestId id);
    void takeRefusal(RequestId id, const QString &advice);
    /// One message of a batch.
    struct Part {
        RequestId id = 0; ///< 0: a notification
        RpcCall call;
        QString what;
        OnAnswer onAnswer; ///< of a request
    };
    /// Once, when nothing more comes of it.
    using OnDelivered = std::function<void(ExchangeId, const std::optional<Failure> &)>;
    /// Sends messages as one, on a connection that is ready; the exchange that carries it. What
    /// becomes of the requests is told by their onAnswer; `onDelivered` is for a batch that has
    /// none. No batch is sent a second time: where its session is lost, that is the answer.
    ExchangeId requestBatch(const QList<Part> &parts, const QString &what,
                            const OnDelivered &onDelivered);
    /// Sends a notification.
    PostId notify(const RpcCall &call);
    /// Asks for notices about these resources besides the lists, where a request has to say so.
    void listenTo(const QStringList &resources);
    /// Each request from now on asks for log messages of this level, where the era has it so.
    void setLogLevel(const QByteArray &level) { m_agreement.logLevel = level; }
    /// Tells the server, and answers with a Failure of kind Cancelled.
    void cancel(RequestId id, const QString &why);
    void reopenStream();
    /// Ends calls (and tells the server so) and streams, ends the session; `closed` follows.
    void close();
    /// Gives up what is being opened: ends the session, if one was begun; `failed` follows.
    void fail(const Failure &why);

    /// Is given each notification that is not about a request of ours; `params` hold for the call.
    /// No signal: they come by the million.
    using NoticeReceiver =
        std::function<void(const QByteArray &method, QByteArrayView params, ExchangeId exchange)>;
    void setNoticeReceiver(NoticeReceiver receiver) { m_onNotice = std::move(receiver); }

Q_SIGNALS:
    void changed();
    void ready();
    /// The handshake failed, and the session that it may have begun is ended.
    void failed(const sightglass::Failure &failure);
    /// Something a person should know, that ended no request: a malformed event, an unknown id.
    void noticed(const sightglass::Failure &failure);
    /// The server broke a rule, and the work goes on all the same. It stands in the trace.
    void remarked(const sightglass::Note &note);
    void closed(const std::optional<sightglass::Failure> &failure);

private:
    /// A server that sends only nonsense should not fill the notes with it.
    static constexpr int MostDeviations = 200;
    static constexpr qsizetype MostAnswers = 16;
    static constexpr qsizetype MostWaitingAnswers = 10'000;
    /// How many times the limit a request may take that tells progress all the time.
    static constexpr int MostTimeouts = 60;

    struct Pending {
        RequestId number = 0; ///< under which it is known outside
        RpcCall call; ///< as it was asked for
        QByteArray withInput; ///< parameters with the input that the server asked for; else empty
        RpcCall sent; ///< as it is sent
        QString what;
        Asked asked;
        int rounds = 0; ///< how often the server asked for input
        int questions = 0; ///< what the server asked while it owed the answer
        PostId post = 0;
        ExchangeId exchange = 0;
        qint64 begun = 0;
        bool opening = false;
        bool batched = false;
        bool sentAgain = false;
        bool progressed = false;
        bool headersRefused = false;
        std::optional<RpcAnswer> refusal; ///< while it waits to be gone on with
        ExchangeId cause = 0;
        /// The first message in its exchange that could not be read; why it has no answer, if it
        /// gets none.
        std::optional<Failure> unreadable;
        std::unique_ptr<QTimer> deadline;
    };

    struct Answer {
        QByteArray text;
        QString what;
    };

    /// A request that waits for the person.
    struct Round {
        Pending pending;
        InputRequired input;
        std::map<QString, QByteArray> replies;
        QList<quint64> open; ///< numbers in the inbox
    };

    /// `text` could not be read: that is told, and fails the request that it was to answer, if one
    /// can be made out.
    void noticeUnreadable(const Failure &failure, QByteArrayView text);
    /// The request of which a message that cannot be read is the answer; 0: it may be something
    /// else, or the answer to one of several.
    RequestId answeredUnreadably(QByteArrayView text, ExchangeId exchange) const;
    void sendOpening();
    void opened(const RpcAnswer &answer);
    void confirm();
    void becomeReady();
    void tellFailure();
    void send(RequestId id, Pending &pending);
    void startDeadline(RequestId id, Pending &pending);
    /// While somebody gets other credentials for it no time is counted.
    void onPostWaits(PostId id, bool waits);
    /// True if another request that waits for its answer was sent by the same post.
    bool sharesPost(RequestId id, PostId post) const;
    QList<RequestId> sentBy(PostId post) const;
    /// The end of its post; true if its session is lost, and a new one is needed.
    bool postEnded(RequestId id, ExchangeId exchange, const std::optional<Failure> &failure);
    PostId post(const RpcCall &call, const QByteArray &text, const QString &what);
    /// Which shows a message that was posted just now.
    ExchangeId exchangeOf(PostId post) const;
    /// Answers a request of the server. Over HTTP each answer is a request with a connection of its
    /// own: a few at a time, the others wait. What the requests of one batch are answered at once
    /// goes back as one.
    void answerServer(const QByteArray &text, const QString &what);
    void onBatch(const EnvelopeBatch &batch, ExchangeId exchange);
    void onMessage(QByteArrayView text, ExchangeId exchange);
    void onEnvelope(const Envelope &envelope, QByteArrayView text, ExchangeId exchange);
    void onAnswer(const Envelope &envelope, ExchangeId exchange);
    static Failure answeredWithError(const QString &what, const Envelope &envelope,
                                     ExchangeId exchange);
    void onServerRequest(const Envelope &envelope, ExchangeId exchange);
    /// Gives up the requests for which the server has asked too often; false if there were some.
    bool mayAskMore(ExchangeId exchange);
    void onServerCancelled(const Envelope &envelope);
    /// It came on no subscription, or on one of ours; else that is told.
    bool isOurs(const Envelope &notification, ExchangeId exchange);
    void beginRound(Pending pending, const InputRequired &input, ExchangeId exchange);
    void replied(RequestId number, const QString &key, const ServerReply &reply);
    void sendRound(RequestId number);
    void dropRound(RequestId number, const QString &why);
    /// An input cannot be given, and without it the request is not to be sent again: it ends, and
    /// what else was asked for it is taken back.
    void giveRoundUp(RequestId number, FailureKind kind, const QString &code, const QString &why,
                     const QString &advice);
    void endRound(RequestId number, const std::function<Failure(const Pending &)> &why);
    bool mayBeAsked(const QByteArray &method) const;
    std::map<RequestId, Pending>::iterator byNumber(RequestId number);
    void finish(Pending pending, const RpcAnswer &answer);
    /// True where it waits now for somebody who looks up the right headers.
    bool waitsForHeaders(Pending &pending, const RpcAnswer &refusal);
    /// Tells the server, where the era wants that, and ends the exchange.
    void giveUp(RequestId id, const Pending &pending, const QString &reason,
                const std::optional<Failure> &why = {});
    void endAll(const std::function<Failure(const Pending &)> &why);
    void onNotification(const Envelope &envelope, ExchangeId exchange);
    void onPostEnded(PostId id, ExchangeId exchange, const std::optional<Failure> &failure);
    void answer(RequestId id, const RpcAnswer &answer);
    static Failure cancelled(const QString &what, ExchangeId exchange);
    void timedOut(RequestId id);
    void end();
    /// What was posted in a session before this one: that it is refused says nothing of this one.
    bool isOfOldSession(PostId post) const { return post < m_firstPost; }
    void reopen(const Failure &why);
    void noteDeviations(const Envelope &envelope, ExchangeId exchange);
    /// By the schema of the revision: which rule the message breaks, and where.
    void judge(const Envelope &envelope, QByteArrayView text, ExchangeId exchange);
    /// Headers of what was sent last, where a person's own may say something else than the message.
    void checkSent(const QByteArray &revision, const HeaderList &mirrored, const RpcCall &call);
    void checkCame(ExchangeId exchange);
    /// Stands at each exchange, up to a limit; a person is told of each kind once.
    void contradicts(const QString &kind, const QString &text, ExchangeId exchange);
    void deviates(const QString &how, qint64 offset, ExchangeId exchange);
    void remark(const QString &name, const QString &text, ExchangeId exchange,
                const QString &finding);

    std::unique_ptr<Transport> m_transport;
    EnvelopeScanner m_scanner;
    bool m_scanning = false; ///< an envelope that stands in m_scanner is in use
    NoticeReceiver m_onNotice;
    std::unique_ptr<Era> m_era;
    ServerTarget m_target;
    TraceStore *m_trace;
    Phase m_phase = Phase::Opening;
    Opening m_opening;
    RpcAnswer m_openingAnswer;
    Agreement m_agreement;
    ExchangeId m_agreementExchange = 0;
    QByteArray m_sessionId;
    ExchangeId m_sessionExchange = 0;
    std::map<RequestId, Pending> m_pending; ///< by the id with which each was last sent
    std::map<RequestId, Round> m_rounds; ///< by number
    std::map<QByteArray, quint64> m_serverRequests; ///< from the server's id to the inbox
    Inbox *m_inbox;
    NoticeStream *m_notices = nullptr;
    RequestId m_lastId = 0;
    std::pair<PostId, ExchangeId> m_lastPosted;
    PostId m_confirmation = 0;
    QSet<QByteArray> m_subscriptions; ///< ids of subscriptions/listen, as JSON text; also of ended
    QSet<PostId> m_answers; ///< to the server's requests; under way
    QList<Answer> m_waitingAnswers;
    std::optional<QList<Answer>> m_gathered; ///< to the requests of the batch that is being read
    std::map<PostId, OnDelivered> m_deliveries; ///< batches without a request
    QSet<PostId> m_lastWords; ///< that requests were given up; not yet taken by the server
    bool m_ending = false;
    std::optional<Failure> m_failure; ///< to be told when the session is ended
    MessageWatch m_watch;
    int m_deviations = 0;
    QSet<std::pair<ExchangeId, QString>> m_contradictedAt; ///< by exchange and kind
    QSet<QString> m_contradicted; ///< kinds that a person was told of
    PostId m_firstPost = 0; ///< of the session; what was posted before belongs to a lost one
    int m_lostSessions = 0; ///< in a row, without a message from the server in between
};

} // namespace sightglass
