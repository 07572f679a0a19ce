// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/sample_trace.h"
#include "tests/ui/window_probe.h"
#include "ui/models/findings_model.h"
#include "ui/models/findings_scan.h"
#include "ui/pages/finding_panel.h"
#include "ui/pages/findings_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/wire_table.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QStackedWidget>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int Patience = 15'000; ///< ms; a hang is a failure, slowness is none

Finding made(const QString &id, Weight weight = Weight::Failure,
             const QList<ExchangeId> &exchanges = {1})
{
    Finding finding;
    finding.id = id;
    finding.title = u"Title of "_s + id;
    finding.sentence = u"It happened."_s;
    finding.advice = u"Mend it."_s;
    finding.weight = weight;
    finding.server = u"http://127.0.0.1:4780"_s;
    finding.exchanges = exchanges;
    return finding;
}

QStringList idsOf(const QAbstractItemModel *model)
{
    QStringList ids;
    for (int row = 0; row < model->rowCount(); ++row)
        ids.append(model->index(row, FindingsModel::Id).data().toString());
    return ids;
}

std::shared_ptr<const Redactor> redactor()
{
    return std::make_shared<const Redactor>("0123456789abcdef");
}

/// A POST that is accepted, then `streams` refused streams that lack what it had.
void fill(TraceStore &store, int streams)
{
    sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"initialize"_s, true, false),
                  "{}", 200, "{}", 10, 5);
    for (int i = 0; i < streams; ++i)
        sample::whole(store, sample::request(ExchangeKind::Stream, "GET", u"event stream"_s, false),
                      {}, 401, {}, 20 + i, 1);
}

/// As another client's: nothing was concluded from it so far.
void add(TraceStore &store, ExchangeKind kind, const QString &what, int status, qint64 at)
{
    const QByteArray method = kind == ExchangeKind::Stream ? "GET" : "POST";
    const ExchangeId id = store.begin(sample::request(kind, method, what), {}, at * sample::kMs);
    store.respond(id, sample::answer(status, {}, {}), at * sample::kMs);
    store.finish(id, {}, at * sample::kMs);
}

QString messageOf(const FindingsPage &page)
{
    QStringList words;
    const auto labels = page.findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (label->isVisibleTo(&page) && !label->text().isEmpty())
            words.append(label->text());
    }
    return words.join(u'\n');
}

} // namespace

class TestFindingsPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void theModelKeepsItsRowsRight();
    void theModelSaysHowMuchItMatters();
    void aGrowingTraceIsLookedAtAgain();
    void aTraceMayGoAwayWhileTheRulesRun();
    void nothingWrongIsSaidSo();
    void theWorstIsShownUntilSomebodyChooses();
    void evidenceLeadsToItsExchanges();
    void whereStringsDifferIsMarked();
    void hostileTextIsShownAsText();
    void theWindowTellsOfThem();
};

void TestFindingsPage::theModelKeepsItsRowsRight()
{
    FindingsModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QList<QStringList> steps{
        {u"A"_s, u"B"_s, u"C"_s}, {u"C"_s, u"A"_s, u"B"_s}, {u"D"_s, u"B"_s, u"A"_s}, {u"B"_s}, {},
        {u"X"_s, u"Y"_s},         {u"Y"_s, u"Z"_s, u"X"_s}};
    for (const QStringList &step : steps) {
        QList<Finding> list;
        for (const QString &id : step)
            list.append(made(id));
        model.setFindings(list);
        QCOMPARE(idsOf(&model), step);
        QCOMPARE(model.findings(), list);
    }
    // A row that stays keeps its place in selections, and says that it changed.
    const QPersistentModelIndex kept = model.index(1, 0);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setFindings({made(u"Z"_s, Weight::Failure, {1, 2}), made(u"X"_s)});
    QCOMPARE(kept.data().toString(), u"Z"_s);
    QCOMPARE(changed.size(), 1);
    model.setFindings({made(u"Z"_s, Weight::Failure, {1, 2}), made(u"X"_s)});
    QCOMPARE(changed.size(), 1);
}

void TestFindingsPage::theModelSaysHowMuchItMatters()
{
    FindingsModel model;
    model.setFindings(
        {made(u"A"_s), made(u"B"_s, Weight::Flaw), made(u"C"_s, Weight::Normal, {4, 5, 6})});
    QStringList glyphs;
    QStringList words;
    for (int row = 0; row < 3; ++row) {
        glyphs.append(model.index(row, 0).data(GlyphIconRole).toString());
        words.append(model.index(row, 0).data(Qt::AccessibleTextRole).toString());
    }
    QCOMPARE(glyphs, (QStringList{u"refused"_s, u"warning"_s, u"check"_s}));
    QCOMPARE(words, (QStringList{u"A, failure"_s, u"B, flaw"_s, u"C, normal"_s}));
    QCOMPARE(model.index(2, FindingsModel::Exchanges).data().toString(), u"4 and 2 more"_s);
}

