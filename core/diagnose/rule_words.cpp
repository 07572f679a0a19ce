// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/rule_words.h"

#include <QDateTime>
#include <QStringList>
#include <QTimeZone>

namespace sightglass {

using namespace Qt::StringLiterals;

QString asSubject(const QString &words)
{
    return words.isEmpty() ? words : words.at(0).toUpper() + words.sliced(1);
}

QString timeSpan(qint64 seconds)
{
    constexpr qint64 Minute = 60;
    constexpr qint64 Hour = 60 * Minute;
    constexpr qint64 Day = 24 * Hour;
    if (seconds < 2 * Minute)
        return u"%1 s"_s.arg(seconds);
    if (seconds < 2 * Hour)
        return u"%1 min"_s.arg(seconds / Minute);
    if (seconds < 2 * Day)
        return u"%1 h"_s.arg(seconds / Hour);
    return u"%1 days"_s.arg(seconds / Day);
}

QString timeWords(qint64 secondsSinceEpoch)
{
    return QDateTime::fromSecsSinceEpoch(secondsSinceEpoch, QTimeZone::utc())
        .toString(u"yyyy-MM-dd hh:mm:ss 'UTC'"_s);
}

QString listWords(const QStringList &words)
{
    if (words.size() < 2)
        return words.join(QString());
    return words.first(words.size() - 1).join(u", "_s) + u" and "_s + words.constLast();
}

} // namespace sightglass
