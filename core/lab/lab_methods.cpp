// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/answer.h"
#include "core/lab/connection.h"
#include "core/lab/lab_server.h"
#include "core/lab/lab_session.h"
#include "core/lab/resources.h"
#include "core/lab/rpc_text.h"
#include "core/lab/tool.h"

#include <algorithm>

namespace sightglass {

namespace {

constexpr int toolsPerPage = 10;
constexpr auto secondPage = "page-2";

/// A request that is answered at once.
struct Question {
    LabSession *session;
    QByteArray id;
    JsonText params;

    JsonText::Node param(QStringView name) const { return params.member(params.root(), name); }
    QByteArray result(const QByteArray &json) const { return labResult(id, json); }
    QByteArray error(qint64 code, const QString &sentence) const
    {
        return labError(id, code, sentence);
    }
};

QByteArray initialize(const Question &question)
{
    JsonWriter result;
    result.beginObject();
    result.key(u"protocolVersion")
        .value(QStringView(QString::fromLatin1(question.session->revision().name)));
    result.key(u"capabilities")
        .raw(R"({"logging":{},"resources":{},"tools":{"listChanged":true}})");
    result.key(u"serverInfo").beginObject();
    result.key(u"name").value("sightglass-lab");
    if (question.session->revision().titles)
        result.key(u"title").value("Sightglass lab");
    result.key(u"version").value(SIGHTGLASS_VERSION);
    result.endObject();
    result.key(u"instructions")
        .value("A server to practise on. Each tool shows one thing that MCP can do; nothing here "
               "does any harm.");
    result.endObject();
    return question.result(result.text());
}

QByteArray ping(const Question &question)
{
    return question.result("{}");
}

QByteArray listTools(const Question &question)
{
    const JsonText::Node cursor = question.param(u"cursor");
    const bool second = cursor >= 0;
    if (second && question.params.string(cursor) != QLatin1String(secondPage))
        return question.error(-32602, QStringLiteral("There is no page with this cursor."));
    const QList<LabTool> &tools = labTools();
    JsonWriter result;
    result.beginObject().key(u"tools").beginArray();
    for (qsizetype i = 0; i < tools.size(); ++i) {
        if ((i >= toolsPerPage) == second)
            result.raw(JsonText::parse(tools[i].definition).compact());
    }
    for (int i = 1; second && i <= question.session->addedTools; ++i)
        result.raw(labAddedTool(i));
    result.endArray();
    if (!second)
        result.key(u"nextCursor").value(secondPage);
    result.endObject();
    return question.result(result.text());
}

QByteArray setLevel(const Question &question)
{
    const QByteArray level = question.params.string(question.param(u"level")).toUtf8();
    if (!question.session->setLogLevel(level))
        return question.error(-32602, QStringLiteral("params.level is no log level of RFC 5424."));
    question.session->log(level, "lab", "\"Log messages from level " + level + " on are sent\"");
    return question.result("{}");
}

QByteArray listResources(const Question &question)
{
    return question.result(labResourceList());
}

QByteArray readResource(const Question &question)
{
    const QString uri = question.params.string(question.param(u"uri"));
    const QByteArray contents = labResourceContents(uri);
    if (contents.isEmpty()) {
        return labError(question.id, -32002, QStringLiteral("There is no resource with this URI."),
                        R"({"uri":)" + jsonQuoted(uri) + '}');
    }
    return question.result(R"({"contents":[)" + contents + "]}");
}

QByteArray listTemplates(const Question &question)
{
    return question.result(R"({"resourceTemplates":[]})");
}

struct Method {
    const char *name;
    QByteArray (*answer)(const Question &question);
};

constexpr Method methods[] = {
    {"initialize", initialize},
    {"ping", ping},
    {"tools/list", listTools},
    {"logging/setLevel", setLevel},
    {"resources/list", listResources},
    {"resources/read", readResource},
    {"resources/templates/list", listTemplates},
};

const LabTool *findTool(const QByteArray &name)
{
    const QList<LabTool> &tools = labTools();
    const auto found = std::find_if(tools.begin(), tools.end(),
                                    [&](const LabTool &tool) { return name == tool.name; });
    return found == tools.end() ? nullptr : &*found;
}

QByteArray toolName(const Envelope &message)
{
    const JsonText params = JsonText::parse(message.params.toByteArray());
    return params.string(params.member(params.root(), u"name")).toUtf8();
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
            : type == QLatin1String("integer")            ? params.integer(value).has_value()
            : type == QLatin1String("boolean")            ? params.isBool(value)
            : type == QLatin1String("array")              ? params.isArray(value)
            : type == QLatin1String("object")             ? params.isObject(value)
                                                          : true;
        if (!fits)
            return QStringLiteral("The argument \"%1\" has to be of type %2.").arg(name, type);
    }
    return {};
}

void callTool(LabSession *session, LabAnswer *answer, const Envelope &message)
{
    auto *call =
        new LabCall(session, answer, message.id.raw, JsonText::parse(message.params.toByteArray()));
    const JsonText &params = call->params();
    const QByteArray name = params.string(params.member(params.root(), u"name")).toUtf8();
    const JsonText::Node arguments = params.member(params.root(), u"arguments");
    if (arguments >= 0 && !params.isObject(arguments)) {
        call->fail(-32602, QStringLiteral("params.arguments has to be an object."));
        return;
    }
    session->log("info", "tools",
                 jsonQuoted(QStringLiteral("Called %1").arg(QString::fromUtf8(name))));
    if (const LabTool *tool = findTool(name)) {
        const QString problem = argumentProblem(JsonText::parse(tool->definition), *call);
        if (problem.isEmpty())
            tool->run(*call);
        else
            call->sayError(problem);
        return;
    }
    for (int i = 1; i <= session->addedTools; ++i) {
        const JsonText tool = JsonText::parse(labAddedTool(i));
        if (tool.string(tool.member(tool.root(), u"name")).toUtf8() == name) {
            call->sayText(QStringLiteral("Added tool %1 answers.").arg(i));
            return;
        }
    }
    call->fail(-32602,
               QStringLiteral("There is no tool named \"%1\".").arg(QString::fromUtf8(name)));
}

} // namespace

