// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The command line's log-ins, kept in a real Secret Service from one command to the next.

#include "tests/support/oauth_wire.h"
#include "tests/support/secret_session.h"

#include <QRegularExpression>
#include <QTest>
#include <QUrlQuery>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

class CliLogIns : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void commands_at_once_renew_a_log_in_once();
    void a_log_in_is_made_anew_where_one_is_kept_data();
    void a_log_in_is_made_anew_where_one_is_kept();
    void a_log_out_says_what_became_of_it_data();
    void a_log_out_says_what_became_of_it();
    void a_registration_alone_is_forgotten();
    void a_locked_keychain_is_told();
    void a_server_that_wants_a_log_in_is_nothing_wrong();
};

namespace {

constexpr int Patience = 20'000;

struct Command {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

/// Somebody's desktop, a server, and commands.
struct Desk {
    Desk()
    {
        wire.tokenMembers["refresh_token"] = "\"r1\"";
        ready = session.startBus() && session.startKeyring("a password");
        server = wire.mcp.url().toString();
    }

    std::unique_ptr<QProcess> start(QStringList arguments)
    {
        auto process = std::make_unique<QProcess>();
        process->setStandardInputFile(QProcess::nullDevice());
        arguments << u"--proxy"_s << u"none"_s;
        startChild(*process, session.environment(),
                   QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli"), arguments);
        return process;
    }
    static Command ended(QProcess &process)
    {
        Command command;
        if (QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, Patience)
            && process.exitStatus() == QProcess::NormalExit)
            command.code = process.exitCode();
        command.out = process.readAllStandardOutput();
        command.err = process.readAllStandardError();
        return command;
    }
    Command run(const QStringList &arguments) { return ended(*start(arguments)); }
    /// With a browser that follows the address that is printed.
    Command logIn(const QStringList &more = {})
    {
        const auto process = start(QStringList{u"login"_s, server, u"--no-browser"_s} + more);
        QByteArray err;
        QUrl url;
        static const QRegularExpression line(u"\\n  (http://\\S+)\\n"_s);
        const bool told = QTest::qWaitFor(
            [&] {
                err += process->readAllStandardError();
                url = QUrl(line.match(QString::fromUtf8(err)).captured(1), QUrl::StrictMode);
                return !url.isEmpty() || process->state() == QProcess::NotRunning;
            },
            Patience);
        if (told && !url.isEmpty()) {
            asked.append(url);
            wire.browser.open(url);
        }
        Command command = ended(*process);
        command.err.prepend(err);
        return command;
    }

