// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/har_reader.h"
#include "core/lab/lab.h"
#include "tests/support/child_process.h"
#include "tests/support/cli_run.h"
#include "tests/support/export_trace.h"
#include "tests/support/raw_server.h"
#include "tests/support/recording_bytes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

const QByteArray RefusedLine = R"(["GET","http://127.0.0.1:4780/mcp",401,8,"6e6f20746f6b656e"])";
const QByteArray PictureLine = R"(["PUT","http://127.0.0.1:4780/mcp",200,7,"89504e4700fffe"])";

} // namespace

/// Recordings that are handed on by sightglass-cli, and what others read of them.
class TestExport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void each_format_is_printed_data();
    void each_format_is_printed();
    void what_is_written_is_what_is_printed();
    void secrets_are_in_it_where_that_is_asked_for();
    void exchanges_are_chosen_data();
    void exchanges_are_chosen();
    void another_program_reads_the_har();
    void a_har_file_is_a_recording_everywhere();
    void a_har_file_becomes_a_recording();
    void the_commands_are_such_for_a_shell();
    void spans_of_a_recording_go_to_a_collector();
    void spans_go_out_while_it_happens();
    void a_collector_that_is_away_is_told_of();
    void options_that_do_nothing_are_told();
    void what_cannot_be_is_told_data();
    void what_cannot_be_is_told();

private:
    QByteArray contents(const QString &path)
    {
        QFile file(path);
        file.open(QIODevice::ReadOnly);
        return file.readAll();
    }
    QString path(const QString &name) { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
    QString m_recording;
};

void TestExport::initTestCase()
{
    m_recording = path(u"sample.sgtrace"_s);
    const auto trace = exportSample();
    auto writer = TraceFileWriter::create(m_recording, trace->began(), Redactor("salt"), true);
    QVERIFY(writer.has_value());
    trace->addSink(writer->get());
    trace->removeSink(writer->get());
    (*writer)->close();
}

void TestExport::each_format_is_printed_data()
{
    QTest::addColumn<QByteArray>("start");
    for (const ExportFormatName &name : exportFormats()) {
        QTest::newRow(name.name.data())
            << (name.format == ExportFormat::Har        ? QByteArray(R"({"log":{"version":"1.2")")
                    : name.format == ExportFormat::Curl ? QByteArray("# exchange 1: initialize\n")
                    : name.format == ExportFormat::Text ? QByteArray("=== exchange 1: initialize")
                    : name.format == ExportFormat::JsonLines
                    ? QByteArray(R"({"type":"trace","version":1)")
                    : name.format == ExportFormat::Markdown ? QByteArray("# What happened")
                                                            : QByteArray(R"({"resourceSpans":[)"));
    }
}

void TestExport::each_format_is_printed()
{
    QFETCH(QByteArray, start);
    const CliRun run = runCli(
        {u"trace"_s, m_recording, u"--export"_s, QString::fromLatin1(QTest::currentDataTag())});
    QVERIFY2(run.exitCode == 0, run.err);
    QVERIFY2(run.out.startsWith(start), run.out.left(100));
    for (const QByteArray &secret : exportSecrets())
        QVERIFY2(!run.out.contains(secret), secret);
    QVERIFY2(run.err.contains("note: Secrets are replaced by fingerprints:"), run.err);
}

void TestExport::what_is_written_is_what_is_printed()
{
    const QString file = path(u"out.txt"_s);
    const CliRun written = runCli({u"trace"_s, m_recording, u"--export"_s, u"text"_s,
                                   u"--show-secrets"_s, u"--output"_s, file});
    QVERIFY2(written.exitCode == 0 && written.out.isEmpty(), written.err);
    const CliRun printed =
        runCli({u"trace"_s, m_recording, u"--export"_s, u"text"_s, u"--show-secrets"_s});
    QVERIFY(printed.out.size() > 1000);
    QCOMPARE(contents(file), printed.out);
}

