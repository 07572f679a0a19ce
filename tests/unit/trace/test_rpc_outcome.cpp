// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/rpc_outcome.h"

#include "core/filter/trace_filter.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

ExchangeId add(TraceStore &trace, ExchangeKind kind, const QByteArray &answer, int status = 200)
{
    RequestRecord request;
    request.kind = kind;
    request.method = kind == ExchangeKind::Post ? "POST" : "GET";
    const ExchangeId id = trace.begin(request, "{}");
    ResponseRecord response;
    response.status = status;
    trace.respond(id, response);
    trace.append(id, answer.constData(), answer.size());
    return id;
}

void frame(TraceStore &trace, ExchangeId id, const QByteArray &bytes,
           FrameKind kind = FrameKind::Event)
{
    const qint64 start = trace.summary(id).responseBytes;
    trace.append(id, bytes.constData(), bytes.size());
    trace.frame(id, {kind, start, start + bytes.size(), 0, -1, 0});
}

QByteArray error(const QByteArray &code)
{
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":" + code
        + ",\"message\":\"no such tool\"}}";
}

const QByteArray ToolError =
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[],\"isError\":true}}";
const QByteArray Good = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}";

} // namespace

class TestRpcOutcome : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_message_says_how_it_went_data();
    void a_message_says_how_it_went();
    void an_error_keeps_its_code_and_words();
    void any_part_of_a_message_is_read_without_harm();
    void a_body_of_any_size_is_judged_by_its_ends();
    void the_last_answer_of_a_stream_counts();
    void other_kinds_of_request_have_no_answer_of_their_own();
    void a_filter_finds_errors_beneath_a_200();
};

void TestRpcOutcome::a_message_says_how_it_went_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const QByteArray &text, const char *words) {
        QTest::newRow(name) << text << QString::fromUtf8(words);
    };
    row("result", Good, "");
    row("error", error("-32602"), "error -32602");
    row("error with blanks",
        "\n { \"id\" : 1 , \"error\" : { \"message\" : \"m\", \"code\" : 5 } }", "error 5");
    row("isError", ToolError, "isError");
    row("isError first", "{\"result\":{\"isError\": true,\"content\":[{\"isError\":false}]}}",
        "isError");
    row("isError false", "{\"result\":{\"isError\":false}}", "");
    row("isError as text", "{\"result\":{\"isError\":\"true\"}}", "");
    row("isError deeper", "{\"result\":{\"structuredContent\":{\"isError\":true}}}", "");
    row("error deeper", "{\"result\":{\"error\":{\"code\":1}}}", "");
    row("error null beside a result", "{\"error\":null,\"result\":{}}", "");
    row("result null beside an error", "{\"result\":null,\"error\":{\"code\":7}}", "error 7");
    row("in a string", "{\"result\":{\"text\":\"\\\"isError\\\":true\"}}", "");
    row("no object", "{\"error\":\"no\"}", "error");
    row("no code", "{\"error\":{\"message\":\"m\"}}", "error");
    row("code with a fraction", "{\"error\":{\"code\":-1.5}}", "error");
    row("code as text", "{\"error\":{\"code\":\"-32601\"}}", "error");
    row("code beyond all", "{\"error\":{\"code\":99999999999999999999999}}", "error");
    row("code of its data", "{\"error\":{\"data\":{\"code\":3},\"code\":4}}", "error 4");
    row("batch of good ones", '[' + Good + ',' + Good + ']', "");
    row("batch with an error", '[' + Good + ',' + error("-1") + ',' + error("-2") + ']',
        "error -1");
    row("batch with isError", '[' + Good + ',' + ToolError + ']', "isError");
    row("request", "{\"method\":\"x\",\"params\":{\"error\":{\"code\":1}}}", "");
    row("broken off", "{\"id\":1,\"error\":{\"code\":-32000,\"mess", "error -32000");
    row("HTML", "<html>\"error\":{\"code\":1}</html>", "");
    row("a string", "\"error\"", "");
    row("nothing", "", "");
    row("blanks", " \n", "");
}

void TestRpcOutcome::a_message_says_how_it_went()
{
    QFETCH(QByteArray, text);
    QTEST(rpcOutcomeWords(rpcOutcome(text)), "words");
}

