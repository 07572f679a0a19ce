// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_server.h"
#include "tests/ui/window_probe.h"
#include "ui/connection/credentials_panel.h"
#include "ui/connection/header_rows.h"
#include "ui/pages/tool_panel.h"
#include "ui/pages/tools_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/widgets/arguments_editor.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QListView>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTimer>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

/// How long the GUI's event loop was away at most, to be read in the log.
class Heartbeat : public QTimer {
public:
    Heartbeat()
    {
        m_since.start();
        connect(this, &QTimer::timeout, this, [this] {
            m_longest = std::max(m_longest, m_since.restart());
            ++m_beats;
        });
        start(5);
    }
    qint64 longest() const { return m_longest; } ///< milliseconds
    int beats() const { return m_beats; }

private:
    QElapsedTimer m_since;
    qint64 m_longest = 0;
    int m_beats = 0;
};

} // namespace

/// Whatever is typed or comes in: a clear sentence in place, nothing recorded is lost, the window
/// goes on.
class TestBadInputInWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void addresses_data();
    void addresses();
    void nobodyThere_data();
    void nobodyThere();
    void servers_data();
    void servers();
    void aSilentServerIsGivenUpAfterItsTime();
    void aHugeResultLeavesTheWindowAlive();
    void aHugeResultCanBeCancelled();
    void headersThatCannotBeSent_data();
    void headersThatCannotBeSent();
    void aRecordingThatIsNone_data();
    void aRecordingThatIsNone();

private:
    static void expectAlive(WindowProbe &probe);
};

/// The window still takes commands: it can practise.
void TestBadInputInWindow::expectAlive(WindowProbe &probe)
{
    QVERIFY(!QApplication::activeModalWidget());
    LabProbe good;
    QVERIFY(good.start());
    probe.enter(good.url().toString());
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().url, good.url(), 15000);
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 15000);
    QTRY_VERIFY(probe.railCount(u"tools"_s) > 5);
    QTRY_COMPARE(probe.banner(), QString());
    QCOMPARE(probe.connectButton()->text(), u"Disconnect"_s);
}

void TestBadInputInWindow::addresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << u""_s << u"No URL"_s;
    QTest::newRow("spaces") << u"   "_s << u"No URL"_s;
    QTest::newRow("wrong scheme") << u"ftp://example.org/mcp"_s << u"ftp"_s;
    QTest::newRow("javascript") << u"javascript:alert(1)"_s << u"javascript"_s;
    QTest::newRow("no host") << u"http:///mcp"_s << u"host"_s;
    QTest::newRow("port too large") << u"http://127.0.0.1:99999/mcp"_s << u"99999"_s;
    QTest::newRow("a space inside") << u"http://exam ple.org/mcp"_s << u"exam"_s;
    QTest::newRow("no such file") << u"/nowhere/session.sgtrace"_s << u"/nowhere"_s;
}

void TestBadInputInWindow::addresses()
{
    QFETCH(QString, address);
    QFETCH(QString, says);
    WindowProbe probe;
    probe.enter(address);
    const QString said = probe.addressEdit()->accessibleDescription();
    QVERIFY2(said.contains(says), qPrintable(said));
    QVERIFY(said.endsWith(u'.'));
    QVERIFY(probe.says(said)); // under the line, not in a dialog
    QVERIFY(probe.addressEdit()->hasFocus());
    QCOMPARE(probe.session->trace()->exchangeCount(), 0);
    QCOMPARE(probe.connectButton()->text(), u"Connect"_s);
    expectAlive(probe);
    QVERIFY(probe.addressEdit()->accessibleDescription().isEmpty());
}

void TestBadInputInWindow::nobodyThere_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("says");
    // Port 1 of loopback is nobody's; ".invalid" is no name by RFC 6761.
    QTest::newRow("closed port") << u"http://127.0.0.1:1/mcp"_s << u"127.0.0.1:1"_s;
    QTest::newRow("unknown host") << u"http://nobody.invalid/mcp"_s << u"nobody.invalid"_s;
}

void TestBadInputInWindow::nobodyThere()
{
    QFETCH(QString, address);
    QFETCH(QString, says);
    WindowProbe probe;
    probe.enter(address);
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Failed, 20000);
    QTRY_VERIFY2(probe.banner().contains(says), qPrintable(probe.banner()));
    QVERIFY(probe.banner().contains(u"AF-99"_s));
    QCOMPARE(probe.connectButton()->text(), u"Connect"_s);
    QCOMPARE(probe.status().section(u'\n', 0, 0), u"not connected: the last try failed"_s);
    QVERIFY(probe.link(u"Retry"_s));
    LinkButton *show = probe.link(u"Show"_s);
    QVERIFY(show);
    show->click();
    QTRY_VERIFY(probe.part<TrafficPage>()->currentExchange() > 0);
    expectAlive(probe);
}

