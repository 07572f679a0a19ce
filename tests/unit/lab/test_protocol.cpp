// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/lab/lab.h"
#include "raw_client.h"

#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QThread>

using namespace sightglass;

namespace {

QJsonObject object(const QJsonObject &in, const char *name)
{
    return in.value(QLatin1String(name)).toObject();
}

QString text(const QJsonObject &in, const char *name)
{
    return in.value(QLatin1String(name)).toString();
}

QString firstText(const QJsonObject &message)
{
    return text(
        object(message, "result").value(QLatin1String("content")).toArray().at(0).toObject(),
        "text");
}

void addRevisions()
{
    QTest::addColumn<QByteArray>("revision");
    for (const char *revision : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
        QTest::newRow(revision) << QByteArray(revision);
}

/// Of this process; 0 where the system does not tell.
qint64 residentKilobytes()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).simplified().split(' ').first().toLongLong();
    }
    return 0;
}

} // namespace

/// The healthy lab keeps to the specification's page "Transports" of each revision.
class TestProtocol : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        lab = std::make_unique<Lab>(LabSettings{.pingMs = 0, .keepAliveMs = 0});
        logged.clear();
        connect(lab.get(), &Lab::log, this, [this](const QString &line) { logged += line; });
        QVERIFY(lab->listen());
    }
    void cleanup() { lab.reset(); }

    void answersTheRevisionThatWasAsked_data() { addRevisions(); }
    void answersTheRevisionThatWasAsked()
    {
        QFETCH(QByteArray, revision);
        const RawSession session(lab->url(), revision);
        QCOMPARE(session.initialized.status, 200);
        QCOMPARE(session.revision, revision);
        QVERIFY(!session.id.isEmpty());
        const QJsonObject result = object(session.initialized.json(), "result");
        QVERIFY(object(result, "capabilities").contains(QLatin1String("tools")));
        QCOMPARE(text(object(result, "serverInfo"), "name"), QStringLiteral("sightglass-lab"));
    }
    void answersTheNewestRevisionToAnUnknownOne()
    {
        QCOMPARE(RawSession(lab->url(), "1999-01-01").revision, QByteArray("2025-11-25"));
    }
    void idsComeBackAsSpelled_data()
    {
        QTest::addColumn<QByteArray>("id");
        for (const char *id : {"1", "-7", "\"1\"", "12345678901234567890", "\"\\u0041\""})
            QTest::newRow(id) << QByteArray(id);
    }
    void idsComeBackAsSpelled()
    {
        QFETCH(QByteArray, id);
        const RawSession session(lab->url());
        const RawAnswer answer =
            session.post(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"ping"})");
        QCOMPARE(answer.body, R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{}})");
    }
    void notificationsAndResponsesAreAccepted()
    {
        const RawSession session(lab->url());
        QCOMPARE(session.post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})").status,
                 202);
        const RawAnswer answer = session.post(R"({"jsonrpc":"2.0","id":3,"result":{}})");
        QCOMPARE(answer.status, 202);
        QVERIFY(answer.body.isEmpty());
    }

    void refusesWhatTheTransportRefuses_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("inSession");
        QTest::addColumn<int>("status");
        const QByteArray ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
        QTest::newRow("no session id")
            << QByteArray("POST") << QByteArray() << ping << false << 400;
        QTest::newRow("unknown session")
            << QByteArray("POST") << QByteArray("Mcp-Session-Id: nobody\r\n") << ping << false
            << 404;
        QTest::newRow("unsupported revision")
            << QByteArray("POST") << QByteArray("MCP-Protocol-Version: 2020-01-01\r\n") << ping
            << true << 400;
        QTest::newRow("Accept without events")
            << QByteArray("POST") << QByteArray("Accept: application/json\r\n") << ping << true
            << 406;
        QTest::newRow("Accept without JSON")
            << QByteArray("POST") << QByteArray("Accept: text/event-stream\r\n") << ping << true
            << 406;
        QTest::newRow("Accept refuses events")
            << QByteArray("POST")
            << QByteArray("Accept: application/json, text/event-stream;q=0\r\n") << ping << true
            << 406;
        QTest::newRow("GET without events")
            << QByteArray("GET") << QByteArray("Accept: application/json\r\n") << QByteArray()
            << true << 406;
        QTest::newRow("text") << QByteArray("POST") << QByteArray("Content-Type: text/plain\r\n")
                              << ping << true << 415;
        QTest::newRow("PUT") << QByteArray("PUT") << QByteArray() << QByteArray() << true << 405;
        QTest::newRow("foreign Origin")
            << QByteArray("POST") << QByteArray("Origin: https://example.com\r\n") << ping << true
            << 403;
        QTest::newRow("own Origin")
            << QByteArray("POST") << QByteArray("Origin: http://localhost:1234\r\n") << ping << true
            << 200;
        QTest::newRow("no JSON") << QByteArray("POST") << QByteArray() << QByteArray("{") << true
                                 << 400;
        QTest::newRow("no JSON-RPC")
            << QByteArray("POST") << QByteArray() << QByteArray("{\"a\":1}") << true << 400;
        QTest::newRow("batch") << QByteArray("POST") << QByteArray() << '[' + ping + ']' << true
                               << 400;
        QTest::newRow("second initialize")
            << QByteArray("POST") << QByteArray()
            << QByteArray(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{}})") << true
            << 400;
    }
    void refusesWhatTheTransportRefuses()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, headers);
        QFETCH(QByteArray, body);
        QFETCH(bool, inSession);
        QFETCH(int, status);
        const RawSession session(lab->url());
        RawClient client(lab->url());
        if (inSession)
            headers += "Mcp-Session-Id: " + session.id + "\r\n";
        client.sendRequest(method, body, headers);
        QCOMPARE(client.answer().status, status);
    }

    void targetsMayBeWholeUrls_data()
    {
        // RFC 9112, 3.2.2: as proxies get them, and every server has to take them.
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("status");
        QTest::newRow("the endpoint") << QByteArray("http://127.0.0.1:1/mcp") << 200;
        QTest::newRow("a scheme in capitals") << QByteArray("HTTP://localhost/mcp") << 200;
        QTest::newRow("with a query") << QByteArray("http://127.0.0.1/mcp?a=b/c") << 200;
        QTest::newRow("no path") << QByteArray("http://127.0.0.1") << 404;
        QTest::newRow("another path") << QByteArray("http://127.0.0.1/other") << 404;
        // The host of the target counts, not that of the header.
        QTest::newRow("another host") << QByteArray("http://example.com/mcp") << 403;
        QTest::newRow("no host") << QByteArray("http:///mcp") << 400;
    }
    void targetsMayBeWholeUrls()
    {
        QFETCH(QByteArray, target);
        QFETCH(int, status);
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest("POST", R"({"jsonrpc":"2.0","id":1,"method":"ping"})", session.headers(),
                           target);
        QCOMPARE(client.answer().status, status);
    }

    void batchesAreAnsweredInTheirRevision()
    {
        const RawSession session(lab->url(), "2025-03-26");
        const RawAnswer answer = session.post(
            R"([{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},)"
            R"({"jsonrpc":"2.0","id":"b","method":"nothing/such"}])");
        QCOMPARE(answer.status, 200);
        const QJsonArray answers = QJsonDocument::fromJson(answer.body).array();
        QCOMPARE(answers.size(), 2);
        QCOMPARE(object(answers.at(1).toObject(), "error").value(QLatin1String("code")).toInt(),
                 -32601);
    }

    void toolsComeInTwoPages()
    {
        const RawSession session(lab->url());
        const QJsonObject first = object(
            session.post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})").json(), "result");
        const QString cursor = text(first, "nextCursor");
        QVERIFY(!cursor.isEmpty());
        const QJsonObject second =
            object(session
                       .post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":")"
                             + cursor.toUtf8() + R"("}})")
                       .json(),
                   "result");
        QVERIFY(!second.contains(QLatin1String("nextCursor")));
        QSet<QString> names;
        for (const QJsonObject &page : {first, second}) {
            for (const QJsonValue &tool : page.value(QLatin1String("tools")).toArray()) {
                names.insert(text(tool.toObject(), "name"));
                QCOMPARE(text(object(tool.toObject(), "inputSchema"), "type"),
                         QStringLiteral("object"));
                QVERIFY(!text(tool.toObject(), "description").isEmpty());
            }
        }
        QVERIFY(names.size() > 30);
    }
    void aWrongCursorIsRefused()
    {
        const RawSession session(lab->url());
        const RawAnswer answer = session.post(
            R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}})");
        QCOMPARE(object(answer.json(), "error").value(QLatin1String("code")).toInt(), -32602);
    }

    void everyToolAnswers_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("contains");
        const auto row = [](const char *tool, const char *arguments, const char *contains) {
            QTest::newRow(tool) << QByteArray(tool) << QByteArray(arguments)
                                << QString::fromUtf8(contains);
        };
        row("echo", R"({"message":"Grüße"})", "Grüße");
        row("add", R"({"a":1.5,"b":2})", "3.5");
        row("form-showcase", R"({"travellers":3,"destination":"%1 Ghent"})",
            "A trip to %1 Ghent for 3");
        row("structured-content", R"({"town":"Bergen"})", "8.2");
        row("get-image", R"({"size":32})", "32 by 32");
        row("get-audio", R"({"seconds":0.1})", "bell");
        row("resource-link", "{}", "resources");
        row("embedded-resource", "{}", "note");
        row("unusual-text", "{}", "override");
        row("long-running", R"({"steps":3,"seconds":0.03})", "3 steps");
        row("many-events", R"({"count":1000,"size":10})", "1000 events");
        row("big-result", R"({"megabytes":1})", "lazy dog");
        row("slow", R"({"ms":1})", "1 ms");
        row("error", R"({"message":"No water"})", "No water");
        row("add-tool", "{}", "added-1");
        row("remove-added-tools", "{}", "0 tools");
        row("tell-client", "{}", "Declared");
        row("change-list", "{}", "added-1 has come");
        row("change-resource", "{}", "is 1 now");
        row("start-clock", R"({"times":0})", "stands still");
        row("log-messages", "{}", "each level");
        row("schema-zoo", R"({"network":{"name":"a"}})", "\"name\": \"a\"");
        row("schema-draft-07", R"({"pair":["a",1.0]})", "1.0");
        row("broken-promise", "{}", "breaks its schema");
        row("drain-everything", "{}", "Nothing was drained");
        row("ask-region", R"({"region":"south"})", "Region south");
        row("brew-tea", R"({"seconds":0.04})", "tea is ready");
    }
    void everyToolAnswers()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(QString, contains);
        const RawSession session(lab->url());
        const RawAnswer answer = session.call(tool, arguments);
        QCOMPARE(answer.status, 200);
        const QJsonObject message =
            answer.header("Content-Type") == "text/event-stream" ? answer.event(-1) : answer.json();
        QVERIFY2(firstText(message).contains(contains), qPrintable(firstText(message).left(300)));
        QCOMPARE(object(message, "result").value(QLatin1String("isError")).toBool(),
                 tool == "error");
    }
    void picturesAreWhole()
    {
        const RawSession session(lab->url());
        const auto block = [](const RawAnswer &answer) {
            return object(answer.json(), "result")
                .value(QLatin1String("content"))
                .toArray()
                .at(1)
                .toObject();
        };
        const QByteArray png = QByteArray::fromBase64(
            text(block(session.call("get-image", R"({"size":16})")), "data").toLatin1());
        QVERIFY(png.startsWith("\x89PNG\r\n\x1a\n"));
        QVERIFY(png.endsWith(QByteArray::fromHex("49454e44ae426082")));
        const QByteArray wav = QByteArray::fromBase64(
            text(block(session.call("get-audio", R"({"seconds":0.1})")), "data").toLatin1());
        QVERIFY(wav.startsWith("RIFF"));
        QCOMPARE(wav.size(), 44 + 2205 * 2);
    }
    void missingArgumentsAreAnErrorOfTheTool()
    {
        const RawAnswer answer = RawSession(lab->url()).call("add", R"({"a":1})");
        QVERIFY(object(answer.json(), "result").value(QLatin1String("isError")).toBool());
        QVERIFY(firstText(answer.json()).contains(QStringLiteral("\"b\"")));
    }
    void failuresAreJsonRpcErrors()
    {
        const RawSession session(lab->url());
        QCOMPARE(object(session.call("fail", R"({"code":-32099})").json(), "error")
                     .value(QLatin1String("code"))
                     .toInt(),
                 -32099);
        QCOMPARE(object(session.call("no-such-tool").json(), "error")
                     .value(QLatin1String("code"))
                     .toInt(),
                 -32602);
    }

    void progressComesBeforeTheAnswer_data() { addRevisions(); }
    void progressComesBeforeTheAnswer()
    {
        QFETCH(QByteArray, revision);
        const RawSession session(lab->url(), revision);
        const RawAnswer answer = session.post(RawSession::callText(
            "long-running", R"({"steps":3,"seconds":0.03})", "7", R"({"progressToken":"p1"})"));
        QCOMPARE(answer.header("Content-Type"), QByteArray("text/event-stream"));
        QVERIFY(answer.whole);
        // From 2025-11-25 on a stream begins with an event that has an id and no data.
        QCOMPARE(answer.body.startsWith("id: "), revision == "2025-11-25");
        const QList<QByteArray> events = answer.events();
        QCOMPARE(events.size(), 5);
        for (int i = 0; i < 4; ++i) {
            const QJsonObject params = object(answer.event(i), "params");
            QCOMPARE(text(params, "progressToken"), QStringLiteral("p1"));
            QCOMPARE(params.value(QLatin1String("progress")).toInt(), i);
        }
        QVERIFY(answer.event(4).contains(QLatin1String("result")));
    }
    void cancelledCallsAreNotAnswered()
    {
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest("POST",
                           RawSession::callText("long-running", R"({"steps":2,"seconds":600})",
                                                "\"c\"", R"({"progressToken":1})"),
                           session.headers());
        client.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        QCOMPARE(
            session
                .post(
                    R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c"}})")
                .status,
            202);
        const RawAnswer answer = client.answer();
        QVERIFY(answer.whole);
        QVERIFY(!answer.body.contains("\"result\""));
    }

    void listChangesAreToldOnTheListeningStream()
    {
        const RawSession session(lab->url());
        RawClient stream(lab->url());
        stream.sendRequest("GET", {}, session.headers());
        stream.answer([](const RawAnswer &answer) { return answer.body.contains("retry: "); });
        session.call("add-tool");
        const RawAnswer heard =
            stream.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        QCOMPARE(text(heard.event(0), "method"),
                 QStringLiteral("notifications/tools/list_changed"));
        QVERIFY(
            session
                .post(
                    R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"page-2"}})")
                .body.contains("\"added-1\""));
    }
    void logMessagesKeepToTheLevel()
    {
        const RawSession session(lab->url());
        RawClient stream(lab->url());
        stream.sendRequest("GET", {}, session.headers());
        stream.answer([](const RawAnswer &answer) { return answer.body.contains("retry: "); });
        session.call("echo", R"({"message":"unheard"})");
        session.post(
            R"({"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"info"}})");
        session.call("echo", R"({"message":"heard"})");
        const RawAnswer heard =
            stream.answer([](const RawAnswer &answer) { return answer.events().size() >= 2; });
        QCOMPARE(heard.events().size(), 2);
        QCOMPARE(text(object(heard.event(1), "params"), "data"), QStringLiteral("Called echo"));
    }
    void resumedStreamsGetWhatTheyMissed()
    {
        const RawSession session(lab->url());
        QByteArray lastId;
        {
            RawClient first(lab->url());
            first.sendRequest("GET", {}, session.headers());
            const RawAnswer answer =
                first.answer([](const RawAnswer &a) { return a.body.contains("retry: "); });
            lastId = answer.body.mid(4, answer.body.indexOf('\n') - 4);
            first.socket.disconnectFromHost();
            QVERIFY(RawClient::waitFor(
                [this] { return !logged.filter(QStringLiteral("broken off")).isEmpty(); }));
        }
        session.call("add-tool");
        RawClient second(lab->url());
        second.sendRequest("GET", {}, session.headers() + "Last-Event-ID: " + lastId + "\r\n");
        const RawAnswer answer =
            second.answer([](const RawAnswer &a) { return !a.events().isEmpty(); });
        QVERIFY(answer.events().first().contains("list_changed"));
    }
    void answersAreSentAgainAfterTheirStreamBroke()
    {
        const RawSession session(lab->url());
        QByteArray lastId;
        {
            RawClient first(lab->url());
            first.sendRequest("POST",
                              RawSession::callText("long-running", R"({"steps":1,"seconds":0.2})"),
                              session.headers());
            const RawAnswer answer =
                first.answer([](const RawAnswer &a) { return a.body.contains("retry: "); });
            lastId = answer.body.mid(4, answer.body.indexOf('\n') - 4);
            first.socket.abort();
        }
        RawClient second(lab->url());
        second.sendRequest("GET", {}, session.headers() + "Last-Event-ID: " + lastId + "\r\n");
        const RawAnswer answer = second.answer();
        QVERIFY(answer.whole);
        QVERIFY(answer.event(-1).contains(QLatin1String("result")));
    }
    void manyEventsAreSentAgainAfterTheirStreamBroke()
    {
        const RawSession session(lab->url());
        QByteArray firstId;
        {
            RawClient first(lab->url());
            first.sendRequest("POST", RawSession::callText("many-events", R"({"count":200})"),
                              session.headers());
            const RawAnswer answer = first.answer();
            QVERIFY(answer.whole);
            firstId = answer.body.mid(4, answer.body.indexOf('\n') - 4);
        }
        // As if no more than the first had come.
        RawClient second(lab->url());
        second.sendRequest("GET", {}, session.headers() + "Last-Event-ID: " + firstId + "\r\n");
        const RawAnswer answer = second.answer();
        QVERIFY(answer.whole);
        QCOMPARE(answer.events().size(), 201);
        QVERIFY(answer.event(-1).contains(QLatin1String("result")));
    }
    void theServerPingsItsClient()
    {
        lab = std::make_unique<Lab>(LabSettings{.pingMs = 20, .keepAliveMs = 20});
        connect(lab.get(), &Lab::log, this, [this](const QString &line) { logged += line; });
        QVERIFY(lab->listen());
        const RawSession session(lab->url());
        RawClient stream(lab->url());
        stream.sendRequest("GET", {}, session.headers());
        const RawAnswer heard = stream.answer([](const RawAnswer &answer) {
            return !answer.events().isEmpty() && answer.body.contains(": keep-alive");
        });
        QCOMPARE(text(heard.event(0), "method"), QStringLiteral("ping"));
        session.post(R"({"jsonrpc":"2.0","id":"ping-1","result":{}})");
        QVERIFY(!logged.filter(QStringLiteral("\"ping-1\" was ")).isEmpty());
    }
    void deletedSessionsAreUnknown()
    {
        const RawSession session(lab->url());
        RawClient stream(lab->url());
        stream.sendRequest("GET", {}, session.headers());
        stream.answer([](const RawAnswer &answer) { return answer.body.contains("retry: "); });
        RawClient client(lab->url());
        client.sendRequest("DELETE", {}, session.headers());
        QCOMPARE(client.answer().status, 200);
        client.sendRequest("DELETE", {}, session.headers());
        QCOMPARE(client.answer().status, 404);
        QVERIFY(stream.answer().whole);
    }
    void streamsOfAGigabyteNeedNoMemory()
    {
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.socket.setReadBufferSize(64 * 1024);
        const qint64 before = residentKilobytes();
        client.sendRequest("POST",
                           RawSession::callText("many-events", R"({"count":1000000,"size":1000})"),
                           session.headers());
        // Nobody reads: the lab must stop making events, or this process would grow by a gigabyte.
        QVERIFY(RawClient::waitFor([&] { return client.socket.bytesAvailable() >= 64 * 1024; }));
        for (int i = 0; i < 50; ++i)
            QCoreApplication::processEvents();
        // Kilobytes over the start: what the tests before left is not the lab's.
        QVERIFY2(residentKilobytes() - before < 100'000,
                 qPrintable(QString::number(residentKilobytes() - before)));
        session.post(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})");
    }
    void worksInAThreadOfItsOwn()
    {
        QThread thread;
        auto *moved = new Lab(LabSettings{.pingMs = 0});
        moved->moveToThread(&thread);
        connect(&thread, &QThread::finished, moved, &QObject::deleteLater);
        thread.start();
        QVERIFY(moved->listen());
        QCOMPARE(firstText(RawSession(moved->url()).call("echo", R"({"message":"hi"})").json()),
                 QStringLiteral("hi"));
        moved->setPlay({QStringLiteral("html")});
        QCOMPARE(RawSession(moved->url()).initialized.header("Content-Type"),
                 QByteArray("text/html; charset=utf-8"));
        thread.quit();
        QVERIFY(thread.wait());
    }
    void theLogIsReadable()
    {
        const RawSession session(lab->url());
        session.call("add", R"({"a":1,"b":2})");
        QVERIFY2(
            !logged.filter(QRegularExpression(QStringLiteral("^POST tools/call add 200 \\d+ ms$")))
                 .isEmpty(),
            qPrintable(logged.join(QLatin1Char('\n'))));
    }
    void aTakenPortIsToldInOneSentence()
    {
        Lab second(LabSettings{.port = quint16(lab->url().port())});
        QString problem;
        QVERIFY(!second.listen(&problem));
        QVERIFY(problem.contains(QString::number(lab->url().port())));
    }

private:
    std::unique_ptr<Lab> lab;
    QStringList logged;
};

QTEST_GUILESS_MAIN(TestProtocol)
#include "test_protocol.moc"
