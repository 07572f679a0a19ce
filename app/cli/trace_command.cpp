// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"

#include "core/diagnose/refusal.h"
#include "core/trace/trace_text.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryFile>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// A recording is read from a file: what comes through a pipe is put into one of ours, which only
/// we can read and which goes with the program.
Expected<Recording> readFromStandardInput()
{
    constexpr qint64 Slice = 1024 * 1024;
    const auto failed = [](const QString &sentence) {
        return Failure{
            FailureKind::File, u"cannot-read"_s, sentence, u"Give the path of the file."_s, 0, {}};
    };
    QFile in;
    if (!in.open(stdin, QIODevice::ReadOnly))
        return failed(u"Standard input cannot be read: %1."_s.arg(in.errorString()));
    QTemporaryFile copy;
    if (!copy.open())
        return failed(u"Standard input cannot be kept in a file: %1."_s.arg(copy.errorString()));
    while (true) {
        const QByteArray bytes = in.read(Slice);
        if (bytes.isEmpty())
            break;
        if (copy.write(bytes) != bytes.size())
            return failed(
                u"Standard input cannot be kept in a file: %1."_s.arg(copy.errorString()));
    }
    if (in.error() != QFileDevice::NoError)
        return failed(u"Standard input cannot be read: %1."_s.arg(in.errorString()));
    if (!copy.flush())
        return failed(u"Standard input cannot be kept in a file: %1."_s.arg(copy.errorString()));
    Expected<Recording> recording = readTraceFile(copy.fileName());
    if (recording)
        return recording;
    Failure failure = recording.error();
    failure.sentence.replace(copy.fileName(), u"Standard input"_s);
    return failure;
}

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
    const Expected<Recording> recording = options.arguments.first() == "-"_L1
        ? readFromStandardInput()
        : readTraceFile(options.arguments.first());
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
            output.resultLine(exchangeToJson(trace, id, nullptr, explained));
        return Done;
    }
    const QByteArray tables = traceToText(trace, redactor, explained);
    output.result(painted(output, QString::fromUtf8(tables)).toUtf8());
    return Done;
}

} // namespace sightglass::cli
