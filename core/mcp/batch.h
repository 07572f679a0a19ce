// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/era.h"

namespace sightglass {

// Several messages in one array (2025-03-26, basic, "Batching"; no other revision has it). Pure.

/// True for a method that has no answer.
bool isNotification(const RpcCall &call);

/// A batch as a person writes it: an array of objects, each with a method and, if it has some,
/// params. They are sent as they are; `jsonrpc` and `id` may stand there, but each message gets
/// those of the connection. A Failure of kind Usage where it is no such array, or has initialize in
/// it, which no batch may have.
Expected<QList<RpcCall>> readBatch(const QByteArray &text);

/// The messages as one.
QByteArray batchText(const QByteArrayList &messages);

} // namespace sightglass
