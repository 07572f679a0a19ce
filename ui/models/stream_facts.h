// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/shown_trace.h"

#include <QStringList>

namespace sightglass {

/// What one wants to know of an event stream that is silent: when it was opened, what came last,
/// what was said about reconnecting, which exchanges took it up again, and why it ended. Grows
/// with the trace and looks at each frame and each later exchange once.
class StreamFacts {
public:
    void reset(const ShownTrace &shown, ExchangeId id);
    /// Takes in what is new, for at most about `budgetNs`. True if there is more to look at.
    bool update(qint64 budgetNs);

    /// Whether the exchange is an event stream, by its frames or its Content-Type.
    static bool isStream(const TraceReader &trace, ExchangeId id);
    qint64 comments() const { return m_comments; }
    /// The last `retry:` of the stream; -1: none came.
    qint64 retryMs() const { return m_retryMs; }
    /// Exchanges that took the stream up again, oldest first.
    const QList<ExchangeId> &reconnects() const { return m_reconnects; }

    /// Each a clause: "opened 20:14:06.219", "last event 3.1 s ago", "retry 500 ms", … `now` is the
    /// trace's clock, negative for a recording.
    QStringList words(qint64 now) const;

private:
    ShownTrace m_shown;
    ExchangeId m_id = 0;
    qint64 m_frames = 0; ///< looked at so far
    qint64 m_comments = 0;
    qint64 m_ignored = 0;
    qint64 m_retryMs = -1;
    qint64 m_events = 0;
    qint64 m_firstEvent = -1; ///< when it came
    qint64 m_lastEvent = -1;
    qint64 m_longestPause = 0; ///< between two events
    ExchangeId m_next = 0; ///< the first exchange that was not looked at
    QList<ExchangeId> m_reconnects;
};

/// The same in a few words, for a table row: "open 42 s, last event 3.1 s ago", "ended after 30 s".
/// Empty where the exchange is no stream.
QString streamGlance(const TraceReader &trace, ExchangeId id, qint64 now);

} // namespace sightglass
