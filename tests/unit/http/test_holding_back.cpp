// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"
#include "tests/support/flood_server.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QEventLoop>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <unistd.h>

using namespace sightglass;
using namespace sightglass::test;

namespace {

constexpr qint64 mebibyte = 1024 * 1024;
constexpr qint64 gibibyte = 1024 * mebibyte;
/// What the buffers of kernel, library and gate may hold, and far less than what is sent.
constexpr qint64 limit = 64 * mebibyte;

/// Memory of this process, in bytes.
qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    return file.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE);
}

QString inMebibytes(qint64 bytes)
{
    return QStringLiteral("%1 MiB").arg(bytes / mebibyte);
}

} // namespace

/// Row 6 of wire-facts.md: who does not read holds the sender back.
class HoldingBack : public QObject {
    Q_OBJECT

private:
    /// Ways in which an answer can be framed, and the connections that it can come on.
    static void rows()
    {
        using Framing = FloodServer::Framing;
        QTest::addColumn<FloodServer::Framing>("framing");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<bool>("reused");
        for (const auto &[name, framing] :
             {std::pair("length", Framing::Length), std::pair("one chunk", Framing::OneChunk),
              std::pair("small chunks", Framing::SmallChunks),
              std::pair("until close", Framing::UntilClose)}) {
            QTest::addRow("%s, fresh GET", name) << framing << QByteArray("GET") << false;
            QTest::addRow("%s, reused GET", name) << framing << QByteArray("GET") << true;
            QTest::addRow("%s, reused POST", name) << framing << QByteArray("POST") << true;
        }
    }
    static HttpRequest request(const QByteArray &method, const QUrl &url)
    {
        return method == "POST" ? postOf(url) : getOf(url);
    }
    static void useConnection(HttpGate &gate, const QUrl &url)
    {
        ExchangeProbe first(gate.send(postOf(url)));
        QVERIFY(first.wait());
        QVERIFY(!first.exchange->failure());
    }

private Q_SLOTS:
    void anUnreadStreamHoldsItsSenderBack_data() { rows(); }
    void anUnreadStreamHoldsItsSenderBack()
    {
        QFETCH(FloodServer::Framing, framing);
        QFETCH(QByteArray, method);
        QFETCH(bool, reused);
        FloodServer server(framing, gibibyte);
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        if (reused)
            useConnection(gate, server.url(QStringLiteral("/mcp")));
        const qint64 before = residentBytes();
        HttpExchange *exchange = gate.send(request(method, server.url(QStringLiteral("/flood"))));
        exchange->setPaused(true);
        const qint64 sent = server.waitUntilHeldBack();
        const qint64 grown = residentBytes() - before;
        QVERIFY2(sent < limit, qPrintable(inMebibytes(sent)));
        QVERIFY2(grown < limit, qPrintable(inMebibytes(grown)));
        QCOMPARE(exchange->status(), 200);
        QVERIFY(!exchange->isFinished());
        QCOMPARE(server.connections(), 1);
    }

    void readingOnGivesEveryByte_data() { rows(); }
    void readingOnGivesEveryByte()
    {
        QFETCH(FloodServer::Framing, framing);
        QFETCH(QByteArray, method);
        QFETCH(bool, reused);
        constexpr qint64 total = 96 * mebibyte;
        FloodServer server(framing, total);
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        if (reused)
            useConnection(gate, server.url(QStringLiteral("/mcp")));
        HttpExchange *exchange = gate.send(request(method, server.url(QStringLiteral("/flood"))));
        qint64 received = 0;
        bool intact = true;
        connect(exchange, &HttpExchange::bodyReceived, this,
                [&](QByteArrayView bytes, qint64 offset) {
                    intact = intact && offset == received;
                    for (const char byte : bytes)
                        intact = intact && byte == FloodServer::pattern(received++);
                });
        exchange->setPaused(true);
        const qint64 sent = server.waitUntilHeldBack();
        QVERIFY2(sent < limit, qPrintable(inMebibytes(sent)));
        QCOMPARE(received, 0);
        QSignalSpy finished(exchange, &HttpExchange::finished);
        exchange->setPaused(false);
        QVERIFY(finished.wait(60000));
        QVERIFY2(!exchange->failure(), qPrintable(exchange->failure().value_or(Failure()).code));
        QVERIFY(intact);
        QCOMPARE(received, total);
        QCOMPARE(trace.summary(exchange->id()).responseBytes, total);
    }

