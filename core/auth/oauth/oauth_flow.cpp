// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/oauth_flow.h"

#include "core/http/origin.h"
#include "core/http/redirect.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr struct {
    const char *name;
    const char *title;
} stepNames[OAuthStepCount] = {
    {"challenge", "Challenge"},
    {"resource-metadata", "Protected resource metadata"},
    {"server-metadata", "Authorisation server metadata"},
    {"client", "Client"},
    {"authorization", "Authorisation request"},
    {"callback", "Callback"},
    {"token", "Token"},
    {"use", "Use"},
    {"refresh", "Refresh"},
    {"step-up", "Step-up"},
};

OAuthStep freshStep(OAuthStepKind kind)
{
    OAuthStep step;
    step.kind = kind;
    return step;
}

} // namespace

QString oauthStepTitle(OAuthStepKind kind)
{
    return QString::fromLatin1(stepNames[int(kind)].title);
}

QByteArray oauthStepName(OAuthStepKind kind)
{
    return stepNames[int(kind)].name;
}

OAuthFlow::OAuthFlow(OAuthEnvironment environment)
    : m_environment(std::move(environment))
{
    clearFrom(OAuthStepKind::Challenge);
}

void OAuthFlow::begin(const QUrl &server, const OAuthRefusal &refusal)
{
    m_tokens = {};
    m_scopeSoFar.clear();
    m_stepUps = 0;
    m_refreshing = false;
    m_alone = false;
    clearFrom(OAuthStepKind::Challenge);
    takeChallenge(server, refusal);
}

void OAuthFlow::restore(const QUrl &server, const TokenSet &tokens, const ClientIdentity &client)
{
    clearFrom(OAuthStepKind::Challenge);
    m_url = server;
    m_tokens = tokens;
    m_client = client;
    m_issuer = tokens.issuer;
    m_requestedScope = tokens.requestedScope;
    m_scopeSoFar = tokens.requestedScope;
    m_dpopKey = tokens.dpopKey;
    ResourceMetadata document;
    document.resource = tokens.resource;
    document.authorizationServers = {tokens.issuer};
    m_resource = document;
    OAuthStep &token = step(OAuthStepKind::Token);
    token.state = OAuthStep::State::Done;
    token.sentence = u"Kept from an earlier log-in."_s;
}

void OAuthFlow::takeRenewed(const TokenSet &tokens)
{
    m_tokens = tokens;
    m_dpopKey = tokens.dpopKey;
    m_failure.reset();
    step(OAuthStepKind::Refresh) = freshStep(OAuthStepKind::Refresh);
    leave(OAuthStepKind::Refresh,
          u"Another program has renewed the tokens meanwhile: these are used."_s);
}

bool OAuthFlow::refresh(const OAuthRefusal &refusal)
{
    if (m_tokens.refreshToken.isEmpty() || isRunning())
        return false;
    m_refusal = refusal;
    m_failure.reset();
    m_alone = false;
    m_refreshing = true;
    step(OAuthStepKind::Refresh) = freshStep(OAuthStepKind::Refresh);
    if (!m_server) {
        clearFrom(OAuthStepKind::ServerMetadata);
        askServerMetadata();
    } else {
        serverKnown();
    }
    return true;
}

