// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/jsonrpc/json_text.h"
#include "tests/support/odd_server.h"
#include "tests/support/session_probe.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QSet>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray said(const SessionState &state)
{
    QByteArray all = SessionProbe::explain(state.failure);
    for (const Note &remark : state.remarks)
        all += "\n" + remark.text.toUtf8();
    return all;
}

} // namespace

/// Servers are odd in many ways that other clients bear: so do we, and say what is odd.
class TestOddServers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void notifications_may_be_answered_in_any_way_data();
    void notifications_may_be_answered_in_any_way();
    void content_types_are_read_by_the_rules_data();
    void content_types_are_read_by_the_rules();
    void answers_in_odd_clothes_data();
    void answers_in_odd_clothes();
    void session_ids_go_back_as_they_came_data();
    void session_ids_go_back_as_they_came();
    void a_session_id_that_changes_later_is_not_taken();
    void requests_of_the_server_are_answered_before_the_response();
    void an_answer_may_come_on_the_get_stream();
    void events_of_another_type_are_no_messages();
    void notifications_without_end_do_not_keep_a_request_alive();
    void progress_without_end_has_a_limit();
    void an_end_that_is_not_allowed_is_no_failure_data();
    void an_end_that_is_not_allowed_is_no_failure();
    void a_lost_post_stream_is_taken_up_where_it_ended();
    void the_get_stream_waits_as_long_as_the_server_asks();
    void a_stream_that_is_refused_is_tried_ever_more_slowly();
    void pings_go_both_ways();
    void a_server_that_agreed_is_not_looked_for_elsewhere();
    void what_is_no_answer_to_discovery_leads_to_initialize_data();
    void what_is_no_answer_to_discovery_leads_to_initialize();
    void bodies_that_cannot_be_read_are_told_for_what_they_are_data();
    void bodies_that_cannot_be_read_are_told_for_what_they_are();
    void silence_on_discovery_leads_to_advice_data();
    void silence_on_discovery_leads_to_advice();
    void a_transport_that_is_not_spoken_is_told();
    void a_changed_list_is_fetched_again();
    void a_cancelled_call_is_told_to_the_server();
    void a_session_without_id_has_no_end();
    void leaving_tells_the_server_what_is_cancelled_data();
    void leaving_tells_the_server_what_is_cancelled();
    void a_stream_that_is_lost_each_time_does_not_begin_sessions_for_ever();
    void a_host_that_drops_packets_is_told();
    void a_lost_answer_is_not_asked_for_twice_where_it_is_not_found();
    void a_confirmation_that_is_answered_without_end_does_not_hold_the_connection();
    void thousands_of_pings_are_all_answered_over_a_few_connections();
    void a_list_that_changes_while_it_is_fetched_is_fetched_once_more();
    void headers_that_contradict_the_revision_are_told();
    void questions_without_end_are_stopped();
    void requests_without_a_usable_id_are_not_answered();
    void what_is_asked_while_leaving_is_not_answered();
    void the_rung_that_tells_most_is_told_data();
    void the_rung_that_tells_most_is_told();
    void a_stream_without_an_endpoint_is_told_for_what_it_is();
};

void TestOddServers::notifications_may_be_answered_in_any_way_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("headers");
    QTest::newRow("202, no body") << 202 << QByteArray() << QByteArray();
    QTest::newRow("202 with JSON") << 202 << QByteArray("{}") << Json;
    QTest::newRow("202 with null") << 202 << QByteArray("null") << Json;
    QTest::newRow("202 with text")
        << 202 << QByteArray("Accepted") << QByteArray("Content-Type: text/plain\r\n");
    QTest::newRow("200, no body") << 200 << QByteArray() << QByteArray();
    QTest::newRow("200 with a result")
        << 200 << QByteArray(R"({"jsonrpc":"2.0","id":null,"result":{}})") << Json;
    QTest::newRow("200 with events")
        << 200 << sseEvent(R"({"jsonrpc":"2.0","method":"notifications/x"})") << Events;
    QTest::newRow("204") << 204 << QByteArray() << QByteArray();
}

void TestOddServers::notifications_may_be_answered_in_any_way()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, headers);
    OddServer odd;
    QVERIFY(odd.listening);
    odd.on(u"notifications/initialized"_s,
           [&](const OddServer::Message &message) { message.to.answer(status, body, headers); });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QVERIFY2(!probe.state().failure, said(probe.state()));
    // A body is a deviation, and told; an event stream may be there.
    const QList<Note> remarks = probe.session().state().remarks;
    QVERIFY2(remarks.size() == (body.isEmpty() || headers == Events ? 0 : 1),
             said(probe.session().state()));
}

void TestOddServers::content_types_are_read_by_the_rules_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("stream");
    const auto row = [](const char *type, bool stream) {
        QTest::newRow(type) << QByteArray(type) << stream;
    };
    row("application/json; charset=utf-8", false);
    row("Application/JSON", false);
    row("application/json;", false);
    row("application/json, application/json", false);
    row("TEXT/EVENT-STREAM", true);
    row("text/event-stream;charset=UTF-8", true);
    row("text/event-stream ; charset=utf-8", true);
}

void TestOddServers::content_types_are_read_by_the_rules()
{
    QFETCH(QByteArray, type);
    QFETCH(bool, stream);
    OddServer odd;
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        const QByteArray text = hello(message.id);
        message.to.answer(200, stream ? sseEvent(text) : text, "Content-Type: " + type + "\r\n");
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QCOMPARE(SessionProbe::text(result), u"hello"_s);
}

