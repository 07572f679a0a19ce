// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/batch.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestBatch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void messages_are_read_as_they_are_written();
    void what_is_no_batch_is_told_data();
    void what_is_no_batch_is_told();
    void messages_become_one();
};

void TestBatch::messages_are_read_as_they_are_written()
{
    const QByteArray text = "[{\"method\":\"ping\"}, {\"jsonrpc\":\"2.0\",\"id\":7,"
                            "\"method\":\"tools/call\",\"params\":{\"b\": 1.0,\"a\":[ ]}},"
                            "{\"method\":\"notifications/x\",\"params\":[]}]";
    const Expected<QList<RpcCall>> calls = readBatch(text);
    QVERIFY(calls);
    QCOMPARE(*calls,
             (QList<RpcCall>{{"ping", {}},
                             {"tools/call", "{\"b\": 1.0,\"a\":[ ]}"},
                             {"notifications/x", "[]"}}));
    QVERIFY(!isNotification(calls->at(1)) && isNotification(calls->at(2)));
}

void TestBatch::what_is_no_batch_is_told_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("why");
    QTest::newRow("no JSON") << "[{]"_ba << u"at byte"_s;
    QTest::newRow("nothing") << ""_ba << u"at byte"_s;
    QTest::newRow("an object") << "{\"method\":\"ping\"}"_ba << u"no array"_s;
    QTest::newRow("empty") << "[]"_ba << u"empty"_s;
    QTest::newRow("a number in it") << "[{\"method\":\"ping\"},1]"_ba << u"message 2 is no"_s;
    QTest::newRow("no method") << "[{\"params\":{}}]"_ba << u"message 1 is no"_s;
    QTest::newRow("a method that is none") << "[{\"method\":5}]"_ba << u"message 1 is no"_s;
    QTest::newRow("initialize") << "[{\"method\":\"ping\"},{\"method\":\"initialize\"}]"_ba
                                << u"initialize (message 2)"_s;
}

void TestBatch::what_is_no_batch_is_told()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, why);
    const Expected<QList<RpcCall>> calls = readBatch(text);
    QVERIFY(!calls);
    QCOMPARE(calls.error().kind, FailureKind::Usage);
    QVERIFY2(calls.error().sentence.contains(why), qPrintable(calls.error().sentence));
}

void TestBatch::messages_become_one()
{
    QCOMPARE(batchText({"{\"a\":1}", "{}"}), "[{\"a\":1},{}]"_ba);
}

QTEST_APPLESS_MAIN(TestBatch)
#include "test_batch.moc"
