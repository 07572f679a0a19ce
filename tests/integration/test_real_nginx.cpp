// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child_process.h"
#include "tests/support/cli_run.h"
#include "tests/support/nginx_proxy.h"
#include "tests/support/session_probe.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

/// A server on the official TypeScript SDK with a bearer check, behind nginx with TLS and HTTP/2.
class RealNginx : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(!pinnedNode().isEmpty(), "run ./test.sh once: it installs the npm packages");
        m_server.setEnvironment({u"SERVER_TOKEN="_s + QString::fromLatin1(token)});
        QVERIFY2(m_server.start(pinnedNode(), {npmPath(u"bearer-server.mjs"_s)}),
                 m_server.output().constData());
        const QUrl plain = m_server.waitForUrl();
        QVERIFY2(plain.isValid(), m_server.output().constData());
        QVERIFY2(m_nginx.start(plain), m_nginx.problem().constData());
    }

    void everyExchangeIsCarriedByTheVersionChosen_data()
    {
        QTest::addColumn<bool>("http2");
        QTest::addColumn<QByteArray>("version");
        QTest::newRow("HTTP/1.1") << false << QByteArray("HTTP/1.1");
        QTest::newRow("HTTP/2") << true << QByteArray("HTTP/2");
    }
    void everyExchangeIsCarriedByTheVersionChosen()
    {
        QFETCH(bool, http2);
        QFETCH(QByteArray, version);
        SessionProbe probe;
        ServerTarget target = trusted();
        target.network.http2 = http2;
        QVERIFY2(probe.connectTo(target), probe.explain(probe.state().failure));
        QVERIFY(
            probe.waitFor([&] { return probe.state().stream.phase == StreamState::Phase::Open; }));
        QCOMPARE(SessionProbe::text(probe.call(u"add"_s, R"({"a":2,"b":40})")), u"42"_s);
        QCOMPARE(SessionProbe::text(probe.call(u"hang-up"_s)), u"resumed"_s);
        probe.disconnectFrom();

        QVERIFY(probe.exchanges(ExchangeKind::Post).size() >= 4);
        QCOMPARE(probe.exchanges(ExchangeKind::Stream).size(), 1);
        QVERIFY(probe.exchanges(ExchangeKind::Reconnect).size() >= 1);
        QCOMPARE(probe.exchanges(ExchangeKind::Delete).size(), 1);
        for (ExchangeId id = 1; id <= probe.trace().exchangeCount(); ++id) {
            const std::optional<ResponseRecord> response = probe.trace().response(id);
            QVERIFY2(response, probe.explain(probe.trace().failure(id)));
            QCOMPARE(response->http, version);
            QCOMPARE(probe.sent(id, "Authorization"), "Bearer " + QByteArray(token));
        }
    }

    void manyCallsAtOnceGoOverHttp2BesideTheOpenStream()
    {
        SessionProbe probe;
        ServerTarget target = trusted();
        target.network.http2 = true;
        QVERIFY2(probe.connectTo(target), probe.explain(probe.state().failure));
        QVERIFY(
            probe.waitFor([&] { return probe.state().stream.phase == StreamState::Phase::Open; }));
        int good = 0;
        int ended = 0;
        connect(&probe.session(), &Session::callFinished, &probe,
                [&](Ticket, const CallResult &result) {
                    ++ended;
                    good += !result.failure && SessionProbe::text(result) == u"42"_s;
                });
        for (int call = 0; call < 32; ++call)
            probe.session().callTool(u"add"_s, R"({"a":2,"b":40})");
        QVERIFY(probe.waitFor([&] { return ended == 32; }));
        QCOMPARE(good, 32);
        QCOMPARE(probe.state().stream.phase, StreamState::Phase::Open);
    }

    void anAuthorityThatNobodyTrustsIsNamed()
    {
        SessionProbe probe;
        ServerTarget target = trusted();
        target.network.caFile.clear();
        QVERIFY(!probe.connectTo(target));
        const auto failure = probe.state().failure;
        QVERIFY(failure.has_value());
        QCOMPARE(failure->kind, FailureKind::Unreachable);
        QCOMPARE(failure->finding, u"AF-94"_s);
        QVERIFY2(failure->sentence.contains(u"Sightglass test"_s), qPrintable(failure->sentence));
        QCOMPARE(probe.trace().exchangeCount(), ExchangeId(1));
    }

    void theCommandLineShowsHttp2InItsTrace()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"call.sgtrace"_s);
        const QStringList environment{u"SG_TOKEN="_s + QString::fromLatin1(token)};
        const CliRun call =
            runCli({u"call"_s, m_nginx.url().toString(), u"add"_s, u"--args"_s,
                    u"{\"a\":2,\"b\":40}"_s, u"--cacert"_s, m_nginx.caFile(), u"--http2"_s,
                    u"--bearer-env"_s, u"SG_TOKEN"_s, u"--trace"_s, file},
                   environment);
        QVERIFY2(call.exitCode == 0, call.err);
        QVERIFY2(call.out.contains("42"), call.out);
        const CliRun trace = runCli({u"trace"_s, file, u"--json"_s});
        QVERIFY2(trace.exitCode == 0, trace.err);
        const auto lines = trace.out.trimmed().split('\n');
        QVERIFY(lines.size() >= 4);
        for (const QByteArray &line : lines) {
            const JsonText json = JsonText::parse(line);
            const auto response = json.member(json.root(), u"response");
            QCOMPARE(json.string(json.member(response, u"http")), u"HTTP/2"_s);
        }

        const CliRun distrusted = runCli(
            {u"tools"_s, m_nginx.url().toString(), u"--bearer-env"_s, u"SG_TOKEN"_s}, environment);
        QVERIFY2(distrusted.exitCode == 3, distrusted.err);
    }

private:
    static constexpr const char *token = "a-token-of-the-tests-4711";

    ServerTarget trusted() const
    {
        ServerTarget target;
        target.url = m_nginx.url();
        target.credentials.bearer = token;
        target.network.caFile = m_nginx.caFile();
        return target;
    }

    ChildProcess m_server;
    NginxProxy m_nginx;
};

QTEST_GUILESS_MAIN(RealNginx)
#include "test_real_nginx.moc"
