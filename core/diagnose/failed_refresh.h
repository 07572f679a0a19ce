// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/trace_facts.h"

namespace sightglass {

/// A refresh (RFC 6749, 6) that brought no token.
struct FailedRefresh {
    enum class Why : quint8 {
        NoAnswer, ///< AF-99
        Busy, ///< AF-98
        NoJson, ///< AF-49
        UsedTwice, ///< AF-64: its refresh token was sent before, and was replaced
        AnswerLost, ///< AF-64: likewise, and the answer to that never came
        Dead, ///< invalid_grant, for which the trace shows no reason: AF-11
        OddError, ///< AF-65: another code where invalid_grant is meant
        Client, ///< AF-43
        Other, ///< it says what it says
    };
    const SeenTokenRequest *request = nullptr; ///< of the facts
    Why why = Why::Other;
    ExchangeId first = 0; ///< where its refresh token was sent before; 0: nowhere
};
/// In the order of the trace. Pure.
QList<FailedRefresh> failedRefreshes(const TraceFacts &facts);

/// The newest token request for the sake of a server, where that is a refresh that failed: the
/// client did what is to be done with a token that ran out, in vain. Nothing else: it got one.
std::optional<FailedRefresh> renewalInVain(const TraceFacts &facts, qint32 server);

/// 429 or 503 with Retry-After (RFC 9110, 10.2.3).
bool isBusy(const TraceFacts &facts, ExchangeId id);

} // namespace sightglass
