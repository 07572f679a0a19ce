// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/row_sorter.h"

#include "ui/models/exchange_model.h"
#include "ui/models/row_keys.h"

#include <QThreadPool>

#include <algorithm>
#include <chrono>

namespace sightglass {

namespace {

/// Keys that are read between two looks at whether to stop.
constexpr qsizetype kKeysBetweenLooks = 512;
/// What comes meanwhile is sorted in so often at most: rows that jump are hard to read.
constexpr qint64 kBetweenJobsNs = 100'000'000;

struct SortedRow {
    qint64 key;
    ExchangeId id;
};

} // namespace

/// What was sorted, and what it takes to go on.
struct RowSorter::Items {
    Items(int column, const std::optional<Redactor> &redactor)
        : keys(column, redactor)
    {
    }

    RowKeys keys;
    std::vector<SortedRow> rows;
    QHash<ExchangeId, qint64> running; ///< those without an end, and their keys
};

/// What one thread of the pool does; shared with it.
struct RowSorter::Job final : PoolJob {
    const TraceReader *trace = nullptr;
    By by;
    std::shared_ptr<Items> items;
    QList<ExchangeId> added;
    QSet<ExchangeId> removed;
    QSet<ExchangeId> again;

    // Under the mutex.
    std::shared_ptr<const RowOrder> order; ///< null: it is as it was
    qint64 tookNs = 0;

    void run()
    {
        if (!begin()) {
            items.reset();
            return;
        }
        QElapsedTimer timer;
        timer.start();
        std::shared_ptr<const RowOrder> made = sort();
        items.reset(); // in this thread, where nobody else wants them any more
        const std::lock_guard lock(mutex);
        order = std::move(made);
        tookNs = timer.nsecsElapsed();
        end();
    }

    SortedRow rowOf(ExchangeId id) const
    {
        // Before the key: if it ends in between, it is looked at once more, never once less.
        const bool finished = trace->summary(id).finished;
        const SortedRow row{items->keys.keyOf(*trace, id), id};
        if (finished)
            items->running.remove(id);
        else
            items->running.insert(id, row.key);
        return row;
    }

    /// Null if it was stopped, or nothing changed.
    std::shared_ptr<const RowOrder> sort()
    {
        if (!items->keys.prepare(*trace, stop))
            return nullptr;
        QSet<ExchangeId> goes = removed;
        std::vector<SortedRow> fresh;
        fresh.reserve(size_t(added.size()));
        for (const ExchangeId id : std::as_const(again)) {
            const auto before = items->running.constFind(id);
            if (removed.contains(id) || before == items->running.constEnd())
                continue;
            const qint64 key = *before;
            const SortedRow row = rowOf(id);
            if (row.key == key)
                continue;
            goes.insert(id);
            fresh.push_back(row);
        }
        for (qsizetype i = 0; i < added.size(); ++i) {
            if (i % kKeysBetweenLooks == 0 && stop)
                return nullptr;
            if (!removed.contains(added.at(i)))
                fresh.push_back(rowOf(added.at(i)));
        }
        for (const ExchangeId id : std::as_const(removed))
            items->running.remove(id);
        if ((fresh.empty() && goes.isEmpty()) || !items->keys.rank(stop))
            return nullptr;
        const auto less = [this](const SortedRow &a, const SortedRow &b) {
            const qint64 left = items->keys.ranked(a.key);
            const qint64 right = items->keys.ranked(b.key);
            if (left != right)
                return by.descending ? left > right : left < right;
            return a.id < b.id;
        };
        if (!sortUnlessStopped(fresh, less, stop))
            return nullptr;
        return merge(fresh, goes, less) ? placed() : nullptr;
    }

