// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose/catalogue.h"
#include "tests/support/made_trace.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// What holds for the findings of all rules: order, joining, causes, bounds.
class TestRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void an_empty_trace_has_none();
    void the_catalogue_is_whole();
    void causes_are_no_circle();
    void each_rule_has_an_id_of_the_catalogue();
    void the_worst_stands_first();
    void one_id_is_told_once_for_a_server();
    void a_cause_hides_what_follows_at_its_server_alone();
    void a_note_counts_unless_a_rule_found_it();
    void an_id_of_a_later_catalogue_is_told_as_it_is();
    void long_bodies_are_not_read();
    void what_is_stopped_finds_nothing();
    void the_time_is_in_proportion_data();
    void the_time_is_in_proportion();
    void odd_traces_do_no_harm();
    void differences_are_found_data();
    void differences_are_found();
};

void TestRules::an_empty_trace_has_none()
{
    QVERIFY(MadeTrace().findings().isEmpty());
}

void TestRules::the_catalogue_is_whole()
{
    QString before;
    for (const CatalogueEntry &entry : catalogue()) {
        const QString id = entry.id;
        QVERIFY2(before < id, qPrintable(id));
        before = id;
        QVERIFY(!entry.title.isEmpty());
        QVERIFY2(!entry.title.endsWith(u'.'), qPrintable(id));
        QCOMPARE(catalogueEntry(id), &entry);
        if (!entry.header.isEmpty())
            QVERIFY(entry.header.at(0) == u'>' || entry.header.at(0) == u'<');
    }
    QCOMPARE(catalogue().size(), size_t(63));
    QVERIFY(!catalogueEntry(u"AF-00"));
}

void TestRules::causes_are_no_circle()
{
    // Of two that hide one another neither would be told.
    QHash<QString, QSet<QString>> reach;
    for (const Causation &causation : causations()) {
        QVERIFY2(catalogueEntry(QString(causation.cause)), causation.cause.data());
        QVERIFY2(catalogueEntry(QString(causation.consequence)), causation.consequence.data());
        reach[causation.cause].insert(causation.consequence);
    }
    for (bool grew = true; grew;) {
        grew = false;
        for (auto one = reach.begin(); one != reach.end(); ++one) {
            const QSet<QString> known = *one;
            for (const QString &next : known)
                one->unite(reach.value(next));
            grew = grew || one->size() > known.size();
        }
    }
    for (auto one = reach.cbegin(); one != reach.cend(); ++one)
        QVERIFY2(!one->contains(one.key()), qPrintable(one.key()));
}

void TestRules::each_rule_has_an_id_of_the_catalogue()
{
    const QList<Rule> rules = credentialRules() + discoveryRules() + issuerRules()
        + registrationRules() + tokenRules() + sessionRules() + transportRules();
    for (const Rule &rule : rules)
        QVERIFY2(catalogueEntry(QString(rule.id)), rule.id.data());
}

void TestRules::the_worst_stands_first()
{
    MadeTrace trace;
    trace.add({.what = u"x"_s, .status = 307, .gets = {"Location: /mcp/"}}); // a flaw
    trace.add({.kind = ExchangeKind::Stream, .what = u"event stream"_s, .status = 405}); // normal
    trace.add({.what = u"y"_s, .status = 503, .gets = {"Retry-After: 3"}});
    trace.add({.what = u"z"_s, .status = 407});
    QStringList ids;
    for (const Finding &finding : trace.findings())
        ids.append(finding.id);
    // Of two that weigh alike the newer one.
    QCOMPARE(ids, (QStringList{u"AF-95"_s, u"AF-98"_s, u"AF-93"_s, u"AF-80"_s}));
}

void TestRules::one_id_is_told_once_for_a_server()
{
    MadeTrace trace;
    for (int i = 0; i < 30; ++i)
        trace.add({.what = u"call %1"_s.arg(i), .status = 503, .gets = {"Retry-After: 3"}});
    trace.add({.url = u"https://other.example/mcp"_s, .status = 503, .gets = {"Retry-After: 3"}});
    const QList<Finding> found = trace.findings();
    QCOMPARE(found.size(), 2);
    QCOMPARE(found.constFirst().server, u"https://other.example"_s);
    QCOMPARE(found.constLast().exchanges.size(), 30);
    QCOMPARE(found.constLast().exchanges.constFirst(), 1);
    QVERIFY(found.constLast().evidence.size() <= 8);
}

