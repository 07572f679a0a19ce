// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/connection.h"

namespace sightglass {

/// Keeps a subscriptions/listen open on a connection of the modern era
/// (2026-07-28, basic/patterns/subscriptions): opens, waits and opens again.
class NoticeStream : public QObject {
    Q_OBJECT
public:
    using Random = std::function<double()>;

    NoticeStream(Connection *connection, TraceStore *trace, Random random,
                 QObject *parent = nullptr);

    /// Opens, or opens anew for another request; nothing: closes.
    void listen(const std::optional<RpcCall> &call);
    /// The server said what it grants.
    void acknowledged(const QByteArray &params, ExchangeId exchange);
    /// Tries now, if it waits.
    void retry();
    const StreamState &state() const { return m_state; }

Q_SIGNALS:
    void changed();
    /// What the server did not grant of it; each wish once. One sentence.
    void curtailed(const QString &sentence, sightglass::ExchangeId exchange);

private:
    void open();
    void ended(const RpcAnswer &answer);
    void compare(const QByteArray &acknowledged, ExchangeId exchange);

    Connection *m_connection;
    TraceStore *m_trace;
    Random m_random;
    std::optional<RpcCall> m_call;
    RequestId m_request = 0;
    QTimer m_timer;
    StreamState m_state;
    QSet<QString> m_toldMissing;
};

} // namespace sightglass
