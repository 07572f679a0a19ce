// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QRegularExpression>

#include <optional>

namespace sightglass::schema {

/// A pattern of a schema (ECMA-262, with the u flag) for PCRE: "$" is the end alone, \u1234 is
/// known, and matching gives up after a bound. Nothing where it is no pattern, or one that PCRE
/// does not read.
std::optional<QRegularExpression> patternOf(const QString &pattern);

/// Whether the pattern is found in the text; nothing where matching was given up.
std::optional<bool> isFound(const QRegularExpression &pattern, const QString &text);

} // namespace sightglass::schema
