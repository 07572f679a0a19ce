// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// A small server on the official SDK 2.x, over HTTP and on its standard streams, driven through all
// that a server of the modern era offers.

#include "core/mcp/calls.h"
#include "core/mcp/skill.h"
#include "tests/support/child_process.h"
#include "tests/support/person.h"
#include "tests/support/session_probe.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

const QByteArray Form = "elicitation/create";
const QByteArray Message = "notifications/message";

QString at(const QByteArray &result, QByteArrayView pointer)
{
    const JsonText json = JsonText::parse(result);
    return json.string(json.find(pointer));
}

} // namespace

class RealModern : public QObject {
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
        QVERIFY2(m_server.start(pinnedNode(), {npmPath(u"modern-server.mjs"_s), u"http"_s}),
                 m_server.output().constData());
        m_url = m_server.waitForUrl();
        QVERIFY2(m_url.isValid(), m_server.output().constData());
    }

    void isFoundToBeModernAndSaysWhatItIs()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QCOMPARE(probe.state().revision, u"2026-07-28"_s);
        QCOMPARE(probe.state().serverName, u"modern-test"_s);
        QCOMPARE(probe.state().serverTitle, u"Modern test server"_s);
        QCOMPARE(probe.state().instructions, u"Use what you like."_s);
        QVERIFY(probe.state().sessionId.isEmpty());
        quietEnd(&probe);
    }

    void callsToolsAndMirrorsTheirArguments()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const ToolList list = probe.tools();
        QStringList names;
        for (const Tool &tool : list.tools)
            names.append(tool.name);
        names.sort();
        QCOMPARE(names,
                 QStringList({u"add"_s, u"book"_s, u"count"_s, u"fail"_s, u"flip"_s, u"muse"_s,
                              u"write"_s}));
        QVERIFY(list.refused.isEmpty());
        const CallResult added = probe.call(u"add"_s, R"({"a":40,"b":2,"region":" nord\u00f6st"})");
        QVERIFY2(!added.failure, probe.explain(added.failure));
        QVERIFY2(added.result.contains(R"("structuredContent":{"sum":42})"), added.result);
        if (!isProgram()) {
            QCOMPARE(probe.sent(added.exchange, "Mcp-Name"), "add");
            QCOMPARE(probe.sent(added.exchange, "Mcp-Param-Region"), "=?base64?IG5vcmTDtnN0?=");
        }
        QVERIFY(probe.call(u"fail"_s).isError);
        const CallResult wrong = probe.call(u"add"_s, R"({"a":"x"})");
        QVERIFY(wrong.isError || wrong.errorCode);
        QCOMPARE(probe.call(u"no-such-tool"_s).errorCode, std::optional<qint64>(-32602));
        QCOMPARE(probe.request({"no/such", "{}"}).errorCode, std::optional<qint64>(-32601));
        quietEnd(&probe);
    }

    void readsResourcesAndGetsPromptsWithCompletion()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const Listing resources = probe.list(ListKind::Resources);
        QVERIFY2(resources.complete, probe.explain(resources.failure));
        QVERIFY(resources.items.size() >= 3);
        QCOMPARE(at(probe.request(readResourceCall(u"note://bytes"_s)).result, "/contents/0/blob"),
                 u"AP8B"_s);
        const Listing templates = probe.list(ListKind::ResourceTemplates);
        QString colour;
        for (const ListItem &item : templates.items) {
            if (item.uri.startsWith(u"colour:"_s))
                colour = item.uri;
        }
        const Completion names =
            readCompletion(probe.request(completeCall({{}, colour, u"name"_s, u"g"_s, {}})).result);
        QCOMPARE(names.values, QStringList(u"green"_s));
        QCOMPARE(
            at(probe.request(readResourceCall(u"colour://green"_s)).result, "/contents/0/text"),
            u"the colour green"_s);
        QCOMPARE(probe.list(ListKind::Prompts).items.size(), 1);
        const Completion colours = readCompletion(
            probe.request(completeCall({u"paint"_s, {}, u"colour"_s, u"b"_s, {}})).result);
        QCOMPARE(colours.values, QStringList(u"blue"_s));
        const CallResult prompt =
            probe.request(getPromptCall(u"paint"_s, R"({"what":"a boat","colour":"blue"})"));
        QCOMPARE(at(prompt.result, "/messages/0/content/text"), u"Paint a boat in blue."_s);
        quietEnd(&probe);
    }

    void tellsProgressAndLogsAsItWasAskedTo()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QVERIFY(!probe.call(u"count"_s, R"({"to":2})").failure);
        QVERIFY2(!person.wasTold(Message), "nobody asked for log messages");
        probe.session().setLogLevel("warning");
        const CallResult counted = probe.call(u"count"_s, R"({"to":3})");
        QCOMPARE(SessionProbe::text(counted), u"counted to 3"_s);
        // What follows too closely is not told one by one; the last always is.
        QVERIFY(!probe.progress().isEmpty());
        QCOMPARE(probe.progress().last().message, u"step 3"_s);
        QCOMPARE(probe.progress().last().total, std::optional<double>(3));
        QVERIFY(person.wasTold(Message, "at 2"));
        QVERIFY(!person.wasTold(Message, "at 1"));
        quietEnd(&probe);
    }

    void goesThroughRoundsOfInput()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        person.replies[Form] =
            withResult(R"({"action":"accept","content":{"people":4,"window":true}})");
        const CallResult booked = probe.call(u"book"_s, R"({"when":"noon"})");
        QVERIFY2(!booked.failure, probe.explain(booked.failure));
        QCOMPARE(SessionProbe::text(booked), u"booked for noon"_s);
        QCOMPARE(person.askedFor(Form), 2);
        QCOMPARE(at(person.asked.at(1).params, "/mode"), u"url"_s);
        QCOMPARE(at(person.asked.at(1).params, "/message"), u"Pay for 4"_s);
        // No, thanks: the server decides what becomes of it.
        person.replies[Form] = withResult(R"({"action":"decline"})");
        QCOMPARE(SessionProbe::text(probe.call(u"book"_s, R"({"when":"one"})")), u"no table"_s);
        quietEnd(&probe);
    }

    void answersSeveralQuestionsOfOneRound()
    {
        SessionProbe probe;
        Person person(&probe.session());
        probe.session().setRoots({{u"file:///one"_s, u"One"_s}, {u"file:///two"_s, {}}});
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        person.replies["sampling/createMessage"] =
            withResult(R"({"role":"assistant","model":"m","content":{"type":"text","text":"hm"}})");
        const CallResult mused = probe.call(u"muse"_s);
        QVERIFY2(!mused.failure, probe.explain(mused.failure));
        QCOMPARE(SessionProbe::text(mused), u"hm in file:///one file:///two"_s);
        quietEnd(&probe);
    }

    void aResourceMayAskToo()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        person.replies[Form] = withResult(R"({"action":"accept","content":{"word":"please"}})");
        const CallResult read = probe.request(readResourceCall(u"note://secret"_s));
        QVERIFY2(!read.failure, probe.explain(read.failure));
        QCOMPARE(at(read.result, "/contents/0/text"), u"said please"_s);
        quietEnd(&probe);
    }

    void whatWasNotOfferedIsRefusedByTheServer()
    {
        SessionProbe probe;
        ServerTarget shy = target();
        shy.offer = {};
        QVERIFY2(probe.connectTo(shy), probe.explain(probe.state().failure));
        const CallResult asked = probe.call(u"book"_s, R"({"when":"noon"})");
        QVERIFY(asked.failure);
        QCOMPARE(asked.errorCode, std::optional<qint64>(-32021));
    }

    void hearsOfChangesThatItSubscribedTo()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const auto hasExtra = [&probe] {
            const ToolList list = probe.tools();
            return std::any_of(list.tools.cbegin(), list.tools.cend(),
                               [](const Tool &tool) { return tool.name == u"extra"_s; });
        };
        QVERIFY(!hasExtra());
        const QByteArray listening = "notifications/subscriptions/acknowledged";
        QVERIFY(probe.waitFor([&] { return person.wasTold(listening, "toolsListChanged"); }));
        QVERIFY(!probe.call(u"flip"_s).failure);
        QVERIFY(probe.waitFor([&] { return person.wasTold("notifications/tools/list_changed"); }));
        QVERIFY(hasExtra());
        QCOMPARE(SessionProbe::text(probe.call(u"extra"_s)), u"here"_s);
        QVERIFY(!probe.call(u"flip"_s).failure);
        QVERIFY(!hasExtra());

        probe.session().subscribe(u"note://it"_s, true);
        QVERIFY(probe.waitFor([&] { return person.wasTold(listening, "note://it"); }));
        QVERIFY(!probe.call(u"write"_s, R"({"words":"second"})").failure);
        QVERIFY(probe.waitFor(
            [&] { return person.wasTold("notifications/resources/updated", "note://it"); }));
        QCOMPARE(at(probe.request(readResourceCall(u"note://it"_s)).result, "/contents/0/text"),
                 u"second"_s);
        probe.session().subscribe(u"note://it"_s, false);
        QVERIFY(probe.waitFor([&] { return probe.state().subscriptions.isEmpty(); }));
        quietEnd(&probe);
    }

    void aCallThatIsCancelledEndsAndOthersGoOn()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QVERIFY(probe.tools().complete);
        std::optional<CallResult> ended;
        bool progressed = false;
        connect(&probe.session(), &Session::callProgress, &probe,
                [&](Ticket, const Progress &) { progressed = true; });
        connect(&probe.session(), &Session::callFinished, &probe,
                [&](Ticket, const CallResult &result) { ended = result; });
        const Ticket ticket = probe.session().callTool(u"count"_s, R"({"to":1000})");
        QVERIFY(probe.waitFor([&] { return progressed; }));
        probe.session().cancel(ticket);
        QVERIFY(probe.waitFor([&] { return ended.has_value(); }));
        QCOMPARE(ended->failure->kind, FailureKind::Cancelled);
        QCOMPARE(SessionProbe::text(probe.call(u"count"_s, R"({"to":1})")), u"counted to 1"_s);
        quietEnd(&probe);
    }

    void readsTheFilesOfASkillAsTheyWereAnnounced()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QVERIFY(offersSkills(probe.state().capabilities));
        const CallResult listed = probe.request({"skills/list", "{}"});
        QVERIFY2(!listed.failure, probe.explain(listed.failure));
        const QList<Skill> skills = readSkills(listed.result);
        QCOMPARE(skills.size(), 1);
        QCOMPARE(skills.first().problem, QString());
        QCOMPARE(skills.first().name, u"steep-tea"_s);
        QCOMPARE(skills.first().description, u"Steep tea as it should be"_s);
        QCOMPARE(skills.first().files.size(), 3);
        for (const SkillFile &file : skills.first().files) {
            const CallResult read = probe.request(readResourceCall(file.uri));
            QVERIFY2(!read.failure, probe.explain(read.failure));
        }
        JsonWriter about;
        about.beginObject().key(u"uri").value(skills.first().uri).endObject();
        const CallResult one = probe.request({"skills/get", about.text()});
        QCOMPARE(readSkills(one.result), skills);
        quietEnd(&probe);
    }

    void speaksTheLegacyEraIfThatIsAskedFor()
    {
        SessionProbe probe;
        ServerTarget older = target();
        older.revision = u"2025-11-25"_s;
        QVERIFY2(probe.connectTo(older), probe.explain(probe.state().failure));
        QCOMPARE(probe.state().revision, u"2025-11-25"_s);
        QCOMPARE(SessionProbe::text(probe.call(u"add"_s, R"({"a":1,"b":2})")), u"3"_s);
        QCOMPARE(probe.call(u"count"_s, R"({"to":2})").failure, std::nullopt);
        QCOMPARE(probe.progress().constLast().message, u"step 2"_s);
        QVERIFY(!probe.request(pingCall()).failure);
        quietEnd(&probe);
    }

private:
    static bool isProgram()
    {
        QFETCH_GLOBAL(bool, isProgram);
        return isProgram;
    }
    ServerTarget target() const
    {
        ServerTarget target;
        target.offer = {.roots = true, .sampling = true, .elicitation = true};
        if (isProgram()) {
            ServerCommand command;
            command.program = pinnedNode();
            command.arguments = {npmPath(u"modern-server.mjs"_s)};
            target.command = command;
        } else {
            target.url = m_url;
            target.order = Ladder::Order::ModernFirst;
        }
        return target;
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

    ChildProcess m_server;
    QUrl m_url;
};

QTEST_GUILESS_MAIN(RealModern)
#include "test_real_modern.moc"
