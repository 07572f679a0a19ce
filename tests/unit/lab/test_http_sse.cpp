// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The lab over HTTP+SSE (2024-11-05, basic/transports).

#include "core/lab/lab.h"
#include "raw_client.h"
#include "wire.h"

#include <QTest>

using namespace sightglass;

namespace {

/// A client with its stream and the endpoint that this named.
class SseClient {
public:
    explicit SseClient(const QUrl &url, const QByteArray &headers = {})
        : m_url(url)
        , m_headers(headers)
        , m_stream(url)
    {
        m_stream.sendRequest("GET", {}, "Accept: text/event-stream\r\n" + headers, "/sse");
        const RawAnswer answer = m_stream.answer(
            [](const RawAnswer &begun) { return begun.body.contains("\n\n"); }, 2000);
        status = answer.status;
        if (answer.body.startsWith("event: endpoint\ndata: "))
            endpoint = answer.body.mid(22, answer.body.indexOf('\n', 22) - 22);
    }
    int post(const QByteArray &body) const
    {
        RawClient client(m_url);
        client.sendRequest("POST", body, m_headers, endpoint);
        return client.answer().status;
    }
    /// The n-th message, from 0 (the endpoint counts for nothing); empty if none came.
    QJsonObject message(int index)
    {
        const RawAnswer answer = m_stream.answer(
            [index](const RawAnswer &come) { return come.events().size() > index + 1; });
        return objectOf(answer.events().value(index + 1));
    }
    QJsonObject initialize(const QByteArray &revision = "2024-11-05",
                           const QByteArray &capabilities = "{}")
    {
        post("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
             "\"protocolVersion\":\""
             + revision + "\",\"capabilities\":" + capabilities
             + R"(,"clientInfo":{"name":"t","version":"1"}}})");
        const QJsonObject answer = message(0);
        post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
        return answer;
    }
    bool ended() { return m_stream.closed(); }
    void leave() { m_stream.socket.abort(); }

    int status = 0;
    QByteArray endpoint;

private:
    QUrl m_url;
    QByteArray m_headers;
    RawClient m_stream;
};

} // namespace

