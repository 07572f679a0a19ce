// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass {

/// How a request came by redirects to where it was answered, and what it lost on the way.
struct RedirectStory {
    ExchangeId first = 0; ///< the request as it was asked
    QString from; ///< its URL, without query
    QString to; ///< where it ended, without query
    int status = 0; ///< of the redirect that cost something; of the last where none did
    ExchangeId hop = 0; ///< the exchange that was answered with it
    bool becameGet = false; ///< by 301, 302 or 303, without its body (RFC 9110, 15.4)
    bool leftOrigin = false;
    QList<QByteArray> withheld; ///< names of the headers that do not go to another origin

    bool lostSomething() const { return becameGet || !withheld.isEmpty(); }
    /// One or two sentences on what it lost; empty where it lost nothing.
    QString sentence() const;
    /// What to do about it.
    QString advice() const;
};

/// Nothing where the exchange was not redirected. Pure.
std::optional<RedirectStory> redirectStory(const TraceReader &trace, ExchangeId id);

} // namespace sightglass
