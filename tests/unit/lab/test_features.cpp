// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What the lab offers over Streamable HTTP with sessions: resources, prompts, completions, log
// messages, changes, tasks.

#include "core/lab/lab.h"
#include "raw_client.h"
#include "wire.h"

#include <QSet>
#include <QTest>

using namespace sightglass;

namespace {

void addRevisions()
{
    QTest::addColumn<QByteArray>("revision");
    for (const char *revision : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
        QTest::newRow(revision) << QByteArray(revision);
}

/// All entries of a list, page by page.
QJsonArray pages(const RawSession &session, const QByteArray &method, const char *name,
                 int *count = nullptr)
{
    QJsonArray all;
    QByteArray params = "{}";
    for (int page = 1; page < 100; ++page) {
        const QJsonObject result = session.ask(method, params);
        for (const QJsonValue &entry : result.value(QLatin1String(name)).toArray())
            all.append(entry);
        if (count)
            *count = page;
        const QString cursor = textAt(result, "nextCursor");
        if (cursor.isEmpty())
            break;
        params = "{\"cursor\":\"" + cursor.toUtf8() + "\"}";
    }
    return all;
}

/// A stream on which the server speaks of its own accord.
class Listener {
public:
    explicit Listener(const RawSession &session)
        : m_client(session.url)
    {
        m_client.sendRequest("GET", {}, session.headers());
        m_client.answer([](const RawAnswer &answer) { return answer.body.contains("retry: "); });
    }
    /// The messages up to the count, or all that came.
    QList<QByteArray> hear(qsizetype count)
    {
        return m_client
            .answer([count](const RawAnswer &answer) { return answer.events().size() >= count; })
            .events();
    }

private:
    RawClient m_client;
};

} // namespace

class TestFeatures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        lab = std::make_unique<Lab>(LabSettings{.pingMs = 0, .keepAliveMs = 0});
        QVERIFY(lab->listen());
    }
    void cleanup() { lab.reset(); }

    void capabilitiesAreThoseOfTheRevision_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<QStringList>("capabilities");
        const QStringList first{QStringLiteral("logging"), QStringLiteral("prompts"),
                                QStringLiteral("resources"), QStringLiteral("tools")};
        QTest::newRow("2024-11-05") << QByteArray("2024-11-05") << first;
        const QStringList second = QStringList{QStringLiteral("completions")} + first;
        QTest::newRow("2025-03-26") << QByteArray("2025-03-26") << second;
        QTest::newRow("2025-06-18") << QByteArray("2025-06-18") << second;
        QStringList third = second;
        third.insert(4, QStringLiteral("tasks"));
        QTest::newRow("2025-11-25") << QByteArray("2025-11-25") << third;
    }
    void capabilitiesAreThoseOfTheRevision()
    {
        QFETCH(QByteArray, revision);
        QFETCH(QStringList, capabilities);
        const RawSession session(lab->url(), revision);
        QCOMPARE(session.revision, revision);
        QCOMPARE(at(session.initialized.json(), "result/capabilities").toObject().keys(),
                 capabilities);
        QVERIFY(at(session.initialized.json(), "result/capabilities/resources/subscribe").toBool());
    }

    void entriesHaveWhatTheRevisionHas_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<bool>("has");
        const QList<QByteArray> revisions{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"};
        const std::pair<const char *, int> since[] = {
            {"annotations", 1}, {"title", 2}, {"outputSchema", 2}, {"icons", 3}, {"execution", 3}};
        for (int i = 0; i < revisions.size(); ++i) {
            for (const auto &[member, first] : since)
                QTest::addRow("%s in %s", member, revisions[i].constData())
                    << revisions[i] << QByteArray(member) << (i >= first);
        }
    }
    void entriesHaveWhatTheRevisionHas()
    {
        QFETCH(QByteArray, revision);
        QFETCH(QByteArray, member);
        QFETCH(bool, has);
        const RawSession session(lab->url(), revision);
        bool found = false;
        for (const QJsonValue &tool : pages(session, "tools/list", "tools"))
            found = found || tool.toObject().contains(QLatin1String(member));
        QCOMPARE(found, has);
    }
    void resultsHaveWhatTheRevisionHas_data() { addRevisions(); }
    void resultsHaveWhatTheRevisionHas()
    {
        QFETCH(QByteArray, revision);
        const RawSession session(lab->url(), revision);
        const QJsonObject weather =
            session.call("structured-content", R"({"town":"Bergen"})").json();
        QCOMPARE(at(weather, "result").toObject().contains(QLatin1String("structuredContent")),
                 revision >= "2025-06-18");
        const QJsonObject sound = session.call("get-audio", R"({"seconds":0.1})").json();
        QCOMPARE(textAt(sound, "result/content/1/type"),
                 revision >= "2025-03-26" ? QStringLiteral("audio") : QStringLiteral("text"));
    }

    void listsComeInPages_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("least");
        QTest::newRow("tools") << QByteArray("tools/list") << QByteArray("tools") << 30;
        QTest::newRow("resources") << QByteArray("resources/list") << QByteArray("resources") << 36;
        QTest::newRow("templates")
            << QByteArray("resources/templates/list") << QByteArray("resourceTemplates") << 5;
        QTest::newRow("prompts") << QByteArray("prompts/list") << QByteArray("prompts") << 6;
    }
    void listsComeInPages()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, name);
        QFETCH(int, least);
        const RawSession session(lab->url());
        int count = 0;
        const QJsonArray entries = pages(session, method, name, &count);
        QVERIFY2(entries.size() >= least, QByteArray::number(entries.size()));
        QVERIFY(count >= 2);
        QSet<QString> names;
        for (const QJsonValue &entry : entries)
            names.insert(textAt(entry, "name"));
        QCOMPARE(names.size(), entries.size());
        QCOMPARE(at(session.ask(method, R"({"cursor":"page-99"})"), "error/code").toInt(), -32602);
    }

    void everyResourceCanBeRead()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, R"({"elicitation":{}})");
        int blobs = 0;
        for (const QJsonValue &resource : pages(session, "resources/list", "resources")) {
            const QString uri = textAt(resource, "uri");
            if (uri == QLatin1String("lab://sealed/letter"))
                continue; // asks first
            const QJsonObject result =
                session.ask("resources/read", "{\"uri\":\"" + uri.toUtf8() + "\"}");
            QCOMPARE(textAt(result, "contents/0/uri"), uri);
            QCOMPARE(textAt(result, "contents/0/mimeType"), textAt(resource, "mimeType"));
            const QJsonObject contents = at(result, "contents/0").toObject();
            QVERIFY(contents.contains(QLatin1String("text"))
                    != contents.contains(QLatin1String("blob")));
            blobs += contents.contains(QLatin1String("blob")) ? 1 : 0;
        }
        QVERIFY(blobs >= 3);
        const QByteArray every = QByteArray::fromBase64(
            textAt(session.ask("resources/read", "{\"uri\":\"lab://blobs/every-byte.bin\"}"),
                   "contents/0/blob")
                .toLatin1());
        QCOMPARE(every.size(), 256);
        QCOMPARE(uchar(every.at(255)), uchar(255));
    }
    void templatesMakeResources_data()
    {
        QTest::addColumn<QByteArray>("uri");
        QTest::addColumn<bool>("there");
        QTest::newRow("a town") << QByteArray("lab://towns/Bergen/weather") << true;
        QTest::newRow("escapes") << QByteArray("lab://towns/Z%C3%BCrich/weather") << true;
        QTest::newRow("no town") << QByteArray("lab://towns/Atlantis/weather") << false;
        QTest::newRow("a street") << QByteArray("lab://towns/Bergen/streets/B%20Water%20Gate")
                                  << true;
        QTest::newRow("of another town")
            << QByteArray("lab://towns/Lisbon/streets/B%20Water%20Gate") << false;
        QTest::newRow("a drawing") << QByteArray("lab://drawings/amber/64") << true;
        QTest::newRow("too large") << QByteArray("lab://drawings/amber/5000") << false;
        QTest::newRow("a page") << QByteArray("lab://logbook/1000") << true;
        QTest::newRow("no page") << QByteArray("lab://logbook/1001") << false;
        QTest::newRow("a path") << QByteArray("lab://files/a/b/c.txt") << true;
        QTest::newRow("nothing") << QByteArray("lab://") << false;
    }
    void templatesMakeResources()
    {
        QFETCH(QByteArray, uri);
        QFETCH(bool, there);
        const QJsonObject result =
            RawSession(lab->url()).ask("resources/read", "{\"uri\":\"" + uri + "\"}");
        QCOMPARE(result.contains(QLatin1String("contents")), there);
        if (!there) {
            QCOMPARE(at(result, "error/code").toInt(), -32002);
            QCOMPARE(textAt(result, "error/data/uri").toUtf8(), uri);
        }
    }

    void argumentsAreCompleted_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<int>("values"); ///< -1: refused
        QTest::addColumn<int>("total");
        const auto row = [](const char *what, const char *params, int values, int total,
                            const char *revision = "2025-11-25") {
            QTest::newRow(what) << QByteArray(revision) << QByteArray(params) << values << total;
        };
        row("of a prompt",
            R"({"ref":{"type":"ref/prompt","name":"inspect-pipe"},"argument":{"name":"town","value":"Ber"}})",
            3, 3);
        row("of a template",
            "{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"lab://towns/{town}/"
            "weather\"},\"argument\":{\"name\":\"town\",\"value\":\"z\"}}",
            1, 1);
        row("with context",
            R"({"ref":{"type":"ref/prompt","name":"inspect-pipe"},"argument":{"name":"street","value":"B w"},"context":{"arguments":{"town":"Bergen"}}})",
            1, 1);
        row("without context",
            R"({"ref":{"type":"ref/prompt","name":"inspect-pipe"},"argument":{"name":"street","value":""}})",
            0, 0);
        row("context before it was there",
            R"({"ref":{"type":"ref/prompt","name":"inspect-pipe"},"argument":{"name":"street","value":""},"context":{"arguments":{"town":"Bergen"}}})",
            0, 0, "2025-03-26");
        row("more than fit",
            "{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"lab://logbook/"
            "{number}\"},\"argument\":{\"name\":\"number\",\"value\":\"\"}}",
            100, 1000);
        row("no prompt",
            R"({"ref":{"type":"ref/prompt","name":"none"},"argument":{"name":"a","value":""}})", -1,
            0);
        row("no argument",
            R"({"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"a","value":""}})",
            -1, 0);
        row("nothing", "{}", -1, 0);
    }
    void argumentsAreCompleted()
    {
        QFETCH(QByteArray, revision);
        QFETCH(QByteArray, params);
        QFETCH(int, values);
        QFETCH(int, total);
        const QJsonObject result =
            RawSession(lab->url(), revision).ask("completion/complete", params);
        if (values < 0) {
            QCOMPARE(at(result, "error/code").toInt(), -32602);
            return;
        }
        QCOMPARE(at(result, "completion/values").toArray().size(), values);
        QCOMPARE(at(result, "completion/total").toInt(-1), total);
        QCOMPARE(at(result, "completion/hasMore").toBool(), total > values);
    }

    void promptsAreGiven_data()
    {
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QString>("type"); ///< of the first message's content; empty: refused
        QTest::newRow("plain") << QByteArray(R"({"name":"greet"})") << QStringLiteral("text");
        QTest::newRow("with arguments")
            << QByteArray(R"({"name":"summarise","arguments":{"text":"x","style":"pirate"}})")
            << QStringLiteral("text");
        QTest::newRow("image") << QByteArray(R"({"name":"look-at-picture"})")
                               << QStringLiteral("image");
        QTest::newRow("embedded") << QByteArray(R"({"name":"read-note"})")
                                  << QStringLiteral("resource");
        QTest::newRow("missing argument") << QByteArray(R"({"name":"summarise"})") << QString();
        QTest::newRow("no string")
            << QByteArray(R"({"name":"summarise","arguments":{"text":1}})") << QString();
        QTest::newRow("unknown") << QByteArray(R"({"name":"none"})") << QString();
    }
    void promptsAreGiven()
    {
        QFETCH(QByteArray, params);
        QFETCH(QString, type);
        const QJsonObject result = RawSession(lab->url()).ask("prompts/get", params);
        QCOMPARE(textAt(result, "messages/0/content/type"), type);
        if (type.isEmpty())
            QCOMPARE(at(result, "error/code").toInt(), -32602);
        if (params.contains("pirate"))
            QVERIFY(textAt(result, "messages/0/content/text").contains(QLatin1String("pirate")));
    }

    void subscribersHearOfUpdates()
    {
        const RawSession session(lab->url());
        const RawSession other(lab->url());
        Listener stream(session);
        Listener elsewhere(other);
        QVERIFY(session.ask("resources/subscribe", "{\"uri\":\"lab://live/counter\"}").isEmpty());
        session.call("change-resource");
        QCOMPARE(written(objectOf(stream.hear(1).value(0))),
                 QByteArray(R"({"jsonrpc":"2.0","method":"notifications/resources/updated",)"
                            "\"params\":{\"uri\":\"lab://live/counter\"}}"));
        QCOMPARE(textAt(session.ask("resources/read", "{\"uri\":\"lab://live/counter\"}"),
                        "contents/0/text"),
                 QStringLiteral("1"));
        session.ask("resources/unsubscribe", "{\"uri\":\"lab://live/counter\"}");
        session.call("change-resource");
        session.call("change-list");
        // What comes next is another thing.
        QVERIFY(stream.hear(2).value(1).contains("prompts/list_changed"));
        QVERIFY(elsewhere.hear(1).value(0).contains("prompts/list_changed"));
    }
    void unknownResourcesCannotBeSubscribedTo()
    {
        const QJsonObject result =
            RawSession(lab->url()).ask("resources/subscribe", "{\"uri\":\"lab://none\"}");
        QCOMPARE(at(result, "error/code").toInt(), -32002);
    }
    void theClockChangesByItself()
    {
        const RawSession session(lab->url());
        Listener stream(session);
        session.ask("resources/subscribe", "{\"uri\":\"lab://live/clock\"}");
        session.call("start-clock", R"({"times":3,"seconds":0.01})");
        QCOMPARE(stream.hear(3).size(), 3);
        QCOMPARE(textAt(session.ask("resources/read", "{\"uri\":\"lab://live/clock\"}"),
                        "contents/0/text"),
                 QStringLiteral("3 ticks"));
    }
    void changedListsAreTold_data()
    {
        QTest::addColumn<QByteArray>("list");
        for (const char *list : {"tools", "prompts", "resources"})
            QTest::newRow(list) << QByteArray(list);
    }
    void changedListsAreTold()
    {
        QFETCH(QByteArray, list);
        const RawSession session(lab->url());
        Listener stream(session);
        const auto change = [&](const char *what) {
            session.call("change-list", "{\"list\":\"" + list + "\",\"what\":\"" + what + "\"}");
        };
        const auto added = [&] {
            QJsonObject found;
            for (const QJsonValue &entry : pages(session, list + "/list", list.constData())) {
                if (textAt(entry, "name") == QLatin1String("added-1"))
                    found = entry.toObject();
            }
            return found;
        };
        change("add");
        QCOMPARE(textAt(objectOf(stream.hear(1).value(0)), "method").toUtf8(),
                 "notifications/" + list + "/list_changed");
        const QJsonObject before = added();
        QVERIFY(!before.isEmpty());
        change("change");
        QCOMPARE(stream.hear(2).size(), 2);
        QVERIFY(added() != before);
        change("remove");
        QCOMPARE(stream.hear(3).size(), 3);
        QVERIFY(added().isEmpty());
    }
    void logMessagesOfEachLevelKeepToTheClientsLevel_data()
    {
        QTest::addColumn<QByteArray>("level");
        QTest::addColumn<int>("messages");
        QTest::newRow("emergency") << QByteArray("emergency") << 1;
        QTest::newRow("error") << QByteArray("error") << 4;
        QTest::newRow("notice") << QByteArray("notice") << 6;
    }
    void logMessagesOfEachLevelKeepToTheClientsLevel()
    {
        QFETCH(QByteArray, level);
        QFETCH(int, messages);
        const RawSession session(lab->url());
        session.ask("logging/setLevel", "{\"level\":\"" + level + "\"}");
        Listener stream(session);
        session.call("log-messages");
        session.call("change-list");
        QList<QByteArray> heard = stream.hear(messages + 1);
        QVERIFY(heard.takeLast().contains("list_changed"));
        QCOMPARE(heard.size(), messages);
        for (const QByteArray &message : std::as_const(heard))
            QCOMPARE(textAt(objectOf(message), "method"), QStringLiteral("notifications/message"));
        QCOMPARE(
            at(RawSession(lab->url()).ask("logging/setLevel", R"({"level":"loud"})"), "error/code")
                .toInt(),
            -32602);
    }

    void tasksRunAndAreFetched()
    {
        const RawSession session(lab->url());
        const QJsonObject created =
            session.ask("tools/call",
                        R"({"name":"brew-tea","arguments":{"seconds":0.1},"task":{"ttl":60000}})");
        const QByteArray id = textAt(created, "task/taskId").toUtf8();
        QVERIFY(!id.isEmpty());
        QCOMPARE(textAt(created, "task/status"), QStringLiteral("working"));
        QCOMPARE(at(created, "task/ttl").toInt(), 60000);
        QCOMPARE(textAt(session.ask("tasks/get", "{\"taskId\":\"" + id + "\"}"), "status"),
                 QStringLiteral("working"));
        // Waits until it is over.
        const QJsonObject result = session.ask("tasks/result", "{\"taskId\":\"" + id + "\"}");
        QCOMPARE(textAt(result, "content/0/text"), QStringLiteral("The tea is ready."));
        QCOMPARE(at(result, "_meta")
                     .toObject()
                     .value(QLatin1String("io.modelcontextprotocol/related-task"))
                     .toObject()
                     .value(QLatin1String("taskId"))
                     .toString()
                     .toUtf8(),
                 id);
        QCOMPARE(textAt(session.ask("tasks/get", "{\"taskId\":\"" + id + "\"}"), "status"),
                 QStringLiteral("completed"));
        QCOMPARE(at(session.ask("tasks/list"), "tasks").toArray().size(), 1);
        QCOMPARE(
            at(session.ask("tasks/cancel", "{\"taskId\":\"" + id + "\"}"), "error/code").toInt(),
            -32602);
        // Another client does not know it.
        QCOMPARE(
            at(RawSession(lab->url()).ask("tasks/get", "{\"taskId\":\"" + id + "\"}"), "error/code")
                .toInt(),
            -32602);
    }
    void tasksCanBeCancelled()
    {
        const RawSession session(lab->url());
        Listener stream(session);
        const QJsonObject created = session.ask(
            "tools/call", R"({"name":"deep-clean","arguments":{"seconds":600},"task":{}})");
        const QByteArray id = textAt(created, "task/taskId").toUtf8();
        QCOMPARE(textAt(session.ask("tasks/cancel", "{\"taskId\":\"" + id + "\"}"), "status"),
                 QStringLiteral("cancelled"));
        const QJsonObject told = objectOf(stream.hear(1).value(0));
        QCOMPARE(textAt(told, "method"), QStringLiteral("notifications/tasks/status"));
        QCOMPARE(textAt(told, "params/status"), QStringLiteral("cancelled"));
        QVERIFY(at(session.ask("tasks/result", "{\"taskId\":\"" + id + "\"}"), "error/code").toInt()
                != 0);
    }
    void aFailedToolIsAFailedTask()
    {
        const RawSession session(lab->url());
        const QByteArray id =
            textAt(session.ask(
                       "tools/call",
                       R"({"name":"brew-tea","arguments":{"seconds":0.04,"fail":true},"task":{}})"),
                   "task/taskId")
                .toUtf8();
        QVERIFY(at(session.ask("tasks/result", "{\"taskId\":\"" + id + "\"}"), "isError").toBool());
        QCOMPARE(textAt(session.ask("tasks/get", "{\"taskId\":\"" + id + "\"}"), "status"),
                 QStringLiteral("failed"));
    }
    void toolsSayWhetherTheyRunAsTasks_data()
    {
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<int>("code");
        QTest::newRow("required, and not asked")
            << QByteArray(R"({"name":"deep-clean","arguments":{}})") << -32601;
        QTest::newRow("forbidden, and asked")
            << QByteArray(R"({"name":"echo","arguments":{"message":"x"},"task":{}})") << -32601;
    }
    void toolsSayWhetherTheyRunAsTasks()
    {
        QFETCH(QByteArray, params);
        QFETCH(int, code);
        QCOMPARE(at(RawSession(lab->url()).ask("tools/call", params), "error/code").toInt(), code);
        // Where the revision has no tasks the member means nothing.
        QVERIFY(RawSession(lab->url(), "2025-06-18")
                    .ask("tools/call", R"({"name":"echo","arguments":{"message":"x"},"task":{}})")
                    .contains(QLatin1String("content")));
    }
    void methodsOfOtherRevisionsAreUnknown_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<QByteArray>("method");
        QTest::newRow("tasks before tasks") << QByteArray("2025-06-18") << QByteArray("tasks/list");
        QTest::newRow("discover in a session")
            << QByteArray("2025-11-25") << QByteArray("server/discover");
        QTest::newRow("listen in a session")
            << QByteArray("2025-11-25") << QByteArray("subscriptions/listen");
    }
    void methodsOfOtherRevisionsAreUnknown()
    {
        QFETCH(QByteArray, revision);
        QFETCH(QByteArray, method);
        QCOMPARE(at(RawSession(lab->url(), revision).ask(method), "error/code").toInt(), -32601);
    }
    void aLabSpeaksOnlyWhatItIsToldTo()
    {
        lab = std::make_unique<Lab>(
            LabSettings{.revisions = {QStringLiteral("2025-03-26"), QStringLiteral("2025-06-18")}});
        QVERIFY(lab->listen());
        QCOMPARE(RawSession(lab->url(), "2025-03-26").revision, QByteArray("2025-03-26"));
        QCOMPARE(RawSession(lab->url(), "2025-11-25").revision, QByteArray("2025-06-18"));
        QString problem;
        QVERIFY(!Lab(LabSettings{.revisions = {QStringLiteral("1999-01-01")}}).listen(&problem));
        QVERIFY(!problem.isEmpty());
    }
    void sessionsThatNobodyUsesAreForgotten()
    {
        lab = std::make_unique<Lab>(LabSettings{.pingMs = 0, .keepAliveMs = 0, .idleMs = 50});
        QVERIFY(lab->listen());
        bool forgotten = false;
        const QObject here; // the lab lives longer than this function
        connect(lab.get(), &Lab::log, &here, [&forgotten](const QString &line) {
            forgotten = forgotten || line.contains(QLatin1String("nobody used"));
        });
        const RawSession used(lab->url());
        Listener stream(used);
        const RawSession left(lab->url());
        QVERIFY(RawClient::waitFor([&] { return forgotten; }));
        QCOMPARE(left.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").status, 404);
        QCOMPARE(used.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").status, 200);
    }

private:
    std::unique_ptr<Lab> lab;
};

QTEST_GUILESS_MAIN(TestFeatures)
#include "test_features.moc"
