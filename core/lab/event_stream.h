// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QObject>
#include <QPointer>

#include <deque>
#include <functional>

namespace sightglass {

class LabReply;

/// An event stream as the lab keeps it: it outlives the connection that carries it, remembers its
/// latest events, and is taken up again by a GET with Last-Event-ID (transports, "Resumability and
/// redelivery"). Event ids are NUMBER-SEQUENCE, so that they tell their stream.
/// A stream of a revision or transport without resumption has no ids.
class LabStream : public QObject {
    Q_OBJECT
public:
    LabStream(int number, bool listens, QObject *parent);

    int number() const { return m_number; }
    /// Opened by a GET of its own, not by a POST.
    bool listens() const { return m_listens; }
    /// False: events have no ids, and nothing is kept for redelivery.
    void setResumable(bool resumable) { m_resumable = resumable; }
    bool isResumable() const { return m_resumable; }
    bool isConnected() const;
    bool isFinished() const { return m_finished; }
    LabReply *reply() const;

    /// Carries the stream from now on. Events after `after` are sent again, where still kept;
    /// a connection that carried it before is closed.
    void attach(LabReply *reply, qint64 after = -1);
    /// An event with an id and empty data, from which a client can resume (2025-11-25).
    void prime();
    void retry(int ms);
    void comment(const QByteArray &text);
    /// A message as an event with an id; kept for redelivery.
    void send(const QByteArray &message);
    /// Several at once: they arrive together.
    void sendTogether(const QList<QByteArray> &messages);
    /// Bytes as they are, kept by nobody.
    void raw(const QByteArray &bytes);
    /// Writes the frame of an event into `out`, for whoever sends many at once by raw(). It is kept
    /// for redelivery.
    void appendFrame(QByteArray &out, const QByteArray &message);
    /// Asked for more while a connection has room; false: no more.
    void setSource(std::function<bool()> source);
    /// From now on everything is held back until finish(), as a buffering proxy does.
    void holdBack() { m_holding = true; }
    /// The same, and it is then sent as gzip; Content-Encoding is the caller's to give.
    void compress() { m_holding = m_compressing = true; }
    /// No event will follow: ends the connection, now or after redelivery.
    void finish();
    /// The connection is closed, the stream not: the client may come back for the rest.
    void disconnectNow();

    /// An event of another type than "message"; kept by nobody.
    void sendEvent(const QByteArray &type, const QByteArray &data);

    /// Splits an event id; false: it is none of ours.
    static bool parseEventId(const QByteArray &id, int *stream, qint64 *sequence);

Q_SIGNALS:
    void connectionChanged(bool connected);

private:
    void write(const QByteArray &bytes);
    void keep(const QByteArray &frame);
    void startSource();
    QByteArray nextId();

    struct Kept {
        qint64 sequence;
        QByteArray frame;
    };
    static constexpr qsizetype keptBytesLimit = 1024 * 1024;

    QPointer<LabReply> m_reply;
    std::function<bool()> m_source;
    std::deque<Kept> m_kept;
    qsizetype m_keptBytes = 0;
    qint64 m_sequence = 0;
    int m_number;
    QByteArray m_held;
    bool m_listens;
    bool m_holding = false;
    bool m_compressing = false;
    bool m_resumable = true;
    bool m_finished = false;
};

} // namespace sightglass
