// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/modern_era.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

Agreement agreed(const QByteArray &capabilities = "{}")
{
    Agreement agreement;
    agreement.revision = *revisionNamed("2026-07-28");
    agreement.capabilities = capabilities;
    return agreement;
}

const QByteArray Meta = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                        "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"sightglass\","
                        "\"version\":\"" SIGHTGLASS_VERSION "\"},"
                        "\"io.modelcontextprotocol/clientCapabilities\":{}";

QByteArrayList lines(const HeaderList &headers)
{
    QByteArrayList list;
    for (const Header &line : headers.lines())
        list.append(line.name + ": " + line.value);
    return list;
}

} // namespace

class TestModernEra : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void every_request_describes_itself_data();
    void every_request_describes_itself();
    void each_request_asks_for_the_log_level();
    void headers_say_what_the_body_says_data();
    void headers_say_what_the_body_says();
    void arguments_go_into_headers_where_the_tool_wants_it();
    void discovery_settles_as_the_table_says_data();
    void discovery_settles_as_the_table_says();
    void listens_to_what_the_server_announces();
    void results_are_judged_data();
    void results_are_judged();
    void input_is_read_and_the_state_kept_as_it_is();
    void capabilities_are_those_of_the_revision();
};

void TestModernEra::every_request_describes_itself_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("none") << ""_ba
                          << "{\"_meta\":{" + Meta + "}}";
    QTest::newRow("empty") << "{}"_ba
                           << "{\"_meta\":{" + Meta + "}}";
    QTest::newRow("without _meta") << "{\"a\":1.50}"_ba
                                   << "{\"a\":1.50,\"_meta\":{" + Meta + "}}";
    QTest::newRow("with a token") << "{\"_meta\":{\"progressToken\":7}}"_ba
                                  << "{\"_meta\":{\"progressToken\":7," + Meta + "}}";
    // What a person wrote stays.
    QTest::newRow("with a revision of its own")
        << "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"1999-01-01\","
           "\"io.modelcontextprotocol/clientInfo\":1,"
           "\"io.modelcontextprotocol/clientCapabilities\":2}}"_ba
        << "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"1999-01-01\","
           "\"io.modelcontextprotocol/clientInfo\":1,"
           "\"io.modelcontextprotocol/clientCapabilities\":2}}"_ba;
    QTest::newRow("no object") << "[1]"_ba
                               << "[1]"_ba;
    QTest::newRow("_meta is no object") << "{\"_meta\":3}"_ba
                                        << "{\"_meta\":3}"_ba;
    QTest::newRow("no JSON") << "{"_ba
                             << "{"_ba;
}

void TestModernEra::every_request_describes_itself()
{
    QFETCH(QByteArray, params);
    QFETCH(QByteArray, sent);
    const QByteArray got = ModernEra().dressed(agreed(), {"tools/list", params}).params;
    const JsonText json = JsonText::parse(got);
    QCOMPARE(json.isValid() ? json.compact() : got, sent);
    QVERIFY(!got.contains('\n'));
}

void TestModernEra::each_request_asks_for_the_log_level()
{
    const ModernEra era;
    Agreement agreement;
    agreement.revision = *revisionNamed("2026-07-28");
    const QByteArray member = "\"io.modelcontextprotocol/logLevel\":\"warning\"";
    QVERIFY(!era.dressed(agreement, {"tools/list", {}}).params.contains("logLevel"));
    agreement.logLevel = "warning";
    QVERIFY(era.dressed(agreement, {"tools/list", {}}).params.contains(member));
    QVERIFY(era.dressed(agreement, {"tools/list", "{\"a\":1}"}).params.contains(member));
    QVERIFY(!era.settingLogLevel("warning"));
}

