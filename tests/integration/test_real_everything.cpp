// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cli_run.h"
#include "tests/support/everything.h"
#include "tests/support/session_probe.h"
#include "tests/support/tcp_relay.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

/// The official reference server, over streamable HTTP.
class RealEverything : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(!pinnedNode().isEmpty(), "run ./test.sh once: it installs the npm packages");
        QVERIFY2(m_server.start(u"streamableHttp"_s), m_server.output().constData());
        m_url = m_server.url();
    }

    void connectsWithTheNewestLegacyRevisionAndASession()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QCOMPARE(probe.state().revision, u"2025-11-25"_s);
        QVERIFY(!probe.state().sessionId.isEmpty());
        QCOMPARE(probe.state().serverName, u"mcp-servers/everything"_s);
        probe.disconnectFrom();
        const auto deletes = probe.exchanges(ExchangeKind::Delete);
        QCOMPARE(deletes.size(), 1);
        QCOMPARE(probe.trace().summary(deletes.first()).status, 200);
    }

    void speaksEachDatedRevisionThatIsAskedFor_data()
    {
        QTest::addColumn<QString>("revision");
        for (const char *revision : {"2025-03-26", "2025-06-18", "2025-11-25"})
            QTest::newRow(revision) << QString::fromLatin1(revision);
    }
    void speaksEachDatedRevisionThatIsAskedFor()
    {
        QFETCH(QString, revision);
        SessionProbe probe;
        ServerTarget asked = target();
        asked.revision = revision;
        QVERIFY2(probe.connectTo(asked), probe.explain(probe.state().failure));
        QCOMPARE(probe.state().revision, revision);
        QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, R"({"message":"hello"})")),
                 u"Echo: hello"_s);
    }

    void listsEveryToolThatNeedsNoClientFeature()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const ToolList list = probe.tools();
        QVERIFY2(!list.failure, probe.explain(list.failure));
        QStringList names;
        for (const Tool &tool : list.tools) {
            QVERIFY2(tool.problem.isEmpty(), qPrintable(tool.name + u": "_s + tool.problem));
            // Tasks are a feature that a client has to have.
            const auto execution = tool.json.member(tool.json.root(), u"execution");
            if (tool.json.string(tool.json.member(execution, u"taskSupport")) != u"required"_s)
                names.append(tool.name);
        }
        // Neither fewer nor more: a tool that is new in the server wants a row below.
        names.sort();
        QCOMPARE(names, Everything::toolNames());
    }

    void callsEachToolThatNeedsNoClientFeature_data()
    {
        QTest::addColumn<QString>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("inTheResult");
        for (const Everything::ToolCall &call : Everything::toolCalls())
            QTest::newRow(call.tool) << QString::fromLatin1(call.tool) << QByteArray(call.arguments)
                                     << QByteArray(call.inTheResult);
    }
    void callsEachToolThatNeedsNoClientFeature()
    {
        QFETCH(QString, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, inTheResult);
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const CallResult result = probe.call(tool, arguments);
        QVERIFY2(!result.failure, probe.explain(result.failure));
        QVERIFY2(!result.isError, result.result);
        QVERIFY2(result.result.contains(inTheResult), result.result);
        QVERIFY(probe.trace().requestBody(result.exchange).contains(arguments));
    }

    void anUnknownToolIsSaidToBeOne()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const CallResult result = probe.call(u"no-such-tool"_s);
        QVERIFY(result.isError || result.errorCode.has_value());
        QVERIFY(probe.call(u"echo"_s, R"({"message":"still here"})").result.contains("still here"));
    }

    void aLongOperationTellsItsProgressInOrder()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const CallResult result =
            probe.call(u"trigger-long-running-operation"_s, R"({"duration":1,"steps":5})");
        QVERIFY2(!result.failure, probe.explain(result.failure));
        QCOMPARE(probe.progress().size(), 5);
        for (int step = 0; step < 5; ++step) {
            QCOMPARE(probe.progress().at(step).progress, step + 1.0);
            QCOMPARE(probe.progress().at(step).total, std::optional<double>(5.0));
        }
    }

    void aCallCanBeCancelledAndTheSessionGoesOn()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        std::optional<CallResult> ended;
        connect(&probe.session(), &Session::callFinished, &probe,
                [&](Ticket, const CallResult &result) { ended = result; });
        bool progressed = false;
        connect(&probe.session(), &Session::callProgress, &probe,
                [&](Ticket, const Progress &) { progressed = true; });
        const Ticket ticket = probe.session().callTool(u"trigger-long-running-operation"_s,
                                                       R"({"duration":60,"steps":600})");
        QVERIFY(probe.waitFor([&] { return progressed; }));
        probe.session().cancel(ticket);
        QVERIFY(probe.waitFor([&] { return ended.has_value(); }));
        QVERIFY(ended->failure.has_value());
        QCOMPARE(ended->failure->kind, FailureKind::Cancelled);
        QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, R"({"message":"next"})")),
                 u"Echo: next"_s);
    }

    void aStreamThatBreaksIsResumedFromItsLastEvent()
    {
        TcpRelay relay(static_cast<quint16>(m_url.port()));
        SessionProbe probe;
        ServerTarget through = target();
        through.url = relay.through(m_url);
        QVERIFY2(probe.connectTo(through), probe.explain(probe.state().failure));
        const auto isOpen = [&] { return probe.state().stream.phase == StreamState::Phase::Open; };
        QVERIFY(probe.waitFor(isOpen));
        const ExchangeId first = probe.state().stream.exchange;
        // The first event of the stream gives the id to resume from.
        QVERIFY(probe.call(u"toggle-simulated-logging"_s).failure == std::nullopt);
        QVERIFY(probe.waitFor([&] { return probe.trace().summary(first).events > 0; }));
        QVERIFY(relay.cutStreams() >= 1);
        QVERIFY(probe.waitFor([&] { return probe.state().stream.exchange != first && isOpen(); }));
        QByteArray lastId;
        for (qint64 index = 0; index < probe.trace().summary(first).frames; ++index) {
            const Frame frame = probe.trace().frame(first, index);
            if (frame.idStart >= 0)
                lastId = probe.trace().responseBody(first, frame.idStart, frame.idLength);
        }
        QVERIFY(!lastId.isEmpty());
        const ExchangeId second = probe.state().stream.exchange;
        QVERIFY(probe.trace().failure(first).has_value());
        QCOMPARE(probe.trace().summary(second).kind, ExchangeKind::Reconnect);
        QCOMPARE(probe.sent(second, "Last-Event-ID"), lastId);
        QCOMPARE(probe.sent(second, "Mcp-Session-Id"), probe.state().sessionId);
        QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, R"({"message":"back"})")),
                 u"Echo: back"_s);
    }

    void theCommandLineListsAndCallsTheSame()
    {
        const CliRun list = runCli({u"tools"_s, m_url.toString(), u"--json"_s});
        QVERIFY2(list.exitCode == 0, list.err);
        const JsonText json = JsonText::parse(list.out.trimmed());
        const auto tools = json.children(json.member(json.root(), u"tools"));
        QVERIFY2(tools.size() >= Everything::toolNames().size(), list.out);

        const CliRun call = runCli({u"call"_s, m_url.toString(), u"get-sum"_s, u"--args"_s, u"-"_s},
                                   {}, R"({"a":2,"b":40})");
        QVERIFY2(call.exitCode == 0, call.err);
        QVERIFY2(call.out.contains("42"), call.out);
    }

private:
    ServerTarget target() const { return m_server.target(); }

    Everything m_server;
    QUrl m_url;
};

QTEST_GUILESS_MAIN(RealEverything)
#include "test_real_everything.moc"
