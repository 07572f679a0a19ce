// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/task.h"
#include "core/mcp/tool.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestTask : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void both_spellings_are_read_data();
    void both_spellings_are_read();
    void what_is_no_task_is_told_data();
    void what_is_no_task_is_told();
    void only_a_result_that_says_so_became_a_task_data();
    void only_a_result_that_says_so_became_a_task();
    void requests_name_their_task();
    void times_are_kept_as_they_were_sent();
    void how_tasks_are_spoken_of_data();
    void how_tasks_are_spoken_of();
    void tools_say_whether_they_run_as_tasks_data();
    void tools_say_whether_they_run_as_tasks();
};

void TestTask::both_spellings_are_read_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("ended");
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<int>("asks");
    QTest::newRow("new, core")
        << R"({"task":{"taskId":"t","status":"working","ttl":60000,"pollInterval":500}})"_ba
        << false << ""_ba
        << ""_ba << 0;
    QTest::newRow("asked, core")
        << R"({"taskId":"t","status":"cancelled","ttl":60000,"pollInterval":500})"_ba << true
        << ""_ba
        << ""_ba << 0;
    QTest::newRow("new, extension")
        << R"({"resultType":"task","taskId":"t","status":"working","ttlMs":60000,"pollIntervalMs":500})"_ba
        << false << ""_ba
        << ""_ba << 0;
    QTest::newRow("done")
        << R"({"taskId":"t","status":"completed","ttlMs":60000,"pollIntervalMs":500,"result":{"content":[ ]}})"_ba
        << true << R"({"content":[ ]})"_ba
        << ""_ba << 0;
    QTest::newRow("failed")
        << R"({"taskId":"t","status":"failed","ttlMs":60000,"pollIntervalMs":500,"error":{"code":1}})"_ba
        << true << ""_ba
        << R"({"code":1})"_ba << 0;
    QTest::newRow("needs input")
        << R"({"taskId":"t","status":"input_required","ttlMs":60000,"pollIntervalMs":500,"inputRequests":{"a":{"method":"roots/list"},"b":{"method":"elicitation/create","params":{"x":1}}}})"_ba
        << false << ""_ba
        << ""_ba << 2;
}

void TestTask::both_spellings_are_read()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, ended);
    QFETCH(QByteArray, result);
    QFETCH(QByteArray, error);
    QFETCH(int, asks);
    const Task task = readTask(text);
    QVERIFY2(task.problem.isEmpty(), qPrintable(task.problem));
    QCOMPARE(task.id, u"t"_s);
    QCOMPARE(task.hasEnded(), ended);
    QCOMPARE(task.ttlMs, std::optional<qint64>(60000));
    QCOMPARE(task.pollMs, std::optional<qint64>(500));
    QCOMPARE(task.result, result);
    QCOMPARE(task.error, error);
    QCOMPARE(task.asks.size(), asks);
    if (asks > 0) {
        QCOMPARE(task.asks.last().key, u"b"_s);
        QCOMPARE(task.asks.last().method, "elicitation/create"_ba);
        QCOMPARE(task.asks.last().params, R"({"x":1})"_ba);
    }
}

void TestTask::what_is_no_task_is_told_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << ""_ba;
    QTest::newRow("no JSON") << "{"_ba;
    QTest::newRow("array") << "[]"_ba;
    QTest::newRow("no id") << R"({"status":"working"})"_ba;
    QTest::newRow("a number as id") << R"({"taskId":1,"status":"working"})"_ba;
    QTest::newRow("no status") << R"({"taskId":"t"})"_ba;
    QTest::newRow("task is no object") << R"({"task":[1]})"_ba;
}

void TestTask::what_is_no_task_is_told()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readTask(text).problem.isEmpty());
}

void TestTask::only_a_result_that_says_so_became_a_task_data()
{
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<bool>("became");
    QTest::newRow("core") << R"({"task":{"taskId":"t","status":"working"}})"_ba << true;
    QTest::newRow("extension") << R"({"resultType":"task","taskId":"t"})"_ba << true;
    QTest::newRow("a tool that talks of tasks")
        << R"({"content":[],"structuredContent":{"taskId":"t"}})"_ba << false;
    QTest::newRow("a tool with a member of that name")
        << R"({"content":[],"task":{"taskId":"t"}})"_ba << false;
    QTest::newRow("a task that was asked for")
        << R"({"resultType":"complete","taskId":"t","status":"working"})"_ba << false;
    QTest::newRow("nothing") << ""_ba << false;
}

