// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/export_writers.h"
#include "core/export/har_names.h"
#include "core/export/record_json.h"

#include <QUrlQuery>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

bool isNamed(const Header &line, const char *name)
{
    return line.name.compare(name, Qt::CaseInsensitive) == 0;
}

QByteArray valueOf(const QList<Header> &lines, const char *name)
{
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [name](const Header &line) { return isNamed(line, name); });
    return found == lines.end() ? QByteArray() : found->value;
}

bool isText(const QByteArray &bytes)
{
    Utf8Check check;
    return check.feed(bytes) && check.finish();
}

/// Writes a trace as HAR 1.2. What that has no place for stands in members named _sightglass.
class HarWriter {
public:
    HarWriter(ExportSource &source, ByteOut &out)
        : m_source(source)
        , m_trace(source.trace())
        , m_out(out)
        , m_json(out)
    {
    }

    void write()
    {
        m_json.beginObject().key("log").beginObject();
        m_json.key("version").text("1.2");
        m_json.key("creator").beginObject();
        m_json.key("name").text("Sightglass");
        m_json.key("version").text(SIGHTGLASS_VERSION).endObject();
        m_json.key("pages").beginArray().endArray();
        m_json.key("entries").beginArray();
        for (const ExchangeId id : m_source.exchanges()) {
            entry(id);
            if (!m_source.proceed() || m_out.failed())
                return;
        }
        m_json.endArray();
        m_json.key(Har::Own).beginObject();
        m_json.key("began").text(m_trace.began().toUTC().toString(Qt::ISODateWithMs));
        m_json.key("redacted").flag(m_trace.redacted() || m_source.redactor() != nullptr);
        m_json.key("notes").beginArray();
        for (const Note &note : notesToExport(m_source))
            writeNoteJson(m_json, m_source, note);
        m_json.endArray().endObject();
        m_json.key("comment").text(m_source.remarks().join(u' '));
        m_json.endObject().endObject();
    }

private:
    void entry(ExchangeId id)
    {
        const RequestRecord &request = m_trace.request(id);
        const std::optional<ResponseRecord> response = m_trace.response(id);
        const ExchangeTimes times = m_source.summary(id).times;
        m_json.beginObject();
        m_json.key("startedDateTime").text(exportTime(m_trace, times.begun));
        writeTimings(times);
        writeRequest(id, request, response);
        writeResponse(id, response);
        m_json.key("cache").beginObject().endObject();
        std::optional<Failure> failure = judgedFailure(m_trace, id);
        if (failure && !isOrderlyEnd(*failure))
            m_json.key("comment").text(m_source.text(failure->sentence));
        writeOwn(id, request);
        m_json.endObject();
    }

    /// HAR's `time` is the sum of what is known; on a reused connection connect is -1.
    void writeTimings(const ExchangeTimes &t)
    {
        const bool connects = t.connecting >= 0;
        const bool secures = t.encrypted >= 0;
        const qint64 sent = std::max(t.sent, t.begun);
        const qint64 open = secures ? t.encrypted : connects ? sent : t.begun;
        const qint64 head = std::max(t.head, sent);
        const qint64 end = std::max({t.ended, t.lastByte, head});
        const auto part = [](qint64 from, qint64 to) {
            return exportMilliseconds(std::max<qint64>(0, to - from));
        };
        const double blocked = connects ? part(t.begun, t.connecting) : 0;
        const double connect = connects ? part(t.connecting, open) : -1;
        const double send = part(open, sent);
        const double wait = part(sent, head);
        const double receive = part(head, end);
        m_json.key("time").number(blocked + std::max(0.0, connect) + send + wait + receive);
        m_json.key("timings").beginObject();
        m_json.key("blocked").number(connects ? blocked : -1.0);
        m_json.key("dns").number(qint64(-1));
        m_json.key("connect").number(connect);
        m_json.key("send").number(send);
        m_json.key("wait").number(wait);
        m_json.key("receive").number(receive);
        m_json.key("ssl").number(qint64(-1));
        m_json.endObject();
    }

    QByteArray urlOf(ExchangeId id, const RequestRecord &request,
                     const std::optional<ResponseRecord> &response)
    {
        if (isHttp(request.kind)) {
            const QByteArray url = m_source.url(request).toEncoded(QUrl::RemoveFragment);
            return url.isEmpty() ? QByteArray("about:invalid") : url;
        }
        const QByteArray scheme =
            response && !response->http.isEmpty() ? response->http : QByteArray("stdio");
        // Some readers want a host in every URL.
        return scheme + "://program/"
            + QUrl::toPercentEncoding(m_source.text(serverOf(m_trace, id)));
    }

