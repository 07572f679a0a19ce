// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/http_gate_exchange.h"

#include "core/http/request_head.h"
#include "core/http/tunnel_probe.h"
#include "core/http/upload_body.h"

#include <QNetworkRequest>
#include <QSslCertificate>

#include <algorithm>

namespace sightglass {

namespace {

/// Bytes that the library may hold for us. More is no faster (wire-facts 6).
constexpr qint64 readBuffer = 1024 * 1024;
/// Bytes to read before other work gets its turn.
constexpr qint64 readBudget = 4 * 1024 * 1024;
/// What a consumer that stopped reading may let pile up where the sender cannot be held back, which
/// is over HTTP/2 (wire-facts 6). Over HTTP/1.1 it is never more than the read buffer.
constexpr qint64 mostUnread = 16 * 1024 * 1024;
/// A redirect's body is recorded, but not waited for without end.
constexpr qint64 redirectBodyLimit = 1024 * 1024;

/// How long nothing need be heard of a tunnel through a proxy.
constexpr int tunnelSilenceMs = 500;

constexpr auto bareUrl = QUrl::RemoveUserInfo | QUrl::RemoveFragment;

QString hostAndPort(const QUrl &url)
{
    const Origin origin = Origin::of(url);
    const QString host = QString::fromLatin1(origin.host);
    return host.contains(QLatin1Char(':')) ? QStringLiteral("[%1]:%2").arg(host).arg(origin.port)
                                           : QStringLiteral("%1:%2").arg(host).arg(origin.port);
}

bool isUsable(const QUrl &url)
{
    return url.isValid() && !url.host().isEmpty()
        && (url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https"));
}

Failure unusableUrl(const QUrl &url)
{
    Failure failure;
    failure.kind = FailureKind::Usage;
    failure.code = QStringLiteral("url-unusable");
    failure.sentence =
        QStringLiteral("Nothing was sent: \"%1\" is no http or https URL with a host.")
            .arg(url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery));
    failure.advice = QStringLiteral("Write it as http://host:port/path.");
    return failure;
}

/// Marks that a signal of a reply is being handled, for as long as it lives.
class InsideReply {
public:
    explicit InsideReply(std::shared_ptr<GateContext> context)
        : m_context(std::move(context))
    {
        ++m_context->insideReply;
    }
    ~InsideReply() { --m_context->insideReply; }
    InsideReply(const InsideReply &) = delete;
    InsideReply &operator=(const InsideReply &) = delete;

private:
    std::shared_ptr<GateContext> m_context;
};

/// The value of Content-Length, where it is one: digits, or the same digits repeated (RFC 9110,
/// 8.6).
std::optional<qint64> lengthOf(const QByteArray &value)
{
    const QList<QByteArray> parts = value.split(',');
    const QByteArray first = parts.first().trimmed();
    const bool digits = !first.isEmpty()
        && std::all_of(first.cbegin(), first.cend(), [](char c) { return c >= '0' && c <= '9'; });
    const bool same = std::all_of(parts.cbegin(), parts.cend(), [&first](const QByteArray &part) {
        return part.trimmed() == first;
    });
    bool fits = false;
    const qint64 length = first.toLongLong(&fits);
    return digits && same && fits ? std::optional(length) : std::nullopt;
}

ResponseRecord responseOf(const QNetworkReply &reply)
{
    ResponseRecord response;
    response.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    response.reason = reply.attribute(QNetworkRequest::HttpReasonPhraseAttribute).toByteArray();
    response.http = reply.attribute(QNetworkRequest::Http2WasUsedAttribute).toBool()
        ? QByteArrayLiteral("HTTP/2")
        : QByteArrayLiteral("HTTP/1.1");
    const auto &pairs = reply.rawHeaderPairs();
    for (const auto &[name, value] : pairs) {
        // Several Set-Cookie lines come as one with line feeds, which no line can have itself.
        if (sameHeaderName(name, "Set-Cookie")) {
            const QList<QByteArray> lines = value.split('\n');
            for (const QByteArray &line : lines)
                response.headers.append({name, line, HeaderSource::Server, false});
        } else {
            response.headers.append({name, value, HeaderSource::Server, false});
        }
    }
    return response;
}

} // namespace

GateExchange::GateExchange(std::shared_ptr<GateContext> context, const HttpRequest &request,
                           QObject *parent)
    : HttpExchange(parent)
    , m_context(std::move(context))
    , m_chain(request)
    , m_timeoutMs(request.answerTimeoutMs >= 0 ? request.answerTimeoutMs
                                               : m_context->pool->settings().answerTimeoutMs)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &GateExchange::onTimeout);
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, &GateExchange::askProxy);
    start(request.cause);
}

