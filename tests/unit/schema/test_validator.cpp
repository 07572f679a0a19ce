// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/schema/schema_validator.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

namespace {

QList<SchemaProblem> judged(const QByteArray &schema, const QByteArray &value, bool formats = false)
{
    SchemaValidator::Options options;
    options.formats = formats;
    const Expected<SchemaValidator> validator = SchemaValidator::compile(schema, options);
    if (!validator)
        return {SchemaProblem{{}, {}, u"compile"_s, validator.error().sentence}};
    return validator->validate(QByteArrayView(value));
}

QByteArray nested(const QByteArray &open, const QByteArray &inside, const QByteArray &close,
                  int times)
{
    return open.repeated(times) + inside + close.repeated(times);
}

} // namespace

class TestValidator : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhereByWhichRuleAndInWords_data();
    void saysWhereByWhichRuleAndInWords();
    void numbersAreJudgedAsTheyAreWritten_data();
    void numbersAreJudgedAsTheyAreWritten();
    void alternativesTellTheNearest();
    void anotherDocumentIsNeverFetched();
    void aWrongSchemaIsAFailureThatSaysWhere_data();
    void aWrongSchemaIsAFailureThatSaysWhere();
    void hostileInputEndsInTime_data();
    void hostileInputEndsInTime();
    void theNumberOfProblemsIsBounded();
    void formatsAreJudgedOnlyWhenAskedFor_data();
    void formatsAreJudgedOnlyWhenAskedFor();
    void aNulInANameOrTextIsNotItsEnd();
};

void TestValidator::saysWhereByWhichRuleAndInWords_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("place");
    QTest::addColumn<QByteArray>("rule");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const QByteArray &schema, const QByteArray &value, const QByteArray &place,
                        const QByteArray &rule, const QString &sentence) {
        QTest::addRow("%s: %s", schema.left(60).constData(), value.constData())
            << schema << value << place << rule << sentence;
    };
    row(R"({"type":"number"})", "\"x\"", "", "/type", u"It must be a number, and is a string."_s);
    row(R"({"type":["string","null"]})", "1", "", "/type",
        u"It must be a string or null, and is the number 1."_s);
    row(R"({"properties":{"a/b":{"minimum":3}}})", R"({"a/b":2.50})", "/a~1b",
        "/properties/a~1b/minimum", u"It must be at least 3, and is 2.50."_s);
    row(R"({"required":["a"]})", "{}", "", "/required",
        u"The member \"a\" is required, and missing."_s);
    row(R"({"items":{"enum":["x",7]}})", R"(["x","y"])", "/1", "/items/enum",
        u"It must be one of \"x\", 7, and is \"y\"."_s);
    row(R"({"additionalProperties":false,"properties":{"a":{}}})", R"({"a":1,"b":2})", "/b",
        "/additionalProperties", u"The schema does not allow a member of this name."_s);
    row(R"({"minLength":3})", "\"\xc3\xa4\xc3\xb6\"", "", "/minLength",
        u"It must have at least 3 characters, and has 2."_s);
    row(R"({"pattern":"^a+$"})", "\"b\"", "", "/pattern",
        u"It must match the pattern ^a+$, and is \"b\"."_s);
    row(R"({"patternProperties":{"^n":{"type":"integer"}}})", R"({"n1":1.5})", "/n1",
        "/patternProperties/^n/type", u"It must be an integer, and is the number 1.5."_s);
    row(R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",1])", "/1", "/items",
        u"The schema does not allow an item here."_s);
    row(R"({"uniqueItems":true})", "[1,2,1.0]", "", "/uniqueItems",
        u"Its items must differ, and two are the same (items 1 and 3)."_s);
    row(R"({"$ref":"#/$defs/d","$defs":{"d":{"maxItems":1}}})", "[1,2]", "", "/$defs/d/maxItems",
        u"It must have at most 1 items, and has 2."_s);
    row(R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})", "", "/dependentRequired",
        u"The member \"b\" is missing, which another member asks for."_s);
    row(R"({"unevaluatedProperties":false,"allOf":[{"properties":{"a":{}}}]})", R"({"a":1,"b":1})",
        "/b", "/unevaluatedProperties", u"The schema does not allow a member of this name."_s);
    row(R"({"contains":{"type":"string"},"minContains":2})", R"(["a",1])", "", "/minContains",
        u"It must contain at least 2 items of the kind that the schema describes, and has 1."_s);
    row(R"({"if":{"required":["a"]},"then":{"required":["b"]}})", R"({"a":1})", "",
        "/then/required", u"The member \"b\" is required, and missing."_s);
    row("false", "1", "", "", u"The schema does not allow it ()."_s);
}

