// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/content_printer.h"
#include "app/cli/request_action.h"
#include "app/cli/task_follower.h"

#include "core/mcp/revision.h"
#include "core/mcp/tool_check.h"

#include <algorithm>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class CallAction final : public RequestAction {
public:
    using RequestAction::RequestAction;

    void begin() override
    {
        connect(&session(), &Session::toolsListed, this, [this](const ToolList &list) {
            if (m_checked && (list.complete || list.failure))
                check();
        });
        QByteArray task;
        if (options().task) {
            const SessionState state = session().state();
            const Revision *revision = revisionNamed(state.revision.toLatin1());
            const bool inCore = revision && revision->tasks;
            if (const std::optional<Failure> none = withoutTasks(state, u"Leave --task out."_s)) {
                fail(*none);
                return;
            }
            if (inCore) {
                task = "{}";
                if (options().ttlMs)
                    task = "{\"ttl\":" + QByteArray::number(*options().ttlMs) + '}';
                if (JsonText::parse(state.capabilities).find("/tasks/requests/tools/call") < 0)
                    output().note(
                        u"note: the server does not say that it takes tools/call as a task; it is asked all the same."_s);
            } else if (options().ttlMs) {
                output().note(
                    u"note: in this revision the server alone decides how long a task is kept: --ttl was not sent."_s);
            }
        }
        waitFor(session().callTool(word(0), options().args.value_or("{}"), task));
    }

    void interrupt() override
    {
        if (m_follower)
            output().note(u"note: the task %1 goes on at the server; tasks cancel ends it."_s.arg(
                lineForTerminal(m_follower->id())));
        Action::interrupt();
    }

private:
    void answered(const CallResult &result) override
    {
        if (result.failure || !becameTask(result.result)) {
            if (!result.failure && options().task)
                output().note(u"note: the server answered at once, without a task."_s);
            ended(result);
            return;
        }
        const Revision *revision = revisionNamed(session().state().revision.toLatin1());
        const qint64 mostMs = qint64(options().target.requestTimeoutMs) * MostTimeouts;
        m_follower = std::make_unique<TaskFollower>(&session(), &answerer(),
                                                    revision && revision->tasks, mostMs);
        connect(m_follower.get(), &TaskFollower::told, this, [this](const QString &status) {
            output().note(
                u"task %1: %2"_s.arg(lineForTerminal(m_follower->id()), lineForTerminal(status)));
        });
        connect(m_follower.get(), &TaskFollower::ended, this,
                [this](const CallResult &last) { ended(last); });
        m_follower->follow(result);
    }

    void ended(const CallResult &result)
    {
        const Tool *known = tool();
        const QStringList faults = known
            ? argumentFaults(known->inputSchema, options().args.value_or("{}"))
            : QStringList();
        for (const QString &fault : faults)
            output().note(u"note: %1 They were sent as they are. [exchange %2]"_s.arg(
                lineForTerminal(fault), QString::number(result.exchange)));
        if (result.failure) {
            printFailure(result);
            return;
        }
        if (options().json)
            output().resultLine(result.result);
        print(result);
    }

    void print(const CallResult &result) override
    {
        const JsonText json = JsonText::parse(result.result);
        if (!options().json)
            printToolResult(output(), json);
        if (result.isError)
            output().note(
                u"sightglass-cli: the tool says that it failed (isError) [exchange %1]"_s.arg(
                    result.exchange));
        // Whether it has to have structured content, and what that has to look like, stands in the
        // list of tools, which in some revisions was asked for before the call. For nothing more
        // than to see that there should be some, it is not asked for.
        const bool structured = json.member(json.root(), u"structuredContent") >= 0;
        if (result.isError || (!structured && !tools().complete)) {
            finish(result.isError ? ToolError : Done);
            return;
        }
        m_checked = result;
        if (tools().complete)
            check();
        else
            session().listTools();
    }

    /// The one that is called; null where it was not listed.
    const Tool *tool() const
    {
        const QList<Tool> &all = tools().tools;
        const auto found = std::find_if(all.cbegin(), all.cend(),
                                        [this](const Tool &one) { return one.name == word(0); });
        return found == all.cend() ? nullptr : &*found;
    }

    void check()
    {
        if (const Tool *known = tool()) {
            const QStringList faults = outputFaults(known->outputSchema, m_checked->result);
            for (const QString &fault : faults)
                output().note(u"note: %1 [exchange %2]"_s.arg(lineForTerminal(fault))
                                  .arg(m_checked->exchange));
        }
        m_checked.reset();
        finish(Done);
    }

    /// How many times the limit of a request a task is followed: as long as one that tells
    /// progress.
    static constexpr int MostTimeouts = 60;
    std::unique_ptr<TaskFollower> m_follower;
    std::optional<CallResult> m_checked; ///< waits for the tool's output schema
};

} // namespace

std::unique_ptr<Action> callAction(const Workplace &place)
{
    return std::make_unique<CallAction>(place);
}

} // namespace sightglass::cli
