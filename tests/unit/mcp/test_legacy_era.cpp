// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/legacy_era.h"

#include <QTest>

using namespace sightglass;

class TestLegacyEra : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void opening_asks_for_the_revision();
    void settles_as_the_table_says_data();
    void settles_as_the_table_says();
    void version_header_since_2025_06_18();
    void messages_keep_the_text_they_are_given();
};

void TestLegacyEra::opening_asks_for_the_revision()
{
    const auto call = LegacyEra().opening("2025-06-18");
    QVERIFY(call);
    QCOMPARE(call->method, QByteArray("initialize"));
    const JsonText params = JsonText::parse(call->params);
    QVERIFY(params.isValid());
    QCOMPARE(params.string(params.member(0, u"protocolVersion")), QStringLiteral("2025-06-18"));
    QVERIFY(params.isObject(params.member(0, u"capabilities")));
    QCOMPARE(params.string(params.member(params.member(0, u"clientInfo"), u"name")),
             QStringLiteral("sightglass"));
}

void TestLegacyEra::settles_as_the_table_says_data()
{
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<bool>("pinned");
    QTest::addColumn<QString>("code"); // empty: agreed
    QTest::addColumn<QByteArray>("revision");
    const QByteArray same =
        R"({"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"a","version":"1"}})";
    const QByteArray older =
        R"({"protocolVersion":"2025-03-26","capabilities":{},"serverInfo":{"name":"a","version":"1"}})";
    QTest::newRow("the same") << same << true << QString() << QByteArray("2025-11-25");
    QTest::newRow("older, free to choose")
        << older << false << QString() << QByteArray("2025-03-26");
    QTest::newRow("older, but pinned")
        << older << true << QStringLiteral("revision-not-agreed") << QByteArray();
    QTest::newRow("unknown") << QByteArray(R"({"protocolVersion":"1999-01-01"})") << false
                             << QStringLiteral("revision-not-agreed") << QByteArray();
    QTest::newRow("no version") << QByteArray("{}") << false << QStringLiteral("initialize-result")
                                << QByteArray();
    QTest::newRow("version is a number") << QByteArray(R"({"protocolVersion":20251125})") << false
                                         << QStringLiteral("initialize-result") << QByteArray();
    QTest::newRow("no object") << QByteArray("[]") << false << QStringLiteral("initialize-result")
                               << QByteArray();
    QTest::newRow("no serverInfo")
        << QByteArray(R"({"protocolVersion":"2025-11-25","serverInfo":7})") << false << QString()
        << QByteArray("2025-11-25");
}

void TestLegacyEra::settles_as_the_table_says()
{
    QFETCH(QByteArray, result);
    QFETCH(bool, pinned);
    const Expected<Agreement> agreement = LegacyEra().settle("2025-11-25", pinned, result);
    QTEST(agreement ? QString() : agreement.error().code, "code");
    if (agreement)
        QTEST(agreement->revision.name, "revision");
}

void TestLegacyEra::version_header_since_2025_06_18()
{
    for (const Revision &revision : revisions()) {
        if (revision.era != EraKind::Legacy)
            continue;
        Agreement agreement;
        agreement.revision = revision;
        const HeaderList headers = LegacyEra().commonHeaders(agreement);
        if (revision.name < "2025-06-18")
            QVERIFY(headers.isEmpty());
        else
            QCOMPARE(headers.value("mcp-protocol-version"), revision.name);
    }
}

void TestLegacyEra::messages_keep_the_text_they_are_given()
{
    // Raw strings stand outside of the macros: moc reads those its own way.
    const QByteArray params = R"({"b":1.50,"a":9007199254740993})";
    const QByteArray request =
        R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":)" + params + "}";
    const QByteArray notification = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
    const QByteArray result = R"({"jsonrpc":"2.0","id":"x","result":{}})";
    const QByteArray error =
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no \"x\""}})";
    QCOMPARE(rpcMessage("7", {"tools/call", params}), request);
    QCOMPARE(rpcMessage({}, {"notifications/initialized", {}}), notification);
    QCOMPARE(rpcResult("\"x\"", "{}"), result);
    QCOMPARE(rpcError("1", -32601, u"no \"x\""), error);
}

QTEST_APPLESS_MAIN(TestLegacyEra)
#include "test_legacy_era.moc"
