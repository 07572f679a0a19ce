// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Official servers that are programs on their standard streams.

#include "core/mcp/calls.h"
#include "tests/support/child_process.h"
#include "tests/support/person.h"
#include "tests/support/session_probe.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

/// A call, and what its result holds. “@” stands for the folder of the test.
struct Step {
    QString tool;
    QByteArray arguments;
    QByteArray inTheResult;
};

ServerTarget program(const QString &package, const QStringList &arguments = {})
{
    ServerCommand command;
    command.program = pinnedNode();
    command.arguments = {
        npmPath(u"node_modules/@modelcontextprotocol/%1/dist/index.js"_s.arg(package))};
    command.arguments += arguments;
    ServerTarget target;
    target.command = command;
    target.offer = {.roots = true, .sampling = true, .elicitation = true};
    return target;
}

} // namespace

class RealPrograms : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(!pinnedNode().isEmpty(), "run ./test.sh once: it installs the npm packages");
        QVERIFY(m_folder.isValid());
    }
    void init()
    {
        QDir(m_folder.path()).removeRecursively();
        QVERIFY(QDir().mkpath(m_folder.path()));
    }

    void filesystem()
    {
        SessionProbe probe;
        // The folder comes as a root of the client.
        probe.session().setRoots({{u"file://"_s + m_folder.path(), u"Test"_s}});
        QVERIFY2(probe.connectTo(program(u"server-filesystem"_s, {u"/nowhere"_s, u"/"_s})),
                 probe.explain(probe.state().failure));
        QCOMPARE(probe.state().serverName, u"secure-filesystem-server"_s);
        QVERIFY(probe.waitFor([&] {
            return probe.call(u"list_allowed_directories"_s)
                .result.contains(m_folder.path().toUtf8() + "\"");
        }));
        useEachTool(
            &probe,
            {{u"create_directory"_s, R"({"path":"@/sub"})", "Successfully created"},
             {u"write_file"_s, R"({"path":"@/sub/a.txt","content":"one\ntwo\nthr\u00e9\n"})",
              "Successfully wrote"},
             {u"read_file"_s, R"({"path":"@/sub/a.txt"})", "thr\xc3\xa9"},
             {u"read_text_file"_s, R"({"path":"@/sub/a.txt","head":1})", "\"one\""},
             {u"read_text_file"_s, R"({"path":"@/sub/a.txt","tail":2})", "thr\xc3\xa9"},
             {u"edit_file"_s, R"({"path":"@/sub/a.txt","edits":[{"oldText":"two","newText":"2"}]})",
              "+2"},
             {u"read_multiple_files"_s, R"({"paths":["@/sub/a.txt","@/none"]})", "ENOENT"},
             {u"read_media_file"_s, R"({"path":"@/sub/a.txt"})", "b25lCjIKdGhyw6kK"},
             {u"list_directory"_s, R"({"path":"@"})", "[DIR] sub"},
             {u"list_directory_with_sizes"_s, R"({"path":"@/sub","sortBy":"size"})", "a.txt"},
             {u"directory_tree"_s, R"({"path":"@"})", "a.txt"},
             {u"move_file"_s, R"({"source":"@/sub/a.txt","destination":"@/b.txt"})",
              "Successfully moved"},
             {u"search_files"_s, "{\"path\":\"@\",\"pattern\":\"**/*.txt\"}", "b.txt"},
             {u"get_file_info"_s, R"({"path":"@/b.txt"})", "size: 12"},
             {u"list_allowed_directories"_s, "{}", "Allowed directories"}});
        // Outside of the folder it refuses; the call is an answer like any other.
        const CallResult outside = probe.call(u"read_file"_s, R"({"path":"/etc/hostname"})");
        QVERIFY(!outside.failure);
        QVERIFY2(outside.isError && outside.result.contains("Access denied"), outside.result);
        // Told of other folders, it goes by them.
        QVERIFY(QDir(m_folder.path()).mkdir(u"other"_s));
        probe.session().setRoots({{u"file://"_s + m_folder.filePath(u"other"_s), {}}});
        QVERIFY(probe.waitFor([&] {
            return probe.call(u"list_allowed_directories"_s)
                .result.contains(m_folder.filePath(u"other"_s).toUtf8());
        }));
        quietEnd(&probe);
    }

    void memory()
    {
        SessionProbe probe;
        Person person(&probe.session());
        ServerTarget target = program(u"server-memory"_s);
        target.command->environment = {
            {u"MEMORY_FILE_PATH"_s, m_folder.filePath(u"memory.jsonl"_s), false}};
        QVERIFY2(probe.connectTo(target), probe.explain(probe.state().failure));
        QCOMPARE(probe.state().serverName, u"memory-server"_s);
        const Listing resources = probe.list(ListKind::Resources);
        QCOMPARE(resources.items.size(), 1);
        const QString graph = resources.items.first().uri;
        QVERIFY(!probe.request(readResourceCall(graph)).failure);
        probe.session().subscribe(graph, true);
        useEachTool(
            &probe,
            {{u"create_entities"_s,
              R"({"entities":[{"name":"Ada","entityType":"person","observations":["writes"]},)"
              R"({"name":"Engine","entityType":"machine","observations":[]}]})",
              R"("name":"Ada")"},
             {u"create_relations"_s,
              R"({"relations":[{"from":"Ada","to":"Engine","relationType":"programs"}]})",
              R"("relationType":"programs")"},
             {u"add_observations"_s,
              R"({"observations":[{"entityName":"Ada","contents":["counts"]}]})",
              R"("addedObservations":["counts"])"},
             {u"read_graph"_s, "{}", R"("observations":["writes","counts"])"},
             {u"search_nodes"_s, R"({"query":"count"})", R"("name":"Ada")"},
             {u"open_nodes"_s, R"({"names":["Engine"]})", R"("entityType":"machine")"},
             {u"delete_observations"_s,
              R"({"deletions":[{"entityName":"Ada","observations":["writes"]}]})",
              R"("success":true)"},
             {u"delete_relations"_s,
              R"({"relations":[{"from":"Ada","to":"Engine","relationType":"programs"}]})",
              R"("success":true)"},
             {u"delete_entities"_s, R"({"entityNames":["Engine"]})", R"("success":true)"}});
        QVERIFY(probe.waitFor(
            [&] { return person.wasTold("notifications/resources/updated", graph.toUtf8()); }));
        QVERIFY2(probe.request(readResourceCall(graph)).result.contains("counts"),
                 "what was told is read back");
        quietEnd(&probe);
    }

    void sequentialThinking()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(program(u"server-sequential-thinking"_s)),
                 probe.explain(probe.state().failure));
        QCOMPARE(probe.state().serverName, u"sequential-thinking-server"_s);
        useEachTool(
            &probe,
            {{u"sequentialthinking"_s,
              R"({"thought":"a","nextThoughtNeeded":true,"thoughtNumber":1,"totalThoughts":2})",
              R"("thoughtHistoryLength":1)"},
             {u"sequentialthinking"_s,
              R"({"thought":"b","nextThoughtNeeded":true,"thoughtNumber":2,"totalThoughts":2,)"
              R"("branchFromThought":1,"branchId":"x"})",
              R"("branches":["x"])"},
             {u"sequentialthinking"_s,
              R"({"thought":"c","nextThoughtNeeded":false,"thoughtNumber":3,"totalThoughts":2,)"
              R"("isRevision":true,"revisesThought":1})",
              R"("totalThoughts":3)"}});
        const CallResult wrong = probe.call(u"sequentialthinking"_s, R"({"thought":7})");
        QVERIFY(!wrong.failure || wrong.errorCode);
        QVERIFY(wrong.isError || wrong.errorCode);
        // What the program prints to its standard error stands in the trace.
        const auto errors = probe.exchanges(ExchangeKind::ErrorOutput);
        QCOMPARE(errors.size(), 1);
        QVERIFY(probe.trace().responseBody(errors.first()).contains("running on stdio"));
        quietEnd(&probe);
    }

    void aProgramThatNeedsAFolderSaysSoWhenItEnds()
    {
        SessionProbe probe;
        QVERIFY(!probe.connectTo(program(u"server-filesystem"_s, {u"/no/such/folder"_s})));
        const Failure failure = *probe.state().failure;
        QCOMPARE(failure.code, u"program-ended"_s);
        QVERIFY2(
            (failure.sentence + failure.advice).contains(u"None of the specified directories"_s),
            probe.explain(failure));
    }

