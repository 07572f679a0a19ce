// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/trace_filter.h"
#include "core/trace/trace_store.h"

#include <QHash>
#include <QList>

namespace sightglass {

/// Finds the exchanges that match a filter, in slices, so that neither typing nor a frame ever
/// waits for it. What is still running is looked at again until it ends: `status:401` holds only
/// once there is a status.
class FilterScan {
public:
    /// What one slice changed. `joined` is in no order; `left` matched before.
    struct Changes {
        QList<ExchangeId> joined;
        QList<ExchangeId> left;
    };

    void reset(const TraceReader *trace, const TraceFilter &filter);
    /// Works for at most about `budgetNs`. True if there is more to do for what the trace holds
    /// now; call it again then, and whenever the trace has grown.
    bool step(qint64 budgetNs, Changes *changes);
    /// What is running has to be looked at again: the trace has grown.
    void markGrown() { m_recheck = true; }

    ExchangeId scanned() const { return m_next - 1; } ///< exchanges looked at, from the first
    qint64 matches() const { return m_matches; }
    const TraceFilter &filter() const { return m_filter; }

private:
    void look(ExchangeId id, bool known, bool before, Changes *changes);

    const TraceReader *m_trace = nullptr;
    TraceFilter m_filter;
    ExchangeId m_next = 1;
    qint64 m_matches = 0;
    bool m_recheck = false;
    QHash<ExchangeId, bool> m_running; ///< those without an end, and whether they match now
    QList<ExchangeId> m_pending; ///< of the running ones, those yet to be looked at again
};

} // namespace sightglass
