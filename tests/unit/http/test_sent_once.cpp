// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

/// How a connection dies under a request.
enum class Death : quint8 { Close, Reset, HalfStatusLine, HalfHead, BeforeTheBody };

} // namespace

/// Row 3 of wire-facts.md: what reaches the server is in the trace, as often as it does. What has
/// a body reaches it once.
class SentOnce : public QObject {
    Q_OBJECT

private:
    static void rows(const QList<QByteArray> &methods)
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<bool>("reused");
        QTest::addColumn<Death>("death");
        for (const QByteArray &method : methods) {
            for (const bool reused : {false, true}) {
                for (const auto &[name, death] :
                     {std::pair("closed", Death::Close), std::pair("reset", Death::Reset),
                      std::pair("half a status line", Death::HalfStatusLine),
                      std::pair("half a head", Death::HalfHead)}) {
                    QTest::addRow("%s, %s connection, %s", method.constData(),
                                  reused ? "reused" : "fresh", name)
                        << method << reused << death;
                }
            }
        }
    }
    static void die(RawConnection &connection, Death death)
    {
        switch (death) {
        case Death::Close:
            break;
        case Death::Reset:
            connection.reset();
            return;
        case Death::HalfStatusLine:
            connection.write("HTTP/1.1 20");
            break;
        case Death::HalfHead:
            connection.write("HTTP/1.1 200 OK\r\nContent-Ty");
            break;
        case Death::BeforeTheBody:
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
            break;
        }
        connection.close();
    }
    static HttpRequest request(const QByteArray &method, const QUrl &url)
    {
        HttpRequest request = method == "POST" ? postOf(url) : getOf(url);
        request.method = method;
        if (method == "PATCH")
            request.body = "{}";
        return request;
    }

    /// Has the request die and gives back how often it reached the server. Everything else that
    /// must hold is checked here.
    void send(qsizetype &count)
    {
        QFETCH(QByteArray, method);
        QFETCH(bool, reused);
        QFETCH(Death, death);
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([&](RawConnection &connection, const RawRequest &raw) {
            if (raw.target() == "/live")
                connection.answer(200, "{}");
            else
                die(connection, death);
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        if (reused) {
            ExchangeProbe live(gate.send(postOf(server.url(QStringLiteral("/live")))));
            QVERIFY(live.wait());
        }
        const qsizetype before = server.requests().size();
        ExchangeProbe probe(gate.send(request(method, server.url(QStringLiteral("/dies")))));
        QVERIFY(probe.wait());
        QTest::qWait(50);
        QCOMPARE(probe.finishes, 1);
        QCOMPARE(probe.heads, 0);
        QVERIFY(probe.exchange->failure());
        QCOMPARE(probe.exchange->failure()->code, QStringLiteral("connection-closed"));
        QCOMPARE(probe.exchange->failure()->exchange, probe.exchange->id());
        QCOMPARE(server.requests().at(before).connection, reused ? 0 : int(before));

        // The trace has an exchange for each time, each caused by the one before.
        count = server.requests().size() - before;
        QCOMPARE(trace.exchangeCount(), server.requests().size());
        for (ExchangeId id = before + 1; id <= trace.exchangeCount(); ++id) {
            QCOMPARE(server.requests().at(id - 1).head, headOf(trace.request(id)));
            QCOMPARE(trace.request(id).cause, id == before + 1 ? 0 : id - 1);
            QVERIFY(trace.summary(id).finished);
            QCOMPARE(trace.failure(id)->code, QStringLiteral("connection-closed"));
            QCOMPARE(trace.failure(id)->exchange, id);
            QVERIFY(trace.summary(id).times.sent > 0);
            if (id < trace.exchangeCount())
                QCOMPARE(probe.redirects.at(id - before - 1), std::pair(id, id + 1));
        }
        QCOMPARE(probe.redirects.size(), count - 1);
        QCOMPARE(probe.exchange->id(), trace.exchangeCount());
    }

private Q_SLOTS:
    void whatHasABodyReachesTheServerOnce_data() { rows({"POST", "PATCH"}); }
    void whatHasABodyReachesTheServerOnce()
    {
        qsizetype count = 0;
        send(count);
        QCOMPARE(count, 1);
    }

    void whatHasNoBodyIsInTheTraceAsOftenAsItReachesTheServer_data()
    {
        rows({"GET", "DELETE", "HEAD"});
    }
    void whatHasNoBodyIsInTheTraceAsOftenAsItReachesTheServer()
    {
        qsizetype count = 0;
        send(count);
        QVERIFY(count >= 1);
    }

    void aResentRequestThatIsAnsweredEndsWell_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::newRow("GET") << QByteArray("GET");
        QTest::newRow("DELETE") << QByteArray("DELETE");
    }
    void aResentRequestThatIsAnsweredEndsWell()
    {
        QFETCH(QByteArray, method);
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([&](RawConnection &connection, const RawRequest &) {
            if (server.requests().size() == 2)
                connection.close();
            else
                connection.answer(200, "{}");
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        ExchangeProbe first(gate.send(postOf(server.url())));
        QVERIFY(first.wait());
        ExchangeProbe probe(gate.send(request(method, server.url())));
        QVERIFY(probe.wait());
        QCOMPARE(server.requests().size(), 3);
        QCOMPARE(trace.exchangeCount(), 3);
        QVERIFY(!probe.exchange->failure());
        QCOMPARE(probe.exchange->id(), 3);
        QCOMPARE(probe.body, QByteArray("{}"));
        QCOMPARE(trace.failure(2)->code, QStringLiteral("connection-closed"));
        QVERIFY(!trace.response(2));
        QCOMPARE(trace.request(3).cause, 2);
        QCOMPARE(trace.response(3)->status, 200);
        QCOMPARE(trace.responseBody(3), QByteArray("{}"));
    }

    void anAnswerThatBreaksOffIsNotAskedForAgain_data()
    {
        QTest::addColumn<QByteArray>("method");
        for (const char *method : {"GET", "DELETE", "POST"})
            QTest::newRow(method) << QByteArray(method);
    }
    void anAnswerThatBreaksOffIsNotAskedForAgain()
    {
        QFETCH(QByteArray, method);
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([](RawConnection &connection, const RawRequest &) {
            die(connection, Death::BeforeTheBody);
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        ExchangeProbe probe(gate.send(request(method, server.url())));
        QVERIFY(probe.wait());
        QTest::qWait(50);
        QCOMPARE(probe.code(), QStringLiteral("body-cut-off"));
        QCOMPARE(server.requests().size(), 1);
        QCOMPARE(trace.exchangeCount(), 1);
    }
};

QTEST_GUILESS_MAIN(SentOnce)
#include "test_sent_once.moc"
