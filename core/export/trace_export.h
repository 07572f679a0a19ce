// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <QStringList>

#include <functional>
#include <optional>
#include <span>

class QIODevice;

namespace sightglass {

/// In which form exchanges are handed on.
enum class ExportFormat : quint8 {
    Har, ///< HTTP Archive 1.2, one JSON document
    Curl, ///< a script of cURL commands for a POSIX shell
    Text, ///< heads and bodies as they went over the wire, for people
    JsonLines, ///< one exchange, event or note a line
    Markdown, ///< a report for an issue thread; always without secrets
    Otlp, ///< spans as OTLP's JSON, one request of the protocol a line
};

/// What a format is called.
struct ExportFormatName {
    ExportFormat format;
    QLatin1StringView name; ///< on the command line: "har"
    QLatin1StringView suffix; ///< of a file: "har"
    QLatin1StringView words; ///< for people: "HTTP Archive (HAR 1.2)"
};
std::span<const ExportFormatName> exportFormats();
const ExportFormatName &exportFormatName(ExportFormat format);
std::optional<ExportFormat> exportFormatFromName(QStringView name);

/// Told how far it is, in steps of any unit; false ends it.
using ExportProgress = std::function<bool(qint64 done, qint64 all)>;

/// What is to be handed on, and how.
struct ExportWish {
    ExportFormat format = ExportFormat::Har;
    /// The exchanges, in the order in which they are wanted; nothing: all of them.
    std::optional<QList<ExchangeId>> exchanges = {};
    /// Takes the secrets out; not owned. Null: the true values, a deliberate act.
    const Redactor *redactor = nullptr;
    ExportProgress progress = {};
};

/// What was handed on.
struct ExportOutcome {
    qint64 exchanges = 0;
    /// What is not in it, or not as it was, in sentences; for the file's reader and for stderr.
    QStringList remarks;
};

/// Writes exchanges to a device, in parts: neither the trace nor a response's body is ever held
/// whole. Of a trace that grows, what is there at the time. Fails where the device does (kind
/// File), and where `progress` ended it (kind Cancelled); what was written by then is of no use.
///
/// May run in any thread.
Expected<ExportOutcome> exportTrace(const TraceReader &trace, const ExportWish &wish,
                                    QIODevice &out);

/// The same of a few exchanges, as text (for the clipboard).
QByteArray exportedText(const TraceReader &trace, const ExportWish &wish);

/// Takes out the secrets of a recording: it knows those that its requests carried, and finds them
/// wherever else they stand. In a recording without secrets there are none to be known.
Redactor redactorFor(const TraceReader &trace, const QByteArray &salt);
/// The same for one that knows some already. Looks at all requests: not for the GUI thread.
void learnSecretsOf(const TraceReader &trace, Redactor *redactor);

} // namespace sightglass
