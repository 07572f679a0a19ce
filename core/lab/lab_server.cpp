// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_server.h"

#include "core/lab/connection.h"
#include "core/lab/event_stream.h"
#include "core/lab/lab_session.h"

#include <QTcpSocket>

namespace sightglass {

LabServer::LabServer(LabSettings settings, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_server(this)
    , m_other(this)
{
    for (QTcpServer *server : {&m_server, &m_other}) {
        // Tests open many connections at once.
        server->setListenBacklogSize(512);
        connect(server, &QTcpServer::newConnection, this, [this, server] { accept(server); });
    }
    m_faults.setPlay(m_settings.play);
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
    m_faults.setPlay(m_settings.play, &wrong);
    m_server.setSpeaksTls(m_faults.speaksTls());
    m_other.setSpeaksTls(m_faults.speaksTls());
    if (wrong.isEmpty() && !m_server.listen(QHostAddress::LocalHost, m_settings.port)) {
        wrong = QStringLiteral("The lab cannot listen on port %1 of 127.0.0.1: %2.")
                    .arg(m_settings.port)
                    .arg(m_server.errorString());
    }
    if (wrong.isEmpty() && m_settings.keepAliveMs > 0)
        m_keepAlive.start(m_settings.keepAliveMs);
    if (problem)
        *problem = wrong;
    return wrong.isEmpty();
}

void LabServer::close()
{
    m_server.close();
    m_other.close();
    m_keepAlive.stop();
    const QList<LabConnection *> connections =
        findChildren<LabConnection *>(QString(), Qt::FindDirectChildrenOnly);
    for (LabConnection *connection : connections)
        connection->disconnect(this);
    qDeleteAll(m_sessions);
    m_sessions.clear();
    m_sessionOrder.clear();
    qDeleteAll(connections);
}

void LabServer::setPlay(const QStringList &ids)
{
    QString problem;
    m_settings.play = ids;
    m_faults.setPlay(ids, &problem);
    if (!problem.isEmpty())
        Q_EMIT log(problem);
    if (m_server.isListening() && m_faults.speaksTls() != speaksTls())
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
        connect(connection, &LabConnection::requestArrived, this,
                [this, isOther = server == &m_other](LabReply *reply) {
                    reply->setOnOtherOrigin(isOther);
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
    for (LabSession *session : std::as_const(m_sessions)) {
        for (LabStream *stream : session->listeningStreams())
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
    const auto line = [this, reply](const QString &ending) {
        QString text = QString::fromUtf8(reply->request().method) + QLatin1Char(' ');
        if (reply->isOnOtherOrigin())
            text += QStringLiteral("(other origin) ");
        if (!reply->what.isEmpty())
            text += reply->what + QLatin1Char(' ');
        text += reply->isBegun() ? QString::number(reply->status()) : QStringLiteral("no answer");
        Q_EMIT log(text + QLatin1Char(' ') + ending);
    };
    if (request.method == "GET") {
        connect(reply, &LabReply::begun, this, [line, reply] {
            if (reply->status() == 200)
                line(QStringLiteral("opened"));
        });
    }
    connect(reply, &LabReply::finished, this, [line, reply](bool whole) {
        line(QStringLiteral("%1 ms%2")
                 .arg(reply->elapsedMs())
                 .arg(whole ? QString() : QStringLiteral(", broken off")));
    });

    if (!passesOrigin(reply) || playBefore(play))
        return;
    if (!isEndpoint(request.path)) {
        if (!servePage(reply))
            reply->send(404, "text/plain; charset=utf-8",
                        "Nothing is here. The MCP endpoint of the lab is /mcp.\n");
        return;
    }
    if (!passesCredentials(play))
        return;
    if (request.method == "POST") {
        handlePost(play, body);
    } else if (request.method == "GET") {
        handleGet(play);
    } else if (request.method == "DELETE") {
        handleDelete(play);
    } else {
        reply->addHeader("Allow", "GET, POST, DELETE");
        reply->send(405, "text/plain; charset=utf-8",
                    "The MCP endpoint knows GET, POST and DELETE.\n");
    }
}

bool LabServer::playBefore(FaultPlay &play)
{
    for (const ActiveFault &active : m_faults.at(play)) {
        play.number = active.number;
        if (active.fault->before && active.fault->before(play))
            return true;
    }
    return false;
}

bool LabServer::playRequest(FaultPlay &play)
{
    for (const ActiveFault &active : m_faults.at(play)) {
        play.number = active.number;
        if (active.fault->request && active.fault->request(play))
            return true;
    }
    return false;
}

} // namespace sightglass
