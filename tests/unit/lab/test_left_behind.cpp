// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Clients that come, ask, are asked and go away leave nothing behind in the lab.

#include "core/lab/lab.h"
#include "raw_client.h"
#include "wire.h"

#include <QTest>

using namespace sightglass;

namespace {

const QByteArray everything = R"({"roots":{},"sampling":{},"elicitation":{"form":{},"url":{}}})";

QByteArray described(const QByteArray &method, const QByteArray &members)
{
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + members
        + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          "\"progressToken\":1,\"io.modelcontextprotocol/clientCapabilities\":"
        + everything + "}}}";
}

bool hasEvents(const RawAnswer &answer)
{
    return !answer.events().isEmpty();
}

} // namespace

class TestLeftBehind : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        lab = std::make_unique<Lab>(LabSettings{.pingMs = 0, .keepAliveMs = 0});
        QVERIFY(lab->listen());
    }
    void cleanup() { lab.reset(); }

    void nothingStays_data()
    {
        QTest::addColumn<QByteArray>("what");
        for (const char *what :
             {"a session that ends while it is asked", "a closed SSE stream",
              "a closed stateless stream", "a closed stateless call", "a closed subscription",
              "input that nobody gives", "a cancelled call that asked"})
            QTest::newRow(what) << QByteArray(what);
    }
    void nothingStays()
    {
        QFETCH(QByteArray, what);
        leave(what); // what is made once, is made now
        QVERIFY(RawClient::waitFor([this] { return connections() == 0; }));
        const qsizetype before = objects();
        for (int i = 0; i < 10; ++i)
            leave(what);
        QVERIFY2(RawClient::waitFor([this, before] { return objects() <= before; }, 5000),
                 QByteArray::number(objects() - before));
    }

private:
    qsizetype objects() const { return lab->findChildren<QObject *>().size(); }
    qsizetype connections() const { return lab->findChildren<QTcpSocket *>().size(); }

    /// A client of that kind comes and goes.
    void leave(const QByteArray &what)
    {
        if (what == "a session that ends while it is asked"
            || what == "a cancelled call that asked") {
            const RawSession session(lab->url(), "2025-11-25", {}, everything);
            RawClient call(lab->url());
            call.sendRequest("POST", RawSession::callText("ask-at-once"), session.headers());
            call.answer(hasEvents);
            if (what.startsWith("a cancelled")) {
                session.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
                             "\"params\":{\"requestId\":7}}");
                QVERIFY(call.answer().whole);
            }
            RawClient end(lab->url());
            end.sendRequest("DELETE", {}, session.headers());
            QCOMPARE(end.answer().status, 200);
        } else if (what == "a closed SSE stream") {
            RawClient stream(lab->url());
            stream.sendRequest("GET", {}, "Accept: text/event-stream\r\n", "/sse");
            const RawAnswer begun =
                stream.answer([](const RawAnswer &answer) { return answer.body.endsWith("\n\n"); });
            const QByteArray endpoint = begun.body.mid(begun.body.indexOf("data: ") + 6).trimmed();
            const auto post = [&](const QByteArray &body) {
                RawClient client(lab->url());
                client.sendRequest("POST", body, {}, endpoint);
                QCOMPARE(client.answer().status, 202);
            };
            post("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                 "\"protocolVersion\":\"2025-06-18\",\"capabilities\":"
                 + everything + "}}");
            post(RawSession::callText("ask-form"));
            stream.socket.abort();
        } else {
            QByteArray method = "tools/call";
            QByteArray name = "Mcp-Name: long-running\r\n";
            QByteArray members = R"("name":"long-running","arguments":{"steps":2,"seconds":600})";
            if (what == "a closed subscription") {
                method = "subscriptions/listen";
                name.clear();
                members = R"("notifications":{"toolsListChanged":true})";
            } else if (what == "input that nobody gives") {
                name = "Mcp-Name: ask-form\r\n";
                members = R"("name":"ask-form","arguments":{})";
            }
            QByteArray body = described(method, members);
            if (what == "a closed stateless call")
                body.replace("\"progressToken\":1,", "");
            RawClient client(lab->url());
            client.sendRequest("POST", body,
                               "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: " + method + "\r\n"
                                   + name);
            if (what != "a closed stateless call")
                QVERIFY(hasEvents(client.answer(hasEvents)));
            client.socket.disconnectFromHost();
        }
    }

    std::unique_ptr<Lab> lab;
};

QTEST_GUILESS_MAIN(TestLeftBehind)
#include "test_left_behind.moc"
