// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// A session with the lab in this process: the same as with any other server, without a network.

#include "core/lab/lab_transport.h"
#include "tests/support/session_probe.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

ServerTarget targetOf(const LabSettings &settings, const QString &revision)
{
    ServerTarget target;
    target.local = localLab(settings);
    target.revision = revision;
    target.offer = {.roots = true, .sampling = true, .elicitation = true, .tasks = true};
    return target;
}

} // namespace

class TestInProcess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void the_lab_is_used_like_any_server_data();
    void the_lab_is_used_like_any_server();
    void a_lab_of_the_other_era_is_found();
    void each_connection_has_a_lab_of_its_own();
    void a_running_call_is_cancelled();
    void a_changed_list_is_fetched_again_data();
    void a_changed_list_is_fetched_again();
    void a_lab_that_goes_away_is_told();
    void a_target_is_the_same_where_its_server_is();
};

void TestInProcess::the_lab_is_used_like_any_server_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<bool>("asks"); ///< by a form
    QTest::newRow("auto") << u"auto"_s << true;
    QTest::newRow("2024-11-05") << u"2024-11-05"_s << false;
    QTest::newRow("2025-03-26") << u"2025-03-26"_s << false;
    QTest::newRow("2025-06-18") << u"2025-06-18"_s << true;
    QTest::newRow("2025-11-25") << u"2025-11-25"_s << true;
    QTest::newRow("2026-07-28") << u"2026-07-28"_s << true;
}

void TestInProcess::the_lab_is_used_like_any_server()
{
    QFETCH(QString, revision);
    QFETCH(bool, asks);
    SessionProbe probe;
    QList<ServerRequest> asked;
    connect(&probe.session(), &Session::serverRequested, this, [&](const ServerRequest &request) {
        asked.append(request);
        probe.session().reply(request.number, {"{\"action\":\"decline\"}", {}, {}});
    });
    probe.session().setRoots({{u"file:///home/lab"_s, u"Home"_s}});
    QVERIFY2(probe.connectTo(targetOf({}, revision)), SessionProbe::explain(probe.state().failure));
    QCOMPARE(probe.state().revision, revision == "auto"_L1 ? u"2026-07-28"_s : revision);
    QVERIFY(!probe.state().serverName.isEmpty());
    QVERIFY(probe.waitFor([&] { return probe.state().stream.phase == StreamState::Phase::Open; }));

    const ToolList tools = probe.tools();
    QVERIFY2(tools.complete && tools.pages > 1, SessionProbe::explain(tools.failure));
    QVERIFY(tools.refused.isEmpty());
    QVERIFY(probe.list(ListKind::Resources).complete);
    QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, "{\"message\":\"a\"}")), u"a"_s);

    QVERIFY(!probe.call(u"long-running"_s, "{\"steps\":3,\"seconds\":0.1}").failure);
    QVERIFY(!probe.progress().isEmpty());
    QCOMPARE(probe.progress().last().progress, 3.0);

    const CallResult roots = probe.call(u"ask-roots"_s);
    QVERIFY2(SessionProbe::text(roots).contains("file:///home/lab"_L1),
             SessionProbe::explain(roots.failure));
    const CallResult form = probe.call(u"ask-form"_s);
    QVERIFY2(!form.failure, SessionProbe::explain(form.failure));
    QCOMPARE(asked.size(), asks ? 1 : 0);
    if (asks) {
        QCOMPARE(asked.first().method, "elicitation/create");
        QVERIFY2(SessionProbe::text(form).contains("declin"_L1), form.result.constData());
    }
    QVERIFY2(!probe.state().failure, SessionProbe::explain(probe.state().failure));
    QVERIFY2(probe.state().remarks.isEmpty(), qPrintable(probe.state().remarks.value(0).text));

    probe.disconnectFrom();
    QCOMPARE(probe.state().phase, SessionPhase::Idle);
    QCOMPARE(probe.exchanges(ExchangeKind::Process).size(), 1);
    for (ExchangeId id = 1; id <= probe.trace().exchangeCount(); ++id) {
        const RequestRecord &request = probe.trace().request(id);
        QVERIFY2(request.kind == ExchangeKind::Process || request.kind == ExchangeKind::Input,
                 qPrintable(request.what));
        QVERIFY2(probe.trace().summary(id).finished, qPrintable(request.what));
    }
}

