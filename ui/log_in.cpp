// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/log_in.h"

#include "ui/connection/connection_line.h"
#include "ui/failure_banner.h"
#include "ui/models/recorded_oauth.h"
#include "ui/pages/access_page.h"
#include "ui/pages/oauth_section.h"
#include "ui/session_controller.h"
#include "ui/widgets/log_in_prompt.h"
#include "ui/widgets/wanted_address_view.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QDesktopServices>

namespace sightglass {

using namespace Qt::StringLiterals;

LogIn::LogIn(SessionController *session, ConnectionLine *line, LogInPrompt *prompt,
             AccessPage *access, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_line(line)
    , m_prompt(prompt)
    , m_access(access)
    , m_browser([](const QUrl &url) { return QDesktopServices::openUrl(url); })
{
    connect(session, &SessionController::oauthChanged, this, &LogIn::changed);
    connect(session, &SessionController::stateChanged, this, &LogIn::update);
    connect(session, &SessionController::traceChanged, this, [this] {
        m_history.forget(); // fingerprints of another trace
        if (m_session->isRecordingShown())
            showRecording();
        update();
    });
    connect(session, &SessionController::loggedOut, this,
            [this](const std::optional<Failure> &failure, const QString &remark) {
                if (failure)
                    Q_EMIT failed(*failure);
                else
                    Q_EMIT statusMessage(remark.isEmpty() ? tr("Logged out")
                                                          : tr("Logged out. %1").arg(remark));
            });
    connectPrompt();
    connectAccess();
    update();
}

void LogIn::connectPrompt()
{
    connect(m_prompt, &LogInPrompt::openRequested, this, &LogIn::open);
    connect(m_prompt, &LogInPrompt::copyRequested, this, [this](const QUrl &url) {
        QApplication::clipboard()->setText(url.toString(QUrl::FullyEncoded));
        Q_EMIT statusMessage(tr("Address copied"));
    });
    connect(m_prompt, &LogInPrompt::cancelRequested, m_session, &SessionController::cancelOAuth);
    connect(m_prompt, &LogInPrompt::callbackPasted, m_session, &SessionController::takeCallback);
    connect(m_prompt, &LogInPrompt::clientGiven, this, &LogIn::useClient);
    connect(m_prompt, &LogInPrompt::answered, m_session, &SessionController::answerOAuthQuestion);
}

void LogIn::connectAccess()
{
    const OAuthSection *section = m_access->oauth();
    connect(section, &OAuthSection::logInRequested, this, &LogIn::logIn);
    connect(section, &OAuthSection::exploreRequested, this, &LogIn::explore);
    connect(section, &OAuthSection::logOutRequested, this, &LogIn::logOut);
    connect(section, &OAuthSection::cancelRequested, m_session, &SessionController::cancelOAuth);
    connect(section, &OAuthSection::refreshRequested, this, [this] {
        began();
        m_session->refreshTokens();
    });
    connect(section, &OAuthSection::expireRequested, m_session, &SessionController::expireTokens);
    connect(section, &OAuthSection::inspectRequested, m_session, &SessionController::inspectTokens);
    connect(m_session, &SessionController::inspected, section, &OAuthSection::setInspection);
    connect(section, &OAuthSection::runAgainRequested, this, &LogIn::runAgain);
}

void LogIn::setBrowser(Browser browser)
{
    m_browser = std::move(browser);
}

void LogIn::changed()
{
    const OAuthState &state = m_session->oauth();
    const OAuthState::Phase before = std::exchange(m_phase, state.phase);
    update();
    if (before == m_phase)
        return;
    if (m_phase == OAuthState::Phase::Failed && m_byHand && state.failure
        && FailureBanner::isWorthTelling(*state.failure))
        Q_EMIT failed(*state.failure);
    const bool ended =
        m_phase == OAuthState::Phase::Failed || m_phase == OAuthState::Phase::Authorized;
    if (!ended)
        return;
    const bool connects = m_connectAfter && m_phase == OAuthState::Phase::Authorized
        && m_session->state().phase == SessionPhase::Failed;
    m_byHand = m_connectAfter = false;
    if (connects)
        Q_EMIT connectRequested();
}

void LogIn::update()
{
    if (m_session->isRecordingShown())
        return;
    OAuthSection *section = m_access->oauth();
    const OAuthState &state = m_session->oauth();
    m_prompt->setState(state);
    m_line->setLoggedIn(state.tokens ? state.server : QUrl());
    section->setVisible(!m_session->target().isChannel());
    const TokenSet &tokens = m_session->tokens();
    m_history.take(state.tokens, m_session->redactor()->fingerprint(tokens.accessToken),
                   QDateTime::currentSecsSinceEpoch());
    m_access->setTokens(m_history.tokens());
    section->setState(state, tokens, m_session->target().oauth, canLogIn());
}

/// Read once: a recording does not change.
void LogIn::showRecording()
{
    const QList<OAuthStep> steps = recordedOAuth(*m_session->trace());
    m_prompt->setState({});
    m_access->oauth()->setVisible(!steps.isEmpty());
    m_access->oauth()->setRecorded(steps);
    m_access->setTokens({});
}

bool LogIn::canLogIn() const
{
    const ServerTarget &target = m_session->target();
    const bool chosen = target.url.isValid() && !target.isChannel();
    return !m_session->isRecordingShown()
        && (chosen ? !target.credentials.hasAuthorization()
                   : !m_line->address().isEmpty() && !m_line->isCommand());
}

std::optional<ServerTarget> LogIn::target()
{
    const SessionPhase phase = m_session->state().phase;
    const bool connected = phase == SessionPhase::Ready || phase == SessionPhase::Connecting;
    ServerTarget result = m_session->target();
    const Expected<ServerTarget> typed = m_line->target();
    if (!typed && !connected) {
        m_line->setProblem(typed.error().sentence);
        return {};
    }
    // What was chosen in the line since holds, unless another server stands there.
    if (typed && (!connected || typed->url == result.url))
        result = *typed;
    if (result.isChannel() || result.credentials.hasAuthorization()) {
        m_line->setProblem(result.isChannel()
                               ? tr("A program is not logged in to by OAuth.")
                               : tr("An Authorization is given by hand: take it out of Credentials "
                                    "to log in by OAuth."));
        return {};
    }
    if (result.oauth.mode != OAuthSettings::Mode::Interactive) {
        result.oauth.mode = OAuthSettings::Mode::Interactive;
        m_line->setOAuth(result.oauth);
    }
    m_line->setProblem({});
    return result;
}

void LogIn::began()
{
    // What a connect waits for is told as the connect's.
    m_byHand = m_session->state().phase != SessionPhase::Connecting;
    m_connectAfter = m_session->state().phase == SessionPhase::Failed;
    m_phase = OAuthState::Phase::Running;
}

void LogIn::logIn()
{
    if (const std::optional<ServerTarget> where = target()) {
        began();
        m_session->logIn(*where);
    }
}

void LogIn::explore()
{
    if (const std::optional<ServerTarget> where = target()) {
        began();
        m_connectAfter = false;
        m_session->explore(*where);
    }
}

void LogIn::logOut()
{
    if (const std::optional<ServerTarget> where = target())
        m_session->logOut(*where);
}

void LogIn::open(const QUrl &url)
{
    // The core gives none but https, and http on loopback; it is looked at once more all the same.
    if (const QString problem = WantedAddressView::problemOf(url.toString(QUrl::FullyEncoded));
        !problem.isEmpty()) {
        m_prompt->showAddress(problem);
        return;
    }
    if (m_browser(url))
        Q_EMIT statusMessage(tr("The browser was asked to open it; it is waited for"));
    else
        m_prompt->showAddress(tr("No browser could be started. Copy the address and open it "
                                 "yourself."));
}

void LogIn::useClient(const QString &id, const QString &secret)
{
    OAuthSettings settings = m_session->target().oauth;
    settings.clientId = id;
    settings.clientSecret = secret;
    m_line->setOAuth(settings);
    // It is answered what was asked: whoever waits goes on waiting.
    m_session->runOAuthAgain(OAuthStepKind::Client, false, settings);
}

void LogIn::runAgain(OAuthStepKind from, bool alone, const OAuthSettings &settings)
{
    OAuthSettings wanted = settings;
    wanted.mode = OAuthSettings::Mode::Interactive;
    m_line->setOAuth(wanted);
    began();
    m_session->runOAuthAgain(from, alone, wanted);
}

} // namespace sightglass