void TestOddServers::answers_in_odd_clothes_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QString>("revision");
    QTest::addColumn<QString>("remark"); ///< empty: nothing is odd about it
    const auto row = [](const char *name, const QByteArray &before, const QByteArray &after,
                        bool stream, const QString &revision, const QString &remark) {
        QTest::newRow(name) << before << after << stream << revision << remark;
    };
    const QString any = u"auto"_s;
    const QString batches = u"2025-03-26"_s;
    const QByteArray note =
        R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}})";
    row("spaces and line ends", " \r\n\t", "\n\n", false, any, {});
    row("byte order mark", "\xEF\xBB\xBF", "", false, any, u"byte order mark"_s);
    row("byte order mark in an event", "data: \xEF\xBB\xBF", "\n\n", true, any,
        u"byte order mark"_s);
    row("batch", "[", "]", false, batches, {});
    row("batch with others", "[" + note + ",", "]", false, batches, {});
    row("batch in an event", "data: [", "]\n\n", true, batches, {});
    row("batch where there are none", "[", "]", false, any, u"batch"_s);
    row("event over several lines", "data:\ndata: ", "\ndata:\n\n", true, any, {});
    row("event named message", "event: message\ndata: ", "\n\n", true, any, {});
    row("byte order mark before the stream",
        "\xEF\xBB\xBF"
        "data: ",
        "\n\n", true, any, {});
}

void TestOddServers::answers_in_odd_clothes()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(bool, stream);
    QFETCH(QString, revision);
    QFETCH(QString, remark);
    OddServer odd;
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        message.to.answer(200, before + hello(message.id) + after, stream ? Events : Json);
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target(revision)), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QCOMPARE(SessionProbe::text(result), u"hello"_s);
    const QList<Note> remarks = probe.session().state().remarks;
    if (remark.isEmpty())
        QVERIFY2(remarks.isEmpty(), said(probe.session().state()));
    else
        QVERIFY2(remarks.size() == 1 && remarks.first().text.contains(remark),
                 said(probe.session().state()));
}

void TestOddServers::session_ids_go_back_as_they_came_data()
{
    QTest::addColumn<QByteArray>("id");
    for (const char *id : {"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "with a space",
                           "eyJh.eyJz.c2ln==", "0", "caf\xC3\xA9"})
        QTest::newRow(id) << QByteArray(id);
    QTest::newRow("long") << QByteArray(4000, 'x');
}

void TestOddServers::session_ids_go_back_as_they_came()
{
    QFETCH(QByteArray, id);
    OddServer odd;
    odd.session = id;
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(!probe.call(u"any"_s).failure);
    probe.disconnectFrom();
    QCOMPARE(odd.got("DELETE").size(), 1);
    for (const RawRequest &request : odd.server.requests()) {
        QCOMPARE(request.header("Mcp-Session-Id"),
                 request.body.contains("\"initialize\"")
                         || request.body.contains("\"server/discover\"")
                     ? QByteArray()
                     : id);
    }
}

void TestOddServers::a_session_id_that_changes_later_is_not_taken()
{
    OddServer odd;
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        message.to.answer(200, hello(message.id), Json + "Mcp-Session-Id: session-2\r\n");
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(!probe.call(u"any"_s).failure);
    QVERIFY(!probe.call(u"any"_s).failure);
    // basic/transports: the id is assigned with the answer to initialize.
    QCOMPARE(odd.got("tools/call").last().header("Mcp-Session-Id"), QByteArray("session-1"));
    QCOMPARE(probe.state().sessionId, QByteArray("session-1"));
    QVERIFY2(said(probe.session().state()).contains("another session"),
             said(probe.session().state()));
}

