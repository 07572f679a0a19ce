// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/otlp_spans.h"
#include "core/schema/schema_validator.h"
#include "tests/support/export_trace.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

class TestOtlpSpans : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void is_valid_by_the_published_protocol();
    void a_call_is_a_span_by_the_conventions_for_mcp();
    void its_exchange_is_a_child_by_the_conventions_for_http();
    void errors_are_told_data();
    void errors_are_told();
    void a_refusal_is_an_error_of_the_exchange();
    void times_beyond_the_protocol_stay_at_its_ends_data();
    void times_beyond_the_protocol_stay_at_its_ends();
    void a_stream_has_its_events_up_to_a_bound();
    void a_message_to_a_program_goes_through_a_pipe();
    void the_trace_context_is_taken_up_data();
    void the_trace_context_is_taken_up();
    void what_another_one_led_to_is_in_its_trace();
    void ids_are_the_same_each_time();
    void nothing_of_what_was_said_is_in_it();
};

namespace {

const QByteArray Salt = "salt-of-the-test";

QByteArray otlp(const TraceReader &trace)
{
    const Redactor redactor = redactorFor(trace, Salt);
    return exportedText(trace, {.format = ExportFormat::Otlp, .redactor = &redactor});
}

QList<QJsonObject> spans(const QByteArray &text)
{
    QList<QJsonObject> list;
    for (const QByteArray &line : text.trimmed().split('\n')) {
        const QJsonObject resource = QJsonDocument::fromJson(line)
                                         .object()
                                         .value("resourceSpans"_L1)
                                         .toArray()
                                         .at(0)
                                         .toObject();
        const QJsonArray all =
            resource.value("scopeSpans"_L1).toArray().at(0).toObject().value("spans"_L1).toArray();
        for (const QJsonValue &span : all)
            list.append(span.toObject());
    }
    return list;
}

QString attribute(const QJsonObject &span, const QString &key)
{
    const QJsonArray attributes = span.value("attributes"_L1).toArray();
    for (const QJsonValue &one : attributes) {
        if (one.toObject().value("key"_L1).toString() == key) {
            const QJsonObject value = one.toObject().value("value"_L1).toObject();
            return value.contains("stringValue"_L1) ? value.value("stringValue"_L1).toString()
                                                    : value.value("intValue"_L1).toString();
        }
    }
    return {};
}

QJsonObject named(const QByteArray &text, const QString &name)
{
    for (const QJsonObject &span : spans(text)) {
        if (span.value("name"_L1).toString() == name)
            return span;
    }
    return {};
}

/// A call with this body, and this answer.
ExchangeId call(TraceStore &trace, const QByteArray &body, int status = 200,
                const QByteArray &answer = {}, ExchangeId cause = 0)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.cause = cause;
    request.method = "POST";
    request.url = QUrl(u"https://mcp.example/mcp"_s);
    const ExchangeId id = trace.begin(request, body);
    trace.respond(id, {status, {}, "HTTP/2", {}});
    trace.append(id, answer.constData(), answer.size());
    trace.finish(id);
    return id;
}

const QByteArray Ping = R"({"jsonrpc":"2.0","id":"a","method":"ping"})";
const QByteArray RpcError = R"({"jsonrpc":"2.0","id":"a","error":{"code":-32602,"message":"No."}})";
const QByteArray ToolFailed =
    R"({"jsonrpc":"2.0","id":"a","result":{"content":[],"isError":true}})";
const QByteArray Fine = R"({"jsonrpc":"2.0","id":"a","result":{}})";

} // namespace

