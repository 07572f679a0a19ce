// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/authorizer.h"

#include "core/auth/challenge.h"
#include "core/auth/login/browser_note.h"
#include "core/auth/oauth/dpop.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// The failure of a person who changed their mind.
Failure cancelledByPerson()
{
    return {FailureKind::Cancelled, u"cancelled"_s, u"Logging in was cancelled."_s, {}, 0, {}};
}

OAuthRefusal refusalOf(const AnswerHead &head)
{
    return {head.exchange, head.status, head.headers, !head.authorization.isEmpty()};
}

bool wantsNonce(const AnswerHead &head)
{
    const Challenges challenges = Challenges::of(head.headers);
    const Challenge *dpop = challenges.find("DPoP");
    return dpop && dpop->error() == "use_dpop_nonce"
        && !headerOf(head.headers, "DPoP-Nonce").isEmpty();
}

} // namespace

QList<QByteArray> secretsOf(const OAuthState &state, const TokenSet &tokens)
{
    QList<QByteArray> secrets{tokens.accessToken, tokens.refreshToken, tokens.idToken};
    for (const OAuthStep &step : state.steps) {
        for (const QList<OAuthFact> &facts : {step.input, step.output}) {
            for (const OAuthFact &fact : facts) {
                if (fact.secret)
                    secrets.append(fact.value.toUtf8());
            }
        }
    }
    return secrets;
}

Authorizer::Authorizer(HttpGate *gate, OAuthEnvironment environment, QObject *parent)
    : QObject(parent)
    , m_gate(gate)
    , m_environment(environment)
    , m_flow(std::move(environment))
{
    m_renewal.setSingleShot(true);
    m_renewal.setTimerType(Qt::CoarseTimer);
    connect(&m_renewal, &QTimer::timeout, this, [this] {
        if (isRunning() || !canRenew())
            return;
        m_byHand = false;
        renew({});
    });
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_callback.close();
        m_flow.notCalledBack(m_patience.interval());
        proceed();
    });
    connect(&m_callback, &CallbackServer::called, this, &Authorizer::takeCallback);
}

Authorizer::~Authorizer()
{
    if (m_fetch) {
        m_fetch->disconnect(this);
        m_fetch->abort();
        m_fetch->deleteLater();
    }
    unlock();
}

void Authorizer::setTarget(const QUrl &server, const OAuthSettings &settings)
{
    if (m_server != server) {
        cancel();
        m_flow = OAuthFlow(m_environment);
        m_fresh = m_refreshed = false;
        m_loaded = m_loading = m_loggingOut = false;
        m_refreshes = 0;
        m_nonce.clear();
        m_renewal.stop();
    }
    m_server = server;
    m_settings = settings;
    m_flow.setSettings(settings);
    Q_EMIT changed();
}

void Authorizer::logIn(const HttpRequest &probe)
{
    if (isRunning())
        return;
    m_byHand = true;
    afterLoading([this, probe] { challenge(probe, OAuthStepKind::StepUp); });
}

void Authorizer::explore(const HttpRequest &probe)
{
    if (isRunning())
        return;
    m_byHand = true;
    challenge(probe, OAuthStepKind::ServerMetadata);
}

void Authorizer::challenge(const HttpRequest &probe, OAuthStepKind last)
{
    HttpRequest request = probe;
    request.refusalStands = true;
    request.answerTimeoutMs = m_timeoutMs;
    m_muted = true;
    HttpExchange *http = m_gate->send(request);
    m_muted = false;
    m_fetch = http;
    Q_EMIT changed();
    endInTime(http);
    // What it says is wanted whole; only a stream's end would be long in coming.
    connect(http, &HttpExchange::headReceived, this, [http] {
        if (mediaTypeOf(http->responseHeaders().lines()) == "text/event-stream")
            http->abort(
                Failure{FailureKind::Cancelled,
                        u"closed"_s,
                        u"The stream was not asked for: its head has said what was to be known."_s,
                        {},
                        0,
                        {}});
    });
    connect(http, &HttpExchange::finished, this, [this, http, probe, last] {
        http->deleteLater();
        m_fetch.clear();
        // The older transport takes no POST there.
        const bool older = http->status() == 404 || http->status() == 405;
        if (older && probe.method == "POST") {
            HttpRequest stream = probe;
            stream.kind = ExchangeKind::Stream;
            stream.method = "GET";
            stream.what = u"event stream"_s;
            stream.body.clear();
            stream.headers = HeaderList();
            stream.headers.add("Accept", "text/event-stream", HeaderSource::Protocol);
            challenge(stream, last);
            return;
        }
        m_flow.setLast(last);
        if (http->status() == 0) {
            m_flow.failChallenge(m_server, http->failure().value_or(Failure()));
        } else {
            m_refusal = {http->id(), http->status(), http->responseHeaders().lines(), false};
            m_flow.begin(m_server, m_refusal);
        }
        proceed();
    });
}

