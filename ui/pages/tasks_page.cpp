// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/tasks_page.h"

#include "core/mcp/revision.h"
#include "ui/counted.h"
#include "ui/models/task_list_model.h"
#include "ui/pages/task_panel.h"
#include "ui/session_controller.h"
#include "ui/task_tracker.h"
#include "ui/visible_text.h"
#include "ui/widgets/glyph_delegate.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/role_label.h"

#include <QCheckBox>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

TasksPage::TasksPage(TaskTracker *tracker, SessionController *session, QWidget *parent)
    : QWidget(parent)
    , m_tracker(tracker)
    , m_session(session)
    , m_stack(new QStackedWidget(this))
{
    m_stack->addWidget(buildMessage());
    m_stack->addWidget(buildList());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    TaskListModel *model = m_tracker->model();
    connect(model, &QAbstractItemModel::rowsInserted, this, [this] { tasksChanged(); });
    connect(model, &QAbstractItemModel::modelReset, this, [this] { tasksChanged(); });
    connect(model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &from, const QModelIndex &to) {
                const int row = m_rows->currentIndex().row();
                if (row >= from.row() && row <= to.row())
                    showCurrent();
                tasksChanged();
            });
    connect(m_tracker, &TaskTracker::changed, this, [this] {
        showCurrent();
        tasksChanged();
    });
    connect(m_tracker, &TaskTracker::began, this, &TasksPage::showTask);
    connect(m_session, &SessionController::stateChanged, this, &TasksPage::showState);
    connect(m_session, &SessionController::traceChanged, this, [this] {
        m_panel->setLinksVisible(!m_session->isRecordingShown());
        showState();
    });
    tasksChanged();
}

QWidget *TasksPage::buildMessage()
{
    auto *message = new QWidget(this);
    m_messageTitle = new QLabel(message);
    m_messageTitle->setFont(scaledFont(2, true));
    m_messageTitle->setTextFormat(Qt::PlainText);
    m_messageTitle->setWordWrap(true);
    m_messageText = new RoleLabel(Role::Muted, message);
    m_messageText->setWordWrap(true);
    m_messageAsk = new QPushButton(tr("Ask all the same"), message);
    m_messageTools = new LinkButton(tr("Go to Tools"), message);
    auto *layout = new QVBoxLayout(message);
    layout->setContentsMargins(32, 32, 32, 32);
    layout->addWidget(m_messageTitle);
    layout->addWidget(m_messageText);
    layout->addWidget(m_messageAsk, 0, Qt::AlignLeft);
    layout->addWidget(m_messageTools, 0, Qt::AlignLeft);
    layout->addStretch(1);
    connect(m_messageAsk, &QPushButton::clicked, m_tracker, &TaskTracker::askAllTheSame);
    connect(m_messageTools, &LinkButton::clicked, this, &TasksPage::showToolsRequested);
    return message;
}

QWidget *TasksPage::buildList()
{
    auto *area = new QWidget(this);
    m_words = new RoleLabel(Role::Muted, area);
    m_words->setElide(Qt::ElideRight);
    m_poll = new QCheckBox(tr("Poll"), area);
    m_poll->setChecked(m_tracker->isPolling());
    m_poll->setToolTip(tr("Ask how a task is, as often as the server wishes"));
    m_refresh = new QPushButton(themedIcon(u"refresh"_s, Role::Muted), u' ' + tr("Refresh"), area);
    m_refresh->setToolTip(tr("List the tasks again and ask how they are (F5)"));
    m_refresh->setAutoDefault(false);
    m_note = new RoleLabel(Role::Failure, area);
    m_note->setWordWrap(true);
    m_note->setContentsMargins(20, 0, 20, 8);
    m_rows = new RowsView(area);
    m_rows->setAccessibleName(tr("Tasks"));
    m_rows->setModel(m_tracker->model());
    m_rows->setItemDelegate(new GlyphDelegate(m_rows));
    m_rows->setColumns({{u"____input_required"_s, 0, 0},
                        {u"00000000-0000-0000-0000"_s, 2, 0, u"00000000-0000"_s},
                        {u"tools/call name-of-it"_s, 3, 0, u"tools/call na"_s},
                        {u"0000-00-00"_s, 0, 950},
                        {u"0000-00-00"_s, 0, 0},
                        {u"kept for__"_s, 0, 700},
                        {u"500 ms__"_s, 0, 0}});
    m_rows->setFrameShape(QFrame::NoFrame);
    m_rows->setMinimumHeight(90);
    m_panel = new TaskPanel(m_tracker);
    auto *choose = new RoleLabel(tr("Choose a task above."), Role::Muted, area);
    choose->setAlignment(Qt::AlignCenter);
    m_detail = new QStackedWidget(area);
    m_detail->addWidget(choose);
    m_detail->addWidget(pageScroll(m_panel, area));
    m_detail->setMinimumHeight(120);

    auto *head = new QHBoxLayout;
    head->setContentsMargins(20, 8, 12, 8);
    head->setSpacing(12);
    head->addWidget(m_words, 1);
    head->addWidget(m_poll);
    head->addWidget(m_refresh);
    auto *splitter = new QSplitter(Qt::Vertical, area);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_rows);
    splitter->addWidget(m_detail);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(area);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_note);
    layout->addWidget(splitter, 1);

    connect(m_poll, &QCheckBox::clicked, m_tracker, &TaskTracker::setPolling);
    connect(m_refresh, &QPushButton::clicked, this, &TasksPage::refresh);
    connect(m_rows, &RowsView::currentRowChanged, this, &TasksPage::showCurrent);
    connect(m_rows, &RowsView::activated, this, [this] {
        const TrackedTask *task = m_tracker->model()->taskAt(m_rows->currentIndex().row());
        if (task && task->told > 0 && !m_session->isRecordingShown())
            Q_EMIT showExchangeRequested(task->told);
    });
    connect(m_panel, &TaskPanel::showExchangeRequested, this, &TasksPage::showExchangeRequested);
    connect(m_panel, &TaskPanel::showRequestsRequested, this, &TasksPage::showRequestsRequested);
    connect(m_panel, &TaskPanel::statusMessage, this, &TasksPage::statusMessage);
    return area;
}

