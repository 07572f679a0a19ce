// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window.h"

#include "ui/connection/connection_line.h"
#include "ui/connection/credentials_panel.h"
#include "ui/connection/header_rows.h"
#include "ui/failure_banner.h"
#include "ui/models/exchange_model.h"
#include "ui/pages/tool_panel.h"
#include "ui/pages/tools_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/session_controller.h"
#include "ui/session_status.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/call_row.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/result_view.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

/// The window on the built-in server, as a person uses it.
class TestMainWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void init();
    void cleanup();

    void startsEmptyAndSaysSo();
    void practiceListsTheToolsWithoutADialog();
    void aCallIsMadeByKeyAndLeadsToItsExchange();
    void aToolErrorIsMarked();
    void argumentsThatAreNoObjectAreNotSent();
    void aRefusedStreamLeadsToItsExchange();
    void credentialsDoNotGoToAnotherOrigin();
    void aRevisionThatWasChosenIsThatOfItsServer();
    void aSecretInTheAddressIsHiddenWhileNobodyTypes();
    void recentServersHoldNoSecret();
    void aWrongAddressIsSaidInPlace();
    void nothingListensThere();
    void disconnectEndsInIdle();
    void theRailCountsWhatTheTableShows();
    void aNewTraceBeginsEmpty();
    void paletteRunsACommand();
    void removedHeaderComesBack();
    void recordingIsReadBack();
    void onlyACertificateFailureOffersItsFingerprint();
    void streamWordsLive_data();
    void streamWordsLive();

private:
    template <typename T> T *part() const { return m_window->findChild<T *>(); }
    LinkButton *link(const QString &text) const;
    void practise(const QString &acting = {});

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<SessionController> m_session;
    std::unique_ptr<MainWindow> m_window;
};

void TestMainWindow::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_settings =
        std::make_unique<QSettings>(m_folder->filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_session = std::make_unique<SessionController>();
    m_window = std::make_unique<MainWindow>(m_session.get(), m_settings.get());
    m_window->resize(900, 600);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void TestMainWindow::cleanup()
{
    m_window.reset();
    m_session.reset();
    m_settings.reset();
    m_folder.reset();
}

LinkButton *TestMainWindow::link(const QString &text) const
{
    const QList<LinkButton *> all = m_window->findChildren<LinkButton *>();
    for (LinkButton *button : all) {
        if (button->isVisible() && button->text() == text)
            return button;
    }
    return nullptr;
}

void TestMainWindow::practise(const QString &acting)
{
    QSignalSpy listed(m_session.get(), &SessionController::toolsListed);
    m_window->practise(acting);
    QVERIFY(listed.wait(10000));
    QTRY_COMPARE(m_session->state().phase, SessionPhase::Ready);
    QTRY_VERIFY(!part<ToolPanel>()->toolName().isEmpty());
}

void TestMainWindow::startsEmptyAndSaysSo()
{
    QVERIFY(!part<Rail>()->isVisible());
    QVERIFY(!part<Banner>()->isVisible());
    QCOMPARE(part<QStackedWidget>() != nullptr, true);
    QVERIFY(m_window->showPage(u"traffic"_s));
    QVERIFY(part<Rail>()->isVisible());
    QVERIFY(!m_window->showPage(u"nowhere"_s));
}

void TestMainWindow::practiceListsTheToolsWithoutADialog()
{
    practise();
    QVERIFY(part<Rail>()->isVisible());
    QVERIFY(*part<Rail>()->page(0)->count() > 5);
    QVERIFY(!part<ToolPanel>()->toolName().isEmpty());
    QVERIFY(!part<Banner>()->isVisible());
    QVERIFY(!qApp->activeModalWidget());
    QTRY_VERIFY(part<Rail>()->page(part<Rail>()->indexOf(u"traffic"_s))->count().value_or(0) >= 3);
}

void TestMainWindow::aCallIsMadeByKeyAndLeadsToItsExchange()
{
    practise();
    QVERIFY(part<ToolsPage>()->selectTool(u"echo"_s));
    part<ToolPanel>()->findChild<ArgumentsEditor *>()->setArguments(
        "{\"message\": \"from the test\"}");
    QSignalSpy finished(m_session.get(), &SessionController::callFinished);
    QTest::keyClick(part<ToolPanel>()->findChild<ArgumentsEditor *>()->focusProxy(), Qt::Key_Return,
                    Qt::ControlModifier);
    QVERIFY(finished.wait(10000));
    const auto result = finished.first().at(1).value<CallResult>();
    QVERIFY(!result.failure);
    QVERIFY(result.result.contains("from the test"));
    QVERIFY(result.exchange > 0);
    QTRY_COMPARE(m_window->findChildren<CallRow *>().size(), 1);

    LinkButton *exchange = link(u"Exchange %1"_s.arg(result.exchange));
    QVERIFY(exchange);
    exchange->click();
    QCOMPARE(part<Rail>()->current(), part<Rail>()->indexOf(u"traffic"_s));
    QTRY_COMPARE(part<TrafficPage>()->currentExchange(), result.exchange);

    // An earlier call brings its arguments back.
    m_window->showPage(u"tools"_s);
    part<ToolPanel>()->findChild<ArgumentsEditor *>()->setArguments("{}");
    part<CallRow>()->click();
    QVERIFY(
        part<ToolPanel>()->findChild<ArgumentsEditor *>()->arguments().contains("from the test"));
}

void TestMainWindow::aToolErrorIsMarked()
{
    practise();
    QVERIFY(part<ToolsPage>()->selectTool(u"error"_s));
    QSignalSpy finished(m_session.get(), &SessionController::callFinished);
    part<ToolPanel>()->call();
    QVERIFY(finished.wait(10000));
    QVERIFY(finished.first().at(1).value<CallResult>().isError);
    const QList<QLabel *> labels = part<ToolPanel>()->findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](const QLabel *label) { return label->text().contains("isError"_L1); }));
}

