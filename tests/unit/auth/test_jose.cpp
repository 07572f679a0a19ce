// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/jose_vectors.h"

#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

using State = SignatureCheck::State;

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
    void deterministic_signatures_are_those_of_the_rfcs_data();
    void deterministic_signatures_are_those_of_the_rfcs();
    void generated_keys_differ_and_sign();
    void keys_of_openssl_are_read_data();
    void keys_of_openssl_are_read();
    void unusable_keys_say_why_data();
    void unusable_keys_say_why();
    void no_failure_shows_the_key();
    void broken_private_jwks_are_refused_data();
    void broken_private_jwks_are_refused();
    void the_empty_key_does_nothing();
    void tokens_are_read_or_opaque_data();
    void tokens_are_read_or_opaque();
    void huge_tokens_are_read();
    void truncated_keys_do_no_harm();

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

void TestJose::huge_tokens_are_read()
{
    const QByteArray nested = QByteArray(4 << 20, '[');
    QVERIFY(!readJwt(base64Url(nested) + ".e30."));
    QVERIFY(!readJwt(QByteArray(16 << 20, '.')));
    QVERIFY(!readJwt(QByteArray(16 << 20, 'A')));
    const QByteArray long1 = json("{'a':'") + QByteArray(4 << 20, 'x') + "\"}";
    QVERIFY(readJwt("e30." + base64Url(long1) + '.'));
}

void TestJose::truncated_keys_do_no_harm()
{
    const QByteArray text = pem(u"sec1"_s);
    for (qsizetype length = 0; length < text.size() - 1; ++length)
        QVERIFY(!SigningKey::fromPem(text.left(length)));
    for (qsizetype length = 0; length < P256Private.size(); ++length)
        QVERIFY(!SigningKey::fromJwk(P256Private.left(length)));
}

QTEST_GUILESS_MAIN(TestJose)
#include "test_jose.moc"
