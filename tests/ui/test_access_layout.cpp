// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "sample_trace.h"
#include "ui/models/oauth_steps_model.h"
#include "ui/pages/access_page.h"
#include "ui/pages/oauth_section.h"
#include "ui/theme.h"
#include "ui/widgets/matrix_view.h"
#include "ui/widgets/oauth_step_view.h"
#include "ui/widgets/rows_view.h"

#include <QApplication>
#include <QScrollArea>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

// Of a window of 1280 x 800 and of the smallest that is promised, 900 x 600.
constexpr QSize large(1091, 735);
constexpr QSize small(711, 535);

OAuthState loggedIn()
{
    OAuthState state;
    state.phase = OAuthState::Phase::Authorized;
    for (int i = 0; i < OAuthStepCount; ++i) {
        OAuthStep step;
        step.kind = OAuthStepKind(i);
        if (step.kind < OAuthStepKind::Refresh) {
            step.state = OAuthStep::State::Done;
            step.sentence = u"What happened in it, at some length, as steps have it."_s;
        }
        step.input = {{u"scope"_s, u"lab:read"_s, false}};
        state.steps.append(step);
    }
    return state;
}

} // namespace

/// What of the Access page is seen without scrolling.
class TestAccessLayout : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void mostStepsAreSeen_data();
    void mostStepsAreSeen();
    void aStepStandsBesideTheListWhereThePageIsLow();
    void aStepStandsBelowTheListWhereThereIsRoom();
    void wordsOfTheListAreNeverCut();
    void theLayoutFollowsTheSize();
    void withoutStepsTheMatrixHasTheRoom();

private:
    void show(AccessPage *page, QSize size);
    static QRect visiblePart(const QWidget *widget, const QRect &of, const AccessPage &page)
    {
        const auto *scroll = page.findChild<QScrollArea *>();
        const QRect seen(scroll->viewport()->mapTo(&page, QPoint()), scroll->viewport()->size());
        return QRect(widget->mapTo(&page, of.topLeft()), of.size()).intersected(seen);
    }
    static int stepsSeen(const AccessPage &page)
    {
        const RowsView *list = page.oauth()->stepList();
        int seen = 0;
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            const QRect place = list->visualRect(list->model()->index(row, OAuthStepsModel::Title));
            seen += visiblePart(list->viewport(), place, page).height() == place.height() ? 1 : 0;
        }
        return seen;
    }

    TraceStore m_store;
};

void TestAccessLayout::initTestCase()
{
    applyTheme(*qApp, ThemeChoice::Light);
    using sample::request;
    const auto add = [this](ExchangeKind kind, const char *method, const QString &what) {
        const bool own = kind < ExchangeKind::Discovery;
        sample::whole(m_store, request(kind, method, what, own, own), {}, 200, {}, 0, 2);
    };
    add(ExchangeKind::Post, "POST", u"initialize"_s);
    add(ExchangeKind::Post, "POST", u"tools/list"_s);
    add(ExchangeKind::Stream, "GET", u"event stream"_s);
    add(ExchangeKind::Discovery, "GET", u"discovery"_s);
    add(ExchangeKind::Registration, "POST", u"registration"_s);
    add(ExchangeKind::Token, "POST", u"token"_s);
}

void TestAccessLayout::show(AccessPage *page, QSize size)
{
    page->resize(size);
    page->setTrace(&m_store);
    page->oauth()->setState(loggedIn(), {}, {}, true);
    page->show();
    QVERIFY(QTest::qWaitForWindowExposed(page));
    QCOMPARE(page->findChild<MatrixView *>()->matrixModel()->rowCount(), 6);
    QCOMPARE(page->oauth()->stepList()->model()->rowCount(), OAuthStepCount);
}

void TestAccessLayout::mostStepsAreSeen_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("least");
    QTest::newRow("large") << large << OAuthStepCount;
    QTest::newRow("small") << small << 7;
}

void TestAccessLayout::mostStepsAreSeen()
{
    QFETCH(QSize, size);
    QFETCH(int, least);
    AccessPage page;
    show(&page, size);
    QTRY_VERIFY2(stepsSeen(page) >= least, qPrintable(QString::number(stepsSeen(page))));
}

void TestAccessLayout::aStepStandsBesideTheListWhereThePageIsLow()
{
    AccessPage page;
    show(&page, small);
    const RowsView *list = page.oauth()->stepList();
    const OAuthStepView *step = page.oauth()->stepView();
    QTRY_VERIFY(step->mapTo(&page, QPoint()).x() > list->mapTo(&page, QPoint()).x() + 100);
    QVERIFY(step->mapTo(&page, QPoint()).y() < list->mapTo(&page, QPoint()).y() + 40);
    QVERIFY(visiblePart(step, step->rect(), page).height() >= std::min(step->height(), 120));
    QVERIFY(step->width() >= 300);
}

void TestAccessLayout::aStepStandsBelowTheListWhereThereIsRoom()
{
    AccessPage page;
    show(&page, large);
    const RowsView *list = page.oauth()->stepList();
    const OAuthStepView *step = page.oauth()->stepView();
    QTRY_COMPARE(step->mapTo(&page, QPoint()).x(), list->mapTo(&page, QPoint()).x());
    QVERIFY(step->mapTo(&page, QPoint()).y() >= list->mapTo(&page, QPoint(0, list->height())).y());
    QVERIFY(visiblePart(step, step->rect(), page).height() > 0);
    const QRect sentence = list->visualRect(list->model()->index(0, OAuthStepsModel::Sentence));
    QVERIFY(sentence.width() > 300);
}

void TestAccessLayout::wordsOfTheListAreNeverCut()
{
    AccessPage page;
    show(&page, small);
    const RowsView *list = page.oauth()->stepList();
    const QFontMetrics metrics(list->font());
    for (int row = 0; row < OAuthStepCount; ++row) {
        const QModelIndex title = list->model()->index(row, OAuthStepsModel::Title);
        QTRY_VERIFY2(list->visualRect(title).width()
                         >= metrics.horizontalAdvance(title.data().toString()),
                     qPrintable(title.data().toString()));
    }
}

void TestAccessLayout::theLayoutFollowsTheSize()
{
    AccessPage page;
    show(&page, large);
    auto *matrix = page.findChild<MatrixView *>();
    const int tall = matrix->height();
    page.resize(small);
    QTRY_VERIFY(matrix->height() < tall - 40);
    QTRY_VERIFY(stepsSeen(page) >= 7);
    page.resize(large);
    QTRY_COMPARE(matrix->height(), tall);
    QTRY_COMPARE(stepsSeen(page), OAuthStepCount);
}

void TestAccessLayout::withoutStepsTheMatrixHasTheRoom()
{
    AccessPage page;
    show(&page, small);
    const auto *matrix = page.findChild<MatrixView *>();
    const int low = matrix->height();
    page.oauth()->setState({}, {}, {}, true);
    QTRY_VERIFY(matrix->height() > low + 40);
    page.oauth()->setState(loggedIn(), {}, {}, true);
    QTRY_COMPARE(matrix->height(), low);
}

QTEST_MAIN(TestAccessLayout)
#include "test_access_layout.moc"
