// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// A session with servers of the modern era (2026-07-28), which the tests play byte by byte.

#include "core/jsonrpc/json_text.h"
#include "core/mcp/calls.h"
#include "tests/support/raw_server.h"
#include "tests/support/session_probe.h"

#include <QPointer>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

struct Asked {
    QByteArray id;
    QByteArray method;
    JsonText body;
    QByteArray param(QByteArrayView pointer) const
    {
        return body.raw(body.find("/params" + pointer.toByteArray())).toByteArray();
    }
};

/// What the server answers to a method: a result, and else "method not found".
using Results = QMap<QByteArray, std::function<QByteArray(const Asked &)>>;

class Rig : public QObject {
public:
    Rig()
    {
        listens = server.listen();
        server.onRequest([this](RawConnection &connection, const RawRequest &request) {
            Asked asked;
            asked.body = JsonText::parse(request.body);
            asked.id = asked.body.raw(asked.body.find("/id")).toByteArray();
            asked.method = asked.body.string(asked.body.find("/method")).toUtf8();
            methods.append(asked.method);
            if (asked.method == "subscriptions/listen") {
                stream = &connection;
                listenId = asked.id;
                connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                notice("notifications/subscriptions/acknowledged",
                       ",\"notifications\":"
                           + (grants ? grants(asked) : asked.param("/notifications")));
                return;
            }
            if (intercept && intercept(connection, asked))
                return;
            const auto result = results.value(asked.method);
            if (result) {
                connection.answer(200,
                                  "{\"jsonrpc\":\"2.0\",\"id\":" + asked.id
                                      + ",\"result\":" + result(asked) + '}',
                                  "Content-Type: application/json\r\n");
            } else {
                error(connection, asked, 404, "{\"code\":-32601,\"message\":\"Method not found\"}");
            }
        });
        results["server/discover"] = [this](const Asked &) {
            return "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],"
                   "\"capabilities\":"
                + capabilities
                + ",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"played\","
                  "\"version\":\"1\"}},\"ttlMs\":0,\"cacheScope\":\"private\"}";
        };
        results["tools/list"] = [](const Asked &) {
            return "{\"resultType\":\"complete\",\"tools\":[{\"name\":\"query\","
                   "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"region\":{\"type\":"
                   "\"string\",\"x-mcp-header\":\"Region\"}}}}],\"ttlMs\":0,\"cacheScope\":"
                   "\"private\"}"_ba;
        };
        target.url = server.url();
        target.order = Ladder::Order::ModernFirst;
        target.offer = {.roots = true, .sampling = true, .elicitation = true, .tasks = false};
        target.requestTimeoutMs = 20000;
    }

    static void error(RawConnection &connection, const Asked &asked, int status,
                      const QByteArray &error)
    {
        connection.answer(status,
                          "{\"jsonrpc\":\"2.0\",\"id\":" + asked.id + ",\"error\":" + error + '}',
                          "Content-Type: application/json\r\n");
    }

    void notice(const QByteArray &method, const QByteArray &rest = {})
    {
        if (stream) {
            stream->write("data: {\"jsonrpc\":\"2.0\",\"method\":\"" + method
                          + "\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/"
                            "subscriptionId\":"
                          + listenId + '}' + rest + "}}\n\n");
        }
    }

    RawServer server;
    bool listens = false;
    Results results;
    std::function<bool(RawConnection &, const Asked &)> intercept;
    std::function<QByteArray(const Asked &)> grants; ///< all, if empty
    QByteArray capabilities = "{\"tools\":{}}";
    QByteArrayList methods;
    QPointer<RawConnection> stream;
    QByteArray listenId;
    ServerTarget target;
    SessionProbe probe;
};

QByteArray needsInput(const QByteArray &requests, const QByteArray &state)
{
    return "{\"resultType\":\"input_required\""
        + (requests.isEmpty() ? QByteArray() : ",\"inputRequests\":" + requests)
        + (state.isEmpty() ? QByteArray() : ",\"requestState\":" + state) + '}';
}

const QByteArray Done = "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":"
                        "\"done\"}]}";

} // namespace

class TestModern : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opens_without_a_handshake_and_describes_every_request();
    void another_revision_that_the_server_names_is_tried();
    void a_server_without_discovery_is_used_as_it_is();
    void a_modern_error_is_no_reason_to_fall_back();
    void a_server_that_refuses_the_handshake_is_found_to_be_modern();
    void a_modern_server_is_found_however_it_refuses_the_handshake_data();
    void a_modern_server_is_found_however_it_refuses_the_handshake();
    void arguments_go_into_headers_also_when_the_tools_were_not_listed();
    void a_tool_with_a_bad_header_mark_is_left_out_and_named();
    void a_skill_that_is_not_what_its_entry_says_is_not_used();
    void an_error_with_a_status_is_an_answer_like_any_other();
    void input_is_asked_for_and_the_call_goes_on();
    void state_alone_is_sent_back_at_once();
    void requests_in_parallel_keep_their_input_apart();
    void refused_input_gives_the_call_up();
    void what_was_not_offered_is_not_asked();
    void input_without_end_is_stopped();
    void cancelling_while_input_is_asked_for_ends_it();
    void cancelling_closes_the_stream_and_sends_nothing();
    void change_notices_come_on_a_stream_that_is_kept_open();
    void a_server_that_announces_nothing_is_not_listened_to();
    void a_request_from_the_server_is_told_as_a_fault();
    void an_unknown_kind_of_result_is_a_failure();
    void an_invalid_message_is_told_with_its_rule_and_place();
    void refused_headers_are_looked_up_and_the_call_is_sent_once_more_data();
    void refused_headers_are_looked_up_and_the_call_is_sent_once_more();
    void input_goes_along_where_headers_were_refused();
    void a_call_can_be_cancelled_while_its_headers_are_looked_up();
    void a_call_that_waits_for_the_tools_is_cancelled_unsent_data();
    void headers_that_contradict_are_told_at_their_exchange();
    void the_older_transport_is_not_asked_for_the_modern_era();
    void revisions_that_nobody_speaks_are_named();
    void a_session_that_is_assigned_is_told_and_not_used();
    void what_was_not_granted_is_told_once();
    void a_stream_that_the_server_cancels_is_asked_for_again();
    void input_that_cannot_be_given_gives_the_call_up_data();
    void input_that_cannot_be_given_gives_the_call_up();
    void more_input_than_is_asked_for_gives_the_call_up();
    void a_call_by_hand_mirrors_its_arguments_data();
    void a_call_by_hand_mirrors_its_arguments();
    void a_call_that_waits_for_the_tools_is_cancelled_unsent();
};

