// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gate_probe.h"
#include "tests/support/openssl_server.h"
#include "tests/support/raw_server.h"

#include <QDir>
#include <QTemporaryDir>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

NetworkSettings trusting(const QUrl &server)
{
    NetworkSettings settings = direct();
    settings.caFile = RawServer::certificateFile(u"ca.pem"_s);
    settings.serverOrigin = Origin::of(server).toString();
    return settings;
}

void give(NetworkSettings &settings, const QString &client)
{
    settings.clientCertificateFile = RawServer::certificateFile(client + u".pem"_s);
    settings.clientKeyFile = RawServer::certificateFile(client + u".key"_s);
}

QUrl https(QUrl url)
{
    url.setScheme(u"https"_s);
    return url;
}

/// The start of an answer of a server that knows TLS 1.0 alone: its ServerHello.
QByteArray oldServerHello()
{
    const QByteArray hello = QByteArray::fromHex("0301") + QByteArray(32, 'r')
        + QByteArray::fromHex("00") + QByteArray::fromHex("002f") + QByteArray::fromHex("00");
    const QByteArray message = QByteArray::fromHex("020000") + char(hello.size()) + hello;
    return QByteArray::fromHex("16030100") + char(message.size()) + message;
}

} // namespace

/// What TLS refuses is told with certificate, rule and dates; what passes is what was asked for.
class TestTls : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aCertificateIsRefusedByName_data();
    void aCertificateIsRefusedByName();
    void aWeakKeyIsNamed();
    void anOwnCaFileMakesItsChainWork();
    void theSystemAloneDoesNotTrustTheTests();
    void filesThatCannotBeUsedAreToldBeforeAnythingIsSent_data();
    void filesThatCannotBeUsedAreToldBeforeAnythingIsSent();
    void aClientCertificateIsAskedFor_data();
    void aClientCertificateIsAskedFor();
    void aKeyOfAnotherCertificateIsToldAsThat();
    void aClientCertificateOpensTheDoor_data();
    void aClientCertificateOpensTheDoor();
    void aClientCertificateIsShownToItsServerAlone();
    void whatListensThereIsTold_data();
    void whatListensThereIsTold();
    void onlyOldVersions_data();
    void onlyOldVersions();
    void noCipherInCommon();
    void aHandshakeThatHangsEnds();
};

void TestTls::aCertificateIsRefusedByName_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *certificate, const char *code, const char *sentence) {
        QTest::newRow(certificate) << QString::fromLatin1(code) << QString::fromLatin1(sentence);
    };
    row("expired", "certificate-expired",
        "the certificate of expired.test (valid 2020-01-01 to 2020-03-01, issued by Test "
        "authority); it expired on 2020-03-01.");
    row("not-yet-valid", "certificate-not-yet-valid",
        "the certificate of not-yet-valid.test (valid 2098-01-01 to 2099-01-01, issued by Test "
        "authority); it is not valid before 2098-01-01.");
    row("wrong-host", "certificate-wrong-host",
        "it is for *.example.net, a.example.org, not for "
        "127.0.0.1.");
    row("self-signed", "certificate-self-signed",
        "the certificate of self-signed.test (valid 2020-01-01 to 2099-01-01, issued by "
        "self-signed.test); it is signed by itself and by no authority that is trusted here.");
    row("stranger", "certificate-unknown-issuer",
        "the certificate of stranger.test (valid 2020-01-01 to 2099-01-01, issued by Stranger); "
        "its issuer Stranger is not trusted here.");
    row("incomplete", "certificate-unknown-issuer",
        "its issuer Authority between is not trusted here.");
    row("expired-issuer", "certificate-expired",
        "the certificate of expired-issuer.test (valid 2020-01-01 to 2099-01-01, issued by "
        "Expired authority); of the authority above it, Expired authority (valid 2020-01-01 to "
        "2020-03-01): it expired on 2020-03-01.");
    row("everything", "certificate-wrong-host",
        "it is for a.example.org, not for 127.0.0.1; its issuer Stranger is not trusted here; it "
        "expired on 2020-03-01.");
}