void TestFindingsPage::aGrowingTraceIsLookedAtAgain()
{
    TraceStore store;
    FindingsScan scan;
    QSignalSpy found(&scan, &FindingsScan::found);
    scan.setRedactor(redactor());
    scan.setTrace(&store);
    fill(store, 1);
    const auto newest = [&] {
        return found.isEmpty() ? QList<Finding>()
                               : found.constLast().constFirst().value<QList<Finding>>();
    };
    QTRY_VERIFY_WITH_TIMEOUT(newest().size() == 1, Patience);
    QCOMPARE(newest().constFirst().id, u"AF-01"_s);
    QCOMPARE(newest().constFirst().exchanges.size(), 1);
    for (int i = 0; i < 50; ++i)
        sample::whole(store, sample::request(ExchangeKind::Stream, "GET", u"event stream"_s, false),
                      {}, 401, {}, 100 + i, 1);
    QTRY_VERIFY_WITH_TIMEOUT(newest().constFirst().exchanges.size() == 51, Patience);
    // Not once for each.
    QVERIFY(found.size() < 20);
}

void TestFindingsPage::aTraceMayGoAwayWhileTheRulesRun()
{
    FindingsScan scan;
    scan.setRedactor(redactor());
    QSignalSpy found(&scan, &FindingsScan::found);
    for (int i = 0; i < 20; ++i) {
        auto store = std::make_unique<TraceStore>();
        fill(*store, 2000);
        scan.setTrace(store.get());
        QTest::qWait(i % 3); // sometimes it has just begun, sometimes not even that
        scan.setTrace(nullptr);
        store.reset();
    }
    found.clear();
    QCoreApplication::processEvents();
    QVERIFY(found.isEmpty()); // what an older run found is of no trace that is shown
    {
        TraceStore store;
        fill(store, 2000);
        FindingsScan shortLived;
        shortLived.setRedactor(redactor());
        shortLived.setTrace(&store);
    }
}

void TestFindingsPage::nothingWrongIsSaidSo()
{
    FindingsPage page;
    page.setRedactor(redactor());
    page.resize(700, 500);
    page.show();
    QVERIFY(messageOf(page).contains("No request was sent yet"_L1));
    TraceStore store;
    page.setTrace(&store);
    sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"initialize"_s), "{}", 200,
                  "{}", 10, 5);
    QTRY_VERIFY_WITH_TIMEOUT(messageOf(page).contains("Nothing was found that is wrong"_L1),
                             Patience);
    QCOMPARE(page.problemCount(), 0);
    // What is as it may be stands in the list, and counts for nothing.
    add(store, ExchangeKind::Stream, u"event stream"_s, 405, 30);
    QTRY_VERIFY_WITH_TIMEOUT(messageOf(page).contains("Nothing is wrong."_L1), Patience);
    QCOMPARE(idsOf(page.findChild<RowsView *>()->model()), QStringList{u"AF-80"_s});
    QCOMPARE(page.problemCount(), 0);
    page.setTrace(nullptr);
    QVERIFY(messageOf(page).contains("No request was sent yet"_L1));
}

void TestFindingsPage::theWorstIsShownUntilSomebodyChooses()
{
    TraceStore store;
    FindingsPage page;
    page.setRedactor(redactor());
    page.resize(700, 500);
    page.show();
    page.setTrace(&store);
    auto *rows = page.findChild<RowsView *>();
    QSignalSpy problems(&page, &FindingsPage::problemCountChanged);
    add(store, ExchangeKind::Stream, u"event stream"_s, 405, 30);
    QTRY_COMPARE_WITH_TIMEOUT(rows->model()->rowCount(), 1, Patience);
    add(store, ExchangeKind::Post, u"x"_s, 407, 40);
    QTRY_COMPARE_WITH_TIMEOUT(rows->model()->rowCount(), 2, Patience);
    QCOMPARE(rows->currentIndex().row(), 0);
    QCOMPARE(rows->currentIndex().data().toString(), u"AF-95"_s);
    QVERIFY(messageOf(page).contains("wants credentials of its own"_L1));
    QCOMPARE(problems.size(), 1);
    // By keyboard.
    rows->setFocus();
    QTest::keyClick(rows, Qt::Key_Down);
    QCOMPARE(rows->currentIndex().data().toString(), u"AF-80"_s);
    QVERIFY(messageOf(page).contains("offers no event stream"_L1));
    add(store, ExchangeKind::Post, u"y"_s, 406, 50);
    QTRY_COMPARE_WITH_TIMEOUT(rows->model()->rowCount(), 3, Patience);
    QCOMPARE(rows->currentIndex().data().toString(), u"AF-80"_s);
    QSignalSpy exchange(&page, &FindingsPage::showExchangeRequested);
    QTest::keyClick(rows, Qt::Key_Return);
    QCOMPARE(exchange.size(), 1);
    QCOMPARE(exchange.constFirst().constFirst().value<ExchangeId>(), 1);
    page.showFinding(u"AF-85"_s);
    QCOMPARE(rows->currentIndex().data().toString(), u"AF-85"_s);
    page.setTrace(nullptr);
}

