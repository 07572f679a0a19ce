// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/tool_panel.h"

#include "core/trace/trace_text.h"
#include "ui/models/tool_list_model.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/call_row.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/result_view.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/schema_form.h"
#include "ui/widgets/section_title.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostCalls = 20; ///< of one tool that are kept; the trace has them all
constexpr qsizetype mostDescription = 20'000; ///< characters that a label takes
constexpr qsizetype mostBytes = 64 * 1024 * 1024; ///< of results that are kept, the newest always

QString outcomeWords(const CallResult &result)
{
    if (result.errorCode)
        return ToolPanel::tr("error %1").arg(*result.errorCode);
    if (result.failure)
        return result.failure->kind == FailureKind::Cancelled ? ToolPanel::tr("cancelled")
                                                              : ToolPanel::tr("failed");
    const QString time = humanDuration(result.durationNs);
    return result.isError ? ToolPanel::tr("isError, %1").arg(time) : time;
}

Role outcomeRole(const CallResult &result)
{
    if (result.failure && result.failure->kind == FailureKind::Cancelled)
        return Role::Muted;
    return result.failure || result.isError ? Role::Failure : Role::Muted;
}

} // namespace

ToolPanel::ToolPanel(SessionController *session, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 12, 20, 20);
    layout->setSpacing(12);
    layout->addWidget(buildHead());
    layout->addWidget(buildArguments());
    layout->addWidget(buildOutcome());
    m_earlierTitle = new SectionTitle(tr("Earlier calls"), this);
    m_earlier = new QVBoxLayout;
    m_earlier->setSpacing(0);
    layout->addWidget(m_earlierTitle);
    layout->addLayout(m_earlier);
    layout->addStretch(1);

    connect(m_callButton, &QPushButton::clicked, this, &ToolPanel::call);
    connect(m_cancelButton, &QPushButton::clicked, this, &ToolPanel::cancelCall);
    connect(m_session, &SessionController::callStarted, this,
            [this](Ticket ticket, ExchangeId exchange) {
                if (const auto running = callOf(ticket)) {
                    running->exchange = exchange;
                    showProgress();
                }
            });
    connect(m_session, &SessionController::callProgress, this,
            [this](Ticket ticket, const Progress &progress) {
                if (const auto running = callOf(ticket)) {
                    running->progress = progress;
                    showProgress();
                }
            });
    connect(m_session, &SessionController::callFinished, this,
            [this](Ticket ticket, const CallResult &result) {
                const auto ended = callOf(ticket);
                if (!ended || ended->result)
                    return;
                ended->result = result;
                if (result.exchange > 0)
                    ended->exchange = result.exchange;
                dropLargeResults(ended);
                if (ended == newest()) {
                    m_shown = ended;
                    showOutcome();
                }
                showEarlier();
                updateButtons();
            });
    connect(m_session, &SessionController::stateChanged, this, &ToolPanel::updateButtons);
    connect(m_session, &SessionController::traceCleared, this, &ToolPanel::leaveTrace);
    connect(m_session, &SessionController::traceChanged, this, &ToolPanel::showProgress);
    showOutcome();
    showEarlier();
    updateButtons();
}

ToolPanel::~ToolPanel() = default;

QWidget *ToolPanel::buildHead()
{
    auto *head = new QWidget(this);
    m_name = new QLabel(head);
    m_name->setFont(scaledFont(3, true));
    m_name->setTextFormat(Qt::PlainText);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_name->setWordWrap(true);
    m_hints = new RoleLabel(Role::Muted, head);
    m_hints->setFont(scaledFont(-0.75));
    m_key = new RoleLabel(tr("Ctrl+Enter"), Role::Muted, head);
    m_key->setFont(scaledFont(-0.75));
    m_cancelButton = new QPushButton(tr("Cancel"), head);
    m_callButton = new QPushButton(tr("Call"), head);
    m_callButton->setProperty("primary", true);
    m_description = new RoleLabel(Role::Muted, head);
    m_description->setWordWrap(true);
    m_description->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_moreLink = new LinkButton({}, head);
    connect(m_moreLink, &LinkButton::clicked, this,
            [this] { showDescription(!m_wholeDescription); });
    m_moreLink->hide();
    m_problem = new RoleLabel(Role::Attention, head);
    m_problem->setWordWrap(true);

    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_name, 1);
    line->addWidget(m_hints);
    line->addSpacing(16);
    line->addWidget(m_key);
    line->addWidget(m_cancelButton);
    line->addWidget(m_callButton);
    auto *layout = new QVBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(line);
    layout->addWidget(m_description);
    layout->addWidget(m_moreLink, 0, Qt::AlignLeft);
    layout->addWidget(m_problem);
    return head;
}

