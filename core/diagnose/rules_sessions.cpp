// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// AF-82 to AF-86: sessions, replicas, and the headers of the protocol. (AF-81 and AF-87 are
// failures, see explained().)
#include "core/diagnose/rule_words.h"
#include "core/diagnose/rules.h"

#include "core/jsonrpc/envelope.h"
#include "core/mcp/revision.h"
#include "core/sse/sse_parser.h"
#include "core/transport/answer_check.h"

#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Exchange = TraceFacts::Exchange;

/// What the server wrote of a refusal, in its JSON or else as text.
QString wordsOf(const TraceFacts &facts, ExchangeId id)
{
    constexpr qint64 Start = 16 * 1024;
    const QByteArray body = facts.trace().responseBody(id, 0, Start);
    const QString words = errorMessageIn(body);
    return words.isEmpty() && facts.mediaType(id) != "text/html" ? QString::fromUtf8(body) : words;
}

bool isUnknownSession(const TraceFacts &facts, const Exchange &exchange)
{
    return exchange.status == 400 && exchange.session >= 0 && !exchange.left && exchange.toServer
        && wordsOf(facts, exchange.id).contains("session"_L1, Qt::CaseInsensitive);
}

void findBadRequestForSession(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<qint32> told; // by server
    for (const Exchange &exchange : facts.exchanges()) {
        if (!isUnknownSession(facts, exchange) || told.contains(exchange.server))
            continue;
        told.insert(exchange.server);
        Finding finding = facts.finding("AF-82", exchange.id);
        finding.sentence =
            u"%1 was answered with 400, and the server says “%2”: for a session that it does not know 404 is due, by which clients know to open a new one."_s
                .arg(asSubject(facts.name(exchange.id)), facts.quoted(wordsOf(facts, exchange.id)));
        finding.advice =
            u"Connect anew. On the server's side: answer with 404 where the session id is not known."_s;
        found->append(finding);
    }
}

/// An answer about the session: 404 for what carries its id, but for a method that is not there,
/// and for a stream that is not offered.
bool isLostSession(const TraceFacts &facts, const Exchange &exchange)
{
    if (exchange.status != 404)
        return isUnknownSession(facts, exchange);
    if (exchange.kind != ExchangeKind::Post)
        return wordsOf(facts, exchange.id).contains("session"_L1, Qt::CaseInsensitive);
    constexpr qint64 MethodNotFound = -32601;
    const QByteArray body = facts.body(exchange.id);
    const Envelope answer = scanEnvelope(body);
    return answer.kind != EnvelopeKind::Error || answer.errorCode != MethodNotFound;
}

/// Accepted, refused, accepted again: what shows it so far, and one exchange more.
void follow(QList<ExchangeId> *shown, const Exchange &exchange)
{
    if (exchange.accepted() && shown->size() < 2)
        *shown = {exchange.id};
    else if (shown->size() == (exchange.accepted() ? 2 : 1))
        shown->append(exchange.id);
}

void findTurns(const TraceFacts &facts, QList<Finding> *found)
{
    QHash<std::pair<qint32, qint32>, QList<ExchangeId>> sessions;
    QSet<qint32> told; // by server
    for (const Exchange &exchange : facts.exchanges()) {
        if (!exchange.toServer || exchange.left || exchange.session < 0 || exchange.status == 0
            || told.contains(exchange.server))
            continue;
        if (!exchange.accepted() && !isLostSession(facts, exchange))
            continue;
        QList<ExchangeId> &shown = sessions[{exchange.server, exchange.session}];
        follow(&shown, exchange);
        if (shown.size() < 3)
            continue;
        told.insert(exchange.server);
        Finding finding = facts.finding("AF-83", shown.at(1));
        finding.exchanges = shown;
        finding.sentence =
            u"The session was known in exchange %1, not known in exchange %2 (%3), and known again in exchange %4: several copies of the server stand behind this address, which do not share their sessions."_s
                .arg(QString::number(shown.at(0)), QString::number(shown.at(1)),
                     QString::number(facts.exchange(shown.at(1)).status),
                     QString::number(shown.at(2)));
        finding.advice =
            u"Where the copies are run: route by Mcp-Session-Id, always to the same copy, or have them share the sessions."_s;
        found->append(finding);
    }
}

