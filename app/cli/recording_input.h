// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_file.h"

namespace sightglass::cli {

/// The recording in a file, or where `path` is "-" the one that comes from standard input.
Expected<Recording> readRecording(const QString &path);

} // namespace sightglass::cli
