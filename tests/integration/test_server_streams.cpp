// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cli_run.h"
#include "tests/support/odd_server.h"
#include "tests/support/session_probe.h"

#include <QPointer>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

const char *said(const SessionState &state)
{
    static QByteArray text;
    text = SessionProbe::explain(state.failure);
    for (const Note &remark : state.remarks)
        text += "\n" + remark.text.toUtf8();
    return text.constData();
}

const char *told(const CliRun &run)
{
    static QByteArray text;
    text = "exit code " + QByteArray::number(run.exitCode) + "\n" + run.out + run.err;
    return text.constData();
}

/// A request that the server has taken and not answered yet.
struct Held {
    QPointer<RawConnection> to;
    QByteArray id;
};

} // namespace

/// Servers that treat the event stream, or their sessions, in a way of their own.
class TestServerStreams : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_first_get_that_is_not_found_means_that_there_is_no_stream_data()
    {
        QTest::addColumn<QByteArray>("session");
        QTest::newRow("with a session") << "session-1"_ba;
        QTest::newRow("without a session") << QByteArray();
    }
    void a_first_get_that_is_not_found_means_that_there_is_no_stream()
    {
        QFETCH(QByteArray, session);
        OddServer odd;
        Held get;
        Held list;
        odd.on(u"initialize"_s, [session](const OddServer::Message &message) {
            message.to.answer(200,
                              rpcResult(message.id,
                                        R"({"protocolVersion":"2025-11-25","capabilities":{},)"
                                        R"("serverInfo":{"name":"odd","version":"1"}})"),
                              session.isEmpty() ? Json
                                                : Json + "Mcp-Session-Id: " + session + "\r\n");
        });
        odd.on(u"GET"_s, [&get](const OddServer::Message &message) { get = {&message.to, {}}; });
        odd.on(u"tools/list"_s, [&list](const OddServer::Message &message) {
            list = {&message.to, message.id};
        });
        SessionProbe probe;
        QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
        std::optional<ToolList> tools;
        connect(&probe.session(), &Session::toolsListed, this,
                [&tools](const ToolList &came) { tools = came; });
        probe.session().listTools();
        QVERIFY(probe.waitFor([&] { return get.to && list.to; }));
        get.to->answer(404, "Not Found", "Content-Type: text/plain\r\n");
        QVERIFY(probe.waitFor(
            [&] { return probe.session().state().stream.phase != StreamState::Phase::Opening; }));
        list.to->answer(200, rpcResult(list.id, R"({"tools":[]})"), Json);
        QVERIFY(probe.waitFor([&] { return tools.has_value(); }));
        QVERIFY2(tools->complete && !tools->failure, SessionProbe::explain(tools->failure));
        QVERIFY(!probe.call(u"any"_s).failure);

        QCOMPARE(probe.session().state().stream.phase, StreamState::Phase::NotOffered);
        QCOMPARE(odd.got("initialize").size(), 1);
        QCOMPARE(odd.got("GET").size(), 1);
        QCOMPARE(odd.got("ping").size(), 0);
        // It is told once, and in one way.
        const QList<Note> remarks = probe.session().state().remarks;
        QVERIFY2(remarks.size() == 1, said(probe.session().state()));
        QCOMPARE(remarks.constFirst().finding, u"AF-80"_s);
        QVERIFY2(remarks.constFirst().text.contains("405"_L1), said(probe.session().state()));
        QVERIFY(!probe.trace().failure(remarks.constFirst().exchange));
        QVERIFY2(!probe.session().state().failure, said(probe.session().state()));
    }

    void what_was_taken_before_the_session_was_lost_is_still_answered_data()
    {
        QTest::addColumn<bool>("byStream");
        QTest::newRow("a call is told that it is lost") << false;
        QTest::newRow("the stream, opened again, is told that it is lost") << true;
    }
    void what_was_taken_before_the_session_was_lost_is_still_answered()
    {
        QFETCH(bool, byStream);
        OddServer odd;
        Held taken;
        QPointer<RawConnection> stream;
        bool lost = false;
        odd.on(u"GET"_s, [&](const OddServer::Message &message) {
            if (!stream && !lost) {
                stream = &message.to;
                openEvents(message.to, "retry: 10\n\n");
            } else if (message.http.header("Mcp-Session-Id") == "session-1") {
                message.to.answer(404);
            } else {
                openEvents(message.to);
            }
        });
        odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
            if (!taken.to)
                taken = {&message.to, message.id};
            else if (message.http.header("Mcp-Session-Id") == "session-1")
                message.to.answer(404);
            else
                message.to.answer(200, hello(message.id), Json);
        });
        SessionProbe probe;
        QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
        QVERIFY(probe.waitFor(
            [&] { return probe.session().state().stream.phase == StreamState::Phase::Open; }));
        QHash<Ticket, CallResult> results;
        connect(&probe.session(), &Session::callFinished, this,
                [&results](Ticket ticket, const CallResult &came) { results[ticket] = came; });
        const Ticket first = probe.session().callTool(u"first"_s, "{}");
        QVERIFY(probe.waitFor([&] { return !taken.to.isNull(); }));
        odd.session = "session-2";
        lost = true;
        Ticket second = 0;
        if (byStream)
            stream->close();
        else
            second = probe.session().callTool(u"second"_s, "{}");
        QVERIFY(probe.waitFor([&] {
            return odd.got("notifications/initialized").size() == 2
                && probe.session().state().phase == SessionPhase::Ready
                && probe.session().state().stream.phase == StreamState::Phase::Open
                && (byStream || results.contains(second));
        }));
        QVERIFY(!results.contains(first));
        QVERIFY(taken.to && taken.to->isOpen());
        taken.to->answer(200, hello(taken.id), Json);
        QVERIFY(probe.waitFor([&] { return results.contains(first); }));
        for (const CallResult &result : std::as_const(results))
            QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
        QCOMPARE(odd.got("tools/call").size(), byStream ? 1 : 3);
        QCOMPARE(odd.got("initialize").size(), 2);
        QVERIFY(odd.got("notifications/cancelled").isEmpty());
    }

    void a_refusal_of_the_session_before_does_not_end_the_new_one()
    {
        OddServer odd;
        Held late;
        odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
            if (!late.to)
                late = {&message.to, message.id};
            else if (message.http.header("Mcp-Session-Id") == "session-1")
                message.to.answer(404);
            else
                message.to.answer(200, hello(message.id), Json);
        });
        SessionProbe probe;
        QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
        QHash<Ticket, CallResult> results;
        connect(&probe.session(), &Session::callFinished, this,
                [&results](Ticket ticket, const CallResult &came) { results[ticket] = came; });
        const Ticket first = probe.session().callTool(u"first"_s, "{}");
        QVERIFY(probe.waitFor([&] { return !late.to.isNull(); }));
        odd.session = "session-2";
        const Ticket second = probe.session().callTool(u"second"_s, "{}");
        QVERIFY(probe.waitFor([&] { return results.contains(second); }));
        QVERIFY(late.to && !results.contains(first));
        late.to->answer(404);
        QVERIFY(probe.waitFor([&] { return results.contains(first); }));
        for (const CallResult &result : std::as_const(results))
            QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
        QCOMPARE(odd.got("initialize").size(), 2);
        QCOMPARE(odd.got("tools/call").size(), 4);
        QCOMPARE(probe.session().state().phase, SessionPhase::Ready);
    }

    void a_stream_that_is_closed_at_once_is_told_as_what_it_is()
    {
        OddServer odd;
        odd.on(u"GET"_s, [](const OddServer::Message &message) {
            openEvents(message.to);
            message.to.close();
        });
        const CliRun listen =
            runCli({u"listen"_s, odd.server.url().toString(), u"--seconds"_s, u"2"_s});
        QVERIFY2(listen.exitCode == 0, told(listen));
        QVERIFY2(!listen.err.contains("not answered"), told(listen));
        const qsizetype gets = odd.got("GET").size();
        QVERIFY2(gets >= 2, told(listen));
        QVERIFY2(listen.err.contains("closed at once"), told(listen));
        // Each opening and each end is told; of the last the time may have been over.
        const qsizetype ends = listen.err.count("opened again in");
        QVERIFY2(gets - ends <= 1, told(listen));
        QVERIFY2(listen.err.count("event stream open (exchange ") >= ends, told(listen));
        QVERIFY2(listen.err.contains(QByteArray::number(ends) + " times"), told(listen));
    }

    void an_answer_that_the_server_cannot_resume_is_told_as_lost_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("405") << 405;
        QTest::newRow("404") << 404;
    }
    void an_answer_that_the_server_cannot_resume_is_told_as_lost()
    {
        QFETCH(int, status);
        OddServer odd;
        odd.on(u"GET"_s,
               [status](const OddServer::Message &message) { message.to.answer(status); });
        odd.on(u"tools/call"_s, [](const OddServer::Message &message) {
            openEvents(message.to, "id: 7-a\nretry: 10\ndata:\n\n");
            message.to.close();
        });
        SessionProbe probe;
        QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
        QVERIFY(probe.waitFor([&] {
            return probe.session().state().stream.phase == StreamState::Phase::NotOffered;
        }));
        const CallResult lost = probe.call(u"any"_s);
        QVERIFY(lost.failure);
        QCOMPARE(lost.failure->code, u"stream-ended"_s);
        const QString &sentence = lost.failure->sentence;
        for (const QString &words : {u"tools/call any"_s, u"broke off"_s, u"Last-Event-ID"_s,
                                     u"not known"_s, QString::number(status)})
            QVERIFY2(sentence.contains(words), qPrintable(sentence));
        QVERIFY2(!sentence.contains(u"offers no"_s), qPrintable(sentence));
        QVERIFY(!lost.failure->advice.isEmpty());
        // It is the failure of the GET that was to take it up again.
        const ExchangeId get = lost.failure->exchange;
        QCOMPARE(probe.trace().request(get).method, "GET"_ba);
        QCOMPARE(probe.trace().response(get)->status, status);
        QCOMPARE(probe.trace().failure(get), lost.failure);
        QCOMPARE(odd.got("initialize").size(), 1);
    }

    void a_resumed_stream_is_polled_as_the_server_asks()
    {
        OddServer odd;
        int resumed = 0;
        QByteArray id;
        odd.on(u"tools/call"_s, [&id](const OddServer::Message &message) {
            id = message.id;
            openEvents(message.to, "id: 1\nretry: 100\ndata:\n\n");
            message.to.close();
        });
        odd.on(u"GET"_s, [&](const OddServer::Message &message) {
            if (message.http.header("Last-Event-ID").isEmpty()) {
                message.to.answer(405);
                return;
            }
            constexpr int Polls = 8;
            openEvents(message.to, ++resumed < Polls ? QByteArray() : sseEvent(hello(id)));
            message.to.close();
        });
        SessionProbe probe;
        QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
        const CallResult polled = probe.call(u"any"_s);
        QVERIFY2(!polled.failure, SessionProbe::explain(polled.failure));
        QCOMPARE(resumed, 8);
    }

    void the_retry_of_the_server_holds_for_streams_that_end_in_order()
    {
        OddServer odd;
        odd.on(u"GET"_s, [](const OddServer::Message &message) {
            openEvents(message.to, "retry: 120\n\n");
            message.to.close();
        });
        SessionProbe probe;
        QList<qint64> waits;
        connect(&probe.session(), &Session::stateChanged, this, [&](const SessionState &state) {
            const StreamState &stream = state.stream;
            if (stream.phase == StreamState::Phase::Waiting)
                waits << (stream.retryAt - probe.trace().summary(stream.exchange).times.ended)
                        / 1'000'000;
        });
        QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
        QVERIFY(probe.waitFor([&] { return odd.got("GET").size() >= 6; }));
        QVERIFY(waits.size() >= 3);
        // What is over the 120 is what the machine takes between the end and its telling.
        for (const qint64 wait : std::as_const(waits))
            QVERIFY2(wait >= 119 && wait < 400, QByteArray::number(wait));
    }

    void what_wants_notifications_waits_for_the_stream_data()
    {
        QTest::addColumn<int>("status"); // 0: never answered
        QTest::newRow("that is opened") << 200;
        QTest::newRow("that is not offered") << 405;
        QTest::newRow("that is never answered, but not for ever") << 0;
    }
    void what_wants_notifications_waits_for_the_stream()
    {
        QFETCH(int, status);
        OddServer odd;
        QPointer<RawConnection> get;
        odd.on(u"GET"_s, [&get](const OddServer::Message &message) { get = &message.to; });
        for (const QString &method : {u"logging/setLevel"_s, u"resources/subscribe"_s}) {
            odd.on(method, [](const OddServer::Message &message) {
                message.to.answer(200, rpcResult(message.id, "{}"), Json);
            });
        }
        SessionProbe probe;
        QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
        QStringList order;
        connect(&probe.session(), &Session::callStarted, this, [&](Ticket, ExchangeId exchange) {
            order << probe.trace().request(exchange).what;
        });
        int finished = 0;
        connect(&probe.session(), &Session::callFinished, this, [&finished] { ++finished; });
        probe.session().setLogLevel("info");
        probe.session().callTool(u"loud"_s, "{}");
        probe.session().subscribe(u"file:///a"_s, true);
        // A list wants none.
        QVERIFY(probe.tools().complete);
        QVERIFY(probe.waitFor([&] { return !get.isNull(); }));
        if (status != 0) {
            QVERIFY2(order.isEmpty(), qPrintable(order.join(u", "_s)));
            if (status == 200)
                openEvents(*get, ": here\n\n");
            else
                get->answer(status);
        }
        QVERIFY(probe.waitFor([&] { return finished == 3; }));
        QCOMPARE(order,
                 (QStringList{u"logging/setLevel info"_s, u"tools/call loud"_s,
                              u"resources/subscribe file:///a"_s}));
    }

    void a_call_that_wants_no_notifications_waits_for_no_stream()
    {
        OddServer odd;
        odd.on(u"GET"_s, [](const OddServer::Message &) {});
        SessionProbe probe;
        QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
        QVERIFY(!probe.call(u"any"_s).failure);
        QCOMPARE(probe.session().state().stream.phase, StreamState::Phase::Opening);
        const ExchangeTimes call = probe.trace().summary(probe.trace().exchangeCount()).times;
        const ExchangeTimes get =
            probe.trace().summary(probe.exchanges(ExchangeKind::Stream).first()).times;
        QVERIFY(call.begun - get.begun < 2'000'000'000);
    }

    void what_waits_for_the_stream_can_be_cancelled()
    {
        OddServer odd;
        odd.on(u"GET"_s, [](const OddServer::Message &) {});
        odd.on(u"logging/setLevel"_s, [](const OddServer::Message &message) {
            message.to.answer(200, rpcResult(message.id, "{}"), Json);
        });
        SessionProbe probe;
        QVERIFY2(probe.connectTo(odd.target(u"2025-11-25"_s)), said(probe.state()));
        QHash<Ticket, CallResult> results;
        connect(&probe.session(), &Session::callFinished, this,
                [&results](Ticket ticket, const CallResult &came) { results[ticket] = came; });
        probe.session().setLogLevel("info");
        const Ticket call = probe.session().callTool(u"any"_s, "{}");
        probe.session().cancel(call);
        QVERIFY(probe.waitFor([&] { return results.contains(call); }));
        QCOMPARE(results.value(call).failure->kind, FailureKind::Cancelled);
        probe.disconnectFrom();
        QVERIFY(odd.got("tools/call").isEmpty());
    }

    void what_came_before_the_time_was_over_is_told_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<QString>("seconds");
        QTest::addColumn<QStringList>("says");
        QTest::newRow("it waits to go on, as the server asked")
            << "id: 7\nretry: 10000\ndata:\n\n"_ba << true << u"0.5"_s
            << QStringList{u"1 event came"_s, u"ended without the response"_s, u"asked for 10 s"_s};
        QTest::newRow("going on is refused")
            << "id: 7\nretry: 10\ndata:\n\n"_ba << true << u"1.5"_s
            << QStringList{u"1 event came"_s, u"ended without the response"_s,
                           u"GET with Last-Event-ID ("_s, u"answered with 500"_s};
        QTest::newRow("comments") << ": keep-alive\n\n: keep-alive\n\n: keep-alive\n\n"_ba << false
                                  << u"0.5"_s
                                  << QStringList{u"no event has come on it"_s, u"3 comments"_s};
    }
    void what_came_before_the_time_was_over_is_told()
    {
        QFETCH(QByteArray, first);
        QFETCH(bool, closes);
        QFETCH(QString, seconds);
        QFETCH(QStringList, says);
        OddServer odd;
        odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
            openEvents(message.to, first);
            if (closes)
                message.to.close();
        });
        odd.on(u"GET"_s, [](const OddServer::Message &message) {
            message.to.answer(message.http.header("Last-Event-ID").isEmpty() ? 405 : 500);
        });
        const CliRun call = runCli({u"call"_s, odd.server.url().toString(), u"a"_s, u"--timeout"_s,
                                    seconds, u"--revision"_s, u"2025-11-25"_s});
        QVERIFY2(call.exitCode == 6, told(call));
        QVERIFY2(!call.err.contains("said nothing"), told(call));
        for (const QString &words : says)
            QVERIFY2(QString::fromUtf8(call.err).contains(words), told(call));
    }
};

QTEST_GUILESS_MAIN(TestServerStreams)
#include "test_server_streams.moc"
