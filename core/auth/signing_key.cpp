// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/evp.h"
#include "core/auth/jose.h"
#include "core/jsonrpc/json_text.h"

#include <openssl/decoder.h>
#include <openssl/err.h>

#include <array>
#include <cstring>

namespace sightglass {

using namespace Qt::StringLiterals;

struct SigningKey::Private {
    evp::Key key;
    const evp::Algorithm *algorithm = nullptr;
    evp::KeyParts parts;
};

namespace {

constexpr qsizetype MaxPemSize = 64 * 1024;

Failure unusableKey(const char *code, const QString &sentence, const QString &advice = {})
{
    return {FailureKind::Usage, QString::fromLatin1(code), sentence, advice, 0, {}};
}

QString makeOne()
{
    return u"Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"_s;
}

/// The lines from BEGIN to END of the first block with a private key, else of the first block.
struct PemBlock {
    QByteArray label; ///< "PRIVATE KEY", "RSA PRIVATE KEY"; empty: no block at all
    QByteArray text; ///< empty: it has no end
};
PemBlock pemBlock(const QByteArray &pem)
{
    static constexpr QByteArrayView Begin = "-----BEGIN ";
    static constexpr QByteArrayView Dashes = "-----";
    PemBlock found;
    for (qsizetype at = pem.indexOf(Begin); at >= 0; at = pem.indexOf(Begin, at + Begin.size())) {
        const qsizetype name = at + Begin.size();
        const qsizetype behind = pem.indexOf(Dashes, name);
        if (behind < 0)
            break;
        PemBlock block{pem.sliced(name, behind - name), {}};
        const QByteArray last = "-----END " + block.label + "-----";
        const qsizetype end = pem.indexOf(last, behind);
        if (end >= 0)
            block.text = pem.sliced(at, end + last.size() - at) + '\n';
        if (block.label.endsWith("PRIVATE KEY"))
            return block;
        if (found.label.isEmpty())
            found = block;
    }
    return found;
}

/// Why a block is none with a private key.
Failure otherBlock(const PemBlock &block)
{
    if (block.label.isEmpty())
        return unusableKey("key-no-pem",
                           u"This is no key in PEM form: no line begins with "
                           "\"-----BEGIN\"."_s,
                           makeOne());
    if (block.label.endsWith("PUBLIC KEY"))
        return unusableKey("key-public", u"This is a public key: it cannot sign."_s,
                           u"Give the private key that belongs with it."_s);
    if (block.label.contains("CERTIFICATE"))
        return unusableKey("key-certificate",
                           u"This is a certificate or a request for one: it cannot sign."_s,
                           u"Give the private key that belongs with it."_s);
    return unusableKey("key-no-pem", u"There is no private key in this PEM text."_s, makeOne());
}

struct PasswordAsked {
    const QByteArray &password;
    bool asked = false;
};

/// OpenSSL's pem_password_cb. Without one it would ask on the terminal.
int givePassword(char *buffer, int size, int, void *data)
{
    auto *to = static_cast<PasswordAsked *>(data);
    to->asked = true;
    if (to->password.isEmpty() || to->password.size() > size)
        return -1;
    std::memcpy(buffer, to->password.constData(), size_t(to->password.size()));
    return int(to->password.size());
}

Failure unusableKind(const EVP_PKEY *key)
{
    const QString kind = QString::fromLatin1(EVP_PKEY_get0_type_name(key));
    if (kind == "EC"_L1) {
        char group[64] = {};
        EVP_PKEY_get_group_name(key, group, sizeof group, nullptr);
        const QString curve = group[0] ? QString::fromLatin1(group) : u"without a name"_s;
        return unusableKey(
            "key-curve",
            u"The key is on the curve %1: JOSE's are P-256, P-384 and P-521."_s.arg(curve),
            makeOne());
    }
    return unusableKey("key-kind",
                       u"A key of the kind %1 cannot be used: RSA, EC and Ed25519 can."_s.arg(kind),
                       makeOne());
}

} // namespace

/// Makes a SigningKey of what was read, or says what of it cannot be used.
class SigningKeyMaker {
public:
    static Expected<SigningKey> make(evp::Key read)
    {
        auto made = std::make_shared<SigningKey::Private>();
        made->parts = evp::partsOf(read.get());
        for (const char *name : {"ES256", "ES384", "ES512", "RS256", "EdDSA"}) {
            const evp::Algorithm *algorithm = evp::findAlgorithm(name);
            if (made->parts.type == algorithm->type && made->parts.curve == algorithm->curve)
                made->algorithm = algorithm;
        }
        if (!made->algorithm)
            return unusableKind(read.get());
        const int bits = EVP_PKEY_get_bits(read.get());
        if (made->parts.type == "RSA" && (bits < evp::MinRsaBits || bits > evp::MaxRsaBits))
            return unusableKey("key-size",
                               u"An RSA key of %1 bits cannot be used: %2 to %3 bits can (RFC "
                               "7518, 3.3)."_s.arg(bits)
                                   .arg(evp::MinRsaBits)
                                   .arg(evp::MaxRsaBits),
                               makeOne());
        // Whether both halves of a pair belong together shows where they are used.
        const QByteArray probe("sightglass");
        const QByteArray signature = evp::sign(read.get(), *made->algorithm, probe);
        if (made->parts.d.isEmpty() || signature.isEmpty()
            || !evp::verify(read.get(), *made->algorithm, probe, signature))
            return unusableKey("key-broken",
                               u"The key is broken: its private and its public part do not belong "
                               "together."_s);
        made->key = std::move(read);
        SigningKey key;
        key.d = std::move(made);
        return key;
    }
};

SigningKey SigningKey::generate()
{
    const Expected<SigningKey> made = SigningKeyMaker::make(evp::Key(EVP_EC_gen("P-256")));
    return made ? *made : SigningKey();
}

Expected<SigningKey> SigningKey::fromPem(const QByteArray &pem, const QByteArray &password)
{
    if (pem.size() > MaxPemSize)
        return unusableKey(
            "key-no-pem",
            u"This is no key: it has %1 bytes, and %2 would be many."_s.arg(pem.size())
                .arg(MaxPemSize));
    const PemBlock block = pemBlock(pem);
    if (!block.label.endsWith("PRIVATE KEY"))
        return otherBlock(block);
    if (block.text.isEmpty())
        return unusableKey("key-cut-off",
                           u"The key is cut off: the line \"-----END %1-----\" is missing."_s.arg(
                               QString::fromLatin1(block.label.left(40))),
                           u"Give the file as a whole."_s);
    if (block.label.startsWith("OPENSSH"))
        return unusableKey("key-openssh", u"This key is in the form of OpenSSH, not in PKCS#8."_s,
                           u"Convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY"_s);

    EVP_PKEY *read = nullptr;
    PasswordAsked asked{password};
    using Decoder = std::unique_ptr<OSSL_DECODER_CTX, evp::Freed<OSSL_DECODER_CTX_free>>;
    const Decoder decoder(OSSL_DECODER_CTX_new_for_pkey(&read, "PEM", nullptr, nullptr,
                                                        EVP_PKEY_KEYPAIR, nullptr, nullptr));
    const auto *data = reinterpret_cast<const unsigned char *>(block.text.constData());
    auto size = size_t(block.text.size());
    const bool decoded = decoder
        && OSSL_DECODER_CTX_set_pem_password_cb(decoder.get(), givePassword, &asked)
        && OSSL_DECODER_from_data(decoder.get(), &data, &size);
    ERR_clear_error();
    evp::Key key(read);
    if (decoded && key)
        return SigningKeyMaker::make(std::move(key));
    if (asked.asked && password.isEmpty())
        return unusableKey("key-encrypted", u"The key is encrypted: it takes a password."_s);
    if (asked.asked)
        return unusableKey("key-password", u"The key cannot be decrypted with this password."_s);
    return unusableKey("key-malformed",
                       u"The key cannot be read: what stands between the lines of "
                       "\"-----BEGIN\" and \"-----END\" is no private key."_s);
}

Expected<SigningKey> SigningKey::fromJwk(const QByteArray &jwk)
{
    const Failure malformed =
        unusableKey("key-malformed", u"This is no private key in the form of a JWK."_s);
    if (jwk.size() > MaxPemSize)
        return malformed;
    const JsonText json = JsonText::parse(jwk);
    const auto text = [&](const char16_t *name) {
        return json.string(json.member(json.root(), name)).toUtf8();
    };
    const auto bytes = [&](const char16_t *name) {
        return fromBase64Url(text(name)).value_or(QByteArray());
    };
    if (!json.isValid() || !json.isObject(json.root()))
        return malformed;
    const evp::KeyParts parts{text(u"kty"), text(u"crv"), bytes(u"x"),  bytes(u"y"),
                              bytes(u"n"),  bytes(u"e"),  bytes(u"d"),  bytes(u"p"),
                              bytes(u"q"),  bytes(u"dp"), bytes(u"dq"), bytes(u"qi")};
    evp::Key key = parts.d.isEmpty() ? nullptr : evp::keyOf(parts);
    if (!key)
        return malformed;
    return SigningKeyMaker::make(std::move(key));
}

QByteArray SigningKey::algorithm() const
{
    return d ? QByteArray(d->algorithm->name) : QByteArray();
}

namespace {

using NamedPart = std::pair<const char16_t *, QByteArray>;

QByteArray jwkOf(std::initializer_list<NamedPart> members)
{
    JsonWriter json;
    json.beginObject();
    for (const NamedPart &member : members)
        json.key(member.first).value(QString::fromLatin1(member.second));
    json.endObject();
    return json.text();
}

} // namespace

QByteArray SigningKey::publicJwk() const
{
    if (!d)
        return {};
    const evp::KeyParts &parts = d->parts;
    if (parts.type == "RSA")
        return jwkOf(
            {{u"e", base64Url(parts.e)}, {u"kty", parts.type}, {u"n", base64Url(parts.n)}});
    if (parts.type == "OKP")
        return jwkOf({{u"crv", parts.curve}, {u"kty", parts.type}, {u"x", base64Url(parts.x)}});
    return jwkOf({{u"crv", parts.curve},
                  {u"kty", parts.type},
                  {u"x", base64Url(parts.x)},
                  {u"y", base64Url(parts.y)}});
}

QByteArray SigningKey::thumbprint() const
{
    return jwkThumbprint(publicJwk());
}

QByteArray SigningKey::privateJwk() const
{
    if (!d)
        return {};
    const evp::KeyParts &parts = d->parts;
    if (parts.type == "RSA")
        return jwkOf({{u"kty", parts.type},
                      {u"n", base64Url(parts.n)},
                      {u"e", base64Url(parts.e)},
                      {u"d", base64Url(parts.d)},
                      {u"p", base64Url(parts.p)},
                      {u"q", base64Url(parts.q)},
                      {u"dp", base64Url(parts.dp)},
                      {u"dq", base64Url(parts.dq)},
                      {u"qi", base64Url(parts.qi)}});
    if (parts.type == "OKP")
        return jwkOf({{u"kty", parts.type},
                      {u"crv", parts.curve},
                      {u"x", base64Url(parts.x)},
                      {u"d", base64Url(parts.d)}});
    return jwkOf({{u"kty", parts.type},
                  {u"crv", parts.curve},
                  {u"x", base64Url(parts.x)},
                  {u"y", base64Url(parts.y)},
                  {u"d", base64Url(parts.d)}});
}

QByteArray SigningKey::sign(QByteArrayView bytes) const
{
    return d ? evp::sign(d->key.get(), *d->algorithm, bytes) : QByteArray();
}

bool SigningKey::operator==(const SigningKey &other) const
{
    if (!d || !other.d)
        return !d && !other.d;
    return EVP_PKEY_eq(d->key.get(), other.d->key.get()) == 1;
}

} // namespace sightglass
