// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QNetworkProxy>
#include <QTcpSocket>
#include <QUrl>

namespace sightglass {

/// Asks a proxy for a tunnel to a server, to learn whether it closes the connection instead.
///
/// The network library does not tell: it means to try again, and then waits for the handshake of
/// the connection that is gone, for ever (seen with 6.4.2). So where nothing is heard of a tunnel
/// for a while, a proxy is asked on a connection of our own, which is given up when it stands.
/// Nothing is sent to the server.
class TunnelProbe final : public QObject {
    Q_OBJECT
public:
    /// Asks at once. `userAgent` is what the proxy is told; `proxy` has the credentials for it.
    TunnelProbe(QNetworkProxy proxy, const QUrl &server, const QByteArray &userAgent,
                QObject *parent);

Q_SIGNALS:
    /// The proxy closed the connection. All else is for the library to tell.
    void closed();

private:
    QTcpSocket m_socket;
};

} // namespace sightglass
