// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace sightglass {

/// Work over a trace on a thread of the pool, of which its owner may want to be rid at any time:
/// the trace may be gone afterwards. Shared by both. What derives from it keeps its results under
/// `mutex`.
class PoolJob {
public:
    std::atomic<bool> stop = false;
    std::mutex mutex;

    // In the pool's thread.
    /// False: it is not wanted any more, and must touch nothing.
    bool begin()
    {
        const std::lock_guard lock(mutex);
        m_began = !stop;
        m_done = !m_began;
        return m_began;
    }
    /// With the mutex held; the last thing that it does.
    void end()
    {
        m_done = true;
        m_changed.notify_all();
    }

    // In the owner's.
    /// It touches nothing any more: it has ended, or will not begin.
    void stopAndWait()
    {
        stop = true;
        std::unique_lock lock(mutex);
        m_changed.wait(lock, [this] { return m_done || !m_began; });
    }
    /// Gives it that time to end.
    void wait(std::unique_lock<std::mutex> &lock, std::chrono::nanoseconds most)
    {
        if (most.count() > 0)
            m_changed.wait_for(lock, most, [this] { return m_done; });
    }
    /// With the mutex held.
    bool isDone() const { return m_done; }

private:
    std::condition_variable m_changed;
    bool m_began = false;
    bool m_done = false;
};

/// Jobs that nobody wants any more, but which may still read their trace for a moment: they are
/// waited for before the trace goes, not between two keys that somebody types.
class LeavingJobs {
public:
    LeavingJobs() = default;
    LeavingJobs(LeavingJobs &&) noexcept = default;
    LeavingJobs &operator=(LeavingJobs &&) noexcept = default;
    ~LeavingJobs() { waitForAll(); }

    /// Tells it to stop.
    void take(std::shared_ptr<PoolJob> job)
    {
        if (!job)
            return;
        job->stop = true;
        m_jobs.erase(std::remove_if(m_jobs.begin(), m_jobs.end(),
                                    [](const std::shared_ptr<PoolJob> &left) {
                                        const std::lock_guard lock(left->mutex);
                                        return left->isDone();
                                    }),
                     m_jobs.end());
        m_jobs.push_back(std::move(job));
    }
    void waitForAll()
    {
        for (const std::shared_ptr<PoolJob> &job : m_jobs)
            job->stopAndWait();
        m_jobs.clear();
    }

private:
    std::vector<std::shared_ptr<PoolJob>> m_jobs;
};

} // namespace sightglass
