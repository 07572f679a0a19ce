// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/body_redactor.h"
#include "core/trace/redaction.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QTest>

using namespace sightglass;

namespace {

const QByteArray salt = "0123456789abcdef";
const QByteArray secret = "s3cr3t-T0ken.value_42";

QByteArray mark(const QByteArray &of = secret)
{
    return '~'
        + QMessageAuthenticationCode::hash(of, salt, QCryptographicHash::Sha256).toHex().left(4);
}

/// What stands in the place of `spelled`, which means `of`.
QByteArray padded(const QByteArray &spelled = secret, const QByteArray &of = secret)
{
    return mark(of) + QByteArray(spelled.size() - 5, '*');
}

Header header(const QByteArray &name, const QByteArray &value, bool isSecret = false)
{
    return {name, value, HeaderSource::Credential, isSecret};
}

} // namespace

class TestRedaction : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void secretHeaderNames_data();
    void secretHeaderNames();
    void aFingerprintIsOfTheBareSecretAndTheSalt();
    void headerValues_data();
    void headerValues();
    void redactingTwiceIsRedactingOnce();
    void urls_data();
    void urls();
    void bodies_data();
    void bodies();
    void bodiesInParts_data() { bodies_data(); }
    void bodiesInParts();
    void knownSecretsAreFoundInAnySpelling();
    void jsonStaysJsonWithoutKnownSecrets_data();
    void jsonStaysJsonWithoutKnownSecrets();
    void knownSecretsAreFoundWhicheverBytesAreEscaped_data();
    void knownSecretsAreFoundWhicheverBytesAreEscaped();
    void ordinaryWordsAreNoKnownSecrets();
    void knownSecretsAreFoundAcrossParts();
    void secretsOfHeadersBecomeKnown();
    void aWordIsKnownBehindItsOptionAlone();
    void aHugeSecretIsNotHeldForEver();
    void bytesWithoutSecretsAreNotHeldBack();
    void nonsenseKeepsItsLength();
};

void TestRedaction::secretHeaderNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isSecret");
    for (const char *name :
         {"Authorization", "proxy-authorization", "COOKIE", "Set-Cookie", "X-Api-Key", "api-key",
          "x-apikey", "X-Auth-Token", "My-Secret-Thing", "X-Amz-Security-Token", "PRIVATE-TOKEN",
          "Ocp-Apim-Subscription-Key", "X-Goog-Api-Key", "DPoP", "X-Vault-Token", "X-Password"})
        QTest::newRow(name) << QByteArray(name) << true;
    for (const char *name :
         {"Mcp-Session-Id", "MCP-Protocol-Version", "Host", "Accept", "WWW-Authenticate",
          "Content-Length", "Access-Control-Allow-Credentials", "Idempotency-Key", "Last-Event-ID",
          "Sec-WebSocket-Key", "Date", "Mcp-Name", ""})
        QTest::newRow(*name ? name : "empty") << QByteArray(name) << false;
}

void TestRedaction::secretHeaderNames()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, isSecret);
    QCOMPARE(Redactor::isSecretName(name), isSecret);
    QCOMPARE(Redactor::isSecret(header(name, "x")), isSecret);
    QVERIFY(Redactor::isSecret(header(name, "x", true)));
}

void TestRedaction::aFingerprintIsOfTheBareSecretAndTheSalt()
{
    const Redactor redactor(salt);
    QCOMPARE(redactor.fingerprint(secret), mark());
    QCOMPARE(redactor.fingerprint("Bearer " + secret), mark());
    QVERIFY(redactor.fingerprint("other") != mark());
    QVERIFY(Redactor("another salt of 16").fingerprint(secret) != mark());
    QCOMPARE(redactor.fingerprint(mark()), mark());
}

