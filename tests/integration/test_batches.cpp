// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Batches (2025-03-26): sent by hand, and sent as the answers to a server's own.

#include "core/lab/lab_transport.h"
#include "tests/support/cli_run.h"
#include "tests/support/odd_server.h"
#include "tests/support/session_probe.h"

#include <QJsonArray>
#include <QPointer>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QString WithBatches = u"2025-03-26"_s;
const QByteArray Three = "[{\"method\":\"ping\"},{\"method\":\"tools/call\",\"params\":{\"name\":"
                         "\"echo\",\"arguments\":{\"message\":\"x\"}}},"
                         "{\"method\":\"notifications/odd\"}]";

/// The bodies that are an array.
QList<QJsonArray> batchesOf(const OddServer &odd)
{
    QList<QJsonArray> found;
    for (const RawRequest &request : odd.server.requests()) {
        const QJsonDocument body = QJsonDocument::fromJson(request.body);
        if (body.isArray())
            found.append(body.array());
    }
    return found;
}

/// An answer to each request of a batch, the last one first.
QByteArrayList answersTo(const QByteArray &batch)
{
    QByteArrayList answers;
    const QJsonArray messages = QJsonDocument::fromJson(batch).array();
    for (const auto &message : messages) {
        if (message.toObject().contains("id"_L1))
            answers.prepend(
                hello(QByteArray::number(message.toObject().value("id"_L1).toInteger())));
    }
    return answers;
}

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(600)
        + ", stderr: " + run.err.left(1000);
}

} // namespace

class TestBatches : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_batch_has_one_exchange_and_one_end_data();
    void a_batch_has_one_exchange_and_one_end();
    void a_batch_goes_over_a_channel_as_well();
    void a_revision_without_batches_sends_none_data();
    void a_revision_without_batches_sends_none();
    void answers_may_come_in_any_way_data();
    void answers_may_come_in_any_way();
    void a_batch_ends_with_what_did_not_come_data();
    void a_batch_ends_with_what_did_not_come();
    void a_batch_is_cancelled_as_a_whole();
    void a_batch_of_a_lost_session_is_not_sent_twice();
    void a_batch_waits_for_the_connection();
    void requests_of_a_batch_are_answered_by_one();
    void the_command_line_sends_batches();
    void the_command_line_says_why_it_sends_none();
};

void TestBatches::a_batch_has_one_exchange_and_one_end_data()
{
    QTest::addColumn<QByteArray>("messages");
    QTest::addColumn<int>("answers");
    QTest::addColumn<int>("errors");
    QTest::newRow("requests and a notification") << Three << 2 << 0;
    QTest::newRow("one request") << "[{\"method\":\"ping\"}]"_ba << 1 << 0;
    QTest::newRow("notifications alone")
        << "[{\"method\":\"notifications/a\"},{\"method\":\"notifications/b\"}]"_ba << 0 << 0;
    QTest::newRow("an error among them")
        << "[{\"method\":\"no/such\"},{\"method\":\"ping\"}]"_ba << 2 << 1;
}

void TestBatches::a_batch_has_one_exchange_and_one_end()
{
    QFETCH(QByteArray, messages);
    QFETCH(int, answers);
    QFETCH(int, errors);
    Lab lab;
    QVERIFY(lab.listen());
    ServerTarget target;
    target.url = lab.url();
    target.revision = WithBatches;
    target.network.proxy = NetworkSettings::Proxy::None;
    SessionProbe probe;
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    const CallResult result = probe.batch(messages);
    const JsonText json = JsonText::parse(result.result);
    QVERIFY2(json.isArray(json.root()), SessionProbe::explain(result.failure));
    QCOMPARE(json.childCount(json.root()), answers);
    QCOMPARE(result.failure ? result.failure->code : QString(),
             errors > 0 ? u"rpc-error"_s : QString());
    if (errors > 0) {
        // In the order of the requests.
        QVERIFY(json.find("/0/error/code") >= 0);
        QVERIFY(json.find("/1/result") >= 0);
    }
    QVERIFY(probe.trace().requestBody(result.exchange).startsWith('['));
    QVERIFY(probe.trace().summary(result.exchange).finished);
    QVERIFY(!probe.trace().failure(result.exchange));
    QCOMPARE(probe.session().state().running, 0);
    // The connection is none the worse for it.
    QVERIFY(!probe.request({"ping", {}}).failure);
}

