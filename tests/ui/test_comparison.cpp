// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_file.h"
#include "sample_trace.h"
#include "tests/ui/window_probe.h"
#include "ui/models/body_comparison.h"
#include "ui/models/comparison_model.h"
#include "ui/pages/bodies_tab.h"
#include "ui/pages/comparison_window.h"
#include "ui/pages/exchange_pane.h"
#include "ui/pages/traffic_page.h"
#include "ui/widgets/rows_view.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kUnseen = "\xe2\x80\xae"; ///< U+202E, which turns what follows it

ExchangeId call(TraceStore &store, const QByteArray &arguments, const QByteArray &result, int at)
{
    return sample::whole(
        store, sample::request(ExchangeKind::Post, "POST", u"tools/call add"_s),
        "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(at)
            + ",\"method\":\"tools/call\",\"params\":{\"name\":\"add\",\"arguments\":" + arguments
            + "}}",
        200,
        "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(at) + ",\"result\":" + result + '}', at,
        5);
}

QStringList rowsOf(const QAbstractItemModel &model)
{
    QStringList list;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells << model.index(row, column).data().toString();
        list << cells.join(u" | "_s);
    }
    return list;
}

} // namespace

/// Bodies and recordings held against each other, as the window shows it.
class TestComparison : public QObject {
    Q_OBJECT

    std::shared_ptr<const Redactor> m_redactor = std::make_shared<Redactor>("salt"_ba);

