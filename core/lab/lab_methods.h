// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/envelope.h"
#include "core/lab/fault.h"

namespace sightglass {

class LabCall;
class LabOutlet;
class LabPeer;

/// Does what a request asks for: the answer goes to the outlet, now or later. `play` is the moment,
/// for the faults.
void labDispatch(LabPeer *peer, LabOutlet *outlet, const Envelope &message, const FaultPlay &play);
/// The request is to be answered by a stream: it has more to say than its answer.
bool labWantsStream(const Envelope &message, bool stateless);
/// "tools/call add", for the log.
QString labWhat(const Envelope &message);
/// The revision that a request names in its _meta; empty: it is of an era with handshakes.
QByteArray labStatedRevision(const Envelope &message);

// What the methods do, by family.
void labInitialize(LabCall &call);
void labDiscover(LabCall &call);
void labListTools(LabCall &call);
void labListPrompts(LabCall &call);
void labListResources(LabCall &call);
void labListTemplates(LabCall &call);
void labReadResource(LabCall &call);
void labSubscribe(LabCall &call);
void labUnsubscribe(LabCall &call);
void labComplete(LabCall &call);
void labListen(LabCall &call);
void labCallTool(LabCall &call);
void labGetTask(LabCall &call);
void labListTasks(LabCall &call);
void labAwaitTask(LabCall &call);
void labCancelTask(LabCall &call);
void labUpdateTask(LabCall &call);

} // namespace sightglass
