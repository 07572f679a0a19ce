// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/task_panel.h"

#include "core/trace/trace_text.h"
#include "ui/models/task_list_model.h"
#include "ui/task_tracker.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/result_view.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"

#include <QClipboard>
#include <QGridLayout>
#include <QPushButton>

namespace sightglass {

using namespace Qt::StringLiterals;

TaskPanel::TaskPanel(TaskTracker *tracker, QWidget *parent)
    : QWidget(parent)
    , m_tracker(tracker)
    , m_glyph(new QLabel(this))
    , m_status(new RoleLabel(Role::Text, this))
    , m_title(new QLabel(this))
    , m_cancel(new QPushButton(tr("Cancel task"), this))
    , m_fetch(new QPushButton(tr("Get result"), this))
    , m_message(new RoleLabel(Role::Muted, this))
    , m_input(new QWidget(this))
    , m_facts(new QGridLayout)
    , m_problem(new RoleLabel(Role::Attention, this))
    , m_cancelLine(new QWidget(this))
    , m_cancelWords(new RoleLabel(Role::Muted, m_cancelLine))
    , m_cancelLink(new LinkButton({}, m_cancelLine))
{
    m_status->setFont(scaledFont(0, true));
    m_title->setFont(scaledFont(2, true));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setWordWrap(true);
    m_title->setMinimumWidth(80);
    m_cancel->setAutoDefault(false);
    m_fetch->setAutoDefault(false);
    for (RoleLabel *label : {m_message, m_problem, m_cancelWords}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_glyph);
    head->addWidget(m_status);
    head->addWidget(m_title, 1);
    head->addWidget(m_fetch);
    head->addWidget(m_cancel);

    auto *inputWords =
        new RoleLabel(tr("It waits for an answer from you."), Role::Attention, m_input);
    auto *answer = new LinkButton(tr("Answer on Requests"), m_input);
    auto *input = new QHBoxLayout(m_input);
    input->setContentsMargins(0, 0, 0, 0);
    input->addWidget(inputWords);
    input->addWidget(answer);
    input->addStretch(1);
    auto *cancelLine = new QHBoxLayout(m_cancelLine);
    cancelLine->setContentsMargins(0, 0, 0, 0);
    cancelLine->addWidget(m_cancelWords, 1);
    cancelLine->addWidget(m_cancelLink, 0, Qt::AlignTop);

    m_facts->setHorizontalSpacing(16);
    m_facts->setVerticalSpacing(0);
    m_facts->setColumnStretch(3, 1);
    m_what = addFact(tr("Request"));
    m_beganLink = new LinkButton({}, this);
    m_facts->addWidget(m_beganLink, 0, 2);
    m_created = addFact(tr("Created"));
    m_updated = addFact(tr("Last update"));
    m_toldLink = new LinkButton({}, this);
    m_facts->addWidget(m_toldLink, 2, 2);
    m_kept = addFact(tr("Kept for"));
    m_poll = addFact(tr("Polling"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 12, 20, 20);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_message);
    layout->addWidget(m_input);
    layout->addWidget(m_problem);
    layout->addLayout(m_facts);
    layout->addWidget(m_cancelLine);
    layout->addWidget(buildOutcome());
    layout->addStretch(1);

    connect(answer, &LinkButton::clicked, this, &TaskPanel::showRequestsRequested);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_tracker->cancel(m_id); });
    connect(m_fetch, &QPushButton::clicked, this, [this] { m_tracker->fetch(m_id); });
    for (LinkButton *button : {m_beganLink, m_toldLink, m_cancelLink, m_resultLink})
        connect(button, &LinkButton::clicked, this, [this, button] {
            Q_EMIT showExchangeRequested(button->property("exchange").toLongLong());
        });
}

RoleLabel *TaskPanel::addFact(const QString &name)
{
    const int row = m_facts->count() == 0 ? 0 : m_facts->rowCount();
    m_facts->addWidget(new RoleLabel(name, Role::Muted, this), row, 0);
    m_facts->setRowMinimumHeight(row, fontMetrics().height() + 8); // as high as a link
    auto *value = new RoleLabel(Role::Text, this);
    value->setAccessibleDescription(name);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->addWidget(value, row, 1);
    return value;
}

QWidget *TaskPanel::buildOutcome()
{
    auto *outcome = new QWidget(this);
    m_resultTitle = new SectionTitle(tr("Result"), outcome);
    m_resultLink = new LinkButton({}, outcome);
    m_copyLink = new LinkButton(tr("Copy"), outcome);
    m_copyLink->setAccessibleName(tr("Copy the result"));
    m_resultTitle->addAction(m_resultLink);
    m_resultTitle->addAction(m_copyLink);
    m_noResult = new RoleLabel(Role::Muted, outcome);
    m_noResult->setWordWrap(true);
    m_result = new ResultView(outcome);
    auto *layout = new QVBoxLayout(outcome);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_resultTitle);
    layout->addWidget(m_noResult);
    layout->addWidget(m_result);
    connect(m_copyLink, &LinkButton::clicked, this, &TaskPanel::copyResult);
    connect(m_result, &ResultView::statusMessage, this, &TaskPanel::statusMessage);
    return outcome;
}

void TaskPanel::copyResult()
{
    const TrackedTask *task = m_tracker->model()->find(m_id);
    if (!task || !task->result)
        return;
    QGuiApplication::clipboard()->setText(QString::fromUtf8(m_tracker->redactor()->jsonWithoutKnown(
        task->result->result.isEmpty() ? task->result->error : task->result->result)));
    Q_EMIT statusMessage(tr("Copied the result as JSON"));
}

