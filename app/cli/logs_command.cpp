// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/notice_json.h"
#include "app/cli/watch_action.h"

#include "core/mcp/revision.h"
#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class LogsAction final : public WatchAction {
public:
    using WatchAction::WatchAction;

    void begin() override
    {
        const Revision *revision = revisionNamed(session().state().revision.toLatin1());
        if (revision && revision->era == EraKind::Modern) {
            output().note(
                u"In revision %1 log messages come only along with the answer to a request: call, read, prompt and raw take --level."_s
                    .arg(QString::fromLatin1(revision->name)));
            finish(Done);
            return;
        }
        connect(&session(), &Session::notified, this, [this](const Notice &notice) {
            if (hasEnded() || notice.method != "notifications/message")
                return;
            if (options().json)
                output().resultLine(noticeJson(notice));
            else
                output().line(humanDuration(notice.at).rightJustified(10) + u"  "_s
                              + noticeText(notice));
        });
        connect(&session(), &Session::callFinished, this, [this](Ticket, const CallResult &result) {
            if (!hasEnded() && result.failure && result.failure->kind != FailureKind::Cancelled)
                fail(*result.failure);
        });
        session().setLogLevel(options().level.isEmpty() ? "debug"_ba : options().level);
        watch();
    }

private:
    QString what() const override { return u"messages"_s; }
};

} // namespace

std::unique_ptr<Action> logsAction(const Workplace &place)
{
    return std::make_unique<LogsAction>(place);
}

} // namespace sightglass::cli
