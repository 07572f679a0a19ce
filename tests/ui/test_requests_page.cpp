// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_probe.h"
#include "ui/models/request_list_model.h"
#include "ui/pages/request_panel.h"
#include "ui/pages/requests_page.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/wanted_address_view.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QListView>
#include <QPlainTextEdit>
#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// What the server asks, and how a person answers it.
class TestRequestsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        QVERIFY(lab.start());
    }
    void aFormIsSeenFromEveryPageAndAccepted();
    void whatIsAskedCanBeDeclined_data();
    void whatIsAskedCanBeDeclined();
    void aPersonAnswersInTheModelsPlace();
    void theAnswerCanBeWrittenAsJson();
    void theyAreAnsweredInAnyOrder();
    void whatTheServerTookBackStaysListedWithWhy();
    void aRequestThatIsNoneCanBeAnswered_data();
    void aRequestThatIsNoneCanBeAnswered();
    void aUrlIsOpenedOnlyIfItIsHttp_data();
    void aUrlIsOpenedOnlyIfItIsHttp();
    void theHostOfAUrlStandsByItself();
    void everyFieldHasAName();
    void theModelKeepsTheRulesOfModels();
    void whatIsNotOfferedIsNotAsked();

private:
    bool connectTo(WindowProbe &probe);
    static ServerRequest form(quint64 number, const QByteArray &params);
    LabProbe lab;
};

bool TestRequestsPage::connectTo(WindowProbe &probe)
{
    probe.enter(lab.url().toString());
    return QTest::qWaitFor([&] { return probe.state().phase == SessionPhase::Ready; }, 15000);
}

ServerRequest TestRequestsPage::form(quint64 number, const QByteArray &params)
{
    ServerRequest request;
    request.number = number;
    request.method = "elicitation/create";
    request.params = params;
    request.forWhat = u"tools/call ask"_s;
    return request;
}

void TestRequestsPage::aFormIsSeenFromEveryPageAndAccepted()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.window->showPage(u"traffic"_s);
    probe.session->callTool(u"ask-form"_s, "{}");
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), 1, 10000);
    auto *rail = probe.part<Rail>();
    QVERIFY(rail->page(rail->indexOf(u"requests"_s))->isWaiting());
    QTRY_VERIFY(probe.says(u"The server waits for an answer to elicitation/create"_s));
    probe.link(u"Answer"_s)->click();
    QCOMPARE(rail->current(), rail->indexOf(u"requests"_s));
    QVERIFY(!probe.link(u"Answer"_s)); // it stands on this page
    auto *panel = probe.part<RequestPanel>();
    QVERIFY(panel->isVisible());
    QVERIFY(probe.says(u"elicitation/create"_s));
    auto *editor = panel->findChild<ArgumentsEditor *>();
    QVERIFY(editor);
    editor->focusEditor();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    const auto result = finished.constFirst().at(1).value<CallResult>();
    QVERIFY2(result.result.contains("The form came back"), result.result);
    QCOMPARE(probe.railCount(u"requests"_s), -1);
    QTRY_VERIFY(probe.says(u"Answered: accepted"_s));
}

void TestRequestsPage::whatIsAskedCanBeDeclined_data()
{
    QTest::addColumn<QString>("tool");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("a form, with its action") << u"ask-form"_s << "No glass of water"_ba;
    QTest::newRow("sampling, with an error")
        << u"ask-model"_s << "User rejected sampling request"_ba;
}

void TestRequestsPage::whatIsAskedCanBeDeclined()
{
    QFETCH(QString, tool);
    QFETCH(QByteArray, told);
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.session->callTool(tool, "{}");
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), 1, 10000);
    probe.window->showPage(u"requests"_s);
    for (QPushButton *button : probe.part<RequestPanel>()->findChildren<QPushButton *>()) {
        if (button->text() == "Decline"_L1)
            button->click();
    }
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    const QByteArray result = finished.constFirst().at(1).value<CallResult>().result;
    QVERIFY2(result.contains(told), result);
}

void TestRequestsPage::aPersonAnswersInTheModelsPlace()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.session->callTool(u"ask-model"_s, R"({"question":"What is seven times six?"})");
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), 1, 10000);
    probe.window->showPage(u"requests"_s);
    auto *panel = probe.part<RequestPanel>();
    QPlainTextEdit *text = nullptr;
    QStringList shown;
    for (QPlainTextEdit *edit : panel->findChildren<QPlainTextEdit *>()) {
        shown.append(edit->toPlainText());
        if (edit->accessibleName() == "Text of the answer"_L1)
            text = edit;
    }
    QVERIFY(text);
    QVERIFY(shown.join(u'\n').contains(u"What is seven times six?"_s)
            || probe.says(u"What is seven times six?"_s));
    text->setFocus();
    QTest::keyClicks(text, u"Forty-two, says a person."_s);
    QVERIFY(panel->findChild<ArgumentsEditor *>()->arguments().contains("Forty-two"));
    QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    const QByteArray result = finished.constFirst().at(1).value<CallResult>().result;
    QVERIFY2(result.contains("Forty-two, says a person."), result);
}

