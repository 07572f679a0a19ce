// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

#include <array>
#include <utility>

namespace sightglass {

// What the files that Sightglass writes have beyond HAR 1.2, whose members of one's own begin with
// an underscore.
//
// Of the log, "_sightglass": began (time), redacted, notes [{at, name, text, exchange, finding,
// failure}].
// Of an entry, "_sightglass": id, kind, cause, what, acting, target, sources (who put each header
// of the request there), withheld [{name, why}], ns (points in its life, in nanoseconds since the
// trace began; -1: did not happen), frames [{kind, start, end, at}] (byte ranges of the response's
// body), failure.
namespace Har {
constexpr char Own[] = "_sightglass";
constexpr char Encoding[] = "_encoding"; ///< of postData: "base64"
} // namespace Har

/// The points in the life of an exchange, by the names that they have in a file.
inline std::array<std::pair<const char *, qint64>, 7> harTimes(const ExchangeTimes &t)
{
    return {{{"begun", t.begun},
             {"connecting", t.connecting},
             {"encrypted", t.encrypted},
             {"sent", t.sent},
             {"head", t.head},
             {"lastByte", t.lastByte},
             {"ended", t.ended}}};
}

} // namespace sightglass
