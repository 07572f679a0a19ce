// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/acting.h"
#include "tests/ui/window_probe.h"
#include "ui/pages/start_page.h"
#include "ui/pages/tool_panel.h"
#include "ui/pages/tools_page.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/matrix_view.h"
#include "ui/widgets/recent_row.h"

#include <QAction>
#include <QListView>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QWindow>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// The errands of a person, on the tools page and around it.
class TestToolsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        QVERIFY(lab.start());
    }
    void fiveThousandTools();
    void changesOfTheListAreMarked();
    void aLongDescriptionLeavesRoomForTheForm();
    void theDefinitionIsShownAsItWasSent();
    void aFilterThatFitsNothingSaysSo();
    void untrustedNamesShowTheirMarks();
    void aFormEditCanBeTakenBack();
    void actingIsMarkedAndSeenInTheMatrix_data();
    void actingIsMarkedAndSeenInTheMatrix();
    void aForgottenServerComesBack();
    void aTypedPathOpensTheRecording();
    void aFileIsDroppedAnywhere();
    void theThemeIsRemembered();

private:
    static ListItem tool(const QString &name, const QString &description = {});
    static void show(WindowProbe &probe, const QList<ListItem> &tools);
    QString record(WindowProbe &probe);
    LabProbe lab;
};

ListItem TestToolsPage::tool(const QString &name, const QString &description)
{
    JsonWriter json;
    json.beginObject().key(u"name").value(name).key(u"description").value(description);
    json.key(u"inputSchema").raw(R"({"type":"object","properties":{"message":{"type":"string"}}})");
    json.endObject();
    return readListItem(ListKind::Tools, json.text());
}

void TestToolsPage::show(WindowProbe &probe, const QList<ListItem> &tools)
{
    Listing list;
    list.items = tools;
    list.complete = true;
    Q_EMIT probe.session->listed(list);
    probe.window->showPage(u"tools"_s);
}

QString TestToolsPage::record(WindowProbe &probe)
{
    const QString path = probe.folder.filePath(u"sent.sgtrace"_s);
    probe.session->recordTo(path, false);
    probe.enter(lab.url().toString());
    [&] { QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000); }();
    probe.session->stopRecording();
    probe.session->disconnectFrom();
    [&] { QTRY_COMPARE(probe.state().phase, SessionPhase::Idle); }();
    return path;
}

void TestToolsPage::fiveThousandTools()
{
    WindowProbe probe;
    QList<ListItem> tools;
    for (int i = 0; i < 5000; ++i)
        tools.append(tool(u"tool-%1"_s.arg(i), u"Does thing %1. "_s.arg(i).repeated(50)));
    show(probe, tools);
    QCOMPARE(probe.railCount(u"tools"_s), 5000);
    QTest::keyClick(probe.window.get(), Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(QApplication::focusWidget(), u"tool-4999"_s);
    QCOMPARE(probe.part<ToolsPage>()->findChild<QListView *>()->model()->rowCount(), 1);
    QCOMPARE(probe.part<ToolPanel>()->toolName(), u"tool-4999"_s);
}

void TestToolsPage::changesOfTheListAreMarked()
{
    WindowProbe probe;
    show(probe, {tool(u"one"_s), tool(u"two"_s)});
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"two"_s));
    show(probe, {tool(u"two"_s, u"another description"_s), tool(u"three"_s)});
    const QAbstractItemModel *model = probe.part<ToolsPage>()->findChild<QListView *>()->model();
    QStringList marks;
    for (int row = 0; row < model->rowCount(); ++row)
        marks.append(model->index(row, 0).data(Qt::AccessibleTextRole).toString());
    QCOMPARE(marks, (QStringList{u"two, changed"_s, u"three, new"_s, u"one, gone"_s}));
    QCOMPARE(probe.railCount(u"tools"_s), 2);
    // What one looked at is still there, and says what is new.
    QCOMPARE(probe.part<ToolPanel>()->toolName(), u"two"_s);
    QVERIFY(probe.says(u"another description"_s));
}