void TestModern::opens_without_a_handshake_and_describes_every_request()
{
    Rig rig;
    rig.results["tools/call"] = [](const Asked &) { return Done; };
    QVERIFY2(rig.probe.connectTo(rig.target), SessionProbe::explain(rig.probe.state().failure));
    QCOMPARE(rig.probe.state().revision, u"2026-07-28"_s);
    QCOMPARE(rig.probe.state().serverName, u"played"_s);
    QCOMPARE(rig.probe.tools().tools.size(), 1);
    QCOMPARE(SessionProbe::text(rig.probe.call(u"query"_s)), u"done"_s);
    rig.probe.disconnectFrom();
    QCOMPARE(rig.methods, (QByteArrayList{"server/discover", "tools/list", "tools/call"}));
    for (const RawRequest &request : rig.server.requests()) {
        QCOMPARE(request.method(), "POST");
        QCOMPARE(request.header("MCP-Protocol-Version"), "2026-07-28");
        QVERIFY(request.body.contains("\"io.modelcontextprotocol/clientCapabilities\":{\"roots\""));
        QVERIFY(request.header("Mcp-Session-Id").isNull());
    }
    QCOMPARE(rig.server.requests().last().header("Mcp-Method"), "tools/call");
    QCOMPARE(rig.server.requests().last().header("Mcp-Name"), "query");
}

void TestModern::another_revision_that_the_server_names_is_tried()
{
    Rig rig;
    int refused = 0;
    rig.intercept = [&refused](RawConnection &connection, const Asked &asked) {
        if (refused++ > 0)
            return false;
        Rig::error(connection, asked, 400,
                   "{\"code\":-32022,\"message\":\"Unsupported protocol version\",\"data\":"
                   "{\"supported\":[\"2026-07-28\"],\"requested\":\"2026-07-28\"}}");
        return true;
    };
    QVERIFY2(rig.probe.connectTo(rig.target), SessionProbe::explain(rig.probe.state().failure));
    QCOMPARE(rig.methods, (QByteArrayList{"server/discover", "server/discover"}));
    // A server that refuses what it names, however often it is asked, ends it.
    Rig stubborn;
    stubborn.intercept = [](RawConnection &connection, const Asked &asked) {
        Rig::error(
            connection, asked, 400,
            "{\"code\":-32022,\"message\":\"no\",\"data\":{\"supported\":[\"2026-07-28\"]}}");
        return true;
    };
    QVERIFY(!stubborn.probe.connectTo(stubborn.target));
    QCOMPARE(stubborn.methods.size(), 2);
}

void TestModern::a_server_without_discovery_is_used_as_it_is()
{
    Rig rig;
    rig.results.remove("server/discover");
    QVERIFY2(rig.probe.connectTo(rig.target), SessionProbe::explain(rig.probe.state().failure));
    QCOMPARE(rig.probe.state().revision, u"2026-07-28"_s);
    QCOMPARE(rig.probe.tools().tools.size(), 1);
}

void TestModern::a_modern_error_is_no_reason_to_fall_back()
{
    Rig rig;
    rig.intercept = [](RawConnection &connection, const Asked &asked) {
        Rig::error(connection, asked, 400, "{\"code\":-32020,\"message\":\"Header mismatch\"}");
        return true;
    };
    QVERIFY(!rig.probe.connectTo(rig.target));
    QCOMPARE(rig.methods, QByteArrayList{"server/discover"});
    QVERIFY(rig.probe.state().failure->sentence.contains("Header mismatch"_L1));
}

void TestModern::a_server_that_refuses_the_handshake_is_found_to_be_modern()
{
    Rig rig;
    rig.target.order = Ladder::Order::LegacyFirst;
    rig.intercept = [](RawConnection &connection, const Asked &asked) {
        if (asked.method != "initialize")
            return false;
        Rig::error(connection, asked, 400, "{\"code\":-32020,\"message\":\"Header missing\"}");
        return true;
    };
    QVERIFY2(rig.probe.connectTo(rig.target), SessionProbe::explain(rig.probe.state().failure));
    QCOMPARE(rig.probe.state().revision, u"2026-07-28"_s);
    QCOMPARE(rig.methods, (QByteArrayList{"initialize", "server/discover"}));
}

void TestModern::a_modern_server_is_found_however_it_refuses_the_handshake_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("error"); ///< of JSON-RPC
    QTest::addColumn<QByteArray>("body"); ///< if there is no error
    const auto row = [](const char *name, int status, const QByteArray &error,
                        const QByteArray &body = {}) {
        QTest::newRow(name) << status << error << body;
    };
    const QByteArray unknown = "{\"code\":-32601,\"message\":\"no such\"}";
    row("404 with method not found", 404, unknown);
    row("200 with method not found", 200, unknown);
    row("an event with method not found", -200, unknown);
    row("400 with invalid parameters", 400, "{\"code\":-32602,\"message\":\"no _meta\"}");
    row("400 with a page", 400, {}, "<html>bad</html>");
    row("404", 404, {});
    row("405", 405, {});
    row("406", 406, {});
    row("415", 415, {});
    row("501", 501, {});
}

void TestModern::a_modern_server_is_found_however_it_refuses_the_handshake()
{
    QFETCH(int, status);
    QFETCH(QByteArray, error);
    QFETCH(QByteArray, body);
    Rig rig;
    rig.target.order = Ladder::Order::LegacyFirst;
    rig.intercept = [&](RawConnection &connection, const Asked &asked) {
        if (asked.method != "initialize")
            return false;
        if (status < 0) {
            connection.answer(-status,
                              "data: {\"jsonrpc\":\"2.0\",\"id\":" + asked.id
                                  + ",\"error\":" + error + "}\n\n",
                              "Content-Type: text/event-stream\r\n");
        } else if (error.isEmpty()) {
            connection.answer(status, body, "Content-Type: text/html\r\n");
        } else {
            Rig::error(connection, asked, status, error);
        }
        return true;
    };
    QVERIFY2(rig.probe.connectTo(rig.target), SessionProbe::explain(rig.probe.state().failure));
    QCOMPARE(rig.probe.state().revision, u"2026-07-28"_s);
    QCOMPARE(rig.methods, (QByteArrayList{"initialize", "server/discover"}));
    QVERIFY(!rig.probe.state().failure);
}

