// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/compare/json_difference.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestJsonDifference : public QObject {
    Q_OBJECT

    /// "+ /a 1", "- /b 2", "~ /c 3 -> 4"
    static QStringList words(const QByteArray &left, const QByteArray &right,
                             qsizetype most = 10'000, bool *all = nullptr)
    {
        const JsonText a = JsonText::parse(left);
        const JsonText b = JsonText::parse(right);
        const JsonDifferences found = jsonDifferences(a, b, most);
        if (all)
            *all = found.all;
        QStringList list;
        for (const JsonDifference &each : found.list) {
            const QString was = QString::fromUtf8(a.raw(each.left));
            const QString is = QString::fromUtf8(b.raw(each.right));
            const QString at = QString::fromUtf8(each.pointer);
            switch (each.kind) {
            case JsonDifference::Kind::Added:
                list << u"+ %1 %2"_s.arg(at, is);
                break;
            case JsonDifference::Kind::Removed:
                list << u"- %1 %2"_s.arg(at, was);
                break;
            case JsonDifference::Kind::Changed:
                list << u"~ %1 %2 -> %3"_s.arg(at, was, is);
                break;
            }
        }
        return list;
    }

private Q_SLOTS:
    void differencesAreToldByTheirPlace_data();
    void differencesAreToldByTheirPlace();
    void anyDepthIsCompared();
    void manyItemsTakeNoSquare();
    void differencesAreLimited();
    void fingerprintsAreKnown_data();
    void fingerprintsAreKnown();
    void everythingIsTheSameAsItself();
};

void TestJsonDifference::differencesAreToldByTheirPlace_data()
{
    QTest::addColumn<QByteArray>("left");
    QTest::addColumn<QByteArray>("right");
    QTest::addColumn<QStringList>("found");
    const auto row = [](const char *name, const QByteArray &left, const QByteArray &right,
                        const QStringList &found) {
        QTest::addRow("%s", name) << left << right << found;
    };
    row("the same", R"({"a":[1,{"b":null}]})", R"({"a":[1,{"b":null}]})", {});
    row("order and white space", R"({"a":1,"b":[2,3]})", R"( {"b" : [2 ,3], "a":1 } )", {});
    row("escapes", R"({"a":"\u00e9\/"})", "{\"\\u0061\":\"\xc3\xa9/\"}", {});
    row("a value", R"({"a":{"b":1}})", R"({"a":{"b":2}})", {u"~ /a/b 1 -> 2"_s});
    row("a type", R"({"a":"1"})", R"({"a":1})", {u"~ /a \"1\" -> 1"_s});
    row("the spelling of a number", "[1]", "[1.0]", {u"~ /0 1 -> 1.0"_s});
    row("large numbers", "[9007199254740993]", "[9007199254740992]",
        {u"~ /0 9007199254740993 -> 9007199254740992"_s});
    row("a scalar alone", "true", "null", {u"~  true -> null"_s});
    row("object and array", R"({"a":{}})", R"({"a":[]})", {u"~ /a {} -> []"_s});
    row("members", R"({"a":1,"b":2})", R"({"b":2,"c":3})", {u"- /a 1"_s, u"+ /c 3"_s});
    row("a name to be escaped", R"({})", R"({"a/b~c":1})", {u"+ /a~1b~0c 1"_s});
    row("an item in front", "[1,2,3]", "[0,1,2,3]", {u"+ /0 0"_s});
    row("an item gone in between", R"(["a","b","c"])", R"(["a","c"])", {u"- /1 \"b\""_s});
    row("an item changed within", R"([{"n":1},{"n":2},{"n":3}])", R"([{"n":1},{"n":5},{"n":3}])",
        {u"~ /1/n 2 -> 5"_s});
    row("one changed, one added", R"([{"n":1},9])", R"([{"n":2},8,9])",
        {u"~ /0/n 1 -> 2"_s, u"+ /1 8"_s});
    row("two changed places", "[1,2,3,4]", "[1,3,2,4]", {u"- /1 2"_s, u"+ /2 2"_s});
    row("duplicate names", R"({"a":1,"a":2})", R"({"a":1,"a":3})", {u"~ /a 2 -> 3"_s});
    row("one duplicate more", R"({"a":1})", R"({"a":1,"a":1})", {u"+ /a 1"_s});
    row("required of a schema", R"({"required":["a","b"],"properties":{"a":{"type":"integer"}}})",
        R"({"required":["b"],"properties":{"a":{"type":"number"}}})",
        {u"- /required/0 \"a\""_s, u"~ /properties/a/type \"integer\" -> \"number\""_s});
    row("fingerprints of two recordings", R"({"token":"~7f2a****"})", R"({"token":"~0b1c****"})",
        {});
    row("a fingerprint and a word", R"({"token":"~7f2a"})", R"({"token":"seven"})",
        {u"~ /token \"~7f2a\" -> \"seven\""_s});
    row("no JSON", "[1", "[1]", {});
}

