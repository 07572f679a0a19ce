// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/failure.h"

#include <QMetaType>
#include <QObject>

#include <functional>
#include <map>
#include <optional>

namespace sightglass {

/// Something that the server asks of the person: a request of its own (legacy
/// era), or input that it needs before it can answer one of ours (modern era).
struct ServerRequest {
    quint64 number = 0; ///< on its connection, from 1
    QByteArray method; ///< "sampling/createMessage", "elicitation/create", "roots/list"
    QByteArray params; ///< raw JSON; empty: none
    ExchangeId exchange = 0; ///< that brought it
    QString forWhat; ///< our request that waits for it ("tools/call ask"); empty: not known
    qint64 at = 0; ///< trace time, ns

    bool operator==(const ServerRequest &) const = default;
};

/// The person's answer: a result, or an error.
struct ServerReply {
    QByteArray result; ///< raw JSON object
    std::optional<qint64> errorCode;
    QString errorMessage;

    bool operator==(const ServerReply &) const = default;
};

/// What the server asked and nobody answered yet. Can be answered in any order.
class Inbox : public QObject {
    Q_OBJECT
public:
    /// A server could ask without end; from here on it is told so at once.
    static constexpr size_t Most = 200;
    using OnReply = std::function<void(const ServerReply &)>;

    using QObject::QObject;

    /// Gives it a number; `onReply` is called once, or never if it is dropped. 0: there are too
    /// many.
    quint64 add(ServerRequest request, OnReply onReply);
    /// False if there is no such request (any more).
    bool reply(quint64 number, const ServerReply &reply);
    void drop(quint64 number, const QString &why);
    void dropAll(const QString &why);

    bool isEmpty() const { return m_open.empty(); }
    QList<ServerRequest> requests() const;

Q_SIGNALS:
    void asked(const sightglass::ServerRequest &request);
    /// It needs no answer any more: answered (`why` is empty), or the server took it back.
    void gone(quint64 number, const QString &why);

private:
    struct Open {
        ServerRequest request;
        OnReply onReply;
    };
    std::map<quint64, Open> m_open;
    quint64 m_last = 0;
};

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::ServerRequest)
Q_DECLARE_METATYPE(sightglass::ServerReply)
