// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/made_trace.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Resource = "&resource=https%3A%2F%2Fmcp.example%2Fmcp";
const QByteArray Code = "grant_type=authorization_code&code=secret-code&client_id=c1" + Resource;
const QByteArray Refresh =
    "grant_type=refresh_token&client_id=c1&refresh_token=refresh-one" + Resource;
const QByteArray Granted =
    R"({"access_token":"token-of-ada-0123","refresh_token":"refresh-one","scope":"read write"})";
const QByteArray Lacks =
    R"(WWW-Authenticate: Bearer error="insufficient_scope", scope="read admin")";

const QByteArray Expired =
    R"(WWW-Authenticate: Bearer error="invalid_token", error_description="The token expired")";

/// What goes before all that is about tokens.
void authorise(MadeTrace &t)
{
    t.add({.what = u"initialize"_s, .status = 401, .gets = {MadeChallenge}});
    t.metadata(MadeResource, MadePlace);
    t.metadata(MadeIssuer, MadeIssuerPlace);
}

void refuse(MadeTrace &t, const QByteArray &form, int status, const QByteArray &error)
{
    t.token(form, status, R"({"error":")" + error + R"(","error_description":"Sorry"})");
}

/// A token request whose connection closes before an answer.
void loseAnswer(MadeTrace &t, const QByteArray &form)
{
    const ExchangeId id = t.begin({.url = u"https://as.example/token"_s,
                                   .kind = ExchangeKind::Token,
                                   .what = u"token refresh"_s,
                                   .body = form,
                                   .status = 0});
    t.store.finish(id,
                   Failure{FailureKind::Unreachable,
                           u"connection-closed"_s,
                           u"The connection closed before an answer."_s,
                           {},
                           id,
                           u"AF-99"_s});
}

Made stream(ExchangeKind kind, int status, const QByteArrayList &sends = {MadeToken})
{
    return {.kind = kind,
            .what = u"event stream"_s,
            .sends = sends,
            .status = status,
            .gets = {"Content-Type: text/event-stream"}};
}

void registered(MadeTrace &t, int status, const QByteArray &answer)
{
    t.add({.url = u"https://as.example/register"_s,
           .kind = ExchangeKind::Registration,
           .what = u"register"_s,
           .body = R"({"redirect_uris":["http://127.0.0.1:4711/callback"]})",
           .status = status,
           .gets = {"Content-Type: application/json"},
           .answer = answer});
}

} // namespace

/// AF-40 to AF-67: registration, the token endpoint, and tokens in use.
class TestRulesTokens : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tokens_data();
    void tokens();
    void what_the_browser_brought_is_found_by_its_note();
    void the_method_is_compared();
    void fingerprints_are_as_good_as_tokens();
    void who_narrows_a_scope_is_blamed();
    void a_dead_refresh_token_is_told_as_what_is_known();
    void a_recording_that_ends_before_the_browser_comes_data();
    void a_recording_that_ends_before_the_browser_comes();
};

