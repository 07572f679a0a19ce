// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/jose.h"

#include "core/jsonrpc/json_text.h"

#include <QMessageAuthenticationCode>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

// RFC 7515, appendix A, and RFC 8037, appendix A.
const QByteArray RsaPublic =
    R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"})";
const QByteArray RsaPrivate = RsaPublic.chopped(1)
    + R"(,"d":"Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ","p":"4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc","q":"uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc","dp":"BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0","dq":"h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU","qi":"IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"})";
const QByteArray JoeClaims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlL"
                             "mNvbS9pc19yb290Ijp0cnVlfQ";
const QByteArray RsaSignature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
    "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igc"
    "N_IoypGlUPQGe77Rw";
const QByteArray RsaToken = "eyJhbGciOiJSUzI1NiJ9." + JoeClaims + '.' + RsaSignature;
const QByteArray P256Private =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";
const QByteArray P256Token = "eyJhbGciOiJFUzI1NiJ9." + JoeClaims
    + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const QByteArray P521Private =
    R"({"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2","d":"AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C"})";
const QByteArray P521Token =
    "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-"
    "mZZqwqT2SI-KGDKB34XO0aw_"
    "7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
const QByteArray EdPrivate =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
const QByteArray EdToken =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
    "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
// RFC 7638, 3.1.
const QByteArray ThumbprintExample =
    R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})";

using State = SignatureCheck::State;

/// JSON that is written with the other quotes: moc does not read raw strings within macros.
QByteArray json(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

QByteArray keySet(const QByteArray &key)
{
    return json("{'keys':[") + key + "]}";
}

/// With members set before the others of a key.
QByteArray with(const QByteArray &members, const QByteArray &key)
{
    return '{' + members + ',' + key.sliced(1);
}

/// A JWS whose payload need not be JSON.
Jwt jwsOf(const QByteArray &compact)
{
    const QByteArrayList parts = compact.split('.');
    return {*fromBase64Url(parts.at(0)), *fromBase64Url(parts.at(1)),
            parts.at(0) + '.' + parts.at(1), *fromBase64Url(parts.at(2))};
}

Jwt tokenOf(const QByteArray &header, const QByteArray &signature = {})
{
    Jwt jwt{header, "{}", base64Url(header) + ".e30", signature};
    return jwt;
}

/// What the system's openssl makes.
QByteArray openssl(const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    process.start(u"openssl"_s, arguments);
    process.write(input);
    process.closeWriteChannel();
    process.waitForFinished(60000);
    return process.exitCode() == 0 ? process.readAllStandardOutput() : QByteArray();
}

} // namespace

class TestJose : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void base64url_is_strict_data();
    void base64url_is_strict();
    void thumbprints_are_those_of_the_rfcs();
    void what_has_no_thumbprint_data();
    void what_has_no_thumbprint();
    void signatures_of_the_rfcs_are_valid_data();
    void signatures_of_the_rfcs_are_valid();
    void deterministic_signatures_are_those_of_the_rfcs_data();
    void deterministic_signatures_are_those_of_the_rfcs();
    void a_changed_bit_makes_the_signature_wrong();
    void generated_keys_differ_and_sign();
    void keys_of_openssl_are_read_data();
    void keys_of_openssl_are_read();
    void signatures_of_openssl_are_valid_data();
    void signatures_of_openssl_are_valid();
    void unusable_keys_say_why_data();
    void unusable_keys_say_why();
    void no_failure_shows_the_key();
    void broken_private_jwks_are_refused_data();
    void broken_private_jwks_are_refused();
    void the_empty_key_does_nothing();
    void tokens_are_read_or_opaque_data();
    void tokens_are_read_or_opaque();
    void algorithms_that_cannot_be_checked_data();
    void algorithms_that_cannot_be_checked();
    void a_shared_secret_of_the_public_key_is_no_signature();
    void key_is_chosen_by_id_and_use_data();
    void key_is_chosen_by_id_and_use();
    void malformed_key_sets_are_no_keys_data();
    void malformed_key_sets_are_no_keys();
    void sentences_show_no_control_characters();
    void huge_input_ends();
    void truncated_input_does_no_harm();

private:
    QByteArray pem(const QString &name);

    QTemporaryDir m_dir;
    QHash<QString, QByteArray> m_pems;
};

