// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/request_action.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class CompleteAction final : public RequestAction {
public:
    using RequestAction::RequestAction;

    void begin() override
    {
        constexpr QLatin1StringView Prompt("prompt:");
        CompletionFor wanted;
        if (word(0).startsWith(Prompt))
            wanted.prompt = word(0).mid(Prompt.size());
        else
            wanted.uriTemplate = word(0);
        wanted.argument = word(1);
        wanted.value = word(2);
        wanted.known = options().args.value_or(QByteArray());
        if (wanted.prompt.isEmpty() && wanted.uriTemplate.isEmpty()) {
            fail(Failure{FailureKind::Usage,
                         u"usage"_s,
                         u"It is not said what to complete."_s,
                         u"Give prompt:NAME, or a template as the server lists it."_s,
                         0,
                         {}});
            return;
        }
        send(completeCall(wanted));
    }

private:
    void print(const CallResult &result) override
    {
        const Completion completion = readCompletion(result.result);
        if (!completion.problem.isEmpty()) {
            failProtocol(u"completion-result"_s, completion.problem, result.exchange);
            return;
        }
        for (const QString &value : completion.values)
            output().line(lineForTerminal(value));
        if (completion.hasMore || completion.total.value_or(0) > completion.values.size()) {
            const QString shown = QString::number(completion.values.size());
            output().note(completion.total
                              ? u"%1 of %2 values"_s.arg(shown, QString::number(*completion.total))
                              : u"%1 values, and the server has more"_s.arg(shown));
        } else if (completion.values.isEmpty()) {
            output().note(u"The server proposes nothing."_s);
        }
        finish(Done);
    }
};

} // namespace

std::unique_ptr<Action> completeAction(const Workplace &place)
{
    return std::make_unique<CompleteAction>(place);
}

} // namespace sightglass::cli
