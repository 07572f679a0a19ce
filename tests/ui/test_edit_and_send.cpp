// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_probe.h"
#include "ui/connection/header_rows.h"
#include "ui/models/exchange_model.h"
#include "ui/models/header_lines.h"
#include "ui/pages/exchange_pane.h"
#include "ui/pages/request_editor.h"
#include "ui/pages/traffic_page.h"

#include <QComboBox>
#include <QPlainTextEdit>
#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// A recorded request sent again, as it was or as a person changed it.
class TestEditAndSend : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        LabSettings settings;
        settings.bearer = "edit-token-0123456789";
        m_lab = std::make_unique<LabProbe>(settings);
        QVERIFY(m_lab->start());
    }
    void whatIsSentAgainIsShownBesideWhatItRepeats();
    void aRequestIsEditedInPlaceAndSent();
    void escapeLeavesAndKeepsWhatWasTyped();
    void whatCannotBeSentIsToldInPlace();
    void aRequestOfARecordingGoesToTheServerOfTheSession();
    void withoutASessionARecordingOffersNoneOfIt();
    void everyKindOfRequestCanBeEditedAndSent_data();
    void everyKindOfRequestCanBeEditedAndSent();

private:
    bool connectTo(WindowProbe &probe);
    /// The first exchange that asks `what`; 0: none yet.
    static ExchangeId find(const WindowProbe &probe, const QString &what);
    static RequestEditor *editor(const WindowProbe &probe) { return probe.part<RequestEditor>(); }
    static QPlainTextEdit *body(const WindowProbe &probe)
    {
        return editor(probe)->findChild<QPlainTextEdit *>();
    }
    static QLineEdit *named(const QWidget *within, const QString &name, int which = 0);
    static QStringList linesFromYou(const WindowProbe &probe, ExchangeId id);

    std::unique_ptr<LabProbe> m_lab;
};

bool TestEditAndSend::connectTo(WindowProbe &probe)
{
    ServerTarget target;
    target.url = m_lab->url();
    target.credentials.bearer = "edit-token-0123456789";
    target.network.proxy = NetworkSettings::Proxy::None;
    probe.window->connectTo(target);
    const bool ready = QTest::qWaitFor(
        [&] {
            const ExchangeId id = find(probe, u"prompts/list"_s);
            return probe.state().phase == SessionPhase::Ready && id > 0
                && probe.session->trace()->summary(id).finished;
        },
        15000);
    probe.window->showPage(u"traffic"_s);
    return ready;
}

ExchangeId TestEditAndSend::find(const WindowProbe &probe, const QString &what)
{
    const TraceReader &trace = *probe.session->trace();
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        if (trace.request(id).what == what)
            return id;
    }
    return 0;
}

QLineEdit *TestEditAndSend::named(const QWidget *within, const QString &name, int which)
{
    for (QLineEdit *edit : within->findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == name && edit->isVisible() && which-- == 0)
            return edit;
    }
    return nullptr;
}

QStringList TestEditAndSend::linesFromYou(const WindowProbe &probe, ExchangeId id)
{
    QStringList lines;
    for (const HeaderLine &line :
         requestLines({probe.session->trace(), probe.session->redactor(), false}, id, 0)) {
        if (line.who == "you"_L1)
            lines << QString::fromLatin1(line.name) + u": "_s + line.value;
    }
    return lines;
}

