// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/jsonrpc/json_text.h"
#include "tests/support/cli_run.h"
#include "tests/support/odd_server.h"
#include "tests/support/terminal.h"

#include <QFile>
#include <QJsonArray>
#include <QPointer>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QString Program = QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli");

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(600)
        + ", stderr: " + run.err.left(1000);
}

QByteArray contents(const QString &path)
{
    QFile file(QStringLiteral(SIGHTGLASS_SOURCE_DIR "/") + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A server that answers some methods with results as they stand here, and errors to all others.
class Played : public OddServer {
public:
    void gives(const QString &method, const QByteArray &result)
    {
        on(method, [result](const Message &message) {
            message.to.answer(200, rpcResult(message.id, result), Json);
        });
    }
    /// One result after the other; the last one stays.
    void givesInTurn(const QString &method, const QByteArrayList &results)
    {
        auto rest = std::make_shared<QByteArrayList>(results);
        on(method, [rest](const Message &message) {
            message.to.answer(200, rpcResult(message.id, rest->first()), Json);
            if (rest->size() > 1)
                rest->removeFirst();
        });
    }
    void refuses(const QString &method, const QByteArray &error)
    {
        on(method, [error](const Message &message) {
            message.to.answer(
                200, R"({"jsonrpc":"2.0","id":)" + message.id + R"(,"error":)" + error + '}', Json);
        });
    }
    /// With the capabilities that matter here.
    void isModern(const QByteArray &capabilities = R"({"tools":{}})")
    {
        gives(u"server/discover"_s,
              R"({"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":)"
                  + capabilities + R"(,"ttlMs":0,"cacheScope":"private"})");
        gives(u"tools/list"_s,
              R"({"resultType":"complete","tools":[],"ttlMs":0,"cacheScope":"private"})");
    }
    /// Opens the server's own stream when it is asked for, and sends this on it once `method`
    /// was answered.
    void tells(const QString &method, const QByteArrayList &messages)
    {
        on(u"GET"_s, [this](const Message &message) {
            stream = &message.to;
            openEvents(message.to, ": open\n\n");
            send();
        });
        on(method, [this, messages](const Message &message) {
            message.to.answer(200, rpcResult(message.id, "{}"), Json);
            waiting = messages;
            send();
        });
    }

private:
    void send()
    {
        if (!stream)
            return;
        for (const QByteArray &message : std::exchange(waiting, {}))
            stream->write(sseEvent(message));
    }

    QPointer<RawConnection> stream;
    QByteArrayList waiting;
};

QByteArray notification(const QByteArray &method, const QByteArray &params)
{
    return R"({"jsonrpc":"2.0","method":")" + method + R"(","params":)" + params + '}';
}

} // namespace

/// What the commands do with servers that the test plays: what they send, what they print of what
/// comes, and how they end.
class TestCliFeatures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_server = std::make_unique<Played>(); }

    void every_option_and_command_is_documented_data();
    void every_option_and_command_is_documented();
    void wrong_use_is_told_data();
    void wrong_use_is_told();
    void files_of_answers_are_checked_data();
    void files_of_answers_are_checked();

    void lists_are_printed_as_they_are_with_all_their_pages();
    void a_tool_that_has_to_be_left_out_is_named_with_its_reason();
    void untrusted_text_does_nothing_in_a_terminal();
    void binary_content_goes_to_no_terminal();
    void what_is_no_resource_is_told_data();
    void what_is_no_resource_is_told();
    void a_file_is_written_whole_or_not_at_all();
    void by_hand_all_is_sent_as_it_is();
    void a_notification_by_hand_is_delivered();

    void updates_are_printed_as_they_come();
    void log_messages_are_printed_as_they_come();
    void a_refused_subscription_is_an_error();
    void without_a_stream_nothing_is_waited_for_data();
    void without_a_stream_nothing_is_waited_for();
    void log_messages_of_a_call_go_beside_its_result();

    void a_task_is_followed_to_its_end_data();
    void a_task_is_followed_to_its_end();
    void a_task_without_end_is_given_up();
    void tasks_are_for_revisions_that_have_them();
    void tasks_of_the_extension_ask_and_are_answered();
    void input_of_the_modern_era_comes_from_the_file();
    void modern_servers_have_other_ways();

    void the_ladder_is_told_data();
    void the_ladder_is_told();

private:
    CliRun run(const QStringList &command, const QByteArray &input = {}) const
    {
        QStringList words = command;
        words.insert(1, m_server->server.url().toString());
        return runCli(words + QStringList{u"--proxy"_s, u"none"_s}, {}, input);
    }
    JsonText sent(const QByteArray &method, qsizetype index = 0) const
    {
        return JsonText::parse(m_server->got(method).value(index).body);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<Played> m_server;
};

