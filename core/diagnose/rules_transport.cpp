// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// AF-88 to AF-96: streams, redirects, proxies. (AF-91, AF-94 and AF-97 to AF-99 are failures, see
// explained().)
#include "core/diagnose/failed_refresh.h"
#include "core/diagnose/rule_words.h"
#include "core/diagnose/rules.h"

#include "core/auth/oauth/oauth_metadata.h"
#include "core/http/origin.h"
#include "core/jsonrpc/envelope.h"
#include "core/sse/sse_parser.h"
#include "core/trace/trace_text.h"

#include <QMap>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Exchange = TraceFacts::Exchange;

constexpr qint64 Second = 1'000'000'000; // in the trace's nanoseconds

bool isEventStream(const TraceFacts &facts, const Exchange &exchange)
{
    return exchange.toServer && exchange.accepted() && !exchange.left
        && facts.mediaType(exchange.id) == "text/event-stream";
}

/// "the event stream (GET)", "the event stream of POST tools/call x".
QString streamName(const TraceFacts &facts, ExchangeId id)
{
    return facts.exchange(id).isStream() ? facts.name(id)
                                         : u"the event stream of %1"_s.arg(facts.name(id));
}

/// What a server sends as soon as a stream is open: a comment, `retry`, an event that has an id and
/// no data.
bool isGreeting(const TraceFacts &facts, ExchangeId id)
{
    const Frame first = facts.trace().frame(id, 0);
    if (first.kind != FrameKind::Event)
        return first.kind == FrameKind::Comment || first.kind == FrameKind::Retry
            || first.kind == FrameKind::Ignored;
    constexpr qint64 Most = 4096;
    return first.end - first.start < Most
        && frameContent(first.kind,
                        facts.trace().responseBody(id, first.start, first.end - first.start))
               .data.isEmpty();
}

void findHeldBack(const TraceFacts &facts, QList<Finding> *found)
{
    constexpr qint64 Together = Second / 4;
    constexpr qint64 SeveralEvents = 3; // an answer and a word beside it may well come together
    for (const Exchange &exchange : facts.exchanges()) {
        if (!isEventStream(facts, exchange))
            continue;
        const ExchangeId id = exchange.id;
        const ExchangeSummary summary = facts.trace().summary(id);
        const qint64 chunks = facts.trace().chunkCount(id);
        if (!summary.finished || summary.frames < 2 || chunks == 0 || summary.times.head < 0)
            continue;
        const qint64 first = facts.trace().chunk(id, 0).at;
        const qint64 last = facts.trace().chunk(id, chunks - 1).at;
        if (first - summary.times.head < Second || last - first > Together
            || summary.times.ended - last > Second
            || (summary.events < SeveralEvents && !isGreeting(facts, id)))
            continue;
        Finding finding = facts.finding("AF-88", id);
        finding.sentence =
            u"On %1 nothing came for %2 after its head, then all of it (%3) at once as it ended: something in between holds events back."_s
                .arg(streamName(facts, id), humanDuration(first - summary.times.head),
                     summary.events == 1 ? u"1 event"_s : u"%1 events"_s.arg(summary.events));
        finding.advice =
            u"In the proxy before the server: switch buffering off for this path (nginx: proxy_buffering off), or have the server send X-Accel-Buffering: no."_s;
        finding.evidence = {
            {id, u"head"_s, humanDuration(summary.times.head - summary.times.begun), {}, -1},
            {id, u"first byte of the body"_s, humanDuration(first - summary.times.begun), {}, -1},
            {id, u"end"_s, humanDuration(summary.times.ended - summary.times.begun), {}, -1}};
        found->append(finding);
    }
}

void findCompressed(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<qint32> told;
    for (const Exchange &exchange : facts.exchanges()) {
        if (!isEventStream(facts, exchange) || told.contains(exchange.server))
            continue;
        const QByteArray encoding = facts.responseHeader(exchange.id, "Content-Encoding").trimmed();
        if (encoding.isEmpty() || encoding.toLower() == "identity")
            continue;
        told.insert(exchange.server);
        Finding finding = facts.finding("AF-89", exchange.id);
        finding.sentence =
            u"%1 is compressed (Content-Encoding: %2): events are held back until there is enough to compress."_s
                .arg(asSubject(streamName(facts, exchange.id)), facts.quoted(encoding));
        finding.advice =
            u"In the server, or the proxy before it: do not compress text/event-stream."_s;
        if (facts.carries(exchange.id, "Accept-Encoding"))
            finding.evidence.append(
                facts.header(exchange.id, QLatin1StringView(">Accept-Encoding")));
        found->append(finding);
    }
}

