// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/body_loader.h"
#include "ui/models/hex_model.h"
#include "ui/models/json_model.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/body_view.h"
#include "ui/widgets/events_view.h"
#include "ui/widgets/json_delegate.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/raw_text_view.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

/// How the event loop goes meanwhile: how often it came round, and the longest time that it did
/// not (only told, never asserted).
class Pulse {
public:
    Pulse()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            ++m_beats;
            m_longest = std::max(m_longest, m_clock.restart());
        });
        m_clock.start();
        m_timer.start(2);
    }
    int beats() const { return m_beats; }
    qint64 longest() const { return m_longest; }
    void tell(const char *what) const
    {
        qInfo("%s: the event loop came round %d times, longest pause %lld ms", what, m_beats,
              static_cast<long long>(m_longest));
    }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    int m_beats = 0;
    qint64 m_longest = 0;
};

/// What the program holds, in MB, by the kernel: "VmRSS" now, "VmHWM" at most so far. Only told.
qint64 heldMB(const QByteArray &what)
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(what))
            return line.mid(what.size() + 1).simplified().split(' ').constFirst().toLongLong()
                / 1000;
    }
    return 0;
}

QByteArray manyObjects(qsizetype atLeast)
{
    QByteArray json = "[";
    json.reserve(atLeast + 200);
    for (int i = 0; json.size() < atLeast; ++i) {
        const QByteArray number = QByteArray::number(i);
        json += "{\"n\":" + number + ",\"text\":\"" + QByteArray(60, 'x') + "\"},";
        if (i % 1000 == 0)
            json += "{\"access_token\":\"very-secret-" + number + "\"},";
    }
    json.chop(1);
    return json + ']';
}

} // namespace

/// Bodies of any size, depth and badness: shown as far as can be, without holding anything up.
class TestTrafficBodies : public QObject {
    Q_OBJECT

    std::shared_ptr<const Redactor> m_redactor = std::make_shared<Redactor>("salt"_ba);

