// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab_http_peer.h"

#include <QList>

namespace sightglass {

/// One MCP session over Streamable HTTP (transports, "Session management"): its streams, besides
/// what every peer has. What runs in it outlives the connections that asked for it.
class LabSession final : public LabHttpPeer {
    Q_OBJECT
public:
    LabSession(QByteArray id, LabWorld *world, LabRevision revision, QObject *parent);
    ~LabSession() override;

    const QByteArray &id() const { return m_id; }

    /// Counts a request with this session's id.
    void countRequest();
    int requestCount() const { return m_requests; }

    LabStream *openStream(bool listens) override;
    LabStream *stream(int number) const;
    /// The stream on which the server speaks on its own: of those opened by GET the newest that
    /// has not ended. Null if there is none.
    LabStream *listening() const;
    QList<LabStream *> listeningStreams() const;

    /// Sent on the listening stream; without one it is lost, as the transport has it.
    void speak(const QByteArray &message) override;
    bool isReached() const override;

Q_SIGNALS:
    /// Nobody used it for a long time.
    void idle();

private:
    void forgetOldStreams();
    void checkUse();

    QByteArray m_id;
    int m_requests = 0;
    QList<LabStream *> m_streams; ///< children
    int m_streamCount = 0;
    QTimer m_idle;
};

} // namespace sightglass
