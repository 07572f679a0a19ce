// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/oauth/token_view.h"
#include "tests/support/jose_vectors.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

using Form = TokenView::Form;
using Validity = TokenView::Validity;
using Compared = TokenComparison::State;

constexpr qint64 Now = 1'795'802'531; // 2026-11-27 18:02:11 UTC
constexpr qint64 Minute = 60;
constexpr qint64 Hour = 3600;

TokenView viewClaims(const QByteArray &claims, TokenContext context = {})
{
    context.now = Now;
    return viewToken(unsignedToken(claims), context);
}

ClaimView claim(const QList<ClaimView> &claims, const QString &name)
{
    for (const ClaimView &view : claims) {
        if (view.name == name)
            return view;
    }
    return {};
}

} // namespace

class TestTokenView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void times_are_told_in_words_data();
    void times_are_told_in_words();
    void a_token_is_told_as_a_whole();
    void claims_have_a_meaning_data();
    void claims_have_a_meaning();
    void wrong_types_are_told_data();
    void wrong_types_are_told();
    void header_members_have_a_meaning_data();
    void header_members_have_a_meaning();
    void validity_follows_the_times_data();
    void validity_follows_the_times();
    void the_audience_is_compared_to_the_letter_data();
    void the_audience_is_compared_to_the_letter();
    void the_issuer_is_compared_to_the_letter_data();
    void the_issuer_is_compared_to_the_letter();
    void the_key_is_compared_data();
    void the_key_is_compared();
    void scopes_are_each_told_once_data();
    void scopes_are_each_told_once();
    void the_signature_is_checked_where_there_are_keys();
    void other_forms_say_what_they_are_data();
    void other_forms_say_what_they_are();
    void no_view_shows_the_token();
    void introspection_is_told_as_a_token_data();
    void introspection_is_told_as_a_token();
    void strangers_cannot_hide_words();
    void many_and_long_claims_are_cut();
    void members_that_stand_twice_are_told();
    void truncated_tokens_do_no_harm();
};

void TestTokenView::times_are_told_in_words_data()
{
    QTest::addColumn<qint64>("apart");
    QTest::addColumn<QString>("words");
    const auto row = [](qint64 apart, const char *words) {
        QTest::addRow("%lld", static_cast<long long>(apart)) << apart << QString::fromUtf8(words);
    };
    row(0, "now");
    row(1, "in 1 s");
    row(59, "in 59 s");
    row(-59, "59 s ago");
    row(60, "in 1 min");
    row(119, "in 1 min");
    row(58 * Minute, "in 58 min");
    row(2 * Hour, "in 2 h");
    row(-2 * Hour, "2 h ago");
    row(-(2 * Hour + 5 * Minute + 59), "2 h 5 min ago");
    row(24 * Hour, "in 1 d");
    row(75 * Hour, "in 3 d 3 h");
    row(-400 * 24 * Hour, "400 d ago");
    row(4000 * 24 * Hour, "in 10 years");
    row(std::numeric_limits<qint64>::max() - Now, "in 292271022988 years");
}

void TestTokenView::times_are_told_in_words()
{
    QFETCH(qint64, apart);
    QTEST(timeInWords(Now + apart, Now), "words");
    QCOMPARE(timeInWords(std::numeric_limits<qint64>::max(), -1), u"in the far future"_s);
    QCOMPARE(timeInWords(std::numeric_limits<qint64>::min(), 1), u"in the far past"_s);
}

