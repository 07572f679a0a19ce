// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"

#include <algorithm>
#include <limits>

namespace sightglass::cli {

namespace {

constexpr int Any = std::numeric_limits<int>::max();

using Words = QLatin1StringView;

constexpr Command Commands[] = {
    {Words("tools"),
     1,
     1,
     Words("tools TARGET"),
     Words("list the tools"),
     {},
     toolsAction,
     nullptr},
    {Words("resources"),
     1,
     1,
     Words("resources TARGET"),
     Words("list the resources"),
     {},
     resourcesAction,
     nullptr},
    {Words("templates"),
     1,
     1,
     Words("templates TARGET"),
     Words("list the resource templates"),
     {},
     templatesAction,
     nullptr},
    {Words("prompts"),
     1,
     1,
     Words("prompts TARGET"),
     Words("list the prompts"),
     {},
     promptsAction,
     nullptr},
    {Words("call"), 2, 2, Words("call TARGET TOOL"), Words("call a tool"),
     Words("args level task ttl"), callAction, nullptr},
    {Words("read"), 2, 2, Words("read TARGET URI"), Words("print a resource"),
     Words("level output"), readAction, nullptr},
    {Words("prompt"), 2, 2, Words("prompt TARGET NAME"), Words("print a prompt"),
     Words("args level"), promptAction, nullptr},
    {Words("complete"), 4, 4, Words("complete TARGET prompt:NAME|URITEMPLATE ARGUMENT VALUE"),
     Words("what a value may become"), Words("args"), completeAction, nullptr},
    {Words("subscribe"), 2, Any, Words("subscribe TARGET URI..."),
     Words("print updates of resources"), Words("seconds"), subscribeAction, nullptr},
    {Words("listen"), 1, 1, Words("listen TARGET"),
     Words("print the events of the server's stream"), Words("seconds"), listenAction, nullptr},
    {Words("logs"), 1, 1, Words("logs TARGET"), Words("print log messages"), Words("level seconds"),
     logsAction, nullptr},
    {Words("ping"),
     1,
     1,
     Words("ping TARGET"),
     Words("how long an answer takes"),
     {},
     pingAction,
     nullptr},
    {Words("discover"),
     1,
     1,
     Words("discover TARGET"),
     Words("what the server is, and how that was found"),
     {},
     discoverAction,
     nullptr},
    {Words("tasks"),
     1,
     3,
     Words("tasks TARGET [list|get ID|result ID|cancel ID]"),
     Words("list, look at, wait for or cancel tasks"),
     {},
     tasksAction,
     nullptr},
    {Words("raw"), 2, 2, Words("raw TARGET METHOD"), Words("any request or notification"),
     Words("args level task"), rawAction, nullptr},
    {Words("send"), 3, 3, Words("send TARGET FILE EXCHANGE"),
     Words("a request of a recording once more, as it was or changed"),
     Words("body method seconds"), sendAction, nullptr},
    {Words("auth"),
     1,
     1,
     Words("auth TARGET"),
     Words("how to authorise, without logging in"),
     {},
     nullptr,
     runAuth},
    {Words("login"), 1, 1, Words("login TARGET"), Words("log in, and keep the tokens"),
     Words("no-browser paste"), nullptr, runLogin},
    {Words("token"),
     1,
     1,
     Words("token TARGET"),
     Words("what is kept of a log-in"),
     {},
     nullptr,
     runToken},
    {Words("logout"),
     1,
     1,
     Words("logout TARGET"),
     Words("revoke and forget the tokens"),
     {},
     nullptr,
     runLogout},
    {Words("repl"),
     1,
     1,
     Words("repl TARGET"),
     Words("a session with one server"),
     {},
     nullptr,
     runRepl},
    {Words("explain"), 1, 1, Words("explain FILE|TARGET"),
     Words("what is wrong, why, and what to do about it"), Words("seconds junit sarif"), nullptr,
     runExplain},
    {Words("trace"), 1, 1, Words("trace FILE|-"),
     Words("print a recording, or hand it on in another form"),
     Words("export output filter events save exchanges otlp"), nullptr, runTrace},
    {Words("compare"),
     2,
     2,
     Words("compare FILE|- FILE|-"),
     Words("how two recordings differ; exit code 1 where they do"),
     {},
     nullptr,
     runCompare},
    {Words("import"), 1, 1, Words("import FILE|-"), Words("make a recording of a HAR file"),
     Words("output"), nullptr, runImport},
    {Words("decode"),
     2,
     2,
     Words("decode sse FILE|-"),
     Words("print an event stream"),
     {},
     nullptr,
     runDecode},
    {Words("lab"), 0, 0, Words("lab"), Words("run a practice server"),
     Words("port play stdio oauth consent dpop-required token-seconds"), nullptr, runLab},
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
