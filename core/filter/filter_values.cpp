// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_values.h"

#include "core/trace/redaction.h"

#include <QDateTime>
#include <QTimeZone>

#include <cmath>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr double DayLength = 24.0 * 60 * 60 * 1000;

struct Unit {
    QLatin1StringView name;
    double factor;
};

constexpr Unit TimeUnits[] = {{"ns"_L1, 1},   {"us"_L1, 1e3},   {"ms"_L1, 1e6},  {"s"_L1, 1e9},
                              {"m"_L1, 60e9}, {"min"_L1, 60e9}, {"h"_L1, 3600e9}};
constexpr Unit SizeUnits[] = {{"b"_L1, 1},
                              {"k"_L1, 1e3},
                              {"kb"_L1, 1e3},
                              {"m"_L1, 1e6},
                              {"mb"_L1, 1e6},
                              {"g"_L1, 1e9},
                              {"gb"_L1, 1e9},
                              {"kib"_L1, 1024},
                              {"mib"_L1, 1024.0 * 1024},
                              {"gib"_L1, 1024.0 * 1024 * 1024}};
constexpr Unit CountUnits[] = {{"k"_L1, 1e3}, {"m"_L1, 1e6}};

/// What one value covers: a time of the clock is a minute or a second long.
struct Span {
    double from = 0;
    double to = 0; ///< not in it where `wide`
    bool wide = false;
    bool timeOfDay = false;
};

bool isNumber(QStringView text)
{
    // Digits of ASCII, at most one point, perhaps a sign: no "inf", no "1e400".
    bool digit = false;
    bool point = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c >= u'0' && c <= u'9')
            digit = true;
        else if (c == u'.' && !point)
            point = true;
        else if (!(i == 0 && (c == u'-' || c == u'+')))
            return false;
    }
    return digit;
}

template <size_t N>
std::optional<Span> withUnit(QStringView text, const Unit (&units)[N], double plain)
{
    qsizetype end = text.size();
    while (end > 0 && text.at(end - 1).isLetter())
        --end;
    const QStringView number = text.left(end);
    const QStringView unit = text.mid(end);
    // Times, sizes and counts are never less than nothing.
    if (!isNumber(number) || number.size() > 30 || number.startsWith(u'-'))
        return {};
    double factor = plain;
    if (!unit.isEmpty()) {
        if (unit == u"µs" || unit == u"μs") {
            factor = 1e3;
        } else {
            const auto *found =
                std::find_if(std::begin(units), std::end(units), [&](const Unit &u) {
                    return unit.compare(u.name, Qt::CaseInsensitive) == 0;
                });
            if (found == std::end(units))
                return {};
            factor = found->factor;
        }
    }
    const double value = number.toDouble() * factor;
    return Span{value, value};
}

std::optional<Span> wholeNumber(QStringView text)
{
    bool ok = false;
    const qint64 value = text.toLongLong(&ok);
    if (!ok)
        return {};
    return Span{double(value), double(value)};
}

std::optional<Span> jsonNumber(QStringView text)
{
    if (!isJsonNumber(text.toUtf8()))
        return {};
    // Beyond what a double holds: infinite, or zero. DecimalRange knows better.
    const double value = text.toDouble();
    return Span{value, value};
}

std::optional<Span> timeOfClock(QStringView text)
{
    static const QRegularExpression form(
        uR"(^(?:(\d{4})-(\d\d)-(\d\d))?(?:(^|T)(\d{1,2}):(\d\d)(?::(\d\d)(\.\d{1,3})?)?)?(Z)?$)"_s);
    const QRegularExpressionMatch match = form.match(text.toString());
    if (!match.hasMatch() || text.isEmpty())
        return {};
    const bool hasDate = !match.captured(1).isEmpty();
    const bool hasTime = !match.captured(5).isEmpty();
    const bool utc = !match.captured(9).isEmpty();
    if (!hasTime && !hasDate)
        return {};
    if (hasDate && hasTime && match.captured(4).isEmpty())
        return {};
    const QTime time = hasTime
        ? QTime(match.captured(5).toInt(), match.captured(6).toInt(), match.captured(7).toInt(),
                match.captured(8).isEmpty()
                    ? 0
                    : int(std::lround(match.captured(8).toDouble() * 1000)) % 1000)
        : QTime(0, 0);
    if (!time.isValid())
        return {};
    const double length = !hasTime     ? DayLength
        : !match.captured(8).isEmpty() ? std::pow(10.0, 4 - match.captured(8).size())
        : !match.captured(7).isEmpty() ? 1000
                                       : 60'000;
    if (!hasDate) {
        if (utc) // of no day in particular
            return {};
        return Span{double(time.msecsSinceStartOfDay()),
                    double(time.msecsSinceStartOfDay()) + length, true, true};
    }
    const QDate date(match.captured(1).toInt(), match.captured(2).toInt(),
                     match.captured(3).toInt());
    if (!date.isValid())
        return {};
    const QDateTime begin = utc ? QDateTime(date, time, QTimeZone::utc()) : QDateTime(date, time);
    const double from = double(begin.toMSecsSinceEpoch());
    return Span{from, from + length, true, false};
}

