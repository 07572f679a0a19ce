// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/har_entry.h"
#include "core/export/har_reader.h"
#include "tests/support/export_trace.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

class TestHarReader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void reads_what_chrome_saves();
    void reads_what_firefox_saves();
    void reads_what_mitmproxy_saves();
    void says_where_it_is_malformed_data();
    void says_where_it_is_malformed();
    void leaves_out_what_makes_no_sense_and_says_so();
    void what_is_left_out_of_an_entry_is_said_data();
    void what_is_left_out_of_an_entry_is_said();
    void wrong_types_are_as_if_not_there();
    void any_change_of_a_byte_is_survived();
    void any_end_is_survived();
    void takes_a_body_of_100_megabytes();
    void strings_are_decoded_data();
    void strings_are_decoded();
    void the_first_bytes_tell_which_file_it_is();
    void can_be_cancelled();
    void an_address_has_no_fragment();
};

namespace {

QByteArray file(const QByteArray &entries)
{
    return R"({"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[)" + entries
        + "]}}";
}

/// As Chrome's developer tools save it: pseudo headers, members of its own, times in fractions.
const QByteArray Chrome = R"({
  "log": { "version": "1.2", "creator": { "name": "WebInspector", "version": "537.36" },
    "pages": [ { "startedDateTime": "2026-11-20T10:00:00.000Z", "id": "page_1", "title": "t",
                 "pageTimings": { "onContentLoad": 1.5, "onLoad": null } } ],
    "entries": [ {
      "_initiator": { "type": "script" }, "_priority": "High", "_resourceType": "fetch",
      "cache": {}, "connection": "443", "pageref": "page_1",
      "request": { "method": "POST", "url": "https://mcp.example/mcp", "httpVersion": "h2",
        "headers": [ { "name": ":authority", "value": "mcp.example" },
                     { "name": "accept", "value": "application/json, text/event-stream" },
                     { "name": "mcp-session-id", "value": "s1" },
                     { "name": "authorization", "value": "Bearer abcdef0123456789" } ],
        "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 90,
        "postData": { "mimeType": "application/json",
          "text": "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"add\"}}" } },
      "response": { "status": 200, "statusText": "", "httpVersion": "h2",
        "headers": [ { "name": "content-type", "value": "text/event-stream; charset=utf-8" } ],
        "cookies": [], "redirectURL": "", "headersSize": -1, "bodySize": -1, "_transferSize": 300,
        "_error": null,
        "content": { "size": 60, "mimeType": "text/event-stream",
          "text": "event: message\nid: 9\ndata: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n\n: ping\n\n" } },
      "serverIPAddress": "192.0.2.1", "startedDateTime": "2026-11-20T10:00:01.250Z",
      "time": 30.5,
      "timings": { "blocked": 2.5, "dns": 1, "ssl": 3, "connect": 5, "send": 0.5, "wait": 10,
                   "receive": 11.5, "_blocked_queueing": 1.1 } } ] } })";

/// As Firefox does: an offset in its times, bodies in base64, a form in pairs.
const QByteArray Firefox = R"({ "log": { "version": "1.2",
  "creator": { "name": "Firefox", "version": "131.0" }, "browser": { "name": "Firefox", "version": "131.0" },
  "pages": [], "entries": [
   { "startedDateTime": "2026-11-20T11:00:02.000+01:00", "time": 20,
     "request": { "bodySize": 40, "method": "POST", "url": "https://as.example/token",
       "httpVersion": "HTTP/1.1", "headers": [ { "name": "Host", "value": "as.example" } ],
       "cookies": [], "queryString": [], "headersSize": 300,
       "postData": { "mimeType": "application/x-www-form-urlencoded",
         "params": [ { "name": "grant_type", "value": "authorization_code" },
                     { "name": "code", "value": "a b&c" } ], "text": "" } },
     "response": { "status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [],
       "cookies": [], "content": { "mimeType": "application/json", "size": 11, "encoding": "base64",
         "text": "eyJhIjoiw7wifQ==" }, "redirectURL": "", "headersSize": 100, "bodySize": 111 },
     "cache": {}, "timings": { "blocked": 0, "dns": 0, "connect": 0, "ssl": 0, "send": 0, "wait": 20,
       "receive": 0 }, "_securityState": "secure", "serverIPAddress": "192.0.2.2", "connection": "443" },
   { "startedDateTime": "2026-11-20T11:00:01.000+01:00", "time": 0,
     "request": { "bodySize": 0, "method": "GET", "httpVersion": "HTTP/1.1", "cookies": [],
       "url": "https://mcp.example/.well-known/oauth-protected-resource", "headers": [],
       "queryString": [], "headersSize": 10 },
     "response": { "status": 0, "statusText": "", "httpVersion": "", "headers": [], "cookies": [],
       "content": { "mimeType": "", "size": 0 }, "redirectURL": "", "headersSize": -1, "bodySize": -1 },
     "cache": {}, "timings": { "send": 0, "wait": 0, "receive": 0 } } ] } })";

