// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_edit.h"
#include "core/lab/fault.h"
#include "core/lab/lab_call.h"
#include "core/lab/lab_server.h"
#include "core/lab/questions.h"
#include "core/lab/rpc_text.h"

namespace sightglass {

namespace {

void askAgain(LabCall &call, int round)
{
    const QString key = QStringLiteral("round-%1").arg(round);
    call.ask({labNameQuestion(key)}, [&call, round](const QHash<QString, LabHeard> &) {
        // Later, so that however many answers come at once do not pile up.
        QMetaObject::invokeMethod(
            &call, [&call, round] { askAgain(call, round + 1); }, Qt::QueuedConnection);
    });
}

bool askWithoutEnd(FaultPlay &, LabCall &call)
{
    askAgain(call, 1);
    return true;
}

bool askAndLeave(FaultPlay &play, LabCall &call)
{
    if (!play.leave)
        return false;
    const auto leave = [leave = play.leave, guard = QPointer<LabCall>(&call)] {
        QMetaObject::invokeMethod(
            guard,
            [leave, guard] {
                if (guard)
                    leave();
            },
            Qt::QueuedConnection);
    };
    // Where requests stand for themselves, the question ends the first one; the one that brings
    // the answer finds nobody.
    const bool stateless = call.revision().stateless;
    call.ask({labNameQuestion(QStringLiteral("name"))},
             [leave](const QHash<QString, LabHeard> &) { leave(); });
    if (!stateless && !call.isFinished())
        leave();
    return true;
}

bool leaveNow(FaultPlay &play, LabCall &call)
{
    if (!play.leave)
        return false;
    QMetaObject::invokeMethod(&call, play.leave, Qt::QueuedConnection);
    return true;
}

bool sayNothing(FaultPlay &, LabCall &)
{
    return true;
}

bool refuseState(FaultPlay &, LabCall &call)
{
    if (call.param(u"requestState") < 0)
        return false;
    call.fail(labInvalidParams, QStringLiteral("requestState is not one that the lab has given."));
    return true;
}

bool has(const QByteArray &message, const char *pointer)
{
    return JsonText::parse(message).find(pointer) >= 0;
}

QList<QByteArray> spoilState(FaultPlay &, const QByteArray &message)
{
    if (!has(message, "/result/requestState"))
        return {message};
    return {jsonWithMember(message, "/result/requestState", R"({"step":1})").text};
}

QList<QByteArray> askNothing(FaultPlay &play, const QByteArray &)
{
    return {labResult(play.id, R"({"resultType":"input_required"})")};
}

QList<QByteArray> answerUnknownKind(FaultPlay &play, const QByteArray &)
{
    return {labResult(play.id, R"({"resultType":"perhaps","content":[]})")};
}

QList<QByteArray> breakStructure(FaultPlay &, const QByteArray &message)
{
    if (!has(message, "/result/structuredContent"))
        return {message};
    return {jsonWithMember(message, "/result/structuredContent",
                           R"({"temperature":"warm","humidity":150,"surprise":[null]})")
                .text};
}

QList<QByteArray> breakMessage(FaultPlay &play, const QByteArray &)
{
    return {
        labResult(play.id, R"({"content":"text where a list of blocks belongs","isError":"no"})")};
}

QList<QByteArray> breakNotification(FaultPlay &, const QByteArray &message)
{
    return {labNotification("notifications/message", R"({"level":"loud"})"),
            labNotification("notifications/progress", R"({"progress":"half"})"), message};
}

QByteArray printLine(FaultPlay &)
{
    return "Server started. This line is meant for a person.\n";
}

QByteArray printHalfALine(FaultPlay &)
{
    return "Loading ... ";
}

QByteArray nameOtherOrigin(FaultPlay &play, const QByteArray &endpoint)
{
    return play.server->otherOrigin() + endpoint;
}

QByteArray nameNothing(FaultPlay &, const QByteArray &)
{
    return {};
}

} // namespace

QList<Fault> inputFaults()
{
    return {
        {.id = "asks-without-end",
         .title = "The server asks without end",
         .description =
             "Whatever a tool does, it asks for a name, and after each answer once more. "
             "Where requests stand for themselves, by input_required; else by requests "
             "of the server's own.",
         .where = "tools/call",
         .needsStream = true,
         .run = askWithoutEnd},
        {.id = "asks-and-leaves",
         .title = "The server asks and goes away",
         .description = "Asks for a name, then breaks the connection off and forgets the session; "
                        "on standard streams the program ends. Where requests stand for "
                        "themselves, it goes when the answer comes.",
         .where = "tools/call",
         .needsStream = true,
         .run = askAndLeave},
        {.id = "leaves",
         .title = "The server goes away",
         .description = "In the middle of a call the connection breaks off and the session is "
                        "forgotten; on standard streams the program ends.",
         .where = "tools/call",
         .run = leaveNow},
        {.id = "says-nothing",
         .title = "A request is never answered",
         .description = "A request is taken, and nothing follows until it is cancelled.",
         .where = "tools/call",
         .run = sayNothing},
        {.id = "state-refused",
         .title = "requestState is refused",
         .description = "The requestState that a tool gave is not accepted when it comes back.",
         .where = "request",
         .run = refuseState},
        {.id = "state-wrong-type",
         .title = "requestState is no string",
         .description = "Where a result asks for input, its requestState is an object.",
         .where = "request",
         .alter = spoilState},
        {.id = "asks-nothing",
         .title = "Input is required, but none is asked for",
         .description = "input_required without inputRequests and without requestState.",
         .where = "tools/call",
         .alter = askNothing},
        {.id = "unknown-result-type",
         .title = "A result of an unknown kind",
         .description = "resultType is a word that no revision knows.",
         .where = "tools/call",
         .alter = answerUnknownKind},
        {.id = "broken-structure",
         .title = "Structured content that breaks its schema",
         .description = "Where a result has structured content, it is not what the output schema "
                        "says. The tool broken-promise does the same without a fault.",
         .where = "tools/call",
         .alter = breakStructure},
        {.id = "schema-invalid",
         .title = "A message that breaks its schema",
         .description = "The result of a tool has text where a list belongs.",
         .where = "tools/call",
         .alter = breakMessage},
        {.id = "schema-invalid-notification",
         .title = "Notifications that break their schema",
         .description = "A log message of an unknown level and without data, progress that is "
                        "text and has no token; then the right answer.",
         .where = "tools/call",
         .needsStream = true,
         .alter = breakNotification},
        {.id = "prints-to-stdout",
         .title = "Something else is printed to stdout",
         .description = "Before each answer stands a line that is no message. On standard streams "
                        "only.",
         .where = "request",
         .print = printLine},
        {.id = "prints-without-end-of-line",
         .title = "Something else is printed in front of a message",
         .description = "Words without a line end stand before the answer to a tool, on its own "
                        "line. On standard streams only.",
         .where = "tools/call",
         .print = printHalfALine},
        {.id = "endpoint-other-origin",
         .title = "The endpoint is on another origin",
         .description = "Over HTTP+SSE the endpoint event names a URL on another port. "
                        "Credentials must not follow.",
         .where = "GET",
         .endpoint = nameOtherOrigin},
        {.id = "endpoint-missing",
         .title = "No endpoint is named",
         .description = "Over HTTP+SSE the stream opens, and no endpoint event comes.",
         .where = "GET",
         .endpoint = nameNothing},
    };
}

} // namespace sightglass
