// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Requests that are given up: by the time limit, or by a person.

#include "core/mcp/connection.h"

namespace sightglass {

using namespace Qt::StringLiterals;

Failure Connection::cancelled(const QString &what, ExchangeId exchange)
{
    return Failure{
        FailureKind::Cancelled, u"cancelled"_s, u"%1 was cancelled."_s.arg(what), {}, exchange, {}};
}

void Connection::timedOut(RequestId id)
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end())
        return;
    Pending &pending = it->second;
    if (!m_inbox->isEmpty()) {
        // The server may be waiting for the person, who may take all the time in the world.
        pending.deadline->start();
        return;
    }
    const ExchangeTimes times = m_trace->summary(pending.exchange).times;
    const ExchangeKind kind = m_trace->summary(pending.exchange).kind;
    const qint64 limit = pending.opening && m_opening.timeoutMs > 0 ? m_opening.timeoutMs
                                                                    : m_target.requestTimeoutMs;
    const QString seconds = QString::number(double(limit) / 1000);
    Failure failure{
        FailureKind::TimedOut,
        u"timed-out"_s,
        u"%1 was not answered within %2 s."_s.arg(pending.what, seconds),
        u"Raise the time limit if the work may take this long, or look at the log of the server."_s,
        pending.exchange,
        {}};
    if (times.connecting >= 0 && times.sent < 0 && times.head < 0) {
        const QUrl url = m_trace->request(pending.exchange).url;
        const bool proxy = m_target.network.proxy == NetworkSettings::Proxy::Given;
        if (url.scheme() == "https"_L1 && times.encrypted < 0 && !proxy) {
            failure.sentence =
                u"%1 was not sent: the TLS handshake with %2 did not finish within %3 s."_s.arg(
                    pending.what, url.authority(), seconds);
            failure.advice =
                u"What listens there accepts connections and does not answer to TLS, or a firewall drops the packets: check host, port and scheme."_s;
            failure.finding = u"AF-94"_s;
        } else {
            failure.sentence =
                u"%1 was not sent: within %2 s no connection to %3%4 came about."_s.arg(
                    pending.what, seconds, url.authority(),
                    proxy ? u" through the proxy %1"_s.arg(m_target.network.proxyUrl) : QString());
            failure.advice =
                u"Check host and port; a firewall that drops packets looks like this."_s;
        }
    } else if (kind == ExchangeKind::Stream || kind == ExchangeKind::Reconnect) {
        // Over HTTP+SSE nothing is posted before the stream has named an address for it.
        failure.code = u"no-endpoint"_s;
        failure.sentence = times.head < 0
            ? u"The GET of the event stream was not answered within %1 s, so %2 was not sent."_s
                  .arg(seconds, pending.what)
            : u"The event stream is open, but no endpoint event came on it within %1 s, so %2 was not sent."_s
                  .arg(seconds, pending.what);
        failure.advice =
            u"The first event of an HTTP+SSE server has to name the address that messages are posted to; the address given may be of another transport."_s;
    } else if (pending.progressed) {
        const bool silent = m_trace->now() - pending.begun < limit * MostTimeouts * 1'000'000;
        failure.sentence = silent
            ? u"%1 told progress, then nothing for %2 s, and was not answered."_s.arg(pending.what,
                                                                                      seconds)
            : u"%1 told progress, but was not answered within %2 times the limit of %3 s."_s.arg(
                pending.what, QString::number(MostTimeouts), seconds);
        failure.advice = u"Raise the time limit if the work may take this long."_s;
    }
    if (pending.unreadable) {
        failure.advice = pending.unreadable->sentence;
        failure.finding = pending.unreadable->finding;
    }
    const qint64 duration = m_trace->now() - pending.begun;
    const ExchangeId exchange = pending.exchange;
    if (!pending.opening)
        giveUp(id, pending, u"timed out"_s, failure);
    else
        m_transport->abandon(pending.post, failure);
    answer(id,
           RpcAnswer{.result = {},
                     .error = {},
                     .errorCode = {},
                     .failure = failure,
                     .exchange = exchange,
                     .durationNs = duration});
}

void Connection::giveUp(RequestId id, const Pending &pending, const QString &reason,
                        const std::optional<Failure> &why)
{
    // A session that is lost has nobody to tell it to.
    const bool isLost = m_phase == Phase::Opening || isOfOldSession(pending.post);
    if (!isLost && (!m_era->cancelsByClosing() || m_transport->isShared())) {
        JsonWriter params;
        params.beginObject().key(u"requestId").value(id).key(u"reason").value(reason).endObject();
        m_lastWords.insert(notify(RpcCall{"notifications/cancelled", params.text()}));
    }
    // With others in one batch, they still wait.
    if (!sharesPost(id, pending.post))
        m_transport->abandon(pending.post, why);
}

void Connection::cancel(RequestId number, const QString &why)
{
    if (m_rounds.contains(number)) {
        dropRound(number, why);
        return;
    }
    const auto it = byNumber(number);
    if (it == m_pending.end() || it->second.opening)
        return;
    const RequestId id = it->first;
    const Pending &pending = it->second;
    const ExchangeId exchange = pending.exchange;
    const QString what = pending.what;
    const qint64 duration = m_trace->now() - pending.begun;
    if (pending.post != 0)
        giveUp(id, pending, why);
    answer(id,
           RpcAnswer{.result = {},
                     .error = {},
                     .errorCode = {},
                     .failure = cancelled(what, exchange),
                     .exchange = exchange,
                     .durationNs = duration});
}

} // namespace sightglass
