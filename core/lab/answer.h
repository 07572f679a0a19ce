// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/fault.h"
#include "core/lab/lab_outlet.h"

#include <QPointer>

namespace sightglass {

class LabHttpPeer;
class LabReply;
class LabStream;

/// Where the answers to the requests of one POST go: a JSON body, or an event stream. The faults
/// that play at answers come in here. Deletes itself when all answers are given.
class LabAnswer final : public LabOutlet {
    Q_OBJECT
public:
    struct Shape {
        bool streams = false; ///< an event stream, else JSON
        bool batch = false; ///< answers in an array
        int requests = 1;
    };
    /// The stream, if it is to be one, begins at once.
    LabAnswer(LabHttpPeer *peer, LabReply *reply, FaultPlay play, Shape shape);
    ~LabAnswer() override;

    /// Without a stream it is said on the way on which the server speaks of its own accord.
    void notify(const QByteArray &message) override;
    void answer(const LabAnswered &answer) override;
    bool setSource(const Source &source) override;

Q_SIGNALS:
    /// The client went before the answer was complete.
    void abandoned();

private:
    bool playFaults(const LabAnswered &answer);
    void deliver(const QList<QByteArray> &messages);
    void complete();

    LabHttpPeer *m_peer;
    QPointer<LabReply> m_reply;
    QPointer<LabStream> m_stream;
    FaultPlay m_play;
    Shape m_shape;
    int m_missing;
    int m_status = 200;
    QList<QByteArray> m_messages;
};

} // namespace sightglass
