// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/http/http_gate.h"
#include "core/lab/lab.h"
#include "raw_client.h"

#include <QJsonParseError>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace sightglass;

namespace {

const QByteArray token = "s3cret";
const QByteArray authorization = "Authorization: Bearer s3cret\r\n";
const QByteArray initialize = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\","
                              "\"params\":{\"protocolVersion\":\"2025-11-25\"}}";

bool isJson(const QByteArray &text)
{
    QJsonParseError error;
    QJsonDocument::fromJson(text, &error);
    return error.error == QJsonParseError::NoError;
}

} // namespace

/// Each fault does on the wire what its description says, and is told apart from a healthy answer.
class TestFaults : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { lab.reset(); }

    void everyFaultHasAnIdATitleAndADescription()
    {
        QSet<QString> ids;
        for (const LabFault &fault : labFaults()) {
            QVERIFY2(!ids.contains(fault.id), qPrintable(fault.id));
            ids.insert(fault.id);
            QVERIFY2(!fault.title.isEmpty() && fault.description.endsWith(QLatin1Char('.')),
                     qPrintable(fault.id));
            QVERIFY(labPlayProblem(fault.id).isEmpty());
        }
        for (const char *wanted : {"AF-01", "AF-02", "AF-03", "AF-04", "AF-05", "AF-06", "AF-07",
                                   "AF-09", "AF-20", "AF-67", "AF-80", "AF-81", "AF-85", "AF-91",
                                   "AF-92", "AF-93", "AF-94", "AF-96", "AF-97", "AF-98", "AF-99"})
            QVERIFY2(ids.contains(QLatin1String(wanted)), wanted);
    }
    void unknownFaultsAreRefused()
    {
        Lab odd(LabSettings{.play = {QStringLiteral("AF-00")}});
        QString problem;
        QVERIFY(!odd.listen(&problem));
        QVERIFY(problem.contains(QStringLiteral("AF-00")));
        QVERIFY(!labPlayProblem(QStringLiteral("AF-81:x")).isEmpty());
        QVERIFY(labPlayProblem(QStringLiteral("AF-81:2@tools/list")).isEmpty());
        QVERIFY(labPlayProblem(QStringLiteral("html@GET")).isEmpty());
        QVERIFY(labPlayProblem(QStringLiteral("html@get")).contains(QStringLiteral("\"get\"")));
        QVERIFY(labPlayProblem(QStringLiteral("html@")).contains(QStringLiteral("place")));
    }

    // Credentials

    void everyRequestNeedsTheToken_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<bool>("isInvalid");
        for (const char *method : {"POST", "GET", "DELETE"}) {
            QTest::addRow("%s without", method) << QByteArray(method) << QByteArray() << false;
            QTest::addRow("%s with another", method)
                << QByteArray(method) << QByteArray("Authorization: Bearer other\r\n") << true;
            QTest::addRow("%s doubled (AF-06)", method)
                << QByteArray(method) << QByteArray("Authorization: Bearer Bearer s3cret\r\n")
                << true;
            QTest::addRow("%s quoted (AF-07)", method)
                << QByteArray(method) << QByteArray("Authorization: Bearer \"s3cret\"\r\n") << true;
        }
    }
    void everyRequestNeedsTheToken()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, header);
        QFETCH(bool, isInvalid);
        start({}, token);
        const RawSession session(lab->url(), "2025-11-25", authorization);
        QVERIFY(!session.id.isEmpty());
        RawClient client(lab->url());
        client.sendRequest(method, initialize, header + "Mcp-Session-Id: " + session.id + "\r\n");
        const RawAnswer answer = client.answer();
        QCOMPARE(answer.status, 401);
        const QByteArray challenge = answer.header("WWW-Authenticate");
        QVERIFY(challenge.startsWith("Bearer "));
        QCOMPARE(challenge.contains("error=\"invalid_token\""), isInvalid);
        const QRegularExpressionMatch metadata =
            QRegularExpression(
                QStringLiteral("resource_metadata=\"http://127.0.0.1:\\d+(/[^\"]*)\""))
                .match(QString::fromUtf8(challenge));
        QVERIFY(metadata.hasMatch());
        client.sendRequest("GET", {}, {}, metadata.captured(1).toUtf8());
        QCOMPARE(client.answer().json().value(QLatin1String("resource")).toString(),
                 lab->url().toString());
    }
    void extraHeadersAreDemandedEverywhere_data()
    {
        QTest::addColumn<QByteArray>("demanded");
        QTest::addColumn<QByteArray>("sent");
        QTest::addColumn<bool>("passes");
        QTest::newRow("missing (AF-04)") << QByteArray("X-Api-Key: k1") << QByteArray() << false;
        QTest::newRow("wrong") << QByteArray("X-Api-Key: k1") << QByteArray("X-Api-Key: k2\r\n")
                               << false;
        QTest::newRow("right") << QByteArray("X-Api-Key: k1") << QByteArray("x-api-key: k1\r\n")
                               << true;
        QTest::newRow("cookie missing (AF-05)")
            << QByteArray("Cookie: sid=1") << QByteArray("Cookie: a=b\r\n") << false;
        QTest::newRow("cookie among others")
            << QByteArray("Cookie: sid=1") << QByteArray("Cookie: a=b; sid=1\r\n") << true;
    }
    void extraHeadersAreDemandedEverywhere()
    {
        QFETCH(QByteArray, demanded);
        QFETCH(QByteArray, sent);
        QFETCH(bool, passes);
        start({}, {}, demanded);
        QCOMPARE(RawSession(lab->url(), "2025-11-25", sent).initialized.status, passes ? 200 : 401);
        RawClient client(lab->url());
        client.sendRequest("GET", {}, sent);
        QCOMPARE(client.answer().status, passes ? 400 : 401); // 400: no session id
    }

    // Faults that answer at once, whatever is asked

    void answersAtOnce_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *fault, int status, const char *header, const char *value) {
            QTest::newRow(fault) << QString::fromUtf8(fault) << status << QByteArray(header)
                                 << QString::fromUtf8(value);
        };
        row("AF-20", 401, "WWW-Authenticate", "^$");
        row("AF-67", 403, "WWW-Authenticate", "^$");
        row("AF-85", 406, "Content-Type", "json");
        row("AF-91", 200, "Content-Type", "^text/html");
        row("html", 200, "Content-Type", "^text/html");
        row("empty-body", 200, "Content-Length", "^0$");
        row("wrong-content-type", 200, "Content-Type", "^text/plain$");
        row("AF-92", 302, "Location", "/login\\?next=");
        row("AF-93", 307, "Location", "/mcp/$");
        row("redirect-302", 302, "Location", "/mcp/moved$");
        row("redirect-307", 307, "Location", "/mcp/moved$");
        row("redirect-loop", 307, "Location", "/mcp/round$");
        row("redirect-other-origin", 307, "Location", "^http://127.0.0.1:\\d+/mcp$");
        row("AF-98", 503, "Retry-After", "^2$");
        row("AF-98:7", 503, "Retry-After", "^7$");
    }
    void answersAtOnce()
    {
        QFETCH(QString, fault);
        QFETCH(int, status);
        QFETCH(QByteArray, header);
        QFETCH(QString, value);
        start({fault});
        RawClient client(lab->url());
        client.sendRequest("POST", initialize);
        const RawAnswer answer = client.answer();
        QCOMPARE(answer.status, status);
        QVERIFY2(
            QRegularExpression(value).match(QString::fromUtf8(answer.header(header))).hasMatch(),
            answer.header(header));
        QVERIFY(answer.whole);
    }
    void af94ShowsACertificateThatNobodyVouchesFor()
    {
        start({QStringLiteral("AF-94")}, token);
        QCOMPARE(lab->url().scheme(), QStringLiteral("https"));
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings;
        settings.proxy = NetworkSettings::Proxy::None;
        settings.serverOrigin = Origin::of(lab->url()).toString();
        HttpRequest request;
        request.method = "POST";
        request.url = lab->url();
        request.body = initialize;
        request.headers.add("Accept", "application/json, text/event-stream",
                            HeaderSource::Protocol);
        request.headers.add("Authorization", "Bearer " + token, HeaderSource::Credential);
        const auto ask = [&] {
            gate.setNetworkSettings(settings);
            HttpExchange *exchange = gate.send(request);
            if (!QTest::qWaitFor([exchange] { return exchange->isFinished(); }, 10000))
                qWarning("the exchange did not end");
            return exchange;
        };
        const std::optional<Failure> refused = ask()->failure();
        QVERIFY(refused);
        QCOMPARE(refused->code, QStringLiteral("certificate-self-signed"));
        QCOMPARE(refused->finding, QStringLiteral("AF-94"));
        QVERIFY2(refused->sentence.contains(QStringLiteral("Practice server of Sightglass")),
                 qPrintable(refused->sentence));
        settings.pinnedSha256 = refused->certificateSha256;
        QCOMPARE(ask()->status(), 200);
    }
    void af20HidesItsMetadata()
    {
        start({QStringLiteral("AF-20")}, token);
        RawClient client(lab->url());
        for (const char *path : {"/.well-known/oauth-protected-resource",
                                 "/.well-known/oauth-protected-resource/mcp"}) {
            client.sendRequest("GET", {}, {}, path);
            QCOMPARE(client.answer().status, 404);
        }
        QCOMPARE(RawSession(lab->url(), "2025-11-25", authorization).initialized.status, 200);
    }
    void metadataSaysWhereTokensComeFrom()
    {
        start({}, token);
        RawClient client(lab->url());
        client.sendRequest("GET", {}, {}, "/.well-known/oauth-protected-resource/mcp");
        const QJsonObject metadata = client.answer().json();
        QCOMPARE(metadata.value(QLatin1String("resource")).toString(), lab->url().toString());
        // RFC 9728, 3.2: what has no value is left out.
        QVERIFY(!metadata.contains(QLatin1String("authorization_servers")));
        const QUrl page(metadata.value(QLatin1String("resource_documentation")).toString());
        QCOMPARE(page.port(), lab->url().port());
        client.sendRequest("GET", {}, {}, page.path().toUtf8());
        QVERIFY(client.answer().body.contains("No authorisation server issues it"));
    }
    void redirectsLeadToTheEndpoint_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("AF-93") << QStringLiteral("AF-93") << QByteArray("/mcp/");
        QTest::newRow("307") << QStringLiteral("redirect-307") << QByteArray("/mcp/moved");
        QTest::newRow("302") << QStringLiteral("redirect-302") << QByteArray("/mcp/moved");
    }
    void redirectsLeadToTheEndpoint()
    {
        QFETCH(QString, fault);
        QFETCH(QByteArray, path);
        start({fault});
        RawClient client(lab->url());
        client.sendRequest("POST", initialize, {}, path);
        QCOMPARE(client.answer().status, 200);
    }
    void theLoopComesBack()
    {
        start({QStringLiteral("redirect-loop")});
        RawClient client(lab->url());
        client.sendRequest("POST", initialize, {}, "/mcp/round");
        QVERIFY(client.answer().header("Location").endsWith("/mcp"));
    }
    void theOtherOriginIsAServerOfItsOwn()
    {
        start({QStringLiteral("redirect-other-origin")}, token);
        RawClient client(lab->url());
        client.sendRequest("POST", initialize, authorization);
        const QUrl other(QString::fromUtf8(client.answer().header("Location")));
        QVERIFY(other.port() != lab->url().port());
        RawClient there(other);
        there.sendRequest("POST", initialize);
        QCOMPARE(there.answer().status, 401);
        there.sendRequest("POST", initialize, authorization);
        QCOMPARE(there.answer().status, 200);
    }
    void connectionsEndWithoutAnAnswer_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<bool>("isReset");
        QTest::newRow("AF-99") << QStringLiteral("AF-99") << false;
        QTest::newRow("reset") << QStringLiteral("reset") << true;
    }
    void connectionsEndWithoutAnAnswer()
    {
        QFETCH(QString, fault);
        QFETCH(bool, isReset);
        start({fault});
        RawClient client(lab->url());
        client.sendRequest("POST", initialize);
        QVERIFY(client.closed());
        QVERIFY(client.leftOver().isEmpty());
        // QTcpSocket does not tell a reset from an orderly end; the system does.
        const int plain = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(quint16(lab->url().port()));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        QCOMPARE(::connect(plain, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        const QByteArray request = "GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n";
        QCOMPARE(::send(plain, request.constData(), size_t(request.size()), 0), request.size());
        char byte = 0;
        ssize_t received = 0;
        int error = EAGAIN;
        const bool ended = RawClient::waitFor([&] {
            received = ::recv(plain, &byte, 1, MSG_DONTWAIT);
            error = received < 0 ? errno : 0;
            return error != EAGAIN;
        });
        ::close(plain);
        QVERIFY(ended);
        QCOMPARE(error, isReset ? ECONNRESET : 0);
        QVERIFY(received <= 0);
    }
    void noAnswerMeansNone()
    {
        start({QStringLiteral("no-answer@tools/call")});
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest("POST", RawSession::callText("echo", R"({"message":"x"})"),
                           session.headers());
        // Another request is answered meanwhile; this one is not.
        QCOMPARE(session.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").status, 200);
        QVERIFY(client.leftOver().isEmpty());
        QCOMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
    }

    // Faults in a session

    void noStreamIsOffered()
    {
        start({QStringLiteral("AF-80")});
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest("GET", {}, session.headers());
        QCOMPARE(client.answer().status, 405);
        QCOMPARE(session.call("echo", R"({"message":"x"})").status, 200);
    }
    void contentTypeOnGetIsRefused()
    {
        start({QStringLiteral("AF-09")});
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest("GET", {}, session.headers() + "Content-Type: application/json\r\n");
        QCOMPARE(client.answer().status, 400);
    }
    void sessionsAreForgotten()
    {
        start({QStringLiteral("AF-81:3")});
        const RawSession session(lab->url()); // its notification counts
        const QByteArray ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
        QCOMPARE(session.post(ping).status, 200);
        QCOMPARE(session.post(ping).status, 200);
        QCOMPARE(session.post(ping).status, 404);
        QCOMPARE(session.post(ping).status, 404);
        QVERIFY(RawSession(lab->url()).id != session.id);
    }
    void listeningStreamsAreClosed_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::newRow("closes-stream") << QStringLiteral("closes-stream:1");
        QTest::newRow("AF-02") << QStringLiteral("AF-02:1");
    }
    void listeningStreamsAreClosed()
    {
        QFETCH(QString, fault);
        start({fault});
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest("GET", {}, session.headers());
        const RawAnswer answer = client.answer();
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.body.contains("retry: "));
        QVERIFY(answer.whole || client.closed());
    }

    // Faults at the answer of a call

    void jsonAnswers_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QByteArray>("contains");
        QTest::addColumn<bool>("isJson");
        const auto row = [](const char *fault, const QByteArray &contains, bool json) {
            QTest::newRow(fault) << QString::fromUtf8(fault) << contains << json;
        };
        row("truncated-json", "\"result\"", false);
        row("deep-nesting:1000", QByteArray(1000, '[') + QByteArray(1000, ']'), true);
        row("deep-nesting", QByteArray(100'000, '['), false); // Qt reads 1024 levels
        row("invalid-utf8", "\xFF\xFE", false);
        row("big-numbers", "9007199254740993", false); // nor does it read 1e400
        row("duplicate-keys", R"("twice":1,"once":2,"twice":3)", true);
        row("unknown-id", R"("id":987654321)", true);
        row("error-without-code", R"("error":{"message")", true);
        row("slow-bytes:0", "\"hello\"", true);
        row("wrong-content-type", "\"hello\"", true);
    }
    void jsonAnswers()
    {
        QFETCH(QString, fault);
        QFETCH(QByteArray, contains);
        QFETCH(bool, isJson);
        start({fault});
        const RawAnswer answer = RawSession(lab->url()).call("echo", R"({"message":"hello"})");
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.whole);
        QVERIFY2(answer.body.contains(contains), answer.body.left(300));
        QCOMPARE(::isJson(answer.body), isJson);
    }
    void contentLengthLies()
    {
        start({QStringLiteral("lying-content-length")});
        const RawAnswer tooMuch = RawSession(lab->url()).call("echo", R"({"message":"hello"})");
        QVERIFY(!tooMuch.whole);
        QCOMPARE(tooMuch.header("Content-Length").toInt(), tooMuch.body.size() + 100);
        lab->setPlay({QStringLiteral("lying-content-length-short")});
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest("POST", RawSession::callText("echo", R"({"message":"hello"})"),
                           session.headers());
        QVERIFY(!isJson(client.answer().body));
        QCOMPARE(client.leftOver().size(), 10);
    }
    void chunksBreakOff()
    {
        start({QStringLiteral("chunked-broken-off")});
        const RawAnswer answer = RawSession(lab->url()).call("echo", R"({"message":"hello"})");
        QCOMPARE(answer.status, 200);
        QVERIFY(!answer.whole);
        QVERIFY(!answer.body.isEmpty());
    }
    void answersStopInTheMiddle()
    {
        start({QStringLiteral("half-answer")});
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest("POST", RawSession::callText("echo", R"({"message":"hello"})"),
                           session.headers());
        // It says how much comes, sends half of it, and keeps the connection.
        const RawAnswer answer =
            client.answer([](const RawAnswer &soFar) { return !soFar.body.isEmpty(); });
        QCOMPARE(answer.status, 200);
        QVERIFY(!answer.whole);
        QCOMPARE(answer.body.size(), answer.header("Content-Length").toInt() / 2);
        QCOMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
    }
    void hugeBodiesAreWhole()
    {
        start({QStringLiteral("huge-body:20")});
        const RawAnswer answer = RawSession(lab->url()).call("echo", R"({"message":"hello"})");
        QVERIFY(answer.whole);
        QVERIFY(answer.body.size() > 20'000'000);
        QVERIFY(isJson(answer.body));
    }

    void eventAnswers_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QList<QByteArray>>("answers"); ///< what each event with "result" holds
        QTest::addColumn<QByteArray>("contains");
        QTest::addColumn<bool>("whole");
        const QByteArray good = "\"id\":7,";
        const QByteArray stray = "\"id\":987654321,";
        const auto row = [](const char *fault, const QList<QByteArray> &answers,
                            const QByteArray &contains, bool whole) {
            QTest::newRow(fault) << QString::fromUtf8(fault) << answers << contains << whole;
        };
        row("AF-96", {}, "data: this is no JSON\n\n", true);
        row("malformed-events", {good}, "\xEF\xBB\xBF", true);
        row("dies-mid-event", {}, "data: {\"jsonrpc\"", false);
        row("AF-97", {stray, good, good}, "", true);
        row("answers-twice", {good, good}, "", true);
        row("notification-with-id", {good}, "\"id\":4711,\"method\":\"notifications/message\"",
            true);
        row("AF-88", {good}, "retry: ", true);
        row("buffering", {good}, "retry: ", true);
    }
    void eventAnswers()
    {
        QFETCH(QString, fault);
        QFETCH(QList<QByteArray>, answers);
        QFETCH(QByteArray, contains);
        QFETCH(bool, whole);
        start({fault});
        const RawAnswer answer = RawSession(lab->url()).call("echo", R"({"message":"hello"})");
        QCOMPARE(answer.header("Content-Type"), QByteArray("text/event-stream"));
        QCOMPARE(answer.whole, whole);
        QVERIFY2(answer.body.contains(contains), answer.body);
        QList<QByteArray> results;
        for (const QByteArray &event : answer.events()) {
            if (event.contains("\"result\""))
                results.append(event);
        }
        QCOMPARE(results.size(), answers.size());
        for (qsizetype i = 0; i < results.size(); ++i)
            QVERIFY2(results[i].contains(answers[i]), results[i]);
    }
    void theStreamStalls()
    {
        start({QStringLiteral("stall")});
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest("POST", RawSession::callText("echo", R"({"message":"x"})"),
                           session.headers());
        const RawAnswer answer =
            client.answer([](const RawAnswer &a) { return a.body.contains("retry: "); });
        QCOMPARE(session.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").status, 200);
        QVERIFY(!client.leftOver().contains("result"));
        QVERIFY(!answer.whole);
    }
    void theHeadOfABufferedStreamComesAlone()
    {
        start({QStringLiteral("AF-88")});
        const RawSession session(lab->url());
        RawClient client(lab->url());
        client.sendRequest(
            "POST", RawSession::callText("long-running", R"({"steps":1,"seconds":600})", "\"c\""),
            session.headers());
        client.answer([](const RawAnswer &a) { return a.status == 200; });
        QVERIFY(client.leftOver().endsWith("\r\n\r\n"));
        session.post(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c"}})");
        QVERIFY(client.answer().body.contains("retry: "));
    }
    void answersThatDiedCanBeResumed()
    {
        start({QStringLiteral("dies-mid-event")});
        const RawSession session(lab->url());
        const RawAnswer broken = session.call("echo", R"({"message":"hello"})");
        const QByteArray lastId = broken.body.mid(4, broken.body.indexOf('\n') - 4);
        RawClient client(lab->url());
        client.sendRequest("GET", {}, session.headers() + "Last-Event-ID: " + lastId + "\r\n");
        QVERIFY(client.answer().event(-1).contains(QLatin1String("result")));
    }

    void lists_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QByteArray>("contains");
        QTest::newRow("nameless") << QStringLiteral("tool-without-name")
                                  << QByteArray(R"([{"description":"This tool has no name.")");
        QTest::newRow("schema") << QStringLiteral("schema-not-object")
                                << QByteArray(R"("inputSchema":"object")");
    }
    void lists()
    {
        QFETCH(QString, fault);
        QFETCH(QByteArray, contains);
        start({fault});
        const RawAnswer answer =
            RawSession(lab->url()).post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
        QVERIFY(isJson(answer.body));
        QVERIFY(answer.body.contains(contains));
        QVERIFY(answer.body.contains("\"echo\""));
    }
    void pagesGoOnForEver()
    {
        start({QStringLiteral("endless-pages")});
        const RawSession session(lab->url());
        QByteArray cursor;
        for (int page = 1; page <= 5; ++page) {
            // No raw strings here: moc 6.4 loses the class over one that holds only brackets.
            const QByteArray params = ",\"params\":{\"cursor\":\"" + cursor + "\"}";
            const QByteArray question = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\""
                + (cursor.isEmpty() ? QByteArray() : params) + "}";
            const QJsonObject result =
                session.post(question).json().value(QLatin1String("result")).toObject();
            const QByteArray next = result.value(QLatin1String("nextCursor")).toString().toUtf8();
            QVERIFY(!next.isEmpty() && next != cursor);
            cursor = next;
        }
    }

    // HTTP itself

    void malformedRequestsAreAnsweredAndClosed_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::newRow("no request") << QByteArray("hello\r\n\r\n") << 400;
        QTest::newRow("no host") << QByteArray("GET /mcp HTTP/1.1\r\n\r\n") << 400;
        QTest::newRow("HTTP/3") << QByteArray("GET /mcp HTTP/3.0\r\n\r\n") << 505;
        QTest::newRow("space in name") << QByteArray("GET / HTTP/1.1\r\nHost : x\r\n\r\n") << 400;
        QTest::newRow("folded") << QByteArray(
            "GET / HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n")
                                << 400;
        QTest::newRow("two lengths")
            << QByteArray("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
                          "Content-Length: 2\r\n\r\n")
            << 400;
        QTest::newRow("length and chunks")
            << QByteArray("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n")
            << 400;
        QTest::newRow("no chunk size") << QByteArray(
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            "xyz\r\n") << 400;
        QTest::newRow("empty chunk size") << QByteArray(
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            "\r\n") << 400;
        QTest::newRow("long head")
            << "GET / HTTP/1.1\r\nHost: localhost\r\nA: " + QByteArray(70'000, 'a') + "\r\n\r\n"
            << 431;
        QTest::newRow("long body") << QByteArray(
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n")
                                   << 413;
    }
    void malformedRequestsAreAnsweredAndClosed()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        start({});
        RawClient client(lab->url());
        client.send(request);
        QCOMPARE(client.answer().status, status);
        QVERIFY(client.closed());
    }
    void requestsMayComeInAnyPortions()
    {
        start({});
        RawClient client(lab->url());
        const QByteArray body = initialize;
        const QByteArray request = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                                   "application/json\r\nAccept: */*\r\nTransfer-Encoding: "
                                   "chunked\r\n\r\n"
            + QByteArray::number(body.size() - 5, 16) + "\r\n" + body.left(body.size() - 5)
            + "\r\n5;a=b\r\n" + body.right(5) + "\r\n0\r\nTrailer: x\r\n\r\n";
        for (const char byte : request) {
            client.send(QByteArray(1, byte));
            QCoreApplication::processEvents();
        }
        QCOMPARE(client.answer().status, 200);
    }
    void pipelinedRequestsAreAnsweredInOrder()
    {
        start({});
        RawClient client(lab->url());
        client.sendRequest("GET", {}, {}, "/");
        client.sendRequest("GET", {}, {}, "/nothing");
        client.sendRequest("GET", {}, {}, "/login");
        QCOMPARE(client.answer().status, 200);
        QCOMPARE(client.answer().status, 404);
        QCOMPARE(client.answer().header("Content-Type"), QByteArray("text/html; charset=utf-8"));
    }
    void namesOfOtherHostsAreRefused()
    {
        start({});
        RawClient client(lab->url());
        client.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        QCOMPARE(client.answer().status, 403);
    }

private:
    void start(const QStringList &play, const QByteArray &bearer = {},
               const QByteArray &apiKey = {})
    {
        lab = std::make_unique<Lab>(
            LabSettings{.play = play, .bearer = bearer, .apiKey = apiKey, .pingMs = 0});
        QString problem;
        QVERIFY2(lab->listen(&problem), qPrintable(problem));
    }
    std::unique_ptr<Lab> lab;
};

QTEST_GUILESS_MAIN(TestFaults)
#include "test_faults.moc"
