// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/body_kind.h"

#include "core/jsonrpc/json_text.h"
#include "ui/models/safe_picture.h"

namespace sightglass {

namespace {

bool looksLikeText(const QByteArray &bytes)
{
    if (bytes.contains('\0'))
        return false;
    qsizetype odd = 0;
    for (const char c : bytes) {
        if (uchar(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\x1b')
            ++odd;
    }
    return odd * 50 <= bytes.size();
}

bool mayBeginJson(char c)
{
    return c == '{' || c == '[' || c == '"' || c == '-' || (c >= '0' && c <= '9') || c == 't'
        || c == 'f' || c == 'n';
}

/// Nothing calls it JSON: it has to be it, as far as one sees.
bool isJsonSoFar(const QByteArray &head, bool whole)
{
    const JsonText json = JsonText::parseAsFar(head);
    if (json.isValid())
        return true;
    // Only where it is cut off here may a string, a word or a number be without its end.
    constexpr qsizetype Word = 8;
    return !whole && json.hasValues()
        && (head.size() - json.error()->offset < Word
            || json.error()->sentence.contains(QLatin1String("not closed")));
}

} // namespace

BodyKind bodyKind(const QByteArray &contentType, const QByteArray &head, bool whole)
{
    if (!pictureFormat(head).isEmpty())
        return BodyKind::Picture;
    const QByteArray type = contentType.toLower();
    if (type.startsWith("text/event-stream"))
        return BodyKind::EventStream;
    const QByteArray trimmed = head.trimmed();
    if (!trimmed.isEmpty() && type.contains("json") && mayBeginJson(trimmed.front()))
        return BodyKind::Json;
    if ((trimmed.startsWith('{') || trimmed.startsWith('[')) && isJsonSoFar(head, whole))
        return BodyKind::Json;
    return looksLikeText(head) ? BodyKind::Text : BodyKind::Binary;
}

QByteArray bodyKindName(BodyKind kind)
{
    switch (kind) {
    case BodyKind::Json:
        return "json";
    case BodyKind::Text:
        return "text";
    case BodyKind::EventStream:
        return "event-stream";
    case BodyKind::Picture:
        return "picture";
    case BodyKind::Binary:
        break;
    }
    return "binary";
}

} // namespace sightglass
