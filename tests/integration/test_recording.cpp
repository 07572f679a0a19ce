// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/lab/lab.h"
#include "core/trace/trace_file.h"
#include "tests/support/cli_run.h"
#include "tests/support/recording_bytes.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int Patience = 60'000; ///< ms; a hang is a failure, slowness is none

qint64 framesIn(const Recording &recording)
{
    qint64 frames = 0;
    for (ExchangeId id = 1; id <= recording.trace->exchangeCount(); ++id)
        frames += recording.trace->summary(id).frames;
    return frames;
}

/// Whether something that goes on was recorded: a stream with so many frames.
bool hasFrames(const QString &path, qint64 count)
{
    const Expected<Recording> recording = readTraceFile(path);
    return recording && framesIn(*recording) >= count;
}

} // namespace

/// A recording is worth what is in it after the worst.
class TestRecording : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void a_killed_program_leaves_all_complete_records();
    void a_killed_program_leaves_what_a_long_call_brought();
    void a_full_disk_stops_the_recording_and_not_the_command();
    void a_place_that_cannot_be_recorded_to_is_told_before_anything_is_sent_data();
    void a_place_that_cannot_be_recorded_to_is_told_before_anything_is_sent();
    void fingerprints_are_equal_within_a_recording_and_in_no_other();
    void what_is_no_recording_is_one_sentence_data();
    void what_is_no_recording_is_one_sentence();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString url() const { return m_lab->url().toString(); }

    QTemporaryDir m_folder;
    std::unique_ptr<Lab> m_lab;
};

void TestRecording::init()
{
    LabSettings settings;
    settings.keepAliveMs = 10; // a stream that goes on
    settings.revisions = {u"2025-11-25"_s};
    m_lab = std::make_unique<Lab>(settings);
    QVERIFY(m_lab->listen());
}

void TestRecording::a_killed_program_leaves_all_complete_records()
{
    const QString file = path(u"killed.sgtrace"_s);
    QProcess process;
    process.start(QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli"),
                  {u"listen"_s, url(), u"--trace"_s, file});
    QVERIFY(process.waitForStarted());
    // Read while it is written, as another program may.
    QTRY_VERIFY_WITH_TIMEOUT(hasFrames(file, 5), Patience);
    const qint64 before = framesIn(*readTraceFile(file));
    ::kill(pid_t(process.processId()), SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);

    const Expected<Recording> recording = readTraceFile(file);
    QVERIFY(recording);
    QVERIFY(framesIn(*recording) >= before);
    const TraceStore &trace = *recording->trace;
    QCOMPARE(trace.request(2).what, u"initialize"_s);
    QCOMPARE(trace.response(2)->status, 200);
    QVERIFY(trace.summary(2).finished);
    ExchangeId stream = 0;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        if (trace.summary(id).kind == ExchangeKind::Stream)
            stream = id;
    }
    QVERIFY(stream > 0);
    // It had no end, and none is made up; every frame has its bytes.
    QVERIFY(!trace.summary(stream).finished);
    for (qint64 i = 0; i < trace.summary(stream).frames; ++i) {
        const Frame frame = trace.frame(stream, i);
        QCOMPARE(trace.responseBody(stream, frame.start, frame.end - frame.start).size(),
                 frame.end - frame.start);
    }
    const CliRun read = runCli({u"trace"_s, file, u"--json"_s});
    QCOMPARE(read.exitCode, 0);
    const QList<QByteArray> lines = read.out.trimmed().split('\n');
    QCOMPARE(lines.size(), trace.exchangeCount());
    for (const QByteArray &line : lines)
        QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.constData());
}

void TestRecording::a_killed_program_leaves_what_a_long_call_brought()
{
    const QString file = path(u"call.sgtrace"_s);
    QProcess process;
    process.start(QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli"),
                  {u"call"_s, url(), u"long-running"_s, u"--args"_s,
                   uR"({"steps":5000,"seconds":50})"_s, u"--trace"_s, file});
    QVERIFY(process.waitForStarted());
    const auto progress = [&file] {
        const Expected<Recording> recording = readTraceFile(file);
        if (!recording)
            return false;
        const TraceStore &trace = *recording->trace;
        for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
            if (trace.request(id).what == "tools/call long-running"_L1
                && trace.responseBody(id).count("notifications/progress") >= 3)
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(progress(), Patience);
    ::kill(pid_t(process.processId()), SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    QVERIFY(progress());
    QCOMPARE(runCli({u"trace"_s, file}).exitCode, 0);
}

void TestRecording::a_full_disk_stops_the_recording_and_not_the_command()
{
    const QString file = path(u"full.sgtrace"_s);
    QProcess process;
    // The system's limit for files does what a full disk does.
    process.setChildProcessModifier([] {
        const rlimit small{2000, 2000};
        ::setrlimit(RLIMIT_FSIZE, &small);
    });
    process.start(QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli"),
                  {u"tools"_s, url(), u"--trace"_s, file});
    QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, Patience);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QVERIFY(process.exitCode() != 0);
    // The command did its work …
    QVERIFY(process.readAllStandardOutput().contains("echo"));
    // … and one sentence says what is not in the file.
    const QString err = QString::fromUtf8(process.readAllStandardError());
    QVERIFY2(err.contains(u"Recording to "_s + file + u" stopped: "_s), qPrintable(err));
    const Expected<Recording> recording = readTraceFile(file);
    QVERIFY(recording);
    // It ends where the disk was full.
    QVERIFY2(recording->warning.isEmpty() || recording->warning.contains(u"was not ended"_s),
             qPrintable(recording->warning));
    QVERIFY(recording->trace->exchangeCount() >= 1);
}

void TestRecording::a_place_that_cannot_be_recorded_to_is_told_before_anything_is_sent_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("says");
    const QString pipe = path(u"write-pipe"_s);
    ::mkfifo(QFile::encodeName(pipe).constData(), 0600);
    QTest::newRow("pipe") << pipe << u"it is a pipe or a device"_s;
    QTest::newRow("device") << u"/dev/full"_s << u"it is a pipe or a device"_s;
    QTest::newRow("folder") << m_folder.path() << u"it is a folder"_s;
    QTest::newRow("no such folder") << path(u"no/such/file"_s) << u"No such file or directory"_s;
}

