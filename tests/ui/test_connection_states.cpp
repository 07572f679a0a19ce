// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_server.h"
#include "tests/ui/window_probe.h"
#include "ui/pages/tool_panel.h"
#include "ui/pages/tools_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/widgets/arguments_editor.h"

#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// Whatever happens to a connection, what the window shows is what is.
class TestConnectionStates : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void aSecondConnectWhileTheFirstRuns();
    void aSecondConnectWhileReady();
    void cancelWhileConnecting_data();
    void cancelWhileConnecting();
    void disconnectInMidCall();
    void escapeCancelsACall();
    void theServerDiesAndComesBack();
    void theServerDiesInMidCall();
    void theSessionExpires();
    void aServerThatForgetsEverySessionIsGivenUp();
    void aSilentEndOfTheSessionDoesNotHold();
    void aNewTraceInMidCall();
    void aTraceThatWasPutAwayComesBack();
    void aRecordingOpenedInMidSession();

private:
    static void expectReady(const WindowProbe &probe, const QUrl &url);
    static Ticket callSlowly(const WindowProbe &probe);
};

/// Everything that says "connected" says so, and nothing says otherwise.
void TestConnectionStates::expectReady(const WindowProbe &probe, const QUrl &url)
{
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 15000);
    QCOMPARE(probe.state().url, url);
    QTRY_VERIFY(probe.railCount(u"tools"_s) > 5);
    QCOMPARE(probe.connectButton()->text(), u"Disconnect"_s);
    QVERIFY(probe.connectButton()->isEnabled());
    QTRY_VERIFY2(probe.status().startsWith(probe.state().revision + u"\nsession"_s),
                 qPrintable(probe.status()));
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().stream.phase, StreamState::Phase::Open, 15000);
    QTRY_VERIFY2(probe.status().contains(u"Event stream open"_s), qPrintable(probe.status()));
    QTRY_COMPARE(probe.banner(), QString());
    QTRY_COMPARE(probe.railCount(u"traffic"_s), probe.session->trace()->exchangeCount());
}

Ticket TestConnectionStates::callSlowly(const WindowProbe &probe)
{
    if (!probe.part<ToolsPage>()->selectTool(u"long-running"_s))
        return 0;
    probe.part<ToolPanel>()->findChild<ArgumentsEditor *>()->setArguments(
        "{\"seconds\": 60, \"steps\": 600}");
    QSignalSpy progressed(probe.session.get(), &SessionController::callProgress);
    probe.part<ToolPanel>()->call();
    return progressed.wait(10000) ? progressed.first().first().value<Ticket>() : 0;
}

void TestConnectionStates::aSecondConnectWhileTheFirstRuns()
{
    RawServer silent; // accepts, and never says a word
    QVERIFY(silent.listen());
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(silent.url().toString());
    QTRY_COMPARE(probe.state().phase, SessionPhase::Connecting);
    QTRY_COMPARE(probe.connectButton()->text(), u"Cancel"_s);
    QVERIFY(silent.waitForRequests(1));

    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
}

void TestConnectionStates::aSecondConnectWhileReady()
{
    LabProbe one;
    LabProbe two;
    QVERIFY(one.start() && two.start());
    WindowProbe probe;
    probe.enter(one.url().toString());
    expectReady(probe, one.url());
    const QByteArray before = probe.state().sessionId;
    probe.enter(two.url().toString());
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().url, two.url(), 15000);
    expectReady(probe, two.url());
    QVERIFY(probe.state().sessionId != before);
    // The first was left properly.
    bool deleted = false;
    for (ExchangeId id = 1; id <= probe.session->trace()->exchangeCount(); ++id)
        deleted |= probe.session->trace()->request(id).method == "DELETE";
    QVERIFY(deleted);
}

void TestConnectionStates::cancelWhileConnecting_data()
{
    QTest::addColumn<bool>("byKey");
    QTest::newRow("button") << false;
    QTest::newRow("Esc") << true;
}

void TestConnectionStates::cancelWhileConnecting()
{
    QFETCH(bool, byKey);
    RawServer silent;
    QVERIFY(silent.listen());
    WindowProbe probe;
    probe.enter(silent.url().toString());
    QTRY_COMPARE(probe.connectButton()->text(), u"Cancel"_s);
    QVERIFY(silent.waitForRequests(1));
    if (byKey)
        QTest::keyClick(probe.addressEdit(), Qt::Key_Escape);
    else
        QTest::mouseClick(probe.connectButton(), Qt::LeftButton);
    QTRY_COMPARE(probe.connectButton()->text(), u"Connect"_s);
    QTRY_COMPARE(probe.status().section(u'\n', 0, 0), u"not connected: cancelled"_s);
    QCOMPARE(probe.banner(), QString()); // a person knows what they cancelled
    QTRY_VERIFY(probe.says(u"was cancelled"_s));
}

