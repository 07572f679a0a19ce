// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gate_probe.h"
#include "tests/support/nginx_proxy.h"
#include "tests/support/raw_server.h"

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

NetworkSettings offering(const QString &caFile)
{
    NetworkSettings settings = direct();
    settings.http2 = true;
    settings.caFile = caFile;
    return settings;
}

} // namespace

/// HTTP/2 where it was chosen: the record says what went out, and what cannot be had is said.
class TestHttp2 : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theRecordIsOfHttp2();
    void aRepeatedHeaderIsRefused();
    void plainHttpStaysHttp1();
    void aServerWithoutItIsToldAndThenRecordedExactly();
    void anAnswerThatNobodyReadsEndsAtALimit();
};

void TestHttp2::theRecordIsOfHttp2()
{
    RawServer server;
    QVERIFY(server.listen());
    server.onRequest([](RawConnection &c, const RawRequest &) { c.answer(200, "{}"); });
    NginxProxy nginx;
    QVERIFY2(nginx.start(server.url()), nginx.problem());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(offering(nginx.caFile()));
    HttpRequest request = postOf(nginx.url());
    request.headers.add("X-Mixed-Case", "Value", HeaderSource::User);
    request.headers.add("Keep-Alive", "5", HeaderSource::User);
    ExchangeProbe probe(gate.send(request));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), QString());
    QCOMPARE(trace.response(1)->http, "HTTP/2");
    const QList<Header> &lines = trace.request(1).headers;
    const QByteArray authority = nginx.url().authority().toLatin1();
    QCOMPARE(lines.value(0).name, ":authority");
    QCOMPARE(lines.value(0).value, authority);
    QCOMPARE(lines.value(1).name, ":method");
    QCOMPARE(lines.value(2).name, ":path");
    QCOMPARE(lines.value(2).value, "/mcp");
    QCOMPARE(lines.value(3).name, ":scheme");
    for (const Header &line : lines) {
        QCOMPARE(line.name, line.name.toLower());
        QVERIFY(line.name != "host" && line.name != "connection" && line.name != "keep-alive");
        if (!line.name.startsWith(':'))
            QCOMPARE(server.requests().first().header(line.name), line.value);
    }
    const Withheld withheld{"Keep-Alive", u"HTTP/2 has no such header"_s};
    QVERIFY(trace.request(1).withheld.contains(withheld));
}

void TestHttp2::aRepeatedHeaderIsRefused()
{
    RawServer server;
    server.useTls(RawServer::tlsConfiguration(u"good"_s));
    QVERIFY(server.listen());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(offering(RawServer::certificateFile(u"ca.pem"_s)));
    HttpRequest request = postOf(server.url());
    request.headers.add("X-A", "1", HeaderSource::User);
    request.headers.add("x-a", "2", HeaderSource::User);
    ExchangeProbe probe(gate.send(request));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), u"header-repeated"_s);
    QVERIFY(probe.exchange->failure()->sentence.contains(u"x-a stands there more than once"_s));
    QVERIFY(server.connections().isEmpty());
}

void TestHttp2::plainHttpStaysHttp1()
{
    RawServer server;
    QVERIFY(server.listen());
    server.onRequest([](RawConnection &c, const RawRequest &) { c.answer(200, "{}"); });
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(offering({}));
    ExchangeProbe probe(gate.send(postOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(trace.response(1)->http, "HTTP/1.1");
    QCOMPARE(headOf(trace.request(1)), server.requests().first().head);
    QVERIFY(!server.requests().first().header("Upgrade").size());
}

void TestHttp2::aServerWithoutItIsToldAndThenRecordedExactly()
{
    RawServer server;
    server.useTls(RawServer::tlsConfiguration(u"good"_s));
    QVERIFY(server.listen());
    server.onRequest([](RawConnection &c, const RawRequest &) { c.answer(200, "{}"); });
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(offering(RawServer::certificateFile(u"ca.pem"_s)));
    for (int i = 0; i < 2; ++i) {
        ExchangeProbe probe(gate.send(postOf(server.url())));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), QString());
        QCOMPARE(trace.response(i + 1)->http, "HTTP/1.1");
    }
    QCOMPARE(headOf(trace.request(2)), server.requests().value(1).head);
    QCOMPARE(trace.noteCount(), 1);
    QCOMPARE(trace.note(0).name, u"http version"_s);
    QCOMPARE(trace.note(0).exchange, 1);
}

void TestHttp2::anAnswerThatNobodyReadsEndsAtALimit()
{
    constexpr qint64 whole = 1024LL * 1024 * 1024;
    RawServer server;
    QVERIFY(server.listen());
    server.onRequest([](RawConnection &c, const RawRequest &) {
        c.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
                + QByteArray::number(whole) + "\r\n\r\n");
        c.stream(whole);
    });
    NginxProxy nginx;
    QVERIFY2(nginx.start(server.url()), nginx.problem());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(offering(nginx.caFile()));
    ExchangeProbe probe(gate.send(getOf(nginx.url())));
    QObject::connect(probe.exchange, &HttpExchange::headReceived, probe.exchange,
                     [&probe] { probe.exchange->setPaused(true); });
    QVERIFY(probe.wait(60000));
    QCOMPARE(probe.code(), u"answer-not-read"_s);
    QVERIFY(probe.exchange->failure()->sentence.contains(u"16 MiB"_s));
    QVERIFY(server.connections().first()->streamed() < whole / 4);
    QVERIFY(trace.summary(1).responseBytes > 16 * 1024 * 1024);
}

QTEST_GUILESS_MAIN(TestHttp2)
#include "test_http2.moc"
