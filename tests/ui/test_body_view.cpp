// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/body_kind.h"
#include "ui/models/safe_picture.h"
#include "ui/theme.h"
#include "ui/widgets/bodies/body_form.h"
#include "ui/widgets/body_view.h"
#include "ui/widgets/json_delegate.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"

#include <QApplication>
#include <QBuffer>
#include <QLabel>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(sightglass::BodyKind)

namespace {

QByteArray pngOf(const QSize &size)
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(Qt::green);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

quint32 crcOf(const QByteArray &bytes)
{
    quint32 crc = 0xffffffff;
    for (const char c : bytes) {
        crc ^= uchar(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

/// A picture of some dozen bytes that says it is 60,000 pixels wide and high.
QByteArray bomb()
{
    QByteArray bytes = pngOf({1, 1});
    const auto put = [&bytes](qsizetype at, quint32 value) {
        for (int i = 0; i < 4; ++i)
            bytes[at + i] = char(value >> (24 - 8 * i) & 0xff);
    };
    // Behind the signature and the length stand the type, width, height, …, and their checksum.
    put(16, 60'000);
    put(20, 60'000);
    put(29, crcOf(bytes.mid(12, 17)));
    return bytes;
}

const QByteArray kSvg =
    R"(<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:1/x.png"/></svg>)";

} // namespace

/// How a body is shown: what fits, what the person prefers, and what is refused.
class TestBodyView : public QObject {
    Q_OBJECT

    static void give(BodyView &view, const QByteArray &body, const QByteArray &type)
    {
        const auto part = [body](qint64 start, qint64 length) { return body.mid(start, length); };
        view.setBody(part, body.size(), type, part, {});
    }
    static QStringList offered(const BodyView &view)
    {
        QStringList list;
        for (const LinkButton *button : view.findChildren<LinkButton *>()) {
            if (button->isVisible() && !button->accessibleDescription().isEmpty())
                list << button->text();
        }
        return list;
    }
    static LinkButton *button(const BodyView &view, const QString &text)
    {
        for (LinkButton *each : view.findChildren<LinkButton *>()) {
            if (each->text() == text)
                return each;
        }
        return nullptr;
    }
    static QString saidOfPicture(const BodyView &view)
    {
        for (const QLabel *label : view.findChildren<QLabel *>()) {
            if (label->isVisible() && label->accessibleName().startsWith(u"The picture"_s))
                return label->text();
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"body-view"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }
    void init() { QSettings().clear(); }

    void theKindIsToldByHeaderAndBytes_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<BodyKind>("kind");
        const auto row = [](const char *name, const QByteArray &type, const QByteArray &head,
                            BodyKind kind) { QTest::addRow("%s", name) << type << head << kind; };
        row("JSON", "application/json", "{\"a\":1}", BodyKind::Json);
        row("JSON that is broken", "application/json; charset=utf-8", "{\"a\":", BodyKind::Json);
        row("JSON by another name", "application/problem+json", " 1", BodyKind::Json);
        row("JSON without a name", "", "[1,2]", BodyKind::Json);
        row("JSON as text", "text/plain", " {\"a\":[1,2]} ", BodyKind::Json);
        row("an error page that is called JSON", "application/json", "<html>no</html>",
            BodyKind::Text);
        row("a list in Markdown", "text/markdown", "[a link](http://x) and more", BodyKind::Text);
        row("words", "", "hello", BodyKind::Text);
        row("events", "text/event-stream", "data: {\"a\":1}\n\n", BodyKind::EventStream);
        row("a picture", "image/png", pngOf({2, 2}), BodyKind::Picture);
        row("a picture that is called JSON", "application/json", pngOf({2, 2}), BodyKind::Picture);
        row("no picture", "image/png", "{\"error\":\"gone\"}", BodyKind::Json);
        row("SVG is text", "image/svg+xml", kSvg, BodyKind::Text);
        row("BM alone", "", "BM is how this sentence begins", BodyKind::Text);
        row("bytes", "", QByteArray("\0\1\2\3", 4), BodyKind::Binary);
        row("bytes that are called JSON", "application/json", QByteArray("\0\1", 2),
            BodyKind::Binary);
    }
    void theKindIsToldByHeaderAndBytes()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, head);
        QTEST(bodyKind(type, head, true), "kind");
    }

    void whatIsCutOffInTheHeadIsJsonAllTheSame_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("in a string") << "{\"a\":\"" + QByteArray(3000, 'x') + "\"}";
        QTest::newRow("in a number") << '[' + QByteArray("12,").repeated(1000) + "1]";
        QTest::newRow("in a word") << '[' + QByteArray("false,").repeated(1000) + "1]";
        QTest::newRow("in a key") << "{\"" + QByteArray(500, 'k') + "\":1,\""
                + QByteArray(1000, 'k') + "\":1}";
        QTest::newRow("in an escape") << "[\"" + QByteArray("\\u00e9").repeated(500) + "\"]";
    }
    void whatIsCutOffInTheHeadIsJsonAllTheSame()
    {
        QFETCH(QByteArray, body);
        QVERIFY(JsonText::parse(body).isValid());
        for (int length = 1018; length <= 1024; ++length)
            QCOMPARE(bodyKind("text/plain", body.left(length), false), BodyKind::Json);
    }

    void everyFormIsFoundByTheBuild()
    {
        QWidget parent;
        QByteArrayList ids;
        for (BodyForm *form : bodyForms(&parent)) {
            ids << form->id();
            QVERIFY(!form->title().isEmpty() && form->widget());
        }
        QCOMPARE(ids, (QByteArrayList{"json", "text", "hex", "picture"}));
    }

    void whatFitsIsShownAndOffered()
    {
        BodyView view(u"Answer"_s);
        view.show();
        give(view, "{\"a\":1}", "application/json");
        QCOMPARE(view.form(), "json"_ba);
        QCOMPARE(offered(view), (QStringList{u"Tree"_s, u"Text"_s, u"Bytes"_s}));
        give(view, "hello", "text/plain");
        QCOMPARE(view.form(), "text"_ba);
        QCOMPARE(offered(view), (QStringList{u"Text"_s, u"Bytes"_s}));
        const auto says = [&view](const QString &words) {
            for (const QLabel *label : view.findChildren<QLabel *>()) {
                if (label->text().endsWith(words))
                    return true;
            }
            return false;
        };
        QVERIFY(says(u", 5 B, text/plain"_s));
        give(view, "<p>", "application/json");
        QVERIFY(says(u", though it is no JSON"_s));
        give(view, "hello", "image/png");
        QVERIFY(says(u", though it is no picture that can be shown"_s));
        give(view, pngOf({2, 2}), "text/plain");
        QVERIFY(says(u", though it is a picture (PNG)"_s));
        give(view, "hello", "text/plain");
        view.setForm("json");
        QCOMPARE(view.form(), "text"_ba);
        give(view, QByteArray(100, '\0'), "");
        QCOMPARE(view.form(), "hex"_ba);
        give(view, {}, "application/json");
        QCOMPARE(view.form(), QByteArray());
        QCOMPARE(offered(view), QStringList());
    }

    void whatIsChosenIsRememberedForItsKind()
    {
        {
            BodyView view(u"Answer"_s);
            view.show();
            give(view, "{\"a\":1}", "application/json");
            button(view, u"Bytes"_s)->click();
            QCOMPARE(view.form(), "hex"_ba);
            give(view, "hello", "text/plain");
            QCOMPARE(view.form(), "text"_ba);
        }
        BodyView view(u"Request"_s);
        view.show();
        give(view, "{\"b\":1}", "application/json");
        QCOMPARE(view.form(), "hex"_ba);
        // Back to what fits: nothing is kept.
        button(view, u"Tree"_s)->click();
        QVERIFY(QSettings().allKeys().isEmpty());
    }

    void theKeyboardGoesThroughAllForms()
    {
        BodyView view(u"Answer"_s);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        give(view, "{\"a\":1}", "application/json");
        view.findChild<JsonRows *>()->setFocus();
        QByteArrayList seen;
        for (int i = 0; i < 3; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
            seen << view.form();
            QVERIFY(view.isAncestorOf(QApplication::focusWidget()));
        }
        QCOMPARE(seen, (QByteArrayList{"text", "hex", "json"}));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6, Qt::ShiftModifier);
        QCOMPARE(view.form(), "hex"_ba);
    }

