// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/call_log.h"

#include "core/mcp/task.h"
#include "core/trace/trace_text.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/call_row.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/result_view.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"

#include <QClipboard>
#include <QProgressBar>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

struct CallLog::Call {
    Ticket ticket = 0;
    QTime at;
    QByteArray arguments;
    QString shown;
    ExchangeId exchange = 0;
    std::optional<Progress> progress;
    std::optional<CallResult> result; ///< empty: it runs
    bool dropped = false; ///< its result was too large to be kept
    std::shared_ptr<const Redactor> redactor; ///< knows the secrets of when the result came
};

namespace {

constexpr qsizetype mostCalls = 20; ///< of one thing that are kept; the trace has them all
constexpr qsizetype mostBytes = 64 * 1024 * 1024; ///< of results that are kept, the newest always

/// The task that a call became; mostly none.
std::optional<Task> taskOf(const CallResult &result)
{
    if (result.failure || !becameTask(result.result))
        return {};
    const Task task = readTask(result.result);
    return task.problem.isEmpty() ? std::optional(task) : std::nullopt;
}

QString outcomeWords(const CallResult &result)
{
    if (taskOf(result))
        return CallLog::tr("became a task");
    if (result.errorCode)
        return CallLog::tr("error %1").arg(*result.errorCode);
    if (result.failure)
        return result.failure->kind == FailureKind::Cancelled ? CallLog::tr("cancelled")
                                                              : CallLog::tr("failed");
    const QString time = humanDuration(result.durationNs);
    return result.isError ? CallLog::tr("isError, %1").arg(time) : time;
}

Role outcomeRole(const CallResult &result)
{
    if (result.failure && result.failure->kind == FailureKind::Cancelled)
        return Role::Muted;
    return result.failure || result.isError ? Role::Failure : Role::Muted;
}

} // namespace

CallLog::CallLog(ResultShape shape, SessionController *session, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_shape(shape)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(buildOutcome());
    m_earlierTitle = new SectionTitle(tr("Earlier calls"), this);
    m_earlier = new QVBoxLayout;
    m_earlier->setSpacing(0);
    layout->addWidget(m_earlierTitle);
    layout->addLayout(m_earlier);

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
    connect(m_session, &SessionController::callFinished, this, &CallLog::finished);
    connect(m_session, &SessionController::traceCleared, this, &CallLog::leaveTrace);
    connect(m_session, &SessionController::traceChanged, this, &CallLog::showProgress);
    showOutcome();
    showEarlier();
}

CallLog::~CallLog() = default;

QWidget *CallLog::buildOutcome()
{
    m_outcome = new QWidget(this);
    m_resultTitle = new SectionTitle(tr("Result"), m_outcome);
    m_exchangeLink = new LinkButton({}, m_outcome);
    m_copyLink = new LinkButton(tr("Copy"), m_outcome);
    m_copyLink->setAccessibleName(tr("Copy the result"));
    m_taskLink = new LinkButton(tr("Show the task"), m_outcome);
    m_resultTitle->addAction(m_taskLink);
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
        const QByteArray &json = result.result.isEmpty() ? result.error : result.result;
        QGuiApplication::clipboard()->setText(QString::fromUtf8(
            m_shown->redactor ? m_shown->redactor->jsonWithoutKnown(json) : json));
        Q_EMIT statusMessage(tr("Copied the result as JSON"));
    });
    connect(m_taskLink, &LinkButton::clicked, this, [this] { Q_EMIT showTaskRequested(m_task); });
    connect(m_result, &ResultView::statusMessage, this, &CallLog::statusMessage);
    return m_outcome;
}

void CallLog::finished(Ticket ticket, const CallResult &result)
{
    const auto call = callOf(ticket);
    if (!call)
        return;
    call->result = result;
    call->redactor = m_session->liveRedactor();
    if (result.exchange > 0)
        call->exchange = result.exchange;
    dropLargeResults(call);
    if (call == newest()) {
        m_shown = call;
        showOutcome();
    }
    showEarlier();
    Q_EMIT changed();
    if (call == newest())
        Q_EMIT ended();
}

