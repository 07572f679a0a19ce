// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/sse/sse_parser.h"

namespace sightglass {

namespace {

/// Calls `use(name, value, start, end)` for each line that is not blank; views point into `frame`.
template <typename Use> void eachField(QByteArrayView frame, Use use)
{
    const char *bytes = frame.data();
    const qsizetype size = frame.size();
    qsizetype pos = 0;
    while (pos < size) {
        const qsizetype start = pos;
        qsizetype colon = -1;
        while (pos < size && bytes[pos] != '\n' && bytes[pos] != '\r') {
            if (colon < 0 && bytes[pos] == ':')
                colon = pos;
            ++pos;
        }
        const qsizetype lineEnd = pos;
        if (pos < size)
            pos += bytes[pos] == '\r' && pos + 1 < size && bytes[pos + 1] == '\n' ? 2 : 1;
        if (lineEnd == start)
            continue;
        const qsizetype nameEnd = colon < 0 ? lineEnd : colon;
        qsizetype value = colon < 0 ? lineEnd : colon + 1;
        if (value < lineEnd && bytes[value] == ' ')
            ++value;
        use(frame.sliced(start, nameEnd - start), frame.sliced(value, lineEnd - value), start, pos);
    }
}

} // namespace

QList<SseField> sseFields(QByteArrayView frame)
{
    QList<SseField> fields;
    eachField(frame,
              [&](QByteArrayView name, QByteArrayView value, qsizetype start, qsizetype end) {
                  fields.append({name.toByteArray(), value.toByteArray(), start, end});
              });
    return fields;
}

SseContent sseContent(QByteArrayView frame)
{
    SseContent content;
    bool first = true;
    eachField(frame, [&](QByteArrayView name, QByteArrayView value, qsizetype, qsizetype) {
        if (name == "data") {
            if (!first)
                content.data += '\n';
            content.data += value;
            first = false;
        } else if (name == "event") {
            content.type = value.toByteArray();
        }
    });
    if (content.type.isEmpty())
        content.type = "message";
    return content;
}

SseContent frameContent(FrameKind kind, QByteArrayView frame)
{
    if (kind == FrameKind::Event)
        return sseContent(frame);
    return SseContent{"message", frame.trimmed().toByteArray()};
}

} // namespace sightglass
