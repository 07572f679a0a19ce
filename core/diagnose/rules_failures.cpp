// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// Failures that have their id already, or get it from explained().
#include "core/diagnose/catalogue.h"
#include "core/diagnose/redirect_story.h"
#include "core/diagnose/refusal.h"
#include "core/diagnose/rules.h"
#include "core/http/header_list.h"

#include <QSet>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// To look at the cause of one takes time in proportion to the trace. Those that are alike are
/// looked at once; of a trace that is made to have no two alike, so many.
constexpr int MostExplained = 200;

using Failed = TraceFacts::Failed;

/// What failures have in common that have the same cause.
QByteArray likeness(const TraceFacts &facts, const Failure &failure)
{
    const TraceFacts::Exchange &exchange = facts.exchange(failure.exchange);
    const RequestRecord &request = facts.request(failure.exchange);
    QByteArrayList parts{failure.code.toLatin1(),
                         failure.finding.toLatin1(),
                         exchangeKindName(exchange.kind),
                         QByteArray::number(exchange.status),
                         QByteArray::number(exchange.server),
                         QByteArray::number(exchange.connection),
                         QByteArray::number(exchange.token),
                         QByteArray::number(request.cause > 0 ? 1 : 0),
                         request.acting.toLatin1()};
    for (const Header &line : request.headers) {
        if (Redactor::isSecret(line))
            parts.append(line.name.toLower());
    }
    for (const Withheld &withheld : request.withheld)
        parts.append('-' + withheld.name.toLower());
    return parts.join('\n');
}

/// The header that was not sent, and the one that was.
void showLack(const TraceFacts &facts, Finding *finding, ExchangeId refused)
{
    const std::optional<Lack> lack = lackOf(facts.trace(), refused);
    if (!lack)
        return;
    finding->evidence.clear();
    const QByteArray name = lack->headers.constFirst();
    const QByteArray shown = '>' + name;
    finding->evidence.append(facts.header(refused, QLatin1StringView(shown)));
    finding->evidence.append(facts.header(lack->accepted, QLatin1StringView(shown)));
}

/// Where a redirect led.
void showRedirect(const TraceFacts &facts, Finding *finding, ExchangeId id)
{
    const std::optional<RedirectStory> story = redirectStory(facts.trace(), id);
    if (!story)
        return;
    finding->evidence.clear();
    finding->evidence.append(facts.header(story->hop, QLatin1StringView("<Location")));
    if (finding->id == "AF-08"_L1)
        finding->evidence.append(facts.header(id, QLatin1StringView(">Authorization")));
}

bool isLackOfCredentials(const QString &id)
{
    return id >= "AF-01"_L1 && id <= "AF-05"_L1;
}

Finding asFinding(const TraceFacts &facts, const Failure &failure)
{
    const QByteArray name = failure.finding.toLatin1();
    const ExchangeId id = failure.exchange;
    Finding finding = facts.finding(name.constData(), id);
    finding.sentence = facts.redactor().text(failure.sentence);
    if (!failure.advice.isEmpty())
        finding.advice = facts.redactor().text(failure.advice);
    if (finding.title.isEmpty()) // of a later version's catalogue
        finding.title = failure.code;
    if (id <= 0)
        return finding;
    if (isLackOfCredentials(finding.id))
        showLack(facts, &finding, id);
    else if (finding.id == "AF-06"_L1 || finding.id == "AF-07"_L1)
        finding.evidence = {facts.header(id, QLatin1StringView(">Authorization"))};
    else if (finding.id == "AF-08"_L1 || finding.id == "AF-92"_L1)
        showRedirect(facts, &finding, id);
    else if (finding.id == "AF-10"_L1 && facts.issuedBy(facts.exchange(id).token))
        finding.side = Side::AuthorizationServer; // our flow names the resource
    else if (finding.id == "AF-11"_L1 && failure.code == "oauth"_L1)
        finding.side = Side::AuthorizationServer; // seen when the token came
    else if (finding.id == "AF-85"_L1 && isAcceptRight(facts.request(id)))
        finding.side = Side::Server;
    if (!facts.request(id).acting.isEmpty() && finding.side == Side::Person)
        finding.side = Side::Client;
    return finding;
}

/// Requests that were accepted, by what they asked: the newest of each.
class Accepted {
public:
    explicit Accepted(const TraceFacts &facts)
        : m_facts(facts)
    {
    }
    bool after(ExchangeId id)
    {
        if (m_newest.isEmpty()) {
            for (const TraceFacts::Exchange &exchange : m_facts.exchanges()) {
                if (exchange.toServer && exchange.accepted())
                    m_newest.insert(key(exchange), exchange.id);
            }
        }
        return m_newest.value(key(m_facts.exchange(id)), 0) > id;
    }

private:
    QString key(const TraceFacts::Exchange &exchange) const
    {
        return QString::number(exchange.server) + u' ' + m_facts.request(exchange.id).what;
    }