    struct Shown {
        TraceStore store;
        TrafficPage page;
        BodyView *body = nullptr;
        JsonView *json = nullptr;
        JsonRows *rows = nullptr;
    };
    void show(Shown &it, const QByteArray &body, const QByteArray &type)
    {
        const ExchangeId id =
            it.store.begin(sample::request(ExchangeKind::Post, "POST", u"tools/call x"_s), "{}");
        it.store.respond(id, sample::answer(200, "OK", type));
        for (qsizetype at = 0; at < body.size(); at += 1 << 20)
            it.store.append(id, body.constData() + at,
                            std::min<qsizetype>(1 << 20, body.size() - at));
        it.store.finish(id);
        it.page.resize(1115, 690);
        it.page.setRedactor(m_redactor);
        it.page.setTrace(&it.store);
        it.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&it.page));
        it.page.showExchange(id);
        it.page.showTab(DetailTab::Body);
        for (BodyView *view : it.page.findChildren<BodyView *>()) {
            if (view->size() == body.size())
                it.body = view;
        }
        QVERIFY(it.body);
        it.json = it.body->findChild<JsonView *>();
        it.rows = it.body->findChild<JsonRows *>();
    }
    static LinkButton *button(QWidget *in, const QString &text)
    {
        for (LinkButton *link : in->findChildren<LinkButton *>()) {
            if (link->text() == text)
                return link;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"sightglass-test"_s);
        QCoreApplication::setApplicationName(u"traffic-bodies"_s);
        applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), ThemeChoice::Light);
    }
    void init() { QSettings().clear(); }

    void aHundredMegabytesOfJsonBecomeATreeAsideOfTheWindow()
    {
        const QByteArray text = manyObjects(100'000'000);
        Shown it;
        show(it, text, "application/json");
        // Above some size nobody has asked for a tree yet.
        QCOMPARE(it.body->form(), "text"_ba);
        LinkButton *tree = button(it.body, u"Tree"_s);
        QVERIFY(tree && tree->isVisible());
        const qint64 before = heldMB("VmRSS");
        QElapsedTimer clock;
        clock.start();
        Pulse pulse;
        tree->click();
        QTRY_VERIFY_WITH_TIMEOUT(it.rows->model()->rowCount() > 0, 120'000);
        qInfo("tree of 100 MB: %lld ms, %lld MB before, %lld MB with it, %lld MB at most",
              clock.elapsed(), before, heldMB("VmRSS"), heldMB("VmHWM"));
        QVERIFY2(pulse.beats() > 20, qPrintable(QString::number(pulse.beats())));
        pulse.tell("tree of 100 MB");
        QCOMPARE(it.json->json().size(), text.size());
        QVERIFY2(!it.json->json().contains("very-secret"), "secrets are replaced on the way");
        // A part is shown, and the rest is a row.
        QCOMPARE(it.rows->model()->rowCount(), JsonModel::kPart + 1);
        QVERIFY(it.rows->model()->index(JsonModel::kPart, 0).data(JsonModel::RestRole).toBool());

        // Searching goes aside, too, and reaches what is not shown.
        it.json->showSearch();
        auto *search = it.json->findChild<QLineEdit *>();
        QTest::keyClicks(search, u"\"n\":1234567,"_s.left(4));
        QTRY_VERIFY_WITH_TIMEOUT(it.rows->currentIndex().isValid(), 30'000);
    }

    void leavingABodyEndsReadingIt()
    {
        Shown it;
        show(it, manyObjects(30'000'000), "application/json");
        button(it.body, u"Tree"_s)->click();
        it.page.setTrace(nullptr);
        it.store.begin(sample::request(ExchangeKind::Post, "POST", u"ping"_s), {});
        QTest::qWait(50);
        QCOMPARE(it.rows->model()->rowCount(), 0);
        QCOMPARE(it.json->json(), QByteArray());
    }

    void aHundredThousandLevelsAreShownAndUnfolded()
    {
        constexpr int levels = 100'000;
        Shown it;
        show(it, QByteArray(levels, '[') + "\"deepest\"" + QByteArray(levels, ']'),
             "application/json");
        QTRY_VERIFY(it.rows->model()->rowCount() > 0);
        auto *model = qobject_cast<JsonModel *>(it.rows->model());
        it.json->expandAll();
        QTRY_COMPARE(model->rowCount(), levels);
        it.rows->setCurrentRow(levels - 1);
        QVERIFY(model->pathOf(levels - 1).startsWith(u"…/0/0"_s));
        it.json->collapseAll();
        QCOMPARE(model->rowCount(), 1);
        const JsonText::Node deepest = model->find("deepest", -1);
        QVERIFY(deepest >= 0);
        QCOMPARE(model->reveal(deepest), levels - 1);
        QVERIFY(!it.page.grab().isNull());
        // Deeper than it can be closed: no JSON, and shown as text with the place.
        it.json->setJson(QByteArray(levels, '{'));
        QVERIFY(it.json->findChild<RawTextView *>()->toPlainText().startsWith(u'{'));
    }

    void invalidUtf8IsShownAsItIs()
    {
        const QByteArray bad = "{\"a\":\"\xff\xfe\xc3\x28\",\"b\":1}";
        Shown it;
        show(it, bad, "application/json");
        QTRY_VERIFY(it.json->findChild<RawTextView *>()->toPlainText().contains(QChar(0xfffd)));
        QCOMPARE(it.json->json(), bad);
        button(it.body, u"Bytes"_s)->click();
        QCOMPARE(it.body->form(), "hex"_ba);
        auto *hex = it.body->findChild<HexModel *>();
        QVERIFY(hex->index(0, 1).data().toString().startsWith(u"7b 22 61 22 3a 22 ff fe"_s));
        button(it.body, u"Text"_s)->click();
        QCOMPARE(it.body->form(), "text"_ba);
    }

    void oneLineOfFiftyMegabytesIsReadInParts()
    {
        // Characters of three bytes: a part must not end within one.
        QByteArray line;
        line.reserve(50'000'010);
        while (line.size() < 50'000'000)
            line += "\xe2\x82\xac";
        Shown it;
        show(it, line, "text/plain");
        auto *text = [&] {
            for (RawTextView *view : it.body->findChildren<RawTextView *>()) {
                if (view->isVisible())
                    return view;
            }
            return static_cast<RawTextView *>(nullptr);
        }();
        QVERIFY(text);
        QVERIFY(!text->toPlainText().contains(QChar(0xfffd)));
        const qsizetype first = text->toPlainText().size();
        QVERIFY(first > 1000 && first < 100'000);
        QVERIFY(!button(it.body, u"Previous part"_s)->isVisible());
        button(it.body, u"Next part"_s)->click();
        QVERIFY(!text->toPlainText().contains(QChar(0xfffd)));
        QVERIFY(button(it.body, u"Previous part"_s)->isVisible());
        QVERIFY(button(it.body, u"Previous part"_s)->toolTip().contains(u"50,000,001"_s));
        QVERIFY(!it.page.grab().isNull());
        button(it.body, u"Previous part"_s)->click();
        QCOMPARE(text->toPlainText().size(), first);
    }

    void partsOfATextGiveAllOfItInOrder()
    {
        QByteArray all;
        for (int i = 0; i < 20'000; ++i)
            all += "line " + QByteArray::number(i) + (i % 7 == 0 ? " \xf0\x9f\x94\x91\n" : "\n");
        Shown it;
        show(it, all, "text/plain");
        RawTextView *text = nullptr;
        for (RawTextView *view : it.body->findChildren<RawTextView *>()) {
            if (view->isVisible())
                text = view;
        }
        QVERIFY(text);
        QString read = text->toPlainText();
        for (LinkButton *next = button(it.body, u"Next part"_s); next->isVisible();) {
            next->click();
            read += text->toPlainText();
        }
        QCOMPARE(read, QString::fromUtf8(all));
    }

    void anEventOfTwentyMegabytesIsReadAside()
    {
        TraceStore store;
        const ExchangeId id =
            store.begin(sample::request(ExchangeKind::Stream, "GET", u"event stream"_s), {}, 0);
        store.respond(id, sample::answer(200, "OK", "text/event-stream"), sample::kMs);
        sample::frame(store, id, FrameKind::Event, "data: " + manyObjects(20'000'000) + "\n\n", 2);
        store.finish(id);
        TrafficPage page;
        page.resize(1115, 690);
        page.setRedactor(m_redactor);
        page.setTrace(&store);
        page.show();
        page.showExchange(id);
        Pulse pulse;
        page.showTab(DetailTab::Events);
        auto *rows = page.findChild<EventsView *>()->findChild<JsonRows *>();
        QTRY_VERIFY_WITH_TIMEOUT(rows->model()->rowCount() > 0, 60'000);
        QVERIFY(pulse.beats() > 3);
        pulse.tell("event of 20 MB");
        QVERIFY(!page.findChild<EventsView *>()->findChild<JsonView *>()->json().contains(
            "very-secret"));
    }

    void membersThatAreNotShownUnfoldFromTheirRow()
    {
        QByteArray text = "[";
        for (int i = 0; i < 20'000; ++i)
            text += QByteArray::number(i) + ',';
        text.chop(1);
        text += ']';
        JsonModel model;
        QAbstractItemModelTester tester(&model);
        model.setJson(JsonText::parse(text));
        QCOMPARE(model.rowCount(), JsonModel::kPart + 1);
        const auto value = [&](int row) { return model.index(row, 1).data().toString(); };
        QCOMPARE(value(JsonModel::kPart), u"15,000 more"_s);
        QCOMPARE(model.nodeAt(JsonModel::kPart), -1);
        model.setUnfolded(JsonModel::kPart, true);
        QCOMPARE(model.rowCount(), 2 * JsonModel::kPart + 1);
        QCOMPARE(value(JsonModel::kPart), QString::number(JsonModel::kPart));

        // What is found far behind is shown with what stands around it.
        const JsonText::Node far = model.find("17345", -1);
        const int row = model.reveal(far);
        QVERIFY(row > 0);
        QCOMPARE(value(row), u"17345"_s);
        QCOMPARE(model.index(row, 0).data().toString(), u"17345"_s);
        QCOMPARE(model.pathOf(row), u"/17345"_s);
        QVERIFY(model.index(0, 0).data(JsonModel::RestRole).toBool());
        QVERIFY2(value(0).endsWith(u" before"_s), qPrintable(value(0)));
        model.setUnfolded(0, true);
        QCOMPARE(value(model.rowOf(far)), u"17345"_s);
        QCOMPARE(model.index(model.rowOf(far), 0).data().toString(), u"17345"_s);
        while (model.index(0, 0).data(JsonModel::RestRole).toBool())
            model.setUnfolded(0, true);
        QCOMPARE(value(0), u"0"_s);
        QVERIFY(model.reveal(model.find("19999", -1)) > 0);
    }

    void toolTipsAreNeverMarkup()
    {
        const QString tip = plainToolTip(u"<b>bold</b>\n<img src=x>"_s);
        QVERIFY(!tip.contains(u"<b>"_s) && !tip.contains(u"<img"_s));
        QVERIFY(tip.contains(u"&lt;b&gt;bold"_s));
        QVERIFY(Qt::mightBeRichText(tip));
        QCOMPARE(plainToolTip({}), QString());
    }
};

QTEST_MAIN(TestTrafficBodies)
#include "test_traffic_bodies.moc"
