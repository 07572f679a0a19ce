// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sse/sse_parser.h"
#include "core/trace/trace_store.h"

#include <QFile>
#include <QTimeZone>

namespace sightglass::test {

using namespace Qt::StringLiterals;

// Secrets of the trace below: none of them may be in anything that is handed on without secrets.
inline const QByteArray ExportToken = "token-of-ada-0123456789";
inline const QByteArray ExportCookie = "crumbs-of-cookie-42";
inline const QByteArray ExportRefresh = "refresh-me-never-77";
inline const QByteArray ExportQuery = "secret-of-the-query";

constexpr qint64 ExportMs = 1'000'000;

/// Puts the frames of an event stream into a trace, each a millisecond after the one before.
class ExportFrames final : public SseSink {
public:
    ExportFrames(TraceStore &trace, ExchangeId id, const QByteArray &body, qint64 at)
        : m_trace(trace)
        , m_id(id)
        , m_at(at)
    {
        trace.append(id, body.constData(), body.size(), at);
        SseParser parser;
        parser.feed(body, *this);
        parser.finish(*this);
    }

private:
    void onEvent(const SseEvent &event) override { add(event.frame); }
    void onOther(const Frame &frame, QByteArrayView) override { add(frame); }
    void onRetry(qint64) override { }
    void add(Frame frame)
    {
        frame.at = m_at += ExportMs;
        m_trace.frame(m_id, frame);
    }

