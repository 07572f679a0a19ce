// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_text.h"

#include <QJsonDocument>
#include <QJsonValue>
#include <QRandomGenerator>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace sightglass;

class TestJsonText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesWhatTheStandardAllows_data();
    void takesWhatTheStandardAllows();
    void refusesWithPlaceAndSentence_data();
    void refusesWithPlaceAndSentence();
    void orderDuplicatesAndSpellingStay();
    void treeCanBeWalked();
    void keysAreFoundWithoutAnIndex_data();
    void keysAreFoundWithoutAnIndex();
    void pointersFindTheirNodes_data();
    void pointersFindTheirNodes();
    void everyNodeIsFoundByItsPointer();
    void offsetsFindTheirNodes_data();
    void offsetsFindTheirNodes();
    void numbersKeepTheirSpelling();
    void queriesTakeNoNode();
    void stringsAreDecoded_data();
    void stringsAreDecoded();
    void stringsAreQuoted_data();
    void stringsAreQuoted();
    void layoutKeepsTheText_data();
    void layoutKeepsTheText();
    void deepNestingNeedsNoStack();
    void longStringsAndManyValues();
    void everyPrefixIsRefusedAtItsEnd();
    void damagedTextIsAnErrorOrJson();
    void whatStandsBeforeAFaultIsKept_data();
    void whatStandsBeforeAFaultIsKept();
    void everyPrefixCanBeWalked();
    void readingIsEndedFromOutside();
    void writerWritesInOrder();
    void writerSpellsNumbersSoThatTheyReadBackTheSame();
};

void TestJsonText::takesWhatTheStandardAllows_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("nodes");
    const auto row = [](const char *name, const QByteArray &text, int nodes) {
        QTest::addRow("%s", name) << text << nodes;
    };
    row("scalar", "1", 1);
    row("white space around", " \t\r\n[ ] \n", 1);
    row("empty object", "{ }", 1);
    row("nested", R"({"a":[1,{"b":null}],"c":true})", 6);
    row("numbers", "[0,-0,1.5,1e5,1E+05,-1.0e-10,123456789012345678901234567890]", 8);
    row("escapes", R"(["\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00"])", 2);
    row("lone surrogate escape", R"(["\ud800"])", 2);
    row("NUL as escape", R"(["\u0000"])", 2);
    row("DEL is no control character here", "[\"\x7F\"]", 2);
    row("UTF-8 of all lengths",
        "[\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBF\xF4\x8F\xBF\xBF\"]", 2);
    row("empty name", R"({"":1})", 2);
    row("duplicate names", R"({"a":1,"a":2})", 3);
}

void TestJsonText::takesWhatTheStandardAllows()
{
    QFETCH(QByteArray, text);
    QFETCH(int, nodes);
    const JsonText json = JsonText::parse(text);
    QVERIFY2(json.isValid(), json.error() ? qPrintable(json.error()->sentence) : "");
    QCOMPARE(json.nodeCount(), nodes);
    QCOMPARE(json.text(), text);
    QCOMPARE(json.raw(json.root()), text.trimmed());
}