void TestRedaction::headerValues_data()
{
    QTest::addColumn<Header>("line");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char *name, const Header &line, const QByteArray &shown) {
        QTest::newRow(name) << line << shown;
    };
    row("bearer", header("Authorization", "Bearer " + secret), "Bearer " + mark() + " (21 bytes)");
    row("spelling stays", header("authorization", "bEARER " + secret),
        "bEARER " + mark() + " (21 bytes)");
    row("a doubled scheme shows", header("Authorization", "Bearer Bearer " + secret),
        "Bearer Bearer " + mark() + " (21 bytes)");
    row("basic", header("Authorization", "Basic dTpw"), "Basic " + mark("dTpw") + " (4 bytes)");
    row("no scheme", header("Authorization", secret), mark() + " (21 bytes)");
    for (const QByteArray scheme : {"DPoP", "Negotiate", "Token", "ApiKey", "GNAP", "JWT", "OAuth"})
        row(scheme.constData(), header("Authorization", scheme + ' ' + secret),
            scheme + ' ' + mark() + " (21 bytes)");
    const QByteArray digest = R"(username="me", nonce="n", response=")" + secret + '"';
    row("digest, as a whole", header("Authorization", "Digest " + digest),
        "Digest " + mark(digest) + " (58 bytes, with white space)");
    row("proxy, basic", header("Proxy-Authorization", "Basic dTpw"),
        "Basic " + mark("dTpw") + " (4 bytes)");
    row("proxy, bearer", header("proxy-authorization", "Bearer " + secret),
        "Bearer " + mark() + " (21 bytes)");
    row("a name that looks like a secret", header("X-Acme-Session-Token", secret),
        mark() + " (21 bytes)");
    row("a key by its ending", header("Acme-Subscription-Key", secret), mark() + " (21 bytes)");
    row("an unknown first word is part of the secret", header("Authorization", "abc def"),
        mark("abc def") + " (7 bytes, with white space)");
    row("quotes show", header("Authorization", "Bearer \"abc\""),
        "Bearer " + mark("\"abc\"") + " (5 bytes, in quotes)");
    row("non-ASCII shows", header("X-Api-Key", "\xc3\xa9"),
        mark("\xc3\xa9") + " (2 bytes, with non-ASCII)");
    row("one byte", header("X-Api-Key", "x"), mark("x") + " (1 byte)");
    row("empty", header("Authorization", ""), "");
    row("scheme alone", header("Authorization", "Bearer "), "Bearer ");
    row("cookies by name", header("Cookie", "a=one; b=two=2; three"),
        "a=" + mark("one") + "; b=" + mark("two=2") + "; " + mark("three"));
    row("set-cookie keeps attributes", header("Set-Cookie", "sid=one; Path=/; HttpOnly\nb=two"),
        "sid=" + mark("one") + "; Path=/; HttpOnly\nb=" + mark("two"));
    row("marked secret", header("X-Tenant", secret, true), mark() + " (21 bytes)");
    row("no secret", header("Accept", "text/event-stream"), "text/event-stream");
    row("session id", header("Mcp-Session-Id", "41c0e6d2"), "41c0e6d2");
    row("a secret in a redirect's target",
        header("Location", "https://a.example/cb?code=" + secret + "&state=1"),
        "https://a.example/cb?code=" + mark() + "&state=1");
}

void TestRedaction::headerValues()
{
    QFETCH(Header, line);
    QFETCH(QByteArray, shown);
    QCOMPARE(Redactor(salt).headerValue(line), shown);
}

void TestRedaction::redactingTwiceIsRedactingOnce()
{
    const Redactor redactor(salt);
    const Redactor other("fedcba9876543210");
    for (const Header &line :
         {header("Authorization", "Bearer " + secret), header("X-Api-Key", secret),
          header("Cookie", "a=one; b=two"), header("Authorization", "Bearer \"x y\"")}) {
        const QByteArray once = redactor.headerValue(line);
        QCOMPARE(other.headerValue({line.name, once, line.source, line.secret}), once);
    }
    const QByteArray body = redactor.body("{\"access_token\":\"" + secret + "\"}");
    QCOMPARE(other.body(body), body);
}

