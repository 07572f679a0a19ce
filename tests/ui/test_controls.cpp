// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/offering_server.h"
#include "tests/ui/sample_trace.h"
#include "ui/failure_banner.h"
#include "ui/pages/findings_page.h"
#include "ui/pages/server_logs.h"
#include "ui/pages/server_page.h"
#include "ui/pages/server_roots.h"
#include "ui/pages/tools_page.h"
#include "ui/pages/traffic_page.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/choice_card.h"
#include "ui/widgets/rows_view.h"

#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QListView>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QTabBar>
#include <QToolButton>
#include <QTranslator>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

/// Makes every word of the program 40 % longer, as German is.
class LongWords final : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *, const char *text, const char *, int) const override
    {
        const QString source = QString::fromUtf8(text);
        return source + QString(qsizetype(double(source.size()) * 0.4), u'n');
    }
};

QString describe(const QWidget *widget)
{
    QString text = QString::fromLatin1(widget->metaObject()->className());
    if (const auto *label = qobject_cast<const QLabel *>(widget))
        text += u" “%1”"_s.arg(label->text());
    if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
        text += u" “%1”"_s.arg(button->text());
    for (const QWidget *up = widget->parentWidget(); up && !up->isWindow(); up = up->parentWidget())
        text += u" in "_s + QString::fromLatin1(up->metaObject()->className());
    return text;
}

QString accessibleName(QWidget *widget)
{
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
    return interface ? interface->text(QAccessible::Name) : QString();
}

bool isControl(const QWidget *widget)
{
    return widget->isVisible() && widget->width() > 0
        && (qobject_cast<const QLabel *>(widget) || qobject_cast<const QAbstractButton *>(widget)
            || qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QComboBox *>(widget)
            || qobject_cast<const QPlainTextEdit *>(widget));
}

/// Controls that stand beside the edge of the place they scroll in, where it scrolls downwards
/// alone, and those that lie on each other.
QStringList cutOrCovered(const QWidget &window)
{
    QStringList faults;
    const QList<QWidget *> all = window.findChildren<QWidget *>();
    for (const QWidget *widget : all) {
        if (!isControl(widget))
            continue;
        for (QWidget *up = widget->parentWidget(); up && !up->isWindow(); up = up->parentWidget()) {
            const auto *scroll = qobject_cast<const QScrollArea *>(up);
            if (!scroll)
                continue;
            const int right = widget->mapTo(scroll->viewport(), QPoint(widget->width() - 1, 0)).x();
            if (right > scroll->viewport()->width())
                faults.append(u"cut: "_s + describe(widget));
        }
        const QObjectList siblings = widget->parentWidget()->children();
        for (const QObject *sibling : siblings) {
            const auto *other = qobject_cast<const QWidget *>(sibling);
            // Each pair once.
            if (!other || other == widget || !isControl(other) || other < widget)
                continue;
            const QRect common = widget->geometry() & other->geometry();
            if (common.width() > 1 && common.height() > 1)
                faults.append(describe(widget) + u" lies on "_s + describe(other));
        }
    }
    return faults;
}

} // namespace

/// Every control can be named, reached and read.
class TestControls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        QVERIFY(lab.start());
    }
    void pages_data();
    void pages();
    void everyKeyOfTheWindow();
    void backFromAnExchangeLeadsToThePageBefore();
    void tabGoesRoundThroughAllParts();

private:
    static void open(WindowProbe &probe, const QString &place);
    LabProbe lab;
};

void TestControls::pages_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("longWords");
    QStringList places = MainWindow::pageNames();
    places << u"Credentials"_s << u"Revision"_s << u"TLS, proxy and times"_s << u"Command"_s
           << u"Logs"_s << u"Roots"_s << u"An address to open"_s << u"A form"_s << u"Sampling"_s;
    for (const QString &place : std::as_const(places)) {
        QTest::addRow("%s, 1280 x 800", qPrintable(place)) << place << QSize(1280, 800) << false;
        QTest::addRow("%s, 900 x 600", qPrintable(place)) << place << QSize(900, 600) << false;
        // 1280 x 800 at 150 %
        QTest::addRow("%s, 150 %%", qPrintable(place)) << place << QSize(853, 533) << false;
        QTest::addRow("%s, longer words", qPrintable(place)) << place << QSize(1024, 640) << true;
    }
}

