// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/exchange_pane.h"

#include "core/trace/trace_text.h"
#include "ui/counted.h"
#include "ui/models/events_model.h"
#include "ui/models/message_pair.h"
#include "ui/models/sent_by_hand.h"
#include "ui/models/timing_model.h"
#include "ui/pages/bodies_tab.h"
#include "ui/pages/request_editor.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/body_view.h"
#include "ui/widgets/events_view.h"
#include "ui/widgets/headers_view.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/waterfall.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QSplitter>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace sightglass {

namespace {
constexpr int kLow = 270; ///< pixels of a pane's height
constexpr int kNarrow = 800; ///< and of its width
} // namespace

struct ExchangePane::Private {
    ExchangePane *q = nullptr;
    ShownTrace shown;
    TraceClock now;
    Glance glance;
    ExchangeId id = 0;
    ExchangeId chosen = 0; ///< to be compared with, by the person
    ExchangeId compared = 0;
    bool seenFinished = false;
    bool seenHead = false;
    bool canSendAgain = false;
    QTabBar *tabs = nullptr;
    QStackedWidget *stack = nullptr;
    RoleLabel *summary = nullptr;
    LinkButton *curl = nullptr;
    LinkButton *again = nullptr;
    LinkButton *edit = nullptr;
    LinkButton *compare = nullptr; ///< with what it was sent again from
    ExchangeId comparable = 0; ///< what it was sent again from
    SentByHand byHand;
    QStackedLayout *views = nullptr; ///< the exchange, or its request being edited
    RequestEditor *editor = nullptr;
    Banner *banner = nullptr;
    bool lowBanner = false; ///< without its advice
    HeadersView *headers = nullptr;
    BodiesTab *bodies = nullptr;
    EventsView *events = nullptr;
    TimingModel *timing = nullptr;
    RoleLabel *requestCaption = nullptr;
    JsonView *request = nullptr;
    RoleLabel *answerCaption = nullptr;
    LinkButton *answerLink = nullptr;
    JsonView *answer = nullptr;
    ExchangeId answerExchange = 0;
    qint64 answerFrame = -1;
    /// Which tabs show the exchange as it is; others are filled when they are looked at.
    std::array<bool, 5> filled{};

    QWidget *makeTimingTab();
    QWidget *makeMessageTab();
    bool canBeSent() const
    {
        return id > 0 && canSendAgain && isHttp(shown.trace->summary(id).kind);
    }
    void setEditing(bool editing);
    void showLinks();
    ExchangeId findComparable() const
    {
        if (chosen > 0)
            return chosen;
        return comparableExchange(shown, id, glance ? glance(id) : CredentialGlance());
    }
    void fill(DetailTab tab);
    void showSummary();
    void showFailure();
    void showMessage();
};

namespace {

QSplitter *sideBySide(QWidget *left, QWidget *right)
{
    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(right);
    splitter->setSizes({500, 500});
    return splitter;
}

} // namespace

