// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/notice_json.h"
#include "app/cli/watch_action.h"

#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class SubscribeAction final : public WatchAction {
public:
    using WatchAction::WatchAction;

    void begin() override
    {
        connect(&session(), &Session::notified, this, [this](const Notice &notice) {
            if (hasEnded() || notice.method != "notifications/resources/updated")
                return;
            came();
            if (options().json) {
                output().resultLine(noticeJson(notice));
                return;
            }
            const JsonText params = JsonText::parse(notice.params);
            const QString uri = params.string(params.member(params.root(), u"uri"));
            output().line(humanDuration(notice.at).rightJustified(10) + u"  "_s
                          + lineForTerminal(uri));
        });
        // Nothing else is asked for meanwhile: what fails is a subscription.
        connect(&session(), &Session::callFinished, this, [this](Ticket, const CallResult &result) {
            if (!hasEnded() && result.failure && result.failure->kind != FailureKind::Cancelled)
                fail(*result.failure);
        });
        for (qsizetype i = 1; i < options().arguments.size(); ++i)
            session().subscribe(options().arguments.at(i), true);
        watch();
    }

private:
    QString what() const override { return u"updates"_s; }
};

} // namespace

std::unique_ptr<Action> subscribeAction(const Workplace &place)
{
    return std::make_unique<SubscribeAction>(place);
}

} // namespace sightglass::cli
