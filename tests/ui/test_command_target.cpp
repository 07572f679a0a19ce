// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_probe.h"
#include "ui/connection/command_panel.h"
#include "ui/connection/typed_target.h"
#include "ui/pages/start_page.h"
#include "ui/recent_servers.h"
#include "ui/widgets/choice_card.h"
#include "ui/widgets/recent_row.h"

#include <QPlainTextEdit>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// A program as the server, from the connection line.
class TestCommandTarget : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void oneRuleTellsUrlsFilesAndCommands_data();
    void oneRuleTellsUrlsFilesAndCommands();
    void aProgramIsStartedAndSpokenTo();
    void aProgramOfTheRecentIsShownBeforeItStarts();
    void whyAProgramDoesNotServeIsSaid_data();
    void whyAProgramDoesNotServeIsSaid();
    void thePanelAndTheLineAreOne();
    void anOpenQuoteIsSaidInPlace();
    void recentCommandsHoldNoSecret();
    void theStartPageOffersIt();

private:
    static QString labCommand()
    {
        return QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli lab --stdio");
    }
};

void TestCommandTarget::oneRuleTellsUrlsFilesAndCommands_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<TypedKind>("kind");
    QTest::newRow("nothing") << u"  "_s << TypedKind::Nothing;
    QTest::newRow("url") << u"http://127.0.0.1:3000/mcp"_s << TypedKind::Url;
    QTest::newRow("host") << u"example.org"_s << TypedKind::Url;
    QTest::newRow("host and port") << u"localhost:3000/mcp"_s << TypedKind::Url;
    QTest::newRow("a url with a space") << u"http://example.org/a b"_s << TypedKind::Url;
    QTest::newRow("words") << u"node server.js"_s << TypedKind::Command;
    QTest::newRow("a url as an argument") << u"npx x http://a"_s << TypedKind::Command;
    QTest::newRow("quoted") << u"'my server'"_s << TypedKind::Command;
    QTest::newRow("a program in PATH") << u"sh"_s << TypedKind::Command;
    QTest::newRow("a program by path") << u"/bin/sh"_s << TypedKind::Command;
    QTest::newRow("no such path") << u"/no/such/thing"_s << TypedKind::Command;
    QTest::newRow("a file") << QStringLiteral(SIGHTGLASS_SOURCE_DIR "/README.md")
                            << TypedKind::Recording;
    QTest::newRow("a file URL") << u"file:///tmp/a.sgtrace"_s << TypedKind::Recording;
    QTest::newRow("another scheme") << u"ftp://example.org"_s << TypedKind::Url;
}

void TestCommandTarget::oneRuleTellsUrlsFilesAndCommands()
{
    QFETCH(QString, typed);
    QFETCH(TypedKind, kind);
    QCOMPARE(typedKind(typed), kind);
}

void TestCommandTarget::aProgramIsStartedAndSpokenTo()
{
    WindowProbe probe;
    probe.enter(labCommand());
    QTRY_VERIFY2_WITH_TIMEOUT(probe.state().phase == SessionPhase::Ready,
                              qPrintable(probe.banner()), 20000);
    QVERIFY(probe.state().isProgram);
    QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000);
    probe.window->showPage(u"server"_s);
    QVERIFY(probe.says(u"standard streams of a program"_s));
    QVERIFY(probe.window->windowTitle().startsWith("sightglass-cli"_L1));
}

void TestCommandTarget::aProgramOfTheRecentIsShownBeforeItStarts()
{
    WindowProbe probe;
    probe.enter(labCommand());
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 20000);
    probe.session->disconnectFrom();
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Idle, 10000);
    probe.window->showPage(u"start"_s);
    auto *row = probe.part<StartPage>()->findChild<RecentRow *>();
    QVERIFY(row);
    row->click();
    QCOMPARE(probe.state().phase, SessionPhase::Idle);
    QCOMPARE(probe.addressEdit()->text(), labCommand());
    QVERIFY2(probe.banner().contains(labCommand()), qPrintable(probe.banner()));
    probe.link(u"Start"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 20000);
}

