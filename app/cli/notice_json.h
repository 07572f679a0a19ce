// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/output.h"
#include "core/mcp/session.h"

namespace sightglass::cli {

/// A notification as one JSON object: method, and params as the server sent them.
QByteArray noticeJson(const Notice &notice);
/// A notification for people, in one line: "warning db: disk is full" of a log message, else its
/// method and parameters.
QString noticeText(const Notice &notice);

} // namespace sightglass::cli
