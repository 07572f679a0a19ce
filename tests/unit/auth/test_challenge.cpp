// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/challenge.h"

#include <QRandomGenerator>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

/// "Bearer{realm=x;scope=a b} Negotiate:abc=="
QByteArray told(const Challenges &challenges)
{
    QByteArrayList parts;
    for (const Challenge &challenge : challenges.list) {
        QByteArray part = challenge.scheme;
        if (!challenge.token68.isEmpty())
            part += ':' + challenge.token68;
        QByteArrayList params;
        for (const AuthParam &param : challenge.params)
            params += param.name + '=' + param.value;
        if (!params.isEmpty())
            part += '{' + params.join(';') + '}';
        parts += part;
    }
    return parts.join(' ');
}

/// "12 27", or "1:3" for the second header.
QByteArray places(const Challenges &challenges)
{
    QByteArrayList parts;
    for (const ChallengeProblem &problem : challenges.problems)
        parts += (problem.header ? QByteArray::number(problem.header) + ':' : QByteArray())
            + QByteArray::number(problem.position);
    return parts.join(' ');
}

} // namespace

class TestChallenge : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void reads_what_the_grammar_allows_data();
    void reads_what_the_grammar_allows();
    void says_where_the_grammar_is_broken_data();
    void says_where_the_grammar_is_broken();
    void several_headers_are_one_list();
    void parameters_of_bearer_have_names();
    void absent_and_empty_parameters_are_told_apart();
    void metadata_may_stand_with_any_scheme();
    void which_challenge_is_about_the_token();
    void every_scheme_is_named_once();
    void every_problem_is_a_sentence_within_its_value();
    void no_input_crashes_or_hangs();
    void long_input_is_read_in_linear_time();
};

void TestChallenge::reads_what_the_grammar_allows_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &value, const char *expected) {
        QTest::newRow(name) << value << QByteArray(expected);
    };
    row("empty", "", "");
    row("commas and blanks alone", " , ,\t, ", "");
    row("scheme alone", "Negotiate", "Negotiate");
    row("schemes alone", "Negotiate, NTLM", "Negotiate NTLM");
    row("one parameter", R"(Basic realm="simple")", "Basic{realm=simple}");
    row("token as value", "Digest algorithm=SHA-256", "Digest{algorithm=SHA-256}");
    row("empty quoted value", R"(Basic realm="")", "Basic{realm=}");
    row("spelling stays", R"(bEaReR Realm="X")", "bEaReR{Realm=X}");
    row("RFC 9110, 11.6.1",
        R"(Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"")",
        R"(Basic{realm=simple} Newauth{realm=apps;type=1;title=Login to "apps"})");
    row("RFC 6750, 3",
        R"(Bearer realm="example", error="invalid_token", error_description="The access token expired")",
        "Bearer{realm=example;error=invalid_token;error_description=The access token expired}");
    row("RFC 9728, 5.1",
        R"(Bearer resource_metadata="https://r.example/.well-known/oauth-protected-resource")",
        "Bearer{resource_metadata=https://r.example/.well-known/oauth-protected-resource}");
    row("token68", "Negotiate YWJj", "Negotiate:YWJj");
    row("token68, padded", "Negotiate YWJjZA==", "Negotiate:YWJjZA==");
    row("token68 of every character", "X aZ09-._~+/=", "X:aZ09-._~+/=");
    row("token68 that looks like an empty parameter", "X realm=", "X:realm=");
    row("token68, then another scheme", R"(Negotiate YQ==, Basic realm="x")",
        "Negotiate:YQ== Basic{realm=x}");
    row("token68 before a scheme alone", "Negotiate YQ=, NTLM", "Negotiate:YQ= NTLM");
    row("blanks around the equals sign", "Bearer realm =\t\"x\" , error= \"y\"",
        "Bearer{realm=x;error=y}");
    row("many blanks behind the scheme", "Bearer    realm=x", "Bearer{realm=x}");
    row("a tab behind the scheme", "Bearer\trealm=x", "Bearer{realm=x}");
    row("no blank behind commas", R"(Bearer realm="x",error="y",Basic realm="z")",
        "Bearer{realm=x;error=y} Basic{realm=z}");
    row("empty elements", R"(,, Bearer ,, realm="x", , error="y",,)", "Bearer{realm=x;error=y}");
    row("a comma within quotation marks", R"(Bearer realm="a, Basic realm=b", error=c)",
        "Bearer{realm=a, Basic realm=b;error=c}");
    row("escapes", R"(Bearer realm="a\\b\"c\d")", R"(Bearer{realm=a\b"cd})");
    row("an escaped quotation mark at the end", R"(Bearer realm="a\"", error=x)",
        R"(Bearer{realm=a";error=x})");
    row("a tab in quotation marks", "Bearer realm=\"a\tb\"", "Bearer{realm=a\tb}");
    row("UTF-8 in quotation marks", "Bearer realm=\"caf\xc3\xa9\"", "Bearer{realm=caf\xc3\xa9}");
    row("odd but legal token characters", "X!#$%&'*+-.^_`|~ a!=b~", "X!#$%&'*+-.^_`|~{a!=b~}");
    row("a parameter named like a scheme", "Bearer Basic=1", "Bearer{Basic=1}");
    row("a scheme named like a parameter", "realm realm=1, scope", "realm{realm=1} scope");
    row("the same scheme twice", R"(Bearer scope="a", Bearer scope="b")",
        "Bearer{scope=a} Bearer{scope=b}");
}

