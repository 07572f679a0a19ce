// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/otlp_live.h"
#include "tests/support/export_trace.h"
#include "tests/support/raw_server.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

struct Answer {
    int status = 200;
    QByteArray body = "{\"partialSuccess\":{}}";
    QByteArray headers = {};
};

/// A collector: what it answers, one after the other, the last one from then on.
class Collector {
public:
    explicit Collector(QList<Answer> answers = {Answer()})
        : m_answers(std::move(answers))
    {
        server.onRequest([this](RawConnection &connection, const RawRequest &) {
            const Answer answer =
                m_answers.size() > 1 ? m_answers.takeFirst() : m_answers.constFirst();
            connection.answer(answer.status, answer.body, answer.headers);
        });
        if (!server.listen())
            qFatal("no socket on loopback");
    }
    OtlpTarget target() const
    {
        NetworkSettings network;
        network.proxy = NetworkSettings::Proxy::None;
        return {server.url(u"/v1/traces"_s), {}, network};
    }
    /// Ids of the exchanges of all spans that came.
    QList<qint64> exchanges(qsizetype from = 0) const
    {
        QList<qint64> ids;
        for (const RawRequest &request : server.requests().sliced(from)) {
            const QJsonArray spans = QJsonDocument::fromJson(request.body)
                                         .object()
                                         .value("resourceSpans"_L1)
                                         .toArray()
                                         .at(0)
                                         .toObject()
                                         .value("scopeSpans"_L1)
                                         .toArray()
                                         .at(0)
                                         .toObject()
                                         .value("spans"_L1)
                                         .toArray();
            for (const QJsonValue &span : spans) {
                const QJsonArray attributes = span.toObject().value("attributes"_L1).toArray();
                for (const QJsonValue &one : attributes) {
                    if (one.toObject().value("key"_L1).toString() == "sightglass.exchange.id"_L1)
                        ids.append(one.toObject()
                                       .value("value"_L1)
                                       .toObject()
                                       .value("intValue"_L1)
                                       .toString()
                                       .toLongLong());
                }
            }
        }
        return ids;
    }

    RawServer server;

private:
    QList<Answer> m_answers;
};

OtlpLimits quick()
{
    OtlpLimits limits;
    limits.lookMs = 5;
    limits.firstPauseMs = 5;
    limits.longestPauseMs = 20;
    limits.finishMs = 3000;
    return limits;
}

ExchangeId ping(TraceStore &trace, bool over = true)
{
    RequestRecord request;
    request.kind = ExchangeKind::Other;
    request.method = "GET";
    request.url = QUrl(u"http://a.example/"_s);
    const ExchangeId id = trace.begin(request, {});
    if (over)
        trace.finish(id);
    return id;
}

} // namespace

class TestOtlpExporter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void an_address_is_read_data();
    void an_address_is_read();
    void headers_are_read_data();
    void headers_are_read();
    void a_trace_is_delivered_in_batches();
    void goes_out_as_otlp_says();
    void follows_a_trace_that_grows();
    void tries_again_what_can_come_later_data();
    void tries_again_what_can_come_later();
    void what_is_refused_is_lost_and_told_data();
    void what_is_refused_is_lost_and_told();
    void what_some_of_was_refused_is_told();
    void nobody_there_is_told_in_time();
    void holds_only_so_many();
    void a_collector_that_is_silent_is_left();
    void many_requests_leave_nothing_behind();
    void a_thread_of_its_own_does_the_same();
    void no_secret_goes_out();
};

void TestOtlpExporter::an_address_is_read_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("url");
    QTest::newRow("bare") << u"http://127.0.0.1:4318"_s << u"http://127.0.0.1:4318/v1/traces"_s;
    QTest::newRow("slash") << u"https://c.example/"_s << u"https://c.example/v1/traces"_s;
    QTest::newRow("path") << u"https://c.example/otlp/v1/traces"_s
                          << u"https://c.example/otlp/v1/traces"_s;
    QTest::newRow("query") << u"https://c.example?x=1"_s << u"https://c.example/v1/traces?x=1"_s;
    QTest::newRow("no scheme") << u"127.0.0.1:4318"_s << QString();
    QTest::newRow("gRPC") << u"grpc://127.0.0.1:4317"_s << QString();
    QTest::newRow("password") << u"http://a:b@127.0.0.1:4318"_s << QString();
    QTest::newRow("nothing") << QString() << QString();
}

void TestOtlpExporter::an_address_is_read()
{
    QFETCH(QString, given);
    QFETCH(QString, url);
    const auto read = otlpEndpoint(given);
    QCOMPARE(read.has_value(), !url.isEmpty());
    if (read)
        QCOMPARE(read->toString(), url);
    else
        QVERIFY(!read.error().sentence.contains(u":b@"_s)
                && read.error().sentence.contains(given.section(u'@', -1)));
}