void TestRpcOutcome::an_error_keeps_its_code_and_words()
{
    const RpcOutcome outcome = rpcOutcome(
        "{\"error\":{\"code\":-32602,\"message\":\"Unknown \\\"tool\\\": caf\\u00e9\\n\"}}");
    QVERIFY(outcome.isError());
    QCOMPARE(outcome.code, std::optional<qint64>(-32602));
    QCOMPARE(outcome.message, u"Unknown \"tool\": café "_s);
    QCOMPARE(rpcOutcome(Good).kind, RpcOutcome::Kind::Result);
    QCOMPARE(rpcOutcome("{\"method\":\"ping\"}").kind, RpcOutcome::Kind::None);
    const QByteArray lots =
        "{\"error\":{\"code\":1,\"message\":\"" + QByteArray(100'000, 'x') + "\"}}";
    QVERIFY(rpcOutcome(lots).message.size() < 1000);
}

void TestRpcOutcome::any_part_of_a_message_is_read_without_harm()
{
    const QByteArray text =
        "[{\"a\\\\\":\"\\u00e9\\\"\",\"error\":{\"code\":-1,\"message\":\"\\u\"}}," + ToolError
        + ']';
    for (qsizetype length = 0; length <= text.size(); ++length) {
        // Of their own, so that reading behind the end is noticed.
        const QByteArray head(text.constData(), length);
        rpcOutcome(head);
        rpcOutcome(head, text.sliced(length));
    }
    QCOMPARE(rpcOutcomeWords(rpcOutcome(text)), u"error -1"_s);
}

void TestRpcOutcome::a_body_of_any_size_is_judged_by_its_ends()
{
    const QByteArray much =
        "{\"content\":[{\"text\":\"" + QByteArray(1'000'000, 'x') + "\\\"isError\\\":true,{[\"}],";
    TraceStore trace;
    const auto words = [&](const QByteArray &body) {
        return rpcOutcomeWords(rpcOutcome(trace, add(trace, ExchangeKind::Post, body)));
    };
    QCOMPARE(words("{\"result\":" + much + "\"isError\":true}}"), u"isError"_s);
    QCOMPARE(words("{\"result\":" + much + "\"isError\" : true , \"a\":[{\"b\":1}]}}\n"),
             u"isError"_s);
    QCOMPARE(words("{\"result\":" + much + "\"isError\":false}}"), QString());
    QCOMPARE(words("{\"result\":" + much + "\"a\":{\"isError\":true}}}"), QString());
    QCOMPARE(words("{\"params\":" + much + "\"isError\":true}}"), QString());
    QCOMPARE(words("{\"error\":{\"code\":-5,\"data\":" + much + "\"b\":1}}}"), u"error -5"_s);
    const ExchangeId stream = add(trace, ExchangeKind::Post, {});
    frame(trace, stream, "data: {\"result\":" + much + "\ndata: \"isError\":true}}\n\n");
    QCOMPARE(rpcOutcomeWords(rpcOutcome(trace, stream)), u"isError"_s);
}

void TestRpcOutcome::the_last_answer_of_a_stream_counts()
{
    TraceStore trace;
    const ExchangeId call = add(trace, ExchangeKind::Post, {});
    frame(trace, call, "data: {\"method\":\"notifications/progress\"}\n\n");
    QCOMPARE(rpcOutcome(trace, call).kind, RpcOutcome::Kind::None);
    frame(trace, call, "event: message\nid: 7\ndata: " + error("-32000") + "\n\n");
    frame(trace, call, ": that was all\n", FrameKind::Comment);
    QCOMPARE(rpcOutcomeWords(rpcOutcome(trace, call)), u"error -32000"_s);
    frame(trace, call, "data: {\"method\":\"notifications/message\"}\r\n\r\n");
    QCOMPARE(rpcOutcomeWords(rpcOutcome(trace, call)), u"error -32000"_s);
    // Of lines it is the same, and data may come in several.
    const ExchangeId lines = add(trace, ExchangeKind::Post, {});
    frame(trace, lines, "data:{\"result\":\rdata: {\"isError\":\rdata: true}}\r\r");
    QCOMPARE(rpcOutcomeWords(rpcOutcome(trace, lines)), u"isError"_s);
    const ExchangeId input = add(trace, ExchangeKind::Input, {});
    frame(trace, input, error("-32601") + '\n', FrameKind::Line);
    QCOMPARE(rpcOutcomeWords(rpcOutcome(trace, input)), u"error -32601"_s);
}

void TestRpcOutcome::other_kinds_of_request_have_no_answer_of_their_own()
{
    TraceStore trace;
    QCOMPARE(rpcOutcome(trace, 0), RpcOutcome());
    QCOMPARE(rpcOutcome(trace, 1), RpcOutcome());
    for (const ExchangeKind kind :
         {ExchangeKind::Stream, ExchangeKind::Token, ExchangeKind::Discovery}) {
        const ExchangeId id = add(trace, kind, error("-1"), 401);
        QCOMPARE(rpcOutcome(trace, id), RpcOutcome());
    }
    const ExchangeId resumed = add(trace, ExchangeKind::Reconnect, {});
    frame(trace, resumed, "data: " + ToolError + "\n\n");
    QCOMPARE(rpcOutcomeWords(rpcOutcome(trace, resumed)), u"isError"_s);
}

void TestRpcOutcome::a_filter_finds_errors_beneath_a_200()
{
    TraceStore trace;
    const QByteArray answers[] = {Good, error("-32602"), ToolError, error("-32601")};
    for (const QByteArray &answer : answers)
        trace.finish(add(trace, ExchangeKind::Post, answer));
    const auto matched = [&](const QString &text) {
        QList<FilterProblem> problems;
        const TraceFilter filter = TraceFilter::parse(text, &problems);
        QByteArray ids;
        for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
            if (problems.isEmpty() && filter.matches(trace, id))
                ids += QByteArray::number(id);
        }
        return ids;
    };
    QCOMPARE(matched(u"is:error"_s), QByteArray("234"));
    QCOMPARE(matched(u"-is:error"_s), QByteArray("1"));
    QCOMPARE(matched(u"error:-32602"_s), QByteArray("2"));
    QCOMPARE(matched(u"error:iserror"_s), QByteArray("3"));
    QCOMPARE(matched(u"is:failed"_s), QByteArray());
    QList<FilterProblem> problems;
    TraceFilter::parse(u"error:some"_s, &problems);
    QCOMPARE(problems.size(), 1);
    QVERIFY(problems.constFirst().sentence.startsWith(u"error: takes"_s));
}

QTEST_GUILESS_MAIN(TestRpcOutcome)
#include "test_rpc_outcome.moc"
