// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/message_pair.h"

#include "core/sse/sse_parser.h"
#include "ui/models/events_model.h"

#include <QElapsedTimer>

#include <algorithm>

namespace sightglass {

namespace {

constexpr qint64 kBodyAtMost = 8 * 1024 * 1024;
/// An answer stands at the end of its stream: it is looked for from there, for so long at most.
constexpr qint64 kFramesAtMost = 5000;
constexpr qint64 kBudgetNs = 15'000'000;
/// A stream that takes up another one begins soon after it.
constexpr ExchangeId kExchangesAfter = 200;

bool answers(const Envelope &message, const RpcId &id)
{
    return (message.kind == EnvelopeKind::Result || message.kind == EnvelopeKind::Error)
        && message.id == id;
}

bool takeAnswer(const QByteArray &text, const QHash<RpcId, QString> &asked, MessagePair *pair)
{
    const EnvelopeBatch body = scanBody(text);
    for (qsizetype i = 0; i < body.messages.size(); ++i) {
        const Envelope &message = body.messages[i];
        if (answers(message, pair->id)) {
            pair->answer = body.texts[i].toByteArray();
            pair->isError = message.kind == EnvelopeKind::Error;
            pair->answerWords = messageWords(pair->answer, asked);
            return true;
        }
    }
    return false;
}

bool findInFrames(const ShownTrace &shown, ExchangeId id, const QHash<RpcId, QString> &asked,
                  MessagePair *pair)
{
    QElapsedTimer timer;
    timer.start();
    const qint64 frames = shown.trace->summary(id).frames;
    qint64 progress = 0;
    bool found = false;
    for (qint64 i = frames - 1; i >= std::max<qint64>(0, frames - kFramesAtMost); --i) {
        const Frame frame = shown.trace->frame(id, i);
        if (!isDispatched(frame.kind) || frame.end - frame.start > kBodyAtMost)
            continue;
        const QByteArray data =
            frameContent(frame.kind, shown.responseBody(id, frame.start, frame.end - frame.start))
                .data;
        if (!found && takeAnswer(data, asked, pair)) {
            found = true;
            pair->answerExchange = id;
            pair->answerFrame = i;
            pair->answerAt = frame.at;
        } else if (data.contains("notifications/progress")) {
            ++progress;
        }
        if (timer.nsecsElapsed() > kBudgetNs)
            break;
    }
    pair->progress += progress;
    return found;
}

} // namespace

MessagePair messagePair(const ShownTrace &shown, ExchangeId id)
{
    MessagePair pair;
    const QByteArray body = shown.requestBody(id);
    if (body.isEmpty()) {
        pair.note = EventsModel::tr("This request carried no message: its stream is in Events.");
        return pair;
    }
    if (body.size() > kBodyAtMost) {
        pair.note = EventsModel::tr("The message is too large to be taken apart here: see Body.");
        return pair;
    }
    const EnvelopeBatch sent = scanBody(body);
    if (sent.error || sent.messages.isEmpty()) {
        pair.request = body;
        pair.note = EventsModel::tr("The request is no JSON-RPC message.");
        return pair;
    }
    const QHash<RpcId, QString> asked = askedIn(body);
    pair.request = sent.texts.constFirst().toByteArray();
    pair.requestWords = messageWords(pair.request, asked);
    const Envelope &message = sent.messages.constFirst();
    pair.id = message.id;
    if (message.kind == EnvelopeKind::Notification) {
        pair.note = EventsModel::tr("A notification has no answer.");
        return pair;
    }
    if (message.kind != EnvelopeKind::Request) {
        pair.note = EventsModel::tr("This message is itself an answer to the server.");
        return pair;
    }
    const ExchangeSummary summary = shown.trace->summary(id);
    if (summary.frames > 0) {
        if (findInFrames(shown, id, asked, &pair))
            return pair;
    } else if (summary.responseBytes > 0 && summary.responseBytes <= kBodyAtMost) {
        if (takeAnswer(shown.responseBody(id), asked, &pair)) {
            pair.answerExchange = id;
            pair.answerAt = summary.times.lastByte;
            return pair;
        }
    }
    // A stream that broke off is taken up by a GET: the answer may have come there.
    const ExchangeId last = std::min(shown.trace->exchangeCount(), id + kExchangesAfter);
    QList<ExchangeId> chain{id};
    for (ExchangeId other = id + 1; other <= last; ++other) {
        if (!chain.contains(shown.trace->request(other).cause))
            continue;
        chain.append(other);
        if (findInFrames(shown, other, asked, &pair))
            return pair;
    }
    if (!summary.finished)
        pair.note = EventsModel::tr("No answer yet.");
    else if (summary.responseBytes > kBodyAtMost)
        pair.note = EventsModel::tr("The answer is too large to be taken apart here: see Body.");
    else if (summary.status >= 400)
        pair.note =
            EventsModel::tr("Refused with %1: no JSON-RPC answer to it came.").arg(summary.status);
    else
        pair.note = EventsModel::tr("No answer with this id came.");
    return pair;
}

} // namespace sightglass
