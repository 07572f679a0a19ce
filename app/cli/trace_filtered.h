// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/options.h"
#include "app/cli/output.h"

#include "core/filter/trace_filter.h"

namespace sightglass::cli {

/// Tells the first thing that is wrong with a filter: a sentence, and under the text a line that
/// marks the place. True where nothing is.
bool tellFilter(const QString &text, const QList<FilterProblem> &problems, Output &output);

/// Says which credentials that it asks for are none in this trace.
void tellUnknownCredentials(const TraceReader &trace, const TraceFilter &filter, Output &output);

/// `trace FILE` with --filter (which was told to be right), --events or --save: prints what
/// matches, or saves it.
int printFiltered(const TraceReader &trace, const Options &options, Output &output);

} // namespace sightglass::cli
