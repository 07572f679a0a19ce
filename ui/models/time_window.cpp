// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/time_window.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace sightglass {

namespace {

constexpr qint64 kLeastNs = 1000;
constexpr qint64 kSecondNs = 1'000'000'000;

/// The window of that length from there, moved into the whole.
TimeWindow within(qint64 from, qint64 length, const TimeWindow &whole)
{
    if (length >= whole.length())
        return whole;
    const qint64 start = std::clamp(from, whole.from, whole.to - length);
    return {start, start + length};
}

QString seconds(qint64 at, int places)
{
    return QLocale(QLocale::English, QLocale::UnitedKingdom)
        .toString(double(at) / double(kSecondNs), 'f', places);
}

/// Places behind the point that tell moments apart which lie so far from each other.
int placesFor(qint64 step)
{
    int places = 0;
    for (qint64 unit = kSecondNs; unit > step && places < 9; unit /= 10)
        ++places;
    return places;
}

} // namespace

TimeWindow zoomed(const TimeWindow &window, double factor, qint64 anchor, const TimeWindow &whole)
{
    if (!(factor > 0))
        return window;
    const double wanted = double(window.length()) / factor;
    const qint64 longest = std::max<qint64>(1, whole.length());
    const qint64 length = wanted >= double(longest)
        ? longest
        : std::clamp(qint64(std::llround(wanted)), std::min(kLeastNs, longest), longest);
    const double share = std::clamp(window.shareOf(anchor), 0.0, 1.0);
    return within(window.timeAt(share) - qint64(share * double(length)), length, whole);
}

TimeWindow panned(const TimeWindow &window, double share, const TimeWindow &whole)
{
    return within(window.timeAt(share), window.length(), whole);
}

QList<TimeTick> timeTicks(const TimeWindow &window, int most)
{
    if (most < 1 || window.length() < 1)
        return {};
    // 1, 2, 5, 10, …
    constexpr std::array<qint64, 3> Factors{1, 2, 5};
    qint64 step = 1;
    for (qint64 unit = 1; window.length() / step + 1 > most; unit *= 10) {
        for (const qint64 factor : Factors) {
            step = unit * factor;
            if (window.length() / step + 1 <= most)
                break;
        }
        if (unit > window.length())
            break;
    }
    const int places = placesFor(step);
    QList<TimeTick> ticks;
    qint64 at = window.from / step * step;
    if (at < window.from)
        at += step;
    for (; at <= window.to && ticks.size() < most; at += step)
        ticks.append({at, seconds(at, places)});
    if (!ticks.isEmpty())
        ticks.last().text = QCoreApplication::translate("sightglass::TimeWindow", "%1 s")
                                .arg(ticks.constLast().text);
    return ticks;
}

QString timeTerm(const TimeWindow &window)
{
    struct Unit {
        qint64 ns;
        const char *name;
    };
    constexpr std::array<Unit, 4> Units{
        {{kSecondNs, "s"}, {1'000'000, "ms"}, {1000, "us"}, {1, "ns"}}};
    Unit unit = Units.back();
    for (const Unit &at : Units) {
        if (at.ns * 1000 <= window.length()) {
            unit = at;
            break;
        }
    }
    const qint64 from = std::max<qint64>(0, window.from) / unit.ns;
    const qint64 to = (std::max<qint64>(0, window.to) + unit.ns - 1) / unit.ns;
    return QStringLiteral("at:%1%3..%2%3")
        .arg(QString::number(from), QString::number(to), QLatin1String(unit.name));
}

QString timeWords(const TimeWindow &window)
{
    const int places = std::max(3, placesFor(std::max<qint64>(1, window.length() / 100)));
    return QCoreApplication::translate("sightglass::TimeWindow", "%1 s to %2 s")
        .arg(seconds(window.from, places), seconds(window.to, places));
}

} // namespace sightglass
