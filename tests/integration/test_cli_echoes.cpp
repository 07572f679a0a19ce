// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/cli_run.h"
#include "tests/support/odd_server.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QString Token = QStringLiteral("sk-4711-secret");
const QString Cookie = QStringLiteral("cookie-5555-secret");
const QString Password = QStringLiteral("basic-7777-secret");
const QString Key = QStringLiteral("key-0815-secret");

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(400)
        + ", stderr: " + run.err.left(800);
}

QStringList environment()
{
    return {u"TOKEN="_s + Token, u"BASIC=me:"_s + Password, u"KEY="_s + Key};
}

} // namespace

/// A server may say again what it was sent: the terminal and its scroll-back, the log of a build,
/// get the fingerprint.
class TestCliEchoes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_refusal_that_quotes_a_credential_shows_none_of_it_data();
    void a_refusal_that_quotes_a_credential_shows_none_of_it();
    void secrets_of_a_command_are_in_no_recording_and_no_export();
    void secrets_are_shown_where_they_are_asked_for();
    void a_result_for_people_shows_none_and_json_is_the_servers();
    void a_cookie_that_the_server_set_is_shown_nowhere();
    void a_session_id_is_a_pseudonym_in_recordings_and_exports();
};

void TestCliEchoes::a_refusal_that_quotes_a_credential_shows_none_of_it_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("token") << QStringList{u"--bearer-env"_s, u"TOKEN"_s}
                           << QByteArray("Authorization");
    QTest::newRow("password") << QStringList{u"--basic-env"_s, u"BASIC"_s}
                              << QByteArray("Authorization");
    QTest::newRow("cookie") << QStringList{u"--cookie"_s, u"sid="_s + Cookie}
                            << QByteArray("Cookie");
    QTest::newRow("secret header")
        << QStringList{u"--header-env"_s, u"X-Api-Key: KEY"_s} << QByteArray("X-Api-Key");
}

void TestCliEchoes::a_refusal_that_quotes_a_credential_shows_none_of_it()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, header);
    OddServer odd;
    QVERIFY(odd.listening);
    QByteArray echoed;
    const auto refuse = [&](const OddServer::Message &message) {
        echoed = message.http.header(header);
        QByteArray said = echoed;
        if (said.startsWith("Basic "))
            said += " is " + QByteArray::fromBase64(said.mid(6));
        message.to.answer(401, {},
                          "WWW-Authenticate: Bearer error=\"invalid_token\", "
                          "error_description=\"the value "
                              + said + " is bad\"\r\n");
    };
    odd.on(u"initialize"_s, refuse);
    odd.on(u"server/discover"_s, refuse);
    const CliRun run =
        runCli(QStringList{u"tools"_s, odd.server.url().toString()} + options, environment());
    QCOMPARE(run.exitCode, 4);
    QVERIFY(!echoed.isEmpty());
    QVERIFY2(run.err.contains("is bad"), told(run));
    const QByteArray bare = echoed.mid(echoed.indexOf(' ') + 1);
    for (const QByteArray &secret : {QByteArray("-secret"), bare})
        QVERIFY2(!run.err.contains(secret) && !run.out.contains(secret), told(run));
    static const QRegularExpression mark(u"~[0-9a-f]{4}"_s);
    QVERIFY2(QString::fromUtf8(run.err).contains(mark), told(run));
}

void TestCliEchoes::secrets_of_a_command_are_in_no_recording_and_no_export()
{
    QTemporaryDir folder;
    const QString clean = folder.filePath(u"clean.trace"_s);
    const QString whole = folder.filePath(u"whole.trace"_s);
    const QString script = folder.filePath(u"srv.sh"_s);
    QFile file(script);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("echo \"got $MY_TOKEN and $2\" >&2\nexec '" SIGHTGLASS_BIN_DIR
               "/sightglass-cli' lab --stdio\n");
    file.close();
    const QStringList command{u"tools"_s,
                              u"--"_s,
                              u"sh"_s,
                              script,
                              u"--token"_s,
                              u"SECRETARG1"_s,
                              u"--api-key=SECRETARG2"_s,
                              u"--password"_s,
                              u"SECRETWORD"_s};
    const QString env = u"MY_TOKEN=SECRETENV1"_s;
    const CliRun run = runCli(QStringList{u"--env"_s, env, u"--trace"_s, clean} + command);
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(!run.out.contains("SECRET") && !run.err.contains("SECRET"), told(run));
    QVERIFY(runCli(QStringList{u"--env"_s, env, u"--show-secrets"_s, u"--trace"_s, whole} + command)
                .exitCode
            == 0);
    QByteArrayList ways{"", "har", "jsonl", "markdown", "text", "otlp"};
    for (const QString &recording : {clean, whole}) {
        for (const QByteArray &way : std::as_const(ways)) {
            QStringList words{u"trace"_s, recording};
            if (!way.isEmpty())
                words << u"--export"_s << QString::fromLatin1(way);
            const CliRun shown = runCli(words);
            QVERIFY2(shown.exitCode == 0, told(shown));
            QVERIFY2(shown.out.contains("srv.sh"), way + ' ' + told(shown));
            for (const char *secret : {"SECRETARG1", "SECRETARG2", "SECRETWORD"})
                QVERIFY2(!shown.out.contains(secret), secret + (' ' + way + ' ') + shown.out);
            // A recording with secrets has no environment to know its values from.
            QVERIFY2(recording == whole || !shown.out.contains("SECRETENV1"), way);
        }
    }
    const CliRun shown = runCli({u"trace"_s, clean, u"--export"_s, u"jsonl"_s});
    QVERIFY2(shown.out.contains("got ~"), shown.out);
}

