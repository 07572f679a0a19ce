// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What the server asks: requests of its own, and input that it needs to answer ours.

#include "core/jsonrpc/json_edit.h"
#include "core/mcp/connection.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// A string or an integer (JSON-RPC 2.0, 4; basic, "Requests").
bool isRequestId(const QByteArray &raw)
{
    if (raw.startsWith('"'))
        return true;
    return !raw.isEmpty() && std::all_of(raw.cbegin(), raw.cend(), [](char c) {
        return c == '-' || (c >= '0' && c <= '9');
    });
}

} // namespace

bool Connection::mayBeAsked(const QByteArray &method) const
{
    const ClientOffer &offer = m_target.offer;
    return (method == "roots/list" && offer.roots)
        || (method == "sampling/createMessage" && offer.sampling)
        || (method == "elicitation/create" && offer.elicitation);
}

void Connection::onServerRequest(const Envelope &envelope, ExchangeId exchange)
{
    if (m_phase == Phase::Closing || m_phase == Phase::Closed)
        return; // nothing is posted any more
    const QString method = QString::fromUtf8(envelope.method.left(60));
    if (!isRequestId(envelope.id.raw)) {
        if (++m_deviations <= MostDeviations) {
            remark(
                u"server-request"_s,
                u"The server sent the request %1 with the id %2, which is neither a text nor a whole number: it is not answered."_s
                    .arg(method, QString::fromUtf8(envelope.id.raw.left(40))),
                exchange, {});
        }
        return;
    }
    const QByteArray id = envelope.id.raw;
    // A program that asks before the revision is agreed on is one of the legacy era: there, a ping
    // may come at any time, and it may wait for its answer before it gives ours.
    const bool mayBeLegacy =
        m_transport->isShared() && m_agreement.revision.name.isEmpty() && !m_opening.pinned;
    if (!m_era->serverAsks() && !(mayBeLegacy && envelope.method == "ping")) {
        remark(
            u"server-request"_s,
            mayBeLegacy
                ? u"The server sent the request %1 before a revision was agreed on."_s.arg(method)
                : u"The server sent the request %1; in this revision a server may ask only within a result."_s
                      .arg(method),
            exchange, {});
        // In this era a client writes no responses at all (2026-07-28, basic/transports/stdio).
        if (mayBeLegacy) {
            answerServer(rpcError(id, -32601, u"Method not found: nothing is agreed on yet"_s),
                         u"refusal of %1"_s.arg(method));
        }
        return;
    }
    if (envelope.method == "ping") {
        answerServer(rpcResult(id, "{}"), u"answer to ping"_s);
        return;
    }
    if (!mayAskMore(exchange)) {
        answerServer(rpcError(id, -32603, u"Too many requests: the client asks nobody any more"_s),
                     u"refusal of %1"_s.arg(method));
        return;
    }
    quint64 number = 0;
    if (mayBeAsked(envelope.method)) {
        ServerRequest request;
        request.method = envelope.method;
        request.params = envelope.params.toByteArray();
        request.exchange = exchange;
        request.at = m_trace->now();
        number = m_inbox->add(request, [this, id, method](const ServerReply &reply) {
            m_serverRequests.erase(id);
            if (reply.errorCode)
                answerServer(rpcError(id, *reply.errorCode, reply.errorMessage),
                             u"refusal of %1"_s.arg(method));
            else
                answerServer(rpcResult(id, reply.result), u"answer to %1"_s.arg(method));
        });
    }
    if (number != 0) {
        m_serverRequests.insert_or_assign(id, number);
        return;
    }
    answerServer(rpcError(id, -32601,
                          u"Method not found: %1 is not supported by this client"_s.arg(
                              QString::fromUtf8(envelope.method))),
                 u"refusal of %1"_s.arg(method));
}

bool Connection::mayAskMore(ExchangeId exchange)
{
    // Where all comes on one channel, or on the server's own stream, nothing tells which request it
    // is about.
    const bool own = std::any_of(m_pending.cbegin(), m_pending.cend(), [exchange](const auto &one) {
        return one.second.exchange == exchange;
    });
    QList<RequestId> tooMany;
    for (auto &[id, pending] : m_pending) {
        if (pending.post != 0 && !pending.opening && (pending.exchange == exchange || !own)
            && ++pending.questions > MostQuestions)
            tooMany.append(id);
    }
    for (const RequestId id : tooMany) {
        const auto it = m_pending.find(id);
        if (it == m_pending.end())
            continue;
        RpcAnswer ended;
        ended.exchange = it->second.exchange;
        ended.durationNs = m_trace->now() - it->second.begun;
        ended.failure = Failure{
            FailureKind::Protocol,
            u"input-without-end"_s,
            u"The server asked more than %1 times before it answered %2."_s.arg(
                QString::number(MostQuestions), it->second.what),
            u"It is not asked again. The server may not understand the answers that it gets."_s,
            exchange,
            {}};
        giveUp(id, it->second, u"asked without end"_s, ended.failure);
        answer(id, ended);
    }
    return tooMany.isEmpty();
}

