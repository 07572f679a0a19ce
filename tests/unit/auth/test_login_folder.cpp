// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/login_folder.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestLoginFolder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void one_at_a_time_has_it_data();
    void one_at_a_time_has_it();
    void another_server_is_another_lock();
    void a_holder_that_died_has_it_no_longer();
    void patience_ends();
    void nobody_is_told_whose_context_is_gone();
    void marks_are_seen_by_all();
    void files_tell_nothing();
    void without_a_folder_it_works_within_the_object_data();
    void without_a_folder_it_works_within_the_object();
};

namespace {

const QString Server = u"https://mcp.example/mcp"_s;

/// What lock() said; nothing: not yet.
struct Asked {
    Asked(LoginFolder &folder, const QString &resource)
    {
        folder.lock(resource, &context, [this](bool had) { got = had; });
    }
    QObject context;
    std::optional<bool> got;
};

} // namespace

void TestLoginFolder::one_at_a_time_has_it_data()
{
    QTest::addColumn<bool>("sameObject");
    QTest::newRow("two programs") << false;
    QTest::newRow("two sessions of one") << true;
}

void TestLoginFolder::one_at_a_time_has_it()
{
    QFETCH(bool, sameObject);
    const QTemporaryDir place;
    LoginFolder one(place.path());
    LoginFolder another(place.path());
    LoginFolder &second = sameObject ? one : another;
    const Asked first(one, Server);
    QVERIFY(!first.got); // never from within
    QTRY_COMPARE(first.got, true);
    const Asked next(second, Server);
    const Asked last(second, Server);
    QTest::qWait(100);
    QVERIFY(!next.got);
    one.unlock(Server);
    QTRY_COMPARE(next.got, true);
    QVERIFY(!last.got);
    second.unlock(Server);
    QTRY_COMPARE(last.got, true);
}

void TestLoginFolder::another_server_is_another_lock()
{
    const QTemporaryDir place;
    LoginFolder folder(place.path());
    const Asked first(folder, Server);
    const Asked other(folder, Server + u'/');
    QTRY_COMPARE(first.got, true);
    QTRY_COMPARE(other.got, true);
}

void TestLoginFolder::a_holder_that_died_has_it_no_longer()
{
    const QTemporaryDir place;
    QString file;
    {
        LoginFolder folder(place.path());
        const Asked asked(folder, Server);
        QTRY_COMPARE(asked.got, true);
        file = QDir(place.path()).entryList({u"*.lock"_s}, QDir::Files).value(0);
    }
    QVERIFY(!file.isEmpty());
    QProcess brief;
    brief.start(u"true"_s, {});
    const qint64 dead = brief.processId();
    QVERIFY(brief.waitForFinished());
    // As QLockFile writes it: who, what, where.
    QFile left(place.filePath(file));
    QVERIFY(left.open(QIODevice::WriteOnly));
    left.write(QByteArray::number(dead) + "\ntrue\n" + QSysInfo::machineHostName().toLocal8Bit()
               + '\n');
    left.close();
    LoginFolder folder(place.path());
    const Asked asked(folder, Server);
    QTRY_COMPARE(asked.got, true);
}

void TestLoginFolder::patience_ends()
{
    const QTemporaryDir place;
    LoginFolder holder(place.path());
    const Asked first(holder, Server);
    QTRY_COMPARE(first.got, true);
    LoginFolder folder(place.path());
    folder.setPatience(std::chrono::milliseconds(50));
    const Asked next(folder, Server);
    QTRY_COMPARE(next.got, false);
}

void TestLoginFolder::nobody_is_told_whose_context_is_gone()
{
    const QTemporaryDir place;
    LoginFolder folder(place.path());
    bool told = false;
    {
        QObject brief;
        folder.lock(Server, &brief, [&told](bool) { told = true; });
    }
    // It does not have it either.
    const Asked next(folder, Server);
    QTRY_COMPARE(next.got, true);
    QVERIFY(!told);
}

void TestLoginFolder::marks_are_seen_by_all()
{
    const QTemporaryDir place;
    LoginFolder one(place.path());
    LoginFolder another(place.path());
    QVERIFY(!another.isMarked(Server));
    one.mark(Server, true);
    QVERIFY(one.isMarked(Server));
    QVERIFY(another.isMarked(Server));
    QVERIFY(!another.isMarked(Server + u'/'));
    another.unmark(Server);
    QVERIFY(!another.isMarked(Server));
    one.unmark(Server);
    one.mark(Server, false);
    QVERIFY(one.isMarked(Server));
    QVERIFY(!another.isMarked(Server));
}

void TestLoginFolder::files_tell_nothing()
{
    const QTemporaryDir place;
    LoginFolder folder(place.filePath(u"inner"_s));
    folder.mark(Server, true);
    const Asked asked(folder, Server);
    QTRY_COMPARE(asked.got, true);
    const QDir inner(place.filePath(u"inner"_s));
    const QStringList files = inner.entryList(QDir::Files);
    QCOMPARE(files.size(), 2);
    for (const QString &name : files) {
        QVERIFY(!name.contains(u"example"_s));
        QFile file(inner.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("example"));
    }
    QCOMPARE(QFile::permissions(inner.path())
                 & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeGroup | QFile::ExeOther),
             QFile::Permissions());
}

void TestLoginFolder::without_a_folder_it_works_within_the_object_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("none") << QString();
    QTest::newRow("cannot be made") << u"/dev/null/folder"_s;
}

void TestLoginFolder::without_a_folder_it_works_within_the_object()
{
    QFETCH(QString, path);
    LoginFolder folder(path);
    folder.mark(Server, true);
    QVERIFY(folder.isMarked(Server));
    folder.unmark(Server);
    QVERIFY(!folder.isMarked(Server));
    const Asked first(folder, Server);
    const Asked next(folder, Server);
    QTRY_COMPARE(first.got, true);
    QVERIFY(!next.got);
    folder.unlock(Server);
    QTRY_COMPARE(next.got, true);
}

QTEST_GUILESS_MAIN(TestLoginFolder)
#include "test_login_folder.moc"
