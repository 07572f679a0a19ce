// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// AF-10 to AF-12: the token that was sent, read as a JWT where it is one.
#include "core/diagnose/failed_refresh.h"
#include "core/diagnose/rule_words.h"
#include "core/diagnose/rules.h"

#include "core/http/origin.h"

#include <QLocale>
#include <QSet>
#include <QTimeZone>

#include <algorithm>
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

/// True where each of them is the URL of something at another origin.
bool isAllElsewhere(const QStringList &audiences, const QString &endpoint)
{
    const Origin here = Origin::of(QUrl(endpoint));
    return !audiences.isEmpty()
        && std::all_of(audiences.begin(), audiences.end(), [&here](const QString &audience) {
               const QUrl url(audience, QUrl::StrictMode);
               const bool web = url.scheme() == "https"_L1 || url.scheme() == "http"_L1;
               return url.isValid() && web && Origin::of(url).isValid()
                   && !(Origin::of(url) == here);
           });
}

/// A token that was kept says less than the new one that was refused, too: what is its issuer's
/// doing is told first.
QList<Finding> issuersFirst(QList<Finding> list)
{
    std::stable_partition(list.begin(), list.end(),
                          [](const Finding &one) { return one.side == Side::AuthorizationServer; });
    return list;
}

void findWrongAudience(const TraceFacts &facts, QList<Finding> *found)
{
    QList<Finding> list;
    for (const Exchange *refused : refusedTokens(facts)) {
        const JsonText claims = facts.claims(refused->token);
        if (!claims.isValid())
            continue;
        const QStringList meantFor = audiences(claims);
        const QString issuer = claims.string(claims.member(claims.root(), u"iss"));
        const SeenResource *resource = facts.resourceOf(refused->id);
        const SeenTokenRequest *issued = facts.issuedBy(refused->token);
        // Whoever has kept a log-in asks for no metadata: what it is to be for stands in the
        // request for the token.
        const QString wanted = resource ? resource->resource
            : issued                    ? QString::fromUtf8(issued->resource)
                                        : QString();
        const QString endpoint = facts.endpoint(refused->id);
        const QString meant = facts.quoted(meantFor.join(u", "_s));
        const QString name = asSubject(facts.name(refused->id));
        Finding finding = facts.finding("AF-10", refused->id);
        if (!meantFor.isEmpty() && !wanted.isEmpty() && !meantFor.contains(wanted)) {
            const QString self = facts.quoted(wanted);
            finding.sentence =
                (resource
                     ? u"%1 was refused (401), and its token is made for “%2” (aud), while the resource calls itself “%3”."_s
                     : u"%1 was refused (401), and its token is made for “%2” (aud), while “%3” was asked for (resource)."_s)
                    .arg(name, meant, self);
            finding.evidence.append(comparison(refused->id, u"aud of the token"_s, meant, self));
        } else if (!issuer.isEmpty() && resource && !resource->servers.isEmpty()
                   && !resource->servers.contains(issuer)) {
            finding.sentence =
                u"%1 was refused (401), and its token was issued by “%2” (iss), while the resource takes tokens of “%3”."_s
                    .arg(name, facts.quoted(issuer), facts.quoted(resource->servers.join(u", "_s)));
            finding.evidence.append(comparison(refused->id, u"iss of the token"_s,
                                               facts.quoted(issuer),
                                               facts.quoted(resource->servers.constFirst())));
        } else if (wanted.isEmpty() && isAllElsewhere(meantFor, endpoint)) {
            finding.sentence =
                u"%1 was refused (401), and its token is made for “%2” (aud), which is another server than “%3”."_s
                    .arg(name, meant, facts.quoted(endpoint));
            finding.evidence.append(
                comparison(refused->id, u"aud of the token"_s, meant, facts.quoted(endpoint)));
        } else {
            continue;
        }
        if (resource)
            finding.exchanges.append(resource->exchange);
        finding.advice =
            u"Get a token for this resource: the authorisation and the token request have to name it (resource)."_s;
        if (issued && !wanted.isEmpty() && issued->resource == wanted.toUtf8()) {
            finding.exchanges.append(issued->exchange);
            finding.side = Side::AuthorizationServer;
            finding.advice =
                u"On the authorisation server's side: heed `resource`, which the token request named rightly (exchange %1), and issue the token for that."_s
                    .arg(issued->exchange);
        }
        list.append(finding);
    }
    found->append(issuersFirst(list));
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

constexpr qint64 Tolerance = 120; // seconds: what servers commonly allow clocks to differ

/// By how many seconds a clock is before ours, and what shows it.
struct Clock {
    qint64 ahead = 0;
    bool isIssuer = false; ///< the clock of whoever issued the token, else of the server
    QString shownBy = {}; ///< "Date of exchange 3", "iat of the token"
    ExchangeId exchange = 0; ///< whose Date it is; 0: none

    bool isOff() const { return std::abs(ahead) >= Tolerance; }
    QString words() const
    {
        return u"%1 %2 ours"_s.arg(timeSpan(std::abs(ahead)),
                                   ahead > 0 ? u"ahead of"_s : u"behind"_s);
    }
};

/// A refused token, and the clocks that it is judged by. Times are seconds since 1970.
class Life {
public:
    Life(const TraceFacts &facts, const Exchange &refused)
        : m_claims(facts.claims(refused.token))
        , now(facts.begun(refused.id).toSecsSinceEpoch())
        , expires(date(m_claims, u"exp"))
        , from(date(m_claims, u"nbf"))
        , made(date(m_claims, u"iat"))
        , isKnown(m_claims.isValid())
        , saysExpired(sightglass::saysExpired(facts, refused.id))
    {
        if (const std::optional<qint64> ahead = clockAhead(facts, refused.id))
            server = {*ahead, false, u"Date"_s, refused.id};
        issuer = issuersClock(facts, refused);
    }

    /// By our clock.
    bool isOver() const { return (expires && *expires <= now) || (from && *from > now); }
    /// By the server's.
    bool isOverThere() const
    {
        const qint64 there = now + server.ahead;
        return (expires && *expires <= there) || (from && *from > there)
            || (made && *made > there + Tolerance) || !isKnown;
    }

private:
    /// Who issued it may have another clock than all others.
    Clock issuersClock(const TraceFacts &facts, const Exchange &refused) const
    {
        const SeenTokenRequest *issued = facts.issuedBy(refused.token);
        Clock clock{0, true, {}, 0};
        if (issued) {
            clock.exchange = issued->exchange;
            clock.ahead = clockAhead(facts, issued->exchange).value_or(0);
            clock.shownBy = u"Date of exchange %1"_s.arg(issued->exchange);
            if (clock.isOff() || !made)
                return clock;
        }
        // A token that is made later than now is made by a clock that is ahead; one that was over
        // when it came, by one that is behind.
        const qint64 came = issued ? facts.begun(issued->exchange).toSecsSinceEpoch() : qint64(now);
        const bool early = issued && expires && *expires <= came;
        if (made && (*made >= came + Tolerance || (early && *made <= came - Tolerance))) {
            clock.ahead = *made - came;
            clock.shownBy = u"iat of the token"_s;
        }
        return clock;
    }

    JsonText m_claims;

public:
    qint64 now;
    std::optional<qint64> expires; ///< exp
    std::optional<qint64> from; ///< nbf
    std::optional<qint64> made; ///< iat
    bool isKnown; ///< it is a JWT that can be read
    bool saysExpired; ///< in the words of the server
    Clock server;
    Clock issuer;
};

/// Whose clock is wrong, where a token was issued by one that is off.
void blameIssuer(const TraceFacts &facts, const Life &life, Finding *finding)
{
    const Clock &clock = life.issuer;
    // The server agrees with who issued it, and both disagree with us.
    const bool isOurs =
        life.server.isOff() && std::abs(life.server.ahead - clock.ahead) < Tolerance;
    finding->side = isOurs ? Side::Person : Side::AuthorizationServer;
    finding->advice = isOurs
        ? u"Set the clock of this computer: the servers agree with each other."_s
        : u"Set the clock of the authorisation server, or of this computer, whichever is wrong."_s;
    if (clock.exchange > 0) {
        finding->exchanges.append(clock.exchange);
        finding->evidence.append(facts.header(clock.exchange, QLatin1StringView("<Date")));
    }
    if (life.made)
        finding->evidence.append({finding->exchanges.constFirst(),
                                  u"iat of the token"_s,
                                  timeWords(*life.made),
                                  {},
                                  -1});
}

/// Why a token is over, or not yet good; empty: it is not.
QString whyOver(const TraceFacts &facts, const Life &life, Finding *finding)
{
    finding->advice = u"Get a new token."_s;
    if (life.issuer.isOff() && (life.isOver() || life.saysExpired)) {
        blameIssuer(facts, life, finding);
        return u"its token was issued by a server whose clock is %1 (%2), by which the life of the token is reckoned"_s
            .arg(life.issuer.words(), life.issuer.shownBy);
    }
    if (life.expires && *life.expires <= life.now)
        return u"its token had expired %1 before (exp)"_s.arg(timeSpan(life.now - *life.expires));
    if (life.from && *life.from > life.now) {
        finding->advice = u"Wait, or set the clock of this computer, if that is slow."_s;
        return u"its token is valid only %1 later (nbf)"_s.arg(timeSpan(*life.from - life.now));
    }
    if (life.server.isOff() && life.isOverThere()) {
        finding->advice =
            u"Set the clock of the server, or of this computer, whichever is wrong."_s;
        finding->side = Side::Server;
        return u"the clock of the server is %1 (Date), by which tokens are judged"_s.arg(
            life.server.words());
    }
    return life.saysExpired ? u"the server says that its token has expired"_s : QString();
}

const QString DeadWords =
    u"its refresh token is good no longer: it was revoked, has expired, or another program has used it"_s;
const QString DeadAdvice =
    u"Log in again. Where refresh tokens are replaced with each use, two programs that share one bring this about."_s;

/// How the renewal of the tokens of each server went, looked up once.
class Renewals {
public:
    explicit Renewals(const TraceFacts &facts)
        : m_facts(facts)
    {
    }
    const std::optional<FailedRefresh> &of(qint32 server)
    {
        const auto known = m_known.constFind(server);
        return known != m_known.constEnd()
            ? *known
            : *m_known.insert(server, renewalInVain(m_facts, server));
    }

private:
    const TraceFacts &m_facts;
    QHash<qint32, std::optional<FailedRefresh>> m_known;
};

/// That a token ran out is as it should be; what kept the client from a new one is what is told.
bool isToldElsewhere(const std::optional<FailedRefresh> &renewal)
{
    return renewal && renewal->why != FailedRefresh::Why::Dead
        && renewal->why != FailedRefresh::Why::Other;
}

void findExpiry(const TraceFacts &facts, QList<Finding> *found)
{
    QList<Finding> list;
    Renewals renewals(facts);
    for (const Exchange *refused : refusedTokens(facts)) {
        const ExchangeId id = refused->id;
        const Life life(facts, *refused);
        Finding finding = facts.finding("AF-11", id);
        const QString why = whyOver(facts, life, &finding);
        const std::optional<FailedRefresh> &renewal = renewals.of(refused->server);
        if (why.isEmpty() || isToldElsewhere(renewal))
            continue;
        finding.sentence = u"%1 was refused (401), and %2."_s.arg(asSubject(facts.name(id)), why);
        if (life.server.isOff() && finding.side == Side::Person)
            finding.sentence += u" The clock of the server is %1."_s.arg(life.server.words());
        if (renewal && renewal->why == FailedRefresh::Why::Dead) {
            const ExchangeId refresh = renewal->request->exchange;
            finding.exchanges.append(refresh);
            finding.sentence += u" The refresh was refused (exchange %1, invalid_grant): %2."_s.arg(
                QString::number(refresh), DeadWords);
            finding.advice = DeadAdvice;
        }
        if (life.expires)
            finding.evidence.append({id, u"exp of the token"_s, timeWords(*life.expires), {}, -1});
        if (life.from && *life.from > life.now)
            finding.evidence.append({id, u"nbf of the token"_s, timeWords(*life.from), {}, -1});
        if (life.server.isOff())
            finding.evidence.append(facts.header(id, QLatin1StringView("<Date")));
        else if (life.saysExpired)
            finding.evidence.append(facts.header(id, QLatin1StringView("<WWW-Authenticate")));
        list.append(finding);
    }
    found->append(issuersFirst(list));
}

void findDeadRefresh(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<qint32> told;
    Renewals renewals(facts);
    for (const SeenTokenRequest &token : facts.tokens()) {
        const qint32 server = facts.exchange(token.exchange).behalf;
        if (token.error != "invalid_grant" || told.contains(server))
            continue;
        const std::optional<FailedRefresh> &renewal = renewals.of(server);
        if (!renewal || renewal->why != FailedRefresh::Why::Dead)
            continue;
        told.insert(server);
        const ExchangeId id = renewal->request->exchange;
        Finding finding = facts.finding("AF-11", id);
        finding.sentence = u"The refresh was refused (%1, invalid_grant): %2."_s.arg(
            QString::number(renewal->request->status), DeadWords);
        finding.advice = DeadAdvice;
        finding.evidence = {{id, u"error"_s, u"invalid_grant"_s, {}, -1}};
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
            {QLatin1StringView("AF-11"), findDeadRefresh},
            {QLatin1StringView("AF-12"), findLoop}};
}

} // namespace sightglass
