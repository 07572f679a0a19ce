// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/options.h"
#include "core/trace/failure.h"
#include "core/trace/redaction.h"

#include <QByteArray>
#include <QDeadlineTimer>

#include <functional>
#include <optional>

namespace sightglass::cli {

enum ExitCode : int {
    Done = 0,
    ToolError = 1,
    WrongUse = 2,
    NotReached = 3,
    RefusedCode = 4,
    ProtocolError = 5,
    TimedOutCode = 6,
    NotRecorded = 7, ///< done, but the recording of it is not whole
    Interrupted = 130,
};
int exitCode(const Failure &failure);

/// Where one of stdin, stdout and stderr is closed, the first file or socket that is opened would
/// take its number, and results would go there. Call it first: puts something there that cannot be
/// read or written.
void holdStandardStreams();

/// Writes to stdout and stderr. stdout has results alone. A server may echo what it was sent:
/// texts for people have the fingerprint in place of each known secret. Once it cannot be written
/// (the reader of a pipe went away, the disk is full) further results are dropped: the command
/// looks at ended().
class Output {
public:
    explicit Output(Colour colour);

    void result(QByteArrayView bytes); ///< as it is, to stdout, at once
    void resultLater(QByteArrayView bytes); ///< with the next flush()
    void flush();
    /// Where nobody takes what is printed it is waited for, but little longer than until then, and
    /// not after an interrupt.
    void waitUntil(const QDeadlineTimer &deadline) { m_deadline = deadline; }
    void resultLine(QByteArrayView bytes); ///< the same, with a line end
    void text(QByteArrayView bytes); ///< for people, to stdout
    /// A part of a long text for people, which endLine() ends.
    void part(const QString &text);
    void endLine();
    void line(const QString &text); ///< the same, with a line end
    /// What is known to be secret; without one, all is shown as it is.
    void setRedactor(const Redactor &redactor) { m_redactor = redactor; }
    /// stdout is one, and somebody reads it there.
    bool isTerminal() const { return m_outTerminal; }
    /// Nothing more can be written to stdout, or nobody reads what is.
    bool ended();
    /// The exit code of a command that ended with `code`: as it is where stdout took all, or its
    /// reader had enough; else that of the failed write, which is told.
    int exitCode(int code);
    void note(const QString &text); ///< to stderr
    /// Called before (true) and after (false) all that is printed: whoever draws on the terminal
    /// steps aside.
    void setAside(std::function<void(bool)> aside) { m_aside = std::move(aside); }
    /// The one line of an error, to stderr: what, why, what to do, where to look.
    void error(const Failure &failure);
    /// One line that is overwritten by the next, only where stderr is a terminal.
    void progress(const QString &text);

    QString bold(const QString &text) const;
    QString muted(const QString &text) const;
    QString alarming(const QString &text) const;

private:
    qsizetype writeSome(QByteArrayView bytes); ///< -1: not, and m_writeError tells why
    QString wrap(const QString &text, const char *code, bool colour) const;
    void clearProgress();
    QString clean(const QString &text) const { return m_redactor ? m_redactor->text(text) : text; }
    void stepAside(bool aside) const
    {
        if (m_aside)
            m_aside(aside);
    }

    bool m_outTerminal;
    bool m_outColour;
    bool m_errColour;
    bool m_errTerminal;
    bool m_progressShown = false;
    std::function<void(bool)> m_aside;
    std::optional<Redactor> m_redactor;
    QByteArray m_rest; ///< of the last part: a secret may begin there
    QByteArray m_out; ///< not written yet
    bool m_outBlocks; ///< stdout may have to wait for a reader
    QDeadlineTimer m_deadline = QDeadlineTimer::Forever;
    int m_writeError = 0; ///< errno of the first write to stdout that failed
};

/// Untrusted text for a terminal, as markedText() has it; line feeds and tabs stay.
QString forTerminal(const QString &text);
/// The same for a name, a title or a sentence: line ends are marks, too.
QString lineForTerminal(const QString &text);

} // namespace sightglass::cli
