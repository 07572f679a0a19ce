// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/lab/lab.h"
#include "tests/support/cli_run.h"
#include "tests/support/odd_server.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(800)
        + ", stderr: " + run.err.left(1200);
}

} // namespace

/// What the program does where a server, or the person, leaves the protocol.
class TestCliProtocol : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_server = std::make_unique<OddServer>(); }

    void the_older_transport_has_no_modern_revision();
    void headers_of_ones_own_that_contradict_are_told();
    void invalid_arguments_are_told_and_sent();
    void tasks_are_not_asked_for_where_the_revision_has_none_data();
    void tasks_are_not_asked_for_where_the_revision_has_none();
    void tasks_are_not_listed_where_the_extension_has_no_list();
    void a_call_by_hand_that_names_no_tool_is_sent_at_once_data();
    void a_call_by_hand_that_names_no_tool_is_sent_at_once();
    void what_a_subscription_was_not_granted_is_told();
    void a_session_counts_only_from_initialize();
    void input_that_was_not_offered_is_no_interruption();
    void addresses_that_a_server_wants_opened_are_shown();
    void a_call_without_structured_content_asks_for_nothing_more();
    void questions_without_end_do_not_fill_the_terminal_data();
    void questions_without_end_do_not_fill_the_terminal();
    void a_task_that_asks_without_end_is_left();
    void a_subscription_that_is_not_acknowledged_is_told_for_what_it_is_data();
    void a_subscription_that_is_not_acknowledged_is_told_for_what_it_is();

private:
    CliRun run(const QStringList &command, const QStringList &more = {}) const
    {
        QStringList all = command;
        all.insert(1, m_server->server.url().toString());
        return runCli(all + QStringList{u"--proxy"_s, u"none"_s} + more);
    }
    /// A server of 2026-07-28 with one tool.
    void modern()
    {
        m_server->on(u"server/discover"_s, [](const OddServer::Message &message) {
            message.to.answer(
                200,
                rpcResult(message.id,
                          "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],"
                          "\"capabilities\":{\"tools\":{},\"resources\":{\"subscribe\":true},"
                          "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}},"
                          "\"ttlMs\":0,\"cacheScope\":\"private\"}"),
                Json);
        });
        m_server->on(u"tools/list"_s, [](const OddServer::Message &message) {
            message.to.answer(200,
                              rpcResult(message.id,
                                        "{\"resultType\":\"complete\",\"tools\":[{\"name\":\"ask\","
                                        "\"inputSchema\":{\"type\":\"object\"}}],\"ttlMs\":0,"
                                        "\"cacheScope\":\"private\"}"),
                              Json);
        });
    }
    QString answers()
    {
        const QString path = m_folder.filePath(u"answers.json"_s);
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write("{\"elicitation\":[{\"action\":\"accept\",\"content\":{\"name\":\"a\"}}]}");
        return path;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<OddServer> m_server;
};

void TestCliProtocol::the_older_transport_has_no_modern_revision()
{
    const CliRun tools =
        run({u"tools"_s}, {u"--transport"_s, u"sse"_s, u"--revision"_s, u"2026-07-28"_s});
    QVERIFY2(tools.exitCode == 2, told(tools));
    QVERIFY2(tools.err.contains("HTTP+SSE") && tools.err.contains("2026-07-28"), told(tools));
    QVERIFY(m_server->server.requests().isEmpty());
}

void TestCliProtocol::headers_of_ones_own_that_contradict_are_told()
{
    const CliRun call = run(
        {u"call"_s, u"any"_s},
        {u"--revision"_s, u"2025-11-25"_s, u"--header"_s, u"MCP-Protocol-Version: 1999-01-01"_s});
    QVERIFY2(call.exitCode == 0, told(call));
    QCOMPARE(m_server->got("tools/call").last().header("MCP-Protocol-Version"), "1999-01-01");
    QVERIFY2(call.err.contains("went out with MCP-Protocol-Version: 1999-01-01, but the revision "
                               "that is spoken is 2025-11-25"),
             told(call));
    QVERIFY2(call.err.count("1999-01-01") == 1, told(call));
}

