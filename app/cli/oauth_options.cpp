// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/oauth_options.h"

#include "app/cli/option_values.h"
#include "app/cli/wrong_use.h"

#include <QCommandLineParser>

#include <algorithm>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class OAuthReader {
public:
    explicit OAuthReader(const QCommandLineParser &parser)
        : m_parser(parser)
    {
    }
    Expected<OAuthSettings> read();

private:
    void readClient();
    void readRequest();
    void readRedirect();
    void readPatience();
    void readGrant();
    QString text(const char *option) const { return m_parser.value(QString::fromLatin1(option)); }
    bool isSet(const char *option) const { return m_parser.isSet(QString::fromLatin1(option)); }
    /// Of a variable or a file; empty where the option is not given.
    QByteArray fromVariable(const char *option);
    QByteArray fromFile(const char *option);
    void fail(const Failure &why)
    {
        if (!m_failure)
            m_failure = why;
    }
    /// The place of the value among the words; -1 with a failure where it is none.
    qsizetype oneOf(const char *option, const QStringList &words);

    const QCommandLineParser &m_parser;
    OAuthSettings m_settings;
    std::optional<Failure> m_failure;
};

QByteArray OAuthReader::fromVariable(const char *option)
{
    if (!isSet(option))
        return {};
    const Expected<QByteArray> value = variable(text(option));
    if (value)
        return *value;
    fail(value.error());
    return {};
}

QByteArray OAuthReader::fromFile(const char *option)
{
    if (!isSet(option))
        return {};
    const Expected<QByteArray> value = fileContents(text(option), true);
    if (value)
        return *value;
    fail(value.error());
    return {};
}

qsizetype OAuthReader::oneOf(const char *option, const QStringList &words)
{
    const qsizetype place = words.indexOf(text(option));
    if (place < 0) {
        fail(usage(u"--%1 %2 is not known; it takes %3."_s.arg(QString::fromLatin1(option),
                                                               text(option), words.join(u", "_s))));
    }
    return place;
}

void OAuthReader::readClient()
{
    m_settings.clientId = text("client-id");
    m_settings.clientIssuer = text("client-issuer");
    m_settings.clientSecret = QString::fromUtf8(fromVariable("client-secret-env"));
    if (isSet("client-key")) {
        const QByteArray pem = fromFile("client-key");
        const QByteArray password = fromVariable("client-key-password-env");
        if (m_failure)
            return;
        const Expected<SigningKey> key = SigningKey::fromPem(pem, password);
        if (key)
            m_settings.clientKey = *key;
        else
            fail(key.error());
    }
    if (isSet("client-auth")) {
        const QList<ClientAuthentication> methods{
            ClientAuthentication::None, ClientAuthentication::Basic, ClientAuthentication::Post,
            ClientAuthentication::PrivateKeyJwt};
        const qsizetype place =
            oneOf("client-auth", {u"none"_s, u"basic"_s, u"post"_s, u"private-key-jwt"_s});
        if (place >= 0)
            m_settings.clientAuthentication = methods.at(place);
    }
    const ClientAuthentication method = m_settings.clientAuthentication;
    const bool shows =
        method == ClientAuthentication::Basic || method == ClientAuthentication::Post;
    if (shows && !m_settings.clientId.isEmpty() && m_settings.clientSecret.isEmpty())
        fail(usage(u"--client-auth %1 needs --client-secret-env."_s.arg(text("client-auth"))));
    if (method == ClientAuthentication::PrivateKeyJwt && m_settings.clientKey.isNull())
        fail(usage(u"--client-auth private-key-jwt needs --client-key."_s));
    if (!m_settings.clientSecret.isEmpty() && m_settings.clientId.isEmpty())
        fail(usage(u"--client-secret-env needs --client-id."_s));
    m_settings.clientMetadataUrl = text("client-metadata");
    const QUrl document(m_settings.clientMetadataUrl, QUrl::StrictMode);
    if (isSet("client-metadata") && (document.scheme() != "https"_L1 || document.path().size() < 2))
        fail(usage(u"--client-metadata wants an https URL with a path."_s));
}

void OAuthReader::readRequest()
{
    if (isSet("scope"))
        m_settings.scope = text("scope") == "none"_L1 ? QString() : text("scope");
    // RFC 6749, 3.3: words of visible ASCII without quotation marks and backslashes.
    const QString scope = m_settings.scope.value_or(QString());
    const bool odd = std::any_of(scope.cbegin(), scope.cend(), [](QChar c) {
        return c.unicode() < 0x20 || c.unicode() > 0x7e || c == u'"' || c == u'\\';
    });
    if (odd || scope.startsWith("--"_L1))
        fail(usage(u"--scope wants words such as 'files:read files:write'."_s));
    const QUrl resource(text("resource"), QUrl::StrictMode);
    if (isSet("resource") && text("resource") != "none"_L1
        && (!resource.isValid() || resource.isRelative() || resource.hasFragment()))
        fail(usage(u"--resource wants a whole URL without a fragment, or none."_s));
    if (isSet("resource"))
        m_settings.resource = text("resource") == "none"_L1 ? QString() : text("resource");
    if (isSet("dpop")) {
        const QList<OAuthSettings::DPoP> choices{
            OAuthSettings::DPoP::Auto, OAuthSettings::DPoP::Never, OAuthSettings::DPoP::Always};
        const qsizetype place = oneOf("dpop", {u"auto"_s, u"never"_s, u"always"_s});
        if (place >= 0)
            m_settings.dpop = choices.at(place);
    }
    m_settings.allowPrivateAddresses = m_parser.isSet(u"allow-private"_s);
}

