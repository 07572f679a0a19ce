// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/flood_server.h"

#include <QTest>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace sightglass::test {

namespace {

constexpr qint64 part = 64 * 1024;
constexpr qint64 smallChunk = 1024;

bool sendAll(int socket, const char *data, qint64 size)
{
    while (size > 0) {
        const ssize_t sent = ::send(socket, data, size_t(size), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size -= sent;
    }
    return true;
}

bool sendAll(int socket, const QByteArray &bytes)
{
    return sendAll(socket, bytes.constData(), bytes.size());
}

QByteArray patternOf(qint64 size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qint64 i = 0; i < size; ++i)
        bytes[i] = FloodServer::pattern(i);
    return bytes;
}

} // namespace

struct FloodServer::Private {
    Framing framing;
    qint64 total;
    int listener = -1;
    quint16 port = 0;
    std::atomic<qint64> sent = 0;
    std::atomic<int> accepted = 0;
    std::mutex mutex;
    std::condition_variable taken; ///< `sent` grew; may be missed
    bool ended = false;
    std::vector<int> sockets;
    std::vector<std::thread> threads;

    void accept();
    void serve(int socket);
    bool flood(int socket);
    bool body(int socket, const QByteArray &bytes, qint64 payload);
};

FloodServer::FloodServer(Framing framing, qint64 total)
    : d(std::make_unique<Private>())
{
    d->framing = framing;
    d->total = total;
    d->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *any = reinterpret_cast<sockaddr *>(&address);
    if (::bind(d->listener, any, length) != 0 || ::listen(d->listener, 16) != 0
        || ::getsockname(d->listener, any, &length) != 0)
        qFatal("no socket on loopback");
    d->port = ntohs(address.sin_port);
    d->threads.emplace_back([this] { d->accept(); });
}

FloodServer::~FloodServer()
{
    ::shutdown(d->listener, SHUT_RDWR);
    std::vector<std::thread> threads;
    {
        const std::lock_guard lock(d->mutex);
        d->ended = true;
        for (const int socket : d->sockets)
            ::shutdown(socket, SHUT_RDWR);
        threads.swap(d->threads);
    }
    for (std::thread &thread : threads)
        thread.join();
    for (const int socket : d->sockets)
        ::close(socket);
    ::close(d->listener);
}

QUrl FloodServer::url(const QString &path) const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(d->port).arg(path));
}

qint64 FloodServer::sent() const
{
    return d->sent;
}

int FloodServer::connections() const
{
    return d->accepted;
}

qint64 FloodServer::waitUntilHeldBack() const
{
    qint64 last = -1;
    while (last != sent() || last == 0) {
        last = sent();
        QTest::qWait(250);
    }
    return last;
}

qint64 FloodServer::blockUntilHeldBack() const
{
    std::unique_lock lock(d->mutex);
    qint64 last = -1;
    while (last != d->sent || last == 0) {
        last = d->sent;
        d->taken.wait_for(lock, std::chrono::milliseconds(250), [&] { return last != d->sent; });
    }
    return last;
}

void FloodServer::Private::accept()
{
    for (;;) {
        const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex);
        if (socket < 0)
            return;
        sockets.push_back(socket);
        if (ended)
            return;
        ++accepted;
        threads.emplace_back([this, socket] { serve(socket); });
    }
}

void FloodServer::Private::serve(int socket)
{
    QByteArray pending;
    char bytes[4096];
    for (;;) {
        const qsizetype headEnd = pending.indexOf("\r\n\r\n");
        qsizetype length = 0;
        if (headEnd >= 0) {
            const qsizetype field = pending.toLower().indexOf("content-length: ");
            if (field >= 0 && field < headEnd)
                length =
                    pending.mid(field + 16, pending.indexOf('\r', field) - field - 16).toLongLong();
        }
        if (headEnd < 0 || pending.size() < headEnd + 4 + length) {
            const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
            if (got <= 0)
                return;
            pending.append(bytes, got);
            continue;
        }
        const bool wanted = pending.mid(pending.indexOf(' ') + 1).startsWith("/flood");
        pending.remove(0, headEnd + 4 + length);
        if (wanted ? !flood(socket)
                   : !sendAll(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
            return;
    }
}

bool FloodServer::Private::body(int socket, const QByteArray &bytes, qint64 payload)
{
    if (!sendAll(socket, bytes))
        return false;
    sent += payload;
    taken.notify_all();
    return true;
}

bool FloodServer::Private::flood(int socket)
{
    QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    if (framing == Framing::Length)
        head += "Content-Length: " + QByteArray::number(total) + "\r\n\r\n";
    else if (framing == Framing::UntilClose)
        head += "Connection: close\r\n\r\n";
    else
        head += "Transfer-Encoding: chunked\r\n\r\n";
    if (framing == Framing::OneChunk)
        head += QByteArray::number(total, 16) + "\r\n";
    if (!sendAll(socket, head))
        return false;

    QByteArray bytes = patternOf(part);
    if (framing == Framing::SmallChunks) {
        const QByteArray one =
            QByteArray::number(smallChunk, 16) + "\r\n" + bytes.left(smallChunk) + "\r\n";
        bytes = one.repeated(part / smallChunk);
    }
    for (qint64 done = 0; done < total; done += part) {
        if (!body(socket, bytes, part))
            return false;
    }
    if (framing == Framing::OneChunk)
        return sendAll(socket, "\r\n0\r\n\r\n");
    if (framing == Framing::SmallChunks)
        return sendAll(socket, "0\r\n\r\n");
    if (framing == Framing::UntilClose) {
        ::shutdown(socket, SHUT_RDWR);
        return false;
    }
    return true;
}

} // namespace sightglass::test
