// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/header_parameter.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestHeaderParameter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void text_is_safe_for_a_header_data();
    void text_is_safe_for_a_header();
    void broken_base64_stands_for_nothing();
    void marks_are_found_data();
    void marks_are_found();
    void values_become_headers_data();
    void values_become_headers();
};

void TestHeaderParameter::text_is_safe_for_a_header_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QByteArray>("header");
    // The examples of the specification.
    QTest::newRow("plain") << u"us-west1"_s << "us-west1"_ba;
    QTest::newRow("not ASCII") << u"Hello, 世界"_s << "=?base64?SGVsbG8sIOS4lueVjA==?="_ba;
    QTest::newRow("padded") << u" padded "_s << "=?base64?IHBhZGRlZCA=?="_ba;
    QTest::newRow("line end") << u"line1\nline2"_s << "=?base64?bGluZTEKbGluZTI=?="_ba;
    QTest::newRow("looks like Base64")
        << u"=?base64?literal?="_s << "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="_ba;
    // And beyond.
    QTest::newRow("empty") << u""_s << ""_ba;
    QTest::newRow("inner space and tab") << u"a b\tc"_s << "a b\tc"_ba;
    QTest::newRow("trailing tab") << u"a\t"_s << "=?base64?YQk=?="_ba;
    QTest::newRow("prefix alone") << u"=?base64?abc"_s << "=?base64?abc"_ba;
    QTest::newRow("delete") << u"\x7f"_s << "=?base64?fw==?="_ba;
}

void TestHeaderParameter::text_is_safe_for_a_header()
{
    QFETCH(QString, value);
    QFETCH(QByteArray, header);
    QCOMPARE(headerText(value), header);
    QVERIFY(!HeaderList::check("Mcp-Param-X", header));
    QCOMPARE(headerValue(header), std::optional(value));
}

void TestHeaderParameter::broken_base64_stands_for_nothing()
{
    QCOMPARE(headerValue("=?base64?***?="), std::nullopt);
    QCOMPARE(headerValue("=?base64?="), std::optional(u"=?base64?="_s));
}

void TestHeaderParameter::marks_are_found_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArrayList>("names");
    QTest::addColumn<QString>("problem"); // a part of it

    QTest::newRow("none") << R"({"type":"object","properties":{"a":{"type":"string"}}})"_ba
                          << QByteArrayList() << QString();
    QTest::newRow("one") << R"({"properties":{"a":{"type":"string","x-mcp-header":"Region"}}})"_ba
                         << QByteArrayList{"Region a"} << QString();
    QTest::newRow("nested")
        << R"({"properties":{"a":{"type":"object","properties":{"b":{"type":"integer","x-mcp-header":"B"}}}}})"_ba
        << QByteArrayList{"B a/b"} << QString();
    QTest::newRow("property of that name")
        << R"({"properties":{"x-mcp-header":{"type":"string"}}})"_ba << QByteArrayList()
        << QString();
    QTest::newRow("inside a default")
        << R"({"properties":{"a":{"type":"object","default":{"x-mcp-header":"X"}}}})"_ba
        << QByteArrayList() << QString();
    QTest::newRow("property called properties")
        << R"({"properties":{"properties":{"type":"boolean","x-mcp-header":"P"}}})"_ba
        << QByteArrayList{"P properties"} << QString();
    QTest::newRow("empty") << R"({"properties":{"a":{"type":"string","x-mcp-header":""}}})"_ba
                           << QByteArrayList() << u"empty"_s;
    QTest::newRow("no string") << R"({"properties":{"a":{"type":"string","x-mcp-header":1}}})"_ba
                               << QByteArrayList() << u"no string"_s;
    QTest::newRow("space") << R"({"properties":{"a":{"type":"string","x-mcp-header":"a b"}}})"_ba
                           << QByteArrayList() << u"no name of a header"_s;
    QTest::newRow("line end")
        << R"({"properties":{"a":{"type":"string","x-mcp-header":"a\r\nb"}}})"_ba
        << QByteArrayList() << u"no name of a header"_s;
    QTest::newRow("not ASCII")
        << R"({"properties":{"a":{"type":"string","x-mcp-header":"Größe"}}})"_ba << QByteArrayList()
        << u"no name of a header"_s;
    QTest::newRow("number") << R"({"properties":{"a":{"type":"number","x-mcp-header":"A"}}})"_ba
                            << QByteArrayList() << u"no string, integer or boolean"_s;
    QTest::newRow("object") << R"({"properties":{"a":{"type":"object","x-mcp-header":"A"}}})"_ba
                            << QByteArrayList() << u"no string, integer or boolean"_s;
    QTest::newRow("twice, in another case")
        << R"({"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}})"_ba
        << QByteArrayList{"A a"} << u"stands twice"_s;
    QTest::newRow("in items")
        << R"({"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}})"_ba
        << QByteArrayList() << u"by properties alone"_s;
    QTest::newRow("in anyOf")
        << R"({"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]})"_ba
        << QByteArrayList() << u"by properties alone"_s;
    QTest::newRow("in $defs") << R"({"$defs":{"a":{"type":"string","x-mcp-header":"A"}}})"_ba
                              << QByteArrayList() << u"by properties alone"_s;
    QTest::newRow("at the root") << R"({"type":"string","x-mcp-header":"A"})"_ba << QByteArrayList()
                                 << u"by properties alone"_s;
    QTest::newRow("no JSON") << R"({"x-mcp-header)"_ba << QByteArrayList() << QString();
}

