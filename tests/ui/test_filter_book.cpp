// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/filter_book.h"
#include "ui/models/exchange_model.h"
#include "ui/pages/filter_menu.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/ask_line.h"
#include "ui/widgets/events_view.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/rows_view.h"

#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestFilterBook : public QObject {
    Q_OBJECT

    std::shared_ptr<const Redactor> m_redactor;
    std::unique_ptr<TraceStore> m_store;
    std::unique_ptr<TrafficPage> m_page;

    RowsView *table() const
    {
        for (RowsView *view : m_page->findChildren<RowsView *>()) {
            if (qobject_cast<ExchangeModel *>(view->model()))
                return view;
        }
        return nullptr;
    }
    FilterMenu *button() const { return m_page->findChild<FilterMenu *>(); }
    /// The action whose text begins so, of the menu as it shows now.
    QAction *action(const QString &text, const QString &within = {}) const
    {
        QMenu *menu = button()->filledMenu();
        if (!within.isEmpty()) {
            for (QAction *one : menu->actions()) {
                if (one->text().startsWith(within))
                    menu = one->menu();
            }
        }
        for (QAction *one : menu->actions()) {
            if (one->text().startsWith(text))
                return one;
        }
        return nullptr;
    }
    QVariant ground(int row) const
    {
        return table()->model()->index(row, 0).data(RowsView::GroundRole);
    }
    AskLine *asking() const
    {
        for (AskLine *line : m_page->findChildren<AskLine *>()) {
            if (line->isVisible())
                return line;
        }
        return nullptr;
    }
    static QByteArray settingsText()
    {
        QSettings settings;
        settings.sync();
        QFile file(settings.fileName());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"filter-book"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }
    void init()
    {
        QSettings().clear();
        auto redactor = std::make_shared<Redactor>("salt"_ba);
        redactor->addKnownSecret("known-secret-1");
        m_redactor = redactor;
        m_store = std::make_unique<TraceStore>();
        sample::fill(*m_store);
        open();
    }
    void open()
    {
        m_page.reset();
        m_page = std::make_unique<TrafficPage>();
        m_page->setRedactor(m_redactor);
        m_page->resize(1115, 690);
        m_page->setTrace(m_store.get());
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->focusFilter();
    }
    void cleanup() { m_page.reset(); }

    void aFilterIsSavedUnderANameAndChosenAgain()
    {
        QVERIFY(!action(u"Save this filter"_s)->isEnabled());
        m_page->setFilterText(u"status:401 or kind:stream"_s);
        action(u"Save this filter"_s)->trigger();
        QVERIFY(asking());
        QVERIFY(asking()->lineEdit()->hasFocus());
        QCOMPARE(asking()->lineEdit()->accessibleName(), u"Name of this filter"_s);
        asking()->lineEdit()->clear();
        QTest::keyClick(asking()->lineEdit(), Qt::Key_Return);
        QVERIFY(asking()->problem().contains("wants a name"_L1));
        QTest::keyClicks(asking()->lineEdit(), u"Refused & streams"_s);
        QTest::keyClick(asking()->lineEdit(), Qt::Key_Return);
        QVERIFY(!asking());
        // It is there after the next start as well.
        open();
        QAction *saved = action(u"Refused && streams"_s);
        QVERIFY(saved);
        QCOMPARE(saved->toolTip(), u"status:401 or kind:stream"_s);
        saved->trigger();
        QCOMPARE(m_page->filterText(), u"status:401 or kind:stream"_s);
        // Removed, and back by undo.
        action(u"Refused"_s, u"Remove a saved filter"_s)->trigger();
        QVERIFY(!action(u"Refused"_s));
        table()->setFocus();
        QTest::keyClick(table(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(action(u"Refused"_s));
    }

    void whatIsSecretOrWrongIsNotKept_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("known") << u"body:known-secret-1"_s << u"has a secret in it"_s;
        QTest::newRow("token") << u"a1b2c3d4e5f6a7b8c9d0e1f2"_s << u"looks like a token"_s;
        QTest::newRow("member") << u"body/access_token=abc"_s << u"which is secret"_s;
        QTest::newRow("wrong") << u"status:abc"_s << u"status: takes"_s;
    }
    void whatIsSecretOrWrongIsNotKept()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        QSignalSpy said(m_page.get(), &TrafficPage::statusMessage);
        m_page->setFilterText(text);
        action(u"Save this filter"_s)->trigger();
        QVERIFY(!asking());
        QCOMPARE(said.size(), 1);
        QVERIFY2(said.last().first().toString().contains(says),
                 qPrintable(said.last().first().toString()));
        action(u"Red"_s, u"Colour"_s)->trigger();
        QCOMPARE(said.size(), 2);
        QVERIFY(said.last().first().toString().contains(says));
        FilterBook book;
        book.setFilters({{u"n"_s, text}}, *m_redactor);
        book.setRules({{text, Role::Ok}}, *m_redactor);
        QVERIFY(book.filters().isEmpty() && book.rules().isEmpty());
        QVERIFY(!settingsText().contains(text.toUtf8()));
    }

    void rowsGetTheColourOfTheFirstRuleThatMatches()
    {
        m_page->setFilterText(u"kind:stream"_s);
        action(u"Amber"_s, u"Colour"_s)->trigger();
        m_page->setFilterText(u"status:401"_s);
        action(u"Red"_s, u"Colour"_s)->trigger();
        m_page->setFilterText({});
        const auto rowOf = [&](ExchangeId id) {
            return qobject_cast<ExchangeModel *>(table()->model())->rowOf(id);
        };
        ExchangeId refusedStream = 0;
        ExchangeId post = 0;
        for (ExchangeId id = 1; id <= m_store->exchangeCount(); ++id) {
            if (m_store->summary(id).kind == ExchangeKind::Stream
                && m_store->summary(id).status == 401)
                refusedStream = id;
            if (m_store->summary(id).kind == ExchangeKind::Post
                && m_store->summary(id).status == 200)
                post = id;
        }
        QVERIFY(refusedStream > 0 && post > 0);
        QTRY_VERIFY(ground(rowOf(refusedStream)).isValid());
        QCOMPARE(Role(ground(rowOf(refusedStream)).toInt()), Role::Failure);
        QVERIFY(!ground(rowOf(post)).isValid());
        // Said as well.
        const QModelIndex what = table()->model()->index(rowOf(refusedStream), ExchangeModel::What);
        QVERIFY(what.data(Qt::AccessibleTextRole).toString().contains("matches status:401"_L1));
        QVERIFY(what.siblingAtColumn(0).data(Qt::ToolTipRole).toString().contains("Red"_L1));
        // One that ends otherwise than it ran.
        const ExchangeId late =
            m_store->begin(sample::request(ExchangeKind::Post, "POST", u"ping"_s), {});
        QTRY_VERIFY(rowOf(late) >= 0);
        QVERIFY(!ground(rowOf(late)).isValid());
        m_store->respond(late, sample::answer(401, "Unauthorized", {}));
        m_store->finish(late);
        QTRY_VERIFY(ground(rowOf(late)).isValid());
        // Kept, and taken away again.
        open();
        QTRY_VERIFY(ground(rowOf(refusedStream)).isValid());
        action(u"Red"_s, u"Take a colour away"_s)->trigger();
        QTRY_COMPARE(Role(ground(rowOf(refusedStream)).toInt()), Role::Attention);
        action(u"Amber"_s, u"Take a colour away"_s)->trigger();
        QTRY_VERIFY(!ground(rowOf(refusedStream)).isValid());
    }

    void textIsReadableOnEachColour()
    {
        auto *app = qobject_cast<QApplication *>(QCoreApplication::instance());
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            applyTheme(*app, theme);
            const QPalette palette = app->palette();
            for (const Role ground : FilterBook::colours()) {
                const QColor under = tintColor(ground, palette);
                QVERIFY(under != roleColor(Role::Base, palette));
                for (const Role text :
                     {Role::Text, Role::Muted, Role::Failure, Role::Ok, Role::Attention})
                    QVERIFY(contrastRatio(readableColor(text, under, palette), under) >= 4.5);
            }
        }
        applyTheme(*app, ThemeChoice::Light);
    }

    void picturesForAPerson_data()
    {
        QTest::addColumn<int>("theme");
        QTest::newRow("light") << int(ThemeChoice::Light);
        QTest::newRow("dark") << int(ThemeChoice::Dark);
    }
    /// Coloured, bookmarked and noted rows, the list of suggestions, and events that are filtered,
    /// can be painted in each theme; where asked, the pictures are kept.
    void picturesForAPerson()
    {
        QFETCH(int, theme);
        auto *app = qobject_cast<QApplication *>(QCoreApplication::instance());
        applyTheme(*app, ThemeChoice(theme));
        FilterBook book;
        book.setRules({{u"status:401"_s, Role::Failure},
                       {u"kind:stream"_s, Role::Attention},
                       {u"tool:/./"_s, Role::Muted},
                       {u"kind:discovery"_s, Role::Ok}},
                      *m_redactor);
        m_store->note(QLatin1StringView(BookmarkNote), u"set"_s, 3);
        m_store->note(QLatin1StringView(RemarkNote), u"ask Ada about this"_s, 3);
        ExchangeId stream = 0;
        for (ExchangeId id = 1; id <= m_store->exchangeCount() && !stream; ++id)
            stream = m_store->summary(id).frames > 1 ? id : 0;
        m_store->note(QLatin1StringView(BookmarkNote), u"event 1: set"_s, stream);
        open();
        m_page->showExchange(stream);
        m_page->showTab(DetailTab::Events);
        auto *events = m_page->findChild<EventsView *>();
        events->filterLine()->setText(u"event.kind:event and event.size>10"_s);
        m_page->setFilterText(u"status:abc or sta"_s);
        auto *line = m_page->findChild<FilterLine *>();
        m_page->focusFilter();
        QTest::keyClick(line->lineEdit(), Qt::Key_End);
        QTest::keyClick(line->lineEdit(), Qt::Key_Backspace);
        QTRY_VERIFY(line->suggestionList()->isVisible());
        QTRY_VERIFY(ground(2).isValid());
        const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
        const QPixmap list = line->suggestionList()->grab();
        QPixmap page = m_page->grab();
        QVERIFY(!list.isNull() && !page.isNull());
        const QString name = QLatin1StringView(QTest::currentDataTag());
        if (!folder.isEmpty()) {
            QVERIFY(list.save(folder + u"/filter-list-"_s + name + u".png"_s));
            QVERIFY(page.save(folder + u"/filter-"_s + name + u".png"_s));
        }
        applyTheme(*app, ThemeChoice::Light);
    }

    void theButtonIsReachedAndNamed()
    {
        QCOMPARE(button()->accessibleName(), u"Saved filters and colours"_s);
        QVERIFY(button()->focusPolicy() & Qt::TabFocus);
        action(u"Bookmarked rows"_s)->trigger();
        QCOMPARE(m_page->filterText(), u"is:marked"_s);
        action(u"Rows with notes"_s)->trigger();
        QTRY_COMPARE(table()->model()->rowCount(), 0);
    }
};

QTEST_MAIN(TestFilterBook)
#include "test_filter_book.moc"
