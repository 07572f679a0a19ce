// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/envelope.h"
#include "core/lab/fault.h"
#include "core/lab/listener.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace sightglass {

class LabAnswer;

/// The server behind Lab: accepts connections, checks what HTTP, credentials and the Streamable
/// HTTP transport ask for, and hands JSON-RPC messages to the methods. Lives in one thread.
class LabServer : public QObject {
    Q_OBJECT
public:
    explicit LabServer(LabSettings settings, QObject *parent = nullptr);
    ~LabServer() override;

    bool listen(QString *problem);
    void close();
    quint16 port() const { return m_server.serverPort(); }
    bool speaksTls() const { return m_server.speaksTls(); }
    void setPlay(const QStringList &ids);
    const LabSettings &settings() const { return m_settings; }

    // For the faults.
    QByteArray origin() const; ///< http://127.0.0.1:PORT, or https where it speaks TLS
    QByteArray otherOrigin(); ///< of a second port, which is opened by the first call
    void forget(LabSession *session);

Q_SIGNALS:
    void log(const QString &line);

private:
    void accept(QTcpServer *server);
    void keepAlive();
    void handle(LabReply *reply);
    bool playBefore(FaultPlay &play);
    bool playRequest(FaultPlay &play);
    void playListening(FaultPlay &play);

    // lab_server_access.cpp: who may come in
    bool passesOrigin(LabReply *reply) const;
    bool passesCredentials(FaultPlay &play);
    void refuse(FaultPlay &play, const QByteArray &error, const QByteArray &problem);
    bool servePage(LabReply *reply);
    bool isEndpoint(const QByteArray &path) const;

    // lab_server_http.cpp: the transport
    void handlePost(FaultPlay &play, const EnvelopeBatch &body);
    void handleGet(FaultPlay &play);
    void handleDelete(FaultPlay &play);
    bool findSession(FaultPlay &play, bool streamOnly);
    void answerRequests(FaultPlay &play, const EnvelopeBatch &body);
    LabSession *openSession(const QByteArray &askedRevision);

    // lab_methods.cpp: what the requests do
    void dispatch(LabSession *session, LabAnswer *answer, const Envelope &message, LabReply *reply);
    void takeNotification(LabSession *session, const Envelope &message);

    LabSettings m_settings;
    LabFaults m_faults;
    LabListener m_server;
    LabListener m_other;
    QHash<QByteArray, LabSession *> m_sessions; ///< children
    QList<QByteArray> m_sessionOrder;
    QTimer m_keepAlive;
};

/// Refuses a message of the transport with a JSON-RPC error that answers no request.
void labRefuseMessage(LabReply *reply, int status, qint64 code, const QString &sentence);
/// True if a request of this body is answered on an event stream.
bool labWantsStream(const Envelope &message);

} // namespace sightglass
