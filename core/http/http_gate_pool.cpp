// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/http_gate_pool.h"

#include "core/http/origin.h"

#include <QCryptographicHash>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPointer>
#include <QSslError>

#include <algorithm>

namespace sightglass {

namespace {

/// No proxy, in words that give a plain connection a socket with a small buffer of its own. From a
/// socket without one, which is what the library makes for NoProxy, it reads a chunk to its end
/// however large it is and whoever holds back (wire-facts 6), asks the system for each single byte
/// of a head, and closes a kept connection when the answer comes quickly.
QNetworkProxy directConnection()
{
    QNetworkProxy direct(QNetworkProxy::DefaultProxy);
    direct.setCapabilities(QNetworkProxy::TunnelingCapability);
    return direct;
}

class Proxies final : public QNetworkProxyFactory {
public:
    explicit Proxies(GatePool *pool)
        : m_pool(pool)
    {
    }
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        QNetworkProxy proxy = m_pool->proxyFor(query.url());
        if (proxy.type() == QNetworkProxy::NoProxy)
            return {directConnection()};
        // Plain requests to an HTTP proxy go without its password: they are stamped by the gate, so
        // that it stands in the trace. A tunnel's socket answers the proxy itself, once. Were the
        // manager to ask us for the password (proxyAuthenticationRequired), it would halt all of
        // its connections meanwhile, and crash now and then when they go on (seen with 6.4.2).
        if (proxy.type() != QNetworkProxy::Socks5Proxy
            && query.url().scheme() != QLatin1String("https")) {
            proxy.setUser({});
            proxy.setPassword({});
        }
        return {proxy};
    }

private:
    GatePool *m_pool;
};

Failure settingsFailure(FailureKind kind, const char *code, const QString &sentence,
                        const QString &advice)
{
    Failure failure;
    failure.kind = kind;
    failure.code = QLatin1String(code);
    failure.sentence = sentence;
    failure.advice = advice;
    return failure;
}

} // namespace

struct GatePool::Lease::Line {
    explicit Line(GatePool *pool)
        : manager(new QNetworkAccessManager(pool))
        , tls(pool->m_tls)
    {
        manager->setProxyFactory(new Proxies(pool));
        manager->setAutoDeleteReplies(false);
        QObject::connect(manager, &QNetworkAccessManager::sslErrors, manager,
                         [tls = tls](QNetworkReply *reply, const QList<QSslError> &errors) {
                             checkPin(*tls, reply, errors);
                         });
    }
    ~Line()
    {
        if (manager)
            manager->deleteLater();
    }
    Line(const Line &) = delete;
    Line &operator=(const Line &) = delete;

    /// The library remembers what it was told to ignore, for all later connections to that host:
    /// so it is told each time, also when the certificate is another. It asks before it sends.
    static void checkPin(const TlsSettings &tls, QNetworkReply *reply,
                         const QList<QSslError> &errors)
    {
        const QByteArray pin = tls.pinFor(reply->url());
        if (pin.isEmpty())
            return;
        const QSslCertificate leaf = reply->sslConfiguration().peerCertificate();
        const bool accepted =
            !leaf.isNull() && leaf.digest(QCryptographicHash::Sha256) == pin && !errors.isEmpty();
        const QList<QSslError> none{QSslError(QSslError::CertificateBlacklisted)};
        reply->ignoreSslErrors(accepted ? errors : none);
    }

    QPointer<QNetworkAccessManager> manager;
    std::shared_ptr<const TlsSettings> tls;
    int running = 0;
};

GatePool::Lease::~Lease()
{
    --m_line->running;
    // One idle manager keeps its connections; further ones are a thread each for nothing.
    const auto lines = m_lines.lock();
    if (!lines || m_line->running > 0)
        return;
    qsizetype idle = 0;
    for (qsizetype i = 0; i < lines->size();) {
        if (lines->at(i)->running == 0 && ++idle > 1)
            lines->removeAt(i);
        else
            ++i;
    }
}

