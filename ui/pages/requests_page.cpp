// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/requests_page.h"

#include "ui/models/request_list_model.h"
#include "ui/pages/request_panel.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/widgets/offer_delegate.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/role_label.h"

#include <QListView>
#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTime>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

RequestsPage::RequestsPage(SessionController *session, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_model(new RequestListModel(this))
    , m_stack(new QStackedWidget(this))
    , m_messageTitle(new QLabel(this))
    , m_messageText(new RoleLabel(Role::Muted, this))
    , m_splitter(new QSplitter(this))
    , m_list(new QListView(this))
    , m_right(new QStackedWidget(this))
    , m_panel(new RequestPanel(this))
{
    m_stack->addWidget(buildMessage());
    m_list->setModel(m_model);
    m_list->setItemDelegate(new OfferDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Requests of the server"));
    m_list->viewport()->setAutoFillBackground(false);
    auto *left = new QWidget(this);
    left->setBackgroundRole(QPalette::Window);
    left->setAutoFillBackground(true);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(12, 8, 12, 8);
    leftLayout->addWidget(m_list);

    auto *choose = new RoleLabel(tr("Choose a request at the left."), Role::Muted, this);
    choose->setAlignment(Qt::AlignCenter);
    auto *scroll = pageScroll(m_panel, this);
    m_right->addWidget(choose);
    m_right->addWidget(scroll);
    m_splitter->addWidget(left);
    m_splitter->addWidget(m_right);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({281, 834});
    m_splitter->setChildrenCollapsible(false);
    m_stack->addWidget(m_splitter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    for (const char *keys : {"Ctrl+Return", "Ctrl+Enter"}) {
        auto *send = new QShortcut(QKeySequence(QLatin1String(keys)), this);
        send->setContext(Qt::WidgetWithChildrenShortcut);
        connect(send, &QShortcut::activated, m_panel, &RequestPanel::send);
    }
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &RequestsPage::showCurrent);
    connect(m_panel, &RequestPanel::answered, this,
            [this](quint64 id, const ServerReply &reply, const QString &words) {
                const AskedEntry *entry = m_model->entry(id);
                if (!entry || !entry->isWaiting())
                    return;
                const quint64 number = entry->request.number;
                m_answered = id;
                m_model->setAnswer(id, reply.result, words);
                m_session->reply(number, reply);
            });
    connect(m_panel, &RequestPanel::showExchangeRequested, this,
            &RequestsPage::showExchangeRequested);
    connect(m_panel, &RequestPanel::statusMessage, this, &RequestsPage::statusMessage);
    connect(m_model, &RequestListModel::waitingChanged, this, [this](int waiting) {
        showState();
        Q_EMIT waitingChanged(waiting);
    });
    connect(m_model, &RequestListModel::ended, this, [this](quint64 id) {
        const AskedEntry *entry = m_model->entry(id);
        if (entry && entry->state == AskedEntry::State::Answered)
            m_panel->forget(id);
        if (m_panel->entryId() != id)
            return;
        // The next one that waits, where this one was answered; one that was taken back is told.
        if (entry && entry->state == AskedEntry::State::Answered && m_model->waiting() > 0)
            m_list->setCurrentIndex(m_model->index(0));
        else
            showCurrent();
    });
    connect(m_session, &SessionController::serverRequested, this,
            [this](const ServerRequest &request) {
                m_model->add(request, QTime::currentTime());
                // Whoever answered goes on with what comes next; whoever reads is left alone.
                if (m_answered != 0 && m_panel->entryId() == m_answered)
                    showFirst();
                selectFirst();
            });
    connect(m_session, &SessionController::serverRequestGone, this,
            [this](quint64 number, const QString &why) { m_model->end(number, why); });
    connect(m_session, &SessionController::stateChanged, this, [this](const SessionState &state) {
        if (state.phase != SessionPhase::Ready && state.asked.isEmpty())
            m_model->endAll(tr("The connection ended."));
        showState();
    });
    connect(m_session, &SessionController::traceCleared, this, [this] {
        // Their exchanges stand in the trace before.
        m_panel->reset();
        m_model->clear();
    });
    connect(m_session, &SessionController::traceChanged, this, [this] {
        m_panel->setLinksVisible(!m_session->isRecordingShown());
        showState();
    });
    showState();
}

QWidget *RequestsPage::buildMessage()
{
    auto *message = new QWidget(this);
    m_messageTitle->setFont(scaledFont(2, true));
    m_messageTitle->setTextFormat(Qt::PlainText);
    m_messageText->setWordWrap(true);
    auto *layout = new QVBoxLayout(message);
    layout->setContentsMargins(32, 32, 32, 32);
    layout->addWidget(m_messageTitle);
    layout->addWidget(m_messageText);
    layout->addStretch(1);
    return message;
}

int RequestsPage::waiting() const
{
    return m_model->waiting();
}

void RequestsPage::showFirst()
{
    if (m_model->waiting() > 0)
        m_list->setCurrentIndex(m_model->index(0));
}

void RequestsPage::selectFirst()
{
    if (!m_list->currentIndex().isValid() && m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0));
}

void RequestsPage::showCurrent()
{
    const AskedEntry *entry = m_model->entryAt(m_list->currentIndex().row());
    m_right->setCurrentIndex(entry ? 1 : 0);
    if (!entry)
        return;
    if (entry->id != m_answered)
        m_answered = 0;
    m_panel->setEntry(*entry);
}

void RequestsPage::showState()
{
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    const bool ready = m_session->state().phase == SessionPhase::Ready;
    m_messageTitle->setText(ready ? tr("The server asks nothing") : tr("Not connected"));
    m_messageText->setText(
        tr("When a server asks something of you or of your model (elicitation, sampling), it "
           "stands here until you answer. What servers may ask for is chosen under Revision, "
           "above."));
}

} // namespace sightglass
