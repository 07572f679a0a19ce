// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/oauth_messages.h"
#include "core/auth/oauth/oauth_metadata.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestOAuthMessages : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void forms_are_written_and_read();
    void pkce_is_as_the_rfc_has_it();
    void scopes_are_sets_of_words();
    void secrets_compare();
    void callbacks_are_read_data();
    void callbacks_are_read();
    void token_answers_are_read_data();
    void token_answers_are_read();
    void odd_tokens_are_taken_and_told_data();
    void odd_tokens_are_taken_and_told();
    void registrations_are_read_data();
    void registrations_are_read();
    void what_is_registered();
};

void TestOAuthMessages::forms_are_written_and_read()
{
    const QByteArray text = formEncoded({{"a", u"x y&z=1"_s}, {"b", u"ä~+"_s}, {"c", QString()}});
    QCOMPARE(text, QByteArray("a=x%20y%26z%3D1&b=%C3%A4%7E%2B&c="));
    const auto fields = formDecoded("a=x+y&b=%C3%A4&c&=d&&a=2");
    QCOMPARE(fields.size(), 5);
    QCOMPARE(fields.at(0), std::pair(u"a"_s, u"x y"_s));
    QCOMPARE(fields.at(1), std::pair(u"b"_s, u"ä"_s));
    QCOMPARE(fields.at(2), std::pair(u"c"_s, QString()));
    QCOMPARE(fields.at(4), std::pair(u"a"_s, u"2"_s));
    // U+FEFF is a character like any other here, and no mark of the byte order.
    QCOMPARE(formDecoded("a=%EF%BB%BFx").at(0), std::pair(u"a"_s, u"\uFEFFx"_s));
}

void TestOAuthMessages::pkce_is_as_the_rfc_has_it()
{
    // RFC 7636, appendix B.
    const unsigned char random[] = {116, 24,  223, 180, 151, 153, 224, 37,  79,  250, 96,
                                    125, 216, 173, 187, 186, 22,  212, 37,  77,  105, 214,
                                    191, 240, 91,  88,  5,   88,  83,  132, 141, 121};
    const Pkce pkce = pkceFrom(QByteArrayView(reinterpret_cast<const char *>(random), 32));
    QCOMPARE(pkce.verifier, QByteArray("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    QCOMPARE(pkce.challenge, QByteArray("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
}

void TestOAuthMessages::scopes_are_sets_of_words()
{
    QCOMPARE(scopeWords(u" a  b a "_s), (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(scopeUnion(u"a b"_s, u"c a"_s), u"a b c"_s);
    QVERIFY(scopeHolds(u"a b c"_s, u"c a"_s));
    QVERIFY(scopeHolds(u"a"_s, QString()));
    QVERIFY(!scopeHolds(u"ab"_s, u"a"_s));
}

void TestOAuthMessages::secrets_compare()
{
    QVERIFY(sameSecret("abc", "abc"));
    QVERIFY(!sameSecret("abc", "abd"));
    QVERIFY(!sameSecret("abc", "ab"));
    QVERIFY(!sameSecret("", "a"));
}

void TestOAuthMessages::callbacks_are_read_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("issuer");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QStringList>("repeated");
    QTest::newRow("code") << QByteArray("code=a%2Fb&state=s+1&iss=https%3A%2F%2Fas.example")
                          << u"a/b"_s << u"s 1"_s << u"https://as.example"_s << QString()
                          << QStringList();
    QTest::newRow("error") << QByteArray("error=access_denied&state=s") << QString() << u"s"_s
                           << QString() << u"access_denied"_s << QStringList();
    QTest::newRow("twice") << QByteArray("code=a&code=b&state=s&state=t&state=u") << u"a"_s
                           << u"s"_s << QString() << QString()
                           << QStringList{u"code"_s, u"state"_s};
    QTest::newRow("nothing") << QByteArray() << QString() << QString() << QString() << QString()
                             << QStringList();
}

void TestOAuthMessages::callbacks_are_read()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, code);
    QFETCH(QString, state);
    QFETCH(QString, issuer);
    QFETCH(QString, error);
    QFETCH(QStringList, repeated);
    const OAuthCallback callback =
        readCallback(QUrl(u"http://127.0.0.1:1/callback?"_s + QString::fromLatin1(query)));
    QCOMPARE(callback.code.value_or(QString()), code);
    QCOMPARE(callback.state.value_or(QString()), state);
    QCOMPARE(callback.issuer.value_or(QString()), issuer);
    QCOMPARE(callback.error, error);
    QCOMPARE(callback.repeated, repeated);
}

void TestOAuthMessages::token_answers_are_read_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("problem");
    QTest::addColumn<bool>("isPage");
    const auto row = [](const char *name, int status, const char *body, const char *error,
                        const char *problem, bool isPage = false) {
        QTest::newRow(name) << status << QByteArray(body) << QString::fromLatin1(error)
                            << QString::fromLatin1(problem) << isPage;
    };
    row("fine", 200, R"({"access_token":"t","token_type":"Bearer"})", "", "");
    row("error", 400, R"({"error":"invalid_grant","error_description":"no"})", "invalid_grant", "");
    row("error with 200", 200, R"({"error":"invalid_grant"})", "invalid_grant", "");
    row("page", 200, "<html>", "", "a web page", true);
    row("text", 500, "Internal error", "", "no JSON", true);
    row("nothing", 200, "", "", "nothing");
    row("array", 200, "[]", "", "JSON that is no object");
    row("no token", 200, "{}", "", "JSON that has no access_token");
    row("number", 200, R"({"access_token":1})", "", "JSON whose access_token is no text");
    row("empty", 200, R"({"access_token":""})", "", "JSON whose access_token is no text");
    row("type that is not understood", 200, R"({"access_token":"t","token_type":"mac"})", "",
        "a token of the type \"mac\", which is neither Bearer nor DPoP");
    row("line end", 200, R"({"access_token":"a\r\nX: y"})", "",
        "an access_token with characters that cannot stand in a header");
    row("space", 200, R"({"access_token":"a b"})", "",
        "an access_token with characters that cannot stand in a header");
    row("500 with JSON", 500, R"({"access_token":"t"})", "", "JSON that names no error");
}

