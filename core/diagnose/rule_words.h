// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace sightglass {

// Words that the rules have in common.

/// With a capital letter: at the head of a sentence.
QString asSubject(const QString &words);
/// "40 s", "12 min", "3 h", "5 days": one number that is easily understood.
QString timeSpan(qint64 seconds);
/// "2026-11-27 18:02:03 UTC" from seconds since 1970.
QString timeWords(qint64 secondsSinceEpoch);
/// "a, b and c".
QString listWords(const QStringList &words);

} // namespace sightglass
