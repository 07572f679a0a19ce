// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What the refusal says, and who issues tokens for the server.

#include "core/auth/challenge.h"
#include "core/auth/oauth/metadata_step.h"
#include "core/auth/oauth/oauth_flow.h"
#include "core/http/origin.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

QString originOf(const QUrl &url)
{
    return QString::fromLatin1(Origin::of(url).toString());
}

} // namespace

QString OAuthFlow::challengedScope(const OAuthRefusal &refusal)
{
    const Challenges challenges = Challenges::of(refusal.headers);
    const Challenge *challenge = challenges.forToken();
    return challenge ? QString::fromUtf8(challenge->scopes().join(' ')) : QString();
}

bool OAuthFlow::wasRefused() const
{
    return m_refusal.status == 401 || m_refusal.status == 403;
}

bool OAuthFlow::wasAnswered() const
{
    const QByteArray type = mediaTypeOf(m_refusal.headers);
    const bool speaks = type == "application/json" || type == "text/event-stream";
    // A revision that it does not know it refuses in words of JSON-RPC.
    return m_refusal.status == 202 || m_refusal.status == 204
        || (speaks && (m_refusal.status / 100 == 2 || m_refusal.status == 400));
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
        client.sentence = clientIdWanted();
        client.checks.append(noWayToRegister());
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
    } else if (!wasRefused() && !wasAnswered()) {
        enter(OAuthStepKind::Challenge, {})
            .attempts.append({refusal.exchange, server, QString::number(refusal.status)});
        failUnanswered();
        return;
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
            now.checks.append(
                {OAuthCheck::Result::Deviates, problem.sentence, u"RFC 9110, 11.6.1"_s});
        }
        if (refusal.status == 403 && !refusal.hadToken) {
            now.checks.append(
                {OAuthCheck::Result::Deviates,
                 u"A request without a token was answered with 403, where 401 is meant."_s,
                 u"MCP, Authorization, Error Handling"_s, u"AF-67"_s, u"status"_s, u"403"_s,
                 u"expected"_s, u"401"_s});
        }
        m_challengedDPoP = challenges.find("DPoP") != nullptr;
        const Challenge *challenge = challenges.forToken();
        if (challenge) {
            now.output.append({u"scheme"_s, QString::fromUtf8(challenge->scheme), false});
            for (const AuthParam &param : challenge->params)
                now.output.append(
                    {QString::fromUtf8(param.name), QString::fromUtf8(param.value), false});
            m_challengedScope = challengedScope(refusal);
        } else {
            const QByteArrayList schemes = challenges.schemes();
            now.checks.append(
                {OAuthCheck::Result::Deviates,
                 schemes.isEmpty()
                     ? u"The refusal has no WWW-Authenticate that says how to authorise."_s
                     : u"WWW-Authenticate offers %1, but not Bearer."_s.arg(
                         QString::fromUtf8(schemes.join(", "))),
                 u"RFC 6750, 3; RFC 9728, 5.1"_s, schemes.isEmpty() ? QString() : u"AF-21"_s});
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
                                   u"AF-25"_s, u"resource_metadata"_s, said, u"server"_s,
                                   originOf(server)});
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

/// Neither a refusal nor an answer of an MCP server.
void OAuthFlow::failUnanswered()
{
    const int status = m_refusal.status;
    const QByteArray type = mediaTypeOf(m_refusal.headers);
    const QByteArray after = headerOf(m_refusal.headers, "Retry-After");
    const bool waits = (status == 429 || status == 503) && !after.isEmpty();
    Failure failure{
        FailureKind::Protocol,
        u"no-challenge"_s,
        u"The server answered with %1%2, and not as an MCP server does: whether it wants a token cannot be told."_s
            .arg(QString::number(status),
                 type.isEmpty() ? QString() : u" (%1)"_s.arg(QString::fromUtf8(type.left(60)))),
        u"See that the URL is that of the MCP endpoint, path included."_s,
        m_refusal.exchange,
        status / 100 == 2 ? u"AF-91"_s : QString()};
    if (waits) {
        failure.finding = u"AF-98"_s;
        failure.advice =
            u"Try again later (Retry-After: %1)."_s.arg(QString::fromLatin1(after.left(40)));
    } else if (status == 429 || status >= 500) {
        failure.advice = u"Try again later; the fault is on the server's side."_s;
    }
    fail(OAuthStepKind::Challenge, failure);
}