    OAuthWire wire;
    SecretSession session;
    QString server;
    QList<QUrl> asked; ///< opened by a browser
    bool ready = false;
};

} // namespace

void CliLogIns::commands_at_once_renew_a_log_in_once()
{
    Desk desk;
    QVERIFY(desk.ready);
    desk.wire.tokenMembers["expires_in"] = "1";
    Command login = desk.logIn();
    QVERIFY2(login.code == 0, login.err);
    // Each refresh token is good once; at a second use all of them end.
    int renewals = 0;
    bool alive = true;
    desk.wire.token = "renewed";
    desk.wire.asPages["/token"] = [&](RawConnection &to, const RawRequest &request) {
        const QUrlQuery form(QString::fromUtf8(request.body));
        alive = alive && form.queryItemValue(u"refresh_token"_s) == u"r%1"_s.arg(++renewals);
        OAuthWire::Members answer = desk.wire.tokenMembers;
        answer["access_token"] = "\"renewed\"";
        answer["expires_in"] = "3600";
        answer["refresh_token"] = "\"r" + QByteArray::number(renewals + 1) + '"';
        OAuthWire::answering(alive ? 200 : 400,
                             alive ? OAuthWire::json(answer)
                                   : R"({"error":"invalid_grant"})")(to, request);
    };
    std::vector<std::unique_ptr<QProcess>> commands;
    for (int i = 0; i < 5; ++i)
        commands.push_back(desk.start({u"tools"_s, desk.server}));
    for (const auto &process : commands) {
        const Command command = Desk::ended(*process);
        QVERIFY2(command.code == 0, command.err);
    }
    QVERIFY(alive);
    QCOMPARE(renewals, 1);
    const Command later = desk.run({u"tools"_s, desk.server});
    QVERIFY2(later.code == 0, later.err);
    QCOMPARE(renewals, 1);
}

void CliLogIns::a_log_in_is_made_anew_where_one_is_kept_data()
{
    QTest::addColumn<bool>("dead"); // what is kept
    QTest::addColumn<QStringList>("options");
    QTest::newRow("it is good") << false << QStringList();
    QTest::newRow("it is dead") << true << QStringList();
    QTest::newRow("another scope is wanted") << false << QStringList{u"--scope"_s, u"more"_s};
}

void CliLogIns::a_log_in_is_made_anew_where_one_is_kept()
{
    QFETCH(bool, dead);
    QFETCH(QStringList, options);
    Desk desk;
    QVERIFY(desk.ready);
    const Command first = desk.logIn();
    QVERIFY2(first.code == 0, first.err);
    if (dead) {
        desk.wire.token = "another";
        const OAuthWire::Page good = desk.wire.asPages["/token"];
        desk.wire.asPages["/token"] = OAuthWire::answering(400, R"({"error":"invalid_grant"})");
        QVERIFY(desk.run({u"tools"_s, desk.server}).code != 0);
        desk.wire.asPages["/token"] = good;
        desk.wire.tokenMembers["access_token"] = "\"another\"";
    }
    const Command again = desk.logIn(options);
    QVERIFY2(again.code == 0, again.err);
    QCOMPARE(desk.asked.size(), 2);
    const QUrlQuery query(desk.asked.constLast());
    QCOMPARE(query.queryItemValue(u"scope"_s), options.value(1, u"read"_s));
    const Command use = desk.run({u"tools"_s, desk.server});
    QVERIFY2(use.code == 0, use.err);
}

void CliLogIns::a_log_out_says_what_became_of_it_data()
{
    QTest::addColumn<bool>("offered");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("revoked") << true << QByteArray("revoked and forgotten");
    QTest::newRow("not offered") << false << QByteArray("Nothing was revoked");
}

void CliLogIns::a_log_out_says_what_became_of_it()
{
    QFETCH(bool, offered);
    QFETCH(QByteArray, says);
    Desk desk;
    QVERIFY(desk.ready);
    if (offered)
        desk.wire.serverMembers["revocation_endpoint"] = '"' + desk.wire.issuer() + "/revoke\"";
    else
        desk.wire.serverMembers.remove("revocation_endpoint");
    QCOMPARE(desk.logIn().code, 0);
    const Command out = desk.run({u"logout"_s, desk.server});
    QVERIFY2(out.code == 0, out.err);
    QVERIFY2(out.out.contains(says), out.out);
    QCOMPARE(OAuthWire::got(desk.wire.as, "/revoke").size(), offered ? 1 : 0);
    QVERIFY(desk.run({u"logout"_s, desk.server}).out.contains("no log-in"));
}

void CliLogIns::a_registration_alone_is_forgotten()
{
    Desk desk;
    QVERIFY(desk.ready);
    const Command nobody =
        desk.run({u"login"_s, desk.server, u"--no-browser"_s, u"--browser-timeout"_s, u"1"_s});
    QVERIFY2(nobody.err.contains("AF-48"), nobody.err);
    QCOMPARE(OAuthWire::got(desk.wire.as, "/register").size(), 1);
    const Command out = desk.run({u"logout"_s, desk.server});
    QVERIFY2(out.out.contains("is forgotten"), out.out + out.err);
    QCOMPARE(desk.logIn().code, 0);
    QCOMPARE(OAuthWire::got(desk.wire.as, "/register").size(), 2);
}

void CliLogIns::a_locked_keychain_is_told()
{
    Desk desk;
    QVERIFY(desk.ready);
    QCOMPARE(desk.logIn().code, 0);
    desk.session.endKeyring();
    QVERIFY(desk.session.startKeyring({}));
    const Command token = desk.run({u"token"_s, desk.server});
    QCOMPARE(token.code, 2);
    QVERIFY2(token.err.contains("keychain"), token.err);
    QVERIFY2(!token.err.contains("No log-in is kept"), token.err);
}

void CliLogIns::a_server_that_wants_a_log_in_is_nothing_wrong()
{
    Desk desk;
    QVERIFY(desk.ready);
    const Command explained = desk.run({u"explain"_s, desk.server, u"--json"_s});
    QCOMPARE(explained.out.trimmed(), QByteArray(R"({"findings":[]})"));
    QVERIFY2(explained.err.contains("sightglass-cli login"), explained.err);
    QCOMPARE(explained.code, 0);
}

QTEST_GUILESS_MAIN(CliLogIns)
#include "test_cli_log_ins.moc"
