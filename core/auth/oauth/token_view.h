// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/jose.h"

#include <QList>
#include <QStringList>

namespace sightglass {

/// What a token is compared with. What is empty is not compared.
struct TokenContext {
    qint64 now = 0; ///< seconds since 1970
    QString resource; ///< identifier of the resource that it is to open (RFC 8707, 2)
    QString issuer; ///< of the authorisation server (RFC 8414, 2)
    QString clientId;
    QByteArray jwks; ///< the authorisation server's keys
    QByteArray keyThumbprint; ///< of the key that proves possession (RFC 9449, 6.1)
};

/// A claim, or a member of the header, for people. The texts hold nothing unseen; long ones are
/// cut.
struct ClaimView {
    QString name;
    QString value; ///< a text without quotes, everything else as JSON
    QString meaning; ///< in words; empty: not known here
    bool wrong = false; ///< the meaning says what is wrong

    bool operator==(const ClaimView &) const = default;
};

/// Two strings that have to be the same, to the letter.
struct TokenComparison {
    enum class State : quint8 {
        None, ///< nothing to compare with
        Same,
        Differs,
        Absent, ///< the token does not say
    };
    State state = State::None;
    QString expected;
    QStringList found; ///< an audience may be several
    QString sentence; ///< empty where there is nothing to compare with

    bool operator==(const TokenComparison &) const = default;
};

/// A token as people read it. It does not hold the token, and no part of its signature.
struct TokenView {
    enum class Form : quint8 {
        Jwt,
        Encrypted, ///< JWE: only the resource can read it
        Opaque,
        Introspection, ///< what the authorisation server told of it (RFC 7662)
    };
    enum class Validity : quint8 {
        Unknown, ///< it does not say
        Valid,
        Expired,
        NotYet, ///< "nbf" is to come
        Inactive, ///< introspection says so, whatever the times
    };
    Form form = Form::Opaque;
    Validity validity = Validity::Unknown;
    QString sentence; ///< what it is, and how long it lasts
    QList<ClaimView> header; ///< in the order of the token
    QList<ClaimView> claims;
    QStringList scopes; ///< "scope" or "scp", each once
    /// Seconds since 1970; nothing where the claim is absent or no time.
    std::optional<qint64> expires, notBefore, issued;
    std::optional<SignatureCheck> signature; ///< where there are keys to check with
    TokenComparison audience;
    TokenComparison issuer;
    TokenComparison key; ///< "cnf", where the token is bound to one

    bool operator==(const TokenView &) const = default;
};

/// An access token, an ID token, or any other: of a JWT the claims (RFC 7519, RFC 9068). Nothing
/// is too malformed to be told.
TokenView viewToken(QByteArrayView token, const TokenContext &context);
/// The body of an introspection endpoint's answer (RFC 7662, 2.2).
TokenView viewIntrospection(const QByteArray &body, const TokenContext &context);

/// "in 58 min", "2 h 5 min ago", "now": two units at most, rounded down.
QString timeInWords(qint64 seconds, qint64 now);

} // namespace sightglass
