// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/export_options.h"

#include "app/cli/client.h"
#include "app/cli/wrong_use.h"
#include "core/diagnose/trace_findings.h"

#include <algorithm>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// "3", "7-9".
std::optional<std::pair<ExchangeId, ExchangeId>> rangeOf(const QString &text)
{
    bool fromGood = false;
    bool toGood = false;
    const ExchangeId from = text.section(u'-', 0, 0).trimmed().toLongLong(&fromGood);
    const ExchangeId to = text.section(u'-', -1).trimmed().toLongLong(&toGood);
    if (!fromGood || !toGood || from < 1 || to < from || text.count(u'-') > 1)
        return {};
    return std::pair(from, to);
}

} // namespace

std::optional<Failure> readExportOptions(const QCommandLineParser &parser, Options *options)
{
    if (parser.isSet(u"export"_s)) {
        options->exportFormat = exportFormatFromName(parser.value(u"export"_s));
        if (!options->exportFormat) {
            QStringList names;
            for (const ExportFormatName &name : exportFormats())
                names.append(name.name);
            return usage(u"--export %1 is not known; it takes %2."_s.arg(parser.value(u"export"_s),
                                                                         names.join(u", "_s)));
        }
    }
    if (parser.isSet(u"otlp"_s)) {
        const Expected<QUrl> url = otlpEndpoint(parser.value(u"otlp"_s));
        if (!url)
            return url.error();
        // As every exporter of OpenTelemetry takes them.
        const Expected<QList<Header>> headers = otlpHeaders(qgetenv("OTEL_EXPORTER_OTLP_HEADERS"));
        if (!headers)
            return headers.error();
        // What is about the server alone is not for the collector.
        NetworkSettings network;
        network.proxy = options->target.network.proxy;
        network.proxyUrl = options->target.network.proxyUrl;
        network.proxyUser = options->target.network.proxyUser;
        network.proxyPassword = options->target.network.proxyPassword;
        network.caFile = options->target.network.caFile;
        options->otlp = OtlpTarget{*url, *headers, network};
    }
    const QStringList ranges =
        parser.values(u"exchanges"_s).join(u',').split(u',', Qt::SkipEmptyParts);
    for (const QString &one : ranges) {
        const auto range = rangeOf(one);
        if (!range)
            return usage(u"--exchanges wants numbers such as 3,7-9."_s);
        options->exchanges.append(*range);
    }
    if (options->command == "trace"_L1 && parser.isSet(u"save"_s)
        && (options->exportFormat || options->otlp)) {
        return usage(u"--save goes with neither --export nor --otlp."_s,
                     u"Save the part, then export that recording."_s);
    }
    if (options->command != "trace"_L1 || options->exportFormat)
        return {};
    if (parser.isSet(u"output"_s))
        options->warnings << u"--output makes no difference without --export."_s;
    return {};
}

TraceFilter filterFor(const TraceReader &trace, const Options &options)
{
    const TraceFilter filter = TraceFilter::allOf(options.filters);
    if (!filter.asksForFindings())
        return filter;
    return filter.withFindings(ruleFindings(redactorFor(trace, randomSalt()), TraceState::Over));
}

std::optional<Failure> missingExchanges(const TraceReader &trace, const Options &options)
{
    const ExchangeId count = trace.exchangeCount();
    for (const auto &[from, to] : options.exchanges) {
        if (from <= count)
            continue;
        const QString has = count == 0 ? u"no exchange"_s
            : count == 1               ? u"exchange 1 alone"_s
                                       : u"exchanges 1 to %1"_s.arg(count);
        return usage(u"--exchanges %1 names nothing: the recording has %2."_s.arg(
                         from == to ? QString::number(from) : u"%1-%2"_s.arg(from).arg(to), has),
                     u"sightglass-cli trace FILE lists them."_s);
    }
    return {};
}

std::optional<QList<ExchangeId>> chosenExchanges(const TraceReader &trace, const Options &options)
{
    const TraceFilter filter = filterFor(trace, options);
    if (filter.isEmpty() && options.exchanges.isEmpty())
        return {};
    QList<ExchangeId> chosen;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        const bool inRange = options.exchanges.isEmpty()
            || std::any_of(options.exchanges.begin(), options.exchanges.end(),
                           [id](const auto &range) {
                               return range.first <= id && id <= range.second;
                           });
        if (inRange && filter.matches(trace, id))
            chosen.append(id);
    }
    return chosen;
}

} // namespace sightglass::cli