void TestCliFeatures::every_option_and_command_is_documented_data()
{
    QTest::addColumn<QByteArray>("word");
    const CliRun help = runCli({u"--help"_s});
    QCOMPARE(help.exitCode, 0);
    QSet<QString> words;
    static const QRegularExpression option(u"--[a-z0-9-]+"_s);
    static const QRegularExpression command(u"^  sightglass-cli ([a-z]+)"_s,
                                            QRegularExpression::MultilineOption);
    const QString text = QString::fromUtf8(help.out);
    for (auto found = option.globalMatch(text); found.hasNext();)
        words << found.next().captured();
    for (auto found = command.globalMatch(text); found.hasNext();)
        words << found.next().captured(1);
    // Fewer would mean that the test looks for the wrong thing.
    QVERIFY2(words.size() > 45, QByteArray::number(words.size()).constData());
    for (const QString &word : words)
        QTest::newRow(qPrintable(word)) << word.toUtf8();
}

void TestCliFeatures::every_option_and_command_is_documented()
{
    QFETCH(QByteArray, word);
    const QByteArray page = contents(u"packaging/sightglass-cli.1.in"_s).replace("\\-", "-");
    const QByteArray completion = contents(u"packaging/sightglass-cli.bash"_s);
    const QRegularExpression whole(u"(?<![a-z-])"_s + QString::fromUtf8(word) + u"(?![a-z-])"_s);
    QVERIFY2(whole.match(QString::fromUtf8(page)).hasMatch(), "not in the manual page");
    QVERIFY2(whole.match(QString::fromUtf8(completion)).hasMatch(), "not in the completion");
}

void TestCliFeatures::wrong_use_is_told_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("no URI") << QStringList{u"read"_s} << "read TARGET URI"_ba;
    QTest::newRow("too much") << QStringList{u"read"_s, u"a"_s, u"b"_s} << "read TARGET URI"_ba;
    QTest::newRow("no value") << QStringList{u"complete"_s, u"prompt:p"_s, u"a"_s}
                              << "ARGUMENT VALUE"_ba;
    QTest::newRow("nothing to complete")
        << QStringList{u"complete"_s, u"prompt:"_s, u"a"_s, u""_s} << "prompt:NAME"_ba;
    QTest::newRow("no subscription") << QStringList{u"subscribe"_s} << "URI"_ba;
    QTest::newRow("unknown level")
        << QStringList{u"logs"_s, u"--level"_s, u"loud"_s} << "emergency"_ba;
    QTest::newRow("unknown task command")
        << QStringList{u"tasks"_s, u"start"_s, u"t"_s} << "result ID"_ba;
    QTest::newRow("no task") << QStringList{u"tasks"_s, u"get"_s} << "result ID"_ba;
    QTest::newRow("a list of one") << QStringList{u"tasks"_s, u"list"_s, u"t"_s} << "result ID"_ba;
    QTest::newRow("arguments that are none")
        << QStringList{u"prompt"_s, u"p"_s, u"--args"_s, u"[]"_s} << "no object"_ba;
    QTest::newRow("no lifetime") << QStringList{u"call"_s, u"t"_s, u"--task"_s, u"--ttl"_s, u"0"_s}
                                 << "--ttl"_ba;
    QTest::newRow("stdin twice") << QStringList{u"call"_s, u"t"_s,        u"--args"_s,
                                                u"-"_s,    u"--answer"_s, u"-"_s}
                                 << "both want standard input"_ba;
    QTest::newRow("stdin of a session")
        << QStringList{u"repl"_s, u"--answer"_s, u"-"_s} << "both want standard input"_ba;
    QTest::newRow("output without a name")
        << QStringList{u"read"_s, u"a:b"_s, u"--output"_s, u""_s} << "empty"_ba;
}

void TestCliFeatures::wrong_use_is_told()
{
    QFETCH(QStringList, command);
    QFETCH(QByteArray, says);
    const CliRun wrong = run(command);
    QVERIFY2(wrong.exitCode == 2 && wrong.out.isEmpty(), told(wrong));
    QVERIFY2(wrong.err.startsWith("sightglass-cli: ") && wrong.err.count('\n') == 1, told(wrong));
    QVERIFY2(wrong.err.contains(says), told(wrong));
}

void TestCliFeatures::files_of_answers_are_checked_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("empty") << ""_ba
                           << "cannot be used"_ba;
    QTest::newRow("no JSON") << "{\"roots\" 1}"_ba
                             << "at byte 9"_ba;
    QTest::newRow("array") << "[]"_ba
                           << "no JSON object"_ba;
    QTest::newRow("unknown member") << "{\"smapling\":[]}"_ba
                                    << "smapling"_ba;
    QTest::newRow("no list") << "{\"sampling\":\"x\"}"_ba
                             << "no array"_ba;
    QTest::newRow("root without uri") << "{\"roots\":[{\"name\":\"x\"}]}"_ba
                                      << "no uri"_ba;
    QTest::newRow("number as answer") << "{\"sampling\":[1]}"_ba
                                      << "at byte 13"_ba;
    QTest::newRow("word as answer") << "{\"elicitation\":[\"maybe\"]}"_ba
                                    << "maybe"_ba;
    QTest::newRow("error without code") << "{\"elicitation\":[{\"error\":{}}]}"_ba
                                        << "code"_ba;
}

