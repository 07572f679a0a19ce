// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/envelope.h"
#include "core/lab/connection.h"
#include "core/lab/fault.h"
#include "core/lab/rpc_text.h"

namespace sightglass {

namespace {

constexpr auto unknownId = "987654321";

QByteArray strayResult()
{
    return labResult(unknownId,
                     R"({"content":[{"type":"text","text":"Nobody asked for this answer."}]})");
}

QList<QByteArray> mixAnswers(FaultPlay &, const QByteArray &message)
{
    return {strayResult(), message, message};
}

QList<QByteArray> answerTwice(FaultPlay &, const QByteArray &message)
{
    return {message, message};
}

QList<QByteArray> answerAnother(FaultPlay &, const QByteArray &)
{
    return {strayResult()};
}

QList<QByteArray> errorWithoutCode(FaultPlay &play, const QByteArray &)
{
    return {R"({"jsonrpc":"2.0","id":)" + play.id
            + R"(,"error":{"message":"Something went wrong; no code tells what."}})"};
}

QList<QByteArray> notifyWithId(FaultPlay &, const QByteArray &message)
{
    return {R"({"jsonrpc":"2.0","id":4711,"method":"notifications/message","params":)"
            R"({"level":"info","data":"A notification must not have an id."}})",
            message};
}

QByteArray withTools(const QByteArray &message, const QByteArray &tools)
{
    QByteArray text = message;
    const QByteArray start = R"("tools":[)";
    const qsizetype at = text.indexOf(start);
    return at < 0 ? text : text.insert(at + start.size(), tools + ',');
}

QList<QByteArray> listNameless(FaultPlay &, const QByteArray &message)
{
    return {withTools(message,
                      R"({"description":"This tool has no name.","inputSchema":{"type":"object"}},)"
                      R"({"name":42,"description":"This tool's name is a number.","inputSchema":)"
                      R"({"type":"object"}})")};
}

QList<QByteArray> listOddSchemas(FaultPlay &, const QByteArray &message)
{
    return {withTools(message,
                      R"({"name":"schema-is-text","inputSchema":"object"},)"
                      R"({"name":"schema-is-list","inputSchema":[{"type":"object"}]},)"
                      R"({"name":"schema-is-null","inputSchema":null},)"
                      R"({"name":"schema-is-missing"})")};
}

/// Every page promises another one.
QList<QByteArray> listForEver(FaultPlay &play, const QByteArray &)
{
    qint64 page = 1;
    const JsonText params = JsonText::parse(play.params);
    if (params.isValid())
        page = params.string(params.member(params.root(), u"cursor")).toLongLong() + 1;
    const QByteArray number = QByteArray::number(page);
    return {labResult(play.id,
                      R"({"tools":[{"name":"tool-)" + number
                          + R"(","description":"The only tool of page )" + number
                          + R"(.","inputSchema":{"type":"object"}}],"nextCursor":")" + number
                          + R"("})")};
}

} // namespace

QList<Fault> rpcFaults()
{
    return {
        {.id = "AF-97",
         .title = "Answers are mixed up",
         .description = "An answer with an id that was never asked, then the right one, twice.",
         .where = "tools/call",
         .needsStream = true,
         .alter = mixAnswers},
        {.id = "answers-twice",
         .title = "The answer comes twice",
         .description = "The same answer as two events.",
         .where = "tools/call",
         .needsStream = true,
         .alter = answerTwice},
        {.id = "unknown-id",
         .title = "An answer with an unknown id",
         .description = "The only answer has an id that was never asked.",
         .where = "tools/call",
         .alter = answerAnother},
        {.id = "error-without-code",
         .title = "An error without a code",
         .description = "A JSON-RPC error that has a message and no code.",
         .where = "tools/call",
         .alter = errorWithoutCode},
        {.id = "notification-with-id",
         .title = "A notification with an id",
         .description = "A log message that looks like a request, then the right answer.",
         .where = "tools/call",
         .needsStream = true,
         .alter = notifyWithId},
        {.id = "tool-without-name",
         .title = "A tool without a name",
         .description = "The list begins with a tool that has no name and one whose name is a "
                        "number; the others are as always.",
         .where = "tools/list",
         .alter = listNameless},
        {.id = "schema-not-object",
         .title = "A schema that is no object",
         .description = "The list begins with tools whose inputSchema is text, a list, null and "
                        "missing; the others are as always.",
         .where = "tools/list",
         .alter = listOddSchemas},
        {.id = "endless-pages",
         .title = "A list that pages for ever",
         .description = "Every page of tools/list has one tool and a cursor to the next one.",
         .where = "tools/list",
         .alter = listForEver},
    };
}

} // namespace sightglass
