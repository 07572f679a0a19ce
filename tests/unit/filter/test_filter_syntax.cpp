// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose/catalogue.h"
#include "core/filter/filter_syntax.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestFilterSyntax : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void it_is_read_as_people_mean_it_data();
    void it_is_read_as_people_mean_it();
    void numbers_and_times_are_ranges_data();
    void numbers_and_times_are_ranges();
    void each_fault_is_told_with_its_place_data();
    void each_fault_is_told_with_its_place();
    void every_key_takes_what_its_table_says_data();
    void every_key_takes_what_its_table_says();
    void ids_of_findings_are_those_of_the_catalogue();
    void a_deep_nesting_is_refused_and_costs_little();
    void a_regular_expression_has_a_limit();
    void a_term_is_added_to_all_of_it();
};

void TestFilterSyntax::it_is_read_as_people_mean_it_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("tree");
    const auto row = [](const char *text, const char *tree) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(tree);
    };
    // Words.
    row("", "");
    row("   ", "");
    row("add", "words:add");
    row("\"two words\"", "words:\"two words\"");
    row("ab\"c d\"e", "words:\"abc de\"");
    row("\"say \\\"hi\\\"\"", "words:\"say \"hi\"\"");
    row("\"a\\\\b\"", "words:\"a\\b\"");
    row("\"a\\b\"", "words:\"a\\b\"");
    row("\"\"", "");
    row("5>3", "words:5>3");
    row("\"x=1\"", "words:\"x=1\"");
    row("a&b=c", "words:a&b=c");
    row("<a>", "words:<a>");
    row("?x=1", "words:?x=1");
    row("\"/mcp\"", "words:\"/mcp\"");
    row("(status:200)", "status:200");
    row("(status:200) a", "(all status:200 words:a)");
    row("(missing:any)", "missing:any");
    row("what:f)", "what:f)");
    row("finding:af-01", "finding:af-01");
    row("finding:/^AF-0/", "finding:/^AF-0/");
    row("finding!=AF-01", "finding!=AF-01");
    row("missing:x-my-own", "missing:x-my-own");
    row("clock:23:00..01:00", "clock:23:00..01:00");
    row("id:3..3", "id:3..3");
    row("body/a~1b/~0=1", "body/a~1b/~0=1");
    row("url:/mcp", "url:/mcp");
    row("body/uri=/mcp", "body/uri=/mcp");
    row("f(x)", "words:f(x)");
    row("f(x", "words:f(x");
    row("f)", "words:f)");
    row("\"(\"", "words:\"(\"");
    row("/usr/bin", "words:/usr/bin");
    row("//", "words://");
    row("--x", "(not words:-x)");
    row("-", "words:-");
    row("a-b", "words:a-b");
    row("status", "words:status");
    row("Not", "words:Not");
    row("nothing", "words:nothing");
    row("android", "words:android");
    row("\"and\"", "words:\"and\"");
    // Joined.
    row("a b", "(all words:a words:b)");
    row("a and b", "(all words:a words:b)");
    row("a AND b", "(all words:a words:b)");
    row("a && b", "(all words:a words:b)");
    row("a b c", "(all words:a words:b words:c)");
    row("a or b", "(any words:a words:b)");
    row("a OR b", "(any words:a words:b)");
    row("a || b", "(any words:a words:b)");
    row("a or b or c", "(any words:a words:b words:c)");
    row("a b or c d", "(any (all words:a words:b) (all words:c words:d))");
    row("a and (b or c)", "(all words:a (any words:b words:c))");
    row("a(b or c)", "(any words:a(b words:c))");
    row("(a or b) c", "(all (any words:a words:b) words:c)");
    row("(a)", "words:a");
    row("((a))", "words:a");
    row("( a )", "words:a");
    row("(a b) (c d)", "(all (all words:a words:b) (all words:c words:d))");
    row("(f(x) or g)", "(any words:f(x) words:g)");
    row("not a", "(not words:a)");
    row("NOT a", "(not words:a)");
    row("! a", "(not words:a)");
    row("!a", "(not words:a)");
    row("-a", "(not words:a)");
    row("not -a", "words:a");
    row("not not a", "words:a");
    row("not not not a", "(not words:a)");
    row("not a b", "(all (not words:a) words:b)");
    row("not a or b", "(any (not words:a) words:b)");
    row("-(a or b)", "(not (any words:a words:b))");
    row("not (a b)", "(not (all words:a words:b))");
    row("!(a)", "(not words:a)");
    row("-\"a b\"", "(not words:\"a b\")");
    // Keys.
    row("status:401", "status:401");
    row("STATUS:401", "status:401");
    row("status=401", "status=401");
    row("status==401", "status=401");
    row("status!=401", "status!=401");
    row("-status:4xx", "(not status:4xx)");
    row("status>=400", "status>=400");
    row("ms>500", "ms>500");
    row("ms > 500", "ms>500");
    row("ms >500", "ms>500");
    row("ms> 500", "ms>500");
    row("tool= \"a b\"", "tool=\"a b\"");
    row("ms<=500", "ms<=500");
    row("size>1MB", "size>1MB");
    row("ms>500 size>1MB", "(all ms>500 size>1MB)");
    row("(ms>500)", "ms>500");
    row("tool:add", "tool:add");
    row("tool:\"add numbers\"", "tool:\"add numbers\"");
    row("tool=add", "tool=add");
    row("tool:a:b", "tool:a:b");
    row("tool:/^add/", "tool:/^add/");
    row("tool:/^add/i", "tool:/^add/i");
    row("tool:/add numbers/", "tool:/add numbers/");
    row("(tool:/a/)", "tool:/a/");
    row("(tool:/(a|b)/i or x)", "(any tool:/(a|b)/i words:x)");
    row("url:/mcp", "url:/mcp");
    row("server:/usr/bin/x", "server:/usr/bin/x");
    row("url:http://127.0.0.1:1/x?y=1", "url:http://127.0.0.1:1/x?y=1");
    row("what:f(x)", "what:f(x)");
    row("/tools.call/", "words:/tools.call/");
    row("/tools.call/i", "words:/tools.call/i");
    row("-/x/", "(not words:/x/)");
    row("/a\\/b/", "words:/a/b/");
    row("kind:stream", "kind:stream");
    row("error:-32602", "error:-32602");
    row("error:isError", "error:isError");
    row("id:1..5", "id:1..5");
    row("at:10s..20s", "at:10s..20s");
    row("at:10s..", "at:10s..");
    row("at:..20s", "at:..20s");
    row("clock:14:03..14:05", "clock:14:03..14:05");
    row("clock>14:03", "clock>14:03");
    // Headers and pointers.
    row("header.authorization", "header.authorization");
    row("not header.authorization", "(not header.authorization)");
    row("request.header.Accept", "header.accept");
    row("header.accept:json", "header.accept:json");
    row("header.accept=\"*/*\"", "header.accept=\"*/*\"");
    row("response.header.content-type:json", "response.header.content-type:json");
    row("\"header.accept\"", "words:\"header.accept\"");
    row("header.", "words:header.");
    row("body:x", "body:x");
    row("body", "words:body");
    row("body/params/name", "body/params/name");
    row("body/params/name=\"add\"", "body/params/name=\"add\"");
    row("body/params/name:/^a/", "body/params/name:/^a/");
    row("body/params/\"my key\"=\"x\"", "body/params/my key=\"x\"");
    row("body/params/\"a=b\"", "body/params/a=b");
    row("body/params/a>3", "body/params/a>3");
    row("request.body/id=1", "request.body/id=1");
    row("response.body/result/isError=true", "response.body/result/isError=true");
    row("event.data/method:progress", "event.data/method:progress");
    row("event.type:message", "event.type:message");
    row("event.type", "event.type");
    row("event.id", "event.id");
    row("-event.id", "(not event.id)");
    row("rpc.id:7", "rpc.id:7");
    row("status:401 and kind:stream and not header.authorization",
        "(all status:401 kind:stream (not header.authorization))");
}

