// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/exchange_model.h"
#include "ui/pages/access_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/matrix_view.h"
#include "ui/widgets/rows_view.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QVBoxLayout>

using namespace sightglass;
using namespace Qt::StringLiterals;

/// The traffic table and the matrix for those who listen, and for those who have a keyboard only.
class TestAccessRows : public QObject {
    Q_OBJECT

    std::shared_ptr<const Redactor> m_redactor = std::make_shared<Redactor>("salt"_ba);
    TraceStore m_store;

    static RowsView *table(QWidget &page)
    {
        const auto views = page.findChildren<RowsView *>();
        for (RowsView *view : views) {
            if (qobject_cast<ExchangeModel *>(view->model()))
                return view;
        }
        return nullptr;
    }
    void open(TrafficPage &page)
    {
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setCanSendAgain(true);
        page.setTrace(&m_store);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
    }
    static QAction *action(QMenu *menu, const QString &title)
    {
        for (QAction *action : menu->actions()) {
            if (action->text().startsWith(title))
                return action;
            if (action->menu()) {
                if (QAction *below = TestAccessRows::action(action->menu(), title))
                    return below;
            }
        }
        return nullptr;
    }
    static QMenu *menuOf(RowsView *rows, int row)
    {
        rows->setCurrentRow(row);
        Q_EMIT rows->customContextMenuRequested(
            rows->visualRect(rows->model()->index(row, ExchangeModel::Status)).center());
        return qobject_cast<QMenu *>(QApplication::activePopupWidget());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"access-rows"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
        sample::fill(m_store);
    }

    void aScreenReaderFindsATableWithRowsColumnsAndWords()
    {
        TrafficPage page;
        open(page);
        RowsView *rows = table(page);
        QAccessibleInterface *told = QAccessible::queryAccessibleInterface(rows);
        QVERIFY(told);
        QCOMPARE(int(told->role()), int(QAccessible::Table));
        QCOMPARE(told->text(QAccessible::Name), u"Exchanges"_s);
        QAccessibleTableInterface *cells = told->tableInterface();
        QVERIFY(cells);
        QCOMPARE(cells->rowCount(), int(m_store.exchangeCount()));
        QCOMPARE(cells->columnCount(), int(ExchangeModel::ColumnCount));
        QCOMPARE(cells->columnDescription(ExchangeModel::Status), u"Status"_s);
        QAccessibleInterface *status = cells->cellAt(2, ExchangeModel::Status);
        QVERIFY(status && status->isValid());
        QCOMPARE(int(status->role()), int(QAccessible::Cell));
        QCOMPARE(status->text(QAccessible::Name), u"Status 401"_s);
        QVERIFY(status->text(QAccessible::Description).contains(u"event stream"_s));
        QCOMPARE(cells->cellAt(2, ExchangeModel::Credentials)->text(QAccessible::Name),
                 u"Credentials missing"_s);
        QCOMPARE(status->tableCellInterface()->rowIndex(), 2);
        QCOMPARE(status->tableCellInterface()->columnIndex(), int(ExchangeModel::Status));
        const auto headers = status->tableCellInterface()->columnHeaderCells();
        QCOMPARE(headers.size(), 1);
        QCOMPARE(headers.first()->text(QAccessible::Name), u"Status"_s);
        QCOMPARE(int(headers.first()->role()), int(QAccessible::ColumnHeader));
        // Numbers of children lead there and back, and a place on the screen to its cell.
        const int number = told->indexOfChild(status);
        QCOMPARE(told->child(number), status);
        QCOMPARE(status->parent(), told);
        QCOMPARE(told->childAt(status->rect().center().x(), status->rect().center().y()), status);
        QVERIFY(!cells->cellAt(1000, 0));
        QVERIFY(!told->child(told->childCount()));
    }

