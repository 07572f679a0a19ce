// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/task_tracker.h"

#include "core/mcp/revision.h"
#include "ui/models/task_list_model.h"
#include "ui/session_controller.h"
#include "ui/visible_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// How the request ended that became this task, where the task itself tells it (the extension).
std::optional<CallResult> endToldBy(const Task &task, ExchangeId exchange)
{
    CallResult result;
    result.exchange = exchange;
    if (task.status == "completed"_L1 && !task.result.isEmpty()) {
        result.result = task.result;
        result.isError = toolSaidError(task.result);
        return result;
    }
    if (task.status != "failed"_L1 || task.error.isEmpty())
        return {};
    const JsonText error = JsonText::parse(task.error);
    result.error = task.error;
    result.errorCode = error.integer(error.member(error.root(), u"code"));
    const QString message =
        error.string(error.member(error.root(), u"message")).simplified().left(400);
    result.failure =
        Failure{FailureKind::Protocol,
                u"rpc-error"_s,
                TaskTracker::tr("The task failed: %1")
                    .arg(message.isEmpty() ? TaskTracker::tr("(no message)") : message),
                {},
                exchange,
                {}};
    return result;
}

} // namespace

TaskTracker::TaskTracker(SessionController *session, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_model(new TaskListModel(this))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &TaskTracker::poll);
    connect(m_session, &SessionController::stateChanged, this, &TaskTracker::stateChanged);
    connect(m_session, &SessionController::callFinished, this, &TaskTracker::finished);
    connect(m_session, &SessionController::listed, this, &TaskTracker::listed);
    connect(m_session, &SessionController::notified, this, &TaskTracker::notified);
    connect(m_session, &SessionController::traceCleared, this, [this] {
        // Their exchanges stand in the trace before.
        forget();
        Q_EMIT changed();
    });
    stateChanged(m_session->state());
}

bool TaskTracker::isReady() const
{
    return m_phase == SessionPhase::Ready;
}

bool TaskTracker::isListed() const
{
    return m_by == TasksBy::Core && offersList(m_session->state().capabilities, ListKind::Tasks);
}

void TaskTracker::forget()
{
    m_asked.clear();
    m_due.clear();
    m_questions.clear();
    m_timer.stop();
    m_listing = false;
    m_listFailure.reset();
    m_model->clear();
}

void TaskTracker::stateChanged(const SessionState &state)
{
    const SessionPhase before = std::exchange(m_phase, state.phase);
    if (state.phase == before)
        return;
    const QString server = targetName(m_session->target()) + state.url.toString();
    if (state.phase == SessionPhase::Connecting && server != m_server) {
        m_server = server;
        forget();
    }
    if (isReady()) {
        m_by = tasksBy(revisionNamed(state.revision.toLatin1()), state.capabilities);
        refresh();
    } else {
        m_by = TasksBy::None;
        m_listing = false;
        m_asked.clear();
        m_due.clear();
        m_questions.clear();
        m_timer.stop();
        const QList<TrackedTask> all = m_model->tasks();
        for (const TrackedTask &task : all) {
            if (task.fetching || task.cancelling)
                change(task.task.id,
                       [](TrackedTask *now) { now->fetching = now->cancelling = false; });
        }
    }
    Q_EMIT changed();
}

void TaskTracker::refresh()
{
    if (!isReady())
        return;
    if (isListed()) {
        m_listing = true;
        m_session->list(ListKind::Tasks);
    }
    const QList<TrackedTask> all = m_model->tasks();
    for (const TrackedTask &task : all) {
        if (task.task.hasEnded())
            continue;
        change(task.task.id, [](TrackedTask *now) { now->lost.clear(); });
        request(Kind::Get, task.task.id, taskCall("tasks/get", task.task.id));
    }
    Q_EMIT changed();
}

void TaskTracker::askAllTheSame()
{
    if (!isReady())
        return;
    m_listing = true;
    m_session->list(ListKind::Tasks);
    Q_EMIT changed();
}

void TaskTracker::watch(const QString &id)
{
    m_watched = id;
    schedule(id);
}

void TaskTracker::setPolling(bool on)
{
    if (m_polling == on)
        return;
    m_polling = on;
    m_due.clear();
    const QList<TrackedTask> all = m_model->tasks();
    for (const TrackedTask &task : all)
        schedule(task.task.id);
    Q_EMIT changed();
}

std::optional<qint64> TaskTracker::pollMs(const TrackedTask &task) const
{
    const bool ours = task.began > 0 || task.task.id == m_watched;
    if (!m_polling || !isReady() || !ours || task.task.hasEnded() || !task.lost.isEmpty())
        return {};
    return std::clamp(task.task.pollMs.value_or(UsualPollMs), LeastPollMs, MostPollMs);
}

bool TaskTracker::canFetch(const TrackedTask &task) const
{
    // In the extension it comes with the task that has ended, and cannot be waited for.
    const bool there = m_by == TasksBy::Core || task.task.hasEnded();
    return isReady() && m_by != TasksBy::None && there && !task.fetching && !task.result;
}

bool TaskTracker::canCancel(const TrackedTask &task) const
{
    return isReady() && !task.cancelling && !task.task.hasEnded();
}

