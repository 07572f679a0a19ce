// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/http_sse.h"

#include "tests/support/raw_server.h"

#include "core/auth/credentials.h"

#include <QPointer>
#include <QSignalSpy>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

/// A server whose stream the test writes to, and the transport that talks to it.
class Rig {
public:
    explicit Rig(const QByteArray &firstEvent = "event: endpoint\ndata: /messages?s=1\n\n")
        : listens(server.listen())
        , gate(&trace)
        , credentials(server.url(u"/sse"_s), given())
        , transport(&gate, server.url(u"/sse"_s), [] { return 1.0; })
    {
        gate.setCredentials(&credentials);
        server.onRequest([this, firstEvent](RawConnection &connection, const RawRequest &request) {
            if (request.method() == "GET") {
                stream = &connection;
                connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                                 + firstEvent);
            } else {
                connection.answer(postStatus, "Accepted");
            }
        });
        QObject::connect(
            &transport, &Transport::messageReceived, &transport,
            [this](QByteArrayView text, ExchangeId) { messages.append(text.toByteArray()); });
        QObject::connect(&transport, &Transport::postEnded, &transport,
                         [this](PostId id, ExchangeId, const std::optional<Failure> &failure) {
                             ended.insert(id, failure ? failure->code : QString());
                         });
    }

    static Credentials given()
    {
        Credentials credentials;
        credentials.bearer = "secret-token";
        return credentials;
    }

    PostId send(const QByteArray &text, bool expectsAnswer = true)
    {
        Outgoing message;
        message.text = text;
        message.what = u"test"_s;
        message.expectsAnswer = expectsAnswer;
        return transport.post(message);
    }

    TraceStore trace;
    RawServer server;
    bool listens;
    HttpGate gate;
    CredentialSet credentials;
    HttpSse transport;
    QPointer<RawConnection> stream;
    int postStatus = 202;
    QByteArrayList messages;
    QMap<PostId, QString> ended;
};

} // namespace

class TestHttpSse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endpoints_are_of_the_streams_origin_data();
    void endpoints_are_of_the_streams_origin();
    void messages_wait_for_the_endpoint_and_answers_come_on_the_stream();
    void stream_and_messages_carry_the_same_credentials();
    void another_origin_gets_nothing();
    void a_lost_stream_fails_what_waits_and_ends_the_session();
    void a_refused_message_fails_by_itself();
    void what_is_no_event_stream_is_told_data();
    void what_is_no_event_stream_is_told();
};

void TestHttpSse::endpoints_are_of_the_streams_origin_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QString>("url"); // or the code of the failure
    QTest::newRow("absolute path") << "/message?id=1"_ba << u"https://a.example/message?id=1"_s;
    QTest::newRow("relative") << "message"_ba << u"https://a.example/mcp/message"_s;
    QTest::newRow("query alone") << "?session=x"_ba << u"https://a.example/mcp/sse?session=x"_s;
    QTest::newRow("absolute") << "https://a.example/m"_ba << u"https://a.example/m"_s;
    QTest::newRow("default port") << "https://A.EXAMPLE:443/m"_ba << u"https://a.example:443/m"_s;
    QTest::newRow("fragment") << "/m#f"_ba << u"https://a.example/m"_s;
    QTest::newRow("another host") << "https://b.example/m"_ba << u"endpoint-origin"_s;
    QTest::newRow("without a scheme") << "//b.example/m"_ba << u"endpoint-origin"_s;
    QTest::newRow("another scheme") << "http://a.example/m"_ba << u"endpoint-origin"_s;
    QTest::newRow("another port") << "https://a.example:8443/m"_ba << u"endpoint-origin"_s;
    QTest::newRow("no HTTP at all") << "file:///etc/passwd"_ba << u"endpoint-origin"_s;
    QTest::newRow("script") << "javascript:alert(1)"_ba << u"endpoint-origin"_s;
    QTest::newRow("empty") << ""_ba << u"endpoint-malformed"_s;
    QTest::newRow("spaces") << "a b c"_ba << u"endpoint-malformed"_s;
    QTest::newRow("JSON") << "{\"uri\":\"/m\"}"_ba << u"endpoint-malformed"_s;
}

void TestHttpSse::endpoints_are_of_the_streams_origin()
{
    QFETCH(QByteArray, data);
    QFETCH(QString, url);
    const Expected<QUrl> endpoint = HttpSse::endpoint(QUrl(u"https://a.example/mcp/sse"_s), data);
    QCOMPARE(endpoint ? endpoint->toString() : endpoint.error().code, url);
}

