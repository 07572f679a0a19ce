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
    void a_session_that_comes_to_nothing_is_ended_data();
    void a_session_that_comes_to_nothing_is_ended();
    void a_session_that_is_being_given_up_can_be_left_for_another();
    void a_session_of_which_nothing_is_known_is_not_ended();
    void an_end_that_is_never_answered_is_not_waited_for_data();
    void an_end_that_is_never_answered_is_not_waited_for();
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

void TestUnfinished::a_session_that_comes_to_nothing_is_ended_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("code");
    QTest::newRow("the confirmation is refused") << u"confirmation 400"_s << u"bad-request"_s;
    QTest::newRow("the server fails at the confirmation")
        << u"confirmation 500"_s << u"server-error"_s;
    QTest::newRow("another revision than was asked for")
        << u"revision"_s << u"revision-not-agreed"_s;
    QTest::newRow("a result that is none") << u"result"_s << u"initialize-result"_s;
    QTest::newRow("an error that brings a session") << u"error"_s << u"rpc-error"_s;
    QTest::newRow("a stream that never brings the answer") << u"silence"_s << u"timed-out"_s;
    QTest::newRow("cancelled while the answer is awaited")
        << u"cancelled at the answer"_s << u"cancelled"_s;
    QTest::newRow("cancelled while the confirmation is under way")
        << u"cancelled at the confirmation"_s << u"cancelled"_s;
}

void TestUnfinished::a_session_that_comes_to_nothing_is_ended()
{
    QFETCH(QString, how);
    QFETCH(QString, code);
    OddServer odd;
    bool confirming = false;
    odd.on(u"notifications/initialized"_s, [&](const OddServer::Message &message) {
        confirming = true;
        if (how.startsWith("confirmation"_L1))
            message.to.answer(how.section(u' ', 1).toInt(), "{}", Json);
    });
    if (!how.contains("confirmation"_L1)) {
        odd.on(u"initialize"_s, [&](const OddServer::Message &message) {
            const QByteArray session = "Mcp-Session-Id: " + odd.session + "\r\n";
            const QByteArray version = how == "revision"_L1 ? "2025-11-25" : "2025-06-18";
            if (how == "error"_L1) {
                message.to.answer(200,
                                  R"({"jsonrpc":"2.0","id":)" + message.id
                                      + R"(,"error":{"code":-32603,"message":"no"}})",
                                  Json + session);
            } else if (how == "result"_L1) {
                message.to.answer(200, rpcResult(message.id, "{}"), Json + session);
            } else if (how == "revision"_L1) {
                message.to.answer(200,
                                  rpcResult(message.id,
                                            R"({"protocolVersion":")" + version
                                                + R"(","capabilities":{},)"
                                                  R"("serverInfo":{"name":"odd","version":"1"}})"),
                                  Json + session);
            } else {
                message.to.write("HTTP/1.1 200 OK\r\n" + Events + session
                                 + "Connection: close\r\n\r\n: wait\n\n");
            }
        });
    }
    SessionProbe probe;
    ServerTarget target = odd.target(u"2025-06-18"_s);
    if (how == "silence"_L1)
        target.requestTimeoutMs = 500;
    probe.session().connectTo(target);
    if (how == "cancelled at the answer"_L1) {
        QVERIFY(probe.waitFor(
            [&] { return probe.trace().exchangeCount() > 0 && probe.trace().response(1); }));
        probe.session().cancelAll();
    } else if (how == "cancelled at the confirmation"_L1) {
        QVERIFY(probe.waitFor([&] { return confirming; }));
        probe.session().cancelAll();
    }
    QVERIFY(probe.waitFor([&] { return probe.state().phase == SessionPhase::Failed; }));
    // It is gone already when the failure is told: who leaves then leaves nothing behind.
    QCOMPARE(odd.got("DELETE").size(), 1);
    QCOMPARE(odd.got("DELETE").first().header("Mcp-Session-Id"), odd.session);
    QVERIFY(probe.state().failure);
    QCOMPARE(probe.state().failure->code, code);
    QVERIFY(probe.state().sessionId.isEmpty());
    for (ExchangeId id = 1; id <= probe.trace().exchangeCount(); ++id)
        QVERIFY2(probe.trace().summary(id).finished, qPrintable(probe.trace().request(id).what));
}

void TestUnfinished::a_session_that_is_being_given_up_can_be_left_for_another()
{
    OddServer odd;
    odd.on(u"notifications/initialized"_s,
           [](const OddServer::Message &message) { message.to.answer(400, "{}", Json); });
    QPointer<RawConnection> held;
    odd.on(u"DELETE"_s, [&](const OddServer::Message &message) { held = &message.to; });
    OddServer other;
    SessionProbe probe;
    probe.session().connectTo(odd.target());
    QVERIFY(probe.waitFor([&] { return !held.isNull(); }));
    // What is asked for now is neither lost nor sent to the one that is left.
    std::optional<CallResult> ended;
    connect(&probe.session(), &Session::callFinished, this,
            [&](Ticket, const CallResult &came) { ended = came; });
    probe.session().callTool(u"late"_s, "{}");
    probe.session().connectTo(other.target());
    QVERIFY(probe.waitFor([&] { return probe.state().phase == SessionPhase::Disconnecting; }));
    held->answer(200);
    QVERIFY(probe.waitFor([&] { return probe.state().phase == SessionPhase::Ready; }));
    QCOMPARE(probe.state().url, other.target().url);
    QVERIFY2(!probe.state().failure, SessionProbe::explain(probe.state().failure));
    QVERIFY(probe.waitFor([&] { return ended.has_value(); }));
    QVERIFY(odd.got("tools/call").isEmpty());
    QCOMPARE(odd.got("DELETE").size(), 1);
}

void TestUnfinished::a_session_of_which_nothing_is_known_is_not_ended()
{
    OddServer odd;
    odd.on(u"notifications/initialized"_s,
           [](const OddServer::Message &message) { message.to.answer(404); });
    SessionProbe probe;
    QVERIFY(!probe.connectTo(odd.target()));
    QVERIFY(odd.got("DELETE").isEmpty());
}

void TestUnfinished::an_end_that_is_never_answered_is_not_waited_for_data()
{
    QTest::addColumn<bool>("ready");
    QTest::addColumn<bool>("head");
    QTest::newRow("of a session that came to nothing; no answer") << false << false;
    QTest::newRow("of a session that came to nothing; an answer without end") << false << true;
    QTest::newRow("of a session; no answer") << true << false;
    QTest::newRow("of a session; an answer without end") << true << true;
}

void TestUnfinished::an_end_that_is_never_answered_is_not_waited_for()
{
    QFETCH(bool, ready);
    QFETCH(bool, head);
    OddServer odd;
    if (!ready) {
        odd.on(u"notifications/initialized"_s,
               [](const OddServer::Message &message) { message.to.answer(400, "{}", Json); });
    }
    odd.on(u"DELETE"_s, [head](const OddServer::Message &message) {
        if (head)
            openEvents(message.to);
    });
    SessionProbe probe;
    QCOMPARE(probe.connectTo(odd.target()), ready);
    if (ready)
        probe.disconnectFrom();
    QCOMPARE(odd.got("DELETE").size(), 1);
    QCOMPARE(probe.state().phase, ready ? SessionPhase::Idle : SessionPhase::Failed);
    QVERIFY(probe.trace().summary(probe.exchanges(ExchangeKind::Delete).first()).finished);
}

QTEST_GUILESS_MAIN(TestUnfinished)
#include "test_unfinished.moc"
