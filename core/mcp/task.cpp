// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/task.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// The first of two spellings that is a whole number from 0 on.
std::optional<qint64> milliseconds(const JsonText &json, JsonText::Node task, QStringView core,
                                   QStringView extension)
{
    for (const QStringView name : {core, extension}) {
        const std::optional<qint64> value = json.integer(json.member(task, name));
        if (value && *value >= 0)
            return value;
    }
    return {};
}

} // namespace

bool Task::hasEnded() const
{
    return status == "completed"_L1 || status == "failed"_L1 || status == "cancelled"_L1;
}

TasksBy tasksBy(const Revision *revision, const QByteArray &capabilities)
{
    if (!revision)
        return TasksBy::None;
    const JsonText json = JsonText::parse(capabilities);
    if (revision->tasks)
        return json.find("/tasks") >= 0 ? TasksBy::Core : TasksBy::None;
    const JsonText::Node extensions = json.member(json.root(), u"extensions");
    const bool extended =
        revision->extensions && json.member(extensions, QString::fromLatin1(TasksExtension)) >= 0;
    return extended ? TasksBy::Extension : TasksBy::None;
}

bool takesCallsAsTasks(const Revision *revision, const QByteArray &capabilities)
{
    return tasksBy(revision, capabilities) == TasksBy::Core
        && JsonText::parse(capabilities).find("/tasks/requests/tools/call") >= 0;
}

Task readTask(const QByteArray &text)
{
    Task task;
    const JsonText json = JsonText::parse(text);
    // The core wraps a new task, the extension does not.
    const JsonText::Node wrapped = json.member(json.root(), u"task");
    const JsonText::Node root = json.isObject(wrapped) ? wrapped : json.root();
    const auto string = [&](QStringView name) { return json.string(json.member(root, name)); };
    const auto raw = [&](QStringView name) {
        return json.raw(json.member(root, name)).toByteArray();
    };
    task.id = string(u"taskId");
    task.status = string(u"status");
    task.statusMessage = string(u"statusMessage");
    task.createdAt = string(u"createdAt");
    task.updatedAt = string(u"lastUpdatedAt");
    task.ttlMs = milliseconds(json, root, u"ttl", u"ttlMs");
    task.pollMs = milliseconds(json, root, u"pollInterval", u"pollIntervalMs");
    if (task.status == "completed"_L1)
        task.result = raw(u"result");
    if (task.status == "failed"_L1)
        task.error = raw(u"error");
    for (const JsonText::Node ask : json.children(json.member(root, u"inputRequests"))) {
        task.asks.append(
            InputRequired::Request{json.key(ask), json.string(json.member(ask, u"method")).toUtf8(),
                                   json.raw(json.member(ask, u"params")).toByteArray()});
    }
    if (task.id.isEmpty())
        task.problem = u"it has no taskId"_s;
    else if (task.status.isEmpty())
        task.problem = u"it has no status"_s;
    return task;
}

bool becameTask(const QByteArray &result)
{
    // Most results are none, and may be large: only one that could be is parsed.
    constexpr qsizetype Most = 1024 * 1024;
    if (result.size() > Most || !result.contains("\"taskId\""))
        return false;
    const JsonText json = JsonText::parse(result);
    const JsonText::Node root = json.root();
    if (json.string(json.member(root, u"resultType")) == "task"_L1)
        return true;
    return json.isString(json.member(json.member(root, u"task"), u"taskId"))
        && json.member(root, u"content") < 0;
}

RpcCall taskCall(const QByteArray &method, const QString &id)
{
    JsonWriter params;
    params.beginObject().key(u"taskId").value(id).endObject();
    return {method, params.text()};
}

RpcCall updateTaskCall(const QString &id, const QList<std::pair<QString, QByteArray>> &responses)
{
    JsonWriter params;
    params.beginObject().key(u"taskId").value(id).key(u"inputResponses").beginObject();
    for (const auto &[key, response] : responses)
        params.key(key).raw(response);
    params.endObject().endObject();
    return {"tasks/update", params.text()};
}

} // namespace sightglass
