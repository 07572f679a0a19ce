// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_file.h"
#include "core/trace/trace_replay.h"
#include "tests/support/made_trace.h"
#include "tests/ui/window_probe.h"
#include "ui/models/exchange_model.h"
#include "ui/models/export_job.h"
#include "ui/models/findings_scan.h"
#include "ui/pages/traffic_page.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// What the rules find is found by filters of the window.
class TestFilterFindings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void rowsComeWithWhatTheRulesFind();
    void whatIsSaidNoMoreGoes();
    void coloursFollow();
    void anotherTraceBeginsWithNothing();
    void aRecordingInTheWindowIsFiltered();
    void aPartAndAnExportAskTheRules();

private:
    std::shared_ptr<const Redactor> m_redactor = std::make_shared<Redactor>("salt"_ba);
};

void TestFilterFindings::rowsComeWithWhatTheRulesFind()
{
    MadeTrace trace;
    trace.add(CallWithToken);
    trace.add(BareStream);
    ExchangeModel model;
    QAbstractItemModelTester tester(&model);
    model.setTrace(&trace.store);
    model.setFilter(TraceFilter::parse(u"finding:AF-01"_s));
    FindingsScan scan;
    connect(&scan, &FindingsScan::concerned, &model, &ExchangeModel::setFindings);
    scan.setRedactor(m_redactor);
    scan.setTrace(&trace.store);
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(model.idAt(0), 2);
    // A live trace goes on.
    trace.add(CallWithToken);
    const ExchangeId late = trace.add(BareStream);
    model.refresh();
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(model.idAt(1), late);
    model.setFilter(TraceFilter::parse(u"-finding:AF-01"_s));
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(model.idAt(1), 3);
}

void TestFilterFindings::whatIsSaidNoMoreGoes()
{
    MadeTrace trace;
    for (int i = 0; i < 5; ++i)
        trace.add(CallWithToken);
    ExchangeModel model;
    QAbstractItemModelTester tester(&model);
    model.setTrace(&trace.store);
    model.setFilter(TraceFilter::parse(u"finding:AF-12"_s));
    QTRY_VERIFY(!model.isScanning());
    QCOMPARE(model.rowCount(), 0);
    const QStringList told{u"AF-12"_s};
    model.setFindings({{2, told}, {3, told}}, {2, 3});
    QTRY_COMPARE(model.rowCount(), 2);
    model.setFindings({{3, told}, {5, told}}, {2, 5});
    QTRY_COMPARE(model.idAt(1), 5);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.idAt(0), 3);
    QTRY_VERIFY(!model.isScanning());
    QCOMPARE(model.matching(), (QList<ExchangeId>{3, 5}));
}

void TestFilterFindings::coloursFollow()
{
    MadeTrace trace;
    for (int i = 0; i < 3; ++i)
        trace.add(CallWithToken);
    ExchangeModel model;
    model.setTrace(&trace.store);
    model.setColourRules({{u"finding:AF-12"_s, Role::Failure}});
    const auto ground = [&](int row) {
        return model.index(row, 0).data(ExchangeModel::GroundRole).isValid();
    };
    QTRY_COMPARE(model.rowCount(), 3);
    model.setFindings({{2, {u"AF-12"_s}}}, {2});
    QTRY_VERIFY(ground(1));
    QVERIFY(!ground(0));
    model.setFindings({}, {2});
    QTRY_VERIFY(!ground(1));
}

void TestFilterFindings::anotherTraceBeginsWithNothing()
{
    MadeTrace first;
    first.add(CallWithToken);
    MadeTrace second;
    second.add(CallWithToken);
    ExchangeModel model;
    model.setTrace(&first.store);
    model.setFilter(TraceFilter::parse(u"finding:AF-12"_s));
    model.setFindings({{1, {u"AF-12"_s}}}, {1});
    QTRY_COMPARE(model.rowCount(), 1);
    model.setTrace(&second.store);
    QTRY_VERIFY(!model.isScanning());
    QCOMPARE(model.rowCount(), 0);
    model.setTrace(nullptr);
}

void TestFilterFindings::aRecordingInTheWindowIsFiltered()
{
    MadeTrace trace;
    trace.add(CallWithToken);
    trace.add(BareStream);
    trace.add(CallWithToken);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"whole.sgtrace"_s);
    {
        auto writer = TraceFileWriter::create(path, trace.store.began(), Redactor("salt"), false);
        QVERIFY(writer.has_value());
        replayTrace(trace.store, **writer);
    }
    WindowProbe probe;
    auto *page = probe.part<TrafficPage>();
    auto *model = page->findChild<ExchangeModel *>();
    QVERIFY(model);
    page->setFilterText(u"finding:AF-01"_s);
    probe.session->openRecording(path);
    QTRY_COMPARE(model->matching(), QList<ExchangeId>{2});
    page->setFilterText(u"finding:AF-02"_s);
    QTRY_COMPARE(model->rowCount(), 0);
    page->setFilterText(u"not finding:AF-01"_s);
    QTRY_COMPARE(model->matching(), (QList<ExchangeId>{1, 3}));
}

void TestFilterFindings::aPartAndAnExportAskTheRules()
{
    MadeTrace trace;
    trace.add(CallWithToken);
    trace.add(BareStream);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"whole.sgtrace"_s);
    {
        auto writer = TraceFileWriter::create(path, trace.store.began(), Redactor("salt"), true);
        QVERIFY(writer.has_value());
        replayTrace(trace.store, **writer);
    }
    const TraceFilter filter = TraceFilter::parse(u"finding:AF-01"_s);
    SessionController session;
    QSignalSpy changed(&session, &SessionController::traceChanged);
    QSignalSpy saved(&session, &SessionController::partSaved);
    session.openRecording(path);
    QTRY_COMPARE(changed.size(), 1);
    const QString part = folder.filePath(u"part.sgtrace"_s);
    session.savePart(part, filter);
    QTRY_COMPARE(saved.size(), 1);
    const Expected<Recording> read = readTraceFile(part);
    QVERIFY(read.has_value());
    QCOMPARE(read->trace->exchangeCount(), 1);
    QCOMPARE(read->trace->request(1).what, u"event stream"_s);
    // It still knows of it, though what shows it is not in it.
    QVERIFY(filter.matches(*read->trace, 1));

    ExportJob job;
    QSignalSpy finished(&job, &ExportJob::finished);
    ExportOrder order;
    order.trace = std::shared_ptr<const TraceReader>(&trace.store, [](const TraceReader *) {});
    order.format = ExportFormat::JsonLines;
    order.filter = filter;
    order.path = folder.filePath(u"part.jsonl"_s);
    job.start(order);
    QTRY_COMPARE(finished.size(), 1);
    QFile file(order.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray lines = file.readAll();
    QVERIFY2(lines.contains("event stream") && !lines.contains("tools/call"), lines);
}

QTEST_MAIN(TestFilterFindings)
#include "test_filter_findings.moc"
