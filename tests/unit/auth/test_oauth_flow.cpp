// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/oauth_world.h"

#include <QCryptographicHash>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

using Changed = QHash<QByteArray, QByteArray>;
Q_DECLARE_METATYPE(Changed)

class TestOAuthFlow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_person_logs_in();
    void discovery_fails_where_it_has_to_data();
    void discovery_fails_where_it_has_to();
    void another_endpoint_is_asked_whether_it_is_its_own();
    void a_named_place_that_fails_is_told_data();
    void a_named_place_that_fails_is_told();
    void who_is_busy_is_waited_for_data();
    void who_is_busy_is_waited_for();
    void an_origin_has_two_spellings_data();
    void an_origin_has_two_spellings();
    void a_token_that_is_over_when_it_comes_is_told();
    void places_are_asked_in_order();
    void the_challenge_says_where_metadata_is_data();
    void the_challenge_says_where_metadata_is();
    void resources_that_differ_data();
    void resources_that_differ();
    void a_member_of_a_wrong_type_is_no_missing_one();
    void issuers_that_cannot_be_asked_are_passed_over();
    void servers_of_the_first_revision();
    void clients_data();
    void clients();
    void a_client_is_never_used_elsewhere();
    void registration_is_refused_data();
    void a_new_token_is_refused_data();
    void a_new_token_is_refused();
    void a_resource_is_not_known_data();
    void a_resource_is_not_known();
    void nobody_comes_back();
    void registration_is_refused();
    void the_callback_is_judged_data();
    void the_callback_is_judged();
    void nothing_of_another_servers_error_is_shown();
    void scopes_are_chosen_in_order_data();
    void scopes_are_chosen_in_order();
    void token_requests_fail_data();
    void token_requests_fail();
    void tokens_are_refreshed();
    void a_dead_refresh_token_is_not_used_again_data();
    void a_dead_refresh_token_is_not_used_again();
    void a_refresh_that_may_succeed_later_loses_nothing_data();
    void a_refresh_that_may_succeed_later_loses_nothing();
    void a_token_that_is_not_bound_is_not_taken_for_one();
    void an_answer_that_is_none_of_a_servers_is_told_data();
    void an_answer_that_is_none_of_a_servers_is_told();
    void default_endpoints_are_looked_at_where_nothing_is_to_be_changed_data();
    void default_endpoints_are_looked_at_where_nothing_is_to_be_changed();
    void more_scopes_are_asked_for_a_few_times();
    void a_step_up_that_adds_nothing_is_none();
    void private_addresses_are_asked_about();
    void redirects_of_metadata_are_told();
    void endpoints_that_are_not_safe_data();
    void endpoints_that_are_not_safe();
    void steps_run_again();
    void dpop_is_used_where_the_resource_wants_it_data();
    void dpop_is_used_where_the_resource_wants_it();
    void bound_tokens_come_with_a_key();
    void nonces_are_sent_back();
    void exploring_changes_nothing();
    void a_server_that_answers_without_a_token_wants_no_log_in();
    void what_would_happen_is_told_data();
    void what_would_happen_is_told();
    void a_client_with_a_secret_shows_it_when_tokens_are_renewed();
    void scopes_that_lack_are_told_where_nobody_can_be_asked();
    void other_grants_data();
    void other_grants();
};

