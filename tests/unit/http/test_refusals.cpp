// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;

namespace {

/// Credentials that may be replaced when one was refused.
class Renewable final : public CredentialSource {
public:
    Stamp stamp(const QUrl &, const QByteArray &method) const override
    {
        methods.append(method);
        Stamp stamp;
        if (!token.isEmpty())
            stamp.headers.append(
                {"Authorization", "Bearer " + token, HeaderSource::Credential, true});
        return stamp;
    }
    void received(const AnswerHead &head) override { answers.append(head); }
    bool refused(const RefusedRequest &request, const std::function<void(bool)> &then) override
    {
        refusals.append(request);
        decide = then;
        return takes;
    }

    QByteArray token;
    bool takes = true;
    std::function<void(bool)> decide;
    QList<RefusedRequest> refusals;
    QList<AnswerHead> answers;
    mutable QList<QByteArray> methods;
};

const QByteArray Challenge = "WWW-Authenticate: Bearer scope=\"a\"\r\n";

} // namespace

class TestRefusals : public QObject {
    Q_OBJECT
private:
    RawServer m_server;
    std::unique_ptr<TraceStore> m_trace;
    std::unique_ptr<HttpGate> m_gate;
    std::unique_ptr<Renewable> m_credentials;

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.listen()); }
    void init()
    {
        m_trace = std::make_unique<TraceStore>();
        m_gate = std::make_unique<HttpGate>(m_trace.get());
        m_gate->setNetworkSettings(direct());
        m_credentials = std::make_unique<Renewable>();
        m_gate->setCredentials(m_credentials.get());
        m_server.onRequest([](RawConnection &connection, const RawRequest &request) {
            if (request.header("Authorization") == "Bearer good")
                connection.answer(200, "welcome");
            else
                connection.answer(401, "who are you?", Challenge);
        });
    }
    void cleanup()
    {
        m_gate.reset();
        m_credentials.reset();
    }

    void goesOutAgainWithOtherCredentials_data()
    {
        QTest::addColumn<QByteArray>("method");
        for (const char *method : {"POST", "GET", "DELETE"})
            QTest::newRow(method) << QByteArray(method);
    }
    void goesOutAgainWithOtherCredentials()
    {
        QFETCH(QByteArray, method);
        HttpRequest request =
            method == "POST" ? postOf(m_server.url(), "{\"x\":1}") : getOf(m_server.url());
        request.method = method;
        const qsizetype before = m_server.requests().size();
        ExchangeProbe probe(m_gate->send(request));
        QSignalSpy waits(probe.exchange, &HttpExchange::waitsForCredentials);
        QTRY_COMPARE(m_credentials->refusals.size(), 1);
        QTRY_COMPARE(waits.size(), 1);
        QCOMPARE(waits.at(0).at(0).toBool(), true);
        const RefusedRequest refused = m_credentials->refusals.constFirst();
        QCOMPARE(refused.head.status, 401);
        QCOMPARE(refused.tries, 1);
        QVERIFY(refused.head.authorization.isEmpty());
        QCOMPARE(refused.waiting.data(), static_cast<QObject *>(probe.exchange));
        QCOMPARE(probe.heads, 0);

        m_credentials->token = "good";
        m_credentials->decide(true);
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), QString());
        QCOMPARE(probe.exchange->status(), 200);
        QCOMPARE(probe.body, QByteArray("welcome"));
        QCOMPARE(probe.heads, 1);
        QCOMPARE(probe.redirects, (QList<std::pair<ExchangeId, ExchangeId>>{{1, 2}}));
        QCOMPARE(waits.last().at(0).toBool(), false);
        // Both stand in the trace, the refusal with its body, and one led to the other.
        QCOMPARE(m_trace->exchangeCount(), 2);
        QCOMPARE(m_trace->request(2).cause, 1);
        QCOMPARE(m_trace->responseBody(1), QByteArray("who are you?"));
        QVERIFY(m_trace->summary(1).finished);
        QVERIFY(!m_trace->failure(1));
        QCOMPARE(m_server.requests().size(), before + 2);
        QCOMPARE(m_server.requests().last().body, request.body);
        QCOMPARE(m_credentials->methods, (QList<QByteArray>{method, method}));
    }

    void standsWhereNothingElseIsToBeHad_data()
    {
        QTest::addColumn<bool>("later");
        QTest::newRow("at once") << false;
        QTest::newRow("after a look") << true;
    }
    void standsWhereNothingElseIsToBeHad()
    {
        QFETCH(bool, later);
        m_credentials->takes = later;
        ExchangeProbe probe(m_gate->send(postOf(m_server.url())));
        QTRY_COMPARE(m_credentials->refusals.size(), 1);
        if (later) {
            // Its body has come meanwhile, and is told now as if it came then.
            QTRY_COMPARE(m_trace->responseBody(1), QByteArray("who are you?"));
            QCOMPARE(probe.body, QByteArray());
            m_credentials->decide(false);
        }
        QVERIFY(probe.wait());
        QCOMPARE(probe.exchange->status(), 401);
        QCOMPARE(probe.body, QByteArray("who are you?"));
        QCOMPARE(probe.heads, 1);
        QCOMPARE(probe.code(), QString());
        QCOMPARE(m_trace->exchangeCount(), 1);
    }

    void canBeGivenUpWhileItWaits()
    {
        ExchangeProbe probe(m_gate->send(postOf(m_server.url())));
        QTRY_COMPARE(m_credentials->refusals.size(), 1);
        probe.exchange->abort();
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), QStringLiteral("cancelled"));
        QCOMPARE(probe.heads, 0);
        m_credentials->decide(true); // too late
        QCoreApplication::processEvents();
        QCOMPARE(m_trace->exchangeCount(), 1);
    }

    void canBeDeletedWhileItWaits()
    {
        HttpExchange *http = m_gate->send(postOf(m_server.url()));
        QTRY_COMPARE(m_credentials->refusals.size(), 1);
        delete http;
        QVERIFY(!m_credentials->refusals.constFirst().waiting);
        m_credentials->decide(true);
        m_credentials->decide(false);
        QCoreApplication::processEvents();
        QCOMPARE(m_trace->exchangeCount(), 1);
        QVERIFY(m_trace->summary(1).finished);
    }

    void isCountedEachTime()
    {
        m_server.onRequest([](RawConnection &connection, const RawRequest &) {
            connection.answer(403, "no",
                              "WWW-Authenticate: Bearer error=\"insufficient_scope\"\r\n");
        });
        ExchangeProbe probe(m_gate->send(postOf(m_server.url())));
        for (int i = 1; i <= 3; ++i) {
            QTRY_COMPARE(m_credentials->refusals.size(), i);
            QCOMPARE(m_credentials->refusals.last().tries, i);
            m_credentials->takes = i < 3;
            m_credentials->token = "t" + QByteArray::number(i);
            m_credentials->decide(i < 3);
        }
        QTRY_COMPARE(m_credentials->refusals.size(), 3);
        m_credentials->decide(false);
        QVERIFY(probe.wait());
        QCOMPARE(probe.exchange->status(), 403);
        QCOMPARE(m_trace->exchangeCount(), 3);
    }

    void authorizationServersGetNoneOfIt()
    {
        m_credentials->token = "good";
        HttpRequest request = postOf(m_server.url());
        request.kind = ExchangeKind::Token;
        request.toAuthorizationServer = true;
        ExchangeProbe probe(m_gate->send(request));
        QVERIFY(probe.wait());
        QCOMPARE(probe.exchange->status(), 401);
        QVERIFY(m_server.requests().last().header("Authorization").isNull());
        QCOMPARE(m_trace->request(1).withheld.size(), 1);
        QCOMPARE(m_credentials->refusals.size(), 0);
        QCOMPARE(m_credentials->answers.size(), 0);
    }

    void whatWasSpoiledOnPurposeStaysRefused()
    {
        class Forgets final : public Misbehaviour {
        public:
            QString id() const override { return QStringLiteral("AF-01"); }
            void spoil(RequestRecord &request) const override
            {
                request.headers.removeIf(
                    [](const Header &line) { return sameHeaderName(line.name, "Authorization"); });
            }
        };
        m_credentials->token = "good";
        m_gate->setMisbehaviour(std::make_shared<Forgets>());
        ExchangeProbe probe(m_gate->send(getOf(m_server.url())));
        QVERIFY(probe.wait());
        QCOMPARE(probe.exchange->status(), 401);
        QCOMPARE(m_credentials->refusals.size(), 0);
    }

    void aLongRefusalIsNotReadToItsEnd()
    {
        m_server.onRequest([](RawConnection &connection, const RawRequest &) {
            connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 50000000\r\n\r\n");
            connection.stream(50'000'000);
        });
        ExchangeProbe probe(m_gate->send(postOf(m_server.url())));
        QTRY_COMPARE(m_credentials->refusals.size(), 1);
        QTRY_VERIFY(m_trace->responseBody(1).size() >= 1024 * 1024);
        QCoreApplication::processEvents();
        QVERIFY(m_trace->responseBody(1).size() < 10'000'000);
        m_credentials->decide(false);
        QVERIFY(probe.wait());
        QCOMPARE(probe.body.size(), 50'000'000);
    }
};

QTEST_GUILESS_MAIN(TestRefusals)
#include "test_refusals.moc"
