// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/recorded_answer.h"

#include "core/sse/sse_parser.h"

#include <algorithm>

namespace sightglass {

namespace {

/// An answer that came on another stream (HTTP+SSE) is looked for among so many events of it.
constexpr qint64 FramesLookedAt = 5000;

using Kind = RecordedAnswer::Kind;

/// What answers `id` in this text, of which `at` brought it.
RecordedAnswer answerIn(const QByteArray &text, const RpcId &id, ExchangeId at)
{
    RecordedAnswer found{Kind::None, {}, at};
    const EnvelopeBatch body = scanBody(text);
    for (const Envelope &message : body.messages) {
        if (message.id != id)
            continue;
        if (message.kind == EnvelopeKind::Result)
            return {Kind::Result, message.result.toByteArray(), at};
        if (message.kind == EnvelopeKind::Error && found.kind == Kind::None)
            found = {Kind::Error, message.error.toByteArray(), at};
    }
    return found;
}

RecordedAnswer answerInFrames(const TraceReader &trace, ExchangeId exchange, const RpcId &id)
{
    RecordedAnswer found{Kind::None, {}, exchange};
    const qint64 frames = trace.summary(exchange).frames;
    for (qint64 i = frames - 1; i >= std::max<qint64>(0, frames - FramesLookedAt); --i) {
        const Frame frame = trace.frame(exchange, i);
        if (!isDispatched(frame.kind))
            continue;
        const QByteArray bytes = trace.responseBody(exchange, frame.start, frame.end - frame.start);
        const RecordedAnswer answer = answerIn(frameContent(frame.kind, bytes).data, id, exchange);
        if (answer.kind == Kind::Result)
            return answer;
        if (answer.kind == Kind::Error && found.kind == Kind::None)
            found = answer;
    }
    return found;
}

} // namespace

RecordedAnswer recordedAnswer(const TraceReader &trace, ExchangeId exchange, const RpcId &id)
{
    RecordedAnswer answer = trace.summary(exchange).frames > 0
        ? answerInFrames(trace, exchange, id)
        : answerIn(trace.responseBody(exchange), id, exchange);
    if (answer.kind != Kind::None || trace.summary(exchange).responseBytes > 0)
        return answer;
    // The older transport answers on the stream that was opened before.
    for (ExchangeId other = exchange - 1; other >= 1; --other) {
        if (trace.summary(other).kind == ExchangeKind::Stream)
            return answerInFrames(trace, other, id);
    }
    return answer;
}

} // namespace sightglass
