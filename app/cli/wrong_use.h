// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/commands.h"

#include <QCommandLineParser>

namespace sightglass::cli {

// What is told to somebody who typed a command line that cannot be meant so.

Failure usage(const QString &sentence,
              const QString &advice = QStringLiteral("See sightglass-cli --help."));
/// What the parser found wrong, with the option of `known` that may be meant.
Failure wrongOption(const QCommandLineParser &parser, const QStringList &known,
                    const QString &advice);
/// No command has this name.
Failure noCommand(const QString &word);
/// The command was given too few words, or more than it takes. `use` is how it is used.
Failure wrongWords(const Command &command, const QStringList &arguments, QString use,
                   const QString &advice);

} // namespace sightglass::cli