bool OAuthFlow::stepUp(const OAuthRefusal &refusal)
{
    if (!m_server || isRunning() || !isInteractive())
        return false;
    const QString before = scopeUnion(m_requestedScope, m_scopeSoFar);
    const QString wanted = challengedScope(refusal);
    const QString all = scopeUnion(before, wanted);
    m_challengedScope = wanted;
    m_refusal = refusal;
    m_failure.reset();
    m_alone = false;
    OAuthStep &up = enter(OAuthStepKind::StepUp, {});
    up = freshStep(OAuthStepKind::StepUp);
    enter(OAuthStepKind::StepUp, u"More scopes are asked for."_s);
    up.attempts.append({refusal.exchange, m_url, u"403"_s});
    up.input = {{u"requested so far"_s, before, false},
                {u"granted"_s, m_tokens.scope, false},
                {u"challenged"_s, wanted, false}};
    up.output = {{u"scope"_s, all, false}};
    const bool more = !scopeHolds(before, wanted);
    up.checks.append(
        {more ? OAuthCheck::Result::Passed : OAuthCheck::Result::Failed,
         more
             ? u"The challenge asks for scopes that were not asked for before."_s
             : u"All that the challenge asks for was asked for before: to ask once more brings the same token."_s,
         u"MCP 2026-07-28, Step-Up Authorization Flow"_s, more ? QString() : u"AF-61"_s,
         u"asked for so far"_s, before, u"scope of the challenge"_s, wanted});
    if (!more || m_stepUps >= MostStepUps) {
        fail(
            OAuthStepKind::StepUp,
            {FailureKind::Refused, u"insufficient-scope"_s,
             more
                 ? u"The server asks for more scopes after %1 steps up: that was given up."_s.arg(
                     m_stepUps)
                 : u"The server says that the scope “%1” lacks, which was asked for already (granted: “%2”)."_s
                       .arg(wanted, m_tokens.scope),
             u"The authorisation server did not grant it, or the MCP server does not see that it did: have the scopes of this account checked there."_s,
             refusal.exchange, u"AF-61"_s});
        return false;
    }
    ++m_stepUps;
    m_scopeSoFar = all;
    leave(OAuthStepKind::StepUp, u"Asks for “%1”."_s.arg(all));
    for (int kind = int(OAuthStepKind::Authorization); kind <= int(OAuthStepKind::Use); ++kind)
        m_steps[kind] = freshStep(OAuthStepKind(kind));
    clientKnown();
    return true;
}

void OAuthFlow::lacksScopes(const OAuthRefusal &refusal)
{
    const QString wanted = challengedScope(refusal);
    m_refusal = refusal;
    step(OAuthStepKind::StepUp) = freshStep(OAuthStepKind::StepUp);
    enter(OAuthStepKind::StepUp, {}).attempts.append({refusal.exchange, m_url, u"403"_s});
    fail(OAuthStepKind::StepUp,
         {FailureKind::Refused, u"insufficient-scope"_s,
          u"The server wants the scope “%1” for this, and the token has “%2”."_s.arg(
              wanted, m_tokens.scope),
          u"Log in again for all of it: “%1”."_s.arg(scopeUnion(m_tokens.scope, wanted)),
          refusal.exchange, u"AF-61"_s});
}

void OAuthFlow::runAgain(OAuthStepKind from, bool alone)
{
    m_failure.reset();
    m_action = OAuthRest();
    m_stage = Stage::None;
    m_refreshing = false;
    if (from == OAuthStepKind::Refresh) {
        refresh(m_refusal);
        m_alone = alone;
        return;
    }
    if (from == OAuthStepKind::StepUp)
        from = OAuthStepKind::Authorization;
    // Each needs what those before it gave.
    if (from >= OAuthStepKind::Callback && m_code.isEmpty() && isInteractive())
        from = OAuthStepKind::Authorization;
    if (from >= OAuthStepKind::Authorization && m_client.id.isEmpty() && isInteractive())
        from = OAuthStepKind::Client;
    if (from >= OAuthStepKind::Client && !m_server)
        from = OAuthStepKind::ServerMetadata;
    if (from >= OAuthStepKind::ServerMetadata && m_issuer.isEmpty())
        from = OAuthStepKind::ResourceMetadata;
    m_alone = alone;
    switch (from) {
    case OAuthStepKind::Challenge: {
        const OAuthRefusal refusal = m_refusal;
        clearFrom(OAuthStepKind::Challenge);
        takeChallenge(m_url, refusal);
        break;
    }
    case OAuthStepKind::ResourceMetadata:
        clearFrom(from);
        askResourceMetadata();
        break;
    case OAuthStepKind::ServerMetadata:
        clearFrom(from);
        askServerMetadata();
        break;
    case OAuthStepKind::Client:
        clearFrom(from);
        m_client = {};
        forgetClient();
        chooseClient();
        break;
    case OAuthStepKind::Authorization:
    case OAuthStepKind::Callback:
        clearFrom(OAuthStepKind::Authorization);
        clientKnown();
        break;
    default:
        clearFrom(OAuthStepKind::Token);
        requestToken();
        break;
    }
}

void OAuthFlow::cancel(const Failure &why)
{
    if (isRunning())
        fail(m_at, why);
}

