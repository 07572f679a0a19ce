// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

namespace sightglass {

/// Replaces secret values by fingerprints. Equal values get equal
/// fingerprints within one recording (one salt), so that two tokens can be
/// told apart unseen; the salt is random per recording, so that fingerprints
/// of two recordings say nothing.
class Redactor {
public:
    explicit Redactor(QByteArray salt);

    /// Authorization, Proxy-Authorization, Cookie, Set-Cookie, and names that look like secrets
    /// (X-Api-Key, *-Token, *Secret*, …). Mcp-Session-Id is none.
    static bool isSecretName(QByteArrayView name);
    static bool isSecret(const Header &header);

    /// "~7f2a": four hexadecimal digits of a keyed hash of the bare secret (for "Bearer x": of x).
    QByteArray fingerprint(QByteArrayView secret) const;
    /// What stands in place of the header's value: "Bearer ~7f2a (40 bytes)"; the value itself
    /// where it is no secret.
    QByteArray headerValue(const Header &header) const;
    /// The URL with the values of secret query parameters (access_token, code, token, …) replaced.
    QUrl url(const QUrl &url) const;
    /// A body with the values of secret members and parameters (access_token, refresh_token,
    /// client_secret, …) and every occurrence of a known secret replaced by the fingerprint, padded
    /// with '*' to the same length, so that byte ranges stay right.
    QByteArray body(const QByteArray &bytes) const;
    /// A value to look for wherever it stands (the bearer token in use, for one).
    void addKnownSecret(QByteArrayView secret);
    bool hasKnownSecret(QByteArrayView secret) const;

private:
    QByteArray m_salt;
    QList<QByteArray> m_known;
};

} // namespace sightglass
