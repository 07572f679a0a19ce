// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// What of the window is about logging in, and the server to practise that on.
#include "ui/main_window.h"

#include "core/lab/lab.h"
#include "ui/connection/connection_line.h"
#include "ui/failure_banner.h"
#include "ui/log_in.h"
#include "ui/pages/access_page.h"
#include "ui/session_controller.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/status_line.h"

#include <QAction>
#include <QMenu>

namespace sightglass {

using namespace Qt::StringLiterals;

void MainWindow::connectLogIn()
{
    connect(m_logIn, &LogIn::statusMessage, m_statusLine, &StatusLine::showMessage);
    connect(m_logIn, &LogIn::failed, m_failure, &FailureBanner::showFailure);
    connect(m_logIn, &LogIn::connectRequested, this, &MainWindow::connectNow);
    connect(m_session, &SessionController::oauthChanged, this, &MainWindow::updateActions);
    connect(m_session, &SessionController::keychainLost, this, [this](const Failure &why) {
        m_failure->showNotice(why.sentence + u' ' + why.advice);
    });
    connect(m_session, &SessionController::keychainWaits, this, [this] {
        m_statusLine->showMessage(
            tr("Waiting for the system's keychain, which may ask for its password"));
    });
    connect(m_failure, &FailureBanner::whyRequested, this, [this] {
        goToPage(m_rail->indexOf(u"access"_s));
        if (m_session->oauth().phase == OAuthState::Phase::Failed)
            m_access->showLogIn();
        else if (const std::optional<Failure> &failure = m_session->state().failure)
            m_access->markExchange(failure->exchange);
    });
}

void MainWindow::setBrowser(std::function<bool(const QUrl &)> browser)
{
    m_logIn->setBrowser(std::move(browser));
}

void MainWindow::addLogInCommands(QMenu *menu)
{
    const auto toAccess = [this] { goToPage(m_rail->indexOf(u"access"_s)); };
    m_logInAction = addCommand(tr("Log in by OAuth"), {}, [this] { m_logIn->logIn(); });
    m_exploreAction =
        addCommand(tr("Ask who issues tokens, without logging in"), {}, [this, toAccess] {
            toAccess();
            m_logIn->explore();
        });
    m_logOutAction = addCommand(tr("Log out"), {}, [this] { m_logIn->logOut(); });
    for (QAction *action : {m_logInAction, m_exploreAction, m_logOutAction})
        menu->addAction(action);
}

void MainWindow::practise(const QString &acting)
{
    m_practiceActing = acting;
    startLab(false);
}

void MainWindow::practiseLogIn(const QString &acting)
{
    m_practiceActing = acting;
    startLab(true);
}

void MainWindow::startLab(bool oauth)
{
    LabSettings settings;
    settings.oauth.on = oauth;
    settings.play = m_session->labPlay();
    if (!m_practicePlay.isEmpty())
        settings.play.removeOne(m_practicePlay);
    // Not a secret: the lab listens on loopback alone and gives nothing away.
    if (!oauth)
        settings.bearer = "lab-token-0123456789abcdef"_ba;
    settings.apiKey = "X-Api-Key: lab-key-42"_ba;
    // There is a person here: an authorisation server shows its page.
    settings.oauth.asksConsent = true;
    // Some bugs show only where the server closes streams, wants a cookie or minds a header.
    const QString buggy = m_practiceActing.isEmpty() ? m_line->acting() : m_practiceActing;
    m_practicePlay = buggy == "AF-02"_L1 ? u"closes-stream"_s
        : buggy == "AF-09"_L1            ? buggy
                                         : QString();
    if (!m_practicePlay.isEmpty())
        settings.play.append(m_practicePlay);
    if (buggy == "AF-05"_L1)
        settings.apiKey = "Cookie: lab=lab-cookie-42"_ba;
    m_session->startLab(settings);
}

} // namespace sightglass
