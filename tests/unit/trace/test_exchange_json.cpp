// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/sse/sse_parser.h"
#include "core/trace/trace_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>
#include <QTimeZone>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Ms = 1'000'000;
const QByteArray Secret = "s3cr3t-t0ken-0123456789";

QDateTime began()
{
    return QDateTime(QDate(2026, 11, 24), QTime(1, 2, 3, 4), QTimeZone::utc());
}

RequestRecord post()
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = QUrl(u"http://127.0.0.1:1/mcp?x=1"_s);
    request.what = u"tools/call add"_s;
    request.headers = {{"Host", "127.0.0.1:1", HeaderSource::Library, false},
                       {"Authorization", "Bearer " + Secret, HeaderSource::Credential, true}};
    request.withheld = {{"Cookie", u"acting like AF-05"_s}};
    return request;
}

/// Gives the exchange a body that is an event stream, with its frames.
class Frames final : public SseSink {
public:
    Frames(TraceStore &trace, ExchangeId id, const QByteArray &body)
        : m_trace(trace)
        , m_id(id)
    {
        trace.append(id, body.constData(), body.size(), 5 * Ms);
        SseParser parser;
        parser.feed(body, *this);
        parser.finish(*this);
    }
    QList<SseContent> events;

private:
    void onEvent(const SseEvent &event) override
    {
        Frame frame = event.frame;
        frame.at = 5 * Ms;
        m_trace.frame(m_id, frame);
        events.append({event.type.toByteArray(), event.data.toByteArray()});
    }
    void onOther(const Frame &frame, QByteArrayView) override { m_trace.frame(m_id, frame); }
    void onRetry(qint64) override { }

    TraceStore &m_trace;
    ExchangeId m_id;
};

QJsonObject object(const TraceReader &trace, ExchangeId id, const Redactor *redactor = nullptr)
{
    QJsonParseError error;
    const QJsonDocument document =
        QJsonDocument::fromJson(exchangeToJson(trace, id, redactor), &error);
    return error.error == QJsonParseError::NoError ? document.object() : QJsonObject();
}

QStringList keys(const QJsonValue &value)
{
    return value.toObject().keys();
}

} // namespace

class TestExchangeJson : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void has_the_shape_that_is_documented();
    void what_is_not_there_is_null();
    void each_object_has_just_its_keys();
    void times_are_milliseconds_from_the_beginning_of_the_exchange();
    void only_events_are_events();
    void events_are_as_the_parser_has_them_data();
    void events_are_as_the_parser_has_them();
    void any_bytes_are_valid_json_on_one_line();
    void secrets_are_left_out_where_a_redactor_is_given();
    void what_does_not_exist_is_null();
};

void TestExchangeJson::has_the_shape_that_is_documented()
{
    TraceStore trace({}, began());
    const ExchangeId id = trace.begin(post(), R"({"a":1})", 1500 * Ms);
    trace.mark(id, Mark::Connecting, 1501 * Ms);
    trace.mark(id, Mark::Sent, 1502 * Ms + 500'000);
    ResponseRecord response{200, "OK", "HTTP/1.1", {{"Content-Type", "text/event-stream"}}};
    response.headers[0].source = HeaderSource::Server;
    trace.respond(id, response, 1510 * Ms);
    const QByteArray body = "id: 7\nevent: x\ndata: {\"b\":2}\n\n";
    trace.append(id, body.constData(), body.size(), 1511 * Ms);
    trace.frame(id, {FrameKind::Event, 0, body.size(), 1511 * Ms, 4, 1});
    trace.finish(id,
                 Failure{FailureKind::Unreachable, u"body-cut-off"_s, u"It \"broke\"."_s,
                         u"Again."_s, id, u"AF-99"_s},
                 1520 * Ms);
    QCOMPARE(
        exchangeToJson(trace, id, nullptr),
        QByteArray(
            R"({"id":1,"kind":"post","started":"2026-11-24T01:02:04.504Z",)"
            R"("request":{"method":"POST","url":"http://127.0.0.1:1/mcp?x=1",)"
            R"("headers":[{"name":"Host","value":"127.0.0.1:1","source":"library"},)"
            R"({"name":"Authorization","value":"Bearer s3cr3t-t0ken-0123456789","source":"credential"}],)"
            R"("withheld":[{"name":"Cookie","why":"acting like AF-05"}],"body":"{\"a\":1}"},)"
            R"("response":{"status":200,"http":"HTTP/1.1",)"
            R"("headers":[{"name":"Content-Type","value":"text/event-stream"}],)"
            R"("body":"id: 7\nevent: x\ndata: {\"b\":2}\n\n"},)"
            R"("events":[{"type":"x","data":"{\"b\":2}","lastEventId":"7","at":11,"start":0,"end":30}],)"
            R"("failure":{"kind":"unreachable","code":"body-cut-off","sentence":"It \"broke\".",)"
            R"("advice":"Again.","exchange":1,"finding":"AF-99"},)"
            R"("ms":{"connected":1,"sent":2.5,"firstByte":10,"end":20}})"));
}

