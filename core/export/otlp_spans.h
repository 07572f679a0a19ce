// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/export_source.h"
#include "core/export/json_out.h"

namespace sightglass {

/// Exchanges as spans of OpenTelemetry, in the JSON form of OTLP (opentelemetry-proto 1.x,
/// "OTLP/HTTP JSON": ids in hexadecimal digits, enumerations as numbers, 64-bit integers as
/// strings).
///
/// A message of JSON-RPC that was sent is a span of kind CLIENT by the semantic conventions for MCP
/// ("tools/call add"; gen-ai, mcp.md), and the HTTP exchange that carried it is its child, by those
/// for HTTP clients. Other exchanges (event streams, discovery, tokens) are spans by themselves.
/// What came over a stream are events of its span, MostEvents at most; how many more there were the
/// span says.
///
/// The trace context of `_meta.traceparent` is taken up (W3C Trace Context). Without one each call
/// is a trace; an exchange that another one led to (a redirect, a try after a refusal) belongs to
/// the trace of that. Bodies, arguments and results are never in a span, with secrets or without.
class OtlpSpans {
public:
    static constexpr qint64 MostEvents = 128;

    explicit OtlpSpans(ExportSource &source);

    /// Writes the spans of an exchange as values of the array that is open; gives their number. Of
    /// an exchange that is not over they end where it is now.
    int write(JsonOut &json, ExchangeId id);

    /// Around the spans of one request of the protocol (ExportTraceServiceRequest).
    static void begin(JsonOut &json);
    static void end(JsonOut &json);

private:
    struct Context {
        QByteArray traceId; ///< 32 hexadecimal digits
        QByteArray parent; ///< 16; empty: none
        QByteArray state; ///< of `tracestate`
    };
    struct Message;

    QList<Message> messagesOf(ExchangeId id);
    Context contextOf(ExchangeId id, int depth = 0);
    QByteArray made(QByteArrayView what, qint64 number, qsizetype bytes) const;
    QByteArray httpSpanId(ExchangeId id) const;
    QByteArray callSpanId(ExchangeId id, qsizetype message) const;
    void beginSpan(JsonOut &json, const Context &context, const QByteArray &spanId,
                   const QString &name, int kind, ExchangeId id);
    void writeCall(JsonOut &json, ExchangeId id, const Message &message, qsizetype index);
    void writeHttp(JsonOut &json, ExchangeId id, const QByteArray &parent);
    void writeEvents(JsonOut &json, ExchangeId id);
    void endSpan(JsonOut &json, const QString &error, const QString &message);

    ExportSource &m_source;
    const TraceReader &m_trace;
    QByteArray m_seed;
};

} // namespace sightglass
