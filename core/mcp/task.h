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
    QString createdAt; ///< as it was sent, in ISO 8601 if the server keeps to it
    QString updatedAt; ///< the same
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

/// How tasks are spoken of on a connection.
enum class TasksBy : quint8 { None, Core, Extension };
/// By what the revision has and what the server says of itself (its capabilities, raw JSON).
/// `revision` may be null: None.
TasksBy tasksBy(const Revision *revision, const QByteArray &capabilities);
/// A client may ask that a call of a tool becomes a task: the server says so in its capabilities.
/// In the extension the server alone decides, and this is false.
bool takesCallsAsTasks(const Revision *revision, const QByteArray &capabilities);

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
