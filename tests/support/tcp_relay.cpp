// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tcp_relay.h"

#include <QTcpServer>
#include <QTcpSocket>

namespace sightglass::test {

TcpRelay::TcpRelay(quint16 serverPort, QObject *parent)
    : QObject(parent)
    , m_listener(new QTcpServer(this))
    , m_serverPort(serverPort)
{
    connect(m_listener, &QTcpServer::newConnection, this, &TcpRelay::accept);
    m_listener->listen(QHostAddress::LocalHost);
}

QUrl TcpRelay::through(QUrl server) const
{
    server.setPort(m_listener->serverPort());
    return server;
}

int TcpRelay::cutStreams()
{
    int cut = 0;
    const auto lines = m_lines;
    for (const auto &line : lines) {
        if (!line->lastStart.startsWith("GET "))
            continue;
        line->client->abort();
        line->server->abort();
        ++cut;
    }
    return cut;
}

void TcpRelay::accept()
{
    while (QTcpSocket *client = m_listener->nextPendingConnection()) {
        auto *server = new QTcpSocket(this);
        const auto line = std::make_shared<Line>(Line{client, server, {}});
        m_lines.append(line);
        // A socket that is not connected yet keeps what is written to it until it is.
        connect(client, &QTcpSocket::readyRead, server, [line] {
            const QByteArray bytes = line->client->readAll();
            line->lastStart = bytes.left(8);
            line->server->write(bytes);
        });
        connect(server, &QTcpSocket::readyRead, client,
                [line] { line->client->write(line->server->readAll()); });
        connect(client, &QTcpSocket::disconnected, this, [this, line] {
            line->server->disconnectFromHost();
            m_lines.removeOne(line);
            line->client->deleteLater();
        });
        connect(server, &QTcpSocket::disconnected, this, [line] {
            line->client->disconnectFromHost();
            line->server->deleteLater();
        });
        server->connectToHost(QHostAddress::LocalHost, m_serverPort);
    }
}

} // namespace sightglass::test
