// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/request_action.h"

#include "core/mcp/revision.h"
#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class PingAction final : public RequestAction {
public:
    using RequestAction::RequestAction;

    void begin() override
    {
        const Revision *revision = revisionNamed(session().state().revision.toLatin1());
        if (revision && revision->era == EraKind::Modern) {
            output().note(u"note: revision %1 has no ping; server/discover is asked instead."_s.arg(
                QString::fromLatin1(revision->name)));
            send(RpcCall{"server/discover", {}});
        } else {
            send(pingCall());
        }
    }

private:
    void print(const CallResult &result) override
    {
        output().line(humanDuration(result.durationNs));
        finish(Done);
    }
};

} // namespace

std::unique_ptr<Action> pingAction(const Workplace &place)
{
    return std::make_unique<PingAction>(place);
}

} // namespace sightglass::cli
