// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_filter.h"
#include "sample_trace.h"
#include "ui/models/exchange_model.h"
#include "ui/models/time_window.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/waterfall_axis.h"

#include <QAccessible>
#include <QHeaderView>
#include <QMenu>
#include <QStandardPaths>
#include <QTest>
#include <QWheelEvent>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {
constexpr qint64 kMsNs = 1'000'000;
constexpr qint64 kSecNs = 1000 * kMsNs;
} // namespace

/// The waterfall's time: its axis, zooming and moving along, and a span as a filter.
class TestWaterfall : public QObject {
    Q_OBJECT

    static RowsView *table(QWidget &page)
    {
        const auto views = page.findChildren<RowsView *>();
        for (RowsView *view : views) {
            if (qobject_cast<ExchangeModel *>(view->model()))
                return view;
        }
        return nullptr;
    }
    /// Pictures for a person to look at, where a folder for them was named.
    static void picture(QWidget &page, const QString &name)
    {
        const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(page.grab().save(folder + u'/' + name + u".png"_s));
    }
    static void wheel(QWidget *on, const QPoint &at, int turns, Qt::KeyboardModifiers held)
    {
        QWheelEvent event(QPointF(at), on->mapToGlobal(QPointF(at)), {}, {0, turns * 120},
                          Qt::NoButton, held, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(on, &event);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"waterfall"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }

    void zoomingKeepsWhatLiesUnderTheMouse_data()
    {
        QTest::addColumn<qint64>("from");
        QTest::addColumn<qint64>("to");
        QTest::addColumn<double>("factor");
        QTest::addColumn<qint64>("anchor");
        QTest::addColumn<qint64>("newFrom");
        QTest::addColumn<qint64>("newTo");
        const auto row = [](const char *name, qint64 from, qint64 to, double factor, qint64 anchor,
                            qint64 newFrom, qint64 newTo) {
            QTest::newRow(name) << from << to << factor << anchor << newFrom << newTo;
        };
        row("middle", 0, 10'000, 2, 5000, 2500, 7500);
        row("left edge", 0, 10'000, 2, 0, 0, 5000);
        row("right edge", 0, 10'000, 2, 10'000, 5000, 10'000);
        row("anchor beside it", 0, 10'000, 2, -50, 0, 5000);
        row("out, beyond the whole", 4000, 6000, 0.1, 5000, 0, 10'000);
        row("out, held at the end", 8000, 10'000, 0.5, 10'000, 6000, 10'000);
        row("no shorter than a microsecond", 4000, 5500, 100, 4000, 4000, 5000);
        row("nonsense", 0, 10'000, 0, 5000, 0, 10'000);
        row("nonsense below zero", 0, 10'000, -3, 5000, 0, 10'000);
    }
    void zoomingKeepsWhatLiesUnderTheMouse()
    {
        QFETCH(qint64, from);
        QFETCH(qint64, to);
        QFETCH(double, factor);
        QFETCH(qint64, anchor);
        const TimeWindow out = zoomed({from, to}, factor, anchor, {0, 10'000});
        QTEST(out.from, "newFrom");
        QTEST(out.to, "newTo");
    }

    void movingEndsWhereTheTimeDoes()
    {
        const TimeWindow whole{100, 10'100};
        QCOMPARE(panned({1000, 3000}, 0.5, whole), (TimeWindow{2000, 4000}));
        QCOMPARE(panned({1000, 3000}, -5, whole), (TimeWindow{100, 2100}));
        QCOMPARE(panned({1000, 3000}, 50, whole), (TimeWindow{8100, 10'100}));
    }

    void ticksAreRoundAndFew_data()
    {
        QTest::addColumn<qint64>("from");
        QTest::addColumn<qint64>("to");
        QTest::addColumn<int>("most");
        QTest::addColumn<QString>("words");
        QTest::newRow("seconds") << qint64(0) << 8 * kSecNs << 5 << u"0 2 4 6 8 s"_s;
        QTest::newRow("from within")
            << 1500 * kMsNs << 3500 * kMsNs << 5 << u"1.5 2.0 2.5 3.0 3.5 s"_s;
        QTest::newRow("milliseconds")
            << kSecNs << kSecNs + 10 * kMsNs << 3 << u"1.000 1.005 1.010 s"_s;
        QTest::newRow("one") << qint64(0) << 8 * kSecNs << 1 << u"0 s"_s;
        QTest::newRow("none wanted") << qint64(0) << kSecNs << 0 << QString();
        QTest::newRow("hours") << qint64(0) << 36'000 * kSecNs << 4
                               << u"0 10,000 20,000 30,000 s"_s;
        QTest::newRow("a moment") << qint64(7) << qint64(8) << 4 << u"0.000000007 0.000000008 s"_s;
    }
    void ticksAreRoundAndFew()
    {
        QFETCH(qint64, from);
        QFETCH(qint64, to);
        QFETCH(int, most);
        const QList<TimeTick> ticks = timeTicks({from, to}, most);
        QVERIFY(ticks.size() <= most);
        QStringList words;
        for (const TimeTick &tick : ticks) {
            QVERIFY(tick.at >= from && tick.at <= to);
            words.append(tick.text);
        }
        QTEST(words.join(u' '), "words");
    }

    void aSpanIsAFilterThatFindsWhatBeganInIt()
    {
        QCOMPARE(timeTerm({1200 * kMsNs, 3400 * kMsNs}), u"at:1200ms..3400ms"_s);
        QCOMPARE(timeTerm({0, 5000 * kSecNs}), u"at:0s..5000s"_s);
        QCOMPARE(timeTerm({1'234'567, 1'300'001}), u"at:1234567ns..1300001ns"_s);
        QCOMPARE(timeTerm({-5, 2 * kMsNs}), u"at:0us..2000us"_s);
        TraceStore store;
        sample::fill(store);
        for (const TimeWindow &window :
             {TimeWindow{40 * kMsNs, 60 * kMsNs}, TimeWindow{46 * kMsNs, 46 * kMsNs + 500}}) {
            QList<FilterProblem> problems;
            const TraceFilter filter = TraceFilter::parse(timeTerm(window), &problems);
            QVERIFY(problems.isEmpty());
            for (ExchangeId id = 1; id <= store.exchangeCount(); ++id) {
                const qint64 begun = store.summary(id).times.begun;
                if (begun >= window.from && begun <= window.to)
                    QVERIFY(filter.matches(store, id));
            }
            QVERIFY(filter.matches(store, 3));
            QVERIFY(!filter.matches(store, 6));
        }
    }

    void keysWheelAndMenuZoomAndMoveIt()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.resize(1115, 690);
        page.show();
        page.setTrace(&store);
        RowsView *view = table(page);
        auto *model = qobject_cast<ExchangeModel *>(view->model());
        auto *axis = page.findChild<WaterfallAxis *>();
        QTRY_COMPARE(model->rowCount(), 10);
        const TimeWindow whole = model->wholeTime();
        QCOMPARE(axis->window(), whole);
        view->setFocus();
        QTest::keyClick(view, Qt::Key_Plus);
        QVERIFY(axis->isZoomed());
        const TimeWindow once = axis->window();
        QVERIFY(once.length() < whole.length());
        QTest::keyClick(view, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(axis->window().from > once.from);
        QCOMPARE(axis->window().length(), once.length());
        QTest::keyClick(view, Qt::Key_Minus);
        QTest::keyClick(view, Qt::Key_Minus);
        QVERIFY(!axis->isZoomed());
        // About the chosen one.
        page.showExchange(7);
        QTest::keyClick(view, Qt::Key_Plus);
        const double before = whole.shareOf(store.summary(7).times.begun);
        QVERIFY(std::abs(axis->window().shareOf(store.summary(7).times.begun) - before) < 0.01);
        QTest::keyClick(view, Qt::Key_0);
        QCOMPARE(axis->window(), whole);

        const int column = view->header()->sectionViewportPosition(ExchangeModel::Waterfall)
            + view->header()->sectionSize(ExchangeModel::Waterfall) / 2;
        wheel(view->viewport(), {column, 40}, 1, Qt::ControlModifier);
        QVERIFY(axis->isZoomed());
        const TimeWindow turned = axis->window();
        wheel(view->viewport(), {column, 40}, -1, Qt::ShiftModifier);
        QVERIFY(axis->window().from > turned.from);
        // What lies beside it is told as such.
        const QModelIndex first = model->index(0, ExchangeModel::Waterfall);
        axis->showWindow({4 * kSecNs, 7 * kSecNs});
        picture(page, u"waterfall-zoomed"_s);
        axis->showWindow({7 * kSecNs, 8 * kSecNs});
        QVERIFY(first.data(ExchangeModel::BarEndRole).toDouble() < 0);
        QAccessibleInterface *told = QAccessible::queryAccessibleInterface(view);
        QCOMPARE(told->child(ExchangeModel::Waterfall)->text(QAccessible::Name),
                 u"Waterfall, 7.000 s to 8.000 s"_s);
        page.setTrace(nullptr);
        QVERIFY(!axis->isZoomed());
    }

    void aDrawnSpanBecomesAFilter()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.resize(1115, 690);
        page.show();
        page.setTrace(&store);
        RowsView *view = table(page);
        auto *model = qobject_cast<ExchangeModel *>(view->model());
        auto *axis = page.findChild<WaterfallAxis *>();
        QTRY_COMPARE(model->rowCount(), 10);
        page.setFilterText(u"method:POST"_s);
        QTRY_COMPARE(model->rowCount(), 6);
        QHeaderView *header = view->header();
        const int left = header->sectionViewportPosition(ExchangeModel::Waterfall);
        const int width = header->sectionSize(ExchangeModel::Waterfall);
        QWidget *on = header->viewport();
        QTest::mousePress(on, Qt::LeftButton, {}, {left + 10, 10});
        QTest::mouseMove(on, {left + width / 4, 10});
        QTest::mouseMove(on, {left + width / 2, 10});
        QTest::mouseRelease(on, Qt::LeftButton, {}, {left + width / 2, 10});
        QVERIFY(axis->span());
        QVERIFY(model->index(0, ExchangeModel::Waterfall).data(ExchangeModel::SpanRole).isValid());
        picture(page, u"waterfall-span"_s);
        QAction *filter = nullptr;
        const auto menus = view->findChildren<QMenu *>();
        for (QMenu *menu : menus) {
            for (QAction *action : menu->actions()) {
                if (action->text() == u"Filter to this span"_s)
                    filter = action;
            }
        }
        QVERIFY(filter);
        const QString term = timeTerm(*axis->span());
        filter->trigger();
        QCOMPARE(page.filterText(), u"method:POST "_s + term);
        QTRY_VERIFY(model->rowCount() < 6);
        // A click takes it away, and another span takes the place of the first.
        Q_EMIT axis->filterWanted(u"at:0s..1s"_s);
        QCOMPARE(page.filterText(), u"method:POST at:0s..1s"_s);
        axis->setSpan(TimeWindow{0, kSecNs});
        QTest::mouseClick(on, Qt::LeftButton, {}, {left + width / 2, 10});
        QVERIFY(!axis->span());
        page.setTrace(nullptr);
    }
};

QTEST_MAIN(TestWaterfall)
#include "test_waterfall.moc"
