// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_filter.h"

#include <QRandomGenerator>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

const Header Token{"Authorization", "Bearer hidden-token", HeaderSource::Credential, true};
const Header Key{"X-Api-Key", "hidden-key", HeaderSource::Credential, true};

ExchangeId add(TraceStore &trace, ExchangeKind kind, const QByteArray &method, const QString &what,
               QList<Header> headers, int status, const QByteArray &body = {},
               const QByteArray &answer = {})
{
    RequestRecord request;
    request.kind = kind;
    request.method = method;
    request.what = what;
    request.url = QUrl(u"http://127.0.0.1:4780/mcp?x=Find%20me"_s);
    request.headers = headers + QList<Header>{{"Accept", "text/event-stream, */*"}};
    const ExchangeId id = trace.begin(request, body);
    if (status) {
        ResponseRecord response;
        response.status = status;
        response.headers = {{"Server", "Waterworks/2", HeaderSource::Server, false}};
        trace.respond(id, response);
        trace.append(id, answer.constData(), answer.size());
        trace.finish(id);
    }
    return id;
}

/// 1 initialize, 2 tools/call add, 3 stream without token 401, 4 reconnect open, 5 discovery 404,
/// 6 DELETE that broke off, 7 tools/call that is played with a fault.
void fill(TraceStore &trace)
{
    add(trace, ExchangeKind::Post, "POST", u"initialize"_s, {Token, Key}, 200, "{\"id\":1}");
    const QByteArray frame = "data: {\"text\":\"the sum is SEVEN\"}\n\n";
    const ExchangeId call = add(trace, ExchangeKind::Post, "POST", u"tools/call add"_s,
                                {Token, Key}, 200, "{\"name\":\"add\",\"a\":3}", frame);
    trace.frame(call, {FrameKind::Event, 0, frame.size(), 0, -1, 0});
    add(trace, ExchangeKind::Stream, "GET", u"event stream"_s, {Key}, 401);
    add(trace, ExchangeKind::Reconnect, "GET", u"event stream"_s, {Token, Key}, 0);
    add(trace, ExchangeKind::Discovery, "GET", u".well-known/oauth-protected-resource"_s, {}, 404);
    RequestRecord end;
    end.kind = ExchangeKind::Delete;
    end.method = "DELETE";
    end.what = u"end of session"_s;
    end.url = QUrl(u"http://other.example/mcp"_s);
    end.withheld = {{"Authorization", u"another origin (http://other.example)"_s}};
    const ExchangeId broken = trace.begin(end, {});
    Failure failure;
    failure.kind = FailureKind::Unreachable;
    failure.finding = u"AF-99"_s;
    trace.finish(broken, failure);
    RequestRecord acting;
    acting.kind = ExchangeKind::Post;
    acting.method = "POST";
    acting.what = u"tools/call Add Numbers"_s;
    acting.url = QUrl(u"http://127.0.0.1:4780/mcp"_s);
    acting.headers = {Token, Key};
    acting.acting = u"AF-01"_s;
    trace.finish(trace.begin(acting, {}));
}

QByteArray matched(const TraceReader &trace, const QString &text)
{
    const TraceFilter filter = TraceFilter::parse(text);
    QByteArrayList ids;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        if (filter.matches(trace, id))
            ids += QByteArray::number(id);
    }
    return ids.join(' ');
}

} // namespace

class TestTraceFilter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { fill(m_trace); }
    void each_term_finds_its_exchanges_data();
    void each_term_finds_its_exchanges();
    void a_negated_term_finds_the_others_data() { each_term_finds_its_exchanges_data(); }
    void a_negated_term_finds_the_others();
    void what_is_wrong_is_told_with_its_place_data();
    void what_is_wrong_is_told_with_its_place();
    void a_wrong_term_does_not_hide_the_others();
    void every_known_key_is_told_and_takes_a_value();
    void secrets_cannot_be_searched_for();
    void the_answer_follows_a_growing_trace();
    void what_an_answer_asks_for_is_missing_once_it_came();
    void one_filter_serves_two_traces();
    void no_text_crashes_it();

private:
    TraceStore m_trace;
};