void TestControls::pages()
{
    QFETCH(QString, page);
    QFETCH(QSize, size);
    QFETCH(bool, longWords);
    LongWords translator;
    if (longWords)
        QCoreApplication::installTranslator(&translator);
    WindowProbe probe(size);
    const bool isPage = MainWindow::pageNames().contains(page);
    if (page != "start"_L1 && isPage) {
        probe.enter(lab.url().toString());
        QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000);
        QVERIFY(probe.part<ToolsPage>()->selectTool(u"form-showcase"_s));
    }
    if (page == "tasks"_L1) {
        probe.session->callTool(u"deep-clean"_s, "{\"seconds\":600}", "{}");
        QTRY_COMPARE_WITH_TIMEOUT(probe.railCount(u"tasks"_s), 1, 10000);
    }
    TraceStore faulty;
    if (page == "findings"_L1) {
        sample::fill(faulty);
        for (const char *id : {"AF-29", "AF-65", "AF-80", "AF-777"})
            faulty.noteFailure({FailureKind::Protocol, u"made"_s, u"It happened as it had to."_s,
                                u"Mend what can be mended."_s, 1, QString::fromLatin1(id)});
        auto *findings = probe.part<FindingsPage>();
        findings->setTrace(&faulty);
        QTRY_VERIFY_WITH_TIMEOUT(findings->problemCount() >= 4, 10000);
    }
    const auto forget = qScopeGuard([&] { probe.part<FindingsPage>()->setTrace(nullptr); });
    if (isPage)
        QVERIFY(probe.window->prepareScreenshot(page));
    else
        open(probe, page);
    QTest::qWait(100); // panes that open get their places from the event loop
    keepPicture(probe, QString::fromLatin1(QTest::currentDataTag()).remove(u' '));

    QStringList nameless;
    QStringList clipped;
    const QList<QWidget *> all = probe.window->findChildren<QWidget *>();
    for (QWidget *widget : all) {
        if (!widget->isVisible() || widget->width() <= 0)
            continue;
        const bool interactive = widget->focusPolicy() & Qt::TabFocus
            || qobject_cast<QAbstractButton *>(widget) || qobject_cast<QLineEdit *>(widget);
        const bool part = qobject_cast<QAbstractSpinBox *>(widget->parentWidget())
            || qobject_cast<QComboBox *>(widget->parentWidget())
            || qobject_cast<QLineEdit *>(widget->parentWidget());
        if (interactive && !part && accessibleName(widget).isEmpty())
            nameless.append(describe(widget));

        const auto *label = qobject_cast<const QLabel *>(widget);
        const auto *button = part ? nullptr : qobject_cast<const QAbstractButton *>(widget);
        const bool elides =
            widget->minimumSizeHint().width() < widget->sizeHint().width() && !label;
        if (label && !label->wordWrap() && !label->text().isEmpty()
            && label->width() + 1 < label->minimumSizeHint().width())
            clipped.append(describe(widget));
        if (button && !button->text().isEmpty() && !elides
            && (button->width() + 1 < button->sizeHint().width()
                || button->height() + 1 < button->sizeHint().height()))
            clipped.append(describe(widget));
    }
    const QStringList cut = cutOrCovered(*probe.window);
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join(u'\n')));
    nameless.removeDuplicates();
    QVERIFY2(nameless.isEmpty(), qPrintable(u"without a name: "_s + nameless.join(u'\n')));
    QVERIFY2(clipped.isEmpty(), qPrintable(u"clipped: "_s + clipped.join(u'\n')));
    // Nothing needs more room than there is.
    QCOMPARE(probe.window->size(), size);
}