void Connection::onServerCancelled(const Envelope &envelope)
{
    const JsonText params = JsonText::parse(envelope.params.toByteArray());
    const QByteArray id = params.raw(params.member(params.root(), u"requestId")).toByteArray();
    const QString reason =
        params.string(params.member(params.root(), u"reason")).simplified().left(200);
    const auto words = [&reason](const QString &what) {
        return u"The server cancelled %1%2"_s.arg(
            what, reason.isEmpty() ? u"."_s : u": “%1”."_s.arg(reason));
    };
    if (m_subscriptions.contains(id)) {
        // Of our requests this alone is the server's to end (2026-07-28,
        // basic/patterns/cancellation).
        const auto listen = m_pending.find(id.toLongLong());
        if (listen == m_pending.end() || listen->second.post == 0)
            return;
        RpcAnswer ended;
        ended.exchange = listen->second.exchange;
        ended.durationNs = m_trace->now() - listen->second.begun;
        ended.failure = Failure{FailureKind::Unreachable,
                                u"stream-cancelled"_s,
                                words(listen->second.what),
                                {},
                                ended.exchange,
                                {}};
        m_transport->abandon(listen->second.post, ended.failure);
        answer(listen->first, ended);
        return;
    }
    const auto it = m_serverRequests.find(id);
    if (it == m_serverRequests.end())
        return;
    const quint64 number = it->second;
    m_serverRequests.erase(it);
    m_inbox->drop(number, words(u"its request"_s));
}

void Connection::beginRound(Pending pending, const InputRequired &input, ExchangeId exchange)
{
    const RequestId number = pending.number;
    if (pending.deadline)
        pending.deadline.release()->deleteLater();
    if (++pending.rounds > MostRounds) {
        RpcAnswer answer;
        answer.exchange = exchange;
        answer.durationNs = m_trace->now() - pending.begun;
        answer.failure = Failure{
            FailureKind::Protocol,
            u"input-without-end"_s,
            u"The server asked for input to %1 more than %2 times."_s.arg(
                pending.what, QString::number(MostRounds)),
            u"It is not asked again. The server may not understand the answers that it gets."_s,
            exchange,
            {}};
        finish(std::move(pending), answer);
        return;
    }
    Round &round = m_rounds[number];
    round.input = input;
    round.pending = std::move(pending);
    const QString what = round.pending.what;
    if (input.requests.size() > qsizetype(Inbox::Most)) {
        giveRoundUp(number, FailureKind::Protocol, u"too-much-input"_s,
                    u"the server asks for %1 inputs at once, and at most %2 are asked for"_s.arg(
                        QString::number(input.requests.size()), QString::number(Inbox::Most)),
                    u"Nothing was asked. The fault is on the server's side."_s);
        return;
    }
    // Nobody is asked for the others where one cannot be given.
    for (const InputRequired::Request &wanted : input.requests) {
        if (mayBeAsked(wanted.method))
            continue;
        const QString method = wanted.method.isEmpty() ? u"something without a method"_s
                                                       : QString::fromUtf8(wanted.method.left(60));
        remark(u"input-not-offered"_s,
               u"For %1 the server asks for %2, which was not offered to it."_s.arg(what, method),
               exchange, {});
        giveRoundUp(number, FailureKind::Protocol, u"input-not-offered"_s,
                    u"the server asks for %1 (“%2”), which was not offered to it"_s.arg(
                        method, wanted.key.left(60)),
                    u"A server may ask only for what the request offers."_s);
        return;
    }
    for (const InputRequired::Request &wanted : input.requests) {
        // An answer may come while this still asks, and may end the round.
        if (!m_rounds.contains(number))
            return;
        ServerRequest request;
        request.method = wanted.method;
        request.params = wanted.params;
        request.exchange = exchange;
        request.forWhat = what;
        request.at = m_trace->now();
        const quint64 asked =
            m_inbox->add(request, [this, number, key = wanted.key](const ServerReply &reply) {
                replied(number, key, reply);
            });
        if (asked == 0) {
            giveRoundUp(
                number, FailureKind::Protocol, u"too-much-input"_s,
                u"the server asks for %1 (“%2”), and %3 of its questions wait for an answer already"_s
                    .arg(QString::fromUtf8(wanted.method), wanted.key.left(60),
                         QString::number(Inbox::Most)),
                u"Answer those first, then send it once more."_s);
            return;
        }
        if (const auto it = m_rounds.find(number); it != m_rounds.end())
            it->second.open.append(asked);
    }
    if (input.requests.isEmpty())
        QMetaObject::invokeMethod(
            this, [this, number] { sendRound(number); }, Qt::QueuedConnection);
    Q_EMIT changed();
}