void TestJsonText::refusesWithPlaceAndSentence_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("offset");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const QByteArray &text, qint64 offset, const char *says) {
        QTest::addRow("%s", text.toPercentEncoding(" {}[]\",:\\").constData())
            << text << offset << QByteArray(says);
    };
    row("", 0, "Expected a value, but the text ends here.");
    row("  ", 2, "Expected a value, but the text ends here.");
    row("{", 1, "Expected a member name in quotes, but the text ends here.");
    row("[", 1, "Expected a value, but the text ends here.");
    row("[1", 2, "Expected a comma or ']', but the text ends here.");
    row("[1,]", 3, "Expected a value, but found ']'.");
    row("[,1]", 1, "Expected a value, but found ','.");
    row("{\"a\":1,}", 7, "Expected a member name in quotes, but found '}'.");
    row("{a:1}", 1, "Expected a member name in quotes or '}', but found 'a'.");
    row("{'a':1}", 1, "Expected a member name in quotes or '}', but found a single quote.");
    row("{\"a\" 1}", 5, "Expected a colon after the member name, but found '1'.");
    row("{\"a\":}", 5, "Expected a value, but found '}'.");
    row("{\"a\":1 \"b\":2}", 7, "Expected a comma or '}', but found '\"'.");
    row("[1}", 2, "Expected a comma or ']', but found '}'.");
    row("1 2", 2, "Expected the end of the text after the value, but found '2'.");
    row("{}x", 2, "Expected the end of the text after the value, but found 'x'.");
    row("nul", 0, "Expected a value, but found 'n'.");
    row("NaN", 0, "Expected a value, but found 'N'.");
    row("True", 0, "Expected a value, but found 'T'.");
    row("+1", 0, "Expected a value, but found '+'.");
    row("01", 0, "A number has no leading zero.");
    row("-", 1, "Expected a digit after the minus sign, but the text ends here.");
    row("1.", 2, "Expected a digit after the decimal point, but the text ends here.");
    row(".5", 0, "Expected a value, but found '.'.");
    row("1e", 2, "Expected a digit in the exponent, but the text ends here.");
    row("\"abc", 0, "This string is not closed before the text ends.");
    row("\"abc\\", 0, "This string is not closed before the text ends.");
    row("[\"a\nb\"]", 3, "The control character 0x0A has to be escaped in a string.");
    row(QByteArray("[\"\0\"]", 5), 2, "The control character 0x00 has to be escaped in a string.");
    row("[\"\\x\"]", 2, "Expected one of \" \\ / b f n r t u after the backslash.");
    row("[\"\\u12g4\"]", 2, "Expected four hexadecimal digits after \\u.");
    row("[\"\xFF\"]", 2, "The byte 0xFF is not valid UTF-8 here.");
    row("[\"\xC0\xAF\"]", 2, "The byte 0xC0 is not valid UTF-8 here.");
    row("[\"\xED\xA0\x80\"]", 2, "The byte 0xED is not valid UTF-8 here.");
    row("[\"\xF4\x90\x80\x80\"]", 2, "The byte 0xF4 is not valid UTF-8 here.");
    row("[\"\xE2\x82\"]", 2, "The byte 0xE2 is not valid UTF-8 here.");
    row("[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\x80\"]", 34, "The byte 0x80 is not valid UTF-8 here.");
    row("\xEF\xBB\xBF{}", 0, "Expected a value, but found a byte order mark.");
    row("{\"a\":1}\xC2\xA0", 7,
        "Expected the end of the text after the value, but found '\xC2\xA0'.");
    row("<html>", 0, "Expected a value, but found '<'.");
    row("[1] // x", 4, "Expected the end of the text after the value, but found '/'.");
}

void TestJsonText::refusesWithPlaceAndSentence()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, offset);
    QFETCH(QByteArray, says);
    const JsonText json = JsonText::parse(text);
    QVERIFY(!json.isValid());
    QVERIFY(json.error());
    QCOMPARE(json.error()->sentence, QString::fromUtf8(says));
    QCOMPARE(json.error()->offset, offset);
    QCOMPARE(json.root(), -1);
    QCOMPARE(json.text(), text);
}

void TestJsonText::orderDuplicatesAndSpellingStay()
{
    const QByteArray text = R"({ "z" : 1.50, "a":9007199254740993, "z":1e308 })";
    const JsonText json = JsonText::parse(text);
    QStringList keys;
    QByteArrayList values;
    for (const JsonText::Node child : json.children(json.root())) {
        keys.append(json.key(child));
        values.append(json.raw(child).toByteArray());
    }
    QCOMPARE(keys, QStringList({u"z"_s, u"a"_s, u"z"_s}));
    QCOMPARE(values, QByteArrayList({"1.50", "9007199254740993", "1e308"}));
    QCOMPARE(json.raw(json.member(json.root(), u"z")), "1e308");
    QCOMPARE(json.compact(), R"({"z":1.50,"a":9007199254740993,"z":1e308})");
}