void findRefusedAtTimes(const TraceFacts &facts, QList<Finding> *found)
{
    constexpr int Accepted = 1;
    constexpr int Refused = 2;
    struct Tries {
        QList<ExchangeId> shown; ///< by follow()
        QHash<QString, int> asked; ///< by what was asked: how it was answered
        bool both = false; ///< one and the same in both ways: no matter of what may be done
        bool told = false;
    };
    QHash<QString, Tries> byCredentials;
    for (const Exchange &exchange : facts.exchanges()) {
        if (!exchange.toServer || exchange.left || (exchange.token < 0 && exchange.session < 0)
            || (!exchange.accepted() && exchange.status != 401))
            continue;
        Tries &tries =
            byCredentials[QString::number(exchange.server) + u' ' + QString::number(exchange.token)
                          + u' ' + QString::number(exchange.token < 0 ? exchange.session : -1)];
        const QString what =
            QString::number(int(exchange.kind)) + u' ' + facts.request(exchange.id).what;
        int &answered = tries.asked[what];
        answered |= exchange.accepted() ? Accepted : Refused;
        tries.both = tries.both || answered == (Accepted | Refused);
        follow(&tries.shown, exchange);
        if (tries.told || !tries.both || tries.shown.size() < 3)
            continue;
        tries.told = true;
        const QList<ExchangeId> &shown = tries.shown;
        Finding finding = facts.finding("AF-84", shown.at(1));
        finding.exchanges = shown;
        finding.sentence =
            u"%1 was refused (401, exchange %2), though the same credentials were accepted before (exchange %3) and after it (exchange %4): several copies of the server stand behind this address, of which not all know them."_s
                .arg(asSubject(facts.name(shown.at(1))), QString::number(shown.at(1)),
                     QString::number(shown.at(0)), QString::number(shown.at(2)));
        finding.advice =
            u"Where the copies are run: give all of them the same keys, and compare their versions and clocks."_s;
        found->append(finding);
    }
}

void findNarrowAccept(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<qint32> told;
    for (const Exchange &exchange : facts.exchanges()) {
        if (exchange.kind != ExchangeKind::Post || exchange.left || told.contains(exchange.server)
            || (exchange.status != 400 && exchange.status != 415))
            continue;
        const QByteArray accept = facts.requestHeader(exchange.id, "Accept").toLower();
        const bool all = accept.contains("*/*");
        const bool json = all || accept.contains("application/json");
        const bool stream = all || accept.contains("text/event-stream");
        if (json && stream)
            continue;
        // It may be refused for anything else: the words tell.
        if (!wordsOf(facts, exchange.id).contains("accept"_L1, Qt::CaseInsensitive))
            continue;
        told.insert(exchange.server);
        Finding finding = facts.finding("AF-85", exchange.id);
        finding.sentence = u"%1 was answered with %2: its Accept lacks %3."_s.arg(
            asSubject(facts.name(exchange.id)), QString::number(exchange.status),
            json ? u"text/event-stream"_s : u"application/json"_s);
        finding.advice =
            u"In the client: a POST has to list application/json and text/event-stream."_s;
        found->append(finding);
    }
}

/// The revision that an answer to initialize agrees on; empty: none is told.
QByteArray agreedRevision(const TraceFacts &facts, ExchangeId id)
{
    constexpr qint64 MostFrames = 20; // the answer may follow notifications
    // What the client could not read it has not agreed to.
    const QByteArray type = facts.mediaType(id);
    if (type != "application/json" && type != "text/event-stream")
        return {};
    QByteArrayList texts{facts.body(id)};
    const ExchangeSummary summary = facts.trace().summary(id);
    for (qint64 i = 0; i < std::min(summary.frames, MostFrames); ++i) {
        const Frame frame = facts.trace().frame(id, i);
        if (!isDispatched(frame.kind) || frame.end - frame.start > MostBodyBytes)
            continue;
        texts.append(
            frameContent(frame.kind,
                         facts.trace().responseBody(id, frame.start, frame.end - frame.start))
                .data);
    }
    for (const QByteArray &text : std::as_const(texts)) {
        if (!text.contains("protocolVersion"))
            continue;
        const JsonText json = JsonText::parse(text);
        const JsonText::Node result = json.member(json.root(), u"result");
        if (const QString revision = json.string(json.member(result, u"protocolVersion"));
            !revision.isEmpty())
            return revision.toUtf8();
    }
    return {};
}

