// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Who issues tokens for the server, and where that one has what.

#include "core/auth/challenge.h"
#include "core/auth/oauth/oauth_flow.h"
#include "core/http/origin.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr auto Shown = QUrl::RemoveUserInfo | QUrl::RemoveQuery;

QString originOf(const QUrl &url)
{
    return QString::fromLatin1(Origin::of(url).toString());
}

/// What an answer is where metadata was asked for, other than 200.
QString outcomeOf(const OAuthAnswer &answer)
{
    return answer.failure ? answer.failure->sentence : QString::number(answer.status);
}

template <typename T> void addProblems(OAuthStep &step, const T &document, const QString &rule)
{
    for (const MetadataProblem &problem : document.problems) {
        step.checks.append(
            {OAuthCheck::Result::Deviates, problem.sentence, rule, {}, {}, {}, {}, u"AF-27"_s});
    }
}

} // namespace

bool OAuthFlow::wasRefused() const
{
    return m_refusal.status == 401 || m_refusal.status == 403;
}

void OAuthFlow::failChallenge(const QUrl &server, const Failure &why)
{
    clearFrom(OAuthStepKind::Challenge);
    m_url = server;
    m_refusal = {};
    enter(OAuthStepKind::Challenge, {}).attempts.append({why.exchange, server, why.sentence});
    fail(OAuthStepKind::Challenge, why);
}

void OAuthFlow::foretell()
{
    OAuthStep &client = step(OAuthStepKind::Client);
    if (!m_settings.clientId.isEmpty())
        client.sentence =
            u"Would come as %1, which was registered beforehand."_s.arg(m_settings.clientId);
    else if (!isInteractive())
        client.sentence = u"The grant would say who the client is."_s;
    else if (m_server->clientIdMetadata && !m_settings.clientMetadataUrl.isEmpty())
        client.sentence = u"Would come as %1."_s.arg(m_settings.clientMetadataUrl);
    else if (!m_server->registrationEndpoint.isEmpty())
        client.sentence = u"Would register at %1, if that was not done before."_s.arg(
            m_server->registrationEndpoint);
    else {
        client.sentence =
            u"A client id would be needed that was registered beforehand: no client is registered by itself here."_s;
        client.checks.append(
            {OAuthCheck::Result::Failed,
             u"It has neither a registration_endpoint nor, for us, client ID metadata documents."_s,
             u"MCP, Client Registration"_s,
             {},
             {},
             {},
             {},
             u"AF-40"_s});
    }
    QString rule;
    const QString scope = scopeToRequest(&rule);
    step(OAuthStepKind::Authorization).sentence =
        u"Would ask for %1, resource %2, and have the browser come back to %3."_s.arg(
            scope.isEmpty() ? u"no scope"_s : u"the scope “%1” (%2)"_s.arg(scope, rule),
            resource().isEmpty() ? u"not sent"_s : u"“%1”"_s.arg(resource()),
            m_settings.redirectHost);
}