void TestValidator::saysWhereByWhichRuleAndInWords()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, value);
    const QList<SchemaProblem> problems = judged(schema, value);
    QCOMPARE(problems.size(), 1);
    QTEST(problems[0].place, "place");
    QTEST(problems[0].sentence, "sentence");
    QTEST(problems[0].rule, "rule");
    QVERIFY(!problems[0].unjudged);
}

void TestValidator::numbersAreJudgedAsTheyAreWritten_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("valid");
    const auto row = [](const QByteArray &schema, const QByteArray &value, bool valid) {
        QTest::addRow("%s: %s", schema.constData(), value.left(40).constData())
            << schema << value << valid;
    };
    row(R"({"maximum":9007199254740992})", "9007199254740993", false);
    row(R"({"maximum":9007199254740993})", "9007199254740993", true);
    row(R"({"const":9007199254740993})", "9007199254740992", false);
    row(R"({"enum":[1.0]})", "1", true);
    row(R"({"uniqueItems":true})", "[9007199254740993,9007199254740992]", true);
    row(R"({"type":"integer"})", "1e400", true);
    row(R"({"type":"integer"})", "1.0", true);
    row(R"({"type":"integer"})", "123456789012345678901234567890", true);
    row(R"({"type":"integer"})", "0.1e-999999999999999999999", false);
    row(R"({"exclusiveMinimum":-1e308})", "-1e309", false);
    row(R"({"minimum":0})", "-0.0", true);
    row(R"({"multipleOf":0.01})", "4.35", true);
    row(R"({"multipleOf":0.01})", "4.355", false);
    row(R"({"multipleOf":7})", "1e1000000000", false);
    row(R"({"multipleOf":3})", "999999999999999999999999999999", true);
}

void TestValidator::numbersAreJudgedAsTheyAreWritten()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, value);
    const QList<SchemaProblem> problems = judged(schema, value);
    QTEST(problems.isEmpty(), "valid");
}

void TestValidator::alternativesTellTheNearest()
{
    const QByteArray schema = R"({"oneOf":[
        {"properties":{"kind":{"const":"circle"},"radius":{"type":"number"}},"required":["kind","radius"]},
        {"properties":{"kind":{"const":"box"},"width":{"type":"number"}},"required":["kind","width"]}]})";
    QList<SchemaProblem> problems = judged(schema, R"({"kind":"box","width":"wide"})");
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems[0].place, "/width");
    QCOMPARE(problems[0].rule, "/oneOf/1/properties/width/type");
    problems = judged(schema, R"({"kind":"star"})");
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems[0].keyword, u"oneOf"_s);
    QVERIFY(problems[0].sentence.startsWith(u"It fits none of the 2 alternatives."_s));
    problems = judged(R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", "3");
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems[0].sentence,
             u"It fits more than one of the 2 alternatives, and must fit just one."_s);
}

