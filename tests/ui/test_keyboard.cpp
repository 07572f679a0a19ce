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
    void tabFollowsTheReadingOrderOfATool();
    void tabFollowsTheReadingOrderOfARequest();

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
                          u"Cookies"_s, u"&Log in by OAuth when the server asks"_s,
                          u"OAuth settings…"_s, u"Reveal values"_s, u"Done"_s}));
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
    QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 30, 15000); // both pages
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

void TestKeyboard::tabFollowsTheReadingOrderOfATool()
{
    LabProbe lab;
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 30, 15000); // both pages
    show(probe,
         R"("message":{"type":"string"},"second":{"type":"integer"},"third":{"type":"boolean"})");
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.part<ToolPanel>()->call();
    QVERIFY(finished.wait(15000));
    QTRY_VERIFY(probe.link(u"Copy"_s));

    const auto round = [&probe](Qt::KeyboardModifiers modifiers) {
        probe.addressEdit()->setFocus();
        QList<QWidget *> visited;
        do {
            visited.append(QApplication::focusWidget());
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab, modifiers);
        } while (visited.size() < 80 && !visited.contains(QApplication::focusWidget()));
        return visited;
    };
    const QList<QWidget *> forth = round(Qt::NoModifier);
    QCOMPARE(QApplication::focusWidget(), probe.addressEdit());
    QStringList names;
    for (QWidget *stop : forth) {
        const auto *button = qobject_cast<const QAbstractButton *>(stop);
        names.append(stop->accessibleName().isEmpty() && button ? button->text()
                                                                : stop->accessibleName());
    }
    const auto ordered = [&names](const QStringList &wanted) {
        qsizetype last = -1;
        for (const QString &name : wanted) {
            const qsizetype at = names.indexOf(name);
            if (at <= last)
                return name + u" in: "_s + names.join(u", "_s);
            last = at;
        }
        return QString();
    };
    const QString wrong = ordered({u"Tools"_s, u"message"_s, u"second"_s, u"third"_s,
                                   u"Arguments as JSON"_s, u"Call"_s, u"Copy the result"_s});
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    const auto status = std::find_if(forth.begin(), forth.end(), [](QWidget *stop) {
        return qobject_cast<StatusItem *>(stop) != nullptr;
    });
    QVERIFY(status - forth.begin() > names.indexOf(u"Copy the result"_s));
    // And back the same way.
    QList<QWidget *> back = round(Qt::ShiftModifier);
    std::reverse(back.begin() + 1, back.end());
    QCOMPARE(back, forth);
}

void TestKeyboard::tabFollowsTheReadingOrderOfARequest()
{
    WindowProbe probe;
    ServerRequest request;
    request.number = 1;
    request.method = "elicitation/create";
    request.params = "{\"message\":\"m\",\"requestedSchema\":{\"type\":\"object\","
                     "\"properties\":{\"one\":{\"type\":\"string\"}}}}";
    Q_EMIT probe.session->serverRequested(request);
    probe.window->showPage(u"requests"_s);
    probe.addressEdit()->setFocus();
    QStringList names;
    do {
        names.append(focusName());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    } while (names.size() < 60 && QApplication::focusWidget() != probe.addressEdit());
    const QStringList wanted{u"Requests of the server"_s, u"one"_s, u"Content as JSON"_s,
                             u"Accept"_s};
    qsizetype last = -1;
    for (const QString &name : wanted) {
        const qsizetype at = names.indexOf(name);
        QVERIFY2(at > last, qPrintable(name + u" in: "_s + names.join(u", "_s)));
        last = at;
    }
}

QTEST_MAIN(TestKeyboard)
#include "test_keyboard.moc"
