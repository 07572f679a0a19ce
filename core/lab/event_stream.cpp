// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/event_stream.h"

#include "core/lab/connection.h"
#include "core/lab/gzip.h"

#include <utility>

namespace sightglass {

LabStream::LabStream(int number, bool listens, QObject *parent)
    : QObject(parent)
    , m_number(number)
    , m_listens(listens)
{
}

bool LabStream::isConnected() const
{
    return m_reply != nullptr;
}

LabReply *LabStream::reply() const
{
    return m_reply;
}

void LabStream::attach(LabReply *reply, qint64 after)
{
    if (m_reply)
        m_reply->drop();
    m_reply = reply;
    connect(reply, &LabReply::finished, this, [this, reply] {
        if (m_reply != reply)
            return;
        m_reply = nullptr;
        Q_EMIT connectionChanged(false);
    });
    if (!reply->isBegun()) {
        reply->addHeader("Cache-Control", "no-cache, no-transform");
        reply->addHeader("X-Accel-Buffering", "no");
        reply->begin(200, "text/event-stream", LabReply::Framing::Chunked);
    }
    if (after >= 0) {
        for (const Kept &event : m_kept) {
            if (event.sequence > after)
                write(event.frame);
        }
    }
    Q_EMIT connectionChanged(true);
    if (m_finished && m_reply)
        m_reply->end();
    else
        startSource();
}

QByteArray LabStream::nextId()
{
    return QByteArray::number(m_number) + '-' + QByteArray::number(++m_sequence);
}

void LabStream::prime()
{
    write("id: " + nextId() + "\ndata:\n\n");
}

void LabStream::retry(int ms)
{
    write("retry: " + QByteArray::number(ms) + "\n\n");
}

void LabStream::comment(const QByteArray &text)
{
    write(": " + text + "\n\n");
}

void LabStream::send(const QByteArray &message)
{
    sendTogether({message});
}

void LabStream::sendTogether(const QList<QByteArray> &messages)
{
    if (m_finished)
        return;
    QByteArray bytes;
    for (const QByteArray &message : messages) {
        bytes.reserve(bytes.size() + message.size() + 64);
        appendFrame(bytes, message);
    }
    write(bytes);
}

void LabStream::keep(const QByteArray &frame)
{
    m_kept.push_back({m_sequence, frame});
    m_keptBytes += frame.size();
    // The newest is kept however long it is: it is often the answer.
    while (m_keptBytes > keptBytesLimit && m_kept.size() > 1) {
        m_keptBytes -= m_kept.front().frame.size();
        m_kept.pop_front();
    }
}

void LabStream::sendEvent(const QByteArray &type, const QByteArray &data)
{
    write("event: " + type + "\ndata: " + data + "\n\n");
}

void LabStream::raw(const QByteArray &bytes)
{
    write(bytes);
}

void LabStream::appendFrame(QByteArray &out, const QByteArray &message)
{
    const qsizetype start = out.size();
    out += "event: message\n";
    if (m_resumable)
        out += "id: " + nextId() + '\n';
    out += "data: ";
    out += message;
    out += "\n\n";
    if (m_resumable)
        keep(out.mid(start));
}

void LabStream::setSource(std::function<bool()> source)
{
    m_source = std::move(source);
    startSource();
}

void LabStream::startSource()
{
    if (!m_source || !m_reply)
        return;
    m_reply->setSource([stream = QPointer<LabStream>(this)] {
        if (!stream || !stream->m_source)
            return false;
        auto source = std::exchange(stream->m_source, {});
        const bool hasMore = source();
        if (hasMore && stream && !stream->m_finished)
            stream->m_source = std::move(source);
        return hasMore;
    });
}

void LabStream::finish()
{
    if (m_finished)
        return;
    m_finished = true;
    m_source = {};
    if (!m_reply)
        return;
    if (m_holding) {
        const QByteArray held = std::exchange(m_held, {});
        m_reply->write(m_compressing ? labGzipped(held) : held);
    }
    m_reply->end();
}

void LabStream::disconnectNow()
{
    if (m_reply)
        m_reply->end();
}

bool LabStream::parseEventId(const QByteArray &id, int *stream, qint64 *sequence)
{
    const qsizetype dash = id.indexOf('-');
    bool numberFine = false;
    bool sequenceFine = false;
    *stream = id.left(dash).toInt(&numberFine);
    *sequence = id.mid(dash + 1).toLongLong(&sequenceFine);
    return dash > 0 && numberFine && sequenceFine && *sequence >= 0;
}

void LabStream::write(const QByteArray &bytes)
{
    if (m_holding) {
        m_held += bytes;
        return;
    }
    if (m_reply)
        m_reply->write(bytes);
}

} // namespace sightglass
