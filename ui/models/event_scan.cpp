// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/event_scan.h"

#include "core/filter/trace_search.h"

#include <QThreadPool>

#include <chrono>

namespace sightglass {

namespace {
/// Few frames are done before a second thread would begin.
constexpr qint64 kFewFrames = 512;
} // namespace

/// What one thread of the pool does; shared with it.
struct EventScan::Job final : PoolJob {
    const TraceReader *trace = nullptr;
    TraceFilter filter;
    TraceSearch search;

    // Under the mutex.
    QList<qint64> found;
    qint64 scanned = 0;

    void run()
    {
        if (!begin())
            return;
        searchTrace(*trace, filter, search, stop, [this](const FoundRows &rows) {
            const std::lock_guard lock(mutex);
            for (const TraceRow &row : rows.rows)
                found.append(row.frame);
            scanned = search.first + rows.lookedAt;
        });
        const std::lock_guard lock(mutex);
        end();
    }
};

EventScan::EventScan() = default;

EventScan::~EventScan()
{
    stop();
}

void EventScan::stop()
{
    m_leaving.take(std::move(m_job));
    m_job.reset();
}

void EventScan::reset(const TraceReader *trace, ExchangeId id, const TraceFilter &filter)
{
    stop();
    if (trace != m_trace)
        m_leaving.waitForAll();
    m_trace = trace;
    m_id = id;
    m_filter = filter;
    m_next = 0;
}

qint64 EventScan::scanned() const
{
    if (!m_job)
        return m_next;
    const std::lock_guard lock(m_job->mutex);
    return std::max(m_job->scanned, m_job->search.first);
}

bool EventScan::step(qint64 waitNs, QList<qint64> &found)
{
    if (!m_trace || m_id <= 0)
        return false;
    const qint64 frames = m_trace->summary(m_id).frames;
    if (!m_job && m_next < frames) {
        auto job = std::make_shared<Job>();
        job->trace = m_trace;
        job->filter = m_filter;
        job->search = {TraceSearch::Rows::EventsOfOne, m_id, m_next, frames - 1,
                       frames - m_next < kFewFrames ? 1 : 2};
        m_next = frames;
        m_job = job;
        QThreadPool::globalInstance()->start([job] { job->run(); });
    }
    if (!m_job)
        return false;
    bool done = false;
    {
        std::unique_lock lock(m_job->mutex);
        m_job->wait(lock, std::chrono::nanoseconds(waitNs));
        found += m_job->found;
        m_job->found.clear();
        done = m_job->isDone();
    }
    if (done)
        m_job.reset();
    return m_job || m_next < m_trace->summary(m_id).frames;
}

} // namespace sightglass