void TestFilterSyntax::it_is_read_as_people_mean_it()
{
    QFETCH(QString, text);
    QFETCH(QString, tree);
    const FilterSyntax syntax = parseFilter(text);
    QStringList told;
    for (const FilterProblem &problem : syntax.problems)
        told << problem.sentence;
    QCOMPARE(told.join(u' '), QString());
    QCOMPARE(filterTreeText(syntax), tree);
    // White space around is nothing.
    QCOMPARE(parseFilter(u"\t "_s + text + u"  "_s).root, syntax.root);
}

void TestFilterSyntax::numbers_and_times_are_ranges_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<double>>("inside");
    QTest::addColumn<QList<double>>("outside");
    const auto row = [](const char *text, QList<double> inside, QList<double> outside) {
        QTest::newRow(text) << QString::fromUtf8(text) << inside << outside;
    };
    row("ms:500", {500e6}, {500, 499e6, 501e6});
    row("ms>500", {501e6, 1e12}, {500e6, 0});
    row("ms>=500", {500e6}, {499e6});
    row("ms<500", {0, 499e6}, {500e6});
    row("ms<=500", {500e6}, {501e6});
    row("ms>2s", {2.1e9}, {2e9});
    row("ms>1.5s", {1.6e9}, {1.5e9});
    row("time>2s", {3e9}, {2e9});
    row("time>2", {3e9}, {2e9});
    row("time:1m", {60e9}, {61e9});
    row("time:1min..1h", {60e9, 3600e9}, {59e9, 3601e9});
    row("time<500us", {499e3}, {500e3});
    row("time<500µs", {499e3}, {500e3});
    row("time<500ns", {499}, {500});
    row("size>1MB", {1'000'001}, {1'000'000});
    row("size>1MiB", {1'048'577}, {1'048'576});
    row("size>10kB", {10'001}, {10'000});
    row("size>10k", {10'001}, {10'000});
    row("size:0", {0}, {1});
    row("size:10..20", {10, 20}, {9, 21});
    row("size:..20B", {0, 20}, {21});
    row("size:10..", {10, 1e9}, {9});
    row("events>1k", {1001}, {1000});
    row("id:17", {17}, {16, 18});
    row("status:401", {401}, {400, 402, 0});
    row("status:4xx", {400, 499}, {399, 500});
    row("status<400", {200, 399}, {400, 0});
    row("status<4xx", {200, 399}, {400, 0});
    row("status>4xx", {500}, {499, 400});
    row("status>=4xx", {400, 500}, {399});
    row("status:400..404", {400, 404}, {399, 405});
    row("status:none", {0}, {200});
    row("error:-32602", {-32602}, {-32601});
    row("error<=-32600", {-32601}, {-32599});
    row("at:10s..20s", {10e9, 20e9}, {9e9, 21e9});
    row("gap>5s", {6e9}, {5e9});
    // Of a day: ms. A minute is a minute long.
    row("clock:14:03", {50'580'000, 50'639'999}, {50'579'999, 50'640'000});
    row("clock:14:03:10", {50'590'000, 50'590'999}, {50'591'000});
    row("clock:14:03:10.5", {50'590'500, 50'590'599}, {50'590'600});
    row("clock:14:03..14:05", {50'580'000, 50'759'999}, {50'760'000});
    row("clock>14:03", {50'640'000}, {50'580'000, 50'639'999});
    row("clock>=14:03", {50'580'000}, {50'579'999});
    row("clock<14:03", {50'579'999}, {50'580'000});
    row("clock:2026-11-27T14:03Z", {1'795'788'180'000, 1'795'788'239'999}, {1'795'788'240'000});
    row("clock:2026-11-27Z", {1'795'737'600'000, 1'795'823'999'999}, {1'795'824'000'000});
    row("body/a>3", {3.5}, {3});
    row("body/a:3", {3}, {4});
    row("body/a>-1e3", {0}, {-1000});
}

