// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/connection.h"

#include "core/mcp/notice_stream.h"

#include <QRandomGenerator>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// The end of a connection does not wait long for a server that takes no more messages.
constexpr int LastWordsMs = 500;
/// A server that forgets each session at once would be asked for new ones without end.
constexpr int MostLostSessions = 3;
constexpr char Listen[] = "subscriptions/listen";

} // namespace

Connection::Connection(std::unique_ptr<Transport> transport, std::unique_ptr<Era> era,
                       ServerTarget target, TraceStore *trace, QObject *parent)
    : QObject(parent)
    , m_transport(std::move(transport))
    , m_era(std::move(era))
    , m_target(std::move(target))
    , m_trace(trace)
    , m_inbox(new Inbox(this))
{
    connect(m_transport.get(), &Transport::messageReceived, this, &Connection::onMessage);
    connect(m_transport.get(), &Transport::postEnded, this, &Connection::onPostEnded);
    connect(m_transport.get(), &Transport::postWaits, this, &Connection::onPostWaits);
    connect(m_transport.get(), &Transport::streamChanged, this, [this] {
        const StreamState &stream = m_transport->streamState();
        const std::optional<ResponseRecord> response =
            stream.exchange > 0 ? m_trace->response(stream.exchange) : std::nullopt;
        if (stream.phase == StreamState::Phase::NotOffered && response && response->status == 404) {
            remark(u"no-stream"_s,
                   u"The server offers no event stream, but answers its GET with 404, where 405 "
                   "would be right."_s,
                   stream.exchange, u"AF-80"_s);
        }
        Q_EMIT changed();
    });
    connect(m_transport.get(), &Transport::sessionExpired, this, [this](const Failure &failure) {
        if (m_phase == Phase::Ready)
            reopen(failure);
    });
    connect(m_transport.get(), &Transport::deviated, this,
            [this](const QString &sentence, ExchangeId exchange) {
                if (++m_deviations <= MostDeviations)
                    remark(u"deviation"_s, sentence, exchange, {});
            });
    connect(m_transport.get(), &Transport::sessionAssigned, this,
            [this](const QByteArray &sessionId, ExchangeId exchange) {
                m_sessionId = sessionId;
                m_sessionExchange = exchange;
            });
    connect(m_transport.get(), &Transport::posted, this, [this](PostId post, ExchangeId exchange) {
        m_lastPosted = {post, exchange};
        for (auto &[id, pending] : m_pending) {
            if (pending.post != post || pending.exchange == exchange)
                continue;
            pending.exchange = exchange;
            if (pending.asked.onSent)
                pending.asked.onSent(exchange);
        }
    });
    connect(m_transport.get(), &Transport::sessionEnded, this,
            [this](const std::optional<Failure> &failure) {
                m_phase = Phase::Closed;
                if (m_failure)
                    tellFailure();
                else
                    Q_EMIT closed(failure);
            });
}

Connection::~Connection()
{
    if (m_transport)
        m_transport->disconnect(this);
}

std::unique_ptr<Transport> Connection::takeTransport()
{
    m_transport->disconnect(this);
    return std::move(m_transport);
}

int Connection::running() const
{
    // A stream that is kept open is not something that one waits for.
    const auto waits = [](const auto &entry) { return entry.second.asked.hasDeadline; };
    return int(std::count_if(m_pending.cbegin(), m_pending.cend(), waits)) + int(m_rounds.size());
}

const StreamState &Connection::streamState() const
{
    return m_notices && !isGone() ? m_notices->state() : m_transport->streamState();
}

bool Connection::isStreamOpening() const
{
    return m_era->hasServerStream() && !m_transport->isShared()
        && m_transport->streamState().phase == StreamState::Phase::Opening;
}

void Connection::open(const Opening &opening)
{
    m_opening = opening;
    m_lastId = opening.lastId;
    if (!opening.undiscovered) {
        sendOpening();
        return;
    }
    if (const Revision *revision = revisionNamed(opening.revision))
        m_agreement.revision = *revision;
    QMetaObject::invokeMethod(this, &Connection::becomeReady, Qt::QueuedConnection);
}