void TestJose::initTestCase()
{
    QVERIFY(m_dir.isValid());
    const auto make = [this](const QString &name, const QStringList &arguments,
                             const QByteArray &input = {}) {
        m_pems.insert(name, openssl(arguments, input));
        QVERIFY2(!m_pems.value(name).isEmpty(), qPrintable(name));
    };
    const auto curve = [](const QString &name) {
        return QStringList{u"genpkey"_s, u"-algorithm"_s, u"EC"_s, u"-pkeyopt"_s,
                           u"ec_paramgen_curve:"_s + name};
    };
    const auto rsa = [](const QString &bits) {
        return QStringList{u"genpkey"_s, u"-algorithm"_s, u"RSA"_s, u"-pkeyopt"_s,
                           u"rsa_keygen_bits:"_s + bits};
    };
    make(u"p256"_s, curve(u"P-256"_s));
    make(u"p384"_s, curve(u"P-384"_s));
    make(u"p521"_s, curve(u"P-521"_s));
    make(u"secp256k1"_s, curve(u"secp256k1"_s));
    make(u"ed25519"_s, {u"genpkey"_s, u"-algorithm"_s, u"ED25519"_s});
    make(u"ed448"_s, {u"genpkey"_s, u"-algorithm"_s, u"ED448"_s});
    make(u"x25519"_s, {u"genpkey"_s, u"-algorithm"_s, u"X25519"_s});
    make(u"rsa1024"_s, rsa(u"1024"_s));
    make(u"rsa2048"_s, rsa(u"2048"_s));
    make(u"pss"_s,
         {u"genpkey"_s, u"-algorithm"_s, u"RSA-PSS"_s, u"-pkeyopt"_s, u"rsa_keygen_bits:2048"_s});
    const QByteArray p256 = pem(u"p256"_s);
    const QByteArray rsa2048 = pem(u"rsa2048"_s);
    make(u"sec1"_s, {u"ec"_s}, p256);
    make(u"pkcs1"_s, {u"rsa"_s, u"-traditional"_s}, rsa2048);
    make(u"sec1 encrypted"_s, {u"ec"_s, u"-aes128"_s, u"-passout"_s, u"pass:right"_s}, p256);
    make(u"pkcs8 encrypted"_s,
         {u"pkcs8"_s, u"-topk8"_s, u"-passout"_s, u"pass:right"_s, u"-v2"_s, u"aes-256-cbc"_s},
         p256);
    make(u"with parameters"_s, {u"ecparam"_s, u"-name"_s, u"prime256v1"_s, u"-genkey"_s});
    make(u"explicit parameters"_s, {u"ec"_s, u"-param_enc"_s, u"explicit"_s}, p256);
    make(u"public"_s, {u"pkey"_s, u"-pubout"_s}, p256);
    make(u"rsa public"_s, {u"pkey"_s, u"-pubout"_s}, rsa2048);
    QFile key(m_dir.filePath(u"rsa.pem"_s));
    QVERIFY(key.open(QIODevice::WriteOnly) && key.write(rsa2048) > 0);
    key.close();
    make(u"certificate"_s,
         {u"req"_s, u"-x509"_s, u"-new"_s, u"-key"_s, key.fileName(), u"-subj"_s, u"/CN=x"_s});
}

QByteArray TestJose::pem(const QString &name)
{
    return m_pems.value(name);
}

void TestJose::base64url_is_strict_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<std::optional<QByteArray>>("bytes");
    using Bytes = std::optional<QByteArray>;
    QTest::newRow("empty") << QByteArray() << Bytes(QByteArray());
    QTest::newRow("RFC 7515, C") << QByteArray("A-z_4ME")
                                 << Bytes(QByteArray("\x03\xec\xff\xe0\xc1"));
    QTest::newRow("two characters") << QByteArray("AA") << Bytes(QByteArray(1, '\0'));
    QTest::newRow("three characters") << QByteArray("AAA") << Bytes(QByteArray(2, '\0'));
    QTest::newRow("one character") << QByteArray("A") << Bytes();
    QTest::newRow("five characters") << QByteArray("AAAAA") << Bytes();
    QTest::newRow("padding") << QByteArray("AA==") << Bytes();
    QTest::newRow("plain base64") << QByteArray("A+z/4ME") << Bytes();
    QTest::newRow("white space") << QByteArray("AAA A") << Bytes();
    QTest::newRow("line end") << QByteArray("AAAA\n") << Bytes();
    QTest::newRow("NUL") << QByteArray("AA\0A", 4) << Bytes();
    QTest::newRow("bits that no byte holds") << QByteArray("AB") << Bytes();
    QTest::newRow("beyond ASCII") << QByteArray("AA\xc3\xa4") << Bytes();
}