void TestFilterSyntax::numbers_and_times_are_ranges()
{
    QFETCH(QString, text);
    QFETCH(QList<double>, inside);
    QFETCH(QList<double>, outside);
    const FilterSyntax syntax = parseFilter(text);
    QVERIFY(syntax.problems.isEmpty());
    QVERIFY(syntax.root && syntax.root->kind == FilterNode::Kind::Term);
    const FilterValue &value = syntax.root->term.value;
    QVERIFY(value.range);
    for (const double number : inside) {
        if (text == "status:none"_L1)
            QCOMPARE(value.range->high, 0.0);
        else
            QVERIFY2(value.range->holds(number), qPrintable(QString::number(number)));
    }
    for (const double number : outside)
        QVERIFY2(!value.range->holds(number), qPrintable(QString::number(number)));
}

void TestFilterSyntax::each_fault_is_told_with_its_place_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("piece"); // what is underlined
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("tree"); // what holds all the same
    const auto row = [](const char *text, const char *piece, const char *says,
                        const char *tree = "") {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(piece)
                            << QString::fromUtf8(says) << QString::fromUtf8(tree);
    };
    // Signs.
    row("(a", "(", "There is no “)” to this “(”.", "words:a");
    row("a (b or (c)", "(", "There is no “)” to this “(”.", "(all words:a (any words:b words:c))");
    row("(a))", ")", "There is no “(” to this “)”.", "words:a");
    row("a )", ")", "There is no “(” to this “)”.", "words:a");
    row(")", ")", "There is no “(” to this “)”.");
    row("()", "(", "There is nothing between “(” and “)”.");
    row("a ()", "(", "There is nothing between “(” and “)”.", "words:a");
    row("or", "or", "“or” wants something before it.");
    row("or a", "or", "“or” wants something before it.", "words:a");
    row("a or", "or", "“or” wants something behind it.", "words:a");
    row("a or or b", "or", "“or” wants something behind it.", "(any words:a words:b)");
    row("(a or)", "or", "“or” wants something behind it.", "words:a");
    row("a || ", "||", "“or” wants something behind it.", "words:a");
    row("and", "and", "“and” wants something before it.");
    row("&&", "&&", "“and” wants something before it.");
    row("and a", "and", "“and” wants something before it.", "words:a");
    row("and and a", "and", "“and” wants something before it.", "words:a");
    row("a or and b", "and", "“and” wants something before it.", "(any words:a words:b)");
    row("(and a)", "and", "“and” wants something before it.", "words:a");
    row("not and a", "and", "“and” wants something before it.", "(not words:a)");
    row("status:401 and", "and", "“and” wants something behind it.", "status:401");
    row("a && ", "&&", "“and” wants something behind it.", "words:a");
    row("(a and) b", "and", "“and” wants something behind it.", "(all words:a words:b)");
    row("a and and b", "and", "“and” wants something behind it.", "(all words:a words:b)");
    row("a and or b", "and", "“and” wants something behind it.", "(any words:a words:b)");
    row("(a)) and b", ")", "There is no “(” to this “)”.", "(all words:a words:b)");
    row("(a)) or b", ")", "There is no “(” to this “)”.", "(all words:a words:b)");
    // What a key takes has no ")" in it, so that one is too many.
    row("status:200)", ")", "There is no “(” to this “)”.", "status:200");
    row("(status:200))", ")", "There is no “(” to this “)”.", "status:200");
    row("ms>500)", ")", "There is no “(” to this “)”.", "ms>500");
    row("kind:stream)", ")", "There is no “(” to this “)”.", "kind:stream");
    row("tool:add)", ")", "There is no “(” to this “)”.", "tool:add");
    row("missing:any)", ")", "There is no “(” to this “)”.", "missing:any");
    row("body/a=1)", ")", "There is no “(” to this “)”.", "body/a=1");
    row("header.accept)", ")", "There is no “(” to this “)”.", "header.accept");
    row("body/a)", ")", "There is no “(” to this “)”.", "body/a");
    row("tool:/a/)", ")", "There is no “(” to this “)”.", "tool:/a/");
    row("/a.b/)", ")", "There is no “(” to this “)”.", "words:/a.b/");
    row("not", "not", "“not” wants something behind it.");
    row("a not", "not", "“not” wants something behind it.", "words:a");
    row("not or a", "not", "“not” wants something behind it.", "words:a");
    row("(not)", "not", "“not” wants something behind it.");
    row("not and", "not", "“not” wants something behind it.");
    row("!", "!", "“not” wants something behind it.");
    row("\"", "\"", "The quotation mark is not closed.");
    row("a \"b c", "\"b c", "The quotation mark is not closed.", "(all words:a words:\"b c\")");
    row("tool:\"add", "tool:\"add", "The quotation mark is not closed.", "tool:\"add\"");
    row("body/\"a b", "body/\"a b", "The quotation mark is not closed.", "body/a b");
    // Keys.
    row("colour:red", "colour:red",
        "“colour” is no key; put the words in quotation marks to search for them.");
    row("http://x/mcp", "http://x/mcp", "“http” is no key;");
    row("satus:401", "satus:401", "“satus” is no key; did you mean status?");
    row("tol:add", "tol:add", "did you mean tool?");
    row("sise>1MB", "sise>1MB", "“sise” is no key; did you mean size?");
    row("mss>5", "mss>5", "did you mean ms?");
    row("stauts=401 a", "stauts=401", "did you mean status?", "words:a");
    row("event.typ:x", "event.typ:x", "did you mean event.type?");
    row("-colour:red", "-colour:red", "“colour” is no key");
    row("key=value", "key=value",
        "“key” is no key; put the words in quotation marks to search for them.");
    row("x=1", "x=1", "“x” is no key;");
    row("a>b", "a>b", "“a” is no key;");
    row("a!=b c", "a!=b", "“a” is no key;", "words:c");
    row("colour<=red", "colour<=red", "“colour” is no key;");
    row("my.own-key=\"a b\"", "my.own-key=\"a b\"", "“my.own-key” is no key;");
    // Values.
    row("status:", "status:", "status: wants a value.");
    row("status>", "status>", "status> wants a value.");
    row("status >", "status >", "status> wants a value.");
    row("status: 401", "status:", "status: wants a value.", "words:401");
    row("tool:\"\"", "tool:\"\"", "tool: wants a value.");
    row("body/a=", "body/a=", "body/a= wants a value.");
    row("header.accept:", "header.accept:", "header.accept: wants a value.");
    row("status:abc", "status:abc",
        "status: takes a number such as 401, a class from 1xx to 5xx, or none.");
    row("status:40", "status:40", "status: takes");
    row("status:4000", "status:4000", "status: takes");
    row("status:6xx", "status:6xx", "status: takes a number such as 401, a class from 1xx to 5xx");
    row("status:0xx", "status:0xx", "status: takes");
    row("status:099", "status:099", "status: takes");
    row("status:500..400", "status:500..400",
        "status: 500..400 holds nothing; the smaller end comes first: 400..500.");
    row("status:x01", "status:x01", "status: takes");
    row("status:400..40", "status:400..40", "status: takes");
    row("status:..", "status:..", "status: takes");
    row("status>none", "status>none", "status: takes");
    row("status:/4/", "status:/4/", "status takes no regular expression");
    row("is:odd", "is:odd", "is: takes failed, error, open, stream, acting or marked.");
    row("kind:x", "kind:x", "kind: takes post, stream,");
    row("event.kind:x", "event.kind:x", "event.kind: takes event, comment,");
    row("id:x", "id:x", "id: takes the number of an exchange, from 1 on.");
    row("id:1.5", "id:1.5", "id: takes the number");
    row("id:-1", "id:-1", "id: takes the number of an exchange, from 1 on.");
    row("id:0", "id:0", "id: takes the number of an exchange, from 1 on.");
    row("id:..-1", "id:..-1", "id: takes the number of an exchange");
    row("id:9..3", "id:9..3", "id: 9..3 holds nothing; the smaller end comes first: 3..9.");
    row("at:20s..10s", "at:20s..10s",
        "at: 20s..10s holds nothing; the smaller end comes first: 10s..20s.");
    row("at:1m..10s", "at:1m..10s", "at: 1m..10s holds nothing;");
    row("size:1MB..1kB a", "size:1MB..1kB", "size: 1MB..1kB holds nothing;", "words:a");
    row("events:5..1", "events:5..1", "events: 5..1 holds nothing;");
    row("error:-32600..-32700", "error:-32600..-32700", "error: -32600..-32700 holds nothing;");
    row("body/a=5..1", "body/a=5..1", "body/a: 5..1 holds nothing;");
    row("body/a:9007199254740993..9007199254740992", "body/a:9007199254740993..9007199254740992",
        "body/a: 9007199254740993..9007199254740992 holds nothing;");
    row("body/a:1e400..1e399", "body/a:1e400..1e399", "body/a: 1e400..1e399 holds nothing;");
    row("clock:2026-11-28..2026-11-27", "clock:2026-11-28..2026-11-27", "holds nothing;");
    row("size>-5", "size>-5", "size: takes a size");
    row("ms<-5", "ms<-5", "ms: takes a time");
    row("events:-1", "events:-1", "events: takes a number");
    row("finding:XX", "finding:XX",
        "“XX” is no id of the catalogue of failures: those are such as AF-01.");
    row("finding:AF-9", "finding:AF-9", "“AF-9” is no id of the catalogue");
    row("finding=AF-001", "finding=AF-001", "“AF-001” is no id of the catalogue");
    row("finding:\"AF-01 \"", "finding:\"AF-01 \"", "“AF-01 ” is no id of the catalogue");
    row("missing:\"a b\"", "missing:\"a b\"", "missing: takes the name of a header, or any.");
    row("carried:a/b", "carried:a/b", "carried: takes the name of a header, or any.");
    row("withheld:é", "withheld:é", "withheld: takes the name of a header, or any.");
    row("header.a/b", "header.a/b", "“a/b” is no name of a header.");
    row("body/a~3b=1", "body/a~3b=1",
        "“~3” means nothing in a JSON pointer: ~0 is a “~” there, and ~1 a “/”.");
    row("body/a~", "body/a~", "“~” means nothing in a JSON pointer");
    row("event.data/~2:x", "event.data/~2:x", "“~2” means nothing in a JSON pointer");
    row("id:99999999999999999999", "id:99999999999999999999", "id: takes the number");
    row("error:some", "error:some", "error: takes a JSON-RPC code");
    row("error>isError", "error>isError", "error: takes");
    row("ms>fast", "ms>fast", "ms: takes a time such as 500ms, 2s or 1m.");
    row("ms>5parsec", "ms>5parsec", "ms: takes a time");
    row("ms>1..2", "ms>1..2", "ms: takes a time");
    row("time:1e9", "time:1e9", "time: takes a time");
    row("size>big", "size>big", "size: takes a size such as 200, 10kB or 1MB.");
    row("size>1PB", "size>1PB", "size: takes a size");
    row("size>-", "size>-", "size: takes a size");
    row("size:1..2..3", "size:1..2..3", "size: takes a size");
    row("size>inf", "size>inf", "size: takes a size");
    row("events>many", "events>many", "events: takes a number such as");
    row("clock:25:00", "clock:25:00", "clock: takes a time such as 14:03");
    row("clock:14", "clock:14", "clock: takes a time");
    row("clock:14:03..2026-11-27", "clock:14:03..2026-11-27", "clock: takes a time");
    row("clock:14:03Z", "clock:14:03Z", "clock: takes a time");
    row("clock:2026-02-30", "clock:2026-02-30", "clock: takes a time");
    row("at:soon", "at:soon", "at: takes a time");
    row("tool>add", "tool>add", "tool is not compared by size: tool: and tool= are what it takes.");
    row("kind<post", "kind<post", "kind is not compared by size");
    row("header.accept>3", "header.accept>3", "header.accept is not compared by size");
    row("body/a>\"x\"", "body/a>\"x\"", "body/a> compares with a number.");
    row("body/a>x", "body/a>x", "body/a> compares with a number.");
    row("body/a>/x/", "body/a>/x/", "A regular expression goes with : and =, not with >.");
    row("header.authorization:x", "header.authorization:x",
        "The value of authorization is a secret and cannot be searched for; header.authorization "
        "alone asks whether it was there.");
    row("response.header.set-cookie=x", "response.header.set-cookie=x", "is a secret");
    row("header.x-api-key:/x/", "header.x-api-key:/x/", "is a secret");
    // Regular expressions: from where they are wrong.
    row("tool:/(/", "/", "The regular expression is wrong here: missing closing parenthesis.");
    row("tool:/ab[/ x", "/", "The regular expression is wrong here:", "words:x");
    row("/unterm", "/unterm",
        "There is no “/” behind it that ends the regular expression; put a path in quotation "
        "marks.",
        "words:/unterm");
    row("-/unterm", "-/unterm", "that ends the regular expression", "(not words:/unterm)");
    row("/a b", "/a", "that ends the regular expression", "(all words:/a words:b)");
    row("tool:/unterm", "tool:/unterm", "that ends the regular expression", "tool:/unterm");
    row("body/a=/x(y", "body/a=/x(y", "that ends the regular expression", "body/a=/x(y");
    row("/*a/", "*a/", "The regular expression is wrong here: quantifier");
    row("tool:/a**/", "*/", "The regular expression is wrong here:");
}

