// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass {

/// How far an answer had come when it was given up for lack of time, and what of it was waited for:
/// a sentence. Empty where the trace does not show it: of what is no HTTP, and of what was not
/// sent. Pure.
QString stallSentence(const TraceReader &trace, ExchangeId id);

} // namespace sightglass
