// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/jsonrpc/json_text.h"
#include "core/lab/lab.h"
#include "tests/support/cli_run.h"
#include "tests/support/odd_server.h"
#include "tests/support/terminal.h"

#include <QPointer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QString Program = QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli");
constexpr int Patience = 30'000; ///< ms; a hang is a failure, slowness is none

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(600)
        + ", stderr: " + run.err.left(1000);
}

/// A server that asks something while it is asked for a tool, and answers with what it got.
class AskingServer : public OddServer {
public:
    explicit AskingServer(const QByteArray &method = "elicitation/create",
                          const QByteArray &params = R"({"message":"Who?"})")
    {
        on(u"tools/call"_s, [this, method, params](const Message &message) {
            call = &message.to;
            id = message.id;
            openEvents(message.to,
                       sseEvent(R"({"jsonrpc":"2.0","id":"q","method":")" + method
                                + R"(","params":)" + params + '}'));
        });
        on(u"response"_s, [this](const Message &message) {
            message.to.answer(202);
            answer = message.http.body;
            const JsonText json = JsonText::parse(answer);
            const JsonText::Node result = json.member(json.root(), u"result");
            const QByteArray text = result >= 0 ? json.compact(result)
                                                : json.compact(json.member(json.root(), u"error"));
            if (call) {
                call->write(sseEvent(rpcResult(id,
                                               R"({"content":[{"type":"text","text":)"
                                                   + jsonQuoted(QString::fromUtf8(text)) + "}]}")));
                call->close();
            }
        });
    }

    QPointer<RawConnection> call;
    QByteArray id;
    QByteArray answer;
};

} // namespace

/// A session of the command line: from a pipe, and from a terminal.
class TestCliRepl : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void commands_are_carried_out_one_after_the_other();
    void words_are_read_as_typed_data();
    void words_are_read_as_typed();
    void the_first_failure_is_the_exit_code_data();
    void the_first_failure_is_the_exit_code();
    void a_session_is_one_session();
    void questions_are_answered_within_it_data();
    void questions_are_answered_within_it();
    void what_nobody_answers_is_declined_data();
    void what_nobody_answers_is_declined();
    void a_server_that_takes_its_question_back_waits_for_nothing();
    void no_connection_is_the_end();
    void a_lost_program_does_not_end_a_script();
    void a_program_that_is_lost_between_commands_is_told_with_its_end();
    void an_interrupt_ends_it();
    void the_trace_has_all_of_it();

    void on_a_terminal_words_are_completed_and_lines_remembered();
    void on_a_terminal_an_interrupt_ends_the_command_alone();
    void on_a_terminal_questions_are_asked();
    void on_a_terminal_a_lost_connection_can_be_had_again();
    void the_terminal_is_left_as_it_was();

private:
    CliRun run(const QByteArray &input, const QStringList &options = {}) const
    {
        return runCli(QStringList{u"repl"_s, m_lab->url().toString()} + options, {}, input);
    }
    static CliRun on(const OddServer &server, const QByteArray &input,
                     const QStringList &options = {})
    {
        return runCli(
            QStringList{u"repl"_s, server.server.url().toString(), u"--proxy"_s, u"none"_s}
                + options,
            {}, input);
    }

    QStringList m_heard; ///< what the lab logged
    std::unique_ptr<Lab> m_lab;
};

void TestCliRepl::init()
{
    m_heard.clear();
    m_lab = std::make_unique<Lab>(
        LabSettings{.retryMs = 50, .pingMs = 0, .revisions = {u"2025-11-25"_s}});
    connect(m_lab.get(), &Lab::log, this, [this](const QString &line) { m_heard << line; });
    QVERIFY(m_lab->listen());
}

void TestCliRepl::commands_are_carried_out_one_after_the_other()
{
    const CliRun session = run(R"(
# a comment
call echo {"message": "one"}
   call  echo  --args '{"message":"two"}'
call echo {"message":"three"} --json
call echo {"message":"four"})");
    QVERIFY2(session.exitCode == 0, told(session));
    const qsizetype three = session.out.indexOf("one\ntwo\n{");
    QVERIFY2(three == 0 && session.out.contains("\"text\":\"three\"")
                 && session.out.endsWith("}\nfour\n"),
             told(session));
    const CliRun left = run("call echo {\"message\":\"one\"}\nexit\ncall echo {}\n");
    QVERIFY2(left.exitCode == 0 && left.out == "one\n", told(left));
    const CliRun nothing = run("");
    QVERIFY2(nothing.exitCode == 0 && nothing.out.isEmpty(), told(nothing));
    const CliRun help = run("help\n");
    QVERIFY2(help.out.contains("  call TOOL [JSON]  ") && help.out.contains("  exit "), told(help));
}

