// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/lab/lab.h"
#include "tests/support/cli_run.h"
#include "tests/support/odd_server.h"
#include "tests/support/openssl_server.h"

#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(800)
        + ", stderr: " + run.err.left(1200);
}

/// JSON that goes out by and by: its first half, and nothing more.
void openHalf(RawConnection &to, const QByteArray &body)
{
    to.write("HTTP/1.1 200 OK\r\n" + Json + "Content-Length: " + QByteArray::number(body.size())
             + "\r\n\r\n" + body.first(body.size() / 2));
}

} // namespace

/// What the program says: in words that a person can act on, on one line, and safe to print.
class TestCliWords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_server = std::make_unique<OddServer>(); }

    void names_of_a_server_stay_on_their_line();
    void a_long_text_is_printed_whole();
    void the_end_of_our_own_stream_is_no_failure();
    void what_was_waited_for_is_told_data();
    void what_was_waited_for_is_told();
    void a_handshake_that_stalls_is_told();
    void a_recording_comes_from_a_pipe();
    void a_table_has_colours_where_they_are_asked_for();
    void advice_names_the_options_data();
    void advice_names_the_options();
    void a_certificate_can_be_trusted_or_pinned();
    void a_client_certificate_that_is_wanted_is_told_data();
    void a_client_certificate_that_is_wanted_is_told();
    void a_proxy_that_is_not_there_is_told_data();
    void a_proxy_that_is_not_there_is_told();
    void what_came_instead_of_json_is_shown_data();
    void what_came_instead_of_json_is_shown();
    void a_refused_stream_is_asked_for_once();
    void wrong_words_are_told_with_what_is_meant_data();
    void wrong_words_are_told_with_what_is_meant();
    void two_credentials_for_one_header_are_told();
    void a_scheme_that_is_not_asked_for_is_told_data();
    void a_scheme_that_is_not_asked_for_is_told();
    void help_is_there_for_each_command_data();
    void help_is_there_for_each_command();
    void a_list_that_is_not_announced_is_told();
    void an_error_of_the_server_comes_with_advice_data();
    void an_error_of_the_server_comes_with_advice();

private:
    CliRun run(const QStringList &command, const QStringList &more = {},
               const QStringList &environment = {}) const
    {
        QStringList all = command;
        all.insert(1, m_server->server.url().toString());
        return runCli(all + QStringList{u"--proxy"_s, u"none"_s} + more, environment);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<OddServer> m_server;
};

void TestCliWords::names_of_a_server_stay_on_their_line()
{
    m_server->on(u"tools/list"_s, [](const OddServer::Message &message) {
        message.to.answer(
            200,
            rpcResult(message.id,
                      "{\"tools\":[{\"name\":\"one\\ntwo\\u200b\",\"title\":\"a\\u061cb\\r\\nc\","
                      "\"description\":\"\\ufeffd\\u2028e\\udb40\\udc41\",\"inputSchema\":"
                      "{\"type\":\"object\"}}]}"),
            Json);
    });
    const CliRun tools = run({u"tools"_s});
    QVERIFY2(tools.exitCode == 0, told(tools));
    QCOMPARE(tools.out,
             "one<U+000a>two<U+200b>  a<U+061c>b<U+000d><U+000a>c\n"
             "    <U+feff>d<U+2028>e<U+e0041>\n"_ba);
    // A table has them, too.
    const QString trace = m_folder.filePath(u"names.trace"_s);
    const CliRun call = run({u"call"_s, u"x\ny\u200bz"_s}, {u"--trace"_s, trace});
    QVERIFY2(call.exitCode == 0, told(call));
    const CliRun table = runCli({u"trace"_s, trace});
    QVERIFY2(table.out.contains("x<U+000a>y<U+200b>z"), told(table));
}

void TestCliWords::a_long_text_is_printed_whole()
{
    // It is printed in pieces: wherever one ends, characters, line ends and secrets stay whole.
    const QByteArray quoted = "a\u00e9\\ud83d\\ude00\\r\\n\\u200b\\\\ secret-4711 \xf0\x9f\x98\x80";
    const QByteArray printed = "a\u00e9\xf0\x9f\x98\x80\n<U+200b>\\ HIDDEN \xf0\x9f\x98\x80";
    constexpr qsizetype Times = 200'000;
    m_server->on(u"tools/call"_s, [&quoted](const OddServer::Message &message) {
        message.to.answer(200,
                          rpcResult(message.id,
                                    "{\"content\":[{\"type\":\"text\",\"text\":\""
                                        + quoted.repeated(Times) + "\"}]}"),
                          Json);
    });
    const CliRun call =
        run({u"call"_s, u"a"_s}, {u"--bearer-env"_s, u"TOKEN"_s}, {u"TOKEN=secret-4711"_s});
    QVERIFY2(call.exitCode == 0, told(call));
    QByteArray out = call.out;
    const qsizetype at = out.indexOf("\\ ") + 2;
    out.replace(out.mid(at, out.indexOf(' ', at) - at), "HIDDEN");
    QVERIFY(out == printed.repeated(Times) + '\n');
}