void TestCliFeatures::files_of_answers_are_checked()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, says);
    const CliRun wrong = run({u"tools"_s, u"--answer"_s, u"-"_s}, file);
    QVERIFY2(wrong.exitCode == 2 && wrong.out.isEmpty() && wrong.err.contains(says), told(wrong));
    QVERIFY(m_server->server.requests().isEmpty());
}

void TestCliFeatures::lists_are_printed_as_they_are_with_all_their_pages()
{
    m_server->givesInTurn(
        u"resources/list"_s,
        {R"({"resources":[{"uri":"a:1", "name":"one" , "size":1500}],"nextCursor":"2"})",
         R"({"resources":[{"name":"no uri"},7]})"});
    const CliRun raw = run({u"resources"_s, u"--json"_s});
    QVERIFY2(raw.exitCode == 0, told(raw));
    const QByteArray expected =
        R"({"resources":[{"uri":"a:1", "name":"one" , "size":1500},{"name":"no uri"},7]})"
        "\n";
    QCOMPARE(raw.out, expected);
    m_server->givesInTurn(
        u"resources/list"_s,
        {R"({"resources":[{"uri":"a:1", "name":"one" , "size":1500}],"nextCursor":"2"})",
         R"({"resources":[{"name":"no uri"},7]})"});
    const CliRun text = run({u"resources"_s});
    QCOMPARE(text.out,
             "a:1  one  [1.5 kB]\nno uri  [faulty: it has no uri]\n"
             "(no name)  [faulty: the entry is no object]\n"_ba);
    m_server->gives(u"prompts/list"_s, R"({"prompts":[]})");
    const CliRun none = run({u"prompts"_s});
    QVERIFY2(none.exitCode == 0 && none.out.isEmpty(), told(none));
    QVERIFY2(none.err.contains("no prompts"), told(none));
    m_server->gives(u"prompts/list"_s, R"({"prompts":{}})");
    const CliRun wrong = run({u"prompts"_s});
    QVERIFY2(wrong.exitCode == 5 && wrong.err.contains("[exchange "), told(wrong));
}

void TestCliFeatures::a_tool_that_has_to_be_left_out_is_named_with_its_reason()
{
    m_server->isModern();
    m_server->gives(
        u"tools/list"_s,
        R"({"resultType":"complete","tools":[{"name":"bad","inputSchema":{"type":"object",)"
        R"("properties":{"a":{"type":"string","x-mcp-header":"My Name"}}}},)"
        R"({"name":"good","inputSchema":{"type":"object"}}],"ttlMs":0,"cacheScope":"private"})");
    const QByteArray why = "“My Name” is no name of a header [exchange 2]";
    for (const bool json : {false, true}) {
        QStringList words{u"tools"_s};
        if (json)
            words << u"--json"_s;
        const CliRun listed = run(words << u"--revision"_s << u"2026-07-28"_s);
        QVERIFY2(listed.exitCode == 0 && listed.out.contains("good"), told(listed));
        QVERIFY2(!listed.out.contains("bad"), told(listed));
        QVERIFY2(listed.err.contains(why) && listed.err.contains("“bad”"), told(listed));
        QCOMPARE(listed.err.count("note: "), 1);
    }
    // Within a session it is said where they are listed, each time.
    const CliRun session = run({u"repl"_s, u"--revision"_s, u"2026-07-28"_s}, "tools\ntools\n");
    QVERIFY2(session.exitCode == 0, told(session));
    QCOMPARE(session.err.count("“My Name” is no name of a header"), 2);
}

void TestCliFeatures::untrusted_text_does_nothing_in_a_terminal()
{
    const QByteArray evil = R"(\u001b[31mred\u202e\u200b\u061c\ufeff\r\nb)";
    m_server->gives(u"resources/list"_s,
                    R"({"resources":[{"uri":"a:)" + evil + R"(","name":")" + evil
                        + R"(","description":")" + evil + R"(","mimeType":")" + evil + R"("}]})");
    m_server->gives(u"prompts/get"_s,
                    R"({"messages":[{"role":")" + evil + R"(","content":{"type":"text","text":")"
                        + evil + R"("}}]})");
    m_server->gives(u"completion/complete"_s, R"({"completion":{"values":[")" + evil + R"("]}})");
    m_server->gives(u"tasks/list"_s,
                    R"({"tasks":[{"taskId":")" + evil + R"(","status":")" + evil
                        + R"(","statusMessage":")" + evil + R"("}]})");
    m_server->refuses(u"ping"_s, R"({"code":-1,"message":")" + evil + R"("})");
    for (const QStringList &command :
         {QStringList{u"resources"_s}, QStringList{u"prompt"_s, u"p"_s},
          QStringList{u"complete"_s, u"prompt:p"_s, u"a"_s, u""_s}, QStringList{u"tasks"_s},
          QStringList{u"ping"_s}}) {
        const CliRun shown = run(command);
        QVERIFY2((shown.out + shown.err).contains("<U+001b>[31mred<U+202e>"), told(shown));
        QVERIFY2(!(shown.out + shown.err).contains('\033'), told(shown));
        QVERIFY2((shown.out + shown.err).contains("<U+202e><U+200b><U+061c><U+feff>"), told(shown));
        // Names and words of the server begin no line of their own.
        if (command.first() != "prompt"_L1)
            QVERIFY2(!shown.out.startsWith("b") && !shown.out.contains("\nb"), told(shown));
    }
}

