// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/content_printer.h"
#include "app/cli/list_action.h"
#include "app/cli/request_action.h"
#include "app/cli/task_follower.h"

#include "core/mcp/revision.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

std::optional<Failure> refusedHere(const SessionState &state)
{
    return withoutTasks(state, u"Nothing was asked. Tasks are there from 2025-11-25 on."_s);
}

/// The extension has tasks/get, tasks/update and tasks/cancel: nothing that lists them.
std::optional<Failure> withoutList(const SessionState &state)
{
    const Revision *revision = revisionNamed(state.revision.toLatin1());
    if (!revision || revision->tasks)
        return {};
    return Failure{
        FailureKind::Usage,
        u"no-task-list"_s,
        u"Revision %1, which the server speaks, has no list of tasks."_s.arg(state.revision),
        u"Nothing was asked. tasks get, result and cancel take the id that a call told."_s,
        0,
        {}};
}

class TaskListAction final : public ListAction {
public:
    explicit TaskListAction(const Workplace &place)
        : ListAction(place, ListKind::Tasks)
    {
    }

    void begin() override
    {
        const SessionState state = session().state();
        if (const std::optional<Failure> none = refusedHere(state))
            fail(*none);
        else if (const std::optional<Failure> unlisted = withoutList(state))
            fail(*unlisted);
        else
            ListAction::begin();
    }
};

/// tasks get and tasks cancel: one request, and how the task is.
class TaskAction final : public RequestAction {
public:
    TaskAction(const Workplace &place, const QByteArray &method)
        : RequestAction(place)
        , m_method(method)
    {
    }

    void begin() override
    {
        if (const std::optional<Failure> none = refusedHere(session().state()))
            fail(*none);
        else
            send(taskCall(m_method, word(1)));
    }

private:
    void print(const CallResult &result) override
    {
        const Task task = readTask(result.result);
        if (!task.problem.isEmpty() && m_method == "tasks/cancel") {
            // The extension's server only says that it heard.
            output().line(u"%1  the server was told to cancel it"_s.arg(lineForTerminal(word(1))));
            finish(Done);
            return;
        }
        if (!task.problem.isEmpty()) {
            failProtocol(u"bad-task"_s, u"What the server sent is no task: %1."_s.arg(task.problem),
                         result.exchange);
            return;
        }
        QString line = output().bold(lineForTerminal(task.id)) + u"  "_s + forTerminal(task.status);
        if (!task.statusMessage.isEmpty())
            line += u"  "_s + lineForTerminal(task.statusMessage);
        output().line(line);
        finish(Done);
    }

    QByteArray m_method;
};

class TaskResultAction final : public RequestAction {
public:
    using RequestAction::RequestAction;

    void begin() override
    {
        if (const std::optional<Failure> none = refusedHere(session().state())) {
            fail(*none);
            return;
        }
        const Revision *revision = revisionNamed(session().state().revision.toLatin1());
        m_follower =
            std::make_unique<TaskFollower>(&session(), &answerer(), revision && revision->tasks, 0);
        connect(m_follower.get(), &TaskFollower::told, this, [this](const QString &status) {
            output().note(
                u"task %1: %2"_s.arg(lineForTerminal(m_follower->id()), lineForTerminal(status)));
        });
        connect(m_follower.get(), &TaskFollower::ended, this,
                [this](const CallResult &result) { answered(result); });
        m_follower->fetch(word(1));
    }

private:
    void print(const CallResult &result) override
    {
        printToolResult(output(), result.result);
        finish(result.isError ? ToolError : Done);
    }

    std::unique_ptr<TaskFollower> m_follower;
};

} // namespace

std::unique_ptr<Action> tasksAction(const Workplace &place)
{
    const QString what = place.options.arguments.value(1);
    if (what == "get"_L1)
        return std::make_unique<TaskAction>(place, "tasks/get");
    if (what == "cancel"_L1)
        return std::make_unique<TaskAction>(place, "tasks/cancel");
    if (what == "result"_L1)
        return std::make_unique<TaskResultAction>(place);
    return std::make_unique<TaskListAction>(place);
}

} // namespace sightglass::cli
