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
};

QTEST_APPLESS_MAIN(TestElicitation)
#include "test_elicitation.moc"