void TestJsonText::treeCanBeWalked()
{
    const JsonText json = JsonText::parse(R"({"a":[1,[2],{}],"b":{"c":"d"}})");
    const JsonText::Node a = json.member(0, u"a");
    QCOMPARE(json.childCount(0), 2);
    QCOMPARE(json.childCount(a), 3);
    QCOMPARE(json.parent(a), 0);
    QCOMPARE(json.raw(json.at(a, 0)), "1");
    QCOMPARE(json.raw(json.at(a, 1)), "[2]");
    QCOMPARE(json.raw(json.at(a, 2)), "{}");
    QCOMPARE(json.at(a, 3), -1);
    QCOMPARE(json.at(a, -1), -1);
    QCOMPARE(json.nextSibling(json.at(a, 2)), -1);
    QCOMPARE(json.firstChild(json.at(a, 2)), -1);
    const JsonText::Node b = json.nextSibling(a);
    QCOMPARE(json.key(b), u"b"_s);
    QCOMPARE(json.nextSibling(b), -1);
    QCOMPARE(json.raw(json.firstChild(b)), "\"d\"");
    QCOMPARE(json.nextSibling(json.firstChild(b)), -1);
    QCOMPARE(json.nextSibling(0), -1);
    QCOMPARE(json.start(b), 20);
    QCOMPARE(json.end(b), 29);
    QCOMPARE(json.type(b), JsonType::Object);
}

void TestJsonText::keysAreFoundWithoutAnIndex_data()
{
    QTest::addColumn<QByteArray>("rawKey");
    QTest::addRow("plain") << QByteArray(R"("a")");
    QTest::addRow("empty") << QByteArray(R"("")");
    QTest::addRow("escaped quote at the start") << QByteArray(R"("\"a")");
    QTest::addRow("escaped quote at the end") << QByteArray(R"("a\"")");
    QTest::addRow("escaped backslash at the end") << QByteArray(R"("a\\")");
    QTest::addRow("backslash and quote") << QByteArray(R"("\\\"")");
    QTest::addRow("all of it") << QByteArray(R"("\"\\\":{[,\\\\\"")");
    QTest::addRow("colon and braces") << QByteArray(R"("{:}")");
}

void TestJsonText::keysAreFoundWithoutAnIndex()
{
    QFETCH(QByteArray, rawKey);
    for (const QByteArray &space : {QByteArray(), QByteArray(" \n\t")}) {
        for (const QByteArray &before : {QByteArray("{"), QByteArray(R"({"x\\":"\"",)")}) {
            const JsonText json =
                JsonText::parse(before + space + rawKey + space + ':' + space + "\":\"}");
            QVERIFY(json.isValid());
            const JsonText::Node last = json.children(0).constLast();
            QCOMPARE(json.rawKey(last), rawKey);
            QCOMPARE(json.member(0, json.key(last)), last);
        }
    }
}

void TestJsonText::pointersFindTheirNodes_data()
{
    // RFC 6901, section 5, and what is not there.
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *pointer, const char *value) {
        QTest::addRow("'%s'", pointer) << QByteArray(pointer) << QByteArray(value);
    };
    row("/foo", "[\"bar\",[1],\"baz\"]");
    row("/foo/0", "\"bar\"");
    row("/foo/1/0", "1");
    row("/foo/2", "\"baz\"");
    row("/", "0");
    row("/a~1b", "1");
    row("/c%d", "2");
    row("/i\\j", "5");
    row("/k\"l", "6");
    row("/ ", "7");
    row("/m~0n", "8");
    row("/foo/3", "");
    row("/foo/-", "");
    row("/foo/00", "");
    row("/foo/+1", "");
    row("/foo/", "");
    row("/foo/0/x", "");
    row("/missing", "");
    row("foo", "");
    row("/foo/99999999999999999999", "");
}

void TestJsonText::pointersFindTheirNodes()
{
    QFETCH(QByteArray, pointer);
    QFETCH(QByteArray, value);
    const JsonText json = JsonText::parse(
        R"({"foo":["bar",[1],"baz"],"":0,"a/b":1,"c%d":2,"i\\j":5,"k\"l":6," ":7,"m~n":8})");
    const JsonText::Node node = json.find(pointer);
    QCOMPARE(json.raw(node), value);
    if (node >= 0)
        QCOMPARE(json.pointer(node), pointer);
}

void TestJsonText::everyNodeIsFoundByItsPointer()
{
    const JsonText json =
        JsonText::parse(R"({"a":[1,[2,{"~/":[]}],"x"],"b":{"":{"":[null,[false]]}},"é":0})");
    QCOMPARE(json.find(""), 0);
    for (JsonText::Node node = 0; node < json.nodeCount(); ++node)
        QCOMPARE(json.find(json.pointer(node)), node);
}

