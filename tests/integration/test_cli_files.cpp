// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/lab/lab.h"
#include "tests/support/cli_run.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int Patience = 60'000; ///< ms; a hang is a failure, slowness is none
const QString Program = QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli");

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(400)
        + ", stderr: " + run.err.left(800);
}

} // namespace

/// The commands that connect to nothing: trace, decode and lab.
class TestCliFiles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void decode_prints_events_as_they_come();
    void decode_agrees_with_the_vectors();
    void files_that_are_no_recording_data();
    void files_that_are_no_recording();
    void the_lab_says_its_url_first();
    void the_lab_gives_out_tokens();
    void tokens_of_the_lab_do_not_go_with_all_else();
    void the_lab_tells_what_it_plays();
    void a_taken_port_is_told();
    void what_sends_nothing_replaces_no_recording_data();
    void what_sends_nothing_replaces_no_recording();
    void a_replaced_recording_is_told();

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Lab> m_lab;
};

void TestCliFiles::init()
{
    m_lab = std::make_unique<Lab>(LabSettings{.retryMs = 50, .pingMs = 0});
    QVERIFY(m_lab->listen());
}

void TestCliFiles::decode_prints_events_as_they_come()
{
    QProcess process;
    process.start(Program, {u"decode"_s, u"sse"_s, u"-"_s});
    QVERIFY(process.waitForStarted());
    for (const char *event : {"one", "two"}) {
        process.write("data: " + QByteArray(event) + "\n\n");
        QByteArray out;
        QVERIFY(QTest::qWaitFor(
            [&] {
                out += process.readAllStandardOutput();
                return out.endsWith('\n');
            },
            Patience));
        QCOMPARE(QJsonDocument::fromJson(out).object().value("data"_L1).toString(),
                 QString::fromLatin1(event));
    }
    process.write("data: cut");
    process.closeWriteChannel();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    QCOMPARE(process.exitCode(), 0);
    const QJsonObject rest = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    QCOMPARE(rest.value("kind"_L1).toString(), u"incomplete"_s);
    QVERIFY(!rest.contains("data"_L1));
}

void TestCliFiles::decode_agrees_with_the_vectors()
{
    QFile file(QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/unit/sse/sse_vectors.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray vectors = QJsonDocument::fromJson(file.readAll()).array();
    QVERIFY(vectors.size() >= 34);
    for (const QJsonValue &value : vectors) {
        const QJsonObject vector = value.toObject();
        const QByteArray input =
            QByteArray::fromBase64(vector.value("input"_L1).toString().toLatin1());
        const CliRun run = runCli({u"decode"_s, u"sse"_s, u"-"_s}, {}, input);
        const QByteArray name = vector.value("name"_L1).toString().toUtf8();
        QVERIFY2(run.exitCode == 0, name);
        QJsonArray events;
        for (const QByteArray &line : run.out.split('\n')) {
            QJsonObject event = QJsonDocument::fromJson(line).object();
            if (!event.contains("data"_L1))
                continue;
            QVERIFY2(event.value("end"_L1).toInt() > event.value("start"_L1).toInt(), name);
            QVERIFY2(event.value("end"_L1).toInt() <= input.size(), name);
            event.remove(u"start"_s);
            event.remove(u"end"_s);
            events.append(event);
        }
        const QJsonArray expected =
            vector.value("expect"_L1).toObject().value("events"_L1).toArray();
        QVERIFY2(events == expected, name + ": " + run.out);
    }
}

void TestCliFiles::what_sends_nothing_replaces_no_recording_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("credential") << QStringList{u"--cookie"_s, u"a;b=c"_s};
    QTest::newRow("line end") << QStringList{u"--header"_s, u"X-A: a\r\nb"_s};
    QTest::newRow("transport") << QStringList{u"--transport"_s, u"sse"_s, u"--revision"_s,
                                              u"2026-07-28"_s};
    QTest::newRow("fault") << QStringList{u"--like"_s, u"AF-00"_s};
}

void TestCliFiles::what_sends_nothing_replaces_no_recording()
{
    QFETCH(QStringList, options);
    const QString trace = m_folder.filePath(u"kept.trace"_s);
    const QStringList command{u"tools"_s, m_lab->url().toString(), u"--trace"_s, trace};
    QCOMPARE(runCli(command).exitCode, 0);
    const qint64 size = QFileInfo(trace).size();
    const CliRun run = runCli(command + options);
    QVERIFY2(run.exitCode == 2 && !run.err.contains("replaced"), told(run));
    QCOMPARE(QFileInfo(trace).size(), size);
}

void TestCliFiles::a_replaced_recording_is_told()
{
    const QString path = m_folder.filePath(u"twice.trace"_s);
    const QStringList command{u"tools"_s, m_lab->url().toString(), u"--trace"_s, path};
    QVERIFY(!runCli(command).err.contains("replaced"));
    const CliRun again = runCli(command);
    QCOMPARE(again.exitCode, 0);
    QVERIFY2(again.err.contains("note: the recording that was in"), told(again));
}

void TestCliFiles::files_that_are_no_recording_data()
{
    QTest::addColumn<QByteArray>("change"); ///< of a good recording
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    QTest::newRow("empty") << QByteArray("empty") << 2 << u"empty"_s;
    QTest::newRow("foreign") << QByteArray("foreign") << 2 << u"cannot be read as HAR"_s;
    QTest::newRow("newer") << QByteArray("newer") << 2 << u"version"_s;
    QTest::newRow("cut") << QByteArray("cut") << 0 << u"note: "_s;
    QTest::newRow("missing") << QByteArray("missing") << 2 << u"cannot be opened"_s;
    QTest::newRow("folder") << QByteArray("folder") << 2 << u"cannot be opened"_s;
}