void OAuthFlow::takeChallenge(const QUrl &server, const OAuthRefusal &refusal)
{
    m_url = server;
    m_refusal = refusal;
    m_challengedScope.clear();
    m_challengedPlace.clear();
    m_challengedDPoP = false;
    if (refusal.exchange == 0 && refusal.status == 0) {
        skip(OAuthStepKind::Challenge,
             u"Nothing was refused: what the server says of authorisation is asked for."_s);
    } else if (!wasRefused()) {
        OAuthStep &now = enter(OAuthStepKind::Challenge, {});
        now.attempts.append({refusal.exchange, server, QString::number(refusal.status)});
        leave(OAuthStepKind::Challenge,
              u"The server answered without a token (%1): it wants none for this."_s.arg(
                  refusal.status));
        step(OAuthStepKind::Challenge).state = OAuthStep::State::Skipped;
    } else {
        OAuthStep &now = enter(OAuthStepKind::Challenge, {});
        now.attempts.append({refusal.exchange, server, QString::number(refusal.status)});
        const Challenges challenges = Challenges::of(refusal.headers);
        for (const ChallengeProblem &problem : challenges.problems) {
            now.checks.append({OAuthCheck::Result::Deviates,
                               problem.sentence,
                               u"RFC 9110, 11.6.1"_s,
                               {},
                               {},
                               {},
                               {},
                               {}});
        }
        if (refusal.status == 403 && !refusal.hadToken) {
            now.checks.append(
                {OAuthCheck::Result::Deviates,
                 u"A request without a token was answered with 403, where 401 is meant."_s,
                 u"MCP, Authorization, Error Handling"_s, u"status"_s, u"403"_s, u"expected"_s,
                 u"401"_s, u"AF-67"_s});
        }
        m_challengedDPoP = challenges.find("DPoP") != nullptr;
        const Challenge *challenge = challenges.forToken();
        if (challenge) {
            now.output.append({u"scheme"_s, QString::fromUtf8(challenge->scheme), false});
            for (const AuthParam &param : challenge->params)
                now.output.append(
                    {QString::fromUtf8(param.name), QString::fromUtf8(param.value), false});
            m_challengedScope = QString::fromUtf8(challenge->scopes().join(' '));
        } else {
            const QByteArrayList schemes = challenges.schemes();
            now.checks.append(
                {OAuthCheck::Result::Deviates,
                 schemes.isEmpty()
                     ? u"The refusal has no WWW-Authenticate that says how to authorise."_s
                     : u"WWW-Authenticate offers %1, but not Bearer."_s.arg(
                         QString::fromUtf8(schemes.join(", "))),
                 u"RFC 6750, 3; RFC 9728, 5.1"_s,
                 {},
                 {},
                 {},
                 {},
                 schemes.isEmpty() ? QString() : u"AF-21"_s});
        }
        const QByteArray place = challenges.resourceMetadata();
        if (!place.isEmpty()) {
            const QString said = QString::fromUtf8(place);
            const QUrl url(said, QUrl::StrictMode);
            const bool web = url.scheme() == "https"_L1 || url.scheme() == "http"_L1;
            QString problem;
            if (!url.isValid() || url.isRelative() || !web || url.host().isEmpty())
                problem = u"resource_metadata is no whole http(s) URL."_s;
            else if (server.scheme() == "https"_L1 && url.scheme() != "https"_L1)
                problem = u"resource_metadata is an http URL, of a server on https."_s;
            else if (!(Origin::of(url) == Origin::of(server)))
                problem = u"resource_metadata is at another origin than the server."_s;
            if (!problem.isEmpty()) {
                now.checks.append({OAuthCheck::Result::Deviates, problem, u"RFC 9728, 5.1"_s,
                                   u"resource_metadata"_s, said, u"server"_s, originOf(server),
                                   u"AF-25"_s});
            }
            // What is elsewhere is not trusted to say who issues tokens for this server; nor is
            // what anybody on the way could have changed.
            if (problem.isEmpty())
                m_challengedPlace = url;
        }
        leave(OAuthStepKind::Challenge,
              m_challengedPlace.isEmpty()
                  ? u"The server refused the request (%1) and does not say where its metadata is."_s
                        .arg(refusal.status)
                  : u"The server refused the request (%1) and names its metadata."_s.arg(
                      refusal.status));
    }
    if (!endsHere(OAuthStepKind::Challenge))
        askResourceMetadata();
}

void OAuthFlow::askResourceMetadata()
{
    enter(OAuthStepKind::ResourceMetadata, u"Asking who issues tokens for this server."_s);
    m_places.clear();
    m_seen.clear();
    m_finding.clear();
    m_broken = false;
    if (!m_challengedPlace.isEmpty())
        m_places.append(m_challengedPlace);
    for (const QUrl &place : resourceMetadataPlaces(m_url)) {
        if (!m_places.contains(place))
            m_places.append(place);
    }
    const QUrl first = m_places.takeFirst();
    get(OAuthStepKind::ResourceMetadata, Stage::ResourceMetadata, first, first.path().mid(1));
}

void OAuthFlow::resourceAnswered(const OAuthAnswer &answer)
{
    const OAuthStepKind kind = OAuthStepKind::ResourceMetadata;
    const QString asked = m_asked.toString(Shown);
    if (answer.status == 200 && !answer.failure) {
        const auto read = readResourceMetadata(mediaTypeOf(answer.headers), answer.body);
        if (read.document) {
            attempt(answer, u"found"_s);
            takeResource(*read.document, answer.exchange);
            return;
        }
        attempt(answer, read.instead);
        m_seen.append(u"%1 is %2"_s.arg(asked, read.instead));
        m_finding = u"AF-27"_s;
        // A page answers whatever is asked for; a document that is broken was meant to be read.
        m_broken = m_broken || !read.isPage;
        step(kind).checks.append({OAuthCheck::Result::Deviates,
                                  u"%1 answers with 200, but is %2."_s.arg(asked, read.instead),
                                  u"RFC 9728, 3.2"_s,
                                  {},
                                  {},
                                  {},
                                  {},
                                  u"AF-27"_s});
    } else {
        const QString outcome = outcomeOf(answer);
        attempt(answer, outcome);
        m_seen.append(u"%1: %2"_s.arg(asked, outcome));
        const bool page = mediaTypeOf(answer.headers) == "text/html";
        if (answer.status == 403 && page && m_finding.isEmpty())
            m_finding = u"AF-31"_s;
        if (m_asked == m_challengedPlace) {
            step(kind).checks.append(
                {OAuthCheck::Result::Deviates,
                 u"The URL that the challenge names has no metadata (%1)."_s.arg(outcome),
                 u"RFC 9728, 5.1"_s,
                 {},
                 {},
                 {},
                 {},
                 u"AF-25"_s});
        }
    }
    if (!m_places.isEmpty()) {
        const QUrl next = m_places.takeFirst();
        get(kind, Stage::ResourceMetadata, next, next.path().mid(1));
        return;
    }
    withoutResourceMetadata();
}

