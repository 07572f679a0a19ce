// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/era.h"

namespace sightglass {

// Tasks: of the core of 2025-11-25 (basic/utilities/tasks), and of the extension
// io.modelcontextprotocol/tasks, which spells and does some things otherwise. Pure.

/// A task as its server tells it. All text is untrusted.
struct Task {
    QString id;
    QString status; ///< "working", "input_required", "completed", "failed", "cancelled"
    QString statusMessage;
    std::optional<qint64> ttlMs; ///< from its creation; nothing: not limited, or not said
    std::optional<qint64> pollMs; ///< how often the server wants to be asked
    // What the extension tells along; empty in the core of 2025-11-25.
    QByteArray result; ///< raw JSON, once completed
    QByteArray error; ///< raw JSON, once failed
    QList<InputRequired::Request> asks; ///< while it needs input
    QString problem; ///< why it is no task; mostly empty

    bool hasEnded() const; ///< nothing comes after its status
    bool operator==(const Task &) const = default;
};

/// From the result of tasks/get or tasks/cancel, of a request that became a task, or from the
/// parameters of a notification.
Task readTask(const QByteArray &text);
/// True where a result says that the request became a task, which has the result proper later.
bool becameTask(const QByteArray &result);

/// `method` is tasks/get, tasks/result or tasks/cancel.
RpcCall taskCall(const QByteArray &method, const QString &id);
/// Input for a task that needs it, by the keys of Task::asks; raw JSON (the extension alone).
RpcCall updateTaskCall(const QString &id, const QList<std::pair<QString, QByteArray>> &responses);

} // namespace sightglass
