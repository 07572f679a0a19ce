// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// How a person logs in through the window.

#include "core/export/otlp_live.h"
#include "ui/session_line.h"

#include <QCoreApplication>
#include <QEventLoop>

namespace sightglass {

void SessionController::tellOAuth(Line *line)
{
    Session *const session = line->session;
    SessionRelay *const relay = line->relay.get();
    // In the session's thread: what may only be read there goes along with the state.
    connect(
        session, &Session::oauthChanged, relay,
        [this, session, relay](const OAuthState &state) {
            relay->post([this, session, state, tokens = session->tokens()] {
                if (m_line && m_line->session == session)
                    takeOAuth(state, tokens);
            });
        },
        Qt::DirectConnection);
    connect(
        session, &Session::inspected, relay,
        [this, session, relay](const TokenInspection &found) {
            relay->post([this, session, found] {
                if (m_line && m_line->session == session)
                    Q_EMIT inspected(found);
            });
        },
        Qt::DirectConnection);
    connect(
        session, &Session::loggedOut, relay,
        [this, session, relay](const std::optional<Failure> &failure, const QString &remark) {
            relay->post([this, session, failure, remark] {
                if (m_line && m_line->session == session)
                    Q_EMIT loggedOut(failure ? std::optional(clean(*failure)) : std::nullopt,
                                     remark);
            });
        },
        Qt::DirectConnection);
}

void SessionController::takeOAuth(const OAuthState &state, const TokenSet &tokens)
{
    m_tokens = tokens;
    learnSecrets(secretsOf(state, tokens));
    const OAuthState shown = clean(state);
    if (shown == m_oauth)
        return;
    m_oauth = shown;
    Q_EMIT oauthChanged(m_oauth);
}

void SessionController::learnSecrets(const QList<QByteArray> &secrets)
{
    std::shared_ptr<Redactor> redactor;
    bool learnt = false; // short words are not looked for
    for (const QByteArray &secret : secrets) {
        if (secret.isEmpty() || m_redactor->hasKnownSecret(secret))
            continue;
        if (!redactor)
            redactor = std::make_shared<Redactor>(*m_redactor);
        redactor->addKnownSecret(secret);
        learnt = learnt || redactor->hasKnownSecret(secret);
    }
    if (!learnt)
        return;
    m_redactor = std::move(redactor);
    redactRecording();
    Q_EMIT redactorChanged();
}

void SessionController::learnSecretsOfAnswer(const QList<Header> &headers)
{
    auto redactor = std::make_shared<Redactor>(*m_redactor);
    if (!addKnownSecretsOfAnswer(redactor.get(), headers))
        return;
    m_redactor = std::move(redactor);
    redactRecording();
    Q_EMIT redactorChanged();
}

void SessionController::redactRecording()
{
    if (m_spans)
        m_spans->setRedactor(*m_redactor);
    if (!m_line || !m_line->recorder)
        return;
    QMetaObject::invokeMethod(
        m_line->session,
        [recorder = m_line->recorder, redactor = m_redactor] { recorder->setRedactor(*redactor); });
}

void SessionController::openStore(std::unique_ptr<Keychain> keychain)
{
    // What is kept in memory alone is nobody else's.
    const QString folder = keychain ? LoginFolder::systemPath() : QString();
    m_store = std::make_unique<CredentialStore>(std::move(keychain));
    m_keeper = std::make_unique<TokenKeeper>(m_store.get(), folder);
    connect(m_store.get(), &CredentialStore::memoryOnly, this, &SessionController::keychainLost);
    connect(m_store.get(), &CredentialStore::waiting, this, &SessionController::keychainWaits);
}

void SessionController::closeStore()
{
    // What the session told last.
    QCoreApplication::sendPostedEvents(m_keeper.get());
    if (!m_store->isBusy())
        return;
    constexpr int storeWaitMs = 1000;
    QEventLoop loop;
    connect(m_store.get(), &CredentialStore::idle, &loop, &QEventLoop::quit);
    QTimer::singleShot(storeWaitMs, &loop, &QEventLoop::quit);
    loop.exec(QEventLoop::ExcludeUserInputEvents);
}

void SessionController::arrange(const ServerTarget &target)
{
    closeRecording();
    const bool connected =
        m_state.phase == SessionPhase::Ready || m_state.phase == SessionPhase::Connecting;
    if (connected && target.url != m_target.url)
        disconnectFrom();
    m_target = target;
    learnSecrets(target);
}

void SessionController::logIn(const ServerTarget &target)
{
    arrange(target);
    m_line->session->logIn(target);
}

void SessionController::explore(const ServerTarget &target)
{
    arrange(target);
    m_line->session->explore(target);
}

void SessionController::logOut(const ServerTarget &target)
{
    arrange(target);
    m_line->session->logOut(target);
}

void SessionController::runOAuthAgain(OAuthStepKind from, bool alone, const OAuthSettings &settings)
{
    m_target.oauth = settings;
    learnSecrets(m_target);
    m_line->session->runOAuthAgain(from, alone, settings);
}

void SessionController::refreshTokens()
{
    m_line->session->refreshTokens();
}

void SessionController::expireTokens()
{
    m_line->session->expireTokens();
}

void SessionController::inspectTokens()
{
    m_line->session->inspectTokens();
}

void SessionController::cancelOAuth()
{
    m_line->session->cancelOAuth();
}

void SessionController::takeCallback(const QUrl &url)
{
    m_line->session->takeCallback(url);
}

void SessionController::answerOAuthQuestion(bool agreed)
{
    m_line->session->answerOAuthQuestion(agreed);
}

} // namespace sightglass
