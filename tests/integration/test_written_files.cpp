// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab.h"
#include "core/trace/trace_file.h"
#include "tests/support/cli_run.h"
#include "tests/support/export_trace.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QString TheArguments = QStringLiteral("{\"a\":1,\"b\":41}");

/// sightglass-cli on a disk that has room for so many blocks of 512 bytes.
CliRun runWithRoom(int blocks, const QStringList &arguments)
{
    QProcess process;
    process.start(u"/bin/bash"_s,
                  QStringList{u"-c"_s, u"trap '' XFSZ; ulimit -f $1; shift; exec \"$@\""_s,
                              u"bash"_s, QString::number((blocks + 1) / 2),
                              QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli")}
                      + arguments);
    process.closeWriteChannel();
    return endOf(process);
}

} // namespace

/// What sightglass-cli writes stands under its name as a whole, in place of nothing that is wanted,
/// and for its owner alone.
class TestWrittenFiles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void an_export_replaces_no_recording_data();
    void an_export_replaces_no_recording();
    void what_does_not_fit_is_told_and_not_there_data();
    void what_does_not_fit_is_told_and_not_there();
    void a_device_is_not_replaced();
    void an_import_tells_what_it_replaces();
    void exports_are_for_their_owner_alone();
    void a_recording_that_does_not_fit_says_why();
    void a_recording_stops_at_the_size_that_was_chosen();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    static QByteArray contents(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void record(const QString &name) const
    {
        const auto trace = exportSample();
        // So much does not fit in a small disk, whatever packs it.
        RequestRecord request;
        request.kind = ExchangeKind::Post;
        request.method = "POST";
        request.url = QUrl(u"http://127.0.0.1:1/mcp"_s);
        QByteArray noise;
        for (quint32 i = 1; noise.size() < 40'000; ++i)
            noise += QByteArray::number(i * 2'654'435'761U, 36);
        const ExchangeId id = trace->begin(request, "[\"" + noise + "\"]");
        trace->finish(id);
        auto writer = TraceFileWriter::create(path(name), trace->began(), Redactor("salt"), true);
        QVERIFY(writer.has_value());
        trace->addSink(writer->get());
        trace->removeSink(writer->get());
        (*writer)->close();
    }

    QTemporaryDir m_folder;
};

void TestWrittenFiles::initTestCase()
{
    record(u"s.trace"_s);
    record(u"other.trace"_s);
    QVERIFY(QFile::link(path(u"s.trace"_s), path(u"link"_s)));
    QCOMPARE(::link(QFile::encodeName(path(u"s.trace"_s)).constData(),
                    QFile::encodeName(path(u"hard"_s)).constData()),
             0);
    const CliRun run = runCli(
        {u"trace"_s, path(u"s.trace"_s), u"--export"_s, u"har"_s, u"--output"_s, path(u"s.har"_s)});
    QVERIFY2(run.exitCode == 0, run.err);
}

void TestWrittenFiles::an_export_replaces_no_recording_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("itself") << u"s.trace"_s << u"s.trace"_s << QByteArray("the file that is read");
    QTest::newRow("by another path")
        << u"s.trace"_s << u"./s.trace"_s << QByteArray("the file that is read");
    QTest::newRow("link") << u"s.trace"_s << u"link"_s << QByteArray("the file that is read");
    QTest::newRow("hard link") << u"s.trace"_s << u"hard"_s << QByteArray("the file that is read");
    QTest::newRow("another") << u"s.trace"_s << u"other.trace"_s << QByteArray("it is a recording");
    QTest::newRow("HAR") << u"s.har"_s << u"s.har"_s << QByteArray("the file that is read");
}

void TestWrittenFiles::an_export_replaces_no_recording()
{
    QFETCH(QString, source);
    QFETCH(QString, target);
    QFETCH(QByteArray, why);
    const QByteArray before = contents(path(target));
    QVERIFY(!before.isEmpty());
    const CliRun run = runCli({u"trace"_s, path(source), u"--export"_s, u"har"_s, u"--output"_s,
                               m_folder.path() + u'/' + target});
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.err.contains(why), run.err);
    QVERIFY(contents(path(target)) == before);
}

void TestWrittenFiles::what_does_not_fit_is_told_and_not_there_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("name");
    for (const QString &format : {u"har"_s, u"text"_s, u"jsonl"_s, u"curl"_s}) {
        QTest::newRow(qPrintable(format))
            << QStringList{u"trace"_s, path(u"s.trace"_s), u"--export"_s, format, u"--output"_s}
            << u"full.out"_s;
    }
    // So little that it waits for the end of the file.
    QTest::newRow("little") << QStringList{u"trace"_s,   path(u"s.trace"_s), u"--exchanges"_s,
                                           u"1-5"_s,     u"--export"_s,      u"har"_s,
                                           u"--output"_s}
                            << u"full.out"_s;
    QTest::newRow("save") << QStringList{u"trace"_s, path(u"s.trace"_s), u"--save"_s}
                          << u"full.trace"_s;
    QTest::newRow("import") << QStringList{u"import"_s, path(u"s.har"_s), u"--show-secrets"_s,
                                           u"--output"_s}
                            << u"full.trace"_s;
}

