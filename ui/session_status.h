// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "core/trace/trace_store.h"

#include <QObject>
#include <QTimer>

namespace sightglass {

class SessionController;
class StatusItem;
class StatusLine;

/// Says in the status line what the session does: revision and session id, the
/// event stream as it lives, the part that is played, how much was recorded.
class SessionStatus final : public QObject {
    Q_OBJECT
public:
    /// Neither is owned.
    SessionStatus(SessionController *session, StatusLine *line, QObject *parent = nullptr);

    void update();
    /// "Event stream open 00:42, last event 3 s ago". `now` is trace time in nanoseconds;
    /// `lastEvent` -1: none came yet. Empty where there is nothing to say.
    static QString streamWords(const StreamState &stream, qint64 now, qint64 lastEvent);
    /// "1,204", "18.2 k", "3.1 M".
    static QString countWords(qint64 count);

Q_SIGNALS:
    void exchangeRequested(sightglass::ExchangeId id);
    void ladderRequested(); ///< how the revision came about
    void recordToggled();

private:
    SessionController *m_session;
    StatusItem *m_phase;
    StatusItem *m_sessionId;
    StatusItem *m_stream;
    StatusItem *m_acting;
    StatusItem *m_counts;
    StatusItem *m_record;
    QTimer m_tick;
};

} // namespace sightglass