void TestTokenView::a_token_is_told_as_a_whole()
{
    const SigningKey key = SigningKey::generate();
    const QByteArray token = signJwt(
        key, json("{'typ':'at+jwt','alg':'ES256','kid':'k1'}"),
        json("{'iss':'https://as.example','sub':'u1','aud':['https://rs.example/mcp'],"
             "'exp':1795806011,'iat':1795802471,'jti':'j','client_id':'c','scope':'read write'}"));
    TokenContext context{Now, u"https://rs.example/mcp"_s, u"https://as.example"_s, u"c"_s, {}, {}};
    context.jwks = keySet(with(json("'kid':'k1'"), key.publicJwk()));
    const TokenView view = viewToken(token, context);
    QCOMPARE(view.form, Form::Jwt);
    QCOMPARE(view.validity, Validity::Valid);
    QCOMPARE(view.sentence, u"A JWT: it expires in 58 min."_s);
    QCOMPARE(view.scopes, QStringList({u"read"_s, u"write"_s}));
    QCOMPARE(view.claims.size(), 8);
    QCOMPARE(view.claims.at(0).name, u"iss"_s);
    QCOMPARE(view.claims.at(2).value, u"[\"https://rs.example/mcp\"]"_s);
    QCOMPARE(view.header.size(), 3);
    for (const ClaimView &member : view.header + view.claims) {
        QVERIFY2(!member.wrong, qPrintable(member.name));
        QVERIFY2(!member.meaning.isEmpty(), qPrintable(member.name));
    }
    QCOMPARE(view.expires, std::optional<qint64>(1795806011));
    QCOMPARE(view.issued, std::optional<qint64>(1795802471));
    QCOMPARE(view.notBefore, std::optional<qint64>());
    QVERIFY(view.signature);
    QCOMPARE(view.signature->sentence, u"Signed with ES256 by the key \"k1\"."_s);
    QCOMPARE(view.audience.state, Compared::Same);
    QCOMPARE(view.audience.sentence, u"The token is for \"https://rs.example/mcp\"."_s);
    QCOMPARE(view.issuer.state, Compared::Same);
    QCOMPARE(view.key, TokenComparison());
}

void TestTokenView::claims_have_a_meaning_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("meaning");
    QTest::addColumn<bool>("wrong");
    const auto row = [](const char *name, const char *claims, const char *value,
                        const char *meaning, bool wrong = false) {
        QTest::newRow(name) << json(claims) << QString::fromUtf8(value)
                            << QString::fromUtf8(meaning) << wrong;
    };
    row("sub", "{'sub':'u1'}", "u1", "whom it is about");
    row("exp to come", "{'exp':1795806011}", "1795806011",
        "expires in 58 min (2026-11-27 19:00:11 UTC)");
    row("exp past", "{'exp':1795795331}", "1795795331", "expired 2 h ago (2026-11-27 16:02:11 UTC)",
        true);
    row("exp now", "{'exp':1795802531}", "1795802531", "expired now (2026-11-27 18:02:11 UTC)",
        true);
    row("exp of a fraction", "{'exp':1795806011.9}", "1795806011.9",
        "expires in 58 min (2026-11-27 19:00:11 UTC)");
    row("exp with an exponent", "{'exp':1.795806011e9}", "1.795806011e9",
        "expires in 58 min (2026-11-27 19:00:11 UTC)");
    row("nbf past", "{'nbf':1795802471}", "1795802471",
        "valid since 1 min ago (2026-11-27 18:01:11 UTC)");
    row("nbf to come", "{'nbf':1795802591}", "1795802591",
        "not valid yet: begins in 1 min (2026-11-27 18:03:11 UTC)", true);
    row("iat", "{'iat':1795802231}", "1795802231", "issued 5 min ago (2026-11-27 17:57:11 UTC)");
    row("iat a little in the future", "{'iat':1795802541}", "1795802541",
        "issued in 10 s (2026-11-27 18:02:21 UTC)");
    row("iat in the future", "{'iat':1795802831}", "1795802831",
        "issued in 5 min (2026-11-27 18:07:11 UTC): in the future, so the clocks disagree", true);
    row("auth_time", "{'auth_time':1795802231}", "1795802231",
        "signed in 5 min ago (2026-11-27 17:57:11 UTC)");
    row("unknown", "{'x':{'a':[1, 2]}}", "{\"a\":[1,2]}", "");
    row("number spelling stays", "{'x':1.0e3}", "1.0e3", "");
    row("null", "{'x':null}", "null", "");
    row("before 1970", "{'iat':-1}", "-1", "issued 56 years ago (1969-12-31 23:59:59 UTC)");
}

void TestTokenView::claims_have_a_meaning()
{
    QFETCH(QByteArray, claims);
    const TokenView view = viewClaims(claims);
    QCOMPARE(view.claims.size(), 1);
    QTEST(view.claims.at(0).value, "value");
    QTEST(view.claims.at(0).meaning, "meaning");
    QTEST(view.claims.at(0).wrong, "wrong");
}

