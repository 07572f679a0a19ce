// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What was begun and did not come about: calls that are cancelled before they are sent, and
// sessions that are given up before they are ready.

#include "tests/support/odd_server.h"
#include "tests/support/session_probe.h"

#include <QPointer>
#include <QTest>

#include <map>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

class TestUnfinished : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_call_that_waits_for_the_connection_is_cancelled_unsent_data();
    void a_call_that_waits_for_the_connection_is_cancelled_unsent();
};

void TestUnfinished::a_call_that_waits_for_the_connection_is_cancelled_unsent_data()
{
    QTest::addColumn<bool>("all");
    QTest::newRow("the call alone") << false;
    QTest::newRow("all that is under way") << true;
}

void TestUnfinished::a_call_that_waits_for_the_connection_is_cancelled_unsent()
{
    QFETCH(bool, all);
    OddServer odd;
    QPointer<RawConnection> held;
    QByteArray id;
    odd.on(u"initialize"_s, [&](const OddServer::Message &message) {
        held = &message.to;
        id = message.id;
    });
    SessionProbe probe;
    std::map<Ticket, CallResult> ended;
    connect(&probe.session(), &Session::callFinished, this,
            [&](Ticket ticket, const CallResult &came) { ended.insert_or_assign(ticket, came); });
    probe.session().connectTo(odd.target());
    QVERIFY(probe.waitFor([&] { return !held.isNull(); }));
    const Ticket wanted = probe.session().callTool(u"wanted"_s, "{}");
    const Ticket unwanted = probe.session().request("unwanted", "{}");
    if (all)
        probe.session().cancelAll();
    else
        probe.session().cancel(unwanted);
    QVERIFY(probe.waitFor([&] { return ended.contains(unwanted); }));
    QVERIFY(ended.at(unwanted).failure);
    QCOMPARE(ended.at(unwanted).failure->kind, FailureKind::Cancelled);
    QVERIFY2(ended.at(unwanted).failure->sentence.contains("unwanted"_L1),
             SessionProbe::explain(ended.at(unwanted).failure));
    if (all) {
        QVERIFY(probe.waitFor([&] { return ended.contains(wanted); }));
        QCOMPARE(ended.at(wanted).failure->kind, FailureKind::Cancelled);
        return;
    }
    held->answer(200,
                 rpcResult(id,
                           R"({"protocolVersion":"2025-06-18","capabilities":{"tools":{}},)"
                           R"("serverInfo":{"name":"odd","version":"1"}})"),
                 Json);
    QVERIFY(probe.waitFor([&] { return ended.contains(wanted); }));
    QVERIFY2(!ended.at(wanted).failure, SessionProbe::explain(ended.at(wanted).failure));
    QCOMPARE(odd.got("tools/call").size(), 1);
    QVERIFY(odd.got("unwanted").isEmpty());
}

QTEST_GUILESS_MAIN(TestUnfinished)
#include "test_unfinished.moc"
