// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Tokens: for a code, for what the client is, and for a refresh token.

#include "core/auth/oauth/client_assertion.h"
#include "core/auth/oauth/dpop.h"
#include "core/auth/oauth/oauth_flow.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr char IdJagType[] = "urn:ietf:params:oauth:token-type:id-jag";

/// What is no secret of a token request, for people to see.
bool isSecretField(const QByteArray &name)
{
    return name == "code" || name == "code_verifier" || name == "client_secret"
        || name == "refresh_token" || name == "assertion" || name == "client_assertion"
        || name == "subject_token";
}

QString said(const QString &description)
{
    return description.isEmpty() ? QString() : u" It says: “%1”."_s.arg(description.left(300));
}

} // namespace

bool OAuthFlow::usesDPoP() const
{
    switch (m_settings.dpop) {
    case OAuthSettings::DPoP::Never:
        return false;
    case OAuthSettings::DPoP::Always:
        return true;
    case OAuthSettings::DPoP::Auto:
        break;
    }
    // What the authorisation server can says nothing of the resource, which may take the scheme
    // DPoP for no token at all.
    if (m_tokens.isDPoP() || (m_resource && m_resource->dpopRequired.value_or(false)))
        return true;
    const bool taken =
        m_challengedDPoP || (m_resource && m_resource->dpopAlgorithms.contains("ES256"_L1));
    return taken && m_server && m_server->dpopAlgorithms.contains("ES256"_L1);
}

void OAuthFlow::requestToken()
{
    const OAuthStepKind kind = OAuthStepKind::Token;
    enter(kind, u"Asking for tokens."_s);
    m_nonceTries = 0;
    FormFields fields;
    QString rule;
    switch (m_settings.grant) {
    case OAuthGrant::AuthorizationCode:
        fields = {{"grant_type", u"authorization_code"_s},
                  {"code", m_code},
                  {"redirect_uri", m_redirectUri.toString(QUrl::FullyEncoded)},
                  {"code_verifier", QString::fromLatin1(m_pkce.verifier)}};
        // It can be used once.
        m_code.clear();
        break;
    case OAuthGrant::ClientCredentials:
        m_requestedScope = scopeToRequest(&rule);
        fields = {{"grant_type", u"client_credentials"_s}};
        if (!m_requestedScope.isEmpty())
            fields.append({"scope", m_requestedScope});
        break;
    case OAuthGrant::JwtBearer:
    case OAuthGrant::Enterprise: {
        if (m_settings.grant == OAuthGrant::Enterprise && m_idJag.isEmpty()) {
            requestIdJag();
            return;
        }
        const QByteArray assertion =
            m_settings.grant == OAuthGrant::Enterprise ? m_idJag : m_settings.assertion;
        if (assertion.isEmpty()) {
            fail(kind,
                 {FailureKind::Usage,
                  u"assertion-missing"_s,
                  u"This grant needs a token of the workload, and none was given."_s,
                  u"Give the JWT that the platform issues to this workload."_s,
                  0,
                  {}});
            return;
        }
        m_idJag.clear();
        m_requestedScope = scopeToRequest(&rule);
        fields = {{"grant_type", u"urn:ietf:params:oauth:grant-type:jwt-bearer"_s},
                  {"assertion", QString::fromUtf8(assertion)}};
        if (!m_requestedScope.isEmpty())
            fields.append({"scope", m_requestedScope});
        break;
    }
    }
    if (!resource().isEmpty())
        fields.append({"resource", resource()});
    sendTokenRequest(kind, Stage::Token, fields);
}

