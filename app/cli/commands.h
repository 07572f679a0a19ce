// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/action.h"

#include <memory>
#include <span>

namespace sightglass::cli {

/// A command as it stands on the command line, or (without its target) in a session.
struct Command {
    QLatin1StringView name;
    int least, most; ///< words behind it, the target included
    QLatin1StringView use; ///< "call TARGET TOOL"
    QLatin1StringView does; ///< "call a tool"
    QLatin1StringView options; ///< that it heeds besides those of every connection: "args task"
    std::unique_ptr<Action> (*action)(const Workplace &place); ///< of one that connects; else null
    int (*run)(const Options &options,
               Output &output); ///< of one that does not, of repl and explain

    bool connects() const
    {
        return least > 0 && (use.contains(QLatin1StringView(" TARGET")) || readsRecording());
    }
    /// In place of a target it takes the recording of one.
    bool readsRecording() const { return use.contains(QLatin1StringView(" FILE|TARGET")); }
    bool heeds(QStringView option) const;
};
/// All of them, in the order in which people learn them.
std::span<const Command> commands();
/// Null where there is none.
const Command *commandNamed(QStringView name);

// What the commands do; each stands in the file of its name.
std::unique_ptr<Action> toolsAction(const Workplace &place);
std::unique_ptr<Action> resourcesAction(const Workplace &place);
std::unique_ptr<Action> templatesAction(const Workplace &place);
std::unique_ptr<Action> promptsAction(const Workplace &place);
std::unique_ptr<Action> callAction(const Workplace &place);
std::unique_ptr<Action> readAction(const Workplace &place);
std::unique_ptr<Action> promptAction(const Workplace &place);
std::unique_ptr<Action> completeAction(const Workplace &place);
std::unique_ptr<Action> subscribeAction(const Workplace &place);
std::unique_ptr<Action> listenAction(const Workplace &place);
std::unique_ptr<Action> logsAction(const Workplace &place);
std::unique_ptr<Action> pingAction(const Workplace &place);
std::unique_ptr<Action> discoverAction(const Workplace &place);
std::unique_ptr<Action> tasksAction(const Workplace &place);
std::unique_ptr<Action> rawAction(const Workplace &place);
std::unique_ptr<Action> sendAction(const Workplace &place);
int runLogin(const Options &options, Output &output);
int runLogout(const Options &options, Output &output);
int runToken(const Options &options, Output &output);
int runAuth(const Options &options, Output &output);
int runRepl(const Options &options, Output &output);
int runExplain(const Options &options, Output &output);
int runTrace(const Options &options, Output &output);
int runCompare(const Options &options, Output &output);
int runImport(const Options &options, Output &output);
int runDecode(const Options &options, Output &output);
int runLab(const Options &options, Output &output);

} // namespace sightglass::cli