std::optional<Span> spanOf(const FilterKey &key, QStringView text)
{
    switch (key.kind) {
    case FilterValueKind::Size:
        return withUnit(text, SizeUnits, 1);
    case FilterValueKind::Time:
        return withUnit(text, TimeUnits, key.name == "ms"_L1 ? 1e6 : 1e9);
    case FilterValueKind::Number:
        if (key.field == FilterField::Events)
            return withUnit(text, CountUnits, 1);
        return text.startsWith(u'-') ? std::nullopt : wholeNumber(text);
    case FilterValueKind::Status:
    case FilterValueKind::ErrorCode:
        return wholeNumber(text);
    case FilterValueKind::Clock:
        return timeOfClock(text);
    case FilterValueKind::Json:
        return jsonNumber(text);
    case FilterValueKind::Text:
    case FilterValueKind::Name:
    case FilterValueKind::Choice:
    case FilterValueKind::Credential:
        break;
    }
    return {};
}

/// The numbers for which `number OP span` holds; NotEqual is made by whoever asks.
FilterRange rangeOf(FilterOperator op, const Span &span)
{
    FilterRange range;
    switch (op) {
    case FilterOperator::Less:
        range.high = span.from;
        range.highOpen = true;
        break;
    case FilterOperator::LessOrEqual:
        range.high = span.to;
        range.highOpen = span.wide;
        break;
    case FilterOperator::Greater:
        range.low = span.to;
        range.lowOpen = !span.wide;
        break;
    case FilterOperator::GreaterOrEqual:
        range.low = span.from;
        break;
    case FilterOperator::Has:
    case FilterOperator::Equal:
    case FilterOperator::NotEqual:
    case FilterOperator::Exists:
        range = {span.from, span.to, false, span.wide};
        break;
    }
    return range;
}

bool isComparison(FilterOperator op)
{
    return op >= FilterOperator::Less;
}

/// The range of "10..20", "10..", "..20" or of one value; nothing where it is none.
std::optional<FilterRange> readRange(const FilterKey &key, FilterOperator op, const QString &text,
                                     bool *timeOfDay)
{
    const qsizetype dots = text.indexOf(".."_L1);
    if (dots < 0) {
        const std::optional<Span> span = text.isEmpty() ? std::nullopt : spanOf(key, text);
        if (!span)
            return {};
        *timeOfDay = span->timeOfDay;
        return rangeOf(op, *span);
    }
    if (isComparison(op))
        return {};
    const QStringView low = QStringView(text).left(dots);
    const QStringView high = QStringView(text).mid(dots + 2);
    if (low.isEmpty() && high.isEmpty())
        return {};
    FilterRange range;
    std::optional<bool> ofDay;
    for (const bool upper : {false, true}) {
        const QStringView part = upper ? high : low;
        if (part.isEmpty())
            continue;
        const std::optional<Span> span = spanOf(key, part);
        // A day's time and a date do not go together.
        if (!span || (ofDay && *ofDay != span->timeOfDay))
            return {};
        ofDay = span->timeOfDay;
        if (upper) {
            range.high = span->to;
            range.highOpen = span->wide;
        } else {
            range.low = span->from;
        }
    }
    *timeOfDay = *ofDay;
    return range;
}

/// The same range, with its ends as they are written.
DecimalRange exactRange(const FilterRange &range, FilterOperator op, const QString &text)
{
    const qsizetype dots = text.indexOf(".."_L1);
    const QByteArray low = text.left(dots < 0 ? text.size() : dots).toUtf8();
    const QByteArray high = dots < 0 ? low : text.mid(dots + 2).toUtf8();
    DecimalRange exact;
    if (!low.isEmpty() && op != FilterOperator::Less && op != FilterOperator::LessOrEqual)
        exact.low = decimal(low);
    if (!high.isEmpty() && op != FilterOperator::Greater && op != FilterOperator::GreaterOrEqual)
        exact.high = decimal(high);
    exact.lowOpen = range.lowOpen;
    exact.highOpen = range.highOpen;
    return exact;
}