void OAuthFlow::requestIdJag()
{
    const OAuthStepKind kind = OAuthStepKind::Token;
    const QString endpoint =
        m_settings.idpTokenEndpoint.isEmpty() ? m_idpEndpoint : m_settings.idpTokenEndpoint;
    if (endpoint.isEmpty()) {
        m_places = serverMetadataPlaces(m_settings.idpIssuer);
        if (m_places.isEmpty()) {
            fail(
                kind,
                {FailureKind::Usage,
                 u"idp-missing"_s,
                 u"Enterprise-managed authorisation needs the identity provider, and none was given."_s,
                 u"Give its issuer, or its token endpoint."_s,
                 0,
                 {}});
            return;
        }
        const QUrl first = m_places.takeFirst();
        get(kind, Stage::IdpMetadata, first, first.path().mid(1));
        return;
    }
    const QUrl url(endpoint, QUrl::StrictMode);
    if (!isSafeEndpoint(url)) {
        fail(
            kind,
            {FailureKind::Usage,
             u"endpoint-unusable"_s,
             u"The identity provider's token endpoint, “%1”, is neither an https URL nor one on loopback."_s
                 .arg(endpoint),
             {},
             0,
             {}});
        return;
    }
    QString rule;
    const QString scope = scopeToRequest(&rule);
    // Identity Assertion JWT Authorization Grant, 4.1 (RFC 8693, 2.1).
    FormFields fields{{"grant_type", u"urn:ietf:params:oauth:grant-type:token-exchange"_s},
                      {"requested_token_type", QString::fromLatin1(IdJagType)},
                      {"audience", m_issuer},
                      {"resource", resource()},
                      {"subject_token", QString::fromUtf8(m_settings.idToken)},
                      {"subject_token_type", u"urn:ietf:params:oauth:token-type:id_token"_s}};
    if (!scope.isEmpty())
        fields.append({"scope", scope});
    ClientIdentity client;
    client.id = m_settings.idpClientId;
    client.secret = m_settings.idpClientSecret;
    client.authentication =
        client.secret.isEmpty() ? ClientAuthentication::None : ClientAuthentication::Post;
    OAuthFetch wanted;
    wanted.kind = ExchangeKind::Token;
    wanted.method = "POST";
    wanted.url = url;
    wanted.what = u"token exchange (ID-JAG)"_s;
    wanted.headers = {
        {"Accept", "application/json", HeaderSource::Protocol, false},
        {"Content-Type", "application/x-www-form-urlencoded", HeaderSource::Protocol, false}};
    if (!authenticate(kind, client, m_settings.idpIssuer, &fields, &wanted.headers))
        return;
    wanted.body = formEncoded(fields);
    fetch(kind, Stage::IdJag, wanted);
}

void OAuthFlow::idpAnswered(const OAuthAnswer &answer)
{
    const auto read = answer.status == 200 && !answer.failure
        ? readServerMetadata(mediaTypeOf(answer.headers), answer.body)
        : ReadMetadata<ServerMetadata>();
    const bool right = read.document && read.document->issuer == m_settings.idpIssuer;
    attempt(answer,
            right                ? u"found"_s
                : read.document  ? u"of another issuer, “%1”"_s.arg(read.document->issuer)
                : answer.failure ? answer.failure->sentence
                                 : QString::number(answer.status));
    if (right && !read.document->tokenEndpoint.isEmpty()) {
        m_idpEndpoint = read.document->tokenEndpoint;
        requestIdJag();
        return;
    }
    if (!m_places.isEmpty()) {
        const QUrl next = m_places.takeFirst();
        get(OAuthStepKind::Token, Stage::IdpMetadata, next, next.path().mid(1));
        return;
    }
    fail(OAuthStepKind::Token,
         {FailureKind::Protocol,
          u"no-idp-metadata"_s,
          u"The identity provider %1 has no metadata that names its token endpoint."_s.arg(
              m_settings.idpIssuer),
          u"Give its token endpoint itself."_s,
          answer.exchange,
          {}});
}

void OAuthFlow::idJagAnswered(const OAuthAnswer &http)
{
    const OAuthStepKind kind = OAuthStepKind::Token;
    if (http.failure) {
        attempt(http, http.failure->sentence);
        fail(kind, *http.failure);
        return;
    }
    attempt(http, QString::number(http.status));
    const TokenAnswer answer = readTokenAnswer(http.status, mediaTypeOf(http.headers), http.body);
    if (!answer.error.isEmpty() || !answer.problem.isEmpty()) {
        Failure failure = tokenFailure(kind, answer, http);
        failure.sentence = u"The identity provider gave no ID-JAG. "_s + failure.sentence;
        fail(kind, failure);
        return;
    }
    if (!answer.issuedType.isEmpty() && answer.issuedType != QLatin1StringView(IdJagType)) {
        fail(
            kind,
            {FailureKind::Protocol,
             u"no-id-jag"_s,
             u"The identity provider was asked for an ID-JAG, and gave something of the type “%1”: it was not used."_s
                 .arg(answer.issuedType.left(100)),
             u"On the identity provider's side: see the Identity Assertion JWT Authorization Grant, 4.3."_s,
             http.exchange,
             {}});
        return;
    }
    m_idJag = answer.tokens.accessToken;
    step(kind).checks.append({OAuthCheck::Result::Passed,
                              u"The identity provider vouches for the person with an ID-JAG."_s,
                              u"Identity Assertion JWT Authorization Grant, 4"_s});
    requestToken();
}