void TestExport::secrets_are_in_it_where_that_is_asked_for()
{
    const CliRun run =
        runCli({u"trace"_s, m_recording, u"--export"_s, u"har"_s, u"--show-secrets"_s});
    QVERIFY(run.out.contains(ExportToken));
    QVERIFY2(run.err.contains("note: Secrets are in it, as they were sent."), run.err);
    const CliRun report =
        runCli({u"trace"_s, m_recording, u"--export"_s, u"markdown"_s, u"--show-secrets"_s});
    QCOMPARE(report.exitCode, 2);
    QVERIFY(report.out.isEmpty());
}

void TestExport::exchanges_are_chosen_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QList<int>>("ids");
    QTest::newRow("filter") << QStringList{u"--filter"_s, u"status:401"_s} << QList<int>{2};
    QTest::newRow("numbers") << QStringList{u"--exchanges"_s, u"3,6-8,1"_s}
                             << QList<int>{1, 3, 6, 7};
    QTest::newRow("both") << QStringList{u"--exchanges"_s, u"1-3"_s, u"--filter"_s, u"kind:post"_s}
                          << QList<int>{1, 3};
    QTest::newRow("none") << QStringList{u"--filter"_s, u"status:599"_s} << QList<int>{};
}

void TestExport::exchanges_are_chosen()
{
    QFETCH(QStringList, options);
    QFETCH(QList<int>, ids);
    const CliRun har =
        runCli(QStringList{u"trace"_s, m_recording, u"--export"_s, u"har"_s} + options);
    QVERIFY2(har.exitCode == 0, har.err);
    QList<int> found;
    const QJsonArray entries = QJsonDocument::fromJson(har.out)
                                   .object()
                                   .value("log"_L1)
                                   .toObject()
                                   .value("entries"_L1)
                                   .toArray();
    for (const QJsonValue &entry : entries)
        found.append(entry.toObject().value("_sightglass"_L1).toObject().value("id"_L1).toInt());
    QCOMPARE(found, ids);
    QCOMPARE(har.err.contains("No exchange was chosen"), ids.isEmpty());
    const CliRun json = runCli(QStringList{u"trace"_s, m_recording, u"--json"_s} + options);
    QCOMPARE(json.out.count('\n'), ids.size());
}