void TestJsonText::offsetsFindTheirNodes_data()
{
    QTest::addColumn<int>("offset");
    QTest::addColumn<QByteArray>("pointer");
    // 0123456789012345678901234567890
    //  {"a": [1, 22], "bc" : {"d":"e"}} x
    QTest::addRow("brace") << 1 << QByteArray("");
    QTest::addRow("name") << 3 << QByteArray("/a");
    QTest::addRow("after the name") << 5 << QByteArray("/a");
    QTest::addRow("bracket") << 7 << QByteArray("/a");
    QTest::addRow("number") << 8 << QByteArray("/a/0");
    QTest::addRow("comma") << 9 << QByteArray("/a");
    QTest::addRow("second digit") << 12 << QByteArray("/a/1");
    QTest::addRow("closing bracket") << 13 << QByteArray("/a");
    QTest::addRow("between members") << 14 << QByteArray("");
    QTest::addRow("second name") << 17 << QByteArray("/bc");
    QTest::addRow("inner name") << 25 << QByteArray("/bc/d");
    QTest::addRow("inner value") << 29 << QByteArray("/bc/d");
    QTest::addRow("last brace") << 32 << QByteArray("");
}

void TestJsonText::offsetsFindTheirNodes()
{
    QFETCH(int, offset);
    QFETCH(QByteArray, pointer);
    const JsonText json = JsonText::parse(" {\"a\": [1, 22], \"bc\" : {\"d\":\"e\"}} ");
    QCOMPARE(json.pointer(json.nodeAt(offset)), pointer);
    QVERIFY(json.nodeAt(offset) >= 0);
    QCOMPARE(json.nodeAt(0), -1);
    QCOMPARE(json.nodeAt(33), -1);
    QCOMPARE(json.nodeAt(1000), -1);
}

void TestJsonText::numbersKeepTheirSpelling()
{
    const JsonText json = JsonText::parse(
        "[9007199254740993,9223372036854775807,9223372036854775808,1.0,1e2,-5,1e999]");
    QCOMPARE(json.integer(1), std::optional<qint64>(9007199254740993));
    QCOMPARE(json.integer(2), std::optional<qint64>(std::numeric_limits<qint64>::max()));
    QCOMPARE(json.integer(3), std::optional<qint64>());
    QCOMPARE(json.number(3), std::optional<double>(9223372036854775808.0));
    QCOMPARE(json.integer(4), std::optional<qint64>());
    QCOMPARE(json.number(4), std::optional<double>(1.0));
    QCOMPARE(json.number(5), std::optional<double>(100.0));
    QCOMPARE(json.integer(6), std::optional<qint64>(-5));
    QVERIFY(json.number(7).has_value());
    QCOMPARE(json.raw(7), "1e999");
}

void TestJsonText::queriesTakeNoNode()
{
    for (const JsonText &json : {JsonText(), JsonText::parse("{}"), JsonText::parse("{")}) {
        QCOMPARE(json.type(-1), JsonType::Null);
        QVERIFY(!json.isObject(-1) && !json.isArray(-1) && !json.isString(-1) && !json.isNumber(-1)
                && !json.isBool(-1));
        QVERIFY(json.raw(-1).isEmpty() && json.rawKey(-1).isEmpty() && json.key(-1).isEmpty());
        QCOMPARE(json.start(-1), 0);
        QCOMPARE(json.end(-1), 0);
        QCOMPARE(json.parent(-1), -1);
        QCOMPARE(json.firstChild(-1), -1);
        QCOMPARE(json.nextSibling(-1), -1);
        QCOMPARE(json.childCount(-1), 0);
        QVERIFY(json.children(-1).isEmpty());
        QCOMPARE(json.member(-1, u"a"), -1);
        QCOMPARE(json.member(json.member(json.root(), u"a"), u"b"), -1);
        QCOMPARE(json.at(-1, 0), -1);
        QCOMPARE(json.find("/a"), -1);
        QCOMPARE(json.nodeAt(5), -1);
        QVERIFY(json.string(-1).isEmpty() && !json.number(-1) && !json.integer(-1));
        QVERIFY(json.boolean(-1, true));
        QVERIFY(json.pointer(-1).isEmpty() && json.indented(-1).isEmpty());
    }
    QVERIFY(JsonText().indented().isEmpty());
    QVERIFY(JsonText::parse("x").compact().isEmpty());
}