void TestCliRepl::words_are_read_as_typed_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const QByteArray &line, const QByteArray &message) {
        QTest::newRow(name) << line << message;
    };
    row("JSON with spaces", R"(call echo { "message" : "a  b" })", "a  b");
    row("quotes within JSON", R"(call echo {"message":"it's \"so\" } ["})", "it's \"so\" } [");
    row("quoted JSON", R"(call echo --args "{\"message\":\"a\"}")", "a");
    row("a quoted name", R"(call 'echo' {"message":"a"})", "a");
    row("a name with a backslash", R"(call ec\ho {"message":"a"})", "a");
    row("not ASCII", R"(call echo {"message":"grüße 🌍"})", "grüße 🌍");
    row("a carriage return", "call echo {\"message\":\"a\"}\r", "a");
}

void TestCliRepl::words_are_read_as_typed()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, message);
    const CliRun session = run(line + '\n');
    QVERIFY2(session.exitCode == 0, told(session));
    QCOMPARE(session.out, message + '\n');
}

void TestCliRepl::the_first_failure_is_the_exit_code_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *line, int code, const char *says) {
        QTest::newRow(line) << QByteArray(line) << code << QByteArray(says);
    };
    row("nonsense", 2, "“nonsense” is no command");
    row("lab", 2, "“lab” is no command");
    row("call", 2, "used as: call TOOL");
    row("call echo 'x", 2, "not closed");
    row("call echo {\"message\"", 2, "at byte");
    row("call echo --args -", 2, "Standard input");
    row("call echo --args @/no/such/file", 2, "/no/such/file");
    row("tools --level debug", 2, "takes no --level");
    row("tools --revision auto", 2, "takes no --revision");
    row("tools --nonsense", 2, "nonsense");
    row("logs --level loud", 2, "emergency");
    row("answer 1 {}", 2, "asks nothing");
    row("raw no/such/method", 5, "-32601");
}

void TestCliRepl::the_first_failure_is_the_exit_code()
{
    QFETCH(QByteArray, line);
    QFETCH(int, code);
    QFETCH(QByteArray, says);
    const CliRun session = run("ping\n" + line + "\ncall echo {\"message\":\"on\"}\nnonsense\n");
    QVERIFY2(session.exitCode == code, told(session));
    QVERIFY2(session.err.contains(says), told(session));
    // It goes on.
    QVERIFY2(session.out.endsWith("on\n"), told(session));
}

void TestCliRepl::a_session_is_one_session()
{
    const CliRun session = run("ping\ntools\nexchanges\n");
    QVERIFY2(session.exitCode == 0, told(session));
    QVERIFY2(session.out.contains("tools/list"), told(session));
    QCOMPARE(m_heard.filter(u"initialize"_s).size(), 2); // and notifications/initialized
    QTRY_VERIFY_WITH_TIMEOUT(m_heard.join(u'\n').contains("DELETE 200"_L1), Patience);
}

void TestCliRepl::questions_are_answered_within_it_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("answer"); ///< in the member result or error
    const auto row = [](const char *method, const QByteArray &line, const QByteArray &answer) {
        QTest::addRow("%s %s", method, line.constData()) << QByteArray(method) << line << answer;
    };
    row("elicitation/create", R"(accept 1 {"a": 1.0})",
        R"({"action":"accept","content":{"a":1.0}})");
    row("elicitation/create", "accept", R"({"action":"accept"})");
    row("elicitation/create", "decline 1", R"({"action":"decline"})");
    row("elicitation/create", "cancel", R"({"action":"cancel"})");
    row("elicitation/create", R"(answer {"action":"odd"})", R"({"action":"odd"})");
    row("sampling/createMessage", R"(answer 1 {"role":"user"})", R"({"role":"user"})");
    row("sampling/createMessage", "decline",
        R"({"code":-1,"message":"The user declined the request"})");
    row("sampling/createMessage", "answer 1 It's blue.",
        R"({"model":"canned","role":"assistant","content":{"type":"text","text":"It's blue."},"stopReason":"endTurn"})");
}

