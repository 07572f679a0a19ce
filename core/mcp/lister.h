// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/connection.h"
#include "core/mcp/listing.h"

namespace sightglass {

/// Fetches all pages of one list on one connection ("Pagination" of each
/// revision). Ends by itself; a list that pages for ever is stopped at a
/// bound, or when a cursor comes again.
class Lister : public QObject {
    Q_OBJECT
public:
    static constexpr int MostPages = 1000;

    Lister(ListKind kind, Connection *connection, TraceStore *trace, QObject *parent = nullptr);
    /// While it runs: once more when it has ended.
    void start();
    void cancel();
    bool isRunning() const { return m_request != 0; }

Q_SIGNALS:
    /// With `complete` or a failure at the end; before that not more than a few times a second.
    void listed(const sightglass::Listing &listing);

private:
    void ask(const std::optional<QString> &cursor);
    void onPage(const RpcAnswer &answer);
    void end(const std::optional<Failure> &failure);

    QPointer<Connection> m_connection;
    TraceStore *m_trace;
    Listing m_list;
    QSet<QString> m_cursors;
    RequestId m_request = 0;
    qint64 m_told = 0;
    bool m_again = false;
};

} // namespace sightglass
