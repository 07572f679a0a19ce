// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/commands.h"
#include "app/cli/interrupts.h"
#include "core/auth/login/token_keeper.h"
#include "core/export/otlp_live.h"
#include "core/trace/trace_file.h"

#include <memory>

namespace sightglass::cli {

/// For the fingerprints of one run.
QByteArray randomSalt();

/// A connection for commands: connects, does their work once ready,
/// disconnects, and tells an exit code.
class Client : public QObject {
    Q_OBJECT
public:
    Client(const Options &options, Output &output);
    ~Client() override;

    /// Runs the event loop until the work has ended.
    int run();

protected:
    /// The session is ready (once).
    virtual void begin() = 0;
    /// Each change of state after that.
    virtual void onState(const SessionState &state) { Q_UNUSED(state) }
    /// It could not be opened, or is lost; by default the end.
    virtual void onFailed(const Failure &failure) { fail(failure); }
    /// SIGINT or SIGTERM; by default the end.
    virtual void onInterrupt(int signal);
    /// Nothing more is to be read or begun.
    virtual void onFinish() { }
    /// What is done first: by default it connects.
    virtual void open() { connectNow(); }

    const Options &options() const { return m_options; }
    Output &output() { return m_output; }
    Session &session() { return m_session; }
    TraceStore &trace() { return m_trace; }
    Answerer &answerer() { return m_answerer; }
    Workplace place(const Options &options)
    {
        return {options, m_output, m_session, m_trace, m_answerer, m_tools};
    }
    const Redactor &redactor() const { return m_redactor; }
    CredentialStore &store() { return m_store; }
    TokenKeeper &keeper() { return m_keeper; }
    bool isFinishing() const { return m_finishing; }
    /// Prints the failure, with what the trace says about its cause.
    void tell(const Failure &failure);
    /// The same, then finishes.
    void fail(const Failure &failure);
    /// Disconnects properly, then ends with this code.
    void finish(int code);
    /// Connects (again).
    void connectNow();
    /// The interruption was for something less than the end.
    void interruptTaken() { m_interrupts.taken(); }

private:
    /// What is written from now on is without them.
    void secretsLearned();
    bool record();
    void awaitStore();
    /// A request to the server had one, or had it left off on purpose.
    bool sentToken() const;
    /// The last spans go out, or it is told that they could not.
    void awaitSpans();
    void stateChanged(const SessionState &state);
    bool explains() const;
    void tellRemarks();
    void tellNote(const Failure &failure);
    void tellStream(const StreamState &stream);

    const Options &m_options;
    Output &m_output;
    Redactor m_redactor; ///< of the output and of the recording
    TraceStore m_trace;
    std::unique_ptr<TraceFileWriter> m_writer;
    std::unique_ptr<OtlpLive> m_spans; ///< null where none are wanted
    CredentialStore m_store; ///< asked only where a server wants a token
    TokenKeeper m_keeper;
    Session m_session;
    Answerer m_answerer;
    ToolList m_tools;
    Interrupts m_interrupts;
    bool m_begun = false;
    bool m_finishing = false;
    int m_code = Done;
    StreamState m_stream; ///< as it last was before the end
    QString m_said; ///< the sentence of the last failure that was told, before it was explained
};

/// Connects, carries out the one command of the options, and disconnects.
int runAction(const Options &options, Output &output);

} // namespace sightglass::cli
