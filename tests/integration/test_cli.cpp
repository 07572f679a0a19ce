// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/lab/lab.h"
#include "tests/support/cli_run.h"
#include "tests/support/odd_server.h"
#include "tests/support/recording_bytes.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QScopeGuard>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int Patience = 60'000; ///< ms; a hang is a failure, slowness is none
const QString Program = QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli");
const QString Hello = QStringLiteral("{\"message\":\"hello\"}");
const QByteArray Token = "tok-4711-secret";
const QByteArray Key = "key-0815-secret";
const QByteArray Wrong = "wrong-1234-secret";

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(400)
        + ", stderr: " + run.err.left(800);
}

/// A command line through the shell, with $CLI as the program and $URL as the server.
CliRun shell(const QString &line, const QUrl &url)
{
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(u"CLI"_s, Program);
    variables.insert(u"URL"_s, url.toString());
    process.setProcessEnvironment(variables);
    process.start(u"bash"_s, {u"-o"_s, u"pipefail"_s, u"-c"_s, line});
    return endOf(process, Patience);
}

} // namespace

/// What a person meets who uses the program from a shell: options, pipes, signals, secrets.
class TestCli : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void wrong_values_are_named_data();
    void wrong_values_are_named();
    void targets_as_people_type_them_data();
    void targets_as_people_type_them();
    void options_without_use_are_told();
    void arguments_come_from_text_file_and_pipe_data();
    void arguments_come_from_text_file_and_pipe();
    void bad_arguments_are_told_with_their_place();
    void the_shortest_time_limit_is_one();
    void each_revision_is_asked_for_data();
    void each_revision_is_asked_for();
    void headers_go_out_in_order_with_duplicates();
    void each_client_fault_is_played_data();
    void each_client_fault_is_played();
    void secrets_appear_nowhere_data();
    void secrets_appear_nowhere();
    void tokens_are_not_in_the_process_list();
    void a_cookie_comes_from_the_environment();
    void tools_as_json_are_the_bytes_of_the_server();
    void structured_content_is_judged_by_the_output_schema();
    void a_reader_that_stops_reading_holds_nothing_up_data();
    void a_reader_that_stops_reading_holds_nothing_up();
    void a_reader_that_had_enough_is_no_failure();
    void a_full_disk_is_told();
    void closed_standard_streams_reach_no_socket();
    void events_are_printed_as_they_come();
    void interrupting_ends_the_session_and_twice_at_once();
    void interrupting_is_130_before_the_server_answers();
    void colours_are_for_terminals_data();
    void colours_are_for_terminals();

private:
    QStringList with(const QStringList &arguments, const QStringList &more = {}) const
    {
        QStringList all = arguments;
        all.insert(1, m_lab->url().toString());
        return all + more;
    }
    QByteArrayList lines(const CliRun &run) const { return run.out.trimmed().split('\n'); }

    QTemporaryDir m_folder;
    std::unique_ptr<Lab> m_lab;
    QStringList m_heard; ///< what the lab logged
};

void TestCli::init()
{
    m_heard.clear();
    m_lab = std::make_unique<Lab>(
        LabSettings{.retryMs = 50,
                    .pingMs = 0,
                    .revisions = {u"2025-03-26"_s, u"2025-06-18"_s, u"2025-11-25"_s}});
    connect(m_lab.get(), &Lab::log, this, [this](const QString &line) { m_heard << line; });
    QVERIFY(m_lab->listen());
}

