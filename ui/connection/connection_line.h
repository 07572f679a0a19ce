// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/origin.h"
#include "core/mcp/session.h"
#include "core/trace/redaction.h"

#include <QHash>
#include <QWidget>

class QMenu;
class QPushButton;
class QStringListModel;
class QToolButton;

namespace sightglass {

class AddressEdit;
class CommandPanel;
class CredentialsPanel;
class DropPanel;
class NetworkPanel;
class RecentServers;
class RevisionPanel;

/// Where, as whom, by which revision: the one place where these are chosen.
/// Credentials belong to the origin for which they were typed: another origin
/// in the line does not get them.
class ConnectionLine final : public QWidget {
    Q_OBJECT
public:
    /// Panels open over `panelHost`. `recent` is not owned.
    ConnectionLine(RecentServers *recent, QWidget *panelHost, QWidget *parent = nullptr);

    QString address() const; ///< as it was typed
    /// What would be connected to now; a failure says what is wrong with it.
    Expected<ServerTarget> target();
    void setTarget(const ServerTarget &target);
    void setCredentials(const Credentials &credentials);
    void setNetwork(const NetworkSettings &network);
    /// How one logs in at the server; see OAuthPanel.
    OAuthSettings oauth() const { return m_draft.oauth; }
    void setOAuth(const OAuthSettings &settings);
    /// The server at which one is logged in, to be told where the credentials are; empty: none.
    void setLoggedIn(const QUrl &server);
    /// Puts a server that was used before into the line, with what is known of it.
    void setUrl(const QUrl &url);
    /// The same for a URL or a command line; see RecentServer::address().
    void setAddress(const QString &address);
    /// Whether what was typed is a program to be started; see typedKind().
    bool isCommand() const;
    /// What servers may ask for: all of it, unless the person switched it off.
    ClientOffer offer() const { return m_draft.offer; }
    QString acting() const { return m_draft.acting; }
    void setActing(const QString &id);

    void setState(const SessionState &state);
    void setRedactor(std::shared_ptr<const Redactor> redactor);
    /// The name of the recording that is shown; empty: none is.
    void setRecordingShown(const QString &name);
    void updateRecent();
    void focusTarget();
    /// The same, with a command as the example.
    void focusCommand();
    void setProblem(const QString &sentence);
    /// The menu behind the last button; not owned.
    void setMenu(QMenu *menu);

    /// The command with its folder and environment.
    void openCommand();
    void openCredentials();
    void openRevision();
    void openNetwork();
    void closePanels();
    bool isPanelOpen() const;

Q_SIGNALS:
    void connectRequested();
    void disconnectRequested();
    void cancelRequested();
    void actingChanged(const QString &id);
    void closeRecordingRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    Expected<ServerTarget> commandTarget();
    void targetEdited();
    void commandEdited();
    void toggle(DropPanel *panel, QWidget *anchor);
    void updateButtons();
    QString credentialSummary() const; ///< empty: no credentials
    void setDraftOrigin(const Origin &origin);
    void setOffer(const ClientOffer &offer);

    RecentServers *m_recent;
    ServerTarget m_draft;
    Origin m_origin; ///< for which the draft's credentials were typed
    QHash<QByteArray, Credentials> m_known; ///< by origin, in memory only
    QHash<QByteArray, OAuthSettings> m_oauth; ///< likewise
    Origin m_loggedIn;
    QHash<QByteArray, QString> m_revisions; ///< that were chosen, by origin
    SessionState m_state;
    std::shared_ptr<const Redactor> m_redactor;

    AddressEdit *m_edit;
    QStringListModel *m_recentModel;
    QPushButton *m_commandButton;
    QPushButton *m_credentialsButton;
    QPushButton *m_revisionButton;
    QToolButton *m_networkButton;
    QPushButton *m_actingButton;
    QPushButton *m_recordingButton;
    QPushButton *m_connectButton;
    QToolButton *m_menuButton;
    QWidget *m_problem;
    CommandPanel *m_command;
    CredentialsPanel *m_credentials;
    RevisionPanel *m_revision;
    NetworkPanel *m_network;
    DropPanel *m_commandPanel;
    DropPanel *m_credentialsPanel;
    DropPanel *m_revisionPanel;
    DropPanel *m_networkPanel;
    QString m_recording;
};

} // namespace sightglass