void TestInProcess::a_lab_of_the_other_era_is_found()
{
    LabSettings settings;
    settings.revisions = {u"2025-06-18"_s};
    SessionProbe probe;
    QVERIFY2(probe.connectTo(targetOf(settings, u"auto"_s)),
             SessionProbe::explain(probe.state().failure));
    QCOMPARE(probe.state().revision, u"2025-06-18"_s);
    // On the same channel: it had not gone away.
    QCOMPARE(probe.exchanges(ExchangeKind::Process).size(), 1);
    QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, "{\"message\":\"a\"}")), u"a"_s);
}

void TestInProcess::each_connection_has_a_lab_of_its_own()
{
    const ServerTarget target = targetOf({}, u"auto"_s);
    SessionProbe probe;
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(probe.connectTo(target));
        QVERIFY(probe.tools().complete);
        // The third one while the second runs.
        if (i == 1)
            probe.disconnectFrom();
        QCOMPARE(probe.exchanges(ExchangeKind::Process).size(), i);
        if (i == 2) {
            probe.session().connectTo(target);
            QVERIFY(
                probe.waitFor([&] { return probe.exchanges(ExchangeKind::Process).size() == 3; }));
            QVERIFY(probe.waitFor([&] { return probe.state().phase == SessionPhase::Ready; }));
            break;
        }
    }
    QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, "{\"message\":\"a\"}")), u"a"_s);
}

void TestInProcess::a_running_call_is_cancelled()
{
    SessionProbe probe;
    QVERIFY(probe.connectTo(targetOf({}, u"auto"_s)));
    std::optional<CallResult> ended;
    connect(&probe.session(), &Session::callFinished, this,
            [&ended](Ticket, const CallResult &result) { ended = result; });
    const Ticket ticket =
        probe.session().callTool(u"long-running"_s, "{\"steps\":1000,\"seconds\":600}");
    QVERIFY(probe.waitFor([&] { return !probe.progress().isEmpty(); }));
    probe.session().cancel(ticket);
    QVERIFY(probe.waitFor([&] { return ended.has_value(); }));
    QCOMPARE(ended->failure->kind, FailureKind::Cancelled);
    QCOMPARE(probe.trace().request(probe.trace().exchangeCount()).what,
             u"notifications/cancelled"_s);
    QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, "{\"message\":\"a\"}")), u"a"_s);
}

void TestInProcess::a_changed_list_is_fetched_again_data()
{
    QTest::addColumn<QString>("revision");
    QTest::newRow("2025-11-25") << u"2025-11-25"_s;
    QTest::newRow("2026-07-28") << u"2026-07-28"_s;
}

void TestInProcess::a_changed_list_is_fetched_again()
{
    QFETCH(QString, revision);
    SessionProbe probe;
    QVERIFY(probe.connectTo(targetOf({}, revision)));
    QVERIFY(probe.tools().complete);
    int lists = 0;
    connect(&probe.session(), &Session::toolsListed, this,
            [&lists](const ToolList &list) { lists += list.complete; });
    const CallResult change = probe.call(u"change-list"_s, "{\"list\":\"tools\"}");
    QVERIFY2(!change.failure, SessionProbe::explain(change.failure));
    QVERIFY(probe.waitFor([&] { return lists > 0; }));
}

void TestInProcess::a_lab_that_goes_away_is_told()
{
    LabSettings settings;
    settings.play = {u"leaves"_s};
    SessionProbe probe;
    QVERIFY(probe.connectTo(targetOf(settings, u"auto"_s)));
    const CallResult result = probe.call(u"echo"_s, "{\"message\":\"a\"}");
    QVERIFY(result.failure);
    QCOMPARE(result.failure->code, u"lab-left"_s);
    // What is asked for after it is told as well, and nothing hangs.
    QVERIFY(probe.call(u"echo"_s, "{\"message\":\"a\"}").failure);
    probe.disconnectFrom();
    QCOMPARE(probe.state().phase, SessionPhase::Idle);
}

void TestInProcess::a_target_is_the_same_where_its_server_is()
{
    const ServerTarget one = targetOf({}, u"auto"_s);
    const ServerTarget same = one;
    QCOMPARE(one, same);
    QVERIFY(!(one == targetOf({}, u"auto"_s)));
    QVERIFY(one.isChannel());
    QCOMPARE(targetName(one), u"lab"_s);
    QVERIFY(!ServerTarget().isChannel());
}

QTEST_GUILESS_MAIN(TestInProcess)
#include "test_in_process.moc"
