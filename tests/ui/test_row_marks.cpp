// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_file.h"
#include "core/trace/trace_replay.h"
#include "sample_trace.h"
#include "ui/models/events_model.h"
#include "ui/models/exchange_model.h"
#include "ui/pages/row_marks.h"
#include "ui/pages/traffic_page.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/widgets/events_view.h"
#include "ui/widgets/rows_view.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestRowMarks : public QObject {
    Q_OBJECT

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
    QModelIndex what(int row) const { return table()->model()->index(row, ExchangeModel::What); }
    QString words(int row) const { return what(row).data(Qt::AccessibleTextRole).toString(); }
    bool marked(int row) const
    {
        return table()->model()->index(row, 0).data(ExchangeModel::MarkedRole).toBool();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"row-marks"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }
    void init()
    {
        m_store = std::make_unique<TraceStore>();
        sample::fill(*m_store);
        m_page = std::make_unique<TrafficPage>();
        m_page->resize(1115, 690);
        m_page->setTrace(m_store.get());
        // As the session does, which alone writes the trace.
        connect(m_page.get(), &TrafficPage::noteWanted, this,
                [this](const QString &name, const QString &text, ExchangeId id) {
                    m_store->note(name, text, id);
                });
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->showExchange(2);
        table()->setFocus();
    }
    void cleanup() { m_page.reset(); }

    void aBookmarkIsSetByKeyAndTakenBack()
    {
        QSignalSpy said(m_page.get(), &TrafficPage::statusMessage);
        QTest::keyClick(table(), Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY(marked(1));
        QVERIFY(words(1).contains("bookmarked"_L1));
        QVERIFY(said.last().first().toString().contains("exchange 2"_L1));
        m_page->setFilterText(u"is:marked"_s);
        QTRY_COMPARE(table()->model()->rowCount(), 1);
        QTest::keyClick(table(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(table()->model()->rowCount(), 0);
        m_page->setFilterText({});
        QTRY_VERIFY(table()->model()->rowCount() > 1);
        QVERIFY(!marked(1));
        QTest::keyClick(table(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(marked(1));
        QTest::keyClick(table(), Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY(!marked(1));
    }

    void aNoteIsWrittenInALineOfItsOwn()
    {
        auto *marks = m_page->findChild<RowMarks *>();
        QVERIFY(!marks->isVisible());
        QTest::keyClick(table(), Qt::Key_F2);
        QVERIFY(marks->isVisible());
        QVERIFY(marks->lineEdit()->hasFocus());
        QCOMPARE(marks->lineEdit()->accessibleName(), u"Note on exchange 2"_s);
        QTest::keyClicks(marks->lineEdit(), u"look at this"_s);
        QTest::keyClick(marks->lineEdit(), Qt::Key_Return);
        QVERIFY(!marks->isVisible());
        QVERIFY(table()->hasFocus());
        QTRY_VERIFY2(words(1).contains("note: look at this"_L1), qPrintable(words(1)));
        // Once more: it stands there; Esc leaves it.
        QTest::keyClick(table(), Qt::Key_F2);
        QCOMPARE(marks->lineEdit()->text(), u"look at this"_s);
        QTest::keyClicks(marks->lineEdit(), u"other"_s);
        QTest::keyClick(marks->lineEdit(), Qt::Key_Escape);
        QVERIFY(!marks->isVisible());
        QTest::keyClick(table(), Qt::Key_F2);
        marks->lineEdit()->clear();
        QTest::keyClick(marks->lineEdit(), Qt::Key_Return);
        QTRY_VERIFY(!words(1).contains("note:"_L1));
        marks->undoStack()->undo();
        QTRY_VERIFY(words(1).contains("look at this"_L1));
    }

    void anEventHasItsOwn()
    {
        ExchangeId stream = 0;
        for (ExchangeId id = 1; id <= m_store->exchangeCount() && !stream; ++id)
            stream = m_store->summary(id).frames > 1 ? id : 0;
        QVERIFY(stream > 0);
        m_page->showExchange(stream);
        m_page->showTab(DetailTab::Events);
        auto *view = m_page->findChild<EventsView *>();
        QTRY_VERIFY(view->model()->rowOfFrame(1) >= 0);
        view->showFrame(1);
        view->list()->setFocus();
        QTest::keyClick(view->list(), Qt::Key_B, Qt::ControlModifier);
        const auto row = [&](int role, int column = EventsModel::Content) {
            return view->model()->index(view->model()->rowOfFrame(1), column).data(role);
        };
        QTRY_VERIFY(row(EventsModel::MarkedRole).toBool());
        QVERIFY(row(Qt::DisplayRole).toString().startsWith("[bookmarked] "_L1));
        // The exchange itself has none.
        m_page->setFilterText(u"is:marked"_s);
        QTRY_COMPARE(table()->model()->rowCount(), 1);
        QVERIFY(!marked(0));
        QTest::keyClick(view->list(), Qt::Key_F2);
        auto *marks = m_page->findChild<RowMarks *>();
        QTest::keyClicks(marks->lineEdit(), u"odd"_s);
        QTest::keyClick(marks->lineEdit(), Qt::Key_Return);
        QVERIFY(view->list()->hasFocus());
        QTRY_VERIFY(row(Qt::DisplayRole).toString().startsWith("[bookmarked, note: odd] "_L1));
    }

    void aLiveTraceIsWrittenByItsSession()
    {
        SessionController session;
        QCOMPARE(session.trace()->noteCount(), 0);
        session.noteRow(QLatin1StringView(RemarkNote), u"look"_s, 1);
        QTRY_COMPARE(session.trace()->noteCount(), 1);
        QCOMPARE(session.trace()->note(0).text, u"look"_s);
    }

    void whatAFilterFindsIsSavedAsAPart()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"whole.sgtrace"_s);
        {
            auto writer = TraceFileWriter::create(path, m_store->began(), Redactor("salt"), true);
            QVERIFY(writer.has_value());
            replayTrace(*m_store, **writer);
        }
        SessionController session;
        QSignalSpy changed(&session, &SessionController::traceChanged);
        QSignalSpy failed(&session, &SessionController::failed);
        QSignalSpy saved(&session, &SessionController::partSaved);
        session.openRecording(path);
        QTRY_COMPARE(changed.size(), 1);
        const QString part = folder.filePath(u"part.sgtrace"_s);
        session.savePart(part, TraceFilter::parse(u"status:401"_s));
        QTRY_COMPARE(saved.size(), 1);
        QCOMPARE(saved.first().first().toLongLong(), 3);
        const Expected<Recording> read = readTraceFile(part);
        QVERIFY(read.has_value());
        QCOMPARE(read->trace->exchangeCount(), 3);
        // Without secrets, though the whole has them.
        QVERIFY(read->trace->redacted() && !session.trace()->redacted());
        session.savePart(folder.filePath(u"none.sgtrace"_s), TraceFilter::parse(u"status:599"_s));
        QTRY_COMPARE(saved.size(), 2);
        QCOMPARE(saved.last().first().toLongLong(), 0);
        QVERIFY(!QFile::exists(folder.filePath(u"none.sgtrace"_s)));
        QCOMPARE(failed.size(), 0);
        session.savePart(path, TraceFilter::parse(u"status:401"_s));
        QCOMPARE(failed.size(), 1);
        session.savePart(folder.path(), TraceFilter::parse(u"status:401"_s));
        QTRY_COMPARE(failed.size(), 2);
    }

    void theyAreKeptInTheFileOfARecording()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"a.sgtrace"_s);
        {
            auto writer = TraceFileWriter::create(path, m_store->began(), Redactor("salt"), false);
            QVERIFY(writer.has_value());
            replayTrace(*m_store, **writer);
        }
        const auto marksIn = [&] {
            const Expected<Recording> read = readTraceFile(path);
            RowNotes notes;
            if (read)
                notes.update(*read->trace);
            return notes.rows();
        };
        {
            SessionController session;
            QSignalSpy changed(&session, &SessionController::traceChanged);
            QSignalSpy failed(&session, &SessionController::failed);
            session.openRecording(path);
            QTRY_COMPARE(changed.size(), 1);
            session.noteRow(QLatin1StringView(BookmarkNote), bookmarkText({2, -1}, true), 2);
            session.noteRow(QLatin1StringView(RemarkNote), remarkText({3, -1}, u"look"_s), 3);
            QTRY_COMPARE(marksIn(), (QList<TraceRow>{{2, -1}, {3, -1}}));
            // What comes last is kept when the recording is closed, whatever comes first.
            session.noteRow(QLatin1StringView(BookmarkNote), bookmarkText({4, -1}, true), 4);
            session.closeRecording();
            QCOMPARE(marksIn().size(), 3);
            session.openRecording(path);
            QTRY_VERIFY(session.isRecordingShown());
            session.noteRow(QLatin1StringView(BookmarkNote), bookmarkText({1, -1}, true), 1);
            QCOMPARE(failed.size(), 0);
        }
        QCOMPARE(marksIn().size(), 4);
        const Expected<Recording> read = readTraceFile(path);
        QCOMPARE(read->trace->exchangeCount(), m_store->exchangeCount());
    }
};

QTEST_MAIN(TestRowMarks)
#include "test_row_marks.moc"
