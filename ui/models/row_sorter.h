// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"
#include "ui/models/pool_job.h"

#include <QElapsedTimer>
#include <QList>
#include <QSet>

#include <memory>
#include <vector>

namespace sightglass {

/// Exchanges in an order. Not changed once it is made: any thread may read it.
struct RowOrder {
    std::vector<ExchangeId> ids; ///< row by row
    std::vector<qint32> places; ///< by id: the row; -1, or behind the end: not in it

    int rowOf(ExchangeId id) const
    {
        return id >= 0 && size_t(id) < places.size() ? places[size_t(id)] : -1;
    }
};

/// Keeps exchanges sorted by a column of the ExchangeModel while more come and those that run
/// change, in a thread of the pool: what they are sorted by is read there as well. What is new is
/// merged into what was sorted before. Rows that are alike stand as they were recorded, whichever
/// way it goes.
class RowSorter {
public:
    /// By what: a column of the ExchangeModel.
    struct By {
        int column = -1; ///< -1: not at all
        bool descending = false;

        bool operator==(const By &) const = default;
    };

    RowSorter();
    ~RowSorter(); ///< ends what runs, for which it waits (some milliseconds at most)
    RowSorter(const RowSorter &) = delete;
    RowSorter &operator=(const RowSorter &) = delete;

    /// Nothing is in it then. What runs is ended; with another trace nothing reads the last one
    /// afterwards. The trace must stay until then.
    /// `redactor` tells credentials apart; with none they are all alike.
    void reset(const TraceReader *trace, const std::shared_ptr<const Redactor> &redactor, By by);
    By by() const { return m_by; }
    void add(const QList<ExchangeId> &ids);
    void remove(ExchangeId id);
    /// These run: what they are sorted by may be another now.
    void lookAgain(const QList<ExchangeId> &ids);

    /// Takes what was sorted meanwhile, and starts what is to be done; waits for it at most
    /// `waitNs`. True if order() is another one now.
    bool step(qint64 waitNs);
    /// There is more to come: call step() again in a while.
    bool isBusy() const;
    /// Null until there was one.
    const std::shared_ptr<const RowOrder> &order() const { return m_order; }

private:
    struct Items;
    struct Job;
    void stop();
    bool changesByItself() const;

    const TraceReader *m_trace = nullptr;
    By m_by;
    std::shared_ptr<Items> m_items; ///< what was sorted; the job's while one runs
    std::shared_ptr<Job> m_job; ///< null: none runs
    LeavingJobs m_leaving;
    std::shared_ptr<const RowOrder> m_order;
    QList<ExchangeId> m_added;
    QSet<ExchangeId> m_removed;
    QSet<ExchangeId> m_again;
    /// What comes is sorted in again not before four times as long has passed as the last time
    /// took: whoever records needs the processors as well.
    QElapsedTimer m_sinceJob;
    qint64 m_tookNs = 0;
};

} // namespace sightglass