void OAuthReader::readRedirect()
{
    if (!isSet("redirect"))
        return;
    // As the redirect URI has it, with or without a path: localhost:3000/callback.
    const QUrl url(u"http://"_s + text("redirect"), QUrl::StrictMode);
    const QString host = url.host() == "::1"_L1 ? u"[::1]"_s : url.host();
    if (!url.isValid() || url.hasQuery() || url.hasFragment() || !url.userInfo().isEmpty()
        || (host != "127.0.0.1"_L1 && host != "localhost"_L1 && host != "[::1]"_L1)) {
        fail(usage(
            u"--redirect wants an address of this machine: 127.0.0.1, localhost or [::1], with :PORT and /PATH if they matter."_s));
        return;
    }
    m_settings.redirectHost = host;
    m_settings.redirectPort = quint16(std::max(0, url.port()));
    if (url.path().size() > 1)
        m_settings.redirectPath = url.path();
}

void OAuthReader::readPatience()
{
    if (!isSet("browser-timeout"))
        return;
    bool ok = false;
    const int seconds = text("browser-timeout").toInt(&ok);
    if (!ok || seconds < 0 || seconds > 86400)
        fail(usage(u"--browser-timeout wants whole seconds, from 0 (no limit) to 86400."_s));
    m_settings.browserTimeoutMs = seconds * 1000;
}

void OAuthReader::readGrant()
{
    m_settings.assertion =
        isSet("assertion-file") ? fromFile("assertion-file") : fromVariable("assertion-env");
    m_settings.idToken = fromVariable("id-token-env");
    m_settings.idpIssuer = text("idp");
    m_settings.idpClientId = text("idp-client-id");
    m_settings.idpClientSecret = QString::fromUtf8(fromVariable("idp-client-secret-env"));
    if (isSet("grant")) {
        const QList<OAuthGrant> grants{OAuthGrant::AuthorizationCode, OAuthGrant::ClientCredentials,
                                       OAuthGrant::JwtBearer, OAuthGrant::Enterprise};
        const qsizetype place =
            oneOf("grant", {u"browser"_s, u"client-credentials"_s, u"workload"_s, u"enterprise"_s});
        if (place >= 0)
            m_settings.grant = grants.at(place);
    }
    QString lacks;
    if (m_settings.grant == OAuthGrant::ClientCredentials
        && (m_settings.clientId.isEmpty()
            || (m_settings.clientSecret.isEmpty() && m_settings.clientKey.isNull())))
        lacks = u"--client-id, and --client-secret-env or --client-key"_s;
    else if (m_settings.grant == OAuthGrant::JwtBearer && m_settings.assertion.isEmpty())
        lacks = u"--assertion-env or --assertion-file"_s;
    else if (m_settings.grant == OAuthGrant::Enterprise
             && (m_settings.idToken.isEmpty() || m_settings.idpIssuer.isEmpty()))
        lacks = u"--idp and --id-token-env"_s;
    if (!lacks.isEmpty())
        fail(usage(u"--grant %1 needs %2."_s.arg(text("grant"), lacks)));
}

Expected<OAuthSettings> OAuthReader::read()
{
    m_settings.mode = OAuthSettings::Mode::Silent;
    readClient();
    readRequest();
    readRedirect();
    readPatience();
    readGrant();
    if (m_failure)
        return *m_failure;
    return m_settings;
}

} // namespace

QStringList oauthOptions()
{
    return {u"client-id"_s,
            u"client-secret-env"_s,
            u"client-key"_s,
            u"client-auth"_s,
            u"client-key-password-env"_s,
            u"client-metadata"_s,
            u"client-issuer"_s,
            u"scope"_s,
            u"resource"_s,
            u"redirect"_s,
            u"browser-timeout"_s,
            u"grant"_s,
            u"assertion-env"_s,
            u"assertion-file"_s,
            u"id-token-env"_s,
            u"idp"_s,
            u"idp-client-id"_s,
            u"idp-client-secret-env"_s,
            u"dpop"_s};
}

Expected<OAuthSettings> readOAuthOptions(const QCommandLineParser &parser)
{
    return OAuthReader(parser).read();
}

} // namespace sightglass::cli
