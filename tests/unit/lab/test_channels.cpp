// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The lab on standard streams, and without a transport.

#include "core/lab/lab_stdio.h"
#include "core/lab/lab_transport.h"
#include "core/lab/line_reader.h"
#include "core/lab/request_state.h"
#include "core/mcp/connection.h"
#include "core/mcp/legacy_era.h"
#include "core/mcp/modern_era.h"
#include "raw_client.h"
#include "wire.h"

#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

using namespace sightglass;

namespace {

/// A client of a lab that has two pipes for standard streams.
class PipeClient {
public:
    explicit PipeClient(const LabSettings &settings = {.pingMs = 0})
    {
        ready = ::pipe(m_in) == 0 && ::pipe(m_out) == 0;
        ::fcntl(m_out[0], F_SETFL, O_NONBLOCK);
        m_lab = std::make_unique<LabStdio>(settings, m_in[0], m_out[1]);
        QObject::connect(m_lab.get(), &LabStdio::ended, m_lab.get(), [this] { ended = true; });
        ready = ready && m_lab->start();
    }
    ~PipeClient()
    {
        m_lab.reset();
        for (int descriptor : {m_in[0], m_in[1], m_out[0], m_out[1]}) {
            if (descriptor >= 0)
                ::close(descriptor);
        }
    }
    Q_DISABLE_COPY_MOVE(PipeClient)

    bool send(const QByteArray &text) const
    {
        return ::write(m_in[1], text.constData(), size_t(text.size())) == text.size();
    }
    /// The next line; empty if the lab has ended.
    QByteArray line()
    {
        RawClient::waitFor([this] {
            drain();
            return m_read.contains('\n') || ended;
        });
        const qsizetype end = m_read.indexOf('\n');
        const QByteArray text = m_read.left(end < 0 ? 0 : end);
        m_read.remove(0, end + 1);
        return text;
    }
    QJsonObject ask(const QByteArray &message)
    {
        send(message + '\n');
        return objectOf(line());
    }
    QJsonObject initialize(const QByteArray &revision = "2025-11-25",
                           const QByteArray &capabilities = "{}")
    {
        return ask("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                   "\"protocolVersion\":\""
                   + revision + "\",\"capabilities\":" + capabilities
                   + R"(,"clientInfo":{"name":"t","version":"1"}}})");
    }
    void closeInput() { ::close(std::exchange(m_in[1], -1)); }
    void closeOutput() { ::close(std::exchange(m_out[0], -1)); }
    void drain()
    {
        char buffer[65536];
        for (ssize_t n = ::read(m_out[0], buffer, sizeof buffer); n > 0;
             n = ::read(m_out[0], buffer, sizeof buffer))
            m_read.append(buffer, n);
    }

    bool ready = false;
    bool ended = false;

private:
    int m_in[2] = {-1, -1};
    int m_out[2] = {-1, -1};
    std::unique_ptr<LabStdio> m_lab;
    QByteArray m_read;
};

QByteArray stateless(const QByteArray &method, const QByteArray &params = {},
                     const QByteArray &id = "1")
{
    return R"({"jsonrpc":"2.0","id":)" + id + ",\"method\":\"" + method + "\",\"params\":{" + params
        + (params.isEmpty() ? "" : ",")
        + "\"_meta\":{\"io.modelcontextprotocol/"
          "protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/"
          "clientCapabilities\":{\"roots\":{},\"elicitation\":{}}}}}";
}

/// A connection of our own client over the in-process transport.
class Direct {
public:
    Direct(std::unique_ptr<Era> era, const QByteArray &revision, const LabSettings &settings)
        : m_connection(std::make_unique<LabTransport>(&trace, settings), std::move(era), target(),
                       &trace)
    {
        QObject::connect(&m_connection, &Connection::ready, &m_connection, [this] { open = true; });
        QObject::connect(&m_connection, &Connection::failed, &m_connection,
                         [this](const Failure &why) { failure = why; });
        m_connection.setNoticeReceiver([this](const QByteArray &method, QByteArrayView,
                                              ExchangeId) { notices.append(method); });
        Connection::Opening opening;
        opening.revision = revision;
        m_connection.open(opening);
        RawClient::waitFor([this] { return open || failure; });
    }
    RpcAnswer ask(const QByteArray &method, const QByteArray &params = {})
    {
        std::optional<RpcAnswer> got;
        Connection::Asked asked;
        asked.onAnswer = [&got](const RpcAnswer &answer) { got = answer; };
        m_connection.request(m_connection.takeId(), RpcCall{method, params},
                             QString::fromLatin1(method), asked);
        RawClient::waitFor([&got] { return got.has_value(); });
        return got.value_or(RpcAnswer{});
    }
    bool close()
    {
        bool closed = false;
        QObject::connect(&m_connection, &Connection::closed, &m_connection,
                         [&closed] { closed = true; });
        m_connection.close();
        return RawClient::waitFor([&closed] { return closed; });
    }
    Connection &connection() { return m_connection; }