GateExchange::~GateExchange()
{
    if (m_recorded)
        return;
    dropReply();
    Failure gone;
    gone.kind = FailureKind::Cancelled;
    gone.code = QStringLiteral("cancelled");
    gone.sentence = QStringLiteral("%1 was given up.").arg(requestName(m_record));
    gone.exchange = m_id;
    m_context->trace->finish(m_id, m_finished ? m_failure : m_ending.value_or(gone));
}

void GateExchange::start(ExchangeId cause)
{
    HttpRequest request = m_chain.request();
    request.cause = cause;
    m_response = {};
    m_responseHeaders = {};
    m_errors.clear();
    m_hopFailure.reset();
    m_received = 0;
    m_sent = m_bodyTaken = m_headSeen = m_hop = m_held = m_replyFinished = false;
    m_kept.clear();
    m_timesAnew = 0;

    const bool usable = isUsable(request.url);
    const bool tls = request.url.scheme() == QLatin1String("https");
    const QByteArray origin = Origin::of(request.url).toString();
    RequestPath path;
    path.http2 = tls && m_context->pool->settings().http2 && !m_context->http1Only.contains(origin);
    if (usable && !tls) {
        const QNetworkProxy proxy = m_context->pool->proxyFor(request.url);
        path.throughHttpProxy = proxy.type() == QNetworkProxy::HttpProxy;
        if (path.throughHttpProxy && !proxy.user().isEmpty()) {
            path.proxyAuthorization =
                "Basic " + (proxy.user() + QLatin1Char(':') + proxy.password()).toUtf8().toBase64();
        }
    }
    CredentialSource::Stamp stamp;
    if (m_context->credentials && usable)
        stamp = m_context->credentials->stamp(request.url.adjusted(bareUrl), request.method);
    if (request.toAuthorizationServer) {
        for (const Header &line : std::as_const(stamp.headers)) {
            stamp.withheld.append(
                {line.name, QStringLiteral("it is for the MCP server, not for whom this asks")});
        }
        stamp.headers.clear();
    }
    m_chain.holdBack(stamp);
    m_record = buildRequest(request, stamp, path);
    m_stamped = HeaderList(stamp.headers).value("Authorization");
    m_record.withheld += m_chain.withheld();
    if (m_context->misbehaviour)
        m_context->misbehaviour->spoil(m_record);
    const bool keepsHeaders = libraryKeepsHeaders();
    const std::optional<Failure> malformed = headProblem(m_record, path.http2, keepsHeaders);
    if (!malformed && !keepsHeaders)
        writeAsLibrary(m_record);
    m_id = m_context->trace->begin(m_record, request.body);

    std::optional<Failure> problem;
    if (!usable)
        problem = unusableUrl(request.url);
    else if (m_context->pool->problem())
        problem = m_context->pool->problem();
    else
        problem = malformed;
    QNetworkRequest out(m_record.url);
    if (!problem)
        problem = setHeaders(out, m_record);
    if (problem) {
        finish(problem, true);
        return;
    }
    m_http2Offered = path.http2;
    transmit(out);
    // The library does not say when a tunnel does not come about, see TunnelProbe: there also what
    // may wait for ever, a stream, has a time until it is sent.
    const int limit = m_timeoutMs > 0 || breakage().proxy.isEmpty()
        ? m_timeoutMs
        : m_context->pool->settings().answerTimeoutMs;
    if (limit > 0)
        m_timer.start(limit);
}

void GateExchange::transmit(QNetworkRequest out)
{
    out.setSslConfiguration(m_context->pool->tls().configurationFor(m_record.url));
    out.setAttribute(QNetworkRequest::Http2AllowedAttribute, m_http2Offered);
    out.setAttribute(QNetworkRequest::Http2CleartextAllowedAttribute, false);
    out.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                     QNetworkRequest::ManualRedirectPolicy);
    out.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);

    m_newConnection = false;
    UploadBody *body = nullptr;
    if (out.hasRawHeader("Content-Length")) {
        out.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        body = new UploadBody(m_chain.request().body);
    }
    m_emptyBody = body && m_chain.request().body.isEmpty();
    m_pin = m_context->pool->tls().pinFor(m_record.url);
    m_lease = m_context->pool->lease();
    m_reply = m_lease->send(out, m_record.method, body);
    // Over HTTP/2 a limit would only hide what piles up; see mostUnread.
    if (!m_http2Offered)
        limitBuffer(body);
    if (body)
        body->setParent(m_reply);
    connectReply();
    const auto proxy = m_context->pool->proxyFor(m_record.url).type();
    if (proxy == QNetworkProxy::Socks5Proxy
        || (proxy == QNetworkProxy::HttpProxy && breakage().tls))
        m_silence.start(tunnelSilenceMs);
}