void TestTraceFilter::each_term_finds_its_exchanges_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("ids");
    const auto row = [](const char *text, const char *ids) {
        QTest::newRow(text) << QString::fromUtf8(text) << QByteArray(ids);
    };
    row("status:401", "3");
    row("status:4xx", "3 5");
    row("status:2XX", "1 2");
    row("status:none", "4 6 7");
    row("status:599", "");
    row("method:GET", "3 4 5");
    row("method:get", "3 4 5");
    row("METHOD:delete", "6");
    row("method:BREW", "");
    row("kind:post", "1 2 7");
    row("kind:stream", "3");
    row("kind:Reconnect", "4");
    row("kind:delete", "6");
    row("kind:discovery", "5");
    row("kind:registration", "");
    row("kind:token", "");
    row("kind:other", "");
    row("missing:authorization", "3");
    row("missing:Authorization", "3");
    row("missing:any", "3");
    row("missing:x-api-key", "");
    row("missing:no-such-header", "");
    row("carried:authorization", "1 2 4 7");
    row("carried:x-api-key", "1 2 3 4 7");
    row("carried:any", "1 2 3 4 7");
    row("withheld:authorization", "6");
    row("withheld:any", "6");
    row("tool:add", "2");
    row("tool:ADD", "2");
    row("tool:\"add numbers\"", "7");
    row("tool:ad", "");
    row("server:other.example", "6");
    row("server:4780", "1 2 3 4 5 7");
    row("server:127.0.0.1:4780", "1 2 3 4 5 7");
    row("server:nobody", "");
    row("finding:AF-99", "6");
    row("finding:af-99", "6");
    row("is:failed", "3 5 6");
    row("is:open", "4");
    row("is:stream", "2");
    row("is:acting", "7");
    row("id:4", "4");
    row("id:99", "");
    row("initialize", "1");
    row("INITIALIZE", "1");
    row("tools/call", "2 7");
    row("\"call add\"", "2 7");
    row("find%20me", "1 2 3 4 5");
    row("other.example", "6");
    row("waterworks", "1 2 3 5");
    row("\"sum is seven\"", "2");
    row("x-api-key", "1 2 3 4 7");
    row("text/event-stream", "1 2 3 4 5");
    row("\"status:401\"", "");
    row("\"event stream\"", "3 4");
}

void TestTraceFilter::each_term_finds_its_exchanges()
{
    QFETCH(QString, text);
    QList<FilterProblem> problems;
    const TraceFilter filter = TraceFilter::parse(text, &problems);
    QVERIFY(problems.isEmpty());
    QVERIFY(!filter.isEmpty());
    QTEST(matched(m_trace, text), "ids");
    // A second term narrows, blanks and "and" do not matter.
    QTEST(matched(m_trace, u"  "_s + text + u" and "_s + text + u'\t'), "ids");
    QCOMPARE(matched(m_trace, text + u" id:999"_s), QByteArray());
}

void TestTraceFilter::a_negated_term_finds_the_others()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, ids);
    QByteArrayList others{"1", "2", "3", "4", "5", "6", "7"};
    for (const QByteArray &id : ids.split(' '))
        others.removeAll(id);
    QCOMPARE(matched(m_trace, u'-' + text), others.join(' '));
    QCOMPARE(matched(m_trace, u"not "_s + text), others.join(' '));
    QCOMPARE(matched(m_trace, u"not -"_s + text), ids);
    QCOMPARE(matched(m_trace, u"not not "_s + text), ids);
}

void TestTraceFilter::what_is_wrong_is_told_with_its_place_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qsizetype>("start");
    QTest::addColumn<qsizetype>("length");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *text, int start, int length, const char *says) {
        QTest::newRow(text) << QString::fromUtf8(text) << qsizetype(start) << qsizetype(length)
                            << QString::fromUtf8(says);
    };
    row("status:abc", 0, 10, "status: takes");
    row("status:40", 0, 9, "status: takes");
    row("status:4000", 0, 11, "status: takes");
    row("status:x01", 0, 10, "status: takes");
    row("add status:", 4, 7, "status: wants a value.");
    row("is:odd", 0, 6, "is: takes");
    row("kind:x and method:GET", 0, 6, "kind: takes");
    row("method:GET colour:red", 11, 10, "“colour” is no key");
    row("http://127.0.0.1/mcp", 0, 20, "“http” is no key");
    row("id:x", 0, 4, "id: takes the number");
    row("id:99999999999999999999", 0, 23, "id: takes the number");
    row("a \"b c", 2, 4, "not closed");
    row("\"", 0, 1, "not closed");
    row("tool:\"add", 0, 9, "not closed");
    row("-status:abc", 0, 11, "status: takes");
    row("add not", 4, 3, "“not” wants something behind it");
    row("not and", 0, 3, "“not” wants something behind it");
}

void TestTraceFilter::what_is_wrong_is_told_with_its_place()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    QList<FilterProblem> problems;
    TraceFilter::parse(text, &problems);
    QCOMPARE(problems.size(), 1);
    QTEST(problems.constFirst().start, "start");
    QTEST(problems.constFirst().length, "length");
    QVERIFY2(problems.constFirst().sentence.contains(says),
             qPrintable(problems.constFirst().sentence));
    QVERIFY(problems.constFirst().sentence.endsWith(u'.'));
}

void TestTraceFilter::a_wrong_term_does_not_hide_the_others()
{
    QCOMPARE(matched(m_trace, u"status:abc method:DELETE"_s), QByteArray("6"));
    QCOMPARE(matched(m_trace, u"status:abc"_s), QByteArray("1 2 3 4 5 6 7"));
    QVERIFY(TraceFilter::parse(u"status:abc"_s).isEmpty());
    QVERIFY(TraceFilter::parse({}).isEmpty());
    QVERIFY(TraceFilter::parse(u" and \t and"_s).isEmpty());
    QVERIFY(TraceFilter().isEmpty());
    QVERIFY(TraceFilter().matches(m_trace, 1));
    // What is not there is not found by anything, not even by nothing.
    QVERIFY(!TraceFilter().matches(m_trace, 0));
    QVERIFY(!TraceFilter().matches(m_trace, 8));
    QVERIFY(!TraceFilter::parse(u"-initialize"_s).matches(m_trace, 8));
}