void TestJose::base64url_is_strict()
{
    QFETCH(QByteArray, text);
    QFETCH(std::optional<QByteArray>, bytes);
    QVERIFY(fromBase64Url(text) == bytes);
    if (bytes)
        QCOMPARE(base64Url(*bytes), text);
}

void TestJose::thumbprints_are_those_of_the_rfcs()
{
    QCOMPARE(jwkThumbprint(ThumbprintExample), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    const auto key = SigningKey::fromJwk(EdPrivate);
    QVERIFY(key);
    QCOMPARE(key->thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    QCOMPARE(
        key->publicJwk(),
        json("{'crv':'Ed25519','kty':'OKP','x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'}"));
    QCOMPARE(jwkThumbprint(EdPrivate), key->thumbprint());
}

void TestJose::what_has_no_thumbprint_data()
{
    QTest::addColumn<QByteArray>("jwk");
    for (const char *jwk :
         {"", "{}", "[]", "7", "{", "{'kty':'RSA','n':'AQ'}", "{'kty':'oct','k':'AQ'}",
          "{'kty':'EC','crv':'P-256','x':'AQ'}", "{'kty':'RSA','n':1,'e':'AQAB'}",
          "{'kty':['RSA'],'n':'AQ','e':'AQAB'}"})
        QTest::addRow("<%s>", jwk) << json(jwk);
}

void TestJose::what_has_no_thumbprint()
{
    QFETCH(QByteArray, jwk);
    QCOMPARE(jwkThumbprint(jwk), QByteArray());
}

void TestJose::signatures_of_the_rfcs_are_valid_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("RFC 7515, A.2")
        << RsaToken << RsaPublic << u"Signed with RS256 by key 1 of the set."_s;
    QTest::newRow("RFC 7515, A.3")
        << P256Token << P256Private << u"Signed with ES256 by key 1 of the set."_s;
    QTest::newRow("RFC 7515, A.4")
        << P521Token << P521Private << u"Signed with ES512 by key 1 of the set."_s;
    QTest::newRow("RFC 8037, A.4")
        << EdToken << EdPrivate << u"Signed with EdDSA by key 1 of the set."_s;
}

void TestJose::signatures_of_the_rfcs_are_valid()
{
    QFETCH(QByteArray, token);
    QFETCH(QByteArray, key);
    QFETCH(QString, sentence);
    const SignatureCheck check = checkSignature(jwsOf(token), keySet(key));
    QCOMPARE(check.sentence, sentence);
    QCOMPARE(check.state, State::Valid);
}

void TestJose::deterministic_signatures_are_those_of_the_rfcs_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("RS256") << RsaPrivate << RsaToken;
    QTest::newRow("EdDSA") << EdPrivate << EdToken;
}

void TestJose::deterministic_signatures_are_those_of_the_rfcs()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, token);
    const auto read = SigningKey::fromJwk(key);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().sentence));
    const Jwt jws = jwsOf(token);
    QCOMPARE(signJwt(*read, jws.header, jws.claims), token);
}

void TestJose::a_changed_bit_makes_the_signature_wrong()
{
    for (const auto &[token, key] :
         {std::pair{RsaToken, RsaPublic}, std::pair{P256Token, P256Private},
          std::pair{P521Token, P521Private}, std::pair{EdToken, EdPrivate}}) {
        const Jwt good = jwsOf(token);
        for (const qsizetype at :
             {qsizetype(0), good.signature.size() / 2, good.signature.size() - 1}) {
            Jwt bad = good;
            bad.signature[at] = char(bad.signature.at(at) ^ 1);
            QCOMPARE(checkSignature(bad, keySet(key)).state, State::Wrong);
        }
        Jwt bad = good;
        bad.signedPart[bad.signedPart.size() - 1] =
            char(bad.signedPart.at(bad.signedPart.size() - 1) ^ 1);
        QCOMPARE(checkSignature(bad, keySet(key)).state, State::Wrong);
        bad = good;
        bad.signature.chop(1);
        QCOMPARE(checkSignature(bad, keySet(key)).state, State::Wrong);
        bad.signature.clear();
        QCOMPARE(checkSignature(bad, keySet(key)).state, State::Wrong);
    }
    Jwt der = jwsOf(P256Token);
    der.signature = QByteArray::fromHex("3006020101020101");
    QCOMPARE(checkSignature(der, keySet(P256Private)).sentence,
             u"The signature (ES256) is not the one of key 1 of the set. It has 8 bytes, where "
             "ES256 has 64."_s);
    der.signature = QByteArray(64, '\0');
    QCOMPARE(checkSignature(der, keySet(P256Private)).state, State::Wrong);
}

