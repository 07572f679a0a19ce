// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/exchange_model.h"
#include "ui/models/sequence_model.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/events_view.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/sequence_view.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QToolButton>

using namespace sightglass;
using namespace Qt::StringLiterals;

using Kind = SequenceRow::Kind;

/// The sequence view: what it makes of a trace, and how one works it.
class TestSequence : public QObject {
    Q_OBJECT

    static std::vector<SequenceRow> rowsOf(const TraceReader &trace)
    {
        SequenceBuilder builder;
        return more(builder, trace, 1);
    }
    /// Takes in the exchanges from `first` on and what the open ones brought.
    static std::vector<SequenceRow> more(SequenceBuilder &builder, const TraceReader &trace,
                                         ExchangeId first, std::vector<SequenceRow> rows = {})
    {
        QList<ExchangeId> ids;
        for (ExchangeId id = first; id <= trace.exchangeCount(); ++id)
            ids.append(id);
        const std::atomic<bool> stop = false;
        builder.update(trace, ids, stop, [&rows](SequenceBuilder::Part &&part) {
            rows.insert(rows.end(), part.rows.begin(), part.rows.end());
            for (const auto &[row, peer] : part.joined)
                rows[size_t(row)].peer = peer;
        });
        return rows;
    }
    /// "1>2 2<1 gap": exchange, direction, joined row for each.
    static QString told(const std::vector<SequenceRow> &rows)
    {
        QStringList words;
        for (const SequenceRow &row : rows) {
            QString sign;
            switch (row.kind) {
            case Kind::Request:
                sign = u">"_s;
                break;
            case Kind::ClientAnswer:
                sign = u">answer"_s;
                break;
            case Kind::Answer:
                sign = u"<"_s;
                break;
            case Kind::StreamAnswer:
                sign = u"<event-answer"_s;
                break;
            case Kind::ServerRequest:
                sign = u"<asks"_s;
                break;
            case Kind::Event:
                sign = u"<event"_s;
                break;
            case Kind::Opened:
                sign = u"<opens"_s;
                break;
            case Kind::Ended:
                sign = u"<ends"_s;
                break;
            case Kind::Gap:
                words.append(u"gap"_s);
                continue;
            }
            words.append(QString::number(row.id) + sign
                         + (row.peer >= 0 ? u':' + QString::number(row.peer) : QString())
                         + (row.failed ? u"!"_s : QString()));
        }
        return words.join(u' ');
    }
    static ExchangeId openStream(TraceStore &store, qint64 atMs)
    {
        const ExchangeId id =
            store.begin(sample::request(ExchangeKind::Stream, "GET", u"event stream"_s), {},
                        atMs * sample::kMs);
        store.respond(id, sample::answer(200, "OK", "text/event-stream"), (atMs + 1) * sample::kMs);
        return id;
    }
    static void event(TraceStore &store, ExchangeId id, const QByteArray &json, qint64 atMs)
    {
        sample::frame(store, id, FrameKind::Event, "data: " + json + "\n\n", atMs);
    }
    static ExchangeId post(TraceStore &store, const QByteArray &body, qint64 atMs)
    {
        return store.begin(sample::request(ExchangeKind::Post, "POST", u"call"_s), body,
                           atMs * sample::kMs);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"sequence"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
        QSettings().clear();
    }

    void anAnswerIsJoinedToItsRequest()
    {
        TraceStore store;
        const RequestRecord request = sample::request(ExchangeKind::Post, "POST", u"tools/list"_s);
        sample::whole(store, request, R"({"id":1,"method":"a"})", 200, R"({"id":1,"result":{}})", 0,
                      10);
        sample::whole(store, request, R"({"id":2,"method":"a"})", 401, {}, 20, 10);
        // An error of JSON-RPC, and a tool that did not succeed, are errors with any status.
        sample::whole(store, request, R"({"id":3,"method":"a"})", 200,
                      R"({"id":3,"error":{"code":-32602,"message":"no"}})", 40, 10);
        sample::whole(store, request, R"({"id":4,"method":"a"})", 200,
                      R"({"id":4,"result":{"isError":true}})", 60, 10);
        const auto rows = rowsOf(store);
        QCOMPARE(told(rows), u"1>:1 1<:0 2>:3 2<:2! 3>:5 3<:4! 4>:7 4<:6!"_s);
        QCOMPARE(rows.at(1).at, 10 * sample::kMs);
        QVERIFY(rows.at(0).call != SequenceRow::None);
        QCOMPARE(rows.at(0).call, rows.at(1).call);
    }

