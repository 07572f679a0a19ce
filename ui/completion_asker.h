// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/calls.h"
#include "core/mcp/session.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace sightglass {

class SessionController;

/// Asks the server for completions while somebody types (completion/complete): a while after the
/// last key, one at a time; an older question is cancelled on the wire. A server that answered
/// "method not found" (-32601) is left alone until the next connection.
class CompletionAsker final : public QObject {
    Q_OBJECT
public:
    /// Not owned.
    explicit CompletionAsker(SessionController *session, QObject *parent = nullptr);

    /// Number of the question, for `answered`. What was asked before has no answer any more.
    quint64 ask(const CompletionFor &wanted);
    /// Forgets what was asked.
    void stop();
    /// False once the server knows no completion.
    bool isOffered() const { return !m_refused; }

Q_SIGNALS:
    void answered(quint64 question, const sightglass::Completion &completion,
                  sightglass::ExchangeId exchange);

private:
    void send();
    void cancel();

    SessionController *m_session;
    QTimer m_wait;
    std::optional<CompletionFor> m_next;
    quint64 m_question = 0;
    Ticket m_ticket = 0;
    bool m_refused = false;
};

} // namespace sightglass
