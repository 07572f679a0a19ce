// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/offering_server.h"
#include "ui/models/task_list_model.h"
#include "ui/pages/request_panel.h"
#include "ui/pages/task_panel.h"
#include "ui/pages/tasks_page.h"
#include "ui/pages/tool_panel.h"
#include "ui/pages/tools_page.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/rows_view.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QSpinBox>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// Calls that go on by themselves: begun, looked at, answered, cancelled.
class TestTasksPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        QVERIFY(lab.start());
    }
    void aCallBecomesATask_data();
    void aCallBecomesATask();
    void aTaskThatNeedsInputIsAnsweredOnRequests_data();
    void aTaskThatNeedsInputIsAnsweredOnRequests();
    void aTaskIsCancelled_data();
    void aTaskIsCancelled();
    void onlyWhereServerAndToolAllowItACallIsATask_data();
    void onlyWhereServerAndToolAllowItACallIsATask();
    void aServerWithoutTasksIsToldPlainly_data();
    void aServerWithoutTasksIsToldPlainly();
    void aRefusedCancelIsTold();
    void aTaskThatTheServerForgotIsNotAskedForAnyMore();
    void notificationsUpdateATask();
    void pollingCanBeSwitchedOff();
    void refreshListsAgain();
    void aFailedListIsTold();
    void aFailedTaskShowsItsError();
    void theEndOfTheConnectionTakesQuestionsBack();
    void everythingHasAName();
    void theModelKeepsTheRulesOfModels();
    void timesAndSpansAreReadable_data();
    void timesAndSpansAreReadable();

private:
    bool connectTo(WindowProbe &probe, const QString &revision = u"2025-11-25"_s) const;
    static void call(WindowProbe &probe, const QString &tool, const QByteArray &arguments);
    static QCheckBox *box(const WindowProbe &probe, const QString &text);
    static QPushButton *button(const WindowProbe &probe, const QString &text);
    static QString status(const WindowProbe &probe, int row = 0);
    static bool selected(const WindowProbe &probe);
    LabProbe lab{LabSettings{.revisions = revisionNames()}};
};

namespace {

/// A server with tasks that a test lists and answers for.
const QByteArray TaskCapabilities =
    "{\"tasks\":{\"list\":{},\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}}";

QByteArray task(const QByteArray &id, const QByteArray &status, const QByteArray &more = {})
{
    return "{\"taskId\":\"" + id + "\",\"status\":\"" + status
        + "\",\"createdAt\":\"2026-01-02T03:04:05Z\",\"lastUpdatedAt\":\"2026-01-02T03:04:06Z\","
          "\"ttl\":60000"
        + more + '}';
}

} // namespace

bool TestTasksPage::connectTo(WindowProbe &probe, const QString &revision) const
{
    ServerTarget target;
    target.url = lab.url();
    target.revision = revision;
    probe.window->connectTo(target);
    return QTest::qWaitFor([&] { return probe.railCount(u"tools"_s) > 5; }, 15000);
}

QCheckBox *TestTasksPage::box(const WindowProbe &probe, const QString &text)
{
    const QList<QCheckBox *> all = probe.window->findChildren<QCheckBox *>();
    for (QCheckBox *one : all) {
        if (one->text() == text && one->isVisible())
            return one;
    }
    return nullptr;
}

QPushButton *TestTasksPage::button(const WindowProbe &probe, const QString &text)
{
    const auto all = probe.part<TasksPage>()->findChildren<QPushButton *>();
    for (QPushButton *one : all) {
        if (one->text() == text && one->isVisible())
            return one;
    }
    return nullptr;
}

void TestTasksPage::call(WindowProbe &probe, const QString &tool, const QByteArray &arguments)
{
    probe.window->showPage(u"tools"_s);
    QTRY_VERIFY(probe.part<ToolsPage>()->selectTool(tool));
    probe.part<ToolPanel>()->findChild<ArgumentsEditor *>()->setArguments(arguments);
    if (QCheckBox *asTask = box(probe, u"Call as a task"_s); asTask && !asTask->isChecked())
        asTask->click();
    probe.part<ToolPanel>()->call();
}

QString TestTasksPage::status(const WindowProbe &probe, int row)
{
    const QAbstractItemModel *model = probe.part<TasksPage>()->findChild<RowsView *>()->model();
    return model->index(row, TaskListModel::Status).data().toString();
}

