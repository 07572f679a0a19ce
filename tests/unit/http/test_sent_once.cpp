// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/network_failure.h"
#include "core/trace/trace_store.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QSemaphore>
#include <QTest>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace sightglass;
using namespace sightglass::test;

namespace {

/// How a connection dies under a request.
enum class Death : quint8 { Close, Reset, HalfStatusLine, HalfHead, BeforeTheBody };

/// A server with blocking sockets and a thread of its own, so that it can go on while the test's
/// thread does not: it answers one request on each of its first two connections.
class TwoConnections {
public:
    TwoConnections()
        : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto *any = reinterpret_cast<sockaddr *>(&address);
        if (::bind(m_listener, any, length) != 0 || ::listen(m_listener, 4) != 0
            || ::getsockname(m_listener, any, &length) != 0)
            qFatal("no socket on loopback");
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] {
            for (QByteArray &request : requests) {
                sockets.append(::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC));
                request = serve(sockets.last());
                answered.release();
            }
        });
    }
    ~TwoConnections()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        for (const int socket : std::as_const(sockets))
            ::shutdown(socket, SHUT_RDWR);
        m_thread.join();
        for (const int socket : std::as_const(sockets))
            ::close(socket);
        ::close(m_listener);
    }
    TwoConnections(const TwoConnections &) = delete;
    TwoConnections &operator=(const TwoConnections &) = delete;

    QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1/mcp").arg(m_port)); }

    QSemaphore answered;
    QList<int> sockets; ///< the first may be used once `answered` was had
    QByteArray requests[2]; ///< with their bodies

private:
    static QByteArray serve(int socket)
    {
        QByteArray request;
        char bytes[4096];
        for (;;) {
            const qsizetype end = request.indexOf("\r\n\r\n");
            const qsizetype field = request.indexOf("Content-Length: ");
            if (end >= 0
                && request.size() - end - 4
                    >= request.mid(field + 16, request.indexOf('\r', field) - field - 16).toInt())
                break;
            const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
            if (got <= 0)
                return request;
            request.append(bytes, got);
        }
        const QByteArray answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        ::send(socket, answer.constData(), size_t(answer.size()), MSG_NOSIGNAL);
        return request;
    }

    int m_listener;
    quint16 m_port = 0;
    std::thread m_thread;
};

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
    void send(qsizetype &count, bool tls = false)
    {
        QFETCH(QByteArray, method);
        QFETCH(bool, reused);
        QFETCH(Death, death);
        RawServer server;
        if (tls)
            server.useTls(RawServer::tlsConfiguration(QStringLiteral("good")));
        QVERIFY(server.listen());
        server.onRequest([&](RawConnection &connection, const RawRequest &raw) {
            if (raw.target() == "/live")
                connection.answer(200, "{}");
            else
                die(connection, death);
        });
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        settings.caFile = RawServer::certificateFile(QStringLiteral("ca.pem"));
        gate.setNetworkSettings(settings);
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

    /// RFC 9110, 9.2.2: a repetition that failed is not repeated by itself. Over TLS the library
    /// can be kept from it, so that whoever sent the request says when it is time.
    void overTlsOnlyAUsedConnectionIsReasonToRepeatAtOnce_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<bool>("reused");
        QTest::addColumn<Death>("death");
        for (const char *method : {"GET", "DELETE", "HEAD"}) {
            for (const bool reused : {false, true}) {
                for (const auto &[name, death] :
                     {std::pair("closed", Death::Close), std::pair("reset", Death::Reset)})
                    QTest::addRow("%s, %s connection, %s", method, reused ? "reused" : "fresh",
                                  name)
                        << QByteArray(method) << reused << death;
            }
        }
    }
    void overTlsOnlyAUsedConnectionIsReasonToRepeatAtOnce()
    {
        QFETCH(bool, reused);
        qsizetype count = 0;
        send(count, true);
        QCOMPARE(count, reused ? 2 : 1);
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

    /// The library has chosen the connection and waits for the body, which comes from this thread,
    /// when the server closes it.
    void whatNothingHasLeftOfGoesOutOnAnotherConnection_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {1, 100, 16 * 1024, 16 * 1024 + 1, 1024 * 1024})
            QTest::addRow("%d bytes", size) << size;
    }
    void whatNothingHasLeftOfGoesOutOnAnotherConnection()
    {
        QFETCH(int, size);
        TwoConnections server;
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        ExchangeProbe first(gate.send(postOf(server.url())));
        QVERIFY(first.wait());
        server.answered.acquire();
        const int connection = server.sockets.first();

        QByteArray body(size, 'b');
        body.back() = '.';
        ExchangeProbe probe(gate.send(postOf(server.url(), body)));
        bool cameNothing = false;
        bool closed = false;
        // Behind the event with which the library begins.
        QMetaObject::invokeMethod(
            this,
            [&] {
                pollfd wire{connection, POLLIN, 0};
                cameNothing = ::poll(&wire, 1, 300) == 0;
                ::shutdown(connection, SHUT_WR);
                char byte = 0;
                closed = ::recv(connection, &byte, 1, 0) <= 0;
            },
            Qt::QueuedConnection);
        QVERIFY(probe.wait());
        QVERIFY(cameNothing);
        QVERIFY(closed);
        QVERIFY2(!probe.exchange->failure(),
                 qPrintable(probe.exchange->failure().value_or(Failure()).sentence));
        QCOMPARE(probe.body, QByteArray("{}"));
        QVERIFY(server.answered.tryAcquire());
        // One exchange, as one request was seen, with a note of how it came about.
        QCOMPARE(trace.exchangeCount(), 2);
        QCOMPARE(probe.exchange->id(), 2);
        QCOMPARE(server.requests[1], headOf(trace.request(2)) + body);
        QCOMPARE(trace.noteCount(), 1);
        QCOMPARE(trace.note(0).exchange, 2);
        QCOMPARE(trace.note(0).name, QStringLiteral("sent anew"));
    }

    void whatWasNotSentIsNotSaidToBeSent_data()
    {
        QTest::addColumn<QNetworkReply::NetworkError>("error");
        QTest::addColumn<bool>("tls");
        QTest::newRow("closed") << QNetworkReply::RemoteHostClosedError << false;
        QTest::newRow("not again") << QNetworkReply::ContentReSendError << false;
        QTest::newRow("not again, TLS") << QNetworkReply::ContentReSendError << true;
    }
    void whatWasNotSentIsNotSaidToBeSent()
    {
        QFETCH(QNetworkReply::NetworkError, error);
        QFETCH(bool, tls);
        Breakage broken;
        broken.name = QStringLiteral("POST tools/call add");
        broken.host = QStringLiteral("server:80");
        broken.error = error;
        broken.tls = tls;
        const Failure unsent = networkFailure(broken);
        QCOMPARE(unsent.code, QStringLiteral("connection-closed"));
        QVERIFY2(unsent.sentence.contains(QStringLiteral("was not sent")),
                 qPrintable(unsent.sentence));
        QVERIFY2(!unsent.advice.contains(QStringLiteral("It was sent")), qPrintable(unsent.advice));
        broken.begun = broken.sent = true;
        const Failure sent = networkFailure(broken);
        QCOMPARE(sent.code, QStringLiteral("connection-closed"));
        QVERIFY2(sent.advice.contains(QStringLiteral("It was sent once")), qPrintable(sent.advice));
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
