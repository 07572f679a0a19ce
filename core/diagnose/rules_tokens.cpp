// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// AF-60 to AF-66: tokens in use. (AF-61 and AF-67 are failures, see explained().)
#include "core/diagnose/failed_refresh.h"
#include "core/diagnose/rule_words.h"
#include "core/diagnose/rules.h"

#include <QMap>
#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Exchange = TraceFacts::Exchange;

bool lacksScope(const TraceFacts &facts, const Exchange &exchange)
{
    if (!exchange.toServer || exchange.status != 403)
        return false;
    const Challenges challenges = facts.challenges(exchange.id);
    const Challenge *challenge = challenges.forToken();
    return challenge && challenge->error() == "insufficient_scope";
}

void findFreshRefused(const TraceFacts &facts, QList<Finding> *found)
{
    QHash<qint32, QList<const Exchange *>> used; // by token that was issued here
    for (const SeenTokenRequest &token : facts.tokens()) {
        if (const qint32 number = facts.tokenNumber(token.accessToken);
            token.succeeded() && number >= 0)
            used.insert(number, {});
    }
    if (used.isEmpty())
        return;
    for (const Exchange &exchange : facts.exchanges()) {
        if (const auto uses = used.find(exchange.token);
            exchange.toServer && !exchange.left && exchange.status != 0 && uses != used.end())
            uses->append(&exchange);
    }
    for (const SeenTokenRequest &token : facts.tokens()) {
        if (!token.succeeded())
            continue;
        const QList<const Exchange *> uses = used.value(facts.tokenNumber(token.accessToken));
        const auto first = std::upper_bound(
            uses.begin(), uses.end(), token.exchange,
            [](ExchangeId id, const Exchange *exchange) { return id < exchange->id; });
        if (first == uses.end() || (*first)->status != 401 || facts.gotAnotherToken(**first))
            continue;
        const ExchangeId id = (*first)->id;
        Finding finding = facts.finding("AF-60", id);
        finding.exchanges.append(token.exchange);
        finding.sentence =
            u"%1 was refused (401) with a token that had just been issued (exchange %2): its audience, issuer or scope is not what the server expects."_s
                .arg(asSubject(facts.name(id)), QString::number(token.exchange));
        finding.advice =
            u"Compare what the token says (aud, iss, scope) with the metadata of the resource. On the authorisation server's side: heed `resource`."_s;
        finding.evidence = {facts.header(id, QLatin1StringView("<WWW-Authenticate")),
                            {token.exchange, u"resource"_s, facts.quoted(token.resource), {}, -1}};
        found->append(finding);
    }
}

void findRefreshForScope(const TraceFacts &facts, QList<Finding> *found)
{
    struct State {
        ExchangeId lacking = 0; ///< 403 for lack of scope
        ExchangeId refresh = 0; ///< that came after it
    };
    QHash<qint32, State> states; // by server
    qsizetype next = 0; // in tokens()
    for (const Exchange &exchange : facts.exchanges()) {
        if (next < facts.tokens().size() && facts.tokens().at(next).exchange == exchange.id) {
            const SeenTokenRequest &token = facts.tokens().at(next++);
            State &state = states[exchange.behalf];
            if (token.grant == "refresh_token") {
                if (state.lacking > 0 && token.succeeded())
                    state.refresh = exchange.id;
            } else if (token.succeeded()) {
                state = {};
            }
            continue;
        }
        if (!lacksScope(facts, exchange))
            continue;
        State &state = states[exchange.server];
        if (state.refresh > 0) {
            Finding finding = facts.finding("AF-62", exchange.id);
            finding.exchanges = {state.lacking, state.refresh, exchange.id};
            finding.sentence =
                u"%1 was refused for lack of scope (403), the client refreshed its token (exchange %2), and it was refused again: a refresh cannot widen the scope (RFC 6749, 6)."_s
                    .arg(asSubject(facts.name(exchange.id)), QString::number(state.refresh));
            finding.advice =
                u"In the client: authorise anew, with the scope of the challenge added to the one that it has."_s;
            finding.evidence = {facts.header(exchange.id, QLatin1StringView("<WWW-Authenticate"))};
            found->append(finding);
        }
        state.lacking = exchange.id;
        state.refresh = 0;
    }
}

void findLostScope(const TraceFacts &facts, QList<Finding> *found)
{
    QHash<qint32, std::pair<ExchangeId, QStringList>> granted; // by server
    for (const SeenTokenRequest &token : facts.tokens()) {
        if (!token.succeeded())
            continue;
        const qint32 server = facts.exchange(token.exchange).behalf;
        const auto before = granted.constFind(server);
        const bool asked = !token.askedScope.isEmpty();
        if (token.grant == "refresh_token" && token.scope
            && (asked || before != granted.constEnd())) {
            // Whoever asks for less wants less.
            const QStringList due = asked ? token.askedScope : before->second;
            QStringList lost = due;
            lost.removeIf([&](const QString &scope) { return token.scope->contains(scope); });
            if (!lost.isEmpty()) {
                Finding finding = facts.finding("AF-63", token.exchange);
                if (before != granted.constEnd())
                    finding.exchanges.prepend(before->first);
                const QString now = facts.quoted(token.scope->join(u' '));
                const QString lostWords = facts.quoted(listWords(lost));
                if (asked) {
                    finding.side = Side::AuthorizationServer;
                    finding.sentence =
                        u"The refresh asked for “%1”, and the new token has “%2” only: %3 is lost."_s
                            .arg(facts.quoted(due.join(u' ')), now, lostWords);
                    finding.advice =
                        u"Authorise anew, if what is lost is needed. On the authorisation server's side: grant to a refresh what was granted at first (RFC 6749, 6)."_s;
                } else {
                    finding.sentence =
                        u"The refresh asked for no scope, and the new token has “%1” only: %2 is lost."_s
                            .arg(now, lostWords);
                    finding.advice =
                        u"In the client: send the scope that was granted with each refresh. On the authorisation server's side: without one it stays as it was (RFC 6749, 6)."_s;
                }
                finding.evidence = {
                    comparison(token.exchange, u"scope"_s, now, facts.quoted(due.join(u' ')))};
                found->append(finding);
            }
        }
        if (token.scope)
            granted.insert(server, {token.exchange, *token.scope});
    }
}