void TestMainWindow::argumentsThatAreNoObjectAreNotSent()
{
    practise();
    QVERIFY(part<ToolsPage>()->selectTool(u"echo"_s));
    for (const QByteArray &text : {"{\"a\": "_ba, "[1]"_ba, ""_ba}) {
        part<ToolPanel>()->findChild<ArgumentsEditor *>()->setArguments(text);
        QVERIFY(!part<ToolPanel>()->findChild<ArgumentsEditor *>()->isSendable());
        part<ToolPanel>()->call();
        QVERIFY(!part<ToolPanel>()->isRunning());
    }
    // What is sent after them shows that none of them left; the window may list meanwhile.
    part<ToolPanel>()->findChild<ArgumentsEditor *>()->setArguments(R"({"text":"last"})");
    QSignalSpy finished(m_session.get(), &SessionController::callFinished);
    part<ToolPanel>()->call();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    int calls = 0;
    for (ExchangeId id = 1; id <= m_session->trace()->exchangeCount(); ++id)
        calls += m_session->trace()->requestBody(id).contains("tools/call") ? 1 : 0;
    QCOMPARE(calls, 1);
}

void TestMainWindow::aRefusedStreamLeadsToItsExchange()
{
    practise(u"AF-01"_s);
    QTRY_VERIFY(part<Banner>()->isVisible());
    QVERIFY(part<Banner>()->sentence().contains("401"_L1));
    const ExchangeId exchange = m_session->state().failure->exchange;
    QVERIFY(exchange > 0);
    QVERIFY(link(u"Why?"_s));
    LinkButton *show = link(u"Show"_s);
    QVERIFY(show);
    show->click();
    QVERIFY(part<TrafficPage>()->currentExchange() > 0);

    LinkButton *rightly = link(u"Send it with credentials"_s);
    QVERIFY(rightly);
    rightly->click();
    QTRY_COMPARE(m_session->state().stream.phase, StreamState::Phase::Open);
    QVERIFY(m_session->state().acting.isEmpty());
    QTRY_VERIFY(!part<Banner>()->isVisible());
}

void TestMainWindow::credentialsDoNotGoToAnotherOrigin()
{
    auto *line = part<ConnectionLine>();
    Credentials credentials;
    credentials.bearer = "only-for-the-first";
    line->setCredentials(credentials);
    line->setUrl(QUrl(u"http://127.0.0.1:4001/mcp"_s));
    QCOMPARE(line->target()->credentials.bearer, "only-for-the-first"_ba);
    line->setUrl(QUrl(u"http://127.0.0.1:4002/mcp"_s));
    QVERIFY(line->target()->credentials.isEmpty());
    line->setUrl(QUrl(u"http://127.0.0.1:4001/other"_s));
    QCOMPARE(line->target()->credentials.bearer, "only-for-the-first"_ba);
}

void TestMainWindow::aRevisionThatWasChosenIsThatOfItsServer()
{
    auto *line = part<ConnectionLine>();
    ServerTarget first;
    first.url = QUrl(u"http://127.0.0.1:4001/mcp"_s);
    first.revision = u"2025-06-18"_s;
    line->setTarget(first);
    QCOMPARE(line->target()->revision, u"2025-06-18"_s);
    line->setUrl(QUrl(u"http://127.0.0.1:4002/mcp"_s));
    QCOMPARE(line->target()->revision, u"auto"_s);
    line->setUrl(QUrl(u"http://127.0.0.1:4001/other"_s));
    QCOMPARE(line->target()->revision, u"2025-06-18"_s);
}