void TestFilterSyntax::each_fault_is_told_with_its_place()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    const FilterSyntax syntax = parseFilter(text);
    QCOMPARE(syntax.problems.size(), 1);
    const FilterProblem &problem = syntax.problems.constFirst();
    QTEST(text.mid(problem.start, problem.length), "piece");
    QVERIFY2(problem.sentence.startsWith(says) || problem.sentence.contains(says),
             qPrintable(problem.sentence));
    QVERIFY(problem.sentence.endsWith(u'.'));
    QTEST(filterTreeText(syntax), "tree");
}

void TestFilterSyntax::every_key_takes_what_its_table_says_data()
{
    QTest::addColumn<QString>("name");
    for (const FilterKey &key : filterKeys())
        QTest::newRow(qPrintable(key.name)) << key.name;
}

void TestFilterSyntax::every_key_takes_what_its_table_says()
{
    QFETCH(QString, name);
    for (const FilterKey &key : filterKeys()) {
        if (key.name != name)
            continue;
        const FilterSyntax example = parseFilter(key.example);
        QVERIFY(example.problems.isEmpty() && example.root);
        QCOMPARE(example.root->term.field, key.field);
        for (const QString &choice : key.choices) {
            QVERIFY2(parseFilter(key.name + u':' + choice).problems.isEmpty(), qPrintable(choice));
        }
        const QString whole =
            key.argument == FilterKey::Argument::None ? key.name : key.name + u"some"_s;
        const bool compares = parseFilter(whole + u">2"_s).problems.isEmpty()
            || parseFilter(whole + u">200"_s).problems.isEmpty()
            || parseFilter(whole + u">14:03"_s).problems.isEmpty();
        QCOMPARE(compares, key.ordered);
        const bool bare = parseFilter(whole).root->term.op == FilterOperator::Exists;
        QCOMPARE(bare, key.bare);
        return;
    }
}

