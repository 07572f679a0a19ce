// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child_process.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"
#include "tests/support/small_proxy.h"

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray password = "proxy-password-4711";
const QByteArray credentials = "me:" + password;

NetworkSettings through(const QString &proxy, bool withCredentials = false)
{
    NetworkSettings settings;
    settings.proxy = NetworkSettings::Proxy::Given;
    settings.proxyUrl = proxy;
    settings.caFile = RawServer::certificateFile(u"ca.pem"_s);
    if (withCredentials) {
        settings.proxyUser = u"me"_s;
        settings.proxyPassword = QString::fromLatin1(password);
    }
    return settings;
}

void answerAll(RawServer &server, bool tls)
{
    if (tls)
        server.useTls(RawServer::tlsConfiguration(u"good"_s));
    server.onRequest([](RawConnection &c, const RawRequest &) {
        c.answer(200, "{}", "Connection: close\r\n");
        c.close();
    });
}

} // namespace

/// A request goes by the proxy that was named, whose credentials are for it alone.
class TestProxy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void carriesRequests_data();
    void carriesRequests();
    void plainHttpIsForwardedWithWhatTheTraceSays();
    void wantsCredentials_data();
    void wantsCredentials();
    void cannotBeUsed_data();
    void cannotBeUsed();
    void whoIsToldMayDeleteTheExchange();
    void aTunnelThatTakesItsTimeIsWaitedFor();
    void aMalformedAddressIsToldBeforeAnythingIsSent_data();
    void aMalformedAddressIsToldBeforeAnythingIsSent();
};

void TestProxy::carriesRequests_data()
{
    QTest::addColumn<bool>("socks");
    QTest::addColumn<bool>("tls");
    QTest::addColumn<bool>("demanding");
    for (const bool socks : {false, true}) {
        for (const bool tls : {false, true}) {
            for (const bool demanding : {false, true})
                QTest::addRow("%s, %s, %s", socks ? "socks5" : "http", tls ? "https" : "http",
                              demanding ? "with credentials" : "open")
                    << socks << tls << demanding;
        }
    }
}

void TestProxy::carriesRequests()
{
    QFETCH(bool, socks);
    QFETCH(bool, tls);
    QFETCH(bool, demanding);
    RawServer server;
    answerAll(server, tls);
    QVERIFY(server.listen());
    SmallProxy proxy(socks ? SmallProxy::Kind::Socks5 : SmallProxy::Kind::Http);
    if (demanding)
        proxy.demand(credentials);
    QVERIFY(proxy.listen());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(through(proxy.url(), demanding));
    // More than one connection: the proxy asks each.
    for (int i = 0; i < 3; ++i) {
        HttpRequest request = postOf(server.url());
        request.headers.add("Authorization", "Bearer of-the-server", HeaderSource::Credential);
        ExchangeProbe probe(gate.send(request));
        QVERIFY(probe.wait());
        QVERIFY2(!probe.exchange->failure(), qPrintable(probe.code()));
        QCOMPARE(probe.body, "{}");
    }
    QCOMPARE(proxy.passedOn(), 3);
    QCOMPARE(server.requests().size(), 3);
    for (const RawConnection *connection : server.connections()) {
        QVERIFY(!connection->received().contains(credentials.toBase64()));
        QVERIFY(!connection->received().toLower().contains("proxy-authorization"));
    }
    for (const QByteArray &head : proxy.heads())
        QVERIFY(!tls || !head.contains("of-the-server"));
}

void TestProxy::plainHttpIsForwardedWithWhatTheTraceSays()
{
    RawServer server;
    answerAll(server, false);
    QVERIFY(server.listen());
    SmallProxy proxy(SmallProxy::Kind::Http);
    proxy.demand(credentials);
    QVERIFY(proxy.listen());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(through(proxy.url(), true));
    ExchangeProbe probe(gate.send(postOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(proxy.heads().size(), 1);
    QCOMPARE(headOf(trace.request(1)), proxy.heads().first());
    QVERIFY(trace.request(1).target.startsWith("http://127.0.0.1:"));
    bool marked = false;
    for (const Header &line : trace.request(1).headers) {
        if (sameHeaderName(line.name, "Proxy-Authorization"))
            marked = line.secret;
    }
    QVERIFY(marked);
}

void TestProxy::wantsCredentials_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<QString>("given");
    for (const bool tls : {false, true}) {
        const char *scheme = tls ? "https" : "http";
        QTest::addRow("none, %s", scheme) << tls << QString();
        QTest::addRow("wrong ones, %s", scheme) << tls << u"wrong-password-0815"_s;
    }
}

void TestProxy::wantsCredentials()
{
    QFETCH(bool, tls);
    QFETCH(QString, given);
    RawServer server;
    answerAll(server, tls);
    QVERIFY(server.listen());
    SmallProxy proxy(SmallProxy::Kind::Http);
    proxy.demand(credentials);
    QVERIFY(proxy.listen());
    NetworkSettings settings = through(proxy.url());
    if (!given.isEmpty()) {
        settings.proxyUser = u"me"_s;
        settings.proxyPassword = given;
    }
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(settings);
    for (int i = 0; i < 2; ++i) {
        ExchangeProbe probe(gate.send(postOf(server.url())));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), u"proxy-authentication-required"_s);
        const Failure failure = *probe.exchange->failure();
        QCOMPARE(failure.finding, u"AF-95"_s);
        QVERIFY2(failure.sentence.contains(proxy.url()), qPrintable(failure.sentence));
        QVERIFY(given.isEmpty() || !(failure.sentence + failure.advice).contains(given));
        QVERIFY(failure.advice.contains(u"user name and password"_s));
    }
    QVERIFY(server.connections().isEmpty());
}

