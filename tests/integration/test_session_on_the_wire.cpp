// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"
#include "tests/support/session_probe.h"

#include <QTest>

#include <algorithm>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

/// A server in raw bytes: what a session sends in its life is asked for by what it answers.
void answer(RawConnection &connection, const RawRequest &raw)
{
    const QByteArray stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    const QByteArray json = "Content-Type: application/json\r\n";
    const QByteArray last = raw.header("Last-Event-ID");
    if (raw.method() == "DELETE") {
        connection.answer(200);
        return;
    }
    if (raw.method() == "GET") {
        if (last.isEmpty()) {
            connection.write(stream + "retry: 1\nid: of-the-stream\ndata:\n\n");
            connection.close();
        } else if (last == "of-the-call") {
            connection.write(
                stream + "data: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[]}}\n\n");
        } else {
            connection.write(stream + ": stays open\n\n");
        }
        return;
    }
    if (raw.body.contains("\"initialize\"")) {
        connection.answer(200,
                          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":"
                          "\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":"
                          "{\"name\":\"raw\",\"version\":\"1\"}}}",
                          json + "Mcp-Session-Id: 41c0-e6d2\r\n");
    } else if (raw.body.contains("\"tools/list\"")) {
        connection.write(stream + "retry: 1\nid: of-the-call\ndata:\n\n");
        connection.close();
    } else {
        connection.answer(202);
    }
}

} // namespace

/// What the trace shows of requests is what went out, byte for byte, as a session really sends
/// them.
class TestSessionOnTheWire : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theTraceHasTheBytesOfTheWire_data();
    void theTraceHasTheBytesOfTheWire();
};

void TestSessionOnTheWire::theTraceHasTheBytesOfTheWire_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<bool>("withCredentials");
    for (const bool tls : {false, true}) {
        for (const bool credentials : {false, true}) {
            QTest::addRow("%s, %s", tls ? "TLS" : "plain",
                          credentials ? "with credentials" : "without credentials")
                << tls << credentials;
        }
    }
}

void TestSessionOnTheWire::theTraceHasTheBytesOfTheWire()
{
    QFETCH(bool, tls);
    QFETCH(bool, withCredentials);
    RawServer server;
    ServerTarget target;
    if (tls) {
        server.useTls(RawServer::tlsConfiguration(u"good"_s));
        target.network.caFile = RawServer::certificateFile(u"ca.pem"_s);
    }
    QVERIFY(server.listen());
    server.onRequest(answer);
    target.url = server.url(u"/mcp?tenant=a%2Fb"_s);
    target.revision = u"2025-11-25"_s;
    target.network.proxy = NetworkSettings::Proxy::None;
    if (withCredentials) {
        target.credentials.bearer = "t0ken";
        target.credentials.headers = {{"X-Tenant", " blue ", HeaderSource::User, false},
                                      {"x-API-key", "k1", HeaderSource::User, true}};
        target.credentials.cookies = {"sid=crumbs"};
    }
    SessionProbe probe;
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    QVERIFY(!probe.tools().failure);
    QVERIFY(probe.waitFor([&] {
        const QList<ExchangeId> again = probe.exchanges(ExchangeKind::Reconnect);
        return again.size() == 2 && probe.trace().response(again.at(0))
            && probe.trace().response(again.at(1));
    }));
    probe.disconnectFrom();
    QCOMPARE(probe.state().phase, SessionPhase::Idle);

    // Requests on several connections arrive in an order of their own.
    QByteArrayList shown;
    QByteArrayList sent;
    for (ExchangeId id = 1; id <= probe.trace().exchangeCount(); ++id)
        shown.append(headOf(probe.trace().request(id)) + probe.trace().requestBody(id));
    for (const RawRequest &raw : server.requests())
        sent.append(raw.head + raw.body);
    std::sort(shown.begin(), shown.end());
    std::sort(sent.begin(), sent.end());
    QCOMPARE(shown, sent);

    // And it was all of a session's life.
    const auto what = [&](ExchangeKind kind) {
        QStringList names;
        for (const ExchangeId id : probe.exchanges(kind))
            names.append(probe.trace().request(id).what);
        return names;
    };
    QCOMPARE(what(ExchangeKind::Post),
             QStringList({u"initialize"_s, u"notifications/initialized"_s, u"tools/list"_s}));
    QCOMPARE(what(ExchangeKind::Stream), QStringList({u"event stream"_s}));
    QCOMPARE(what(ExchangeKind::Delete), QStringList({u"end of session"_s}));
    QByteArrayList resumed;
    for (const ExchangeId id : probe.exchanges(ExchangeKind::Reconnect))
        resumed.append(probe.sent(id, "Last-Event-ID"));
    std::sort(resumed.begin(), resumed.end());
    QCOMPARE(resumed, QByteArrayList({"of-the-call", "of-the-stream"}));
    for (const RawRequest &raw : server.requests()) {
        QCOMPARE(raw.header("Authorization"),
                 withCredentials ? QByteArray("Bearer t0ken") : QByteArray());
        QCOMPARE(raw.header("X-API-Key"), withCredentials ? QByteArray("k1") : QByteArray());
        QCOMPARE(raw.header("Cookie"), withCredentials ? QByteArray("sid=crumbs") : QByteArray());
    }
}

QTEST_GUILESS_MAIN(TestSessionOnTheWire)
#include "test_session_on_the_wire.moc"
