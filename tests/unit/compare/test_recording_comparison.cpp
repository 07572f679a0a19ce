// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/compare/comparison_text.h"
#include "core/compare/recording_comparison.h"
#include "core/jsonrpc/json_text.h"
#include "tests/support/made_trace.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

QByteArray asks(const QByteArray &method, int id, const QByteArray &params = {})
{
    QByteArray text =
        "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(id) + ",\"method\":\"" + method + "\"";
    if (!params.isEmpty())
        text += ",\"params\":" + params;
    return text + '}';
}

QByteArray result(int id, const QByteArray &json)
{
    return R"({"jsonrpc":"2.0","id":)" + QByteArray::number(id) + R"(,"result":)" + json + '}';
}

QByteArray error(int id, int code)
{
    return R"({"jsonrpc":"2.0","id":)" + QByteArray::number(id) + R"(,"error":{"code":)"
        + QByteArray::number(code) + R"(,"message":"no"}})";
}

const QByteArray kInitialized =
    R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"},"instructions":"Be kind."})";
const QByteArray kAdd =
    R"({"name":"add","inputSchema":{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}}})";
const QByteArray kOld = R"({"name":"old","inputSchema":{"type":"object"}})";

void initialize(MadeTrace &trace, const QByteArray &json = kInitialized, int id = 1)
{
    trace.add({.what = u"initialize"_s,
               .sends = {MadeToken},
               .body = asks("initialize", id),
               .answer = result(id, json)});
}

void tools(MadeTrace &trace, const QByteArray &items, int id = 2)
{
    trace.add({.sends = {MadeToken},
               .body = asks("tools/list", id),
               .answer = result(id, R"({"tools":[)" + items + "]}")});
}

ExchangeId call(MadeTrace &trace, const QByteArray &arguments, const QByteArray &answer, int id,
                const QByteArray &meta = {})
{
    const QByteArray params = R"({"name":"add","arguments":)" + arguments
        + (meta.isEmpty() ? "" : ",\"_meta\":" + meta) + '}';
    return trace.add({.what = u"tools/call add"_s,
                      .sends = {MadeToken},
                      .body = asks("tools/call", id, params),
                      .answer = answer});
}

} // namespace

/// Two recordings held against each other: what differs, where, and what is none.
class TestRecordingComparison : public QObject {
    Q_OBJECT

    static QStringList lines(const RecordingComparison &comparison)
    {
        QStringList list;
        for (const RecordingDifference &each : comparison.differences)
            list << QString::fromLatin1(comparedAreaName(each.area)) + u' '
                    + differenceSign(each.kind) + u' ' + differenceWords(each)
                    + (each.counts ? QString() : u" (no difference)"_s);
        return list;
    }
    static RecordingComparison compare(const MadeTrace &left, const MadeTrace &right)
    {
        const Redactor redactor("0123456789abcdef");
        return compareRecordings({&left.store, &redactor}, {&right.store, &redactor});
    }

private Q_SLOTS:
    void whatDiffersIsToldByItsPlace_data();
    void whatDiffersIsToldByItsPlace();
    void eachDifferenceLeadsToItsExchanges();
    void secretsAreNeitherToldNorCompared();
    void itCanBeEnded();
    void aGrowingTraceIsComparedAsFarAsItIsOver();
    void whatCouldNotBeReadIsNoDifference();
    void thePagesOfAListAreOne();
    void jsonHasTheValuesAsTheyCame();
    void manyDifferencesAreLimited();
};

