// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_probe.h"
#include "ui/models/log_model.h"
#include "ui/pages/server_logs.h"
#include "ui/pages/server_overview.h"
#include "ui/pages/server_page.h"
#include "ui/pages/server_roots.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/step_row.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// The server itself: what it says of itself, what it logs, and the roots that it is given.
class TestServerPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        QVERIFY(lab.start());
    }
    void itTellsWhatTheServerSaid();
    void theStatusLineLeadsToTheLadder();
    void aPingTellsItsTime();
    void theOverviewScrollsAsOne();
    void rootsAreToldAndAnswered();
    void aRootThatIsRemovedComesBack();
    void theLevelIsAskedFor();
    void logMessagesStandThere();
    void aFloodIsBounded();
    void theLogModelKeepsTheRulesOfModels();
    void untrustedTextShowsItsMarks();

private:
    bool connectTo(WindowProbe &probe);
    static LogTail::Taken messages(const QByteArrayList &params);
    LabProbe lab;
};

bool TestServerPage::connectTo(WindowProbe &probe)
{
    probe.enter(lab.url().toString());
    return QTest::qWaitFor([&] { return probe.state().phase == SessionPhase::Ready; }, 15000);
}

LogTail::Taken TestServerPage::messages(const QByteArrayList &params)
{
    LogTail::Taken taken;
    for (const QByteArray &one : params)
        taken.messages.append({one, 3, 7'000'000});
    return taken;
}

void TestServerPage::itTellsWhatTheServerSaid()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    probe.window->showPage(u"server"_s);
    QVERIFY(probe.says(u"Sightglass lab"_s));
    QVERIFY(probe.says(u"streamable HTTP"_s));
    QVERIFY(probe.says(probe.state().revision));
    QVERIFY(probe.says(QString::fromLatin1(probe.state().sessionId)));
    QCOMPARE(probe.part<ServerOverview>()->findChild<JsonView *>()->json(),
             probe.state().capabilities);
}

void TestServerPage::theStatusLineLeadsToTheLadder()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    StatusItem *item = nullptr;
    for (StatusItem *one : probe.part<StatusLine>()->findChildren<StatusItem *>()) {
        if (one->isVisible() && one->text() == probe.state().revision)
            item = one;
    }
    QVERIFY(item);
    item->click();
    auto *rail = probe.part<Rail>();
    QCOMPARE(rail->current(), rail->indexOf(u"server"_s));
    QVERIFY(probe.says(u"How the connection came about"_s));
    QVERIFY(probe.says(u"Holds: revision %1"_s.arg(probe.state().revision)));
    QVERIFY(!probe.part<ServerOverview>()->findChildren<StepRow *>().isEmpty());
}

void TestServerPage::aPingTellsItsTime()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    probe.window->showPage(u"server"_s);
    for (QPushButton *button : probe.part<ServerOverview>()->findChildren<QPushButton *>()) {
        if (button->text() == "Ping"_L1)
            button->click();
    }
    QTRY_VERIFY(probe.says(u"answered in "_s));
}

void TestServerPage::theOverviewScrollsAsOne()
{
    WindowProbe probe({900, 600});
    QVERIFY(connectTo(probe));
    probe.window->showPage(u"server"_s);
    auto *tree = probe.part<ServerOverview>()->findChild<JsonView *>()->findChild<RowsView *>();
    QVERIFY(tree && tree->isVisible());
    QTRY_VERIFY(tree->model()->rowCount() > 10);
    QTRY_COMPARE(tree->verticalScrollBar()->maximum(), 0);
    // Also when a part is folded, and opened again.
    const int open = tree->height();
    tree->setCurrentRow(2);
    QTest::keyClick(tree, Qt::Key_Left);
    QTRY_VERIFY(tree->height() < open);
    QTest::keyClick(tree, Qt::Key_Right);
    QTRY_COMPARE(tree->height(), open);
    QTRY_COMPARE(tree->verticalScrollBar()->maximum(), 0);
}

void TestServerPage::rootsAreToldAndAnswered()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    probe.window->showPage(u"server"_s);
    probe.part<ServerPage>()->showTab(ServerPage::Tab::Roots);
    auto *roots = probe.part<ServerRoots>();
    const ExchangeId before = probe.session->trace()->exchangeCount();
    roots->addFolder(u"/srv/some folder"_s);
    QCOMPARE(roots->roots().constFirst().uri, u"file:///srv/some%20folder"_s);
    const auto told = [&] {
        const TraceReader *trace = probe.session->trace();
        for (ExchangeId id = before + 1; id <= trace->exchangeCount(); ++id) {
            if (trace->requestBody(id).contains("roots/list_changed"))
                return true;
        }
        return false;
    };
    QTRY_VERIFY(told());
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.session->callTool(u"ask-roots"_s, "{}");
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    const QByteArray result = finished.constFirst().at(1).value<CallResult>().result;
    QVERIFY2(result.contains("some%20folder"), result);
}

