// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Programs that answer oddly on their standard streams, as the command line shows them.

#include "tests/support/cli_run.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass::test;

namespace {

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(800)
        + ", stderr: " + run.err.left(800);
}

/// A line of shell that answers the request at hand.
QString says(const QString &result)
{
    return u"printf '%s\\n' '{\"jsonrpc\":\"2.0\",\"id\":'$id',\"result\":%1}'"_s.arg(result);
}

QString refuses()
{
    return u"printf '%s\\n' '{\"jsonrpc\":\"2.0\",\"id\":'$id',\"error\":{\"code\":-32601,\"message\":\"no\"}}'"_s;
}

QString agrees(const QString &revision)
{
    return says(
        u"{\"protocolVersion\":\"%1\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}"_s
            .arg(revision));
}

/// What a server in a few lines of shell does on each request.
struct Script {
    QString discover = refuses();
    QString initialize = agrees(u"2025-11-25"_s);
    QString call = says(u"{\"content\":[{\"type\":\"text\",\"text\":\"fine\"}]}"_s);
};

QStringList program(const Script &script)
{
    const QString list =
        says(u"{\"tools\":[{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"}}]}"_s);
    QString text = u"while read -r line; do\n"
                   "id=$(printf '%s' \"$line\" | sed 's/.*\"id\":\\([0-9]*\\).*/\\1/')\n"
                   "case \"$line\" in\n"_s;
    const std::pair<QString, QString> cases[] = {
        {u"server/discover"_s, script.discover},
        {u"initialize"_s, script.initialize},
        {u"tools/list"_s, list},
        {u"tools/call"_s, script.call},
        {u"ping"_s, says(u"{}"_s)},
    };
    for (const auto &[method, does] : cases)
        text += u"*'\"method\":\"%1\"'*) %2 ;;\n"_s.arg(method, does);
    return {u"--"_s, u"sh"_s, u"-c"_s, text + u"esac\ndone"_s};
}

} // namespace
Q_DECLARE_METATYPE(Script)

class TestOddPrograms : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_revision_is_found_data();
    void a_revision_is_found();
    void an_unknown_revision_is_named_with_ours_data();
    void an_unknown_revision_is_named_with_ours();
    void an_unreadable_answer_ends_its_call_data();
    void an_unreadable_answer_ends_its_call();
    void an_unreadable_line_that_answers_nothing_is_told();
    void a_handshake_that_cannot_be_read_fails_at_once();
    void what_is_printed_is_listed_as_it_came();
};

void TestOddPrograms::a_revision_is_found_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<QByteArray>("revision");
    QTest::addColumn<QByteArray>("remark");
    Script named;
    named.discover = says(u"{\"supportedVersions\":[\"2025-06-18\"]}"_s);
    // It knows this one alone.
    named.initialize = u"case \"$line\" in *2025-06-18*) %1 ;; *) %2 ;; esac"_s.arg(
        agrees(u"2025-06-18"_s), refuses());
    QTest::newRow("server/discover names a legacy one")
        << named << QByteArray("2025-06-18") << QByteArray();
    Script empty;
    empty.discover = says(u"{}"_s);
    QTest::newRow("server/discover says nothing")
        << empty << QByteArray("2025-11-25") << QByteArray("has no list supportedVersions");
    Script broken;
    broken.discover = u"printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"resu\\n' $id"_s;
    QTest::newRow("server/discover cannot be read")
        << broken << QByteArray("2025-11-25") << QByteArray("not valid");
}

void TestOddPrograms::a_revision_is_found()
{
    QFETCH(Script, script);
    QFETCH(QByteArray, revision);
    QFETCH(QByteArray, remark);
    const CliRun run = runCli(QStringList{u"discover"_s} + program(script));
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(run.out.contains(revision), told(run));
    QVERIFY2(run.err.contains(remark), told(run));
}

void TestOddPrograms::an_unknown_revision_is_named_with_ours_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<QByteArray>("named");
    Script initialize;
    initialize.initialize = agrees(u"2027-12-31"_s);
    QTest::newRow("by initialize") << initialize << QByteArray("2027-12-31");
    Script discover;
    discover.discover = says(u"{\"supportedVersions\":[\"2099-01-01\"]}"_s);
    QTest::newRow("by server/discover") << discover << QByteArray("2099-01-01");
}

void TestOddPrograms::an_unknown_revision_is_named_with_ours()
{
    QFETCH(Script, script);
    QFETCH(QByteArray, named);
    const CliRun run = runCli(QStringList{u"discover"_s} + program(script));
    QVERIFY2(run.exitCode == 5, told(run));
    QVERIFY2(run.err.contains(named), told(run));
    QVERIFY2(run.err.contains("Sightglass speaks 2026-07-28, 2025-11-25"), told(run));
    QVERIFY2(!run.err.contains("not reached") && !run.err.contains("auto"), told(run));
}