bool TestTasksPage::selected(const WindowProbe &probe)
{
    return probe.part<TasksPage>()->findChild<RowsView *>()->currentIndex().isValid();
}

void TestTasksPage::aCallBecomesATask_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<QByteArray>("asked"); ///< in the request
    QTest::newRow("of the core") << u"2025-11-25"_s << "\"task\":{\"ttl\":30000}"_ba;
    QTest::newRow("of the extension")
        << u"2026-07-28"_s << "\"io.modelcontextprotocol/tasks\":{}"_ba;
}

void TestTasksPage::aCallBecomesATask()
{
    QFETCH(QString, revision);
    QFETCH(QByteArray, asked);
    WindowProbe probe;
    QVERIFY(connectTo(probe, revision));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.part<ToolPanel>()->findChild<QSpinBox *>()->setValue(30);
    call(probe, u"brew-tea"_s, "{\"seconds\":0.4}");
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    const ExchangeId began = finished.constFirst().at(1).value<CallResult>().exchange;
    const QByteArray body = probe.session->trace()->requestBody(began);
    QVERIFY2(body.contains(asked), body);
    QTRY_VERIFY(probe.says(u"Became a task"_s));
    keepPicture(probe, u"tools-task-"_s + revision);
    probe.link(u"Show the task"_s)->click();
    auto *rail = probe.part<Rail>();
    QCOMPARE(rail->current(), rail->indexOf(u"tasks"_s));
    QVERIFY(probe.says(u"tools/call brew-tea"_s));
    QVERIFY(probe.link(u"Exchange %1"_s.arg(began)));
    QTRY_COMPARE_WITH_TIMEOUT(status(probe), u"completed"_s, 10000);
    QTRY_VERIFY_WITH_TIMEOUT(shownText(probe.part<TaskPanel>()).contains(u"The tea is ready."_s),
                             10000);
    QVERIFY(!button(probe, u"Cancel task"_s)->isEnabled());
    QVERIFY(!button(probe, u"Get result"_s));
    keepPicture(probe, u"tasks-done-"_s + revision);
}

void TestTasksPage::aTaskThatNeedsInputIsAnsweredOnRequests_data()
{
    QTest::addColumn<QString>("revision");
    QTest::newRow("of the core") << u"2025-11-25"_s;
    QTest::newRow("of the extension") << u"2026-07-28"_s;
}

void TestTasksPage::aTaskThatNeedsInputIsAnsweredOnRequests()
{
    QFETCH(QString, revision);
    WindowProbe probe;
    QVERIFY(connectTo(probe, revision));
    call(probe, u"label-cup"_s, "{\"seconds\":0.1}");
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), 1, 10000);
    probe.window->showPage(u"tasks"_s);
    auto *rail = probe.part<Rail>();
    QTRY_VERIFY_WITH_TIMEOUT(rail->page(rail->indexOf(u"tasks"_s))->isWaiting(), 10000);
    QCOMPARE(status(probe), u"input_required"_s);
    QTRY_VERIFY(probe.says(u"The server waits for an answer to elicitation/create"_s));
    QTRY_VERIFY(probe.link(u"Answer on Requests"_s));
    keepPicture(probe, u"tasks-input-"_s + revision);
    probe.link(u"Answer on Requests"_s)->click();
    QCOMPARE(rail->current(), rail->indexOf(u"requests"_s));
    auto *editor = probe.part<RequestPanel>()->findChild<ArgumentsEditor *>();
    editor->setArguments("{\"name\":\"Ada\"}");
    editor->focusEditor();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
    probe.window->showPage(u"tasks"_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        shownText(probe.part<TaskPanel>()).contains(u"A cup with the name Ada on it is ready."_s),
        15000);
    QCOMPARE(probe.railCount(u"requests"_s), -1);
    QVERIFY(!rail->page(rail->indexOf(u"tasks"_s))->isWaiting());
    QVERIFY(!probe.link(u"Answer on Requests"_s));
}

void TestTasksPage::aTaskIsCancelled_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<QString>("told");
    QTest::newRow("of the core") << u"2025-11-25"_s << u"it is cancelled now"_s;
    QTest::newRow("of the extension") << u"2026-07-28"_s << u"heard that it is to be cancelled"_s;
}

