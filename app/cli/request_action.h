// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/action.h"

#include "core/mcp/calls.h"

namespace sightglass::cli {

/// Sends one request, and prints its result: with --json as the server sent
/// it, else as print() makes it.
class RequestAction : public Action {
    Q_OBJECT
public:
    explicit RequestAction(const Workplace &place);

protected:
    void send(const RpcCall &call);
    /// Waits for this one, which was sent otherwise.
    void waitFor(Ticket ticket) { m_ticket = ticket; }
    /// A result that came, without a failure. Ends the command.
    virtual void print(const CallResult &result) = 0;
    /// Ends the command with what came; print() for a result that is not to be printed raw.
    virtual void answered(const CallResult &result);
    void printFailure(const CallResult &result);

private:
    Ticket m_ticket = 0;
};

} // namespace sightglass::cli
