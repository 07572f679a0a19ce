// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/notice_filter.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestNoticeFilter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_was_asked_for_and_not_acknowledged_is_named_data();
    void what_was_asked_for_and_not_acknowledged_is_named();
};

void TestNoticeFilter::what_was_asked_for_and_not_acknowledged_is_named_data()
{
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("acknowledged");
    QTest::addColumn<QStringList>("missing");
    const QByteArray all = "{\"notifications\":{\"toolsListChanged\":true,"
                           "\"resourceSubscriptions\":[\"x://1\",\"x://2\"]}}";
    QTest::newRow("all") << all << all << QStringList();
    QTest::newRow("more than all")
        << all
        << "{\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true,"
           "\"resourceSubscriptions\":[\"x://3\",\"x://2\",\"x://1\"]}}"_ba
        << QStringList();
    QTest::newRow("nothing") << all << "{\"notifications\":{}}"_ba
                             << QStringList{u"toolsListChanged"_s, u"x://1"_s, u"x://2"_s};
    QTest::newRow("a part") << all
                            << "{\"notifications\":{\"toolsListChanged\":false,"
                               "\"resourceSubscriptions\":[\"x://2\"]}}"_ba
                            << QStringList{u"toolsListChanged"_s, u"x://1"_s};
    QTest::newRow("a list that is none")
        << all << "{\"notifications\":{\"toolsListChanged\":1,\"resourceSubscriptions\":true}}"_ba
        << QStringList{u"toolsListChanged"_s, u"x://1"_s, u"x://2"_s};
    QTest::newRow("not asked for") << "{\"notifications\":{\"toolsListChanged\":false}}"_ba
                                   << "{\"notifications\":{}}"_ba << QStringList();
    QTest::newRow("no filter") << all << "{}"_ba << QStringList();
    QTest::newRow("no parameters") << all << QByteArray() << QStringList();
}

void TestNoticeFilter::what_was_asked_for_and_not_acknowledged_is_named()
{
    QFETCH(QByteArray, asked);
    QFETCH(QByteArray, acknowledged);
    QFETCH(QStringList, missing);
    QCOMPARE(notGranted(asked, acknowledged), missing);
}

QTEST_GUILESS_MAIN(TestNoticeFilter)
#include "test_notice_filter.moc"
