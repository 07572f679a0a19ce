// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/exchange_model.h"
#include "ui/pages/access_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/rows_view.h"

#include <QElapsedTimer>
#include <QHeaderView>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>

using namespace sightglass;
using namespace Qt::StringLiterals;

/// A recording of 200,000 exchanges: the event loop goes on while it is taken in and filtered.
class TestTrafficLong : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersOfALongTraceAreWhole_data()
    {
        QTest::addColumn<int>("width"); // of the page; in a window of 1280 it has 1115
        QTest::newRow("1280") << 1115;
        QTest::newRow("narrower") << 1000;
    }
    void numbersOfALongTraceAreWhole()
    {
        QFETCH(int, width);
        QStandardPaths::setTestModeEnabled(true);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
        TraceStore store;
        sample::fill(store);
        TrafficPage page;
        page.resize(width, 690);
        page.setTrace(&store);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        const RowsView *rows = nullptr;
        for (const RowsView *view : page.findChildren<RowsView *>()) {
            if (qobject_cast<ExchangeModel *>(view->model()))
                rows = view;
        }
        const auto fits = [rows](int column, const QString &text) {
            return rows->header()->sectionSize(column)
                >= rows->fontMetrics().horizontalAdvance(text) + 2 * RowsDelegate::kPadding;
        };
        QVERIFY(fits(ExchangeModel::Events, u"357,413"_s));
        QVERIFY(fits(ExchangeModel::Events, u"9,357,413"_s));
        QVERIFY(fits(ExchangeModel::Number, u"1000000"_s));
        QVERIFY(fits(ExchangeModel::Duration, u"999,999"_s));
        QVERIFY(rows->header()->length() <= rows->viewport()->width());
    }

    void aLongRecordingIsShownAndFilteredInSlices()
    {
        QStandardPaths::setTestModeEnabled(true);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
        constexpr int count = 200'000;
        TraceStore store;
        const RequestRecord ping = sample::request(ExchangeKind::Post, "POST", u"ping"_s);
        const RequestRecord bare =
            sample::request(ExchangeKind::Stream, "GET", u"event stream"_s, false);
        for (int i = 0; i < count; ++i)
            sample::whole(store, i % 1000 == 999 ? bare : ping, {}, i % 1000 == 999 ? 401 : 200, {},
                          i, 1);
        TrafficPage page;
        page.resize(1115, 690);
        page.show();
        AccessPage access;
        access.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        RowsView *rows = nullptr;
        for (RowsView *view : page.findChildren<RowsView *>()) {
            if (qobject_cast<ExchangeModel *>(view->model()))
                rows = view;
        }
        int beats = 0;
        qint64 longest = 0;
        QElapsedTimer clock;
        QTimer beat;
        connect(&beat, &QTimer::timeout, this, [&] {
            ++beats;
            longest = std::max(longest, clock.restart());
        });
        clock.start();
        beat.start(1);
        page.setTrace(&store);
        access.setTrace(&store);
        QVERIFY2(rows->model()->rowCount() < count, "not all at once");
        QTRY_COMPARE_WITH_TIMEOUT(rows->model()->rowCount(), count, 60'000);
        // They were there before anybody looked.
        QCOMPARE(rows->unseenRows(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(access.problemCount(), 1, 60'000);
        QVERIFY(beats > 3);
        qInfo("opened: %d beats, longest pause %lld ms", beats, static_cast<long long>(longest));
        longest = 0;
        auto *line = page.findChild<FilterLine *>()->lineEdit();
        const QString text = u"missing:any"_s;
        for (const QChar c : text) {
            QTest::keyClick(line, c.toLatin1());
            QCoreApplication::processEvents();
        }
        QCOMPARE(line->text(), text);
        QTRY_COMPARE_WITH_TIMEOUT(rows->model()->rowCount(), count / 1000, 60'000);
        QCOMPARE(rows->unseenRows(), 0);
        qInfo("filtered: longest pause %lld ms", static_cast<long long>(longest));
        page.setTrace(nullptr);
        access.setTrace(nullptr);
    }
};

QTEST_MAIN(TestTrafficLong)
#include "test_traffic_long.moc"