void TestRules::a_cause_hides_what_follows_at_its_server_alone()
{
    MadeTrace trace;
    trace.add({.what = u"x"_s, .status = 302, .gets = {"Location: /login"}});
    trace.add({.url = u"https://mcp.example/home"_s,
               .what = u"x"_s,
               .gets = {"Content-Type: text/html"},
               .answer = "<html>"});
    QCOMPARE(trace.ids(), QStringList{u"AF-92"_s});
    trace.add({.url = u"https://other.example/mcp"_s,
               .what = u"x"_s,
               .gets = {"Content-Type: text/html"},
               .answer = "<html>"});
    QCOMPARE(trace.ids(), (QStringList{u"AF-91"_s, u"AF-92"_s}));
}

void TestRules::a_note_counts_unless_a_rule_found_it()
{
    MadeTrace trace;
    const ExchangeId id = trace.add({.what = u"tools/call x"_s});
    trace.store.note(u"notice"_s, u"An answer to nothing that was asked."_s, id, -1, u"AF-97"_s);
    QCOMPARE(trace.ids(), QStringList{u"AF-97"_s});
    QCOMPARE(trace.findings().constFirst().sentence, u"An answer to nothing that was asked."_s);
    trace.store.noteFailure(Failure{FailureKind::Protocol, u"oauth-mismatch"_s,
                                    u"It names another issuer."_s, u"Stop."_s, 0, u"AF-47"_s});
    QCOMPARE(trace.ids(), (QStringList{u"AF-47"_s, u"AF-97"_s}));
    // The rule has the better words.
    const ExchangeId redirected =
        trace.add({.what = u"x"_s, .status = 307, .gets = {"Location: /mcp/"}});
    trace.store.note(u"notice"_s, u"Redirected."_s, redirected, -1, u"AF-93"_s);
    QVERIFY(trace.found(u"AF-93"_s)->sentence.contains("slash"_L1));
}

void TestRules::an_id_of_a_later_catalogue_is_told_as_it_is()
{
    MadeTrace trace;
    const ExchangeId id = trace.add({});
    trace.store.noteFailure(Failure{FailureKind::Protocol, u"new-thing"_s, u"Something new."_s,
                                    u"Look."_s, id, u"AF-777"_s});
    QCOMPARE(trace.ids(), QStringList{u"AF-777"_s});
    QCOMPARE(trace.findings().constFirst().title, u"new-thing"_s);
}

void TestRules::long_bodies_are_not_read()
{
    MadeTrace trace;
    trace.add({.what = u"initialize"_s, .status = 401, .gets = {MadeChallenge}});
    QByteArray longer = R"({"resource":"https://mcp.example/other","pad":")";
    longer += QByteArray(MostBodyBytes, 'x') + R"("})";
    trace.metadata(longer, MadePlace);
    // That it is too long is all that is said of it.
    QCOMPARE(trace.ids(), QStringList{u"AF-27"_s});
    QVERIFY(trace.findings().constFirst().sentence.contains("more than 1 MiB"_L1));
}

void TestRules::what_is_stopped_finds_nothing()
{
    MadeTrace trace;
    trace.add({.what = u"x"_s, .status = 407});
    const Redactor redactor("0123456789abcdef");
    std::atomic<bool> stop = false;
    QCOMPARE(findings(trace.store, redactor, &stop).size(), 1);
    stop = true;
    QVERIFY(findings(trace.store, redactor, &stop).isEmpty());
}

void TestRules::the_time_is_in_proportion_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("alike");
    QTest::newRow("accepted") << 200 << true;
    QTest::newRow("refused") << 401 << true;
    QTest::newRow("refused, no two alike") << 401 << false;
    QTest::newRow("refused and not one accepted") << 403 << false;
}

/// Not by the clock: in square time this would take hours, and the test's limit be over.
void TestRules::the_time_is_in_proportion()
{
    QFETCH(int, status);
    QFETCH(bool, alike);
    constexpr int Many = 60'000;
    MadeTrace trace;
    for (int i = 0; i < Many; ++i) {
        const QByteArray number = QByteArray::number(alike ? 0 : i);
        trace.add({.what = u"tools/call %1"_s.arg(i),
                   .sends = {"Authorization: Bearer t" + number, "X-Secret-" + number + ": x"},
                   .status = status,
                   .gets = {MadeChallenge}});
        trace.store.noteFailure(
            Failure{FailureKind::Refused, u"unauthorized"_s, u"Refused."_s, {}, i + 1, {}});
    }
    QVERIFY(trace.findings().size() < 3);
}

