// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/export_panel.h"

#include "ui/counted.h"
#include "ui/widgets/role_label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace sightglass {

namespace {

/// What takes longer is shown, with a way to end it.
constexpr int kLateMs = 500;

} // namespace

ExportPanel::ExportPanel(QWidget *parent)
    : QFrame(parent)
    , m_which(new QComboBox(this))
    , m_format(new QComboBox(this))
    , m_secrets(new QCheckBox(tr("With secrets"), this))
    , m_export(new QPushButton(tr("To a file…"), this))
    , m_close(new QPushButton(tr("Close"), this))
    , m_warning(new RoleLabel(Role::Attention, this))
    , m_progress(new QProgressBar(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_said(new RoleLabel(Role::Muted, this))
{
    setFrameShape(QFrame::NoFrame);
    m_which->setAccessibleName(tr("Exchanges to export"));
    m_format->setAccessibleName(tr("Form of the export"));
    for (const ExportFormatName &name : exportFormats())
        m_format->addItem(QString(name.words), int(name.format));
    // As narrow as the window may be.
    for (QComboBox *box : {m_which, m_format}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        box->setMinimumWidth(60);
    }
    m_export->setAccessibleName(tr("Export to a file"));
    m_progress->setRange(0, 100);
    m_progress->setAccessibleName(tr("How far the export is"));
    m_warning->setWordWrap(true);
    m_said->setWordWrap(true);
    m_late.setSingleShot(true);
    m_late.setInterval(kLateMs);

    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(new QLabel(tr("Export"), this));
    row->addWidget(m_which);
    row->addWidget(new QLabel(tr("as"), this));
    row->addWidget(m_format);
    row->addWidget(m_secrets);
    row->addWidget(m_export);
    row->addStretch(1);
    row->addWidget(m_close);
    auto *running = new QHBoxLayout;
    running->setSpacing(8);
    running->addWidget(m_progress, 1);
    running->addWidget(m_cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 8);
    layout->setSpacing(6);
    layout->addLayout(row);
    layout->addWidget(m_warning);
    layout->addLayout(running);
    layout->addWidget(m_said);

    connect(m_format, &QComboBox::currentIndexChanged, this, [this] { refresh(); });
    connect(m_secrets, &QCheckBox::toggled, this, [this] { refresh(); });
    connect(m_export, &QPushButton::clicked, this, [this] { chooseFile(); });
    connect(m_close, &QPushButton::clicked, this, [this] { close(); });
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_job.cancel(); });
    connect(&m_late, &QTimer::timeout, this, [this] {
        m_progress->show();
        m_cancel->show();
    });
    connect(&m_job, &ExportJob::progressed, m_progress, &QProgressBar::setValue);
    connect(&m_job, &ExportJob::finished, this, [this](const ExportOutcome &outcome) {
        showRunning(false);
        const QString words = counted(outcome.exchanges, tr("1 exchange exported to %2"),
                                      tr("%1 exchanges exported to %2"))
                                  .arg(QFileInfo(m_path).fileName());
        tell(words + QStringLiteral(". ") + outcome.remarks.join(u' '), false);
        Q_EMIT statusMessage(words);
    });
    connect(&m_job, &ExportJob::failed, this, [this](const Failure &failure) {
        showRunning(false);
        const bool cancelled = failure.kind == FailureKind::Cancelled;
        tell(cancelled ? tr("Cancelled: nothing was written.")
                       : failure.sentence + u' ' + failure.advice,
             !cancelled);
    });
    showRunning(false);
    tell({}, false);
    hide();
}

void ExportPanel::setChoices(std::function<ExportChoices()> choices)
{
    m_choices = std::move(choices);
}

ExportFormat ExportPanel::format() const
{
    return ExportFormat(m_format->currentData().toInt());
}