void TestCliWords::the_end_of_our_own_stream_is_no_failure()
{
    Lab lab(LabSettings{.retryMs = 50, .pingMs = 0, .revisions = {u"2025-11-25"_s}});
    QVERIFY(lab.listen());
    const QString trace = m_folder.filePath(u"closed.trace"_s);
    const CliRun listening =
        runCli({u"listen"_s, lab.url().toString(), u"--seconds"_s, u"1"_s, u"--trace"_s, trace});
    QVERIFY2(listening.exitCode == 0, told(listening));
    bool found = false;
    for (const QByteArray &line :
         runCli({u"trace"_s, trace, u"--json"_s}).out.trimmed().split('\n')) {
        const QJsonObject exchange = QJsonDocument::fromJson(line).object();
        QVERIFY2(exchange.value("failure"_L1).isNull(), line);
        // The lab is of the older era, which is no fault of it either. The keys are those that are
        // promised, and no others.
        QCOMPARE(exchange.keys().join(u' '),
                 u"events failure id kind ms request response started"_s);
        if (exchange.value("kind"_L1) != "stream"_L1)
            continue;
        found = true;
    }
    QVERIFY(found);
    const CliRun table = runCli({u"trace"_s, trace});
    QVERIFY2(table.out.contains(": We closed the event stream.\n"), told(table));
}

void TestCliWords::what_was_waited_for_is_told_data()
{
    QTest::addColumn<QString>("stalls");
    QTest::addColumn<QStringList>("says");
    QTest::newRow("head") << u"head"_s
                          << QStringList{u"tools/call a was not answered within 0.5 s"_s,
                                         u"It was sent"_s,
                                         u"not even the head of a response came"_s};
    QTest::newRow("body") << u"body"_s
                          << QStringList{u"tools/call a was not answered within 0.5 s"_s,
                                         u"The head of the response came (200)"_s,
                                         u"of the 100 B of its body 50 B came"_s,
                                         u"the rest was waited for"_s};
    QTest::newRow("stream") << u"stream"_s
                            << QStringList{u"tools/call a was not answered within 0.5 s"_s,
                                           u"The event stream of its answer is open (200)"_s,
                                           u"no event has come on it"_s};
}

void TestCliWords::what_was_waited_for_is_told()
{
    QFETCH(QString, stalls);
    QFETCH(QStringList, says);
    m_server->on(u"tools/call"_s, [stalls](const OddServer::Message &message) {
        if (stalls == "body"_L1)
            openHalf(message.to, QByteArray(100, ' '));
        else if (stalls == "stream"_L1)
            openEvents(message.to, ": open\n\n");
    });
    const CliRun call = run({u"call"_s, u"a"_s}, {u"--timeout"_s, u"0.5"_s});
    QVERIFY2(call.exitCode == 6, told(call));
    QCOMPARE(call.err.count('\n'), 1);
    for (const QString &words : says)
        QVERIFY2(QString::fromUtf8(call.err).contains(words), told(call));
    QVERIFY2(call.err.contains("--timeout") && call.err.contains("[exchange "), told(call));
}

void TestCliWords::a_handshake_that_stalls_is_told()
{
    RawServer silent;
    silent.setParsing(false);
    QVERIFY(silent.listen());
    const CliRun tools = runCli({u"tools"_s, u"https://127.0.0.1:%1/mcp"_s.arg(silent.port()),
                                 u"--proxy"_s, u"none"_s, u"--timeout"_s, u"0.5"_s});
    QVERIFY2(tools.exitCode == 6, told(tools));
    QVERIFY2(tools.err.contains("was not sent: the TLS handshake with 127.0.0.1:"), told(tools));
    QVERIFY2(tools.err.contains("did not finish within 0.5 s"), told(tools));
    QVERIFY2(tools.err.contains("AF-94") && tools.err.contains("[exchange "), told(tools));
}