void TestChallenge::reads_what_the_grammar_allows()
{
    QFETCH(QByteArray, value);
    const Challenges challenges = Challenges::parse({value});
    QTEST(told(challenges), "expected");
    QCOMPARE(places(challenges), QByteArray());
}

void TestChallenge::says_where_the_grammar_is_broken_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected"); // what can be meant by it all the same
    QTest::addColumn<QByteArray>("where");
    const auto row = [](const char *name, const QByteArray &value, const char *expected,
                        const char *where) {
        QTest::newRow(name) << value << QByteArray(expected) << QByteArray(where);
    };
    row("no scheme", R"(realm="x", error="y")", "{realm=x;error=y}", "0");
    row("no scheme, then one", R"(error="y", Bearer realm="x")", "{error=y} Bearer{realm=x}", "0");
    row("URL without quotation marks", "Bearer resource_metadata=https://a.example/x?y=1, error=z",
        "Bearer{resource_metadata=https://a.example/x?y=1;error=z}", "25");
    row("words without quotation marks", "Bearer scope=a b c, error=x",
        "Bearer{scope=a b c;error=x}", "13");
    row("parameters without commas", R"(Bearer realm="x" error="y" scope=z)",
        "Bearer{realm=x;error=y;scope=z}", "17 27");
    row("challenges without a comma", R"(Bearer realm="x" Basic realm="y")",
        "Bearer{realm=x} Basic{realm=y}", "17");
    row("challenges without a comma, unquoted", "Bearer realm=x Basic realm=y",
        "Bearer{realm=x} Basic{realm=y}", "15");
    row("semicolons for commas", R"(Bearer realm="x"; error="y")", "Bearer{realm=x}", "16");
    row("a parameter twice", R"(Bearer error="a", ERROR="b")", "Bearer{error=a;ERROR=b}", "18");
    row("no value", "Bearer error=, scope=x", "Bearer{error=;scope=x}", "13");
    row("no value at the end", "Bearer scope=x, error=", "Bearer{scope=x;error=}", "22");
    row("an open quotation mark", R"(Bearer realm="x, error=y)", "Bearer{realm=x, error=y}", "13");
    row("an open quotation mark alone", R"(Bearer realm=")", "Bearer{realm=}", "13");
    row("a backslash at the end", R"(Bearer realm="x\)", R"(Bearer{realm=x\})", "13");
    row("a control character", "Bearer realm=\"a\x01\x02z\"", "Bearer{realm=a\x01\x02z}", "15");
    row("a colon behind the scheme", R"(Bearer: realm="x")", "Bearer{realm=x}", "6");
    row("a quoted scheme", R"("Bearer" realm="x", Basic realm="y")", "Basic{realm=y}", "0");
    row("token68 and parameters", R"(Negotiate YQ==, realm="x")", "Negotiate:YQ=={realm=x}", "16");
    row("an equals sign alone", "=", "", "0");
    row("HTML", "<b>Please, log in</b>", "log in", "0 15 17");
    row("JSON", R"({"error":"x"})", "", "0");
    row("a line end that got through", "Bearer realm=\"x\"\r\nX: y", "Bearer{realm=x}", "16");
}

