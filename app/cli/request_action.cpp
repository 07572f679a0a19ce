// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/request_action.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

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
    fail(*result.failure);
}

} // namespace sightglass::cli