void TestRulesTokens::tokens_data()
{
    QTest::addColumn<Story>("story");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, Story story, const QStringList &ids) {
        QTest::newRow(name) << story << ids;
    };
    row("healthy",
        [](MadeTrace &t) {
            authorise(t);
            registered(t, 201, R"({"client_id":"c1","token_endpoint_auth_method":"none"})");
            t.token(Code, 200, Granted);
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.token(Refresh, 200, R"({"access_token":"token-two-0123","scope":"read write"})");
            t.add({.sends = {"Authorization: Bearer token-two-0123"}});
        },
        {});
    row("AF-40",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.metadata(QByteArray(MadeIssuer).replace("registration_endpoint", "x"),
                       MadeIssuerPlace);
        },
        {u"AF-40"_s});
    row("no registration, but an id",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.metadata(QByteArray(MadeIssuer).replace("registration_endpoint", "x"),
                       MadeIssuerPlace);
            t.token(Code, 200, Granted);
        },
        {});
    row("no registration, but an id in the browser",
        [](MadeTrace &t) {
            t.metadata(MadeResource, MadePlace);
            t.metadata(QByteArray(MadeIssuer).replace("registration_endpoint", "x"),
                       MadeIssuerPlace);
            t.store.note(u"oauth"_s,
                         u"The browser is to open https://as.example/authorize?client_id=c1."_s);
        },
        {});
    row("no registration, but documents as ids",
        [](MadeTrace &t) {
            t.metadata(MadeResource, MadePlace);
            t.metadata(QByteArray(MadeIssuer)
                           .replace("\"registration_endpoint\":\"https://as.example/register\"",
                                    "\"client_id_metadata_document_supported\":true"),
                       MadeIssuerPlace);
        },
        {});
    row("AF-41",
        [](MadeTrace &t) {
            authorise(t);
            registered(t, 400, R"({"error":"invalid_redirect_uri"})");
        },
        {u"AF-41"_s});
    row("AF-41, in words",
        [](MadeTrace &t) {
            authorise(t);
            registered(
                t, 400,
                R"({"error":"invalid_client_metadata","error_description":"Redirect URI must be https"})");
        },
        {u"AF-41"_s});
    row("a registration refused for something else",
        [](MadeTrace &t) {
            authorise(t);
            registered(t, 400,
                       R"({"error":"invalid_client_metadata","error_description":"No name"})");
        },
        {});
    row("AF-42",
        [](MadeTrace &t) {
            authorise(t);
            t.add({.url = u"https://as.example/authorize?redirect_uri=http://127.0.0.1:1/cb"_s,
                   .kind = ExchangeKind::Other,
                   .status = 400,
                   .answer = "Invalid redirect_uri."});
        },
        {u"AF-42"_s});
    row("AF-43",
        [](MadeTrace &t) {
            authorise(t);
            refuse(t, Code, 401, "invalid_client");
        },
        {u"AF-43"_s});
    row("AF-43 at a refresh",
        [](MadeTrace &t) {
            authorise(t);
            refuse(t, Refresh, 400, "invalid_client");
        },
        {u"AF-43"_s});
    row("AF-44",
        [](MadeTrace &t) {
            authorise(t);
            t.token("grant_type=authorization_code&client_id=c1&code=secret-code", 200, Granted);
            t.add({.sends = {MadeToken}});
        },
        {u"AF-44"_s});
    row("AF-44, and the token is refused for it",
        [](MadeTrace &t) {
            authorise(t);
            t.token("grant_type=authorization_code&client_id=c1&code=secret-code", 200, Granted);
            t.add({.sends = {MadeToken}, .status = 401});
        },
        {u"AF-44"_s});
    row("a server of before resources",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .status = 401});
            t.token("grant_type=authorization_code&client_id=c1&code=secret-code", 200, Granted);
        },
        {});
    row("AF-45",
        [](MadeTrace &t) {
            authorise(t);
            refuse(t, QByteArray(Code).append("%2F"), 400, "invalid_target");
        },
        {u"AF-45"_s});
    row("invalid_target of the right resource",
        [](MadeTrace &t) {
            authorise(t);
            refuse(t, Code, 400, "invalid_target");
        },
        {});
    row("AF-49, a page",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, "<html><body>Welcome</body></html>", {}, "text/html");
        },
        {u"AF-49"_s});
    row("AF-49, a form",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, "access_token=token-of-ada-0123&scope=x", {}, "text/plain");
        },
        {u"AF-49"_s});
    row("AF-49 at a refresh",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Refresh, 502, "<html>Bad gateway</html>", {}, "text/html");
        },
        {u"AF-49"_s});
    row("the token endpoint says nothing",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 503, {});
            t.token(Code, 0, {});
        },
        {});
    row("AF-60",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, Granted);
            t.add({.what = u"initialize"_s, .sends = {MadeToken}, .status = 401});
        },
        {u"AF-60"_s});
    row("nonces that are asked for now and then",
        [](MadeTrace &t) {
            const QByteArray dpop = "Authorization: DPoP token-of-ada-0123";
            const QByteArray asks = R"(WWW-Authenticate: DPoP error="use_dpop_nonce")";
            authorise(t);
            t.token(Code, 200, Granted);
            for (int i = 0; i < 3; ++i) {
                t.add({.sends = {dpop}, .status = 401, .gets = {asks}});
                t.add({.sends = {dpop}});
            }
        },
        {});
    row("a token that was good for a while",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, Granted);
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add({.sends = {MadeToken}, .status = 401});
        },
        {});
    row("AF-61",
        [](MadeTrace &t) {
            authorise(t);
            t.add(
                {.what = u"tools/call x"_s, .sends = {MadeToken}, .status = 403, .gets = {Lacks}});
        },
        {u"AF-61"_s});
    row("a step-up",
        [](MadeTrace &t) {
            authorise(t);
            t.add(
                {.what = u"tools/call x"_s, .sends = {MadeToken}, .status = 403, .gets = {Lacks}});
            t.token(Code, 200, R"({"access_token":"token-two-0123","scope":"read write admin"})");
            t.add({.what = u"tools/call x"_s, .sends = {"Authorization: Bearer token-two-0123"}});
        },
        {});
    row("AF-62",
        [](MadeTrace &t) {
            authorise(t);
            t.add(
                {.what = u"tools/call x"_s, .sends = {MadeToken}, .status = 403, .gets = {Lacks}});
            t.token(Refresh, 200, R"({"access_token":"token-two-0123"})");
            t.add({.what = u"tools/call x"_s,
                   .sends = {"Authorization: Bearer token-two-0123"},
                   .status = 403,
                   .gets = {Lacks}});
        },
        {u"AF-62"_s});
    row("AF-63",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, Granted);
            t.add({.sends = {MadeToken}});
            t.token(Refresh, 200, R"({"access_token":"token-two-0123","scope":"read"})");
            t.add({.sends = {"Authorization: Bearer token-two-0123"}});
        },
        {u"AF-63"_s});
    row("AF-63, and a tool lacks it",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, Granted);
            t.token(Refresh, 200, R"({"access_token":"token-two-0123","scope":"read"})");
            t.add({.sends = {"Authorization: Bearer token-two-0123"},
                   .status = 403,
                   .gets = {Lacks}});
        },
        {u"AF-63"_s});
    row("a refresh that asks for less",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, Granted);
            t.token(QByteArray(Refresh).append("&scope=read"), 200,
                    R"({"access_token":"token-two-0123","scope":"read"})");
        },
        {});
    row("AF-64",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, Granted);
            t.token(Refresh, 200,
                    R"({"access_token":"token-two-0123","refresh_token":"refresh-two"})");
            refuse(t, Refresh, 400, "invalid_grant");
        },
        {u"AF-64"_s});
    row("AF-64, the first answer was lost",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, Granted);
            loseAnswer(t, Refresh);
            refuse(t, Refresh, 400, "invalid_grant");
        },
        {u"AF-64"_s});
    row("a lost answer, and the refresh token is good still",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, Granted);
            loseAnswer(t, Refresh);
            t.token(Refresh, 200,
                    R"({"access_token":"token-two-0123","refresh_token":"refresh-two"})");
        },
        {u"AF-99"_s});
    row("a refresh token that is simply dead",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, Granted);
            refuse(t, Refresh, 400, "invalid_grant");
            refuse(t, Refresh, 400, "invalid_grant");
        },
        {u"AF-11"_s});
    row("a refresh token that is dead, and another log-in",
        [](MadeTrace &t) {
            authorise(t);
            refuse(t, Refresh, 400, "invalid_grant");
            t.store.noteFailure({FailureKind::Protocol, u"token-refused"_s,
                                 u"The refresh was refused."_s, u"Log in again."_s, 4, u"AF-11"_s});
            t.token(Code, 200, Granted);
            t.add({.sends = {MadeToken}});
        },
        {});
    // What kept a client from a new token is told, not that the old one ran out.
    row("AF-64, after the token ran out",
        [](MadeTrace &t) {
            loseAnswer(t, Refresh);
            refuse(t, Refresh, 400, "invalid_grant");
            t.add(
                {.what = u"initialize"_s, .sends = {MadeToken}, .status = 401, .gets = {Expired}});
        },
        {u"AF-64"_s});
    row("AF-65, before the token was refused",
        [](MadeTrace &t) {
            refuse(t, Refresh, 400, "invalid_request");
            t.add(
                {.what = u"initialize"_s, .sends = {MadeToken}, .status = 401, .gets = {Expired}});
        },
        {u"AF-65"_s});
    row("AF-65, after the token was refused",
        [](MadeTrace &t) {
            t.add(
                {.what = u"initialize"_s, .sends = {MadeToken}, .status = 401, .gets = {Expired}});
            refuse(t, Refresh, 400, "invalid_request");
        },
        {u"AF-65"_s});
    row("AF-99 at the refresh, after the token was refused",
        [](MadeTrace &t) {
            t.add(
                {.what = u"initialize"_s, .sends = {MadeToken}, .status = 401, .gets = {Expired}});
            loseAnswer(t, Refresh);
        },
        {u"AF-99"_s});
    row("AF-11, and the refresh token is dead, too",
        [](MadeTrace &t) {
            t.add(
                {.what = u"initialize"_s, .sends = {MadeToken}, .status = 401, .gets = {Expired}});
            refuse(t, Refresh, 400, "invalid_grant");
        },
        {u"AF-11"_s});
    row("AF-63, though it was asked for",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Refresh + "&scope=read+write", 200,
                    R"({"access_token":"token-two-0123","scope":"read"})");
            t.add({.sends = {"Authorization: Bearer token-two-0123"}});
        },
        {u"AF-63"_s});
    row("AF-65",
        [](MadeTrace &t) {
            authorise(t);
            refuse(t, Refresh, 400, "invalid_request");
        },
        {u"AF-65"_s});
    row("a refresh that lacks a nonce",
        [](MadeTrace &t) {
            authorise(t);
            refuse(t, Refresh, 400, "use_dpop_nonce");
            t.token(Refresh, 200, Granted);
        },
        {});
    row("AF-66",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add(stream(ExchangeKind::Stream, 200));
            t.add(stream(ExchangeKind::Reconnect, 401));
        },
        {u"AF-66"_s});
    row("AF-66, 2026-07-28",
        [](MadeTrace &t) {
            t.add({.what = u"subscriptions/listen"_s, .sends = {MadeToken}});
            t.add({.what = u"subscriptions/listen"_s, .sends = {MadeToken}, .status = 401});
        },
        {u"AF-66"_s});
    row("refreshed and listening again",
        [](MadeTrace &t) {
            t.add({.what = u"subscriptions/listen"_s, .sends = {MadeToken}});
            t.add({.what = u"subscriptions/listen"_s, .sends = {MadeToken}, .status = 401});
            t.token(Refresh, 200, R"({"access_token":"token-two-0123"})");
            t.add({.what = u"subscriptions/listen"_s,
                   .sends = {"Authorization: Bearer token-two-0123"}});
        },
        {});
    row("refreshed and resumed",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add(stream(ExchangeKind::Stream, 200));
            t.add(stream(ExchangeKind::Reconnect, 401));
            t.token(Refresh, 200, R"({"access_token":"token-two-0123"})");
            t.add(stream(ExchangeKind::Reconnect, 200, {"Authorization: Bearer token-two-0123"}));
        },
        {});
    row("AF-67", [](MadeTrace &t) { t.add({.what = u"initialize"_s, .status = 403}); },
        {u"AF-67"_s});
    row("403 to a token",
        [](MadeTrace &t) { t.add({.what = u"initialize"_s, .sends = {MadeToken}, .status = 403}); },
        {});
    row("answers of wrong types",
        [](MadeTrace &t) {
            authorise(t);
            t.token(Code, 200, R"({"access_token":7,"scope":["a"],"error":{}})");
            t.token(Refresh, 400, R"({"error":["invalid_request"]})");
            t.token(QByteArray(), 400, R"([])");
            t.token("&&&===&grant_type&%zz", 200, R"({})");
            registered(t, 400, "]");
        },
        {u"AF-49"_s}); // of the list
}

