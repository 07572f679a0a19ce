// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The lab where every request stands for itself (2026-07-28).

#include "core/lab/lab.h"
#include "raw_client.h"
#include "wire.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

const QByteArray everything =
    R"({"roots":{},"sampling":{"tools":{}},"elicitation":{"form":{},"url":{}}})";
const QByteArray withTasks =
    R"({"elicitation":{"form":{}},"extensions":{"io.modelcontextprotocol/tasks":{}}})";

/// A request and the headers that go with it; a test spoils what it is about.
struct Request {
    QByteArray method;
    QByteArray params; ///< members beside _meta: `"name":"echo"`
    QByteArray name; ///< Mcp-Name; null: none
    QByteArray capabilities = everything;
    QByteArray meta = {}; ///< more members of _meta, with a comma in front
    QByteArray revision = "2026-07-28";
    QByteArray id = "1";
    QByteArray more = {}; ///< headers

    QByteArray body() const
    {
        return R"({"jsonrpc":"2.0","id":)" + id + ",\"method\":\"" + method + "\",\"params\":{"
            + params + (params.isEmpty() ? "" : ",")
            + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" + revision
            + "\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},"
              "\"io.modelcontextprotocol/clientCapabilities\":"
            + capabilities + meta + "}}}";
    }
    QByteArray headers() const
    {
        QByteArray text =
            "MCP-Protocol-Version: " + revision + "\r\nMcp-Method: " + method + "\r\n";
        if (!name.isNull())
            text += "Mcp-Name: " + name + "\r\n";
        return text + more;
    }
    RawAnswer send(const QUrl &url) const
    {
        RawClient client(url);
        client.sendRequest("POST", body(), headers());
        return client.answer();
    }
    /// The JSON-RPC message at its end.
    QJsonObject answer(const QUrl &url) const
    {
        const RawAnswer raw = send(url);
        return raw.header("Content-Type") == "text/event-stream" ? raw.event(-1) : raw.json();
    }
};

Request call(const QByteArray &tool, const QByteArray &arguments = "{}",
             const QByteArray &more = {})
{
    Request request{"tools/call", "\"name\":\"" + tool + "\",\"arguments\":" + arguments + more,
                    tool};
    return request;
}

} // namespace

