// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Registration, the authorisation request and its answer, and the token endpoint.

#include "core/lab/auth_pages.h"
#include "core/lab/connection.h"
#include "core/lab/fault.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Document = LabDocument::Kind;

bool isAt(const FaultPlay &play, const char *path)
{
    return play.reply->request().path == path;
}

/// As the endpoints of OAuth refuse (RFC 6749, 5.2).
bool refuseAs(const FaultPlay &play, const LabRefusal &refusal)
{
    play.reply->addHeader("Cache-Control", "no-store");
    play.reply->send(refusal.status, "application/json", refusal.document().text());
    return true;
}

bool hideRegistration(FaultPlay &, LabDocument &document)
{
    if (document.kind() == Document::Issuer) {
        document.remove(u"registration_endpoint");
        document.remove(u"client_id_metadata_document_supported");
    }
    return false;
}

bool registerNobody(FaultPlay &play)
{
    if (!isAt(play, "/register"))
        return false;
    play.reply->send(404, "text/plain; charset=utf-8", "Not found.\n");
    return true;
}

bool refuseRedirects(FaultPlay &play)
{
    return isAt(play, "/register")
        && refuseAs(play,
                    {"invalid_redirect_uri",
                     u"redirect_uris may have https alone, without localhost."_s});
}

bool refuseClient(FaultPlay &play)
{
    if (!isAt(play, "/token"))
        return false;
    play.reply->addHeader("WWW-Authenticate", R"(Basic realm="Sightglass lab")");
    return refuseAs(play,
                    {"invalid_client", u"The client has to authenticate in another way."_s, 401});
}

void spoilState(FaultPlay &play, LabForm &answer)
{
    if (play.number == 0)
        answer.set(u"state"_s, u"of-another-flow"_s);
    else
        answer.remove(u"state");
}

void spoilIssuer(FaultPlay &play, LabForm &answer)
{
    if (play.number == 0)
        answer.remove(u"iss");
    else
        answer.set(u"iss"_s, u"https://login.example.com"_s);
}

bool neverRedirect(FaultPlay &play)
{
    if (!isAt(play, "/authorize"))
        return false;
    labSendPage(play.reply, 200, u"Signed in"_s,
                "<p>You are signed in. Nothing leads back from here.</p>\n");
    return true;
}

bool sendPageForToken(FaultPlay &play)
{
    if (!isAt(play, "/token"))
        return false;
    if (play.number == 0)
        labSendPage(play.reply, 200, u"Sign in"_s, "<p>Please sign in to continue.</p>\n");
    else
        play.reply->send(500, "text/plain; charset=utf-8", "upstream error\n");
    return true;
}

} // namespace

QList<Fault> registrationFaults()
{
    return {
        {.id = "AF-40",
         .title = "Clients have to be known beforehand",
         .description =
             "The metadata has no registration_endpoint and no client id documents, so a client "
             "id has to be given. The authorisation server knows \"practice-client\", which has "
             "no secret.",
         .needsOAuth = true,
         .atIssuer = registerNobody,
         .document = hideRegistration},
        {.id = "AF-41",
         .title = "A redirect URI cannot be registered",
         .description = "Every registration is answered with 400 invalid_redirect_uri.",
         .needsOAuth = true,
         .atIssuer = refuseRedirects},
        {.id = "AF-42",
         .title = "The port of a loopback redirect is held against the client",
         .description =
             "Redirect URIs on loopback are registered without their ports, and then compared "
             "with them, against RFC 8252, 7.3: authorize refuses with a page.",
         .needsOAuth = true},
        {.id = "AF-43",
         .title = "The client cannot authenticate",
         .description = "The token endpoint answers every request with 401 invalid_client, as if "
                        "it wanted another method than it announces.",
         .needsOAuth = true,
         .atIssuer = refuseClient},
        {.id = "AF-44",
         .title = "The resource is not named",
         .description =
             "A fault of clients: the authorisation or token request has no \"resource\". The "
             "lab's authorisation server answers with invalid_target.",
         .needsOAuth = true},
        {.id = "AF-45",
         .title = "The resource is sent with a slash too many",
         .description =
             "A fault of clients: \"resource\" has a slash at its end that the metadata has not. "
             "The lab's authorisation server compares exactly, and answers with invalid_target.",
         .needsOAuth = true},
        {.id = "AF-46",
         .title = "The answer has another state",
         .description = "\"state\" in the answer by redirect is not that of the request. With "
                        "NUMBER 1 it is missing.",
         .needsOAuth = true,
         .callback = spoilState},
        {.id = "AF-47",
         .title = "The answer does not say who gives it",
         .description = "\"iss\" is missing in the answer by redirect, though the metadata "
                        "promises it. With NUMBER 1 it names another issuer.",
         .needsOAuth = true,
         .callback = spoilIssuer},
        {.id = "AF-48",
         .title = "Nothing leads back from the browser",
         .description = "authorize shows a page, and never redirects to the client.",
         .needsOAuth = true,
         .atIssuer = neverRedirect},
        {.id = "AF-49",
         .title = "The token endpoint answers with a web page",
         .description = "200 and text/html. With NUMBER 1 it is 500 and text.",
         .needsOAuth = true,
         .atIssuer = sendPageForToken},
    };
}

} // namespace sightglass
