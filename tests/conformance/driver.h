// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/quick_browser.h"

#include "core/mcp/calls.h"
#include "core/mcp/session.h"
#include "core/mcp/skill.h"
#include "core/trace/trace_store.h"

#include <functional>

namespace sightglass::conformance {

/// A session whose steps wait for their end, and which answers what servers ask as a person would
/// who is in a hurry: proposals are accepted as they stand, what has none gets a sample.
class Driver : public QObject {
    Q_OBJECT
public:
    Driver();

    /// False with a line on stderr if it failed.
    bool connectTo(const ServerTarget &target);
    void disconnectFrom();
    bool offers(ListKind kind) const;
    ToolList tools();
    Listing list(ListKind kind);
    CallResult callTool(const QString &name, const QByteArray &arguments);
    CallResult request(const RpcCall &call);
    const SessionState &state() const { return m_state; }
    const TraceStore &trace() const { return m_trace; }
    /// True once a step failed otherwise than by an error that the server answered.
    bool hasFailed() const { return m_failed; }

private:
    void answer(const ServerRequest &request);
    void tell(const Failure &failure);
    CallResult waitFor(const std::function<Ticket()> &command);
    void wait(const std::function<bool()> &until);

    TraceStore m_trace;
    sightglass::test::QuickBrowser m_browser;
    Session m_session;
    SessionState m_state;
    bool m_failed = false;
};

} // namespace sightglass::conformance
