// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass::test {

/// What was sent in a trace, judged by the schemas of its revisions.
struct SentMessages {
    int judged = 0; ///< messages of batches one by one
    QStringList invalid; ///< "exchange 3 (tools/call add): CallToolRequest: /params: …"
};

/// Every message that we sent in the trace: over HTTP and to a program's stdin. The revision is
/// that of the message itself (its header, its _meta, or what initialize asks for), else the last
/// one that was agreed on. Answers of ours are judged by the request of the server with that id.
SentMessages sentMessages(const TraceReader &trace);

} // namespace sightglass::test
