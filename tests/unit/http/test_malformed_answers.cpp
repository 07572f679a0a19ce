// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QLibraryInfo>
#include <QTest>
#include <QTimer>
#include <QVersionNumber>

using namespace sightglass;
using namespace sightglass::test;

namespace {

const QByteArray ok = "HTTP/1.1 200 OK\r\n";

QByteArray manyHeaders(int count)
{
    QByteArray head;
    for (int i = 0; i < count; ++i)
        head += "X-" + QByteArray::number(i) + ": " + QByteArray::number(i) + "\r\n";
    return head;
}

} // namespace

/// Whatever a server sends, the exchange ends, says so in a sentence where it did not come whole,
/// and the next one is not touched by it.
class MalformedAnswers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachEndsAndLeavesTheNextAlone_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char *name, const QByteArray &answer, bool closes,
                            const char *code, int status, const QByteArray &body = {}) {
            QTest::newRow(name) << answer << closes << QString::fromLatin1(code) << status << body;
        };
        constexpr bool open = false;
        constexpr bool closes = true;

        row("nothing", "", open, "answer-timeout", 0);
        row("half a head, open", ok + "X-A: 1", open, "answer-timeout", 0);
        row("half a head, closed", ok + "X-A: 1", closes, "connection-closed", 0);
        row("head without a body", ok + "Content-Length: 5\r\n\r\n", closes, "body-cut-off", 200);

        row("length too long", ok + "Content-Length: 9\r\n\r\n12345", closes, "body-cut-off", 200,
            "12345");
        // What is more than announced cannot be seen: the library leaves it and closes.
        row("length too short", ok + "Content-Length: 2\r\n\r\n{}and more", open, "", 200, "{}");
        row("length no number", ok + "Content-Length: five\r\n\r\n12345", closes,
            "answer-malformed", 200, "12345");
        row("length negative", ok + "Content-Length: -5\r\n\r\n12345", closes, "answer-malformed",
            200, "12345");
        row("length twice, equal", ok + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n12345",
            closes, "", 200, "12345");
        row("length twice, different", ok + "Content-Length: 5\r\nContent-Length: 7\r\n\r\n12345",
            closes, "answer-malformed", 200, "12345");
        row("length beyond 64 bits", ok + "Content-Length: 99999999999999999999\r\n\r\n12345",
            closes, "answer-malformed", 200, "12345");
        row("no length, closed", ok + "X-A: 1\r\n\r\n12345", closes, "", 200, "12345");

        const QByteArray chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
        row("chunked", chunked + "5\r\n12345\r\n0\r\n\r\n", open, "", 200, "12345");
        row("chunked with extension and trailer", chunked + "5;a=b\r\n12345\r\n0\r\nX-T: 1\r\n\r\n",
            open, "", 200, "12345");
        row("chunked without the last chunk", chunked + "5\r\n12345\r\n", closes, "body-cut-off",
            200, "12345");
        row("chunked, cut in a chunk", chunked + "9\r\n12345", closes, "body-cut-off", 200,
            "12345");
        row("chunked, cut in a size", chunked + "5\r\n12345\r\n1", closes, "body-cut-off", 200,
            "12345");
        // The library takes a size that is none for the end, and nothing tells of it.
        row("chunked, size no number", chunked + "5\r\n12345\r\nzz\r\n12345\r\n0\r\n\r\n", open, "",
            200, "12345");

        row("interim 100", "HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 2\r\n\r\n{}",
            open, "", 200, "{}");
        // Seen with Qt 6.4.2 and 6.8.2; the later reads on.
        const bool readsOn = QLibraryInfo::version() >= QVersionNumber(6, 8);
        row("interim 103",
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + "Content-Length: 2\r\n\r\n{}",
            open, readsOn ? "" : "interim-answer", readsOn ? 200 : 103, readsOn ? "{}" : "");
        row("interim 102", "HTTP/1.1 102 Processing\r\n\r\n" + ok + "Content-Length: 0\r\n\r\n",
            open, readsOn ? "" : "interim-answer", readsOn ? 200 : 102);
        row("101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", open, "interim-answer",
            101);
        row("204 with a body", "HTTP/1.1 204 No Content\r\n\r\nbody", open, "", 204);
        row("status 999", "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\n{}", open, "", 999, "{}");
        row("no reason phrase", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", open, "", 200, "{}");
        row("HTTP/1.0", "HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\n12345", closes, "", 200, "12345");

        row("HTTP/0.9", "<html>hello</html>", closes, "connection-closed", 0);
        row("garbage", QByteArray("\x16\x03\x01\x00\x02\x02\x28", 7), closes, "connection-closed",
            0);
        row("an SSH server", "SSH-2.0-OpenSSH_9.2\r\n", open, "connection-closed", 0);
        row("status no number", "HTTP/1.1 abc OK\r\n\r\n", closes, "connection-closed", 0);
        row("status line alone", "HTTP/1.1 200 OK\r\n\r\n", closes, "", 200);
        row("only line feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", open, "", 200, "{}");
        row("blank lines first", "\r\n\r\n" + ok + "Content-Length: 2\r\n\r\n{}", open, "", 200,
            "{}");

        // One header that the library does not take costs all the others.
        const QByteArray length = "Content-Length: 2\r\n\r\n{}";
        row("line without a colon", ok + "no colon here\r\n" + length, closes, "headers-unreadable",
            200, "{}");
        row("line without a name", ok + ": x\r\n" + length, closes, "headers-unreadable", 200,
            "{}");
        row("blank before the colon", ok + "X-A : x\r\n" + length, closes, "headers-unreadable",
            200, "{}");
        row("header of 1 MB", ok + "X-Big: " + QByteArray(1 << 20, 'x') + "\r\n" + length, closes,
            "headers-unreadable", 200, "{}");
        row("header of 8,000 bytes", ok + "X-Big: " + QByteArray(8000, 'x') + "\r\n" + length, open,
            "", 200, "{}");
        row("10,000 headers", ok + manyHeaders(10000) + length, closes, "headers-unreadable", 200,
            "{}");
        row("100 headers", ok + manyHeaders(99) + length, open, "", 200, "{}");
        row("folded line", ok + "X-A: 1\r\n  2\r\nContent-Length: 2\r\n\r\n{}", open, "", 200,
            "{}");
        row("NUL in a value", ok + QByteArray("X-A: a\0b\r\n", 10) + "Content-Length: 2\r\n\r\n{}",
            open, "", 200, "{}");
    }
    void eachEndsAndLeavesTheNextAlone()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, closes);
        QFETCH(QString, code);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([&](RawConnection &connection, const RawRequest &raw) {
            if (raw.target() == "/next") {
                connection.answer(200, "next");
                return;
            }
            connection.write(answer);
            if (closes)
                connection.close();
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        HttpRequest request = postOf(server.url());
        if (code == QLatin1String("answer-timeout"))
            request.answerTimeoutMs = 300;
        ExchangeProbe probe(gate.send(request));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), code);
        QCOMPARE(probe.exchange->status(), status);
        QCOMPARE(probe.body, body);
        QCOMPARE(probe.heads, status == 0 ? 0 : 1);
        QCOMPARE(probe.finishes, 1);
        QCOMPARE(trace.exchangeCount(), 1);
        QCOMPARE(trace.responseBody(1), body);
        QCOMPARE(trace.response(1) ? trace.response(1)->status : 0, status);
        if (!code.isEmpty()) {
            const Failure failure = *probe.exchange->failure();
            QVERIFY(failure.sentence.startsWith(QStringLiteral("POST tools/call add to http://")));
            QVERIFY(failure.sentence.endsWith(QLatin1Char('.')));
            QVERIFY(!failure.advice.isEmpty());
            QCOMPARE(failure.exchange, 1);
            QCOMPARE(trace.failure(1), failure);
        }

        ExchangeProbe next(gate.send(postOf(server.url(QStringLiteral("/next")))));
        QVERIFY(next.wait());
        QVERIFY2(!next.exchange->failure(), qPrintable(next.code()));
        QCOMPARE(next.body, QByteArray("next"));
    }

    void aHeadThatDripsIsStillLate()
    {
        RawServer server;
        QVERIFY(server.listen());
        QTimer drip;
        server.onRequest([&](RawConnection &connection, const RawRequest &) {
            connection.write(ok);
            connect(&drip, &QTimer::timeout, &connection,
                    [&connection] { connection.write("X-Drip: 1\r\n"); });
            drip.start(20);
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        HttpRequest request = postOf(server.url());
        request.answerTimeoutMs = 300;
        ExchangeProbe probe(gate.send(request));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), QStringLiteral("answer-timeout"));
        QCOMPARE(probe.exchange->failure()->kind, FailureKind::TimedOut);
        QVERIFY(probe.exchange->failure()->sentence.contains(QStringLiteral("300 ms")));
        QTRY_VERIFY(!server.connections().first()->isOpen());
    }

    void aBodyMayTakeItsTime()
    {
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([&](RawConnection &connection, const RawRequest &) {
            connection.write(ok + "Content-Length: 2\r\n\r\n{");
            QTimer::singleShot(600, &connection, [&connection] { connection.write("}"); });
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        HttpRequest request = postOf(server.url());
        request.answerTimeoutMs = 300;
        ExchangeProbe probe(gate.send(request));
        QVERIFY(probe.wait());
        QVERIFY(!probe.exchange->failure());
        QCOMPARE(probe.body, QByteArray("{}"));
    }

    void anAnswerWhoseHeadersAreLostDoesNotHang()
    {
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([&](RawConnection &connection, const RawRequest &) {
            connection.write(ok + "no colon here\r\nContent-Length: 2\r\n\r\n{}");
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        HttpRequest request = postOf(server.url());
        request.answerTimeoutMs = 2000;
        ExchangeProbe probe(gate.send(request));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), QStringLiteral("headers-unreadable"));
        QCOMPARE(probe.body, QByteArray("{}"));
        QCOMPARE(trace.noteCount(), 1);
        QCOMPARE(trace.note(0).exchange, 1);
    }

    void theWholeHeadIsRecorded()
    {
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([&](RawConnection &connection, const RawRequest &) {
            connection.write(ok + manyHeaders(90) + "X-Big: " + QByteArray(8000, 'x')
                             + "\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n"
                               "\r\n");
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        FixedCredentials credentials(server.url(), {});
        gate.setCredentials(&credentials);
        ExchangeProbe probe(gate.send(postOf(server.url())));
        QVERIFY(probe.wait());
        const HeaderList &headers = probe.exchange->responseHeaders();
        QCOMPARE(headers.lines(), trace.response(1)->headers);
        QCOMPARE(headers.lines().size(), 90 + 4);
        QCOMPARE(headers.value("X-89"), QByteArray("89"));
        QCOMPARE(headers.value("X-Big").size(), 8000);
        QCOMPARE(credentials.cookies, QList<QByteArray>({"a=1", "b=2"}));
    }
};

QTEST_GUILESS_MAIN(MalformedAnswers)
#include "test_malformed_answers.moc"