void TestTask::only_a_result_that_says_so_became_a_task()
{
    QFETCH(QByteArray, result);
    QFETCH(bool, became);
    QCOMPARE(becameTask(result), became);
}

void TestTask::requests_name_their_task()
{
    const RpcCall get = taskCall("tasks/get", u"a b"_s);
    QCOMPARE(get.method, "tasks/get"_ba);
    QCOMPARE(get.params, "{\"taskId\":\"a b\"}"_ba);
    const RpcCall update = updateTaskCall(u"t"_s, {{u"x"_s, "{}"_ba}, {u"y"_s, "[1]"_ba}});
    QCOMPARE(update.method, "tasks/update"_ba);
    QCOMPARE(update.params, "{\"taskId\":\"t\",\"inputResponses\":{\"x\":{},\"y\":[1]}}"_ba);
}

void TestTask::times_are_kept_as_they_were_sent()
{
    const Task task = readTask(
        R"({"taskId":"t","status":"working","createdAt":"2026-01-02T03:04:05Z","lastUpdatedAt":"soon"})");
    QCOMPARE(task.createdAt, u"2026-01-02T03:04:05Z"_s);
    QCOMPARE(task.updatedAt, u"soon"_s);
}

void TestTask::how_tasks_are_spoken_of_data()
{
    QTest::addColumn<QByteArray>("revision");
    QTest::addColumn<QByteArray>("capabilities");
    QTest::addColumn<int>("by");
    QTest::addColumn<bool>("takesCalls");
    const QByteArray core = R"({"tasks":{"list":{},"requests":{"tools":{"call":{}}}}})";
    const QByteArray extension = R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})";
    const auto row = [](const char *name, const char *revision, const QByteArray &capabilities,
                        TasksBy by, bool takes) {
        QTest::newRow(name) << QByteArray(revision) << capabilities << int(by) << takes;
    };
    row("core", "2025-11-25", core, TasksBy::Core, true);
    row("core, no calls", "2025-11-25", R"({"tasks":{"list":{}}})", TasksBy::Core, false);
    row("core, not offered", "2025-11-25", R"({"tools":{}})", TasksBy::None, false);
    row("core, as an extension", "2025-11-25", extension, TasksBy::None, false);
    row("extension", "2026-07-28", extension, TasksBy::Extension, false);
    row("extension, as of the core", "2026-07-28", core, TasksBy::None, false);
    row("too old", "2025-06-18", core, TasksBy::None, false);
    row("no JSON", "2025-11-25", "{", TasksBy::None, false);
    row("no revision", "", core, TasksBy::None, false);
}

void TestTask::how_tasks_are_spoken_of()
{
    QFETCH(QByteArray, revision);
    QFETCH(QByteArray, capabilities);
    QFETCH(int, by);
    QFETCH(bool, takesCalls);
    QCOMPARE(int(tasksBy(revisionNamed(revision), capabilities)), by);
    QCOMPARE(takesCallsAsTasks(revisionNamed(revision), capabilities), takesCalls);
}

void TestTask::tools_say_whether_they_run_as_tasks_data()
{
    QTest::addColumn<QByteArray>("execution");
    QTest::addColumn<int>("tasks");
    QTest::newRow("optional") << R"({"taskSupport":"optional"})"_ba << int(ToolTasks::Optional);
    QTest::newRow("required") << R"({"taskSupport":"required"})"_ba << int(ToolTasks::Required);
    QTest::newRow("forbidden") << R"({"taskSupport":"forbidden"})"_ba << int(ToolTasks::Forbidden);
    QTest::newRow("unknown") << R"({"taskSupport":"often"})"_ba << int(ToolTasks::Forbidden);
    QTest::newRow("no word") << R"({"taskSupport":true})"_ba << int(ToolTasks::Forbidden);
    QTest::newRow("nothing") << "null"_ba << int(ToolTasks::Forbidden);
}

void TestTask::tools_say_whether_they_run_as_tasks()
{
    QFETCH(QByteArray, execution);
    QFETCH(int, tasks);
    QCOMPARE(int(readTool(R"({"name":"t","inputSchema":{},"execution":)" + execution + '}').tasks),
             tasks);
}

QTEST_GUILESS_MAIN(TestTask)
#include "test_task.moc"