void OAuthFlow::askResourceMetadata()
{
    enter(OAuthStepKind::ResourceMetadata, u"Asking who issues tokens for this server."_s);
    m_places.clear();
    m_seen.clear();
    m_finding.clear();
    m_broken = false;
    m_namedFailure.reset();
    m_atNamed = !m_challengedPlace.isEmpty();
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
    const QString asked = m_asked.toString(MetadataUrlShown);
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
                                  u"RFC 9728, 3.2"_s, u"AF-27"_s});
    } else {
        const QString outcome = metadataOutcome(answer);
        attempt(answer, outcome);
        m_seen.append(u"%1: %2"_s.arg(asked, outcome));
        // Only where the endpoint itself was refused so, too.
        const bool pages = mediaTypeOf(answer.headers) == "text/html" && m_refusal.status == 403
            && mediaTypeOf(m_refusal.headers) == "text/html";
        if (answer.status == 403 && pages && m_finding.isEmpty())
            m_finding = u"AF-31"_s;
        else if (isBusyAnswer(answer.status, answer.headers) && m_finding.isEmpty())
            m_finding = u"AF-98"_s;
        if (m_atNamed)
            namedPlaceFailed(answer, outcome);
    }
    m_atNamed = false;
    if (!m_places.isEmpty()) {
        const QUrl next = m_places.takeFirst();
        get(kind, Stage::ResourceMetadata, next, next.path().mid(1));
        return;
    }
    withoutResourceMetadata();
}

void OAuthFlow::namedPlaceFailed(const OAuthAnswer &answer, const QString &outcome)
{
    const QString place = m_challengedPlace.toString(MetadataUrlShown);
    Failure failure{
        FailureKind::Protocol,
        u"named-metadata-missing"_s,
        u"The challenge names %1 for the metadata of the server, and there is none (%2)."_s.arg(
            place, outcome),
        u"On the server's side: serve the metadata there, or name the URL where it is (resource_metadata)."_s,
        answer.exchange,
        u"AF-25"_s};
    if (answer.failure) {
        // Nobody answered: that it is the wrong URL is not known.
        failure = *answer.failure;
        failure.exchange = answer.exchange;
        if (failure.finding.isEmpty() && failure.kind == FailureKind::Unreachable)
            failure.finding = u"AF-99"_s;
        if (failure.advice.isEmpty())
            failure.advice = u"On the server's side: serve the metadata there."_s;
        failure.sentence =
            u"The challenge names %1 for the metadata of the server, which could not be had. %2"_s
                .arg(place, answer.failure->sentence);
    } else if (isBusyAnswer(answer.status, answer.headers)) {
        failure.finding = u"AF-98"_s;
        failure.sentence = busyWords(u"GET %1"_s.arg(place), answer.status, answer.headers);
        failure.advice = BusyAdvice;
    }
    m_namedFailure = failure;
    step(OAuthStepKind::ResourceMetadata)
        .checks.append(
            {OAuthCheck::Result::Deviates, failure.sentence, u"RFC 9728, 5.1"_s, failure.finding});
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
    addMetadataProblems(now, document, u"RFC 9728, 2"_s);

    const QString expected = canonicalResource(m_url);
    const UriDifference difference = resourceDifference(document.resource, expected);
    OAuthCheck check{OAuthCheck::Result::Passed,
                     u"The metadata is about this server."_s,
                     u"RFC 9728, 3.3"_s,
                     {},
                     u"resource"_s,
                     document.resource,
                     u"server"_s,
                     expected};
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
    case UriDifference::SameOrigin: {
        // Whether that endpoint has the same metadata, rightly (AF-24), it tells itself.
        m_otherResource = document;
        m_otherExchange = exchange;
        const QUrl place = resourceMetadataPlaces(QUrl(document.resource)).constFirst();
        get(kind, Stage::OtherResource, place, place.path().mid(1));
        return;
    }
    case UriDifference::Other:
        check.result = OAuthCheck::Result::Failed;
        check.finding = u"AF-23"_s;
        check.sentence = u"The metadata is about another server."_s;
        break;
    }
    if (check.result == OAuthCheck::Result::Failed) {
        failResource(document, exchange, check);
        return;
    }
    now.checks.append(check);
    m_resource = document;
    if (document.authorizationServers.isEmpty()) {
        now.checks.append({OAuthCheck::Result::Failed,
                           u"The metadata names no authorisation server."_s,
                           u"MCP, Authorization Server Location"_s, u"AF-26"_s});
        fail(
            kind,
            {FailureKind::Protocol, u"no-authorization-server"_s,
             whyMissing(
                 document, u"authorization_servers",
                 u"The server's metadata names no authorisation server: there is nobody to ask for a token."_s),
             u"On the server's side: authorization_servers has to list at least one issuer."_s,
             exchange, u"AF-26"_s});
        return;
    }
    chooseIssuer();
}

