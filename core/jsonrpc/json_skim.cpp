// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_skim.h"

#include "core/jsonrpc/json_text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sightglass {

JsonPath JsonPath::fromPointer(QByteArrayView pointer)
{
    JsonPath path;
    if (pointer.startsWith('/'))
        pointer = pointer.sliced(1);
    for (QByteArray token : pointer.toByteArray().split('/')) {
        if (path.tokens.size() == MaxPathTokens)
            break;
        token.replace("~1", "/");
        token.replace("~0", "~");
        path.tokens.append(token);
    }
    return path;
}

namespace jsonskim {

const char *skipString(const char *p, const char *end)
{
    ++p;
    while (true) {
#if defined(__SSE2__)
        const __m128i quote = _mm_set1_epi8('"');
        const __m128i backslash = _mm_set1_epi8('\\');
        while (end - p >= 16) {
            const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
            const int mask = _mm_movemask_epi8(
                _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
            if (mask) {
                p += __builtin_ctz(unsigned(mask));
                break;
            }
            p += 16;
        }
#endif
        while (p < end && *p != '"' && *p != '\\')
            ++p;
        if (p == end)
            return end;
        if (*p == '"')
            return p + 1;
        p += 2;
        if (p >= end)
            return end;
    }
}

const char *skipValue(const char *p, const char *end)
{
    if (p == end)
        return end;
    if (*p == '"')
        return skipString(p, end);
    if (*p != '{' && *p != '[') {
        const char *first = p;
        while (p < end && *p != ',' && *p != '}' && *p != ']' && *p != ' ' && *p != '\n'
               && *p != '\r' && *p != '\t')
            ++p;
        return p == first ? p + 1 : p;
    }
    qsizetype depth = 0;
    while (p < end) {
        const char c = *p;
        if (c == '"') {
            p = skipString(p, end);
            continue;
        }
        ++p;
        if (c == '{' || c == '[')
            ++depth;
        else if ((c == '}' || c == ']') && --depth == 0)
            return p;
    }
    return end;
}

bool isName(QByteArrayView quoted, const QByteArray &token)
{
    if (quoted.size() < 2 || quoted.back() != '"')
        return false;
    const QByteArrayView inner = quoted.sliced(1, quoted.size() - 2);
    if (!inner.contains('\\'))
        return inner == QByteArrayView(token);
    return jsonUnquoted(quoted).toUtf8() == token;
}

qint64 indexOf(const QByteArray &token)
{
    if (token.isEmpty() || token.size() > 15)
        return -1;
    for (const char c : token) {
        if (c < '0' || c > '9')
            return -1;
    }
    return token.toLongLong();
}

} // namespace jsonskim

} // namespace sightglass