void Authorizer::runAgain(OAuthStepKind from, bool alone, const OAuthSettings &settings)
{
    // Whoever waits for what ran until now waits for what runs instead.
    ++m_run;
    m_loading = false;
    unlock();
    dropFetch();
    m_callback.close();
    m_byHand = m_waiters.empty();
    m_settings = settings;
    m_flow.setSettings(settings);
    m_flow.setLast(OAuthStepKind::StepUp);
    m_flow.runAgain(from, alone);
    proceed();
}

void Authorizer::refreshNow()
{
    if (isRunning() || !canRenew())
        return;
    m_byHand = true;
    renew({});
}

void Authorizer::expireLocally()
{
    m_flow.expireTokens();
    m_renewal.stop();
    Q_EMIT changed();
}

HttpExchange *Authorizer::dispatch(const OAuthFetch &fetch,
                                   const std::function<void(HttpExchange *)> &then)
{
    HttpRequest request;
    request.kind = fetch.kind;
    request.method = fetch.method;
    request.url = fetch.url;
    request.what = fetch.what;
    request.headers = HeaderList(fetch.headers);
    request.body = fetch.body;
    request.cause = fetch.cause;
    // Where metadata leads is looked at hop by hop; tokens and secrets are sent where they were to
    // go, and nowhere else.
    request.followRedirects = false;
    request.toAuthorizationServer = fetch.kind != ExchangeKind::Discovery;
    request.answerTimeoutMs = m_timeoutMs;
    HttpExchange *http = m_gate->send(request);
    endInTime(http);
    connect(http, &HttpExchange::bodyReceived, this, [http](QByteArrayView bytes, qint64 offset) {
        if (offset + bytes.size() > MostMetadataBytes) {
            http->abort(Failure{FailureKind::Cancelled,
                                u"closed"_s,
                                u"It is longer than 1 MiB, and was not read to its end."_s,
                                {},
                                0,
                                {}});
        }
    });
    connect(http, &HttpExchange::finished, this, [http, then] {
        http->deleteLater();
        then(http);
    });
    return http;
}

void Authorizer::cancel()
{
    if (!isRunning())
        return;
    ++m_run;
    m_leaving.tokens.clear();
    if (std::exchange(m_loading, false)) {
        m_loaded = false; // what is kept is asked for again
        unlock();
        decideAll(false);
        Q_EMIT changed();
        return;
    }
    dropFetch();
    m_flow.cancel(cancelledByPerson());
    ended();
}

void Authorizer::dropFetch()
{
    if (!m_fetch)
        return;
    HttpExchange *http = m_fetch;
    m_fetch.clear();
    http->disconnect(this);
    http->abort();
    http->deleteLater();
}

void Authorizer::takeCallback(const QUrl &url)
{
    // Only where a browser is awaited: what runs already is not to be sent once more.
    if (!std::holds_alternative<OAuthBrowse>(m_flow.action()))
        return;
    m_callback.close();
    m_flow.calledBack(url);
    proceed();
}

void Authorizer::answerQuestion(bool agreed)
{
    const auto *ask = std::get_if<OAuthAsk>(&m_flow.action());
    if (!ask || ask->about != OAuthAsk::About::PrivateAddress)
        return;
    m_flow.answer(agreed);
    proceed();
}

QByteArray Authorizer::authorization() const
{
    const TokenSet &tokens = m_flow.tokens();
    return tokens.isEmpty() ? QByteArray()
                            : (tokens.isDPoP() ? "DPoP " : "Bearer ") + tokens.accessToken;
}

