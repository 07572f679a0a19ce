// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/calls.h"
#include "core/mcp/listing.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestListing : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void entries_of_each_list_are_read_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("description");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *name, ListKind kind, const char *entry, const QString &key,
                            const QString &description, const QString &problem) {
            QTest::newRow(name) << int(kind) << QByteArray(entry) << key << description << problem;
        };
        row("resource", ListKind::Resources, R"({"uri":"a://b","name":"n","description":"d"})",
            u"a://b"_s, u"d"_s, {});
        row("resource without uri", ListKind::Resources, R"({"name":"n"})", u"n"_s, {},
            u"it has no uri"_s);
        row("template", ListKind::ResourceTemplates, R"({"uriTemplate":"a://{x}","name":"n"})",
            u"a://{x}"_s, {}, {});
        row("prompt", ListKind::Prompts, R"({"name":"p","description":7})", u"p"_s, {}, {});
        row("prompt with a number for a name", ListKind::Prompts, R"({"name":1})", {}, {},
            u"its name is no string"_s);
        row("task", ListKind::Tasks, R"({"taskId":"t","statusMessage":"runs"})", u"t"_s, u"runs"_s,
            {});
        row("no object", ListKind::Prompts, "[]", {}, {}, u"the entry is no object"_s);
    }
    void entries_of_each_list_are_read()
    {
        QFETCH(int, kind);
        QFETCH(QByteArray, entry);
        const ListItem item = readListItem(ListKind(kind), entry);
        QCOMPARE(item.json.text(), entry);
        QTEST(item.key(), "key");
        QTEST(item.description, "description");
        QTEST(item.problem, "problem");
    }

    void sizes_are_whole_numbers_of_bytes()
    {
        const auto size = [](const QByteArray &number) {
            return readListItem(ListKind::Resources, "{\"size\":" + number + '}').size;
        };
        QCOMPARE(size("12"), std::optional<qint64>(12));
        QCOMPARE(size("-1"), std::nullopt);
        QCOMPARE(size("\"12\""), std::nullopt);
        QCOMPARE(size("1e99"), std::nullopt);
    }

    void capabilities_say_what_is_listed()
    {
        const QByteArray caps =
            R"({"tools":{},"resources":{"subscribe":true},"tasks":{"list":{}}})";
        QVERIFY(offersList(caps, ListKind::Tools));
        QVERIFY(offersList(caps, ListKind::ResourceTemplates));
        QVERIFY(offersList(caps, ListKind::Tasks));
        QVERIFY(!offersList(caps, ListKind::Prompts));
        QVERIFY(!offersList("{\"tasks\":{}}", ListKind::Tasks));
        QVERIFY(!offersList("nonsense", ListKind::Tools));
    }

    void a_notice_names_the_lists_that_changed()
    {
        QCOMPARE(listsChangedBy("notifications/tools/list_changed"), QList{ListKind::Tools});
        QCOMPARE(listsChangedBy("notifications/resources/list_changed"),
                 (QList{ListKind::Resources, ListKind::ResourceTemplates}));
        QCOMPARE(listsChangedBy("notifications/message"), QList<ListKind>());
    }

    void requests_are_spelled_as_the_specification_has_them()
    {
        // moc does not read raw strings inside of macros.
        const QByteArray get = R"({"name":"p","arguments":{"a":"1"}})";
        const QByteArray of =
            R"({"ref":{"type":"ref/resource","uri":"a://{x}"},"argument":{"name":"x","value":"v"},"context":{"arguments":{"y":"1"}}})";
        const QByteArray bare =
            R"({"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"x","value":""}})";
        QCOMPARE(getPromptCall(u"p"_s, "{\"a\":\"1\"}").params, get);
        QCOMPARE(completeCall({{}, u"a://{x}"_s, u"x"_s, u"v"_s, "{\"y\":\"1\"}"}).params, of);
        QCOMPARE(completeCall({u"p"_s, {}, u"x"_s, {}, {}}).params, bare);
        QCOMPARE(callTitle(readResourceCall(u"a://b"_s)), u"resources/read a://b"_s);
        QCOMPARE(callTitle(completeCall({u"p"_s, {}, u"x"_s, {}, {}})), u"completion/complete p"_s);
        QCOMPARE(callTitle({"ping", {}}), u"ping"_s);
        QCOMPARE(callTitle({"x", "nonsense"}), u"x"_s);
    }

    void completions_keep_their_order_and_their_limit()
    {
        const Completion two =
            readCompletion(R"({"completion":{"values":["b",7,"a"],"total":12,"hasMore":true}})");
        QCOMPARE(two.values, (QStringList{u"b"_s, u"a"_s}));
        QCOMPARE(two.total, std::optional<qint64>(12));
        QVERIFY(two.hasMore);
        QByteArray many = R"({"completion":{"values":["x")";
        for (int i = 0; i < 500; ++i)
            many += ",\"x\"";
        QCOMPARE(readCompletion(many + "]}}").values.size(), 100);
        QVERIFY(!readCompletion("{}").problem.isEmpty());
        QVERIFY(!readCompletion("").problem.isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestListing)
#include "test_listing.moc"
