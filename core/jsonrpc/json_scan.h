// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The grammar of JSON (RFC 8259), once, for all that reads JSON text here. Private to core/jsonrpc.

#include "core/jsonrpc/json_text.h"

#include <cstring>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sightglass::json {

inline bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

inline const char *skipSpace(const char *p, const char *end)
{
    while (p < end && isSpace(*p))
        ++p;
    return p;
}

inline bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

inline int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// Length of the well-formed UTF-8 sequence at p (Unicode 15, table 3-7); 0: malformed.
int utf8Length(const char *p, const char *end);

/// The first byte from p on that a string cannot just run over: a quote, a backslash, a control
/// character, or a byte beyond ASCII.
inline const char *plainEnd(const char *p, const char *end)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(0x20);
    while (end - p >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
        // Signed: bytes from 0x80 on are below space too.
        const __m128i stop = _mm_or_si128(
            _mm_cmplt_epi8(bytes, space),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
        const int mask = _mm_movemask_epi8(stop);
        if (mask)
            return p + __builtin_ctz(unsigned(mask));
        p += 16;
    }
#endif
    while (p < end && static_cast<signed char>(*p) >= 0x20 && *p != '"' && *p != '\\')
        ++p;
    return p;
}

/// Where scanning went wrong. Sentences are made only then.
struct ScanError {
    const char *at = nullptr;
    QString sentence;
};

/// Behind the closing quote of the string that opens at p; null with the error set.
const char *scanString(const char *p, const char *end, ScanError &error);
/// Behind the number at p; null with the error set.
const char *scanNumber(const char *p, const char *end, ScanError &error);
/// Says that something else was expected at p: "Expected a comma or '}', but found 'x'".
void expected(const char *what, const char *p, const char *end, ScanError &error);

/// The open containers, one bit each; depth is bounded by memory alone.
class ContainerStack {
public:
    bool isEmpty() const { return m_depth == 0; }
    bool topIsObject() const { return m_top & 1; }
    void push(bool object)
    {
        if (m_depth && m_depth % 64 == 0)
            m_below.push_back(m_top);
        m_top = (m_top << 1) | quint64(object);
        ++m_depth;
    }
    void pop()
    {
        m_top >>= 1;
        --m_depth;
        if (m_depth && m_depth % 64 == 0) {
            m_top = m_below.back();
            m_below.pop_back();
        }
    }

private:
    quint64 m_top = 0;
    qint64 m_depth = 0;
    std::vector<quint64> m_below;
};

/// Reads one JSON text from begin to end, iteratively, and tells `sink` what it finds:
///   bool open(bool object, const char *at)        a container opens
///   void close(const char *behind)                the innermost one closed
///   void key(const char *at, const char *behind)  a member's name, with its quotes
///   bool scalar(JsonType type, const char *at, const char *behind)
/// False from the sink stops the scan with an error set by the sink's own means. True if all of the
/// text is one value with nothing but white space around it.
template <typename Sink> bool scan(const char *begin, const char *end, Sink &sink, ScanError &error)
{
    ContainerStack stack;
    const char *p = skipSpace(begin, end);

    const auto key = [&]() {
        if (p == end || *p != '"') {
            expected("a member name in quotes", p, end, error);
            return false;
        }
        const char *behind = scanString(p, end, error);
        if (!behind)
            return false;
        sink.key(p, behind);
        p = skipSpace(behind, end);
        if (p == end || *p != ':') {
            expected("a colon after the member name", p, end, error);
            return false;
        }
        p = skipSpace(p + 1, end);
        return true;
    };

    for (;;) {
        // A value begins at p.
        if (p == end) {
            expected("a value", p, end, error);
            return false;
        }
        const char first = *p;
        if (first == '{' || first == '[') {
            const bool object = first == '{';
            if (!sink.open(object, p))
                return false;
            stack.push(object);
            p = skipSpace(p + 1, end);
            if (p == end || *p != (object ? '}' : ']')) {
                if (object) {
                    if (p < end && *p != '"') {
                        expected("a member name in quotes or '}'", p, end, error);
                        return false;
                    }
                    if (!key())
                        return false;
                }
                continue;
            }
        } else {
            JsonType type = JsonType::Null;
            const char *behind = nullptr;
            const auto literal = [&](const char *word, qsizetype length, JsonType is) {
                if (end - p >= length && std::memcmp(p, word, size_t(length)) == 0) {
                    behind = p + length;
                    type = is;
                } else {
                    expected("a value", p, end, error);
                }
            };
            if (first == '"') {
                type = JsonType::String;
                behind = scanString(p, end, error);
            } else if (first == '-' || isDigit(first)) {
                type = JsonType::Number;
                behind = scanNumber(p, end, error);
            } else if (first == 't') {
                literal("true", 4, JsonType::True);
            } else if (first == 'f') {
                literal("false", 5, JsonType::False);
            } else if (first == 'n') {
                literal("null", 4, JsonType::Null);
            } else {
                expected("a value", p, end, error);
            }
            if (!behind || !sink.scalar(type, p, behind))
                return false;
            p = skipSpace(behind, end);
        }

        // A value ended before p, or an empty container ends at p.
        for (;;) {
            if (stack.isEmpty()) {
                if (p == end)
                    return true;
                expected("the end of the text after the value", p, end, error);
                return false;
            }
            const bool object = stack.topIsObject();
            if (p < end && *p == ',') {
                p = skipSpace(p + 1, end);
                if (object && !key())
                    return false;
                break;
            }
            if (p == end || *p != (object ? '}' : ']')) {
                expected(object ? "a comma or '}'" : "a comma or ']'", p, end, error);
                return false;
            }
            ++p;
            stack.pop();
            sink.close(p);
            p = skipSpace(p, end);
        }
    }
}

} // namespace sightglass::json