void TestOddServers::requests_of_the_server_are_answered_before_the_response()
{
    OddServer odd;
    QPointer<RawConnection> open;
    QByteArray id;
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        open = &message.to;
        id = message.id;
        openEvents(
            *open,
            sseEvent(R"({"jsonrpc":"2.0","id":"p1","method":"ping"})")
                + sseEvent(R"({"jsonrpc":"2.0","id":"s1","method":"sampling/createMessage"})")
                + sseEvent(R"({"jsonrpc":"2.0","id":"r1","method":"roots/list"})"));
    });
    int answered = 0;
    odd.on(u"response"_s, [&](const OddServer::Message &message) {
        message.to.answer(202);
        if (++answered == 3 && open) {
            open->write(sseEvent(hello(id)));
            open->close();
        }
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QVERIFY(odd.responseTo(u"p1"_s).value("result"_L1).isObject());
    for (const QString &asked : {u"s1"_s, u"r1"_s}) {
        const QJsonObject error = odd.responseTo(asked).value("error"_L1).toObject();
        QCOMPARE(error.value("code"_L1).toInt(), -32601);
    }
}

void TestOddServers::an_answer_may_come_on_the_get_stream()
{
    OddServer odd;
    QPointer<RawConnection> stream;
    odd.on(u"GET"_s, [&](const OddServer::Message &message) {
        stream = &message.to;
        openEvents(*stream, ": here\n\n");
    });
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        openEvents(message.to);
        if (stream)
            stream->write(sseEvent(hello(message.id)));
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(probe.waitFor([&] { return probe.state().stream.phase == StreamState::Phase::Open; }));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QCOMPARE(SessionProbe::text(result), u"hello"_s);
}

void TestOddServers::events_of_another_type_are_no_messages()
{
    OddServer odd;
    odd.on(u"tools/call"_s, [](const OddServer::Message &message) {
        message.to.answer(200,
                          "event: ping\ndata: 2026-11-24 12:00:00\n\n"
                          "event: endpoint\ndata: /messages\n\n"
                              + sseEvent(hello(message.id)),
                          Events);
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QVERIFY2(!probe.session().state().failure, said(probe.session().state()));

    // An answer under another name is none, as for other clients; but it is told.
    odd.on(u"tools/call"_s, [](const OddServer::Message &message) {
        message.to.answer(200, "event: response\n" + sseEvent(hello(message.id)), Events);
    });
    const CallResult hidden = probe.call(u"any"_s);
    QVERIFY(hidden.failure);
    QCOMPARE(hidden.failure->kind, FailureKind::Protocol);
    QVERIFY2(hidden.failure->sentence.contains(u"“response”"_s),
             SessionProbe::explain(hidden.failure));
}

void TestOddServers::notifications_without_end_do_not_keep_a_request_alive()
{
    OddServer odd;
    QPointer<RawConnection> open;
    QTimer chatter;
    connect(&chatter, &QTimer::timeout, this, [&] {
        if (open && open->isOpen())
            open->write(sseEvent(
                R"({"jsonrpc":"2.0","method":"notifications/message","params":{"data":"busy"}})"));
    });
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        open = &message.to;
        openEvents(*open);
        chatter.start(20);
    });
    SessionProbe probe;
    ServerTarget target = odd.target();
    target.requestTimeoutMs = 1000;
    QVERIFY2(probe.connectTo(target), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY(result.failure);
    QCOMPARE(result.failure->kind, FailureKind::TimedOut);
    // It is told to the server, and the stream is left.
    QVERIFY(probe.waitFor([&] { return odd.got("notifications/cancelled").size() == 1; }));
    QVERIFY(probe.waitFor([&] { return !open || !open->isOpen(); }));
}

void TestOddServers::progress_without_end_has_a_limit()
{
    OddServer odd;
    QPointer<RawConnection> open;
    QByteArray token;
    int steps = 0;
    QTimer chatter;
    connect(&chatter, &QTimer::timeout, this, [&] {
        if (open && open->isOpen())
            open->write(sseEvent(R"({"jsonrpc":"2.0","method":"notifications/progress",)"
                                 R"("params":{"progressToken":)"
                                 + token + R"(,"progress":)" + QByteArray::number(++steps) + "}}"));
    });
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        open = &message.to;
        token = message.id;
        openEvents(*open);
        chatter.start(10);
    });
    SessionProbe probe;
    ServerTarget target = odd.target();
    target.requestTimeoutMs = 150;
    QVERIFY2(probe.connectTo(target), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY(result.failure);
    QCOMPARE(result.failure->kind, FailureKind::TimedOut);
    // Longer than without progress, but not for ever (basic/lifecycle, Timeouts).
    QVERIFY2(result.failure->sentence.contains("progress"_L1),
             SessionProbe::explain(result.failure));
    QVERIFY(!probe.progress().isEmpty());
}

void TestOddServers::an_end_that_is_not_allowed_is_no_failure_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("failure");
    for (const int status : {200, 202, 204, 404, 405})
        QTest::addRow("%d", status) << status << false;
    QTest::newRow("401") << 401 << true;
    QTest::newRow("500") << 500 << true;
}

void TestOddServers::an_end_that_is_not_allowed_is_no_failure()
{
    QFETCH(int, status);
    QFETCH(bool, failure);
    OddServer odd;
    odd.on(u"DELETE"_s, [&](const OddServer::Message &message) { message.to.answer(status); });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    probe.disconnectFrom();
    QCOMPARE(odd.got("DELETE").size(), 1);
    QCOMPARE(probe.state().phase, SessionPhase::Idle);
    QCOMPARE(probe.state().failure.has_value(), failure);
}

