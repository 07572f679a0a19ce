// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cli_run.h"
#include "tests/support/recording_bytes.h"

#include "core/trace/trace_file.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

/// 1 initialize, 2 tools/call add that took 0.7 s, 3 a stream with three frames, 4 a refusal.
void fill(TraceStore &trace)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.what = u"initialize"_s;
    request.url = QUrl(u"http://127.0.0.1:4780/mcp"_s);
    request.headers = {
        {"Authorization", "Bearer very-secret-token", HeaderSource::Credential, true}};
    const auto answer = [&](ExchangeId id, int status, const QByteArray &body) {
        trace.respond(id, {status, {}, "HTTP/1.1", {}}, 10);
        if (!body.isEmpty())
            trace.append(id, body.constData(), body.size(), 10);
    };
    ExchangeId id = trace.begin(request, "{\"method\":\"initialize\"}", 0);
    answer(id, 200, "{}");
    trace.finish(id, {}, 1'000'000);
    request.what = u"tools/call add"_s;
    id = trace.begin(request, "{\"params\":{\"name\":\"add\"}}", 2'000'000);
    answer(id, 200, "{}");
    trace.finish(id, {}, 702'000'000);
    request.kind = ExchangeKind::Stream;
    request.what = u"event stream"_s;
    id = trace.begin(request, {}, 800'000'000);
    const QByteArray bytes = ": hi\n\ndata: {\"n\":1}\n\nevent: tick\ndata: {\"n\":2}\n\n";
    answer(id, 200, bytes);
    trace.frame(id, {FrameKind::Comment, 0, 4, 801'000'000, -1, 0});
    trace.frame(id, {FrameKind::Event, 6, 21, 802'000'000, -1, 0});
    trace.frame(id, {FrameKind::Event, 21, bytes.size(), 803'000'000, -1, 0});
    trace.finish(id, {}, 900'000'000);
    request.headers.clear();
    id = trace.begin(request, {}, 950'000'000);
    answer(id, 401, {});
    trace.finish(id, {}, 951'000'000);
}

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out
        + ", stderr: " + run.err;
}

} // namespace

/// `trace FILE` with --filter, --events and --save.
class TestCliFilter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void exchanges_that_match_are_printed_data();
    void exchanges_that_match_are_printed();
    void events_that_match_are_printed();
    void json_has_one_object_a_line();
    void what_is_wrong_is_marked_data();
    void what_is_wrong_is_marked();
    void several_filters_have_to_hold_all();
    void what_the_rules_find_is_found();
    void a_credential_that_nothing_carried_is_told();
    void a_part_is_saved_as_the_source_was();
    void a_part_does_not_take_the_place_of_its_source();
    void the_language_is_told();

private:
    CliRun trace(const QStringList &options, bool secrets = false)
    {
        return runCli(QStringList{u"trace"_s, secrets ? m_open : m_redacted} + options);
    }
    QTemporaryDir m_folder;
    QString m_redacted = m_folder.filePath(u"redacted.sgtrace"_s);
    QString m_open = m_folder.filePath(u"open.sgtrace"_s);
};

void TestCliFilter::initTestCase()
{
    for (const bool secrets : {false, true}) {
        TraceStore trace;
        auto writer = TraceFileWriter::create(secrets ? m_open : m_redacted, trace.began(),
                                              Redactor("0123456789abcdef"), secrets);
        QVERIFY(writer.has_value());
        trace.addSink(writer->get());
        fill(trace);
        trace.removeSink(writer->get());
    }
}

void TestCliFilter::exchanges_that_match_are_printed_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QByteArray>("ids");
    QTest::newRow("all") << QString() << "1 2 3 4"_ba;
    QTest::newRow("status") << u"status:4xx"_s << "4"_ba;
    QTest::newRow("compared") << u"ms>500"_s << "2"_ba;
    QTest::newRow("joined") << u"(ms > 500 or kind:stream) -status:401"_s << "2 3"_ba;
    QTest::newRow("pointer") << u"body/params/name=\"add\""_s << "2"_ba;
    QTest::newRow("event") << u"event.type:tick"_s << "3"_ba;
    QTest::newRow("header") << u"not header.authorization"_s << "4"_ba;
    QTest::newRow("none") << u"tool:sub"_s << ""_ba;
}