void TestJose::generated_keys_differ_and_sign()
{
    const SigningKey one = SigningKey::generate();
    const SigningKey two = SigningKey::generate();
    QVERIFY(!one.isNull());
    QCOMPARE(one.algorithm(), "ES256");
    QVERIFY(!(one == two));
    QVERIFY(one == SigningKey(one));
    const QByteArray token = signJwt(one, json("{'alg':'ES256'}"), json("{'a':1}"));
    const auto jwt = readJwt(token);
    QVERIFY(jwt);
    QCOMPARE(jwt->claims, json("{'a':1}"));
    QCOMPARE(checkSignature(*jwt, keySet(one.publicJwk())).state, State::Valid);
    QCOMPARE(checkSignature(*jwt, keySet(two.publicJwk())).state, State::Wrong);
}

void TestJose::keys_of_openssl_are_read_data()
{
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<QByteArray>("algorithm");
    const auto row = [](const char *name, const char *algorithm, const char *password = "") {
        QTest::newRow(name) << QByteArray(password) << QByteArray(algorithm);
    };
    row("p256", "ES256");
    row("p384", "ES384");
    row("p521", "ES512");
    row("rsa2048", "RS256");
    row("ed25519", "EdDSA");
    row("sec1", "ES256");
    row("pkcs1", "RS256");
    row("sec1 encrypted", "ES256", "right");
    row("pkcs8 encrypted", "ES256", "right");
    row("with parameters", "ES256");
    // A password that is not needed does no harm.
    row("rsa2048", "RS256", "any");
}

void TestJose::keys_of_openssl_are_read()
{
    QFETCH(QByteArray, password);
    QFETCH(QByteArray, algorithm);
    QByteArray text = pem(QString::fromLatin1(QTest::currentDataTag()));
    const auto key =
        SigningKey::fromPem("Bag Attributes\r\n" + text.replace("\n", "\r\n"), password);
    QVERIFY2(key, qPrintable(key ? QString() : key.error().sentence));
    QCOMPARE(key->algorithm(), algorithm);
    const auto again = SigningKey::fromJwk(key->privateJwk());
    QVERIFY2(again, qPrintable(again ? QString() : again.error().sentence));
    QVERIFY(*again == *key);
    QCOMPARE(again->publicJwk(), key->publicJwk());
    QCOMPARE(again->thumbprint().size(), 43);

    const QByteArray token =
        signJwt(*key, json("{'alg':'") + algorithm + json("','kid':'k'}"), json("{'sub':'x'}"));
    const auto jwt = readJwt(token);
    QVERIFY(jwt);
    const SignatureCheck check =
        checkSignature(*jwt, keySet(with(json("'kid':'k','use':'sig'"), key->publicJwk())));
    QCOMPARE(check.sentence,
             u"Signed with %1 by the key \"k\"."_s.arg(QString::fromLatin1(algorithm)));
    QCOMPARE(check.state, State::Valid);
    QVERIFY(!key->publicJwk().contains("\"d\""));
}

void TestJose::signatures_of_openssl_are_valid_data()
{
    QTest::addColumn<QString>("digest");
    QTest::addColumn<bool>("pss");
    for (const char *digest : {"256", "384", "512"}) {
        QTest::addRow("RS%s", digest) << u"-sha"_s + QLatin1StringView(digest) << false;
        QTest::addRow("PS%s", digest) << u"-sha"_s + QLatin1StringView(digest) << true;
    }
}

void TestJose::signatures_of_openssl_are_valid()
{
    QFETCH(QString, digest);
    QFETCH(bool, pss);
    const QByteArray name = QTest::currentDataTag();
    Jwt jwt = tokenOf(json("{'alg':'") + name + json("'}"));
    QStringList arguments{u"dgst"_s, digest, u"-sign"_s, m_dir.filePath(u"rsa.pem"_s)};
    if (pss)
        arguments +=
            {u"-sigopt"_s, u"rsa_padding_mode:pss"_s, u"-sigopt"_s, u"rsa_pss_saltlen:digest"_s};
    jwt.signature = openssl(arguments, jwt.signedPart);
    QCOMPARE(jwt.signature.size(), 256);
    const auto key = SigningKey::fromPem(pem(u"rsa2048"_s));
    QVERIFY(key);
    QCOMPARE(checkSignature(jwt, keySet(key->publicJwk())).state, State::Valid);
    // The same bytes under another name are none.
    jwt.header = pss ? json("{'alg':'RS256'}") : json("{'alg':'PS256'}");
    QCOMPARE(checkSignature(jwt, keySet(key->publicJwk())).state, State::Wrong);
}