bool OAuthFlow::authenticate(OAuthStepKind kind, const ClientIdentity &client,
                             const QString &audience, FormFields *fields, QList<Header> *headers)
{
    switch (client.authentication) {
    case ClientAuthentication::Basic: {
        // RFC 6749, 2.3.1: both are encoded as in a form first.
        const auto encoded = [](const QString &text) { return formEncoded({{"", text}}).mid(1); };
        const QByteArray pair = encoded(client.id) + ':' + encoded(client.secret);
        headers->append(
            {"Authorization", "Basic " + pair.toBase64(), HeaderSource::Protocol, true});
        return true;
    }
    case ClientAuthentication::Post:
        fields->append({"client_id", client.id});
        fields->append({"client_secret", client.secret});
        return true;
    case ClientAuthentication::PrivateKeyJwt: {
        if (m_settings.clientKey.isNull()) {
            fail(kind,
                 {FailureKind::Usage,
                  u"client-key-missing"_s,
                  u"The client is to prove itself with private_key_jwt, and no key was given."_s,
                  u"Give the private key whose public part the authorisation server knows."_s,
                  0,
                  {}});
            return false;
        }
        const qint64 now = m_environment.now() / 1000;
        ClientAssertion assertion;
        assertion.clientId = client.id;
        assertion.audience = audience;
        assertion.jti = randomText(16);
        assertion.iat = now;
        fields->append({"client_id", client.id});
        fields->append({"client_assertion_type", QString::fromLatin1(ClientAssertionType)});
        fields->append({"client_assertion",
                        QString::fromLatin1(signedAssertion(m_settings.clientKey, assertion))});
        return true;
    }
    case ClientAuthentication::None:
    case ClientAuthentication::Auto:
        if (!client.id.isEmpty())
            fields->append({"client_id", client.id});
        return true;
    }
    return true;
}

void OAuthFlow::sendTokenRequest(OAuthStepKind kind, Stage stage, FormFields fields)
{
    m_tokenFields = fields;
    OAuthFetch wanted;
    wanted.kind = ExchangeKind::Token;
    wanted.method = "POST";
    wanted.url = QUrl(m_server->tokenEndpoint, QUrl::StrictMode);
    wanted.what = kind == OAuthStepKind::Refresh ? u"token refresh"_s : u"token request"_s;
    wanted.headers = {
        {"Accept", "application/json", HeaderSource::Protocol, false},
        {"Content-Type", "application/x-www-form-urlencoded", HeaderSource::Protocol, false}};
    if (!authenticate(kind, m_client, m_issuer, &fields, &wanted.headers))
        return;
    const bool bound = kind == OAuthStepKind::Refresh ? m_tokens.isDPoP() : usesDPoP();
    if (bound) {
        if (m_dpopKey.isNull())
            m_dpopKey = SigningKey::generate();
        DpopRequest proof;
        proof.method = wanted.method;
        proof.url = wanted.url;
        proof.nonce = m_dpopNonce;
        proof.jti = randomText(16);
        proof.iat = m_environment.now() / 1000;
        wanted.headers.append({"DPoP", dpopProof(m_dpopKey, proof), HeaderSource::Protocol, false});
    }
    wanted.body = formEncoded(fields);
    OAuthStep &now = step(kind);
    now.input.clear();
    for (const auto &[name, value] : std::as_const(fields))
        now.input.append({QString::fromLatin1(name), value, isSecretField(name)});
    now.input.append({u"token_endpoint_auth_method"_s,
                      QString::fromLatin1(clientAuthenticationName(m_client.authentication)),
                      false});
    if (resource().isEmpty()) {
        now.checks.append({OAuthCheck::Result::Deviates,
                           u"The request goes without resource, as you chose."_s,
                           u"MCP, Resource Parameter Implementation"_s, u"AF-44"_s});
    }
    fetch(kind, stage, wanted);
}