void TestToolsPage::aLongDescriptionLeavesRoomForTheForm()
{
    WindowProbe probe({900, 600});
    const QString text = u"A line that says something of the tool.\n"_s.repeated(3000);
    show(probe, {tool(u"long"_s, text)});
    auto *editor = probe.part<ToolPanel>()->findChild<ArgumentsEditor *>();
    QTRY_VERIFY(editor->isVisible());
    QTRY_VERIFY(editor->mapTo(probe.window.get(), QPoint()).y() < 500);
    LinkButton *more = probe.link(u"Show the whole description"_s);
    QVERIFY(more);
    more->click();
    QVERIFY(probe.says(u"the first 20000 of 120000 characters"_s));
    probe.link(u"Show less"_s)->click();
    QVERIFY(!probe.says(u"the first 20000"_s));
}

void TestToolsPage::theDefinitionIsShownAsItWasSent()
{
    WindowProbe probe;
    const QByteArray sent =
        R"({"name":"made","icons":[{"src":"https://icons.example/a.png"}],"inputSchema":{},)"
        R"("outputSchema":{"type":"object"}})";
    show(probe, {readListItem(ListKind::Tools, sent), tool(u"plain"_s)});
    auto *page = probe.part<ToolsPage>();
    QVERIFY(page->selectTool(u"made"_s));
    LinkButton *link = probe.link(u"Definition (output schema, 1 icon)"_s);
    QVERIFY(link);
    link->click();
    const auto *panel = page->findChild<ToolPanel *>();
    auto *view = panel->findChild<JsonView *>();
    QVERIFY(view && view->isVisible());
    QCOMPARE(view->json(), sent);
    link->click();
    QVERIFY(!view->isVisible());
    QVERIFY(page->selectTool(u"plain"_s));
    QVERIFY(probe.link(u"Definition"_s));
    QCOMPARE(probe.session->trace()->exchangeCount(), 0);
}

void TestToolsPage::aFilterThatFitsNothingSaysSo()
{
    WindowProbe probe;
    show(probe, {tool(u"one"_s)});
    QTest::keyClick(probe.window.get(), Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(QApplication::focusWidget(), u"zzz"_s);
    QVERIFY(probe.says(u"No tool fits the filter."_s));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QTRY_COMPARE(probe.part<ToolPanel>()->toolName(), u"one"_s);
    QVERIFY(!probe.says(u"No tool fits the filter."_s));
}

void TestToolsPage::untrustedNamesShowTheirMarks()
{
    WindowProbe probe;
    const QString evil = u"<b>a</b>\u202Eb\u0007"_s;
    show(probe, {tool(evil, evil)});
    const QStringList all = probe.texts();
    QVERIFY(std::none_of(all.begin(), all.end(), [](const QString &text) {
        return text.contains(QChar(0x202e)) || text.contains(QChar(7));
    }));
    QVERIFY(probe.says(u"<b>a</b>\\u202eb"_s)); // as text, not as markup
}

void TestToolsPage::aFormEditCanBeTakenBack()
{
    WindowProbe probe;
    show(probe, {tool(u"one"_s), tool(u"two"_s)});
    auto *editor = probe.part<ToolPanel>()->findChild<ArgumentsEditor *>();
    auto *edit = editor->findChild<QPlainTextEdit *>();
    editor->startWith("{\"message\": \"kept\", \"unknown\": 1}");
    editor->setArguments("{}");
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(editor->arguments(), "{\"message\": \"kept\", \"unknown\": 1}"_ba);
    // What was typed for one tool is not brought back into another.
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"two"_s));
    QVERIFY(!edit->document()->isUndoAvailable());
}

void TestToolsPage::actingIsMarkedAndSeenInTheMatrix_data()
{
    QTest::addColumn<QString>("id");
    QCOMPARE(actingChoices().size(), 7);
    for (const ActingChoice &choice : actingChoices())
        QTest::addRow("%s", qPrintable(choice.id)) << choice.id;
}

