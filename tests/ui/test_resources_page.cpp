// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/offering_server.h"
#include "ui/models/offer_list_model.h"
#include "ui/pages/resource_panel.h"
#include "ui/pages/resources_page.h"
#include "ui/widgets/body_view.h"
#include "ui/widgets/call_row.h"
#include "ui/widgets/suggesting_line.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QElapsedTimer>
#include <QTimer>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// A person reads resources: list, fields, results, notices, and what servers do wrong.
class TestResourcesPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void aResourceIsReadByKeys();
    void theFirstIsShownWhicheverListComesFirst();
    void severalContentsStandBelowEachOther();
    void aTemplateHasAFieldForEachVariable();
    void aVariableIsCompletedWhileOneTypes();
    void aServerWithoutCompletionIsLeftAlone();
    void aSubscriptionShowsUpdates();
    void subscribingNeedsTheCapability();
    void changesOfTheListAreMarkedInPlace();
    void pagesLeadToTheirExchanges();
    void aServerWithoutResourcesIsNotAsked();
    void anEmptyListSaysSo();
    void aListThatFailsSaysWhy();
    void aReadThatFails_data();
    void aReadThatFails();
    void fiveMegabytesStayQuick();
    void longNamesLeaveTheButtonsInSight();
    void untrustedTextShowsItsMarks();
    void everyControlHasAName();

private:
    static void open(WindowProbe &probe, OfferingServer &server)
    {
        probe.enter(server.target().url.toString());
        [&] { QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 15000); }();
        probe.window->showPage(u"resources"_s);
    }
    static void read(WindowProbe &probe)
    {
        QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
        auto *list = page(probe)->findChild<QListView *>();
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Return, Qt::ControlModifier);
        [&] { QVERIFY(finished.wait(15000)); }();
    }
    static ResourcesPage *page(const WindowProbe &probe) { return probe.part<ResourcesPage>(); }
    static QStringList rows(const WindowProbe &probe)
    {
        return test::rows(page(probe), OfferListModel::MarkRole);
    }
    static const inline QByteArray two =
        R"({"name":"notes","title":"My notes","uri":"urn:notes","mimeType":"text/plain","size":5,)"
        R"("annotations":{"audience":["user"],"priority":0.5}},{"name":"logo","uri":"urn:logo"})";
    static const inline QByteArray days =
        R"({"name":"day","uriTemplate":"log:{month}/{day}","description":"One day"})";
};

void TestResourcesPage::aResourceIsReadByKeys()
{
    OfferingServer server;
    server.list(ListKind::Resources, two);
    server.list(ListKind::ResourceTemplates, days);
    server.answer(u"resources/read"_s,
                  R"({"contents":[{"uri":"urn:notes","mimeType":"text/plain","text":"hello"}]})");
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe),
                 (QStringList{u"Resources"_s, u"notes"_s, u"logo"_s, u"Templates"_s, u"day"_s}));
    QTRY_COMPARE(probe.railCount(u"resources"_s), 3);
    QVERIFY(probe.says(u"text/plain, 5 B"_s));
    QVERIFY(probe.says(u"for user, priority 0.5"_s));
    read(probe);
    QCOMPARE(server.params("resources/read").value("uri"_L1).toString(), u"urn:notes"_s);
    QTRY_VERIFY(shownText(page(probe)).contains("hello"_L1));
    QCOMPARE(probe.window->findChildren<CallRow *>().size(), 1);
    keepPicture(probe, u"resource-read"_s);

    // Down goes past the title of the templates.
    auto *list = page(probe)->findChild<QListView *>();
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Down);
    QCOMPARE(list->currentIndex().data().toString(), u"day"_s);
    QTest::keyClick(list, Qt::Key_Home);
    QTRY_COMPARE(list->currentIndex().data().toString(), u"notes"_s);

    const QStringList links = probe.texts<LinkButton>(probe.part<ResourcePanel>());
    const QStringList exchange = links.filter(u"Exchange"_s);
    QCOMPARE(exchange.size(), 1);
    probe.link(exchange.first())->click();
    QCOMPARE(probe.part<Rail>()->current(), probe.part<Rail>()->indexOf(u"traffic"_s));
}

