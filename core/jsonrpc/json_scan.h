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
    // Mostly there is none.
    if (p < end && quint8(*p) > ' ')
        return p;
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
    if (end - p >= 8) {
        const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p));
        const __m128i stop = _mm_or_si128(
            _mm_cmplt_epi8(bytes, space),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
        const int mask = _mm_movemask_epi8(stop) & 0xff;
        if (mask)
            return p + __builtin_ctz(unsigned(mask));
        p += 8;
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

/// The rest of scanString(): the string opens at `open`, and is plain up to p.
const char *scanStringFrom(const char *p, const char *open, const char *end, ScanError &error);

/// Behind the closing quote of the string that opens at p; null with the error set.
inline const char *scanString(const char *p, const char *end, ScanError &error)
{
    const char *stop = plainEnd(p + 1, end);
    return stop < end && *stop == '"' ? stop + 1 : scanStringFrom(stop, p, end, error);
}

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

/// A member's name and its colon: tells `name` (at, behind) of it, and gives where its value is to
/// begin; null with the error set.
template <typename Name>
const char *scanName(const char *p, const char *end, ScanError &error, Name name)
{
    if (p == end || *p != '"') {
        expected("a member name in quotes", p, end, error);
        return nullptr;
    }
    const char *behind = scanString(p, end, error);
    if (!behind)
        return nullptr;
    name(p, behind);
    p = skipSpace(behind, end);
    if (p == end || *p != ':') {
        expected("a colon after the member name", p, end, error);
        return nullptr;
    }
    return skipSpace(p + 1, end);
}

/// Behind the scalar at p, its type in `type`; null with the error set.
inline const char *scanScalar(const char *p, const char *end, JsonType &type, ScanError &error)
{
    const auto literal = [&](const char *word, qsizetype length, JsonType is) -> const char * {
        if (end - p >= length && std::memcmp(p, word, size_t(length)) == 0) {
            type = is;
            return p + length;
        }
        expected("a value", p, end, error);
        return nullptr;
    };
    const char first = p < end ? *p : '\0';
    if (first == '"') {
        type = JsonType::String;
        return scanString(p, end, error);
    }
    if (first == '-' || isDigit(first)) {
        type = JsonType::Number;
        return scanNumber(p, end, error);
    }
    if (first == 't')
        return literal("true", 4, JsonType::True);
    if (first == 'f')
        return literal("false", 5, JsonType::False);
    if (first == 'n')
        return literal("null", 4, JsonType::Null);
    expected("a value", p, end, error);
    return nullptr;
}

/// Reads the JSON value that begins at p, iteratively, and tells `sink` what it finds:
///   bool open(bool object, const char *at)        a container opens
///   void close(const char *behind)                the innermost one closed
///   void key(const char *at, const char *behind)  a member's name, with its quotes
///   bool scalar(JsonType type, const char *at, const char *behind)
/// False from the sink stops the scan with an error set by the sink's own means. Gives where the
/// value ends; null with the error set.
template <typename Sink>
const char *scanValue(const char *p, const char *end, Sink &sink, ScanError &error)
{
    ContainerStack stack;
    const auto key = [&sink](const char *at, const char *behind) { sink.key(at, behind); };
    for (;;) {
        // A value begins at p.
        if (p < end && (*p == '{' || *p == '[')) {
            const bool object = *p == '{';
            if (!sink.open(object, p))
                return nullptr;
            stack.push(object);
            p = skipSpace(p + 1, end);
            if (p == end || *p != (object ? '}' : ']')) {
                if (object) {
                    if (p < end && *p != '"') {
                        expected("a member name in quotes or '}'", p, end, error);
                        return nullptr;
                    }
                    p = scanName(p, end, error, key);
                    if (!p)
                        return nullptr;
                }
                continue;
            }
        } else {
            JsonType type = JsonType::Null;
            const char *behind = scanScalar(p, end, type, error);
            if (!behind || !sink.scalar(type, p, behind))
                return nullptr;
            if (stack.isEmpty())
                return behind;
            p = skipSpace(behind, end);
        }

        // A value ended before p, or an empty container ends at p.
        for (;;) {
            const bool object = stack.topIsObject();
            if (p < end && *p == ',') {
                p = skipSpace(p + 1, end);
                if (object) {
                    p = scanName(p, end, error, key);
                    if (!p)
                        return nullptr;
                }
                break;
            }
            if (p == end || *p != (object ? '}' : ']')) {
                expected(object ? "a comma or '}'" : "a comma or ']'", p, end, error);
                return nullptr;
            }
            ++p;
            stack.pop();
            sink.close(p);
            if (stack.isEmpty())
                return p;
            p = skipSpace(p, end);
        }
    }
}

/// What stands behind a text's value: true if it is white space alone.
inline bool scanEnd(const char *p, const char *end, ScanError &error)
{
    p = skipSpace(p, end);
    if (p == end)
        return true;
    expected("the end of the text after the value", p, end, error);
    return false;
}

/// As scanValue(), for all of a text: true if it is one value with nothing but white space around
/// it.
template <typename Sink> bool scan(const char *begin, const char *end, Sink &sink, ScanError &error)
{
    const char *behind = scanValue(skipSpace(begin, end), end, sink, error);
    return behind && scanEnd(behind, end, error);
}

/// For what only has to be JSON.
struct NoSink {
    bool open(bool, const char *) { return true; }
    void close(const char *) { }
    void key(const char *, const char *) { }
    bool scalar(JsonType, const char *, const char *) { return true; }
};

} // namespace sightglass::json
