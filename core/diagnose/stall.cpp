// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/stall.h"

#include "core/http/header_list.h"
#include "core/trace/trace_text.h"
#include "core/transport/answer_check.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// "1 event", "3 events".
QString counted(qint64 count, const QString &one)
{
    return count == 1 ? u"1 %1"_s.arg(one) : u"%1 %2s"_s.arg(QString::number(count), one);
}

QString eventsThatCame(const TraceReader &trace, const ExchangeSummary &summary)
{
    const auto after = [&summary](qint64 at) { return humanDuration(at - summary.times.begun); };
    if (summary.events > 0)
        return u"%1 came on it, the last after %2, and none had the response"_s.arg(
            counted(summary.events, u"event"_s), after(summary.lastEvent));
    constexpr qint64 Most = 1000;
    qint64 comments = 0;
    qint64 last = 0;
    for (qint64 i = 0; i < std::min(summary.frames, Most); ++i) {
        const Frame frame = trace.frame(summary.id, i);
        if (frame.kind != FrameKind::Comment)
            continue;
        ++comments;
        last = frame.at;
    }
    if (comments == 0)
        return u"no event has come on it"_s;
    return u"no event has come on it, only %1%2, the last after %3, which keep the connection open and say nothing of the request"_s
        .arg(summary.frames > Most ? u"more than "_s : QString(), counted(comments, u"comment"_s),
             after(last));
}

/// The GETs that were to take the stream of this POST up again, in order.
QList<ExchangeId> resumptions(const TraceReader &trace, ExchangeId post)
{
    QList<ExchangeId> found;
    ExchangeId last = post;
    for (ExchangeId id = post + 1; id <= trace.exchangeCount(); ++id) {
        const RequestRecord &request = trace.request(id);
        if (request.kind != ExchangeKind::Reconnect || request.cause != last)
            continue;
        found.append(id);
        last = id;
    }
    return found;
}

/// Not by us, because its time was over.
bool endedByServer(const TraceReader &trace, ExchangeId id)
{
    const std::optional<Failure> failure = trace.failure(id);
    return trace.summary(id).finished
        && (!failure
            || (failure->kind != FailureKind::TimedOut && failure->kind != FailureKind::Cancelled));
}

/// What the server asked for with `retry` on a stream, in milliseconds; -1: nothing.
qint64 retryAskedFor(const TraceReader &trace, ExchangeId id)
{
    constexpr qint64 Tail = 64 * 1024;
    const qint64 size = trace.summary(id).responseBytes;
    qint64 asked = -1;
    const QByteArray body = trace.responseBody(id, std::max<qint64>(0, size - Tail), Tail);
    for (const QByteArray &line : body.split('\n')) {
        bool isNumber = false;
        const qint64 ms =
            line.startsWith("retry:") ? line.mid(6).trimmed().toLongLong(&isNumber) : 0;
        if (isNumber)
            asked = ms;
    }
    return asked;
}

/// Of a stream that ended without the response: what became of taking it up again.
QString rest(const TraceReader &trace, ExchangeId post)
{
    const QList<ExchangeId> gets = resumptions(trace, post);
    if (gets.isEmpty()) {
        const qint64 asked = retryAskedFor(trace, post);
        return asked < 0
            ? u"it was to be taken up again, and that was still waited for"_s
            : u"before it is taken up again the server asked for %1 s (retry), and they were not over"_s
                  .arg(QString::number(double(asked) / 1000));
    }
    const ExchangeId last = gets.constLast();
    const std::optional<ResponseRecord> response = trace.response(last);
    const QString tries =
        u"it was to be taken up again by GET with Last-Event-ID (%1, the last in exchange %2)"_s
            .arg(counted(gets.size(), u"time"_s), QString::number(last));
    if (!response)
        return u"%1, and the last was not answered"_s.arg(tries);
    const QString status = QString::number(response->status);
    if (mediaType(HeaderList(response->headers)) != "text/event-stream")
        return u"%1, and the last was answered with %2"_s.arg(tries, status);
    const ExchangeSummary summary = trace.summary(last);
    return u"%1; the last was answered (%2) and %3: %4"_s.arg(
        tries, status, endedByServer(trace, last) ? u"ended as well"_s : u"is open"_s,
        eventsThatCame(trace, summary));
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
    const std::optional<ResponseRecord> response = trace.response(id);
    if (!response)
        return u"It was sent, and not even the head of a response came."_s;
    const HeaderList headers(response->headers);
    const QString status = QString::number(response->status);
    if (mediaType(headers) == "text/event-stream" && endedByServer(trace, id))
        return u"The event stream of its answer (%1) ended without the response (%2 came); %3."_s
            .arg(status, counted(summary.events, u"event"_s), rest(trace, id));
    if (mediaType(headers) == "text/event-stream")
        return u"The event stream of its answer is open (%1), but %2."_s.arg(
            status, eventsThatCame(trace, summary));
    // Over the older HTTP+SSE the answer comes on another stream.
    if (summary.times.ended >= 0 && !trace.failure(id))
        return u"The server took it (%1), but the answer, which comes on the event stream, did not."_s
            .arg(status);
    return u"The head of the response came (%1), and %2; the rest was waited for."_s.arg(
        status, bodyThatCame(summary, headers));
}

} // namespace sightglass
