// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/made_trace.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

ExchangeId refused(MadeTrace &t, const QByteArrayList &gets = {MadeChallenge})
{
    return t.add({.what = u"initialize"_s, .status = 401, .gets = gets});
}

ExchangeId nothingAt(MadeTrace &t, const QString &url, int status = 404)
{
    return t.add(
        {.url = url, .kind = ExchangeKind::Discovery, .what = u"metadata"_s, .status = status});
}

const QByteArray Html = "<!doctype html><html><body>Welcome</body></html>";

} // namespace

/// AF-20 to AF-32: from a 401 to the metadata of the authorisation server.
class TestRulesDiscovery : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void discovery_data();
    void discovery();
    void strings_are_compared_with_the_place_of_the_difference_data();
    void strings_are_compared_with_the_place_of_the_difference();
    void the_right_places_are_told_in_order();
};

void TestRulesDiscovery::discovery_data()
{
    QTest::addColumn<Story>("story");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, Story story, const QStringList &ids) {
        QTest::newRow(name) << story << ids;
    };
    row("healthy",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(MadeResource, MadePlace);
            t.metadata(MadeIssuer, MadeIssuerPlace);
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
        },
        {});
    row("401 and nothing more", [](MadeTrace &t) { refused(t, {}); }, {});
    row("AF-20",
        [](MadeTrace &t) {
            refused(t, {});
            nothingAt(t, MadePlace);
            nothingAt(t, MadeRootPlace);
        },
        {u"AF-20"_s});
    row("AF-20, but one place is not known",
        [](MadeTrace &t) {
            refused(t, {});
            nothingAt(t, MadePlace);
            nothingAt(t, MadeRootPlace, 500);
        },
        {});
    row("2025-03-26, without WWW-Authenticate",
        [](MadeTrace &t) {
            refused(t, {});
            nothingAt(t, MadePlace);
            nothingAt(t, MadeRootPlace);
            t.metadata(
                QByteArray(MadeIssuer).replace("\"https://as.example\"", "\"https://mcp.example\""),
                u"https://mcp.example/.well-known/oauth-authorization-server"_s);
        },
        {});
    row("2025-03-26, without WWW-Authenticate and metadata",
        [](MadeTrace &t) {
            refused(t, {});
            nothingAt(t, MadePlace);
            nothingAt(t, MadeRootPlace);
            t.token("grant_type=authorization_code&client_id=c1&code=x", 200,
                    R"({"access_token":"token-of-ada-0123"})");
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
        },
        {});
    row("AF-29, of a server that is its own issuer, with another path",
        [](MadeTrace &t) {
            refused(t, {});
            nothingAt(t, MadePlace);
            nothingAt(t, MadeRootPlace);
            t.metadata(QByteArray(MadeIssuer)
                           .replace("\"https://as.example\"", "\"https://mcp.example/other\""),
                       u"https://mcp.example/.well-known/oauth-authorization-server"_s);
        },
        {u"AF-29"_s});
    row("a challenge, and metadata nowhere",
        [](MadeTrace &t) {
            refused(t, {"WWW-Authenticate: Bearer realm=\"x\""});
            nothingAt(t, MadePlace);
            nothingAt(t, MadeRootPlace);
        },
        {});
    row("AF-21",
        [](MadeTrace &t) {
            refused(t, {"WWW-Authenticate: Negotiate"});
            t.metadata(MadeResource, MadePlace);
        },
        {u"AF-21"_s});
    row("Basic, and no metadata",
        [](MadeTrace &t) {
            refused(t, {"WWW-Authenticate: Basic realm=\"x\""});
            nothingAt(t, MadePlace);
        },
        {});
    row("Basic beside Bearer",
        [](MadeTrace &t) {
            refused(t, {"WWW-Authenticate: Basic realm=\"x\", Bearer"});
            t.metadata(MadeResource, MadePlace);
        },
        {});
    row("AF-22",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(
                R"({"resource":"https://mcp.example/mcp/","authorization_servers":["https://as.example"]})",
                MadePlace);
        },
        {u"AF-22"_s});
    row("an origin, with and without slash",
        [](MadeTrace &t) {
            t.add({.url = u"https://mcp.example"_s, .status = 401});
            t.metadata(
                R"({"resource":"https://mcp.example/","authorization_servers":["https://as.example"]})",
                MadeRootPlace);
        },
        {});
    row("capitals and the default port",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(
                R"({"resource":"https://MCP.example:443/mcp","authorization_servers":["https://as.example"]})",
                MadePlace);
        },
        {});
    row("AF-23, the origin",
        [](MadeTrace &t) {
            refused(t);
            nothingAt(t, MadePlace);
            t.metadata(
                R"({"resource":"https://mcp.example","authorization_servers":["https://as.example"]})",
                MadeRootPlace);
        },
        {u"AF-23"_s});
    row("AF-23, another path",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(
                R"({"resource":"https://mcp.example/other","authorization_servers":["https://as.example"]})",
                MadePlace);
        },
        {u"AF-23"_s});
    row("AF-23, but the other document is right",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(
                R"({"resource":"https://mcp.example","authorization_servers":["https://as.example"]})",
                MadeRootPlace);
            t.metadata(MadeResource, MadePlace);
        },
        {});
    row("AF-24",
        [](MadeTrace &t) {
            for (const char *path : {"a", "b"}) {
                const QString end = QString::fromLatin1(path);
                t.add({.url = u"https://mcp.example/"_s + end, .status = 401});
                t.metadata(
                    R"({"resource":"https://mcp.example/a","authorization_servers":["https://as.example"]})",
                    MadeRootPlace + u'/' + end);
            }
        },
        {u"AF-24"_s});
    row("AF-24, as the other endpoint says itself",
        [](MadeTrace &t) {
            t.add({.url = u"https://mcp.example/a"_s, .status = 401});
            for (const char *path : {"/a", "/b"})
                t.metadata(
                    R"({"resource":"https://mcp.example/b","authorization_servers":["https://as.example"]})",
                    MadeRootPlace + QString::fromLatin1(path));
        },
        {u"AF-24"_s});
    row("a redirect, and metadata of the URL before it",
        [](MadeTrace &t) {
            const ExchangeId first =
                t.add({.status = 307, .gets = {"Location: https://other.example/mcp"}});
            const ExchangeId there = t.add({.url = u"https://other.example/mcp"_s,
                                            .sends = {MadeToken},
                                            .status = 200,
                                            .cause = first});
            t.metadata(MadeResource,
                       u"https://other.example/.well-known/oauth-protected-resource/mcp"_s,
                       "application/json", there);
        },
        {});
    row("AF-08, though there were no credentials to lose",
        [](MadeTrace &t) {
            const ExchangeId first =
                t.add({.status = 307, .gets = {"Location: https://other.example/mcp"}});
            t.add({.url = u"https://other.example/mcp"_s,
                   .status = 401,
                   .gets = {"WWW-Authenticate: Bearer"},
                   .cause = first});
        },
        {u"AF-08"_s});
    row("each endpoint has its own",
        [](MadeTrace &t) {
            for (const char *path : {"a", "b"}) {
                t.add(
                    {.url = u"https://mcp.example/"_s + QString::fromLatin1(path), .status = 401});
                t.metadata(QByteArray(R"({"resource":"https://mcp.example/)") + path
                               + R"(","authorization_servers":["https://as.example"]})",
                           MadeRootPlace + u'/' + QString::fromLatin1(path));
            }
        },
        {});
    row("AF-25, relative",
        [](MadeTrace &t) {
            refused(
                t,
                {R"(WWW-Authenticate: Bearer resource_metadata="/.well-known/oauth-protected-resource/mcp")"});
        },
        {u"AF-25"_s});
    row("AF-25, http",
        [](MadeTrace &t) {
            refused(
                t,
                {R"(WWW-Authenticate: Bearer resource_metadata="http://mcp.example/.well-known/oauth-protected-resource/mcp")"});
        },
        {u"AF-25"_s});
    row("AF-25, another host, where nothing is",
        [](MadeTrace &t) {
            const ExchangeId cause = refused(
                t,
                {R"(WWW-Authenticate: Bearer resource_metadata="http://10.0.0.7:8080/.well-known/oauth-protected-resource/mcp")"});
            t.add({.url = u"http://10.0.0.7:8080/.well-known/oauth-protected-resource/mcp"_s,
                   .kind = ExchangeKind::Discovery,
                   .status = 404,
                   .cause = cause});
        },
        {u"AF-25"_s});
    row("another host, but the document is right",
        [](MadeTrace &t) {
            const ExchangeId cause = refused(
                t, {R"(WWW-Authenticate: Bearer resource_metadata="https://meta.example/r.json")"});
            t.metadata(MadeResource, u"https://meta.example/r.json"_s, "application/json", cause);
        },
        {});
    row("two names of loopback",
        [](MadeTrace &t) {
            t.add(
                {.url = u"http://127.0.0.1:3000/mcp"_s,
                 .status = 401,
                 .gets = {
                     R"(WWW-Authenticate: Bearer resource_metadata="http://localhost:3000/.well-known/oauth-protected-resource/mcp")"}});
        },
        {});
    row("AF-26, empty",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(R"({"resource":"https://mcp.example/mcp","authorization_servers":[]})",
                       MadePlace);
        },
        {u"AF-26"_s});
    row("AF-26, missing",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(R"({"resource":"https://mcp.example/mcp"})", MadePlace);
        },
        {u"AF-26"_s});
    row("AF-27, a page",
        [](MadeTrace &t) {
            refused(t, {});
            t.metadata(Html, MadePlace, "text/html; charset=utf-8");
            t.metadata(Html, MadeRootPlace, "text/html; charset=utf-8");
        },
        {u"AF-27"_s});
    row("AF-27, JSON by another name",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(MadeResource, MadePlace, "text/plain");
        },
        {u"AF-27"_s});
    row("AF-27, no JSON",
        [](MadeTrace &t) {
            refused(t);
            t.metadata("not found, sorry", MadePlace);
        },
        {u"AF-27"_s});
    row("AF-27, of the authorisation server",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(MadeResource, MadePlace);
            t.metadata(Html, MadeIssuerPlace, "text/html");
        },
        {u"AF-27"_s});
    row("AF-27, a login",
        [](MadeTrace &t) {
            const ExchangeId cause = refused(t, {});
            const ExchangeId hop = t.add({.url = MadePlace,
                                          .kind = ExchangeKind::Discovery,
                                          .status = 302,
                                          .gets = {"Location: /welcome"},
                                          .cause = cause});
            t.metadata(Html, u"https://mcp.example/welcome"_s, "text/html", hop);
        },
        {u"AF-27"_s});
    row("a page first, then metadata",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(Html, MadePlace, "text/html");
            t.metadata(
                R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example"]})",
                MadeRootPlace);
        },
        {});
    row("AF-28",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(
                R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example/realm"]})",
                MadePlace);
            nothingAt(t, u"https://as.example/.well-known/oauth-authorization-server/realm"_s);
            t.metadata(QByteArray(MadeIssuer)
                           .replace("\"https://as.example\"", "\"https://as.example/realm\""),
                       u"https://as.example/realm/.well-known/oauth-authorization-server"_s);
        },
        {u"AF-28"_s});
    row("an issuer that is no URL, and metadata all the same",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(
                R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example/a realm"]})",
                MadePlace);
            t.metadata(MadeIssuer,
                       u"https://as.example/a%20realm/.well-known/openid-configuration"_s);
        },
        {});
    row("the place that OpenID Connect appends",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(
                R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example/realm"]})",
                MadePlace);
            t.metadata(QByteArray(MadeIssuer)
                           .replace("\"https://as.example\"", "\"https://as.example/realm\""),
                       u"https://as.example/realm/.well-known/openid-configuration"_s);
        },
        {});
    row("AF-29",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(MadeResource, MadePlace);
            t.metadata(
                QByteArray(MadeIssuer).replace("\"https://as.example\"", "\"https://as.example/\""),
                MadeIssuerPlace);
        },
        {u"AF-29"_s});
    row("AF-29, without metadata of the resource",
        [](MadeTrace &t) {
            refused(t, {});
            t.metadata(MadeIssuer, u"https://mcp.example/.well-known/oauth-authorization-server"_s);
        },
        {u"AF-29"_s});
    row("2025-03-26, whose server is its own issuer",
        [](MadeTrace &t) {
            refused(t, {});
            t.metadata(QByteArray(MadeIssuer)
                           .replace("\"https://as.example\"", "\"https://mcp.example/\""),
                       u"https://mcp.example/.well-known/oauth-authorization-server"_s);
        },
        {});
    row("AF-30, missing",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(MadeResource, MadePlace);
            t.metadata(QByteArray(MadeIssuer).replace("code_challenge_methods_supported", "x"),
                       MadeIssuerPlace);
        },
        {u"AF-30"_s});
    row("AF-30, plain",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(MadeResource, MadePlace);
            t.metadata(QByteArray(MadeIssuer).replace("S256", "plain"), MadeIssuerPlace);
        },
        {u"AF-30"_s});
    row("an issuer for programs alone",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(MadeResource, MadePlace);
            t.metadata(
                R"({"issuer":"https://as.example","token_endpoint":"https://as.example/token"})",
                MadeIssuerPlace);
        },
        {});
    row("AF-31",
        [](MadeTrace &t) {
            for (int i = 0; i < 3; ++i)
                t.add({.what = u"initialize"_s,
                       .status = 403,
                       .gets = {"Content-Type: text/html"},
                       .answer = Html});
        },
        {u"AF-31"_s});
    row("403 with a page in the middle of a session",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add({.sends = {MadeToken},
                   .status = 403,
                   .gets = {"Content-Type: text/html"},
                   .answer = Html});
        },
        {});
    row("AF-32",
        [](MadeTrace &t) {
            refused(t);
            nothingAt(t, u"http://127.0.0.1:6277/.well-known/oauth-protected-resource/mcp"_s);
            nothingAt(t, u"http://127.0.0.1:6277/.well-known/oauth-protected-resource"_s);
        },
        {u"AF-32"_s});
    row("fields of wrong types",
        [](MadeTrace &t) {
            refused(t);
            t.metadata(R"({"resource":7,"authorization_servers":{"a":1}})", MadePlace);
            t.metadata(
                R"({"resource":"https://mcp.example/mcp","authorization_servers":[7,null,"https://as.example"]})",
                MadeRootPlace);
            t.metadata(
                R"({"issuer":[],"token_endpoint":{},"code_challenge_methods_supported":"S256"})",
                u"https://x.example/y"_s);
            t.metadata(R"([[[]]])", u"https://x.example/z"_s);
        },
        {});
}

