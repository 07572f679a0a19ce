// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/elicitation.h"

#include <QTest>

using namespace sightglass;

class TestElicitation : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_is_proposed_is_taken_as_it_is_spelled_data()
    {
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QByteArray>("content");
        const auto row = [](const char *name, const char *params, const char *content) {
            QTest::newRow(name) << QByteArray(params) << QByteArray(content);
        };
        row("of every kind",
            R"({"requestedSchema":{"type":"object","properties":{)"
            R"("z":{"type":"string","default":"J\u00f6"},"a":{"type":"number","default":95.50},)"
            R"("n":{"type":"integer"},"b":{"type":"boolean","default":false},)"
            R"("l":{"type":"array","default":["x"]}}}})",
            R"({"z":"J\u00f6","a":95.50,"b":false,"l":["x"]})");
        row("none", R"({"requestedSchema":{"properties":{"a":{}}}})", "{}");
        row("no form", R"({"mode":"url","url":"a:b"})", "{}");
        row("properties are no object", R"({"requestedSchema":{"properties":[{"default":1}]}})",
            "{}");
        row("no JSON", "", "{}");
    }
    void what_is_proposed_is_taken_as_it_is_spelled()
    {
        QFETCH(QByteArray, params);
        QTEST(elicitationDefaults(params), "content");
    }
    void addresses_are_read_from_their_error_alone()
    {
        const QByteArray data =
            ",\"data\":{\"elicitations\":[{\"url\":\"https://a/\",\"message\":\"m\"},"
            "{\"message\":\"none\"},7,{\"url\":\"b\"}]}}";
        const QList<WantedAddress> two =
            wantedAddresses("{\"code\":-32042,\"message\":\"x\"" + data);
        QCOMPARE(two.size(), 2);
        QCOMPARE(two.first().url, QStringLiteral("https://a/"));
        QCOMPARE(two.first().message, QStringLiteral("m"));
        QCOMPARE(wantedAddresses("{\"code\":-32000" + data).size(), 0);
        QCOMPARE(wantedAddresses("{\"code\":-32042,\"data\":7}").size(), 0);
        QCOMPARE(wantedAddresses("").size(), 0);
    }
};

QTEST_APPLESS_MAIN(TestElicitation)
#include "test_elicitation.moc"