void TestFindingsPage::evidenceLeadsToItsExchanges()
{
    TraceStore store;
    fill(store, 2);
    FindingsPage page;
    page.setRedactor(redactor());
    page.resize(700, 500);
    page.show();
    page.setTrace(&store);
    auto *table = page.findChild<WireTable *>();
    QTRY_VERIFY_WITH_TIMEOUT(table->rows().size() >= 3, Patience);
    QCOMPARE(table->cellText(0, 0), u"Exchange 2"_s);
    QCOMPARE(table->cellText(0, 1), u"Authorization"_s);
    QCOMPARE(table->cellText(0, 2), u"none"_s);
    QVERIFY2(table->cellText(1, 2).startsWith("Bearer ~"_L1), qPrintable(table->cellText(1, 2)));
    const qsizetype last = table->rows().size() - 1;
    QCOMPARE(table->cellText(int(last), 2), u"2, 3"_s);
    QVERIFY(!table->toPlainText().contains("sample-bearer"_L1));
    QSignalSpy exchange(&page, &FindingsPage::showExchangeRequested);
    Q_EMIT table->linkActivated(u"3"_s);
    QCOMPARE(exchange.constFirst().constFirst().value<ExchangeId>(), 3);
    Q_EMIT table->linkActivated(u"no number"_s);
    QCOMPARE(exchange.size(), 1);
    page.setTrace(nullptr);
}

void TestFindingsPage::whereStringsDifferIsMarked()
{
    FindingPanel panel;
    Finding finding = made(u"AF-29"_s);
    finding.evidence = {comparison(1, u"issuer"_s, u"https://a/"_s, u"https://a"_s)};
    panel.setFinding(finding);
    auto *table = panel.findChild<WireTable *>();
    QCOMPARE(table->cellText(0, 2), u"https://a/"_s);
    QCOMPARE(table->cellText(1, 1), u"against"_s);
    QCOMPARE(table->cellText(1, 2), u"https://a"_s);
    const QList<WireTable::Run> runs = table->rows().constFirst().at(2).runs;
    QCOMPARE(runs.size(), 2);
    QVERIFY(!runs.constFirst().marked && runs.constLast().marked);
    QCOMPARE(runs.constLast().text, u"/"_s);
}

void TestFindingsPage::hostileTextIsShownAsText()
{
    FindingPanel panel;
    Finding finding = made(u"AF-82"_s);
    finding.sentence = u"It says “<b>\u202e\x1b[31m</b>”."_s;
    finding.evidence = {{1, u"<i>x</i>"_s, u"<img src=x>\u202e"_s, {}, -1}};
    panel.setFinding(finding);
    QStringList texts;
    const auto labels = panel.findChildren<QLabel *>();
    for (const QLabel *label : labels)
        texts.append(label->text());
    texts.append(panel.findChild<WireTable *>()->toPlainText());
    const QString all = texts.join(u'\n');
    QVERIFY(all.contains("<b>"_L1) && all.contains("<img src=x>"_L1)
            && all.contains("<i>x</i>"_L1));
    QVERIFY(!all.contains(QChar(0x202e)) && !all.contains(QChar(0x1b)));
}

void TestFindingsPage::theWindowTellsOfThem()
{
    WindowProbe probe;
    auto *rail = probe.part<Rail>();
    RailButton *button = rail->page(rail->indexOf(u"findings"_s));
    QVERIFY(!button->count() && !button->hasFailed());
    LabSettings settings;
    settings.bearer = "lab-token-0123456789abcdef";
    LabProbe lab(settings);
    QVERIFY(lab.start());
    ServerTarget target;
    target.url = lab.url();
    target.network.proxy = NetworkSettings::Proxy::None;
    target.credentials.bearer = settings.bearer;
    target.acting = u"AF-01"_s;
    probe.window->connectTo(target);
    QTRY_VERIFY_WITH_TIMEOUT(button->hasFailed(), Patience);
    QCOMPARE(button->count(), std::optional<qint64>(1));
    // From the banner to the finding, from there to its exchange.
    LinkButton *link = nullptr;
    const auto links = probe.part<Banner>()->findChildren<LinkButton *>();
    for (LinkButton *one : links) {
        if (one->text() == "Finding"_L1)
            link = one;
    }
    QVERIFY(link);
    QTest::mouseClick(link, Qt::LeftButton);
    QCOMPARE(rail->current(), rail->indexOf(u"findings"_s));
    auto *page = probe.part<FindingsPage>();
    QCOMPARE(page->findChild<RowsView *>()->currentIndex().data().toString(), u"AF-01"_s);
    auto *table = page->findChild<WireTable *>();
    QVERIFY(table->cellText(0, 0).startsWith("Exchange "_L1));
    Q_EMIT table->linkActivated(table->cellText(0, 0).section(u' ', 1));
    QCOMPARE(rail->current(), rail->indexOf(u"traffic"_s));
    QCOMPARE(probe.part<TrafficPage>()->currentExchange(),
             table->cellText(0, 0).section(u' ', 1).toLongLong());
    // Mended, by the next connection nothing new is wrong; a new trace has none.
    QTest::keyClick(probe.window.get(), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!button->hasFailed() && !button->count(), Patience);
}

QTEST_MAIN(TestFindingsPage)
#include "test_findings_page.moc"
