// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sse/sse_parser.h"
#include "core/trace/trace_store.h"

namespace sightglass::cli {

/// One frame of a recorded stream as a JSON object: an event has type, data and lastEventId; what
/// is no event has kind and text, and no data.
QByteArray frameJson(const TraceReader &trace, ExchangeId exchange, const Frame &frame);

/// The same from a frame's bytes.
QByteArray frameJson(const Frame &frame, QByteArrayView bytes, QByteArrayView lastEventId,
                     bool withTime);

} // namespace sightglass::cli