void TestOtlpSpans::is_valid_by_the_published_protocol()
{
    QFile file(QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/data/otlp-traces.schema.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto schema = SchemaValidator::compile(file.readAll());
    QVERIFY(schema.has_value());
    QVERIFY(schema->unchecked().isEmpty());
    const auto trace = exportSample();
    const QByteArray text = otlp(*trace);
    QStringList problems;
    for (const SchemaProblem &problem : schema->validate(text.trimmed()))
        problems.append(problemLine(problem));
    QCOMPARE(problems, QStringList());
    QVERIFY(!schema->validate(QByteArray(text).trimmed().replace("\"kind\":3", "\"kind\":\"3\""))
                 .isEmpty());
}

void TestOtlpSpans::a_call_is_a_span_by_the_conventions_for_mcp()
{
    const auto trace = exportSample();
    const QJsonObject span = named(otlp(*trace), u"tools/call add"_s);
    QCOMPARE(span.value("kind"_L1).toInt(), 3);
    QVERIFY(!span.contains("parentSpanId"_L1));
    QCOMPARE(span.value("startTimeUnixNano"_L1).toString(), u"1795482123044000000"_s);
    QCOMPARE(span.value("endTimeUnixNano"_L1).toString(), u"1795482123064000000"_s);
    const QHash<QString, QString> wanted{{u"mcp.method.name"_s, u"tools/call"_s},
                                         {u"gen_ai.tool.name"_s, u"add"_s},
                                         {u"gen_ai.operation.name"_s, u"execute_tool"_s},
                                         {u"jsonrpc.request.id"_s, u"3"_s},
                                         {u"mcp.session.id"_s, u"~c937"_s},
                                         {u"network.transport"_s, u"tcp"_s},
                                         {u"network.protocol.name"_s, u"http"_s},
                                         {u"network.protocol.version"_s, u"1.1"_s},
                                         {u"server.address"_s, u"127.0.0.1"_s},
                                         {u"server.port"_s, u"4780"_s},
                                         {u"sightglass.exchange.id"_s, u"3"_s},
                                         {u"error.type"_s, QString()}};
    for (auto it = wanted.begin(); it != wanted.end(); ++it)
        QCOMPARE(attribute(span, it.key()), it.value());
    QVERIFY(span.value("status"_L1).toObject().isEmpty());
}

void TestOtlpSpans::its_exchange_is_a_child_by_the_conventions_for_http()
{
    const auto trace = exportSample();
    const QByteArray text = otlp(*trace);
    const QJsonObject parent = named(text, u"initialize"_s);
    const QJsonObject span = spans(text).at(1);
    QCOMPARE(span.value("name"_L1).toString(), u"POST"_s);
    QCOMPARE(span.value("traceId"_L1), parent.value("traceId"_L1));
    QCOMPARE(span.value("parentSpanId"_L1), parent.value("spanId"_L1));
    QCOMPARE(attribute(span, u"http.request.method"_s), u"POST"_s);
    QCOMPARE(attribute(span, u"http.response.status_code"_s), u"200"_s);
    QVERIFY(attribute(span, u"url.full"_s).startsWith(u"http://127.0.0.1:4780/mcp?x=1&"_s));
    QCOMPARE(attribute(span, u"http.request.body.size"_s),
             QString::number(trace->requestBody(1).size()));
}

void TestOtlpSpans::errors_are_told_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("code");
    QTest::newRow("none") << Fine << 200 << QString() << QString();
    QTest::newRow("JSON-RPC") << RpcError << 200 << u"-32602"_s << u"-32602"_s;
    QTest::newRow("JSON-RPC with a status") << RpcError << 400 << u"-32602"_s << u"-32602"_s;
    QTest::newRow("tool") << ToolFailed << 200 << u"tool_error"_s << QString();
}

void TestOtlpSpans::errors_are_told()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, status);
    QFETCH(QString, type);
    QFETCH(QString, code);
    TraceStore trace;
    call(trace, Ping, status, answer);
    const QJsonObject span = named(otlp(trace), u"ping"_s);
    QCOMPARE(attribute(span, u"error.type"_s), type);
    QCOMPARE(attribute(span, u"rpc.response.status_code"_s), code);
    QCOMPARE(span.value("status"_L1).toObject().value("code"_L1).toInt(), type.isEmpty() ? 0 : 2);
    if (!code.isEmpty())
        QCOMPARE(span.value("status"_L1).toObject().value("message"_L1).toString(), u"No."_s);
}

