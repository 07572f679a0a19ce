// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass {

/// What a JSON-RPC answer says of itself beneath the HTTP status: a 200 can bring an error
/// (JSON-RPC 2.0, section 5.1) or the result of a tool that did not succeed (MCP, "Tools",
/// isError).
struct RpcOutcome {
    enum class Kind : quint8 {
        None, ///< no answer was found
        Result,
        Error, ///< the answer is an error object
        ToolError, ///< a result with isError
    };
    Kind kind = Kind::None;
    std::optional<qint64> code; ///< of an Error; nothing where it has none that is a whole number
    QString message; ///< of an Error, its first part; untrusted

    bool isError() const { return kind == Kind::Error || kind == Kind::ToolError; }
    bool operator==(const RpcOutcome &) const = default;
};

/// Reads one message, or a batch: the first error counts, else the first result. Where `behind` is
/// not empty, `text` is the beginning of a longer message and `behind` its end, and what lies
/// between is not looked at. What is no JSON is None.
RpcOutcome rpcOutcome(QByteArrayView text, QByteArrayView behind = {});

/// The same of what answered an exchange: its body, or the last answer among the newest events of
/// its stream. Costs the same for a body of any size: of a long one its two ends are read. GET
/// streams bring the answers to others and are None, unless they took up one that had broken off.
RpcOutcome rpcOutcome(const TraceReader &trace, ExchangeId id);

/// "error -32602", "error", "isError"; empty where all is well.
QString rpcOutcomeWords(const RpcOutcome &outcome);

} // namespace sightglass
