// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/events_model.h"
#include "ui/models/exchange_model.h"
#include "ui/models/header_lines.h"
#include "ui/models/json_model.h"
#include "ui/models/message_pair.h"
#include "ui/models/timing_model.h"
#include "ui/pages/access_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/matrix_view.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/wire_table.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestTraffic : public QObject {
    Q_OBJECT

    std::shared_ptr<const Redactor> m_redactor = std::make_shared<Redactor>("salt"_ba);

    /// Pictures for a person to look at, where a folder for them was named.
    static void picture(QWidget &page, const QString &name)
    {
        const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(page.grab().save(folder + u'/' + name + u".png"_s));
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
        QCoreApplication::setApplicationName(u"traffic"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }

    void aFilterShowsWhatMatchesAlsoWhatMatchesLater()
    {
        TraceStore store;
        sample::fill(store);
        ExchangeModel model;
        QAbstractItemModelTester tester(&model);
        model.setRedactor(m_redactor);
        model.setTrace(&store);
        QTRY_COMPARE(model.rowCount(), int(store.exchangeCount()));
        model.setFilter(TraceFilter::parse(u"status:401"_s));
        QTRY_COMPARE(model.rowCount(), 3);
        QCOMPARE(model.idAt(0), 3);
        QCOMPARE(model.rowOf(5), 1);

        const ExchangeId late =
            store.begin(sample::request(ExchangeKind::Stream, "GET", u"event stream"_s, false), {});
        model.refresh();
        QTRY_VERIFY(!model.isScanning());
        QCOMPARE(model.rowCount(), 3);
        const ExchangeId other = sample::whole(
            store, sample::request(ExchangeKind::Stream, "GET", u"event stream"_s, false), {}, 401,
            {}, 9000, 3);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 4);
        store.respond(late, sample::answer(401, "Unauthorized", {}));
        store.finish(late);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 5);
        QCOMPARE(model.idAt(3), late);
        QCOMPARE(model.idAt(4), other);

        model.setFilter(TraceFilter::parse(u"-is:failed"_s));
        const ExchangeId running =
            store.begin(sample::request(ExchangeKind::Post, "POST", u"ping"_s), {});
        model.refresh();
        QTRY_VERIFY(model.rowOf(running) >= 0);
        store.finish(running,
                     Failure{FailureKind::TimedOut, u"timeout"_s, u"late"_s, {}, running, {}});
        model.refresh();
        QTRY_COMPARE(model.rowOf(running), -1);
    }

    void aCredentialThatNothingCarriedIsTold()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.setTrace(&store);
        const auto told = [&page](const QString &words) {
            const auto labels = page.findChildren<RoleLabel *>();
            return std::any_of(labels.begin(), labels.end(), [&](const RoleLabel *label) {
                return label->text().contains(words);
            });
        };
        page.setFilterText(u"missing:foo"_s);
        QTRY_VERIFY(told(u"No request carried a credential named “foo”."_s));
        page.setFilterText(u"status:599"_s);
        QTRY_VERIFY(!told(u"“foo”"_s));
        // What is known to be one may well be missing everywhere.
        page.setFilterText(u"withheld:x-api-key status:599"_s);
        QTRY_VERIFY(told(u"matches this filter"_s));
        QVERIFY(!told(u"No request carried"_s));
    }

    void errorsBeneathA200AreMarkedAndFound()
    {
        TraceStore store;
        const RequestRecord call =
            sample::request(ExchangeKind::Post, "POST", u"tools/call get-sum"_s);
        sample::whole(store, call, "{}", 200, "{\"id\":1,\"result\":{}}", 0, 5);
        sample::whole(store, call, "{}", 200,
                      "{\"id\":2,\"error\":{\"code\":-32602,\"message\":\"Unknown tool\"}}", 10, 5);
        sample::whole(store, call, "{}", 200, "{\"id\":3,\"result\":{\"isError\":true}}", 20, 5);
        ExchangeModel model;
        QAbstractItemModelTester tester(&model);
        model.setTrace(&store);
        const auto status = [&](int row, int role = Qt::DisplayRole) {
            return model.index(row, ExchangeModel::Status).data(role);
        };
        QCOMPARE(status(0).toString(), u"200"_s);
        QCOMPARE(status(0, ExchangeModel::IconRole).toString(), QString());
        QCOMPARE(status(1).toString(), u"200 error -32602"_s);
        QCOMPARE(status(2).toString(), u"200 isError"_s);
        for (const int row : {1, 2}) {
            QCOMPARE(status(row, ExchangeModel::IconRole).toString(), u"warning"_s);
            QCOMPARE(status(row, ExchangeModel::ToneRole).toInt(), int(Role::Failure));
        }
        QVERIFY(status(1, Qt::ToolTipRole).toString().contains(u"Unknown tool"_s));
        QVERIFY(status(2, Qt::ToolTipRole).toString().contains(u"isError"_s));
        QCOMPARE(status(1, Qt::AccessibleTextRole).toString(), u"Status 200 error -32602"_s);

        // An answer that is yet to come is found once it is there.
        model.setFilter(TraceFilter::parse(u"is:error"_s));
        QTRY_COMPARE(model.rowCount(), 2);
        const ExchangeId late = store.begin(call, "{}");
        store.respond(late, sample::answer(200, "OK", "application/json"));
        model.refresh();
        QTRY_VERIFY(!model.isScanning());
        QCOMPARE(model.rowCount(), 2);
        const QByteArray bad = "{\"error\":{\"code\":1}}";
        store.append(late, bad.constData(), bad.size());
        store.finish(late);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 3);
        QCOMPARE(status(2).toString(), u"200 error 1"_s);
    }

    void anotherServerIsNamedWhereItBegins()
    {
        TraceStore store;
        const RequestRecord first = sample::request(ExchangeKind::Post, "POST", u"initialize"_s);
        RequestRecord second = first;
        second.url = QUrl(u"https://other.example/mcp"_s);
        const auto add = [&store](const RequestRecord &request) {
            sample::whole(store, request, "{}", 200, "{}", 0, 1);
        };
        add(first);
        add(first);
        ExchangeModel model;
        QAbstractItemModelTester tester(&model);
        model.setTrace(&store);
        const auto servers = [&model] {
            QStringList names;
            for (int row = 0; row < model.rowCount(); ++row)
                names << model.index(row, ExchangeModel::What)
                             .data(ExchangeModel::ServerRole)
                             .toString();
            return names.join(u'|');
        };
        // One server needs no name.
        QCOMPARE(servers(), u"|"_s);
        add(second);
        add(second);
        add(first);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 5);
        QCOMPARE(servers(), u"127.0.0.1:4780||other.example||127.0.0.1:4780"_s);
        QVERIFY(model.index(2, ExchangeModel::What)
                    .data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(u"server other.example"_s));
        model.setFilter(TraceFilter::parse(u"server:other"_s));
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(servers(), u"other.example|"_s);
        for (const QSize size : {QSize(1090, 500), QSize(711, 460)}) {
            TrafficPage page;
            page.setRedactor(m_redactor);
            page.setTrace(&store);
            page.resize(size);
            page.show();
            picture(page, u"servers-%1"_s.arg(size.width()));
        }
    }

    void theTableSaysWhichCredentialIsMissing()
    {
        TraceStore store;
        sample::fill(store);
        ExchangeModel model;
        model.setRedactor(m_redactor);
        model.setTrace(&store);
        const auto text = [&](int row, int column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(text(2, ExchangeModel::Credentials), u"missing"_s);
        QVERIFY(text(3, ExchangeModel::Credentials).startsWith(u'~'));
        QCOMPARE(text(2, ExchangeModel::Status), u"401"_s);
        QCOMPARE(text(6, ExchangeModel::Duration), u"2,046"_s);
        QCOMPARE(model.index(5, ExchangeModel::What).data(ExchangeModel::NameRole).toString(),
                 u"get-sum"_s);
        QVERIFY(
            !model.index(2, ExchangeModel::What).data(ExchangeModel::NameRole).toString().size());
    }

    void eventsShowCommentsAndSilences()
    {
        TraceStore store;
        sample::fill(store);
        EventsModel model;
        QAbstractItemModelTester tester(&model);
        model.setExchange({&store, m_redactor, false}, 7);
        QTRY_VERIFY(!model.isScanning());
        // open, three events, comment, gap, eight events, end
        QCOMPARE(model.rowCount(), 15);
        QCOMPARE(int(model.lineAt(0)), int(EventsModel::Line::Open));
        QCOMPARE(int(model.lineAt(5)), int(EventsModel::Line::Gap));
        QCOMPARE(int(model.lineAt(14)), int(EventsModel::Line::End));
        const auto text = [&](int row, int column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(text(1, EventsModel::Content), u"notifications/progress  1 of 10"_s);
        QCOMPARE(text(2, EventsModel::Delta), u"+202"_s);
        QCOMPARE(text(4, EventsModel::Type), u"comment"_s);
        QVERIFY2(text(5, EventsModel::Content).startsWith(u"nothing for 788 ms"_s),
                 qPrintable(text(5, EventsModel::Content)));
        QVERIFY(text(13, EventsModel::Content).contains(u"result of tools/call long-running"_s));
        QCOMPARE(text(13, EventsModel::Id), u"e11"_s);
        for (qint64 frame = 0; frame < store.summary(7).frames; ++frame)
            QCOMPARE(model.frameAt(model.rowOfFrame(frame)), frame);
    }

    void aStreamThatGrowsIsAppendedInBatches()
    {
        TraceStore store;
        const ExchangeId id =
            store.begin(sample::request(ExchangeKind::Stream, "GET", u"event stream"_s), {}, 0);
        EventsModel model;
        QAbstractItemModelTester tester(&model);
        model.setExchange({&store, m_redactor, false}, id);
        QCOMPARE(model.rowCount(), 0);
        store.respond(id, sample::answer(200, "OK", "text/event-stream"), sample::kMs);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        for (int i = 0; i < 5000; ++i)
            sample::frame(store, id, FrameKind::Event, "data: x\n\n", 2 + i / 100);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 5001);
        QVERIFY(inserted.size() < 50);
        store.finish(id);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 5002);
    }

    void jsonKeepsOrderDuplicatesAndSpelling()
    {
        JsonModel model;
        QAbstractItemModelTester tester(&model);
        model.setJson(JsonText::parse(R"({"b":1.0,"a":[1e2,{"x":null}],"b":9007199254740993})"));
        QCOMPARE(model.rowCount(), 6);
        QCOMPARE(model.index(0, 0).data().toString(), u"b"_s);
        QCOMPARE(model.index(0, 1).data().toString(), u"1.0"_s);
        QVERIFY(model.index(0, 0).data(JsonModel::DuplicateRole).toBool());
        QCOMPARE(model.index(5, 1).data().toString(), u"9007199254740993"_s);
        model.setUnfolded(1, false);
        QCOMPARE(model.rowCount(), 3);
        const JsonText::Node hidden = model.find("x", -1);
        QVERIFY(hidden >= 0);
        QCOMPARE(model.json().pointer(hidden), "/a/1/x"_ba);
        QVERIFY(model.reveal(hidden) >= 0);
        QCOMPARE(model.rowCount(), 6);
        model.foldAll();
        QCOMPARE(model.rowCount(), 3);
        model.unfoldAll();
        QCOMPARE(model.rowCount(), 6);
    }

    void jsonOfAnyDepthIsShown()
    {
        JsonModel model;
        model.setJson(JsonText::parse(QByteArray(20000, '[') + QByteArray(20000, ']')));
        model.unfoldAll();
        QCOMPARE(model.rowCount(), 19999);
        model.foldAll();
        QCOMPARE(model.rowCount(), 1);
    }

    void textThatIsNoJsonIsShownWithThePlace()
    {
        JsonView view;
        view.resize(400, 300);
        view.setJson("{\"a\":1,\n}"_ba);
        bool said = false;
        const auto labels = view.findChildren<QLabel *>();
        for (const QLabel *label : labels)
            said = said || label->text().contains(u"byte 8, line 2"_s);
        QVERIFY(said);
        QCOMPARE(view.json(), "{\"a\":1,\n}"_ba);
    }

    void aMissingHeaderStandsWhereTheAcceptedRequestHadIt()
    {
        TraceStore store;
        sample::fill(store);
        const ShownTrace shown{&store, m_redactor, false};
        const ExchangeId compared =
            comparableExchange(shown, 3, credentialGlance(store, 3, *m_redactor));
        QVERIFY(compared == 2 || compared == 4);
        const QList<HeaderLine> lines = requestLines(shown, 3, compared);
        QCOMPARE(lines[2].name, "Authorization"_ba);
        QCOMPARE(int(lines[2].kind), int(HeaderLine::Kind::Missing));
        QVERIFY(lines[2].value.contains(u"Bearer ~"_s));
        QVERIFY(!lines[2].value.contains(u"sample-bearer"_s));
        QCOMPARE(requestLines(shown, 4, 0).size(), store.request(4).headers.size());
        const ShownTrace revealed{&store, m_redactor, true};
        QCOMPARE(requestLines(revealed, 4, 0)[2].value, u"Bearer sample-bearer-value-7"_s);
    }

    void anAnswerIsFoundOnItsStream()
    {
        TraceStore store;
        sample::fill(store);
        const MessagePair pair = messagePair({&store, m_redactor, false}, 7);
        QCOMPARE(pair.answerExchange, 7);
        QCOMPARE(pair.answerFrame, store.summary(7).frames - 1);
        QCOMPARE(pair.progress, 10);
        QVERIFY(messagePair({&store, m_redactor, false}, 2).answer.isEmpty());
    }

    void timingSaysReusedInsteadOfAZero()
    {
        TraceStore store;
        sample::fill(store);
        const QList<TimingRow> rows = timingRows(store.summary(6), -1);
        QCOMPARE(rows[0].note, u"reused"_s);
        TimingModel model;
        QAbstractItemModelTester tester(&model);
        model.setRows(rows);
        QCOMPARE(model.rowCount(), int(rows.size()));
    }

    void invisibleCharactersAreMadeVisible()
    {
        QCOMPARE(visibleText(u"a\u202eb\x1b"
                             u"c"_s),
                 u"a\\u202eb\u241bc"_s);
        QCOMPARE(visibleText(u"a\nb"_s, true), u"a\nb"_s);
        QCOMPARE(visibleText(u"plain"_s), u"plain"_s);
        // Tag characters: a text that nobody sees but the model.
        QCOMPARE(visibleText(u"a\U000e0041b\U0001f600"_s), u"a\\ue0041b\U0001f600"_s);
    }

    void typingInTheFilterKeepsTheChosenExchange()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        QSignalSpy shown(&page, &TrafficPage::exchangeShown);
        page.showExchange(3);
        QCOMPARE(shown.size(), 1);
        QCOMPARE(page.currentExchange(), 3);
        auto *line = page.findChild<FilterLine *>()->lineEdit();
        line->setFocus();
        QTest::keyClicks(line, u"status:401"_s);
        QTRY_COMPARE(table(page)->model()->rowCount(), 3);
        QCOMPARE(page.currentExchange(), 3);
        QCOMPARE(table(page)->currentIndex().row(), 0);
        QTest::keyClick(table(page), Qt::Key_Down);
        QCOMPARE(page.currentExchange(), 5);
        page.showExchange(6);
        QCOMPARE(page.filterText(), QString());
        QCOMPARE(page.currentExchange(), 6);
        page.setTrace(nullptr);
        QCOMPARE(page.currentExchange(), 0);
    }

    void theTableFollowsUntilSomebodyScrollsUp()
    {
        TraceStore store;
        TrafficPage page;
        page.resize(900, 300);
        page.setRedactor(m_redactor);
        page.setTrace(&store, [] { return qint64(0); });
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        const auto add = [&](int count) {
            for (int i = 0; i < count; ++i)
                sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"ping"_s), {},
                              200, {}, 10 * store.exchangeCount(), 2);
        };
        add(100);
        RowsView *view = table(page);
        QTRY_COMPARE(view->model()->rowCount(), 100);
        QTRY_COMPARE(view->verticalScrollBar()->value(), view->verticalScrollBar()->maximum());
        QVERIFY(view->verticalScrollBar()->maximum() > 0);
        view->verticalScrollBar()->setValue(0);
        QVERIFY(!view->isFollowing());
        add(42);
        QTRY_COMPARE(view->model()->rowCount(), 142);
        QTRY_VERIFY(view->followButton()->isVisible());
        QCOMPARE(view->unseenRows(), 42);
        QVERIFY(view->followButton()->text().contains(u"42"_s));
        QCOMPARE(view->verticalScrollBar()->value(), 0);
        view->followButton()->click();
        QVERIFY(view->isFollowing());
        QCOMPARE(view->verticalScrollBar()->value(), view->verticalScrollBar()->maximum());
        QVERIFY(!view->followButton()->isVisible());
    }

    void theMatrixIsReadableByKeyboardAndInWords()
    {
        TraceStore store;
        sample::fill(store);
        AccessPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        QSignalSpy problems(&page, &AccessPage::problemCountChanged);
        page.setTrace(&store);
        page.show();
        QVERIFY(page.problemCount() >= 2);
        QVERIFY(!problems.isEmpty());
        auto *matrix = page.findChild<MatrixView *>();
        const MatrixModel *model = matrix->matrixModel();
        QAbstractItemModelTester tester(matrix->model());
        QModelIndex missing;
        for (int row = 0; row < model->rowCount(); ++row) {
            for (int column = 0; column < model->columnCount(); ++column) {
                const QModelIndex index = model->index(row, column);
                if (!missing.isValid()
                    && index.data(MatrixModel::StateRole).toInt()
                        == int(MatrixCell::State::Missing))
                    missing = index;
            }
        }
        QVERIFY(missing.isValid());
        QCOMPARE(missing.data(Qt::AccessibleTextRole).toString(),
                 missing.data(Qt::ToolTipRole).toString());
        const QString words = missing.data(Qt::AccessibleTextRole).toString();
        QVERIFY2(words.contains(u"event stream"_s) && words.contains(u"Authorization"_s)
                     && words.contains(u"exchange"_s),
                 qPrintable(words));
        matrix->setCurrentIndex(model->index(missing.row() - 1, missing.column()));
        QSignalSpy asked(&page, &AccessPage::filterRequested);
        QTest::keyClick(matrix, Qt::Key_Down);
        QCOMPARE(matrix->currentIndex(), missing);
        QTest::keyClick(matrix, Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
        const QString filter = asked.first().first().toString();
        QList<FilterProblem> wrong;
        const TraceFilter parsed = TraceFilter::parse(filter, &wrong);
        QVERIFY(wrong.isEmpty());
        QVERIFY2(parsed.matches(store, 3), qPrintable(filter));
        QVERIFY(!parsed.matches(store, 4));
    }

    void aClickedRowStaysSelectedAndInSight()
    {
        TraceStore store;
        for (int i = 0; i < 60; ++i)
            sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"ping"_s), {}, 200,
                          {}, i, 1);
        TrafficPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store, [] { return qint64(0); });
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        RowsView *rows = table(page);
        QTRY_COMPARE(rows->model()->rowCount(), 60);
        QVERIFY(rows->isFollowing());
        const int bottom = rows->lastVisibleRow();
        QCOMPARE(bottom, 59);
        for (const int row : {rows->firstVisibleRow() + 3, 59}) {
            const QPoint at = rows->visualRect(rows->model()->index(row, 3)).center();
            QTest::mouseClick(rows->viewport(), Qt::LeftButton, {}, at);
            QCoreApplication::processEvents();
            QCOMPARE(rows->selectedRows(5), QList<int>{row});
            QCOMPARE(page.currentExchange(), row + 1);
            QVERIFY(rows->firstVisibleRow() <= row && row <= rows->lastVisibleRow());
            QCOMPARE(rows->isFollowing(), row == 59);
            rows->setFollowing(true);
        }
    }

    void aNumberInTheWireTableIsNeverBrokenInTwo()
    {
        WireTable table;
        table.resize(240, 200);
        table.show();
        using Cell = WireTable::Cell;
        using Run = WireTable::Run;
        const QString offset = u"29\u2009012\u2009345"_s;
        const QString value(300, u'x');
        table.setRows({{Cell{{Run{offset, Role::Muted, false, true, {}, false}}, true},
                        Cell{{Run{value, Role::Text, false, true, {}, false}}}, Cell{}},
                       {Cell{{Run{u"0"_s, Role::Muted, false, true, {}, false}}, true},
                        Cell{{Run{value, Role::Text, false, true, {}, false}}}, Cell{}}},
                      1);
        QVERIFY(!table.grab().isNull());
        int found = 0;
        for (QTextBlock block = table.document()->begin(); block.isValid(); block = block.next()) {
            if (block.text() == offset) {
                ++found;
                QCOMPARE(block.layout()->lineCount(), 1);
                QVERIFY(block.blockFormat().nonBreakableLines());
            } else if (block.text() == value) {
                QVERIFY(block.layout()->lineCount() > 1);
            }
        }
        QCOMPARE(found, 1);
    }

    void aStreamThatIsNotOfferedIsNoFailure()
    {
        TraceStore store;
        const ExchangeId id =
            store.begin(sample::request(ExchangeKind::Stream, "GET", u"event stream"_s), {});
        store.respond(id, sample::answer(405, "Method Not Allowed", {}));
        store.finish(id);
        const ExchangeId post =
            store.begin(sample::request(ExchangeKind::Post, "POST", u"tools/list"_s), {});
        store.respond(post, sample::answer(405, "Method Not Allowed", {}));
        store.finish(post);
        ExchangeModel model;
        model.setRedactor(m_redactor);
        model.setTrace(&store);
        QTRY_COMPARE(model.rowCount(), 2);
        const auto tone = [&](int row) {
            return Role(
                model.index(row, ExchangeModel::Status).data(ExchangeModel::ToneRole).toInt());
        };
        QCOMPARE(tone(0), Role::Text);
        QCOMPARE(tone(1), Role::Failure);
        model.setFilter(TraceFilter::parse(u"is:failed"_s));
        QTRY_COMPARE(model.rowCount(), 1);
        QCOMPARE(model.idAt(0), post);
        MatrixModel matrix;
        matrix.setMatrix(credentialMatrix(store, *m_redactor));
        const int answer = matrix.columnCount() - 1;
        QCOMPARE(matrix.index(1, answer).data().toString(), u"405 not offered"_s);
        QVERIFY(!matrix.index(1, answer).data(MatrixModel::FailedRole).toBool());
        QVERIFY(matrix.index(0, answer).data(MatrixModel::FailedRole).toBool());
    }

    void aFailureWithinAGoodAnswerIsSaidAndCounted()
    {
        TraceStore store;
        const ExchangeId id =
            store.begin(sample::request(ExchangeKind::Post, "POST", u"tools/call x"_s), {});
        store.respond(id, sample::answer(200, "OK", "text/html"));
        store.finish(id,
                     Failure{FailureKind::Refused, u"not-mcp"_s, u"It is a page."_s, {}, id, {}});
        ExchangeModel model;
        model.setRedactor(m_redactor);
        model.setTrace(&store);
        model.setFilter(TraceFilter::parse(u"is:failed"_s));
        QTRY_COMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, ExchangeModel::Status).data().toString(), u"200 failed"_s);
    }

    void numbersFitAndNothingIsOutOfSightInANarrowWindow()
    {
        TraceStore store;
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"ping"_s), {}, 200, {}, 0,
                      470'123);
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"ping"_s), {}, 200, {}, 0,
                      3'600'000);
        TrafficPage page;
        page.resize(711, 500); // as in a window of 900 x 600
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        RowsView *rows = table(page);
        QTRY_COMPARE(rows->model()->rowCount(), 2);
        QCOMPARE(rows->model()->index(0, ExchangeModel::Duration).data().toString(), u"470,123"_s);
        QCOMPARE(rows->model()->index(1, ExchangeModel::Duration).data().toString(), u"3,600 s"_s);
        QVERIFY2(
            rows->header()->length() <= rows->viewport()->width(),
            qPrintable(u"%1 of %2"_s.arg(rows->header()->length()).arg(rows->viewport()->width())));
        for (int row = 0; row < 2; ++row) {
            const QModelIndex cell = rows->model()->index(row, ExchangeModel::Duration);
            const QRect place = rows->visualRect(cell);
            QVERIFY(rows->fontMetrics().horizontalAdvance(cell.data().toString())
                    <= place.width() - 2 * RowsDelegate::kPadding);
            QVERIFY2(place.right() <= rows->viewport()->width(),
                     qPrintable(u"%1 of %2"_s.arg(place.right()).arg(rows->viewport()->width())));
        }
        // Which tool was called stands before how long each part of it took.
        const QRect what = rows->visualRect(rows->model()->index(0, ExchangeModel::What));
        QVERIFY2(rows->fontMetrics().horizontalAdvance(u"tools/call get-"_s)
                     <= what.width() - 2 * RowsDelegate::kPadding,
                 qPrintable(QString::number(what.width())));
    }

    void arrowsLeadFromTheFilterIntoTheTable()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        page.focusFilter();
        auto *edit = page.findChild<FilterLine *>()->lineEdit();
        QTest::keyClick(edit, Qt::Key_Down);
        QVERIFY(table(page)->hasFocus());
        QCOMPARE(page.currentExchange(), 1);
        page.focusFilter();
        QTest::keyClick(edit, Qt::Key_Down);
        QCOMPARE(page.currentExchange(), 2);
        page.focusFilter();
        QTest::keyClick(edit, Qt::Key_Up);
        QCOMPARE(page.currentExchange(), 1);
    }

    void aFilterThatIsAskedForShowsTheFirstThatMatches()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        page.showExchange(4);
        page.showFiltered(u"status:401"_s);
        QTRY_COMPARE(page.currentExchange(), 3);
        page.showExchange(5);
        page.showFiltered(u"kind:reconnect"_s);
        QCOMPARE(page.currentExchange(), 5);
    }

    void picturesForAPerson_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QSize>("size");
        QTest::newRow("light") << int(ThemeChoice::Light) << QSize(1115, 692);
        QTest::newRow("dark") << int(ThemeChoice::Dark) << QSize(1115, 692);
        QTest::newRow("light-small") << int(ThemeChoice::Light) << QSize(735, 490);
        QTest::newRow("dark-small") << int(ThemeChoice::Dark) << QSize(735, 490);
    }
    /// Each page can be painted in each tab, size and theme; where asked, the pictures are kept.
    void picturesForAPerson()
    {
        QFETCH(int, theme);
        QFETCH(QSize, size);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice(theme));
        const QString suffix = QLatin1String(QTest::currentDataTag());
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.setRedactor(m_redactor);
        page.setCanSendAgain(true);
        page.setTrace(&store);
        page.resize(size);
        page.show();
        page.showExchange(3);
        QVERIFY(!page.grab().isNull());
        picture(page, u"traffic-"_s + suffix);
        page.showExchange(7);
        const QStringList names{u"headers"_s, u"body"_s, u"events"_s, u"timing"_s, u"message"_s};
        for (int tab = 0; tab < names.size(); ++tab) {
            page.showTab(DetailTab(tab));
            QCoreApplication::processEvents();
            QVERIFY(!page.grab().isNull());
            picture(page, names[tab] + u'-' + suffix);
        }
        AccessPage access;
        access.setRedactor(m_redactor);
        access.setTrace(&store);
        access.resize(size);
        access.show();
        QVERIFY(!access.grab().isNull());
        picture(access, u"access-"_s + suffix);
    }
};

QTEST_MAIN(TestTraffic)
#include "test_traffic.moc"