void TestCli::wrong_values_are_named_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *option, const QString &value, const char *says) {
        QTest::addRow("%s %s", option, qPrintable(value))
            << QStringList{QString::fromLatin1(option), value} << QString::fromUtf8(says);
    };
    row("--timeout", u"-1"_s, "--timeout");
    row("--timeout", u"ten"_s, "--timeout");
    row("--timeout", u"nan"_s, "--timeout");
    row("--timeout", u"1e9"_s, "--timeout");
    row("--seconds", u"1.5"_s, "--seconds");
    row("--proxy", u"ftp://127.0.0.1"_s, "--proxy");
    row("--proxy", u"http://"_s, "--proxy");
    row("--proxy", QString(), "empty");
    row("--trace", QString(), "empty");
    row("--trace", u"/no/such/folder/a.trace"_s, "cannot be recorded");
    row("--revision", u"2024-01-01"_s, "2025-11-25");
    row("--revision", QString(), "empty");
    row("--transport", u"pigeon"_s, "streamable-http");
    row("--color", u"red"_s, "--color");
    row("--like", u"AF-10"_s, "AF-09");
    row("--like", u"nonsense"_s, "nonsense");
    row("--cookie", u"alone"_s, "name=value");
    row("--cookie", u"a=b\nc"_s, "line feed");
    row("--cookie-env", u"sid"_s, "name=VARIABLE");
    row("--cookie-env", u"sid=NO_SUCH_VARIABLE_HERE"_s, "NO_SUCH_VARIABLE_HERE");
    row("--header", u"alone"_s, "colon");
    row("--header", u"Two words: x"_s, "space");
    row("--header-env", u"X-Key"_s, "Name: VARIABLE");
    row("--header-env", u"X-Key: NO_SUCH_VARIABLE_HERE"_s, "NO_SUCH_VARIABLE_HERE");
    row("--bearer-file", u"/no/such/file"_s, "/no/such/file");
    row("--bearer-file", QString(), "empty");
    row("--cacert", u"/no/such/file"_s, "/no/such/file");
    row("--json=1", u"-h"_s, "");
    row("--pin", u"abc"_s, "64");
}

void TestCli::wrong_values_are_named()
{
    QFETCH(QStringList, options);
    QFETCH(QString, says);
    if (options.last() == "-h"_L1)
        options.removeLast();
    const CliRun run = runCli(with({u"tools"_s}, options));
    QVERIFY2(run.exitCode == 2, told(run));
    QVERIFY2(run.out.isEmpty(), told(run));
    QVERIFY2(QString::fromUtf8(run.err).contains(says), told(run));
    // One sentence; that others can read a value is a note of its own.
    QByteArrayList sentences = run.err.trimmed().split('\n');
    sentences.removeIf([](const QByteArray &line) { return line.startsWith("note: "); });
    QVERIFY2(sentences.size() == 1 && sentences.first().startsWith("sightglass-cli: "), told(run));
}

void TestCli::targets_as_people_type_them_data()
{
    QTest::addColumn<QString>("form"); ///< %1: the port
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *form, int code, const char *says) {
        QTest::newRow(form) << QString::fromUtf8(form) << code << QString::fromUtf8(says);
    };
    row("  http://127.0.0.1:%1/mcp ", 0, "");
    row("HTTP://LocalHost:%1/mcp", 0, "");
    row("localhost:%1/mcp", 0, "");
    row("http://127.0.0.1:%1/mcp#part", 0, "");
    row("http://127.0.0.1:%1/mcp?a=b", 0, "");
    row("http://me:pass-9876@127.0.0.1:%1/mcp", 0, "--basic-env");
    row("http://127.0.0.1:%1/other", 5, "404");
    row("http://[::1]:1/mcp", 3, "[::1]:1");
    row("mailto:me@example.invalid", 2, "mailto");
    row("ftp://me:pass-9876@127.0.0.1:%1/mcp", 2, "ftp");
    row("http://me:pass-9876@127.0.0.1:99999/mcp", 2, "port");
    row("http://", 2, "host");
    row("", 2, "URL");
}

void TestCli::targets_as_people_type_them()
{
    QFETCH(QString, form);
    QFETCH(int, code);
    QFETCH(QString, says);
    if (form.contains("%1"_L1))
        form = form.arg(m_lab->url().port());
    const CliRun run = runCli({u"tools"_s, form});
    QVERIFY2(run.exitCode == code, told(run));
    QVERIFY2(QString::fromUtf8(run.err).contains(says), told(run));
    QVERIFY2(!run.err.contains("pass-9876"), told(run));
    QCOMPARE(run.out.isEmpty(), code != 0);
}

