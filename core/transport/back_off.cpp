// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/back_off.h"

#include <algorithm>

namespace sightglass {

int backOffMs(int tries, std::optional<qint64> serverRetryMs, double random)
{
    constexpr qint64 First = 500;
    constexpr qint64 Most = 30'000;
    constexpr qint64 Hour = 3'600'000;

    qint64 own = std::min(Most, First << std::clamp(tries, 0, 16));
    own -= static_cast<qint64>(static_cast<double>(own) / 2 * std::clamp(random, 0.0, 1.0));
    if (!serverRetryMs)
        return static_cast<int>(own);
    const qint64 asked = std::clamp<qint64>(*serverRetryMs, 0, Hour);
    // A server that asks for 0 ms and refuses all the same must not be hammered.
    return static_cast<int>(tries == 0 ? asked : std::max(asked, own));
}

} // namespace sightglass
