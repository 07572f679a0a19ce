// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// AF-20 to AF-25, AF-31 and AF-32: the way from a 401 to the metadata of the resource.
#include "core/diagnose/rule_words.h"
#include "core/diagnose/rules.h"

#include "core/auth/oauth/oauth_metadata.h"
#include "core/http/origin.h"

#include <QMap>
#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Exchange = TraceFacts::Exchange;

bool isRefusedMcp(const Exchange &exchange)
{
    return exchange.toServer && !exchange.left
        && (exchange.status == 401 || exchange.status == 403);
}

/// Servers whose resource told its metadata.
QSet<qint32> serversWithMetadata(const TraceFacts &facts)
{
    QSet<qint32> servers;
    for (const SeenResource &resource : facts.resources()) {
        if (!resource.resource.isEmpty())
            servers.insert(facts.exchange(resource.exchange).behalf);
    }
    return servers;
}

void findNoWay(const TraceFacts &facts, QList<Finding> *found)
{
    // The well-known places that were asked for the sake of each server, and found empty.
    QMap<qint32, QList<ExchangeId>> empty;
    QSet<qint32> otherwise = serversWithMetadata(facts);
    // Of a server of 2025-03-26 the way is its own origin, where there is an authorisation server.
    for (const SeenIssuer &issuer : facts.issuers())
        otherwise.insert(facts.exchange(issuer.exchange).behalf);
    for (const SeenTokenRequest &token : facts.tokens()) {
        if (token.succeeded())
            otherwise.insert(facts.exchange(token.exchange).behalf);
    }
    for (const SeenRegistration &one : facts.registrations()) {
        if (one.status / 100 == 2)
            otherwise.insert(facts.exchange(one.exchange).behalf);
    }
    for (const ExchangeId id : facts.discoveries()) {
        if (!isResourceMetadataPlace(facts.askedUrl(id)))
            continue;
        const Exchange &exchange = facts.exchange(id);
        if (exchange.status == 404 || exchange.status == 410)
            empty[exchange.behalf].append(id);
        else
            otherwise.insert(exchange.behalf);
    }
    for (auto server = empty.cbegin(); server != empty.cend(); ++server) {
        if (otherwise.contains(server.key()))
            continue;
        const auto &all = facts.exchanges();
        const auto refused = std::find_if(all.begin(), all.end(), [&](const Exchange &exchange) {
            return exchange.server == server.key() && isRefusedMcp(exchange)
                && exchange.status == 401 && facts.challenges(exchange.id).schemes().isEmpty();
        });
        if (refused == all.end())
            continue;
        Finding finding = facts.finding("AF-20", refused->id);
        finding.sentence =
            u"%1 was refused (401). The answer has no WWW-Authenticate that names a scheme, so it does not say how to authorise, nor is there metadata at the well-known URLs."_s
                .arg(asSubject(facts.name(refused->id)));
        finding.advice =
            u"Ask the server's owner which token it wants: the server gives no way to find out."_s;
        finding.evidence.append(facts.header(refused->id, QLatin1StringView("<WWW-Authenticate")));
        for (const ExchangeId id : server.value()) {
            finding.exchanges.append(id);
            finding.evidence.append({id,
                                     facts.quoted(facts.endpoint(id)),
                                     QString::number(facts.exchange(id).status),
                                     {},
                                     -1});
        }
        found->append(finding);
    }
}

void findOtherScheme(const TraceFacts &facts, QList<Finding> *found)
{
    QHash<qint32, const SeenResource *> known;
    for (const SeenResource &resource : facts.resources()) {
        if (!known.contains(facts.exchange(resource.exchange).behalf))
            known.insert(facts.exchange(resource.exchange).behalf, &resource);
    }
    QSet<qint32> told;
    for (const Exchange &exchange : facts.exchanges()) {
        if (!isRefusedMcp(exchange) || exchange.status != 401 || told.contains(exchange.server)
            || !known.contains(exchange.server))
            continue;
        const Challenges challenges = facts.challenges(exchange.id);
        if (challenges.schemes().isEmpty() || challenges.forToken())
            continue;
        told.insert(exchange.server);
        const SeenResource *resource = known.value(exchange.server);
        Finding finding = facts.finding("AF-21", exchange.id);
        finding.exchanges.append(resource->exchange);
        finding.sentence =
            u"%1 was refused (401), and WWW-Authenticate asks for %2 only, though there is metadata for tokens at %3 (exchange %4): clients that read the challenge alone do not find it."_s
                .arg(asSubject(facts.name(exchange.id)),
                     facts.quoted(QString::fromUtf8(challenges.schemes().join(" and "))),
                     facts.quoted(facts.endpoint(resource->exchange)),
                     QString::number(resource->exchange));
        finding.advice =
            u"On the server's side: add a Bearer challenge with resource_metadata. A client may look at the well-known URLs all the same."_s;
        found->append(finding);
    }
}

