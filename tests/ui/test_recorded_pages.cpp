// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_probe.h"
#include "ui/models/offer_list_model.h"
#include "ui/pages/prompts_page.h"
#include "ui/pages/resources_page.h"
#include "ui/pages/tools_page.h"

#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// Somebody sent a recording: the same pages, without a network.
class TestRecordedPages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        QVERIFY(m_lab.start());
        WindowProbe probe;
        QVERIFY(connectTo(probe));
        m_tools = probe.railCount(u"tools"_s);
        m_resources = probe.railCount(u"resources"_s);
        m_path = m_folder.filePath(u"all.sgtrace"_s);
        probe.session->recordTo(m_path, false);
        probe.session->stopRecording();
    }
    void whatWasListedIsThereToBeLookedAt();
    void nothingIsCalledFromARecording();
    void closingItBringsTheListsOfTheConnectionBack();
    void aRecordingWithoutListsSaysSo();

private:
    bool connectTo(WindowProbe &probe);
    static bool open(WindowProbe &probe, const QString &path);
    static QPushButton *button(const QWidget *page, const QString &text);

    LabProbe m_lab;
    QTemporaryDir m_folder;
    QString m_path;
    qint64 m_tools = 0;
    qint64 m_resources = 0;
};

bool TestRecordedPages::connectTo(WindowProbe &probe)
{
    probe.enter(m_lab.url().toString());
    return QTest::qWaitFor(
        [&] {
            // All pages of the lists, or the counts grow while they are compared.
            return probe.railCount(u"tools"_s) > 30 && probe.railCount(u"resources"_s) > 40
                && probe.railCount(u"prompts"_s) > 3;
        },
        15000);
}

bool TestRecordedPages::open(WindowProbe &probe, const QString &path)
{
    probe.window->openRecording(path);
    return QTest::qWaitFor([&] { return probe.session->isRecordingShown(); }, 10000);
}

QPushButton *TestRecordedPages::button(const QWidget *page, const QString &text)
{
    for (QPushButton *one : page->findChildren<QPushButton *>()) {
        if (one->text() == text)
            return one;
    }
    return nullptr;
}

void TestRecordedPages::whatWasListedIsThereToBeLookedAt()
{
    WindowProbe probe;
    QVERIFY(open(probe, m_path));
    QCOMPARE(probe.railCount(u"tools"_s), m_tools);
    QCOMPARE(probe.railCount(u"resources"_s), m_resources);
    QVERIFY(probe.railCount(u"prompts"_s) > 3);
    probe.window->showPage(u"tools"_s);
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"add"_s));
    QVERIFY(probe.says(u"Adds two numbers and answers with the sum."_s));
    // The pages of the list lead to their exchanges in the recording.
    probe.window->showPage(u"prompts"_s);
    probe.part<PromptsPage>()->selectFirst();
    QVERIFY(!probe.says(u"A recording is open"_s));
}

void TestRecordedPages::nothingIsCalledFromARecording()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QVERIFY(open(probe, m_path));
    probe.window->showPage(u"tools"_s);
    auto *tools = probe.part<ToolsPage>();
    QVERIFY(tools->selectTool(u"add"_s));
    QPushButton *call = button(tools, u"Call"_s);
    QVERIFY(call->isVisible() && !call->isEnabled());
    QCOMPARE(call->toolTip(), u"A recording is open: nothing can be sent"_s);
    QVERIFY(probe.says(u"A recording: nothing is sent"_s));
    QSignalSpy started(probe.session.get(), &SessionController::callStarted);
    tools->setFocus();
    QTest::keyClick(tools, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(started.size(), 0);
    const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(probe.window->grab().save(folder + u"/recorded-tools.png"_s));
}

void TestRecordedPages::closingItBringsTheListsOfTheConnectionBack()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    const qint64 live = probe.railCount(u"tools"_s);
    QVERIFY(open(probe, m_path));
    QCOMPARE(probe.railCount(u"tools"_s), m_tools);
    probe.session->closeRecording();
    QCOMPARE(probe.railCount(u"tools"_s), live);
    probe.window->showPage(u"tools"_s);
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"add"_s));
    QVERIFY(button(probe.part<ToolsPage>(), u"Call"_s)->isEnabled());
}

void TestRecordedPages::aRecordingWithoutListsSaysSo()
{
    const QString path = m_folder.filePath(u"none.sgtrace"_s);
    {
        WindowProbe probe;
        probe.session->recordTo(path, false);
        probe.session->stopRecording();
    }
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QVERIFY(open(probe, path));
    QCOMPARE(probe.railCount(u"tools"_s), -1);
    probe.window->showPage(u"tools"_s);
    QVERIFY(probe.says(u"It has no answer to tools/list."_s));
    probe.window->showPage(u"resources"_s);
    QVERIFY(probe.says(u"resources/list or resources/templates/list"_s));
}

QTEST_MAIN(TestRecordedPages)
#include "test_recorded_pages.moc"