void TestFilterSyntax::ids_of_findings_are_those_of_the_catalogue()
{
    for (int number = 0; number < 100; ++number) {
        const QString id = u"AF-%1"_s.arg(number, 2, 10, QChar(u'0'));
        QVERIFY2(parseFilter(u"finding:"_s + id).problems.isEmpty()
                     == (catalogueEntry(id) != nullptr),
                 qPrintable(id));
    }
}

void TestFilterSyntax::a_deep_nesting_is_refused_and_costs_little()
{
    const int deep = 200'000;
    const FilterSyntax syntax = parseFilter(QString(deep, u'(') + u"a"_s + QString(deep, u')'));
    QCOMPARE(syntax.problems.size(), 1);
    QCOMPARE(syntax.problems.constFirst().start, MaxFilterDepth);
    QVERIFY(syntax.problems.constFirst().sentence.contains("nested 100 deep"_L1));
    QString nots;
    for (int i = 0; i < deep; ++i)
        nots += u"not "_s;
    QCOMPARE(filterTreeText(parseFilter(nots + u'a')), u"words:a"_s);
    QCOMPARE(parseFilter(QString(deep, u'-') + u'a').problems.size(), 0);
    QCOMPARE(parseFilter(QString(deep, u'(')).problems.size(), MaxFilterDepth + 1);
}