/// As mitmproxy does: microseconds, -1 where nothing was measured, a redirect.
const QByteArray Mitmproxy = R"({ "log": { "version": "1.2",
  "creator": { "name": "mitmproxy", "version": "10.2", "comment": "" }, "pages": [], "entries": [
   { "startedDateTime": "2026-11-20T10:00:00.123456+00:00", "time": 4.1,
     "request": { "method": "GET", "url": "http://mcp.example/mcp", "httpVersion": "HTTP/1.1",
       "cookies": [], "headers": [ { "name": "Accept", "value": "text/event-stream" } ],
       "queryString": [], "headersSize": 99, "bodySize": 0 },
     "response": { "status": 307, "statusText": "Temporary Redirect", "httpVersion": "HTTP/1.1",
       "cookies": [], "headers": [ { "name": "Location", "value": "/mcp/" } ],
       "content": { "size": 0, "compression": 0, "mimeType": "", "text": "" },
       "redirectURL": "/mcp/", "headersSize": 50, "bodySize": 0 },
     "cache": {}, "timings": { "connect": -1, "ssl": -1, "send": 1.1, "receive": 1, "wait": 2 },
     "serverIPAddress": "192.0.2.3" },
   { "startedDateTime": "2026-11-20T10:00:00.200000+00:00", "time": 4,
     "request": { "method": "GET", "url": "http://mcp.example/mcp/", "httpVersion": "HTTP/1.1",
       "cookies": [], "headers": [ { "name": "Accept", "value": "text/event-stream" },
         { "name": "Last-Event-ID", "value": "4" } ],
       "queryString": [], "headersSize": 99, "bodySize": 0 },
     "response": { "status": 405, "statusText": "Method Not Allowed", "httpVersion": "HTTP/1.1",
       "cookies": [], "headers": [], "content": { "size": 3, "mimeType": "", "text": "no\n" },
       "redirectURL": "", "headersSize": 50, "bodySize": 3 },
     "cache": {}, "timings": { "connect": 1, "ssl": -1, "send": 1, "receive": 1, "wait": 2 } } ] } })";

const QByteArray OneEntry =
    R"({"startedDateTime":"2026-11-20T10:00:00Z","time":1,"request":{"method":"GET",)"
    R"("url":"http://a.example/","httpVersion":"HTTP/1.1","headers":[],"cookies":[],)"
    R"("queryString":[],"headersSize":-1,"bodySize":0},"response":{"status":200,"statusText":"OK",)"
    R"("httpVersion":"HTTP/1.1","headers":[{"name":"Content-Type","value":"TEXT"}],"cookies":[],)"
    R"("content":{"size":2,"mimeType":"TEXT","text":"hi"},"redirectURL":"","headersSize":-1,)"
    R"("bodySize":2},"cache":{},"timings":{"send":0,"wait":1,"receive":0}})";

} // namespace

