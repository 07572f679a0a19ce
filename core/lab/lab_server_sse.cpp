// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// HTTP+SSE (2024-11-05, basic/transports, "HTTP with SSE").

#include "core/lab/connection.h"
#include "core/lab/event_stream.h"
#include "core/lab/lab_methods.h"
#include "core/lab/lab_server.h"
#include "core/lab/lab_sse_session.h"
#include "core/lab/rpc_text.h"

#include <QUrl>
#include <QUrlQuery>
#include <QUuid>

namespace sightglass {

namespace {

constexpr auto streamPath = "/sse";
constexpr auto messagePath = "/message";
constexpr int mostSessions = 1000;

QByteArray sessionIdOf(const LabRequest &request)
{
    const QUrlQuery query(QUrl::fromEncoded(request.target).query());
    return query.queryItemValue(QStringLiteral("sessionId")).toLatin1();
}

} // namespace

bool LabServer::isSse(const QByteArray &path) const
{
    return m_world.offersHttpSse() && (path == streamPath || path == messagePath);
}

void LabServer::serveSse(FaultPlay &play, const EnvelopeBatch &body)
{
    LabReply *reply = play.reply;
    const bool isStream = reply->request().path == streamPath;
    if (isStream && play.http == "GET") {
        if (!labAccepts(reply->request(), "text/event-stream")) {
            labRefuseMessage(reply, 406, -32000,
                             QStringLiteral("Accept has to list text/event-stream."));
        } else if (!playRequest(play)) {
            openSse(play);
        }
        return;
    }
    if (isStream || play.http != "POST") {
        reply->addHeader("Allow", isStream ? "GET" : "POST");
        reply->send(405, "text/plain; charset=utf-8", "Method not allowed.\n");
        return;
    }
    LabSseSession *session = m_sseSessions.value(sessionIdOf(reply->request()));
    if (!session) {
        labRefuseMessage(reply, 404, -32001, QStringLiteral("There is no session with this id."));
        return;
    }
    if (!passesPost(reply, body) || playRequest(play))
        return;
    const Envelope &first = body.messages.first();
    reply->what = first.method.isEmpty()
        ? QStringLiteral("response to %1").arg(QString::fromUtf8(first.id.raw.left(80)))
        : labWhat(first);
    const QByteArray text = reply->request().body;
    reply->send(202, "text/plain; charset=utf-8", "Accepted\n");
    play.reply = nullptr;
    session->receive(text, play);
}

void LabServer::openSse(FaultPlay &play)
{
    if (m_sseSessions.size() >= mostSessions) {
        labRefuseMessage(play.reply, 503, -32000, QStringLiteral("There are too many sessions."));
        return;
    }
    const QByteArray id = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    auto *session = new LabSseSession(id, &m_world, this);
    m_sseSessions.insert(id, session);
    connect(session, &LabSseSession::ended, this, [this, session] {
        m_sseSessions.remove(session->id());
        session->disconnect(this);
        session->deleteLater();
    });
    QByteArray endpoint = messagePath + QByteArray("?sessionId=") + id;
    play.stream = session->stream();
    for (const ActiveFault &active : m_world.faults().at(play)) {
        play.number = active.number;
        if (active.fault->opened)
            active.fault->opened(play);
        if (active.fault->endpoint)
            endpoint = active.fault->endpoint(play, endpoint);
    }
    session->begin(play.reply);
    if (!endpoint.isEmpty())
        session->stream()->sendEvent("endpoint", endpoint);
    playListening(play);
}

} // namespace sightglass