void TestCliFilter::exchanges_that_match_are_printed()
{
    QFETCH(QString, filter);
    const CliRun run = trace({u"--filter"_s, filter, u"--json"_s});
    // An empty filter is none.
    QVERIFY2(run.exitCode == 0, told(run));
    QByteArrayList ids;
    for (const QByteArray &line : run.out.split('\n')) {
        if (!line.isEmpty())
            ids << QByteArray::number(QJsonDocument::fromJson(line)[u"id"_s].toInt());
    }
    QTEST(ids.join(' '), "ids");
    const CliRun table = trace({u"--filter"_s, filter});
    QVERIFY2(table.exitCode == 0, told(table));
    QCOMPARE(table.out.contains("tools/call add"), ids.contains("2"));
    QCOMPARE(table.out.contains("initialize"), ids.contains("1"));
    QCOMPARE(table.out.contains("Which request carried what"), filter.isEmpty());
    QCOMPARE(table.err.contains("no exchange matches"), ids.isEmpty());
}

void TestCliFilter::events_that_match_are_printed()
{
    const CliRun all = trace({u"--events"_s});
    QVERIFY2(all.exitCode == 0, told(all));
    QCOMPARE(all.out.count('\n'), 4);
    QVERIFY2(all.out.contains(": hi"), told(all));
    const CliRun some = trace({u"--events"_s, u"--filter"_s, u"event.data/n>1"_s});
    QVERIFY2(some.exitCode == 0 && some.out.count('\n') == 2, told(some));
    QVERIFY2(some.out.contains("3.2") && some.out.contains("tick")
                 && some.out.contains("{\"n\":2}"),
             told(some));
    const CliRun none = trace({u"--events"_s, u"--filter"_s, u"event.id"_s});
    QVERIFY2(none.exitCode == 0 && none.out.isEmpty() && none.err.contains("no event matches"),
             told(none));
}

void TestCliFilter::json_has_one_object_a_line()
{
    const CliRun run = trace({u"--events"_s, u"--json"_s, u"--filter"_s, u"event.kind:event"_s});
    const QByteArrayList lines = run.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    const QJsonObject last = QJsonDocument::fromJson(lines.last()).object();
    QCOMPARE(last.value(u"exchange"_s).toInt(), 3);
    QCOMPARE(last.value(u"frame"_s).toInt(), 2);
    QCOMPARE(last.value(u"type"_s).toString(), u"tick"_s);
    QCOMPARE(last.value(u"data"_s).toString(), u"{\"n\":2}"_s);
}

void TestCliFilter::what_is_wrong_is_marked_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QByteArray>("sentence");
    QTest::addColumn<QByteArray>("carets");
    QTest::newRow("value") << u"kind:post status:abc"_s << "status: takes a number such as 401"_ba
                           << "            ^^^^^^^^^^"_ba;
    QTest::newRow("sign") << u"(kind:post"_s << "There is no “)” to this “(”."_ba
                          << "  ^"_ba;
    QTest::newRow("unseen") << u"\u202e x:1"_s << "“x” is no key"_ba
                            << "           ^^^"_ba;
}

