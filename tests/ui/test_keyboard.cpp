// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_probe.h"
#include "ui/pages/tool_panel.h"
#include "ui/pages/tools_page.h"
#include "ui/widgets/drop_panel.h"

#include <QScrollArea>
#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// The window is used without a mouse.
class TestKeyboard : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void tabStaysInThePanelAndReachesAll();
    void escapeBringsTheConnectedServerBack();
    void theResultOfALongFormIsInSight();

private:
    static QString focusName();
    static void show(WindowProbe &probe, const QByteArray &properties);
};

QString TestKeyboard::focusName()
{
    const QWidget *focus = QApplication::focusWidget();
    if (!focus)
        return {};
    const auto *button = qobject_cast<const QAbstractButton *>(focus);
    return focus->accessibleName().isEmpty() && button ? button->text() : focus->accessibleName();
}

void TestKeyboard::show(WindowProbe &probe, const QByteArray &properties)
{
    Listing list;
    list.items = {readListItem(ListKind::Tools,
                               R"({"name":"echo","inputSchema":{"type":"object","properties":{)"
                                   + properties + "}}}")};
    list.complete = true;
    Q_EMIT probe.session->listed(list);
    probe.window->showPage(u"tools"_s);
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"echo"_s));
}

void TestKeyboard::tabStaysInThePanelAndReachesAll()
{
    WindowProbe probe;
    auto *line = probe.part<ConnectionLine>();
    Credentials credentials;
    credentials.headers = {{"X-One", "1", HeaderSource::User, false}};
    line->setCredentials(credentials);
    line->openCredentials();
    QCOMPARE(focusName(), u"Bearer token"_s);
    QStringList names;
    do {
        names << focusName();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QVERIFY2(names.size() < 20, qPrintable(names.join(u", "_s)));
    } while (focusName() != u"Bearer token"_s);
    QCOMPARE(names,
             (QStringList{u"Bearer token"_s, u"User name for basic authentication"_s,
                          u"Password for basic authentication"_s, u"Header name"_s,
                          u"Header value"_s, u"Secret"_s, u"Remove this header"_s, u"Add header"_s,
                          u"Cookies"_s, u"Reveal values"_s, u"Done"_s}));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab, Qt::ShiftModifier);
    QCOMPARE(focusName(), u"Done"_s);
}

void TestKeyboard::escapeBringsTheConnectedServerBack()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 15000);
    probe.enter(u"ftp://foo"_s);
    QVERIFY(probe.says(u"ftp"_s));
    QCOMPARE(probe.addressEdit()->text(), u"ftp://foo"_s);
    QTest::keyClick(probe.addressEdit(), Qt::Key_Escape);
    QCOMPARE(probe.addressEdit()->text(), lab.url().toString());
    QVERIFY(!probe.says(u"ftp"_s));
    QCOMPARE(probe.state().phase, SessionPhase::Ready);
}

void TestKeyboard::theResultOfALongFormIsInSight()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe({1000, 500});
    probe.enter(lab.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000);
    QByteArray properties = R"("message":{"type":"string"})";
    for (int i = 0; i < 40; ++i)
        properties += ",\"field" + QByteArray::number(i) + R"(":{"type":"string"})";
    show(probe, properties);
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.part<ToolPanel>()->call();
    QVERIFY(finished.wait(15000));
    const auto inSight = [&probe] {
        const QList<QLabel *> labels = probe.part<ToolPanel>()->findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            if (label->isVisible()
                && (label->text() == "Result"_L1 || label->text() == "Failed"_L1
                    || label->text().startsWith("Error"_L1)
                    || label->text().startsWith("The tool failed"_L1)))
                return !label->visibleRegion().isEmpty();
        }
        return false;
    };
    QTRY_VERIFY(inSight());
}

QTEST_MAIN(TestKeyboard)
#include "test_keyboard.moc"
