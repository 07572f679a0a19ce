// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_edit.h"

#include <QtTest>

using namespace sightglass;

class TestJsonEdit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void setsAndLeavesTheRest_data();
    void setsAndLeavesTheRest();
    void takesAwayAndLeavesTheRest_data();
    void takesAwayAndLeavesTheRest();
    void refusesWithASentence_data();
    void refusesWithASentence();
    void pointersAreEscaped();
};

void TestJsonEdit::setsAndLeavesTheRest_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("result");
    const auto row = [](const char *name, const QByteArray &json, const QByteArray &pointer,
                        const QByteArray &value, const QByteArray &result) {
        QTest::addRow("%s", name) << json << pointer << value << result;
    };
    row("replace", R"({ "b" :1.50,  "a": 1e308 , "x":[ ] })", "/a", "2",
        R"({ "b" :1.50,  "a": 2 , "x":[ ] })");
    row("replace the last of a name", R"({"a":1,"a":2})", "/a", "3", R"({"a":1,"a":3})");
    row("replace the root", " 1 ", "", "{}", " {} ");
    row("replace in depth", R"({"a":[{"b":1},{"b":2}]})", "/a/1/b", "\"x\"",
        R"({"a":[{"b":1},{"b":"x"}]})");
    row("first member", "{}", "/a", "1", "{\n  \"a\": 1\n}");
    row("first member of an inner object", R"({"o":{}})", "/o/a", "1", R"({"o":{"a": 1}})");
    row("append in the manner of the neighbours, tight", R"({"a":1,"b":2})", "/c", "3",
        R"({"a":1,"b":2,"c":3})");
    row("append in the manner of the neighbours, wide", R"({"a": 1, "b" : 2})", "/c", "3",
        R"({"a": 1, "b" : 2, "c" : 3})");
    row("append behind a single member", R"({"a": 1})", "/b", "2", R"({"a": 1, "b": 2})");
    row("append on a line of its own", "{\n    \"a\": 1\n}", "/b", "2",
        "{\n    \"a\": 1,\n    \"b\": 2\n}");
    row("append to an open empty object", "{\n  \"o\": {\n  }\n}", "/o/a", "1",
        "{\n  \"o\": {\n    \"a\": 1\n  }\n}");
    row("make what is missing on the way", R"({"a":1,"b":2})", "/o/p/q", "3",
        R"({"a":1,"b":2,"o":{"p": {"q": 3}}})");
    row("null on the way gives place", R"({"o":null})", "/o/p", "1", R"({"o":{"p": 1}})");
    row("array element", "[1, 2, 3]", "/1", "[9]", "[1, [9], 3]");
    row("array append by dash", "[1, 2]", "/-", "3", "[1, 2, 3]");
    row("array append by index", "[1,2]", "/2", "3", "[1,2,3]");
    row("array first", R"({"a":[]})", "/a/0", "3", R"({"a":[3]})");
    row("name with slash and quote", "{\"x\":1}", "/a~1\"b", "1", R"({"x":1, "a/\"b":1})");
    row("escaped name is found", R"({"\u0061":1})", "/a", "2", R"({"\u0061":2})");
    row("value is taken without its margins", "{\"a\":1}", "/a", " [ 1 ]\n", "{\"a\":[ 1 ]}");
    row("empty name", "{\"a\": 1}", "/", "2", R"({"a": 1, "": 2})");
    row("spelling of numbers", "{\"a\": 1}", "/a", "9007199254740993.000",
        "{\"a\": 9007199254740993.000}");
}

void TestJsonEdit::setsAndLeavesTheRest()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, pointer);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, result);
    const JsonEdit edit = jsonWithMember(json, pointer, value);
    QVERIFY(!edit.error);
    QCOMPARE(edit.text, result);
    QVERIFY(JsonText::parse(edit.text).isValid());
}

void TestJsonEdit::takesAwayAndLeavesTheRest_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<QByteArray>("result");
    const auto row = [](const char *name, const QByteArray &json, const QByteArray &pointer,
                        const QByteArray &result) {
        QTest::addRow("%s", name) << json << pointer << result;
    };
    row("first", R"({ "a":1 ,  "b": 2})", "/a", R"({ "b": 2})");
    row("middle", R"({"a":1, "b": 2, "c":3})", "/b", R"({"a":1, "c":3})");
    row("last", R"({"a":1 , "b": 2 })", "/b", R"({"a":1 })");
    row("last on a line of its own", "{\n  \"a\": 1,\n  \"b\": 2\n}", "/b", "{\n  \"a\": 1\n}");
    row("only", R"({ "a":1 })", "/a", "{}");
    row("missing", R"({"a":1})", "/b", R"({"a":1})");
    row("missing on the way", R"({"a":1})", "/a/b/c", R"({"a":1})");
    row("all of a name", R"({"a":1,"b":2,"a":3})", "/a", R"({"b":2})");
    row("array element", "[1, 2, 3]", "/0", "[2, 3]");
    row("equal elements: one", "[1, 1, 1]", "/1", "[1, 1]");
    row("in depth", R"({"o":{"x":[1,2],"y":0}})", "/o/x/1", R"({"o":{"x":[1],"y":0}})");
}

void TestJsonEdit::takesAwayAndLeavesTheRest()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, pointer);
    QFETCH(QByteArray, result);
    const JsonEdit edit = jsonWithoutMember(json, pointer);
    QVERIFY(!edit.error);
    QCOMPARE(edit.text, result);
}

void TestJsonEdit::refusesWithASentence_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<QByteArray>("value");
    QTest::addRow("no JSON") << QByteArray("{") << QByteArray("/a") << QByteArray("1");
    QTest::addRow("value is no JSON") << QByteArray("{}") << QByteArray("/a") << QByteArray("1,2");
    QTest::addRow("pointer without slash")
        << QByteArray("{}") << QByteArray("a") << QByteArray("1");
    QTest::addRow("scalar in the way")
        << QByteArray("{\"a\":1}") << QByteArray("/a/b") << QByteArray("1");
    QTest::addRow("scalar root") << QByteArray("1") << QByteArray("/a") << QByteArray("1");
    QTest::addRow("index too far") << QByteArray("[1]") << QByteArray("/2") << QByteArray("1");
    QTest::addRow("no index") << QByteArray("[1]") << QByteArray("/x") << QByteArray("1");
}

void TestJsonEdit::refusesWithASentence()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, pointer);
    QFETCH(QByteArray, value);
    const JsonEdit edit = jsonWithMember(json, pointer, value);
    QVERIFY(edit.error);
    QVERIFY(edit.error->sentence.endsWith(u'.'));
    QCOMPARE(edit.text, json);
    QVERIFY(jsonWithoutMember("{}", "").error);
    QVERIFY(jsonWithoutMember("[1", "/0").error);
}

void TestJsonEdit::pointersAreEscaped()
{
    QCOMPARE(jsonPointer("/a", u"b/c~d"), "/a/b~1c~0d");
    QCOMPARE(jsonPointer("", u""), "/");
    QCOMPARE(jsonPointer("/a", 3), "/a/3");
}

QTEST_GUILESS_MAIN(TestJsonEdit)
#include "test_json_edit.moc"