void TestEditAndSend::whatIsSentAgainIsShownBesideWhatItRepeats()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    auto *traffic = probe.part<TrafficPage>();
    const ExchangeId first = find(probe, u"prompts/list"_s);
    traffic->showExchange(first);
    QSignalSpy again(probe.session.get(), &SessionController::sentAgain);
    probe.link(u"Send again"_s)->click();
    QTRY_COMPARE(again.size(), 1);
    const auto id = again.constFirst().at(1).value<ExchangeId>();
    QCOMPARE(again.constFirst().at(0).value<ExchangeId>(), first);
    QCOMPARE(traffic->currentExchange(), id);
    QVERIFY(probe.part<ExchangePane>()->summaryText().contains(
        u"Exchange %1, sent again by you after %2"_s.arg(id).arg(first)));
    QVERIFY(probe.status().contains(
        u"Exchange %1 was sent again: it is exchange %2"_s.arg(first).arg(id)));
    auto *model = probe.part<ExchangeModel>();
    QTRY_VERIFY(model->rowOf(id) >= 0);
    QTRY_VERIFY(model->index(model->rowOf(id), ExchangeModel::What)
                    .data(ExchangeModel::LiveRole)
                    .toString()
                    .contains(u"%1, sent again"_s.arg(first)));
    QTRY_COMPARE(probe.session->trace()->summary(id).status, 200);
    LinkButton *compare = probe.link(u"Compare with %1"_s.arg(first));
    QVERIFY(compare);
    compare->click();
    QCOMPARE(traffic->comparedWith(), first);
    compare->click();
    QCOMPARE(traffic->comparedWith(), 0);
}

void TestEditAndSend::aRequestIsEditedInPlaceAndSent()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    auto *traffic = probe.part<TrafficPage>();
    const ExchangeId first = find(probe, u"prompts/list"_s);
    traffic->showExchange(first);
    traffic->focusFilter();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_E, Qt::ControlModifier);
    QVERIFY(editor(probe)->isVisible());
    QVERIFY(body(probe)->hasFocus());
    QCOMPARE(named(editor(probe), u"URL of the request"_s)->text(), m_lab->url().toString());
    // Credentials are told with their fingerprint, and are no lines to edit.
    QVERIFY(probe.says(u"Added to it: "_s));
    QVERIFY(!probe.texts<QLineEdit>().contains(u"Authorization"_s));
    QVERIFY(!probe.says(u"edit-token-0123456789"_s));

    auto *rows = editor(probe)->findChild<HeaderRows *>();
    QList<Header> headers = rows->headers();
    const qsizetype before = headers.size();
    headers.removeIf([](const Header &header) { return header.name == "MCP-Protocol-Version"; });
    QCOMPARE(headers.size(), before - 1);
    rows->setHeaders(headers);
    rows->append({"X-Trace", "by hand"});
    body(probe)->setFocus();
    QTest::keyClick(body(probe), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(body(probe),
                     u"{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"tools/call\",\"params\":"
                     "{\"name\":\"nosuch\"}}"_s);
    QSignalSpy again(probe.session.get(), &SessionController::sentAgain);
    QTest::keyClick(body(probe), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(again.size(), 1);
    const auto id = again.constFirst().at(1).value<ExchangeId>();
    QVERIFY(!editor(probe)->isVisible());
    QCOMPARE(traffic->currentExchange(), id);

    const TraceReader &trace = *probe.session->trace();
    QTRY_VERIFY(trace.summary(id).finished);
    QCOMPARE(trace.request(id).what, u"tools/call nosuch"_s);
    QVERIFY(trace.requestBody(id).contains("\"id\":77"));
    QVERIFY(trace.responseBody(id).contains("-32602"));
    const RequestRecord sent = trace.request(id);
    QVERIFY(std::any_of(sent.headers.cbegin(), sent.headers.cend(), [](const Header &header) {
        return header.name == "Authorization" && header.source == HeaderSource::Credential
            && header.value == "Bearer edit-token-0123456789";
    }));
    QCOMPARE(linesFromYou(probe, id),
             (QStringList{u"X-Trace: by hand"_s,
                          u"MCP-Protocol-Version: not sent: you took it away"_s}));
    QVERIFY(probe.part<ExchangePane>()->summaryText().contains(
        u"Exchange %1, edited by you from %2"_s.arg(id).arg(first)));
    bool noted = false;
    for (qint64 i = 0; i < trace.noteCount(); ++i) {
        const Note note = trace.note(i);
        noted = noted
            || (note.name == "edited"_L1 && note.exchange == id
                && note.text.endsWith(
                    u"edited by hand: header X-Trace, header MCP-Protocol-Version, body."_s));
    }
    QVERIFY(noted);
}

void TestEditAndSend::escapeLeavesAndKeepsWhatWasTyped()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    auto *traffic = probe.part<TrafficPage>();
    const ExchangeId first = find(probe, u"prompts/list"_s);
    traffic->showExchange(first);
    probe.link(u"Edit and send"_s)->click();
    const QString recorded = body(probe)->toPlainText();
    QTest::keyClicks(body(probe), u"x"_s);
    const QString typed = body(probe)->toPlainText();
    QVERIFY(typed != recorded);
    QVERIFY(probe.says(u"no JSON"_s));
    QSignalSpy again(probe.session.get(), &SessionController::sentAgain);
    QTest::keyClick(body(probe), Qt::Key_Escape);
    QVERIFY(!editor(probe)->isVisible());
    QCOMPARE(probe.state().phase, SessionPhase::Ready);
    QCOMPARE(again.size(), 0);
    probe.link(u"Edit and send"_s)->click();
    QCOMPARE(body(probe)->toPlainText(), typed);
    probe.link(u"Begin anew"_s)->click();
    QCOMPARE(body(probe)->toPlainText(), recorded);
    QTRY_VERIFY(named(editor(probe), u"Header name"_s));
    const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(probe.window->grab().save(folder + u"/edit.png"_s));
    // Another row is another request.
    traffic->showExchange(1);
    QVERIFY(!editor(probe)->isVisible());
}