ExchangePane::ExchangePane(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->q = this;
    d->tabs = new QTabBar(this);
    d->tabs->setDrawBase(false);
    d->tabs->setExpanding(false);
    d->tabs->setAccessibleName(tr("Parts of the exchange"));
    for (const QString &title :
         {tr("Headers"), tr("Body"), tr("Events"), tr("Timing"), tr("Message")})
        d->tabs->addTab(title);
    d->summary = new RoleLabel(Role::Muted, this);
    d->summary->setElide(Qt::ElideRight);
    d->summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    d->curl = new LinkButton(tr("Copy as cURL"), this);
    d->curl->setToolTip(tr("Secrets are left out; the table's menu has it with them, too"));
    d->compare = new LinkButton(QString(), this);
    d->again = new LinkButton(tr("Send again"), this);
    d->edit = new LinkButton(tr("Edit and send"), this);
    d->edit->setToolTip(tr("Ctrl+E"));
    d->banner = new Banner(this);
    d->banner->clear();

    d->headers = new HeadersView(this);
    d->bodies = new BodiesTab(this);
    d->events = new EventsView(this);
    d->stack = new QStackedWidget(this);
    d->stack->addWidget(d->headers);
    d->stack->addWidget(d->bodies);
    d->stack->addWidget(d->events);
    d->stack->addWidget(d->makeTimingTab());
    d->stack->addWidget(d->makeMessageTab());

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 0, 12, 0);
    bar->setSpacing(12);
    bar->addWidget(d->tabs);
    bar->addWidget(d->summary, 1);
    bar->addWidget(d->compare);
    bar->addWidget(d->curl);
    bar->addWidget(d->again);
    bar->addWidget(d->edit);
    auto *line = new QFrame(this);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(line);
    layout->addWidget(d->banner);
    layout->addWidget(d->stack, 1);
    d->editor = new RequestEditor(this);
    d->views = new QStackedLayout(this);
    d->views->addWidget(content);
    d->views->addWidget(d->editor);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);

    connect(d->tabs, &QTabBar::currentChanged, this, [this](int tab) {
        d->stack->setCurrentIndex(tab);
        d->fill(DetailTab(tab));
    });
    connect(d->curl, &LinkButton::clicked, this, [this] { Q_EMIT copyAsCurlRequested(d->id); });
    connect(d->again, &LinkButton::clicked, this, [this] { Q_EMIT sendAgainRequested(d->id); });
    connect(d->edit, &LinkButton::clicked, this, &ExchangePane::editAndSend);
    connect(d->compare, &LinkButton::clicked, this, [this] {
        if (const auto origin = d->byHand.originOf(d->id))
            compareWith(d->chosen == origin->of ? 0 : origin->of);
    });
    connect(d->editor, &RequestEditor::closed, this, [this] { d->setEditing(false); });
    connect(d->editor, &RequestEditor::sendRequested, this, [this](const EditedRequest &edited) {
        d->setEditing(false);
        Q_EMIT sendEditedRequested(edited);
    });
    connect(d->headers, &HeadersView::revealRequested, this, [this](bool reveal) {
        d->shown.reveal = reveal;
        d->filled = {};
        d->fill(tab());
    });
    connect(d->headers, &HeadersView::exchangeRequested, this, &ExchangePane::exchangeRequested);
    connect(d->headers, &HeadersView::filterRequested, this, &ExchangePane::filterRequested);
    connect(d->headers, &HeadersView::statusMessage, this, &ExchangePane::statusMessage);
    connect(d->events, &EventsView::statusMessage, this, &ExchangePane::statusMessage);
    connect(d->events, &EventsView::menuOpening, this, &ExchangePane::eventMenuOpening);
    connect(d->bodies, &BodiesTab::statusMessage, this, &ExchangePane::statusMessage);
    for (JsonView *json : {d->request, d->answer})
        connect(json, &JsonView::statusMessage, this, &ExchangePane::statusMessage);
    connect(d->answerLink, &LinkButton::clicked, this, [this] {
        if (d->answerExchange != d->id) {
            Q_EMIT exchangeRequested(d->answerExchange);
        } else {
            showTab(DetailTab::Events);
            d->events->showFrame(d->answerFrame);
        }
    });
    showExchange(0);
}

ExchangePane::~ExchangePane() = default;

QWidget *ExchangePane::Private::makeTimingTab()
{
    timing = new TimingModel(q);
    auto *rows = new RowsView;
    rows->setItemDelegate(new TimingDelegate(rows));
    rows->setModel(timing);
    rows->setColumns({{ExchangePane::tr("Waited for a connection"), 0, 0},
                      {QStringLiteral("00 min 00 s"), 0, 0},
                      {QStringLiteral("00 min 00 s"), 0, 0},
                      {QString(), 1, 0}});
    rows->setAccessibleName(ExchangePane::tr("Timing"));
    return rows;
}