void TestTasksPage::aTaskIsCancelled()
{
    QFETCH(QString, revision);
    QFETCH(QString, told);
    WindowProbe probe;
    QVERIFY(connectTo(probe, revision));
    call(probe, u"deep-clean"_s, "{\"seconds\":600}");
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    probe.window->showPage(u"tasks"_s);
    QCOMPARE(status(probe), u"working"_s);
    QVERIFY(probe.says(u"asked for every 500 ms, as the server wishes"_s));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    button(probe, u"Cancel task"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(status(probe), u"cancelled"_s, 10000);
    QTRY_VERIFY(probe.says(told));
    QVERIFY(probe.says(u"A task that was cancelled has none."_s));
    QVERIFY(!button(probe, u"Cancel task"_s)->isEnabled());
    keepPicture(probe, u"tasks-cancelled-"_s + revision);
}

void TestTasksPage::onlyWhereServerAndToolAllowItACallIsATask_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<QString>("tool");
    QTest::addColumn<bool>("canBeChosen");
    QTest::addColumn<bool>("isChosen");
    QTest::addColumn<QString>("says");
    QTest::newRow("optional") << u"2025-11-25"_s << u"brew-tea"_s << true << false << QString();
    QTest::newRow("required") << u"2025-11-25"_s << u"deep-clean"_s << true << true
                              << u"runs as a task only"_s;
    QTest::newRow("forbidden") << u"2025-11-25"_s << u"echo"_s << false << false << QString();
    QTest::newRow("extension") << u"2026-07-28"_s << u"brew-tea"_s << false << false << QString();
    QTest::newRow("too old") << u"2025-06-18"_s << u"echo"_s << false << false << QString();
}

void TestTasksPage::onlyWhereServerAndToolAllowItACallIsATask()
{
    QFETCH(QString, revision);
    QFETCH(QString, tool);
    QFETCH(bool, canBeChosen);
    QFETCH(bool, isChosen);
    QFETCH(QString, says);
    WindowProbe probe;
    QVERIFY(connectTo(probe, revision));
    QTRY_VERIFY(probe.part<ToolsPage>()->selectTool(tool)); // on the second page of the list
    const QCheckBox *asTask = box(probe, u"Call as a task"_s);
    QCOMPARE(asTask != nullptr, canBeChosen);
    QCOMPARE(asTask && asTask->isChecked(), isChosen);
    QVERIFY2(says.isEmpty() || probe.says(says), qPrintable(probe.texts().join(u'\n')));
}

void TestTasksPage::aServerWithoutTasksIsToldPlainly_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<QString>("says");
    QTest::newRow("revision") << u"2025-06-18"_s << u"It speaks revision 2025-06-18"_s;
    QTest::newRow("capability") << u"2025-11-25"_s << u"do not have “tasks”"_s;
}

void TestTasksPage::aServerWithoutTasksIsToldPlainly()
{
    QFETCH(QString, revision);
    QFETCH(QString, says);
    OfferingServer server("{\"tools\":{}}");
    WindowProbe probe;
    probe.window->showPage(u"tasks"_s);
    QVERIFY(probe.says(u"Not connected"_s));
    probe.window->connectTo(server.target(revision));
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 10000);
    probe.window->showPage(u"tasks"_s);
    QVERIFY(probe.says(u"The server has no tasks"_s));
    QVERIFY2(probe.says(says), qPrintable(probe.texts().join(u'\n')));
    QCOMPARE(probe.railCount(u"tasks"_s), -1);
    QCOMPARE(server.got("tasks/list").size(), 0);
}

void TestTasksPage::aRefusedCancelIsTold()
{
    OfferingServer server(TaskCapabilities);
    server.list(ListKind::Tasks, task("t-1", "working"));
    server.answer(u"tasks/get"_s, task("t-1", "working"));
    server.refuse(u"tasks/cancel"_s, -32602);
    WindowProbe probe;
    probe.window->connectTo(server.target());
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    QVERIFY(probe.window->prepareScreenshot(u"tasks"_s));
    QTRY_VERIFY(selected(probe));
    button(probe, u"Cancel task"_s)->click();
    QTRY_VERIFY(probe.says(u"It was not cancelled"_s));
    QVERIFY(probe.says(u"-32602"_s));
    QCOMPARE(status(probe), u"working"_s);
    QVERIFY(button(probe, u"Cancel task"_s)->isEnabled()); // it can be tried again
}

