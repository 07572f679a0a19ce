// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass::fuzz {

/// Asks a trace for all that it has, as a window, the command line and the exports do, and what has
/// to hold of any trace. Gives what it says of itself as text, for comparison.
QByteArray walkTrace(const TraceReader &trace);
/// The same text alone.
QByteArray traceText(const TraceReader &trace);

} // namespace sightglass::fuzz