void TestTls::aCertificateIsRefusedByName()
{
    QFETCH(QString, code);
    QFETCH(QString, sentence);
    const QString certificate = QString::fromLatin1(QTest::currentDataTag());
    RawServer server;
    server.useTls(RawServer::tlsConfiguration(certificate));
    QVERIFY(server.listen());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(trusting(server.url()));
    ExchangeProbe probe(gate.send(postOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), code);
    const Failure failure = *probe.exchange->failure();
    QVERIFY2(failure.sentence.endsWith(sentence), qPrintable(failure.sentence));
    QVERIFY(failure.sentence.startsWith(u"POST tools/call add to https://127.0.0.1:"_s));
    QCOMPARE(failure.kind, FailureKind::Unreachable);
    QCOMPARE(failure.finding, u"AF-94"_s);
    QCOMPARE(failure.exchange, probe.exchange->id());
    const QSslCertificate leaf =
        RawServer::tlsConfiguration(certificate).localCertificateChain().value(0);
    QCOMPARE(failure.certificateSha256, leaf.digest(QCryptographicHash::Sha256));
    QVERIFY(server.requests().isEmpty());
}

void TestTls::aWeakKeyIsNamed()
{
    OpensslServer server;
    QVERIFY2(server.start(u"weak"_s, {u"-cipher"_s, u"DEFAULT@SECLEVEL=0"_s}), server.output());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(trusting(server.url()));
    ExchangeProbe probe(gate.send(getOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), u"certificate-weak"_s);
    QVERIFY2(
        probe.exchange->failure()->sentence.endsWith(u"its key is too weak (RSA, 1024 bits)."_s),
        qPrintable(probe.exchange->failure()->sentence));
}

void TestTls::anOwnCaFileMakesItsChainWork()
{
    RawServer server;
    server.useTls(RawServer::tlsConfiguration(u"good"_s));
    QVERIFY(server.listen());
    server.onRequest([](RawConnection &c, const RawRequest &) { c.answer(200, "{}"); });
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(trusting(server.url()));
    ExchangeProbe probe(gate.send(postOf(server.url())));
    QVERIFY(probe.wait());
    QVERIFY2(!probe.exchange->failure(), qPrintable(probe.code()));
    QCOMPARE(probe.body, "{}");
    QCOMPARE(headOf(trace.request(1)), server.requests().value(0).head);
    const ExchangeTimes times = trace.summary(1).times;
    QVERIFY(times.connecting >= 0 && times.encrypted >= times.connecting
            && times.sent >= times.encrypted);
}

void TestTls::theSystemAloneDoesNotTrustTheTests()
{
    RawServer server;
    server.useTls(RawServer::tlsConfiguration(u"good"_s));
    QVERIFY(server.listen());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(direct());
    ExchangeProbe probe(gate.send(postOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), u"certificate-unknown-issuer"_s);
}

void TestTls::filesThatCannotBeUsedAreToldBeforeAnythingIsSent_data()
{
    QTest::addColumn<QString>("ca");
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    const QString ca = RawServer::certificateFile(u"ca.pem"_s);
    const QString client = RawServer::certificateFile(u"client.pem"_s);
    const QString locked = RawServer::certificateFile(u"client-locked.key"_s);
    QTest::newRow("no such CA file") << u"not-there.pem"_s << QString() << QString() << QString()
                                     << u"ca-file-unreadable"_s << u"No such file"_s;
    QTest::newRow("empty CA file") << u"empty.pem"_s << QString() << QString() << QString()
                                   << u"ca-file-unreadable"_s << u"the file is empty"_s;
    QTest::newRow("CA file of something else")
        << u"text.pem"_s << QString() << QString() << QString() << u"ca-file-unreadable"_s
        << u"no certificate in PEM form"_s;
    QTest::newRow("CA file is a folder") << u"."_s << QString() << QString() << QString()
                                         << u"ca-file-unreadable"_s << u"cannot be read"_s;
    QTest::newRow("no such certificate") << ca << u"not-there.pem"_s << QString() << QString()
                                         << u"client-certificate-unreadable"_s << u"No such file"_s;
    QTest::newRow("certificate file of something else")
        << ca << u"text.pem"_s << QString() << QString() << u"client-certificate-unreadable"_s
        << u"no certificate in PEM form"_s;
    QTest::newRow("certificate without key")
        << ca << client << QString() << QString() << u"client-key-unreadable"_s
        << u"without a password"_s;
    QTest::newRow("no such key") << ca << client << u"not-there.key"_s << QString()
                                 << u"client-key-unreadable"_s << u"No such file"_s;
    QTest::newRow("key without its password")
        << ca << client << locked << QString() << u"client-key-unreadable"_s
        << u"without a password"_s;
    QTest::newRow("key with another password")
        << ca << client << locked << u"wrong password"_s << u"client-key-unreadable"_s
        << u"that the password given opens"_s;
    QTest::newRow("key without certificate")
        << ca << QString() << locked << QString() << u"client-certificate-unreadable"_s
        << u"without the certificate"_s;
}

