// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/soak/lab_process.h"
#include "tests/soak/soak_client.h"

#include <QStringList>

namespace sightglass::soak {

/// What is counted of a round, for the summary.
struct SoakCounts {
    qint64 calls = 0;
    qint64 failedCalls = 0;
    qint64 exchanges = 0;
    qint64 events = 0;
    qint64 numbered = 0; ///< events with an id, all of which were checked
    qint64 resumed = 0; ///< streams that were taken up again
    qint64 bytes = 0;
    int connects = 0;

    SoakCounts &operator+=(const SoakCounts &other);
};

/// What is not as it has to be once all is quiet; empty: nothing.
///
/// - The end of every call was told once; what has no failure has its answer.
/// - All of every trace has come to its end.
/// - Of every stream with event ids the trace has each event once, without a gap, over all
///   connections that carried it.
/// - A many-events call that went well has each of its events once; one that did not has none
/// twice.
/// - A POST arrived as often as the trace has it, or not at all where it says that it failed.
QStringList checkRound(const QList<const SoakClient *> &clients, const Ledger &ledger,
                       SoakCounts *counts);

} // namespace sightglass::soak
