// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/list_action.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class ToolsAction final : public Action {
public:
    using Action::Action;

    void begin() override
    {
        connect(&session(), &Session::toolsListed, this, [this](const ToolList &tools) {
            if (hasEnded())
                return;
            if (!tools.complete && !tools.failure) {
                output().progress(
                    u"%1 tools on %2 pages …"_s.arg(tools.tools.size()).arg(tools.pages));
                return;
            }
            print(tools);
        });
        session().listTools();
    }

private:
    void print(const ToolList &list)
    {
        if (options().json && !list.failure) {
            QByteArray json = "{\"tools\":[";
            for (qsizetype i = 0; i < list.tools.size(); ++i) {
                if (i)
                    json += ',';
                json += list.tools.at(i).json.text();
            }
            output().resultLine(json + "]}");
        } else if (!options().json) {
            for (const Tool &tool : list.tools)
                printTool(tool);
            if (list.tools.isEmpty() && list.refused.isEmpty() && !list.failure)
                output().note(u"The server has no tools."_s);
        }
        for (const Tool &tool : list.refused) {
            output().note(
                u"note: the tool “%1” is left out of the list, as a client has to: %2 [exchange %3]; call sends it all the same"_s
                    .arg(lineForTerminal(tool.name.left(80)), lineForTerminal(tool.problem),
                         QString::number(list.exchange)));
        }
        if (list.failure)
            fail(listFailure(*list.failure, session().state().capabilities, ListKind::Tools));
        else
            finish(Done);
    }

    void printTool(const Tool &tool)
    {
        QStringList marks;
        if (tool.readOnly.value_or(false))
            marks << u"read-only"_s;
        if (tool.destructive.value_or(false) && !tool.readOnly.value_or(false))
            marks << u"destructive"_s;
        if (!tool.problem.isEmpty())
            marks << u"faulty: "_s + lineForTerminal(tool.problem);
        QString line =
            output().bold(tool.name.isEmpty() ? u"(no name)"_s : lineForTerminal(tool.name));
        if (!tool.title.isEmpty() && tool.title != tool.name)
            line += u"  "_s + lineForTerminal(tool.title);
        if (!marks.isEmpty())
            line += output().muted(u"  [%1]"_s.arg(marks.join(u", "_s)));
        output().line(line);
        const QString description = forTerminal(tool.description).section(u'\n', 0, 0).simplified();
        if (!description.isEmpty())
            output().line(u"    "_s + description);
    }
};

} // namespace

std::unique_ptr<Action> toolsAction(const Workplace &place)
{
    return std::make_unique<ToolsAction>(place);
}

} // namespace sightglass::cli