void TestCliFeatures::binary_content_goes_to_no_terminal()
{
    m_server->gives(u"resources/read"_s,
                    R"({"contents":[{"uri":"a:b","mimeType":"image/png","blob":"iVBORwABAg=="}]})");
    const CliRun piped = run({u"read"_s, u"a:b"_s});
    QVERIFY2(piped.exitCode == 0 && piped.out == QByteArray("\x89PNG\x00\x01\x02", 7), told(piped));
    Terminal terminal;
    QVERIFY(terminal.start(
        Program,
        {u"read"_s, m_server->server.url().toString(), u"a:b"_s, u"--proxy"_s, u"none"_s}));
    QVERIFY2(terminal.waitFor("a:b is binary (image/png, 7 B)"), terminal.screen());
    QCOMPARE(terminal.exitCode(), 2);
    QVERIFY(!terminal.screen().contains("PNG"));
    // Text is shown there, and ends with its line.
    m_server->gives(u"resources/read"_s, R"({"contents":[{"uri":"a:b","text":"a\u001bb"}]})");
    Terminal other;
    QVERIFY(other.start(
        Program,
        {u"read"_s, m_server->server.url().toString(), u"a:b"_s, u"--proxy"_s, u"none"_s}));
    QCOMPARE(other.exitCode(), 0);
    QVERIFY2(other.screen().contains("a<U+001b>b\r\n"), other.screen());
    const CliRun exact = run({u"read"_s, u"a:b"_s});
    QCOMPARE(exact.out, "a\033b"_ba);
}

void TestCliFeatures::what_is_no_resource_is_told_data()
{
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("nothing") << "{}"_ba
                             << "no contents"_ba;
    QTest::newRow("no list") << "{\"contents\":{}}"_ba
                             << "no contents"_ba;
    QTest::newRow("no Base64") << "{\"contents\":[{\"uri\":\"a:b\",\"blob\":\"a!\"}]}"_ba
                               << "no Base64"_ba;
    QTest::newRow("neither") << "{\"contents\":[{\"uri\":\"a:b\"}]}"_ba
                             << "neither text nor blob"_ba;
    QTest::newRow("a number") << "{\"contents\":[1]}"_ba
                              << "neither text nor blob"_ba;
}

void TestCliFeatures::what_is_no_resource_is_told()
{
    QFETCH(QByteArray, result);
    QFETCH(QByteArray, says);
    m_server->gives(u"resources/read"_s, result);
    const CliRun wrong = run({u"read"_s, u"a:b"_s});
    QVERIFY2(wrong.exitCode == 5 && wrong.out.isEmpty() && wrong.err.contains(says), told(wrong));
    // The bytes can be had all the same.
    const CliRun raw = run({u"read"_s, u"a:b"_s, u"--json"_s});
    QVERIFY2(raw.exitCode == 0 && raw.out == result + '\n', told(raw));
}

void TestCliFeatures::a_file_is_written_whole_or_not_at_all()
{
    m_server->gives(u"resources/read"_s, R"({"contents":[{"uri":"a:b","text":"new"}]})");
    const QString path = m_folder.filePath(u"saved"_s);
    const CliRun saved = run({u"read"_s, u"a:b"_s, u"--output"_s, path});
    QVERIFY2(saved.exitCode == 0 && saved.out.isEmpty() && saved.err.contains(path.toUtf8()),
             told(saved));
    m_server->gives(u"resources/read"_s,
                    R"({"contents":[{"uri":"a:1","text":"1"},{"uri":"a:2","text":"2"}]})");
    const CliRun two = run({u"read"_s, u"a:b"_s, u"--output"_s, path});
    QVERIFY2(two.exitCode == 2 && two.err.contains("2 contents"), told(two));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "new"_ba);
    const CliRun both = run({u"read"_s, u"a:b"_s});
    QVERIFY2(both.exitCode == 0 && both.out == "12" && both.err.contains("a:2  [1 B]"), told(both));
    m_server->gives(u"resources/read"_s, R"({"contents":[{"uri":"a:b","text":"new"}]})");
    const CliRun nowhere = run({u"read"_s, u"a:b"_s, u"--output"_s, u"/no/such/folder/a"_s});
    QVERIFY2(nowhere.exitCode == 2 && nowhere.err.contains("/no/such/folder/a"), told(nowhere));
}