QNetworkReply *GatePool::Lease::send(const QNetworkRequest &request, const QByteArray &method,
                                     QIODevice *body)
{
    if (method == "HEAD")
        return m_line->manager->head(request);
    return m_line->manager->sendCustomRequest(request, method, body);
}

GatePool::GatePool(QObject *parent)
    : QObject(parent)
    , m_lines(std::make_shared<QList<std::shared_ptr<Lease::Line>>>())
{
    // The system is asked here, and where the settings say so, not behind their back by sockets.
    QNetworkProxyFactory::setUseSystemConfiguration(false);
    m_tls = std::make_shared<const TlsSettings>(m_settings);
    m_problem = m_tls->problem();
    readProxy();
}

GatePool::~GatePool() = default;

void GatePool::setSettings(const NetworkSettings &settings)
{
    if (settings == m_settings)
        return;
    m_settings = settings;
    m_problem.reset();
    m_systemProxies.clear();
    m_lines = std::make_shared<QList<std::shared_ptr<Lease::Line>>>();
    m_tls = std::make_shared<const TlsSettings>(m_settings);
    m_problem = m_tls->problem();
    readProxy();
}

void GatePool::readProxy()
{
    m_proxy = QNetworkProxy(QNetworkProxy::NoProxy);
    if (m_settings.proxy != NetworkSettings::Proxy::Given)
        return;
    const QUrl url(m_settings.proxyUrl.trimmed(), QUrl::StrictMode);
    const bool socks = url.scheme() == QLatin1String("socks5");
    if (!url.isValid() || url.host().isEmpty()
        || (!socks && url.scheme() != QLatin1String("http"))) {
        m_problem =
            settingsFailure(FailureKind::Usage, "proxy-malformed",
                            QStringLiteral("The proxy \"%1\" is no URL such as http://host:3128 or "
                                           "socks5://host:1080.")
                                .arg(url.toDisplayString(QUrl::RemoveUserInfo)),
                            QStringLiteral("Correct the proxy, or choose none."));
        return;
    }
    m_proxy = QNetworkProxy(socks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy,
                            url.host(), quint16(url.port(socks ? 1080 : 80)), m_settings.proxyUser,
                            m_settings.proxyPassword);
}

QNetworkProxy GatePool::proxyFor(const QUrl &url)
{
    if (m_settings.proxy != NetworkSettings::Proxy::System)
        return m_proxy;
    const QByteArray origin = Origin::of(url).toString();
    const auto known = m_systemProxies.constFind(origin);
    if (known != m_systemProxies.cend())
        return *known;
    const QList<QNetworkProxy> proxies =
        QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(url));
    QNetworkProxy proxy(QNetworkProxy::NoProxy);
    for (const QNetworkProxy &candidate : proxies) {
        const auto type = candidate.type();
        if (type == QNetworkProxy::HttpCachingProxy) {
            // What a system calls its proxy for http serves tunnels as well.
            proxy = candidate;
            proxy.setType(QNetworkProxy::HttpProxy);
            break;
        }
        if (type == QNetworkProxy::NoProxy || type == QNetworkProxy::HttpProxy
            || type == QNetworkProxy::Socks5Proxy) {
            proxy = candidate;
            break;
        }
    }
    m_systemProxies.insert(origin, proxy);
    return proxy;
}

std::unique_ptr<GatePool::Lease> GatePool::lease()
{
    const auto free = std::find_if(m_lines->cbegin(), m_lines->cend(),
                                   [](const auto &line) { return line->running < slots_; });
    std::unique_ptr<Lease> lease(new Lease);
    if (free != m_lines->cend()) {
        lease->m_line = *free;
    } else {
        lease->m_line = std::make_shared<Lease::Line>(this);
        m_lines->append(lease->m_line);
    }
    lease->m_lines = m_lines;
    ++lease->m_line->running;
    return lease;
}

} // namespace sightglass
