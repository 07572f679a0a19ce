// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window.h"

#include "ui/asking_banner.h"
#include "ui/completion_asker.h"
#include "ui/connection/connection_line.h"
#include "ui/connection/typed_target.h"
#include "ui/failure_banner.h"
#include "ui/log_in.h"
#include "ui/pages/access_page.h"
#include "ui/pages/console_page.h"
#include "ui/pages/findings_page.h"
#include "ui/pages/prompts_page.h"
#include "ui/pages/requests_page.h"
#include "ui/pages/resources_page.h"
#include "ui/pages/server_page.h"
#include "ui/pages/start_page.h"
#include "ui/pages/tasks_page.h"
#include "ui/pages/tools_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/session_controller.h"
#include "ui/session_status.h"
#include "ui/task_tracker.h"
#include "ui/visible_text.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/log_in_prompt.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/status_line.h"
#include "ui/widgets/tab_order.h"

#include <QCloseEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <QWindow>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr int firstPageInStack = 1; // the start page comes before

} // namespace

MainWindow::MainWindow(SessionController *session, QSettings *settings, QWidget *parent)
    : QMainWindow(parent)
    , m_session(session)
    , m_settings(settings)
    , m_recent(settings)
{
    setWindowTitle(tr("Sightglass"));
    setWindowIcon(applicationIcon());
    setAcceptDrops(true);
    setMinimumSize(720, 480);
    resize(1280, 800);
    buildPages();
    buildActions();

    connect(m_session, &SessionController::stateChanged, this, &MainWindow::stateChanged);
    connect(m_session, &SessionController::traceChanged, this, &MainWindow::traceChanged);
    connect(m_session, &SessionController::labStarted, this, &MainWindow::startPractice);
    connect(m_session, &SessionController::recordingWarning, this,
            [this](const QString &text) { m_failure->showNotice(text); });
    connect(m_session, &SessionController::recordingToChanged, this, &MainWindow::updateActions);
    connectExport();
    connect(m_session, &SessionController::redactorChanged, this, [this] {
        m_line->setRedactor(m_session->redactor());
        m_traffic->setRedactor(m_session->redactor());
        m_access->setRedactor(m_session->redactor());
        m_findings->setRedactor(m_session->redactor());
    });
    if (m_settings)
        restoreGeometry(m_settings->value(u"window/geometry"_s).toByteArray());
    traceChanged();
    stateChanged(m_session->state());
    showStart(true);
    m_line->focusTarget();
}

MainWindow::~MainWindow()
{
    // The session's last words are for nobody any more.
    m_session->disconnect(this);
    m_traffic->setTrace(nullptr);
    m_access->setTrace(nullptr);
    m_findings->setTrace(nullptr);
}