void TestOddServers::a_lost_post_stream_is_taken_up_where_it_ended()
{
    OddServer odd;
    QByteArray id;
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        id = message.id;
        openEvents(message.to, "id: 7-a\nretry: 20\ndata:\n\nid: 7-b\ndata: {\"jsonrpc\":");
        message.to.close();
    });
    odd.on(u"GET"_s, [&](const OddServer::Message &message) {
        if (message.http.header("Last-Event-ID").isEmpty()) {
            message.to.answer(405);
            return;
        }
        message.to.answer(200, sseEvent(hello(id)), Events);
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    // The event that was cut off never counted, nor did its id.
    QCOMPARE(odd.got("GET").last().header("Last-Event-ID"), QByteArray("7-a"));
    QCOMPARE(odd.got("GET").last().header("Mcp-Session-Id"), odd.session);
    // The request itself went out once.
    QCOMPARE(odd.got("tools/call").size(), 1);
}

void TestOddServers::the_get_stream_waits_as_long_as_the_server_asks()
{
    OddServer odd;
    odd.on(u"GET"_s, [&](const OddServer::Message &message) {
        const QByteArray number = QByteArray::number(odd.got("GET").size());
        openEvents(message.to, "retry: 300\nid: e" + number + "\ndata:\n\n");
        message.to.close();
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(probe.waitFor([&] { return odd.got("GET").size() >= 3; }));
    QCOMPARE(odd.got("GET").at(0).header("Last-Event-ID"), QByteArray());
    QCOMPARE(odd.got("GET").at(1).header("Last-Event-ID"), QByteArray("e1"));
    QCOMPARE(odd.got("GET").at(2).header("Last-Event-ID"), QByteArray("e2"));
    const QList<ExchangeId> again = probe.exchanges(ExchangeKind::Reconnect);
    const ExchangeSummary first =
        probe.trace().summary(probe.exchanges(ExchangeKind::Stream).first());
    const ExchangeSummary second = probe.trace().summary(again.first());
    // No sooner than asked; a timer may be a hair early.
    QVERIFY(second.times.begun - first.times.ended >= 290'000'000);
}

void TestOddServers::a_stream_that_is_refused_is_tried_ever_more_slowly()
{
    OddServer odd;
    odd.on(u"GET"_s, [&](const OddServer::Message &message) { message.to.answer(503); });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(probe.waitFor([&] { return odd.got("GET").size() >= 4; }));
    QList<ExchangeId> tries = probe.exchanges(ExchangeKind::Stream);
    tries += probe.exchanges(ExchangeKind::Reconnect);
    // Of 500 ms that double with each try, at most a half is taken away by chance.
    qint64 least = 500'000'000;
    for (qsizetype i = 1; i < 4; ++i, least *= 2) {
        const qint64 waited = probe.trace().summary(tries.at(i)).times.begun
            - probe.trace().summary(tries.at(i - 1)).times.ended;
        QVERIFY2(waited >= least * 99 / 100, QByteArray::number(waited));
    }
    // Calls go on meanwhile.
    QVERIFY(!probe.call(u"any"_s).failure);
}

void TestOddServers::pings_go_both_ways()
{
    OddServer odd;
    odd.on(u"ping"_s, [](const OddServer::Message &message) {
        message.to.answer(200, rpcResult(message.id, "{}"), Json);
    });
    odd.on(u"GET"_s, [](const OddServer::Message &message) {
        openEvents(message.to, sseEvent(R"({"jsonrpc":"2.0","id":"g1","method":"ping"})"));
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(probe.waitFor([&] { return !odd.responseTo(u"g1"_s).isEmpty(); }));
    QVERIFY(odd.responseTo(u"g1"_s).value("result"_L1).isObject());

    std::optional<CallResult> answer;
    connect(&probe.session(), &Session::callFinished, this,
            [&](Ticket, const CallResult &came) { answer = came; });
    probe.session().request("ping", {});
    QVERIFY(probe.waitFor([&] { return answer.has_value(); }));
    QVERIFY2(!answer->failure, SessionProbe::explain(answer->failure));
    QCOMPARE(answer->result, QByteArray("{}"));
}

void TestOddServers::a_server_that_agreed_is_not_looked_for_elsewhere()
{
    OddServer odd;
    int gets = 0;
    odd.on(u"notifications/initialized"_s,
           [](const OddServer::Message &message) { message.to.answer(400, "{}", Json); });
    odd.on(u"GET"_s, [&gets](const OddServer::Message &message) {
        ++gets;
        message.to.answer(405, {});
    });
    SessionProbe probe;
    QVERIFY(!probe.connectTo(odd.target()));
    QCOMPARE(probe.state().phase, SessionPhase::Failed);
    QCOMPARE(odd.got("initialize").size(), 1);
    QCOMPARE(gets, 0);
}

void TestOddServers::what_is_no_answer_to_discovery_leads_to_initialize_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("head");
    QTest::newRow("no session") // as the official TypeScript SDK 1.x refuses it
        << 400
        << R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: Server not )"
           R"(initialized"},"id":null})"_ba
        << Json;
    QTest::newRow("unknown method")
        << 200
        << R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}})"_ba
        << Json;
    QTest::newRow("taken, without an answer") << 202 << QByteArray() << QByteArray();
    QTest::newRow("an empty answer") << 200 << QByteArray() << QByteArray();
    QTest::newRow("a web page") << 200 << "<html>no</html>"_ba
                                << "Content-Type: text/html\r\n"_ba;
    QTest::newRow("an error of the server") << 500 << QByteArray() << QByteArray();
    QTest::newRow("an event stream that ends") << 200 << ": nothing\n\n"_ba << Events;
}

void TestOddServers::what_is_no_answer_to_discovery_leads_to_initialize()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, head);
    OddServer odd;
    odd.on(u"server/discover"_s,
           [&](const OddServer::Message &message) { message.to.answer(status, body, head); });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QCOMPARE(probe.state().revision, u"2025-11-25"_s);
    QCOMPARE(odd.got("server/discover").size(), 1);
    // A session begins as it does where nothing was asked before: also small servers that know
    // their first request's id by heart are understood.
    const QList<RawRequest> asked = odd.got("initialize");
    QCOMPARE(asked.size(), 1);
    QCOMPARE(
        JsonText::parse(asked.first().body).raw(JsonText::parse(asked.first().body).find("/id")),
        "1"_ba);
    // That it is not of the newest era is no fault of it.
    QVERIFY2(probe.state().remarks.isEmpty(),
             qPrintable(probe.state().remarks.isEmpty() ? QString()
                                                        : probe.state().remarks.first().text));
    QVERIFY(!probe.state().failure);
}

void TestOddServers::bodies_that_cannot_be_read_are_told_for_what_they_are_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QString>("says");
    QTest::newRow("compressed") << QByteArray::fromHex("1f8b0800")
                                << "Content-Encoding: gzip\r\n"_ba << u"Content-Encoding: gzip"_s;
    QTest::newRow("an empty batch") << "[]"_ba << QByteArray() << u"batch that cannot be used"_s;
    QTest::newRow("no JSON") << "{{"_ba
                             << "Content-Encoding: identity\r\n"_ba << u"not valid"_s;
}

void TestOddServers::bodies_that_cannot_be_read_are_told_for_what_they_are()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, head);
    QFETCH(QString, says);
    OddServer odd;
    odd.on(u"tools/call"_s,
           [&](const OddServer::Message &message) { message.to.answer(200, body, Json + head); });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY(result.failure);
    QVERIFY2(result.failure->sentence.contains(says), qPrintable(result.failure->sentence));
}