void TestOAuthMessages::token_answers_are_read()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, error);
    QFETCH(QString, problem);
    QFETCH(bool, isPage);
    const TokenAnswer answer = readTokenAnswer(status, "application/json", body);
    QCOMPARE(answer.error, error);
    QCOMPARE(answer.problem, problem);
    QCOMPARE(answer.isPage, isPage);
    // What cannot be used is not handed on.
    QVERIFY(problem.isEmpty() || answer.tokens == TokenSet());
}

void TestOAuthMessages::odd_tokens_are_taken_and_told_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<int>("oddities");
    QTest::addColumn<qint64>("expires"); // -1: not known
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QString>("scope");
    const auto row = [](const char *name, const char *members, int oddities, qint64 expires,
                        const char *type = "Bearer", const char *scope = "") {
        QTest::newRow(name) << QByteArray(members) << oddities << expires << QByteArray(type)
                            << QString::fromLatin1(scope);
    };
    row("fine", R"("token_type":"bearer","expires_in":3600,"scope":"a b")", 0, 3600, "Bearer",
        "a b");
    row("no expires_in", R"("token_type":"Bearer")", 0, -1);
    row("negative", R"("token_type":"Bearer","expires_in":-5)", 1, -1);
    row("zero", R"("token_type":"Bearer","expires_in":0)", 1, -1);
    row("text", R"("token_type":"Bearer","expires_in":"3600")", 1, 3600);
    row("words", R"("token_type":"Bearer","expires_in":"soon")", 1, -1);
    row("huge", R"("token_type":"Bearer","expires_in":1e300)", 1, -1);
    row("null", R"("token_type":"Bearer","expires_in":null)", 1, -1);
    row("no type", R"("expires_in":1)", 1, 1);
    row("odd type", R"("token_type":7)", 1, -1);
    row("DPoP", R"("token_type":"dpop")", 0, -1, "DPoP");
    row("scopes as an array", R"("token_type":"Bearer","scope":["a","b"])", 1, -1, "Bearer", "a b");
    row("scope as a number", R"("token_type":"Bearer","scope":3)", 1, -1);
    row("refresh token as a number", R"("token_type":"Bearer","refresh_token":3)", 1, -1);
}

void TestOAuthMessages::odd_tokens_are_taken_and_told()
{
    QFETCH(QByteArray, members);
    QFETCH(int, oddities);
    QFETCH(qint64, expires);
    QFETCH(QByteArray, type);
    QFETCH(QString, scope);
    const TokenAnswer answer =
        readTokenAnswer(200, "application/json", "{\"access_token\":\"t\"," + members + '}');
    QCOMPARE(answer.problem, QString());
    QCOMPARE(answer.tokens.accessToken, QByteArray("t"));
    QCOMPARE(int(answer.oddities.size()), oddities);
    QCOMPARE(answer.tokens.expiresIn.value_or(-1), expires);
    QCOMPARE(answer.tokens.type, type);
    QCOMPARE(answer.scope.value_or(QString()), scope);
}

void TestOAuthMessages::registrations_are_read_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("problem");
    QTest::newRow("fine") << 201 << QByteArray(R"({"client_id":"c","client_secret":"s"})") << u"c"_s
                          << QString() << QString();
    QTest::newRow("200") << 200 << QByteArray(R"({"client_id":"c"})") << u"c"_s << QString()
                         << QString();
    QTest::newRow("error") << 400 << QByteArray(R"({"error":"invalid_redirect_uri"})") << QString()
                           << u"invalid_redirect_uri"_s << QString();
    QTest::newRow("page") << 404 << QByteArray("<html>") << QString() << QString()
                          << u"a web page"_s;
    QTest::newRow("no id") << 201 << QByteArray("{}") << QString() << QString()
                           << u"JSON that has no client_id"_s;
    QTest::newRow("number") << 201 << QByteArray(R"({"client_id":7})") << QString() << QString()
                            << u"JSON that has no client_id"_s;
}

void TestOAuthMessages::registrations_are_read()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, id);
    QFETCH(QString, error);
    QFETCH(QString, problem);
    const RegistrationAnswer answer = readRegistrationAnswer(status, "application/json", body);
    QCOMPARE(answer.client.id, id);
    QCOMPARE(answer.error, error);
    QCOMPARE(answer.problem, problem);
}

void TestOAuthMessages::what_is_registered()
{
    RegistrationWish wish;
    wish.redirectUri = u"http://127.0.0.1:1/callback"_s;
    wish.scope = u"a b"_s;
    QCOMPARE(
        registrationBody(wish),
        QByteArray(R"({"client_name":"Sightglass","redirect_uris":["http://127.0.0.1:1/callback"],)"
                   R"("grant_types":["authorization_code","refresh_token"],)"
                   R"("response_types":["code"],"token_endpoint_auth_method":"none",)"
                   R"("application_type":"native","scope":"a b"})"));
}

QTEST_GUILESS_MAIN(TestOAuthMessages)
#include "test_oauth_messages.moc"