void TestRecordingComparison::whatDiffersIsToldByItsPlace_data()
{
    QTest::addColumn<Story>("left");
    QTest::addColumn<Story>("right");
    QTest::addColumn<QStringList>("found");
    const auto row = [](const char *name, Story left, Story right, const QStringList &found) {
        QTest::addRow("%s", name) << left << right << found;
    };
    const Story whole = [](MadeTrace &t) {
        initialize(t);
        tools(t, kAdd + ',' + kOld);
        call(t, R"({"a":1})", result(3, R"({"content":[{"type":"text","text":"1"}]})"), 3);
    };
    row(
        "nothing at all", [](MadeTrace &) {}, [](MadeTrace &) {}, {});
    row("the same", whole, whole, {});
    row("other ids, progress tokens and times", whole,
        [](MadeTrace &t) {
            initialize(t, kInitialized, 7);
            t.later(5);
            tools(t, kAdd + ',' + kOld, 8);
            call(t, R"({ "a" : 1 })", result(9, R"({"content":[{"type":"text","text":"1"}]})"), 9,
                 R"({"progressToken":9})");
        },
        {});
    row(
        "server, revision and instructions", [](MadeTrace &t) { initialize(t); },
        [](MadeTrace &t) {
            initialize(
                t,
                R"({"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"s","version":"2"}})");
        },
        {u"server ~ revision: \"2025-11-25\" → \"2025-06-18\""_s,
         u"server ~ serverInfo /version: \"1\" → \"2\""_s, u"server - instructions: \"Be kind.\""_s,
         u"capabilities + capabilities /tools/listChanged: true"_s});
    row(
        "tools and the places in their schemas", [](MadeTrace &t) { tools(t, kAdd + ',' + kOld); },
        [](MadeTrace &t) {
            tools(
                t,
                R"({"name":"new","inputSchema":{}},{"name":"add","inputSchema":{"type":"object","required":["a","b"],"properties":{"a":{"type":"number"},"b":{"type":"string"}}}})");
        },
        {u"tools + add /inputSchema/required/1: \"b\""_s,
         u"tools ~ add /inputSchema/properties/a/type: \"integer\" → \"number\""_s,
         u"tools + add /inputSchema/properties/b: {\"type\":\"string\"}"_s, u"tools - old"_s,
         u"tools + new"_s});
    row(
        "asked more often", [](MadeTrace &t) { tools(t, kAdd); },
        [](MadeTrace &t) {
            tools(t, kAdd);
            tools(t, kAdd, 3);
            t.add({.what = u"ping"_s, .body = asks("ping", 4), .answer = result(4, "{}")});
        },
        {u"requests ~ tools/list: once → 2 times"_s, u"requests + ping: once"_s,
         u"credentials + POST: none"_s});
    row(
        "calls are matched by their arguments",
        [](MadeTrace &t) {
            call(t, R"({"a":1})", result(1, R"({"v":1})"), 1);
            call(t, R"({"a":2})", result(2, R"({"v":2})"), 2);
        },
        [](MadeTrace &t) {
            call(t, R"({"a":2})", result(1, R"({"v":2})"), 1);
            call(t, R"({"a":1})", result(2, R"({"v":9})"), 2);
        },
        {u"answers ~ tools/call add /result/v: 1 → 9"_s});
    row(
        "other arguments", [](MadeTrace &t) { call(t, R"({"a":1})", result(1, "{}"), 1); },
        [](MadeTrace &t) { call(t, R"({"a":"x"})", result(1, "{}"), 1); },
        {u"requests ~ tools/call add /params/arguments/a: 1 → \"x\""_s});
    row(
        "an error in place of a result",
        [](MadeTrace &t) { call(t, "{}", result(1, R"({"v":1})"), 1); },
        [](MadeTrace &t) { call(t, "{}", error(1, -32602), 1); },
        {u"answers - tools/call add /result: {\"v\":1}"_s,
         u"answers + tools/call add /error: {\"code\":-32602,\"message\":\"no\"}"_s});
    row(
        "another status",
        [](MadeTrace &t) {
            t.add({.kind = ExchangeKind::Stream, .what = u"event stream"_s, .sends = {MadeToken}});
        },
        [](MadeTrace &t) {
            t.add({.kind = ExchangeKind::Stream,
                   .what = u"event stream"_s,
                   .sends = {MadeToken},
                   .status = 405});
        },
        {u"answers ~ GET event stream /status: 200 → 405"_s});
    row(
        "a body that is no JSON", [](MadeTrace &t) { call(t, "{}", "oops", 1); },
        [](MadeTrace &t) { call(t, "{}", "gone", 1); },
        {u"answers ~ tools/call add /body: \"oops\" → \"gone\""_s});
    row(
        "kinds of credentials", [](MadeTrace &t) { tools(t, kAdd); },
        [](MadeTrace &t) {
            t.add({.sends = {"Authorization: Basic YWRhOnB3", "X-Api-Key: key-of-ada-0123"},
                   .body = asks("tools/list", 2),
                   .answer = result(2, R"({"tools":[)" + kAdd + "]}")});
        },
        {u"credentials - POST: Authorization: Bearer"_s,
         u"credentials + POST: Authorization: Basic"_s, u"credentials + POST: X-Api-Key"_s});
    row(
        "another token of the same kind", [](MadeTrace &t) { tools(t, kAdd); },
        [](MadeTrace &t) {
            t.add({.sends = {"Authorization: Bearer another-token-9876"},
                   .body = asks("tools/list", 2),
                   .answer = result(2, R"({"tools":[)" + kAdd + "]}")});
        },
        {});
    row(
        "what always differs", [](MadeTrace &t) { call(t, "{}", result(1, "{}"), 1); },
        [](MadeTrace &t) {
            const ExchangeId id =
                t.begin({.url = u"https://other.example/mcp"_s,
                         .what = u"tools/call add"_s,
                         .sends = {MadeToken},
                         .body = asks("tools/call", 1, R"({"name":"add","arguments":{}})")});
            t.later(400);
            const QByteArray answer = result(1, "{}");
            t.store.append(id, answer.constData(), answer.size());
            t.store.finish(id);
        },
        {u"server ~ address: \"https://mcp.example/mcp\" → \"https://other.example/mcp\" (no difference)"_s,
         u"timing ~ tools/call add: 0.00 ms → 400 ms (no difference)"_s});
}