void TestJsonDifference::differencesAreToldByTheirPlace()
{
    QFETCH(QByteArray, left);
    QFETCH(QByteArray, right);
    QFETCH(QStringList, found);
    QCOMPARE(words(left, right), found);
    // The other way round: as many, and what was added is removed.
    const QStringList back = words(right, left);
    QCOMPARE(back.size(), found.size());
    QCOMPARE(back.filter(u"+ "_s).size(), found.filter(u"- "_s).size());
}

void TestJsonDifference::anyDepthIsCompared()
{
    constexpr int Levels = 100'000;
    const auto deep = [](const QByteArray &core) {
        return QByteArray(Levels, '[') + core + QByteArray(Levels, ']');
    };
    QVERIFY(words(deep("1"), deep("1")).isEmpty());
    const QStringList found = words(deep("1"), deep("2"));
    QCOMPARE(found.size(), 1);
    QVERIFY(found.first().endsWith(u"/0/0 1 -> 2"_s));
}

void TestJsonDifference::manyItemsTakeNoSquare()
{
    QByteArray left = "[-1,";
    QByteArray right = "[-2,";
    for (int i = 0; i < 200'000; ++i) {
        left += QByteArray::number(i) + ',';
        right += QByteArray::number(i % 100 == 0 ? -i : i) + ',';
    }
    bool all = false;
    const QStringList found = words(left + "0]", right + "1]", 10'000, &all);
    QVERIFY(all);
    QCOMPARE(found.size(), 2 + 1999);
    QCOMPARE(found.at(1), u"~ /101 100 -> -100"_s);
}

void TestJsonDifference::differencesAreLimited()
{
    bool all = true;
    QCOMPARE(words("[1,2,3]", "[4,5,6]", 2, &all).size(), 2);
    QVERIFY(!all);
    QCOMPARE(words("[1,2,3]", "[4,5,6]", 3, &all).size(), 3);
    QVERIFY(all);
}

void TestJsonDifference::fingerprintsAreKnown_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("is");
    QTest::newRow("bare") << u"~7f2a"_s << true;
    QTest::newRow("padded") << u"~7f2a**********"_s << true;
    QTest::newRow("short") << u"~7f2"_s << false;
    QTest::newRow("upper case") << u"~7F2A"_s << false;
    QTest::newRow("more behind it") << u"~7f2a and more"_s << false;
    QTest::newRow("empty") << u""_s << false;
    QTest::newRow("word") << u"about"_s << false;
}

void TestJsonDifference::fingerprintsAreKnown()
{
    QFETCH(QString, text);
    QTEST(isFingerprint(text), "is");
}

void TestJsonDifference::everythingIsTheSameAsItself()
{
    const JsonText a = JsonText::parse(R"([{"x":[1,2],"y":{}},{"y":{},"x":[1,2]},[2,1],"1",1])");
    const JsonText::Node root = a.root();
    QCOMPARE(jsonValueHash(a, a.at(root, 0)), jsonValueHash(a, a.at(root, 1)));
    QVERIFY(jsonValueHash(a, a.find("/0/x")) != jsonValueHash(a, a.at(root, 2)));
    QVERIFY(jsonValueHash(a, a.at(root, 3)) != jsonValueHash(a, a.at(root, 4)));
    QCOMPARE(jsonValueHash(a, a.find("/0/x")), jsonValueHash(a, a.find("/1/x")));
}

QTEST_APPLESS_MAIN(TestJsonDifference)
#include "test_json_difference.moc"
