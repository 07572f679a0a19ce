// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_sse_session.h"

#include "core/lab/connection.h"
#include "core/lab/event_stream.h"

namespace sightglass {

LabSseSession::LabSseSession(QByteArray id, LabWorld *world, QObject *parent)
    : LabChannel(world, parent)
    , m_id(std::move(id))
    , m_stream(new LabStream(1, true, this))
{
    m_stream->setResumable(false);
    connect(m_stream, &LabStream::connectionChanged, this, [this](bool connected) {
        if (!connected)
            Q_EMIT ended();
    });
}

LabSseSession::~LabSseSession()
{
    m_stream->disconnect(this);
    m_stream->disconnectNow();
}

void LabSseSession::begin(LabReply *reply)
{
    m_stream->attach(reply);
}

void LabSseSession::write(const QByteArray &message)
{
    m_stream->send(message);
}

void LabSseSession::setSource(const LabOutlet::Source &source)
{
    m_stream->setSource([stream = QPointer<LabStream>(m_stream), source] {
        QByteArray frames;
        const bool hasMore = source([&](const QByteArray &message) {
            if (stream)
                stream->appendFrame(frames, message);
        });
        if (stream && !frames.isEmpty())
            stream->raw(frames);
        return hasMore;
    });
}

void LabSseSession::leave()
{
    if (m_stream->reply())
        m_stream->reply()->drop();
}

} // namespace sightglass
