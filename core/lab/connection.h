// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/http_request.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTcpSocket>

#include <functional>

namespace sightglass {

class LabConnection;

/// The answer to one request, written in whatever way somebody wants: whole, in chunks, raw, or
/// broken off. Owned by its connection and deleted after `finished`; hold it in a QPointer.
/// After the client went away every call is without effect.
class LabReply : public QObject {
    Q_OBJECT
public:
    enum class Framing {
        Length, ///< begin() states a length, true or not
        Chunked, ///< write() makes chunks
        Raw, ///< nothing is added; the end of the connection ends it
    };

    LabReply(LabConnection *connection, LabRequest request);

    const LabRequest &request() const { return m_request; }
    /// Arrived on the second port, which `redirect-other-origin` opens.
    bool isOnOtherOrigin() const { return m_otherOrigin; }
    void setOnOtherOrigin(bool other) { m_otherOrigin = other; }
    /// Seconds by which the clock is wrong that the Date header is read off.
    void setClockOffset(qint64 seconds) { m_clockOffset = seconds; }
    /// What the request was about, for the log: "tools/call add".
    QString what;
    qint64 elapsedMs() const { return m_clock.elapsed(); }
    int status() const { return m_status; } ///< 0 before the head was written
    bool isBegun() const { return m_status != 0; }
    bool isFinished() const { return m_finished; }

    /// Adds a header to the head that begin() or send() will write.
    void addHeader(const QByteArray &name, const QByteArray &value);
    /// A whole answer with its true length.
    void send(int status, const QByteArray &contentType, const QByteArray &body);
    void begin(int status, const QByteArray &contentType, Framing framing, qint64 length = -1);
    void write(QByteArrayView bytes);
    /// Bytes as they are, also in place of a head.
    void writeRaw(QByteArrayView bytes);
    /// Ends the answer properly. The connection stays open if that is allowed.
    void end();
    /// Closes the connection after what was written so far, finished or not.
    void drop();
    /// Resets the connection (RST).
    void reset();

    /// Called for more whenever little is waiting to be sent; answers false when it has no more.
    /// Keeps memory flat however much is streamed. No source, no calls.
    using Source = std::function<bool()>;
    void setSource(Source source);

Q_SIGNALS:
    void begun();
    /// Once. `whole`: the answer was ended by end(), not by the client or a fault.
    void finished(bool whole);

private:
    friend class LabConnection;
    void pull();
    void finish(bool whole);
    QByteArray head(int status, const QByteArray &contentType, const QList<LabHeader> &more) const;

    LabConnection *m_connection;
    LabRequest m_request;
    QList<LabHeader> m_headers;
    QElapsedTimer m_clock;
    Source m_source;
    Framing m_framing = Framing::Length;
    int m_status = 0;
    qint64 m_clockOffset = 0;
    bool m_otherOrigin = false;
    bool m_finished = false;
    bool m_pulling = false;
};

/// One accepted connection: requests one after another, answered in order. Pipelined requests wait
/// in the socket. Deletes itself when the connection has ended.
class LabConnection : public QObject {
    Q_OBJECT
public:
    /// Takes the socket over.
    LabConnection(QTcpSocket *socket, QObject *parent);

Q_SIGNALS:
    void requestArrived(sightglass::LabReply *reply);
    void malformedRequest(int status, const QByteArray &reason);

private:
    friend class LabReply;
    static constexpr qint64 highWater = 512 * 1024;

    void advance();
    qint64 waiting() const; ///< bytes that are not in the system's hands yet
    void replyDone(bool keepAlive);
    void gone();

    QTcpSocket *m_socket;
    LabRequestParser m_parser;
    QPointer<LabReply> m_reply;
    bool m_closing = false;
};

/// The words after a status code (RFC 9110, section 15).
QByteArray labReasonPhrase(int status);

} // namespace sightglass
