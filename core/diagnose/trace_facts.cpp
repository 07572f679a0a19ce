// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/trace_facts.h"

#include "core/diagnose/catalogue.h"
#include "core/http/header_list.h"
#include "core/http/origin.h"
#include "core/mcp/token_notes.h"
#include "core/trace/trace_text.h"
#include "core/transport/answer_facts.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

bool isMcp(ExchangeKind kind)
{
    return kind <= ExchangeKind::Delete;
}

/// What is told and is nobody's doing but the person's.
bool isTold(const Failure &failure)
{
    return failure.kind != FailureKind::Cancelled && failure.kind != FailureKind::Usage
        && failure.kind != FailureKind::File;
}

bool asksForNonce(const Challenges &challenges)
{
    return std::any_of(
        challenges.list.begin(), challenges.list.end(),
        [](const Challenge &challenge) { return challenge.error() == "use_dpop_nonce"; });
}

} // namespace

TraceFacts::TraceFacts(const TraceReader &trace, const Redactor &redactor,
                       const std::atomic<bool> *stop, bool over)
    : m_trace(trace)
    , m_redactor(redactor)
    , m_stop(stop)
    , m_over(over)
{
    const ExchangeId count = trace.exchangeCount();
    m_exchanges.reserve(size_t(count));
    QHash<ExchangeId, QList<Failure>> noted;
    readNotes(&noted);
    for (ExchangeId id = 1; id <= count && !stopped(); ++id)
        look(id, noted.value(id));
    // What was asked before the first request to a server (a token that was kept is renewed first)
    // was asked for its sake.
    const auto firstMcp = std::find_if(m_exchanges.begin(), m_exchanges.end(),
                                       [](const Exchange &one) { return one.toServer; });
    if (firstMcp != m_exchanges.end()) {
        for (auto before = m_exchanges.begin(); before != firstMcp; ++before) {
            if (isHttp(request(before->id).kind))
                before->behalf = firstMcp->behalf;
        }
    }
    if (stopped()) {
        m_exchanges.clear();
        m_failures.clear();
    }
}

void TraceFacts::readNotes(QHash<ExchangeId, QList<Failure>> *failures)
{
    const qint64 count = m_trace.noteCount();
    for (qint64 i = 0; i < count && !stopped(); ++i) {
        const Note note = m_trace.note(i);
        if (note.name == "connect"_L1)
            m_connects.append(note.at);
        const bool ofExchange = note.exchange > 0 && note.exchange <= m_trace.exchangeCount();
        if (note.name == QLatin1StringView(TokenNote) && ofExchange) {
            m_notedClaims.insert(note.exchange, note.text.mid(note.text.indexOf(u'{')).toUtf8());
            continue;
        }
        if (note.failure && ofExchange) {
            Failure failure = *note.failure;
            if (failure.finding.isEmpty())
                failure.finding = note.finding;
            failure.exchange = note.exchange;
            (*failures)[note.exchange].append(failure);
            continue;
        }
        if (ofExchange && m_trace.summary(note.exchange).left)
            continue;
        Failure failure = note.failure.value_or(
            Failure{FailureKind::Protocol, note.name, note.text, {}, note.exchange, {}});
        if (failure.finding.isEmpty())
            failure.finding = note.finding;
        if (!ofExchange)
            failure.exchange = 0;
        if (!failure.finding.isEmpty() && isTold(failure))
            m_failures.append({failure, true});
    }
}

qint32 TraceFacts::numberOf(const QByteArray &value, QList<QByteArray> *values,
                            QHash<QByteArray, qint32> *numbers)
{
    const auto known = numbers->constFind(value);
    if (known != numbers->constEnd())
        return *known;
    const auto number = qint32(values->size());
    values->append(value);
    numbers->insert(value, number);
    return number;
}

qint32 TraceFacts::serverOfUrl(const QUrl &url)
{
    if (url == m_lastUrl)
        return m_lastServer;
    const Origin origin = Origin::of(url);
    m_lastUrl = url;
    m_lastServer =
        origin.isValid() ? numberOf(origin.toString(), &m_servers, &m_serverNumbers) : -1;
    return m_lastServer;
}

