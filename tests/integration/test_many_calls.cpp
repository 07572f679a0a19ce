// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab.h"
#include "tests/support/nginx_proxy.h"
#include "tests/support/session_probe.h"

#include <QSet>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// Calls whose answers take their time, each an open event stream, delay no other call: through the
/// whole of a session, with the practice server at the other end.
class TestManyCalls : public QObject {
    Q_OBJECT

private:
    enum class Way { Plain, Tls, Http2 };

private Q_SLOTS:
    void sixtyFourOpenCallsDelayNoOther_data();
    void sixtyFourOpenCallsDelayNoOther();
};

void TestManyCalls::sixtyFourOpenCallsDelayNoOther_data()
{
    QTest::addColumn<int>("way");
    QTest::newRow("plain") << int(Way::Plain);
    QTest::newRow("TLS, HTTP/1.1") << int(Way::Tls);
    QTest::newRow("TLS, HTTP/2") << int(Way::Http2);
}

void TestManyCalls::sixtyFourOpenCallsDelayNoOther()
{
    QFETCH(int, way);
    constexpr qsizetype count = 64;
    Lab lab{LabSettings()};
    QVERIFY(lab.listen());
    ServerTarget target;
    target.url = lab.url();
    target.revision = u"2025-11-25"_s;
    target.network.proxy = NetworkSettings::Proxy::None;
    target.requestTimeoutMs = 300'000;
    NginxProxy nginx;
    if (Way(way) != Way::Plain) {
        QVERIFY2(nginx.start(lab.url()), nginx.problem());
        target.url = nginx.url();
        target.network.caFile = nginx.caFile();
        target.network.http2 = Way(way) == Way::Http2;
    }
    SessionProbe probe;
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    QVERIFY(!probe.tools().tools.isEmpty());

    QSet<Ticket> progressed;
    qsizetype finished = 0;
    connect(&probe.session(), &Session::callProgress, &probe,
            [&](Ticket ticket) { progressed.insert(ticket); });
    for (qsizetype i = 0; i < count; ++i)
        probe.session().callTool(u"long-running"_s, R"({"seconds":100,"steps":1000})");
    // Progress comes on the stream that answers the call: it is open.
    QVERIFY(QTest::qWaitFor([&] { return progressed.size() == count; }, 120'000));
    connect(&probe.session(), &Session::callFinished, &probe, [&] { ++finished; });
    for (int i = 0; i < 20; ++i) {
        const CallResult sum = probe.call(u"add"_s, R"({"a":3,"b":4})");
        QVERIFY2(!sum.failure, SessionProbe::explain(sum.failure));
        QVERIFY(sum.result.contains("3 + 4 = 7"));
        const std::optional<ResponseRecord> response = probe.trace().response(sum.exchange);
        QVERIFY(response);
        QCOMPARE(response->http == "HTTP/2", Way(way) == Way::Http2);
    }
    // None of the long ones had to end for it.
    QCOMPARE(finished, 20);
    QCOMPARE(probe.session().state().running, int(count));
    probe.disconnectFrom();
    QCOMPARE(probe.state().phase, SessionPhase::Idle);
}

QTEST_GUILESS_MAIN(TestManyCalls)
#include "test_many_calls.moc"