    void picturesAreDecodedAsideAndBombsAreRefused()
    {
        BodyView view(u"Answer"_s);
        view.resize(600, 400);
        view.show();
        give(view, pngOf({20, 10}), "application/octet-stream");
        QCOMPARE(view.form(), "picture"_ba);
        QTRY_VERIFY([&] {
            for (const QLabel *label : view.findChildren<QLabel *>()) {
                if (label->accessibleName() == u"Image, 20 by 10 pixels"_s)
                    return true;
            }
            return false;
        }());
        give(view, bomb(), "image/png");
        QCOMPARE(view.form(), "picture"_ba);
        QTRY_VERIFY(saidOfPicture(view).contains(u"60,000 by 60,000"_s));
        QByteArray cut = pngOf({300, 300});
        cut.truncate(40);
        give(view, cut, "image/png");
        QTRY_VERIFY(saidOfPicture(view).contains(u"cannot be decoded"_s));
        give(view, kSvg, "image/svg+xml");
        QCOMPARE(view.form(), "text"_ba);
        QVERIFY(!offered(view).contains(u"Image"_s));
        QVERIFY(readPicture(kSvg).image.isNull());
    }

    void aTreeThatIsNotWaitedForGivesWayToText()
    {
        QByteArray body = "[";
        while (body.size() < 2'000'000)
            body += "{\"n\":1,\"text\":\"some words\"},";
        body += "1]";
        BodyView view(u"Answer"_s);
        view.show();
        give(view, body, "application/json");
        QCOMPARE(view.form(), "json"_ba);
        Q_EMIT view.findChild<JsonView *>()->cancelled();
        QCOMPARE(view.form(), "text"_ba);
        QTest::qWait(100);
        QCOMPARE(view.findChild<JsonRows *>()->model()->rowCount(), 0);
        button(view, u"Tree"_s)->click();
        QTRY_VERIFY(view.findChild<JsonRows *>()->model()->rowCount() > 0);
    }
};

QTEST_MAIN(TestBodyView)
#include "test_body_view.moc"
