// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/export_writers.h"
#include "core/export/record_json.h"
#include "core/sse/sse_parser.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

bool isWellFormed(QByteArrayView bytes)
{
    Utf8Check check;
    return check.feed(bytes) && check.finish();
}

/// One object a line; the names are those that the manual page lists, and stay.
class JsonLinesWriter {
public:
    JsonLinesWriter(ExportSource &source, ByteOut &out)
        : m_source(source)
        , m_trace(source.trace())
        , m_out(out)
        , m_json(out)
    {
    }

    void write()
    {
        m_json.beginObject().key("type").text("trace");
        m_json.key("version").number(qint64(1));
        m_json.key("creator").text("Sightglass " SIGHTGLASS_VERSION);
        m_json.key("began").text(exportTime(m_trace, 0));
        m_json.key("redacted").flag(m_trace.redacted() || m_source.redactor() != nullptr);
        m_json.key("exchanges").number(qint64(m_source.exchanges().size())).endObject();
        m_json.endLine();
        for (const ExchangeId id : m_source.exchanges()) {
            exchange(id);
            events(id);
            if (!m_source.proceed() || m_out.failed())
                return;
        }
        for (const Note &note : notesToExport(m_source))
            writeNote(note);
        m_json.beginObject().key("type").text("remarks");
        m_json.key("remarks").beginArray();
        for (const QString &remark : m_source.remarks())
            m_json.text(remark);
        m_json.endArray().endObject();
        m_json.endLine();
    }

private:
    void headers(const QList<Header> &lines, bool withSource)
    {
        m_json.key("headers").beginArray();
        for (const Header &line : lines) {
            const Header shown = m_source.header(line);
            m_json.beginObject().key("name").text(shown.name);
            m_json.key("value").text(shown.value);
            if (withSource)
                m_json.key("source").text(headerSourceName(line.source));
            m_json.endObject();
        }
        m_json.endArray();
    }

    void milliseconds(const char *name, qint64 at, qint64 begun)
    {
        m_json.key(name);
        if (at < 0)
            m_json.null();
        else
            m_json.number(exportMilliseconds(at - begun));
    }

    void exchange(ExchangeId id)
    {
        const RequestRecord &request = m_trace.request(id);
        const std::optional<ResponseRecord> response = m_trace.response(id);
        const ExchangeSummary summary = m_source.summary(id);
        const ExchangeTimes &t = summary.times;
        m_json.beginObject().key("type").text("exchange");
        m_json.key("id").number(id);
        m_json.key("kind").text(exchangeKindName(request.kind));
        m_json.key("cause").number(request.cause);
        m_json.key("what").text(m_source.text(request.what));
        m_json.key("started").text(exportTime(m_trace, t.begun));
        m_json.key("request").beginObject();
        m_json.key("method").text(request.method);
        m_json.key("url").text(m_source.url(request).toEncoded());
        m_json.key("target").text(m_source.target(request));
        headers(request.headers, true);
        m_json.key("withheld").beginArray();
        for (const Withheld &withheld : request.withheld) {
            m_json.beginObject().key("name").text(withheld.name);
            m_json.key("why").text(m_source.text(withheld.why)).endObject();
        }
        m_json.endArray();
        const QByteArray body = m_source.requestBody(id);
        if (isWellFormed(body))
            m_json.key("body").text(body);
        else
            m_json.key("bodyBase64").text(body.toBase64());
        m_json.endObject();
        m_json.key("response");
        if (response) {
            m_json.beginObject();
            m_json.key("status").number(qint64(response->status));
            m_json.key("reason").text(response->reason);
            m_json.key("http").text(response->http);
            headers(response->headers, false);
            m_json.key("bytes").number(summary.responseBytes);
            // What came in frames stands in lines of its own.
            if (summary.frames > 0) {
                m_json.key("body").null();
            } else {
                const bool text = m_source.isText(id);
                m_json.key(text ? "body" : "bodyBase64");
                writeBodyJson(m_json, m_source, id, text);
            }
            m_json.endObject();
        } else {
            m_json.null();
        }
        m_json.key("events").number(summary.events);
        m_json.key("failure");
        const std::optional<Failure> failure = judgedFailure(m_trace, id);
        if (failure && !isOrderlyEnd(*failure) && !summary.left)
            writeFailureJson(m_json, m_source, *failure);
        else
            m_json.null();
        m_json.key("ms").beginObject();
        milliseconds("connected", t.encrypted >= 0 ? t.encrypted : t.connecting, t.begun);
        milliseconds("sent", t.sent, t.begun);
        milliseconds("firstByte", t.head, t.begun);
        milliseconds("end", t.ended, t.begun);
        m_json.endObject().endObject();
        m_json.endLine();
    }

    QByteArray frameBytes(ExchangeId id, qint64 start, qint64 end)
    {
        QByteArray bytes;
        m_source.responseBody(
            id, [&bytes](QByteArrayView part) { bytes += part; }, start, end);
        return bytes;
    }

    void events(ExchangeId id)
    {
        const ExchangeSummary summary = m_source.summary(id);
        for (qint64 i = 0; i < summary.frames; ++i) {
            const Frame frame = m_trace.frame(id, i);
            if (frame.end > summary.responseBytes || m_source.isCancelled() || m_out.failed())
                return;
            m_json.beginObject().key("type").text("event");
            m_json.key("exchange").number(id);
            m_json.key("index").number(i);
            m_json.key("kind").text(frameKindName(frame.kind));
            milliseconds("at", frame.at, summary.times.begun);
            m_json.key("start").number(frame.start);
            m_json.key("end").number(frame.end);
            const QByteArray bytes = frameBytes(id, frame.start, frame.end);
            m_source.step(bytes.size());
            if (isDispatched(frame.kind)) {
                const SseContent content = frameContent(frame.kind, bytes);
                m_json.key("event").text(content.type);
                m_json.key("id").text(
                    frame.idStart < 0
                        ? QByteArray()
                        : frameBytes(id, frame.idStart, frame.idStart + frame.idLength));
                m_json.key("data").text(content.data);
            } else {
                m_json.key("text").text(bytes);
            }
            m_json.endObject();
            m_json.endLine();
        }
    }

    void writeNote(const Note &note)
    {
        m_json.beginObject().key("type").text("note");
        m_json.key("time").text(exportTime(m_trace, note.at));
        m_json.key("note");
        writeNoteJson(m_json, m_source, note);
        m_json.endObject();
        m_json.endLine();
    }

    ExportSource &m_source;
    const TraceReader &m_trace;
    ByteOut &m_out;
    JsonOut m_json;
};

} // namespace

void writeJsonLines(ExportSource &source, ByteOut &out)
{
    JsonLinesWriter(source, out).write();
}

} // namespace sightglass