class TestStateless : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { start(LabSettings{.pingMs = 0, .keepAliveMs = 0}); }
    void cleanup() { lab.reset(); }

    void serversAreDiscovered()
    {
        const RawAnswer answer = Request{"server/discover", {}, {}}.send(lab->url());
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.header("Mcp-Session-Id").isEmpty());
        const QJsonObject message = answer.json();
        QCOMPARE(textAt(message, "result/resultType"), QStringLiteral("complete"));
        QCOMPARE(textAt(message, "result/supportedVersions/0"), QStringLiteral("2026-07-28"));
        QVERIFY(at(message, "result/ttlMs").toInt(-1) >= 0);
        QCOMPARE(textAt(message, "result/cacheScope"), QStringLiteral("public"));
        const QJsonObject capabilities = at(message, "result/capabilities").toObject();
        QVERIFY(!capabilities.contains(QLatin1String("tasks")));
        QVERIFY(at(capabilities, "extensions")
                    .toObject()
                    .contains(QLatin1String("io.modelcontextprotocol/tasks")));
    }
    void faultsOfSessionsArePlayedWhereThereAreSessions_data()
    {
        QTest::addColumn<QString>("play");
        QTest::addColumn<QString>("only");
        QTest::addColumn<bool>("stateless");
        QTest::newRow("nothing") << QString() << QString() << true;
        QTest::newRow("at any request") << u"AF-85"_s << QString() << true;
        QTest::newRow("in the answer to a call") << u"truncated-json"_s << QString() << true;
        QTest::newRow("of sessions") << u"AF-81"_s << QString() << false;
        QTest::newRow("of their stream") << u"AF-80"_s << QString() << false;
        QTest::newRow("at their beginning") << u"truncated-json@initialize"_s << QString() << false;
        QTest::newRow("where it speaks no other") << u"AF-81"_s << u"2026-07-28"_s << true;
    }
    void faultsOfSessionsArePlayedWhereThereAreSessions()
    {
        QFETCH(QString, play);
        QFETCH(QString, only);
        QFETCH(bool, stateless);
        LabSettings settings{.pingMs = 0, .keepAliveMs = 0};
        if (!play.isEmpty())
            settings.play = {play};
        if (!only.isEmpty())
            settings.revisions = {only};
        start(settings);
        const RawAnswer answer = Request{"tools/list", {}, {}}.send(lab->url());
        QCOMPARE(answer.status != 400, stateless);
        lab->setPlay({});
        QCOMPARE((Request{"tools/list", {}, {}}.send(lab->url()).status), 200);
    }
    void resultsSayWhatTheyAreAndHowLongTheyKeep_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("cached");
        const auto row = [](const char *method, const char *params, const QByteArray &name,
                            bool cached) {
            QTest::newRow(method) << QByteArray(method) << QByteArray(params) << name << cached;
        };
        row("tools/list", "", {}, true);
        row("prompts/list", "", {}, true);
        row("resources/list", "", {}, true);
        row("resources/templates/list", "", {}, true);
        row("resources/read", "\"uri\":\"lab://notes/welcome\"", "lab://notes/welcome", true);
        row("prompts/get", "\"name\":\"greet\"", "greet", false);
        row("tools/call", "\"name\":\"echo\",\"arguments\":{\"message\":\"x\"}", "echo", false);
        row("completion/complete",
            "\"ref\":{\"type\":\"ref/"
            "prompt\",\"name\":\"inspect-pipe\"},\"argument\":{\"name\":\"town\",\"value\":\"\"}",
            {}, false);
    }
    void resultsSayWhatTheyAreAndHowLongTheyKeep()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, params);
        QFETCH(QByteArray, name);
        QFETCH(bool, cached);
        const QJsonObject result =
            at(Request{method, params, name}.answer(lab->url()), "result").toObject();
        QCOMPARE(textAt(result, "resultType"), QStringLiteral("complete"));
        QVERIFY(at(result, "_meta")
                    .toObject()
                    .contains(QLatin1String("io.modelcontextprotocol/serverInfo")));
        QCOMPARE(result.contains(QLatin1String("ttlMs")), cached);
        QCOMPARE(result.contains(QLatin1String("cacheScope")), cached);
    }

    void headersHaveToSayWhatTheBodySays_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("code");
        const QByteArray version = "MCP-Protocol-Version: 2026-07-28\r\n";
        const QByteArray method = "Mcp-Method: tools/call\r\n";
        const QByteArray name = "Mcp-Name: ask-region\r\n";
        const QByteArray region = "Mcp-Param-Region: north\r\n";
        const QByteArray shard = "Mcp-Param-Shard: 42.0\r\n";
        const QByteArray dry = "Mcp-Param-Dry-Run: true\r\n";
        const QByteArray all = version + method + name + region + shard + dry;
        const auto row = [](const char *what, const QByteArray &headers, int status, int code) {
            QTest::newRow(what) << headers << status << code;
        };
        row("all of them", all, 200, 0);
        row("names in another case", QByteArray(all).replace("Mcp-Method", "mcp-METHOD"), 200, 0);
        row("name in Base64", QByteArray(all).replace("ask-region", "=?base64?YXNrLXJlZ2lvbg==?="),
            200, 0);
        row("parameter in Base64", QByteArray(all).replace("north", "=?base64?bm9ydGg=?="), 200, 0);
        row("another revision", QByteArray(all).replace("2026-07-28", "2025-11-25"), 400, -32020);
        row("no revision", method + name + region + shard + dry, 400, -32020);
        row("no method", version + name + region + shard + dry, 400, -32020);
        row("another method", QByteArray(all).replace("tools/call", "tools/list"), 400, -32020);
        row("method in another case", QByteArray(all).replace("tools/call", "Tools/Call"), 400,
            -32020);
        row("no name", version + method + region + shard + dry, 400, -32020);
        row("another name", QByteArray(all).replace("Mcp-Name: ask-region", "Mcp-Name: echo"), 400,
            -32020);
        row("broken Base64", QByteArray(all).replace("north", "=?base64?%%%?="), 400, -32020);
        row("another parameter", QByteArray(all).replace("north", "south"), 400, -32020);
        row("another number", QByteArray(all).replace("42.0", "43"), 400, -32020);
        row("a parameter is missing", version + method + name + shard + dry, 400, -32020);
        row("a nested parameter is missing", version + method + name + region + shard, 400, -32020);
        row("control characters", QByteArray(all).replace("north", "nor\x01th"), 400, -32020);
    }
    void headersHaveToSayWhatTheBodySays()
    {
        QFETCH(QByteArray, headers);
        QFETCH(int, status);
        QFETCH(int, code);
        const Request request =
            call("ask-region", R"({"region":"north","shard":42,"options":{"dryRun":true}})");
        RawClient client(lab->url());
        client.sendRequest("POST", request.body(), headers);
        const RawAnswer answer = client.answer();
        QCOMPARE(answer.status, status);
        QCOMPARE(at(answer.json(), "error/code").toInt(), code);
    }
    void parametersThatAreNotGivenHaveNoHeader()
    {
        Request request = call("ask-region", R"({"region":"north","shard":null})");
        request.more = "Mcp-Param-Region: north\r\n";
        // null is given, and of another type: the tool says so, not the transport.
        QCOMPARE(request.send(lab->url()).status, 200);
        request.more += "Mcp-Param-Shard: 1\r\n";
        QCOMPARE(at(request.answer(lab->url()), "error/code").toInt(), -32020);
    }

    void whatCannotBeServedIsRefused_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("code");
        const auto row = [](const char *what, const char *method, const char *params,
                            const QByteArray &name, int status, int code) {
            QTest::newRow(what) << QByteArray(method) << QByteArray(params) << name << status
                                << code;
        };
        row("unknown method", "nothing/such", "", {}, 404, -32601);
        row("initialize", "initialize", "", {}, 404, -32601);
        row("ping", "ping", "", {}, 404, -32601);
        row("logging/setLevel", "logging/setLevel", "\"level\":\"info\"", {}, 404, -32601);
        row("resources/subscribe", "resources/subscribe", "\"uri\":\"lab://live/counter\"", {}, 404,
            -32601);
        row("unknown tool", "tools/call", "\"name\":\"none\"", "none", 200, -32602);
        row("unknown resource", "resources/read", "\"uri\":\"lab://none\"", "lab://none", 200,
            -32602);
        row("wrong cursor", "tools/list", "\"cursor\":\"x\"", {}, 200, -32602);
        row("no filter", "subscriptions/listen", "", {}, 200, -32602);
    }
    void whatCannotBeServedIsRefused()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, params);
        QFETCH(QByteArray, name);
        QFETCH(int, status);
        QFETCH(int, code);
        const RawAnswer answer = Request{method, params, name}.send(lab->url());
        const bool stream = answer.header("Content-Type") == "text/event-stream";
        QCOMPARE(answer.status, status);
        QCOMPARE(at(stream ? answer.event(-1) : answer.json(), "error/code").toInt(), code);
    }
    void anotherRevisionIsRefusedWithThoseThereAre()
    {
        Request request{"tools/list", {}, {}};
        request.revision = "2031-01-01";
        const RawAnswer answer = request.send(lab->url());
        QCOMPARE(answer.status, 400);
        QCOMPARE(at(answer.json(), "error/code").toInt(), -32022);
        QCOMPARE(textAt(answer.json(), "error/data/requested"), QStringLiteral("2031-01-01"));
        QVERIFY(at(answer.json(), "error/data/supported")
                    .toArray()
                    .contains(QStringLiteral("2026-07-28")));
    }
    void requestsHaveToDescribeTheClient()
    {
        RawClient client(lab->url());
        client.sendRequest(
            "POST",
            R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})",
            "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\n");
        const RawAnswer answer = client.answer();
        QCOMPARE(answer.status, 400);
        QCOMPARE(at(answer.json(), "error/code").toInt(), -32602);
    }
    void aLabOfThisRevisionAloneHasNoSessions()
    {
        start(LabSettings{.pingMs = 0, .revisions = {QStringLiteral("2026-07-28")}});
        const RawSession session(lab->url());
        QCOMPARE(session.initialized.status, 400);
        QCOMPARE(at(session.initialized.json(), "error/code").toInt(), -32022);
        QCOMPARE(textAt(session.initialized.json(), "error/data/supported/0"),
                 QStringLiteral("2026-07-28"));
        for (const char *method : {"GET", "DELETE"}) {
            RawClient client(lab->url());
            client.sendRequest(method, {}, "Mcp-Session-Id: x\r\n");
            QCOMPARE(client.answer().status, 405);
        }
        QCOMPARE(Request({"tools/list", {}, {}}).send(lab->url()).status, 200);
    }
    void aLabOfTheOtherErasFallsBack()
    {
        start(LabSettings{.pingMs = 0, .revisions = {QStringLiteral("2025-11-25")}});
        const RawAnswer answer = Request{"server/discover", {}, {}}.send(lab->url());
        QCOMPARE(answer.status, 400);
        const int code = at(answer.json(), "error/code").toInt();
        QVERIFY(code > -32020 || code < -32022);
    }
    void bothErasLiveAtOneEndpoint()
    {
        const RawSession session(lab->url());
        QCOMPARE(Request({"tools/list", {}, {}}).send(lab->url()).status, 200);
        QCOMPARE(session.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").status, 200);
    }

    void progressAndLogMessagesComeWhereTheyWereAskedFor_data()
    {
        QTest::addColumn<QByteArray>("meta");
        QTest::addColumn<int>("progress");
        QTest::addColumn<int>("messages");
        QTest::newRow("neither") << QByteArray() << 0 << 0;
        QTest::newRow("progress") << QByteArray(R"(,"progressToken":7)") << 3 << 0;
        QTest::newRow("log messages")
            << QByteArray(",\"io.modelcontextprotocol/logLevel\":\"info\"") << 0 << 1;
        QTest::newRow("too high a level")
            << QByteArray(",\"io.modelcontextprotocol/logLevel\":\"error\"") << 0 << 0;
        QTest::newRow("both") << QByteArray(
            ",\"progressToken\":7,\"io.modelcontextprotocol/logLevel\":\"debug\"")
                              << 3 << 1;
    }
    void progressAndLogMessagesComeWhereTheyWereAskedFor()
    {
        QFETCH(QByteArray, meta);
        QFETCH(int, progress);
        QFETCH(int, messages);
        Request request = call("long-running", R"({"steps":2,"seconds":0.02})");
        request.meta = meta;
        const RawAnswer answer = request.send(lab->url());
        QVERIFY(answer.whole);
        QCOMPARE(answer.header("Content-Type"),
                 meta.isEmpty() ? QByteArray("application/json") : QByteArray("text/event-stream"));
        // Streams cannot be taken up again: no ids, no retry.
        QVERIFY(!answer.body.contains("id: ") || meta.isEmpty());
        QVERIFY(!answer.body.contains("retry:"));
        QCOMPARE(answer.body.count("notifications/progress"), progress);
        QCOMPARE(answer.body.count("notifications/message"), messages);
    }
    void closingTheStreamCancels_data()
    {
        QTest::addColumn<QByteArray>("meta");
        QTest::newRow("stream") << QByteArray(R"(,"progressToken":1)");
        QTest::newRow("plain") << QByteArray();
    }
    void closingTheStreamCancels()
    {
        QFETCH(QByteArray, meta);
        Request request = call("long-running", R"({"steps":2,"seconds":600})");
        request.meta = meta;
        RawClient client(lab->url());
        client.sendRequest("POST", request.body(), request.headers());
        if (!meta.isEmpty())
            client.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        // Until the lab has the request: an answer on another connection comes after it.
        Request{"server/discover", {}, {}}.send(lab->url());
        client.socket.abort();
        QVERIFY(RawClient::waitFor(
            [this] { return !logged.filter(QStringLiteral("was cancelled")).isEmpty(); }));
    }

    void inputIsAskedForAndTheRequestComesAgain()
    {
        const QJsonObject first = at(call("ask-at-once").answer(lab->url()), "result").toObject();
        QCOMPARE(textAt(first, "resultType"), QStringLiteral("input_required"));
        QCOMPARE(at(first, "inputRequests").toObject().keys(),
                 (QStringList{QStringLiteral("model"), QStringLiteral("name"),
                              QStringLiteral("roots")}));
        // Two of the three: the third is asked for again.
        const QJsonObject second =
            at(call("ask-at-once", "{}",
                    ",\"inputResponses\":{\"name\":{\"action\":\"accept\",\"content\":{\"name\":"
                    "\"Ada\"}},\"roots\":{\"roots\":[]},\"more\":{}},\"requestState\":\""
                        + textAt(first, "requestState").toUtf8() + '"')
                   .answer(lab->url()),
               "result")
                .toObject();
        QCOMPARE(at(second, "inputRequests").toObject().keys(),
                 QStringList{QStringLiteral("model")});
        const QJsonObject third =
            at(call("ask-at-once", "{}",
                    ",\"inputResponses\":{\"model\":{\"role\":\"assistant\",\"content\":{\"type\":"
                    "\"text\",\"text\":\"w\"},\"model\":\"m\"}},\"requestState\":\""
                        + textAt(second, "requestState").toUtf8() + '"')
                   .answer(lab->url()),
               "result")
                .toObject();
        QCOMPARE(textAt(third, "resultType"), QStringLiteral("complete"));
        QCOMPARE(textAt(third, "content/0/text"),
                 QStringLiteral("Name: Ada\nRoots: 0\nModel: m said: w"));
    }
    void promptsAndResourcesAskToo_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("prompt") << QByteArray("prompts/get") << QByteArray("\"name\":\"interview\"")
                                << QByteArray("interview") << QByteArray("name");
        QTest::newRow("resource") << QByteArray("resources/read")
                                  << QByteArray("\"uri\":\"lab://sealed/letter\"")
                                  << QByteArray("lab://sealed/letter") << QByteArray("word");
    }
    void promptsAndResourcesAskToo()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, params);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, key);
        const QJsonObject first =
            at(Request{method, params, name}.answer(lab->url()), "result").toObject();
        QCOMPARE(textAt(first, "resultType"), QStringLiteral("input_required"));
        params += ",\"inputResponses\":{\"" + key
            + "\":{\"action\":\"accept\",\"content\":{\"name\":\"x\"}}},\"requestState\":\""
            + textAt(first, "requestState").toUtf8() + '"';
        QCOMPARE(textAt(Request{method, params, name}.answer(lab->url()), "result/resultType"),
                 QStringLiteral("complete"));
    }
    void statesThatAreNotOursAreRefused_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<int>("spoil"); ///< 0: nothing, 1: a byte, 2: cut off, 3: other text
        QTest::addColumn<int>("code");
        QTest::newRow("as it came") << QByteArray("ask-roots") << 0 << 0;
        QTest::newRow("a byte changed") << QByteArray("ask-roots") << 1 << -32602;
        QTest::newRow("cut off") << QByteArray("ask-roots") << 2 << -32602;
        QTest::newRow("made up") << QByteArray("ask-roots") << 3 << -32602;
        QTest::newRow("of another call") << QByteArray("ask-form") << 0 << -32602;
    }
    void statesThatAreNotOursAreRefused()
    {
        QFETCH(QByteArray, tool);
        QFETCH(int, spoil);
        QFETCH(int, code);
        QByteArray state =
            textAt(call("ask-roots").answer(lab->url()), "result/requestState").toUtf8();
        QVERIFY(!state.isEmpty());
        if (spoil == 1)
            state[5] = state.at(5) == 'A' ? 'B' : 'A';
        else if (spoil == 2)
            state.chop(4);
        else if (spoil == 3)
            state = "let me in";
        const QJsonObject answer =
            call(tool, "{}",
                 ",\"inputResponses\":{\"roots\":{\"roots\":[]}},\"requestState\":\"" + state + '"')
                .answer(lab->url());
        QCOMPARE(at(answer, "error/code").toInt(), code);
    }
    void clientsAreAskedForWhatTheyDeclareAlone_data()
    {
        QTest::addColumn<QByteArray>("capabilities");
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("wanted");
        QTest::newRow("roots") << QByteArray("{}") << QByteArray("ask-roots")
                               << QByteArray(R"({"roots":{}})");
        QTest::newRow("form") << QByteArray("{}") << QByteArray("ask-form")
                              << QByteArray(R"({"elicitation":{"form":{}}})");
        QTest::newRow("url") << QByteArray(R"({"elicitation":{}})") << QByteArray("ask-by-url")
                             << QByteArray(R"({"elicitation":{"url":{}}})");
        QTest::newRow("sampling") << QByteArray("{}") << QByteArray("ask-model")
                                  << QByteArray(R"({"sampling":{}})");
        QTest::newRow("tasks") << QByteArray("{}") << QByteArray("deep-clean")
                               << QByteArray(
                                      R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})");
    }
    void clientsAreAskedForWhatTheyDeclareAlone()
    {
        QFETCH(QByteArray, capabilities);
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, wanted);
        Request request = call(tool);
        request.capabilities = capabilities;
        const RawAnswer answer = request.send(lab->url());
        QCOMPARE(answer.status, 400);
        QCOMPARE(at(answer.json(), "error/code").toInt(), -32021);
        QCOMPARE(written(at(answer.json(), "error/data/requiredCapabilities")), wanted);
    }

    void listenersHearWhatTheyAskedFor()
    {
        Request request{"subscriptions/listen",
                        "\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":false,"
                        "\"resourceSubscriptions\":[\"lab://live/counter\",\"lab://none\"]}",
                        {}};
        request.id = "\"listen\"";
        RawClient stream(lab->url());
        stream.sendRequest("POST", request.body(), request.headers());
        const RawAnswer begun =
            stream.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        QCOMPARE(textAt(begun.event(0), "method"),
                 QStringLiteral("notifications/subscriptions/acknowledged"));
        QCOMPARE(written(at(begun.event(0), "params/notifications")),
                 QByteArray("{\"resourceSubscriptions\":[\"lab://live/counter\"],"
                            "\"toolsListChanged\":true}"));
        call("change-list", R"({"list":"prompts"})").send(lab->url());
        call("change-resource").send(lab->url());
        call("add-tool").send(lab->url());
        const RawAnswer heard =
            stream.answer([](const RawAnswer &answer) { return answer.events().size() > 2; });
        QCOMPARE(textAt(heard.event(1), "method"),
                 QStringLiteral("notifications/resources/updated"));
        QCOMPARE(textAt(heard.event(2), "method"),
                 QStringLiteral("notifications/tools/list_changed"));
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(at(heard.event(i), "params/_meta")
                         .toObject()
                         .value(QLatin1String("io.modelcontextprotocol/subscriptionId"))
                         .toString(),
                     QStringLiteral("listen"));
        }
    }
    void listeningStreamsAreKeptAlive()
    {
        start(LabSettings{.pingMs = 0, .keepAliveMs = 20});
        const Request request{"subscriptions/listen", "\"notifications\":{}", {}};
        RawClient stream(lab->url());
        stream.sendRequest("POST", request.body(), request.headers());
        QVERIFY(stream
                    .answer([](const RawAnswer &answer) {
                        return answer.body.contains(": keep-alive");
                    })
                    .body.contains(": keep-alive"));
    }

    void theServerDecidesWhatIsATask()
    {
        Request request = call("brew-tea", R"({"seconds":0.04})");
        QCOMPARE(textAt(request.answer(lab->url()), "result/content/0/text"),
                 QStringLiteral("The tea is ready."));
        request.capabilities = withTasks;
        const QJsonObject created = at(request.answer(lab->url()), "result").toObject();
        QCOMPARE(textAt(created, "resultType"), QStringLiteral("task"));
        const QByteArray id = textAt(created, "taskId").toUtf8();
        QTRY_COMPARE(textAt(task("tasks/get", id), "status"), QStringLiteral("completed"));
        QCOMPARE(textAt(task("tasks/get", id), "result/content/0/text"),
                 QStringLiteral("The tea is ready."));
        // Routed by the task's id.
        Request wrong{"tasks/get", "\"taskId\":\"" + id + '"', "another"};
        wrong.capabilities = withTasks;
        QCOMPARE(at(wrong.answer(lab->url()), "error/code").toInt(), -32020);
        Request undeclared{"tasks/get", "\"taskId\":\"" + id + '"', id};
        QCOMPARE(at(undeclared.answer(lab->url()), "error/code").toInt(), -32021);
    }
    void tasksAskAndAreToldOf()
    {
        Request request = call("label-cup", R"({"seconds":0.04})");
        request.capabilities = withTasks;
        const QByteArray id = textAt(request.answer(lab->url()), "result/taskId").toUtf8();
        QCOMPARE(textAt(task("tasks/get", id), "status"), QStringLiteral("input_required"));
        QVERIFY(
            at(task("tasks/get", id), "inputRequests").toObject().contains(QLatin1String("name")));
        Request listen{"subscriptions/listen",
                       "\"notifications\":{\"taskIds\":[\"" + id + "\",\"none\"]}",
                       {}};
        listen.capabilities = withTasks;
        RawClient stream(lab->url());
        stream.sendRequest("POST", listen.body(), listen.headers());
        const RawAnswer begun =
            stream.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        QCOMPARE(at(begun.event(0), "params/notifications/taskIds").toArray().size(), 1);
        task("tasks/update", id, R"(,"inputResponses":{"other":{}})");
        QCOMPARE(textAt(task("tasks/get", id), "status"), QStringLiteral("input_required"));
        QCOMPARE(
            textAt(
                task("tasks/update", id,
                     R"(,"inputResponses":{"name":{"action":"accept","content":{"name":"Bo"}}})"),
                "resultType"),
            QStringLiteral("complete"));
        const RawAnswer heard = stream.answer([](const RawAnswer &answer) {
            return answer.body.contains("\"status\":\"completed\"");
        });
        QCOMPARE(textAt(heard.event(-1), "method"), QStringLiteral("notifications/tasks"));
        QVERIFY(
            textAt(heard.event(-1), "params/result/content/0/text").contains(QLatin1String("Bo")));
    }
    void tasksOfTheExtensionCanBeCancelled()
    {
        Request request = call("deep-clean", R"({"seconds":600})");
        request.capabilities = withTasks;
        const QByteArray id = textAt(request.answer(lab->url()), "result/taskId").toUtf8();
        QCOMPARE(written(at(task("tasks/cancel", id), "resultType").isString()
                             ? QJsonValue(QJsonObject())
                             : QJsonValue()),
                 QByteArray("{}"));
        QCOMPARE(textAt(task("tasks/get", id), "status"), QStringLiteral("cancelled"));
    }

    void faultsPlay_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("contains");
        const auto row = [](const char *fault, const char *tool, const char *contains) {
            QTest::newRow(fault) << QString::fromLatin1(fault) << QByteArray(tool)
                                 << QByteArray(contains);
        };
        row("state-wrong-type", "ask-roots", "\"requestState\":{");
        row("asks-nothing", "echo", "\"result\":{\"resultType\":\"input_required\"}");
        row("unknown-result-type", "echo", "\"resultType\":\"perhaps\"");
        row("broken-structure", "structured-content", "\"temperature\":\"warm\"");
        row("schema-invalid", "echo", "\"content\":\"text");
        row("schema-invalid-notification", "echo", "\"level\":\"loud\"");
        row("asks-without-end", "echo", "\"round-1\":{");
        row("asks-and-leaves", "echo", "\"resultType\":\"input_required\"");
    }
    void faultsPlay()
    {
        QFETCH(QString, fault);
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, contains);
        start(LabSettings{.play = {fault}, .pingMs = 0});
        const QByteArray arguments =
            tool == "structured-content" ? R"({"town":"Bergen"})" : R"({"message":"x"})";
        const RawAnswer answer = call(tool, arguments).send(lab->url());
        QVERIFY2(answer.body.contains(contains), answer.body);
        // A healthy lab does no such thing.
        lab->setPlay({});
        QVERIFY(!call(tool, arguments).send(lab->url()).body.contains(contains));
    }
    void statesAreRefused()
    {
        start(LabSettings{.play = {QStringLiteral("state-refused")}, .pingMs = 0});
        const QByteArray state =
            textAt(call("ask-roots").answer(lab->url()), "result/requestState").toUtf8();
        QVERIFY(!state.isEmpty());
        QCOMPARE(at(call("ask-roots", "{}",
                         ",\"inputResponses\":{\"roots\":{\"roots\":[]}},\"requestState\":\""
                             + state + '"')
                        .answer(lab->url()),
                    "error/code")
                     .toInt(),
                 -32602);
    }
    void inputWithoutEndAsksAgain()
    {
        start(LabSettings{.play = {QStringLiteral("asks-without-end")}, .pingMs = 0});
        QByteArray more;
        for (int round = 1; round < 25; ++round) {
            const QJsonObject result =
                at(call("echo", "{}", more).answer(lab->url()), "result").toObject();
            const QByteArray key = "round-" + QByteArray::number(round);
            QCOMPARE(at(result, "inputRequests").toObject().keys(),
                     QStringList{QString::fromLatin1(key)});
            more = ",\"inputResponses\":{\"" + key
                + "\":{\"action\":\"accept\",\"content\":{\"name\":\"x\"}}},\"requestState\":\""
                + textAt(result, "requestState").toUtf8() + '"';
        }
    }
    void theServerAsksAndIsGoneWhenTheAnswerComes()
    {
        start(LabSettings{.play = {QStringLiteral("asks-and-leaves")}, .pingMs = 0});
        const QByteArray state =
            textAt(call("echo").answer(lab->url()), "result/requestState").toUtf8();
        const RawAnswer answer = call("echo", "{}",
                                      ",\"inputResponses\":{\"name\":{\"action\":\"accept\","
                                      "\"content\":{\"name\":\"x\"}}},\"requestState\":\""
                                          + state + '"')
                                     .send(lab->url());
        QVERIFY(!answer.whole);
        QVERIFY(!answer.body.contains("result"));
    }

private:
    void start(const LabSettings &settings)
    {
        logged.clear();
        lab = std::make_unique<Lab>(settings);
        connect(lab.get(), &Lab::log, this, [this](const QString &line) { logged += line; });
        QVERIFY(lab->listen());
    }
    QJsonObject task(const QByteArray &method, const QByteArray &id, const QByteArray &more = {})
    {
        Request request{method, "\"taskId\":\"" + id + '"' + more, id};
        request.capabilities = withTasks;
        return at(request.answer(lab->url()), "result").toObject();
    }

    std::unique_ptr<Lab> lab;
    QStringList logged;
};

QTEST_GUILESS_MAIN(TestStateless)
#include "test_stateless.moc"