private:
    /// Lists the tools and takes the steps; each tool has to be in one.
    void useEachTool(SessionProbe *probe, const QList<Step> &steps)
    {
        QStringList listed;
        for (const Tool &tool : probe->tools().tools) {
            QVERIFY2(tool.problem.isEmpty(), qPrintable(tool.name + u": "_s + tool.problem));
            listed.append(tool.name);
        }
        QStringList called;
        for (const Step &step : steps) {
            if (!called.contains(step.tool))
                called.append(step.tool);
            QByteArray arguments = step.arguments;
            arguments.replace('@', m_folder.path().toUtf8());
            const CallResult result = probe->call(step.tool, arguments);
            QVERIFY2(!result.failure, probe->explain(result.failure));
            QVERIFY2(!result.isError, result.result);
            QVERIFY2(result.result.contains(step.inTheResult), result.result);
        }
        listed.sort();
        called.sort();
        QCOMPARE(called, listed);
    }
    /// Ends the program; nothing was amiss that a person would have been told.
    static void quietEnd(SessionProbe *probe)
    {
        QVERIFY2(!probe->state().failure, probe->explain(probe->state().failure));
        for (const Note &remark : probe->state().remarks)
            QFAIL(qPrintable(remark.text));
        probe->disconnectFrom();
        QCOMPARE(int(probe->state().phase), int(SessionPhase::Idle));
        QVERIFY2(!probe->state().failure, probe->explain(probe->state().failure));
        QCOMPARE(probe->findings(), QStringList());
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(RealPrograms)
#include "test_real_programs.moc"
