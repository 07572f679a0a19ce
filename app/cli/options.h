// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/server_target.h"

#include <QStringList>

namespace sightglass::cli {

enum class Colour : quint8 { Auto, Always, Never };

/// What the command line asks for.
struct Options {
    QString command; ///< "tools", "call", …
    QStringList arguments; ///< behind the command
    ServerTarget target; ///< of the commands that connect
    QByteArray toolArguments = "{}"; ///< --args, read from its file
    int seconds = 0; ///< listen; 0: until interrupted
    QString traceFile;
    bool showSecrets = false;
    bool json = false;
    Colour colour = Colour::Auto;
    quint16 port = 0; ///< lab
    QStringList play; ///< lab
    bool stdio = false; ///< lab
    QStringList warnings; ///< for stderr, before anything is done
    bool help = false;
    bool version = false;
};

/// Reads the command line, the files and the variables that it names. Failures are of kind Usage or
/// File.
Expected<Options> parseOptions(const QStringList &commandLine);

} // namespace sightglass::cli