void TestResourcesPage::theFirstIsShownWhicheverListComesFirst()
{
    OfferingServer server;
    server.list(ListKind::ResourceTemplates, days);
    WindowProbe probe;
    open(probe, server);
    auto *list = page(probe)->findChild<QListView *>();
    QTRY_COMPARE(list->currentIndex().data().toString(), u"day"_s);
    Listing late;
    late.kind = ListKind::Resources;
    late.items = {readListItem(late.kind, R"({"uri":"urn:a","name":"a"})"),
                  readListItem(late.kind, R"({"uri":"urn:b","name":"b"})")};
    late.complete = true;
    Q_EMIT probe.session->listed(late);
    QCOMPARE(list->currentIndex().data().toString(), u"a"_s);
    // What somebody chose stays.
    QTest::keyClick(list, Qt::Key_Down);
    QCOMPARE(list->currentIndex().data().toString(), u"b"_s);
    late.items.prepend(readListItem(late.kind, R"({"uri":"urn:c","name":"c"})"));
    Q_EMIT probe.session->listed(late);
    QCOMPARE(list->currentIndex().data().toString(), u"b"_s);
}

void TestResourcesPage::severalContentsStandBelowEachOther()
{
    OfferingServer server;
    server.list(ListKind::Resources, two);
    server.answer(
        u"resources/read"_s,
        R"({"ttlMs":60000,"cacheScope":"private","contents":[)"
        R"({"uri":"urn:a","mimeType":"application/json","text":"{\"b\": [1, 2.50]}"},)"
        R"({"uri":"urn:b","blob":"AAECAwD/"},)"
        R"({"uri":"urn:c","mimeType":"image/png","blob":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="},)"
        R"({"uri":"urn:d","text":""}]})");
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 3);
    read(probe);
    QTRY_COMPARE(page(probe)->findChildren<BodyView *>().size(), 3);
    const QList<BodyView *> all = page(probe)->findChildren<BodyView *>();
    QCOMPARE(all.at(0)->form(), "json"_ba);
    QCOMPARE(all.at(1)->form(), "hex"_ba);
    QCOMPARE(all.at(2)->form(), "picture"_ba);
    QTRY_VERIFY(probe.says(u"may be kept for 1 min 0 s, private"_s));
    QTRY_VERIFY(probe.says(u"It is empty"_s));
    QCOMPARE(probe.texts<LinkButton>(page(probe)).count(u"Save…"_s), 3);
    keepPicture(probe, u"resource-contents"_s);
}

void TestResourcesPage::aTemplateHasAFieldForEachVariable()
{
    OfferingServer server;
    server.list(ListKind::ResourceTemplates, days);
    server.answer(u"resources/read"_s, R"({"contents":[{"uri":"log:a%20b/7","text":"seven"}]})");
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 2);
    const QList<SuggestingLine *> fields = page(probe)->findChildren<SuggestingLine *>();
    QCOMPARE(fields.size(), 2);
    QCOMPARE(fields.at(0)->accessibleName(), u"month"_s);
    QTest::keyClicks(fields.at(0), u"a b"_s);
    QTest::keyClicks(fields.at(1), u"7"_s);
    QVERIFY(probe.says(u"log:a%20b/7"_s));
    fields.at(1)->setFocus();
    QTest::keyClick(fields.at(1), Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(shownText(page(probe)).contains("seven"_L1));
    QCOMPARE(server.params("resources/read").value("uri"_L1).toString(), u"log:a%20b/7"_s);
    // The values of an earlier call come back.
    fields.at(1)->setText(u"8"_s);
    probe.part<CallRow>()->click();
    QCOMPARE(fields.at(1)->text(), u"7"_s);
}

