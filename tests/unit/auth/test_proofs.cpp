// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/oauth/client_assertion.h"
#include "core/auth/oauth/dpop.h"
#include "core/jsonrpc/json_text.h"
#include "tests/support/jose_vectors.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

DpopRequest tokenRequest()
{
    return {"POST",    QUrl(u"https://server.example.com/token"_s), {}, {}, "-BwC3ESc6acc2lTc",
            1562262616};
}

} // namespace

class TestProofs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_proof_says_what_rfc_9449_asks();
    void a_proof_with_a_token_and_a_nonce();
    void a_proof_is_signed_by_the_key_that_it_shows();
    void every_kind_of_key_proves_data();
    void every_kind_of_key_proves();
    void the_target_is_normalised_data();
    void the_target_is_normalised();
    void odd_bytes_make_a_proof_all_the_same();
    void an_assertion_says_what_rfc_7523_asks();
    void an_assertion_names_its_key_where_there_is_an_id();
    void without_a_key_there_is_nothing();
};

void TestProofs::a_proof_says_what_rfc_9449_asks()
{
    const SigningKey key = SigningKey::generate();
    const auto jwt = readJwt(dpopProof(key, tokenRequest()));
    QVERIFY(jwt);
    QCOMPARE(jwt->header, json("{'typ':'dpop+jwt','alg':'ES256','jwk':") + key.publicJwk() + '}');
    // The example of RFC 9449, 4.2.
    QCOMPARE(jwt->claims,
             json("{'jti':'-BwC3ESc6acc2lTc','htm':'POST',"
                  "'htu':'https://server.example.com/token','iat':1562262616}"));
}

void TestProofs::a_proof_with_a_token_and_a_nonce()
{
    // RFC 9449, 7.1: the hash of its example token.
    const DpopRequest request{"GET",
                              QUrl(u"https://resource.example.org/protectedresource?a=b#c"_s),
                              "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU",
                              "eyJ7S_zG.eyJH0-Z.HX4w-7v",
                              "e1j3V_bKic8-LAEB",
                              1562262618};
    const auto jwt = readJwt(dpopProof(SigningKey::generate(), request));
    QVERIFY(jwt);
    QCOMPARE(jwt->claims,
             json("{'jti':'e1j3V_bKic8-LAEB','htm':'GET',"
                  "'htu':'https://resource.example.org/protectedresource','iat':1562262618,"
                  "'ath':'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',"
                  "'nonce':'eyJ7S_zG.eyJH0-Z.HX4w-7v'}"));
}

void TestProofs::a_proof_is_signed_by_the_key_that_it_shows()
{
    const SigningKey key = SigningKey::generate();
    const auto jwt = readJwt(dpopProof(key, tokenRequest()));
    QVERIFY(jwt);
    const JsonText header = JsonText::parse(jwt->header);
    const QByteArray shown = header.raw(header.find("/jwk")).toByteArray();
    QCOMPARE(jwkThumbprint(shown), key.thumbprint());
    QVERIFY(!shown.contains("\"d\""));
    QCOMPARE(checkSignature(*jwt, "{\"keys\":[" + shown + "]}").state,
             SignatureCheck::State::Valid);
    QCOMPARE(checkSignature(*jwt, keySet(SigningKey::generate().publicJwk())).state,
             SignatureCheck::State::Wrong);
}

void TestProofs::every_kind_of_key_proves_data()
{
    QTest::addColumn<QByteArray>("jwk");
    QTest::newRow("EdDSA") << json("{'kty':'OKP','crv':'Ed25519',"
                                   "'d':'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',"
                                   "'x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'}");
    QTest::newRow("ES256") << json("{'kty':'EC','crv':'P-256',"
                                   "'x':'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',"
                                   "'y':'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',"
                                   "'d':'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI'}");
}

void TestProofs::every_kind_of_key_proves()
{
    QFETCH(QByteArray, jwk);
    const auto key = SigningKey::fromJwk(jwk);
    QVERIFY(key);
    const auto jwt = readJwt(dpopProof(*key, tokenRequest()));
    QVERIFY(jwt);
    const JsonText header = JsonText::parse(jwt->header);
    QCOMPARE(header.string(header.find("/alg")), QString::fromLatin1(QTest::currentDataTag()));
    QCOMPARE(checkSignature(*jwt, keySet(key->publicJwk())).state, SignatureCheck::State::Valid);
}

