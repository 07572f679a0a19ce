// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/fault.h"
#include "core/lab/lab_outlet.h"
#include "core/lab/lab_peer.h"

namespace sightglass {

class LabStream;
class LabWorld;

/// A client on a channel that all messages share, in both directions: standard streams, the stream
/// of HTTP+SSE, or no transport at all. Requests that describe themselves are served as such; an
/// `initialize` begins the era with handshakes, for all others.
class LabChannel : public QObject {
    Q_OBJECT
public:
    explicit LabChannel(LabWorld *world, QObject *parent = nullptr);
    ~LabChannel() override;

    LabWorld *world() const { return m_world; }
    /// A message of the client's, or a batch. `play`: what is known of the moment.
    void receive(const QByteArray &text, FaultPlay play = {});

    /// Sends a message.
    virtual void write(const QByteArray &message) = 0;
    /// Sends bytes that are no message, where the channel can.
    virtual void print(const QByteArray &) { }
    /// Asks for messages as long as there is room.
    virtual void setSource(const LabOutlet::Source &source) = 0;
    /// Goes away without a word.
    virtual void leave() = 0;
    /// If it is an event stream.
    virtual LabStream *stream() const { return nullptr; }

Q_SIGNALS:
    void said(const QString &line);

private:
    class Peer;
    void serve(const Envelope &message, LabOutlet *outlet, const FaultPlay &play);
    void serveStateless(const Envelope &message, LabOutlet *outlet, const FaultPlay &play);
    void begin(const Envelope &message, LabOutlet *outlet, const FaultPlay &play);
    void takeNotification(const Envelope &message);

    LabWorld *m_world;
    Peer *m_peer = nullptr; ///< since the handshake; a child
    QList<LabPeer *> m_stateless; ///< of requests that run; children
};

} // namespace sightglass