void TestWrittenFiles::what_does_not_fit_is_told_and_not_there()
{
    QFETCH(QStringList, options);
    QFETCH(QString, name);
    for (const int blocks : {0, 2, 4}) {
        // Where nothing was, nothing is.
        const QStringList before = QDir(m_folder.path()).entryList();
        CliRun run = runWithRoom(blocks, options + QStringList{path(name)});
        QVERIFY2(run.exitCode == 2, run.err);
        QVERIFY2(run.err.contains("File too large"), run.err);
        QCOMPARE(QDir(m_folder.path()).entryList(), before);
        // What was there stays.
        record(u"before.trace"_s);
        if (options.first() == u"trace"_s && name == u"full.out"_s)
            continue; // recordings are refused there
        const QByteArray recording = contents(path(u"before.trace"_s));
        run = runWithRoom(blocks, options + QStringList{path(u"before.trace"_s)});
        QVERIFY2(run.exitCode == 2, run.err);
        QVERIFY(contents(path(u"before.trace"_s)) == recording);
        QFile::remove(path(u"before.trace"_s));
    }
    QFile::remove(path(u"before.trace"_s));
}

/// A pipe stands for the device: one is made by anybody.
void TestWrittenFiles::a_device_is_not_replaced()
{
    const QString pipe = path(u"pipe"_s);
    QCOMPARE(QProcess::execute(u"mkfifo"_s, {pipe}), 0);
    const CliRun run =
        runCli({u"trace"_s, path(u"s.trace"_s), u"--export"_s, u"har"_s, u"--output"_s, pipe});
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.err.contains("a pipe or a device"), run.err);
    QVERIFY(QFileInfo(pipe).exists() && !QFileInfo(pipe).isFile());
}

void TestWrittenFiles::an_import_tells_what_it_replaces()
{
    const QStringList import{u"import"_s, path(u"s.har"_s), u"--output"_s, path(u"in.trace"_s)};
    const CliRun first = runCli(import);
    QVERIFY2(first.exitCode == 0 && !first.err.contains("is gone"), first.err);
    const CliRun second = runCli(import);
    QVERIFY2(second.exitCode == 0, second.err);
    QVERIFY2(second.err.contains("in.trace is gone: this one has its place"), second.err);
}

void TestWrittenFiles::exports_are_for_their_owner_alone()
{
    const QString file = path(u"mode.har"_s);
    QFile old(file);
    QVERIFY(old.open(QIODevice::WriteOnly));
    old.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
    old.close();
    for (int i = 0; i < 2; ++i) {
        const CliRun run =
            runCli({u"trace"_s, path(u"s.trace"_s), u"--export"_s, u"har"_s, u"--output"_s, file});
        QVERIFY2(run.exitCode == 0, run.err);
        const auto others =
            QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QCOMPARE(QFileInfo(file).permissions() & others, QFile::Permissions());
        QFile::remove(file);
    }
}

void TestWrittenFiles::a_recording_that_does_not_fit_says_why()
{
    Lab lab({.retryMs = 50, .pingMs = 0});
    QVERIFY(lab.listen());
    const CliRun run = runWithRoom(2,
                                   {u"call"_s, lab.url().toString(), u"add"_s, u"--args"_s,
                                    TheArguments, u"--trace"_s, path(u"small.trace"_s)});
    QVERIFY2(run.err.contains("small.trace stopped: File too large."), run.err);
    QVERIFY2(run.out.contains("42"), run.out);
    // What was asked for is there, and what was to be kept is not: said, and no wrong use.
    QCOMPARE(run.exitCode, 7);
}

void TestWrittenFiles::a_recording_stops_at_the_size_that_was_chosen()
{
    Lab lab({.retryMs = 50, .pingMs = 0});
    QVERIFY(lab.listen());
    const QStringList call{u"call"_s,    lab.url().toString(), u"add"_s, u"--args"_s, TheArguments,
                           u"--trace"_s, path(u"kept.trace"_s)};
    const CliRun all = runCli(call + QStringList{u"--keep"_s, u"1KB"_s});
    QVERIFY2(all.exitCode == 0 && !all.err.contains("stopped"), all.err);
    const qint64 whole = QFileInfo(path(u"kept.trace"_s)).size();
    QVERIFY(whole > 1200);
    const CliRun run = runCli(call + QStringList{u"--keep"_s, u"1KB,stop"_s});
    QVERIFY2(run.exitCode == 0, run.err);
    QVERIFY2(run.err.contains("kept.trace stopped: the limit of 1"), run.err);
    QVERIFY(QFileInfo(path(u"kept.trace"_s)).size() < whole);
    const Expected<Recording> recording = readTraceFile(path(u"kept.trace"_s));
    QVERIFY(recording && recording->warning.isEmpty());
    const qint64 notes = recording->trace->noteCount();
    QVERIFY(notes > 0);
    QVERIFY(recording->trace->note(notes - 1).text.startsWith(u"The recording ends here"_s));
}

QTEST_GUILESS_MAIN(TestWrittenFiles)
#include "test_written_files.moc"