void TestHarReader::reads_what_chrome_saves()
{
    const auto read = readHar(Chrome, u"x"_s);
    QVERIFY(read.has_value());
    QCOMPARE(read->warning, QString());
    const TraceStore &trace = *read->trace;
    QCOMPARE(trace.exchangeCount(), 1);
    QVERIFY(!trace.redacted());
    QCOMPARE(trace.began().toString(Qt::ISODateWithMs), u"2026-11-20T10:00:01.250Z"_s);
    const RequestRecord &request = trace.request(1);
    QCOMPARE(request.kind, ExchangeKind::Post);
    QCOMPARE(request.what, u"tools/call add"_s);
    QCOMPARE(request.target, QByteArray("/mcp"));
    QCOMPARE(request.headers.at(3).source, HeaderSource::Credential);
    QCOMPARE(request.headers.at(2).source, HeaderSource::Session);
    QCOMPARE(trace.response(1)->http, QByteArray("HTTP/2"));
    QCOMPARE(trace.summary(1).events, 1);
    QCOMPARE(trace.summary(1).frames, 2);
    const ExchangeTimes times = trace.summary(1).times;
    QCOMPARE(times.connecting, 2'500'000);
    QCOMPARE(times.encrypted, 8'500'000);
    QCOMPARE(times.sent, 9'000'000);
    QCOMPARE(times.head, 19'000'000);
    QCOMPARE(times.ended, 30'500'000);
}

void TestHarReader::reads_what_firefox_saves()
{
    const auto read = readHar(Firefox, u"x"_s);
    QVERIFY(read.has_value());
    const TraceStore &trace = *read->trace;
    QCOMPARE(trace.exchangeCount(), 2);
    // In the order in which they began.
    QCOMPARE(trace.summary(1).kind, ExchangeKind::Discovery);
    QVERIFY(!trace.response(1));
    QCOMPARE(trace.summary(2).kind, ExchangeKind::Token);
    QCOMPARE(trace.requestBody(2), QByteArray("grant_type=authorization_code&code=a%20b%26c"));
    QCOMPARE(trace.responseBody(2), QByteArray("{\"a\":\"\xc3\xbc\"}"));
    QCOMPARE(trace.summary(2).times.begun, 1'000'000'000);
}

void TestHarReader::reads_what_mitmproxy_saves()
{
    const auto read = readHar(Mitmproxy, u"x"_s);
    QVERIFY(read.has_value());
    QCOMPARE(read->warning, QString());
    const TraceStore &trace = *read->trace;
    QCOMPARE(trace.summary(1).kind, ExchangeKind::Stream);
    QCOMPARE(trace.summary(2).kind, ExchangeKind::Reconnect);
    QCOMPARE(trace.request(2).cause, 1);
    QCOMPARE(trace.summary(1).times.connecting, -1);
    QCOMPARE(trace.responseBody(2), QByteArray("no\n"));
}

void TestHarReader::says_where_it_is_malformed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("said");
    QTest::newRow("nothing") << QByteArray() << u"no JSON"_s;
    QTest::newRow("cut off") << Chrome.first(700) << u"byte 700, line 11"_s;
    QTest::newRow("no object") << QByteArray("[1]") << u"/log is no object"_s;
    QTest::newRow("no entries") << QByteArray(R"({"log":{}})") << u"/log/entries is no list"_s;
    QTest::newRow("no list") << QByteArray(R"({"log":{"entries":{"0":1}}})")
                             << u"/log/entries is no list"_s;
    QTest::newRow("no sense") << file("1,null,{}") << u"none of its 3 entries"_s;
    QTest::newRow("not UTF-8") << file("\"\xff\"") << u"byte 73"_s;
    QTest::newRow("UTF-16") << QByteArray("\xff\xfe{\0", 4) << u"byte 0, line 1"_s;
}

void TestHarReader::says_where_it_is_malformed()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, said);
    const auto read = readHar(text, u"x.har"_s);
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().kind, FailureKind::File);
    QVERIFY2(read.error().sentence.contains(said), qPrintable(read.error().sentence));
    QVERIFY(read.error().sentence.startsWith(u"x.har"_s));
    QVERIFY(!read.error().advice.isEmpty());
}

void TestHarReader::leaves_out_what_makes_no_sense_and_says_so()
{
    const QByteArray noBody =
        QByteArray(OneEntry).replace("\"text\":\"hi\",", "").replace(",\"text\":\"hi\"", "");
    const QByteArray badBase64 =
        QByteArray(OneEntry).replace("\"text\":\"hi\"", "\"encoding\":\"base64\",\"text\":\"?\"");
    const auto read = readHar(
        "\xef\xbb\xbf" + file(OneEntry + ",7," + noBody + ',' + badBase64 + ",7,7"), u"x"_s);
    QVERIFY(read.has_value());
    QCOMPARE(read->trace->exchangeCount(), 3);
    QVERIFY2(read->warning.startsWith(u"Entry 2: left out"_s), qPrintable(read->warning));
    QVERIFY2(read->warning.contains(u"and 2 more remarks"_s), qPrintable(read->warning));
    const auto fewer = readHar(file(noBody + ',' + badBase64), u"x"_s);
    QVERIFY2(fewer->warning.contains(u"entry 2: a body that is said to be base64"_s),
             qPrintable(fewer->warning));
    QVERIFY2(fewer->warning.contains(u"Entry 1: a body is not in the file"_s),
             qPrintable(fewer->warning));
}

