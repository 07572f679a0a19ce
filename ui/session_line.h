// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_file.h"
#include "ui/session_controller.h"
#include "ui/session_relay.h"

namespace sightglass {

/// A session with its thread and its trace. The session and the recorder are touched in the thread
/// alone.
struct SessionController::Line {
    std::shared_ptr<TraceStore> trace;
    QThread *thread = nullptr;
    Session *session = nullptr; ///< lives in `thread`
    std::shared_ptr<LogTail> logs; ///< what the server logs, taken now and then
    std::unique_ptr<SessionRelay> relay; ///< what the session tells; outlives it
    std::shared_ptr<TraceFileWriter> recorder;
};

} // namespace sightglass
