// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/back_off.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestBackOff : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void retry_after_is_seconds_or_a_date_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qint64>("ms"); // -1: not said
        QTest::newRow("seconds") << QByteArray("5") << qint64(5000);
        QTest::newRow("with spaces") << QByteArray(" 5 ") << qint64(5000);
        QTest::newRow("nothing") << QByteArray() << qint64(-1);
        QTest::newRow("a word") << QByteArray("soon") << qint64(-1);
        QTest::newRow("below zero") << QByteArray("-5") << qint64(-1);
        QTest::newRow("absurd") << QByteArray(40, '9') << qint64(86'400'000);
        QTest::newRow("a date") << QByteArray("Thu, 26 Nov 2026 12:00:30 GMT") << qint64(30'000);
        QTest::newRow("a date that is over")
            << QByteArray("Thu, 26 Nov 2026 11:00:00 GMT") << qint64(0);
        QTest::newRow("no date") << QByteArray("Thu, 99 Nov 2026 12:00:30 GMT") << qint64(-1);
    }
    void retry_after_is_seconds_or_a_date()
    {
        QFETCH(QByteArray, value);
        const QDateTime now = QDateTime::fromString(u"2026-11-26T12:00:00Z"_s, Qt::ISODate);
        QTEST(retryAfter(value, now).value_or(-1), "ms");
    }

    void grows_and_is_bounded_data()
    {
        QTest::addColumn<int>("tries");
        QTest::addColumn<qint64>("retry"); // -1: the server gave none
        QTest::addColumn<double>("random");
        QTest::addColumn<int>("ms");
        QTest::newRow("first") << 0 << qint64(-1) << 0.0 << 500;
        QTest::newRow("doubles") << 3 << qint64(-1) << 0.0 << 4000;
        QTest::newRow("is bounded") << 10 << qint64(-1) << 0.0 << 30000;
        QTest::newRow("does not overflow") << 2'000'000'000 << qint64(-1) << 0.0 << 30000;
        QTest::newRow("jitter takes up to a half") << 0 << qint64(-1) << 1.0 << 250;
        QTest::newRow("the server's retry holds") << 0 << qint64(1500) << 0.7 << 1500;
        QTest::newRow("but not so that it hammers") << 0 << qint64(0) << 0.0 << 100;
        QTest::newRow("but not for a stream that never opens") << 4 << qint64(0) << 0.0 << 8000;
        QTest::newRow("a longer retry wins over the back-off")
            << 1 << qint64(20000) << 0.0 << 20000;
        QTest::newRow("an absurd retry is an hour")
            << 0 << qint64(9'000'000'000'000) << 0.0 << 3'600'000;
    }
    void grows_and_is_bounded()
    {
        QFETCH(int, tries);
        QFETCH(qint64, retry);
        QFETCH(double, random);
        QTEST(backOffMs(tries, retry < 0 ? std::nullopt : std::optional(retry), random), "ms");
    }
};

QTEST_APPLESS_MAIN(TestBackOff)
#include "test_back_off.moc"
