// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// AF-26 to AF-30: what stands in the metadata, and whose it is.
#include "core/diagnose/rule_words.h"
#include "core/diagnose/rules.h"

#include "core/auth/oauth/oauth_metadata.h"
#include "core/http/origin.h"
#include "core/mcp/metadata_probe.h"

#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

void findNoIssuer(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<qint32> named;
    for (const SeenResource &resource : facts.resources()) {
        if (!resource.servers.isEmpty())
            named.insert(facts.exchange(resource.exchange).behalf);
    }
    for (const SeenResource &resource : facts.resources()) {
        if (named.contains(facts.exchange(resource.exchange).behalf))
            continue;
        Finding finding = facts.finding("AF-26", resource.exchange);
        finding.sentence =
            (resource.hasServers
                 ? u"The metadata of the resource has an empty list of `authorization_servers`: there is nobody to get a token from."_s
                 : u"The metadata of the resource has no `authorization_servers`: it does not say who issues tokens."_s);
        finding.advice =
            u"Ask the server's owner for a token. On the server's side: name the authorisation server; MCP wants at least one."_s;
        finding.evidence = {{resource.exchange,
                             u"authorization_servers"_s,
                             resource.hasServers ? u"[]"_s : QString(),
                             {},
                             -1}};
        found->append(finding);
    }
}

/// What is wrong with a document of status 200 at a well-known place; empty: nothing.
QString insteadOf(const TraceFacts &facts, ExchangeId id, bool ofResource)
{
    const QByteArray type = facts.mediaType(id);
    if (facts.trace().summary(id).responseBytes > MostBodyBytes)
        return u"more than 1 MiB"_s;
    const QByteArray body = facts.body(id);
    if (ofResource)
        return MetadataProbe::insteadOfMetadata(type, body);
    if (type == "text/html" || type == "application/xhtml+xml")
        return u"a web page (%1)"_s.arg(QString::fromLatin1(type));
    if (type != "application/json")
        return type.isEmpty() ? u"a document without Content-Type"_s
                              : u"%1 instead of application/json"_s.arg(facts.quoted(type));
    const JsonText json = JsonText::parse(body);
    if (!json.isValid() || !json.isObject(json.root()))
        return u"something that is no JSON object"_s;
    return seenIssuer(json) ? QString() : u"JSON that lacks `issuer` or the endpoints"_s;
}

void findOtherDocument(const TraceFacts &facts, QList<Finding> *found)
{
    struct Instead {
        ExchangeId exchange;
        bool ofResource;
        QString what;
    };
    QList<Instead> instead;
    QSet<std::pair<qint32, bool>> good; // for the sake of a server, of the resource or not
    for (const ExchangeId id : facts.discoveries()) {
        if (facts.exchange(id).status != 200)
            continue;
        const QUrl asked = facts.askedUrl(id);
        const bool ofResource = isResourceMetadataPlace(asked);
        if (!ofResource && !isIssuerMetadataPlace(asked))
            continue;
        const QString what = insteadOf(facts, id, ofResource);
        if (what.isEmpty())
            good.insert({facts.exchange(id).behalf, ofResource});
        else
            instead.append({id, ofResource, what});
    }
    for (const Instead &one : std::as_const(instead)) {
        if (good.contains({facts.exchange(one.exchange).behalf, one.ofResource}))
            continue;
        Finding finding = facts.finding("AF-27", one.exchange);
        finding.sentence =
            u"Where metadata of the %1 should stand (%2) the answer is %3: a web application or a login answers for every path."_s
                .arg(one.ofResource ? u"resource"_s : u"authorisation server"_s,
                     facts.quoted(facts.askedUrl(one.exchange)
                                      .toString(QUrl::FullyEncoded | QUrl::RemoveQuery
                                                | QUrl::RemoveUserInfo)),
                     one.what);
        finding.advice =
            u"On that server's side: serve the metadata as application/json there, or answer with 404, and exempt /.well-known/ from the login."_s;
        if (!one.ofResource)
            finding.side = Side::AuthorizationServer;
        found->append(finding);
    }
}

/// What the resources of a server call the issuers of their tokens.
QStringList issuersFor(const TraceFacts &facts, qint32 server)
{
    QStringList issuers;
    for (const SeenResource &resource : facts.resources()) {
        if (facts.exchange(resource.exchange).behalf != server)
            continue;
        for (const QString &issuer : resource.servers) {
            if (!issuers.contains(issuer))
                issuers.append(issuer);
        }
    }
    constexpr qsizetype Most = 20;
    return issuers.first(std::min(issuers.size(), Most));
}

