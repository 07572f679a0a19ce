// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "core/mcp/task.h"

#include <QDeadlineTimer>
#include <QHash>
#include <QTimer>

#include <functional>

namespace sightglass {

class SessionController;
class TaskListModel;
struct TrackedTask;

/// Keeps what is known of the tasks of one server (2025-11-25, basic/utilities/tasks, and the
/// extension io.modelcontextprotocol/tasks): takes up each request that became one, lists those
/// that the server lists, asks how they are as often as the server wants, hears its notifications,
/// hands their questions on and fetches the results of those that began here.
class TaskTracker final : public QObject {
    Q_OBJECT
public:
    // A server that wants to be asked all the time, or never, is not taken at its word.
    static constexpr qint64 LeastPollMs = 100;
    static constexpr qint64 UsualPollMs = 1000;
    static constexpr qint64 MostPollMs = 60'000;

    /// Not owned.
    explicit TaskTracker(SessionController *session, QObject *parent = nullptr);

    TaskListModel *model() const { return m_model; }
    /// Of what results may repeat; see SessionController::liveRedactor().
    std::shared_ptr<const Redactor> redactor() const;
    /// On this connection; None without one.
    TasksBy by() const { return m_by; }
    /// The server lists them: tasks/list.
    bool isListed() const;
    bool isListing() const { return m_listing; }
    const std::optional<Failure> &listFailure() const { return m_listFailure; }

    /// Asks for the list, where there is one, and for each task that goes on.
    void refresh();
    /// The same, also where the server does not say that it has tasks.
    void askAllTheSame();
    /// This one is looked at: it is asked for like those that began here. Empty: none.
    void watch(const QString &id);
    void setPolling(bool on);
    bool isPolling() const { return m_polling; }
    /// So often this one is asked for now; nothing: not by itself.
    std::optional<qint64> pollMs(const TrackedTask &task) const;
    void cancel(const QString &id); ///< tasks/cancel
    /// Fetches its result, or waits for it.
    void fetch(const QString &id);
    /// True where fetch() would do something.
    bool canFetch(const TrackedTask &task) const;
    bool canCancel(const TrackedTask &task) const;

Q_SIGNALS:
    /// Another connection, the list began or ended, or polling was switched.
    void changed();
    /// A request became a task.
    void began(const QString &id);

private:
    enum class Kind : quint8 { Get, Cancel, Result, Update };
    struct Asked {
        Kind kind = Kind::Get;
        QString id;
    };

    void stateChanged(const SessionState &state);
    void forget();
    bool isReady() const;
    void request(Kind kind, const QString &id, const RpcCall &call);
    void finished(Ticket ticket, const CallResult &result);
    void adopt(const CallResult &result);
    void listed(const Listing &listing);
    void notified(const Notice &notice);
    void got(const QString &id, const CallResult &result);
    void cancelAnswered(const QString &id, const CallResult &result);
    void resultCame(const QString &id, const CallResult &result);
    void take(const Task &task, ExchangeId exchange);
    void askInput(const TrackedTask &task);
    void answered(const QString &id, const QString &key, const ServerReply &reply);
    void withdraw(const QString &id, const QList<InputRequired::Request> &stillAsked,
                  const QString &why);
    void schedule(const QString &id);
    void poll();
    /// Changes what is known of one, if it is known.
    void change(const QString &id, const std::function<void(TrackedTask *)> &how);

    SessionController *m_session;
    TaskListModel *m_model;
    TasksBy m_by = TasksBy::None;
    QString m_server; ///< whose tasks these are
    SessionPhase m_phase = SessionPhase::Idle;
    bool m_polling = true;
    bool m_listing = false;
    std::optional<Failure> m_listFailure;
    QString m_watched;
    QHash<Ticket, Asked> m_asked; ///< what has no answer yet
    QHash<QString, QDeadlineTimer> m_due; ///< when to ask for which
    QTimer m_timer;
    /// Questions of tasks that were handed on, by task and key; those that were answered have 0
    /// until the task has taken the answer.
    QHash<QString, QHash<QString, quint64>> m_questions;
};

} // namespace sightglass
