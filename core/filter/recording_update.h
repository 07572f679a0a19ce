// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/failure.h"
#include "core/trace/trace_store.h"

#include <optional>

namespace sightglass {

/// Writes a recording anew with what its trace holds now (bookmarks and notes that were added), and
/// puts it in the place of the file in one step: whoever reads it has the old one or the new one.
/// Redacted as the trace is. Fails, and leaves the file as it is, where it cannot be written, where
/// another program is recording to it, or where it is not as long as when it was read (`size`
/// bytes). May take long: not for the GUI's thread.
std::optional<Failure> updateRecording(const QString &path, qint64 size, const TraceReader &trace);

} // namespace sightglass