void TestModernEra::headers_say_what_the_body_says_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QByteArrayList>("expected");
    const QByteArray version = "MCP-Protocol-Version: 2026-07-28";
    QTest::newRow("list") << "tools/list"_ba
                          << ""_ba << QByteArrayList{version, "Mcp-Method: tools/list"};
    QTest::newRow("call") << "tools/call"_ba
                          << "{\"name\":\"add\"}"_ba
                          << QByteArrayList{version, "Mcp-Method: tools/call", "Mcp-Name: add"};
    QTest::newRow("prompt") << "prompts/get"_ba
                            << "{\"name\":\"p\"}"_ba
                            << QByteArrayList{version, "Mcp-Method: prompts/get", "Mcp-Name: p"};
    QTest::newRow("resource") << "resources/read"_ba
                              << "{\"uri\":\"file:///a\",\"name\":\"n\"}"_ba
                              << QByteArrayList{version, "Mcp-Method: resources/read",
                                                "Mcp-Name: file:///a"};
    QTest::newRow("task") << "tasks/get"_ba
                          << "{\"taskId\":\"t\",\"name\":\"n\"}"_ba
                          << QByteArrayList{version, "Mcp-Method: tasks/get", "Mcp-Name: t"};
    QTest::newRow("a name for no other method")
        << "logging/x"_ba
        << "{\"name\":\"n\"}"_ba << QByteArrayList{version, "Mcp-Method: logging/x"};
    QTest::newRow("unsafe name") << "tools/call"_ba
                                 << "{\"name\":\"a\\r\\nB: c\"}"_ba
                                 << QByteArrayList{version, "Mcp-Method: tools/call",
                                                   "Mcp-Name: =?base64?YQ0KQjogYw==?="};
    QTest::newRow("a revision written by hand")
        << "tools/list"_ba
        << "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"1900-01-01\"}}"_ba
        << QByteArrayList{"MCP-Protocol-Version: 1900-01-01", "Mcp-Method: tools/list"};
    QTest::newRow("a name that is no text")
        << "tools/call"_ba
        << "{\"name\":5}"_ba << QByteArrayList{version, "Mcp-Method: tools/call"};
}

void TestModernEra::headers_say_what_the_body_says()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, params);
    QFETCH(QByteArrayList, expected);
    const ModernEra era;
    const RpcCall call = era.dressed(agreed(), {method, params});
    QCOMPARE(lines(era.messageHeaders(agreed(), call)), expected);
    QVERIFY(era.commonHeaders(agreed()).isEmpty());
}

void TestModernEra::arguments_go_into_headers_where_the_tool_wants_it()
{
    const ModernEra era({}, [](const QString &tool) {
        return tool == "query"_L1
            ? headerParameters("{\"properties\":{\"region\":{\"type\":\"string\","
                               "\"x-mcp-header\":\"Region\"}}}")
            : HeaderParameters();
    });
    const QByteArray arguments = ",\"arguments\":{\"region\":\"eu\"}}";
    QCOMPARE(era.messageHeaders(agreed(), {"tools/call", "{\"name\":\"query\"" + arguments})
                 .value("Mcp-Param-Region"),
             "eu");
    QVERIFY(!era.messageHeaders(agreed(), {"tools/call", "{\"name\":\"other\"" + arguments})
                 .contains("Mcp-Param-Region"));
    QVERIFY(!era.messageHeaders(agreed(), {"prompts/get", "{\"name\":\"query\"" + arguments})
                 .contains("Mcp-Param-Region"));
}

void TestModernEra::discovery_settles_as_the_table_says_data()
{
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<bool>("pinned");
    QTest::addColumn<QString>("code"); // of the failure
    QTest::addColumn<QString>("server");
    const QByteArray info = "{\"name\":\"s\",\"version\":\"1\"}";
    QTest::newRow("as specified")
        << "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},"
           "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"
            + info + "}}"
        << false << QString() << u"s"_s;
    QTest::newRow("serverInfo as a draft had it")
        << "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{},\"serverInfo\":" + info
            + "}"
        << false << QString() << u"s"_s;
    QTest::newRow("without a name")
        << "{\"supportedVersions\":[\"2026-07-28\"]}"_ba << true << QString() << QString();
    QTest::newRow("other versions") << "{\"supportedVersions\":[\"2030-01-01\"]}"_ba << false
                                    << u"revision-not-agreed"_s << QString();
    QTest::newRow("legacy alone") << "{\"supportedVersions\":[\"2025-11-25\"]}"_ba << false
                                  << u"revision-not-agreed"_s << QString();
    QTest::newRow("no list") << "{\"supportedVersions\":\"2026-07-28\"}"_ba << false
                             << u"discover-result"_s << QString();
    QTest::newRow("empty list") << "{\"supportedVersions\":[]}"_ba << false
                                << u"revision-not-agreed"_s << QString();
    QTest::newRow("no object") << "7"_ba << false << u"discover-result"_s << QString();
    QTest::newRow("no JSON") << "{"_ba << false << u"discover-result"_s << QString();
}

void TestModernEra::discovery_settles_as_the_table_says()
{
    QFETCH(QByteArray, result);
    QFETCH(bool, pinned);
    QFETCH(QString, server);
    const Expected<Agreement> agreement = ModernEra().settle("2026-07-28", pinned, result);
    QTEST(agreement ? QString() : agreement.error().code, "code");
    if (agreement) {
        QCOMPARE(agreement->serverName, server);
        QCOMPARE(agreement->revision.name, "2026-07-28");
    }
}