void TestCliEchoes::secrets_are_shown_where_they_are_asked_for()
{
    OddServer odd;
    odd.on(u"initialize"_s, [&](const OddServer::Message &message) {
        message.to.answer(401, {},
                          "WWW-Authenticate: Bearer error_description=\""
                              + message.http.header("Authorization") + " is bad\"\r\n");
    });
    const CliRun run = runCli({u"tools"_s, odd.server.url().toString(), u"--bearer-env"_s,
                               u"TOKEN"_s, u"--show-secrets"_s},
                              environment());
    QVERIFY2(run.err.contains(Token.toUtf8() + " is bad"), told(run));
}

void TestCliEchoes::a_result_for_people_shows_none_and_json_is_the_servers()
{
    OddServer odd;
    odd.on(u"tools/call"_s, [](const OddServer::Message &message) {
        message.to.answer(200,
                          rpcResult(message.id,
                                    R"({"content":[{"type":"text","text":"you sent )"
                                        + message.http.header("Authorization") + R"("}]})"),
                          Json);
    });
    const QStringList command{u"call"_s, odd.server.url().toString(), u"echo"_s, u"--bearer-env"_s,
                              u"TOKEN"_s};
    const CliRun people = runCli(command, environment());
    QVERIFY2(people.out.contains("you sent Bearer ~"), told(people));
    QVERIFY2(!people.out.contains(Token.toUtf8()), told(people));
    const CliRun json = runCli(command + QStringList{u"--json"_s}, environment());
    QVERIFY2(json.out.contains(Token.toUtf8()), told(json));
}

void TestCliEchoes::a_cookie_that_the_server_set_is_shown_nowhere()
{
    const QByteArray set = "server-set-9876";
    const QByteArray later = "server-set-later-1";
    OddServer odd;
    QVERIFY(odd.listening);
    const auto discover = [&](const OddServer::Message &message) {
        message.to.answer(404, {}, "Set-Cookie: sess=" + set + "; Path=/\r\n");
    };
    odd.on(u"server/discover"_s, discover);
    QByteArray sent;
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        sent = message.http.header("Cookie");
        // Also what is set by the very answer that tells it.
        message.to.answer(200,
                          rpcResult(message.id,
                                    R"({"content":[{"type":"text","text":"you sent )" + sent
                                        + ", next " + later + R"("}]})"),
                          Json + "Set-Cookie: sess=" + later + "; Path=/\r\n");
    });
    const CliRun run = runCli({u"call"_s, odd.server.url().toString(), u"echo"_s});
    QCOMPARE(sent, "sess=" + set);
    QVERIFY2(run.out.contains("you sent sess=~"), told(run));
    QVERIFY2(!run.out.contains(set) && !run.err.contains(set), told(run));
    QVERIFY2(!run.out.contains(later) && !run.err.contains(later), told(run));
}

void TestCliEchoes::a_session_id_is_a_pseudonym_in_recordings_and_exports()
{
    QTemporaryDir folder;
    OddServer odd;
    QVERIFY(odd.listening);
    odd.session = "5e55-10n0-id-of-a-session";
    const QStringList command{u"call"_s, odd.server.url().toString(), u"echo"_s};
    const QString clean = folder.filePath(u"clean.trace"_s);
    const QString whole = folder.filePath(u"whole.trace"_s);
    QCOMPARE(runCli(command + QStringList{u"--trace"_s, clean}).exitCode, 0);
    QCOMPARE(runCli(command + QStringList{u"--show-secrets"_s, u"--trace"_s, whole}).exitCode, 0);
    for (const QString &recording : {clean, whole}) {
        for (const char *way : {"har", "curl", "jsonl", "markdown", "text", "otlp"}) {
            const CliRun shown =
                runCli({u"trace"_s, recording, u"--export"_s, QString::fromLatin1(way)});
            QVERIFY2(shown.exitCode == 0, told(shown));
            QVERIFY2(!shown.out.contains(odd.session), way + (' ' + shown.out));
        }
        const CliRun lines = runCli({u"trace"_s, recording, u"--export"_s, u"jsonl"_s});
        // One sees which requests carried the same.
        static const QRegularExpression pseudonym(
            u"Mcp-Session-Id\",\"value\":\"(~[0-9a-f]{4})\""_s,
            QRegularExpression::CaseInsensitiveOption);
        QStringList seen;
        for (auto it = pseudonym.globalMatch(QString::fromUtf8(lines.out)); it.hasNext();)
            seen << it.next().captured(1);
        QVERIFY2(seen.size() >= 2, lines.out);
        seen.removeDuplicates();
        QCOMPARE(seen.size(), 1);
    }
    QVERIFY(runCli({u"trace"_s, whole, u"--json"_s}).out.contains(odd.session));
}

QTEST_GUILESS_MAIN(TestCliEchoes)
#include "test_cli_echoes.moc"
