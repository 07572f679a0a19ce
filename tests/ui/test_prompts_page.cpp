// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child_process.h"
#include "tests/ui/offering_server.h"
#include "ui/models/offer_list_model.h"
#include "ui/pages/prompt_panel.h"
#include "ui/pages/prompts_page.h"
#include "ui/widgets/body_view.h"
#include "ui/widgets/call_row.h"
#include "ui/widgets/suggesting_line.h"

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// A person gets prompts: arguments, messages, the calls before, and what servers do wrong.
class TestPromptsPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void aPromptIsGotByKeys();
    void anEmptyArgumentIsNotSent();
    void whatIsRequiredAndEmptyIsMarkedAndSentAllTheSame();
    void argumentsAreCompletedForTheirPrompt();
    void everyKindOfMessageIsShown();
    void earlierCallsBringTheirArgumentsBack();
    void eachPromptKeepsItsDraft();
    void aGetThatFails_data();
    void aGetThatFails();
    void aPromptThatIsMalformedSaysSo();
    void aListChangeReachesThePage();
    void theFilterAndItsKeys();
    void theReferenceServerCompletesAndAnswers();

private:
    static void open(WindowProbe &probe, OfferingServer &server, int count)
    {
        probe.enter(server.target().url.toString());
        [&] { QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"prompts"_s), count, 15000); }();
        const int place = probe.part<Rail>()->indexOf(u"prompts"_s);
        QTest::keyClick(probe.window.get(), Qt::Key(Qt::Key_1 + place), Qt::ControlModifier);
    }
    static PromptsPage *page(const WindowProbe &probe) { return probe.part<PromptsPage>(); }
    static QList<SuggestingLine *> fields(const WindowProbe &probe)
    {
        QList<SuggestingLine *> shown;
        const auto all = page(probe)->findChildren<SuggestingLine *>();
        for (SuggestingLine *field : all) {
            if (field->isVisible())
                shown.append(field);
        }
        return shown;
    }
    static void get(WindowProbe &probe)
    {
        QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
        auto *list = page(probe)->findChild<QListView *>();
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Return, Qt::ControlModifier);
        [&] { QVERIFY(finished.wait(15000)); }();
    }
    static const inline QByteArray greet =
        R"({"name":"greet","title":"Greeting","description":"Says hello","arguments":[)"
        R"({"name":"who","description":"Whom to greet","required":true},{"name":"how"}]})";
    static const inline QByteArray hello =
        R"({"description":"A greeting","messages":[{"role":"user","content":{"type":"text","text":"hello there"}}]})";
};