void OAuthFlow::tokenAnswered(OAuthStepKind kind, const OAuthAnswer &http)
{
    constexpr int MostNonceTries = 2;
    if (const QByteArray nonce = headerOf(http.headers, "DPoP-Nonce"); !nonce.isEmpty())
        m_dpopNonce = nonce;
    if (http.failure) {
        attempt(http, http.failure->sentence);
        if (kind == OAuthStepKind::Refresh)
            m_unanswered = m_tokens.refreshToken;
        fail(kind, *http.failure);
        return;
    }
    const TokenAnswer answer = readTokenAnswer(http.status, mediaTypeOf(http.headers), http.body);
    m_tokenError = answer.error;
    attempt(http,
            answer.error.isEmpty() ? QString::number(http.status)
                                   : u"%1, %2"_s.arg(QString::number(http.status), answer.error));
    // RFC 9449, 8: the same once more, with the nonce that came with the refusal.
    if (answer.error == "use_dpop_nonce"_L1 && !headerOf(http.headers, "DPoP-Nonce").isEmpty()
        && m_nonceTries < MostNonceTries) {
        ++m_nonceTries;
        step(kind).checks.append(
            {OAuthCheck::Result::Passed,
             u"The authorisation server asks for a nonce in the proof: it was sent again with that."_s,
             u"RFC 9449, 8"_s});
        sendTokenRequest(kind, kind == OAuthStepKind::Refresh ? Stage::Refresh : Stage::Token,
                         m_tokenFields);
        return;
    }
    if (!answer.error.isEmpty() || !answer.problem.isEmpty()) {
        const Failure failure = tokenFailure(kind, answer, http);
        step(kind).checks.append(
            {OAuthCheck::Result::Failed, failure.sentence, u"OAuth 2.1, 3.2.4"_s, failure.finding});
        // Nor is a client that is not known there any more of use.
        if (answer.error == "invalid_client"_L1)
            forgetClient();
        // A refresh token that is dead stays dead.
        if (kind == OAuthStepKind::Refresh && !answer.error.isEmpty() && !isTemporary(answer, http))
            m_tokens.refreshToken.clear();
        fail(kind, failure);
        return;
    }
    takeTokens(kind, answer);
    judgeTimes(kind, http.headers);
}

