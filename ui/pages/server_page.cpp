// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/server_page.h"

#include "ui/pages/server_logs.h"
#include "ui/pages/server_overview.h"
#include "ui/pages/server_roots.h"
#include "ui/session_controller.h"
#include "ui/widgets/page_scroll.h"

#include <QFrame>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace sightglass {

ServerPage::ServerPage(SessionController *session, QWidget *parent)
    : QWidget(parent)
    , m_tabs(new QTabBar(this))
    , m_stack(new QStackedWidget(this))
    , m_overview(new ServerOverview(session))
    , m_logs(new ServerLogs(session, this))
    , m_roots(new ServerRoots(session))
{
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Parts of the server's page"));
    for (const QString &title : {tr("Overview"), tr("Logs"), tr("Roots")})
        m_tabs->addTab(title);
    m_overviewScroll = pageScroll(m_overview, this);
    m_stack->addWidget(m_overviewScroll);
    m_stack->addWidget(m_logs);
    m_stack->addWidget(pageScroll(m_roots, this));
    auto *line = new QFrame(this);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(12, 0, 12, 0);
    bar->addWidget(m_tabs);
    bar->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(line);
    layout->addWidget(m_stack, 1);

    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_overview, &ServerOverview::showExchangeRequested, this,
            &ServerPage::showExchangeRequested);
    connect(m_logs, &ServerLogs::showExchangeRequested, this, &ServerPage::showExchangeRequested);
    connect(m_logs, &ServerLogs::statusMessage, this, &ServerPage::statusMessage);
    connect(m_roots, &ServerRoots::changed, this, &ServerPage::rootsChanged);
    connect(m_logs, &ServerLogs::countChanged, this, [this](int count) {
        m_tabs->setTabText(int(Tab::Logs), count > 0 ? tr("Logs  %L1").arg(count) : tr("Logs"));
    });
}

void ServerPage::showTab(Tab tab)
{
    m_tabs->setCurrentIndex(int(tab));
}

ServerPage::Tab ServerPage::tab() const
{
    return Tab(m_tabs->currentIndex());
}

QList<Root> ServerPage::roots() const
{
    return m_roots->roots();
}

void ServerPage::setRoots(const QList<Root> &roots)
{
    m_roots->setRoots(roots);
}

void ServerPage::showLadder()
{
    showTab(Tab::Overview);
    m_overviewScroll->ensureWidgetVisible(m_overview->ladderTitle(), 0, 120);
}

void ServerPage::focusFilter()
{
    showTab(Tab::Logs);
    m_logs->focusFilter();
}

} // namespace sightglass
