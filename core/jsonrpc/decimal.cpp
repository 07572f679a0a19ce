// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/decimal.h"

#include "core/jsonrpc/json_scan.h"

#include <algorithm>

namespace sightglass {

namespace {

constexpr qint64 MostExponent = 1'000'000'000'000'000;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
using Wide = unsigned __int128;
#pragma GCC diagnostic pop

quint64 times(quint64 a, quint64 b, quint64 modulus)
{
    return quint64(Wide(a) * b % modulus);
}

} // namespace

bool isJsonNumber(QByteArrayView raw)
{
    if (raw.isEmpty() || (raw.front() != '-' && !json::isDigit(raw.front())))
        return false;
    json::ScanError error;
    const char *const end = raw.data() + raw.size();
    return json::scanNumber(raw.data(), end, error) == end;
}

Decimal decimal(QByteArrayView raw)
{
    Decimal number;
    qsizetype at = 0;
    if (at < raw.size() && raw[at] == '-') {
        number.negative = true;
        ++at;
    }
    bool fraction = false;
    for (; at < raw.size() && raw[at] != 'e' && raw[at] != 'E'; ++at) {
        if (raw[at] == '.') {
            fraction = true;
            continue;
        }
        if (fraction)
            --number.exponent;
        if (raw[at] != '0' || !number.digits.isEmpty())
            number.digits.append(raw[at]);
    }
    if (at < raw.size()) {
        ++at;
        const bool negative = at < raw.size() && raw[at] == '-';
        if (at < raw.size() && (raw[at] == '-' || raw[at] == '+'))
            ++at;
        qint64 power = 0;
        for (; at < raw.size(); ++at)
            power = std::min(MostExponent, power * 10 + (raw[at] - '0'));
        number.exponent += negative ? -power : power;
    }
    qsizetype zeros = 0;
    while (zeros < number.digits.size()
           && number.digits.at(number.digits.size() - 1 - zeros) == '0')
        ++zeros;
    number.digits.chop(zeros);
    number.exponent += zeros;
    if (number.digits.isEmpty())
        return {};
    return number;
}

int compare(const Decimal &a, const Decimal &b)
{
    if (a.isZero() || b.isZero() || a.negative != b.negative) {
        const int signA = a.isZero() ? 0 : a.negative ? -1 : 1;
        const int signB = b.isZero() ? 0 : b.negative ? -1 : 1;
        return signA - signB;
    }
    const int sign = a.negative ? -1 : 1;
    const qint64 lengthA = a.exponent + a.digits.size();
    const qint64 lengthB = b.exponent + b.digits.size();
    if (lengthA != lengthB)
        return lengthA < lengthB ? -sign : sign;
    // The same place before the point: as text, the shorter one goes on with zeros.
    return sign * (a.digits < b.digits ? -1 : a.digits == b.digits ? 0 : 1);
}

std::optional<bool> isMultiple(const Decimal &value, const Decimal &divisor)
{
    if (divisor.isZero() || divisor.digits.size() > 18)
        return {};
    if (value.isZero())
        return true;
    const qint64 shift = value.exponent - divisor.exponent;
    // The value's last digit is not zero, so it is no multiple of a ten.
    if (shift < 0)
        return false;
    const quint64 modulus = divisor.digits.toULongLong();
    quint64 rest = 0;
    for (const char digit : value.digits)
        rest = (times(rest, 10, modulus) + quint64(digit - '0')) % modulus;
    quint64 power = 10 % modulus;
    for (quint64 left = quint64(shift); left > 0; left >>= 1) {
        if (left & 1)
            rest = times(rest, power, modulus);
        power = times(power, power, modulus);
    }
    return rest == 0;
}

} // namespace sightglass