void TestRecordingComparison::whatDiffersIsToldByItsPlace()
{
    QFETCH(Story, left);
    QFETCH(Story, right);
    QFETCH(QStringList, found);
    MadeTrace a;
    MadeTrace b;
    left(a);
    right(b);
    const RecordingComparison comparison = compare(a, b);
    QCOMPARE(lines(comparison), found);
    QCOMPARE(comparison.isSame(), found.filter(u"(no difference)"_s).size() == found.size());
    QVERIFY(lines(compare(a, a)).isEmpty());
    QVERIFY(lines(compare(b, b)).isEmpty());
    QCOMPARE(compare(b, a).counted(), comparison.counted());
}

void TestRecordingComparison::eachDifferenceLeadsToItsExchanges()
{
    MadeTrace a;
    MadeTrace b;
    initialize(a);
    tools(a, kAdd);
    initialize(b);
    tools(b, kOld);
    const RecordingComparison comparison = compare(a, b);
    QCOMPARE(lines(comparison).first(), u"tools - add"_s);
    QCOMPARE(comparison.differences.first().leftExchange, 2);
    QCOMPARE(comparison.differences.first().rightExchange, 0);
    QCOMPARE(differencePlace(comparison.differences.first()), u"exchange 2 of the first"_s);
    QCOMPARE(differencePlace(comparison.differences.at(1)), u"exchange 2 of the second"_s);
}

void TestRecordingComparison::secretsAreNeitherToldNorCompared()
{
    MadeTrace a;
    MadeTrace b;
    call(a, R"({"access_token":"first-secret-value"})", result(1, R"({"t":"x"})"), 1);
    call(b, R"({"access_token":"second-secret-value"})",
         result(1, R"({"t":"token-of-ada-0123 is yours"})"), 1);
    const Redactor one("0123456789abcdef");
    Redactor knows = one;
    knows.addKnownSecret("token-of-ada-0123");
    const RecordingComparison comparison =
        compareRecordings({&a.store, &knows}, {&b.store, &knows});
    const QByteArray json = comparisonToJson(comparison);
    QVERIFY2(!json.contains("secret-value") && !json.contains("of-ada"), json);
    QCOMPARE(comparison.differences.size(), 1);
    QVERIFY(
        !comparisonToJson(compareRecordings({&a.store, nullptr}, {&b.store, nullptr})).isEmpty());
    QVERIFY(comparisonToJson(compareRecordings({&a.store, nullptr}, {&b.store, nullptr}))
                .contains("first-secret-value"));
}

void TestRecordingComparison::itCanBeEnded()
{
    MadeTrace a;
    for (int i = 0; i < 20; ++i)
        tools(a, kAdd, i);
    int told = 0;
    const Redactor redactor("0123456789abcdef");
    const RecordingComparison comparison =
        compareRecordings({&a.store, &redactor}, {&a.store, &redactor},
                          [&told](qint64, qint64) { return ++told < 5; });
    QVERIFY(comparison.ended);
    QCOMPARE(told, 5);
    qint64 last = -1;
    compareRecordings({&a.store, &redactor}, {&a.store, &redactor},
                      [&last](qint64 done, qint64 all) {
                          const bool grows = done >= last && done <= all;
                          last = done;
                          return grows;
                      });
    QCOMPARE(last, 80);
}

void TestRecordingComparison::aGrowingTraceIsComparedAsFarAsItIsOver()
{
    MadeTrace a;
    MadeTrace b;
    call(a, "{}", result(1, R"({"v":1})"), 1);
    b.begin({.what = u"tools/call add"_s,
             .sends = {MadeToken},
             .body = asks("tools/call", 1, R"({"name":"add","arguments":{}})"),
             .status = 0});
    const Redactor redactor("0123456789abcdef");
    QVERIFY(compareRecordings({&a.store, &redactor}, {&b.store, &redactor, TraceState::Growing})
                .isSame());
    QVERIFY(!compareRecordings({&a.store, &redactor}, {&b.store, &redactor}).isSame());
}

