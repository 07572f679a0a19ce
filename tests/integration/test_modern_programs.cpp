// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Programs of the modern era (2026-07-28), each a few lines of shell.

#include "tests/support/cli_run.h"
#include "tests/support/session_probe.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(800)
        + ", stderr: " + run.err.left(1200);
}

/// A line of shell that prints a message; $id is the id of the request at hand.
QString prints(const QString &message)
{
    return u"printf '%s\\n' '{\"jsonrpc\":\"2.0\",%1}'"_s.arg(
        QString(message).replace(u"$id"_s, u"'$id'"_s));
}

QString says(const QString &result)
{
    return prints(u"\"id\":$id,\"result\":%1"_s.arg(result));
}

/// A notification on the subscription with that id.
QString notifies(const QString &method, const QString &id, const QString &more)
{
    return prints(
        u"\"method\":\"notifications/%1\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":%2},%3}"_s
            .arg(method, id, more));
}

QString acknowledges()
{
    return notifies(u"subscriptions/acknowledged"_s, u"$id"_s,
                    u"\"notifications\":{\"resourceSubscriptions\":[\"x://1\"]}"_s);
}

/// What the program does on each request; each line that it got is appended to `log`.
struct Script {
    QString listen = acknowledges();
    QString ping = says(u"{\"resultType\":\"complete\"}"_s);
    QString discover = says(
        u"{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"resources\":{\"subscribe\":true}},\"ttlMs\":0,\"cacheScope\":\"private\"}"_s);
};

QStringList shell(const Script &script, const QString &log)
{
    QString text = u"while read -r line; do printf '%s\\n' \"$line\" >> '%1'\n"
                   "id=$(printf '%s' \"$line\" | sed 's/.*\"id\":\\([0-9]*\\).*/\\1/')\n"
                   "case \"$line\" in\n"_s.arg(log);
    const std::pair<QString, QString> cases[] = {
        {u"server/discover"_s, script.discover},
        {u"subscriptions/listen"_s, script.listen},
        {u"ping"_s, script.ping},
    };
    for (const auto &[method, does] : cases)
        text += u"*'\"method\":\"%1\"'*) %2 ;;\n"_s.arg(method, does);
    return {u"-c"_s, text + u"esac\ndone"_s};
}

} // namespace

class TestModernPrograms : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void a_program_that_ended_is_not_subscribed_to_again();
    void a_request_of_the_program_is_told_and_not_answered();
    void a_program_that_asks_before_the_era_is_known_is_answered();
    void a_subscription_that_the_program_cancels_is_asked_for_again();
    void a_notification_of_no_subscription_of_ours_is_told();