void ExportPanel::open()
{
    if (!m_choices || m_job.isRunning()) {
        show();
        return;
    }
    const ExportChoices choices = m_choices();
    m_which->clear();
    const auto add = [this](Which which, qint64 number, const QString &one, const QString &many) {
        m_which->addItem(counted(number, one, many), int(which));
    };
    if (!choices.filter.isEmpty())
        add(Which::Filtered, choices.filtered, tr("the exchange that the filter shows"),
            tr("what the filter shows (%1)"));
    if (!choices.selected.isEmpty())
        add(Which::Selected, choices.selected.size(), tr("the selected exchange"),
            tr("the %1 selected exchanges"));
    add(Which::All, choices.trace ? choices.trace->exchangeCount() : 0, tr("the only exchange"),
        tr("all %1 exchanges"));
    // Several that were selected are meant.
    if (choices.selected.size() > 1)
        m_which->setCurrentIndex(m_which->findData(int(Which::Selected)));
    else if (choices.filter.isEmpty())
        m_which->setCurrentIndex(m_which->findData(int(Which::All)));
    m_secrets->setChecked(false);
    tell({}, false);
    refresh();
    show();
    m_which->setFocus(Qt::OtherFocusReason);
}

void ExportPanel::refresh()
{
    const ExportChoices choices = m_choices ? m_choices() : ExportChoices();
    const bool has = choices.trace && !choices.trace->redacted();
    const bool can = has && format() != ExportFormat::Markdown && format() != ExportFormat::Otlp;
    if (!can)
        m_secrets->setChecked(false);
    m_secrets->setEnabled(can && !m_job.isRunning());
    m_secrets->setToolTip(has ? can ? QString() : tr("This form is always without secrets.")
                              : tr("Secrets were left out when this was recorded."));
    m_warning->setText(m_secrets->isChecked()
                           ? tr("Tokens, cookies and keys will be in the file as they are: whoever "
                                "has it can use them. Give it to nobody whom you would not give "
                                "the password.")
                           : QString());
    m_warning->setVisible(m_secrets->isChecked());
}

void ExportPanel::chooseFile()
{
    const ExportFormatName &name = exportFormatName(format());
    const QString base = QFileInfo(m_choices ? m_choices().name : QString()).completeBaseName();
    auto *dialog = new QFileDialog(
        this, m_secrets->isChecked() ? tr("Export, with secrets") : tr("Export"),
        (base.isEmpty() ? QStringLiteral("exchanges") : base) + u'.' + QString(name.suffix),
        tr("%1 (*.%2);;All files (*)").arg(QString(name.words), QString(name.suffix)));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QString(name.suffix));
    connect(dialog, &QFileDialog::fileSelected, this, &ExportPanel::exportTo);
    dialog->open();
}

void ExportPanel::exportTo(const QString &path)
{
    if (!m_choices || m_job.isRunning())
        return;
    const ExportChoices choices = m_choices();
    if (!choices.trace)
        return;
    m_path = path;
    ExportOrder order;
    order.trace = choices.trace;
    order.format = format();
    order.path = path;
    order.source = choices.source;
    if (!m_secrets->isChecked())
        order.redactor = choices.redactor;
    const auto which = Which(m_which->currentData().toInt());
    if (which == Which::Selected)
        order.exchanges = choices.selected;
    else if (which == Which::Filtered)
        order.filter = TraceFilter::parse(choices.filter);
    tell({}, false);
    showRunning(true);
    m_job.start(order);
}

void ExportPanel::showRunning(bool running)
{
    for (QWidget *widget : {static_cast<QWidget *>(m_which), static_cast<QWidget *>(m_format),
                            static_cast<QWidget *>(m_secrets), static_cast<QWidget *>(m_export)})
        widget->setEnabled(!running);
    if (running) {
        m_progress->setValue(0);
        m_late.start();
        return;
    }
    m_late.stop();
    m_progress->hide();
    m_cancel->hide();
    refresh();
}

void ExportPanel::tell(const QString &text, bool isFailure)
{
    m_said->setRole(isFailure ? Role::Failure : Role::Muted);
    m_said->setText(text);
    m_said->setVisible(!text.isEmpty());
}

void ExportPanel::close()
{
    m_job.cancel();
    hide();
    Q_EMIT closed();
}

void ExportPanel::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QFrame::keyPressEvent(event);
}

} // namespace sightglass
