// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

namespace sightglass {

class LabWorld;

/// JSON-RPC 2.0 messages as the lab writes them; ids are raw JSON, so that a client gets back the
/// spelling that it sent.
QByteArray labResult(const QByteArray &id, const QByteArray &result);
/// `data`: raw JSON; empty: none. An empty id: the error answers no request.
QByteArray labError(const QByteArray &id, qint64 code, const QString &message,
                    const QByteArray &data = {});
QByteArray labNotification(const QByteArray &method, const QByteArray &params = {});
QByteArray labRequest(const QByteArray &id, const QByteArray &method,
                      const QByteArray &params = {});
/// notifications/message; `data` is raw JSON.
QByteArray labLogMessage(const QByteArray &level, const QByteArray &logger, const QByteArray &data);
/// notifications/elicitation/complete
QByteArray labElicitationComplete(const QString &id);
/// The error that names the revisions which the lab speaks (2026-07-28, schema,
/// "UnsupportedProtocolVersionError").
QByteArray labUnsupported(const LabWorld &world, const QByteArray &id, const QByteArray &asked);
/// An object with this text put in front of its first member ("" stays as it is): `members` is JSON
/// without braces, as in `"a":1,"b":2`.
QByteArray labWithMembers(const QByteArray &object, const QByteArray &members);

// Error codes of JSON-RPC 2.0, and of MCP (2026-07-28, basic, "Error Codes").
constexpr qint64 labInvalidRequest = -32600;
constexpr qint64 labMethodNotFound = -32601;
constexpr qint64 labInvalidParams = -32602;
constexpr qint64 labUrlElicitationRequired = -32042; ///< 2025-11-25 alone
constexpr qint64 labHeaderMismatch = -32020;
constexpr qint64 labMissingCapability = -32021;
constexpr qint64 labUnsupportedRevision = -32022;

// Keys in _meta.
constexpr auto labMetaRevision = "io.modelcontextprotocol/protocolVersion";
constexpr auto labMetaCapabilities = "io.modelcontextprotocol/clientCapabilities";
constexpr auto labMetaLogLevel = "io.modelcontextprotocol/logLevel";
constexpr auto labMetaServer = "io.modelcontextprotocol/serverInfo";
constexpr auto labMetaSubscription = "io.modelcontextprotocol/subscriptionId";
constexpr auto labMetaTask = "io.modelcontextprotocol/related-task";
/// The extension that carries tasks where the core does not.
constexpr auto labTasksExtension = "io.modelcontextprotocol/tasks";

} // namespace sightglass