void TestRecording::a_place_that_cannot_be_recorded_to_is_told_before_anything_is_sent()
{
    QFETCH(QString, file);
    QFETCH(QString, says);
    int requests = 0;
    connect(m_lab.get(), &Lab::log, this, [&requests] { ++requests; });
    const CliRun run = runCli({u"tools"_s, url(), u"--trace"_s, file});
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(QString::fromUtf8(run.err).contains(says), run.err.constData());
    QCOMPARE(run.err.count('\n'), 1);
    QCOMPARE(requests, 0);
}

void TestRecording::fingerprints_are_equal_within_a_recording_and_in_no_other()
{
    const QByteArray token = "token-of-the-test-0123456789";
    QFile bearer(path(u"bearer"_s));
    QVERIFY(bearer.open(QIODevice::WriteOnly));
    bearer.write(token);
    bearer.close();
    QSet<QByteArray> shown;
    for (int run = 1; run <= 3; ++run) {
        const QString file = path(u"prints%1.sgtrace"_s.arg(run));
        // The tool's answer repeats the token: that is the same secret.
        const CliRun cli = runCli({u"call"_s, url(), u"echo"_s, u"--args"_s,
                                   u"{\"message\":\"%1\"}"_s.arg(QString::fromLatin1(token)),
                                   u"--bearer-file"_s, bearer.fileName(), u"--trace"_s, file});
        QCOMPARE(cli.exitCode, 0);
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray bytes = plainRecording(written.readAll());
        QVERIFY(!bytes.contains(token.first(10)) && !bytes.contains(token.last(10)));

        const Expected<Recording> recording = readTraceFile(file);
        QVERIFY(recording);
        QSet<QByteArray> prints;
        bool echoed = false;
        for (ExchangeId id = 1; id <= recording->trace->exchangeCount(); ++id) {
            for (const Header &header : recording->trace->request(id).headers) {
                if (header.name == "Authorization")
                    prints.insert(header.value.mid(7, 5));
            }
            if (prints.size() == 1)
                echoed = echoed || recording->trace->responseBody(id).contains(*prints.cbegin());
        }
        QCOMPARE(prints.size(), 1);
        QVERIFY((*prints.cbegin()).startsWith('~'));
        QVERIFY(echoed);
        shown += prints;
    }
    // Four digits may be equal by chance, in three recordings hardly.
    QVERIFY(shown.size() > 1);
}

void TestRecording::what_is_no_recording_is_one_sentence_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("says");
    const auto file = [this](const QString &name, const QByteArray &bytes) {
        QFile written(path(name));
        if (written.open(QIODevice::WriteOnly))
            written.write(bytes);
        return written.fileName();
    };
    const QString pipe = path(u"read-pipe"_s);
    ::mkfifo(QFile::encodeName(pipe).constData(), 0600);
    QTest::newRow("pipe that nobody writes to") << pipe << u"it is a pipe or a device"_s;
    QTest::newRow("folder") << m_folder.path() << u"it is a folder"_s;
    QTest::newRow("nothing there") << path(u"nothing"_s) << u"No such file or directory"_s;
    QTest::newRow("empty") << file(u"empty"_s, {}) << u"it is empty"_s;
    QTest::newRow("another format")
        << file(u"letter"_s, "Dear reader") << u"it is no recording of Sightglass"_s;
    QTest::newRow("an archive without entries")
        << file(u"har"_s, R"({"log":{}})") << u"cannot be read as HAR"_s;
    QTest::newRow("newer") << file(
        u"newer"_s, "sightglass-trace" + QByteArray("\0\x63\0", 3) + QByteArray(8, '\0'))
                           << u"it has version 99 of the format"_s;
}

void TestRecording::what_is_no_recording_is_one_sentence()
{
    QFETCH(QString, file);
    QFETCH(QString, says);
    for (const QStringList &options : {QStringList{}, QStringList{u"--json"_s}}) {
        const CliRun run = runCli(QStringList{u"trace"_s, file} + options);
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(QString::fromUtf8(run.err).contains(says), run.err.constData());
        QCOMPARE(run.err.count('\n'), 1);
        QVERIFY(run.out.isEmpty());
    }
}

QTEST_GUILESS_MAIN(TestRecording)
#include "test_recording.moc"
