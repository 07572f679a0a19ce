// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"
#include "tests/support/gate_probe.h"
#include "tests/support/nginx_proxy.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

/// Row 1 of wire-facts.md: requests never wait for streams, nor streams for each other.
class ManyStreams : public QObject {
    Q_OBJECT

private:
    enum class Way { Plain, Tls, Http2 };

private Q_SLOTS:
    void sixtyFourOpenStreamsDelayNoCall_data()
    {
        QTest::addColumn<int>("way");
        QTest::addColumn<QByteArray>("method");
        const std::pair<const char *, Way> ways[] = {
            {"plain", Way::Plain}, {"TLS, HTTP/1.1", Way::Tls}, {"TLS, HTTP/2", Way::Http2}};
        for (const auto &[name, way] : ways) {
            QTest::addRow("%s, streams by GET", name) << int(way) << QByteArray("GET");
            QTest::addRow("%s, streams that answer a POST", name) << int(way) << QByteArray("POST");
        }
    }
    void sixtyFourOpenStreamsDelayNoCall()
    {
        QFETCH(int, way);
        QFETCH(QByteArray, method);
        constexpr int count = 64;
        RawServer server;
        NetworkSettings settings = direct();
        if (Way(way) == Way::Tls) {
            server.useTls(RawServer::tlsConfiguration(QStringLiteral("good")));
            settings.caFile = RawServer::certificateFile(QStringLiteral("ca.pem"));
        }
        QVERIFY(server.listen());
        // HTTP/2 is between us and nginx: it opens a connection to the server for each stream.
        NginxProxy nginx;
        if (Way(way) == Way::Http2) {
            QVERIFY2(nginx.start(server.url()), nginx.problem());
            settings.http2 = true;
            settings.caFile = nginx.caFile();
        }
        const auto urlOf = [&](const QString &path) {
            QUrl url = Way(way) == Way::Http2 ? nginx.url() : server.url();
            url.setPath(path);
            return url;
        };
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
                // nginx sends a head with the first byte of its body.
                connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                                 ": open\n\n");
            } else {
                openAtTheCall = openStreams();
                connection.answer(200, "{}");
            }
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(settings);
        std::vector<std::unique_ptr<ExchangeProbe>> streams;
        for (int i = 0; i < count; ++i) {
            const QUrl url = urlOf(QStringLiteral("/stream"));
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
            calls.push_back(
                std::make_unique<ExchangeProbe>(gate.send(postOf(urlOf(QStringLiteral("/mcp"))))));
        for (const auto &call : calls) {
            QVERIFY(call->wait());
            QVERIFY(!call->exchange->failure());
            QCOMPARE(call->body, QByteArray("{}"));
        }
        QCOMPARE(openAtTheCall, count);
        for (const auto &probe : streams)
            QCOMPARE(probe->finishes, 0);
        for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id)
            QCOMPARE(trace.response(id)->http == "HTTP/2", Way(way) == Way::Http2);
    }
};

QTEST_GUILESS_MAIN(ManyStreams)
#include "test_many_streams.moc"
