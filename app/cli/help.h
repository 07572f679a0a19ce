// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace sightglass::cli {

/// What --help prints.
QString helpText();
/// What lab --help prints: all that it plays, in words.
QString labHelpText();

} // namespace sightglass::cli
