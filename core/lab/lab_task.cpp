// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_task.h"

#include "core/jsonrpc/envelope.h"
#include "core/lab/rpc_text.h"

#include <QTimer>
#include <QUuid>

#include <algorithm>

namespace sightglass {

namespace {

constexpr int pollIntervalMs = 500;
constexpr qsizetype mostUndelivered = 100;

const char *statusName(LabTask::Status status)
{
    switch (status) {
    case LabTask::Status::Working:
        return "working";
    case LabTask::Status::InputRequired:
        return "input_required";
    case LabTask::Status::Completed:
        return "completed";
    case LabTask::Status::Failed:
        return "failed";
    case LabTask::Status::Cancelled:
        return "cancelled";
    }
    return "working";
}

} // namespace

LabTask::LabTask(QString id, qint64 ttlMs, QObject *parent)
    : LabOutlet(parent)
    , m_id(std::move(id))
    , m_ttlMs(ttlMs)
    , m_created(QDateTime::currentDateTimeUtc())
    , m_updated(m_created)
{
}

void LabTask::setStatus(Status status, const QString &message)
{
    if (isOver())
        return;
    m_status = status;
    m_message = message;
    m_updated = QDateTime::currentDateTimeUtc();
    if (m_peer && !m_peer->revision().stateless)
        m_peer->speak(labNotification("notifications/tasks/status", json()));
    Q_EMIT changed();
}

void LabTask::notify(const QByteArray &message)
{
    // The extension has no messages besides the task itself.
    if (isOver() || !m_peer || m_peer->revision().stateless)
        return;
    for (const QPointer<LabCall> &call : std::as_const(m_awaited)) {
        if (call && !call->isFinished()) {
            call->notify(message);
            return;
        }
    }
    if (m_peer->isReached())
        m_peer->speak(message);
    else if (m_undelivered.size() < mostUndelivered)
        m_undelivered.append(message);
}

void LabTask::answer(const LabAnswered &answer)
{
    if (isOver())
        return;
    const Envelope envelope = scanEnvelope(answer.message);
    const bool stateless = m_peer && m_peer->revision().stateless;
    m_result = envelope.result.toByteArray();
    m_error = envelope.error.toByteArray();
    if (answer.message.isEmpty()) {
        setStatus(Status::Cancelled, QStringLiteral("The task was cancelled."));
    } else if (!m_error.isEmpty()) {
        setStatus(Status::Failed, envelope.errorMessage);
    } else {
        // Only a revision with tasks in its core calls a tool's own error a failed task.
        const JsonText result = JsonText::parse(m_result);
        const bool failed = !stateless && result.boolean(result.member(result.root(), u"isError"));
        setStatus(failed ? Status::Failed : Status::Completed,
                  failed ? QStringLiteral("The tool reported an error.")
                         : QStringLiteral("The task is done."));
    }
    for (const QPointer<LabCall> &call : std::exchange(m_awaited, {})) {
        if (call && !call->isFinished())
            giveResult(call);
    }
}

QByteArray LabTask::json() const
{
    JsonWriter task;
    task.beginObject().key(u"taskId").value(QStringView(m_id));
    task.key(u"status").value(statusName(m_status));
    if (!m_message.isEmpty())
        task.key(u"statusMessage").value(QStringView(m_message));
    task.key(u"createdAt").value(QStringView(m_created.toString(Qt::ISODateWithMs)));
    task.key(u"lastUpdatedAt").value(QStringView(m_updated.toString(Qt::ISODateWithMs)));
    task.key(u"ttl").value(m_ttlMs);
    task.key(u"pollInterval").value(pollIntervalMs);
    task.endObject();
    return task.text();
}

QByteArray LabTask::extensionJson(bool detailed) const
{
    JsonWriter task;
    task.beginObject().key(u"taskId").value(QStringView(m_id));
    task.key(u"status").value(statusName(m_status));
    if (!m_message.isEmpty())
        task.key(u"statusMessage").value(QStringView(m_message));
    task.key(u"createdAt").value(QStringView(m_created.toString(Qt::ISODateWithMs)));
    task.key(u"lastUpdatedAt").value(QStringView(m_updated.toString(Qt::ISODateWithMs)));
    task.key(u"ttlMs").value(m_ttlMs);
    task.key(u"pollIntervalMs").value(pollIntervalMs);
    if (detailed && m_status == Status::InputRequired) {
        task.key(u"inputRequests").beginObject();
        for (const LabQuestion &question : m_questions) {
            if (m_answers.contains(question.key))
                continue;
            task.key(question.key).beginObject();
            task.key(u"method").value(question.method.constData());
            if (!question.params.isEmpty())
                task.key(u"params").raw(question.params);
            task.endObject();
        }
        task.endObject();
    }
    if (detailed && m_status == Status::Completed)
        task.key(u"result").raw(m_result);
    if (detailed && m_status == Status::Failed)
        task.key(u"error").raw(m_error);
    task.endObject();
    return task.text();
}

QByteArray LabTask::relatedMeta() const
{
    return R"("_meta":{")" + QByteArray(labMetaTask) + R"(":{"taskId":)" + jsonQuoted(m_id) + "}}";
}

void LabTask::await(LabCall *call)
{
    if (isOver()) {
        giveResult(call);
        return;
    }
    m_awaited.append(call);
    for (const QByteArray &message : std::exchange(m_undelivered, {}))
        call->notify(message);
}

void LabTask::giveResult(LabCall *call) const
{
    if (!m_error.isEmpty()) {
        const JsonText error = JsonText::parse(m_error);
        call->fail(error.integer(error.find("/code")).value_or(labInvalidRequest),
                   error.string(error.find("/message")),
                   error.raw(error.find("/data")).toByteArray());
    } else if (m_result.isEmpty()) {
        call->fail(labInvalidRequest, QStringLiteral("The task was cancelled: it has no result."));
    } else {
        call->succeed(labWithMembers(m_result, relatedMeta()));
    }
}

bool LabTask::cancel()
{
    if (isOver())
        return false;
    setStatus(Status::Cancelled, QStringLiteral("The task was cancelled by request."));
    if (m_peer)
        m_peer->cancelCall(jsonQuoted(m_id));
    for (const QPointer<LabCall> &call : std::exchange(m_awaited, {})) {
        if (call && !call->isFinished())
            giveResult(call);
    }
    return true;
}

void LabTask::ask(const QList<LabQuestion> &questions, const LabCall::OnAnswers &onAnswers)
{
    m_questions = questions;
    m_answers.clear();
    m_onAnswers = onAnswers;
    setStatus(Status::InputRequired, QStringLiteral("Waits for the client's answer"));
}

void LabTask::takeAnswers(const JsonText &json, JsonText::Node answers)
{
    if (m_status != Status::InputRequired)
        return;
    for (const LabQuestion &question : std::as_const(m_questions)) {
        const JsonText::Node answer = json.member(answers, question.key);
        if (json.isObject(answer) && !m_answers.contains(question.key))
            m_answers.insert(question.key, LabHeard{json.raw(answer).toByteArray(), {}});
    }
    if (m_answers.size() < m_questions.size()) {
        Q_EMIT changed();
        return;
    }
    const LabCall::OnAnswers onAnswers = std::exchange(m_onAnswers, {});
    setStatus(Status::Working, QStringLiteral("Goes on with the client's answer"));
    if (onAnswers)
        onAnswers(m_answers);
}

LabTask *LabTasks::create(LabPeer *peer, qint64 ttlMs)
{
    if (m_tasks.size() >= most)
        forget(m_tasks.first());
    auto *task = new LabTask(QUuid::createUuid().toString(QUuid::WithoutBraces), ttlMs, this);
    task->setPeer(peer);
    m_tasks.append(task);
    connect(task, &LabTask::changed, this, [this, task] { Q_EMIT changed(task); });
    QTimer::singleShot(std::chrono::milliseconds(ttlMs), task, [this, task] { forget(task); });
    return task;
}

LabTask *LabTasks::find(const QString &id) const
{
    const auto found = std::find_if(m_tasks.begin(), m_tasks.end(),
                                    [&](const LabTask *task) { return task->id() == id; });
    return found == m_tasks.end() ? nullptr : *found;
}

void LabTasks::forget(LabTask *task)
{
    m_tasks.removeAll(task);
    task->cancel();
    task->deleteLater();
}

} // namespace sightglass
