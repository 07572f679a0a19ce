// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"
#include "core/lab/lab_outlet.h"
#include "core/lab/lab_peer.h"

#include <QHash>
#include <QObject>
#include <QPointer>

namespace sightglass {

class LabWorld;

/// A question to the client. The key tells the questions of one call apart.
struct LabQuestion {
    QString key;
    QByteArray method; ///< elicitation/create, sampling/createMessage, roots/list
    QByteArray params; ///< raw JSON; empty: none
};

/// A request that is being answered. It may outlive the connection that asked for it. Deletes
/// itself when it has ended.
class LabCall : public QObject {
    Q_OBJECT
public:
    LabCall(LabPeer *peer, LabOutlet *outlet, QByteArray method, QByteArray id, JsonText params);

    const QByteArray &method() const { return m_method; }
    const QByteArray &id() const { return m_id; } ///< raw JSON
    LabPeer *peer() const { return m_peer; }
    LabWorld *world() const { return m_peer->world(); }
    const LabRevision &revision() const { return m_peer->revision(); }
    LabOutlet *outlet() const { return m_outlet; }
    bool isFinished() const { return m_finished; }

    const JsonText &params() const { return m_params; }
    JsonText::Node param(QStringView name) const { return m_params.member(m_params.root(), name); }
    QString paramText(QStringView name) const { return m_params.string(param(name)); }
    JsonText::Node meta(const char *name) const;

    /// The arguments as sent; "{}" if there were none.
    QByteArray arguments() const;
    JsonText::Node argument(QStringView name) const;
    QString text(QStringView name, const QString &otherwise = {}) const;
    double number(QStringView name, double otherwise) const;
    /// Kept within the bounds.
    qint64 integer(QStringView name, qint64 otherwise, qint64 least, qint64 most) const;
    bool flag(QStringView name, bool otherwise) const;

    bool wantsProgress() const { return !m_progressToken.isEmpty(); }
    void progress(double progress, double total, const QString &message);
    /// A log message about this call; of its own accord where the client set a level for all.
    void log(const QByteArray &level, const QByteArray &logger, const QByteArray &data);
    /// Messages of that level would be sent: where requests stand for themselves, each has to ask.
    bool wantsLog(const QByteArray &level) const;
    /// A message of this call before its end.
    void notify(const QByteArray &message);

    using OnAnswers = std::function<void(const QHash<QString, LabHeard> &)>;
    /// Asks the client, and goes on with its answers: by requests of the server's own; where the
    /// revision has none, the call ends with these questions, and runs anew, up to here, when it is
    /// sent again with the answers (2026-07-28, basic/patterns/mrtr); in a task, by the task. A
    /// client that does not offer it is not asked: the call fails.
    void ask(const QList<LabQuestion> &questions, const OnAnswers &onAnswers);
    /// The client sent back a state that is not ours, or too old, or of another call.
    bool hasForeignState() const { return !m_stateProblem.isEmpty(); }
    const QString &stateProblem() const { return m_stateProblem; }

    // How it ends: once, by one of these.
    /// `result`: raw JSON of an object; what the revision wants besides is put into it.
    void succeed(const QByteArray &result);
    /// The same for a tool: structured content is left out where the revision has none.
    void sayStructured(const QString &text, const QByteArray &structured);
    void sayText(const QString &text);
    /// The tool itself failed (isError).
    void sayError(const QString &text);
    /// A JSON-RPC error.
    void fail(qint64 code, const QString &message, const QByteArray &data = {});
    /// The client gave it up; no answer follows (cancellation, "Behavior Requirements").
    void cancel();

Q_SIGNALS:
    void ended();

private:
    void end(const QByteArray &message, int status = 200);
    void readState();
    void refuseToAsk(const LabQuestion &question);
    void askByRequests(const QList<LabQuestion> &questions, const OnAnswers &onAnswers);
    void askByResult(const QList<LabQuestion> &questions, const OnAnswers &onAnswers);

    LabPeer *m_peer;
    QPointer<LabOutlet> m_outlet;
    QByteArray m_method;
    QByteArray m_id;
    JsonText m_params;
    JsonText::Node m_arguments = -1;
    QByteArray m_progressToken; ///< raw JSON
    QHash<QString, QByteArray> m_given; ///< answers that came with the request and its state
    QString m_stateProblem;
    QList<QByteArray> m_asked; ///< ids of questions that wait
    bool m_finished = false;
};

} // namespace sightglass
