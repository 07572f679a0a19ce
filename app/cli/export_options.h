// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/options.h"

#include "core/filter/trace_filter.h"

#include <QCommandLineParser>

namespace sightglass::cli {

/// Reads what of a recording is wanted, and in which form: --export, --filter, --exchanges; and
/// where spans go: --otlp, and the headers of OTEL_EXPORTER_OTLP_HEADERS. Gives what is wrong with
/// them. The settings of the network are read before.
std::optional<Failure> readExportOptions(const QCommandLineParser &parser, Options *options);

/// The filter that the options have, which were told to be right. Asked for findings it has the
/// rules run over the recording.
TraceFilter filterFor(const TraceReader &trace, const Options &options);

/// What is wrong where --exchanges names some that the recording does not have at all.
std::optional<Failure> missingExchanges(const TraceReader &trace, const Options &options);

/// Which exchanges of a recording the options choose; nothing where they choose all.
std::optional<QList<ExchangeId>> chosenExchanges(const TraceReader &trace, const Options &options);

} // namespace sightglass::cli
