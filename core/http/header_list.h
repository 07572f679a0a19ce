// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"
#include "core/trace/records.h"

namespace sightglass {

/// Why a header line cannot be sent as it is, and where.
struct HeaderProblem {
    qsizetype position = 0; ///< byte in the value (or name) that is at fault
    bool inName = false;
    bool fatal = true; ///< false: a warning, it can be sent (non-ASCII)
    QString sentence;

    bool operator==(const HeaderProblem &) const = default;
};

/// The ordered header lines of one message. Keeps order, spelling and
/// duplicates; each line knows who put it there. Names compare without case
/// (RFC 9110, 5.1).
class HeaderList {
public:
    HeaderList() = default;
    explicit HeaderList(QList<Header> lines);

    /// CR, LF and NUL in a value and anything but token characters in a name (RFC 9110, 5.5 and
    /// 5.6.2) are fatal; other bytes outside of visible ASCII are a warning.
    static std::optional<HeaderProblem> check(QByteArrayView name, QByteArrayView value);
    /// Splits "Name: value" as a person types it.
    static Expected<Header> parse(QByteArrayView line, HeaderSource source);

    /// Appends a line, also where the name is there already. The caller has checked it.
    void add(Header header);
    void add(QByteArrayView name, QByteArrayView value, HeaderSource source, bool secret = false);
    /// Replaces all lines of that name by one, at the place of the first.
    void set(QByteArrayView name, QByteArrayView value, HeaderSource source, bool secret = false);
    void remove(QByteArrayView name);

    bool contains(QByteArrayView name) const;
    QByteArray value(QByteArrayView name) const; ///< of the first line; empty where there is none
    const QList<Header> &lines() const { return m_lines; }
    bool isEmpty() const { return m_lines.isEmpty(); }

    bool operator==(const HeaderList &) const = default;

private:
    QList<Header> m_lines;
};

/// True if a and b are the same header name.
bool sameHeaderName(QByteArrayView a, QByteArrayView b);

} // namespace sightglass