void TestRedaction::urls_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char *name, const QByteArray &url, const QByteArray &shown) {
        QTest::newRow(name) << url << shown;
    };
    row("plain", "http://h/mcp?x=1#f", "http://h/mcp?x=1#f");
    row("token", "http://h/mcp?access_token=" + secret + "&x=1",
        "http://h/mcp?access_token=" + mark() + "&x=1");
    row("code and key", "http://h/cb?code=" + secret + "&key=abcdefg&state=s",
        "http://h/cb?code=" + mark() + "&key=" + mark("abcdefg") + "&state=s");
    row("fragment", "http://h/cb#access_token=" + secret, "http://h/cb#access_token=" + mark());
    row("encoded", "http://h/?token=a%20b%20c", "http://h/?token=" + mark("a b c"));
    row("user info", "http://user:" + secret + "@h/", "http://" + mark("user:" + secret) + "@h/");
    row("at sign in a query", "http://h/?x=a@b", "http://h/?x=a@b");
    row("session ids are no secrets", "http://h/messages?sessionId=" + secret,
        "http://h/messages?sessionId=" + secret);
}

void TestRedaction::urls()
{
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, shown);
    QCOMPARE(Redactor(salt).url(QUrl::fromEncoded(url)).toEncoded(), shown);
    const QByteArray path = url.mid(url.indexOf("h/") + 1);
    const QByteArray shownPath = shown.mid(shown.indexOf("h/") + 1);
    QCOMPARE(Redactor(salt).target(path), shownPath);
}

