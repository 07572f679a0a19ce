// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/har_reader.h"
#include "tests/support/export_trace.h"
#include "tests/support/raw_server.h"
#include "tests/ui/window_probe.h"
#include "ui/pages/copy_menu.h"
#include "ui/pages/export_panel.h"
#include "ui/pages/spans_panel.h"
#include "ui/pages/traffic_page.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QMenu>
#include <QProgressBar>
#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;

/// Exchanges that are handed on by the window.
class TestExportPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void all_is_written_without_secrets();
    void what_the_filter_shows_is_offered_first();
    void secrets_are_a_deliberate_act();
    void what_goes_wrong_is_told_in_place();
    void what_takes_long_can_be_cancelled();
    void a_job_that_is_not_wanted_any_more_ends();
    void copies_hold_no_secrets_data();
    void copies_hold_no_secrets();
    void what_is_too_much_is_not_copied();
    void a_har_file_is_opened_as_a_recording();
    void an_address_that_is_none_is_told_in_place();
    void spans_go_to_the_collector_and_that_is_remembered();
    void spans_that_do_not_arrive_are_told_of();

private:
    static QComboBox *box(ExportPanel *panel, const char *name)
    {
        for (QComboBox *one : panel->findChildren<QComboBox *>()) {
            if (one->accessibleName() == QLatin1StringView(name))
                return one;
        }
        return nullptr;
    }
    static void choose(ExportPanel *panel, ExportFormat format)
    {
        QComboBox *formats = box(panel, "Form of the export");
        formats->setCurrentIndex(formats->findData(int(format)));
    }
    static bool said(const ExportPanel *panel, const QString &words)
    {
        for (const RoleLabel *label : panel->findChildren<RoleLabel *>()) {
            if (!label->isHidden() && label->text().contains(words))
                return true;
        }
        return false;
    }
    QByteArray contents(const QString &name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    ExportPanel *opened(WindowProbe &probe, const QString &path)
    {
        probe.window->openRecording(path);
        if (!QTest::qWaitFor([&] { return probe.session->isRecordingShown(); }, 10000))
            qFatal("the recording does not open");
        auto *panel = probe.part<ExportPanel>();
        panel->open();
        return panel;
    }

    QTemporaryDir m_folder;
    QString m_recording;
};

void TestExportPanel::initTestCase()
{
    applyTheme(*qApp, ThemeChoice::Light);
    m_recording = m_folder.filePath(u"sample.sgtrace"_s);
    const auto trace = exportSample();
    auto writer = TraceFileWriter::create(m_recording, trace->began(), Redactor("salt"), true);
    QVERIFY(writer.has_value());
    trace->addSink(writer->get());
    trace->removeSink(writer->get());
    (*writer)->close();
}

void TestExportPanel::all_is_written_without_secrets()
{
    WindowProbe probe;
    ExportPanel *panel = opened(probe, m_recording);
    QVERIFY(panel->isVisible());
    // The window may be 720 wide, of which the rail takes its part.
    QVERIFY2(panel->minimumSizeHint().width() <= 530,
             QByteArray::number(panel->minimumSizeHint().width()));
    QCOMPARE(box(panel, "Exchanges to export")->currentText(), u"all 7 exchanges"_s);
    choose(panel, ExportFormat::Har);
    panel->exportTo(m_folder.filePath(u"all.har"_s));
    QTRY_VERIFY(said(panel, u"7 exchanges exported to all.har"_s));
    // And what was left out.
    QVERIFY(said(panel, u"Authorization (4)"_s));
    const QByteArray har = contents(u"all.har"_s);
    QVERIFY(har.contains("tools/call"));
    for (const QByteArray &secret : exportSecrets())
        QVERIFY2(!har.contains(secret), secret);
}

void TestExportPanel::what_the_filter_shows_is_offered_first()
{
    WindowProbe probe;
    probe.window->openRecording(m_recording);
    QTRY_VERIFY(probe.session->isRecordingShown());
    probe.part<TrafficPage>()->setFilterText(u"status:401"_s);
    auto *panel = probe.part<ExportPanel>();
    panel->open();
    QCOMPARE(box(panel, "Exchanges to export")->currentText(),
             u"the exchange that the filter shows"_s);
    choose(panel, ExportFormat::JsonLines);
    panel->exportTo(m_folder.filePath(u"some.jsonl"_s));
    QTRY_VERIFY(said(panel, u"1 exchange exported"_s));
    QVERIFY(contents(u"some.jsonl"_s).contains("\"id\":2,"));
    QVERIFY(!contents(u"some.jsonl"_s).contains("\"id\":3,\"kind\""));
}