    TraceStore trace;
    bool open = false;
    std::optional<Failure> failure;
    QByteArrayList notices;

private:
    static ServerTarget target()
    {
        ServerTarget target;
        target.offer = {.roots = true, .sampling = true, .elicitation = true, .tasks = true};
        return target;
    }
    Connection m_connection;
};

} // namespace

class TestChannels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Standard streams.
    void eachRevisionIsSpokenOnStandardStreams_data()
    {
        QTest::addColumn<QByteArray>("revision");
        for (const char *revision : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
            QTest::newRow(revision) << QByteArray(revision);
    }
    void eachRevisionIsSpokenOnStandardStreams()
    {
        QFETCH(QByteArray, revision);
        PipeClient client;
        QVERIFY(client.ready);
        QCOMPARE(textAt(client.initialize(revision), "result/protocolVersion").toUtf8(), revision);
        QVERIFY(at(client.ask(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})"), "result/tools")
                    .isArray());
        QCOMPARE(textAt(client.ask(RawSession::callText("echo", R"({"message":"a\nb"})")),
                        "result/content/0/text"),
                 QStringLiteral("a\nb"));
    }
    void requestsThatDescribeThemselvesNeedNoHandshake()
    {
        PipeClient client;
        const QJsonObject found = client.ask(stateless("server/discover"));
        QCOMPARE(textAt(found, "result/supportedVersions/0"), QStringLiteral("2026-07-28"));
        QCOMPARE(textAt(client.ask(stateless("tools/call", "\"name\":\"ask-roots\"")),
                        "result/resultType"),
                 QStringLiteral("input_required"));
        QCOMPARE(at(client.ask(stateless("nothing/such")), "error/code").toInt(), -32601);
        // The other era is there, too, on the same streams.
        QVERIFY(client.initialize().contains(QLatin1String("result")));
        QVERIFY(client.ask(stateless("tools/list")).contains(QLatin1String("result")));
    }
    void subscriptionsEndWhenTheyAreCancelled()
    {
        PipeClient client;
        const QJsonObject told = client.ask(stateless(
            "subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true}", "\"s\""));
        QCOMPARE(textAt(told, "method"),
                 QStringLiteral("notifications/subscriptions/acknowledged"));
        client.send(stateless("tools/call", "\"name\":\"add-tool\"", "2") + '\n');
        QVERIFY(client.line().contains("tools/list_changed"));
        QVERIFY(client.line().contains("\"id\":2"));
        client.send(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"s"}})"
            "\n");
        client.send(stateless("tools/call", "\"name\":\"add-tool\"", "3") + '\n');
        QVERIFY(client.line().contains("\"id\":3"));
    }
    void anotherRevisionIsRefusedOnStandardStreams()
    {
        PipeClient client;
        const QJsonObject answer =
            client.ask(stateless("tools/list").replace("2026-07-28", "2031-01-01"));
        QCOMPARE(at(answer, "error/code").toInt(), -32022);
    }
    void whatIsNoMessageIsRefused_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("code");
        QTest::newRow("no JSON") << QByteArray("hello") << -32700;
        QTest::newRow("no message") << QByteArray("{}") << -32600;
        QTest::newRow("empty batch") << QByteArray("[]") << -32600;
        QTest::newRow("too early")
            << QByteArray(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})") << -32600;
        QTest::newRow("discover without a description")
            << QByteArray(R"({"jsonrpc":"2.0","id":1,"method":"server/discover"})") << -32601;
    }
    void whatIsNoMessageIsRefused()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, code);
        PipeClient client;
        QCOMPARE(at(client.ask(line), "error/code").toInt(), code);
        // And the lab goes on.
        QVERIFY(client.initialize().contains(QLatin1String("result")));
    }
    void batchesAreAnsweredInTheirRevision()
    {
        PipeClient client;
        client.initialize("2025-03-26");
        client.send(
            R"([{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}])"
            "\n");
        QCOMPARE(QJsonDocument::fromJson(client.line()).array().size(), 2);
        PipeClient later;
        later.initialize("2025-06-18");
        QCOMPARE(
            at(later.ask(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])"), "error/code").toInt(),
            -32600);
    }
    void theClientIsAskedOnStandardStreams()
    {
        PipeClient client;
        client.initialize("2025-11-25", R"({"elicitation":{}})");
        const QJsonObject question = client.ask(RawSession::callText("ask-form"));
        QCOMPARE(textAt(question, "method"), QStringLiteral("elicitation/create"));
        QVERIFY(textAt(client.ask("{\"jsonrpc\":\"2.0\",\"id\":\"" + textAt(question, "id").toUtf8()
                                  + "\",\"result\":{\"action\":\"decline\"}}"),
                       "result/content/0/text")
                    .contains(QLatin1String("declined")));
    }
    void anUnreadStreamNeedsNoMemory()
    {
        PipeClient client;
        client.initialize();
        client.send(RawSession::callText("many-events", R"({"count":1000000,"size":1000})") + '\n');
        // Nobody reads, and the lab still hears: the cancelled call leaves the stream to others.
        for (int i = 0; i < 50; ++i)
            QCoreApplication::processEvents();
        client.send(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})"
            "\n"
            R"({"jsonrpc":"2.0","id":"after","method":"ping"})"
            "\n");
        qint64 bytes = 0;
        QByteArray line;
        do {
            line = client.line();
            bytes += line.size();
        } while (!line.isEmpty() && !line.contains("\"after\""));
        QVERIFY(line.contains("\"after\""));
        QVERIFY2(bytes < 20'000'000, QByteArray::number(bytes));
    }
    void theLabEndsWithItsInput()
    {
        PipeClient client;
        client.initialize();
        client.send(R"({"jsonrpc":"2.0","id":1,"method":"ping"})"
                    "\n");
        client.closeInput();
        QVERIFY(RawClient::waitFor([&client] {
            client.drain();
            return client.ended;
        }));
        QVERIFY(client.line().contains("\"id\":1"));
    }
    void theLabEndsWithItsInputAlsoWhenNobodyReads()
    {
        PipeClient client;
        client.initialize();
        client.send(RawSession::callText("big-result", R"({"megabytes":2})") + '\n');
        client.closeInput();
        QVERIFY(RawClient::waitFor([&client] { return client.ended; }));
    }
    void theLabEndsWhenNobodyReads()
    {
        signal(SIGPIPE, SIG_IGN);
        PipeClient client;
        client.closeOutput();
        client.send(R"({"jsonrpc":"2.0","id":1,"method":"ping"})"
                    "\n");
        QVERIFY(RawClient::waitFor([&client] { return client.ended; }));
    }
    void somethingElseIsPrinted_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QByteArray>("first");
        QTest::newRow("a line") << QStringLiteral("prints-to-stdout@tools/call")
                                << QByteArray("Server started. This line is meant for a person.");
        QTest::newRow("no line end")
            << QStringLiteral("prints-without-end-of-line")
            << QByteArray(
                   R"(Loading ... {"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"x"}]}})");
    }
    void somethingElseIsPrinted()
    {
        QFETCH(QString, fault);
        QFETCH(QByteArray, first);
        PipeClient client(LabSettings{.play = {fault}, .pingMs = 0});
        client.initialize();
        client.send(RawSession::callText("echo", R"({"message":"x"})") + '\n');
        QCOMPARE(client.line(), first);
    }
    void theProgramEndsInTheMiddleOfACall()
    {
        PipeClient client(LabSettings{.play = {QStringLiteral("leaves")}, .pingMs = 0});
        client.initialize();
        client.send(RawSession::callText("echo", R"({"message":"x"})") + '\n');
        QVERIFY(client.line().isEmpty());
        QVERIFY(client.ended);
    }
    void aRequestIsNeverAnswered()
    {
        PipeClient client(LabSettings{.play = {QStringLiteral("says-nothing")}, .pingMs = 0});
        client.initialize();
        client.send(RawSession::callText("echo", R"({"message":"x"})") + '\n');
        // What is asked after it is answered.
        QCOMPARE(textAt(client.ask(R"({"jsonrpc":"2.0","id":"b","method":"ping"})"), "id"),
                 QStringLiteral("b"));
    }
    void theProgramAsksAndEnds()
    {
        PipeClient client(LabSettings{.play = {QStringLiteral("asks-and-leaves")}, .pingMs = 0});
        client.initialize("2025-11-25", R"({"elicitation":{}})");
        QCOMPARE(textAt(client.ask(RawSession::callText("echo")), "method"),
                 QStringLiteral("elicitation/create"));
        QVERIFY(RawClient::waitFor([&client] { return client.ended; }));
    }
    void unknownFaultsAreTold()
    {
        LabStdio lab(LabSettings{.play = {QStringLiteral("AF-00")}}, -1, -1);
        QString problem;
        QVERIFY(!lab.start(&problem));
        QVERIFY(problem.contains(QLatin1String("AF-00")));
    }

    void linesComeInAnyPortions_data()
    {
        QTest::addColumn<QByteArrayList>("portions");
        QTest::addColumn<QByteArrayList>("lines");
        QTest::newRow("one") << QByteArrayList{"a\n"} << QByteArrayList{"a"};
        QTest::newRow("two at once") << QByteArrayList{"a\nb\n"} << QByteArrayList{"a", "b"};
        QTest::newRow("split") << QByteArrayList{"a", "b\nc", "\n"} << QByteArrayList{"ab", "c"};
        QTest::newRow("carriage returns")
            << QByteArrayList{"a\r\n\r\nb\r\n"} << QByteArrayList{"a", "b"};
        QTest::newRow("blank") << QByteArrayList{"\n \n\n"} << QByteArrayList{};
        QTest::newRow("no end") << QByteArrayList{"a"} << QByteArrayList{};
    }
    void linesComeInAnyPortions()
    {
        QFETCH(QByteArrayList, portions);
        QFETCH(QByteArrayList, lines);
        LabLineReader reader;
        QByteArrayList got;
        for (const QByteArray &portion : portions) {
            reader.feed(portion);
            while (const auto line = reader.next())
                got.append(*line);
        }
        QCOMPARE(got, lines);
    }

    // Without a transport.
    void ourOwnClientSpeaksToItDirectly_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<bool>("modern");
        QTest::newRow("2024-11-05") << QByteArray("2024-11-05") << false;
        QTest::newRow("2025-11-25") << QByteArray("2025-11-25") << false;
        QTest::newRow("2026-07-28") << QByteArray("2026-07-28") << true;
    }
    void ourOwnClientSpeaksToItDirectly()
    {
        QFETCH(QByteArray, revision);
        QFETCH(bool, modern);
        Direct direct(era(modern), revision, {.pingMs = 0});
        QVERIFY2(direct.open, direct.failure ? qPrintable(direct.failure->sentence) : "");
        QCOMPARE(direct.connection().agreement().revision.name, revision);
        const RpcAnswer answer =
            direct.ask("tools/call", R"({"name":"echo","arguments":{"message":"hi"}})");
        QCOMPARE(textAt(objectOf(answer.result), "content/0/text"), QStringLiteral("hi"));
        // It stands in the trace as said.
        QVERIFY(direct.trace.exchangeCount() >= 3);
        QVERIFY(direct.close());
    }
    void manyMessagesComeInOrder()
    {
        Direct direct(era(false), "2025-11-25", {.pingMs = 0});
        QVERIFY(direct.open);
        const RpcAnswer answer = direct.ask(
            "tools/call", R"({"name":"many-events","arguments":{"count":20000,"size":10}})");
        QVERIFY(textAt(objectOf(answer.result), "content/0/text")
                    .contains(QLatin1String("20000 events")));
        QCOMPARE(direct.notices.count("notifications/message"), 20000);
    }
    void inputIsGivenDirectly_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<bool>("modern");
        QTest::newRow("by a request of the server's") << QByteArray("2025-11-25") << false;
        QTest::newRow("by its result") << QByteArray("2026-07-28") << true;
    }
    void inputIsGivenDirectly()
    {
        QFETCH(QByteArray, revision);
        QFETCH(bool, modern);
        Direct direct(era(modern), revision, {.pingMs = 0});
        QVERIFY(direct.open);
        connect(
            &direct.connection().inbox(), &Inbox::asked, this,
            [&direct](const ServerRequest &request) {
                direct.connection().inbox().reply(
                    request.number, {R"({"action":"accept","content":{"name":"Ada"}})", {}, {}});
            },
            Qt::QueuedConnection);
        const RpcAnswer answer = direct.ask("tools/call", R"({"name":"ask-form","arguments":{}})");
        QVERIFY2(textAt(objectOf(answer.result), "content/0/text").contains(QLatin1String("Ada")),
                 answer.result + answer.error);
    }
    void aLabThatLeavesEndsWhatRuns()
    {
        Direct direct(era(false), "2025-11-25",
                      {.play = {QStringLiteral("asks-and-leaves")}, .pingMs = 0});
        QVERIFY(direct.open);
        const RpcAnswer answer = direct.ask("tools/call", R"({"name":"echo","arguments":{}})");
        QVERIFY(answer.failure);
        QVERIFY(direct.ask("ping").failure);
    }

    // What goes through the client and has to come back as it was.
    void sealedStatesOpenWithTheirKeyAlone()
    {
        LabRequestState state;
        state.answers.insert(QStringLiteral("a"), R"({"b":1.0})");
        state.request = labRequestDigest("tools/call", "x", "{}");
        state.expires = 4711;
        const QString sealed = labSealed(state, "secret");
        QCOMPARE(labUnsealed(sealed, "secret").value_or(LabRequestState{}), state);
        QVERIFY(!labUnsealed(sealed, "other"));
        for (qsizetype i = 0; i < sealed.size(); i += 7) {
            QString changed = sealed;
            changed[i] = changed.at(i) == QLatin1Char('x') ? QLatin1Char('y') : QLatin1Char('x');
            QVERIFY(!labUnsealed(changed, "secret"));
        }
        QVERIFY(!labUnsealed({}, "secret"));
        QVERIFY(!labUnsealed(QStringLiteral("."), "secret"));
        QVERIFY(labRequestDigest("a", "b", "c") != labRequestDigest("ab", {}, "c"));
    }

private:
    static std::unique_ptr<Era> era(bool modern)
    {
        const ClientOffer offer{
            .roots = true, .sampling = true, .elicitation = true, .tasks = true};
        if (modern)
            return std::make_unique<ModernEra>(offer);
        return std::make_unique<LegacyEra>(offer);
    }
};

QTEST_GUILESS_MAIN(TestChannels)
#include "test_channels.moc"