    void selectionAndFocusAreTold()
    {
        TrafficPage page;
        open(page);
        RowsView *rows = table(page);
        QAccessibleInterface *told = QAccessible::queryAccessibleInterface(rows);
        QAccessibleTableInterface *cells = told->tableInterface();
        rows->setFocus();
        rows->setCurrentRow(3);
        QCOMPARE(cells->selectedRows(), QList<int>{3});
        QCOMPARE(cells->selectedRowCount(), 1);
        QVERIFY(cells->isRowSelected(3));
        QVERIFY(cells->cellAt(3, 0)->state().selected);
        QVERIFY(cells->cellAt(3, 0)->state().focused);
        QVERIFY(!cells->cellAt(4, 0)->state().selected);
        QCOMPARE(told->focusChild(), cells->cellAt(3, 0));
        QVERIFY(cells->selectRow(5));
        QCOMPARE(cells->selectedRows(), (QList<int>{3, 5}));
        QVERIFY(cells->unselectRow(3));
        QCOMPARE(cells->selectedRows(), QList<int>{5});
        QVERIFY(!cells->selectRow(5000));
        // Cells of what went away are gone, too.
        QAccessibleInterface *last = cells->cellAt(9, 0);
        QVERIFY(last->isValid());
        page.setTrace(nullptr);
        QCOMPARE(cells->rowCount(), 0);
        QVERIFY(!cells->cellAt(9, 0));
    }