void OAuthFlow::takeTokens(OAuthStepKind kind, const TokenAnswer &answer)
{
    const TokenSet before = m_tokens;
    OAuthStep &now = step(kind);
    for (const QString &oddity : answer.oddities) {
        now.checks.append({OAuthCheck::Result::Deviates, oddity, u"OAuth 2.1, 3.2.3"_s});
    }
    TokenSet tokens = answer.tokens;
    const bool refreshed = kind == OAuthStepKind::Refresh;
    tokens.requestedScope = refreshed ? before.requestedScope : m_requestedScope;
    tokens.scope = answer.scope.value_or(refreshed ? before.scope : m_requestedScope);
    tokens.resource = resource();
    tokens.issuer = m_issuer;
    tokens.clientId = m_client.id;
    tokens.received = m_environment.now() / 1000;
    // RFC 6749, 6: without a new one the old one goes on.
    if (refreshed && tokens.refreshToken.isEmpty())
        tokens.refreshToken = before.refreshToken;
    if (refreshed && tokens.idToken.isEmpty())
        tokens.idToken = before.idToken;
    if (tokens.type == "N_A") {
        fail(kind,
             {FailureKind::Protocol,
              u"token-answer"_s,
              u"The token is said to be no access token (token_type N_A): it was not used."_s,
              u"On the authorisation server's side: token_type has to be Bearer or DPoP."_s,
              0,
              {}});
        return;
    }
    if (!tokens.isDPoP() && m_settings.dpop == OAuthSettings::DPoP::Always) {
        fail(
            kind,
            {FailureKind::Protocol,
             u"dpop-refused"_s,
             u"A token that is bound to a key was asked for, and the authorisation server issued one for whoever bears it (token_type %1): it was not used (RFC 9449, 5)."_s
                 .arg(QString::fromUtf8(tokens.type.left(40))),
             u"Have the authorisation server bind its tokens, or do without DPoP."_s,
             0,
             {}});
        return;
    }
    if (tokens.isDPoP() && m_dpopKey.isNull()) {
        fail(
            kind,
            {FailureKind::Protocol,
             u"dpop-unasked"_s,
             u"The authorisation server issued a token that is bound to a key (token_type DPoP), and was shown none."_s,
             u"Let DPoP be used, or have the authorisation server issue bearer tokens."_s,
             0,
             {}});
        return;
    }
    if (tokens.isDPoP())
        tokens.dpopKey = m_dpopKey;
    m_tokens = tokens;
    const bool narrower = !scopeHolds(tokens.scope, tokens.requestedScope);
    if (refreshed && !scopeHolds(tokens.scope, before.scope)) {
        now.checks.append({OAuthCheck::Result::Deviates,
                           u"The new token has other scopes than the one before."_s,
                           u"OAuth 2.1, 4.3.1"_s, u"AF-63"_s, u"granted now"_s, tokens.scope,
                           u"granted before"_s, before.scope});
    } else if (narrower) {
        now.checks.append(
            {OAuthCheck::Result::Passed,
             u"Fewer scopes were granted than were asked for, as the authorisation server may."_s,
             u"OAuth 2.1, 3.2.2.1"_s,
             {},
             u"granted"_s,
             tokens.scope,
             u"asked for"_s,
             tokens.requestedScope});
    }
    now.output = {{u"access_token"_s, QString::fromUtf8(tokens.accessToken), true},
                  {u"token_type"_s, QString::fromUtf8(tokens.type), false},
                  {u"scope"_s, tokens.scope, false}};
    if (tokens.expiresIn)
        now.output.append({u"expires_in"_s, QString::number(*tokens.expiresIn), false});
    if (!answer.tokens.refreshToken.isEmpty())
        now.output.append({u"refresh_token"_s, QString::fromUtf8(tokens.refreshToken), true});
    if (!tokens.idToken.isEmpty())
        now.output.append({u"id_token"_s, QString::fromUtf8(tokens.idToken), true});
    leave(kind,
          refreshed ? u"New tokens were issued."_s
              : tokens.refreshToken.isEmpty()
              ? u"An access token was issued, without a refresh token."_s
              : u"An access token and a refresh token were issued."_s);
    m_action = OAuthRest();
    m_stage = Stage::None;
    m_alone = false;
}

bool OAuthFlow::isTemporary(const TokenAnswer &answer, const OAuthAnswer &http)
{
    // OAuth 2.1, 4.1.2.1 and RFC 8628, 3.5 have the names, for other answers; servers use them here
    // too.
    return http.status == 429 || http.status >= 500 || answer.error == "temporarily_unavailable"_L1
        || answer.error == "server_error"_L1 || answer.error == "slow_down"_L1;
}