void TestCliFeatures::by_hand_all_is_sent_as_it_is()
{
    m_server->gives(u"odd/method"_s, R"({"b":1.50,"a":[ ]})");
    const CliRun text = run({u"raw"_s, u"odd/method"_s, u"--args"_s, u"[1, 2.0]"_s});
    QVERIFY2(text.exitCode == 0, told(text));
    QCOMPARE(text.out, "{\n  \"b\": 1.50,\n  \"a\": []\n}\n"_ba);
    QCOMPARE(sent("odd/method").raw(sent("odd/method").find("/params")), "[1, 2.0]"_ba);
    const CliRun raw = run({u"raw"_s, u"odd/method"_s, u"--json"_s});
    QCOMPARE(raw.out, "{\"b\":1.50,\"a\":[ ]}\n"_ba);
    QVERIFY(sent("odd/method", 1).find("/params") < 0);
    m_server->refuses(u"odd/method"_s, R"({"code":-32001,"message":"no","data":{ "x":1}})");
    const CliRun error = run({u"raw"_s, u"odd/method"_s, u"--json"_s});
    QVERIFY2(error.exitCode == 5, told(error));
    QCOMPARE(error.out, "{\"code\":-32001,\"message\":\"no\",\"data\":{ \"x\":1}}\n"_ba);
    QVERIFY2(error.err.contains("error -32001: no [exchange "), told(error));
}

void TestCliFeatures::a_notification_by_hand_is_delivered()
{
    const CliRun run1 = run({u"raw"_s, u"notifications/odd"_s, u"--args"_s, uR"({"a": 1})"_s});
    QVERIFY2(run1.exitCode == 0 && run1.out.isEmpty(), told(run1));
    QCOMPARE(m_server->got("notifications/odd").size(), 1);
    QVERIFY(sent("notifications/odd").find("/id") < 0);
    m_server->on(u"notifications/odd"_s,
                 [](const OddServer::Message &message) { message.to.answer(500); });
    const CliRun refused = run({u"raw"_s, u"notifications/odd"_s});
    QVERIFY2(refused.exitCode != 0 && refused.err.contains("500"), told(refused));
}

void TestCliFeatures::updates_are_printed_as_they_come()
{
    const QByteArrayList updates{
        notification("notifications/resources/updated", R"({"uri":"a:1"})"),
        notification("notifications/message", R"({"level":"info","data":"no update"})"),
        notification("notifications/resources/updated", R"({"uri":"a:2", "title":"x"})")};
    m_server->tells(u"resources/subscribe"_s, updates);
    const CliRun text = run({u"subscribe"_s, u"a:1"_s, u"a:2"_s, u"--seconds"_s, u"2"_s});
    QVERIFY2(text.exitCode == 0, told(text));
    const QByteArrayList lines = text.out.trimmed().split('\n');
    QVERIFY2(lines.size() == 4 && lines.at(0).endsWith("  a:1") && lines.at(1).endsWith("  a:2"),
             told(text));
    QCOMPARE(m_server->got("resources/subscribe").size(), 2);
    const CliRun json = run({u"subscribe"_s, u"a:1"_s, u"--seconds"_s, u"1"_s, u"--json"_s});
    const QByteArray expected =
        R"({"method":"notifications/resources/updated","params":{"uri":"a:1"}})"
        "\n"
        R"({"method":"notifications/resources/updated","params":{"uri":"a:2","title":"x"}})"
        "\n";
    QCOMPARE(json.out, expected);
}

void TestCliFeatures::log_messages_are_printed_as_they_come()
{
    m_server->tells(
        u"logging/setLevel"_s,
        {notification("notifications/message",
                      R"({"level":"warning","logger":"db","data":"disk \u001b[1m full"})"),
         notification("notifications/message", R"({"level":"info","data":{"a":1.0}})")});
    const CliRun text = run({u"logs"_s, u"--level"_s, u"info"_s, u"--seconds"_s, u"1"_s});
    QVERIFY2(text.exitCode == 0, told(text));
    QVERIFY2(text.out.contains("  warning   db: disk <U+001b>[1m full\n")
                 && text.out.contains("  info      {\"a\":1.0}\n"),
             told(text));
    QCOMPARE(sent("logging/setLevel").string(sent("logging/setLevel").find("/params/level")),
             u"info"_s);
    m_server->refuses(u"logging/setLevel"_s, R"({"code":-32601,"message":"no logging"})");
    const CliRun refused = run({u"logs"_s});
    QVERIFY2(refused.exitCode == 5 && refused.err.contains("no logging"), told(refused));
}

void TestCliFeatures::a_refused_subscription_is_an_error()
{
    m_server->refuses(u"resources/subscribe"_s, R"({"code":-32002,"message":"not this one"})");
    m_server->on(u"GET"_s, [](const OddServer::Message &message) { openEvents(message.to); });
    const CliRun refused = run({u"subscribe"_s, u"a:1"_s});
    QVERIFY2(refused.exitCode == 5 && refused.err.contains("not this one [exchange "),
             told(refused));
}

void TestCliFeatures::without_a_stream_nothing_is_waited_for_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("listen") << QStringList{u"listen"_s};
    QTest::newRow("logs") << QStringList{u"logs"_s};
    QTest::newRow("subscribe") << QStringList{u"subscribe"_s, u"a:1"_s};
}

