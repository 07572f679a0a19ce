// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace sightglass {

/// Length of the well-formed UTF-8 sequence at p (Unicode 15, table 3-7); 0: malformed, -1: it may
/// go on behind the end.
int utf8Sequence(const char *p, const char *end);

/// Bytes that come in parts, without a character that is cut: what begins one at the end of a part
/// comes with the next.
class Utf8Parts {
public:
    /// What of the part, and of what was held back before it, ends with a whole character. Holds
    /// until the next call.
    QByteArrayView feed(QByteArrayView part);
    /// What was held back: bytes that began a character and came to nothing.
    QByteArrayView finish();

private:
    QByteArray m_rest;
    QByteArray m_joined;
};

/// Tells of bytes that come in parts whether they are UTF-8.
class Utf8Check {
public:
    bool feed(QByteArrayView part); ///< false: they are not, whatever follows
    bool finish();

private:
    bool check(QByteArrayView whole);
    Utf8Parts m_parts;
    bool m_good = true;
};

} // namespace sightglass