QString readStatus(const FilterKey &key, FilterTerm &term)
{
    const QString sentence =
        u"status: takes a number such as 401, a class from 1xx to 5xx, or none."_s;
    const QString &text = term.value.text;
    if (text.compare("none"_L1, Qt::CaseInsensitive) == 0 && !isComparison(term.op)) {
        term.value.range = FilterRange{0, 0, false, false};
        return {};
    }
    if (text.size() == 3 && text.at(0) >= u'1' && text.at(0) <= u'5'
        && text.endsWith("xx"_L1, Qt::CaseInsensitive)) {
        const double hundreds = text.at(0).digitValue() * 100;
        term.value.range = rangeOf(term.op, {std::max(1.0, hundreds), hundreds + 100, true});
    } else {
        bool timeOfDay = false;
        for (const QString &part : text.split(u".."_s)) {
            const bool digits = part.size() == 3 && part.at(0) != u'0'
                && std::all_of(part.begin(), part.end(),
                               [](QChar c) { return c >= u'0' && c <= u'9'; });
            if (!digits && !part.isEmpty())
                return sentence;
        }
        term.value.range = readRange(key, term.op, text, &timeOfDay);
        if (!term.value.range)
            return sentence;
    }
    // No answer is no small status.
    term.value.range->low = std::max(1.0, term.value.range->low);
    return {};
}

QString wrongNumber(const FilterKey &key)
{
    switch (key.field) {
    case FilterField::Error:
        return u"error: takes a JSON-RPC code such as -32602, or isError."_s;
    case FilterField::Id:
        return u"id: takes the number of an exchange, from 1 on."_s;
    case FilterField::Clock:
        return u"clock: takes a time such as 14:03 or 2026-11-27T14:03, or a range such as "
               "14:03..14:05."_s;
    default:
        break;
    }
    if (key.kind == FilterValueKind::Size)
        return u"%1: takes a size such as 200, 10kB or 1MB."_s.arg(key.name);
    if (key.kind == FilterValueKind::Time)
        return u"%1: takes a time such as 500ms, 2s or 1m."_s.arg(key.name);
    return u"%1: takes a number such as %2."_s.arg(key.name, key.values.section(u',', 0, 0));
}

QString readNumber(const FilterKey &key, FilterTerm &term)
{
    if (key.field == FilterField::Error
        && term.value.text.compare("isError"_L1, Qt::CaseInsensitive) == 0) {
        if (isComparison(term.op))
            return wrongNumber(key);
        term.value.choice = 0;
        return {};
    }
    term.value.range = readRange(key, term.op, term.value.text, &term.value.timeOfDay);
    if (!term.value.range || (key.field == FilterField::Id && term.value.text == "0"_L1))
        return wrongNumber(key);
    if (key.kind == FilterValueKind::ErrorCode)
        term.value.exact = exactRange(*term.value.range, term.op, term.value.text);
    return {};
}

/// A range from the larger to the smaller end. Times of a day go over midnight so.
QString emptyRange(const QString &shown, const FilterValue &value)
{
    const qsizetype dots = value.text.indexOf(".."_L1);
    if (dots < 0 || !value.range || value.timeOfDay)
        return {};
    const FilterRange &range = *value.range;
    if (value.exact ? !value.exact->isEmpty()
                    : range.low < range.high || (range.low == range.high && !range.highOpen))
        return {};
    return u"%1: %2 holds nothing; the smaller end comes first: %3..%4."_s.arg(
        shown, value.text, value.text.mid(dots + 2), value.text.left(dots));
}

/// A name as headers have it (RFC 9110, section 5.6.2: token).
bool isHeaderName(const QString &name)
{
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber())
            || QStringView(u"!#$%&'*+-.^_`|~").contains(c);
    });
}

/// What is wrong with a header's name or a pointer (RFC 6901, section 3).
QString wrongArgument(const FilterKey &key, const QString &argument)
{
    if (key.argument == FilterKey::Argument::Header && !isHeaderName(argument))
        return u"“%1” is no name of a header."_s.arg(argument);
    if (key.argument != FilterKey::Argument::Pointer)
        return {};
    for (qsizetype at = argument.indexOf(u'~'); at >= 0; at = argument.indexOf(u'~', at + 1)) {
        const QString escape = argument.mid(at, 2);
        if (escape != "~0"_L1 && escape != "~1"_L1)
            return u"“%1” means nothing in a JSON pointer: ~0 is a “~” there, and ~1 a “/”."_s.arg(
                escape);
    }
    return {};
}

