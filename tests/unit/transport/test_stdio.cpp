// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/output_lines.h"
#include "core/transport/stdio.h"

#include <QSignalSpy>
#include <QTest>

#include <csignal>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

/// A server that is a few lines of shell, and what came of it.
class Probe : public QObject {
public:
    explicit Probe(const QString &script)
        : transport(
            std::make_unique<Stdio>(&trace, ServerCommand{u"sh"_s, {u"-c"_s, script}, {}, {}}))
    {
        connect(transport.get(), &Transport::messageReceived, this,
                [this](QByteArrayView text, ExchangeId) {
                    messages.append(text.toByteArray());
                    if (settles)
                        transport->settle(settles);
                });
        connect(transport.get(), &Transport::postEnded, this,
                [this](PostId id, ExchangeId, const std::optional<Failure> &failure) {
                    ended.insert(id, failure ? failure->code : QString());
                    if (failure)
                        sentence = failure->sentence;
                });
        connect(transport.get(), &Transport::sessionEnded, this, [this] { sessionEnded = true; });
    }

    PostId send(const QByteArray &text, bool expectsAnswer = true)
    {
        Outgoing message;
        message.text = text;
        message.what = u"test"_s;
        message.expectsAnswer = expectsAnswer;
        return transport->post(message);
    }

    TraceStore trace;
    std::unique_ptr<Stdio> transport;
    QByteArrayList messages;
    QMap<PostId, QString> ended;
    QString sentence;
    PostId settles = 0;
    bool sessionEnded = false;
};

QByteArrayList frames(const TraceStore &trace, ExchangeId id)
{
    QByteArrayList list;
    for (qint64 i = 0; i < trace.summary(id).frames; ++i) {
        const Frame frame = trace.frame(id, i);
        list.append(frameKindName(frame.kind) + ' '
                    + trace.responseBody(id, frame.start, frame.end - frame.start).trimmed());
    }
    return list;
}

ExchangeId find(const TraceStore &trace, ExchangeKind kind)
{
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        if (trace.summary(id).kind == kind)
            return id;
    }
    return 0;
}

} // namespace

class TestStdio : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lines_go_both_ways_and_stand_in_the_trace();
    void a_message_is_one_line_whatever_its_layout();
    void lines_in_pieces_are_joined();
    void what_is_no_message_is_shown_as_what_it_is();
    void stderr_is_recorded_beside();
    void a_program_that_ends_fails_what_waits_for_it();
    void a_program_that_is_killed_is_told_with_its_signal();
    void a_missing_program_fails_each_message();
    void the_end_is_closing_stdin_first();
    void a_program_that_will_not_end_is_killed_with_its_children();
    void children_that_outlive_the_program_are_ended_data();
    void children_that_outlive_the_program_are_ended();
    void children_of_a_program_that_ended_by_itself_are_ended();
    void how_the_program_ended_stands_in_the_trace_data();
    void how_the_program_ended_stands_in_the_trace();
    void a_flood_on_stderr_holds_nothing_up();
    void of_a_flood_a_part_is_kept_and_all_is_counted_data();
    void of_a_flood_a_part_is_kept_and_all_is_counted();
    void a_program_that_reads_nothing_holds_nothing_up();
};

void TestStdio::lines_go_both_ways_and_stand_in_the_trace()
{
    Probe probe(u"while read -r line; do echo \"{\\\"got\\\":$line}\"; done"_s);
    probe.settles = probe.send("{\"id\":1}");
    QTRY_COMPARE(probe.messages, QByteArrayList{"{\"got\":{\"id\":1}}"});
    const ExchangeId program = find(probe.trace, ExchangeKind::Process);
    const ExchangeId message = find(probe.trace, ExchangeKind::Input);
    QCOMPARE(probe.trace.request(program).method, "RUN");
    QVERIFY(probe.trace.request(program).what.startsWith("sh -c "_L1));
    QCOMPARE(frames(probe.trace, program), QByteArrayList{"line {\"got\":{\"id\":1}}"});
    QCOMPARE(probe.trace.requestBody(message), "{\"id\":1}");
    QCOMPARE(probe.trace.responseBody(message), "{\"got\":{\"id\":1}}");
    QCOMPARE(probe.trace.request(message).cause, program);
    QVERIFY(probe.trace.summary(message).finished);
    QVERIFY(!probe.trace.summary(program).finished);
    QVERIFY(probe.trace.summary(message).times.sent >= 0);
}

