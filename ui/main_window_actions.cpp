// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// The commands of the window: one list for the menu, the keys and the palette.
#include "ui/main_window.h"

#include "ui/connection/connection_line.h"
#include "ui/counted.h"
#include "ui/failure_banner.h"
#include "ui/pages/offers_page.h"
#include "ui/pages/server_page.h"
#include "ui/pages/tasks_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/session_controller.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/status_line.h"

#include <QActionGroup>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QStackedWidget>

namespace sightglass {

using namespace Qt::StringLiterals;

QAction *MainWindow::addCommand(const QString &text, const QKeySequence &key,
                                const std::function<void()> &run)
{
    auto *action = new QAction(text, this);
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, run);
    addAction(action);
    m_commands.append(action);
    return action;
}

void MainWindow::buildActions()
{
    connect(m_traffic, &TrafficPage::partWanted, this, &MainWindow::savePart);
    connect(m_session, &SessionController::partSaved, this,
            [this](qint64 exchanges, const QString &path) {
                m_statusLine->showMessage(
                    exchanges == 0 ? tr("No exchange matches: nothing was saved")
                                   : counted(exchanges, tr("%1 exchange saved to “%2”"),
                                             tr("%1 exchanges saved to “%2”"))
                                         .replace(QLatin1String("%2"), QFileInfo(path).fileName()));
            });
    auto *menu = new QMenu(this);
    auto add = [&](const QString &text, const QKeySequence &key, const std::function<void()> &run) {
        QAction *action = addCommand(text, key, run);
        menu->addAction(action);
        return action;
    };
    add(tr("Commands…"), QKeySequence(u"Ctrl+K"_s), [this] { m_palette->open(m_commands.mid(1)); });
    menu->addSeparator();
    add(tr("Address of the server"), QKeySequence(u"Ctrl+L"_s), [this] { m_line->focusTarget(); });
    add(tr("Run a command"), QKeySequence(u"Ctrl+R"_s), [this] { m_line->focusCommand(); });
    add(tr("Credentials"), {}, [this] { m_line->openCredentials(); });
    add(tr("Revision"), {}, [this] { m_line->openRevision(); });
    add(tr("TLS, proxy and times"), {}, [this] { m_line->openNetwork(); });
    add(tr("Connect"), {}, [this] { connectNow(); });
    m_disconnectAction = add(tr("Disconnect"), {}, [this] { m_session->disconnectFrom(); });
    m_cancelAction = add(tr("Cancel what runs"), {}, [this] { cancel(); });
    m_listAction = add(tr("List again"), QKeySequence(u"F5"_s), [this] {
        if (m_stack->currentWidget() == m_tasks) {
            m_tasks->refresh();
            return;
        }
        const QList<OffersPage *> all = offersPages();
        OffersPage *shown = currentOffers();
        for (OffersPage *page : shown ? QList{shown} : all)
            page->listAgain();
    });
    m_streamAction =
        add(tr("Open the event stream now"), {}, [this] { m_session->reopenStream(); });
    addLogInCommands(menu);
    menu->addSeparator();

    QMenu *acting = menu->addMenu(tr("Send like a buggy client"));
    m_actingGroup = new QActionGroup(this);
    auto addActing = [&](const QString &id, const QString &title, const QString &description) {
        QAction *action =
            addCommand(id.isEmpty() ? title : tr("Send like a buggy client: %1, %2").arg(id, title),
                       {}, [this, id] { m_line->setActing(id); });
        action->setIconText(title);
        action->setToolTip(description);
        action->setCheckable(true);
        action->setChecked(id.isEmpty());
        action->setData(id);
        m_actingGroup->addAction(action);
        acting->addAction(action);
    };
    addActing({}, tr("Send everything rightly"), {});
    const QList<ActingChoice> choices = actingChoices();
    for (const ActingChoice &choice : choices)
        addActing(choice.id, choice.title, choice.description);
    connect(m_line, &ConnectionLine::actingChanged, this, [this](const QString &id) {
        const QList<QAction *> actions = m_actingGroup->actions();
        for (QAction *action : actions)
            action->setChecked(action->data().toString() == id);
        if (m_phase == SessionPhase::Ready)
            m_failure->showNotice(
                id.isEmpty() ? tr("From the next connect on, everything is sent rightly again.")
                             : tr("From the next connect on, requests are sent as a client with %1 "
                                  "sends them.")
                                   .arg(id),
                tr("Connect again"), [this] { connectNow(); });
    });

    QMenu *lab = menu->addMenu(tr("Practise"));
    QAction *start = addCommand(tr("Practise on the built-in server"), QKeySequence(u"Ctrl+P"_s),
                                [this] { practise(); });
    lab->addAction(start);
    lab->addAction(addCommand(tr("Practise logging in by OAuth"), {}, [this] { practiseLogIn(); }));
    lab->addSeparator();
    const QList<LabFault> faults = labFaults();
    for (const LabFault &fault : faults) {
        auto *action =
            new QAction(tr("Built-in server plays %1: %2").arg(fault.id, fault.title), this);
        action->setToolTip(fault.description);
        action->setCheckable(true);
        connect(action, &QAction::toggled, this, [this, id = fault.id](bool on) {
            QStringList play = m_session->labPlay();
            play.removeAll(id);
            if (on)
                play.append(id);
            m_session->setLabPlay(play);
        });
        lab->addAction(action);
        m_commands.append(action);
    }
    menu->addSeparator();

    add(tr("Open a recording…"), QKeySequence(u"Ctrl+O"_s), [this] { chooseRecording(); });
    addCompareCommand(menu);
    m_closeRecordingAction =
        add(tr("Close the recording"), QKeySequence(u"Ctrl+W"_s), [this] { closeRecording(); });
    m_recordAction =
        add(tr("Record to a file…"), QKeySequence(u"Ctrl+S"_s), [this] { toggleRecording(false); });
    m_recordSecretsAction =
        add(tr("Record to a file, with secrets…"), {}, [this] { toggleRecording(true); });
    addExportCommands(menu);
    addKeepCommands(menu);
    add(tr("Begin a new trace"), QKeySequence(u"Ctrl+Shift+N"_s), [this] { beginTrace(); });
    menu->addSeparator();

    for (int i = 0; i < m_rail->pageCount(); ++i)
        add(m_rail->page(i)->text(), QKeySequence(u"Ctrl+%1"_s.arg((i + 1) % 10)),
            [this, i] { goToPage(i); });
    add(tr("Start page"), {}, [this] { showStart(true); });
    add(tr("Filter"), QKeySequence(u"Ctrl+F"_s), [this] {
        if (OffersPage *offers = currentOffers())
            offers->focusFilter();
        else if (m_stack->currentWidget() == m_server)
            m_server->focusFilter();
        else {
            goToPage(m_rail->indexOf(u"traffic"_s));
            m_traffic->focusFilter();
        }
    });
    m_backAction =
        add(tr("Back"), QKeySequence(u"Alt+Left"_s), [this] { goTo(m_history.goBack()); });
    m_forwardAction =
        add(tr("Forward"), QKeySequence(u"Alt+Right"_s), [this] { goTo(m_history.goForward()); });
    menu->addSeparator();

    QMenu *theme = menu->addMenu(tr("Theme"));
    const std::pair<QString, ThemeChoice> themes[]{{tr("Theme of the system"), ThemeChoice::System},
                                                   {tr("Light theme"), ThemeChoice::Light},
                                                   {tr("Dark theme"), ThemeChoice::Dark}};
    auto *themeGroup = new QActionGroup(this);
    const ThemeChoice now = m_settings ? rememberedTheme(*m_settings) : ThemeChoice::System;
    for (const auto &[text, choice] : themes) {
        QAction *action = addCommand(text, {}, [this, value = choice] { chooseTheme(value); });
        action->setCheckable(true);
        action->setChecked(choice == now);
        themeGroup->addAction(action);
        theme->addAction(action);
    }
    add(tr("Quit"), QKeySequence(u"Ctrl+Q"_s), [this] { close(); });
    menu->setToolTipsVisible(true);
    acting->setToolTipsVisible(true);
    lab->setToolTipsVisible(true);
    m_line->setMenu(menu);
    updateActions();
}

