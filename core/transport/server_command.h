// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"

#include <QStringList>

namespace sightglass {

/// A program to run as a server on its standard streams. A plain value.
struct ServerCommand {
    struct Variable {
        QString name;
        QString value;
        bool secret = false; ///< shown nowhere

        bool operator==(const Variable &) const = default;
    };

    QString program; ///< a path, or a name that is looked for in PATH
    QStringList arguments;
    QString workingFolder; ///< empty: ours
    QList<Variable> environment; ///< in addition to ours

    bool operator==(const ServerCommand &) const = default;
};

/// The command as a POSIX shell would want it typed, without its environment. For people: it is
/// never given to a shell.
QString commandLine(const ServerCommand &command);
/// Program and arguments from one line, with the quoting rules of a POSIX shell and nothing else of
/// it: no expansion, no redirection. Fails (kind Usage) on an open quote and on nothing at all.
Expected<ServerCommand> parseCommandLine(const QString &line);
/// A value in the command that reads as a secret by the name that stands before it.
struct CommandSecret {
    qsizetype argument = -1; ///< which one holds it; -1: a variable of the environment
    QString before; ///< what stands before it on the command line: "--token ", "--api-key="
    QString value;

    bool operator==(const CommandSecret &) const = default;
};
/// Values of variables that are marked or named as secrets; of arguments the word behind `--token`
/// and the like, what follows `--token=` or `TOKEN=`, the value of a secret header ("X-Api-Key:
/// x"), and passwords in URLs.
QList<CommandSecret> secretsOf(const ServerCommand &command);
/// Where the program is, and why it cannot be started if it cannot. The sentence says which.
Expected<QString> findProgram(const ServerCommand &command);

} // namespace sightglass
