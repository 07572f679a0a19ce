// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_skim.h"
#include "core/jsonrpc/json_text.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

QByteArrayList found(QByteArrayView text, QByteArrayView pointer)
{
    QByteArrayList values;
    skimJson(text, JsonPath::fromPointer(pointer), [&](QByteArrayView raw) {
        values.append(raw.toByteArray());
        return false;
    });
    return values;
}

} // namespace

class TestJsonSkim : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_path_leads_to_its_values_data();
    void a_path_leads_to_its_values();
    void it_finds_what_the_index_finds();
    void the_search_ends_when_it_is_told();
    void no_text_crashes_it();
    void deep_and_long_texts_cost_in_proportion();
};

void TestJsonSkim::a_path_leads_to_its_values_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<QByteArray>("values");
    const auto row = [](const char *text, const char *pointer, const char *values) {
        QTest::addRow("%s in %s", pointer, text)
            << QByteArray(text) << QByteArray(pointer) << QByteArray(values);
    };
    row("{\"a\":1}", "/a", "1");
    row(" { \"a\" : 1 } ", "/a", "1");
    row("{\"a\":1}", "/b", "");
    row("{\"a\":{\"b\":[10,20]}}", "/a/b/1", "20");
    row("{\"a\":{\"b\":[10,20]}}", "/a/b", "[10,20]");
    row("{\"a\":{\"b\":[10,20]}}", "/a/b/2", "");
    row("{\"a\":{\"b\":[10,20]}}", "/a/b/-1", "");
    row("{\"a\":\"x\"}", "/a/b", "");
    row("{\"b\":{\"a\":0},\"a\":\"}\"}", "/a", "\"}\"");
    row("{\"b\":[\"]\",{\"a\":0}],\"a\":true}", "/a", "true");
    row("{\"a\":1,\"a\":2}", "/a", "1|2");
    row("{\"a\\u0062\":1}", "/ab", "1");
    row("{\"a\\\\\":1,\"b\":2}", "/b", "2");
    row("{\"a\\\"b\":1}", "/a\"b", "1");
    row("{\"a/b\":1}", "/a~1b", "1");
    row("{\"a~b\":1}", "/a~0b", "1");
    row("{\"~1\":1}", "/~01", "1");
    row("{\"\":1}", "/", "1");
    row("{\"0\":1}", "/0", "1");
    row("[[1,2],[3,4]]", "/1/0", "3");
    row("[1,2,3]", "/*", "1|2|3");
    row("{\"t\":[{\"n\":1},{\"m\":2},{\"n\":3}]}", "/t/*/n", "1|3");
    row("{\"a\":{\"x\":1},\"b\":{\"x\":2}}", "/*/x", "1|2");
    // A batch is asked by item.
    row("[{\"id\":1},{\"id\":2}]", "/id", "1|2");
    row("[{\"id\":1},{\"id\":2}]", "/1/id", "2");
    row("[[{\"id\":1}]]", "/id", "");
    // Cut off, or none.
    row("{\"a\":1", "/a", "1");
    row("{\"a\":\"x", "/a", "\"x");
    row("{\"a\":", "/a", "");
    row("{\"a\":}", "/a", "");
    row("{\"a\"", "/a", "");
    row("{a:1}", "/a", "");
    row("", "/a", "");
    row("nothing", "/a", "");
    row("\"a\"", "/a", "");
}

void TestJsonSkim::a_path_leads_to_its_values()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, pointer);
    QTEST(found(text, pointer).join('|'), "values");
}

void TestJsonSkim::it_finds_what_the_index_finds()
{
    const QByteArray text =
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"params\":{\"name\":\"add\",\"list\":[1,{\"deep\":"
        "[[],[\"x\\\"y\",null,-1.5e3]]},\"a b\"],\"\\u00e9\":{\"\":false}}}";
    const JsonText index = JsonText::parse(text);
    QVERIFY(index.isValid());
    for (JsonText::Node node = 1; node < index.nodeCount(); ++node) {
        const QByteArray pointer = index.pointer(node);
        QCOMPARE(found(text, pointer), QByteArrayList{index.raw(node).toByteArray()});
    }
}

void TestJsonSkim::the_search_ends_when_it_is_told()
{
    int seen = 0;
    const bool ended = skimJson("[1,2,3]", JsonPath::fromPointer("/*"),
                                [&](QByteArrayView) { return ++seen == 2; });
    QVERIFY(ended);
    QCOMPARE(seen, 2);
    QVERIFY(!skimJson("[1]", JsonPath::fromPointer("/*"), [](QByteArrayView) { return false; }));
    QVERIFY(!skimJson(QByteArrayView(), JsonPath::fromPointer("/a"),
                      [](QByteArrayView) { return true; }));
    QCOMPARE(plainJsonString("\"ab\""), QByteArrayView("ab"));
    QVERIFY(plainJsonString("\"a\\nb\"").isNull());
    QVERIFY(plainJsonString("\"").isNull());
    QVERIFY(!plainJsonString("\"\"").isNull());
}

void TestJsonSkim::no_text_crashes_it()
{
    QRandomGenerator random(20261127);
    const char bytes[] = "{}[]\"\\:,a0 -t\n\xc3";
    for (int i = 0; i < 20'000; ++i) {
        QByteArray text;
        for (int n = random.bounded(40); n > 0; --n)
            text += bytes[random.bounded(int(sizeof bytes) - 1)];
        for (const char *pointer : {"/a", "/*", "/0", "/*/a", "/*/*/0", "/a/0"}) {
            for (const QByteArray &value : found(text, pointer))
                QVERIFY(text.contains(value));
        }
    }
}

void TestJsonSkim::deep_and_long_texts_cost_in_proportion()
{
    // Deep ones are gone through without recursion, wherever the path leads.
    const int deep = 2'000'000;
    const QByteArray nested = QByteArray(deep, '[') + "1" + QByteArray(deep, ']');
    QCOMPARE(found(nested, "/id"), QByteArrayList());
    QCOMPARE(found(nested, "/0/0").size(), 1);
    QCOMPARE(found(nested, "/*/*/*").size(), 1);
    QByteArray objects;
    for (int i = 0; i < 200'000; ++i)
        objects += "{\"a\":";
    QCOMPARE(found(objects, "/a/a").size(), 1);
    const QByteArray path = QByteArray("/a").repeated(10'000);
    QCOMPARE(JsonPath::fromPointer(path).tokens.size(), MaxPathTokens);
    QCOMPARE(found(objects, path).size(), 1);
}

QTEST_APPLESS_MAIN(TestJsonSkim)
#include "test_json_skim.moc"
