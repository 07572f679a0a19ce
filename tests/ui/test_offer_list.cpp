// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/offer_list_model.h"
#include "ui/models/result_blocks.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

/// The list's model, and results as parts, without a window.
class TestOfferList : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void kindsStandUnderTheirTitles();
    void titlesCannotBeChosen();
    void aFilterLooksIntoNamesTitlesDescriptionsTypesAndUris_data();
    void aFilterLooksIntoNamesTitlesDescriptionsTypesAndUris();
    void marksGoAwayWhenLookedAtButGoneStays();
    void hintsSayTypeSizeAndArguments();
    void annotationsAreWords();
    void untrustedWordsHaveTheirMarks();
    void resourceResults_data();
    void resourceResults();
    void promptResults_data();
    void promptResults();

private:
    static Offer offer(ListKind kind, const QByteArray &json)
    {
        return makeOffer(kind, readListItem(kind, json));
    }
    static void fill(OfferListModel *model)
    {
        model->setOffers(
            ListKind::Resources,
            {offer(
                 ListKind::Resources,
                 R"({"name":"notes","title":"My Notes","uri":"urn:n.txt","mimeType":"text/plain","size":1200})"),
             offer(ListKind::Resources, R"({"name":"logo","uri":"urn:l.png"})")});
        model->setOffers(
            ListKind::ResourceTemplates,
            {offer(ListKind::ResourceTemplates,
                   R"({"name":"day","uriTemplate":"log:{day}","description":"One day"})")});
    }
    static QStringList names(const OfferListModel &model)
    {
        QStringList list;
        for (int row = 0; row < model.rowCount(); ++row)
            list.append(model.index(row).data().toString());
        return list;
    }
};

void TestOfferList::kindsStandUnderTheirTitles()
{
    OfferListModel model({ListKind::Resources, ListKind::ResourceTemplates});
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    fill(&model);
    QCOMPARE(names(model),
             (QStringList{u"Resources"_s, u"notes"_s, u"logo"_s, u"Templates"_s, u"day"_s}));
    model.setOffers(ListKind::Resources, {});
    QCOMPARE(names(model), (QStringList{u"Templates"_s, u"day"_s}));
    QCOMPARE(model.firstRow(), 1);

    OfferListModel prompts({ListKind::Prompts});
    prompts.setOffers(ListKind::Prompts, {offer(ListKind::Prompts, R"({"name":"one"})")});
    QCOMPARE(names(prompts), QStringList{u"one"_s}); // one kind needs no title
}

void TestOfferList::titlesCannotBeChosen()
{
    OfferListModel model({ListKind::Resources, ListKind::ResourceTemplates});
    fill(&model);
    QVERIFY(!(model.flags(model.index(0)) & Qt::ItemIsSelectable));
    QVERIFY(model.flags(model.index(1)) & Qt::ItemIsSelectable);
    QVERIFY(!model.offerAt(0));
    QVERIFY(!model.offerAt(-1) && !model.offerAt(99));
}

void TestOfferList::aFilterLooksIntoNamesTitlesDescriptionsTypesAndUris_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("found");
    QTest::newRow("name") << u"LOGO"_s << u"logo"_s;
    QTest::newRow("title") << u"my notes"_s << u"notes"_s;
    QTest::newRow("description") << u"one"_s << u"day"_s;
    QTest::newRow("type") << u"plain"_s << u"notes"_s;
    QTest::newRow("uri") << u"l.png"_s << u"logo"_s;
    QTest::newRow("all words") << u"notes png"_s << u""_s;
}

void TestOfferList::aFilterLooksIntoNamesTitlesDescriptionsTypesAndUris()
{
    QFETCH(QString, filter);
    QFETCH(QString, found);
    OfferListModel model({ListKind::Resources, ListKind::ResourceTemplates});
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    fill(&model);
    model.setFilter(filter);
    QCOMPARE(model.firstRow() < 0 ? QString() : names(model).at(model.firstRow()), found);
    QCOMPARE(model.isFilteredOut(), found.isEmpty());
    model.setFilter({});
    QCOMPARE(model.rowCount(), 5);
}