bool isRootPlace(const QUrl &url)
{
    return url.path() == "/.well-known/oauth-protected-resource"_L1;
}

/// The same resource, though a URL may be spelled in several ways: host in capitals, the default
/// port, an origin with or without its slash.
bool isSameResource(const QString &resource, const QString &endpoint)
{
    if (resource == endpoint)
        return true;
    const QUrl a(resource, QUrl::StrictMode);
    const QUrl b(endpoint, QUrl::StrictMode);
    if (!a.isValid() || a.hasQuery() || a.hasFragment() || !(Origin::of(a) == Origin::of(b)))
        return false;
    const QString pathOfA = a.path(QUrl::FullyEncoded);
    const QString pathOfB = b.path(QUrl::FullyEncoded);
    return (pathOfA.isEmpty() ? u"/"_s : pathOfA) == (pathOfB.isEmpty() ? u"/"_s : pathOfB);
}

struct Described {
    const SeenResource *resource;
    QString endpoint;
};

/// The endpoint of which a document is to be. Where the well-known part stands before a path, that
/// is the endpoint's (RFC 9728, 3.1); else it is the one for whose sake it was asked.
QString endpointOf(const TraceFacts &facts, const SeenResource &resource)
{
    const QString asked = facts.endpoint(resource.asked);
    const QString part = u"/.well-known/oauth-protected-resource/"_s;
    QUrl url = resource.url;
    const QString path = url.path(QUrl::FullyEncoded);
    if (!path.startsWith(part) || !(Origin::of(url) == Origin::of(QUrl(asked))))
        return asked;
    url.setPath(path.sliced(part.size() - 1), QUrl::StrictMode);
    return url.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo | QUrl::RemoveQuery
                        | QUrl::RemoveFragment);
}

/// Where a redirect led there, the URL before it is its own as well.
bool isOf(const TraceFacts &facts, const SeenResource &resource, const QString &endpoint)
{
    const QUrl before = facts.askedUrl(resource.asked);
    return isSameResource(resource.resource, endpoint)
        || isSameResource(resource.resource,
                          before.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo
                                          | QUrl::RemoveQuery | QUrl::RemoveFragment));
}

/// What is said of the endpoints that were asked, where no document says it rightly.
QList<Described> wronglyDescribed(const TraceFacts &facts)
{
    QSet<QString> right;
    QList<Described> wrong;
    for (const SeenResource &resource : facts.resources()) {
        if (resource.asked <= 0 || resource.resource.isEmpty())
            continue;
        const QString endpoint = endpointOf(facts, resource);
        if (isOf(facts, resource, endpoint))
            right.insert(endpoint);
        else
            wrong.append({&resource, endpoint});
    }
    wrong.removeIf([&](const Described &one) { return right.contains(one.endpoint); });
    return wrong;
}