void TestExportPanel::secrets_are_a_deliberate_act()
{
    WindowProbe probe;
    ExportPanel *panel = opened(probe, m_recording);
    auto *secrets = panel->findChild<QCheckBox *>();
    choose(panel, ExportFormat::Text);
    QVERIFY(secrets->isEnabled() && !secrets->isChecked());
    secrets->click();
    QVERIFY(said(panel, u"whoever has it can use them"_s));
    panel->exportTo(m_folder.filePath(u"secrets.txt"_s));
    QTRY_VERIFY(said(panel, u"Secrets are in it"_s));
    QVERIFY(contents(u"secrets.txt"_s).contains(ExportToken));
    // Not in a report, and not the next time by itself.
    choose(panel, ExportFormat::Markdown);
    QVERIFY(!secrets->isEnabled() && !secrets->isChecked());
    choose(panel, ExportFormat::Text);
    secrets->click();
    panel->open();
    QVERIFY(!secrets->isChecked());
}

void TestExportPanel::what_goes_wrong_is_told_in_place()
{
    WindowProbe probe;
    ExportPanel *panel = opened(probe, m_recording);
    panel->exportTo(u"/none/x.har"_s);
    QTRY_VERIFY(said(panel, u"/none/x.har cannot be written"_s));
    // Nor does an export take the place of what is shown.
    QFile shown(m_recording);
    QVERIFY(shown.open(QIODevice::ReadOnly));
    const QByteArray before = shown.readAll();
    panel->exportTo(m_recording);
    QTRY_VERIFY(said(panel, u"it is the file that is read"_s));
    QFile still(m_recording);
    QVERIFY(still.open(QIODevice::ReadOnly));
    QVERIFY(still.readAll() == before);
    QVERIFY(panel->isVisible());
    QCOMPARE(probe.banner(), QString());
}

void TestExportPanel::what_takes_long_can_be_cancelled()
{
    auto trace = std::make_shared<TraceStore>();
    RequestRecord request;
    request.method = "GET";
    request.url = QUrl(u"http://a.example/"_s);
    const ExchangeId id = trace->begin(request, {});
    trace->respond(id, {200, "OK", "HTTP/1.1", {}});
    const QByteArray part(1'000'000, 'x');
    for (int i = 0; i < 400; ++i)
        trace->append(id, part.constData(), part.size());
    ExportPanel panel;
    panel.setChoices([&] {
        ExportChoices choices;
        choices.trace = trace;
        choices.redactor = std::make_shared<Redactor>("salt");
        return choices;
    });
    panel.open();
    choose(&panel, ExportFormat::Har);
    panel.exportTo(m_folder.filePath(u"long.har"_s));
    auto *progress = panel.findChild<QProgressBar *>();
    QVERIFY(progress->isHidden());
    QTRY_VERIFY(!progress->isHidden());
    for (QPushButton *button : panel.findChildren<QPushButton *>()) {
        if (button->text() == u"Cancel"_s)
            button->click();
    }
    QTRY_VERIFY(said(&panel, u"Cancelled"_s));
    QVERIFY(progress->isHidden());
    QVERIFY(!QFile::exists(m_folder.filePath(u"long.har"_s)));
}

void TestExportPanel::a_job_that_is_not_wanted_any_more_ends()
{
    auto trace = std::make_shared<TraceStore>();
    for (int i = 0; i < 5000; ++i)
        trace->finish(trace->begin(RequestRecord(), {}));
    ExportOrder order;
    order.trace = trace;
    order.path = m_folder.filePath(u"gone.har"_s);
    {
        ExportJob job;
        job.start(order);
        QVERIFY(job.isRunning());
    }
    QCOMPARE(trace.use_count(), 2L);
}

void TestExportPanel::copies_hold_no_secrets_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QByteArray>("holds");
    QTest::newRow("text") << u"Plain text"_s << QByteArray("=== exchange 3: tools/call add");
    QTest::newRow("report") << u"Markdown report for an issue"_s << QByteArray("# What happened");
    QTest::newRow("HAR") << u"HTTP Archive (HAR 1.2)"_s << QByteArray("{\"log\":{");
    QTest::newRow("lines") << u"JSON lines"_s << QByteArray("{\"type\":\"trace\"");
}

