// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The lab asks its client: sampling, elicitation and roots, by requests of its own. Whatever the
// client does with the questions, nothing is left behind.

#include "core/lab/lab.h"
#include "raw_client.h"
#include "wire.h"

#include <QTest>

using namespace sightglass;

namespace {

const QByteArray everything =
    R"({"roots":{"listChanged":true},"sampling":{"tools":{}},"elicitation":{"form":{},"url":{}}})";

/// A call whose stream carries the lab's questions.
class AskingCall {
public:
    AskingCall(const RawSession &session, const QByteArray &tool,
               const QByteArray &arguments = "{}", const QByteArray &id = "7")
        : m_session(session)
        , m_client(session.url)
    {
        m_client.sendRequest("POST", RawSession::callText(tool, arguments, id), session.headers());
    }
    /// The n-th message on the stream, from 0; empty if none came.
    QJsonObject message(int index)
    {
        const RawAnswer answer = m_client.answer(
            [index](const RawAnswer &come) { return come.events().size() > index; });
        return objectOf(answer.events().value(index));
    }
    void reply(const QJsonObject &question, const QByteArray &result) const
    {
        m_session.post(R"({"jsonrpc":"2.0","id":)" + idOf(question) + R"(,"result":)" + result
                       + '}');
    }
    void refuse(const QJsonObject &question) const
    {
        m_session.post(R"({"jsonrpc":"2.0","id":)" + idOf(question)
                       + R"(,"error":{"code":-1,"message":"not now"}})");
    }
    static QByteArray idOf(const QJsonObject &question)
    {
        return '"' + textAt(question, "id").toUtf8() + '"';
    }
    QTcpSocket &socket() { return m_client.socket; }
    RawAnswer whole() { return m_client.answer(); }

private:
    const RawSession &m_session;
    RawClient m_client;
};

} // namespace

