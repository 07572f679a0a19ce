// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/row_notes.h"
#include "core/trace/trace_file.h"
#include "tests/ui/window_probe.h"
#include "ui/models/exchange_model.h"
#include "ui/pages/traffic_page.h"

#include <QAction>
#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

constexpr ExchangeId Count = 300'000;

} // namespace

/// A recording that takes long to read is shown meanwhile.
class TestOpening : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void itIsShownWhileItIsRead();
    void notesOnTheOneBeforeAreKept();
    void itCanBeCancelled();
    void whatOneLooksAtStays();
    void howMuchIsKeptIsRemembered();

private:
    QTemporaryDir m_folder;
    QString m_path;
};

void TestOpening::initTestCase()
{
    applyTheme(*qApp, ThemeChoice::Light);
    m_path = m_folder.filePath(u"long.sgtrace"_s);
    auto writer = TraceFileWriter::create(m_path, QDateTime::currentDateTimeUtc(),
                                          Redactor("0123456789abcdef"), true);
    QVERIFY(writer.has_value());
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = QUrl(u"http://127.0.0.1:1/mcp"_s);
    request.target = "/mcp";
    request.what = u"ping"_s;
    for (ExchangeId id = 1; id <= Count; ++id) {
        (*writer)->onRequest(id, id * 10, request, "{\"id\":" + QByteArray::number(id) + '}');
        (*writer)->onResponse(id, id * 10 + 1, {200, "OK", "HTTP/1.1", {}});
        (*writer)->onFinish(id, id * 10 + 2, {});
    }
}

void TestOpening::itIsShownWhileItIsRead()
{
    SessionController session;
    QSignalSpy changed(&session, &SessionController::traceChanged);
    QSignalSpy progress(&session, &SessionController::openingProgress);
    QSignalSpy warned(&session, &SessionController::recordingWarning);
    session.openRecording(m_path);
    QVERIFY(session.isOpening());
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(session.isOpening() && session.isRecordingShown());
    const TraceReader *trace = session.trace();
    QVERIFY(trace->exchangeCount() > 0 && trace->exchangeCount() < Count);
    QCOMPARE(session.recordingName(), u"long.sgtrace"_s);
    // Who reads it writes it: nobody else may.
    session.noteRow(QLatin1StringView(BookmarkNote), bookmarkText({1, -1}, true), 1);
    QCOMPARE(warned.size(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(!session.isOpening(), 60'000);
    QCOMPARE(changed.size(), 2);
    QCOMPARE(session.trace(), trace);
    QCOMPARE(trace->exchangeCount(), Count);
    QCOMPARE(trace->noteCount(), 0);
    QVERIFY(progress.size() > 1);
    for (const QList<QVariant> &told : progress)
        QVERIFY(told.at(0).toLongLong() <= told.at(1).toLongLong());
    session.noteRow(QLatin1StringView(BookmarkNote), bookmarkText({1, -1}, true), 1);
    QCOMPARE(trace->noteCount(), 1);
    QCOMPARE(warned.size(), 1);
}

void TestOpening::notesOnTheOneBeforeAreKept()
{
    const QString before = m_folder.filePath(u"before.sgtrace"_s);
    {
        auto writer = TraceFileWriter::create(before, QDateTime::currentDateTimeUtc(),
                                              Redactor("0123456789abcdef"), true);
        QVERIFY(writer.has_value());
        (*writer)->onRequest(1, 10, RequestRecord(), {});
    }
    SessionController session;
    QSignalSpy changed(&session, &SessionController::traceChanged);
    session.openRecording(before);
    QTRY_COMPARE(changed.size(), 1);
    session.openRecording(m_path);
    session.noteRow(QLatin1StringView(BookmarkNote), bookmarkText({1, -1}, true), 1);
    // The long one takes its place while it is still read.
    QTRY_COMPARE(changed.size(), 2);
    QVERIFY(session.isOpening());
    const Expected<Recording> read = readTraceFile(before);
    QVERIFY(read.has_value());
    QCOMPARE(read->trace->noteCount(), 1);
}

void TestOpening::itCanBeCancelled()
{
    SessionController session;
    QSignalSpy changed(&session, &SessionController::traceChanged);
    QSignalSpy opening(&session, &SessionController::openingChanged);
    QSignalSpy failed(&session, &SessionController::failed);
    session.openRecording(m_path);
    QTRY_COMPARE(changed.size(), 1);
    const std::weak_ptr<const TraceReader> read = session.sharedTrace();
    session.closeRecording();
    QVERIFY(!session.isOpening() && !session.isRecordingShown());
    QCOMPARE(changed.size(), 2);
    QCOMPARE(opening.size(), 2);
    QCOMPARE(opening.last().first().toBool(), false);
    // Who reads stops, and lets go of it.
    QTRY_VERIFY_WITH_TIMEOUT(read.expired(), 30'000);
    QCOMPARE(changed.size(), 2);
    QCOMPARE(failed.size(), 0);
    // Another one in place of one that is still read.
    session.openRecording(m_path);
    session.openRecording(m_folder.filePath(u"none"_s));
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(!session.isOpening() && !session.isRecordingShown());
}

void TestOpening::whatOneLooksAtStays()
{
    WindowProbe probe;
    QSignalSpy changed(probe.session.get(), &SessionController::traceChanged);
    probe.window->openRecording(m_path);
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(probe.session->isOpening());
    auto *page = probe.part<TrafficPage>();
    page->showExchange(5);
    QTRY_COMPARE(page->currentExchange(), 5);
    probe.window->showPage(u"access"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!probe.session->isOpening(), 60'000);
    QCOMPARE(changed.size(), 2);
    QVERIFY(!page->isVisible());
    QCOMPARE(page->currentExchange(), 5);
    QTRY_COMPARE(page->findChild<ExchangeModel *>()->rowCount(), int(Count));
}

void TestOpening::howMuchIsKeptIsRemembered()
{
    WindowProbe probe;
    const auto command = [&probe](const QString &text) -> QAction * {
        for (QAction *action : probe.window->actions()) {
            if (action->text() == text)
                return action;
        }
        return nullptr;
    };
    QVERIFY(command(u"Keep as much of bodies as the disk takes"_s)->isChecked());
    QVERIFY(command(u"Beyond it, let go of the oldest"_s)->isChecked());
    command(u"Keep 4 GB of bodies"_s)->trigger();
    command(u"Beyond it, stop recording"_s)->trigger();
    const TraceLimit chosen{4'000'000'000, TraceLimit::Beyond::Stop};
    QCOMPARE(probe.session->traceLimit(), chosen);
    // As another day, with the settings of the first.
    probe.window.reset();
    probe.session = std::make_unique<SessionController>();
    probe.window = std::make_unique<MainWindow>(probe.session.get(), &probe.settings);
    QCOMPARE(probe.session->traceLimit(), chosen);
    QVERIFY(command(u"Keep 4 GB of bodies"_s)->isChecked());
    QVERIFY(command(u"Beyond it, stop recording"_s)->isChecked());
    QVERIFY(!command(u"Beyond it, let go of the oldest"_s)->isChecked());
}

QTEST_MAIN(TestOpening)
#include "test_opening.moc"