class TestHttpSse : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { start(LabSettings{.pingMs = 0, .keepAliveMs = 0}); }
    void cleanup() { lab.reset(); }

    void theStreamBeginsWithTheEndpoint()
    {
        SseClient client(lab->url());
        QCOMPARE(client.status, 200);
        QVERIFY2(client.endpoint.startsWith("/message?sessionId="), client.endpoint);
        QVERIFY(SseClient(lab->url()).endpoint != client.endpoint);
    }
    void messagesAreAcceptedAndAnsweredOnTheStream()
    {
        SseClient client(lab->url());
        QCOMPARE(textAt(client.initialize(), "result/protocolVersion"),
                 QStringLiteral("2024-11-05"));
        QCOMPARE(client.post(R"({"jsonrpc":"2.0","id":"b","method":"ping"})"), 202);
        const QJsonObject answer = client.message(1);
        QCOMPARE(textAt(answer, "id"), QStringLiteral("b"));
        QVERIFY(answer.contains(QLatin1String("result")));
    }
    void progressAndManyMessagesComeOnTheStream()
    {
        SseClient client(lab->url());
        client.initialize();
        client.post(RawSession::callText("long-running", R"({"steps":2,"seconds":0.02})", "7",
                                         R"({"progressToken":"p"})"));
        QCOMPARE(textAt(client.message(1), "method"), QStringLiteral("notifications/progress"));
        // Progress has no text in this revision.
        QVERIFY(!at(client.message(1), "params").toObject().contains(QLatin1String("message")));
        QVERIFY(client.message(4).contains(QLatin1String("result")));
        client.post(RawSession::callText("many-events", R"({"count":5000,"size":10})"));
        QVERIFY(textAt(client.message(5005), "result/content/0/text")
                    .contains(QLatin1String("5000 events")));
    }
    void theClientIsAskedOnTheStream()
    {
        SseClient client(lab->url());
        client.initialize("2024-11-05", R"({"sampling":{}})");
        client.post(RawSession::callText("ask-model"));
        const QJsonObject question = client.message(1);
        QCOMPARE(textAt(question, "method"), QStringLiteral("sampling/createMessage"));
        client.post("{\"jsonrpc\":\"2.0\",\"id\":\"" + textAt(question, "id").toUtf8()
                    + "\",\"result\":{\"role\":\"assistant\",\"content\":{\"type\":\"text\","
                      "\"text\":\"x\"},\"model\":\"m\"}}");
        QCOMPARE(textAt(client.message(2), "result/content/0/text"), QStringLiteral("m said: x"));
    }
    void changesAreTold()
    {
        SseClient client(lab->url());
        client.initialize();
        client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/"
                    "subscribe\",\"params\":{\"uri\":\"lab://live/counter\"}}");
        client.message(1);
        client.post(RawSession::callText("change-resource"));
        QCOMPARE(textAt(client.message(2), "method"),
                 QStringLiteral("notifications/resources/updated"));
    }

    void refusesWhatTheTransportRefuses_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path"); ///< empty: the endpoint
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        const QByteArray ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
        QTest::newRow("POST to the stream")
            << QByteArray("POST") << QByteArray("/sse") << QByteArray() << ping << 405;
        QTest::newRow("GET of the endpoint")
            << QByteArray("GET") << QByteArray() << QByteArray() << QByteArray() << 405;
        QTest::newRow("no session")
            << QByteArray("POST") << QByteArray("/message") << QByteArray() << ping << 404;
        QTest::newRow("unknown session")
            << QByteArray("POST") << QByteArray("/message?sessionId=nobody") << QByteArray() << ping
            << 404;
        QTest::newRow("text") << QByteArray("POST") << QByteArray()
                              << QByteArray("Content-Type: text/plain\r\n") << ping << 415;
        QTest::newRow("no JSON") << QByteArray("POST") << QByteArray() << QByteArray()
                                 << QByteArray("{") << 400;
        QTest::newRow("foreign Origin")
            << QByteArray("POST") << QByteArray() << QByteArray("Origin: https://example.com\r\n")
            << ping << 403;
        QTest::newRow("stream without events")
            << QByteArray("GET") << QByteArray("/sse") << QByteArray("Accept: application/json\r\n")
            << QByteArray() << 406;
    }
    void refusesWhatTheTransportRefuses()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, headers);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        SseClient session(lab->url());
        RawClient client(lab->url());
        client.sendRequest(method, body, headers, path.isEmpty() ? session.endpoint : path);
        QCOMPARE(client.answer().status, status);
    }
    void theFirstRequestIsInitialize()
    {
        SseClient client(lab->url());
        client.post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
        QCOMPARE(at(client.message(0), "error/code").toInt(), -32600);
    }
    void credentialsAreDemandedOfBoth()
    {
        start(LabSettings{.bearer = "s3cret", .pingMs = 0});
        QCOMPARE(SseClient(lab->url()).status, 401);
        SseClient client(lab->url(), "Authorization: Bearer s3cret\r\n");
        QCOMPARE(client.status, 200);
        RawClient other(lab->url());
        other.sendRequest("POST", R"({"jsonrpc":"2.0","id":1,"method":"ping"})", {},
                          client.endpoint);
        QCOMPARE(other.answer().status, 401);
    }
    void theSessionEndsWithItsStream()
    {
        SseClient client(lab->url());
        client.initialize();
        client.leave();
        QVERIFY(RawClient::waitFor(
            [&] { return !logged.filter(QStringLiteral("broken off")).isEmpty(); }));
        QCOMPARE(client.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})"), 404);
    }
    void aLabOfTheFirstRevisionOffersNothingElse()
    {
        start(LabSettings{.revisions = {QStringLiteral("2024-11-05")}});
        QCOMPARE(lab->url().path(), QStringLiteral("/sse"));
        QCOMPARE(RawSession(lab->url()).initialized.status, 404);
        QCOMPARE(textAt(SseClient(lab->url()).initialize("2025-11-25"), "result/protocolVersion"),
                 QStringLiteral("2024-11-05"));
    }
    void aLabWithoutTheFirstRevisionOffersNoStream()
    {
        start(LabSettings{.revisions = {QStringLiteral("2025-11-25")}});
        QCOMPARE(SseClient(lab->url()).status, 404);
    }

    void endpointsCanBeWrong_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::newRow("other origin") << QStringLiteral("endpoint-other-origin");
        QTest::newRow("none") << QStringLiteral("endpoint-missing");
    }
    void endpointsCanBeWrong()
    {
        QFETCH(QString, fault);
        start(LabSettings{.play = {fault}, .pingMs = 0});
        const SseClient client(lab->url());
        QCOMPARE(client.status, 200);
        if (fault == QLatin1String("endpoint-missing")) {
            QVERIFY(client.endpoint.isEmpty());
            return;
        }
        const QUrl url(QString::fromLatin1(client.endpoint));
        QVERIFY(url.port() > 0);
        QVERIFY(url.port() != lab->url().port());
    }
    void faultsOfAnswersPlayHereToo_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QByteArray>("contains");
        QTest::newRow("altered") << QStringLiteral("truncated-json") << QByteArray();
        QTest::newRow("unknown id") << QStringLiteral("unknown-id") << QByteArray("987654321");
        QTest::newRow("malformed events")
            << QStringLiteral("malformed-events") << QByteArray("this is no JSON");
    }
    void faultsOfAnswersPlayHereToo()
    {
        QFETCH(QString, fault);
        QFETCH(QByteArray, contains);
        start(LabSettings{.play = {fault}, .pingMs = 0});
        SseClient client(lab->url());
        client.initialize();
        client.post(RawSession::callText("echo", R"({"message":"x"})"));
        RawClient stream(lab->url());
        const QJsonObject answer = client.message(1);
        if (contains.isEmpty())
            QVERIFY(answer.isEmpty()); // it is no JSON
        else
            QVERIFY(written(answer).contains(contains) || answer.isEmpty());
    }
    void theServerAsksAndLeaves()
    {
        start(LabSettings{.play = {QStringLiteral("asks-and-leaves")}, .pingMs = 0});
        SseClient client(lab->url());
        client.initialize("2025-06-18", R"({"elicitation":{}})");
        client.post(RawSession::callText("echo"));
        QCOMPARE(textAt(client.message(1), "method"), QStringLiteral("elicitation/create"));
        QVERIFY(client.ended());
    }

private:
    void start(const LabSettings &settings)
    {
        logged.clear();
        lab = std::make_unique<Lab>(settings);
        connect(lab.get(), &Lab::log, this, [this](const QString &line) { logged += line; });
        QVERIFY(lab->listen());
    }

    std::unique_ptr<Lab> lab;
    QStringList logged;
};

QTEST_GUILESS_MAIN(TestHttpSse)
#include "test_http_sse.moc"