void TestHarReader::what_is_left_out_of_an_entry_is_said_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QString>("says");
    const QByteArray good = R"("status":200,"headers":[{"name":"A","value":""}])";
    const QString status = u"its answer is left out, as its status"_s;
    QTest::newRow("nothing") << QByteArray() << good << QString();
    QTest::newRow("no answer") << QByteArray() << QByteArray(R"("status":0)") << QString();
    QTest::newRow("none of Chrome") << QByteArray() << QByteArray(R"("status":-1)") << QString();
    QTest::newRow("text") << QByteArray() << QByteArray(R"("status":"200")") << status;
    QTest::newRow("large") << QByteArray() << QByteArray(R"("status":1000000000000)") << status;
    QTest::newRow("small") << QByteArray() << QByteArray(R"("status":42)") << status;
    QTest::newRow("no list") << QByteArray(R"(,"headers":{"A":"b"})") << good
                             << u"the headers of its request are left out"_s;
    QTest::newRow("no name") << QByteArray()
                             << QByteArray(R"("status":200,"headers":[{"value":"b"}])")
                             << u"one header of its answer"_s;
    QTest::newRow("numbers") << QByteArray(R"(,"headers":[{"name":"A","value":1},7])") << good
                             << u"2 headers of its request"_s;
}

void TestHarReader::what_is_left_out_of_an_entry_is_said()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, response);
    QFETCH(QString, says);
    const QByteArray text =
        R"({"log":{"version":"1.2","entries":[{"startedDateTime":"2026-01-02T03:04:05.000Z",)"
        R"("request":{"method":"GET","url":"http://a.example/")"
        + request + R"(},"response":{)" + response + "}}]}}";
    const auto read = readHar(text, u"x.har"_s);
    QVERIFY(read.has_value());
    QVERIFY2(says.isEmpty() == read->warning.isEmpty() && read->warning.contains(says),
             qPrintable(read->warning));
}

/// Every value in turn is one of another type: what is there is read, and nothing breaks.
void TestHarReader::wrong_types_are_as_if_not_there()
{
    const auto sample = exportSample();
    const QByteArray ours = exportedText(*sample, {.format = ExportFormat::Har});
    for (const QByteArray &text : {Chrome, Firefox, ours}) {
        const JsonText json = JsonText::parse(text);
        QVERIFY(json.isValid());
        for (JsonText::Node node = 0; node < json.nodeCount(); ++node) {
            for (const char *other : {"null", "-1", "1e400", "99999999999999999999", "\"x\"", "[]",
                                      "{\"a\":[1]}", "true"}) {
                QByteArray changed = text;
                changed.replace(json.start(node), json.end(node) - json.start(node), other);
                const auto read = readHar(changed, u"x"_s);
                if (!read)
                    continue;
                for (ExchangeId id = 1; id <= read->trace->exchangeCount(); ++id)
                    QVERIFY(read->trace->summary(id).times.begun >= 0);
            }
        }
    }
}

void TestHarReader::any_change_of_a_byte_is_survived()
{
    QRandomGenerator random(17);
    const auto sample = exportSample();
    const QByteArray ours = exportedText(*sample, {.format = ExportFormat::Har});
    for (const QByteArray &text : {Chrome, Mitmproxy, ours}) {
        for (int i = 0; i < 1000; ++i) {
            QByteArray changed = text;
            for (int n = 0; n < 2; ++n)
                changed[random.bounded(changed.size())] = char(random.bounded(256));
            const auto read = readHar(changed, u"x"_s);
            QVERIFY(read.has_value() || !read.error().sentence.isEmpty());
        }
    }
}

void TestHarReader::any_end_is_survived()
{
    for (qsizetype size = 0; size < Firefox.size(); ++size)
        QVERIFY(!readHar(Firefox.first(size), u"x"_s).has_value());
}