void TestBatches::a_batch_goes_over_a_channel_as_well()
{
    ServerTarget target;
    target.local = localLab();
    target.revision = WithBatches;
    SessionProbe probe;
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    for (const QByteArray &messages : {Three, "[{\"method\":\"notifications/a\"}]"_ba}) {
        const CallResult result = probe.batch(messages);
        QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
        const JsonText json = JsonText::parse(result.result);
        QCOMPARE(json.childCount(json.root()), messages == Three ? 2 : 0);
        QVERIFY(probe.trace().summary(result.exchange).finished);
    }
    QCOMPARE(probe.session().state().running, 0);
    // A program's pipe is such a channel.
    const CliRun piped =
        runCli({u"raw"_s, u"batch"_s, u"--args"_s, u"-"_s, u"--revision"_s, WithBatches, u"--"_s,
                QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli"), u"lab"_s, u"--stdio"_s},
               {}, Three);
    QVERIFY2(piped.exitCode == 0, told(piped));
    const JsonText shown = JsonText::parse(piped.out.trimmed());
    QCOMPARE(shown.string(shown.find("/1/result/content/0/text")), u"x"_s);
}

void TestBatches::a_revision_without_batches_sends_none_data()
{
    QTest::addColumn<QString>("revision");
    for (const char *revision : {"2024-11-05", "2025-06-18", "2025-11-25", "2026-07-28"})
        QTest::newRow(revision) << QString::fromLatin1(revision);
}

void TestBatches::a_revision_without_batches_sends_none()
{
    QFETCH(QString, revision);
    LabSettings settings;
    settings.revisions = {revision};
    Lab lab(settings);
    QVERIFY(lab.listen());
    ServerTarget target;
    target.url = lab.url();
    target.network.proxy = NetworkSettings::Proxy::None;
    SessionProbe probe;
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    const CallResult result = probe.batch(Three);
    QVERIFY(result.failure);
    QCOMPARE(result.failure->code, u"no-batches"_s);
    QVERIFY2(result.failure->sentence.contains(revision), qPrintable(result.failure->sentence));
    for (ExchangeId id = 1; id <= probe.trace().exchangeCount(); ++id)
        QVERIFY(!probe.trace().requestBody(id).startsWith('['));
}

void TestBatches::answers_may_come_in_any_way_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<bool>("together");
    QTest::newRow("an array") << false << true;
    QTest::newRow("an array in an event") << true << true;
    QTest::newRow("an event each") << true << false;
}

void TestBatches::answers_may_come_in_any_way()
{
    QFETCH(bool, stream);
    QFETCH(bool, together);
    OddServer odd;
    odd.on(u"response"_s, [&](const OddServer::Message &message) {
        const QByteArrayList answers = answersTo(message.http.body);
        const QByteArray array = '[' + answers.join(',') + ']';
        if (!stream) {
            message.to.answer(200, array, Json);
            return;
        }
        openEvents(message.to);
        if (together)
            message.to.write(sseEvent(array));
        for (const QByteArray &answer : together ? QByteArrayList() : answers)
            message.to.write(sseEvent(answer));
        message.to.close();
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target(WithBatches)),
             SessionProbe::explain(probe.state().failure));
    const CallResult result = probe.batch(Three);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    const JsonText json = JsonText::parse(result.result);
    QCOMPARE(json.childCount(json.root()), 2);
    QCOMPARE(batchesOf(odd).size(), 1);
    const QJsonArray sent = batchesOf(odd).first();
    QCOMPARE(sent.size(), 3);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(sent.at(i).toObject().value("jsonrpc"_L1), QJsonValue(u"2.0"_s));
    QVERIFY(!sent.at(2).toObject().contains("id"_L1));
    // Whatever order they came in.
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(json.integer(json.member(json.at(json.root(), i), u"id")),
                 std::optional<qint64>(sent.at(i).toObject().value("id"_L1).toInteger()));
    }
    QVERIFY2(probe.session().state().remarks.isEmpty(),
             qPrintable(probe.session().state().remarks.value(0).text));
}

void TestBatches::a_batch_ends_with_what_did_not_come_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<int>("answers");
    QTest::addColumn<QString>("code");
    QTest::newRow("one of two") << u"one"_s << 1 << u"no-answer"_s;
    QTest::newRow("one of two, in a stream") << u"stream"_s << 1 << u"stream-ended"_s;
    QTest::newRow("one of two, then silence") << u"silence"_s << 1 << u"timed-out"_s;
    QTest::newRow("one error for all") << u"error"_s << 2 << u"rpc-error"_s;
    QTest::newRow("refused") << u"500"_s << 0 << u"server-error"_s;
}