void TestOddPrograms::an_unreadable_answer_ends_its_call_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("cut off")
        << u"printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"con\\n' $id"_s
        << QByteArray("not valid");
    QTest::newRow("cut off before its id")
        << u"printf '{\"jsonrpc\":\"2.\\n'"_s << QByteArray("not valid");
    QTest::newRow("no UTF-8")
        << u"printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"caf\\351\"}]}}\\n' $id"_s
        << QByteArray("UTF-8");
    QTest::newRow("text before it")
        << u"printf 'Loading... '; "_s + says(u"{\"content\":[]}"_s) << QByteArray("Loading...");
    QTest::newRow("laid out on lines")
        << u"printf '{\\n \"jsonrpc\":\"2.0\",\\n \"id\":%s,\\n \"result\":{}\\n}\\n' $id"_s
        << QByteArray("not valid");
}

void TestOddPrograms::an_unreadable_answer_ends_its_call()
{
    QFETCH(QString, answer);
    QFETCH(QByteArray, told);
    Script script;
    script.call = answer;
    const CliRun run = runCli(
        QStringList{u"call"_s, u"t"_s, u"--revision"_s, u"2025-11-25"_s, u"--timeout"_s, u"50"_s}
        + program(script));
    // Nobody waits for more.
    QVERIFY2(run.exitCode == 5, ::told(run));
    QVERIFY2(run.err.contains(told), ::told(run));
    QVERIFY2(!run.err.contains("said nothing"), ::told(run));
}

void TestOddPrograms::an_unreadable_line_that_answers_nothing_is_told()
{
    Script script;
    script.call =
        u"printf '{\"jsonrpc\":\"2.0\",\"method\":\"notifications/me\\n{\"not\":\"rpc\"}\\n'; "_s
        + script.call;
    const CliRun run =
        runCli(QStringList{u"call"_s, u"t"_s, u"--revision"_s, u"2025-11-25"_s} + program(script));
    QVERIFY2(run.exitCode == 0 && run.out.contains("fine"), told(run));
    QVERIFY2(run.err.contains("not valid"), told(run));
    // Where no answer follows, the time limit says what came instead.
    script.call = u"printf '{\"not\":\"rpc\"}\\n'"_s;
    const CliRun late = runCli(
        QStringList{u"call"_s, u"t"_s, u"--revision"_s, u"2025-11-25"_s, u"--timeout"_s, u"1"_s}
        + program(script));
    QVERIFY2(late.err.contains("was not answered within 1 s"), told(late));
    QVERIFY2(!late.err.contains("said nothing"), told(late));
    QVERIFY2(late.err.contains("not valid"), told(late));
}

void TestOddPrograms::a_handshake_that_cannot_be_read_fails_at_once()
{
    Script script;
    script.initialize =
        u"printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"protocolVersion\":\"2025-11-25\",\"serverInfo\":{\"name\":\"s\\351\"}}}\\n' $id"_s;
    const CliRun run =
        runCli(QStringList{u"discover"_s, u"--timeout"_s, u"50"_s} + program(script));
    QVERIFY2(run.exitCode == 5, told(run));
    QVERIFY2(run.err.contains("UTF-8"), told(run));
    QVERIFY2(!run.err.contains("not reached"), told(run));
}

void TestOddPrograms::what_is_printed_is_listed_as_it_came()
{
    QStringList shell = program({});
    shell.last().prepend(u"echo 'Server listening...'; printf '[dotenv@1] \\033[31mred\\n'; "_s);
    const CliRun run = runCli(QStringList{u"listen"_s, u"--seconds"_s, u"1"_s} + shell);
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(run.out.contains("no message  Server listening..."), told(run));
    QVERIFY2(run.out.contains("no message  [dotenv@1]"), told(run));
    QVERIFY2(!run.out.contains('\x1b'), told(run));
    QVERIFY2(run.err.contains("“Server listening...”"), told(run));
    QVERIFY2(run.err.contains("2 lines to stdout"), told(run));
    const CliRun json =
        runCli(QStringList{u"listen"_s, u"--json"_s, u"--seconds"_s, u"1"_s} + shell);
    QVERIFY2(json.out.contains("{\"kind\":\"no-message\",\"text\":\"Server listening...\""),
             told(json));
}

QTEST_GUILESS_MAIN(TestOddPrograms)
#include "test_odd_programs.moc"
