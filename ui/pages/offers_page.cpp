// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/offers_page.h"

#include "ui/counted.h"
#include "ui/models/offer_list_model.h"
#include "ui/pages/offer_panel.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/offer_list_view.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/pages_line.h"
#include "ui/widgets/role_label.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// As it may be shown: a server may repeat what it was sent. By what it is asked for stays.
ListItem shownItem(ListKind kind, const ListItem &item, const Redactor &redactor)
{
    const QByteArray entry = item.json.text();
    const QByteArray clean = redactor.jsonWithoutKnown(entry);
    if (clean == entry)
        return item;
    ListItem shown = readListItem(kind, clean);
    shown.name = item.name;
    shown.uri = item.uri;
    shown.problem = item.problem;
    return shown;
}

} // namespace

OffersPage::OffersPage(const QString &key, const OffersPageWords &words,
                       const QList<ListKind> &kinds, OfferPanel *panel, SessionController *session,
                       QSettings *settings, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_settings(settings)
    , m_settingsKey(key + u"/splitter"_s)
    , m_words(words)
    , m_model(new OfferListModel(kinds, this))
    , m_stack(new QStackedWidget(this))
    , m_splitter(new QSplitter(this))
    , m_right(new QStackedWidget(this))
    , m_panel(panel)
{
    for (const ListKind kind : kinds)
        m_shelves.append(Shelf{kind, false, false, {}, {}, {}, new PagesLine(this)});
    m_stack->addWidget(buildMessage());
    m_splitter->addWidget(buildLeft());
    m_splitter->addWidget(buildRight());
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({281, 834});
    m_splitter->setChildrenCollapsible(false);
    if (m_settings)
        m_splitter->restoreState(m_settings->value(m_settingsKey).toByteArray());
    m_stack->addWidget(m_splitter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    for (const char *keys : {"Ctrl+Return", "Ctrl+Enter"}) {
        auto *call = new QShortcut(QKeySequence(QLatin1String(keys)), this);
        call->setContext(Qt::WidgetWithChildrenShortcut);
        connect(call, &QShortcut::activated, m_panel, &OfferPanel::call);
    }
    connect(m_panel, &OfferPanel::showExchangeRequested, this, &OffersPage::showExchangeRequested);
    connect(m_panel, &OfferPanel::showTaskRequested, this, &OffersPage::showTaskRequested);
    connect(m_panel, &OfferPanel::called, this,
            [this] { m_model->clearMark(m_panel->offer().key()); });
    connect(m_panel, &OfferPanel::statusMessage, this, &OffersPage::statusMessage);
    connect(m_session, &SessionController::stateChanged, this, &OffersPage::stateChanged);
    connect(m_session, &SessionController::oauthChanged, this, &OffersPage::showState);
    connect(m_session, &SessionController::listed, this, &OffersPage::listed);
    connect(m_session, &SessionController::traceChanged, this, &OffersPage::traceChanged);
    connect(m_session, &SessionController::traceCleared, this, [this] {
        // The exchanges of the list stand in the trace before.
        for (Shelf &shelf : m_shelves) {
            shelf.pages.clear();
            shelf.line->setPages(shelf.kind, 0, {}, {});
        }
    });
    stateChanged(m_session->state());
}

OffersPage::~OffersPage() = default;

QWidget *OffersPage::buildMessage()
{
    auto *message = new QWidget(this);
    m_messageTitle = new QLabel(message);
    m_messageTitle->setFont(scaledFont(2, true));
    m_messageTitle->setTextFormat(Qt::PlainText);
    m_messageText = new RoleLabel(Role::Muted, message);
    m_messageText->setWordWrap(true);
    auto *bar = new QProgressBar(message);
    bar->setRange(0, 0);
    bar->setTextVisible(false);
    bar->setFixedWidth(240);
    m_busy = bar;
    m_messageCancel = new QPushButton(tr("Cancel"), message);
    m_messageAsk = new QPushButton(tr("Ask all the same"), message);
    auto *layout = new QVBoxLayout(message);
    layout->setContentsMargins(32, 32, 32, 32);
    layout->addWidget(m_messageTitle);
    layout->addWidget(m_messageText);
    layout->addWidget(m_busy);
    layout->addWidget(m_messageCancel, 0, Qt::AlignLeft);
    layout->addWidget(m_messageAsk, 0, Qt::AlignLeft);
    layout->addStretch(1);
    connect(m_messageCancel, &QPushButton::clicked, m_session, &SessionController::cancelAll);
    connect(m_messageAsk, &QPushButton::clicked, this, &OffersPage::listAgain);
    return message;
}

QWidget *OffersPage::buildLeft()
{
    auto *left = new QWidget(this);
    m_left = left;
    m_filter = new FilterLine(left);
    m_list = new OfferListView(left);
    m_note = new RoleLabel(Role::Failure, left);
    m_list->setModel(m_model);
    m_list->setUniformItemSizes(m_shelves.size() == 1);
    m_list->setAccessibleName(m_words.title);
    m_note->setWordWrap(true);
    m_note->hide();
    left->setBackgroundRole(QPalette::Window);
    left->setAutoFillBackground(true);
    auto *layout = new QVBoxLayout(left);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(8);
    layout->addWidget(m_filter);
    layout->addWidget(m_note);
    layout->addWidget(m_list, 1);
    for (const Shelf &shelf : std::as_const(m_shelves)) {
        layout->addWidget(shelf.line);
        connect(shelf.line, &PagesLine::showExchangeRequested, this,
                &OffersPage::showExchangeRequested);
    }
    left->setMinimumWidth(180);

    connect(m_filter, &FilterLine::textChanged, this, [this](const QString &text) {
        const QString key = m_panel->offer().key();
        m_model->setFilter(text);
        if (!selectKey(key))
            selectFirst();
        currentChanged({});
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &, const QModelIndex &before) {
                const Offer *old = m_model->offerAt(before.row());
                m_isFirstByItself = false;
                currentChanged(old ? old->key() : QString());
            });
    return left;
}

QWidget *OffersPage::buildRight()
{
    auto *scroll = pageScroll(m_panel, this);
    m_none = new RoleLabel(m_words.choose, Role::Muted, this);
    m_none->setWordWrap(true);
    m_none->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_none->setContentsMargins(20, 20, 20, 20);
    m_right->addWidget(m_none);
    m_right->addWidget(scroll);
    m_right->setMinimumWidth(320);
    return m_right;
}

void OffersPage::focusFilter()
{
    m_filter->lineEdit()->setFocus(Qt::ShortcutFocusReason);
    m_filter->lineEdit()->selectAll();
}

void OffersPage::selectFirst()
{
    if (m_list->currentIndex().isValid() || m_model->firstRow() < 0)
        return;
    m_list->setCurrentIndex(m_model->index(m_model->firstRow()));
    m_isFirstByItself = true;
}

bool OffersPage::selectKey(const QString &key)
{
    const int row = m_model->rowOf(key);
    if (row < 0)
        return false;
    m_list->setCurrentIndex(m_model->index(row));
    return true;
}

void OffersPage::saveLayout()
{
    if (m_settings)
        m_settings->setValue(m_settingsKey, m_splitter->saveState());
}

void OffersPage::listAgain()
{
    const QByteArray capabilities = m_session->state().capabilities;
    const bool none = std::none_of(m_shelves.cbegin(), m_shelves.cend(), [&](const Shelf &shelf) {
        return offersList(capabilities, shelf.kind);
    });
    for (Shelf &shelf : m_shelves) {
        if (!none && !offersList(capabilities, shelf.kind))
            continue;
        shelf.asked = true;
        m_session->list(shelf.kind);
    }
    showState();
}

QList<QWidget *> OffersPage::tabOrder() const
{
    return QList<QWidget *>{m_messageCancel, m_messageAsk} + tabStops(m_left) + m_panel->tabOrder();
}

bool OffersPage::isAnyAsked() const
{
    return std::any_of(m_shelves.cbegin(), m_shelves.cend(),
                       [](const Shelf &shelf) { return shelf.asked; });
}

void OffersPage::stateChanged(const SessionState &state)
{
    const SessionPhase before = std::exchange(m_phase, state.phase);
    // A program has no URL, but its command line.
    const QString server = targetName(m_session->target()) + state.url.toString();
    if (server != m_server && state.phase == SessionPhase::Connecting) {
        m_server = server;
        m_panel->reset();
        for (Shelf &shelf : m_shelves) {
            shelf = Shelf{shelf.kind, false, false, {}, {}, {}, shelf.line};
            shelf.line->setPages(shelf.kind, 0, {}, {});
            m_model->setOffers(shelf.kind, {});
        }
        showNote();
        Q_EMIT countChanged(-1);
    }
    if (state.phase == SessionPhase::Ready && before != SessionPhase::Ready) {
        for (Shelf &shelf : liveShelves()) {
            shelf.asked = offersList(state.capabilities, shelf.kind);
            shelf.failure.reset();
            if (shelf.asked)
                m_session->list(shelf.kind);
        }
    }
    showState();
}

void OffersPage::traceChanged()
{
    const std::optional<QList<Listing>> &recorded = m_session->recordedLists();
    if (recorded) {
        if (!m_isRecorded)
            m_live = m_shelves;
        m_isRecorded = true;
        for (Shelf &shelf : m_shelves) {
            shelf = Shelf{shelf.kind, false, false, {}, {}, {}, shelf.line};
            for (const Listing &listing : *recorded) {
                if (listing.kind != shelf.kind)
                    continue;
                shelf.items = listing.items;
                shelf.pages = listing.pages;
                shelf.whole = listing.complete;
                if (!listing.complete)
                    shelf.failure = Failure{FailureKind::Protocol,
                                            u"list-not-whole"_s,
                                            tr("the recording does not have all pages of %1.")
                                                .arg(QString::fromLatin1(listMethod(shelf.kind))),
                                            {},
                                            0,
                                            {}};
            }
        }
    } else if (m_isRecorded) {
        m_isRecorded = false;
        m_shelves = std::exchange(m_live, {});
    } else {
        // What was listed stays to be looked at, but its exchanges stand in another trace.
        for (const Shelf &shelf : std::as_const(m_shelves))
            shelf.line->setLinksVisible(!m_session->isRecordingShown());
        showState();
        return;
    }
    for (const Shelf &shelf : std::as_const(m_shelves))
        show(shelf, {}, {});
    showNote();
    showCount();
    showState();
}

void OffersPage::showMessage(const QString &title, const QString &text, bool busy, bool canAsk)
{
    m_messageTitle->setText(title);
    m_messageText->setText(text);
    m_busy->setVisible(busy);
    m_messageCancel->setVisible(busy);
    m_messageAsk->setVisible(canAsk);
    m_stack->setCurrentIndex(0);
}

void OffersPage::showState()
{
    if (m_model->offerCount() > 0) {
        m_stack->setCurrentIndex(1); // what was listed stays to be looked at
        return;
    }
    if (m_session->isRecordingShown()) {
        QStringList lists;
        for (const Shelf &shelf : std::as_const(m_shelves))
            lists.append(QString::fromLatin1(listMethod(shelf.kind)));
        showMessage(tr("A recording is open"),
                    tr("It has no answer to %1. %2").arg(lists.join(tr(" or ")), m_words.recorded),
                    false);
        return;
    }
    const SessionState &state = m_session->state();
    switch (state.phase) {
    case SessionPhase::Connecting:
        if (m_session->oauth().waitsForPerson()) {
            showMessage(tr("Connecting"), tr("Waiting for you to log in: see above"), true);
            return;
        }
        showMessage(tr("Connecting"),
                    tr("Waiting for %1")
                        .arg(state.isProgram ? visibleText(targetName(m_session->target()))
                                             : state.url.host()),
                    true);
        return;
    case SessionPhase::Failed:
        showMessage(tr("Not connected"),
                    state.failure ? visibleText(state.failure->sentence) : QString(), false);
        return;
    case SessionPhase::Idle:
    case SessionPhase::Disconnecting:
        showMessage(tr("Not connected"), m_words.idle, false);
        return;
    case SessionPhase::Ready:
        break;
    }
    if (!isAnyAsked()) {
        showMessage(m_words.notOffered,
                    tr("Its capabilities do not have “%1”.").arg(m_words.capability), false, true);
        return;
    }
    QStringList empty;
    for (const Shelf &shelf : std::as_const(m_shelves)) {
        if (shelf.failure) {
            showMessage(m_words.failed, visibleText(shelf.failure->sentence), false);
            return;
        }
        if (shelf.asked && !shelf.whole) {
            showMessage(m_words.listing,
                        tr("Connected to %1").arg(visibleText(state.serverName.left(120))), true);
            return;
        }
        if (shelf.asked)
            empty.append(QString::fromLatin1(listMethod(shelf.kind)));
    }
    showMessage(m_words.none,
                tr("The server answered %1 with an empty list.").arg(empty.join(tr(" and "))),
                false);
}

void OffersPage::listed(const Listing &listing)
{
    QList<Shelf> &shelves = liveShelves();
    const auto found = std::find_if(shelves.begin(), shelves.end(),
                                    [&](const Shelf &shelf) { return shelf.kind == listing.kind; });
    if (found == shelves.end())
        return;
    Shelf &shelf = *found;
    if (shelf.whole && !listing.complete && !listing.failure)
        return; // until it is whole, the one before stands
    shelf.asked = true;
    shelf.failure = listing.failure;
    // A list that could not be had again does not take away what was there.
    if (!listing.failure || !shelf.whole) {
        const QList<ListItem> before = shelf.items;
        const ListChanges changes =
            shelf.whole ? listChanges(before, listing.items) : ListChanges();
        shelf.items = listing.items;
        shelf.pages = listing.pages;
        shelf.whole = listing.complete;
        if (!m_isRecorded)
            show(shelf, changes, before);
    }
    if (m_isRecorded)
        return;
    showNote();
    showCount();
    showState();
}

void OffersPage::show(const Shelf &shelf, const ListChanges &changes, const QList<ListItem> &before)
{
    const QString key = m_panel->offer().key();
    // Of a recording the secrets are gone, as far as anybody knew them.
    const std::shared_ptr<const Redactor> redactor = m_session->liveRedactor();
    QList<Offer> offers;
    offers.reserve(shelf.items.size() + changes.gone.size());
    for (qsizetype i = 0; i < shelf.items.size(); ++i) {
        offers.append(makeOffer(shelf.kind, shownItem(shelf.kind, shelf.items.at(i), *redactor)));
        offers.last().mark = changes.marks.value(i, ListMark::None);
    }
    for (const qsizetype gone : changes.gone) {
        offers.append(makeOffer(shelf.kind, shownItem(shelf.kind, before.at(gone), *redactor)));
        offers.last().mark = ListMark::Gone;
    }
    const bool choose = before.isEmpty() && m_isFirstByItself;
    m_model->setOffers(shelf.kind, offers);
    shelf.line->setPages(shelf.kind, shelf.items.size(), shelf.pages, changesWords(changes));
    shelf.line->setLinksVisible(m_isRecorded || !m_session->isRecordingShown());
    // Nobody chose what stands there: what comes above it is the first now.
    if (choose)
        m_list->setCurrentIndex({});
    if (choose || !selectKey(key))
        selectFirst();
    currentChanged({});
    // Whoever pressed Connect came for the list.
    const QWidget *focus = QApplication::focusWidget();
    if (isVisible() && !offers.isEmpty() && (!focus || !isAncestorOf(focus))) {
        m_stack->setCurrentIndex(1);
        m_list->setFocus(Qt::OtherFocusReason);
    }
}

void OffersPage::showNote()
{
    QStringList notes;
    for (const Shelf &shelf : std::as_const(m_shelves)) {
        if (!shelf.failure)
            continue;
        const QString why = visibleText(shelf.failure->sentence);
        notes.append(shelf.whole ? tr("Not listed again: %1").arg(why)
                                 : tr("Not all are here: %1").arg(why));
    }
    m_note->setText(notes.join(u'\n'));
    m_note->setVisible(!notes.isEmpty());
}

void OffersPage::showCount()
{
    qint64 count = 0;
    bool known = false;
    for (const Shelf &shelf : std::as_const(m_shelves)) {
        count += shelf.items.size();
        known = known || shelf.whole || !shelf.items.isEmpty();
    }
    m_filter->setPlaceholderText(counted(count, m_words.filterOne, m_words.filterMany));
    Q_EMIT countChanged(known ? count : -1);
}

void OffersPage::currentChanged(const QString &left)
{
    if (!left.isEmpty())
        m_model->clearMark(left);
    const Offer *offer = m_model->offerAt(m_list->currentIndex().row());
    m_none->setText(m_model->isFilteredOut() ? m_words.noneFits : m_words.choose);
    m_right->setCurrentIndex(offer ? 1 : 0);
    if (offer)
        m_panel->setOffer(*offer);
}

} // namespace sightglass