    const TraceFacts &m_facts;
    QHash<QString, ExchangeId> m_newest;
};

/// A stream that was open may break off at any time: of the server's own, and of one that was taken
/// up again, nothing is lost.
class BrokenStreams {
public:
    explicit BrokenStreams(const TraceFacts &facts)
        : m_facts(facts)
    {
        for (const TraceFacts::Exchange &exchange : facts.exchanges()) {
            const ExchangeId cause = facts.request(exchange.id).cause;
            if (exchange.kind == ExchangeKind::Reconnect && exchange.accepted() && cause > 0)
                m_resumed.insert(cause);
        }
    }
    bool has(const Failure &failure) const
    {
        if (failure.finding != "AF-99"_L1 || failure.exchange <= 0)
            return false;
        const TraceFacts::Exchange &exchange = m_facts.exchange(failure.exchange);
        return exchange.accepted() && (exchange.isStream() || m_resumed.contains(exchange.id));
    }

private:
    const TraceFacts &m_facts;
    QSet<ExchangeId> m_resumed;
};

/// Answers to a refresh that were lost, so that the next was refused: that is told as AF-64.
class LostRefreshes {
public:
    explicit LostRefreshes(const TraceFacts &facts)
    {
        QHash<QByteArray, QList<ExchangeId>> lost; // by refresh token
        for (const SeenTokenRequest &token : facts.tokens()) {
            if (token.grant != "refresh_token" || token.refreshToken.isEmpty())
                continue;
            if (token.status == 0) {
                lost[token.refreshToken].append(token.exchange);
            } else if (token.error == "invalid_grant") {
                const QList<ExchangeId> before = lost.take(token.refreshToken);
                m_told.unite(QSet<ExchangeId>(before.begin(), before.end()));
            }
        }
    }
    bool has(const Failure &failure) const
    {
        return failure.finding == "AF-99"_L1 && m_told.contains(failure.exchange);
    }

private:
    QSet<ExchangeId> m_told;
};

/// That a refresh token was good for nothing any more (AF-11) was no failure where tokens were got
/// in another way then.
class RecoveredRefreshes {
public:
    explicit RecoveredRefreshes(const TraceFacts &facts)
        : m_facts(facts)
    {
        for (const SeenTokenRequest &token : facts.tokens()) {
            if (token.succeeded())
                m_succeeded.insert(facts.exchange(token.exchange).behalf, token.exchange);
        }
    }
    bool has(const Failure &failure) const
    {
        if (failure.finding != "AF-11"_L1 || failure.exchange <= 0 || failure.code == "oauth"_L1)
            return false;
        const TraceFacts::Exchange &exchange = m_facts.exchange(failure.exchange);
        return exchange.kind == ExchangeKind::Token
            && m_succeeded.value(exchange.behalf, 0) > exchange.id;
    }

private:
    const TraceFacts &m_facts;
    QHash<qint32, ExchangeId> m_succeeded; ///< the newest by server
};

void findNamedFailures(const TraceFacts &facts, QList<Finding> *found)
{
    QHash<QByteArray, Failure> alike;
    Accepted accepted(facts);
    const BrokenStreams brokenStreams(facts);
    const LostRefreshes lostRefreshes(facts);
    const RecoveredRefreshes recovered(facts);
    for (const Failed &failed : facts.failures()) {
        if (facts.stopped())
            return;
        Failure failure = failed.failure;
        if (failure.exchange > 0 && !failed.ofNote) {
            const QByteArray key = likeness(facts, failure);
            const auto known = alike.constFind(key);
            if (known != alike.constEnd()) {
                const ExchangeId id = failure.exchange;
                failure = *known;
                failure.exchange = id;
            } else if (alike.size() < MostExplained) {
                failure = explained(facts.trace(), failure);
                alike.insert(key, failure);
            }
        }
        if (failure.finding.isEmpty() || brokenStreams.has(failure) || lostRefreshes.has(failure)
            || recovered.has(failure))
            continue;
        // A scope that was got by a step-up was no failure.
        if (failure.finding == "AF-61"_L1 && failure.exchange > 0
            && accepted.after(failure.exchange))
            continue;
        found->append(asFinding(facts, failure));
    }
}

} // namespace

QList<Rule> failureRules()
{
    return {{QLatin1StringView(), findNamedFailures}};
}

} // namespace sightglass