void TestPromptsPage::aPromptIsGotByKeys()
{
    OfferingServer server;
    server.list(ListKind::Prompts, greet);
    server.answer(u"prompts/get"_s, hello);
    WindowProbe probe;
    open(probe, server, 1);
    QVERIFY(page(probe)->isVisible());
    QVERIFY(probe.says(u"2 arguments, 1 required"_s));
    QVERIFY(probe.says(u"Whom to greet"_s));
    QTRY_COMPARE(fields(probe).size(), 2);
    SuggestingLine *who = fields(probe).first();
    QCOMPARE(who->accessibleName(), u"who, required"_s);
    QCOMPARE(who->accessibleDescription(), u"Whom to greet"_s);
    who->setFocus();
    QTest::keyClicks(who, u"Ada"_s);
    QTest::keyClick(who, Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(shownText(page(probe)).contains("hello there"_L1));
    QVERIFY(probe.says(u"A greeting"_s));
    QVERIFY(probe.texts().contains(u"user"_s));
    QCOMPARE(server.params("prompts/get"),
             (QJsonObject{{u"name"_s, u"greet"_s},
                          {u"arguments"_s, QJsonObject{{u"who"_s, u"Ada"_s}}}}));
    keepPicture(probe, u"prompt-got"_s);
    const QStringList links =
        probe.texts<LinkButton>(probe.part<PromptPanel>()).filter(u"Exchange"_s);
    QCOMPARE(links.size(), 1);
    probe.link(links.first())->click();
    QCOMPARE(probe.part<Rail>()->current(), probe.part<Rail>()->indexOf(u"traffic"_s));
}

void TestPromptsPage::anEmptyArgumentIsNotSent()
{
    OfferingServer server;
    server.list(ListKind::Prompts, R"({"name":"plain"})");
    server.answer(u"prompts/get"_s, hello);
    WindowProbe probe;
    open(probe, server, 1);
    QVERIFY(fields(probe).isEmpty());
    get(probe);
    QCOMPARE(server.params("prompts/get"), (QJsonObject{{u"name"_s, u"plain"_s}}));
}

void TestPromptsPage::whatIsRequiredAndEmptyIsMarkedAndSentAllTheSame()
{
    OfferingServer server;
    server.list(ListKind::Prompts, greet);
    server.refuse(u"prompts/get"_s, -32602);
    WindowProbe probe;
    open(probe, server, 1);
    QVERIFY(!probe.says(u"Required, and empty."_s));
    get(probe);
    QVERIFY(probe.says(u"Required, and empty."_s));
    QTRY_VERIFY(probe.says(u"Error -32602"_s));
    QTest::keyClicks(fields(probe).first(), u"A"_s);
    QVERIFY(!probe.says(u"Required, and empty."_s));
}

void TestPromptsPage::argumentsAreCompletedForTheirPrompt()
{
    OfferingServer server;
    server.list(ListKind::Prompts, greet);
    server.answer(u"completion/complete"_s, R"({"completion":{"values":["Ada","Alan"]}})");
    WindowProbe probe;
    open(probe, server, 1);
    QTRY_COMPARE(fields(probe).size(), 2);
    SuggestingLine *who = fields(probe).first();
    who->setFocus();
    QTest::keyClick(who, Qt::Key_Down); // asks without typing
    QTRY_COMPARE(who->suggestions(), (QStringList{u"Ada"_s, u"Alan"_s}));
    const QJsonObject asked = server.params("completion/complete");
    QCOMPARE(asked.value("ref"_L1).toObject(),
             (QJsonObject{{u"type"_s, u"ref/prompt"_s}, {u"name"_s, u"greet"_s}}));
    QVERIFY(!asked.contains("context"_L1));
    // A completion that is none is told beside the field, and asked for again.
    server.answer(u"completion/complete"_s, R"({"completion":[]})");
    QTest::keyClicks(who, u"A"_s);
    QTRY_VERIFY(probe.says(u"No suggestions:"_s));
    QCOMPARE(server.got("completion/complete").size(), 2);
}

void TestPromptsPage::everyKindOfMessageIsShown()
{
    OfferingServer server;
    server.list(ListKind::Prompts, greet);
    const auto message = [](const char *role, const char *content) {
        return QByteArray(R"({"role":")") + role + R"(","content":)" + content + '}';
    };
    server.answer(
        u"prompts/get"_s,
        "{\"messages\":["
            + QByteArrayList{
                message("user", R"({"type":"text","text":"first words"})"),
                message("assistant",
                        R"({"type":"image","mimeType":"image/png","data":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="})"),
                message("user", R"({"type":"audio","mimeType":"audio/wav","data":"AAEC"})"),
                message("user",
                        R"({"type":"resource","resource":{"uri":"urn:inside","text":"embedded"}})"),
                message("user", R"({"type":"resource_link","name":"elsewhere","uri":"urn:link"})"),
                message("robot", R"({"type":"hologram"})"),
            }.join(',')
            + "]}");
    WindowProbe probe({1280, 1100});
    open(probe, server, 1);
    get(probe);
    QTRY_VERIFY(shownText(page(probe)).contains("first words"_L1));
    QVERIFY(shownText(page(probe)).contains("embedded"_L1));
    QVERIFY(shownText(page(probe)).contains("urn:link"_L1));
    const QStringList all = probe.texts();
    QCOMPARE(all.count(u"user"_s), 4);
    QCOMPARE(all.count(u"assistant"_s), 1);
    QVERIFY(probe.says(u"image/png, "_s));
    QVERIFY(probe.says(u"audio/wav, 3 B"_s));
    QVERIFY(probe.says(u"hologram"_s));
    QCOMPARE(probe.texts<LinkButton>(page(probe)).count(u"Save…"_s), 3);
    keepPicture(probe, u"prompt-messages"_s);
}

void TestPromptsPage::earlierCallsBringTheirArgumentsBack()
{
    OfferingServer server;
    server.list(ListKind::Prompts, greet);
    server.answer(u"prompts/get"_s, hello);
    WindowProbe probe;
    open(probe, server, 1);
    QTRY_COMPARE(fields(probe).size(), 2);
    for (const QString &name : {u"Ada"_s, u"Alan"_s}) {
        fields(probe).first()->setText(name);
        get(probe);
    }
    QTRY_COMPARE(page(probe)->findChildren<CallRow *>().size(), 2);
    const QList<CallRow *> rows = page(probe)->findChildren<CallRow *>();
    const auto ada = std::find_if(rows.begin(), rows.end(), [](const CallRow *row) {
        return row->text().contains("Ada"_L1);
    });
    QVERIFY(ada != rows.end());
    (*ada)->setFocus();
    QTest::keyClick(*ada, Qt::Key_Return);
    QCOMPARE(fields(probe).first()->text(), u"Ada"_s);
}

void TestPromptsPage::eachPromptKeepsItsDraft()
{
    OfferingServer server;
    server.list(ListKind::Prompts,
                greet + R"(,{"name":"other","arguments":[{"name":"who"},{"name":"who"}]})");
    WindowProbe probe;
    open(probe, server, 2);
    QTRY_COMPARE(fields(probe).size(), 2);
    fields(probe).first()->setText(u"Ada"_s);
    auto *list = page(probe)->findChild<QListView *>();
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QTRY_VERIFY(fields(probe).size() == 2 && fields(probe).first()->text().isEmpty());
    QTest::keyClick(list, Qt::Key_Up);
    QTRY_VERIFY(!fields(probe).isEmpty() && fields(probe).first()->text() == "Ada"_L1);
}

void TestPromptsPage::aGetThatFails_data()
{
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<QString>("says");
    QTest::newRow("no messages") << "{}"_ba << u"The result has no messages."_s;
    QTest::newRow("messages is an object")
        << R"({"messages":{}})"_ba << u"The result has no messages."_s;
    QTest::newRow("none") << R"({"messages":[]})"_ba << u"The result is empty."_s;
    QTest::newRow("a number") << R"({"messages":[5]})"_ba << u"A message without content."_s;
    QTest::newRow("content is a text")
        << R"({"messages":[{"role":"user","content":"x"}]})"_ba << u"A message without content."_s;
    QTest::newRow("no text") << R"({"messages":[{"role":"user","content":{"type":"text"}}]})"_ba
                             << u"malformed: text"_s;
    QTest::newRow("no data") << R"({"messages":[{"role":"user","content":{"type":"image"}}]})"_ba
                             << u"The data is missing."_s;
}

void TestPromptsPage::aGetThatFails()
{
    QFETCH(QByteArray, result);
    QFETCH(QString, says);
    OfferingServer server;
    server.list(ListKind::Prompts, greet);
    server.answer(u"prompts/get"_s, result);
    WindowProbe probe;
    open(probe, server, 1);
    get(probe);
    QTRY_VERIFY2(probe.says(says), qPrintable(probe.texts().join(u'\n')));
}

void TestPromptsPage::aPromptThatIsMalformedSaysSo()
{
    OfferingServer server;
    server.list(ListKind::Prompts,
                R"({"name":"\u202eevil\u0007","arguments":{"a":1}},17,{"arguments":[5,{}]})");
    WindowProbe probe;
    open(probe, server, 3);
    const QStringList names = rows(page(probe), OfferListModel::MarkRole);
    QVERIFY(!names.first().contains(QChar(0x202e)) && names.first().contains(u"\\u202eevil"_s));
    auto *list = page(probe)->findChild<QListView *>();
    for (int row = 0; row < 3; ++row) {
        list->setCurrentIndex(list->model()->index(row, 0));
        QCOMPARE(probe.says(u"The entry in prompts/list is malformed:"_s), row > 0);
    }
    QTRY_VERIFY(fields(probe).size() == 2
                && fields(probe).first()->accessibleName() == "(no name)"_L1);
}

void TestPromptsPage::aListChangeReachesThePage()
{
    OfferingServer server;
    server.list(ListKind::Prompts, greet);
    WindowProbe probe;
    open(probe, server, 1);
    QTRY_VERIFY(server.stream);
    server.list(ListKind::Prompts, greet + R"(,{"name":"second"})");
    server.notify("notifications/prompts/list_changed");
    QTRY_COMPARE(rows(page(probe), OfferListModel::MarkRole),
                 (QStringList{u"greet"_s, u"second [new]"_s}));
    QVERIFY(probe.says(u"1 new"_s));
    QCOMPARE(probe.part<PromptPanel>()->offer().name, u"greet"_s); // what one looks at stays
}

void TestPromptsPage::theFilterAndItsKeys()
{
    OfferingServer server;
    server.list(ListKind::Prompts, greet + R"(,{"name":"second"})");
    WindowProbe probe;
    open(probe, server, 2);
    QTest::keyClick(probe.window.get(), Qt::Key_F, Qt::ControlModifier);
    QVERIFY(page(probe)->isAncestorOf(QApplication::focusWidget()));
    QTest::keyClicks(QApplication::focusWidget(), u"second"_s);
    QCOMPARE(probe.part<PromptPanel>()->offer().name, u"second"_s);
    QTest::keyClicks(QApplication::focusWidget(), u"zzz"_s);
    QVERIFY(probe.says(u"No prompt fits the filter."_s));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QCOMPARE(rows(page(probe), OfferListModel::MarkRole).size(), 2);
}

void TestPromptsPage::theReferenceServerCompletesAndAnswers()
{
    QVERIFY2(!pinnedNode().isEmpty(), "run ./test.sh once: it installs the npm packages");
    ChildProcess server;
    QVERIFY2(server.start(pinnedNode(), {npmPath(u"everything.mjs"_s)}),
             server.output().constData());
    WindowProbe probe;
    probe.enter(server.waitForUrl().toString());
    QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"prompts"_s), 4, 15000);
    probe.window->showPage(u"prompts"_s);
    QVERIFY(page(probe)->selectKey(offerKey(ListKind::Prompts, u"completable-prompt"_s)));
    QTRY_COMPARE(fields(probe).size(), 2);
    SuggestingLine *department = fields(probe).at(0);
    department->setFocus();
    QTest::keyClicks(department, u"Eng"_s);
    QTRY_COMPARE(department->suggestions(), QStringList{u"Engineering"_s});
    department->setText(u"Engineering"_s);
    // The second is completed by the first.
    SuggestingLine *name = fields(probe).at(1);
    name->setFocus();
    QTest::keyClick(name, Qt::Key_Down);
    QTRY_VERIFY(name->suggestions().contains(u"Alice"_s));
    name->setText(u"Alice"_s);
    get(probe);
    QTRY_VERIFY(shownText(page(probe)).contains("Alice"_L1));
    keepPicture(probe, u"prompt-everything"_s);
}

QTEST_MAIN(TestPromptsPage)
#include "test_prompts_page.moc"
