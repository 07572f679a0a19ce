// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/answer_check.h"

#include <QTest>

using namespace sightglass;

class TestAnswerCheck : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void each_answer_is_named_data();
    void each_answer_is_named();
    void a_wrong_content_type_is_told_plainly_data();
    void a_wrong_content_type_is_told_plainly();
    void server_message_is_quoted();
    void message_of_a_hostile_body_is_empty();
    void what_the_challenge_says_is_told_data();
    void what_the_challenge_says_is_told();
    void headers_that_may_be_credentials_are_named_data();
    void headers_that_may_be_credentials_are_named();
    void urls_are_shown_without_their_query();
};

Q_DECLARE_METATYPE(AnswerFacts)

namespace {

AnswerFacts post(int status, const QByteArray &type, const QByteArray &body)
{
    AnswerFacts facts;
    facts.exchange = 7;
    facts.method = "POST";
    facts.what = QStringLiteral("tools/list");
    facts.status = status;
    if (!type.isNull())
        facts.headers.add("content-type", type, HeaderSource::Server);
    facts.body = body;
    facts.bodyBytes = body.size();
    facts.expectsAnswer = true;
    facts.url = QUrl(QStringLiteral("http://127.0.0.1:1/mcp"));
    return facts;
}

AnswerFacts with(AnswerFacts facts, void (*change)(AnswerFacts &))
{
    change(facts);
    return facts;
}

} // namespace

void TestAnswerCheck::each_answer_is_named_data()
{
    QTest::addColumn<AnswerFacts>("facts");
    QTest::addColumn<QString>("code"); // empty: as it should be
    QTest::addColumn<QString>("finding");
    const auto row = [](const char *name, const AnswerFacts &facts, const char *code,
                        const char *finding = "") {
        QTest::newRow(name) << facts << QString::fromLatin1(code) << QString::fromLatin1(finding);
    };
    row("JSON", post(200, "application/json", "{}"), "");
    row("JSON with a charset, in capitals", post(200, "Application/JSON; charset=utf-8", "{}"), "");
    row("event stream", post(200, "text/event-stream", ""), "");
    row("202 to a notification",
        with(post(202, {}, ""), [](AnswerFacts &f) { f.expectsAnswer = false; }), "");
    row("200 with text to a notification",
        with(post(200, "text/plain", "ok"), [](AnswerFacts &f) { f.expectsAnswer = false; }), "");
    row("202 to a request", post(202, {}, ""), "empty-answer", "AF-91");
    row("JSON, but empty", post(200, "application/json", ""), "empty-answer", "AF-91");
    row("web page", post(200, "text/html; charset=utf-8", "<html>"), "html-answer", "AF-91");
    row("plain text", post(200, "text/plain", "hello"), "wrong-content-type");
    row("no Content-Type", post(200, {}, "{}"), "wrong-content-type");
    row("login page behind 302",
        with(post(200, "text/html", "<html>"), [](AnswerFacts &f) { f.redirectedBy = 302; }),
        "login-page", "AF-92");
    row("login page behind 307 is a page",
        with(post(200, "text/html", "<html>"), [](AnswerFacts &f) { f.redirectedBy = 307; }),
        "html-answer", "AF-91");
    row("401", post(401, {}, ""), "unauthorized");
    const auto challenged = [](const char *value, bool hadCredentials, int status = 401) {
        AnswerFacts facts = post(status, {}, "");
        facts.headers.add("WWW-Authenticate", value, HeaderSource::Server);
        facts.hadCredentials = hadCredentials;
        return facts;
    };
    row("401 with a challenge", challenged("Bearer realm=\"x\"", false), "unauthorized");
    row("401 insufficient scope",
        challenged("Bearer error=\"insufficient_scope\", scope=\"a b\"", true),
        "insufficient-scope", "AF-61");
    row("403 insufficient scope",
        challenged("Bearer error=\"insufficient_scope\", scope=\"a b\"", true, 403),
        "insufficient-scope", "AF-61");
    row("insufficient scope of no token", challenged("Bearer error=insufficient_scope", false),
        "unauthorized");
    row("403 without credentials", post(403, {}, ""), "forbidden-without-credentials", "AF-67");
    row("403 with a header that may be a credential",
        with(post(403, {}, ""), [](AnswerFacts &f) { f.ownHeaders = {"X-Tenant"}; }), "forbidden");
    row("403 with credentials",
        with(post(403, {}, ""), [](AnswerFacts &f) { f.hadCredentials = true; }), "forbidden");
    row("404", post(404, {}, ""), "not-found");
    row("404 with a session", with(post(404, {}, ""), [](AnswerFacts &f) { f.hadSession = true; }),
        "session-expired", "AF-81");
    row("405 to POST", post(405, {}, ""), "method-not-allowed");
    row("406", post(406, {}, ""), "not-acceptable", "AF-85");
    row("429", post(429, {}, ""), "try-later");
    row("503 with Retry-After",
        with(post(503, {}, ""),
             [](AnswerFacts &f) { f.headers.add("Retry-After", "3", HeaderSource::Server); }),
        "try-later", "AF-98");
    row("400", post(400, {}, ""), "bad-request");
    row("500", post(500, {}, ""), "server-error");
    row("304", post(304, {}, ""), "unexpected-status");
    const auto get = [](AnswerFacts &f) {
        f.method = "GET";
        f.opensStream = true;
        f.expectsAnswer = false;
    };
    row("405 to GET is normal", with(post(405, {}, ""), get), "no-stream", "AF-80");
    const auto first = [](AnswerFacts &f) {
        f.method = "GET";
        f.opensStream = true;
        f.firstStream = true;
        f.hadSession = true;
    };
    const auto later = [](AnswerFacts &f) {
        f.method = "GET";
        f.opensStream = true;
        f.hadSession = true;
    };
    const auto rest = [](AnswerFacts &f) {
        f.method = "GET";
        f.opensStream = true;
        f.resumes = true;
    };
    row("405 to a GET that resumes", with(post(405, {}, ""), rest), "stream-ended");
    row("404 to a GET that resumes", with(post(404, {}, ""), rest), "stream-ended");
    row("404 to the first GET is no stream", with(post(404, {}, ""), first), "no-stream", "AF-80");
    row("404 to a later GET is a session lost", with(post(404, {}, ""), later), "session-expired",
        "AF-81");
    row("GET answered with JSON", with(post(200, "application/json", "{}"), get),
        "wrong-content-type");
    row("GET answered with an event stream", with(post(200, "text/event-stream", ""), get), "");
}