void TestBatches::a_batch_ends_with_what_did_not_come()
{
    QFETCH(QString, how);
    QFETCH(int, answers);
    QFETCH(QString, code);
    OddServer odd;
    odd.on(u"response"_s, [&](const OddServer::Message &message) {
        const QByteArray one = answersTo(message.http.body).value(0);
        if (how == "one"_L1) {
            message.to.answer(200, '[' + one + ']', Json);
        } else if (how == "error"_L1) {
            message.to.answer(200,
                              "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,"
                              "\"message\":\"no\"}}",
                              Json);
        } else if (how == "500"_L1) {
            message.to.answer(500);
        } else {
            openEvents(message.to, sseEvent(one));
            if (how == "stream"_L1)
                message.to.close();
        }
    });
    SessionProbe probe;
    ServerTarget target = odd.target(WithBatches);
    if (how == "silence"_L1)
        target.requestTimeoutMs = 500;
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    const CallResult result = probe.batch(Three);
    QVERIFY(result.failure);
    QCOMPARE(result.failure->code, code);
    const JsonText json = JsonText::parse(result.result);
    QCOMPARE(json.childCount(json.root()), answers);
    QCOMPARE(batchesOf(odd).size(), 1);
    QVERIFY(probe.waitFor([&] { return probe.trace().summary(result.exchange).finished; }));
    QVERIFY(!probe.call(u"any"_s).failure);
}

void TestBatches::a_batch_is_cancelled_as_a_whole()
{
    OddServer odd;
    QPointer<RawConnection> open;
    odd.on(u"response"_s, [&](const OddServer::Message &message) {
        open = &message.to;
        openEvents(message.to, ": wait\n\n");
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target(WithBatches)),
             SessionProbe::explain(probe.state().failure));
    QList<CallResult> ended;
    connect(&probe.session(), &Session::callFinished, this,
            [&ended](Ticket, const CallResult &result) { ended.append(result); });
    const Ticket ticket = probe.session().requestBatch(Three);
    QVERIFY(probe.waitFor([&] { return !open.isNull(); }));
    probe.session().cancel(ticket);
    QVERIFY(probe.waitFor([&] { return !ended.isEmpty(); }));
    QCOMPARE(ended.first().failure->kind, FailureKind::Cancelled);
    QVERIFY(probe.waitFor([&] { return odd.got("notifications/cancelled").size() == 2; }));
    QVERIFY(probe.waitFor([&] { return !open || !open->isOpen(); }));
    QCOMPARE(ended.size(), 1);
    QCOMPARE(probe.session().state().running, 0);
}

void TestBatches::a_batch_of_a_lost_session_is_not_sent_twice()
{
    OddServer odd;
    odd.on(u"response"_s, [&](const OddServer::Message &message) { message.to.answer(404); });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target(WithBatches)),
             SessionProbe::explain(probe.state().failure));
    for (const QByteArray &messages : {Three, "[{\"method\":\"notifications/a\"}]"_ba}) {
        const CallResult result = probe.batch(messages);
        QVERIFY(result.failure);
        QCOMPARE(result.failure->code, u"session-expired"_s);
        // A new session is there for what comes next.
        QVERIFY(!probe.call(u"any"_s).failure);
    }
    QCOMPARE(odd.got("initialize").size(), 3);
    QCOMPARE(batchesOf(odd).size(), 2);
}

void TestBatches::a_batch_waits_for_the_connection()
{
    OddServer odd;
    odd.on(u"response"_s, [&](const OddServer::Message &message) {
        message.to.answer(200, '[' + answersTo(message.http.body).join(',') + ']', Json);
    });
    SessionProbe probe;
    QCOMPARE(probe.batch(Three).failure->code, u"not-connected"_s);
    probe.session().connectTo(odd.target(WithBatches));
    const CallResult result = probe.batch(Three);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    const CallResult none = probe.batch("{}");
    QCOMPARE(none.failure->code, u"bad-batch"_s);
    QCOMPARE(batchesOf(odd).size(), 1);
}

