// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// A small server on the official SDK 1.x, over streamable HTTP and on its standard streams, driven
// through all that it offers.

#include "core/mcp/calls.h"
#include "tests/support/child_process.h"
#include "tests/support/person.h"
#include "tests/support/session_probe.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

const QByteArray Form = "elicitation/create";
const QByteArray Sampling = "sampling/createMessage";

QString at(const QByteArray &result, QByteArrayView pointer)
{
    const JsonText json = JsonText::parse(result);
    return json.string(json.find(pointer));
}

} // namespace

class RealSdk : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<bool>("isProgram");
        QTest::newRow("HTTP") << false;
        QTest::newRow("stdio") << true;
    }
    void initTestCase()
    {
        QVERIFY2(!pinnedNode().isEmpty(), "run ./test.sh once: it installs the npm packages");
        m_url = start(&m_events, u"http"_s);
        QVERIFY2(m_url.isValid(), m_events.output().constData());
        m_jsonUrl = start(&m_json, u"json"_s);
        QVERIFY2(m_jsonUrl.isValid(), m_json.output().constData());
    }

    void listsEverythingPageByPage()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QCOMPARE(probe.state().serverTitle, u"Server on the SDK 1.x"_s);
        const ToolList tools = probe.tools();
        QVERIFY(tools.complete);
        QCOMPARE(tools.tools.size(), 12);
        QCOMPARE(tools.pages, 3);
        const Listing resources = probe.list(ListKind::Resources);
        QCOMPARE(resources.items.size(), 5);
        QCOMPARE(resources.pages.size(), 3);
        QCOMPARE(probe.list(ListKind::ResourceTemplates).items.size(), 1);
        QCOMPARE(probe.list(ListKind::Prompts).pages.size(), 2);
        quietEnd(&probe);
    }

    void speaksEachDatedRevisionThatIsAskedFor()
    {
        for (const char *revision : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
            SessionProbe probe;
            ServerTarget asked = target();
            asked.revision = QString::fromLatin1(revision);
            QVERIFY2(probe.connectTo(asked), probe.explain(probe.state().failure));
            QCOMPARE(probe.state().revision, asked.revision);
            QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, R"({"words":"hi"})")), u"hi"_s);
            quietEnd(&probe);
        }
    }

    void readsGetsAndCompletes()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QCOMPARE(at(probe.request(readResourceCall(u"item://3"_s)).result, "/contents/0/text"),
                 u"content of item://3"_s);
        QCOMPARE(probe.request(readResourceCall(u"no://such"_s)).errorCode,
                 std::optional<qint64>(-32002));
        const CallResult greeting = probe.request(
            getPromptCall(u"greet"_s, "{\"who\":\"Ada\",\"how\":\"Good \\\"morning\\\"\"}"));
        QCOMPARE(at(greeting.result, "/messages/0/content/text"), u"Good \"morning\", Ada!"_s);
        QVERIFY(!probe.request(getPromptCall(u"plain"_s, {})).failure);
        const Completion people = readCompletion(
            probe.request(completeCall({u"greet"_s, {}, u"who"_s, u"A"_s, {}})).result);
        QCOMPARE(people.values, QStringList({u"Ada"_s, u"Alan"_s}));
        QCOMPARE(people.total, std::optional<qint64>(2));
        const Completion items = readCompletion(
            probe.request(completeCall({{}, u"item://{n}"_s, u"n"_s, u"2"_s, {}})).result);
        QCOMPARE(items.values, QStringList(u"2"_s));
        QVERIFY(probe.call(u"structured"_s).result.contains(R"("degrees":21.5)"));
        QCOMPARE(probe.call(u"no-such-tool"_s).errorCode, std::optional<qint64>(-32602));
        QVERIFY(!probe.request(pingCall()).failure);
        quietEnd(&probe);
    }

    void answersWhatItIsAsked()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        person.replies[Form] = withResult(R"({"action":"accept","content":{"one":"a"}})");
        QCOMPARE(SessionProbe::text(probe.call(u"ask"_s)), u"chose a"_s);
        person.replies[Form] = withResult(R"({"action":"decline"})");
        QCOMPARE(SessionProbe::text(probe.call(u"ask"_s)), u"decline"_s);
        person.replies[Sampling] = withResult(
            R"({"role":"assistant","model":"m-1","content":{"type":"text","text":"a dot"}})");
        QCOMPARE(SessionProbe::text(probe.call(u"think"_s)), u"m-1: a dot"_s);
        QCOMPARE(at(person.asked.constLast().params, "/systemPrompt"), u"Be brief."_s);
        QCOMPARE(SessionProbe::text(probe.call(u"where"_s)), u"nowhere"_s);
        probe.session().setRoots({{u"file:///here"_s, u"Here"_s}});
        QCOMPARE(SessionProbe::text(probe.call(u"where"_s)), u"file:///here"_s);
        QCOMPARE(SessionProbe::text(probe.call(u"pings"_s)), u"pong"_s);
        QCOMPARE(SessionProbe::text(probe.call(u"unknown"_s)), u"error -32601"_s);
        QVERIFY(probe.state().asked.isEmpty());
        quietEnd(&probe);
    }

    void aQuestionThatIsTakenBackGoesFromTheQueue()
    {
        SessionProbe probe;
        QString why;
        quint64 number = 0;
        connect(&probe.session(), &Session::serverRequestGone, &probe,
                [&](quint64 gone, const QString &reason) {
                    number = gone;
                    why = reason;
                });
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QCOMPARE(SessionProbe::text(probe.call(u"impatient"_s)), u"too late"_s);
        QVERIFY(probe.waitFor([&] { return number != 0; }));
        QVERIFY2(why.contains(u"cancelled"_s), qPrintable(why));
        QVERIFY(probe.waitFor([&] { return probe.state().asked.isEmpty(); }));
        // An answer that comes too late goes nowhere, and does no harm.
        probe.session().reply(number, withResult(R"({"action":"accept","content":{}})"));
        QVERIFY(!probe.request(pingCall()).failure);
        quietEnd(&probe);
    }

    void hearsOfListsAndResourcesThatChange()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        waitForStream(&probe);
        QCOMPARE(probe.list(ListKind::Resources).items.size(), 5);
        Listing again;
        connect(&probe.session(), &Session::listed, &probe,
                [&again](const Listing &listing) { again = listing; });
        QCOMPARE(SessionProbe::text(probe.call(u"grow"_s)), u"grown"_s);
        QVERIFY(probe.waitFor([&] {
            return person.wasTold("notifications/tools/list_changed")
                && person.wasTold("notifications/prompts/list_changed")
                && person.wasTold("notifications/resources/list_changed");
        }));
        // The list that was asked for before is fetched again by itself.
        QVERIFY(probe.waitFor([&] {
            return again.kind == ListKind::Resources && again.complete && again.items.size() == 6;
        }));
        QCOMPARE(probe.tools().tools.size(), 13);

        probe.session().subscribe(u"item://2"_s, true);
        QVERIFY(!probe.request(pingCall()).failure);
        QCOMPARE(SessionProbe::text(probe.call(u"touch"_s)), u"told of 1"_s);
        QVERIFY(probe.waitFor(
            [&] { return person.wasTold("notifications/resources/updated", "item://2"); }));
        probe.session().subscribe(u"item://2"_s, false);
        QCOMPARE(SessionProbe::text(probe.call(u"touch"_s)), u"told of 0"_s);
        quietEnd(&probe);
    }

    void tellsProgressAndCancels()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        waitForStream(&probe);
        probe.session().setLogLevel("notice");
        QCOMPARE(SessionProbe::text(probe.call(u"count"_s, R"({"to":3})")), u"counted to 3"_s);
        QVERIFY(!probe.progress().isEmpty());
        QCOMPARE(probe.progress().constLast().message, u"at 3"_s);
        QVERIFY(probe.waitFor(
            [&] { return person.wasTold("notifications/message", R"("ended":true)"); }));
        bool progressed = false;
        std::optional<CallResult> ended;
        connect(&probe.session(), &Session::callProgress, &probe,
                [&](Ticket, const Progress &) { progressed = true; });
        connect(&probe.session(), &Session::callFinished, &probe,
                [&](Ticket, const CallResult &result) { ended = result; });
        const Ticket ticket = probe.session().callTool(u"count"_s, R"({"to":1000})");
        QVERIFY(probe.waitFor([&] { return progressed; }));
        probe.session().cancel(ticket);
        QVERIFY(probe.waitFor([&] { return ended.has_value(); }));
        QCOMPARE(ended->failure->kind, FailureKind::Cancelled);
        // It really stopped.
        QVERIFY(probe.waitFor(
            [&] { return person.wasTold("notifications/message", R"("ended":false)"); }));
        quietEnd(&probe);
    }

    void anAnswerWhoseStreamBreaksIsFetched()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const CallResult result = probe.call(u"cut"_s);
        QVERIFY2(!result.failure, probe.explain(result.failure));
        QCOMPARE(SessionProbe::text(result), isProgram() ? u"whole"_s : u"resumed"_s);
        probe.disconnectFrom();
    }

    void answersAsJsonAreAnswersToo()
    {
        if (isProgram())
            return; // lines are all that there is
        SessionProbe probe;
        Person person(&probe.session());
        ServerTarget json = target();
        json.url = m_jsonUrl;
        QVERIFY2(probe.connectTo(json), probe.explain(probe.state().failure));
        waitForStream(&probe);
        const CallResult result = probe.call(u"echo"_s, R"({"words":"as JSON"})");
        QCOMPARE(SessionProbe::text(result), u"as JSON"_s);
        QVERIFY(probe.trace().responseBody(result.exchange).startsWith('{'));
        QCOMPARE(probe.tools().pages, 3);
        probe.session().subscribe(u"item://2"_s, true);
        QCOMPARE(SessionProbe::text(probe.call(u"touch"_s)), u"told of 1"_s);
        // What belongs to no answer comes on the stream of the server.
        QVERIFY(probe.waitFor(
            [&] { return person.wasTold("notifications/resources/updated", "item://2"); }));
        quietEnd(&probe);
    }

