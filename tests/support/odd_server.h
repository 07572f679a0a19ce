// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/server_target.h"
#include "tests/support/raw_server.h"

#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

#include <functional>

namespace sightglass::test {

using namespace Qt::StringLiterals;

inline const QByteArray Json = "Content-Type: application/json\r\n";
inline const QByteArray Events = "Content-Type: text/event-stream\r\n";

inline QByteArray rpcResult(const QByteArray &id, const QByteArray &result)
{
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + result + '}';
}

inline QByteArray hello(const QByteArray &id)
{
    return rpcResult(id, R"({"content":[{"type":"text","text":"hello"}]})");
}

inline QByteArray sseEvent(const QByteArray &data)
{
    return "data: " + data + "\n\n";
}

/// Head of an event stream that goes on until it is closed.
inline void openEvents(RawConnection &to, const QByteArray &first = {})
{
    to.write("HTTP/1.1 200 OK\r\n" + Events + "Connection: close\r\n\r\n" + first);
}

/// A small well-behaved MCP server whose answers a test replaces one by one.
class OddServer {
public:
    struct Message {
        RawConnection &to;
        const RawRequest &http;
        QJsonObject json;
        QByteArray id; ///< raw, of a request
    };
    using Answer = std::function<void(const Message &)>;

    OddServer()
    {
        server.onRequest([this](RawConnection &to, const RawRequest &http) { take(to, http); });
        on(u"initialize"_s, [this](const Message &message) {
            const QJsonObject params = message.json.value("params"_L1).toObject();
            message.to.answer(200,
                              rpcResult(message.id,
                                        R"({"protocolVersion":")"
                                            + params.value("protocolVersion"_L1).toString().toUtf8()
                                            + R"(","capabilities":{"tools":{"listChanged":true}},)"
                                              R"("serverInfo":{"name":"odd","version":"1"}})"),
                              Json + "Mcp-Session-Id: " + session + "\r\n");
        });
        on(u"tools/call"_s,
           [](const Message &message) { message.to.answer(200, hello(message.id), Json); });
        on(u"tools/list"_s, [](const Message &message) {
            message.to.answer(200, rpcResult(message.id, R"({"tools":[]})"), Json);
        });
        on(u"GET"_s, [](const Message &message) { message.to.answer(405); });
        on(u"DELETE"_s, [](const Message &message) { message.to.answer(200); });
        listening = server.listen();
    }

    /// `what` is a JSON-RPC method, GET, DELETE or "response".
    void on(const QString &what, const Answer &answer) { answers.insert(what, answer); }
    ServerTarget target(const QString &revision = u"auto"_s) const
    {
        ServerTarget target;
        target.url = server.url();
        target.revision = revision;
        target.network.proxy = NetworkSettings::Proxy::None;
        target.requestTimeoutMs = 20'000;
        return target;
    }
    /// Requests of that HTTP method, or POSTs with that JSON-RPC method.
    QList<RawRequest> got(const QByteArray &what) const
    {
        QList<RawRequest> found;
        for (const RawRequest &request : server.requests()) {
            const QJsonObject json = QJsonDocument::fromJson(request.body).object();
            if (request.method() == what || json.value("method"_L1).toString().toUtf8() == what)
                found << request;
        }
        return found;
    }
    /// What the client answered to the server's own request with that id.
    QJsonObject responseTo(const QString &id) const
    {
        for (const RawRequest &request : server.requests()) {
            const QJsonObject json = QJsonDocument::fromJson(request.body).object();
            if (!json.contains("method"_L1) && json.value("id"_L1).toString() == id)
                return json;
        }
        return {};
    }

    RawServer server;
    QByteArray session = "session-1";
    bool listening = false;

private:
    void take(RawConnection &to, const RawRequest &http)
    {
        const QJsonObject json = QJsonDocument::fromJson(http.body).object();
        QString what = QString::fromLatin1(http.method());
        if (what == "POST"_L1)
            what = json.contains("method"_L1) ? json.value("method"_L1).toString() : u"response"_s;
        const QByteArray id = QByteArray::number(json.value("id"_L1).toInteger());
        if (answers.contains(what))
            answers.value(what)(Message{to, http, json, id});
        else
            to.answer(202);
    }

    QHash<QString, Answer> answers;
};

} // namespace sightglass::test