void TestCli::options_without_use_are_told()
{
    const CliRun run = runCli(with({u"tools"_s}, {u"--seconds"_s, u"3"_s}));
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(run.err.contains("--seconds"), told(run));
}

void TestCli::arguments_come_from_text_file_and_pipe_data()
{
    QTest::addColumn<QString>("given");
    QTest::newRow("text") << Hello;
    QTest::newRow("file") << u"@file"_s;
    QTest::newRow("pipe") << u"-"_s;
}

void TestCli::arguments_come_from_text_file_and_pipe()
{
    QFETCH(QString, given);
    if (given == "@file"_L1) {
        QFile file(m_folder.filePath(u"arguments.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(Hello.toUtf8());
        given = u'@' + file.fileName();
    }
    const CliRun run =
        runCli(with({u"call"_s, u"echo"_s}, {u"--args"_s, given}), {}, Hello.toUtf8());
    QVERIFY2(run.exitCode == 0, told(run));
    QCOMPARE(run.out, QByteArray("hello\n"));
}

void TestCli::bad_arguments_are_told_with_their_place()
{
    const auto given = [this](const QString &args) {
        return runCli(with({u"call"_s, u"echo"_s}, {u"--args"_s, args}));
    };
    CliRun run = given(u"{\"message\" 1}"_s);
    QVERIFY2(run.exitCode == 2 && run.err.contains("at byte 11"), told(run));
    run = given(u"[1]"_s);
    QVERIFY2(run.exitCode == 2 && run.err.contains("no object"), told(run));
    run = given(u"@/no/such/file"_s);
    QVERIFY2(run.exitCode == 2 && run.err.contains("/no/such/file"), told(run));
    run = given(u"@"_s);
    QVERIFY2(run.exitCode == 2 && run.err.count('\n') == 1, told(run));
    run = given(QString());
    QVERIFY2(run.exitCode == 2, told(run));
    run = runCli(with({u"call"_s, u"echo"_s}, {u"--args"_s, u"-"_s, u"--bearer-file"_s, u"-"_s}));
    QVERIFY2(run.exitCode == 2 && run.err.contains("standard input"), told(run));
    // None of them reached the server.
    QVERIFY(m_heard.isEmpty());
}

void TestCli::the_shortest_time_limit_is_one()
{
    m_lab->setPlay({u"no-answer"_s});
    const CliRun run = runCli(with({u"tools"_s}, {u"--timeout"_s, u"0.0001"_s}));
    QVERIFY2(run.exitCode == 6, told(run));
    m_lab->setPlay({});
    QCOMPARE(runCli(with({u"tools"_s}, {u"--timeout"_s, u"0"_s})).exitCode, 0);
}

void TestCli::each_revision_is_asked_for_data()
{
    QTest::addColumn<QString>("revision");
    for (const char *revision : {"auto", "2025-03-26", "2025-06-18", "2025-11-25"})
        QTest::newRow(revision) << QString::fromLatin1(revision);
}

void TestCli::each_revision_is_asked_for()
{
    QFETCH(QString, revision);
    const QString trace = m_folder.filePath(u"revision.trace"_s);
    QCOMPARE(runCli(with({u"tools"_s}, {u"--revision"_s, revision, u"--trace"_s, trace})).exitCode,
             0);
    const QJsonObject first =
        QJsonDocument::fromJson(lines(runCli({u"trace"_s, trace, u"--json"_s})).first()).object();
    const QString body = first.value("request"_L1).toObject().value("body"_L1).toString();
    QVERIFY2(body.contains(revision == "auto"_L1 ? u"/protocolVersion\":\"2026-07-28\""_s
                                                 : u"\"protocolVersion\":\"%1\""_s.arg(revision)),
             qPrintable(body));
}

void TestCli::headers_go_out_in_order_with_duplicates()
{
    const QString trace = m_folder.filePath(u"headers.trace"_s);
    const CliRun run = runCli(with({u"tools"_s},
                                   {u"--header"_s, u"X-A: 1"_s, u"--header"_s, u"x-a: 2"_s,
                                    u"--header-env"_s, u"X-Key: KEY"_s, u"--cookie"_s, u"a=b"_s,
                                    u"--cookie"_s, u"c=d"_s, u"--trace"_s, trace}),
                              {u"KEY="_s + QString::fromLatin1(Key)});
    QVERIFY2(run.exitCode == 0, told(run));
    for (const QByteArray &line : lines(runCli({u"trace"_s, trace, u"--json"_s}))) {
        QStringList names;
        const QJsonObject request =
            QJsonDocument::fromJson(line).object().value("request"_L1).toObject();
        for (const QJsonValue &header : request.value("headers"_L1).toArray()) {
            const QString name = header.toObject().value("name"_L1).toString();
            if (name.startsWith("x-"_L1, Qt::CaseInsensitive) || name == "Cookie"_L1)
                names << name;
        }
        QCOMPARE(names, (QStringList{u"X-A"_s, u"x-a"_s, u"X-Key"_s, u"Cookie"_s}));
    }
}

void TestCli::each_client_fault_is_played_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QByteArray>("apiKey"); ///< what the lab asks for besides the token
    QTest::addColumn<QString>("play");
    QTest::addColumn<int>("code");
    QTest::newRow("AF-01") << u"AF-01"_s << QByteArray() << QString() << 4;
    QTest::newRow("AF-02") << u"AF-02"_s << QByteArray() << u"closes-stream:100"_s << 4;
    QTest::newRow("AF-03") << u"AF-03"_s << QByteArray() << QString() << 0;
    QTest::newRow("AF-04") << u"AF-04"_s << QByteArray("X-Api-Key: " + Key) << QString() << 4;
    QTest::newRow("AF-05") << u"AF-05"_s << QByteArray("Cookie: a=b") << QString() << 4;
    QTest::newRow("AF-06") << u"AF-06"_s << QByteArray() << QString() << 4;
    QTest::newRow("AF-09") << u"AF-09"_s << QByteArray() << u"AF-09"_s << 5;
}

void TestCli::each_client_fault_is_played()
{
    QFETCH(QString, id);
    QFETCH(QByteArray, apiKey);
    QFETCH(QString, play);
    QFETCH(int, code);
    Lab lab(LabSettings{.play = {play}, .bearer = Token, .apiKey = apiKey, .retryMs = 10});
    QVERIFY(lab.listen());
    const CliRun run =
        runCli({u"listen"_s, lab.url().toString(), u"--seconds"_s, code == 0 ? u"1"_s : u"30"_s,
                u"--bearer-env"_s, u"TOKEN"_s, u"--header-env"_s, u"X-Api-Key: KEY"_s,
                u"--cookie"_s, u"a=b"_s, u"--like"_s, id.toLower()},
               {u"TOKEN="_s + QString::fromLatin1(Token), u"KEY="_s + QString::fromLatin1(Key)});
    QVERIFY2(run.exitCode == code, told(run));
    QVERIFY2(run.err.contains(", " + id.toLatin1() + "]") || id == "AF-09"_L1, told(run));
    QVERIFY2(run.err.contains("on purpose like a client with " + id.toLatin1()), told(run));
}

void TestCli::secrets_appear_nowhere_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QByteArray>("token"); ///< that the client has
    QTest::addColumn<QString>("query");
    for (const QByteArray &token : {Token, Wrong}) {
        const auto row = [&token](const char *name, const QStringList &command) {
            QTest::addRow("%s, %s", name, token == Token ? "right token" : "wrong token")
                << command << token << QString();
        };
        row("tools", {u"tools"_s});
        row("tools --json", {u"tools"_s, u"--json"_s});
        row("call", {u"call"_s, u"echo"_s, u"--args"_s, Hello});
        row("call --json", {u"call"_s, u"echo"_s, u"--json"_s, u"--args"_s, Hello});
        row("listen", {u"listen"_s, u"--seconds"_s, u"1"_s});
        row("listen --json", {u"listen"_s, u"--seconds"_s, u"1"_s, u"--json"_s});
        for (const char *id : {"AF-01", "AF-03", "AF-04", "AF-05", "AF-06", "AF-09"})
            row(id, {u"listen"_s, u"--seconds"_s, u"1"_s, u"--like"_s, QString::fromLatin1(id)});
    }
    QTest::newRow("token in the URL")
        << QStringList{u"tools"_s} << Token << u"?access_token=query-9999-secret"_s;
}