void TestTokenView::wrong_types_are_told_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("value");
    // Every known claim with every type that it cannot be.
    const QList<std::pair<const char *, QByteArray>> values{{"null", "null"},
                                                            {"true", "true"},
                                                            {"number", "7"},
                                                            {"text", "\"x\""},
                                                            {"object", "{}"},
                                                            {"list of numbers", "[1]"},
                                                            {"list of texts", "[\"x\"]"},
                                                            {"empty list", "[]"}};
    const auto rows = [&](const char *name, const QByteArrayList &good) {
        for (const auto &[type, value] : values) {
            if (!good.contains(QByteArray(type)))
                QTest::addRow("%s: %s", name, type) << QString::fromUtf8(name) << value;
        }
    };
    for (const char *name : {"iss", "sub", "jti", "scope", "client_id", "azp", "nonce", "acr",
                             "at_hash", "username", "token_type"})
        rows(name, {"text"});
    for (const char *name : {"aud", "scp"})
        rows(name, {"text", "list of texts", "empty list"});
    for (const char *name : {"exp", "nbf", "iat", "auth_time"})
        rows(name, {"number"});
    rows("amr", {"list of texts", "empty list"});
    for (const char *name : {"cnf", "act", "may_act"})
        rows(name, {"object"});
    rows("active", {"true"});
}

void TestTokenView::wrong_types_are_told()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, value);
    TokenContext context{Now, u"r"_s, u"i"_s, u"c"_s, "{}", "t"};
    const QByteArray claims = "{\"" + name.toUtf8() + "\":" + value + ",\"other\":1}";
    const TokenView view = viewClaims(claims, context);
    QCOMPARE(view.claims.size(), 2);
    QVERIFY2(view.claims.at(0).wrong, qPrintable(view.claims.at(0).meaning));
    QVERIFY2(view.claims.at(0).meaning.contains(u"where"_s)
                 || view.claims.at(0).meaning.contains(u"expected"_s),
             qPrintable(view.claims.at(0).meaning));
    QVERIFY(!view.claims.at(1).wrong);
    const TokenView introspection = viewIntrospection(claims, context);
    QCOMPARE(introspection.claims, view.claims);
}

void TestTokenView::header_members_have_a_meaning_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("meaning");
    QTest::addColumn<bool>("wrong");
    const auto row = [](const char *header, const char *meaning, bool wrong = false) {
        QTest::newRow(header) << json(header) << QString::fromUtf8(meaning) << wrong;
    };
    row("{'alg':'ES256'}", "how it is signed");
    row("{'alg':'none'}", "it is not signed: anybody can have made it", true);
    row("{'alg':'NonE'}", "it is not signed: anybody can have made it", true);
    row("{'alg':7}", "how it is signed; it is a number, where RFC 7515, 4.1.1 has a text", true);
    row("{'typ':'at+jwt'}", "an access token (RFC 9068)");
    row("{'typ':'application/at+JWT'}", "an access token (RFC 9068)");
    row("{'typ':'JWT'}", "a JWT of any kind");
    row("{'typ':'x'}", "what it is");
    row("{'kid':['a']}", "which key signed it; it is a list, where RFC 7515, 4.1.4 has a text",
        true);
    row("{'jku':'https://evil.example'}", "where its key is said to be; nobody should ask there");
    row("{'crit':['x']}", "members that one has to understand");
    // A claim is no member of the header.
    row("{'exp':1}", "");
}

void TestTokenView::header_members_have_a_meaning()
{
    QFETCH(QByteArray, header);
    const TokenView view = viewToken(unsignedToken("{}", header), {Now, {}, {}, {}, {}, {}});
    QCOMPARE(view.header.size(), 1);
    QTEST(view.header.at(0).meaning, "meaning");
    QTEST(view.header.at(0).wrong, "wrong");
}

