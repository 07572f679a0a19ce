// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/envelope.h"
#include "core/mcp/message_check.h"

#include <QSet>

#include <map>

namespace sightglass {

/// Judges what a server sends, and tells each kind of fault once. A stream must not become slower
/// by it: answers and the server's requests are all judged; of the notifications of one method, the
/// first ones, then one in so many. Messages beyond MessageCheck::MostBytes are not judged.
class MessageWatch {
public:
    /// Notifications of one method that are all judged.
    static constexpr qint64 AllOfFirst = 20;
    /// Faults of one message that are told.
    static constexpr int MostFaults = 5;

    /// Whether this is one of the many that look() says nothing of, as the one before was; then it
    /// is counted, and look() need not be called.
    bool passesOver(const Envelope &envelope);

    /// What is wrong with a message that has not been told before, each as the end of a sentence:
    /// "CallToolResult is not valid by the schema of 2025-06-18: at /result/content: …".
    /// `answered`: of an answer, the method of its request; else empty. `unjudged` gets what could
    /// not be judged to its end, and why: that is no fault of the message.
    QStringList look(const QByteArray &revision, const Envelope &envelope, QByteArrayView text,
                     const QByteArray &answered, QStringList *unjudged = nullptr);

private:
    static constexpr bool isDue(qint64 before)
    {
        return before < AllOfFirst || (before & (before - 1)) == 0;
    }
    /// How many of the method there were before; -1: it is not counted.
    qint64 count(const QByteArray &method);

    std::optional<MessageCheck> m_check;
    std::map<QByteArray, qint64> m_seen; ///< notifications by method
    std::pair<const QByteArray, qint64> *m_last = nullptr; ///< the entry that was looked up last
    QSet<QByteArray> m_told;
};

} // namespace sightglass