void TestExport::another_program_reads_the_har()
{
    const QString file = path(u"for-others.har"_s);
    QCOMPARE(
        runCli({u"trace"_s, m_recording, u"--export"_s, u"har"_s, u"--output"_s, file}).exitCode,
        0);
    QProcess node;
    node.start(pinnedNode(),
               {QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/npm/read-har.mjs"), file});
    QVERIFY(node.waitForFinished(60000));
    const QByteArray error = node.readAllStandardError();
    QVERIFY2(node.exitCode() == 0, error);
    const QByteArrayList lines = node.readAllStandardOutput().trimmed().split('\n');
    QCOMPARE(lines.size(), 7);
    QCOMPARE(lines.at(1), RefusedLine);
    QCOMPARE(lines.at(3), PictureLine);
    // What is wrong is noticed by it.
    QByteArray wrong = contents(file);
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(wrong.replace("\"status\":401", "\"status\":\"401\""));
    out.close();
    node.start(pinnedNode(),
               {QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/npm/read-har.mjs"), file});
    QVERIFY(node.waitForFinished(60000));
    QCOMPARE(node.exitCode(), 1);
}

void TestExport::a_har_file_is_a_recording_everywhere()
{
    const QString file = path(u"x.har"_s);
    QCOMPARE(
        runCli({u"trace"_s, m_recording, u"--export"_s, u"har"_s, u"--output"_s, file}).exitCode,
        0);
    const CliRun table = runCli({u"trace"_s, file});
    QVERIFY2(table.exitCode == 0 && table.out.contains("tools/call add"), table.err);
    const CliRun found = runCli({u"explain"_s, file});
    QVERIFY2(found.exitCode == 4 && found.out.contains("AF-01"), found.out + found.err);
    const CliRun piped = runCli({u"trace"_s, u"-"_s}, {}, contents(file));
    QCOMPARE(piped.out.count('\n'), table.out.count('\n'));
    const CliRun cut = runCli({u"trace"_s, u"-"_s}, {}, contents(file).first(900));
    QVERIFY2(cut.exitCode == 2 && cut.err.contains("Standard input cannot be read as HAR")
                 && cut.err.contains("(byte "),
             cut.err);
}

void TestExport::a_har_file_becomes_a_recording()
{
    const QString file = path(u"y.har"_s);
    QCOMPARE(runCli({u"trace"_s, m_recording, u"--export"_s, u"har"_s, u"--show-secrets"_s,
                     u"--output"_s, file})
                 .exitCode,
             0);
    const QString recording = path(u"y.sgtrace"_s);
    const CliRun import = runCli({u"import"_s, file, u"--output"_s, recording});
    QVERIFY2(import.exitCode == 0 && import.out.isEmpty(), import.err);
    QVERIFY2(import.err.contains("7 exchanges are in")
                 && import.err.contains("secrets are left out"),
             import.err);
    const QByteArray bytes = plainRecording(contents(recording));
    for (const QByteArray &secret : exportSecrets())
        QVERIFY2(!bytes.contains(secret), secret);
    const auto read = readTraceFile(recording);
    QVERIFY(read.has_value() && read->trace->redacted());
    QCOMPARE(read->trace->exchangeCount(), 7);
    QCOMPARE(read->trace->summary(3).events, 2);
    QCOMPARE(runCli({u"import"_s, file, u"--output"_s, recording, u"--show-secrets"_s}).exitCode,
             0);
    QVERIFY(plainRecording(contents(recording)).contains(ExportToken));
}

void TestExport::the_commands_are_such_for_a_shell()
{
    const QString file = path(u"commands.sh"_s);
    QCOMPARE(
        runCli({u"trace"_s, m_recording, u"--export"_s, u"curl"_s, u"--output"_s, file}).exitCode,
        0);
    QCOMPARE(QProcess::execute(u"sh"_s, {u"-n"_s, file}), 0);
}

void TestExport::spans_of_a_recording_go_to_a_collector()
{
    RawServer collector;
    QVERIFY(collector.listen());
    collector.onRequest(
        [](RawConnection &connection, const RawRequest &) { connection.answer(200, "{}"); });
    const QString url = collector.url(QString()).toString();
    const CliRun run = runCli({u"trace"_s, m_recording, u"--otlp"_s, url, u"--proxy"_s, u"none"_s,
                               u"--exchanges"_s, u"1-3"_s},
                              {u"OTEL_EXPORTER_OTLP_HEADERS=x-team=blue"_s});
    QVERIFY2(run.exitCode == 0 && run.out.isEmpty(), run.err);
    QVERIFY2(run.err.contains("note: 5 spans went to " + url.toUtf8() + "/v1/traces."), run.err);
    const RawRequest &request = collector.requests().constFirst();
    QCOMPARE(request.target(), QByteArray("/v1/traces"));
    QCOMPARE(request.header("x-team"), QByteArray("blue"));
    for (const QByteArray &secret : exportSecrets())
        QVERIFY2(!request.body.contains(secret), secret);
}

void TestExport::spans_go_out_while_it_happens()
{
    RawServer collector;
    QVERIFY(collector.listen());
    // Busy at first.
    int answers = 0;
    collector.onRequest([&](RawConnection &connection, const RawRequest &) {
        connection.answer(answers++ == 0 ? 503 : 200, "{}");
    });
    Lab lab{LabSettings()};
    QVERIFY(lab.listen());
    const QString recording = path(u"live.sgtrace"_s);
    const CliRun run =
        runCli({u"call"_s, lab.url().toString(), u"add"_s, u"--args"_s, u"{\"a\":1,\"b\":2}"_s,
                u"--otlp"_s, collector.url(QString()).toString(), u"--trace"_s, recording});
    QVERIFY2(run.exitCode == 0 && run.out.contains('3'), run.err);
    QVERIFY2(run.err.contains(" spans went to ") && !run.err.contains("could not"), run.err);
    QByteArray sent;
    for (const RawRequest &request : collector.requests())
        sent += request.body;
    QVERIFY(sent.contains("\"name\":\"tools/call add\""));
    // They do not stand in what was recorded.
    const auto read = readTraceFile(recording);
    QVERIFY(read.has_value());
    for (ExchangeId id = 1; id <= read->trace->exchangeCount(); ++id)
        QVERIFY(read->trace->request(id).url.path() != u"/v1/traces"_s);
}

void TestExport::a_collector_that_is_away_is_told_of()
{
    Lab lab{LabSettings()};
    QVERIFY(lab.listen());
    const CliRun run = runCli({u"ping"_s, lab.url().toString(), u"--otlp"_s,
                               u"http://127.0.0.1:1"_s, u"--proxy"_s, u"none"_s});
    QVERIFY2(run.exitCode == 0, run.err);
    QVERIFY2(run.err.contains("0 spans went to") && run.err.contains("could not be delivered"),
             run.err);
}

void TestExport::options_that_do_nothing_are_told()
{
    const CliRun run = runCli({u"trace"_s, m_recording, u"--json"_s, u"--output"_s, u"x"_s,
                               u"--filter"_s, u"status:401"_s});
    QVERIFY2(run.err.contains("--output makes no difference without --export"), run.err);
    QVERIFY2(!run.err.contains("--filter makes"), run.err);
    const CliRun table = runCli({u"trace"_s, m_recording, u"--exchanges"_s, u"1"_s});
    QVERIFY2(table.err.isEmpty(), table.err);
    QVERIFY2(table.out.startsWith("#") && table.out.count('\n') == 2
                 && table.out.contains("initialize"),
             table.out);
}

void TestExport::what_cannot_be_is_told_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QByteArray>("says");
    const auto row = [this](const char *name, const QStringList &options, const char *says) {
        QTest::newRow(name) << QStringList{u"trace"_s, m_recording} + options << QByteArray(says);
    };
    row("format", {u"--export"_s, u"pcap"_s}, "it takes har, curl, text, jsonl, markdown");
    row("numbers", {u"--export"_s, u"har"_s, u"--exchanges"_s, u"3-1"_s}, "3,7-9");
    row("exchange", {u"--export"_s, u"curl"_s, u"--exchanges"_s, u"99"_s},
        "--exchanges 99 names nothing: the recording has exchanges 1 to ");
    row("exchange to print", {u"--exchanges"_s, u"1,98-99"_s}, "--exchanges 98-99 names nothing");
    row("save and export", {u"--save"_s, u"/none/x"_s, u"--export"_s, u"har"_s},
        "--save goes with neither");
    row("save and collector", {u"--save"_s, u"/none/x"_s, u"--otlp"_s, u"http://127.0.0.1:9"_s},
        "--save goes with neither");
    row("collector", {u"--otlp"_s, u"127.0.0.1:4318"_s},
        "no address of an OpenTelemetry collector");
    row("filter", {u"--export"_s, u"har"_s, u"--filter"_s, u"status:lots"_s}, "status:lots");
    row("folder", {u"--export"_s, u"har"_s, u"--output"_s, u"/none/x.har"_s},
        "/none/x.har cannot be written");
    QTest::newRow("nowhere") << QStringList{u"import"_s, m_recording} << QByteArray("--output");
    QTest::newRow("no file") << QStringList{u"import"_s, u"/none.har"_s, u"--output"_s, u"x"_s}
                             << QByteArray("/none.har cannot be opened");
}

void TestExport::what_cannot_be_is_told()
{
    QFETCH(QStringList, command);
    QFETCH(QByteArray, says);
    const CliRun run = runCli(command);
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.err.contains(says), run.err);
    QVERIFY(run.out.isEmpty());
}

QTEST_GUILESS_MAIN(TestExport)
#include "test_export.moc"