void findWrongResource(const TraceFacts &facts, QList<Finding> *found)
{
    for (const Described &one : wronglyDescribed(facts)) {
        const QString &resource = one.resource->resource;
        const UriDifference difference = uriDifference(resource, one.endpoint);
        const bool slash = difference == UriDifference::TrailingSlash;
        Finding finding = facts.finding(slash ? "AF-22" : "AF-23", one.resource->exchange);
        const QString self = facts.quoted(resource);
        const QString url = facts.quoted(one.endpoint);
        finding.evidence = {comparison(one.resource->exchange, u"resource"_s, self, url)};
        if (slash) {
            finding.sentence =
                u"The metadata calls the resource “%1”, and the endpoint is “%2”: they differ by the slash at the end, and have to be the same string (RFC 9728, 3.3)."_s
                    .arg(self, url);
            finding.advice =
                u"Give “%1” as the URL, if the server answers there. On the server's side: spell `resource` as clients spell the URL, mostly without the slash."_s
                    .arg(self);
        } else {
            finding.sentence =
                (difference == UriDifference::Parent
                     ? u"The metadata is of “%1”, above the endpoint “%2”: some clients accept a parent, strict ones refuse it (RFC 9728, 3.3)."_s
                     : u"The metadata is of “%1”, and the endpoint is “%2”: clients have to refuse it (RFC 9728, 3.3)."_s)
                    .arg(self, url);
            finding.advice = isRootPlace(one.resource->url)
                ? u"On the server's side: serve metadata with `resource` “%1” at its own well-known URL, %2."_s
                      .arg(url,
                           resourceMetadataPlaces(QUrl(one.endpoint))
                               .constFirst()
                               .toString(QUrl::FullyEncoded))
                : u"On the server's side: set `resource` to “%1”."_s.arg(url);
        }
        found->append(finding);
    }
}

void findFixedResource(const TraceFacts &facts, QList<Finding> *found)
{
    QMap<QString, QList<Described>> byResource;
    for (const Described &one : wronglyDescribed(facts))
        byResource[one.resource->resource].append(one);
    // The endpoint that it is right for stands not among them.
    for (const SeenResource &resource : facts.resources()) {
        const auto wrong = byResource.find(resource.resource);
        if (wrong != byResource.end() && resource.asked > 0
            && isSameResource(resource.resource, endpointOf(facts, resource)))
            wrong->append({&resource, endpointOf(facts, resource)});
    }
    for (auto same = byResource.cbegin(); same != byResource.cend(); ++same) {
        QStringList endpoints;
        QList<ExchangeId> shown;
        for (const Described &one : same.value()) {
            // At the root there is but one document for all.
            if (endpoints.contains(one.endpoint) || isRootPlace(one.resource->url))
                continue;
            endpoints.append(one.endpoint);
            shown.append(one.resource->exchange);
        }
        if (endpoints.size() < 2)
            continue;
        Finding finding = facts.finding("AF-24", shown.constFirst());
        finding.exchanges = shown;
        finding.evidence.clear();
        for (qsizetype i = 0; i < shown.size() && i < 5; ++i)
            finding.evidence.append(comparison(shown.at(i), u"resource"_s, facts.quoted(same.key()),
                                               facts.quoted(endpoints.at(i))));
        finding.sentence =
            u"The server has %1 endpoints (%2), and the metadata of each says the resource is “%3”."_s
                .arg(QString::number(endpoints.size()),
                     facts.quoted(
                         listWords(endpoints.first(std::min<qsizetype>(3, endpoints.size())))),
                     facts.quoted(same.key()));
        finding.advice =
            u"On the server's side: each endpoint wants metadata with its own URL as `resource`."_s;
        found->append(finding);
    }
}

/// What is wrong with where a challenge points to; empty: nothing.
QString wrongPlace(const QUrl &server, const QByteArray &value)
{
    const QUrl url = QUrl::fromEncoded(value, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty()
        || (url.scheme() != "http"_L1 && url.scheme() != "https"_L1))
        return u"is no absolute http(s) URL"_s;
    if (url.scheme() == "http"_L1 && server.scheme() == "https"_L1)
        return u"is http, though the server is https"_s;
    const bool sameMachine = isLoopbackHost(url.host()) && isLoopbackHost(server.host())
        && Origin::of(url).port == Origin::of(server).port && url.scheme() == server.scheme();
    if (!sameMachine && !(Origin::of(url) == Origin::of(server)))
        return u"is on another host than the server (%1)"_s.arg(
            QString::fromLatin1(Origin::of(server).toString()));
    return {};
}

