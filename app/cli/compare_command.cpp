// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/recording_input.h"
#include "app/cli/wrong_use.h"

#include "core/compare/comparison_text.h"
#include "core/export/trace_export.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// The exit codes of diff, which scripts know.
enum CompareCode : int { Same = 0, Differs = 1, CouldNot = 2 };

void print(const RecordingComparison &comparison, Output &output)
{
    bool first = true;
    ComparedArea area = ComparedArea::Server;
    for (const RecordingDifference &each : comparison.differences) {
        if (first || each.area != area) {
            if (!first)
                output.line({});
            output.line(output.bold(comparedAreaTitle(each.area)));
        }
        first = false;
        area = each.area;
        const QString sign = differenceSign(each.kind);
        output.line(u"  "_s + (each.counts ? output.bold(sign) : sign) + u' '
                    + lineForTerminal(differenceWords(each))
                    + (each.counts ? QString() : output.muted(u"  (makes no difference)"_s)));
        if (const QString place = differencePlace(each); !place.isEmpty())
            output.line(output.muted(u"      "_s + place));
    }
    if (!first)
        output.line({});
    output.line(comparisonSummary(comparison));
}

} // namespace

int runCompare(const Options &options, Output &output)
{
    if (options.arguments.at(0) == "-"_L1 && options.arguments.at(1) == "-"_L1) {
        output.error(
            usage(u"Both recordings want standard input."_s, u"Give one of them from a file."_s));
        return CouldNot;
    }
    Recording read[2];
    for (qsizetype i = 0; i < 2; ++i) {
        Expected<Recording> recording = readRecording(options.arguments.at(i));
        if (!recording) {
            output.error(recording.error());
            return CouldNot;
        }
        read[i] = std::move(*recording);
        if (!read[i].warning.isEmpty())
            output.note(u"note: "_s + read[i].warning);
    }
    // One for both, so that equal secrets look the same, and none of one is told by the other.
    Redactor both = redactorFor(*read[0].trace, randomSalt());
    learnSecretsOf(*read[1].trace, &both);
    const Redactor *redactor = options.showSecrets ? nullptr : &both;
    const RecordingComparison comparison = compareRecordings(
        {read[0].trace.get(), redactor, TraceState::Over, read[0].warning.isEmpty()},
        {read[1].trace.get(), redactor, TraceState::Over, read[1].warning.isEmpty()},
        [&output](qint64 done, qint64 all) {
            output.progress(u"%1 % is compared"_s.arg(done * 100 / std::max<qint64>(1, all)));
            return !output.ended();
        });
    if (options.json)
        output.resultLine(comparisonToJson(comparison));
    else
        print(comparison, output);
    for (const QString &remark : comparison.remarks)
        output.note(u"note: "_s + lineForTerminal(remark));
    if (comparison.counted() == 0 && comparison.untold > 0)
        return CouldNot;
    return comparison.isSame() ? Same : Differs;
}

} // namespace sightglass::cli
