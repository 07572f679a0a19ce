// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_server.h"

#include "core/lab/auth_server.h"
#include "core/lab/connection.h"
#include "core/lab/event_stream.h"
#include "core/lab/lab_methods.h"
#include "core/lab/lab_session.h"
#include "core/lab/lab_sse_session.h"
#include "core/lab/lab_stateless_peer.h"

#include <QTcpSocket>

namespace sightglass {

LabServer::LabServer(LabSettings settings, QObject *parent)
    : QObject(parent)
    , m_world(std::move(settings))
    , m_server(this)
    , m_other(this)
    , m_issuer(this)
{
    for (QTcpServer *server : {&m_server, &m_other, &m_issuer}) {
        // Tests open many connections at once.
        server->setListenBacklogSize(512);
        connect(server, &QTcpServer::newConnection, this, [this, server] { accept(server); });
    }
    m_keepAlive.setParent(this);
    connect(&m_keepAlive, &QTimer::timeout, this, &LabServer::keepAlive);
}

LabServer::~LabServer()
{
    close();
}

bool LabServer::listen(QString *problem)
{
    QString wrong;
    m_world.setPlay(settings().play, &wrong);
    if (m_world.revisions().isEmpty())
        wrong = QStringLiteral("The lab speaks none of these revisions.");
    m_server.setSpeaksTls(m_world.faults().speaksTls());
    m_other.setSpeaksTls(m_world.faults().speaksTls());
    m_issuer.setSpeaksTls(m_world.faults().speaksTls());
    if (wrong.isEmpty() && !m_server.listen(QHostAddress::LocalHost, settings().port)) {
        wrong = QStringLiteral("The lab cannot listen on port %1 of 127.0.0.1: %2.")
                    .arg(settings().port)
                    .arg(m_server.errorString());
    }
    if (wrong.isEmpty())
        m_world.setOrigin(origin());
    if (wrong.isEmpty() && usesOAuth() && !openAuthServer(&wrong))
        m_server.close();
    if (wrong.isEmpty() && settings().keepAliveMs > 0)
        m_keepAlive.start(settings().keepAliveMs);
    if (problem)
        *problem = wrong;
    return wrong.isEmpty();
}

void LabServer::close()
{
    m_server.close();
    m_other.close();
    m_issuer.close();
    m_auth.reset();
    m_keepAlive.stop();
    const QList<LabConnection *> connections =
        findChildren<LabConnection *>(QString(), Qt::FindDirectChildrenOnly);
    for (LabConnection *connection : connections)
        connection->disconnect(this);
    qDeleteAll(m_sessions);
    m_sessions.clear();
    m_sessionOrder.clear();
    qDeleteAll(m_sseSessions);
    m_sseSessions.clear();
    qDeleteAll(findChildren<LabStatelessPeer *>(QString(), Qt::FindDirectChildrenOnly));
    qDeleteAll(connections);
}

void LabServer::setPlay(const QStringList &ids)
{
    QString problem;
    m_world.setPlay(ids, &problem);
    if (!problem.isEmpty())
        Q_EMIT log(problem);
    problem.clear();
    if (m_server.isListening() && usesOAuth() && !openAuthServer(&problem))
        Q_EMIT log(problem);
    if (m_server.isListening() && m_world.faults().speaksTls() != speaksTls())
        Q_EMIT log(QStringLiteral("AF-94 begins, or ends, when the lab is started anew"));
}

QByteArray LabServer::origin() const
{
    return m_server.origin();
}

QByteArray LabServer::otherOrigin()
{
    if (!m_other.isListening() && !m_other.listen(QHostAddress::LocalHost))
        Q_EMIT log(QStringLiteral("no second port could be opened: %1").arg(m_other.errorString()));
    return m_other.origin();
}

void LabServer::forget(LabSession *session)
{
    m_sessions.remove(session->id());
    m_sessionOrder.removeAll(session->id());
    session->disconnect(this);
    session->deleteLater();
}

void LabServer::accept(QTcpServer *server)
{
    while (QTcpSocket *socket = server->nextPendingConnection()) {
        auto *connection = new LabConnection(socket, this);
        connect(connection, &LabConnection::requestArrived, this, [this, server](LabReply *reply) {
            reply->setOnOtherOrigin(server == &m_other);
            if (server == &m_issuer)
                handleAtIssuer(reply);
            else
                handle(reply);
        });
        connect(connection, &LabConnection::malformedRequest, this,
                [this](int status, const QByteArray &reason) {
                    Q_EMIT log(QStringLiteral("malformed request %1: %2")
                                   .arg(status)
                                   .arg(QString::fromUtf8(reason)));
                });
    }
}

void LabServer::keepAlive()
{
    // What cuts idle streams would not find them idle.
    if (m_world.faults().plays("AF-90"))
        return;
    for (LabSession *session : std::as_const(m_sessions)) {
        for (LabStream *stream : session->listeningStreams())
            stream->comment("keep-alive");
    }
    for (LabSseSession *session : std::as_const(m_sseSessions))
        session->stream()->comment("keep-alive");
    const auto peers = findChildren<LabStatelessPeer *>(QString(), Qt::FindDirectChildrenOnly);
    for (const LabStatelessPeer *peer : peers) {
        const auto streams = peer->findChildren<LabStream *>(QString(), Qt::FindDirectChildrenOnly);
        for (LabStream *stream : streams)
            stream->comment("keep-alive");
    }
}

void LabServer::handle(LabReply *reply)
{
    const LabRequest &request = reply->request();
    const EnvelopeBatch body = request.method == "POST" ? scanBody(request.body) : EnvelopeBatch{};
    FaultPlay play;
    play.server = this;
    play.reply = reply;
    play.http = request.method;
    for (const Envelope &message : body.messages) {
        if (message.kind == EnvelopeKind::Request && play.rpc.isEmpty()) {
            play.rpc = message.method;
            play.id = message.id.raw;
        }
    }
    reply->what = request.method == "GET" ? QStringLiteral("stream") : QString::fromUtf8(play.rpc);
    logRequest(reply);
    if (!passesOrigin(reply) || playBefore(play))
        return;
    const bool sse = isSse(request.path);
    if (!sse && !isEndpoint(request.path)) {
        if (!servePage(play))
            reply->send(404, "text/plain; charset=utf-8",
                        m_world.offersStreamableHttp()
                            ? "Nothing is here. The MCP endpoint of the lab is /mcp.\n"
                            : "Nothing is here. The event stream of the lab is /sse.\n");
        return;
    }
    if (!passesCredentials(play, body))
        return;
    if (sse)
        serveSse(play, body);
    else
        serveMcp(play, body);
}

void LabServer::logRequest(LabReply *reply)
{
    const auto line = [this, reply](const QString &ending) {
        QString text = QString::fromUtf8(reply->request().method) + QLatin1Char(' ');
        if (reply->isOnOtherOrigin())
            text += QStringLiteral("(other origin) ");
        if (!reply->what.isEmpty())
            text += reply->what + QLatin1Char(' ');
        text += reply->isBegun() ? QString::number(reply->status()) : QStringLiteral("no answer");
        Q_EMIT log(text + QLatin1Char(' ') + ending);
    };
    if (reply->request().method == "GET") {
        connect(reply, &LabReply::begun, this, [line, reply] {
            // Documents are told when they have gone out.
            if (reply->status() == 200 && reply->what.startsWith(QLatin1String("stream")))
                line(QStringLiteral("opened"));
        });
    }
    connect(reply, &LabReply::finished, this, [line, reply](bool whole) {
        line(QStringLiteral("%1 ms%2")
                 .arg(reply->elapsedMs())
                 .arg(whole ? QString() : QStringLiteral(", broken off")));
    });
}

void LabServer::serveMcp(FaultPlay &play, const EnvelopeBatch &body)
{
    const bool sessions = m_world.withHandshake({}) != nullptr;
    if (play.http == "POST") {
        handlePost(play, body);
    } else if (play.http == "GET" && sessions) {
        handleGet(play);
    } else if (play.http == "DELETE" && sessions) {
        handleDelete(play);
    } else {
        play.reply->addHeader("Allow", sessions ? "GET, POST, DELETE" : "POST");
        play.reply->send(405, "text/plain; charset=utf-8",
                         sessions ? "The MCP endpoint knows GET, POST and DELETE.\n"
                                  : "The MCP endpoint knows POST.\n");
    }
}

bool LabServer::playBefore(FaultPlay &play)
{
    return labPlayHook(m_world.faults(), play, &Fault::before);
}

bool LabServer::playRequest(FaultPlay &play)
{
    return labPlayHook(m_world.faults(), play, &Fault::request);
}

} // namespace sightglass
