// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Streamable HTTP where every request stands for itself (2026-07-28,
// basic/transports/streamable-http).

#include "core/lab/answer.h"
#include "core/lab/connection.h"
#include "core/lab/header_mirror.h"
#include "core/lab/lab_methods.h"
#include "core/lab/lab_server.h"
#include "core/lab/lab_stateless_peer.h"
#include "core/lab/rpc_text.h"
#include "core/lab/tool.h"

namespace sightglass {

bool LabServer::isStateless(const LabRequest &request, const EnvelopeBatch &body) const
{
    if (!m_world.stateless() || body.batch || body.messages.isEmpty())
        return false;
    if (!labStatedRevision(body.messages.first()).isEmpty())
        return true;
    const LabRevision *named = labRevisionNamed(request.header("MCP-Protocol-Version"));
    return named && named->stateless;
}

bool LabServer::passesRouting(LabReply *reply, const Envelope &message) const
{
    const LabRequest &request = reply->request();
    const auto mismatch = [&](const QString &sentence) {
        reply->send(400, "application/json", labError(message.id.raw, labHeaderMismatch, sentence));
        return false;
    };
    const QByteArray version = request.header("MCP-Protocol-Version");
    const QByteArray stated = labStatedRevision(message);
    if (version != stated) {
        return mismatch(
            QStringLiteral("Header mismatch: MCP-Protocol-Version is \"%1\", the body says \"%2\".")
                .arg(QString::fromUtf8(version.left(80)), QString::fromUtf8(stated.left(80))));
    }
    const LabRevision *revision = labRevisionNamed(stated);
    if (!revision || !revision->stateless || !m_world.speaks(stated)) {
        reply->send(400, "application/json", labUnsupported(m_world, message.id.raw, stated));
        return false;
    }
    const QString problem = labMirrorProblem(request, message);
    if (!problem.isEmpty())
        return mismatch(QStringLiteral("Header mismatch: ") + problem);
    const JsonText params = JsonText::parse(message.params.toByteArray());
    const JsonText::Node meta = params.member(params.root(), u"_meta");
    if (!params.isObject(params.member(meta, QString::fromLatin1(labMetaCapabilities)))) {
        reply->send(400, "application/json",
                    labError(message.id.raw, labInvalidParams,
                             QStringLiteral("params._meta has to have %1, an object.")
                                 .arg(QLatin1String(labMetaCapabilities))));
        return false;
    }
    return true;
}

void LabServer::handleStateless(FaultPlay &play, const Envelope &message)
{
    LabReply *reply = play.reply;
    if (message.kind == EnvelopeKind::Notification) {
        // There is none that a client sends over HTTP: closing the stream cancels.
        reply->what = QString::fromUtf8(message.method.left(80));
        reply->send(202, {}, {});
        return;
    }
    if (message.kind != EnvelopeKind::Request) {
        labRefuseMessage(reply, 400, labInvalidRequest,
                         QStringLiteral("Clients send no responses in this revision."));
        return;
    }
    reply->what = labWhat(message);
    if (!passesRouting(reply, message))
        return;
    auto *peer =
        new LabStatelessPeer(&m_world, *labRevisionNamed(labStatedRevision(message)), this);
    peer->takeMeta(message);
    connect(peer, &LabPeer::said, this, &LabServer::log);
    play.leave = [reply = QPointer<LabReply>(reply)] {
        if (reply)
            reply->drop();
    };
    LabAnswer::Shape shape;
    shape.streams = labWantsStream(message, true);
    auto *answer = new LabAnswer(peer, reply, play, shape);
    connect(answer, &LabAnswer::abandoned, peer, [this, peer, what = reply->what] {
        if (peer->runningCalls() > 0)
            Q_EMIT log(QStringLiteral("%1 was cancelled: its stream was closed").arg(what));
        peer->cancelAllCalls();
    });
    connect(answer, &QObject::destroyed, peer, &QObject::deleteLater);
    labDispatch(peer, answer, message, play);
}

} // namespace sightglass