QWidget *ExchangePane::Private::makeMessageTab()
{
    const auto side = [](RoleLabel *caption, LinkButton *link, JsonView *json) {
        auto *widget = new QWidget;
        auto *bar = new QHBoxLayout;
        bar->setContentsMargins(12, 6, 12, 2);
        caption->setElide(Qt::ElideRight);
        caption->setMinimumHeight(LinkButton(QStringLiteral("x")).sizeHint().height());
        bar->addWidget(caption, 1);
        if (link)
            bar->addWidget(link);
        auto *layout = new QVBoxLayout(widget);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addLayout(bar);
        layout->addWidget(json, 1);
        return widget;
    };
    requestCaption = new RoleLabel(Role::Muted);
    answerCaption = new RoleLabel(Role::Muted);
    answerLink = new LinkButton;
    request = new JsonView;
    answer = new JsonView;
    return sideBySide(side(requestCaption, nullptr, request),
                      side(answerCaption, answerLink, answer));
}

void ExchangePane::setGlance(Glance glance)
{
    d->glance = std::move(glance);
}

void ExchangePane::setFindings(const FindingsLookup &lookup)
{
    d->events->setFindings(lookup);
}

void ExchangePane::setTrace(const ShownTrace &shown, TraceClock now)
{
    d->bodies->requestView()->cancelSaves();
    d->bodies->responseView()->cancelSaves();
    if (shown.trace != d->shown.trace) {
        d->editor->clear();
        d->byHand.reset();
    }
    d->id = 0; // of the trace before
    d->shown = shown;
    d->now = std::move(now);
    showExchange(0);
}

void ExchangePane::showExchange(ExchangeId id)
{
    d->setEditing(false);
    d->id = d->shown.trace && id <= d->shown.trace->exchangeCount() ? id : 0;
    // Revealing was meant for what was looked at then.
    d->shown.reveal = false;
    d->filled = {};
    d->chosen = 0;
    d->compared = d->id > 0 ? d->findComparable() : 0;
    d->seenFinished = d->id > 0 && d->shown.trace->summary(d->id).finished;
    d->seenHead = d->id > 0 && d->shown.trace->response(d->id);
    d->showSummary();
    d->showFailure();
    // What goes over standard streams has no headers.
    if (d->id > 0 && tab() == DetailTab::Headers && !isHttp(d->shown.trace->summary(d->id).kind))
        showTab(DetailTab::Body);
    d->fill(tab());
    if (d->id == 0) {
        // Nothing may keep reading from a trace that goes away.
        for (const DetailTab each : {DetailTab::Headers, DetailTab::Body, DetailTab::Events,
                                     DetailTab::Timing, DetailTab::Message})
            d->fill(each);
    }
}

void ExchangePane::compareWith(ExchangeId other)
{
    if (d->id == 0 || other < 0 || other == d->id || other > d->shown.trace->exchangeCount()
        || other == d->chosen)
        return;
    d->chosen = other;
    credentialsChanged();
    if (other > 0 && tab() != DetailTab::Body)
        showTab(DetailTab::Headers);
}

ExchangeId ExchangePane::comparedWith() const
{
    return d->compared;
}

bool ExchangePane::isComparingByHand() const
{
    return d->chosen > 0;
}

void ExchangePane::credentialsChanged()
{
    if (d->id == 0)
        return;
    const ExchangeId before = std::exchange(d->compared, d->findComparable());
    if (before == d->compared)
        return;
    d->filled[size_t(DetailTab::Headers)] = false;
    d->filled[size_t(DetailTab::Body)] = false;
    d->showSummary();
    d->fill(tab());
}

void ExchangePane::refresh()
{
    if (d->id == 0)
        return;
    const ExchangeSummary summary = d->shown.trace->summary(d->id);
    const bool head = d->shown.trace->response(d->id).has_value();
    d->events->refresh(); // also of a stream that is over: it may have been taken up again
    if (d->seenFinished)
        return;
    d->showSummary();
    if (head != d->seenHead || summary.finished) {
        d->seenHead = head;
        d->seenFinished = summary.finished;
        d->compared = d->findComparable();
        d->showSummary();
        d->showFailure();
        const bool events = d->filled[size_t(DetailTab::Events)];
        d->filled = {};
        d->filled[size_t(DetailTab::Events)] = events;
        d->fill(tab());
    } else if (tab() == DetailTab::Timing) {
        d->filled[size_t(DetailTab::Timing)] = false;
        d->fill(DetailTab::Timing);
    }
}