bool GateExchange::goOutAnew()
{
    constexpr int mostTimes = 3;
    // A head goes out with the first part of its body. What is without one is the library's to
    // send again, see becomeNextTry().
    const bool nothingLeft = !m_sent && !m_bodyTaken && !m_headSeen && !m_http2Offered
        && !m_chain.request().body.isEmpty();
    const QNetworkReply::NetworkError error = breakage().error;
    if (!nothingLeft || m_hopFailure || m_timesAnew >= mostTimes
        || (error != QNetworkReply::ContentReSendError
            && (error != QNetworkReply::RemoteHostClosedError || breakage().tls)))
        return false;
    QNetworkRequest out(m_record.url);
    if (setHeaders(out, m_record))
        return false;
    ++m_timesAnew;
    m_context->trace->note(
        QStringLiteral("sent anew"),
        QStringLiteral("The connection on which this request was to go out was closed before any "
                       "of it left: it goes out on another one."),
        m_id);
    // Not dropReply(): the time that it has runs on.
    stopAskingProxy();
    m_reply->disconnect(this);
    m_reply->deleteLater();
    m_reply.clear();
    m_lease.reset();
    m_errors.clear();
    m_replyFinished = false;
    transmit(out);
    return true;
}

void GateExchange::connectReply()
{
    QNetworkReply *reply = m_reply;
    TraceStore *trace = m_context->trace;
    connect(reply, &QNetworkReply::socketStartedConnecting, this,
            [this, trace] { trace->mark(m_id, Mark::Connecting); });
    connect(reply, &QNetworkReply::encrypted, this, &GateExchange::onEncrypted);
    connect(reply, &QNetworkReply::requestSent, this, &GateExchange::onSent);
    connect(reply, &QNetworkReply::uploadProgress, this,
            [this](qint64 bytes) { m_bodyTaken = m_bodyTaken || bytes > 0; });
    connect(reply, &QNetworkReply::sslErrors, this, &GateExchange::onSslErrors);
    connect(reply, &QNetworkReply::errorOccurred, this,
            [this](QNetworkReply::NetworkError error) { m_errors.append(error); });
    connect(reply, &QNetworkReply::metaDataChanged, this, &GateExchange::onHead);
    connect(reply, &QNetworkReply::readyRead, this, &GateExchange::read);
    connect(reply, &QNetworkReply::finished, this, &GateExchange::onReplyFinished);
}

void GateExchange::limitBuffer(const UploadBody *body)
{
    // The part of the library in its own thread takes a limit once it has begun, else it is lost;
    // set later, the answer may be there before, and without end if this thread has something else
    // to do. What has no body has begun when it was sent.
    QNetworkReply *reply = m_reply;
    if (!body)
        reply->setReadBufferSize(readBuffer);
    // What has one begins from an event that the library has posted: the limit comes right behind,
    // and before the body, which comes from this thread. So may other versions with all of them.
    QMetaObject::invokeMethod(
        reply, [reply] { reply->setReadBufferSize(readBuffer); }, Qt::QueuedConnection);
}

void GateExchange::askProxy()
{
    m_context->trace->note(QStringLiteral("proxy asked"),
                           QStringLiteral("Nothing was heard of the connection through the proxy "
                                          "for %1 ms: it was asked for another, to learn why.")
                               .arg(tunnelSilenceMs),
                           m_id);
    m_probe = new TunnelProbe(m_context->pool->proxyFor(m_record.url), m_record.url,
                              HeaderList(m_record.headers).value("User-Agent"), this);
    const auto fail = [this, probe = m_probe] {
        if (!probe || probe != m_probe)
            return;
        Breakage broken = breakage();
        broken.error = QNetworkReply::ProxyConnectionClosedError;
        finish(networkFailure(broken));
    };
    // Not from within its socket, which may go with this one.
    connect(m_probe, &TunnelProbe::closed, this, fail, Qt::QueuedConnection);
}

void GateExchange::stopAskingProxy()
{
    m_silence.stop();
    if (!m_probe)
        return;
    m_probe->disconnect(this);
    m_probe->deleteLater();
    m_probe.clear();
}