void TestBatches::requests_of_a_batch_are_answered_by_one()
{
    OddServer odd;
    odd.on(u"tools/call"_s, [](const OddServer::Message &message) {
        message.to.answer(200,
                          sseEvent("[{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"},"
                                   "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/odd\"},"
                                   "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"roots/list\"},"
                                   "{\"jsonrpc\":\"2.0\",\"id\":\"c\",\"method\":\"no/such\"},"
                                   "{\"jsonrpc\":\"2.0\",\"id\":\"d\","
                                   "\"method\":\"sampling/createMessage\",\"params\":"
                                   "{\"messages\":[],\"maxTokens\":1}}]")
                              + sseEvent("[{\"jsonrpc\":\"2.0\",\"id\":\"e\",\"method\":\"ping\"}]")
                              + sseEvent(hello(message.id)),
                          Events);
    });
    SessionProbe probe;
    ServerTarget target = odd.target(WithBatches);
    target.offer = {.roots = true, .sampling = true, .elicitation = false, .tasks = false};
    connect(&probe.session(), &Session::serverRequested, this,
            [&probe](const ServerRequest &request) {
                probe.session().reply(request.number, {{}, -1, u"refused"_s});
            });
    QVERIFY2(probe.connectTo(target), SessionProbe::explain(probe.state().failure));
    QVERIFY(!probe.call(u"any"_s).failure);
    // A person's answer comes when it comes, and a batch of one needs no array.
    QVERIFY(probe.waitFor([&] { return !odd.responseTo(u"d"_s).isEmpty(); }));
    QVERIFY(probe.waitFor([&] { return !odd.responseTo(u"e"_s).isEmpty(); }));
    QVERIFY(probe.waitFor([&] { return batchesOf(odd).size() == 1; }));
    const QJsonArray answers = batchesOf(odd).first();
    QStringList ids;
    for (const auto &answer : answers)
        ids.append(answer.toObject().value("id"_L1).toString());
    QCOMPARE(ids, (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    QVERIFY(answers.at(1).toObject().value("result"_L1).toObject().contains("roots"_L1));
    QCOMPARE(answers.at(2).toObject().value("error"_L1).toObject().value("code"_L1).toInt(),
             -32601);
}

void TestBatches::the_command_line_sends_batches()
{
    Lab lab;
    QVERIFY(lab.listen());
    const auto raw = [&lab](const QByteArray &messages, const QStringList &options = {}) {
        return runCli(QStringList{u"raw"_s, lab.url().toString(), u"batch"_s, u"--args"_s, u"-"_s,
                                  u"--proxy"_s, u"none"_s, u"--revision"_s, WithBatches}
                          + options,
                      {}, messages);
    };
    const CliRun text = raw(Three);
    QVERIFY2(text.exitCode == 0, told(text));
    const JsonText shown = JsonText::parse(text.out.trimmed());
    QVERIFY2(shown.childCount(shown.root()) == 2 && text.out.contains("\n  "), told(text));
    QCOMPARE(shown.string(shown.find("/1/result/content/0/text")), u"x"_s);
    const CliRun json = raw(Three, {u"--json"_s});
    QVERIFY2(json.exitCode == 0 && json.out.startsWith("[{") && json.out.endsWith("]\n"),
             told(json));
    const CliRun ids = raw(R"([{"id":"mine","method":"ping"}])");
    QVERIFY2(ids.exitCode == 0 && ids.err.contains("gets an id of this session"), told(ids));
    QVERIFY2(!json.err.contains("gets an id"), told(json));
    const CliRun silent = raw("[{\"method\":\"notifications/a\"}]");
    QVERIFY2(silent.exitCode == 0 && silent.out.isEmpty(), told(silent));
    QVERIFY2(silent.err.contains("no answer [exchange "), told(silent));
    const CliRun wrong = raw("[{\"method\":\"no/such\"},{\"method\":\"ping\"}]");
    QVERIFY2(wrong.exitCode == 5 && wrong.out.contains("-32601"), told(wrong));
    QVERIFY2(wrong.err.contains("1 of the 2 answers"), told(wrong));
    const CliRun none = raw("[{\"params\":{}}]");
    QVERIFY2(none.exitCode == 2 && none.err.contains("message 1"), told(none));
}

void TestBatches::the_command_line_says_why_it_sends_none()
{
    Lab lab(LabSettings{.revisions = {u"2025-11-25"_s}});
    QVERIFY(lab.listen());
    const CliRun run = runCli(
        {u"raw"_s, lab.url().toString(), u"batch"_s, u"--args"_s, u"-"_s, u"--proxy"_s, u"none"_s},
        {}, Three);
    QVERIFY2(run.exitCode == 2 && run.out.isEmpty(), told(run));
    QVERIFY2(run.err.contains("2025-11-25") && run.err.contains("2025-03-26"), told(run));
}

QTEST_GUILESS_MAIN(TestBatches)
#include "test_batches.moc"
