// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_scan.h"

namespace sightglass {

namespace {

constexpr qsizetype DeepestIndent = 100; // levels

/// Behind the string that opens at p in text known to be valid.
const char *behindString(const char *p, const char *end)
{
    ++p;
    for (;;) {
        p = json::plainEnd(p, end);
        if (*p == '"')
            return p + 1;
        p += *p == '\\' ? 2 : 1;
    }
}

} // namespace

QByteArray JsonText::indented(Node node) const
{
    if (!isValid())
        return {};
    const QByteArrayView text = raw(node);
    QByteArray out;
    out.reserve(text.size() + text.size() / 2);
    qsizetype depth = 0;
    const auto newLine = [&]() {
        out.append('\n');
        out.append(2 * qMin(depth, DeepestIndent), ' ');
    };
    const char *end = text.data() + text.size();
    for (const char *p = json::skipSpace(text.data(), end); p < end; p = json::skipSpace(p, end)) {
        switch (*p) {
        case '{':
        case '[': {
            out.append(*p);
            const char *next = json::skipSpace(p + 1, end);
            if (next < end && (*next == '}' || *next == ']')) {
                out.append(*next);
                p = next + 1;
            } else {
                ++depth;
                newLine();
                p = next;
            }
            break;
        }
        case '}':
        case ']':
            --depth;
            newLine();
            out.append(*p++);
            break;
        case ',':
            out.append(*p++);
            newLine();
            break;
        case ':':
            out.append(": ");
            ++p;
            break;
        case '"': {
            const char *behind = behindString(p, end);
            out.append(p, behind - p);
            p = behind;
            break;
        }
        default:
            out.append(*p++);
        }
    }
    return out;
}

QByteArray JsonText::compact(Node node) const
{
    if (!isValid())
        return {};
    const QByteArrayView text = raw(node);
    QByteArray out;
    out.reserve(text.size());
    const char *end = text.data() + text.size();
    for (const char *p = json::skipSpace(text.data(), end); p < end; p = json::skipSpace(p, end)) {
        if (*p == '"') {
            const char *behind = behindString(p, end);
            out.append(p, behind - p);
            p = behind;
        } else {
            out.append(*p++);
        }
    }
    return out;
}

QByteArray jsonQuoted(QStringView text)
{
    QByteArray out;
    out.reserve(text.size() + 2);
    out.append('"');
    const auto unicodeEscape = [&](char16_t unit) {
        out.append("\\u").append(QByteArray::number(unit, 16).rightJustified(4, '0'));
    };
    qsizetype plain = 0; // start of what needs no escape
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t unit = text[i].unicode();
        if (unit >= 0x20 && unit != '"' && unit != '\\' && (unit < 0xD800 || unit > 0xDFFF))
            continue;
        if (QChar::isHighSurrogate(unit) && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            ++i;
            continue;
        }
        out.append(text.sliced(plain, i - plain).toUtf8());
        plain = i + 1;
        switch (unit) {
        case '"':
            out.append("\\\"");
            break;
        case '\\':
            out.append("\\\\");
            break;
        case '\n':
            out.append("\\n");
            break;
        case '\r':
            out.append("\\r");
            break;
        case '\t':
            out.append("\\t");
            break;
        case '\b':
            out.append("\\b");
            break;
        case '\f':
            out.append("\\f");
            break;
        default:
            unicodeEscape(unit);
        }
    }
    out.append(text.sliced(plain).toUtf8());
    out.append('"');
    return out;
}

QString utf8Text(QByteArrayView bytes)
{
    constexpr QByteArrayView Mark("\xEF\xBB\xBF");
    QString text;
    for (; bytes.startsWith(Mark); bytes = bytes.sliced(Mark.size()))
        text += QChar(QChar::ByteOrderMark);
    return text.isEmpty() ? QString::fromUtf8(bytes) : text + QString::fromUtf8(bytes);
}

QString jsonUnquoted(QByteArrayView raw)
{
    if (raw.size() < 2)
        return {};
    const char *p = raw.data() + 1;
    const char *end = raw.data() + raw.size() - 1;
    QString out;
    out.reserve(end - p);
    char16_t high = 0; // a high surrogate that waits for its low one
    const auto unit = [&](char16_t value) {
        if (high && !QChar::isLowSurrogate(value))
            out.append(QChar(QChar::ReplacementCharacter));
        else if (high)
            out.append(QChar(high));
        else if (QChar::isLowSurrogate(value))
            value = QChar::ReplacementCharacter;
        high = QChar::isHighSurrogate(value) ? value : 0;
        if (!high)
            out.append(QChar(value));
    };
    while (p < end) {
        const char *slash = static_cast<const char *>(std::memchr(p, '\\', size_t(end - p)));
        if (slash != p || end - p < 2) {
            if (high) {
                out.append(QChar(QChar::ReplacementCharacter));
                high = 0;
            }
            const char *stop = slash && slash != p ? slash : end;
            out.append(utf8Text(QByteArrayView(p, stop - p)));
            p = stop;
            continue;
        }
        switch (p[1]) {
        case 'b':
            unit('\b');
            break;
        case 'f':
            unit('\f');
            break;
        case 'n':
            unit('\n');
            break;
        case 'r':
            unit('\r');
            break;
        case 't':
            unit('\t');
            break;
        case 'u':
            if (end - p >= 6) {
                char16_t value = 0;
                for (int i = 2; i < 6; ++i)
                    value = char16_t(value << 4 | (json::hexDigit(p[i]) & 0xF));
                unit(value);
                p += 4;
            }
            break;
        default:
            unit(char16_t(quint8(p[1])));
        }
        p += 2;
    }
    if (high)
        out.append(QChar(QChar::ReplacementCharacter));
    return out;
}

} // namespace sightglass