void TestAnswerCheck::each_answer_is_named()
{
    QFETCH(AnswerFacts, facts);
    const std::optional<Failure> failure = checkAnswer(facts);
    QTEST(failure ? failure->code : QString(), "code");
    QTEST(failure ? failure->finding : QString(), "finding");
    if (failure) {
        QCOMPARE(failure->exchange, 7);
        QVERIFY2(failure->sentence.endsWith(u'.') || failure->sentence.endsWith(u'”'),
                 qPrintable(failure->sentence));
    }
}

void TestAnswerCheck::a_wrong_content_type_is_told_plainly_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("none") << QByteArray()
                          << QStringLiteral("POST tools/list was answered without a Content-Type.");
    QTest::newRow("empty") << QByteArray(
        "") << QStringLiteral("POST tools/list was answered without a Content-Type.");
    QTest::newRow("another") << QByteArray("text/plain; charset=utf-8")
                             << QStringLiteral(
                                    "POST tools/list was answered with Content-Type text/plain.");
}

void TestAnswerCheck::a_wrong_content_type_is_told_plainly()
{
    QFETCH(QByteArray, type);
    QFETCH(QString, sentence);
    const std::optional<Failure> failure = checkAnswer(post(200, type, "{}"));
    QVERIFY(failure);
    QCOMPARE(failure->sentence, sentence);
    QVERIFY2(failure->advice.contains(QStringLiteral("application/json")),
             qPrintable(failure->advice));
}

void TestAnswerCheck::server_message_is_quoted()
{
    const AnswerFacts facts =
        post(400, "application/json",
             R"({"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"No valid session"}})");
    QVERIFY(checkAnswer(facts)->sentence.contains(QStringLiteral("“No valid session”")));
    const AnswerFacts oauth =
        post(401, "application/json", R"({"error":"invalid_token","error_description":"expired"})");
    QVERIFY(checkAnswer(oauth)->sentence.contains(QStringLiteral("“expired”")));
}