void TestRulesDiscovery::discovery()
{
    QFETCH(Story, story);
    QFETCH(QStringList, ids);
    MadeTrace trace;
    story(trace);
    QCOMPARE(trace.ids(), ids);
    QCOMPARE(faultOf(trace, {"token-of-ada"}), QString());
}

void TestRulesDiscovery::strings_are_compared_with_the_place_of_the_difference_data()
{
    QTest::addColumn<QString>("issuer");
    QTest::addColumn<qsizetype>("difference");
    QTest::newRow("a slash more") << u"https://as.example/"_s << qsizetype(18);
    QTest::newRow("http") << u"http://as.example"_s << qsizetype(4);
    QTest::newRow("another host") << u"https://as.other"_s << qsizetype(11);
}

void TestRulesDiscovery::strings_are_compared_with_the_place_of_the_difference()
{
    QFETCH(QString, issuer);
    QFETCH(qsizetype, difference);
    MadeTrace trace;
    refused(trace);
    trace.metadata(MadeResource, MadePlace);
    trace.metadata(
        QByteArray(MadeIssuer).replace("\"https://as.example\"", '"' + issuer.toUtf8() + '"'),
        MadeIssuerPlace);
    const std::optional<Finding> finding = trace.found(u"AF-29"_s);
    QVERIFY(finding);
    QCOMPARE(finding->side, Side::AuthorizationServer);
    const Evidence expected{3, u"issuer"_s, issuer, u"https://as.example"_s, difference};
    QCOMPARE(finding->evidence, QList<Evidence>{expected});
    QVERIFY(evidenceWords(expected).contains(u"differ from character %1 on"_s.arg(difference + 1)));
}

void TestRulesDiscovery::the_right_places_are_told_in_order()
{
    MadeTrace trace;
    refused(trace);
    trace.metadata(
        R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example/realm"]})",
        MadePlace);
    trace.metadata(
        QByteArray(MadeIssuer).replace("\"https://as.example\"", "\"https://as.example/realm\""),
        u"https://as.example/realm/.well-known/oauth-authorization-server"_s);
    const std::optional<Finding> finding = trace.found(u"AF-28"_s);
    QVERIFY(finding);
    QVERIFY2(finding->sentence.contains(
                 "https://as.example/.well-known/oauth-authorization-server/realm, "
                 "https://as.example/.well-known/openid-configuration/realm and "
                 "https://as.example/realm/.well-known/openid-configuration"_L1),
             qPrintable(finding->sentence));
}

QTEST_APPLESS_MAIN(TestRulesDiscovery)
#include "test_rules_discovery.moc"
