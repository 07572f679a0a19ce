// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/answerer.h"
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "core/mcp/session.h"
#include "core/trace/trace_store.h"

namespace sightglass::cli {

/// Where a command does its work; all of it outlives the command.
struct Workplace {
    const Options &options;
    Output &output;
    Session &session;
    TraceStore &trace;
    Answerer &answerer;
    const ToolList &tools; ///< as the session last listed them; it may not have
};

/// What one command does with a session that is ready: the same from the
/// command line, where the session is for it alone, and within a session that
/// goes on (repl). Ends with `finished` or `failed`, one of them, once.
class Action : public QObject {
    Q_OBJECT
public:
    explicit Action(const Workplace &place);

    virtual void begin() = 0;
    /// Each change of the session after that.
    virtual void onState(const SessionState &state) { Q_UNUSED(state) }
    /// The connection could not be opened, which is told elsewhere.
    virtual void notConnected() { }
    /// Ends it early: it tells its end, and whoever began it ends what it had asked.
    virtual void interrupt();

Q_SIGNALS:
    void finished(int code);
    void failed(const sightglass::Failure &failure);

protected:
    const Options &options() const { return m_place.options; }
    Output &output() { return m_place.output; }
    Session &session() { return m_place.session; }
    TraceStore &trace() { return m_place.trace; }
    Answerer &answerer() { return m_place.answerer; }
    const ToolList &tools() const { return m_place.tools; }
    bool hasEnded() const { return m_ended; }
    /// A word of the command behind its target, from 0; empty where there is none.
    QString word(int index) const { return m_place.options.arguments.value(index + 1); }

    void finish(int code);
    void fail(const Failure &failure);
    /// The server did not send what it has to.
    void failProtocol(const QString &code, const QString &sentence, ExchangeId exchange);

private:
    Workplace m_place;
    bool m_ended = false;
};

} // namespace sightglass::cli