void TestHeaderParameter::marks_are_found()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArrayList, names);
    QFETCH(QString, problem);
    const HeaderParameters found = headerParameters(schema);
    QByteArrayList got;
    for (const HeaderParameter &parameter : found.parameters)
        got.append(parameter.name + ' ' + parameter.path.join(u'/').toUtf8());
    QCOMPARE(got, names);
    QVERIFY2(problem.isEmpty() ? found.problem.isEmpty() : found.problem.contains(problem),
             qPrintable(found.problem));
}

void TestHeaderParameter::values_become_headers_data()
{
    QTest::addColumn<QByteArray>("arguments");
    QTest::addColumn<QByteArrayList>("lines");
    QTest::newRow("string") << R"({"s":"us west"})"_ba << QByteArrayList{"Mcp-Param-S: us west"};
    QTest::newRow("integer") << R"({"i":-7})"_ba << QByteArrayList{"Mcp-Param-I: -7"};
    QTest::newRow("integer, spelled otherwise")
        << R"({"i":42.0})"_ba << QByteArrayList{"Mcp-Param-I: 42"};
    QTest::newRow("no integer") << R"({"i":1.5})"_ba << QByteArrayList{"Mcp-Param-I: 1.5"};
    QTest::newRow("boolean") << R"({"b":false})"_ba << QByteArrayList{"Mcp-Param-B: false"};
    QTest::newRow("null") << R"({"s":null})"_ba << QByteArrayList();
    QTest::newRow("absent") << R"({})"_ba << QByteArrayList();
    QTest::newRow("no arguments") << ""_ba << QByteArrayList();
    QTest::newRow("an object where text belongs") << R"({"s":{}})"_ba << QByteArrayList();
    QTest::newRow("nested") << R"({"o":{"n":"x"}})"_ba << QByteArrayList{"Mcp-Param-N: x"};
    QTest::newRow("all, in the schema's order")
        << R"({"o":{"n":"x"},"b":true,"i":1,"s":"é"})"_ba
        << QByteArrayList{"Mcp-Param-S: =?base64?w6k=?=", "Mcp-Param-I: 1", "Mcp-Param-B: true",
                          "Mcp-Param-N: x"};
}

void TestHeaderParameter::values_become_headers()
{
    QFETCH(QByteArray, arguments);
    QFETCH(QByteArrayList, lines);
    const HeaderParameters marked = headerParameters(
        "{\"properties\":{\"s\":{\"type\":\"string\",\"x-mcp-header\":\"S\"},"
        "\"i\":{\"type\":\"integer\",\"x-mcp-header\":\"I\"},"
        "\"b\":{\"type\":\"boolean\",\"x-mcp-header\":\"B\"},"
        "\"o\":{\"properties\":{\"n\":{\"type\":\"string\",\"x-mcp-header\":\"N\"}}}}}");
    QByteArrayList got;
    const HeaderList headers = parameterHeaders(marked, arguments);
    for (const Header &line : headers.lines())
        got.append(line.name + ": " + line.value);
    QCOMPARE(got, lines);
}

QTEST_APPLESS_MAIN(TestHeaderParameter)
#include "test_header_parameter.moc"
