// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_channel.h"

#include "core/lab/channel_answer.h"
#include "core/lab/lab_methods.h"
#include "core/lab/lab_stateless_peer.h"
#include "core/lab/lab_world.h"
#include "core/lab/rpc_text.h"

#include <algorithm>

namespace sightglass {

/// Since the handshake.
class LabChannel::Peer final : public LabPeer {
public:
    Peer(LabChannel *channel, LabRevision revision)
        : LabPeer(channel->world(), std::move(revision), channel)
        , m_channel(channel)
    {
    }
    void speak(const QByteArray &message) override { m_channel->write(message); }
    bool isReached() const override { return true; }

private:
    LabChannel *m_channel;
};

LabChannel::LabChannel(LabWorld *world, QObject *parent)
    : QObject(parent)
    , m_world(world)
{
}

LabChannel::~LabChannel() = default;

void LabChannel::receive(const QByteArray &text, FaultPlay play)
{
    const EnvelopeBatch body = scanBody(text);
    if (body.error) {
        write(labError({}, body.batch ? labInvalidRequest : -32700, body.error->sentence));
        return;
    }
    if (body.batch && (!m_peer || !m_peer->revision().batches)) {
        write(labError({}, labInvalidRequest,
                       QStringLiteral("Batches are not part of the revision in use.")));
        return;
    }
    int requests = 0;
    for (const Envelope &message : body.messages)
        requests += message.kind == EnvelopeKind::Request ? 1 : 0;
    if (!play.leave)
        play.leave = [channel = QPointer<LabChannel>(this)] {
            if (channel)
                channel->leave();
        };
    LabOutlet *outlet =
        requests > 0 ? new LabChannelAnswer(this, requests, body.batch, play) : nullptr;
    for (const Envelope &message : body.messages) {
        switch (message.kind) {
        case EnvelopeKind::Request:
            serve(message, outlet, play);
            break;
        case EnvelopeKind::Notification:
            takeNotification(message);
            break;
        case EnvelopeKind::Result:
        case EnvelopeKind::Error:
            if (m_peer)
                m_peer->takeResponse(message);
            break;
        case EnvelopeKind::Malformed:
            write(labError(message.id.raw, labInvalidRequest,
                           message.problems.isEmpty()
                               ? QStringLiteral("This is no JSON-RPC message.")
                               : message.problems.first().sentence));
            break;
        }
    }
}

void LabChannel::serve(const Envelope &message, LabOutlet *outlet, const FaultPlay &play)
{
    const QString what = labWhat(message);
    if (!labStatedRevision(message).isEmpty() && m_world->stateless()) {
        Q_EMIT said(what);
        serveStateless(message, outlet, play);
        return;
    }
    Q_EMIT said(what);
    if (message.method == "initialize") {
        begin(message, outlet, play);
    } else if (m_peer) {
        labDispatch(m_peer, outlet, message, play);
    } else {
        const bool known = message.method != "server/discover";
        outlet->answer(LabAnswered{
            message.method, message.id.raw,
            labError(message.id.raw, known ? labInvalidRequest : labMethodNotFound,
                     known ? QStringLiteral("The first request has to be initialize.")
                           : QStringLiteral("There is no such method: the first is initialize.")),
            200, message.params.toByteArray()});
    }
}

void LabChannel::begin(const Envelope &message, LabOutlet *outlet, const FaultPlay &play)
{
    const JsonText params = JsonText::parse(message.params.toByteArray());
    const LabRevision *revision = m_world->withHandshake(
        params.string(params.member(params.root(), u"protocolVersion")).toUtf8());
    if (!revision) {
        outlet->answer(LabAnswered{message.method, message.id.raw,
                                   labUnsupported(*m_world, message.id.raw, {}), 400,
                                   message.params.toByteArray()});
        return;
    }
    if (m_peer)
        m_peer->cancelAllCalls();
    delete m_peer;
    m_peer = new Peer(this, *revision);
    connect(m_peer, &LabPeer::said, this, &LabChannel::said);
    m_peer->pingEvery(m_world->settings().pingMs);
    labDispatch(m_peer, outlet, message, play);
}

void LabChannel::serveStateless(const Envelope &message, LabOutlet *outlet, const FaultPlay &play)
{
    const QByteArray stated = labStatedRevision(message);
    const LabRevision *revision = labRevisionNamed(stated);
    if (!revision || !revision->stateless || !m_world->speaks(stated)) {
        outlet->answer(LabAnswered{message.method, message.id.raw,
                                   labUnsupported(*m_world, message.id.raw, stated), 400,
                                   message.params.toByteArray()});
        return;
    }
    auto *peer = new LabStatelessPeer(m_world, *revision, this);
    peer->takeMeta(message);
    m_stateless.append(peer);
    connect(peer, &QObject::destroyed, this, [this, peer] { m_stateless.removeAll(peer); });
    connect(outlet, &QObject::destroyed, peer, &QObject::deleteLater);
    labDispatch(peer, outlet, message, play);
}

void LabChannel::takeNotification(const Envelope &message)
{
    Q_EMIT said(QString::fromUtf8(message.method.left(80)));
    if (message.method == "notifications/cancelled") {
        const JsonText params = JsonText::parse(message.params.toByteArray());
        const QByteArray id = params.raw(params.member(params.root(), u"requestId")).toByteArray();
        const QList<LabPeer *> peers = m_stateless;
        for (LabPeer *peer : peers) {
            if (peer->cancelCall(id))
                return;
        }
    }
    if (m_peer)
        m_peer->takeNotification(message);
}

} // namespace sightglass