QWidget *ToolPanel::buildArguments()
{
    auto *area = new QWidget(this);
    m_form = new SchemaForm(area);
    m_arguments = new ArgumentsEditor(area);
    m_arguments->setMinimumHeight(140);
    m_arguments->setMinimumWidth(140);
    m_sides = new QBoxLayout(QBoxLayout::LeftToRight, area);
    m_sides->setContentsMargins(0, 0, 0, 0);
    m_sides->setSpacing(16);
    m_sides->addWidget(m_form, 1);
    m_sides->addWidget(m_arguments, 1);
    connect(m_form, &SchemaForm::argumentsChanged, this, [this](const QByteArray &json) {
        m_loading = true;
        m_arguments->setArguments(json);
        m_loading = false;
        m_calls[m_tool.name].draft = json;
        updateButtons();
    });
    connect(m_arguments, &ArgumentsEditor::argumentsChanged, this, [this] {
        if (m_loading)
            return;
        m_calls[m_tool.name].draft = m_arguments->arguments();
        m_form->setArguments(m_arguments->arguments());
        updateButtons();
    });
    return area;
}

QWidget *ToolPanel::buildOutcome()
{
    m_outcome = new QWidget(this);
    m_resultTitle = new SectionTitle(tr("Result"), m_outcome);
    m_exchangeLink = new LinkButton({}, m_outcome);
    m_copyLink = new LinkButton(tr("Copy"), m_outcome);
    m_copyLink->setAccessibleName(tr("Copy the result"));
    m_resultTitle->addAction(m_exchangeLink);
    m_resultTitle->addAction(m_copyLink);
    m_progress = new QProgressBar(m_outcome);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the call"));
    m_progressText = new RoleLabel(Role::Muted, m_outcome);
    m_progressText->setWordWrap(true);
    m_result = new ResultView(m_outcome);
    auto *layout = new QVBoxLayout(m_outcome);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_resultTitle);
    layout->addWidget(m_progress);
    layout->addWidget(m_progressText);
    layout->addWidget(m_result);
    connect(m_exchangeLink, &LinkButton::clicked, this, [this] {
        if (m_shown && m_shown->exchange > 0)
            Q_EMIT showExchangeRequested(m_shown->exchange);
    });
    connect(m_copyLink, &LinkButton::clicked, this, [this] {
        if (!m_shown || !m_shown->result)
            return;
        const CallResult &result = *m_shown->result;
        QGuiApplication::clipboard()->setText(
            QString::fromUtf8(result.result.isEmpty() ? result.error : result.result));
        Q_EMIT statusMessage(tr("Copied the result as JSON"));
    });
    connect(m_result, &ResultView::statusMessage, this, &ToolPanel::statusMessage);
    return m_outcome;
}

void ToolPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < 560;
    m_sides->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_sides->setStretch(0, narrow ? 0 : 1);
    m_sides->setStretch(1, narrow ? 0 : 1);
    m_narrow = narrow;
    updateButtons();
}

void ToolPanel::setTool(const Tool &tool)
{
    const bool same = tool.name == m_tool.name && tool.json.text() == m_tool.json.text();
    if (same && !m_tool.json.text().isEmpty())
        return;
    m_tool = tool;
    m_name->setText(ToolListModel::shownName(tool));
    m_hints->setText(ToolListModel::hintWords(tool, false));
    QString description = visibleText(tool.description.left(mostDescription), true);
    if (tool.description.size() > mostDescription)
        description += tr("\n… (the first %1 of %2 characters; the exchange has them all)")
                           .arg(mostDescription)
                           .arg(tool.description.size());
    if (!tool.title.isEmpty() && tool.title != tool.name)
        description.prepend(visibleText(tool.title.left(300))
                            + (description.isEmpty() ? QString() : u"\n"_s));
    m_descriptionText = description;
    showDescription(false);
    m_problem->setText(tool.problem.isEmpty()
                           ? QString()
                           : tr("The entry in tools/list is malformed: %1").arg(tool.problem));
    m_problem->setVisible(!tool.problem.isEmpty());

    m_loading = true;
    m_form->setSchema(tool.inputSchema);
    Calls &calls = m_calls[tool.name];
    if (calls.draft.isEmpty())
        calls.draft = m_form->arguments().isEmpty() ? "{}"_ba : m_form->arguments();
    m_arguments->startWith(calls.draft);
    m_form->setArguments(calls.draft);
    m_loading = false;

    m_shown = newest();
    showOutcome();
    showEarlier();
    updateButtons();
}

