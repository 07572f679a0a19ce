// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// How a client learns where to get a token: challenge, metadata of the resource, metadata of the
// authorisation server.

#include "core/lab/connection.h"
#include "core/lab/fault.h"
#include "core/lab/lab_server.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Document = LabDocument::Kind;

constexpr auto singlePage = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Application</title></head>
<body><div id="root">This page answers every address that is nothing else.</div></body></html>
)";
constexpr auto firewallPage = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>403 Forbidden</title></head>
<body><h1>403 Forbidden</h1><p>This request was blocked by a firewall.</p></body></html>
)";

bool challengeOtherScheme(FaultPlay &play, const QByteArray &)
{
    play.reply->addHeader("WWW-Authenticate", "Negotiate");
    play.reply->send(401, "text/plain; charset=utf-8", "Unauthorized.\n");
    return true;
}

bool addSlashToResource(FaultPlay &, LabDocument &document)
{
    if (document.kind() == Document::Resource) {
        const QString resource = jsonUnquoted(document.raw(u"resource"));
        document.set(u"resource"_s, resource + u'/');
    }
    return false;
}

bool nameOriginAsResource(FaultPlay &play, LabDocument &document)
{
    if (document.kind() == Document::Resource) {
        document.set(u"resource"_s,
                     QString::fromLatin1(play.server->origin())
                         + (play.number == 0 ? QString() : u"/other/mcp"_s));
    }
    return false;
}

bool nameOneResourceForAll(FaultPlay &play, LabDocument &document)
{
    if (document.kind() == Document::Resource)
        document.set(u"resource"_s, QString::fromLatin1(play.server->origin()) + u"/mcp/main"_s);
    return false;
}

void spoilMetadataUrl(FaultPlay &play, LabChallenge &challenge)
{
    const QByteArray path = "/.well-known/oauth-protected-resource/mcp";
    challenge.set("resource_metadata",
                  play.number == 0 ? path : QByteArray("http://mcp-backend.internal:8080") + path);
}

bool nameNoIssuer(FaultPlay &play, LabDocument &document)
{
    if (document.kind() != Document::Resource)
        return false;
    if (play.number == 0)
        document.set(u"authorization_servers"_s, QStringList());
    else
        document.remove(u"authorization_servers");
    return false;
}

bool sendPageForMetadata(FaultPlay &play)
{
    if (play.reply->request().path.startsWith("/.well-known/oauth-protected-resource")
        && play.number == 0) {
        play.reply->send(200, "text/html; charset=utf-8", singlePage);
        return true;
    }
    return false;
}

bool sendPageForIssuer(FaultPlay &play)
{
    if (!play.reply->request().path.contains("/.well-known/") || play.number == 0)
        return false;
    play.reply->send(200, "text/html; charset=utf-8", singlePage);
    return true;
}

bool nameOtherIssuer(FaultPlay &, LabDocument &document)
{
    if (document.kind() == Document::Issuer)
        document.set(u"issuer"_s, jsonUnquoted(document.raw(u"issuer")) + u'/');
    return false;
}

bool hidePkce(FaultPlay &play, LabDocument &document)
{
    if (document.kind() != Document::Issuer)
        return false;
    if (play.number == 0)
        document.remove(u"code_challenge_methods_supported");
    else
        document.set(u"code_challenge_methods_supported"_s, QStringList{u"plain"_s});
    return false;
}

bool forbidAll(FaultPlay &play)
{
    play.reply->send(403, "text/html; charset=utf-8", firewallPage);
    return true;
}

} // namespace

QList<Fault> discoveryFaults()
{
    return {
        {.id = "AF-21",
         .title = "A challenge of another scheme",
         .description = "401 with WWW-Authenticate: Negotiate alone, while the well-known metadata "
                        "of the resource is there and names an authorisation server.",
         .needsOAuth = true,
         .refuse = challengeOtherScheme},
        {.id = "AF-22",
         .title = "The resource has a slash too many",
         .description = "\"resource\" in the metadata is the URL of the endpoint with a slash at "
                        "its end.",
         .needsOAuth = true,
         .document = addSlashToResource},
        {.id = "AF-23",
         .title = "The metadata is of another resource",
         .description = "\"resource\" in the metadata is the origin alone, while the endpoint has "
                        "a path. With NUMBER 1 it is another path.",
         .needsOAuth = true,
         .document = nameOriginAsResource},
        {.id = "AF-24",
         .title = "One resource for several endpoints",
         .description = "The lab serves /mcp and /mcp/main. The metadata of both names /mcp/main "
                        "as the resource.",
         .needsOAuth = true,
         .document = nameOneResourceForAll},
        {.id = "AF-25",
         .title = "A wrong URL in the challenge",
         .description = "resource_metadata of the challenge is relative. With NUMBER 1 it names "
                        "the host behind a proxy, which nobody else can reach.",
         .needsOAuth = true,
         .challenge = spoilMetadataUrl},
        {.id = "AF-26",
         .title = "No authorisation server is named",
         .description = "authorization_servers in the metadata of the resource is empty. With "
                        "NUMBER 1 it is missing.",
         .needsOAuth = true,
         .document = nameNoIssuer},
        {.id = "AF-27",
         .title = "A web page in place of metadata",
         .description = "The well-known URLs of the resource's metadata answer with 200 and "
                        "text/html. With NUMBER 1 those of the authorisation server do.",
         .needsOAuth = true,
         .before = sendPageForMetadata,
         .atIssuer = sendPageForIssuer},
        {.id = "AF-28",
         .title = "Metadata at a place of its own",
         .description =
             "The issuer has a path, and its metadata is only where that path is put in front of "
             "/.well-known/oauth-authorization-server, in place of behind it.",
         .needsOAuth = true},
        {.id = "AF-29",
         .title = "Another issuer in the document",
         .description = "\"issuer\" in the metadata of the authorisation server has a slash at its "
                        "end, which the issuer that was asked has not.",
         .needsOAuth = true,
         .document = nameOtherIssuer},
        {.id = "AF-30",
         .title = "PKCE is not announced",
         .description = "The metadata of the authorisation server has no "
                        "code_challenge_methods_supported. With NUMBER 1 it names plain alone.",
         .needsOAuth = true,
         .document = hidePkce},
        {.id = "AF-31",
         .title = "A firewall in front of everything",
         .description = "Every request, those for metadata too, is answered with 403 and a web "
                        "page.",
         .before = forbidAll},
        {.id = "AF-32",
         .title = "Discovery asks another host",
         .description =
             "A fault of clients: the well-known URLs are asked at a proxy of the client, not at "
             "the server. The lab has them at its own origin and at its authorisation server's.",
         .needsOAuth = true},
    };
}

} // namespace sightglass