void TestChallenge::says_where_the_grammar_is_broken()
{
    QFETCH(QByteArray, value);
    const Challenges challenges = Challenges::parse({value});
    QTEST(told(challenges), "expected");
    QTEST(places(challenges), "where");
}

void TestChallenge::several_headers_are_one_list()
{
    const Challenges challenges = Challenges::parse(
        {R"(Negotiate)", R"(Bearer realm="x", scope="a")", R"(error="y", Basic realm="z")"});
    // A parameter belongs to a scheme in its own header only.
    QCOMPARE(told(challenges),
             QByteArray("Negotiate Bearer{realm=x;scope=a} {error=y} Basic{realm=z}"));
    QCOMPARE(places(challenges), QByteArray("2:0"));
    QVERIFY(Challenges::parse({}).isEmpty());
    QVERIFY(Challenges::parse({"", " ,"}).isEmpty());
}

void TestChallenge::parameters_of_bearer_have_names()
{
    const Challenges challenges = Challenges::parse(
        {R"(Basic realm="b", bearer Error="insufficient_scope", error_description="needs \"write\"",)"
         R"( SCOPE="files:read  files:write", resource_metadata="https://h/.well-known/x")"});
    const Challenge *bearer = challenges.find("Bearer");
    QVERIFY(bearer);
    QVERIFY(bearer->isScheme("BEARER"));
    QCOMPARE(bearer->error(), QByteArray("insufficient_scope"));
    QCOMPARE(bearer->errorDescription(), QByteArray("needs \"write\""));
    QCOMPARE(bearer->scopes(), QByteArrayList({"files:read", "files:write"}));
    QCOMPARE(bearer->resourceMetadata(), QByteArray("https://h/.well-known/x"));
    QCOMPARE(challenges.resourceMetadata(), QByteArray("https://h/.well-known/x"));
    QVERIFY(!challenges.find("Digest"));
}

void TestChallenge::absent_and_empty_parameters_are_told_apart()
{
    const Challenges challenges = Challenges::parse({R"(Bearer realm="", scope=" ")"});
    const Challenge *bearer = challenges.find("bearer");
    QVERIFY(bearer && bearer->param("realm"));
    QVERIFY(bearer->param("realm")->isEmpty());
    QVERIFY(!bearer->param("error"));
    QVERIFY(bearer->error().isEmpty());
    QVERIFY(bearer->scopes().isEmpty());
    QVERIFY(bearer->resourceMetadata().isEmpty());
    QVERIFY(challenges.resourceMetadata().isEmpty());
}

void TestChallenge::metadata_may_stand_with_any_scheme()
{
    const Challenges challenges = Challenges::parse(
        {R"(Bearer realm="x", DPoP algs="ES256", resource_metadata="https://h/m")"});
    QVERIFY(challenges.find("Bearer")->resourceMetadata().isEmpty());
    QCOMPARE(challenges.resourceMetadata(), QByteArray("https://h/m"));
}

void TestChallenge::which_challenge_is_about_the_token()
{
    const auto scheme = [](const QByteArray &value) {
        const Challenges challenges = Challenges::parse({value});
        const Challenge *challenge = challenges.forToken();
        return challenge ? challenge->scheme : QByteArray("none");
    };
    QCOMPARE(scheme("Basic realm=x, DPoP algs=ES256, Bearer"), QByteArray("Bearer"));
    QCOMPARE(scheme("Basic realm=x, DPoP algs=ES256"), QByteArray("DPoP"));
    QCOMPARE(scheme("Basic realm=x, OAuth error=invalid_token"), QByteArray("OAuth"));
    QCOMPARE(scheme("Basic realm=x"), QByteArray("none"));
    QCOMPARE(scheme(""), QByteArray("none"));
}

void TestChallenge::every_scheme_is_named_once()
{
    const Challenges challenges =
        Challenges::parse({"a=b, Bearer x=1, basic realm=y, BEARER x=2", "Negotiate"});
    QCOMPARE(challenges.schemes(), QByteArrayList({"Bearer", "basic", "Negotiate"}));
}

void TestChallenge::every_problem_is_a_sentence_within_its_value()
{
    const QByteArrayList values{R"(Bearer realm="x"; error="y")", "Bearer: x", "=",
                                "Bearer a=b, a=c", "Bearer a=, b=c"};
    const Challenges challenges = Challenges::parse(values);
    QCOMPARE(challenges.problems.size(), values.size());
    for (qsizetype i = 0; i < challenges.problems.size(); ++i) {
        const ChallengeProblem &problem = challenges.problems.at(i);
        QCOMPARE(problem.header, i);
        QVERIFY(problem.position < values.at(i).size());
        QVERIFY2(problem.sentence.endsWith(u'.') && problem.sentence.at(0).isUpper(),
                 qPrintable(problem.sentence));
    }
    // What a hostile server writes is shown in part, and without control characters.
    const QString sentence =
        Challenges::parse({"\x1b[31m" + QByteArray(1000, 'x')}).problems.constFirst().sentence;
    QVERIFY(sentence.size() < 200);
    QVERIFY(!sentence.contains(QChar(0x1b)));
}

void TestChallenge::no_input_crashes_or_hangs()
{
    QRandomGenerator random(20261124);
    const QByteArrayList pieces{"Bearer", "Basic",   " ",   " ",           ",",
                                ", ",     "=",       "\"",  "\\",          "realm",
                                "error",  "scope",   "a b", "https://h/x", "\t",
                                "==",     ";",       ":",   "\xff",        QByteArray(1, '\0'),
                                "YQ==",   "\xc3\xa9"};
    for (int i = 0; i < 20'000; ++i) {
        QByteArray value;
        for (int n = random.bounded(14); n > 0; --n)
            value += pieces.at(random.bounded(int(pieces.size())));
        const Challenges challenges = Challenges::parse({value});
        for (const ChallengeProblem &problem : challenges.problems)
            QVERIFY2(problem.position >= 0 && problem.position <= value.size(), value.constData());
        // Nothing that was said is lost: what is neither read nor told is separators.
        if (challenges.isEmpty() && challenges.problems.isEmpty()) {
            for (const char c : value)
                QVERIFY2(c == ' ' || c == ',' || c == '\t', value.constData());
        }
    }
}

void TestChallenge::long_input_is_read_in_linear_time()
{
    // What takes quadratic time would not end within the test's limit.
    for (const QByteArray &piece :
         {QByteArray("a "), QByteArray("a=b c "), QByteArray(", "), QByteArray("a=,"),
          QByteArray("X YQ= , "), QByteArray("\""), QByteArray("Bearer a=b c=d, ")}) {
        const Challenges challenges = Challenges::parse({piece.repeated(200'000)});
        QVERIFY(challenges.list.size() <= 400'000);
    }
    QByteArray many = "Bearer";
    for (int i = 0; i < 200'000; ++i)
        many += (i ? ", p" : " p") + QByteArray::number(i) + "=1";
    QCOMPARE(Challenges::parse({many}).list.constFirst().params.size(), 200'000);
    const Challenges blanks = Challenges::parse({"Bearer a=b" + QByteArray(500'000, ' ') + "c; d"});
    QCOMPARE(blanks.list.size(), 1);
}

QTEST_APPLESS_MAIN(TestChallenge)
#include "test_challenge.moc"
