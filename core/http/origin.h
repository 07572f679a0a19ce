// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QUrl>

namespace sightglass {

/// Scheme, host and port of a URL (RFC 6454): what credentials are bound to.
struct Origin {
    QByteArray scheme; ///< lower case
    QByteArray host; ///< lower case, ACE form, IPv6 without brackets
    int port = -1; ///< never -1 for http and https

    static Origin of(const QUrl &url);
    bool isValid() const { return !scheme.isEmpty() && !host.isEmpty(); }
    QByteArray toString() const; ///< "https://example.org" or "http://[::1]:8080"

    bool operator==(const Origin &) const = default;
};

} // namespace sightglass
