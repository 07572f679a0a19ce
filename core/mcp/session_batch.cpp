// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Batches by hand: several messages are sent as one, and have one end.

#include "core/mcp/batch.h"
#include "core/mcp/calls.h"
#include "core/mcp/session_private.h"

namespace sightglass {

using namespace Qt::StringLiterals;

/// What came of a batch so far.
struct Session::Private::Batch {
    Ticket ticket = 0;
    QByteArrayList answers; ///< in the order of the requests; empty: none yet
    int open = 0;
    int errors = 0; ///< answers that are one
    CallResult result;
};

namespace {

/// The answer as a message. What a server sends besides (and nobody reads) stands in the trace.
QByteArray messageOf(RequestId id, const RpcAnswer &answer)
{
    JsonWriter json;
    json.beginObject().key(u"jsonrpc").value(u"2.0").key(u"id").value(id);
    if (answer.error.isEmpty())
        json.key(u"result").raw(answer.result);
    else
        json.key(u"error").raw(answer.error);
    json.endObject();
    return json.text();
}

} // namespace

void Session::Private::batch(Ticket ticket, const QByteArray &text)
{
    const bool opening = phase == SessionPhase::Connecting
        || (phase == SessionPhase::Ready && connection->phase() == Connection::Phase::Opening);
    if (opening) {
        waiting.push_back({ticket, u"The batch"_s, [this, ticket, text] { batch(ticket, text); }});
        return;
    }
    CallResult refused;
    const Expected<QList<RpcCall>> calls = readBatch(text);
    if (phase != SessionPhase::Ready || connection->phase() != Connection::Phase::Ready) {
        refused.failure = notConnected(u"The batch"_s);
    } else if (!agreement.revision.batches) {
        refused.failure = Failure{
            FailureKind::Usage,
            u"no-batches"_s,
            u"The batch was not sent: revision %1, which the server speaks, has none."_s.arg(
                QString::fromLatin1(agreement.revision.name)),
            u"Send its messages one by one, or connect with revision 2025-03-26."_s,
            0,
            {}};
    } else if (!calls) {
        refused.failure = calls.error();
    }
    if (refused.failure) {
        Q_EMIT q->callFinished(ticket, refused);
        return;
    }

    const auto batch = std::make_shared<Batch>();
    batch->ticket = ticket;
    QList<Connection::Part> parts;
    for (const RpcCall &call : *calls) {
        Connection::Part part;
        part.call = call;
        part.what = callTitle(call);
        if (!isNotification(call)) {
            part.id = connection->takeId();
            tickets.emplace(ticket, part.id);
            const qsizetype place = batch->answers.size();
            batch->answers.append(QByteArray());
            ++batch->open;
            part.onAnswer = [this, batch, place, id = part.id](const RpcAnswer &answer) {
                answered(*batch, place, id, answer);
            };
        }
        parts.append(part);
    }
    const QString what = u"batch of %1"_s.arg(calls->size());
    const ExchangeId exchange = connection->requestBatch(
        parts, what, [this, batch](ExchangeId carried, const std::optional<Failure> &why) {
            batch->result.exchange = carried;
            batch->result.failure = why;
            ended(*batch);
        });
    batch->result.exchange = exchange;
    Q_EMIT q->callStarted(ticket, exchange);
}

void Session::Private::answered(Batch &batch, qsizetype place, RequestId id,
                                const RpcAnswer &answer)
{
    if (answer.exchange > 0)
        batch.result.exchange = answer.exchange;
    batch.result.durationNs = std::max(batch.result.durationNs, answer.durationNs);
    if (!answer.failure || !answer.error.isEmpty())
        batch.answers[place] = messageOf(id, answer);
    if (!answer.error.isEmpty())
        ++batch.errors;
    else if (answer.failure && !batch.result.failure)
        batch.result.failure = answer.failure;
    if (--batch.open == 0)
        ended(batch);
}

void Session::Private::ended(Batch &batch)
{
    tickets.erase(batch.ticket);
    batch.answers.removeAll({});
    CallResult &result = batch.result;
    result.result = batchText(batch.answers);
    if (!result.failure && batch.errors > 0) {
        result.failure =
            Failure{FailureKind::Protocol,
                    u"rpc-error"_s,
                    u"%1 of the %2 answers to the batch are errors."_s.arg(
                        QString::number(batch.errors), QString::number(batch.answers.size())),
                    {},
                    result.exchange,
                    {}};
    } else if (result.failure && result.failure->kind != FailureKind::Cancelled) {
        failure = result.failure;
        changed();
    }
    Q_EMIT q->callFinished(batch.ticket, result);
}

} // namespace sightglass