QList<Header> Authorizer::lines(const QUrl &url, const QByteArray &method) const
{
    const TokenSet &tokens = m_flow.tokens();
    if (tokens.isEmpty() || m_muted || m_settings.mode == OAuthSettings::Mode::Off)
        return {};
    QList<Header> lines{{"Authorization", authorization(), HeaderSource::Credential, true}};
    if (tokens.isDPoP()) {
        // A proof is of one request (RFC 9449, 4.2).
        DpopRequest proof;
        proof.method = method;
        proof.url = url;
        proof.accessToken = tokens.accessToken;
        proof.nonce = m_sentNonce = m_nonce;
        proof.jti = base64Url(m_environment.random(16));
        proof.iat = m_environment.now() / 1000;
        lines.append({"DPoP", dpopProof(tokens.dpopKey, proof), HeaderSource::Credential, false});
    }
    return lines;
}

void Authorizer::received(const AnswerHead &head)
{
    // RFC 9449, 8.2: the newest is the one to use.
    if (const QByteArray nonce = headerOf(head.headers, "DPoP-Nonce"); !nonce.isEmpty())
        m_nonce = nonce;
    const bool current = !head.authorization.isEmpty() && head.authorization == authorization();
    if (current && head.status != 401 && (m_fresh || m_refreshed)) {
        m_fresh = m_refreshed = false;
        m_flow.used({head.exchange, head.status, {}, true});
        Q_EMIT changed();
    }
}

bool Authorizer::mayBegin() const
{
    return m_settings.mode == OAuthSettings::Mode::Interactive
        || (m_settings.mode == OAuthSettings::Mode::Silent
            && m_settings.grant != OAuthGrant::AuthorizationCode);
}

bool Authorizer::refused(const RefusedRequest &request, const std::function<void(bool)> &decide)
{
    const AnswerHead &head = request.head;
    if (m_settings.mode == OAuthSettings::Mode::Off || request.tries > MostTries)
        return false;
    const TokenSet &tokens = m_flow.tokens();
    const bool current = head.authorization == authorization();
    // With another nonce than the proof had it is worth a try.
    if (head.status == 401 && tokens.isDPoP() && current && wantsNonce(head)
        && headerOf(head.headers, "DPoP-Nonce") != m_sentNonce) {
        decide(true);
        return true;
    }
    if (isRunning()) {
        wait(request, decide);
        return true;
    }
    if (tokens.isEmpty() && !m_loaded && m_kept.load) {
        wait(request, decide);
        afterLoading([this, request] {
            if (!m_flow.tokens().isEmpty())
                decideAll(true);
            else
                carryOn(begins(request));
            Q_EMIT changed();
        });
        return true;
    }
    // It went out before the token that there is now.
    if (head.status == 401 && !current && !tokens.isEmpty()) {
        decide(true);
        return true;
    }
    const Begun begun = begins(request);
    if (begun == Begun::No)
        return false;
    wait(request, decide);
    carryOn(begun);
    return true;
}

void Authorizer::carryOn(Begun begun)
{
    switch (begun) {
    case Begun::No:
        decideAll(false);
        break;
    case Begun::Flow:
        proceed();
        break;
    case Begun::Renewal:
        renew(m_refusal);
        break;
    }
}

Authorizer::Begun Authorizer::begins(const RefusedRequest &request)
{
    const OAuthRefusal refusal = refusalOf(request.head);
    m_refusal = refusal;
    const bool hasToken = !m_flow.tokens().isEmpty();
    m_byHand = false;
    m_flow.setLast(OAuthStepKind::StepUp);
    if (refusal.status == 403) {
        const Challenges challenges = Challenges::of(refusal.headers);
        const Challenge *challenge = challenges.forToken();
        if (!challenge || (hasToken && challenge->error() != "insufficient_scope"))
            return Begun::No;
        if (hasToken) {
            const bool asks = m_settings.mode == OAuthSettings::Mode::Interactive;
            const bool begun = asks && m_flow.stepUp(refusal);
            if (!asks)
                m_flow.lacksScopes(refusal);
            Q_EMIT changed();
            if (!begun)
                note();
            return begun ? Begun::Flow : Begun::No;
        }
    }
    if (hasToken && m_fresh) {
        m_flow.used(refusal);
        note();
        Q_EMIT changed();
        return Begun::No;
    }
    // A renewed token that is refused is not renewed once more.
    if (hasToken && !m_refreshed && canRenew())
        return Begun::Renewal;
    if (!mayBegin())
        return Begun::No;
    m_flow.begin(m_server, refusal);
    return Begun::Flow;
}

