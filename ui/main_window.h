// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "ui/place_history.h"
#include "ui/recent_servers.h"
#include "ui/theme.h"

#include <QMainWindow>
#include <QTimer>

#include <functional>

class QActionGroup;
class QMenu;
class QSettings;
class QStackedWidget;

namespace sightglass {

class AccessPage;
class AskingBanner;
class Banner;
class CommandPalette;
class CompletionAsker;
class ConnectionLine;
class ConsolePage;
class FailureBanner;
class FindingsPage;
class LogIn;
class LogInPrompt;
class OffersPage;
class PromptsPage;
class Rail;
class RequestsPage;
class ResourcesPage;
class ServerPage;
class SessionController;
class SessionStatus;
class StartPage;
class StatusLine;
class TasksPage;
class TaskTracker;
class ToolsPage;
class TrafficPage;

/// The window: connection line, rail, banner, pages, status line. It wires
/// these to the session's controller and keeps no state of a connection itself.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    /// Neither is owned, both outlive the window. `settings` may be null: then nothing is
    /// remembered.
    MainWindow(SessionController *session, QSettings *settings, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// What it may ask for is what was chosen for it before, else what stands in the line.
    void connectTo(const ServerTarget &given);
    /// Starts the built-in server and connects to it; `acting` as in ServerTarget.
    void practise(const QString &acting = {});
    /// The same with a server to which one has to log in by OAuth.
    void practiseLogIn(const QString &acting = {});
    /// How URLs are opened for a log-in, and whether they could be; the system's browser otherwise.
    void setBrowser(std::function<bool(const QUrl &)> browser);
    void openRecording(const QString &path);
    /// Holds the recording in the file against the trace that is shown, in a window of its own.
    void compareWith(const QString &path);
    /// "start" or one of the rail; false: there is no such page.
    bool showPage(const QString &key);
    static QStringList pageNames();
    /// The theme that the person chose last.
    static ThemeChoice rememberedTheme(const QSettings &settings);
    /// A long trace is still being gone through.
    bool isTakingIn() const;
    /// Goes to the page and lays everything out, so that grab() gives the whole picture.
    bool prepareScreenshot(const QString &page);

Q_SIGNALS:
    /// The person chose another theme.
    void themeChosen(sightglass::ThemeChoice choice);

protected:
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;
    bool focusNextPrevChild(bool next) override;
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void buildActions();
    void buildPages();
    void connectTalk();
    void connectLogIn();
    void addLogInCommands(QMenu *menu);
    void connectExport();
    void addExportCommands(QMenu *menu);
    void addKeepCommands(QMenu *menu);
    void addCompareCommand(QMenu *menu);
    /// Whether requests can be sent again now, also those of a recording that is shown.
    void showSending();
    /// Something that is read takes long: says so, with a way to end it.
    void openingChanged(bool opening);
    void startLab(bool oauth);
    QAction *addCommand(const QString &text, const QKeySequence &key,
                        const std::function<void()> &run);
    void connectNow();
    void start(const ServerTarget &target);
    /// Roots belong to the server for which they were typed.
    void takeRootsOf(const ServerTarget &target);
    void startPractice(const ServerTarget &lab);
    void stateChanged(const SessionState &state);
    void traceChanged();
    void showStart(bool start);
    void goToPage(int page);
    /// Pages that list what the server offers, in the order of the rail.
    QList<OffersPage *> offersPages() const;
    /// The one that is shown, else null.
    OffersPage *currentOffers() const;
    void goTo(const Place &place);
    void noteVisit();
    void showExchange(ExchangeId id);
    void showTask(const QString &id);
    void closeRecording();
    void beginTrace();
    void chooseRecording();
    void toggleRecording(bool withSecrets);
    void savePart(const QString &filter);
    void cancel();
    void updateActions();
    void remember();
    void showRecent();
    void forgetServer(const QString &address);
    void chooseServer(const QString &address);
    void chooseTheme(ThemeChoice choice);

    const TraceReader *m_shownTrace = nullptr; ///< by the pages
    SessionController *m_session;
    QSettings *m_settings;
    RecentServers m_recent;
    PlaceHistory m_history;
    QString m_practiceActing;
    QString m_practicePlay; ///< what the lab plays for it; empty: nothing
    SessionPhase m_phase = SessionPhase::Idle;
    qint64 m_toolCount = -1;
    QString m_rootsOf; ///< address of the server whose roots stand on its page; empty: none yet
    bool m_moving = false; ///< by the history: no new visit

    ConnectionLine *m_line = nullptr;
    Rail *m_rail = nullptr;
    Banner *m_banner = nullptr;
    QStackedWidget *m_stack = nullptr;
    StartPage *m_start = nullptr;
    ToolsPage *m_tools = nullptr;
    ResourcesPage *m_resources = nullptr;
    PromptsPage *m_prompts = nullptr;
    TaskTracker *m_tracker = nullptr;
    TasksPage *m_tasks = nullptr;
    RequestsPage *m_requests = nullptr;
    TrafficPage *m_traffic = nullptr;
    AccessPage *m_access = nullptr;
    FindingsPage *m_findings = nullptr;
    ConsolePage *m_console = nullptr;
    ServerPage *m_server = nullptr;
    StatusLine *m_statusLine = nullptr;
    SessionStatus *m_status = nullptr;
    FailureBanner *m_failure = nullptr;
    AskingBanner *m_asking = nullptr;
    LogInPrompt *m_logInPrompt = nullptr;
    LogIn *m_logIn = nullptr;
    CommandPalette *m_palette = nullptr;

    QTimer m_openingLate; ///< until it is told that something is being read
    QString m_openingName;
    QString m_spansProblem; ///< that was told last

    QList<QAction *> m_commands;
    QActionGroup *m_actingGroup = nullptr;
    QAction *m_backAction = nullptr;
    QAction *m_forwardAction = nullptr;
    QAction *m_disconnectAction = nullptr;
    QAction *m_listAction = nullptr;
    QAction *m_streamAction = nullptr;
    QAction *m_recordAction = nullptr;
    QAction *m_recordSecretsAction = nullptr;
    QAction *m_closeRecordingAction = nullptr;
    QAction *m_cancelAction = nullptr;
    QAction *m_logInAction = nullptr;
    QAction *m_exploreAction = nullptr;
    QAction *m_logOutAction = nullptr;
};

} // namespace sightglass
