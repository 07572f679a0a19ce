// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/envelope.h"
#include "core/lab/lab_revision.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QPointer>
#include <QSet>
#include <QTimer>

#include <functional>

namespace sightglass {

class LabCall;
class LabOutlet;
class LabTasks;
class LabWorld;

/// What the client said to a question of the server's.
struct LabHeard {
    QByteArray result; ///< raw JSON; empty: it did not give one
    QString problem; ///< why not, in a sentence
};

/// A client as the methods see it: what it speaks and offers, its level of log messages, its
/// subscriptions, its running calls, and what it was asked. Knows no transport; a subclass says how
/// the server speaks of its own accord. Where every request stands for itself, each has a peer of
/// its own.
///
/// All that a client can leave behind lives in its peer and ends with it: a question that it never
/// answers is withdrawn after a while, too.
class LabPeer : public QObject {
    Q_OBJECT
public:
    LabPeer(LabWorld *world, LabRevision revision, QObject *parent);
    ~LabPeer() override;

    LabWorld *world() const { return m_world; }
    const LabRevision &revision() const { return m_revision; }

    /// The client's capabilities, raw JSON.
    void setDeclared(const QByteArray &capabilities);
    const QByteArray &declared() const { return m_declared; }
    /// `pointer` (RFC 6901) is in them: "/roots", "/elicitation/url".
    bool declares(QByteArrayView pointer) const;
    /// It may be asked this. Forms are meant where elicitation names no mode.
    bool mayAsk(const QByteArray &method, const QByteArray &params) const;

    /// Sends a message of the server's own accord. Lost where there is no way for it.
    virtual void speak(const QByteArray &message) = 0;
    /// A message would arrive now.
    virtual bool isReached() const = 0;

    // Log messages, of all that happens.
    /// notifications/message, if the level that the client set lets it through.
    void log(const QByteArray &level, const QByteArray &logger, const QByteArray &data);
    /// False: no such level.
    bool setLogLevel(const QByteArray &level);

    // Subscriptions to resources.
    void subscribe(const QString &uri, bool on);
    /// Tells the client from now on what changes: lists, and resources that it subscribed to.
    void tellChanges();

    /// Tells the client when the page with this id was opened (notifications/elicitation/complete).
    void tellConsent(const QString &id);

    // Questions.
    using OnHeard = std::function<void(const LabHeard &)>;
    /// Asks the client; on the outlet's stream if there is one, else of its own accord. `onHeard`
    /// is called once, unless the peer goes first. Answers with the id.
    QByteArray ask(LabOutlet *outlet, const QByteArray &method, const QByteArray &params,
                   const OnHeard &onHeard);
    /// Sends no question, only remembers it as if it had been sent with this id.
    QByteArray expect(const QByteArray &method, const OnHeard &onHeard);
    /// Tells the client that the answer is not wanted any more.
    void withdraw(const QByteArray &id, const QString &why);
    void takeResponse(const Envelope &message);
    qsizetype openQuestions() const { return m_questions.size(); }
    /// Pings the client now and then, if it can be reached. 0: never.
    void pingEvery(int ms);

    // Calls.
    void addCall(LabCall *call);
    /// False: no such call runs.
    bool cancelCall(const QByteArray &id);
    void cancelAllCalls();
    qsizetype runningCalls() const { return m_calls.size(); }

    void takeNotification(const Envelope &message);
    /// The roots that it told last, raw JSON of roots/list; empty: it was not asked.
    const QByteArray &roots() const { return m_roots; }
    void setRoots(const QByteArray &roots) { m_roots = roots; }

    /// The tasks that it knows.
    virtual LabTasks *tasks();

Q_SIGNALS:
    void said(const QString &line);

private:
    struct Question {
        QByteArray method;
        OnHeard onHeard;
        QElapsedTimer clock;
    };
    void ping();
    void askForRoots();
    void finish(const QByteArray &id, const LabHeard &heard);

    LabWorld *m_world;
    LabRevision m_revision;
    QByteArray m_declared = "{}";
    int m_logLevel;
    bool m_tellsChanges = false;
    bool m_tellsConsents = false;
    QSet<QString> m_subscriptions;
    QSet<QString> m_consents; ///< that it waits for
    QHash<QByteArray, Question> m_questions;
    int m_lastPing = 0;
    int m_lastQuestion = 0;
    QHash<QByteArray, LabCall *> m_calls;
    QTimer m_pingTimer;
    QByteArray m_roots;
    LabTasks *m_tasks = nullptr;
};

/// Place of a log level of RFC 5424 in the order of weight, from debug; -1: no such level.
int labLogLevel(QByteArrayView level);

} // namespace sightglass