void TestValidator::anotherDocumentIsNeverFetched()
{
    const Expected<SchemaValidator> validator = SchemaValidator::compile(
        R"({"properties":{"a":{"$ref":"https://x.example/s.json#/d"},"b":{"$ref":"#/none"}}})");
    QVERIFY(validator);
    QCOMPARE(
        validator->unchecked(),
        QStringList(
            {u"\"https://x.example/s.json#/d\" is another document, and is not fetched: what it stands for is not checked."_s,
             u"\"#/none\" leads nowhere in the schema: what it stands for is not checked."_s}));
    QVERIFY(validator->validate(R"({"a":1,"b":2})"_ba).isEmpty());
}

void TestValidator::aWrongSchemaIsAFailureThatSaysWhere_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QString>("why");
    const auto row = [](const QByteArray &schema, const QString &why) {
        QTest::addRow("%s", schema.left(60).constData()) << schema << why;
    };
    row("{", u"it is no JSON"_s);
    row("7", u"its whole text is no schema"_s);
    row(R"({"properties":{"a":{"type":"strnig"}}})",
        u"/properties/a/type names a type that JSON does not have"_s);
    row(R"({"minimum":"3"})", u"/minimum is not a number"_s);
    row(R"({"properties":[]})", u"/properties is not an object"_s);
    row(R"({"anyOf":{}})", u"/anyOf is not a list of schemas"_s);
    row(R"({"minItems":-1})", u"/minItems is not a count"_s);
    row(R"({"required":"a"})", u"/required is not a list of names"_s);
    row(R"({"multipleOf":0})", u"/multipleOf is not greater than 0"_s);
    row(nested(R"({"not":)", "{}", "}", 100'000), u"it is nested deeper than 256 levels"_s);
}

void TestValidator::aWrongSchemaIsAFailureThatSaysWhere()
{
    QFETCH(QByteArray, schema);
    QFETCH(QString, why);
    const Expected<SchemaValidator> validator = SchemaValidator::compile(schema);
    QVERIFY(!validator);
    QVERIFY2(validator.error().sentence.contains(why), qPrintable(validator.error().sentence));
}

void TestValidator::hostileInputEndsInTime_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("said"); ///< empty: valid
    const auto row = [](const char *name, const QByteArray &schema, const QByteArray &value,
                        const QString &said) { QTest::newRow(name) << schema << value << said; };
    row("a deep value", "{}", nested("[", "", "]", 100'000), u"nested deeper than 512"_s);
    row("a deep value that fits", R"({"items":{"$ref":"#"}})", nested("[", "", "]", 500), {});
    row("itself without end", R"({"$ref":"#"})", "1", u"without end"_s);
    row("itself without end, by two",
        R"({"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"$ref":"#"}}})", "1", u"without end"_s);
    row("itself without end, in alternatives", R"({"anyOf":[{"$ref":"#"},{"$ref":"#"}]})", "1",
        u"without end"_s);
    row("unevaluated without end",
        R"({"unevaluatedProperties":false,"anyOf":[{},{"$ref":"#/$defs/a"}],"$defs":{"a":{"not":{"$ref":"#/$defs/a"}}}})",
        R"({"a":1})", u"without end"_s);
    row("twice as much a level",
        R"({"anyOf":[{"type":"string"},{"items":{"$ref":"#"}},{"allOf":[{"items":{"$ref":"#"}},{"items":{"$ref":"#"}}]}],"not":{"const":0}})",
        nested("[", "0", "]", 60), u"steps"_s);
    row("a pattern that does not return", R"({"pattern":"^(a+)+$"})",
        '"' + QByteArray("a").repeated(5000) + "!\"", u"a pattern takes too long"_s);
    row("a pattern over a long text", R"({"pattern":"^(a|b)*$"})",
        '"' + QByteArray("ab").repeated(500'000) + '"', u"a pattern takes too long"_s);
    row("a pattern of brackets", R"({"pattern":")" + QByteArray("(").repeated(5000) + "\"}",
        "\"x\"", {});
    row("many names by a pattern", R"({"patternProperties":{"(a+)+$":{}}})",
        "{\"" + QByteArray("a").repeated(5000) + "!\":1}", u"a pattern takes too long"_s);
    QByteArray numbers = "[0";
    for (int i = 1; i < 100'000; ++i)
        numbers += ',' + QByteArray::number(i);
    row("a hundred thousand different items", R"({"uniqueItems":true})", numbers + ']', {});
    row("a hundred thousand equal items", R"({"uniqueItems":true})",
        '[' + QByteArray("1,").repeated(100'000) + "1]", u"two are the same"_s);
    QByteArray chain = "{\"$ref\":\"#/$defs/d0\",\"$defs\":{\"d0\":{}";
    for (int i = 0; i < 20'000; ++i)
        chain.replace(chain.size() - 2, 2,
                      "{\"$ref\":\"#/$defs/d" + QByteArray::number(i + 1) + "\"},\"d"
                          + QByteArray::number(i + 1) + "\":{}");
    row("a chain of references", chain + "}}", "1", u"deeper than can be followed"_s);
}

void TestValidator::hostileInputEndsInTime()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, value);
    QFETCH(QString, said);
    QElapsedTimer clock;
    clock.start();
    const QList<SchemaProblem> problems = judged(schema, value);
    QVERIFY2(clock.elapsed() < 20'000, QByteArray::number(clock.elapsed()).constData());
    if (said.isEmpty()) {
        QVERIFY2(problems.isEmpty(), qPrintable(problems.value(0).sentence));
        return;
    }
    QVERIFY(!problems.isEmpty());
    QVERIFY2(problems.constLast().sentence.contains(said),
             qPrintable(problems.constLast().sentence));
}

void TestValidator::theNumberOfProblemsIsBounded()
{
    const QByteArray value = '[' + QByteArray("1,").repeated(200'000) + "1]";
    QCOMPARE(judged(R"({"items":{"type":"string"}})", value).size(), 100);
}

void TestValidator::formatsAreJudgedOnlyWhenAskedFor_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("has");
    const auto row = [](const char *format, const char *text, bool has) {
        QTest::addRow("%s: %s", format, text)
            << QString::fromLatin1(format) << QString::fromLatin1(text) << has;
    };
    row("date", "2024-02-29", true);
    row("date", "2023-02-29", false);
    row("date", "24-2-9", false);
    row("time", "14:30:00Z", true);
    row("time", "14:30:00", false);
    row("date-time", "2024-02-29T14:30:00.5+02:00", true);
    row("date-time", "2024-02-29 14:30:00Z", false);
    row("email", "a.b@c.example", true);
    row("email", "a@", false);
    row("email", "a b@c", false);
    row("uri", "https://x.example/a?b#c", true);
    row("uri", "/a", false);
    row("uri", "https://x.example/a b", false);
    row("uri-reference", "/a", true);
    row("ipv4", "192.0.2.1", true);
    row("ipv4", "192.0.2.256", false);
    row("ipv6", "2001:db8::1", true);
    row("ipv6", "2001:db8", false);
    row("uuid", "123e4567-e89b-12d3-a456-426614174000", true);
    row("uuid", "123e4567", false);
    row("regex", "^a$", true);
    row("regex", "(", false);
    row("made-up", "anything", true);
}

void TestValidator::formatsAreJudgedOnlyWhenAskedFor()
{
    QFETCH(QString, format);
    QFETCH(QString, text);
    const QByteArray schema = "{\"format\":" + jsonQuoted(format) + '}';
    QVERIFY(judged(schema, jsonQuoted(text)).isEmpty());
    QTEST(judged(schema, jsonQuoted(text), true).isEmpty(), "has");
    QVERIFY(judged(schema, "7", true).isEmpty());
}

void TestValidator::aNulInANameOrTextIsNotItsEnd()
{
    const QByteArray schema =
        "{\"properties\":{\"a\\u0000b\":{\"type\":\"string\",\"minLength\":3}},"
        "\"required\":[\"a\\u0000b\"]}";
    QVERIFY(judged(schema, "{\"a\\u0000b\":\"x\\u0000y\"}").isEmpty());
    QCOMPARE(judged(schema, "{\"a\":1}").size(), 1);
    QCOMPARE(judged(schema, "{\"a\\u0000b\":\"x\\u0000\"}").size(), 1);
}

QTEST_GUILESS_MAIN(TestValidator)
#include "test_validator.moc"