void TestCliProtocol::invalid_arguments_are_told_and_sent()
{
    Lab lab(LabSettings{.pingMs = 0});
    QVERIFY(lab.listen());
    const CliRun call = runCli({u"call"_s, lab.url().toString(), u"add"_s, u"--args"_s,
                                u"{\"a\":\"x\",\"b\":1}"_s, u"--proxy"_s, u"none"_s});
    QVERIFY2(call.exitCode == 1 && call.out.contains("\"a\""), told(call));
    QVERIFY2(call.err.contains("note: The arguments break the tool's input schema: at /a: It must "
                               "be a number, and is a string."),
             told(call));
}

void TestCliProtocol::tasks_are_not_asked_for_where_the_revision_has_none_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("list") << QStringList{u"tasks"_s};
    QTest::newRow("get") << QStringList{u"tasks"_s, u"get"_s, u"t"_s};
    QTest::newRow("result") << QStringList{u"tasks"_s, u"result"_s, u"t"_s};
    QTest::newRow("cancel") << QStringList{u"tasks"_s, u"cancel"_s, u"t"_s};
}

void TestCliProtocol::tasks_are_not_asked_for_where_the_revision_has_none()
{
    QFETCH(QStringList, command);
    const CliRun tasks = run(command, {u"--revision"_s, u"2025-06-18"_s});
    QVERIFY2(tasks.exitCode == 2, told(tasks));
    QVERIFY2(tasks.err.contains("2025-06-18") && tasks.err.contains("has no tasks"), told(tasks));
    for (const RawRequest &request : m_server->server.requests())
        QVERIFY(!request.body.contains("\"tasks/"));
}

void TestCliProtocol::tasks_are_not_listed_where_the_extension_has_no_list()
{
    modern();
    m_server->on(u"tasks/get"_s, [](const OddServer::Message &message) {
        message.to.answer(200,
                          rpcResult(message.id,
                                    "{\"resultType\":\"complete\",\"taskId\":\"T\",\"status\":"
                                    "\"working\",\"createdAt\":\"2026-01-01T00:00:00Z\","
                                    "\"lastUpdatedAt\":\"2026-01-01T00:00:00Z\",\"ttlMs\":1}"),
                          Json);
    });
    const QStringList pinned = {u"--revision"_s, u"2026-07-28"_s};
    const CliRun list = run({u"tasks"_s}, pinned);
    QVERIFY2(list.exitCode == 2, told(list));
    QVERIFY2(list.err.contains("2026-07-28") && list.err.contains("no list"), told(list));
    QVERIFY(m_server->got("tasks/list").isEmpty());
    const CliRun get = run({u"tasks"_s, u"get"_s, u"T"_s}, pinned);
    QVERIFY2(get.exitCode == 0 && get.out.contains("working"), told(get));
}

void TestCliProtocol::a_call_by_hand_that_names_no_tool_is_sent_at_once_data()
{
    QTest::addColumn<QString>("params");
    QTest::newRow("no name") << u"{}"_s;
    QTest::newRow("a name that is none") << u"{\"name\":1}"_s;
    QTest::newRow("no object") << u"[1]"_s;
}

void TestCliProtocol::a_call_by_hand_that_names_no_tool_is_sent_at_once()
{
    QFETCH(QString, params);
    modern();
    const CliRun raw =
        run({u"raw"_s, u"tools/call"_s}, {u"--args"_s, params, u"--revision"_s, u"2026-07-28"_s});
    QVERIFY2(raw.exitCode == 0, told(raw));
    QVERIFY(m_server->got("tools/list").isEmpty());
    QCOMPARE(m_server->got("tools/call").size(), 1);
}

