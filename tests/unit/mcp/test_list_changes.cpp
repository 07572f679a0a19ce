// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/list_changes.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

class TestListChanges : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Entries are written "name:description"; marks as letters, one an entry of the newer list.
    void tellsWhatCameWentAndChanged_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("marks");
        QTest::addColumn<QString>("gone");
        QTest::newRow("nothing at all") << u""_s << u""_s << u""_s << u""_s;
        QTest::newRow("the same") << u"a:1 b:2"_s << u"a:1 b:2"_s << u"--"_s << u""_s;
        QTest::newRow("another order") << u"a:1 b:2"_s << u"b:2 a:1"_s << u"--"_s << u""_s;
        QTest::newRow("came") << u"a:1"_s << u"n:1 a:1"_s << u"+-"_s << u""_s;
        QTest::newRow("went") << u"a:1 b:2 c:3"_s << u"b:2"_s << u"-"_s << u"a c"_s;
        QTest::newRow("changed") << u"a:1 b:2"_s << u"a:1 b:3"_s << u"-*"_s << u""_s;
        QTest::newRow("all at once") << u"a:1 b:2"_s << u"b:9 c:3"_s << u"*+"_s << u"a"_s;
        QTest::newRow("all gone") << u"a:1 b:2"_s << u""_s << u""_s << u"a b"_s;
        QTest::newRow("one of two with a name") << u"a:1 a:2"_s << u"a:1"_s << u"-"_s << u"a"_s;
        QTest::newRow("a second with a name") << u"a:1"_s << u"a:1 a:2"_s << u"-+"_s << u""_s;
    }
    void tellsWhatCameWentAndChanged()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, marks);
        QFETCH(QString, gone);
        const QList<ListItem> old = items(before);
        const ListChanges changes = listChanges(old, items(after));
        QString told;
        for (const ListMark mark : changes.marks)
            told += u"-+*"_s.at(int(mark));
        QCOMPARE(told, marks);
        QStringList went;
        for (const qsizetype place : changes.gone)
            went.append(old.at(place).name);
        QCOMPARE(went.join(u' '), gone);
        QCOMPARE(changes.isEmpty(),
                 gone.isEmpty() && !marks.contains(u'+') && !marks.contains(u'*'));
        QCOMPARE(changes.count(ListMark::Came), marks.count(u'+'));
        QCOMPARE(changes.count(ListMark::Changed), marks.count(u'*'));
        QCOMPARE(changes.count(ListMark::Gone), went.size());
    }

    void whiteSpaceIsNoChange()
    {
        const QList<ListItem> old{readListItem(ListKind::Tools, R"({"name":"a","x":[1,2]})")};
        const QList<ListItem> spaced{
            readListItem(ListKind::Tools, R"({ "name": "a", "x": [1, 2] })")};
        QVERIFY(listChanges(old, spaced).isEmpty());
    }

    void resourcesAreTheSameByTheirUri()
    {
        const QList<ListItem> old{
            readListItem(ListKind::Resources, R"({"name":"old","uri":"urn:1"})")};
        const QList<ListItem> renamed{
            readListItem(ListKind::Resources, R"({"name":"new","uri":"urn:1"})")};
        QCOMPARE(listChanges(old, renamed).marks, QList{ListMark::Changed});
    }

    void entriesThatAreNoObjectsAreComparedToo()
    {
        const QList<ListItem> odd{readListItem(ListKind::Tools, "17"),
                                  readListItem(ListKind::Tools, "null")};
        QVERIFY(listChanges(odd, odd).isEmpty());
    }

private:
    static QList<ListItem> items(const QString &words)
    {
        QList<ListItem> list;
        for (const QString &word : words.split(u' ', Qt::SkipEmptyParts))
            list.append(readListItem(ListKind::Tools,
                                     u"{\"name\":\"%1\",\"description\":\"%2\"}"_s
                                         .arg(word.section(u':', 0, 0), word.section(u':', 1))
                                         .toUtf8()));
        return list;
    }
};

QTEST_GUILESS_MAIN(TestListChanges)
#include "test_list_changes.moc"
