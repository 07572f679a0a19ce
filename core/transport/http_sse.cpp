// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/http_sse.h"

#include "core/transport/answer_facts.h"
#include "core/transport/back_off.h"

namespace sightglass {

using namespace Qt::StringLiterals;

HttpSse::HttpSse(HttpGate *gate, const QUrl &url, Random random, QObject *parent)
    : Transport(parent)
    , m_gate(gate)
    , m_url(url)
    , m_random(std::move(random))
{
    m_retry.setSingleShot(true);
    m_retry.callOnTimeout(this, &HttpSse::open);
}

HttpSse::~HttpSse()
{
    closeAll();
}

Expected<QUrl> HttpSse::endpoint(const QUrl &stream, QByteArrayView data)
{
    const QString text = QString::fromUtf8(data).trimmed();
    const QUrl named(text, QUrl::StrictMode);
    if (text.isEmpty() || !named.isValid()) {
        return Failure{
            FailureKind::Protocol,
            u"endpoint-malformed"_s,
            u"The endpoint event of the stream holds no URL: “%1”."_s.arg(text.left(200)),
            u"The server has to name the address that messages are posted to."_s,
            0,
            {}};
    }
    QUrl url = stream.resolved(named);
    url.setFragment(QString());
    if (Origin::of(url) != Origin::of(stream)) {
        return Failure{
            FailureKind::Protocol,
            u"endpoint-origin"_s,
            u"The endpoint event names another origin (%1) than that of the stream (%2)."_s.arg(
                Origin::of(url).host.isEmpty() ? text.left(200)
                                               : QString::fromLatin1(Origin::of(url).toString()),
                QString::fromLatin1(Origin::of(stream).toString())),
            u"Nothing is sent there: credentials are for the stream's origin alone. If a proxy stands between, it has to rewrite the event, or the server to name a relative address."_s,
            0,
            {}};
    }
    return url;
}

void HttpSse::openStream()
{
    if (m_stream || m_retry.isActive())
        return;
    const qint64 waitNs = m_notBefore - m_gate->trace()->now();
    if (waitNs > 0)
        m_retry.start(static_cast<int>(waitNs / 1'000'000) + 1);
    else
        open();
}

void HttpSse::open()
{
    m_recorder = std::make_shared<EventRecorder>(
        m_gate->trace(),
        [this](QByteArrayView data, ExchangeId exchange) { receive(data, exchange); },
        [this](QByteArrayView type, QByteArrayView data, ExchangeId exchange) {
            if (type == "endpoint")
                onEndpoint(data, exchange);
            else
                receive(data, exchange);
        });
    HttpRequest request;
    request.kind = m_openedBefore ? ExchangeKind::Reconnect : ExchangeKind::Stream;
    request.method = "GET";
    request.url = m_url;
    request.what = u"event stream"_s;
    request.headers = m_common;
    request.headers.set("Accept", "text/event-stream", HeaderSource::Protocol);
    request.answerTimeoutMs = 0;
    request.judge = answerJudge(m_gate->trace(), false, true);
    request.cause = m_state.exchange;
    m_openedBefore = true;
    m_isStream = false;
    m_endpoint = QUrl();

    m_stream = m_gate->send(request);
    // Nothing is posted before the stream is there.
    connect(m_stream, &HttpExchange::waitsForCredentials, this, [this](bool waits) {
        for (const auto &[id, post] : m_posts)
            Q_EMIT postWaits(id, waits);
    });
    m_state.phase = StreamState::Phase::Opening;
    m_state.exchange = m_stream->id();
    m_state.retryAt = -1;
    connect(m_stream, &HttpExchange::redirected, this,
            [this](ExchangeId, ExchangeId to) { m_state.exchange = to; });
    connect(m_stream, &HttpExchange::headReceived, this, &HttpSse::onStreamHead);
    connect(m_stream, &HttpExchange::finished, this, &HttpSse::onStreamFinished);
    Q_EMIT streamChanged();
}

void HttpSse::onStreamHead()
{
    m_state.exchange = m_stream->id();
    m_isStream =
        m_stream->status() == 200 && mediaType(m_stream->responseHeaders()) == "text/event-stream";
    if (m_isStream)
        recordEvents(m_stream, m_recorder);
}

void HttpSse::onEndpoint(QByteArrayView data, ExchangeId exchange)
{
    if (m_endpoint.isValid())
        return; // it stays as it was: messages do not move in mid-session
    const Expected<QUrl> url = endpoint(m_stream->url(), data);
    if (!url) {
        Failure failure = url.error();
        failure.exchange = exchange;
        // The stream is the caller.
        QMetaObject::invokeMethod(
            this,
            [this, failure] {
                dropStream();
                lose(failure);
            },
            Qt::QueuedConnection);
        return;
    }
    m_endpoint = *url;
    m_state.phase = StreamState::Phase::Open;
    m_state.openedAt = m_gate->trace()->now();
    m_state.tries = 0;
    m_state.failure.reset();
    for (auto &[id, post] : m_posts) {
        if (!post.sent)
            send(id, post);
    }
    Q_EMIT streamChanged();
}

void HttpSse::onStreamFinished()
{
    HttpExchange *http = std::exchange(m_stream, nullptr);
    http->deleteLater();
    std::optional<Failure> failure = http->failure();
    if (!failure && !m_isStream)
        failure = checkAnswer(answerFacts(*m_gate->trace(), *http, false, true));
    if (failure && failure->code == "no-stream"_L1) {
        // What is as it should be elsewhere is the end here.
        failure->sentence =
            u"GET was answered with %1: the server does not speak the HTTP+SSE transport of 2024-11-05 at this address, which begins with an event stream."_s
                .arg(http->status());
        failure->advice = u"Choose the transport auto, or check the URL (often /sse)."_s;
        failure->finding.clear();
    }
    if (!failure && !m_endpoint.isValid()) {
        failure = Failure{FailureKind::Protocol,
                          u"no-endpoint"_s,
                          u"The event stream ended without an endpoint event."_s,
                          u"The address may be of another transport: try another one."_s,
                          http->id(),
                          {}};
    }
    if (!failure) {
        failure = Failure{FailureKind::Unreachable,
                          u"stream-ended"_s,
                          u"The server ended the event stream, and with it the session."_s,
                          {},
                          http->id(),
                          {}};
    }
    lose(*failure);
}

void HttpSse::lose(const Failure &failure)
{
    const bool wasOpen = m_state.phase == StreamState::Phase::Open;
    m_endpoint = QUrl();
    m_state.failure = failure;
    m_state.phase = StreamState::Phase::Ended;
    std::map<PostId, Post> posts;
    posts.swap(m_posts);
    for (auto &[id, post] : posts) {
        if (post.http) {
            post.http->disconnect(this);
            post.http->abort();
            post.http->deleteLater();
        }
    }
    if (wasOpen) {
        // The next message opens a stream, but not at once: a server that has just gone needs time.
        const int wait = backOffMs(m_state.tries++, m_recorder->retryMs(), m_random());
        m_notBefore = m_gate->trace()->now() + qint64(wait) * 1'000'000;
        m_state.phase = StreamState::Phase::Waiting;
        m_state.retryAt = m_notBefore;
    }
    Q_EMIT streamChanged();
    for (const auto &[id, post] : posts)
        Q_EMIT postEnded(id, post.exchange ? post.exchange : failure.exchange, failure);
    if (wasOpen) {
        Failure expired = failure;
        expired.code = u"session-expired"_s;
        Q_EMIT sessionExpired(expired);
    }
}

PostId HttpSse::post(const Outgoing &message)
{
    const PostId id = ++m_lastPost;
    Post &post = m_posts[id];
    post.message = message;
    if (m_endpoint.isValid())
        send(id, post);
    else
        openStream();
    return id;
}

void HttpSse::send(PostId id, Post &post)
{
    HttpRequest request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = m_endpoint;
    request.what = post.message.what;
    request.headers = m_common;
    request.headers.set("Accept", "application/json, text/event-stream", HeaderSource::Protocol);
    request.headers.set("Content-Type", "application/json", HeaderSource::Protocol);
    for (const Header &line : post.message.headers.lines())
        request.headers.set(line.name, line.value, line.source, line.secret);
    request.body = post.message.text;
    request.answerTimeoutMs = post.message.answerTimeoutMs;
    request.judge = answerJudge(m_gate->trace(), false, false);
    post.sent = true;
    post.http = m_gate->send(request);
    post.exchange = post.http->id();
    connect(post.http, &HttpExchange::redirected, this, [this, id](ExchangeId, ExchangeId to) {
        if (const auto it = m_posts.find(id); it != m_posts.end())
            it->second.exchange = to;
        Q_EMIT posted(id, to);
    });
    connect(post.http, &HttpExchange::waitsForCredentials, this,
            [this, id](bool waits) { Q_EMIT postWaits(id, waits); });
    connect(post.http, &HttpExchange::finished, this, [this, id] { onDelivered(id); });
    Q_EMIT posted(id, post.exchange);
}

void HttpSse::onDelivered(PostId id)
{
    const auto it = m_posts.find(id);
    if (it == m_posts.end())
        return;
    Post &post = it->second;
    HttpExchange *http = std::exchange(post.http, nullptr);
    http->deleteLater();
    const std::optional<Failure> failure = http->failure();
    // The answer of a request comes on the stream.
    if (failure || !post.message.expectsAnswer)
        endPost(id, failure);
}

void HttpSse::endPost(PostId id, const std::optional<Failure> &failure)
{
    const auto it = m_posts.find(id);
    const ExchangeId exchange = it->second.exchange;
    m_posts.erase(it);
    Q_EMIT postEnded(id, exchange, failure);
}

void HttpSse::settle(PostId id)
{
    const auto it = m_posts.find(id);
    if (it == m_posts.end())
        return;
    // A slow 202 may come after the answer: it is recorded, and ends by itself.
    if (it->second.http) {
        it->second.http->disconnect(this);
        connect(it->second.http, &HttpExchange::finished, it->second.http, &QObject::deleteLater);
    }
    m_posts.erase(it);
}

void HttpSse::abandon(PostId id, const std::optional<Failure> &why)
{
    const auto it = m_posts.find(id);
    if (it == m_posts.end())
        return;
    if (HttpExchange *http = it->second.http) {
        http->disconnect(this);
        http->abort(why);
        http->deleteLater();
    }
    m_posts.erase(it);
}

void HttpSse::dropStream()
{
    m_retry.stop();
    if (!m_stream)
        return;
    m_recorder->silence();
    m_stream->disconnect(this);
    m_stream->abort(Failure{FailureKind::Cancelled,
                            u"closed"_s,
                            u"We closed the event stream."_s,
                            {},
                            m_stream->id(),
                            {}});
    m_stream->deleteLater();
    m_stream = nullptr;
}

void HttpSse::endSession()
{
    // Closing the stream is all there is to say.
    QMetaObject::invokeMethod(
        this, [this] { Q_EMIT sessionEnded({}); }, Qt::QueuedConnection);
}

void HttpSse::closeAll()
{
    while (!m_posts.empty())
        abandon(m_posts.begin()->first);
    dropStream();
    m_endpoint = QUrl();
    m_state.phase = StreamState::Phase::None;
}

} // namespace sightglass