void TestTls::filesThatCannotBeUsedAreToldBeforeAnythingIsSent()
{
    QFETCH(QString, ca);
    QFETCH(QString, certificate);
    QFETCH(QString, key);
    QFETCH(QString, password);
    QFETCH(QString, code);
    QFETCH(QString, words);
    QTemporaryDir folder;
    QFile empty(folder.filePath(u"empty.pem"_s));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    QFile text(folder.filePath(u"text.pem"_s));
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write("-----BEGIN CERTIFICATE-----\nthis is none\n");
    text.close();
    const auto path = [&folder](const QString &name) {
        return name.isEmpty() ? QString() : QDir(folder.path()).filePath(name);
    };
    RawServer server;
    QVERIFY(server.listen());
    TraceStore trace;
    HttpGate gate(&trace);
    NetworkSettings settings = direct();
    settings.caFile = path(ca);
    settings.clientCertificateFile = path(certificate);
    settings.clientKeyFile = path(key);
    settings.clientKeyPassword = password;
    gate.setNetworkSettings(settings);
    ExchangeProbe probe(gate.send(postOf(https(server.url()))));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), code);
    const Failure failure = *probe.exchange->failure();
    QVERIFY2(failure.sentence.startsWith(u"Nothing was sent: "_s)
                 && failure.sentence.contains(words),
             qPrintable(failure.sentence));
    QVERIFY(password.isEmpty() || !failure.sentence.contains(password));
    QCOMPARE(failure.kind, FailureKind::File);
    QVERIFY(server.connections().isEmpty());
}

void TestTls::aClientCertificateIsAskedFor_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    for (const QByteArray &method : {"GET"_ba, "POST"_ba}) {
        QTest::addRow("none, TLS 1.2, %s", method.constData())
            << u"-tls1_2"_s << QString() << method << u"tls-refused"_s
            << u"this is how a server asks for a client certificate"_s;
        QTest::addRow("none, TLS 1.3, %s", method.constData())
            << u"-tls1_3"_s << QString() << method << u"client-certificate-asked"_s
            << u"asks for a client certificate, and none was given"_s;
        for (const char *version : {"-tls1_2", "-tls1_3"}) {
            QTest::addRow("a stranger's, %s, %s", version, method.constData())
                << QString::fromLatin1(version) << u"client-stranger"_s << method
                << u"client-certificate-refused"_s << u"refused the client certificate"_s;
        }
    }
}

void TestTls::aClientCertificateIsAskedFor()
{
    QFETCH(QString, version);
    QFETCH(QString, client);
    QFETCH(QByteArray, method);
    QFETCH(QString, code);
    QFETCH(QString, words);
    OpensslServer server;
    QVERIFY2(server.start(u"good"_s,
                          {version, u"-Verify"_s, u"2"_s, u"-verify_return_error"_s, u"-CAfile"_s,
                           RawServer::certificateFile(u"ca.pem"_s)}),
             server.output());
    TraceStore trace;
    HttpGate gate(&trace);
    NetworkSettings settings = trusting(server.url());
    if (!client.isEmpty())
        give(settings, client);
    gate.setNetworkSettings(settings);
    ExchangeProbe probe(gate.send(method == "GET" ? getOf(server.url()) : postOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), code);
    const Failure failure = *probe.exchange->failure();
    QVERIFY2(failure.sentence.contains(words), qPrintable(failure.sentence));
    QCOMPARE(failure.finding, u"AF-94"_s);
    QVERIFY(failure.certificateSha256.isEmpty());
}