void TestResourcesPage::aVariableIsCompletedWhileOneTypes()
{
    OfferingServer server;
    server.list(ListKind::ResourceTemplates, days);
    server.answer(
        u"completion/complete"_s,
        R"({"completion":{"values":["march","may","mad\u202eness"],"total":12,"hasMore":true}})");
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 2);
    const QList<SuggestingLine *> fields = page(probe)->findChildren<SuggestingLine *>();
    fields.at(1)->setText(u"7"_s);
    fields.at(0)->setFocus();
    QTest::keyClicks(fields.at(0), u"ma"_s);
    QTRY_COMPARE(fields.at(0)->suggestions().size(), 3);
    // One question for both letters.
    QCOMPARE(server.got("completion/complete").size(), 1);
    const QJsonObject asked = server.params("completion/complete");
    QCOMPARE(asked.value("ref"_L1).toObject().value("uri"_L1).toString(), u"log:{month}/{day}"_s);
    QCOMPARE(asked.value("argument"_L1).toObject().value("name"_L1).toString(), u"month"_s);
    QCOMPARE(asked.value("argument"_L1).toObject().value("value"_L1).toString(), u"ma"_s);
    QCOMPARE(asked.value("context"_L1)
                 .toObject()
                 .value("arguments"_L1)
                 .toObject()
                 .value("day"_L1)
                 .toString(),
             u"7"_s);
    QVERIFY(probe.says(u"3 of 12 suggestions"_s));
    QAbstractItemView *popup = fields.at(0)->findChild<QCompleter *>()->popup();
    QTRY_VERIFY(popup->isVisible());
    for (int row = 0; row < 3; ++row)
        QVERIFY(!popup->model()->index(row, 0).data().toString().contains(QChar(0x202e)));
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QCOMPARE(fields.at(0)->text(), u"may"_s);
    QVERIFY(probe.says(u"log:may/7"_s));
}

void TestResourcesPage::aServerWithoutCompletionIsLeftAlone()
{
    OfferingServer server;
    server.list(ListKind::ResourceTemplates, days);
    server.refuse(u"completion/complete"_s, -32601);
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 2);
    const QList<SuggestingLine *> fields = page(probe)->findChildren<SuggestingLine *>();
    QSignalSpy finished(probe.session.get(), &SessionController::callFinished);
    QTest::keyClicks(fields.at(0), u"m"_s);
    QVERIFY(finished.wait(15000));
    QTest::keyClicks(fields.at(0), u"ay"_s);
    QTest::keyClicks(fields.at(1), u"7"_s);
    // A read comes after whatever would have been asked.
    server.answer(u"resources/read"_s, R"({"contents":[]})");
    QTest::qWait(400);
    read(probe);
    QCOMPARE(server.got("completion/complete").size(), 1);
    QVERIFY(!probe.banner().contains("completion"_L1));
}

void TestResourcesPage::aSubscriptionShowsUpdates()
{
    OfferingServer server;
    server.list(ListKind::Resources, two);
    server.answer(u"resources/subscribe"_s, "{}");
    server.answer(u"resources/unsubscribe"_s, "{}");
    server.answer(u"resources/read"_s, R"({"contents":[{"uri":"urn:notes","text":"newer"}]})");
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 3);
    auto toggle = [&probe]() -> QPushButton * {
        const auto all = page(probe)->findChildren<QPushButton *>();
        for (QPushButton *button : all) {
            if (button->isCheckable())
                return button;
        }
        return nullptr;
    };
    QTRY_VERIFY(toggle()->isEnabled());
    toggle()->click();
    QTRY_COMPARE(toggle()->text(), u"Subscribed"_s);
    QTRY_COMPARE(server.params("resources/subscribe").value("uri"_L1).toString(), u"urn:notes"_s);
    QTRY_VERIFY(server.stream);
    server.notify("notifications/resources/updated", R"({"uri":"urn:notes"})");
    QTRY_VERIFY(probe.says(u"Updated on the server at"_s));
    QVERIFY(rows(probe).contains(u"notes [updated]"_s));
    QCoreApplication::processEvents();
    keepPicture(probe, u"resource-updated"_s);
    LinkButton *again = probe.link(u"Read again"_s);
    QVERIFY(again);
    again->click();
    QTRY_VERIFY(shownText(page(probe)).contains("newer"_L1));
    QVERIFY(!probe.says(u"Updated on the server at"_s));
    QVERIFY(rows(probe).contains(u"notes"_s));
    // Notices that name nothing, or what is not listed, do no harm.
    server.notify("notifications/resources/updated", R"({"uri":5})");
    server.notify("notifications/resources/updated", R"({"uri":"urn:elsewhere"})");
    toggle()->click();
    QTRY_COMPARE(toggle()->text(), u"Subscribe"_s);
    QTRY_COMPARE(server.got("resources/unsubscribe").size(), 1);
}

