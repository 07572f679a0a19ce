// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/tunnel_probe.h"

#include "core/http/origin.h"

namespace sightglass {

TunnelProbe::TunnelProbe(QNetworkProxy proxy, const QUrl &server, const QByteArray &userAgent,
                         QObject *parent)
    : QObject(parent)
{
    if (proxy.type() == QNetworkProxy::HttpProxy)
        proxy.setRawHeader("User-Agent", userAgent);
    m_socket.setProxy(proxy);
    connect(&m_socket, &QTcpSocket::connected, &m_socket, &QTcpSocket::abort);
    connect(&m_socket, &QTcpSocket::errorOccurred, this,
            [this](QAbstractSocket::SocketError error) {
                if (error == QAbstractSocket::ProxyConnectionClosedError)
                    Q_EMIT closed();
            });
    m_socket.connectToHost(server.host(), quint16(Origin::of(server).port));
}

} // namespace sightglass
