// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass::bench {

/// Appends exchanges of several kinds, statuses and durations: calls of tools, lists, refusals.
class ExchangeFiller {
public:
    explicit ExchangeFiller(TraceStore *store);
    void append(qint64 count);

private:
    TraceStore *m_store;
    QList<RequestRecord> m_requests;
    qint64 m_next = 0;
};

/// Appends events of 200 B to one stream that stays open, a comment or another type among them.
class EventFiller {
public:
    explicit EventFiller(TraceStore *store);
    void append(qint64 count);
    ExchangeId stream() const { return m_stream; }

private:
    TraceStore *m_store;
    ExchangeId m_stream = 0;
    qint64 m_next = 0;
    qint64 m_offset = 0;
};

} // namespace sightglass::bench