void TestOtlpExporter::headers_are_read_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArrayList>("lines");
    QTest::newRow("none") << QByteArray() << QByteArrayList{};
    QTest::newRow("two") << QByteArray("api-key=abc%2C1, Authorization=Bearer%20x=y")
                         << QByteArrayList{"api-key: abc,1", "Authorization: Bearer x=y"};
    QTest::newRow("no name") << QByteArray("=x") << QByteArrayList{"wrong"};
    QTest::newRow("no value") << QByteArray("abc") << QByteArrayList{"wrong"};
    QTest::newRow("two lines") << QByteArray("a=b%0D%0Ac") << QByteArrayList{"wrong"};
}

void TestOtlpExporter::headers_are_read()
{
    QFETCH(QByteArray, list);
    QFETCH(QByteArrayList, lines);
    const auto read = otlpHeaders(list);
    if (!read) {
        QCOMPARE(lines, QByteArrayList{"wrong"});
        return;
    }
    QByteArrayList is;
    for (const Header &header : *read) {
        QVERIFY(header.secret);
        is.append(header.name + ": " + header.value);
    }
    QCOMPARE(is, lines);
}

void TestOtlpExporter::a_trace_is_delivered_in_batches()
{
    Collector collector;
    TraceStore trace;
    for (int i = 0; i < 450; ++i)
        ping(trace);
    OtlpExporter exporter(&trace, collector.target(), Redactor("salt"), quick());
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait());
    QCOMPARE(collector.server.requests().size(), 3);
    QList<qint64> all;
    for (qint64 id = 1; id <= 450; ++id)
        all.append(id);
    QCOMPARE(collector.exchanges(), all);
    QCOMPARE(exporter.delivery().delivered, 450);
    QCOMPARE(exporter.delivery().lost, 0);
    QVERIFY(exporter.delivery().ended);
    // It is not in the trace that it tells of.
    QCOMPARE(trace.exchangeCount(), 450);
    QCOMPARE(ended.size(), 1);
}

void TestOtlpExporter::goes_out_as_otlp_says()
{
    Collector collector;
    TraceStore trace;
    ping(trace);
    ping(trace);
    OtlpTarget target = collector.target();
    target.headers = {{"api-key", "k", HeaderSource::User, true}};
    OtlpExporter exporter(&trace, target, Redactor("salt"), quick());
    exporter.setExchanges({2});
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait());
    const RawRequest &request = collector.server.requests().constFirst();
    QCOMPARE(request.method(), QByteArray("POST"));
    QCOMPARE(request.target(), QByteArray("/v1/traces"));
    QCOMPARE(request.header("content-type"), QByteArray("application/json"));
    QCOMPARE(request.header("api-key"), QByteArray("k"));
    QCOMPARE(collector.exchanges(), QList<qint64>{2});
}

void TestOtlpExporter::follows_a_trace_that_grows()
{
    Collector collector;
    TraceStore trace;
    const ExchangeId open = ping(trace, false);
    ping(trace);
    OtlpExporter exporter(&trace, collector.target(), Redactor("salt"), quick());
    exporter.follow();
    QTRY_COMPARE(collector.exchanges(), QList<qint64>{2});
    ping(trace);
    QTRY_COMPARE(collector.exchanges(), QList<qint64>({2, 3}));
    trace.finish(open);
    QTRY_COMPARE(collector.exchanges(), QList<qint64>({2, 3, 1}));
    // What is not over at the end goes out, too.
    ping(trace, false);
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait());
    QCOMPARE(collector.exchanges(), QList<qint64>({2, 3, 1, 4}));
    QCOMPARE(exporter.delivery().delivered, 4);
}

void TestOtlpExporter::tries_again_what_can_come_later_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {429, 502, 503, 504})
        QTest::addRow("%d", status) << status;
}

void TestOtlpExporter::tries_again_what_can_come_later()
{
    QFETCH(int, status);
    Collector collector({{status, "busy"}, {status, "busy", "Retry-After: 0\r\n"}, {200, "{}"}});
    TraceStore trace;
    ping(trace);
    OtlpExporter exporter(&trace, collector.target(), Redactor("salt"), quick());
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    QSignalSpy changed(&exporter, &OtlpExporter::changed);
    exporter.finish();
    QVERIFY(ended.wait());
    QCOMPARE(collector.exchanges(), QList<qint64>({1, 1, 1}));
    QCOMPARE(collector.server.requests().at(0).body, collector.server.requests().at(2).body);
    QCOMPARE(exporter.delivery().delivered, 1);
    QCOMPARE(exporter.delivery().problem, QString());
    QVERIFY(changed.at(1).at(0).value<OtlpDelivery>().problem.contains(QString::number(status))
            || changed.at(0).at(0).value<OtlpDelivery>().problem.contains(QString::number(status)));
}

void TestOtlpExporter::what_is_refused_is_lost_and_told_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {400, 401, 404, 500, 307})
        QTest::addRow("%d", status) << status;
}