void TestJsonText::stringsAreDecoded_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("text");
    QTest::addRow("plain") << QByteArray(R"("abc")") << u"abc"_s;
    QTest::addRow("empty") << QByteArray(R"("")") << QString();
    QTest::addRow("escapes") << QByteArray(R"("\"\\\/\b\f\n\r\tx")") << u"\"\\/\b\f\n\r\tx"_s;
    QTest::addRow("unicode") << QByteArray(R"("a\u00e9\u20ACz")") << u"a\u00e9\u20acz"_s;
    QTest::addRow("pair") << QByteArray(R"("\ud83d\ude00")") << u"\U0001F600"_s;
    QTest::addRow("lone high") << QByteArray(R"("\ud83dx")") << u"\uFFFDx"_s;
    QTest::addRow("lone high at the end") << QByteArray(R"("\ud83d")") << u"\uFFFD"_s;
    QTest::addRow("lone low") << QByteArray(R"("\ude00")") << u"\uFFFD"_s;
    QTest::addRow("two high, low")
        << QByteArray(R"("\ud83d\ud83d\ude00")") << u"\uFFFD\U0001F600"_s;
    QTest::addRow("high, other escape") << QByteArray(R"("\ud83d\n")") << u"\uFFFD\n"_s;
    // A character like any other within JSON, and no mark of the byte order.
    QTest::addRow("U+FEFF") << QByteArray("\"\xEF\xBB\xBFx\"") << u"\uFEFFx"_s;
    QTest::addRow("U+FEFF twice") << QByteArray("\"\xEF\xBB\xBF\xEF\xBB\xBF\"")
                                  << u"\uFEFF\uFEFF"_s;
    QTest::addRow("U+FEFF behind an escape") << QByteArray("\"\\n\xEF\xBB\xBF\"") << u"\n\uFEFF"_s;
    QTest::addRow("UTF-8") << QByteArray("\"\xF0\x9F\x98\x80\"") << u"\U0001F600"_s;
}

void TestJsonText::stringsAreDecoded()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, text);
    QCOMPARE(jsonUnquoted(raw), text);
    const JsonText json = JsonText::parse(raw);
    QCOMPARE(json.string(0), text);
    if (!text.contains(QChar::ReplacementCharacter))
        QCOMPARE(jsonUnquoted(jsonQuoted(text)), text);
}

void TestJsonText::stringsAreQuoted_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("quoted");
    QTest::addRow("plain") << u"a/b"_s << QByteArray(R"("a/b")");
    QTest::addRow("empty") << QString() << QByteArray(R"("")");
    QTest::addRow("escapes") << u"\"\\\b\f\n\r\t\x01\x7f"_s
                             << QByteArray("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\x7F\"");
    QTest::addRow("beyond ASCII") << u"é\U0001F600"_s << QByteArray("\"é😀\"");
    QTest::addRow("lone surrogates")
        << QString(QChar(0xD83D)) + u'x' + QChar(0xDE00) << QByteArray(R"("\ud83dx\ude00")");
    QTest::addRow("NUL") << QString(QChar(0)) << QByteArray(R"("\u0000")");
}

void TestJsonText::stringsAreQuoted()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, quoted);
    QCOMPARE(jsonQuoted(text), quoted);
    QVERIFY(JsonText::parse(quoted).isValid());
}

void TestJsonText::layoutKeepsTheText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("indented");
    QTest::addColumn<QByteArray>("compact");
    QTest::addRow("object") << QByteArray(R"({ "b":[1.0,{},[ ] ],"a":"x: , y"} )")
                            << QByteArray(
                                   "{\n  \"b\": [\n    1.0,\n    {},\n    []\n  ],\n  \"a\": "
                                   "\"x: , y\"\n}")
                            << QByteArray(R"({"b":[1.0,{},[]],"a":"x: , y"})");
    QTest::addRow("scalar") << QByteArray(" \"a\\\"b \"") << QByteArray("\"a\\\"b \"")
                            << QByteArray("\"a\\\"b \"");
    QTest::addRow("long strings")
        << "[\"" + QByteArray(40, 'a') + "é\\\\" + QByteArray(40, ' ') + "\" ,\ttrue]"
        << "[\n  \"" + QByteArray(40, 'a') + "é\\\\" + QByteArray(40, ' ') + "\",\n  true\n]"
        << "[\"" + QByteArray(40, 'a') + "é\\\\" + QByteArray(40, ' ') + "\",true]";
}