void Connection::sendOpening()
{
    const std::optional<RpcCall> opening = m_era->opening(m_opening.revision);
    if (!opening) {
        becomeReady();
        return;
    }
    m_transport->setCommonHeaders({});
    const RequestId id = takeId();
    Pending pending;
    pending.number = id;
    pending.call = *opening;
    pending.what = QString::fromLatin1(opening->method);
    pending.opening = true;
    pending.asked.onAnswer = [this](const RpcAnswer &result) { opened(result); };
    send(id, m_pending.insert_or_assign(id, std::move(pending)).first->second);
    Q_EMIT changed();
}

void Connection::opened(const RpcAnswer &result)
{
    m_openingAnswer = result;
    if (result.failure) {
        fail(*result.failure);
        return;
    }
    Expected<Agreement> agreement =
        m_era->settle(m_opening.revision, m_opening.pinned, result.result);
    if (!agreement) {
        Failure failure = agreement.error();
        failure.exchange = result.exchange;
        fail(failure);
        return;
    }
    m_agreement = *agreement;
    m_agreementExchange = result.exchange;
    m_trace->note(u"revision"_s, QString::fromLatin1(m_agreement.revision.name), result.exchange);
    checkCame(result.exchange);
    m_transport->setCommonHeaders(m_era->commonHeaders(m_agreement));
    confirm();
}

void Connection::confirm()
{
    const std::optional<RpcCall> confirmation = m_era->confirmation();
    if (!confirmation) {
        becomeReady();
        return;
    }
    Outgoing message;
    message.text = rpcMessage({}, *confirmation);
    message.what = QString::fromLatin1(confirmation->method);
    message.headers = m_era->messageHeaders(m_agreement, *confirmation);
    message.answerTimeoutMs = m_target.requestTimeoutMs;
    m_confirmation = m_transport->post(message);
    checkSent(m_agreement.revision.name, message.headers, *confirmation);
    if (m_target.requestTimeoutMs <= 0)
        return;
    QTimer::singleShot(m_target.requestTimeoutMs, this, [this, id = m_confirmation] {
        if (m_phase != Phase::Opening || m_confirmation != id)
            return;
        fail(Failure{FailureKind::TimedOut,
                     u"timed-out"_s,
                     u"The answer to %1 did not end within %2 s."_s.arg(
                         QString::fromLatin1(m_era->confirmation()->method),
                         QString::number(double(m_target.requestTimeoutMs) / 1000)),
                     u"The server has to answer a notification with 202 and no body."_s,
                     m_trace->exchangeCount(),
                     {}});
    });
}

void Connection::becomeReady()
{
    m_phase = Phase::Ready;
    if (m_era->hasServerStream())
        m_transport->openStream();
    listenTo({});
    for (auto &[id, pending] : m_pending) {
        if (pending.post == 0)
            send(id, pending);
    }
    Q_EMIT ready();
    Q_EMIT changed();
}

void Connection::fail(const Failure &failure)
{
    if (m_phase == Phase::Closing || m_phase == Phase::Closed) {
        // It is on its way to the end; that nothing is to come after it is news all the same.
        if (m_failure && failure.kind == FailureKind::Cancelled)
            m_failure = failure;
        return;
    }
    m_phase = Phase::Closing;
    m_ending = true;
    m_failure = failure;
    m_transport->closeAll();
    endAll([&failure](const Pending &) { return failure; });
    // The server has begun a session, and would keep it for nobody (basic/transports, "Session
    // Management").
    if (!m_sessionId.isEmpty() && failure.code != "session-expired"_L1) {
        m_transport->endSession();
        Q_EMIT changed();
        return;
    }
    m_phase = Phase::Closed;
    tellFailure();
}

void Connection::tellFailure()
{
    const Failure failure = *m_failure;
    // What was asked for while the session was being ended.
    endAll([&failure](const Pending &) { return failure; });
    Q_EMIT failed(failure);
    Q_EMIT changed();
}

void Connection::request(RequestId id, const RpcCall &call, const QString &what, Asked asked)
{
    Pending pending;
    pending.number = id;
    pending.call = call;
    pending.what = what;
    pending.asked = std::move(asked);
    Pending &kept = m_pending.insert_or_assign(id, std::move(pending)).first->second;
    if (m_phase == Phase::Ready)
        send(id, kept);
    Q_EMIT changed();
}

