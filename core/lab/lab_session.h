// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab_revision.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QHash>
#include <QList>
#include <QObject>
#include <QTimer>

namespace sightglass {

class LabCall;
class LabStream;

/// One MCP session of the lab (transports, "Session management"): its revision, its streams, its
/// running calls. What runs in it outlives the connections that asked for it.
class LabSession : public QObject {
    Q_OBJECT
public:
    LabSession(QByteArray id, LabRevision revision, QObject *parent);
    ~LabSession() override;

    const QByteArray &id() const { return m_id; }
    const LabRevision &revision() const { return m_revision; }

    /// Counts a request with this session's id and tells how many there were.
    int countRequest() { return ++m_requests; }
    int requestCount() const { return m_requests; }

    LabStream *openStream(bool listens);
    LabStream *stream(int number) const;
    /// The stream on which the server speaks on its own: of those opened by GET the newest that
    /// has not ended. Null if there is none.
    LabStream *listening() const;
    QList<LabStream *> listeningStreams() const;

    /// Sent on the listening stream; without one it is lost, as the transport has it.
    void notify(const QByteArray &message);
    /// notifications/message, if the level that the client set lets it through.
    void log(const QByteArray &level, const QByteArray &logger, const QByteArray &data);
    /// False: no such level.
    bool setLogLevel(const QByteArray &level);

    /// Pings the client on its listening stream now and then. 0: never.
    void pingEvery(int ms);
    void ping();
    /// The client answered a request of ours.
    void takeResponse(const QByteArray &id, bool isError);

    void addCall(LabCall *call);
    /// False: no such call runs.
    bool cancelCall(const QByteArray &id);

    /// How many tools "add-tool" has added.
    int addedTools = 0;

Q_SIGNALS:
    void said(const QString &line);

private:
    void forgetOldStreams();

    QByteArray m_id;
    LabRevision m_revision;
    int m_requests = 0;
    int m_logLevel;
    int m_pings = 0;
    QHash<QByteArray, QElapsedTimer> m_pinged;
    QList<LabStream *> m_streams; ///< children
    int m_streamCount = 0;
    QHash<QByteArray, LabCall *> m_calls;
    QTimer m_pingTimer;
};

} // namespace sightglass
