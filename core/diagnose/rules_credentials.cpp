// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// AF-10 to AF-12: the token that was sent, read as a JWT where it is one.
#include "core/diagnose/rule_words.h"
#include "core/diagnose/rules.h"

#include <QLocale>
#include <QSet>
#include <QTimeZone>

#include <cmath>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Exchange = TraceFacts::Exchange;

/// Each token that was refused with 401 and not replaced by the client itself, with the first
/// exchange that shows it.
QList<const Exchange *> refusedTokens(const TraceFacts &facts)
{
    QList<const Exchange *> list;
    QSet<std::pair<qint32, qint32>> seen;
    for (const Exchange &exchange : facts.exchanges()) {
        if (!exchange.toServer || exchange.left || exchange.status != 401 || exchange.token < 0
            || facts.gotAnotherToken(exchange))
            continue;
        const auto key = std::pair(exchange.server, exchange.token);
        if (seen.contains(key))
            continue;
        seen.insert(key);
        list.append(&exchange);
    }
    return list;
}

/// A claim that is a string, or a list of them.
QStringList audiences(const JsonText &claims)
{
    const JsonText::Node node = claims.member(claims.root(), u"aud");
    if (claims.isString(node))
        return {claims.string(node)};
    QStringList list;
    if (claims.isArray(node)) {
        for (const JsonText::Node one : claims.children(node))
            list.append(claims.string(one));
    }
    return list;
}

void findWrongAudience(const TraceFacts &facts, QList<Finding> *found)
{
    for (const Exchange *refused : refusedTokens(facts)) {
        const JsonText claims = jwtClaims(facts.token(refused->token));
        if (!claims.isValid())
            continue;
        const QStringList meantFor = audiences(claims);
        const QString issuer = claims.string(claims.member(claims.root(), u"iss"));
        const SeenResource *resource = facts.resourceOf(refused->id);
        if (!resource)
            continue;
        const QString meant = facts.quoted(meantFor.join(u", "_s));
        const QString self = facts.quoted(resource->resource);
        Finding finding = facts.finding("AF-10", refused->id);
        if (!meantFor.isEmpty() && !resource->resource.isEmpty()
            && !meantFor.contains(resource->resource)) {
            finding.sentence =
                u"%1 was refused (401), and its token is made for “%2” (aud), while the resource calls itself “%3”."_s
                    .arg(asSubject(facts.name(refused->id)), meant, self);
            finding.evidence.append(comparison(refused->id, u"aud of the token"_s, meant, self));
        } else if (!issuer.isEmpty() && !resource->servers.isEmpty()
                   && !resource->servers.contains(issuer)) {
            finding.sentence =
                u"%1 was refused (401), and its token was issued by “%2” (iss), while the resource takes tokens of “%3”."_s
                    .arg(asSubject(facts.name(refused->id)), facts.quoted(issuer),
                         facts.quoted(resource->servers.join(u", "_s)));
            finding.evidence.append(comparison(refused->id, u"iss of the token"_s,
                                               facts.quoted(issuer),
                                               facts.quoted(resource->servers.constFirst())));
        } else {
            continue;
        }
        finding.exchanges.append(resource->exchange);
        finding.advice =
            u"Get a token for this resource: the authorisation and the token request have to name it (resource)."_s;
        if (const SeenTokenRequest *issued = facts.issuedBy(refused->token);
            issued && issued->resource == resource->resource.toUtf8()) {
            finding.exchanges.append(issued->exchange);
            finding.side = Side::AuthorizationServer;
            finding.advice =
                u"On the authorisation server's side: heed `resource`, which the token request named rightly (exchange %1), and issue the token for that."_s
                    .arg(issued->exchange);
        }
        found->append(finding);
    }
}

/// Seconds since 1970 of a claim (RFC 7519, 2: NumericDate).
std::optional<qint64> date(const JsonText &claims, QStringView name)
{
    constexpr double Most = 1e11;
    const std::optional<double> number = claims.number(claims.member(claims.root(), name));
    if (!number || !std::isfinite(*number) || std::abs(*number) > Most)
        return {};
    return qint64(*number);
}

