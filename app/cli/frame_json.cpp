// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/frame_json.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass::cli {

QByteArray frameJson(const TraceReader &trace, ExchangeId exchange, const Frame &frame)
{
    const QByteArray bytes = trace.responseBody(exchange, frame.start, frame.end - frame.start);
    const QByteArray id = frame.idLength > 0
        ? trace.responseBody(exchange, frame.idStart, frame.idLength)
        : QByteArray();
    return frameJson(frame, bytes, id, true);
}

QByteArray frameJson(const Frame &frame, QByteArrayView bytes, QByteArrayView lastEventId,
                     bool withTime)
{
    JsonWriter json;
    json.beginObject();
    if (isDispatched(frame.kind)) {
        const SseContent content = frameContent(frame.kind, bytes);
        json.key(u"type").value(QString::fromUtf8(content.type));
        json.key(u"data").value(QString::fromUtf8(content.data));
        json.key(u"lastEventId").value(QString::fromUtf8(lastEventId));
    } else {
        while (bytes.endsWith('\n') || bytes.endsWith('\r'))
            bytes.chop(1);
        json.key(u"kind").value(QString::fromLatin1(frameKindName(frame.kind)));
        json.key(u"text").value(QString::fromUtf8(bytes));
    }
    if (withTime)
        json.key(u"at").value(static_cast<double>(frame.at) / 1e6);
    json.key(u"start").value(frame.start).key(u"end").value(frame.end);
    json.endObject();
    return json.text();
}

} // namespace sightglass::cli
