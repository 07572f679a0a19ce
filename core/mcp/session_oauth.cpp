// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// How a session comes to its tokens.

#include "core/mcp/modern_era.h"
#include "core/mcp/session_private.h"

#include <QDateTime>
#include <QRandomGenerator>

namespace sightglass {

using namespace Qt::StringLiterals;

OAuthEnvironment Session::Private::systemEnvironment()
{
    return {[](int bytes) {
                QByteArray random(bytes, Qt::Uninitialized);
                QRandomGenerator *generator = QRandomGenerator::system();
                for (char &byte : random)
                    byte = char(generator->bounded(256));
                return random;
            },
            [] { return QDateTime::currentMSecsSinceEpoch(); }};
}

std::optional<Failure> Session::Private::arrange(const ServerTarget &wanted)
{
    if (const std::optional<Failure> problem = targetProblem(wanted))
        return problem;
    target = wanted;
    credentials = std::make_unique<CredentialSet>(target.url, target.credentials);
    credentials->setTokens(&authorizer);
    credentials->setOnSecrets(
        [this](const QList<Header> &secrets) { Q_EMIT q->secretsReceived(secrets); });
    tokenNotes = std::make_unique<TokenNotes>(credentials.get(), trace);
    gate.setCredentials(tokenNotes.get());
    gate.setMisbehaviour(misbehaviour(target.acting));
    NetworkSettings network = target.network;
    network.serverOrigin = Origin::of(target.url).toString();
    gate.setNetworkSettings(network);
    authorizer.setTimeout(network.answerTimeoutMs);
    OAuthSettings oauth = target.oauth;
    if (target.revision != "auto"_L1)
        oauth.revision = target.revision.toLatin1();
    authorizer.setTarget(target.isChannel() ? QUrl() : target.url, oauth);
    return {};
}

std::optional<Failure> Session::Private::authorizationFailure(const Failure &refusal) const
{
    // What became of an earlier log-in says nothing of a token that was given by hand.
    const bool asked =
        target.oauth.mode != OAuthSettings::Mode::Off && !target.credentials.hasAuthorization();
    const bool isRefusal = asked && refusal.kind == FailureKind::Refused;
    const std::optional<Failure> &why = authorizer.failure();
    return isRefusal && why ? why : std::nullopt;
}

void Session::setKeeper(TokenKeeper *keeper)
{
    // It lives in another thread, perhaps: what is asked goes there, and the answer comes back.
    const auto ask = [self = QPointer(this), keeper](const auto &question, const auto &then) {
        QMetaObject::invokeMethod(keeper, [self, question, then] {
            question([self, then](const auto &answer) {
                if (self)
                    QMetaObject::invokeMethod(
                        self, [then, answer] { then(answer); }, Qt::QueuedConnection);
            });
        });
    };
    Authorizer::Kept kept;
    kept.load = [keeper, ask](const QUrl &server, const auto &then) {
        ask([keeper, server](const auto &found) { keeper->load(server, keeper, found); }, then);
    };
    kept.find = [keeper, ask](const QUrl &server, const auto &then) {
        ask([keeper, server](const auto &found) { keeper->find(server, keeper, found); }, then);
    };
    kept.lock = [self = QPointer(this), keeper](const QUrl &server, const auto &then) {
        QMetaObject::invokeMethod(keeper, [self, keeper, server, then] {
            keeper->lock(server, keeper, [self, keeper, server, then](bool had) {
                // Nobody is there any more to give it back.
                if (!self && had)
                    keeper->unlock(server);
                else if (self)
                    QMetaObject::invokeMethod(
                        self, [then, had] { then(had); }, Qt::QueuedConnection);
            });
        });
    };
    kept.unlock = [keeper](const QUrl &server) {
        QMetaObject::invokeMethod(keeper, [keeper, server] { keeper->unlock(server); });
    };
    d->authorizer.setKept(kept);
    connect(this, &Session::tokensChanged, keeper, &TokenKeeper::keep);
    connect(this, &Session::clientChanged, keeper, &TokenKeeper::keepClient);
    connect(&d->authorizer, &Authorizer::clientForgotten, keeper, &TokenKeeper::forgetClient);
}

HttpRequest Session::Private::challengeProbe() const
{
    const ModernEra era(target.offer);
    const QByteArray revision = newestRevision(EraKind::Modern).name;
    const std::optional<RpcCall> call = era.opening(revision);
    HttpRequest request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = target.url;
    request.what = u"server/discover"_s;
    request.headers.add("Accept", "application/json, text/event-stream", HeaderSource::Protocol);
    request.headers.add("Content-Type", "application/json", HeaderSource::Protocol);
    Agreement asked;
    asked.revision = newestRevision(EraKind::Modern);
    for (const HeaderList &list : {era.commonHeaders(asked), era.messageHeaders(asked, *call)}) {
        for (const Header &line : list.lines())
            request.headers.set(line.name, line.value, line.source, line.secret);
    }
    request.body = rpcMessage("1", *call);
    return request;
}

void Session::logIn(const ServerTarget &target)
{
    QMetaObject::invokeMethod(
        this,
        [this, target] {
            d->trace->note(u"log in"_s, targetName(target));
            if (const std::optional<Failure> problem = d->arrange(target))
                d->refusedBeforeStart(*problem);
            else
                d->authorizer.logIn(d->challengeProbe());
        },
        Qt::QueuedConnection);
}

void Session::explore(const ServerTarget &target)
{
    QMetaObject::invokeMethod(
        this,
        [this, target] {
            d->trace->note(u"explore"_s, targetName(target));
            if (const std::optional<Failure> problem = d->arrange(target))
                d->refusedBeforeStart(*problem);
            else
                d->authorizer.explore(d->challengeProbe());
        },
        Qt::QueuedConnection);
}

void Session::logOut(const ServerTarget &target)
{
    QMetaObject::invokeMethod(
        this,
        [this, target] {
            if (const std::optional<Failure> problem = d->arrange(target))
                d->refusedBeforeStart(*problem);
            else
                d->authorizer.logOut();
        },
        Qt::QueuedConnection);
}

void Session::runOAuthAgain(OAuthStepKind from, bool alone, const OAuthSettings &settings)
{
    QMetaObject::invokeMethod(
        this,
        [this, from, alone, settings] {
            d->target.oauth = settings;
            d->authorizer.runAgain(from, alone, settings);
        },
        Qt::QueuedConnection);
}

void Session::refreshTokens()
{
    QMetaObject::invokeMethod(
        this, [this] { d->authorizer.refreshNow(); }, Qt::QueuedConnection);
}

void Session::expireTokens()
{
    QMetaObject::invokeMethod(
        this, [this] { d->authorizer.expireLocally(); }, Qt::QueuedConnection);
}

void Session::inspectTokens()
{
    QMetaObject::invokeMethod(
        this, [this] { d->authorizer.inspectTokens(); }, Qt::QueuedConnection);
}

void Session::cancelOAuth()
{
    QMetaObject::invokeMethod(
        this, [this] { d->authorizer.cancel(); }, Qt::QueuedConnection);
}

void Session::takeCallback(const QUrl &url)
{
    QMetaObject::invokeMethod(
        this, [this, url] { d->authorizer.takeCallback(url); }, Qt::QueuedConnection);
}

void Session::answerOAuthQuestion(bool agreed)
{
    QMetaObject::invokeMethod(
        this, [this, agreed] { d->authorizer.answerQuestion(agreed); }, Qt::QueuedConnection);
}

OAuthState Session::oauthState() const
{
    return d->authorizer.state();
}

TokenSet Session::tokens() const
{
    return d->authorizer.flow().tokens();
}

} // namespace sightglass
