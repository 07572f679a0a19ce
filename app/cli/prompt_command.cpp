// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/content_printer.h"
#include "app/cli/request_action.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class PromptAction final : public RequestAction {
public:
    using RequestAction::RequestAction;

    void begin() override { send(getPromptCall(word(0), options().args.value_or(QByteArray()))); }

private:
    void print(const CallResult &result) override
    {
        const JsonText json = JsonText::parse(result.result);
        const JsonText::Node messages = json.member(json.root(), u"messages");
        if (!json.isArray(messages)) {
            failProtocol(u"prompt-result"_s, u"The result of prompts/get has no messages."_s,
                         result.exchange);
            return;
        }
        for (JsonText::Node message = json.firstChild(messages); message >= 0;
             message = json.nextSibling(message)) {
            const QString role = json.string(json.member(message, u"role"));
            output().line(
                output().bold((role.isEmpty() ? u"(no role)"_s : lineForTerminal(role)) + u':'));
            const JsonText::Node content = json.member(message, u"content");
            for (const JsonText::Node block :
                 json.isArray(content) ? json.children(content) : QList{content}) {
                if (block >= 0)
                    printBlock(output(), json, block);
            }
        }
        finish(Done);
    }
};

} // namespace

std::unique_ptr<Action> promptAction(const Workplace &place)
{
    return std::make_unique<PromptAction>(place);
}

} // namespace sightglass::cli