void TestHttpSse::messages_wait_for_the_endpoint_and_answers_come_on_the_stream()
{
    Rig rig;
    const PostId first = rig.send("{\"id\":1}");
    const PostId second = rig.send("{\"method\":\"n\"}", false);
    QTRY_VERIFY(rig.ended.contains(second));
    QCOMPARE(rig.ended.value(second), QString());
    QTRY_COMPARE(rig.server.requests().size(), 3);
    QCOMPARE(rig.server.requests().at(0).method(), "GET");
    QByteArrayList bodies;
    for (const RawRequest &request : rig.server.requests().sliced(1)) {
        QCOMPARE(request.method(), "POST");
        QCOMPARE(request.target(), "/messages?s=1");
        bodies.append(request.body);
    }
    std::sort(bodies.begin(), bodies.end());
    QCOMPARE(bodies, (QByteArrayList{"{\"id\":1}", "{\"method\":\"n\"}"}));
    QVERIFY(!rig.ended.contains(first));
    QCOMPARE(int(rig.transport.streamState().phase), int(StreamState::Phase::Open));

    rig.stream->write("data: {\"answer\":1}\n\nevent: message\ndata: {\"n\":2}\n\n");
    QTRY_COMPARE(rig.messages, (QByteArrayList{"{\"answer\":1}", "{\"n\":2}"}));
    rig.transport.settle(first);
    rig.stream->close();
    QTRY_VERIFY(rig.transport.streamState().failure);
    QVERIFY(!rig.ended.contains(first));
}

void TestHttpSse::stream_and_messages_carry_the_same_credentials()
{
    Rig rig;
    rig.send("{}", false);
    QTRY_COMPARE(rig.server.requests().size(), 2);
    for (const RawRequest &request : rig.server.requests())
        QCOMPARE(request.header("Authorization"), "Bearer secret-token");
}

void TestHttpSse::another_origin_gets_nothing()
{
    RawServer other;
    QVERIFY(other.listen());
    Rig rig("event: endpoint\ndata: " + other.url(u"/m"_s).toEncoded() + "\n\n");
    const PostId id = rig.send("{}");
    QTRY_COMPARE(rig.ended.value(id), u"endpoint-origin"_s);
    QCOMPARE(other.requests().size(), 0);
    QCOMPARE(rig.server.requests().size(), 1);
}

void TestHttpSse::a_lost_stream_fails_what_waits_and_ends_the_session()
{
    Rig rig;
    QSignalSpy expired(&rig.transport, &Transport::sessionExpired);
    const PostId id = rig.send("{}");
    QTRY_COMPARE(rig.server.requests().size(), 2);
    rig.stream->close();
    QTRY_COMPARE(rig.ended.value(id), u"stream-ended"_s);
    QCOMPARE(expired.size(), 1);
    QCOMPARE(expired.first().first().value<Failure>().code, u"session-expired"_s);
    QCOMPARE(int(rig.transport.streamState().phase), int(StreamState::Phase::Waiting));
    // The next message opens a stream anew, as a reconnect.
    const PostId next = rig.send("{}", false);
    QTRY_COMPARE(rig.ended.value(next, u"?"_s), QString());
    const ExchangeId again = rig.transport.streamState().exchange;
    QCOMPARE(int(rig.trace.summary(again).kind), int(ExchangeKind::Reconnect));
    QCOMPARE(rig.trace.request(again).cause, 1);
}

void TestHttpSse::a_refused_message_fails_by_itself()
{
    Rig rig;
    rig.postStatus = 401;
    const PostId id = rig.send("{}");
    QTRY_COMPARE(rig.ended.value(id), u"unauthorized"_s);
    QCOMPARE(int(rig.transport.streamState().phase), int(StreamState::Phase::Open));
}

void TestHttpSse::what_is_no_event_stream_is_told_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("code");
    QTest::newRow("404") << "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"_ba
                         << u"not-found"_s;
    QTest::newRow("ended at once")
        << "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n"_ba
        << u"no-endpoint"_s;
    QTest::newRow("other events alone")
        << "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: x\ndata: y\n\n"_ba
        << u"no-endpoint"_s;
}

void TestHttpSse::what_is_no_event_stream_is_told()
{
    QFETCH(QByteArray, answer);
    Rig rig;
    rig.server.onRequest([answer](RawConnection &connection, const RawRequest &) {
        connection.write(answer);
        connection.close();
    });
    const PostId id = rig.send("{}");
    QTRY_VERIFY(rig.ended.contains(id));
    QTEST(rig.ended.value(id), "code");
}

QTEST_GUILESS_MAIN(TestHttpSse)
#include "test_http_sse.moc"