void TestTokenView::validity_follows_the_times_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<Validity>("validity");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *claims, Validity validity, const char *sentence) {
        QTest::newRow(claims) << json(claims) << validity << QString::fromUtf8(sentence);
    };
    row("{}", Validity::Unknown, "A JWT: it does not say when it expires.");
    row("{'exp':1795802532}", Validity::Valid, "A JWT: it expires in 1 s.");
    row("{'exp':1795802531}", Validity::Expired, "A JWT: it expired now.");
    row("{'exp':1795795331}", Validity::Expired, "A JWT: it expired 2 h ago.");
    row("{'exp':0}", Validity::Expired, "A JWT: it expired 56 years ago.");
    row("{'exp':'1795806011'}", Validity::Valid, "A JWT: it expires in 58 min.");
    row("{'exp':'soon'}", Validity::Unknown, "A JWT: it does not say when it expires.");
    row("{'exp':''}", Validity::Unknown, "A JWT: it does not say when it expires.");
    row("{'exp':'nan'}", Validity::Unknown, "A JWT: it does not say when it expires.");
    row("{'exp':1e400}", Validity::Unknown, "A JWT: it does not say when it expires.");
    row("{'exp':-1e300}", Validity::Unknown, "A JWT: it does not say when it expires.");
    row("{'exp':1795806011000}", Validity::Unknown, "A JWT: it does not say when it expires.");
    row("{'exp':null}", Validity::Unknown, "A JWT: it does not say when it expires.");
    row("{'nbf':1795802531}", Validity::Unknown, "A JWT: it does not say when it expires.");
    row("{'nbf':1795802591}", Validity::NotYet, "A JWT: it is not valid yet: it begins in 1 min.");
    row("{'nbf':1795802591,'exp':1795806011}", Validity::NotYet,
        "A JWT: it is not valid yet: it begins in 1 min.");
    row("{'nbf':1795802591,'exp':1795802500}", Validity::Expired, "A JWT: it expired 31 s ago.");
    row("{'exp':1,'exp':1795806011}", Validity::Valid, "A JWT: it expires in 58 min.");
}

void TestTokenView::validity_follows_the_times()
{
    QFETCH(QByteArray, claims);
    const TokenView view = viewClaims(claims);
    QTEST(view.validity, "validity");
    QTEST(view.sentence, "sentence");
    if (claims.contains("000}"))
        QVERIFY2(view.claims.at(0).meaning.endsWith(u"seems to be of milliseconds"_s),
                 qPrintable(view.claims.at(0).meaning));
}

void TestTokenView::the_audience_is_compared_to_the_letter_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<Compared>("state");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *claims, Compared state, const char *sentence) {
        QTest::newRow(claims) << json(claims) << state << QString::fromUtf8(sentence);
    };
    row("{'aud':'https://rs.example/mcp'}", Compared::Same,
        "The token is for \"https://rs.example/mcp\".");
    row("{'aud':['x','https://rs.example/mcp']}", Compared::Same,
        "The token is for \"https://rs.example/mcp\".");
    row("{'aud':'https://rs.example/mcp/'}", Compared::Differs,
        "The token is for \"https://rs.example/mcp/\", not for \"https://rs.example/mcp\". They "
        "differ by a slash at the end alone.");
    row("{'aud':['x','HTTPS://rs.example/mcp']}", Compared::Differs,
        "The token is for \"x\", \"HTTPS://rs.example/mcp\", not for \"https://rs.example/mcp\". "
        "They differ by upper and lower case alone.");
    row("{'aud':' https://rs.example/mcp'}", Compared::Differs,
        "The token is for \" https://rs.example/mcp\", not for \"https://rs.example/mcp\". They "
        "differ by white space alone.");
    row("{'aud':'https://rs.example'}", Compared::Differs,
        "The token is for \"https://rs.example\", not for \"https://rs.example/mcp\".");
    row("{'aud':'my-client'}", Compared::Differs,
        "The token is for \"my-client\", not for \"https://rs.example/mcp\". It is for the client "
        "itself, as an ID token is, which opens no resource.");
    row("{'aud':['1','2','3','4','5','6','7']}", Compared::Differs,
        "The token is for \"1\", \"2\", \"3\", \"4\", \"5\", 2 others, not for "
        "\"https://rs.example/mcp\".");
    const char *absent = "The token does not say for whom it is meant (\"aud\"), so it cannot be "
                         "told whether it is for \"https://rs.example/mcp\".";
    row("{}", Compared::Absent, absent);
    row("{'aud':[]}", Compared::Absent, absent);
    row("{'aud':7}", Compared::Absent, absent);
    row("{'aud':{'https://rs.example/mcp':1}}", Compared::Absent, absent);
    row("{'aud':[1,null,['https://rs.example/mcp']]}", Compared::Absent, absent);
}

void TestTokenView::the_audience_is_compared_to_the_letter()
{
    QFETCH(QByteArray, claims);
    TokenContext context{Now, u"https://rs.example/mcp"_s, {}, u"my-client"_s, {}, {}};
    const TokenView view = viewClaims(claims, context);
    QTEST(view.audience.state, "state");
    QTEST(view.audience.sentence, "sentence");
    QCOMPARE(view.audience.expected, context.resource);
    QCOMPARE(view.issuer, TokenComparison());
    QCOMPARE(viewClaims(claims).audience, TokenComparison());
}