void TestConnectionStates::disconnectInMidCall()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
    QVERIFY(callSlowly(probe));
    QVERIFY(probe.part<ToolPanel>()->isRunning());

    QTest::mouseClick(probe.connectButton(), Qt::LeftButton);
    QTRY_COMPARE(probe.state().phase, SessionPhase::Idle);
    QTRY_COMPARE(probe.connectButton()->text(), u"Connect"_s);
    QTRY_VERIFY(!probe.part<ToolPanel>()->isRunning());
    QTRY_VERIFY(probe.says(u"Cancelled"_s));
    QTRY_COMPARE(probe.status().section(u'\n', 0, 0), u"not connected"_s);
    QVERIFY(!probe.status().contains(u"Event stream"_s));
    QCOMPARE(probe.banner(), QString());

    QTest::mouseClick(probe.connectButton(), Qt::LeftButton);
    expectReady(probe, lab.url());
}

void TestConnectionStates::escapeCancelsACall()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
    QVERIFY(callSlowly(probe));
    probe.part<ToolPanel>()->findChild<ArgumentsEditor *>()->focusEditor();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QTRY_VERIFY(!probe.part<ToolPanel>()->isRunning());
    QTRY_VERIFY(probe.says(u"Cancelled"_s));
    expectReady(probe, lab.url());
}

void TestConnectionStates::theServerDiesAndComesBack()
{
    LabProbe lab(LabSettings{.retryMs = 200});
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
    const QByteArray before = probe.state().sessionId;

    lab.stop();
    QTRY_VERIFY2_WITH_TIMEOUT(probe.status().contains(u"tries again in"_s)
                                  || probe.status().contains(u"Event stream: opening"_s),
                              qPrintable(probe.status()), 10000);
    QTRY_VERIFY_WITH_TIMEOUT(!probe.banner().isEmpty(), 10000);
    QVERIFY(probe.link(u"Show"_s));
    QVERIFY(probe.link(u"Retry"_s));
    QCOMPARE(probe.connectButton()->text(), u"Disconnect"_s);

    QVERIFY(lab.start());
    probe.link(u"Retry"_s)->click();
    expectReady(probe, lab.url());
    // The new server knows nothing of the old session.
    QVERIFY(probe.state().sessionId != before);
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"echo"_s));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.part<ToolPanel>()->call();
    QVERIFY(finished.wait(10000));
    QVERIFY(!finished.first().at(1).value<CallResult>().failure);
}

void TestConnectionStates::theServerDiesInMidCall()
{
    LabProbe lab(LabSettings{.retryMs = 200});
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
    QVERIFY(callSlowly(probe));
    lab.stop();
    QTRY_VERIFY_WITH_TIMEOUT(!probe.banner().isEmpty(), 10000);
    QVERIFY(lab.start());
    // Its stream cannot be resumed where nobody remembers it: the call ends, and says why.
    QTRY_VERIFY_WITH_TIMEOUT(!probe.part<ToolPanel>()->isRunning(), 30000);
    QTRY_VERIFY(probe.says(u"Failed"_s));
    if (LinkButton *retry = probe.link(u"Retry"_s))
        retry->click();
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().stream.phase, StreamState::Phase::Open, 15000);
    QCOMPARE(probe.connectButton()->text(), u"Disconnect"_s);
}

void TestConnectionStates::theSessionExpires()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
    const QByteArray before = probe.state().sessionId;
    lab.stop();
    QVERIFY(lab.start());
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"echo"_s));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.part<ToolPanel>()->call();
    QVERIFY(finished.wait(10000));
    QVERIFY(!finished.first().at(1).value<CallResult>().failure);
    QTRY_VERIFY_WITH_TIMEOUT(probe.state().sessionId != before, 10000);
    expectReady(probe, lab.url());
    QVERIFY(probe.status().contains(QString::fromLatin1(probe.state().sessionId.left(4))));
}

void TestConnectionStates::aServerThatForgetsEverySessionIsGivenUp()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
    const ExchangeId before = probe.session->trace()->exchangeCount();
    lab->setPlay({u"AF-81:1"_s});
    probe.part<ToolPanel>()->call();
    QTRY_VERIFY2_WITH_TIMEOUT(probe.banner().contains(u"AF-81"_s), qPrintable(probe.banner()),
                              10000);
    QTRY_VERIFY(!probe.part<ToolPanel>()->isRunning());
    QTRY_VERIFY(probe.says(u"Failed"_s));
    QVERIFY(probe.session->trace()->exchangeCount() - before < 60);

    lab->setPlay({});
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
}

