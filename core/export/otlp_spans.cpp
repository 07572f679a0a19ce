// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/otlp_spans.h"

#include "core/export/export_writers.h"
#include "core/jsonrpc/envelope.h"
#include "core/sse/sse_parser.h"
#include "core/trace/rpc_outcome.h"

#include <QCryptographicHash>

#include <algorithm>
#include <array>

namespace sightglass {

using namespace Qt::StringLiterals;

/// A message of JSON-RPC that was sent, as far as a span tells of it.
struct OtlpSpans::Message {
    QString method;
    QString id; ///< empty: a notification
    QString tool;
    QString prompt;
    QString uri;
    QByteArray revision;
    Context context; ///< of its `_meta`; without a trace id where it has none
};

namespace {

constexpr int InternalKind = 1; ///< Span.SpanKind
constexpr int ClientKind = 3;
constexpr int StatusError = 2;
constexpr qsizetype TraceIdBytes = 16;
constexpr qsizetype SpanIdBytes = 8;
/// Of a batch.
constexpr qsizetype MostMessages = 100;
constexpr qsizetype LongestText = 1024;

/// Attributes, as OTLP has them: {"key","value":{"stringValue"}}.
class Attributes {
public:
    explicit Attributes(JsonOut &json)
        : m_json(json)
    {
        m_json.key("attributes").beginArray();
    }
    ~Attributes() { close(); }
    /// None come any more.
    void close()
    {
        if (m_open)
            m_json.endArray();
        m_open = false;
    }
    Attributes(const Attributes &) = delete;
    Attributes &operator=(const Attributes &) = delete;