void TestOddServers::silence_on_discovery_leads_to_advice_data()
{
    QTest::addColumn<bool>("closes");
    QTest::newRow("says nothing") << false;
    QTest::newRow("closes the connection") << true;
}

void TestOddServers::silence_on_discovery_leads_to_advice()
{
    QFETCH(bool, closes);
    OddServer odd;
    odd.on(u"server/discover"_s, [closes](const OddServer::Message &message) {
        if (closes)
            message.to.close();
    });
    SessionProbe probe;
    ServerTarget target = odd.target();
    target.requestTimeoutMs = 500;
    QVERIFY(!probe.connectTo(target));
    QVERIFY2(probe.state().failure->advice.contains("such as 2025-11-25"_L1),
             qPrintable(probe.state().failure->advice));
    QCOMPARE(odd.got("server/discover").size(), 1);
    SessionProbe pinned;
    target.revision = u"2025-11-25"_s;
    QVERIFY2(pinned.connectTo(target), said(pinned.state()));
    // A revision that was pinned is no advice.
    SessionProbe modern;
    target.revision = u"2026-07-28"_s;
    QVERIFY(!modern.connectTo(target));
    QVERIFY(!modern.state().failure->advice.contains("2025-11-25"_L1));
}

void TestOddServers::a_transport_that_is_not_spoken_is_told()
{
    OddServer odd;
    SessionProbe probe;
    ServerTarget target = odd.target();
    target.transport = TransportChoice::HttpSse;
    QVERIFY(!probe.connectTo(target));
    QVERIFY2(probe.state().failure->sentence.contains("does not speak the HTTP+SSE transport"_L1),
             said(probe.state()));
    QVERIFY(!probe.state().failure->advice.contains("normal"_L1));
}

