// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/events_model.h"
#include "ui/theme.h"
#include "ui/widgets/events_view.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

ExchangeId openStream(TraceStore &store)
{
    const ExchangeId id =
        store.begin(sample::request(ExchangeKind::Stream, "GET", u"event stream"_s), {});
    store.respond(id, sample::answer(200, "OK", "text/event-stream"));
    return id;
}

void add(TraceStore &store, ExchangeId id, int number, const QByteArray &type)
{
    const QByteArray bytes =
        "event: " + type + "\ndata: {\"n\":" + QByteArray::number(number) + "}\n\n";
    const qint64 start = store.summary(id).responseBytes;
    store.append(id, bytes.constData(), bytes.size());
    store.frame(id, {FrameKind::Event, start, start + bytes.size(), store.now(), -1, 0});
}

} // namespace

class TestFilterEvents : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }

    void aFilterShowsTheEventsThatMatchAlsoThoseThatComeLater()
    {
        TraceStore store;
        const ExchangeId id = openStream(store);
        for (int i = 0; i < 20; ++i)
            add(store, id, i, i % 5 ? "other" : "tick");
        EventsModel model;
        QAbstractItemModelTester tester(&model);
        model.setExchange({&store, {}, false}, id);
        QTRY_COMPARE(model.rowCount(), 21);
        model.setFilter(TraceFilter::parse(u"event.type:tick"_s));
        QTRY_COMPARE(model.rowCount(), 5);
        QCOMPARE(model.matches(), 4);
        QCOMPARE(model.lineAt(0), EventsModel::Line::Open);
        QCOMPARE(model.frameAt(2), 5);
        QCOMPARE(model.rowOfFrame(5), 2);
        QCOMPARE(model.rowOfFrame(6), -1);
        QVERIFY(model.index(2, EventsModel::Content).data().toString().contains("\"n\":5"_L1));
        add(store, id, 20, "tick");
        add(store, id, 21, "other");
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 6);
        store.finish(id);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 7);
        QCOMPARE(model.lineAt(6), EventsModel::Line::End);
        model.setFilter(TraceFilter());
        QTRY_COMPARE(model.rowCount(), 24);
        model.setFilter(TraceFilter::parse(u"event.data/n=7 or event.data/n>20"_s));
        QTRY_COMPARE(model.rowCount(), 4);
        QCOMPARE(model.frameAt(1), 7);
        QCOMPARE(model.frameAt(2), 21);
    }

    void manyEventsAreFilteredBesideTheWindow()
    {
        TraceStore store;
        const ExchangeId id = openStream(store);
        for (int i = 0; i < 50'000; ++i)
            add(store, id, i, i % 1000 ? "other" : "tick");
        EventsModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setFilter(TraceFilter::parse(u"event.type:tick"_s));
        model.setExchange({&store, {}, false}, id);
        QTRY_COMPARE(model.rowCount(), 51);
        for (int row = 1; row < 51; ++row)
            QCOMPARE(model.frameAt(row), (row - 1) * 1000);
        // Another filter, or none, before the first one is through.
        for (int i = 0; i < 20; ++i)
            model.setFilter(TraceFilter::parse(u"event.data/n=%1"_s.arg(i)));
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(model.frameAt(1), 19);
        model.setExchange({}, 0);
        QCOMPARE(model.rowCount(), 0);
    }

    void theLineIsReachedByKeyAndSaysWhatItFound()
    {
        TraceStore store;
        const ExchangeId id = openStream(store);
        for (int i = 0; i < 10; ++i)
            add(store, id, i, i % 5 ? "other" : "tick");
        store.finish(id);
        EventsView view;
        view.resize(1000, 400);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setExchange({&store, {}, false}, id);
        view.showFrame(5);
        view.list()->setFocus();
        QTest::keyClick(view.list(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QLineEdit *edit = view.filterLine()->lineEdit();
        QVERIFY(edit->hasFocus());
        QCOMPARE(edit->accessibleName(), u"Filter events"_s);
        edit->setText(u"event.type:tick"_s);
        QTRY_COMPARE(view.model()->rowCount(), 4);
        // What was chosen stays.
        QCOMPARE(view.model()->frameAt(view.list()->currentIndex().row()), 5);
        const auto says = [&](const QString &text) {
            for (const RoleLabel *label : view.findChildren<RoleLabel *>()) {
                if (label->isVisible() && label->text().contains(text))
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(says(u"2 lines of 10 match"_s));
        edit->setText(u"event.type:tick)"_s);
        edit->setText(u"event.size>x"_s);
        QVERIFY(says(u"event.size: takes a size"_s));
        edit->clear();
        QTRY_COMPARE(view.model()->rowCount(), 12);
    }
};

QTEST_MAIN(TestFilterEvents)
#include "test_filter_events.moc"
