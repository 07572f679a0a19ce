// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/http_post.h"

#include "core/transport/answer_facts.h"
#include "core/transport/http_stream.h"

namespace sightglass {

using namespace Qt::StringLiterals;

HttpPost::HttpPost(StreamableHttp *transport, PostId id, Outgoing message)
    : QObject(transport)
    , m_transport(transport)
    , m_id(id)
    , m_message(std::move(message))
    , m_session(transport->sessionId())
    , m_recorder(std::make_shared<EventRecorder>(
          transport->gate()->trace(), [transport](QByteArrayView data, ExchangeId exchange) {
              transport->receive(data, exchange);
          }))
{
    HttpRequest request = transport->request(ExchangeKind::Post, "POST", m_message.what);
    if (m_message.opening)
        request.headers.remove("Mcp-Session-Id");
    request.headers.set("Accept", "application/json, text/event-stream", HeaderSource::Protocol);
    request.headers.set("Content-Type", "application/json", HeaderSource::Protocol);
    for (const Header &line : m_message.headers.lines())
        request.headers.set(line.name, line.value, line.source, line.secret);
    request.body = m_message.text;
    request.cause = m_message.cause;
    request.answerTimeoutMs = m_message.answerTimeoutMs;
    request.judge = answerJudge(transport->gate()->trace(), m_message.expectsAnswer, false);

    m_http = transport->gate()->send(request);
    m_exchange = m_http->id();
    connect(m_http, &HttpExchange::redirected, this, [this](ExchangeId, ExchangeId to) {
        m_exchange = to;
        Q_EMIT m_transport->posted(m_id, to);
    });
    connect(m_http, &HttpExchange::waitsForCredentials, this,
            [this](bool waits) { Q_EMIT m_transport->postWaits(m_id, waits); });
    connect(m_http, &HttpExchange::headReceived, this, &HttpPost::onHead);
    connect(m_http, &HttpExchange::finished, this, &HttpPost::onFinished);
}

HttpPost::~HttpPost()
{
    m_recorder->silence();
    if (m_http) {
        m_http->disconnect(this);
        m_http->abort(m_why);
        m_http->deleteLater();
    }
}

void HttpPost::abandon(const std::optional<Failure> &why)
{
    m_why = why;
    m_recorder->silence();
    // Nobody waits for it any more: what may come until it is gone is no answer, and no lack of
    // one.
    m_settled = true;
    m_delivered = true;
    if (m_http)
        m_http->disconnect(this);
    // It may be the one that is calling: what it owns ends with it, soon.
    deleteLater();
}

void HttpPost::settle()
{
    m_settled = true;
    // The rest of a stream that was taken up again has nothing more to give.
    if (m_rest)
        QMetaObject::invokeMethod(
            this, [this] { done({}); }, Qt::QueuedConnection);
}

void HttpPost::onHead()
{
    m_exchange = m_http->id();
    const int status = m_http->status();
    if (status < 200 || status > 299)
        return;
    m_isStream = mediaType(m_http->responseHeaders()) == "text/event-stream";
    if (m_isStream)
        recordEvents(m_http, m_recorder);
    // What expects no answer is delivered; what a server sends all the same need not end.
    if (!m_message.expectsAnswer && (m_isStream || status == 202))
        QMetaObject::invokeMethod(this, &HttpPost::deliver, Qt::QueuedConnection);
    if (m_message.opening && m_http->responseHeaders().contains("Mcp-Session-Id")) {
        m_transport->takeSession(m_http->responseHeaders().value("Mcp-Session-Id"), m_exchange);
        m_session = m_transport->sessionId();
    } else if (m_http->responseHeaders().contains("Mcp-Session-Id")) {
        m_transport->compareSession(m_http->responseHeaders().value("Mcp-Session-Id"), m_session,
                                    m_exchange);
    }
}

void HttpPost::onFinished()
{
    HttpExchange *http = m_http;
    m_http = nullptr;
    http->deleteLater();
    m_exchange = http->id();

    if (m_isStream) {
        streamEnded(http->failure());
        return;
    }
    if (http->failure()) {
        done(http->failure());
        return;
    }
    const TraceStore *trace = m_transport->gate()->trace();
    const AnswerFacts facts = answerFacts(*trace, *http, m_message.expectsAnswer, false);
    if (!m_message.expectsAnswer && facts.bodyBytes > 0) {
        // Nothing in it can be for anybody: notifications and responses get none.
        const QString words = errorMessageIn(facts.body).simplified().left(200);
        Q_EMIT m_transport->deviated(
            u"%1 was answered with a body, where %2 without one is enough%3"_s.arg(
                m_message.what, u"202"_s,
                words.isEmpty() ? u"."_s : u"; it says “%1”."_s.arg(words)),
            m_exchange);
    } else if (mediaType(facts.headers) == "application/json" && facts.bodyBytes > 0) {
        m_transport->receive(trace->responseBody(m_exchange), m_exchange);
    }
    if (m_message.expectsAnswer && !m_settled) {
        done(Failure{
            FailureKind::Protocol, u"no-answer"_s,
            u"POST %1 was answered, but no message of the answer has the id of the request."_s.arg(
                m_message.what),
            u"The server, or a proxy before it, mixes up answers: look at the exchange."_s,
            m_exchange, u"AF-97"_s});
        return;
    }
    done({});
}

void HttpPost::streamEnded(const std::optional<Failure> &failure)
{
    if (m_settled || !m_message.expectsAnswer) {
        done({});
        return;
    }
    if (!failure && m_recorder->lastEventId().isEmpty() && !m_recorder->otherType().isEmpty()) {
        done(Failure{
            FailureKind::Protocol, u"no-answer"_s,
            u"The event stream that answers %1 ended without the response, but it had an event of type “%2”."_s
                .arg(m_message.what, QString::fromUtf8(m_recorder->otherType().left(60))),
            u"Only events of type “message” (or without a type) carry messages: that is the server's to change."_s,
            m_exchange, u"AF-96"_s});
        return;
    }
    if (m_recorder->lastEventId().isEmpty()) {
        done(
            failure
                ? *failure
                : Failure{
                    FailureKind::Unreachable,
                    u"stream-ended"_s,
                    u"The event stream that answers %1 ended before the response came."_s.arg(
                        m_message.what),
                    u"Its events had no id, so it cannot be taken up again: send the request once more."_s,
                    m_exchange,
                    {}});
        return;
    }
    m_rest = new HttpStream(m_transport, HttpStream::Use::Resume, u"resume "_s + m_message.what,
                            m_recorder);
    m_rest->setSession(m_session);
    m_rest->setParent(this);
    connect(m_rest, &HttpStream::gaveUp, this, [this](const Failure &why) {
        if (m_settled)
            return;
        Failure lost = why;
        // The server took the request: to send it again could do it twice.
        if (lost.code == "session-expired"_L1) {
            lost.code = u"stream-ended"_s;
            lost.sentence =
                u"The server lost the session before the response to %1 came: whether the work was done is not known. %2"_s
                    .arg(m_message.what, why.sentence);
            lost.advice =
                u"It was not sent again by itself. Send it once more if that does no harm."_s;
        }
        QMetaObject::invokeMethod(
            this, [this, lost] { done(lost); }, Qt::QueuedConnection);
    });
    m_rest->openLater(m_exchange);
}

void HttpPost::deliver()
{
    if (!std::exchange(m_delivered, true))
        Q_EMIT m_transport->postEnded(m_id, m_exchange, {});
}

void HttpPost::done(const std::optional<Failure> &failure)
{
    const PostId id = m_id;
    const ExchangeId exchange = m_exchange;
    StreamableHttp *transport = m_transport;
    transport->forget(id);
    deleteLater();
    if (!std::exchange(m_delivered, true))
        Q_EMIT transport->postEnded(id, exchange, m_settled ? std::nullopt : failure);
}

} // namespace sightglass
