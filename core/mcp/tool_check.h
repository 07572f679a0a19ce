// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QStringList>

namespace sightglass {

/// What is wrong with the structuredContent of a tool's result by the tool's output schema
/// (server/tools, "Structured Content"), in sentences; also that it is missing, and that the schema
/// itself cannot be used. Nothing for a tool without an output schema, and for a result that says
/// isError. `result` is the JSON of tools/call's result.
QStringList outputFaults(const QByteArray &outputSchema, const QByteArray &result);
/// What is wrong with the arguments of a call by the tool's input schema, likewise. Empty arguments
/// are none: {}.
QStringList argumentFaults(const QByteArray &inputSchema, const QByteArray &arguments);

} // namespace sightglass