bool wantsVersion(const QByteArray &name)
{
    const Revision *revision = revisionNamed(name);
    return revision && revision->versionHeader;
}

void findNoVersion(const TraceFacts &facts, QList<Finding> *found)
{
    struct Agreed {
        QByteArray revision;
        ExchangeId exchange = 0;
        QString endpoint;
    };
    QHash<QByteArray, Agreed> agreements; // by server, connection and session
    QSet<qint32> told;
    for (const Exchange &exchange : facts.exchanges()) {
        if (!exchange.toServer || exchange.left || told.contains(exchange.server))
            continue;
        const QByteArray place =
            QByteArray::number(exchange.server) + ' ' + QByteArray::number(exchange.connection);
        const RequestRecord &request = facts.request(exchange.id);
        if (request.kind == ExchangeKind::Post && request.what == "initialize"_L1) {
            if (exchange.accepted())
                agreements.insert(
                    place + ' ' + facts.responseHeader(exchange.id, "Mcp-Session-Id"),
                    {agreedRevision(facts, exchange.id), exchange.id, facts.endpoint(exchange.id)});
            continue;
        }
        const auto agreed =
            agreements.constFind(place + ' ' + facts.requestHeader(exchange.id, "Mcp-Session-Id"));
        if (agreed == agreements.constEnd() || !wantsVersion(agreed->revision)
            || facts.endpoint(exchange.id) != agreed->endpoint || request.cause == agreed->exchange
            || facts.carries(exchange.id, "MCP-Protocol-Version"))
            continue;
        told.insert(exchange.server);
        Finding finding = facts.finding("AF-86", exchange.id);
        finding.exchanges.prepend(agreed->exchange);
        finding.sentence =
            u"%1 carries no MCP-Protocol-Version, though %2 was agreed on (exchange %3): from 2025-06-18 on every request has to carry it."_s
                .arg(asSubject(facts.name(exchange.id)), facts.quoted(agreed->revision),
                     QString::number(agreed->exchange));
        finding.advice =
            u"In the client: send MCP-Protocol-Version with every request after initialize."_s;
        found->append(finding);
    }
}

void findVersionRefused(const TraceFacts &facts, QList<Finding> *found)
{
    QSet<qint32> told;
    for (const Exchange &exchange : facts.exchanges()) {
        if (!exchange.toServer || exchange.left || exchange.status != 400
            || told.contains(exchange.server))
            continue;
        const QString words = wordsOf(facts, exchange.id);
        if (!words.contains("MCP-Protocol-Version"_L1, Qt::CaseInsensitive)
            && !words.contains("protocol version"_L1, Qt::CaseInsensitive))
            continue;
        told.insert(exchange.server);
        const QByteArray sent = facts.requestHeader(exchange.id, "MCP-Protocol-Version");
        Finding finding = facts.finding("AF-86", exchange.id);
        finding.weight = Weight::Failure;
        finding.sentence = u"%1 was answered with 400, and the server says “%2”. %3"_s.arg(
            asSubject(facts.name(exchange.id)), facts.quoted(words),
            sent.isEmpty() ? u"The request had no MCP-Protocol-Version."_s
                           : u"Its MCP-Protocol-Version was “%1”."_s.arg(facts.quoted(sent)));
        finding.advice =
            u"In the client: send the revision that was agreed on in MCP-Protocol-Version with every request after initialize."_s;
        found->append(finding);
    }
}

} // namespace

QList<Rule> sessionRules()
{
    return {{QLatin1StringView("AF-82"), findBadRequestForSession},
            {QLatin1StringView("AF-83"), findTurns},
            {QLatin1StringView("AF-84"), findRefusedAtTimes},
            {QLatin1StringView("AF-85"), findNarrowAccept},
            {QLatin1StringView("AF-86"), findVersionRefused},
            {QLatin1StringView("AF-86"), findNoVersion}};
}

} // namespace sightglass