void Connection::replied(RequestId number, const QString &key, const ServerReply &reply)
{
    const auto it = m_rounds.find(number);
    if (it == m_rounds.end())
        return;
    // There is no place for an error, and what was asked for has to be there (2026-07-28,
    // basic/patterns/mrtr, "Client Requirements"). That a form is declined is an answer.
    if (reply.errorCode) {
        QString method;
        for (const InputRequired::Request &wanted : it->second.input.requests) {
            if (wanted.key == key)
                method = QString::fromUtf8(wanted.method.left(60));
        }
        giveRoundUp(number, FailureKind::Cancelled, u"input-refused"_s,
                    u"the input that the server asked for was refused: %1 (“%2”)"_s.arg(
                        method, key.left(60)),
                    {});
        return;
    }
    it->second.replies.insert_or_assign(key, reply.result);
    if (it->second.replies.size() == size_t(it->second.input.requests.size()))
        QMetaObject::invokeMethod(
            this, [this, number] { sendRound(number); }, Qt::QueuedConnection);
}

void Connection::sendRound(RequestId number)
{
    const auto it = m_rounds.find(number);
    if (it == m_rounds.end())
        return;
    Round round = std::move(it->second);
    m_rounds.erase(it);
    Pending pending = std::move(round.pending);

    JsonWriter responses;
    responses.beginObject();
    for (const InputRequired::Request &request : round.input.requests)
        responses.key(request.key).raw(round.replies[request.key]);
    responses.endObject();
    // Of an earlier round nothing is kept: only what this one gave goes along.
    QByteArray params = pending.call.params.isEmpty() ? "{}"_ba : pending.call.params;
    if (!round.input.requests.isEmpty())
        params = jsonWithMember(params, "/inputResponses", responses.text()).text;
    if (round.input.state)
        params = jsonWithMember(params, "/requestState", *round.input.state).text;
    pending.withInput = params;
    pending.post = 0;
    pending.sentAgain = false;
    const RequestId id = takeId();
    Pending &kept = m_pending.insert_or_assign(id, std::move(pending)).first->second;
    if (m_phase == Phase::Ready)
        send(id, kept);
    Q_EMIT changed();
}

void Connection::dropRound(RequestId number, const QString &why)
{
    endRound(number, [&why](const Pending &pending) {
        return Failure{FailureKind::Cancelled,
                       u"cancelled"_s,
                       u"%1 was cancelled: %2."_s.arg(pending.what, why),
                       {},
                       pending.exchange,
                       {}};
    });
}

void Connection::giveRoundUp(RequestId number, FailureKind kind, const QString &code,
                             const QString &why, const QString &advice)
{
    endRound(number, [&](const Pending &pending) {
        return Failure{
            kind, code, u"%1 was given up: %2."_s.arg(pending.what, why), advice, pending.exchange,
            {}};
    });
}

void Connection::endRound(RequestId number, const std::function<Failure(const Pending &)> &why)
{
    const auto it = m_rounds.find(number);
    if (it == m_rounds.end())
        return;
    Round round = std::move(it->second);
    m_rounds.erase(it);
    for (const quint64 open : round.open)
        m_inbox->drop(open, u"The request that needed it was given up."_s);
    RpcAnswer answer;
    answer.exchange = round.pending.exchange;
    answer.durationNs = m_trace->now() - round.pending.begun;
    answer.failure = why(round.pending);
    finish(std::move(round.pending), answer);
}

void Connection::answerServer(const QByteArray &text, const QString &what)
{
    if (m_gathered) {
        m_gathered->append({text, what});
        return;
    }
    if (m_answers.size() < MostAnswers) {
        m_answers.insert(post({}, text, what));
    } else if (m_waitingAnswers.size() < MostWaitingAnswers) {
        m_waitingAnswers.append({text, what});
    } else if (++m_deviations <= MostDeviations) {
        remark(
            u"deviation"_s,
            u"The server asks faster than it takes answers: more than %1 wait already, and this one is not sent (%2)."_s
                .arg(QString::number(MostWaitingAnswers), what),
            m_trace->exchangeCount(), {});
    }
}

} // namespace sightglass