    void anAnswerOnAnotherStreamIsJoinedToo()
    {
        TraceStore store;
        const ExchangeId stream = openStream(store, 0);
        const ExchangeId call = post(store, R"({"id":7,"method":"tools/call"})", 10);
        store.respond(call, sample::answer(202, "Accepted", {}), 11 * sample::kMs);
        event(store, stream, R"({"method":"notifications/progress"})", 20);
        event(store, stream, R"({"id":7,"result":{}})", 30);
        store.finish(call, {}, 40 * sample::kMs);
        // The older HTTP+SSE: whether 202 comes first or last, the answer is the event.
        QCOMPARE(told(rowsOf(store)), u"1>:1 1<opens:0 2>:4 1<event 1<event-answer:2 2<:2"_s);
        const ExchangeId second = post(store, R"({"id":8,"method":"tools/call"})", 41);
        store.respond(second, sample::answer(202, "Accepted", {}), 42 * sample::kMs);
        store.finish(second, {}, 43 * sample::kMs);
        event(store, stream, R"({"method":"notifications/progress"})", 44);
        event(store, stream, R"({"id":8,"result":{}})", 45);
        {
            const auto rows = rowsOf(store);
            QVERIFY2(told(rows).endsWith(u"3>:9 3<:6 1<event 1<event-answer:6"_s),
                     qPrintable(told(rows)));
            // The line from one to the other goes on meanwhile.
            QVERIFY(rows.at(8).calls & (1U << rows.at(6).call));
        }
        event(store, stream, R"({"id":99,"error":{"code":1,"message":"x"}})", 50);
        const auto rows = rowsOf(store);
        QCOMPARE(rows.back().peer, -1);
        QVERIFY(rows.back().failed);
    }