void TestCliWords::a_recording_comes_from_a_pipe()
{
    const QString trace = m_folder.filePath(u"piped.trace"_s);
    QCOMPARE(run({u"tools"_s}, {u"--trace"_s, trace}).exitCode, 0);
    QFile file(trace);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const CliRun piped = runCli({u"trace"_s, u"-"_s, u"--json"_s}, {}, file.readAll());
    QVERIFY2(piped.exitCode == 0, told(piped));
    QCOMPARE(piped.out, runCli({u"trace"_s, trace, u"--json"_s}).out);
    const CliRun nothing = runCli({u"trace"_s, u"-"_s});
    QVERIFY2(nothing.exitCode == 2 && nothing.err.contains("Standard input"), told(nothing));
}

void TestCliWords::a_table_has_colours_where_they_are_asked_for()
{
    Lab lab(LabSettings{.bearer = "right-token", .retryMs = 50, .pingMs = 0});
    QVERIFY(lab.listen());
    const QString trace = m_folder.filePath(u"colours.trace"_s);
    QCOMPARE(runCli({u"tools"_s, lab.url().toString(), u"--trace"_s, trace}).exitCode, 4);
    const CliRun plain = runCli({u"trace"_s, trace});
    QVERIFY2(!plain.out.contains('\033'), told(plain));
    const CliRun coloured = runCli({u"trace"_s, trace, u"--color"_s, u"always"_s});
    QVERIFY2(coloured.out.contains("\033[1m") && coloured.out.contains("\033[31m"), told(coloured));
    QByteArray without = coloured.out;
    for (const QByteArray &code : {"\033[1m"_ba, "\033[31m"_ba, "\033[0m"_ba})
        without.replace(code, {});
    QCOMPARE(without, plain.out);
}

void TestCliWords::advice_names_the_options_data()
{
    QTest::addColumn<QByteArray>("challenge"); ///< WWW-Authenticate; empty: none
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QStringList>("not_named");
    QTest::newRow("none") << QByteArray()
                          << QStringList{u"--bearer-env"_s, u"--basic-env"_s, u"--header-env"_s,
                                         u"--cookie-env"_s}
                          << QStringList();
    QTest::newRow("Bearer") << "Bearer realm=\"x\""_ba
                            << QStringList{u"--bearer-env"_s, u"--bearer-file"_s}
                            << QStringList{u"--basic-env"_s};
    QTest::newRow("Basic") << "Basic realm=\"x\""_ba << QStringList{u"--basic-env"_s}
                           << QStringList{u"--bearer-env"_s};
    QTest::newRow("another") << "Negotiate"_ba
                             << QStringList{u"--header-env 'Authorization: VAR'"_s}
                             << QStringList{u"--bearer-env"_s};
}

void TestCliWords::advice_names_the_options()
{
    QFETCH(QByteArray, challenge);
    QFETCH(QStringList, names);
    QFETCH(QStringList, not_named);
    m_server->server.onRequest([challenge](RawConnection &to, const RawRequest &) {
        to.answer(401, {},
                  challenge.isEmpty() ? challenge : "WWW-Authenticate: " + challenge + "\r\n");
    });
    const CliRun tools = run({u"tools"_s});
    QVERIFY2(tools.exitCode == 4, told(tools));
    for (const QString &name : names)
        QVERIFY2(QString::fromUtf8(tools.err).contains(name), told(tools));
    for (const QString &name : not_named)
        QVERIFY2(!QString::fromUtf8(tools.err).contains(name), told(tools));
}

void TestCliWords::a_certificate_can_be_trusted_or_pinned()
{
    Lab lab(LabSettings{.play = {u"AF-94"_s}, .pingMs = 0});
    QVERIFY(lab.listen());
    const QStringList tools{u"tools"_s, lab.url().toString(), u"--proxy"_s, u"none"_s};
    const CliRun refused = runCli(tools);
    QVERIFY2(refused.exitCode == 3, told(refused));
    QVERIFY2(refused.err.contains("--cacert FILE"), told(refused));
    const qsizetype pin = refused.err.indexOf("--pin ");
    QVERIFY2(pin > 0, told(refused));
    const QString printed = QString::fromLatin1(refused.err.mid(pin + 6, 95));
    const CliRun pinned = runCli(tools + QStringList{u"--pin"_s, printed});
    QVERIFY2(pinned.exitCode == 0, told(pinned));
}

