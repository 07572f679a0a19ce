// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/back_off.h"

#include <QTest>

using namespace sightglass;

class TestBackOff : public QObject {
    Q_OBJECT
private Q_SLOTS:
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
        QTest::newRow("also 0") << 0 << qint64(0) << 0.0 << 0;
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
