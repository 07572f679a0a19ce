// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Tools that change what the lab offers, and tell of it.

#include "core/lab/lab_world.h"
#include "core/lab/resources.h"
#include "core/lab/tool.h"

#include <array>

namespace sightglass {

namespace {

void changeList(LabCall &call)
{
    const QString name = call.text(u"list", QStringLiteral("prompts"));
    const LabWorld::List list = name == QLatin1String("tools") ? LabWorld::List::Tools
        : name == QLatin1String("resources")                   ? LabWorld::List::Resources
                                                               : LabWorld::List::Prompts;
    const QString what = call.text(u"what", QStringLiteral("add"));
    LabWorld *world = call.world();
    if (what == QLatin1String("change")) {
        const int number = world->change(list);
        call.sayText(number > 0 ? QStringLiteral("added-%1 has changed.").arg(number)
                                : QStringLiteral("There is none that could change."));
    } else if (what == QLatin1String("remove")) {
        const int number = world->removeLatest(list);
        call.sayText(number > 0 ? QStringLiteral("added-%1 is gone.").arg(number)
                                : QStringLiteral("There is none that could be removed."));
    } else {
        const int number = world->add(list);
        if (number > 0)
            call.sayText(QStringLiteral("added-%1 has come.").arg(number));
        else
            call.sayError(QStringLiteral("There are %1 already.").arg(LabWorld::mostAdded));
    }
}

void changeResource(LabCall &call)
{
    call.world()->count();
    call.sayText(QStringLiteral("%1 is %2 now.")
                     .arg(QLatin1String(labCounterUri))
                     .arg(call.world()->counter()));
}

void startClock(LabCall &call)
{
    const int times = int(call.integer(u"times", 10, 0, 1000));
    const double seconds = std::clamp(call.number(u"seconds", 1), 0.01, 60.0);
    call.world()->letClockTick(times, int(seconds * 1000));
    call.sayText(times == 0 ? QStringLiteral("The clock stands still.")
                            : QStringLiteral("%1 will change %2 times.")
                                  .arg(QLatin1String(labClockUri))
                                  .arg(times));
}

void logMessages(LabCall &call)
{
    constexpr std::array<const char *, 8> levels{"debug", "info",     "notice", "warning",
                                                 "error", "critical", "alert",  "emergency"};
    for (const char *level : levels) {
        call.log(level, "log-messages",
                 R"({"text":"A message of level )" + QByteArray(level)
                     + R"(","pressure":1.50,"valves":["a","b"]})");
    }
    call.sayText(QStringLiteral("A message of each level was offered; those below the level that "
                                "the client set were not sent."));
}

constexpr auto listDefinition = R"json({
  "name": "change-list",
  "title": "Change a list",
  "description": "Adds, changes or removes an entry of the tools, prompts or resources, and tells the client that the list has changed.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "list": { "type": "string", "description": "Which list", "enum": ["tools", "prompts", "resources"], "default": "prompts" },
      "what": { "type": "string", "description": "What is done to it", "enum": ["add", "change", "remove"], "default": "add" }
    }
  },
  "annotations": { "readOnlyHint": false, "destructiveHint": true, "idempotentHint": false, "openWorldHint": false }
})json";

constexpr auto resourceDefinition = R"json({
  "name": "change-resource",
  "title": "Change a resource",
  "description": "Counts lab://live/counter up, and tells whoever has subscribed to it.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": false, "destructiveHint": false, "idempotentHint": false, "openWorldHint": false }
})json";

constexpr auto clockDefinition = R"json({
  "name": "start-clock",
  "title": "Start a clock",
  "description": "Lets lab://live/clock change by itself for a while, and tells whoever has subscribed to it.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "times": { "type": "integer", "description": "How often it changes; 0 stops it", "minimum": 0, "maximum": 1000, "default": 10 },
      "seconds": { "type": "number", "description": "Between two changes", "minimum": 0.01, "maximum": 60, "default": 1 }
    }
  },
  "annotations": { "readOnlyHint": false, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto logDefinition = R"json({
  "name": "log-messages",
  "title": "Log messages",
  "description": "Sends a log message of each level, from debug to emergency, as far as the client wants them.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": true, "openWorldHint": false }
})json";

} // namespace

QList<LabTool> labChangeTools()
{
    return {
        {"change-list", listDefinition, false, changeList},
        {"change-resource", resourceDefinition, false, changeResource},
        {"start-clock", clockDefinition, false, startClock},
        {"log-messages", logDefinition, true, logMessages},
    };
}

} // namespace sightglass