void TestCliFeatures::without_a_stream_nothing_is_waited_for()
{
    QFETCH(QStringList, command);
    m_server->gives(u"logging/setLevel"_s, "{}");
    m_server->gives(u"resources/subscribe"_s, "{}");
    const CliRun none = run(command);
    QVERIFY2(none.exitCode == 0 && none.out.isEmpty() && none.err.contains("no event stream"),
             told(none));
}

void TestCliFeatures::log_messages_of_a_call_go_beside_its_result()
{
    m_server->gives(u"logging/setLevel"_s, "{}");
    m_server->on(u"tools/call"_s, [](const OddServer::Message &message) {
        openEvents(
            message.to,
            sseEvent(notification("notifications/message", R"({"level":"debug","data":"nearly"})"))
                + sseEvent(hello(message.id)));
        message.to.close();
    });
    const CliRun call = run({u"call"_s, u"t"_s, u"--level"_s, u"debug"_s});
    QVERIFY2(call.exitCode == 0 && call.out == "hello\n", told(call));
    QVERIFY2(call.err.contains("debug     nearly\n"), told(call));
    m_server->refuses(u"logging/setLevel"_s, R"({"code":-32601,"message":"no logging"})");
    const CliRun without = run({u"call"_s, u"t"_s, u"--level"_s, u"debug"_s});
    QVERIFY2(without.exitCode == 0 && without.err.contains("no logging"), told(without));
}

void TestCliFeatures::a_task_is_followed_to_its_end_data()
{
    QTest::addColumn<QByteArrayList>("answers"); ///< to tasks/get
    QTest::addColumn<QByteArray>("result"); ///< of tasks/result; empty: an error
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("says");
    const QByteArray working = R"({"taskId":"t","status":"working","pollInterval":0})";
    const QByteArray completed = R"({"taskId":"t","status":"completed"})";
    const QByteArray content = R"({"content":[{"type":"text","text":"done"}]})";
    QTest::newRow("completed") << QByteArrayList{working, working, completed} << content << 0
                               << "task t: completed"_ba;
    QTest::newRow("the tool failed")
        << QByteArrayList{completed} << R"({"content":[],"isError":true})"_ba << 1 << "isError"_ba;
    QTest::newRow("needs input") << QByteArrayList{R"({"taskId":"t","status":"input_required"})"}
                                 << content << 0 << "input_required"_ba;
    QTest::newRow("failed") << QByteArrayList{R"({"taskId":"t","status":"failed"})"} << ""_ba << 5
                            << "broken"_ba;
    QTest::newRow("cancelled")
        << QByteArrayList{R"({"taskId":"t","status":"cancelled","statusMessage":"by Bob"})"}
        << content << 5 << "was cancelled: by Bob"_ba;
    QTest::newRow("no task") << QByteArrayList{"{}"} << content << 5 << "no taskId"_ba;
    QTest::newRow("another task") << QByteArrayList{R"({"taskId":"u","status":"working"})"}
                                  << content << 5 << "another one"_ba;
}

void TestCliFeatures::a_task_is_followed_to_its_end()
{
    QFETCH(QByteArrayList, answers);
    QFETCH(QByteArray, result);
    QFETCH(int, code);
    QFETCH(QByteArray, says);
    m_server->gives(u"tools/call"_s,
                    R"({"task":{"taskId":"t","status":"working","ttl":null,"pollInterval":1}})");
    m_server->givesInTurn(u"tasks/get"_s, answers);
    if (result.isEmpty())
        m_server->refuses(u"tasks/result"_s, R"({"code":-32603,"message":"broken"})");
    else
        m_server->gives(u"tasks/result"_s, result);
    const CliRun task = run({u"call"_s, u"slow"_s, u"--task"_s, u"--ttl"_s, u"2.5"_s});
    QVERIFY2(task.exitCode == code, told(task));
    QVERIFY2(task.err.contains(says), told(task));
    QCOMPARE(task.out, code == 0 ? "done\n"_ba : ""_ba);
    QCOMPARE(sent("tools/call").raw(sent("tools/call").find("/params/task")), "{\"ttl\":2500}"_ba);
    QCOMPARE(m_server->got("tasks/get").size(), answers.size());
}