void TestCliWords::a_client_certificate_that_is_wanted_is_told_data()
{
    QTest::addColumn<QStringList>("version");
    QTest::newRow("TLS 1.3") << QStringList{u"-tls1_3"_s};
    QTest::newRow("TLS 1.2") << QStringList{u"-tls1_2"_s};
}

void TestCliWords::a_client_certificate_that_is_wanted_is_told()
{
    QFETCH(QStringList, version);
    OpensslServer server;
    QVERIFY(server.start(u"good"_s,
                         QStringList{u"-Verify"_s, u"1"_s, u"-verify_return_error"_s} + version));
    const CliRun tools = runCli({u"tools"_s, server.url().toString(), u"--proxy"_s, u"none"_s,
                                 u"--cacert"_s, RawServer::certificateFile(u"ca.pem"_s)});
    QVERIFY2(tools.exitCode == 3, told(tools));
    QVERIFY2(tools.err.contains("AF-94"), told(tools));
    QVERIFY2(tools.err.contains("client certificate"), told(tools));
    QVERIFY2(tools.err.contains("--cert FILE") && tools.err.contains("--key FILE"), told(tools));
}

void TestCliWords::a_proxy_that_is_not_there_is_told_data()
{
    QTest::addColumn<QString>("proxy");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("why");
    const QString nobody = u"nothing accepts connections there"_s;
    QTest::newRow("http") << u"http://127.0.0.1:1"_s << u"http://127.0.0.1:2/mcp"_s << nobody;
    QTest::newRow("https target") << u"http://127.0.0.1:1"_s << u"https://127.0.0.1:2/mcp"_s
                                  << nobody;
    QTest::newRow("socks5") << u"socks5://127.0.0.1:1"_s << u"http://127.0.0.1:2/mcp"_s << nobody;
    QTest::newRow("no such host") << u"http://proxy.invalid:3128"_s << u"http://127.0.0.1:2/mcp"_s
                                  << u"there is no host of that name"_s;
}

void TestCliWords::a_proxy_that_is_not_there_is_told()
{
    QFETCH(QString, proxy);
    QFETCH(QString, target);
    QFETCH(QString, why);
    const CliRun tools = runCli({u"tools"_s, target, u"--proxy"_s, proxy});
    QVERIFY2(tools.exitCode == 3, told(tools));
    QVERIFY2(QString::fromUtf8(tools.err).contains(u"the proxy "_s + proxy + u": "_s + why),
             told(tools));
    QVERIFY2(tools.err.contains("--proxy none"), told(tools));
}

void TestCliWords::what_came_instead_of_json_is_shown_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("shows");
    QTest::newRow("HTML") << "text/html"_ba
                          << "<!DOCTYPE html>\n<title>Welcome</title>"_ba << 200
                          << "“<!DOCTYPE html><U+000a><title>Welcome</title>”"_ba;
    QTest::newRow("text") << "text/plain"_ba
                          << "go away\033[31m"_ba << 200 << "“go away<U+001b>[31m”"_ba;
    QTest::newRow("truncated JSON") << "application/json"_ba
                                    << "{\"jsonrpc\":\"2.0\",\"id\":1,\"resu"_ba << 200
                                    << "“{\"jsonrpc\":\"2.0\",\"id\":1,\"resu”"_ba;
    QTest::newRow("other JSON") << "application/json"_ba
                                << "{\"hello\":1}"_ba << 200 << "“{\"hello\":1}”"_ba;
    QTest::newRow("no UTF-8") << "application/json"_ba
                              << "\xff\xfe{}"_ba << 200 << "”"_ba;
    QTest::newRow("long") << "text/plain"_ba << QByteArray(100'000, 'x') << 200
                          << "“" + QByteArray(20, 'x') + "…”";
    QTest::newRow("text with an error") << "text/plain"_ba
                                        << "upstream is down"_ba << 502 << "“upstream is down”"_ba;
}

void TestCliWords::what_came_instead_of_json_is_shown()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QByteArray, shows);
    m_server->on(u"tools/call"_s, [=](const OddServer::Message &message) {
        message.to.answer(status, body, "Content-Type: " + type + "\r\n");
    });
    const CliRun call = run({u"call"_s, u"a"_s});
    QVERIFY2(call.exitCode == 5, told(call));
    QByteArrayList lines = call.err.trimmed().split('\n');
    lines.removeIf([](const QByteArray &line) { return line.startsWith("note: "); });
    QVERIFY2(lines.size() == 1, told(call));
    QVERIFY2(lines.first().contains("The body begins with " + shows)
                 || lines.first().contains("The body is " + shows)
                 || (shows.size() == 3 && lines.first().contains("The body is “")),
             told(call));
    QVERIFY2(lines.first().size() < 1200, told(call));
}

