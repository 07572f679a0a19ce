// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab_call.h"
#include "core/lab/lab_outlet.h"

#include <QDateTime>

namespace sightglass {

/// A call whose answer is fetched later (2025-11-25, basic/utilities/tasks; from 2026-07-28 on the
/// extension io.modelcontextprotocol/tasks).
class LabTask : public LabOutlet {
    Q_OBJECT
public:
    enum class Status : quint8 { Working, InputRequired, Completed, Failed, Cancelled };

    LabTask(QString id, qint64 ttlMs, QObject *parent);

    const QString &id() const { return m_id; }
    Status status() const { return m_status; }
    bool isOver() const { return m_status >= Status::Completed; }
    void setStatus(Status status, const QString &message);
    /// The peer that gave the task, and hears of it.
    void setPeer(LabPeer *peer) { m_peer = peer; }
    LabPeer *peer() const { return m_peer; }

    void notify(const QByteArray &message) override;
    void answer(const LabAnswered &answer) override;
    bool setSource(const Source &) override { return false; }
    LabTask *task() override { return this; }

    /// As the revisions with tasks in their core spell it.
    QByteArray json() const;
    /// As the extension does; `detailed` with questions, result or error.
    QByteArray extensionJson(bool detailed) const;
    /// `"_meta":{…}` that relates a message to this task.
    QByteArray relatedMeta() const;

    /// tasks/result: answers the call when the task is over.
    void await(LabCall *call);
    /// tasks/cancel. False: it is over already.
    bool cancel();

    // For the extension, where questions are part of the task.
    void ask(const QList<LabQuestion> &questions, const LabCall::OnAnswers &onAnswers);
    /// tasks/update: an object of answers; unknown keys are ignored.
    void takeAnswers(const JsonText &json, JsonText::Node answers);

Q_SIGNALS:
    void changed();

private:
    void giveResult(LabCall *call) const;

    QString m_id;
    qint64 m_ttlMs;
    QDateTime m_created;
    QDateTime m_updated;
    Status m_status = Status::Working;
    QString m_message;
    QByteArray m_result; ///< raw JSON
    QByteArray m_error; ///< raw JSON of an error object
    QPointer<LabPeer> m_peer;
    QList<QPointer<LabCall>> m_awaited;
    QList<QByteArray> m_undelivered; ///< messages that found no way yet
    QList<LabQuestion> m_questions;
    QHash<QString, LabHeard> m_answers;
    LabCall::OnAnswers m_onAnswers;
};

/// The tasks of one client, or of all that have no session. They are forgotten when their time is
/// over; the oldest, when there are too many.
class LabTasks : public QObject {
    Q_OBJECT
public:
    static constexpr int most = 100;

    using QObject::QObject;

    /// A task of its own for this peer; it lives for `ttlMs`.
    LabTask *create(LabPeer *peer, qint64 ttlMs);
    LabTask *find(const QString &id) const;
    const QList<LabTask *> &all() const { return m_tasks; }

Q_SIGNALS:
    void changed(sightglass::LabTask *task);

private:
    void forget(LabTask *task);

    QList<LabTask *> m_tasks; ///< children
};

} // namespace sightglass