void TestTraceFilter::every_known_key_is_told_and_takes_a_value()
{
    QVERIFY(filterKeys().size() >= 30);
    for (const FilterKey &key : filterKeys()) {
        QVERIFY(!key.description.isEmpty() && !key.values.isEmpty());
        QVERIFY2(!key.description.endsWith(u'.'), qPrintable(key.name));
        QList<FilterProblem> problems;
        const TraceFilter example = TraceFilter::parse(key.example, &problems);
        QVERIFY2(problems.isEmpty(), qPrintable(key.example));
        QVERIFY(!example.isEmpty());
        QVERIFY(key.example.startsWith(key.name));
        if (key.argument != FilterKey::Argument::None)
            continue;
        TraceFilter::parse(key.name + u':', &problems);
        QCOMPARE(problems.size(), 1);
        QVERIFY2(problems.constFirst().sentence.endsWith("wants a value."_L1),
                 qPrintable(problems.constFirst().sentence));
    }
}

void TestTraceFilter::secrets_cannot_be_searched_for()
{
    QCOMPARE(matched(m_trace, u"hidden-token"_s), QByteArray());
    QCOMPARE(matched(m_trace, u"hidden-key"_s), QByteArray());
}

void TestTraceFilter::the_answer_follows_a_growing_trace()
{
    TraceStore trace;
    const TraceFilter missing = TraceFilter::parse(u"missing:authorization"_s);
    const TraceFilter refused = TraceFilter::parse(u"status:401"_s);
    add(trace, ExchangeKind::Post, "POST", u"initialize"_s, {Token}, 200);
    QVERIFY(!missing.matches(trace, 1));
    QVERIFY(!missing.matches(trace, 2));
    const ExchangeId open = add(trace, ExchangeKind::Stream, "GET", u"event stream"_s, {}, 0);
    QVERIFY(missing.matches(trace, open));
    QVERIFY(!refused.matches(trace, open));
    trace.respond(open, {401, {}, {}, {}});
    QVERIFY(refused.matches(trace, open));
}

void TestTraceFilter::what_an_answer_asks_for_is_missing_once_it_came()
{
    TraceStore trace;
    const ExchangeId id = add(trace, ExchangeKind::Post, "POST", u"initialize"_s, {}, 0);
    const TraceFilter filter = TraceFilter::parse(u"missing:any"_s);
    QVERIFY(!filter.matches(trace, id));
    ResponseRecord response;
    response.status = 401;
    trace.respond(id, response);
    trace.finish(id);
    QVERIFY(filter.matches(trace, id));
    QVERIFY(TraceFilter::parse(u"missing:authorization"_s).matches(trace, id));
}

void TestTraceFilter::one_filter_serves_two_traces()
{
    TraceStore other;
    add(other, ExchangeKind::Post, "POST", u"initialize"_s, {}, 200);
    const TraceFilter filter = TraceFilter::parse(u"carried:authorization"_s);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(filter.matches(m_trace, 1));
        QVERIFY(!filter.matches(other, 1));
    }
}

void TestTraceFilter::no_text_crashes_it()
{
    QRandomGenerator random(20261124);
    const QStringList pieces{u"status:"_s,
                             u"is:"_s,
                             u"4xx"_s,
                             u"not"_s,
                             u"-"_s,
                             u"\""_s,
                             u":"_s,
                             u" "_s,
                             u" "_s,
                             u"and"_s,
                             u"tool:"_s,
                             u"missing:"_s,
                             u"any"_s,
                             u"id:"_s,
                             u"1"_s,
                             u"kind:"_s,
                             u"post"_s,
                             QString(QChar(0)),
                             QString(QChar(0xd800)),
                             u"\u00e9"_s,
                             u"\u0664xx"_s,
                             u"%1"_s};
    for (int i = 0; i < 10'000; ++i) {
        QString text;
        for (int n = random.bounded(10); n > 0; --n)
            text += random.bounded(8) ? pieces.at(random.bounded(int(pieces.size())))
                                      : QString(QChar(ushort(random.bounded(0x10000))));
        QList<FilterProblem> problems;
        const TraceFilter filter = TraceFilter::parse(text, &problems);
        for (const FilterProblem &problem : problems) {
            QVERIFY(problem.start >= 0 && problem.length > 0);
            QVERIFY(problem.start + problem.length <= text.size());
            QVERIFY(problem.sentence.endsWith(u'.'));
        }
        int found = 0;
        for (ExchangeId id = 0; id <= m_trace.exchangeCount() + 1; ++id)
            found += filter.matches(m_trace, id);
        QVERIFY(found <= m_trace.exchangeCount());
        QVERIFY(!filter.isEmpty() || found == m_trace.exchangeCount());
    }
}

QTEST_APPLESS_MAIN(TestTraceFilter)
#include "test_trace_filter.moc"