void TestCommandTarget::whyAProgramDoesNotServeIsSaid_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QStringList>("said");
    QTest::newRow("missing") << u"no-such-program-here --stdio"_s
                             << QStringList{u"no-such-program-here"_s};
    QTest::newRow("not to be run") << QStringLiteral(SIGHTGLASS_SOURCE_DIR "/README.md --stdio")
                                   << QStringList{u"README.md"_s};
    QTest::newRow("ends") << u"sh -c 'echo the disk is full >&2; exit 3'"_s
                          << QStringList{u"3"_s, u"the disk is full"_s};
    QTest::newRow("dies") << u"sh -c 'kill -9 $$'"_s << QStringList{u"9"_s};
}

void TestCommandTarget::whyAProgramDoesNotServeIsSaid()
{
    QFETCH(QString, command);
    QFETCH(QStringList, said);
    WindowProbe probe;
    probe.enter(command);
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Failed, 20000);
    const auto spoken = [&] {
        const QStringList all = probe.texts(probe.part<Banner>());
        return std::all_of(said.cbegin(), said.cend(),
                           [&all](const QString &words) { return all.join(u' ').contains(words); });
    };
    QTRY_VERIFY2(spoken(), qPrintable(probe.texts(probe.part<Banner>()).join(u'|')));
}

void TestCommandTarget::thePanelAndTheLineAreOne()
{
    WindowProbe probe;
    QLineEdit *edit = probe.addressEdit();
    edit->setFocus();
    QTest::keyClicks(edit, u"node 'my server.js' --port 1"_s);
    auto *line = probe.part<ConnectionLine>();
    QVERIFY(line->isCommand());
    QVERIFY(!line->target()->command->program.isEmpty());
    line->openCommand();
    auto *panel = probe.part<CommandPanel>();
    QVERIFY(panel->isVisible());
    QCOMPARE(panel->command().arguments, QStringList({u"my server.js"_s, u"--port"_s, u"1"_s}));
    panel->findChild<QPlainTextEdit *>()->setPlainText(u"a b\nc"_s);
    QCOMPARE(edit->text(), u"node 'a b' c"_s);
    // Credentials of a server on HTTP are not for a program.
    Credentials credentials;
    credentials.bearer = "secret";
    line->setCredentials(credentials);
    QVERIFY(line->target()->credentials.isEmpty());
}

void TestCommandTarget::anOpenQuoteIsSaidInPlace()
{
    WindowProbe probe;
    probe.enter(u"node 'half"_s);
    QCOMPARE(probe.state().phase, SessionPhase::Idle);
    QVERIFY(!probe.addressEdit()->accessibleDescription().isEmpty());
}

void TestCommandTarget::recentCommandsHoldNoSecret()
{
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
    RecentServers recent(&settings);
    ServerTarget target;
    target.command.emplace();
    target.command->program = u"server"_s;
    target.command->arguments = {u"--api-key=hidden-one"_s, u"--token"_s, u"hidden-two"_s,
                                 u"--port"_s, u"80"_s};
    target.command->workingFolder = u"/srv"_s;
    target.command->environment = {{u"MARKED"_s, u"hidden-three"_s, true},
                                   {u"API_KEY"_s, u"hidden-four"_s, false},
                                   {u"LANG"_s, u"C"_s, false}};
    recent.remember(target, {}, 3, QDateTime::currentDateTimeUtc());
    settings.sync();
    QFile file(settings.fileName());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray written = file.readAll();
    QVERIFY(written.contains("/srv"));
    QVERIFY2(!written.contains("hidden"), written);
    const RecentServers again(&settings);
    QCOMPARE(again.list(), recent.list());
    QCOMPARE(again.list().constFirst().command->arguments.constLast(), u"80"_s);
    QVERIFY(again.find(recent.list().constFirst().address()));
}

void TestCommandTarget::theStartPageOffersIt()
{
    WindowProbe probe;
    bool offered = false;
    for (ChoiceCard *card : probe.part<StartPage>()->findChildren<ChoiceCard *>()) {
        if (card->text() != "Run a command"_L1)
            continue;
        offered = true;
        card->click();
    }
    QVERIFY(offered);
    QCOMPARE(QApplication::focusWidget(), probe.addressEdit());
    QVERIFY(probe.addressEdit()->placeholderText().startsWith("Command"_L1));
}

QTEST_MAIN(TestCommandTarget)
#include "test_command_target.moc"
