// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/connection.h"
#include "core/lab/fault.h"
#include "core/lab/lab_server.h"

namespace sightglass {

namespace {

constexpr auto appPage = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Welcome</title></head>
<body><div id="app">This is the web application, not the MCP endpoint.</div></body></html>
)";

bool isEndpoint(const FaultPlay &play)
{
    return play.reply->request().path.startsWith("/mcp");
}

bool redirect(const FaultPlay &play, int status, const QByteArray &location)
{
    play.reply->addHeader("Location", location);
    play.reply->send(status, "text/plain; charset=utf-8", "Over there.\n");
    return true;
}

bool sendHtml(FaultPlay &play)
{
    if (!isEndpoint(play))
        return false;
    play.reply->send(200, "text/html; charset=utf-8", appPage);
    return true;
}

bool sendNothing(FaultPlay &play)
{
    play.reply->send(200, "application/json", {});
    return true;
}

void sendAsPlainText(FaultPlay &play, const QByteArray &message)
{
    play.reply->send(200, "text/plain", message);
}

bool redirectToLogin(FaultPlay &play)
{
    return isEndpoint(play) && redirect(play, 302, play.server->origin() + "/login?next=%2Fmcp");
}

bool redirectToSlash(FaultPlay &play)
{
    return play.reply->request().path == "/mcp"
        && redirect(play, 307, play.server->origin() + "/mcp/");
}

bool redirectFound(FaultPlay &play)
{
    return play.reply->request().path == "/mcp"
        && redirect(play, 302, play.server->origin() + "/mcp/moved");
}

bool redirectTemporarily(FaultPlay &play)
{
    return play.reply->request().path == "/mcp"
        && redirect(play, 307, play.server->origin() + "/mcp/moved");
}

bool redirectRound(FaultPlay &play)
{
    if (!isEndpoint(play))
        return false;
    const bool there = play.reply->request().path == "/mcp";
    return redirect(play, 307, play.server->origin() + (there ? "/mcp/round" : "/mcp"));
}

bool redirectElsewhere(FaultPlay &play)
{
    return isEndpoint(play) && !play.reply->isOnOtherOrigin()
        && redirect(play, 307, play.server->otherOrigin() + "/mcp");
}

} // namespace

QList<Fault> pageFaults()
{
    return {
        {.id = "AF-91",
         .title = "A web page in place of the MCP endpoint",
         .description = "Every POST is answered with 200 and text/html.",
         .where = "POST",
         .before = sendHtml},
        {.id = "html",
         .title = "A web page",
         .description = "Every request, GET too, is answered with 200 and text/html.",
         .before = sendHtml},
        {.id = "empty-body",
         .title = "An empty body",
         .description =
             "Every JSON-RPC request is answered with 200, application/json and no body.",
         .where = "request",
         .before = sendNothing},
        {.id = "wrong-content-type",
         .title = "Wrong Content-Type",
         .description = "The right JSON, but as text/plain.",
         .where = "request",
         .take = sendAsPlainText},
        {.id = "AF-92",
         .title = "Redirect to a login page",
         .description = "Every request is answered with 302 to /login, which is a web page.",
         .before = redirectToLogin},
        {.id = "AF-93",
         .title = "Redirect from /mcp to /mcp/",
         .description = "307, because the endpoint is served with a slash at its end.",
         .before = redirectToSlash},
        {.id = "redirect-302",
         .title = "Redirect with 302",
         .description = "From /mcp to /mcp/moved, where the endpoint is. Many clients turn POST "
                        "into GET at a 302.",
         .before = redirectFound},
        {.id = "redirect-307",
         .title = "Redirect with 307",
         .description = "From /mcp to /mcp/moved, where the endpoint is. Method and body stay.",
         .before = redirectTemporarily},
        {.id = "redirect-loop",
         .title = "Redirect that goes round",
         .description = "From /mcp to /mcp/round and back, with 307, for ever.",
         .before = redirectRound},
        {.id = "AF-08",
         .title = "Credentials end at a redirect",
         .description =
             "307 to another port, where the same server listens and demands an Authorization, "
             "which clients rightly leave off there. The final URL has to be configured.",
         .demandsToken = true,
         .before = redirectElsewhere},
        {.id = "redirect-other-origin",
         .title = "Redirect to another origin",
         .description = "307 to another port, where the same server listens. Credentials and "
                        "session id must not follow.",
         .before = redirectElsewhere},
    };
}

} // namespace sightglass
