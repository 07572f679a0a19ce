// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/connection.h"
#include "core/lab/fault.h"
#include "core/lab/rpc_text.h"

#include <QTimer>

namespace sightglass {

namespace {

void closeListeningSoon(FaultPlay &play)
{
    QTimer::singleShot(int(play.number), play.reply, &LabReply::drop);
}

bool refuseContentTypeOnGet(FaultPlay &play)
{
    if (!play.reply->request().has("Content-Type"))
        return false;
    play.reply->send(400, "application/json",
                     labError({}, -32000,
                              QStringLiteral("A GET has no body, but this one has a "
                                             "Content-Type.")));
    return true;
}

} // namespace

/// The client's own faults need nothing here but the checks that the lab makes at every request;
/// so do them with a token (or an extra header) set.
QList<Fault> clientFaults()
{
    return {
        {.id = "AF-01",
         .title = "Credentials are left off the event stream",
         .description = "A fault of clients: POSTs carry the token, the GET stream does not. The "
                        "lab demands its token at every request, so it answers that GET with 401.",
         .ofSessions = true},
        {.id = "AF-02",
         .title = "Credentials are lost on reconnect",
         .description = "A fault of clients: the GET with Last-Event-ID lacks the token. The lab "
                        "demands its token there too, and closes listening streams after NUMBER ms "
                        "(1000), so that clients reconnect.",
         .where = "GET",
         .number = 1000,
         .listening = closeListeningSoon},
        {.id = "AF-03",
         .title = "Credentials are left off the DELETE",
         .description =
             "A fault of clients: the session's end lacks the token. The lab demands its "
             "token there too and answers with 401; the session lives on.",
         .ofSessions = true},
        {.id = "AF-04",
         .title = "An extra header is left off the event stream",
         .description = "A fault of clients: a header such as X-Api-Key goes with the POSTs only. "
                        "Where the lab has an extra header set, it demands it at every request.",
         .ofSessions = true},
        {.id = "AF-05",
         .title = "Cookies are left off the event stream",
         .description = "A fault of clients: POSTs carry the cookie, the GET stream does not. The "
                        "lab demands a cookie everywhere if its extra header is set to \"Cookie: "
                        "name=value\".",
         .ofSessions = true},
        {.id = "AF-06",
         .title = "The scheme is doubled",
         .description = "A fault of clients: \"Authorization: Bearer Bearer x\". The lab compares "
                        "what follows the first Bearer with its token, and answers with 401."},
        {.id = "AF-07",
         .title = "The token was pasted with something around it",
         .description = "A fault of clients: quotes, a space or a line end around the token. The "
                        "lab compares exactly, and answers with 401."},
        {.id = "AF-09",
         .title = "Content-Type on a GET",
         .description = "A fault of clients. While this plays, the lab answers a GET that has a "
                        "Content-Type with 400, as some servers do.",
         .where = "GET",
         .request = refuseContentTypeOnGet},
    };
}

} // namespace sightglass
