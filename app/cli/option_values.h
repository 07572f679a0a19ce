// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"
#include "core/trace/trace_store.h"

namespace sightglass::cli {

// What options name: failures are of kind Usage or File.

/// The value of an environment variable.
Expected<QByteArray> variable(const QString &name);
/// All of a file, or of standard input ("-"); `trimEnd`: without line ends at the end.
Expected<QByteArray> fileContents(const QString &path, bool trimEnd);
/// "500MB" (10^6 bytes each) or "2GB,stop".
Expected<TraceLimit> readKeep(const QString &text);

} // namespace sightglass::cli