void TaskTracker::request(Kind kind, const QString &id, const RpcCall &call)
{
    const bool waits = std::any_of(m_asked.cbegin(), m_asked.cend(), [&](const Asked &one) {
        return one.kind == kind && one.id == id;
    });
    if (waits && kind != Kind::Update)
        return;
    if (kind == Kind::Get)
        m_due.remove(id); // begins anew with the answer
    m_asked.insert(m_session->request(call, kind == Kind::Result), Asked{kind, id});
}

void TaskTracker::cancel(const QString &id)
{
    const TrackedTask *task = m_model->find(id);
    if (!task || !canCancel(*task))
        return;
    change(id, [](TrackedTask *now) {
        now->cancelling = true;
        now->cancelRefused = false;
        now->cancelled.clear();
        now->cancelExchange = 0;
    });
    request(Kind::Cancel, id, taskCall("tasks/cancel", id));
}

void TaskTracker::fetch(const QString &id)
{
    const TrackedTask *task = m_model->find(id);
    if (!task || !canFetch(*task))
        return;
    if (m_by == TasksBy::Core) {
        change(id, [](TrackedTask *now) { now->fetching = true; });
        request(Kind::Result, id, taskCall("tasks/result", id));
    } else {
        // There it comes with the task itself.
        request(Kind::Get, id, taskCall("tasks/get", id));
    }
}

void TaskTracker::finished(Ticket ticket, const CallResult &result)
{
    const auto it = m_asked.constFind(ticket);
    if (it == m_asked.constEnd()) {
        if (isReady() && !result.failure && becameTask(result.result))
            adopt(result);
        return;
    }
    const Asked asked = *it;
    m_asked.erase(it);
    switch (asked.kind) {
    case Kind::Get:
        got(asked.id, result);
        break;
    case Kind::Cancel:
        cancelAnswered(asked.id, result);
        break;
    case Kind::Result:
        resultCame(asked.id, result);
        break;
    case Kind::Update:
        if (result.failure)
            change(asked.id, [&result](TrackedTask *now) {
                now->note = tr("The server did not take the answer: %1")
                                .arg(visibleText(result.failure->sentence));
            });
        request(Kind::Get, asked.id, taskCall("tasks/get", asked.id));
        break;
    }
}

std::shared_ptr<const Redactor> TaskTracker::redactor() const
{
    return m_session->liveRedactor();
}

void TaskTracker::adopt(const CallResult &result)
{
    Task task = readTask(result.result);
    if (!task.problem.isEmpty())
        return; // shown as it came where it was asked for
    task.statusMessage = m_session->withoutSecrets(task.statusMessage);
    TrackedTask tracked;
    if (const TrackedTask *known = m_model->find(task.id))
        tracked = *known;
    else
        tracked.task = task;
    tracked.began = result.exchange;
    // What a recording that is open says of that number is of another exchange.
    if (!m_session->isRecordingShown() && result.exchange > 0)
        tracked.what = m_session->trace()->request(result.exchange).what;
    if (!m_model->put(tracked))
        return;
    take(task, result.exchange);
    Q_EMIT began(task.id);
}

void TaskTracker::listed(const Listing &listing)
{
    if (listing.kind != ListKind::Tasks)
        return;
    m_listing = !listing.complete && !listing.failure;
    m_listFailure = listing.failure;
    const ExchangeId exchange = listing.pages.isEmpty() ? 0 : listing.pages.constLast().exchange;
    for (const ListItem &item : listing.items) {
        const Task task = readTask(item.json.text());
        if (task.problem.isEmpty())
            take(task, exchange);
    }
    Q_EMIT changed();
}

void TaskTracker::notified(const Notice &notice)
{
    if (notice.method != "notifications/tasks/status" && notice.method != "notifications/tasks")
        return;
    const Task task = readTask(notice.params);
    if (task.problem.isEmpty())
        take(task, notice.exchange);
}

void TaskTracker::got(const QString &id, const CallResult &result)
{
    if (!result.failure) {
        const Task task = readTask(result.result);
        if (task.problem.isEmpty() && task.id == id) {
            take(task, result.exchange);
            return;
        }
        const QString why = task.problem.isEmpty() ? tr("its taskId is another one") : task.problem;
        change(id, [&](TrackedTask *now) {
            now->told = result.exchange;
            now->lost = tr("What the server answered to tasks/get is no task: %1.").arg(why);
        });
        return;
    }
    if (result.failure->kind == FailureKind::Cancelled) {
        schedule(id);
        return;
    }
    change(id, [&](TrackedTask *now) {
        if (result.exchange > 0)
            now->told = result.exchange;
        now->lost = tr("It is not asked for any more: %1").arg(result.failure->sentence);
    });
}

