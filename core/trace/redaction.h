// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

#include <array>

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

    /// "~7f2a": four hexadecimal digits of a keyed hash (HMAC-SHA-256) of the bare secret (for
    /// "Bearer x": of x). What is a fingerprint already (in a redacted recording) stays as it is.
    QByteArray fingerprint(QByteArrayView secret) const;
    /// What stands in place of the header's value: "Bearer ~7f2a (40 bytes)"; the value itself
    /// where it is no secret.
    QByteArray headerValue(const Header &header) const;
    /// The URL with user info and the values of secret query parameters (access_token, code, token,
    /// …) replaced.
    QUrl url(const QUrl &url) const;
    /// The same for a request target or any part of a URL, encoded.
    QByteArray target(QByteArrayView target) const;
    /// A body with the values of secret members and parameters (access_token, refresh_token,
    /// client_secret, …) and every occurrence of a known secret replaced by the fingerprint, padded
    /// with '*' to the same length, so that byte ranges stay right.
    QByteArray body(const QByteArray &bytes) const;
    /// The same for a text for people (a note, the sentence of a failure).
    QString text(const QString &text) const;
    /// Only what is known replaced, wherever it stands; shorter than before.
    QByteArray withoutKnown(QByteArrayView bytes) const;
    /// The same of a text that goes on: `rest` becomes how many of the last bytes were left for the
    /// part that follows, since a secret may begin in them.
    QByteArray withoutKnown(QByteArrayView bytes, qsizetype *rest) const;
    /// The same of a JSON text, which stays one: within strings alone. Of what is no JSON all.
    QByteArray jsonWithoutKnown(const QByteArray &json) const;
    bool knowsSecrets() const { return !m_known.isEmpty(); }
    qsizetype knownCount() const { return m_known.size(); }
    /// A value to look for wherever it stands (the bearer token in use, for one).
    /// A scheme before it ("Bearer x") is left out. Secrets under 4 bytes and those that may be
    /// ordinary words (up to 12 letters) are not looked for: they would be found everywhere.
    void addKnownSecret(QByteArrayView secret);
    /// The same of one that stands behind `before` ("--token "): where it is too short or too much
    /// of a word to be looked for anywhere, it is looked for behind that.
    void addKnownSecretBehind(const QByteArray &before, const QByteArray &secret);
    /// The bare secrets that a secret header holds (of a cookie each value, of Basic the password,
    /// too), from now on known.
    void addKnownSecretsOf(const Header &header);
    bool hasKnownSecret(QByteArrayView secret) const;

    /// One spelling of a known secret: as it is, percent-encoded, or escaped for JSON.
    struct Pattern {
        QByteArray bytes;
        QByteArray fingerprint;
    };
    /// A known secret that begins where one looked.
    struct Found {
        qsizetype length = 0; ///< as it is spelled there; 0: none begins there
        bool unclear = false; ///< one, or a longer one, may begin there: what follows tells
        QByteArray fingerprint;
    };
    /// In any spelling, also where only some of its bytes are escaped (%2B, \u002b, \/), and JSON
    /// within JSON. `bytes` are not empty.
    Found knownAt(QByteArrayView bytes) const;
    /// False where knownAt() finds nothing that begins with this byte.
    bool mayBeginKnown(char first) const
    {
        return (!m_known.isEmpty() && (first == '\\' || first == '%'))
            || !m_patterns[size_t(static_cast<unsigned char>(first))].isEmpty();
    }

private:
    void lookFor(const QByteArray &bare, const QByteArray &mark);

    QByteArray m_salt;
    QList<Pattern> m_known; ///< as they are
    std::array<QList<Pattern>, 256> m_patterns; ///< by first byte, the longest first
};

} // namespace sightglass
