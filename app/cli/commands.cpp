// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"

#include <algorithm>
#include <limits>

namespace sightglass::cli {

namespace {

constexpr int Any = std::numeric_limits<int>::max();

constexpr Command Commands[] = {
    {QLatin1StringView("tools"), 1, 1, QLatin1StringView("tools TARGET"), {}, toolsAction, nullptr},
    {QLatin1StringView("resources"),
     1,
     1,
     QLatin1StringView("resources TARGET"),
     {},
     resourcesAction,
     nullptr},
    {QLatin1StringView("templates"),
     1,
     1,
     QLatin1StringView("templates TARGET"),
     {},
     templatesAction,
     nullptr},
    {QLatin1StringView("prompts"),
     1,
     1,
     QLatin1StringView("prompts TARGET"),
     {},
     promptsAction,
     nullptr},
    {QLatin1StringView("call"), 2, 2, QLatin1StringView("call TARGET TOOL"),
     QLatin1StringView("args level task ttl"), callAction, nullptr},
    {QLatin1StringView("read"), 2, 2, QLatin1StringView("read TARGET URI"),
     QLatin1StringView("level output"), readAction, nullptr},
    {QLatin1StringView("prompt"), 2, 2, QLatin1StringView("prompt TARGET NAME"),
     QLatin1StringView("args level"), promptAction, nullptr},
    {QLatin1StringView("complete"), 4, 4,
     QLatin1StringView("complete TARGET prompt:NAME|URITEMPLATE ARGUMENT VALUE"),
     QLatin1StringView("args"), completeAction, nullptr},
    {QLatin1StringView("subscribe"), 2, Any, QLatin1StringView("subscribe TARGET URI..."),
     QLatin1StringView("seconds"), subscribeAction, nullptr},
    {QLatin1StringView("listen"), 1, 1, QLatin1StringView("listen TARGET"),
     QLatin1StringView("seconds"), listenAction, nullptr},
    {QLatin1StringView("logs"), 1, 1, QLatin1StringView("logs TARGET"),
     QLatin1StringView("level seconds"), logsAction, nullptr},
    {QLatin1StringView("ping"), 1, 1, QLatin1StringView("ping TARGET"), {}, pingAction, nullptr},
    {QLatin1StringView("discover"),
     1,
     1,
     QLatin1StringView("discover TARGET"),
     {},
     discoverAction,
     nullptr},
    {QLatin1StringView("tasks"),
     1,
     3,
     QLatin1StringView("tasks TARGET [list|get ID|result ID|cancel ID]"),
     {},
     tasksAction,
     nullptr},
    {QLatin1StringView("raw"), 2, 2, QLatin1StringView("raw TARGET METHOD"),
     QLatin1StringView("args level task"), rawAction, nullptr},
    {QLatin1StringView("repl"), 1, 1, QLatin1StringView("repl TARGET"), {}, nullptr, runRepl},
    {QLatin1StringView("trace"), 1, 1, QLatin1StringView("trace FILE"), {}, nullptr, runTrace},
    {QLatin1StringView("decode"),
     2,
     2,
     QLatin1StringView("decode sse FILE|-"),
     {},
     nullptr,
     runDecode},
    {QLatin1StringView("lab"), 0, 0, QLatin1StringView("lab"), QLatin1StringView("port play"),
     nullptr, runLab},
};

} // namespace

bool Command::heeds(QStringView option) const
{
    for (const QLatin1StringView word : options.tokenize(u' ')) {
        if (word == option)
            return true;
    }
    return false;
}

std::span<const Command> commands()
{
    return Commands;
}

const Command *commandNamed(QStringView name)
{
    const auto found = std::find_if(std::begin(Commands), std::end(Commands),
                                    [name](const Command &one) { return one.name == name; });
    return found == std::end(Commands) ? nullptr : found;
}

} // namespace sightglass::cli
