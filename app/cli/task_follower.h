// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/answerer.h"
#include "core/mcp/session.h"
#include "core/mcp/task.h"

#include <QSet>
#include <QTimer>

namespace sightglass::cli {

/// Follows a task to its end: asks how it is as often as the server wants, hands
/// on what it asks, and fetches its result.
class TaskFollower : public QObject {
    Q_OBJECT
public:
    /// `fetches`: results are fetched by tasks/result, as the core of a revision has it; else they
    /// come with tasks/get. `mostMs`: so long it is followed at most; 0: for ever.
    TaskFollower(Session *session, Answerer *answerer, bool fetches, qint64 mostMs);

    /// From the result that says that there is a task.
    void follow(const CallResult &created);
    /// Only fetches its result, which may take until it has one.
    void fetch(const QString &id);
    const QString &id() const { return m_id; }

Q_SIGNALS:
    /// How it is, each time that this changed.
    void told(const QString &status);
    /// Its result (as that of the request that became it), or why it has none.
    void ended(const sightglass::CallResult &result);

private:
    /// A server that asks for new input more often than this is given up (as with
    /// Connection::MostRounds).
    static constexpr int MostRounds = 20;

    void ask();
    void asked(const CallResult &answer);
    void fetched(const CallResult &answer);
    void taken(const Task &task, const CallResult &answer);
    void answerInput(const Task &task, const CallResult &answer);
    void end(const CallResult &result);
    void fail(FailureKind kind, const QString &code, const QString &sentence,
              const CallResult &answer);

    Session *m_session;
    Answerer *m_answerer;
    bool m_fetches;
    QTimer m_poll;
    QTimer m_limit;
    QString m_id;
    QString m_status; ///< as last told
    int m_pollMs = 0;
    Ticket m_asking = 0;
    Ticket m_fetching = 0;
    QSet<QString> m_answered; ///< keys of its questions
    int m_rounds = 0; ///< how often there were new ones
    bool m_ended = false;
};

/// Where the revision that is spoken has no tasks, why nothing is to be asked about them.
std::optional<Failure> withoutTasks(const SessionState &state, const QString &advice);

} // namespace sightglass::cli