void TraceFacts::look(ExchangeId id, const QList<Failure> &noted)
{
    const RequestRecord &request = m_trace.request(id);
    const std::optional<ResponseRecord> response = m_trace.response(id);
    const ExchangeSummary summary = m_trace.summary(id);
    Exchange exchange;
    exchange.id = id;
    exchange.kind = request.kind;
    exchange.status = response ? quint16(qBound(0, response->status, 999)) : 0;
    exchange.toServer = isMcp(request.kind);
    exchange.left = summary.left;
    exchange.connection =
        qint32(std::upper_bound(m_connects.begin(), m_connects.end(), summary.times.begun)
               - m_connects.begin());
    exchange.server = isHttp(request.kind) ? serverOfUrl(request.url) : -1;
    exchange.behalf = exchange.server;
    if (exchange.toServer) {
        m_lastMcp = id;
        for (const Header &line : request.headers) {
            if (sameHeaderName(line.name, "Authorization"))
                exchange.token = numberOf(secretKey(line.value), &m_tokenValues, &m_tokenNumbers);
            else if (sameHeaderName(line.name, "Mcp-Session-Id"))
                exchange.session = numberOf(line.value, &m_sessionValues, &m_sessionNumbers);
        }
        if (const auto claims = m_notedClaims.constFind(id);
            claims != m_notedClaims.constEnd() && exchange.token >= 0)
            m_claims.insert(exchange.token, *claims);
    } else if (request.cause > 0 && request.cause < id) {
        exchange.behalf = this->exchange(request.cause).behalf;
    } else if (m_lastMcp > 0) {
        exchange.behalf = this->exchange(m_lastMcp).behalf;
    }
    if (exchange.status == 401 && exchange.token >= 0)
        exchange.left = exchange.left || asksForNonce(challenges(id));
    if (exchange.toServer && exchange.accepted())
        m_accepted.insert({exchange.server, exchange.connection}, id);
    m_exchanges.push_back(exchange);
    lookAtOauth(exchange);
    if (exchange.left)
        return;
    // On the wire, or else by what was concluded from its bytes, as judgedFailure() has it.
    const bool mayFail = summary.finished || !noted.isEmpty();
    const std::optional<Failure> own = mayFail ? m_trace.failure(id) : std::nullopt;
    std::optional<Failure> judged;
    for (const Failure &failure : noted) {
        if (!judged && (!own || isOrderlyEnd(*own) || own->code == failure.code))
            judged = failure;
        else if (isTold(failure) && !failure.finding.isEmpty())
            m_failures.append({failure, true});
    }
    if (!judged)
        judged = own;
    if (!judged)
        judged = judge(exchange);
    if (judged && isTold(*judged)) {
        judged->exchange = id;
        m_failures.append({*judged, false});
    }
    if (exchange.isStream() && exchange.accepted())
        m_openedStreams.insert(
            QByteArray::number(exchange.server) + ' ' + QByteArray::number(exchange.session), id);
}

/// What follows from an answer of which nothing was concluded when it came: the traffic of another
/// client has no failures in it.
std::optional<Failure> TraceFacts::judge(const Exchange &exchange) const
{
    const bool isStream = exchange.isStream();
    const bool isRefusal = exchange.status >= 400;
    const bool isPage = exchange.accepted() && exchange.kind != ExchangeKind::Delete
        && exchange.status != 202 && mediaType(exchange.id) == "text/html";
    if (!exchange.toServer || (!isRefusal && !isPage))
        return {};
    // Whoever has no sessions to end says so in one of these ways.
    if (exchange.kind == ExchangeKind::Delete && (exchange.status == 404 || exchange.status == 405))
        return {};
    AnswerFacts facts = answerFacts(m_trace, exchange.id, !isStream, isStream);
    const QByteArray stream =
        QByteArray::number(exchange.server) + ' ' + QByteArray::number(exchange.session);
    facts.resumes = isStream && facts.what.startsWith("resume "_L1);
    facts.firstStream = isStream && !facts.resumes && !m_openedStreams.contains(stream);
    return checkAnswer(facts);
}

