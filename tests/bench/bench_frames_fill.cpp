// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "bench_frames_fill.h"

namespace sightglass::bench {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kUs = 1000;

RequestRecord call(const QString &what, bool authorised = true)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = QUrl(u"http://127.0.0.1:4780/mcp"_s);
    request.target = "/mcp";
    request.what = what;
    request.headers = {{"Host", "127.0.0.1:4780", HeaderSource::Library},
                       {"Accept", "application/json, text/event-stream"},
                       {"Mcp-Session-Id", "41c0e6d2-93be", HeaderSource::Session},
                       {"MCP-Protocol-Version", "2025-11-25"},
                       {"Content-Type", "application/json"}};
    if (authorised)
        request.headers.append(
            {"Authorization", "Bearer sample-value-7", HeaderSource::Credential, true});
    return request;
}

} // namespace

ExchangeFiller::ExchangeFiller(TraceStore *store)
    : m_store(store)
{
    for (const char *what :
         {"tools/call add", "tools/call echo", "tools/list", "resources/read demo://static/1",
          "tools/call long-running", "ping", "prompts/get greeting"})
        m_requests.append(call(QString::fromLatin1(what)));
    m_requests.append(call(u"tools/call add"_s, false));
}

void ExchangeFiller::append(qint64 count)
{
    const ResponseRecord fine{
        200, "OK", "HTTP/1.1", {{"Content-Type", "application/json", HeaderSource::Server}}};
    const ResponseRecord refused{
        401, "Unauthorized", "HTTP/1.1", {{"WWW-Authenticate", "Bearer", HeaderSource::Server}}};
    for (const qint64 end = m_next + count; m_next < end; ++m_next) {
        const QByteArray number = QByteArray::number(m_next);
        const QByteArray body = R"({"jsonrpc":"2.0","id":)" + number
            + R"(,"method":"tools/call","params":{"name":"add","arguments":{"a":)" + number + "}}}";
        QByteArray answer = R"({"jsonrpc":"2.0","id":)" + number;
        if (m_next % 97 == 0)
            answer += R"(,"error":{"code":-32602,"message":"Unknown tool"}})";
        else
            answer +=
                R"(,"result":{"content":[{"type":"text","text":"the sum is )" + number + R"("}]}})";
        const bool bad = m_next % 1000 == 999;
        const RequestRecord &request =
            bad ? m_requests.constLast() : m_requests.at(m_next % (m_requests.size() - 1));
        const qint64 at = m_next * 50 * kUs;
        const ExchangeId id = m_store->begin(request, body, at);
        m_store->respond(id, bad ? refused : fine, at + 20 * kUs);
        m_store->append(id, answer.constData(), answer.size(), at + 30 * kUs);
        m_store->finish(id, {}, at + (m_next * 7919 % 500'000) * kUs);
    }
}

EventFiller::EventFiller(TraceStore *store)
    : m_store(store)
{
    RequestRecord request = call(u"event stream"_s);
    request.kind = ExchangeKind::Stream;
    request.method = "GET";
    m_stream = store->begin(request, {}, 0);
    store->respond(
        m_stream,
        {200, "OK", "HTTP/1.1", {{"Content-Type", "text/event-stream", HeaderSource::Server}}}, 0);
}

void EventFiller::append(qint64 count)
{
    for (const qint64 end = m_next + count; m_next < end; ++m_next) {
        const QByteArray number = QByteArray::number(m_next);
        QByteArray event = "id: " + number;
        Frame frame;
        if (m_next % 500 == 499) {
            event = ": keep-alive\n";
            frame.kind = FrameKind::Comment;
        } else {
            event += "\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
                     "\"params\":{\"progressToken\":\"t"
                + QByteArray::number(m_next % 100) + "\",\"progress\":" + number
                + ",\"total\":1000000,\"message\":\"";
            event += QByteArray(std::max<qsizetype>(0, 195 - event.size()), 'm') + "\"}}\n\n";
            frame.idStart = m_offset + 4;
            frame.idLength = qint32(number.size());
        }
        frame.start = m_offset;
        frame.end = m_offset + event.size();
        frame.at = m_next * 50 * kUs;
        m_store->append(m_stream, event.constData(), event.size(), frame.at);
        m_store->frame(m_stream, frame);
        m_offset = frame.end;
    }
}

} // namespace sightglass::bench