void GateExchange::dropReply()
{
    m_timer.stop();
    stopAskingProxy();
    if (QNetworkReply *reply = m_reply) {
        m_reply.clear();
        reply->disconnect(this);
        // To abort is an error of the reply's, and so is a status like 401, which the library's own
        // thread may be telling just now: of a second one it complains. What still goes on of it
        // ends when it is deleted.
        const bool isError =
            reply->error() != QNetworkReply::NoError || (m_headSeen && m_response.status >= 400);
        if (!isError)
            reply->abort();
        reply->deleteLater();
    }
    m_lease.reset();
}

void GateExchange::onSent()
{
    const InsideReply inside(m_context);
    if (m_sent && !m_headSeen && !becomeNextTry())
        return;
    m_sent = true;
    stopAskingProxy();
    if (m_timeoutMs <= 0)
        m_timer.stop();
    m_context->trace->mark(m_id, Mark::Sent);
}

bool GateExchange::becomeNextTry()
{
    const QPointer<GateExchange> alive(this);
    const ExchangeId first = m_id;
    Breakage broken = breakage();
    broken.error = QNetworkReply::RemoteHostClosedError;
    Failure failure = networkFailure(broken);
    failure.advice = QStringLiteral("The request has no body, so the network library sent it "
                                    "again at once: that is the next exchange.");
    failure.exchange = first;
    m_record.cause = first;
    m_context->trace->finish(first, failure);
    m_id = m_context->trace->begin(m_record, m_chain.request().body);
    m_sent = false;
    Q_EMIT redirected(first, m_id);
    return alive && !m_finished;
}

void GateExchange::onEncrypted()
{
    stopAskingProxy();
    // The library waits with the request until this returns. Where it was sent before, it died
    // unanswered, and is about to be repeated. A used connection is reason enough for that: the
    // server may have given it up before. A new one is not (RFC 9110, 9.2.2).
    const bool diedOnNewOne = m_sent && !m_headSeen && m_newConnection;
    m_newConnection = true;
    if (diedOnNewOne) {
        const InsideReply inside(m_context);
        Breakage broken = breakage();
        broken.error = QNetworkReply::RemoteHostClosedError;
        finish(networkFailure(broken));
        return;
    }
    m_context->trace->mark(m_id, Mark::Encrypted);
    if (m_http2Offered
        && m_reply->sslConfiguration().nextNegotiatedProtocol()
            != QSslConfiguration::ALPNProtocolHTTP2)
        m_reply->setReadBufferSize(readBuffer);
}

void GateExchange::onSslErrors(const QList<QSslError> &errors)
{
    const QSslCertificate leaf = m_reply->sslConfiguration().peerCertificate();
    const QByteArray pinned = m_pin;
    // The pool has let it pass.
    if (!pinned.isEmpty() && !leaf.isNull() && leaf.digest(QCryptographicHash::Sha256) == pinned)
        return;
    m_hopFailure =
        certificateFailure(requestName(m_record), m_record.url.host(), errors, leaf, pinned);
}

void GateExchange::onHead()
{
    if (m_headSeen || !m_reply)
        return;
    if (!m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid())
        return;
    const InsideReply inside(m_context);
    m_headSeen = true;
    m_response = responseOf(*m_reply);
    m_responseHeaders = HeaderList(m_response.headers);
    if (m_http2Offered && m_response.http != "HTTP/2")
        m_reply->setReadBufferSize(readBuffer);
    m_context->trace->respond(m_id, m_response);

    const QByteArray origin = Origin::of(m_record.url).toString();
    if (m_context->pool->settings().http2 && m_record.url.scheme() == QLatin1String("https")
        && m_response.http != "HTTP/2" && !m_context->http1Only.contains(origin)) {
        m_context->http1Only.append(origin);
        m_context->trace->note(
            QStringLiteral("http version"),
            QStringLiteral("%1 was offered HTTP/2 and chose HTTP/1.1. This request was recorded "
                           "as for HTTP/2: on the wire its names were in lower case too, and "
                           "Host and Connection stood with them.")
                .arg(QString::fromLatin1(origin)),
            m_id);
    }
    if (m_context->credentials && !m_chain.request().toAuthorizationServer)
        m_context->credentials->received(answerHead());

    m_hop = m_chain.request().followRedirects && isRedirect(m_response.status)
        && m_responseHeaders.contains("Location");
    // The end of a redirect's body is not waited for for ever, also where an answer is.
    if (const int limit = m_context->pool->settings().answerTimeoutMs;
        m_hop && !m_timer.isActive() && limit > 0)
        m_timer.start(limit);
    if (!m_hop) {
        if (lacksHeaders()) {
            m_context->trace->note(
                QStringLiteral("headers unreadable"),
                headersUnreadable(requestName(m_record), m_response.status).sentence, m_id);
        } else {
            m_timer.stop();
        }
        if (!askForCredentials())
            Q_EMIT headReceived();
    }
}