    QList<Header> writeHeaders(const QList<Header> &lines)
    {
        QList<Header> shown;
        m_json.key("headers").beginArray();
        for (const Header &line : lines) {
            shown.append(m_source.header(line));
            m_json.beginObject();
            m_json.key("name").text(shown.constLast().name);
            m_json.key("value").text(shown.constLast().value);
            m_json.endObject();
        }
        m_json.endArray();
        return shown;
    }

    void writeRequest(ExchangeId id, const RequestRecord &request,
                      const std::optional<ResponseRecord> &response)
    {
        const QByteArray url = urlOf(id, request, response);
        const bool http2 = !valueOf(request.headers, ":authority").isEmpty();
        m_json.key("request").beginObject();
        m_json.key("method").text(request.method);
        m_json.key("url").text(url);
        m_json.key("httpVersion")
            .text(response && !response->http.isEmpty() ? response->http
                      : !isHttp(request.kind)           ? QByteArray("stdio")
                      : http2                           ? QByteArray("HTTP/2")
                                                        : QByteArray("HTTP/1.1"));
        const QList<Header> headers = writeHeaders(request.headers);
        m_json.key("cookies").beginArray();
        for (const Header &line : headers) {
            if (!isNamed(line, "Cookie"))
                continue;
            for (const QByteArray &part : line.value.split(';'))
                writePair(part.trimmed());
        }
        m_json.endArray();
        m_json.key("queryString").beginArray();
        const QUrlQuery query{QUrl::fromEncoded(url)};
        for (const auto &[name, value] : query.queryItems(QUrl::FullyDecoded)) {
            m_json.beginObject();
            m_json.key("name").text(name);
            m_json.key("value").text(value).endObject();
        }
        m_json.endArray();
        const QByteArray body = m_source.requestBody(id);
        if (!body.isEmpty()) {
            m_json.key("postData").beginObject();
            m_json.key("mimeType").text(valueOf(headers, "Content-Type"));
            const bool text = isText(body);
            m_json.key("text").text(text ? body : body.toBase64());
            if (!text)
                m_json.key(Har::Encoding).text("base64");
            m_json.endObject();
        }
        // Where the head is known to the byte; its secrets count with what they were.
        const bool exact = isHttp(request.kind) && !request.target.isEmpty() && !http2;
        m_json.key("headersSize").number(exact ? headSize(request) : qint64(-1));
        m_json.key("bodySize").number(qint64(body.size()));
        m_json.endObject();
    }

    static qint64 headSize(const RequestRecord &request)
    {
        constexpr qint64 Fixed = 14; // the spaces, HTTP/1.1, two line ends
        qint64 size = request.method.size() + request.target.size() + Fixed;
        for (const Header &line : request.headers)
            size += line.name.size() + line.value.size() + 4;
        return size;
    }

    /// "name=value" of a cookie; more members may follow.
    void beginPair(const QByteArray &pair)
    {
        const qsizetype equals = pair.indexOf('=');
        m_json.beginObject();
        m_json.key("name").text(equals < 0 ? pair : pair.first(equals));
        m_json.key("value").text(equals < 0 ? QByteArray() : pair.sliced(equals + 1));
    }
    void writePair(const QByteArray &pair)
    {
        if (pair.isEmpty())
            return;
        beginPair(pair);
        m_json.endObject();
    }

    void writeSetCookies(const QList<Header> &headers)
    {
        m_json.key("cookies").beginArray();
        for (const Header &line : headers) {
            if (!isNamed(line, "Set-Cookie"))
                continue;
            for (const QByteArray &cookie : line.value.split('\n')) {
                const QByteArrayList parts = cookie.split(';');
                beginPair(parts.constFirst().trimmed());
                bool httpOnly = false;
                bool secure = false;
                for (const QByteArray &part : parts.sliced(1)) {
                    const QByteArray attribute = part.trimmed();
                    const QByteArray name = attribute.left(attribute.indexOf('=')).toLower();
                    const QByteArray value =
                        attribute.sliced(std::min(attribute.size(), attribute.indexOf('=') + 1));
                    httpOnly = httpOnly || attribute.toLower() == "httponly";
                    secure = secure || attribute.toLower() == "secure";
                    if ((name == "path" && !m_seenPath) || (name == "domain" && !m_seenDomain))
                        m_json.key(name).text(value);
                    m_seenPath = m_seenPath || name == "path";
                    m_seenDomain = m_seenDomain || name == "domain";
                }
                m_seenPath = m_seenDomain = false;
                m_json.key("httpOnly").flag(httpOnly);
                m_json.key("secure").flag(secure).endObject();
            }
        }
        m_json.endArray();
    }