void TestProofs::the_target_is_normalised_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("target");
    const auto row = [](const char *name, const char *url, const char *target) {
        QTest::newRow(name) << QString::fromUtf8(url) << QByteArray(target);
    };
    row("as it is", "https://a.example/mcp", "https://a.example/mcp");
    row("trailing slash stays", "https://a.example/mcp/", "https://a.example/mcp/");
    row("query", "https://a.example/mcp?x=1", "https://a.example/mcp");
    row("empty query", "https://a.example/mcp?", "https://a.example/mcp");
    row("fragment", "https://a.example/mcp#f", "https://a.example/mcp");
    row("user", "https://u:p@a.example/mcp", "https://a.example/mcp");
    row("no path", "https://a.example", "https://a.example/");
    row("no path but a query", "https://a.example?x", "https://a.example/");
    row("upper case", "HTTPS://A.Example/Mcp", "https://a.example/Mcp");
    row("port", "http://127.0.0.1:8080/mcp", "http://127.0.0.1:8080/mcp");
    row("default port of https", "https://a.example:443/mcp", "https://a.example/mcp");
    row("default port of http", "http://a.example:80/mcp", "http://a.example/mcp");
    row("port of the other scheme", "http://a.example:443/mcp", "http://a.example:443/mcp");
    row("IPv6", "http://[::1]:8080/mcp", "http://[::1]:8080/mcp");
    row("escapes stay", "https://a.example/a%2Fb%20c", "https://a.example/a%2Fb%20c");
    row("beyond ASCII", "https://a.example/\xc3\xa4", "https://a.example/%C3%A4");
}

void TestProofs::the_target_is_normalised()
{
    QFETCH(QString, url);
    QTEST(dpopTarget(QUrl(url)), "target");
}

void TestProofs::odd_bytes_make_a_proof_all_the_same()
{
    DpopRequest request = tokenRequest();
    request.nonce = "\"\\\x01\xff";
    request.jti = "\xc3\xa4\"";
    const SigningKey key = SigningKey::generate();
    const auto jwt = readJwt(dpopProof(key, request));
    QVERIFY(jwt);
    const JsonText claims = JsonText::parse(jwt->claims);
    QCOMPARE(claims.string(claims.find("/jti")), u"ä\""_s);
    QVERIFY(claims.isString(claims.find("/nonce")));
    QCOMPARE(checkSignature(*jwt, keySet(key.publicJwk())).state, SignatureCheck::State::Valid);
}

void TestProofs::an_assertion_says_what_rfc_7523_asks()
{
    const SigningKey key = SigningKey::generate();
    const ClientAssertion assertion{
        u"client \"1\""_s, u"https://as.example/tenant/"_s, "j1", 1'700'000'000, 120, {}};
    const auto jwt = readJwt(signedAssertion(key, assertion));
    QVERIFY(jwt);
    QCOMPARE(jwt->header, json("{'typ':'JWT','alg':'ES256'}"));
    QCOMPARE(jwt->claims,
             QByteArray("{\"iss\":\"client \\\"1\\\"\",\"sub\":\"client \\\"1\\\"\","
                        "\"aud\":\"https://as.example/tenant/\",\"jti\":\"j1\","
                        "\"iat\":1700000000,\"exp\":1700000120}"));
    QCOMPARE(checkSignature(*jwt, keySet(key.publicJwk())).state, SignatureCheck::State::Valid);
}

void TestProofs::an_assertion_names_its_key_where_there_is_an_id()
{
    const SigningKey key = SigningKey::generate();
    const ClientAssertion assertion{u"c"_s, u"https://as.example"_s, "j", 0, 60, u"k1"_s};
    const auto jwt = readJwt(signedAssertion(key, assertion));
    QVERIFY(jwt);
    QCOMPARE(jwt->header, json("{'typ':'JWT','alg':'ES256','kid':'k1'}"));
}

void TestProofs::without_a_key_there_is_nothing()
{
    QCOMPARE(dpopProof({}, tokenRequest()), QByteArray());
    QCOMPARE(signedAssertion({}, {}), QByteArray());
}

QTEST_GUILESS_MAIN(TestProofs)
#include "test_proofs.moc"