void TestCliFilter::what_is_wrong_is_marked()
{
    QFETCH(QString, filter);
    QFETCH(QByteArray, sentence);
    QFETCH(QByteArray, carets);
    const CliRun run = trace({u"--filter"_s, filter});
    QVERIFY2(run.exitCode == 2 && run.out.isEmpty(), told(run));
    const QByteArrayList lines = run.err.split('\n');
    QCOMPARE(lines.size(), 4);
    QVERIFY2(lines.at(0).startsWith("sightglass-cli: ") && lines.at(0).contains(sentence),
             told(run));
    QVERIFY2(lines.at(1).startsWith("  "), told(run));
    QCOMPARE(lines.at(2), carets);
    // It is told before the file is looked for.
    const CliRun nowhere = runCli({u"trace"_s, u"/nowhere"_s, u"--filter"_s, filter});
    QCOMPARE(nowhere.err, run.err);
}

void TestCliFilter::several_filters_have_to_hold_all()
{
    const QStringList both{u"--filter"_s, u"kind:stream or tool:add"_s,
                           u"--filter"_s, {},
                           u"--filter"_s, u"status:200"_s,
                           u"--json"_s};
    const auto ids = [](const CliRun &run) {
        QByteArrayList list;
        for (const QByteArray &line : run.out.split('\n')) {
            if (!line.isEmpty())
                list << QByteArray::number(QJsonDocument::fromJson(line)[u"id"_s].toInt());
        }
        return list.join(' ');
    };
    const CliRun run = trace(both);
    QVERIFY2(run.exitCode == 0, told(run));
    QCOMPARE(ids(run), "2 3"_ba);
    const CliRun handedOn = trace(both + QStringList{u"--export"_s, u"jsonl"_s});
    QVERIFY2(handedOn.exitCode == 0, told(handedOn));
    QVERIFY2(handedOn.out.contains("tools/call add") && !handedOn.out.contains("initialize"),
             told(handedOn));
    // Each is told by itself.
    const CliRun wrong = trace({u"--filter"_s, u"kind:post"_s, u"--filter"_s, u"a status:x"_s});
    QVERIFY2(wrong.exitCode == 2 && wrong.out.isEmpty(), told(wrong));
    QVERIFY2(wrong.err.contains("\n  a status:x\n    ^^^^^^^^\n"), told(wrong));
}

void TestCliFilter::what_the_rules_find_is_found()
{
    for (const bool secrets : {false, true}) {
        const CliRun run = trace({u"--filter"_s, u"finding:AF-01"_s, u"--json"_s}, secrets);
        QVERIFY2(run.exitCode == 0 && run.out.count('\n') == 1, told(run));
        QCOMPARE(QJsonDocument::fromJson(run.out)[u"id"_s].toInt(), 4);
    }
    const CliRun others = trace({u"--filter"_s, u"not finding:AF-01"_s, u"--json"_s});
    QCOMPARE(others.out.count('\n'), 3);
    const CliRun none = trace({u"--filter"_s, u"finding:AF-02"_s});
    QVERIFY2(none.exitCode == 0 && none.err.contains("no exchange matches"), told(none));
    const CliRun handedOn = trace({u"--filter"_s, u"finding:AF-01"_s, u"--export"_s, u"jsonl"_s});
    QVERIFY2(handedOn.exitCode == 0 && handedOn.out.contains("event stream")
                 && !handedOn.out.contains("initialize"),
             told(handedOn));
    // Its finding stays with it, though what it is compared with is not in the part.
    const QString path = m_folder.filePath(u"found.sgtrace"_s);
    const CliRun saved = trace({u"--filter"_s, u"finding:AF-01"_s, u"--save"_s, path});
    QVERIFY2(saved.exitCode == 0 && saved.err.contains("1 exchange saved to "), told(saved));
    const Expected<Recording> part = readTraceFile(path);
    QVERIFY(part.has_value());
    QCOMPARE(part->trace->exchangeCount(), 1);
    QCOMPARE(part->trace->summary(1).status, 401);
    // It stays with it, though what it was compared with is not in the part.
    const CliRun again = runCli({u"trace"_s, path, u"--filter"_s, u"finding:AF-01"_s});
    QVERIFY2(again.exitCode == 0 && again.out.contains("event stream"), told(again));
    const CliRun why = runCli({u"explain"_s, path});
    QVERIFY2(why.out.contains("AF-01"), told(why));
}