void TestCliWords::a_refused_stream_is_asked_for_once()
{
    m_server->on(u"GET"_s, [](const OddServer::Message &message) { message.to.answer(401); });
    const CliRun listening = run({u"listen"_s});
    QVERIFY2(listening.exitCode == 4, told(listening));
    QCOMPARE(m_server->got("GET").size(), 1);
    QVERIFY2(!listening.err.contains("Tried again"), told(listening));
}

void TestCliWords::wrong_words_are_told_with_what_is_meant_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("says");
    const auto row = [](const QStringList &words, const QString &says) {
        QTest::addRow("%s", qPrintable(words.join(u' '))) << words << says;
    };
    row({u"tool"_s, u"http://h"_s}, u"“tool” is no command. Is tools meant?"_s);
    row({u"lsten"_s, u"http://h"_s}, u"Is listen meant?"_s);
    row({u"zzz"_s}, u"“zzz” is no command. See sightglass-cli --help."_s);
    row({u"tools"_s, u"http://h"_s, u"--jsn"_s}, u"Unknown option 'jsn'. Is --json meant?"_s);
    row({u"tools"_s, u"http://h"_s, u"--bearer"_s, u"t"_s},
        u"Is --bearer-env or --bearer-file meant?"_s);
    row({u"call"_s, u"http://h"_s, u"echo"_s, u"{}"_s},
        u"“{}” is one word too many. JSON goes behind --args."_s);
    row({u"tools"_s, u"http://h"_s, u"extra"_s},
        u"“extra” is one word too many. The command is used as: sightglass-cli tools TARGET."_s);
    row({u"call"_s, u"http://h"_s}, u"sightglass-cli call TARGET TOOL [--args JSON|@FILE|-]."_s);
    row({u"subscribe"_s, u"http://h"_s}, u"subscribe TARGET URI... See"_s);
    row({u"tools"_s, u"/bin/sh"_s}, u"A program stands behind --: tools -- /bin/sh."_s);
    row({u"tools"_s, u"http://h"_s, u"--basic-env"_s, u"HOME"_s}, u"has no colon"_s);
    row({u"help"_s, u"zzz"_s}, u"“zzz” is no command."_s);
}

void TestCliWords::wrong_words_are_told_with_what_is_meant()
{
    QFETCH(QStringList, words);
    QFETCH(QString, says);
    const CliRun wrong = runCli(words);
    QVERIFY2(wrong.exitCode == 2 && wrong.out.isEmpty(), told(wrong));
    QVERIFY2(QString::fromUtf8(wrong.err).contains(says), told(wrong));
    QCOMPARE(wrong.err.count('\n'), 1);
}

void TestCliWords::two_credentials_for_one_header_are_told()
{
    const QStringList variables{u"A=token-1"_s, u"B=me:password"_s};
    const CliRun two =
        run({u"tools"_s}, {u"--bearer-env"_s, u"A"_s, u"--basic-env"_s, u"B"_s}, variables);
    QVERIFY2(two.exitCode == 0, told(two));
    QVERIFY2(two.err.contains("Authorization is made by --bearer-env and --basic-env"), told(two));
    const CliRun header =
        run({u"tools"_s}, {u"--bearer-env"_s, u"A"_s, u"--header-env"_s, u"authorization: B"_s},
            variables);
    QVERIFY2(header.err.contains("Authorization is made by --bearer-env and --header-env"),
             told(header));
    const CliRun one = run({u"tools"_s}, {u"--bearer-env"_s, u"A"_s}, variables);
    QVERIFY2(!one.err.contains("Authorization"), told(one));
}

void TestCliWords::a_scheme_that_is_not_asked_for_is_told_data()
{
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<QString>("option");
    QTest::addColumn<bool>("another"); ///< scheme is asked for than was sent
    QTest::addColumn<QString>("names");
    QTest::newRow("Basic, asked for Bearer")
        << "Bearer"_ba << u"--basic-env"_s << true << u"--bearer-env"_s;
    QTest::newRow("Bearer, asked for Basic")
        << "Basic realm=\"x\""_ba << u"--bearer-env"_s << true << u"--basic-env"_s;
    QTest::newRow("Bearer, asked for either")
        << "Basic realm=\"x\", Bearer"_ba << u"--bearer-env"_s << false << QString();
    QTest::newRow("Bearer, asked for it") << "bearer"_ba << u"--bearer-env"_s << false << QString();
}

