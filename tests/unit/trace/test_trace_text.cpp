// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_text.h"

#include <QProcess>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Ms = 1'000'000;
const QByteArray Salt = "0123456789abcdef";
const QByteArray Secret = "s3cr3t-t0ken-0123456789";

Header plain(const QByteArray &name, const QByteArray &value)
{
    return {name, value, HeaderSource::Protocol, false};
}

RequestRecord post(const QList<Header> &headers = {})
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = QUrl(u"http://127.0.0.1:1/mcp"_s);
    request.target = "/mcp";
    request.what = u"tools/call add"_s;
    request.headers = headers;
    return request;
}

/// What a shell makes of a curl command: the words that curl would get, and its standard input.
struct CurlRun {
    QByteArrayList words;
    QByteArray input;
    bool ok = false;

    /// The word behind this one; null where there is none.
    QByteArray after(const QByteArray &word) const
    {
        const qsizetype at = words.indexOf(word);
        return at < 0 ? QByteArray() : words.value(at + 1);
    }
    QByteArrayList headers() const
    {
        QByteArrayList lines;
        for (qsizetype i = 0; i + 1 < words.size(); ++i) {
            if (words.at(i) == "-H")
                lines += words.at(i + 1);
        }
        return lines;
    }
};

CurlRun inShell(const QByteArray &command, const QStringList &environment = {})
{
    QProcess shell;
    shell.setProcessEnvironment([&environment] {
        QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
        for (const QString &variable : environment)
            all.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
        return all;
    }());
    // A curl that tells its words, each with its end marked, then copies what it is given.
    const QByteArray script =
        "curl() { for word; do printf '%s\\001' \"$word\"; done; printf '\\002'; cat; }\n"
        + command;
    shell.start(u"sh"_s, {u"-s"_s});
    shell.write(script);
    shell.closeWriteChannel();
    CurlRun run;
    run.ok =
        shell.waitForFinished() && shell.exitCode() == 0 && shell.readAllStandardError().isEmpty();
    const QByteArray out = shell.readAllStandardOutput();
    const qsizetype end = out.indexOf('\2');
    run.words = out.left(end).split('\1');
    run.words.removeLast();
    run.input = out.mid(end + 1);
    return run;
}

CurlRun curl(const RequestRecord &request, const QByteArray &body,
             const Redactor *redactor = nullptr, const QStringList &environment = {})
{
    TraceStore trace;
    return inShell(exchangeToCurl(trace, trace.begin(request, body), redactor), environment);
}

} // namespace

class TestTraceText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sizes_data();
    void sizes();
    void durations_data();
    void durations();
    void what_is_not_seen_is_marked_data();
    void what_is_not_seen_is_marked();
    void a_head_is_written_as_it_went_out();

    void curl_sends_the_same_request();
    void curl_takes_any_body_to_the_byte_data();
    void curl_takes_any_body_to_the_byte();
    void curl_takes_any_header_to_the_byte_data();
    void curl_takes_any_header_to_the_byte();
    void curl_adds_nothing_by_itself();
    void curl_leaves_pseudo_headers_of_http2_out();
    void curl_leaves_secrets_to_variables();
    void curl_runs_nothing_that_a_name_says();
    void curl_says_which_secrets_it_has_not();
    void curl_methods_data();
    void curl_methods();
    void curl_of_odd_urls();
    void curl_of_nothing_is_empty();

    void the_table_has_a_line_for_each_exchange();
    void the_table_tells_failures_and_remarks();
    void the_table_is_safe_in_a_terminal();
    void the_table_has_no_secrets();
};