void TestProxy::cannotBeUsed_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<bool>("tls");
    for (const char *how : {"nobody listens", "unknown host", "dies", "403", "502", "socks dies",
                            "socks refuses", "socks wants a password"})
        QTest::newRow(how) << QString::fromLatin1(how) << true;
    QTest::newRow("socks dies, http") << u"socks dies"_s << false;
}

void TestProxy::cannotBeUsed()
{
    QFETCH(QString, how);
    QFETCH(bool, tls);
    RawServer server;
    answerAll(server, tls);
    QVERIFY(server.listen());
    SmallProxy proxy(how.startsWith("socks"_L1) ? SmallProxy::Kind::Socks5
                                                : SmallProxy::Kind::Http);
    QVERIFY(proxy.listen());
    QString address = proxy.url();
    if (how == "nobody listens"_L1)
        address = u"http://127.0.0.1:%1"_s.arg(freePort());
    else if (how == "unknown host"_L1)
        address = u"http://no-such-host.invalid:3128"_s;
    else if (how.endsWith("dies"_L1))
        proxy.dieWhenAsked();
    else if (how.endsWith("password"_L1))
        proxy.demand(credentials);
    else
        proxy.refuse(how == "403"_L1 ? 403 : 502);
    TraceStore trace;
    HttpGate gate(&trace);
    NetworkSettings settings = through(address);
    settings.answerTimeoutMs = 0;
    gate.setNetworkSettings(settings);
    // As a stream, which may wait for ever once it was sent.
    HttpRequest request = getOf(server.url());
    request.answerTimeoutMs = 0;
    ExchangeProbe probe(gate.send(request));
    QVERIFY(probe.wait());
    const Failure failure = probe.exchange->failure().value_or(Failure());
    QVERIFY2(failure.code.startsWith("proxy-"_L1),
             qPrintable(failure.code + u": "_s + failure.sentence));
    QVERIFY2(failure.sentence.contains(address), qPrintable(failure.sentence));
    QVERIFY(!failure.advice.isEmpty());
    QVERIFY(server.requests().isEmpty());
    QCOMPARE(failure.code == "proxy-closed"_L1, how.endsWith("dies"_L1));
    QCOMPARE(failure.kind, FailureKind::Unreachable);
}

void TestProxy::whoIsToldMayDeleteTheExchange()
{
    SmallProxy proxy(SmallProxy::Kind::Http);
    QVERIFY(proxy.listen());
    proxy.dieWhenAsked();
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(through(proxy.url()));
    QPointer<HttpExchange> exchange = gate.send(postOf(QUrl(u"https://127.0.0.1:1/mcp"_s)));
    connect(exchange, &HttpExchange::finished, this, [&] { delete exchange.data(); });
    QTRY_VERIFY(!exchange);
    QCOMPARE(trace.failure(1)->code, u"proxy-closed"_s);
}

void TestProxy::aTunnelThatTakesItsTimeIsWaitedFor()
{
    RawServer server;
    answerAll(server, true);
    QVERIFY(server.listen());
    SmallProxy proxy(SmallProxy::Kind::Http);
    QVERIFY(proxy.listen());
    proxy.hesitate(2);
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(through(proxy.url()));
    ExchangeProbe probe(gate.send(postOf(server.url())));
    // The second question is by us, and answered as the first is.
    QTRY_COMPARE(proxy.heads().size(), 2);
    QCOMPARE(trace.noteCount(), 1);
    QCOMPARE(trace.note(0).name, u"proxy asked"_s);
    QCOMPARE(trace.note(0).exchange, 1);
    QVERIFY(proxy.heads().at(1).contains("\r\nUser-Agent: Sightglass/"));
    QVERIFY(probe.wait());
    QVERIFY2(!probe.exchange->failure(), qPrintable(probe.code()));
    QCOMPARE(server.requests().size(), 1);
}

void TestProxy::aMalformedAddressIsToldBeforeAnythingIsSent_data()
{
    QTest::addColumn<QString>("address");
    for (const char *address : {"", "proxy:3128", "ftp://proxy:21", "http://", "http://a b:1",
                                "http://me:hidden-secret@:3128"})
        QTest::addRow("'%s'", address) << QString::fromLatin1(address);
}

void TestProxy::aMalformedAddressIsToldBeforeAnythingIsSent()
{
    QFETCH(QString, address);
    RawServer server;
    QVERIFY(server.listen());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(through(address));
    ExchangeProbe probe(gate.send(postOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), u"proxy-malformed"_s);
    QVERIFY(!probe.exchange->failure()->sentence.contains(u"hidden-secret"_s));
    QVERIFY(server.connections().isEmpty());
}

QTEST_GUILESS_MAIN(TestProxy)
#include "test_proxy.moc"