void TestServerPage::aRootThatIsRemovedComesBack()
{
    WindowProbe probe;
    probe.window->showPage(u"server"_s);
    probe.part<ServerPage>()->showTab(ServerPage::Tab::Roots);
    auto *roots = probe.part<ServerRoots>();
    roots->addFolder(u"/one"_s);
    roots->addFolder(u"/two"_s);
    for (QToolButton *button : roots->findChildren<QToolButton *>()) {
        if (button->accessibleName() == "Remove this root"_L1) {
            button->click();
            break;
        }
    }
    QCOMPARE(roots->roots().size(), 1);
    probe.link(u"Undo remove"_s)->click();
    QCOMPARE(roots->roots().size(), 2);
    QCOMPARE(roots->roots().constFirst().uri, u"file:///one"_s);
}

void TestServerPage::theLevelIsAskedFor()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    probe.window->showPage(u"server"_s);
    probe.part<ServerPage>()->showTab(ServerPage::Tab::Logs);
    auto *level = probe.part<ServerLogs>()->findChild<QComboBox *>();
    QVERIFY(!level->accessibleName().isEmpty());
    level->setFocus();
    QTest::keyClicks(level, u"w"_s);
    QTRY_COMPARE(probe.state().logLevel, "warning"_ba);
    QTRY_COMPARE(level->currentData().toString(), u"warning"_s);
}

void TestServerPage::logMessagesStandThere()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    probe.window->showPage(u"server"_s);
    probe.part<ServerPage>()->showTab(ServerPage::Tab::Logs);
    auto *rows = probe.part<ServerLogs>()->findChild<RowsView *>();
    Q_EMIT probe.session->logged(
        messages({R"({"level":"error","logger":"disk","data":{"left":0.10}})",
                  R"({"level":"info","data":"all is well"})", "nonsense"}),
        QDateTime(QDate(2026, 11, 28), QTime(10, 20, 30)));
    QTRY_COMPARE(rows->model()->rowCount(), 3);
    QCOMPARE(rows->model()->index(0, LogModel::Data).data().toString(), u"{\"left\":0.10}"_s);
    QCOMPARE(rows->model()->index(1, LogModel::Data).data().toString(), u"all is well"_s);
    QCOMPARE(rows->model()->index(1, LogModel::Time).data().toString(), u"10:20:30.007"_s);
    QTest::keyClick(probe.window.get(), Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(QApplication::focusWidget(), u"disk"_s);
    QTRY_COMPARE(rows->model()->rowCount(), 1);
    rows->setCurrentRow(0);
    QTRY_VERIFY(probe.part<ServerLogs>()->findChild<JsonView *>()->isVisible());
}

void TestServerPage::aFloodIsBounded()
{
    WindowProbe probe;
    probe.window->showPage(u"server"_s);
    probe.part<ServerPage>()->showTab(ServerPage::Tab::Logs);
    auto *model = probe.part<LogModel>();
    QByteArrayList many;
    for (int i = 0; i < 35'000; ++i) {
        many.append(R"({"level":"debug","data":)" + QByteArray::number(i) + '}');
        if (many.size() == 5000)
            Q_EMIT probe.session->logged(messages(std::exchange(many, {})), {});
    }
    QCOMPARE(model->rowCount() + model->dropped(), 35'000);
    QVERIFY(model->rowCount() <= LogModel::Most);
    QCOMPARE(model->lineAt(model->rowCount() - 1).data, "34999"_ba);
    // Long ones are bounded by their bytes.
    const QByteArray big = R"({"level":"info","data":")" + QByteArray(1 << 20, 'x') + "\"}";
    for (int i = 0; i < 100; ++i)
        Q_EMIT probe.session->logged(messages({big}), {});
    QVERIFY(model->rowCount() > 0 && model->rowCount() < 64);
    // What the session passed over counts, too.
    const qint64 before = model->dropped();
    LogTail::Taken taken = messages({"{}"});
    taken.passedOver = 7;
    Q_EMIT probe.session->logged(taken, {});
    QVERIFY(model->dropped() >= before + 7);
}

void TestServerPage::theLogModelKeepsTheRulesOfModels()
{
    LogModel model([](const QByteArray &json) { return json; });
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QByteArrayList some(300, R"({"level":7,"logger":[],"data":null})");
    for (int i = 0; i < LogModel::Most + 10; i += 300)
        model.add(messages(some), {});
    QVERIFY(model.dropped() > 0);
    QCOMPARE(model.rowCount(), LogModel::Most);
    QCOMPARE(model.index(0, LogModel::Level).data().toString(), u"no level"_s);
    model.add({}, {});
    QCOMPARE(model.rowCount(), LogModel::Most);
    // More than is kept, at once.
    model.add(messages(QByteArrayList(LogModel::Most + 1, "{}")), {});
    QVERIFY(model.rowCount() >= LogModel::Most);
    model.clear();
    QCOMPARE(model.rowCount(), 0);
}

void TestServerPage::untrustedTextShowsItsMarks()
{
    LogModel model([](const QByteArray &json) { return json; });
    model.add(messages({R"({"level":"\u202einfo","logger":"<b>","data":"a\u0007b"})"}), {});
    QCOMPARE(model.rowCount(), 1);
    QVERIFY(!model.index(0, LogModel::Level).data().toString().contains(QChar(0x202e)));
    QVERIFY(!model.index(0, LogModel::Data).data().toString().contains(QChar(7)));
}

QTEST_MAIN(TestServerPage)
#include "test_server_page.moc"
