// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/jose_vectors.h"
#include "tests/support/made_trace.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray carrying(const QByteArray &claims)
{
    return "Authorization: Bearer " + unsignedToken(claims);
}

QString noted(const QByteArray &claims)
{
    return u"The refused token says: "_s + QString::fromUtf8(claims);
}

// The trace began at 2026-01-01 00:00:00 UTC.
constexpr qint64 Began = 1767225600;

QByteArray at(qint64 seconds)
{
    return QByteArray::number(Began + seconds);
}

const QByteArray Good =
    R"({"iss":"https://as.example","aud":"https://mcp.example/mcp","exp":)" + at(3600) + '}';

Made stream(int status, const QByteArrayList &sends)
{
    return {.kind = ExchangeKind::Stream,
            .what = u"event stream"_s,
            .sends = sends,
            .status = status,
            .gets = {"Content-Type: text/event-stream"}};
}

Made reconnect(int status, const QByteArrayList &sends)
{
    Made made = stream(status, sends);
    made.kind = ExchangeKind::Reconnect;
    return made;
}

} // namespace

/// AF-01 to AF-12: what a client sends, in the traffic of any client: nothing but bytes.
class TestRulesCredentials : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void credentials_data();
    void credentials();
    void what_was_compared_is_shown();
    void who_issued_a_wrong_token_is_blamed_data();
    void who_issued_a_wrong_token_is_blamed();
    void the_span_is_told_data();
    void the_span_is_told();
    void redacted_tokens_are_not_read();
    void a_kept_token_made_by_a_clock_that_is_ahead();
    void of_two_refused_tokens_the_issuer_is_told();
};