void MainWindow::buildPages()
{
    auto *central = new QWidget(this);
    central->setBackgroundRole(QPalette::Base);
    central->setAutoFillBackground(true);
    setCentralWidget(central);

    m_line = new ConnectionLine(&m_recent, central, central);
    m_rail = new Rail(central);
    m_rail->addPage(u"tools"_s, u"tools"_s, tr("Tools"));
    m_rail->addPage(u"resources"_s, u"resources"_s, tr("Resources"));
    m_rail->addPage(u"prompts"_s, u"prompts"_s, tr("Prompts"));
    m_rail->addSeparator();
    m_rail->addPage(u"tasks"_s, u"tasks"_s, tr("Tasks"));
    m_rail->addPage(u"requests"_s, u"requests"_s, tr("Requests"));
    m_rail->addPage(u"traffic"_s, u"traffic"_s, tr("Traffic"));
    m_rail->addPage(u"access"_s, u"access"_s, tr("Access"));
    m_rail->addPage(u"findings"_s, u"findings"_s, tr("Findings"));
    m_rail->addSeparator();
    m_rail->addPage(u"console"_s, u"terminal"_s, tr("Console"));
    m_rail->addPage(u"server"_s, u"server"_s, tr("Server"));
    m_banner = new Banner(central);
    m_logInPrompt = new LogInPrompt(central); // Tab comes to it before the page
    m_start = new StartPage(int(labFaults().size()), central);
    m_tools = new ToolsPage(m_session, m_settings, central);
    auto *completions = new CompletionAsker(m_session, this);
    m_resources = new ResourcesPage(m_session, completions, m_settings, central);
    m_prompts = new PromptsPage(m_session, completions, m_settings, central);
    m_tracker = new TaskTracker(m_session, this);
    m_tasks = new TasksPage(m_tracker, m_session, central);
    m_requests = new RequestsPage(m_session, central);
    m_traffic = new TrafficPage(central);
    m_access = new AccessPage(central);
    m_findings = new FindingsPage(central);
    m_console = new ConsolePage(m_session, central);
    m_server = new ServerPage(m_session, central);
    m_stack = new QStackedWidget(central);
    for (QWidget *page : std::initializer_list<QWidget *>{m_start, m_tools, m_resources, m_prompts,
                                                          m_tasks, m_requests, m_traffic, m_access,
                                                          m_findings, m_console, m_server})
        m_stack->addWidget(page);
    m_statusLine = new StatusLine(central);
    m_status = new SessionStatus(m_session, m_statusLine, this);
    m_failure = new FailureBanner(m_session, m_banner, this);
    auto *asking = new Banner(central);
    asking->clear();
    m_asking = new AskingBanner(m_session, asking, this);
    m_logIn = new LogIn(m_session, m_line, m_logInPrompt, m_access, this);
    m_palette = new CommandPalette(central);

    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(asking);
    column->addWidget(m_logInPrompt);
    column->addWidget(m_stack, 1);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_rail);
    middle->addLayout(column, 1);
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_line);
    layout->addLayout(middle, 1);
    layout->addWidget(m_statusLine);

    connect(m_line, &ConnectionLine::connectRequested, this, &MainWindow::connectNow);
    connect(m_line, &ConnectionLine::disconnectRequested, m_session,
            &SessionController::disconnectFrom);
    connect(m_line, &ConnectionLine::cancelRequested, this, &MainWindow::cancel);
    connect(m_line, &ConnectionLine::closeRecordingRequested, this, &MainWindow::closeRecording);
    connect(m_rail, &Rail::currentChanged, this, &MainWindow::goToPage);
    for (int i = 0; i < m_rail->pageCount(); ++i)
        connect(m_rail->page(i), &RailButton::clicked, this, [this, i] { goToPage(i); });

    connect(m_start, &StartPage::urlRequested, m_line, &ConnectionLine::focusTarget);
    connect(m_start, &StartPage::recordingRequested, this, &MainWindow::chooseRecording);
    connect(m_start, &StartPage::practiceRequested, this, [this] { practise(); });
    connect(m_start, &StartPage::commandRequested, m_line, &ConnectionLine::focusCommand);
    connect(m_start, &StartPage::serverRequested, this, &MainWindow::chooseServer);
    connect(m_start, &StartPage::forgetRequested, this, &MainWindow::forgetServer);
    showRecent();

    const QList<OffersPage *> offers = offersPages();
    for (int i = 0; i < offers.size(); ++i) {
        const OffersPage *page = offers.at(i);
        connect(page, &OffersPage::showExchangeRequested, this, &MainWindow::showExchange);
        connect(page, &OffersPage::showTaskRequested, this, &MainWindow::showTask);
        connect(page, &OffersPage::statusMessage, m_statusLine, &StatusLine::showMessage);
        connect(page, &OffersPage::countChanged, m_rail->page(i), [this, i](qint64 count) {
            m_rail->page(i)->setCount(count < 0 ? std::nullopt : std::optional<qint64>(count));
        });
    }
    connect(m_tools, &ToolsPage::countChanged, this, [this](qint64 count) {
        m_toolCount = count;
        remember();
    });
    connect(m_traffic, &TrafficPage::sendAgainRequested, m_session, &SessionController::sendAgain);
    connect(m_traffic, &TrafficPage::sendEditedRequested, m_session,
            &SessionController::sendEdited);
    connect(m_traffic, &TrafficPage::noteWanted, m_session, &SessionController::noteRow);
    connect(m_session, &SessionController::sentAgain, m_traffic, &TrafficPage::showSentAgain);
    connect(m_traffic, &TrafficPage::countChanged, this, [this](qint64 count) {
        m_rail->page(m_rail->indexOf(u"traffic"_s))->setCount(count);
        m_status->update();
    });
    connect(m_traffic, &TrafficPage::exchangeShown, this, &MainWindow::noteVisit);
    connect(m_traffic, &TrafficPage::statusMessage, m_statusLine, &StatusLine::showMessage);
    connect(m_access, &AccessPage::showExchangeRequested, this, &MainWindow::showExchange);
    connect(m_access, &AccessPage::filterRequested, this, [this](const QString &filter) {
        m_traffic->showFiltered(filter);
        goToPage(m_rail->indexOf(u"traffic"_s));
    });
    connect(m_access, &AccessPage::problemCountChanged, this, [this](int count) {
        m_rail->page(m_rail->indexOf(u"access"_s))->setFailed(count > 0);
    });
    connect(m_findings, &FindingsPage::showExchangeRequested, this, &MainWindow::showExchange);
    connect(m_findings, &FindingsPage::problemCountChanged, this, [this](int count) {
        RailButton *button = m_rail->page(m_rail->indexOf(u"findings"_s));
        button->setCount(count > 0 ? std::optional<qint64>(count) : std::nullopt);
        button->setFailed(count > 0);
    });
    connect(m_status, &SessionStatus::exchangeRequested, this, &MainWindow::showExchange);
    connect(m_status, &SessionStatus::recordToggled, this, [this] { toggleRecording(false); });

    connect(m_findings, &FindingsPage::exchangesConcerned, m_traffic, &TrafficPage::setFindings);
    connect(m_findings, &FindingsPage::findingsChanged, m_failure, &FailureBanner::setFindings);
    connect(m_failure, &FailureBanner::noticeClosed, m_session, &SessionController::forgetCleared);
    connect(m_failure, &FailureBanner::showRequested, this, [this](ExchangeId id) {
        showExchange(id);
        m_traffic->showTab(DetailTab::Headers);
    });
    connect(m_failure, &FailureBanner::findingRequested, this, [this](const QString &id) {
        goToPage(m_rail->indexOf(u"findings"_s));
        m_findings->showFinding(id);
    });
    connect(m_failure, &FailureBanner::credentialsRequested, m_line,
            &ConnectionLine::openCredentials);
    connect(m_failure, &FailureBanner::retryRequested, this, [this] {
        if (m_session->state().phase == SessionPhase::Ready)
            m_session->reopenStream();
        else
            connectNow();
    });
    connect(m_failure, &FailureBanner::withCredentialsRequested, this, [this] {
        m_line->setActing({});
        connectNow();
    });
    connect(m_failure, &FailureBanner::acceptRequested, this,
            [this](const QByteArray &sha256, const QByteArray &origin) {
                NetworkSettings network = m_session->target().network;
                network.pinnedSha256 = sha256;
                network.pinnedOrigin = origin;
                m_line->setNetwork(network);
                connectNow();
            });
    connectTalk();
    connectLogIn();
}

