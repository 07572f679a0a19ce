// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/trace_filter.h"

#include <QHash>
#include <QObject>
#include <QSet>

#include <memory>

namespace sightglass {

/// Which of some filters an exchange matches first, for those that are shown: asked for when they
/// are painted, worked out beside the GUI's thread, and told when it is known.
class RowColours : public QObject {
    Q_OBJECT
public:
    explicit RowColours(QObject *parent = nullptr);
    ~RowColours() override; ///< ends what runs, for which it waits (some milliseconds at most)

    /// Null: none. It must stay until the next one is set.
    void setTrace(const TraceReader *trace);
    void setFilters(const QList<TraceFilter> &filters);
    const QList<TraceFilter> &filters() const { return m_filters; }
    /// The place of the first filter that matches; -1: none does, or it is not known yet, and
    /// `known` will tell.
    int of(ExchangeId id);
    /// Those that run, or these, may match others by now.
    void markGrown(const QSet<ExchangeId> &changed = {});

Q_SIGNALS:
    void known(const QList<sightglass::ExchangeId> &ids);

private:
    struct Job;
    struct Place {
        int filter = -1;
        bool settled = false; ///< it was over when it was looked at
        bool old = false; ///< to be looked at again
    };
    void stop();
    void start();
    void collect();

    const TraceReader *m_trace = nullptr;
    QList<TraceFilter> m_filters;
    QHash<ExchangeId, Place> m_places;
    QSet<ExchangeId> m_wanted;
    bool m_starting = false;
    qint64 m_tookNs = 0; ///< the last look; the next one waits four times as long
    std::shared_ptr<Job> m_job; ///< null: none runs
};

} // namespace sightglass
