// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/utf8_parts.h"

#include <algorithm>
#include <utility>

namespace sightglass {

int utf8Sequence(const char *p, const char *end)
{
    const auto byte = [p](int i) { return static_cast<unsigned char>(p[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    const int length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    for (int i = 1; i < length; ++i) {
        if (p + i == end)
            return -1;
        unsigned char low = 0x80;
        unsigned char high = 0xbf;
        if (i == 1) {
            low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : low;
            high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : high;
        }
        if (byte(i) < low || byte(i) > high)
            return 0;
    }
    return length;
}

QByteArrayView Utf8Parts::feed(QByteArrayView part)
{
    if (!m_rest.isEmpty()) {
        m_joined = std::exchange(m_rest, {});
        m_joined.append(part);
        part = m_joined;
    }
    // Of the last three bytes one may begin a character that goes on.
    for (qsizetype back = 1; back <= std::min<qsizetype>(3, part.size()); ++back) {
        const char *at = part.end() - back;
        if ((static_cast<unsigned char>(*at) & 0xc0) == 0x80)
            continue;
        if (utf8Sequence(at, part.end()) < 0) {
            m_rest = QByteArray(at, back);
            return part.chopped(back);
        }
        break;
    }
    return part;
}

QByteArrayView Utf8Parts::finish()
{
    m_joined = m_rest;
    m_rest.clear();
    return m_joined;
}

bool Utf8Check::check(QByteArrayView whole)
{
    const char *p = whole.begin();
    while (m_good && p < whole.end()) {
        const int length = utf8Sequence(p, whole.end());
        m_good = length > 0;
        p += length;
    }
    return m_good;
}

bool Utf8Check::feed(QByteArrayView part)
{
    return m_good && check(m_parts.feed(part));
}

bool Utf8Check::finish()
{
    return m_good && m_parts.finish().isEmpty();
}

} // namespace sightglass