void GateExchange::onReplyFinished()
{
    const InsideReply inside(m_context);
    const QPointer<GateExchange> alive(this);
    if (goOutAnew())
        return;
    m_replyFinished = true;
    onHead();
    if (alive)
        read();
}

void GateExchange::onTimeout()
{
    if (m_hop)
        followRedirect();
    else if (m_headSeen)
        finish(headersUnreadable(requestName(m_record), m_response.status));
    else
        finish(answerTimeout(breakage(), m_timer.interval()));
}

void GateExchange::setPaused(bool paused)
{
    m_paused = paused;
    if (!paused)
        readLater();
}

void GateExchange::readLater()
{
    if (m_readScheduled)
        return;
    m_readScheduled = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_readScheduled = false;
            read();
        },
        Qt::QueuedConnection);
}

void GateExchange::read()
{
    if (isPaused() && !isKept() && !isFinished() && !m_reading && m_reply
        && m_reply->bytesAvailable() > mostUnread) {
        finish(unreadTooMuch(breakage(), mostUnread));
        return;
    }
    // Consumers may pause, abort or delete from within bodyReceived.
    if (m_reading || isFinished() || !m_reply || (isPaused() && !isKept()))
        return;
    // Nor more of a refusal than can be kept in mind.
    if (m_held && m_received > redirectBodyLimit)
        return;
    const InsideReply inside(m_context);
    const QPointer<GateExchange> alive(this);
    const QPointer<QNetworkReply> reply(m_reply);
    m_reading = true;
    qint64 budget = readBudget;
    while (reply && reply == m_reply && budget > 0 && !m_ending && !(isPaused() && !isKept())) {
        const qint64 available = reply->bytesAvailable();
        if (available <= 0)
            break;
        qint64 capacity = 0;
        char *space = m_context->trace->reserve(&capacity);
        const qint64 length = reply->read(space, std::min(capacity, available));
        if (length <= 0)
            break;
        QByteArrayView bytes;
        const BodyChunk chunk = m_context->trace->commit(m_id, length, -1, &bytes);
        m_received += length;
        budget -= length;
        if (m_held) {
            m_kept.append({bytes.toByteArray(), chunk.offset});
        } else if (!m_hop) {
            Q_EMIT bodyReceived(bytes, chunk.offset);
            if (!alive)
                return;
        }
    }
    m_reading = false;
    if (m_ending) {
        const std::optional<Failure> why = std::exchange(m_ending, {});
        finish(why, true);
        return;
    }
    if (m_finished || !reply || reply != m_reply || (isPaused() && !isKept()))
        return;
    if (m_held)
        return;
    if (m_hop && m_received > redirectBodyLimit)
        followRedirect();
    else if (reply->bytesAvailable() > 0)
        readLater();
    else if (m_replyFinished)
        endHop();
}

Breakage GateExchange::breakage() const
{
    Breakage b;
    b.name = requestName(m_record);
    b.host = hostAndPort(m_record.url);
    b.headSeen = m_headSeen;
    b.received = m_received;
    if (m_reply)
        b.said = m_reply->errorString();
    if (!m_responseHeaders.contains("Transfer-Encoding")
        && m_responseHeaders.contains("Content-Length")) {
        const std::optional<qint64> length = lengthOf(m_responseHeaders.value("Content-Length"));
        b.announced = length.value_or(-1);
        b.lengthMalformed = !length;
    }
    for (const QNetworkReply::NetworkError error : m_errors) {
        if (b.error == QNetworkReply::NoError || isTransportError(error))
            b.error = error;
    }
    const QNetworkProxy proxy = m_context->pool->proxyFor(m_record.url);
    if (proxy.type() != QNetworkProxy::NoProxy) {
        b.proxy = QStringLiteral("%1://%2:%3")
                      .arg(proxy.type() == QNetworkProxy::Socks5Proxy ? QStringLiteral("socks5")
                                                                      : QStringLiteral("http"),
                           proxy.hostName())
                      .arg(proxy.port());
    }
    b.tls = m_record.url.scheme() == QLatin1String("https");
    b.sent = m_sent;
    // A head without a body behind it, which Content-Length says, goes out unnoticed.
    b.begun = m_sent || m_bodyTaken || m_emptyBody;
    b.clientCertificate = m_context->pool->tls().showsCertificateTo(m_record.url);
    return b;
}

