// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/callback_server.h"

#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestCallbackServer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void the_browser_is_taken_in_once();
    void anything_else_is_turned_away_data();
    void anything_else_is_turned_away();
    void nothing_is_taken_before_it_is_awaited();
    void ports_and_hosts_data();
    void ports_and_hosts();
    void a_taken_port_is_told();
    void a_preferred_port_may_be_taken();
    void other_hosts_are_refused();
    void odd_bytes_do_no_harm_data();
    void odd_bytes_do_no_harm();
};

namespace {

/// What is answered to these bytes, until the end of the connection; empty: it was closed so.
QByteArray answerTo(const CallbackServer &server, const QByteArray &request)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(server.url().port()));
    QByteArray answer;
    QObject::connect(&socket, &QTcpSocket::readyRead, [&] { answer += socket.readAll(); });
    bool closed = false;
    QObject::connect(&socket, &QTcpSocket::disconnected, [&closed] { closed = true; });
    if (!QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::ConnectedState; }))
        return "not connected";
    socket.write(request);
    if (!QTest::qWaitFor([&] { return closed; }, 15'000))
        return "not closed: " + answer;
    return answer + socket.readAll();
}

QByteArray get(const CallbackServer &server, const QByteArray &target)
{
    return "GET " + target + " HTTP/1.1\r\nHost: " + server.url().authority().toLatin1()
        + "\r\n\r\n";
}

} // namespace

void TestCallbackServer::the_browser_is_taken_in_once()
{
    CallbackServer server;
    QString problem;
    QVERIFY(server.listen(u"127.0.0.1"_s, 0, 0, u"/callback"_s, &problem));
    server.expect();
    QSignalSpy called(&server, &CallbackServer::called);
    const QUrl url = server.url();
    const QByteArray answer =
        answerTo(server, get(server, "/callback?code=a%2Fb&state=x&y=%3Cb%3E"));
    QVERIFY2(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
    QVERIFY(answer.contains("Content-Security-Policy: default-src 'none'"));
    QVERIFY(!answer.contains("<script") && !answer.contains("a/b") && !answer.contains("<b>"));
    QCOMPARE(called.size(), 1);
    QCOMPARE(called.at(0).at(0).toUrl().query(QUrl::FullyEncoded),
             u"code=a%2Fb&state=x&y=%3Cb%3E"_s);
    // And then nobody listens any more.
    QVERIFY(!server.isListening());
    QTcpSocket late;
    late.connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(url.port()));
    QVERIFY(!late.waitForConnected(2000));
}

void TestCallbackServer::anything_else_is_turned_away_data()
{
    QTest::addColumn<QByteArray>("request"); // HOST is the right one
    QTest::addColumn<QByteArray>("status");
    const QByteArray query = "/callback?code=c&state=s";
    const auto row = [](const char *name, const QByteArray &request, const char *status) {
        QTest::newRow(name) << request << QByteArray(status);
    };
    row("another path", "GET /?code=c&state=s HTTP/1.1\r\nHost: HOST\r\n\r\n", "404");
    row("path behind it", "GET /callback/x?code=c HTTP/1.1\r\nHost: HOST\r\n\r\n", "404");
    row("POST", "POST " + query + " HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n", "404");
    row("HEAD", "HEAD " + query + " HTTP/1.1\r\nHost: HOST\r\n\r\n", "404");
    row("icon", "GET /favicon.ico HTTP/1.1\r\nHost: HOST\r\n\r\n", "404");
    row("neither code nor error", "GET /callback?state=s HTTP/1.1\r\nHost: HOST\r\n\r\n", "404");
    row("another host", "GET " + query + " HTTP/1.1\r\nHost: evil.example\r\n\r\n", "400");
    row("another name of this machine", "GET " + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "400");
    row("no host", "GET " + query + " HTTP/1.1\r\n\r\n", "400");
    row("two hosts", "GET " + query + " HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n", "400");
    row("no HTTP", "GET " + query + "\r\nHost: HOST\r\n\r\n", "404");
    row("long", "GET /callback?code=" + QByteArray(20'000, 'x'), "431");
}

void TestCallbackServer::anything_else_is_turned_away()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, status);
    CallbackServer server;
    QString problem;
    QVERIFY(server.listen(u"127.0.0.1"_s, 0, 0, u"/callback"_s, &problem));
    server.expect();
    QSignalSpy called(&server, &CallbackServer::called);
    request.replace("HOST", server.url().authority().toLatin1());
    const QByteArray answer = answerTo(server, request);
    QVERIFY2(answer.startsWith("HTTP/1.1 " + status), answer);
    QCOMPARE(called.size(), 0);
    // The right one is still awaited.
    QVERIFY(answerTo(server, get(server, "/callback?error=e&state=s")).startsWith("HTTP/1.1 200"));
    QCOMPARE(called.size(), 1);
}