void TestBadInputInWindow::servers_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<bool>("inCall"); ///< played when the tool is called, else from the start
    QTest::addColumn<bool>("fails");
    QTest::addColumn<QString>("says");
    const auto start = [](const char *fault, const char *says) {
        QTest::newRow(fault) << QString::fromLatin1(fault) << false << true
                             << QString::fromUtf8(says);
    };
    const auto tolerated = [](const char *fault, const char *says) {
        QTest::newRow(fault) << QString::fromLatin1(fault) << false << false
                             << QString::fromUtf8(says);
    };
    const auto call = [](const char *fault, bool fails, const char *says) {
        QTest::addRow("%s in a call", fault)
            << QString::fromLatin1(fault) << true << fails << QString::fromUtf8(says);
    };
    start("html", "web page");
    start("AF-91", "AF-91");
    start("empty-body", "empty body");
    start("wrong-content-type", "text/plain");
    start("truncated-json@initialize", "not valid");
    start("AF-20", "AF-20");
    start("AF-67", "AF-67");
    start("AF-85", "AF-85");
    start("AF-92", "AF-92");
    start("AF-98", "Retry-After");
    start("AF-99", "AF-99");
    start("redirect-loop", "loop");
    start("truncated-json@tools/list", "not valid");
    start("endless-pages", "1000 pages");
    tolerated("tool-without-name", "(no name)");
    tolerated("schema-not-object", "inputSchema is no object");
    tolerated("AF-80", "echo");
    call("truncated-json", true, "not valid");
    call("invalid-utf8", true, "UTF-8");
    call("deep-nesting", false, "This goes deep.");
    call("big-numbers", false, "Some numbers are big.");
    call("duplicate-keys", false, "the second");
    call("unknown-id", true, "AF-97");
    call("AF-97", false, "hello");
    call("answers-twice", false, "hello");
    call("error-without-code", true, "without a code");
    call("notification-with-id", false, "hello");
    call("chunked-broken-off", true, "cut off");
    call("lying-content-length", true, "cut off");
    call("AF-99", true, "AF-99");
    call("malformed-events", false, "hello");
    call("dies-mid-event", false, "hello");
    call("html", true, "web page");
    call("empty-body", true, "empty body");
}

void TestBadInputInWindow::servers()
{
    QFETCH(QString, fault);
    QFETCH(bool, inCall);
    QFETCH(bool, fails);
    QFETCH(QString, says);
    LabProbe lab(LabSettings{.retryMs = 50, .pingMs = 0});
    QVERIFY(lab.start());
    WindowProbe probe;
    Heartbeat heart;
    auto shown = [&probe] {
        QStringList all = probe.texts();
        for (const QPlainTextEdit *edit : probe.window->findChildren<QPlainTextEdit *>()) {
            if (edit->isVisible())
                all.append(edit->toPlainText());
        }
        const QAbstractItemModel *tools =
            probe.part<ToolsPage>()->findChild<QListView *>()->model();
        for (int row = 0; row < std::min(tools->rowCount(), 100); ++row)
            all.append(tools->index(row, 0).data().toString());
        return all.join(u'\n');
    };
    if (!inCall)
        lab->setPlay({fault});
    probe.enter(lab.url().toString());
    if (inCall) {
        QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000);
        QVERIFY(probe.part<ToolsPage>()->selectTool(u"echo"_s));
        probe.part<ToolPanel>()->findChild<ArgumentsEditor *>()->setArguments(
            "{\"message\": \"hello\"}");
        lab->setPlay({fault});
        QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
        probe.part<ToolPanel>()->call();
        QVERIFY(finished.wait(20000));
        const auto result = finished.first().at(1).value<CallResult>();
        QCOMPARE(result.failure.has_value(), fails);
        QTRY_VERIFY(!probe.part<ToolPanel>()->isRunning());
        QCOMPARE(probe.says(u"Failed"_s) || probe.says(u"Error "_s), fails);
        // It is said at the call, and its evidence is one click away.
        QVERIFY(probe.link(u"Exchange %1"_s.arg(result.exchange)));
    } else if (!fails) {
        QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 0, 15000);
    }
    QTRY_VERIFY2_WITH_TIMEOUT(shown().contains(says), qPrintable(shown()), 20000);
    qInfo("the window was away for %lld ms at most", static_cast<long long>(heart.longest()));
    lab->setPlay({});
    probe.window->showPage(u"traffic"_s);
    QVERIFY(probe.session->trace()->exchangeCount() > 0);
    expectAlive(probe);
}

void TestBadInputInWindow::aSilentServerIsGivenUpAfterItsTime()
{
    RawServer silent;
    QVERIFY(silent.listen());
    WindowProbe probe;
    ServerTarget target;
    target.url = silent.url();
    target.requestTimeoutMs = 300;
    target.network.answerTimeoutMs = 300;
    probe.window->connectTo(target);
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Failed, 15000);
    QTRY_VERIFY2(probe.banner().contains(u"not answered within"_s), qPrintable(probe.banner()));
    QVERIFY(probe.link(u"Show"_s) && probe.link(u"Retry"_s));
    expectAlive(probe);
}