void TestExportPanel::copies_hold_no_secrets()
{
    QFETCH(QString, words);
    QFETCH(QByteArray, holds);
    const auto trace = exportSample();
    QString told;
    QMenu menu;
    addCopyMenu(&menu, *trace, std::make_shared<Redactor>(redactorFor(*trace, "salt")), {3},
                [&told](const QString &text) { told = text; });
    for (QAction *action : menu.actions().constFirst()->menu()->actions()) {
        if (action->text() == words)
            action->trigger();
    }
    const QByteArray copied = QApplication::clipboard()->text().toUtf8();
    QVERIFY2(copied.startsWith(holds), copied.left(100));
    for (const QByteArray &secret : exportSecrets())
        QVERIFY2(!copied.contains(secret), secret);
    QCOMPARE(told, u"1 exchange copied as %1, without secrets"_s.arg(words));
}

void TestExportPanel::what_is_too_much_is_not_copied()
{
    TraceStore trace;
    const ExchangeId id = trace.begin(RequestRecord(), QByteArray(5'000'000, 'x'));
    QApplication::clipboard()->setText(u"before"_s);
    QString told;
    QMenu menu;
    addCopyMenu(&menu, trace, std::make_shared<Redactor>("salt"), {id},
                [&told](const QString &text) { told = text; });
    menu.actions().constFirst()->menu()->actions().constFirst()->trigger();
    QCOMPARE(QApplication::clipboard()->text(), u"before"_s);
    QVERIFY(told.contains(u"5.0 MB is too much"_s));
}

void TestExportPanel::a_har_file_is_opened_as_a_recording()
{
    const auto trace = exportSample();
    const QString path = m_folder.filePath(u"given.har"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(exportedText(*trace, {.format = ExportFormat::Har}));
    file.close();
    WindowProbe probe;
    probe.enter(path);
    QTRY_VERIFY(probe.session->isRecordingShown());
    QCOMPARE(probe.session->trace()->exchangeCount(), 7);
    QTRY_COMPARE(probe.railCount(u"traffic"_s), 7);
    // What cannot be read is told with the place.
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("{\"log\":");
    file.close();
    probe.window->openRecording(path);
    QTRY_VERIFY2(probe.banner().contains(u"byte 7, line 1"_s), qPrintable(probe.banner()));
}

void TestExportPanel::an_address_that_is_none_is_told_in_place()
{
    SpansPanel panel;
    QSignalSpy changed(&panel, &SpansPanel::changed);
    panel.restore(u"127.0.0.1:4318"_s, true);
    auto *said = panel.findChild<RoleLabel *>();
    QVERIFY(said->text().contains(u"no address of an OpenTelemetry collector"_s));
    QCOMPARE(said->role(), Role::Failure);
    QCOMPARE(changed.size(), 0);
    panel.findChild<QLineEdit *>()->setText(u"http://127.0.0.1:4318"_s);
    Q_EMIT panel.findChild<QLineEdit *>()->editingFinished();
    QCOMPARE(changed.size(), 1);
    panel.findChild<QCheckBox *>()->click();
    QCOMPARE(changed.size(), 2);
    QVERIFY(said->isHidden());
}

void TestExportPanel::spans_go_to_the_collector_and_that_is_remembered()
{
    RawServer collector;
    QVERIFY(collector.listen());
    collector.onRequest(
        [](RawConnection &connection, const RawRequest &) { connection.answer(200, "{}"); });
    WindowProbe probe;
    auto *panel = probe.part<SpansPanel>();
    panel->restore(collector.url(QString()).toString(), true);
    QCOMPARE(probe.settings.value(u"otlp/on"_s).toBool(), true);
    probe.window->practise();
    QTRY_VERIFY_WITH_TIMEOUT(probe.state().phase == SessionPhase::Ready, 15000);
    QTRY_VERIFY(!collector.requests().isEmpty());
    QTRY_VERIFY(panel->findChild<RoleLabel *>()->text().contains(u"spans went to"_s));
    QVERIFY(collector.requests().constFirst().body.contains("mcp.method.name"));
    // Off is off.
    panel->findChild<QCheckBox *>()->click();
    QVERIFY(!probe.session->spansTarget());
    QCOMPARE(probe.settings.value(u"otlp/on"_s).toBool(), false);
}

void TestExportPanel::spans_that_do_not_arrive_are_told_of()
{
    RawServer collector;
    QVERIFY(collector.listen());
    collector.onRequest(
        [](RawConnection &connection, const RawRequest &) { connection.answer(403, "no"); });
    WindowProbe probe;
    probe.part<SpansPanel>()->restore(collector.url(QString()).toString(), true);
    probe.window->practise();
    QTRY_VERIFY_WITH_TIMEOUT(probe.status().contains(u"refused them with 403"_s), 15000);
    QVERIFY(probe.part<SpansPanel>()->isHidden());
}

QTEST_MAIN(TestExportPanel)
#include "test_export_panel.moc"
