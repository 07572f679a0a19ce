// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTimer>
#include <QUrl>

#include <functional>

/// An answer as it stood on the wire, read by a client that knows as little as it can and shares no
/// code with the lab.
struct RawAnswer {
    int status = 0;
    QByteArray head;
    QByteArray body; ///< chunks joined
    bool whole = false; ///< it ended as its framing said

    QByteArray header(const QByteArray &name) const
    {
        for (const QByteArray &line : head.split('\n')) {
            const qsizetype colon = line.indexOf(':');
            if (colon > 0 && line.left(colon).compare(name, Qt::CaseInsensitive) == 0)
                return line.mid(colon + 1).trimmed();
        }
        return {};
    }
    QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
    /// The data of each event that has any, of a body that is an event stream.
    QList<QByteArray> events() const
    {
        QList<QByteArray> list;
        QByteArray text = body;
        const qsizetype end = text.lastIndexOf("\n\n");
        for (const QByteArray &block :
             text.left(end < 0 ? 0 : end).replace("\n\n", "\x01").split('\x01')) {
            for (const QByteArray &line : block.split('\n')) {
                if (line.startsWith("data: "))
                    list.append(line.mid(6));
            }
        }
        return list;
    }
    QJsonObject event(qsizetype index) const
    {
        return QJsonDocument::fromJson(events().value(index < 0 ? events().size() + index : index))
            .object();
    }
};

/// One connection to the lab.
class RawClient {
public:
    explicit RawClient(const QUrl &url)
        : m_port(quint16(url.port()))
    {
        socket.connectToHost(QStringLiteral("127.0.0.1"), m_port);
        waitFor([this] { return socket.state() == QAbstractSocket::ConnectedState; });
    }

    /// Spins the event loop, in which the lab lives too, until `done`.
    static bool waitFor(const std::function<bool()> &done, int ms = 20000)
    {
        QDeadlineTimer deadline(ms);
        QEventLoop loop;
        QTimer tick;
        tick.start(1);
        while (!done()) {
            if (deadline.hasExpired())
                return false;
            loop.processEvents(QEventLoop::WaitForMoreEvents);
        }
        return true;
    }

    void send(const QByteArray &bytes) { socket.write(bytes); }
    void sendRequest(const QByteArray &method, const QByteArray &body = {},
                     const QByteArray &headers = {}, const QByteArray &path = "/mcp")
    {
        QByteArray text = method + ' ' + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(m_port) + "\r\n" + headers;
        if (!headers.contains("Accept:"))
            text += "Accept: application/json, text/event-stream\r\n";
        if (method == "POST") {
            if (!headers.contains("Content-Type:"))
                text += "Content-Type: application/json\r\n";
            text += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
        }
        send(text + "\r\n" + (method == "POST" ? body : QByteArray()));
    }
    /// The next answer on this connection; until then the loop spins. Ends early when the
    /// connection does, or when `enough` says so of what came up to then.
    RawAnswer answer(const std::function<bool(const RawAnswer &)> &enough = {}, int ms = 20000)
    {
        RawAnswer result;
        waitFor(
            [&] {
                m_bytes += socket.readAll();
                result = parse();
                return result.whole || (enough && enough(result))
                    || socket.state() == QAbstractSocket::UnconnectedState;
            },
            ms);
        if (result.whole)
            m_bytes.remove(0, m_used);
        return result;
    }
    bool closed()
    {
        return waitFor([this] { return socket.state() == QAbstractSocket::UnconnectedState; });
    }
    QByteArray leftOver()
    {
        m_bytes += socket.readAll();
        return m_bytes;
    }

    QTcpSocket socket;

private:
    RawAnswer parse()
    {
        RawAnswer result;
        m_used = 0;
        const qsizetype end = m_bytes.indexOf("\r\n\r\n");
        if (end < 0)
            return result;
        result.head = m_bytes.left(end).replace("\r\n", "\n");
        result.status = result.head.mid(9, 3).toInt();
        qsizetype at = end + 4;
        if (result.header("Transfer-Encoding") == "chunked") {
            while (true) {
                const qsizetype line = m_bytes.indexOf("\r\n", at);
                if (line < 0)
                    break;
                const qsizetype size = m_bytes.mid(at, line - at).toLongLong(nullptr, 16);
                if (m_bytes.size() < line + 2 + size + 2) {
                    result.body += m_bytes.mid(line + 2);
                    break;
                }
                result.body += m_bytes.mid(line + 2, size);
                at = line + 2 + size + 2;
                if (size == 0) {
                    result.whole = true;
                    m_used = at;
                    break;
                }
            }
        } else {
            const qsizetype length = result.header("Content-Length").toLongLong();
            result.body = m_bytes.mid(at, length);
            result.whole = result.body.size() == length;
            m_used = at + length;
        }
        return result;
    }

    quint16 m_port;
    QByteArray m_bytes;
    qsizetype m_used = 0;
};

/// A client that has initialised.
class RawSession {
public:
    explicit RawSession(const QUrl &server, const QByteArray &wantedRevision = "2025-11-25",
                        const QByteArray &more = {}, const QByteArray &capabilities = "{}")
        : url(server)
        , extra(more)
    {
        initialized =
            post(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")"
                 + wantedRevision + R"(","capabilities":)" + capabilities
                 + R"(,"clientInfo":{"name":"test","version":"1"}}})");
        id = initialized.header("Mcp-Session-Id");
        revision = initialized.json()
                       .value(QLatin1String("result"))
                       .toObject()
                       .value(QLatin1String("protocolVersion"))
                       .toString()
                       .toLatin1();
        if (!id.isEmpty())
            post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    }

    QByteArray headers() const
    {
        QByteArray text = extra;
        if (!id.isEmpty())
            text += "Mcp-Session-Id: " + id + "\r\nMCP-Protocol-Version: " + revision + "\r\n";
        return text;
    }
    RawAnswer post(const QByteArray &body) const
    {
        RawClient client(url);
        client.sendRequest("POST", body, headers());
        return client.answer();
    }
    static QByteArray callText(const QByteArray &tool, const QByteArray &arguments = "{}",
                               const QByteArray &id = "7", const QByteArray &meta = {})
    {
        return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"tools/call","params":{"name":")"
            + tool + R"(","arguments":)" + arguments + (meta.isEmpty() ? "" : R"(,"_meta":)" + meta)
            + "}}";
    }
    /// The result of a method, or {"error": …}.
    QJsonObject ask(const QByteArray &method, const QByteArray &params = "{}") const
    {
        const RawAnswer answer = post(R"({"jsonrpc":"2.0","id":5,"method":")" + method
                                      + R"(","params":)" + params + '}');
        const QJsonObject message =
            answer.header("Content-Type") == "text/event-stream" ? answer.event(-1) : answer.json();
        return message.contains(QLatin1String("result"))
            ? message.value(QLatin1String("result")).toObject()
            : message;
    }
    RawAnswer call(const QByteArray &tool, const QByteArray &arguments = "{}") const
    {
        return post(callText(tool, arguments));
    }

    QUrl url;
    QByteArray extra;
    QByteArray id;
    QByteArray revision;
    RawAnswer initialized;
};