bool labWantsStream(const Envelope &message)
{
    if (message.method != "tools/call")
        return false;
    const LabTool *tool = findTool(toolName(message));
    return tool && tool->streams;
}

void LabServer::dispatch(LabSession *session, LabAnswer *answer, const Envelope &message,
                         LabReply *reply)
{
    if (message.method == "tools/call") {
        reply->what = QStringLiteral("tools/call ") + QString::fromUtf8(toolName(message).left(80));
        callTool(session, answer, message);
        return;
    }
    const QByteArray &id = message.id.raw;
    for (const Method &method : methods) {
        if (message.method == method.name) {
            const Question question{session, id, JsonText::parse(message.params.toByteArray())};
            answer->answer(message.method, id, method.answer(question));
            return;
        }
    }
    answer->answer(message.method, id,
                   labError(id, -32601,
                            QStringLiteral("The lab has no method \"%1\".")
                                .arg(QString::fromUtf8(message.method.left(80)))));
}

void LabServer::takeNotification(LabSession *session, const Envelope &message)
{
    if (message.method != "notifications/cancelled")
        return;
    const JsonText params = JsonText::parse(message.params.toByteArray());
    const QByteArray id = params.raw(params.member(params.root(), u"requestId")).toByteArray();
    const QString name = QString::fromUtf8(id.left(80));
    Q_EMIT log(session->cancelCall(id) ? QStringLiteral("request %1 was cancelled").arg(name)
                                       : QStringLiteral("request %1 was not running").arg(name));
}

} // namespace sightglass
