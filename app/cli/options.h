// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/answers.h"
#include "core/export/otlp_exporter.h"
#include "core/export/trace_export.h"
#include "core/mcp/edited_request.h"
#include "core/mcp/server_target.h"

#include <QStringList>

namespace sightglass::cli {

enum class Colour : quint8 { Auto, Always, Never };

/// What the command line asks for.
struct Options {
    QString command; ///< "tools", "call", …
    QStringList arguments; ///< behind the command
    ServerTarget target; ///< of the commands that connect
    std::optional<QByteArray> args; ///< --args, read from its file, as JSON text
    std::optional<RecordedRequest> recorded; ///< send: what is sent
    std::optional<QByteArray> body; ///< send: in place of the recorded one
    QByteArray method; ///< send: likewise; empty: the recorded one
    QList<Header> sentHeaders; ///< send: of that request alone, in place of recorded ones
    bool task = false; ///< call: as a task, where the revision has them
    std::optional<qint64> ttlMs; ///< of that task
    QByteArray level; ///< of log messages; empty: not asked for
    QString outputFile; ///< read, trace, import; empty: standard output
    std::optional<ExportFormat> exportFormat; ///< trace
    std::optional<OtlpTarget> otlp; ///< where spans go
    QList<std::pair<ExchangeId, ExchangeId>> exchanges; ///< trace: from, to; empty: all
    Answers answers; ///< to what the server asks
    int seconds = 0; ///< listen, logs, subscribe, explain; 0: until interrupted
    QString recording; ///< explain: the file in place of a target, "-" is standard input
    QStringList filters; ///< trace: all have to hold; none is empty
    bool events = false; ///< trace: single events in place of exchanges
    QString saveFile; ///< trace; empty: it is printed
    QString junitFile; ///< explain; empty: none is written
    QString sarifFile; ///< likewise
    QString traceFile;
    TraceLimit keep; ///< of bodies, in this run
    bool showSecrets = false;
    bool json = false;
    Colour colour = Colour::Auto;
    quint16 port = 0; ///< lab
    QStringList play; ///< lab
    bool stdio = false; ///< lab
    bool oauth = false; ///< lab
    bool consent = false; ///< lab
    bool dpop = false; ///< lab
    std::optional<int> tokenSeconds; ///< lab
    bool noBrowser = false; ///< login: the address is printed only
    bool paste = false; ///< login: where the browser was sent is read from standard input
    QStringList warnings; ///< for stderr, before anything is done
    /// To be said at the end where no request had a token, also none of a log-in that was kept: the
    /// fault of --like makes no difference then. Mostly empty.
    QString withoutToken;
    bool help = false;
    bool version = false;
};

/// Reads the command line, the files and the variables that it names. Failures are of kind Usage or
/// File.
Expected<Options> parseOptions(const QStringList &commandLine);
/// A command within a session that was begun with `session`: without a target, and with no options
/// but those that are about the one command.
Expected<Options> parseSessionCommand(const QStringList &words, const Options &session);

} // namespace sightglass::cli