void TestEditAndSend::whatCannotBeSentIsToldInPlace()
{
    WindowProbe probe({900, 600});
    QVERIFY(connectTo(probe));
    auto *traffic = probe.part<TrafficPage>();
    traffic->showExchange(find(probe, u"prompts/list"_s));
    probe.link(u"Edit and send"_s)->click();
    QSignalSpy again(probe.session.get(), &SessionController::sentAgain);
    QLineEdit *url = named(editor(probe), u"URL of the request"_s);
    url->setText(u"ftp://127.0.0.1/"_s);
    QTest::keyClick(url, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(probe.says(u"Not sent: the URL"_s));
    url->setText(m_lab->url().toString());
    QVERIFY(!probe.says(u"Not sent: the URL"_s));
    auto *method = editor(probe)->findChild<QComboBox *>();
    method->setEditText(u"po st"_s);
    QTest::keyClick(url, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(probe.says(u"Not sent: the method"_s));
    method->setEditText(u"POST"_s);
    editor(probe)->findChild<HeaderRows *>()->append({"Bad Name", "1"});
    QTest::keyClick(url, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(probe.says(u"Not sent: a header"_s));
    QVERIFY(editor(probe)->isVisible());
    QCOMPARE(again.size(), 0);
    QTRY_VERIFY(named(editor(probe), u"Header name"_s));
    const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(probe.window->grab().save(folder + u"/edit-small.png"_s));
}

void TestEditAndSend::aRequestOfARecordingGoesToTheServerOfTheSession()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    const QString path = probe.folder.filePath(u"a.sgtrace"_s);
    probe.session->recordTo(path, false);
    probe.session->stopRecording();
    // Another session, with another id.
    const QByteArray recorded = probe.state().sessionId;
    QVERIFY(connectTo(probe));
    QTRY_VERIFY(probe.state().phase == SessionPhase::Ready && probe.state().sessionId != recorded);
    const QByteArray session = probe.state().sessionId;
    QVERIFY(!session.isEmpty());
    const ExchangeId before = probe.session->trace()->exchangeCount();
    QSignalSpy changed(probe.session.get(), &SessionController::traceChanged);
    probe.window->openRecording(path);
    QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 1, 10000);
    auto *traffic = probe.part<TrafficPage>();
    const ExchangeId first = find(probe, u"prompts/list"_s);
    QVERIFY(first > 0);
    traffic->showExchange(first);
    QSignalSpy sent(probe.session.get(), &SessionController::sentFromRecording);
    probe.link(u"Send again"_s)->click();
    QTRY_COMPARE(sent.size(), 1);
    probe.link(u"Edit and send"_s)->click();
    QTest::keyClick(body(probe), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(body(probe), u"{\"jsonrpc\":\"2.0\",\"id\":78,\"method\":\"ping\"}"_s);
    QTest::keyClick(body(probe), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(sent.size(), 2);
    QTRY_VERIFY(probe.link(u"Show it"_s));
    probe.link(u"Show it"_s)->click();
    QVERIFY(!probe.session->isRecordingShown());
    const auto id = sent.at(1).at(0).value<ExchangeId>();
    QVERIFY(id > before);
    QCOMPARE(traffic->currentExchange(), id);
    const TraceReader &trace = *probe.session->trace();
    QTRY_VERIFY(trace.summary(id).finished);
    QCOMPARE(trace.summary(id).status, 200);
    QVERIFY(trace.requestBody(id).contains("\"id\":78"));
    const auto again = sent.at(0).at(0).value<ExchangeId>();
    QTRY_COMPARE(trace.summary(again).status, 200);
    for (const ExchangeId each : {again, id}) {
        QByteArray carried;
        const QList<Header> headers = trace.request(each).headers;
        for (const Header &header : headers) {
            if (header.name.compare("mcp-session-id", Qt::CaseInsensitive) == 0)
                carried = header.value;
        }
        QCOMPARE(carried, session);
    }
    QStringList notes;
    for (qint64 i = 0; i < trace.noteCount(); ++i) {
        if (trace.note(i).exchange == id || trace.note(i).exchange == again)
            notes << trace.note(i).text;
    }
    QCOMPARE(notes,
             (QStringList{u"Exchange %1 of a.sgtrace, sent again by hand."_s.arg(first),
                          u"Exchange %1 of a.sgtrace, edited by hand: body."_s.arg(first)}));
    QVERIFY(probe.part<ExchangePane>()->summaryText().contains(u"from a recording"_s));
}

void TestEditAndSend::withoutASessionARecordingOffersNoneOfIt()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    const QString path = probe.folder.filePath(u"a.sgtrace"_s);
    probe.session->recordTo(path, false);
    probe.session->stopRecording();
    WindowProbe other;
    QSignalSpy changed(other.session.get(), &SessionController::traceChanged);
    other.window->openRecording(path);
    QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 1, 10000);
    auto *traffic = other.part<TrafficPage>();
    traffic->showExchange(1);
    QCOMPARE(other.link(u"Send again"_s), nullptr);
    QCOMPARE(other.link(u"Edit and send"_s), nullptr);
    QTest::keyClick(traffic, Qt::Key_E, Qt::ControlModifier);
    QVERIFY(!editor(other)->isVisible());
}

void TestEditAndSend::everyKindOfRequestCanBeEditedAndSent_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("status");
    QTest::newRow("the event stream") << "GET"_ba << 200;
    QTest::newRow("the end of the session") << "DELETE"_ba << 200;
    QTest::newRow("a method of one's own") << "OPTIONS"_ba << 405;
}