void TestCliRepl::questions_are_answered_within_it()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, answer);
    AskingServer server(method);
    const CliRun session =
        on(server, "call ask\nasked\naccept 2\naccept 1 {\n" + line + "\ncall ask\n");
    // The wrong ones before are told.
    QVERIFY2(session.exitCode == 2 && session.err.contains("question 1: the server asks for "),
             told(session));
    QVERIFY2(session.out.contains("\"message\": \"Who?\""), told(session));
    QVERIFY2(session.out.contains('\n' + answer + '\n'), told(session));
}

void TestCliRepl::what_nobody_answers_is_declined_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("the input ends") << "call ask\n"_ba;
    QTest::newRow("another command follows") << "call ask\nping\n"_ba;
}

void TestCliRepl::what_nobody_answers_is_declined()
{
    QFETCH(QByteArray, input);
    AskingServer server;
    server.on(u"ping"_s, [](const OddServer::Message &message) {
        message.to.answer(200, rpcResult(message.id, "{}"), Json);
    });
    const CliRun session = on(server, input);
    QVERIFY2(session.exitCode == 0 && session.out.startsWith("{\"action\":\"decline\"}\n"),
             told(session));
    QVERIFY2(session.err.contains("“Who?”: declined, nobody answered"), told(session));
    // The command that followed was carried out, after it.
    QCOMPARE(server.got("ping").size(), input.contains("ping") ? 1 : 0);
}

void TestCliRepl::a_server_that_takes_its_question_back_waits_for_nothing()
{
    AskingServer server;
    server.on(u"tools/call"_s, [](const OddServer::Message &message) {
        openEvents(
            message.to,
            sseEvent(R"({"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{}})")
                + sseEvent(
                    R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"q","reason":"too late"}})")
                + sseEvent(hello(message.id)));
        message.to.close();
    });
    const CliRun session = on(server, "call ask\naccept 1\n");
    QVERIFY2(session.out == "hello\n" && session.err.contains("too late"), told(session));
}

void TestCliRepl::no_connection_is_the_end()
{
    const CliRun session =
        runCli({u"repl"_s, u"http://127.0.0.1:1/mcp"_s, u"--proxy"_s, u"none"_s}, {}, "ping\n");
    QVERIFY2(session.exitCode == 3 && session.out.isEmpty(), told(session));
}

void TestCliRepl::a_lost_program_does_not_end_a_script()
{
    // A server in a line of shell, which ends at the second message.
    const QString server =
        uR"(read a; echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}'; read b; exit 7)"_s;
    const CliRun session =
        runCli({u"repl"_s, u"--revision"_s, u"2025-11-25"_s, u"--"_s, u"sh"_s, u"-c"_s, server}, {},
               "ping\nping\nconnect\nhelp\n");
    // The commands behind it are carried out; the code tells what went wrong first.
    QVERIFY2(session.exitCode == 3 && session.out.contains("ping"), told(session));
    QVERIFY2(session.err.contains('7'), told(session));
    QVERIFY2(session.err.contains("There is no connection"), told(session));
    QVERIFY2(session.err.contains("Connected."), told(session));
}

void TestCliRepl::a_program_that_is_lost_between_commands_is_told_with_its_end()
{
    const QString server =
        uR"(read a; echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}'; read b; exit 7)"_s;
    QProcess process;
    process.start(Program,
                  {u"repl"_s, u"--revision"_s, u"2025-11-25"_s, u"--"_s, u"sh"_s, u"-c"_s, server});
    QByteArray told;
    QVERIFY2(QTest::qWaitFor(
                 [&] {
                     told += process.readAllStandardError();
                     return told.contains("ended with exit code 7. connect starts it anew.");
                 },
                 Patience),
             told);
    process.write("ping\n");
    process.closeWriteChannel();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    QCOMPARE(process.exitCode(), 3);
}

void TestCliRepl::an_interrupt_ends_it()
{
    QProcess process;
    process.start(Program, {u"repl"_s, m_lab->url().toString()});
    process.write("call echo {\"message\":\"on\"}\n");
    QByteArray out;
    QVERIFY(QTest::qWaitFor(
        [&] {
            out += process.readAllStandardOutput();
            return out == "on\n";
        },
        Patience));
    ::kill(pid_t(process.processId()), SIGINT);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, Patience);
    QCOMPARE(process.exitCode(), 130);
    QVERIFY(m_heard.join(u'\n').contains("DELETE 200"_L1));
}

void TestCliRepl::the_trace_has_all_of_it()
{
    QTemporaryDir folder;
    const QString trace = folder.filePath(u"session.trace"_s);
    QCOMPARE(run("ping\ncall echo {\"message\":\"kept\"}\n", {u"--trace"_s, trace}).exitCode, 0);
    const CliRun read = runCli({u"trace"_s, trace, u"--json"_s});
    QVERIFY2(read.exitCode == 0 && read.out.contains("kept"), told(read));
    QVERIFY(read.out.trimmed().endsWith('}') && read.out.contains("\"kind\":\"delete\""));
}