void findIdleEnd(const TraceFacts &facts, QList<Finding> *found)
{
    constexpr qint64 Least = 4 * Second; // what ends sooner is ended on purpose
    constexpr qint64 Silent = 2 * Second; // a greeting may come at the start
    struct Ended {
        ExchangeId exchange;
        qint64 age;
    };
    QMap<qint32, QList<Ended>> byServer;
    for (const Exchange &exchange : facts.exchanges()) {
        if (!isEventStream(facts, exchange) || !facts.isListening(exchange))
            continue;
        const ExchangeSummary summary = facts.trace().summary(exchange.id);
        const std::optional<Failure> failure = facts.trace().failure(exchange.id);
        if (!summary.finished || summary.times.head < 0
            || (failure && failure->kind == FailureKind::Cancelled))
            continue;
        const qint64 age = summary.times.ended - summary.times.head;
        const qint64 lastByte = std::max(summary.times.lastByte, summary.times.head);
        if (age >= Least && lastByte - summary.times.head <= Silent)
            byServer[exchange.server].append({exchange.id, age});
    }
    for (auto server = byServer.cbegin(); server != byServer.cend(); ++server) {
        const QList<Ended> &ended = server.value();
        const qint64 age = ended.constFirst().age;
        const bool regular = std::all_of(ended.begin(), ended.end(), [age](const Ended &one) {
            return std::abs(one.age - age) <= std::max(Second, age / 50);
        });
        if (ended.size() < 2 || !regular)
            continue;
        Finding finding = facts.finding("AF-90", ended.constFirst().exchange);
        finding.exchanges.clear();
        finding.evidence.clear();
        for (const Ended &one : ended) {
            finding.exchanges.append(one.exchange);
            if (finding.evidence.size() < 5)
                finding.evidence.append({one.exchange, u"age"_s, humanDuration(one.age), {}, -1});
        }
        finding.sentence =
            u"Event streams on which nothing came were ended after %1, %2 of them: something in between ends connections that are idle so long."_s
                .arg(humanDuration(age), QString::number(ended.size()));
        finding.advice =
            u"On the server's side: send a comment as keep-alive more often than that; or raise the idle timeout of the proxy."_s;
        found->append(finding);
    }
}

QUrl redirectTarget(const TraceFacts &facts, const Exchange &exchange)
{
    if (!exchange.toServer || exchange.left || exchange.status / 100 != 3)
        return {};
    const QByteArray location = facts.responseHeader(exchange.id, "Location");
    return location.isEmpty()
        ? QUrl()
        : facts.request(exchange.id).url.resolved(QUrl::fromEncoded(location));
}

void findLoginRedirect(const TraceFacts &facts, QList<Finding> *found)
{
    static const QRegularExpression login(
        u"(^|[/._-])(login|log-in|signin|sign-in|sign_in|sso|saml2?|authorize|oauth2)([/._-]|$)"_s,
        QRegularExpression::CaseInsensitiveOption);
    QSet<qint32> told;
    for (const Exchange &exchange : facts.exchanges()) {
        if ((exchange.status != 302 && exchange.status != 303) || told.contains(exchange.server))
            continue;
        const QUrl target = redirectTarget(facts, exchange);
        if (!login.match(target.path()).hasMatch())
            continue;
        told.insert(exchange.server);
        Finding finding = facts.finding("AF-92", exchange.id);
        finding.sentence =
            u"%1 was redirected (%2) to %3: a login for browsers stands in front of the server."_s
                .arg(
                    asSubject(facts.name(exchange.id)), QString::number(exchange.status),
                    facts.quoted(target.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery)));
        finding.advice =
            u"Use an address or a token that passes it, or exempt the MCP endpoint from the login."_s;
        found->append(finding);
    }
}

void findSlashRedirect(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<QString> told;
    for (const Exchange &exchange : facts.exchanges()) {
        const QUrl target = redirectTarget(facts, exchange);
        const QUrl from = facts.request(exchange.id).url;
        if (target.isEmpty() || !(Origin::of(target) == Origin::of(from))
            || uriDifference(target.path(QUrl::FullyEncoded), from.path(QUrl::FullyEncoded))
                != UriDifference::TrailingSlash
            || told.contains(facts.endpoint(exchange.id)))
            continue;
        told.insert(facts.endpoint(exchange.id));
        Finding finding = facts.finding("AF-93", exchange.id);
        const QString to = facts.quoted(
            target.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo | QUrl::RemoveQuery));
        const QString asked = facts.quoted(facts.endpoint(exchange.id));
        finding.sentence =
            u"%1 was redirected (%2) from %3 to %4: they differ by the slash at the end, and every request goes out twice.%5"_s
                .arg(asSubject(facts.name(exchange.id)), QString::number(exchange.status), asked,
                     to,
                     exchange.status == 307 || exchange.status == 308
                         ? QString()
                         : u" A POST that is redirected so may become a GET."_s);
        finding.advice = u"Give %1 as the URL."_s.arg(to);
        finding.evidence = {comparison(exchange.id, u"Location"_s, to, asked)};
        found->append(finding);
    }
}

void findProxyRefusal(const TraceFacts &facts, QList<Finding> *found)
{
    for (const Exchange &exchange : facts.exchanges()) {
        if (exchange.status != 407 || exchange.left)
            continue;
        Finding finding = facts.finding("AF-95", exchange.id);
        finding.sentence =
            u"%1 was refused by the proxy (407), which wants credentials of its own."_s.arg(
                asSubject(facts.name(exchange.id)));
        finding.advice = u"Give user name and password of the proxy, or go without it."_s;
        found->append(finding);
    }
}