void TestExchangeJson::what_is_not_there_is_null()
{
    TraceStore trace({}, began());
    const ExchangeId id = trace.begin(RequestRecord{}, {}, 0);
    const QJsonObject exchange = object(trace, id);
    QVERIFY(exchange.value("response"_L1).isNull());
    QVERIFY(exchange.value("failure"_L1).isNull());
    QVERIFY(exchange.value("events"_L1).isArray());
    const QJsonObject ms = exchange.value("ms"_L1).toObject();
    for (const QString &key : {u"connected"_s, u"sent"_s, u"firstByte"_s, u"end"_s})
        QVERIFY2(ms.contains(key) && ms.value(key).isNull(), qPrintable(key));
}

void TestExchangeJson::each_object_has_just_its_keys()
{
    TraceStore trace({}, began());
    const ExchangeId id = trace.begin(post(), "{}", 0);
    trace.respond(id, {200, "OK", "HTTP/2", {{"A", "b", HeaderSource::Server, false}}}, 1);
    Frames(trace, id, "data: x\n\n");
    trace.finish(id, Failure(), 2);
    const QJsonObject exchange = object(trace, id);
    QCOMPARE(exchange.keys(),
             QStringList({u"events"_s, u"failure"_s, u"id"_s, u"kind"_s, u"ms"_s, u"request"_s,
                          u"response"_s, u"started"_s}));
    const QJsonObject request = exchange.value("request"_L1).toObject();
    QCOMPARE(request.keys(),
             QStringList({u"body"_s, u"headers"_s, u"method"_s, u"url"_s, u"withheld"_s}));
    QCOMPARE(keys(request.value("headers"_L1).toArray().at(0)),
             QStringList({u"name"_s, u"source"_s, u"value"_s}));
    QCOMPARE(keys(request.value("withheld"_L1).toArray().at(0)),
             QStringList({u"name"_s, u"why"_s}));
    const QJsonObject response = exchange.value("response"_L1).toObject();
    QCOMPARE(response.keys(), QStringList({u"body"_s, u"headers"_s, u"http"_s, u"status"_s}));
    QCOMPARE(keys(response.value("headers"_L1).toArray().at(0)),
             QStringList({u"name"_s, u"value"_s}));
    QCOMPARE(keys(exchange.value("events"_L1).toArray().at(0)),
             QStringList({u"at"_s, u"data"_s, u"end"_s, u"lastEventId"_s, u"start"_s, u"type"_s}));
    QCOMPARE(keys(exchange.value("ms"_L1)),
             QStringList({u"connected"_s, u"end"_s, u"firstByte"_s, u"sent"_s}));
}