void TestStdio::a_message_is_one_line_whatever_its_layout()
{
    Probe probe(u"read -r line; echo \"[\\\"$line\\\"]\" | tr -d ' '"_s);
    probe.send("{\n  1,\r\n2 }"); // no JSON: goes out as it is, but on one line
    QTRY_COMPARE(probe.messages, QByteArrayList{"[\"{1,2}\"]"});
    Probe other(u"cat"_s);
    other.send("{\n  \"a\" : 1.0\n}");
    QTRY_COMPARE(other.messages, QByteArrayList{"{\"a\":1.0}"});
}

void TestStdio::lines_in_pieces_are_joined()
{
    Probe probe(
        u"read -r go; printf '{\"a\":'; sleep 0.05; printf '1'; sleep 0.05; printf '}\\r\\n{}\\n{\"last\":1}'"_s);
    probe.send("{}");
    QTRY_COMPARE(probe.messages, (QByteArrayList{"{\"a\":1}", "{}", "{\"last\":1}"}));
}

void TestStdio::what_is_no_message_is_shown_as_what_it_is()
{
    Probe probe(
        u"echo 'Server started'; echo; echo '[dotenv@1] again'; echo '{ port: 1 }'; read -r go; echo '{}'"_s);
    QSignalSpy deviated(probe.transport.get(), &Transport::deviated);
    probe.send("{}");
    QTRY_COMPARE(probe.messages, (QByteArrayList{"{}"}));
    QCOMPARE(frames(probe.trace, find(probe.trace, ExchangeKind::Process)),
             (QByteArrayList{"no-message Server started", "ignored ", "no-message [dotenv@1] again",
                             "no-message { port: 1 }", "line {}"}));
    QTRY_VERIFY(probe.transport->streamState().phase == StreamState::Phase::Ended);
    // Told once with the text, and once with the number.
    QCOMPARE(deviated.size(), 2);
    QCOMPARE(
        deviated.at(0).at(0).toString(),
        u"The program printed to stdout, where only messages may stand: “Server started”; it has to print to stderr instead."_s);
    QCOMPARE(deviated.at(1).at(0).toString(),
             u"In all the program printed 3 lines to stdout that are no messages."_s);
}

void TestStdio::stderr_is_recorded_beside()
{
    Probe probe(u"read -r go; echo one >&2; printf two >&2; echo '{}'"_s);
    probe.send("{}");
    QTRY_VERIFY(probe.transport->streamState().phase == StreamState::Phase::Ended);
    const ExchangeId errors = find(probe.trace, ExchangeKind::ErrorOutput);
    QCOMPARE(frames(probe.trace, errors), (QByteArrayList{"comment one", "comment two"}));
    QVERIFY(probe.trace.summary(errors).finished);
    QCOMPARE(probe.trace.request(errors).cause, find(probe.trace, ExchangeKind::Process));
}

void TestStdio::a_program_that_ends_fails_what_waits_for_it()
{
    Probe probe(u"read -r go; echo 'cannot open the database' >&2; exit 3"_s);
    const PostId id = probe.send("{}");
    QTRY_COMPARE(probe.ended.value(id), u"program-ended"_s);
    QCOMPARE(
        probe.sentence,
        u"The program sh ended with exit code 3. The last line that it wrote to stderr: cannot open the database"_s);
    QVERIFY(probe.trace.summary(find(probe.trace, ExchangeKind::Process)).failed);
    // And so does what comes later, of which nothing is recorded as if it had been written.
    const ExchangeId exchanges = probe.trace.exchangeCount();
    const PostId later = probe.send("{}");
    QTRY_COMPARE(probe.ended.value(later), u"program-ended"_s);
    QCOMPARE(probe.trace.exchangeCount(), exchanges);
    QVERIFY(probe.transport->isGone());
    // Given up before that was told.
    const PostId unwanted = probe.send("{}");
    probe.transport->abandon(unwanted);
    const PostId last = probe.send("{}");
    QTRY_COMPARE(probe.ended.value(last), u"program-ended"_s);
    QVERIFY(!probe.ended.contains(unwanted));
}

