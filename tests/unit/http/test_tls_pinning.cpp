// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gate_probe.h"
#include "tests/support/nginx_proxy.h"
#include "tests/support/raw_server.h"

#include <QCryptographicHash>
#include <QSslCertificate>

#include <memory>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray digestOf(const QString &certificate)
{
    const QString file = RawServer::certificateFile(certificate + u".pem"_s);
    return QSslCertificate::fromPath(file).value(0).digest(QCryptographicHash::Sha256);
}

} // namespace

/// With a pin exactly that certificate passes, on every connection to that server, and nothing is
/// sent to another.
class TestTlsPinning : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anotherCertificateOnALaterConnectionIsRefused_data()
    {
        QTest::addColumn<QString>("accepted");
        QTest::addColumn<QString>("later");
        QTest::newRow("another authority") << u"good"_s << u"other"_s;
        QTest::newRow("the same authority") << u"good"_s << u"sibling"_s;
        QTest::newRow("self-signed, then good") << u"self-signed"_s << u"good"_s;
        QTest::newRow("expired") << u"self-signed"_s << u"expired"_s;
    }
    void anotherCertificateOnALaterConnectionIsRefused()
    {
        QFETCH(QString, accepted);
        QFETCH(QString, later);
        RawServer server;
        server.useTls(RawServer::tlsConfiguration(accepted));
        QVERIFY(server.listen());
        server.onRequest([](RawConnection &c, const RawRequest &) {
            c.answer(200, "{}", "Connection: close\r\n");
            c.close();
        });
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        settings.pinnedSha256 = digestOf(accepted);
        settings.serverOrigin = Origin::of(server.url()).toString();
        gate.setNetworkSettings(settings);
        for (int i = 0; i < 2; ++i) {
            ExchangeProbe probe(gate.send(postOf(server.url())));
            QVERIFY(probe.wait());
            QVERIFY2(!probe.exchange->failure(), qPrintable(probe.code()));
        }
        server.useTls(RawServer::tlsConfiguration(later));
        ExchangeProbe probe(gate.send(postOf(server.url())));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), u"certificate-not-pinned"_s);
        QCOMPARE(server.requests().size(), 2);
    }
    void aRequestThatTheLibraryRepeatsByItselfIsCheckedAgain_data()
    {
        anotherCertificateOnALaterConnectionIsRefused_data();
    }
    void aRequestThatTheLibraryRepeatsByItselfIsCheckedAgain()
    {
        QFETCH(QString, accepted);
        QFETCH(QString, later);
        RawServer server;
        server.useTls(RawServer::tlsConfiguration(accepted));
        QVERIFY(server.listen());
        server.onRequest([&server, later](RawConnection &c, const RawRequest &) {
            server.useTls(RawServer::tlsConfiguration(later));
            c.close();
        });
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        settings.pinnedSha256 = digestOf(accepted);
        settings.serverOrigin = Origin::of(server.url()).toString();
        gate.setNetworkSettings(settings);
        ExchangeProbe probe(gate.send(getOf(server.url())));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), u"certificate-not-pinned"_s);
        QCOMPARE(server.requests().size(), 1);
    }
    void whatWasAcceptedInsteadIsSaid()
    {
        RawServer server;
        server.useTls(RawServer::tlsConfiguration(u"good"_s));
        QVERIFY(server.listen());
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        // Trusted, but not the one: the pin alone decides.
        settings.caFile = RawServer::certificateFile(u"ca.pem"_s);
        settings.pinnedSha256 = digestOf(u"other"_s);
        settings.serverOrigin = Origin::of(server.url()).toString();
        gate.setNetworkSettings(settings);
        ExchangeProbe probe(gate.send(postOf(server.url())));
        QVERIFY(probe.wait());
        const Failure failure = *probe.exchange->failure();
        QCOMPARE(failure.code, u"certificate-not-pinned"_s);
        QCOMPARE(failure.certificateSha256, digestOf(u"good"_s));
        QVERIFY(failure.sentence.contains(u"was not sent: the server shows the certificate of "
                                          "good.test"_s));
        for (const QString &certificate : {u"good"_s, u"other"_s}) {
            QVERIFY(failure.advice.contains(
                QString::fromLatin1(digestOf(certificate).toHex(':').toUpper())));
        }
        QVERIFY(server.requests().isEmpty());
    }
    void connectionsAreNotResumedPastTheCheck_data()
    {
        QTest::addColumn<QSsl::SslProtocol>("version");
        QTest::newRow("TLS 1.2") << QSsl::TlsV1_2;
        QTest::newRow("TLS 1.3") << QSsl::TlsV1_3;
    }
    void connectionsAreNotResumedPastTheCheck()
    {
        QFETCH(QSsl::SslProtocol, version);
        RawServer server;
        QSslConfiguration first = RawServer::tlsConfiguration(u"self-signed"_s);
        QSslConfiguration second = RawServer::tlsConfiguration(u"good"_s);
        first.setProtocol(version);
        second.setProtocol(version);
        server.useTls(first);
        QVERIFY(server.listen());
        server.onRequest([](RawConnection &c, const RawRequest &) {
            c.answer(200, "{}", "Connection: close\r\n");
            c.close();
        });
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        settings.pinnedSha256 = digestOf(u"self-signed"_s);
        settings.serverOrigin = Origin::of(server.url()).toString();
        gate.setNetworkSettings(settings);
        for (int i = 0; i < 4; ++i) {
            if (i == 3)
                server.useTls(second);
            ExchangeProbe probe(gate.send(postOf(server.url())));
            QVERIFY(probe.wait());
            QCOMPARE(probe.code(), i < 3 ? QString() : u"certificate-not-pinned"_s);
        }
        QCOMPARE(server.requests().size(), 3);
    }
    void aPinIsOfOneServerAlone()
    {
        RawServer server;
        RawServer sameElsewhere;
        RawServer trusted;
        server.useTls(RawServer::tlsConfiguration(u"self-signed"_s));
        sameElsewhere.useTls(RawServer::tlsConfiguration(u"self-signed"_s));
        trusted.useTls(RawServer::tlsConfiguration(u"good"_s));
        QUrl next;
        for (RawServer *each : {&server, &sameElsewhere, &trusted})
            QVERIFY(each->listen());
        server.onRequest([&next](RawConnection &c, const RawRequest &) {
            c.answer(307, {}, "Location: " + next.toEncoded() + "\r\n");
        });
        for (RawServer *each : {&sameElsewhere, &trusted})
            each->onRequest([](RawConnection &c, const RawRequest &) { c.answer(200, "{}"); });
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        settings.caFile = RawServer::certificateFile(u"ca.pem"_s);
        settings.pinnedSha256 = digestOf(u"self-signed"_s);
        settings.serverOrigin = Origin::of(server.url()).toString();
        gate.setNetworkSettings(settings);

        next = sameElsewhere.url();
        ExchangeProbe elsewhere(gate.send(postOf(server.url())));
        QVERIFY(elsewhere.wait());
        QCOMPARE(elsewhere.code(), u"certificate-self-signed"_s);
        QVERIFY(sameElsewhere.requests().isEmpty());

        next = server.url(u"/mcp"_s, u"localhost"_s);
        ExchangeProbe otherName(gate.send(postOf(server.url())));
        QVERIFY(otherName.wait());
        QCOMPARE(otherName.code(), u"certificate-self-signed"_s);

        next = trusted.url();
        ExchangeProbe byAuthority(gate.send(postOf(server.url())));
        QVERIFY(byAuthority.wait());
        QCOMPARE(byAuthority.code(), QString());
        QCOMPARE(trusted.requests().size(), 1);

        // Accepted for where a redirect led.
        settings.pinnedOrigin = Origin::of(sameElsewhere.url()).toString();
        gate.setNetworkSettings(settings);
        ExchangeProbe direct(gate.send(postOf(sameElsewhere.url())));
        QVERIFY(direct.wait());
        QCOMPARE(direct.code(), QString());
        ExchangeProbe notHere(gate.send(postOf(server.url())));
        QVERIFY(notHere.wait());
        QCOMPARE(notHere.code(), u"certificate-self-signed"_s);
    }
    void aPinWithoutAServerHoldsForNobody()
    {
        RawServer server;
        server.useTls(RawServer::tlsConfiguration(u"self-signed"_s));
        QVERIFY(server.listen());
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        settings.pinnedSha256 = digestOf(u"self-signed"_s);
        gate.setNetworkSettings(settings);
        ExchangeProbe probe(gate.send(postOf(server.url())));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), u"certificate-self-signed"_s);
    }
    void holdsOverHttp2()
    {
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([](RawConnection &c, const RawRequest &) { c.answer(200, "{}"); });
        NginxProxy nginx;
        QVERIFY2(nginx.start(server.url()), nginx.problem());
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        settings.http2 = true;
        settings.serverOrigin = Origin::of(nginx.url()).toString();
        gate.setNetworkSettings(settings);
        ExchangeProbe untrusted(gate.send(postOf(nginx.url())));
        QVERIFY(untrusted.wait());
        QCOMPARE(untrusted.code(), u"certificate-unknown-issuer"_s);
        settings.pinnedSha256 = digestOf(u"other"_s);
        gate.setNetworkSettings(settings);
        ExchangeProbe refused(gate.send(postOf(nginx.url())));
        QVERIFY(refused.wait());
        QCOMPARE(refused.code(), u"certificate-not-pinned"_s);
        QVERIFY(server.requests().isEmpty());
        settings.pinnedSha256 = untrusted.exchange->failure()->certificateSha256;
        gate.setNetworkSettings(settings);
        QList<std::shared_ptr<ExchangeProbe>> several;
        for (int i = 0; i < 3; ++i)
            several.append(std::make_shared<ExchangeProbe>(gate.send(postOf(nginx.url()))));
        for (const auto &probe : several) {
            QVERIFY(probe->wait());
            QCOMPARE(probe->code(), QString());
            QCOMPARE(trace.response(probe->exchange->id())->http, "HTTP/2");
        }
    }
};

QTEST_GUILESS_MAIN(TestTlsPinning)
#include "test_tls_pinning.moc"
