// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/trace_filtered.h"

#include "app/cli/client.h"
#include "app/cli/export_options.h"
#include "app/cli/frame_json.h"

#include "core/diagnose/refusal.h"
#include "core/export/trace_export.h"
#include "core/filter/trace_part.h"
#include "core/filter/trace_search.h"
#include "core/trace/trace_file.h"
#include "core/trace/trace_replay.h"
#include "core/trace/trace_text.h"
#include "core/trace/whole_file.h"

#include <algorithm>
#include <thread>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// So much of an event's data stands in its line.
constexpr qint64 ShownBytes = 400;
constexpr qsizetype ShownCharacters = 120;

QString counted(qint64 count, const QString &one, const QString &many)
{
    return (count == 1 ? one : many).arg(count);
}

QString eventLine(const TraceReader &trace, const TraceRow &row, const Redactor &redactor)
{
    const Frame frame = trace.frame(row.exchange, row.frame);
    const QByteArray bytes = trace.responseBody(row.exchange, frame.start,
                                                std::min(ShownBytes, frame.end - frame.start));
    QString type = QString::fromLatin1(frameKindName(frame.kind));
    QString text;
    if (isDispatched(frame.kind)) {
        const SseContent content = frameContent(frame.kind, bytes);
        type = QString::fromUtf8(content.type);
        text = QString::fromUtf8(content.data);
    } else {
        text = QString::fromUtf8(bytes.trimmed());
    }
    text = redactor.text(text).simplified();
    if (text.size() > ShownCharacters)
        text = text.left(ShownCharacters - 1) + u'…';
    return u"%1  %2  %3  %4  %5"_s.arg(
        u"%1.%2"_s.arg(row.exchange).arg(row.frame).rightJustified(8),
        QString::number(double(frame.at) / 1e9, 'f', 3).rightJustified(9),
        lineForTerminal(type).leftJustified(8),
        humanSize(frame.end - frame.start).rightJustified(8), lineForTerminal(text));
}

QByteArray eventJson(const TraceReader &trace, const TraceRow &row)
{
    QByteArray json = frameJson(trace, row.exchange, trace.frame(row.exchange, row.frame));
    return json.insert(1,
                       "\"exchange\":" + QByteArray::number(row.exchange)
                           + ",\"frame\":" + QByteArray::number(row.frame) + ",");
}

QList<TraceRow> rowsThatMatch(const TraceReader &trace, const TraceFilter &filter, bool events)
{
    TraceSearch search;
    search.rows = events ? TraceSearch::Rows::Events : TraceSearch::Rows::Exchanges;
    search.last = trace.exchangeCount();
    search.threads = int(std::clamp(std::thread::hardware_concurrency(), 1U, 4U));
    QList<TraceRow> rows;
    const std::atomic<bool> stop = false;
    searchTrace(trace, filter, search, stop, [&](const FoundRows &found) { rows += found.rows; });
    return rows;
}

int save(const TraceReader &trace, const QList<TraceRow> &rows, const TraceFilter &filter,
         const Options &options, Output &output)
{
    const QString &path = options.saveFile;
    const QString source = options.arguments.constFirst();
    if (source != "-"_L1 && isSameFile(path, source)) {
        output.error({FailureKind::Usage,
                      u"same-file"_s,
                      u"--save names the recording that is read."_s,
                      u"Give another name."_s,
                      0,
                      {}});
        return WrongUse;
    }
    const std::unique_ptr<TraceStore> part = tracePart(trace, rows, filter);
    const Expected<std::unique_ptr<TraceFileWriter>> writer = TraceFileWriter::createWhole(
        path, trace.began(), Redactor(randomSalt()), !trace.redacted());
    if (!writer) {
        output.error(writer.error());
        return WrongUse;
    }
    replayTrace(*part, **writer);
    (*writer)->close();
    if ((*writer)->failure()) {
        output.error(*(*writer)->failure());
        return WrongUse;
    }
    if ((*writer)->hasReplaced())
        output.note(
            u"note: the recording that was in %1 is gone: this one has its place"_s.arg(path));
    output.note(u"note: %1 saved to %2"_s.arg(
        counted(rows.size(), options.events ? u"%1 event"_s : u"%1 exchange"_s,
                options.events ? u"%1 events"_s : u"%1 exchanges"_s),
        path));
    if (!trace.redacted())
        output.note(u"note: it has the secrets in it, as the recording it was taken from has"_s);
    return Done;
}

} // namespace

bool tellFilter(const QString &text, const QList<FilterProblem> &problems, Output &output)
{
    if (problems.isEmpty())
        return true;
    const FilterProblem &problem = problems.constFirst();
    output.error({FailureKind::Usage,
                  u"wrong-filter"_s,
                  problem.sentence,
                  u"sightglass-cli help trace tells what filters take."_s,
                  0,
                  {}});
    // What is not seen as it stands is there as a mark: the caret counts what is shown.
    const auto width = [&](qsizetype from, qsizetype length) {
        return lineForTerminal(text.mid(from, length)).size();
    };
    output.note(u"  "_s + lineForTerminal(text));
    output.note(u"  "_s + QString(width(0, problem.start), u' ')
                + QString(std::max<qsizetype>(1, width(problem.start, problem.length)), u'^'));
    return false;
}

void tellUnknownCredentials(const TraceReader &trace, const TraceFilter &filter, Output &output)
{
    const QStringList names = filter.unknownCredentials(trace, true);
    for (const QString &name : names)
        output.note(
            u"note: no request carried a credential named “%1”, and none was asked for"_s.arg(
                lineForTerminal(name)));
}

int printFiltered(const TraceReader &trace, const Options &options, Output &output)
{
    const TraceFilter filter = filterFor(trace, options);
    QList<TraceRow> rows = rowsThatMatch(trace, filter, options.events);
    if (!options.exchanges.isEmpty()) {
        rows.removeIf([&options](const TraceRow &row) {
            return std::none_of(options.exchanges.cbegin(), options.exchanges.cend(),
                                [&row](const std::pair<ExchangeId, ExchangeId> &range) {
                                    return row.exchange >= range.first
                                        && row.exchange <= range.second;
                                });
        });
    }
    if (rows.isEmpty())
        output.note(options.events ? u"note: no event matches"_s : u"note: no exchange matches"_s);
    if (!options.saveFile.isEmpty())
        return rows.isEmpty() ? Done : save(trace, rows, filter, options, output);
    if (rows.isEmpty())
        return Done;
    const Redactor redactor = redactorFor(trace, randomSalt());
    if (options.json) {
        for (const TraceRow &row : rows) {
            output.resultLine(options.events
                                  ? eventJson(trace, row)
                                  : exchangeToJson(trace, row.exchange, nullptr, explained));
            if (output.ended())
                break;
        }
        return Done;
    }
    if (!options.events) {
        QList<ExchangeId> only;
        for (const TraceRow &row : rows)
            only.append(row.exchange);
        output.result(traceToText(trace, redactor, explained, &only));
        return Done;
    }
    output.line(output.bold(u"%1  %2  %3  %4  %5"_s.arg(u"event"_s, 8)
                                .arg(u"time s"_s, 9)
                                .arg(u"type"_s, -8)
                                .arg(u"size"_s, 8)
                                .arg(u"data"_s)));
    for (const TraceRow &row : rows) {
        output.line(eventLine(trace, row, redactor));
        if (output.ended())
            break;
    }
    return Done;
}

} // namespace sightglass::cli
