// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_file.h"

namespace sightglass::cli {

/// The recording in a file, of Sightglass or HAR, or where `path` is "-" the one that comes from
/// standard input.
Expected<Recording> readRecording(const QString &path);

/// What is there as a file, or looks like the path of one. "localhost:3000/mcp" is no such thing.
bool isRecordingPath(const QString &given);

} // namespace sightglass::cli
