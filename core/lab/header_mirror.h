// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/envelope.h"
#include "core/lab/http_request.h"

namespace sightglass {

/// What is wrong with the headers that repeat parts of the body (2026-07-28,
/// basic/transports/streamable-http, "Request Metadata"): Mcp-Method, Mcp-Name, and Mcp-Param-* of
/// a tool's marked parameters. A sentence; empty: nothing. Written apart from the client's side of
/// it, so that a mistake in one shows against the other.
QString labMirrorProblem(const LabRequest &request, const Envelope &message);

} // namespace sightglass
