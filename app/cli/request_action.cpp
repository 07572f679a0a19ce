// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/request_action.h"

#include "core/jsonrpc/json_text.h"
#include "core/mcp/elicitation.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// What to do about an error that the server answered with; empty where nobody can say.
QString adviceOnError(const QByteArray &error, const Options &options)
{
    const QString &command = options.command;
    const JsonText json = JsonText::parse(error);
    switch (json.integer(json.member(json.root(), u"code")).value_or(0)) {
    case -32601:
        if (command == "call"_L1) {
            return options.task
                ? u"Where the tool takes no task, leave --task out; else discover tells what the server offers."_s
                : u"Where the tool has to be run as a task, give --task; else discover tells what the server offers."_s;
        }
        return u"The server has no such method: discover tells what it offers."_s;
    case -32602:
    case -32002:
        if (command == "call"_L1)
            return u"Check the name and the arguments: tools --json prints what the tools take."_s;
        if (command == "read"_L1 || command == "subscribe"_L1)
            return u"Check the URI: resources and templates list what there is."_s;
        if (command == "prompt"_L1)
            return u"Check the name and the arguments: prompts lists them."_s;
        if (command == "complete"_L1)
            return u"Give prompt:NAME or a template as templates lists it, and the name of one of its arguments."_s;
        if (command == "tasks"_L1)
            return u"Check the id: the call that began the task told it, and tasks lists those of 2025-11-25."_s;
        return u"Check the parameters of the request."_s;
    case -32021:
        if (error.contains("io.modelcontextprotocol/tasks"))
            return u"Let the call become a task with --task."_s;
        return u"Give answers to what it asks for with --answer FILE."_s;
    case -32603:
        return u"The fault is on the server's side: look at its log."_s;
    default:
        return {};
    }
}

} // namespace

RequestAction::RequestAction(const Workplace &place)
    : Action(place)
{
    connect(&session(), &Session::callProgress, this,
            [this](Ticket ticket, const Progress &progress) {
                if (ticket != m_ticket || hasEnded())
                    return;
                QString text = QString::number(progress.progress);
                if (progress.total)
                    text += u" of %1"_s.arg(*progress.total);
                if (!progress.message.isEmpty())
                    text += u": "_s + progress.message;
                output().progress(text);
            });
    connect(&session(), &Session::callFinished, this,
            [this](Ticket ticket, const CallResult &result) {
                if (ticket == m_ticket && !hasEnded())
                    answered(result);
            });
}

void RequestAction::send(const RpcCall &call)
{
    m_ticket = session().request(call.method, call.params);
}

void RequestAction::answered(const CallResult &result)
{
    if (result.failure) {
        printFailure(result);
    } else if (options().json) {
        output().resultLine(result.result);
        finish(Done);
    } else {
        print(result);
    }
}

void RequestAction::printFailure(const CallResult &result)
{
    if (options().json && !result.error.isEmpty())
        output().resultLine(result.error);
    const QList<WantedAddress> addresses = wantedAddresses(result.error);
    for (const WantedAddress &address : addresses) {
        output().note(
            u"note: the server wants this address opened first: %1 (“%2”); it is not opened by itself [exchange %3]"_s
                .arg(lineForTerminal(address.url), lineForTerminal(address.message.left(400)),
                     QString::number(result.exchange)));
    }
    Failure failure = *result.failure;
    if (failure.code == "rpc-error"_L1 && failure.advice.isEmpty())
        failure.advice = adviceOnError(result.error, options());
    fail(failure);
}

} // namespace sightglass::cli