void TestCli::secrets_appear_nowhere()
{
    QFETCH(QStringList, command);
    QFETCH(QByteArray, token);
    QFETCH(QString, query);
    Lab lab(LabSettings{.bearer = Token, .apiKey = "X-Api-Key: " + Key, .retryMs = 10});
    QVERIFY(lab.listen());
    const QString trace = m_folder.filePath(u"secrets.trace"_s);
    command.insert(1, lab.url().toString() + query);
    const CliRun run =
        runCli(command
                   + QStringList{u"--bearer-env"_s, u"TOKEN"_s, u"--header-env"_s,
                                 u"X-Api-Key: KEY"_s, u"--basic-env"_s, u"BASIC"_s, u"--cookie"_s,
                                 u"sid=cookie-5555-secret"_s, u"--trace"_s, trace},
               {u"TOKEN="_s + QString::fromLatin1(token), u"KEY="_s + QString::fromLatin1(Key),
                u"BASIC=me:basic-7777-secret"_s});
    QVERIFY2(run.exitCode == 0 || run.exitCode == 4 || run.exitCode == 5, told(run));
    QFile file(trace);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray recorded = plainRecording(file.readAll());
    QVERIFY(recorded.contains("initialize") || recorded.contains("server/discover"));
    const QByteArray table = runCli({u"trace"_s, trace}).out;
    const QByteArray json = runCli({u"trace"_s, trace, u"--json"_s}).out;
    QVERIFY(table.contains("POST") && json.contains("Authorization"));
    for (const QByteArray &output : {run.out, run.err, recorded, table, json})
        QVERIFY2(!output.contains("-secret"), output.mid(output.indexOf("-secret") - 60, 120));
}