void TestCliProtocol::what_a_subscription_was_not_granted_is_told()
{
    modern();
    m_server->on(u"subscriptions/listen"_s, [](const OddServer::Message &message) {
        openEvents(message.to,
                   sseEvent("{\"jsonrpc\":\"2.0\",\"method\":"
                            "\"notifications/subscriptions/acknowledged\",\"params\":{\"_meta\":{"
                            "\"io.modelcontextprotocol/subscriptionId\":"
                            + message.id + "},\"notifications\":{}}}"));
    });
    const CliRun subscribe = run({u"subscribe"_s, u"file:///a"_s},
                                 {u"--revision"_s, u"2026-07-28"_s, u"--seconds"_s, u"2"_s});
    QVERIFY2(subscribe.exitCode == 0, told(subscribe));
    QVERIFY2(subscribe.err.count("did not grant") == 1 && subscribe.err.contains("file:///a"),
             told(subscribe));
}

void TestCliProtocol::a_session_counts_only_from_initialize()
{
    m_server->on(u"server/discover"_s, [](const OddServer::Message &message) {
        message.to.answer(200,
                          "{\"jsonrpc\":\"2.0\",\"id\":" + message.id
                              + ",\"error\":{\"code\":-32601,\"message\":\"no\"}}",
                          Json + "Mcp-Session-Id: of-discover\r\n");
    });
    const CliRun tools = run({u"tools"_s});
    QVERIFY2(tools.exitCode == 0, told(tools));
    QVERIFY2(!tools.err.contains("session"), told(tools));
    QVERIFY(m_server->got("initialize").last().header("Mcp-Session-Id").isNull());
    QCOMPARE(m_server->got("tools/list").last().header("Mcp-Session-Id"), "session-1");
    const QList<RawRequest> ends = m_server->got("DELETE");
    QCOMPARE(ends.size(), 1);
    QCOMPARE(ends.first().header("Mcp-Session-Id"), "session-1");
}

void TestCliProtocol::input_that_was_not_offered_is_no_interruption()
{
    modern();
    m_server->on(u"tools/call"_s, [](const OddServer::Message &message) {
        message.to.answer(200,
                          rpcResult(message.id,
                                    "{\"resultType\":\"input_required\",\"inputRequests\":{\"q\":{"
                                    "\"method\":\"elicitation/create\",\"params\":{\"message\":"
                                    "\"name?\",\"requestedSchema\":{\"type\":\"object\","
                                    "\"properties\":{}}}}}}"),
                          Json);
    });
    const CliRun call = run({u"call"_s, u"ask"_s}, {u"--revision"_s, u"2026-07-28"_s});
    QVERIFY2(call.exitCode == 5, told(call));
    QVERIFY2(call.err.contains("elicitation/create") && call.err.contains("not offered"),
             told(call));
}

void TestCliProtocol::addresses_that_a_server_wants_opened_are_shown()
{
    m_server->on(u"tools/call"_s, [](const OddServer::Message &message) {
        message.to.answer(
            200,
            "{\"jsonrpc\":\"2.0\",\"id\":" + message.id
                + ",\"error\":{\"code\":-32042,\"message\":\"sign in first\",\"data\":{"
                  "\"elicitations\":[{\"mode\":\"url\",\"elicitationId\":\"e\",\"url\":"
                  "\"https://auth.example/x?y=1\",\"message\":\"Sign\\n in\\u001b[2J\"}]}}}",
            Json);
    });
    const CliRun call = run({u"call"_s, u"any"_s});
    QVERIFY2(call.exitCode == 5, told(call));
    QVERIFY2(call.err.contains("https://auth.example/x?y=1"), told(call));
    QVERIFY2(call.err.contains("<U+001b>") && !call.err.contains('\x1b'), told(call));
}

void TestCliProtocol::a_call_without_structured_content_asks_for_nothing_more()
{
    bool listed = false;
    m_server->on(u"tools/list"_s, [&listed](const OddServer::Message &message) {
        listed = true;
        message.to.answer(200, rpcResult(message.id, "{\"tools\":[]}"), Json);
    });
    const CliRun call = run({u"call"_s, u"any"_s});
    QVERIFY2(call.exitCode == 0, told(call));
    QVERIFY(!listed);
}