void ExchangePane::showTab(DetailTab tab)
{
    d->tabs->setCurrentIndex(int(tab));
}
DetailTab ExchangePane::tab() const
{
    return DetailTab(std::max(0, d->tabs->currentIndex()));
}

void ExchangePane::showFrame(qint64 frame)
{
    showTab(DetailTab::Events);
    d->events->showFrame(frame);
}

qint64 ExchangePane::focusedFrame() const
{
    return d->events->list()->hasFocus() ? d->events->currentFrame() : -1;
}

bool ExchangePane::toggleHold()
{
    if (tab() != DetailTab::Events || d->id == 0 || (d->seenFinished && !d->events->isHeld()))
        return false;
    d->events->setHeld(!d->events->isHeld());
    return true;
}

void ExchangePane::setCanSendAgain(bool can, const QUrl &server)
{
    d->canSendAgain = can;
    d->editor->setCanSend(can);
    d->editor->setServer(server);
    d->showLinks();
}

void ExchangePane::editAndSend()
{
    if (!d->canBeSent())
        return;
    d->setEditing(true);
    d->editor->edit(d->shown, d->id);
}

bool ExchangePane::isEditing() const
{
    return d->views->currentWidget() == d->editor;
}

void ExchangePane::Private::setEditing(bool editing)
{
    if (q->isEditing() == editing)
        return;
    const bool focused = editor->isAncestorOf(QApplication::focusWidget());
    views->setCurrentIndex(editing ? 1 : 0);
    if (focused)
        tabs->setFocus(Qt::OtherFocusReason);
    Q_EMIT q->editingChanged(editing);
}

QString ExchangePane::summaryText() const
{
    return d->summary->text();
}

void ExchangePane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    d->showLinks();
    if (d->lowBanner != (height() < kLow) && d->banner->isVisibleTo(this))
        d->showFailure();
}

void ExchangePane::Private::fill(DetailTab tab)
{
    if (filled[size_t(tab)])
        return;
    filled[size_t(tab)] = true;
    switch (tab) {
    case DetailTab::Headers:
        headers->setExchange(shown, id, compared);
        break;
    case DetailTab::Body:
        bodies->show(shown, id, compared, chosen > 0);
        break;
    case DetailTab::Events:
        events->setExchange(shown, id, now);
        break;
    case DetailTab::Timing:
        timing->setRows(id > 0
                            ? timingRows(shown.trace->summary(id), firstEventTime(*shown.trace, id))
                            : QList<TimingRow>());
        break;
    case DetailTab::Message:
        showMessage();
        break;
    }
}

void ExchangePane::Private::showSummary()
{
    comparable = 0;
    showLinks();
    if (id == 0) {
        summary->setWholeText({});
        tabs->setTabText(int(DetailTab::Events), ExchangePane::tr("Events"));
        return;
    }
    const ExchangeSummary s = shown.trace->summary(id);
    tabs->setTabText(int(DetailTab::Events),
                     s.events > 0 ? ExchangePane::tr("Events  %L1").arg(s.events)
                                  : ExchangePane::tr("Events"));
    QString text = ExchangePane::tr("Exchange %1").arg(id);
    QString tip;
    byHand.update(*shown.trace);
    if (const auto origin = byHand.originOf(id); origin && origin->of > 0) {
        text = origin->edited ? ExchangePane::tr("Exchange %1, edited by you from %2")
                                    .arg(QString::number(id), QString::number(origin->of))
                              : ExchangePane::tr("Exchange %1, sent again by you after %2")
                                    .arg(QString::number(id), QString::number(origin->of));
        tip = visibleText(origin->words);
        comparable = origin->of;
        compare->setText(chosen == origin->of
                             ? ExchangePane::tr("Stop comparing")
                             : ExchangePane::tr("Compare with %1").arg(origin->of));
        compare->updateGeometry();
    } else if (origin && origin->of == 0) {
        text = ExchangePane::tr("Exchange %1, sent by you from a recording").arg(id);
        tip = visibleText(origin->words);
    } else if (chosen > 0) {
        text = ExchangePane::tr("Exchange %1, compared with %2")
                   .arg(QString::number(id), QString::number(chosen));
    } else if (compared > 0) {
        text = compared < id
            ? ExchangePane::tr("Exchange %1, compared with %2, the last one accepted")
                  .arg(QString::number(id), QString::number(compared))
            : ExchangePane::tr("Exchange %1, compared with %2, which was accepted")
                  .arg(QString::number(id), QString::number(compared));
    } else if (s.frames > 0) {
        QStringList parts{text};
        if (s.finished && s.times.ended >= 0)
            parts << ExchangePane::tr("one stream, %1")
                         .arg(humanDuration(s.times.ended - s.times.begun));
        else
            parts << (now ? ExchangePane::tr("open stream")
                          : ExchangePane::tr("stream without an end"));
        parts << counted(s.events, ExchangePane::tr("%1 event"), ExchangePane::tr("%1 events"));
        if (s.frames > s.events)
            parts << counted(s.frames - s.events, ExchangePane::tr("%1 other line"),
                             ExchangePane::tr("%1 other lines"));
        text = parts.join(QStringLiteral(", "));
    }
    summary->setWholeText(text);
    if (!tip.isEmpty())
        summary->setToolTip(plainToolTip(tip));
    showLinks();
}