void TraceFacts::lookAtOauth(const Exchange &exchange)
{
    const ExchangeId id = exchange.id;
    // A redirect is followed by an exchange of its own.
    if (exchange.status / 100 == 3)
        return;
    if (exchange.kind == ExchangeKind::Token || exchange.kind == ExchangeKind::Registration) {
        const QByteArray asked = m_trace.requestBody(id);
        if (asked.size() > MostBodyBytes)
            return;
        if (exchange.kind == ExchangeKind::Token) {
            m_tokens.append(
                seenTokenRequest(request(id).headers, asked, exchange.status, body(id)));
            m_tokens.last().exchange = id;
            if (m_tokens.constLast().succeeded())
                m_issued.insert(m_tokens.constLast().accessToken, m_tokens.size() - 1);
        } else {
            m_registrations.append(seenRegistration(asked, exchange.status, body(id)));
            m_registrations.last().exchange = id;
        }
        return;
    }
    if (exchange.kind != ExchangeKind::Discovery || exchange.status == 0)
        return;
    m_discoveries.append(id);
    if (exchange.status != 200)
        return;
    lookAtMetadata(id);
}

void TraceFacts::lookAtMetadata(ExchangeId id)
{
    // Clients ask again and again. Documents that are alike are kept once.
    constexpr qsizetype MostDocuments = 1000;
    const JsonText json = JsonText::parse(body(id));
    if (std::optional<SeenResource> resource = seenResource(json)) {
        resource->exchange = id;
        resource->url = askedUrl(id);
        ExchangeId cause = request(id).cause;
        while (cause > 0 && cause < id && !exchange(cause).toServer)
            cause = request(cause).cause < cause ? request(cause).cause : 0;
        resource->asked = cause > 0 && cause < id ? cause : m_lastMcp;
        const bool known =
            std::any_of(m_resources.begin(), m_resources.end(), [&](const SeenResource &other) {
                return other.url == resource->url && other.resource == resource->resource
                    && other.servers == resource->servers;
            });
        if (!known && m_resources.size() < MostDocuments)
            m_resources.append(*resource);
    } else if (std::optional<SeenIssuer> issuer = seenIssuer(json)) {
        issuer->url = askedUrl(id);
        const bool known = std::any_of(m_issuers.begin(), m_issuers.end(), [&](SeenIssuer other) {
            other.exchange = 0;
            return other == *issuer;
        });
        issuer->exchange = id;
        if (!known && m_issuers.size() < MostDocuments)
            m_issuers.append(*issuer);
    }
}

const SeenResource *TraceFacts::resourceOf(ExchangeId id) const
{
    const qint32 server = exchange(id).behalf;
    const QString url = endpoint(id);
    const SeenResource *ofServer = nullptr;
    for (const SeenResource &resource : m_resources) {
        if (exchange(resource.exchange).behalf != server)
            continue;
        if (resource.asked > 0 && endpoint(resource.asked) == url)
            return &resource;
        if (!ofServer)
            ofServer = &resource;
    }
    return ofServer;
}

QString TraceFacts::endpoint(ExchangeId id) const
{
    return request(id).url.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo | QUrl::RemoveQuery
                                    | QUrl::RemoveFragment);
}

QUrl TraceFacts::askedUrl(ExchangeId id) const
{
    ExchangeId first = id;
    while (true) {
        const ExchangeId before = request(first).cause;
        if (before <= 0 || before >= first || exchange(before).status / 100 != 3
            || exchange(before).kind != exchange(first).kind)
            return request(first).url;
        first = before;
    }
}

JsonText TraceFacts::claims(qint32 number) const
{
    const JsonText own = jwtClaims(token(number));
    return own.isValid() ? own : JsonText::parse(m_claims.value(number));
}

qint32 TraceFacts::tokenNumber(QByteArrayView secret) const
{
    return m_tokenNumbers.value(secretKey(secret), -1);
}

const SeenTokenRequest *TraceFacts::issuedBy(qint32 token) const
{
    const qsizetype place = m_issued.value(this->token(token), -1);
    return place < 0 ? nullptr : &m_tokens.at(place);
}

bool TraceFacts::gotAnotherToken(const Exchange &refused) const
{
    const ExchangeId newest = m_accepted.value({refused.server, refused.connection}, 0);
    return newest > refused.id && exchange(newest).token >= 0
        && exchange(newest).token != refused.token;
}

