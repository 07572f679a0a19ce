// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/compare/line_difference.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestLineDifference : public QObject {
    Q_OBJECT

    static QStringList words(const QByteArray &left, const QByteArray &right)
    {
        QStringList list;
        for (const LineDifference &each : lineDifferences(left, right))
            list << u"%1,%2: %3 -> %4"_s.arg(
                QString::number(each.leftLine), QString::number(each.rightLine),
                QString::fromUtf8(each.left.join('|')), QString::fromUtf8(each.right.join('|')));
        return list;
    }

private Q_SLOTS:
    void linesThatDifferAreTold_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<QStringList>("found");
        QTest::newRow("both empty") << ""_ba
                                    << ""_ba << QStringList{};
        QTest::newRow("the same") << "a\nb\n"_ba
                                  << "a\nb"_ba << QStringList{};
        QTest::newRow("line ends") << "a\r\nb\r\n"_ba
                                   << "a\nb\n"_ba << QStringList{};
        QTest::newRow("changed") << "a\nb\nc"_ba
                                 << "a\nx\nc"_ba << QStringList{u"2,2: b -> x"_s};
        QTest::newRow("added") << "a\nc"_ba
                               << "a\nb\nc"_ba << QStringList{u"2,2:  -> b"_s};
        QTest::newRow("removed at the end") << "a\nb"_ba
                                            << "a"_ba << QStringList{u"2,2: b -> "_s};
        QTest::newRow("from nothing") << ""_ba
                                      << "a\nb"_ba << QStringList{u"1,1:  -> a|b"_s};
        QTest::newRow("two places")
            << "a\nb\nc\nd\ne"_ba
            << "a\nB\nc\nD\ne\nf"_ba
            << QStringList{u"2,2: b -> B"_s, u"4,4: d -> D"_s, u"6,6:  -> f"_s};
        QTest::newRow("an empty line") << "a\n\nb"_ba
                                       << "a\nb"_ba << QStringList{u"2,2:  -> "_s};
    }
    void linesThatDifferAreTold()
    {
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, right);
        QTEST(words(left, right), "found");
    }

    void whatTogetherIsTheOtherTextIsTold()
    {
        // Any two texts: the differences applied to the left one give the right one.
        quint32 seed = 7;
        const auto random = [&seed](quint32 below) {
            seed = seed * 1664525 + 1013904223;
            return seed / 65536 % below;
        };
        for (int round = 0; round < 300; ++round) {
            QByteArrayList left;
            QByteArrayList right;
            for (quint32 i = random(12); i > 0; --i)
                left << QByteArray(1, char('a' + random(4)));
            for (quint32 i = random(12); i > 0; --i)
                right << QByteArray(1, char('a' + random(4)));
            QByteArrayList made;
            qint64 line = 1;
            for (const LineDifference &each : lineDifferences(left.join('\n'), right.join('\n'))) {
                while (line < each.leftLine)
                    made << left[line++ - 1];
                QCOMPARE(made.size() + 1, each.rightLine);
                made << each.right;
                line += each.left.size();
            }
            while (line <= left.size())
                made << left[line++ - 1];
            QCOMPARE(made, right);
        }
    }

    void longTextsThatDifferAllOverAreOneDifference()
    {
        QByteArray left;
        QByteArray right;
        for (int i = 0; i < 50'000; ++i) {
            left += 'l' + QByteArray::number(i) + '\n';
            right += 'r' + QByteArray::number(i) + '\n';
        }
        const QList<LineDifference> found = lineDifferences(left, right);
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.first().left.size(), 50'000);
    }
};

QTEST_APPLESS_MAIN(TestLineDifference)
#include "test_line_difference.moc"
