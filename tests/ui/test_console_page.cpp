// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/offering_server.h"
#include "ui/models/method_help.h"
#include "ui/pages/console_page.h"
#include "ui/widgets/arguments_editor.h"

#include <QComboBox>
#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// Any method by hand.
class TestConsolePage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        QVERIFY(lab.start());
    }
    void aRequestIsAnsweredBelow();
    void malformedParamsAreNotSent();
    void paramsGoOutAsTheyWereTyped();
    void aBatchIsAnsweredAsOne();
    void aBatchIsSentOnlyWhereThereAreBatches();
    void aNotificationHasNoAnswer();
    void aMethodThatIsNoneIsSentAllTheSame();
    void whatWasSentComesBackWithUp();
    void theMethodsAreThoseOfTheRevision();
    void whatIsRequiredCanBeBegunWith();
    void theHelpIsTheSchemaOfTheRevision_data();
    void theHelpIsTheSchemaOfTheRevision();

private:
    bool connectTo(WindowProbe &probe);
    static QLineEdit *method(const WindowProbe &probe);
    static void send(const WindowProbe &probe)
    {
        method(probe)->setFocus();
        QTest::keyClick(method(probe), Qt::Key_Return, Qt::ControlModifier);
    }
    LabProbe lab;
};

bool TestConsolePage::connectTo(WindowProbe &probe)
{
    probe.enter(lab.url().toString());
    const bool ready =
        QTest::qWaitFor([&] { return probe.state().phase == SessionPhase::Ready; }, 15000);
    probe.window->showPage(u"console"_s);
    return ready;
}

QLineEdit *TestConsolePage::method(const WindowProbe &probe)
{
    for (QLineEdit *edit : probe.part<ConsolePage>()->findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == "Method"_L1)
            return edit;
    }
    return nullptr;
}

void TestConsolePage::aRequestIsAnsweredBelow()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    QLineEdit *edit = method(probe);
    edit->setFocus();
    QTest::keyClicks(edit, u"ping"_s);
    send(probe);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    QTRY_VERIFY(probe.texts(probe.part<ConsolePage>()).contains(u"Result"_s));
    const ExchangeId exchange = finished.constFirst().at(1).value<CallResult>().exchange;
    LinkButton *link = nullptr;
    QTRY_VERIFY((link = probe.link(u"Exchange %1"_s.arg(exchange))));
    link->click();
    auto *rail = probe.part<Rail>();
    QCOMPARE(rail->current(), rail->indexOf(u"traffic"_s));
}

void TestConsolePage::malformedParamsAreNotSent()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    method(probe)->setText(u"tools/list"_s);
    auto *params = probe.part<ConsolePage>()->findChild<ArgumentsEditor *>();
    for (const char *text : {"{", "[1]", "7", "{\"a\":01}", "\"x\""}) {
        params->setArguments(text);
        QVERIFY(!params->isSendable());
        params->focusEditor();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(probe.says(u"Not sent: params are no JSON object."_s));
    }
    const ExchangeId before = probe.session->trace()->exchangeCount();
    params->setArguments({});
    send(probe);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    // The one that was sent is the one that was sendable; the window may list meanwhile.
    const ExchangeId sent = finished.constFirst().at(1).value<CallResult>().exchange;
    QVERIFY(sent > before);
    QCOMPARE(probe.session->trace()->request(sent).what, u"tools/list"_s);
}

void TestConsolePage::paramsGoOutAsTheyWereTyped()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    method(probe)->setText(u"ping"_s);
    probe.part<ConsolePage>()->findChild<ArgumentsEditor *>()->setArguments(
        R"({"z":1.00,"a":12345678901234567890})");
    send(probe);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    const ExchangeId exchange = finished.constFirst().at(1).value<CallResult>().exchange;
    const QByteArray body = probe.session->trace()->requestBody(exchange);
    QVERIFY2(body.contains(R"("z":1.00,"a":12345678901234567890)"), body);
}

void TestConsolePage::aBatchIsAnsweredAsOne()
{
    WindowProbe probe;
    ServerTarget target;
    target.url = lab.url();
    target.revision = u"2025-03-26"_s;
    target.network.proxy = NetworkSettings::Proxy::None;
    probe.window->connectTo(target);
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 15000);
    probe.window->showPage(u"console"_s);
    auto *kind = probe.part<ConsolePage>()->findChild<QComboBox *>();
    kind->setCurrentText(u"Batch"_s);
    QVERIFY(!method(probe)->isEnabled());
    auto *editor = probe.part<ConsolePage>()->findChild<ArgumentsEditor *>();
    editor->setArguments("{}");
    QVERIFY(!editor->isSendable());
    QVERIFY(probe.says(u"A batch is a JSON array"_s));
    editor->setArguments(R"([{"method":"ping"},{"method":"no/such"}])");
    QVERIFY(editor->isSendable());
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    editor->focusEditor();
    QTest::keyClick(editor->focusProxy(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    const auto result = finished.first().at(1).value<CallResult>();
    QVERIFY2(result.result.contains("-32601"), result.result);
    QTRY_VERIFY(probe.says(u"1 of the 2 answers"_s));
    // It comes back as what it was.
    editor->setArguments("[]");
    kind->setCurrentText(u"Request"_s);
    method(probe)->setFocus();
    QTest::keyClick(method(probe), Qt::Key_Up);
    QCOMPARE(kind->currentText(), u"Batch"_s);
    QVERIFY(editor->arguments().contains("no/such"));
}

void TestConsolePage::aBatchIsSentOnlyWhereThereAreBatches()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    auto *kind = probe.part<ConsolePage>()->findChild<QComboBox *>();
    kind->setCurrentText(u"Batch"_s);
    auto *editor = probe.part<ConsolePage>()->findChild<ArgumentsEditor *>();
    editor->setArguments(R"([{"method":"ping"}])");
    editor->focusEditor();
    QTest::keyClick(editor->focusProxy(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(probe.says(u"2025-03-26"_s));
    const TraceReader &trace = *probe.session->trace();
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id)
        QVERIFY(!trace.requestBody(id).startsWith('['));
}

void TestConsolePage::aNotificationHasNoAnswer()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    const ExchangeId before = probe.session->trace()->exchangeCount();
    method(probe)->setText(u"notifications/roots/list_changed"_s);
    QCOMPARE(probe.part<ConsolePage>()->findChild<QComboBox *>()->currentIndex(), 1);
    send(probe);
    QTRY_VERIFY(probe.session->trace()->exchangeCount() > before);
    QVERIFY(probe.status().contains(u"a notification has no answer"_s));
}

