// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/connection.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// A server that sends only nonsense should not fill the notes with it.
constexpr int MostDeviations = 200;

Failure cancelled(const QString &what, ExchangeId exchange)
{
    return Failure{
        FailureKind::Cancelled, u"cancelled"_s, u"%1 was cancelled."_s.arg(what), {}, exchange, {}};
}

/// A sentence that goes on.
QString withoutStop(const QString &sentence)
{
    return sentence.endsWith(u'.') ? sentence.chopped(1) : sentence;
}

/// JSON-RPC has no error 0: it stands for a code that is missing or cannot be read.
QString errorName(const Envelope &envelope)
{
    return envelope.errorCode == 0 ? u"an error without a code"_s
                                   : u"error %1"_s.arg(QString::number(envelope.errorCode));
}

} // namespace

Connection::Connection(std::unique_ptr<Transport> transport, std::unique_ptr<Era> era,
                       ServerTarget target, TraceStore *trace, QObject *parent)
    : QObject(parent)
    , m_transport(std::move(transport))
    , m_era(std::move(era))
    , m_target(std::move(target))
    , m_trace(trace)
{
    connect(m_transport.get(), &Transport::messageReceived, this, &Connection::onMessage);
    connect(m_transport.get(), &Transport::postEnded, this, &Connection::onPostEnded);
    connect(m_transport.get(), &Transport::streamChanged, this, &Connection::changed);
    connect(m_transport.get(), &Transport::sessionExpired, this, [this](const Failure &failure) {
        if (m_phase == Phase::Ready)
            reopen(failure);
    });
    connect(m_transport.get(), &Transport::sessionAssigned, this,
            [this](const QByteArray &sessionId, ExchangeId exchange) {
                m_sessionId = sessionId;
                m_sessionExchange = exchange;
            });
    connect(m_transport.get(), &Transport::posted, this, [this](PostId post, ExchangeId exchange) {
        for (auto &[id, pending] : m_pending) {
            if (pending.post == post)
                pending.exchange = exchange;
        }
    });
    connect(m_transport.get(), &Transport::sessionEnded, this,
            [this](const std::optional<Failure> &failure) {
                m_phase = Phase::Closed;
                Q_EMIT closed(failure);
            });
}

Connection::~Connection()
{
    m_transport->disconnect(this);
}

int Connection::running() const
{
    return static_cast<int>(m_pending.size());
}

void Connection::open()
{
    m_asked =
        m_target.revision == "auto"_L1 ? revisions().first().name : m_target.revision.toLatin1();
    sendOpening();
}

void Connection::sendOpening()
{
    const std::optional<RpcCall> opening = m_era->opening(m_asked);
    if (!opening) {
        becomeReady();
        return;
    }
    m_transport->setCommonHeaders({});
    Pending pending;
    pending.call = *opening;
    pending.what = QString::fromLatin1(opening->method);
    pending.opening = true;
    pending.onAnswer = [this](const RpcAnswer &result) { opened(result); };
    const RequestId id = takeId();
    send(id, m_pending.insert_or_assign(id, std::move(pending)).first->second);
    Q_EMIT changed();
}

void Connection::opened(const RpcAnswer &result)
{
    if (result.failure) {
        fail(*result.failure);
        return;
    }
    Expected<Agreement> agreement =
        m_era->settle(m_asked, m_target.revision != "auto"_L1, result.result);
    if (!agreement) {
        Failure failure = agreement.error();
        failure.exchange = result.exchange;
        fail(failure);
        return;
    }
    m_agreement = *agreement;
    m_agreementExchange = result.exchange;
    m_trace->note(u"revision"_s, QString::fromLatin1(m_agreement.revision.name), result.exchange);
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
}

void Connection::becomeReady()
{
    m_phase = Phase::Ready;
    if (m_era->hasServerStream())
        m_transport->openStream();
    for (auto &[id, pending] : m_pending) {
        if (pending.post == 0)
            send(id, pending);
    }
    Q_EMIT ready();
    Q_EMIT changed();
}

void Connection::fail(const Failure &failure)
{
    m_phase = Phase::Closed;
    m_transport->closeAll();
    std::map<RequestId, Pending> pending;
    pending.swap(m_pending);
    for (auto &[id, one] : pending) {
        if (one.onAnswer && !one.opening)
            one.onAnswer(RpcAnswer{.result = {},
                                   .error = {},
                                   .errorCode = {},
                                   .failure = failure,
                                   .exchange = one.exchange,
                                   .durationNs = 0});
    }
    Q_EMIT failed(failure);
    Q_EMIT changed();
}