/// Where there is no room for all, the one goes that the table's menu has as well.
void ExchangePane::Private::showLinks()
{
    compare->setVisible(comparable > 0);
    // The table's menu has it, too.
    curl->setVisible(id > 0 && isHttp(shown.trace->summary(id).kind) && q->width() >= kNarrow);
    again->setVisible(canBeSent());
    edit->setVisible(canBeSent());
}

void ExchangePane::Private::showFailure()
{
    lowBanner = q->height() < kLow;
    if (const QString why = shown.trace ? leftBecause(*shown.trace, id) : QString();
        !why.isEmpty()) {
        banner->clearLinks();
        banner->setMessage(Banner::Severity::Attention, visibleText(why));
        banner->setToolTip({});
        return;
    }
    const std::optional<Failure> failure = shown.failure(id);
    if (!failure) {
        banner->clear();
        return;
    }
    banner->clearLinks();
    // Where there is little room, what to do is said by the tool tip: the heads say what it was.
    const QString advice = visibleText(failure->advice);
    banner->setMessage(failure->kind == FailureKind::Cancelled ? Banner::Severity::Attention
                                                               : Banner::Severity::Failure,
                       visibleText(failure->sentence), lowBanner ? QString() : advice);
    banner->setToolTip(plainToolTip(lowBanner ? advice : QString()));
}

void ExchangePane::Private::showMessage()
{
    if (id == 0) {
        request->clear();
        answer->clear();
        requestCaption->setWholeText({});
        answerCaption->setWholeText({});
        answerLink->hide();
        return;
    }
    const MessagePair pair = messagePair(shown, id);
    requestCaption->setWholeText(pair.requestWords.isEmpty() ? ExchangePane::tr("Request")
                                                             : pair.requestWords);
    request->setJson(pair.request);
    answerExchange = pair.answerExchange;
    answerFrame = pair.answerFrame;
    QString words = pair.answerWords.isEmpty() ? pair.note : pair.answerWords;
    if (pair.answerAt >= 0)
        words += ExchangePane::tr(", after %1")
                     .arg(humanDuration(pair.answerAt - shown.trace->summary(id).times.begun));
    if (pair.progress > 0)
        words += counted(pair.progress, ExchangePane::tr(", %1 progress message before"),
                         ExchangePane::tr(", %1 progress messages before"));
    answerCaption->setRole(pair.isError ? Role::Failure : Role::Muted);
    answerCaption->setWholeText(words);
    answer->setJson(pair.answer);
    const bool elsewhere = pair.answerExchange > 0 && pair.answerExchange != id;
    answerLink->setText(elsewhere ? ExchangePane::tr("Exchange %1").arg(pair.answerExchange)
                                  : ExchangePane::tr("Show event"));
    answerLink->setVisible(elsewhere || pair.answerFrame >= 0);
}

} // namespace sightglass