class TestAsking : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { start(LabSettings{.pingMs = 0, .keepAliveMs = 0}); }
    void cleanup() { lab.reset(); }

    void answersComeBackInTheResult_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QString>("method");
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QString>("contains");
        const auto row = [](const char *what, const char *tool, const char *method,
                            const char *reply, const char *contains) {
            QTest::newRow(what) << QByteArray(tool) << QString::fromLatin1(method)
                                << QByteArray(reply) << QString::fromUtf8(contains);
        };
        row("form accepted", "ask-form", "elicitation/create",
            R"({"action":"accept","content":{"name":"Ada","glasses":2.0}})", "\"glasses\": 2.0");
        row("form declined", "ask-form", "elicitation/create", R"({"action":"decline"})",
            "declined");
        row("form closed", "ask-form", "elicitation/create", R"({"action":"cancel"})", "closed");
        row("nonsense", "ask-form", "elicitation/create", R"({"action":7})", "no action");
        row("sampling", "ask-model", "sampling/createMessage",
            R"({"role":"assistant","content":{"type":"text","text":"gravity"},"model":"m"})",
            "m said: gravity");
        row("sampling in blocks", "ask-model", "sampling/createMessage",
            R"({"role":"assistant","content":[{"type":"text","text":"gravity"}],"model":"m"})",
            "m said: gravity");
        row("roots", "ask-roots", "roots/list",
            "{\"roots\":[{\"uri\":\"file:///a\",\"name\":\"A\"}]}", "file:///a (A)");
        row("url", "ask-by-url", "elicitation/create", R"({"action":"accept"})", "agreed");
    }
    void answersComeBackInTheResult()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QString, method);
        QFETCH(QByteArray, reply);
        QFETCH(QString, contains);
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        AskingCall call(session, tool);
        const QJsonObject question = call.message(0);
        QCOMPARE(textAt(question, "method"), method);
        call.reply(question, reply);
        const RawAnswer answer = call.whole();
        QVERIFY(answer.whole);
        const QString text = textAt(answer.event(-1), "result/content/0/text");
        QVERIFY2(text.contains(contains), qPrintable(text));
    }
    void errorsOfTheClientAreTold()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        AskingCall call(session, "ask-model");
        call.refuse(call.message(0));
        const QJsonObject answer = call.whole().event(-1);
        QVERIFY(at(answer, "result/isError").toBool());
        QVERIFY(textAt(answer, "result/content/0/text").contains(QLatin1String("not now")));
    }
    void formsHaveTheFieldsOfTheRevision_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<bool>("newer");
        QTest::newRow("2025-06-18") << QByteArray("2025-06-18") << false;
        QTest::newRow("2025-11-25") << QByteArray("2025-11-25") << true;
    }
    void formsHaveTheFieldsOfTheRevision()
    {
        QFETCH(QByteArray, revision);
        QFETCH(bool, newer);
        const RawSession session(lab->url(), revision, {}, R"({"elicitation":{}})");
        AskingCall call(session, "ask-form");
        const QJsonObject question = call.message(0);
        QCOMPARE(textAt(question, "params/mode"), newer ? QStringLiteral("form") : QString());
        const QJsonObject fields = at(question, "params/requestedSchema/properties").toObject();
        QStringList formats;
        QStringList types;
        bool titled = false;
        for (const QJsonValue &field : fields) {
            formats << textAt(field, "format");
            types << textAt(field, "type");
            titled = titled || field.toObject().contains(QLatin1String("oneOf"));
        }
        for (const char *format : {"email", "uri", "date", "date-time"})
            QVERIFY2(formats.contains(QLatin1String(format)), format);
        for (const char *type : {"string", "integer", "number", "boolean"})
            QVERIFY2(types.contains(QLatin1String(type)), type);
        QCOMPARE(types.contains(QLatin1String("array")), newer);
        QCOMPARE(titled, newer);
    }
    void nobodyIsAskedForWhatItDoesNotOffer_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<QByteArray>("capabilities");
        QTest::addColumn<QByteArray>("tool");
        QTest::newRow("no elicitation")
            << QByteArray("2025-11-25") << QByteArray("{}") << QByteArray("ask-form");
        QTest::newRow("no URLs") << QByteArray("2025-11-25") << QByteArray(R"({"elicitation":{}})")
                                 << QByteArray("ask-by-url");
        QTest::newRow("URLs alone")
            << QByteArray("2025-11-25") << QByteArray(R"({"elicitation":{"url":{}}})")
            << QByteArray("ask-form");
        QTest::newRow("not in this revision")
            << QByteArray("2025-03-26") << everything << QByteArray("ask-form");
        QTest::newRow("no sampling")
            << QByteArray("2025-06-18") << QByteArray("{}") << QByteArray("ask-model");
        QTest::newRow("no roots") << QByteArray("2024-11-05") << QByteArray("{}")
                                  << QByteArray("ask-roots");
    }
    void nobodyIsAskedForWhatItDoesNotOffer()
    {
        QFETCH(QByteArray, revision);
        QFETCH(QByteArray, capabilities);
        QFETCH(QByteArray, tool);
        const RawSession session(lab->url(), revision, {}, capabilities);
        const RawAnswer answer = session.call(tool);
        QCOMPARE(answer.events().size(), 1);
        QVERIFY(at(answer.event(0), "result/isError").toBool());
    }
    void questionsComeOneAfterTheOther()
    {
        const RawSession session(lab->url(), "2025-06-18", {}, everything);
        AskingCall call(session, "ask-in-turn");
        call.reply(call.message(0), R"({"action":"accept","content":{"name":"Ada"}})");
        const QJsonObject second = call.message(1);
        QVERIFY(textAt(second, "params/messages/0/content/text").contains(QLatin1String("Ada")));
        call.reply(second,
                   R"({"role":"assistant","content":{"type":"text","text":"v"},"model":"m"})");
        QCOMPARE(textAt(call.whole().event(-1), "result/content/0/text"),
                 QStringLiteral("For Ada. m said: v"));
    }
    void questionsAtOnceAreAnsweredInAnyOrder()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        AskingCall call(session, "ask-at-once");
        call.message(2);
        for (int i : {2, 0, 1}) {
            const QJsonObject question = call.message(i);
            const QString method = textAt(question, "method");
            call.reply(
                question,
                method == QLatin1String("roots/list") ? R"({"roots":[]})"
                    : method == QLatin1String("elicitation/create")
                    ? R"({"action":"accept","content":{"name":"Bo"}})"
                    : R"({"role":"assistant","content":{"type":"text","text":"w"},"model":"m"})");
        }
        QCOMPARE(textAt(call.whole().event(-1), "result/content/0/text"),
                 QStringLiteral("Name: Bo\nRoots: 0\nModel: m said: w"));
    }
    void promptsAndResourcesAskToo_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("member");
        QTest::newRow("prompt") << QByteArray("\"prompts/get\",\"params\":{\"name\":\"interview\"}")
                                << QByteArray("messages");
        QTest::newRow("resource") << QByteArray(
            "\"resources/read\",\"params\":{\"uri\":\"lab://sealed/letter\"}")
                                  << QByteArray("contents");
    }
    void promptsAndResourcesAskToo()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, member);
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        RawClient client(lab->url());
        client.sendRequest("POST", R"({"jsonrpc":"2.0","id":1,"method":)" + request + '}',
                           session.headers());
        const RawAnswer begun =
            client.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        session.post(R"({"jsonrpc":"2.0","id":)" + AskingCall::idOf(begun.event(0))
                     + R"(,"result":{"action":"accept","content":{"name":"x"}}})");
        QVERIFY(at(client.answer().event(-1), "result").toObject().contains(QLatin1String(member)));
    }
    void changedRootsAreAskedFor()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        RawClient stream(lab->url());
        stream.sendRequest("GET", {}, session.headers());
        stream.answer([](const RawAnswer &answer) { return answer.body.contains("retry: "); });
        session.post(R"({"jsonrpc":"2.0","method":"notifications/roots/list_changed"})");
        const RawAnswer asked =
            stream.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        QCOMPARE(textAt(asked.event(0), "method"), QStringLiteral("roots/list"));
        session.post(R"({"jsonrpc":"2.0","id":)" + AskingCall::idOf(asked.event(0))
                     + ",\"result\":{\"roots\":[{\"uri\":\"file:///new\"}]}}");
        const RawAnswer told =
            stream.answer([](const RawAnswer &answer) { return answer.events().size() > 1; });
        QVERIFY(textAt(told.event(1), "params/data").contains(QLatin1String("there are 1 now")));
        QVERIFY(textAt(session.call("tell-client").json(), "result/content/0/text")
                    .contains(QLatin1String("file:///new")));
    }
    void thePageOfAnElicitationIsWaitedFor()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        AskingCall call(session, "ask-by-url", R"({"wait":60})");
        const QJsonObject question = call.message(0);
        const QUrl url(textAt(question, "params/url"));
        QCOMPARE(url.port(), lab->url().port());
        call.reply(question, R"({"action":"accept"})");
        RawClient browser(lab->url());
        browser.sendRequest("GET", {}, {}, url.path().toUtf8());
        QCOMPARE(browser.answer().status, 200);
        const RawAnswer answer = call.whole();
        QCOMPARE(textAt(answer.event(-2), "method"),
                 QStringLiteral("notifications/elicitation/complete"));
        QCOMPARE(textAt(answer.event(-2), "params/elicitationId"),
                 textAt(question, "params/elicitationId"));
        QVERIFY(
            textAt(answer.event(-1), "result/content/0/text").contains(QLatin1String("opened")));
    }
    void aPageCanBeAskedForByAnError()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        RawClient stream(lab->url());
        stream.sendRequest("GET", {}, session.headers());
        stream.answer([](const RawAnswer &answer) { return answer.body.contains("retry: "); });
        const auto call = [&session] {
            const RawAnswer answer = session.call("ask-by-url", R"({"asError":true})");
            return answer.event(-1);
        };
        const QJsonObject first = call();
        QCOMPARE(at(first, "error/code").toInt(), -32042);
        const QUrl url(textAt(first, "error/data/elicitations/0/url"));
        RawClient browser(lab->url());
        browser.sendRequest("GET", {}, {}, url.path().toUtf8());
        QCOMPARE(browser.answer().status, 200);
        const RawAnswer told =
            stream.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        QCOMPARE(textAt(told.event(0), "params/elicitationId"),
                 textAt(first, "error/data/elicitations/0/elicitationId"));
        QVERIFY(
            textAt(call(), "result/content/0/text").contains(QLatin1String("been on the page")));
    }
    void modelsGetTheResultsOfTheirTools()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        AskingCall call(session, "ask-model", R"({"tools":true})");
        const QJsonObject first = call.message(0);
        QCOMPARE(textAt(first, "params/tools/0/name"), QStringLiteral("measure"));
        call.reply(
            first,
            R"({"role":"assistant","model":"m","stopReason":"toolUse","content":[{"type":"tool_use","id":"u1","name":"measure","input":{"pipe":"a"}}]})");
        const QJsonObject second = call.message(1);
        QCOMPARE(textAt(second, "params/messages/1/content/0/id"), QStringLiteral("u1"));
        QCOMPARE(textAt(second, "params/messages/2/content/0/toolUseId"), QStringLiteral("u1"));
        call.reply(second,
                   R"({"role":"assistant","model":"m","content":{"type":"text","text":"fine"}})");
        QCOMPARE(textAt(call.whole().event(-1), "result/content/0/text"),
                 QStringLiteral("m said: fine"));
    }
    void tasksAskAndWait()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        const QByteArray id =
            textAt(session.ask("tools/call",
                               R"({"name":"label-cup","arguments":{"seconds":0.04},"task":{}})"),
                   "task/taskId")
                .toUtf8();
        QCOMPARE(textAt(session.ask("tasks/get", "{\"taskId\":\"" + id + "\"}"), "status"),
                 QStringLiteral("input_required"));
        RawClient client(lab->url());
        client.sendRequest(
            "POST",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tasks/result\",\"params\":{\"taskId\":\""
                + id + "\"}}",
            session.headers());
        const RawAnswer begun =
            client.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        QVERIFY(begun.events().first().contains(
            "\"io.modelcontextprotocol/related-task\":{\"taskId\":\"" + id));
        session.post(R"({"jsonrpc":"2.0","id":)" + AskingCall::idOf(begun.event(0))
                     + R"(,"result":{"action":"accept","content":{"name":"Ada"}}})");
        QVERIFY(textAt(client.answer().event(-1), "result/content/0/text")
                    .contains(QLatin1String("Ada")));
    }

    void unansweredQuestionsAreWithdrawn()
    {
        start(LabSettings{.pingMs = 0, .keepAliveMs = 0, .askTimeoutMs = 50});
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        RawClient stream(lab->url());
        stream.sendRequest("GET", {}, session.headers());
        stream.answer([](const RawAnswer &answer) { return answer.body.contains("retry: "); });
        AskingCall call(session, "ask-model");
        const QJsonObject question = call.message(0);
        QVERIFY(at(call.whole().event(-1), "result/isError").toBool());
        const RawAnswer heard =
            stream.answer([](const RawAnswer &answer) { return !answer.events().isEmpty(); });
        QCOMPARE(textAt(heard.event(0), "method"), QStringLiteral("notifications/cancelled"));
        QCOMPARE(textAt(heard.event(0), "params/requestId"), textAt(question, "id"));
        // What comes too late answers nothing, and does no harm.
        QCOMPARE(
            session
                .post(R"({"jsonrpc":"2.0","id":)" + AskingCall::idOf(question) + R"(,"result":{}})")
                .status,
            202);
        QVERIFY(!logged.filter(QStringLiteral("which was not asked")).isEmpty());
    }
    void aCancelledCallTakesItsQuestionsWithIt()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        AskingCall call(session, "ask-form");
        call.message(0);
        session.post(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})");
        QVERIFY(call.whole().whole);
        QVERIFY(!logged.filter(QStringLiteral("was withdrawn")).isEmpty());
    }
    void aSessionThatEndsTakesAllWithIt()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        AskingCall call(session, "ask-at-once");
        const QJsonObject question = call.message(0);
        RawClient client(lab->url());
        client.sendRequest("DELETE", {}, session.headers());
        QCOMPARE(client.answer().status, 200);
        QVERIFY(call.whole().whole || call.socket().state() == QAbstractSocket::UnconnectedState);
        QCOMPARE(
            session
                .post(R"({"jsonrpc":"2.0","id":)" + AskingCall::idOf(question) + R"(,"result":{}})")
                .status,
            404);
    }
    void aClientThatGoesAwayLosesNothingButItsConnection()
    {
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        QByteArray id;
        {
            AskingCall call(session, "ask-model");
            id = AskingCall::idOf(call.message(0));
            call.socket().abort();
        }
        // The answer is heard all the same, and kept on the stream that broke.
        session.post(
            R"({"jsonrpc":"2.0","id":)" + id
            + R"(,"result":{"role":"assistant","content":{"type":"text","text":"late"},"model":"m"}})");
        RawClient again(lab->url());
        again.sendRequest("GET", {}, session.headers() + "Last-Event-ID: 1-1\r\n");
        QVERIFY(again.answer().body.contains("m said: late"));
    }

    void questionsWithoutEndStopWithTheClient()
    {
        start(LabSettings{.play = {QStringLiteral("asks-without-end")}, .pingMs = 0});
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        AskingCall call(session, "echo");
        for (int round = 0; round < 30; ++round) {
            const QJsonObject question = call.message(round);
            QCOMPARE(textAt(question, "method"), QStringLiteral("elicitation/create"));
            call.reply(question, R"({"action":"accept","content":{"name":"x"}})");
        }
        session.post(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})");
        QVERIFY(call.whole().whole);
    }
    void theServerAsksAndLeaves()
    {
        start(LabSettings{.play = {QStringLiteral("asks-and-leaves")}, .pingMs = 0});
        const RawSession session(lab->url(), "2025-11-25", {}, everything);
        AskingCall call(session, "ask-form");
        QCOMPARE(textAt(call.message(0), "method"), QStringLiteral("elicitation/create"));
        QVERIFY(!call.whole().whole);
        QCOMPARE(session.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").status, 404);
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

QTEST_GUILESS_MAIN(TestAsking)
#include "test_asking.moc"