QByteArray TraceFacts::requestHeader(ExchangeId id, QByteArrayView name) const
{
    return HeaderList(request(id).headers).value(name);
}

QByteArray TraceFacts::responseHeader(ExchangeId id, QByteArrayView name) const
{
    const std::optional<ResponseRecord> response = m_trace.response(id);
    return response ? HeaderList(response->headers).value(name) : QByteArray();
}

bool TraceFacts::carries(ExchangeId id, QByteArrayView name) const
{
    return HeaderList(request(id).headers).contains(name);
}

Challenges TraceFacts::challenges(ExchangeId id) const
{
    const std::optional<ResponseRecord> response = m_trace.response(id);
    return response ? Challenges::of(response->headers) : Challenges();
}

bool TraceFacts::isListening(const Exchange &exchange) const
{
    return exchange.isStream()
        || (exchange.kind == ExchangeKind::Post
            && request(exchange.id).what == "subscriptions/listen"_L1);
}

QByteArray TraceFacts::mediaType(ExchangeId id) const
{
    const std::optional<ResponseRecord> response = m_trace.response(id);
    return response ? sightglass::mediaType(HeaderList(response->headers)) : QByteArray();
}

QByteArray TraceFacts::body(ExchangeId id) const
{
    return m_trace.summary(id).responseBytes > MostBodyBytes
        ? QByteArray()
        : m_trace.responseBody(id, 0, MostBodyBytes);
}

QDateTime TraceFacts::begun(ExchangeId id) const
{
    return m_trace.began().addMSecs(m_trace.summary(id).times.begun / 1'000'000).toUTC();
}

QString TraceFacts::name(ExchangeId id) const
{
    const RequestRecord &asked = request(id);
    switch (asked.kind) {
    case ExchangeKind::Stream:
        return u"the event stream (%1)"_s.arg(QString::fromLatin1(asked.method));
    case ExchangeKind::Reconnect:
        return u"the reconnect of the event stream (%1)"_s.arg(QString::fromLatin1(asked.method));
    case ExchangeKind::Delete:
        return u"the end of the session (%1)"_s.arg(QString::fromLatin1(asked.method));
    default:
        return quoted(QString::fromLatin1(asked.method) + u' ' + asked.what);
    }
}

Finding TraceFacts::finding(const char *id, ExchangeId shown) const
{
    Finding finding;
    finding.id = QString::fromLatin1(id);
    if (shown > 0) {
        const Exchange &of = exchange(shown);
        finding.server = QString::fromLatin1(serverName(of.behalf));
        finding.exchanges = {shown};
    }
    if (const CatalogueEntry *entry = catalogueEntry(finding.id)) {
        finding.title = entry->title;
        finding.side = entry->side;
        finding.weight = entry->weight;
        finding.advice = entry->advice;
        if (shown > 0 && !entry->header.isEmpty())
            finding.evidence.append(header(shown, entry->header));
    }
    if (shown > 0 && finding.evidence.isEmpty()) {
        const int status = exchange(shown).status;
        finding.evidence.append(
            {shown, name(shown), status > 0 ? QString::number(status) : QString(), {}, -1});
    }
    return finding;
}

Evidence TraceFacts::header(ExchangeId shown, QLatin1StringView name) const
{
    Evidence evidence{shown, name.sliced(1), {}, {}, -1};
    const std::optional<ResponseRecord> response = m_trace.response(shown);
    const bool asked = name.startsWith(u'>');
    const QList<Header> headers = asked ? request(shown).headers
        : response                      ? response->headers
                                        : QList<Header>();
    for (const Header &line : headers) {
        if (sameHeaderName(line.name, QByteArrayView(name.sliced(1))))
            evidence.text = quoted(m_redactor.headerValue(line));
    }
    return evidence;
}

QString TraceFacts::quoted(const QString &words) const
{
    constexpr qsizetype Most = 300;
    QString text = m_redactor.text(words.left(4 * Most)).simplified();
    if (text.size() > Most) { // between words: half a token is not known as a secret
        const qsizetype space = text.lastIndexOf(u' ', Most);
        text = text.left(space > 0 ? space : Most / 10) + u'…';
    }
    return markedText(text, LineEnds::Mark);
}

} // namespace sightglass