void MainWindow::savePart(const QString &filter)
{
    auto *dialog = new QFileDialog(this, tr("Save what the filter finds, without secrets"),
                                   QString(), tr("Recordings (*.sgtrace);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"sgtrace"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this, filter](const QString &path) {
        m_session->savePart(path, TraceFilter::parse(filter));
    });
    dialog->open();
}

void MainWindow::updateActions()
{
    if (!m_backAction)
        return;
    const bool live = !m_session->isRecordingShown();
    const bool ready = live && m_phase == SessionPhase::Ready;
    m_backAction->setEnabled(m_history.canGoBack());
    m_forwardAction->setEnabled(m_history.canGoForward());
    m_disconnectAction->setEnabled(ready);
    m_cancelAction->setEnabled(live && (ready || m_phase == SessionPhase::Connecting));
    m_listAction->setEnabled(ready);
    m_streamAction->setEnabled(ready);
    m_closeRecordingAction->setEnabled(!live);
    const bool loggedIn = live && m_session->oauth().tokens.has_value();
    m_logInAction->setEnabled(live && !m_line->isCommand());
    m_exploreAction->setEnabled(live && !m_line->isCommand());
    m_logOutAction->setEnabled(loggedIn);
    const bool recording = !m_session->recordingTo().isEmpty();
    m_recordAction->setText(recording ? tr("Stop recording") : tr("Record to a file…"));
    m_recordAction->setEnabled(live);
    m_recordSecretsAction->setEnabled(live && !recording);
}

} // namespace sightglass
