// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/catalogue.h"

#include <algorithm>

namespace sightglass {

namespace {

using Words = QLatin1StringView;
using enum Side;

constexpr auto Flaw = Weight::Flaw;
constexpr auto Broken = Weight::Failure;

constexpr CatalogueEntry Entries[] = {
    // Credentials on the way out
    {Words("AF-01"), Words("Credentials are left off the event stream"), Client},
    {Words("AF-02"), Words("Credentials are lost on reconnect"), Client},
    {Words("AF-03"), Words("Credentials are left off the end of the session"), Client},
    {Words("AF-04"), Words("A header of your own is left off some requests"), Client},
    {Words("AF-05"), Words("Cookies are left off some requests"), Client},
    {Words("AF-06"), Words("The scheme of the token is doubled"), Person},
    {Words("AF-07"), Words("The token was pasted with something around it"), Person},
    {Words("AF-08"), Words("A redirect to another origin cost the credentials"), Person},
    {Words("AF-09"), Words("A GET with a Content-Type"), Client, Broken, Words(">Content-Type")},
    {Words("AF-10"), Words("The token was made for another resource"), Person},
    {Words("AF-11"), Words("The token has expired, or clocks disagree"), Person, Broken, Words(),
     Words("Set the clock of the authorisation server, or of this computer, whichever is wrong.")},
    {Words("AF-12"), Words("The same token is sent again and again after 401"), Client},
    // Discovery
    {Words("AF-20"), Words("401 that says no way to authorise"), Server},
    {Words("AF-21"), Words("The challenge names no scheme for tokens"), Server, Flaw,
     Words("<WWW-Authenticate")},
    {Words("AF-22"), Words("The resource differs by a slash at its end"), Server},
    {Words("AF-23"), Words("The metadata is of another resource"), Server},
    {Words("AF-24"),
     Words("One resource for several endpoints"),
     Server,
     Broken,
     {},
     Words(
         "On the server's side: serve metadata for each endpoint, with the URL of that endpoint as "
         "its resource (RFC 9728, 3.1).")},
    {Words("AF-25"), Words("The challenge points to a wrong URL for metadata"), Server, Broken,
     Words("<WWW-Authenticate")},
    {Words("AF-26"), Words("No authorisation server is named"), Server},
    {Words("AF-27"), Words("Something else stands where metadata should"), Server, Broken,
     Words("<Content-Type")},
    {Words("AF-28"), Words("Metadata stands at a place that nobody looks at"), AuthorizationServer},
    {Words("AF-29"), Words("The issuer is another than the one asked"), AuthorizationServer},
    {Words("AF-30"), Words("PKCE with S256 is not advertised"), AuthorizationServer},
    {Words("AF-31"), Words("A firewall or a website answers"), Network, Broken,
     Words("<Content-Type")},
    {Words("AF-32"), Words("Metadata is asked of somebody else"), Client},
    // Registration and authorisation
    {Words("AF-40"), Words("A client id has to be given"), Person},
    {Words("AF-41"), Words("The redirect URI was refused at registration"), AuthorizationServer},
    {Words("AF-42"), Words("The redirect URI was refused at authorisation"), AuthorizationServer,
     Broken, Words(),
     Words("Use a fixed port and the host that was registered. On the authorisation server's side: "
           "any port has to be allowed for loopback (RFC 8252, 7.3).")},
    {Words("AF-43"), Words("The client was not recognised"), Client},
    {Words("AF-44"), Words("The request names no resource"), Client, Flaw, Words(),
     Words("In the client: send `resource` as the metadata spells it.")},
    {Words("AF-45"), Words("The resource is spelled in another way"), Client},
    {Words("AF-46"), Words("The answer of the browser is not ours"), Network, Broken, Words(),
     Words(
         "Begin again. If it comes back, somebody may try to have you use an account of theirs.")},
    {Words("AF-47"), Words("The answer comes from another issuer"), AuthorizationServer, Broken,
     Words(),
     Words(
         "Do not go on. Ask the owner of the authorisation server which issuer it is (RFC 9207).")},
    {Words("AF-48"), Words("The answer of the browser never came"), Person, Broken, Words(),
     Words("Look into the browser: the address that it is to come back to has to be reachable on "
           "this computer.")},
    {Words("AF-49"), Words("The token endpoint answers with no JSON"), AuthorizationServer, Broken,
     Words("<Content-Type")},
    // Tokens in use
    {Words("AF-60"), Words("A fresh token is refused"), AuthorizationServer},
    {Words("AF-61"), Words("The scope of the token does not suffice"), Person, Broken,
     Words("<WWW-Authenticate")},
    {Words("AF-62"), Words("A refresh cannot widen the scope"), Client},
    {Words("AF-63"), Words("The scope became less by a refresh"), Client, Flaw, Words(),
     Words("Authorise anew for the scope that is needed. In the client: send the scope that was "
           "granted with each refresh.")},
    {Words("AF-64"), Words("One refresh token was used twice"), Client},
    {Words("AF-65"), Words("A dead refresh token is refused with another code"),
     AuthorizationServer, Flaw},
    {Words("AF-66"), Words("The token ran out while the stream was open"), Client},
    {Words("AF-67"), Words("403 where 401 is meant"), Server},
    // Transport and session
    {Words("AF-80"), Words("No event stream is offered"), Server, Weight::Normal, Words(),
     Words("This is normal: the server has nothing to say on its own.")},
    {Words("AF-81"), Words("The session has ended"), Server, Flaw, Words(">Mcp-Session-Id"),
     Words("A new session has to be initialised. If it happens often, look at the log of the "
           "server.")},
    {Words("AF-82"), Words("400 for a session that is not known"), Server, Broken,
     Words(">Mcp-Session-Id")},
    {Words("AF-83"), Words("The session is known only at times"), Network, Broken,
     Words(">Mcp-Session-Id")},
    {Words("AF-84"), Words("401 at times, to the same credentials"), Server},
    {Words("AF-85"), Words("Accept is refused"), Client, Broken, Words(">Accept")},
    {Words("AF-86"), Words("The protocol version is not told"), Client, Flaw,
     Words(">MCP-Protocol-Version")},
    {Words("AF-87"), Words("The host or origin is refused"), Server, Broken, Words(">Host")},
    {Words("AF-88"), Words("The event stream is held back"), Network, Flaw},
    {Words("AF-89"), Words("The event stream is compressed"), Network, Flaw,
     Words("<Content-Encoding")},
    {Words("AF-90"), Words("Idle streams are cut off"), Network, Flaw},
    {Words("AF-91"), Words("This is not the MCP endpoint"), Person, Broken, Words("<Content-Type")},
    {Words("AF-92"), Words("A login for browsers stands in front"), Network, Broken,
     Words("<Location")},
    {Words("AF-93"), Words("The endpoint is spelled with another slash"), Person, Flaw,
     Words("<Location")},
    {Words("AF-94"), Words("TLS: a certificate is refused or asked for"), Server},
    {Words("AF-95"), Words("The proxy wants credentials"), Network, Broken,
     Words("<Proxy-Authenticate")},
    {Words("AF-96"), Words("Messages are malformed"), Server, Flaw, Words(),
     Words("The fault is on the server's side: look at the bytes of the exchange.")},
    {Words("AF-97"), Words("An answer to nothing that was asked"), Server, Flaw, Words(),
     Words(
         "The server, or a proxy before it, mixes up answers: look at the ids in the exchanges.")},
    {Words("AF-98"), Words("The server is busy"), Server, Broken, Words("<Retry-After")},
    {Words("AF-99"), Words("No connection, or one that broke"), Network},
};

constexpr Causation Causations[] = {
    // What is missing or malformed in the request is refused in whatever words the server has.
    {Words("AF-01"), Words("AF-02")},
    {Words("AF-01"), Words("AF-66")},
    {Words("AF-02"), Words("AF-66")},
    {Words("AF-01"), Words("AF-20")},
    {Words("AF-02"), Words("AF-20")},
    {Words("AF-03"), Words("AF-20")},
    {Words("AF-04"), Words("AF-20")},
    {Words("AF-05"), Words("AF-20")},
    {Words("AF-06"), Words("AF-20")},
    {Words("AF-07"), Words("AF-20")},
    {Words("AF-08"), Words("AF-20")},
    {Words("AF-06"), Words("AF-12")},
    {Words("AF-07"), Words("AF-12")},
    {Words("AF-08"), Words("AF-67")},
    // What stands where a redirect led to another origin is not about the URL that was given.
    {Words("AF-08"), Words("AF-23")},
    {Words("AF-08"), Words("AF-26")},
    {Words("AF-06"), Words("AF-60")},
    {Words("AF-07"), Words("AF-60")},
    {Words("AF-06"), Words("AF-10")},
    {Words("AF-07"), Words("AF-10")},
    {Words("AF-06"), Words("AF-11")},
    {Words("AF-07"), Words("AF-11")},
    // A token that is dead, or for another server, is refused wherever it is sent.
    {Words("AF-10"), Words("AF-12")},
    {Words("AF-10"), Words("AF-60")},
    {Words("AF-11"), Words("AF-10")},
    {Words("AF-11"), Words("AF-60")},
    {Words("AF-64"), Words("AF-11")},
    {Words("AF-65"), Words("AF-11")},
    {Words("AF-66"), Words("AF-11")},
    {Words("AF-66"), Words("AF-12")},
    {Words("AF-60"), Words("AF-12")},
    {Words("AF-84"), Words("AF-66")},
    {Words("AF-84"), Words("AF-60")},
    {Words("AF-84"), Words("AF-12")},
    // What is in the place of the server has no metadata either.
    {Words("AF-31"), Words("AF-20")},
    {Words("AF-31"), Words("AF-27")},
    {Words("AF-31"), Words("AF-67")},
    {Words("AF-31"), Words("AF-91")},
    {Words("AF-91"), Words("AF-27")},
    {Words("AF-92"), Words("AF-91")},
    {Words("AF-92"), Words("AF-27")},
    // Whoever looks at the wrong place finds nothing, or what is another's.
    {Words("AF-32"), Words("AF-20")},
    {Words("AF-32"), Words("AF-27")},
    {Words("AF-25"), Words("AF-20")},
    {Words("AF-25"), Words("AF-23")},
    {Words("AF-25"), Words("AF-27")},
    {Words("AF-27"), Words("AF-20")},
    {Words("AF-24"), Words("AF-23")},
    {Words("AF-28"), Words("AF-27")},
    // What is shown in the browser in place of the way back.
    {Words("AF-42"), Words("AF-48")},
    // A wrong or missing resource makes a wrong token.
    {Words("AF-22"), Words("AF-45")},
    {Words("AF-23"), Words("AF-45")},
    {Words("AF-24"), Words("AF-45")},
    {Words("AF-22"), Words("AF-10")},
    {Words("AF-23"), Words("AF-10")},
    {Words("AF-24"), Words("AF-10")},
    {Words("AF-44"), Words("AF-10")},
    {Words("AF-22"), Words("AF-60")},
    {Words("AF-23"), Words("AF-60")},
    {Words("AF-24"), Words("AF-60")},
    {Words("AF-44"), Words("AF-60")},
    {Words("AF-44"), Words("AF-45")},
    // Of a scope that was never asked for, or lost.
    {Words("AF-61"), Words("AF-60")},
    {Words("AF-62"), Words("AF-61")},
    {Words("AF-62"), Words("AF-63")},
    {Words("AF-63"), Words("AF-61")},
    {Words("AF-63"), Words("AF-60")},
    {Words("AF-43"), Words("AF-65")},
    {Words("AF-64"), Words("AF-65")},
    {Words("AF-49"), Words("AF-65")},
    // Sessions
    {Words("AF-83"), Words("AF-81")},
    {Words("AF-83"), Words("AF-82")},
    {Words("AF-83"), Words("AF-80")},
    {Words("AF-82"), Words("AF-81")},
    {Words("AF-81"), Words("AF-80")},
    // A refusal of the address is none of the credentials.
    {Words("AF-87"), Words("AF-20")},
    {Words("AF-87"), Words("AF-31")},
    {Words("AF-87"), Words("AF-67")},
    // Streams
    {Words("AF-89"), Words("AF-88")},
    {Words("AF-89"), Words("AF-96")},
    {Words("AF-88"), Words("AF-90")},
    // Nothing came through.
    {Words("AF-94"), Words("AF-99")},
    {Words("AF-95"), Words("AF-99")},
    {Words("AF-94"), Words("AF-20")},
    {Words("AF-95"), Words("AF-20")},
    {Words("AF-98"), Words("AF-20")},
    {Words("AF-29"), Words("AF-20")},
    {Words("AF-99"), Words("AF-20")},
};

} // namespace

std::span<const CatalogueEntry> catalogue()
{
    return Entries;
}

const CatalogueEntry *catalogueEntry(QStringView id)
{
    const auto found = std::find_if(std::begin(Entries), std::end(Entries),
                                    [id](const CatalogueEntry &entry) { return entry.id == id; });
    return found == std::end(Entries) ? nullptr : found;
}

std::span<const Causation> causations()
{
    return Causations;
}

} // namespace sightglass
