// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/back_off.h"

#include <algorithm>

namespace sightglass {

int backOffMs(int tries, std::optional<qint64> serverRetryMs, double random)
{
    constexpr qint64 First = 500;
    constexpr qint64 Most = 30'000;
    constexpr qint64 Hour = 3'600'000;

    qint64 own = std::min(Most, First << std::clamp(tries, 0, 16));
    own -= static_cast<qint64>(static_cast<double>(own) / 2 * std::clamp(random, 0.0, 1.0));
    if (!serverRetryMs)
        return static_cast<int>(own);
    const qint64 asked = std::clamp<qint64>(*serverRetryMs, 0, Hour);
    // A server that asks for 0 ms must not be hammered, the less if it refuses all the same.
    constexpr qint64 Least = 100;
    return static_cast<int>(std::max(asked, tries == 0 ? Least : own));
}

std::optional<qint64> retryAfter(const QByteArray &value, const QDateTime &now)
{
    constexpr qint64 Most = 24 * 3'600;
    const QByteArray text = value.trimmed();
    const bool digits = !text.isEmpty()
        && std::all_of(text.cbegin(), text.cend(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) {
        bool fits = false;
        const qint64 seconds = text.toLongLong(&fits);
        return (fits ? std::min(seconds, Most) : Most) * 1'000;
    }
    // "Fri, 31 Dec 1999 23:59:59 GMT" is what RFC 2822 has, but for the name of the zone.
    QByteArray date = text;
    if (!date.endsWith(" GMT"))
        return {};
    date.replace(date.size() - 3, 3, "+0000");
    const QDateTime at = QDateTime::fromString(QString::fromLatin1(date), Qt::RFC2822Date);
    if (!at.isValid())
        return {};
    return std::clamp<qint64>(now.msecsTo(at), 0, Most * 1'000);
}

} // namespace sightglass
