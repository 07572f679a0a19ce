// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/refusal.h"

#include <QTest>

using namespace sightglass;

/// A trace of requests to one server, made by hand.
struct Story {
    TraceStore trace;

    ExchangeId add(ExchangeKind kind, const QByteArray &method, const QString &what,
                   const QList<Header> &headers, int status, const QString &acting = {},
                   const QString &url = QStringLiteral("http://h/mcp"))
    {
        RequestRecord request;
        request.kind = kind;
        request.method = method;
        request.what = what;
        request.url = QUrl(url);
        request.headers = headers;
        request.acting = acting;
        const ExchangeId id = trace.begin(request, {});
        ResponseRecord response;
        response.status = status;
        trace.respond(id, response);
        trace.finish(id);
        return id;
    }
    Failure told(ExchangeId id, const QString &code, FailureKind kind = FailureKind::Protocol) const
    {
        return explained(trace, Failure{kind, code, QStringLiteral("plain"), {}, id, {}});
    }
    Failure refused(ExchangeId id) const
    {
        return told(id, QStringLiteral("unauthorized"), FailureKind::Refused);
    }
    /// A request that is answered, and why it was sent.
    ExchangeId add(const RequestRecord &request, const ResponseRecord &response)
    {
        const ExchangeId id = trace.begin(request, {});
        trace.respond(id, response);
        trace.finish(id);
        return id;
    }
    /// The hop after `cause`.
    ExchangeId redirected(ExchangeId cause, const QByteArray &method, const QString &url,
                          int status, const QList<Header> &headers = {},
                          const QList<Withheld> &withheld = {})
    {
        RequestRecord request = trace.request(cause);
        request.cause = cause;
        request.method = method;
        request.url = QUrl(url);
        request.headers = headers;
        request.withheld = withheld;
        ResponseRecord response;
        response.status = status;
        return add(request, response);
    }
};

class TestRefusal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_the_refused_request_lacked_data();
    void what_the_refused_request_lacked();
    void only_the_reconnect_forgets();
    void nothing_is_concluded_without_an_accepted_request();
    void another_origin_is_no_comparison();
    void doubled_scheme_and_odd_tokens();
    void an_odd_token_is_told_by_place_and_never_shown();
    void odd_tokens_are_known_in_redacted_recordings();
    void all_that_was_lacking_is_named();
    void another_connect_is_no_comparison();
    void a_plain_header_that_is_left_off_on_purpose_is_named();
    void a_post_that_became_a_get_is_told_data();
    void a_post_that_became_a_get_is_told();
    void what_did_not_go_to_another_origin_is_told();
    void credentials_taken_by_a_redirect_are_to_blame();
    void a_redirect_that_cost_nothing_is_not_told();
    void a_session_that_is_lost_twice();
    void what_accept_said();
    void a_content_type_on_a_get();
    void a_malformed_challenge_is_told_with_its_place();
    void the_words_are_sentences();
    void what_has_no_exchange_is_left_as_it_is();
};

namespace {
const Header token{"Authorization", "Bearer abc", HeaderSource::Credential, true};
const Header key{"X-Api-Key", "k", HeaderSource::Credential, true};
const Header cookie{"Cookie", "a=b", HeaderSource::Credential, true};
} // namespace

void TestRefusal::what_the_refused_request_lacked_data()
{
    QTest::addColumn<ExchangeKind>("kind");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QList<Header>>("carried"); // by the POST before
    QTest::addColumn<QList<Header>>("left"); // by the refused one
    QTest::addColumn<QString>("finding");
    using H = QList<Header>;
    QTest::newRow("stream") << ExchangeKind::Stream << QByteArray("GET") << H{token} << H{}
                            << QStringLiteral("AF-01");
    QTest::newRow("end") << ExchangeKind::Delete << QByteArray("DELETE") << H{token} << H{}
                         << QStringLiteral("AF-03");
    QTest::newRow("header") << ExchangeKind::Stream << QByteArray("GET") << H{token, key}
                            << H{token} << QStringLiteral("AF-04");
    QTest::newRow("cookie") << ExchangeKind::Stream << QByteArray("GET") << H{cookie} << H{}
                            << QStringLiteral("AF-05");
    QTest::newRow("nothing lacks")
        << ExchangeKind::Stream << QByteArray("GET") << H{token} << H{token} << QString();
}