void TestModernEra::listens_to_what_the_server_announces()
{
    const ModernEra era;
    QVERIFY(!era.listening(agreed(), {}));
    QVERIFY(!era.listening(agreed("{\"tools\":{}}"), {}));
    QCOMPARE(era.listening(agreed("{\"tools\":{\"listChanged\":true},"
                                  "\"resources\":{\"listChanged\":false}}"),
                           {})
                 ->params,
             "{\"notifications\":{\"toolsListChanged\":true}}");
    QCOMPARE(era.listening(agreed(), {u"file:///a"_s})->params,
             "{\"notifications\":{\"resourceSubscriptions\":[\"file:///a\"]}}");
}

void TestModernEra::results_are_judged_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<int>("kind");
    using Kind = ResultKind::Kind;
    const auto row = [](const char *name, const QByteArray &method, const QByteArray &result,
                        Kind kind) { QTest::newRow(name) << method << result << int(kind); };
    row("without a type", "tools/call", "{}", Kind::Complete);
    row("complete", "tools/call", "{\"resultType\":\"complete\"}", Kind::Complete);
    row("the word within the content", "tools/call",
        "{\"content\":[{\"text\":\"\\\"resultType\\\"\",\"resultType\":\"x\"}]}", Kind::Complete);
    row("input", "tools/call", "{\"resultType\":\"input_required\",\"requestState\":\"s\"}",
        Kind::InputRequired);
    row("input for a prompt", "prompts/get",
        "{\"resultType\":\"input_required\",\"inputRequests\":{}}", Kind::InputRequired);
    row("input for a list", "tools/list",
        "{\"resultType\":\"input_required\",\"requestState\":\"s\"}", Kind::Unknown);
    row("input without either", "tools/call", "{\"resultType\":\"input_required\"}", Kind::Unknown);
    row("inputRequests of another type", "tools/call",
        "{\"resultType\":\"input_required\",\"inputRequests\":[]}", Kind::Unknown);
    row("a state that is no string", "tools/call",
        "{\"resultType\":\"input_required\",\"requestState\":{}}", Kind::Unknown);
    row("another type", "tools/call", "{\"resultType\":\"later\"}", Kind::Unknown);
    row("a type that is no string", "tools/call", "{\"resultType\":1}", Kind::Unknown);
    row("a task that was not offered", "tools/call", "{\"resultType\":\"task\"}", Kind::Unknown);
}

void TestModernEra::results_are_judged()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, result);
    QFETCH(int, kind);
    const ResultKind judged = ModernEra().judge({method, {}}, result);
    QCOMPARE(int(judged.kind), kind);
    QCOMPARE(judged.problem.isEmpty(), judged.kind != ResultKind::Kind::Unknown);
}

void TestModernEra::input_is_read_and_the_state_kept_as_it_is()
{
    const QByteArray result =
        "{\"resultType\":\"input_required\",\"inputRequests\":{\"b\":{\"method\":\"roots/list\"},"
        "\"a\":{\"method\":\"elicitation/create\",\"params\":{\"n\":1.0}}},"
        "\"requestState\":\"\\u0041\\/\"}";
    const InputRequired input = ModernEra().judge({"tools/call", {}}, result).input;
    QCOMPARE(input.requests.size(), 2);
    QCOMPARE(input.requests.at(0), (InputRequired::Request{u"b"_s, "roots/list", {}}));
    QCOMPARE(input.requests.at(1),
             (InputRequired::Request{u"a"_s, "elicitation/create", "{\"n\":1.0}"}));
    QCOMPARE(input.state, std::optional("\"\\u0041\\/\""_ba));
}

void TestModernEra::capabilities_are_those_of_the_revision()
{
    const ClientOffer all{.roots = true, .sampling = true, .elicitation = true, .tasks = true};
    const auto of = [&all](const char *name) {
        return clientCapabilities(all, *revisionNamed(name));
    };
    QCOMPARE(of("2026-07-28"),
             "{\"roots\":{},\"sampling\":{\"tools\":{}},\"elicitation\":{\"form\":{},\"url\":{}},"
             "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}");
    QCOMPARE(of("2025-11-25"),
             "{\"roots\":{\"listChanged\":true},\"sampling\":{\"tools\":{}},"
             "\"elicitation\":{\"form\":{},\"url\":{}}}");
    QCOMPARE(of("2025-06-18"),
             "{\"roots\":{\"listChanged\":true},\"sampling\":{},\"elicitation\":{}}");
    QCOMPARE(of("2025-03-26"), "{\"roots\":{\"listChanged\":true},\"sampling\":{}}");
    QCOMPARE(of("2024-11-05"), "{\"roots\":{\"listChanged\":true},\"sampling\":{}}");
    QCOMPARE(clientCapabilities({}, *revisionNamed("2026-07-28")), "{}");
}

QTEST_APPLESS_MAIN(TestModernEra)
#include "test_modern_era.moc"