void TestBadInputInWindow::aHugeResultLeavesTheWindowAlive()
{
    LabProbe lab(LabSettings{.pingMs = 0});
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000);
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"echo"_s));
    lab->setPlay({u"huge-body:200@tools/call"_s});
    Heartbeat heart;
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.part<ToolPanel>()->call();
    QVERIFY(finished.wait(120000));
    const auto result = finished.first().at(1).value<CallResult>();
    QVERIFY2(!result.failure, result.failure ? qPrintable(result.failure->sentence) : "");
    QVERIFY(result.result.size() >= 200'000'000);
    QTRY_VERIFY_WITH_TIMEOUT(probe.says(u"characters."_s), 60000);
    const int beats = heart.beats();
    probe.window->showPage(u"traffic"_s);
    QVERIFY(probe.window->showPage(u"tools"_s));
    QTRY_VERIFY(heart.beats() > beats + 20);
    qInfo("the window was away for %lld ms at most", static_cast<long long>(heart.longest()));
    lab->setPlay({});
    expectAlive(probe);
}

void TestBadInputInWindow::aHugeResultCanBeCancelled()
{
    RawServer server;
    QVERIFY(server.listen());
    server.onRequest([](RawConnection &connection, const RawRequest &request) {
        const QByteArray json = "Content-Type: application/json\r\n";
        if (request.method() == "GET")
            return connection.answer(405);
        if (request.body.contains("\"initialize\""))
            return connection.answer(
                200,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-11-25\","
                "\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}"
                "}}",
                json);
        if (request.body.contains("\"tools/list\""))
            return connection.answer(200,
                                     "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[{"
                                     "\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"}}]}}",
                                     json);
        if (request.body.contains("\"tools/call\"")) {
            connection.write("HTTP/1.1 200 OK\r\n" + json
                             + "Content-Length: 2000000000000\r\n\r\n");
            return connection.stream(2'000'000'000'000);
        }
        connection.answer(202);
    });
    WindowProbe probe;
    probe.enter(server.url().toString());
    QTRY_COMPARE(probe.railCount(u"tools"_s), 1);
    probe.part<ToolPanel>()->call();
    QTRY_VERIFY(probe.session->trace()->totalBytes() > 10'000'000);
    probe.part<ToolPanel>()->findChild<ArgumentsEditor *>()->focusEditor();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QTRY_VERIFY(!probe.part<ToolPanel>()->isRunning());
    QTRY_VERIFY(probe.says(u"Cancelled"_s));
    expectAlive(probe);
}

void TestBadInputInWindow::headersThatCannotBeSent_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("says");
    QTest::newRow("LF in the value") << u"X-A"_s << u"1\n2"_s << u"line"_s;
    QTest::newRow("CR LF in the value") << u"X-A"_s << u"1\r\nX-B: 2"_s << u"carriage return"_s;
    QTest::newRow("space in the name") << u"X A"_s << u"1"_s << u"name"_s;
    QTest::newRow("colon in the name") << u"X-A:"_s << u"1"_s << u"name"_s;
    QTest::newRow("no name") << u""_s << u"1"_s << u"name"_s;
}

void TestBadInputInWindow::headersThatCannotBeSent()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, says);
    WindowProbe probe;
    auto *line = probe.part<ConnectionLine>();
    line->openCredentials();
    auto *rows = probe.part<CredentialsPanel>()->findChild<HeaderRows *>();
    rows->setHeaders({Header{"X-Old", "1", HeaderSource::User, false}});
    const QList<QLineEdit *> edits = rows->findChildren<QLineEdit *>();
    QCOMPARE(edits.size(), 2);
    // A paste keeps what a line edit would make of line ends.
    auto paste = [](QLineEdit *edit, const QString &text) {
        edit->selectAll();
        QGuiApplication::clipboard()->setText(text);
        edit->setFocus();
        if (text.isEmpty())
            edit->clear();
        else
            QTest::keyClick(edit, Qt::Key_V, Qt::ControlModifier);
    };
    paste(edits.at(0), name);
    paste(edits.at(1), value);
    QTRY_VERIFY2(probe.texts(rows).join(u'\n').contains(says),
                 qPrintable(probe.texts(rows).join(u'\n')));
    probe.enter(u"http://127.0.0.1:1/mcp"_s);
    QTRY_VERIFY(probe.says(u"cannot be sent as it is"_s));
    QVERIFY(rows->isVisible()); // the place of the fault is open
    QCOMPARE(probe.session->trace()->exchangeCount(), 0);
}

void TestBadInputInWindow::aRecordingThatIsNone_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("zeros") << QByteArray(100000, '\0');
}

void TestBadInputInWindow::aRecordingThatIsNone()
{
    QFETCH(QByteArray, content);
    WindowProbe probe;
    const QString path = probe.folder.filePath(u"odd.sgtrace"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    probe.window->openRecording(path);
    QTRY_VERIFY2(probe.banner().contains(u"odd.sgtrace"_s), qPrintable(probe.banner()));
    QVERIFY(!probe.session->isRecordingShown());
    expectAlive(probe);
}

QTEST_MAIN(TestBadInputInWindow)
#include "test_bad_input_in_window.moc"