void TestMainWindow::aSecretInTheAddressIsHiddenWhileNobodyTypes()
{
    auto *line = part<ConnectionLine>();
    auto *edit = line->findChild<QLineEdit *>();
    const QUrl url(u"http://127.0.0.1:4001/mcp?access_token=hidden-one&x=1"_s);
    edit->clearFocus();
    line->setUrl(url);
    QVERIFY2(!edit->text().contains(u"hidden"_s) && edit->text().contains(u"x=1"_s),
             qPrintable(edit->text()));
    QCOMPARE(line->target()->url, url);
    m_window->activateWindow();
    edit->setFocus();
    QTRY_VERIFY(edit->hasFocus());
    QCOMPARE(edit->text(), url.toString());
    QTest::keyClick(edit, Qt::Key_End);
    QTest::keyClicks(edit, u"2"_s);
    edit->clearFocus();
    QTRY_VERIFY(!edit->text().contains(u"hidden"_s));
    QCOMPARE(line->target()->url.query(), u"access_token=hidden-one&x=12"_s);
}

void TestMainWindow::recentServersHoldNoSecret()
{
    RecentServers recent(m_settings.get());
    ServerTarget target;
    target.url = QUrl(u"https://example.org/mcp?access_token=hidden-one"_s);
    target.credentials.bearer = "hidden-two";
    target.network.proxyPassword = u"hidden-three"_s;
    target.network.clientKeyPassword = u"hidden-four"_s;
    recent.remember(target, {}, 3, QDateTime::currentDateTimeUtc());
    m_settings->sync();
    QFile file(m_settings->fileName());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray written = file.readAll();
    QVERIFY(written.contains("example.org"));
    QVERIFY(!written.contains("hidden"));
    const RecentServers again(m_settings.get());
    QCOMPARE(again.list(), recent.list());
}

void TestMainWindow::aWrongAddressIsSaidInPlace()
{
    auto *edit = part<ConnectionLine>()->findChild<QLineEdit *>();
    edit->setText(u"ftp://example.org"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QVERIFY(!edit->accessibleDescription().isEmpty());
    QCOMPARE(m_session->trace()->exchangeCount(), 0);
    QTest::keyClicks(edit, u"x"_s);
    QVERIFY(edit->accessibleDescription().isEmpty());
}

void TestMainWindow::nothingListensThere()
{
    auto *edit = part<ConnectionLine>()->findChild<QLineEdit *>();
    edit->setText(u"http://127.0.0.1:1/mcp"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m_session->state().phase, SessionPhase::Failed, 15000);
    QTRY_VERIFY(part<Banner>()->isVisible());
    QVERIFY(link(u"Retry"_s));
    QVERIFY(m_session->trace()->exchangeCount() >= 1);
}

void TestMainWindow::disconnectEndsInIdle()
{
    practise();
    m_session->disconnectFrom();
    QTRY_COMPARE(m_session->state().phase, SessionPhase::Idle);
    part<ToolPanel>()->call();
    QVERIFY(!part<ToolPanel>()->isRunning());
    practise();
    QCOMPARE(m_session->state().phase, SessionPhase::Ready);
}

void TestMainWindow::theRailCountsWhatTheTableShows()
{
    auto *rail = part<Rail>();
    auto *table = part<ExchangeModel>();
    QVERIFY(table);
    QStringList wrong;
    int looks = 0;
    QObject looker; // goes before what it looks at, and takes what is queued for it along
    // When the turn of the event loop that brought rows is over, both tell the same.
    connect(
        table, &QAbstractItemModel::rowsInserted, &looker,
        [&] {
            ++looks;
            const qint64 count = rail->page(rail->indexOf(u"traffic"_s))->count().value_or(0);
            if (count != table->rowCount())
                wrong << u"%1 of %2"_s.arg(count).arg(table->rowCount());
        },
        Qt::QueuedConnection);
    practise();
    QTRY_VERIFY(table->rowCount() > 5);
    QVERIFY(looks > 0);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u", "_s)));
}

void TestMainWindow::aNewTraceBeginsEmpty()
{
    practise();
    m_session->disconnectFrom();
    QTRY_COMPARE(m_session->state().phase, SessionPhase::Idle);
    QVERIFY(m_session->trace()->exchangeCount() > 0);
    m_session->clearTrace();
    QCOMPARE(m_session->trace()->exchangeCount(), 0);
    QCOMPARE(part<TrafficPage>()->currentExchange(), 0);
}

