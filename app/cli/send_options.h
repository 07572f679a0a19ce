// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/options.h"

#include <QCommandLineParser>

namespace sightglass::cli {

/// Reads what of a recorded request is to be another: --body, from its file, and --method. Gives
/// what is wrong with them.
std::optional<Failure> readSendOptions(const QCommandLineParser &parser, Options *options);

} // namespace sightglass::cli
