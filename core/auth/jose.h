// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <memory>
#include <optional>

namespace sightglass {

/// RFC 7515, 2: base64 of the alphabet for URLs, without padding.
QByteArray base64Url(QByteArrayView bytes);
/// Strict: nothing where a character or the length is none of base64url's, or there is padding.
std::optional<QByteArray> fromBase64Url(QByteArrayView text);

/// RFC 7638 with SHA-256, as base64url, of a key of the type RSA, EC or OKP, whether public or
/// private. Empty where it is none, or lacks a member that counts.
QByteArray jwkThumbprint(const QByteArray &jwk);

/// A private key for signatures of JOSE (RFC 7515, RFC 7518), in memory. The cryptography is
/// OpenSSL's. A value: copies share the key, which cannot change.
class SigningKey {
public:
    SigningKey() = default; ///< none: isNull()

    /// A new key on the curve P-256, for ES256.
    static SigningKey generate();
    /// PKCS#8, or the older forms of RSA and EC keys. RSA of 2048 bits and more, EC on P-256, P-384
    /// and P-521, Ed25519. The failure (kind Usage) says what of it cannot be used; never a part of
    /// the key. Its code is "key-encrypted" where a password is wanted, "key-password" where it is
    /// the wrong one.
    static Expected<SigningKey> fromPem(const QByteArray &pem, const QByteArray &password = {});
    /// What privateJwk() gave.
    static Expected<SigningKey> fromJwk(const QByteArray &jwk);

    bool isNull() const { return !d; }
    QByteArray algorithm() const; ///< "ES256", "ES384", "ES512", "RS256", "EdDSA"
    /// The members that RFC 7638, 3.2 names, and no others: public, in lexicographic order.
    QByteArray publicJwk() const;
    QByteArray thumbprint() const; ///< jwkThumbprint()
    QByteArray privateJwk() const; ///< a secret: for the keychain alone
    /// As a JWS has it: of ECDSA both numbers, of fixed length, one after the other (RFC
    /// 7518, 3.4).
    QByteArray sign(QByteArrayView bytes) const;

    /// The same key.
    bool operator==(const SigningKey &other) const;

private:
    friend class SigningKeyMaker;
    struct Private;
    std::shared_ptr<const Private> d;
};

/// A JWS in compact form (RFC 7515, 7.1). `header` and `claims` are JSON texts; "alg" in the header
/// is the caller's to give.
QByteArray signJwt(const SigningKey &key, const QByteArray &header, const QByteArray &claims);

/// A JWT as it came (RFC 7519), of which nothing is checked.
struct Jwt {
    QByteArray header; ///< JSON text of an object
    QByteArray claims; ///< JSON text of an object
    QByteArray signedPart; ///< what the signature is of
    QByteArray signature; ///< empty: it has none

    bool operator==(const Jwt &) const = default;
};
/// Nothing where it is not three parts of base64url, of which two are JSON objects: an opaque
/// token, or an encrypted one.
std::optional<Jwt> readJwt(QByteArrayView token);

/// Whether a signature is the one of a key.
struct SignatureCheck {
    enum class State : quint8 {
        Valid,
        Wrong, ///< a key that should have made it did not
        NoKey, ///< no key of the set is meant by the header
        Unsupported, ///< "none", a symmetric algorithm, or one that is not known here
    };
    State state = State::NoKey;
    QString sentence; ///< which key and algorithm, or why not

    bool operator==(const SignatureCheck &) const = default;
};
/// Against the keys of a JWK set (RFC 7517, 5): by "kid" where the header has one, else all that
/// fit the algorithm. Never fails otherwise: what is malformed is a key that is not there.
SignatureCheck checkSignature(const Jwt &jwt, const QByteArray &jwks);

} // namespace sightglass