void ToolPanel::showDescription(bool all)
{
    // Its own few lines: what one came for is the form under it.
    constexpr qsizetype fewLetters = 600;
    constexpr qsizetype fewLines = 8;
    qsizetype end = std::min(m_descriptionText.size(), fewLetters);
    qsizetype line = -1;
    for (qsizetype lines = 0; lines < fewLines; ++lines) {
        line = m_descriptionText.indexOf(u'\n', line + 1);
        if (line < 0)
            break;
    }
    if (line >= 0)
        end = std::min(end, line);
    const bool isLong = m_descriptionText.size() > end + 80;
    m_description->setText(all || !isLong ? m_descriptionText
                                          : m_descriptionText.left(end).trimmed() + u" …"_s);
    m_description->setVisible(!m_descriptionText.isEmpty());
    m_moreLink->setVisible(isLong);
    m_moreLink->setText(all ? tr("Show less") : tr("Show the whole description"));
    m_moreLink->updateGeometry();
    m_wholeDescription = all;
}

void ToolPanel::leaveTrace()
{
    for (const Calls &calls : std::as_const(m_calls)) {
        for (const auto &entry : calls.list) {
            entry->ticket = 0;
            entry->exchange = 0;
            if (entry->result)
                continue;
            CallResult ended;
            ended.failure = Failure{FailureKind::Cancelled,
                                    u"cancelled"_s,
                                    tr("The call ended with the trace in which it began."),
                                    {},
                                    0,
                                    {}};
            entry->result = ended;
        }
    }
    showOutcome();
    showEarlier();
    updateButtons();
}

void ToolPanel::reset()
{
    m_calls.clear();
    m_tool = {};
    m_shown.reset();
    showOutcome();
    showEarlier();
}

std::shared_ptr<ToolPanel::Call> ToolPanel::callOf(Ticket ticket) const
{
    for (const Calls &calls : m_calls) {
        for (const auto &entry : calls.list) {
            if (entry->ticket == ticket && !entry->result)
                return entry;
        }
    }
    return nullptr;
}

std::shared_ptr<ToolPanel::Call> ToolPanel::newest() const
{
    const auto calls = m_calls.constFind(m_tool.name);
    return calls == m_calls.constEnd() || calls->list.isEmpty() ? nullptr : calls->list.last();
}

void ToolPanel::dropLargeResults(const std::shared_ptr<Call> &keep)
{
    qsizetype bytes = 0;
    for (const Calls &calls : std::as_const(m_calls)) {
        for (const auto &entry : calls.list)
            bytes += entry->result ? entry->result->result.size() : 0;
    }
    for (const Calls &calls : std::as_const(m_calls)) {
        for (const auto &entry : calls.list) {
            if (bytes <= mostBytes)
                return;
            if (entry == keep || !entry->result || entry->result->result.isEmpty())
                continue;
            bytes -= entry->result->result.size();
            entry->result->result = {};
            entry->dropped = true;
        }
    }
}

bool ToolPanel::isRunning() const
{
    const auto last = newest();
    return last && !last->result;
}

void ToolPanel::call()
{
    if (!m_callButton->isEnabled())
        return;
    m_form->showAllProblems();
    auto started = std::make_shared<Call>();
    started->arguments = m_arguments->arguments();
    started->at = QTime::currentTime();
    started->ticket = m_session->callTool(m_tool.name, started->arguments);
    Calls &calls = m_calls[m_tool.name];
    calls.list.append(started);
    while (calls.list.size() > mostCalls)
        calls.list.removeFirst();
    m_shown = started;
    showOutcome();
    showEarlier();
    updateButtons();
}

void ToolPanel::cancelCall()
{
    if (const auto last = newest(); last && !last->result)
        m_session->cancel(last->ticket);
}

void ToolPanel::updateButtons()
{
    const bool ready = m_session->state().phase == SessionPhase::Ready;
    const bool running = isRunning();
    m_callButton->setEnabled(ready && !running && m_arguments->isSendable()
                             && !m_tool.name.isEmpty());
    m_callButton->setToolTip(ready ? QString() : tr("Not connected"));
    m_cancelButton->setVisible(running);
    m_key->setVisible(!running && !m_narrow);
}