void OAuthFlow::answered(const OAuthAnswer &answer)
{
    if (!std::holds_alternative<OAuthFetch>(m_action))
        return;
    m_action = OAuthRest();
    switch (m_stage) {
    case Stage::ResourceMetadata:
        if (!followed(answer))
            resourceAnswered(answer);
        break;
    case Stage::OtherResource:
        if (!followed(answer))
            otherResourceAnswered(answer);
        break;
    case Stage::ServerMetadata:
        if (!followed(answer))
            serverAnswered(answer);
        break;
    case Stage::DefaultEndpoint:
        defaultAnswered(answer);
        break;
    case Stage::WrongPlaces:
        if (!followed(answer))
            wrongPlaceAnswered(answer);
        break;
    case Stage::IdpMetadata:
        if (!followed(answer))
            idpAnswered(answer);
        break;
    case Stage::Registration:
        registrationAnswered(answer);
        break;
    case Stage::IdJag:
        idJagAnswered(answer);
        break;
    case Stage::Token:
        tokenAnswered(OAuthStepKind::Token, answer);
        break;
    case Stage::Refresh:
        tokenAnswered(OAuthStepKind::Refresh, answer);
        break;
    case Stage::None:
        break;
    }
}

void OAuthFlow::answer(bool agreed)
{
    const auto *ask = std::get_if<OAuthAsk>(&m_action);
    if (!ask || ask->about != OAuthAsk::About::PrivateAddress)
        return;
    const QUrl url = ask->url;
    if (!agreed) {
        fail(m_at,
             {FailureKind::Cancelled,
              u"private-address"_s,
              u"%1 was not asked: it is a private address, and a public server named it."_s.arg(
                  url.host()),
              u"Agree to it if you know that it is right."_s,
              0,
              {}});
        return;
    }
    m_settings.allowPrivateAddresses = true;
    if (m_at == OAuthStepKind::Authorization)
        requestAuthorization();
    else
        get(m_at, m_stage, url, url.path().mid(1));
}

void OAuthFlow::expireTokens()
{
    if (!m_tokens.isEmpty()) {
        m_tokens.received = 0;
        m_tokens.expiresIn = 1;
    }
}

void OAuthFlow::dropTokens()
{
    m_tokens = {};
    m_scopeSoFar.clear();
    m_stepUps = 0;
    m_dpopKey = {};
}

QString OAuthFlow::resource() const
{
    if (m_settings.resource)
        return *m_settings.resource;
    return m_resource ? m_resource->resource : canonicalResource(m_url);
}

OAuthStep &OAuthFlow::enter(OAuthStepKind kind, const QString &sentence)
{
    OAuthStep &entered = step(kind);
    entered.kind = kind;
    m_at = kind;
    if (entered.began == 0)
        entered.began = m_environment.now();
    entered.ended = 0;
    entered.state = OAuthStep::State::Running;
    entered.failure.reset();
    entered.sentence = sentence;
    return entered;
}

void OAuthFlow::leave(OAuthStepKind kind, const QString &sentence)
{
    OAuthStep &left = step(kind);
    left.state = OAuthStep::State::Done;
    left.sentence = sentence;
    left.ended = m_environment.now();
}

void OAuthFlow::skip(OAuthStepKind kind, const QString &sentence)
{
    enter(kind, sentence);
    leave(kind, sentence);
    step(kind).state = OAuthStep::State::Skipped;
}

void OAuthFlow::fail(OAuthStepKind kind, Failure failure)
{
    OAuthStep &failed = step(kind);
    // What shows it, or what led to it.
    for (int shown = int(kind); shown >= 0 && failure.exchange == 0; --shown) {
        if (!m_steps.at(shown).attempts.isEmpty())
            failure.exchange = m_steps.at(shown).attempts.constLast().exchange;
    }
    if (failed.began == 0)
        failed.began = m_environment.now();
    failed.state = OAuthStep::State::Failed;
    failed.sentence = failure.sentence;
    failed.failure = failure;
    failed.ended = m_environment.now();
    m_failure = failure;
    m_action = OAuthRest();
    m_stage = Stage::None;
    m_at = kind;
    m_refreshing = false;
}

