// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/evp.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <array>

namespace sightglass::evp {

namespace {

using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;

constexpr std::array Algorithms{
    Algorithm{"ES256", "EC", "P-256", "SHA256", false, 32},
    Algorithm{"ES384", "EC", "P-384", "SHA384", false, 48},
    Algorithm{"ES512", "EC", "P-521", "SHA512", false, 66},
    Algorithm{"RS256", "RSA", "", "SHA256", false, 0},
    Algorithm{"RS384", "RSA", "", "SHA384", false, 0},
    Algorithm{"RS512", "RSA", "", "SHA512", false, 0},
    Algorithm{"PS256", "RSA", "", "SHA256", true, 0},
    Algorithm{"PS384", "RSA", "", "SHA384", true, 0},
    Algorithm{"PS512", "RSA", "", "SHA512", true, 0},
    Algorithm{"EdDSA", "OKP", "Ed25519", nullptr, false, 0},
};

struct CurveName {
    const char *jose;
    const char *openssl;
    int coordinate; ///< bytes
};
constexpr std::array Curves{
    CurveName{"P-256", "prime256v1", 32},
    CurveName{"P-384", "secp384r1", 48},
    CurveName{"P-521", "secp521r1", 66},
};
constexpr size_t Ed25519Size = 32;

const unsigned char *bytesOf(QByteArrayView view)
{
    return reinterpret_cast<const unsigned char *>(view.data());
}

unsigned char *bytesOf(QByteArray &bytes)
{
    return reinterpret_cast<unsigned char *>(bytes.data());
}

/// Big-endian, of that many bytes (0: as few as it takes). Empty where the key has no such number.
QByteArray numberOf(const EVP_PKEY *key, const char *name, int size = 0)
{
    BIGNUM *read = nullptr;
    if (!EVP_PKEY_get_bn_param(key, name, &read))
        return {};
    const Number number(read);
    QByteArray bytes(size ? size : BN_num_bytes(number.get()), '\0');
    if (BN_bn2binpad(number.get(), bytesOf(bytes), int(bytes.size())) < 0)
        return {};
    return bytes;
}

/// Numbers that are to become parameters: the builder keeps no copy of them until it is done.
class NumberParams {
public:
    NumberParams()
        : m_builder(OSSL_PARAM_BLD_new())
    {
    }
    OSSL_PARAM_BLD *builder() { return m_builder.get(); }
    void add(const char *name, const QByteArray &bytes)
    {
        Number number(BN_bin2bn(bytesOf(bytes), int(bytes.size()), nullptr));
        m_good = m_good && number && OSSL_PARAM_BLD_push_BN(m_builder.get(), name, number.get());
        m_numbers[m_count++] = std::move(number);
    }
    Key make(const char *type, int selection)
    {
        const Params params(m_good ? OSSL_PARAM_BLD_to_param(m_builder.get()) : nullptr);
        const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
        EVP_PKEY *key = nullptr;
        if (!params || !context || EVP_PKEY_fromdata_init(context.get()) <= 0
            || EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) <= 0)
            return {};
        return Key(key);
    }

private:
    ParamBuilder m_builder;
    std::array<Number, 8> m_numbers;
    size_t m_count = 0;
    bool m_good = true;
};

int selectionOf(const KeyParts &parts)
{
    return parts.d.isEmpty() ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR;
}

Key ecKeyOf(const KeyParts &parts)
{
    for (const CurveName &curve : Curves) {
        if (parts.curve != curve.jose || parts.x.size() != curve.coordinate
            || parts.y.size() != curve.coordinate)
            continue;
        const QByteArray point = '\x04' + parts.x + parts.y;
        NumberParams params;
        OSSL_PARAM_BLD_push_utf8_string(params.builder(), OSSL_PKEY_PARAM_GROUP_NAME, curve.openssl,
                                        0);
        OSSL_PARAM_BLD_push_octet_string(params.builder(), OSSL_PKEY_PARAM_PUB_KEY,
                                         point.constData(), size_t(point.size()));
        if (!parts.d.isEmpty())
            params.add(OSSL_PKEY_PARAM_PRIV_KEY, parts.d);
        return params.make("EC", selectionOf(parts));
    }
    return {};
}

Key rsaKeyOf(const KeyParts &parts)
{
    if (parts.n.isEmpty() || parts.e.isEmpty())
        return {};
    NumberParams params;
    params.add(OSSL_PKEY_PARAM_RSA_N, parts.n);
    params.add(OSSL_PKEY_PARAM_RSA_E, parts.e);
    if (!parts.d.isEmpty()) {
        params.add(OSSL_PKEY_PARAM_RSA_D, parts.d);
        params.add(OSSL_PKEY_PARAM_RSA_FACTOR1, parts.p);
        params.add(OSSL_PKEY_PARAM_RSA_FACTOR2, parts.q);
        params.add(OSSL_PKEY_PARAM_RSA_EXPONENT1, parts.dp);
        params.add(OSSL_PKEY_PARAM_RSA_EXPONENT2, parts.dq);
        params.add(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, parts.qi);
    }
    return params.make("RSA", selectionOf(parts));
}

Key edwardsKeyOf(const KeyParts &parts)
{
    if (parts.curve != "Ed25519")
        return {};
    const QByteArray &raw = parts.d.isEmpty() ? parts.x : parts.d;
    const auto make =
        parts.d.isEmpty() ? EVP_PKEY_new_raw_public_key_ex : EVP_PKEY_new_raw_private_key_ex;
    if (size_t(raw.size()) != Ed25519Size)
        return {};
    Key key(make(nullptr, "ED25519", nullptr, bytesOf(raw), Ed25519Size));
    // Of the private key follows the public one; another beside it is a mistake.
    if (key && partsOf(key.get()).x != parts.x)
        return {};
    return key;
}

/// RFC 7518, 3.4: the two numbers of ECDSA one after the other, from and to what OpenSSL has.
QByteArray pairOfDer(const QByteArray &der, int coordinate)
{
    const unsigned char *at = bytesOf(der);
    const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, long(der.size())));
    QByteArray pair(qsizetype(2) * coordinate, '\0');
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytesOf(pair), coordinate) < 0
        || BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytesOf(pair) + coordinate, coordinate)
            < 0)
        return {};
    return pair;
}