void Connection::request(RequestId id, const RpcCall &call, const QString &what, OnAnswer onAnswer,
                         OnProgress onProgress, OnSent onSent)
{
    Pending pending;
    pending.call = call;
    pending.what = what;
    pending.onAnswer = std::move(onAnswer);
    pending.onProgress = std::move(onProgress);
    pending.onSent = std::move(onSent);
    Pending &kept = m_pending.insert_or_assign(id, std::move(pending)).first->second;
    if (m_phase == Phase::Ready)
        send(id, kept);
    Q_EMIT changed();
}

void Connection::send(RequestId id, Pending &pending)
{
    Outgoing message;
    message.text = rpcMessage(QByteArray::number(id), pending.call);
    message.what = pending.what;
    message.expectsAnswer = true;
    message.opening = pending.opening;
    if (!pending.opening)
        message.headers = m_era->messageHeaders(m_agreement, pending.call);
    // The deadline of the request is kept here: progress starts it anew.
    message.answerTimeoutMs = 0;
    pending.begun = m_trace->now();
    pending.post = m_transport->post(message);
    pending.exchange = m_trace->exchangeCount();
    if (m_target.requestTimeoutMs > 0) {
        pending.deadline = std::make_unique<QTimer>();
        pending.deadline->setSingleShot(true);
        connect(pending.deadline.get(), &QTimer::timeout, this, [this, id] { timedOut(id); });
        pending.deadline->start(m_target.requestTimeoutMs);
    }
    if (pending.onSent)
        pending.onSent(pending.exchange);
}

void Connection::post(const RpcCall &call, const QByteArray &text, const QString &what)
{
    Outgoing message;
    message.text = text;
    message.what = what;
    message.headers = m_era->messageHeaders(m_agreement, call);
    message.answerTimeoutMs = m_target.requestTimeoutMs;
    m_transport->post(message);
}

void Connection::onMessage(QByteArrayView text, ExchangeId exchange)
{
    // A single message is the rule: nothing is built for it.
    qsizetype first = 0;
    while (first < text.size()
           && (text[first] == ' ' || text[first] == '\n' || text[first] == '\r'
               || text[first] == '\t'))
        ++first;
    if (first < text.size() && text[first] == '{') {
        onEnvelope(scanEnvelope(text), text, exchange);
        return;
    }
    const EnvelopeBatch batch = scanBody(text);
    if (batch.error) {
        noticeUnreadable(
            Failure{FailureKind::Protocol, u"not-json"_s,
                    u"The server sent a message that is no JSON: %1 (at byte %2)."_s.arg(
                        withoutStop(batch.error->sentence), QString::number(batch.error->offset)),
                    u"Look at the bytes of the exchange."_s, exchange, u"AF-96"_s});
        return;
    }
    for (qsizetype i = 0; i < batch.messages.size(); ++i)
        onEnvelope(batch.messages.at(i), batch.texts.at(i), exchange);
}

void Connection::onEnvelope(const Envelope &envelope, QByteArrayView text, ExchangeId exchange)
{
    if (!envelope.problems.isEmpty())
        noteDeviations(envelope, exchange);
    switch (envelope.kind) {
    case EnvelopeKind::Result:
    case EnvelopeKind::Error:
        onAnswer(envelope, exchange);
        break;
    case EnvelopeKind::Request:
        onServerRequest(envelope);
        break;
    case EnvelopeKind::Notification:
        onNotification(envelope, exchange);
        break;
    case EnvelopeKind::Malformed: {
        const JsonError problem = envelope.problems.isEmpty()
            ? JsonError{0, u"it is no JSON-RPC message"_s}
            : envelope.problems.first();
        const Failure failure{
            FailureKind::Protocol,
            u"malformed-message"_s,
            u"The server sent a message of %1 bytes that is not valid: %2 (at byte %3)."_s.arg(
                QString::number(text.size()), withoutStop(problem.sentence),
                QString::number(problem.offset)),
            u"The fault is on the server's side; the exchange shows the bytes."_s,
            exchange,
            u"AF-96"_s};
        noticeUnreadable(failure);
        break;
    }
    }
}

void Connection::noticeUnreadable(const Failure &failure)
{
    // The answer may still follow it on the stream.
    for (auto &[id, pending] : m_pending) {
        if (pending.exchange == failure.exchange && pending.post != 0 && !pending.unreadable)
            pending.unreadable = failure;
    }
    Q_EMIT noticed(failure);
}

void Connection::noteDeviations(const Envelope &envelope, ExchangeId exchange)
{
    for (const JsonError &problem : envelope.problems) {
        if (++m_deviations > MostDeviations)
            return;
        m_trace->note(u"deviation"_s,
                      u"%1 (at byte %2)"_s.arg(problem.sentence, QString::number(problem.offset)),
                      exchange);
    }
}

