// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/tool.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

std::optional<bool> hint(const JsonText &json, JsonText::Node annotations, QStringView name)
{
    const JsonText::Node node = json.member(annotations, name);
    if (!json.isBool(node))
        return {};
    return json.boolean(node);
}

} // namespace

Tool readTool(QByteArrayView entry)
{
    Tool tool;
    tool.json = JsonText::parse(entry.toByteArray());
    const JsonText &json = tool.json;
    const JsonText::Node root = json.root();
    if (!json.isValid() || !json.isObject(root)) {
        tool.problem = u"the entry is no object"_s;
        return tool;
    }
    const JsonText::Node name = json.member(root, u"name");
    const JsonText::Node annotations = json.member(root, u"annotations");
    tool.name = json.string(name);
    tool.title = json.string(json.member(root, u"title"));
    if (tool.title.isEmpty())
        tool.title = json.string(json.member(annotations, u"title"));
    tool.description = json.string(json.member(root, u"description"));
    tool.inputSchema = json.raw(json.member(root, u"inputSchema")).toByteArray();
    tool.outputSchema = json.raw(json.member(root, u"outputSchema")).toByteArray();
    tool.readOnly = hint(json, annotations, u"readOnlyHint");
    tool.destructive = hint(json, annotations, u"destructiveHint");
    tool.idempotent = hint(json, annotations, u"idempotentHint");
    tool.openWorld = hint(json, annotations, u"openWorldHint");

    const QString support = json.string(json.find("/execution/taskSupport"));
    tool.tasks = support == "required"_L1 ? ToolTasks::Required
        : support == "optional"_L1        ? ToolTasks::Optional
                                          : ToolTasks::Forbidden;

    QStringList problems;
    if (!json.isString(name))
        problems << (name < 0 ? u"it has no name"_s : u"its name is no string"_s);
    else if (tool.name.isEmpty())
        problems << u"its name is empty"_s;
    const JsonText::Node schema = json.member(root, u"inputSchema");
    if (schema < 0)
        problems << u"it has no inputSchema"_s;
    else if (!json.isObject(schema))
        problems << u"its inputSchema is no object"_s;
    tool.problem = problems.join(u", "_s);
    return tool;
}

bool toolSaidError(const QByteArray &result)
{
    const JsonText json = JsonText::parse(result);
    return json.boolean(json.member(json.root(), u"isError"));
}

} // namespace sightglass
