// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// As whom we come, and what a person is asked.

#include "core/auth/oauth/oauth_flow.h"

#include <QUrlQuery>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

QString sourceWords(ClientIdentity::Source source)
{
    switch (source) {
    case ClientIdentity::Source::Given:
        return u"registered beforehand, given by you"_s;
    case ClientIdentity::Source::MetadataDocument:
        return u"a client ID metadata document"_s;
    case ClientIdentity::Source::Registered:
        return u"registered dynamically"_s;
    case ClientIdentity::Source::None:
        break;
    }
    return u"none"_s;
}

} // namespace

ClientAuthentication OAuthFlow::chosenAuthentication(bool hasSecret) const
{
    if (m_settings.clientAuthentication != ClientAuthentication::Auto)
        return m_settings.clientAuthentication;
    // RFC 8414, 2: client_secret_basic where the metadata says nothing.
    const QStringList offered =
        m_server->tokenAuthMethods.value_or(QStringList{u"client_secret_basic"_s});
    const auto offers = [&offered](ClientAuthentication method) {
        return offered.contains(QString::fromLatin1(clientAuthenticationName(method)));
    };
    if (!m_settings.clientKey.isNull()
        && (offers(ClientAuthentication::PrivateKeyJwt) || !hasSecret))
        return ClientAuthentication::PrivateKeyJwt;
    if (hasSecret) {
        if (offers(ClientAuthentication::Basic))
            return ClientAuthentication::Basic;
        if (offers(ClientAuthentication::Post))
            return ClientAuthentication::Post;
        // With nothing but itself to show, the client has to show that.
        return offers(ClientAuthentication::None) && isInteractive() ? ClientAuthentication::None
                                                                     : ClientAuthentication::Basic;
    }
    return ClientAuthentication::None;
}

void OAuthFlow::renewClient()
{
    if (m_client.id.isEmpty() || m_client.id != m_settings.clientId || !m_server)
        return;
    if (!m_settings.clientSecret.isEmpty())
        m_client.secret = m_settings.clientSecret;
    m_client.authentication = chosenAuthentication(!m_client.secret.isEmpty());
}

void OAuthFlow::chooseClient()
{
    const OAuthStepKind kind = OAuthStepKind::Client;
    OAuthStep &now = enter(kind, u"Choosing as whom to come."_s);
    now.checks.clear();
    now.attempts.clear();
    now.output.clear();
    now.input = {{u"issuer"_s, m_issuer, false}};
    m_client = {};
    if (!m_settings.clientId.isEmpty()) {
        const bool other =
            !m_settings.clientIssuer.isEmpty() && m_settings.clientIssuer != m_issuer;
        if (other) {
            now.checks.append({OAuthCheck::Result::Failed,
                               u"The client is registered with another authorisation server."_s,
                               u"MCP, Authorization Server Binding"_s,
                               {},
                               u"registered with"_s,
                               m_settings.clientIssuer,
                               u"issuer"_s,
                               m_issuer});
            fail(
                kind,
                {FailureKind::Usage,
                 u"client-of-another-issuer"_s,
                 u"The client id is registered with %1, and the server now wants tokens of %2: it is not used there."_s
                     .arg(m_settings.clientIssuer, m_issuer),
                 u"Register with the new authorisation server, and give that client id."_s,
                 m_serverExchange,
                 {}});
            return;
        }
        m_client.source = ClientIdentity::Source::Given;
        m_client.id = m_settings.clientId;
        m_client.secret = m_settings.clientSecret;
        m_client.authentication = chosenAuthentication(!m_client.secret.isEmpty());
    } else if (!isInteractive()) {
        if (m_settings.grant == OAuthGrant::ClientCredentials) {
            fail(kind,
                 {FailureKind::Usage, u"client-id-missing"_s,
                  u"Client credentials need a client id that was registered beforehand."_s,
                  u"Give the client id, and its secret or key."_s, m_serverExchange, u"AF-40"_s});
            return;
        }
        m_client.source = ClientIdentity::Source::None;
        m_client.authentication = ClientAuthentication::None;
    }
    m_client.issuer = m_issuer;
    if (m_client.source == ClientIdentity::Source::Given || !isInteractive()) {
        clientKnown();
        return;
    }
    // Whoever registers needs to know where the browser is to come back to.
    clientKnown();
}

