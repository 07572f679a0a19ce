// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "oauth_client.h"
#include "wire.h"

#include <QRegularExpression>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

using Parameters = FormParameters;

const QByteArray formType = "Content-Type: application/x-www-form-urlencoded\r\n";

QStringList strings(const QJsonValue &list)
{
    QStringList texts;
    for (const QJsonValue &value : list.toArray())
        texts.append(value.toString());
    return texts;
}

} // namespace

/// The lab's authorisation server, over HTTP as a client meets it: until there is a token.
class TestLabAuthServer : public QObject, private WithOAuthLab {
    Q_OBJECT
private Q_SLOTS:
    void init() { start({}); }
    void cleanup() { lab.reset(); }

    // Where a token is to be had

    void without_it_the_lab_is_as_ever()
    {
        Lab plain(LabSettings{.pingMs = 0});
        QVERIFY(plain.listen());
        QVERIFY(plain.issuer().isEmpty());
        QCOMPARE(RawSession(plain.url()).initialized.status, 200);
        const RawAnswer metadata = OAuthClient::get(
            plain.url().resolved(QUrl(u"/.well-known/oauth-protected-resource/mcp"_s)));
        QVERIFY(!metadata.json().contains("authorization_servers"_L1));
        QVERIFY(!metadata.json().contains("scopes_supported"_L1));
    }
    void the_challenge_leads_to_a_token_and_the_token_in()
    {
        RawClient first(lab->url());
        first.sendRequest("POST", pingText);
        const RawAnswer refused = first.answer();
        QCOMPARE(refused.status, 401);
        const QString challenge = QString::fromUtf8(refused.header("WWW-Authenticate"));
        static const QRegularExpression form(
            u"^Bearer .*resource_metadata=\"([^\"]+)\".*scope=\"lab:read lab:call\""_s);
        const QRegularExpressionMatch match = form.match(challenge);
        QVERIFY2(match.hasMatch(), qPrintable(challenge));
        QVERIFY(!challenge.contains("error="_L1));

        const QJsonObject resource = OAuthClient::get(QUrl(match.captured(1))).json();
        QCOMPARE(resource.value("resource"_L1).toString(), lab->url().toString());
        QCOMPARE(strings(resource.value("scopes_supported"_L1)),
                 QStringList({u"lab:read"_s, u"lab:call"_s}));
        const QStringList issuers = strings(resource.value("authorization_servers"_L1));
        QCOMPARE(issuers, QStringList(lab->issuer().toString()));
        QVERIFY(lab->issuer().port() != lab->url().port());

        OAuthClient client(*lab);
        const QJsonObject token = client.logIn();
        QCOMPARE(token.value("token_type"_L1).toString(), u"Bearer"_s);
        QCOMPARE(token.value("expires_in"_L1).toInt(), 3600);
        QCOMPARE(token.value("scope"_L1).toString(), u"lab:read lab:call"_s);
        const QByteArray bearer = OAuthClient::bearer(OAuthClient::text(token, "access_token"));
        const RawSession session(lab->url(), "2025-11-25", bearer);
        QCOMPARE(session.initialized.status, 200);
        QCOMPARE(session.post(listText).status, 200);
        QCOMPARE(session.call("echo", "{\"message\":\"x\"}").status, 200);
        for (const char *method : {"GET", "DELETE"}) {
            RawClient without(lab->url());
            without.sendRequest(method, {}, "Mcp-Session-Id: " + session.id + "\r\n");
            QCOMPARE(without.answer().status, 401);
        }
    }
    void the_metadata_of_the_resource_is_at_both_places()
    {
        for (const char *path : {"", "/mcp"}) {
            const QUrl url = lab->url().resolved(
                QUrl(u"/.well-known/oauth-protected-resource"_s + QLatin1String(path)));
            QCOMPARE(OAuthClient::get(url).json().value("resource"_L1).toString(),
                     lab->url().toString());
        }
        const QUrl other =
            lab->url().resolved(QUrl(u"/.well-known/oauth-protected-resource/other"_s));
        QCOMPARE(OAuthClient::get(other).status, 404);
    }
    void the_older_transport_is_a_resource_of_its_own()
    {
        RawClient client(lab->url());
        client.sendRequest("GET", {}, {}, "/sse");
        const QByteArray challenge = client.answer().header("WWW-Authenticate");
        QVERIFY2(challenge.contains("/.well-known/oauth-protected-resource/sse\""), challenge);
        OAuthClient wrong(*lab);
        const QByteArray token = OAuthClient::text(wrong.logIn(), "access_token");
        client.sendRequest("GET", {}, OAuthClient::bearer(token), "/sse");
        QVERIFY(client.answer().header("WWW-Authenticate").contains("another resource"));
        const QByteArray right =
            OAuthClient::text(wrong
                                  .redeem(wrong.code({{"resource", lab->sseUrl().toEncoded()}}),
                                          {{"resource", lab->sseUrl().toEncoded()}})
                                  .json(),
                              "access_token");
        client.sendRequest("GET", {}, OAuthClient::bearer(right), "/sse");
        QCOMPARE(client.answer([](const RawAnswer &a) { return a.status == 200; }).status, 200);
    }
    void issuers_have_their_metadata_where_the_specification_looks_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QStringList>("places");
        QTest::newRow("without a path") << QString()
                                        << QStringList{u"/.well-known/oauth-authorization-server"_s,
                                                       u"/.well-known/openid-configuration"_s};
        QTest::newRow("with a path")
            << u"/tenant1"_s
            << QStringList{u"/.well-known/oauth-authorization-server/tenant1"_s,
                           u"/.well-known/openid-configuration/tenant1"_s,
                           u"/tenant1/.well-known/openid-configuration"_s};
    }
    void issuers_have_their_metadata_where_the_specification_looks()
    {
        QFETCH(QString, path);
        QFETCH(QStringList, places);
        start({.on = true, .issuerPath = path});
        QCOMPARE(lab->issuer().path(), path);
        for (const QString &place : places) {
            const QJsonObject metadata =
                OAuthClient::get(lab->issuer().resolved(QUrl(place))).json();
            QCOMPARE(metadata.value("issuer"_L1).toString(), lab->issuer().toString());
            for (const char *endpoint :
                 {"authorization_endpoint", "token_endpoint", "registration_endpoint",
                  "revocation_endpoint", "introspection_endpoint", "jwks_uri"}) {
                const QUrl url(metadata.value(QLatin1String(endpoint)).toString());
                QCOMPARE(url.port(), lab->issuer().port());
            }
            QCOMPARE(strings(metadata.value("code_challenge_methods_supported"_L1)),
                     QStringList(u"S256"_s));
            QVERIFY(metadata.value("authorization_response_iss_parameter_supported"_L1).toBool());
            QVERIFY(!metadata.value("client_id_metadata_document_supported"_L1).toBool(true));
            for (const char *grant :
                 {"authorization_code", "refresh_token", "client_credentials"}) {
                QVERIFY(strings(metadata.value("grant_types_supported"_L1))
                            .contains(QLatin1String(grant)));
            }
        }
        if (!path.isEmpty())
            QCOMPARE(OAuthClient::get(
                         lab->issuer().resolved(QUrl(u"/.well-known/oauth-authorization-server"_s)))
                         .status,
                     404);
    }
    void servers_of_march_2025_are_their_own_issuers_data()
    {
        QTest::addColumn<bool>("announced");
        QTest::newRow("with metadata") << true;
        QTest::newRow("without") << false;
    }
    void servers_of_march_2025_are_their_own_issuers()
    {
        QFETCH(bool, announced);
        start({.on = true,
               .place = announced ? LabOAuth::Place::SameOrigin
                                  : LabOAuth::Place::SameOriginUnannounced});
        QCOMPARE(lab->issuer().port(), lab->url().port());
        RawClient client(lab->url());
        client.sendRequest("POST", pingText);
        QVERIFY(!client.answer().header("WWW-Authenticate").contains("resource_metadata"));
        client.sendRequest("GET", {}, {}, "/.well-known/oauth-protected-resource/mcp");
        QCOMPARE(client.answer().status, 404);
        client.sendRequest("GET", {}, {}, "/.well-known/oauth-authorization-server");
        QCOMPARE(client.answer().status, announced ? 200 : 404);
        OAuthClient older(*lab);
        older.enrol();
        const QByteArray code = older.code({{"resource", QByteArray()}});
        const QByteArray token = OAuthClient::text(
            older.redeem(code, {{"resource", QByteArray()}}).json(), "access_token");
        QCOMPARE(
            RawSession(lab->url(), "2025-03-26", OAuthClient::bearer(token)).initialized.status,
            200);
    }

    // Registration

    void registrations_data()
    {
        QTest::addColumn<QByteArray>("metadata");
        QTest::addColumn<QByteArray>("error"); // empty: it is taken
        const auto row = [](const char *name, const QByteArray &metadata, const char *error = "") {
            QTest::newRow(name) << metadata << QByteArray(error);
        };
        const auto redirect = [](const QByteArray &uri, const QByteArray &more = {}) {
            return "{\"redirect_uris\":[\"" + uri + "\"],\"token_endpoint_auth_method\":\"none\""
                + more + "}";
        };
        const char *badUri = "invalid_redirect_uri";
        const char *bad = "invalid_client_metadata";
        row("loopback", redirect("http://127.0.0.1:8000/cb"));
        row("loopback without a port", redirect("http://127.0.0.1/cb"));
        row("IPv6", redirect("http://[::1]:8000/cb"));
        row("localhost", redirect("http://localhost:8000/cb"));
        row("https", redirect("https://app.example.com/cb"));
        row("own scheme", redirect("com.example.app:/cb"));
        row("native", redirect("http://127.0.0.1/cb", ",\"application_type\":\"native\""));
        row("http elsewhere", redirect("http://app.example.com/cb"), badUri);
        row("web on loopback", redirect("http://127.0.0.1/cb", ",\"application_type\":\"web\""),
            badUri);
        row("fragment", redirect("https://app.example.com/cb#x"), badUri);
        row("user", redirect("https://me@app.example.com/cb"), badUri);
        row("relative", redirect("/cb"), badUri);
        row("script", redirect("javascript:alert(1)"), badUri);
        row("no dot", redirect("myapp:/cb"), badUri);
        row("line end", redirect("http://127.0.0.1/\\r\\nX-A: b"), badUri);
        row("empty text", redirect(""), badUri);
        row("none", "{}", badUri);
        row("empty list", "{\"redirect_uris\":[]}", badUri);
        row("no list", "{\"redirect_uris\":\"http://127.0.0.1/\"}", badUri);
        row("numbers", "{\"redirect_uris\":[1]}", badUri);
        row("long", redirect("https://a.example/" + QByteArray(3000, 'a')), badUri);
        row("client credentials need no redirect", "{\"grant_types\":[\"client_credentials\"]}");
        row("client credentials without a secret",
            "{\"grant_types\":[\"client_credentials\"],\"token_endpoint_auth_method\":\"none\"}",
            bad);
        row("unknown grant", redirect("http://127.0.0.1/", ",\"grant_types\":[\"magic\"]"), bad);
        row("grants are no list", redirect("http://127.0.0.1/", ",\"grant_types\":7"), bad);
        row("implicit", redirect("http://127.0.0.1/", ",\"response_types\":[\"token\"]"), bad);
        row("method of another type",
            "{\"redirect_uris\":[\"http://127.0.0.1/\"],\"token_endpoint_auth_method\":{}}", bad);
        row("unknown method",
            "{\"redirect_uris\":[\"http://127.0.0.1/\"],\"token_endpoint_auth_method\":\"x\"}",
            bad);
        row("name is a number", redirect("http://127.0.0.1/", ",\"client_name\":1"), bad);
        row("application type", redirect("http://127.0.0.1/", ",\"application_type\":\"x\""), bad);
        row("no object", "[]", bad);
        row("no JSON", "{", bad);
        row("nothing", "", bad);
        row("deep", QByteArray(20'000, '['), bad);
        row("huge", redirect("http://127.0.0.1/", QByteArray(70'000, ' ')), bad);
    }
    void registrations()
    {
        QFETCH(QByteArray, metadata);
        QFETCH(QByteArray, error);
        const RawAnswer answer = OAuthClient(*lab).sendRegistration(metadata);
        QCOMPARE(OAuthClient::text(answer.json(), "error"), error);
        QCOMPARE(answer.header("Cache-Control"), QByteArray("no-store"));
        QCOMPARE(answer.status < 300, error.isEmpty());
        if (!error.isEmpty()) {
            QVERIFY(!OAuthClient::text(answer.json(), "error_description").isEmpty());
            return;
        }
        QCOMPARE(answer.status, 201);
        QVERIFY(!OAuthClient::text(answer.json(), "client_id").isEmpty());
        QCOMPARE(answer.json().contains("client_secret"_L1), !metadata.contains("\"none\""));
    }

    // The authorisation request

    void authorization_answers_by_redirect_data()
    {
        QTest::addColumn<Parameters>("changes");
        QTest::addColumn<QByteArray>("error"); // empty: a code
        const auto row = [](const char *name, const Parameters &changes, const char *error = "") {
            QTest::newRow(name) << changes << QByteArray(error);
        };
        const QByteArray gone;
        row("right", {});
        row("another port", {{"redirect_uri", "http://127.0.0.1:50000/callback"}});
        row("without state", {{"state", gone}});
        row("without scope", {{"scope", gone}});
        row("every scope", {{"scope", "lab:read lab:call lab:write offline_access"}});
        row("prompt none", {{"prompt", "none"}});
        row("prompt consent", {{"prompt", "consent"}}); // as offline_access has it
        row("no challenge", {{"code_challenge", gone}}, "invalid_request");
        row("plain", {{"code_challenge_method", "plain"}}, "invalid_request");
        row("no method", {{"code_challenge_method", gone}}, "invalid_request");
        row("short challenge", {{"code_challenge", "abc"}}, "invalid_request");
        row("no resource (AF-44)", {{"resource", gone}}, "invalid_target");
        row("resource with a slash (AF-45)", {{"resource", "with a slash"}}, "invalid_target");
        row("resource elsewhere", {{"resource", "https://example.com/mcp"}}, "invalid_target");
        row("implicit", {{"response_type", "token"}}, "unsupported_response_type");
        row("no type", {{"response_type", gone}}, "invalid_request");
        row("unknown scope", {{"scope", "lab:read root"}}, "invalid_scope");
    }
    void authorization_answers_by_redirect()
    {
        QFETCH(Parameters, changes);
        QFETCH(QByteArray, error);
        OAuthClient client(*lab);
        client.enrol();
        // Before the lab listens, nobody knows its URL.
        for (auto &[name, value] : changes) {
            if (value == "with a slash")
                value = lab->url().toEncoded() + '/';
        }
        const RawAnswer answer = client.authorize(changes);
        QCOMPARE(answer.status, 302);
        const QByteArray where = answer.header("Location");
        const Parameters sent = client.authorizeParameters(changes);
        const auto redirect = std::find_if(
            sent.begin(), sent.end(), [](const auto &one) { return one.first == "redirect_uri"; });
        QVERIFY2(where.startsWith(redirect->second + '?'), where);
        const QUrlQuery query = OAuthClient::callback(answer);
        QCOMPARE(OAuthClient::item(query, "error"), error);
        QCOMPARE(OAuthClient::item(query, "code").isEmpty(), !error.isEmpty());
        QCOMPARE(OAuthClient::item(query, "iss"), lab->issuer().toEncoded());
        const bool withState = !changes.contains(std::pair(QByteArray("state"), QByteArray()));
        QCOMPARE(OAuthClient::item(query, "state"), QByteArray(withState ? "s1" : ""));
    }
    void authorization_that_must_not_redirect_data()
    {
        QTest::addColumn<Parameters>("changes");
        QTest::newRow("unknown client") << Parameters{{"client_id", "nobody"}};
        QTest::newRow("no client") << Parameters{{"client_id", QByteArray()}};
        QTest::newRow("document as client")
            << Parameters{{"client_id", "https://app.example.com/client.json"}};
        QTest::newRow("another path")
            << Parameters{{"redirect_uri", "http://127.0.0.1:49152/other"}};
        QTest::newRow("another host") << Parameters{{"redirect_uri", "https://evil.example/cb"}};
        QTest::newRow("localhost for 127.0.0.1")
            << Parameters{{"redirect_uri", "http://localhost:49152/callback"}};
        QTest::newRow("no redirect") << Parameters{{"redirect_uri", QByteArray()}};
        QTest::newRow("script") << Parameters{{"redirect_uri", "javascript:alert(1)"}};
        QTest::newRow("markup") << Parameters{{"redirect_uri", "\"><script>alert(1)</script>"}};
    }
    void authorization_that_must_not_redirect()
    {
        QFETCH(Parameters, changes);
        OAuthClient client(*lab);
        client.enrol();
        const RawAnswer answer = client.authorize(changes);
        QCOMPARE(answer.status, 400);
        QVERIFY(answer.header("Location").isEmpty());
        QVERIFY(answer.header("Content-Type").startsWith("text/html"));
        QVERIFY(answer.header("Content-Security-Policy").contains("default-src 'none'"));
        QVERIFY(!answer.body.contains("<script"));
    }
    void a_parameter_that_comes_twice_is_refused()
    {
        OAuthClient client(*lab);
        client.enrol();
        RawClient raw(lab->issuer());
        const QByteArray query = OAuthClient::encoded(client.authorizeParameters());
        raw.sendRequest("GET", {}, {}, "/authorize?" + query + "&state=s2");
        QCOMPARE(raw.answer().status, 400);
        Parameters twice = client.tokenParameters(client.code());
        twice.append(std::pair(QByteArray("code"), QByteArray("x")));
        const RawAnswer answer = client.post("/token", twice);
        QCOMPARE(answer.status, 400);
        QCOMPARE(OAuthClient::text(answer.json(), "error"), QByteArray("invalid_request"));
    }
    void a_client_id_may_be_a_document_where_the_lab_takes_them()
    {
        start({.on = true, .takesClientDocuments = true});
        OAuthClient client(*lab);
        client.id = "https://app.example.com/client.json";
        const QByteArray token =
            OAuthClient::text(client.redeem(client.code()).json(), "access_token");
        QCOMPARE(
            RawSession(lab->url(), "2025-11-25", OAuthClient::bearer(token)).initialized.status,
            200);
        for (const char *other : {"http://app.example.com/client.json", "https://app.example.com/",
                                  "https://app.example.com/c#x"})
            QCOMPARE(client.authorize({{"client_id", other}}).status, 400);
    }

    // Consent

    void a_person_consents_on_a_page_data()
    {
        QTest::addColumn<QByteArray>("decision");
        QTest::addColumn<QByteArray>("answers");
        QTest::newRow("yes") << QByteArray("allow") << QByteArray("code");
        QTest::newRow("no") << QByteArray("deny") << QByteArray("error");
    }
    void a_person_consents_on_a_page()
    {
        QFETCH(QByteArray, decision);
        QFETCH(QByteArray, answers);
        start({.on = true, .asksConsent = true});
        OAuthClient client(*lab);
        client.id = OAuthClient::text(
            client
                .sendRegistration("{\"redirect_uris\":[\"http://127.0.0.1/callback\"],"
                                  "\"token_endpoint_auth_method\":\"none\","
                                  "\"client_name\":\"<script>alert(1)</script>\"}")
                .json(),
            "client_id");
        const RawAnswer page = client.authorize({{"scope", "lab:read lab:write"}});
        QCOMPARE(page.status, 200);
        QVERIFY(page.header("Content-Type").startsWith("text/html"));
        for (const char *shown : {"&lt;script&gt;", "lab:write", "127.0.0.1", "method=\"post\""})
            QVERIFY2(page.body.contains(shown), page.body);
        QVERIFY(!page.body.contains("<script"));
        static const QRegularExpression ticket(u"name=\"ticket\" value=\"([^\"]+)\""_s);
        const QByteArray value = ticket.match(QString::fromUtf8(page.body)).captured(1).toLatin1();
        const RawAnswer decided =
            client.post("/consent", {{"ticket", value}, {"decision", decision}});
        QCOMPARE(decided.status, 303);
        const QUrlQuery query = OAuthClient::callback(decided);
        QVERIFY(!OAuthClient::item(query, answers.constData()).isEmpty());
        QCOMPARE(OAuthClient::item(query, "state"), QByteArray("s1"));
        QCOMPARE(OAuthClient::item(query, "iss"), lab->issuer().toEncoded());
        // Once.
        QCOMPARE(client.post("/consent", {{"ticket", value}, {"decision", "allow"}}).status, 400);
        QCOMPARE(client.post("/consent", {{"ticket", "x"}, {"decision", "allow"}}).status, 400);
        // A client that asks for it goes without the page.
        QCOMPARE(client.authorize({{"prompt", "none"}}).status, 302);
    }
    // Bad input

    void what_is_no_request_is_refused_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const char *method, const char *path,
                            const QByteArray &headers, const QByteArray &body, int status) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(path) << headers << body
                                << status;
        };
        row("GET of the token", "GET", "/token", {}, {}, 405);
        row("POST of authorize", "POST", "/authorize", formType, "a=b", 405);
        row("nothing there", "GET", "/nothing", {}, {}, 404);
        row("DELETE", "DELETE", "/token", {}, {}, 405);
        row("JSON for a form", "POST", "/token", {}, "{}", 400);
        row("empty form", "POST", "/token", formType, {}, 400);
        row("long form", "POST", "/token", formType, "a=" + QByteArray(1'000'000, 'a'), 413);
        row("many parameters", "POST", "/token", formType, QByteArray("a=b&").repeated(10'000),
            400);
        row("odd escapes", "POST", "/token", formType, "grant_type=%&%zz=%4&=&&=%FF%00", 400);
        row("form for JSON", "POST", "/register", formType, "a=b", 400);
        row("empty query", "GET", "/authorize", {}, {}, 400);
        row("odd query", "GET", "/authorize?%&=&&client_id=%00", {}, {}, 400);
        row("another host", "GET", "/jwks", "Host: evil.example\r\n", {}, 403);
        row("another origin", "POST", "/token", formType + "Origin: https://evil.example\r\n", {},
            403);
        row("odd Basic", "POST", "/token", formType + "Authorization: Basic !!!\r\n",
            "grant_type=client_credentials", 401);
        row("no decision", "POST", "/consent", formType, "ticket=x", 400);
    }
    void what_is_no_request_is_refused()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, headers);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        RawClient client(lab->issuer());
        client.sendRequest(method, body, headers, path);
        QCOMPARE(client.answer().status, status);
        QCOMPARE(OAuthClient::get(lab->issuer().resolved(QUrl(u"/jwks"_s))).status, 200);
    }
    void no_secret_is_logged()
    {
        QStringList lines;
        connect(lab.get(), &Lab::log, this, [&lines](const QString &line) { lines.append(line); });
        OAuthClient client(*lab);
        client.enrol("client_secret_post");
        const QByteArray code = client.code();
        const QJsonObject token = client.redeem(code, {{"client_secret", client.secret}}).json();
        ping(OAuthClient::bearer(OAuthClient::text(token, "access_token")));
        const QByteArray all = lines.join(u'\n').toUtf8();
        QVERIFY2(all.contains("POST authorisation server /token 200"), all);
        for (const QByteArray &secret :
             {code, client.secret, OAuthClient::text(token, "access_token"),
              OAuthClient::text(token, "refresh_token")}) {
            QVERIFY(!secret.isEmpty());
            QVERIFY2(!all.contains(secret), all);
        }
    }
    void both_servers_speak_tls_where_one_does()
    {
        Lab secure(LabSettings{.play = {u"AF-94"_s}, .oauth = {.on = true}});
        QVERIFY(secure.listen());
        QCOMPARE(secure.url().scheme(), u"https"_s);
        QCOMPARE(secure.issuer().scheme(), u"https"_s);
    }
    void too_many_clients_make_it_forget_the_first()
    {
        OAuthClient first(*lab);
        first.enrol();
        QCOMPARE(first.authorize().status, 302);
        OAuthClient other(*lab);
        for (int i = 0; i < 1000; ++i)
            other.enrol();
        QCOMPARE(first.authorize().status, 400);
        QCOMPARE(other.authorize().status, 302);
        other.id = "practice-client";
        QCOMPARE(other.authorize().status, 302);
    }
    void a_taken_port_is_told()
    {
        Lab second(LabSettings{.oauth = {.on = true, .port = quint16(lab->issuer().port())}});
        QString problem;
        QVERIFY(!second.listen(&problem));
        QVERIFY2(problem.contains(QString::number(lab->issuer().port())), qPrintable(problem));
    }
};

QTEST_GUILESS_MAIN(TestLabAuthServer)
#include "test_lab_auth_server.moc"