void TestCli::tokens_are_not_in_the_process_list()
{
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(u"TOKEN"_s, QString::fromLatin1(Token));
    process.setProcessEnvironment(variables);
    process.start(Program, with({u"listen"_s}, {u"--bearer-env"_s, u"TOKEN"_s}));
    QTRY_VERIFY_WITH_TIMEOUT(m_heard.contains(u"GET stream 200 opened"_s), Patience);
    QFile list(u"/proc/%1/cmdline"_s.arg(process.processId()));
    QVERIFY(list.open(QIODevice::ReadOnly));
    const QByteArray shown = list.readAll();
    QVERIFY(shown.contains("--bearer-env"));
    QVERIFY(!shown.contains(Token));
    ::kill(pid_t(process.processId()), SIGTERM);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    // A secret that is on the command line is told.
    CliRun run = runCli(with({u"tools"_s}, {u"--header"_s, u"Authorization: Bearer x"_s}));
    QVERIFY2(run.err.contains("process list"), told(run));
    run = runCli(with({u"tools"_s}, {u"--cookie"_s, u"sid=0123456789"_s}));
    QVERIFY2(run.err.contains("--cookie can be read by others in the process list"), told(run));
    QVERIFY2(!run.err.contains("0123456789"), told(run));
    run = runCli({u"tools"_s, m_lab->url().toString() + u"?x=1&access_token=0123456789"_s});
    QVERIFY2(run.err.contains("“access_token” in the URL can be read by others"), told(run));
    QVERIFY2(!run.err.contains("“x”") && !run.err.contains("0123456789"), told(run));
}