/// The ids that the catalogue of failures has (core/diagnose, which this room does not know; a test
/// holds them together).
bool isFindingId(const QString &text)
{
    constexpr std::pair<int, int> numbers[] = {{1, 12}, {20, 32}, {40, 49}, {60, 67}, {80, 99}};
    static const QRegularExpression form(u"^AF-[0-9][0-9]$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    if (!form.match(text).hasMatch() || text.endsWith(u'\n'))
        return false;
    const int number = QStringView(text).right(2).toInt();
    return std::any_of(std::begin(numbers), std::end(numbers), [number](const auto &range) {
        return range.first <= number && number <= range.second;
    });
}

QString listed(const QStringList &words)
{
    return words.mid(0, words.size() - 1).join(u", "_s) + u" or "_s + words.constLast();
}

} // namespace

QString readFilterValue(const FilterKey &key, FilterTerm &term)
{
    const QString shown = key.name + term.argument.mid(term.argument.startsWith(u'/') ? 1 : 0);
    FilterValue &value = term.value;
    if (const QString wrong = wrongArgument(key, term.argument); !wrong.isEmpty())
        return wrong;
    if (term.op == FilterOperator::Exists)
        return {};
    if (key.argument == FilterKey::Argument::Header
        && Redactor::isSecretName(term.argument.toLatin1())) {
        return u"The value of %1 is a secret and cannot be searched for; %2 alone asks whether it "
               "was there."_s.arg(term.argument, shown);
    }
    if (value.text.isEmpty() && !value.quoted && !value.regex)
        return u"%1%2 wants a value."_s.arg(shown, filterOperatorText(term.op));
    if (isComparison(term.op) && !key.ordered)
        return u"%1 is not compared by size: %1: and %1= are what it takes."_s.arg(shown);
    if (value.regex) {
        const bool takes = key.kind == FilterValueKind::Text || key.kind == FilterValueKind::Name
            || key.kind == FilterValueKind::Json;
        if (!takes)
            return u"%1 takes no regular expression, but %2."_s.arg(shown, key.values);
        if (isComparison(term.op))
            return u"A regular expression goes with : and =, not with %1."_s.arg(
                filterOperatorText(term.op));
        return {};
    }
    switch (key.kind) {
    case FilterValueKind::Status:
        if (const QString wrong = readStatus(key, term); !wrong.isEmpty())
            return wrong;
        return emptyRange(shown, value);
    case FilterValueKind::Number:
    case FilterValueKind::ErrorCode:
    case FilterValueKind::Size:
    case FilterValueKind::Time:
    case FilterValueKind::Clock:
        if (const QString wrong = readNumber(key, term); !wrong.isEmpty())
            return wrong;
        return emptyRange(shown, value);
    case FilterValueKind::Json:
        if (!value.quoted)
            value.range = readRange(key, term.op, value.text, &value.timeOfDay);
        if (value.range)
            value.exact = exactRange(*value.range, term.op, value.text);
        if (isComparison(term.op) && !value.range)
            return u"%1%2 compares with a number."_s.arg(shown, filterOperatorText(term.op));
        return emptyRange(shown, value);
    case FilterValueKind::Choice:
        value.choice = int(key.choices.indexOf(value.text.toLower()));
        return value.choice < 0 ? u"%1: takes %2."_s.arg(key.name, listed(key.choices)) : QString();
    case FilterValueKind::Text:
    case FilterValueKind::Name:
        // What is everywhere is not asked for.
        if (value.text.isEmpty() && term.op == FilterOperator::Has)
            return u"%1: wants a value."_s.arg(shown);
        if (key.field == FilterField::Finding && !isFindingId(value.text))
            return u"“%1” is no id of the catalogue of failures: those are such as AF-01."_s.arg(
                value.text);
        return {};
    case FilterValueKind::Credential:
        value.text = value.text.toLower();
        if (value.text.isEmpty())
            return u"%1: wants a value."_s.arg(shown);
        return isHeaderName(value.text) ? QString()
                                        : u"%1: takes the name of a header, or any."_s.arg(shown);
    }
    return {};
}

} // namespace sightglass