void TestOddServers::a_changed_list_is_fetched_again()
{
    OddServer odd;
    QPointer<RawConnection> stream;
    odd.on(u"GET"_s, [&](const OddServer::Message &message) {
        stream = &message.to;
        openEvents(*stream, ": here\n\n");
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(probe.tools().complete);
    QVERIFY(probe.waitFor([&] { return probe.state().stream.phase == StreamState::Phase::Open; }));
    QVERIFY(stream);
    stream->write(sseEvent(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})"));
    QVERIFY(probe.waitFor([&] { return odd.got("tools/list").size() == 2; }));
}

void TestOddServers::a_cancelled_call_is_told_to_the_server()
{
    OddServer odd;
    odd.on(u"tools/call"_s, [](const OddServer::Message &message) { openEvents(message.to); });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    std::optional<CallResult> ended;
    connect(&probe.session(), &Session::callFinished, this,
            [&](Ticket, const CallResult &came) { ended = came; });
    const Ticket ticket = probe.session().callTool(u"any"_s, "{}");
    QVERIFY(probe.waitFor([&] { return odd.got("tools/call").size() == 1; }));
    probe.session().cancel(ticket);
    QVERIFY(probe.waitFor([&] { return odd.got("notifications/cancelled").size() == 1; }));
    QCOMPARE(ended->failure->kind, FailureKind::Cancelled);
    const auto json = [](const RawRequest &request) {
        return QJsonDocument::fromJson(request.body).object();
    };
    QCOMPARE(json(odd.got("notifications/cancelled").first())
                 .value("params"_L1)
                 .toObject()
                 .value("requestId"_L1),
             json(odd.got("tools/call").first()).value("id"_L1));
}

void TestOddServers::a_session_without_id_has_no_end()
{
    OddServer odd;
    odd.on(u"initialize"_s, [](const OddServer::Message &message) {
        message.to.answer(200,
                          rpcResult(message.id,
                                    R"({"protocolVersion":"2025-06-18","capabilities":{},)"
                                    R"("serverInfo":{"name":"odd","version":"1"}})"),
                          Json);
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(!probe.call(u"any"_s).failure);
    probe.disconnectFrom();
    QCOMPARE(probe.state().phase, SessionPhase::Idle);
    QVERIFY(odd.got("DELETE").isEmpty());
    for (const RawRequest &request : odd.server.requests())
        QVERIFY(request.header("Mcp-Session-Id").isNull());
}

void TestOddServers::leaving_tells_the_server_what_is_cancelled_data()
{
    QTest::addColumn<bool>("answers");
    QTest::newRow("the server takes it") << true;
    QTest::newRow("the server takes nothing any more") << false;
}

void TestOddServers::leaving_tells_the_server_what_is_cancelled()
{
    QFETCH(bool, answers);
    OddServer odd;
    odd.on(u"tools/call"_s, [](const OddServer::Message &message) { openEvents(message.to); });
    odd.on(u"notifications/cancelled"_s, [&](const OddServer::Message &message) {
        if (answers)
            message.to.answer(202);
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    probe.session().callTool(u"any"_s, "{}");
    QVERIFY(probe.waitFor([&] { return odd.got("tools/call").size() == 1; }));
    probe.disconnectFrom();
    QCOMPARE(probe.state().phase, SessionPhase::Idle);
    QVERIFY2(!probe.state().failure, said(probe.state()));
    QCOMPARE(odd.got("notifications/cancelled").size(), 1);
    // In that order, so that it is still the session's.
    QCOMPARE(odd.server.requests().last().method(), QByteArray("DELETE"));
    for (ExchangeId id = 1; id <= probe.trace().exchangeCount(); ++id)
        QVERIFY(probe.trace().summary(id).finished);
}

void TestOddServers::a_stream_that_is_lost_each_time_does_not_begin_sessions_for_ever()
{
    OddServer odd;
    // Each session's stream is opened once, and never found again.
    QSet<QByteArray> opened;
    odd.on(u"initialize"_s, [&odd](const OddServer::Message &message) {
        message.to.answer(
            200,
            rpcResult(message.id,
                      R"({"protocolVersion":"2025-11-25","capabilities":{},)"
                      R"("serverInfo":{"name":"odd","version":"1"}})"),
            Json + "Mcp-Session-Id: " + QByteArray::number(odd.got("initialize").size()) + "\r\n");
    });
    odd.on(u"GET"_s, [&opened](const OddServer::Message &message) {
        const QByteArray session = message.http.header("Mcp-Session-Id");
        if (opened.contains(session)) {
            message.to.answer(404);
            return;
        }
        opened.insert(session);
        openEvents(message.to, "retry: 10\n\n");
        message.to.close();
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
    QVERIFY(probe.waitFor([&] { return probe.state().phase == SessionPhase::Failed; }));
    QCOMPARE(probe.state().failure->code, u"sessions-forgotten"_s);
    QCOMPARE(odd.got("initialize").size(), 4);
}

void TestOddServers::a_host_that_drops_packets_is_told()
{
    // A queue that is full: the system lets further connections wait.
    QTcpServer full;
    full.setListenBacklogSize(0);
    QVERIFY(full.listen(QHostAddress::LocalHost));
    full.pauseAccepting();
    std::vector<std::unique_ptr<QTcpSocket>> taken;
    for (bool waiting = false; !waiting;) {
        auto socket = std::make_unique<QTcpSocket>();
        socket->connectToHost(QHostAddress::LocalHost, full.serverPort());
        waiting = !socket->waitForConnected(300);
        taken.push_back(std::move(socket));
        QVERIFY(taken.size() < 100);
    }
    ServerTarget target;
    target.url = QUrl(u"http://127.0.0.1:%1/mcp"_s.arg(full.serverPort()));
    target.network.proxy = NetworkSettings::Proxy::None;
    target.requestTimeoutMs = 500;
    SessionProbe probe;
    QVERIFY(!probe.connectTo(target));
    QCOMPARE(probe.state().failure->kind, FailureKind::TimedOut);
    QVERIFY2(probe.state().failure->sentence.contains(u"no connection to 127.0.0.1:"_s),
             said(probe.state()));
}

void TestOddServers::a_lost_answer_is_not_asked_for_twice_where_it_is_not_found()
{
    OddServer odd;
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        if (odd.got("tools/call").size() > 1) {
            message.to.answer(200, hello(message.id), Json);
            return;
        }
        openEvents(message.to, "id: 7-a\nretry: 10\ndata:\n\n");
        message.to.close();
    });
    odd.on(u"GET"_s, [&](const OddServer::Message &message) {
        message.to.answer(message.http.header("Last-Event-ID").isEmpty() ? 405 : 404);
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    const CallResult lost = probe.call(u"any"_s);
    QVERIFY(lost.failure);
    QCOMPARE(lost.failure->code, u"stream-ended"_s);
    QVERIFY2(lost.failure->sentence.contains("not known"_L1), SessionProbe::explain(lost.failure));
    // The session is left as it is: who knows it answers.
    QVERIFY(!probe.call(u"any"_s).failure);
    probe.disconnectFrom();
    QCOMPARE(odd.got("tools/call").size(), 2);
    QCOMPARE(odd.got("initialize").size(), 1);
    QCOMPARE(
        std::count_if(odd.server.requests().cbegin(), odd.server.requests().cend(),
                      [](const RawRequest &one) { return !one.header("Last-Event-ID").isEmpty(); }),
        1);
}

void TestOddServers::a_confirmation_that_is_answered_without_end_does_not_hold_the_connection()
{
    OddServer odd;
    QPointer<RawConnection> open;
    odd.on(u"notifications/initialized"_s, [&](const OddServer::Message &message) {
        open = &message.to;
        openEvents(message.to, ": and so on\n\n");
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(open && open->isOpen());
    QVERIFY(!probe.call(u"any"_s).failure);
    probe.disconnectFrom();
    QVERIFY2(!probe.state().failure, said(probe.state()));
    QVERIFY(probe.waitFor([&] { return !open || !open->isOpen(); }));
}

void TestOddServers::thousands_of_pings_are_all_answered_over_a_few_connections()
{
    constexpr int Pings = 2000;
    OddServer odd;
    QSet<QString> answered;
    qsizetype most = 0;
    odd.on(u"GET"_s, [](const OddServer::Message &message) {
        QByteArray pings;
        for (int i = 0; i < Pings; ++i)
            pings += sseEvent(R"({"jsonrpc":"2.0","id":"p)" + QByteArray::number(i)
                              + R"(","method":"ping"})");
        openEvents(message.to, pings);
    });
    odd.on(u"response"_s, [&](const OddServer::Message &message) {
        answered.insert(message.json.value("id"_L1).toString());
        const QList<RawConnection *> &all = odd.server.connections();
        most = std::max<qsizetype>(
            most, std::count_if(all.cbegin(), all.cend(), [](const RawConnection *one) {
                return one->isOpen();
            }));
        message.to.answer(202);
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(probe.waitFor([&] { return answered.size() == Pings; }));
    QVERIFY2(most <= 20, QByteArray::number(most));
    QVERIFY2(probe.session().state().remarks.isEmpty(), said(probe.session().state()));
    QVERIFY(!probe.call(u"any"_s).failure);
}

void TestOddServers::a_list_that_changes_while_it_is_fetched_is_fetched_once_more()
{
    OddServer odd;
    QPointer<RawConnection> stream;
    odd.on(u"GET"_s, [&](const OddServer::Message &message) {
        stream = &message.to;
        openEvents(*stream, ": here\n\n");
    });
    odd.on(u"ping"_s, [](const OddServer::Message &message) {
        message.to.answer(200, rpcResult(message.id, "{}"), Json);
    });
    QPointer<RawConnection> held;
    QByteArray id;
    odd.on(u"tools/list"_s, [&](const OddServer::Message &message) {
        if (odd.got("tools/list").size() > 1) {
            message.to.answer(200, rpcResult(message.id, R"({"tools":[]})"), Json);
            return;
        }
        held = &message.to;
        id = message.id;
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(probe.waitFor([&] { return probe.state().stream.phase == StreamState::Phase::Open; }));
    int told = 0;
    int lists = 0;
    connect(&probe.session(), &Session::notified, this, [&] { ++told; });
    connect(&probe.session(), &Session::toolsListed, this,
            [&](const ToolList &list) { lists += list.complete; });
    probe.session().listTools();
    QVERIFY(probe.waitFor([&] { return !held.isNull(); }));
    // However often it is said meanwhile: what is fetched then is new enough.
    for (int i = 0; i < 3; ++i)
        stream->write(sseEvent(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})"));
    QVERIFY(probe.waitFor([&] { return told == 3; }));
    QCOMPARE(odd.got("tools/list").size(), 1);
    held->answer(200, rpcResult(id, R"({"tools":[]})"), Json);
    QVERIFY(probe.waitFor([&] { return lists == 2; }));
    QVERIFY(!probe.request({"ping", {}}).failure);
    QCOMPARE(odd.got("tools/list").size(), 2);
}

void TestOddServers::headers_that_contradict_the_revision_are_told()
{
    const auto told = [](const SessionProbe &probe, ExchangeId exchange) {
        QStringList texts;
        for (qint64 i = 0; i < probe.trace().noteCount(); ++i) {
            const Note note = probe.trace().note(i);
            if (note.exchange == exchange && note.text.contains("MCP-Protocol-Version: "_L1))
                texts.append(note.text);
        }
        return texts;
    };
    OddServer odd;
    QByteArray version = "2025-11-25";
    odd.on(u"tools/call"_s, [&version](const OddServer::Message &message) {
        message.to.answer(200, hello(message.id),
                          Json + "MCP-Protocol-Version: " + version + "\r\n");
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QCOMPARE(told(probe, probe.call(u"any"_s).exchange), QStringList());
    version = "2024-11-05";
    const QStringList other = told(probe, probe.call(u"any"_s).exchange);
    QCOMPARE(other.size(), 1);
    QVERIFY2(other.first().contains("2024-11-05"_L1) && other.first().contains("2025-11-25"_L1),
             other.first().toUtf8());
}

void TestOddServers::questions_without_end_are_stopped()
{
    OddServer odd;
    QPointer<RawConnection> stream;
    int asked = 0;
    const auto ask = [&] {
        if (stream) {
            stream->write(sseEvent("{\"jsonrpc\":\"2.0\",\"id\":\"q" + QByteArray::number(++asked)
                                   + "\",\"method\":\"elicitation/create\",\"params\":{\"message\":"
                                     "\"again\",\"requestedSchema\":{\"type\":\"object\","
                                     "\"properties\":{}}}}"));
        }
    };
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        stream = &message.to;
        openEvents(message.to);
        ask();
    });
    odd.on(u"response"_s, [&](const OddServer::Message &message) {
        message.to.answer(202);
        ask();
    });
    SessionProbe probe;
    ServerTarget target = odd.target();
    target.offer.elicitation = true;
    connect(&probe.session(), &Session::serverRequested, this,
            [&probe](const ServerRequest &request) {
                probe.session().reply(
                    request.number, ServerReply{"{\"action\":\"accept\",\"content\":{}}", {}, {}});
            });
    QVERIFY2(probe.connectTo(target), said(probe.state()));
    const CallResult result = probe.call(u"any"_s);
    QVERIFY(result.failure);
    QCOMPARE(result.failure->code, u"input-without-end"_s);
    QCOMPARE(result.failure->kind, FailureKind::Protocol);
    QVERIFY2(result.failure->sentence.contains("100"_L1), SessionProbe::explain(result.failure));
    QVERIFY(probe.waitFor([&] { return odd.got("notifications/cancelled").size() == 1; }));
}

void TestOddServers::requests_without_a_usable_id_are_not_answered()
{
    OddServer odd;
    odd.on(u"tools/call"_s, [](const OddServer::Message &message) {
        openEvents(message.to,
                   sseEvent("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}")
                       + sseEvent("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"roots/list\"}")
                       + sseEvent("{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}")
                       + sseEvent("{\"jsonrpc\":\"2.0\",\"id\":\"good\",\"method\":\"ping\"}")
                       + sseEvent(hello(message.id)));
        message.to.close();
    });
    int answers = 0;
    odd.on(u"response"_s, [&answers](const OddServer::Message &message) {
        ++answers;
        message.to.answer(202);
    });
    SessionProbe probe;
    QVERIFY2(probe.connectTo(odd.target()), said(probe.state()));
    QVERIFY(!probe.call(u"any"_s).failure);
    QVERIFY(probe.waitFor([&] { return !odd.responseTo(u"good"_s).isEmpty(); }));
    probe.disconnectFrom();
    QCOMPARE(answers, 1);
    const QByteArray remarks = said(probe.session().state());
    QVERIFY2(remarks.contains("null") && remarks.contains("1.5")
                 && remarks.contains("not answered"),
             remarks);
}

void TestOddServers::what_is_asked_while_leaving_is_not_answered()
{
    OddServer odd;
    QPointer<RawConnection> stream;
    QPointer<RawConnection> leaving;
    odd.on(u"GET"_s, [&](const OddServer::Message &message) {
        stream = &message.to;
        openEvents(message.to, ": here\n\n");
    });
    odd.on(u"notifications/cancelled"_s, [&](const OddServer::Message &message) {
        leaving = &message.to;
        stream->write(sseEvent("{\"jsonrpc\":\"2.0\",\"id\":\"late\",\"method\":"
                               "\"elicitation/create\",\"params\":{\"message\":\"late\","
                               "\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}"));
    });
    SessionProbe probe;
    ServerTarget target = odd.target();
    target.offer.elicitation = true;
    int asked = 0;
    connect(&probe.session(), &Session::serverRequested, this, [&asked] { ++asked; });
    odd.on(u"tools/call"_s, [](const OddServer::Message &message) { openEvents(message.to); });
    QVERIFY2(probe.connectTo(target), said(probe.state()));
    QVERIFY(probe.waitFor([&] { return probe.state().stream.phase == StreamState::Phase::Open; }));
    probe.session().callTool(u"any"_s, "{}");
    QVERIFY(probe.waitFor([&] { return odd.got("tools/call").size() == 1; }));
    probe.disconnectFrom();
    QVERIFY(leaving);
    QCOMPARE(asked, 0);
    QVERIFY(odd.responseTo(u"late"_s).isEmpty());
}

void TestOddServers::the_rung_that_tells_most_is_told_data()
{
    QTest::addColumn<QByteArray>("events"); ///< of the answer to GET; empty: 405
    QTest::addColumn<bool>("ends");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    QTest::newRow("no stream") << QByteArray() << true << u"method-not-allowed"_s << u"405"_s;
    QTest::newRow("another origin")
        << QByteArray("event: endpoint\ndata: http://127.0.0.1:9/messages\n\n") << false
        << u"endpoint-origin"_s << u"http://127.0.0.1:9"_s;
    QTest::newRow("no address") << QByteArray("event: endpoint\ndata: http://[\n\n") << false
                                << u"endpoint-malformed"_s << u"http://["_s;
    QTest::newRow("ends without one")
        << QByteArray(": hello\n\n") << true << u"no-endpoint"_s << u"without an endpoint"_s;
    QTest::newRow("goes on without one")
        << QByteArray(": hello\n\n") << false << u"no-endpoint"_s << u"no endpoint event"_s;
    QTest::newRow("refuses what is posted there")
        << QByteArray("event: endpoint\ndata: /messages\n\n") << false << u"server-error"_s
        << u"500"_s;
}

void TestOddServers::the_rung_that_tells_most_is_told()
{
    QFETCH(QByteArray, events);
    QFETCH(bool, ends);
    QFETCH(QString, code);
    QFETCH(QString, says);
    OddServer odd;
    const auto refuse = [](const OddServer::Message &message) {
        message.to.answer(message.http.target() == "/messages" ? 500 : 405);
    };
    odd.on(u"initialize"_s, refuse);
    odd.on(u"server/discover"_s, refuse);
    odd.on(u"GET"_s, [&](const OddServer::Message &message) {
        if (events.isEmpty()) {
            message.to.answer(405);
            return;
        }
        openEvents(message.to, events);
        if (ends)
            message.to.close();
    });
    SessionProbe probe;
    ServerTarget target = odd.target();
    if (code == u"no-endpoint"_s && !ends)
        target.requestTimeoutMs = 500;
    QVERIFY(!probe.connectTo(target));
    QVERIFY(probe.state().failure);
    const Failure &told = *probe.state().failure;
    QVERIFY2(told.code == code, said(probe.state()) + " " + told.code.toUtf8());
    QVERIFY2(told.sentence.contains(says), said(probe.state()));
    const RequestRecord shown = probe.trace().request(told.exchange);
    if (events.isEmpty()) {
        QCOMPARE(told.exchange, ExchangeId(2));
        QVERIFY2(told.sentence.contains("initialize"_L1), said(probe.state()));
    } else if (code == u"server-error"_s) {
        QCOMPARE(shown.url.path(), u"/messages"_s);
    } else {
        QCOMPARE(shown.method, "GET");
        // What the others said is not lost.
        QVERIFY2(told.advice.contains("405"_L1), told.advice.toUtf8());
    }
    QCOMPARE(odd.got("initialize").size(), code == u"server-error"_s && !events.isEmpty() ? 2 : 1);
    QCOMPARE(odd.got("server/discover").size(), 1);
}

void TestOddServers::a_stream_without_an_endpoint_is_told_for_what_it_is()
{
    OddServer odd;
    odd.on(u"GET"_s,
           [](const OddServer::Message &message) { openEvents(message.to, ": hello\n\n"); });
    SessionProbe probe;
    ServerTarget target = odd.target();
    target.transport = TransportChoice::HttpSse;
    target.requestTimeoutMs = 500;
    QVERIFY(!probe.connectTo(target));
    QVERIFY2(probe.state().failure->sentence.contains("no endpoint event"_L1), said(probe.state()));
    QVERIFY2(!probe.state().failure->advice.contains("took the request"_L1), said(probe.state()));
    QVERIFY(odd.got("initialize").isEmpty());
}

QTEST_GUILESS_MAIN(TestOddServers)
#include "test_odd_servers.moc"