void TestToolsPage::actingIsMarkedAndSeenInTheMatrix()
{
    QFETCH(QString, id);
    WindowProbe probe;
    const QList<QAction *> actions = probe.window->actions();
    const auto action = std::find_if(actions.begin(), actions.end(), [&id](const QAction *one) {
        return one->data().toString() == id
            && one->text().startsWith("Send like a buggy client"_L1);
    });
    QVERIFY(action != actions.end());
    (*action)->trigger();
    QVERIFY((*action)->isChecked());
    QVERIFY(probe.texts<QPushButton>().contains(id)); // beside the address, before anything is sent

    probe.window->practise();
    QTRY_VERIFY_WITH_TIMEOUT(probe.state().phase == SessionPhase::Ready
                                 || probe.state().phase == SessionPhase::Failed,
                             15000);
    QTRY_VERIFY2(probe.status().contains(u"acting like a client with "_s + id),
                 qPrintable(probe.status()));
    QVERIFY(probe.window->showPage(u"access"_s));
    const QAbstractItemModel *matrix = probe.part<MatrixView>()->model();
    QTRY_VERIFY(matrix->rowCount() > 0);
    if (id == "AF-09"_L1) {
        QTRY_VERIFY_WITH_TIMEOUT(probe.state().stream.failure, 15000);
    } else if (id != "AF-03"_L1 && id != "AF-06"_L1) {
        auto isMissing = [matrix] {
            for (int row = 0; row < matrix->rowCount(); ++row) {
                for (int column = 0; column < matrix->columnCount(); ++column) {
                    if (matrix->index(row, column).data().toString().contains("missing"_L1))
                        return true;
                }
            }
            return false;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isMissing(), 15000);
    }

    // One click ends it.
    for (QPushButton *button : probe.part<ConnectionLine>()->findChildren<QPushButton *>()) {
        if (button->text() == id)
            button->click();
    }
    QVERIFY(!(*action)->isChecked());
    QVERIFY(!probe.texts<QPushButton>().contains(id));
}

void TestToolsPage::aForgottenServerComesBack()
{
    WindowProbe probe;
    probe.enter(lab.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000);
    probe.window->showPage(u"start"_s);
    auto *row = probe.part<RecentRow>();
    QVERIFY(row);
    row->setFocus();
    QTest::keyClick(row, Qt::Key_Delete);
    QTRY_VERIFY(!probe.part<RecentRow>());
    LinkButton *undo = probe.link(u"Undo"_s);
    QVERIFY(undo);
    undo->click();
    QVERIFY(probe.part<RecentRow>());
    QVERIFY(probe.banner().isEmpty());
}

void TestToolsPage::aTypedPathOpensTheRecording()
{
    WindowProbe probe;
    const QString path = record(probe);
    probe.enter(path);
    QTRY_VERIFY(probe.session->isRecordingShown());
    QVERIFY(probe.addressEdit()->accessibleDescription().isEmpty());
}

void TestToolsPage::aFileIsDroppedAnywhere()
{
    WindowProbe probe;
    const QString path = record(probe);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    data.setText(path); // file managers send both
    QDragEnterEvent enter(QPoint(300, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(probe.window->windowHandle(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(300, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(probe.window->windowHandle(), &drop);
    QTRY_VERIFY(probe.session->isRecordingShown());
    QVERIFY(!probe.addressEdit()->text().contains(path));
    QVERIFY(probe.session->trace()->redacted());
}

void TestToolsPage::theThemeIsRemembered()
{
    WindowProbe probe;
    QCOMPARE(MainWindow::rememberedTheme(probe.settings), ThemeChoice::System);
    QSignalSpy chosen(probe.window.get(), &MainWindow::themeChosen);
    for (QAction *action : probe.window->actions()) {
        if (action->text() == "Dark theme"_L1)
            action->trigger();
    }
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(MainWindow::rememberedTheme(probe.settings), ThemeChoice::Dark);
}

QTEST_MAIN(TestToolsPage)
#include "test_tools_page.moc"