void TestCliFeatures::a_task_without_end_is_given_up()
{
    m_server->gives(u"tools/call"_s, R"({"task":{"taskId":"t","status":"working"}})");
    m_server->gives(u"tasks/get"_s, R"({"taskId":"t","status":"working","pollInterval":200})");
    const CliRun task = run({u"call"_s, u"slow"_s, u"--task"_s, u"--timeout"_s, u"0.1"_s});
    QVERIFY2(task.exitCode == 6 && task.err.contains("no end"), told(task));
    // What it wants is heeded, within reason.
    QVERIFY2(m_server->got("tasks/get").size() < 40,
             QByteArray::number(m_server->got("tasks/get").size()));
}

void TestCliFeatures::tasks_are_for_revisions_that_have_them()
{
    const CliRun without = run({u"call"_s, u"t"_s, u"--task"_s, u"--revision"_s, u"2025-06-18"_s});
    QVERIFY2(without.exitCode == 2 && without.err.contains("has no tasks"), told(without));
    QVERIFY(m_server->got("tools/call").isEmpty());
    // A server that does not think of it answers at once.
    const CliRun ignored = run({u"call"_s, u"t"_s, u"--task"_s});
    QVERIFY2(ignored.exitCode == 0 && ignored.out == "hello\n", told(ignored));
    QVERIFY2(ignored.err.contains("does not say that it takes")
                 && ignored.err.contains("without a task"),
             told(ignored));
    QCOMPARE(sent("tools/call").raw(sent("tools/call").find("/params/task")), "{}"_ba);
    m_server->gives(u"tasks/get"_s, R"({"taskId":"t","status":"working","statusMessage":"half"})");
    const CliRun one = run({u"tasks"_s, u"get"_s, u"t"_s});
    QVERIFY2(one.exitCode == 0 && one.out == "t  working  half\n", told(one));
    m_server->gives(u"tasks/cancel"_s, R"({"taskId":"t","status":"cancelled"})");
    const CliRun cancelled = run({u"tasks"_s, u"cancel"_s, u"t"_s});
    QVERIFY2(cancelled.exitCode == 0 && cancelled.out == "t  cancelled\n", told(cancelled));
    m_server->gives(u"tasks/result"_s, R"({"content":[{"type":"text","text":"late"}]})");
    const CliRun result = run({u"tasks"_s, u"result"_s, u"t"_s});
    QVERIFY2(result.exitCode == 0 && result.out == "late\n", told(result));
}