void TestCli::a_cookie_comes_from_the_environment()
{
    const QString trace = m_folder.filePath(u"cookie.trace"_s);
    const CliRun run =
        runCli(with({u"tools"_s},
                    {u"--cookie-env"_s, u"sid=COOKIE"_s, u"--show-secrets"_s, u"--trace"_s, trace}),
               {u"COOKIE=from=outside"_s});
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(!run.err.contains("process list"), told(run));
    const CliRun shown = runCli({u"trace"_s, trace, u"--json"_s});
    QVERIFY2(shown.out.contains(R"({"name":"Cookie","value":"sid=from=outside")"), told(shown));
}

void TestCli::structured_content_is_judged_by_the_output_schema()
{
    CliRun run = runCli(
        with({u"call"_s, u"structured-content"_s}, {u"--args"_s, u"{\"town\":\"Lisbon\"}"_s}));
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(!run.err.contains("output schema"), told(run));
    m_lab = std::make_unique<Lab>(LabSettings{.play = {u"big-numbers"_s}});
    QVERIFY(m_lab->listen());
    run = runCli(with({u"call"_s, u"structured-content"_s},
                      {u"--json"_s, u"--args"_s, u"{\"town\":\"Lisbon\"}"_s}));
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(run.err.contains("note: structuredContent breaks the tool's output schema: at "),
             told(run));
    QVERIFY2(run.err.contains("(rule /required) [exchange "), told(run));
    QVERIFY2(run.out.contains("9007199254740993"), told(run));
}

void TestCli::tools_as_json_are_the_bytes_of_the_server()
{
    const QString trace = m_folder.filePath(u"tools.trace"_s);
    const CliRun run = runCli(with({u"tools"_s}, {u"--json"_s, u"--trace"_s, trace}));
    QVERIFY2(run.exitCode == 0, told(run));
    QByteArray expected;
    int pages = 0;
    for (const QByteArray &line : lines(runCli({u"trace"_s, trace, u"--json"_s}))) {
        const QJsonObject exchange = QJsonDocument::fromJson(line).object();
        const QJsonObject request = exchange.value("request"_L1).toObject();
        if (!request.value("body"_L1).toString().contains("tools/list"_L1))
            continue;
        const QByteArray body =
            exchange.value("response"_L1).toObject().value("body"_L1).toString().toUtf8();
        const qsizetype begin = body.indexOf("\"tools\":[") + 9;
        const qsizetype end = qMax(body.lastIndexOf("],\"nextCursor\""), body.lastIndexOf("]}}"));
        expected += (pages++ ? "," : "") + body.mid(begin, end - begin);
    }
    QVERIFY(pages > 1);
    QCOMPARE(run.out, "{\"tools\":[" + expected + "]}\n");
}

void TestCli::a_reader_that_had_enough_is_no_failure()
{
    const CliRun run = shell(u"$CLI tools $URL | head -1"_s, m_lab->url());
    QVERIFY2(run.exitCode == 0 && run.err.isEmpty(), told(run));
    QVERIFY(run.out.startsWith("echo"));
    QTRY_VERIFY_WITH_TIMEOUT(m_heard.join(u'\n').contains("DELETE 200"_L1), Patience);
    // Also where nothing more is printed.
    m_heard.clear();
    const CliRun listening = shell(u"$CLI listen $URL | head -1"_s, m_lab->url());
    QVERIFY2(listening.exitCode == 0, told(listening));
    QTRY_VERIFY_WITH_TIMEOUT(m_heard.join(u'\n').contains("DELETE 200"_L1), Patience);
    const CliRun decoding =
        shell(u"(yes 'data: x\n' || true) | $CLI decode sse - | head -1"_s, m_lab->url());
    QVERIFY2(decoding.exitCode == 0 && decoding.err.isEmpty(), told(decoding));
}

