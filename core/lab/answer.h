// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/fault.h"

#include <QObject>
#include <QPointer>

namespace sightglass {

class LabReply;
class LabSession;
class LabStream;

/// Where the answers to the requests of one POST go: a JSON body, or an event stream. The faults
/// that play at answers come in here. Deletes itself when all answers are given.
class LabAnswer : public QObject {
    Q_OBJECT
public:
    struct Shape {
        bool streams = false; ///< an event stream, else JSON
        bool batch = false; ///< answers in an array
        int requests = 1;
    };
    /// The stream, if it is to be one, begins at once.
    LabAnswer(LabSession *session, LabReply *reply, const LabFaults &faults, FaultPlay play,
              Shape shape, int retryMs);
    ~LabAnswer() override;

    LabStream *stream() const;
    /// What belongs to a request and comes before its answer. Without a stream it goes to the
    /// session's listening stream.
    void notify(const QByteArray &message);
    /// The answer to one request; an empty message: none follows (it was cancelled).
    void answer(const QByteArray &rpc, const QByteArray &id, const QByteArray &message);

private:
    bool playFaults(const QByteArray &rpc, const QByteArray &id, const QByteArray &message);
    void deliver(const QList<QByteArray> &messages);
    void complete();

    LabSession *m_session;
    QPointer<LabReply> m_reply;
    QPointer<LabStream> m_stream;
    const LabFaults &m_faults;
    FaultPlay m_play;
    Shape m_shape;
    int m_missing;
    QList<QByteArray> m_messages;
};

} // namespace sightglass
