// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QMutex>

#include <vector>

namespace sightglass {

/// The newest log messages of a server (notifications/message; server/utilities/logging), for
/// somebody who looks now and then: a server may log more in a second than anybody reads, and all
/// of it stands in the trace. One thread adds while another takes.
class LogTail {
public:
    static constexpr qsizetype Most = 10'000; ///< messages
    static constexpr qint64 MostBytes = 16LL * 1024 * 1024; ///< of params

    struct Message {
        QByteArray params; ///< raw JSON, untrusted
        ExchangeId exchange = 0;
        qint64 at = 0; ///< trace time, ns
    };
    struct Taken {
        QList<Message> messages; ///< oldest first
        qint64 passedOver = 0; ///< older ones that were let go of
    };

    /// True: it is the first since take(), so whoever looks is to be told.
    bool add(QByteArrayView params, ExchangeId exchange, qint64 at);
    /// What came since the last time.
    Taken take();

private:
    void passOver();

    QMutex m_mutex;
    std::vector<Message> m_ring; ///< those that are gone keep their memory for the next
    size_t m_first = 0;
    size_t m_count = 0;
    qint64 m_bytes = 0;
    qint64 m_passedOver = 0;
};

} // namespace sightglass