    template <typename Less>
    bool merge(const std::vector<SortedRow> &fresh, const QSet<ExchangeId> &goes, const Less &less)
    {
        std::vector<SortedRow> merged;
        merged.reserve(items->rows.size() + fresh.size());
        auto next = fresh.cbegin();
        size_t looked = 0;
        for (const SortedRow &row : items->rows) {
            if (looked++ % 65536 == 0 && stop)
                return false;
            if (!goes.isEmpty() && goes.contains(row.id))
                continue;
            while (next != fresh.cend() && less(*next, row))
                merged.push_back(*next++);
            merged.push_back(row);
        }
        merged.insert(merged.end(), next, fresh.cend());
        items->rows.swap(merged);
        return true;
    }

    std::shared_ptr<const RowOrder> placed() const
    {
        auto made = std::make_shared<RowOrder>();
        made->ids.reserve(items->rows.size());
        made->places.resize(size_t(trace->exchangeCount()) + 1, -1);
        for (const SortedRow &row : items->rows) {
            made->places[size_t(row.id)] = qint32(made->ids.size());
            made->ids.push_back(row.id);
        }
        return made;
    }
};

RowSorter::RowSorter() = default;

RowSorter::~RowSorter()
{
    stop();
}

void RowSorter::stop()
{
    m_leaving.take(std::move(m_job));
    m_job.reset();
    // A million texts are not taken down between two frames.
    if (m_items)
        QThreadPool::globalInstance()->start(
            [items = std::move(m_items)]() mutable { items.reset(); });
    m_items.reset();
}

void RowSorter::reset(const TraceReader *trace, const std::shared_ptr<const Redactor> &redactor,
                      By by)
{
    stop();
    if (trace != m_trace)
        m_leaving.waitForAll();
    m_trace = trace;
    m_by = by;
    m_order.reset();
    m_added.clear();
    m_removed.clear();
    m_again.clear();
    m_sinceJob.invalidate();
    m_tookNs = 0;
    if (trace && by.column >= 0)
        m_items =
            std::make_shared<Items>(by.column, redactor ? std::optional(*redactor) : std::nullopt);
}

void RowSorter::add(const QList<ExchangeId> &ids)
{
    if (m_removed.isEmpty()) {
        m_added += ids;
        return;
    }
    for (const ExchangeId id : ids) {
        if (m_removed.remove(id))
            m_again.insert(id); // it is still in it, or on its way
        else
            m_added.append(id);
    }
}

void RowSorter::remove(ExchangeId id)
{
    m_removed.insert(id);
}

bool RowSorter::changesByItself() const
{
    switch (m_by.column) {
    case ExchangeModel::Credentials:
    case ExchangeModel::Status:
    case ExchangeModel::Events:
    case ExchangeModel::Size:
    case ExchangeModel::Duration:
        return true;
    default:
        return false;
    }
}

void RowSorter::lookAgain(const QList<ExchangeId> &ids)
{
    if (!changesByItself())
        return;
    for (const ExchangeId id : ids)
        m_again.insert(id);
}

bool RowSorter::isBusy() const
{
    return m_job || !m_added.isEmpty() || !m_removed.isEmpty() || !m_again.isEmpty();
}

bool RowSorter::step(qint64 waitNs)
{
    if (!m_items || !isBusy())
        return false;
    const bool due = !m_sinceJob.isValid()
        || m_sinceJob.nsecsElapsed() >= std::max(kBetweenJobsNs, 4 * m_tookNs);
    if (!m_job && due) {
        auto job = std::make_shared<Job>();
        job->trace = m_trace;
        job->by = m_by;
        job->items = m_items;
        job->added.swap(m_added);
        job->removed.swap(m_removed);
        job->again.swap(m_again);
        m_job = job;
        QThreadPool::globalInstance()->start([job] { job->run(); });
    }
    if (!m_job)
        return false;
    std::shared_ptr<const RowOrder> made;
    {
        std::unique_lock lock(m_job->mutex);
        m_job->wait(lock, std::chrono::nanoseconds(waitNs));
        if (!m_job->isDone())
            return false;
        made = m_job->order;
        m_tookNs = m_job->tookNs;
    }
    m_job.reset();
    m_sinceJob.start();
    if (!made)
        return false;
    m_order = std::move(made);
    return true;
}

} // namespace sightglass
