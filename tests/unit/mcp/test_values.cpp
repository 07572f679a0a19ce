// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/listing.h"
#include "core/mcp/server_target.h"
#include "core/mcp/tool.h"

#include <QTest>

using namespace sightglass;

class TestValues : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void target_from_what_a_person_types_data();
    void target_from_what_a_person_types();
    void user_info_becomes_a_credential();
    void passwords_in_bad_urls_are_not_repeated_data();
    void passwords_in_bad_urls_are_not_repeated();
    void odd_tools_are_told_not_thrown_away_data();
    void odd_tools_are_told_not_thrown_away();
    void a_page_keeps_its_tools_as_text();
    void is_error_only_where_it_says_true();
};

void TestValues::target_from_what_a_person_types_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("url"); // empty: refused
    const auto row = [](const char *typed, const char *url) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromLatin1(url);
    };
    row("http://127.0.0.1:4780/mcp", "http://127.0.0.1:4780/mcp");
    row("  https://example.org/mcp  ", "https://example.org/mcp");
    row("localhost:3000/mcp", "http://localhost:3000/mcp");
    row("127.0.0.1:3000", "http://127.0.0.1:3000/");
    row("[::1]:3000/mcp", "http://[::1]:3000/mcp");
    row("example.org/mcp", "https://example.org/mcp");
    row("http://example.org/mcp#part", "http://example.org/mcp");
    row("http://example.org/a%2Fb?x=%7B", "http://example.org/a%2Fb?x=%7B");
    row("", "");
    row("   ", "");
    row("http://", "");
    row("http:///mcp", "");
    row("ftp://example.org/mcp", "");
    row("file:///etc/passwd", "");
    row("javascript:alert(1)", "");
    row("http://exa mple.org/", "");
    row("http://example.org:99999/", "");
    row("HTTP://EXAMPLE.org/mcp", "http://example.org/mcp");
    row("localhost", "http://localhost/");
    row("localhost:/mcp", "http://localhost/mcp");
    row("mailto:someone@example.org", "");
    row("http:/example.org/mcp", "");
    row("me:secret@example.org/mcp", "");
}

void TestValues::target_from_what_a_person_types()
{
    QFETCH(QString, typed);
    const Expected<ServerTarget> target = parseTarget(typed);
    QTEST(target ? target->url.toString(QUrl::FullyEncoded) : QString(), "url");
    if (!target) {
        QCOMPARE(target.error().kind, FailureKind::Usage);
        QVERIFY(!target.error().sentence.isEmpty());
    }
}

void TestValues::user_info_becomes_a_credential()
{
    const Expected<ServerTarget> target =
        parseTarget(QStringLiteral("https://me:p%40ss@example.org/mcp"));
    QVERIFY(target);
    QVERIFY(target->url.userInfo().isEmpty());
    QCOMPARE(target->credentials.basicUser, QStringLiteral("me"));
    QCOMPARE(target->credentials.basicPassword, QStringLiteral("p@ss"));
}

void TestValues::passwords_in_bad_urls_are_not_repeated_data()
{
    QTest::addColumn<QString>("typed");
    for (const char *typed :
         {"http://me:secret@example.org:99999/mcp", "ftp://me:secret@example.org/",
          "me:secret@example.org/mcp", "http://me:secret@/mcp", "http://me:secret@exa mple.org/mcp",
          "me:secret@exa mple.org"})
        QTest::newRow(typed) << QString::fromLatin1(typed);
}

void TestValues::passwords_in_bad_urls_are_not_repeated()
{
    QFETCH(QString, typed);
    const Expected<ServerTarget> target = parseTarget(typed);
    QVERIFY(!target);
    QVERIFY2(!target.error().sentence.contains(QLatin1String("secret")),
             qPrintable(target.error().sentence));
}

void TestValues::odd_tools_are_told_not_thrown_away_data()
{
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<bool>("faulty");
    QTest::newRow("whole") << QByteArray(R"({"name":"a","inputSchema":{}})") << false;
    QTest::newRow("no name") << QByteArray(R"({"inputSchema":{}})") << true;
    QTest::newRow("name is a number") << QByteArray(R"({"name":7,"inputSchema":{}})") << true;
    QTest::newRow("schema is no object") << QByteArray(R"({"name":"a","inputSchema":[]})") << true;
    QTest::newRow("no schema") << QByteArray(R"({"name":"a"})") << true;
    QTest::newRow("no object") << QByteArray("7") << true;
}

void TestValues::odd_tools_are_told_not_thrown_away()
{
    QFETCH(QByteArray, entry);
    const Tool tool = readTool(entry);
    QTEST(!tool.problem.isEmpty(), "faulty");
    QCOMPARE(tool.json.text(), entry);
}

void TestValues::a_page_keeps_its_tools_as_text()
{
    const QByteArray first = R"({"name":"b","x":1.0,"x":2,"inputSchema":{}})";
    const ReadPage page = readListPage(
        ListKind::Tools,
        R"({"tools":[{"name":"b","x":1.0,"x":2,"inputSchema":{}},{"name":"a","annotations":{"title":"A","readOnlyHint":true},"inputSchema":{}}],"nextCursor":"n","ttlMs":5000,"cacheScope":"public"})");
    QCOMPARE(page.items.size(), 2);
    QCOMPARE(page.items.at(0).json.text(), first);
    const Tool second = readTool(page.items.at(1).json.text());
    QCOMPARE(second.title, QStringLiteral("A"));
    QCOMPARE(second.readOnly, std::optional(true));
    QVERIFY(!second.destructive);
    QCOMPARE(page.page, (ListPage{0, 2, QStringLiteral("n"), 5000, QStringLiteral("public")}));
    const auto problem = [](const QByteArray &result) {
        return readListPage(ListKind::Tools, result).problem;
    };
    QVERIFY(!problem("{\"tools\":{}}").isEmpty());
    QVERIFY(!problem("{}").isEmpty());
    QVERIFY(!problem("{\"tools\":[],\"nextCursor\":7}").isEmpty());
    QVERIFY(problem("{\"tools\":[],\"nextCursor\":null}").isEmpty());
}

void TestValues::is_error_only_where_it_says_true()
{
    const QByteArray yes = R"({"content":[],"isError":true})";
    const QByteArray no = R"({"content":[],"isError":false})";
    const QByteArray inside = R"({"content":[{"isError":true}]})";
    const QByteArray text = R"({"isError":"true"})";
    QVERIFY(toolSaidError(yes));
    QVERIFY(!toolSaidError(no));
    QVERIFY(!toolSaidError(inside));
    QVERIFY(!toolSaidError(text));
}

QTEST_APPLESS_MAIN(TestValues)
#include "test_values.moc"
