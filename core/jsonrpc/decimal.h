// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

#include <optional>

namespace sightglass {

/// A JSON number as it is written, exactly: digits times ten to the exponent. Numbers beyond what a
/// double holds (2^53 + 1, an amount of money) are told apart, which a double would not.
struct Decimal {
    bool negative = false;
    QByteArray digits; ///< without zeros at either end; empty: zero
    qint64 exponent = 0; ///< of the last digit

    bool isZero() const { return digits.isEmpty(); }
    bool isInteger() const { return isZero() || exponent >= 0; }
    bool operator==(const Decimal &) const = default;
};

/// As RFC 8259 has it, section 6: no sign "+", no zeros before others, a digit on either side of
/// the point.
bool isJsonNumber(QByteArrayView raw);
/// `raw` is a number of JSON (RFC 8259, section 6). Exponents beyond a thousand million millions
/// count as that.
Decimal decimal(QByteArrayView raw);
/// Less than, equal to or greater than 0, as a is to b.
int compare(const Decimal &a, const Decimal &b);
/// Nothing where the divisor is zero or has more than 18 digits.
std::optional<bool> isMultiple(const Decimal &value, const Decimal &divisor);

} // namespace sightglass
