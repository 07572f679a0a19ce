// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/era.h"
#include "core/mcp/session.h"
#include "core/trace/trace_store.h"

#include <functional>

namespace sightglass::test {

/// A session with its trace, driven step by step: each step waits for its end and tells it as a
/// value. A step that does not end within 30 s fails the test. So does, at the end, a message that
/// we sent and that the schema of its revision does not allow: whatever the test was about.
class SessionProbe : public QObject {
    Q_OBJECT
public:
    SessionProbe();
    ~SessionProbe() override;

    Session &session() { return m_session; }
    const TraceStore &trace() const { return m_trace; }
    const SessionState &state() const { return m_state; }

    /// True once it is ready; false if it failed (see state().failure).
    bool connectTo(const ServerTarget &target);
    void disconnectFrom();
    ToolList tools();
    CallResult call(const QString &name, const QByteArray &arguments = "{}");
    CallResult request(const RpcCall &call);
    CallResult batch(const QByteArray &messages);
    /// All pages of a list.
    Listing list(ListKind kind);
    /// Of the last call, in order.
    const QList<Progress> &progress() const { return m_progress; }
    bool waitFor(const std::function<bool()> &condition);

    /// Exchanges of that kind, in order.
    QList<ExchangeId> exchanges(ExchangeKind kind) const;
    /// Value of the request's header; null where it carried none.
    QByteArray sent(ExchangeId id, QByteArrayView name) const;
    /// What the rules find wrong in all that was exchanged, as "AF-01: sentence"; what is as it may
    /// be is not among it.
    QStringList findings() const;
    /// Text of the first content block of a tool's result.
    static QString text(const CallResult &result);
    /// A sentence for messages: the failure, or what the state is.
    static QByteArray explain(const std::optional<Failure> &failure);

private:
    CallResult waitForCall(const std::function<Ticket()> &command);

    TraceStore m_trace;
    Session m_session;
    SessionState m_state;
    QList<Progress> m_progress;
};

} // namespace sightglass::test
