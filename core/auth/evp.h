// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenSSL's types with owners, and what both halves of jose.h need of them. Private to core/auth.

#include <QByteArray>
#include <QByteArrayView>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>

namespace sightglass::evp {

template <auto Free> struct Freed {
    template <typename T> void operator()(T *object) const { Free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

// Of the RSA keys that are used at all.
constexpr int MinRsaBits = 2048; ///< RFC 7518, 3.3
constexpr int MaxRsaBits = 8192; ///< what is longer takes seconds a signature

/// What signs how (RFC 7518, 3.1; RFC 8037, 3.1).
struct Algorithm {
    const char *name; ///< of "alg"
    const char *type; ///< "kty" of the keys that fit
    const char *curve; ///< their "crv"; empty for RSA
    const char *digest; ///< OpenSSL's name; null: a part of the algorithm
    bool pss; ///< RSASSA-PSS
    int coordinate; ///< bytes of each number of ECDSA and of each coordinate; 0: none
};
/// Null: not one that a pair of keys makes, or not known here.
const Algorithm *findAlgorithm(QByteArrayView name);

/// The members of a JWK (RFC 7518, 6), decoded. Those of other types of key are empty.
struct KeyParts {
    QByteArray type; ///< "EC", "RSA", "OKP"
    QByteArray curve; ///< "P-256", "P-384", "P-521", "Ed25519"
    QByteArray x, y; ///< a point; OKP has x alone
    QByteArray n, e; ///< RSA
    QByteArray d; ///< private; empty: a public key
    QByteArray p, q, dp, dq, qi; ///< private, RSA
};
/// Null where they make no key: a point that is not on the curve, a type that is not known.
Key keyOf(const KeyParts &parts);
/// The parts of a key, those of the private one too where it has them. No type: a key of a kind
/// that is not known here.
KeyParts partsOf(const EVP_PKEY *key);

/// The signature as a JWS has it; empty where the key cannot make one.
QByteArray sign(EVP_PKEY *key, const Algorithm &algorithm, QByteArrayView bytes);
bool verify(EVP_PKEY *key, const Algorithm &algorithm, QByteArrayView bytes,
            QByteArrayView signature);

} // namespace sightglass::evp