/// What the server asks and says.
void MainWindow::connectTalk()
{
    connect(m_requests, &RequestsPage::showExchangeRequested, this, &MainWindow::showExchange);
    connect(m_requests, &RequestsPage::statusMessage, m_statusLine, &StatusLine::showMessage);
    connect(m_requests, &RequestsPage::waitingChanged, this, [this](int waiting) {
        RailButton *button = m_rail->page(m_rail->indexOf(u"requests"_s));
        button->setCount(waiting > 0 ? std::optional<qint64>(waiting) : std::nullopt);
        button->setWaiting(waiting > 0);
    });
    connect(m_asking, &AskingBanner::answerRequested, this, [this] {
        goToPage(m_rail->indexOf(u"requests"_s));
        m_requests->showFirst();
    });
    connect(m_tasks, &TasksPage::showExchangeRequested, this, &MainWindow::showExchange);
    connect(m_tasks, &TasksPage::statusMessage, m_statusLine, &StatusLine::showMessage);
    connect(m_tasks, &TasksPage::showToolsRequested, this,
            [this] { goToPage(m_rail->indexOf(u"tools"_s)); });
    connect(m_tasks, &TasksPage::showRequestsRequested, this, [this] {
        goToPage(m_rail->indexOf(u"requests"_s));
        m_requests->showFirst();
    });
    connect(m_tasks, &TasksPage::countChanged, this, [this](qint64 count, bool waits) {
        RailButton *button = m_rail->page(m_rail->indexOf(u"tasks"_s));
        button->setCount(count < 0 ? std::nullopt : std::optional<qint64>(count));
        button->setWaiting(waits);
    });
    connect(m_console, &ConsolePage::showTaskRequested, this, &MainWindow::showTask);
    connect(m_console, &ConsolePage::showExchangeRequested, this, &MainWindow::showExchange);
    connect(m_console, &ConsolePage::statusMessage, m_statusLine, &StatusLine::showMessage);
    connect(m_server, &ServerPage::showExchangeRequested, this, &MainWindow::showExchange);
    connect(m_server, &ServerPage::statusMessage, m_statusLine, &StatusLine::showMessage);
    connect(m_server, &ServerPage::rootsChanged, this, [this] {
        if (m_phase == SessionPhase::Ready && !m_session->isLab(m_session->target()))
            m_recent.setRoots(m_session->target(), m_server->roots());
    });
    connect(m_status, &SessionStatus::ladderRequested, this, [this] {
        goToPage(m_rail->indexOf(u"server"_s));
        m_server->showLadder();
    });
}

