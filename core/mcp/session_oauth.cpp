// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// How a session comes to its tokens.

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
    gate.setCredentials(credentials.get());
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
    // It lives in another thread, perhaps, and is asked only where a server wants a token.
    d->authorizer.setLoader(
        [this, keeper](const QUrl &server, const std::function<void(const KeptLogin &)> &then) {
            QMetaObject::invokeMethod(keeper, [self = QPointer(this), keeper, server, then] {
                keeper->load(server, keeper, [self, then](const KeptLogin &login) {
                    if (self)
                        QMetaObject::invokeMethod(
                            self, [then, login] { then(login); }, Qt::QueuedConnection);
                });
            });
        });
    connect(this, &Session::tokensChanged, keeper, &TokenKeeper::keep);
    connect(this, &Session::clientChanged, keeper, &TokenKeeper::keepClient);
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
                d->authorizer.logIn();
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
                d->authorizer.explore();
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
