// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/trace_filter.h"
#include "core/trace/trace_store.h"
#include "ui/models/pool_job.h"

#include <QElapsedTimer>
#include <QHash>
#include <QList>

#include <memory>

namespace sightglass {

/// Finds the exchanges that match a filter, in threads beside the GUI's, so that neither typing nor
/// a frame ever waits for it. What is still running is looked at again until it ends: `status:401`
/// holds only once there is a status.
class FilterScan {
public:
    FilterScan();
    ~FilterScan(); ///< ends what runs, for which it waits (some milliseconds at most)
    FilterScan(FilterScan &&) noexcept;
    FilterScan &operator=(FilterScan &&) noexcept;

    /// What one step changed. `joined` is in no order, and no more than what is done with in a part
    /// of a frame; `left` matched before.
    struct Changes {
        QList<ExchangeId> joined;
        QList<ExchangeId> left;
    };

    /// What runs is ended; with another trace nothing reads the last one afterwards. The trace must
    /// stay until then.
    void reset(const TraceReader *trace, const TraceFilter &filter);
    /// Takes what was found meanwhile, and starts what is to be done; waits for it at most
    /// `waitNs`, so that a short trace needs one step. True if there is more to come for what the
    /// trace holds now; call it again then, and whenever the trace has grown.
    bool step(qint64 waitNs, Changes *changes);
    /// What is running has to be looked at again: the trace has grown.
    void markGrown() { m_recheck = true; }
    /// What is said of an exchange has changed, though it is over: it is looked at again.
    void lookAtAgain(ExchangeId id, bool matches);

    /// It looks at something, or has not handed over all that it found: not the time to ask for
    /// another look at what may be among that.
    bool isBusy() const { return m_job || !m_found.isEmpty(); }

    ExchangeId scanned() const; ///< exchanges looked at, from the first
    qint64 matches() const { return m_matches; }
    const TraceFilter &filter() const { return m_filter; }

private:
    struct Job;
    void stop();
    void takeAll(qint64 budgetNs, Changes *changes);
    void collect(Changes *changes);
    void handOver(Changes *changes);
    bool isRecheckDue() const;

    const TraceReader *m_trace = nullptr;
    TraceFilter m_filter;
    ExchangeId m_next = 1; ///< the first that no job was given
    qint64 m_matches = 0;
    bool m_recheck = false;
    /// A look at long streams is not taken again before four times as long has passed as the last
    /// one took: whoever follows one needs the processors as well.
    QElapsedTimer m_sinceRecheck;
    qint64 m_recheckNs = 0;
    QList<ExchangeId> m_found; ///< and not handed over, from m_handedOver on
    qsizetype m_handedOver = 0;
    QHash<ExchangeId, bool> m_running; ///< those without an end, and whether they match now
    std::shared_ptr<Job> m_job; ///< null: none runs
    LeavingJobs m_leaving;
};

} // namespace sightglass
