// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/offering_server.h"
#include "ui/pages/request_panel.h"
#include "ui/pages/requests_page.h"
#include "ui/pages/tool_panel.h"
#include "ui/pages/tools_page.h"
#include "ui/widgets/arguments_editor.h"

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// What the server asks within a result (2026-07-28, basic/patterns/mrtr) is answered as its own
/// requests are in the revisions before.
class TestRequestsModern : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        QVERIFY(lab.start());
    }
    void whatIsAskedIsAnswered_data();
    void whatIsAskedIsAnswered();
    void oneAfterTheOther_data();
    void oneAfterTheOther();
    void atOnceAndInAnyOrder_data();
    void atOnceAndInAnyOrder();
    void whatWasRefusedGivesTheCallUp();
    void aCancelledCallTakesItsQuestionBack_data();
    void aCancelledCallTakesItsQuestionBack();
    void theEndOfTheConnectionTakesItBack();
    void theAnswerGoesBackWithTheState();

private:
    static void revisions();
    bool connectTo(WindowProbe &probe, const QString &revision) const;
    /// As a person does: chooses the tool and presses Call.
    static bool call(WindowProbe &probe, const QString &tool);
    static void answer(const WindowProbe &probe, const QByteArray &json);
    LabProbe lab{LabSettings{.revisions = revisionNames()}};
};

void TestRequestsModern::revisions()
{
    QTest::addColumn<QString>("revision");
    QTest::newRow("in the result") << u"2026-07-28"_s;
    QTest::newRow("by requests of its own") << u"2025-11-25"_s;
}

bool TestRequestsModern::connectTo(WindowProbe &probe, const QString &revision) const
{
    ServerTarget target;
    target.url = lab.url();
    target.revision = revision;
    probe.window->connectTo(target);
    return QTest::qWaitFor([&] { return probe.railCount(u"tools"_s) > 30; }, 15000);
}

bool TestRequestsModern::call(WindowProbe &probe, const QString &tool)
{
    probe.window->showPage(u"tools"_s);
    if (!probe.part<ToolsPage>()->selectTool(tool))
        return false;
    probe.part<ToolPanel>()->call();
    return QTest::qWaitFor([&] { return probe.railCount(u"requests"_s) > 0; }, 15000);
}

void TestRequestsModern::answer(const WindowProbe &probe, const QByteArray &json)
{
    auto *panel = probe.part<RequestPanel>();
    ArgumentsEditor *editor = nullptr;
    for (ArgumentsEditor *one : panel->findChildren<ArgumentsEditor *>()) {
        if (one->isVisible())
            editor = one;
    }
    QVERIFY(editor);
    if (!json.isEmpty())
        editor->setArguments(json);
    panel->send();
}

void TestRequestsModern::whatIsAskedIsAnswered_data()
{
    QTest::addColumn<QString>("tool");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QByteArray>("answered");
    QTest::addColumn<QString>("told");
    QTest::newRow("form") << u"ask-form"_s << u"Form"_s << ""_ba << u"The form came back"_s;
    QTest::newRow("sampling")
        << u"ask-model"_s << u"Sampling"_s
        << "{\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":\"Because of gravity.\"},\"model\":\"me\"}"_ba
        << u"Because of gravity."_s;
}

void TestRequestsModern::whatIsAskedIsAnswered()
{
    QFETCH(QString, tool);
    QFETCH(QString, title);
    QFETCH(QByteArray, answered);
    QFETCH(QString, told);
    WindowProbe probe;
    QVERIFY(connectTo(probe, u"2026-07-28"_s));
    QVERIFY(call(probe, tool));
    QTRY_VERIFY(probe.says(u"The server waits for an answer to"_s));
    probe.link(u"Answer"_s)->click();
    QVERIFY(probe.says(title));
    QVERIFY(probe.says(u"tools/call %1 waits for it"_s.arg(tool)));
    keepPicture(probe, u"requests-modern-"_s + title);
    answer(probe, answered);
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), -1, 10000);
    probe.window->showPage(u"tools"_s);
    QTRY_VERIFY_WITH_TIMEOUT(shownText(probe.part<ToolPanel>()).contains(told), 10000);
}

void TestRequestsModern::oneAfterTheOther_data()
{
    revisions();
}