void TestJose::unusable_keys_say_why_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const QByteArray &text, const char *code,
                        const char *password = "") {
        QTest::newRow(name) << text << QByteArray(password) << QString::fromLatin1(code);
    };
    row("empty", "", "key-no-pem");
    row("garbage", "hello", "key-no-pem");
    row("binary", QByteArray("\x30\x82\0\xff", 4), "key-no-pem");
    row("public", pem(u"public"_s), "key-public");
    row("RSA public", pem(u"rsa public"_s), "key-public");
    row("certificate", pem(u"certificate"_s), "key-certificate");
    row("no password, PKCS#8", pem(u"pkcs8 encrypted"_s), "key-encrypted");
    row("no password, SEC 1", pem(u"sec1 encrypted"_s), "key-encrypted");
    row("wrong password, PKCS#8", pem(u"pkcs8 encrypted"_s), "key-password", "wrong");
    row("wrong password, SEC 1", pem(u"sec1 encrypted"_s), "key-password", "wrong");
    row("endless password", pem(u"pkcs8 encrypted"_s), "key-password", QByteArray(5000, 'x'));
    row("1024 bits", pem(u"rsa1024"_s), "key-size");
    row("secp256k1", pem(u"secp256k1"_s), "key-curve");
    row("ed448", pem(u"ed448"_s), "key-kind");
    row("x25519", pem(u"x25519"_s), "key-kind");
    row("RSA-PSS", pem(u"pss"_s), "key-kind");
    row("cut off", pem(u"rsa2048"_s).left(500), "key-cut-off");
    row("begin alone", "-----BEGIN PRIVATE KEY-----", "key-cut-off");
    row("begin without dashes", "-----BEGIN ", "key-no-pem");
    row("empty block", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "key-malformed");
    row("no base64", "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
        "key-malformed");
    row("no DER", "-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n",
        "key-malformed");
    row("OpenSSH",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE=\n"
        "-----END OPENSSH PRIVATE KEY-----\n",
        "key-openssh");
    row("parameters alone",
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
        "key-no-pem");
    row("huge", QByteArray(1 << 20, 'x'), "key-no-pem");
    row("huge key", "-----BEGIN PRIVATE KEY-----\n" + QByteArray(1 << 20, 'A'), "key-no-pem");
}

void TestJose::unusable_keys_say_why()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, password);
    QFETCH(QString, code);
    const auto key = SigningKey::fromPem(text, password);
    QVERIFY(!key);
    QCOMPARE(key.error().code, code);
    QCOMPARE(key.error().kind, FailureKind::Usage);
    QVERIFY(key.error().sentence.endsWith(u'.'));
}

void TestJose::no_failure_shows_the_key()
{
    for (const auto &text : std::as_const(m_pems)) {
        const auto key = SigningKey::fromPem(text);
        if (key)
            continue;
        const QByteArray line = text.split('\n').value(1);
        QVERIFY(!line.isEmpty());
        QVERIFY(!(key.error().sentence + key.error().advice).toUtf8().contains(line));
    }
}