void TestHarReader::takes_a_body_of_100_megabytes()
{
    QByteArray events;
    events.reserve(100 * 1000 * 1000);
    const QByteArray one = "data: " + QByteArray(9'990, 'x') + "\\n\\n";
    qint64 count = 0;
    while (events.size() + one.size() <= 100 * 1000 * 1000) {
        events += one;
        ++count;
    }
    const QByteArray text = file(QByteArray(OneEntry)
                                     .replace("TEXT", "text/event-stream")
                                     .replace("\"text\":\"hi\"", "\"text\":\"" + events + '"'));
    const auto read = readHar(text, u"x"_s);
    QVERIFY(read.has_value());
    QCOMPARE(read->trace->summary(1).events, count);
    QCOMPARE(read->trace->summary(1).responseBytes, count * 9'998);
}

void TestHarReader::strings_are_decoded_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("plain") << QByteArray("\"a\xc3\xbc\"") << QByteArray("a\xc3\xbc");
    QTest::newRow("escapes") << QByteArray(R"("\"\\\/\b\f\n\r\t")")
                             << QByteArray("\"\\/\b\f\n\r\t");
    QTest::newRow("unicode") << QByteArray(R"("x\u00fcy")") << QByteArray("x\xc3\xbcy");
    QTest::newRow("pair") << QByteArray(R"("x\ud83d\ude00y")") << QByteArray("x\xf0\x9f\x98\x80y");
    QTest::newRow("lone") << QByteArray(R"("\ud83dx")") << QByteArray("\xef\xbf\xbdx");
    QTest::newRow("zero") << QByteArray(R"("\u0000")") << QByteArray(1, '\0');
    QTest::newRow("empty") << QByteArray("\"\"") << QByteArray("");
    QTest::newRow("nothing") << QByteArray() << QByteArray("");
}

void TestHarReader::strings_are_decoded()
{
    QFETCH(QByteArray, raw);
    QFETCH(QByteArray, bytes);
    QCOMPARE(jsonBytes(raw), bytes);
}

void TestHarReader::the_first_bytes_tell_which_file_it_is()
{
    QTemporaryDir folder;
    const auto put = [&](const QString &name, const QByteArray &bytes) {
        QFile out(folder.filePath(name));
        out.open(QIODevice::WriteOnly);
        out.write(bytes);
        return out.fileName();
    };
    QVERIFY(readAnyRecording(put(u"a.har"_s, Chrome)).has_value());
    QVERIFY(readAnyRecording(put(u"a.json"_s, "\xef\xbb\xbf\n " + Chrome)).has_value());
    const auto cut = readAnyRecording(put(u"b.har"_s, "x"));
    QVERIFY(cut.error().sentence.contains(u"as HAR"_s));
    const auto other = readAnyRecording(put(u"b.txt"_s, "x"));
    QVERIFY(other.error().sentence.contains(u"no recording"_s));
    QVERIFY(!readAnyRecording(put(u"c.har"_s, "")).has_value());
    QVERIFY(!readAnyRecording(folder.filePath(u"none.har"_s)).has_value());
    QVERIFY(!readAnyRecording(folder.path()).has_value());
    const QString recording = folder.filePath(u"own.har"_s);
    auto writer = TraceFileWriter::create(recording, QDateTime::currentDateTimeUtc(),
                                          Redactor("salt"), false);
    QVERIFY(writer.has_value());
    (*writer)->close();
    QVERIFY(readAnyRecording(recording).has_value());
}

void TestHarReader::can_be_cancelled()
{
    const auto read =
        readHar(file(OneEntry + ',' + OneEntry), u"x"_s, [](qint64, qint64) { return false; });
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().kind, FailureKind::Cancelled);
}

/// HAR 1.2 leaves fragments out, and none goes over the wire.
void TestHarReader::an_address_has_no_fragment()
{
    const auto read = readHar(
        file(R"({"request":{"method":"GET","url":"http://a.example/mcp?x=1#part"}})"), u"x"_s);
    QVERIFY(read.has_value());
    QCOMPARE(read->trace->request(1).url, QUrl(u"http://a.example/mcp?x=1"_s));
}

QTEST_GUILESS_MAIN(TestHarReader)
#include "test_har_reader.moc"
