// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_stateless_peer.h"

#include "core/lab/event_stream.h"
#include "core/lab/lab_world.h"
#include "core/lab/rpc_text.h"

namespace sightglass {

void LabStatelessPeer::takeMeta(const Envelope &message)
{
    const JsonText params = JsonText::parse(message.params.toByteArray());
    const JsonText::Node meta = params.member(params.root(), u"_meta");
    setDeclared(
        params.raw(params.member(meta, QString::fromLatin1(labMetaCapabilities))).toByteArray());
}

LabTasks *LabStatelessPeer::tasks()
{
    return world()->tasks();
}

LabStream *LabStatelessPeer::openStream(bool listens)
{
    auto *stream = new LabStream(1, listens, this);
    stream->setResumable(false);
    return stream;
}

} // namespace sightglass