    /// A file with what `fill` puts into a trace.
    static QString recordingOf(const WindowProbe &probe, const QString &name,
                               const std::function<void(TraceStore &)> &fill)
    {
        TraceStore store;
        fill(store);
        const QString path = probe.folder.filePath(name);
        auto writer = TraceFileWriter::create(path, store.began(), Redactor("x"_ba), false);
        store.addSink(writer->get());
        store.removeSink(writer->get());
        (*writer)->close();
        return path;
    }
    static void open(WindowProbe &probe, const QString &path)
    {
        QSignalSpy changed(probe.session.get(), &SessionController::traceChanged);
        probe.window->openRecording(path);
        QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 1, 10000);
    }

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }

    void bodiesAreComparedByWhatTheyAre_data()
    {
        QTest::addColumn<QByteArray>("mine");
        QTest::addColumn<QByteArray>("other");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("none") << ""_ba
                              << ""_ba << QStringList{u"Answer: no body in either"_s};
        QTest::newRow("the same") << "{}"_ba
                                  << "{}"_ba << QStringList{u"Answer: the same"_s};
        QTest::newRow("written otherwise")
            << "{\"a\":1,\"b\":2}"_ba
            << "{\"b\":2, \"a\":1}"_ba
            << QStringList{u"Answer: the same but for how it is written"_s};
        QTest::newRow("JSON") << "{\"a\":1,\"c\":[]}"_ba
                              << "{\"a\":2,\"b\":null}"_ba
                              << QStringList{u"Answer: 3 differences"_s, u"/a 1 2"_s, u"/c [] "_s,
                                             u"/b  null"_s};
        QTest::newRow("text") << "one\ntwo\n"_ba
                              << "one\n2\nthree\n"_ba
                              << QStringList{u"Answer: 2 differences"_s, u"line 2 two 2"_s,
                                             u"line 3  three"_s};
        QTest::newRow("JSON against text")
            << "{}"_ba
            << "no"_ba << QStringList{u"Answer: 1 difference"_s, u"line 1 {} no"_s};
        QTest::newRow("bytes") << QByteArray("\0\1\2", 3) << QByteArray("\0\1\3\4", 4)
                               << QStringList{u"Answer: 3 B and 4 B that differ from byte 2 on"_s};
        QTest::newRow("one alone")
            << "x"_ba
            << ""_ba << QStringList{u"Answer: only this one has a body, of 1 B"_s};
        QTest::newRow("marks") << "{\"a\":\"" + kUnseen + "\"}"
                               << "{\"a\":\"\"}"_ba
                               << QStringList{u"Answer: 1 difference"_s, u"/a \"\\u202e\" \"\""_s};
    }
    void bodiesAreComparedByWhatTheyAre()
    {
        QFETCH(QByteArray, mine);
        QFETCH(QByteArray, other);
        QStringList words;
        for (const BodyDifference &each : bodyDifferences(u"Answer"_s, {mine, {}}, {other, {}}))
            words << (each.kind == BodyDifference::Kind::Heading
                          ? each.where
                          : each.where + u' ' + each.mine + u' ' + each.other);
        QTEST(words, "words");
    }

    void eventsOfAStreamAreComparedOneByOne()
    {
        TraceStore store;
        const auto stream = [&store](const QByteArray &value) {
            const ExchangeId id =
                store.begin(sample::request(ExchangeKind::Post, "POST", u"tools/call x"_s), "{}");
            store.respond(id, sample::answer(200, "OK", "text/event-stream"));
            sample::frame(store, id, FrameKind::Event, "id: 1\ndata: {\"n\":1}\n\n", 1);
            sample::frame(store, id, FrameKind::Comment, ": " + value + "\n", 1);
            sample::frame(store, id, FrameKind::Event, "id: 2\ndata: {\"n\":" + value + "}\n\n", 2);
            store.finish(id);
            return id;
        };
        const ExchangeId a = stream("2");
        const ExchangeId b = stream("3");
        BodyComparisonModel model;
        QAbstractItemModelTester tester(&model);
        model.compare({&store, m_redactor, false}, a, b);
        QTRY_VERIFY(!model.isBusy());
        QCOMPARE(rowsOf(model),
                 (QStringList{u" | Request: the same |  | "_s, u" | Answer: 1 difference |  | "_s,
                              u"~ differs | /1/n | 2 | 3"_s}));
        model.compare({}, 0, 0);
        QCOMPARE(model.rowCount(), 0);
    }

    void longBodiesAreComparedAsideAndNoSecretIsShown()
    {
        TraceStore store;
        QByteArray many = "[";
        for (int i = 0; i < 60'000; ++i)
            many += "{\"n\":" + QByteArray::number(i) + ",\"word\":\"some words\"},";
        call(store, "{}", many + "{\"access_token\":\"first-secret-value\"}]", 1);
        call(store, "{}", many + "{\"access_token\":\"other-secret-value\"}]", 2);
        BodyComparisonModel model;
        model.compare({&store, m_redactor, false}, 1, 2);
        QVERIFY(model.isBusy());
        QTRY_VERIFY_WITH_TIMEOUT(!model.isBusy(), 30'000);
        for (const QString &row : rowsOf(model))
            QVERIFY2(!row.contains(u"secret-value"_s), qPrintable(row));
        // Given up in the middle: nothing comes any more.
        model.compare({&store, m_redactor, false}, 1, 2);
        model.compare({}, 0, 0);
        QTest::qWait(50);
        QCOMPARE(model.rowCount(), 0);
    }

    void theBodyTabShowsDifferencesWhereTheyWereAskedFor()
    {
        TraceStore store;
        call(store, "{\"a\":1}", "{\"v\":1}", 1);
        call(store, "{\"a\":2}", "{\"v\":1}", 2);
        TrafficPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        page.showExchange(1);
        page.showTab(DetailTab::Body);
        auto *tab = page.findChild<BodiesTab *>();
        QVERIFY(!tab->isShowingDifferences());
        page.findChild<ExchangePane *>()->compareWith(2);
        QVERIFY(tab->isVisible() && tab->isShowingDifferences());
        auto *model = tab->findChild<BodyComparisonModel *>();
        QTRY_VERIFY(!model->isBusy());
        QVERIFY(rowsOf(*model).contains(u"~ differs | /params/arguments/a | 1 | 2"_s));
        QCOMPARE(model->headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), u"Exchange 1"_s);
        const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(page.grab().save(folder + u"/bodies.png"_s));
        for (LinkButton *button : tab->findChildren<LinkButton *>()) {
            if (button->text() == u"Show the bodies"_s)
                button->click();
        }
        QVERIFY(!tab->isShowingDifferences());
        page.findChild<ExchangePane *>()->compareWith(0);
        QVERIFY(!tab->isShowingDifferences());
    }

    void aRecordingIsComparedWithTheTraceThatIsShown()
    {
        WindowProbe probe;
        const QString old = recordingOf(probe, u"old.sgtrace"_s, [](TraceStore &store) {
            call(store, "{\"a\":1}", "{\"v\":1}", 1);
        });
        const QString now = recordingOf(probe, u"now.sgtrace"_s, [](TraceStore &store) {
            sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"ping"_s),
                          "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}", 200,
                          "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}", 0, 2);
            call(store, "{\"a\":1}", "{\"v\":\"" + kUnseen + "\"}", 5);
        });
        open(probe, now);
        probe.window->compareWith(old);
        auto *window = probe.part<ComparisonWindow>();
        QVERIFY(window && window->isVisible());
        auto *model = window->findChild<ComparisonModel *>();
        QAbstractItemModelTester tester(model);
        QTRY_VERIFY_WITH_TIMEOUT(model->rowCount() > 0, 20'000);
        QCOMPARE(rowsOf(*model),
                 (QStringList{u"+ added | What was asked | ping |  | once"_s,
                              u"~ changed | What was answered | tools/call add  /result/v | 1 | "
                              "\"\\u202e\""_s}));
        const auto link = [window](const QString &text) -> LinkButton * {
            for (LinkButton *each : window->findChildren<LinkButton *>()) {
                if (each->text() == text && each->isVisible())
                    return each;
            }
            return nullptr;
        };
        RowsView *rows = nullptr;
        for (RowsView *each : window->findChildren<RowsView *>()) {
            if (each->model() == model)
                rows = each;
        }
        QVERIFY(rows && rows->hasFocus());
        QVERIFY(!rows->accessibleName().isEmpty());
        QVERIFY(!link(u"Exchange 1 of the recording"_s));
        rows->setCurrentRow(1);
        // To the recording: below the list; to the trace: in the window.
        QVERIFY(link(u"Exchange 1 of the recording"_s));
        link(u"Exchange 1 of the recording"_s)->click();
        auto *pane = window->findChild<ExchangePane *>();
        QVERIFY(pane->isVisible());
        QVERIFY2(pane->summaryText().startsWith(u"Exchange 1"_s), qPrintable(pane->summaryText()));
        QVERIFY(link(u"Exchange 2 of now.sgtrace"_s));
        link(u"Exchange 2 of now.sgtrace"_s)->click();
        QCOMPARE(probe.part<TrafficPage>()->currentExchange(), 2);
        const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(QTest::qWaitFor([pane] { return pane->height() > 200; })
                    && window->grab().save(folder + u"/compare.png"_s));

        // Once another trace is shown, its exchanges are seen here.
        probe.session->closeRecording();
        link(u"Exchange 2 of now.sgtrace"_s)->click();
        QVERIFY(pane->summaryText().startsWith(u"Exchange 2"_s));
        QTest::keyClick(window, Qt::Key_Escape);
        QTRY_VERIFY(!probe.part<ComparisonWindow>());
    }

    void whatCannotBeReadIsToldThere()
    {
        WindowProbe probe;
        probe.window->compareWith(u"/none.sgtrace"_s);
        auto *window = probe.part<ComparisonWindow>();
        QTRY_VERIFY([&] {
            for (const RoleLabel *label : window->findChildren<RoleLabel *>()) {
                if (label->text().contains(u"/none.sgtrace"_s))
                    return true;
            }
            return false;
        }());
    }

    void aLiveTraceIsComparedAgainAsItGrows()
    {
        LabProbe lab;
        QVERIFY(lab.start());
        WindowProbe probe;
        ServerTarget target;
        target.url = lab.url();
        target.network.proxy = NetworkSettings::Proxy::None;
        probe.window->connectTo(target);
        QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 15'000);
        const QString empty = recordingOf(probe, u"empty.sgtrace"_s,
                                          [](TraceStore &store) { store.note(u"x"_s, {}); });
        probe.window->compareWith(empty);
        auto *window = probe.part<ComparisonWindow>();
        auto *model = window->findChild<ComparisonModel *>();
        QTRY_VERIFY_WITH_TIMEOUT(model->rowCount() > 0, 20'000);
        const auto pings = [model] { return rowsOf(*model).filter(u"| ping |"_s).size(); };
        QCOMPARE(pings(), 0);
        probe.session->request(RpcCall{"ping", {}});
        QTRY_VERIFY([&] {
            const TraceReader &trace = *probe.session->trace();
            for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
                if (trace.request(id).what == u"ping"_s && trace.summary(id).finished)
                    return true;
            }
            return false;
        }());
        QTest::keyClick(window, Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(pings(), 1, 20'000);
        // The window goes first, in the middle of it.
        QTest::keyClick(window, Qt::Key_F5);
    }
};

QTEST_MAIN(TestComparison)
#include "test_comparison.moc"
