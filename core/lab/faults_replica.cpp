// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What looks like a matter of access, and comes of replicas, proxies or checks in between.

#include "core/lab/connection.h"
#include "core/lab/event_stream.h"
#include "core/lab/fault.h"
#include "core/lab/lab_server.h"
#include "core/lab/lab_session.h"
#include "core/lab/rpc_text.h"

#include <QTimer>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// From then on it is unknown, which the lab tells with 400 while this plays.
bool forgetWithBadRequest(FaultPlay &play)
{
    if (!play.session || play.session->requestCount() <= play.number)
        return false;
    play.server->forget(play.session);
    labRefuseMessage(play.reply, 400, -32001, u"There is no session with this id."_s);
    return true;
}

bool forgetInTurns(FaultPlay &play)
{
    if (!play.session || play.session->requestCount() % 2 != 0)
        return false;
    labRefuseMessage(play.reply, 404, -32001, u"There is no session with this id."_s);
    return true;
}

QByteArray refuseInTurns(FaultPlay &play)
{
    const bool turn = play.number > 0 && play.server->nextTurn() % play.number == 0;
    return turn ? "The access token is not valid" : "";
}

bool missVersion(FaultPlay &play)
{
    if (!play.session)
        return false;
    labRefuseMessage(play.reply, 400, -32000,
                     u"Bad Request: the MCP-Protocol-Version header is missing."_s);
    return true;
}

bool refuseHost(FaultPlay &play)
{
    const LabRequest &request = play.reply->request();
    labRefuseMessage(play.reply, 403, -32000,
                     u"Forbidden: invalid Host header: %1"_s.arg(
                         QString::fromUtf8(request.header("Host").left(200))));
    return true;
}

void compressStream(FaultPlay &play)
{
    if (play.reply && !play.reply->isBegun())
        play.reply->addHeader("Content-Encoding", "gzip");
    play.stream->compress();
}

void finishSoon(FaultPlay &play)
{
    QTimer::singleShot(int(play.number), play.stream, &LabStream::finish);
}

void cutSoon(FaultPlay &play)
{
    QTimer::singleShot(int(play.number), play.stream, &LabStream::disconnectNow);
}

bool askForProxyCredentials(FaultPlay &play)
{
    play.reply->addHeader("Proxy-Authenticate", R"(Basic realm="Proxy of the lab")");
    play.reply->send(407, "text/plain; charset=utf-8", "The proxy wants credentials.\n");
    return true;
}

} // namespace

QList<Fault> replicaFaults()
{
    return {
        {.id = "AF-82",
         .title = "400 for a session that is unknown",
         .description = "After NUMBER requests (5) with its id, a session is unknown: 400, where "
                        "404 would tell the client to initialise anew.",
         .number = 5,
         .ofSessions = true,
         .request = forgetWithBadRequest},
        {.id = "AF-83",
         .title = "A session is known in turns",
         .description = "Every other request with a session's id is answered with 404, as by "
                        "replicas that do not share their sessions.",
         .ofSessions = true,
         .request = forgetInTurns},
        {.id = "AF-84",
         .title = "401 in turns",
         .description =
             "Every NUMBERth request (2) with valid credentials is answered with 401, as by "
             "replicas of which some lack the key. Every request needs an Authorization, even "
             "where the lab has no token set.",
         .number = 2,
         .demandsToken = true,
         .doubt = refuseInTurns},
        {.id = "AF-86",
         .title = "The protocol version does not arrive",
         .description = "Every request of a session is answered with 400 that names "
                        "MCP-Protocol-Version, as behind a proxy that drops this header.",
         .ofSessions = true,
         .request = missVersion},
        {.id = "AF-87",
         .title = "The host name is refused",
         .description = "Every request is answered with 403 that names Host, as by protection "
                        "from DNS rebinding that knows another name.",
         .before = refuseHost},
        {.id = "AF-89",
         .title = "The stream is compressed",
         .description =
             "Event streams have Content-Encoding: gzip whatever the client accepts, and the "
             "compression holds the events back until the end. With @GET a listening stream ends "
             "after NUMBER ms (3000).",
         .where = "tools/call",
         .number = 3000,
         .needsStream = true,
         .opened = compressStream,
         .listening = finishSoon},
        {.id = "AF-90",
         .title = "Idle streams are cut",
         .description = "A stream opened by GET is closed after NUMBER ms (5000), as by an idle "
                        "timeout in between; no comment keeps it alive.",
         .where = "GET",
         .number = 5000,
         .listening = cutSoon},
        {.id = "AF-95",
         .title = "A proxy wants credentials",
         .description = "Every request is answered with 407, as by a proxy in between.",
         .before = askForProxyCredentials},
    };
}

} // namespace sightglass