QString OAuthFlow::clientIdWanted() const
{
    return m_server->clientIdMetadata
        ? u"The authorisation server %1 registers no clients by itself: it wants the URL of a client ID metadata document, or a client that was registered beforehand."_s
              .arg(m_issuer)
        : u"The authorisation server %1 registers no clients by itself: it wants one that was registered beforehand."_s
              .arg(m_issuer);
}

OAuthCheck OAuthFlow::noWayToRegister() const
{
    return {
        OAuthCheck::Result::Failed,
        m_server->clientIdMetadata
            ? u"It has no registration_endpoint, and no URL of a client ID metadata document was given, which it takes."_s
            : u"It has neither a registration_endpoint nor client ID metadata documents."_s,
        u"MCP, Client Registration"_s, u"AF-40"_s};
}

void OAuthFlow::clientKnown()
{
    // A redirect URI of this run is needed first: for the registration, and for the request.
    if (isInteractive()) {
        m_at = OAuthStepKind::Client;
        m_stage = Stage::None;
        // Not every authorisation server lets the port be another one (AF-42).
        QString registered = m_client.redirectUri;
        for (const ClientIdentity &known : std::as_const(m_knownClients)) {
            if (registered.isEmpty() && known.issuer == m_issuer)
                registered = known.redirectUri;
        }
        m_action =
            OAuthListen{m_settings.redirectHost, m_settings.redirectPort,
                        quint16(std::max(0, QUrl(registered).port())), m_settings.redirectPath};
        return;
    }
    OAuthStep &now = step(OAuthStepKind::Client);
    now.output = {{u"client_id"_s, m_client.id, false},
                  {u"source"_s, sourceWords(m_client.source), false},
                  {u"token_endpoint_auth_method"_s,
                   QString::fromLatin1(clientAuthenticationName(m_client.authentication)), false}};
    leave(OAuthStepKind::Client,
          m_client.id.isEmpty() ? u"The grant says who the client is."_s
                                : u"Comes as %1."_s.arg(m_client.id));
    if (endsHere(OAuthStepKind::Client))
        return;
    skip(OAuthStepKind::Authorization, u"No person is asked with this grant."_s);
    skip(OAuthStepKind::Callback, u"No browser is needed with this grant."_s);
    requestToken();
}

void OAuthFlow::cannotListen(const QString &why)
{
    if (!std::holds_alternative<OAuthListen>(m_action))
        return;
    fail(OAuthStepKind::Client,
         {FailureKind::Unreachable, u"callback-port"_s,
          u"The address on this machine to which the browser is to come back cannot be used: %1."_s
              .arg(why),
          u"Choose another port, or any free one."_s, 0, u"AF-48"_s});
}

