// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/header_list.h"
#include "core/jsonrpc/json_text.h"
#include "core/mcp/revision.h"
#include "core/trace/expected.h"

namespace sightglass {

/// What the two sides agreed on when the connection was opened.
struct Agreement {
    Revision revision;
    QString serverName;
    QString serverTitle;
    QString serverVersion;
    QString instructions;
    QByteArray capabilities; ///< raw JSON

    bool operator==(const Agreement &) const = default;
};

/// A method with its parameters as JSON text.
struct RpcCall {
    QByteArray method;
    QByteArray params; ///< empty: none

    bool operator==(const RpcCall &) const = default;
};

/// How a connection is opened and how each message describes itself. Pure:
/// values in, values out. One implementation an era; a session asks its era
/// and never which revision it is.
class Era {
public:
    virtual ~Era() = default;

    /// The request that opens the connection, asking for `revision`; nothing where the era needs
    /// none.
    virtual std::optional<RpcCall> opening(const QByteArray &revision) const = 0;
    /// Judges the result of the opening. `pinned`: only the revision asked for will do.
    virtual Expected<Agreement> settle(const QByteArray &asked, bool pinned,
                                       const QByteArray &result) const = 0;
    /// The notification that confirms the opening.
    virtual std::optional<RpcCall> confirmation() const = 0;
    /// On every request once agreed.
    virtual HeaderList commonHeaders(const Agreement &agreement) const = 0;
    /// On one message more than on all.
    virtual HeaderList messageHeaders(const Agreement &agreement, const RpcCall &call) const = 0;
    /// The server may have a stream of its own, opened by GET.
    virtual bool hasServerStream() const = 0;
};

/// The text of a JSON-RPC message. `id` is JSON text; empty for a notification.
QByteArray rpcMessage(QByteArrayView id, const RpcCall &call);
QByteArray rpcResult(QByteArrayView id, QByteArrayView result);
QByteArray rpcError(QByteArrayView id, qint64 code, QStringView message);

} // namespace sightglass
