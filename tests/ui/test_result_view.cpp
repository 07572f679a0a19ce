// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/json_view.h"
#include "ui/widgets/result_view.h"
#include "ui/widgets/text_block.h"
#include "ui/widgets/wanted_address_view.h"

#include "ui/theme.h"

#include <QBuffer>
#include <QLabel>
#include <QPushButton>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

namespace {

const QByteArray Schema = R"({"type":"object","properties":{"t":{"type":"number"}}})";

QStringList shownTexts(const ResultView &view)
{
    QStringList list;
    for (const QLabel *label : view.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&view))
            list.append(label->text());
    }
    return list;
}

CallResult resultOf(const QByteArray &json)
{
    CallResult result;
    result.result = json;
    return result;
}

} // namespace

/// What a result breaks of the tool's output schema is told where it stands.
class TestResultView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void structuredContentIsJudged()
    {
        ResultView view;
        const QString fault =
            u"! structuredContent breaks the tool's output schema: at /t: It must "
            "be a number, and is a string. (rule /properties/t/type)"_s;
        view.setResult(resultOf(R"({"content":[],"structuredContent":{"t":"warm"}})"),
                       ResultShape::Tool, Schema);
        QVERIFY2(shownTexts(view).contains(fault), qPrintable(shownTexts(view).join(u'\n')));
        view.setResult(resultOf(R"({"content":[],"structuredContent":{"t":1}})"), ResultShape::Tool,
                       Schema);
        QVERIFY(shownTexts(view).filter(u"! "_s).isEmpty());
        view.setResult(resultOf(R"({"content":[{"type":"text","text":"x"}]})"), ResultShape::Tool,
                       Schema);
        QCOMPARE(shownTexts(view).filter(u"no structuredContent"_s).size(), 1);
        view.setResult(resultOf(R"({"content":[],"structuredContent":{"t":"warm"}})"));
        QVERIFY(shownTexts(view).filter(u"! "_s).isEmpty());
    }
    void aLargeOneIsJudgedToo()
    {
        ResultView view;
        view.setResult(resultOf("{\"content\":[],\"structuredContent\":{\"t\":\""
                                + QByteArray(200'000, 'x') + "\"}}"),
                       ResultShape::Tool, Schema);
        QTRY_COMPARE(shownTexts(view).filter(u"at /t: It must be a number"_s).size(), 1);
    }
    void whatItRepeatsOfASecretIsAFingerprint_data()
    {
        QTest::addColumn<int>("more"); ///< bytes
        QTest::newRow("small") << 1;
        QTest::newRow("large") << 200'000;
    }
    void whatItRepeatsOfASecretIsAFingerprint()
    {
        QFETCH(int, more);
        auto redactor = std::make_shared<Redactor>("salt"_ba);
        redactor->addKnownSecret("token-4711-secret");
        const QString print = QString::fromLatin1(redactor->fingerprint("token-4711-secret"));
        ResultView view;
        // As long as it has to be, which its fingerprint would not be.
        view.setResult(resultOf(R"({"content":[{"type":"text","text":"is token-4711-secret"},)"
                                R"({"type":"text","text":")"
                                + QByteArray(more, 'x')
                                + R"("}],"structuredContent":{"t":"token-4711-secret"}})"),
                       ResultShape::Tool,
                       R"({"properties":{"t":{"type":"string","minLength":17}}})", redactor);
        const auto shown = [&view] {
            QString all = shownTexts(view).join(u'\n');
            for (const TextBlock *text : view.findChildren<TextBlock *>())
                all += text->toPlainText();
            for (const JsonView *json : view.findChildren<JsonView *>())
                all += QString::fromUtf8(json->json());
            return all;
        };
        QTRY_VERIFY(shown().contains(u"is "_s + print));
        QVERIFY(shown().contains(u'"' + print + u'"'));
        QVERIFY(!shown().contains(u"token-4711-secret"_s));
        QVERIFY(shownTexts(view).filter(u"! "_s).isEmpty());
    }
    void addressesThatAreWantedFirstAreShownAndNotOpened()
    {
        ResultView view;
        CallResult result;
        result.failure = Failure{FailureKind::Protocol, u"rpc-error"_s, u"refused"_s, {}, 1, {}};
        const QByteArray addresses =
            R"([{"mode":"url","elicitationId":"1","url":"https://id.example/sign?a=1","message":"sign in"},)"
            R"({"mode":"url","elicitationId":"2","url":"file:///etc/passwd","message":"no"}])";
        result.error =
            R"({"code":-32042,"message":"first","data":{"elicitations":)" + addresses + "}}";
        view.setResult(result);
        const QList<WantedAddressView *> shown = view.findChildren<WantedAddressView *>();
        QCOMPARE(shown.size(), 2);
        QVERIFY(shownTexts(view).contains(u"id.example"_s));
        QVERIFY(shown.at(0)->findChild<QPushButton *>()->isEnabled());
        QVERIFY(!shown.at(1)->findChild<QPushButton *>()->isEnabled());
        result.error.replace("-32042", "-32041");
        view.setResult(result);
        QVERIFY(!shownTexts(view).contains(u"id.example"_s));
    }
    void anImageInAResourceIsDrawn()
    {
        QImage image(24, 16, QImage::Format_RGB32);
        image.fill(Qt::red);
        QByteArray png;
        QBuffer buffer(&png);
        QVERIFY(buffer.open(QIODevice::WriteOnly) && image.save(&buffer, "PNG"));
        ResultView view;
        view.resize(600, 400);
        view.setResult(
            resultOf(R"({"content":[{"type":"resource","resource":{"uri":"file:///a.png",)"
                     R"("mimeType":"image/png","blob":")"
                     + png.toBase64() + R"("}}]})"));
        view.show();
        const auto drawn = [&view] {
            for (const QLabel *label : view.findChildren<QLabel *>()) {
                if (label->isVisible() && label->pixmap(Qt::ReturnByValue).size().width() == 24)
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(drawn());
    }
};

QTEST_MAIN(TestResultView)
#include "test_result_view.moc"
