// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_probe.h"
#include "ui/pages/tool_panel.h"
#include "ui/pages/tools_page.h"

#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// What a server does wrong though all goes well is said in the banner, once.
class TestRemarks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void aNotificationWithAnIdIsSaidAndCanBeShown();
    void aHealthyServerHasNone();

private:
    static void callEcho(const WindowProbe &probe);
};

void TestRemarks::callEcho(const WindowProbe &probe)
{
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 15000);
    QTRY_VERIFY_WITH_TIMEOUT(probe.part<ToolsPage>()->selectTool(u"echo"_s), 15000);
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.part<ToolPanel>()->call();
    QVERIFY(finished.wait(15000));
    QVERIFY(!finished.first().at(1).value<CallResult>().failure);
}

void TestRemarks::aNotificationWithAnIdIsSaidAndCanBeShown()
{
    LabProbe lab;
    QVERIFY(lab.start());
    lab->setPlay({u"notification-with-id@tools/call"_s});
    WindowProbe probe;
    probe.enter(lab.url().toString());
    callEcho(probe);
    QTRY_VERIFY2(probe.banner().contains(u"A notification has no id"_s),
                 qPrintable(probe.banner()));
    QVERIFY(probe.link(u"Show"_s));
    QVERIFY(!probe.state().failure);
    // Closed, it stays away while the same comes again.
    probe.part<Banner>()->findChild<QAbstractButton *>()->click();
    QTRY_COMPARE(probe.banner(), QString());
    callEcho(probe);
    QCOMPARE(probe.banner(), QString());
}

void TestRemarks::aHealthyServerHasNone()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    callEcho(probe);
    QCOMPARE(probe.banner(), QString());
    QVERIFY(probe.state().remarks.isEmpty());
}

QTEST_MAIN(TestRemarks)
#include "test_remarks.moc"