void TestCliWords::a_scheme_that_is_not_asked_for_is_told()
{
    QFETCH(QByteArray, challenge);
    QFETCH(QString, option);
    QFETCH(bool, another);
    QFETCH(QString, names);
    m_server->server.onRequest([challenge](RawConnection &to, const RawRequest &) {
        to.answer(401, {}, "WWW-Authenticate: " + challenge + "\r\n");
    });
    const CliRun tools = run({u"tools"_s}, {option, u"A"_s}, {u"A=me:password-1"_s});
    QVERIFY2(tools.exitCode == 4, told(tools));
    const QString sent = option == "--basic-env"_L1 ? u"Basic"_s : u"Bearer"_s;
    QCOMPARE(QString::fromUtf8(tools.err).contains(
                 u"It carried %1, and the server asks for "_s.arg(sent)),
             another);
    QVERIFY2(QString::fromUtf8(tools.err).contains(names), told(tools));
}

void TestCliWords::help_is_there_for_each_command_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArrayList>("has");
    QTest::newRow("help") << QStringList{u"help"_s, u"call"_s}
                          << QByteArrayList{"sightglass-cli call TARGET TOOL", "--args", "--task",
                                            "--ttl"};
    QTest::newRow("option") << QStringList{u"read"_s, u"--help"_s}
                            << QByteArrayList{"sightglass-cli read TARGET URI", "--output",
                                              "sightglass-cli --help"};
    QTest::newRow("no option") << QStringList{u"ping"_s, u"-h"_s}
                               << QByteArrayList{"sightglass-cli ping TARGET"};
    QTest::newRow("lab") << QStringList{u"help"_s, u"lab"_s} << QByteArrayList{"AF-20", "--play"};
    QTest::newRow("all") << QStringList{u"help"_s}
                         << QByteArrayList{"--bearer-env", "sightglass-cli repl TARGET"};
}

void TestCliWords::help_is_there_for_each_command()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArrayList, has);
    const CliRun help = runCli(words);
    QVERIFY2(help.exitCode == 0 && help.err.isEmpty(), told(help));
    for (const QByteArray &text : has)
        QVERIFY2(help.out.contains(text), help.out);
    QCOMPARE(help.out.contains("--bearer-env"), words.contains(u"lab"_s) || words.size() == 1);
}

void TestCliWords::a_list_that_is_not_announced_is_told()
{
    const auto refuse = [](const OddServer::Message &message) {
        message.to.answer(200,
                          R"({"jsonrpc":"2.0","id":)" + message.id
                              + R"(,"error":{"code":-32601,"message":"Method not found"}})",
                          Json);
    };
    m_server->on(u"resources/list"_s, refuse);
    m_server->on(u"tools/list"_s, refuse);
    const CliRun resources = run({u"resources"_s});
    QVERIFY2(resources.exitCode == 5, told(resources));
    QVERIFY2(resources.err.contains("The server does not announce that it has resources: discover"),
             told(resources));
    // It announces tools.
    const CliRun tools = run({u"tools"_s});
    QVERIFY2(tools.exitCode == 5 && !tools.err.contains("announce"), told(tools));
}

void TestCliWords::an_error_of_the_server_comes_with_advice_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("advice");
    QTest::newRow("no method") << -32601 << "discover tells what the server offers"_ba;
    QTest::newRow("parameters") << -32602 << "tools --json"_ba;
    QTest::newRow("capability") << -32021 << "--answer FILE"_ba;
    QTest::newRow("server") << -32603 << "look at its log"_ba;
}

void TestCliWords::an_error_of_the_server_comes_with_advice()
{
    QFETCH(int, code);
    QFETCH(QByteArray, advice);
    m_server->on(u"tools/call"_s, [code](const OddServer::Message &message) {
        message.to.answer(200,
                          R"({"jsonrpc":"2.0","id":)" + message.id + R"(,"error":{"code":)"
                              + QByteArray::number(code) + R"(,"message":"no"}})",
                          Json);
    });
    const CliRun call = run({u"call"_s, u"a"_s});
    QVERIFY2(call.exitCode == 5 && call.err.contains(advice), told(call));
}

QTEST_GUILESS_MAIN(TestCliWords)
#include "test_cli_words.moc"
