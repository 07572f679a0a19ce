// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/jose.h"
#include "oauth_client.h"
#include "wire.h"

#include <QCryptographicHash>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

constexpr auto AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What is changed in a JWT that would be right; an undefined value takes away.
struct Change {
    QString header = {};
    QString claim = {};
    QJsonValue value = {};
    bool byAnotherKey = false;
    QByteArray proof = {}; ///< in place of the whole
};

QByteArray written(QJsonObject object, const QString &name, const QJsonValue &value)
{
    if (value.isUndefined())
        object.remove(name);
    else if (!name.isEmpty())
        object.insert(name, value);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray signedJwt(const SigningKey &key, const QJsonObject &header, const QJsonObject &claims,
                     const Change &change)
{
    if (!change.proof.isEmpty())
        return change.proof;
    return signJwt(change.byAnotherKey ? SigningKey::generate() : key,
                   written(header, change.header, change.value),
                   written(claims, change.claim, change.value));
}

QByteArray bare(const QUrl &url)
{
    return url.toEncoded(QUrl::RemoveQuery);
}

} // namespace

/// What of the lab's authorisation server is signed: tokens, assertions of clients, proofs of
/// possession.
class TestLabAuthKeys : public QObject, private WithOAuthLab {
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { lab.reset(); }

    // Access tokens

    void access_tokens_are_signed_and_say_for_whom_they_are()
    {
        start({});
        OAuthClient client(*lab);
        const QByteArray token = OAuthClient::text(client.logIn(), "access_token");
        const std::optional<Jwt> jwt = readJwt(token);
        QVERIFY(jwt);
        const QJsonObject claims = objectOf(jwt->claims);
        QCOMPARE(textAt(objectOf(jwt->header), "typ"), u"at+jwt"_s);
        QCOMPARE(textAt(claims, "iss"), lab->issuer().toString());
        QCOMPARE(textAt(claims, "aud"), lab->url().toString());
        QCOMPARE(textAt(claims, "client_id").toUtf8(), client.id);
        QCOMPARE(textAt(claims, "scope"), u"lab:read lab:call"_s);
        QCOMPARE(at(claims, "exp").toInt() - at(claims, "iat").toInt(), 3600);
        const QByteArray keys = OAuthClient::get(on(u"/jwks"_s)).body;
        QCOMPARE(checkSignature(*jwt, keys).state, SignatureCheck::State::Valid);
        QVERIFY(!keys.contains("\"d\""));
        // Another lab has other keys.
        const QByteArray before = keys;
        start({});
        QVERIFY(checkSignature(*jwt, OAuthClient::get(on(u"/jwks"_s)).body).state
                != SignatureCheck::State::Valid);
    }
    void access_tokens_may_be_opaque()
    {
        start({.opaqueTokens = true});
        OAuthClient client(*lab);
        const QByteArray token = OAuthClient::text(client.logIn(), "access_token");
        QVERIFY(!token.isEmpty() && !readJwt(token));
        QCOMPARE(
            RawSession(lab->url(), "2025-11-25", OAuthClient::bearer(token)).initialized.status,
            200);
    }
    void af10_shows_in_the_token()
    {
        lab = std::make_unique<Lab>(LabSettings{.play = {u"AF-10"_s}, .pingMs = 0});
        QVERIFY(lab->listen());
        OAuthClient client(*lab);
        const std::optional<Jwt> jwt = readJwt(OAuthClient::text(client.logIn(), "access_token"));
        QVERIFY(jwt);
        QCOMPARE(textAt(objectOf(jwt->claims), "aud"), u"https://other.example.com/mcp"_s);
    }
    void af11_shows_in_the_token()
    {
        lab = std::make_unique<Lab>(LabSettings{.play = {u"AF-11:5000"_s}, .pingMs = 0});
        QVERIFY(lab->listen());
        OAuthClient client(*lab);
        const std::optional<Jwt> jwt = readJwt(OAuthClient::text(client.logIn(), "access_token"));
        QVERIFY(jwt);
        QVERIFY(at(objectOf(jwt->claims), "exp").toInt() < QDateTime::currentSecsSinceEpoch());
    }