void TestResourcesPage::subscribingNeedsTheCapability()
{
    OfferingServer server(R"({"resources":{}})");
    server.list(ListKind::Resources, two);
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 3);
    const auto all = page(probe)->findChildren<QPushButton *>();
    for (const QPushButton *button : all) {
        if (!button->isCheckable())
            continue;
        QVERIFY(!button->isEnabled());
        QVERIFY(button->toolTip().contains("resources.subscribe"_L1));
    }
}

void TestResourcesPage::changesOfTheListAreMarkedInPlace()
{
    OfferingServer server;
    server.list(
        ListKind::Resources,
        R"({"name":"a","uri":"urn:a"},{"name":"b","uri":"urn:b"},{"name":"c","uri":"urn:c"})");
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 4);
    QVERIFY(rows(probe).filter(u"["_s).isEmpty()); // the first list has nothing to differ from
    server.list(
        ListKind::Resources,
        R"({"name":"a","uri":"urn:a"},{"name":"b","uri":"urn:b","size":2},{"name":"d","uri":"urn:d"})");
    QTRY_VERIFY(server.stream);
    server.notify("notifications/resources/list_changed");
    const QStringList marked{u"Resources"_s, u"a"_s, u"b [changed]"_s, u"d [new]"_s, u"c [gone]"_s};
    QTRY_COMPARE(rows(probe), marked);
    QVERIFY(probe.says(u"1 new, 1 changed, 1 gone"_s));
    QCOMPARE(probe.railCount(u"resources"_s), 3);
    keepPicture(probe, u"resources-changed"_s);
    // Looked at and left: the mark goes.
    auto *list = page(probe)->findChild<QListView *>();
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Down);
    QCOMPARE(rows(probe).at(2), u"b"_s);
    QTest::keyClick(list, Qt::Key_Down);
    QVERIFY(probe.says(u"The server does not list it any more."_s));
    QCOMPARE(rows(probe).last(), u"c [gone]"_s);
    QTest::keyClick(list, Qt::Key_F5);
    QTRY_COMPARE(rows(probe), (QStringList{u"Resources"_s, u"a"_s, u"b"_s, u"d"_s}));
}

void TestResourcesPage::pagesLeadToTheirExchanges()
{
    OfferingServer server;
    server.list(
        ListKind::Resources,
        R"({"name":"a","uri":"urn:a"};{"name":"b","uri":"urn:b"};{"name":"c","uri":"urn:c"})",
        R"(,"ttlMs":5000,"cacheScope":"public")");
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 4);
    QTRY_VERIFY(probe.says(u"3 resources on 3 pages"_s));
    QVERIFY(probe.says(u"may be kept for 5"_s));
    LinkButton *second = nullptr;
    const auto links = page(probe)->findChildren<LinkButton *>();
    for (LinkButton *link : links) {
        if (link->isVisible() && link->accessibleName().contains("page 2 of 3"_L1))
            second = link;
    }
    QVERIFY(second);
    QVERIFY(second->accessibleName().startsWith(u"Exchange "_s + second->text()));
    keepPicture(probe, u"resources-pages"_s);
    second->click();
    QCOMPARE(probe.part<Rail>()->current(), probe.part<Rail>()->indexOf(u"traffic"_s));
}