void TestRefusal::what_the_refused_request_lacked()
{
    QFETCH(ExchangeKind, kind);
    QFETCH(QByteArray, method);
    QFETCH(QList<Header>, carried);
    QFETCH(QList<Header>, left);
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), carried, 200);
    const Failure failure = story.refused(story.add(kind, method, QStringLiteral("x"), left, 401));
    QTEST(failure.finding, "finding");
    QCOMPARE(failure.sentence.contains(QStringLiteral("exchange 1")), !failure.finding.isEmpty());
}

void TestRefusal::only_the_reconnect_forgets()
{
    Story forgets;
    forgets.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 200);
    forgets.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {token}, 200);
    const ExchangeId id =
        forgets.add(ExchangeKind::Reconnect, "GET", QStringLiteral("event stream"), {}, 401);
    QCOMPARE(forgets.refused(id).finding, QStringLiteral("AF-02"));

    Story never;
    never.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 200);
    never.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {}, 401);
    const ExchangeId again =
        never.add(ExchangeKind::Reconnect, "GET", QStringLiteral("event stream"), {}, 401);
    QCOMPARE(never.refused(again).finding, QStringLiteral("AF-01"));
}

void TestRefusal::nothing_is_concluded_without_an_accepted_request()
{
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 401);
    const ExchangeId id =
        story.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {}, 401);
    QCOMPARE(story.refused(id).sentence, QStringLiteral("plain"));
}

void TestRefusal::another_origin_is_no_comparison()
{
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 200, {},
              QStringLiteral("http://other/mcp"));
    const ExchangeId id =
        story.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {}, 401);
    QCOMPARE(story.refused(id).sentence, QStringLiteral("plain"));
}

void TestRefusal::doubled_scheme_and_odd_tokens()
{
    const auto finding = [](const QByteArray &value) {
        Story story;
        const ExchangeId id =
            story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"),
                      {Header{"Authorization", value, HeaderSource::Credential, true}}, 401);
        return story.refused(id).finding;
    };
    QCOMPARE(finding("Bearer Bearer abc"), QStringLiteral("AF-06"));
    QCOMPARE(finding("bearer BEARER abc"), QStringLiteral("AF-06"));
    QCOMPARE(finding("Bearer \"abc\""), QStringLiteral("AF-07"));
    QCOMPARE(finding("Bearer abc "), QStringLiteral("AF-07"));
    QCOMPARE(finding("Bearer \xc3\xa9"), QStringLiteral("AF-07"));
    QCOMPARE(finding("Bearer abc"), QString());
    QCOMPARE(finding("Basic YTpi"), QString());
}

void TestRefusal::an_odd_token_is_told_by_place_and_never_shown()
{
    const auto told = [](const QByteArray &token) {
        Story story;
        const Header line{"Authorization", "Bearer " + token, HeaderSource::Credential, true};
        return story
            .refused(
                story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {line}, 401))
            .sentence;
    };
    QVERIFY(told("\"hidden\"").contains(QStringLiteral("a quotation mark at character 1 of 8")));
    QVERIFY(told("hid den").contains(QStringLiteral("white space at character 4 of 7")));
    QVERIFY(told("hidden'").contains(QStringLiteral("an apostrophe at character 7 of 7")));
    QVERIFY(told("hidd\xc3\xa9n").contains(QStringLiteral("no ASCII at character 5")));
    for (const char *token : {"\"hidden\"", "hid den", "hidden'"})
        QVERIFY(!told(token).contains(QStringLiteral("hid")));
}

