// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/filter_scan.h"

#include "core/filter/trace_search.h"

#include <QElapsedTimer>
#include <QThreadPool>

#include <algorithm>
#include <chrono>

namespace sightglass {

namespace {

/// So many at once are searched by two threads; the first block is small.
constexpr ExchangeId kFirstBlock = 2048;
constexpr ExchangeId kLargestBlock = 64 * 1024;
/// So many rows are handed over at once: whoever takes them looks at each.
constexpr qsizetype kHandedOverAtOnce = 16 * 1024;

} // namespace

/// What one thread of the pool does; shared with it.
struct FilterScan::Job final : PoolJob {
    const TraceReader *trace = nullptr;
    TraceFilter filter;
    QList<ExchangeId> recheck;
    ExchangeId first = 1;
    ExchangeId last = 0;

    struct Looked {
        ExchangeId id;
        bool matches;
        bool finished;
    };
    // Under the mutex.
    QList<Looked> looked; ///< at what runs
    qint64 recheckNs = 0; ///< how long the look at `recheck` took
    QList<ExchangeId> joined;
    ExchangeId scanned = 0;

    void run()
    {
        if (!begin())
            return;
        lookAgain();
        search();
        const std::lock_guard lock(mutex);
        end();
    }

    void lookAgain()
    {
        QElapsedTimer timer;
        timer.start();
        for (const ExchangeId id : std::as_const(recheck)) {
            if (stop)
                return;
            // Taken before the match: if it ends in between, it is looked at once more, never once
            // less.
            const bool finished = trace->summary(id).finished;
            const bool matches = filter.matches(*trace, id, &stop);
            const std::lock_guard lock(mutex);
            looked.append({id, matches, finished});
        }
        const std::lock_guard lock(mutex);
        recheckNs = timer.nsecsElapsed();
    }