void TestOtlpSpans::a_refusal_is_an_error_of_the_exchange()
{
    const auto trace = exportSample();
    const QJsonObject span = named(otlp(*trace), u"GET"_s);
    QCOMPARE(attribute(span, u"error.type"_s), u"401"_s);
    QCOMPARE(attribute(span, u"sightglass.finding"_s), u"AF-01"_s);
    QCOMPARE(attribute(span, u"sightglass.withheld"_s), u"Authorization"_s);
    QCOMPARE(span.value("status"_L1).toObject().value("code"_L1).toInt(), 2);
}

void TestOtlpSpans::times_beyond_the_protocol_stay_at_its_ends_data()
{
    QTest::addColumn<qint64>("beganMs");
    QTest::addColumn<qint64>("at");
    QTest::addColumn<QString>("time");
    const qint64 last = std::numeric_limits<qint64>::max();
    QTest::newRow("before 1970") << qint64(-5) << qint64(1) << u"0"_s;
    QTest::newRow("the year 1014") << qint64(-30'171'740'276'996) << qint64(0) << u"0"_s;
    QTest::newRow("the year 2262")
        << qint64(9'300'000'000'000) << qint64(0) << QString::number(last);
    QTest::newRow("after some centuries")
        << qint64(1'795'482'123'000) << last << QString::number(last);
}

/// A file can say anything of when it began.
void TestOtlpSpans::times_beyond_the_protocol_stay_at_its_ends()
{
    QFETCH(qint64, beganMs);
    QFETCH(qint64, at);
    QFETCH(QString, time);
    TraceStore trace([at] { return at; },
                     QDateTime::fromMSecsSinceEpoch(beganMs, QTimeZone::utc()));
    call(trace, Ping, 200, Fine);
    QCOMPARE(spans(otlp(trace)).at(0).value("startTimeUnixNano"_L1).toString(), time);
}

void TestOtlpSpans::a_stream_has_its_events_up_to_a_bound()
{
    const auto trace = exportSample();
    QJsonObject span = spans(otlp(*trace)).at(4);
    QJsonArray events = span.value("events"_L1).toArray();
    QCOMPARE(events.size(), 2);
    QCOMPARE(events.at(0).toObject().value("name"_L1).toString(), u"notifications/progress"_s);
    QCOMPARE(attribute(events.at(0).toObject(), u"mcp.method.name"_s), u"notifications/progress"_s);
    QCOMPARE(events.at(0).toObject().value("timeUnixNano"_L1).toString(), u"1795482123056000000"_s);
    QCOMPARE(events.at(1).toObject().value("name"_L1).toString(), u"result"_s);
    TraceStore many;
    RequestRecord request;
    request.kind = ExchangeKind::Stream;
    request.method = "GET";
    request.url = QUrl(u"https://mcp.example/mcp"_s);
    const ExchangeId id = many.begin(request, {});
    ExportFrames(many, id, QByteArray("data: x\n\n").repeated(1000), 0);
    span = spans(otlp(many)).at(0);
    events = span.value("events"_L1).toArray();
    QCOMPARE(events.size(), OtlpSpans::MostEvents);
    QCOMPARE(span.value("droppedEventsCount"_L1).toInt(), 1000 - int(OtlpSpans::MostEvents));
}

void TestOtlpSpans::a_message_to_a_program_goes_through_a_pipe()
{
    const auto trace = exportSample();
    const QByteArray text = otlp(*trace);
    QList<QJsonObject> pings;
    for (const QJsonObject &span : spans(text)) {
        if (span.value("name"_L1).toString() == u"ping"_s)
            pings.append(span);
    }
    QCOMPARE(pings.size(), 1);
    QCOMPARE(attribute(pings.at(0), u"network.transport"_s), u"pipe"_s);
    QCOMPARE(attribute(pings.at(0), u"server.address"_s), QString());
    QCOMPARE(named(text, u"stdio"_s).value("kind"_L1).toInt(), 1);
}

