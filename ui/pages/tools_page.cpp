// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/tools_page.h"

#include "ui/models/tool_list_model.h"
#include "ui/pages/tool_panel.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/tool_delegate.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
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

ToolsPage::ToolsPage(SessionController *session, QSettings *settings, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_settings(settings)
    , m_model(new ToolListModel(this))
    , m_stack(new QStackedWidget(this))
    , m_messageTitle(new QLabel(this))
    , m_messageText(new RoleLabel(Role::Muted, this))
    , m_messageCancel(new QPushButton(tr("Cancel"), this))
    , m_splitter(new QSplitter(this))
    , m_filter(new FilterLine(this))
    , m_list(new QListView(this))
    , m_note(new RoleLabel(Role::Failure, this))
    , m_right(new QStackedWidget(this))
    , m_panel(new ToolPanel(session, this))
{
    m_messageTitle->setFont(scaledFont(2, true));
    m_messageTitle->setTextFormat(Qt::PlainText);
    m_messageText->setWordWrap(true);
    auto *bar = new QProgressBar(this);
    bar->setRange(0, 0);
    bar->setTextVisible(false);
    bar->setFixedWidth(240);
    m_busy = bar;
    auto *message = new QWidget(this);
    auto *messageLayout = new QVBoxLayout(message);
    messageLayout->setContentsMargins(32, 32, 32, 32);
    messageLayout->addWidget(m_messageTitle);
    messageLayout->addWidget(m_messageText);
    messageLayout->addWidget(m_busy);
    messageLayout->addWidget(m_messageCancel, 0, Qt::AlignLeft);
    messageLayout->addStretch(1);
    connect(m_messageCancel, &QPushButton::clicked, m_session, &SessionController::cancelAll);

    m_list->setModel(m_model);
    m_list->setItemDelegate(new ToolDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setSpacing(0);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Tools"));
    m_list->viewport()->setAutoFillBackground(false);
    m_note->setWordWrap(true);
    m_note->hide();
    auto *left = new QWidget(this);
    left->setBackgroundRole(QPalette::Window);
    left->setAutoFillBackground(true);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(12, 8, 12, 8);
    leftLayout->setSpacing(8);
    leftLayout->addWidget(m_filter);
    leftLayout->addWidget(m_note);
    leftLayout->addWidget(m_list, 1);
    left->setMinimumWidth(180);

    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_panel);
    scroll->viewport()->setAutoFillBackground(false);
    m_panel->setAutoFillBackground(false);
    auto *none = new RoleLabel(tr("Choose a tool at the left."), Role::Muted, this);
    none->setWordWrap(true);
    m_none = none;
    none->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    none->setContentsMargins(20, 20, 20, 20);
    m_right->addWidget(none);
    m_right->addWidget(scroll);
    m_right->setMinimumWidth(320);
    m_splitter->addWidget(left);
    m_splitter->addWidget(m_right);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({281, 834});
    m_splitter->setChildrenCollapsible(false);
    if (m_settings)
        m_splitter->restoreState(m_settings->value(u"tools/splitter"_s).toByteArray());

    m_stack->addWidget(message);
    m_stack->addWidget(m_splitter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_filter, &FilterLine::textChanged, this, [this](const QString &text) {
        const QString name = m_panel->toolName();
        m_model->setFilter(text);
        if (!selectTool(name))
            selectFirst();
        currentChanged();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ToolsPage::currentChanged);
    connect(m_panel, &ToolPanel::showExchangeRequested, this, &ToolsPage::showExchangeRequested);
    connect(m_panel, &ToolPanel::statusMessage, this, &ToolsPage::statusMessage);
    for (const char *key : {"Ctrl+Return", "Ctrl+Enter"}) {
        auto *call = new QShortcut(QKeySequence(QLatin1String(key)), this);
        call->setContext(Qt::WidgetWithChildrenShortcut);
        connect(call, &QShortcut::activated, m_panel, &ToolPanel::call);
    }
    connect(m_session, &SessionController::stateChanged, this, &ToolsPage::stateChanged);
    connect(m_session, &SessionController::toolsListed, this, &ToolsPage::toolsListed);
    connect(m_session, &SessionController::traceChanged, this,
            [this] { stateChanged(m_session->state()); });
    stateChanged(m_session->state());
}

void ToolsPage::focusFilter()
{
    m_filter->lineEdit()->setFocus(Qt::ShortcutFocusReason);
    m_filter->lineEdit()->selectAll();
}

void ToolsPage::selectFirst()
{
    if (!m_list->currentIndex().isValid() && m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0));
}

bool ToolsPage::selectTool(const QString &name)
{
    const int row = m_model->rowOf(name);
    if (row < 0)
        return false;
    m_list->setCurrentIndex(m_model->index(row));
    return true;
}

void ToolsPage::saveLayout()
{
    if (m_settings)
        m_settings->setValue(u"tools/splitter"_s, m_splitter->saveState());
}

void ToolsPage::showMessage(const QString &title, const QString &text, bool busy)
{
    m_messageTitle->setText(title);
    m_messageText->setText(text);
    m_busy->setVisible(busy);
    m_messageCancel->setVisible(busy);
    m_stack->setCurrentIndex(0);
}

void ToolsPage::stateChanged(const SessionState &state)
{
    m_phase = state.phase;
    if (state.url != m_server && state.phase == SessionPhase::Connecting) {
        m_server = state.url;
        m_panel->reset();
        m_model->setTools({});
        m_listed = false;
        Q_EMIT countChanged(-1);
    }
    const bool kept = m_listed && m_model->toolCount() > 0;
    if (m_session->isRecordingShown() && !kept) {
        showMessage(tr("A recording is open"),
                    tr("Its calls stand in Traffic. Connect to a server to call its tools."),
                    false);
        return;
    }
    if (kept) {
        m_stack->setCurrentIndex(1); // what was listed stays to be looked at
        return;
    }
    switch (state.phase) {
    case SessionPhase::Connecting:
        showMessage(tr("Connecting"), tr("Waiting for %1").arg(state.url.host()), true);
        break;
    case SessionPhase::Ready:
        if (!m_listed)
            showMessage(tr("Listing the tools"),
                        tr("Connected to %1").arg(visibleText(state.serverName.left(120))), true);
        break;
    case SessionPhase::Failed:
        showMessage(tr("Not connected"),
                    state.failure ? visibleText(state.failure->sentence) : QString(), false);
        break;
    case SessionPhase::Idle:
    case SessionPhase::Disconnecting:
        showMessage(tr("Not connected"),
                    tr("The tools of a server stand here once it is connected."), false);
        break;
    }
}

void ToolsPage::toolsListed(const ToolList &list)
{
    const QString name = m_panel->toolName();
    m_listed = true;
    m_model->setTools(list.tools);
    m_filter->setPlaceholderText(list.tools.size() == 1
                                     ? tr("Filter 1 tool")
                                     : tr("Filter %1 tools").arg(list.tools.size()));
    QString note;
    if (list.failure)
        note = list.tools.isEmpty()
            ? QString()
            : tr("Not all are here: %1").arg(visibleText(list.failure->sentence));
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    Q_EMIT countChanged(list.failure && list.tools.isEmpty() ? -1 : list.tools.size());
    if (list.tools.isEmpty()) {
        if (list.failure)
            showMessage(tr("The tools could not be listed"), visibleText(list.failure->sentence),
                        false);
        else
            showMessage(tr("No tools"), tr("The server answered tools/list with an empty list."),
                        false);
        return;
    }
    m_stack->setCurrentIndex(1);
    if (!selectTool(name))
        selectFirst();
    currentChanged();
    // Whoever pressed Connect came for the tools.
    const QWidget *focus = QApplication::focusWidget();
    if (isVisible() && (!focus || !isAncestorOf(focus)))
        m_list->setFocus(Qt::OtherFocusReason);
}

void ToolsPage::currentChanged()
{
    const Tool *tool = m_model->toolAt(m_list->currentIndex().row());
    m_none->setText(m_model->rowCount() == 0 ? tr("No tool fits the filter.")
                                             : tr("Choose a tool at the left."));
    m_right->setCurrentIndex(tool ? 1 : 0);
    if (tool)
        m_panel->setTool(*tool);
}

} // namespace sightglass