void TestCliRepl::on_a_terminal_words_are_completed_and_lines_remembered()
{
    Terminal terminal;
    QVERIFY(terminal.start(Program, {u"repl"_s, m_lab->url().toString()}));
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    // What the names are made of has to be there first.
    terminal.type("tools\r");
    QVERIFY2(terminal.waitFor("echo"), terminal.screen());
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("cal\tech\t");
    QVERIFY2(terminal.waitFor("o "), terminal.screen());
    terminal.type("{\"message\":\"h\xc3\xa4x\x7f llo\"}\r");
    QVERIFY2(terminal.waitFor("\r\nh\xc3\xa4 llo\r\n"), terminal.screen());
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("\x1b[A\r");
    QVERIFY2(terminal.waitFor("\r\nh\xc3\xa4 llo\r\n"), terminal.screen());
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    // Several that fit are listed.
    terminal.type("re\t\t");
    QVERIFY2(terminal.waitFor("\r\nread\r\nresources\r\n"), terminal.screen().right(400));
    // A line that is given up, and one within a key's sequence.
    terminal.type("\x03");
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("x\x1b");
    terminal.type("\x03");
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("ping\r");
    QVERIFY2(terminal.waitFor(" ms\r\n"), terminal.screen());
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("\x04");
    QCOMPARE(terminal.exitCode(), 0);
}

void TestCliRepl::on_a_terminal_an_interrupt_ends_the_command_alone()
{
    m_lab->setPlay({u"no-answer@tools/call"_s});
    Terminal terminal;
    QVERIFY(terminal.start(Program, {u"repl"_s, m_lab->url().toString()}));
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("call echo {\"message\":\"never\"}\r");
    for (int round = 0; round < 3; ++round) {
        terminal.type("\x03");
        QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    }
    terminal.type("ping\r");
    QVERIFY2(terminal.waitFor(" ms\r\n"), terminal.screen());
    terminal.type("exit\r");
    QCOMPARE(terminal.exitCode(), 0);
}

void TestCliRepl::on_a_terminal_questions_are_asked()
{
    AskingServer server;
    Terminal terminal;
    QVERIFY(terminal.start(Program,
                           {u"repl"_s, server.server.url().toString(), u"--proxy"_s, u"none"_s}));
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("call ask\r");
    QVERIFY2(terminal.waitFor("answer> "), terminal.screen());
    terminal.type("ping\r");
    QVERIFY2(terminal.waitFor("the server waits for an answer"), terminal.screen());
    QVERIFY2(terminal.waitFor("answer> "), terminal.screen());
    terminal.type("accept {\"name\":\"Ada\"}\r");
    QVERIFY2(terminal.waitFor("\"content\":{\"name\":\"Ada\"}}\r\n"), terminal.screen());
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("\x04");
    QCOMPARE(terminal.exitCode(), 0);
}

void TestCliRepl::on_a_terminal_a_lost_connection_can_be_had_again()
{
    const QString server =
        uR"(read a; echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}'; read b; read c)"_s;
    Terminal terminal;
    QVERIFY(terminal.start(
        Program, {u"repl"_s, u"--revision"_s, u"2025-11-25"_s, u"--"_s, u"sh"_s, u"-c"_s, server}));
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("ping\r");
    QVERIFY2(terminal.waitFor("connect starts it anew"), terminal.screen());
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("tools\r");
    QVERIFY2(terminal.waitFor("There is no connection"), terminal.screen());
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("connect\r");
    QVERIFY2(terminal.waitFor("Connected."), terminal.screen());
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    terminal.type("exit\r");
    QCOMPARE(terminal.exitCode(), 0);
}

void TestCliRepl::the_terminal_is_left_as_it_was()
{
    Terminal terminal;
    QVERIFY(terminal.start(Program, {u"repl"_s, m_lab->url().toString()}));
    QVERIFY(terminal.echoes());
    QVERIFY2(terminal.waitFor("sightglass> "), terminal.screen());
    QVERIFY(!terminal.echoes());
    terminal.type("exit\r");
    QCOMPARE(terminal.exitCode(), 0);
    QVERIFY(terminal.echoes());
}

QTEST_GUILESS_MAIN(TestCliRepl)
#include "test_cli_repl.moc"