void TestRequestsModern::oneAfterTheOther()
{
    QFETCH(QString, revision);
    WindowProbe probe;
    QVERIFY(connectTo(probe, revision));
    QVERIFY(call(probe, u"ask-in-turn"_s));
    probe.window->showPage(u"requests"_s);
    QVERIFY(probe.says(u"Form"_s));
    answer(probe, "{\"name\":\"Ada\"}");
    QTRY_VERIFY_WITH_TIMEOUT(probe.says(u"Sampling"_s), 10000);
    QCOMPARE(probe.railCount(u"requests"_s), 1);
    answer(probe,
           "{\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":\"A "
           "verse.\"},\"model\":\"me\"}");
    probe.window->showPage(u"tools"_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        shownText(probe.part<ToolPanel>()).contains(u"For Ada. me said: A verse."_s), 10000);
}

void TestRequestsModern::atOnceAndInAnyOrder_data()
{
    revisions();
}

void TestRequestsModern::atOnceAndInAnyOrder()
{
    QFETCH(QString, revision);
    WindowProbe probe;
    QVERIFY(connectTo(probe, revision));
    QVERIFY(call(probe, u"ask-at-once"_s));
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), 2, 10000); // roots by themselves
    probe.window->showPage(u"requests"_s);
    auto *list = probe.part<RequestsPage>()->findChild<QListView *>();
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QVERIFY(probe.says(u"Sampling"_s)); // the second first
    answer(probe,
           "{\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":\"word\"},\"model\":"
           "\"me\"}");
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), 1, 10000);
    QTRY_VERIFY(probe.says(u"Form"_s));
    answer(probe, "{\"name\":\"Ada\"}");
    probe.window->showPage(u"tools"_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        shownText(probe.part<ToolPanel>()).contains(u"Name: Ada\nRoots: 0\nModel: me said: word"_s),
        10000);
}

void TestRequestsModern::whatWasRefusedGivesTheCallUp()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe, u"2026-07-28"_s));
    QVERIFY(call(probe, u"ask-model"_s));
    probe.window->showPage(u"requests"_s);
    const auto buttons = probe.part<RequestPanel>()->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->text() == "Decline"_L1)
            button->click();
    }
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), -1, 10000);
    probe.window->showPage(u"tools"_s);
    QTRY_VERIFY(probe.says(u"Cancelled"_s));
    QVERIFY2(probe.says(u"the input that the server asked for was refused"_s)
                 || shownText(probe.part<ToolPanel>()).contains(u"was refused"_s),
             qPrintable(probe.texts().join(u'\n')));
}

void TestRequestsModern::aCancelledCallTakesItsQuestionBack_data()
{
    revisions();
}

void TestRequestsModern::aCancelledCallTakesItsQuestionBack()
{
    QFETCH(QString, revision);
    WindowProbe probe;
    QVERIFY(connectTo(probe, revision));
    QVERIFY(call(probe, u"ask-form"_s));
    probe.part<ToolPanel>()->cancelCall();
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), -1, 10000);
    probe.window->showPage(u"requests"_s);
    QVERIFY(probe.says(u"It needs no answer any more"_s));
}

void TestRequestsModern::theEndOfTheConnectionTakesItBack()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe, u"2026-07-28"_s));
    QVERIFY(call(probe, u"ask-form"_s));
    probe.session->disconnectFrom();
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"requests"_s), -1, 10000);
}

void TestRequestsModern::theAnswerGoesBackWithTheState()
{
    WindowProbe probe;
    QVERIFY(connectTo(probe, u"2026-07-28"_s));
    QVERIFY(call(probe, u"ask-in-turn"_s));
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    const ExchangeId asked = probe.session->trace()->exchangeCount();
    probe.window->showPage(u"requests"_s);
    answer(probe, "{\"name\":\"Ada\"}");
    const TraceReader *trace = probe.session->trace();
    const auto retried = [&]() -> QByteArray {
        for (ExchangeId id = asked + 1; id <= trace->exchangeCount(); ++id) {
            if (trace->request(id).what.contains("ask-in-turn"_L1))
                return trace->requestBody(id);
        }
        return {};
    };
    QTRY_VERIFY_WITH_TIMEOUT(!retried().isEmpty(), 10000);
    const QJsonObject params =
        QJsonDocument::fromJson(retried()).object().value("params"_L1).toObject();
    QVERIFY(params.contains("requestState"_L1));
    const QJsonObject reply =
        params.value("inputResponses"_L1).toObject().value("name"_L1).toObject();
    QCOMPARE(reply.value("action"_L1).toString(), u"accept"_s);
    QCOMPARE(reply.value("content"_L1).toObject().value("name"_L1).toString(), u"Ada"_s);
}

QTEST_MAIN(TestRequestsModern)
#include "test_requests_modern.moc"