QByteArray derOfPair(QByteArrayView pair, int coordinate)
{
    if (pair.size() != qsizetype(2) * coordinate)
        return {};
    const EcdsaSignature signature(ECDSA_SIG_new());
    Number r(BN_bin2bn(bytesOf(pair), coordinate, nullptr));
    Number s(BN_bin2bn(bytesOf(pair) + coordinate, coordinate, nullptr));
    if (!signature || !r || !s || !ECDSA_SIG_set0(signature.get(), r.get(), s.get()))
        return {};
    (void)r.release(); // the signature's now
    (void)s.release();
    unsigned char *out = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &out);
    const QByteArray der(reinterpret_cast<const char *>(out), qMax(size, 0));
    OPENSSL_free(out);
    return der;
}

bool setPadding(EVP_PKEY_CTX *context, const Algorithm &algorithm)
{
    // RFC 7518, 3.5: the mask is of the same digest, the salt as long as the digest.
    return !algorithm.pss
        || (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0
            && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0);
}

} // namespace

const Algorithm *findAlgorithm(QByteArrayView name)
{
    for (const Algorithm &algorithm : Algorithms) {
        if (name == algorithm.name)
            return &algorithm;
    }
    return nullptr;
}

Key keyOf(const KeyParts &parts)
{
    Key key;
    if (parts.type == "EC")
        key = ecKeyOf(parts);
    else if (parts.type == "RSA")
        key = rsaKeyOf(parts);
    else if (parts.type == "OKP")
        key = edwardsKeyOf(parts);
    ERR_clear_error();
    return key;
}

KeyParts partsOf(const EVP_PKEY *key)
{
    KeyParts parts;
    if (EVP_PKEY_is_a(key, "EC")) {
        char group[64] = {};
        EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                       nullptr);
        for (const CurveName &curve : Curves) {
            if (QByteArrayView(group) != curve.openssl)
                continue;
            parts.type = "EC";
            parts.curve = curve.jose;
            parts.x = numberOf(key, OSSL_PKEY_PARAM_EC_PUB_X, curve.coordinate);
            parts.y = numberOf(key, OSSL_PKEY_PARAM_EC_PUB_Y, curve.coordinate);
            parts.d = numberOf(key, OSSL_PKEY_PARAM_PRIV_KEY, curve.coordinate);
        }
    } else if (EVP_PKEY_is_a(key, "RSA")) {
        parts.type = "RSA";
        parts.n = numberOf(key, OSSL_PKEY_PARAM_RSA_N);
        parts.e = numberOf(key, OSSL_PKEY_PARAM_RSA_E);
        parts.d = numberOf(key, OSSL_PKEY_PARAM_RSA_D);
        parts.p = numberOf(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
        parts.q = numberOf(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
        parts.dp = numberOf(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
        parts.dq = numberOf(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
        parts.qi = numberOf(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
    } else if (EVP_PKEY_is_a(key, "ED25519")) {
        parts.type = "OKP";
        parts.curve = "Ed25519";
        QByteArray raw(Ed25519Size, '\0');
        size_t size = Ed25519Size;
        if (EVP_PKEY_get_raw_public_key(key, bytesOf(raw), &size))
            parts.x = raw;
        if (EVP_PKEY_get_raw_private_key(key, bytesOf(raw), &size))
            parts.d = raw;
    }
    ERR_clear_error();
    return parts;
}

QByteArray sign(EVP_PKEY *key, const Algorithm &algorithm, QByteArrayView bytes)
{
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *keyContext = nullptr; // the digest's own
    QByteArray signature;
    size_t size = 0;
    if (EVP_DigestSignInit_ex(context.get(), &keyContext, algorithm.digest, nullptr, nullptr, key,
                              nullptr)
            > 0
        && setPadding(keyContext, algorithm)
        && EVP_DigestSign(context.get(), nullptr, &size, bytesOf(bytes), size_t(bytes.size()))
            > 0) {
        signature.resize(qsizetype(size));
        const bool made = EVP_DigestSign(context.get(), bytesOf(signature), &size, bytesOf(bytes),
                                         size_t(bytes.size()))
            > 0;
        signature.resize(made ? qsizetype(size) : 0);
    }
    if (algorithm.coordinate && !signature.isEmpty())
        signature = pairOfDer(signature, algorithm.coordinate);
    ERR_clear_error();
    return signature;
}

bool verify(EVP_PKEY *key, const Algorithm &algorithm, QByteArrayView bytes,
            QByteArrayView signature)
{
    const QByteArray der =
        algorithm.coordinate ? derOfPair(signature, algorithm.coordinate) : signature.toByteArray();
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *keyContext = nullptr;
    const bool valid = !der.isEmpty()
        && EVP_DigestVerifyInit_ex(context.get(), &keyContext, algorithm.digest, nullptr, nullptr,
                                   key, nullptr)
            > 0
        && setPadding(keyContext, algorithm)
        && EVP_DigestVerify(context.get(), bytesOf(der), size_t(der.size()), bytesOf(bytes),
                            size_t(bytes.size()))
            == 1;
    ERR_clear_error();
    return valid;
}

} // namespace sightglass::evp
