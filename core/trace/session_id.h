// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"

namespace sightglass {

/// Mcp-Session-Id gives access where a server checks nothing else (security best practices, Session
/// Hijacking). It is shown on the screen, but stands in what leaves the program as its fingerprint:
/// the same for the same session, so that one still sees which requests were of which.
inline bool isSessionId(const Header &header)
{
    return header.name.compare("Mcp-Session-Id", Qt::CaseInsensitive) == 0;
}

/// What stands for the header's value in a recording or an export without secrets.
inline QByteArray valueToHandOut(const Redactor &redactor, const Header &header)
{
    return isSessionId(header) && !header.value.isEmpty() ? redactor.fingerprint(header.value)
                                                          : redactor.headerValue(header);
}

/// From now on it is looked for elsewhere, too, where it is one that is told from other text.
inline void addKnownSessionId(Redactor *redactor, const Header &header)
{
    constexpr qsizetype Least = 16;
    if (isSessionId(header) && header.value.size() >= Least)
        redactor->addKnownSecret(header.value);
}

} // namespace sightglass