void TestTokenView::the_issuer_is_compared_to_the_letter_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<Compared>("state");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *claims, Compared state, const char *sentence) {
        QTest::newRow(claims) << json(claims) << state << QString::fromUtf8(sentence);
    };
    row("{'iss':'https://as.example'}", Compared::Same,
        "The token was issued by \"https://as.example\".");
    row("{'iss':'https://as.example/'}", Compared::Differs,
        "The token was issued by \"https://as.example/\", not by \"https://as.example\". They "
        "differ by a slash at the end alone.");
    row("{'iss':'https://evil.example'}", Compared::Differs,
        "The token was issued by \"https://evil.example\", not by \"https://as.example\".");
    row("{'iss':['https://as.example']}", Compared::Absent,
        "The token does not say who issued it (\"iss\").");
    row("{}", Compared::Absent, "The token does not say who issued it (\"iss\").");
}

void TestTokenView::the_issuer_is_compared_to_the_letter()
{
    QFETCH(QByteArray, claims);
    const TokenView view = viewClaims(claims, {Now, {}, u"https://as.example"_s, {}, {}, {}});
    QTEST(view.issuer.state, "state");
    QTEST(view.issuer.sentence, "sentence");
    QCOMPARE(view.audience, TokenComparison());
}

void TestTokenView::the_key_is_compared_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<QByteArray>("thumbprint");
    QTest::addColumn<Compared>("state");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const char *claims, const char *thumbprint,
                        Compared state, const char *sentence) {
        QTest::newRow(name) << json(claims) << QByteArray(thumbprint) << state
                            << QString::fromUtf8(sentence);
    };
    row("the same", "{'cnf':{'jkt':'abc'}}", "abc", Compared::Same,
        "The token is bound to the key that proves possession.");
    row("another", "{'cnf':{'jkt':'abc'}}", "xyz", Compared::Differs,
        "The token is bound to another key (\"abc\") than the one that proves possession "
        "(\"xyz\").");
    row("not compared", "{'cnf':{'jkt':'abc'}}", "", Compared::None,
        "The token is bound to a key: it counts only with a proof of DPoP.");
    row("not bound", "{}", "abc", Compared::Absent,
        "The token is not bound to a key (\"cnf\"): whoever has it can use it.");
    row("another kind", "{'cnf':{'x5t#S256':'abc'}}", "abc", Compared::Absent,
        "The token is not bound to a key (\"cnf\"): whoever has it can use it.");
    row("a number", "{'cnf':{'jkt':7}}", "", Compared::None, "");
    row("neither", "{}", "", Compared::None, "");
}

void TestTokenView::the_key_is_compared()
{
    QFETCH(QByteArray, claims);
    QFETCH(QByteArray, thumbprint);
    const TokenView view = viewClaims(claims, {Now, {}, {}, {}, {}, thumbprint});
    QTEST(view.key.state, "state");
    QTEST(view.key.sentence, "sentence");
}

void TestTokenView::scopes_are_each_told_once_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<QString>("scopes");
    const auto row = [](const char *claims, const char *scopes) {
        QTest::newRow(claims) << json(claims) << QString::fromUtf8(scopes);
    };
    row("{}", "");
    row("{'scope':''}", "");
    row("{'scope':'a'}", "a");
    row("{'scope':'b a b  c '}", "b,a,c");
    row("{'scope':['a','b c']}", "a,b,c");
    row("{'scp':'a b'}", "a,b");
    row("{'scp':['a','b'],'scope':'b c'}", "b,c,a");
    row("{'scope':7}", "");
    row("{'scope':[1,null,{'a':'b'}]}", "");
    row("{'scope':null,'scp':true}", "");
}

void TestTokenView::scopes_are_each_told_once()
{
    QFETCH(QByteArray, claims);
    QTEST(viewClaims(claims).scopes.join(u','), "scopes");
    QTEST(viewIntrospection(claims, {}).scopes.join(u','), "scopes");
}

void TestTokenView::the_signature_is_checked_where_there_are_keys()
{
    const SigningKey key = SigningKey::generate();
    const QByteArray token = signJwt(key, json("{'alg':'ES256'}"), "{}");
    const auto with = [&](const QByteArray &jwks) {
        return viewToken(token, {Now, {}, {}, {}, jwks, {}}).signature;
    };
    QVERIFY(!with({}));
    QCOMPARE(with(keySet(key.publicJwk()))->state, SignatureCheck::State::Valid);
    QCOMPARE(with(keySet(SigningKey::generate().publicJwk()))->state, SignatureCheck::State::Wrong);
    QCOMPARE(with("<html>")->state, SignatureCheck::State::NoKey);
}