void TestConnectionStates::aSilentEndOfTheSessionDoesNotHold()
{
    // A server that answers all but DELETE.
    RawServer server;
    QVERIFY(server.listen());
    server.onRequest([](RawConnection &connection, const RawRequest &request) {
        if (request.method() == "DELETE")
            return;
        if (request.method() == "GET")
            return connection.answer(405);
        if (request.body.contains("\"initialize\""))
            return connection.answer(
                200,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-11-25\","
                "\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}"
                "}}",
                "Content-Type: application/json\r\nMcp-Session-Id: abcd\r\n");
        if (request.body.contains("\"tools/list\""))
            return connection.answer(200,
                                     "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[]}}",
                                     "Content-Type: application/json\r\n");
        connection.answer(202);
    });
    WindowProbe probe;
    probe.enter(server.url().toString());
    QTRY_COMPARE(probe.state().phase, SessionPhase::Ready);
    QTRY_VERIFY(probe.says(u"No tools"_s));
    QTRY_VERIFY(probe.status().contains(u"not offered by the server"_s));
    QCOMPARE(probe.banner(), QString()); // 405 is normal

    QTest::mouseClick(probe.connectButton(), Qt::LeftButton);
    QTRY_VERIFY(!probe.status().contains(u"Event stream"_s));
    QTRY_COMPARE_WITH_TIMEOUT(probe.connectButton()->text(), u"Connect"_s, 15000);
    QVERIFY(probe.connectButton()->isEnabled());
}

void TestConnectionStates::aNewTraceInMidCall()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
    QVERIFY(callSlowly(probe));

    probe.session->clearTrace();
    QVERIFY(!probe.part<ToolPanel>()->isRunning());
    expectReady(probe, lab.url());
    // No link leads from an old call into the new trace.
    const QStringList links = probe.texts<LinkButton>(probe.part<ToolPanel>());
    QVERIFY(links.filter(u"Exchange"_s).isEmpty());

    // Tickets of the new session begin anew: they are not taken for those of the old one.
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"echo"_s));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.part<ToolPanel>()->call();
    QVERIFY(finished.wait(10000));
    QTRY_VERIFY(!probe.part<ToolPanel>()->isRunning());
    QTRY_VERIFY(
        probe.link(u"Exchange %1"_s.arg(finished.first().at(1).value<CallResult>().exchange)));
}

void TestConnectionStates::aTraceThatWasPutAwayComesBack()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
    const ExchangeId before = probe.session->trace()->exchangeCount();
    QTest::keyClick(probe.window.get(), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(probe.session->trace()->exchangeCount() < before);
    LinkButton *again = probe.link(u"Show it again"_s);
    QVERIFY(again);
    again->click();
    QVERIFY(probe.session->isRecordingShown());
    QVERIFY(probe.session->trace()->exchangeCount() >= before);
    QTRY_VERIFY(probe.status().contains(u"the trace before"_s));
    // Ctrl+W leads to the live trace, which went on.
    QTest::keyClick(probe.window.get(), Qt::Key_W, Qt::ControlModifier);
    QVERIFY(!probe.session->isRecordingShown());
    expectReady(probe, lab.url());
}

void TestConnectionStates::aRecordingOpenedInMidSession()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    expectReady(probe, lab.url());
    const QString path = probe.folder.filePath(u"a.sgtrace"_s);
    probe.session->recordTo(path, false);
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"echo"_s));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.part<ToolPanel>()->call();
    QVERIFY(finished.wait(10000));
    probe.session->stopRecording();

    QSignalSpy changed(probe.session.get(), &SessionController::traceChanged);
    probe.window->openRecording(path);
    QVERIFY(changed.wait(10000));
    QVERIFY(probe.session->isRecordingShown());
    QTRY_VERIFY(probe.status().contains(u"a.sgtrace"_s));
    QCOMPARE(probe.connectButton()->text(), u"Connect"_s);
    // Exchanges of the live trace are not those of the recording.
    probe.window->showPage(u"tools"_s);
    QVERIFY(probe.texts<LinkButton>(probe.part<ToolPanel>()).filter(u"Exchange"_s).isEmpty());

    QPushButton *close = nullptr;
    for (QPushButton *button : probe.part<ConnectionLine>()->findChildren<QPushButton *>()) {
        if (button->isVisible() && button->text().contains("a.sgtrace"_L1))
            close = button;
    }
    QVERIFY(close);
    close->click();
    QVERIFY(!probe.session->isRecordingShown());
    expectReady(probe, lab.url());
    probe.window->showPage(u"tools"_s);
    QVERIFY(!probe.texts<LinkButton>(probe.part<ToolPanel>()).filter(u"Exchange"_s).isEmpty());
}

QTEST_MAIN(TestConnectionStates)
#include "test_connection_states.moc"