void TestRedaction::bodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char *name, const QByteArray &body, const QByteArray &shown) {
        QTest::newRow(name) << body << shown;
    };
    const auto same = [&](const char *name, const QByteArray &body) { row(name, body, body); };
    const QByteArray p = padded();
    row("token answer", R"({"access_token":")" + secret + R"(","token_type":"Bearer"})",
        R"({"access_token":")" + p + R"(","token_type":"Bearer"})");
    row("blanks", "{ \"refresh_token\" \t:\r\n \"" + secret + "\" }",
        "{ \"refresh_token\" \t:\r\n \"" + p + "\" }");
    for (const char *name :
         {"id_token", "client_secret", "password", "api_key", "apiKey", "authorization",
          "code_verifier", "assertion", "client_assertion", "device_code", "X-Api-Key", "Cookie"})
        row(name, '{' + ('"' + QByteArray(name)) + "\":\"" + secret + "\"}",
            '{' + ('"' + QByteArray(name)) + "\":\"" + p + "\"}");
    row("escapes within", R"({"password":"a\"b\\","x":"y"})",
        R"({"password":")" + padded(R"(a\"b\\)", R"(a"b\)") + R"(","x":"y"})");
    row("unicode escapes", R"({"password":"\u0061\u00e9\ud83d\ude00"})",
        R"({"password":")" + padded(R"(\u0061\u00e9\ud83d\ude00)", "a\xc3\xa9\xf0\x9f\x98\x80")
            + R"("})");
    row("short", R"({"password":"abcd","api_key":""})", R"({"password":"****","api_key":""})");
    row("scheme stays", R"({"authorization":"Bearer )" + secret + R"("})",
        R"({"authorization":"Bearer )" + p + R"("})");
    row("array", R"({"authorization":[ ")" + secret + R"("]})",
        R"({"authorization":[ ")" + p + R"("]})");
    row("every item of an array",
        R"({"authorization":["", ")" + secret + R"(" , ")" + secret
            + R"("],"x":"y","z":["a","b"]})",
        R"({"authorization":["", ")" + p + R"(" , ")" + p + R"("],"x":"y","z":["a","b"]})");
    row("every item of an array, json in json",
        R"({"t":"{\"token\":[\")" + secret + R"(\",\")" + secret + R"(\"],\"n\":\"x\"}"})",
        R"({"t":"{\"token\":[\")" + p + R"(\",\")" + p + R"(\"],\"n\":\"x\"}"})");
    row("a member after an array",
        R"({"password":[],"x":"y","token":[")" + secret + R"("],"token":")" + secret + R"("})",
        R"({"password":[],"x":"y","token":[")" + p + R"("],"token":")" + p + R"("})");
    row("json in json", R"({"text":"{\"access_token\": \")" + secret + R"(\",\"n\":\"x\"}"})",
        R"({"text":"{\"access_token\": \")" + p + R"(\",\"n\":\"x\"}"})");
    row("json in json in json", R"("{\"t\":\"{\\\"token\\\":\\\")" + secret + R"(\\\"}\"}")",
        R"("{\"t\":\"{\\\"token\\\":\\\")" + p + R"(\\\"}\"}")");
    row("json in json, cut off by the outer string",
        R"({"t":"{\"token\":\")" + secret + R"(","a":1})",
        R"({"t":"{\"token\":\")" + p + R"(","a":1})");
    row("event stream", "event: message\ndata: {\"api_key\":\"" + secret + "\"}\n\ndata: 2\n\n",
        "event: message\ndata: {\"api_key\":\"" + p + "\"}\n\ndata: 2\n\n");
    row("event over two lines", "data: {\"api_key\":\ndata:  \"" + secret + "\"}\n\n",
        "data: {\"api_key\":\ndata:  \"" + p + "\"}\n\n");
    row("a string that is not closed ends with its line", "data: \"token\":\"" + secret + "\n\nx",
        "data: \"token\":\"" + p + "\n\nx");
    row("cut off", R"({"access_token":")" + secret, R"({"access_token":")" + p);
    row("form", "grant_type=x&client_secret=" + secret + "&code=" + secret + "&scope=a",
        "grant_type=x&client_secret=" + p + "&code=" + p + "&scope=a");
    row("form, first", "code=" + secret + "&scope=a", "code=" + p + "&scope=a");
    row("form, percent-encoded", "password=a%2Bb%20c&x",
        "password=" + padded("a%2Bb%20c", "a+b c") + "&x");
    row("text", "the password=" + secret + " was", "the password=" + p + " was");
    row("quoted parameter", "token=\"" + secret + "\", x", "token=\"" + p + "\", x");
    row("url in json", R"({"u":"https://a/cb?x=1&code=)" + secret + R"("})",
        R"({"u":"https://a/cb?x=1&code=)" + p + R"("})");
    row("url in json, ampersand escaped",
        R"("https://a/cb?x=1\u0026code=)" + secret + R"(\u0026y")",
        R"("https://a/cb?x=1\u0026code=)" + p + R"(\u0026y")");
    row("user info", "see https://me:" + secret + "@h/",
        "see https://" + padded("me:" + secret, "me:" + secret) + "@h/");
    row("bearer anywhere", "Authorization: Bearer " + secret + "\r\n",
        "Authorization: Bearer " + p + "\r\n");
    same("empty", "");
    same("progress token", R"({"_meta":{"progressToken":"abcdefgh"},"nextCursor":"c"})");
    same("numbers and objects", R"({"token":5,"password":{"type":"string"},"secret":null})");
    same("names as values", R"(["password","token"],"x":"password")");
    same("endpoints", R"({"token_endpoint":"https://a/token","token_type":"Bearer"})");
    same("code outside of a form", R"({"code":"ENOENT","x":"key=1"})");
    same("a parameter without value in a string", R"({"u":"https://a/?token=","b":"c"})");
    row("short bearer", "got Bearer aB3dE6gH,", "got Bearer " + mark("aB3dE6gH") + "***,");
    same("bearer in prose",
         "The Bearer Authentication, Bearer access-tokens and Bearer realm=\"x\"");
    same("prose", "A Bearer token is required: b, be, bearer tokens; http://host:80/x");
    same("equals signs", "a==b, token==x, =, ==");
    same("binary", QByteArray("\0\xff\x80\"\0=\0:\0//\0", 13));
}

void TestRedaction::bodies()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, shown);
    QCOMPARE(Redactor(salt).body(body), shown);
}

void TestRedaction::bodiesInParts()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, shown);
    const Redactor redactor(salt);
    for (qsizetype split = 0; split <= body.size(); ++split) {
        BodyRedactor parts(redactor);
        QByteArray out = parts.feed(QByteArrayView(body).first(split));
        QVERIFY(shown.startsWith(out));
        out += parts.feed(QByteArrayView(body).sliced(split));
        out += parts.finish();
        QCOMPARE(out, shown);
    }
    BodyRedactor bytes(redactor);
    QByteArray out;
    for (qsizetype i = 0; i < body.size(); ++i) {
        out += bytes.feed(QByteArrayView(body).sliced(i, 1));
        QCOMPARE(out.size() + bytes.pending(), i + 1);
    }
    QCOMPARE(out + bytes.finish(), shown);
}