void TestExchangeJson::times_are_milliseconds_from_the_beginning_of_the_exchange()
{
    TraceStore trace({}, began());
    const ExchangeId id = trace.begin(post(), {}, 10 * Ms);
    trace.mark(id, Mark::Connecting, 11 * Ms);
    trace.mark(id, Mark::Encrypted, 15 * Ms);
    trace.mark(id, Mark::Sent, 15 * Ms + 1'234);
    trace.respond(id, {200, {}, {}, {}}, 3'610 * 1000 * Ms); // an hour later
    trace.finish(id, {}, 3'610 * 1000 * Ms);
    const QJsonObject ms = object(trace, id).value("ms"_L1).toObject();
    QCOMPARE(ms.value("connected"_L1).toDouble(), 5.0); // TLS included
    QCOMPARE(ms.value("sent"_L1).toDouble(), 5.001); // to the microsecond
    QCOMPARE(ms.value("firstByte"_L1).toDouble(), 3'609'990.0);
    QVERIFY(exchangeToJson(trace, id, nullptr).contains("\"end\":3609990}"));
}

void TestExchangeJson::only_events_are_events()
{
    TraceStore trace({}, began());
    const ExchangeId id = trace.begin(post(), {}, 0);
    trace.respond(id, {200, {}, {}, {}}, 0);
    Frames(trace, id,
           ": comment\nretry: 5\nodd\ndata: 1\n\n: more\n\nid: 3\n\ndata: 2\n\ndata: cut");
    const QJsonArray events = object(trace, id).value("events"_L1).toArray();
    QCOMPARE(events.size(), 2);
    QCOMPARE(events.at(0).toObject().value("data"_L1).toString(), u"1"_s);
    QCOMPARE(events.at(0).toObject().value("lastEventId"_L1).toString(), QString());
    QCOMPARE(events.at(1).toObject().value("data"_L1).toString(), u"2"_s);
    QCOMPARE(events.at(1).toObject().value("lastEventId"_L1).toString(), u"3"_s);
}

void TestExchangeJson::events_are_as_the_parser_has_them_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("type that is taken back") << QByteArray("event: a\nevent:\ndata: x\n\n");
    QTest::newRow("BOM") << QByteArray("\xef\xbb\xbf"
                                       "data: x\n\ndata: y\n\n");
    QTest::newRow("a BOM that is none") << QByteArray("data: x\n\n\xef\xbb\xbf"
                                                      "data: y\ndata: z\n\n");
    QTest::newRow("line ends") << QByteArray("data: a\rdata: b\r\ndata: c\n\r\n");
    QTest::newRow("blanks") << QByteArray("data:a\ndata: b\ndata:  c\ndata\ndata:\n\n");
    QTest::newRow("not UTF-8") << QByteArray("event: \xff\ndata: \xc3(\n\n");
    const QByteArrayList pieces{
        "data", "data:", " ",  "x",    "event",   "event:",       ":",
        "\n",   "\r\n",  "\r", "\n\n", "id: 1\n", "\xef\xbb\xbf", "retry: 1\n"};
    QRandomGenerator random(6);
    for (int i = 0; i < 200; ++i) {
        QByteArray body;
        for (int n = 0; n < 30; ++n)
            body += pieces.at(random.bounded(int(pieces.size())));
        QTest::addRow("random %d", i) << body + "\n\n";
    }
}

void TestExchangeJson::events_are_as_the_parser_has_them()
{
    QFETCH(QByteArray, body);
    TraceStore trace({}, began());
    const ExchangeId id = trace.begin(post(), {}, 0);
    trace.respond(id, {200, {}, {}, {}}, 0);
    const Frames frames(trace, id, body);
    const QJsonArray events = object(trace, id).value("events"_L1).toArray();
    QCOMPARE(events.size(), frames.events.size());
    for (qsizetype i = 0; i < events.size(); ++i) {
        const QJsonObject event = events.at(i).toObject();
        QCOMPARE(event.value("type"_L1).toString(), QString::fromUtf8(frames.events.at(i).type));
        QCOMPARE(event.value("data"_L1).toString(), QString::fromUtf8(frames.events.at(i).data));
    }
}

void TestExchangeJson::any_bytes_are_valid_json_on_one_line()
{
    QByteArray every;
    for (int c = 0; c < 256; ++c)
        every += char(c);
    every += "\xe2\x80\xa8\xe2\x80\xa9\xed\xa0\x80";
    TraceStore trace({}, began());
    RequestRecord request = post();
    request.method = every;
    request.what = QString::fromUtf8(every);
    request.headers.append({every, every, HeaderSource::User, false});
    request.withheld.append({every, QString::fromUtf8(every) + QChar(0xd800)});
    const ExchangeId id = trace.begin(request, every, 0);
    trace.respond(id, {999, every, every, {{every, every}}}, 1);
    Frames(trace, id, "data: " + every + "\n\n");
    trace.finish(id,
                 Failure{FailureKind::Protocol, QString::fromUtf8(every), QString::fromUtf8(every),
                         QString::fromUtf8(every), 0, QString::fromUtf8(every)},
                 2);
    const Redactor redactor("salt-salt-salt-1");
    for (const Redactor *with : {static_cast<const Redactor *>(nullptr), &redactor}) {
        const QByteArray json = exchangeToJson(trace, id, with);
        for (const char c : json)
            QVERIFY(static_cast<unsigned char>(c) >= 0x20);
        QVERIFY(!object(trace, id, with).isEmpty());
    }
    // Text comes through to the letter.
    QCOMPARE(object(trace, id).value("request"_L1).toObject().value("body"_L1).toString(),
             QString::fromUtf8(every));
}

void TestExchangeJson::secrets_are_left_out_where_a_redactor_is_given()
{
    TraceStore trace({}, began());
    RequestRecord request = post();
    request.url = QUrl(u"http://h/mcp?access_token="_s + QString::fromLatin1(Secret));
    const ExchangeId id = trace.begin(request, R"({"client_secret":")" + Secret + R"("})", 0);
    trace.respond(id, {200, {}, {}, {{"Set-Cookie", "sid=" + Secret, HeaderSource::Server, false}}},
                  1);
    // The type and the id of an event are the server's words, too.
    Frames(trace, id,
           "event: token=" + Secret + "\nid: token=" + Secret + "\ndata: {\"access_token\":\""
               + Secret + "\"}\n\n");
    trace.finish(id,
                 Failure{FailureKind::Protocol,
                         u"x"_s,
                         u"It said token="_s + QString::fromLatin1(Secret),
                         {},
                         id,
                         {}},
                 2);
    QCOMPARE(exchangeToJson(trace, id, nullptr).count(Secret), 11);
    const Redactor redactor("salt-salt-salt-1");
    const QByteArray json = exchangeToJson(trace, id, &redactor);
    QVERIFY2(!json.contains(Secret.left(8)), json.constData());
    QVERIFY(!json.contains(Secret.right(8)));
    // Equal secrets look equal: they are the same token in eleven places.
    QCOMPARE(json.count(redactor.fingerprint(Secret)), 11);
    QVERIFY(!object(trace, id, &redactor).isEmpty());
}

void TestExchangeJson::what_does_not_exist_is_null()
{
    const TraceStore trace;
    for (const ExchangeId id : {ExchangeId(-1), ExchangeId(0), ExchangeId(1)})
        QCOMPARE(exchangeToJson(trace, id, nullptr), QByteArray("null"));
}

QTEST_APPLESS_MAIN(TestExchangeJson)
#include "test_exchange_json.moc"