void Connection::send(RequestId id, Pending &pending)
{
    const RpcCall call = pending.withInput.isEmpty()
        ? pending.call
        : RpcCall{pending.call.method, pending.withInput};
    pending.sent = pending.opening ? call : m_era->dressed(m_agreement, call);
    Outgoing message;
    message.text = rpcMessage(QByteArray::number(id), pending.sent);
    message.what = pending.what;
    message.expectsAnswer = true;
    message.opening = pending.opening && m_era->hasSessions();
    // Before anything is agreed on, the revision that is asked for is all there is.
    Agreement agreement = m_agreement;
    if (pending.opening)
        agreement.revision.name = m_opening.revision;
    message.headers = m_era->messageHeaders(agreement, pending.sent);
    // The deadline of the request is kept here: progress starts it anew.
    message.answerTimeoutMs = 0;
    message.cause = pending.cause;
    pending.begun = m_trace->now();
    if (pending.sent.method == Listen)
        m_subscriptions.insert(QByteArray::number(id));
    pending.post = m_transport->post(message);
    if (pending.opening)
        m_firstPost = pending.post;
    pending.exchange = exchangeOf(pending.post);
    checkSent(agreement.revision.name, message.headers, pending.sent);
    startDeadline(id, pending);
    if (pending.asked.onSent)
        pending.asked.onSent(pending.exchange);
}

void Connection::startDeadline(RequestId id, Pending &pending)
{
    const int timeoutMs = pending.opening && m_opening.timeoutMs > 0 ? m_opening.timeoutMs
                                                                     : m_target.requestTimeoutMs;
    if (timeoutMs <= 0 || !pending.asked.hasDeadline)
        return;
    pending.deadline = std::make_unique<QTimer>();
    pending.deadline->setSingleShot(true);
    connect(pending.deadline.get(), &QTimer::timeout, this, [this, id] { timedOut(id); });
    pending.deadline->start(timeoutMs);
}

void Connection::onPostWaits(PostId id, bool waits)
{
    for (const RequestId request : sentBy(id)) {
        const auto it = m_pending.find(request);
        if (it == m_pending.end())
            continue;
        it->second.deadline.reset();
        if (!waits)
            startDeadline(request, it->second);
    }
}

bool Connection::waitsForHeaders(Pending &pending, const RpcAnswer &refusal)
{
    if (!pending.asked.onHeadersRefused || pending.headersRefused || !refusal.errorCode
        || !m_era->refusesHeaders(*refusal.errorCode) || m_transport->isShared())
        return false;
    pending.headersRefused = true;
    pending.refusal = refusal;
    pending.post = 0;
    pending.deadline.reset();
    pending.asked.onHeadersRefused(refusal.exchange);
    return true;
}

void Connection::sendAgain(RequestId number)
{
    const auto it = byNumber(number);
    if (it == m_pending.end() || !it->second.refusal)
        return;
    Pending pending = std::move(it->second);
    m_pending.erase(it);
    pending.cause = pending.refusal->exchange;
    pending.refusal.reset();
    const RequestId id = takeId();
    Pending &kept = m_pending.insert_or_assign(id, std::move(pending)).first->second;
    if (m_phase == Phase::Ready)
        send(id, kept);
    Q_EMIT changed();
}

void Connection::takeRefusal(RequestId number, const QString &advice)
{
    const auto it = byNumber(number);
    if (it == m_pending.end() || !it->second.refusal)
        return;
    RpcAnswer refusal = *it->second.refusal;
    if (refusal.failure)
        refusal.failure->advice = advice;
    answer(it->first, refusal);
}

PostId Connection::notify(const RpcCall &call)
{
    const RpcCall dressed = m_era->dressed(m_agreement, call);
    return post(dressed, rpcMessage({}, dressed), QString::fromUtf8(call.method));
}

void Connection::listenTo(const QStringList &resources)
{
    const std::optional<RpcCall> call = m_era->listening(m_agreement, resources);
    if (!call && !m_notices)
        return;
    if (!m_notices) {
        m_notices = new NoticeStream(
            this, m_trace, [] { return QRandomGenerator::global()->generateDouble(); }, this);
        connect(m_notices, &NoticeStream::changed, this, &Connection::changed);
        connect(m_notices, &NoticeStream::curtailed, this,
                [this](const QString &sentence, ExchangeId exchange) {
                    remark(u"not-granted"_s, sentence, exchange, {});
                });
    }
    m_notices->listen(call);
}

void Connection::reopenStream()
{
    if (m_notices)
        m_notices->retry();
    else
        m_transport->openStream();
}

