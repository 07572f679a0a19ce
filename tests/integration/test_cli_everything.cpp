// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/jsonrpc/json_text.h"
#include "tests/support/child_process.h"
#include "tests/support/cli_run.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(600)
        + ", stderr: " + run.err.left(1000);
}

} // namespace

/// Every command of the command line on the official reference server, over each transport.
class TestCliEverything : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void lists_have_the_entries_of_the_server_data() { transports(); }
    void lists_have_the_entries_of_the_server();
    void resources_are_read_data() { transports(); }
    void resources_are_read();
    void prompts_are_filled_and_completed_data() { transports(); }
    void prompts_are_filled_and_completed();
    void the_server_is_discovered_and_answers_data() { transports(); }
    void the_server_is_discovered_and_answers();
    void what_the_server_asks_is_answered_from_the_file_data() { transports(); }
    void what_the_server_asks_is_answered_from_the_file();
    void what_the_file_has_not_is_not_offered();
    void a_call_becomes_a_task_that_asks_and_ends_data() { transports(); }
    void a_call_becomes_a_task_that_asks_and_ends();
    void a_session_uses_all_of_it_data() { transports(); }
    void a_session_uses_all_of_it();

private:
    static void transports()
    {
        QTest::addColumn<QString>("transport"); ///< as discover names it
        QTest::newRow("streamable HTTP") << u"streamable HTTP"_s;
        QTest::newRow("HTTP+SSE") << u"HTTP+SSE, the older transport"_s;
        QTest::newRow("stdio") << u"stdio"_s;
    }
    /// The command line for this row's transport.
    CliRun run(const QStringList &command, const QByteArray &input = {}) const
    {
        QStringList words = command;
        QFETCH(QString, transport);
        if (transport == "stdio"_L1)
            words += {u"--"_s, pinnedNode(), npmPath(Server), u"stdio"_s};
        else
            words.insert(1, (transport.startsWith("HTTP"_L1) ? m_olderUrl : m_url).toString());
        return runCli(words, {}, input);
    }
    QString answers(const QByteArray &json)
    {
        QFile file(m_folder.filePath(u"answers.json"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write(json);
        return file.fileName();
    }

    const QString Server = u"node_modules/@modelcontextprotocol/server-everything/dist/index.js"_s;
    QTemporaryDir m_folder;
    ChildProcess m_server;
    QUrl m_url;
    ChildProcess m_older;
    QUrl m_olderUrl;
};

void TestCliEverything::initTestCase()
{
    QVERIFY2(!pinnedNode().isEmpty(), "run ./test.sh once: it installs the npm packages");
    QVERIFY2(m_server.start(pinnedNode(), {npmPath(u"everything.mjs"_s)}),
             m_server.output().constData());
    m_url = m_server.waitForUrl();
    QVERIFY2(m_url.isValid(), m_server.output().constData());
    QVERIFY2(m_older.start(pinnedNode(), {npmPath(u"everything.mjs"_s), u"sse"_s}),
             m_older.output().constData());
    m_olderUrl = m_older.waitForUrl();
    QVERIFY2(m_olderUrl.isValid(), m_older.output().constData());
}

void TestCliEverything::lists_have_the_entries_of_the_server()
{
    struct Row {
        const char *command;
        const char *key;
        const char *entry;
        const char *line;
    };
    for (const Row &row :
         {Row{"resources", "resources", R"("uri":"demo://resource/static/document/features.md")",
              "demo://resource/static/document/features.md  features.md  [text/markdown]\n"},
          Row{"templates", "resourceTemplates",
              R"("uriTemplate":"demo://resource/dynamic/text/{resourceId}")",
              "demo://resource/dynamic/text/{resourceId}  Dynamic Text Resource  [text/plain]\n"},
          Row{"prompts", "prompts", R"("name":"args-prompt")",
              "args-prompt city [state]  Arguments Prompt\n"}}) {
        const CliRun text = run({QString::fromLatin1(row.command)});
        QVERIFY2(text.exitCode == 0 && text.out.contains(row.line), told(text));
        const CliRun raw = run({QString::fromLatin1(row.command), u"--json"_s});
        QVERIFY2(raw.exitCode == 0 && raw.out.contains(row.entry), told(raw));
        const JsonText json = JsonText::parse(raw.out.trimmed());
        QVERIFY2(json.isArray(json.member(json.root(), QString::fromLatin1(row.key))), raw.out);
    }
    const CliRun tasks = run({u"tasks"_s, u"--json"_s});
    QVERIFY2(tasks.exitCode == 0 && tasks.out == "{\"tasks\":[]}\n", told(tasks));
}

void TestCliEverything::resources_are_read()
{
    const CliRun text = run({u"read"_s, u"demo://resource/dynamic/text/1"_s});
    QVERIFY2(text.exitCode == 0 && text.out.startsWith("Resource 1: This is a plaintext resource"),
             told(text));
    const QString path = m_folder.filePath(u"blob"_s);
    const CliRun saved = run({u"read"_s, u"demo://resource/dynamic/blob/1"_s, u"--output"_s, path});
    QVERIFY2(saved.exitCode == 0 && saved.out.isEmpty(), told(saved));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY2(bytes.startsWith("Resource 1: This is a base64 blob"), bytes);
    const CliRun piped = run({u"read"_s, u"demo://resource/dynamic/blob/1"_s});
    QVERIFY2(piped.exitCode == 0 && piped.out.startsWith("Resource 1: "), told(piped));
    const CliRun none = run({u"read"_s, u"demo://none"_s});
    QVERIFY2(none.exitCode == 5 && none.out.isEmpty() && none.err.contains("not found.")
                 && none.err.contains("[exchange "),
             told(none));
}

void TestCliEverything::prompts_are_filled_and_completed()
{
    const CliRun filled =
        run({u"prompt"_s, u"args-prompt"_s, u"--args"_s, uR"({"city":"Rome"})"_s});
    QVERIFY2(filled.exitCode == 0 && filled.out == "user:\nWhat's weather in Rome?\n",
             told(filled));
    const CliRun completed = run({u"complete"_s, u"prompt:completable-prompt"_s, u"name"_s, u"A"_s,
                                  u"--args"_s, uR"({"department":"Engineering"})"_s});
    QVERIFY2(completed.exitCode == 0 && completed.out == "Alice\n", told(completed));
    const CliRun ids = run({u"complete"_s, u"demo://resource/dynamic/text/{resourceId}"_s,
                            u"resourceId"_s, u"3"_s, u"--json"_s});
    QVERIFY2(ids.exitCode == 0 && ids.out.contains(R"("values":["3"])"), told(ids));
}

void TestCliEverything::the_server_is_discovered_and_answers()
{
    QFETCH(QString, transport);
    const CliRun found = run({u"discover"_s});
    QVERIFY2(found.exitCode == 0, told(found));
    QVERIFY2(found.out.contains("revision     2025-11-25 [exchange "), told(found));
    QVERIFY2(found.out.contains("transport    " + transport.toUtf8() + '\n'), told(found));
    QVERIFY2(found.out.contains("resources (subscribe, listChanged)"), told(found));
    const CliRun raw = run({u"discover"_s, u"--json"_s});
    const JsonText json = JsonText::parse(raw.out.trimmed());
    QVERIFY2(json.string(json.find("/result/serverInfo/name")) == u"mcp-servers/everything"_s,
             told(raw));
    const CliRun ping = run({u"ping"_s});
    QVERIFY2(ping.exitCode == 0 && ping.out.endsWith(" ms\n"), told(ping));
}

void TestCliEverything::what_the_server_asks_is_answered_from_the_file()
{
    const QString file = answers(R"({"roots":[{"uri":"file:///home/ada","name":"home"}],
        "sampling":["Forty-two."],
        "elicitation":[{"action":"accept","content":{"name":"Ada"}}]})");
    const CliRun roots = run({u"call"_s, u"get-roots-list"_s, u"--answer"_s, file});
    QVERIFY2(roots.exitCode == 0 && roots.out.contains("URI: file:///home/ada"), told(roots));
    const CliRun sampling =
        run({u"call"_s, u"trigger-sampling-request"_s, u"--args"_s,
             uR"({"prompt":"What is it?","maxTokens":9})"_s, u"--answer"_s, file});
    QVERIFY2(sampling.exitCode == 0 && sampling.out.contains("Forty-two."), told(sampling));
    QVERIFY2(sampling.err.contains("What is it?”: answered from the file"), told(sampling));
    const CliRun form = run({u"call"_s, u"trigger-elicitation-request"_s, u"--answer"_s, u"-"_s},
                            R"({"elicitation":[{"action":"accept","content":{"name":"Ada"}}]})");
    QVERIFY2(form.exitCode == 0 && form.out.contains("- Name: Ada"), told(form));
    const CliRun refused = run({u"call"_s, u"trigger-elicitation-request"_s, u"--answer"_s, u"-"_s},
                               R"({"elicitation":[]})");
    QVERIFY2(refused.exitCode == 0 && refused.out.contains("declined to provide"), told(refused));
    QVERIFY2(refused.err.contains("declined, --answer has nothing for it"), told(refused));
}

