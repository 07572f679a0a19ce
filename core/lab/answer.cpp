// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/answer.h"

#include "core/lab/connection.h"
#include "core/lab/event_stream.h"
#include "core/lab/lab_session.h"
#include "core/lab/rpc_text.h"

namespace sightglass {

LabAnswer::LabAnswer(LabSession *session, LabReply *reply, const LabFaults &faults, FaultPlay play,
                     Shape shape, int retryMs)
    : QObject(session)
    , m_session(session)
    , m_reply(reply)
    , m_faults(faults)
    , m_play(std::move(play))
    , m_shape(shape)
    , m_missing(shape.requests)
{
    const QList<ActiveFault> playing = m_faults.at(m_play);
    for (const ActiveFault &active : playing) {
        if (active.fault->take)
            m_shape.streams = false;
        else if (active.fault->needsStream)
            m_shape.streams = true;
    }
    if (!m_shape.streams)
        return;
    m_stream = session->openStream(false);
    for (const ActiveFault &active : playing) {
        if (active.fault->opened) {
            m_play.stream = m_stream;
            m_play.number = active.number;
            active.fault->opened(m_play);
        }
    }
    m_stream->attach(reply);
    if (session->revision().primesStreams)
        m_stream->prime();
    m_stream->retry(retryMs);
}

LabAnswer::~LabAnswer()
{
    if (m_missing > 0 && m_reply && !m_stream)
        m_reply->drop();
}

LabStream *LabAnswer::stream() const
{
    return m_stream;
}

void LabAnswer::notify(const QByteArray &message)
{
    if (m_stream)
        m_stream->send(message);
    else
        m_session->notify(message);
}

void LabAnswer::answer(const QByteArray &rpc, const QByteArray &id, const QByteArray &message)
{
    if (m_missing <= 0)
        return;
    --m_missing;
    if (!message.isEmpty()) {
        if (playFaults(rpc, id, message)) {
            m_missing = 0;
            deleteLater();
            return;
        }
    } else if (!m_stream) {
        // HTTP wants an answer all the same.
        m_messages.append(labError(id, -32800, QStringLiteral("The request was cancelled")));
    }
    if (m_missing == 0)
        complete();
}

bool LabAnswer::playFaults(const QByteArray &rpc, const QByteArray &id, const QByteArray &message)
{
    m_play.rpc = rpc;
    m_play.id = id;
    m_play.reply = m_reply;
    m_play.stream = m_stream;
    QList<QByteArray> messages{message};
    for (const ActiveFault &active : m_faults.at(m_play)) {
        m_play.number = active.number;
        if (active.fault->alter) {
            QList<QByteArray> altered;
            for (const QByteArray &text : std::as_const(messages))
                altered += active.fault->alter(m_play, text);
            messages = altered;
        }
        if (active.fault->take && m_reply && !m_stream) {
            active.fault->take(m_play, messages.value(0));
            return true;
        }
        if (active.fault->stream && m_stream && active.fault->stream(m_play, messages.value(0)))
            return true;
    }
    deliver(messages);
    return false;
}

void LabAnswer::deliver(const QList<QByteArray> &messages)
{
    if (!m_stream) {
        m_messages += messages;
        return;
    }
    for (const QByteArray &message : messages)
        m_stream->send(message);
}

void LabAnswer::complete()
{
    if (m_stream) {
        m_stream->finish();
    } else if (m_reply) {
        const QByteArray body = m_shape.batch || m_messages.size() > 1
            ? '[' + m_messages.join(',') + ']'
            : m_messages.value(0);
        m_reply->send(200, "application/json", body);
    }
    deleteLater();
}

} // namespace sightglass