void OAuthFlow::clearFrom(OAuthStepKind kind)
{
    m_steps.resize(OAuthStepCount);
    for (int i = int(kind); i < OAuthStepCount; ++i)
        m_steps[i] = freshStep(OAuthStepKind(i));
    m_failure.reset();
    m_action = OAuthRest();
    m_stage = Stage::None;
    if (kind <= OAuthStepKind::ResourceMetadata) {
        m_resource.reset();
        m_issuer.clear();
        m_fallback = m_defaults = false;
    }
    if (kind <= OAuthStepKind::ServerMetadata)
        m_server.reset();
    if (kind <= OAuthStepKind::Authorization)
        m_code.clear();
}

bool OAuthFlow::endsHere(OAuthStepKind kind)
{
    if (kind < m_last && !m_alone)
        return false;
    m_action = OAuthRest();
    m_stage = Stage::None;
    m_alone = false;
    return true;
}

bool OAuthFlow::leadsInside(const QUrl &url) const
{
    return isPrivateHost(url.host()) && !isPrivateHost(m_url.host())
        && !m_settings.allowPrivateAddresses;
}

bool OAuthFlow::asksAbout(const QUrl &url)
{
    if (!leadsInside(url))
        return false;
    m_action = OAuthAsk{
        OAuthAsk::About::PrivateAddress,
        u"%1, a public server, leads to %2, which is an address of this machine or its local network."_s
            .arg(m_url.host(), url.host()),
        url};
    return true;
}

void OAuthFlow::fetch(OAuthStepKind kind, Stage stage, OAuthFetch wanted)
{
    m_at = kind;
    m_stage = stage;
    m_asked = wanted.url;
    wanted.cause = m_refusal.exchange;
    if (!asksAbout(wanted.url))
        m_action = wanted;
}

void OAuthFlow::get(OAuthStepKind kind, Stage stage, const QUrl &url, const QString &what)
{
    OAuthFetch wanted;
    wanted.url = url;
    wanted.what = what;
    wanted.headers = {{"Accept", "application/json", HeaderSource::Protocol, false}};
    // Some servers tell different revisions apart by it (MCP 2025-03-26, 2.3.1).
    if (!m_settings.revision.isEmpty())
        wanted.headers.append(
            {"MCP-Protocol-Version", m_settings.revision, HeaderSource::Protocol, false});
    fetch(kind, stage, wanted);
}

OAuthAttempt &OAuthFlow::attempt(const OAuthAnswer &answer, const QString &outcome)
{
    OAuthStep &now = step(m_at);
    now.attempts.append({answer.exchange, m_asked, outcome});
    return now.attempts.last();
}

bool OAuthFlow::followed(const OAuthAnswer &answer)
{
    constexpr int MostHops = 5;
    const QByteArray location = headerOf(answer.headers, "Location");
    if (answer.failure || !isRedirect(answer.status) || location.isEmpty()) {
        m_hops = 0;
        return false;
    }
    const QUrl to = m_asked.resolved(QUrl::fromEncoded(location))
                        .adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
    const bool usable = to.isValid() && !to.host().isEmpty()
        && (to.scheme() == "https"_L1
            || (to.scheme() == "http"_L1 && m_asked.scheme() == "http"_L1));
    if (!usable || ++m_hops > MostHops) {
        // The next place begins anew.
        m_hops = 0;
        return false;
    }
    const QString shown = to.toString(QUrl::RemoveQuery);
    attempt(answer, u"%1, redirected to %2"_s.arg(QString::number(answer.status), shown));
    if (!(Origin::of(to) == Origin::of(m_asked))) {
        step(m_at).checks.append({OAuthCheck::Result::Deviates,
                                  u"%1 redirects to another origin, %2."_s.arg(
                                      m_asked.toString(QUrl::RemoveQuery),
                                      QString::fromLatin1(Origin::of(to).toString())),
                                  u"RFC 9728, 7.7"_s,
                                  {},
                                  u"asked"_s,
                                  QString::fromLatin1(Origin::of(m_asked).toString()),
                                  u"redirected to"_s,
                                  QString::fromLatin1(Origin::of(to).toString())});
    }
    get(m_at, m_stage, to, to.path().mid(1));
    return true;
}

} // namespace sightglass
