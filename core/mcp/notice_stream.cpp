// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/notice_stream.h"

#include "core/mcp/notice_filter.h"
#include "core/transport/back_off.h"

namespace sightglass {

using namespace Qt::StringLiterals;

NoticeStream::NoticeStream(Connection *connection, TraceStore *trace, Random random,
                           QObject *parent)
    : QObject(parent)
    , m_connection(connection)
    , m_trace(trace)
    , m_random(std::move(random))
{
    m_timer.setSingleShot(true);
    m_timer.callOnTimeout(this, &NoticeStream::open);
}

void NoticeStream::acknowledged(const QByteArray &params, ExchangeId exchange)
{
    if (m_request == 0)
        return;
    // Where all come on one channel, it may be that of the one before.
    const QByteArray named = m_connection->era().subscriptionOf(params);
    if (!named.isEmpty() && named != QByteArray::number(m_request))
        return;
    m_state.phase = StreamState::Phase::Open;
    m_state.openedAt = m_trace->now();
    m_state.tries = 0;
    m_state.failure.reset();
    compare(params, exchange);
    Q_EMIT changed();
}

void NoticeStream::compare(const QByteArray &acknowledged, ExchangeId exchange)
{
    constexpr qsizetype MostNamed = 5;
    constexpr qsizetype MostTold = 10'000;
    QStringList missing = notGranted(m_call->params, acknowledged);
    missing.removeIf([this](const QString &wish) {
        return m_toldMissing.contains(wish) || m_toldMissing.size() >= MostTold;
    });
    if (missing.isEmpty())
        return;
    QStringList named;
    for (const QString &wish : std::as_const(missing)) {
        m_toldMissing.insert(wish);
        if (named.size() < MostNamed)
            named.append(wish.simplified().left(200));
    }
    QString words = named.join(u", "_s);
    if (const qsizetype more = missing.size() - named.size(); more > 0)
        words += u" and %1 more"_s.arg(more);
    Q_EMIT curtailed(
        u"The server did not grant all that subscriptions/listen asked for: no notices come of %1."_s
            .arg(words),
        exchange);
}

void NoticeStream::listen(const std::optional<RpcCall> &call)
{
    if (call == m_call && (m_request != 0 || m_timer.isActive()))
        return;
    m_call = call;
    m_timer.stop();
    if (const RequestId running = std::exchange(m_request, 0))
        m_connection->cancel(running, u"another subscription takes its place"_s);
    m_state = {};
    if (m_call)
        open();
    else
        Q_EMIT changed();
}

void NoticeStream::retry()
{
    if (m_call && m_request == 0)
        open();
}

void NoticeStream::open()
{
    m_timer.stop();
    m_state.phase = StreamState::Phase::Opening;
    m_state.retryAt = -1;
    const RequestId id = m_connection->takeId();
    m_request = id;
    Connection::Asked asked;
    asked.onAnswer = [this, id](const RpcAnswer &answer) {
        if (m_request == id)
            ended(answer);
    };
    asked.onSent = [this, id](ExchangeId exchange) {
        if (m_request == id)
            m_state.exchange = exchange;
    };
    asked.hasDeadline = false;
    m_connection->request(id, *m_call, u"subscriptions/listen"_s, std::move(asked));
    Q_EMIT changed();
}

void NoticeStream::ended(const RpcAnswer &answer)
{
    m_request = 0;
    m_state.exchange = answer.exchange;
    m_state.failure = answer.failure;
    if (answer.failure && answer.failure->kind == FailureKind::Cancelled) {
        // By us: nothing that anybody has to be told.
        m_state.phase = StreamState::Phase::None;
        m_state.failure.reset();
    } else if (m_connection->isGone()) {
        // There is nobody to ask again.
        m_state.phase = StreamState::Phase::Ended;
    } else if (answer.errorCode == -32601) {
        m_state.phase = StreamState::Phase::NotOffered;
    } else if (answer.failure && answer.failure->kind == FailureKind::Refused) {
        m_state.phase = StreamState::Phase::Refused;
    } else {
        // Ended by the server, in good order or not.
        const int wait = backOffMs(m_state.tries++, {}, m_random());
        m_state.phase = StreamState::Phase::Waiting;
        m_state.retryAt = m_trace->now() + qint64(wait) * 1'000'000;
        m_timer.start(wait);
    }
    Q_EMIT changed();
}

} // namespace sightglass
