// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QObject>

#include <functional>

namespace sightglass {

class LabTask;

/// The answer to one request.
struct LabAnswered {
    QByteArray rpc; ///< the method
    QByteArray id; ///< of the request, raw JSON
    QByteArray message; ///< JSON-RPC; empty: none follows, it was cancelled
    int status = 200; ///< where HTTP has a word of its own for it
    QByteArray params; ///< of the request, raw JSON
};

/// Where a request is answered: the body or the event stream of a POST, a channel that all messages
/// share, or a task that keeps the answer for later. What a request does, knows its client by this
/// and by LabPeer alone.
class LabOutlet : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// A message that belongs to a request and comes before its answer.
    virtual void notify(const QByteArray &message) = 0;
    /// Once for each request.
    virtual void answer(const LabAnswered &answer) = 0;

    using Send = std::function<void(const QByteArray &message)>;
    /// Hands some messages on, some dozen kilobytes of them; false: it handed on nothing, and there
    /// are no more.
    using Source = std::function<bool(const Send &send)>;
    /// Asks for messages as long as there is room, so that any number of them needs no memory.
    /// False: there is no way to send any.
    virtual bool setSource(const Source &source) = 0;
    /// If the answer is kept by a task.
    virtual LabTask *task() { return nullptr; }
};

} // namespace sightglass