void MainWindow::connectTo(const ServerTarget &given)
{
    ServerTarget target = given;
    const RecentServer *known = m_recent.find(RecentServers::addressOf(target));
    target.offer = known ? known->offer : m_line->offer();
    if (target.oauth == OAuthSettings())
        target.oauth = known ? known->oauth : usualOAuth();
    start(target);
}

void MainWindow::start(const ServerTarget &target)
{
    m_line->setTarget(target);
    m_line->closePanels();
    m_banner->clear();
    m_session->connectTo(target);
    takeRootsOf(target); // the server before is told nothing of them any more
    showStart(false);
    if (m_stack->currentIndex() == 0)
        goToPage(m_rail->indexOf(u"tools"_s));
}

void MainWindow::takeRootsOf(const ServerTarget &target)
{
    const QString address = m_session->isLab(target) ? u"lab"_s : RecentServers::addressOf(target);
    const QString before = std::exchange(m_rootsOf, address);
    if (before == address)
        return;
    const RecentServer *known = m_recent.find(address);
    // What was typed before there was any server is meant for the first.
    if (before.isEmpty() && !m_server->roots().isEmpty())
        return;
    m_server->setRoots(known ? known->roots : QList<Root>());
}

void MainWindow::connectNow()
{
    const QString typed = m_line->address();
    if (typedKind(typed) == TypedKind::Recording) {
        const QUrl url(typed);
        m_line->setProblem({});
        openRecording(url.isLocalFile() ? url.toLocalFile() : typed);
        return;
    }
    const Expected<ServerTarget> target = m_line->target();
    if (!target) {
        if (target.error().code == "credentials-not-sendable"_L1)
            m_line->openCredentials();
        m_line->setProblem(target.error().sentence);
        if (!m_line->isPanelOpen())
            m_line->focusTarget();
        return;
    }
    start(*target);
}

void MainWindow::startPractice(const ServerTarget &lab)
{
    ServerTarget target = lab;
    target.acting = m_practiceActing.isEmpty() ? m_line->acting() : m_practiceActing;
    connectTo(target);
}

void MainWindow::openRecording(const QString &path)
{
    m_openingName = QFileInfo(path).fileName();
    m_session->openRecording(path);
}

void MainWindow::closeRecording()
{
    m_session->closeRecording();
    if (m_phase == SessionPhase::Idle && m_session->trace()->exchangeCount() == 0)
        showStart(true);
}

void MainWindow::beginTrace()
{
    const bool live = !m_session->isRecordingShown();
    const qint64 count = m_session->trace()->exchangeCount();
    m_session->clearTrace();
    if (live && m_session->hasCleared())
        m_failure->showNotice(count == 1
                                  ? tr("A new trace begins. The one before had 1 exchange.")
                                  : tr("A new trace begins. The one before had %1 exchanges.")
                                        .arg(SessionStatus::countWords(count)),
                              tr("Show it again"), [this] { m_session->showCleared(); });
}