void OAuthFlow::listening(const QUrl &redirectUri)
{
    if (!std::holds_alternative<OAuthListen>(m_action))
        return;
    m_action = OAuthRest();
    const OAuthStepKind kind = OAuthStepKind::Client;
    m_redirectUri = redirectUri;
    const QString redirect = redirectUri.toString(QUrl::FullyEncoded);
    OAuthStep &now = step(kind);
    // As whom one comes stays the same where a later step runs again.
    if (m_client.source == ClientIdentity::Source::Registered && m_client.issuer == m_issuer
        && m_client.redirectUri != redirect) {
        // RFC 8252, 7.3: the port of a loopback address may be another one.
        const QUrl registered(m_client.redirectUri);
        QUrl anyPort = redirectUri;
        anyPort.setPort(registered.port());
        if (anyPort != registered)
            m_client = {};
    }
    if (m_client.source == ClientIdentity::Source::None) {
        for (const ClientIdentity &known : m_knownClients) {
            if (known.source != ClientIdentity::Source::Registered)
                continue;
            QUrl anyPort = redirectUri;
            anyPort.setPort(QUrl(known.redirectUri).port());
            const bool expired =
                known.secretExpires && *known.secretExpires * 1000 < m_environment.now();
            if (known.issuer == m_issuer && !known.id.isEmpty() && !expired
                && anyPort == QUrl(known.redirectUri)) {
                m_client = known;
                break;
            }
        }
    }
    if (m_client.source == ClientIdentity::Source::None && m_server->clientIdMetadata
        && !m_settings.clientMetadataUrl.isEmpty()) {
        m_client.source = ClientIdentity::Source::MetadataDocument;
        m_client.issuer = m_issuer;
        m_client.id = m_settings.clientMetadataUrl;
        m_client.authentication = m_settings.clientKey.isNull()
            ? ClientAuthentication::None
            : ClientAuthentication::PrivateKeyJwt;
    }
    if (!m_settings.clientMetadataUrl.isEmpty() && !m_server->clientIdMetadata) {
        now.checks.append(
            {OAuthCheck::Result::Deviates,
             u"The client ID metadata document that you gave is not used: the authorisation server does not say that it takes such (client_id_metadata_document_supported)."_s,
             u"MCP, Client ID Metadata Documents"_s});
    }
    if (m_client.source == ClientIdentity::Source::None) {
        if (!m_server->registrationEndpoint.isEmpty()) {
            registerClient();
            return;
        }
        const QString sentence = clientIdWanted();
        now.checks.append(noWayToRegister());
        now.sentence = sentence;
        m_at = kind;
        m_action = OAuthAsk{OAuthAsk::About::ClientId, sentence, QUrl(m_issuer)};
        return;
    }
    now.output = {{u"client_id"_s, m_client.id, false},
                  {u"source"_s, sourceWords(m_client.source), false},
                  {u"token_endpoint_auth_method"_s,
                   QString::fromLatin1(clientAuthenticationName(m_client.authentication)), false},
                  {u"redirect_uri"_s, redirect, false}};
    if (!m_client.secret.isEmpty())
        now.output.append({u"client_secret"_s, m_client.secret, true});
    leave(kind, u"Comes as %1 (%2)."_s.arg(m_client.id, sourceWords(m_client.source)));
    if (!endsHere(kind))
        requestAuthorization();
}

void OAuthFlow::registerClient()
{
    const OAuthStepKind kind = OAuthStepKind::Client;
    RegistrationWish wish;
    wish.redirectUri = m_redirectUri.toString(QUrl::FullyEncoded);
    // A program on somebody's desk cannot keep a secret: none, where that is offered.
    const QStringList offered = m_server->tokenAuthMethods.value_or(QStringList{u"none"_s});
    wish.authentication = m_settings.clientAuthentication;
    if (wish.authentication == ClientAuthentication::Auto) {
        wish.authentication = ClientAuthentication::None;
        for (const ClientAuthentication method :
             {ClientAuthentication::None, ClientAuthentication::Basic,
              ClientAuthentication::Post}) {
            if (offered.contains(QString::fromLatin1(clientAuthenticationName(method)))) {
                wish.authentication = method;
                break;
            }
        }
    }
    wish.refresh = !m_server->grantTypes || m_server->grantTypes->contains("refresh_token"_L1);
    wish.dpop = m_settings.dpop == OAuthSettings::DPoP::Always;
    const QUrl endpoint(m_server->registrationEndpoint, QUrl::StrictMode);
    OAuthStep &now = step(kind);
    if (!isSafeEndpoint(endpoint)) {
        fail(
            kind,
            {FailureKind::Protocol,
             u"endpoint-unusable"_s,
             u"The registration_endpoint, “%1”, is neither an https URL nor one on loopback: it is not used."_s
                 .arg(m_server->registrationEndpoint),
             u"On the authorisation server's side: its metadata has to name it as an https URL."_s,
             m_serverExchange,
             {}});
        return;
    }
    OAuthFetch wanted;
    wanted.kind = ExchangeKind::Registration;
    wanted.method = "POST";
    wanted.url = endpoint;
    wanted.what = u"client registration"_s;
    wanted.body = registrationBody(wish);
    wanted.headers = {{"Accept", "application/json", HeaderSource::Protocol, false},
                      {"Content-Type", "application/json", HeaderSource::Protocol, false}};
    now.input.append({u"redirect_uris"_s, wish.redirectUri, false});
    now.input.append({u"token_endpoint_auth_method"_s,
                      QString::fromLatin1(clientAuthenticationName(wish.authentication)), false});
    now.sentence = u"Registering at %1."_s.arg(endpoint.host());
    m_client = {};
    m_client.authentication = wish.authentication;
    fetch(kind, Stage::Registration, wanted);
}

void OAuthFlow::forgetClient()
{
    m_knownClients.removeIf(
        [this](const ClientIdentity &known) { return known.issuer == m_issuer; });
}