void TestJose::broken_private_jwks_are_refused_data()
{
    QTest::addColumn<QByteArray>("jwk");
    const auto changed = [](QByteArray jwk, const char *from, const char *to) {
        return jwk.replace(from, to);
    };
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("no object") << QByteArray("[1]");
    QTest::newRow("no type") << QByteArray("{}");
    QTest::newRow("public") << RsaPublic;
    QTest::newRow("symmetric") << QByteArray(json("{'kty':'oct','k':'AQ','d':'AQ'}"));
    QTest::newRow("another private key") << changed(P256Private, "jpsQ", "jpsR");
    QTest::newRow("not on the curve") << changed(P256Private, "f83O", "f83P");
    QTest::newRow("another curve") << changed(P256Private, "P-256", "P-384");
    QTest::newRow("unknown curve") << changed(P256Private, "P-256", "P-1");
    QTest::newRow("d is zero") << changed(P256Private,
                                          "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
                                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    QTest::newRow("short coordinate")
        << changed(P256Private, "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "f83O");
    QTest::newRow("public part of another") << changed(EdPrivate, "11qY", "11qZ");
    QTest::newRow("short Ed25519")
        << changed(EdPrivate, "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "nWGx");
    QTest::newRow("RSA without factors")
        << QByteArray(RsaPrivate.left(RsaPrivate.indexOf(",\"p\"")) + '}');
    QTest::newRow("numbers for texts") << QByteArray(json("{'kty':1,'crv':2,'x':3,'d':4}"));
    QTest::newRow("huge") << QByteArray(json("{'kty':'RSA','n':'") + QByteArray(1 << 20, 'A')
                                        + "\"}");
}

void TestJose::broken_private_jwks_are_refused()
{
    QFETCH(QByteArray, jwk);
    const auto key = SigningKey::fromJwk(jwk);
    QVERIFY(!key);
    QCOMPARE(key.error().kind, FailureKind::Usage);
}

void TestJose::the_empty_key_does_nothing()
{
    const SigningKey none;
    QVERIFY(none.isNull());
    QVERIFY(none == SigningKey());
    QVERIFY(!(none == SigningKey::generate()));
    QVERIFY(!(SigningKey::generate() == none));
    QCOMPARE(none.algorithm(), QByteArray());
    QCOMPARE(none.publicJwk(), QByteArray());
    QCOMPARE(none.privateJwk(), QByteArray());
    QCOMPARE(none.thumbprint(), QByteArray());
    QCOMPARE(none.sign("x"), QByteArray());
    QCOMPARE(signJwt(none, "{}", "{}"), "e30.e30.");
}

void TestJose::tokens_are_read_or_opaque_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<bool>("read");
    const auto row = [](const char *name, const QByteArray &token, bool read = false) {
        QTest::newRow(name) << token << read;
    };
    row("signed", RsaToken, true);
    row("without signature", "e30.e30.", true);
    row("empty", "");
    row("opaque", "2YotnFZFEjr1zCsicMWpAA");
    row("dots alone", "..");
    row("two parts", "e30.e30");
    row("four parts", "e30.e30.AA.AA");
    row("encrypted", "e30.AA.AA.AA.AA");
    row("claims are no JSON", EdToken);
    row("claims are a list", "e30." + base64Url("[]") + '.');
    row("header is a text", base64Url("\"x\"") + ".e30.");
    row("padding", "e30=.e30.");
    row("signature is no base64url", "e30.e30.!");
    row("invalid UTF-8", "e30." + base64Url("{\"a\":\"\xff\"}") + '.');
    row("white space around", " e30.e30. ");
}

void TestJose::tokens_are_read_or_opaque()
{
    QFETCH(QByteArray, token);
    QFETCH(bool, read);
    const auto jwt = readJwt(token);
    QCOMPARE(jwt.has_value(), read);
    if (jwt)
        QCOMPARE(jwt->signedPart + '.' + base64Url(jwt->signature), token);
}

void TestJose::algorithms_that_cannot_be_checked_data()
{
    QTest::addColumn<QByteArray>("header");
    for (const char *header : {"{}",
                               "{'alg':'none'}",
                               "{'alg':'NONE'}",
                               "{'alg':'nOnE'}",
                               "{'alg':''}",
                               "{'alg':null}",
                               "{'alg':7}",
                               "{'alg':['RS256']}",
                               "{'alg':'HS256'}",
                               "{'alg':'HS512'}",
                               "{'alg':'rs256'}",
                               "{'alg':'RS256 '}",
                               "{'alg':'RS1'}",
                               "{'alg':'ES256K'}",
                               "{'alg':'RS256\\u0000'}",
                               "{'alg':'none','alg':'RS256'}",
                               "{'alg':'RS256','crit':['exp'],'exp':1}",
                               "{'alg':'RS256','crit':[]}",
                               "[]",
                               "",
                               "{"})
        QTest::addRow("<%s>", header) << json(header);
}

void TestJose::algorithms_that_cannot_be_checked()
{
    QFETCH(QByteArray, header);
    Jwt jwt = jwsOf(RsaToken);
    jwt.header = header;
    const SignatureCheck check = checkSignature(jwt, keySet(RsaPublic));
    QCOMPARE(check.state, State::Unsupported);
    QVERIFY(check.sentence.endsWith(u'.'));
}

void TestJose::a_shared_secret_of_the_public_key_is_no_signature()
{
    Jwt jwt = tokenOf(json("{'alg':'HS256'}"));
    for (const QByteArray &secret : {RsaPublic, pem(u"rsa public"_s)}) {
        jwt.signature =
            QMessageAuthenticationCode::hash(jwt.signedPart, secret, QCryptographicHash::Sha256);
        QCOMPARE(checkSignature(jwt, keySet(RsaPublic)).state, State::Unsupported);
        QCOMPARE(checkSignature(jwt, keySet(json("{'kty':'oct','k':'") + base64Url(secret) + "\"}"))
                     .state,
                 State::Unsupported);
    }
}

void TestJose::key_is_chosen_by_id_and_use_data()
{
    QTest::addColumn<QByteArray>("headerMembers");
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<State>("state");
    const auto row = [](const char *name, const QByteArray &headerMembers, const QByteArray &keys,
                        State state) { QTest::newRow(name) << headerMembers << keys << state; };
    const QByteArray other = SigningKey::generate().publicJwk();
    const QByteArray right = P256Private;
    const QByteArray kid = json(",'kid':'a'");
    row("by id", kid, with(json("'kid':'b'"), other) + ',' + with(json("'kid':'a'"), right),
        State::Valid);
    row("id of another", kid, with(json("'kid':'a'"), other) + ',' + with(json("'kid':'b'"), right),
        State::Wrong);
    row("id that is not there", kid, with(json("'kid':'b'"), right), State::NoKey);
    row("keys without ids", kid, right, State::NoKey);
    row("id twice", kid, with(json("'kid':'a'"), other) + ',' + with(json("'kid':'a'"), right),
        State::Valid);
    row("id of an RSA key", kid, with(json("'kid':'a'"), RsaPublic), State::NoKey);
    row("id of an encryption key", kid, with(json("'kid':'a','use':'enc'"), right), State::NoKey);
    row("no id: all that fit", "", RsaPublic + ',' + other + ',' + right, State::Valid);
    row("no id: none is right", "", RsaPublic + ',' + other + ',' + other, State::Wrong);
    row("id is a number", json(",'kid':7"), right, State::Valid);
    row("key's id is a number", kid, with(json("'kid':7"), right), State::NoKey);
    row("key is for another algorithm", "", with(json("'alg':'ES384'"), right), State::NoKey);
    row("key is for this algorithm", "", with(json("'alg':'ES256'"), right), State::Valid);
    row("operations with verify", "", with(json("'key_ops':['sign','verify']"), right),
        State::Valid);
    row("operations without verify", "", with(json("'key_ops':['sign']"), right), State::NoKey);
    row("operations are a text", "", with(json("'key_ops':'verify'"), right), State::NoKey);
    row("use is a number", "", with(json("'use':1"), right), State::NoKey);
    row("another curve", "", P521Private, State::NoKey);
    row("empty set", "", "", State::NoKey);
}

void TestJose::key_is_chosen_by_id_and_use()
{
    QFETCH(QByteArray, headerMembers);
    QFETCH(QByteArray, keys);
    QFETCH(State, state);
    const auto key = SigningKey::fromJwk(P256Private);
    QVERIFY(key);
    const auto jwt = readJwt(signJwt(*key, json("{'alg':'ES256'") + headerMembers + '}', "{}"));
    QVERIFY(jwt);
    const SignatureCheck check = checkSignature(*jwt, keySet(keys));
    QVERIFY2(check.state == state, qPrintable(check.sentence));
    QVERIFY(check.sentence.endsWith(u'.'));
}

void TestJose::malformed_key_sets_are_no_keys_data()
{
    QTest::addColumn<QByteArray>("jwks");
    const auto row = [](const char *name, const QByteArray &jwks) { QTest::newRow(name) << jwks; };
    row("empty", "");
    row("no JSON", "<html>");
    row("cut off", keySet(RsaPublic).chopped(1));
    row("list", '[' + RsaPublic + ']');
    row("one key, no set", RsaPublic);
    row("keys are an object", json("{'keys':") + RsaPublic + '}');
    row("keys are a text", json("{'keys':'x'}"));
    row("no keys", json("{'keys':[]}"));
    row("keys of other types", json("{'keys':[1,'x',null,[],true]}"));
    row("no members", keySet("{}"));
    row("no n", keySet(json("{'kty':'RSA','e':'AQAB'}")));
    row("empty n", keySet(json("{'kty':'RSA','n':'','e':'AQAB'}")));
    row("n is a number", keySet(json("{'kty':'RSA','n':5,'e':'AQAB'}")));
    row("n is plain base64", keySet(QByteArray(RsaPublic).replace('_', '/')));
    row("no e", keySet(QByteArray(RsaPublic).replace("AQAB", "")));
    row("long e", keySet(QByteArray(RsaPublic).replace("AQAB", QByteArray(400, 'A'))));
    row("type is a number", keySet(json("{'kty':1}")));
    row("weak", keySet(json("{'kty':'RSA','n':'") + QByteArray(170, 'z') + json("8','e':'AQAB'}")));
    row("overlong",
        keySet(json("{'kty':'RSA','n':'") + QByteArray(4000, 'z') + json("','e':'AQAB'}")));
    row("EC key of RSA's type", keySet(QByteArray(P256Private).replace("EC", "RSA")));
}

void TestJose::malformed_key_sets_are_no_keys()
{
    QFETCH(QByteArray, jwks);
    const SignatureCheck check = checkSignature(jwsOf(RsaToken), jwks);
    QVERIFY2(check.state == State::NoKey, qPrintable(check.sentence));
    QVERIFY(check.sentence.endsWith(u'.'));
    QVERIFY(check.sentence.size() < 400);

    // A good key beside it counts all the same, wherever there is a list to be beside.
    if (jwks.startsWith(json("{'keys':[{")) && jwks.endsWith("]}")) {
        const QByteArray beside = jwks.chopped(2) + ',' + RsaPublic + "]}";
        QCOMPARE(checkSignature(jwsOf(RsaToken), beside).state, State::Valid);
    }
}

void TestJose::sentences_show_no_control_characters()
{
    const QByteArray odd = json("\\u001b[31m\\u202e") + QByteArray(1000, 'x');
    Jwt jwt = jwsOf(RsaToken);
    QStringList sentences;
    jwt.header = json("{'alg':'") + odd + json("'}");
    sentences += checkSignature(jwt, keySet(RsaPublic)).sentence;
    jwt.header = json("{'alg':'RS256','kid':'") + odd + json("'}");
    sentences +=
        checkSignature(jwt, keySet(with(json("'kid':'") + odd + "1\"", RsaPublic))).sentence;
    sentences += checkSignature(jwt, keySet(with(json("'kid':'") + odd + '"', RsaPublic))).sentence;
    sentences +=
        checkSignature(jwt, keySet(json("{'kty':'") + odd + json("','kid':'") + odd + "\"}"))
            .sentence;
    for (const QString &sentence : std::as_const(sentences)) {
        QVERIFY2(!sentence.contains(QChar(0x1b)) && !sentence.contains(QChar(0x202e)),
                 qPrintable(sentence));
        QVERIFY2(sentence.size() < 500, qPrintable(sentence));
    }
}

void TestJose::huge_input_ends()
{
    const QByteArray nested = QByteArray(4 << 20, '[');
    QVERIFY(!readJwt(base64Url(nested) + ".e30."));
    QVERIFY(!readJwt(QByteArray(16 << 20, '.')));
    QVERIFY(!readJwt(QByteArray(16 << 20, 'A')));
    const QByteArray long1 = json("{'a':'") + QByteArray(4 << 20, 'x') + "\"}";
    QVERIFY(readJwt("e30." + base64Url(long1) + '.'));
    QCOMPARE(checkSignature(jwsOf(RsaToken), nested).state, State::NoKey);
    // Far more keys than are tried.
    QByteArray keys = RsaPublic;
    for (int i = 0; i < 5000; ++i)
        keys += ',' + RsaPublic;
    Jwt bad = jwsOf(RsaToken);
    bad.signature[7] = char(bad.signature.at(7) ^ 1);
    const SignatureCheck check = checkSignature(bad, keySet(keys));
    QCOMPARE(check.state, State::NoKey);
    QCOMPARE(check.sentence,
             u"The key set is long: none of its first 100 keys made the signature."_s);
}

void TestJose::truncated_input_does_no_harm()
{
    const QByteArray text = pem(u"sec1"_s);
    for (qsizetype length = 0; length < text.size() - 1; ++length)
        QVERIFY(!SigningKey::fromPem(text.left(length)));
    for (qsizetype length = 0; length < P256Private.size(); ++length)
        QVERIFY(!SigningKey::fromJwk(P256Private.left(length)));
    const QByteArray set = keySet(P256Private);
    const Jwt jwt = jwsOf(P256Token);
    for (qsizetype length = 0; length < set.size(); ++length)
        QCOMPARE(checkSignature(jwt, set.left(length)).state, State::NoKey);
    for (qsizetype length = 0; length < P256Token.size(); ++length) {
        const auto cut = readJwt(P256Token.left(length));
        if (cut)
            QCOMPARE(checkSignature(*cut, set).state, State::Wrong);
    }
}

QTEST_GUILESS_MAIN(TestJose)
#include "test_jose.moc"
