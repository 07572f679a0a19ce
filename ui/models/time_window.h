// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>

namespace sightglass {

/// A part of a trace's time; nanoseconds since the trace began, `to` behind its end.
struct TimeWindow {
    qint64 from = 0;
    qint64 to = 1;

    qint64 length() const { return to - from; }
    /// 0 at `from`, 1 at `to`; beyond them outside.
    double shareOf(qint64 at) const { return double(at - from) / double(length()); }
    qint64 timeAt(double share) const { return from + qint64(share * double(length())); }
    bool operator==(const TimeWindow &) const = default;
};

/// `factor` 2: half as long. What was at `anchor` stays where it was. Never beyond `whole`, nor
/// shorter than a microsecond.
TimeWindow zoomed(const TimeWindow &window, double factor, qint64 anchor, const TimeWindow &whole);
/// Moved by that share of its length, as far as `whole` goes.
TimeWindow panned(const TimeWindow &window, double share, const TimeWindow &whole);

/// A moment of an axis, with the words for it.
struct TimeTick {
    qint64 at = 0;
    QString text; ///< seconds with as many places as it takes; the last one names the unit

    bool operator==(const TimeTick &) const = default;
};
/// Round moments within the window: at most `most`, mostly more than half as many.
QList<TimeTick> timeTicks(const TimeWindow &window, int most);

/// The filter that finds what began (an event: came) within: "at:1200ms..3400ms". It is rounded
/// outwards by less than a thousandth of the window.
QString timeTerm(const TimeWindow &window);
/// "1.200 s to 3.400 s".
QString timeWords(const TimeWindow &window);

} // namespace sightglass
