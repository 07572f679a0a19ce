// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass::cli {

/// A failure whose advice names the options of this program that do what it advises, where there
/// are some: the core knows none. Pure.
Failure withOptions(const TraceReader &trace, Failure failure);

} // namespace sightglass::cli