void TestTasksPage::aTaskThatTheServerForgotIsNotAskedForAnyMore()
{
    OfferingServer server(TaskCapabilities);
    server.list(ListKind::Tasks, task("t-1", "working", ",\"pollInterval\":100"));
    server.refuse(u"tasks/get"_s, -32602);
    WindowProbe probe;
    probe.window->connectTo(server.target());
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    probe.window->prepareScreenshot(u"tasks"_s);
    QTRY_VERIFY(probe.says(u"It is not asked for any more"_s));
    QCOMPARE(status(probe), u"working, lost"_s);
    QVERIFY(probe.says(u"Refresh (F5) asks once"_s));
    QCOMPARE(server.got("tasks/get").size(), 1);
}

void TestTasksPage::notificationsUpdateATask()
{
    OfferingServer server(TaskCapabilities);
    server.list(ListKind::Tasks, task("t-1", "working", ",\"pollInterval\":60000"));
    WindowProbe probe;
    probe.window->connectTo(server.target());
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    QTRY_VERIFY(server.stream);
    probe.window->prepareScreenshot(u"tasks"_s);
    server.notify("notifications/tasks/status",
                  task("t-1", "working", ",\"statusMessage\":\"half way\""));
    QTRY_VERIFY(probe.says(u"half way"_s));
    server.notify("notifications/tasks/status", task("t-1", "completed"));
    QTRY_COMPARE(status(probe), u"completed"_s);
    // What has ended stays so, whatever comes late.
    server.notify("notifications/tasks/status", task("t-1", "working"));
    server.notify("notifications/tasks/status", task("t-2", "working"));
    QTRY_COMPARE(probe.railCount(u"tasks"_s), 2);
    QCOMPARE(status(probe), u"completed"_s);
}

void TestTasksPage::pollingCanBeSwitchedOff()
{
    OfferingServer server(TaskCapabilities);
    server.list(ListKind::Tasks, task("t-1", "working", ",\"pollInterval\":1"));
    server.answer(u"tasks/get"_s, task("t-1", "working", ",\"pollInterval\":1"));
    WindowProbe probe;
    probe.window->connectTo(server.target());
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    QCOMPARE(server.got("tasks/get").size(), 0); // not of its own accord where none is looked at
    probe.window->prepareScreenshot(u"tasks"_s);
    QVERIFY(probe.says(u"asked for every 100 ms; the server wishes"_s));
    QTRY_VERIFY(server.got("tasks/get").size() > 2);
    box(probe, u"Poll"_s)->click();
    QVERIFY(probe.says(u"not asked for by itself"_s));
    QTRY_COMPARE(probe.state().running, 0);
    const qsizetype asked = server.got("tasks/get").size();
    // A request that comes later than a poll would have.
    QSignalSpy listed(probe.session.get(), &SessionController::listed);
    for (int i = 0; i < 5; ++i) {
        probe.session->list(ListKind::Tasks);
        QVERIFY(listed.wait(5000));
    }
    QVERIFY(server.got("tasks/get").size() <= asked + 1);
}

void TestTasksPage::refreshListsAgain()
{
    OfferingServer server(TaskCapabilities);
    server.list(ListKind::Tasks, {});
    WindowProbe probe;
    probe.window->connectTo(server.target());
    QTRY_COMPARE_WITH_TIMEOUT(server.got("tasks/list").size(), 1, 10000);
    probe.window->showPage(u"tasks"_s);
    QTRY_VERIFY(probe.says(u"No tasks yet"_s));
    server.list(ListKind::Tasks, task("t-1", "working") + ';' + task("t-2", "odd"));
    QTest::keyClick(probe.window.get(), Qt::Key_F5);
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 2, 10000);
    QCOMPARE(status(probe, 1), u"odd"_s);
    QVERIFY(probe.says(u"2 tasks, 2 go on"_s));
}

