// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/events_model.h"
#include "ui/models/exchange_model.h"
#include "ui/models/stream_facts.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/events_view.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"

#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

/// "The stream is silent": a stream is a row that lives, and says what there is to know of it.
class TestTrafficStreams : public QObject {
    Q_OBJECT

    std::shared_ptr<const Redactor> m_redactor = std::make_shared<Redactor>("salt"_ba);
    static constexpr qint64 kSecond = 1000 * sample::kMs;

    static ExchangeId open(TraceStore &store, ExchangeKind kind, ExchangeId cause, qint64 atMs)
    {
        RequestRecord request = sample::request(kind, "GET", u"event stream"_s);
        request.cause = cause;
        const ExchangeId id = store.begin(request, {}, atMs * sample::kMs);
        store.respond(id, sample::answer(200, "OK", "text/event-stream"), (atMs + 5) * sample::kMs);
        return id;
    }
    QStringList facts(const TraceStore &store, ExchangeId id, qint64 now) const
    {
        StreamFacts facts;
        facts.reset({&store, m_redactor, false}, id);
        while (facts.update(1'000'000)) { }
        return facts.words(now);
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

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"traffic-streams"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }

    void aStreamSaysWhatCameLastAndWhatItKnows()
    {
        TraceStore store;
        const ExchangeId id = open(store, ExchangeKind::Stream, 0, 0);
        QVERIFY(facts(store, id, kSecond).contains(u"no event yet"_s));
        QVERIFY(facts(store, id, kSecond).contains(u"no retry given"_s));
        sample::frame(store, id, FrameKind::Retry, "retry: 1500\n\n", 1000);
        sample::frame(store, id, FrameKind::Event, "id: 1\ndata: {}\n\n", 2000);
        sample::frame(store, id, FrameKind::Comment, ": ping\n", 8000);
        sample::frame(store, id, FrameKind::Comment, ": ping\n", 9000);
        const QStringList words = facts(store, id, 12 * kSecond);
        QVERIFY2(words.contains(u"last byte 3 s ago"_s), qPrintable(words.join(u'|')));
        QVERIFY(words.contains(u"last event 10 s ago"_s));
        QVERIFY(words.contains(u"2 comments"_s));
        QVERIFY(words.contains(u"retry 1.5 s"_s));
        QVERIFY(words.constFirst().startsWith(u"opened "_s));
        // A recording has no now: nothing is said to be some time ago.
        QVERIFY(!facts(store, id, -1).join(u' ').contains(u" ago"_s));
        QVERIFY(facts(store, id, -1).contains(u"no end was recorded"_s));
    }

    void aStreamSaysAtWhatPaceEventsCame()
    {
        TraceStore store;
        const ExchangeId id = open(store, ExchangeKind::Stream, 0, 0);
        for (const int at : {1000, 1100})
            sample::frame(store, id, FrameKind::Event, "data: {}\n\n", at);
        QVERIFY(!facts(store, id, -1).join(u' ').contains(u"longest pause"_s));
        sample::frame(store, id, FrameKind::Comment, ": ping\n", 1500);
        sample::frame(store, id, FrameKind::Event, "data: {}\n\n", 2000);
        const QStringList words = facts(store, id, -1);
        QVERIFY2(words.contains(u"an event every 500 ms, the longest pause 900 ms"_s),
                 qPrintable(words.join(u'|')));
    }