    void text(const char *key, const QString &value)
    {
        if (!value.isEmpty())
            begin(key).key("stringValue").text(value.left(LongestText)).endObject().endObject();
    }
    void text(const char *key, const QByteArray &value) { text(key, QString::fromUtf8(value)); }
    void number(const char *key, qint64 value)
    {
        begin(key).key("intValue").text(QByteArray::number(value)).endObject().endObject();
    }
    void flag(const char *key, bool value)
    {
        begin(key).key("boolValue").flag(value).endObject().endObject();
    }

private:
    JsonOut &begin(const char *key)
    {
        m_json.beginObject().key("key").text(QByteArrayView(key));
        return m_json.key("value").beginObject();
    }
    JsonOut &m_json;
    bool m_open = true;
};

QByteArray lineOf(const QList<Header> &lines, const char *name)
{
    const auto found = std::find_if(lines.begin(), lines.end(), [name](const Header &line) {
        return line.name.compare(name, Qt::CaseInsensitive) == 0;
    });
    return found == lines.end() ? QByteArray() : found->value;
}

/// The protocol knows no time before 1970, and a file can say any: what is beyond stays at the end.
QByteArray unixNano(const TraceReader &trace, qint64 at)
{
    const qint64 began = trace.began().toMSecsSinceEpoch();
    qint64 nano = 0;
    if (qMulOverflow(began, qint64(1'000'000), &nano) || qAddOverflow(nano, at, &nano))
        nano = began < 0 ? 0 : std::numeric_limits<qint64>::max();
    return QByteArray::number(std::max(nano, qint64(0)));
}

bool isHex(QByteArrayView text)
{
    const bool all = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
    return all && std::any_of(text.begin(), text.end(), [](char c) { return c != '0'; });
}

/// Those that HTTP semantic conventions take as they are.
bool isKnownMethod(const QByteArray &method)
{
    static constexpr std::array known{"GET",  "POST",    "DELETE",  "PUT",  "PATCH",
                                      "HEAD", "OPTIONS", "CONNECT", "TRACE"};
    return std::any_of(known.begin(), known.end(), [&](const char *one) { return method == one; });
}

void writeServer(Attributes &attributes, const QUrl &url)
{
    attributes.text("server.address", url.host());
    if (!url.host().isEmpty())
        attributes.number("server.port", url.port(url.scheme() == "https"_L1 ? 443 : 80));
}

/// "1.1" of "HTTP/1.1"; empty for what is no HTTP.
QByteArray versionOf(const std::optional<ResponseRecord> &response)
{
    return response && response->http.startsWith("HTTP/") ? response->http.sliced(5) : QByteArray();
}

} // namespace

OtlpSpans::OtlpSpans(ExportSource &source)
    : m_source(source)
    , m_trace(source.trace())
{
    // The same exchange of the same recording has the same ids whenever it is handed on.
    m_seed = QByteArray::number(m_trace.began().toMSecsSinceEpoch());
    if (m_trace.exchangeCount() > 0)
        m_seed += ' ' + QByteArray::number(m_trace.summary(1).times.begun);
}

QByteArray OtlpSpans::made(QByteArrayView what, qint64 number, qsizetype bytes) const
{
    return QCryptographicHash::hash(m_seed + ' ' + what.toByteArray() + ' '
                                        + QByteArray::number(number),
                                    QCryptographicHash::Sha256)
        .first(bytes)
        .toHex();
}

QByteArray OtlpSpans::httpSpanId(ExchangeId id) const
{
    return made("http", id, SpanIdBytes);
}

QByteArray OtlpSpans::callSpanId(ExchangeId id, qsizetype message) const
{
    return made("call " + QByteArray::number(message), id, SpanIdBytes);
}

QList<OtlpSpans::Message> OtlpSpans::messagesOf(ExchangeId id)
{
    const ExchangeKind kind = m_trace.summary(id).kind;
    if (kind != ExchangeKind::Post && kind != ExchangeKind::Input)
        return {};
    // Its texts are cleaned one by one: what is looked at is what was sent.
    const QByteArray body = m_trace.requestBody(id);
    const EnvelopeBatch batch = scanBody(body);
    QList<Message> messages;
    for (const Envelope &envelope : batch.messages) {
        if (envelope.method.isEmpty() || messages.size() >= MostMessages)
            continue;
        Message message;
        message.method = m_source.text(QString::fromUtf8(envelope.method));
        if (envelope.id.isPresent() && !envelope.id.isNull()) {
            message.id = envelope.id.raw.startsWith('"') ? jsonUnquoted(envelope.id.raw)
                                                         : QString::fromUtf8(envelope.id.raw);
            message.id = m_source.text(message.id);
        }
        const JsonText params = JsonText::parse(envelope.params.toByteArray());
        const JsonText::Node root = params.root();
        const auto text = [&](QStringView name) {
            return m_source.text(params.string(params.member(root, name)));
        };
        if (envelope.method == "tools/call")
            message.tool = text(u"name");
        else if (envelope.method == "prompts/get")
            message.prompt = text(u"name");
        else if (envelope.method.startsWith("resources/")
                 || envelope.method == "notifications/resources/updated")
            message.uri = text(u"uri");
        const JsonText::Node meta = params.member(root, u"_meta");
        message.revision =
            params.string(params.member(meta, u"io.modelcontextprotocol/protocolVersion")).toUtf8();
        const QByteArray parent = params.string(params.member(meta, u"traceparent")).toUtf8();
        // version-trace-parent-flags (W3C Trace Context, 3.2).
        const QByteArrayList parts = parent.split('-');
        if (parts.size() >= 4 && parts.at(0).size() == 2 && parts.at(0) != "ff"
            && parts.at(1).size() == 2 * TraceIdBytes && parts.at(2).size() == 2 * SpanIdBytes
            && isHex(parts.at(1)) && isHex(parts.at(2))) {
            message.context.traceId = parts.at(1);
            message.context.parent = parts.at(2);
            message.context.state =
                m_source.text(params.string(params.member(meta, u"tracestate"))).toUtf8();
        }
        messages.append(message);
    }
    return messages;
}

OtlpSpans::Context OtlpSpans::contextOf(ExchangeId id, int depth)
{
    constexpr int Deepest = 32;
    for (const Message &message : messagesOf(id)) {
        if (!message.context.traceId.isEmpty())
            return message.context;
    }
    const RequestRecord &request = m_trace.request(id);
    if (isHttp(request.kind) && request.cause >= 1 && request.cause < id && depth < Deepest) {
        Context context = contextOf(request.cause, depth + 1);
        context.parent = httpSpanId(request.cause);
        return context;
    }
    return {made("trace", id, TraceIdBytes), {}, {}};
}

int OtlpSpans::write(JsonOut &json, ExchangeId id)
{
    const QList<Message> messages = messagesOf(id);
    for (qsizetype i = 0; i < messages.size(); ++i)
        writeCall(json, id, messages.at(i), i);
    const bool channel = !isHttp(m_trace.summary(id).kind);
    // What a program was told is a call and nothing more.
    if (channel && !messages.isEmpty())
        return int(messages.size());
    writeHttp(json, id, messages.isEmpty() ? QByteArray() : callSpanId(id, 0));
    return int(messages.size()) + 1;
}

void OtlpSpans::beginSpan(JsonOut &json, const Context &context, const QByteArray &spanId,
                          const QString &name, int kind, ExchangeId id)
{
    const ExchangeTimes t = m_source.summary(id).times;
    const qint64 end = t.ended >= 0 ? t.ended : std::max({t.begun, t.sent, t.head, t.lastByte});
    json.beginObject();
    json.key("traceId").text(context.traceId);
    json.key("spanId").text(spanId);
    if (!context.parent.isEmpty())
        json.key("parentSpanId").text(context.parent);
    if (!context.state.isEmpty())
        json.key("traceState").text(context.state);
    json.key("name").text(name.left(LongestText));
    json.key("kind").number(qint64(kind));
    json.key("startTimeUnixNano").text(unixNano(m_trace, t.begun));
    json.key("endTimeUnixNano").text(unixNano(m_trace, std::max(end, t.begun)));
}

void OtlpSpans::endSpan(JsonOut &json, const QString &error, const QString &message)
{
    json.key("status").beginObject();
    if (!error.isEmpty()) {
        json.key("code").number(qint64(StatusError));
        if (!message.isEmpty())
            json.key("message").text(message.left(LongestText));
    }
    json.endObject().endObject();
}

void OtlpSpans::writeCall(JsonOut &json, ExchangeId id, const Message &message, qsizetype index)
{
    const RequestRecord &request = m_trace.request(id);
    const std::optional<ResponseRecord> response = m_trace.response(id);
    const ExchangeSummary summary = m_source.summary(id);
    const std::optional<Failure> failure = judgedFailure(m_trace, id);
    const bool failed = failure && failure->kind != FailureKind::Cancelled && !summary.left;
    const RpcOutcome outcome = rpcOutcome(m_trace, id);
    QString error;
    QString why;
    if (outcome.kind == RpcOutcome::Kind::Error) {
        error = outcome.code ? QString::number(*outcome.code) : u"_OTHER"_s;
        why = m_source.text(outcome.message);
    } else if (outcome.kind == RpcOutcome::Kind::ToolError) {
        error = u"tool_error"_s;
    } else if (failed) {
        error = summary.status >= 400 ? QString::number(summary.status) : failure->code;
        why = m_source.text(failure->sentence);
    }
    Context context = contextOf(id);
    // An attempt that another one led to stands beside it, and is linked with it.
    const bool again =
        isHttp(request.kind) && request.cause >= 1 && message.context.parent.isEmpty();
    if (again)
        context.parent.clear();
    const QString target = message.tool.isEmpty() ? message.prompt : message.tool;
    beginSpan(json, context, callSpanId(id, index),
              target.isEmpty() ? message.method : message.method + u' ' + target, ClientKind, id);
    {
        Attributes attributes(json);
        attributes.text("mcp.method.name", message.method);
        attributes.text("jsonrpc.request.id", message.id);
        attributes.text("gen_ai.tool.name", message.tool);
        if (!message.tool.isEmpty())
            attributes.text("gen_ai.operation.name", u"execute_tool"_s);
        attributes.text("gen_ai.prompt.name", message.prompt);
        attributes.text("mcp.resource.uri", message.uri);
        const QByteArray revision = lineOf(request.headers, "MCP-Protocol-Version");
        attributes.text("mcp.protocol.version", revision.isEmpty() ? message.revision : revision);
        const QByteArray session = lineOf(request.headers, "Mcp-Session-Id");
        attributes.text(
            "mcp.session.id",
            QString::fromUtf8(
                m_source.header({"Mcp-Session-Id", session, HeaderSource::Session, false}).value));
        if (isHttp(request.kind)) {
            attributes.text("network.transport", u"tcp"_s);
            attributes.text("network.protocol.name", u"http"_s);
            attributes.text("network.protocol.version", versionOf(response));
            writeServer(attributes, request.url);
        } else {
            attributes.text("network.transport", u"pipe"_s);
        }
        if (outcome.kind == RpcOutcome::Kind::Error && outcome.code)
            attributes.text("rpc.response.status_code", QString::number(*outcome.code));
        attributes.text("error.type", error);
        attributes.number("sightglass.exchange.id", id);
        attributes.text("sightglass.finding", failed ? failure->finding : QString());
    }
    if (again) {
        json.key("links").beginArray().beginObject();
        json.key("traceId").text(context.traceId);
        json.key("spanId").text(httpSpanId(request.cause));
        json.endObject().endArray();
    }
    endSpan(json, error, why);
}

void OtlpSpans::writeHttp(JsonOut &json, ExchangeId id, const QByteArray &parent)
{
    const RequestRecord &request = m_trace.request(id);
    const std::optional<ResponseRecord> response = m_trace.response(id);
    const ExchangeSummary summary = m_source.summary(id);
    const bool http = isHttp(request.kind);
    const std::optional<Failure> failure = judgedFailure(m_trace, id);
    const bool failed = failure && failure->kind != FailureKind::Cancelled && !summary.left;
    QString error;
    if (summary.status >= 400 && !isNoFault(summary))
        error = QString::number(summary.status);
    else if (failed)
        error = failure->code;
    Context context = contextOf(id);
    if (!parent.isEmpty())
        context.parent = parent;
    const QString method =
        QString::fromUtf8(isKnownMethod(request.method) ? request.method : QByteArray("HTTP"));
    beginSpan(json, context, httpSpanId(id), http ? method : u"stdio"_s,
              http ? ClientKind : InternalKind, id);
    {
        Attributes attributes(json);
        if (http) {
            attributes.text("http.request.method",
                            isKnownMethod(request.method) ? request.method : QByteArray("_OTHER"));
            if (!isKnownMethod(request.method))
                attributes.text("http.request.method_original", request.method);
            attributes.text("url.full", m_source.url(request).toEncoded());
            writeServer(attributes, request.url);
            attributes.text("network.protocol.name", u"http"_s);
            attributes.text("network.protocol.version", versionOf(response));
            if (summary.status > 0)
                attributes.number("http.response.status_code", summary.status);
            attributes.number("http.request.body.size", summary.requestBytes);
            attributes.number("http.response.body.size", summary.responseBytes);
        } else {
            attributes.text("process.command_line", m_source.text(serverOf(m_trace, id)));
            attributes.text("network.transport", u"pipe"_s);
        }
        attributes.text("error.type", error);
        attributes.number("sightglass.exchange.id", id);
        attributes.text("sightglass.exchange.kind", exchangeKindName(request.kind));
        attributes.text("sightglass.finding", failed ? failure->finding : QString());
        QStringList withheld;
        for (const Withheld &one : request.withheld)
            withheld.append(QString::fromUtf8(one.name));
        attributes.text("sightglass.withheld", withheld.join(u", "_s));
        if (!summary.finished)
            attributes.flag("sightglass.exchange.open", true);
    }
    writeEvents(json, id);
    endSpan(json, error, failed ? m_source.text(failure->sentence) : QString());
}

void OtlpSpans::writeEvents(JsonOut &json, ExchangeId id)
{
    /// Of a longer event it is not looked at what it says.
    constexpr qint64 MostLookedAt = 64 * 1024;
    const ExchangeSummary summary = m_source.summary(id);
    qint64 told = 0;
    json.key("events").beginArray();
    for (qint64 i = 0; i < summary.frames && told < MostEvents; ++i) {
        const Frame frame = m_trace.frame(id, i);
        if (!isDispatched(frame.kind) || frame.end > summary.responseBytes)
            continue;
        ++told;
        QString type = u"message"_s;
        QString method;
        bool isError = false;
        if (frame.end - frame.start <= MostLookedAt) {
            const QByteArray bytes = m_trace.responseBody(id, frame.start, frame.end - frame.start);
            const SseContent content = frameContent(frame.kind, bytes);
            type = m_source.text(QString::fromUtf8(content.type));
            const Envelope message = scanEnvelope(content.data);
            method = m_source.text(QString::fromUtf8(message.method));
            isError = message.kind == EnvelopeKind::Error;
            if (method.isEmpty() && message.kind == EnvelopeKind::Result)
                method = u"result"_s;
        }
        json.beginObject();
        json.key("timeUnixNano").text(unixNano(m_trace, frame.at));
        json.key("name").text(isError ? u"error"_s : method.isEmpty() ? type : method);
        Attributes attributes(json);
        if (method != "result"_L1)
            attributes.text("mcp.method.name", method);
        attributes.text("sightglass.event.type", type);
        attributes.number("sightglass.event.bytes", frame.end - frame.start);
        attributes.close();
        json.endObject();
    }
    json.endArray();
    json.key("droppedEventsCount").number(std::max<qint64>(0, summary.events - told));
}

void OtlpSpans::begin(JsonOut &json)
{
    json.beginObject().key("resourceSpans").beginArray().beginObject();
    json.key("resource").beginObject();
    {
        Attributes attributes(json);
        attributes.text("service.name", u"sightglass"_s);
        attributes.text("service.version", QStringLiteral(SIGHTGLASS_VERSION));
    }
    json.endObject();
    json.key("scopeSpans").beginArray().beginObject();
    json.key("scope").beginObject().key("name").text("sightglass");
    json.key("version").text(SIGHTGLASS_VERSION).endObject();
    json.key("spans").beginArray();
}

void OtlpSpans::end(JsonOut &json)
{
    json.endArray().endObject().endArray().endObject().endArray().endObject();
}

void writeOtlp(ExportSource &source, ByteOut &out)
{
    constexpr int SpansALine = 200;
    JsonOut json(out);
    OtlpSpans spans(source);
    int written = 0;
    for (const ExchangeId id : source.exchanges()) {
        if (written == 0)
            OtlpSpans::begin(json);
        written += spans.write(json, id);
        if (!source.proceed() || out.failed())
            return;
        if (written >= SpansALine) {
            OtlpSpans::end(json);
            json.endLine();
            written = 0;
        }
    }
    if (written > 0) {
        OtlpSpans::end(json);
        json.endLine();
    }
    source.remark(
        u"Spans tell of calls and exchanges; what was sent and received is not in them."_s);
}

} // namespace sightglass
