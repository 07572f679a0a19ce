// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// `sightglass-cli lab --stdio` as the program that another sightglass-cli starts, and the lab's
// other ways, with our own client.

#include "core/lab/lab.h"
#include "tests/support/cli_run.h"
#include "tests/support/session_probe.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QString Program = QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli");

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(400)
        + ", stderr: " + run.err.left(800);
}

void addRevisions()
{
    QTest::addColumn<QString>("revision");
    for (const char *revision :
         {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"})
        QTest::newRow(revision) << QString::fromLatin1(revision);
}

} // namespace

class TestLabProgram : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void each_revision_is_spoken_on_standard_streams_data() { addRevisions(); }
    void each_revision_is_spoken_on_standard_streams();
    void a_program_of_one_revision_is_found();
    void it_ends_with_its_input();
    void what_it_prints_besides_is_told();
    void credentials_make_no_sense_to_it();
    void each_revision_is_spoken_over_http_data() { addRevisions(); }
    void each_revision_is_spoken_over_http();
    void the_older_transport_is_found_by_itself();
    void questions_are_answered_in_both_eras_data();
    void questions_are_answered_in_both_eras();
    void marked_arguments_stand_in_headers();
};

void TestLabProgram::each_revision_is_spoken_on_standard_streams()
{
    QFETCH(QString, revision);
    const CliRun listed =
        runCli({u"tools"_s, u"--revision"_s, revision, u"--"_s, Program, u"lab"_s, u"--stdio"_s});
    QVERIFY2(listed.exitCode == 0, told(listed));
    QVERIFY(listed.out.contains("ask-form"));
    const CliRun called =
        runCli({u"call"_s, u"echo"_s, u"--args"_s, u"{\"message\":\"by pipes\"}"_s, u"--revision"_s,
                revision, u"--"_s, Program, u"lab"_s, u"--stdio"_s});
    QVERIFY2(called.exitCode == 0 && called.out.contains("by pipes"), told(called));
}

void TestLabProgram::a_program_of_one_revision_is_found()
{
    const CliRun run = runCli({u"call"_s, u"tell-client"_s, u"--"_s, Program, u"lab"_s,
                               u"--stdio"_s, u"--revision"_s, u"2025-03-26"_s});
    QVERIFY2(run.exitCode == 0 && run.out.contains("Revision: 2025-03-26"), told(run));
}

void TestLabProgram::it_ends_with_its_input()
{
    const CliRun run =
        runCli({u"lab"_s, u"--stdio"_s}, {},
               R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"x"}})"
               "\n");
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY(run.out.startsWith(R"({"jsonrpc":"2.0","id":1,"result":{)"));
    QCOMPARE(run.out.count('\n'), 1);
    // What it has to tell a person stands on the other stream.
    QVERIFY2(run.err.contains("initialize"), told(run));
}

void TestLabProgram::what_it_prints_besides_is_told()
{
    const CliRun run =
        runCli({u"call"_s, u"echo"_s, u"--args"_s, u"{\"message\":\"x\"}"_s, u"--"_s, Program,
                u"lab"_s, u"--stdio"_s, u"--play"_s, u"prints-to-stdout"_s});
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(run.err.contains("The program printed to stdout, where only messages may stand"),
             told(run));
    // However often it did.
    QVERIFY2(run.err.count("where only messages may stand") == 1, told(run));
    QVERIFY2(run.err.contains("lines to stdout that are no messages"), told(run));
}

void TestLabProgram::credentials_make_no_sense_to_it()
{
    const CliRun run = runCli({u"lab"_s, u"--stdio"_s, u"--header"_s, u"X-Key: a"_s});
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.err.contains("no headers"), told(run));
}

void TestLabProgram::each_revision_is_spoken_over_http()
{
    QFETCH(QString, revision);
    Lab lab(LabSettings{.pingMs = 0, .revisions = {revision}});
    QVERIFY(lab.listen());
    SessionProbe probe;
    ServerTarget target;
    target.url = lab.url();
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    QCOMPARE(probe.state().revision, revision);
    QVERIFY(probe.tools().tools.size() > 30);
    QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, "{\"message\":\"hi\"}")), u"hi"_s);
    QVERIFY2(probe.state().remarks.isEmpty(), "the lab did something that it should not have");
    probe.disconnectFrom();
}

void TestLabProgram::the_older_transport_is_found_by_itself()
{
    Lab lab(LabSettings{.pingMs = 0});
    QVERIFY(lab.listen());
    SessionProbe probe;
    ServerTarget target;
    target.url = lab.sseUrl();
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    QCOMPARE(SessionProbe::text(probe.call(u"echo"_s, "{\"message\":\"hi\"}")), u"hi"_s);
}

void TestLabProgram::questions_are_answered_in_both_eras_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<bool>("sse");
    QTest::newRow("by requests") << u"2025-11-25"_s << false;
    QTest::newRow("by results") << u"2026-07-28"_s << false;
    QTest::newRow("over HTTP+SSE") << u"2025-06-18"_s << true;
}

void TestLabProgram::questions_are_answered_in_both_eras()
{
    QFETCH(QString, revision);
    QFETCH(bool, sse);
    Lab lab(LabSettings{.pingMs = 0});
    QVERIFY(lab.listen());
    SessionProbe probe;
    QStringList asked;
    connect(&probe.session(), &Session::serverRequested, this, [&](const ServerRequest &request) {
        asked.append(QString::fromLatin1(request.method));
        const QByteArray answer = request.method == "elicitation/create"
            ? R"({"action":"accept","content":{"name":"Ada"}})"
            : R"({"role":"assistant","model":"m","content":{"type":"text","text":"a verse"}})";
        probe.session().reply(request.number, {answer, {}, {}});
    });
    ServerTarget target;
    target.url = sse ? lab.sseUrl() : lab.url();
    target.revision = revision;
    target.offer = {.roots = true, .sampling = true, .elicitation = true, .tasks = false};
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    QCOMPARE(SessionProbe::text(probe.call(u"ask-in-turn"_s)), u"For Ada. m said: a verse"_s);
    QCOMPARE(asked, (QStringList{u"elicitation/create"_s, u"sampling/createMessage"_s}));
    QVERIFY(probe.state().asked.isEmpty());
}

void TestLabProgram::marked_arguments_stand_in_headers()
{
    Lab lab(LabSettings{.pingMs = 0});
    QVERIFY(lab.listen());
    SessionProbe probe;
    ServerTarget target;
    target.url = lab.url();
    target.revision = u"2026-07-28"_s;
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    const CallResult result =
        probe.call(u"ask-region"_s,
                   "{\"region\":\" "
                   "Zürich\",\"shard\":42.0,\"options\":{\"dryRun\":false},\"question\":\"q\"}");
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QVERIFY(SessionProbe::text(result).contains(u"Zürich"_s));
}

QTEST_GUILESS_MAIN(TestLabProgram)
#include "test_lab_program.moc"
