// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/task.h"

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

QTEST_GUILESS_MAIN(TestTask)
#include "test_task.moc"