    void whatTheServerAsksIsJoinedToWhatTheClientAnswers()
    {
        TraceStore store;
        const ExchangeId call = post(store, R"({"id":1,"method":"tools/call"})", 0);
        store.respond(call, sample::answer(200, "OK", "text/event-stream"), sample::kMs);
        event(store, call, R"({"id":1,"method":"sampling/createMessage"})", 10);
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"result"_s),
                      R"({"id":1,"result":{}})", 202, {}, 20, 5);
        event(store, call, R"({"id":1,"result":{}})", 30);
        store.finish(call, {}, 31 * sample::kMs);
        QCOMPARE(told(rowsOf(store)), u"1>:4 1<asks:2 2>answer:1 2<:2 1<event-answer:0"_s);
    }

    void silencesAndEndsAreRows()
    {
        TraceStore store;
        const ExchangeId stream = openStream(store, 0);
        event(store, stream, R"({"method":"a"})", 100);
        event(store, stream, R"({"method":"a"})", 5000);
        store.finish(stream,
                     Failure{FailureKind::Unreachable, u"broke"_s, u"It broke."_s, {}, stream, {}},
                     5100 * sample::kMs);
        const auto rows = rowsOf(store);
        QCOMPARE(told(rows), u"1>:1 1<opens:0 1<event gap 1<event 1<ends!"_s);
        QCOMPARE(rows.at(3).at - rows.at(2).at, 4900 * sample::kMs);
        QCOMPARE(rows.at(2).lanes, quint16(1));
        QCOMPARE(rows.at(3).lanes, quint16(1));
    }

    void lanesAreTakenAgain()
    {
        TraceStore store;
        const ExchangeId first = openStream(store, 0);
        const ExchangeId second = openStream(store, 10);
        store.finish(first, {}, 20 * sample::kMs);
        const ExchangeId third = openStream(store, 30);
        Q_UNUSED(second)
        Q_UNUSED(third)
        const auto rows = rowsOf(store);
        QList<int> lanes;
        for (const SequenceRow &row : rows) {
            if (row.kind == Kind::Opened)
                lanes.append(row.lane);
        }
        QCOMPARE(lanes, (QList<int>{0, 1, 0}));
        // More than there are lanes share the last one, and go.
        TraceStore many;
        QList<ExchangeId> open;
        for (int i = 0; i < 3 * SequenceBuilder::Lanes; ++i)
            open.append(openStream(many, i * 10));
        for (const ExchangeId id : open)
            many.finish(id, {}, 500 * sample::kMs);
        const ExchangeId last = openStream(many, 600);
        const auto all = rowsOf(many);
        QCOMPARE(all.back().id, last);
        QCOMPARE(all.back().lane, quint8(0));
    }

    void aTraceThatGrowsMakesTheSameRows()
    {
        TraceStore store;
        SequenceBuilder builder;
        const ExchangeId stream = openStream(store, 0);
        auto rows = more(builder, store, 1);
        const ExchangeId call = post(store, R"({"id":7,"method":"tools/call"})", 10);
        rows = more(builder, store, 2, std::move(rows));
        QVERIFY(builder.hasOpen());
        event(store, stream, R"({"id":7,"result":{}})", 20);
        rows = more(builder, store, 3, std::move(rows));
        store.respond(call, sample::answer(202, "Accepted", {}), 30 * sample::kMs);
        store.finish(call, {}, 31 * sample::kMs);
        store.finish(stream, {}, 40 * sample::kMs);
        rows = more(builder, store, 3, std::move(rows));
        QVERIFY(!builder.hasOpen());
        QCOMPARE(told(rows), told(rowsOf(store)));
        QCOMPARE(told(rows), u"1>:1 1<opens:0 2>:3 1<event-answer:2 2<:2 1<ends"_s);
    }

    void malformedBodiesMakeRowsAllTheSame()
    {
        TraceStore store;
        const QList<QByteArray> bodies{"",
                                       "{",
                                       "[[[[",
                                       R"({"id":{},"method":3})",
                                       "[]",
                                       R"([{"id":1,"method":"a"},{"id":2,"method":"b"}])",
                                       QByteArray(300 * 1024, '[')};
        const ExchangeId stream = openStream(store, 0);
        qint64 at = 10;
        for (const QByteArray &body : bodies) {
            sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"x"_s), body, 200,
                          body, at, 5);
            event(store, stream, body, at + 6);
            at += 10;
        }
        const auto rows = rowsOf(store);
        QCOMPARE(rows.size(), size_t(2 + 3 * bodies.size()));
    }

    void theModelFollowsFilterAndTrace()
    {
        TraceStore store;
        sample::fill(store);
        ExchangeModel exchanges;
        exchanges.setTrace(&store);
        QTRY_COMPARE(exchanges.rowCount(), 10);
        SequenceModel model;
        QAbstractItemModelTester tester(&model);
        const ShownTrace shown{&store, std::make_shared<Redactor>("salt"_ba), false};
        model.setExchanges(shown, exchanges.matching());
        QTRY_VERIFY(!model.isBusy());
        const int all = model.rowCount();
        QVERIFY(all > 30);
        const int request = model.rowOf(7);
        QVERIFY(request >= 0);
        QCOMPARE(model.row(request).id, 7);
        const int answer = model.row(request).peer;
        QCOMPARE(model.index(answer, SequenceModel::Message).data().toString(),
                 u"result of tools/call long-running, id 6"_s);
        QCOMPARE(model.index(answer, SequenceModel::Took).data().toString(), u"1,841"_s);
        QCOMPARE(model.index(answer, SequenceModel::Lanes).data(Qt::AccessibleTextRole).toString(),
                 u"server to client, on stream 7, answers row %1"_s.arg(request + 1));
        model.setCurrent(request);
        QVERIFY(model.index(answer, 0).data(SequenceModel::GroundRole).isValid());
        bool gap = false;
        for (int row = 0; row < all; ++row) {
            if (model.row(row).kind == Kind::Gap)
                gap = gap
                    || model.index(row, SequenceModel::Message)
                           .data()
                           .toString()
                           .startsWith(u"nothing for 1."_s);
        }
        QVERIFY(gap);
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"ping"_s), {}, 200, {},
                      8500, 3);
        model.addExchanges({11});
        QTRY_COMPARE(model.rowCount(), all + 2);
        model.setExchanges({}, {});
        QCOMPARE(model.rowCount(), 0);
    }

    void oneWorksItByKeyAndMouse()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.resize(1115, 690);
        page.show();
        page.setTrace(&store);
        auto *view = page.findChild<SequenceView *>();
        auto *exchanges = page.findChild<ExchangeModel *>();
        QTRY_COMPARE(exchanges->rowCount(), 10);
        page.showExchange(7);
        page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QVERIFY(!view->isVisible());
        QCOMPARE(view->model()->rowCount(), 0);
        QTest::keyClick(&page, Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(view->isVisible());
        QTRY_VERIFY(view->model()->rowCount() > 30);
        QTRY_COMPARE(view->exchangeAt(view->currentIndex().row()), 7);
        // With what came before and after it.
        const int chosen = view->currentIndex().row();
        QVERIFY(chosen > view->firstVisibleRow() && chosen < view->lastVisibleRow());
        if (const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES"); !folder.isEmpty())
            QVERIFY(page.grab().save(folder + u"/sequence.png"_s));

        // Return goes to the answer, an event: it is shown in its stream.
        view->setFocus();
        QTest::keyClick(view, Qt::Key_Return);
        const SequenceRow answer = view->sequence()->row(view->currentIndex().row());
        QCOMPARE(answer.kind, Kind::StreamAnswer);
        QCOMPARE(page.currentExchange(), 7);
        QCOMPARE(page.findChild<EventsView *>()->currentFrame(), qint64(answer.frame));
        QTest::keyClick(view, Qt::Key_Return);
        QCOMPARE(view->sequence()->row(view->currentIndex().row()).kind, Kind::Request);
        QTest::keyClick(view, Qt::Key_Home);
        QCOMPARE(page.currentExchange(), 1);
        QTest::keyClick(view, Qt::Key_Down);
        QTest::keyClick(view, Qt::Key_Down);
        QCOMPARE(page.currentExchange(), 2);

        // The filter is the table's.
        page.setFilterText(u"status:401"_s);
        QTRY_COMPARE(exchanges->rowCount(), 3);
        QTRY_VERIFY(view->model()->rowCount() > 0);
        QTRY_VERIFY(!view->sequence()->isBusy());
        for (int row = 0; row < view->model()->rowCount(); ++row) {
            const ExchangeId id = view->exchangeAt(row);
            QVERIFY(id == 0 || exchanges->rowOf(id) >= 0);
        }
        auto *line = page.findChild<FilterLine *>()->lineEdit();
        line->setFocus();
        QTest::keyClick(line, Qt::Key_Down);
        QVERIFY(view->hasFocus());

        // What comes to match late stands where its time is.
        page.setFilterText(u"status:401 or status:418"_s);
        QTRY_COMPARE(exchanges->rowCount(), 3);
        const ExchangeId late = store.begin(sample::request(ExchangeKind::Post, "POST", u"late"_s),
                                            {}, 9000 * sample::kMs);
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"x"_s), {}, 401, {}, 9100,
                      3);
        QTRY_COMPARE(exchanges->rowCount(), 4);
        store.respond(late, sample::answer(418, "Teapot", {}), 9200 * sample::kMs);
        store.finish(late, {}, 9201 * sample::kMs);
        QTRY_COMPARE(exchanges->rowCount(), 5);
        QTRY_VERIFY(view->sequence()->rowOf(late) >= 0);
        QTRY_VERIFY(view->sequence()->rowOf(late + 1) > view->sequence()->rowOf(late));

        QAccessibleInterface *told = QAccessible::queryAccessibleInterface(view);
        QCOMPARE(told->role(), QAccessible::Table);
        QCOMPARE(told->tableInterface()->rowCount(), view->model()->rowCount());

        // It is remembered.
        TrafficPage other;
        other.show();
        other.setTrace(&store);
        QTRY_VERIFY(other.findChild<SequenceView *>()->isVisible());
        other.setTrace(nullptr);
        other.hide();
        page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QTest::keyClick(&page, Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(!view->isVisible());
        page.setTrace(nullptr);
    }
};

QTEST_MAIN(TestSequence)
#include "test_sequence.moc"
