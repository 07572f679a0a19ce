// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_text.h"

#include <array>

namespace sightglass {

using namespace Qt::StringLiterals;

// Unicode's categories Cc and Cf, but for what is drawn (Arabic number signs), and further
// characters that have no width. Joiners of emoji and scripts are among them: they hide things,
// too.
bool isUnseen(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x34f || c == 0x61c
        || c == 0x115f || c == 0x1160 || (c >= 0x17b4 && c <= 0x17b5)
        || (c >= 0x180b && c <= 0x180f) || (c >= 0x200b && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0x3164
        || c == 0xfeff || c == 0xffa0 || (c >= 0xfff9 && c <= 0xfffb)
        || (c >= 0x1bca0 && c <= 0x1bca3) || (c >= 0x1d173 && c <= 0x1d17a)
        || (c >= 0xe0000 && c <= 0xe0fff);
}

QString markedText(const QString &text, LineEnds ends)
{
    QString shown;
    qsizetype copied = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar unit = text.at(i);
        if (unit.unicode() >= 0x20 && unit.unicode() < 0x7f)
            continue;
        const bool pair =
            unit.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        const char32_t c =
            pair ? QChar::surrogateToUcs4(unit, text.at(i + 1)) : char32_t(unit.unicode());
        const qsizetype from = i;
        if (pair)
            ++i;
        if (!isUnseen(c) || (ends == LineEnds::Keep && (c == U'\n' || c == U'\t')))
            continue;
        shown += QStringView(text).mid(copied, from - copied);
        copied = i + 1;
        // Of the two characters of a line end one is enough.
        if (ends == LineEnds::Keep && c == U'\r' && copied < text.size()
            && text.at(copied) == u'\n')
            continue;
        shown += u"<U+%1>"_s.arg(uint(c), 4, 16, QChar(u'0'));
    }
    if (copied == 0)
        return text;
    shown += QStringView(text).mid(copied);
    return shown;
}

QString humanSize(qint64 bytes)
{
    if (bytes < 1000)
        return u"%1 B"_s.arg(bytes);
    static constexpr std::array units{"kB", "MB", "GB", "TB"};
    double value = double(bytes);
    size_t unit = 0;
    value /= 1000;
    // 999,950 bytes would round to 1000.0 kB.
    while (value >= 999.95 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return u"%1 %2"_s.arg(value, 0, 'f', value < 99.95 ? 1 : 0).arg(QLatin1StringView(units[unit]));
}

QString humanDuration(qint64 nanoseconds)
{
    const double ms = double(nanoseconds) / 1e6;
    // The limits are where rounding would lead to the next unit.
    if (ms < 9.95)
        return u"%1 ms"_s.arg(ms, 0, 'f', ms < 0.995 ? 2 : 1);
    if (ms < 999.5)
        return u"%1 ms"_s.arg(ms, 0, 'f', 0);
    if (ms < 59'950)
        return u"%1 s"_s.arg(ms / 1000, 0, 'f', 1);
    const qint64 seconds = (nanoseconds + 500'000'000) / 1'000'000'000;
    return u"%1 min %2 s"_s.arg(seconds / 60).arg(seconds % 60);
}

QByteArray requestHead(const RequestRecord &request)
{
    QByteArray head = request.method + ' ' + request.target + " HTTP/1.1\r\n";
    for (const Header &line : request.headers)
        head += line.name + ": " + line.value + "\r\n";
    return head + "\r\n";
}

} // namespace sightglass
