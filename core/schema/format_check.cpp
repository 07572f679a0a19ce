// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/schema/format_check.h"

#include "core/schema/pattern.h"

#include <QDate>
#include <QHostAddress>
#include <QUrl>
#include <QUuid>

namespace sightglass::schema {

namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype MaxText = 10'000; // characters; what is longer has none of these formats

bool matches(const QString &pattern, const QString &text, QRegularExpressionMatch *match = nullptr)
{
    const QRegularExpressionMatch found =
        QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text);
    if (match)
        *match = found;
    return found.hasMatch();
}

bool isDate(const QString &text)
{
    return matches(u"[0-9]{4}-[0-9]{2}-[0-9]{2}"_s, text)
        && QDate::fromString(text, u"yyyy-MM-dd"_s).isValid();
}

bool isTime(const QString &text)
{
    QRegularExpressionMatch match;
    if (!matches(u"([0-9]{2}):([0-9]{2}):([0-9]{2})(\\.[0-9]+)?([Zz]|[+-]([0-9]{2}):([0-9]{2}))"_s,
                 text, &match))
        return false;
    const int second = match.captured(3).toInt();
    return match.captured(1).toInt() < 24 && match.captured(2).toInt() < 60
        && (second < 60 || (second == 60 && match.captured(2).toInt() == 59))
        && match.captured(6).toInt() < 24 && match.captured(7).toInt() < 60;
}

bool isUri(const QString &text, bool relative)
{
    if (!matches(u"[!#$&-;=?-\\[\\]_a-z~A-Z%]*"_s, text))
        return false;
    if (matches(u".*%(?![0-9A-Fa-f]{2}).*"_s, text))
        return false;
    const QUrl url(text, QUrl::StrictMode);
    return url.isValid() ? relative || !url.isRelative() : relative && text.isEmpty();
}

bool isIpv4(const QString &text)
{
    static const QString byte = u"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"_s;
    return matches(u"(%1\\.){3}%1"_s.arg(byte), text);
}

} // namespace

std::optional<bool> hasFormat(const QString &format, const QString &text)
{
    const bool isShort = text.size() <= MaxText;
    if (format == u"date"_s)
        return isShort && isDate(text);
    if (format == u"time"_s)
        return isShort && isTime(text);
    if (format == u"date-time"_s)
        return isShort && text.size() > 11 && (text.at(10) == u'T' || text.at(10) == u't')
            && isDate(text.left(10)) && isTime(text.mid(11));
    if (format == u"email"_s)
        return isShort
            && matches(
                   u"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?"_s,
                   text)
            && !text.startsWith(u'.') && !text.contains(u".."_s) && !text.contains(u".@"_s);
    if (format == u"uri"_s || format == u"uri-reference"_s)
        return isShort && isUri(text, format == u"uri-reference"_s);
    if (format == u"ipv4"_s)
        return isShort && isIpv4(text);
    if (format == u"ipv6"_s)
        return isShort && text.contains(u':') && !text.contains(u'%')
            && !QHostAddress(text).isNull();
    if (format == u"uuid"_s)
        return matches(u"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"_s, text);
    if (format == u"regex"_s)
        return patternOf(text).has_value();
    return {};
}

QString formatExample(const QString &format)
{
    if (format == u"date"_s)
        return u"1999-12-31"_s;
    if (format == u"time"_s)
        return u"14:30:00Z"_s;
    if (format == u"date-time"_s)
        return u"1999-12-31T14:30:00Z"_s;
    if (format == u"email"_s)
        return u"name@host.example"_s;
    if (format == u"uri"_s)
        return u"https://host.example/path"_s;
    if (format == u"ipv4"_s)
        return u"192.0.2.1"_s;
    if (format == u"ipv6"_s)
        return u"2001:db8::1"_s;
    if (format == u"uuid"_s)
        return u"123e4567-e89b-12d3-a456-426614174000"_s;
    return {};
}

} // namespace sightglass::schema
