// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_text.h"

#include <array>

namespace sightglass {

using namespace Qt::StringLiterals;

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
