// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/jose_vectors.h"

#include <QMessageAuthenticationCode>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

using State = SignatureCheck::State;

Jwt tokenOf(const QByteArray &header, const QByteArray &signature = {})
{
    Jwt jwt{header, "{}", base64Url(header) + ".e30", signature};
    return jwt;
}

} // namespace

class TestSignatureCheck : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void signatures_of_the_rfcs_are_valid_data();
    void signatures_of_the_rfcs_are_valid();
    void a_changed_bit_makes_the_signature_wrong();
    void signatures_of_openssl_are_valid_data();
    void signatures_of_openssl_are_valid();
    void algorithms_that_cannot_be_checked_data();
    void algorithms_that_cannot_be_checked();
    void a_shared_secret_of_the_public_key_is_no_signature();
    void key_is_chosen_by_id_and_use_data();
    void key_is_chosen_by_id_and_use();
    void malformed_key_sets_are_no_keys_data();
    void malformed_key_sets_are_no_keys();
    void sentences_show_no_control_characters();
    void huge_key_sets_are_tried_in_part();
    void truncated_tokens_and_sets_do_no_harm();

private:
    QTemporaryDir m_dir;
    QByteArray m_public; ///< JWK of the key in rsa.pem
    QByteArray m_publicPem;
};

void TestSignatureCheck::initTestCase()
{
    QVERIFY(m_dir.isValid());
    const QByteArray made = openssl(
        {u"genpkey"_s, u"-algorithm"_s, u"RSA"_s, u"-pkeyopt"_s, u"rsa_keygen_bits:2048"_s});
    QFile key(m_dir.filePath(u"rsa.pem"_s));
    QVERIFY(key.open(QIODevice::WriteOnly) && key.write(made) > 0);
    const auto read = SigningKey::fromPem(made);
    QVERIFY(read);
    m_public = read->publicJwk();
    m_publicPem = openssl({u"pkey"_s, u"-pubout"_s}, made);
    QVERIFY(!m_publicPem.isEmpty());
}

void TestSignatureCheck::signatures_of_the_rfcs_are_valid_data()
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

void TestSignatureCheck::signatures_of_the_rfcs_are_valid()
{
    QFETCH(QByteArray, token);
    QFETCH(QByteArray, key);
    QFETCH(QString, sentence);
    const SignatureCheck check = checkSignature(jwsOf(token), keySet(key));
    QCOMPARE(check.sentence, sentence);
    QCOMPARE(check.state, State::Valid);
}

void TestSignatureCheck::a_changed_bit_makes_the_signature_wrong()
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

void TestSignatureCheck::signatures_of_openssl_are_valid_data()
{
    QTest::addColumn<QString>("digest");
    QTest::addColumn<bool>("pss");
    for (const char *digest : {"256", "384", "512"}) {
        QTest::addRow("RS%s", digest) << u"-sha"_s + QLatin1StringView(digest) << false;
        QTest::addRow("PS%s", digest) << u"-sha"_s + QLatin1StringView(digest) << true;
    }
}

void TestSignatureCheck::signatures_of_openssl_are_valid()
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
    QCOMPARE(checkSignature(jwt, keySet(m_public)).state, State::Valid);
    // The same bytes under another name are none.
    jwt.header = pss ? json("{'alg':'RS256'}") : json("{'alg':'PS256'}");
    QCOMPARE(checkSignature(jwt, keySet(m_public)).state, State::Wrong);
}

void TestSignatureCheck::algorithms_that_cannot_be_checked_data()
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

void TestSignatureCheck::algorithms_that_cannot_be_checked()
{
    QFETCH(QByteArray, header);
    Jwt jwt = jwsOf(RsaToken);
    jwt.header = header;
    const SignatureCheck check = checkSignature(jwt, keySet(RsaPublic));
    QCOMPARE(check.state, State::Unsupported);
    QVERIFY(check.sentence.endsWith(u'.'));
}

void TestSignatureCheck::a_shared_secret_of_the_public_key_is_no_signature()
{
    Jwt jwt = tokenOf(json("{'alg':'HS256'}"));
    for (const QByteArray &secret : {RsaPublic, m_publicPem}) {
        jwt.signature =
            QMessageAuthenticationCode::hash(jwt.signedPart, secret, QCryptographicHash::Sha256);
        QCOMPARE(checkSignature(jwt, keySet(RsaPublic)).state, State::Unsupported);
        QCOMPARE(checkSignature(jwt, keySet(json("{'kty':'oct','k':'") + base64Url(secret) + "\"}"))
                     .state,
                 State::Unsupported);
    }
}

void TestSignatureCheck::key_is_chosen_by_id_and_use_data()
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

void TestSignatureCheck::key_is_chosen_by_id_and_use()
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

void TestSignatureCheck::malformed_key_sets_are_no_keys_data()
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

void TestSignatureCheck::malformed_key_sets_are_no_keys()
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

void TestSignatureCheck::sentences_show_no_control_characters()
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

void TestSignatureCheck::huge_key_sets_are_tried_in_part()
{
    QCOMPARE(checkSignature(jwsOf(RsaToken), QByteArray(4 << 20, '[')).state, State::NoKey);
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

void TestSignatureCheck::truncated_tokens_and_sets_do_no_harm()
{
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

QTEST_GUILESS_MAIN(TestSignatureCheck)
#include "test_signature_check.moc"