QRect CallLog::outcomePlace() const
{
    return m_outcome->geometry();
}

void CallLog::showOf(const QString &key, const QByteArray &outputSchema)
{
    m_outputSchema = outputSchema;
    m_key = key;
    m_shown = newest();
    showOutcome();
    showEarlier();
    Q_EMIT changed();
}

void CallLog::begin(Ticket ticket, const QByteArray &arguments, const QString &shown)
{
    auto started = std::make_shared<Call>();
    started->ticket = ticket;
    started->at = QTime::currentTime();
    started->arguments = arguments;
    started->shown = shown;
    Calls &calls = m_calls[m_key];
    calls.append(started);
    while (calls.size() > mostCalls)
        calls.removeFirst();
    m_shown = started;
    showOutcome();
    showEarlier();
    Q_EMIT changed();
}

void CallLog::leaveTrace()
{
    for (const Calls &calls : std::as_const(m_calls)) {
        for (const auto &entry : calls) {
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
    Q_EMIT changed();
}

void CallLog::reset()
{
    m_calls.clear();
    m_key.clear();
    m_shown.reset();
    showOutcome();
    showEarlier();
}

std::shared_ptr<CallLog::Call> CallLog::callOf(Ticket ticket) const
{
    for (const Calls &calls : m_calls) {
        for (const auto &entry : calls) {
            if (entry->ticket == ticket && !entry->result)
                return entry;
        }
    }
    return nullptr;
}

std::shared_ptr<CallLog::Call> CallLog::newest() const
{
    const auto calls = m_calls.constFind(m_key);
    return calls == m_calls.constEnd() || calls->isEmpty() ? nullptr : calls->last();
}

void CallLog::dropLargeResults(const std::shared_ptr<Call> &keep)
{
    qsizetype bytes = 0;
    for (const Calls &calls : std::as_const(m_calls)) {
        for (const auto &entry : calls)
            bytes += entry->result ? entry->result->result.size() : 0;
    }
    for (const Calls &calls : std::as_const(m_calls)) {
        for (const auto &entry : calls) {
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

bool CallLog::isRunning() const
{
    const auto last = newest();
    return last && !last->result;
}

void CallLog::cancel()
{
    if (const auto last = newest(); last && !last->result)
        m_session->cancel(last->ticket);
}

void CallLog::showOutcome()
{
    m_outcome->setVisible(m_shown != nullptr);
    m_result->clear();
    m_task.clear();
    m_taskLink->hide();
    if (!m_shown)
        return;
    showProgress();
    if (!m_shown->result)
        return;
    const CallResult &result = *m_shown->result;
    const bool cancelled = result.failure && result.failure->kind == FailureKind::Cancelled;
    const std::optional<Task> task = taskOf(result);
    if (task) {
        m_task = task->id;
        // Of another server, or of a trace that was put away, it is not on its page.
        m_taskLink->setVisible(m_shown->exchange > 0);
        m_resultTitle->setTitle(tr("Became a task"));
        m_resultTitle->setGlyph(themedIcon(u"tasks"_s, Role::Accent));
    } else if (cancelled) {
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
        m_result->setResult(result, task ? ResultShape::Any : m_shape,
                            task ? QByteArray() : m_outputSchema, m_shown->redactor);
}

void CallLog::showProgress()
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

void CallLog::showEarlier()
{
    while (QLayoutItem *item = m_earlier->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    const Calls list = m_calls.value(m_key);
    for (auto it = list.crbegin(); it != list.crend(); ++it) {
        const std::shared_ptr<Call> &entry = *it;
        auto *row = new CallRow(entry->at.toString(u"HH:mm:ss"_s), visibleText(entry->shown),
                                entry->result ? outcomeWords(*entry->result) : tr("running"),
                                entry->result ? outcomeRole(*entry->result) : Role::Accent, this);
        connect(row, &CallRow::clicked, this, [this, entry] {
            m_shown = entry;
            Q_EMIT argumentsWanted(entry->arguments);
            showOutcome();
        });
        m_earlier->addWidget(row);
    }
    m_earlierTitle->setVisible(!list.isEmpty());
}

} // namespace sightglass