void OAuthFlow::takeResource(const ResourceMetadata &document, ExchangeId exchange)
{
    const OAuthStepKind kind = OAuthStepKind::ResourceMetadata;
    OAuthStep &now = step(kind);
    now.input = {{u"server"_s, m_url.toString(QUrl::RemoveUserInfo), false}};
    now.output = {{u"resource"_s, document.resource, false},
                  {u"authorization_servers"_s, document.authorizationServers.join(u' '), false}};
    if (document.scopesSupported)
        now.output.append({u"scopes_supported"_s, document.scopesSupported->join(u' '), false});
    addProblems(now, document, u"RFC 9728, 2"_s);

    const QString expected = canonicalResource(m_url);
    const UriDifference difference = uriDifference(document.resource, expected);
    OAuthCheck check{OAuthCheck::Result::Passed,
                     u"The metadata is about this server."_s,
                     u"RFC 9728, 3.3"_s,
                     u"resource"_s,
                     document.resource,
                     u"server"_s,
                     expected,
                     {}};
    switch (difference) {
    case UriDifference::None:
        break;
    case UriDifference::TrailingSlash:
        check.result = OAuthCheck::Result::Deviates;
        check.finding = u"AF-22"_s;
        check.sentence =
            u"The metadata's resource and the server's URL differ by a slash at the end: strict clients refuse that."_s;
        break;
    case UriDifference::Parent:
        // At the root stands metadata of the root (RFC 9728, 3.1).
        check.result = OAuthCheck::Result::Deviates;
        check.finding = u"AF-23"_s;
        check.sentence =
            u"The metadata is about a place above the server's URL: some clients accept that, strict ones refuse it."_s;
        break;
    case UriDifference::SameOrigin:
        check.result = OAuthCheck::Result::Failed;
        // Whether all endpoints have the same one (AF-24) is seen only where several are asked.
        check.finding = u"AF-23"_s;
        check.sentence =
            u"The metadata is about another endpoint of this server: each endpoint needs metadata of its own."_s;
        break;
    case UriDifference::Other:
        check.result = OAuthCheck::Result::Failed;
        check.finding = u"AF-23"_s;
        check.sentence = u"The metadata is about another server."_s;
        break;
    }
    now.checks.append(check);
    if (check.result == OAuthCheck::Result::Failed) {
        fail(
            kind,
            {FailureKind::Protocol, u"resource-mismatch"_s,
             u"The metadata of %1 is about another resource, “%2”: no token is asked for."_s.arg(
                 expected, document.resource),
             u"On the server's side: its resource has to be the URL that clients connect to, character by character."_s,
             exchange, check.finding});
        return;
    }
    m_resource = document;
    if (document.authorizationServers.isEmpty()) {
        now.checks.append({OAuthCheck::Result::Failed,
                           u"The metadata names no authorisation server."_s,
                           u"MCP, Authorization Server Location"_s,
                           {},
                           {},
                           {},
                           {},
                           u"AF-26"_s});
        fail(
            kind,
            {FailureKind::Protocol, u"no-authorization-server"_s,
             u"The server's metadata names no authorisation server: there is nobody to ask for a token."_s,
             u"On the server's side: authorization_servers has to list at least one issuer."_s,
             exchange, u"AF-26"_s});
        return;
    }
    chooseIssuer();
}

void OAuthFlow::chooseIssuer()
{
    const OAuthStepKind kind = OAuthStepKind::ResourceMetadata;
    const QStringList &offered = m_resource->authorizationServers;
    m_issuer = offered.constFirst();
    if (!m_settings.clientIssuer.isEmpty() && offered.contains(m_settings.clientIssuer))
        m_issuer = m_settings.clientIssuer;
    leave(kind,
          offered.size() == 1 ? u"Tokens are issued by %1."_s.arg(m_issuer)
                              : u"Tokens are issued by %1 (of %2 that are named)."_s.arg(
                                  m_issuer, QString::number(offered.size())));
    if (!endsHere(kind))
        askServerMetadata();
}

