// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>

namespace sightglass::fuzz {

/// Hands `bytes` on in parts whose lengths follow from `seed` alone: from 1 byte to 64, few of them
/// long. Every part is a copy of just its length, so that a reader that runs over its end is found.
template <typename Take> void cutBytes(QByteArrayView bytes, quint32 seed, Take take)
{
    quint32 state = seed * 2654435761U + 1;
    while (!bytes.isEmpty()) {
        // Numerical Recipes' linear congruential generator: any will do.
        state = state * 1664525U + 1013904223U;
        const qsizetype most = (state >> 28) < 10 ? 4 : 64;
        const qsizetype length = std::min(bytes.size(), qsizetype((state >> 8) % most) + 1);
        const QByteArray part(bytes.data(), length);
        take(QByteArrayView(part));
        bytes = bytes.sliced(length);
    }
}

} // namespace sightglass::fuzz