void TestFilterSyntax::a_regular_expression_has_a_limit()
{
    // This would take longer than the universe has been there.
    const QRegularExpression regex = filterRegex(u"(x+x+)+y"_s, false);
    QVERIFY(regex.isValid());
    QVERIFY(!regex.match(QString(60'000, u'x')).hasMatch());
    QVERIFY(regex.match(u"xxxy"_s).hasMatch());
    QVERIFY(filterRegex(u"É"_s, true).match(u"é"_s).hasMatch());
    QVERIFY(!filterRegex(u"(*LIMIT_MATCH=4000000000)(x+x+)+y"_s, false)
                 .match(QString(60'000, u'x'))
                 .hasMatch());
}

void TestFilterSyntax::a_term_is_added_to_all_of_it()
{
    QCOMPARE(filterWithTerm({}, u"x"_s), u"x"_s);
    QCOMPARE(filterWithTerm(u" a "_s, u"x"_s), u"a x"_s);
    QCOMPARE(filterWithTerm(u"a b"_s, u"x"_s), u"a b x"_s);
    QCOMPARE(filterWithTerm(u"a or b"_s, u"x"_s), u"(a or b) x"_s);
    QCOMPARE(filterWithTerm(u"(a or b)"_s, u"x"_s), u"(a or b) x"_s);
    QCOMPARE(filterWithTerm(u"(a or b) c"_s, u"x"_s), u"(a or b) c x"_s);
    QCOMPARE(filterWithTerm(u"(a or b) or (c d)"_s, u"x"_s), u"((a or b) or (c d)) x"_s);
    QCOMPARE(filterWithTerm(u"\"a or b\""_s, u"x"_s), u"\"a or b\" x"_s);
    // Within parentheses a word ends before ")": these would say something else there.
    QCOMPARE(filterWithTerm(u"a(b or c)"_s, u"x"_s), u"a(b x or c) x"_s);
    QCOMPARE(filterWithTerm(u"(a or b) c or d) or e"_s, u"x"_s), u"(a or b) c x or d) x or e x"_s);
    QCOMPARE(filterTreeText(parseFilter(filterWithTerm(u"a(b or c)"_s, u"x"_s))),
             u"(any (all words:a(b words:x) (all words:c) words:x))"_s);
}

QTEST_APPLESS_MAIN(TestFilterSyntax)
#include "test_filter_syntax.moc"