void TestCliProtocol::questions_without_end_do_not_fill_the_terminal_data()
{
    QTest::addColumn<QString>("revision");
    QTest::newRow("as requests") << u"2025-11-25"_s;
    QTest::newRow("as results") << u"2026-07-28"_s;
}

void TestCliProtocol::questions_without_end_do_not_fill_the_terminal()
{
    QFETCH(QString, revision);
    Lab lab(LabSettings{.play = {u"asks-without-end"_s}, .pingMs = 0});
    QVERIFY(lab.listen());
    const CliRun call = runCli({u"call"_s, lab.url().toString(), u"ask-form"_s, u"--answer"_s,
                                answers(), u"--revision"_s, revision, u"--proxy"_s, u"none"_s});
    QVERIFY2(call.exitCode == 5, told(call));
    QVERIFY2(call.err.count('\n') < 40, told(call));
    QVERIFY2(call.err.contains("more than"), told(call));
}

void TestCliProtocol::a_task_that_asks_without_end_is_left()
{
    modern();
    const QByteArray task = "\"taskId\":\"T\",\"createdAt\":\"2026-01-01T00:00:00Z\","
                            "\"lastUpdatedAt\":\"2026-01-01T00:00:00Z\",\"ttlMs\":60000,"
                            "\"pollIntervalMs\":1,";
    m_server->on(u"tools/call"_s, [&task](const OddServer::Message &message) {
        message.to.answer(
            200,
            rpcResult(message.id, "{\"resultType\":\"task\"," + task + "\"status\":\"working\"}"),
            Json);
    });
    int gets = 0;
    m_server->on(u"tasks/get"_s, [&](const OddServer::Message &message) {
        message.to.answer(
            200,
            rpcResult(message.id,
                      "{\"resultType\":\"complete\"," + task
                          + "\"status\":\"input_required\",\"inputRequests\":{\"a"
                          + QByteArray::number(++gets)
                          + "\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\","
                            "\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}}}"),
            Json);
    });
    m_server->on(u"tasks/update"_s, [](const OddServer::Message &message) {
        message.to.answer(200, rpcResult(message.id, "{\"resultType\":\"complete\"}"), Json);
    });
    const CliRun call =
        run({u"call"_s, u"ask"_s},
            {u"--task"_s, u"--revision"_s, u"2026-07-28"_s, u"--answer"_s, answers()});
    QVERIFY2(call.exitCode == 5, told(call));
    QVERIFY2(call.err.contains("more than 20 times"), told(call));
    QCOMPARE(gets, 21);
}

void TestCliProtocol::a_subscription_that_is_not_acknowledged_is_told_for_what_it_is_data()
{
    QTest::addColumn<bool>("updates");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("nothing comes") << false << 6;
    QTest::newRow("updates come") << true << 0;
}

void TestCliProtocol::a_subscription_that_is_not_acknowledged_is_told_for_what_it_is()
{
    QFETCH(bool, updates);
    QFETCH(int, exitCode);
    modern();
    m_server->on(u"subscriptions/listen"_s, [updates](const OddServer::Message &message) {
        openEvents(message.to,
                   updates ? sseEvent("{\"jsonrpc\":\"2.0\",\"method\":"
                                      "\"notifications/resources/updated\",\"params\":{\"uri\":"
                                      "\"file:///a\"}}")
                           : ": here\n\n"_ba);
    });
    const CliRun subscribe = run({u"subscribe"_s, u"file:///a"_s},
                                 {u"--revision"_s, u"2026-07-28"_s, u"--seconds"_s, u"2"_s});
    QVERIFY2(subscribe.exitCode == exitCode, told(subscribe));
    QVERIFY2(!subscribe.err.contains("GET"), told(subscribe));
    QVERIFY2(subscribe.err.contains("subscriptions/listen")
                 && subscribe.err.contains("acknowledged"),
             told(subscribe));
    QVERIFY(subscribe.out.contains("file:///a") == updates);
}

QTEST_GUILESS_MAIN(TestCliProtocol)
#include "test_cli_protocol.moc"
