// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/message_check.h"
#include "core/mcp/revision.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

class TestMessageCheck : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void each_revision_knows_its_messages()
    {
        for (const Revision &revision : revisions()) {
            MessageCheck check(revision.name);
            const QByteArray call =
                R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}})";
            const QList<MessageCheck::Fault> faults = check.check(call, {});
            QVERIFY2(!faults.isEmpty(), revision.name.constData());
            bool named = false;
            for (const MessageCheck::Fault &fault : faults)
                named |=
                    fault.problem.place == "/params/name" && fault.problem.keyword == u"type"_s;
            QVERIFY2(named, revision.name.constData());
            QCOMPARE(faults.constFirst().type, u"CallToolRequest"_s);
            QVERIFY(!check.definition(u"Tool"_s).isEmpty());
        }
    }
    void every_type_of_every_revision_compiles()
    {
        for (const Revision &revision : revisions()) {
            QFile file(QStringLiteral(SIGHTGLASS_SOURCE_DIR "/core/mcp/schema/%1.json")
                           .arg(QString::fromLatin1(revision.name)));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const JsonText schema = JsonText::parse(file.readAll());
            JsonText::Node all = schema.member(schema.root(), u"$defs");
            if (all < 0)
                all = schema.member(schema.root(), u"definitions");
            QVERIFY(schema.childCount(all) > 50);
            for (const JsonText::Node one : schema.children(all)) {
                const Expected<SchemaValidator> validator = SchemaValidator::compileAt(
                    schema.text(), schema.pointer(one), SchemaValidator::Options());
                QVERIFY2(validator, schema.pointer(one).constData());
                QCOMPARE(validator->unchecked(), QStringList());
            }
        }
    }

    void what_is_wrong_and_where_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("answered");
        QTest::addColumn<QByteArray>("place"); ///< "-": nothing is wrong
        QTest::addColumn<QString>("keyword");
        const auto row = [](const char *name, const QByteArray &revision, const QByteArray &message,
                            const QByteArray &answered, const QByteArray &place,
                            const QString &keyword) {
            QTest::newRow(name) << revision << message << answered << place << keyword;
        };
        const QByteArray old = "2024-11-05";
        const QByteArray tasks = "2025-11-25";
        const QByteArray modern = "2026-07-28";
        row("a tool without its schema", "2025-06-18",
            R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}]}})", "tools/list",
            "/result/tools/0", u"required"_s);
        row("a good list", "2025-06-18",
            R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a","inputSchema":{"type":"object"}}]}})",
            "tools/list", "-", {});
        row("a block of no kind", old,
            R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"video","data":""}]}})",
            "tools/call", "/result/content/0", u"anyOf"_s);
        row("a text block without text", old,
            R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text"}]}})", "tools/call",
            "/result/content/0", u"required"_s);
        row("a fraction as an id", old, R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", {}, "/id",
            u"type"_s);
        row("no version of JSON-RPC", old, R"({"id":1,"method":"ping"})", {}, "", u"required"_s);
        row("an unknown method", old, R"({"jsonrpc":"2.0","id":1,"method":"x/y","params":{}})", {},
            "-", {});
        row("a list for parameters", old, R"({"jsonrpc":"2.0","id":1,"method":"x/y","params":[1]})",
            {}, "/params", u"type"_s);
        row("a notification without its parameters", tasks,
            R"({"jsonrpc":"2.0","method":"notifications/progress"})", {}, "", u"required"_s);
        row("an error without a code", tasks, R"({"jsonrpc":"2.0","id":1,"error":{"message":"m"}})",
            {}, "/error", u"required"_s);
        row("a task for an answer", tasks,
            R"({"jsonrpc":"2.0","id":1,"result":{"task":{"taskId":"t","status":"odd","createdAt":"2026-01-01T00:00:00Z","lastUpdatedAt":"2026-01-01T00:00:00Z","ttl":1}}})",
            "tools/call", "/result/task/status", u"enum"_s);
        row("a result that does not say what it is", modern,
            R"({"jsonrpc":"2.0","id":1,"result":{"content":[]}})", "tools/call", "/result",
            u"required"_s);
        row("a complete result", modern,
            R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[]}})",
            "tools/call", "-", {});
        row("input required", modern,
            R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","requestState":"s"}})",
            "tools/call", "-", {});
        const auto result = [](const QByteArray &members) {
            return R"({"jsonrpc":"2.0","id":1,"result":{)" + members + "}}";
        };
        const QByteArray complete = R"("resultType":"complete",)";
        const QByteArray input = R"("resultType":"input_required",)";
        row("complete, content no list", modern, result(complete + R"("content":{})"), "tools/call",
            "/result/content", u"type"_s);
        row("complete, an item of a wrong type", modern,
            result(complete + R"("content":[{"type":"text","text":5}])"), "tools/call",
            "/result/content/0/text", u"type"_s);
        row("complete, isError no boolean", modern,
            result(complete + R"("content":[],"isError":"no")"), "tools/call", "/result/isError",
            u"type"_s);
        row("complete, a prompt without messages", modern, result(complete + R"("x":1)"),
            "prompts/get", "/result", u"required"_s);
        row("not said what it is, and wrong as complete", modern, result(R"("content":{})"),
            "tools/call", "/result", u"required"_s);
        row("input of an unknown method", modern,
            result(input + R"("inputRequests":{"a":{"method":"no/such","params":{}}})"),
            "tools/call", "/result/inputRequests/a", u"anyOf"_s);
        row("input, its state no text", modern, result(input + R"("requestState":{})"),
            "tools/call", "/result/requestState", u"type"_s);
        row("input where none is allowed", modern, result(input + R"("requestState":"s")"),
            "tools/list", "-", {});
        row("a kind of an extension", modern, result(R"("resultType":"task","taskId":"t")"),
            "tools/call", "-", {});
        row("a kind that is no text", modern, result(R"("resultType":7,"content":[])"),
            "tools/call", "/result/resultType", u"type"_s);
        row("no result object", modern, R"({"jsonrpc":"2.0","id":1,"result":[]})", "tools/call",
            "/result", u"type"_s);
        row("a request without _meta", modern,
            R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}})", {}, "/params",
            u"required"_s);
        row("an unknown revision", "1999-01-01", R"({"jsonrpc":1})", {}, "-", {});
    }
    void what_is_wrong_and_where()
    {
        QFETCH(QByteArray, revision);
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, answered);
        QFETCH(QByteArray, place);
        QFETCH(QString, keyword);
        MessageCheck check(revision);
        const QList<MessageCheck::Fault> faults = check.check(message, answered);
        QStringList told;
        for (const MessageCheck::Fault &fault : faults)
            told.append(fault.type + u": "_s + problemLine(fault.problem));
        const QByteArray said = told.join(u'\n').toUtf8();
        if (place == "-") {
            QVERIFY2(faults.isEmpty(), said.constData());
            return;
        }
        QVERIFY(!faults.isEmpty());
        QVERIFY2(faults.constFirst().problem.place == place, said.constData());
        QVERIFY2(faults.constFirst().problem.keyword == keyword, said.constData());
    }
    void a_result_has_the_name_of_what_it_says_it_is()
    {
        MessageCheck check("2026-07-28");
        const auto types = [&check](const QByteArray &result) {
            QStringList names;
            const QList<MessageCheck::Fault> faults = check.check(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + result + '}', "tools/call");
            for (const MessageCheck::Fault &fault : faults)
                names.append(fault.type);
            names.removeDuplicates();
            return names;
        };
        QCOMPARE(types("{\"resultType\":\"complete\"}"), QStringList{u"CallToolResult"_s});
        QCOMPARE(types("{}"), QStringList{u"CallToolResult"_s});
        const QByteArray unsaid = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":{}}}";
        const QList<MessageCheck::Fault> both = check.check(unsaid, "tools/call");
        QCOMPARE(both.size(), 2);
        QCOMPARE(both.last().problem.place, "/result/content");
        QCOMPARE(types("{\"resultType\":\"input_required\",\"inputRequests\":[]}"),
                 QStringList{u"InputRequiredResult"_s});
    }
    void a_large_message_is_not_judged()
    {
        MessageCheck check("2025-06-18");
        const QByteArray large =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"x\":\""
            + QByteArray(MessageCheck::MostBytes, 'x') + "\"}]}}";
        QVERIFY(check.check(large, "tools/call").isEmpty());
    }
    void how_long_it_takes()
    {
        MessageCheck check("2026-07-28");
        const QByteArray progress =
            R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":7,"progress":1,"total":100,"message":"step"}})";
        QElapsedTimer clock;
        clock.start();
        QVERIFY(check.check(progress, {}).isEmpty());
        const qint64 first = clock.nsecsElapsed();
        clock.restart();
        for (int i = 0; i < 200; ++i)
            check.check(progress, {});
        const qint64 each = clock.nsecsElapsed() / 200;
        qInfo("first %lld us, then %lld us each", first / 1000, each / 1000);
        QVERIFY2(each < 5'000'000, "a small message takes longer than 5 ms");
    }
};

QTEST_GUILESS_MAIN(TestMessageCheck)
#include "test_message_check.moc"
