// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/envelope.h"
#include "core/trace/trace_store.h"

namespace sightglass {

/// What answered a JSON-RPC request, as it stands in a trace.
struct RecordedAnswer {
    enum class Kind : quint8 { None, Result, Error };
    Kind kind = Kind::None;
    QByteArray json; ///< the result or the error object, as it came
    ExchangeId exchange = 0; ///< where it came: on a stream of the older transport another one
};

/// The answer to the request with this id of an exchange, wherever it came; a result before an
/// error, the newest first.
RecordedAnswer recordedAnswer(const TraceReader &trace, ExchangeId exchange, const RpcId &id);

} // namespace sightglass
