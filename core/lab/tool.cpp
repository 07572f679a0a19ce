// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/tool.h"

#include "core/lab/lab_methods.h"
#include "core/lab/lab_stateless_peer.h"
#include "core/lab/lab_task.h"
#include "core/lab/lab_world.h"
#include "core/lab/resources.h"
#include "core/lab/rpc_text.h"

#include <algorithm>
#include <cmath>

namespace sightglass {

namespace {

constexpr qint64 defaultTtlMs = 10LL * 60 * 1000;
constexpr qint64 mostTtlMs = 60LL * 60 * 1000;

/// 42.0 is an integer, too (JSON Schema, validation, "type").
bool isWhole(const std::optional<double> &number)
{
    return number && std::trunc(*number) == *number;
}

/// What the schema asks for and the arguments lack, as a sentence; empty: nothing. Checks what the
/// lab's own schemas use at their first level: required names and plain types.
QString argumentProblem(const JsonText &schema, const LabCall &call)
{
    const JsonText::Node root = schema.member(schema.root(), u"inputSchema");
    for (const JsonText::Node name : schema.children(schema.member(root, u"required"))) {
        if (call.argument(schema.string(name)) < 0)
            return QStringLiteral("The argument \"%1\" is missing.").arg(schema.string(name));
    }
    for (const JsonText::Node property : schema.children(schema.member(root, u"properties"))) {
        const QString name = schema.key(property);
        const JsonText::Node value = call.argument(name);
        const QString type = schema.string(schema.member(property, u"type"));
        if (value < 0 || type.isEmpty())
            continue;
        const JsonText &params = call.params();
        const bool fits = type == QLatin1String("string") ? params.isString(value)
            : type == QLatin1String("number")             ? params.isNumber(value)
            : type == QLatin1String("integer")            ? isWhole(params.number(value))
            : type == QLatin1String("boolean")            ? params.isBool(value)
            : type == QLatin1String("array")              ? params.isArray(value)
            : type == QLatin1String("object")             ? params.isObject(value)
                                                          : true;
        if (!fits)
            return QStringLiteral("The argument \"%1\" has to be of type %2.").arg(name, type);
    }
    return {};
}

void runChecked(const LabTool &tool, const JsonText &definition, LabCall &call)
{
    const QString problem = argumentProblem(definition, call);
    if (problem.isEmpty())
        tool.run(call);
    else
        call.sayError(problem);
}

enum class TaskSupport : quint8 { Forbidden, Optional, Required };

TaskSupport taskSupport(const JsonText &definition)
{
    const QString support = definition.string(definition.find("/execution/taskSupport"));
    return support == QLatin1String("required") ? TaskSupport::Required
        : support == QLatin1String("optional")  ? TaskSupport::Optional
                                                : TaskSupport::Forbidden;
}

/// Answers with a task, and runs the tool in it.
void runAsTask(const LabTool &tool, const JsonText &definition, LabCall &call, qint64 ttlMs)
{
    LabPeer *peer = call.peer();
    LabTask *task = peer->tasks()->create(peer, ttlMs);
    if (peer->revision().stateless) {
        // The peer of a request ends with it.
        auto *own = new LabStatelessPeer(peer->world(), peer->revision(), task);
        own->setDeclared(peer->declared());
        task->setPeer(own);
        peer = own;
        call.succeed(labWithMembers(task->extensionJson(false), R"("resultType":"task")"));
    } else {
        call.succeed(R"({"task":)" + task->json() + '}');
    }
    auto *work = new LabCall(peer, task, call.method(), jsonQuoted(task->id()), call.params());
    runChecked(tool, definition, *work);
}

void runTool(const LabTool &tool, LabCall &call)
{
    const JsonText definition = JsonText::parse(tool.definition);
    const TaskSupport support = taskSupport(definition);
    const LabRevision &revision = call.revision();
    if (revision.tasks) {
        const JsonText::Node task = call.param(u"task");
        if (task >= 0 && support == TaskSupport::Forbidden) {
            call.fail(labMethodNotFound, QStringLiteral("This tool cannot be run as a task."));
        } else if (task < 0 && support == TaskSupport::Required) {
            call.fail(labMethodNotFound, QStringLiteral("This tool has to be run as a task."));
        } else if (task >= 0) {
            const JsonText &params = call.params();
            const qint64 ttl = params.integer(params.member(task, u"ttl")).value_or(defaultTtlMs);
            runAsTask(tool, definition, call, std::clamp<qint64>(ttl, 1000, mostTtlMs));
        } else {
            runChecked(tool, definition, call);
        }
        return;
    }
    // With the extension it is the server that decides.
    if (revision.extensions && support != TaskSupport::Forbidden) {
        if (call.peer()->declares("/extensions/io.modelcontextprotocol~1tasks")) {
            runAsTask(tool, definition, call, defaultTtlMs);
            return;
        }
        if (support == TaskSupport::Required) {
            call.fail(labMissingCapability,
                      QStringLiteral("This tool runs as a task only, and the client does not "
                                     "declare the tasks extension."),
                      R"({"requiredCapabilities":{"extensions":{")" + QByteArray(labTasksExtension)
                          + R"(":{}}}})");
            return;
        }
    }
    runChecked(tool, definition, call);
}

