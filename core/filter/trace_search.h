// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/row_notes.h"
#include "core/filter/trace_filter.h"

#include <functional>

namespace sightglass {

/// What to look through.
struct TraceSearch {
    enum class Rows : quint8 {
        Exchanges, ///< from exchange `first` to `last`
        Events, ///< the frames of all these exchanges
        EventsOfOne, ///< the frames `first` to `last` of `exchange`
    };
    Rows rows = Rows::Exchanges;
    ExchangeId exchange = 0;
    qint64 first = 1;
    qint64 last = 0;
    int threads = 2;
};

/// What was found in one part; the parts come in the order of the trace, and each in order.
struct FoundRows {
    QList<TraceRow> rows;
    qint64 lookedAt = 0; ///< rows so far, those that do not match included
};

/// Looks through a trace in several threads, and waits for them: call it where waiting is no
/// matter, never on the GUI thread. `take` is called by one thread at a time, mostly soon (the
/// first parts are small). Ends early, without telling more, once `stop` is true. Gives whether all
/// was looked at.
bool searchTrace(const TraceReader &trace, const TraceFilter &filter, const TraceSearch &search,
                 const std::atomic<bool> &stop, const std::function<void(const FoundRows &)> &take);

} // namespace sightglass
