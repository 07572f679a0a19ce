// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_step.h"
#include "core/trace/trace_store.h"

namespace sightglass {

/// The steps of the newest log-in as a trace tells them: by the notes "oauth" that the authoriser
/// leaves of each step that ended, and the exchanges of discovery, registration and tokens. What
/// was compared with what is not in there. Empty where nobody logged in; else all steps in their
/// order.
QList<OAuthStep> recordedOAuth(const TraceReader &trace);

} // namespace sightglass