void TestOtlpSpans::the_trace_context_is_taken_up_data()
{
    QTest::addColumn<QByteArray>("parent");
    QTest::addColumn<bool>("taken");
    const QByteArray good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    QTest::newRow("good") << good << true;
    QTest::newRow("of a later version") << QByteArray("01" + good.sliced(2) + "-more") << true;
    QTest::newRow("forbidden version") << QByteArray("ff" + good.sliced(2)) << false;
    QTest::newRow("capitals") << good.toUpper() << false;
    QTest::newRow("no trace") << QByteArray(good).replace("4bf92f3577b34da6a3ce929d0e0e4736",
                                                          QByteArray(32, '0'))
                              << false;
    QTest::newRow("short") << good.first(40) << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void TestOtlpSpans::the_trace_context_is_taken_up()
{
    QFETCH(QByteArray, parent);
    QFETCH(bool, taken);
    TraceStore trace;
    call(trace,
         "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"_meta\":{"
         "\"traceparent\":\""
             + parent + "\",\"tracestate\":\"a=b\"}}}");
    const QByteArray text = otlp(trace);
    const QJsonObject span = named(text, u"ping"_s);
    QCOMPARE(span.value("traceId"_L1).toString() == u"4bf92f3577b34da6a3ce929d0e0e4736"_s, taken);
    QCOMPARE(span.value("parentSpanId"_L1).toString(), taken ? u"00f067aa0ba902b7"_s : QString());
    QCOMPARE(span.value("traceState"_L1).toString(), taken ? u"a=b"_s : QString());
    QCOMPARE(named(text, u"POST"_s).value("traceId"_L1), span.value("traceId"_L1));
    QCOMPARE(named(text, u"POST"_s).value("parentSpanId"_L1), span.value("spanId"_L1));
}

void TestOtlpSpans::what_another_one_led_to_is_in_its_trace()
{
    TraceStore trace;
    const ExchangeId first = call(trace, Ping, 401);
    RequestRecord discovery;
    discovery.kind = ExchangeKind::Discovery;
    discovery.cause = first;
    discovery.method = "GET";
    discovery.url = QUrl(u"https://mcp.example/.well-known/x"_s);
    trace.finish(trace.begin(discovery, {}));
    call(trace, Ping, 200, Fine, first);
    const QList<QJsonObject> all = spans(otlp(trace));
    QCOMPARE(all.size(), 5);
    for (const QJsonObject &span : all)
        QCOMPARE(span.value("traceId"_L1), all.at(0).value("traceId"_L1));
    // The first exchange led to both.
    QCOMPARE(all.at(2).value("parentSpanId"_L1), all.at(1).value("spanId"_L1));
    QVERIFY(!all.at(3).contains("parentSpanId"_L1));
    QCOMPARE(all.at(3).value("links"_L1).toArray().at(0).toObject().value("spanId"_L1),
             all.at(1).value("spanId"_L1));
}

void TestOtlpSpans::ids_are_the_same_each_time()
{
    const auto trace = exportSample();
    const auto again = exportSample();
    QCOMPARE(otlp(*again), otlp(*trace));
    QSet<QString> ids;
    const QList<QJsonObject> all = spans(otlp(*trace));
    for (const QJsonObject &span : all)
        ids.insert(span.value("spanId"_L1).toString());
    QCOMPARE(ids.size(), all.size());
}

void TestOtlpSpans::nothing_of_what_was_said_is_in_it()
{
    const auto trace = exportSample();
    const QByteArray text =
        exportedText(*trace, {.format = ExportFormat::Otlp, .redactor = nullptr});
    for (const QByteArray &secret : {ExportToken, ExportCookie, ExportRefresh})
        QVERIFY2(!text.contains(secret), secret);
    QVERIFY(!text.contains("progressToken"));
}

QTEST_GUILESS_MAIN(TestOtlpSpans)
#include "test_otlp_spans.moc"