void TestOtlpExporter::what_is_refused_is_lost_and_told()
{
    QFETCH(int, status);
    Collector collector({{status, "no", "Location: /x\r\n"}});
    TraceStore trace;
    ping(trace);
    OtlpExporter exporter(&trace, collector.target(), Redactor("salt"), quick());
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait());
    QCOMPARE(collector.server.requests().size(), 1);
    QCOMPARE(exporter.delivery().lost, 1);
    const QString words = otlpDeliveryWords(exporter.delivery(), collector.target().url);
    QVERIFY2(words.contains(QString::number(status)) && words.contains(u"1 could not be"_s),
             qPrintable(words));
}

void TestOtlpExporter::what_some_of_was_refused_is_told()
{
    Collector collector({{200,
                          "{\"partialSuccess\":{\"rejectedSpans\":\"2\",\"errorMessage\":"
                          "\"too old\"}}"}});
    TraceStore trace;
    for (int i = 0; i < 3; ++i)
        ping(trace);
    OtlpExporter exporter(&trace, collector.target(), Redactor("salt"), quick());
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait());
    QCOMPARE(exporter.delivery().delivered, 1);
    QCOMPARE(exporter.delivery().lost, 2);
    QVERIFY(exporter.delivery().problem.contains(u"too old"_s));
}

void TestOtlpExporter::nobody_there_is_told_in_time()
{
    OtlpTarget target;
    {
        Collector gone;
        target = gone.target();
    }
    TraceStore trace;
    ping(trace);
    OtlpLimits limits = quick();
    limits.finishMs = 300;
    OtlpExporter exporter(&trace, target, Redactor("salt"), limits);
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait());
    QCOMPARE(exporter.delivery().delivered, 0);
    QCOMPARE(exporter.delivery().lost, 1);
    QVERIFY(!exporter.delivery().problem.isEmpty());
}

void TestOtlpExporter::holds_only_so_many()
{
    RawServer server;
    QVERIFY(server.listen());
    OtlpTarget target;
    target.url = server.url(u"/v1/traces"_s);
    target.network.proxy = NetworkSettings::Proxy::None;
    TraceStore trace;
    OtlpLimits limits = quick();
    limits.mostWaiting = 10;
    limits.spansABatch = 5;
    limits.finishMs = 100;
    OtlpExporter exporter(&trace, target, Redactor("salt"), limits);
    exporter.follow();
    // Never answered.
    ping(trace);
    QVERIFY(server.waitForRequests(1));
    for (int i = 0; i < 30; ++i)
        ping(trace);
    QTRY_COMPARE(exporter.delivery().lost, 20);
    QCOMPARE(exporter.delivery().waiting, 10);
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait());
    QCOMPARE(exporter.delivery().lost, 31);
}

void TestOtlpExporter::a_collector_that_is_silent_is_left()
{
    RawServer server;
    QVERIFY(server.listen());
    OtlpTarget target;
    target.url = server.url(u"/v1/traces"_s);
    target.network.proxy = NetworkSettings::Proxy::None;
    TraceStore trace;
    ping(trace);
    OtlpLimits limits = quick();
    limits.finishMs = 100;
    OtlpExporter exporter(&trace, target, Redactor("salt"), limits);
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait());
    QVERIFY(exporter.delivery().problem.contains(u"did not answer"_s));
    QCOMPARE(exporter.delivery().lost, 1);
}

void TestOtlpExporter::many_requests_leave_nothing_behind()
{
    Collector collector;
    TraceStore trace;
    for (int i = 0; i < 150; ++i)
        ping(trace);
    OtlpLimits limits = quick();
    limits.spansABatch = 1;
    OtlpExporter exporter(&trace, collector.target(), Redactor("salt"), limits);
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait(20000));
    QCOMPARE(collector.server.requests().size(), 150);
    QCOMPARE(exporter.delivery().delivered, 150);
}

void TestOtlpExporter::a_thread_of_its_own_does_the_same()
{
    Collector collector;
    const auto trace = std::make_shared<TraceStore>();
    OtlpLive live(trace, collector.target(), Redactor("salt"), quick());
    for (int i = 0; i < 20; ++i)
        ping(*trace);
    QTRY_COMPARE(live.delivery().delivered, 20);
    QSignalSpy ended(&live, &OtlpLive::ended);
    ping(*trace);
    live.finish();
    QVERIFY(ended.wait());
    QCOMPARE(live.delivery().delivered, 21);
    QCOMPARE(collector.exchanges().size(), 21);
}

void TestOtlpExporter::no_secret_goes_out()
{
    Collector collector;
    const auto trace = exportSample();
    OtlpExporter exporter(trace.get(), collector.target(), Redactor("salt"), quick());
    exporter.setRedactor(redactorFor(*trace, "salt"));
    QSignalSpy ended(&exporter, &OtlpExporter::ended);
    exporter.finish();
    QVERIFY(ended.wait());
    const QByteArray body = collector.server.requests().constFirst().body;
    QVERIFY(body.contains("tools/call add"));
    for (const QByteArray &secret : exportSecrets())
        QVERIFY2(!body.contains(secret), secret);
}

QTEST_GUILESS_MAIN(TestOtlpExporter)
#include "test_otlp_exporter.moc"