void TestOfferList::marksGoAwayWhenLookedAtButGoneStays()
{
    OfferListModel model({ListKind::Resources});
    Offer came = offer(ListKind::Resources, R"({"name":"a","uri":"urn:a"})");
    came.mark = ListMark::Came;
    Offer gone = offer(ListKind::Resources, R"({"name":"b","uri":"urn:b"})");
    gone.mark = ListMark::Gone;
    const Offer plain = offer(ListKind::Resources, R"({"name":"c","uri":"urn:c"})");
    model.setOffers(ListKind::Resources, {came, gone, plain});
    auto mark = [&model](int row) {
        return model.index(row).data(OfferListModel::MarkRole).toString();
    };
    QCOMPARE(mark(0), u"new"_s);
    QVERIFY(model.index(0).data(Qt::AccessibleTextRole).toString().contains("new"_L1));
    QCOMPARE(mark(1), u"gone"_s);
    model.markUpdated(u"urn:c"_s);
    QCOMPARE(mark(2), u"updated"_s);
    for (const Offer &one : {came, gone, plain})
        model.clearMark(one.key());
    QCOMPARE(mark(0), QString());
    QCOMPARE(mark(1), u"gone"_s);
    QCOMPARE(mark(2), QString());
}

void TestOfferList::hintsSayTypeSizeAndArguments()
{
    QCOMPARE(offer(ListKind::Resources, R"({"name":"a","uri":"b","mimeType":"text/x","size":1200})")
                 .hints,
             u"text/x, 1.2 kB"_s);
    QCOMPARE(offer(ListKind::Resources, R"({"name":"a","uri":"b","size":"big"})").hints, QString());
    const Offer prompt =
        offer(ListKind::Prompts,
              R"({"name":"a","arguments":[{"name":"x","required":true},{"name":"y"}]})");
    QCOMPARE(prompt.badge, u"2 arguments"_s);
    QCOMPARE(prompt.hints, u"2 arguments, 1 required"_s);
    QCOMPARE(offer(ListKind::Prompts, R"({"name":"a","arguments":"none"})").hints, QString());
    const Offer odd = offer(ListKind::Prompts, "[1]");
    QCOMPARE(odd.badge, u"malformed"_s);
    QVERIFY(odd.alarming);
    QCOMPARE(odd.name, u"(no name)"_s);
}

void TestOfferList::annotationsAreWords()
{
    auto words = [](const QByteArray &json) { return annotationWords(JsonText::parse(json)); };
    QCOMPARE(words(R"({"annotations":{"audience":["user","assistant"],"priority":0.80,)"
                   R"("lastModified":"2025-01-12T15:00:58Z"}})"),
             u"for user and assistant, priority 0.80, last modified 2025-01-12T15:00:58Z"_s);
    QCOMPARE(words(R"({"annotations":7})"), QString());
    QCOMPARE(words(R"({"annotations":{"audience":"user","lastModified":1}})"), QString());
    QCOMPARE(words("{}"), QString());
}

void TestOfferList::untrustedWordsHaveTheirMarks()
{
    const Offer evil = offer(
        ListKind::Resources,
        R"({"name":"a\u202eb","uri":"c\u0007d","description":"e\u200bf","mimeType":"g\u0000h"})");
    for (const QString &text : {evil.name, evil.note, evil.hints}) {
        QVERIFY2(std::none_of(text.begin(), text.end(),
                              [](QChar c) { return !c.isPrint() || c == QChar(0x202e); }),
                 qPrintable(text));
    }
}