void TestRulesCredentials::credentials_data()
{
    QTest::addColumn<Story>("story");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, Story story, const QStringList &ids) {
        QTest::newRow(name) << story << ids;
    };
    row("healthy",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add(stream(200, {MadeToken}));
            t.add({.kind = ExchangeKind::Delete, .what = u"end"_s, .sends = {MadeToken}});
        },
        {});
    row("AF-01",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add(stream(401, {}));
            t.add(reconnect(401, {}));
        },
        {u"AF-01"_s});
    row("AF-01, but the server does not mind",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add(stream(200, {}));
        },
        {});
    row("AF-02",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add(stream(200, {MadeToken}));
            t.add(reconnect(401, {}));
        },
        {u"AF-02"_s});
    row("AF-03",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add({.kind = ExchangeKind::Delete, .what = u"end"_s, .status = 401});
        },
        {u"AF-03"_s});
    row("AF-04",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken, "X-Api-Key: key-1"}});
            t.add(stream(401, {MadeToken}));
        },
        {u"AF-04"_s});
    row("AF-05",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken, "Cookie: sid=crumbs"}});
            t.add(stream(401, {MadeToken}));
        },
        {u"AF-05"_s});
    row("AF-06",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Authorization: Bearer Bearer x1"},
                   .status = 401});
        },
        {u"AF-06"_s});
    row("AF-06, a loop",
        [](MadeTrace &t) {
            for (int i = 0; i < 5; ++i)
                t.add({.what = u"initialize"_s,
                       .sends = {"Authorization: Bearer Bearer x1"},
                       .status = 401});
        },
        {u"AF-06"_s});
    row("AF-07",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Authorization: Bearer \"x1\""},
                   .status = 401});
        },
        {u"AF-07"_s});
    row("AF-09",
        [](MadeTrace &t) {
            Made get = stream(400, {MadeToken, "Content-Type: application/json"});
            get.gets = {};
            t.add({.what = u"initialize"_s, .sends = {MadeToken}});
            t.add(get);
        },
        {u"AF-09"_s});
    row("AF-10, audience",
        [](MadeTrace &t) {
            t.add({.status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.sends = {carrying(R"({"aud":"https://mcp.example/"})")}, .status = 401});
        },
        {u"AF-10"_s});
    row("AF-10, issuer",
        [](MadeTrace &t) {
            t.add({.status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.sends = {carrying(
                       R"({"aud":["x","https://mcp.example/mcp"],"iss":"https://other.example"})")},
                   .status = 401});
        },
        {u"AF-10"_s});
    row("AF-10, for another server, without metadata",
        [](MadeTrace &t) {
            t.add({.sends = {carrying(R"({"aud":["https://other.example/mcp"]})")}, .status = 401});
        },
        {u"AF-10"_s});
    row("for this server, without metadata",
        [](MadeTrace &t) {
            t.add({.sends = {carrying(
                       R"({"aud":["https://other.example/mcp","https://mcp.example"]})")},
                   .status = 401});
            t.add({.sends = {carrying(R"({"aud":"api://mcp"})")}, .status = 401});
        },
        {});
    row("AF-10, as it was noted",
        [](MadeTrace &t) {
            t.store.setRedacted(true);
            t.add({.status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.sends = {"Authorization: Bearer ~7f2a (340 bytes)"}, .status = 401});
            t.store.note(u"token"_s, noted(R"({"aud":["https://mcp.example/"],"exp":1e15})"), 3);
        },
        {u"AF-10"_s});
    row("AF-10, issuer, as it was noted",
        [](MadeTrace &t) {
            t.store.setRedacted(true);
            t.add({.status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.sends = {"Authorization: Bearer ~7f2a (340 bytes)"}, .status = 401});
            t.store.note(u"token"_s, noted(R"({"iss":"https://other.example"})"), 3);
        },
        {u"AF-10"_s});
    row("AF-11, as it was noted",
        [](MadeTrace &t) {
            t.store.setRedacted(true);
            t.add({.sends = {"Authorization: Bearer ~7f2a (340 bytes)"}, .status = 401});
            t.store.note(u"token"_s, noted(R"({"exp":)" + at(-300) + '}'), 1);
        },
        {u"AF-11"_s});
    row("AF-11, not yet, as it was noted",
        [](MadeTrace &t) {
            t.store.setRedacted(true);
            t.add({.sends = {"Authorization: Bearer ~7f2a (340 bytes)"}, .status = 401});
            t.store.note(u"token"_s, noted(R"({"nbf":)" + at(300) + '}'), 1);
        },
        {u"AF-11"_s});
    row("notes that say nothing",
        [](MadeTrace &t) {
            t.store.setRedacted(true);
            t.add({.sends = {"Authorization: Bearer ~7f2a (340 bytes)"}, .status = 401});
            t.add({.status = 401});
            for (const char *text : {"", "{", "no", "{\"exp\":\"soon\"}", "[1]"}) {
                t.store.note(u"token"_s, QString::fromLatin1(text), 1);
                t.store.note(u"token"_s, QString::fromLatin1(text), 2);
                t.store.note(u"token"_s, QString::fromLatin1(text), 9);
            }
        },
        {});
    row("AF-10, refreshed as it was asked for",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {MadeToken}, .status = 401});
            t.token("grant_type=refresh_token&refresh_token=r1&client_id=c1&resource="
                    "https%3A%2F%2Fmcp.example%2Fmcp",
                    200,
                    R"({"access_token":")" + unsignedToken(R"({"aud":"https://other.example/mcp"})")
                        + "\"}");
            t.add({.what = u"initialize"_s,
                   .sends = {carrying(R"({"aud":"https://other.example/mcp"})")},
                   .status = 401});
        },
        {u"AF-10"_s});
    row("AF-10, but accepted",
        [](MadeTrace &t) {
            t.metadata(MadeResource, MadePlace);
            t.add({.sends = {carrying(R"({"aud":"https://mcp.example/"})")}});
        },
        {});
    row("a JWT that fits, refused",
        [](MadeTrace &t) {
            t.add({.status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.sends = {carrying(Good)}, .status = 401});
        },
        {});
    row("a JWT without audience, refused",
        [](MadeTrace &t) {
            t.add({.status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.sends = {carrying(R"({"sub":"ada"})")}, .status = 401});
        },
        {});
    row("AF-11, expired",
        [](MadeTrace &t) {
            t.add({.sends = {carrying(R"({"exp":)" + at(-300) + '}')}, .status = 401});
        },
        {u"AF-11"_s});
    row("AF-11, expired and for another resource",
        [](MadeTrace &t) {
            t.add({.status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.sends = {carrying(R"({"aud":"x","exp":)" + at(-300) + '}')}, .status = 401});
        },
        {u"AF-11"_s});
    row("AF-11, not yet",
        [](MadeTrace &t) {
            t.add({.sends = {carrying(R"({"nbf":)" + at(600) + '}')}, .status = 401});
        },
        {u"AF-11"_s});
    row("AF-11, clocks",
        [](MadeTrace &t) {
            t.add({.sends = {carrying(Good)},
                   .status = 401,
                   .gets = {"Date: Thu, 01 Jan 2026 02:00:00 GMT"}});
        },
        {u"AF-11"_s});
    row("AF-11, clocks and an opaque token",
        [](MadeTrace &t) {
            t.add({.sends = {MadeToken},
                   .status = 401,
                   .gets = {"Date: Thu, 01 Jan 2026 02:00:00 GMT"}});
        },
        {u"AF-11"_s});
    row("AF-11, in the server's words",
        [](MadeTrace &t) {
            t.add(
                {.sends = {MadeToken},
                 .status = 401,
                 .gets = {
                     R"(WWW-Authenticate: Bearer error="invalid_token", error_description="The token expired")"}});
        },
        {u"AF-11"_s});
    row("clocks that agree",
        [](MadeTrace &t) {
            t.add({.sends = {carrying(Good)},
                   .status = 401,
                   .gets = {"Date: Thu, 01 Jan 2026 00:01:00 GMT"}});
        },
        {});
    row("clocks that disagree, and nothing refused",
        [](MadeTrace &t) {
            t.add({.sends = {carrying(Good)}, .gets = {"Date: Thu, 01 Jan 2026 02:00:00 GMT"}});
        },
        {});
    row("a token that ran out, and was refreshed",
        [](MadeTrace &t) {
            t.add({.sends = {carrying(R"({"exp":)" + at(-300) + '}')}, .status = 401});
            t.add({.sends = {MadeToken}});
        },
        {});
    row("a token that ran out, and a person who gave another",
        [](MadeTrace &t) {
            t.add({.sends = {carrying(R"({"exp":)" + at(-300) + '}')}, .status = 401});
            t.later(1000);
            t.store.note(u"connect"_s, MadeEndpoint);
            t.add({.sends = {MadeToken}});
        },
        {u"AF-11"_s});
    row("claims of wrong types",
        [](MadeTrace &t) {
            t.add({.status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.sends = {carrying(R"({"aud":7,"iss":[],"exp":"soon","nbf":{},"iat":1e300})")},
                   .status = 401});
            t.add({.sends = {"Authorization: Bearer a.b.c"}, .status = 401});
            t.add({.sends = {"Authorization: Bearer .."}, .status = 401});
        },
        {});
    row("AF-12",
        [](MadeTrace &t) {
            for (int i = 0; i < 4; ++i)
                t.add({.sends = {MadeToken}, .status = 401});
        },
        {u"AF-12"_s});
    row("tried again twice with other tokens",
        [](MadeTrace &t) {
            t.add({.sends = {"Authorization: Bearer one-1"}, .status = 401});
            t.add({.sends = {"Authorization: Bearer two-2"}, .status = 401});
            t.add({.sends = {"Authorization: Bearer one-1"}, .status = 401});
            t.add({.sends = {"Authorization: Bearer two-2"}, .status = 401});
        },
        {});
    row("a person who connects again",
        [](MadeTrace &t) {
            for (int i = 0; i < 4; ++i) {
                t.later(1000);
                t.store.note(u"connect"_s, MadeEndpoint);
                t.add({.sends = {MadeToken}, .status = 401});
            }
        },
        {});
}

void TestRulesCredentials::credentials()
{
    QFETCH(Story, story);
    QFETCH(QStringList, ids);
    MadeTrace trace;
    story(trace);
    QCOMPARE(trace.ids(), ids);
    QCOMPARE(faultOf(trace, {"token-of-ada", "crumbs", "key-1", "x1"}), QString());
}

void TestRulesCredentials::what_was_compared_is_shown()
{
    MadeTrace trace;
    trace.add({.status = 401, .gets = {MadeChallenge}});
    trace.metadata(MadeResource, MadePlace);
    trace.add({.sends = {carrying(R"({"aud":"https://mcp.example/mcp/"})")}, .status = 401});
    const std::optional<Finding> finding = trace.found(u"AF-10"_s);
    QVERIFY(finding);
    QCOMPARE(finding->exchanges, (QList<ExchangeId>{2, 3}));
    QCOMPARE(finding->side, Side::Person);
    QCOMPARE(finding->server, u"https://mcp.example"_s);
    const Evidence expected{3, u"aud of the token"_s, u"https://mcp.example/mcp/"_s,
                            u"https://mcp.example/mcp"_s, 23};
    QVERIFY(finding->evidence.contains(expected));
}

void TestRulesCredentials::who_issued_a_wrong_token_is_blamed_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<QByteArray>("asked"); // of the resource, encoded
    QTest::addColumn<QByteArray>("date"); // by the clock of who issued it
    QTest::addColumn<QString>("id");
    QTest::addColumn<Side>("side");
    const QByteArray right = "https%3A%2F%2Fmcp.example%2Fmcp";
    const QByteArray now = "Thu, 01 Jan 2026 00:00:00 GMT";
    const QByteArray early = "Wed, 31 Dec 2025 22:00:00 GMT";
    const QByteArray elsewhere = R"({"aud":"x"})";
    const QByteArray expired = R"({"exp":)" + at(-300) + '}';
    QTest::newRow("asked rightly")
        << elsewhere << right << now << u"AF-10"_s << Side::AuthorizationServer;
    QTest::newRow("asked for another") << elsewhere << "x"_ba << now << u"AF-10"_s << Side::Person;
    QTest::newRow("a clock that is slow")
        << expired << right << early << u"AF-11"_s << Side::AuthorizationServer;
    QTest::newRow("a clock that is right") << expired << right << now << u"AF-11"_s << Side::Person;
    // The token was made by a clock that is ahead, whatever Date says.
    QTest::newRow("iat is ahead") << QByteArray(R"({"iat":)" + at(3600) + R"(,"nbf":)" + at(3600)
                                                + '}')
                                  << right << now << u"AF-11"_s << Side::AuthorizationServer;
    QTest::newRow("iat is behind")
        << QByteArray(R"({"iat":)" + at(-7200) + R"(,"exp":)" + at(-3600) + '}') << right << now
        << u"AF-11"_s << Side::AuthorizationServer;
    QTest::newRow("no clock") << expired << right << QByteArray() << u"AF-11"_s << Side::Person;
}

void TestRulesCredentials::who_issued_a_wrong_token_is_blamed()
{
    QFETCH(QByteArray, claims);
    QFETCH(QByteArray, asked);
    QFETCH(QByteArray, date);
    QFETCH(QString, id);
    QFETCH(Side, side);
    MadeTrace trace;
    trace.add({.status = 401, .gets = {MadeChallenge}});
    trace.metadata(MadeResource, MadePlace);
    const ExchangeId issued = trace.add(
        {.url = u"https://as.example/token"_s,
         .kind = ExchangeKind::Token,
         .what = u"token"_s,
         .body = "grant_type=authorization_code&resource=" + asked,
         .gets = {"Content-Type: application/json", "Date: " + date},
         .answer = R"({"token_type":"Bearer","access_token":")" + unsignedToken(claims) + "\"}"});
    trace.add({.sends = {carrying(claims)}, .status = 401});
    QCOMPARE(trace.ids(), QStringList{id});
    QCOMPARE(trace.found(id)->side, side);
    QCOMPARE(trace.found(id)->exchanges.contains(issued), side == Side::AuthorizationServer);
    QCOMPARE(faultOf(trace, {unsignedToken(claims)}), QString());
}

void TestRulesCredentials::the_span_is_told_data()
{
    QTest::addColumn<qint64>("before");
    QTest::addColumn<QString>("says");
    QTest::newRow("seconds") << qint64(90) << u"had expired 90 s before"_s;
    QTest::newRow("minutes") << qint64(1800) << u"had expired 30 min before"_s;
    QTest::newRow("hours") << qint64(7200) << u"had expired 2 h before"_s;
    QTest::newRow("days") << qint64(864000) << u"had expired 10 days before"_s;
}

void TestRulesCredentials::the_span_is_told()
{
    QFETCH(qint64, before);
    QFETCH(QString, says);
    MadeTrace trace;
    trace.add({.sends = {carrying(R"({"exp":)" + at(-before) + '}')}, .status = 401});
    const std::optional<Finding> finding = trace.found(u"AF-11"_s);
    QVERIFY(finding);
    QVERIFY2(finding->sentence.contains(says), qPrintable(finding->sentence));
}

void TestRulesCredentials::redacted_tokens_are_not_read()
{
    MadeTrace trace;
    trace.store.setRedacted(true);
    trace.add({.status = 401, .gets = {MadeChallenge}});
    trace.metadata(MadeResource, MadePlace);
    for (int i = 0; i < 3; ++i)
        trace.add({.sends = {"Authorization: Bearer ~7f2a (340 bytes)"}, .status = 401});
    // They can be told apart all the same.
    QCOMPARE(trace.ids(), QStringList{u"AF-12"_s});
    trace.add({.what = u"initialize"_s,
               .sends = {"Authorization: Bearer ~8b3c (22 bytes, in quotes)"},
               .status = 401});
    QCOMPARE(trace.ids(), QStringList{u"AF-07"_s});
}

void TestRulesCredentials::a_kept_token_made_by_a_clock_that_is_ahead()
{
    const QByteArray claims = R"({"iat":)" + at(3600) + R"(,"nbf":)" + at(3600) + '}';
    MadeTrace trace;
    trace.add({.sends = {carrying(claims)},
               .status = 401,
               .gets = {"Date: Thu, 01 Jan 2026 00:00:00 GMT"}});
    const std::optional<Finding> finding = trace.found(u"AF-11"_s);
    QVERIFY(finding);
    QCOMPARE(finding->side, Side::AuthorizationServer);
    QVERIFY2(finding->sentence.contains("60 min ahead of ours (iat of the token)"_L1),
             qPrintable(finding->sentence));

    // The server's clock says the same: it is ours that is wrong.
    MadeTrace ours;
    ours.add({.sends = {carrying(claims)},
              .status = 401,
              .gets = {"Date: Thu, 01 Jan 2026 01:00:00 GMT"}});
    QCOMPARE(ours.ids(), QStringList{u"AF-11"_s});
    QCOMPARE(ours.found(u"AF-11"_s)->side, Side::Person);
    QCOMPARE(faultOf(ours, {}), QString());
}

void TestRulesCredentials::of_two_refused_tokens_the_issuer_is_told()
{
    const QByteArray kept = R"({"exp":)" + at(-300) + '}';
    const QByteArray fresh = R"({"jti":"2","exp":)" + at(-200) + '}';
    MadeTrace trace;
    trace.add({.what = u"initialize"_s, .sends = {carrying(kept)}, .status = 401});
    trace.add(
        {.url = u"https://as.example/token"_s,
         .kind = ExchangeKind::Token,
         .what = u"token refresh"_s,
         .body =
             "grant_type=refresh_token&refresh_token=r1&resource=https%3A%2F%2Fmcp.example%2Fmcp",
         .gets = {"Content-Type: application/json", "Date: Wed, 31 Dec 2025 22:00:00 GMT"},
         .answer = R"({"token_type":"Bearer","access_token":")" + unsignedToken(fresh) + "\"}"});
    trace.add({.what = u"initialize"_s, .sends = {carrying(fresh)}, .status = 401});
    QCOMPARE(trace.ids(), QStringList{u"AF-11"_s});
    const std::optional<Finding> finding = trace.found(u"AF-11"_s);
    QCOMPARE(finding->side, Side::AuthorizationServer);
    QVERIFY2(finding->sentence.contains("2 h behind ours (Date of exchange 2)"_L1),
             qPrintable(finding->sentence));
    QVERIFY2(finding->advice.startsWith("Set the clock of the authorisation server"_L1),
             qPrintable(finding->advice));
}

QTEST_APPLESS_MAIN(TestRulesCredentials)
#include "test_rules_credentials.moc"