void Connection::onAnswer(const Envelope &envelope, ExchangeId exchange)
{
    bool isNumber = false;
    const RequestId id = envelope.id.raw.toLongLong(&isNumber);
    const auto it = isNumber ? m_pending.find(id) : m_pending.end();
    const bool known = it != m_pending.end() && it->second.post != 0;
    if (!known || QByteArray::number(id) != envelope.id.raw) {
        if (envelope.kind == EnvelopeKind::Error
            && (envelope.id.isNull() || !envelope.id.isPresent())) {
            // An error that names no request belongs to the one whose exchange brought it.
            for (auto &[other, pending] : m_pending) {
                if (pending.exchange == exchange) {
                    Envelope named = envelope;
                    named.id.raw = QByteArray::number(other);
                    onAnswer(named, exchange);
                    return;
                }
            }
        }
        const bool asked = isNumber && id > 0 && id <= m_lastId;
        const QString shown = QString::fromUtf8(envelope.id.raw.left(60));
        Q_EMIT noticed(Failure{
            FailureKind::Protocol, asked ? u"answered-twice"_s : u"unknown-id"_s,
            asked ? u"The server answered request %1 once more, or after it was given up."_s.arg(
                shown)
                  : u"The server answered a request that was never sent (id %1)."_s.arg(shown),
            u"The server, or a proxy before it, mixes up answers."_s, exchange, u"AF-97"_s});
        return;
    }
    RpcAnswer result;
    result.exchange = it->second.exchange;
    result.durationNs = m_trace->now() - it->second.begun;
    if (envelope.kind == EnvelopeKind::Result) {
        result.result = envelope.result.toByteArray();
    } else {
        result.error = envelope.error.toByteArray();
        result.errorCode = envelope.errorCode;
        QString message = envelope.errorMessage.simplified();
        if (message.size() > 400)
            message = message.left(399) + u'…';
        result.failure = Failure{
            FailureKind::Protocol,
            u"rpc-error"_s,
            u"%1 was answered with %2: %3"_s.arg(it->second.what, errorName(envelope),
                                                 message.isEmpty() ? u"(no message)"_s : message),
            {},
            exchange,
            {}};
    }
    m_transport->settle(it->second.post);
    answer(id, std::move(result));
}

void Connection::answer(RequestId id, RpcAnswer answer)
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end())
        return;
    const OnAnswer onAnswer = std::move(it->second.onAnswer);
    // The timer may be the caller.
    if (it->second.deadline)
        it->second.deadline.release()->deleteLater();
    m_pending.erase(it);
    if (onAnswer)
        onAnswer(answer);
    Q_EMIT changed();
}

void Connection::onServerRequest(const Envelope &envelope)
{
    const bool ping = envelope.method == "ping";
    const QString method = QString::fromUtf8(envelope.method);
    const QByteArray text = ping
        ? rpcResult(envelope.id.raw, "{}")
        : rpcError(envelope.id.raw, -32601,
                   u"Method not found: %1 is not supported by this client"_s.arg(method));
    post({}, text, (ping ? u"answer to %1"_s : u"refusal of %1"_s).arg(method.left(60)));
}

void Connection::onNotification(const Envelope &envelope, ExchangeId exchange)
{
    if (envelope.method == "notifications/progress") {
        const JsonText params = JsonText::parse(envelope.params.toByteArray());
        const std::optional<qint64> token =
            params.integer(params.member(params.root(), u"progressToken"));
        const auto it = token ? m_pending.find(*token) : m_pending.end();
        if (it == m_pending.end())
            return;
        if (it->second.deadline)
            it->second.deadline->start();
        if (it->second.onProgress) {
            Progress progress;
            progress.progress =
                params.number(params.member(params.root(), u"progress")).value_or(0);
            progress.total = params.number(params.member(params.root(), u"total"));
            progress.message = params.string(params.member(params.root(), u"message"));
            progress.exchange = exchange;
            it->second.onProgress(progress);
        }
        return;
    }
    if (envelope.method.endsWith("/list_changed"))
        Q_EMIT notified(envelope.method);
}