/// Whatever stands in a recording, also one that somebody made.
void TestRules::odd_traces_do_no_harm()
{
    const QByteArrayList headers{
        "Authorization: Bearer x.y.z",
        "Authorization: Bearer Bearer",
        "Authorization: ",
        "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.",
        "Accept: x",
        "Mcp-Session-Id: s",
        "MCP-Protocol-Version: x",
        "Content-Type: text/html",
        "Host: h",
        "WWW-Authenticate: Bearer error=\"insufficient_scope\", resource_metadata=\"::%zz\"",
        "WWW-Authenticate: ,,,===\"",
        "Location: ::%zz",
        "Location: //login",
        "Content-Type: application/json",
        "Content-Type: text/event-stream",
        "Content-Encoding: br",
        "Date: yesterday",
        "Retry-After: -1"};
    const QByteArrayList bodies{
        {},
        "{",
        "[]",
        "{}",
        "null",
        R"({"resource":"::","authorization_servers":["::","x"]})",
        R"({"issuer":"::","token_endpoint":"::","authorization_endpoint":"::"})",
        R"({"error":"invalid_grant"})",
        R"({"access_token":"x.y.z","scope":" "})",
        "grant_type=refresh_token&refresh_token=&refresh_token",
        "\xff\xfe\x00 host origin session protocol version accept"};
    const QStringList urls{MadeEndpoint,
                           MadePlace,
                           MadeRootPlace,
                           MadeIssuerPlace,
                           QString(),
                           u"stdio:x"_s,
                           u"http:"_s,
                           u"https://as.example/token"_s,
                           u"http://[::1]/mcp/"_s};
    QRandomGenerator random(20260727);
    const auto one = [&random](const auto &list) {
        return list.at(random.bounded(int(list.size())));
    };
    for (int round = 0; round < 60; ++round) {
        MadeTrace trace;
        for (int i = 0; i < 60; ++i) {
            Made made;
            made.url = one(urls);
            made.kind = ExchangeKind(random.bounded(int(ExchangeKind::Input) + 1));
            made.what = one(QStringList{u"initialize"_s, u"resume x"_s, QString(), u"a"_s});
            made.sends = {one(headers), one(headers)};
            made.gets = {one(headers), one(headers)};
            made.body = one(bodies);
            made.answer = one(bodies);
            made.status = one(QList<int>{0, 100, 200, 202, 302, 307, 400, 401, 403, 404, 405, 406,
                                         407, 421, 429, 503, 999, -1, 70000});
            made.cause = random.bounded(i + 5) - 2; // also itself, what comes later, and nothing
            const ExchangeId id = random.bounded(2) ? trace.add(made) : trace.begin(made);
            if (random.bounded(4) == 0)
                trace.frame(id, FrameKind(random.bounded(7)), one(bodies));
            trace.later(random.bounded(90'000));
            if (random.bounded(5) == 0)
                trace.store.note(one(QStringList{u"connect"_s, u"left"_s, u"oauth"_s}), u"x"_s,
                                 random.bounded(i + 9) - 4, -1,
                                 one(QStringList{QString(), u"AF-47"_s, u"?"_s}));
            if (random.bounded(5) == 0)
                trace.store.noteFailure({FailureKind(random.bounded(7)),
                                         u"x"_s,
                                         QString(),
                                         {},
                                         random.bounded(i + 9) - 4,
                                         one(QStringList{QString(), u"AF-61"_s})});
        }
        for (const Finding &finding : trace.findings()) {
            QVERIFY(!finding.id.isEmpty());
            for (const ExchangeId id : finding.exchanges)
                QVERIFY(id >= 1 && id <= trace.store.exchangeCount());
            for (const Evidence &evidence : finding.evidence)
                QVERIFY(evidence.exchange >= 0 && evidence.exchange <= trace.store.exchangeCount());
        }
    }
}

void TestRules::differences_are_found_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<qsizetype>("place");
    QTest::newRow("none") << u"abc"_s << u"abc"_s << qsizetype(-1);
    QTest::newRow("in it") << u"abc"_s << u"axc"_s << qsizetype(1);
    QTest::newRow("longer") << u"abc/"_s << u"abc"_s << qsizetype(3);
    QTest::newRow("shorter") << u"abc"_s << u"abc/"_s << qsizetype(3);
    QTest::newRow("empty") << QString() << u"abc"_s << qsizetype(0);
}

void TestRules::differences_are_found()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(qsizetype, place);
    QCOMPARE(comparison(1, u"x"_s, a, b).difference, place);
}

QTEST_APPLESS_MAIN(TestRules)
#include "test_rules.moc"
