// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/interrupts.h"
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "core/mcp/session.h"
#include "core/trace/trace_file.h"

#include <memory>

namespace sightglass::cli {

/// A command that connects: connects, does its work once ready, disconnects, and tells its exit
/// code.
class Client : public QObject {
    Q_OBJECT
public:
    Client(const Options &options, Output &output);
    ~Client() override;

    /// Runs the event loop until the command has ended.
    int run();

protected:
    /// The session is ready (once).
    virtual void begin() = 0;
    /// Each change of state after that.
    virtual void onState(const SessionState &state) { Q_UNUSED(state) }

    const Options &options() const { return m_options; }
    Output &output() { return m_output; }
    Session &session() { return m_session; }
    TraceStore &trace() { return m_trace; }
    /// Prints the failure, with what the trace says about its cause, then finishes.
    void fail(const Failure &failure);
    /// Disconnects properly, then ends with this code.
    void finish(int code);

private:
    bool record();
    void stateChanged(const SessionState &state);
    void tellRemarks();
    void tellNote(const Failure &failure);
    void tellStream(const StreamState &stream);

    const Options &m_options;
    Output &m_output;
    TraceStore m_trace;
    std::unique_ptr<TraceFileWriter> m_writer;
    Session m_session;
    Interrupts m_interrupts;
    bool m_begun = false;
    bool m_finishing = false;
    int m_code = Done;
    StreamState m_stream; ///< as it last was before the end
    QString m_said; ///< the sentence of the failure that ended it, before it was explained
};

int runTools(const Options &options, Output &output);
int runCall(const Options &options, Output &output);
int runListen(const Options &options, Output &output);
int runTrace(const Options &options, Output &output);
int runDecode(const Options &options, Output &output);
int runLab(const Options &options, Output &output);

} // namespace sightglass::cli
