// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/streamable_http.h"

#include "core/transport/answer_facts.h"
#include "core/transport/http_post.h"
#include "core/transport/http_stream.h"

#include <QTimer>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {
/// The end of a session is a courtesy: nobody waits for it long.
constexpr int DeleteTimeoutMs = 3000;
} // namespace

StreamableHttp::StreamableHttp(HttpGate *gate, const QUrl &url, Random random, QObject *parent)
    : Transport(parent)
    , m_gate(gate)
    , m_url(url)
    , m_random(std::move(random))
{
}

StreamableHttp::~StreamableHttp()
{
    closeAll();
}

HttpRequest StreamableHttp::request(ExchangeKind kind, const QByteArray &method,
                                    const QString &what) const
{
    HttpRequest request;
    request.kind = kind;
    request.method = method;
    request.url = m_url;
    request.what = what;
    request.headers = m_common;
    if (!m_sessionId.isEmpty())
        request.headers.set("Mcp-Session-Id", m_sessionId, HeaderSource::Session);
    return request;
}

PostId StreamableHttp::post(const Outgoing &message)
{
    const PostId id = ++m_lastPost;
    m_opened = m_opened || message.opening;
    auto *post = new HttpPost(this, id, message);
    m_posts.emplace(id, post);
    Q_EMIT posted(id, post->exchange());
    return id;
}

void StreamableHttp::settle(PostId id)
{
    if (const auto it = m_posts.find(id); it != m_posts.end())
        it->second->settle();
}

void StreamableHttp::abandon(PostId id, const std::optional<Failure> &why)
{
    const auto it = m_posts.find(id);
    if (it == m_posts.end())
        return;
    HttpPost *post = it->second;
    m_posts.erase(it);
    post->abandon(why);
}

void StreamableHttp::forget(PostId id)
{
    m_posts.erase(id);
}

void StreamableHttp::setCommonHeaders(const HeaderList &headers)
{
    m_common = headers;
}

void StreamableHttp::takeSession(const QByteArray &sessionId, ExchangeId exchange)
{
    const auto problem = HeaderList::check("Mcp-Session-Id", sessionId);
    m_sessionId = problem && problem->fatal ? QByteArray() : sessionId;
    Q_EMIT sessionAssigned(m_sessionId, exchange);
}

void StreamableHttp::compareSession(const QByteArray &sessionId, const QByteArray &own,
                                    ExchangeId exchange)
{
    if (sessionId == own || !m_opened)
        return;
    Q_EMIT deviated(u"The answer to %1 names another session than that of initialize. Only "
                    u"initialize may assign "
                    "one: the first is kept."_s.arg(m_gate->trace()->request(exchange).what),
                    exchange);
}

void StreamableHttp::openStream()
{
    if (!m_stream) {
        m_stream =
            new HttpStream(this, HttpStream::Use::Server, u"event stream"_s,
                           std::make_shared<EventRecorder>(
                               m_gate->trace(), [this](QByteArrayView data, ExchangeId exchange) {
                                   receive(data, exchange);
                               }));
        connect(m_stream, &HttpStream::changed, this, &Transport::streamChanged);
        connect(m_stream, &HttpStream::sessionExpired, this, &Transport::sessionExpired);
    }
    m_stream->open();
}

const StreamState &StreamableHttp::streamState() const
{
    return m_stream ? m_stream->state() : m_noStream;
}

void StreamableHttp::endSession()
{
    if (m_sessionId.isEmpty()) {
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT sessionEnded({}); }, Qt::QueuedConnection);
        return;
    }
    HttpRequest end = request(ExchangeKind::Delete, "DELETE", u"end of session"_s);
    end.answerTimeoutMs = DeleteTimeoutMs;
    const auto judge = answerJudge(m_gate->trace(), false, false);
    // It need not end sessions, and may have forgotten this one.
    end.judge = [judge](const HttpExchange &http) {
        return http.status() == 404 || http.status() == 405 ? std::nullopt : judge(http);
    };
    m_sessionId.clear();
    HttpExchange *http = m_gate->send(end);
    // The head of the answer has its time limit; its body needs one, too.
    connect(http, &HttpExchange::headReceived, http, [http] {
        QTimer::singleShot(DeleteTimeoutMs, http, [http] {
            if (http->isFinished())
                return;
            http->abort(Failure{FailureKind::TimedOut,
                                u"timed-out"_s,
                                u"The answer to DELETE did not end within %1 s."_s.arg(
                                    QString::number(DeleteTimeoutMs / 1000)),
                                u"The session may still be there."_s,
                                http->id(),
                                {}});
        });
    });
    connect(http, &HttpExchange::finished, this, [this, http] {
        http->deleteLater();
        Q_EMIT sessionEnded(http->failure());
    });
}

void StreamableHttp::closeAll()
{
    for (const auto &[id, post] : m_posts)
        post->abandon({});
    m_posts.clear();
    closeStream();
}

void StreamableHttp::leaveSession()
{
    m_sessionId.clear();
    closeStream();
}

void StreamableHttp::closeStream()
{
    if (m_stream) {
        m_stream->disconnect(this);
        m_stream->close();
        m_stream->deleteLater();
        m_stream = nullptr;
    }
}

} // namespace sightglass