void TestTokenView::other_forms_say_what_they_are_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<Form>("form");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const QByteArray &token, Form form,
                        const QString &sentence) {
        QTest::newRow(name) << token << form << sentence;
    };
    const auto opaque = [](qsizetype size) {
        return u"An opaque token of %1 characters: only the authorisation server can tell what it "
               "stands for."_s.arg(size);
    };
    row("empty", "", Form::Opaque, u"There is no token."_s);
    row("opaque", "2YotnFZFEjr1zCsicMWpAA", Form::Opaque, opaque(22));
    row("bytes", QByteArray("\0\xff..", 4), Form::Opaque, opaque(4));
    row("dots", "....", Form::Opaque, opaque(4));
    const QByteArray encrypted =
        base64Url(json("{'alg':'RSA-OAEP','enc':'A256GCM'}")) + ".AA.AA.AA.AA";
    row("encrypted", encrypted, Form::Encrypted,
        u"An encrypted JWT: only the one for whom it is meant can read it."_s);
    row("encrypted with the key itself", QByteArray(encrypted).replace(".AA.AA.", "..AA."),
        Form::Encrypted, u"An encrypted JWT: only the one for whom it is meant can read it."_s);
    row("five parts without \"enc\"", "e30.AA.AA.AA.AA", Form::Opaque, opaque(15));
    row("claims are a list", "e30." + base64Url("[]") + ".AA", Form::Opaque, opaque(10));
}

void TestTokenView::other_forms_say_what_they_are()
{
    QFETCH(QByteArray, token);
    const TokenView view = viewToken(token, {Now, u"r"_s, u"i"_s, u"c"_s, "{\"keys\":[]}", "t"});
    QTEST(view.form, "form");
    QTEST(view.sentence, "sentence");
    QVERIFY(view.claims.isEmpty());
    QVERIFY(!view.signature);
    QCOMPARE(view.audience, TokenComparison());
    QCOMPARE(view.header.size(), view.form == Form::Encrypted ? 2 : 0);
}

void TestTokenView::no_view_shows_the_token()
{
    const QByteArray secret = "s3cr3t-s3cr3t-s3cr3t";
    const auto all = [](const TokenView &view) {
        QString text = view.sentence + view.audience.sentence + view.issuer.sentence;
        for (const ClaimView &member : view.header + view.claims)
            text += member.name + member.value + member.meaning;
        if (view.signature)
            text += view.signature->sentence;
        return text.toUtf8();
    };
    const TokenContext context{Now, u"r"_s, u"i"_s, u"c"_s, "{\"keys\":[]}", {}};
    QVERIFY(!all(viewToken(secret, context)).contains("s3cr3t"));
    const QByteArray token = unsignedToken("{}") + "c2lnbmF0dXJl";
    QVERIFY(viewToken(token, context).signature);
    QVERIFY(!all(viewToken(token, context)).contains("c2lnbmF0dXJl"));
}

void TestTokenView::introspection_is_told_as_a_token_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Validity>("validity");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *body, Validity validity, const char *sentence) {
        QTest::addRow("<%s>", body) << json(body) << validity << QString::fromUtf8(sentence);
    };
    const char *inactive = "The authorisation server says that the token is not active: it has "
                           "expired, was revoked, or is not one of its own.";
    const char *unread =
        "What the authorisation server tells of the token cannot be read: it is no "
        "JSON object.";
    const char *unsaid = "The authorisation server does not say whether the token is active, as "
                         "RFC 7662, 2.2 asks.";
    row("{'active':false}", Validity::Inactive, inactive);
    row("{'active':false,'exp':1795806011}", Validity::Inactive, inactive);
    row("{'active':true}", Validity::Valid,
        "The authorisation server says that the token is active; it does not say when it expires.");
    row("{'active':true,'exp':1795806011}", Validity::Valid,
        "The authorisation server says that the token is active; it expires in 58 min.");
    row("{'active':true,'exp':1795795331}", Validity::Expired,
        "The authorisation server says that the token is active; it expired 2 h ago.");
    row("{}", Validity::Unknown, unsaid);
    row("{'active':'true'}", Validity::Unknown, unsaid);
    row("{'active':1,'exp':1795806011}", Validity::Unknown, unsaid);
    row("", Validity::Unknown, unread);
    row("[]", Validity::Unknown, unread);
    row("<html>", Validity::Unknown, unread);
    row("{'active':true", Validity::Unknown, unread);
}