void TasksPage::showTask(const QString &id)
{
    const int row = m_tracker->model()->rowOf(id);
    if (row >= 0)
        m_rows->setCurrentRow(row);
}

void TasksPage::selectFirst()
{
    if (!m_rows->currentIndex().isValid() && m_tracker->model()->rowCount() > 0)
        m_rows->setCurrentRow(0);
}

void TasksPage::refresh()
{
    m_tracker->refresh();
}

void TasksPage::showCurrent()
{
    const TrackedTask *task = m_tracker->model()->taskAt(m_rows->currentIndex().row());
    m_detail->setCurrentIndex(task ? 1 : 0);
    if (!task) {
        m_tracker->watch({});
        return;
    }
    m_tracker->watch(task->task.id);
    m_panel->setTask(*task);
}

void TasksPage::tasksChanged()
{
    const QList<TrackedTask> &tasks = m_tracker->model()->tasks();
    qint64 going = 0;
    bool waits = false;
    for (const TrackedTask &task : tasks) {
        const bool goes = !task.task.hasEnded() && task.lost.isEmpty();
        going += goes ? 1 : 0;
        waits = waits || (goes && task.task.status == "input_required"_L1);
    }
    m_words->setWholeText(tr("%1, %2").arg(
        counted(tasks.size(), tr("1 task"), tr("%1 tasks")),
        going == 0 ? tr("all have ended") : counted(going, tr("1 goes on"), tr("%1 go on"))));
    showState();
    Q_EMIT countChanged(tasks.isEmpty() && m_tracker->by() == TasksBy::None ? -1 : tasks.size(),
                        waits);
}

void TasksPage::showMessage(const QString &title, const QString &text, bool canAsk)
{
    m_messageTitle->setText(title);
    m_messageText->setText(text);
    m_messageText->setVisible(!text.isEmpty());
    m_messageAsk->setVisible(canAsk);
    m_messageTools->setVisible(m_tracker->by() != TasksBy::None);
    m_stack->setCurrentIndex(0);
}

void TasksPage::showState()
{
    const SessionState &state = m_session->state();
    const bool ready = state.phase == SessionPhase::Ready;
    m_refresh->setEnabled(ready);
    m_poll->setEnabled(ready);
    const std::optional<Failure> &failure = m_tracker->listFailure();
    m_note->setVisible(failure.has_value());
    if (failure)
        m_note->setText(tr("Not listed: %1").arg(visibleText(failure->sentence)));
    if (m_tracker->model()->rowCount() > 0) {
        m_stack->setCurrentIndex(1); // what is known stays to be looked at
        return;
    }
    if (m_session->isRecordingShown()) {
        showMessage(tr("A recording is open"),
                    tr("Its requests stand in Traffic. Connect to a server to see its tasks."));
        return;
    }
    if (!ready) {
        const bool connecting = state.phase == SessionPhase::Connecting;
        showMessage(connecting ? tr("Connecting") : tr("Not connected"),
                    state.failure ? visibleText(state.failure->sentence)
                                  : tr("The tasks of a server stand here once it is connected."));
        return;
    }
    const Revision *revision = revisionNamed(state.revision.toLatin1());
    const bool inCore = revision && revision->tasks;
    switch (m_tracker->by()) {
    case TasksBy::None:
        if (failure)
            showMessage(tr("The tasks could not be listed"), visibleText(failure->sentence),
                        inCore);
        else if (inCore)
            showMessage(tr("The server has no tasks"), tr("Its capabilities do not have “tasks”."),
                        true);
        else if (revision && revision->extensions)
            showMessage(tr("The server has no tasks"),
                        tr("Its capabilities do not name the extension “%1”.")
                            .arg(QString::fromLatin1(TasksExtension)));
        else
            showMessage(tr("The server has no tasks"),
                        tr("It speaks revision %1, which does not have them.").arg(state.revision));
        return;
    case TasksBy::Extension:
        showMessage(tr("No tasks yet"),
                    m_session->target().offer.tasks
                        ? tr("The server decides which calls become tasks. Those of this "
                             "connection stand here; this revision has no list of them.")
                        : tr("This server was not told that we understand tasks, so no call "
                             "becomes one. They are switched on under Revision, above, for the "
                             "next connection."));
        return;
    case TasksBy::Core:
        if (failure) {
            showMessage(tr("The tasks could not be listed"), visibleText(failure->sentence), true);
            return;
        }
        showMessage(m_tracker->isListing() ? tr("Listing the tasks") : tr("No tasks yet"),
                    m_tracker->isListed()
                        ? tr("The server lists none. “Call as a task”, on Tools, begins one.")
                        : tr("The server does not list its tasks. Those that begin here, by “Call "
                             "as a task” on Tools, will be shown."));
        return;
    }
}

} // namespace sightglass