void TestStdio::a_program_that_is_killed_is_told_with_its_signal()
{
    Probe probe(u"read -r go; kill -SEGV $$"_s);
    const PostId id = probe.send("{}");
    QTRY_COMPARE(probe.ended.value(id), u"program-crashed"_s);
    QVERIFY2(probe.sentence.contains(u"was ended by signal 11"_s), qPrintable(probe.sentence));
}

void TestStdio::a_missing_program_fails_each_message()
{
    TraceStore trace;
    Stdio transport(&trace, ServerCommand{u"/no/such/program"_s, {}, {}, {}});
    QSignalSpy ended(&transport, &Transport::postEnded);
    Outgoing message;
    message.text = "{}";
    message.expectsAnswer = true;
    transport.post(message);
    transport.post(message);
    QTRY_COMPARE(ended.size(), 2);
    QCOMPARE(ended.first().at(2).value<std::optional<Failure>>()->code, u"program-not-found"_s);
    QVERIFY(trace.summary(1).failed);
}

void TestStdio::the_end_is_closing_stdin_first()
{
    Probe probe(u"while read -r line; do :; done; echo '{\"end\":1}'"_s);
    probe.send("{}", false);
    QTRY_COMPARE(probe.ended.size(), 1);
    probe.transport->endSession();
    QTRY_VERIFY(probe.sessionEnded);
    QCOMPARE(probe.messages, QByteArrayList{"{\"end\":1}"});
    const ExchangeId program = find(probe.trace, ExchangeKind::Process);
    QVERIFY(probe.trace.summary(program).finished);
    QVERIFY(!probe.trace.summary(program).failed);
}

void TestStdio::a_program_that_will_not_end_is_killed_with_its_children()
{
    Probe probe(
        u"trap '' TERM; sleep 1000 & echo \"{\\\"pid\\\":$!}\"; while :; do sleep 1000; done"_s);
    probe.send("{}", false);
    QTRY_COMPARE(probe.messages.size(), 1);
    const pid_t child = probe.messages.first().mid(7).chopped(1).toInt();
    QCOMPARE(::kill(child, 0), 0);
    probe.transport->endSession();
    QTRY_VERIFY_WITH_TIMEOUT(probe.sessionEnded, 10 * Stdio::GraceMs);
    QTRY_VERIFY(::kill(child, 0) != 0);
}

void TestStdio::children_that_outlive_the_program_are_ended_data()
{
    QTest::addColumn<QString>("child");
    QTest::addColumn<bool>("destroyed"); ///< nobody waits for the end
    QTest::newRow("that heeds SIGTERM") << u"sleep 1000"_s << false;
    QTest::newRow("that does not")
        << u"sh -c 'trap \"\" TERM HUP; sleep 1000; sleep 1000'"_s << false;
    QTest::newRow("at once") << u"sh -c 'trap \"\" TERM HUP; sleep 1000; sleep 1000'"_s << true;
}

void TestStdio::children_that_outlive_the_program_are_ended()
{
    QFETCH(QString, child);
    QFETCH(bool, destroyed);
    // The child holds none of our streams, as a server that was put in the background does.
    Probe probe(
        u"%1 <&- >&- 2>&- & echo \"{\\\"pid\\\":$!}\"; while read -r line; do :; done"_s.arg(
            child));
    probe.send("{}", false);
    QTRY_COMPARE(probe.messages.size(), 1);
    const pid_t pid = probe.messages.first().mid(7).chopped(1).toInt();
    QCOMPARE(::kill(pid, 0), 0);
    if (destroyed) {
        probe.transport.reset();
    } else {
        probe.transport->endSession();
        QTRY_VERIFY_WITH_TIMEOUT(probe.sessionEnded, 10 * Stdio::GraceMs);
    }
    QTRY_VERIFY(::kill(pid, 0) != 0);
}