QUrl place(const QUrl &url)
{
    return url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

/// The issuers of which a document at this place is, by the rules.
QStringList issuersAt(const QUrl &url, const QStringList &issuers)
{
    QStringList of;
    for (const QString &issuer : issuers) {
        if (serverMetadataPlaces(issuer).contains(place(url)))
            of.append(issuer);
    }
    return of;
}

void findUnlistedPlace(const TraceFacts &facts, QList<Finding> *found)
{
    for (const SeenIssuer &metadata : facts.issuers()) {
        const qint32 server = facts.exchange(metadata.exchange).behalf;
        const QStringList issuers = issuersFor(facts, server);
        if (issuers.isEmpty() || !isIssuerMetadataPlace(metadata.url)
            || !issuersAt(metadata.url, issuers).isEmpty())
            continue;
        // Of the issuer that it is meant to be of, nothing stands where it should.
        const auto meant = std::find_if(issuers.begin(), issuers.end(), [&](const QString &issuer) {
            return Origin::of(QUrl(issuer)) == Origin::of(metadata.url);
        });
        if (meant == issuers.end())
            continue;
        const QList<QUrl> right = serverMetadataPlaces(*meant);
        const bool isFound =
            std::any_of(facts.issuers().begin(), facts.issuers().end(),
                        [&](const SeenIssuer &other) { return right.contains(place(other.url)); });
        if (isFound || right.isEmpty()) // it is spelled so that it has no places
            continue;
        QStringList places;
        for (const QUrl &url : right)
            places.append(url.toString(QUrl::FullyEncoded));
        Finding finding = facts.finding("AF-28", metadata.exchange);
        const QString at = place(metadata.url).toString(QUrl::FullyEncoded);
        finding.sentence =
            u"The metadata of the issuer “%1” stands at %2 only, where clients do not look. They ask, in this order: %3 (RFC 8414, 3.1)."_s
                .arg(facts.quoted(*meant), facts.quoted(at), facts.quoted(listWords(places)));
        finding.advice =
            u"On the authorisation server's side: serve it at the first of these too; the well-known part goes between host and path."_s;
        finding.evidence = {comparison(metadata.exchange, u"URL"_s, facts.quoted(at),
                                       facts.quoted(places.constFirst()))};
        found->append(finding);
    }
}

void findOtherIssuer(const TraceFacts &facts, QList<Finding> *found)
{
    for (const SeenIssuer &metadata : facts.issuers()) {
        const qint32 server = facts.exchange(metadata.exchange).behalf;
        const QStringList issuers = issuersFor(facts, server);
        QStringList asked = issuersAt(metadata.url, issuers);
        // Without metadata of the resource (2025-03-26) the origin of the server is the issuer,
        // which is spelled in two ways.
        if (issuers.isEmpty()) {
            const QByteArray at = Origin::of(metadata.url).toString();
            const QString origin = QString::fromLatin1(at);
            const bool isOwn = at == facts.serverName(server)
                && serverMetadataPlaces(origin).contains(place(metadata.url));
            if (isOwn || !(Origin::of(QUrl(metadata.issuer)) == Origin::of(metadata.url)))
                asked = {origin, origin + u'/'};
        }
        if (asked.isEmpty() || asked.contains(metadata.issuer))
            continue;
        Finding finding = facts.finding("AF-29", metadata.exchange);
        finding.evidence = {comparison(metadata.exchange, u"issuer"_s,
                                       facts.quoted(metadata.issuer),
                                       facts.quoted(asked.constFirst()))};
        finding.sentence =
            u"The metadata says that its issuer is “%1”, and “%2” was asked: the two have to be the same string, or the metadata must not be used (RFC 8414, 3.3)."_s
                .arg(facts.quoted(metadata.issuer), facts.quoted(asked.constFirst()));
        finding.advice =
            uriDifference(metadata.issuer, asked.constFirst()) == UriDifference::TrailingSlash
            ? u"They differ by the slash at the end. On the MCP server's side: name the issuer in `authorization_servers` exactly as it names itself."_s
            : u"On the servers' sides: `authorization_servers` of the one and `issuer` of the other have to be the same string."_s;
        found->append(finding);
    }
}

void findNoPkce(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<QString> told;
    for (const SeenIssuer &metadata : facts.issuers()) {
        if (metadata.authorizationEndpoint.isEmpty()
            || metadata.challengeMethods.contains(u"S256"_s) || told.contains(metadata.issuer))
            continue;
        // An issuer has two documents, of which one may say it.
        const bool elsewhere = std::any_of(facts.issuers().begin(), facts.issuers().end(),
                                           [&](const SeenIssuer &other) {
                                               return other.issuer == metadata.issuer
                                                   && other.challengeMethods.contains(u"S256"_s);
                                           });
        told.insert(metadata.issuer);
        if (elsewhere)
            continue;
        Finding finding = facts.finding("AF-30", metadata.exchange);
        const QString methods = facts.quoted(metadata.challengeMethods.join(u", "_s));
        finding.evidence = {
            {metadata.exchange, u"code_challenge_methods_supported"_s, methods, u"S256"_s, -1}};
        finding.sentence = methods.isEmpty()
            ? u"The metadata of “%1” has no `code_challenge_methods_supported`: whether it checks PKCE is not known, and clients have to refuse it."_s
                  .arg(facts.quoted(metadata.issuer))
            : u"The metadata of “%1” offers PKCE with %2, not with S256: clients have to refuse it."_s
                  .arg(facts.quoted(metadata.issuer), methods);
        finding.advice =
            u"On the authorisation server's side: support PKCE with S256 (RFC 7636), and say so in `code_challenge_methods_supported`."_s;
        found->append(finding);
    }
}

} // namespace

QList<Rule> issuerRules()
{
    return {{QLatin1StringView("AF-26"), findNoIssuer},
            {QLatin1StringView("AF-27"), findOtherDocument},
            {QLatin1StringView("AF-28"), findUnlistedPlace},
            {QLatin1StringView("AF-29"), findOtherIssuer},
            {QLatin1StringView("AF-30"), findNoPkce}};
}

} // namespace sightglass