void TestTasksPage::aFailedListIsTold()
{
    OfferingServer server(TaskCapabilities);
    server.refuse(u"tasks/list"_s, -32603);
    WindowProbe probe;
    probe.window->connectTo(server.target());
    probe.window->showPage(u"tasks"_s);
    QTRY_VERIFY_WITH_TIMEOUT(probe.says(u"The tasks could not be listed"_s), 10000);
    QVERIFY(probe.says(u"-32603"_s));
    server.list(ListKind::Tasks, task("t-1", "completed"));
    button(probe, u"Ask all the same"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    QVERIFY(!probe.says(u"Not listed"_s));
}

void TestTasksPage::aFailedTaskShowsItsError()
{
    OfferingServer server(TaskCapabilities);
    server.list(ListKind::Tasks, task("t-1", "failed"));
    server.refuse(u"tasks/result"_s, -32050);
    WindowProbe probe;
    probe.window->connectTo(server.target());
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    probe.window->prepareScreenshot(u"tasks"_s);
    QVERIFY(probe.says(u"It was not fetched yet."_s));
    QCOMPARE(server.got("tasks/result").size(), 0); // only one that began here, by itself
    button(probe, u"Get result"_s)->click();
    QTRY_VERIFY(probe.says(u"Error -32050"_s));
    QVERIFY(!button(probe, u"Get result"_s));
}

void TestTasksPage::theEndOfTheConnectionTakesQuestionsBack()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe, u"2026-07-28"_s));
    call(probe, u"label-cup"_s, "{\"seconds\":0.1}");
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), 1, 10000);
    probe.session->disconnectFrom();
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Idle, 10000);
    QCOMPARE(probe.railCount(u"requests"_s), -1);
    probe.window->showPage(u"requests"_s);
    QVERIFY(probe.says(u"It needs no answer any more: The connection ended."_s));
    // The task outlives it there, and asks again.
    QVERIFY(connectTo(probe, u"2026-07-28"_s));
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), 1, 10000);
}

void TestTasksPage::everythingHasAName()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    call(probe, u"brew-tea"_s, "{\"seconds\":0}");
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    probe.window->showPage(u"tasks"_s);
    QVERIFY(!probe.part<TasksPage>()->findChild<RowsView *>()->accessibleName().isEmpty());
    const auto all = probe.part<TasksPage>()->findChildren<QAbstractButton *>();
    for (const QAbstractButton *one : all)
        QVERIFY2(!one->text().isEmpty() || !one->accessibleName().isEmpty() || !one->isVisible(),
                 one->metaObject()->className());
}

void TestTasksPage::theModelKeepsTheRulesOfModels()
{
    TaskListModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    TrackedTask one;
    one.task.status = u"working"_s;
    for (int i = 0; i < 30; ++i) {
        one.task.id = u"task %1"_s.arg(i);
        QVERIFY(model.put(one));
    }
    one.task.status = u"completed\u202e"_s;
    QVERIFY(model.put(one));
    QCOMPARE(model.rowCount(), 30);
    QVERIFY(!model.index(29, TaskListModel::Status).data().toString().contains(u'\u202e'));
    QCOMPARE(model.rowOf(u"task 7"_s), 7);
    model.clear();
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!model.find(u"task 7"_s));
}

void TestTasksPage::timesAndSpansAreReadable_data()
{
    QTest::addColumn<QString>("sent");
    QTest::addColumn<QString>("shown");
    const QDateTime now(QDate(2026, 3, 4), QTime(5, 6, 7));
    const QDateTime before = now.addDays(-1);
    QTest::newRow("today") << now.toUTC().toString(Qt::ISODateWithMs) << u"05:06:07"_s;
    QTest::newRow("another day") << before.toUTC().toString(Qt::ISODate)
                                 << u"2026-03-03 05:06:07"_s;
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("no time") << u"soon"_s << u"soon"_s;
    QTest::newRow("endless") << QString(1000, u'9') << QString(40, u'9');
}

void TestTasksPage::timesAndSpansAreReadable()
{
    QFETCH(QString, sent);
    QFETCH(QString, shown);
    QCOMPARE(taskTime(sent, QDate(2026, 3, 4)), shown);
    Task task;
    QCOMPARE(taskKept(task), u"no limit"_s);
    task.ttlMs = std::numeric_limits<qint64>::max();
    QVERIFY(taskKept(task).endsWith(" ms"_L1));
}

QTEST_MAIN(TestTasksPage)
#include "test_tasks_page.moc"
