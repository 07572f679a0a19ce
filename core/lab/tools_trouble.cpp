// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/tool.h"

#include "core/lab/lab_world.h"

namespace sightglass {

namespace {

void error(LabCall &call)
{
    call.sayError(call.text(u"message", QStringLiteral("The valve is stuck; nothing flows.")));
}

void fail(LabCall &call)
{
    const qint64 code = call.integer(u"code", -32602, -2147483648LL, 2147483647LL);
    call.fail(code, call.text(u"message", QStringLiteral("The lab was asked to fail.")),
              R"({"tool":"fail"})");
}

void addTool(LabCall &call)
{
    const int number = call.world()->add(LabWorld::List::Tools);
    if (number == 0) {
        call.sayError(QStringLiteral("There are %1 added tools already.").arg(LabWorld::mostAdded));
        return;
    }
    call.sayText(QStringLiteral("Tool added-%1 was added; whoever listens was told that the list "
                                "has changed.")
                     .arg(number));
}

void removeTools(LabCall &call)
{
    const int removed = call.world()->removeAdded(LabWorld::List::Tools);
    call.sayText(removed == 1 ? QStringLiteral("1 tool was removed.")
                              : QStringLiteral("%1 tools were removed.").arg(removed));
}

constexpr auto errorDefinition = R"json({
  "name": "error",
  "title": "Tool that reports an error",
  "description": "Answers with a result that says isError: the tool ran and did not succeed.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "message": { "type": "string", "description": "What went wrong", "default": "The valve is stuck; nothing flows." }
    }
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": false }
})json";

constexpr auto failDefinition = R"json({
  "name": "fail",
  "title": "Call that fails",
  "description": "Answers with a JSON-RPC error in place of a result: the call itself was refused.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "code": { "type": "integer", "description": "The error's code", "default": -32602 },
      "message": { "type": "string", "description": "The error's message", "default": "The lab was asked to fail." }
    }
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": false }
})json";

constexpr auto addToolDefinition = R"json({
  "name": "add-tool",
  "title": "Add a tool",
  "description": "Adds a tool to the list and tells the client that the list has changed.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": false, "destructiveHint": false, "idempotentHint": false, "openWorldHint": false }
})json";

constexpr auto removeDefinition = R"json({
  "name": "remove-added-tools",
  "title": "Remove added tools",
  "description": "Removes every tool that was added, and tells the client that the list has changed.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": false, "destructiveHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

} // namespace

QList<LabTool> labTroubleTools()
{
    return {
        {"error", errorDefinition, false, error},
        {"fail", failDefinition, false, fail},
        {"add-tool", addToolDefinition, false, addTool},
        {"remove-added-tools", removeDefinition, false, removeTools},
    };
}

} // namespace sightglass