void TestConsolePage::aMethodThatIsNoneIsSentAllTheSame()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    method(probe)->setText(u"no/such/method"_s);
    QVERIFY(probe.says(u"It can be sent all the same."_s));
    send(probe);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    QTRY_VERIFY(probe.says(u"Error -32601"_s));
}

void TestConsolePage::whatWasSentComesBackWithUp()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    QLineEdit *edit = method(probe);
    auto *params = probe.part<ConsolePage>()->findChild<ArgumentsEditor *>();
    edit->setText(u"ping"_s);
    params->setArguments(R"({"first":1})");
    send(probe);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    edit->setText(u"prompts/list"_s);
    params->setArguments({});
    send(probe);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, 10000);
    edit->setText(u"half typed"_s);
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_Up);
    QCOMPARE(edit->text(), u"prompts/list"_s);
    QTest::keyClick(edit, Qt::Key_Up);
    QCOMPARE(edit->text(), u"ping"_s);
    QCOMPARE(params->arguments(), R"({"first":1})"_ba);
    QTest::keyClick(edit, Qt::Key_Up); // there is no older one
    QCOMPARE(edit->text(), u"ping"_s);
    QTest::keyClick(edit, Qt::Key_Down);
    QTest::keyClick(edit, Qt::Key_Down);
    QCOMPARE(edit->text(), u"half typed"_s);
}

void TestConsolePage::theMethodsAreThoseOfTheRevision()
{
    for (const Revision &revision : revisions()) {
        const QList<MethodHelp> methods = methodsOf(&revision);
        const bool legacy = revision.era == EraKind::Legacy;
        QCOMPARE(findMethod(methods, "initialize") != nullptr, legacy);
        QCOMPARE(findMethod(methods, "server/discover") != nullptr, !legacy);
        QCOMPARE(findMethod(methods, "tasks/list") != nullptr, revision.tasks);
        QVERIFY(findMethod(methods, "tools/call"));
        for (const MethodHelp &help : methods) {
            QVERIFY(!help.line.isEmpty());
            QVERIFY(help.skeleton.isEmpty() || JsonText::parse(help.skeleton).isValid());
        }
    }
    QCOMPARE(findMethod(methodsOf(nullptr), "tools/call")->required(),
             QStringList({u"name"_s, u"arguments"_s}));
}

void TestConsolePage::whatIsRequiredCanBeBegunWith()
{
    WindowProbe probe;
    probe.window->showPage(u"console"_s);
    method(probe)->setText(u"resources/read"_s);
    QVERIFY(probe.says(u"Required: uri"_s));
    probe.link(u"Begin with what is required"_s)->click();
    QVERIFY(probe.part<ConsolePage>()->findChild<ArgumentsEditor *>()->arguments().contains(
        R"("uri")"));
}

void TestConsolePage::theHelpIsTheSchemaOfTheRevision_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<bool>("hasTask");
    QTest::newRow("with tasks") << u"2025-11-25"_s << true;
    QTest::newRow("without") << u"2025-06-18"_s << false;
}

void TestConsolePage::theHelpIsTheSchemaOfTheRevision()
{
    QFETCH(QString, revision);
    QFETCH(bool, hasTask);
    WindowProbe probe;
    ServerTarget target;
    target.url = lab.url();
    target.revision = revision;
    probe.window->connectTo(target);
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 15000);
    probe.window->showPage(u"console"_s);
    method(probe)->setText(u"tools/call"_s);
    const QStringList texts = probe.texts(probe.part<ConsolePage>());
    QVERIFY2(texts.contains(u"name"_s), qPrintable(texts.join(u'\n')));
    QVERIFY(texts.contains(u"string, required"_s));
    QVERIFY(texts.contains(u"arguments"_s));
    QCOMPARE(texts.contains(u"task"_s), hasTask);
    QVERIFY(probe.says(u"Required: name"_s));
    keepPicture(probe, u"console-"_s + revision);
    method(probe)->setText(u"no/such/method"_s);
    QVERIFY(!probe.texts(probe.part<ConsolePage>()).contains(u"arguments"_s));
}

QTEST_MAIN(TestConsolePage)
#include "test_console_page.moc"
