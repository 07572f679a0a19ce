// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/http_gate_pool.h"

#include "core/http/origin.h"

#include <QAuthenticator>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPointer>
#include <QSslCertificate>
#include <QSslKey>

#include <algorithm>

namespace sightglass {

namespace {

class Proxies final : public QNetworkProxyFactory {
public:
    explicit Proxies(GatePool *pool)
        : m_pool(pool)
    {
    }
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        QNetworkProxy proxy = m_pool->proxyFor(query.url());
        // Without its password: requests to a plain HTTP proxy are stamped by the gate, so that
        // they stand in the trace; for a tunnel the manager asks, once.
        if (proxy.type() != QNetworkProxy::Socks5Proxy) {
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

QSslKey readKey(const QByteArray &pem, const QByteArray &password)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        const QSslKey key(pem, algorithm, QSsl::Pem, QSsl::PrivateKey, password);
        if (!key.isNull())
            return key;
    }
    return {};
}

} // namespace

struct GatePool::Lease::Line {
    explicit Line(GatePool *pool)
        : manager(new QNetworkAccessManager(pool))
    {
        manager->setProxyFactory(new Proxies(pool));
        manager->setAutoDeleteReplies(false);
        QObject::connect(manager, &QNetworkAccessManager::proxyAuthenticationRequired, manager,
                         [this, pool](const QNetworkProxy &, QAuthenticator *authenticator) {
                             answerProxy(*pool, authenticator);
                         });
    }
    ~Line()
    {
        if (manager)
            manager->deleteLater();
    }
    Line(const Line &) = delete;
    Line &operator=(const Line &) = delete;

    /// Once: asked again, the credentials are wrong, and the request ends with its failure.
    void answerProxy(GatePool &pool, QAuthenticator *authenticator)
    {
        const QNetworkProxy proxy = pool.proxyFor(asking);
        if (proxyAnswered || proxy.user().isEmpty())
            return;
        proxyAnswered = true;
        authenticator->setUser(proxy.user());
        authenticator->setPassword(proxy.password());
    }

    QPointer<QNetworkAccessManager> manager;
    QUrl asking; ///< of the last request: where system proxies differ, the password is that one's
    int running = 0;
    bool proxyAnswered = false;
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
    m_line->asking = request.url();
    if (method == "HEAD")
        return m_line->manager->head(request);
    return m_line->manager->sendCustomRequest(request, method, body);
}

GatePool::GatePool(QObject *parent)
    : QObject(parent)
    , m_lines(std::make_shared<QList<std::shared_ptr<Lease::Line>>>())
{
    readTls();
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
    readTls();
    readProxy();
}

void GatePool::readTls()
{
    m_tls = QSslConfiguration::defaultConfiguration();
    const auto problem = [this](const char *code, const QString &sentence) {
        m_problem = settingsFailure(FailureKind::File, code, sentence,
                                    QStringLiteral("Choose a readable file in PEM form."));
    };
    if (!m_settings.caFile.isEmpty()) {
        const QList<QSslCertificate> own = QSslCertificate::fromPath(
            m_settings.caFile, QSsl::Pem, QSslCertificate::PatternSyntax::FixedString);
        if (own.isEmpty()) {
            problem("ca-file-unreadable",
                    QStringLiteral("The CA file %1 has no certificate that can be read.")
                        .arg(m_settings.caFile));
        }
        m_tls.setCaCertificates(QSslConfiguration::systemCaCertificates() + own);
    }
    if (!m_settings.clientCertificateFile.isEmpty()) {
        const QList<QSslCertificate> chain =
            QSslCertificate::fromPath(m_settings.clientCertificateFile, QSsl::Pem,
                                      QSslCertificate::PatternSyntax::FixedString);
        if (chain.isEmpty()) {
            problem("client-certificate-unreadable",
                    QStringLiteral("The client certificate file %1 has no certificate that can be "
                                   "read.")
                        .arg(m_settings.clientCertificateFile));
        }
        const QString keyPath = m_settings.clientKeyFile.isEmpty()
            ? m_settings.clientCertificateFile
            : m_settings.clientKeyFile;
        QFile file(keyPath);
        QSslKey key;
        if (file.open(QIODevice::ReadOnly))
            key = readKey(file.readAll(), m_settings.clientKeyPassword.toUtf8());
        if (key.isNull() && !m_problem) {
            problem("client-key-unreadable",
                    QStringLiteral("The client key file %1 has no key that can be read (or its "
                                   "password is another).")
                        .arg(keyPath));
        }
        m_tls.setLocalCertificateChain(chain);
        m_tls.setPrivateKey(key);
    }
    // A pin alone decides: with no authority trusted, every handshake comes to the gate's check.
    if (!m_settings.pinnedSha256.isEmpty())
        m_tls.setCaCertificates({});
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
