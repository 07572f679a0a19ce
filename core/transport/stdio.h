// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"
#include "core/transport/output_reader.h"
#include "core/transport/server_command.h"
#include "core/transport/transport.h"

#include <QProcess>
#include <QTimer>

#include <deque>
#include <map>
#include <set>

namespace sightglass {

/// Runs a program and speaks with it by lines on its standard streams (basic/transports, "stdio").
///
/// In the trace the program is one exchange (kind Process) whose body is all that it wrote to
/// stdout, a frame a line; its stderr is another (kind ErrorOutput); and each message that goes to
/// stdin is one of kind Input, whose body is a copy of the line that answered it.
/// A line of stdout that is no message is a frame of its own kind, and told once. Of what is no
/// message only so much is kept (OutputBudget), the rest is counted; messages stand there whole.
/// The program is started with the first message, in a process group of its own, and ended with the
/// transport: stdin is closed first, then come SIGTERM and SIGKILL, to the whole group. Children of
/// it that are left in that group when the program has ended, however it did, are ended in the same
/// way. How it ended stands in the trace as the end of its exchange, and is a failure only where we
/// did not end it. What is posted after that is written nowhere, and recorded nowhere.
class Stdio final : public Transport, private OutputSink {
    Q_OBJECT
public:
    /// How long a program may take to end, after its stdin was closed and after SIGTERM; also its
    /// children after that.
    static constexpr int GraceMs = 2000;

    Stdio(TraceStore *trace, ServerCommand command, QObject *parent = nullptr);
    ~Stdio() override;

    PostId post(const Outgoing &message) override;
    void settle(PostId id) override;
    void abandon(PostId id, const std::optional<Failure> &why = {}) override;
    void setCommonHeaders(const HeaderList &) override { }
    /// There is no other stream than stdout: nothing to open.
    void openStream() override { }
    const StreamState &streamState() const override { return m_state; }
    bool isShared() const override { return true; }
    bool isGone() const override { return m_failure.has_value(); }
    void endSession() override;
    void closeAll() override;

private:
    struct Open {
        ExchangeId exchange = 0;
        QString what;
        bool expectsAnswer = false;
        qint64 unwritten = 0; ///< bytes that the program has not taken yet
    };

    void start();
    /// Nobody reads it: told soon, with the program's own exchange.
    void refuse(PostId id);
    void write(PostId id, const QByteArray &text);
    void onWritten(qint64 bytes);
    void onOutput();
    void onErrorOutput();
    void onRecord(QByteArrayView bytes) override;
    bool onLine(const OutputLine &line) override;
    /// Says so, once, when more than is kept was written to "stdout" or "stderr".
    void tellFlood(OutputBudget &budget, const QString &stream, ExchangeId exchange);
    void tellTotal(const OutputBudget &budget, const QString &stream, ExchangeId exchange);
    void onError(QProcess::ProcessError error);
    void onFinished(int exitCode, QProcess::ExitStatus status);
    void dropProcess();
    /// `orderly`: how it ended where that is no failure, for the trace alone.
    void ended(const std::optional<Failure> &failure, const std::optional<Failure> &orderly = {});
    void failAll(const Failure &failure);
    void signalGroup(int signal);
    /// Somebody of the program's process group is still there.
    bool groupLives() const;
    /// SIGTERM, then SIGKILL to what is left of the group when the program itself has ended.
    void endGroup();
    void groupEnded();
    /// "ended with exit code 3".
    static QString howItEnded(int exitCode, QProcess::ExitStatus status);
    Failure orderlyEnd(int exitCode, QProcess::ExitStatus status) const;

    TraceStore *m_trace;
    ServerCommand m_command;
    std::unique_ptr<QProcess> m_process;
    QTimer m_grace;
    QTimer m_groupLook; ///< asks whether the group has ended: nobody tells
    qint64 m_group = 0; ///< process group that we made; 0: none, or it has ended
    int m_signalled = 0; ///< the last signal that we sent to the program
    QString m_whySignalled; ///< "because …"
    std::map<PostId, Open> m_open;
    std::deque<PostId> m_writing;
    std::set<PostId> m_refused; ///< posted when the program had ended; to be told
    PostId m_lastPost = 0;
    ExchangeId m_exchange = 0; ///< of the program
    ExchangeId m_errors = 0;
    OutputReader m_output;
    OutputBudget m_errorBudget;
    qint64 m_readErrors = 0; ///< bytes of stderr in the trace
    qint64 m_errorLine = 0; ///< where the last line of stderr began
    QByteArray m_lastWords; ///< the end of stderr: mostly the reason why a program ended
    QByteArrayView m_line; ///< that is being handed on
    qint64 m_printed = 0; ///< lines of stdout that were no message, blank ones aside
    bool m_ending = false;
    std::optional<Failure> m_failure; ///< why it is not there (any more)
    StreamState m_state;
};

} // namespace sightglass