void TestControls::open(WindowProbe &probe, const QString &place)
{
    auto *line = probe.part<ConnectionLine>();
    auto *server = probe.part<ServerPage>();
    if (place == "Credentials"_L1) {
        line->openCredentials();
    } else if (place == "Revision"_L1) {
        line->openRevision();
    } else if (place == "TLS, proxy and times"_L1) {
        line->openNetwork();
    } else if (place == "Command"_L1) {
        probe.addressEdit()->setText(u"npx -y @modelcontextprotocol/server-everything stdio"_s);
        line->openCommand();
    } else if (place == "An address to open"_L1) {
        ServerRequest request;
        request.number = 1;
        request.method = "elicitation/create";
        request.params = "{\"mode\":\"url\",\"message\":\"Please go to this page and say whether "
                         "you agree to what stands there.\",\"url\":\"https://accounts.example/"
                         "consent/of/a/long/path?client=sightglass&state=0123456789abcdef\"}";
        Q_EMIT probe.session->serverRequested(request);
        probe.window->showPage(u"requests"_s);
    } else if (place == "A form"_L1) {
        ServerRequest request;
        request.number = 1;
        request.method = "elicitation/create";
        request.params = "{\"message\":\"m\",\"requestedSchema\":{\"type\":\"object\","
                         "\"properties\":{\"one\":{\"type\":\"string\"}}}}";
        Q_EMIT probe.session->serverRequested(request);
        probe.window->showPage(u"requests"_s);
    } else if (place == "Sampling"_L1) {
        ServerRequest request;
        request.number = 1;
        request.method = "sampling/createMessage";
        request.params = "{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\","
                         "\"text\":\"Why?\"}}],\"maxTokens\":100,\"modelPreferences\":{\"hints\":"
                         "[{\"name\":\"a long name of a model that is wished for\"}]}}";
        Q_EMIT probe.session->serverRequested(request);
        probe.window->showPage(u"requests"_s);
    } else {
        probe.window->showPage(u"server"_s);
        server->showTab(place == "Logs"_L1 ? ServerPage::Tab::Logs : ServerPage::Tab::Roots);
        auto *roots = server->findChild<ServerRoots *>();
        roots->addFolder(u"/srv/a folder with a long name/and another one in it/with files"_s);
        roots->setRoots(roots->roots() + QList<Root>{{u"https://no.file.example/"_s, u"wrong"_s}});
        LogTail::Taken logged;
        for (const char *level : {"info", "warning", "emergency"}) {
            const QByteArray params = "{\"level\":\"" + QByteArray(level)
                + "\",\"logger\":\"a logger of theirs\",\"data\":{\"text\":\"Something happened "
                  "that somebody wanted to be known, at some length\"}}";
            logged.messages.append({params, 3, 0});
        }
        Q_EMIT probe.session->logged(logged, QDateTime::currentDateTime());
        if (place == "Logs"_L1) {
            auto *rows = server->findChild<ServerLogs *>()->findChild<RowsView *>();
            QTRY_VERIFY(rows->model()->rowCount() >= 3);
            rows->setCurrentRow(rows->model()->rowCount() - 1);
        }
    }
}

