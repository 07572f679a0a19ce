// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/row_colours.h"

#include <QElapsedTimer>
#include <QThreadPool>
#include <QTimer>

#include <condition_variable>
#include <mutex>

namespace sightglass {

namespace {
/// Kept for more rows than a screen has.
constexpr qsizetype kPlacesKept = 20'000;
} // namespace

/// What one thread of the pool does; shared with it.
struct RowColours::Job {
    const TraceReader *trace = nullptr;
    QList<TraceFilter> filters;
    QList<ExchangeId> ids;
    std::atomic<bool> stop = false;

    std::mutex mutex; ///< of all below
    std::condition_variable changed;
    bool began = false;
    bool done = false;
    QHash<ExchangeId, Place> found;
    qint64 tookNs = 0;

    void run(RowColours *owner)
    {
        {
            const std::lock_guard lock(mutex);
            // Nobody waits for one that did not begin: its trace may be gone.
            if (stop)
                return;
            began = true;
        }
        QElapsedTimer timer;
        timer.start();
        QHash<ExchangeId, Place> places;
        for (const ExchangeId id : std::as_const(ids)) {
            if (stop)
                break;
            Place place;
            // Before the match: if it ends in between, it is looked at once more.
            place.settled = trace->summary(id).finished;
            for (int i = 0; i < filters.size() && place.filter < 0; ++i) {
                if (filters.at(i).matches(*trace, id, &stop))
                    place.filter = i;
            }
            places.insert(id, place);
        }
        const std::lock_guard lock(mutex);
        found = places;
        tookNs = timer.nsecsElapsed();
        done = true;
        // The owner is there: it waits for `done` before it goes.
        if (!stop)
            QMetaObject::invokeMethod(owner, &RowColours::collect, Qt::QueuedConnection);
        changed.notify_all();
    }
};

RowColours::RowColours(QObject *parent)
    : QObject(parent)
{
}

RowColours::~RowColours()
{
    stop();
}

void RowColours::stop()
{
    if (!m_job)
        return;
    m_job->stop = true;
    std::unique_lock lock(m_job->mutex);
    m_job->changed.wait(lock, [this] { return m_job->done || !m_job->began; });
    lock.unlock();
    m_job.reset();
}

void RowColours::setTrace(const TraceReader *trace)
{
    stop();
    m_trace = trace;
    m_places.clear();
    m_wanted.clear();
}

void RowColours::setFilters(const QList<TraceFilter> &filters)
{
    stop();
    m_filters = filters;
    m_places.clear();
    m_wanted.clear();
}

int RowColours::of(ExchangeId id)
{
    if (!m_trace || m_filters.isEmpty())
        return -1;
    const auto place = m_places.constFind(id);
    const bool fresh = place != m_places.constEnd() && !place->old;
    if (!fresh && !m_wanted.contains(id)) {
        m_wanted.insert(id);
        // All rows of one painting are asked for at once.
        if (!m_starting && !m_job) {
            m_starting = true;
            QTimer::singleShot(int(4 * m_tookNs / 1'000'000), this, &RowColours::start);
        }
    }
    return place == m_places.constEnd() ? -1 : place->filter;
}

void RowColours::markGrown(const QSet<ExchangeId> &changed)
{
    for (auto place = m_places.begin(); place != m_places.end(); ++place)
        place->old = place->old || !place->settled || changed.contains(place.key());
}

void RowColours::start()
{
    m_starting = false;
    if (m_job || !m_trace || m_wanted.isEmpty())
        return;
    auto job = std::make_shared<Job>();
    job->trace = m_trace;
    job->filters = m_filters;
    job->ids = m_wanted.values();
    m_job = job;
    QThreadPool::globalInstance()->start([job, this] { job->run(this); });
}

void RowColours::collect()
{
    if (!m_job)
        return;
    QHash<ExchangeId, Place> found;
    {
        const std::lock_guard lock(m_job->mutex);
        if (!m_job->done)
            return; // told by one that was stopped
        found = m_job->found;
        m_tookNs = m_job->tookNs;
    }
    m_job.reset();
    if (m_places.size() + found.size() > kPlacesKept)
        m_places.clear();
    QList<ExchangeId> changed;
    for (auto it = found.cbegin(); it != found.cend(); ++it) {
        m_wanted.remove(it.key());
        const auto before = m_places.constFind(it.key());
        if (before == m_places.constEnd() ? it->filter >= 0 : before->filter != it->filter)
            changed.append(it.key());
        m_places.insert(it.key(), it.value());
    }
    if (!m_wanted.isEmpty() && !m_starting) {
        m_starting = true;
        QTimer::singleShot(int(4 * m_tookNs / 1'000'000), this, &RowColours::start);
    }
    if (!changed.isEmpty())
        Q_EMIT known(changed);
}

} // namespace sightglass
