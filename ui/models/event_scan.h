// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/trace_filter.h"
#include "ui/models/pool_job.h"

#include <QList>

#include <memory>

namespace sightglass {

/// Finds the frames of one exchange that match a filter, in threads beside the GUI's.
class EventScan {
public:
    EventScan();
    ~EventScan(); ///< ends what runs, for which it waits (some milliseconds at most)
    EventScan(const EventScan &) = delete;
    EventScan &operator=(const EventScan &) = delete;

    /// What runs is ended; with another trace nothing reads the last one afterwards. The trace must
    /// stay until then.
    void reset(const TraceReader *trace, ExchangeId id, const TraceFilter &filter);
    /// Appends the frames that were found meanwhile, in order, and starts what is to be done; waits
    /// for it at most `waitNs`. True if there is more to come; call it again then, and whenever the
    /// trace has grown.
    bool step(qint64 waitNs, QList<qint64> &found);
    /// Frames looked at, from the first.
    qint64 scanned() const;
    const TraceFilter &filter() const { return m_filter; }

private:
    struct Job;
    void stop();

    const TraceReader *m_trace = nullptr;
    ExchangeId m_id = 0;
    TraceFilter m_filter;
    qint64 m_next = 0; ///< the first frame that no job was given
    std::shared_ptr<Job> m_job; ///< null: none runs
    LeavingJobs m_leaving;
};

} // namespace sightglass
