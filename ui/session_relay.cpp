// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/session_relay.h"

#include <QPointer>

namespace sightglass {

SessionRelay::SessionRelay(FullChanged fullChanged, QObject *parent)
    : QObject(parent)
    , m_fullChanged(std::move(fullChanged))
    , m_next(this)
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &SessionRelay::deliver);
}

void SessionRelay::post(Telling telling)
{
    bool wakes = false;
    bool fills = false;
    {
        const QMutexLocker lock(&m_mutex);
        if (m_closed)
            return;
        m_waiting.push_back(std::move(telling));
        wakes = !std::exchange(m_due, true);
        if (qsizetype(m_waiting.size()) >= mostWaiting)
            fills = !std::exchange(m_full, true);
    }
    if (wakes)
        QMetaObject::invokeMethod(this, &SessionRelay::deliver, Qt::QueuedConnection);
    if (fills && m_fullChanged)
        m_fullChanged(*this);
}

void SessionRelay::deliver()
{
    const QPointer<SessionRelay> alive(this);
    for (int i = 0; i < atOnce; ++i) {
        Telling telling;
        bool more = false;
        bool empties = false;
        {
            const QMutexLocker lock(&m_mutex);
            if (m_waiting.empty()) {
                m_due = false;
                return;
            }
            telling = std::move(m_waiting.front());
            m_waiting.pop_front();
            more = !m_waiting.empty();
            m_due = more;
            if (qsizetype(m_waiting.size()) <= fewWaiting)
                empties = std::exchange(m_full, false);
        }
        if (empties && m_fullChanged)
            m_fullChanged(*this);
        // Before the call: it may open a dialog, behind which the others are not to wait.
        if (more && !m_next.isActive())
            m_next.start(0);
        telling();
        if (!alive)
            return;
    }
}

void SessionRelay::close()
{
    const QMutexLocker lock(&m_mutex);
    m_closed = true;
    m_waiting.clear();
}

bool SessionRelay::isFull() const
{
    const QMutexLocker lock(&m_mutex);
    return m_full;
}

qsizetype SessionRelay::waiting() const
{
    const QMutexLocker lock(&m_mutex);
    return qsizetype(m_waiting.size());
}

} // namespace sightglass
