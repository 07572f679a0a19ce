// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/answer.h"

#include "core/lab/connection.h"
#include "core/lab/event_stream.h"
#include "core/lab/lab_http_peer.h"
#include "core/lab/lab_world.h"
#include "core/lab/rpc_text.h"

namespace sightglass {

LabAnswer::LabAnswer(LabHttpPeer *peer, LabReply *reply, FaultPlay play, Shape shape)
    : LabOutlet(peer)
    , m_peer(peer)
    , m_reply(reply)
    , m_play(std::move(play))
    , m_shape(shape)
    , m_missing(shape.requests)
{
    const LabWorld *world = peer->world();
    const QList<ActiveFault> playing = world->faults().at(m_play);
    for (const ActiveFault &active : playing) {
        if (active.fault->take)
            m_shape.streams = false;
        else if (active.fault->needsStream)
            m_shape.streams = true;
    }
    connect(reply, &LabReply::finished, this, [this] {
        if (m_missing > 0)
            Q_EMIT abandoned();
    });
    if (!m_shape.streams)
        return;
    m_stream = peer->openStream(false);
    for (const ActiveFault &active : playing) {
        if (active.fault->opened) {
            m_play.stream = m_stream;
            m_play.number = active.number;
            active.fault->opened(m_play);
        }
    }
    m_stream->attach(reply);
    if (!m_stream->isResumable())
        return;
    if (peer->revision().primesStreams)
        m_stream->prime();
    m_stream->retry(world->settings().retryMs);
}

LabAnswer::~LabAnswer()
{
    if (m_missing > 0 && m_reply && !m_stream)
        m_reply->drop();
}

void LabAnswer::notify(const QByteArray &message)
{
    if (m_stream)
        m_stream->send(message);
    else
        m_peer->speak(message);
}

bool LabAnswer::setSource(const Source &source)
{
    if (!m_stream)
        return false;
    m_stream->setSource([stream = m_stream, source] {
        QByteArray frames;
        const bool hasMore = source([&](const QByteArray &message) {
            if (stream)
                stream->appendFrame(frames, message);
        });
        if (stream && !frames.isEmpty())
            stream->raw(frames);
        return hasMore;
    });
    return true;
}

void LabAnswer::answer(const LabAnswered &answer)
{
    if (m_missing <= 0)
        return;
    --m_missing;
    m_status = answer.status;
    if (!answer.message.isEmpty()) {
        if (playFaults(answer)) {
            m_missing = 0;
            deleteLater();
            return;
        }
    } else if (!m_stream) {
        // HTTP wants an answer all the same.
        m_messages.append(labError(answer.id, -32800, QStringLiteral("The request was cancelled")));
    }
    if (m_missing == 0)
        complete();
}

bool LabAnswer::playFaults(const LabAnswered &answer)
{
    m_play.rpc = answer.rpc;
    m_play.id = answer.id;
    m_play.params = answer.params;
    m_play.reply = m_reply;
    m_play.stream = m_stream;
    QList<QByteArray> messages{answer.message};
    for (const ActiveFault &active : m_peer->world()->faults().at(m_play)) {
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
        m_reply->send(m_shape.batch ? 200 : m_status, "application/json", body);
    }
    deleteLater();
}

} // namespace sightglass
