// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// subscriptions/listen (2026-07-28, basic/patterns/subscriptions).

#include "core/lab/lab_call.h"
#include "core/lab/lab_methods.h"
#include "core/lab/lab_task.h"
#include "core/lab/lab_world.h"
#include "core/lab/resources.h"
#include "core/lab/rpc_text.h"

namespace sightglass {

namespace {

/// The subscription that a notice belongs to.
QByteArray subscription(const LabCall &call)
{
    return R"("_meta":{")" + QByteArray(labMetaSubscription) + R"(":)" + call.id() + '}';
}

void tell(LabCall &call, const char *method, const QByteArray &params = "{}")
{
    call.notify(labNotification(method, labWithMembers(params, subscription(call))));
}

QStringList strings(const JsonText &json, JsonText::Node list)
{
    QStringList values;
    for (const JsonText::Node node : json.children(list)) {
        if (json.isString(node) && values.size() < 1000)
            values.append(json.string(node));
    }
    return values;
}

QByteArray written(const QStringList &values)
{
    JsonWriter json;
    json.beginArray();
    for (const QString &value : values)
        json.value(QStringView(value));
    json.endArray();
    return json.text();
}

} // namespace

void labListen(LabCall &call)
{
    const JsonText &params = call.params();
    const JsonText::Node wanted = call.param(u"notifications");
    if (!params.isObject(wanted)) {
        call.fail(labInvalidParams, QStringLiteral("params.notifications has to be an object."));
        return;
    }
    QStringList tasks = strings(params, params.member(wanted, u"taskIds"));
    if (!tasks.isEmpty() && !call.peer()->declares("/extensions/io.modelcontextprotocol~1tasks")) {
        call.fail(labMissingCapability,
                  QStringLiteral("To hear of tasks, a client has to declare the tasks extension."),
                  R"({"requiredCapabilities":{"extensions":{")" + QByteArray(labTasksExtension)
                      + R"(":{}}}})");
        return;
    }
    LabWorld *world = call.world();
    JsonWriter agreed;
    agreed.beginObject();
    const auto wants = [&](QStringView name) {
        const bool wish = params.boolean(params.member(wanted, name));
        if (wish)
            agreed.key(name).value(true);
        return wish;
    };
    if (wants(u"toolsListChanged")) {
        QObject::connect(world, &LabWorld::toolsChanged, &call,
                         [&call] { tell(call, "notifications/tools/list_changed"); });
    }
    if (wants(u"promptsListChanged")) {
        QObject::connect(world, &LabWorld::promptsChanged, &call,
                         [&call] { tell(call, "notifications/prompts/list_changed"); });
    }
    if (wants(u"resourcesListChanged")) {
        QObject::connect(world, &LabWorld::resourcesChanged, &call,
                         [&call] { tell(call, "notifications/resources/list_changed"); });
    }
    QStringList uris = strings(params, params.member(wanted, u"resourceSubscriptions"));
    uris.removeIf(
        [world](const QString &uri) { return labResourceContents(*world, uri).isEmpty(); });
    if (!uris.isEmpty()) {
        agreed.key(u"resourceSubscriptions").raw(written(uris));
        QObject::connect(world, &LabWorld::resourceUpdated, &call,
                         [&call, uris](const QString &uri) {
                             if (uris.contains(uri))
                                 tell(call, "notifications/resources/updated",
                                      R"({"uri":)" + jsonQuoted(uri) + '}');
                         });
    }
    tasks.removeIf([world](const QString &id) { return !world->tasks()->find(id); });
    if (!tasks.isEmpty()) {
        agreed.key(u"taskIds").raw(written(tasks));
        QObject::connect(world->tasks(), &LabTasks::changed, &call, [&call, tasks](LabTask *task) {
            if (tasks.contains(task->id()))
                tell(call, "notifications/tasks", task->extensionJson(true));
        });
    }
    agreed.endObject();
    tell(call, "notifications/subscriptions/acknowledged",
         R"({"notifications":)" + agreed.text() + '}');
}

} // namespace sightglass