    /// As a command line does that writes to a pipe which nobody reads: what it sent is answered
    /// while it waits.
    void whoDoesNotReturnToTheEventLoopHoldsItsSenderBack_data()
    {
        QTest::addColumn<FloodServer::Framing>("framing");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<bool>("reused");
        for (const auto &[name, framing] :
             {std::pair("length", FloodServer::Framing::Length),
              std::pair("one chunk", FloodServer::Framing::OneChunk),
              std::pair("small chunks", FloodServer::Framing::SmallChunks),
              std::pair("until close", FloodServer::Framing::UntilClose)}) {
            for (const bool reused : {false, true}) {
                for (const char *method : {"GET", "DELETE"})
                    QTest::addRow("%s, %s %s", name, reused ? "reused" : "fresh", method)
                        << framing << QByteArray(method) << reused;
            }
        }
    }
    void whoDoesNotReturnToTheEventLoopHoldsItsSenderBack()
    {
        QFETCH(FloodServer::Framing, framing);
        QFETCH(QByteArray, method);
        QFETCH(bool, reused);
        FloodServer server(framing, gibibyte);
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        if (reused)
            useConnection(gate, server.url(QStringLiteral("/mcp")));
        const qint64 before = residentBytes();
        HttpRequest request = getOf(server.url(QStringLiteral("/flood")));
        request.method = method;
        gate.send(request);
        const qint64 sent = server.blockUntilHeldBack();
        const qint64 grown = residentBytes() - before;
        QVERIFY2(sent < limit, qPrintable(inMebibytes(sent)));
        QVERIFY2(grown < limit, qPrintable(inMebibytes(grown)));
        QCOMPARE(server.connections(), 1);
    }

    void aPausedGateHoldsAllItsSendersBack()
    {
        FloodServer early(FloodServer::Framing::Length, gibibyte);
        constexpr qint64 total = 96 * mebibyte;
        FloodServer late(FloodServer::Framing::Length, total);
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        HttpExchange *first = gate.send(getOf(early.url(QStringLiteral("/flood"))));
        QTRY_VERIFY(trace.totalBytes() > 0);
        gate.setPaused(true);
        const qint64 before = trace.totalBytes();
        HttpExchange *second = gate.send(getOf(late.url(QStringLiteral("/flood"))));
        // One's own pause is another matter.
        second->setPaused(true);
        second->setPaused(false);
        QVERIFY(early.waitUntilHeldBack() - before < limit);
        QVERIFY(late.waitUntilHeldBack() < limit);
        QCOMPARE(trace.totalBytes(), before);
        QCOMPARE(second->status(), 200);
        first->abort();
        QSignalSpy finished(second, &HttpExchange::finished);
        gate.setPaused(false);
        QVERIFY(finished.wait(60000));
        QVERIFY(!second->failure());
        QCOMPARE(trace.summary(second->id()).responseBytes, total);
    }

    void anUnreadStreamOverTlsHoldsItsSenderBack_data()
    {
        QTest::addColumn<bool>("reused");
        QTest::newRow("fresh") << false;
        QTest::newRow("reused") << true;
    }
    void anUnreadStreamOverTlsHoldsItsSenderBack()
    {
        QFETCH(bool, reused);
        RawServer server;
        server.useTls(RawServer::tlsConfiguration(QStringLiteral("good")));
        QVERIFY(server.listen());
        server.onRequest([](RawConnection &connection, const RawRequest &request) {
            if (request.target() == "/mcp") {
                connection.answer(200, "{}");
                return;
            }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(gibibyte)
                             + "\r\n\r\n");
            connection.stream(gibibyte);
        });
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        settings.caFile = RawServer::certificateFile(QStringLiteral("ca.pem"));
        gate.setNetworkSettings(settings);
        if (reused)
            useConnection(gate, server.url());
        const qint64 before = residentBytes();
        HttpExchange *exchange = gate.send(postOf(server.url(QStringLiteral("/flood"))));
        exchange->setPaused(true);
        QVERIFY(server.waitForRequests(reused ? 2 : 1));
        const RawConnection &connection = *server.connections().last();
        qint64 sent = -1;
        while (sent != connection.streamed() || sent == 0) {
            sent = connection.streamed();
            QTest::qWait(250);
        }
        const qint64 grown = residentBytes() - before;
        QVERIFY2(sent < limit, qPrintable(inMebibytes(sent)));
        QVERIFY2(grown < limit, qPrintable(inMebibytes(grown)));
        QCOMPARE(exchange->status(), 200);
        QCOMPARE(server.connections().size(), 1);
        // What is read from now on comes without a gap.
        constexpr qint64 enough = 96 * mebibyte;
        qint64 received = 0;
        bool whole = true;
        QEventLoop loop;
        connect(exchange, &HttpExchange::bodyReceived, this,
                [&](QByteArrayView bytes, qint64 offset) {
                    whole = whole && offset == received && bytes.count('x') == bytes.size();
                    received += bytes.size();
                    if (received >= enough)
                        loop.quit();
                });
        connect(exchange, &HttpExchange::finished, &loop, &QEventLoop::quit);
        exchange->setPaused(false);
        loop.exec();
        QVERIFY(received >= enough);
        QVERIFY(whole);
    }
};

QTEST_GUILESS_MAIN(HoldingBack)
#include "test_holding_back.moc"
