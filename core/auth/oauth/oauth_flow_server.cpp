// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Where the authorisation server has what, and what it can do.

#include "core/auth/oauth/metadata_step.h"
#include "core/auth/oauth/oauth_flow.h"

namespace sightglass {

using namespace Qt::StringLiterals;

void OAuthFlow::askServerMetadata()
{
    const OAuthStepKind kind = OAuthStepKind::ServerMetadata;
    enter(kind, u"Asking %1 what it can do."_s.arg(m_issuer));
    step(kind).input = {{u"issuer"_s, m_issuer, false}};
    m_places = serverMetadataPlaces(m_issuer);
    if (!m_fallback) {
        m_seen.clear();
        m_finding.clear();
    }
    const QUrl issuer(m_issuer);
    if (m_places.isEmpty()) {
        fail(kind,
             {FailureKind::Protocol, u"issuer-unusable"_s,
              u"The authorisation server that the metadata names, “%1”, is no http(s) URL."_s.arg(
                  m_issuer),
              u"On the server's side: authorization_servers has to list the issuers as URLs."_s, 0,
              u"AF-26"_s});
        return;
    }
    if (m_url.scheme() == "https"_L1 && issuer.scheme() == "http"_L1
        && !isLoopbackHost(issuer.host())) {
        fail(
            kind,
            {FailureKind::Protocol, u"issuer-insecure"_s,
             u"The authorisation server %1 is on http: anybody on the way could change what it says."_s
                 .arg(m_issuer),
             u"Authorisation servers have to be on https."_s, 0, u"AF-25"_s});
        return;
    }
    const QUrl first = m_places.takeFirst();
    get(kind, Stage::ServerMetadata, first, first.path().mid(1));
}

void OAuthFlow::serverAnswered(const OAuthAnswer &answer)
{
    const OAuthStepKind kind = OAuthStepKind::ServerMetadata;
    const QString asked = m_asked.toString(MetadataUrlShown);
    if (answer.status == 200 && !answer.failure) {
        const auto read = readServerMetadata(mediaTypeOf(answer.headers), answer.body);
        if (read.document) {
            attempt(answer, u"found"_s);
            takeServer(*read.document, answer.exchange);
            return;
        }
        attempt(answer, read.instead);
        m_seen.append(u"%1 is %2"_s.arg(asked, read.instead));
        m_finding = u"AF-27"_s;
        step(kind).checks.append({OAuthCheck::Result::Deviates,
                                  u"%1 answers with 200, but is %2."_s.arg(asked, read.instead),
                                  u"RFC 8414, 3.2"_s, u"AF-27"_s});
    } else {
        attempt(answer, metadataOutcome(answer));
        m_seen.append(u"%1: %2"_s.arg(asked, metadataOutcome(answer)));
        if (isBusyAnswer(answer.status, answer.headers) && m_finding.isEmpty())
            m_finding = u"AF-98"_s;
    }
    if (!m_places.isEmpty()) {
        const QUrl next = m_places.takeFirst();
        get(kind, Stage::ServerMetadata, next, next.path().mid(1));
        return;
    }
    if (m_fallback) {
        // MCP 2025-03-26, 2.3.3: default endpoints, where there is no metadata at all. Whether they
        // are there shows when a client is registered; where none is to be, they are looked at.
        if (wasRefused() && m_last > kind) {
            takeDefaults();
            return;
        }
        if (wasRefused() && m_finding.isEmpty()) {
            const QUrl place(m_issuer + u"/authorize"_s);
            get(kind, Stage::DefaultEndpoint, place, place.path().mid(1));
            return;
        }
        noServerMetadata({});
        return;
    }
    m_places = wrongMetadataPlaces(m_issuer);
    if (m_places.isEmpty()) {
        noServerMetadata({});
        return;
    }
    const QUrl next = m_places.takeFirst();
    get(kind, Stage::WrongPlaces, next, next.path().mid(1));
}

void OAuthFlow::takeDefaults()
{
    const OAuthStepKind kind = OAuthStepKind::ServerMetadata;
    m_defaults = true;
    ServerMetadata document;
    document.issuer = m_issuer;
    document.authorizationEndpoint = m_issuer + u"/authorize"_s;
    document.tokenEndpoint = m_issuer + u"/token"_s;
    document.registrationEndpoint = m_issuer + u"/register"_s;
    document.tokenAuthMethods = QStringList{u"none"_s};
    m_server = document;
    OAuthStep &now = step(kind);
    now.output = {{u"authorization_endpoint"_s, document.authorizationEndpoint, false},
                  {u"token_endpoint"_s, document.tokenEndpoint, false},
                  {u"registration_endpoint"_s, document.registrationEndpoint, false}};
    leave(kind, u"None was found: the default endpoints of revision 2025-03-26 are tried."_s);
    if (m_last == kind && !m_refreshing)
        foretell();
    if (!endsHere(kind))
        serverKnown();
}

void OAuthFlow::defaultAnswered(const OAuthAnswer &answer)
{
    // Without parameters it refuses; that it is there is all that is asked.
    const bool there = !answer.failure && answer.status != 404 && answer.status != 410
        && answer.status != 405 && answer.status < 500 && answer.status != 401;
    attempt(answer, there ? u"there"_s : metadataOutcome(answer));
    if (there)
        takeDefaults();
    else
        noServerMetadata({});
}

void OAuthFlow::wrongPlaceAnswered(const OAuthAnswer &answer)
{
    const bool found = answer.status == 200 && !answer.failure
        && readServerMetadata(mediaTypeOf(answer.headers), answer.body).document.has_value();
    attempt(answer, found ? u"found, but this is no place for it"_s : metadataOutcome(answer));
    if (found) {
        noServerMetadata(m_asked.toString(MetadataUrlShown));
        return;
    }
    if (m_places.isEmpty()) {
        noServerMetadata({});
        return;
    }
    const QUrl next = m_places.takeFirst();
    get(OAuthStepKind::ServerMetadata, Stage::WrongPlaces, next, next.path().mid(1));
}

void OAuthFlow::noServerMetadata(const QString &found)
{
    const OAuthStepKind kind = OAuthStepKind::ServerMetadata;
    QStringList places;
    for (const QUrl &place : serverMetadataPlaces(m_issuer))
        places.append(place.toString());
    if (!found.isEmpty()) {
        step(kind).checks.append(
            {OAuthCheck::Result::Failed,
             u"Metadata stands where the specification does not look for it."_s, u"RFC 8414, 3.1"_s,
             u"AF-28"_s, u"found at"_s, found, u"first place"_s, places.constFirst()});
        fail(kind,
             {FailureKind::Protocol, u"metadata-misplaced"_s,
              u"The metadata of %1 stands at %2, where no client looks for it."_s.arg(m_issuer,
                                                                                      found),
              u"On the authorisation server's side: it belongs to %1."_s.arg(
                  places.join(u", or "_s)),
              0, u"AF-28"_s});
        return;
    }
    if (m_fallback && !wasRefused()) {
        fail(
            kind,
            {FailureKind::Usage,
             u"no-log-in-wanted"_s,
             m_refusal.status == 0
                 ? u"Nothing says how to log in at this server: it has no metadata for that."_s
                 : u"The server answers without a token (%1), and nothing says how to log in: it seems to want none."_s
                       .arg(m_refusal.status),
             u"Use it as it is. If it should want a token: it has to answer with 401, and name its metadata (RFC 9728)."_s,
             m_refusal.exchange,
             {}});
        return;
    }
    if (m_fallback && m_namedFailure) {
        fail(kind, *m_namedFailure);
        return;
    }
    if (m_fallback) {
        // Neither kind of metadata: the server says no way to authorise.
        const QString finding = !m_finding.isEmpty() ? m_finding : u"AF-20"_s;
        QString sentence =
            u"The server says no way to authorise: neither its answer nor the well-known URLs have metadata (%1)."_s
                .arg(m_seen.join(u"; "_s));
        if (finding == "AF-31"_L1)
            sentence =
                u"All that was asked is refused with web pages (403): this is a website, or a firewall for web applications stands in front of the server."_s;
        if (finding == "AF-98"_L1) {
            fail(kind,
                 {FailureKind::Protocol, u"try-later"_s,
                  u"How to authorise could not be asked, since the server is busy (%1)."_s.arg(
                      m_seen.join(u"; "_s)),
                  BusyAdvice, m_refusal.exchange, finding});
            return;
        }
        fail(
            kind,
            {FailureKind::Refused, u"no-way-to-authorise"_s, sentence,
             u"Ask the server's owner which token it wants, and give it as a bearer token; or have the server publish its metadata (RFC 9728)."_s,
             m_refusal.exchange, finding});
        return;
    }
    fail(kind,
         {FailureKind::Protocol, u"no-server-metadata"_s,
          u"The authorisation server %1 has no metadata that can be read: %2."_s.arg(
              m_issuer, m_seen.join(u"; "_s)),
          m_finding == "AF-98"_L1 ? BusyAdvice
                                  : u"On the authorisation server's side: it belongs to %1."_s.arg(
                                      places.join(u", or "_s)),
          0, m_finding});
}

void OAuthFlow::takeServer(const ServerMetadata &document, ExchangeId exchange)
{
    const OAuthStepKind kind = OAuthStepKind::ServerMetadata;
    OAuthStep &now = step(kind);
    m_serverExchange = exchange;
    const auto output = [&now](const QString &name, const QString &value) {
        if (!value.isEmpty())
            now.output.append({name, value, false});
    };
    now.output.clear();
    output(u"issuer"_s, document.issuer);
    output(u"authorization_endpoint"_s, document.authorizationEndpoint);
    output(u"token_endpoint"_s, document.tokenEndpoint);
    output(u"registration_endpoint"_s, document.registrationEndpoint);
    output(u"revocation_endpoint"_s, document.revocationEndpoint);
    output(u"introspection_endpoint"_s, document.introspectionEndpoint);
    output(u"jwks_uri"_s, document.jwksUri);
    if (document.scopesSupported)
        output(u"scopes_supported"_s, document.scopesSupported->join(u' '));
    if (document.codeChallengeMethods)
        output(u"code_challenge_methods_supported"_s, document.codeChallengeMethods->join(u' '));
    if (document.tokenAuthMethods)
        output(u"token_endpoint_auth_methods_supported"_s, document.tokenAuthMethods->join(u' '));
    if (document.grantTypes)
        output(u"grant_types_supported"_s, document.grantTypes->join(u' '));
    output(u"dpop_signing_alg_values_supported"_s, document.dpopAlgorithms.join(u' '));
    if (document.issInResponse)
        output(u"authorization_response_iss_parameter_supported"_s, u"true"_s);
    if (document.clientIdMetadata)
        output(u"client_id_metadata_document_supported"_s, u"true"_s);
    addMetadataProblems(now, document, u"RFC 8414, 2"_s);

    // In 2025-03-26 the issuer is the server's own origin, which has two spellings.
    if (m_fallback && document.issuer == m_issuer + u'/')
        m_issuer = document.issuer;
    const bool same = document.issuer == m_issuer;
    now.checks.append({same ? OAuthCheck::Result::Passed : OAuthCheck::Result::Failed,
                       same ? u"The metadata is of the issuer that was asked."_s
                            : u"The metadata is of another issuer than was asked."_s,
                       u"RFC 8414, 3.3"_s, same ? QString() : u"AF-29"_s,
                       u"issuer in the metadata"_s, document.issuer, u"issuer asked"_s, m_issuer});
    if (!same) {
        fail(
            kind,
            {FailureKind::Protocol, u"issuer-mismatch"_s,
             u"The metadata of %1 says that it is of “%2”: it is not used, since anybody could say so."_s
                 .arg(m_issuer, document.issuer),
             u"The issuer has to be the same in authorization_servers and in the metadata, character by character: change the one that is wrong."_s,
             exchange, u"AF-29"_s});
        return;
    }
    const auto refuse = [&](const QString &code, const QString &sentence, const QString &advice,
                            const QString &rule, const QString &finding) {
        now.checks.append({OAuthCheck::Result::Failed, sentence, rule, finding});
        fail(kind, {FailureKind::Protocol, code, sentence, advice, exchange, finding});
    };
    const auto unsafe = [&](const QString &name, const QString &value) {
        if (isSafeEndpoint(QUrl(value, QUrl::StrictMode)))
            return false;
        refuse(
            u"endpoint-unusable"_s,
            value.isEmpty()
                ? whyMissing(document, name, u"The metadata has no %1."_s.arg(name))
                : u"The %1, “%2”, is neither an https URL nor one on loopback: it is not used."_s
                      .arg(name, value),
            u"On the authorisation server's side: its metadata has to name it as an https URL."_s,
            u"RFC 8414, 2; OAuth 2.1, 1.5"_s, {});
        return true;
    };
    if (unsafe(u"token_endpoint"_s, document.tokenEndpoint))
        return;
    if (isInteractive()) {
        if (unsafe(u"authorization_endpoint"_s, document.authorizationEndpoint))
            return;
        const bool pkce =
            document.codeChallengeMethods && document.codeChallengeMethods->contains("S256"_L1);
        // Metadata of 2025-03-26 need not say so.
        if (!pkce && !m_fallback) {
            refuse(
                u"no-pkce"_s,
                u"The authorisation server does not say that it supports PKCE with S256 (code_challenge_methods_supported): it is refused, since codes could be stolen."_s,
                u"On the authorisation server's side: support PKCE with S256, and say so in the metadata."_s,
                u"MCP, Authorization Code Protection"_s, u"AF-30"_s);
            return;
        }
        now.checks.append(
            {pkce ? OAuthCheck::Result::Passed : OAuthCheck::Result::Deviates,
             pkce
                 ? u"It supports PKCE with S256."_s
                 : u"It does not say that it supports PKCE with S256, which is used all the same."_s,
             u"MCP, Authorization Code Protection"_s});
    }
    m_server = document;
    leave(kind, u"%1 is as it has to be."_s.arg(m_issuer));
    if (m_last == kind && !m_refreshing)
        foretell();
    if (!endsHere(kind))
        serverKnown();
}

void OAuthFlow::serverKnown()
{
    renewClient();
    if (m_refreshing) {
        m_refreshing = false;
        OAuthStep &now = enter(OAuthStepKind::Refresh, u"Asking for new tokens."_s);
        // RFC 6749, 6: what was granted, so that it stays (AF-63).
        FormFields fields{{"grant_type", u"refresh_token"_s},
                          {"refresh_token", QString::fromUtf8(m_tokens.refreshToken)}};
        if (!m_tokens.scope.isEmpty())
            fields.append({"scope", m_tokens.scope});
        if (!resource().isEmpty())
            fields.append({"resource", resource()});
        now.input = {{u"scope"_s, m_tokens.scope, false}, {u"resource"_s, resource(), false}};
        m_nonceTries = 0;
        sendTokenRequest(OAuthStepKind::Refresh, Stage::Refresh, fields);
        return;
    }
    chooseClient();
}

} // namespace sightglass