void TestCli::a_reader_that_stops_reading_holds_nothing_up_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("signal");
    QTest::addColumn<int>("code");
    QTest::newRow("interrupted") << QStringList() << SIGINT << 130;
    QTest::newRow("the time is over") << QStringList{u"--seconds"_s, u"2"_s} << 0 << 0;
}

void TestCli::a_reader_that_stops_reading_holds_nothing_up()
{
    QFETCH(QStringList, options);
    QFETCH(int, signal);
    QFETCH(int, code);
    OddServer odd;
    bool ended = false;
    odd.on(u"DELETE"_s, [&](const OddServer::Message &message) {
        ended = true;
        message.to.answer(200);
    });
    odd.on(u"GET"_s, [](const OddServer::Message &message) {
        openEvents(message.to,
                   sseEvent(R"({"jsonrpc":"2.0","method":"notifications/x"})").repeated(20'000));
    });
    // A pipe that stays open and that nobody reads.
    const QByteArray pipe = QFile::encodeName(m_folder.filePath(u"pipe"_s));
    QFile::remove(QString::fromUtf8(pipe));
    QCOMPARE(::mkfifo(pipe.constData(), 0600), 0);
    const int end = ::open(pipe.constData(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    QVERIFY(end >= 0);
    const auto closed = qScopeGuard([end] { ::close(end); });
    QProcess process;
    process.setStandardOutputFile(QString::fromUtf8(pipe), QIODevice::Append);
    process.start(Program,
                  QStringList{u"listen"_s, odd.server.url().toString(), u"--proxy"_s, u"none"_s}
                      + options);
    QVERIFY(process.waitForStarted());
    const auto isFull = [end] {
        int size = 0;
        return ::ioctl(end, FIONREAD, &size) == 0 && size > 60'000;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isFull(), Patience);
    if (signal)
        ::kill(pid_t(process.processId()), signal);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    QCOMPARE(process.exitCode(), code);
    QVERIFY(ended);
}

void TestCli::a_full_disk_is_told()
{
    const CliRun run = shell(u"$CLI tools $URL > /dev/full"_s, m_lab->url());
    QVERIFY2(run.exitCode == 2 && run.err.contains("cannot be written"), told(run));
    QVERIFY(m_heard.join(u'\n').contains("DELETE 200"_L1));
    QCOMPARE(shell(u"$CLI --help > /dev/full"_s, m_lab->url()).exitCode, 2);
}

void TestCli::closed_standard_streams_reach_no_socket()
{
    CliRun run = shell(u"$CLI tools $URL >&-"_s, m_lab->url());
    QVERIFY2(run.exitCode == 2 && run.err.contains("cannot be written"), told(run));
    run = shell(u"$CLI tools http://127.0.0.1:1/ 2>&-"_s, m_lab->url());
    QVERIFY2(run.exitCode == 3 && run.out.isEmpty(), told(run));
    run = shell(u"$CLI tools $URL <&- 2>&-"_s, m_lab->url());
    QVERIFY2(run.exitCode == 0, told(run));
    run = shell(u"$CLI call $URL echo --args - <&-"_s, m_lab->url());
    QVERIFY2(run.exitCode == 2 && run.err.contains("Standard input"), told(run));
    run = shell(u"$CLI decode sse - <&-"_s, m_lab->url());
    QVERIFY2(run.exitCode == 2 && run.err.contains("Standard input"), told(run));
    for (const QString &line : std::as_const(m_heard))
        QVERIFY2(!line.contains("malformed"_L1), qPrintable(line));
}

void TestCli::events_are_printed_as_they_come()
{
    for (const bool json : {false, true}) {
        QProcess process;
        process.start(Program,
                      with({u"listen"_s}, json ? QStringList{u"--json"_s} : QStringList()));
        // The stream stays open; what came must not wait in a buffer for its end.
        QByteArray out;
        QVERIFY(QTest::qWaitFor(
            [&] {
                out += process.readAllStandardOutput();
                return out.endsWith('\n');
            },
            Patience));
        QCOMPARE(process.state(), QProcess::Running);
        QVERIFY2(json ? out.startsWith("{\"type\":\"message\"") : out.contains("  message  1-1"),
                 out);
        m_heard.clear();
        ::kill(pid_t(process.processId()), SIGTERM);
        QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
        QVERIFY(m_heard.join(u'\n').contains("DELETE 200"_L1));
    }
}

void TestCli::interrupting_ends_the_session_and_twice_at_once()
{
    m_lab->setPlay({u"no-answer@tools/call"_s});
    const QString trace = m_folder.filePath(u"interrupted.trace"_s);
    QProcess process;
    const QStringList call =
        with({u"call"_s, u"echo"_s}, {u"--args"_s, Hello, u"--trace"_s, trace});
    process.start(Program, call);
    QTRY_VERIFY_WITH_TIMEOUT(m_heard.contains(u"GET stream 200 opened"_s), Patience);
    ::kill(pid_t(process.processId()), SIGINT);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
    const QString heard = m_heard.join(u'\n');
    QVERIFY(heard.contains("notifications/cancelled 202"_L1) && heard.contains("DELETE 200"_L1));
    const CliRun read = runCli({u"trace"_s, trace, u"--json"_s});
    QVERIFY2(read.exitCode == 0 && read.err.isEmpty(), told(read));
    QVERIFY(lines(read).last().contains("\"kind\":\"delete\""));

    // With a server that does not even answer the DELETE.
    m_heard.clear();
    m_lab->setPlay({u"no-answer@tools/call"_s, u"no-answer@DELETE"_s});
    QProcess stubborn;
    stubborn.start(Program, call);
    QTRY_VERIFY_WITH_TIMEOUT(m_heard.contains(u"GET stream 200 opened"_s), Patience);
    ::kill(pid_t(stubborn.processId()), SIGINT);
    QByteArray err;
    QVERIFY(QTest::qWaitFor(
        [&] {
            err += stubborn.readAllStandardError();
            return err.contains("Interrupted");
        },
        Patience));
    ::kill(pid_t(stubborn.processId()), SIGINT);
    QTRY_COMPARE_WITH_TIMEOUT(stubborn.state(), QProcess::NotRunning, Patience);
    QCOMPARE(stubborn.exitStatus(), QProcess::NormalExit);
    QCOMPARE(stubborn.exitCode(), 130);
}

void TestCli::interrupting_is_130_before_the_server_answers()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    QProcess process;
    process.start(Program, {u"tools"_s, u"http://127.0.0.1:%1/mcp"_s.arg(silent.serverPort())});
    QTRY_VERIFY_WITH_TIMEOUT(silent.hasPendingConnections(), Patience);
    ::kill(pid_t(process.processId()), SIGINT);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
}

void TestCli::colours_are_for_terminals_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QStringList>("environment");
    QTest::addColumn<bool>("coloured");
    QTest::newRow("pipe") << QStringList() << QStringList() << false;
    QTest::newRow("always") << QStringList{u"--color"_s, u"always"_s} << QStringList() << true;
    QTest::newRow("never") << QStringList{u"--color"_s, u"never"_s} << QStringList() << false;
    QTest::newRow("always asked for beats NO_COLOR")
        << QStringList{u"--color"_s, u"always"_s} << QStringList{u"NO_COLOR=1"_s} << true;
}

void TestCli::colours_are_for_terminals()
{
    QFETCH(QStringList, options);
    QFETCH(QStringList, environment);
    QFETCH(bool, coloured);
    const CliRun run = runCli(with({u"tools"_s}, options), environment);
    QVERIFY2(run.exitCode == 0, told(run));
    QCOMPARE(run.out.contains('\033'), coloured);
    // What a server sends never is an escape sequence, whatever the options.
    QVERIFY(!run.out.contains("\033[1m sequence"));
}

QTEST_GUILESS_MAIN(TestCli)
#include "test_cli.moc"