void TestRedaction::knownSecretsAreFoundWhicheverBytesAreEscaped_data()
{
    QTest::addColumn<QByteArray>("spelled");
    const auto row = [](const char *spelled) { QTest::newRow(spelled) << QByteArray(spelled); };
    row("tok/SEC+RET=AAAA1234");
    row("tok/SEC\\u002BRET=AAAA1234");
    row("tok\\/SEC\\u002bRET\\u003dAAAA1234");
    row("tok\\\\/SEC+RET=AAAA1234");
    row("tok/SEC\\\\u002BRET=AAAA1234");
    row("\\u0074ok/SEC+RET=AAAA1234");
    row("tok/SEC%2BRET%3DAAAA1234");
    row("tok/SEC%2bRET=AAAA1234");
    row("%74ok/SEC+RET=AAAA123%34");
}

void TestRedaction::knownSecretsAreFoundWhicheverBytesAreEscaped()
{
    QFETCH(QByteArray, spelled);
    Redactor redactor(salt);
    const QByteArray known = "tok/SEC+RET=AAAA1234";
    redactor.addKnownSecret(known);
    const QByteArray body = "{\"text\":\"was " + spelled + " then\"}";
    const QByteArray shown = "{\"text\":\"was " + padded(spelled, known) + " then\"}";
    QCOMPARE(redactor.body(body), shown);
    QCOMPARE(redactor.withoutKnown(body), "{\"text\":\"was " + mark(known) + " then\"}");
    for (qsizetype cut = 0; cut <= body.size(); ++cut) {
        BodyRedactor parts(redactor);
        QByteArray out = parts.feed(QByteArrayView(body).first(cut));
        out += parts.feed(QByteArrayView(body).sliced(cut));
        out += parts.finish();
        QCOMPARE(out, shown);
    }
    // Another escape in its place is another text.
    const QByteArray other = "tok/SEC\\u002CRET=AAAA1234 tok/SEC%2CRET%3DAAAA1234 \\tok/SEC";
    QCOMPARE(redactor.body(other), other);
}

void TestRedaction::ordinaryWordsAreNoKnownSecrets()
{
    Redactor redactor(salt);
    redactor.addKnownSecret("token");
    redactor.addKnownSecret("Bearer Test");
    const QByteArray body = "{\"name\":\"token\",\"text\":\"Test the token\"}";
    QCOMPARE(redactor.body(body), body);
    QCOMPARE(redactor.headerValue(header("Authorization", "Bearer token")),
             "Bearer " + mark("token") + " (5 bytes)");
    redactor.addKnownSecret("t0ken");
    QCOMPARE(redactor.body("the t0ken"), "the " + mark("t0ken"));
}

void TestRedaction::knownSecretsAreFoundAcrossParts()
{
    Redactor redactor("salt");
    redactor.addKnownSecret("Bearer abcd-efgh/1");
    redactor.addKnownSecret("abcd-e");
    const QByteArray text = "x abcd-efgh/1 abcd-e abcd-efgh%2f1 abcd-efgh/abcd-efgh/1";
    const QByteArray whole = redactor.withoutKnown(text);
    QVERIFY(!whole.contains("abcd"));
    for (qsizetype split = 0; split <= text.size(); ++split) {
        qsizetype rest = 0;
        QByteArray out = redactor.withoutKnown(text.first(split), &rest);
        out += redactor.withoutKnown(text.mid(split - rest));
        QCOMPARE(out, whole);
    }
    QCOMPARE(Redactor("salt").withoutKnown(text), text);
}

