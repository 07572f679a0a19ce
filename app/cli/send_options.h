// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/options.h"

#include <QCommandLineParser>

namespace sightglass::cli {

/// Reads the request that is to be sent out of its recording, and what of it is to be another:
/// --body, from its file, and --method. Where no revision is asked for, it is the one that the
/// request was sent with. Gives what is wrong with them.
std::optional<Failure> readSendOptions(const QCommandLineParser &parser, Options *options);

} // namespace sightglass::cli