PostId Connection::post(const RpcCall &call, const QByteArray &text, const QString &what)
{
    Outgoing message;
    message.text = text;
    message.what = what;
    message.headers = m_era->messageHeaders(m_agreement, call);
    message.answerTimeoutMs = m_target.requestTimeoutMs;
    const PostId id = m_transport->post(message);
    checkSent(m_agreement.revision.name, message.headers, call);
    return id;
}

ExchangeId Connection::exchangeOf(PostId post) const
{
    return m_lastPosted.first == post ? m_lastPosted.second : m_trace->exchangeCount();
}

void Connection::answer(RequestId id, const RpcAnswer &answer)
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end())
        return;
    Pending pending = std::move(it->second);
    m_pending.erase(it);
    // What HTTP or a program's pipe does not show; a recording tells it, too.
    if (const std::optional<Failure> &why = answer.failure; why
        && why->kind != FailureKind::Cancelled && why->code != "rpc-error"_L1 && why->exchange > 0
        && !m_trace->failure(why->exchange))
        m_trace->noteFailure(*why);
    finish(std::move(pending), answer);
}

void Connection::finish(Pending pending, const RpcAnswer &answer)
{
    // The timer may be the caller.
    if (pending.deadline)
        pending.deadline.release()->deleteLater();
    if (pending.asked.onAnswer)
        pending.asked.onAnswer(answer);
    Q_EMIT changed();
}

void Connection::endAll(const std::function<Failure(const Pending &)> &why)
{
    std::map<RequestId, Pending> pending;
    pending.swap(m_pending);
    std::map<RequestId, Round> rounds;
    rounds.swap(m_rounds);
    for (const auto &[post, onDelivered] : std::exchange(m_deliveries, {})) {
        Pending none;
        none.what = u"The batch"_s;
        onDelivered(0, why(none));
    }
    m_serverRequests.clear();
    m_inbox->dropAll(u"The connection has ended."_s);
    for (auto &[number, round] : rounds)
        pending.emplace(number, std::move(round.pending));
    for (auto &[id, one] : pending) {
        if (one.deadline)
            one.deadline.release()->deleteLater();
        if (one.asked.onAnswer && !one.opening)
            one.asked.onAnswer(RpcAnswer{.result = {},
                                         .error = {},
                                         .errorCode = {},
                                         .failure = why(one),
                                         .exchange = one.exchange,
                                         .durationNs = m_trace->now() - one.begun});
    }
}

std::map<RequestId, Connection::Pending>::iterator Connection::byNumber(RequestId number)
{
    return std::find_if(m_pending.begin(), m_pending.end(),
                        [number](const auto &entry) { return entry.second.number == number; });
}

void Connection::onPostEnded(PostId id, ExchangeId exchange, const std::optional<Failure> &failure)
{
    if (m_phase != Phase::Opening || id == m_confirmation)
        checkCame(exchange);
    const bool lastWord = m_lastWords.remove(id);
    const bool isOld = isOfOldSession(id);
    if (m_answers.remove(id) && !m_waitingAnswers.isEmpty()) {
        const Answer next = m_waitingAnswers.takeFirst();
        m_answers.insert(post({}, next.text, next.what));
    }
    if (m_phase == Phase::Closing) {
        if (lastWord && m_lastWords.isEmpty())
            end();
        return;
    }
    if (id == m_confirmation) {
        m_confirmation = 0;
        if (m_phase == Phase::Opening)
            failure ? fail(*failure) : becomeReady();
        return;
    }
    if (const auto delivered = m_deliveries.find(id); delivered != m_deliveries.end()) {
        const OnDelivered onDelivered = std::move(delivered->second);
        m_deliveries.erase(delivered);
        onDelivered(exchange, failure);
        if (failure && failure->code == "session-expired"_L1 && m_phase == Phase::Ready && !isOld)
            reopen(*failure);
        return;
    }
    const QList<RequestId> asked = sentBy(id);
    if (asked.isEmpty()) {
        // The session is gone, whatever kind of message was told so.
        const bool isLost = failure && failure->code == "session-expired"_L1;
        if (isLost && m_phase == Phase::Ready && !isOld)
            reopen(*failure);
        else if (failure && failure->kind != FailureKind::Cancelled && !isLost)
            Q_EMIT noticed(*failure);
        return;
    }
    bool lost = false;
    for (const RequestId request : asked)
        lost = postEnded(request, exchange, failure) || lost;
    if (!lost || m_phase != Phase::Ready)
        return;
    if (!isOld) {
        reopen(*failure);
        return;
    }
    // There is a new session already.
    for (const RequestId request : asked) {
        if (const auto it = m_pending.find(request); it != m_pending.end() && it->second.post == 0)
            send(request, it->second);
    }
}

