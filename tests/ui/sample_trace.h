// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

namespace sightglass::sample {

constexpr qint64 kMs = 1'000'000;

inline RequestRecord request(ExchangeKind kind, const QByteArray &method, const QString &what,
                             bool authorised = true, bool session = true)
{
    RequestRecord r;
    r.kind = kind;
    r.method = method;
    r.url = QUrl(QStringLiteral("http://127.0.0.1:4780/mcp"));
    r.target = "/mcp";
    r.what = what;
    r.headers = {{"Host", "127.0.0.1:4780", HeaderSource::Library, false},
                 {"Accept",
                  method == "GET" ? QByteArray("text/event-stream")
                                  : QByteArray("application/json, text/event-stream"),
                  HeaderSource::Protocol, false}};
    if (authorised)
        r.headers.append(
            {"Authorization", "Bearer sample-bearer-value-7", HeaderSource::Credential, true});
    r.headers.append({"X-Api-Key", "sample-key-value-12", HeaderSource::Credential, true});
    if (session) {
        r.headers.append({"Mcp-Session-Id", "41c0e6d2-93be", HeaderSource::Session, false});
        r.headers.append({"MCP-Protocol-Version", "2025-11-25", HeaderSource::Protocol, false});
    }
    r.headers.append({"User-Agent", "Sightglass/0.1", HeaderSource::User, false});
    r.headers.append({"Connection", "keep-alive", HeaderSource::Library, false});
    return r;
}

inline ResponseRecord answer(int status, const QByteArray &reason, const QByteArray &type)
{
    ResponseRecord r;
    r.status = status;
    r.reason = reason;
    r.http = "HTTP/1.1";
    if (status == 401)
        r.headers.append(
            {"WWW-Authenticate", "Bearer error=\"invalid_token\"", HeaderSource::Server, false});
    if (!type.isEmpty())
        r.headers.append({"Content-Type", type, HeaderSource::Server, false});
    r.headers.append({"Date", "Mon, 23 Nov 2026 20:14:02 GMT", HeaderSource::Server, false});
    return r;
}

inline ExchangeId whole(TraceStore &store, const RequestRecord &request, const QByteArray &body,
                        int status, const QByteArray &reply, qint64 atMs, qint64 ms)
{
    const ExchangeId id = store.begin(request, body, atMs * kMs);
    store.mark(id, Mark::Sent, atMs * kMs + kMs / 2);
    store.respond(id,
                  answer(status, status == 401 ? "Unauthorized" : "OK",
                         reply.isEmpty() ? QByteArray() : QByteArray("application/json")),
                  (atMs + ms - 1) * kMs);
    if (!reply.isEmpty())
        store.append(id, reply.constData(), reply.size(), (atMs + ms) * kMs);
    std::optional<Failure> failure;
    if (status >= 400) {
        failure = Failure{FailureKind::Refused,
                          QStringLiteral("unauthorised"),
                          QStringLiteral("The event stream was refused (GET, 401). It carried no "
                                         "Authorization, while the POST before it did."),
                          QStringLiteral("The client that sent it forgets credentials on streams."),
                          id,
                          QStringLiteral("AF-01")};
    }
    store.finish(id, failure, (atMs + ms) * kMs);
    return id;
}

/// Appends one frame with its bytes.
inline void frame(TraceStore &store, ExchangeId id, FrameKind kind, const QByteArray &bytes,
                  qint64 atMs)
{
    const qint64 start = store.summary(id).responseBytes;
    store.append(id, bytes.constData(), bytes.size(), atMs * kMs);
    Frame f;
    f.kind = kind;
    f.start = start;
    f.end = start + bytes.size();
    f.at = atMs * kMs;
    const qsizetype at = bytes.indexOf("id: ");
    if (at >= 0) {
        f.idStart = start + at + 4;
        f.idLength = qint32(bytes.indexOf('\n', at) - at - 4);
    }
    store.frame(id, f);
}

/// The exchanges of the pictures: a client that forgets its token on the event stream, and a long
/// call with progress, a comment and a silence (exchange 7).
inline void fill(TraceStore &store)
{
    const QByteArray error = R"({"jsonrpc":"2.0","error":{"code":-32001,"message":"no token"}})";
    whole(
        store, request(ExchangeKind::Post, "POST", QStringLiteral("initialize"), true, false),
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}})",
        200, R"({"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25"}})", 0, 38);
    whole(store, request(ExchangeKind::Post, "POST", QStringLiteral("notifications/initialized")),
          R"({"jsonrpc":"2.0","method":"notifications/initialized"})", 202, {}, 41, 4);
    whole(store, request(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), false), {},
          401, error, 46, 3);
    whole(store, request(ExchangeKind::Post, "POST", QStringLiteral("tools/list")),
          R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})", 200,
          R"({"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"get-sum"}]}})", 50, 21);
    whole(store, request(ExchangeKind::Reconnect, "GET", QStringLiteral("event stream"), false), {},
          401, error, 548, 3);
    whole(store, request(ExchangeKind::Post, "POST", QStringLiteral("tools/call get-sum")),
          R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"get-sum"}})", 200,
          R"({"jsonrpc":"2.0","id":5,"result":{"content":[{"type":"text","text":"3"}]}})", 1903,
          12);
    const ExchangeId stream = store.begin(
        request(ExchangeKind::Post, "POST", QStringLiteral("tools/call long-running")),
        R"({"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"long-running"}})",
        4210 * kMs);
    store.respond(stream, answer(200, "OK", "text/event-stream"), 4219 * kMs);
    const auto progress = [&](int n, qint64 at) {
        frame(store, stream, FrameKind::Event,
              "id: e" + QByteArray::number(n)
                  + "\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/"
                    "progress\",\"params\":{\"progressToken\":6,\"progress\":"
                  + QByteArray::number(n) + ",\"total\":10}}\n\n",
              4210 + at);
    };
    progress(1, 210);
    progress(2, 412);
    progress(3, 611);
    frame(store, stream, FrameKind::Comment, ": keep-alive\n", 4850);
    for (int n = 4; n <= 10; ++n)
        progress(n, 1424 + n);
    frame(store, stream, FrameKind::Event,
          "id: e11\ndata: {\"jsonrpc\":\"2.0\",\"id\":6,\"result\":{\"content\":[]}}\n\n", 6051);
    store.finish(stream, {}, 6256 * kMs);
    whole(store, request(ExchangeKind::Reconnect, "GET", QStringLiteral("event stream"), false), {},
          401, error, 6480, 3);
    whole(
        store,
        request(ExchangeKind::Post, "POST", QStringLiteral("resources/read demo://static/1")),
        R"({"jsonrpc":"2.0","id":8,"method":"resources/read","params":{"uri":"demo://static/1"}})",
        200, R"({"jsonrpc":"2.0","id":8,"result":{"contents":[]}})", 7310, 9);
    whole(store, request(ExchangeKind::Delete, "DELETE", QStringLiteral("end of session")), {}, 200,
          {}, 8400, 3);
}

} // namespace sightglass::sample
