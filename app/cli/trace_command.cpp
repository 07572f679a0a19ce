// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"

#include "core/diagnose/refusal.h"
#include "core/trace/trace_text.h"

#include <QRandomGenerator>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

int runTrace(const Options &options, Output &output)
{
    const Expected<Recording> recording = readTraceFile(options.arguments.first());
    if (!recording) {
        output.error(recording.error());
        return WrongUse;
    }
    const TraceStore &trace = *recording->trace;
    if (!recording->warning.isEmpty())
        output.note(u"note: "_s + recording->warning);
    QByteArray salt(16, Qt::Uninitialized);
    QRandomGenerator::system()->generate(salt.begin(), salt.end());
    const Redactor redactor(salt);
    if (options.json) {
        // As recorded: a recording made with secrets was a deliberate act already.
        for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id)
            output.result(exchangeToJson(trace, id, nullptr, explained) + '\n');
        return Done;
    }
    output.result(traceToText(trace, redactor, explained));
    return Done;
}

} // namespace sightglass::cli