void TestCallbackServer::nothing_is_taken_before_it_is_awaited()
{
    CallbackServer server;
    QString problem;
    QVERIFY(server.listen(u"127.0.0.1"_s, 0, 0, u"/callback"_s, &problem));
    QSignalSpy called(&server, &CallbackServer::called);
    QVERIFY(answerTo(server, get(server, "/callback?code=c&state=s")).startsWith("HTTP/1.1 404"));
    QCOMPARE(called.size(), 0);
}

void TestCallbackServer::ports_and_hosts_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("begins");
    QTest::newRow("address") << u"127.0.0.1"_s << u"/callback"_s << u"http://127.0.0.1:"_s;
    QTest::newRow("name") << u"localhost"_s << u"/callback"_s << u"http://localhost:"_s;
    QTest::newRow("path without slash") << u"127.0.0.1"_s << u"cb"_s << u"http://127.0.0.1:"_s;
}

void TestCallbackServer::ports_and_hosts()
{
    QFETCH(QString, host);
    QFETCH(QString, path);
    QFETCH(QString, begins);
    CallbackServer server;
    QString problem;
    QVERIFY2(server.listen(host, 0, 0, path, &problem), qPrintable(problem));
    QVERIFY(server.url().toString().startsWith(begins));
    QVERIFY(server.url().path().startsWith(u'/'));
    server.expect();
    QSignalSpy called(&server, &CallbackServer::called);
    QVERIFY(answerTo(server, get(server, server.url().path().toLatin1() + "?code=c"))
                .startsWith("HTTP/1.1 200"));
    QCOMPARE(called.size(), 1);
}

void TestCallbackServer::a_taken_port_is_told()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    CallbackServer server;
    QString problem;
    QVERIFY(!server.listen(u"127.0.0.1"_s, other.serverPort(), 0, u"/callback"_s, &problem));
    QVERIFY(problem.contains(QString::number(other.serverPort())));
    QVERIFY(!server.isListening());
    QVERIFY(server.url().isEmpty());
}

void TestCallbackServer::a_preferred_port_may_be_taken()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    CallbackServer server;
    QString problem;
    QVERIFY(server.listen(u"127.0.0.1"_s, 0, other.serverPort(), u"/callback"_s, &problem));
    QVERIFY(server.url().port() != other.serverPort());
}

void TestCallbackServer::other_hosts_are_refused()
{
    CallbackServer server;
    QString problem;
    for (const char *host : {"0.0.0.0", "example.org", "", "192.168.0.1"}) {
        QVERIFY(!server.listen(QString::fromLatin1(host), 0, 0, u"/callback"_s, &problem));
        QVERIFY(!problem.isEmpty());
    }
}

void TestCallbackServer::odd_bytes_do_no_harm_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("only line ends") << QByteArray("\r\n\r\n");
    QTest::newRow("zeros") << QByteArray(100, '\0') + "\r\n\r\n";
    QTest::newRow("no target") << QByteArray("GET\r\n\r\n");
    QTest::newRow("bad escapes") << QByteArray("GET /callback?code=%zz%&state=%f HTTP/1.1\r\n\r\n");
    QTest::newRow("TLS") << QByteArray("\x16\x03\x01\x02\x00\x01\r\n\r\n", 10);
}

void TestCallbackServer::odd_bytes_do_no_harm()
{
    QFETCH(QByteArray, bytes);
    CallbackServer server;
    QString problem;
    QVERIFY(server.listen(u"127.0.0.1"_s, 0, 0, u"/callback"_s, &problem));
    server.expect();
    QVERIFY(answerTo(server, bytes).startsWith("HTTP/1.1 4"));
    QVERIFY(answerTo(server, get(server, "/callback?code=c")).startsWith("HTTP/1.1 200"));
}

QTEST_GUILESS_MAIN(TestCallbackServer)
#include "test_callback_server.moc"
