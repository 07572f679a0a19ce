// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/walk_trace.h"

#include "core/diagnose/rules.h"
#include "core/export/trace_export.h"
#include "core/jsonrpc/json_text.h"
#include "core/trace/trace_text.h"
#include "tests/fuzz/fuzz_targets.h"

namespace sightglass::fuzz {

namespace {

constexpr ExchangeId FewExchanges = 30;

class Walk {
public:
    explicit Walk(const TraceReader &trace)
        : m_trace(trace)
    {
    }

    QByteArray text()
    {
        add("began", m_trace.began().toMSecsSinceEpoch());
        add("redacted", m_trace.redacted());
        for (ExchangeId id = 1; id <= m_trace.exchangeCount(); ++id)
            exchange(id);
        require(m_events == m_trace.totalEvents(), "all events are those of the exchanges");
        for (qint64 i = 0; i < m_trace.noteCount(); ++i) {
            const Note note = m_trace.note(i);
            add("note", note.at);
            add(note.name);
            add(note.text);
            add("of", note.exchange);
            add(note.finding);
            failure(note.failure);
        }
        return m_text;
    }

private:
    void add(const char *name, qint64 number)
    {
        m_text += name + (' ' + QByteArray::number(number)) + '\n';
    }
    void add(const QString &text) { m_text += text.toUtf8() + '\n'; }
    void add(const QByteArray &bytes) { m_text += bytes.toHex() + '\n'; }
    void headers(const QList<Header> &list)
    {
        add("headers", list.size());
        for (const Header &header : list) {
            add(header.name);
            add(header.value);
            add("source", qint64(header.source) * 2 + header.secret);
        }
    }
    void failure(const std::optional<Failure> &why)
    {
        add("failure", why.has_value());
        if (!why)
            return;
        add("kind", qint64(why->kind));
        add(why->code);
        add(why->sentence);
        add(why->advice);
        add("at", why->exchange);
        add(why->finding);
    }

    void exchange(ExchangeId id)
    {
        const ExchangeSummary summary = m_trace.summary(id);
        require(summary.id == id, "a summary is of its exchange");
        require(summary.letGo == 0, "of a recording nothing is let go of");
        m_events += summary.events;

        const RequestRecord &request = m_trace.request(id);
        add("exchange", id);
        add("kind", qint64(request.kind));
        add("cause", request.cause);
        add(request.method);
        add(request.url.toString());
        add(request.target);
        add(request.what);
        add(request.acting);
        headers(request.headers);
        for (const Withheld &withheld : request.withheld) {
            add(withheld.name);
            add(withheld.why);
        }
        const QByteArray requestBody = m_trace.requestBody(id);
        require(requestBody.size() == summary.requestBytes, "a request's body is as long as told");
        add(requestBody);

        add("begun", summary.times.begun);
        add("connecting", summary.times.connecting);
        add("encrypted", summary.times.encrypted);
        add("sent", summary.times.sent);
        add("head", summary.times.head);
        add("lastByte", summary.times.lastByte);
        add("ended", summary.times.ended);
        if (const std::optional<ResponseRecord> response = m_trace.response(id)) {
            add("status", response->status);
            add(response->reason);
            add(response->http);
            headers(response->headers);
        }
        body(id, summary);
        failure(m_trace.failure(id));
    }

    void body(ExchangeId id, const ExchangeSummary &summary)
    {
        const QByteArray bytes = m_trace.responseBody(id);
        require(bytes.size() == summary.responseBytes, "a body is as long as told");
        add(bytes);
        qint64 offset = 0;
        for (qint64 i = 0; i < m_trace.chunkCount(id); ++i) {
            const BodyChunk chunk = m_trace.chunk(id, i);
            require(chunk.offset == offset && chunk.length > 0, "parts of a body join");
            offset += chunk.length;
        }
        require(offset == bytes.size(), "the parts are all of the body");
        qint64 events = 0;
        for (qint64 i = 0; i < summary.frames; ++i) {
            const Frame frame = m_trace.frame(id, i);
            require(frame.start >= 0 && frame.start <= frame.end, "a frame is a range");
            m_trace.responseBody(id, frame.start, frame.end - frame.start);
            events += isDispatched(frame.kind);
            add("frame", qint64(frame.kind));
            add("start", frame.start);
            add("end", frame.end);
            add("at", frame.at);
            add("id", frame.idStart);
            add("idLength", frame.idLength);
        }
        require(events == summary.events, "events are the frames that are dispatched");
    }

    const TraceReader &m_trace;
    QByteArray m_text;
    qint64 m_events = 0;
};

} // namespace

QByteArray walkTrace(const TraceReader &trace)
{
    const Redactor redactor("0123456789abcdef");
    const ExchangeId few = std::min(trace.exchangeCount(), FewExchanges);
    for (ExchangeId id = 1; id <= few; ++id) {
        serverOf(trace, id);
        judgedFailure(trace, id);
        leftBecause(trace, id);
        statusText(trace, id);
        require(JsonText::parse(exchangeToJson(trace, id, nullptr)).isValid(),
                "an exchange as JSON is JSON");
        exchangeToCurl(trace, id, nullptr);
        requestHead(trace.request(id));
    }
    if (trace.exchangeCount() <= FewExchanges) {
        traceToText(trace, redactor);
        findings(trace, redactor, nullptr, TraceState::Over);
        // One of them, as the trace has it: all would take as long as everything else.
        const auto formats = exportFormats();
        const ExportFormat format =
            formats[size_t(trace.revision() + quint64(trace.totalBytes())) % formats.size()].format;
        ExportWish wish;
        wish.format = format;
        wish.redactor = &redactor;
        const QByteArray text = exportedText(trace, wish);
        require(format != ExportFormat::Har || JsonText::parse(text).isValid(),
                "an archive is JSON");
    }
    return traceText(trace);
}

QByteArray traceText(const TraceReader &trace)
{
    return Walk(trace).text();
}

} // namespace sightglass::fuzz
