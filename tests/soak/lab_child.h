// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

namespace sightglass::soak {

/// The child process: the lab behind a faulty line at `port`, until its stdin is closed or it is
/// killed. On stdin "storm SEED" and "calm" say whether faults play. On stdout, a line each, each
/// written before anything follows from it: "ready", "request METHOD SESSION BODY" (the body's
/// SHA-1; no session: -), "fault NAME".
int runLabChild(quint16 port);

} // namespace sightglass::soak
