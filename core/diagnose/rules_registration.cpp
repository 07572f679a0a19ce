// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// AF-40 to AF-49: the client with the authorisation server. What the browser brought (AF-42, AF-46
// to AF-48) is no exchange of ours: the flow leaves a note of it.
#include "core/diagnose/failed_refresh.h"
#include "core/diagnose/rule_words.h"
#include "core/diagnose/rules.h"

#include "core/auth/login/browser_note.h"
#include "core/auth/oauth/oauth_metadata.h"

#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// " The server says “…”.", where it says something.
QString says(const TraceFacts &facts, const QString &description)
{
    return description.isEmpty() ? QString()
                                 : u" The server says “%1”."_s.arg(facts.quoted(description));
}

QString errorWords(const TraceFacts &facts, int status, const QByteArray &error)
{
    return error.isEmpty() ? QString::number(status)
                           : u"%1, %2"_s.arg(QString::number(status), facts.quoted(error));
}

bool hasClientId(const TraceFacts &facts)
{
    const bool sent = std::any_of(facts.tokens().begin(), facts.tokens().end(),
                                  [](const SeenTokenRequest &token) { return token.hasClient; });
    const bool registered =
        std::any_of(facts.registrations().begin(), facts.registrations().end(),
                    [](const SeenRegistration &one) { return one.status / 100 == 2; });
    if (sent || registered)
        return true;
    // It may stand in an authorisation request, which is the browser's.
    const qint64 count = facts.trace().noteCount();
    for (qint64 i = 0; i < count; ++i) {
        const Note note = facts.trace().note(i);
        if (note.name == "oauth"_L1 && note.text.contains("client_id="_L1))
            return true;
    }
    return false;
}

void findNoRegistration(const TraceFacts &facts, QList<Finding> *found)
{
    QList<const SeenIssuer *> closed;
    for (const SeenIssuer &metadata : facts.issuers()) {
        if (metadata.registrationEndpoint.isEmpty() && !metadata.takesClientMetadata
            && !metadata.authorizationEndpoint.isEmpty())
            closed.append(&metadata);
    }
    if (closed.isEmpty() || hasClientId(facts))
        return;
    QSet<QString> told;
    for (const SeenIssuer *metadata : std::as_const(closed)) {
        const bool elsewhere = std::any_of(
            facts.issuers().begin(), facts.issuers().end(), [&](const SeenIssuer &other) {
                return other.issuer == metadata->issuer
                    && (!other.registrationEndpoint.isEmpty() || other.takesClientMetadata);
            });
        if (elsewhere || told.contains(metadata->issuer))
            continue;
        told.insert(metadata->issuer);
        Finding finding = facts.finding("AF-40", metadata->exchange);
        finding.sentence =
            u"The authorisation server “%1” takes only clients that it knows: its metadata has no registration_endpoint, and does not say that it takes a client id that is a URL (client_id_metadata_document_supported)."_s
                .arg(facts.quoted(metadata->issuer));
        finding.advice =
            u"Ask its owner to register this client, and give the client id that you get."_s;
        finding.evidence = {{metadata->exchange, u"registration_endpoint"_s, {}, {}, -1}};
        found->append(finding);
    }
}

void findRefusedRegistration(const TraceFacts &facts, QList<Finding> *found)
{
    for (const SeenRegistration &one : facts.registrations()) {
        const bool aboutUri = one.error == "invalid_redirect_uri"
            || (one.error == "invalid_client_metadata"
                && one.errorDescription.contains("redirect"_L1, Qt::CaseInsensitive));
        if (one.status < 400 || !aboutUri)
            continue;
        Finding finding = facts.finding("AF-41", one.exchange);
        const QString uris = facts.quoted(
            listWords(one.redirectUris.first(std::min<qsizetype>(5, one.redirectUris.size()))));
        finding.sentence = u"The registration with the redirect URI “%1” was refused (%2).%3"_s.arg(
            uris, errorWords(facts, one.status, one.error), says(facts, one.errorDescription));
        finding.advice =
            u"Try the other spelling of loopback (http://127.0.0.1 or http://localhost), or a fixed port. On the authorisation server's side: allow http for loopback, with any port (RFC 8252, 7.3)."_s;
        finding.evidence = {{one.exchange, u"redirect_uris"_s, uris, {}, -1}};
        found->append(finding);
    }
}

