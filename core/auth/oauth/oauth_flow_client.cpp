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

/// The same place, without what a shell would heed if somebody between here and the browser hands
/// it to one: of the characters that may stand in a URL as they are, all but those that its parts
/// are made of.
QUrl withoutShellSyntax(const QUrl &url)
{
    QByteArray text;
    for (const char character : url.toEncoded()) {
        if (QByteArrayView("!$'()*;").contains(character))
            text += '%' + QByteArray(1, character).toHex().toUpper();
        else
            text += character;
    }
    return QUrl::fromEncoded(text, QUrl::StrictMode);
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
                               u"registered with"_s,
                               m_settings.clientIssuer,
                               u"issuer"_s,
                               m_issuer,
                               {}});
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
    if (m_client.source == ClientIdentity::Source::None) {
        if (!m_server->registrationEndpoint.isEmpty()) {
            registerClient();
            return;
        }
        const QString sentence =
            u"The authorisation server %1 registers no clients by itself: it wants one that was registered beforehand."_s
                .arg(m_issuer);
        now.checks.append(
            {OAuthCheck::Result::Failed,
             u"It has neither a registration_endpoint nor, for us, client ID metadata documents."_s,
             u"MCP, Client Registration"_s,
             {},
             {},
             {},
             {},
             u"AF-40"_s});
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
                           u"RFC 7591, 3.2.1"_s, u"registered"_s, answer.redirectUris.join(u' '),
                           u"asked for"_s, redirect, u"AF-42"_s});
    }
    const bool lacksSecret = m_client.secret.isEmpty()
        && (m_client.authentication == ClientAuthentication::Basic
            || m_client.authentication == ClientAuthentication::Post);
    if (lacksSecret) {
        now.checks.append({OAuthCheck::Result::Deviates,
                           u"The client is to show a secret, and was given none."_s,
                           u"RFC 7591, 3.2.1"_s,
                           {},
                           {},
                           {},
                           {},
                           u"AF-43"_s});
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

QString OAuthFlow::scopeToRequest(QString *rule) const
{
    if (m_settings.scope) {
        *rule = u"chosen by you"_s;
        return *m_settings.scope;
    }
    QString scope;
    if (!m_scopeSoFar.isEmpty()) {
        *rule = u"MCP, Step-Up Authorization Flow: all so far and the challenge's"_s;
        scope = scopeUnion(m_scopeSoFar, m_challengedScope);
    } else if (!m_challengedScope.isEmpty()) {
        *rule = u"MCP, Scope Selection Strategy, 1: the challenge's"_s;
        scope = m_challengedScope;
    } else if (m_resource && m_resource->scopesSupported) {
        *rule = u"MCP, Scope Selection Strategy, 2: scopes_supported of the resource"_s;
        scope = m_resource->scopesSupported->join(u' ');
    } else {
        *rule = u"MCP, Scope Selection Strategy, 2: none, as nothing is said of scopes"_s;
    }
    const bool offline = m_settings.offlineAccess && isInteractive() && m_server->scopesSupported
        && m_server->scopesSupported->contains("offline_access"_L1);
    return offline ? scopeUnion(scope, u"offline_access"_s) : scope;
}

void OAuthFlow::requestAuthorization()
{
    const OAuthStepKind kind = OAuthStepKind::Authorization;
    QString rule;
    m_requestedScope = scopeToRequest(&rule);
    m_pkce = pkceFrom(m_environment.random(32));
    m_state = randomText(24);
    m_stateIssuer = m_server->issuer;
    m_callbackUsed = false;
    m_code.clear();

    OAuthStep &now = enter(kind, {});
    QUrl url(m_server->authorizationEndpoint, QUrl::StrictMode);
    url.setFragment(QString());
    url.setUserInfo(QString());
    if (isPrivateHost(url.host()) && !isPrivateHost(m_url.host())
        && !m_settings.allowPrivateAddresses) {
        m_action = OAuthAsk{
            OAuthAsk::About::PrivateAddress,
            u"%1, a public server, leads to %2, which is an address of this machine or its local network."_s
                .arg(m_url.host(), url.host()),
            url};
        return;
    }
    FormFields fields{{"response_type", u"code"_s},
                      {"client_id", m_client.id},
                      {"redirect_uri", m_redirectUri.toString(QUrl::FullyEncoded)},
                      {"state", QString::fromLatin1(m_state)},
                      {"code_challenge", QString::fromLatin1(m_pkce.challenge)},
                      {"code_challenge_method", u"S256"_s}};
    if (!m_requestedScope.isEmpty())
        fields.append({"scope", m_requestedScope});
    if (!resource().isEmpty())
        fields.append({"resource", resource()});
    // OpenID Connect Core, 11: without it offline_access is not heeded.
    if (scopeWords(m_requestedScope).contains("offline_access"_L1))
        fields.append({"prompt", u"consent"_s});
    if (usesDPoP()) {
        if (m_dpopKey.isNull())
            m_dpopKey = SigningKey::generate();
        // RFC 9449, 10: the code is bound to the key as well.
        fields.append({"dpop_jkt", QString::fromLatin1(m_dpopKey.thumbprint())});
    }
    const QByteArray own = url.query(QUrl::FullyEncoded).toLatin1();
    url.setQuery(QString::fromLatin1((own.isEmpty() ? own : own + '&') + formEncoded(fields)),
                 QUrl::StrictMode);
    url = withoutShellSyntax(url);
    now.input.clear();
    for (const auto &[name, value] : std::as_const(fields))
        now.input.append({QString::fromLatin1(name), value, name == "state"});
    now.output = {{u"host"_s, url.host(), false}};
    now.checks = {{OAuthCheck::Result::Passed,
                   u"The scope was chosen: “%1”."_s.arg(m_requestedScope),
                   rule,
                   {},
                   {},
                   {},
                   {},
                   {}}};
    if (resource().isEmpty()) {
        now.checks.append({OAuthCheck::Result::Deviates,
                           u"The request goes without resource, as you chose."_s,
                           u"MCP, Resource Parameter Implementation"_s,
                           {},
                           {},
                           {},
                           {},
                           u"AF-44"_s});
    }
    leave(kind, u"A person is asked at %1."_s.arg(url.host()));
    if (endsHere(kind))
        return;
    enter(OAuthStepKind::Callback,
          u"Waiting for the browser to come back to %1."_s.arg(
              m_redirectUri.toString(QUrl::FullyEncoded)));
    m_action = OAuthBrowse{url, m_redirectUri};
}

void OAuthFlow::calledBack(const QUrl &url)
{
    if (!std::holds_alternative<OAuthBrowse>(m_action) || m_callbackUsed)
        return;
    m_action = OAuthRest();
    takeCallback(readCallback(url));
}

void OAuthFlow::notCalledBack(qint64 waitedMs)
{
    if (!std::holds_alternative<OAuthBrowse>(m_action))
        return;
    constexpr qint64 SecondMs = 1000;
    constexpr qint64 MinuteMs = 60 * SecondMs;
    const QString waited = waitedMs >= MinuteMs ? u"%1 min"_s.arg(waitedMs / MinuteMs)
                                                : u"%1 s"_s.arg(waitedMs / SecondMs);
    fail(
        OAuthStepKind::Callback,
        {FailureKind::TimedOut, u"callback-missing"_s,
         u"The browser was sent to %1, and did not come back to %2 within %3."_s.arg(
             std::get<OAuthBrowse>(m_action).url.host(), m_redirectUri.toString(QUrl::FullyEncoded),
             waited),
         u"Log in again, and see where the browser ends: the page may have been closed, or lead elsewhere. From another computer that address is not reached: paste the one that the browser shows."_s,
         0, u"AF-48"_s});
}

void OAuthFlow::takeCallback(const OAuthCallback &callback)
{
    const OAuthStepKind kind = OAuthStepKind::Callback;
    m_callbackUsed = true;
    OAuthStep &now = step(kind);
    const QString expected = QString::fromLatin1(m_state);
    const bool sameState = callback.state && callback.repeated.isEmpty()
        && sameSecret(callback.state->toUtf8(), m_state);
    now.checks = {{sameState ? OAuthCheck::Result::Passed : OAuthCheck::Result::Failed,
                   sameState            ? u"state is the one of this request."_s
                       : callback.state ? u"state is not the one of this request."_s
                                        : u"state is missing."_s,
                   u"OAuth 2.1, 4.1.2 and 7.12"_s,
                   {},
                   {},
                   {},
                   {},
                   sameState ? QString() : u"AF-46"_s}};
    if (!callback.repeated.isEmpty()) {
        now.checks.append(
            {OAuthCheck::Result::Failed,
             u"Parameters stand there more than once: %1."_s.arg(callback.repeated.join(u", "_s)),
             u"OAuth 2.1, 3.1"_s,
             {},
             {},
             {},
             {},
             {}});
    }
    if (!sameState) {
        fail(
            kind,
            {FailureKind::Protocol, u"state-mismatch"_s,
             !callback.repeated.isEmpty()
                 ? u"The browser came back with parameters that stand there more than once (%1): which is meant nobody can tell. It was not used."_s
                       .arg(callback.repeated.join(u", "_s))
                 : callback.state
                 ? u"The browser came back with another state than this request had: it belongs to another log-in, or somebody else sent it. It was not used."_s
                 : u"The browser came back without state: it belongs to another log-in, or the authorisation server drops it. It was not used."_s,
             u"Log in again. If it happens each time: on the authorisation server's side, state has to come back as it was sent."_s,
             0, u"AF-46"_s});
        return;
    }
    // RFC 9207, 2.4: before anything else that the answer says is heeded, or shown.
    if (callback.issuer) {
        const bool same = *callback.issuer == m_stateIssuer;
        now.checks.append({same ? OAuthCheck::Result::Passed : OAuthCheck::Result::Failed,
                           same ? u"iss is the issuer that was asked."_s
                                : u"iss is another issuer than was asked."_s,
                           u"RFC 9207, 2.4"_s, u"iss"_s, *callback.issuer, u"issuer asked"_s,
                           m_stateIssuer, same ? QString() : u"AF-47"_s});
        if (!same) {
            fail(
                kind,
                {FailureKind::Protocol, u"issuer-mix-up"_s,
                 u"The browser came back from another authorisation server (iss is “%1”) than was asked (“%2”): it was not used."_s
                     .arg(*callback.issuer, m_stateIssuer),
                 u"On the authorisation server's side: iss has to be its issuer, character by character. If it is not that, somebody mixes up servers on purpose."_s,
                 0, u"AF-47"_s});
            return;
        }
    } else if (m_server->issInResponse) {
        now.checks.append({OAuthCheck::Result::Failed,
                           u"iss is missing, though the metadata promises it."_s,
                           u"RFC 9207, 2.4"_s,
                           u"iss"_s,
                           {},
                           u"issuer asked"_s,
                           m_stateIssuer,
                           u"AF-47"_s});
        fail(
            kind,
            {FailureKind::Protocol, u"issuer-missing"_s,
             u"The browser came back without iss, which the authorisation server's metadata promises: it was not used."_s,
             u"On the authorisation server's side: send iss, or do not promise it (authorization_response_iss_parameter_supported)."_s,
             0, u"AF-47"_s});
        return;
    }
    if (!callback.error.isEmpty()) {
        const bool denied = callback.error == "access_denied"_L1;
        const QString said = callback.errorDescription.isEmpty()
            ? QString()
            : u" It says: “%1”."_s.arg(callback.errorDescription.left(300));
        const bool ofTarget = callback.error == "invalid_target"_L1;
        fail(kind,
             {denied ? FailureKind::Cancelled : FailureKind::Protocol,
              denied ? u"access-denied"_s : u"authorization-error"_s,
              denied ? u"Access was denied at the authorisation server.%1"_s.arg(said)
                     : u"The authorisation server answered with the error %1.%2"_s.arg(
                         callback.error.left(100), said),
              ofTarget ? targetAdvice()
                  : callback.error == "invalid_scope"_L1
                  ? u"It does not know the scope “%1”: ask for another."_s.arg(m_requestedScope)
                  : u"Log in again, or change what is asked for."_s,
              0, ofTarget ? targetFinding() : QString()});
        return;
    }
    if (!callback.code || callback.code->isEmpty()) {
        fail(kind,
             {FailureKind::Protocol,
              u"code-missing"_s,
              u"The browser came back with neither a code nor an error."_s,
              u"On the authorisation server's side: see OAuth 2.1, 4.1.2."_s,
              0,
              {}});
        return;
    }
    m_code = *callback.code;
    now.output = {{u"code"_s, m_code, true}};
    if (callback.issuer)
        now.output.append({u"iss"_s, *callback.issuer, false});
    leave(kind, u"The browser brought a code."_s);
    if (!endsHere(kind))
        requestToken();
}

} // namespace sightglass