void TestStdio::children_of_a_program_that_ended_by_itself_are_ended()
{
    Probe probe(u"sleep 1000 <&- >&- 2>&- & echo \"{\\\"pid\\\":$!}\"; exit 3"_s);
    const PostId id = probe.send("{}");
    QTRY_COMPARE(probe.ended.value(id), u"program-ended"_s);
    const pid_t pid = probe.messages.value(0).mid(7).chopped(1).toInt();
    QVERIFY(pid > 0);
    QTRY_VERIFY(::kill(pid, 0) != 0);
}

void TestStdio::how_the_program_ended_stands_in_the_trace_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("told");
    const QString ready = u"echo '{}'; "_s;
    QTest::newRow("by itself")
        << ready + u"while read -r line; do :; done; exit 0"_s
        << u"The program sh ended with exit code 0 after we closed its stdin."_s;
    QTest::newRow("with an error")
        << ready + u"while read -r line; do :; done; exit 7"_s
        << u"The program sh ended with exit code 7 after we closed its stdin."_s;
    QTest::newRow("SIGTERM")
        << ready + u"exec sleep 1000"_s
        << u"The program sh was ended by signal 15 (SIGTERM), which we sent because it did not end when we closed its stdin."_s;
    QTest::newRow("SIGTERM that it heeds")
        << u"trap 'exit 4' TERM; "_s + ready + u"while :; do sleep 0.1; done"_s
        << u"The program sh ended with exit code 4 on SIGTERM, which we sent because it did not end when we closed its stdin."_s;
    QTest::newRow("SIGKILL")
        << u"trap '' TERM; "_s + ready + u"while :; do sleep 1000; done"_s
        << u"The program sh was ended by signal 9 (SIGKILL), which we sent because it did not end on SIGTERM."_s;
}

void TestStdio::how_the_program_ended_stands_in_the_trace()
{
    QFETCH(QString, script);
    QFETCH(QString, told);
    Probe probe(script);
    probe.send("{}", false);
    QTRY_COMPARE(probe.messages.size(), 1);
    probe.transport->endSession();
    QTRY_VERIFY_WITH_TIMEOUT(probe.sessionEnded, 3 * Stdio::GraceMs);
    const ExchangeId program = find(probe.trace, ExchangeKind::Process);
    QVERIFY(probe.trace.failure(program));
    QCOMPARE(probe.trace.failure(program)->sentence, told);
    // Wanted, so no failure to anybody.
    QVERIFY(!probe.trace.summary(program).failed);
    QVERIFY(!probe.transport->streamState().failure);
}

void TestStdio::a_flood_on_stderr_holds_nothing_up()
{
    Probe probe(u"head -c 20000000 /dev/zero | tr '\\0' 'x' >&2; read -r go; echo '{}'"_s);
    probe.send("{}");
    QTRY_COMPARE_WITH_TIMEOUT(probe.messages, QByteArrayList{"{}"}, 30000);
    QTRY_VERIFY(probe.transport->streamState().phase == StreamState::Phase::Ended);
    QCOMPARE(probe.trace.summary(find(probe.trace, ExchangeKind::ErrorOutput)).responseBytes,
             20000000);
}

