// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/authorizer.h"

#include <QByteArray>
#include <QList>

namespace sightglass {

/// A token that was or is in use, without the token. Times are seconds since 1970, UTC.
struct KnownToken {
    QByteArray fingerprint;
    qint64 received = 0;
    int refreshes = 0; ///< since the log-in; 0: it comes from that
    qint64 replaced = 0; ///< 0: it is in use

    /// "It is an OAuth token, issued 2 h ago, replaced 1 h ago."
    QString sentence(qint64 now) const;
    bool operator==(const KnownToken &) const = default;
};

/// The tokens of one trace, the newest last. Fingerprints are of one redactor: forget them with it.
class TokenHistory {
public:
    /// What is in use now; empty `fingerprint`: nothing.
    void take(const std::optional<TokenFacts> &facts, const QByteArray &fingerprint, qint64 now);
    void forget() { m_tokens.clear(); }
    const QList<KnownToken> &tokens() const { return m_tokens; }

private:
    QList<KnownToken> m_tokens;
};

} // namespace sightglass
