// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child_process.h"
#include "tests/support/cli_run.h"
#include "tests/support/recording_bytes.h"
#include "tests/support/session_probe.h"

#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

/// A server on the official TypeScript SDK, which checks the token of every request.
class RealBearer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QVERIFY2(!pinnedNode().isEmpty(), "run ./test.sh once: it installs the npm packages");
        m_server = std::make_unique<ChildProcess>();
        m_server->setEnvironment({u"SERVER_TOKEN="_s + QString::fromLatin1(token)});
        QVERIFY2(m_server->start(pinnedNode(), {npmPath(u"bearer-server.mjs"_s)}),
                 m_server->output().constData());
        m_url = m_server->waitForUrl();
        QVERIFY2(m_url.isValid(), m_server->output().constData());
    }
    void cleanup() { m_server.reset(); }

    void everyKindOfRequestCarriesTheToken()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        QVERIFY(
            probe.waitFor([&] { return probe.state().stream.phase == StreamState::Phase::Open; }));
        QCOMPARE(probe.tools().tools.size(), 3);
        QCOMPARE(SessionProbe::text(probe.call(u"add"_s, R"({"a":2,"b":40})")), u"42"_s);
        QVERIFY(probe.call(u"fail"_s).isError);
        // Its answer comes on a stream that has to be resumed: a GET of a kind of its own.
        const CallResult resumed = probe.call(u"hang-up"_s);
        QVERIFY2(!resumed.failure, probe.explain(resumed.failure));
        QCOMPARE(SessionProbe::text(resumed), u"resumed"_s);
        probe.disconnectFrom();

        const JsonText counts = JsonText::parse(serverCounts());
        for (const char *kind : {"POST", "GET", "RECONNECT", "DELETE"}) {
            const auto node = counts.member(counts.root(), QString::fromLatin1(kind));
            QVERIFY2(counts.isObject(node), counts.text());
            QVERIFY2(counts.integer(counts.member(node, u"with")).value_or(0) > 0, counts.text());
            QCOMPARE(counts.integer(counts.member(node, u"without")), std::optional<qint64>(0));
        }
        for (ExchangeId id = 1; id <= probe.trace().exchangeCount(); ++id)
            QCOMPARE(probe.sent(id, "Authorization"), "Bearer " + QByteArray(token));
    }

    void aWrongTokenIsRefusedWithTheExchangeThatShowsIt()
    {
        SessionProbe probe;
        ServerTarget wrong = target();
        wrong.credentials.bearer = "not-the-token";
        QVERIFY(!probe.connectTo(wrong));
        const auto failure = probe.state().failure;
        QVERIFY(failure.has_value());
        QCOMPARE(failure->kind, FailureKind::Refused);
        QVERIFY(failure->exchange > 0);
        QCOMPARE(probe.trace().summary(failure->exchange).status, 401);
    }

    void aClientThatForgetsTheTokenOnTheStreamIsSeenByTheServer()
    {
        SessionProbe probe;
        ServerTarget forgetful = target();
        forgetful.acting = u"AF-01"_s;
        QVERIFY2(probe.connectTo(forgetful), probe.explain(probe.state().failure));
        QVERIFY(probe.waitFor(
            [&] { return probe.state().stream.phase == StreamState::Phase::Refused; }));
        QCOMPARE(SessionProbe::text(probe.call(u"add"_s, R"({"a":1,"b":1})")), u"2"_s);
        const JsonText counts = JsonText::parse(serverCounts());
        const auto gets = counts.member(counts.root(), u"GET");
        QCOMPARE(counts.integer(counts.member(gets, u"with")), std::optional<qint64>(0));
        QVERIFY(counts.integer(counts.member(gets, u"without")).value_or(0) > 0);
        const auto posts = counts.member(counts.root(), u"POST");
        QCOMPARE(counts.integer(counts.member(posts, u"without")), std::optional<qint64>(0));
    }

    void theServerDyingEndsInAnErrorAndItsReturnInAConnection()
    {
        SessionProbe probe;
        QVERIFY2(probe.connectTo(target()), probe.explain(probe.state().failure));
        m_server->kill();
        const CallResult dead = probe.call(u"add"_s, R"({"a":1,"b":1})");
        QVERIFY(dead.failure.has_value());
        QCOMPARE(dead.failure->kind, FailureKind::Unreachable);

        m_server->setEnvironment(
            {u"SERVER_TOKEN="_s + QString::fromLatin1(token), u"PORT=%1"_s.arg(m_url.port())});
        QVERIFY(m_server->start(pinnedNode(), {npmPath(u"bearer-server.mjs"_s)}));
        QCOMPARE(m_server->waitForUrl(), m_url);
        // The new process does not know the old session (404): a new one is begun.
        CallResult alive = probe.call(u"add"_s, R"({"a":20,"b":22})");
        if (alive.failure)
            alive = probe.call(u"add"_s, R"({"a":20,"b":22})");
        QVERIFY2(!alive.failure, probe.explain(alive.failure));
        QCOMPARE(SessionProbe::text(alive), u"42"_s);
    }

    void theCommandLineTellsByItsExitCode()
    {
        const QStringList rightToken{u"SG_TOKEN="_s + QString::fromLatin1(token)};
        const QString url = m_url.toString();
        const QStringList bearer{u"--bearer-env"_s, u"SG_TOKEN"_s};

        const CliRun good = runCli(
            QStringList{u"call"_s, url, u"add"_s, u"--args"_s, u"{\"a\":2,\"b\":40}"_s} + bearer,
            rightToken);
        QVERIFY2(good.exitCode == 0, good.err);
        QVERIFY2(good.out.contains("42"), good.out);

        const CliRun isError = runCli(QStringList{u"call"_s, url, u"fail"_s} + bearer, rightToken);
        QVERIFY2(isError.exitCode == 1, isError.err);

        const CliRun refused = runCli(QStringList{u"tools"_s, url} + bearer, {u"SG_TOKEN=wrong"_s});
        QVERIFY2(refused.exitCode == 4, refused.err);
        QVERIFY2(refused.err.contains("401"), refused.err);
        QVERIFY2(refused.out.isEmpty(), refused.out);
    }

    void aRecordingOfItHoldsNoToken()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"call.sgtrace"_s);
        const CliRun run =
            runCli({u"call"_s, m_url.toString(), u"add"_s, u"--args"_s, u"{\"a\":2,\"b\":40}"_s,
                    u"--bearer-env"_s, u"SG_TOKEN"_s, u"--trace"_s, file},
                   {u"SG_TOKEN="_s + QString::fromLatin1(token)});
        QVERIFY2(run.exitCode == 0, run.err);
        QFile recording(file);
        QVERIFY(recording.open(QIODevice::ReadOnly));
        const QByteArray bytes = plainRecording(recording.readAll());
        QVERIFY(bytes.size() > 500);
        QVERIFY(!bytes.contains(token));
        QVERIFY(!run.err.contains(token));

        const CliRun shown = runCli({u"trace"_s, file});
        QVERIFY2(shown.exitCode == 0, shown.err);
        QVERIFY2(shown.out.contains("Authorization"), shown.out);
        QVERIFY(!shown.out.contains(token));
    }

private:
    static constexpr const char *token = "a-token-of-the-tests-4711";

    ServerTarget target() const
    {
        ServerTarget target;
        target.url = m_url;
        target.credentials.bearer = token;
        return target;
    }
    /// What the server counted; asked over a plain socket, so that nothing of ours is in between.
    QByteArray serverCounts() const
    {
        QTcpSocket socket;
        socket.connectToHost(m_url.host(), static_cast<quint16>(m_url.port()));
        socket.write("GET /counts HTTP/1.0\r\n\r\n");
        QByteArray answer;
        while (socket.waitForReadyRead(10000))
            answer += socket.readAll();
        return answer.mid(answer.indexOf("\r\n\r\n") + 4);
    }

    std::unique_ptr<ChildProcess> m_server;
    QUrl m_url;
};

QTEST_GUILESS_MAIN(RealBearer)
#include "test_real_bearer.moc"