void TestAnswerCheck::message_of_a_hostile_body_is_empty()
{
    QVERIFY(errorMessageIn("").isEmpty());
    QVERIFY(errorMessageIn("{\"error\":").isEmpty());
    QVERIFY(errorMessageIn(QByteArray(100'000, '[')).isEmpty());
    QVERIFY(errorMessageIn("\xff\xfe").isEmpty());
}

void TestAnswerCheck::what_the_challenge_says_is_told_data()
{
    QTest::addColumn<QByteArrayList>("values"); // of WWW-Authenticate
    QTest::addColumn<bool>("hadCredentials");
    QTest::addColumn<QString>("says"); // in the sentence or the advice
    const auto row = [](const char *name, const QByteArrayList &values, bool had,
                        const char *says) {
        QTest::newRow(name) << values << had << QString::fromUtf8(says);
    };
    row("none", {}, false, "has no WWW-Authenticate");
    row("empty", {""}, false, "names no scheme");
    row("parameters alone", {R"(realm="x")"}, false, "names no scheme");
    row("error", {"Bearer error=invalid_token"}, true, "the server says “invalid_token”.");
    row("description", {R"(Bearer error="invalid_token", error_description="The token expired.")"},
        true, "the server says “The token expired”.");
    row("metadata", {R"(Bearer resource_metadata="https://h/.well-known/x")"}, false,
        "told at https://h/.well-known/x.");
    row("another scheme", {"Negotiate", "NTLM"}, false, "The server asks for Negotiate, NTLM.");
    row("Basic", {R"(Basic realm="x")"}, false, "user name and the password");
    row("scope", {R"(Bearer error="insufficient_scope", scope="read  write")"}, true,
        "this needs the scope read, write.");
    row("no scope", {R"(Bearer error="insufficient_scope")"}, true, "its scope does not suffice");
}

void TestAnswerCheck::what_the_challenge_says_is_told()
{
    QFETCH(QByteArrayList, values);
    QFETCH(bool, hadCredentials);
    QFETCH(QString, says);
    AnswerFacts facts = post(401, {}, "");
    facts.hadCredentials = hadCredentials;
    for (const QByteArray &value : values)
        facts.headers.add("www-authenticate", value, HeaderSource::Server);
    const std::optional<Failure> failure = checkAnswer(facts);
    QVERIFY(failure && failure->kind == FailureKind::Refused);
    const QString told = failure->sentence + u' ' + failure->advice;
    QVERIFY2(told.contains(says), qPrintable(told));
    QCOMPARE(told.contains(QStringLiteral("has no WWW-Authenticate")), values.isEmpty());
}

void TestAnswerCheck::headers_that_may_be_credentials_are_named_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("hadCredentials");
    QTest::addColumn<QByteArrayList>("ownHeaders");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, int status, bool had, const QByteArrayList &own,
                        const char *says) {
        QTest::newRow(name) << status << had << own << QString::fromUtf8(says);
    };
    row("none, 401", 401, false, {}, "It carried no credentials.");
    row("none, 403", 403, false, {}, "It carried no credentials, and");
    row("one, 401", 401, false, {"X-Tenant"},
        "It carried X-Tenant, which you set, and nothing else that could be a credential.");
    row("one, 403", 403, false, {"X-Tenant"},
        "It carried X-Tenant, which you set, and nothing else that could be a credential.");
    row("three", 401, false, {"X-A", "X-B", "X-C"}, "It carried X-A, X-B and X-C, which you set");
    row("six", 401, false, {"X-A", "X-B", "X-C", "X-D", "X-E", "X-F"},
        "It carried X-A, X-B, X-C, X-D, X-E and one more, which you set");
    row("eight", 401, false, {"X-A", "X-B", "X-C", "X-D", "X-E", "X-F", "X-G", "X-H"},
        "X-E and 3 more, which you set");
    row("beside a credential", 401, true, {"X-Tenant"},
        "It carried credentials, but they were not accepted.");
}

void TestAnswerCheck::headers_that_may_be_credentials_are_named()
{
    QFETCH(int, status);
    QFETCH(QByteArrayList, ownHeaders);
    QFETCH(QString, says);
    AnswerFacts facts = post(status, {}, "");
    QFETCH(bool, hadCredentials);
    facts.hadCredentials = hadCredentials;
    facts.ownHeaders = ownHeaders;
    const std::optional<Failure> failure = checkAnswer(facts);
    QVERIFY(failure);
    QVERIFY2(failure->sentence.contains(says), qPrintable(failure->sentence));
    if (!hadCredentials && !ownHeaders.isEmpty()) {
        QVERIFY2(!failure->sentence.contains(QStringLiteral("no credentials")),
                 qPrintable(failure->sentence));
        QVERIFY2(failure->advice.startsWith(QStringLiteral("If X-")), qPrintable(failure->advice));
    }
}

void TestAnswerCheck::urls_are_shown_without_their_query()
{
    AnswerFacts facts = post(200, "text/html", "<html>");
    facts.redirectedBy = 302;
    facts.url = QUrl(QStringLiteral("https://me:pw@h/login?code=abc"));
    const QString sentence = checkAnswer(facts)->sentence;
    QVERIFY(sentence.contains(QStringLiteral("https://h/login,")));
    QVERIFY(!sentence.contains(QStringLiteral("abc")) && !sentence.contains(QStringLiteral("pw")));
}

QTEST_APPLESS_MAIN(TestAnswerCheck)
#include "test_answer_check.moc"