    void theTableMovesByKeys()
    {
        TraceStore store;
        for (int i = 0; i < 500; ++i)
            sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"ping"_s), {}, 200,
                          {}, i, 1);
        TrafficPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        RowsView *rows = table(page);
        QTRY_COMPARE(rows->model()->rowCount(), 500);
        rows->setFocus();
        const auto key = [&](Qt::Key pressed) {
            QTest::keyClick(rows, pressed);
            const int row = rows->currentIndex().row();
            const bool seen = row >= rows->firstVisibleRow() && row <= rows->lastVisibleRow();
            return seen ? row : -1;
        };
        rows->setCurrentRow(10);
        QCOMPARE(key(Qt::Key_Down), 11);
        QCOMPARE(key(Qt::Key_Up), 10);
        QCOMPARE(key(Qt::Key_Home), 0);
        QCOMPARE(key(Qt::Key_Up), 0);
        const int page1 = key(Qt::Key_PageDown);
        QVERIFY(page1 > 1);
        QCOMPARE(key(Qt::Key_PageDown), 2 * page1);
        QCOMPARE(key(Qt::Key_PageUp), page1);
        QCOMPARE(key(Qt::Key_End), 499);
        QCOMPARE(key(Qt::Key_Down), 499);
        QCOMPARE(page.currentExchange(), 500);
        QTest::keyClick(rows, Qt::Key_C, Qt::ControlModifier);
        QVERIFY(QApplication::clipboard()->text().startsWith(u"500\t"_s));
    }

    void tabReachesEveryControlAndEachHasAName()
    {
        QWidget window; // as in the program: a page is no window
        auto *layout = new QVBoxLayout(&window);
        TrafficPage page;
        layout->addWidget(&page);
        window.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setCanSendAgain(true);
        page.setTrace(&m_store);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        page.showExchange(3);
        QSet<QWidget *> reached;
        QStringList way;
        table(page)->setFocus();
        for (int i = 0; i < 60; ++i) {
            QWidget *at = QApplication::focusWidget();
            QVERIFY(at);
            if (reached.contains(at)) {
                way << u"back at"_s << QString::fromLatin1(at->metaObject()->className())
                    << (qobject_cast<QAbstractButton *>(at)
                            ? qobject_cast<QAbstractButton *>(at)->text()
                            : QString());
                break;
            }
            reached.insert(at);
            way << QString::fromLatin1(at->metaObject()->className());
            QTest::keyClick(at, Qt::Key_Tab);
        }
        for (QWidget *widget : page.findChildren<QWidget *>()) {
            if (!widget->isVisible() || !widget->isEnabled()
                || !(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy())
                continue;
            const QByteArray what = widget->metaObject()->className();
            const auto *label = qobject_cast<QLabel *>(widget);
            if (label && !(label->textInteractionFlags() & Qt::TextSelectableByKeyboard))
                continue;
            QVERIFY2(reached.contains(widget),
                     qPrintable(QString::fromLatin1(what) + u" is not on "_s + way.join(u' ')));
            const QAccessibleInterface *told = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(told && !told->text(QAccessible::Name).isEmpty(), what.constData());
        }
    }

    void theMenuCopiesComparesFiltersAndSendsAgain()
    {
        TrafficPage page;
        open(page);
        RowsView *rows = table(page);
        QSignalSpy said(&page, &TrafficPage::statusMessage);
        QMenu *menu = menuOf(rows, 3);
        QVERIFY(menu);
        action(menu, u"Copy as cURL, without secrets"_s)->trigger();
        const QString redacted = QApplication::clipboard()->text();
        QVERIFY2(redacted.contains(u"curl "_s), qPrintable(redacted));
        QVERIFY2(!redacted.contains(u"sample-bearer"_s), qPrintable(redacted));
        QVERIFY(said.last().first().toString().contains(u"secrets are left out"_s));
        action(menu, u"Copy as cURL, with secrets"_s)->trigger();
        QVERIFY(QApplication::clipboard()->text().contains(u"sample-bearer-value-7"_s));
        QVERIFY(said.last().first().toString().contains(u"secrets included"_s));
        action(menu, u"Copy value"_s)->trigger();
        QCOMPARE(QApplication::clipboard()->text(), u"200"_s);
        action(menu, u"Copy row"_s)->trigger();
        QVERIFY(QApplication::clipboard()->text().contains(u"tools/list"_s));
        QSignalSpy again(&page, &TrafficPage::sendAgainRequested);
        action(menu, u"Send again"_s)->trigger();
        QCOMPARE(again.size(), 1);
        QCOMPARE(again.first().first().value<ExchangeId>(), 4);
        action(menu, u"the one before"_s)->trigger();
        QCOMPARE(page.currentExchange(), 4);
        QCOMPARE(page.comparedWith(), 3);
        menu->close();
        menu = menuOf(rows, 3);
        action(menu, u"Stop comparing"_s)->trigger();
        QCOMPARE(page.comparedWith(), 0);
        action(menu, u"status:200"_s)->trigger();
        QCOMPARE(page.filterText(), u"status:200"_s);
        menu->close();
    }

    void theMatrixTellsItsCells()
    {
        AccessPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&m_store);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        auto *matrix = page.findChild<MatrixView *>();
        QAccessibleInterface *told = QAccessible::queryAccessibleInterface(matrix);
        QVERIFY(told && told->tableInterface());
        QVERIFY(!told->text(QAccessible::Name).isEmpty());
        bool found = false;
        for (int row = 0; row < told->tableInterface()->rowCount(); ++row) {
            for (int column = 0; column < told->tableInterface()->columnCount(); ++column) {
                const QString words =
                    told->tableInterface()->cellAt(row, column)->text(QAccessible::Name);
                found = found || words.contains(u"event stream carried no Authorization"_s);
            }
        }
        QVERIFY(found);
    }

    void aPlainRefusalIsAProblemThatIsShown()
    {
        TraceStore store;
        RequestRecord request =
            sample::request(ExchangeKind::Post, "POST", u"initialize"_s, false, false);
        request.headers.removeIf([](const Header &h) { return h.name == "X-Api-Key"; });
        sample::whole(store, request, "{}", 401, {}, 0, 3);
        AccessPage page;
        QSignalSpy problems(&page, &AccessPage::problemCountChanged);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        QCOMPARE(page.problemCount(), 1);
        QCOMPARE(problems.size(), 1);
        const MatrixModel *model = page.findChild<MatrixView *>()->matrixModel();
        QCOMPARE(model->index(0, 2).data().toString(), u"missing"_s);
        QCOMPARE(model->sentence(0, 2),
                 u"POST initialize carried no Authorization, and was refused (401); the server "
                 "asks for Bearer (exchange 1)."_s);
        TrafficPage traffic;
        traffic.setRedactor(m_redactor);
        traffic.setTrace(&store);
        QTRY_COMPARE(
            table(traffic)->model()->index(0, ExchangeModel::Credentials).data().toString(),
            u"missing"_s);
    }

    void howManyOfARowCarriedItIsTold()
    {
        TraceStore store;
        RequestRecord first =
            sample::request(ExchangeKind::Post, "POST", u"initialize"_s, false, false);
        sample::whole(store, first, "{}", 401, {}, 0, 3);
        RequestRecord again =
            sample::request(ExchangeKind::Post, "POST", u"initialize"_s, true, false);
        again.cause = 1;
        sample::whole(store, again, "{}", 200, {}, 5, 3);
        AccessPage page;
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        const MatrixModel *model = page.findChild<MatrixView *>()->matrixModel();
        const QString text = model->index(0, 2).data().toString();
        QVERIFY2(text.startsWith(u'~') && text.endsWith(u" (1 of 2)"_s), qPrintable(text));
        QVERIFY2(model->sentence(0, 2).contains(u"(exchange 2). The other 1 went without."_s),
                 qPrintable(model->sentence(0, 2)));
    }

    void theNewestConnectionIsShownAndEarlierOnesCanBeChosen()
    {
        TraceStore store;
        const auto exchange = [&](ExchangeKind kind, const QString &what, bool token, int status,
                                  qint64 at) {
            sample::whole(
                store,
                sample::request(kind, kind == ExchangeKind::Post ? "POST" : "GET", what, token), {},
                status, {}, at, 2);
        };
        store.note(u"connect"_s, u"one"_s, 0, 0);
        exchange(ExchangeKind::Post, u"initialize"_s, true, 200, 1);
        exchange(ExchangeKind::Stream, u"event stream"_s, false, 401, 5);
        AccessPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        auto *chooser = page.findChild<QComboBox *>();
        const MatrixModel *model = page.findChild<MatrixView *>()->matrixModel();
        QVERIFY(chooser->isHidden());
        QCOMPARE(page.problemCount(), 1);
        QSignalSpy problems(&page, &AccessPage::problemCountChanged);
        store.note(u"connect"_s, u"two"_s, 0, 20 * sample::kMs);
        exchange(ExchangeKind::Post, u"initialize"_s, true, 200, 21);
        exchange(ExchangeKind::Stream, u"event stream"_s, true, 200, 25);
        QTRY_COMPARE(page.problemCount(), 0);
        QCOMPARE(problems.size(), 1);
        QVERIFY(chooser->isVisible());
        QCOMPARE(chooser->count(), 3);
        const auto stream = [&](int column) { return model->index(1, column).data().toString(); };
        const int answer = model->columnCount() - 1;
        QVERIFY(stream(2).startsWith(u'~'));
        QCOMPARE(stream(answer), u"200"_s);
        chooser->setCurrentIndex(1);
        QCOMPARE(stream(2), u"missing"_s);
        QCOMPARE(stream(answer), u"401"_s);
        QCOMPARE(page.problemCount(), 0); // the dot follows the newest
        chooser->setCurrentIndex(2);
        QCOMPARE(stream(2), u"1 of 2 missing"_s);
        QCOMPARE(stream(answer), u"401, 200"_s);
        chooser->setCurrentIndex(0);
        page.markExchange(2);
        QCOMPARE(chooser->currentIndex(), 1);
        QCOMPARE(stream(2), u"missing"_s);
    }
};

QTEST_MAIN(TestAccessRows)
#include "test_access_rows.moc"
