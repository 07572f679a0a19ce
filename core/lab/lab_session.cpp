// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_session.h"

#include "core/lab/event_stream.h"
#include "core/lab/lab_world.h"

#include <algorithm>

namespace sightglass {

namespace {

constexpr int maxStreams = 256;

} // namespace

LabSession::LabSession(QByteArray id, LabWorld *world, LabRevision revision, QObject *parent)
    : LabHttpPeer(world, std::move(revision), parent)
    , m_id(std::move(id))
    , m_idle(this)
{
    m_idle.setInterval(world->settings().idleMs);
    connect(&m_idle, &QTimer::timeout, this, &LabSession::checkUse);
    m_idle.start();
}

LabSession::~LabSession()
{
    for (LabStream *stream : std::as_const(m_streams)) {
        stream->disconnect(this);
        stream->disconnectNow();
    }
}

void LabSession::countRequest()
{
    ++m_requests;
    m_idle.start();
}

void LabSession::checkUse()
{
    const bool used = std::any_of(m_streams.begin(), m_streams.end(),
                                  [](const LabStream *stream) { return stream->isConnected(); });
    if (!used)
        Q_EMIT idle();
}

LabStream *LabSession::openStream(bool listens)
{
    forgetOldStreams();
    auto *stream = new LabStream(++m_streamCount, listens, this);
    m_streams.append(stream);
    return stream;
}

void LabSession::forgetOldStreams()
{
    for (auto at = m_streams.begin(); at != m_streams.end() && m_streams.size() >= maxStreams;) {
        if ((*at)->isConnected()) {
            ++at;
            continue;
        }
        (*at)->deleteLater();
        at = m_streams.erase(at);
    }
}

LabStream *LabSession::stream(int number) const
{
    for (LabStream *stream : m_streams) {
        if (stream->number() == number)
            return stream;
    }
    return nullptr;
}

LabStream *LabSession::listening() const
{
    LabStream *newest = nullptr;
    for (LabStream *stream : m_streams) {
        if (!stream->listens() || stream->isFinished())
            continue;
        // One that broke may be taken up again, but one that lives goes first.
        if (!newest || stream->isConnected() || !newest->isConnected())
            newest = stream;
    }
    return newest;
}

QList<LabStream *> LabSession::listeningStreams() const
{
    QList<LabStream *> streams;
    for (LabStream *stream : m_streams) {
        if (stream->listens() && stream->isConnected())
            streams.append(stream);
    }
    return streams;
}

void LabSession::speak(const QByteArray &message)
{
    if (LabStream *stream = listening())
        stream->send(message);
}

bool LabSession::isReached() const
{
    const LabStream *stream = listening();
    return stream && stream->isConnected();
}

} // namespace sightglass
