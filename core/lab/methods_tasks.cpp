// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Tasks: those of the core, and those of the extension.

#include "core/lab/lab_call.h"
#include "core/lab/lab_methods.h"
#include "core/lab/lab_task.h"
#include "core/lab/lab_world.h"
#include "core/lab/rpc_text.h"

namespace sightglass {

namespace {

constexpr qsizetype tasksPerPage = 10;

/// The task that is asked for; else the call has failed.
LabTask *find(LabCall &call)
{
    if (!call.revision().tasks
        && !call.peer()->declares("/extensions/io.modelcontextprotocol~1tasks")) {
        call.fail(labMissingCapability,
                  QStringLiteral("The client did not declare the tasks extension."),
                  R"({"requiredCapabilities":{"extensions":{")" + QByteArray(labTasksExtension)
                      + R"(":{}}}})");
        return nullptr;
    }
    LabTask *task = call.peer()->tasks()->find(call.paramText(u"taskId"));
    if (!task)
        call.fail(labInvalidParams, QStringLiteral("There is no task with this id."));
    return task;
}

} // namespace

void labGetTask(LabCall &call)
{
    if (LabTask *task = find(call))
        call.succeed(call.revision().tasks ? task->json() : task->extensionJson(true));
}

void labListTasks(LabCall &call)
{
    const QList<LabTask *> &tasks = call.peer()->tasks()->all();
    // The cursor is the id of the last one told, because tasks come and go.
    qsizetype first = 0;
    if (call.param(u"cursor") >= 0) {
        LabTask *last = call.peer()->tasks()->find(call.paramText(u"cursor"));
        if (!last) {
            call.fail(labInvalidParams, QStringLiteral("There is no page with this cursor."));
            return;
        }
        first = tasks.indexOf(last) + 1;
    }
    JsonWriter result;
    result.beginObject().key(u"tasks").beginArray();
    const QList<LabTask *> page = tasks.mid(first, tasksPerPage);
    for (const LabTask *task : page)
        result.raw(task->json());
    result.endArray();
    if (first + page.size() < tasks.size())
        result.key(u"nextCursor").value(QStringView(page.last()->id()));
    result.endObject();
    call.succeed(result.text());
}

void labAwaitTask(LabCall &call)
{
    if (LabTask *task = find(call))
        task->await(&call);
}

void labCancelTask(LabCall &call)
{
    LabTask *task = find(call);
    if (!task)
        return;
    const bool cancelled = task->cancel();
    if (!call.revision().tasks)
        call.succeed("{}");
    else if (cancelled)
        call.succeed(task->json());
    else
        call.fail(labInvalidParams, QStringLiteral("The task is over already."));
}

void labUpdateTask(LabCall &call)
{
    LabTask *task = find(call);
    if (!task)
        return;
    const JsonText::Node answers = call.param(u"inputResponses");
    if (!call.params().isObject(answers)) {
        call.fail(labInvalidParams, QStringLiteral("params.inputResponses has to be an object."));
        return;
    }
    // First the acknowledgement: the task may go on at once.
    const QPointer<LabTask> guard(task);
    const JsonText params = call.params();
    call.succeed("{}");
    if (guard)
        guard->takeAnswers(params, answers);
}

} // namespace sightglass
