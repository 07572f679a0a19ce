// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

#include <QObject>
#include <QTimer>

namespace sightglass {

/// Tells views that a trace has grown: looks at its revision at most once a frame, so that
/// nothing per event crosses into the UI. Does not own the trace; give it another (or null)
/// before the trace goes away.
class TraceFollower : public QObject {
    Q_OBJECT
public:
    explicit TraceFollower(QObject *parent = nullptr);

    /// Follows `trace` from now on; `grown` follows at once if there is anything in it.
    void setTrace(const TraceReader *trace);
    const TraceReader *trace() const { return m_trace; }
    /// A follower whose views are hidden need not look. What grew meanwhile is told when it is
    /// set active again. Active at first.
    void setActive(bool active);
    /// Looks now, without waiting for the next frame.
    void poll();

Q_SIGNALS:
    void grown();

private:
    const TraceReader *m_trace = nullptr;
    quint64 m_seen = 0;
    bool m_active = true;
    int m_quiet = 0; ///< looks in a row that found nothing new
    QTimer m_timer;
};

} // namespace sightglass
