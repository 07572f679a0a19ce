// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/connection.h"
#include "core/lab/fault.h"
#include "core/lab/lab_server.h"
#include "core/lab/lab_session.h"
#include "core/lab/rpc_text.h"

namespace sightglass {

namespace {

bool hideMetadata(FaultPlay &play)
{
    if (!play.reply->request().path.startsWith("/.well-known/"))
        return false;
    play.reply->send(404, "text/plain; charset=utf-8", "Not found.\n");
    return true;
}

bool refuseSilently(FaultPlay &play, const QByteArray &)
{
    play.reply->send(401, "text/plain; charset=utf-8", "Unauthorized.\n");
    return true;
}

bool refuseWithForbidden(FaultPlay &play, const QByteArray &)
{
    play.reply->send(403, "text/plain; charset=utf-8", "Forbidden.\n");
    return true;
}

bool offerNoStream(FaultPlay &play)
{
    play.reply->addHeader("Allow", "POST, DELETE");
    play.reply->send(405, "text/plain; charset=utf-8", "Method not allowed.\n");
    return true;
}

bool forgetSession(FaultPlay &play)
{
    if (!play.session || play.session->requestCount() <= play.number)
        return false;
    play.server->forget(play.session);
    labRefuseMessage(play.reply, 404, -32001, QStringLiteral("There is no session with this id."));
    return true;
}

bool acceptNothing(FaultPlay &play)
{
    labRefuseMessage(play.reply, 406, -32000,
                     QStringLiteral("None of the types in Accept can be served."));
    return true;
}

bool beBusy(FaultPlay &play)
{
    play.reply->addHeader("Retry-After", QByteArray::number(play.number));
    play.reply->send(503, "text/plain; charset=utf-8", "The service is restarting.\n");
    return true;
}

} // namespace

QList<Fault> accessFaults()
{
    return {
        {.id = "AF-20",
         .title = "401 that says no way to authorise",
         .description = "401 without WWW-Authenticate, and the well-known URLs of its metadata "
                        "answer 404. Every request needs an Authorization, even where the lab has "
                        "no token set.",
         .demandsToken = true,
         .before = hideMetadata,
         .refuse = refuseSilently},
        {.id = "AF-67",
         .title = "403 where 401 is meant",
         .description =
             "A request without a valid token is answered with 403 and no challenge. "
             "Every request needs an Authorization, even where the lab has no token set.",
         .demandsToken = true,
         .refuse = refuseWithForbidden},
        {.id = "AF-80",
         .title = "No event stream is offered",
         .description = "GET is answered with 405, which is normal: all else works.",
         .where = "GET",
         .request = offerNoStream},
        {.id = "AF-81",
         .title = "The session is forgotten",
         .description = "After NUMBER requests (5) with its id, a session is unknown: 404. The "
                        "client has to initialise anew.",
         .number = 5,
         .ofSessions = true,
         .request = forgetSession},
        {.id = "AF-85",
         .title = "406 whatever Accept says",
         .description = "Every POST is answered with 406, as by a server that reads Accept in its "
                        "own way.",
         .where = "POST",
         .before = acceptNothing},
        {.id = "AF-98",
         .title = "503 with Retry-After",
         .description = "Every request is answered with 503 and Retry-After of NUMBER seconds (2).",
         .number = 2,
         .before = beBusy},
    };
}

} // namespace sightglass
