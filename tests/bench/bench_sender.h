// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace sightglass::bench {

/// The sender that all receivers are measured with: a small MCP server on bare sockets. Prints its
/// port and serves until its standard input ends.
///
/// POST answers initialize and any other request at once with JSON, and notifications with 202. GET
/// /mcp?events=N sends N events of 200 bytes as fast as they are taken, then closes, or with
/// &hold=1 keeps the stream open; with N = 0 it says 405.
int runSender();

/// Bytes of one event with its blank line.
constexpr int EventBytes = 200;
QByteArray eventText(qint64 number);

} // namespace sightglass::bench