void TaskPanel::setLinksVisible(bool visible)
{
    m_links = visible;
    for (LinkButton *button : {m_beganLink, m_toldLink, m_cancelLink, m_resultLink})
        button->setVisible(m_links && button->property("exchange").toLongLong() > 0);
}

void TaskPanel::link(LinkButton *button, ExchangeId exchange)
{
    button->setProperty("exchange", exchange);
    button->setText(tr("Exchange %1").arg(exchange));
    button->updateGeometry();
    button->setVisible(m_links && exchange > 0);
}

void TaskPanel::showFact(RoleLabel *value, const QString &text)
{
    value->setText(text.isEmpty() ? tr("not said") : text);
}

void TaskPanel::setTask(const TrackedTask &tracked)
{
    const Task &task = tracked.task;
    m_id = task.id;
    const bool lost = !tracked.lost.isEmpty();
    const Role role = taskRole(task.status, lost);
    m_glyph->setPixmap(
        themedIcon(taskGlyph(task.status, lost), role).pixmap(QSize(16, 16), devicePixelRatioF()));
    m_status->setRole(role);
    m_status->setText(visibleText(task.status.left(40)));
    m_title->setText(visibleText(task.id.left(300)));
    m_message->setText(visibleText(task.statusMessage.left(2000), true));
    m_message->setVisible(!task.statusMessage.isEmpty());
    m_input->setVisible(task.status == "input_required"_L1);

    showFact(m_what,
             tracked.what.isEmpty() ? tr("not known: it stood in the list of tasks")
                                    : visibleText(tracked.what.left(60)));
    link(m_beganLink, tracked.began);
    const QDate today = QDate::currentDate();
    showFact(m_created, taskTime(task.createdAt, today));
    showFact(m_updated, taskTime(task.updatedAt, today));
    link(m_toldLink, tracked.told);
    showFact(m_kept, taskKept(task));
    const std::optional<qint64> every = m_tracker->pollMs(tracked);
    const QString wanted = taskPoll(task);
    QString poll;
    if (every && task.pollMs && *every != *task.pollMs)
        poll = tr("asked for every %1; the server wishes %2")
                   .arg(humanDuration(*every * 1'000'000), wanted);
    else if (every)
        poll = task.pollMs ? tr("asked for every %1, as the server wishes").arg(wanted)
                           : tr("asked for every %1").arg(humanDuration(*every * 1'000'000));
    else
        poll = task.hasEnded() ? tr("it has ended")
                               : tr("not asked for by itself; Refresh (F5) asks once");
    showFact(m_poll, poll);

    QStringList problems{visibleText(tracked.lost), tracked.note};
    problems.removeAll(QString());
    m_problem->setText(problems.join(u'\n'));
    m_problem->setVisible(!problems.isEmpty());
    m_cancelLine->setVisible(tracked.cancelling || !tracked.cancelled.isEmpty());
    m_cancelWords->setRole(tracked.cancelRefused ? Role::Failure : Role::Muted);
    m_cancelWords->setText(tracked.cancelling ? tr("The server was asked to cancel it.")
                                              : tracked.cancelled);
    link(m_cancelLink, tracked.cancelExchange);
    m_cancel->setEnabled(m_tracker->canCancel(tracked));
    m_cancel->setToolTip(task.hasEnded() ? tr("It has ended") : QString());
    m_fetch->setEnabled(m_tracker->canFetch(tracked));
    m_fetch->setVisible(!tracked.result && task.status != "cancelled"_L1
                        && (task.hasEnded() || m_tracker->by() != TasksBy::Extension));
    m_fetch->setToolTip(task.hasEnded() ? QString() : tr("Waits until the task has ended"));
    showResult(tracked);
}

void TaskPanel::showResult(const TrackedTask &tracked)
{
    const std::optional<CallResult> &result = tracked.result;
    m_copyLink->setVisible(result && !(result->result.isEmpty() && result->error.isEmpty()));
    link(m_resultLink, result ? result->exchange : 0);
    m_noResult->setVisible(!result);
    m_result->setVisible(result.has_value());
    if (!result) {
        m_resultTitle->setGlyph({});
        m_resultTitle->setTitle(tr("Result"));
        m_resultTitle->setNote({});
        m_noResult->setText(tracked.fetching ? tr("Waits for the result.")
                                : tracked.task.status == "cancelled"_L1
                                ? tr("A task that was cancelled has none.")
                                : tracked.task.hasEnded() ? tr("It was not fetched yet.")
                                                          : tr("There is none yet."));
        m_resultShown.clear();
        m_result->clear();
        return;
    }
    const bool failed = result->failure || result->isError;
    m_resultTitle->setGlyph(failed ? themedIcon(u"refused"_s, Role::Failure)
                                   : themedIcon(u"check"_s, Role::Ok));
    m_resultTitle->setTitle(result->errorCode     ? tr("Error %1").arg(*result->errorCode)
                                : result->failure ? tr("Failed")
                                : result->isError ? tr("The tool failed (isError)")
                                                  : tr("Result"));
    const qsizetype size = result->result.isEmpty() ? result->error.size() : result->result.size();
    m_resultTitle->setNote(size > 0 ? humanSize(size) : QString());
    // It does not change any more; the view keeps what was opened or scrolled in it.
    const QByteArray shown = tracked.task.id.toUtf8() + '\n' + result->result + result->error;
    if (shown == m_resultShown)
        return;
    m_resultShown = shown;
    m_result->setResult(
        *result, tracked.what.startsWith("tools/call"_L1) ? ResultShape::Tool : ResultShape::Any,
        {}, m_tracker->redactor());
}

} // namespace sightglass