void TestCliFiles::files_that_are_no_recording()
{
    QFETCH(QByteArray, change);
    QFETCH(int, code);
    QFETCH(QString, says);
    const QString good = m_folder.filePath(u"good.trace"_s);
    QFile::remove(good);
    QCOMPARE(runCli({u"tools"_s, m_lab->url().toString(), u"--trace"_s, good}).exitCode, 0);
    QFile file(good);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray bytes = file.readAll();
    if (change == "empty")
        bytes.clear();
    else if (change == "foreign")
        bytes = "{\"log\":{\"version\":\"1.2\"}}";
    else if (change == "newer")
        bytes[17] = char(bytes.at(17) + 1); // the low byte of the format's version
    else
        bytes.chop(bytes.size() / 3);
    QString path = m_folder.filePath(u"changed.trace"_s);
    QFile changed(path);
    QVERIFY(changed.open(QIODevice::WriteOnly));
    changed.write(bytes);
    changed.close();
    if (change == "missing")
        path += u".not"_s;
    if (change == "folder")
        path = m_folder.path();
    for (const QStringList &options : {QStringList(), QStringList{u"--json"_s}}) {
        const CliRun run = runCli(QStringList{u"trace"_s, path} + options);
        QVERIFY2(run.exitCode == code, told(run));
        QVERIFY2(QString::fromUtf8(run.err).contains(says), told(run));
        QCOMPARE(run.out.contains("server/discover"), code == 0);
    }
}

void TestCliFiles::the_lab_says_its_url_first()
{
    QProcess process;
    process.start(Program, {u"lab"_s, u"--play"_s, u"AF-80,tool-without-name,AF-81:50@POST"_s});
    QByteArray out;
    QVERIFY(QTest::qWaitFor(
        [&] {
            out += process.readAllStandardOutput();
            return out.endsWith('\n');
        },
        Patience));
    static const QRegularExpression url(u"^http://127\\.0\\.0\\.1:[0-9]+/mcp\n$"_s);
    QVERIFY2(url.match(QString::fromLatin1(out)).hasMatch(), out);
    const CliRun run = runCli({u"tools"_s, QString::fromLatin1(out.trimmed())});
    QVERIFY2(run.exitCode == 0 && run.out.startsWith("(no name)"), told(run));
    ::kill(pid_t(process.processId()), SIGINT);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    QCOMPARE(process.exitCode(), 130);
    QVERIFY(process.readAllStandardError().contains("GET stream 405"));
}

void TestCliFiles::the_lab_gives_out_tokens()
{
    QProcess process;
    process.start(Program,
                  {u"lab"_s, u"--oauth"_s, u"--token-seconds"_s, u"7"_s, u"--consent"_s,
                   u"--dpop-required"_s});
    QByteArray out;
    QByteArray err;
    QVERIFY(QTest::qWaitFor(
        [&] {
            out += process.readAllStandardOutput();
            err += process.readAllStandardError();
            return out.endsWith('\n') && err.contains("Ctrl+C");
        },
        Patience));
    static const QRegularExpression issuer(
        u"Its authorisation server: http://127\\.0\\.0\\.1:[0-9]+\n"_s);
    QVERIFY2(issuer.match(QString::fromUtf8(err)).hasMatch(), err);
    for (const char *told :
         {"practice-client", "live 7 seconds", "(DPoP)", "on a page", "lab:write"})
        QVERIFY2(err.contains(told), err);
    const CliRun run = runCli({u"tools"_s, QString::fromLatin1(out.trimmed())});
    QVERIFY2(run.exitCode == 4, told(run));
    ::kill(pid_t(process.processId()), SIGINT);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
}

void TestCliFiles::tokens_of_the_lab_do_not_go_with_all_else()
{
    ::qputenv("SIGHTGLASS_TEST_TOKEN", "x");
    for (const QStringList &more :
         {QStringList{u"--stdio"_s}, QStringList{u"--bearer-env"_s, u"SIGHTGLASS_TEST_TOKEN"_s},
          QStringList{u"--token-seconds"_s, u"0"_s}, QStringList{u"--token-seconds"_s, u"x"_s}}) {
        const CliRun run = runCli(QStringList{u"lab"_s, u"--oauth"_s} + more);
        QVERIFY2(run.exitCode == 2 && run.out.isEmpty(), told(run));
    }
    ::qunsetenv("SIGHTGLASS_TEST_TOKEN");
}

void TestCliFiles::the_lab_tells_what_it_plays()
{
    const CliRun help = runCli({u"lab"_s, u"--help"_s});
    QCOMPARE(help.exitCode, 0);
    for (const LabFault &fault : labFaults()) {
        QVERIFY2(help.out.contains(fault.id.toUtf8() + "  " + fault.title.toUtf8()),
                 qPrintable(fault.id));
    }
    for (const char *play : {"AF-00", "AF-20,AF-00", "AF-81:x", "AF-20@nowhere"}) {
        const CliRun run = runCli({u"lab"_s, u"--play"_s, QString::fromLatin1(play)});
        QVERIFY2(run.exitCode == 2 && run.out.isEmpty(), told(run));
    }
}

void TestCliFiles::a_taken_port_is_told()
{
    const CliRun run = runCli({u"lab"_s, u"--port"_s, QString::number(m_lab->url().port())});
    QVERIFY2(run.exitCode == 3 && run.out.isEmpty(), told(run));
    QVERIFY2(run.err.contains(QByteArray::number(m_lab->url().port())), told(run));
}

QTEST_GUILESS_MAIN(TestCliFiles)
#include "test_cli_files.moc"