void TestControls::everyKeyOfTheWindow()
{
    WindowProbe probe;
    probe.enter(lab.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000);
    auto press = [&probe](Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::ControlModifier) {
        QWidget *focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : probe.window.get(), key, modifiers);
    };
    auto *rail = probe.part<Rail>();
    for (int page = 0; page < rail->pageCount(); ++page) {
        press(page < 9 ? Qt::Key(Qt::Key_1 + page) : Qt::Key_0); // as on the keyboard
        QCOMPARE(rail->current(), page);
    }
    press(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(rail->current(), rail->pageCount() - 2);
    press(Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(rail->current(), rail->pageCount() - 1);
    // To the filter of the page; where it has none, to that of the traffic.
    press(Qt::Key_F);
    QCOMPARE(rail->current(), rail->indexOf(u"server"_s));
    QVERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()));
    press(Qt::Key(Qt::Key_1 + rail->indexOf(u"access"_s)));
    press(Qt::Key_F);
    QCOMPARE(rail->current(), rail->indexOf(u"traffic"_s));
    QVERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()));
    press(Qt::Key_1);
    press(Qt::Key_F);
    QVERIFY(probe.part<ToolsPage>()->isAncestorOf(QApplication::focusWidget()));
    press(Qt::Key_L);
    QVERIFY(probe.addressEdit()->hasFocus());
    QCOMPARE(probe.addressEdit()->selectedText(), lab.url().toString());
    const ExchangeId before = probe.session->trace()->exchangeCount();
    press(Qt::Key_F5, Qt::NoModifier);
    QTRY_VERIFY(probe.session->trace()->exchangeCount() > before);
    // Ctrl+Enter calls from any field of the page.
    QVERIFY(probe.part<ToolsPage>()->selectTool(u"echo"_s));
    press(Qt::Key_F);
    press(Qt::Key_Return);
    QTRY_VERIFY(probe.says(u"Earlier calls"_s) || probe.link(u"Copy"_s));
}

void TestControls::backFromAnExchangeLeadsToThePageBefore()
{
    WindowProbe probe;
    probe.enter(lab.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000);
    auto *rail = probe.part<Rail>();
    auto *traffic = probe.part<TrafficPage>();
    QTest::keyClick(probe.window.get(), Qt::Key(Qt::Key_1 + rail->indexOf(u"traffic"_s)),
                    Qt::ControlModifier);
    QCOMPARE(rail->current(), rail->indexOf(u"traffic"_s));
    traffic->showExchange(2);
    traffic->showTab(DetailTab::Timing);
    QTest::keyClick(probe.window.get(), Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(rail->current(), 0);
    Q_EMIT probe.window->findChild<FailureBanner *>()->showRequested(1);
    QCOMPARE(rail->current(), rail->indexOf(u"traffic"_s));
    QCOMPARE(traffic->currentExchange(), 1);
    QCOMPARE(traffic->findChild<QTabBar *>()->currentIndex(), int(DetailTab::Headers));
    QTest::keyClick(probe.window.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(rail->current(), 0);
}

void TestControls::tabGoesRoundThroughAllParts()
{
    WindowProbe probe;
    probe.enter(lab.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(probe.railCount(u"tools"_s) > 5, 15000);
    probe.addressEdit()->setFocus();
    QList<QWidget *> visited;
    for (int i = 0; i < 80; ++i) {
        QWidget *focus = QApplication::focusWidget();
        QVERIFY(focus && focus->isVisible());
        if (visited.contains(focus))
            break;
        visited.append(focus);
        QTest::keyClick(focus, Qt::Key_Tab);
    }
    QCOMPARE(QApplication::focusWidget(), visited.first()); // round, and stuck nowhere
    auto place = [&visited](auto test) {
        return std::find_if(visited.begin(), visited.end(), test) - visited.begin();
    };
    const auto connectAt = place([&](QWidget *w) { return w == probe.connectButton(); });
    const auto railAt = place([&](QWidget *w) { return probe.part<Rail>()->isAncestorOf(w); });
    const auto listAt = place([&](QWidget *w) { return qobject_cast<QListView *>(w); });
    const auto editAt = place([&](QWidget *w) { return qobject_cast<QPlainTextEdit *>(w); });
    const auto statusAt = place([&](QWidget *w) { return qobject_cast<StatusItem *>(w); });
    QVERIFY(connectAt < railAt && railAt < listAt && listAt < editAt && editAt < statusAt);
    QVERIFY(statusAt < visited.size());
}

QTEST_MAIN(TestControls)
#include "test_controls.moc"