void TestRefusal::odd_tokens_are_known_in_redacted_recordings()
{
    const auto finding = [](const QByteArray &value) {
        Story story;
        story.trace.setRedacted(true);
        return story
            .refused(story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"),
                               {Header{"Authorization", value, HeaderSource::Credential, true}},
                               401))
            .finding;
    };
    QCOMPARE(finding("Bearer ~7f2a (40 bytes)"), QString());
    QCOMPARE(finding("Bearer ~7f2a (40 bytes, in quotes)"), QStringLiteral("AF-07"));
    QCOMPARE(finding("Bearer ~7f2a (40 bytes, with white space)"), QStringLiteral("AF-07"));
    QCOMPARE(finding("Bearer ~7f2a (40 bytes, with non-ASCII)"), QStringLiteral("AF-07"));
    QCOMPARE(finding("Bearer Bearer ~7f2a (40 bytes)"), QStringLiteral("AF-06"));
}

void TestRefusal::all_that_was_lacking_is_named()
{
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {key, cookie, token}, 200);
    const Failure failure =
        story.refused(story.add(ExchangeKind::Stream, "GET", QStringLiteral("x"), {}, 403));
    QVERIFY2(failure.sentence.contains(
                 QStringLiteral("It carried no Authorization and no X-Api-Key and no Cookie")),
             qPrintable(failure.sentence));
    QCOMPARE(failure.finding, QStringLiteral("AF-01"));
}

void TestRefusal::another_connect_is_no_comparison()
{
    // Whoever took the token out on purpose and connects again has forgotten nothing.
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 200);
    QCOMPARE(
        story.refused(story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {}, 401))
            .sentence,
        QStringLiteral("plain"));
    Story streams;
    streams.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 200);
    streams.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {}, 200);
    const ExchangeId id =
        streams.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {}, 401);
    QCOMPARE(streams.refused(id).sentence, QStringLiteral("plain"));
}

void TestRefusal::a_plain_header_that_is_left_off_on_purpose_is_named()
{
    const Header tenant{"X-Tenant", "blue", HeaderSource::User, false};
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {tenant}, 200);
    RequestRecord request;
    request.kind = ExchangeKind::Stream;
    request.method = "GET";
    request.url = QUrl(QStringLiteral("http://h/mcp"));
    request.acting = QStringLiteral("AF-04");
    ResponseRecord response;
    response.status = 401;
    // A header that no person would call a credential is none by itself …
    QCOMPARE(story.refused(story.add(request, response)).finding, QString());
    // … but here it is known that it was left off.
    request.withheld = {{"X-Tenant", QStringLiteral("acting like AF-04")}};
    const Failure failure = story.refused(story.add(request, response));
    QCOMPARE(failure.finding, QStringLiteral("AF-04"));
    QVERIFY(failure.sentence.contains(QStringLiteral("It carried no X-Tenant")));
    QVERIFY(failure.advice.contains(QStringLiteral("AF-04, played on purpose")));
}

void TestRefusal::a_post_that_became_a_get_is_told_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("method"); // after it
    QTest::addColumn<bool>("told");
    QTest::newRow("301") << 301 << QByteArray("GET") << true;
    QTest::newRow("302") << 302 << QByteArray("GET") << true;
    QTest::newRow("303") << 303 << QByteArray("GET") << true;
    QTest::newRow("307") << 307 << QByteArray("POST") << false;
    QTest::newRow("308") << 308 << QByteArray("POST") << false;
}

void TestRefusal::a_post_that_became_a_get_is_told()
{
    QFETCH(int, status);
    QFETCH(QByteArray, method);
    QFETCH(bool, told);
    Story story;
    const ExchangeId first =
        story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, status);
    const ExchangeId hop =
        story.redirected(first, method, QStringLiteral("http://h/a?code=secret"), 307, {token});
    const ExchangeId last =
        story.redirected(hop, method, QStringLiteral("http://h/b?code=secret"), 400, {token});
    for (const QString &code : {QStringLiteral("bad-request"), QStringLiteral("timed-out")}) {
        const Failure failure = story.told(last, code);
        QCOMPARE(failure.sentence.contains(QStringLiteral("as a GET without its body")), told);
        QCOMPARE(
            failure.sentence.contains(
                QStringLiteral("from http://h/mcp to http://h/b (%1, exchange 1)").arg(status)),
            told);
        QCOMPARE(failure.advice.contains(QStringLiteral("http://h/b")), told);
        QVERIFY(!failure.sentence.contains(QStringLiteral("secret")));
        QVERIFY(!failure.advice.contains(QStringLiteral("secret")));
    }
    // The login page's own sentence has the redirect in it.
    Failure login{
        FailureKind::Protocol,  QStringLiteral("login-page"), QStringLiteral("plain"), {}, last,
        QStringLiteral("AF-92")};
    QCOMPARE(explained(story.trace, login), login);
}

