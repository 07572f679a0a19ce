// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_keys.h"
#include "core/jsonrpc/decimal.h"

#include <QRegularExpression>

#include <limits>

namespace sightglass {

/// What is wrong with a filter, and where: characters of the text.
struct FilterProblem {
    qsizetype start = 0;
    qsizetype length = 0; ///< at least 1
    QString sentence;

    bool operator==(const FilterProblem &) const = default;
};

enum class FilterOperator : quint8 {
    Exists, ///< none is written: is it there?
    Has, ///< :
    Equal,
    NotEqual, ///< holds wherever Equal does not
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
};
/// As it is written: ":", ">=".
QString filterOperatorText(FilterOperator op);

/// Numbers from `low` to `high`.
struct FilterRange {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool lowOpen = false; ///< `low` itself is not in it
    bool highOpen = false;

    bool holds(double number) const
    {
        return (lowOpen ? number > low : number >= low)
            && (highOpen ? number < high : number <= high);
    }
    bool operator==(const FilterRange &) const = default;
};

/// The same for numbers of JSON, exactly: 9007199254740993 is not 9007199254740992, and 1e400 is a
/// number like others. The ends of its FilterRange are the nearest doubles.
struct DecimalRange {
    std::optional<Decimal> low; ///< nothing: it has no end there
    std::optional<Decimal> high;
    bool lowOpen = false;
    bool highOpen = false;

    bool holds(const Decimal &number) const
    {
        return (!low || compare(number, *low) >= (lowOpen ? 1 : 0))
            && (!high || compare(number, *high) <= (highOpen ? -1 : 0));
    }
    bool isEmpty() const
    {
        const int ends = low && high ? compare(*low, *high) : -1;
        return ends > 0 || (ends == 0 && (lowOpen || highOpen));
    }
    bool operator==(const DecimalRange &) const = default;
};

/// What stands behind an operator, read as its key wants it.
struct FilterValue {
    QString text; ///< as meant: quotation marks and escapes taken away; of a regex its pattern
    bool quoted = false;
    bool regex = false;
    bool caseless = false; ///< of a regex: written /…/i
    std::optional<FilterRange> range; ///< of a number, with the operator taken into it
    std::optional<DecimalRange> exact; ///< of Json and ErrorCode, beside `range`
    int choice = -1; ///< of a Choice: its place in the key's list
    bool timeOfDay = false; ///< of a Clock: ms of a day here; else ms since 1970 UTC

    bool operator==(const FilterValue &) const = default;
};

struct FilterTerm {
    FilterField field = FilterField::Words;
    FilterValueKind kind = FilterValueKind::Text;
    FilterScope scope = FilterScope::Both;
    FilterOperator op = FilterOperator::Has;
    QString argument;
    FilterValue value;

    bool operator==(const FilterTerm &) const = default;
};

/// What a filter says, as a tree. All and Any have at least two children, Not has one.
struct FilterNode {
    enum class Kind : quint8 { All, Any, Not, Term };
    Kind kind = Kind::Term;
    QList<FilterNode> children;
    FilterTerm term;

    bool operator==(const FilterNode &) const = default;
};

/// A filter that was read. What is wrong in it is left out, and the rest holds: so what one types
/// filters before it is complete.
struct FilterSyntax {
    std::optional<FilterNode> root; ///< nothing: it asks nothing
    QList<FilterProblem> problems; ///< in the order of the text
};
/// Pure, linear in the text; nesting is bounded.
FilterSyntax parseFilter(const QString &text);
/// How deep parentheses may nest.
constexpr int MaxFilterDepth = 100;

/// A filter that wants a term besides: with parentheses where it has an "or".
QString filterWithTerm(const QString &text, const QString &term);

/// The tree in one line, for tests and for people who wonder how it was read:
/// "(all status:4xx (not header.x))".
QString filterTreeText(const FilterSyntax &syntax);

/// A regular expression of a filter as it is run: with a limit on its steps, so that none hangs.
QRegularExpression filterRegex(const QString &pattern, bool caseless);

} // namespace sightglass