void TestRedaction::knownSecretsAreFoundInAnySpelling()
{
    Redactor redactor(salt);
    const QByteArray odd = "p/q \"r\\ t";
    redactor.addKnownSecret("Bearer " + odd);
    redactor.addKnownSecret("abc"); // too short to be looked for
    QVERIFY(redactor.hasKnownSecret(odd));
    QVERIFY(!redactor.hasKnownSecret("abc"));
    for (const QByteArray &spelled :
         {odd, QByteArray("p%2Fq%20%22r%5C%20t"), QByteArray(R"(p/q \"r\\ t)"),
          QByteArray(R"(p/q \\\"r\\\\ t)"), QByteArray("p%2Fq+%22r%5C+t")}) {
        const QByteArray expected = padded(spelled, odd);
        QCOMPARE(redactor.body("you sent " + spelled + '!'), "you sent " + expected + '!');
        BodyRedactor parts(redactor);
        QByteArray out;
        for (char c : "x " + spelled)
            out += parts.feed({&c, 1});
        QCOMPARE(out + parts.finish(), "x " + expected);
    }
    QCOMPARE(redactor.text(QStringLiteral("refused: p/q \"r\\ t")),
             QStringLiteral("refused: ") + QString::fromLatin1(mark(odd)));
    QCOMPARE(redactor.headerValue(header("X-Echo", odd)), mark(odd));
}

void TestRedaction::jsonStaysJsonWithoutKnownSecrets_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray word = mark("s3cret-word");
    const QByteArray digits = mark("123456");
    QTest::newRow("none") << QByteArray(R"({"a" : [1, "x"]})") << QByteArray(R"({"a" : [1, "x"]})");
    QTest::newRow("value") << QByteArray(R"({"a":"you sent s3cret-word"})")
                           << QByteArray(R"({"a":"you sent )" + word + R"("})");
    QTest::newRow("key") << QByteArray(R"({"s3cret-word":1})")
                         << QByteArray(R"({")" + word + R"(":1})");
    QTest::newRow("escaped quote before")
        << QByteArray(R"(["\"s3cret-word\\"])") << QByteArray(R"(["\")" + word + R"(\\"])");
    QTest::newRow("escaped itself")
        << QByteArray(R"(["s3cret\u002dword"])") << QByteArray(R"([")" + word + R"("])");
    QTest::newRow("a number is none") << QByteArray(R"({"n":123456,"s":"123456"})")
                                      << QByteArray(R"({"n":123456,"s":")" + digits + R"("})");
    QTest::newRow("numbers and literals")
        << QByteArray(R"(["s3cret-word",true,-123456e2,null])")
        << QByteArray(R"([")" + word + R"(",true,-123456e2,null])");
    QTest::newRow("no JSON") << QByteArray("s3cret-word is bad") << QByteArray(word + " is bad");
    QTest::newRow("never ends") << QByteArray(R"({"a":"s3cret-word)")
                                << QByteArray(R"({"a":")" + word);
    QTest::newRow("ends in an escape")
        << QByteArray("[\"s3cret-word\\") << QByteArray("[\"" + word + "\\");
}

void TestRedaction::jsonStaysJsonWithoutKnownSecrets()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, expected);
    QCOMPARE(Redactor(salt).jsonWithoutKnown(json), json);
    Redactor redactor(salt);
    redactor.addKnownSecret("s3cret-word");
    redactor.addKnownSecret("123456");
    QCOMPARE(redactor.jsonWithoutKnown(json), expected);
}

void TestRedaction::secretsOfHeadersBecomeKnown()
{
    Redactor redactor(salt);
    redactor.addKnownSecretsOf(
        header("Authorization", "Basic " + QByteArray("me:" + secret).toBase64()));
    redactor.addKnownSecretsOf(header("Cookie", "theme=dark; sid=0123456789"));
    redactor.addKnownSecretsOf(header("Set-Cookie", "other=9876543210; Path=/"));
    redactor.addKnownSecretsOf(header("Accept", "text/event-stream"));
    QVERIFY(redactor.hasKnownSecret(secret));
    QVERIFY(redactor.hasKnownSecret("0123456789"));
    QVERIFY(redactor.hasKnownSecret("9876543210"));
    QVERIFY(!redactor.hasKnownSecret("dark"));
    QVERIFY(!redactor.hasKnownSecret("text/event-stream"));
}