void TestRefusal::what_did_not_go_to_another_origin_is_told()
{
    Story story;
    const ExchangeId first =
        story.add(ExchangeKind::Post, "POST", QStringLiteral("tools/list"), {}, 307);
    const QString why = QStringLiteral("redirected to another origin (http://other)");
    const ExchangeId last =
        story.redirected(first, "POST", QStringLiteral("http://other/mcp"), 400, {},
                         {{"Mcp-Session-Id", why}, {"X-Tenant", why}, {"Accept", {}}});
    const Failure failure = story.told(last, QStringLiteral("bad-request"));
    QVERIFY2(failure.sentence.endsWith(
                 QStringLiteral("as this is another origin, Mcp-Session-Id and X-Tenant did not go "
                                "with it.")),
             qPrintable(failure.sentence));
    QVERIFY(failure.sentence.contains(QStringLiteral("http://h/mcp to http://other/mcp")));
    QVERIFY(failure.sentence.contains(QStringLiteral("(307, exchange 1)")));
    QVERIFY(failure.advice.startsWith(QStringLiteral("If you trust http://other/mcp")));
    QCOMPARE(failure.finding, QString());
}

void TestRefusal::credentials_taken_by_a_redirect_are_to_blame()
{
    const QString why = QStringLiteral("another origin (http://other)");
    for (const char *name : {"Authorization", "X-Api-Key", "Cookie", "Mcp-Session-Id"}) {
        Story story;
        const ExchangeId first =
            story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 307);
        const ExchangeId last = story.redirected(first, "POST", QStringLiteral("http://other/mcp"),
                                                 401, {}, {{name, why}});
        const Failure failure = story.refused(last);
        const bool isCredential = qstrcmp(name, "Mcp-Session-Id") != 0;
        QCOMPARE(failure.finding, isCredential ? QStringLiteral("AF-08") : QString());
        QVERIFY(failure.sentence.contains(QString::fromLatin1(name)));
        QCOMPARE(failure.sentence.count(QStringLiteral("It had been redirected")), 1);
    }
}

void TestRefusal::a_redirect_that_cost_nothing_is_not_told()
{
    Story story;
    const ExchangeId first =
        story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 307);
    const ExchangeId last =
        story.redirected(first, "POST", QStringLiteral("http://h/mcp/"), 500, {token});
    QCOMPARE(story.told(last, QStringLiteral("server-error")).sentence, QStringLiteral("plain"));
    // A cause that was no redirect is none: here the try before.
    const ExchangeId again =
        story.redirected(last, "GET", QStringLiteral("http://h/mcp/"), 500, {token});
    QCOMPARE(story.told(again, QStringLiteral("server-error")).sentence, QStringLiteral("plain"));
}

void TestRefusal::a_session_that_is_lost_twice()
{
    const auto session = [](const char *id) {
        return Header{"Mcp-Session-Id", id, HeaderSource::Session, false};
    };
    const QString expired = QStringLiteral("session-expired");
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {}, 200);
    const ExchangeId once =
        story.add(ExchangeKind::Post, "POST", QStringLiteral("tools/list"), {session("a")}, 404);
    QCOMPARE(story.told(once, expired).sentence, QStringLiteral("plain"));
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {}, 200);
    const ExchangeId twice =
        story.add(ExchangeKind::Post, "POST", QStringLiteral("tools/list"), {session("b")}, 404);
    const Failure failure = story.told(twice, expired);
    QVERIFY(failure.sentence.contains(QStringLiteral("exchange %1").arg(once)));
    QVERIFY(failure.advice.contains(QStringLiteral("forgets its sessions")));
}

