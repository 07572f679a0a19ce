// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

/// Row 1 of wire-facts.md: requests never wait for streams, nor streams for each other.
class ManyStreams : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sixtyFourOpenStreamsDelayNoCall_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::newRow("streams by GET") << QByteArray("GET");
        QTest::newRow("streams that answer a POST") << QByteArray("POST");
    }
    void sixtyFourOpenStreamsDelayNoCall()
    {
        QFETCH(QByteArray, method);
        constexpr int count = 64;
        RawServer server;
        QVERIFY(server.listen());
        const auto openStreams = [&server] {
            int open = 0;
            for (const RawRequest &raw : server.requests())
                open +=
                    raw.target() == "/stream" && server.connections().at(raw.connection)->isOpen();
            return open;
        };
        int openAtTheCall = 0;
        server.onRequest([&](RawConnection &connection, const RawRequest &raw) {
            if (raw.target() == "/stream") {
                connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            } else {
                openAtTheCall = openStreams();
                connection.answer(200, "{}");
            }
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        std::vector<std::unique_ptr<ExchangeProbe>> streams;
        for (int i = 0; i < count; ++i) {
            const QUrl url = server.url(QStringLiteral("/stream"));
            streams.push_back(std::make_unique<ExchangeProbe>(
                gate.send(method == "GET" ? getOf(url) : postOf(url))));
        }
        const auto allOpen = [&streams] {
            return std::all_of(streams.cbegin(), streams.cend(),
                               [](const auto &probe) { return probe->heads == 1; });
        };
        QVERIFY(QTest::qWaitFor(allOpen, 60000));
        QCOMPARE(openStreams(), count);

        std::vector<std::unique_ptr<ExchangeProbe>> calls;
        for (int i = 0; i < 20; ++i)
            calls.push_back(std::make_unique<ExchangeProbe>(gate.send(postOf(server.url()))));
        for (const auto &call : calls) {
            QVERIFY(call->wait());
            QVERIFY(!call->exchange->failure());
            QCOMPARE(call->body, QByteArray("{}"));
        }
        QCOMPARE(openAtTheCall, count);
        for (const auto &probe : streams)
            QCOMPARE(probe->finishes, 0);
    }
};

QTEST_GUILESS_MAIN(ManyStreams)
#include "test_many_streams.moc"
