// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/message_check.h"
#include "core/mcp/method_params.h"
#include "core/mcp/revision.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

/// What a method takes, by the schema of each revision.
class TestMethodParams : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void params_are_those_of_the_revision_data();
    void params_are_those_of_the_revision();
    void what_the_schema_does_not_know_is_told_data();
    void what_the_schema_does_not_know_is_told();
    void every_method_of_every_revision_can_be_told();
};

void TestMethodParams::params_are_those_of_the_revision_data()
{
    QTest::addColumn<QByteArray>("revision");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QStringList>("params");
    QTest::newRow("a call") << "2025-06-18"_ba
                            << "tools/call"_ba
                            << QStringList{u"name: string, required"_s, u"arguments: object"_s};
    QTest::newRow("a call, with tasks")
        << "2025-11-25"_ba
        << "tools/call"_ba
        << QStringList{u"name: string, required"_s, u"arguments: object"_s, u"task: object: ttl"_s,
                       u"_meta: object: progressToken"_s};
    QTest::newRow("nothing of its own")
        << "2025-11-25"_ba
        << "ping"_ba << QStringList{u"_meta: object: progressToken"_s};
    QTest::newRow("alternatives and objects")
        << "2025-06-18"_ba
        << "completion/complete"_ba
        << QStringList{u"argument: object: name, value, required"_s,
                       u"ref: PromptReference or ResourceTemplateReference, required"_s,
                       u"context: object: arguments"_s};
    QTest::newRow("words to choose from")
        << "2025-11-25"_ba
        << "logging/setLevel"_ba
        << QStringList{
               u"level: \"alert\" or \"critical\" or \"debug\" or \"emergency\" or \"error\" or \"info\" or \"notice\" or \"warning\", required"_s,
               u"_meta: object: progressToken"_s};
    QTest::newRow("a notification, more types than one")
        << "2025-06-18"_ba
        << "notifications/cancelled"_ba
        << QStringList{u"requestId: string or integer, required"_s, u"reason: string"_s};
}

void TestMethodParams::params_are_those_of_the_revision()
{
    QFETCH(QByteArray, revision);
    QFETCH(QByteArray, method);
    QFETCH(QStringList, params);
    const MessageCheck schema(revision);
    const auto found = methodParams(schema, method);
    QVERIFY(found);
    QStringList lines;
    for (const MethodParam &param : *found)
        lines.append(param.name + u": "_s + param.type
                     + (param.required ? u", required"_s : QString()));
    QCOMPARE(lines, params);
}

void TestMethodParams::what_the_schema_does_not_know_is_told_data()
{
    QTest::addColumn<QByteArray>("revision");
    QTest::addColumn<QByteArray>("method");
    QTest::newRow("no such method") << "2025-11-25"_ba
                                    << "no/such"_ba;
    QTest::newRow("not yet") << "2025-06-18"_ba
                             << "tasks/get"_ba;
    QTest::newRow("no such revision") << "1999-01-01"_ba
                                      << "ping"_ba;
    QTest::newRow("nothing") << ""_ba
                             << ""_ba;
}

void TestMethodParams::what_the_schema_does_not_know_is_told()
{
    QFETCH(QByteArray, revision);
    QFETCH(QByteArray, method);
    QVERIFY(!methodParams(MessageCheck(revision), method));
}

void TestMethodParams::every_method_of_every_revision_can_be_told()
{
    for (const Revision &revision : revisions()) {
        const MessageCheck schema(revision.name);
        const auto call = methodParams(schema, "tools/call");
        QVERIFY2(call && !call->isEmpty(), revision.name);
        QCOMPARE(call->constFirst().required, true);
        for (const char *method : {"tools/list", "resources/read", "prompts/get",
                                   "completion/complete", "notifications/cancelled"}) {
            const auto params = methodParams(schema, method);
            QVERIFY2(params, method);
            for (const MethodParam &param : *params)
                QVERIFY2(!param.type.isEmpty(), qPrintable(param.name));
        }
    }
}

QTEST_GUILESS_MAIN(TestMethodParams)
#include "test_method_params.moc"