void TestTokenView::introspection_is_told_as_a_token()
{
    QFETCH(QByteArray, body);
    const TokenView view = viewIntrospection(body, {Now, {}, {}, {}, {}, {}});
    QCOMPARE(view.form, Form::Introspection);
    QTEST(view.validity, "validity");
    QTEST(view.sentence, "sentence");

    const TokenView compared =
        viewIntrospection(json("{'active':true,'aud':'a','iss':'b','cnf':{'jkt':'k'},'scope':'s'}"),
                          {Now, u"x"_s, u"b"_s, {}, {}, "k"});
    QCOMPARE(compared.audience.state, Compared::Differs);
    QCOMPARE(compared.issuer.state, Compared::Same);
    QCOMPARE(compared.key.state, Compared::Same);
    QCOMPARE(compared.scopes, QStringList{u"s"_s});
}

void TestTokenView::strangers_cannot_hide_words()
{
    const char *odd =
        "{'\\u202ea':'\\u001b[2J\\n','aud':'\\u200b','iss':'\\u001b','scope':'\\u001bx',"
        "'x':['\\u202e'],'exp':'\\u001b','cnf':{'jkt':'\\u001b'}}";
    const TokenView view = viewClaims(json(odd), {Now, u"r"_s, u"i"_s, {}, {}, "t"});
    QStringList texts = view.scopes;
    texts << view.sentence << view.audience.sentence << view.issuer.sentence << view.key.sentence;
    for (const ClaimView &member : view.claims)
        texts << member.name << member.value << member.meaning;
    for (const QString &text : std::as_const(texts)) {
        for (const QChar c : text)
            QVERIFY2(c != QChar(0x1b) && c != QChar(0x202e) && c != QChar(0x200b) && c != u'\n',
                     qPrintable(text));
    }
}

void TestTokenView::many_and_long_claims_are_cut()
{
    QByteArray claims = "{\"a\":\"" + QByteArray(1 << 20, 'x') + "\",\"b\":["
        + QByteArray(100'000, '[') + QByteArray(100'000, ']') + "],\"scope\":\"";
    for (int i = 0; i < 20'000; ++i)
        claims += 's' + QByteArray::number(i) + ' ';
    claims += '"';
    for (int i = 0; i < 50'000; ++i)
        claims += ",\"c" + QByteArray::number(i) + "\":1";
    const TokenView view = viewClaims(claims + '}');
    QCOMPARE(view.claims.size(), 301);
    QCOMPARE(view.claims.constLast().meaning, u"49703 more are not shown"_s);
    QCOMPARE(view.scopes.size(), 500);
    for (const ClaimView &member : view.claims)
        QVERIFY(member.value.size() < 2010);
}

void TestTokenView::members_that_stand_twice_are_told()
{
    const TokenView view = viewClaims(json("{'sub':'a','sub':'b'}"));
    QCOMPARE(view.claims.size(), 2);
    QVERIFY(view.claims.at(0).wrong);
    QCOMPARE(view.claims.at(0).meaning, u"stands here again: the last one of that name counts"_s);
    QVERIFY(!view.claims.at(1).wrong);
    QCOMPARE(claim(view.claims, u"sub"_s).value, u"a"_s);
}

void TestTokenView::truncated_tokens_do_no_harm()
{
    const TokenContext context{Now, u"r"_s, u"i"_s, u"c"_s, "{\"keys\":[]}", "t"};
    const QByteArray claims =
        json("{'iss':'i','aud':['r'],'exp':1795806011,'cnf':{'jkt':'t'},'scope':'a b'}");
    const QByteArray token = unsignedToken(claims);
    for (qsizetype length = 0; length <= token.size(); ++length)
        QVERIFY(!viewToken(token.left(length), context).sentence.isEmpty());
    for (qsizetype length = 0; length < claims.size(); ++length)
        QVERIFY(viewIntrospection(claims.left(length), context).claims.isEmpty());
}

QTEST_GUILESS_MAIN(TestTokenView)
#include "test_token_view.moc"
