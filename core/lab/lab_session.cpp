// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_session.h"

#include "core/lab/event_stream.h"
#include "core/lab/rpc_text.h"
#include "core/lab/tool.h"

#include <algorithm>
#include <array>

namespace sightglass {

namespace {

constexpr std::array<const char *, 8> logLevels{"debug", "info",     "notice", "warning",
                                                "error", "critical", "alert",  "emergency"};
constexpr int maxStreams = 256;

int levelNumber(const QByteArray &level)
{
    const auto found = std::find(logLevels.begin(), logLevels.end(), level);
    return found == logLevels.end() ? -1 : int(found - logLevels.begin());
}

} // namespace

LabSession::LabSession(QByteArray id, LabRevision revision, QObject *parent)
    : QObject(parent)
    , m_id(std::move(id))
    , m_revision(std::move(revision))
    , m_logLevel(levelNumber("warning"))
{
    connect(&m_pingTimer, &QTimer::timeout, this, &LabSession::ping);
}

LabSession::~LabSession()
{
    for (LabStream *stream : std::as_const(m_streams)) {
        stream->disconnect(this);
        stream->disconnectNow();
    }
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

void LabSession::notify(const QByteArray &message)
{
    if (LabStream *stream = listening())
        stream->send(message);
}

void LabSession::log(const QByteArray &level, const QByteArray &logger, const QByteArray &data)
{
    if (levelNumber(level) < m_logLevel)
        return;
    notify(labNotification("notifications/message",
                           R"({"level":")" + level + R"(","logger":")" + logger + R"(","data":)"
                               + data + '}'));
}

bool LabSession::setLogLevel(const QByteArray &level)
{
    const int number = levelNumber(level);
    if (number < 0)
        return false;
    m_logLevel = number;
    return true;
}

void LabSession::pingEvery(int ms)
{
    if (ms > 0)
        m_pingTimer.start(ms);
    else
        m_pingTimer.stop();
}

void LabSession::ping()
{
    LabStream *stream = listening();
    if (!stream || !stream->isConnected())
        return;
    for (auto at = m_pinged.constBegin(); at != m_pinged.constEnd(); ++at)
        Q_EMIT said(QStringLiteral("%1 was not answered after %2 ms")
                        .arg(QString::fromUtf8(at.key()))
                        .arg(at->elapsed()));
    m_pinged.clear();
    const QByteArray id = "\"ping-" + QByteArray::number(++m_pings) + '"';
    m_pinged[id].start();
    stream->send(labRequest(id, "ping"));
}

void LabSession::takeResponse(const QByteArray &id, bool isError)
{
    const auto at = m_pinged.constFind(id);
    if (at == m_pinged.constEnd()) {
        Q_EMIT said(QStringLiteral("a response to %1, which was not asked")
                        .arg(QString::fromUtf8(id.left(80))));
        return;
    }
    Q_EMIT said(
        QStringLiteral("%1 was answered%2 after %3 ms")
            .arg(QString::fromUtf8(id), isError ? QStringLiteral(" with an error") : QString())
            .arg(at->elapsed()));
    m_pinged.erase(at);
}

void LabSession::addCall(LabCall *call)
{
    m_calls.insert(call->id(), call);
    connect(call, &QObject::destroyed, this, [this, call, id = call->id()] {
        const auto at = m_calls.constFind(id);
        if (at != m_calls.constEnd() && *at == call)
            m_calls.erase(at);
    });
}

bool LabSession::cancelCall(const QByteArray &id)
{
    LabCall *call = m_calls.value(id);
    if (!call || call->isFinished())
        return false;
    call->cancel();
    return true;
}

} // namespace sightglass