void Connection::onPostEnded(PostId id, ExchangeId exchange, const std::optional<Failure> &failure)
{
    if (id == m_confirmation) {
        m_confirmation = 0;
        if (m_phase == Phase::Opening)
            failure ? fail(*failure) : becomeReady();
        return;
    }
    const auto it = std::find_if(m_pending.begin(), m_pending.end(),
                                 [id](const auto &entry) { return entry.second.post == id; });
    if (it == m_pending.end()) {
        if (failure && failure->kind != FailureKind::Cancelled)
            Q_EMIT noticed(*failure);
        return;
    }
    Pending &pending = it->second;
    if (failure && failure->code == "session-expired"_L1 && !pending.opening
        && !pending.sentAgain) {
        // The server did nothing with it: it may be sent again in a new session.
        pending.post = 0;
        pending.sentAgain = true;
        pending.deadline.reset();
        if (m_phase == Phase::Ready)
            reopen(*failure);
        return;
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
    if (pending.unreadable
        && (result.failure->kind == FailureKind::Protocol
            || result.failure->code == "stream-ended"_L1))
        result.failure = pending.unreadable;
    answer(it->first, std::move(result));
}

void Connection::reopen(const Failure &why)
{
    m_phase = Phase::Opening;
    m_trace->note(u"session-expired"_s, why.sentence, why.exchange);
    // Requests of the old session that are still open will not be answered in the new one.
    for (auto &[id, pending] : m_pending) {
        if (pending.post == 0)
            continue;
        m_transport->abandon(pending.post);
        pending.post = 0;
        pending.deadline.reset();
        if (!pending.sentAgain) {
            QMetaObject::invokeMethod(
                this,
                [this, requestId = id, why] {
                    answer(requestId,
                           RpcAnswer{.result = {},
                                     .error = {},
                                     .errorCode = {},
                                     .failure = why,
                                     .exchange = why.exchange,
                                     .durationNs = 0});
                },
                Qt::QueuedConnection);
        }
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_transport->closeAll();
            m_sessionId.clear();
            if (m_phase == Phase::Opening)
                sendOpening();
        },
        Qt::QueuedConnection);
    Q_EMIT changed();
}

void Connection::timedOut(RequestId id)
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end())
        return;
    Pending &pending = it->second;
    const QString seconds = QString::number(m_target.requestTimeoutMs / 1000.0);
    Failure failure{
        FailureKind::TimedOut,
        u"timed-out"_s,
        u"%1 was not answered within %2 s."_s.arg(pending.what, seconds),
        u"The server took the request and said nothing: raise the time limit, or look at its log."_s,
        pending.exchange,
        {}};
    if (pending.unreadable) {
        failure.advice = pending.unreadable->sentence;
        failure.finding = pending.unreadable->finding;
    }
    const qint64 duration = m_trace->now() - pending.begun;
    const ExchangeId exchange = pending.exchange;
    if (!pending.opening) {
        JsonWriter params;
        params.beginObject()
            .key(u"requestId")
            .value(id)
            .key(u"reason")
            .value(u"timed out")
            .endObject();
        const RpcCall notice{"notifications/cancelled", params.text()};
        post(notice, rpcMessage({}, notice), u"notifications/cancelled"_s);
    }
    m_transport->abandon(pending.post);
    answer(id,
           RpcAnswer{.result = {},
                     .error = {},
                     .errorCode = {},
                     .failure = failure,
                     .exchange = exchange,
                     .durationNs = duration});
}

void Connection::cancel(RequestId id, const QString &why)
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end() || it->second.opening)
        return;
    const Pending &pending = it->second;
    const ExchangeId exchange = pending.exchange;
    const QString what = pending.what;
    const qint64 duration = m_trace->now() - pending.begun;
    if (pending.post != 0) {
        JsonWriter params;
        params.beginObject().key(u"requestId").value(id).key(u"reason").value(why).endObject();
        const RpcCall notice{"notifications/cancelled", params.text()};
        post(notice, rpcMessage({}, notice), u"notifications/cancelled"_s);
        m_transport->abandon(pending.post);
    }
    answer(id,
           RpcAnswer{.result = {},
                     .error = {},
                     .errorCode = {},
                     .failure = cancelled(what, exchange),
                     .exchange = exchange,
                     .durationNs = duration});
}

void Connection::close()
{
    if (m_phase == Phase::Closing || m_phase == Phase::Closed)
        return;
    m_phase = Phase::Closing;
    std::map<RequestId, Pending> pending;
    pending.swap(m_pending);
    for (auto &[id, one] : pending) {
        if (one.deadline)
            one.deadline.release()->deleteLater();
        if (one.onAnswer && !one.opening)
            one.onAnswer(RpcAnswer{.result = {},
                                   .error = {},
                                   .errorCode = {},
                                   .failure = cancelled(one.what, one.exchange),
                                   .exchange = one.exchange,
                                   .durationNs = m_trace->now() - one.begun});
    }
    m_transport->closeAll();
    m_transport->endSession();
    Q_EMIT changed();
}

} // namespace sightglass