void TestRedaction::aWordIsKnownBehindItsOptionAlone()
{
    Redactor redactor(salt);
    redactor.addKnownSecretBehind("--password ", "hunter");
    redactor.addKnownSecretBehind("--token ", "s3cret-word");
    const QByteArray word = redactor.fingerprint("hunter");
    QCOMPARE(redactor.withoutKnown("run --password hunter, hunter"),
             "run --password " + word + ", hunter");
    QCOMPARE(redactor.target("run --password hunter"), "run --password " + word);
    QCOMPARE(redactor.body("{\"a\":\"--password hunter\"}"),
             "{\"a\":\"--password " + word + "*\"}");
    QCOMPARE(redactor.withoutKnown("--token s3cret-word or s3cret-word"),
             "--token " + redactor.fingerprint("s3cret-word") + " or "
                 + redactor.fingerprint("s3cret-word"));
}

void TestRedaction::aHugeSecretIsNotHeldForEver()
{
    const Redactor redactor(salt);
    const QByteArray huge = QByteArray(200'000, 'x') + "\\\"" + QByteArray(100'000, 'y');
    const QByteArray body = "{\"token\":\"" + huge + "\",\"a\":\"b\"}";
    const QByteArray whole = redactor.body(body);
    QCOMPARE(whole.size(), body.size());
    QVERIFY(!whole.contains('x'));
    QVERIFY(!whole.contains('y'));
    QVERIFY(whole.endsWith("*\",\"a\":\"b\"}"));
    for (qsizetype size : {997, 65536, 65537, 150'000}) {
        BodyRedactor parts(redactor);
        QByteArray out;
        for (qsizetype at = 0; at < body.size(); at += size) {
            out += parts.feed(QByteArrayView(body).sliced(at, qMin(size, body.size() - at)));
            QVERIFY(parts.pending() <= 70'000);
        }
        QCOMPARE(out + parts.finish(), whole);
    }
}

void TestRedaction::bytesWithoutSecretsAreNotHeldBack()
{
    Redactor redactor(salt);
    redactor.addKnownSecret(secret);
    BodyRedactor parts(redactor);
    const QByteArray event = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1}\n\n";
    for (int i = 0; i < 3; ++i)
        QCOMPARE(parts.feed(event), event);
    QCOMPARE(parts.pending(), 0);
}

void TestRedaction::nonsenseKeepsItsLength()
{
    Redactor redactor(salt);
    redactor.addKnownSecret("abab\"=");
    const QByteArrayList pieces = {"\"",     "\\", "token", "password", "=", ":", "//", "@",
                                   "Bearer", " ",  "\n",    "data:",    "a", "b", "&",  "\\u0026",
                                   "abab",   "\r", "~12ab", "'",        "[", "{", "\0", "code"};
    quint32 random = 1;
    for (int run = 0; run < 2000; ++run) {
        QByteArray body;
        for (int i = 0; i < 40; ++i) {
            random = random * 1664525u + 1013904223u;
            body += pieces.at(qsizetype(random >> 16) % pieces.size());
        }
        const QByteArray whole = redactor.body(body);
        QCOMPARE(whole.size(), body.size());
        BodyRedactor parts(redactor);
        QByteArray out;
        for (qsizetype at = 0; at < body.size();) {
            random = random * 1664525u + 1013904223u;
            const qsizetype size = qMin(qsizetype(1 + (random >> 20) % 9), body.size() - at);
            out += parts.feed(QByteArrayView(body).sliced(at, size));
            at += size;
        }
        QCOMPARE(out + parts.finish(), whole);
    }
}

QTEST_GUILESS_MAIN(TestRedaction)
#include "test_redaction.moc"