void TestCliFeatures::tasks_of_the_extension_ask_and_are_answered()
{
    m_server->isModern();
    m_server->gives(u"tools/call"_s,
                    R"({"resultType":"task","taskId":"t","status":"working","pollIntervalMs":1})");
    const QByteArray asks =
        R"({"resultType":"complete","taskId":"t","status":"input_required","pollIntervalMs":1,)"
        R"("inputRequests":{"name":{"method":"elicitation/create","params":{"message":"Who?"}},)"
        R"("where":{"method":"roots/list"}}})";
    m_server->givesInTurn(
        u"tasks/get"_s,
        {asks, asks,
         R"({"resultType":"complete","taskId":"t","status":"completed","result":{"content":[{"type":"text","text":"Hello, Ada"}]}})"});
    m_server->gives(u"tasks/update"_s, R"({"resultType":"complete"})");
    const CliRun task = run(
        {u"call"_s, u"t"_s, u"--task"_s, u"--revision"_s, u"2026-07-28"_s, u"--answer"_s, u"-"_s},
        R"({"roots":[{"uri":"file:///a"}],"elicitation":[{"action":"accept","content":{"n":1}}]})");
    QVERIFY2(task.exitCode == 0 && task.out == "Hello, Ada\n", told(task));
    // Each question is answered once, though it stands in two answers.
    QCOMPARE(m_server->got("tasks/update").size(), 2);
    const QByteArray name = R"({"name":{"action":"accept","content":{"n":1}}})";
    QCOMPARE(sent("tasks/update").raw(sent("tasks/update").find("/params/inputResponses")), name);
    const QByteArray where = R"({"where":{"roots":[{"uri":"file:///a"}]}})";
    QCOMPARE(sent("tasks/update", 1).raw(sent("tasks/update", 1).find("/params/inputResponses")),
             where);
    for (const RawRequest &get : m_server->got("tasks/get"))
        QCOMPARE(get.header("Mcp-Name"), "t"_ba);
    const JsonText call = sent("tools/call");
    QVERIFY(call.find("/params/_meta/io.modelcontextprotocol~1clientCapabilities/extensions/"
                      "io.modelcontextprotocol~1tasks")
            >= 0);
    QVERIFY(call.find("/params/task") < 0);
}

void TestCliFeatures::input_of_the_modern_era_comes_from_the_file()
{
    m_server->isModern();
    m_server->givesInTurn(
        u"tools/call"_s,
        {R"({"resultType":"input_required","requestState":"s","inputRequests":{"q":{"method":"sampling/createMessage","params":{"messages":[{"role":"user","content":{"type":"text","text":"Colour?"}}],"maxTokens":5}}}})",
         R"({"resultType":"complete","content":[{"type":"text","text":"done"}]})"});
    const CliRun call =
        run({u"call"_s, u"t"_s, u"--revision"_s, u"2026-07-28"_s, u"--answer"_s, u"-"_s},
            R"({"sampling":["Blue."]})");
    QVERIFY2(call.exitCode == 0 && call.out == "done\n", told(call));
    QVERIFY2(call.err.contains("“Colour?”: answered"), told(call));
    const JsonText again = sent("tools/call", 1);
    QCOMPARE(again.string(again.find("/params/inputResponses/q/content/text")), u"Blue."_s);
    QCOMPARE(again.string(again.find("/params/requestState")), u"s"_s);
}

void TestCliFeatures::modern_servers_have_other_ways()
{
    m_server->isModern();
    const auto modern = [this](QStringList command) {
        return run(command << u"--revision"_s << u"2026-07-28"_s);
    };
    const CliRun ping = modern({u"ping"_s});
    QVERIFY2(ping.exitCode == 0 && ping.out.endsWith(" ms\n"), told(ping));
    QVERIFY2(ping.err.contains("no ping") && m_server->got("ping").isEmpty(), told(ping));
    const CliRun logs = modern({u"logs"_s});
    QVERIFY2(logs.exitCode == 0 && logs.err.contains("--level"), told(logs));
    const CliRun listen = modern({u"listen"_s});
    QVERIFY2(listen.exitCode == 0 && listen.err.contains("nothing to listen to"), told(listen));
    const CliRun call = modern({u"call"_s, u"t"_s, u"--level"_s, u"error"_s});
    QVERIFY2(call.exitCode == 0, told(call));
    QCOMPARE(
        sent("tools/call")
            .string(sent("tools/call").find("/params/_meta/io.modelcontextprotocol~1logLevel")),
        u"error"_s);
    // Its stream is a request that stays open.
    m_server->isModern(R"({"tools":{"listChanged":true}})");
    m_server->on(u"subscriptions/listen"_s, [](const OddServer::Message &message) {
        openEvents(message.to,
                   sseEvent(notification("notifications/subscriptions/acknowledged",
                                         R"({"notifications":{}})"))
                       + sseEvent(notification("notifications/tools/list_changed", "{}")));
    });
    const CliRun heard = modern({u"listen"_s, u"--seconds"_s, u"1"_s});
    QVERIFY2(heard.exitCode == 0 && heard.out.contains("notifications/tools/list_changed"),
             told(heard));
}

void TestCliFeatures::the_ladder_is_told_data()
{
    QTest::addColumn<bool>("opens");
    QTest::newRow("a server of the legacy era") << true;
    QTest::newRow("a server of no kind") << false;
}

void TestCliFeatures::the_ladder_is_told()
{
    QFETCH(bool, opens);
    m_server->on(u"server/discover"_s,
                 [](const OddServer::Message &message) { message.to.answer(404); });
    if (!opens) {
        m_server->on(u"initialize"_s,
                     [](const OddServer::Message &message) { message.to.answer(404); });
    }
    const CliRun text = run({u"discover"_s});
    const CliRun raw = run({u"discover"_s, u"--json"_s});
    if (!opens) {
        QVERIFY2(text.exitCode == 5 && text.out.isEmpty(), told(text));
        QVERIFY2(text.err.contains("initialize (2025-11-25) was left: the answer was HTTP 404"),
                 told(text));
        return;
    }
    QVERIFY2(text.exitCode == 0 && text.out.contains("found        at try 2, after:\n"),
             told(text));
    QVERIFY2(text.out.contains("server/discover (2026-07-28) was left")
                 && text.out.contains("[exchange 1]"),
             told(text));
    QVERIFY2(text.out.contains("revision     2025-11-25 [exchange 2]\n")
                 && text.out.contains("capabilities tools"),
             told(text));
    const JsonText json = JsonText::parse(raw.out.trimmed());
    QVERIFY2(raw.exitCode == 0 && json.isValid(), told(raw));
    QCOMPARE(json.string(json.find("/transport")), u"streamable-http"_s);
    QCOMPARE(json.raw(json.find("/left/0/exchange")), "1"_ba);
    QCOMPARE(json.string(json.find("/result/serverInfo/name")), u"odd"_s);
}

QTEST_GUILESS_MAIN(TestCliFeatures)
#include "test_cli_features.moc"
