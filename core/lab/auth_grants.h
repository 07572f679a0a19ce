// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QHash>
#include <QStringList>

#include <optional>

namespace sightglass {

// Times are ms since 1970.

/// What somebody consented to, or a client may do by itself.
struct LabGrant {
    QString clientId;
    QString redirectUri;
    QString challenge; ///< of PKCE, S256
    QStringList scopes;
    QString resource; ///< for which the tokens are (RFC 8707)
    QByteArray thumbprint; ///< of the key that it is bound to (RFC 9449, 10); empty: none

    bool operator==(const LabGrant &) const = default;
};

/// An access token.
struct LabToken {
    LabGrant grant;
    QStringList scopes; ///< of those of the grant
    QString audience;
    qint64 issued = 0;
    qint64 expires = 0;
    QByteArray thumbprint; ///< of the key that it is bound to (RFC 9449, 6); empty: none
    int family = 0; ///< all that came from one consent
    bool refreshed = false; ///< it came from a refresh token
    bool scopeAsked = true; ///< the refresh named a scope
    bool revoked = false;

    bool operator==(const LabToken &) const = default;
};

/// Codes, access tokens and refresh tokens of one authorisation server, in memory. They are kept by
/// their digests. The oldest are forgotten when there are too many.
class LabGrants {
public:
    /// A code for one use.
    QByteArray addCode(const LabGrant &grant, qint64 expires);
    struct Code {
        LabGrant grant;
        int family = 0;
    };
    /// Nothing where it is unknown, too old or used before; the tokens that came of a code that is
    /// used again are revoked (OAuth 2.1, 4.1.3).
    std::optional<Code> useCode(const QByteArray &code, qint64 now);
    int newFamily() { return ++m_families; }

    void addToken(const QByteArray &value, const LabToken &token);
    /// Also one that is revoked or too old; null: there is none.
    const LabToken *token(const QByteArray &value) const;
    void revokeToken(const QByteArray &value);

    QByteArray addRefresh(const LabGrant &grant, int family);
    struct Refresh {
        LabGrant grant;
        int family = 0;
        bool used = false;
    };
    /// Null: there is none, or it was revoked.
    const Refresh *refresh(const QByteArray &value) const;
    /// It is used up; another takes its place.
    QByteArray rotate(const QByteArray &value);
    /// All tokens of a family, and its code.
    void revokeFamily(int family);

private:
    struct KeptCode {
        Code code;
        qint64 expires = 0;
        bool used = false;
    };
    QHash<QByteArray, KeptCode> m_codes;
    QHash<QByteArray, LabToken> m_tokens;
    QHash<QByteArray, Refresh> m_refreshes;
    QList<QByteArray> m_codeOrder;
    QList<QByteArray> m_tokenOrder;
    QList<QByteArray> m_refreshOrder;
    int m_families = 0;
};

} // namespace sightglass