QByteArray addedTool(const LabWorld::Added &added)
{
    JsonWriter tool;
    tool.beginObject();
    tool.key(u"name").value(QStringView(QStringLiteral("added-%1").arg(added.number)));
    tool.key(u"title").value(QStringView(QStringLiteral("Added tool %1").arg(added.number)));
    tool.key(u"description")
        .value(QStringView(added.edition == 1
                               ? QStringLiteral("Came into the list while the lab was running.")
                               : QStringLiteral("Came into the list while the lab was running; "
                                                "edition %1.")
                                     .arg(added.edition)));
    tool.key(u"inputSchema").raw(R"({"type":"object","properties":{}})");
    tool.endObject();
    return tool.text();
}

} // namespace

const QList<LabTool> &labTools()
{
    static const QList<LabTool> tools = labFormTools() + labContentTools() + labStreamTools()
        + labTroubleTools() + labAskingTools() + labChangeTools() + labSchemaTools()
        + labTaskTools();
    return tools;
}

const LabTool *labFindTool(const QString &name)
{
    const QList<LabTool> &tools = labTools();
    const auto found = std::find_if(tools.begin(), tools.end(), [&](const LabTool &tool) {
        return name == QLatin1String(tool.name);
    });
    return found == tools.end() ? nullptr : &*found;
}

QList<QByteArray> labToolEntries(const LabWorld &world)
{
    QList<QByteArray> entries;
    for (const LabTool &tool : labTools())
        entries.append(tool.definition);
    for (const LabWorld::Added &added : world.added(LabWorld::List::Tools))
        entries.append(addedTool(added));
    return entries;
}

bool labMayAsk(const QByteArray &method, const JsonText &params)
{
    if (method == "prompts/get") {
        return params.string(params.member(params.root(), u"name")) == QLatin1String("interview");
    }
    return params.string(params.member(params.root(), u"uri")) == QLatin1String(labSealedUri);
}

void labCallTool(LabCall &call)
{
    const QString name = call.paramText(u"name");
    if (call.param(u"arguments") >= 0 && !call.params().isObject(call.param(u"arguments"))) {
        call.fail(labInvalidParams, QStringLiteral("params.arguments has to be an object."));
        return;
    }
    call.log("info", "tools", jsonQuoted(QStringLiteral("Called %1").arg(name)));
    if (const LabTool *tool = labFindTool(name)) {
        runTool(*tool, call);
        return;
    }
    for (const LabWorld::Added &added : call.world()->added(LabWorld::List::Tools)) {
        if (name == QStringLiteral("added-%1").arg(added.number)) {
            call.sayText(QStringLiteral("Added tool %1 answers.").arg(added.number));
            return;
        }
    }
    call.fail(labInvalidParams, QStringLiteral("There is no tool named \"%1\".").arg(name));
}

} // namespace sightglass
