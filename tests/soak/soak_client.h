// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QHash>
#include <QMap>
#include <QRandomGenerator>
#include <QTimer>

namespace sightglass::soak {

/// A request that was asked for, and how it ended.
struct SoakCall {
    QByteArray tool; ///< or the method
    qint64 number = 0; ///< of events, for many-events; of the text, for echo
    int ended = 0; ///< how often its end was told
    CallResult result;
};

/// One session with a trace of its own, which asks for this and that without a pause and comes back
/// whenever it has lost its server.
class SoakClient : public QObject {
    Q_OBJECT
public:
    SoakClient(const QUrl &url, const QString &revision, quint32 seed, QObject *parent = nullptr);

    void start();
    /// Asks for nothing more.
    void stop();
    /// Nothing is waited for any more.
    bool isQuiet() const;
    void disconnectNow() { m_session.disconnectFrom(); }
    /// One that could not connect at the last has nothing to end, and stays as it is.
    bool isGone() const
    {
        const SessionPhase phase = m_session.state().phase;
        return phase == SessionPhase::Idle || phase == SessionPhase::Failed;
    }

    const TraceStore &trace() const { return m_trace; }
    const QHash<Ticket, SoakCall> &calls() const { return m_calls; }
    const QString &revision() const { return m_revision; }
    int connects() const { return m_connects; }
    qint64 notices() const { return m_notices; }
    /// What is waited for, and how the session is, for a person.
    QString words() const;

private:
    void step();
    void ask();
    void remember(Ticket ticket, const QByteArray &tool, qint64 number = 0);
    qint64 bounded(qint64 low, qint64 high) { return m_random.bounded(int(low), int(high) + 1); }

    TraceStore m_trace;
    Session m_session;
    ServerTarget m_target;
    QString m_revision;
    QRandomGenerator m_random;
    QTimer m_timer;
    QHash<Ticket, SoakCall> m_calls;
    QList<Ticket> m_open;
    qint64 m_number = 0;
    int m_connects = 0;
    qint64 m_notices = 0;
    bool m_stopped = false;
};

} // namespace sightglass::soak
