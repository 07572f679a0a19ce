// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/tool_check.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

class TestToolCheck : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatTheOutputSchemaSaysIsTold_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QByteArray>("result");
        QTest::addColumn<QString>("says"); ///< how the first sentence goes on; empty: none
        const auto row = [](const char *name, const QByteArray &schema, const QByteArray &result,
                            const QString &says) {
            QTest::newRow(name) << schema << result << says;
        };
        const QByteArray schema =
            R"({"type":"object","properties":{"t":{"type":"number"}},"required":["t"]})";
        row("fits", schema, R"({"content":[],"structuredContent":{"t":1}})", {});
        row("another type", schema, R"({"content":[],"structuredContent":{"t":"warm"}})",
            u"at /t: It must be a number, and is a string. (rule /properties/t/type)"_s);
        row("missing member", schema, R"({"structuredContent":{}})",
            u"at the value itself: The member \"t\" is required, and missing."_s);
        row("nothing structured", schema, R"({"content":[]})", u"has no structuredContent"_s);
        row("an error has none", schema, R"({"content":[],"isError":true})", {});
        row("a task has none", schema, R"({"task":{"taskId":"x"}})", {});
        row("no schema", "", R"({"structuredContent":7})", {});
        row("a wrong schema", R"({"type":"objct"})", R"({"structuredContent":{}})",
            u"/type names a type that JSON does not have"_s);
        row("another document", R"({"$ref":"https://x.example/s"})", R"({"structuredContent":{}})",
            u"is not fetched"_s);
        row("no JSON", schema, "{", {});
        row("too deep", schema,
            "{\"structuredContent\":" + QByteArray("[").repeated(100'000)
                + QByteArray("]").repeated(100'000) + '}',
            u"nested deeper than 512 levels"_s);
    }
    void whatTheOutputSchemaSaysIsTold()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QByteArray, result);
        QFETCH(QString, says);
        const QStringList faults = outputFaults(schema, result);
        if (says.isEmpty()) {
            QCOMPARE(faults, QStringList());
            return;
        }
        QCOMPARE(faults.size(), 1);
        QVERIFY2(faults[0].contains(says), qPrintable(faults[0]));
    }
    void argumentsAreJudgedByTheInputSchema_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("says"); ///< empty: nothing
        const QByteArray schema =
            R"({"type":"object","properties":{"a":{"type":"number"}},"required":["a"]})";
        QTest::newRow("fits") << schema << R"({"a":1})"_ba << QString();
        QTest::newRow("another type")
            << schema << R"({"a":"x"})"_ba
            << u"The arguments break the tool's input schema: at /a: It must be a number"_s;
        QTest::newRow("none") << schema << QByteArray() << u"is required, and missing"_s;
        QTest::newRow("no schema") << QByteArray() << R"({"a":"x"})"_ba << QString();
        QTest::newRow("a wrong schema")
            << R"({"type":"objct"})"_ba
            << "{}"_ba << u"The arguments are not checked, as the tool's input"_s;
    }
    void argumentsAreJudgedByTheInputSchema()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QByteArray, arguments);
        QFETCH(QString, says);
        const QString faults = argumentFaults(schema, arguments).join(u'\n');
        QCOMPARE(faults.isEmpty(), says.isEmpty());
        QVERIFY2(faults.contains(says), qPrintable(faults));
    }
    void thereAreNotTooMany()
    {
        const QByteArray many = "{\"structuredContent\":[" + QByteArray("1,").repeated(50) + "1]}";
        const QStringList faults = outputFaults(R"({"items":{"type":"string"}})", many);
        QCOMPARE(faults.size(), 11);
        QCOMPARE(faults.constLast(), u"41 more faults."_s);
    }
};

QTEST_GUILESS_MAIN(TestToolCheck)
#include "test_tool_check.moc"