void TestRulesTokens::tokens()
{
    QFETCH(Story, story);
    QFETCH(QStringList, ids);
    MadeTrace trace;
    story(trace);
    QCOMPARE(trace.ids(), ids);
    QCOMPARE(faultOf(trace, {"token-of-ada", "token-two", "secret-code", "refresh-one"}),
             QString());
}

void TestRulesTokens::what_the_browser_brought_is_found_by_its_note()
{
    for (const char *id : {"AF-42", "AF-46", "AF-47", "AF-48"}) {
        MadeTrace trace;
        authorise(trace);
        trace.store.note(u"oauth"_s,
                         u"The answer of the browser is not the one that was asked for."_s, 1, -1,
                         QString::fromLatin1(id));
        QCOMPARE(trace.ids(), QStringList{QString::fromLatin1(id)});
        const Finding finding = trace.findings().constFirst();
        QCOMPARE(finding.server, u"https://mcp.example"_s);
        QCOMPARE(finding.exchanges, QList<ExchangeId>{1});
        QVERIFY(!finding.title.isEmpty());
    }
}

void TestRulesTokens::the_method_is_compared()
{
    MadeTrace trace;
    authorise(trace);
    registered(trace, 201,
               R"({"client_id":"c1","token_endpoint_auth_method":"client_secret_basic"})");
    refuse(trace, Code + "&client_secret=s3cret", 401, "invalid_client");
    const std::optional<Finding> finding = trace.found(u"AF-43"_s);
    QVERIFY(finding);
    QCOMPARE(finding->evidence.constFirst().text, u"client_secret_post"_s);
    QCOMPARE(finding->evidence.constFirst().other, u"client_secret_basic"_s);
    QCOMPARE(finding->side, Side::Client);
    QCOMPARE(faultOf(trace, {"s3cret"}), QString());
}

