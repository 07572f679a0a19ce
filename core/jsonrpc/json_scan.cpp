// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_scan.h"

namespace sightglass::json {

int utf8Length(const char *p, const char *end)
{
    const auto byte = [&](int i) { return quint8(p[i]); };
    const auto follows = [&](int i, quint8 low = 0x80, quint8 high = 0xBF) {
        return end - p > i && byte(i) >= low && byte(i) <= high;
    };
    const quint8 lead = byte(0);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return follows(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const quint8 low = lead == 0xE0 ? 0xA0 : 0x80;
        const quint8 high = lead == 0xED ? 0x9F : 0xBF;
        return follows(1, low, high) && follows(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const quint8 low = lead == 0xF0 ? 0x90 : 0x80;
        const quint8 high = lead == 0xF4 ? 0x8F : 0xBF;
        return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

namespace {

QString hex(quint8 byte)
{
    return QStringLiteral("0x")
        + QString::number(byte, 16).rightJustified(2, QLatin1Char('0')).toUpper();
}

/// What stands at p, in words.
QString found(const char *p, const char *end)
{
    if (p >= end)
        return QStringLiteral("the text ends here");
    const quint8 byte = quint8(*p);
    if (byte == '\'')
        return QStringLiteral("found a single quote");
    if (byte > 0x20 && byte < 0x7F)
        return QStringLiteral("found '%1'").arg(QLatin1Char(*p));
    if (end - p >= 3 && std::memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        return QStringLiteral("found a byte order mark");
    const int length = utf8Length(p, end);
    if (length > 1)
        return QStringLiteral("found '%1'").arg(QString::fromUtf8(p, length));
    return QStringLiteral("found the byte %1").arg(hex(byte));
}

const char *fail(const char *at, const QString &sentence, ScanError &error)
{
    error = {at, sentence};
    return nullptr;
}

} // namespace

void expected(const char *what, const char *p, const char *end, ScanError &error)
{
    error = {p, QStringLiteral("Expected %1, but %2.").arg(QLatin1String(what), found(p, end))};
}

const char *scanStringFrom(const char *p, const char *open, const char *end, ScanError &error)
{
    for (;;) {
        p = plainEnd(p, end);
        if (p == end)
            return fail(open, QStringLiteral("This string is not closed before the text ends."),
                        error);
        const char c = *p;
        if (c == '"')
            return p + 1;
        if (c == '\\') {
            if (end - p < 2)
                return fail(open, QStringLiteral("This string is not closed before the text ends."),
                            error);
            const char escape = p[1];
            if (escape == 'u') {
                for (int i = 2; i < 6; ++i) {
                    if (end - p <= i || hexDigit(p[i]) < 0)
                        return fail(p,
                                    QStringLiteral("Expected four hexadecimal digits after \\u."),
                                    error);
                }
                p += 6;
            } else if (escape == '"' || escape == '\\' || escape == '/' || escape == 'b'
                       || escape == 'f' || escape == 'n' || escape == 'r' || escape == 't') {
                p += 2;
            } else {
                return fail(
                    p, QStringLiteral("Expected one of \" \\ / b f n r t u after the backslash."),
                    error);
            }
        } else if (quint8(c) < 0x20) {
            return fail(p,
                        QStringLiteral("The control character %1 has to be escaped in a string.")
                            .arg(hex(quint8(c))),
                        error);
        } else {
            const int length = utf8Length(p, end);
            if (!length)
                return fail(
                    p, QStringLiteral("The byte %1 is not valid UTF-8 here.").arg(hex(quint8(c))),
                    error);
            p += length;
        }
    }
}

const char *scanNumber(const char *p, const char *end, ScanError &error)
{
    const auto digits = [&](const char *where) {
        if (p == end || !isDigit(*p)) {
            expected(where, p, end, error);
            return false;
        }
        while (p < end && isDigit(*p))
            ++p;
        return true;
    };
    if (*p == '-')
        ++p;
    if (p < end && *p == '0') {
        ++p;
        if (p < end && isDigit(*p))
            return fail(p - 1, QStringLiteral("A number has no leading zero."), error);
    } else if (!digits("a digit after the minus sign")) {
        return nullptr;
    }
    if (p < end && *p == '.') {
        ++p;
        if (!digits("a digit after the decimal point"))
            return nullptr;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        ++p;
        if (p < end && (*p == '+' || *p == '-'))
            ++p;
        if (!digits("a digit in the exponent"))
            return nullptr;
    }
    return p;
}

} // namespace sightglass::json
