// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/header_list.h"
#include "core/jsonrpc/envelope.h"
#include "core/jsonrpc/json_text.h"
#include "core/mcp/client_offer.h"
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
    /// From which level on the server is to log, where each request says so; empty: not at all.
    QByteArray logLevel;

    bool operator==(const Agreement &) const = default;
};

/// A method with its parameters as JSON text.
struct RpcCall {
    QByteArray method;
    QByteArray params; ///< empty: none

    bool operator==(const RpcCall &) const = default;
};

/// The server needs input before it can answer (2026-07-28, basic/patterns/mrtr).
struct InputRequired {
    struct Request {
        QString key;
        QByteArray method;
        QByteArray params; ///< raw JSON; empty: none

        bool operator==(const Request &) const = default;
    };
    QList<Request> requests;
    std::optional<QByteArray> state; ///< requestState as JSON text, to be sent back as it is

    bool operator==(const InputRequired &) const = default;
};

/// What a result is, judged by its era.
struct ResultKind {
    enum class Kind : quint8 { Complete, InputRequired, Unknown } kind = Kind::Complete;
    InputRequired input; ///< if InputRequired
    QString problem; ///< a sentence, if Unknown
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
    /// A request as it is sent: with what the era wants in its parameters.
    virtual RpcCall dressed(const Agreement &agreement, const RpcCall &call) const = 0;
    /// On every request once agreed.
    virtual HeaderList commonHeaders(const Agreement &agreement) const = 0;
    /// On one message more than on all; `call` is dressed.
    virtual HeaderList messageHeaders(const Agreement &agreement, const RpcCall &call) const = 0;
    /// The answer to the opening may assign a session.
    virtual bool hasSessions() const = 0;
    /// The server may have a stream of its own, opened by GET.
    virtual bool hasServerStream() const = 0;
    /// The request that opens a stream of notices, for these resources besides the lists; nothing
    /// where notices come without being asked for.
    virtual std::optional<RpcCall> listening(const Agreement &agreement,
                                             const QStringList &resources) const = 0;
    /// The subscription on which a notification came, by its parameters: the id of the request that
    /// opened it, as JSON text; empty where it names none.
    virtual QByteArray subscriptionOf(QByteArrayView params) const = 0;
    /// The request that subscribes to a resource, or ends that; nothing where listening() names the
    /// resources.
    virtual std::optional<RpcCall> subscribing(const QString &uri, bool on) const = 0;
    /// The request that asks for log messages from this level on; nothing where each request says
    /// so itself (dressed()).
    virtual std::optional<RpcCall> settingLogLevel(const QByteArray &level) const = 0;
    /// The server may send requests of its own.
    virtual bool serverAsks() const = 0;
    /// Arguments of a tool may have to stand in headers, too: its schema has to be known.
    virtual bool mirrorsArguments() const = 0;
    /// The server says by this error that the headers of a request do not fit its body.
    virtual bool refusesHeaders(qint64 errorCode) const = 0;
    /// A request whose stream is closed is cancelled by that alone.
    virtual bool cancelsByClosing() const = 0;
    /// Errors of JSON-RPC come with an HTTP status of their own: their code says more than that.
    virtual bool errorsHaveStatus() const = 0;
    /// Before anything was agreed: a server of this era sent this, and not one that knows nothing
    /// of it.
    virtual bool isSpokenIn(const Envelope &message) const = 0;
    virtual ResultKind judge(const RpcCall &call, const QByteArray &result) const = 0;
};

/// The text of a JSON-RPC message. `id` is JSON text; empty for a notification.
QByteArray rpcMessage(QByteArrayView id, const RpcCall &call);
QByteArray rpcResult(QByteArrayView id, QByteArrayView result);
QByteArray rpcError(QByteArrayView id, qint64 code, QStringView message);

} // namespace sightglass
