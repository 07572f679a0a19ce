// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/options.h"
#include "core/trace/failure.h"

#include <QByteArray>

namespace sightglass::cli {

enum ExitCode : int {
    Done = 0,
    ToolError = 1,
    WrongUse = 2,
    NotReached = 3,
    RefusedCode = 4,
    ProtocolError = 5,
    TimedOutCode = 6,
    Interrupted = 130,
};
int exitCode(const Failure &failure);

/// Writes to stdout and stderr. stdout has results alone; a closed pipe ends the program quietly.
class Output {
public:
    explicit Output(Colour colour);

    void result(QByteArrayView bytes); ///< as it is, to stdout
    void line(const QString &text); ///< to stdout, with a line end
    void note(const QString &text); ///< to stderr
    /// The one line of an error, to stderr: what, why, what to do, where to look.
    void error(const Failure &failure);
    /// One line that is overwritten by the next, only where stderr is a terminal.
    void progress(const QString &text);

    QString bold(const QString &text) const;
    QString muted(const QString &text) const;

private:
    QString wrap(const QString &text, const char *code, bool colour) const;
    void clearProgress();

    bool m_outColour;
    bool m_errColour;
    bool m_errTerminal;
    bool m_progressShown = false;
};

/// Untrusted text for a terminal: control characters (escape sequences, bidi overrides) become
/// visible marks; line feeds and tabs stay.
QString forTerminal(const QString &text);

} // namespace sightglass::cli
