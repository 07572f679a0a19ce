// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/exchange_model.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"

#include <QAbstractItemView>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestFilterLine : public QObject {
    Q_OBJECT

    std::unique_ptr<TraceStore> m_store;
    std::unique_ptr<TrafficPage> m_page;

    FilterLine *line() const { return m_page->findChild<FilterLine *>(); }
    QLineEdit *edit() const { return line()->lineEdit(); }
    QAbstractItemView *list() const
    {
        return qobject_cast<QAbstractItemView *>(line()->suggestionList());
    }
    void type(const QString &text) const
    {
        for (const QChar c : text) {
            QWidget *to = list()->isVisible() ? static_cast<QWidget *>(list()) : edit();
            QTest::keyClick(to, c.toLatin1());
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"filter-line"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }
    void init()
    {
        m_store = std::make_unique<TraceStore>();
        sample::fill(*m_store);
        m_page = std::make_unique<TrafficPage>();
        m_page->resize(1115, 690);
        m_page->setTrace(m_store.get());
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->focusFilter();
    }
    void cleanup() { m_page.reset(); }

    void keysAreListedWithWhatTheyMean()
    {
        type(u"sta"_s);
        QTRY_VERIFY(list()->isVisible());
        const QModelIndex first = list()->model()->index(0, 0);
        QCOMPARE(first.data().toString(), u"status:"_s);
        const QString words = first.data(Qt::AccessibleTextRole).toString();
        QVERIFY2(words.contains("Status of the answer"_L1) && words.contains("status:4xx"_L1),
                 qPrintable(words));
        QVERIFY(!list()->accessibleName().isEmpty());
    }

    void aKeyIsTakenAndLeadsToItsValues()
    {
        type(u"sta"_s);
        QTRY_VERIFY(list()->isVisible());
        QTest::keyClick(list(), Qt::Key_Tab);
        QCOMPARE(edit()->text(), u"status:"_s);
        // The values that were seen, then those of the language.
        QTRY_VERIFY(list()->isVisible());
        QStringList values;
        for (const FilterSuggestion &one : line()->suggestions())
            values << one.label;
        QVERIFY2(values.contains(u"401"_s) && values.contains(u"4xx"_s),
                 qPrintable(values.join(u' ')));
        QTest::keyClick(list(), Qt::Key_Down);
        while (list()->currentIndex().data().toString() != "401"_L1
               && list()->currentIndex().row() + 1 < list()->model()->rowCount())
            QTest::keyClick(list(), Qt::Key_Down);
        QTest::keyClick(list(), Qt::Key_Return);
        QCOMPARE(edit()->text(), u"status:401"_s);
        QVERIFY(!list()->isVisible());
        QVERIFY(edit()->hasFocus());
        // It was taken as if typed.
        edit()->undo();
        QCOMPARE(edit()->text(), u"sta"_s);
    }

    void aNameWithSpacesIsPutInQuotes()
    {
        sample::whole(*m_store,
                      sample::request(ExchangeKind::Post, "POST", u"tools/call two words"_s), {},
                      200, {}, 100, 1);
        type(u"tool:two"_s);
        QTRY_VERIFY(list()->isVisible());
        QTest::keyClick(list(), Qt::Key_Tab);
        QCOMPARE(edit()->text(), u"tool:\"two words\""_s);
    }

    void escapeClosesTheListFirst()
    {
        type(u"sta"_s);
        QTRY_VERIFY(list()->isVisible());
        QTest::keyClick(list(), Qt::Key_Escape);
        QVERIFY(!list()->isVisible());
        QCOMPARE(edit()->text(), u"sta"_s);
        QTest::keyClick(edit(), Qt::Key_Escape);
        QCOMPARE(edit()->text(), QString());
    }

    void allKeysCanBeAskedFor()
    {
        QTest::keyClick(edit(), Qt::Key_Space, Qt::ControlModifier);
        QTRY_VERIFY(list()->isVisible());
        QCOMPARE(list()->model()->rowCount(), int(filterKeys().size()));
    }

    void whatIsWrongIsSaidUnderTheLineAndMarked()
    {
        edit()->setText(u"kind:stream status:abc"_s);
        const auto labels = line()->findChildren<RoleLabel *>();
        QCOMPARE(labels.size(), 1);
        QVERIFY(labels.first()->isVisible());
        QVERIFY(labels.first()->text().startsWith("status: takes"_L1));
        QCOMPARE(edit()->accessibleDescription(), labels.first()->text());
        edit()->setText(u"(kind:stream or status:401) and not event.type:x"_s);
        QVERIFY(!labels.first()->isVisible());
        QCOMPARE(edit()->accessibleDescription(), QString());
    }

    void aPlainLineSuggestsNothing()
    {
        FilterLine plain;
        plain.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plain));
        QTest::keyClicks(plain.lineEdit(), u"sta"_s);
        QVERIFY(plain.suggestions().isEmpty());
        QVERIFY(!plain.suggestionList());
    }
};

QTEST_MAIN(TestFilterLine)
#include "test_filter_line.moc"