void findRefusedRedirect(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<QString> endpoints;
    for (const SeenIssuer &metadata : facts.issuers())
        endpoints.insert(metadata.authorizationEndpoint);
    endpoints.remove(QString());
    if (endpoints.isEmpty())
        return;
    for (const TraceFacts::Exchange &exchange : facts.exchanges()) {
        if (exchange.toServer || exchange.status < 400
            || !endpoints.contains(facts.endpoint(exchange.id)))
            continue;
        const QByteArray body = facts.body(exchange.id).left(64 * 1024).toLower();
        if (!body.contains("redirect_uri") && !body.contains("redirect uri"))
            continue;
        Finding finding = facts.finding("AF-42", exchange.id);
        finding.sentence =
            u"The authorisation request was refused (%1) for its redirect URI."_s.arg(
                QString::number(exchange.status));
        finding.advice =
            u"Use a fixed port and the host that was registered. On the authorisation server's side: any port has to be allowed for loopback (RFC 8252, 7.3)."_s;
        found->append(finding);
    }
}

void findUnknownClient(const TraceFacts &facts, QList<Finding> *found)
{
    for (const SeenTokenRequest &token : facts.tokens()) {
        if (token.error != "invalid_client")
            continue;
        Finding finding = facts.finding("AF-43", token.exchange);
        finding.sentence =
            u"The token endpoint did not recognise the client (%1), which proved itself by %2."_s
                .arg(errorWords(facts, token.status, token.error),
                     QString::fromLatin1(token.authMethod));
        QStringList wanted;
        for (const SeenRegistration &one : facts.registrations()) {
            if (one.status / 100 == 2 && !one.authMethod.isEmpty())
                wanted = {QString::fromUtf8(one.authMethod)};
        }
        const QString where = wanted.isEmpty() ? u"token_endpoint_auth_methods_supported"_s
                                               : u"token_endpoint_auth_method"_s;
        for (const SeenIssuer &metadata : facts.issuers()) {
            if (wanted.isEmpty() && metadata.tokenEndpoint == facts.endpoint(token.exchange))
                wanted = metadata.authMethods;
        }
        if (!wanted.isEmpty() && !wanted.contains(QString::fromLatin1(token.authMethod))) {
            finding.sentence +=
                u" It is to be %1 (%2)."_s.arg(facts.quoted(wanted.join(u" or "_s)), where);
            finding.advice = u"In the client: use the method that was registered or advertised."_s;
            finding.evidence = {comparison(token.exchange, where,
                                           QString::fromLatin1(token.authMethod),
                                           facts.quoted(wanted.join(u", "_s)))};
        } else {
            finding.sentence += says(facts, token.errorDescription);
            finding.advice =
                u"Check the client id and its secret; if it was registered long ago, register it again."_s;
        }
        found->append(finding);
    }
}

bool isToNameResource(const SeenTokenRequest &token)
{
    return token.grant == "authorization_code" || token.grant == "refresh_token"
        || token.grant == "client_credentials";
}

void findNoResource(const TraceFacts &facts, QList<Finding> *found)
{
    for (const SeenTokenRequest &token : facts.tokens()) {
        // Without metadata of the resource it is a server of before 2025-06-18.
        if (!token.resource.isEmpty() || !isToNameResource(token)
            || !facts.resourceOf(token.exchange))
            continue;
        Finding finding = facts.finding("AF-44", token.exchange);
        finding.sentence =
            u"The token request (%1) names no `resource`, which MCP wants in every authorisation and token request (RFC 8707, 2): the token may be for anything."_s
                .arg(facts.quoted(token.grant));
        finding.advice = u"In the client: send `resource` as the metadata spells it."_s;
        finding.evidence = {{token.exchange,
                             u"resource"_s,
                             {},
                             facts.quoted(facts.resourceOf(token.exchange)->resource),
                             -1}};
        found->append(finding);
    }
}