/// What is wrong with the data of an event; empty: nothing.
QString malformed(const SseContent &event)
{
    if (event.type != "message" || event.data.isEmpty())
        return {};
    const EnvelopeBatch batch = scanBody(event.data);
    if (batch.error)
        return u"is no JSON: %1"_s.arg(batch.error->sentence);
    for (const Envelope &message : batch.messages) {
        if (message.kind == EnvelopeKind::Malformed)
            return message.problems.isEmpty()
                ? u"is no message of JSON-RPC"_s
                : u"is no message of JSON-RPC: %1"_s.arg(message.problems.constFirst().sentence);
    }
    return {};
}

void findMalformedEvents(const TraceFacts &facts, QList<Finding> *found)
{
    for (const Exchange &exchange : facts.exchanges()) {
        if (facts.stopped())
            return;
        if (!isEventStream(facts, exchange))
            continue;
        const ExchangeId id = exchange.id;
        const ExchangeSummary summary = facts.trace().summary(id);
        QString wrong;
        Frame at;
        for (qint64 i = 0; i < summary.frames && wrong.isEmpty(); ++i) {
            at = facts.trace().frame(id, i);
            if (at.end > MostBodyBytes)
                break;
            if (isDispatched(at.kind))
                wrong = malformed(frameContent(
                    at.kind, facts.trace().responseBody(id, at.start, at.end - at.start)));
        }
        if (wrong.isEmpty() && summary.finished && summary.frames > 0
            && !facts.trace().failure(id)) {
            at = facts.trace().frame(id, summary.frames - 1);
            if (at.kind == FrameKind::Incomplete)
                wrong = u"lacks the blank line at its end, so that it never counts"_s;
        }
        if (wrong.isEmpty())
            continue;
        Finding finding = facts.finding("AF-96", id);
        finding.sentence = u"An event on %1 %2"_s.arg(streamName(facts, id), wrong);
        if (!finding.sentence.endsWith(u'.'))
            finding.sentence += u'.';
        finding.advice = u"The fault is on the server's side: look at the bytes of the exchange."_s;
        finding.evidence = {
            {id,
             u"bytes %1 to %2"_s.arg(QString::number(at.start), QString::number(at.end)),
             facts.quoted(QString::fromUtf8(facts.trace().responseBody(
                 id, at.start, std::min<qint64>(160, at.end - at.start)))),
             {},
             -1}};
        found->append(finding);
    }
}

/// AF-98 of what is asked beside MCP, which has no failures of its own in a trace.
void findBusyIssuer(const TraceFacts &facts, QList<Finding> *found)
{
    using Kind = ExchangeKind;
    QHash<std::pair<qint32, int>, ExchangeId> good; // for the sake of a server, by kind: the newest
    const auto isGood = [&](ExchangeId id, Kind kind) {
        ExchangeId &newest = good[{facts.exchange(id).behalf, int(kind)}];
        newest = std::max(newest, id);
    };
    for (const SeenIssuer &issuer : facts.issuers())
        isGood(issuer.exchange, Kind::Discovery);
    for (const SeenTokenRequest &token : facts.tokens()) {
        if (token.succeeded())
            isGood(token.exchange, Kind::Token);
    }
    for (const SeenRegistration &one : facts.registrations()) {
        if (one.status / 100 == 2)
            isGood(one.exchange, Kind::Registration);
    }
    for (const Exchange &exchange : facts.exchanges()) {
        if (exchange.kind != Kind::Discovery && exchange.kind != Kind::Token
            && exchange.kind != Kind::Registration)
            continue;
        // It was had elsewhere, or later.
        const ExchangeId newest = good.value({exchange.behalf, int(exchange.kind)}, 0);
        if (!isBusy(facts, exchange.id) || newest > exchange.id)
            continue;
        const bool ofServer = exchange.server == exchange.behalf;
        Finding finding = facts.finding("AF-98", exchange.id);
        finding.side = ofServer ? Side::Server : Side::AuthorizationServer;
        finding.sentence = u"%1 was answered with %2, and Retry-After: %3."_s.arg(
            asSubject(facts.name(exchange.id)), QString::number(exchange.status),
            facts.quoted(facts.responseHeader(exchange.id, "Retry-After")));
        finding.advice = ofServer
            ? u"The server is busy or limits its callers: wait, then try again."_s
            : u"The authorisation server is busy or limits its callers: wait, then try again."_s;
        found->append(finding);
    }
}

} // namespace

QList<Rule> transportRules()
{
    return {{QLatin1StringView("AF-88"), findHeldBack},
            {QLatin1StringView("AF-89"), findCompressed},
            {QLatin1StringView("AF-90"), findIdleEnd},
            {QLatin1StringView("AF-92"), findLoginRedirect},
            {QLatin1StringView("AF-93"), findSlashRedirect},
            {QLatin1StringView("AF-95"), findProxyRefusal},
            {QLatin1StringView("AF-96"), findMalformedEvents},
            {QLatin1StringView("AF-98"), findBusyIssuer}};
}

} // namespace sightglass