void TestRequestsPage::theAnswerCanBeWrittenAsJson()
{
    WindowProbe probe;
    ServerRequest request;
    request.number = 1;
    request.method = "sampling/createMessage";
    request.params = R"({"messages":[],"maxTokens":1e2,"systemPrompt":"Be brief."})";
    Q_EMIT probe.session->serverRequested(request);
    probe.window->showPage(u"requests"_s);
    auto *panel = probe.part<RequestPanel>();
    QVERIFY(probe.says(u"1e2"_s)); // numbers as they are spelled
    auto *editor = panel->findChild<ArgumentsEditor *>();
    QSignalSpy answered(panel, &RequestPanel::answered);
    editor->setArguments("{ nonsense");
    panel->send();
    QCOMPARE(answered.size(), 0);
    const QByteArray own = R"({"role":"assistant","content":[{"type":"x"}],"model":"m","n":1.0})";
    editor->setArguments(own);
    panel->send();
    QCOMPARE(answered.size(), 1);
    QCOMPARE(answered.constFirst().at(1).value<ServerReply>().result, own);
}

void TestRequestsPage::theyAreAnsweredInAnyOrder()
{
    WindowProbe probe;
    for (quint64 i = 1; i <= 3; ++i)
        Q_EMIT probe.session->serverRequested(
            form(i, R"({"message":"Question )" + QByteArray::number(i) + R"("})"));
    probe.window->showPage(u"requests"_s);
    QCOMPARE(probe.railCount(u"requests"_s), 3);
    auto *list = probe.part<RequestsPage>()->findChild<QListView *>();
    auto *panel = probe.part<RequestPanel>();
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QCOMPARE(panel->entryId(), 2U);
    panel->findChild<ArgumentsEditor *>();
    Q_EMIT probe.session->serverRequestGone(2, {});
    QCOMPARE(probe.railCount(u"requests"_s), 2);
    QCOMPARE(panel->entryId(), 1U); // the next that waits
    Q_EMIT probe.session->serverRequestGone(1, {});
    Q_EMIT probe.session->serverRequestGone(3, {});
    QCOMPARE(probe.railCount(u"requests"_s), -1);
    QCOMPARE(list->model()->rowCount(), 3);
}

void TestRequestsPage::whatTheServerTookBackStaysListedWithWhy()
{
    WindowProbe probe;
    Q_EMIT probe.session->serverRequested(form(1, R"({"message":"Still there?"})"));
    probe.window->showPage(u"requests"_s);
    auto *editor = probe.part<RequestPanel>()->findChild<ArgumentsEditor *>();
    editor->setArguments(R"({"typed":"before it went"})");
    Q_EMIT probe.session->serverRequestGone(1, u"The server cancelled its request."_s);
    QVERIFY(probe.says(u"It needs no answer any more: The server cancelled its request."_s));
    QVERIFY(editor->isVisible()); // what was typed can be copied
    QVERIFY(!editor->isEnabled());
    QSignalSpy answered(probe.part<RequestPanel>(), &RequestPanel::answered);
    probe.part<RequestPanel>()->send();
    QCOMPARE(answered.size(), 0);
    QCOMPARE(probe.railCount(u"requests"_s), -1);
}

void TestRequestsPage::aRequestThatIsNoneCanBeAnswered_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("params");
    const QByteArray elicit = "elicitation/create";
    const QByteArray sample = "sampling/createMessage";
    QTest::newRow("no params") << elicit << ""_ba;
    QTest::newRow("no JSON") << elicit << "{\"message\""_ba;
    QTest::newRow("an array") << elicit << "[1,2]"_ba;
    QTest::newRow("no schema") << elicit << R"({"message":"m","requestedSchema":7})"_ba;
    QTest::newRow("schema of nothing")
        << elicit << R"({"requestedSchema":{"type":"object","properties":[1]}})"_ba;
    QTest::newRow("url of another kind") << elicit << R"({"mode":"url","url":{"a":1}})"_ba;
    QTest::newRow("message of another kind") << elicit << R"({"message":[null]})"_ba;
    QTest::newRow("deep") << elicit
                          << "{\"requestedSchema\":" + QByteArray(5000, '[') + QByteArray(5000, ']')
            + "}";
    QTest::newRow("sampling without messages") << sample << "{}"_ba;
    QTest::newRow("sampling of nothing") << sample << ""_ba;
    QTest::newRow("messages that are none") << sample << R"({"messages":{"a":[1]}})"_ba;
    QTest::newRow("content that is none")
        << sample << R"({"messages":[{"role":7,"content":[1,{}]},null]})"_ba;
}

