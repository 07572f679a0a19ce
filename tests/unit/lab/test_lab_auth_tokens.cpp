// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "oauth_client.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

using Parameters = FormParameters;

QByteArray basic(const QByteArray &id, const QByteArray &secret)
{
    return "Authorization: Basic " + (id + ':' + secret).toBase64() + "\r\n";
}

} // namespace

/// How tokens are had from the lab's authorisation server, used, renewed and taken back.
class TestLabAuthTokens : public QObject, private WithOAuthLab {
    Q_OBJECT
private Q_SLOTS:
    void init() { start({}); }
    void cleanup() { lab.reset(); }

    // The token request

    void token_requests_data()
    {
        QTest::addColumn<Parameters>("changes");
        QTest::addColumn<QByteArray>("error"); // empty: a token
        const auto row = [](const char *name, const Parameters &changes, const char *error = "") {
            QTest::newRow(name) << changes << QByteArray(error);
        };
        const QByteArray gone;
        row("right", {});
        row("wrong verifier", {{"code_verifier", QByteArray(43, 'a')}}, "invalid_grant");
        row("no verifier", {{"code_verifier", gone}}, "invalid_request");
        row("another redirect", {{"redirect_uri", "http://127.0.0.1:1/callback"}}, "invalid_grant");
        row("no redirect", {{"redirect_uri", gone}}, "invalid_request");
        row("no code", {{"code", gone}}, "invalid_request");
        row("unknown code", {{"code", "x"}}, "invalid_grant");
        row("no resource (AF-44)", {{"resource", gone}}, "invalid_target");
        row("another resource", {{"resource", "https://example.com/"}}, "invalid_target");
        row("no grant", {{"grant_type", gone}}, "invalid_request");
        row("unknown grant", {{"grant_type", "password"}}, "unsupported_grant_type");
        row("assertion", {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}},
            "unsupported_grant_type");
        row("no client", {{"client_id", gone}}, "invalid_client");
        row("unknown client", {{"client_id", "nobody"}}, "invalid_client");
        row("another client", {{"client_id", "practice-client"}}, "invalid_grant");
        row("a secret that it has not", {{"client_secret", "x"}}, "invalid_client");
        row("not registered for it", {{"grant_type", "client_credentials"}}, "unauthorized_client");
    }
    void token_requests()
    {
        QFETCH(Parameters, changes);
        QFETCH(QByteArray, error);
        OAuthClient client(*lab);
        client.enrol();
        const RawAnswer answer = client.redeem(client.code(), changes);
        QCOMPARE(OAuthClient::text(answer.json(), "error"), error);
        QCOMPARE(answer.status, error.isEmpty() ? 200 : error == "invalid_client" ? 401 : 400);
        QCOMPARE(answer.json().contains("access_token"_L1), error.isEmpty());
        QCOMPARE(answer.header("Cache-Control"), QByteArray("no-store"));
    }
    void a_code_is_good_once_and_for_its_time()
    {
        OAuthClient client(*lab);
        client.enrol();
        const QByteArray code = client.code();
        const QJsonObject token = client.redeem(code).json();
        const QByteArray bearer = OAuthClient::bearer(OAuthClient::text(token, "access_token"));
        QCOMPARE(ping(bearer), 400); // it came in; there is no session
        QCOMPARE(client.redeem(code).status, 400);
        // Whoever used it twice, one of them was a thief: what came of it is revoked.
        QCOMPARE(ping(bearer), 401);
        QCOMPARE(client.refresh(OAuthClient::text(token, "refresh_token")).status, 400);
        start({.on = true, .codeSeconds = 0});
        OAuthClient late(*lab);
        late.enrol();
        QCOMPARE(OAuthClient::text(late.redeem(late.code()).json(), "error"),
                 QByteArray("invalid_grant"));
    }
    void a_refresh_token_is_replaced_and_its_reuse_ends_all()
    {
        OAuthClient client(*lab);
        const QJsonObject first = client.logIn();
        const QByteArray old = OAuthClient::text(first, "refresh_token");
        const QJsonObject second = client.refresh(old).json();
        QVERIFY(OAuthClient::text(second, "refresh_token") != old);
        QVERIFY(OAuthClient::text(second, "access_token")
                != OAuthClient::text(first, "access_token"));
        const QByteArray bearer = OAuthClient::bearer(OAuthClient::text(second, "access_token"));
        QCOMPARE(ping(bearer), 400);
        QCOMPARE(OAuthClient::text(client.refresh(old).json(), "error"),
                 QByteArray("invalid_grant"));
        QCOMPARE(ping(bearer), 401);
        QCOMPARE(OAuthClient::text(
                     client.refresh(OAuthClient::text(second, "refresh_token")).json(), "error"),
                 QByteArray("invalid_grant"));
    }
    void a_refresh_cannot_widen_the_scope()
    {
        OAuthClient client(*lab);
        const QJsonObject token = client.logIn();
        const QByteArray refresh = OAuthClient::text(token, "refresh_token");
        QCOMPARE(
            OAuthClient::text(client.refresh(refresh, {{"scope", "lab:write"}}).json(), "error"),
            QByteArray("invalid_scope"));
        const QJsonObject narrow = client.refresh(refresh, {{"scope", "lab:read"}}).json();
        QCOMPARE(OAuthClient::text(narrow, "scope"), QByteArray("lab:read"));
        const QJsonObject wide = client.refresh(OAuthClient::text(narrow, "refresh_token")).json();
        QCOMPARE(OAuthClient::text(wide, "scope"), QByteArray("lab:read lab:call"));
        QCOMPARE(OAuthClient::text(client
                                       .refresh(OAuthClient::text(wide, "refresh_token"),
                                                {{"client_id", "practice-client"}})
                                       .json(),
                                   "error"),
                 QByteArray("invalid_grant"));
    }
    void clients_authenticate_as_they_were_registered_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("used");
        QTest::addColumn<bool>("right");
        for (const char *method : {"client_secret_basic", "client_secret_post"}) {
            for (const char *used : {"client_secret_basic", "client_secret_post", "none"}) {
                QTest::addRow("%s by %s", method, used)
                    << QByteArray(method) << QByteArray(used) << (qstrcmp(method, used) == 0);
            }
            QTest::addRow("%s, wrong", method)
                << QByteArray(method) << QByteArray("wrong") << false;
        }
    }
    void clients_authenticate_as_they_were_registered()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, used);
        QFETCH(bool, right);
        OAuthClient client(*lab);
        client.enrol(method, "\"client_credentials\"");
        QVERIFY(!client.secret.isEmpty());
        Parameters parameters{{"grant_type", "client_credentials"},
                              {"scope", "lab:read"},
                              {"resource", client.resource()}};
        const QByteArray secret = used == "wrong" ? "x" : client.secret;
        const bool byHeader =
            used == "client_secret_basic" || (used == "wrong" && method == "client_secret_basic");
        if (!byHeader)
            parameters.append({"client_id", client.id});
        if (!byHeader && used != "none")
            parameters.append({"client_secret", secret});
        const RawAnswer answer =
            client.post("/token", parameters, byHeader ? basic(client.id, secret) : QByteArray());
        QCOMPARE(answer.status, right ? 200 : 401);
        if (right) {
            QCOMPARE(OAuthClient::text(answer.json(), "scope"), QByteArray("lab:read"));
            QVERIFY(!answer.json().contains("refresh_token"_L1));
        } else {
            QCOMPARE(OAuthClient::text(answer.json(), "error"), QByteArray("invalid_client"));
            QCOMPARE(answer.header("WWW-Authenticate").startsWith("Basic"), byHeader);
        }
    }
    void a_service_may_be_known_beforehand()
    {
        start({.on = true, .serviceSecret = "of the service: % +"});
        OAuthClient client(*lab);
        const RawAnswer answer = client.post(
            "/token", {{"grant_type", "client_credentials"}, {"resource", client.resource()}},
            basic("practice-service", QUrl::toPercentEncoding(u"of the service: % +"_s)));
        QCOMPARE(answer.status, 200);
    }

    // Revocation and introspection

    void a_token_is_looked_into_and_revoked()
    {
        OAuthClient client(*lab);
        const QJsonObject token = client.logIn();
        const QByteArray access = OAuthClient::text(token, "access_token");
        const QByteArray refresh = OAuthClient::text(token, "refresh_token");
        const auto look = [&](const QByteArray &value, const QByteArray &id) {
            return client.post("/introspect", {{"token", value}, {"client_id", id}}).json();
        };
        const QJsonObject seen = look(access, client.id);
        QVERIFY(seen.value("active"_L1).toBool());
        QCOMPARE(OAuthClient::text(seen, "aud"), client.resource());
        QCOMPARE(OAuthClient::text(seen, "scope"), QByteArray("lab:read lab:call"));
        QCOMPARE(OAuthClient::text(seen, "iss"), lab->issuer().toEncoded());
        QVERIFY(look(refresh, client.id).value("active"_L1).toBool());
        QVERIFY(!look(access, "practice-client").value("active"_L1).toBool(true));
        QVERIFY(!look("nothing", client.id).value("active"_L1).toBool(true));

        const auto revoke = [&](const QByteArray &value, const QByteArray &id) {
            return client.post("/revoke", {{"token", value}, {"client_id", id}}).status;
        };
        QCOMPARE(revoke(access, "practice-client"), 400);
        QCOMPARE(ping(OAuthClient::bearer(access)), 400);
        QCOMPARE(revoke(access, client.id), 200);
        QCOMPARE(ping(OAuthClient::bearer(access)), 401);
        const QByteArray second = OAuthClient::text(client.refresh(refresh).json(), "access_token");
        QCOMPARE(ping(OAuthClient::bearer(second)), 400);
        QCOMPARE(revoke("nothing", client.id), 200);
        QCOMPARE(revoke("", client.id), 400);
        QCOMPARE(revoke(access, "nobody"), 401);
        // A refresh token takes all with it.
        const QJsonObject other = client.logIn();
        QCOMPARE(revoke(OAuthClient::text(other, "refresh_token"), client.id), 200);
        QCOMPARE(ping(OAuthClient::bearer(OAuthClient::text(other, "access_token"))), 401);
    }

    // Tokens in use

    void tokens_run_out()
    {
        start({.on = true, .tokenSeconds = 0});
        OAuthClient client(*lab);
        const QByteArray token = OAuthClient::text(client.logIn(), "access_token");
        RawClient raw(lab->url());
        raw.sendRequest("POST", pingText, OAuthClient::bearer(token));
        const RawAnswer answer = raw.answer();
        QCOMPARE(answer.status, 401);
        QVERIFY(answer.header("WWW-Authenticate").contains("error=\"invalid_token\""));
        QVERIFY(answer.header("WWW-Authenticate").contains("expired"));
    }
    void what_needs_another_scope_is_told_with_403_data()
    {
        QTest::addColumn<QByteArray>("scope");
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("demanded"); // empty: it passes
        const QByteArray echo = RawSession::callText("echo", "{\"message\":\"x\"}");
        const QByteArray change = RawSession::callText("change-resource");
        QTest::newRow("list") << QByteArray("lab:read") << listText << QByteArray();
        QTest::newRow("list without")
            << QByteArray("lab:call") << listText << QByteArray("lab:read");
        QTest::newRow("call") << QByteArray("lab:call") << echo << QByteArray();
        QTest::newRow("call without") << QByteArray("lab:read") << echo << QByteArray("lab:call");
        QTest::newRow("change") << QByteArray("lab:call lab:write") << change << QByteArray();
        QTest::newRow("change without")
            << QByteArray("lab:read lab:call") << change << QByteArray("lab:call lab:write");
        QTest::newRow("ping") << QByteArray("lab:write") << pingText << QByteArray();
        QTest::newRow("batch") << QByteArray("lab:read") << "[" + listText + "," + echo + "]"
                               << QByteArray("lab:read lab:call");
    }
    void what_needs_another_scope_is_told_with_403()
    {
        QFETCH(QByteArray, scope);
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, demanded);
        OAuthClient client(*lab);
        const QByteArray token = OAuthClient::text(client.logIn(scope), "access_token");
        const RawSession session(lab->url(), "2025-03-26", OAuthClient::bearer(token));
        const RawAnswer answer = session.post(request);
        QCOMPARE(answer.status, demanded.isEmpty() ? 200 : 403);
        const QByteArray challenge = answer.header("WWW-Authenticate");
        QCOMPARE(challenge.contains("error=\"insufficient_scope\""), !demanded.isEmpty());
        if (!demanded.isEmpty()) {
            QVERIFY2(challenge.contains("scope=\"" + demanded + '"'), challenge);
            QVERIFY2(challenge.contains("resource_metadata="), challenge);
        }
    }
    void no_other_token_is_taken()
    {
        lab = std::make_unique<Lab>(
            LabSettings{.bearer = "by hand", .pingMs = 0, .oauth = {.on = true}});
        QVERIFY(lab->listen());
        QCOMPARE(ping(OAuthClient::bearer("by hand")), 401);
        QCOMPARE(ping("Authorization: Basic eDp5\r\n"), 401);
        QCOMPARE(ping("Authorization: Bearer\r\n"), 401);
    }
};

QTEST_GUILESS_MAIN(TestLabAuthTokens)
#include "test_lab_auth_tokens.moc"
