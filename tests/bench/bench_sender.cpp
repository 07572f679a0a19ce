// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "bench_sender.h"

#include <QByteArray>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sightglass::bench {

namespace {

QByteArray event()
{
    const QByteArray head =
        "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\","
        "\"params\":{\"level\":\"info\",\"data\":\"";
    const QByteArray tail = "\"}}\n\n";
    return head + QByteArray(EventBytes - head.size() - tail.size(), 'x') + tail;
}

} // namespace

QByteArray eventText(qint64 number)
{
    const QByteArray head =
        "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\","
        "\"params\":{\"level\":\"info\",\"data\":\"";
    const QByteArray tail = "\"}}\n\n";
    // Half of the rest is text that repeats itself, half is not.
    QByteArray text = "item " + QByteArray::number(number) + ": ";
    quint64 state = quint64(number) * 0x9e3779b97f4a7c15U + 1;
    while (text.size() < (EventBytes - head.size() - tail.size()) / 2) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text += QByteArray::number(state, 16);
    }
    text.truncate(EventBytes - head.size() - tail.size());
    return head + text.leftJustified(EventBytes - head.size() - tail.size(), 'x') + tail;
}

namespace {

bool sendAll(int socket, const char *bytes, qint64 length)
{
    while (length > 0) {
        const ssize_t sent = ::send(socket, bytes, size_t(length), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        length -= sent;
    }
    return true;
}

bool sendAll(int socket, const QByteArray &bytes)
{
    return sendAll(socket, bytes.constData(), bytes.size());
}

qint64 numberAfter(const QByteArray &text, const char *word)
{
    const qsizetype at = text.indexOf(word);
    return at < 0 ? 0 : std::atoll(text.constData() + at + qstrlen(word));
}

void sendEvents(int socket, qint64 count, bool hold)
{
    if (!sendAll(socket,
                 QByteArray("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            "Cache-Control: no-cache\r\nConnection: close\r\n\r\n")))
        return;
    constexpr qint64 perBlock = 5000; // 1 MB
    const QByteArray block = event().repeated(perBlock);
    for (qint64 sent = 0; sent < count; sent += perBlock) {
        const qint64 now = qMin(perBlock, count - sent);
        if (!sendAll(socket, block.constData(), now * EventBytes))
            return;
    }
    char byte = 0;
    while (hold && ::recv(socket, &byte, 1, 0) > 0) { }
}

QByteArray answer(const QByteArray &body)
{
    const qsizetype at = body.indexOf("\"id\":");
    if (at < 0)
        return "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    qsizetype end = at + 5;
    while (end < body.size() && body[end] != ',' && body[end] != '}')
        ++end;
    const QByteArray id = body.mid(at + 5, end - at - 5);
    QByteArray result = "{}";
    if (body.contains("\"initialize\""))
        result = "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"logging\":{}},"
                 "\"serverInfo\":{\"name\":\"bench\",\"version\":\"1\"}}";
    const QByteArray json = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + '}';
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + QByteArray::number(json.size()) + "\r\n\r\n" + json;
}

void serve(int socket)
{
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    QByteArray buffer;
    char part[65536];
    for (;;) {
        qsizetype headEnd = buffer.indexOf("\r\n\r\n");
        const QByteArray head = headEnd < 0 ? QByteArray() : buffer.first(headEnd + 2);
        const qint64 length = numberAfter(head.toLower(), "\r\ncontent-length:");
        if (headEnd < 0 || buffer.size() < headEnd + 4 + length) {
            const ssize_t got = ::recv(socket, part, sizeof part, 0);
            if (got <= 0)
                break;
            buffer.append(part, got);
            continue;
        }
        const QByteArray body = buffer.mid(headEnd + 4, length);
        buffer.remove(0, headEnd + 4 + length);
        if (head.startsWith("GET ")) {
            const qint64 count = numberAfter(head, "events=");
            if (count > 0) {
                sendEvents(socket, count, head.contains("hold=1"));
                break;
            }
            if (!sendAll(socket, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"))
                break;
        } else if (head.startsWith("POST ")) {
            if (!sendAll(socket, answer(body)))
                break;
        } else if (!sendAll(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            break;
        }
    }
    ::close(socket);
}

} // namespace

int runSender()
{
    std::signal(SIGPIPE, SIG_IGN);
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr *>(&address), size) != 0
        || ::listen(listener, 64) != 0
        || ::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        return 1;
    std::printf("%d\n", int(ntohs(address.sin_port)));
    std::fflush(stdout);
    std::thread([listener]() {
        for (;;) {
            const int socket = ::accept(listener, nullptr, nullptr);
            if (socket < 0)
                return;
            std::thread(serve, socket).detach();
        }
    }).detach();
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) > 0) { }
    std::_Exit(0);
}

} // namespace sightglass::bench
