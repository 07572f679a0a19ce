// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass {

/// Tells `sink` all that `trace` holds, in the order in which it happened: by time, and within an
/// exchange request, marks, head, parts of the body each followed by the frames that end in it,
/// and its end. Requests come in the order of their numbers.
void replayTrace(const TraceReader &trace, TraceSink &sink);

} // namespace sightglass
