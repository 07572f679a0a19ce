// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/task_follower.h"

#include <algorithm>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

// A server that wants to be asked all the time, or never, is not taken at its word.
constexpr qint64 LeastPollMs = 50;
constexpr qint64 UsualPollMs = 1000;
constexpr qint64 MostPollMs = 60'000;

} // namespace

TaskFollower::TaskFollower(Session *session, Answerer *answerer, bool fetches, qint64 mostMs)
    : m_session(session)
    , m_answerer(answerer)
    , m_fetches(fetches)
{
    m_poll.setSingleShot(true);
    m_poll.callOnTimeout(this, &TaskFollower::ask);
    m_limit.setSingleShot(true);
    m_limit.callOnTimeout(this, [this] {
        fail(FailureKind::TimedOut, u"task-without-end"_s,
             u"The task %1 came to no end in time (it is %2)."_s.arg(m_id, m_status), {});
    });
    if (mostMs > 0)
        m_limit.start(int(std::min<qint64>(mostMs, std::numeric_limits<int>::max())));
    connect(m_session, &Session::callFinished, this,
            [this](Ticket ticket, const CallResult &answer) {
                if (m_ended)
                    return;
                if (ticket == m_asking)
                    asked(answer);
                else if (ticket == m_fetching)
                    fetched(answer);
            });
}

void TaskFollower::follow(const CallResult &created)
{
    const Task task = readTask(created.result);
    m_id = task.id;
    taken(task, created);
}

void TaskFollower::fetch(const QString &id)
{
    m_id = id;
    if (!m_fetches) {
        ask();
        return;
    }
    const RpcCall call = taskCall("tasks/result", id);
    m_fetching = m_session->request(call.method, call.params);
}

void TaskFollower::ask()
{
    const RpcCall call = taskCall("tasks/get", m_id);
    m_asking = m_session->request(call.method, call.params);
}

void TaskFollower::asked(const CallResult &answer)
{
    m_asking = 0;
    if (answer.failure)
        end(answer);
    else
        taken(readTask(answer.result), answer);
}

void TaskFollower::fetched(const CallResult &answer)
{
    CallResult result = answer;
    result.isError = !answer.failure && toolSaidError(answer.result);
    end(result);
}

void TaskFollower::taken(const Task &task, const CallResult &answer)
{
    if (!task.problem.isEmpty() || task.id != m_id) {
        fail(FailureKind::Protocol, u"bad-task"_s,
             u"The server was asked for a task, and what it sent is none: %1."_s.arg(
                 task.problem.isEmpty() ? u"its taskId is another one"_s : task.problem),
             answer);
        return;
    }
    const QString status =
        task.statusMessage.isEmpty() ? task.status : task.status + u": "_s + task.statusMessage;
    if (m_status != status) {
        m_status = status;
        Q_EMIT told(status);
    }
    if (task.status == "cancelled"_L1) {
        fail(FailureKind::Protocol, u"task-cancelled"_s,
             u"The task %1 was cancelled%2."_s.arg(
                 m_id, task.statusMessage.isEmpty() ? QString() : u": "_s + task.statusMessage),
             answer);
        return;
    }
    if (m_fetches) {
        // One that needs input asks for it while its result is waited for.
        if (task.hasEnded() || task.status == "input_required"_L1) {
            fetch(m_id);
            return;
        }
    } else if (task.status == "completed"_L1) {
        CallResult result = answer;
        result.result = task.result;
        if (result.result.isEmpty()) {
            fail(FailureKind::Protocol, u"task-without-result"_s,
                 u"The task %1 is completed, but has no result."_s.arg(m_id), answer);
            return;
        }
        result.isError = toolSaidError(result.result);
        end(result);
        return;
    } else if (task.status == "failed"_L1) {
        CallResult result = answer;
        result.error = task.error;
        const JsonText error = JsonText::parse(task.error);
        const QString message =
            error.string(error.member(error.root(), u"message")).simplified().left(400);
        result.failure = Failure{
            FailureKind::Protocol,
            u"rpc-error"_s,
            u"The task %1 failed: %2."_s.arg(m_id,
                                             message.isEmpty()            ? u"(no message)"_s
                                                 : message.endsWith(u'.') ? message.chopped(1)
                                                                          : message),
            {},
            answer.exchange,
            {}};
        end(result);
        return;
    } else if (task.status == "input_required"_L1) {
        answerInput(task, answer);
    }
    if (m_ended)
        return;
    m_pollMs = int(std::clamp(task.pollMs.value_or(UsualPollMs), LeastPollMs, MostPollMs));
    m_poll.start(m_pollMs);
}

void TaskFollower::answerInput(const Task &task, const CallResult &answer)
{
    const bool isNew = std::any_of(task.asks.cbegin(), task.asks.cend(),
                                   [this](const InputRequired::Request &question) {
                                       return !m_answered.contains(question.key);
                                   });
    if (isNew && ++m_rounds > MostRounds) {
        fail(FailureKind::Protocol, u"input-without-end"_s,
             u"The task %1 asked for new input more than %2 times; it is not asked again."_s.arg(
                 m_id, QString::number(MostRounds)),
             answer);
        return;
    }
    for (const InputRequired::Request &question : task.asks) {
        // It stands in each answer until ours has arrived.
        if (m_answered.contains(question.key))
            continue;
        m_answered.insert(question.key);
        const auto reply = [follower = QPointer<TaskFollower>(this), key = question.key,
                            method = question.method](const ServerReply &given) {
            if (!follower || follower->m_ended)
                return;
            // There is no place for an error: without this input the task goes no further.
            if (given.errorCode) {
                CallResult result;
                result.failure = Failure{
                    FailureKind::Cancelled,
                    u"input-refused"_s,
                    u"The task %1 was given up: the input that it needs was refused: %2 (“%3”)."_s
                        .arg(follower->m_id, QString::fromUtf8(method.left(60)), key.left(60)),
                    u"It goes on waiting at the server; tasks cancel ends it."_s,
                    0,
                    {}};
                follower->end(result);
                return;
            }
            const RpcCall call = updateTaskCall(follower->m_id, {{key, given.result}});
            follower->m_session->request(call.method, call.params);
        };
        m_answerer->ask(question.method, question.params, answer.exchange, reply);
    }
}

std::optional<Failure> withoutTasks(const SessionState &state, const QString &advice)
{
    const Revision *revision = revisionNamed(state.revision.toLatin1());
    if (revision && (revision->tasks || revision->extensions))
        return {};
    return Failure{FailureKind::Usage,
                   u"no-tasks"_s,
                   u"Revision %1, which the server speaks, has no tasks."_s.arg(state.revision),
                   advice,
                   0,
                   {}};
}

void TaskFollower::end(const CallResult &result)
{
    if (std::exchange(m_ended, true))
        return;
    m_poll.stop();
    m_limit.stop();
    Q_EMIT ended(result);
}

void TaskFollower::fail(FailureKind kind, const QString &code, const QString &sentence,
                        const CallResult &answer)
{
    CallResult result = answer;
    result.failure = Failure{kind, code, sentence, {}, answer.exchange, {}};
    end(result);
}

} // namespace sightglass::cli
