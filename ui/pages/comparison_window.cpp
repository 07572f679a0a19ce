// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/comparison_window.h"

#include "core/compare/comparison_text.h"
#include "ui/models/comparison_model.h"
#include "ui/pages/exchange_pane.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSplitter>
#include <QVBoxLayout>

namespace sightglass {

ComparisonWindow::ComparisonWindow(QWidget *parent)
    : QWidget(parent, Qt::Window)
    , m_job(new ComparisonJob(this))
    , m_model(new ComparisonModel(this))
    , m_summary(new RoleLabel(Role::Text, this))
    , m_remarks(new RoleLabel(Role::Attention, this))
    , m_cancel(new LinkButton(tr("Cancel"), this))
    , m_again(new LinkButton(tr("Compare again"), this))
    , m_rows(new RowsView(this))
    , m_toRecording(new LinkButton(QString(), this))
    , m_toTrace(new LinkButton(QString(), this))
    , m_detail(new QWidget(this))
    , m_detailTitle(new RoleLabel(Role::Muted, m_detail))
    , m_pane(new ExchangePane(m_detail))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Compare with a recording"));
    resize(1100, 720);
    m_summary->setWordWrap(true);
    m_summary->setAccessibleName(tr("Result of the comparison"));
    m_remarks->setWordWrap(true);
    m_remarks->hide();
    m_again->setToolTip(tr("F5"));
    m_rows->setModel(m_model);
    m_rows->setColumns({{tr("~ changed"), 0, 0},
                        {tr("What was answered"), 0, 700},
                        {QStringLiteral("tools/call add /result"), 4, 0},
                        {QStringLiteral("\"2025-11-25\""), 2, 0},
                        {QStringLiteral("\"2025-11-25\""), 2, 0}});
    m_rows->setAccessibleName(tr("Differences"));
    m_detailTitle->setContentsMargins(12, 6, 12, 2);

    auto *top = new QHBoxLayout;
    top->setContentsMargins(12, 8, 12, 8);
    top->setSpacing(12);
    top->addWidget(m_summary, 1);
    top->addWidget(m_cancel);
    top->addWidget(m_again);
    m_remarks->setContentsMargins(12, 0, 12, 8);
    auto *links = new QHBoxLayout;
    links->setContentsMargins(8, 4, 12, 4);
    links->setSpacing(12);
    links->addWidget(m_toRecording);
    links->addWidget(m_toTrace);
    links->addStretch(1);
    auto *list = new QWidget(this);
    auto *listLayout = new QVBoxLayout(list);
    listLayout->setContentsMargins(0, 0, 0, 0);
    listLayout->setSpacing(0);
    listLayout->addWidget(m_rows, 1);
    listLayout->addLayout(links);
    auto *detailLayout = new QVBoxLayout(m_detail);
    detailLayout->setContentsMargins(0, 0, 0, 0);
    detailLayout->setSpacing(0);
    detailLayout->addWidget(m_detailTitle);
    detailLayout->addWidget(m_pane, 1);
    m_detail->hide();
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(list);
    splitter->addWidget(m_detail);
    splitter->setSizes({360, 360});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_remarks);
    layout->addWidget(splitter, 1);

    connect(m_cancel, &LinkButton::clicked, this, [this] {
        m_job->cancel();
        showRunning(false);
        m_summary->setText(tr("The comparison was cancelled."));
    });
    connect(m_again, &LinkButton::clicked, this, &ComparisonWindow::again);
    connect(m_job, &ComparisonJob::progressed, this, [this](bool reading, int percent) {
        m_summary->setText((reading ? tr("Reading %1… %2 %") : tr("Comparing with %1… %2 %"))
                               .arg(m_recording.name, QString::number(percent)));
    });
    connect(m_job, &ComparisonJob::done, this, &ComparisonWindow::showResult);
    connect(m_job, &ComparisonJob::failed, this, [this](const Failure &failure) {
        showRunning(false);
        m_summary->setText(visibleText(failure.sentence + u' ' + failure.advice));
    });
    connect(m_rows, &RowsView::currentRowChanged, this, &ComparisonWindow::showCurrent);
    connect(m_rows, &QAbstractItemView::activated, this, &ComparisonWindow::follow);
    connect(m_toRecording, &LinkButton::clicked, this, [this] {
        if (const RecordingDifference *current =
                m_model->differenceAt(m_rows->currentIndex().row()))
            showExchange(m_recording, current->leftExchange);
    });
    connect(m_toTrace, &LinkButton::clicked, this, [this] {
        if (const RecordingDifference *current =
                m_model->differenceAt(m_rows->currentIndex().row()))
            Q_EMIT exchangeRequested(current->rightExchange);
    });
    connect(m_pane, &ExchangePane::exchangeRequested, this,
            [this](ExchangeId id) { m_pane->showExchange(id); });
    showCurrent();
}

