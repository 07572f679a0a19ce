// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/exchange_model.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/rows_view.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

/// The table of exchanges sorted by a column: by header, by menu, by whoever listens.
class TestTrafficSorting : public QObject {
    Q_OBJECT

    std::shared_ptr<const Redactor> m_redactor = std::make_shared<Redactor>("salt"_ba);

    static QList<ExchangeId> ids(const ExchangeModel &model)
    {
        QList<ExchangeId> all;
        for (int row = 0; row < model.rowCount(); ++row)
            all.append(model.idAt(row));
        return all;
    }
    static bool sortsSoon(ExchangeModel &model)
    {
        return QTest::qWaitFor([&] { return !model.isSorting(); }, 20'000);
    }
    static RowsView *table(QWidget &page)
    {
        const auto views = page.findChildren<RowsView *>();
        for (RowsView *view : views) {
            if (qobject_cast<ExchangeModel *>(view->model()))
                return view;
        }
        return nullptr;
    }
    static void clickHeader(RowsView *view, int column)
    {
        QHeaderView *header = view->header();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          {header->sectionViewportPosition(column) + 12, header->height() / 2});
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"sorting"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }

    void eachColumnSortsByWhatItShows_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<int>("order");
        QTest::addColumn<QList<ExchangeId>>("expected");
        using Ids = QList<ExchangeId>;
        const auto row = [](const char *name, int column, int order, const Ids &expected) {
            QTest::newRow(name) << column << order << expected;
        };
        // 1 POST b/slow 200 80 ms; 2 GET Stream 401 3 ms, nothing carried; 3 POST a/fast 200 with
        // an error beneath; 4 POST b/slow open
        row("number down", ExchangeModel::Number, 1, {4, 3, 2, 1});
        row("time", ExchangeModel::Time, 0, {1, 2, 3, 4});
        row("time down", ExchangeModel::Time, 1, {4, 3, 2, 1});
        row("method", ExchangeModel::Method, 0, {2, 1, 3, 4});
        row("what, alike as recorded", ExchangeModel::What, 0, {3, 1, 4, 2});
        row("what down, alike as recorded", ExchangeModel::What, 1, {2, 1, 4, 3});
        row("credentials, worst last", ExchangeModel::Credentials, 0, {1, 3, 4, 2});
        row("status, worst beneath it last", ExchangeModel::Status, 0, {4, 1, 3, 2});
        row("events", ExchangeModel::Events, 1, {4, 1, 2, 3});
        row("size down", ExchangeModel::Size, 1, {3, 4, 1, 2});
        row("duration, open lasts longest", ExchangeModel::Duration, 0, {2, 3, 1, 4});
        row("duration down", ExchangeModel::Duration, 1, {4, 1, 3, 2});
        row("waterfall is no order", ExchangeModel::Waterfall, 1, {1, 2, 3, 4});
    }

    static void fill(TraceStore &store)
    {
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"b/slow"_s), "{}", 200,
                      "{\"id\":1,\"result\":{}}", 0, 80);
        sample::whole(store, sample::request(ExchangeKind::Stream, "GET", u"event stream"_s, false),
                      {}, 401, {}, 10, 3);
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"A/fast"_s), "{}", 200,
                      "{\"id\":2,\"error\":{\"code\":-32602,\"message\":\"Unknown tool name\"}}",
                      20, 7);
        const ExchangeId open =
            store.begin(sample::request(ExchangeKind::Post, "POST", u"b/slow"_s), "{}", 30'000'000);
        sample::frame(store, open, FrameKind::Event, "data: {\"method\":\"x\"}\n\n", 35);
    }

    void eachColumnSortsByWhatItShows()
    {
        QFETCH(int, column);
        QFETCH(int, order);
        QFETCH(QList<ExchangeId>, expected);
        TraceStore store;
        fill(store);
        ExchangeModel model;
        QAbstractItemModelTester tester(&model);
        model.setRedactor(m_redactor);
        model.setTrace(&store);
        QTRY_COMPARE(model.rowCount(), 4);
        model.sort(column, Qt::SortOrder(order));
        QVERIFY(sortsSoon(model));
        QCOMPARE(ids(model), expected);
        for (int row = 0; row < 4; ++row)
            QCOMPARE(model.rowOf(expected.at(row)), row);
        model.sort(-1);
        QCOMPARE(ids(model), (QList<ExchangeId>{1, 2, 3, 4}));
    }

    void whatComesLaterTakesItsPlace()
    {
        TraceStore store;
        fill(store);
        ExchangeModel model;
        QAbstractItemModelTester tester(&model);
        model.setTrace(&store);
        model.sort(ExchangeModel::Duration, Qt::DescendingOrder);
        QVERIFY(sortsSoon(model));
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        const QPersistentModelIndex chosen = model.index(model.rowOf(3), 0);
        const ExchangeId late = sample::whole(
            store, sample::request(ExchangeKind::Post, "POST", u"late"_s), {}, 200, {}, 40, 20);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 5);
        QCOMPARE(ids(model), (QList<ExchangeId>{4, 1, late, 3, 2}));
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(model.idAt(chosen.row()), 3);
        // The open one ends, and is the shortest now.
        store.respond(4, sample::answer(200, "OK", {}), 30'500'000);
        store.finish(4, {}, 31'000'000);
        model.refresh();
        QTRY_COMPARE(ids(model), (QList<ExchangeId>{1, late, 3, 2, 4}));
    }

    void aFilterLetsInAndOutWhileSorted()
    {
        TraceStore store;
        fill(store);
        ExchangeModel model;
        QAbstractItemModelTester tester(&model);
        model.setTrace(&store);
        model.sort(ExchangeModel::Number, Qt::DescendingOrder);
        QVERIFY(sortsSoon(model));
        model.setFilter(TraceFilter::parse(u"-is:failed method:POST"_s));
        QTRY_COMPARE(ids(model), (QList<ExchangeId>{4, 3, 1}));
        store.finish(4, Failure{FailureKind::TimedOut, u"timeout"_s, u"late"_s, {}, 4, {}});
        model.refresh();
        QTRY_COMPARE(ids(model), (QList<ExchangeId>{3, 1}));
        model.setFilter(TraceFilter());
        QTRY_COMPARE(ids(model), (QList<ExchangeId>{4, 3, 2, 1}));
    }

    void aLongTraceIsSortedBesideTheWindow()
    {
        TraceStore store;
        constexpr int count = 200'000;
        for (int i = 0; i < count; ++i)
            sample::whole(store,
                          sample::request(ExchangeKind::Post, "POST", u"call %1"_s.arg(i % 50'000)),
                          {}, 200, {}, i, 1 + i * 7919LL % 1000);
        ExchangeModel model;
        model.setTrace(&store);
        QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), count, 60'000);
        for (const int column : {int(ExchangeModel::Duration), int(ExchangeModel::What)}) {
            model.sort(column, Qt::DescendingOrder);
            QVERIFY2(model.isSorting(), "it is not waited for");
            QCOMPARE(model.rowCount(), count);
            QVERIFY(sortsSoon(model));
            QCOMPARE(model.rowCount(), count);
            QString last = model.index(0, ExchangeModel::What).data().toString();
            for (int row = 1; row < count; row += 1 + row / 50) {
                if (column == ExchangeModel::Duration) {
                    const auto took = [&](int at) {
                        const ExchangeTimes times = store.summary(model.idAt(at)).times;
                        return times.ended - times.begun;
                    };
                    QVERIFY(took(row - 1) >= took(row));
                } else {
                    const QString what = model.index(row, ExchangeModel::What).data().toString();
                    QVERIFY(last.compare(what, Qt::CaseInsensitive) >= 0);
                    last = what;
                }
            }
        }
        // Another order before the last one was there, and the trace goes away.
        model.sort(ExchangeModel::Size);
        model.sort(ExchangeModel::What);
        model.setTrace(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void theHeaderSortsSaysSoAndGoesBack()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.resize(1115, 690);
        page.show();
        page.setTrace(&store);
        RowsView *view = table(page);
        auto *model = qobject_cast<ExchangeModel *>(view->model());
        QTRY_COMPARE(model->rowCount(), 10);
        page.showExchange(6);
        QSignalSpy said(&page, &TrafficPage::statusMessage);

        clickHeader(view, ExchangeModel::Duration);
        QTRY_COMPARE(view->sortedColumn(), int(ExchangeModel::Duration));
        QVERIFY(sortsSoon(*model));
        QCOMPARE(said.last().first().toString(), u"Sorted by Duration, ascending"_s);
        QCOMPARE(view->sortingWords(ExchangeModel::Duration), u"sorted ascending"_s);
        QCOMPARE(page.currentExchange(), 6);
        QCOMPARE(model->idAt(view->currentIndex().row()), 6);
        QCOMPARE(view->selectedRows(5), QList<int>{model->rowOf(6)});
        QVERIFY(!view->isFollowing());

        clickHeader(view, ExchangeModel::Duration);
        QTRY_COMPARE(view->sortOrder(), Qt::DescendingOrder);
        QVERIFY(sortsSoon(*model));
        QCOMPARE(model->idAt(0), 7);
        if (const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES"); !folder.isEmpty())
            QVERIFY(page.grab().save(folder + u"/sorted.png"_s));
        clickHeader(view, ExchangeModel::Duration);
        QTRY_COMPARE(view->sortedColumn(), -1);
        QCOMPARE(model->idAt(0), 1);
        QCOMPARE(model->idAt(view->currentIndex().row()), 6);
        clickHeader(view, ExchangeModel::Waterfall);
        QCOMPARE(view->sortedColumn(), -1);

        // Another trace begins as recorded.
        clickHeader(view, ExchangeModel::Size);
        QTRY_COMPARE(view->sortedColumn(), int(ExchangeModel::Size));
        TraceStore other;
        page.setTrace(&other);
        QCOMPARE(view->sortedColumn(), -1);
        page.setTrace(nullptr);
    }

    void theMenuSortsByKey()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.show();
        page.setTrace(&store);
        RowsView *view = table(page);
        auto *model = qobject_cast<ExchangeModel *>(view->model());
        QTRY_COMPARE(model->rowCount(), 10);
        Q_EMIT view->customContextMenuRequested({20, 20});
        QMenu *sorts = nullptr;
        const auto menus = page.findChildren<QMenu *>();
        for (QMenu *menu : menus) {
            if (menu->title() == u"Sort by"_s)
                sorts = menu;
        }
        QVERIFY(sorts);
        QAction *size = nullptr;
        for (QAction *action : sorts->actions()) {
            if (action->text() == u"Size"_s)
                size = action;
        }
        QVERIFY(size);
        size->trigger();
        QTRY_COMPARE(view->sortedColumn(), int(ExchangeModel::Size));
        page.setTrace(nullptr);
    }

    void whoListensHearsAndPressesTheHeader()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.show();
        page.setTrace(&store);
        RowsView *view = table(page);
        QTRY_COMPARE(view->model()->rowCount(), 10);
        QAccessibleInterface *told = QAccessible::queryAccessibleInterface(view);
        QAccessibleInterface *cell = told->child(ExchangeModel::Status);
        QCOMPARE(cell->text(QAccessible::Name), u"Status"_s);
        QAccessibleActionInterface *action = cell->actionInterface();
        QVERIFY(action);
        action->doAction(action->actionNames().first());
        QTRY_COMPARE(cell->text(QAccessible::Name), u"Status, sorted ascending"_s);
        QVERIFY(!told->child(ExchangeModel::Waterfall)->actionInterface());
        QVERIFY(!told->child(ExchangeModel::ColumnCount)->actionInterface());
        page.setTrace(nullptr);
    }

    void whatOneLooksAtStaysWhileRowsCome()
    {
        TraceStore store;
        const RequestRecord ping = sample::request(ExchangeKind::Post, "POST", u"ping"_s);
        for (int i = 0; i < 500; ++i)
            sample::whole(store, ping, {}, 200, {}, i, 5);
        TrafficPage page;
        page.resize(1115, 690);
        page.show();
        page.setTrace(&store);
        RowsView *view = table(page);
        auto *model = qobject_cast<ExchangeModel *>(view->model());
        QTRY_COMPARE(model->rowCount(), 500);
        model->sort(ExchangeModel::Number, Qt::DescendingOrder);
        QVERIFY(sortsSoon(*model));
        view->verticalScrollBar()->setValue(100 * view->rowHeight());
        QCoreApplication::processEvents();
        const ExchangeId first = model->idAt(view->firstVisibleRow());
        for (int i = 0; i < 40; ++i)
            sample::whole(store, ping, {}, 200, {}, 600 + i, 5);
        QTRY_COMPARE(model->rowCount(), 540);
        QCOMPARE(model->idAt(0), 540);
        QCOMPARE(model->idAt(view->firstVisibleRow()), first);
        // At the top the newest are seen as they come.
        view->verticalScrollBar()->setValue(0);
        sample::whole(store, ping, {}, 200, {}, 700, 5);
        QTRY_COMPARE(model->rowCount(), 541);
        QCOMPARE(model->idAt(view->firstVisibleRow()), 541);
        page.setTrace(nullptr);
    }
};

QTEST_MAIN(TestTrafficSorting)
#include "test_traffic_sorting.moc"