void TestCliEverything::what_the_file_has_not_is_not_offered()
{
    const CliRun nothing = runCli({u"tools"_s, m_url.toString()});
    QVERIFY2(nothing.exitCode == 0 && nothing.out.contains("get-sum"), told(nothing));
    QVERIFY2(!nothing.out.contains("trigger-sampling-request"), told(nothing));
    QVERIFY2(!nothing.out.contains("trigger-elicitation-request"), told(nothing));
    const CliRun sampling =
        runCli({u"tools"_s, m_url.toString(), u"--answer"_s, u"-"_s}, {}, R"({"sampling":[]})");
    QVERIFY2(sampling.out.contains("trigger-sampling-request"), told(sampling));
    QVERIFY2(!sampling.out.contains("trigger-elicitation-request"), told(sampling));
}

void TestCliEverything::a_call_becomes_a_task_that_asks_and_ends()
{
    const QString file =
        answers(R"({"elicitation":[{"action":"accept","content":{"interpretation":"snake"}}]})");
    const CliRun task = run({u"call"_s, u"simulate-research-query"_s, u"--task"_s, u"--args"_s,
                             uR"({"topic":"python","ambiguous":true})"_s, u"--answer"_s, file});
    QVERIFY2(task.exitCode == 0, told(task));
    QVERIFY2(task.out.startsWith("# Research Report: python (snake)"), told(task));
    QVERIFY2(task.err.contains(": working: Gathering") && task.err.contains(": input_required: "),
             told(task));
}

void TestCliEverything::a_session_uses_all_of_it()
{
    const CliRun session = run({u"repl"_s}, R"(# what a script does
call echo {"message": "one  'two'"}
call trigger-elicitation-request
accept {"name": "Ada"}
roots file:///home/bob
call get-roots-list
read demo://resource/dynamic/text/2
complete prompt:completable-prompt department Eng
prompt args-prompt {"city": "Rome"}
)");
    QVERIFY2(session.exitCode == 0, told(session));
    const QByteArray &out = session.out;
    qsizetype at = 0;
    for (const char *part : {"Echo: one  'two'\n", "- Name: Ada", "URI: file:///home/bob",
                             "Resource 2: ", "Engineering\n", "user:\nWhat's weather in Rome?\n"}) {
        const qsizetype found = out.indexOf(part, at);
        QVERIFY2(found >= 0, part + told(session));
        at = found;
    }
}

QTEST_GUILESS_MAIN(TestCliEverything)
#include "test_cli_everything.moc"