void TestOAuthFlow::a_person_logs_in()
{
    OAuthWorld world;
    world.begin(R"(Bearer scope="files:read")");
    QCOMPARE(world.asked,
             (QList<QByteArray>{"GET https://mcp.example/.well-known/oauth-protected-resource/mcp",
                                "GET https://as.example/.well-known/oauth-authorization-server",
                                "POST https://as.example/register"}));
    QVERIFY(world.fetches.last().body.contains("\"application_type\":\"native\""));
    QCOMPARE(world.browse().host(), u"as.example"_s);
    QCOMPARE(world.parameter(u"response_type"_s), u"code"_s);
    QCOMPARE(world.parameter(u"client_id"_s), u"c1"_s);
    QCOMPARE(world.parameter(u"redirect_uri"_s), u"http://127.0.0.1:4711/callback"_s);
    QCOMPARE(world.parameter(u"resource"_s), u"https://mcp.example/mcp"_s);
    QCOMPARE(world.parameter(u"scope"_s), u"files:read"_s);
    QCOMPARE(world.parameter(u"code_challenge_method"_s), u"S256"_s);
    QVERIFY(world.parameter(u"state"_s).size() >= 20);
    const QString challenge = world.parameter(u"code_challenge"_s);
    QCOMPARE(world.step(OAuthStepKind::Callback).state, OAuthStep::State::Running);

    world.agree();
    QCOMPARE(world.asked.last(), QByteArray("POST https://as.example/token"));
    QCOMPARE(world.sent(u"grant_type"_s), u"authorization_code"_s);
    QCOMPARE(world.sent(u"code"_s), u"the-code"_s);
    QCOMPARE(world.sent(u"client_id"_s), u"c1"_s);
    QCOMPARE(world.sent(u"resource"_s), u"https://mcp.example/mcp"_s);
    QCOMPARE(world.sent(u"redirect_uri"_s), u"http://127.0.0.1:4711/callback"_s);
    QCOMPARE(QString::fromLatin1(base64Url(QCryptographicHash::hash(
                 world.sent(u"code_verifier"_s).toLatin1(), QCryptographicHash::Sha256))),
             challenge);
    QVERIFY(!world.flow.failure());
    QVERIFY(!world.flow.isRunning());
    const TokenSet &tokens = world.flow.tokens();
    QCOMPARE(tokens.accessToken, QByteArray("at"));
    QCOMPARE(tokens.refreshToken, QByteArray("rt"));
    QCOMPARE(tokens.scope, u"files:read"_s);
    QCOMPARE(tokens.issuer, u"https://as.example"_s);
    QCOMPARE(tokens.expires(), std::optional<qint64>(1'800'003'600));
    for (int kind = int(OAuthStepKind::Challenge); kind <= int(OAuthStepKind::Token); ++kind) {
        const OAuthStep &step = world.flow.steps().at(kind);
        QVERIFY2(step.state == OAuthStep::State::Done, oauthStepName(step.kind));
        QVERIFY(!step.sentence.isEmpty());
        QVERIFY(step.began > 0 && step.ended >= step.began);
    }
    // No secret stands in a fact that is not marked as one.
    for (const OAuthStep &step : world.flow.steps()) {
        for (const OAuthFact &fact : step.input + step.output) {
            const bool holds =
                fact.value == "at"_L1 || fact.value == "rt"_L1 || fact.value == "the-code"_L1;
            QVERIFY2(!holds || fact.secret, qPrintable(fact.name));
        }
        QVERIFY(!step.sentence.contains("the-code"_L1));
    }
    QCOMPARE(world.findings(), QStringList());

    world.flow.used({7, 200, {}, true});
    QCOMPARE(world.step(OAuthStepKind::Use).state, OAuthStep::State::Done);
    world.flow.used({8, 401, {}, true});
    QCOMPARE(world.flow.failure()->finding, u"AF-60"_s);
}

void TestOAuthFlow::discovery_fails_where_it_has_to_data()
{
    QTest::addColumn<QByteArray>("resource"); // body; empty: 404
    QTest::addColumn<Changed>("server");
    QTest::addColumn<OAuthStepKind>("step");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("finding");
    const auto resource = [](const char *name, const char *body, const char *code,
                             const char *finding) {
        QTest::newRow(name) << QByteArray(body) << Changed() << OAuthStepKind::ResourceMetadata
                            << QString::fromLatin1(code) << QString::fromLatin1(finding);
    };
    resource(
        "another origin",
        R"({"resource":"https://evil.example/mcp","authorization_servers":["https://as.example"]})",
        "resource-mismatch", "AF-23");
    resource(
        "another endpoint",
        R"({"resource":"https://mcp.example/other","authorization_servers":["https://as.example"]})",
        "resource-mismatch", "AF-23");
    resource("broken", R"({"resource":5})", "resource-metadata-broken", "AF-27");
    resource("no authorisation server", R"({"resource":"https://mcp.example/mcp"})",
             "no-authorization-server", "AF-26");
    resource("empty list", R"({"resource":"https://mcp.example/mcp","authorization_servers":[]})",
             "no-authorization-server", "AF-26");
    resource(
        "list of wrong type",
        R"({"resource":"https://mcp.example/mcp","authorization_servers":"https://as.example"})",
        "no-authorization-server", "AF-26");
    const QByteArray good =
        R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example"]})";
    const auto server = [&good](const char *name, const Changed &changed, const char *code,
                                const char *finding) {
        QTest::newRow(name) << good << changed << OAuthStepKind::ServerMetadata
                            << QString::fromLatin1(code) << QString::fromLatin1(finding);
    };
    server("issuer with a slash", {{"issuer", "\"https://as.example/\""}}, "issuer-mismatch",
           "AF-29");
    server("another issuer", {{"issuer", "\"https://evil.example\""}}, "issuer-mismatch", "AF-29");
    server("no PKCE", {{"code_challenge_methods_supported", ""}}, "no-pkce", "AF-30");
    server("plain PKCE", {{"code_challenge_methods_supported", "[\"plain\"]"}}, "no-pkce", "AF-30");
    server("PKCE of wrong type", {{"code_challenge_methods_supported", "\"S256\""}}, "no-pkce",
           "AF-30");
    server("no token endpoint", {{"token_endpoint", ""}}, "endpoint-unusable", "");
    QTest::newRow("issuer is no URL")
        << QByteArray(R"({"resource":"https://mcp.example/mcp","authorization_servers":["as"]})")
        << Changed() << OAuthStepKind::ServerMetadata << u"issuer-unusable"_s << u"AF-26"_s;
    QTest::newRow("issuer on http") << QByteArray(
        R"({"resource":"https://mcp.example/mcp","authorization_servers":["http://as.example"]})")
                                    << Changed() << OAuthStepKind::ServerMetadata
                                    << u"issuer-insecure"_s << u"AF-25"_s;
    QTest::newRow("nothing there") << QByteArray(
        R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://nowhere.example"]})")
                                   << Changed() << OAuthStepKind::ServerMetadata
                                   << u"no-server-metadata"_s << QString();
    QTest::newRow("no way at all") << QByteArray() << Changed() << OAuthStepKind::ServerMetadata
                                   << u"no-way-to-authorise"_s << u"AF-20"_s;
}

void TestOAuthFlow::discovery_fails_where_it_has_to()
{
    QFETCH(QByteArray, resource);
    QFETCH(Changed, server);
    QFETCH(OAuthStepKind, step);
    QFETCH(QString, code);
    QFETCH(QString, finding);
    OAuthWorld world;
    if (resource.isEmpty())
        world.pages.remove("GET https://mcp.example/.well-known/oauth-protected-resource/mcp");
    else
        world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"] = {
            200, resource};
    world.setServer(server);
    world.begin();
    QVERIFY(world.browse().isEmpty());
    QVERIFY(world.flow.failure());
    QCOMPARE(world.flow.failure()->code, code);
    QCOMPARE(world.flow.failure()->finding, finding);
    QVERIFY(!world.flow.failure()->sentence.isEmpty());
    QVERIFY(!world.flow.failure()->advice.isEmpty());
    QVERIFY(world.flow.failure()->exchange > 0);
    QCOMPARE(world.step(step).state, OAuthStep::State::Failed);
    QVERIFY(world.flow.tokens().isEmpty());
}

void TestOAuthFlow::another_endpoint_is_asked_whether_it_is_its_own()
{
    const OAuthWorld::Page other{
        200,
        R"({"resource":"https://mcp.example/b","authorization_servers":["https://as.example"]})"};
    for (const bool same : {true, false}) {
        OAuthWorld world;
        world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"] = other;
        if (same)
            world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/b"] = other;
        world.begin();
        QVERIFY(world.flow.failure());
        QCOMPARE(world.flow.failure()->code, u"resource-mismatch"_s);
        QCOMPARE(world.flow.failure()->finding, same ? u"AF-24"_s : u"AF-23"_s);
        QCOMPARE(world.findings(), QStringList{same ? u"AF-24"_s : u"AF-23"_s});
        QCOMPARE(world.asked.constLast(),
                 QByteArray("GET https://mcp.example/.well-known/oauth-protected-resource/b"));
        // What it is about is the document that was asked first.
        QCOMPARE(world.flow.failure()->exchange, 2);
    }
}

void TestOAuthFlow::a_named_place_that_fails_is_told_data()
{
    QTest::addColumn<int>("status"); // 0: the connection closes
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("busy");
    QTest::addColumn<QString>("finding");
    const QByteArray json = "application/json";
    QTest::newRow("404") << 404 << json << false << u"AF-25"_s;
    QTest::newRow("500") << 500 << json << false << u"AF-25"_s;
    QTest::newRow("401") << 401 << json << false << u"AF-25"_s;
    QTest::newRow("403, a page") << 403 << QByteArray("text/html") << false << u"AF-25"_s;
    QTest::newRow("closed") << 0 << json << false << u"AF-99"_s;
    QTest::newRow("busy") << 503 << json << true << u"AF-98"_s;
}

void TestOAuthFlow::a_named_place_that_fails_is_told()
{
    QFETCH(int, status);
    QFETCH(QByteArray, type);
    QFETCH(bool, busy);
    QFETCH(QString, finding);
    OAuthWorld world;
    OAuthWorld::Page page{status, "{}", type};
    if (busy)
        page.headers = {{"Retry-After", "5", HeaderSource::Server, false}};
    world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"] = page;
    world.begin(
        R"(Bearer resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp")");
    QVERIFY(world.flow.failure());
    QCOMPARE(world.flow.failure()->finding, finding);
    QVERIFY2(world.flow.failure()->sentence.startsWith(busy ? "GET https"_L1
                                                            : "The challenge names https"_L1),
             qPrintable(world.flow.failure()->sentence));
    QVERIFY(!world.flow.failure()->advice.isEmpty());
    QCOMPARE(world.findings(), QStringList{finding});
}

void TestOAuthFlow::who_is_busy_is_waited_for_data()
{
    QTest::addColumn<QByteArray>("page");
    QTest::newRow("metadata of the resource")
        << QByteArray("GET https://mcp.example/.well-known/oauth-protected-resource/mcp");
    QTest::newRow("metadata of the issuer")
        << QByteArray("GET https://as.example/.well-known/oauth-authorization-server");
    QTest::newRow("token") << QByteArray("POST https://as.example/token");
}

void TestOAuthFlow::who_is_busy_is_waited_for()
{
    QFETCH(QByteArray, page);
    OAuthWorld world;
    world.pages[page] = {
        503, "<html>Busy</html>", "text/html", {{"Retry-After", "5", HeaderSource::Server, false}}};
    world.begin();
    if (!world.browse().isEmpty())
        world.agree();
    QVERIFY(world.flow.failure());
    QCOMPARE(world.flow.failure()->finding, u"AF-98"_s);
    QVERIFY2(world.flow.failure()->advice.contains("wait"_L1),
             qPrintable(world.flow.failure()->advice));
}

void TestOAuthFlow::an_origin_has_two_spellings_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("resource");
    QTest::newRow("both with") << u"https://mcp.example/"_s << u"https://mcp.example/"_s;
    QTest::newRow("both without") << u"https://mcp.example"_s << u"https://mcp.example"_s;
    QTest::newRow("without in the metadata")
        << u"https://mcp.example/"_s << u"https://mcp.example"_s;
    QTest::newRow("without in the URL") << u"https://mcp.example"_s << u"https://mcp.example/"_s;
}

void TestOAuthFlow::an_origin_has_two_spellings()
{
    QFETCH(QString, url);
    QFETCH(QString, resource);
    OAuthWorld world;
    world.pages["GET https://mcp.example/.well-known/oauth-protected-resource"] = {
        200,
        "{\"resource\":\"" + resource.toUtf8()
            + "\",\"authorization_servers\":[\"https://as.example\"]}"};
    world.flow.begin(QUrl(url), OAuthWorld::refusal("Bearer"));
    world.run();
    QVERIFY2(!world.browse().isEmpty(), "nothing is to be opened");
    QCOMPARE(world.findings(), QStringList());
    QCOMPARE(world.parameter(u"resource"_s), resource);
}

void TestOAuthFlow::a_token_that_is_over_when_it_comes_is_told()
{
    OAuthWorld world;
    const QByteArray token = base64Url(R"({"alg":"none"})") + '.'
        + base64Url(R"({"aud":"https://mcp.example/mcp","exp":1799996400})") + ".c2ln";
    world.pages["POST https://as.example/token"] = {
        200,
        R"({"access_token":")" + token + R"(","token_type":"Bearer","expires_in":3600})",
        "application/json",
        {{"Date", "Fri, 15 Jan 2027 06:00:00 GMT", HeaderSource::Server, false}}};
    world.begin();
    world.agree();
    QVERIFY(!world.flow.failure());
    QCOMPARE(world.findings(), QStringList{u"AF-11"_s});
    const QString sentence = world.step(OAuthStepKind::Token).checks.constLast().sentence;
    QVERIFY2(sentence.contains("7200 s behind ours"_L1), qPrintable(sentence));
}

void TestOAuthFlow::places_are_asked_in_order()
{
    OAuthWorld world;
    const QByteArray page = "<html>";
    world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"] = {200, page,
                                                                                       "text/html"};
    world.pages["GET https://mcp.example/.well-known/oauth-protected-resource"] = {
        200,
        R"({"resource":"https://mcp.example","authorization_servers":["https://as.example/t"]})"};
    world.pages["GET https://as.example/t/.well-known/openid-configuration"] = {
        200,
        R"({"issuer":"https://as.example/t","authorization_endpoint":"https://as.example/a",)"
        R"("token_endpoint":"https://as.example/token","code_challenge_methods_supported":["S256"],)"
        R"("registration_endpoint":"https://as.example/register"})"};
    world.begin();
    QCOMPARE(world.asked,
             (QList<QByteArray>{"GET https://mcp.example/.well-known/oauth-protected-resource/mcp",
                                "GET https://mcp.example/.well-known/oauth-protected-resource",
                                "GET https://as.example/.well-known/oauth-authorization-server/t",
                                "GET https://as.example/.well-known/openid-configuration/t",
                                "GET https://as.example/t/.well-known/openid-configuration",
                                "POST https://as.example/register"}));
    const QList<OAuthAttempt> attempts = world.step(OAuthStepKind::ServerMetadata).attempts;
    QCOMPARE(attempts.size(), 3);
    QCOMPARE(attempts.at(0).outcome, u"404"_s);
    QCOMPARE(attempts.at(2).outcome, u"found"_s);
    QCOMPARE(world.step(OAuthStepKind::ResourceMetadata).attempts.at(0).outcome,
             u"a web page (text/html)"_s);
    // A page in its place, and metadata of the place above: both are told, and neither stops.
    QCOMPARE(world.findings(), (QStringList{u"AF-27"_s, u"AF-23"_s}));
    QCOMPARE(world.parameter(u"resource"_s), u"https://mcp.example"_s);
}

void TestOAuthFlow::the_challenge_says_where_metadata_is_data()
{
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<QByteArray>("firstAsked");
    QTest::addColumn<QString>("finding");
    const QByteArray wellKnown = "GET https://mcp.example/.well-known/oauth-protected-resource/mcp";
    QTest::newRow("its own") << QByteArray(R"(Bearer resource_metadata="https://mcp.example/meta")")
                             << QByteArray("GET https://mcp.example/meta") << u"AF-25"_s;
    QTest::newRow("relative") << QByteArray(R"(Bearer resource_metadata="/meta")") << wellKnown
                              << u"AF-25"_s;
    QTest::newRow("http") << QByteArray(R"(Bearer resource_metadata="http://mcp.example/meta")")
                          << wellKnown << u"AF-25"_s;
    QTest::newRow("another host") << QByteArray(
        R"(Bearer resource_metadata="https://other.example/meta")")
                                  << wellKnown << u"AF-25"_s;
    QTest::newRow("file") << QByteArray(R"(Bearer resource_metadata="file:///etc/passwd")")
                          << wellKnown << u"AF-25"_s;
    QTest::newRow("another scheme of authorisation")
        << QByteArray("Negotiate") << wellKnown << u"AF-21"_s;
    QTest::newRow("none") << QByteArray() << wellKnown << QString();
}

void TestOAuthFlow::the_challenge_says_where_metadata_is()
{
    QFETCH(QByteArray, challenge);
    QFETCH(QByteArray, firstAsked);
    QFETCH(QString, finding);
    OAuthWorld world;
    world.begin(challenge);
    QCOMPARE(world.asked.first(), firstAsked);
    // The well-known place has it all the same.
    QVERIFY(!world.browse().isEmpty());
    QCOMPARE(world.findings(), finding.isEmpty() ? QStringList() : QStringList{finding});
}

void TestOAuthFlow::resources_that_differ_data()
{
    QTest::addColumn<QString>("resource");
    QTest::addColumn<QString>("finding");
    QTest::newRow("same") << u"https://mcp.example/mcp"_s << QString();
    QTest::newRow("slash") << u"https://mcp.example/mcp/"_s << u"AF-22"_s;
    QTest::newRow("origin") << u"https://mcp.example"_s << u"AF-23"_s;
}

void TestOAuthFlow::resources_that_differ()
{
    QFETCH(QString, resource);
    QFETCH(QString, finding);
    OAuthWorld world;
    world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"] = {
        200,
        "{\"resource\":\"" + resource.toUtf8()
            + "\",\"authorization_servers\":[\"https://as.example\"]}"};
    world.begin();
    // It is sent as the metadata spells it (AF-45).
    QCOMPARE(world.parameter(u"resource"_s), resource);
    QCOMPARE(world.findings(), finding.isEmpty() ? QStringList() : QStringList{finding});
    const OAuthCheck check = world.step(OAuthStepKind::ResourceMetadata).checks.constFirst();
    QCOMPARE(check.left, resource);
    QCOMPARE(check.right, u"https://mcp.example/mcp"_s);
    QVERIFY(!check.rule.isEmpty());
}

void TestOAuthFlow::a_member_of_a_wrong_type_is_no_missing_one()
{
    OAuthWorld world;
    const QByteArray place = "GET https://mcp.example/.well-known/oauth-protected-resource/mcp";
    const OAuthWorld::Page good = world.pages.value(place);
    world.pages[place] = {200,
                          R"({"resource":"https://mcp.example/mcp","authorization_servers":"x"})"};
    world.begin();
    QVERIFY(world.flow.failure()->sentence.contains(u"authorization_servers"_s));
    QVERIFY(world.flow.failure()->sentence.contains(u"array"_s));
    world.pages[place] = good;
    world.setServer({{"authorization_endpoint", "5"}});
    world.begin();
    QVERIFY(world.flow.failure()->sentence.contains(u"authorization_endpoint"_s));
    QVERIFY(world.flow.failure()->sentence.contains(u"string"_s));
}

void TestOAuthFlow::issuers_that_cannot_be_asked_are_passed_over()
{
    OAuthWorld world;
    world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"] = {
        200,
        R"({"resource":"https://mcp.example/mcp","authorization_servers":["as","","https://as.example"]})"};
    world.begin();
    QCOMPARE(world.flow.issuer(), u"https://as.example"_s);
    QCOMPARE(world.flow.steps().at(int(OAuthStepKind::ServerMetadata)).state,
             OAuthStep::State::Done);
    QStringList passedOver;
    for (const OAuthCheck &check :
         world.flow.steps().at(int(OAuthStepKind::ResourceMetadata)).checks) {
        if (check.finding == "AF-26"_L1)
            passedOver.append(check.sentence);
    }
    QCOMPARE(passedOver.size(), 2);
    QVERIFY(passedOver.constFirst().contains(u"“as”"_s));
}

void TestOAuthFlow::servers_of_the_first_revision()
{
    // MCP 2025-03-26, 2.3.3: neither metadata of the resource nor of an authorisation server.
    OAuthWorld world;
    world.pages.clear();
    world.pages["POST https://mcp.example/register"] = {201, R"({"client_id":"c"})"};
    world.pages["POST https://mcp.example/token"] = {
        200, R"({"access_token":"t","token_type":"Bearer"})"};
    world.begin();
    QCOMPARE(world.browse().toString(QUrl::RemoveQuery), u"https://mcp.example/authorize"_s);
    world.agree();
    QCOMPARE(world.flow.tokens().accessToken, QByteArray("t"));

    // Metadata at its own origin goes before that.
    OAuthWorld other;
    other.pages.clear();
    other.pages["GET https://mcp.example/.well-known/oauth-authorization-server"] = {
        200,
        R"({"issuer":"https://mcp.example","authorization_endpoint":"https://mcp.example/a",)"
        R"("token_endpoint":"https://mcp.example/t","registration_endpoint":"https://mcp.example/r"})"};
    other.pages["POST https://mcp.example/r"] = {201, R"({"client_id":"c"})"};
    other.begin();
    QCOMPARE(other.browse().path(), u"/a"_s);
}

void TestOAuthFlow::clients_data()
{
    QTest::addColumn<OAuthSettings>("settings");
    QTest::addColumn<Changed>("server");
    QTest::addColumn<QString>("id"); // empty: a person is asked
    QTest::addColumn<ClientAuthentication>("authentication");
    const Changed noRegistration{{"registration_endpoint", ""}};
    OAuthSettings settings;
    QTest::newRow("registered") << settings << Changed() << u"c1"_s << ClientAuthentication::None;
    QTest::newRow("nothing") << settings << noRegistration << QString()
                             << ClientAuthentication::None;
    settings.clientId = u"mine"_s;
    QTest::newRow("given") << settings << Changed() << u"mine"_s << ClientAuthentication::None;
    settings.clientSecret = u"s"_s;
    const auto methods = [](const char *list) {
        return Changed{{"token_endpoint_auth_methods_supported", list}};
    };
    QTest::newRow("secret, nothing said")
        << settings << methods("") << u"mine"_s << ClientAuthentication::Basic;
    QTest::newRow("secret, basic and post")
        << settings << methods(R"(["client_secret_post","client_secret_basic"])") << u"mine"_s
        << ClientAuthentication::Basic;
    QTest::newRow("secret, post") << settings << methods(R"(["client_secret_post"])") << u"mine"_s
                                  << ClientAuthentication::Post;
    settings = {};
    settings.clientMetadataUrl = u"https://me.example/client.json"_s;
    QTest::newRow("metadata document, not supported")
        << settings << Changed() << u"c1"_s << ClientAuthentication::None;
    QTest::newRow("metadata document")
        << settings << Changed{{"client_id_metadata_document_supported", "true"}}
        << u"https://me.example/client.json"_s << ClientAuthentication::None;
}

void TestOAuthFlow::clients()
{
    QFETCH(OAuthSettings, settings);
    QFETCH(Changed, server);
    QFETCH(QString, id);
    QFETCH(ClientAuthentication, authentication);
    OAuthWorld world;
    world.setServer(server);
    world.flow.setSettings(settings);
    world.begin();
    if (id.isEmpty()) {
        const auto *ask = std::get_if<OAuthAsk>(&world.flow.action());
        QVERIFY(ask);
        QCOMPARE(ask->about, OAuthAsk::About::ClientId);
        QCOMPARE(world.findings(), QStringList{u"AF-40"_s});
        // And goes on with what they give.
        settings.clientId = u"told"_s;
        world.flow.setSettings(settings);
        world.flow.runAgain(OAuthStepKind::Client, false);
        world.run();
        QCOMPARE(world.parameter(u"client_id"_s), u"told"_s);
        return;
    }
    QCOMPARE(world.parameter(u"client_id"_s), id);
    QCOMPARE(world.flow.client().authentication, authentication);
}

void TestOAuthFlow::a_client_is_never_used_elsewhere()
{
    ClientIdentity other;
    other.source = ClientIdentity::Source::Registered;
    other.issuer = u"https://old.example"_s;
    other.id = u"old"_s;
    other.redirectUri = u"http://127.0.0.1:4711/callback"_s;
    OAuthWorld world;
    world.flow.setKnownClients({other});
    world.begin();
    QCOMPARE(world.parameter(u"client_id"_s), u"c1"_s);

    other.issuer = u"https://as.example"_s;
    other.redirectUri = u"http://127.0.0.1:999/callback"_s;
    OAuthWorld same;
    same.flow.setKnownClients({other});
    same.begin();
    QCOMPARE(same.parameter(u"client_id"_s), u"old"_s);

    // Expired since.
    other.secretExpires = 1'700'000'000;
    OAuthWorld late;
    late.flow.setKnownClients({other});
    late.begin();
    QCOMPARE(late.parameter(u"client_id"_s), u"c1"_s);

    OAuthSettings settings;
    settings.clientId = u"mine"_s;
    settings.clientIssuer = u"https://old.example"_s;
    OAuthWorld given;
    given.flow.setSettings(settings);
    given.begin();
    QCOMPARE(given.flow.failure()->code, u"client-of-another-issuer"_s);
}

void TestOAuthFlow::registration_is_refused_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("finding");
    QTest::newRow("redirect URI") << 400 << QByteArray(R"({"error":"invalid_redirect_uri"})")
                                  << u"AF-41"_s;
    QTest::newRow("other") << 400 << QByteArray(R"({"error":"invalid_client_metadata"})")
                           << QString();
    QTest::newRow("page") << 404 << QByteArray("<html>") << QString();
    QTest::newRow("nobody") << 0 << QByteArray() << QString();
    QTest::newRow("redirect elsewhere") << 302 << QByteArray() << QString();
}

void TestOAuthFlow::a_new_token_is_refused_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<QString>("finding");
    const auto row = [](const char *name, const char *claims, const char *finding) {
        QTest::newRow(name) << QByteArray(claims) << QString::fromLatin1(finding);
    };
    row("opaque", "", "AF-60");
    row("no audience", R"({"iss":"https://as.example"})", "AF-60");
    row("right", R"({"aud":"https://mcp.example/mcp"})", "AF-60");
    row("right among others", R"({"aud":["x","https://mcp.example/mcp"]})", "AF-60");
    row("of a wrong type", R"({"aud":7})", "AF-60");
    row("over already", R"({"aud":"https://other.example/mcp","exp":1000})", "AF-11");
    row("not yet", R"({"aud":"https://mcp.example/mcp","nbf":99999999999})", "AF-11");
    row("another", R"({"aud":"https://other.example/mcp"})", "AF-10");
    row("others", R"({"aud":["https://other.example/mcp","x"]})", "AF-10");
}

void TestOAuthFlow::a_new_token_is_refused()
{
    QFETCH(QByteArray, claims);
    QFETCH(QString, finding);
    OAuthWorld world;
    const QByteArray token = claims.isEmpty()
        ? QByteArray("at")
        : base64Url(R"({"alg":"none"})") + '.' + base64Url(claims) + ".c2ln";
    world.pages["POST https://as.example/token"] = {
        200, R"({"access_token":")" + token + R"(","token_type":"Bearer"})"};
    world.begin();
    world.agree();
    QCOMPARE(world.flow.tokens().accessToken, token);
    world.flow.used({8, 401, {}, true});
    QCOMPARE(world.flow.failure()->finding, finding);
    QCOMPARE(world.flow.failure()->exchange, 8);
    QVERIFY(!world.flow.failure()->sentence.contains(QString::fromLatin1(token)));
}

void TestOAuthFlow::a_resource_is_not_known_data()
{
    QTest::addColumn<std::optional<QString>>("resource");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("advice");
    QTest::newRow("none") << std::optional(QString()) << u"AF-44"_s << u"Let resource be sent"_s;
    QTest::newRow("a slash too many") << std::optional(u"https://mcp.example/mcp/"_s) << u"AF-45"_s
                                      << u"spells it “https://mcp.example/mcp”"_s;
    QTest::newRow("the metadata's")
        << std::optional<QString>() << u"AF-45"_s << u"does not know the resource"_s;
}

void TestOAuthFlow::a_resource_is_not_known()
{
    QFETCH(std::optional<QString>, resource);
    QFETCH(QString, finding);
    QFETCH(QString, advice);
    for (const bool atToken : {false, true}) {
        OAuthWorld world;
        OAuthSettings settings;
        settings.mode = OAuthSettings::Mode::Interactive;
        settings.resource = resource;
        world.flow.setSettings(settings);
        world.pages["POST https://as.example/token"] = {400, R"({"error":"invalid_target"})"};
        world.begin();
        if (atToken)
            world.agree();
        else
            world.comeBack("error=invalid_target&state=STATE&iss=https://as.example");
        QVERIFY(world.flow.failure());
        QCOMPARE(world.flow.failure()->finding, finding);
        QVERIFY2(world.flow.failure()->advice.contains(advice),
                 qPrintable(world.flow.failure()->advice));
    }
}

void TestOAuthFlow::nobody_comes_back()
{
    OAuthWorld world;
    world.flow.notCalledBack(1000);
    QVERIFY(!world.flow.failure());
    world.begin();
    world.flow.notCalledBack(600'000);
    QVERIFY(!world.flow.isRunning());
    QCOMPARE(world.flow.failure()->finding, u"AF-48"_s);
    QCOMPARE(world.flow.failure()->kind, FailureKind::TimedOut);
    QVERIFY(world.flow.failure()->sentence.contains("within 10 min"_L1));
    QCOMPARE(world.step(OAuthStepKind::Callback).state, OAuthStep::State::Failed);
}

void TestOAuthFlow::registration_is_refused()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, finding);
    OAuthWorld world;
    world.pages["POST https://as.example/register"] = {status, body};
    world.begin();
    QVERIFY(world.flow.failure());
    QCOMPARE(world.flow.failure()->finding, finding);
    QCOMPARE(world.step(OAuthStepKind::Client).state, OAuthStep::State::Failed);
    // It goes on from there once that is mended.
    world.pages["POST https://as.example/register"] = {201, R"({"client_id":"later"})"};
    world.flow.runAgain(OAuthStepKind::Client, false);
    world.run();
    QCOMPARE(world.parameter(u"client_id"_s), u"later"_s);
}

void TestOAuthFlow::the_callback_is_judged_data()
{
    QTest::addColumn<bool>("promised"); // iss
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("code"); // of the failure; empty: tokens
    QTest::addColumn<QString>("finding");
    const auto row = [](const char *name, bool promised, const char *query, const char *code,
                        const char *finding) {
        QTest::newRow(name) << promised << QByteArray(query) << QString::fromLatin1(code)
                            << QString::fromLatin1(finding);
    };
    row("fine", false, "code=c&state=STATE", "", "");
    row("fine with iss", true, "code=c&state=STATE&iss=https%3A%2F%2Fas.example", "", "");
    row("iss that was not promised", false, "code=c&state=STATE&iss=https%3A%2F%2Fas.example", "",
        "");
    row("iss missing", true, "code=c&state=STATE", "issuer-missing", "AF-47");
    row("iss of another", false, "code=c&state=STATE&iss=https%3A%2F%2Fevil.example",
        "issuer-mix-up", "AF-47");
    row("iss with a slash", true, "code=c&state=STATE&iss=https%3A%2F%2Fas.example%2F",
        "issuer-mix-up", "AF-47");
    row("no state", false, "code=c", "state-mismatch", "AF-46");
    row("another state", false, "code=c&state=x", "state-mismatch", "AF-46");
    row("state twice", false, "code=c&state=STATE&state=x", "state-mismatch", "AF-46");
    row("code twice", false, "code=c&code=d&state=STATE", "state-mismatch", "AF-46");
    row("denied", false, "error=access_denied&state=STATE", "access-denied", "");
    row("unknown resource", false, "error=invalid_target&state=STATE", "authorization-error",
        "AF-45");
    row("neither code nor error", false, "state=STATE", "code-missing", "");
    row("empty code", false, "code=&state=STATE", "code-missing", "");
}

void TestOAuthFlow::the_callback_is_judged()
{
    QFETCH(bool, promised);
    QFETCH(QByteArray, query);
    QFETCH(QString, code);
    QFETCH(QString, finding);
    OAuthWorld world;
    if (promised)
        world.setServer({{"authorization_response_iss_parameter_supported", "true"}});
    world.begin();
    const qsizetype before = world.asked.size();
    world.comeBack(query);
    if (code.isEmpty()) {
        QVERIFY(!world.flow.failure());
        QVERIFY(!world.flow.tokens().isEmpty());
        // It is used once.
        world.flow.calledBack(QUrl(u"http://127.0.0.1:4711/callback?code=d"_s));
        QCOMPARE(world.asked.size(), before + 1);
        return;
    }
    QVERIFY(world.flow.failure());
    QCOMPARE(world.flow.failure()->code, code);
    QCOMPARE(world.flow.failure()->finding, finding);
    // No code goes anywhere.
    QCOMPARE(world.asked.size(), before);
}

void TestOAuthFlow::nothing_of_another_servers_error_is_shown()
{
    OAuthWorld world;
    world.begin();
    world.comeBack("error=phish&error_description=Call+0800&state=STATE"
                   "&iss=https%3A%2F%2Fevil.example");
    QCOMPARE(world.flow.failure()->finding, u"AF-47"_s);
    for (const OAuthStep &step : world.flow.steps())
        QVERIFY(!step.sentence.contains("0800"_L1) && !step.sentence.contains("phish"_L1));
}

void TestOAuthFlow::scopes_are_chosen_in_order_data()
{
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<QByteArray>("resource"); // scopes_supported
    QTest::addColumn<QByteArray>("server"); // scopes_supported
    QTest::addColumn<QString>("chosen");
    QTest::newRow("the challenge's")
        << QByteArray(R"(Bearer scope="x y")") << QByteArray(R"(["a"])") << QByteArray(R"(["b"])")
        << u"x y"_s;
    QTest::newRow("the resource's")
        << QByteArray("Bearer") << QByteArray(R"(["a","b"])") << QByteArray(R"(["c"])") << u"a b"_s;
    QTest::newRow("none") << QByteArray("Bearer") << QByteArray() << QByteArray(R"(["c"])")
                          << QString();
    QTest::newRow("and offline") << QByteArray(R"(Bearer scope="x")") << QByteArray()
                                 << QByteArray(R"(["offline_access","z"])")
                                 << u"x offline_access"_s;
    QTest::newRow("offline access alone is not asked for")
        << QByteArray("Bearer") << QByteArray() << QByteArray(R"(["offline_access","z"])")
        << QString();
}

void TestOAuthFlow::scopes_are_chosen_in_order()
{
    QFETCH(QByteArray, challenge);
    QFETCH(QByteArray, resource);
    QFETCH(QByteArray, server);
    QFETCH(QString, chosen);
    OAuthWorld world;
    world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"] = {
        200,
        R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example"])"
            + (resource.isEmpty() ? QByteArray() : ",\"scopes_supported\":" + resource) + '}'};
    world.setServer({{"scopes_supported", server}});
    world.begin(challenge);
    QCOMPARE(world.parameter(u"scope"_s), chosen);
    QCOMPARE(world.parameter(u"prompt"_s),
             chosen.contains("offline_access"_L1) ? u"consent"_s : QString());
    // A person may choose another.
    OAuthSettings settings = world.flow.settings();
    settings.scope = u"only this"_s;
    world.flow.setSettings(settings);
    world.flow.runAgain(OAuthStepKind::Authorization, false);
    world.run();
    QCOMPARE(world.parameter(u"scope"_s), u"only this"_s);
}

void TestOAuthFlow::token_requests_fail_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("finding");
    QTest::newRow("client") << 401 << QByteArray(R"({"error":"invalid_client"})") << u"AF-43"_s;
    QTest::newRow("target") << 400 << QByteArray(R"({"error":"invalid_target"})") << u"AF-45"_s;
    QTest::newRow("grant") << 400 << QByteArray(R"({"error":"invalid_grant"})") << QString();
    QTest::newRow("page") << 200 << QByteArray("<html>log in</html>") << u"AF-49"_s;
    QTest::newRow("text") << 502 << QByteArray("Bad gateway") << u"AF-49"_s;
    QTest::newRow("later") << 503 << QByteArray(R"({"error":"temporarily_unavailable"})")
                           << QString();
    QTest::newRow("nobody") << 0 << QByteArray() << QString();
}

void TestOAuthFlow::token_requests_fail()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, finding);
    OAuthWorld world;
    const OAuthWorld::Page good = world.pages.value("POST https://as.example/token");
    world.pages["POST https://as.example/token"] = {status, body};
    world.begin();
    world.agree();
    QVERIFY(world.flow.failure());
    QCOMPARE(world.flow.failure()->finding, finding);
    QVERIFY(world.flow.tokens().isEmpty());
    // The code is used up: it begins with a new one.
    world.pages["POST https://as.example/token"] = good;
    world.flow.runAgain(OAuthStepKind::Token, false);
    world.run();
    QVERIFY(!world.browse().isEmpty());
    world.agree();
    QCOMPARE(world.flow.tokens().accessToken, QByteArray("at"));
}

void TestOAuthFlow::tokens_are_refreshed()
{
    OAuthWorld world;
    world.begin(R"(Bearer scope="a b")");
    world.agree();
    world.pages["POST https://as.example/token"] = {
        200, R"({"access_token":"at2","token_type":"Bearer","refresh_token":"rt2"})"};
    QVERIFY(world.flow.refresh({}));
    QVERIFY(!world.flow.refresh({})); // one at a time
    world.run();
    QCOMPARE(world.sent(u"grant_type"_s), u"refresh_token"_s);
    QCOMPARE(world.sent(u"refresh_token"_s), u"rt"_s);
    QCOMPARE(world.sent(u"scope"_s), u"a b"_s); // AF-63
    QCOMPARE(world.sent(u"resource"_s), u"https://mcp.example/mcp"_s);
    QCOMPARE(world.sent(u"client_id"_s), u"c1"_s);
    QCOMPARE(world.flow.tokens().accessToken, QByteArray("at2"));
    QCOMPARE(world.flow.tokens().refreshToken, QByteArray("rt2"));

    // Without a new refresh token the one that is there stays; another scope is told.
    world.pages["POST https://as.example/token"] = {
        200, R"({"access_token":"at3","token_type":"Bearer","scope":"a"})"};
    QVERIFY(world.flow.refresh({}));
    world.run();
    QCOMPARE(world.flow.tokens().refreshToken, QByteArray("rt2"));
    QCOMPARE(world.findings(), QStringList{u"AF-63"_s});

    // Of an earlier run: what the server can do is asked first.
    OAuthWorld later;
    ClientIdentity client;
    client.id = u"c1"_s;
    client.issuer = u"https://as.example"_s;
    later.flow.restore(QUrl(u"https://mcp.example/mcp"_s), world.flow.tokens(), client);
    QVERIFY(later.flow.refresh({}));
    later.run();
    QCOMPARE(later.asked,
             (QList<QByteArray>{"GET https://as.example/.well-known/oauth-authorization-server",
                                "POST https://as.example/token"}));
    QCOMPARE(later.flow.tokens().accessToken, QByteArray("at"));
}

void TestOAuthFlow::a_dead_refresh_token_is_not_used_again_data()
{
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<QString>("finding");
    QTest::newRow("as it should be") << QByteArray("invalid_grant") << u"AF-11"_s;
    QTest::newRow("another code") << QByteArray("invalid_request") << u"AF-65"_s;
}

void TestOAuthFlow::a_dead_refresh_token_is_not_used_again()
{
    QFETCH(QByteArray, error);
    QFETCH(QString, finding);
    OAuthWorld world;
    world.begin();
    world.agree();
    world.pages["POST https://as.example/token"] = {400, "{\"error\":\"" + error + "\"}"};
    QVERIFY(world.flow.refresh({}));
    world.run();
    QCOMPARE(world.flow.failure()->finding, finding);
    QCOMPARE(world.step(OAuthStepKind::Refresh).state, OAuthStep::State::Failed);
    QVERIFY(!world.flow.refresh({}));
}

void TestOAuthFlow::a_refresh_that_may_succeed_later_loses_nothing_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<bool>("waits"); // it says how long
    QTest::addColumn<QString>("finding");
    QTest::newRow("too many") << 429 << QByteArray("slow_down") << true << u"AF-98"_s;
    QTest::newRow("too many, for how long is not said")
        << 429 << QByteArray("slow_down") << false << QString();
    QTest::newRow("busy") << 400 << QByteArray("temporarily_unavailable") << false << QString();
    QTest::newRow("down") << 503 << QByteArray("server_error") << true << u"AF-98"_s;
}

void TestOAuthFlow::a_refresh_that_may_succeed_later_loses_nothing()
{
    QFETCH(int, status);
    QFETCH(QByteArray, error);
    QFETCH(bool, waits);
    QFETCH(QString, finding);
    OAuthWorld world;
    world.begin();
    world.agree();
    const OAuthWorld::Page good = world.pages.value("POST https://as.example/token");
    QList<Header> headers;
    if (waits)
        headers.append({"Retry-After", "17", HeaderSource::Server, false});
    world.pages["POST https://as.example/token"] = {status, "{\"error\":\"" + error + "\"}",
                                                    "application/json", headers};
    QVERIFY(world.flow.refresh({}));
    world.run();
    QCOMPARE(world.flow.failure()->finding, finding);
    QCOMPARE((world.flow.failure()->sentence + world.flow.failure()->advice).contains("17"_L1),
             waits);
    world.pages["POST https://as.example/token"] = good;
    QVERIFY(world.flow.refresh({}));
    world.run();
    QVERIFY(!world.flow.failure());
}

/// RFC 9449, 5.
void TestOAuthFlow::a_token_that_is_not_bound_is_not_taken_for_one()
{
    OAuthWorld world;
    OAuthSettings settings;
    settings.dpop = OAuthSettings::DPoP::Always;
    world.flow.setSettings(settings);
    world.begin();
    world.agree();
    QVERIFY(world.flow.failure());
    QCOMPARE(world.flow.failure()->code, u"dpop-refused"_s);
    QVERIFY(world.flow.tokens().isEmpty());
}

void TestOAuthFlow::an_answer_that_is_none_of_a_servers_is_told_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("after"); // Retry-After
    QTest::addColumn<QString>("finding");
    const QByteArray html = "text/html; charset=utf-8";
    QTest::newRow("a page") << 200 << html << QByteArray() << u"AF-91"_s;
    QTest::newRow("not found") << 404 << html << QByteArray() << QString();
    QTest::newRow("broken") << 500 << QByteArray() << QByteArray() << QString();
    QTest::newRow("broken, in JSON")
        << 500 << QByteArray("application/json") << QByteArray() << QString();
    QTest::newRow("busy") << 503 << html << QByteArray("30") << u"AF-98"_s;
    QTest::newRow("too many") << 429 << QByteArray() << QByteArray("30") << u"AF-98"_s;
}

void TestOAuthFlow::an_answer_that_is_none_of_a_servers_is_told()
{
    QFETCH(int, status);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, after);
    QFETCH(QString, finding);
    OAuthWorld world;
    OAuthRefusal answer = OAuthWorld::refusal({}, status, false, type);
    if (!after.isEmpty())
        answer.headers.append({"Retry-After", after, HeaderSource::Server, false});
    world.flow.begin(QUrl(u"https://mcp.example/mcp"_s), answer);
    world.run();
    QCOMPARE(world.asked, QList<QByteArray>());
    QCOMPARE(world.flow.failure()->code, u"no-challenge"_s);
    QCOMPARE(world.flow.failure()->finding, finding);
    QVERIFY(world.flow.failure()->sentence.contains(QString::number(status)));
    QCOMPARE(world.flow.failure()->advice.contains("30"_L1), !after.isEmpty());
}

/// MCP 2025-03-26, 2.3.3: what a log-in would try is told, and nothing is registered.
void TestOAuthFlow::default_endpoints_are_looked_at_where_nothing_is_to_be_changed_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("there");
    QTest::newRow("refuses without parameters") << 400 << true;
    QTest::newRow("leads to a page") << 302 << true;
    QTest::newRow("nothing") << 404 << false;
    QTest::newRow("refused as all is") << 401 << false;
}

void TestOAuthFlow::default_endpoints_are_looked_at_where_nothing_is_to_be_changed()
{
    QFETCH(int, status);
    QFETCH(bool, there);
    OAuthWorld world;
    world.pages.clear();
    world.pages["GET https://mcp.example/authorize"] = {status, {}, {}};
    world.flow.setLast(OAuthStepKind::ServerMetadata);
    world.begin();
    QCOMPARE(world.asked.constLast(), QByteArray("GET https://mcp.example/authorize"));
    QCOMPARE(!world.flow.failure(), there);
    if (there)
        QVERIFY(
            world.step(OAuthStepKind::Client).sentence.contains(u"https://mcp.example/register"_s));
    else
        QCOMPARE(world.flow.failure()->finding, u"AF-20"_s);
}

void TestOAuthFlow::more_scopes_are_asked_for_a_few_times()
{
    OAuthWorld world;
    world.begin(R"(Bearer scope="read")");
    world.agree();
    QString all = u"read"_s;
    for (int i = 1; i <= OAuthFlow::MostStepUps; ++i) {
        const QByteArray wanted = "w" + QByteArray::number(i);
        QVERIFY(world.flow.stepUp(OAuthWorld::refusal(
            "Bearer error=\"insufficient_scope\", scope=\"" + wanted + '"', 403, true)));
        world.run();
        all += u' ' + QString::fromLatin1(wanted);
        QCOMPARE(world.parameter(u"scope"_s), all);
        QCOMPARE(world.parameter(u"client_id"_s), u"c1"_s);
        world.agree();
        QVERIFY(!world.flow.failure());
    }
    QVERIFY(!world.flow.stepUp(
        OAuthWorld::refusal(R"(Bearer error="insufficient_scope", scope="more")", 403, true)));
    QCOMPARE(world.flow.failure()->finding, u"AF-61"_s);
    // It was registered once.
    QCOMPARE(world.asked.count("POST https://as.example/register"), 1);
}

void TestOAuthFlow::a_step_up_that_adds_nothing_is_none()
{
    OAuthWorld world;
    world.begin(R"(Bearer scope="read write")");
    world.agree();
    QVERIFY(!world.flow.stepUp(
        OAuthWorld::refusal(R"(Bearer error="insufficient_scope", scope="write")", 403, true)));
    QCOMPARE(world.flow.failure()->code, u"insufficient-scope"_s);
    QVERIFY(!world.flow.isRunning());
}

void TestOAuthFlow::private_addresses_are_asked_about()
{
    OAuthWorld world;
    world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"] = {
        200,
        R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://10.0.0.1"]})"};
    world.begin();
    const auto *ask = std::get_if<OAuthAsk>(&world.flow.action());
    QVERIFY(ask);
    QCOMPARE(ask->about, OAuthAsk::About::PrivateAddress);
    QCOMPARE(ask->url.host(), u"10.0.0.1"_s);
    QVERIFY(!world.asked.last().contains("10.0.0.1"));
    world.flow.answer(true);
    world.run();
    QVERIFY(world.asked.contains("GET https://10.0.0.1/.well-known/oauth-authorization-server"));

    OAuthWorld refused;
    refused.pages = world.pages;
    refused.begin();
    refused.flow.answer(false);
    QCOMPARE(refused.flow.failure()->code, u"private-address"_s);
    QVERIFY(!refused.asked.last().contains("10.0.0.1"));
}

void TestOAuthFlow::redirects_of_metadata_are_told()
{
    OAuthWorld world;
    const auto to = [](const char *url) {
        return OAuthWorld::Page{
            302, {}, "text/plain", {{"Location", url, HeaderSource::Server, false}}};
    };
    const QByteArray place = "GET https://mcp.example/.well-known/oauth-protected-resource/mcp";
    const OAuthWorld::Page document = world.pages.value(place);
    world.pages[place] = to("https://cdn.example/meta");
    world.pages["GET https://cdn.example/meta"] = document;
    world.begin();
    QVERIFY(!world.browse().isEmpty());
    const OAuthStep &step = world.step(OAuthStepKind::ResourceMetadata);
    QCOMPARE(step.attempts.size(), 2);
    QCOMPARE(step.checks.constFirst().result, OAuthCheck::Result::Deviates);
    QVERIFY(step.checks.constFirst().sentence.contains("https://cdn.example"_L1));

    OAuthWorld inside;
    inside.pages[place] = to("https://192.168.0.1/meta");
    inside.begin();
    QVERIFY(std::holds_alternative<OAuthAsk>(inside.flow.action()));

    OAuthWorld circle;
    circle.pages[place] = to("https://mcp.example/.well-known/oauth-protected-resource/mcp");
    circle.begin();
    QVERIFY(circle.asked.size() < 20);
}

void TestOAuthFlow::endpoints_that_are_not_safe_data()
{
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QByteArray>("value");
    for (const char *member :
         {"authorization_endpoint", "token_endpoint", "registration_endpoint"}) {
        for (const char *value : {"javascript:alert(1)", "file:///bin/sh", "http://as.example/x",
                                  "https://", "calc.exe", "https://as.example/ x"}) {
            QTest::addRow("%s %s", member, value) << QByteArray(member) << QByteArray(value);
        }
    }
}

void TestOAuthFlow::endpoints_that_are_not_safe()
{
    QFETCH(QByteArray, member);
    QFETCH(QByteArray, value);
    OAuthWorld world;
    world.setServer({{member, '"' + value + '"'}});
    world.begin();
    QVERIFY(world.browse().isEmpty());
    QVERIFY(world.flow.failure());
    QCOMPARE(world.flow.failure()->code, u"endpoint-unusable"_s);
    QVERIFY(!world.asked.contains("POST " + value));
}

void TestOAuthFlow::steps_run_again()
{
    OAuthWorld world;
    world.begin();
    world.agree();
    // One alone: what comes behind it waits.
    const qsizetype before = world.asked.size();
    world.flow.runAgain(OAuthStepKind::ServerMetadata, true);
    world.run();
    QCOMPARE(world.asked.size(), before + 1);
    QCOMPARE(world.step(OAuthStepKind::ServerMetadata).state, OAuthStep::State::Done);
    QCOMPARE(world.step(OAuthStepKind::Client).state, OAuthStep::State::Waiting);
    QVERIFY(!world.flow.isRunning());
    // Without resource, as a person may want to see what comes of it.
    OAuthSettings settings = world.flow.settings();
    settings.resource = QString();
    world.flow.setSettings(settings);
    world.flow.runAgain(OAuthStepKind::Client, false);
    world.run();
    QVERIFY(!world.browse().query().contains("resource="_L1));
    world.agree();
    QCOMPARE(world.sent(u"resource"_s), QString());
    QCOMPARE(world.findings(), QStringList{u"AF-44"_s});
}

void TestOAuthFlow::dpop_is_used_where_the_resource_wants_it_data()
{
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<QByteArray>("resource");
    QTest::addColumn<QByteArray>("server");
    QTest::addColumn<bool>("used");
    const QByteArray es256 = "[\"ES256\"]";
    const QByteArray accepts = ",\"dpop_signing_alg_values_supported\":[\"ES256\"]";
    const QByteArray demands = ",\"dpop_bound_access_tokens_required\":true";
    QTest::newRow("nobody says so")
        << QByteArray("Bearer") << QByteArray() << QByteArray() << false;
    // Many authorisation servers can, for resources that would take such a token for no token.
    QTest::newRow("the AS alone") << QByteArray("Bearer") << QByteArray() << es256 << false;
    QTest::newRow("challenge") << QByteArray("DPoP algs=\"ES256\"") << QByteArray() << es256
                               << true;
    QTest::newRow("both challenges")
        << QByteArray("Bearer, DPoP algs=\"ES256\"") << QByteArray() << es256 << true;
    QTest::newRow("challenge, but the AS cannot")
        << QByteArray("Bearer, DPoP algs=\"ES256\"") << QByteArray() << QByteArray() << false;
    QTest::newRow("its metadata") << QByteArray("Bearer") << accepts << es256 << true;
    QTest::newRow("its metadata, another algorithm")
        << QByteArray("Bearer") << QByteArray(accepts).replace("ES256", "RS256") << es256 << false;
    QTest::newRow("demanded") << QByteArray("Bearer") << demands << es256 << true;
    QTest::newRow("demanded, and the AS does not say")
        << QByteArray("Bearer") << demands << QByteArray() << true;
}

void TestOAuthFlow::dpop_is_used_where_the_resource_wants_it()
{
    QFETCH(QByteArray, challenge);
    QFETCH(QByteArray, resource);
    QFETCH(QByteArray, server);
    QFETCH(bool, used);
    OAuthWorld world;
    OAuthWorld::Page &page =
        world.pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"];
    page.body.insert(page.body.size() - 1, resource);
    world.setServer({{"dpop_signing_alg_values_supported", server}});
    world.begin(challenge);
    QCOMPARE(!world.parameter(u"dpop_jkt"_s).isEmpty(), used);
    world.agree();
    QCOMPARE(!headerOf(world.fetches.last().headers, "DPoP").isEmpty(), used);
}

void TestOAuthFlow::bound_tokens_come_with_a_key()
{
    OAuthWorld world;
    world.setServer({{"dpop_signing_alg_values_supported", "[\"ES256\"]"}});
    world.pages["POST https://as.example/token"] = {
        200, R"({"access_token":"at","token_type":"DPoP","refresh_token":"rt"})"};
    world.begin("DPoP");
    QVERIFY(!world.parameter(u"dpop_jkt"_s).isEmpty());
    world.agree();
    QVERIFY(!headerOf(world.fetches.last().headers, "DPoP").isEmpty());
    QVERIFY(world.flow.tokens().isDPoP());
    QCOMPARE(QString::fromLatin1(world.flow.tokens().dpopKey.thumbprint()).size(), 43);

    // Never, if a person says so.
    OAuthWorld plain;
    plain.setServer({{"dpop_signing_alg_values_supported", "[\"ES256\"]"}});
    OAuthSettings settings;
    settings.dpop = OAuthSettings::DPoP::Never;
    plain.flow.setSettings(settings);
    plain.begin("DPoP");
    plain.agree();
    QVERIFY(headerOf(plain.fetches.last().headers, "DPoP").isEmpty());

    // A bound token that nobody asked for cannot be used.
    plain.pages["POST https://as.example/token"] = {200,
                                                    R"({"access_token":"at","token_type":"DPoP"})"};
    plain.flow.runAgain(OAuthStepKind::Authorization, false);
    plain.run();
    plain.agree();
    QCOMPARE(plain.flow.failure()->code, u"dpop-unasked"_s);
}

void TestOAuthFlow::nonces_are_sent_back()
{
    OAuthWorld world;
    world.setServer({{"dpop_signing_alg_values_supported", "[\"ES256\"]"}});
    world.pages["POST https://as.example/token"] = {
        400,
        R"({"error":"use_dpop_nonce"})",
        "application/json",
        {{"DPoP-Nonce", "n1", HeaderSource::Server, false}}};
    world.begin("DPoP");
    world.agree();
    // A server that is never satisfied is given up.
    QCOMPARE(world.asked.count("POST https://as.example/token"), 3);
    QVERIFY(world.flow.failure());
    const std::optional<Jwt> proof = readJwt(headerOf(world.fetches.last().headers, "DPoP"));
    QVERIFY(proof);
    QVERIFY(proof->claims.contains("\"nonce\":\"n1\""));
    QVERIFY(world.fetches.at(world.fetches.size() - 2).headers != world.fetches.last().headers);
}

void TestOAuthFlow::exploring_changes_nothing()
{
    OAuthWorld world;
    world.flow.setLast(OAuthStepKind::ServerMetadata);
    world.flow.begin(QUrl(u"https://mcp.example/mcp"_s), {});
    world.run();
    QVERIFY(!world.flow.failure());
    QVERIFY(!world.flow.isRunning());
    for (const QByteArray &request : std::as_const(world.asked))
        QVERIFY(request.startsWith("GET "));
    QCOMPARE(world.step(OAuthStepKind::Challenge).state, OAuthStep::State::Skipped);
    QVERIFY(world.flow.serverMetadata());
}

void TestOAuthFlow::a_server_that_answers_without_a_token_wants_no_log_in()
{
    OAuthWorld world;
    world.pages.clear();
    world.flow.begin(QUrl(u"https://mcp.example/mcp"_s),
                     OAuthWorld::refusal({}, 200, false, "application/json"));
    world.run();
    QCOMPARE(world.flow.failure()->code, u"no-log-in-wanted"_s);
    QCOMPARE(world.flow.failure()->finding, QString());
    for (const QByteArray &request : std::as_const(world.asked))
        QVERIFY2(request.startsWith("GET "), request);
    // Nobody there is told as that, before anything else is asked.
    OAuthWorld away;
    away.flow.failChallenge(
        QUrl(u"https://mcp.example/mcp"_s),
        {FailureKind::Unreachable, u"connection-refused"_s, u"Nobody."_s, {}, 1, u"AF-99"_s});
    QCOMPARE(away.flow.failure()->finding, u"AF-99"_s);
    QCOMPARE(away.step(OAuthStepKind::Challenge).state, OAuthStep::State::Failed);
}

void TestOAuthFlow::what_would_happen_is_told_data()
{
    QTest::addColumn<Changed>("server");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QStringList>("findings");
    QTest::newRow("registers") << Changed() << u"https://as.example/register"_s << QStringList();
    QTest::newRow("cannot") << Changed{{"registration_endpoint", ""}} << u"registered beforehand"_s
                            << QStringList{u"AF-40"_s};
    QTest::newRow("takes a document")
        << Changed{{"registration_endpoint", ""}, {"client_id_metadata_document_supported", "true"}}
        << u"client ID metadata document"_s << QStringList{u"AF-40"_s};
}

void TestOAuthFlow::what_would_happen_is_told()
{
    QFETCH(Changed, server);
    QFETCH(QString, client);
    QFETCH(QStringList, findings);
    OAuthWorld world;
    world.setServer(server);
    world.flow.setLast(OAuthStepKind::ServerMetadata);
    world.begin(R"(Bearer scope="files:read")");
    QVERIFY(world.step(OAuthStepKind::Client).sentence.contains(client));
    QCOMPARE(world.step(OAuthStepKind::Client).state, OAuthStep::State::Waiting);
    const QString request = world.step(OAuthStepKind::Authorization).sentence;
    QVERIFY(request.contains("files:read"_L1) && request.contains("https://mcp.example/mcp"_L1));
    QCOMPARE(world.findings(), findings);
}

void TestOAuthFlow::a_client_with_a_secret_shows_it_when_tokens_are_renewed()
{
    OAuthWorld world;
    world.setServer({{"token_endpoint_auth_methods_supported", "[\"client_secret_basic\"]"},
                     {"revocation_endpoint", "\"https://as.example/revoke\""}});
    OAuthSettings settings;
    settings.clientId = u"mine"_s;
    settings.clientSecret = u"s"_s;
    world.flow.setSettings(settings);
    TokenSet tokens;
    tokens.accessToken = "old";
    tokens.refreshToken = "r";
    tokens.resource = u"https://mcp.example/mcp"_s;
    tokens.issuer = u"https://as.example"_s;
    tokens.clientId = u"mine"_s;
    ClientIdentity client;
    client.source = ClientIdentity::Source::Given;
    client.id = u"mine"_s;
    client.issuer = tokens.issuer;
    world.flow.restore(QUrl(u"https://mcp.example/mcp"_s), tokens, client);
    QVERIFY(world.flow.refresh({}));
    world.run();
    const QByteArray basic = QByteArray("Basic ") + QByteArray("mine:s").toBase64();
    QCOMPARE(headerOf(world.fetches.last().headers, "Authorization"), basic);
    const std::optional<OAuthFetch> revocation = world.flow.revocation();
    QVERIFY(revocation);
    QCOMPARE(headerOf(revocation->headers, "Authorization"), basic);
}

void TestOAuthFlow::scopes_that_lack_are_told_where_nobody_can_be_asked()
{
    OAuthWorld world;
    world.begin(R"(Bearer scope="read")");
    world.agree();
    world.flow.lacksScopes(
        OAuthWorld::refusal(R"(Bearer error="insufficient_scope", scope="write")", 403, true));
    QCOMPARE(world.flow.failure()->finding, u"AF-61"_s);
    QVERIFY(world.flow.failure()->advice.contains("read write"_L1));
    QVERIFY(!world.flow.isRunning());
    QVERIFY(!world.flow.tokens().isEmpty());
}

void TestOAuthFlow::other_grants_data()
{
    QTest::addColumn<OAuthSettings>("settings");
    QTest::addColumn<QByteArrayList>("requests"); // POST, in order
    QTest::addColumn<QString>("grant");
    OAuthSettings settings;
    settings.grant = OAuthGrant::ClientCredentials;
    settings.clientId = u"c"_s;
    settings.clientSecret = u"s"_s;
    const QByteArrayList token{"POST https://as.example/token"};
    QTest::newRow("client credentials") << settings << token << u"client_credentials"_s;
    settings.clientSecret.clear();
    settings.clientKey = SigningKey::generate();
    QTest::newRow("client credentials with a key") << settings << token << u"client_credentials"_s;
    settings = {};
    settings.grant = OAuthGrant::JwtBearer;
    settings.assertion = "a.b.c";
    QTest::newRow("workload") << settings << token
                              << u"urn:ietf:params:oauth:grant-type:jwt-bearer"_s;
    settings.grant = OAuthGrant::Enterprise;
    settings.idToken = "id.token.x";
    settings.idpIssuer = u"https://idp.example"_s;
    settings.idpClientId = u"me"_s;
    QTest::newRow("enterprise") << settings
                                << QByteArrayList{"POST https://idp.example/token",
                                                  token.constFirst()}
                                << u"urn:ietf:params:oauth:grant-type:jwt-bearer"_s;
}

void TestOAuthFlow::other_grants()
{
    QFETCH(OAuthSettings, settings);
    QFETCH(QByteArrayList, requests);
    QFETCH(QString, grant);
    OAuthWorld world;
    world.setServer({{"authorization_endpoint", ""}, {"code_challenge_methods_supported", ""}});
    world.pages["GET https://idp.example/.well-known/oauth-authorization-server"] = {
        200, R"({"issuer":"https://idp.example","token_endpoint":"https://idp.example/token"})"};
    world.pages["POST https://idp.example/token"] = {
        200,
        R"({"access_token":"id-jag","issued_token_type":"urn:ietf:params:oauth:token-type:id-jag",)"
        R"("token_type":"N_A"})"};
    world.flow.setSettings(settings);
    world.begin();
    QByteArrayList posts;
    for (const QByteArray &request : std::as_const(world.asked)) {
        if (request.startsWith("POST "))
            posts.append(request);
    }
    QCOMPARE(posts, requests);
    QCOMPARE(world.sent(u"grant_type"_s), grant);
    QCOMPARE(world.sent(u"resource"_s), u"https://mcp.example/mcp"_s);
    QCOMPARE(world.sent(u"scope"_s), u"read"_s);
    if (settings.grant == OAuthGrant::Enterprise)
        QCOMPARE(world.sent(u"assertion"_s), u"id-jag"_s);
    if (!settings.clientKey.isNull())
        QVERIFY(world.sent(u"client_assertion"_s).count(u'.') == 2);
    if (!settings.clientSecret.isEmpty())
        QCOMPARE(headerOf(world.fetches.last().headers, "Authorization"),
                 QByteArray("Basic ") + QByteArray("c:s").toBase64());
    QCOMPARE(world.flow.tokens().accessToken, QByteArray("at"));
    QCOMPARE(world.step(OAuthStepKind::Authorization).state, OAuthStep::State::Skipped);
}

QTEST_GUILESS_MAIN(TestOAuthFlow)
#include "test_oauth_flow.moc"
