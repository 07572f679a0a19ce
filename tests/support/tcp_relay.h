// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QUrl>

QT_BEGIN_NAMESPACE
class QTcpServer;
class QTcpSocket;
QT_END_NAMESPACE

namespace sightglass::test {

/// Passes bytes between clients and a server on loopback, untouched, until it is told to cut the
/// line: a network that fails in front of a real server.
class TcpRelay : public QObject {
    Q_OBJECT
public:
    explicit TcpRelay(quint16 serverPort, QObject *parent = nullptr);

    /// `server` with the relay's port in place of its own.
    QUrl through(QUrl server) const;
    /// Drops, with a reset, every connection whose last request was a GET: the event streams.
    /// Returns how many.
    int cutStreams();

private:
    struct Line {
        QTcpSocket *client;
        QTcpSocket *server;
        QByteArray lastStart; ///< the first bytes of what the client wrote last
    };
    void accept();

    QTcpServer *m_listener;
    quint16 m_serverPort;
    QList<std::shared_ptr<Line>> m_lines;
};

} // namespace sightglass::test