void TaskTracker::cancelAnswered(const QString &id, const CallResult &result)
{
    const Task task = result.failure ? Task() : readTask(result.result);
    const bool told = !result.failure && task.problem.isEmpty() && task.id == id;
    change(id, [&](TrackedTask *now) {
        now->cancelling = false;
        now->cancelExchange = result.exchange;
        now->cancelRefused = result.failure.has_value();
        now->cancelled = result.failure
            ? tr("It was not cancelled: %1").arg(visibleText(result.failure->sentence))
            : told
            ? tr("The server took the cancel; it is %1 now.").arg(visibleText(task.status.left(40)))
            : tr("The server heard that it is to be cancelled.");
    });
    if (told)
        take(task, result.exchange);
    else
        request(Kind::Get, id, taskCall("tasks/get", id));
}

void TaskTracker::resultCame(const QString &id, const CallResult &result)
{
    change(id, [&](TrackedTask *now) {
        now->fetching = false;
        // Given up by a person: it can be fetched again.
        if (result.failure && result.failure->kind == FailureKind::Cancelled)
            return;
        now->result = result;
        now->result->isError = !result.failure && toolSaidError(result.result);
    });
    if (const TrackedTask *task = m_model->find(id); task && !task->task.hasEnded())
        request(Kind::Get, id, taskCall("tasks/get", id));
}

void TaskTracker::take(const Task &task, ExchangeId exchange)
{
    TrackedTask tracked;
    if (const TrackedTask *known = m_model->find(task.id)) {
        // An answer may be overtaken by a notification: what has ended stays so.
        if (known->task.hasEnded() && !task.hasEnded())
            return;
        tracked = *known;
    }
    tracked.task = task;
    tracked.task.statusMessage = m_session->withoutSecrets(task.statusMessage);
    if (exchange > 0)
        tracked.told = exchange;
    tracked.lost.clear();
    if (!tracked.result)
        tracked.result = endToldBy(task, exchange);
    if (!m_model->put(tracked))
        return;
    const bool needsInput = task.status == "input_required"_L1;
    withdraw(task.id, needsInput ? task.asks : QList<InputRequired::Request>(),
             task.hasEnded() ? tr("The task has ended.") : tr("The task goes on without it."));
    const bool over = task.status == "completed"_L1 || task.status == "failed"_L1;
    if (m_by == TasksBy::Core && tracked.began > 0 && (over || needsInput))
        fetch(task.id); // a task that needs input asks while its result is waited for
    if (needsInput)
        askInput(tracked);
    schedule(task.id);
}

void TaskTracker::askInput(const TrackedTask &task)
{
    QHash<QString, quint64> &known = m_questions[task.task.id];
    for (const InputRequired::Request &question : task.task.asks) {
        if (known.contains(question.key) || known.size() >= qsizetype(Inbox::Most))
            continue;
        ServerRequest request;
        request.method = question.method;
        request.params = question.params;
        request.exchange = task.told;
        request.forWhat = tr("task %1").arg(task.task.id.left(80));
        const QString id = task.task.id;
        const QString key = question.key;
        known.insert(key, m_session->ask(request, [this, id, key](const ServerReply &reply) {
            answered(id, key, reply);
        }));
    }
}

void TaskTracker::answered(const QString &id, const QString &key, const ServerReply &reply)
{
    m_questions[id][key] = 0;
    if (reply.errorCode) {
        // There is no place for an error in tasks/update.
        change(id, [](TrackedTask *now) {
            now->note =
                tr("What it asked was refused here, and it goes on waiting: Cancel ends it.");
        });
        return;
    }
    request(Kind::Update, id, updateTaskCall(id, {{key, reply.result}}));
}

void TaskTracker::withdraw(const QString &id, const QList<InputRequired::Request> &stillAsked,
                           const QString &why)
{
    const auto it = m_questions.find(id);
    if (it == m_questions.end())
        return;
    const QStringList keys = it->keys();
    for (const QString &key : keys) {
        const bool asked = std::any_of(stillAsked.cbegin(), stillAsked.cend(),
                                       [&key](const auto &one) { return one.key == key; });
        if (asked)
            continue;
        if (const quint64 number = it->take(key))
            m_session->withdraw(number, why);
    }
}

void TaskTracker::schedule(const QString &id)
{
    const TrackedTask *task = m_model->find(id);
    const std::optional<qint64> wait = task ? pollMs(*task) : std::nullopt;
    if (!wait) {
        m_due.remove(id);
        return;
    }
    if (!m_due.contains(id))
        m_due.insert(id, QDeadlineTimer(*wait));
    const qint64 next = std::max<qint64>(0, m_due.value(id).remainingTime());
    if (!m_timer.isActive() || m_timer.remainingTime() > next)
        m_timer.start(int(next));
}

void TaskTracker::poll()
{
    const QStringList ids = m_due.keys();
    qint64 next = MostPollMs;
    for (const QString &id : ids) {
        const QDeadlineTimer due = m_due.value(id);
        if (due.hasExpired())
            request(Kind::Get, id, taskCall("tasks/get", id));
        else
            next = std::min(next, due.remainingTime());
    }
    if (!m_due.isEmpty())
        m_timer.start(int(std::max<qint64>(1, next)));
}

void TaskTracker::change(const QString &id, const std::function<void(TrackedTask *)> &how)
{
    const TrackedTask *known = m_model->find(id);
    if (!known)
        return;
    TrackedTask task = *known;
    how(&task);
    m_model->put(task);
}

} // namespace sightglass