    void aStreamSaysWhyItEndedAndWhatTookItUp()
    {
        TraceStore store;
        const ExchangeId id = open(store, ExchangeKind::Stream, 0, 0);
        sample::frame(store, id, FrameKind::Event, "data: {}\n\n", 2000);
        store.finish(
            id, Failure{FailureKind::Unreachable, u"reset"_s, u"The server hung up."_s, {}, id, {}},
            32'000 * sample::kMs);
        QVERIFY(facts(store, id, -1).contains(u"not taken up again"_s));
        const ExchangeId second = open(store, ExchangeKind::Reconnect, id, 33'000);
        store.finish(second, {}, 34'000 * sample::kMs);
        open(store, ExchangeKind::Reconnect, 0, 33'500); // of something else
        const ExchangeId third = open(store, ExchangeKind::Reconnect, second, 35'000);
        const QStringList words = facts(store, id, -1);
        QVERIFY2(words.contains(u"2 reconnects (exchanges %1, %2)"_s.arg(second).arg(third)),
                 qPrintable(words.join(u'|')));
        QVERIFY(words.contains(u"last event 30.0 s before the end"_s));
        QCOMPARE(words.constLast(), u"ended: The server hung up."_s);
        QVERIFY(facts(store, second, -1).contains(u"takes up exchange %1"_s.arg(id)));
        QCOMPARE(facts(store, second, -1).constLast(),
                 u"ended by the server: the answer was complete"_s);
    }

    void theRowOfAStreamLives()
    {
        TraceStore store;
        const ExchangeId id = open(store, ExchangeKind::Stream, 0, 0);
        sample::frame(store, id, FrameKind::Event, "data: {}\n\n", 2000);
        qint64 now = 5 * kSecond;
        ExchangeModel model;
        model.setRedactor(m_redactor);
        model.setTrace(&store, [&now] { return now; });
        const QModelIndex what = model.index(0, ExchangeModel::What);
        const auto live = [&] { return what.data(ExchangeModel::LiveRole).toString(); };
        QCOMPARE(live(), u"open 4 s, last event 3 s ago"_s);
        QVERIFY(what.data(Qt::AccessibleTextRole).toString().contains(u"last event 3 s ago"_s));
        QVERIFY(what.data(Qt::ToolTipRole).toString().contains(u"no retry given"_s));
        // Nothing comes, and still the row goes on.
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        now = 47 * kSecond;
        QVERIFY(changed.wait());
        QCOMPARE(live(), u"open 46 s, last event 45 s ago"_s);
        store.finish(id, {}, 50 * kSecond);
        model.refresh();
        QCOMPARE(live(), u"ended after 50.0 s"_s);
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"ping"_s), {}, 200, "{}",
                      51'000, 2);
        model.refresh();
        QVERIFY(
            !model.index(1, ExchangeModel::What).data(ExchangeModel::LiveRole).toString().size());
    }

    void spaceHoldsTheStreamAndLetsItGoOn()
    {
        TraceStore store;
        const ExchangeId id = open(store, ExchangeKind::Stream, 0, 0);
        for (int i = 0; i < 100; ++i)
            sample::frame(store, id, FrameKind::Event, "data: {}\n\n", 10 + i);
        TrafficPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store, [] { return 9 * kSecond; });
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        page.showExchange(id);
        page.showTab(DetailTab::Events);
        auto *events = page.findChild<EventsView *>();
        QTRY_COMPARE(events->model()->rowCount(), 101);
        QTRY_COMPARE(events->list()->lastVisibleRow(), 100);
        QVERIFY(events->factsLabel()->text().contains(u"last event 8 s ago"_s));

        table(page)->setFocus();
        QTest::keyClick(table(page), Qt::Key_Space);
        QVERIFY(events->isHeld());
        sample::frame(store, id, FrameKind::Event, "data: {}\n\n", 200);
        sample::frame(store, id, FrameKind::Event, "data: {}\n\n", 201);
        const auto said = [&] {
            for (const RoleLabel *label : events->findChildren<RoleLabel *>()) {
                if (label->isVisible() && label->text().contains(u"2 more lines came"_s))
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(said());
        QCOMPARE(events->model()->rowCount(), 101);

        events->list()->setFocus();
        QTest::keyClick(events->list(), Qt::Key_Space);
        QVERIFY(!events->isHeld());
        QTRY_COMPARE(events->model()->rowCount(), 103);
        QTRY_COMPARE(events->list()->lastVisibleRow(), 102);
        // It ends while it is held: that does not take away what is being read.
        QTest::keyClick(events->list(), Qt::Key_Space);
        sample::frame(store, id, FrameKind::Event, "data: {}\n\n", 300);
        store.finish(id, {}, kSecond);
        QTRY_VERIFY(events->factsLabel()->text().contains(u"ended by the server"_s));
        QTest::keyClick(events->list(), Qt::Key_Space);
        QTRY_COMPARE(events->model()->rowCount(), 105); // the last frame, and the end
    }

    void theWaterfallBeginsWithTheFirstRequest()
    {
        TraceStore store;
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"initialize"_s), {}, 200,
                      "{}", 120'000, 10);
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"tools/list"_s), {}, 200,
                      "{}", 120'090, 10);
        ExchangeModel model;
        model.setRedactor(m_redactor);
        model.setTrace(&store);
        const auto bar = [&](int row, int role) {
            return model.index(row, ExchangeModel::Waterfall).data(role).toDouble();
        };
        QCOMPARE(bar(0, ExchangeModel::BarStartRole), 0.0);
        QCOMPARE(bar(0, ExchangeModel::BarEndRole), 0.1);
        QCOMPARE(bar(1, ExchangeModel::BarStartRole), 0.9);
        QCOMPARE(bar(1, ExchangeModel::BarEndRole), 1.0);
    }
};

QTEST_MAIN(TestTrafficStreams)
#include "test_traffic_streams.moc"