void TestRulesTokens::fingerprints_are_as_good_as_tokens()
{
    MadeTrace trace;
    trace.store.setRedacted(true);
    authorise(trace);
    trace.token("grant_type=authorization_code&code=~1111**&client_id=c1" + Resource, 200,
                R"({"access_token":"~7f2a********","refresh_token":"~9999****"})");
    trace.add({.what = u"initialize"_s,
               .sends = {"Authorization: Bearer ~7f2a (13 bytes)"},
               .status = 401});
    QCOMPARE(trace.ids(), QStringList{u"AF-60"_s});
    trace.token("grant_type=refresh_token&refresh_token=~9999****" + Resource, 200,
                R"({"access_token":"~8888**"})");
    refuse(trace, "grant_type=refresh_token&refresh_token=~9999****" + Resource, 400,
           "invalid_grant");
    QCOMPARE(trace.ids(), (QStringList{u"AF-60"_s, u"AF-64"_s}));
}

void TestRulesTokens::who_narrows_a_scope_is_blamed()
{
    for (const bool asked : {true, false}) {
        MadeTrace trace;
        authorise(trace);
        trace.token(Code, 200, Granted);
        trace.token(asked ? Refresh + "&scope=read+write" : Refresh, 200,
                    R"({"access_token":"token-two-0123","scope":"read"})");
        const std::optional<Finding> finding = trace.found(u"AF-63"_s);
        QVERIFY(finding);
        QCOMPARE(finding->side, asked ? Side::AuthorizationServer : Side::Client);
        QVERIFY(!finding->advice.isEmpty());
        QVERIFY2(finding->sentence.contains("write is lost"_L1), qPrintable(finding->sentence));
    }
}

