// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QTcpServer>

#include <functional>

namespace sightglass::test {

/// A proxy on loopback that records what it is told: HTTP (CONNECT, and plain forwarding of one
/// request a connection) or SOCKS5 (RFC 1928, with RFC 1929 where it wants a password).
class SmallProxy : public QObject {
    Q_OBJECT
public:
    enum class Kind { Http, Socks5 };
    explicit SmallProxy(Kind kind, QObject *parent = nullptr);

    bool listen() { return m_server.listen(QHostAddress::LocalHost); }
    QString url() const; ///< "http://127.0.0.1:PORT" or "socks5://127.0.0.1:PORT"

    /// "user:password"; without them it answers 407, or refuses the SOCKS client.
    void demand(const QByteArray &credentials) { m_demanded = credentials; }
    /// Answers everything with this status instead of passing it on.
    void refuse(int status) { m_refusal = status; }
    /// Closes each connection as soon as it has read what is wanted.
    void dieWhenAsked() { m_dies = true; }

    /// Lets those that ask for a tunnel wait until so many did.
    void hesitate(int heads) { m_patience = heads; }

    const QList<QByteArray> &heads() const { return m_heads; } ///< of HTTP, as they came
    int passedOn() const { return m_passedOn; }

private:
    void takeHttp(QTcpSocket *client);
    void takeSocks(QTcpSocket *client);
    void tunnel(QTcpSocket *client, const QByteArray &authority, const QByteArray &rest);
    void join(QTcpSocket *client, const QString &host, quint16 port, const QByteArray &toClient,
              const QByteArray &toServer);

    Kind m_kind;
    QTcpServer m_server;
    QByteArray m_demanded;
    int m_refusal = 0;
    bool m_dies = false;
    int m_patience = 0;
    QList<std::function<void()>> m_waiting; ///< to be begun
    QList<QByteArray> m_heads;
    int m_passedOn = 0;
};

} // namespace sightglass::test