void OAuthFlow::withoutResourceMetadata()
{
    const OAuthStepKind kind = OAuthStepKind::ResourceMetadata;
    if (m_broken) {
        fail(
            kind,
            {FailureKind::Protocol, u"resource-metadata-broken"_s,
             u"The server has metadata that cannot be used: %1."_s.arg(m_seen.join(u"; "_s)),
             u"On the server's side: see RFC 9728, 2; it has to be a JSON object with its resource."_s,
             0, u"AF-27"_s});
        return;
    }
    // MCP 2025-03-26, 2.3.2: the authorisation server is the MCP server's own origin.
    m_fallback = true;
    m_defaults = false;
    m_issuer = originOf(m_url);
    step(kind).checks.append(
        {OAuthCheck::Result::Deviates,
         u"There is no protected resource metadata, which servers have to have since 2025-06-18."_s,
         u"MCP, Authorization Server Location"_s,
         {},
         {},
         {},
         {},
         {}});
    leave(
        kind,
        u"None was found. In revision 2025-03-26 the server's own origin is the authorisation server: that is tried."_s);
    step(kind).state = OAuthStep::State::Skipped;
    if (!endsHere(kind))
        askServerMetadata();
}

void OAuthFlow::askServerMetadata()
{
    const OAuthStepKind kind = OAuthStepKind::ServerMetadata;
    enter(kind, u"Asking %1 what it can do."_s.arg(m_issuer));
    step(kind).input = {{u"issuer"_s, m_issuer, false}};
    m_places = serverMetadataPlaces(m_issuer);
    const QString before = m_seen.join(u"; "_s);
    if (!m_fallback) {
        m_seen.clear();
        m_finding.clear();
    }
    Q_UNUSED(before)
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
    const QString asked = m_asked.toString(Shown);
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
                                  u"RFC 8414, 3.2"_s,
                                  {},
                                  {},
                                  {},
                                  {},
                                  u"AF-27"_s});
    } else {
        attempt(answer, outcomeOf(answer));
        m_seen.append(u"%1: %2"_s.arg(asked, outcomeOf(answer)));
    }
    if (!m_places.isEmpty()) {
        const QUrl next = m_places.takeFirst();
        get(kind, Stage::ServerMetadata, next, next.path().mid(1));
        return;
    }
    if (m_fallback) {
        // MCP 2025-03-26, 2.3.3: default endpoints, where there is no metadata at all. Whether they
        // are there shows when a client is registered.
        if (m_last > kind && wasRefused()) {
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
            leave(kind,
                  u"None was found: the default endpoints of revision 2025-03-26 are tried."_s);
            if (!endsHere(kind))
                serverKnown();
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

void OAuthFlow::wrongPlaceAnswered(const OAuthAnswer &answer)
{
    const bool found = answer.status == 200 && !answer.failure
        && readServerMetadata(mediaTypeOf(answer.headers), answer.body).document.has_value();
    attempt(answer, found ? u"found, but this is no place for it"_s : outcomeOf(answer));
    if (found) {
        noServerMetadata(m_asked.toString(Shown));
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
             u"found at"_s, found, u"first place"_s, places.constFirst(), u"AF-28"_s});
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
    if (m_fallback) {
        // Neither kind of metadata: the server says no way to authorise.
        const QString finding = !m_finding.isEmpty() ? m_finding : u"AF-20"_s;
        QString sentence =
            u"The server says no way to authorise: neither its answer nor the well-known URLs have metadata (%1)."_s
                .arg(m_seen.join(u"; "_s));
        if (finding == "AF-31"_L1)
            sentence =
                u"All that was asked is refused with web pages (403): this is a website, or a firewall for web applications stands in front of the server."_s;
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
          u"On the authorisation server's side: it belongs to %1."_s.arg(places.join(u", or "_s)),
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
    addProblems(now, document, u"RFC 8414, 2"_s);

    const bool same = document.issuer == m_issuer;
    now.checks.append({same ? OAuthCheck::Result::Passed : OAuthCheck::Result::Failed,
                       same ? u"The metadata is of the issuer that was asked."_s
                            : u"The metadata is of another issuer than was asked."_s,
                       u"RFC 8414, 3.3"_s, u"issuer in the metadata"_s, document.issuer,
                       u"issuer asked"_s, m_issuer, same ? QString() : u"AF-29"_s});
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
        now.checks.append({OAuthCheck::Result::Failed, sentence, rule, {}, {}, {}, {}, finding});
        fail(kind, {FailureKind::Protocol, code, sentence, advice, exchange, finding});
    };
    const auto unsafe = [&](const QString &name, const QString &value) {
        if (isSafeEndpoint(QUrl(value, QUrl::StrictMode)))
            return false;
        refuse(
            u"endpoint-unusable"_s,
            value.isEmpty()
                ? u"The metadata has no %1."_s.arg(name)
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
             u"MCP, Authorization Code Protection"_s,
             {},
             {},
             {},
             {},
             {}});
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
