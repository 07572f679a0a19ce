// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass {

/// What came in place of a message that can be read, as a sentence: the beginning of the body, or
/// of the first event or line that is no message. At most some 160 characters, cut between words
/// (half a token would be known by nobody as a secret), and marked as by markedText(). Empty where
/// there is nothing to show. Pure.
QString whatCame(const TraceReader &trace, ExchangeId id);

} // namespace sightglass
