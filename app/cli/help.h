// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/commands.h"

namespace sightglass::cli {

/// What --help prints.
QString helpText();
/// One command: how it is used, and the options that are its own.
QString helpText(const Command &command);
/// What lab --help prints: all that it plays, in words.
QString labHelpText();

} // namespace sightglass::cli
