// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/filter_scan.h"

#include <QElapsedTimer>

namespace sightglass {

void FilterScan::reset(const TraceReader *trace, const TraceFilter &filter)
{
    m_trace = trace;
    m_filter = filter;
    m_next = 1;
    m_matches = 0;
    m_recheck = false;
    m_running.clear();
    m_pending.clear();
}

void FilterScan::look(ExchangeId id, bool known, bool before, Changes *changes)
{
    // Taken before the match: if it ends in between, it is looked at once more, never once less.
    const bool finished = m_trace->summary(id).finished;
    const bool now = m_filter.isEmpty() || m_filter.matches(*m_trace, id);
    if (now && !before) {
        changes->joined.append(id);
        ++m_matches;
    } else if (!now && before) {
        changes->left.append(id);
        --m_matches;
    }
    if (!finished)
        m_running.insert(id, now);
    else if (known)
        m_running.remove(id);
}

bool FilterScan::step(qint64 budgetNs, Changes *changes)
{
    if (!m_trace)
        return false;
    QElapsedTimer timer;
    timer.start();
    int looks = 0;
    const auto spent = [&] { return (++looks & 15) == 0 && timer.nsecsElapsed() > budgetNs; };

    if (m_recheck && m_pending.isEmpty()) {
        m_pending = m_running.keys();
        m_recheck = false;
    }
    while (!m_pending.isEmpty()) {
        const ExchangeId id = m_pending.takeLast();
        look(id, true, m_running.value(id), changes);
        if (spent())
            return true;
    }
    while (m_next <= m_trace->exchangeCount()) {
        look(m_next, false, false, changes);
        ++m_next;
        if (spent())
            return m_next <= m_trace->exchangeCount();
    }
    return false;
}

} // namespace sightglass
