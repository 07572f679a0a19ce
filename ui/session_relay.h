// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QMutex>
#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>

namespace sightglass {

/// Carries what a session tells from its thread to the one that this lives in,
/// in order. Queued signals would pile up without end where a server tells more
/// than the window takes in: here as much waits as mostWaiting and what one read
/// brings besides, then the session is to be held back until fewWaiting are left.
class SessionRelay final : public QObject {
public:
    static constexpr qsizetype mostWaiting = 1000;
    static constexpr qsizetype fewWaiting = 100;
    /// What is delivered before painting and input get their turn.
    static constexpr int atOnce = 200;

    using Telling = std::function<void()>;

    /// `fullChanged` is called without a lock, from the thread that posts or the one that delivers:
    /// ask isFull() where it is acted upon, since a later call may overtake it.
    using FullChanged = std::function<void(const SessionRelay &)>;
    explicit SessionRelay(FullChanged fullChanged, QObject *parent = nullptr);

    /// From any thread: `telling` is called later in this object's thread.
    void post(Telling telling);
    /// From this object's thread: what waits is dropped, and nothing is called any more.
    void close();

    // From any thread.
    bool isFull() const;
    qsizetype waiting() const;

private:
    void deliver();

    const FullChanged m_fullChanged;
    QTimer m_next; ///< a posted event that posts the next would let nothing else happen
    mutable QMutex m_mutex;
    std::deque<Telling> m_waiting;
    bool m_due = false; ///< deliver() will be called
    bool m_full = false;
    bool m_closed = false;
};

} // namespace sightglass
