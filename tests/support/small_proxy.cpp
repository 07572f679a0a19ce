// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/small_proxy.h"

#include <QNetworkProxy>
#include <QTcpSocket>
#include <QUrl>
#include <QtEndian>

#include <memory>

using namespace Qt::StringLiterals;

namespace sightglass::test {

namespace {

QByteArray answer(int status, const QByteArray &headers = {})
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Proxy\r\n" + headers
        + "Content-Length: 0\r\n\r\n";
}

} // namespace

SmallProxy::SmallProxy(Kind kind, QObject *parent)
    : QObject(parent)
    , m_kind(kind)
{
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *client = m_server.nextPendingConnection()) {
            if (m_kind == Kind::Http)
                takeHttp(client);
            else
                takeSocks(client);
        }
    });
}

QString SmallProxy::url() const
{
    return u"%1://127.0.0.1:%2"_s.arg(m_kind == Kind::Http ? u"http"_s : u"socks5"_s)
        .arg(m_server.serverPort());
}

void SmallProxy::takeHttp(QTcpSocket *client)
{
    auto pending = std::make_shared<QByteArray>();
    connect(client, &QTcpSocket::readyRead, client, [this, client, pending] {
        *pending += client->readAll();
        const qsizetype end = pending->indexOf("\r\n\r\n");
        if (end < 0)
            return;
        const QByteArray head = pending->left(end + 4);
        const QByteArray rest = pending->mid(end + 4);
        pending->clear();
        m_heads.append(head);
        if (m_dies) {
            client->abort();
            return;
        }
        if (!m_demanded.isEmpty()
            && !head.toLower().contains("\r\nproxy-authorization: basic "
                                        + m_demanded.toBase64().toLower() + "\r\n")) {
            client->write(answer(407, "Proxy-Authenticate: Basic realm=\"test\"\r\n"));
            return;
        }
        if (m_refusal != 0) {
            client->write(answer(m_refusal));
            client->disconnectFromHost();
            return;
        }
        const QList<QByteArray> line = head.left(head.indexOf("\r\n")).split(' ');
        if (line.value(0) == "CONNECT" && m_heads.size() < m_patience) {
            m_waiting.append([this, client, line, rest] { tunnel(client, line.value(1), rest); });
            return;
        }
        if (line.value(0) == "CONNECT") {
            for (const auto &begin : std::exchange(m_waiting, {}))
                begin();
            tunnel(client, line.value(1), rest);
            return;
        }
        const QUrl target(QString::fromLatin1(line.value(1)));
        QByteArray onward = line.value(0) + ' ' + target.path().toLatin1() + " HTTP/1.1\r\n";
        for (const QByteArray &header : head.mid(head.indexOf("\r\n") + 2).split('\n')) {
            if (!header.toLower().startsWith("proxy-") && header.size() > 1)
                onward += header + '\n';
        }
        join(client, target.host(), quint16(target.port(80)), {}, onward + "\r\n" + rest);
    });
}

void SmallProxy::tunnel(QTcpSocket *client, const QByteArray &authority, const QByteArray &rest)
{
    const QUrl target(u"tcp://"_s + QString::fromLatin1(authority));
    join(client, target.host(), quint16(target.port()), "HTTP/1.1 200 Tunnel\r\n\r\n", rest);
}

void SmallProxy::takeSocks(QTcpSocket *client)
{
    enum class Step { Greeting, Password, Request };
    struct State {
        Step step = Step::Greeting;
        QByteArray pending;
    };
    auto state = std::make_shared<State>();
    connect(client, &QTcpSocket::readyRead, client, [this, client, state] {
        state->pending += client->readAll();
        const QByteArray &bytes = state->pending;
        if (m_dies) {
            client->abort();
            return;
        }
        if (state->step == Step::Greeting) {
            if (bytes.size() < 2 || bytes.size() < 2 + bytes.at(1))
                return;
            const char method = m_demanded.isEmpty() ? 0 : 2;
            if (!bytes.mid(2, bytes.at(1)).contains(method)) {
                client->write(QByteArray::fromHex("05ff"));
                client->disconnectFromHost();
                return;
            }
            client->write(QByteArray::fromHex("05") + method);
            state->pending.remove(0, 2 + bytes.at(1));
            state->step = m_demanded.isEmpty() ? Step::Request : Step::Password;
        } else if (state->step == Step::Password) {
            if (bytes.size() < 2 || bytes.size() < 3 + bytes.at(1)
                || bytes.size() < 3 + bytes.at(1) + bytes.at(2 + bytes.at(1)))
                return;
            const QByteArray given = bytes.mid(2, bytes.at(1)) + ':'
                + bytes.mid(3 + bytes.at(1), bytes.at(2 + bytes.at(1)));
            state->pending.clear();
            client->write(QByteArray::fromHex(given == m_demanded ? "0100" : "0101"));
            state->step = Step::Request;
            if (given != m_demanded)
                client->disconnectFromHost();
        } else {
            if (bytes.size() < 5)
                return;
            const char type = bytes.at(3);
            const qsizetype length = type == 1 ? 4 : type == 4 ? 16 : 1 + bytes.at(4);
            if (bytes.size() < 4 + length + 2)
                return;
            if (m_refusal != 0) {
                client->write(QByteArray::fromHex("05020001000000000000"));
                client->disconnectFromHost();
                return;
            }
            const QString host =
                type == 3 ? QString::fromLatin1(bytes.mid(5, length - 1)) : u"127.0.0.1"_s;
            const quint16 port = qFromBigEndian<quint16>(bytes.constData() + 4 + length);
            join(client, host, port, QByteArray::fromHex("05000001000000000000"), {});
        }
    });
}

void SmallProxy::join(QTcpSocket *client, const QString &host, quint16 port,
                      const QByteArray &toClient, const QByteArray &toServer)
{
    ++m_passedOn;
    client->disconnect(SIGNAL(readyRead()));
    auto *server = new QTcpSocket(client);
    server->setProxy(QNetworkProxy::NoProxy);
    connect(server, &QTcpSocket::connected, server, [=] {
        client->write(toClient);
        server->write(toServer);
    });
    connect(server, &QTcpSocket::readyRead, client, [=] { client->write(server->readAll()); });
    connect(client, &QTcpSocket::readyRead, server, [=] { server->write(client->readAll()); });
    connect(server, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
    connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
    server->connectToHost(host, port);
}

} // namespace sightglass::test
