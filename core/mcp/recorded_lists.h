// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/listing.h"
#include "core/trace/trace_store.h"

namespace sightglass {

/// What a server listed, by the answers that stand in a trace: of each kind the newest list that is
/// whole, else the newest there is; without a list none of that kind. Where the trace holds several
/// servers, those of the one that was asked last. `complete` is false where a page that a cursor
/// led to is not there; an answer that is an error gives no list.
///
/// Reads every answer to a list request: to be called beside the GUI thread.
QList<Listing> recordedLists(const TraceReader &trace);

} // namespace sightglass