void MainWindow::chooseRecording()
{
    auto *dialog = new QFileDialog(this, tr("Open a recording"), QString(),
                                   tr("Recordings (*.sgtrace *.trace *.har);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openRecording);
    dialog->open();
}

void MainWindow::toggleRecording(bool withSecrets)
{
    if (!m_session->recordingTo().isEmpty()) {
        const QString path = m_session->recordingTo();
        m_session->stopRecording();
        m_statusLine->showMessage(tr("Recorded to %1").arg(QFileInfo(path).fileName()));
        return;
    }
    auto *dialog = new QFileDialog(
        this, withSecrets ? tr("Record to a file, with secrets") : tr("Record to a file"),
        QString(), tr("Recordings (*.sgtrace);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"sgtrace"_s);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, withSecrets](const QString &path) { m_session->recordTo(path, withSecrets); });
    dialog->open();
}

void MainWindow::stateChanged(const SessionState &state)
{
    const SessionPhase before = std::exchange(m_phase, state.phase);
    m_line->setState(state);
    if (state.phase == SessionPhase::Ready && before != SessionPhase::Ready) {
        m_toolCount = -1;
        remember();
    }
    if (!m_session->isRecordingShown()) {
        const std::optional<ServerCommand> &command = m_session->target().command;
        const QString host = command ? QFileInfo(command->program).fileName() : state.url.host();
        setWindowTitle(host.isEmpty() ? tr("Sightglass") : tr("%1 – Sightglass").arg(host));
    }
    showSending();
    updateActions();
}

void MainWindow::traceChanged()
{
    const bool recording = m_session->isRecordingShown();
    // One that was shown while it was read is there to its end: what one looks at stays.
    const bool same = std::exchange(m_shownTrace, m_session->trace()) == m_session->trace();
    if (!same)
        m_history.clear();
    m_traffic->setRedactor(m_session->redactor());
    m_access->setRedactor(m_session->redactor());
    m_findings->setTrace(m_session->trace(),
                         recording && !m_session->isOpening() ? TraceState::Over
                                                              : TraceState::Growing);
    m_findings->setRedactor(m_session->redactor());
    if (!same) {
        m_traffic->setTrace(m_session->trace(), m_session->clock());
        m_access->setTrace(m_session->trace());
    }
    showSending();
    m_line->setRedactor(m_session->redactor());
    m_line->setRecordingShown(recording ? m_session->recordingName() : QString());
    if (recording) {
        setWindowTitle(tr("%1 – Sightglass").arg(m_session->recordingName()));
        if (!same)
            goToPage(m_rail->indexOf(u"traffic"_s));
    }
    updateActions();
}

void MainWindow::remember()
{
    if (m_phase != SessionPhase::Ready || m_session->isLab(m_session->target()))
        return; // the lab has another port each time
    m_recent.remember(m_session->target(), m_session->state(), m_toolCount,
                      QDateTime::currentDateTimeUtc());
    m_recent.setRoots(m_session->target(), m_server->roots());
    showRecent();
}

void MainWindow::showRecent()
{
    m_line->updateRecent();
    m_start->setRecent(m_recent.list(), QDateTime::currentDateTime());
}

void MainWindow::chooseServer(const QString &address)
{
    m_line->setAddress(address);
    const RecentServer *server = m_recent.find(address);
    if (!server || !server->command) {
        connectNow();
        return;
    }
    // A program is started only after the person saw which one.
    QString sentence = tr("Start this program? %1").arg(visibleText(address));
    if (!server->command->workingFolder.isEmpty())
        sentence += tr(", in %1").arg(visibleText(server->command->workingFolder));
    QStringList secrets;
    for (const ServerCommand::Variable &variable : server->command->environment) {
        if (variable.secret)
            secrets.append(visibleText(variable.name));
    }
    if (!secrets.isEmpty()) {
        sentence += tr(". Not remembered, because secret: %1").arg(secrets.join(u", "_s));
        m_line->openCommand();
    }
    m_failure->showNotice(sentence, tr("Start"), [this] {
        m_banner->clear();
        connectNow();
    });
}

void MainWindow::forgetServer(const QString &address)
{
    const RecentServer *found = m_recent.find(address);
    if (!found)
        return;
    const RecentServer server = *found;
    const qsizetype place = m_recent.list().indexOf(server);
    m_recent.forget(address);
    showRecent();
    m_failure->showNotice(tr("%1 is forgotten.").arg(visibleText(address)), tr("Undo"),
                          [this, server, place] {
                              m_recent.restore(server, place);
                              showRecent();
                              m_banner->clear();
                          });
}

void MainWindow::showStart(bool start)
{
    m_rail->setVisible(!start);
    if (start) {
        m_stack->setCurrentIndex(0);
        m_asking->setOnRequests(false);
    }
}

void MainWindow::goToPage(int page)
{
    if (page < 0 || page >= m_rail->pageCount())
        return;
    showStart(false);
    m_rail->setCurrent(page);
    m_stack->setCurrentIndex(page + firstPageInStack);
    m_asking->setOnRequests(m_stack->currentWidget() == m_requests);
    noteVisit();
}

QList<OffersPage *> MainWindow::offersPages() const
{
    return {m_tools, m_resources, m_prompts};
}

OffersPage *MainWindow::currentOffers() const
{
    return qobject_cast<OffersPage *>(m_stack->currentWidget());
}

void MainWindow::noteVisit()
{
    if (m_moving || m_stack->currentIndex() < firstPageInStack)
        return;
    const int page = m_stack->currentIndex() - firstPageInStack;
    m_history.visit(
        {page, page == m_rail->indexOf(u"traffic"_s) ? m_traffic->currentExchange() : 0});
    updateActions();
}

void MainWindow::goTo(const Place &place)
{
    m_moving = true;
    goToPage(place.page);
    if (place.exchange > 0)
        m_traffic->showExchange(place.exchange);
    m_moving = false;
    updateActions();
}

void MainWindow::showExchange(ExchangeId id)
{
    if (id <= 0 || id > m_session->trace()->exchangeCount())
        return;
    // One place, not that of the exchange that stood there before and then this.
    m_moving = true;
    goToPage(m_rail->indexOf(u"traffic"_s));
    m_traffic->showExchange(id);
    m_moving = false;
    noteVisit();
}

void MainWindow::showTask(const QString &id)
{
    goToPage(m_rail->indexOf(u"tasks"_s));
    m_tasks->showTask(id);
}

QStringList MainWindow::pageNames()
{
    return {u"start"_s,   u"tools"_s,  u"resources"_s, u"prompts"_s, u"tasks"_s, u"requests"_s,
            u"traffic"_s, u"access"_s, u"findings"_s,  u"console"_s, u"server"_s};
}

bool MainWindow::showPage(const QString &key)
{
    if (key == "start"_L1) {
        showStart(true);
        return true;
    }
    const int page = m_rail->indexOf(key);
    if (page < 0)
        return false;
    goToPage(page);
    return true;
}

bool MainWindow::isTakingIn() const
{
    return m_traffic->isTakingIn();
}

bool MainWindow::prepareScreenshot(const QString &page)
{
    if (!page.isEmpty() && !showPage(page))
        return false;
    if (OffersPage *offers = currentOffers())
        offers->selectFirst();
    else if (page == "tasks"_L1)
        m_tasks->selectFirst();
    else if (page == "requests"_L1)
        m_requests->selectFirst();
    else if (page == "traffic"_L1 && m_traffic->currentExchange() == 0) {
        const std::optional<Failure> &failure = m_session->state().failure;
        m_traffic->showExchange(failure && failure->exchange ? failure->exchange
                                                             : m_session->trace()->exchangeCount());
    }
    ensurePolished();
    if (centralWidget()->layout())
        centralWidget()->layout()->activate();
    m_status->update();
    return true;
}

void MainWindow::cancel()
{
    if (m_line->isPanelOpen()) {
        m_line->closePanels();
        return;
    }
    m_session->cancelAll();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_settings) {
        m_settings->setValue(u"window/geometry"_s, saveGeometry());
        for (OffersPage *page : offersPages())
            page->saveLayout();
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        cancel();
        event->accept();
        return;
    }
    QMainWindow::keyPressEvent(event);
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    // A file is dropped on the window, whatever field lies under the mouse.
    windowHandle()->installEventFilter(this);
}

bool MainWindow::focusNextPrevChild(bool next)
{
    QWidget *page = m_stack->currentWidget();
    const auto *ordered = dynamic_cast<const OrderedPage *>(page);
    return ordered ? tabThrough(page, *ordered, next) : QMainWindow::focusNextPrevChild(next);
}

bool MainWindow::eventFilter(QObject *object, QEvent *event)
{
    const QEvent::Type type = event->type();
    if (object != windowHandle()
        || (type != QEvent::DragEnter && type != QEvent::DragMove && type != QEvent::Drop))
        return QMainWindow::eventFilter(object, event);
    auto *drop = static_cast<QDropEvent *>(event);
    const QList<QUrl> urls = drop->mimeData()->urls();
    if (urls.size() != 1 || !urls.first().isLocalFile())
        return QMainWindow::eventFilter(object, event);
    drop->acceptProposedAction();
    if (type == QEvent::Drop)
        openRecording(urls.first().toLocalFile());
    return true;
}

ThemeChoice MainWindow::rememberedTheme(const QSettings &settings)
{
    const QString theme = settings.value(u"window/theme"_s).toString();
    return theme == "dark"_L1 ? ThemeChoice::Dark
        : theme == "light"_L1 ? ThemeChoice::Light
                              : ThemeChoice::System;
}

void MainWindow::chooseTheme(ThemeChoice choice)
{
    if (m_settings)
        m_settings->setValue(u"window/theme"_s,
                             choice == ThemeChoice::Dark        ? u"dark"_s
                                 : choice == ThemeChoice::Light ? u"light"_s
                                                                : u"system"_s);
    Q_EMIT themeChosen(choice);
}

} // namespace sightglass
