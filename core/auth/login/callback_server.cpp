// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/callback_server.h"

#include "core/auth/oauth/oauth_messages.h"

#include <QTcpSocket>
#include <QTimer>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostHeadBytes = 16 * 1024;
constexpr qsizetype MostPeers = 16;
constexpr int MostSilenceMs = 10'000;

QList<QHostAddress> addressesOf(const QString &host)
{
    if (host == "localhost"_L1)
        return {QHostAddress(QHostAddress::LocalHost), QHostAddress(QHostAddress::LocalHostIPv6)};
    if (host == "[::1]"_L1 || host == "::1"_L1)
        return {QHostAddress(QHostAddress::LocalHostIPv6)};
    return {QHostAddress(QHostAddress::LocalHost)};
}

/// The value of a header of a request; nothing where there is none, or several.
std::optional<QByteArray> onlyHeader(const QByteArray &head, const QByteArray &name)
{
    std::optional<QByteArray> value;
    const QList<QByteArray> lines = head.split('\n');
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines.at(i).indexOf(':');
        if (colon <= 0 || lines.at(i).first(colon).compare(name, Qt::CaseInsensitive) != 0)
            continue;
        if (value)
            return {};
        value = lines.at(i).mid(colon + 1).trimmed();
    }
    return value;
}

} // namespace

CallbackServer::CallbackServer(QObject *parent)
    : QObject(parent)
{
}

CallbackServer::~CallbackServer()
{
    close();
}

bool CallbackServer::listen(const QString &host, quint16 port, quint16 preferred,
                            const QString &path, QString *problem)
{
    close();
    if (host != "127.0.0.1"_L1 && host != "localhost"_L1 && host != "[::1]"_L1) {
        *problem = u"%1 is no loopback address (127.0.0.1, localhost or [::1])"_s.arg(host);
        return false;
    }
    quint16 wanted = port != 0 ? port : preferred;
    const QList<QHostAddress> addresses = addressesOf(host);
    for (int attempt = 0; attempt < 8; ++attempt) {
        std::vector<std::unique_ptr<QTcpServer>> servers;
        quint16 at = wanted;
        for (const QHostAddress &address : addresses) {
            auto server = std::make_unique<QTcpServer>();
            if (server->listen(address, at)) {
                at = server->serverPort();
                servers.push_back(std::move(server));
            } else if (address == QHostAddress(QHostAddress::LocalHostIPv6) && !servers.empty()
                       && server->serverError()
                           == QAbstractSocket::UnsupportedSocketOperationError) {
                // There is no IPv6 here: the other one is enough.
            } else if (address == QHostAddress(QHostAddress::LocalHostIPv6) && !servers.empty()
                       && server->serverError() != QAbstractSocket::AddressInUseError) {
                // Nor where the system gives out no such address.
            } else {
                *problem = u"port %1 at %2: %3"_s.arg(QString::number(at), address.toString(),
                                                      server->errorString());
                servers.clear();
                break;
            }
        }
        if (!servers.empty()) {
            m_servers = std::move(servers);
            m_url = QUrl();
            m_url.setScheme(u"http"_s);
            m_url.setHost(host == "[::1]"_L1 ? u"::1"_s : host);
            m_url.setPort(at);
            m_url.setPath(path.startsWith(u'/') ? path : u'/' + path);
            for (const auto &server : m_servers) {
                connect(server.get(), &QTcpServer::newConnection, this,
                        [this, one = server.get()] { accept(one); });
            }
            return true;
        }
        if (port != 0)
            return false;
        // Any other, then.
        wanted = 0;
    }
    return false;
}

void CallbackServer::close()
{
    m_waits = false;
    m_url.clear();
    // One of them may be the one that is calling.
    for (auto &server : m_servers) {
        server->close();
        server.release()->deleteLater();
    }
    m_servers.clear();
    const auto peers = std::exchange(m_peers, {});
    for (auto it = peers.cbegin(); it != peers.cend(); ++it) {
        it.key()->disconnect(this);
        it.key()->setParent(nullptr);
        // The page is on its way.
        if (it->answered)
            connect(it.key(), &QTcpSocket::disconnected, it.key(), &QObject::deleteLater);
        else
            it.key()->deleteLater();
    }
}

void CallbackServer::accept(QTcpServer *server)
{
    while (QTcpSocket *socket = server->nextPendingConnection()) {
        socket->setParent(this);
        if (m_peers.size() >= MostPeers) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        m_peers.insert(socket, {});
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            m_peers.remove(socket);
            socket->deleteLater();
        });
        QTimer::singleShot(MostSilenceMs, socket, [socket] { socket->abort(); });
    }
}

void CallbackServer::read(QTcpSocket *socket)
{
    const auto peer = m_peers.find(socket);
    if (peer == m_peers.end() || peer->answered) {
        socket->readAll();
        return;
    }
    peer->head += socket->read(MostHeadBytes + 1 - peer->head.size());
    const qsizetype end = peer->head.indexOf("\r\n\r\n");
    if (end < 0) {
        if (peer->head.size() > MostHeadBytes) {
            peer->answered = true;
            answer(socket, "431 Request Header Fields Too Large", "Too long",
                   "That was longer than a callback is.");
        }
        return;
    }
    peer->answered = true;
    handle(socket, peer->head.first(end));
}

void CallbackServer::handle(QTcpSocket *socket, const QByteArray &head)
{
    const QList<QByteArray> line =
        head.first(qMax<qsizetype>(0, head.indexOf('\r') < 0 ? head.size() : head.indexOf('\r')))
            .split(' ');
    const std::optional<QByteArray> host = onlyHeader(head, "Host");
    if (!host || *host != m_url.authority(QUrl::FullyEncoded).toLatin1()) {
        answer(socket, "400 Bad Request", "Not this host", "Nothing is served under this name.");
        return;
    }
    const QByteArray target = line.value(1);
    const qsizetype query = target.indexOf('?');
    const QByteArray path = query < 0 ? target : target.first(query);
    const bool right = line.size() == 3 && line.at(2).startsWith("HTTP/1.") && line.at(0) == "GET"
        && path == m_url.path(QUrl::FullyEncoded).toLatin1();
    QUrl url = m_url;
    url.setQuery(query < 0 ? QString() : QString::fromLatin1(target.mid(query + 1)),
                 QUrl::TolerantMode);
    const OAuthCallback callback = readCallback(url);
    const bool isCallback = callback.code || !callback.error.isEmpty();
    if (!right || !isCallback || !m_waits) {
        answer(socket, "404 Not Found", "Nothing here", "There is nothing under this address.");
        return;
    }
    answer(socket, "200 OK", "You can close this page",
           "The answer has arrived. Go back to Sightglass to see what came of it.");
    close();
    Q_EMIT called(url);
}

void CallbackServer::answer(QTcpSocket *socket, const QByteArray &status, const QByteArray &title,
                            const QByteArray &words)
{
    const QByteArray page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                            "<meta name=\"color-scheme\" content=\"light dark\"><title>"
        + title + "</title></head><body><h1>" + title + "</h1><p>" + words + "</p></body></html>\n";
    socket->write("HTTP/1.1 " + status
                  + "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: "
                  + QByteArray::number(page.size())
                  + "\r\nConnection: close\r\nCache-Control: no-store\r\n"
                    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
                    "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\r\n"
                  + page);
    // The program may end over what came of it.
    socket->flush();
    socket->disconnectFromHost();
}

} // namespace sightglass
