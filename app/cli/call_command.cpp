// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"

#include "core/mcp/output_check.h"
#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class CallCommand final : public Client {
public:
    using Client::Client;

private:
    void begin() override
    {
        connect(&session(), &Session::callProgress, this, [this](Ticket, const Progress &progress) {
            QString text = QString::number(progress.progress);
            if (progress.total)
                text += u" of %1"_s.arg(*progress.total);
            if (!progress.message.isEmpty())
                text += u": "_s + progress.message;
            output().progress(text);
        });
        connect(&session(), &Session::callFinished, this,
                [this](Ticket, const CallResult &result) { print(result); });
        connect(&session(), &Session::toolsListed, this, [this](const ToolList &list) {
            if (m_checked && (list.complete || list.failure))
                check(list);
        });
        session().callTool(options().arguments.at(1), options().toolArguments);
    }

    void print(const CallResult &result)
    {
        if (result.failure) {
            if (options().json && !result.error.isEmpty())
                output().result(result.error + '\n');
            fail(*result.failure);
            return;
        }
        if (options().json)
            output().result(result.result + '\n');
        else
            printContent(result.result);
        if (result.isError)
            output().note(
                u"sightglass-cli: the tool says that it failed (isError) [exchange %1]"_s.arg(
                    result.exchange));
        const JsonText json = JsonText::parse(result.result);
        if (result.isError || json.member(json.root(), u"structuredContent") < 0) {
            finish(result.isError ? ToolError : Done);
            return;
        }
        // What it has to look like stands in the list of tools.
        m_checked = result;
        session().listTools();
    }

    void check(const ToolList &list)
    {
        for (const Tool &tool : list.tools) {
            if (tool.name != options().arguments.at(1))
                continue;
            const QStringList faults = outputFaults(tool.outputSchema, m_checked->result);
            for (const QString &fault : faults)
                output().note(
                    u"note: %1 [exchange %2]"_s.arg(forTerminal(fault)).arg(m_checked->exchange));
            break;
        }
        m_checked.reset();
        finish(Done);
    }

    void printContent(const QByteArray &text)
    {
        const JsonText json = JsonText::parse(text);
        const JsonText::Node content = json.member(json.root(), u"content");
        if (!json.isArray(content)) {
            output().note(u"note: the result has no content; this is all of it."_s);
            output().result(text + '\n');
            return;
        }
        bool printed = false;
        for (JsonText::Node block = json.firstChild(content); block >= 0;
             block = json.nextSibling(block)) {
            printBlock(json, block);
            printed = true;
        }
        const JsonText::Node structured = json.member(json.root(), u"structuredContent");
        if (structured >= 0 && !printed)
            output().result(json.indented(structured) + '\n');
    }

    void printBlock(const JsonText &json, JsonText::Node block)
    {
        const auto text = [&](JsonText::Node node, QStringView name) {
            return json.string(json.member(node, name));
        };
        const QString type = text(block, u"type");
        if (type == "text"_L1) {
            output().line(forTerminal(text(block, u"text")));
        } else if (type == "image"_L1 || type == "audio"_L1) {
            const QByteArrayView data = json.raw(json.member(block, u"data"));
            output().line(u"(%1, %2, about %3: --json prints it)"_s.arg(
                type, forTerminal(text(block, u"mimeType")), humanSize(data.size() * 3 / 4)));
        } else if (type == "resource_link"_L1) {
            output().line(u"(resource link) "_s + forTerminal(text(block, u"uri")));
        } else if (type == "resource"_L1) {
            const JsonText::Node resource = json.member(block, u"resource");
            output().line(u"(resource) "_s + forTerminal(text(resource, u"uri")));
            if (json.isString(json.member(resource, u"text")))
                output().line(forTerminal(text(resource, u"text")));
        } else {
            output().result(json.raw(block).toByteArray() + '\n');
        }
    }

    std::optional<CallResult> m_checked; ///< waits for the tool's output schema
};

} // namespace

int runCall(const Options &options, Output &output)
{
    const JsonText arguments = JsonText::parse(options.toolArguments);
    if (!arguments.isValid() || !arguments.isObject(arguments.root())) {
        QString why = u"they are no object"_s;
        if (arguments.error()) {
            why = arguments.error()->sentence;
            if (why.endsWith(u'.'))
                why.chop(1);
            why = u"%1 (at byte %2)"_s.arg(why, QString::number(arguments.error()->offset));
        }
        output.error(Failure{FailureKind::Usage,
                             u"bad-arguments"_s,
                             u"The arguments are not a JSON object: %1."_s.arg(why),
                             u"Give --args '{\"name\": value}'."_s,
                             0,
                             {}});
        return WrongUse;
    }
    return CallCommand(options, output).run();
}

} // namespace sightglass::cli