Failure OAuthFlow::tokenFailure(OAuthStepKind kind, const TokenAnswer &answer,
                                const OAuthAnswer &http)
{
    const bool refreshing = kind == OAuthStepKind::Refresh;
    const QString request = refreshing ? u"The refresh"_s : u"The token request"_s;
    const QString status = QString::number(http.status);
    Failure failure{FailureKind::Protocol, u"token-refused"_s, {}, {}, http.exchange, {}};
    if (isBusyAnswer(http.status, http.headers)) {
        failure.code = u"try-later"_s;
        failure.sentence = busyWords(request, http.status, http.headers);
        failure.advice = BusyAdvice;
        failure.finding = u"AF-98"_s;
        return failure;
    }
    if (isTemporary(answer, http) && !answer.error.isEmpty()) {
        failure.code = u"try-later"_s;
        failure.sentence = u"%1 cannot be answered now: %2, %3.%4"_s.arg(
            request, status, answer.error.left(100), said(answer.errorDescription));
        failure.advice = u"Try again later: nothing of the log-in is lost."_s;
        return failure;
    }
    if (answer.error.isEmpty()) {
        failure.code = u"token-answer"_s;
        failure.sentence =
            u"%1 was answered with %2 (%3), where JSON with an access_token is meant."_s.arg(
                request, answer.problem, status);
        failure.advice = answer.isPage
            ? u"Look at the answer in the traffic: a login page or a proxy answers in the token endpoint's place."_s
            : u"Look at the answer in the traffic. On the authorisation server's side: OAuth 2.1, 3.2.3 says what it has to hold."_s;
        const QByteArray elsewhere = headerOf(http.headers, "Location");
        if (http.status / 100 == 3 && !elsewhere.isEmpty())
            failure.advice =
                u"It leads to “%1”, which is not followed: secrets go to the token endpoint and nowhere else. Have the metadata name the right one."_s
                    .arg(QString::fromUtf8(elsewhere.left(300)));
        failure.finding = answer.isPage ? u"AF-49"_s : QString();
        return failure;
    }
    failure.sentence = u"%1 was refused: %2 (%3).%4"_s.arg(request, answer.error.left(100), status,
                                                           said(answer.errorDescription));
    if (answer.error == "invalid_client"_L1 || http.status == 401) {
        failure.finding = u"AF-43"_s;
        failure.advice =
            u"The client showed itself by %1. See that it is registered for that, and that id and secret are right."_s
                .arg(QString::fromLatin1(clientAuthenticationName(m_client.authentication)));
    } else if (answer.error == "invalid_target"_L1) {
        failure.finding = targetFinding();
        failure.advice = targetAdvice();
    } else if (refreshing && answer.error == "invalid_grant"_L1) {
        failure.advice =
            u"The refresh token is used up, revoked or expired: log in again. Where refresh tokens rotate, two programs that share one bring this about."_s;
        // Only of a second use is it known that there was one (AF-64).
        failure.finding = m_tokens.refreshToken == m_unanswered && !m_unanswered.isEmpty()
            ? u"AF-64"_s
            : u"AF-11"_s;
    } else if (refreshing && answer.error == "invalid_scope"_L1) {
        failure.advice =
            u"The scope that was granted before is not granted any more: log in again for the scope that is wanted."_s;
    } else if (refreshing) {
        failure.finding = u"AF-65"_s;
        failure.advice =
            u"Log in again. On the authorisation server's side: a refresh token that is no longer good is invalid_grant (OAuth 2.1, 3.2.4)."_s;
    } else if (answer.error == "invalid_grant"_L1) {
        failure.advice =
            u"The code was used before, has expired, or was issued for another redirect URI or client: log in again."_s;
    } else {
        failure.advice = u"See what the authorisation server says of it, and log in again."_s;
    }
    return failure;
}

std::optional<OAuthFetch> OAuthFlow::revocation()
{
    const QByteArray token =
        m_tokens.refreshToken.isEmpty() ? m_tokens.accessToken : m_tokens.refreshToken;
    if (token.isEmpty() || !m_server)
        return {};
    return aboutToken(QUrl(m_server->revocationEndpoint, QUrl::StrictMode), u"token revocation"_s,
                      {{"token", QString::fromUtf8(token)},
                       {"token_type_hint",
                        m_tokens.refreshToken.isEmpty() ? u"access_token"_s : u"refresh_token"_s}});
}

std::optional<OAuthFetch> OAuthFlow::introspection()
{
    if (m_tokens.isEmpty() || !m_server)
        return {};
    return aboutToken(QUrl(m_server->introspectionEndpoint, QUrl::StrictMode),
                      u"token introspection"_s,
                      {{"token", QString::fromUtf8(m_tokens.accessToken)},
                       {"token_type_hint", u"access_token"_s}});
}

std::optional<OAuthFetch> OAuthFlow::keys() const
{
    const QUrl url = m_server ? QUrl(m_server->jwksUri, QUrl::StrictMode) : QUrl();
    if (!mayAsk(url))
        return {};
    OAuthFetch wanted;
    wanted.url = url;
    wanted.what = u"keys"_s;
    wanted.headers = {
        {"Accept", "application/jwk-set+json, application/json", HeaderSource::Protocol, false}};
    return wanted;
}

std::optional<OAuthFetch> OAuthFlow::aboutToken(const QUrl &url, const QString &what,
                                                FormFields fields)
{
    if (!mayAsk(url))
        return {};
    OAuthFetch wanted;
    wanted.kind = ExchangeKind::Token;
    wanted.method = "POST";
    wanted.url = url;
    wanted.what = what;
    wanted.headers = {
        {"Accept", "application/json", HeaderSource::Protocol, false},
        {"Content-Type", "application/x-www-form-urlencoded", HeaderSource::Protocol, false}};
    if (!authenticate(OAuthStepKind::Token, m_client, m_issuer, &fields, &wanted.headers))
        return {};
    wanted.body = formEncoded(fields);
    return wanted;
}

} // namespace sightglass