void TestCliFilter::a_credential_that_nothing_carried_is_told()
{
    const CliRun run = trace({u"--filter"_s, u"missing:foo or carried:authorization"_s});
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(run.err.contains("note: no request carried a credential named “foo”, and none was "
                              "asked for"),
             told(run));
    // What is known to be one may well be missing everywhere.
    for (const QString &filter : {u"missing:x-api-key"_s, u"missing:any"_s, u"withheld:cookie"_s,
                                  u"missing:mcp-session-id"_s, u"carried:Authorization"_s}) {
        const CliRun known = trace({u"--filter"_s, filter});
        QVERIFY2(known.exitCode == 0 && !known.err.contains("named"), told(known));
    }
}

void TestCliFilter::a_part_is_saved_as_the_source_was()
{
    for (const bool secrets : {false, true}) {
        const QString path = m_folder.filePath(secrets ? u"b.sgtrace"_s : u"a.sgtrace"_s);
        const CliRun run =
            trace({u"--filter"_s, u"ms>500 or kind:stream"_s, u"--save"_s, path}, secrets);
        QVERIFY2(run.exitCode == 0 && run.out.isEmpty(), told(run));
        QVERIFY2(run.err.contains("3 exchanges saved to "), told(run));
        QCOMPARE(run.err.contains("it has the secrets in it"), secrets);
        const Expected<Recording> part = readTraceFile(path);
        QVERIFY(part.has_value());
        QCOMPARE(part->trace->redacted(), !secrets);
        QCOMPARE(part->trace->exchangeCount(), 3);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(plainRecording(file.readAll()).contains("very-secret-token"), secrets);
    }
    const QString path = m_folder.filePath(u"events.sgtrace"_s);
    const CliRun run =
        trace({u"--events"_s, u"--filter"_s, u"event.type:tick"_s, u"--save"_s, path});
    QVERIFY2(run.exitCode == 0 && run.err.contains("1 event saved to "), told(run));
    const CliRun back = runCli({u"trace"_s, path, u"--events"_s});
    QVERIFY2(back.out.count('\n') == 2 && back.out.contains("tick"), told(back));
    // A recording that was there is told.
    const CliRun again = trace({u"--filter"_s, u"id:1"_s, u"--save"_s, path});
    QVERIFY2(again.exitCode == 0 && again.err.contains("is gone"), told(again));
}

void TestCliFilter::a_part_does_not_take_the_place_of_its_source()
{
    const QString source = m_folder.filePath(u"source.sgtrace"_s);
    QVERIFY(QFile::copy(m_redacted, source));
    const qint64 size = QFile(source).size();
    const CliRun run = runCli({u"trace"_s, source, u"--filter"_s, u"id:1"_s, u"--save"_s,
                               m_folder.path() + u"/./source.sgtrace"_s});
    QVERIFY2(run.exitCode == 2 && run.err.contains("names the recording that is read"), told(run));
    QCOMPARE(QFile(source).size(), size);
    const CliRun folder = trace({u"--filter"_s, u"id:1"_s, u"--save"_s, m_folder.path()});
    QVERIFY2(folder.exitCode == 2 && folder.err.contains("cannot be recorded to"), told(folder));
    const CliRun empty = trace({u"--save"_s, QString()});
    QVERIFY2(empty.exitCode == 2 && empty.err.contains("empty value"), told(empty));
}

void TestCliFilter::the_language_is_told()
{
    const CliRun run = runCli({u"help"_s, u"trace"_s});
    QVERIFY2(run.exitCode == 0, told(run));
    for (const char *word : {"--filter FILTER", "--events", "--save FILE", "event.type", "a or b"})
        QVERIFY2(run.out.contains(word), word);
}

QTEST_GUILESS_MAIN(TestCliFilter)
#include "test_cli_filter.moc"