std::optional<Failure> GateExchange::failureOfHop() const
{
    if (m_hopFailure)
        return m_hopFailure;
    const Breakage b = breakage();
    if (!m_headSeen) {
        Breakage broken = b;
        if (broken.error == QNetworkReply::NoError)
            broken.error = QNetworkReply::RemoteHostClosedError;
        return networkFailure(broken);
    }
    if (m_response.status < 200)
        return interimAnswer(b.name, m_response.status);
    if (m_response.status == 407)
        return proxyRefused(b);
    // A redirected body that cannot be sent again by the library is ours to send.
    const bool resendOnly = b.error == QNetworkReply::ContentReSendError
        && (m_response.status == 307 || m_response.status == 308);
    const bool bodyless =
        m_response.status == 204 || m_response.status == 304 || m_record.method == "HEAD";
    if (bodyless)
        return {};
    if (b.announced >= 0 && m_received < b.announced)
        return bodyCutOff(b);
    if (b.lengthMalformed)
        return lengthMalformed(b.name, m_responseHeaders.value("Content-Length"));
    if (lacksHeaders() && m_received > 0)
        return headersUnreadable(b.name, m_response.status);
    if (isTransportError(b.error) && !resendOnly)
        return networkFailure(b);
    return {};
}

bool GateExchange::lacksHeaders() const
{
    return m_headSeen && m_response.headers.isEmpty() && m_response.http != "HTTP/2";
}

void GateExchange::endHop()
{
    if (m_hop)
        followRedirect();
    else
        finish(failureOfHop());
}

void GateExchange::followRedirect()
{
    const ExchangeId from = m_id;
    dropReply();
    std::optional<Failure> failure = m_chain.follow(
        m_response.status, m_responseHeaders.value("Location"), requestName(m_record));
    if (failure) {
        finish(failure);
        return;
    }
    m_context->trace->finish(from);
    start(from);
    Q_EMIT redirected(from, m_id);
}

void GateExchange::abort(std::optional<Failure> why)
{
    if (isFinished())
        return;
    if (!why) {
        why.emplace();
        why->kind = FailureKind::Cancelled;
        why->code = QStringLiteral("cancelled");
        why->sentence = QStringLiteral("%1 was cancelled.").arg(requestName(m_record));
    }
    if (!m_reading) {
        finish(why, true);
        return;
    }
    // Whoever reads the body stands in the middle of a part of it.
    if (why->exchange == 0)
        why->exchange = m_id;
    m_ending = why;
}

bool GateExchange::readRest()
{
    const QPointer<GateExchange> alive(this);
    while (m_reply) {
        const qint64 available = m_reply->bytesAvailable();
        qint64 capacity = 0;
        char *space = available > 0 ? m_context->trace->reserve(&capacity) : nullptr;
        const qint64 length = space ? m_reply->read(space, std::min(capacity, available)) : 0;
        if (length <= 0)
            break;
        QByteArrayView bytes;
        const BodyChunk chunk = m_context->trace->commit(m_id, length, -1, &bytes);
        m_received += length;
        if (isKept())
            continue;
        Q_EMIT bodyReceived(bytes, chunk.offset);
        if (!alive)
            return false;
    }
    return true;
}

void GateExchange::finish(const std::optional<Failure> &failure, bool later)
{
    if (m_finished)
        return;
    m_finished = true;
    m_failure = failure;
    if (m_failure && m_failure->exchange == 0)
        m_failure->exchange = m_id;
    const QPointer<GateExchange> alive(this);
    if (m_headSeen && failure && !readRest())
        return;
    dropReply();
    if (m_headSeen && !isKept()) {
        Q_EMIT bodyEnded();
        if (!alive)
            return;
    }
    if (!m_failure && m_chain.request().judge)
        m_failure = m_chain.request().judge(*this);
    if (m_failure && m_failure->exchange == 0)
        m_failure->exchange = m_id;
    m_recorded = true;
    m_context->trace->finish(m_id, m_failure);
    if (later)
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT finished(); }, Qt::QueuedConnection);
    else
        Q_EMIT finished();
}

} // namespace sightglass
