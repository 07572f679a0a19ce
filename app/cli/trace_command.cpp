// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"
#include "app/cli/export_options.h"
#include "app/cli/interrupts.h"
#include "app/cli/recording_input.h"
#include "app/cli/trace_filtered.h"
#include "app/cli/wrong_use.h"

#include "core/diagnose/refusal.h"
#include "core/export/export_file.h"
#include "core/trace/trace_text.h"

#include <QEventLoop>

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

/// Standard output, as somewhere to write to.
class StandardOutput final : public QIODevice {
public:
    explicit StandardOutput(Output &output)
        : m_output(output)
    {
        open(QIODevice::WriteOnly | QIODevice::Unbuffered);
    }

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *bytes, qint64 size) override
    {
        m_output.result(QByteArrayView(bytes, size));
        // What went wrong is told at the end, by Output itself.
        return size;
    }

private:
    Output &m_output;
};

int handOn(const Options &options, Output &output, const TraceReader &trace)
{
    const Redactor redactor = redactorFor(trace, randomSalt());
    ExportWish wish;
    wish.format = *options.exportFormat;
    wish.exchanges = chosenExchanges(trace, options);
    wish.redactor = options.showSecrets ? nullptr : &redactor;
    const bool toFile = !options.outputFile.isEmpty();
    wish.progress = [&](qint64 done, qint64 all) {
        if (toFile)
            output.progress(u"%1 % of it is written"_s.arg(done * 100 / std::max<qint64>(1, all)));
        return toFile || !output.ended();
    };
    const auto end = [&](const Expected<ExportOutcome> &outcome) -> int {
        if (!outcome) {
            // Whoever reads a pipe had enough.
            if (!toFile && outcome.error().kind == FailureKind::Cancelled)
                return Done;
            output.error(outcome.error());
            return exitCode(outcome.error());
        }
        for (const QString &remark : outcome->remarks)
            output.note(u"note: "_s + remark);
        if (wish.exchanges && wish.exchanges->isEmpty())
            output.note(u"note: No exchange was chosen."_s);
        return Done;
    };
    if (!toFile) {
        StandardOutput out(output);
        return end(exportTrace(trace, wish, out));
    }
    const QString source = options.arguments.constFirst();
    return end(
        exportToFile(trace, wish, options.outputFile, source == "-"_L1 ? QString() : source));
}

/// Sends it to a collector as spans, and waits until that is done.
int sendSpans(const Options &options, Output &output, const TraceReader &trace)
{
    OtlpExporter exporter(&trace, *options.otlp, redactorFor(trace, randomSalt()));
    if (const auto chosen = chosenExchanges(trace, options))
        exporter.setExchanges(*chosen);
    QEventLoop loop;
    Interrupts interrupts;
    bool interrupted = false;
    QObject::connect(&exporter, &OtlpExporter::ended, &loop, &QEventLoop::quit);
    QObject::connect(&exporter, &OtlpExporter::changed, &loop, [&](const OtlpDelivery &delivery) {
        output.progress(otlpDeliveryWords(delivery, options.otlp->url));
    });
    QObject::connect(&interrupts, &Interrupts::interrupted, &loop, [&] {
        interrupted = true;
        loop.quit();
    });
    exporter.finish();
    if (!exporter.delivery().ended)
        loop.exec();
    const OtlpDelivery delivery = exporter.delivery();
    output.note(u"note: "_s + lineForTerminal(otlpDeliveryWords(delivery, options.otlp->url)));
    return interrupted ? Interrupted : delivery.lost > 0 ? NotReached : Done;
}

} // namespace

int runTrace(const Options &options, Output &output)
{
    // Before a long recording is read.
    for (const QString &filter : options.filters) {
        QList<FilterProblem> problems;
        TraceFilter::parse(filter, &problems);
        if (!tellFilter(filter, problems, output))
            return WrongUse;
    }
    const Expected<Recording> recording = readRecording(options.arguments.first());
    if (!recording) {
        output.error(recording.error());
        return WrongUse;
    }
    const TraceStore &trace = *recording->trace;
    if (!recording->warning.isEmpty())
        output.note(u"note: "_s + recording->warning);
    if (const auto missing = missingExchanges(trace, options)) {
        output.error(*missing);
        return WrongUse;
    }
    tellUnknownCredentials(trace, filterFor(trace, options), output);
    if (options.exportFormat) {
        const int code = handOn(options, output, trace);
        return code == Done && options.otlp ? sendSpans(options, output, trace) : code;
    }
    if (options.otlp)
        return sendSpans(options, output, trace);
    const bool whole = options.filters.isEmpty() && options.exchanges.isEmpty();
    if (!whole || options.events || !options.saveFile.isEmpty())
        return printFiltered(trace, options, output);
    const Redactor redactor = redactorFor(trace, randomSalt());
    if (options.json) {
        // As recorded: a recording made with secrets was a deliberate act already.
        for (ExchangeId id = 1; id <= trace.exchangeCount() && !output.ended(); ++id)
            output.resultLine(exchangeToJson(trace, id, nullptr, explained));
        return Done;
    }
    const QByteArray tables = traceToText(trace, redactor, explained);
    output.result(painted(output, QString::fromUtf8(tables)).toUtf8());
    return Done;
}

int runImport(const Options &options, Output &output)
{
    if (options.outputFile.isEmpty()) {
        output.error(usage(u"import wants to know where the recording goes."_s,
                           u"Give --output FILE.sgtrace."_s));
        return WrongUse;
    }
    const Expected<Recording> recording = readRecording(options.arguments.first());
    if (!recording) {
        output.error(recording.error());
        return WrongUse;
    }
    TraceStore &trace = *recording->trace;
    if (!recording->warning.isEmpty())
        output.note(u"note: "_s + recording->warning);
    auto writer = TraceFileWriter::createWhole(options.outputFile, trace.began(),
                                               redactorFor(trace, randomSalt()),
                                               options.showSecrets && !trace.redacted());
    if (!writer) {
        output.error(writer.error());
        return WrongUse;
    }
    trace.addSink(writer->get());
    trace.removeSink(writer->get());
    (*writer)->close();
    if (const auto failure = (*writer)->failure()) {
        output.error(*failure);
        return WrongUse;
    }
    if ((*writer)->hasReplaced())
        output.note(u"note: the recording that was in %1 is gone: this one has its place"_s.arg(
            lineForTerminal(options.outputFile)));
    const ExchangeId count = trace.exchangeCount();
    output.note(u"note: %1 in %2%3."_s.arg(
        count == 1 ? u"1 exchange is"_s : u"%1 exchanges are"_s.arg(count),
        lineForTerminal(options.outputFile),
        options.showSecrets && !trace.redacted() ? u", their secrets included"_s
                                                 : u"; secrets are left out"_s));
    return Done;
}

} // namespace sightglass::cli
