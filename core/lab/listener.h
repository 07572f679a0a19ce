// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTcpServer>

namespace sightglass {

/// Accepts the lab's connections, in the clear or over TLS. For TLS it has a certificate of its own
/// that is signed by itself: no client should trust it, which is what AF-94 is about. Its key is
/// public, for it stands in the source; it protects nothing.
class LabListener final : public QTcpServer {
public:
    using QTcpServer::QTcpServer;

    /// Before listen().
    void setSpeaksTls(bool tls) { m_tls = tls; }
    bool speaksTls() const { return m_tls; }
    QByteArray origin() const; ///< http://127.0.0.1:PORT or https://127.0.0.1:PORT

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    bool m_tls = false;
};

} // namespace sightglass
