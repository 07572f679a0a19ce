// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_methods.h"

#include "core/lab/content.h"
#include "core/lab/lab_call.h"
#include "core/lab/lab_world.h"
#include "core/lab/prompts.h"
#include "core/lab/rpc_text.h"
#include "core/lab/tool.h"

namespace sightglass {

namespace {

constexpr auto instructions =
    "A server to practise on. Each tool shows one thing that MCP can do; nothing here does any "
    "harm.";

void ping(LabCall &call)
{
    call.succeed("{}");
}

void setLevel(LabCall &call)
{
    const QByteArray level = call.paramText(u"level").toUtf8();
    if (!call.peer()->setLogLevel(level)) {
        call.fail(labInvalidParams, QStringLiteral("params.level is no log level of RFC 5424."));
        return;
    }
    call.log(level, "lab", "\"Log messages from level " + level + " on are sent\"");
    call.succeed("{}");
}

/// In which revisions a method is there.
bool withHandshake(const LabRevision &revision)
{
    return !revision.stateless;
}

bool withoutHandshake(const LabRevision &revision)
{
    return revision.stateless;
}

bool always(const LabRevision &)
{
    return true;
}

bool withCoreTasks(const LabRevision &revision)
{
    return revision.tasks;
}

bool withAnyTasks(const LabRevision &revision)
{
    return revision.tasks || revision.extensions;
}

struct Method {
    const char *name;
    bool (*isIn)(const LabRevision &revision);
    void (*run)(LabCall &call);
};

constexpr Method methods[] = {
    {"initialize", withHandshake, labInitialize},
    {"ping", withHandshake, ping},
    {"server/discover", withoutHandshake, labDiscover},
    {"tools/list", always, labListTools},
    {"tools/call", always, labCallTool},
    {"prompts/list", always, labListPrompts},
    {"prompts/get", always, labGetPrompt},
    {"resources/list", always, labListResources},
    {"resources/templates/list", always, labListTemplates},
    {"resources/read", always, labReadResource},
    {"resources/subscribe", withHandshake, labSubscribe},
    {"resources/unsubscribe", withHandshake, labUnsubscribe},
    {"completion/complete", always, labComplete},
    {"logging/setLevel", withHandshake, setLevel},
    {"subscriptions/listen", withoutHandshake, labListen},
    {"tasks/get", withAnyTasks, labGetTask},
    {"tasks/list", withCoreTasks, labListTasks},
    {"tasks/result", withCoreTasks, labAwaitTask},
    {"tasks/cancel", withAnyTasks, labCancelTask},
    {"tasks/update", withoutHandshake, labUpdateTask},
};

QByteArray capabilities(const LabRevision &revision)
{
    JsonWriter json;
    json.beginObject();
    json.key(u"logging").raw("{}");
    if (revision.completions)
        json.key(u"completions").raw("{}");
    json.key(u"prompts").raw(R"({"listChanged":true})");
    json.key(u"resources").raw(R"({"subscribe":true,"listChanged":true})");
    json.key(u"tools").raw(R"({"listChanged":true})");
    if (revision.tasks)
        json.key(u"tasks").raw(R"({"list":{},"cancel":{},"requests":{"tools":{"call":{}}}})");
    if (revision.extensions)
        json.key(u"extensions").raw(R"({")" + QByteArray(labTasksExtension) + R"(":{}})");
    json.endObject();
    return json.text();
}

} // namespace

void labInitialize(LabCall &call)
{
    if (!call.params().isString(call.param(u"protocolVersion"))) {
        call.fail(labInvalidParams, QStringLiteral("params.protocolVersion has to be a string."));
        return;
    }
    call.peer()->setDeclared(call.params().raw(call.param(u"capabilities")).toByteArray());
    call.peer()->tellChanges();
    JsonWriter result;
    result.beginObject();
    result.key(u"protocolVersion").value(call.revision().name.constData());
    result.key(u"capabilities").raw(capabilities(call.revision()));
    result.key(u"serverInfo").raw(labServerInfo(call.revision().titles));
    result.key(u"instructions").value(instructions);
    result.endObject();
    call.succeed(result.text());
}

void labDiscover(LabCall &call)
{
    JsonWriter result;
    result.beginObject();
    // Newest first. Those with a handshake are named, too: a client may speak only one of them.
    result.key(u"supportedVersions").beginArray();
    const QList<QByteArray> &names = call.world()->revisions();
    for (auto name = names.crbegin(); name != names.crend(); ++name)
        result.value(name->constData());
    result.endArray();
    result.key(u"capabilities").raw(capabilities(call.revision()));
    result.key(u"instructions").value(instructions);
    result.endObject();
    call.succeed(result.text());
}

bool labWantsStream(const Envelope &message, bool stateless)
{
    const JsonText params = JsonText::parse(message.params.toByteArray());
    const JsonText::Node root = params.root();
    if (stateless) {
        const JsonText::Node meta = params.member(root, u"_meta");
        return message.method == "subscriptions/listen"
            || params.member(meta, u"progressToken") >= 0
            || params.member(meta, QString::fromLatin1(labMetaLogLevel)) >= 0;
    }
    // Where the server asks, it needs a way for its question.
    if (message.method == "tasks/result" || message.method == "prompts/get"
        || message.method == "resources/read")
        return message.method == "tasks/result" || labMayAsk(message.method, params);
    if (message.method != "tools/call" || params.member(root, u"task") >= 0)
        return false;
    const LabTool *tool = labFindTool(params.string(params.member(root, u"name")));
    return tool && tool->streams;
}

QString labWhat(const Envelope &message)
{
    const QString method = QString::fromUtf8(message.method.left(80));
    if (message.method != "tools/call" && message.method != "prompts/get")
        return method;
    const JsonText params = JsonText::parse(message.params.toByteArray());
    return method + QLatin1Char(' ')
        + params.string(params.member(params.root(), u"name")).left(80);
}

QByteArray labStatedRevision(const Envelope &message)
{
    if (!message.params.contains(labMetaRevision))
        return {};
    const JsonText params = JsonText::parse(message.params.toByteArray());
    const JsonText::Node revision =
        params.member(params.member(params.root(), u"_meta"), QString::fromLatin1(labMetaRevision));
    return params.isString(revision) ? params.string(revision).toUtf8() : QByteArray();
}

void labDispatch(LabPeer *peer, LabOutlet *outlet, const Envelope &message, const FaultPlay &play)
{
    auto *call = new LabCall(peer, outlet, message.method, message.id.raw,
                             JsonText::parse(message.params.toByteArray()));
    if (message.params.size() > 0 && !call->params().isObject(call->params().root())) {
        call->fail(labInvalidParams, QStringLiteral("params has to be an object."));
        return;
    }
    if (call->hasForeignState()) {
        call->fail(labInvalidParams, call->stateProblem());
        return;
    }
    FaultPlay moment = play;
    moment.rpc = message.method;
    moment.id = message.id.raw;
    for (const ActiveFault &active : peer->world()->faults().at(moment)) {
        moment.number = active.number;
        if (active.fault->run && active.fault->run(moment, *call))
            return;
    }
    for (const Method &method : methods) {
        if (message.method == method.name && method.isIn(peer->revision())) {
            method.run(*call);
            return;
        }
    }
    call->fail(labMethodNotFound,
               QStringLiteral("The lab has no method \"%1\" in this revision.")
                   .arg(QString::fromUtf8(message.method.left(80))));
}

} // namespace sightglass