void findWrongChallenge(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<QByteArray> looked;
    QSet<QString> good; // places whose document describes what was asked
    for (const SeenResource &resource : facts.resources()) {
        if (resource.asked > 0 && isSameResource(resource.resource, facts.endpoint(resource.asked)))
            good.insert(resource.url.toString(QUrl::FullyEncoded));
    }
    for (const Exchange &exchange : facts.exchanges()) {
        if (!isRefusedMcp(exchange))
            continue;
        const QByteArray value = facts.challenges(exchange.id).resourceMetadata();
        const QByteArray key = QByteArray::number(exchange.server) + ' ' + value;
        if (value.isEmpty() || looked.contains(key))
            continue;
        looked.insert(key);
        const QString wrong = wrongPlace(facts.request(exchange.id).url, value);
        // Where the server redirected from is its own place as well.
        if (wrong.isEmpty() || wrongPlace(facts.askedUrl(exchange.id), value).isEmpty()
            || good.contains(QString::fromUtf8(value)))
            continue;
        Finding finding = facts.finding("AF-25", exchange.id);
        finding.sentence = u"The challenge of %1 names “%2” as resource_metadata, which %3."_s.arg(
            facts.name(exchange.id), facts.quoted(value), wrong);
        finding.advice =
            u"On the server's side: name the URL by which clients reach it (behind a proxy it has to know its public address, such as from X-Forwarded-Proto and X-Forwarded-Host)."_s;
        finding.evidence = {
            comparison(exchange.id, u"resource_metadata"_s, facts.quoted(value),
                       facts.quoted(resourceMetadataPlaces(QUrl(facts.endpoint(exchange.id)))
                                        .constFirst()
                                        .toString(QUrl::FullyEncoded)))};
        found->append(finding);
    }
}

void findFirewall(const TraceFacts &facts, QList<Finding> *found)
{
    QMap<qint32, QList<ExchangeId>> refused;
    QSet<qint32> otherwise;
    for (const Exchange &exchange : facts.exchanges()) {
        if (!exchange.toServer || exchange.status == 0)
            continue;
        if (exchange.status == 403 && facts.mediaType(exchange.id) == "text/html")
            refused[exchange.server].append(exchange.id);
        else
            otherwise.insert(exchange.server);
    }
    for (auto server = refused.cbegin(); server != refused.cend(); ++server) {
        if (otherwise.contains(server.key()))
            continue;
        Finding finding = facts.finding("AF-31", server.value().constFirst());
        finding.exchanges = server.value();
        finding.sentence =
            u"%1 was refused (403) with a web page, as was all else that was asked: this URL is a website, or a firewall for web applications stands in front of the server."_s
                .arg(asSubject(facts.name(server.value().constFirst())));
        finding.advice =
            u"Check the URL. If it is right, have the firewall let requests to this path pass: they are JSON by POST, from no browser."_s;
        found->append(finding);
    }
}

void findAskedElsewhere(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<QByteArray> known; // origins
    QSet<QUrl> named;
    for (const Exchange &exchange : facts.exchanges()) {
        if (!exchange.toServer)
            continue;
        known.insert(facts.serverName(exchange.server));
        if (isRefusedMcp(exchange))
            named.insert(QUrl::fromEncoded(facts.challenges(exchange.id).resourceMetadata()));
    }
    for (const ExchangeId id : facts.discoveries()) {
        const QUrl asked = facts.askedUrl(id);
        const QByteArray origin = Origin::of(asked).toString();
        if (!isResourceMetadataPlace(asked) || known.isEmpty() || known.contains(origin)
            || named.contains(asked))
            continue;
        Finding finding = facts.finding("AF-32", id);
        finding.sentence =
            u"Metadata of the resource was asked at %1, and the server is %2: the client asks somebody else, such as a proxy of its own, which cannot know."_s
                .arg(QString::fromLatin1(origin), finding.server);
        finding.advice =
            u"In the client: build the well-known URL from the URL of the server, not from that of its proxy."_s;
        finding.evidence = {comparison(id, u"Host"_s, QString::fromLatin1(origin), finding.server)};
        found->append(finding);
    }
}

} // namespace

QList<Rule> discoveryRules()
{
    return QList<Rule>{{QLatin1StringView("AF-20"), findNoWay},
                       {QLatin1StringView("AF-21"), findOtherScheme},
                       {QLatin1StringView("AF-22"), findWrongResource},
                       {QLatin1StringView("AF-24"), findFixedResource},
                       {QLatin1StringView("AF-25"), findWrongChallenge},
                       {QLatin1StringView("AF-31"), findFirewall},
                       {QLatin1StringView("AF-32"), findAskedElsewhere}};
}

} // namespace sightglass