void TestResourcesPage::aServerWithoutResourcesIsNotAsked()
{
    OfferingServer server(R"({"tools":{}})");
    server.refuse(u"resources/list"_s, -32601);
    server.refuse(u"resources/templates/list"_s, -32601);
    WindowProbe probe;
    open(probe, server);
    QTRY_VERIFY(probe.says(u"The server offers no resources"_s));
    QTRY_COMPARE(server.got("tools/list").size(), 1);
    QVERIFY(server.got("resources/list").isEmpty());
    QVERIFY(server.got("prompts/list").isEmpty());
    QCOMPARE(probe.railCount(u"resources"_s), -1);
    for (QPushButton *button : page(probe)->findChildren<QPushButton *>()) {
        if (button->text() == "Ask all the same"_L1)
            button->click();
    }
    QTRY_VERIFY(probe.says(u"The resources could not be listed"_s));
    QCOMPARE(server.got("resources/list").size(), 1);
}

void TestResourcesPage::anEmptyListSaysSo()
{
    OfferingServer server;
    WindowProbe probe;
    open(probe, server);
    QTRY_VERIFY(probe.says(
        u"The server answered resources/list and resources/templates/list with an empty list."_s));
    QCOMPARE(probe.railCount(u"resources"_s), 0);
}

void TestResourcesPage::aListThatFailsSaysWhy()
{
    OfferingServer server;
    server.list(ListKind::Resources, two);
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 3);
    server.answer(u"resources/list"_s, R"({"resources":{}})");
    QTest::keyClick(probe.window.get(), Qt::Key_F5);
    QTRY_VERIFY(probe.says(u"Not listed again:"_s));
    QCOMPARE(rows(probe).size(), 3); // what was listed stays
    QCOMPARE(probe.railCount(u"resources"_s), 2);
    server.list(ListKind::Resources, two);
    QTest::keyClick(probe.window.get(), Qt::Key_F5);
    QTRY_VERIFY(!probe.says(u"Not listed again:"_s));
}

void TestResourcesPage::aReadThatFails_data()
{
    QTest::addColumn<QByteArray>("result"); ///< empty: an error
    QTest::addColumn<QString>("says");
    QTest::newRow("an error") << QByteArray() << u"Error -32002"_s;
    QTest::newRow("no contents") << R"({"x":1})"_ba << u"The result has no contents."_s;
    QTest::newRow("contents is a text")
        << R"({"contents":"x"})"_ba << u"The result has no contents."_s;
    QTest::newRow("an entry is null")
        << R"({"contents":[null]})"_ba << u"Contents that are no object."_s;
    QTest::newRow("no base64") << R"({"contents":[{"uri":"u","blob":"?"}]})"_ba
                               << u"The data is no base64."_s;
    QTest::newRow("uri is a number")
        << R"({"contents":[{"uri":1,"mimeType":2}]})"_ba << u"The data is missing."_s;
    QTest::newRow("a picture that is none")
        << R"({"contents":[{"uri":"u","mimeType":"image/png","blob":"AAE="}]})"_ba
        << u"no picture"_s;
}

void TestResourcesPage::aReadThatFails()
{
    QFETCH(QByteArray, result);
    QFETCH(QString, says);
    OfferingServer server;
    server.list(ListKind::Resources, two);
    if (result.isEmpty())
        server.refuse(u"resources/read"_s, -32002);
    else
        server.answer(u"resources/read"_s, result);
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 3);
    read(probe);
    QTRY_VERIFY2(probe.says(says), qPrintable(probe.texts().join(u'\n')));
}

