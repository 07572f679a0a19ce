// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/answer.h"
#include "core/lab/connection.h"
#include "core/lab/event_stream.h"
#include "core/lab/lab_methods.h"
#include "core/lab/lab_server.h"
#include "core/lab/lab_session.h"
#include "core/lab/rpc_text.h"

#include <QUuid>

#include <algorithm>

namespace sightglass {

namespace {

constexpr int maxSessions = 1000;

} // namespace

bool labAccepts(const LabRequest &request, const QByteArray &type)
{
    // Without weights but with the refusal q=0.
    const QByteArray range = type.left(type.indexOf('/') + 1) + '*';
    for (const QByteArray &entry : request.header("Accept").toLower().split(',')) {
        const QList<QByteArray> parts = entry.split(';');
        const QByteArray name = parts.first().trimmed();
        if (name != type && name != range && name != "*/*")
            continue;
        const bool refused =
            std::any_of(parts.begin() + 1, parts.end(), [](const QByteArray &part) {
                const QByteArray weight = part.trimmed();
                return weight.startsWith("q=") && weight.mid(2).toDouble() == 0;
            });
        if (!refused)
            return true;
    }
    return false;
}

bool LabServer::passesPost(LabReply *reply, const EnvelopeBatch &body)
{
    const LabRequest &request = reply->request();
    const QByteArray type = request.header("Content-Type").toLower();
    if (labBefore(type, ';').trimmed() != "application/json") {
        labRefuseMessage(reply, 415, -32000,
                         QStringLiteral("Content-Type has to be application/json."));
        return false;
    }
    if (body.error) {
        labRefuseMessage(reply, 400, body.batch ? labInvalidRequest : -32700, body.error->sentence);
        return false;
    }
    for (const Envelope &message : body.messages) {
        if (message.kind == EnvelopeKind::Malformed || !message.problems.isEmpty()) {
            labRefuseMessage(reply, 400, labInvalidRequest,
                             message.problems.isEmpty()
                                 ? QStringLiteral("The body is no JSON-RPC message.")
                                 : message.problems.first().sentence);
            return false;
        }
    }
    return true;
}

void LabServer::handlePost(FaultPlay &play, const EnvelopeBatch &body)
{
    LabReply *reply = play.reply;
    const LabRequest &request = reply->request();
    if (!labAccepts(request, "application/json") || !labAccepts(request, "text/event-stream")) {
        labRefuseMessage(reply, 406, -32000,
                         QStringLiteral("Accept has to list both application/json and "
                                        "text/event-stream."));
        return;
    }
    if (!passesPost(reply, body))
        return;
    if (isStateless(request, body)) {
        if (!playRequest(play))
            handleStateless(play, body.messages.first());
        return;
    }
    if (!m_world.withHandshake({})) {
        // A client of the other era hears at least which revisions there are.
        reply->send(400, "application/json",
                    labUnsupported(m_world, play.id, request.header("MCP-Protocol-Version")));
        return;
    }
    if (play.rpc == "initialize" && !request.has("Mcp-Session-Id")) {
        if (body.batch) {
            labRefuseMessage(reply, 400, -32600,
                             QStringLiteral("initialize must not be part of a batch."));
            return;
        }
        if (!playRequest(play) && openSession(play, body.messages.first()))
            answerRequests(play, body);
        return;
    }
    if (!findSession(play, false))
        return;
    if (play.rpc == "initialize") {
        labRefuseMessage(reply, 400, -32600,
                         QStringLiteral("This session is initialised already."));
        return;
    }
    if (body.batch && !play.session->revision().batches) {
        labRefuseMessage(reply, 400, -32600,
                         QStringLiteral("Revision %1 has no batches.")
                             .arg(QString::fromLatin1(play.session->revision().name)));
        return;
    }
    if (playRequest(play))
        return;
    for (const Envelope &message : body.messages) {
        if (message.kind == EnvelopeKind::Notification)
            play.session->takeNotification(message);
        else if (message.kind != EnvelopeKind::Request)
            play.session->takeResponse(message);
    }
    if (play.rpc.isEmpty()) {
        const Envelope &first = body.messages.first();
        reply->what = first.kind == EnvelopeKind::Notification
            ? QString::fromUtf8(first.method)
            : QStringLiteral("response to %1").arg(QString::fromUtf8(first.id.raw.left(80)));
        reply->send(202, {}, {});
        return;
    }
    answerRequests(play, body);
}

void LabServer::answerRequests(FaultPlay &play, const EnvelopeBatch &body)
{
    LabAnswer::Shape shape;
    shape.batch = body.batch;
    shape.requests = 0;
    for (const Envelope &message : body.messages) {
        if (message.kind == EnvelopeKind::Request) {
            ++shape.requests;
            shape.streams = shape.streams || labWantsStream(message, false);
            play.reply->what = labWhat(message);
        }
    }
    // Goes away for good: nobody answers in this session any more.
    play.leave = [server = QPointer<LabServer>(this), reply = QPointer<LabReply>(play.reply),
                  session = QPointer<LabSession>(play.session)] {
        if (reply)
            reply->drop();
        if (server && session)
            server->forget(session);
    };
    auto *answer = new LabAnswer(play.session, play.reply, play, shape);
    for (const Envelope &message : body.messages) {
        if (message.kind == EnvelopeKind::Request)
            labDispatch(play.session, answer, message, play);
    }
}

bool LabServer::openSession(FaultPlay &play, const Envelope &message)
{
    const JsonText params = JsonText::parse(message.params.toByteArray());
    const JsonText::Node asked = params.member(params.root(), u"protocolVersion");
    if (!params.isString(asked)) {
        play.reply->send(400, "application/json",
                         labError(message.id.raw, labInvalidParams,
                                  QStringLiteral("params.protocolVersion has to be a string.")));
        return false;
    }
    if (m_sessions.size() >= maxSessions)
        forget(m_sessions.value(m_sessionOrder.first()));
    const QByteArray id = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    auto *session =
        new LabSession(id, &m_world, *m_world.withHandshake(params.string(asked).toUtf8()), this);
    connect(session, &LabSession::said, this, &LabServer::log);
    connect(session, &LabSession::idle, this, [this, session] {
        Q_EMIT log(QStringLiteral("a session that nobody used was forgotten"));
        forget(session);
    });
    session->pingEvery(settings().pingMs);
    m_sessions.insert(id, session);
    m_sessionOrder.append(id);
    play.session = session;
    play.reply->addHeader("Mcp-Session-Id", id);
    return true;
}

bool LabServer::findSession(FaultPlay &play, bool streamOnly)
{
    LabReply *reply = play.reply;
    const LabRequest &request = reply->request();
    if (streamOnly && !labAccepts(request, "text/event-stream")) {
        labRefuseMessage(reply, 406, -32000,
                         QStringLiteral("Accept has to list text/event-stream."));
        return false;
    }
    if (!request.has("Mcp-Session-Id")) {
        labRefuseMessage(reply, 400, -32000,
                         QStringLiteral("Mcp-Session-Id is missing: every request after initialize "
                                        "carries it."));
        return false;
    }
    const QByteArray version = request.header("MCP-Protocol-Version");
    if (!version.isEmpty() && !m_world.speaks(version)) {
        labRefuseMessage(reply, 400, -32000,
                         QStringLiteral("MCP-Protocol-Version is none that the lab speaks (%1).")
                             .arg(QString::fromLatin1(m_world.revisions().join(", "))));
        return false;
    }
    play.session = m_sessions.value(request.header("Mcp-Session-Id"));
    if (!play.session) {
        labRefuseMessage(reply, m_world.faults().plays("AF-82") ? 400 : 404, -32001,
                         QStringLiteral("There is no session with this id."));
        return false;
    }
    play.session->countRequest();
    return true;
}

void LabServer::handleGet(FaultPlay &play)
{
    if (!findSession(play, true) || playRequest(play))
        return;
    LabSession *session = play.session;
    int number = 0;
    qint64 sequence = 0;
    if (LabStream::parseEventId(play.reply->request().header("Last-Event-ID"), &number,
                                &sequence)) {
        if (LabStream *stream = session->stream(number)) {
            play.reply->what =
                QStringLiteral("stream resumed after %1-%2").arg(number).arg(sequence);
            stream->attach(play.reply, sequence);
            play.stream = stream;
            if (stream->listens() && !stream->isFinished())
                playListening(play);
            return;
        }
    }
    LabStream *stream = session->openStream(true);
    play.stream = stream;
    labPlayHook(m_world.faults(), play, &Fault::opened);
    stream->attach(play.reply);
    if (session->revision().primesStreams)
        stream->prime();
    stream->retry(settings().retryMs);
    playListening(play);
}

void LabServer::playListening(FaultPlay &play)
{
    labPlayHook(m_world.faults(), play, &Fault::listening);
}

void LabServer::handleDelete(FaultPlay &play)
{
    if (!findSession(play, false) || playRequest(play))
        return;
    forget(play.session);
    play.session = nullptr;
    play.reply->send(200, {}, {});
}

} // namespace sightglass
