// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/body_start.h"

#include "core/jsonrpc/envelope.h"
#include "core/sse/sse_parser.h"
#include "core/trace/trace_text.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostShown = 160; ///< characters
/// Of a word that goes on and on: too little to be of use to anybody if it is a token.
constexpr qsizetype MostOfAWord = 20;

bool belongsToAWord(QChar c)
{
    return c.isLetterOrNumber() || u"-._~+/="_s.contains(c);
}

QString start(QByteArrayView bytes)
{
    constexpr qsizetype Most = 4 * (MostShown + 1); // bytes, in UTF-8
    // The line end at the end says nothing.
    while (!bytes.isEmpty() && QByteArrayView("\r\n \t").contains(bytes.back()))
        bytes.chop(1);
    const QString text = QString::fromUtf8(bytes.first(std::min(Most, bytes.size())));
    if (text.size() <= MostShown && bytes.size() <= Most)
        return markedText(text, LineEnds::Mark);
    qsizetype end = std::min(MostShown, text.size());
    while (end > 0 && belongsToAWord(text.at(end - 1)))
        --end;
    if (end == 0)
        end = std::min(MostOfAWord, text.size());
    return markedText(text.first(end), LineEnds::Mark) + u'…';
}

bool isMessage(QByteArrayView text)
{
    const EnvelopeBatch batch = scanBody(text);
    return !batch.error
        && std::none_of(batch.messages.begin(), batch.messages.end(), [](const Envelope &message) {
               return message.kind == EnvelopeKind::Malformed;
           });
}

} // namespace

QString whatCame(const TraceReader &trace, ExchangeId id)
{
    constexpr qint64 MostFrames = 1000; // of the last ones: a stream may have a million
    const ExchangeSummary summary = trace.summary(id);
    for (qint64 i = std::max<qint64>(0, summary.frames - MostFrames); i < summary.frames; ++i) {
        const Frame frame = trace.frame(id, i);
        if (!isDispatched(frame.kind))
            continue;
        const SseContent content =
            frameContent(frame.kind, trace.responseBody(id, frame.start, frame.end - frame.start));
        if (content.data.isEmpty() || isMessage(content.data))
            continue;
        return (frame.kind == FrameKind::Line ? u"The line is “%1”."_s : u"The event says “%1”."_s)
            .arg(start(content.data));
    }
    if (summary.frames > 0 || summary.responseBytes == 0)
        return {};
    // Whatever is shown of it, it is not more.
    const QByteArray body = trace.responseBody(id, 0, 4 * MostShown + 8);
    const bool whole = body.size() == summary.responseBytes;
    const QString text = start(body);
    if (text.isEmpty())
        return {};
    return (whole && !text.endsWith(u'…') ? u"The body is “%1”."_s
                                          : u"The body begins with “%1”."_s)
        .arg(text);
}

} // namespace sightglass
