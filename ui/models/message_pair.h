// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/envelope.h"
#include "ui/models/shown_trace.h"

namespace sightglass {

/// A JSON-RPC request and what answered it.
struct MessagePair {
    QByteArray request; ///< the message's text; empty: the exchange carried none
    QString requestWords; ///< "tools/call add, id 6"
    RpcId id; ///< absent for notifications
    QByteArray answer; ///< text of the result or error; empty: none found
    QString answerWords; ///< "result of tools/call add, id 6"
    bool isError = false;
    ExchangeId answerExchange = 0; ///< where it came; mostly the same exchange
    qint64 answerFrame = -1; ///< the event that it was; -1: it was the body itself
    qint64 answerAt = -1; ///< trace time, ns
    qint64 progress = 0; ///< progress notifications seen on the way to it
    QString note; ///< why there is no answer; plain words
};

/// The first message of an exchange's body, and its answer: the body of the same exchange, an event
/// of its stream, or of a stream that took it up again. Looks at a bounded number of events.
MessagePair messagePair(const ShownTrace &shown, ExchangeId id);

} // namespace sightglass