void TestRefusal::what_accept_said()
{
    const auto told = [](const QByteArray &method, const QByteArray &accept) {
        Story story;
        QList<Header> headers;
        if (!accept.isNull())
            headers.append({"Accept", accept, HeaderSource::Protocol, false});
        return story.told(
            story.add(ExchangeKind::Post, method, QStringLiteral("initialize"), headers, 406),
            QStringLiteral("not-acceptable"));
    };
    const QString server = QStringLiteral("server's side");
    QVERIFY(told("POST", "application/json, text/event-stream").advice.contains(server));
    QVERIFY(told("GET", "text/event-stream").advice.contains(server));
    QVERIFY(!told("POST", "application/json").advice.contains(server));
    QVERIFY(told("POST", "application/json")
                .sentence.contains(QStringLiteral("Its Accept was “application/json”.")));
    QVERIFY(told("GET", {}).sentence.endsWith(QStringLiteral("It had no Accept.")));
}

void TestRefusal::a_content_type_on_a_get()
{
    const Header type{"Content-Type", "application/json", HeaderSource::Protocol, false};
    Story story;
    const ExchangeId get =
        story.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {type}, 400);
    QCOMPARE(story.told(get, QStringLiteral("bad-request")).finding, QStringLiteral("AF-09"));
    const ExchangeId post =
        story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {type}, 400);
    QCOMPARE(story.told(post, QStringLiteral("bad-request")).finding, QString());
    const ExchangeId broken =
        story.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {type}, 500);
    QCOMPARE(story.told(broken, QStringLiteral("server-error")).finding, QString());
}

void TestRefusal::a_malformed_challenge_is_told_with_its_place()
{
    Story story;
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.what = QStringLiteral("initialize");
    request.url = QUrl(QStringLiteral("http://h/mcp"));
    ResponseRecord response;
    response.status = 401;
    response.headers = {
        {"WWW-Authenticate", "Bearer resource_metadata=https://h/x", HeaderSource::Server, false}};
    const Failure failure = story.refused(story.add(request, response));
    QVERIFY2(failure.sentence.contains(QStringLiteral(
                 "The WWW-Authenticate of the answer is malformed (at byte 25). The value of "
                 "“resource_metadata” wants quotation marks: https://h/x.")),
             qPrintable(failure.sentence));
    response.headers[0].value = "Bearer resource_metadata=\"https://h/x\"";
    QCOMPARE(story.refused(story.add(request, response)).sentence, QStringLiteral("plain"));
}

/// Said aloud: each ends like a sentence, and none speaks of anything but the wire.
void TestRefusal::the_words_are_sentences()
{
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token, key}, 200);
    QList<ExchangeId> ids;
    for (const ExchangeKind kind : {ExchangeKind::Post, ExchangeKind::Stream,
                                    ExchangeKind::Reconnect, ExchangeKind::Delete}) {
        ids += story.add(kind, "GET", QStringLiteral("x"), {}, 401);
        ids += story.add(kind, "GET", QStringLiteral("x"), {token}, 401, QStringLiteral("AF-04"));
    }
    QStringList said;
    for (const ExchangeId id : ids) {
        const Failure failure = story.refused(id);
        QVERIFY2(failure.sentence.endsWith(u'.') && failure.advice.endsWith(u'.'),
                 qPrintable(failure.sentence));
        QVERIFY(failure.sentence.contains(QStringLiteral("401")));
        QVERIFY(!failure.sentence.contains(QStringLiteral("  ")));
        QVERIFY(!said.contains(failure.sentence + failure.advice));
        said += failure.sentence + failure.advice;
    }
}

void TestRefusal::what_has_no_exchange_is_left_as_it_is()
{
    Story story;
    for (const ExchangeId id : {ExchangeId(-1), ExchangeId(0), ExchangeId(1), ExchangeId(1) << 60})
        QCOMPARE(story.refused(id).sentence, QStringLiteral("plain"));
    // Nor has one that was never answered.
    RequestRecord request;
    request.method = "POST";
    const ExchangeId id = story.trace.begin(request, {});
    QCOMPARE(story.refused(id).sentence, QStringLiteral("plain"));
}

QTEST_APPLESS_MAIN(TestRefusal)
#include "test_refusal.moc"