void TestRecordingComparison::whatCouldNotBeReadIsNoDifference()
{
    MadeTrace a;
    MadeTrace b;
    for (MadeTrace *each : {&a, &b})
        initialize(*each);
    tools(a, kAdd + ',' + kOld);
    call(a, "{}", result(1, R"({"v":1})"), 1);
    const Redactor redactor("0123456789abcdef");
    const ComparedTrace whole{&a.store, &redactor};
    ComparedTrace cut{&b.store, &redactor};
    QVERIFY(compareRecordings(whole, cut).counted() > 0);
    cut.isWhole = false;
    for (const bool first : {false, true}) {
        const RecordingComparison comparison =
            first ? compareRecordings(cut, whole) : compareRecordings(whole, cut);
        QVERIFY2(comparison.differences.isEmpty(), qPrintable(lines(comparison).join(u'\n')));
        QVERIFY(comparison.untold > 0 && !comparison.isSame());
        QVERIFY(comparison.remarks.last().startsWith(
            first ? u"The first recording could not be read whole: "_s
                  : u"The second recording could not be read whole: "_s));
        QVERIFY(comparisonSummary(comparison).startsWith(u"There is no difference in what"_s));
    }
    // What it has of its own is one.
    tools(b, kOld + R"(,{"name":"new"})");
    QVERIFY(compareRecordings(whole, cut).counted() > 0);
}

void TestRecordingComparison::thePagesOfAListAreOne()
{
    MadeTrace a;
    MadeTrace b;
    tools(a, kAdd + ',' + kOld);
    b.add({.sends = {MadeToken},
           .body = asks("tools/list", 1),
           .answer = result(1, R"({"tools":[)" + kAdd + R"(],"nextCursor":"2"})")});
    b.add({.sends = {MadeToken},
           .body = asks("tools/list", 2, R"({"cursor":"2"})"),
           .answer = result(2, R"({"tools":[{"name":"old","inputSchema":{"type":"array"}}]})")});
    const QStringList found = lines(compare(a, b));
    QCOMPARE(found.first(), u"tools ~ old /inputSchema/type: \"object\" → \"array\""_s);
    QCOMPARE(compare(a, b).differences.first().rightExchange, 2);
    QVERIFY(found.filter(u"tools"_s).size() == 1 + found.filter(u"requests"_s).size());
}

void TestRecordingComparison::jsonHasTheValuesAsTheyCame()
{
    MadeTrace a;
    MadeTrace b;
    call(a, "{}", result(1, R"({"v":1.50})"), 1);
    call(b, "{}", result(1, R"({"v":{"b":1,"a":2}})"), 1);
    const JsonText json = JsonText::parse(comparisonToJson(compare(a, b)));
    QVERIFY(json.isValid());
    QCOMPARE(json.boolean(json.find("/same"), true), false);
    QCOMPARE(json.raw(json.find("/differences/0/left")).toByteArray(), "1.50"_ba);
    QCOMPARE(json.raw(json.find("/differences/0/right")).toByteArray(), R"({"b":1,"a":2})"_ba);
    QCOMPARE(json.string(json.find("/differences/0/area")), u"answers"_s);
    QCOMPARE(json.string(json.find("/differences/0/change")), u"changed"_s);
    QCOMPARE(json.string(json.find("/differences/0/pointer")), u"/result/v"_s);
    QCOMPARE(json.integer(json.find("/differences/0/leftExchange")), 1);
    QVERIFY(JsonText::parse(comparisonToJson(compare(a, a))).boolean(1, false));
}

void TestRecordingComparison::manyDifferencesAreLimited()
{
    MadeTrace a;
    MadeTrace b;
    QByteArray many;
    for (int i = 0; i < 6000; ++i)
        many += "{\"name\":\"t" + QByteArray::number(i) + "\",\"inputSchema\":{}},";
    many.chop(1);
    tools(a, kAdd);
    tools(b, many);
    const RecordingComparison comparison = compare(a, b);
    QCOMPARE(comparison.differences.size(), 5000);
    QVERIFY(comparison.remarks.last().contains(u"more differences"_s));
}

QTEST_GUILESS_MAIN(TestRecordingComparison)
#include "test_recording_comparison.moc"
