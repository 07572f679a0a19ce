// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_text.h"

#include "core/jsonrpc/json_skim.h"
#include "core/jsonrpc/json_text.h"

#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sightglass {

namespace {

/// So much of a text a regular expression looks at: what it costs stays in proportion.
constexpr qsizetype RegexBytes = 64 * 1024;

constexpr char foldedByte(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}

constexpr char upperByte(char c)
{
    return c >= 'a' && c <= 'z' ? char(c - 32) : c;
}

bool isFolded(const char *text, QByteArrayView lower)
{
    for (qsizetype i = 0; i < lower.size(); ++i) {
        if (foldedByte(text[i]) != lower[i])
            return false;
    }
    return true;
}

} // namespace

qsizetype findFolded(QByteArrayView text, QByteArrayView lower)
{
    const qsizetype length = lower.size();
    if (length == 0)
        return 0;
    if (text.size() < length)
        return -1;
    const char *begin = text.data();
    const char *p = begin;
    const char *last = begin + (text.size() - length); // the last place where it may begin
    const char first = lower.front();
    const char firstUpper = upperByte(first);
    const char tail = lower.back();
    const char tailUpper = upperByte(tail);
#if defined(__SSE2__)
    // Places where both the first and the last byte fit are few.
    const __m128i a = _mm_set1_epi8(first);
    const __m128i A = _mm_set1_epi8(firstUpper);
    const __m128i z = _mm_set1_epi8(tail);
    const __m128i Z = _mm_set1_epi8(tailUpper);
    while (last - p >= 15) {
        const __m128i heads = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
        const __m128i tails = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p + length - 1));
        const __m128i fits =
            _mm_and_si128(_mm_or_si128(_mm_cmpeq_epi8(heads, a), _mm_cmpeq_epi8(heads, A)),
                          _mm_or_si128(_mm_cmpeq_epi8(tails, z), _mm_cmpeq_epi8(tails, Z)));
        unsigned mask = unsigned(_mm_movemask_epi8(fits));
        while (mask) {
            const char *at = p + __builtin_ctz(mask);
            if (isFolded(at, lower))
                return at - begin;
            mask &= mask - 1;
        }
        p += 16;
    }
#endif
    for (; p <= last; ++p) {
        if ((*p == first || *p == firstUpper)
            && (p[length - 1] == tail || p[length - 1] == tailUpper) && isFolded(p, lower))
            return p - begin;
    }
    return -1;
}

TextTest::TextTest(const FilterTerm &term, bool whole)
    : m_text(term.value.text)
{
    const bool exact = term.op == FilterOperator::Equal || term.op == FilterOperator::NotEqual;
    m_mode = term.value.regex ? Mode::Regex
        : exact               ? Mode::Exact
        : whole               ? Mode::Whole
                              : Mode::Part;
    if (m_mode == Mode::Regex) {
        m_regex = filterRegex(m_text, term.value.caseless);
        m_regex.optimize(); // now, not by whichever thread comes first
    }
    m_bytes = m_mode == Mode::Exact ? m_text.toUtf8() : m_text.toLower().toUtf8();
}

bool TextTest::matches(QByteArrayView utf8) const
{
    switch (m_mode) {
    case Mode::Part:
        return findFolded(utf8, m_bytes) >= 0;
    case Mode::Whole:
        return utf8.size() == m_bytes.size() && isFolded(utf8.data(), m_bytes);
    case Mode::Exact:
        return utf8 == QByteArrayView(m_bytes);
    case Mode::Regex:
        return matchesRegex(QString::fromUtf8(utf8.first(std::min(utf8.size(), RegexBytes))));
    }
    return false;
}

bool TextTest::matches(QStringView text) const
{
    switch (m_mode) {
    case Mode::Part:
        return text.contains(m_text, Qt::CaseInsensitive);
    case Mode::Whole:
        return text.compare(m_text, Qt::CaseInsensitive) == 0;
    case Mode::Exact:
        return text == m_text;
    case Mode::Regex:
        return matchesRegex(text.left(RegexBytes).toString());
    }
    return false;
}

bool TextTest::matchesRegex(const QString &text) const
{
    return m_regex.match(text).hasMatch();
}

bool TextTest::matchesJson(QByteArrayView raw) const
{
    if (!raw.startsWith('"'))
        return matches(raw);
    const QByteArrayView plain = plainJsonString(raw);
    return plain.isNull() ? matches(QStringView(jsonUnquoted(raw))) : matches(plain);
}

} // namespace sightglass