private:
    static bool isProgram()
    {
        QFETCH_GLOBAL(bool, isProgram);
        return isProgram;
    }
    static QUrl start(ChildProcess *server, const QString &way)
    {
        if (!server->start(pinnedNode(), {npmPath(u"sdk-server.mjs"_s), way}))
            return {};
        return server->waitForUrl();
    }
    ServerTarget target() const
    {
        ServerTarget target;
        target.offer = {.roots = true, .sampling = true, .elicitation = true};
        if (isProgram()) {
            ServerCommand command;
            command.program = pinnedNode();
            command.arguments = {npmPath(u"sdk-server.mjs"_s)};
            target.command = command;
        } else {
            target.url = m_url;
        }
        return target;
    }
    /// What comes without being asked for comes on a stream that has to be there first.
    static void waitForStream(SessionProbe *probe)
    {
        QVERIFY(probe->waitFor(
            [probe] { return probe->state().stream.phase == StreamState::Phase::Open; }));
    }
    /// Disconnects; nothing was amiss on the way that a person would have been told.
    static void quietEnd(SessionProbe *probe)
    {
        QVERIFY2(!probe->state().failure, probe->explain(probe->state().failure));
        for (const Note &remark : probe->state().remarks)
            QFAIL(qPrintable(remark.text));
        probe->disconnectFrom();
        QVERIFY2(!probe->state().failure, probe->explain(probe->state().failure));
        QCOMPARE(probe->findings(), QStringList());
    }

    ChildProcess m_events;
    ChildProcess m_json;
    QUrl m_url;
    QUrl m_jsonUrl;
};

QTEST_GUILESS_MAIN(RealSdk)
#include "test_real_sdk.moc"
