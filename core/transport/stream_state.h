// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

namespace sightglass {

/// The server's event stream (GET), as a status line tells it.
struct StreamState {
    enum class Phase : quint8 {
        None,
        Opening,
        Open,
        NotOffered, ///< 405, or 404 to the first GET: normal
        Waiting, ///< ended or failed; tried again at `retryAt`
        Refused, ///< 401 or 403, and not tried again by itself
        Ended, ///< failed for good
    };
    Phase phase = Phase::None;
    ExchangeId exchange = 0; ///< the last try
    qint64 openedAt = -1; ///< trace time, ns
    qint64 retryAt = -1; ///< trace time, ns; while Waiting
    int tries = 0; ///< in a row that did not open
    int opened = 0; ///< how often it was answered with a stream, in this session
    int closedAtOnce = 0; ///< the newest of these, in a row, that ended at once without an event
    std::optional<Failure> failure; ///< why the last one ended

    bool operator==(const StreamState &) const = default;
};

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::StreamState)
