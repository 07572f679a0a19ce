// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/json_model.h"
#include "ui/models/json_search.h"
#include "ui/theme.h"
#include "ui/widgets/json_delegate.h"
#include "ui/widgets/json_search_bar.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/raw_text_view.h"
#include "ui/widgets/role_label.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kThings =
    R"({"b":{"Apple":1,"x":[10,{"apple":2}]},"a":1.50,"a":"pineAPPLE","empty":{}})";

QByteArray longList(int items)
{
    QByteArray text = "[";
    for (int i = 0; i < items; ++i)
        text += R"({"number":)" + QByteArray::number(i) + R"(,"word":"some words to fill it"},)";
    text.chop(1);
    return text + ']';
}

} // namespace

/// JSON as one reads it: folding by levels, searching, the path, and what is no JSON.
class TestJsonView : public QObject {
    Q_OBJECT

    struct Shown {
        JsonView view;
        JsonRows *rows = view.findChild<JsonRows *>();
        JsonModel *model = qobject_cast<JsonModel *>(rows->model());
        JsonSearchBar *bar = view.findChild<JsonSearchBar *>();

        explicit Shown(const QByteArray &json)
        {
            view.resize(700, 500);
            view.show();
            (void)QTest::qWaitForWindowActive(&view); // shortcuts are for the active window
            view.setJson(json);
            rows->setFocus();
        }
        QStringList keys() const
        {
            QStringList list;
            for (int row = 0; row < model->rowCount(); ++row)
                list << model->index(row, JsonModel::Key).data().toString();
            return list;
        }
        QByteArray pointer() const { return view.currentPointer(); }
        LinkButton *button(const QString &text) const
        {
            for (LinkButton *each : view.findChildren<LinkButton *>()) {
                if (each->text() == text && each->isVisible())
                    return each;
            }
            return nullptr;
        }
        QString problem() const
        {
            for (RoleLabel *each : view.findChildren<RoleLabel *>()) {
                if (each->isVisible() && each->text().startsWith(u'✗'))
                    return each->text();
            }
            return {};
        }
    };

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Dark);
    }

    void matchesAreCountedOnceEachAndGoRound_data()
    {
        QTest::addColumn<QByteArray>("needle");
        QTest::addColumn<QByteArrayList>("pointers");
        QTest::newRow("keys and values, either case")
            << "apple"_ba << QByteArrayList{"/b/Apple", "/b/x/1/apple", "/a"};
        QTest::newRow("a number as it is spelled") << "1.50"_ba << QByteArrayList{"/a"};
        QTest::newRow("twice in one value")
            << "p"_ba << QByteArrayList{"/b/Apple", "/b/x/1/apple", "/a", "/empty"};
        QTest::newRow("the key of an object") << "empty"_ba << QByteArrayList{"/empty"};
        QTest::newRow("nothing") << "pear"_ba << QByteArrayList{};
        QTest::newRow("an empty text") << ""_ba << QByteArrayList{};
        QTest::newRow("longer than all") << QByteArray(200, 'a') << QByteArrayList{};
    }
    void matchesAreCountedOnceEachAndGoRound()
    {
        QFETCH(QByteArray, needle);
        QFETCH(QByteArrayList, pointers);
        const JsonText json = JsonText::parse(kThings);
        const JsonMatches matches = JsonMatches::find(json, needle);
        QByteArrayList found;
        for (const JsonText::Node node : matches.nodes)
            found << json.pointer(node);
        QCOMPARE(found, pointers);
        if (pointers.isEmpty()) {
            QCOMPARE(JsonMatches::next(matches, -1, false), -1);
            return;
        }
        QCOMPARE(JsonMatches::next(matches, -1, false), matches.nodes.constFirst());
        QCOMPARE(JsonMatches::next(matches, -1, true), matches.nodes.constLast());
        QCOMPARE(JsonMatches::next(matches, matches.nodes.constLast(), false),
                 matches.nodes.constFirst());
        QCOMPARE(JsonMatches::next(matches, matches.nodes.constFirst(), true),
                 matches.nodes.constLast());
        QCOMPARE(matches.number(matches.nodes.constLast()), matches.nodes.size());
        QCOMPARE(matches.number(0), 0);
    }

    void searchingSaysWhichOfHowManyByTheKeyboardAlone()
    {
        Shown it(kThings);
        QTest::keyClick(it.rows, Qt::Key_F, Qt::ControlModifier);
        auto *line = it.bar->findChild<QLineEdit *>();
        QTRY_VERIFY(line->isVisible());
        QTest::keyClicks(line, u"apple"_s);
        QCOMPARE(it.bar->resultText(), u"1 of 3"_s);
        QCOMPARE(it.pointer(), "/b/Apple"_ba);
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(it.pointer(), "/b/x/1/apple"_ba);
        QTest::keyClick(line, Qt::Key_F3);
        QCOMPARE(it.bar->resultText(), u"3 of 3"_s);
        QTest::keyClick(line, Qt::Key_F3);
        QCOMPARE(it.pointer(), "/b/Apple"_ba);
        QCOMPARE(it.bar->resultText(), u"1 of 3, around the end"_s);
        QTest::keyClick(line, Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(it.bar->resultText(), u"3 of 3, around the end"_s);
        const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(QTest::qWaitFor([] { return false; }, 50)
                    || it.view.grab().save(folder + u"/json-search.png"_s));
        QTest::keyClick(line, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(it.bar->resultText(), u"2 of 3"_s);
        line->setText(u"pear"_s);
        QCOMPARE(it.bar->resultText(), u"not found"_s);
        QTest::keyClick(line, Qt::Key_Escape);
        QVERIFY(!it.bar->isVisible());
    }

    void searchingALongTextGoesAsideAndCanBeCancelled()
    {
        const JsonText json = JsonText::parse(longList(60'000));
        JsonSearch search;
        QSignalSpy found(&search, &JsonSearch::found);
        QSignalSpy ended(&search, &JsonSearch::ended);
        search.start(json, "word", json.at(json.root(), 50'000));
        QVERIFY(search.isBusy());
        QTRY_COMPARE(ended.size(), 1);
        QVERIFY(!search.isBusy());
        QCOMPARE(found.size(), 1);
        QCOMPARE(json.pointer(found.at(0).at(0).value<JsonText::Node>()), "/50000/word"_ba);
        QCOMPARE(search.matches().nodes.size(), 120'000 - 60'000);

        search.start(json, "filled with something else", -1);
        search.cancel();
        QVERIFY(!search.isBusy());
        search.start(json, "59999", -1);
        QTRY_COMPARE(ended.size(), 2);
        QCOMPARE(search.matches().nodes.size(), 1);
        QCOMPARE(found.size(), 2);
    }

    void levelsAreUnfoldedByDigitsAndAStar()
    {
        Shown it(kThings);
        QAbstractItemModelTester tester(it.model);
        QTest::keyClick(it.rows, Qt::Key_1);
        QCOMPARE(it.keys(), (QStringList{u"b"_s, u"a"_s, u"a"_s, u"empty"_s}));
        QTest::keyClick(it.rows, Qt::Key_2);
        QCOMPARE(it.keys(), (QStringList{u"b"_s, u"Apple"_s, u"x"_s, u"a"_s, u"a"_s, u"empty"_s}));
        QTest::keyClick(it.rows, Qt::Key_1);
        it.rows->setCurrentRow(0);
        QTest::keyClick(it.rows, Qt::Key_Asterisk);
        QCOMPARE(it.model->rowCount(), 9);
        QTest::keyClick(it.rows, Qt::Key_1);
        QTest::keyClick(it.rows, Qt::Key_0);
        QCOMPARE(it.model->rowCount(), 9);
    }

    void thePathIsAJsonPointerAndIsCopied()
    {
        Shown it(R"({"a/b":[{"c~d":null}]})");
        it.view.expandAll();
        it.rows->setCurrentRow(2);
        QCOMPARE(it.pointer(), "/a~1b/0/c~0d"_ba);
        QTest::keyClick(it.rows, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QApplication::clipboard()->text(), u"/a~1b/0/c~0d"_s);
        QVERIFY(it.button(u"Copy path"_s));
        QApplication::clipboard()->clear();
        it.button(u"Copy path"_s)->click();
        QCOMPARE(QApplication::clipboard()->text(), u"/a~1b/0/c~0d"_s);
    }

    void whatBreaksOffIsShownUpToThere()
    {
        Shown it("{\"a\":1,\n\"b\":[true,\"cut of");
        QAbstractItemModelTester tester(it.model);
        QCOMPARE(it.keys(), (QStringList{u"a"_s, u"b"_s, u"0"_s, u"✗"_s}));
        const QModelIndex last = it.model->index(3, JsonModel::Value);
        QVERIFY(last.data(JsonModel::FaultRole).toBool());
        QVERIFY2(last.data().toString().contains(u"\"cut of"_s),
                 qPrintable(last.data().toString()));
        QVERIFY2(it.problem().contains(u"(byte 18, line 2)"_s), qPrintable(it.problem()));
        const QString folder = qEnvironmentVariable("SIGHTGLASS_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(it.view.grab().save(folder + u"/json-fault.png"_s));
        it.rows->setCurrentRow(3);
        QCOMPARE(it.pointer(), QByteArray());
        QTest::keyClick(it.rows, Qt::Key_Right);
        QTest::keyClick(it.rows, Qt::Key_Left);
        QTest::keyClick(it.rows, Qt::Key_Return);
        it.view.collapseAll();
        QCOMPARE(it.keys(), (QStringList{u"a"_s, u"b"_s, u"✗"_s}));

        it.button(u"Show the place in the text"_s)->click();
        auto *raw = it.view.findChild<RawTextView *>();
        QVERIFY(raw->isVisible());
        QCOMPARE(raw->textCursor().position(), 18);
        it.button(u"Show the tree"_s)->click();
        QVERIFY(it.rows->isVisible());
        it.view.setJson("{}");
        QCOMPARE(it.problem(), QString());
    }

    void whatIsNoJsonAtAllIsText()
    {
        Shown it("hello");
        QVERIFY(it.view.findChild<RawTextView *>()->isVisible());
        QVERIFY(it.problem().startsWith(u"✗ This is not JSON"_s));
        QCOMPARE(it.model->rowCount(), 0);
        it.view.setJson(" \n");
        QCOMPARE(it.problem(), QString());
    }

    void readingALongTextCanBeCancelledAndTakenUp()
    {
        Shown it(longList(200'000));
        auto *cancel = [&]() -> LinkButton * {
            for (LinkButton *each : it.view.findChildren<LinkButton *>()) {
                if (each->accessibleName() == u"Cancel reading"_s)
                    return each;
            }
            return nullptr;
        }();
        QVERIFY(cancel);
        cancel->click();
        QVERIFY(it.view.findChild<RawTextView *>()->isVisible());
        QVERIFY(it.view.findChild<RawTextView *>()->toPlainText().startsWith(u"[{\"number\":0"_s));
        QCOMPARE(it.model->rowCount(), 0);
        it.button(u"Make the tree"_s)->click();
        QTRY_VERIFY(it.model->rowCount() > 0);
        QVERIFY(it.rows->isVisible());
    }
};

QTEST_MAIN(TestJsonView)
#include "test_json_view.moc"