    void search()
    {
        ExchangeId size = kFirstBlock;
        for (ExchangeId from = first; from <= last && !stop; from += size) {
            size = from == first ? size : std::min(size * 2, kLargestBlock);
            const ExchangeId to = std::min(last, from + size - 1);
            QList<Looked> running;
            for (ExchangeId id = from; id <= to; ++id) {
                if (!trace->summary(id).finished)
                    running.append({id, false, false});
            }
            const auto take = [&](const FoundRows &found) {
                const std::lock_guard lock(mutex);
                scanned = from + found.lookedAt - 1;
                auto next = running.begin();
                for (const TraceRow &row : found.rows) {
                    next =
                        std::lower_bound(next, running.end(), row.exchange,
                                         [](const Looked &a, ExchangeId id) { return a.id < id; });
                    if (next != running.end() && next->id == row.exchange)
                        next->matches = true; // told below
                    else
                        joined.append(row.exchange);
                }
            };
            // Few rows are done before a second thread would begin.
            const int threads = to - from < kFirstBlock / 4 ? 1 : 2;
            searchTrace(*trace, filter, {TraceSearch::Rows::Exchanges, 0, from, to, threads}, stop,
                        take);
            const std::lock_guard lock(mutex);
            looked += running;
        }
    }
};

FilterScan::FilterScan() = default;
FilterScan::FilterScan(FilterScan &&) noexcept = default;

FilterScan &FilterScan::operator=(FilterScan &&other) noexcept
{
    if (this == &other)
        return *this;
    stop();
    m_trace = other.m_trace;
    m_filter = std::move(other.m_filter);
    m_next = other.m_next;
    m_matches = other.m_matches;
    m_recheck = other.m_recheck;
    m_sinceRecheck = other.m_sinceRecheck;
    m_recheckNs = other.m_recheckNs;
    m_found = std::move(other.m_found);
    m_handedOver = other.m_handedOver;
    m_running = std::move(other.m_running);
    m_job = std::move(other.m_job);
    m_leaving.waitForAll();
    m_leaving = std::move(other.m_leaving);
    return *this;
}

FilterScan::~FilterScan()
{
    stop();
}

void FilterScan::stop()
{
    m_leaving.take(std::move(m_job));
    m_job.reset();
}

void FilterScan::reset(const TraceReader *trace, const TraceFilter &filter)
{
    stop();
    if (trace != m_trace)
        m_leaving.waitForAll();
    m_trace = trace;
    m_filter = filter;
    m_next = 1;
    m_matches = 0;
    m_recheck = false;
    m_sinceRecheck.invalidate();
    m_found.clear();
    m_handedOver = 0;
    m_running.clear();
}

ExchangeId FilterScan::scanned() const
{
    if (!m_job)
        return m_next - 1;
    const std::lock_guard lock(m_job->mutex);
    return m_job->first > m_job->last ? m_next - 1 : std::max(m_job->scanned, m_job->first - 1);
}

void FilterScan::lookAtAgain(ExchangeId id, bool matches)
{
    // As if it still ran, until it is looked at.
    if (id >= 1 && id < m_next)
        m_running.insert(id, matches);
    m_recheck = true;
}

/// Without a filter there is nothing to look at.
void FilterScan::takeAll(qint64 budgetNs, Changes *changes)
{
    QElapsedTimer timer;
    timer.start();
    for (int looks = 0; m_next <= m_trace->exchangeCount(); ++m_next) {
        changes->joined.append(m_next);
        ++m_matches;
        if ((++looks & 1023) == 0
            && (timer.nsecsElapsed() > budgetNs || looks >= kHandedOverAtOnce)) {
            ++m_next;
            return;
        }
    }
}

bool FilterScan::step(qint64 waitNs, Changes *changes)
{
    if (!m_trace)
        return false;
    if (m_filter.isEmpty()) {
        takeAll(std::max<qint64>(waitNs, 1'000'000), changes);
        return m_next <= m_trace->exchangeCount();
    }
    const ExchangeId count = m_trace->exchangeCount();
    const bool recheck = isRecheckDue();
    if (!m_job && (recheck || m_next <= count)) {
        auto job = std::make_shared<Job>();
        job->trace = m_trace;
        job->filter = m_filter;
        if (recheck) {
            job->recheck = m_running.keys();
            m_recheck = false;
        }
        job->first = m_next;
        job->last = count;
        m_next = count + 1;
        m_job = job;
        QThreadPool::globalInstance()->start([job] { job->run(); });
    }
    if (m_job) {
        {
            std::unique_lock lock(m_job->mutex);
            m_job->wait(lock, std::chrono::nanoseconds(waitNs));
        }
        collect(changes);
    }
    handOver(changes);
    return m_job || !m_found.isEmpty() || (m_recheck && !m_running.isEmpty())
        || m_next <= m_trace->exchangeCount();
}

void FilterScan::collect(Changes *changes)
{
    QList<Job::Looked> looked;
    QList<ExchangeId> joined;
    bool done = false;
    {
        const std::lock_guard lock(m_job->mutex);
        looked.swap(m_job->looked);
        joined.swap(m_job->joined);
        done = m_job->isDone();
    }
    m_matches += joined.size();
    m_found += joined;
    for (const Job::Looked &at : std::as_const(looked)) {
        const bool before = m_running.value(at.id);
        if (at.matches && !before) {
            changes->joined.append(at.id);
            ++m_matches;
        } else if (!at.matches && before) {
            // It may not even have been told yet.
            if (const qsizetype place = m_found.indexOf(at.id, m_handedOver); place >= 0)
                m_found.removeAt(place);
            else
                changes->left.append(at.id);
            --m_matches;
        }
        if (at.finished)
            m_running.remove(at.id);
        else
            m_running.insert(at.id, at.matches);
    }
    if (!done)
        return;
    if (!m_job->recheck.isEmpty()) {
        m_recheckNs = m_job->recheckNs;
        m_sinceRecheck.start();
    }
    m_job.reset();
}

void FilterScan::handOver(Changes *changes)
{
    const qsizetype count = std::min(kHandedOverAtOnce, m_found.size() - m_handedOver);
    changes->joined += m_found.mid(m_handedOver, count);
    m_handedOver += count;
    if (m_handedOver == m_found.size()) {
        m_found.clear();
        m_handedOver = 0;
    }
}

bool FilterScan::isRecheckDue() const
{
    return m_recheck && !m_running.isEmpty()
        && (!m_sinceRecheck.isValid() || m_sinceRecheck.nsecsElapsed() >= 4 * m_recheckNs);
}

} // namespace sightglass