void TestEditAndSend::everyKindOfRequestCanBeEditedAndSent()
{
    QFETCH(QByteArray, method);
    QFETCH(int, status);
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    auto *traffic = probe.part<TrafficPage>();
    traffic->showExchange(find(probe, u"prompts/list"_s));
    probe.link(u"Edit and send"_s)->click();
    editor(probe)->findChild<QComboBox *>()->setEditText(QString::fromLatin1(method));
    body(probe)->selectAll();
    QTest::keyClick(body(probe), Qt::Key_Delete);
    editor(probe)->findChild<HeaderRows *>()->append({"X-By-Hand", "1"});
    QSignalSpy again(probe.session.get(), &SessionController::sentAgain);
    QTest::keyClick(body(probe), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(again.size(), 1);
    const auto id = again.constFirst().at(1).value<ExchangeId>();
    const TraceReader &trace = *probe.session->trace();
    QCOMPARE(trace.request(id).method, method);
    QVERIFY(trace.requestBody(id).isEmpty());
    QVERIFY(linesFromYou(probe, id).contains(u"X-By-Hand: 1"_s));
    QTRY_VERIFY2(trace.summary(id).status == status,
                 qPrintable(QString::number(trace.summary(id).status)));
}

QTEST_MAIN(TestEditAndSend)
#include "test_edit_and_send.moc"