void TestJsonText::layoutKeepsTheText()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, indented);
    QFETCH(QByteArray, compact);
    const JsonText json = JsonText::parse(text);
    QCOMPARE(json.indented(), indented);
    QCOMPARE(json.compact(), compact);
    QCOMPARE(JsonText::parse(indented).compact(), compact);
    QCOMPARE(JsonText::parse(compact).indented(), indented);
}

void TestJsonText::deepNestingNeedsNoStack()
{
    const int levels = 100'000;
    QByteArray text;
    for (int i = 0; i < levels; ++i)
        text += i % 2 ? "{\"a\":" : "[";
    text += "1";
    for (int i = levels - 1; i >= 0; --i)
        text += i % 2 ? '}' : ']';
    const JsonText json = JsonText::parse(text);
    QVERIFY(json.isValid());
    QCOMPARE(json.nodeCount(), levels + 1);
    QCOMPARE(json.compact(), text);
    QCOMPARE(JsonText::parse(json.indented()).compact(), text);
    QCOMPARE(json.find(json.pointer(levels)), levels);

    QByteArray wrong = text;
    wrong[wrong.size() - 1] = '}';
    QCOMPARE(JsonText::parse(wrong).error()->offset, wrong.size() - 1);
    QVERIFY(!JsonText::parse(QByteArray(levels, '[')).isValid());
}

void TestJsonText::longStringsAndManyValues()
{
    const QByteArray text =
        "[\"" + QByteArray(50'000'000, 'x') + "\"" + QByteArray(",12").repeated(1'000'000) + ",{}]";
    const JsonText json = JsonText::parse(text);
    QVERIFY(json.isValid());
    QCOMPARE(json.childCount(0), 1'000'002);
    QCOMPARE(json.raw(1).size(), 50'000'002);
    QCOMPARE(json.raw(json.at(0, 1'000'000)), "12");
}

void TestJsonText::everyPrefixIsRefusedAtItsEnd()
{
    const QByteArray text = R"({"a":[1,"b\n\u00e9",true,null,{"c":-1.5e3}]})";
    for (qsizetype length = 0; length < text.size(); ++length) {
        const JsonText json = JsonText::parse(text.first(length));
        QVERIFY(!json.isValid());
        QVERIFY(json.error()->offset <= length);
        QVERIFY(json.error()->sentence.endsWith(u'.'));
    }
}

void TestJsonText::damagedTextIsAnErrorOrJson()
{
    const QByteArray good = R"({"a":[1,"b\n\u00e9é",true,null,{"c":-1.5e3}],"d":{"e":[]}})";
    QRandomGenerator random(6901);
    for (int round = 0; round < 20'000; ++round) {
        QByteArray text = good;
        for (int i = random.bounded(3); i >= 0; --i)
            text[random.bounded(int(text.size()))] = char(random.bounded(256));
        const JsonText json = JsonText::parse(text);
        QJsonParseError judge;
        QJsonDocument::fromJson(text, &judge);
        // Qt's parser takes some that the grammar does not, never the other way round but for
        // repeated names, which it takes as well.
        if (json.isValid())
            QVERIFY2(judge.error == QJsonParseError::NoError, text.constData());
        else
            QVERIFY(json.error()->offset >= 0 && json.error()->offset <= text.size());
    }
}

void TestJsonText::whatStandsBeforeAFaultIsKept_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("nodes");
    QTest::addColumn<qint64>("offset");
    QTest::addColumn<QByteArray>("lastPointer");
    QTest::addColumn<QByteArray>("lastRaw");
    const auto row = [](const char *name, const QByteArray &text, int nodes, qint64 offset,
                        const QByteArray &pointer, const QByteArray &raw) {
        QTest::addRow("%s", name) << text << nodes << offset << pointer << raw;
    };
    row("cut off in a string", R"({"a":[1,2,{"b":"tex)", 5, 15, "/a/2", R"({"b":)");
    row("cut off behind a comma", R"({"a":1,"b":2,)", 3, 13, "/b", "2");
    row("cut off in a name", R"({"a":1,"b)", 2, 7, "/a", "1");
    row("no comma", R"([1 2])", 2, 3, "/0", "1");
    row("garbage behind it", R"([1,2] x)", 3, 6, "/1", "2");
    row("invalid UTF-8", "[1,\"\xff\"]", 2, 4, "/0", "1");
    row("nothing at all", "hello", 0, 0, "", "");
    row("an open brace", "{", 1, 1, "", "{");
}

