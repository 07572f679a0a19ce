// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"
#include "app/cli/recording_input.h"
#include "app/cli/trace_filtered.h"

#include "core/diagnose/refusal.h"
#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// The tables with colours: headings, and what went wrong.
QString painted(const Output &output, const QString &tables)
{
    const QString title = u"Which request carried what"_s;
    QStringList lines = tables.split(u'\n');
    bool heads = true; ///< the first line of a table
    for (QString &line : lines) {
        const bool isTitle = line == title;
        if (heads || isTitle)
            line = output.bold(line);
        else
            for (const QString &word : {u"MISSING"_s, u"REFUSED"_s})
                line.replace(word, output.alarming(word));
        heads = isTitle;
    }
    return lines.join(u'\n');
}

} // namespace

int runTrace(const Options &options, Output &output)
{
    // Before a long recording is read.
    QList<FilterProblem> problems;
    TraceFilter::parse(options.filter, &problems);
    if (!tellFilter(options.filter, problems, output))
        return WrongUse;
    const Expected<Recording> recording = readRecording(options.arguments.first());
    if (!recording) {
        output.error(recording.error());
        return WrongUse;
    }
    const TraceStore &trace = *recording->trace;
    if (!recording->warning.isEmpty())
        output.note(u"note: "_s + recording->warning);
    if (!options.filter.isEmpty() || options.events || !options.saveFile.isEmpty())
        return printFiltered(trace, options, output);
    const Redactor redactor(randomSalt());
    if (options.json) {
        // As recorded: a recording made with secrets was a deliberate act already.
        for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id)
            output.resultLine(exchangeToJson(trace, id, nullptr, explained));
        return Done;
    }
    const QByteArray tables = traceToText(trace, redactor, explained);
    output.result(painted(output, QString::fromUtf8(tables)).toUtf8());
    return Done;
}

} // namespace sightglass::cli
