// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/envelope.h"
#include "core/lab/auth_proof.h"
#include "core/lab/fault.h"
#include "core/lab/lab_world.h"
#include "core/lab/listener.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <memory>

namespace sightglass {

class LabAuthServer;
class LabSseSession;
struct LabRequest;

/// The server behind Lab: accepts connections, checks what HTTP, credentials and the transports
/// over HTTP ask for, and hands JSON-RPC messages to the methods. Lives in one thread.
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
    const LabWorld &world() const { return m_world; }
    const LabSettings &settings() const { return m_world.settings(); }
    QString issuer() const; ///< of the lab's authorisation server; empty: there is none

    // For the faults.
    QByteArray origin() const; ///< http://127.0.0.1:PORT, or https where it speaks TLS
    QByteArray otherOrigin(); ///< of a second port, which is opened by the first call
    void forget(LabSession *session);
    /// As the client wrote it, without the query (RFC 9449, 4.2).
    QByteArray requestUrl(const LabRequest &request) const;
    int nextTurn() { return ++m_turns; } ///< 1, 2, 3, …

Q_SIGNALS:
    void log(const QString &line);

private:
    void accept(QTcpServer *server);
    void keepAlive();
    void handle(LabReply *reply);
    void logRequest(LabReply *reply);
    void serveMcp(FaultPlay &play, const EnvelopeBatch &body);
    bool playBefore(FaultPlay &play);
    bool playRequest(FaultPlay &play);
    void playListening(FaultPlay &play);

    // lab_server_access.cpp: who may come in
    bool passesOrigin(LabReply *reply) const;
    bool passesCredentials(FaultPlay &play, const EnvelopeBatch &body);
    bool passesBearer(FaultPlay &play);
    bool passesExtraHeader(FaultPlay &play);
    void refuse(FaultPlay &play, const QByteArray &error, const QByteArray &problem);
    bool servePage(FaultPlay &play);
    bool isEndpoint(const QByteArray &path) const;

    // lab_server_oauth.cpp: tokens of the lab's own authorisation server
    bool usesOAuth() const;
    bool openAuthServer(QString *problem);
    void handleAtIssuer(LabReply *reply);
    bool passesToken(FaultPlay &play);
    bool passesProof(FaultPlay &play, const QByteArray &text, const LabToken &token);
    bool passesScopes(FaultPlay &play, const EnvelopeBatch &body);
    void challenge(FaultPlay &play, int status, const QByteArray &error, const QByteArray &problem,
                   const QStringList &scopes);
    bool serveResourceMetadata(FaultPlay &play);
    QByteArray resourceOf(const QByteArray &path) const;
    QStringList resourcesAt(const QByteArray &path);
    QStringList allResources();

    // lab_server_http.cpp: Streamable HTTP with sessions
    void handlePost(FaultPlay &play, const EnvelopeBatch &body);
    bool passesPost(LabReply *reply, const EnvelopeBatch &body);
    void handleGet(FaultPlay &play);
    void handleDelete(FaultPlay &play);
    bool findSession(FaultPlay &play, bool streamOnly);
    void answerRequests(FaultPlay &play, const EnvelopeBatch &body);
    bool openSession(FaultPlay &play, const Envelope &message);

    // lab_server_stateless.cpp: the same without
    bool isStateless(const LabRequest &request, const EnvelopeBatch &body) const;
    void handleStateless(FaultPlay &play, const Envelope &message);
    bool passesRouting(LabReply *reply, const Envelope &message) const;

    // lab_server_sse.cpp: HTTP+SSE
    bool isSse(const QByteArray &path) const;
    void serveSse(FaultPlay &play, const EnvelopeBatch &body);
    void openSse(FaultPlay &play);

    LabWorld m_world;
    LabListener m_server;
    LabListener m_other;
    LabListener m_issuer;
    std::unique_ptr<LabAuthServer> m_auth;
    LabProofs m_proofs;
    QHash<QByteArray, LabSession *> m_sessions; ///< children
    QList<QByteArray> m_sessionOrder;
    QHash<QByteArray, LabSseSession *> m_sseSessions; ///< children
    QTimer m_keepAlive;
    int m_turns = 0;
};

/// Refuses a message of the transport with a JSON-RPC error that answers no request.
void labRefuseMessage(LabReply *reply, int status, qint64 code, const QString &sentence);
/// Accept lists the type (RFC 9110, section 12.5.1).
bool labAccepts(const LabRequest &request, const QByteArray &type);

} // namespace sightglass