void TestTraceText::sizes_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("text");
    const auto row = [](qint64 bytes, const char *text) {
        QTest::newRow(text) << bytes << QString::fromLatin1(text);
    };
    row(0, "0 B");
    row(1, "1 B");
    row(999, "999 B");
    row(1000, "1.0 kB");
    row(6144, "6.1 kB");
    row(99'949, "99.9 kB");
    row(100'000, "100 kB");
    row(999'499, "999 kB");
    row(999'950, "1.0 MB");
    row(3'100'000, "3.1 MB");
    row(2'000'000'000, "2.0 GB");
    row(5'500'000'000'000, "5.5 TB");
    row(7'000'000'000'000'000, "7000 TB");
}

void TestTraceText::sizes()
{
    QFETCH(qint64, bytes);
    QTEST(humanSize(bytes), "text");
}

void TestTraceText::durations_data()
{
    QTest::addColumn<qint64>("ns");
    QTest::addColumn<QString>("text");
    const auto row = [](qint64 ns, const char *text) {
        QTest::newRow(text) << ns << QString::fromLatin1(text);
    };
    row(0, "0.00 ms");
    row(450'000, "0.45 ms");
    row(8'400'000, "8.4 ms");
    row(9'990'000, "10 ms");
    row(84'000'000, "84 ms");
    row(999'400'000, "999 ms");
    row(999'600'000, "1.0 s");
    row(3'200'000'000, "3.2 s");
    row(59'940'000'000, "59.9 s");
    row(59'960'000'000, "1 min 0 s");
    row(60'000'000'000, "1 min 0 s");
    row(125'000'000'000, "2 min 5 s");
    row(7'325'000'000'000, "122 min 5 s");
}

void TestTraceText::durations()
{
    QFETCH(qint64, ns);
    QTEST(humanDuration(ns), "text");
}

void TestTraceText::what_is_not_seen_is_marked_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("lines"); ///< line ends are kept
    QTest::addColumn<QString>("line");
    const auto row = [](const char *name, const QString &text, const QString &lines,
                        const QString &line) { QTest::newRow(name) << text << lines << line; };
    row("plain", u"Grüße, 世界 😀"_s, u"Grüße, 世界 😀"_s, u"Grüße, 世界 😀"_s);
    row("empty", {}, {}, {});
    row("line feed and tab", u"a\n\tb"_s, u"a\n\tb"_s, u"a<U+000a><U+0009>b"_s);
    row("CR LF", u"a\r\nb"_s, u"a\nb"_s, u"a<U+000d><U+000a>b"_s);
    row("CR alone", u"a\rb\r"_s, u"a<U+000d>b<U+000d>"_s, u"a<U+000d>b<U+000d>"_s);
    row("separators", u"a\u2028b\u2029\u0085"_s, u"a<U+2028>b<U+2029><U+0085>"_s,
        u"a<U+2028>b<U+2029><U+0085>"_s);
    for (const char32_t c :
         {U'\u0000', U'\u001b', U'\u007f', U'\u009b', U'\u00ad', U'\u061c', U'\u200b', U'\u200d',
          U'\u200e', U'\u202e', U'\u2060', U'\u2066', U'\ufeff', U'\ufff9', U'\U000e0041'}) {
        const QString mark = u"<U+%1>"_s.arg(uint(c), 4, 16, QChar(u'0'));
        QTest::addRow("%s", qPrintable(mark)) << u"a"_s + QStringView(QChar::fromUcs4(c)).toString()
                + u'b' << u'a' + mark + u'b' << u'a' + mark + u'b';
    }
}

void TestTraceText::what_is_not_seen_is_marked()
{
    QFETCH(QString, text);
    QTEST(markedText(text, LineEnds::Keep), "lines");
    QTEST(markedText(text, LineEnds::Mark), "line");
    // Whoever marks twice changes nothing more.
    QFETCH(QString, line);
    QCOMPARE(markedText(line, LineEnds::Mark), line);
}

void TestTraceText::a_head_is_written_as_it_went_out()
{
    RequestRecord request = post({plain("hOst", "h"), plain("X-A", ""), plain("x-a", "2")});
    request.target = "/mcp?x=%2F";
    QCOMPARE(requestHead(request),
             QByteArray("POST /mcp?x=%2F HTTP/1.1\r\nhOst: h\r\nX-A: \r\nx-a: 2\r\n\r\n"));
}

void TestTraceText::curl_sends_the_same_request()
{
    TraceStore trace;
    const ExchangeId id =
        trace.begin(post({plain("Host", "127.0.0.1:1"), plain("Content-Type", "application/json"),
                          plain("Accept", "application/json, text/event-stream"),
                          Header{"Authorization", "Bearer abc", HeaderSource::Credential, true},
                          plain("User-Agent", "Sightglass/0.1"), plain("Connection", "keep-alive"),
                          plain("Content-Length", "2")}),
                    "{}");
    QCOMPARE(exchangeToCurl(trace, id, nullptr),
             QByteArray("curl --http1.1 -i -N \\\n"
                        "  -X 'POST' \\\n"
                        "  -H 'Content-Type: application/json' \\\n"
                        "  -H 'Accept: application/json, text/event-stream' \\\n"
                        "  -H 'Authorization: Bearer abc' \\\n"
                        "  -H 'User-Agent: Sightglass/0.1' \\\n"
                        "  --data-raw '{}' \\\n"
                        "  'http://127.0.0.1:1/mcp'\n"));
}

void TestTraceText::curl_takes_any_body_to_the_byte_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("quotes") << QByteArray(R"({"it's":"\"quoted\"","$HOME":"`id`","%s":"!"})");
    QTest::newRow("apostrophes alone") << QByteArray("''''");
    QTest::newRow("backslashes") << QByteArray(R"(\\ \n \0 \)");
    QTest::newRow("lines") << QByteArray("a\nb\r\nc\n\n");
    QTest::newRow("at sign first") << QByteArray("@/etc/hostname");
    QTest::newRow("dash first") << QByteArray("-X DELETE");
    QTest::newRow("UTF-8") << QByteArray("caf\xc3\xa9 \xf0\x9f\x98\x80");
    QTest::newRow("not UTF-8") << QByteArray("\xff\xfe\x80 x");
    QTest::newRow("NUL") << QByteArray("a\0b\0", 4);
    QByteArray every;
    for (int c = 0; c < 256; ++c)
        every += char(c);
    QTest::newRow("every byte") << every;
    // Linux takes no longer word than 128 KiB for a program.
    QTest::newRow("300 kB") << QByteArray("it's 10% \\ of \"it\"\n").repeated(16'000);
}

void TestTraceText::curl_takes_any_body_to_the_byte()
{
    QFETCH(QByteArray, body);
    for (const bool redacted : {false, true}) {
        const Redactor redactor(Salt);
        const CurlRun run = curl(post(), body, redacted ? &redactor : nullptr);
        QVERIFY(run.ok);
        const QByteArray sent =
            run.words.contains("--data-raw") ? run.after("--data-raw") : run.input;
        QCOMPARE(sent, body);
        QCOMPARE(run.words.constLast(), QByteArray("http://127.0.0.1:1/mcp"));
        QVERIFY(run.words.contains("--data-raw") || run.after("--data-binary") == "@-");
        for (const QByteArray &word : run.words)
            QVERIFY(word.size() < 128 * 1024);
    }
}

void TestTraceText::curl_takes_any_header_to_the_byte_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("quotes") << QByteArray(R"(it's "so" $HOME `id` \ !)");
    QTest::newRow("at sign") << QByteArray("@file");
    QTest::newRow("semicolon") << QByteArray("a; b;");
    QTest::newRow("UTF-8") << QByteArray("caf\xc3\xa9");
}

void TestTraceText::curl_takes_any_header_to_the_byte()
{
    QFETCH(QByteArray, value);
    const CurlRun run = curl(post({plain("X-A", value), plain("x-a", value + '2')}), "{}");
    QVERIFY(run.ok);
    QCOMPARE(run.headers().mid(0, 2), QByteArrayList({"X-A: " + value, "x-a: " + value + '2'}));
}

void TestTraceText::curl_adds_nothing_by_itself()
{
    // A name without a value takes off what curl adds; a semicolon sends an empty value.
    const CurlRun bare = curl(post(), "{}");
    QCOMPARE(bare.headers(), QByteArrayList({"User-Agent:", "Accept:", "Content-Type:"}));
    const CurlRun empty = curl(post({plain("User-Agent", ""), plain("X-Empty", "")}), "{}");
    QCOMPARE(empty.headers(),
             QByteArrayList({"User-Agent;", "X-Empty;", "Accept:", "Content-Type:"}));
    const CurlRun large = curl(post(), QByteArray(1'100'000, 'x'));
    QVERIFY(large.headers().contains("Expect:"));
    // Content-Length: 0 is what a POST without a body carried.
    const CurlRun nothing = curl(post(), {});
    QVERIFY(nothing.words.contains("--data-raw"));
    QCOMPARE(nothing.after("--data-raw"), QByteArray(""));
}

void TestTraceText::curl_leaves_pseudo_headers_of_http2_out()
{
    TraceStore trace;
    const ExchangeId id = trace.begin(
        post({plain(":authority", "h"), plain(":method", "POST"), plain(":scheme", "https"),
              plain(":path", "/mcp"), plain("accept", "*/*"), plain("user-agent", "S")}),
        "{}");
    trace.respond(id, {200, {}, "HTTP/2", {}});
    const CurlRun run = inShell(exchangeToCurl(trace, id, nullptr));
    QVERIFY(run.ok);
    QVERIFY(run.words.contains("--http2") && !run.words.contains("--http1.1"));
    QCOMPARE(run.headers(), QByteArrayList({"accept: */*", "user-agent: S", "Content-Type:"}));
}

void TestTraceText::curl_leaves_secrets_to_variables()
{
    const Redactor redactor(Salt);
    const RequestRecord request =
        post({Header{"Authorization", "Bearer " + Secret, HeaderSource::Credential, true},
              Header{"X-Api-Key", Secret, HeaderSource::Credential, true},
              Header{"x-api-key", Secret + '2', HeaderSource::Credential, true},
              Header{"9-Lives-Token", Secret, HeaderSource::User, false},
              Header{"Cookie", "a=" + Secret, HeaderSource::Credential, false},
              Header{"X-Tenant", "blue", HeaderSource::User, true}});
    TraceStore trace;
    const QByteArray text = exchangeToCurl(trace, trace.begin(request, "{}"), &redactor);
    QVERIFY2(!text.contains(Secret.left(6)) && !text.contains("blue"), text.constData());
    QVERIFY(text.startsWith("# Set AUTHORIZATION, X_API_KEY, X_API_KEY_2, _9_LIVES_TOKEN, COOKIE, "
                            "X_TENANT to the value of the header: secrets are left out.\n"));
    const CurlRun run =
        inShell(text,
                {u"AUTHORIZATION=Bearer it's \"$HOME\""_s, u"X_API_KEY=k 1"_s, u"X_API_KEY_2=k2"_s,
                 u"_9_LIVES_TOKEN=nine"_s, u"COOKIE=a=b"_s, u"X_TENANT=red"_s});
    QVERIFY(run.ok);
    QCOMPARE(
        run.headers().mid(0, 6),
        QByteArrayList({"Authorization: Bearer it's \"$HOME\"", "X-Api-Key: k 1", "x-api-key: k2",
                        "9-Lives-Token: nine", "Cookie: a=b", "X-Tenant: red"}));
}

void TestTraceText::curl_runs_nothing_that_a_name_says()
{
    // All of these are characters that a header's name may have (RFC 9110, 5.6.2).
    const QByteArray name = "X-`exit`$HOME'!-Token";
    const Redactor redactor(Salt);
    const CurlRun run =
        curl(post({Header{name, Secret, HeaderSource::User, false}, plain("X-`exit`", "1")}), "{}",
             &redactor, {u"X__EXIT__HOME___TOKEN=t"_s});
    QVERIFY(run.ok);
    QCOMPARE(run.headers().mid(0, 2), QByteArrayList({name + ": t", "X-`exit`: 1"}));
}

void TestTraceText::curl_says_which_secrets_it_has_not()
{
    const Redactor redactor(Salt);
    RequestRecord request = post({plain("Referer", "http://h/?token=" + Secret)});
    request.url = QUrl(u"http://127.0.0.1:1/mcp?api_key="_s + QString::fromLatin1(Secret));
    TraceStore trace;
    const QByteArray body = "{\"password\":\"" + Secret + "\"}";
    const QByteArray text = exchangeToCurl(trace, trace.begin(request, body), &redactor);
    QVERIFY2(!text.contains(Secret.left(6)), text.constData());
    QVERIFY(text.startsWith("# Secrets in the URL or the body are replaced by fingerprints"));
    QVERIFY(inShell(text).ok);
    QVERIFY(!exchangeToCurl(trace, trace.begin(post(), "{}"), &redactor).contains('#'));
}

void TestTraceText::curl_methods_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArrayList>("words"); // of which the command has these
    QTest::addColumn<QByteArrayList>("not_words");
    QTest::newRow("GET") << QByteArray("GET") << QByteArrayList{}
                         << QByteArrayList{"-X", "--data-raw", "-I"};
    QTest::newRow("DELETE") << QByteArray("DELETE") << QByteArrayList{"-X", "DELETE"}
                            << QByteArrayList{"--data-raw"};
    QTest::newRow("POST") << QByteArray("POST") << QByteArrayList{"-X", "POST", "--data-raw"}
                          << QByteArrayList{};
    QTest::newRow("HEAD") << QByteArray("HEAD") << QByteArrayList{"-I"} << QByteArrayList{"-X"};
}

void TestTraceText::curl_methods()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArrayList, words);
    QFETCH(QByteArrayList, not_words);
    RequestRecord request = post();
    request.method = method;
    const CurlRun run = curl(request, {});
    QVERIFY(run.ok);
    for (const QByteArray &word : words)
        QVERIFY2(run.words.contains(word), word.constData());
    for (const QByteArray &word : not_words)
        QVERIFY2(!run.words.contains(word), word.constData());
}

void TestTraceText::curl_of_odd_urls()
{
    RequestRecord request = post();
    request.url = QUrl(u"http://[::1]:4780/a/../b?x=[1-3]&y='z'"_s);
    const CurlRun run = curl(request, "{}");
    QVERIFY(run.ok);
    QVERIFY(run.words.contains("--globoff") && run.words.contains("--path-as-is"));
    QCOMPARE(run.words.constLast(), request.url.toEncoded());
}

void TestTraceText::curl_of_nothing_is_empty()
{
    const TraceStore trace;
    QVERIFY(exchangeToCurl(trace, 0, nullptr).isEmpty());
    QVERIFY(exchangeToCurl(trace, 1, nullptr).isEmpty());
}

void TestTraceText::the_table_has_a_line_for_each_exchange()
{
    TraceStore trace;
    ExchangeId id = trace.begin(
        post({Header{"Authorization", "Bearer abc", HeaderSource::Credential, true}}), {}, 0);
    trace.respond(id, {200, {}, "HTTP/1.1", {}}, 10 * Ms);
    trace.append(id, "data: x\n\n", 9, 11 * Ms);
    trace.frame(id, {FrameKind::Event, 0, 9, 11 * Ms, -1, 0});
    trace.finish(id, {}, 12 * Ms);
    RequestRecord stream = post();
    stream.kind = ExchangeKind::Stream;
    stream.method = "GET";
    stream.what = u"event stream"_s;
    id = trace.begin(stream, {}, 1500 * Ms);
    trace.respond(id, {401, {}, "HTTP/2", {}}, 1510 * Ms);
    trace.begin(post(), {}, 2000 * Ms);
    const Redactor redactor(Salt);
    const QByteArray text = traceToText(trace, redactor);
    const QByteArray mark = redactor.fingerprint("abc");
    QCOMPARE(text.left(text.indexOf("\n\n") + 2),
             "#  time s  method  kind    what            credentials            status  http      "
             "events  size    ms\n"
             "1   0.000  POST    post    tools/call add  "
                 + mark
                 + "                  200     HTTP/1.1       1   9 B  12.0\n"
                   "2   1.500  GET     stream  event stream    MISSING Authorization  401     "
                   "HTTP/2         -   0 B  open\n"
                   "3   2.000  POST    post    tools/call add  MISSING Authorization  none    -    "
                   "          -   0 B  open\n\n");
    QVERIFY(text.endsWith("\nWhich request carried what\n" + matrixToText(trace, redactor)));
    // No line ends in blanks.
    QVERIFY(!text.contains(" \n"));
    QVERIFY(traceToText(TraceStore(), redactor).contains("No requests."));
}

void TestTraceText::the_table_tells_failures_and_remarks()
{
    TraceStore trace;
    const auto fail = [&trace](FailureKind kind, const QString &sentence) {
        const ExchangeId id = trace.begin(post(), {});
        trace.finish(id, Failure{kind, u"x"_s, sentence, {}, id, u"AF-99"_s});
    };
    fail(FailureKind::Unreachable, u"Nobody is there."_s);
    fail(FailureKind::Cancelled, u"We closed it."_s);
    trace.note(u"connect"_s, u"http://127.0.0.1:1/mcp"_s);
    trace.note(u"notice"_s, u"The server answered twice."_s, 2, -1, u"AF-97"_s);
    trace.note(u"deviation"_s, u"A notification has no id."_s, 1);
    const QByteArray text = traceToText(trace, Redactor(Salt));
    QVERIFY2(text.contains("\nexchange 1: Nobody is there. [AF-99]\n"), text.constData());
    QVERIFY(!text.contains("We closed it"));
    QVERIFY(text.contains("\nexchange 2: The server answered twice. [AF-97]\n"));
    QVERIFY(text.contains("\nexchange 1: A notification has no id.\n"));
    QVERIFY(!text.contains("mcp\n"));
}

void TestTraceText::the_table_is_safe_in_a_terminal()
{
    TraceStore trace;
    RequestRecord request = post();
    request.what = u"tools/call \u001b]0;owned\u0007\u202egnp.exe\u009b\n"_s;
    request.method = "PO\x1bST";
    request.headers = {Header{"X-\x1b-Key", "k", HeaderSource::Credential, true},
                       Header{"X-Tenant", "\x1b[31m", HeaderSource::Credential, false}};
    const ExchangeId id = trace.begin(request, {});
    trace.respond(id, {200, {}, "HTTP\x1b", {}});
    trace.finish(id, Failure{FailureKind::Protocol, {}, u"It \u001b[31m broke.\n"_s, {}, id, {}});
    trace.note(u"notice"_s, u"And \u001b[31m so.\n"_s, id);
    const QString text = QString::fromUtf8(traceToText(trace, Redactor(Salt)));
    for (const QChar c : text) {
        const ushort u = c.unicode();
        QVERIFY2(u == '\n' || (u >= 0x20 && !(u >= 0x7f && u < 0xa0) && u != 0x202e),
                 qPrintable(QString::number(u, 16)));
    }
}

void TestTraceText::the_table_has_no_secrets()
{
    TraceStore trace;
    RequestRecord request =
        post({Header{"Authorization", "Bearer " + Secret, HeaderSource::Credential, true}});
    request.what = u"token="_s + QString::fromLatin1(Secret);
    const ExchangeId id = trace.begin(request, {});
    trace.finish(id,
                 Failure{FailureKind::Protocol,
                         {},
                         u"It said access_token="_s + QString::fromLatin1(Secret),
                         {},
                         id,
                         {}});
    trace.note(u"notice"_s, u"password="_s + QString::fromLatin1(Secret), id);
    const QByteArray text = traceToText(trace, Redactor(Salt));
    QVERIFY2(!text.contains(Secret.left(6)), text.constData());
}

QTEST_GUILESS_MAIN(TestTraceText)
#include "test_trace_text.moc"
