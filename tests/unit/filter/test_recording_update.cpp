// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/recording_update.h"

#include "core/filter/row_notes.h"
#include "core/trace/trace_file.h"
#include "tests/support/recording_bytes.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/file.h>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

void record(const QString &path, bool secrets)
{
    TraceStore trace;
    auto writer =
        TraceFileWriter::create(path, trace.began(), Redactor("0123456789abcdef"), secrets);
    QVERIFY(writer.has_value());
    trace.addSink(writer->get());
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.headers = {
        {"Authorization", "Bearer very-secret-token", HeaderSource::Credential, true}};
    const ExchangeId id = trace.begin(request, "{\"id\":1}", 100);
    trace.respond(id, {200, {}, {}, {}}, 200);
    trace.append(id, "data: 1\n\n", 9, 300);
    trace.frame(id, {FrameKind::Event, 0, 9, 300, -1, 0});
    trace.note(u"connect"_s, u"x"_s, 0, 350);
    trace.finish(id, {}, 400);
    trace.removeSink(writer->get());
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? plainRecording(file.readAll()) : QByteArray();
}

} // namespace

class TestRecordingUpdate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void notes_are_kept_and_nothing_else_changes_data();
    void notes_are_kept_and_nothing_else_changes();
    void a_file_in_use_or_changed_is_left_alone();
    void an_older_recording_is_written_anew();
};

void TestRecordingUpdate::notes_are_kept_and_nothing_else_changes_data()
{
    QTest::addColumn<bool>("secrets");
    QTest::newRow("redacted") << false;
    QTest::newRow("with secrets") << true;
}

void TestRecordingUpdate::notes_are_kept_and_nothing_else_changes()
{
    QFETCH(bool, secrets);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"a.sgtrace"_s);
    record(path, secrets);
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup);
    const QString link = folder.filePath(u"link.sgtrace"_s);
    QVERIFY(QFile::link(path, link));
    Expected<Recording> read = readTraceFile(path);
    QVERIFY(read.has_value());
    const TraceReader &before = *read->trace;
    read->trace->note(QLatin1StringView(BookmarkNote), bookmarkText({1, 0}, true), 1, 400);
    const qint64 size = QFileInfo(path).size();
    const QByteArray old = contents(path);
    const Expected<qint64> kept = keepNotes(link, size, before, 1);
    QVERIFY(kept.has_value());
    QCOMPARE(*kept, QFileInfo(path).size());
    // Behind what was there, of which nothing is written anew.
    QVERIFY(*kept > size && contents(path).startsWith(old));
    QVERIFY(QFileInfo(link).isSymLink());
    QVERIFY(QFileInfo(path).permissions() & QFile::ReadGroup);
    QCOMPARE(contents(path).contains("very-secret-token"), secrets);
    const Expected<Recording> again = readTraceFile(path);
    QVERIFY(again.has_value());
    QCOMPARE(again->warning, QString());
    const TraceReader &after = *again->trace;
    QCOMPARE(after.redacted(), !secrets);
    QCOMPARE(after.began().toMSecsSinceEpoch(), before.began().toMSecsSinceEpoch());
    QCOMPARE(after.exchangeCount(), 1);
    QCOMPARE(after.request(1), before.request(1));
    QCOMPARE(after.responseBody(1), before.responseBody(1));
    QCOMPARE(after.summary(1).times, before.summary(1).times);
    QCOMPARE(after.frame(1, 0), before.frame(1, 0));
    QCOMPARE(after.noteCount(), 2);
    RowNotes notes;
    notes.update(after);
    QVERIFY(notes.isMarked({1, 0}));
    // Nothing is left beside it.
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 2);
}

void TestRecordingUpdate::a_file_in_use_or_changed_is_left_alone()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"a.sgtrace"_s);
    record(path, false);
    const QByteArray bytes = contents(path);
    const qint64 whole = QFileInfo(path).size();
    const Expected<Recording> read = readTraceFile(path);
    const auto refused = [&](qint64 size, const char *why) {
        const Expected<qint64> kept = keepNotes(path, size, *read->trace, 0);
        return !kept && kept.error().sentence.contains(QLatin1StringView(why))
            && kept.error().sentence.endsWith(u'.') && contents(path) == bytes;
    };
    QVERIFY(refused(whole - 1, "has changed since"));
    QFile held(path);
    QVERIFY(held.open(QIODevice::ReadWrite));
    QCOMPARE(flock(held.handle(), LOCK_EX | LOCK_NB), 0);
    QVERIFY(refused(whole, "a program is recording to it"));
    held.close();
    QVERIFY(QFile::remove(path));
    const Expected<qint64> gone = keepNotes(path, whole, *read->trace, 0);
    QVERIFY(!gone && gone.error().sentence.contains("it is gone"_L1));
    QVERIFY(!QFile::exists(path));
}

void TestRecordingUpdate::an_older_recording_is_written_anew()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"old.sgtrace"_s);
    QFile::copy(QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/data/version_1.sgtrace"), path);
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup);
    const Expected<Recording> read = readTraceFile(path);
    QVERIFY(read.has_value());
    const qint64 size = QFileInfo(path).size();
    const qint64 first = read->trace->noteCount();
    read->trace->note(QLatin1StringView(BookmarkNote), bookmarkText({1, 0}, true), 1, 400);
    QFile draft(path + u".new"_s);
    QVERIFY(draft.open(QIODevice::WriteOnly));
    const Expected<qint64> refused = keepNotes(path, size, *read->trace, first);
    QVERIFY(!refused && refused.error().sentence.contains("is in the way"_L1));
    QVERIFY(draft.remove());
    const Expected<qint64> kept = keepNotes(path, size, *read->trace, first);
    QVERIFY(kept.has_value());
    QCOMPARE(*kept, QFileInfo(path).size());
    QVERIFY(QFileInfo(path).permissions() & QFile::ReadGroup);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    const Expected<Recording> again = readTraceFile(path);
    QVERIFY(again.has_value());
    QCOMPARE(again->trace->exchangeCount(), read->trace->exchangeCount());
    QCOMPARE(again->trace->noteCount(), first + 1);
    // And from now on added to.
    again->trace->note(u"notice"_s, u"more"_s, 1, 500);
    const QByteArray old = contents(path);
    QVERIFY(keepNotes(path, *kept, *again->trace, first + 1).has_value());
    QVERIFY(contents(path).startsWith(old));
}

QTEST_APPLESS_MAIN(TestRecordingUpdate)
#include "test_recording_update.moc"
