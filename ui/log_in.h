// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "ui/models/token_history.h"

#include <QObject>

#include <functional>

namespace sightglass {

class AccessPage;
class ConnectionLine;
class LogInPrompt;
class SessionController;

/// How a person logs in: carries what the flow waits for to the prompt over the pages and what it
/// did to the Access page, and back what the person wants. The browser is opened on a click alone.
class LogIn final : public QObject {
    Q_OBJECT
public:
    /// Opens a URL in a browser; false: none could be started.
    using Browser = std::function<bool(const QUrl &)>;

    /// Neither is owned.
    LogIn(SessionController *session, ConnectionLine *line, LogInPrompt *prompt, AccessPage *access,
          QObject *parent = nullptr);

    /// The system's by default.
    void setBrowser(Browser browser);

    /// Whether the server in the line, or that is connected to, is one to log in at.
    bool canLogIn() const;
    void logIn();
    void explore();
    void logOut();
    /// What was chosen for the server has changed, or is another server.
    void update();

Q_SIGNALS:
    void statusMessage(const QString &text);
    /// What a person began by hand has failed.
    void failed(const sightglass::Failure &failure);
    /// What could not connect before now can.
    void connectRequested();

private:
    void connectPrompt();
    void connectAccess();
    void changed();
    void showRecording();
    void open(const QUrl &url);
    void useClient(const QString &id, const QString &secret);
    void runAgain(OAuthStepKind from, bool alone, const OAuthSettings &settings);
    /// Where to log in; nothing where there is no such place, which is said.
    std::optional<ServerTarget> target();
    void began();

    SessionController *m_session;
    ConnectionLine *m_line;
    LogInPrompt *m_prompt;
    AccessPage *m_access;
    Browser m_browser;
    TokenHistory m_history;
    OAuthState::Phase m_phase = OAuthState::Phase::Idle;
    bool m_byHand = false; ///< what runs
    bool m_connectAfter = false; ///< a connect had failed for want of it
};

} // namespace sightglass