void TestStdio::of_a_flood_a_part_is_kept_and_all_is_counted_data()
{
    QTest::addColumn<QString>("flood");
    QTest::addColumn<ExchangeKind>("kind");
    QTest::addColumn<qint64>("mostBytes");
    QTest::addColumn<qint64>("mostFrames");
    QTest::addColumn<QString>("told");
    QTest::addColumn<QString>("inAll");
    constexpr qint64 Slack = 8 * 1024 * 1024; // of one read
    constexpr qint64 Bytes = OutputBudget::MostBytes + Slack;
    QTest::newRow("long lines on stderr")
        << u"yes \"$(head -c 999 /dev/zero | tr '\\0' x)\" | head -n 100000 >&2; "_s
        << ExchangeKind::ErrorOutput << Bytes << qint64(100000) << u"The program floods stderr: "_s
        << u"In all the program wrote 100000 lines (100000000 bytes) to stderr; of that the first "_s;
    QTest::newRow("short lines on stderr")
        << u"yes | head -n 3000000 >&2; "_s << ExchangeKind::ErrorOutput << Bytes
        << OutputBudget::MostLines + Slack / 2 << u"The program floods stderr: "_s
        << u"In all the program wrote 3000000 lines (6000000 bytes) to stderr; of that the first "_s;
    QTest::newRow("lines on stdout")
        << u"yes \"$(head -c 999 /dev/zero | tr '\\0' x)\" | head -n 100000; "_s
        << ExchangeKind::Process << Bytes << qint64(100001) << u"The program floods stdout: "_s
        << u"In all the program wrote 100000 lines (100000000 bytes) besides messages to stdout; of that the first "_s;
    QTest::newRow("one line without end on stdout")
        << u"head -c 100000000 /dev/zero | tr '\\0' x; echo; "_s << ExchangeKind::Process << Bytes
        << qint64(2) << u"The program floods stdout: "_s
        << u"In all the program wrote 1 line (100000001 bytes) besides messages to stdout; of that the first "_s;
}

void TestStdio::of_a_flood_a_part_is_kept_and_all_is_counted()
{
    QFETCH(QString, flood);
    QFETCH(ExchangeKind, kind);
    QFETCH(qint64, mostBytes);
    QFETCH(qint64, mostFrames);
    QFETCH(QString, told);
    QFETCH(QString, inAll);
    Probe probe(flood + u"read -r go; echo '{\"after\":1}'"_s);
    QSignalSpy deviated(probe.transport.get(), &Transport::deviated);
    probe.send("{}");
    QTRY_VERIFY_WITH_TIMEOUT(!probe.messages.isEmpty(), 60000);
    QCOMPARE(probe.messages, QByteArrayList{"{\"after\":1}"});
    QTRY_VERIFY(probe.transport->streamState().phase == StreamState::Phase::Ended);
    const ExchangeId id = find(probe.trace, kind);
    const ExchangeSummary summary = probe.trace.summary(id);
    QVERIFY2(summary.responseBytes <= mostBytes, QByteArray::number(summary.responseBytes));
    QVERIFY2(summary.frames <= mostFrames, QByteArray::number(summary.frames));
    int floods = 0;
    for (const QList<QVariant> &one : deviated)
        floods += one.at(0).toString().startsWith(told) ? 1 : 0;
    QCOMPARE(floods, 1);
    int totals = 0;
    for (qint64 i = 0; i < probe.trace.noteCount(); ++i)
        totals += probe.trace.note(i).text.startsWith(inAll) ? 1 : 0;
    QCOMPARE(totals, 1);
    if (kind != ExchangeKind::Process)
        return;
    // The message behind the flood stands in the trace with its own bytes.
    const Frame last = probe.trace.frame(id, summary.frames - 1);
    QCOMPARE(probe.trace.responseBody(id, last.start, last.end - last.start), "{\"after\":1}\n");
}

void TestStdio::a_program_that_reads_nothing_holds_nothing_up()
{
    Probe probe(u"sleep 1000"_s);
    const QByteArray large = '"' + QByteArray(4'000'000, 'x') + '"';
    const PostId id = probe.send(large);
    QTRY_VERIFY(probe.transport->streamState().phase == StreamState::Phase::Open);
    const ExchangeId message = find(probe.trace, ExchangeKind::Input);
    QVERIFY(probe.trace.summary(message).times.sent < 0);
    probe.transport->abandon(id);
    QVERIFY(probe.trace.summary(message).finished);
    // The end waits for nothing that was not read.
    probe.transport.reset();
    QVERIFY(probe.trace.summary(find(probe.trace, ExchangeKind::Process)).finished);
}

QTEST_GUILESS_MAIN(TestStdio)
#include "test_stdio.moc"
