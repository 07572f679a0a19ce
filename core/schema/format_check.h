// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <optional>

namespace sightglass::schema {

/// Whether the text has the format (2020-12 validation, section 7.3): date, time, date-time (RFC
/// 3339), email, uri and uri-reference (RFC 3986), ipv4, ipv6, uuid, regex. Nothing for others.
std::optional<bool> hasFormat(const QString &format, const QString &text);
/// What a text of that format looks like: "1999-12-31"; empty where there is nothing to say.
QString formatExample(const QString &format);

} // namespace sightglass::schema