void TestTls::aKeyOfAnotherCertificateIsToldAsThat()
{
    OpensslServer server;
    QVERIFY2(server.start(u"good"_s, {u"-Verify"_s, u"2"_s}), server.output());
    TraceStore trace;
    HttpGate gate(&trace);
    NetworkSettings settings = trusting(server.url());
    settings.clientCertificateFile = RawServer::certificateFile(u"client.pem"_s);
    settings.clientKeyFile = RawServer::certificateFile(u"client-stranger.key"_s);
    gate.setNetworkSettings(settings);
    ExchangeProbe probe(gate.send(postOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), u"client-key-mismatch"_s);
    QVERIFY(probe.exchange->failure()->sentence.contains("of another certificate"_L1));
    QCOMPARE(probe.exchange->failure()->kind, FailureKind::File);
}

void TestTls::aClientCertificateOpensTheDoor_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("password");
    for (const char *version : {"-tls1_2", "-tls1_3"}) {
        QTest::addRow("two files, %s", version)
            << QString::fromLatin1(version) << u"client.pem"_s << u"client.key"_s << QString();
        QTest::addRow("one file, %s", version)
            << QString::fromLatin1(version) << u"client-both.pem"_s << QString() << QString();
        QTest::addRow("a key with a password, %s", version)
            << QString::fromLatin1(version) << u"client.pem"_s << u"client-locked.key"_s
            << u"test password"_s;
    }
}

void TestTls::aClientCertificateOpensTheDoor()
{
    QFETCH(QString, version);
    QFETCH(QString, certificate);
    QFETCH(QString, key);
    QFETCH(QString, password);
    OpensslServer server;
    QVERIFY2(server.start(u"good"_s,
                          {version, u"-Verify"_s, u"2"_s, u"-verify_return_error"_s, u"-CAfile"_s,
                           RawServer::certificateFile(u"ca.pem"_s)}),
             server.output());
    TraceStore trace;
    HttpGate gate(&trace);
    NetworkSettings settings = trusting(server.url());
    settings.clientCertificateFile = RawServer::certificateFile(certificate);
    if (!key.isEmpty())
        settings.clientKeyFile = RawServer::certificateFile(key);
    settings.clientKeyPassword = password;
    gate.setNetworkSettings(settings);
    // s_server's page ends with the connection, without close_notify: its head is enough.
    ExchangeProbe probe(gate.send(getOf(server.url())));
    QVERIFY(QTest::qWaitFor([&probe] { return probe.heads > 0 || probe.finishes > 0; }, 20000));
    QVERIFY2(probe.heads > 0, qPrintable(probe.code()));
    QCOMPARE(probe.exchange->status(), 200);
}