void TestRulesTokens::a_dead_refresh_token_is_told_as_what_is_known()
{
    MadeTrace trace;
    trace.add({.what = u"initialize"_s, .sends = {MadeToken}, .status = 401, .gets = {Expired}});
    refuse(trace, Refresh, 400, "invalid_grant");
    const std::optional<Finding> finding = trace.found(u"AF-11"_s);
    QVERIFY(finding);
    QCOMPARE(finding->side, Side::Person);
    QCOMPARE(finding->exchanges, (QList<ExchangeId>{1, 2}));
    for (const char *part : {"revoked", "another program", "exchange 2, invalid_grant"})
        QVERIFY2(finding->sentence.contains(QLatin1StringView(part)),
                 qPrintable(finding->sentence));
    QVERIFY2(finding->advice.startsWith("Log in again."_L1), qPrintable(finding->advice));
}

void TestRulesTokens::a_recording_that_ends_before_the_browser_comes_data()
{
    QTest::addColumn<QString>("then"); // a note; empty: nothing
    QTest::addColumn<bool>("over");
    QTest::addColumn<bool>("found");
    QTest::newRow("it ends") << QString() << true << true;
    QTest::newRow("it goes on") << QString() << false << false;
    QTest::newRow("it came") << u"oauth"_s << true << false;
    QTest::newRow("another connection") << u"connect"_s << true << false;
    QTest::newRow("awaited again") << u"browser"_s << true << true;
}

void TestRulesTokens::a_recording_that_ends_before_the_browser_comes()
{
    QFETCH(QString, then);
    QFETCH(bool, over);
    QFETCH(bool, found);
    MadeTrace trace;
    authorise(trace);
    trace.store.note(u"oauth"_s, u"Client: Registered, client_id=c1."_s, 1);
    trace.store.note(u"browser"_s, u"The browser is awaited at http://127.0.0.1:1/callback."_s, 1);
    if (!then.isEmpty())
        trace.store.note(then, u"Something."_s, 1);
    const QList<Finding> list = findings(trace.store, Redactor("0123456789abcdef"), nullptr,
                                         over ? TraceState::Over : TraceState::Growing);
    QCOMPARE(list.size(), found ? 1 : 0);
    if (!found)
        return;
    QCOMPARE(list.constFirst().id, u"AF-48"_s);
    QCOMPARE(list.constFirst().server, u"https://mcp.example"_s);
    QVERIFY(!list.constFirst().advice.isEmpty());
    QVERIFY(then == "browser"_L1
            || list.constFirst().sentence.contains("http://127.0.0.1:1/callback"_L1));
}

QTEST_APPLESS_MAIN(TestRulesTokens)
#include "test_rules_tokens.moc"