/// By how many seconds the server's clock is before ours: its Date against the time at which the
/// head came; nothing where it says none.
std::optional<qint64> clockAhead(const TraceFacts &facts, ExchangeId id)
{
    // RFC 9110, 5.6.7: the one form that may be sent.
    QDateTime its =
        QLocale::c().toDateTime(QString::fromLatin1(facts.responseHeader(id, "Date")).trimmed(),
                                u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    its.setTimeZone(QTimeZone::utc());
    const qint64 head = facts.trace().summary(id).times.head;
    if (!its.isValid() || head < 0)
        return {};
    return facts.trace().began().addMSecs(head / 1'000'000).secsTo(its);
}

bool saysExpired(const TraceFacts &facts, ExchangeId id)
{
    const Challenges challenges = facts.challenges(id);
    const Challenge *challenge = challenges.forToken();
    return challenge && challenge->errorDescription().toLower().contains("expired");
}

void findExpiry(const TraceFacts &facts, QList<Finding> *found)
{
    constexpr qint64 Tolerance = 120; // seconds: what servers commonly allow clocks to differ
    for (const Exchange *refused : refusedTokens(facts)) {
        const ExchangeId id = refused->id;
        const qint64 now = facts.begun(id).toSecsSinceEpoch();
        const JsonText claims = jwtClaims(facts.token(refused->token));
        const std::optional<qint64> expires = date(claims, u"exp");
        const std::optional<qint64> from = date(claims, u"nbf");
        const std::optional<qint64> made = date(claims, u"iat");
        const std::optional<qint64> ahead = clockAhead(facts, id);
        const bool clocksDiffer = ahead && std::abs(*ahead) >= Tolerance;
        const qint64 there = now + ahead.value_or(0);
        QString why;
        Finding finding = facts.finding("AF-11", id);
        finding.advice = u"Get a new token."_s;
        // Who issued it may have another clock than all others.
        const SeenTokenRequest *issued = facts.issuedBy(refused->token);
        const qint64 issuerAhead =
            issued ? clockAhead(facts, issued->exchange).value_or(0) : qint64(0);
        const bool saysWhen = (expires && *expires <= now) || (from && *from > now);
        if (std::abs(issuerAhead) >= Tolerance && (saysWhen || saysExpired(facts, id))) {
            why =
                u"its token was issued by a server whose clock is %1 %2 ours (Date of exchange %3), by which the life of the token is reckoned"_s
                    .arg(timeSpan(std::abs(issuerAhead)),
                         issuerAhead > 0 ? u"ahead of"_s : u"behind"_s,
                         QString::number(issued->exchange));
            finding.advice =
                u"Set the clock of the authorisation server, or of this computer, whichever is wrong."_s;
            finding.side = Side::AuthorizationServer;
            finding.exchanges.append(issued->exchange);
            finding.evidence.append(facts.header(issued->exchange, QLatin1StringView("<Date")));
        } else if (expires && *expires <= now) {
            why = u"its token had expired %1 before (exp)"_s.arg(timeSpan(now - *expires));
        } else if (from && *from > now) {
            why = u"its token is valid only %1 later (nbf)"_s.arg(timeSpan(*from - now));
            finding.advice = u"Wait, or set the clock of this computer, if that is slow."_s;
        } else if (clocksDiffer
                   && ((expires && *expires <= there) || (from && *from > there)
                       || (made && *made > there) || !claims.isValid())) {
            why = u"the clock of the server is %1 %2 ours (Date), by which tokens are judged"_s.arg(
                timeSpan(std::abs(*ahead)), *ahead > 0 ? u"ahead of"_s : u"behind"_s);
            finding.advice =
                u"Set the clock of the server, or of this computer, whichever is wrong."_s;
            finding.side = Side::Server;
        } else if (saysExpired(facts, id)) {
            why = u"the server says that its token has expired"_s;
        } else {
            continue;
        }
        finding.sentence = u"%1 was refused (401), and %2."_s.arg(asSubject(facts.name(id)), why);
        if (clocksDiffer && finding.side == Side::Person)
            finding.sentence += u" The clock of the server is %1 %2 ours."_s.arg(
                timeSpan(std::abs(*ahead)), *ahead > 0 ? u"ahead of"_s : u"behind"_s);
        if (expires)
            finding.evidence.append({id, u"exp of the token"_s, timeWords(*expires), {}, -1});
        if (from && *from > now)
            finding.evidence.append({id, u"nbf of the token"_s, timeWords(*from), {}, -1});
        if (clocksDiffer)
            finding.evidence.append(facts.header(id, QLatin1StringView("<Date")));
        else if (saysExpired(facts, id))
            finding.evidence.append(facts.header(id, QLatin1StringView("<WWW-Authenticate")));
        found->append(finding);
    }
}

void findLoop(const TraceFacts &facts, QList<Finding> *found)
{
    constexpr qsizetype Few = 3; // a person who tries again twice is no loop of a client
    QHash<QString, QList<ExchangeId>> inARow;
    const auto tell = [&](const QList<ExchangeId> &row) {
        if (row.size() < Few)
            return;
        Finding finding = facts.finding("AF-12", row.constFirst());
        finding.exchanges = row;
        finding.sentence =
            u"%1 was sent %2 times with the same token, and refused (401) each time: a client has to get another token, or stop."_s
                .arg(asSubject(facts.name(row.constFirst())), QString::number(row.size()));
        finding.advice =
            u"In the client: after 401 refresh the token, or authorise anew, before the request is sent again."_s;
        found->append(finding);
    };
    for (const Exchange &exchange : facts.exchanges()) {
        if (!exchange.toServer || exchange.left || exchange.token < 0 || exchange.status == 0)
            continue;
        const QString key = QString::number(exchange.connection) + u' '
            + QString::number(exchange.server) + u' ' + QString::number(exchange.token) + u' '
            + QString::fromLatin1(facts.request(exchange.id).method) + u' '
            + facts.request(exchange.id).what;
        if (exchange.status == 401) {
            inARow[key].append(exchange.id);
        } else if (const auto row = inARow.constFind(key); row != inARow.constEnd()) {
            tell(*row);
            inARow.erase(row);
        }
    }
    QList<QList<ExchangeId>> rest = inARow.values();
    std::sort(rest.begin(), rest.end());
    for (const QList<ExchangeId> &row : std::as_const(rest))
        tell(row);
}

} // namespace

QList<Rule> credentialRules()
{
    return {{QLatin1StringView("AF-10"), findWrongAudience},
            {QLatin1StringView("AF-11"), findExpiry},
            {QLatin1StringView("AF-12"), findLoop}};
}

} // namespace sightglass