void TestRequestsPage::aRequestThatIsNoneCanBeAnswered()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, params);
    WindowProbe probe;
    ServerRequest request;
    request.number = 1;
    request.method = method;
    request.params = params;
    Q_EMIT probe.session->serverRequested(request);
    probe.window->showPage(u"requests"_s);
    QSignalSpy answered(probe.part<RequestPanel>(), &RequestPanel::answered);
    probe.part<RequestPanel>()->send();
    QCOMPARE(answered.size(), 1);
    const QByteArray result = answered.constFirst().at(1).value<ServerReply>().result;
    QVERIFY2(JsonText::parse(result).isValid(), result);
}

void TestRequestsPage::aUrlIsOpenedOnlyIfItIsHttp_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("opens");
    QTest::newRow("https") << u"https://example.org/a?b=c"_s << true;
    QTest::newRow("http") << u"http://127.0.0.1:4000/"_s << true;
    QTest::newRow("file") << u"file:///etc/passwd"_s << false;
    QTest::newRow("javascript") << u"javascript:alert(1)"_s << false;
    QTest::newRow("data") << u"data:text/html,x"_s << false;
    QTest::newRow("custom") << u"vscode://open?x"_s << false;
    QTest::newRow("no host") << u"https:///x"_s << false;
    QTest::newRow("nothing") << QString() << false;
    QTest::newRow("words") << u"open the door"_s << false;
    QTest::newRow("space in it") << u"https://exa mple.org"_s << false;
}

void TestRequestsPage::aUrlIsOpenedOnlyIfItIsHttp()
{
    QFETCH(QString, url);
    QFETCH(bool, opens);
    QCOMPARE(WantedAddressView::problemOf(url).isEmpty(), opens);
    WindowProbe probe;
    JsonWriter params;
    params.beginObject().key(u"mode").value(u"url").key(u"url").value(url).endObject();
    Q_EMIT probe.session->serverRequested(form(1, params.text()));
    probe.window->showPage(u"requests"_s);
    bool seen = false;
    for (const QPushButton *button : probe.part<RequestPanel>()->findChildren<QPushButton *>()) {
        if (button->text().trimmed() != "Open in the browser"_L1)
            continue;
        seen = true;
        QCOMPARE(button->isEnabled(), opens);
    }
    QVERIFY(seen);
}

void TestRequestsPage::theHostOfAUrlStandsByItself()
{
    WindowProbe probe;
    Q_EMIT probe.session->serverRequested(
        form(1, R"({"mode":"url","message":"m","url":"https://bank.example@evil.example/x"})"));
    probe.window->showPage(u"requests"_s);
    QVERIFY(probe.texts(probe.part<RequestPanel>()).contains(u"evil.example"_s));
    QVERIFY(probe.says(u"not the host"_s));
}

void TestRequestsPage::everyFieldHasAName()
{
    WindowProbe probe;
    ServerRequest sampling;
    sampling.number = 1;
    sampling.method = "sampling/createMessage";
    sampling.params = R"({"messages":[{"role":"user","content":{"type":"text","text":"hi"}}]})";
    Q_EMIT probe.session->serverRequested(sampling);
    probe.window->showPage(u"requests"_s);
    for (const QWidget *field : probe.part<RequestsPage>()->findChildren<QWidget *>()) {
        const bool isField = qobject_cast<const QLineEdit *>(field)
            || qobject_cast<const QComboBox *>(field) || qobject_cast<const QListView *>(field);
        if (!isField || !field->isVisible() || qobject_cast<QComboBox *>(field->parentWidget()))
            continue;
        QVERIFY2(!field->accessibleName().isEmpty(), field->metaObject()->className());
    }
}

void TestRequestsPage::theModelKeepsTheRulesOfModels()
{
    RequestListModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (quint64 i = 1; i <= 400; ++i) {
        model.add(form(i, "{}"), QTime(1, 2, 3));
        if (i % 3 != 0)
            model.end(i, i % 2 ? QString() : u"taken back"_s);
    }
    QCOMPARE(model.waiting(), 133);
    model.endAll(u"The connection ended."_s);
    QCOMPARE(model.waiting(), 0);
    QCOMPARE(model.rowCount(), RequestListModel::MostGone);
    model.end(7, {}); // gone long ago
    model.clear();
    QCOMPARE(model.rowCount(), 0);
}

void TestRequestsPage::whatIsNotOfferedIsNotAsked()
{
    WindowProbe probe;
    ServerTarget target;
    target.url = lab.url();
    auto *line = probe.part<ConnectionLine>();
    line->openRevision();
    QCheckBox *box = nullptr;
    for (QCheckBox *one : probe.window->findChildren<QCheckBox *>()) {
        if (one->text().startsWith("Elicitation"_L1))
            box = one;
    }
    QVERIFY(box && box->isChecked());
    box->click();
    QVERIFY(connectTo(probe));
    QVERIFY(!probe.session->target().offer.elicitation);
    QVERIFY(probe.session->target().offer.sampling);
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    probe.session->callTool(u"ask-form"_s, "{}");
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 10000);
    QCOMPARE(probe.railCount(u"requests"_s), -1);
}

QTEST_MAIN(TestRequestsPage)
#include "test_requests_page.moc"
