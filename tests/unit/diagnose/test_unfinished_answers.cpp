// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/refusal.h"
#include "core/diagnose/stall.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

/// An exchange of a trace, made by hand.
class Answered {
public:
    explicit Answered(const QList<Header> &headers = {})
    {
        RequestRecord request;
        request.kind = ExchangeKind::Post;
        request.method = "POST";
        request.what = u"tools/call"_s;
        request.url = QUrl(u"http://h/mcp"_s);
        request.headers = headers;
        id = trace.begin(request, {});
    }
    void head(int status, const QByteArray &type, const QList<Header> &more = {})
    {
        trace.mark(id, Mark::Sent);
        trace.respond(id,
                      {status,
                       {},
                       "HTTP/1.1",
                       QList<Header>{{"Content-Type", type, HeaderSource::Server, false}} + more});
    }
    qint64 body(const QByteArray &bytes)
    {
        qint64 capacity = 0;
        char *space = trace.reserve(&capacity);
        std::copy(bytes.begin(), bytes.end(), space);
        return trace.commit(id, bytes.size()).offset;
    }
    void event(const QByteArray &bytes, FrameKind kind = FrameKind::Event)
    {
        Frame frame;
        frame.kind = kind;
        frame.start = body(bytes);
        frame.end = frame.start + bytes.size();
        frame.at = trace.now();
        trace.frame(id, frame);
    }
    QString told(const QString &code, FailureKind kind = FailureKind::Protocol) const
    {
        return explained(trace, Failure{kind, code, u"It failed."_s, u"Do."_s, id, {}}).sentence;
    }

    TraceStore trace;
    ExchangeId id = 0;
};

} // namespace

/// What is told of an answer that stalled, or that is no message.
class TestUnfinishedAnswers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void how_far_an_answer_came();
    void a_stream_that_ended_tells_what_became_of_going_on();
    void what_came_is_told_where_nothing_else_tells_it_data();
    void what_came_is_told_where_nothing_else_tells_it();
    void of_a_stream_the_event_is_told_that_is_no_message();
    void half_a_word_is_not_shown();
    void a_certificate_that_a_proxy_wants_is_told();
    void a_host_that_is_refused_is_no_lack_of_credentials_data();
    void a_host_that_is_refused_is_no_lack_of_credentials();
};

void TestUnfinishedAnswers::how_far_an_answer_came()
{
    Answered unsent;
    QCOMPARE(stallSentence(unsent.trace, unsent.id), QString());
    unsent.trace.mark(unsent.id, Mark::Sent);
    QCOMPARE(stallSentence(unsent.trace, unsent.id),
             u"It was sent, and not even the head of a response came."_s);

    Answered json;
    json.head(200, "application/json", {{"Content-Length", "5000", HeaderSource::Server, false}});
    QCOMPARE(stallSentence(json.trace, json.id),
             u"The head of the response came (200), and of the 5.0 kB of its body 0 B came; the "
             "rest was waited for."_s);
    json.body("{\"jsonrpc\"");
    const QString some = stallSentence(json.trace, json.id);
    QVERIFY2(some.contains(u"body 10 B came, the last after "_s), qPrintable(some));

    Answered stream;
    stream.head(200, "text/event-stream");
    QCOMPARE(stallSentence(stream.trace, stream.id),
             u"The event stream of its answer is open (200), but no event has come on it."_s);
    stream.event("data: {}\n\n");
    const QString one = stallSentence(stream.trace, stream.id);
    QVERIFY2(one.contains(u"1 event came on it, the last after "_s), qPrintable(one));

    // A comment is a sign of life, and no more.
    Answered kept;
    kept.head(200, "text/event-stream");
    kept.event(": keep-alive\n\n", FrameKind::Comment);
    kept.event(": keep-alive\n\n", FrameKind::Comment);
    const QString comments = stallSentence(kept.trace, kept.id);
    QVERIFY2(comments.contains(u"no event has come on it, only 2 comments, the last after "_s),
             qPrintable(comments));

    // As of the older HTTP+SSE.
    Answered taken;
    taken.head(202, {});
    taken.trace.finish(taken.id);
    QVERIFY(stallSentence(taken.trace, taken.id).contains(u"comes on the event stream"_s));
}

void TestUnfinishedAnswers::a_stream_that_ended_tells_what_became_of_going_on()
{
    Answered waits;
    waits.head(200, "text/event-stream");
    waits.event("id: 1\nretry: 10000\ndata:\n\n");
    waits.trace.finish(waits.id);
    QCOMPARE(stallSentence(waits.trace, waits.id),
             u"The event stream of its answer (200) ended without the response (1 event came); "
             "before it is taken up again the server asked for 10 s (retry), and they were not "
             "over."_s);

    RequestRecord get;
    get.kind = ExchangeKind::Reconnect;
    get.method = "GET";
    get.url = QUrl(u"http://h/mcp"_s);
    get.cause = waits.id;
    for (const int status : {500, 0}) {
        get.cause = waits.trace.begin(get, {});
        if (status == 0)
            continue;
        waits.trace.respond(get.cause, {status, {}, "HTTP/1.1", {}});
        waits.trace.finish(get.cause);
        const QString refused = stallSentence(waits.trace, waits.id);
        QVERIFY2(refused.contains(u"(1 time, the last in exchange 2)"_s)
                     && refused.contains(u"the last was answered with 500"_s),
                 qPrintable(refused));
    }
    const QString silent = stallSentence(waits.trace, waits.id);
    QVERIFY2(silent.contains(u"(2 times, the last in exchange 3), and the last was not answered"_s),
             qPrintable(silent));
}