bool Connection::postEnded(RequestId id, ExchangeId exchange, const std::optional<Failure> &failure)
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end())
        return false;
    Pending &pending = it->second;
    const bool lost =
        failure && failure->code == "session-expired"_L1 && !pending.opening && !pending.sentAgain;
    if (lost && !pending.batched) {
        // The server did nothing with it: it may be sent again in a new session.
        pending.post = 0;
        pending.sentAgain = true;
        pending.deadline.reset();
        return true;
    }
    RpcAnswer result;
    result.exchange = exchange;
    result.durationNs = m_trace->now() - pending.begun;
    result.failure = failure;
    if (!failure) {
        result.failure =
            Failure{FailureKind::Protocol,
                    u"no-answer"_s,
                    u"The exchange of %1 ended without its response."_s.arg(pending.what),
                    {},
                    exchange,
                    {}};
    }
    if (const std::optional<ResponseRecord> response = m_trace->response(exchange);
        m_era->errorsHaveStatus() && response && response->status >= 400) {
        const QByteArray body = m_trace->responseBody(exchange);
        const Envelope error = scanEnvelope(body);
        if (error.kind == EnvelopeKind::Error) {
            result.error = error.error.toByteArray();
            result.errorCode = error.errorCode;
            // What the server says is its answer; the status only repeats it. That of the opening
            // is looked at as a whole, and a refusal stays one.
            if (!pending.opening && result.failure->kind == FailureKind::Protocol)
                result.failure = answeredWithError(pending.what, error, exchange);
        }
    }
    if (pending.unreadable
        && (result.failure->kind == FailureKind::Protocol
            || result.failure->code == "stream-ended"_L1))
        result.failure = pending.unreadable;
    if (!waitsForHeaders(pending, result))
        answer(id, result);
    return lost;
}

void Connection::reopen(const Failure &why)
{
    if (++m_lostSessions > MostLostSessions) {
        Failure failure = why;
        failure.code = u"sessions-forgotten"_s;
        failure.sentence = u"The server forgot %1 sessions in a row, each as soon as it was "
                           "opened. %2"_s.arg(QString::number(m_lostSessions), why.sentence);
        failure.advice = u"Nothing is opened anew. Several servers behind one address that do not "
                         "share their sessions look like this."_s;
        m_sessionId.clear();
        fail(failure);
        return;
    }
    m_phase = Phase::Opening;
    remark(u"session-expired"_s, why.sentence + u" A new one is being opened."_s, why.exchange,
           why.finding);
    QMetaObject::invokeMethod(
        this,
        [this] {
            // What the server has taken it may still answer; what it refuses comes again by itself.
            m_transport->leaveSession();
            m_waitingAnswers.clear();
            m_sessionId.clear();
            if (m_phase == Phase::Opening)
                sendOpening();
        },
        Qt::QueuedConnection);
    Q_EMIT changed();
}

void Connection::close()
{
    if (m_phase == Phase::Closing || m_phase == Phase::Closed)
        return;
    const bool ready = m_phase == Phase::Ready;
    m_phase = Phase::Closing;
    if (ready) {
        // A connection that ends is no cancellation (basic/transports): the server has to be told.
        for (const auto &[id, one] : m_pending) {
            if (one.post == 0 || one.opening)
                continue;
            std::optional<Failure> why;
            if (!one.asked.hasDeadline) {
                // A stream that was kept open for as long as the connection lasts.
                why = Failure{FailureKind::Cancelled,
                              u"closed"_s,
                              u"We closed the stream of %1."_s.arg(one.what),
                              {},
                              one.exchange,
                              {}};
            }
            giveUp(id, one, u"disconnected"_s, why);
        }
    }
    endAll([](const Pending &one) { return cancelled(one.what, one.exchange); });
    if (m_lastWords.isEmpty())
        end();
    else
        QTimer::singleShot(LastWordsMs, this, &Connection::end);
    Q_EMIT changed();
}

void Connection::end()
{
    if (m_phase != Phase::Closing || m_ending)
        return;
    m_ending = true;
    m_lastWords.clear();
    m_transport->closeAll();
    m_transport->endSession();
}

} // namespace sightglass