void findOtherSpelling(const TraceFacts &facts, QList<Finding> *found)
{
    for (const SeenTokenRequest &token : facts.tokens()) {
        const SeenResource *resource = facts.resourceOf(token.exchange);
        const QString sent = QString::fromUtf8(token.resource);
        if (token.error != "invalid_target" || !resource
            || uriDifference(sent, resource->resource) != UriDifference::TrailingSlash)
            continue;
        Finding finding = facts.finding("AF-45", token.exchange);
        finding.exchanges.append(resource->exchange);
        finding.sentence =
            u"The token request was refused (%1): it names the resource “%2”, and the metadata spells it “%3”."_s
                .arg(errorWords(facts, token.status, token.error), facts.quoted(sent),
                     facts.quoted(resource->resource));
        finding.advice = u"In the client: send `resource` exactly as the metadata spells it."_s;
        finding.evidence = {comparison(token.exchange, u"resource"_s, facts.quoted(sent),
                                       facts.quoted(resource->resource))};
        found->append(finding);
    }
}

void findNoJson(const TraceFacts &facts, QList<Finding> *found)
{
    for (const SeenTokenRequest &token : facts.tokens()) {
        if (token.status == 0 || token.isJson || !token.hasBody || isBusy(facts, token.exchange))
            continue;
        Finding finding = facts.finding("AF-49", token.exchange);
        const QByteArray type = facts.mediaType(token.exchange);
        const bool page = type == "text/html";
        // A token may stand in what is no JSON: only a page is shown.
        const QString start = page
            ? facts.quoted(QString::fromUtf8(facts.body(token.exchange).left(120)))
            : QString();
        finding.sentence =
            u"The token endpoint answered (%1) with %2, where JSON is due (RFC 6749, 5.1).%3"_s.arg(
                QString::number(token.status),
                page                 ? u"a web page"_s
                    : type.isEmpty() ? u"text that is no JSON"_s
                                     : u"%1 that is no JSON"_s.arg(facts.quoted(type)),
                start.isEmpty() ? QString() : u" It begins with “%1”."_s.arg(start));
        finding.advice =
            u"Check the token_endpoint of the metadata. On the authorisation server's side: answer with application/json, errors too."_s;
        found->append(finding);
    }
}

/// AF-48 of a recording: it ends while the browser is awaited. Of what still goes on that is no
/// fault.
void findNoCallback(const TraceFacts &facts, QList<Finding> *found)
{
    if (!facts.isOver())
        return;
    std::optional<Note> awaited;
    const qint64 count = facts.trace().noteCount();
    for (qint64 i = 0; i < count && !facts.stopped(); ++i) {
        const Note note = facts.trace().note(i);
        if (note.name == QLatin1StringView(BrowserNote))
            awaited = note;
        else if (note.name == "oauth"_L1 || note.name == "connect"_L1 || note.name == "log in"_L1)
            awaited.reset(); // it came, or was waited for no longer
    }
    const bool ofExchange =
        awaited && awaited->exchange > 0 && awaited->exchange <= facts.trace().exchangeCount();
    if (!awaited)
        return;
    Finding finding = facts.finding("AF-48", ofExchange ? awaited->exchange : 0);
    finding.sentence = u"The recording ends while a log-in waits for the browser. %1"_s.arg(
        facts.quoted(awaited->text));
    found->append(finding);
}

} // namespace

QList<Rule> registrationRules()
{
    return {{QLatin1StringView("AF-40"), findNoRegistration},
            {QLatin1StringView("AF-41"), findRefusedRegistration},
            {QLatin1StringView("AF-42"), findRefusedRedirect},
            {QLatin1StringView("AF-43"), findUnknownClient},
            {QLatin1StringView("AF-44"), findNoResource},
            {QLatin1StringView("AF-45"), findOtherSpelling},
            {QLatin1StringView("AF-48"), findNoCallback},
            {QLatin1StringView("AF-49"), findNoJson}};
}

} // namespace sightglass