void TestUnfinishedAnswers::what_came_is_told_where_nothing_else_tells_it_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("tells");
    const auto row = [](const char *name, int status, const QByteArray &body, const QString &code,
                        const QString &tells) {
        QTest::newRow(name) << status << body << code << tells;
    };
    row("page", 200, "<html>\n", u"html-answer"_s, u"The body is “<html>”."_s);
    row("cut", 200, "{\"a\"", u"not-json"_s, u"The body is “{\"a\"”."_s);
    row("long", 200, QByteArray("ab cd ").repeated(50), u"wrong-content-type"_s,
        u"The body begins with “"_s + u"ab cd "_s.repeated(26) + u"ab …”."_s);
    row("refused with a page", 403, "<h1>No</h1>", u"forbidden"_s, u"The body is “<h1>No</h1>”."_s);
    row("broken server", 502, "Bad gateway", u"server-error"_s, u"The body is “Bad gateway”."_s);
    row("the server's words are quoted already", 400, R"({"error":{"message":"no"}})",
        u"bad-request"_s, {});
    row("nothing came", 502, {}, u"server-error"_s, {});
    row("a good answer with an error", 200, R"({"error":{"message":"no"}})", u"rpc-error"_s, {});
}

void TestUnfinishedAnswers::what_came_is_told_where_nothing_else_tells_it()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    QFETCH(QString, tells);
    Answered answered;
    answered.head(status, "text/plain");
    if (!body.isEmpty())
        answered.body(body);
    answered.trace.finish(answered.id);
    QCOMPARE(answered.told(code), tells.isEmpty() ? u"It failed."_s : u"It failed. "_s + tells);
}

void TestUnfinishedAnswers::of_a_stream_the_event_is_told_that_is_no_message()
{
    Answered stream;
    stream.head(200, "text/event-stream");
    stream.event("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n\n");
    stream.event("data: debug: here\n\n");
    stream.event("data: more\n\n");
    QCOMPARE(stream.told(u"not-json"_s), u"It failed. The event says “debug: here”."_s);
}

void TestUnfinishedAnswers::half_a_word_is_not_shown()
{
    // Half of a token is not known as a secret, and would stand where the whole is left out.
    Answered answered;
    answered.head(200, "text/plain");
    answered.body(QByteArray("x ").repeated(75) + "token-4711-secret-token-4711-secret");
    const QString told = answered.told(u"wrong-content-type"_s);
    QVERIFY2(told.endsWith(u"x …”."_s), qPrintable(told));
}

void TestUnfinishedAnswers::a_certificate_that_a_proxy_wants_is_told()
{
    Answered answered;
    answered.head(400, "text/html");
    answered.body("<center>No required SSL certificate was sent</center>");
    const Failure failure =
        explained(answered.trace,
                  Failure{FailureKind::Protocol, u"bad-request"_s, u"No."_s, {}, answered.id, {}});
    QCOMPARE(failure.finding, u"AF-94"_s);
    QVERIFY(failure.sentence.contains(u"wants a client certificate"_s));
    QVERIFY(failure.advice.contains(u"client certificate and its key"_s));
}

void TestUnfinishedAnswers::a_host_that_is_refused_is_no_lack_of_credentials_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("names"); ///< what was refused; empty: credentials may be the matter
    QTest::newRow("host") << R"({"error":{"message":"Invalid Host: evil.example"}})"_ba
                          << u"Host, which was “h”"_s;
    QTest::newRow("origin") << "Origin not allowed"_ba << u"Origin, which was “http://o”"_s;
    QTest::newRow("neither") << "Ask at localhost, which hosts this"_ba << QString();
    QTest::newRow("nothing") << QByteArray() << QString();
}

void TestUnfinishedAnswers::a_host_that_is_refused_is_no_lack_of_credentials()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, names);
    Answered answered({{"Host", "h", HeaderSource::Library, false},
                       {"Origin", "http://o", HeaderSource::User, false}});
    answered.head(403, "text/plain");
    if (!body.isEmpty())
        answered.body(body);
    const Failure failure = explained(answered.trace,
                                      Failure{FailureKind::Refused,
                                              u"forbidden-without-credentials"_s,
                                              u"It carried no credentials."_s,
                                              {},
                                              answered.id,
                                              u"AF-67"_s});
    QCOMPARE(failure.finding, names.isEmpty() ? u"AF-67"_s : u"AF-87"_s);
    QVERIFY2(failure.sentence.contains(names), qPrintable(failure.sentence));
    QCOMPARE(failure.sentence.contains(u"no credentials"_s), names.isEmpty());
}

QTEST_GUILESS_MAIN(TestUnfinishedAnswers)
#include "test_unfinished_answers.moc"