ComparisonWindow::~ComparisonWindow()
{
    m_pane->setTrace({}, {}); // before the trace that it shows goes away
}

void ComparisonWindow::compare(const ComparedSide &shown, const QString &path)
{
    m_shown = shown;
    m_path = path;
    m_recording = {{}, {}, visibleText(QFileInfo(path).fileName()), false};
    setWindowTitle(tr("%1 compared with %2").arg(visibleText(shown.name), m_recording.name));
    again();
}

void ComparisonWindow::again()
{
    if (!m_shown.trace || m_job->isRunning())
        return;
    m_summary->setText(tr("Reading %1…").arg(m_recording.name));
    showRunning(true);
    // Read once; only the trace may have grown.
    m_job->start(m_recording, m_shown, m_path);
}

void ComparisonWindow::showRunning(bool running)
{
    m_cancel->setVisible(running);
    m_again->setVisible(!running);
}

void ComparisonWindow::showResult(const ComparedSide &side, const RecordingComparison &comparison,
                                  const QString &remark)
{
    showRunning(false);
    m_recording = side;
    m_shown.redactor = side.redactor;
    m_model->setComparison(comparison);
    m_summary->setText(
        tr("%1 First: %2. Second: %3.")
            .arg(comparisonSummary(comparison), m_recording.name, visibleText(m_shown.name)));
    QStringList remarks;
    if (!remark.isEmpty())
        remarks << visibleText(remark);
    for (const QString &each : comparison.remarks)
        remarks << visibleText(each);
    m_remarks->setText(remarks.join(u'\n'));
    m_remarks->setVisible(!remarks.isEmpty());
    if (m_model->rowCount() > 0) {
        m_rows->setCurrentRow(0);
        m_rows->setFocus();
    }
    showCurrent();
}

void ComparisonWindow::showCurrent()
{
    const RecordingDifference *current = m_model->differenceAt(m_rows->currentIndex().row());
    const ExchangeId left = current ? current->leftExchange : 0;
    const ExchangeId right = current ? current->rightExchange : 0;
    m_toRecording->setText(tr("Exchange %1 of the recording").arg(left));
    m_toRecording->setVisible(left > 0);
    m_toRecording->updateGeometry();
    m_toTrace->setText(tr("Exchange %1 of %2").arg(QString::number(right), m_shown.name));
    m_toTrace->setVisible(right > 0);
    m_toTrace->updateGeometry();
    if (m_detail->isVisible() && left > 0)
        showExchange(m_recording, left);
}

/// Enter, or a double click: to both.
void ComparisonWindow::follow()
{
    const RecordingDifference *current = m_model->differenceAt(m_rows->currentIndex().row());
    if (!current)
        return;
    if (current->leftExchange > 0)
        showExchange(m_recording, current->leftExchange);
    if (current->rightExchange > 0)
        Q_EMIT exchangeRequested(current->rightExchange);
}

void ComparisonWindow::showExchange(const ComparedSide &side, ExchangeId id)
{
    if (!side.trace || id <= 0 || id > side.trace->exchangeCount())
        return;
    m_pane->setTrace({side.trace.get(), side.redactor, false}, {});
    m_pane->showExchange(id);
    m_detailTitle->setText(tr("Exchange %1 of %2: %3")
                               .arg(QString::number(id), visibleText(side.name),
                                    visibleText(side.trace->request(id).what)));
    m_detail->show();
    showPlace();
}

void ComparisonWindow::showPlace()
{
    const RecordingDifference *current = m_model->differenceAt(m_rows->currentIndex().row());
    if (!current)
        return;
    if (current->area == ComparedArea::Timing)
        m_pane->showTab(DetailTab::Timing);
    else if (current->area == ComparedArea::Credentials || current->pointer == "/status")
        m_pane->showTab(DetailTab::Headers);
    else
        m_pane->showTab(DetailTab::Message);
}

void ComparisonWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_F5) {
        again();
    } else if (event->key() == Qt::Key_Escape) {
        if (m_job->isRunning())
            m_cancel->click();
        else
            close();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace sightglass