    // Assertions of clients

    void assertions_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<FormParameters>("parameters");
        QTest::addColumn<QByteArray>("error"); // empty: a token
        const auto row = [](const char *name, const Change &change, const char *error,
                            const FormParameters &parameters = {}) {
            QTest::newRow(name) << change << parameters << QByteArray(error);
        };
        const char *bad = "invalid_client";
        const qint64 now = QDateTime::currentSecsSinceEpoch();
        row("right", {}, "");
        row("without client_id", {}, "", {{"client_id", QByteArray()}});
        row("the token endpoint as audience", {.claim = u"aud"_s, .value = u"TOKEN"_s}, "");
        row("several audiences",
            {.claim = u"aud"_s, .value = QJsonArray{u"https://x.example"_s, u"TOKEN"_s}}, "");
        row("another audience", {.claim = u"aud"_s, .value = u"https://x.example"_s}, bad);
        row("no audience", {.claim = u"aud"_s, .value = QJsonValue::Undefined}, bad);
        row("another key", {.byAnotherKey = true}, bad);
        row("expired", {.claim = u"exp"_s, .value = now - 10}, bad);
        row("good for a day", {.claim = u"exp"_s, .value = now + 86400}, bad);
        row("no expiry", {.claim = u"exp"_s, .value = QJsonValue::Undefined}, bad);
        row("text for expiry", {.claim = u"exp"_s, .value = u"soon"_s}, bad);
        row("no jti", {.claim = u"jti"_s, .value = QJsonValue::Undefined}, bad);
        row("another issuer", {.claim = u"iss"_s, .value = u"somebody"_s}, bad);
        row("no algorithm", {.header = u"alg"_s, .value = u"none"_s}, bad);
        row("symmetric", {.header = u"alg"_s, .value = u"HS256"_s}, bad);
        row("no JWT", {.proof = "abc"}, bad);
        row("empty parts", {.proof = ".."}, bad);
        row("long", {.proof = QByteArray(50'000, 'a')}, bad);
        row("another client", {}, bad, {{"client_id", "practice-client"}});
        row("another type", {}, bad, {{"client_assertion_type", "x"}});
        row("a secret besides", {}, "invalid_request", {{"client_secret", "x"}});
    }
    void assertions()
    {
        QFETCH(Change, change);
        QFETCH(FormParameters, parameters);
        QFETCH(QByteArray, error);
        start({});
        const SigningKey key = SigningKey::generate();
        OAuthClient client(*lab);
        enrolWithKey(client, key);
        const QByteArray endpoint = bare(client.at("/token"));
        QJsonArray audiences;
        for (const QJsonValue &one : change.value.toArray())
            audiences.append(one == u"TOKEN"_s ? QString::fromLatin1(endpoint) : one.toString());
        if (change.value == u"TOKEN"_s)
            change.value = QString::fromLatin1(endpoint);
        else if (change.value.isArray())
            change.value = audiences;
        const QByteArray assertion = assertionOf(client, key, change);
        const FormParameters sent = client.changed(requestWith(client, assertion), parameters);
        const RawAnswer answer = client.post("/token", sent);
        QCOMPARE(OAuthClient::text(answer.json(), "error"), error);
        QCOMPARE(answer.json().contains("access_token"_L1), error.isEmpty());
        // Once.
        if (error.isEmpty())
            QCOMPARE(client.post("/token", sent).status, 401);
    }
    void keys_are_demanded_at_registration()
    {
        start({});
        const RawAnswer answer = OAuthClient(*lab).sendRegistration(
            "{\"redirect_uris\":[\"http://127.0.0.1/\"],"
            "\"token_endpoint_auth_method\":\"private_key_jwt\"}");
        QCOMPARE(textAt(answer.json(), "error"), u"invalid_client_metadata"_s);
    }

    // Proofs of possession

    void proofs_at_the_token_endpoint_data() { proofRows(false); }
    void proofs_at_the_token_endpoint()
    {
        QFETCH(Change, change);
        QFETCH(QByteArray, error);
        start({.dpop = true});
        OAuthClient client(*lab);
        client.enrol();
        const SigningKey key = SigningKey::generate();
        const QUrl url = client.at("/token");
        const QByteArray nonce =
            send(client, client.code(), proof(key, "POST", url, {})).header("DPoP-Nonce");
        QVERIFY(!nonce.isEmpty());
        const RawAnswer answer =
            send(client, client.code(), proof(key, "POST", url, nonce, {}, change));
        QCOMPARE(OAuthClient::text(answer.json(), "error"), error);
        QCOMPARE(answer.status, error.isEmpty() ? 200 : 400);
        if (error.isEmpty())
            QCOMPARE(textAt(answer.json(), "token_type"), u"DPoP"_s);
    }
    void proofs_at_the_resource_data() { proofRows(true); }
    void proofs_at_the_resource()
    {
        QFETCH(Change, change);
        QFETCH(QByteArray, error);
        start({.dpop = true});
        const SigningKey key = SigningKey::generate();
        OAuthClient client(*lab);
        const QByteArray token = boundToken(client, key);
        const auto enter = [&](const QByteArray &header) {
            RawClient raw(lab->url());
            raw.sendRequest("POST", initialize,
                            "Authorization: DPoP " + token + "\r\nDPoP: " + header + "\r\n");
            return raw.answer();
        };
        const RawAnswer first = enter(proof(key, "POST", lab->url(), {}, token));
        QVERIFY(first.header("WWW-Authenticate").startsWith("DPoP "));
        QVERIFY(first.header("WWW-Authenticate").contains("error=\"use_dpop_nonce\""));
        const QByteArray nonce = first.header("DPoP-Nonce");
        QVERIFY(!nonce.isEmpty());
        const QByteArray right = proof(key, "POST", lab->url(), nonce, token, change);
        const RawAnswer answer = enter(right);
        QCOMPARE(answer.status, error.isEmpty() ? 200 : 401);
        if (!error.isEmpty()) {
            QVERIFY2(answer.header("WWW-Authenticate").contains("error=\"" + error + '"'),
                     answer.header("WWW-Authenticate"));
            return;
        }
        // Once.
        QVERIFY(enter(right).header("WWW-Authenticate").contains("invalid_dpop_proof"));
    }
    void a_bound_token_is_no_bearer_token()
    {
        start({.dpop = true});
        const SigningKey key = SigningKey::generate();
        OAuthClient client(*lab);
        const QByteArray token = boundToken(client, key);
        const std::optional<Jwt> jwt = readJwt(token);
        QVERIFY(jwt);
        QCOMPARE(textAt(objectOf(jwt->claims), "cnf/jkt").toUtf8(), key.thumbprint());
        for (const QByteArray &headers :
             {OAuthClient::bearer(token), "Authorization: DPoP " + token + "\r\n", QByteArray()}) {
            RawClient raw(lab->url());
            raw.sendRequest("POST", initialize, headers);
            const RawAnswer answer = raw.answer();
            QCOMPARE(answer.status, 401);
            QVERIFY(answer.header("WWW-Authenticate").startsWith("DPoP "));
            QVERIFY(answer.header("WWW-Authenticate").contains("algs=\"ES256"));
        }
    }
    void a_bound_token_needs_its_own_key()
    {
        start({.dpop = true});
        const SigningKey key = SigningKey::generate();
        OAuthClient client(*lab);
        const QByteArray token = boundToken(client, key);
        const auto enter = [&](const SigningKey &by, const QByteArray &nonce) {
            RawClient raw(lab->url());
            raw.sendRequest("POST", initialize,
                            "Authorization: DPoP " + token + "\r\nDPoP: "
                                + proof(by, "POST", lab->url(), nonce, token) + "\r\n");
            return raw.answer();
        };
        const QByteArray nonce = enter(key, {}).header("DPoP-Nonce");
        const RawAnswer stolen = enter(SigningKey::generate(), nonce);
        QCOMPARE(stolen.status, 401);
        QVERIFY(stolen.header("WWW-Authenticate").contains("error=\"invalid_token\""));
        QCOMPARE(enter(key, nonce).status, 200);
    }
    void codes_and_refresh_tokens_are_bound()
    {
        start({.dpop = true});
        OAuthClient client(*lab);
        client.enrol();
        const SigningKey key = SigningKey::generate();
        const SigningKey other = SigningKey::generate();
        const QUrl url = client.at("/token");
        const QByteArray nonce =
            send(client, "x", proof(key, "POST", url, {})).header("DPoP-Nonce");
        const QByteArray code = client.code({{"dpop_jkt", key.thumbprint()}});
        QCOMPARE(textAt(send(client, code, proof(other, "POST", url, nonce)).json(), "error"),
                 u"invalid_grant"_s);
        const QByteArray refresh =
            OAuthClient::text(send(client, client.code({{"dpop_jkt", key.thumbprint()}}),
                                   proof(key, "POST", url, nonce))
                                  .json(),
                              "refresh_token");
        const auto renew = [&](const SigningKey &by) {
            return client.post("/token",
                               {{"grant_type", "refresh_token"},
                                {"refresh_token", refresh},
                                {"client_id", client.id}},
                               "DPoP: " + proof(by, "POST", url, nonce) + "\r\n");
        };
        QCOMPARE(textAt(renew(other).json(), "error"), u"invalid_grant"_s);
        QCOMPARE(textAt(renew(key).json(), "token_type"), u"DPoP"_s);
    }
    void only_a_lab_that_wants_proofs_announces_them()
    {
        for (const bool wanted : {true, false}) {
            start({.dpop = wanted});
            const QJsonObject issuer =
                OAuthClient::get(on(u"/.well-known/oauth-authorization-server"_s)).json();
            const QJsonObject resource =
                OAuthClient::get(
                    lab->url().resolved(QUrl(u"/.well-known/oauth-protected-resource/mcp"_s)))
                    .json();
            QCOMPARE(issuer.contains("dpop_signing_alg_values_supported"_L1), wanted);
            QCOMPARE(resource.contains("dpop_signing_alg_values_supported"_L1), wanted);
            QCOMPARE(resource.value("dpop_bound_access_tokens_required"_L1).toBool(), wanted);
        }
    }

private:
    QUrl on(const QString &path) const { return lab->issuer().resolved(QUrl(path)); }

    static void enrolWithKey(OAuthClient &client, const SigningKey &key)
    {
        const RawAnswer answer = client.sendRegistration(
            "{\"grant_types\":[\"client_credentials\"],\"token_endpoint_auth_method\":"
            "\"private_key_jwt\",\"jwks\":{\"keys\":["
            + key.publicJwk() + "]}}");
        client.id = OAuthClient::text(answer.json(), "client_id");
        QVERIFY(!client.id.isEmpty());
        QVERIFY(!answer.json().contains("client_secret"_L1));
    }
    QByteArray assertionOf(const OAuthClient &client, const SigningKey &key, const Change &change)
    {
        const QString id = QString::fromUtf8(client.id);
        return signedJwt(key, {{u"alg"_s, u"ES256"_s}},
                         {{u"iss"_s, id},
                          {u"sub"_s, id},
                          {u"aud"_s, client.issuer.toString()},
                          {u"exp"_s, QDateTime::currentSecsSinceEpoch() + 60},
                          {u"jti"_s, u"assertion-%1"_s.arg(++m_count)}},
                         change);
    }
    static FormParameters requestWith(const OAuthClient &client, const QByteArray &assertion)
    {
        return {{"grant_type", "client_credentials"},
                {"client_id", client.id},
                {"resource", client.resource()},
                {"client_assertion_type", AssertionType},
                {"client_assertion", assertion}};
    }
    QByteArray proof(const SigningKey &key, const QByteArray &method, const QUrl &url,
                     const QByteArray &nonce, const QByteArray &token = {},
                     const Change &change = {})
    {
        QJsonObject claims{{u"htm"_s, QString::fromLatin1(method)},
                           {u"htu"_s, QString::fromLatin1(bare(url))},
                           {u"iat"_s, QDateTime::currentSecsSinceEpoch()},
                           {u"jti"_s, u"proof-%1"_s.arg(++m_count)}};
        if (!nonce.isEmpty())
            claims.insert(u"nonce"_s, QString::fromLatin1(nonce));
        if (!token.isEmpty()) {
            const QByteArray digest = QCryptographicHash::hash(token, QCryptographicHash::Sha256);
            claims.insert(u"ath"_s, QString::fromLatin1(base64Url(digest)));
        }
        return signedJwt(key,
                         {{u"typ"_s, u"dpop+jwt"_s},
                          {u"alg"_s, u"ES256"_s},
                          {u"jwk"_s, objectOf(key.publicJwk())}},
                         claims, change);
    }
    static RawAnswer send(const OAuthClient &client, const QByteArray &code,
                          const QByteArray &proof)
    {
        return client.post("/token", client.tokenParameters(code), "DPoP: " + proof + "\r\n");
    }
    QByteArray boundToken(OAuthClient &client, const SigningKey &key)
    {
        client.enrol();
        const QUrl url = client.at("/token");
        const QByteArray nonce =
            send(client, "x", proof(key, "POST", url, {})).header("DPoP-Nonce");
        return OAuthClient::text(send(client, client.code(), proof(key, "POST", url, nonce)).json(),
                                 "access_token");
    }
    static void proofRows(bool withToken)
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QByteArray>("error"); // empty: it passes
        const auto row = [](const char *name, const Change &change,
                            const char *error = "invalid_dpop_proof") {
            QTest::newRow(name) << change << QByteArray(error);
        };
        const qint64 now = QDateTime::currentSecsSinceEpoch();
        const QJsonObject withPrivate = objectOf(SigningKey::generate().privateJwk());
        row("right", {}, "");
        row("no nonce", {.claim = u"nonce"_s, .value = QJsonValue::Undefined}, "use_dpop_nonce");
        row("another nonce", {.claim = u"nonce"_s, .value = u"x"_s}, "use_dpop_nonce");
        row("another method", {.claim = u"htm"_s, .value = u"GET"_s});
        row("another address", {.claim = u"htu"_s, .value = u"https://x.example/token"_s});
        row("no address", {.claim = u"htu"_s, .value = QJsonValue::Undefined});
        row("old", {.claim = u"iat"_s, .value = now - 4000});
        row("to come", {.claim = u"iat"_s, .value = now + 4000});
        row("no time", {.claim = u"iat"_s, .value = QJsonValue::Undefined});
        row("no jti", {.claim = u"jti"_s, .value = QJsonValue::Undefined});
        row("another type", {.header = u"typ"_s, .value = u"JWT"_s});
        row("no algorithm", {.header = u"alg"_s, .value = u"none"_s});
        row("symmetric", {.header = u"alg"_s, .value = u"HS256"_s});
        row("no key", {.header = u"jwk"_s, .value = QJsonValue::Undefined});
        row("a private key", {.header = u"jwk"_s, .value = withPrivate});
        row("key is text", {.header = u"jwk"_s, .value = u"x"_s});
        row("signed by another", {.byAnotherKey = true});
        row("no JWT", {.proof = "abc"});
        row("two", {.proof = "a.b.c, a.b.c"});
        row("long", {.proof = QByteArray(20'000, 'a')});
        if (withToken) {
            row("of another token", {.claim = u"ath"_s, .value = u"x"_s});
            row("of no token", {.claim = u"ath"_s, .value = QJsonValue::Undefined});
        }
    }

    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestLabAuthKeys)
#include "test_lab_auth_keys.moc"