void TestModern::arguments_go_into_headers_also_when_the_tools_were_not_listed()
{
    Rig rig;
    rig.results["tools/call"] = [](const Asked &) { return Done; };
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult result = rig.probe.call(u"query"_s, "{\"region\":\"Zürich\"}");
    QVERIFY(!result.failure);
    QCOMPARE(rig.server.requests().last().header("Mcp-Param-Region"), "=?base64?WsO8cmljaA==?=");
}

void TestModern::a_tool_with_a_bad_header_mark_is_left_out_and_named()
{
    Rig rig;
    rig.results["tools/list"] = [](const Asked &) {
        return "{\"resultType\":\"complete\",\"tools\":[{\"name\":\"bad\",\"inputSchema\":{"
               "\"type\":"
               "\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"My "
               "Name\"},"
               "\"b\":{\"type\":\"string\",\"x-mcp-header\":\"Good\"}}}},{\"name\":\"good\","
               "\"inputSchema\":{\"type\":\"object\"}}],\"ttlMs\":0,\"cacheScope\":\"private\"}"_ba;
    };
    QByteArray name;
    rig.results["tools/call"] = [&name](const Asked &asked) {
        name = asked.param("/name");
        return Done;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    // Twice: what was left out is not counted twice, nor added to the list.
    for (int i = 0; i < 2; ++i) {
        const ToolList list = rig.probe.tools();
        QCOMPARE(list.tools.size(), 1);
        QCOMPARE(list.tools.first().name, u"good"_s);
        QCOMPARE(list.refused.size(), 1);
        QCOMPARE(list.refused.first().name, u"bad"_s);
        QVERIFY(list.refused.first().problem.contains(u"My Name"_s));
        // Whoever shows the list as it came finds it marked.
        const Listing all = rig.probe.list(ListKind::Tools);
        QCOMPARE(all.items.size(), 2);
        QCOMPARE(all.items.first().problem, list.refused.first().problem);
        QVERIFY(all.items.last().problem.isEmpty());
    }
    QTRY_COMPARE(rig.probe.state().remarks.size(), 1);
    QCOMPARE(rig.probe.state().remarks.first().name, u"tool-refused"_s);
    // A person can call it all the same.
    QVERIFY(!rig.probe.call(u"bad"_s, "{\"a\":\"x\",\"b\":\"y\"}").failure);
    QCOMPARE(name, "\"bad\"");
    QCOMPARE(rig.probe.sent(rig.probe.trace().exchangeCount(), "Mcp-Param-Good"), "y");
}

void TestModern::a_skill_that_is_not_what_its_entry_says_is_not_used()
{
    Rig rig;
    rig.capabilities = "{\"resources\":{},\"extensions\":{\"io.modelcontextprotocol/skills\":{}}}";
    rig.results["skills/list"] = [](const Asked &) {
        return "{\"resultType\":\"complete\",\"skills\":[{\"uri\":\"skill://a/"
               "SKILL.md\",\"frontmatter\":"
               "{\"name\":\"a\",\"description\":\"b\"},\"resources\":\"dynamic\"}]}"_ba;
    };
    QByteArray description = "b";
    rig.results["resources/read"] = [&description](const Asked &) {
        return "{\"resultType\":\"complete\",\"contents\":[{\"uri\":\"skill://a/"
               "SKILL.md\",\"text\":"
               "\"---\\nname: a\\ndescription: "
            + description + "\\n---\\n\"}]}";
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    const RpcCall read = readResourceCall(u"skill://a/SKILL.md"_s);
    description = "c";
    // Before the entry is known there is nothing to compare with.
    QVERIFY(!rig.probe.request(read).failure);
    QVERIFY(!rig.probe.request({"skills/list", "{}"}).failure);
    const CallResult other = rig.probe.request(read);
    QVERIFY(other.failure);
    QCOMPARE(other.failure->code, u"skill-mismatch"_s);
    QVERIFY2(other.failure->sentence.contains(u"description"_s),
             qPrintable(other.failure->sentence));
    QVERIFY(other.result.isEmpty());
    QVERIFY(rig.probe.trace().responseBody(other.exchange).contains("description: c"));
    description = "b";
    QVERIFY(!rig.probe.request(read).failure);
}

void TestModern::an_error_with_a_status_is_an_answer_like_any_other()
{
    Rig rig;
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult unknown = rig.probe.request({"no/such", {}});
    QCOMPARE(unknown.errorCode, std::optional<qint64>(-32601));
    QCOMPARE(unknown.failure->code, u"rpc-error"_s);
    QCOMPARE(unknown.failure->sentence,
             u"no/such was answered with error -32601: Method not found"_s);
    // The session is none the worse for it.
    QVERIFY(!rig.probe.state().failure);
    // Without one in its body the status is all there is.
    rig.intercept = [](RawConnection &connection, const Asked &) {
        connection.answer(404, "nothing here", "Content-Type: text/plain\r\n");
        return true;
    };
    QCOMPARE(rig.probe.request({"no/such", {}}).failure->code, u"not-found"_s);
}

void TestModern::input_is_asked_for_and_the_call_goes_on()
{
    Rig rig;
    QList<Asked> calls;
    rig.results["tools/call"] = [&calls](const Asked &asked) {
        calls.append(asked);
        if (calls.size() > 1)
            return Done;
        return needsInput("{\"who\":{\"method\":\"elicitation/create\",\"params\":{\"message\":"
                          "\"Your name?\"}},\"where\":{\"method\":\"roots/list\"}}",
                          "\"s\\u0041\"");
    };
    QList<ServerRequest> asked;
    connect(&rig.probe.session(), &Session::serverRequested, this,
            [&](const ServerRequest &request) {
                asked.append(request);
                rig.probe.session().reply(
                    request.number, {"{\"action\":\"accept\",\"content\":{\"n\":1.0}}", {}, {}});
            });
    rig.probe.session().setRoots({{u"file:///home"_s, u"Home"_s}});
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult result = rig.probe.call(u"query"_s, "{\"a\":1}");
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QCOMPARE(SessionProbe::text(result), u"done"_s);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().method, "elicitation/create");
    QCOMPARE(asked.first().forWhat, u"tools/call query"_s);
    QCOMPARE(calls.size(), 2);
    QVERIFY(calls.at(0).id != calls.at(1).id);
    QCOMPARE(calls.at(1).param("/inputResponses"),
             "{\"who\":{\"action\":\"accept\",\"content\":{\"n\":1.0}},"
             "\"where\":{\"roots\":[{\"uri\":\"file:///home\",\"name\":\"Home\"}]}}");
    QCOMPARE(calls.at(1).param("/requestState"), "\"s\\u0041\"");
    QCOMPARE(calls.at(1).param("/arguments"), "{\"a\":1}");
    QVERIFY(rig.probe.state().asked.isEmpty());
}

void TestModern::state_alone_is_sent_back_at_once()
{
    Rig rig;
    QList<Asked> calls;
    rig.results["tools/call"] = [&calls](const Asked &asked) {
        calls.append(asked);
        return calls.size() > 1 ? Done : needsInput({}, "\"again\"");
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    QCOMPARE(SessionProbe::text(rig.probe.call(u"query"_s)), u"done"_s);
    QCOMPARE(calls.at(1).param("/requestState"), "\"again\"");
    QVERIFY(calls.at(1).param("/inputResponses").isEmpty());
}

void TestModern::requests_in_parallel_keep_their_input_apart()
{
    Rig rig;
    QList<Asked> calls;
    rig.results["tools/call"] = [&calls](const Asked &asked) {
        calls.append(asked);
        if (!asked.param("/inputResponses").isEmpty() || asked.param("/name") == "\"plain\"")
            return Done;
        return needsInput("{\"q\":{\"method\":\"elicitation/create\",\"params\":{}}}", {});
    };
    QList<quint64> open;
    connect(&rig.probe.session(), &Session::serverRequested, this,
            [&](const ServerRequest &request) { open.append(request.number); });
    QVERIFY(rig.probe.connectTo(rig.target));
    int finished = 0;
    connect(&rig.probe.session(), &Session::callFinished, this, [&finished] { ++finished; });
    rig.probe.session().callTool(u"a"_s, "{}");
    rig.probe.session().callTool(u"b"_s, "{}");
    QTRY_COMPARE(open.size(), 2);
    QCOMPARE(SessionProbe::text(rig.probe.call(u"plain"_s)), u"done"_s);
    QVERIFY(calls.last().param("/inputResponses").isEmpty());
    QCOMPARE(rig.probe.state().asked.size(), 2);
    // In any order.
    rig.probe.session().reply(open.at(1), {"{\"action\":\"decline\"}", {}, {}});
    QTRY_COMPARE(finished, 2);
    QCOMPARE(calls.last().param("/inputResponses"), "{\"q\":{\"action\":\"decline\"}}");
    QVERIFY(calls.last().param("/requestState").isEmpty());
    rig.probe.session().reply(open.at(0), {"{\"action\":\"cancel\"}", {}, {}});
    QTRY_COMPARE(finished, 3);
}

void TestModern::refused_input_gives_the_call_up()
{
    Rig rig;
    rig.results["tools/call"] = [](const Asked &) {
        return needsInput("{\"q\":{\"method\":\"sampling/createMessage\",\"params\":{}}}", {});
    };
    connect(&rig.probe.session(), &Session::serverRequested, this,
            [&](const ServerRequest &request) {
                rig.probe.session().reply(request.number, {{}, -1, u"refused"_s});
            });
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult result = rig.probe.call(u"query"_s);
    QCOMPARE(result.failure->code, u"input-refused"_s);
}

void TestModern::what_was_not_offered_is_not_asked()
{
    Rig rig;
    rig.target.offer.sampling = false;
    rig.results["tools/call"] = [](const Asked &) {
        return needsInput("{\"q\":{\"method\":\"sampling/createMessage\",\"params\":{}}}", {});
    };
    bool asked = false;
    connect(&rig.probe.session(), &Session::serverRequested, this, [&asked] { asked = true; });
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult result = rig.probe.call(u"query"_s);
    QVERIFY(result.failure);
    // Nobody cancelled anything: the server asked for what it was not offered.
    QCOMPARE(result.failure->code, u"input-not-offered"_s);
    QCOMPARE(result.failure->kind, FailureKind::Protocol);
    QVERIFY2(result.failure->sentence.contains("sampling/createMessage"_L1),
             SessionProbe::explain(result.failure));
    QVERIFY(!asked);
    QVERIFY(!rig.probe.session().state().remarks.isEmpty());
}

void TestModern::input_without_end_is_stopped()
{
    Rig rig;
    int calls = 0;
    rig.results["tools/call"] = [&calls](const Asked &) {
        ++calls;
        return needsInput({}, "\"more\"");
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult result = rig.probe.call(u"query"_s);
    QCOMPARE(result.failure->code, u"input-without-end"_s);
    QCOMPARE(calls, 21);
}

void TestModern::cancelling_while_input_is_asked_for_ends_it()
{
    Rig rig;
    rig.results["tools/call"] = [](const Asked &) {
        return needsInput("{\"q\":{\"method\":\"elicitation/create\",\"params\":{}}}", {});
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    std::optional<Failure> failure;
    connect(&rig.probe.session(), &Session::callFinished, this,
            [&failure](Ticket, const CallResult &result) { failure = result.failure; });
    QString gone;
    connect(&rig.probe.session(), &Session::serverRequestGone, this,
            [&gone](quint64, const QString &why) { gone = why; });
    const Ticket ticket = rig.probe.session().callTool(u"query"_s, "{}");
    QTRY_COMPARE(rig.probe.state().asked.size(), 1);
    rig.probe.session().cancel(ticket);
    QTRY_VERIFY(failure);
    QCOMPARE(failure->kind, FailureKind::Cancelled);
    QVERIFY(!gone.isEmpty());
    QTRY_VERIFY(rig.probe.state().asked.isEmpty());
}

void TestModern::cancelling_closes_the_stream_and_sends_nothing()
{
    Rig rig;
    QPointer<RawConnection> held;
    rig.intercept = [&held](RawConnection &connection, const Asked &asked) {
        if (asked.method != "tools/call")
            return false;
        held = &connection;
        connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: wait\n\n");
        return true;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    QCOMPARE(rig.probe.tools().tools.size(), 1);
    const Ticket ticket = rig.probe.session().callTool(u"query"_s, "{}");
    QTRY_VERIFY(held);
    bool closed = false;
    connect(held, &RawConnection::closed, this, [&closed] { closed = true; });
    rig.probe.session().cancel(ticket);
    QTRY_VERIFY(closed);
    QCOMPARE(rig.methods.last(), "tools/call");
}

void TestModern::change_notices_come_on_a_stream_that_is_kept_open()
{
    Rig rig;
    rig.capabilities = "{\"tools\":{\"listChanged\":true},\"resources\":{\"subscribe\":true}}";
    QVERIFY(rig.probe.connectTo(rig.target));
    QTRY_COMPARE(int(rig.probe.state().stream.phase), int(StreamState::Phase::Open));
    QCOMPARE(rig.probe.state().running, 0);
    QCOMPARE(rig.probe.tools().tools.size(), 1);
    QByteArrayList notices;
    connect(&rig.probe.session(), &Session::notified, this,
            [&notices](const Notice &notice) { notices.append(notice.method); });
    rig.notice("notifications/tools/list_changed");
    // The list that was asked for is fetched again; one that nobody saw is not.
    QTRY_COMPARE(rig.methods.count("tools/list"), 2);
    rig.notice("notifications/prompts/list_changed");
    // Another resource: the stream is asked for anew.
    rig.probe.session().subscribe(u"file:///a"_s, true);
    QTRY_COMPARE(rig.methods.count("subscriptions/listen"), 2);
    QTRY_COMPARE(int(rig.probe.state().stream.phase), int(StreamState::Phase::Open));
    rig.notice("notifications/resources/updated", ",\"uri\":\"file:///a\"");
    QTRY_VERIFY(notices.contains("notifications/resources/updated"));
    QVERIFY(!rig.methods.contains("prompts/list"));
    // Ended by the server: opened again.
    rig.stream->close();
    QTRY_COMPARE(rig.methods.count("subscriptions/listen"), 3);
    QTRY_COMPARE(int(rig.probe.state().stream.phase), int(StreamState::Phase::Open));
    rig.probe.disconnectFrom();
    QCOMPARE(rig.methods.count("subscriptions/listen"), 3);
    // That we closed it is no failure.
    QVERIFY2(!rig.probe.state().failure, rig.probe.explain(rig.probe.state().failure));
}

void TestModern::a_server_that_announces_nothing_is_not_listened_to()
{
    Rig rig;
    QVERIFY(rig.probe.connectTo(rig.target));
    QCOMPARE(int(rig.probe.state().stream.phase), int(StreamState::Phase::None));
    QCOMPARE(rig.probe.tools().tools.size(), 1);
    QVERIFY(!rig.methods.contains("subscriptions/listen"));
}

void TestModern::a_request_from_the_server_is_told_as_a_fault()
{
    Rig rig;
    rig.intercept = [](RawConnection &connection, const Asked &asked) {
        if (asked.method != "tools/call")
            return false;
        connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                         "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"roots/list\"}\n\n"
                         "data: {\"jsonrpc\":\"2.0\",\"id\":"
                         + asked.id + ",\"result\":" + Done + "}\n\n");
        connection.close();
        return true;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    QCOMPARE(SessionProbe::text(rig.probe.call(u"query"_s)), u"done"_s);
    QTRY_COMPARE(rig.probe.state().remarks.size(), 1);
    QVERIFY(rig.probe.state().remarks.first().text.contains("roots/list"_L1));
    QCOMPARE(rig.methods.last(), "tools/call");
}

void TestModern::an_unknown_kind_of_result_is_a_failure()
{
    Rig rig;
    rig.results["tools/call"] = [](const Asked &) { return "{\"resultType\":\"later\"}"_ba; };
    QVERIFY(rig.probe.connectTo(rig.target));
    QCOMPARE(rig.probe.call(u"query"_s).failure->code, u"result-type"_s);
}

void TestModern::an_invalid_message_is_told_with_its_rule_and_place()
{
    Rig rig;
    rig.results["tools/list"] = [](const Asked &) {
        return "{\"resultType\":\"complete\",\"tools\":[{\"name\":\"query\"}],\"ttlMs\":0,"
               "\"cacheScope\":\"private\"}"_ba;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    rig.probe.tools();
    QTRY_COMPARE(rig.probe.state().remarks.size(), 1);
    const Note remark = rig.probe.state().remarks.first();
    QCOMPARE(remark.name, u"deviation"_s);
    QCOMPARE(remark.text,
             u"In the exchange of tools/list the server sent an invalid message: "
             "ListToolsResult is not valid by the schema of 2026-07-28: at "
             "/result/tools/0: The member \"inputSchema\" is required, and missing. (rule "
             "/$defs/Tool/required)"_s);
    QVERIFY(remark.exchange > 0);
    // Each kind of fault is told once.
    rig.probe.tools();
    QCOMPARE(rig.probe.state().remarks.size(), 1);
}

void TestModern::refused_headers_are_looked_up_and_the_call_is_sent_once_more_data()
{
    QTest::addColumn<QByteArrayList>("marks"); ///< of each listing in turn; empty: it fails
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("named"); ///< the error has the request's id
    QTest::addColumn<int>("calls");
    QTest::addColumn<bool>("works");
    QTest::newRow("another header") << QByteArrayList{"Region", "Area"} << 400 << true << 2 << true;
    QTest::newRow("another header; an error without an id")
        << QByteArrayList{"Region", "Area"} << 400 << false << 2 << true;
    QTest::newRow("another header; an error with 200")
        << QByteArrayList{"Region", "Area"} << 200 << true << 2 << true;
    QTest::newRow("another one each time")
        << QByteArrayList{"Region", "Zone", "Area"} << 400 << true << 2 << false;
    QTest::newRow("the same") << QByteArrayList{"Region", "Region"} << 400 << true << 1 << false;
    QTest::newRow("a list that cannot be had")
        << QByteArrayList{"Region", ""} << 400 << true << 1 << false;
}

void TestModern::refused_headers_are_looked_up_and_the_call_is_sent_once_more()
{
    QFETCH(QByteArrayList, marks);
    QFETCH(int, status);
    QFETCH(bool, named);
    QFETCH(int, calls);
    QFETCH(bool, works);
    Rig rig;
    rig.results["tools/call"] = [](const Asked &) { return Done; };
    int listings = 0;
    rig.intercept = [&](RawConnection &connection, const Asked &asked) {
        const QByteArray mark = marks.value(asked.method == "tools/list" ? listings++ : -1);
        if (asked.method == "tools/list" && mark.isEmpty()) {
            Rig::error(connection, asked, 500, "{\"code\":-32603,\"message\":\"no\"}");
            return true;
        }
        if (asked.method == "tools/list") {
            rig.results["tools/list"] = [mark](const Asked &) {
                return "{\"resultType\":\"complete\",\"tools\":[{\"name\":\"query\","
                       "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"region\":{"
                       "\"type\":\"string\",\"x-mcp-header\":\""
                    + mark + "\"}}}}],\"ttlMs\":0,\"cacheScope\":\"private\"}";
            };
        }
        if (asked.method == "tools/call"
            && rig.server.requests().last().header("Mcp-Param-Area") != "eu") {
            Asked wrong = asked;
            if (!named)
                wrong.id = "null";
            Rig::error(connection, wrong, status,
                       "{\"code\":-32020,\"message\":\"Mcp-Param-Area is missing\"}");
            return true;
        }
        return false;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult result = rig.probe.call(u"query"_s, "{\"region\":\"eu\"}");
    QCOMPARE(rig.methods.count("tools/call"), calls);
    QCOMPARE(rig.methods.count("tools/list"), 2);
    QCOMPARE(!result.failure, works);
    const TraceStore &trace = rig.probe.trace();
    QList<ExchangeId> sent;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        if (trace.request(id).what == u"tools/call query"_s)
            sent.append(id);
    }
    QCOMPARE(sent.size(), calls);
    QCOMPARE(result.exchange, sent.last());
    if (calls == 2) {
        // An exchange of its own, that tells why it is there.
        QCOMPARE(trace.request(sent.last()).cause, sent.first());
        QVERIFY(JsonText::parse(trace.requestBody(sent.first())).find("/id") > 0);
        QVERIFY(trace.requestBody(sent.first()) != trace.requestBody(sent.last()));
    }
    if (works) {
        QCOMPARE(SessionProbe::text(result), u"done"_s);
        QVERIFY(!rig.probe.state().failure);
        return;
    }
    QCOMPARE(result.errorCode, std::optional<qint64>(-32020));
    QVERIFY2(result.failure->sentence.contains("Mcp-Param-Area is missing"_L1),
             SessionProbe::explain(result.failure));
    if (calls == 1)
        QVERIFY2(result.failure->advice.contains("listed again"_L1),
                 qPrintable(result.failure->advice));
}

void TestModern::input_goes_along_where_headers_were_refused()
{
    Rig rig;
    QList<Asked> calls;
    QByteArray mark = "Region";
    rig.results["tools/list"] = [&mark](const Asked &) {
        return "{\"resultType\":\"complete\",\"tools\":[{\"name\":\"query\",\"inputSchema\":{"
               "\"type\":\"object\",\"properties\":{\"region\":{\"type\":\"string\","
               "\"x-mcp-header\":\""
            + mark + "\"}}}}],\"ttlMs\":0,\"cacheScope\":\"private\"}";
    };
    rig.results["tools/call"] = [&calls](const Asked &) {
        return calls.size() > 1 ? Done : needsInput({}, "\"state\"");
    };
    rig.intercept = [&](RawConnection &connection, const Asked &asked) {
        if (asked.method != "tools/call")
            return false;
        calls.append(asked);
        if (calls.size() != 2)
            return false;
        mark = "Area";
        Rig::error(connection, asked, 400, "{\"code\":-32020,\"message\":\"no\"}");
        return true;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult result = rig.probe.call(u"query"_s, "{\"region\":\"eu\"}");
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QCOMPARE(calls.size(), 3);
    QCOMPARE(calls.at(2).param("/requestState"), "\"state\"");
    QCOMPARE(rig.server.requests().last().header("Mcp-Param-Area"), "eu");
}

void TestModern::a_call_can_be_cancelled_while_its_headers_are_looked_up()
{
    Rig rig;
    QPointer<RawConnection> held;
    rig.intercept = [&](RawConnection &connection, const Asked &asked) {
        if (asked.method == "tools/list" && rig.methods.contains("tools/call")) {
            held = &connection;
            return true;
        }
        if (asked.method != "tools/call")
            return false;
        Rig::error(connection, asked, 400, "{\"code\":-32020,\"message\":\"no\"}");
        return true;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    QList<CallResult> ended;
    connect(&rig.probe.session(), &Session::callFinished, this,
            [&ended](Ticket, const CallResult &result) { ended.append(result); });
    const Ticket ticket = rig.probe.session().callTool(u"query"_s, "{\"region\":\"eu\"}");
    QTRY_VERIFY(held);
    rig.probe.session().cancel(ticket);
    QTRY_COMPARE(ended.size(), 1);
    QCOMPARE(ended.first().failure->kind, FailureKind::Cancelled);
    held->answer(500);
    QVERIFY(rig.probe.waitFor([&] { return rig.probe.state().running == 0; }));
    rig.probe.disconnectFrom();
    QCOMPARE(ended.size(), 1);
    QCOMPARE(rig.methods.count("tools/call"), 1);
}

void TestModern::headers_that_contradict_are_told_at_their_exchange()
{
    Rig rig;
    rig.target.credentials.headers = {{"Mcp-Method", "bogus", HeaderSource::User, false}};
    rig.intercept = [](RawConnection &connection, const Asked &asked) {
        if (asked.method != "tools/call")
            return false;
        connection.answer(200,
                          "{\"jsonrpc\":\"2.0\",\"id\":" + asked.id + ",\"result\":" + Done + '}',
                          "Content-Type: application/json\r\nMCP-Protocol-Version: 2024-11-05\r\n");
        return true;
    };
    QVERIFY2(rig.probe.connectTo(rig.target), SessionProbe::explain(rig.probe.state().failure));
    const CallResult result = rig.probe.call(u"query"_s);
    QVERIFY(!result.failure);
    const auto told = [&rig](const QString &first, const QString &second, ExchangeId exchange) {
        for (qint64 i = 0; i < rig.probe.trace().noteCount(); ++i) {
            const Note note = rig.probe.trace().note(i);
            if (note.exchange == exchange && note.text.contains(first)
                && note.text.contains(second))
                return true;
        }
        return false;
    };
    // Ours: on each exchange.
    QVERIFY(told(u"Mcp-Method: bogus"_s, u"tools/call"_s, result.exchange));
    QVERIFY(told(u"Mcp-Method: bogus"_s, u"server/discover"_s, 1));
    // The server's.
    QVERIFY(told(u"MCP-Protocol-Version: 2024-11-05"_s, u"2026-07-28"_s, result.exchange));
    QVERIFY(!told(u"MCP-Protocol-Version"_s, u"2026-07-28"_s, 1));
    // To a person each kind once.
    qsizetype mine = 0;
    const QList<Note> remarks = rig.probe.session().state().remarks;
    for (const Note &remark : remarks)
        mine += remark.text.contains("Mcp-Method: bogus"_L1);
    QCOMPARE(mine, 1);
}

void TestModern::the_older_transport_is_not_asked_for_the_modern_era()
{
    Rig rig;
    rig.target.transport = TransportChoice::HttpSse;
    rig.target.revision = u"2026-07-28"_s;
    QVERIFY(!rig.probe.connectTo(rig.target));
    QCOMPARE(rig.probe.state().failure->kind, FailureKind::Usage);
    QVERIFY2(rig.probe.state().failure->sentence.contains("HTTP+SSE"_L1),
             SessionProbe::explain(rig.probe.state().failure));
    QVERIFY(rig.server.requests().isEmpty());
}

void TestModern::revisions_that_nobody_speaks_are_named()
{
    Rig rig;
    rig.intercept = [](RawConnection &connection, const Asked &asked) {
        Rig::error(connection, asked, 400,
                   "{\"code\":-32022,\"message\":\"Unsupported protocol version\",\"data\":"
                   "{\"supported\":[\"2031-01-01\"],\"requested\":\"x\"}}");
        return true;
    };
    for (const Ladder::Order order : {Ladder::Order::LegacyFirst, Ladder::Order::ModernFirst}) {
        rig.target.order = order;
        QVERIFY(!rig.probe.connectTo(rig.target));
        const Failure told = *rig.probe.state().failure;
        QVERIFY2(told.advice.contains("2031-01-01"_L1), told.advice.toUtf8());
        QVERIFY2(told.advice.contains("2026-07-28"_L1), told.advice.toUtf8());
    }
}

void TestModern::a_session_that_is_assigned_is_told_and_not_used()
{
    Rig rig;
    rig.intercept = [&rig](RawConnection &connection, const Asked &asked) {
        connection.answer(200,
                          "{\"jsonrpc\":\"2.0\",\"id\":" + asked.id
                              + ",\"result\":" + rig.results.value(asked.method)(asked) + '}',
                          "Content-Type: application/json\r\nMcp-Session-Id: s-" + asked.id
                              + "\r\n");
        return true;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    QVERIFY(rig.probe.state().sessionId.isEmpty());
    QCOMPARE(rig.probe.tools().tools.size(), 1);
    rig.probe.disconnectFrom();
    for (const RawRequest &request : rig.server.requests()) {
        QCOMPARE(request.method(), "POST");
        QVERIFY(request.header("Mcp-Session-Id").isNull());
    }
    QStringList told;
    for (const Note &remark : rig.probe.session().state().remarks)
        told.append(remark.text);
    QCOMPARE(told.size(), 1);
    QVERIFY2(told.first().contains("server/discover assigns a session"_L1)
                 && told.first().contains("2026-07-28 does not have"_L1),
             told.first().toUtf8());
}

void TestModern::what_was_not_granted_is_told_once()
{
    Rig rig;
    rig.capabilities = "{\"tools\":{\"listChanged\":true},\"resources\":{\"subscribe\":true,"
                       "\"listChanged\":true}}";
    rig.grants = [](const Asked &) {
        return "{\"resourcesListChanged\":true,\"resourceSubscriptions\":[\"file:///b\"]}"_ba;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    QTRY_COMPARE(int(rig.probe.state().stream.phase), int(StreamState::Phase::Open));
    rig.probe.session().subscribe(u"file:///a"_s, true);
    rig.probe.session().subscribe(u"file:///b"_s, true);
    // The one for the first alone need not have left when the second was wished for.
    QTRY_VERIFY(rig.methods.count("subscriptions/listen") >= 2);
    QTRY_COMPARE(int(rig.probe.state().stream.phase), int(StreamState::Phase::Open));
    QTRY_VERIFY(rig.stream);
    rig.stream->close();
    const qsizetype before = rig.methods.count("subscriptions/listen");
    QTRY_VERIFY(rig.methods.count("subscriptions/listen") > before);
    QTRY_COMPARE(int(rig.probe.state().stream.phase), int(StreamState::Phase::Open));
    QString told;
    for (const Note &remark : rig.probe.session().state().remarks)
        told += remark.text + u'\n';
    QVERIFY2(told.count("did not grant"_L1) == 2, told.toUtf8());
    QVERIFY2(told.count("file:///a"_L1) == 1 && told.count("toolsListChanged"_L1) == 1,
             told.toUtf8());
    QVERIFY2(!told.contains("file:///b"_L1) && !told.contains("resourcesListChanged"_L1),
             told.toUtf8());
}

void TestModern::a_stream_that_the_server_cancels_is_asked_for_again()
{
    Rig rig;
    rig.capabilities = "{\"tools\":{\"listChanged\":true}}";
    QVERIFY(rig.probe.connectTo(rig.target));
    QTRY_COMPARE(int(rig.probe.state().stream.phase), int(StreamState::Phase::Open));
    QStringList failures;
    connect(&rig.probe.session(), &Session::stateChanged, this,
            [&failures](const SessionState &state) {
                if (state.stream.failure)
                    failures.append(state.stream.failure->sentence);
            });
    rig.notice("notifications/cancelled", ",\"requestId\":" + rig.listenId + ",\"reason\":\"bye\"");
    QTRY_COMPARE(rig.methods.count("subscriptions/listen"), 2);
    QTRY_COMPARE(int(rig.probe.state().stream.phase), int(StreamState::Phase::Open));
    QVERIFY2(failures.join(u'\n').contains("bye"_L1), failures.join(u'\n').toUtf8());
}

void TestModern::input_that_cannot_be_given_gives_the_call_up_data()
{
    QTest::addColumn<bool>("offered");
    QTest::addColumn<QString>("code");
    QTest::newRow("refused") << true << u"input-refused"_s;
    QTest::newRow("not offered") << false << u"input-not-offered"_s;
}

void TestModern::input_that_cannot_be_given_gives_the_call_up()
{
    QFETCH(bool, offered);
    QFETCH(QString, code);
    Rig rig;
    rig.target.offer.sampling = offered;
    rig.results["tools/call"] = [](const Asked &) {
        return needsInput("{\"who\":{\"method\":\"elicitation/create\",\"params\":{}},"
                          "\"what\":{\"method\":\"sampling/createMessage\",\"params\":{}},"
                          "\"when\":{\"method\":\"elicitation/create\",\"params\":{}}}",
                          "\"s\"");
    };
    connect(&rig.probe.session(), &Session::serverRequested, this,
            [&](const ServerRequest &request) {
                if (request.method == "sampling/createMessage")
                    rig.probe.session().reply(request.number, {{}, -1, u"refused"_s});
            });
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult result = rig.probe.call(u"query"_s);
    QVERIFY(result.failure);
    QCOMPARE(result.failure->code, code);
    const QString sentence = result.failure->sentence;
    QVERIFY2(sentence.contains(u"“what”"_s) && sentence.contains("sampling/createMessage"_L1),
             sentence.toUtf8());
    // Without that answer it cannot be sent again, and the others are no longer needed.
    QCOMPARE(rig.methods.count("tools/call"), 1);
    QTRY_VERIFY(rig.probe.session().state().asked.isEmpty());
    QVERIFY(rig.probe.waitFor([&] { return rig.probe.state().running == 0; }));
}

void TestModern::more_input_than_is_asked_for_gives_the_call_up()
{
    Rig rig;
    rig.results["tools/call"] = [](const Asked &) {
        QByteArrayList wanted;
        for (int i = 0; i <= 200; ++i)
            wanted.append("\"k" + QByteArray::number(i)
                          + "\":{\"method\":\"elicitation/create\",\"params\":{}}");
        return needsInput('{' + wanted.join(',') + '}', {});
    };
    int asked = 0;
    connect(&rig.probe.session(), &Session::serverRequested, this,
            [&](const ServerRequest &request) {
                ++asked;
                rig.probe.session().reply(request.number, {"{\"action\":\"accept\"}", {}, {}});
            });
    QVERIFY(rig.probe.connectTo(rig.target));
    const CallResult result = rig.probe.call(u"query"_s);
    QVERIFY(result.failure);
    QCOMPARE(result.failure->code, u"too-much-input"_s);
    QVERIFY2(result.failure->sentence.contains("201"_L1)
                 && result.failure->sentence.contains("200"_L1),
             SessionProbe::explain(result.failure));
    QCOMPARE(asked, 0);
    QCOMPARE(rig.methods.count("tools/call"), 1);
}

void TestModern::a_call_by_hand_mirrors_its_arguments_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("listed");
    QTest::newRow("of a tool that mirrors")
        << "{\"name\":\"query\",\"arguments\":{\"region\":\"eu\"}}"_ba
        << "eu"_ba << 1;
    QTest::newRow("of none that is known") << "{\"name\":\"none\"}"_ba << QByteArray() << 1;
}

void TestModern::a_call_by_hand_mirrors_its_arguments()
{
    QFETCH(QByteArray, params);
    QFETCH(QByteArray, header);
    QFETCH(int, listed);
    Rig rig;
    rig.results["tools/call"] = [](const Asked &) { return Done; };
    QVERIFY(rig.probe.connectTo(rig.target));
    QVERIFY(!rig.probe.request({"tools/call", params}).failure);
    QCOMPARE(rig.methods.count("tools/list"), listed);
    QCOMPARE(rig.methods.count("tools/call"), 1);
    QCOMPARE(rig.server.requests().last().header("Mcp-Param-Region"), header);
    // The schema is known now.
    QVERIFY(!rig.probe.request({"tools/call", params}).failure);
    QCOMPARE(rig.methods.count("tools/list"), listed);
}

void TestModern::a_call_that_waits_for_the_tools_is_cancelled_unsent_data()
{
    QTest::addColumn<bool>("all");
    QTest::newRow("the call alone") << false;
    QTest::newRow("all that is under way") << true;
}

void TestModern::a_call_that_waits_for_the_tools_is_cancelled_unsent()
{
    QFETCH(bool, all);
    Rig rig;
    rig.results["tools/call"] = [](const Asked &) { return Done; };
    QPointer<RawConnection> held;
    Asked listing;
    rig.intercept = [&](RawConnection &connection, const Asked &asked) {
        if (asked.method != "tools/list" || held)
            return false;
        held = &connection;
        listing = asked;
        return true;
    };
    QVERIFY(rig.probe.connectTo(rig.target));
    std::optional<Failure> failure;
    connect(&rig.probe.session(), &Session::callFinished, this,
            [&failure](Ticket, const CallResult &result) { failure = result.failure; });
    const Ticket ticket = rig.probe.session().callTool(u"unwanted"_s, "{}");
    QTRY_VERIFY(held);
    if (all)
        rig.probe.session().cancelAll();
    else
        rig.probe.session().cancel(ticket);
    QTRY_VERIFY(failure);
    QCOMPARE(failure->kind, FailureKind::Cancelled);
    if (!all) {
        held->answer(200,
                     "{\"jsonrpc\":\"2.0\",\"id\":" + listing.id
                         + ",\"result\":" + rig.results.value("tools/list")(listing) + '}',
                     "Content-Type: application/json\r\n");
    }
    for (ExchangeId id = 1; id <= rig.probe.trace().exchangeCount(); ++id)
        QVERIFY(rig.probe.trace().request(id).what != u"tools/call unwanted"_s);
    // What comes after it is sent, and it alone.
    QCOMPARE(SessionProbe::text(rig.probe.call(u"query"_s)), u"done"_s);
    QCOMPARE(rig.methods.count("tools/call"), 1);
}

QTEST_GUILESS_MAIN(TestModern)
#include "test_modern.moc"