void Authorizer::wait(const RefusedRequest &request, const std::function<void(bool)> &decide)
{
    m_waiters.push_back({request.waiting, decide});
    if (!request.waiting)
        return;
    connect(request.waiting, &QObject::destroyed, this, [this] {
        const bool anybody = std::any_of(m_waiters.cbegin(), m_waiters.cend(),
                                         [](const Waiter &waiter) { return waiter.who; });
        // Nobody would use what a person is asked for.
        if (!anybody && !m_waiters.empty() && !m_byHand) {
            m_waiters.clear();
            cancel();
        }
    });
}

void Authorizer::proceed()
{
    const OAuthAction action = m_flow.action();
    m_patience.stop();
    note();
    if (const auto *fetch = std::get_if<OAuthFetch>(&action)) {
        send(*fetch);
    } else if (const auto *listen = std::get_if<OAuthListen>(&action)) {
        QString problem;
        if (m_callback.listen(listen->host, listen->port, listen->preferred, listen->path,
                              &problem))
            m_flow.listening(m_callback.url());
        else
            m_flow.cannotListen(problem);
        proceed();
        return;
    } else if (const auto *browse = std::get_if<OAuthBrowse>(&action)) {
        if (m_flow.client().source == ClientIdentity::Source::Registered)
            Q_EMIT clientChanged();
        m_callback.expect();
        // A recording that ends here shows what it was that did not come (AF-48).
        m_gate->trace()->note(
            QString::fromLatin1(BrowserNote),
            u"The browser is awaited at %1."_s.arg(browse->redirectUri.toString(QUrl::RemoveQuery)),
            m_refusal.exchange);
        if (m_settings.browserTimeoutMs > 0)
            m_patience.start(m_settings.browserTimeoutMs);
        Q_EMIT changed();
        Q_EMIT browserWanted(browse->url);
        return;
    } else if (std::holds_alternative<OAuthRest>(action)) {
        ended();
        return;
    }
    Q_EMIT changed();
}

void Authorizer::send(const OAuthFetch &fetch)
{
    m_fetch = dispatch(fetch, [this](HttpExchange *http) {
        m_fetch.clear();
        OAuthAnswer answer;
        answer.exchange = http->id();
        answer.status = http->status();
        answer.headers = http->responseHeaders().lines();
        answer.body = m_gate->trace()->responseBody(http->id(), 0, MostMetadataBytes + 1);
        // That it is too long shows by its length.
        if (answer.body.size() <= MostMetadataBytes)
            answer.failure = http->failure();
        m_flow.answered(answer);
        proceed();
    });
}

void Authorizer::endInTime(HttpExchange *http)
{
    if (m_timeoutMs <= 0)
        return;
    // The gate sees to it that a head comes; the rest has the same time once more.
    connect(http, &HttpExchange::headReceived, http, [this, http, limit = m_timeoutMs] {
        QTimer::singleShot(limit, http, [this, http, limit] {
            if (http->isFinished())
                return;
            http->abort(Failure{
                FailureKind::TimedOut,
                u"timed-out"_s,
                u"The answer to %1 did not come to its end within %2 ms."_s.arg(
                    m_gate->trace()->request(http->id()).what, QString::number(limit)),
                u"Try again; if it stays so, the authorisation server or a proxy before it is at fault."_s,
                http->id(),
                {}});
        });
    });
}

