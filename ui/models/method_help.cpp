// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/method_help.h"

#include "core/jsonrpc/json_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace sightglass {

namespace {

bool always(const Revision &)
{
    return true;
}
bool handshake(const Revision &revision)
{
    return revision.era == EraKind::Legacy;
}
bool modern(const Revision &revision)
{
    return revision.era == EraKind::Modern;
}
bool coreTasks(const Revision &revision)
{
    return revision.tasks;
}
bool anyTasks(const Revision &revision)
{
    return revision.tasks || revision.extensions;
}
bool rootsChange(const Revision &revision)
{
    return revision.rootsListChanged;
}

struct Line {
    const char *method;
    const char *line;
    const char *skeleton;
    bool notification;
    bool (*isIn)(const Revision &revision);
};

constexpr Line table[] = {
    {"initialize",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp",
                       "Opens the connection: agrees on a revision and on capabilities"),
     R"({"protocolVersion":"","capabilities":{},"clientInfo":{"name":"sightglass","version":"0"}})",
     false, handshake},
    {"notifications/initialized", QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Ends the handshake"),
     "", true, handshake},
    {"server/discover",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp",
                       "Asks which revisions and capabilities the server has"),
     "", false, modern},
    {"ping", QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Asks whether the server is there"), "",
     false, handshake},
    {"tools/list",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Lists the tools, page by page (cursor)"), "",
     false, always},
    {"tools/call", QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Calls a tool with arguments"),
     R"({"name":"","arguments":{}})", false, always},
    {"resources/list",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Lists the resources, page by page (cursor)"), "",
     false, always},
    {"resources/templates/list",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp",
                       "Lists the templates of resources, page by page (cursor)"),
     "", false, always},
    {"resources/read", QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Reads a resource"),
     R"({"uri":""})", false, always},
    {"resources/subscribe",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Asks to be told when a resource changes"),
     R"({"uri":""})", false, handshake},
    {"resources/unsubscribe", QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Ends that"),
     R"({"uri":""})", false, handshake},
    {"prompts/list",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Lists the prompts, page by page (cursor)"), "",
     false, always},
    {"prompts/get",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp",
                       "Fills a prompt in; the values of its arguments are strings"),
     R"({"name":""})", false, always},
    {"completion/complete",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp",
                       "Asks for values of an argument that begin like this"),
     R"({"ref":{"type":"ref/prompt","name":""},"argument":{"name":"","value":""}})", false, always},
    {"logging/setLevel",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Asks for log messages from this level on"),
     R"({"level":"info"})", false, handshake},
    {"subscriptions/listen",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp",
                       "Opens a stream of notices; names those that are wanted"),
     R"({"notifications":{}})", false, modern},
    {"tasks/list",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Lists the tasks, page by page (cursor)"), "",
     false, coreTasks},
    {"tasks/get", QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Asks how a task stands"),
     R"({"taskId":""})", false, anyTasks},
    {"tasks/result", QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Waits for the result of a task"),
     R"({"taskId":""})", false, coreTasks},
    {"tasks/update",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Gives a task the input that it asked for"),
     R"({"taskId":"","inputResponses":{}})", false, modern},
    {"tasks/cancel", QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Gives a task up"),
     R"({"taskId":""})", false, anyTasks},
    {"notifications/cancelled",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp",
                       "Says that the answer to a request is not wanted any more"),
     R"({"requestId":0})", true, always},
    {"notifications/progress",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Tells how far a request of the server is"),
     R"({"progressToken":"","progress":0})", true, handshake},
    {"notifications/roots/list_changed",
     QT_TRANSLATE_NOOP("sightglass::MethodHelp", "Says that the roots are others now"), "", true,
     rootsChange},
};

} // namespace

QStringList MethodHelp::required() const
{
    const JsonText json = JsonText::parse(skeleton);
    QStringList names;
    if (!json.isObject(json.root()))
        return names;
    for (auto node = json.firstChild(json.root()); node >= 0; node = json.nextSibling(node))
        names.append(json.key(node));
    return names;
}

QList<MethodHelp> methodsOf(const Revision *revision)
{
    QList<MethodHelp> methods;
    for (const Line &line : table) {
        const QList<Revision> &all = revisions();
        const bool isIn =
            revision ? line.isIn(*revision) : std::any_of(all.begin(), all.end(), line.isIn);
        if (isIn)
            methods.append({line.method,
                            QCoreApplication::translate("sightglass::MethodHelp", line.line),
                            line.skeleton, line.notification});
    }
    return methods;
}

const MethodHelp *findMethod(const QList<MethodHelp> &methods, QByteArrayView method)
{
    const auto it = std::find_if(methods.begin(), methods.end(),
                                 [method](const MethodHelp &one) { return one.method == method; });
    return it == methods.end() ? nullptr : &*it;
}

} // namespace sightglass
