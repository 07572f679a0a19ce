// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/findings_page.h"

#include "ui/counted.h"
#include "ui/models/findings_model.h"
#include "ui/models/findings_scan.h"
#include "ui/pages/finding_panel.h"
#include "ui/theme.h"
#include "ui/widgets/glyph_delegate.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"

#include <QLabel>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

FindingsPage::FindingsPage(QWidget *parent)
    : QWidget(parent)
    , m_scan(new FindingsScan(this))
    , m_model(new FindingsModel(this))
    , m_stack(new QStackedWidget(this))
{
    m_stack->addWidget(buildMessage());
    m_stack->addWidget(buildList());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_scan, &FindingsScan::found, this, &FindingsPage::take);
    connect(m_scan, &FindingsScan::concerned, this, &FindingsPage::exchangesConcerned);
    showState();
}

QWidget *FindingsPage::buildMessage()
{
    auto *message = new QWidget(this);
    m_glyph = new QLabel(message);
    m_messageTitle = new QLabel(message);
    m_messageTitle->setFont(scaledFont(2, true));
    m_messageTitle->setTextFormat(Qt::PlainText);
    m_messageTitle->setWordWrap(true);
    m_messageText = new RoleLabel(Role::Muted, message);
    m_messageText->setWordWrap(true);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_glyph);
    head->addWidget(m_messageTitle, 1);
    auto *layout = new QVBoxLayout(message);
    layout->setContentsMargins(32, 32, 32, 32);
    layout->addLayout(head);
    layout->addWidget(m_messageText);
    layout->addStretch(1);
    return message;
}

QWidget *FindingsPage::buildList()
{
    auto *area = new QWidget(this);
    m_words = new RoleLabel(Role::Muted, area);
    m_words->setElide(Qt::ElideRight);
    m_words->setContentsMargins(20, 8, 20, 8);
    m_rows = new RowsView(area);
    m_rows->setAccessibleName(tr("Findings"));
    m_rows->setModel(m_model);
    m_rows->setItemDelegate(new GlyphDelegate(m_rows));
    m_rows->setColumns(
        {{u"____AF-00_"_s, 0, 0},
         {u"Credentials are left off the event stream"_s, 3, 0, u"Credentials are"_s},
         {u"the authorisation server"_s, 0, 560, u"the authorisation"_s},
         {u"http://127.0.0.1:47800"_s, 1, 1000, u"http://127"_s},
         {u"99 and 1,000 more"_s, 0, 0, u"99 and 1"_s}});
    m_rows->setFrameShape(QFrame::NoFrame);
    m_rows->setMinimumHeight(90);
    m_panel = new FindingPanel;
    QScrollArea *detail = pageScroll(m_panel, area);
    detail->setMinimumHeight(120);

    auto *splitter = new QSplitter(Qt::Vertical, area);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_rows);
    splitter->addWidget(detail);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(area);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_words);
    layout->addWidget(splitter, 1);

    connect(m_rows, &RowsView::currentRowChanged, this, [this] {
        if (!m_adjusting)
            m_chosen = true;
        showCurrent();
    });
    connect(m_rows, &RowsView::activated, this, [this](const QModelIndex &index) {
        const Finding *finding = m_model->findingAt(index.row());
        if (finding && !finding->exchanges.isEmpty())
            Q_EMIT showExchangeRequested(finding->exchanges.constLast());
    });
    connect(m_panel, &FindingPanel::showExchangeRequested, this,
            &FindingsPage::showExchangeRequested);
    return area;
}

void FindingsPage::setTrace(const TraceReader *trace, TraceState state)
{
    m_chosen = false;
    m_wanted.clear();
    m_scan->setTrace(trace, state);
    take({});
}

void FindingsPage::setRedactor(std::shared_ptr<const Redactor> redactor)
{
    m_scan->setRedactor(std::move(redactor));
}

void FindingsPage::showFinding(const QString &id)
{
    m_wanted = id;
    if (const int row = m_model->rowOf(id); row >= 0) {
        m_wanted.clear();
        m_rows->setCurrentRow(row);
    }
}

void FindingsPage::take(const QList<Finding> &findings)
{
    {
        // Rows that go take the current one to another: nobody chose that.
        const QScopedValueRollback<bool> adjusting(m_adjusting, true);
        const Finding *before = m_model->findingAt(m_rows->currentIndex().row());
        const QString chosen = before ? before->id : QString();
        m_model->setFindings(findings);
        // Until somebody chooses, the worst is shown.
        const int row = std::max(0, m_chosen ? m_model->rowOf(chosen) : 0);
        if (!findings.isEmpty() && m_rows->currentIndex().row() != row)
            m_rows->setCurrentRow(row);
        m_chosen = m_chosen && !findings.isEmpty();
    }
    if (!m_wanted.isEmpty())
        showFinding(m_wanted);
    showCurrent();
    const auto problems =
        int(std::count_if(findings.begin(), findings.end(),
                          [](const Finding &finding) { return finding.weight != Weight::Normal; }));
    const bool another = std::exchange(m_problems, problems) != problems;
    showState();
    if (another)
        Q_EMIT problemCountChanged(problems);
    Q_EMIT findingsChanged(findings);
}

void FindingsPage::showCurrent()
{
    if (const Finding *finding = m_model->findingAt(m_rows->currentIndex().row()))
        m_panel->setFinding(*finding);
}

void FindingsPage::showState()
{
    const QList<Finding> &findings = m_model->findings();
    m_stack->setCurrentIndex(findings.isEmpty() ? 0 : 1);
    if (!findings.isEmpty()) {
        m_words->setWholeText(m_problems == 0 ? tr("Nothing is wrong. This is as it may be:")
                                              : counted(m_problems, tr("1 finding"),
                                                        tr("%1 findings, the worst first")));
        return;
    }
    const TraceReader *trace = m_scan->trace();
    const bool any = trace && trace->exchangeCount() > 0;
    constexpr int size = 20;
    m_glyph->setVisible(any);
    m_glyph->setPixmap(themedIcon(u"check"_s, Role::Ok).pixmap(size, size));
    m_messageTitle->setText(any ? tr("Nothing was found that is wrong")
                                : tr("No request was sent yet"));
    m_messageText->setText(
        any ? tr("The rules look at all traffic, as it comes: at credentials, at the way to an "
                 "authorisation server, at tokens, sessions, streams and redirects.")
            : tr(
                "Connect, or open a recording: what is wrong in its traffic stands here, with what "
                "to do about it."));
}

} // namespace sightglass