void OAuthFlow::registrationAnswered(const OAuthAnswer &http)
{
    const OAuthStepKind kind = OAuthStepKind::Client;
    const ClientAuthentication wished = m_client.authentication;
    m_client = {};
    if (http.failure) {
        attempt(http, http.failure->sentence);
        fail(kind, *http.failure);
        return;
    }
    attempt(http, QString::number(http.status));
    const RegistrationAnswer answer =
        readRegistrationAnswer(http.status, mediaTypeOf(http.headers), http.body);
    const QString redirect = m_redirectUri.toString(QUrl::FullyEncoded);
    const bool refused = !answer.error.isEmpty() || !answer.problem.isEmpty();
    if (refused && m_defaults) {
        // The guess was wrong: there is no authorisation server here.
        m_server.reset();
        m_seen.append(u"%1: %2"_s.arg(m_asked.toString(), QString::number(http.status)));
        skip(kind, u"Nothing registers clients here."_s);
        noServerMetadata({});
        return;
    }
    if (refused) {
        const bool uri = answer.error == "invalid_redirect_uri"_L1;
        const QString said = answer.errorDescription.isEmpty()
            ? QString()
            : u" It says: “%1”."_s.arg(answer.errorDescription.left(300));
        Failure failure{
            FailureKind::Protocol, u"registration-refused"_s, {}, {}, http.exchange, {}};
        if (uri) {
            failure.sentence =
                u"The authorisation server registers no client with the redirect URI %1 (%2, invalid_redirect_uri).%3"_s
                    .arg(redirect, QString::number(http.status), said);
            failure.advice =
                u"Try another host (localhost, or 127.0.0.1) or a fixed port; clients on a desktop need a loopback address on http (RFC 8252, 7.3)."_s;
            failure.finding = u"AF-41"_s;
        } else if (!answer.error.isEmpty()) {
            failure.sentence = u"The authorisation server registers no client: %1 (%2).%3"_s.arg(
                answer.error, QString::number(http.status), said);
            failure.advice = u"Give a client id that was registered beforehand."_s;
        } else {
            failure.sentence =
                u"The registration was answered with %1 (%2), where JSON with a client_id is meant."_s
                    .arg(answer.problem, QString::number(http.status));
            failure.advice =
                u"On the authorisation server's side: see RFC 7591, 3.2. Or give a client id that was registered beforehand."_s;
        }
        fail(kind, failure);
        return;
    }
    m_client = answer.client;
    m_client.issuer = m_issuer;
    m_client.redirectUri = redirect;
    if (m_client.authentication == ClientAuthentication::Auto)
        m_client.authentication = wished;
    OAuthStep &now = step(kind);
    if (!answer.redirectUris.isEmpty() && !answer.redirectUris.contains(redirect)) {
        now.checks.append({OAuthCheck::Result::Deviates,
                           u"The server registered other redirect URIs than it was asked for."_s,
                           u"RFC 7591, 3.2.1"_s, u"AF-42"_s, u"registered"_s,
                           answer.redirectUris.join(u' '), u"asked for"_s, redirect});
    }
    const bool lacksSecret = m_client.secret.isEmpty()
        && (m_client.authentication == ClientAuthentication::Basic
            || m_client.authentication == ClientAuthentication::Post);
    if (lacksSecret) {
        now.checks.append({OAuthCheck::Result::Deviates,
                           u"The client is to show a secret, and was given none."_s,
                           u"RFC 7591, 3.2.1"_s, u"AF-43"_s});
        // With nothing to show it shows nothing.
        m_client.authentication = ClientAuthentication::None;
    }
    now.output = {{u"client_id"_s, m_client.id, false},
                  {u"source"_s, sourceWords(m_client.source), false},
                  {u"token_endpoint_auth_method"_s,
                   QString::fromLatin1(clientAuthenticationName(m_client.authentication)), false},
                  {u"redirect_uri"_s, redirect, false}};
    if (!m_client.secret.isEmpty())
        now.output.append({u"client_secret"_s, m_client.secret, true});
    forgetClient();
    m_knownClients.append(m_client);
    leave(kind, u"Registered as %1."_s.arg(m_client.id));
    if (!endsHere(kind))
        requestAuthorization();
}

} // namespace sightglass
