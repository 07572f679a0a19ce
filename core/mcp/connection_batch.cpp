// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Several messages as one, in both directions.

#include "core/mcp/batch.h"
#include "core/mcp/connection.h"

namespace sightglass {

using namespace Qt::StringLiterals;

ExchangeId Connection::requestBatch(const QList<Part> &parts, const QString &what,
                                    const OnDelivered &onDelivered)
{
    QByteArrayList texts;
    QList<RequestId> asked;
    for (const Part &part : parts) {
        const RpcCall dressed = m_era->dressed(m_agreement, part.call);
        texts.append(rpcMessage(part.id ? QByteArray::number(part.id) : QByteArray(), dressed));
        if (part.id == 0)
            continue;
        Pending pending;
        pending.number = part.id;
        pending.call = part.call;
        pending.sent = dressed;
        pending.what = part.what;
        pending.asked.onAnswer = part.onAnswer;
        pending.batched = true;
        m_pending.insert_or_assign(part.id, std::move(pending));
        asked.append(part.id);
    }
    Outgoing message;
    message.text = batchText(texts);
    message.what = what;
    message.expectsAnswer = !asked.isEmpty();
    message.answerTimeoutMs = asked.isEmpty() ? m_target.requestTimeoutMs : 0;
    const qint64 begun = m_trace->now();
    const PostId post = m_transport->post(message);
    const ExchangeId exchange = exchangeOf(post);
    for (const RequestId id : asked) {
        Pending &pending = m_pending[id];
        pending.begun = begun;
        pending.post = post;
        pending.exchange = exchange;
        startDeadline(id, pending);
    }
    if (asked.isEmpty())
        m_deliveries.emplace(post, onDelivered);
    Q_EMIT changed();
    return exchange;
}

QList<RequestId> Connection::sentBy(PostId post) const
{
    QList<RequestId> ids;
    for (const auto &[id, pending] : m_pending) {
        if (pending.post == post)
            ids.append(id);
    }
    return ids;
}

bool Connection::sharesPost(RequestId id, PostId post) const
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end() || !it->second.batched)
        return false;
    return std::any_of(m_pending.cbegin(), m_pending.cend(), [id, post](const auto &entry) {
        return entry.first != id && entry.second.post == post;
    });
}

void Connection::onBatch(const EnvelopeBatch &batch, ExchangeId exchange)
{
    // On HTTP alone answers may be sent as one (2025-03-26, basic/transports).
    const bool together =
        batch.batch && m_agreement.revision.batches && !m_transport->isShared() && !m_gathered;
    if (together)
        m_gathered.emplace();
    for (qsizetype i = 0; i < batch.messages.size(); ++i)
        onEnvelope(batch.messages.at(i), batch.texts.at(i), exchange);
    if (!together)
        return;
    const QList<Answer> answers = *std::exchange(m_gathered, {});
    if (answers.isEmpty() || m_phase == Phase::Closing || m_phase == Phase::Closed)
        return;
    if (answers.size() == 1) {
        answerServer(answers.first().text, answers.first().what);
        return;
    }
    QByteArrayList texts;
    for (const Answer &one : answers)
        texts.append(one.text);
    answerServer(batchText(texts), u"answers to a batch of %1"_s.arg(answers.size()));
}

} // namespace sightglass