void TestMainWindow::paletteRunsACommand()
{
    m_window->activateWindow();
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    auto *palette = part<CommandPalette>();
    QVERIFY(palette->isVisible());
    auto *edit = palette->findChild<QLineEdit *>();
    QTest::keyClicks(edit, u"acc"_s);
    auto *list = palette->findChild<QListWidget *>();
    QVERIFY(list->item(0)->text().startsWith("Access"_L1));
    QTest::keyClick(edit, Qt::Key_Return);
    QVERIFY(!palette->isVisible());
    QCOMPARE(part<Rail>()->current(), part<Rail>()->indexOf(u"access"_s));
}

void TestMainWindow::removedHeaderComesBack()
{
    HeaderRows rows;
    Header one{"X-One", "1", HeaderSource::User, false};
    Header two{"X-Two", "2", HeaderSource::User, true};
    rows.setHeaders({one, two});
    QCOMPARE(rows.headers(), (QList<Header>{one, two}));
    for (QAbstractButton *button : rows.findChildren<QAbstractButton *>()) {
        if (button->accessibleName() == "Remove this header"_L1) {
            button->click();
            break;
        }
    }
    QCOMPARE(rows.headers(), (QList<Header>{two}));
    for (LinkButton *button : rows.findChildren<LinkButton *>()) {
        if (button->text() == "Undo remove"_L1)
            button->click();
    }
    QCOMPARE(rows.headers(), (QList<Header>{one, two}));
}

void TestMainWindow::recordingIsReadBack()
{
    practise();
    const QString path = m_folder->filePath(u"session.sgtrace"_s);
    m_session->recordTo(path, false);
    QVERIFY(!m_session->recordingTo().isEmpty());
    m_session->stopRecording();
    m_session->disconnectFrom();
    QTRY_COMPARE(m_session->state().phase, SessionPhase::Idle);

    QSignalSpy changed(m_session.get(), &SessionController::traceChanged);
    m_window->openRecording(path);
    QVERIFY(changed.wait(10000));
    QVERIFY(m_session->isRecordingShown());
    QVERIFY(m_session->trace()->exchangeCount() >= 3);
    QVERIFY(m_session->trace()->redacted());
    m_session->closeRecording();
    QVERIFY(!m_session->isRecordingShown());

    QSignalSpy failed(m_session.get(), &SessionController::failed);
    m_window->openRecording(m_folder->filePath(u"not-there"_s));
    QVERIFY(failed.wait(10000));
    QVERIFY(part<Banner>()->isVisible());
}

void TestMainWindow::onlyACertificateFailureOffersItsFingerprint()
{
    const QByteArray digest = QByteArray::fromHex(QByteArray("a5").repeated(32));
    Failure failure;
    failure.finding = u"AF-94"_s;
    failure.advice =
        u"Its SHA-256 fingerprint is %1."_s.arg(QString::fromLatin1(digest.toHex(':')));
    QVERIFY(FailureBanner::offeredFingerprint(failure).isEmpty());
    failure.certificateSha256 = digest;
    QCOMPARE(FailureBanner::offeredFingerprint(failure), digest);
}

void TestMainWindow::streamWordsLive_data()
{
    QTest::addColumn<int>("phase");
    QTest::addColumn<qint64>("lastEvent");
    QTest::addColumn<QString>("words");
    constexpr qint64 s = 1'000'000'000;
    using Phase = StreamState::Phase;
    QTest::newRow("none") << int(Phase::None) << qint64(-1) << QString();
    QTest::newRow("open") << int(Phase::Open) << 49 * s
                          << u"Event stream open 00:42, last event 3 s ago"_s;
    QTest::newRow("silent") << int(Phase::Open) << qint64(-1)
                            << u"Event stream open 00:42, no event yet"_s;
    QTest::newRow("405") << int(Phase::NotOffered) << qint64(-1)
                         << u"Event stream: not offered by the server"_s;
    QTest::newRow("waits") << int(Phase::Waiting) << qint64(-1)
                           << u"Event stream: refused, tries again in 3 s"_s;
}

void TestMainWindow::streamWordsLive()
{
    QFETCH(int, phase);
    QFETCH(qint64, lastEvent);
    QFETCH(QString, words);
    StreamState stream;
    stream.phase = StreamState::Phase(phase);
    stream.openedAt = 10'000'000'000;
    stream.retryAt = 55'000'000'000;
    stream.failure = Failure{};
    stream.failure->kind = FailureKind::Refused;
    QCOMPARE(SessionStatus::streamWords(stream, 52'000'000'000, lastEvent), words);
}

QTEST_MAIN(TestMainWindow)
#include "test_main_window.moc"