/// AF-64, where the first answer never came.
void tellLostRefresh(const FailedRefresh &failed, Finding *finding)
{
    finding->sentence =
        u"The refresh was refused (%1, invalid_grant): its refresh token had been sent before (exchange %2), and the answer to that was lost. It is spent all the same, as it seems."_s
            .arg(QString::number(failed.request->status), QString::number(failed.first));
    finding->advice =
        u"Authorise anew. Look at why the connection broke: a refresh token that is replaced with each use is lost with the answer. On the authorisation server's side: take the one before for some seconds more."_s;
    finding->evidence = {{failed.first, u"refresh_token"_s, u"no answer"_s, {}, -1},
                         {failed.request->exchange, u"refresh_token"_s, u"the same"_s, {}, -1}};
}

void findRefreshTwice(const TraceFacts &facts, QList<Finding> *found)
{
    for (const FailedRefresh &failed : failedRefreshes(facts)) {
        const bool lost = failed.why == FailedRefresh::Why::AnswerLost;
        if (!lost && failed.why != FailedRefresh::Why::UsedTwice)
            continue;
        Finding finding = facts.finding("AF-64", failed.request->exchange);
        finding.exchanges.prepend(failed.first);
        if (lost) {
            tellLostRefresh(failed, &finding);
            found->append(finding);
            continue;
        }
        finding.sentence =
            u"The refresh was refused (%1, invalid_grant): its refresh token had been used before (exchange %2), and is spent since."_s
                .arg(QString::number(failed.request->status), QString::number(failed.first));
        finding.advice =
            u"In the client: refresh once at a time, and keep the new refresh token before anything else is done."_s;
        finding.evidence = {{failed.first, u"refresh_token"_s, u"accepted"_s, {}, -1},
                            {failed.request->exchange, u"refresh_token"_s, u"the same"_s, {}, -1}};
        found->append(finding);
    }
}

void findOddRefreshError(const TraceFacts &facts, QList<Finding> *found)
{
    for (const FailedRefresh &failed : failedRefreshes(facts)) {
        if (failed.why != FailedRefresh::Why::OddError)
            continue;
        const SeenTokenRequest &token = *failed.request;
        Finding finding = facts.finding("AF-65", token.exchange);
        finding.sentence =
            u"The refresh was refused (%1) with “%2”, where invalid_grant says that the refresh token is no longer valid (RFC 6749, 5.2)."_s
                .arg(QString::number(token.status), facts.quoted(token.error));
        finding.advice =
            u"Authorise anew. On the authorisation server's side: answer with invalid_grant, by which clients know that they have to."_s;
        finding.evidence = {
            comparison(token.exchange, u"error"_s, facts.quoted(token.error), u"invalid_grant"_s)};
        found->append(finding);
    }
}

void findStreamOutlivesToken(const TraceFacts &facts, QList<Finding> *found)
{
    QHash<std::pair<qint32, qint32>, ExchangeId> opened; // by server and token: the newest
    QMap<qint32, Finding> open; // by server: not mended so far
    for (const Exchange &exchange : facts.exchanges()) {
        if (!exchange.toServer || !facts.isListening(exchange) || exchange.left)
            continue;
        if (exchange.accepted()) {
            opened.insert({exchange.server, exchange.token}, exchange.id);
            open.remove(exchange.server);
            continue;
        }
        const ExchangeId before = opened.value({exchange.server, exchange.token});
        if (exchange.status != 401 || exchange.token < 0 || before == 0)
            continue;
        if (const auto told = open.find(exchange.server); told != open.end()) {
            told->exchanges.append(exchange.id);
            continue;
        }
        Finding finding = facts.finding("AF-66", exchange.id);
        finding.exchanges.prepend(before);
        finding.sentence =
            u"%1 was refused (401) with the token with which the stream had been opened before (exchange %2): the token ran out while the stream was open."_s
                .arg(asSubject(facts.name(exchange.id)), QString::number(before));
        finding.advice =
            u"In the client: refresh the token before it runs out, or at this 401, then resume the stream with the new one."_s;
        finding.evidence = {facts.header(exchange.id, QLatin1StringView(">Authorization")),
                            facts.header(before, QLatin1StringView(">Authorization"))};
        open.insert(exchange.server, finding);
    }
    for (const Finding &finding : std::as_const(open))
        found->append(finding);
}

} // namespace

QList<Rule> tokenRules()
{
    return {{QLatin1StringView("AF-60"), findFreshRefused},
            {QLatin1StringView("AF-62"), findRefreshForScope},
            {QLatin1StringView("AF-63"), findLostScope},
            {QLatin1StringView("AF-64"), findRefreshTwice},
            {QLatin1StringView("AF-65"), findOddRefreshError},
            {QLatin1StringView("AF-66"), findStreamOutlivesToken}};
}

} // namespace sightglass
