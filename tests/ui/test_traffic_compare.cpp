// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/exchange_model.h"
#include "ui/models/header_lines.h"
#include "ui/pages/access_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/headers_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/matrix_view.h"
#include "ui/widgets/rows_view.h"

#include <QHeaderView>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

/// Two exchanges held against each other, and what leads from a refusal to them.
class TestTrafficCompare : public QObject {
    Q_OBJECT

    std::shared_ptr<const Redactor> m_redactor = std::make_shared<Redactor>("salt"_ba);

    static RowsView *table(QWidget &page)
    {
        const auto views = page.findChildren<RowsView *>();
        for (RowsView *view : views) {
            if (qobject_cast<ExchangeModel *>(view->model()))
                return view;
        }
        return nullptr;
    }
    static int rowNamed(const WireTable *wire, const QString &name)
    {
        for (int row = 0; row < wire->rows().size(); ++row) {
            if (wire->cellText(row, 0) == name)
                return row;
        }
        return -1;
    }
    void give(TrafficPage &page, const TraceStore &store)
    {
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"traffic-compare"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }
    void init() { QSettings().clear(); }

    void whatIsLeftOffOnPurposeStandsWhereTheAcceptedRequestHadIt()
    {
        TraceStore store;
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"initialize"_s), {}, 200,
                      {}, 0, 3);
        RequestRecord played =
            sample::request(ExchangeKind::Stream, "GET", u"event stream"_s, false);
        played.acting = u"AF-01"_s;
        played.withheld = {{"Authorization", u"acting like AF-01"_s}};
        sample::whole(store, played, {}, 401, {}, 9, 3);
        const ShownTrace shown{&store, m_redactor, false};
        const QList<HeaderLine> lines = requestLines(shown, 2, 1);
        QCOMPARE(lines[2].name, "Authorization"_ba);
        QCOMPARE(int(lines[2].kind), int(HeaderLine::Kind::Missing));
        QVERIFY2(lines[2].value.contains(u"AF-01"_s) && lines[2].value.contains(u"Bearer ~"_s),
                 qPrintable(lines[2].value));
        QCOMPARE(std::count_if(lines.cbegin(), lines.cend(),
                               [](const HeaderLine &l) { return l.name == "Authorization"; }),
                 1);
        QCOMPARE(int(requestLines(shown, 2, 0).constLast().kind), int(HeaderLine::Kind::Missing));

        const QList<ComparedLine> both = comparedRequests(shown, 2, 1);
        QCOMPARE(both[2].name, "Authorization"_ba);
        QCOMPARE(int(both[2].kind), int(ComparedLine::Kind::Lacking));
        QCOMPARE(both[2].left, u"not sent: acting like AF-01"_s);
        QVERIFY(both[2].right.startsWith(u"Bearer ~"_s));
    }

    void whatIsWithheldFromAnotherOriginIsNotCalledMissing()
    {
        TraceStore store;
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"initialize"_s), {}, 200,
                      {}, 0, 3);
        RequestRecord elsewhere =
            sample::request(ExchangeKind::Post, "POST", u"initialize"_s, false);
        elsewhere.withheld = {{"Authorization", u"another origin (https://b.example)"_s}};
        sample::whole(store, elsewhere, {}, 401, {}, 9, 3);
        const QList<HeaderLine> lines = requestLines({&store, m_redactor, false}, 2, 1);
        QCOMPARE(lines[2].name, "Authorization"_ba);
        QCOMPARE(int(lines[2].kind), int(HeaderLine::Kind::Withheld));
    }

    void headsStandSideBySideNameByName()
    {
        TraceStore store;
        RequestRecord a = sample::request(ExchangeKind::Post, "POST", u"ping"_s);
        a.headers = {{"Host", "a", HeaderSource::Library, false},
                     {"X-Twice", "1", HeaderSource::User, false},
                     {"x-twice", "2", HeaderSource::User, false},
                     {"Accept", "b", HeaderSource::Protocol, false}};
        RequestRecord b = a;
        b.headers = {{"Host", "a", HeaderSource::Library, false},
                     {"X-Only", "there", HeaderSource::User, false},
                     {"X-Twice", "1", HeaderSource::User, false},
                     {"x-twice", "3", HeaderSource::User, false},
                     {"Accept", "c", HeaderSource::Protocol, false}};
        sample::whole(store, a, {}, 200, {}, 0, 1);
        sample::whole(store, b, {}, 200, {}, 2, 1);
        const QList<ComparedLine> lines = comparedRequests({&store, m_redactor, false}, 1, 2);
        using Kind = ComparedLine::Kind;
        const auto is = [&](int i, const char *name, const QString &left, const QString &right,
                            Kind kind) {
            return i < lines.size() && lines[i].name == name && lines[i].left == left
                && lines[i].right == right && lines[i].kind == kind;
        };
        QCOMPARE(lines.size(), 5);
        QVERIFY(is(0, "Host", u"a"_s, u"a"_s, Kind::Same));
        QVERIFY(is(1, "X-Only", {}, u"there"_s, Kind::Lacking));
        QVERIFY(is(2, "X-Twice", u"1"_s, u"1"_s, Kind::Same));
        QVERIFY(is(3, "x-twice", u"2"_s, u"3"_s, Kind::Telling));
        QVERIFY(is(4, "Accept", u"b"_s, u"c"_s, Kind::Different));
    }

    void aRefusedExchangeShowsItsHeadBesideTheAcceptedOne()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        give(page, store);
        page.showExchange(3);
        QVERIFY(page.comparedWith() == 2 || page.comparedWith() == 4);
        auto *heads = page.findChild<HeadersView *>();
        QVERIFY(heads->isSideBySide());
        const WireTable *wire = heads->requestTable();
        const int row = rowNamed(wire, u"Authorization"_s);
        QVERIFY(row > 0);
        QCOMPARE(wire->cellText(row, 1), u"not sent"_s);
        QVERIFY(wire->cellText(row, 2).startsWith(u"Bearer ~"_s));
        QVERIFY(wire->rows()[row][1].runs.constFirst().marked);
        QVERIFY(!wire->toPlainText().contains(u"sample-bearer"_s));
        // What is equal is said of both: an empty cell would look like "not sent".
        const int host = rowNamed(wire, u"Host"_s);
        QCOMPARE(wire->cellText(host, 2), wire->cellText(host, 1));
        QVERIFY(!wire->cellText(host, 1).isEmpty());
        QVERIFY(heads->responseTable()->toPlainText().contains(u"401 Unauthorized"_s));

        heads->sideBySideButton()->click();
        QVERIFY(!heads->isSideBySide());
        QVERIFY(wire->cellText(rowNamed(wire, u"Authorization"_s), 1).contains(u"not sent"_s));
        page.showExchange(5);
        QVERIFY2(!heads->isSideBySide(), "the choice is kept");
        heads->sideBySideButton()->click();
        QVERIFY(heads->isSideBySide());
    }

    void twoSelectedRowsAreCompared()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        give(page, store);
        RowsView *rows = table(page);
        rows->setFocus();
        rows->setCurrentRow(5); // exchange 6
        QCOMPARE(page.comparedWith(), 0);
        QTest::keyClick(rows, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(page.currentExchange(), 7);
        QCOMPARE(page.comparedWith(), 6);
        QTest::mouseClick(rows->viewport(), Qt::LeftButton, {},
                          rows->visualRect(rows->model()->index(0, 3)).center());
        QCOMPARE(page.currentExchange(), 1);
        QCOMPARE(page.comparedWith(), 0);
        QTest::mouseClick(rows->viewport(), Qt::LeftButton, Qt::ControlModifier,
                          rows->visualRect(rows->model()->index(3, 3)).center());
        QCOMPARE(page.currentExchange(), 4);
        QCOMPARE(page.comparedWith(), 1);
        QVERIFY(page.findChild<HeadersView *>()->isSideBySide());
        rows->selectAll();
        QCOMPARE(page.comparedWith(), 0);
    }

    void inASmallWindowTheHeadsHaveRoomBesideTheFailure()
    {
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.resize(711, 446); // as in a window of 900 x 600 with a banner above
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        page.showExchange(3);
        QVERIFY(page.comparedWith() > 0);
        WireTable *head = nullptr;
        for (WireTable *table : page.findChildren<WireTable *>()) {
            if (table->accessibleName() == "Request head"_L1)
                head = table;
        }
        QVERIFY(head);
        const int line = head->fontMetrics().height();
        QTRY_VERIFY2(head->viewport()->height() >= 6 * line,
                     qPrintable(QString::number(head->viewport()->height())));
        // The table above still shows a few rows.
        RowsView *rows = nullptr;
        for (RowsView *view : page.findChildren<RowsView *>()) {
            if (qobject_cast<ExchangeModel *>(view->model()))
                rows = view;
        }
        QVERIFY(rows && rows->viewport()->height() >= 3 * rows->rowHeight());
    }

    void theMatrixFitsIntoASmallWindow()
    {
        TraceStore store;
        sample::fill(store);
        AccessPage page;
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.resize(711, 446);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        auto *matrix = page.findChild<MatrixView *>();
        QTRY_VERIFY(matrix->model()->rowCount() >= 4);
        QVERIFY2(matrix->horizontalHeader()->length() <= matrix->viewport()->width(),
                 qPrintable(u"%1 of %2"_s.arg(matrix->horizontalHeader()->length())
                                .arg(matrix->viewport()->width())));
    }

    void theChipCountsWhatLacksAnyCredential()
    {
        TraceStore store;
        sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"initialize"_s), {}, 200,
                      {}, 0, 3);
        RequestRecord noKey = sample::request(ExchangeKind::Stream, "GET", u"event stream"_s);
        noKey.headers.removeIf([](const Header &h) { return h.name == "X-Api-Key"; });
        sample::whole(store, noKey, {}, 401, {}, 5, 3);
        TrafficPage page;
        give(page, store);
        CredentialMatrixBuilder matrix(*m_redactor);
        matrix.update(store);
        QCOMPARE(matrix.missingCount(), 1);
        QPushButton *chip = nullptr;
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text().startsWith(u"Missing"_s))
                chip = button;
        }
        QVERIFY(chip);
        QTRY_COMPARE(chip->text(), u"Missing credentials  1"_s);
        chip->click();
        QTRY_COMPARE(table(page)->model()->rowCount(), 1);
        page.showExchange(2);
        QCOMPARE(page.filterText(), u"missing:any"_s);
    }

    void fromTheMatrixOneStepLeadsToTheExchange()
    {
        TraceStore store;
        sample::fill(store);
        AccessPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        page.markExchange(5);
        auto *matrix = page.findChild<MatrixView *>();
        QVERIFY(matrix->hasFocus());
        const MatrixCell *cell = matrix->matrixModel()->cellAt(matrix->currentIndex());
        QVERIFY(cell && cell->state == MatrixCell::State::Missing);
        QVERIFY(cell->exchanges.contains(5));
        QSignalSpy filter(&page, &AccessPage::filterRequested);
        QSignalSpy shown(&page, &AccessPage::showExchangeRequested);
        QTest::keyClick(matrix, Qt::Key_Return);
        QCOMPARE(filter.size(), 1);
        QCOMPARE(shown.size(), 1);
        QCOMPARE(shown.first().first().value<ExchangeId>(), cell->exchanges.constLast());
    }

    void titlesOfTheMatrixAreWholeWhereThereIsRoom_data()
    {
        QTest::addColumn<int>("width");
        QTest::newRow("wide") << 1115;
        QTest::newRow("narrow") << 748;
    }
    void titlesOfTheMatrixAreWholeWhereThereIsRoom()
    {
        QFETCH(int, width);
        TraceStore store;
        sample::fill(store);
        AccessPage page;
        page.resize(width, 500);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        const QHeaderView *header = page.findChild<MatrixView *>()->horizontalHeader();
        for (int column = 0; column < header->count(); ++column)
            QVERIFY2(header->sectionSize(column) >= header->sectionSizeHint(column),
                     qPrintable(header->model()->headerData(column, Qt::Horizontal).toString()));
        QVERIFY(header->length() <= page.findChild<MatrixView *>()->viewport()->width());
    }

    void aLongTraceIsTakenInBySlices()
    {
        TraceStore store;
        for (int i = 0; i < 600; ++i)
            sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"ping"_s, i % 3 != 2),
                          {}, 200, {}, i, 1);
        CredentialMatrixBuilder slices(*m_redactor);
        QVERIFY(slices.isBehind(store));
        int steps = 0;
        while (slices.isBehind(store)) {
            slices.update(store, 256);
            ++steps;
        }
        QCOMPARE(steps, 3);
        QCOMPARE(slices.count(), 600);
        QVERIFY(slices.matrix() == credentialMatrix(store, *m_redactor));
        QCOMPARE(slices.glance(300).state, CredentialGlance::State::Missing);
    }
};

QTEST_MAIN(TestTrafficCompare)
#include "test_traffic_compare.moc"