void OAuthFlow::otherResourceAnswered(const OAuthAnswer &answer)
{
    const auto read = answer.status == 200 && !answer.failure
        ? readResourceMetadata(mediaTypeOf(answer.headers), answer.body)
        : ReadMetadata<ResourceMetadata>();
    const ResourceMetadata document = m_otherResource;
    const bool isItsOwn = read.document && read.document->resource == document.resource;
    attempt(answer,
            isItsOwn            ? u"the same, of that endpoint"_s
                : read.document ? u"of “%1”"_s.arg(read.document->resource)
                                : metadataOutcome(answer));
    failResource(
        document, m_otherExchange,
        {OAuthCheck::Result::Failed,
         isItsOwn
             ? u"The metadata is that of another endpoint of this server, which has the same: each endpoint needs metadata of its own."_s
             : u"The metadata is about another endpoint of this server: each endpoint needs metadata of its own."_s,
         u"RFC 9728, 3.3"_s, isItsOwn ? u"AF-24"_s : u"AF-23"_s, u"resource"_s, document.resource,
         u"server"_s, canonicalResource(m_url)});
}

void OAuthFlow::failResource(const ResourceMetadata &document, ExchangeId exchange,
                             const OAuthCheck &check)
{
    const OAuthStepKind kind = OAuthStepKind::ResourceMetadata;
    step(kind).checks.append(check);
    fail(
        kind,
        {FailureKind::Protocol, u"resource-mismatch"_s,
         u"The metadata of %1 is about another resource, “%2”: no token is asked for."_s.arg(
             canonicalResource(m_url), document.resource),
         u"On the server's side: its resource has to be the URL that clients connect to, character by character."_s,
         exchange, check.finding});
}

void OAuthFlow::chooseIssuer()
{
    const OAuthStepKind kind = OAuthStepKind::ResourceMetadata;
    const QStringList &offered = m_resource->authorizationServers;
    // Which of them is the client's choice (RFC 9728, 2): the first that can be asked.
    const auto usable = [](const QString &issuer) {
        return !serverMetadataPlaces(issuer).isEmpty();
    };
    const auto first = std::find_if(offered.cbegin(), offered.cend(), usable);
    m_issuer = first == offered.cend() ? offered.constFirst() : *first;
    for (auto passed = offered.cbegin(); first != offered.cend() && passed != first; ++passed) {
        step(kind).checks.append(
            {OAuthCheck::Result::Deviates,
             u"The metadata names “%1” as an authorisation server, which is no http(s) URL: it is passed over."_s
                 .arg(*passed),
             u"RFC 9728, 2"_s, u"AF-26"_s});
    }
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
         u"MCP, Authorization Server Location"_s});
    leave(
        kind,
        u"None was found. In revision 2025-03-26 the server's own origin is the authorisation server: that is tried."_s);
    step(kind).state = OAuthStep::State::Skipped;
    if (!endsHere(kind))
        askServerMetadata();
}

} // namespace sightglass