    void writeResponse(ExchangeId id, const std::optional<ResponseRecord> &response)
    {
        const qint64 size = m_source.summary(id).responseBytes;
        const ResponseRecord none;
        const ResponseRecord &r = response ? *response : none;
        m_json.key("response").beginObject();
        m_json.key("status").number(qint64(r.status));
        m_json.key("statusText").text(r.reason);
        m_json.key("httpVersion").text(r.http);
        const QList<Header> headers = writeHeaders(r.headers);
        writeSetCookies(headers);
        m_json.key("content").beginObject();
        m_json.key("size").number(size);
        m_json.key("mimeType").text(valueOf(headers, "Content-Type"));
        if (size > 0) {
            const bool text = m_source.isText(id);
            m_json.key("text");
            writeBodyJson(m_json, m_source, id, text);
            if (!text)
                m_json.key("encoding").text("base64");
            const QByteArray coding = valueOf(headers, "Content-Encoding");
            if (!coding.isEmpty() && coding.toLower() != "identity")
                m_json.key("comment").text("As it was received: Content-Encoding is " + coding);
        }
        m_json.endObject();
        m_json.key("redirectURL").text(valueOf(headers, "Location"));
        m_json.key("headersSize").number(qint64(-1));
        m_json.key("bodySize").number(response ? size : qint64(-1));
        m_json.endObject();
    }

    void writeOwn(ExchangeId id, const RequestRecord &request)
    {
        const ExchangeTimes t = m_source.summary(id).times;
        m_json.key(Har::Own).beginObject();
        m_json.key("id").number(id);
        m_json.key("kind").text(exchangeKindName(request.kind));
        m_json.key("cause").number(request.cause);
        m_json.key("what").text(m_source.text(request.what));
        m_json.key("acting").text(request.acting);
        m_json.key("target").text(m_source.target(request));
        m_json.key("sources").beginArray();
        for (const Header &line : request.headers)
            m_json.text(headerSourceName(line.source));
        m_json.endArray();
        m_json.key("withheld").beginArray();
        for (const Withheld &withheld : request.withheld) {
            m_json.beginObject().key("name").text(withheld.name);
            m_json.key("why").text(m_source.text(withheld.why)).endObject();
        }
        m_json.endArray();
        m_json.key("ns").beginObject();
        for (const auto &[name, at] : harTimes(t))
            m_json.key(name).number(at);
        m_json.endObject();
        writeFrames(id);
        m_json.key("failure");
        if (const std::optional<Failure> failure = m_trace.failure(id))
            writeFailureJson(m_json, m_source, *failure);
        else
            m_json.null();
        m_json.endObject();
    }

    void writeFrames(ExchangeId id)
    {
        constexpr qint64 Often = 4096;
        const ExchangeSummary summary = m_source.summary(id);
        m_json.key("frames").beginArray();
        for (qint64 i = 0; i < summary.frames; ++i) {
            const Frame frame = m_trace.frame(id, i);
            if (frame.end > summary.responseBytes)
                break;
            m_json.beginObject();
            m_json.key("kind").text(frameKindName(frame.kind));
            m_json.key("start").number(frame.start);
            m_json.key("end").number(frame.end);
            m_json.key("at").number(frame.at);
            m_json.endObject();
            if (i % Often == 0 && (!m_source.step(Often) || m_out.failed()))
                return;
        }
        m_json.endArray();
    }

    ExportSource &m_source;
    const TraceReader &m_trace;
    ByteOut &m_out;
    JsonOut m_json;
    bool m_seenPath = false;
    bool m_seenDomain = false;
};

} // namespace

void writeHar(ExportSource &source, ByteOut &out)
{
    HarWriter(source, out).write();
}

} // namespace sightglass
