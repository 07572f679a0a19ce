// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// All that the official reference server offers, over each transport that it has.

#include "core/jsonrpc/json_edit.h"
#include "core/mcp/calls.h"
#include "core/mcp/elicitation.h"
#include "tests/support/everything.h"
#include "tests/support/person.h"
#include "tests/support/session_probe.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

const QByteArray Form = "elicitation/create";
const QByteArray Sampling = "sampling/createMessage";
const QByteArray Message = "notifications/message";

QString at(const QByteArray &result, QByteArrayView pointer)
{
    const JsonText json = JsonText::parse(result);
    return json.string(json.find(pointer));
}

/// A tools/call that is to run as a task (2025-11-25, basic/utilities/tasks).
RpcCall asTask(const QString &tool, const QByteArray &arguments)
{
    JsonWriter params;
    params.beginObject().key(u"name").value(tool).key(u"arguments").raw(arguments);
    params.key(u"task").beginObject().key(u"ttl").value(60000).endObject().endObject();
    return {"tools/call", params.text()};
}

RpcCall aboutTask(const QByteArray &method, const QString &taskId)
{
    JsonWriter params;
    params.beginObject().key(u"taskId").value(taskId).endObject();
    return {method, params.text()};
}

} // namespace

class RealEverythingFeatures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("transport");
        for (const char *transport : {"streamableHttp", "sse", "stdio"})
            QTest::newRow(transport) << QString::fromLatin1(transport);
    }
    void initTestCase()
    {
        for (const char *transport : {"streamableHttp", "sse", "stdio"}) {
            Everything &server = m_servers[QString::fromLatin1(transport)];
            QVERIFY2(server.start(QString::fromLatin1(transport)), server.output().constData());
        }
    }

    void callsEachToolThatNeedsNoClientFeature()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QCOMPARE(probe.state().revision, u"2025-11-25"_s);
        for (const Everything::ToolCall &call : Everything::toolCalls()) {
            const CallResult result = probe.call(QString::fromLatin1(call.tool), call.arguments);
            QVERIFY2(!result.failure, probe.explain(result.failure));
            QVERIFY2(!result.isError, result.result);
            QVERIFY2(result.result.contains(call.inTheResult), result.result);
        }
        quietEnd(&probe);
    }

    void readsAllThatIsListed()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const Listing resources = probe.list(ListKind::Resources);
        QVERIFY(resources.complete);
        QVERIFY(resources.items.size() >= 5);
        for (const ListItem &item : resources.items) {
            QVERIFY2(item.problem.isEmpty(), qPrintable(item.uri + item.problem));
            const CallResult read = probe.request(readResourceCall(item.uri));
            QVERIFY2(!read.failure, probe.explain(read.failure));
            QCOMPARE(at(read.result, "/contents/0/uri"), item.uri);
        }
        const Listing templates = probe.list(ListKind::ResourceTemplates);
        QVERIFY(templates.complete);
        QCOMPARE(templates.items.size(), 2);
        for (const ListItem &item : templates.items) {
            const Completion ids = readCompletion(
                probe.request(completeCall({{}, item.uri, u"resourceId"_s, u"7"_s, {}})).result);
            QCOMPARE(ids.values, QStringList(u"7"_s));
            QString uri = item.uri;
            uri.replace(u"{resourceId}"_s, ids.values.first());
            const CallResult read = probe.request(readResourceCall(uri));
            QVERIFY2(!read.failure, probe.explain(read.failure));
            QCOMPARE(at(read.result, "/contents/0/uri"), uri);
        }
        const CallResult none = probe.request(readResourceCall(u"demo://no/such"_s));
        QCOMPARE(none.errorCode, std::optional<qint64>(-32602));
        quietEnd(&probe);
    }

    void getsEachPromptWithCompletedArguments()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const Listing prompts = probe.list(ListKind::Prompts);
        QStringList names;
        for (const ListItem &item : prompts.items)
            names.append(item.name);
        names.sort();
        QCOMPARE(names,
                 QStringList({u"args-prompt"_s, u"completable-prompt"_s, u"resource-prompt"_s,
                              u"simple-prompt"_s}));
        const auto get = [&](const QString &name, const QByteArray &arguments) {
            return probe.request(getPromptCall(name, arguments)).result;
        };
        QVERIFY(get(u"simple-prompt"_s, {}).contains("messages"));
        QVERIFY(get(u"args-prompt"_s, R"({"city":"Graz","state":"Styria"})").contains("Styria"));
        QVERIFY(get(u"resource-prompt"_s, R"({"resourceType":"Blob","resourceId":"3"})")
                    .contains("\"blob\""));
        const Completion departments = readCompletion(
            probe.request(completeCall({u"completable-prompt"_s, {}, u"department"_s, u"S"_s, {}}))
                .result);
        QCOMPARE(departments.values, QStringList({u"Sales"_s, u"Support"_s}));
        const Completion people = readCompletion(
            probe
                .request(completeCall(
                    {u"completable-prompt"_s, {}, u"name"_s, {}, R"({"department":"Sales"})"}))
                .result);
        QCOMPARE(people.values, QStringList({u"David"_s, u"Eve"_s, u"Frank"_s}));
        QVERIFY(get(u"completable-prompt"_s, R"({"department":"Sales","name":"Eve"})")
                    .contains("promote Eve"));
        QVERIFY(!probe.request(pingCall()).failure);
        quietEnd(&probe);
    }

    void answersWhatTheServerAsks()
    {
        SessionProbe probe;
        Person person(&probe.session());
        probe.session().setRoots({{u"file:///one"_s, u"One"_s}});
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        // Tools that want something of the client are added once it said what it offers.
        QStringList asking;
        QVERIFY(probe.waitFor([&] {
            asking.clear();
            for (const Tool &tool : probe.tools().tools) {
                if (tool.name.startsWith(u"trigger-"_s) || tool.name == u"get-roots-list"_s)
                    asking.append(tool.name);
            }
            return asking.contains(u"trigger-url-elicitation"_s);
        }));
        asking.sort();
        QCOMPARE(asking,
                 QStringList({u"get-roots-list"_s, u"trigger-elicitation-request"_s,
                              u"trigger-long-running-operation"_s, u"trigger-sampling-request"_s,
                              u"trigger-url-elicitation"_s}));

        // A form, filled in with what it proposes and the one field that it needs.
        person.replies[Form] = withResult(R"({"action":"decline"})");
        CallResult result = probe.call(u"trigger-elicitation-request"_s);
        QVERIFY2(result.result.contains("declined"), result.result);
        const QByteArray content =
            jsonWithMember(elicitationDefaults(person.asked.constLast().params), "/name", "\"Ada\"")
                .text;
        person.replies[Form] = withResult(R"({"action":"accept","content":)" + content + '}');
        result = probe.call(u"trigger-elicitation-request"_s);
        QVERIFY2(result.result.contains("Name: Ada"), result.result);
        QVERIFY2(result.result.contains("Favorite Integer: 42"), result.result);
        person.replies[Form] = withResult(R"({"action":"cancel"})");
        result = probe.call(u"trigger-elicitation-request"_s);
        QVERIFY2(result.result.contains("cancelled"), result.result);

        // A page to open.
        const QByteArray page = "{\"url\":\"https://example.org/a\"}";
        person.replies[Form] = withResult(R"({"action":"accept"})");
        result = probe.call(u"trigger-url-elicitation"_s, page);
        QCOMPARE(at(person.asked.constLast().params, "/url"), u"https://example.org/a"_s);
        QVERIFY2(result.result.contains("completed the URL"), result.result);
        result = probe.call(u"trigger-url-elicitation"_s,
                            "{\"url\":\"https://example.org/a\",\"errorPath\":true}");
        QCOMPARE(result.errorCode, std::optional<qint64>(-32042));

        // A model's answer; then none.
        person.replies[Sampling] = withResult(
            R"({"role":"assistant","model":"m","content":{"type":"text","text":"forty-two"}})");
        const QByteArray prompt = R"({"prompt":"why","maxTokens":5})";
        result = probe.call(u"trigger-sampling-request"_s, prompt);
        QVERIFY2(result.result.contains("forty-two"), result.result);
        person.replies[Sampling] = ServerReply{{}, -1, u"the user said no"_s};
        result = probe.call(u"trigger-sampling-request"_s, prompt);
        QVERIFY2(result.isError && result.result.contains("the user said no"), result.result);

        // Folders, and others later.
        result = probe.call(u"get-roots-list"_s);
        QVERIFY2(result.result.contains("file:///one"), result.result);
        probe.session().setRoots({{u"file:///one"_s, {}}, {u"file:///two"_s, {}}});
        QVERIFY(probe.waitFor([&] { return person.wasTold(Message, "Roots updated: 2"); }));
        result = probe.call(u"get-roots-list"_s);
        QVERIFY2(result.result.contains("file:///two"), result.result);
        QVERIFY(probe.state().asked.isEmpty());
        quietEnd(&probe);
    }

    void hearsOfResourcesThatItSubscribedTo()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const QString uri = u"demo://resource/static/document/features.md"_s;
        probe.session().subscribe(uri, true);
        QVERIFY(probe.waitFor([&] { return person.wasTold(Message, "Received Subscribe"); }));
        QCOMPARE(probe.state().subscriptions, QStringList(uri));
        QVERIFY(!probe.call(u"toggle-subscriber-updates"_s).failure);
        QVERIFY(probe.waitFor(
            [&] { return person.wasTold("notifications/resources/updated", uri.toUtf8()); }));
        probe.session().subscribe(uri, false);
        QVERIFY(probe.waitFor([&] { return person.wasTold(Message, "Received Unsubscribe"); }));
        QVERIFY(probe.waitFor([&] { return probe.state().subscriptions.isEmpty(); }));
        QVERIFY(!probe.call(u"toggle-subscriber-updates"_s).failure);
        quietEnd(&probe);
    }

    void hearsLogMessagesOfTheLevelItAskedFor()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        probe.session().setLogLevel("emergency");
        const QString uri = u"demo://resource/static/document/features.md"_s;
        // Both are told of at the level "info".
        probe.session().subscribe(uri, true);
        QVERIFY(!probe.request(pingCall()).failure);
        probe.session().setLogLevel("debug");
        probe.session().subscribe(uri, false);
        QVERIFY(probe.waitFor([&] { return person.wasTold(Message, "Unsubscribe"); }));
        QVERIFY(!person.wasTold(Message, "Received Subscribe"));
        QVERIFY(!probe.call(u"toggle-simulated-logging"_s).failure);
        QVERIFY(probe.waitFor([&] { return person.wasTold(Message, "-level message"); }));
        quietEnd(&probe);
    }

    void runsATaskToItsEndAndAnswersItsQuestion()
    {
        SessionProbe probe;
        Person person(&probe.session());
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const CallResult created = probe.request(
            asTask(u"simulate-research-query"_s, R"({"topic":"python","ambiguous":true})"));
        QVERIFY2(!created.failure, probe.explain(created.failure));
        const QString taskId = at(created.result, "/task/taskId");
        QVERIFY2(!taskId.isEmpty(), created.result);
        QCOMPARE(at(created.result, "/task/status"), u"working"_s);
        const Listing tasks = probe.list(ListKind::Tasks);
        QVERIFY(tasks.complete);
        QCOMPARE(tasks.items.size(), 1);
        QCOMPARE(tasks.items.first().name, taskId);
        QVERIFY(probe.waitFor([&] {
            return at(probe.request(aboutTask("tasks/get", taskId)).result, "/status")
                == u"input_required"_s;
        }));
        person.replies[Form] =
            withResult(R"({"action":"accept","content":{"interpretation":"snake"}})");
        const CallResult result = probe.request(aboutTask("tasks/result", taskId));
        QVERIFY2(!result.failure, probe.explain(result.failure));
        QVERIFY2(result.result.contains("snake"), result.result);
        QCOMPARE(person.askedFor(Form), 1);
        QCOMPARE(at(probe.request(aboutTask("tasks/get", taskId)).result, "/status"),
                 u"completed"_s);
        quietEnd(&probe);
    }

    void endsATaskThatIsCancelled()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        const QString taskId =
            at(probe.request(asTask(u"simulate-research-query"_s, R"({"topic":"a"})")).result,
               "/task/taskId");
        QCOMPARE(at(probe.request(aboutTask("tasks/cancel", taskId)).result, "/status"),
                 u"cancelled"_s);
        QVERIFY(probe.request(aboutTask("tasks/cancel", taskId)).errorCode.has_value());
        QCOMPARE(at(probe.request(aboutTask("tasks/get", taskId)).result, "/status"),
                 u"cancelled"_s);
        quietEnd(&probe);
    }

    void cancelsACallThatTellsProgress()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QList<Progress> told;
        std::optional<CallResult> ended;
        connect(&probe.session(), &Session::callProgress, &probe,
                [&](Ticket, const Progress &progress) { told.append(progress); });
        connect(&probe.session(), &Session::callFinished, &probe,
                [&](Ticket, const CallResult &result) { ended = result; });
        const Ticket ticket = probe.session().callTool(u"trigger-long-running-operation"_s,
                                                       R"({"duration":60,"steps":600})");
        QVERIFY(probe.waitFor([&] { return told.size() >= 3; }));
        QCOMPARE(told.first().total, std::optional<double>(600));
        QVERIFY(told.at(1).progress > told.at(0).progress);
        probe.session().cancel(ticket);
        QVERIFY(probe.waitFor([&] { return ended.has_value(); }));
        QCOMPARE(ended->failure->kind, FailureKind::Cancelled);
        QVERIFY(!probe.request(pingCall()).failure);
        quietEnd(&probe);
    }

private:
    ServerTarget target()
    {
        QFETCH_GLOBAL(QString, transport);
        ServerTarget target = m_servers[transport].target();
        target.offer = {.roots = true, .sampling = true, .elicitation = true, .tasks = true};
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

    std::map<QString, Everything> m_servers;
};

QTEST_GUILESS_MAIN(RealEverythingFeatures)
#include "test_real_everything_features.moc"