void TestOfferList::resourceResults_data()
{
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<QString>("parts"); ///< kind as a letter, problem with "!"
    QTest::addColumn<QString>("problem");
    QTest::newRow("text") << R"({"contents":[{"uri":"a","text":"x"}]})"_ba << u"R"_s << u""_s;
    QTest::newRow("binary") << R"({"contents":[{"uri":"a","blob":"AAE="}]})"_ba << u"R"_s << u""_s;
    QTest::newRow("several") << R"({"contents":[{"uri":"a","text":"x"},{"uri":"b","text":"y"}]})"_ba
                             << u"RR"_s << u""_s;
    QTest::newRow("no base64") << R"({"contents":[{"uri":"a","blob":"%%"}]})"_ba << u"R!"_s
                               << u""_s;
    QTest::newRow("neither") << R"({"contents":[{"uri":"a"}]})"_ba << u"R!"_s << u""_s;
    QTest::newRow("text is a number")
        << R"({"contents":[{"uri":"a","text":5}]})"_ba << u"R!"_s << u""_s;
    QTest::newRow("no object") << R"({"contents":[7]})"_ba << u"J!"_s << u""_s;
    QTest::newRow("empty") << R"({"contents":[]})"_ba << u""_s << u""_s;
    QTest::newRow("no contents") << R"({"content":[]})"_ba << u"J"_s << u"no contents"_s;
    QTest::newRow("an array") << "[]"_ba << u"J"_s << u"no JSON object"_s;
    QTest::newRow("no JSON") << "{"_ba << u"J"_s << u"no JSON object"_s;
}

static QString partLetters(const ResultBlocks &all)
{
    QString letters;
    for (const ResultBlock &block : all.blocks) {
        letters += u"TIALRSJ"_s.at(int(block.kind));
        if (!block.problem.isEmpty())
            letters += u'!';
    }
    return letters;
}

void TestOfferList::resourceResults()
{
    QFETCH(QByteArray, result);
    QFETCH(QString, parts);
    QFETCH(QString, problem);
    const ResultBlocks all = readResult(result, ResultShape::Resource);
    QCOMPARE(partLetters(all), parts);
    QVERIFY2(all.problem.contains(problem), qPrintable(all.problem));
    QCOMPARE(all.problem.isEmpty(), problem.isEmpty());
}

void TestOfferList::promptResults_data()
{
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<QString>("parts");
    QTest::addColumn<QString>("roles");
    const auto message = [](const QByteArray &role, const QByteArray &content) {
        return R"({"messages":[{"role":)" + role + R"(,"content":)" + content + "}]}";
    };
    QTest::newRow("text") << message(R"("user")", R"({"type":"text","text":"x"})") << u"T"_s
                          << u"user"_s;
    QTest::newRow("audio") << message(R"("assistant")",
                                      R"({"type":"audio","data":"AAE=","mimeType":"audio/wav"})")
                           << u"A"_s << u"assistant"_s;
    QTest::newRow("resource") << message(R"("user")",
                                         R"({"type":"resource","resource":{"uri":"a","text":"b"}})")
                              << u"R"_s << u"user"_s;
    QTest::newRow("link") << message(R"("user")",
                                     R"({"type":"resource_link","name":"a","uri":"b"})")
                          << u"L"_s << u"user"_s;
    QTest::newRow("a role that is none")
        << message("5", R"({"type":"text","text":"x"})") << u"T"_s << u"no role"_s;
    QTest::newRow("unknown type") << message(R"("user")", R"({"type":"video"})") << u"J!"_s
                                  << u"user"_s;
    QTest::newRow("no content") << R"({"messages":[{"role":"user"}]})"_ba << u"J!"_s << u"user"_s;
    QTest::newRow("message is a text") << R"({"messages":["x"]})"_ba << u"J!"_s << u"no role"_s;
    QTest::newRow("no messages") << "{}"_ba << u"J"_s << u""_s;
}

void TestOfferList::promptResults()
{
    QFETCH(QByteArray, result);
    QFETCH(QString, parts);
    QFETCH(QString, roles);
    const ResultBlocks all = readResult(result, ResultShape::Prompt);
    QCOMPARE(partLetters(all), parts);
    QCOMPARE(all.blocks.value(0).heading, roles);
}

QTEST_MAIN(TestOfferList)
#include "test_offer_list.moc"