void TestResourcesPage::fiveMegabytesStayQuick()
{
    OfferingServer server;
    server.list(ListKind::Resources, two);
    server.answer(u"resources/read"_s,
                  R"({"contents":[{"uri":"urn:a","text":")" + QByteArray(5'000'000, 'x')
                      + R"("},{"uri":"urn:b","text":")" + QByteArray("line\\n").repeated(1'000'000)
                      + R"("}]})");
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 3);
    qint64 longest = 0;
    QElapsedTimer since;
    QTimer beat;
    connect(&beat, &QTimer::timeout, this, [&] {
        longest = std::max(longest, since.isValid() ? since.elapsed() : 0);
        since.start();
    });
    beat.start(5);
    read(probe);
    QTRY_COMPARE_WITH_TIMEOUT(page(probe)->findChildren<BodyView *>().size(), 2, 20000);
    QTest::qWait(50);
    beat.stop();
    QVERIFY2(longest < 1000, qPrintable(QString::number(longest)));
    QVERIFY(shownText(page(probe)).contains("xxxx"_L1));
}

void TestResourcesPage::longNamesLeaveTheButtonsInSight()
{
    OfferingServer server;
    server.list(
        ListKind::Resources,
        R"({"mimeType":"application/vnd.something.very.long+json","size":123456,"uri":"urn:)"
            + QByteArray(3000, 'u') + R"(","name":")" + QByteArray(3000, 'n') + R"("})");
    WindowProbe probe({900, 600});
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 2);
    QCoreApplication::processEvents();
    const auto all = page(probe)->findChildren<QPushButton *>();
    for (const QPushButton *button : all) {
        if (button->isVisible())
            QVERIFY2(button->mapTo(probe.window.get(), QPoint(button->width(), 0)).x() <= 900,
                     qPrintable(button->text()));
    }
    keepPicture(probe, u"resource-long"_s);
}

void TestResourcesPage::untrustedTextShowsItsMarks()
{
    OfferingServer server;
    const QByteArray evil = R"(<b>a<\/b>\u202eb\u0007)";
    server.list(ListKind::Resources,
                R"({"name":")" + evil + R"(","uri":"urn:)" + evil + R"(","description":")" + evil
                    + R"(","mimeType":")" + evil + R"(","title":")" + evil + R"("})");
    server.list(ListKind::ResourceTemplates,
                R"({"name":"t","uriTemplate":"{)" + evil + R"(}/{x"})");
    server.answer(u"resources/read"_s,
                  R"({"contents":[{"uri":")" + evil + R"(","mimeType":")" + evil + R"(","text":")"
                      + evil + R"("}]})");
    WindowProbe probe;
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 4);
    read(probe);
    QTRY_COMPARE(page(probe)->findChildren<BodyView *>().size(), 1);
    auto isClean = [](const QStringList &all) {
        return std::none_of(all.begin(), all.end(), [](const QString &text) {
            return text.contains(QChar(0x202e)) || text.contains(QChar(7));
        });
    };
    QVERIFY(isClean(probe.texts()));
    QVERIFY(isClean(rows(probe)));
    QVERIFY(isClean({shownText(page(probe))}));
    QVERIFY(probe.says(u"<b>a</b>\\u202eb"_s)); // as text, not as markup
    auto *list = page(probe)->findChild<QListView *>();
    list->setCurrentIndex(list->model()->index(3, 0));
    QVERIFY(probe.says(u"The template is malformed:"_s));
    QVERIFY(isClean(probe.texts()));
}

void TestResourcesPage::everyControlHasAName()
{
    OfferingServer server;
    server.list(ListKind::ResourceTemplates, days);
    WindowProbe probe({900, 600});
    open(probe, server);
    QTRY_COMPARE(rows(probe).size(), 2);
    const auto all = page(probe)->findChildren<QWidget *>();
    for (const QWidget *widget : all) {
        if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus)
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty())
                     || qobject_cast<const QLabel *>(widget),
                 widget->metaObject()->className());
    }
    keepPicture(probe, u"template-narrow"_s);
}

QTEST_MAIN(TestResourcesPage)
#include "test_resources_page.moc"