    TraceStore &m_trace;
    ExchangeId m_id;
    qint64 m_at;
};

inline const QByteArray ExportStream =
    ": hello\n\nid: 7\nevent: message\ndata: "
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
    "\"params\":{\"progress\":1}}\n\ndata: "
    "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"content\":[]}}\n\n";

/// A trace with all that a format may trip over: a log-in with cookies and a token, a call that
/// answers by an event stream, a refusal, a binary body, a program, an exchange that is not over.
inline std::unique_ptr<TraceStore> exportSample()
{
    auto trace =
        std::make_unique<TraceStore>(TraceClock([] { return qint64(0); }),
                                     QDateTime({2026, 11, 24}, {1, 2, 3, 4}, QTimeZone::utc()));
    const auto request = [](ExchangeKind kind, const QByteArray &method, const QString &what,
                            const QString &url = u"http://127.0.0.1:4780/mcp"_s) {
        RequestRecord record;
        record.kind = kind;
        record.method = method;
        record.what = what;
        record.url = QUrl(url);
        record.target = record.url.path().toLatin1();
        record.headers = {
            {"Host", "127.0.0.1:4780", HeaderSource::Library, false},
            {"Authorization", "Bearer " + ExportToken, HeaderSource::Credential, true},
            {"Cookie", "a=" + ExportCookie + "; b=dark", HeaderSource::Credential, true},
            {"Content-Type", "application/json", HeaderSource::Protocol, false},
            {"Mcp-Session-Id", "41c0-session", HeaderSource::Session, false}};
        return record;
    };
    const auto answer = [](int status, const QByteArray &type) {
        return ResponseRecord{status,
                              status == 200 ? "OK" : "Unauthorized",
                              "HTTP/1.1",
                              {{"Content-Type", type, HeaderSource::Server, false},
                               {"Set-Cookie", "a=" + ExportCookie + "; Path=/; HttpOnly",
                                HeaderSource::Server, false}}};
    };
    trace->note(u"connect"_s, u"http://127.0.0.1:4780/mcp"_s, 0, 0);
    // 1: with all its marks, and a token in its answer.
    ExchangeId id = trace->begin(request(ExchangeKind::Post, "POST", u"initialize"_s,
                                         u"http://127.0.0.1:4780/mcp?x=1&access_token="_s
                                             + QString::fromLatin1(ExportQuery)),
                                 R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{}})",
                                 10 * ExportMs);
    trace->mark(id, Mark::Connecting, 11 * ExportMs);
    trace->mark(id, Mark::Encrypted, 14 * ExportMs);
    trace->mark(id, Mark::Sent, 15 * ExportMs);
    trace->respond(id, answer(200, "application/json"), 20 * ExportMs);
    const QByteArray json = R"({"jsonrpc":"2.0","id":1,"result":{"refresh_token":")" + ExportRefresh
        + R"(","grüße":"\u0000 ünï"}})";
    trace->append(id, json.constData(), json.size(), 22 * ExportMs);
    trace->finish(id, {}, 23 * ExportMs);
    trace->note(u"revision"_s, u"2025-11-25"_s, id, 24 * ExportMs);
    // 2: refused, without what was withheld.
    RequestRecord stream = request(ExchangeKind::Stream, "GET", u"event stream"_s);
    stream.headers.removeIf([](const Header &line) { return line.name == "Authorization"; });
    stream.withheld = {{"Authorization", u"acting like AF-01"_s}};
    id = trace->begin(stream, {}, 30 * ExportMs);
    trace->respond(id, answer(401, "text/plain"), 33 * ExportMs);
    trace->append(id, "no token", 8, 33 * ExportMs);
    trace->finish(id,
                  Failure{FailureKind::Refused, u"unauthorised"_s,
                          u"The event stream was refused (GET, 401)."_s, u"Send it."_s, id,
                          u"AF-01"_s},
                  34 * ExportMs);
    // 3: an event stream.
    id = trace->begin(request(ExchangeKind::Post, "POST", u"tools/call add"_s),
                      R"({"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"add"}})",
                      40 * ExportMs);
    trace->mark(id, Mark::Sent, 41 * ExportMs);
    trace->respond(id, answer(200, "text/event-stream"), 45 * ExportMs);
    ExportFrames(*trace, id, ExportStream, 50 * ExportMs);
    trace->finish(id, {}, 60 * ExportMs);
    // 4: bytes that are no text, both ways.
    const QByteArray bytes("\x89PNG\0\xff\xfe", 7);
    id = trace->begin(request(ExchangeKind::Other, "PUT", u"picture"_s), bytes, 70 * ExportMs);
    trace->respond(id, answer(200, "image/png"), 71 * ExportMs);
    trace->append(id, bytes.constData(), bytes.size(), 72 * ExportMs);
    trace->finish(id, {}, 73 * ExportMs);
    // 5 and 6: a program.
    RequestRecord program;
    program.kind = ExchangeKind::Process;
    program.method = "RUN";
    program.what = u"node server.js --level x"_s;
    program.target = program.what.toUtf8();
    const ExchangeId process = trace->begin(program, {}, 80 * ExportMs);
    trace->respond(process, {0, {}, "stdio", {}}, 80 * ExportMs);
    const QByteArray lines = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\nlistening\n";
    trace->append(process, lines.constData(), lines.size(), 82 * ExportMs);
    const qint64 first = lines.indexOf('\n') + 1;
    trace->frame(process, {FrameKind::Line, 0, first, 82 * ExportMs, -1, 0});
    trace->frame(process, {FrameKind::NoMessage, first, lines.size(), 82 * ExportMs, -1, 0});
    RequestRecord input;
    input.kind = ExchangeKind::Input;
    input.cause = process;
    input.method = "STDIN";
    input.what = u"ping"_s;
    id = trace->begin(input, R"({"jsonrpc":"2.0","id":1,"method":"ping"})", 81 * ExportMs);
    trace->respond(id, {0, {}, "stdio", {}}, 82 * ExportMs);
    trace->append(id, lines.constData(), first - 1, 82 * ExportMs);
    trace->finish(id, {}, 82 * ExportMs);
    // 7: no answer yet.
    trace->begin(request(ExchangeKind::Post, "POST", u"ping"_s), "{}", 90 * ExportMs);
    return trace;
}

/// Everything a handed-on file must not hold.
inline QByteArrayList exportSecrets()
{
    return {ExportToken, ExportCookie, ExportRefresh, ExportQuery};
}

} // namespace sightglass::test