void Authorizer::ended()
{
    m_callback.close();
    m_patience.stop();
    if (std::exchange(m_loggingOut, false)) {
        revoke();
        return;
    }
    const bool hasToken = !m_flow.tokens().isEmpty();
    const bool good = hasToken && !m_flow.failure();
    if (m_flow.failure() && m_flow.tokenError() == "invalid_client"_L1
        && m_flow.client().source == ClientIdentity::Source::Registered)
        Q_EMIT clientForgotten(m_flow.client());
    const auto done = [this](OAuthStepKind kind) {
        return m_flow.steps().at(int(kind)).state == OAuthStep::State::Done;
    };
    if (good) {
        m_refreshed = done(OAuthStepKind::Refresh);
        m_refreshes = m_refreshed ? m_refreshes + 1 : 0;
        m_fresh = !m_refreshed && done(OAuthStepKind::Token);
        planRefresh();
        Q_EMIT tokensChanged();
        // What it shows itself by is wanted again when the tokens are renewed.
        if (m_flow.client().source == ClientIdentity::Source::Given)
            Q_EMIT clientChanged();
    }
    unlock();
    if (m_flow.failure() && !m_byHand && mayBegin() && !m_waiters.empty()
        && m_flow.steps().at(int(OAuthStepKind::Refresh)).state == OAuthStep::State::Failed) {
        // What cannot be renewed is got anew; whoever waits goes on waiting.
        note();
        m_flow.begin(m_server, m_refusal);
        proceed();
        return;
    }
    note();
    decideAll(good);
    Q_EMIT changed();
}

void Authorizer::decideAll(bool again)
{
    const std::vector<Waiter> waiters = std::exchange(m_waiters, {});
    for (const Waiter &waiter : waiters) {
        if (waiter.who)
            waiter.decide(again);
    }
    for (const std::function<void()> &then : std::exchange(m_prepared, {}))
        then();
}

void Authorizer::note()
{
    // Each step that ended once, with what it was judged by: a recording tells what happened where
    // no exchange does.
    QByteArray now;
    ExchangeId newest = 0; // that led to the step, where it has none itself
    for (const OAuthStep &step : m_flow.steps()) {
        if (!step.attempts.isEmpty())
            newest = step.attempts.constLast().exchange;
        const bool over = step.state == OAuthStep::State::Done
            || step.state == OAuthStep::State::Skipped || step.state == OAuthStep::State::Failed;
        if (!over)
            continue;
        const QByteArray key =
            oauthStepName(step.kind) + '@' + QByteArray::number(step.ended) + ';';
        now += key;
        if (m_told.contains(key))
            continue;
        const ExchangeId exchange =
            step.attempts.isEmpty() ? 0 : step.attempts.constLast().exchange;
        m_gate->trace()->note(u"oauth"_s, oauthStepTitle(step.kind) + u": "_s + step.sentence,
                              exchange);
        for (const OAuthCheck &check : step.checks) {
            if (!check.finding.isEmpty() && check.result == OAuthCheck::Result::Deviates)
                m_gate->trace()->note(u"oauth"_s, check.sentence, newest, -1, check.finding);
        }
        if (step.failure && step.failure->kind != FailureKind::Cancelled)
            m_gate->trace()->noteFailure(*step.failure);
    }
    m_told = now;
}

OAuthState Authorizer::state() const
{
    OAuthState state;
    state.server = m_server;
    state.steps = m_flow.steps();
    state.challengedScope = m_flow.challengedScope();
    state.failure = m_flow.failure();
    const TokenSet &tokens = m_flow.tokens();
    if (!tokens.isEmpty()) {
        state.tokens = TokenFacts{QString::fromUtf8(tokens.type),
                                  tokens.scope,
                                  tokens.requestedScope,
                                  tokens.resource,
                                  tokens.issuer,
                                  tokens.clientId,
                                  tokens.received,
                                  tokens.expires(),
                                  !tokens.refreshToken.isEmpty(),
                                  m_refreshes};
    }
    if (const auto *browse = std::get_if<OAuthBrowse>(&m_flow.action())) {
        state.phase = OAuthState::Phase::Browser;
        state.browse = browse->url;
        state.redirectUri = browse->redirectUri;
    } else if (const auto *ask = std::get_if<OAuthAsk>(&m_flow.action())) {
        state.phase = OAuthState::Phase::Question;
        state.question = *ask;
    } else if (isRunning()) {
        state.phase = OAuthState::Phase::Running;
    } else if (m_flow.failure()) {
        state.phase = OAuthState::Phase::Failed;
    } else if (!tokens.isEmpty()) {
        state.phase = OAuthState::Phase::Authorized;
    }
    return state;
}

} // namespace sightglass