private:
    CliRun run(const QStringList &command, const Script &script) const
    {
        return runCli(command + QStringList{u"--"_s, u"sh"_s} + shell(script, log()));
    }
    ServerTarget target(const Script &script) const
    {
        ServerTarget target;
        target.command = ServerCommand{u"sh"_s, shell(script, log()), {}, {}};
        target.offer = {.roots = true, .sampling = true, .elicitation = true, .tasks = false};
        target.requestTimeoutMs = 20'000;
        return target;
    }
    QString log() const { return m_folder->filePath(u"log"_s); }
    /// The lines that the program got.
    QByteArrayList got() const
    {
        QFile file(log());
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().split('\n')
                                              : QByteArrayList();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestModernPrograms::a_program_that_ended_is_not_subscribed_to_again()
{
    Script script;
    script.listen += u"; exit 4"_s;
    const QString recording = m_folder->filePath(u"r.sgt"_s);
    const CliRun subscribe =
        run({u"subscribe"_s, u"x://1"_s, u"--seconds"_s, u"30"_s, u"--trace"_s, recording}, script);
    QVERIFY2(subscribe.exitCode == 3, told(subscribe));
    QVERIFY2(subscribe.err.contains("The program sh ended with exit code 4"), told(subscribe));
    QVERIFY2(!subscribe.err.contains("Tried again"), told(subscribe));
    // What was not written anywhere is not recorded as if it had been.
    const CliRun trace = runCli({u"trace"_s, recording});
    QVERIFY2(trace.out.count("STDIN") == got().size(), trace.out + got().join('\n'));
}

void TestModernPrograms::a_request_of_the_program_is_told_and_not_answered()
{
    Script script;
    script.ping.prepend(prints(u"\"id\":9,\"method\":\"sampling/createMessage\",\"params\":{}"_s)
                        + u"; "_s + prints(u"\"id\":10,\"method\":\"ping\""_s) + u"; "_s);
    SessionProbe probe;
    bool asked = false;
    connect(&probe.session(), &Session::serverRequested, this, [&asked] { asked = true; });
    QVERIFY2(probe.connectTo(target(script)), SessionProbe::explain(probe.state().failure));
    QVERIFY(!probe.request({"ping", {}}).failure);
    // Whatever was written before this has arrived with it.
    QVERIFY(!probe.request({"ping", {}}).failure);
    QVERIFY(!asked);
    QVERIFY(probe.session().state().remarks.first().text.contains("sampling/createMessage"_L1));
    for (const QByteArray &line : got())
        QVERIFY2(line.contains("\"method\":"), line);
}

void TestModernPrograms::a_program_that_asks_before_the_era_is_known_is_answered()
{
    // A legacy one that wants to be answered before it goes on.
    Script script;
    script.discover = prints(u"\"id\":\"mine\",\"method\":\"ping\""_s)
        + u"; read -r pong; printf '%s\\n' \"$pong\" >> '"_s + log() + u"'; "_s
        + prints(u"\"id\":$id,\"error\":{\"code\":-32601,\"message\":\"no\"}"_s);
    QStringList lines = shell(script, log());
    lines.last().replace(
        u"*'\"method\":\"ping\"'*)"_s,
        u"*'\"method\":\"initialize\"'*) %1 ;;\n*'\"method\":\"ping\"'*)"_s.arg(says(
            u"{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}"_s)));
    const CliRun ping = runCli(QStringList{u"ping"_s, u"--"_s, u"sh"_s} + lines);
    QVERIFY2(ping.exitCode == 0, told(ping));
    QVERIFY2(got().contains("{\"jsonrpc\":\"2.0\",\"id\":\"mine\",\"result\":{}}"),
             got().join('\n'));
    QVERIFY2(!ping.err.contains("note"), told(ping));
}

void TestModernPrograms::a_subscription_that_the_program_cancels_is_asked_for_again()
{
    Script script;
    // Once.
    script.listen += u"; test -e '%1.once' || { touch '%1.once'; %2; }"_s.arg(
        log(), notifies(u"cancelled"_s, u"$id"_s, u"\"requestId\":$id,\"reason\":\"bye\""_s));
    const CliRun subscribe = run({u"subscribe"_s, u"x://1"_s, u"--seconds"_s, u"4"_s}, script);
    QVERIFY2(subscribe.exitCode == 0, told(subscribe));
    QVERIFY2(subscribe.err.contains("bye") && subscribe.err.contains("Tried again in"),
             told(subscribe));
    int listens = 0;
    for (const QByteArray &line : got())
        listens += line.contains("\"subscriptions/listen\"");
    QCOMPARE(listens, 2);
    // It is over by the server's word: there is nothing to cancel but the second, at the end.
    QCOMPARE(got().join().count("notifications/cancelled"), 1);
}

void TestModernPrograms::a_notification_of_no_subscription_of_ours_is_told()
{
    Script script;
    script.listen += u"; "_s
        + notifies(u"resources/updated"_s, u"999"_s, u"\"uri\":\"x://wrong\""_s) + u"; "_s
        + notifies(u"resources/updated"_s, u"$id"_s, u"\"uri\":\"x://1\""_s);
    const CliRun subscribe = run({u"subscribe"_s, u"x://1"_s, u"--seconds"_s, u"2"_s}, script);
    QVERIFY2(subscribe.exitCode == 0, told(subscribe));
    QVERIFY2(subscribe.out.contains("x://1") && !subscribe.out.contains("x://wrong"),
             told(subscribe));
    QVERIFY2(subscribe.err.contains("notifications/resources/updated for the subscription 999"),
             told(subscribe));
}

Q_DECLARE_METATYPE(Script)
QTEST_GUILESS_MAIN(TestModernPrograms)
#include "test_modern_programs.moc"
