// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/trace_follower.h"

namespace sightglass {

namespace {
constexpr int kFrameMs = 33;
// A trace that stood still for two seconds is looked at less often: an idle window costs nothing
// that a battery would notice, and the first new record still shows within a blink.
constexpr int kIdleMs = 120;
constexpr int kQuietLooks = 60;
} // namespace

TraceFollower::TraceFollower(QObject *parent)
    : QObject(parent)
{
    m_timer.setInterval(kFrameMs);
    connect(&m_timer, &QTimer::timeout, this, &TraceFollower::poll);
}

void TraceFollower::setTrace(const TraceReader *trace)
{
    m_trace = trace;
    m_seen = 0;
    m_quiet = 0;
    if (!m_trace) {
        m_timer.stop();
        return;
    }
    if (m_active) {
        m_timer.start(kFrameMs);
        poll();
    }
}

void TraceFollower::setActive(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    if (!m_active) {
        m_timer.stop();
    } else if (m_trace) {
        m_quiet = 0;
        m_timer.start(kFrameMs);
        poll();
    }
}

void TraceFollower::poll()
{
    if (!m_trace)
        return;
    const quint64 revision = m_trace->revision();
    if (revision == m_seen) {
        if (++m_quiet == kQuietLooks && m_timer.isActive())
            m_timer.setInterval(kIdleMs);
        return;
    }
    m_seen = revision;
    if (m_quiet >= kQuietLooks && m_timer.isActive())
        m_timer.setInterval(kFrameMs);
    m_quiet = 0;
    Q_EMIT grown();
}

} // namespace sightglass
