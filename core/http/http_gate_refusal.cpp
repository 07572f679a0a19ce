// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What becomes of a hop that was refused, where other credentials may be had.

#include "core/http/http_gate_exchange.h"

namespace sightglass {

AnswerHead GateExchange::answerHead() const
{
    return {m_id, m_record.url, m_response.status, m_response.headers,
            HeaderList(m_record.headers).value("Authorization")};
}

bool GateExchange::askForCredentials()
{
    const bool refused = m_response.status == 401 || m_response.status == 403;
    const HttpRequest &sent = m_chain.request();
    if (!refused || !m_context->credentials || sent.toAuthorizationServer || sent.refusalStands
        || m_record.kind == ExchangeKind::Discovery)
        return false;
    const RefusedRequest request{answerHead(), m_tries, this};
    // It carried another one than was stamped, or none, on purpose.
    if (request.head.authorization != m_stamped)
        return false;
    // It may be long, and this one gone by then.
    const QPointer<GateExchange> alive(this);
    const auto answer = [alive, id = m_id](bool again) {
        if (alive && alive->m_held && !alive->isFinished() && alive->m_id == id)
            alive->decide(again);
    };
    const auto later = [alive, answer](bool again) {
        if (alive)
            QMetaObject::invokeMethod(
                alive, [answer, again] { answer(again); }, Qt::QueuedConnection);
    };
    m_held = m_context->credentials->refused(request, later);
    if (m_held)
        Q_EMIT waitsForCredentials(true);
    return m_held;
}

void GateExchange::decide(bool again)
{
    const QPointer<GateExchange> alive(this);
    if (!again) {
        if (tellRefusal())
            Q_EMIT waitsForCredentials(false);
        if (alive)
            readLater();
        return;
    }
    const ExchangeId from = m_id;
    readRest();
    dropReply();
    m_context->trace->finish(from);
    ++m_tries;
    start(from);
    Q_EMIT redirected(from, m_id);
    if (alive)
        Q_EMIT waitsForCredentials(false);
}

bool GateExchange::tellRefusal()
{
    const QPointer<GateExchange> alive(this);
    m_held = false;
    Q_EMIT headReceived();
    const auto parts = std::exchange(m_kept, {});
    for (const auto &[bytes, offset] : parts) {
        if (!alive || isFinished())
            return alive;
        Q_EMIT bodyReceived(bytes, offset);
    }
    return alive;
}

} // namespace sightglass