void TestTls::aClientCertificateIsShownToItsServerAlone()
{
    OpensslServer other;
    QVERIFY2(other.start(u"good"_s,
                         {u"-tls1_3"_s, u"-Verify"_s, u"2"_s, u"-CAfile"_s,
                          RawServer::certificateFile(u"ca.pem"_s)}),
             other.output());
    RawServer server;
    server.useTls(RawServer::tlsConfiguration(u"good"_s));
    QVERIFY(server.listen());
    server.onRequest([&other](RawConnection &c, const RawRequest &) {
        c.answer(307, {}, "Location: " + other.url().toEncoded() + "\r\n");
    });
    TraceStore trace;
    HttpGate gate(&trace);
    NetworkSettings settings = trusting(server.url());
    give(settings, u"client"_s);
    gate.setNetworkSettings(settings);
    ExchangeProbe probe(gate.send(getOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(probe.redirects.size(), 1);
    QCOMPARE(probe.code(), u"client-certificate-asked"_s);
}

void TestTls::whatListensThereIsTold_data()
{
    QTest::addColumn<QByteArray>("greeting");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("code");
    QTest::newRow("plain HTTP") << QByteArray() << "HTTP/1.1 400 Bad Request\r\n\r\n"_ba
                                << u"no-tls"_s;
    QTest::newRow("SSH") << "SSH-2.0-OpenSSH_9.2\r\n"_ba << QByteArray() << u"no-tls"_s;
    QTest::newRow("SMTP") << "220 mail.example ESMTP\r\n"_ba << QByteArray() << u"no-tls"_s;
    QTest::newRow("TLS 1.0 alone") << QByteArray() << oldServerHello() << u"tls-version-too-old"_s;
    QTest::newRow("closes") << QByteArray() << "close"_ba << u"tls-closed"_s;
    QTest::newRow("resets") << QByteArray() << "reset"_ba << u"tls-closed"_s;
}

void TestTls::whatListensThereIsTold()
{
    QFETCH(QByteArray, greeting);
    QFETCH(QByteArray, answer);
    QFETCH(QString, code);
    RawServer server;
    server.setParsing(false);
    server.onConnection([&](RawConnection &c) {
        if (!greeting.isEmpty())
            c.write(greeting);
        QObject::connect(&c, &RawConnection::arrived, &c, [&c, answer] {
            if (answer == "reset")
                c.reset();
            else if (answer == "close")
                c.close();
            else if (!answer.isEmpty())
                c.write(answer);
        });
    });
    QVERIFY(server.listen());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(direct());
    for (const HttpRequest &request : {postOf(https(server.url())), getOf(https(server.url()))}) {
        ExchangeProbe probe(gate.send(request));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), code);
        const Failure failure = *probe.exchange->failure();
        QVERIFY2(failure.sentence.contains(u" was not sent: "_s), qPrintable(failure.sentence));
        QCOMPARE(failure.finding, u"AF-94"_s);
    }
}

void TestTls::onlyOldVersions_data()
{
    QTest::addColumn<QString>("version");
    QTest::newRow("1.0") << u"-tls1"_s;
    QTest::newRow("1.1") << u"-tls1_1"_s;
}

void TestTls::onlyOldVersions()
{
    QFETCH(QString, version);
    OpensslServer server;
    QVERIFY2(server.start(u"good"_s, {version, u"-cipher"_s, u"DEFAULT@SECLEVEL=0"_s}),
             server.output());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(trusting(server.url()));
    ExchangeProbe probe(gate.send(postOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), u"tls-version-too-old"_s);
}

void TestTls::noCipherInCommon()
{
    OpensslServer server;
    QVERIFY2(
        server.start(u"good"_s, {u"-tls1_3"_s, u"-ciphersuites"_s, u"TLS_AES_128_CCM_8_SHA256"_s}),
        server.output());
    TraceStore trace;
    HttpGate gate(&trace);
    gate.setNetworkSettings(trusting(server.url()));
    ExchangeProbe probe(gate.send(postOf(server.url())));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), u"tls-refused"_s);
    QVERIFY(probe.exchange->failure()->sentence.contains(u"shares no cipher"_s));
}

void TestTls::aHandshakeThatHangsEnds()
{
    RawServer server;
    server.setParsing(false);
    QVERIFY(server.listen());
    TraceStore trace;
    HttpGate gate(&trace);
    NetworkSettings settings = direct();
    settings.answerTimeoutMs = 300;
    gate.setNetworkSettings(settings);
    ExchangeProbe probe(gate.send(postOf(https(server.url()))));
    QVERIFY(probe.wait());
    QCOMPARE(probe.code(), u"tls-timeout"_s);
    QCOMPARE(probe.exchange->failure()->kind, FailureKind::TimedOut);
    QVERIFY2(probe.exchange->failure()->sentence.contains(u"within 300 ms"_s),
             qPrintable(probe.exchange->failure()->sentence));
}

QTEST_GUILESS_MAIN(TestTls)
#include "test_tls.moc"