void TestJsonText::whatStandsBeforeAFaultIsKept()
{
    QFETCH(QByteArray, text);
    QFETCH(int, nodes);
    QFETCH(qint64, offset);
    const JsonText json = JsonText::parseAsFar(text);
    QVERIFY(!json.isValid());
    QCOMPARE(json.hasValues(), nodes > 0);
    QVERIFY(json.error());
    QCOMPARE(json.error()->offset, offset);
    QCOMPARE(json.error()->sentence, JsonText::parse(text).error()->sentence);
    QCOMPARE(json.nodeCount(), nodes);
    QTEST(json.pointer(JsonText::Node(nodes) - 1), "lastPointer");
    QTEST(json.raw(JsonText::Node(nodes) - 1).toByteArray(), "lastRaw");
    QVERIFY(!JsonText::parse(text).hasValues());
}

void TestJsonText::everyPrefixCanBeWalked()
{
    const QByteArray text = R"({"a\"b":[1,{"c":[],"d":"\u00e9x","a":true},-1.5e3],"a":{"e":{}}})";
    for (qsizetype length = 0; length < text.size(); ++length) {
        const JsonText json = JsonText::parseAsFar(text.left(length));
        QVERIFY(!json.isValid());
        for (JsonText::Node node = 0; node < json.nodeCount(); ++node) {
            QVERIFY(json.end(node) <= length);
            QCOMPARE(json.children(node).size(), json.childCount(node));
            QCOMPARE(json.nodeAt(json.start(node)), node);
            QCOMPARE(json.key(node).isEmpty(), !json.isObject(json.parent(node)));
        }
    }
    QVERIFY(JsonText::parseAsFar(text).isValid());
}

void TestJsonText::readingIsEndedFromOutside()
{
    const QByteArray text = '[' + QByteArray("1,").repeated(20'000) + "1]";
    JsonProgress progress;
    QVERIFY(JsonText::parseAsFar(text, &progress).isValid());
    QVERIFY(progress.read > 10'000);
    progress.stop = true;
    const JsonText ended = JsonText::parseAsFar(text, &progress);
    QVERIFY(!ended.hasValues());
    QVERIFY(ended.error()->sentence.contains(u"ended"_s));
}

void TestJsonText::writerWritesInOrder()
{
    JsonWriter writer;
    writer.beginObject();
    writer.key(u"z").value(1).key(u"a\"").beginArray().value(u"x\n").null().value(true);
    writer.beginObject().endObject().raw("1e308").value("ascii").value(false).endArray();
    writer.key(u"n").value(qint64(9007199254740993)).key(u"d").value(0.5);
    writer.key(u"s").value(u"é"_s).endObject();
    QCOMPARE(
        writer.text(),
        R"({"z":1,"a\"":["x\n",null,true,{},1e308,"ascii",false],"n":9007199254740993,"d":0.5,"s":"é"})");
    QVERIFY(JsonText::parse(writer.text()).isValid());
}

void TestJsonText::writerSpellsNumbersSoThatTheyReadBackTheSame()
{
    for (const double number : {0.1, 1e308, 5e-324, -0.0, 1.0, 123456789.123, 1e21, 1.0 / 3}) {
        JsonWriter writer;
        writer.value(number);
        const JsonText json = JsonText::parse(writer.text());
        QVERIFY(json.isValid());
        QVERIFY(*json.number(0) == number);
    }
    for (const double odd : {std::nan(""), std::numeric_limits<double>::infinity()}) {
        JsonWriter writer;
        writer.value(odd);
        QCOMPARE(writer.text(), "null");
    }
}

QTEST_GUILESS_MAIN(TestJsonText)
#include "test_json_text.moc"
