// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/jose.h"

namespace sightglass {

/// What goes beside a client assertion as client_assertion_type (RFC 7523, 2.2).
inline constexpr char ClientAssertionType[] =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client says of itself with private_key_jwt.
struct ClientAssertion {
    QString clientId; ///< both who says it (iss) and whom it is about (sub)
    /// The issuer identifier of the authorisation server, to the letter. RFC 7523, 3 allows the
    /// address of the token endpoint as well, which a hostile server can name to have an assertion
    /// for another: what succeeds that RFC allows the issuer alone.
    QString audience;
    QByteArray jti; ///< unguessable, another for each assertion
    qint64 iat = 0; ///< seconds since 1970: now
    qint64 lifetime = 60; ///< seconds from iat to exp
    QString keyId; ///< as the key was registered; empty: the header names none

    bool operator==(const ClientAssertion &) const = default;
};

/// The value of client_assertion (RFC 7523, 2.2 and 3). Empty where the key is none.
QByteArray signedAssertion(const SigningKey &key, const ClientAssertion &assertion);

} // namespace sightglass
