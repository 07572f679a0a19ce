// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/stall.h"

#include "core/http/header_list.h"
#include "core/trace/trace_text.h"
#include "core/transport/answer_check.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

QString eventsThatCame(const ExchangeSummary &summary)
{
    if (summary.events == 0)
        return u"no event has come on it"_s;
    return u"%1 came on it, the last after %2, and none had the response"_s.arg(
        summary.events == 1 ? u"1 event"_s : u"%1 events"_s.arg(summary.events),
        humanDuration(summary.lastEvent - summary.times.begun));
}

QString bodyThatCame(const ExchangeSummary &summary, const HeaderList &headers)
{
    bool isLength = false;
    const qint64 announced = headers.value("Content-Length").toLongLong(&isLength);
    QString came = isLength ? u"of the %1 of its body %2 came"_s.arg(
                       humanSize(announced), humanSize(summary.responseBytes))
                            : u"of its body %1 came"_s.arg(humanSize(summary.responseBytes));
    if (summary.times.lastByte >= 0)
        came += u", the last after %1"_s.arg(
            humanDuration(summary.times.lastByte - summary.times.begun));
    return came;
}

} // namespace

QString stallSentence(const TraceReader &trace, ExchangeId id)
{
    const RequestRecord &request = trace.request(id);
    const ExchangeSummary summary = trace.summary(id);
    if (!request.url.scheme().startsWith("http"_L1) || summary.times.sent < 0)
        return {};
    const ResponseRecord *response = trace.response(id);
    if (!response)
        return u"It was sent, and not even the head of a response came."_s;
    const HeaderList headers(response->headers);
    const QString status = QString::number(response->status);
    if (mediaType(headers) == "text/event-stream")
        return u"The event stream of its answer is open (%1), but %2."_s.arg(
            status, eventsThatCame(summary));
    // Over the older HTTP+SSE the answer comes on another stream.
    if (summary.times.ended >= 0 && !trace.failure(id))
        return u"The server took it (%1), but the answer, which comes on the event stream, did not."_s
            .arg(status);
    return u"The head of the response came (%1), and %2; the rest was waited for."_s.arg(
        status, bodyThatCame(summary, headers));
}

} // namespace sightglass
