// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/log_tail.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace sightglass;

class TestLogTail : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatCameIsTakenOnceAndInOrder()
    {
        LogTail tail;
        QVERIFY(tail.add("1", 7, 10));
        QVERIFY(!tail.add("two", 8, 11));
        QVERIFY(!tail.add({}, 9, 12));
        LogTail::Taken taken = tail.take();
        QCOMPARE(taken.messages.size(), 3);
        QCOMPARE(taken.messages.at(0).params, QByteArray("1"));
        QCOMPARE(taken.messages.at(1).params, QByteArray("two"));
        QCOMPARE(taken.messages.at(1).exchange, ExchangeId(8));
        QCOMPARE(taken.messages.at(1).at, 11);
        QCOMPARE(taken.messages.at(2).params, QByteArray());
        QCOMPARE(taken.passedOver, 0);
        QVERIFY(tail.take().messages.isEmpty());
        QVERIFY(tail.add("3", 7, 13));
    }
    void theNewestStay()
    {
        LogTail tail;
        const qint64 count = 2 * LogTail::Most + 5;
        for (qint64 i = 0; i < count; ++i)
            QCOMPARE(tail.add(QByteArray::number(i), 1, i), i == 0);
        const LogTail::Taken taken = tail.take();
        QCOMPARE(taken.messages.size(), LogTail::Most);
        QCOMPARE(taken.passedOver, count - LogTail::Most);
        for (qsizetype i = 0; i < taken.messages.size(); ++i)
            QCOMPARE(taken.messages.at(i).params, QByteArray::number(taken.passedOver + i));
    }
    void longOnesAreBoundedByTheirBytes()
    {
        LogTail tail;
        const QByteArray big(1 << 20, 'x');
        for (int i = 0; i < 40; ++i)
            tail.add(big, i, 0);
        LogTail::Taken taken = tail.take();
        QCOMPARE(taken.messages.size(), LogTail::MostBytes / big.size());
        QCOMPARE(taken.messages.constLast().exchange, ExchangeId(39));
        QCOMPARE(taken.messages.size() + taken.passedOver, 40);
        // One that is longer than all together stands there alone.
        tail.add("short", 1, 0);
        tail.add(QByteArray(LogTail::MostBytes + 1, 'y'), 2, 0);
        taken = tail.take();
        QCOMPARE(taken.messages.size(), 1);
        QCOMPARE(taken.messages.constFirst().exchange, ExchangeId(2));
        QCOMPARE(taken.passedOver, 1);
    }
    void oneThreadAddsWhileAnotherTakes()
    {
        LogTail tail;
        constexpr qint64 count = 200'000;
        std::atomic<bool> done = false;
        std::thread adding([&] {
            for (qint64 i = 0; i < count; ++i)
                tail.add(QByteArray::number(i), 1, i);
            done = true;
        });
        qint64 next = 0;
        bool right = true;
        for (bool last = false; !last;) {
            last = done;
            const LogTail::Taken taken = tail.take();
            next += taken.passedOver;
            for (const LogTail::Message &message : taken.messages)
                right = right && message.at == next && message.params == QByteArray::number(next++);
        }
        adding.join();
        QVERIFY(right);
        QCOMPARE(next, count);
    }
};

QTEST_GUILESS_MAIN(TestLogTail)
#include "test_log_tail.moc"