void ToolPanel::showOutcome()
{
    m_outcome->setVisible(m_shown != nullptr);
    m_result->clear();
    if (!m_shown)
        return;
    showProgress();
    if (!m_shown->result)
        return;
    const CallResult &result = *m_shown->result;
    const bool cancelled = result.failure && result.failure->kind == FailureKind::Cancelled;
    if (cancelled) {
        m_resultTitle->setTitle(tr("Cancelled"));
        m_resultTitle->setGlyph(themedIcon(u"stop"_s, Role::Muted));
    } else if (result.errorCode) {
        m_resultTitle->setTitle(tr("Error %1").arg(*result.errorCode));
        m_resultTitle->setGlyph(themedIcon(u"refused"_s, Role::Failure));
    } else if (result.failure) {
        m_resultTitle->setTitle(tr("Failed"));
        m_resultTitle->setGlyph(themedIcon(u"refused"_s, Role::Failure));
    } else if (result.isError) {
        m_resultTitle->setTitle(tr("The tool failed (isError)"));
        m_resultTitle->setGlyph(themedIcon(u"missing"_s, Role::Failure));
    } else {
        m_resultTitle->setTitle(tr("Result"));
        m_resultTitle->setGlyph(themedIcon(u"check"_s, Role::Ok));
    }
    const qint64 size = result.result.isEmpty() ? result.error.size() : result.result.size();
    QStringList notes;
    if (result.durationNs > 0)
        notes.append(humanDuration(result.durationNs));
    if (size > 0)
        notes.append(humanSize(size));
    m_resultTitle->setNote(notes.join(u", "_s));
    m_copyLink->setVisible(size > 0);
    if (m_shown->dropped)
        m_result->setMessage(tr("This result is too large to be kept here; its exchange has it."));
    else
        m_result->setResult(result, m_tool.outputSchema);
}

void ToolPanel::showProgress()
{
    if (!m_shown)
        return;
    const bool running = !m_shown->result.has_value();
    // Numbers of a recording's exchanges mean others.
    m_exchangeLink->setVisible(m_shown->exchange > 0 && !m_session->isRecordingShown());
    m_exchangeLink->setText(tr("Exchange %1").arg(m_shown->exchange));
    m_exchangeLink->updateGeometry();
    m_progress->setVisible(running);
    m_progressText->setVisible(running);
    if (!running)
        return;
    m_copyLink->hide();
    m_resultTitle->setGlyph(themedIcon(u"stream"_s, Role::Accent));
    m_resultTitle->setTitle(tr("Running"));
    m_resultTitle->setNote({});
    QString words;
    m_progress->setRange(0, 0);
    if (const auto &progress = m_shown->progress) {
        words = visibleText(progress->message.left(500));
        if (progress->total && *progress->total > 0) {
            m_progress->setRange(0, 1000);
            m_progress->setValue(
                int(std::clamp(progress->progress / *progress->total, 0.0, 1.0) * 1000));
            words = tr("%1 of %2  %3")
                        .arg(progress->progress)
                        .arg(*progress->total)
                        .arg(words)
                        .trimmed();
        } else {
            words = tr("%1  %2").arg(progress->progress).arg(words).trimmed();
        }
    }
    m_progressText->setText(words);
}

void ToolPanel::showEarlier()
{
    while (QLayoutItem *item = m_earlier->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    const QList<std::shared_ptr<Call>> list = m_calls.value(m_tool.name).list;
    for (auto it = list.crbegin(); it != list.crend(); ++it) {
        const std::shared_ptr<Call> &entry = *it;
        const QByteArray shown = entry->arguments.size() > 2000
            ? entry->arguments.left(2000)
            : JsonText::parse(entry->arguments).compact();
        auto *row =
            new CallRow(entry->at.toString(u"HH:mm:ss"_s), visibleText(QString::fromUtf8(shown)),
                        entry->result ? outcomeWords(*entry->result) : tr("running"),
                        entry->result ? outcomeRole(*entry->result) : Role::Accent, this);
        connect(row, &CallRow::clicked, this, [this, entry] {
            m_arguments->setArguments(entry->arguments);
            m_shown = entry;
            showOutcome();
        });
        m_earlier->addWidget(row);
    }
    m_earlierTitle->setVisible(!list.isEmpty());
}

} // namespace sightglass
