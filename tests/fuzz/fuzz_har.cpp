// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/har_reader.h"
#include "tests/fuzz/fuzz_targets.h"
#include "tests/fuzz/walk_trace.h"

namespace sightglass::fuzz {

using namespace Qt::StringLiterals;

/// Any text is an archive, or it is said why it is none. What was read can be asked and handed on;
/// written as an archive and read again it has the same requests and bodies.
void fuzzHar(QByteArrayView input)
{
    const Expected<Recording> read = readHar(input.toByteArray(), u"x.har"_s);
    if (!read) {
        require(!read.error().sentence.isEmpty(), "it is said why a text is no archive");
        return;
    }
    const TraceStore &trace = *read->trace;
    walkTrace(trace);

    ExportWish wish;
    const QByteArray text = exportedText(trace, wish);
    const Expected<Recording> again = readHar(text, u"y.har"_s);
    require(again.has_value(), "an archive that was written can be read");
    require(again->trace->exchangeCount() == trace.exchangeCount(), "and has as many requests");
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        const RequestRecord &one = trace.request(id);
        const RequestRecord &other = again->trace->request(id);
        require(one.method == other.method && one.url == other.url && one.kind == other.kind,
                "with the same methods and addresses");
        require(one.headers == other.headers, "the same headers");
        require(trace.requestBody(id) == again->trace->requestBody(id), "the same bodies");
        require(trace.responseBody(id) == again->trace->responseBody(id), "and the same answers");
        require(trace.summary(id).status == again->trace->summary(id).status, "of the same status");
    }
}

} // namespace sightglass::fuzz
