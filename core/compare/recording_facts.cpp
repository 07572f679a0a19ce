// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/compare/recording_facts.h"

#include "core/compare/json_difference.h"
#include "core/jsonrpc/envelope.h"
#include "core/mcp/recorded_answer.h"

#include <QHash>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// What is told of a value at most.
constexpr qsizetype MostTold = 4000;
/// Longer bodies of requests are taken as bytes.
constexpr qsizetype MostParsedRequest = 16 * 1024 * 1024;
constexpr auto VersionHeader = "MCP-Protocol-Version";

JsonText stringJson(QStringView text)
{
    return JsonText::parse(jsonQuoted(text));
}

ComparedJson part(const JsonText &json, QByteArrayView pointer, ExchangeId exchange)
{
    const JsonText::Node node = json.find(pointer);
    if (node < 0)
        return {{}, exchange};
    return {JsonText::parse(json.raw(node).toByteArray()), exchange};
}

QString headerValue(const QList<Header> &headers, QByteArrayView name)
{
    for (const Header &header : headers) {
        if (QByteArrayView(header.name).compare(name, Qt::CaseInsensitive) == 0)
            return QString::fromLatin1(header.value);
    }
    return {};
}

/// With the scheme, which is no secret.
QString credentialKind(const Header &header)
{
    const QString name = QString::fromLatin1(header.name);
    if (!name.endsWith("authorization"_L1, Qt::CaseInsensitive))
        return name;
    const qsizetype space = header.value.indexOf(' ');
    return space > 0 ? name + u": "_s + QString::fromLatin1(header.value.left(space)) : name;
}

QString carrierOf(const RequestRecord &request)
{
    switch (request.kind) {
    case ExchangeKind::Post:
        return u"POST"_s;
    case ExchangeKind::Stream:
        return u"GET event stream"_s;
    case ExchangeKind::Reconnect:
        return u"GET event stream again"_s;
    case ExchangeKind::Delete:
        return u"DELETE"_s;
    case ExchangeKind::Token:
        return u"POST token"_s;
    case ExchangeKind::Registration:
        return u"POST registration"_s;
    default:
        return {};
    }
}

QString subjectOf(const RequestRecord &request)
{
    switch (request.kind) {
    case ExchangeKind::Post:
    case ExchangeKind::Input:
    case ExchangeKind::Process:
        break; // HTTP or not, the same is asked
    default:
        return QString::fromLatin1(request.method) + u' ' + request.what;
    }
    return request.kind == ExchangeKind::Process ? u"the program"_s : request.what;
}

} // namespace

QByteArray shownBytes(const ComparedTrace &trace, const QByteArray &bytes)
{
    return trace.redactor && !trace.trace->redacted() ? trace.redactor->body(bytes) : bytes;
}

QByteArray toldText(QStringView text)
{
    if (text.size() <= MostTold)
        return jsonQuoted(text);
    qsizetype cut = MostTold;
    if (text[cut].isLowSurrogate())
        --cut;
    return jsonQuoted(text.first(cut).toString() + u'…');
}

QByteArray toldJson(const JsonText &json, JsonText::Node node)
{
    if (node < 0)
        return {};
    const QByteArrayView raw = json.raw(node);
    if (raw.size() <= MostTold)
        return raw.toByteArray();
    return toldText(json.isString(node) ? json.string(node)
                                        : QString::fromUtf8(raw.first(MostTold)) + u'…');
}

ServerFacts serverFacts(const ComparedTrace &from)
{
    const TraceReader &trace = *from.trace;
    ServerFacts facts;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        const RequestRecord &request = trace.request(id);
        const bool message =
            request.kind == ExchangeKind::Post || request.kind == ExchangeKind::Input;
        if (facts.first == 0 && (message || request.kind == ExchangeKind::Process)) {
            facts.first = id;
            facts.address = isHttp(request.kind)
                ? QString::fromUtf8(request.url.toEncoded(QUrl::RemoveQuery | QUrl::RemoveFragment))
                : serverOf(trace, id);
        }
        if (!message)
            continue;
        if (const QString version = headerValue(request.headers, VersionHeader); !version.isEmpty())
            facts.revision = {stringJson(version), id};
        const bool discovers = request.what == "server/discover"_L1;
        if (!discovers && request.what != "initialize"_L1)
            continue;
        const QByteArray body = trace.requestBody(id);
        const Envelope asked = scanEnvelope(body);
        if (asked.kind != EnvelopeKind::Request)
            continue;
        const RecordedAnswer answer = recordedAnswer(trace, id, asked.id);
        if (answer.kind != RecordedAnswer::Kind::Result)
            continue;
        const JsonText result = JsonText::parse(shownBytes(from, answer.json));
        if (const ComparedJson version = part(result, "/protocolVersion", answer.exchange);
            version.json.hasValues())
            facts.revision = version;
        facts.info = part(result, "/serverInfo", answer.exchange);
        // Where it stands in the modern era.
        if (!facts.info.json.hasValues())
            facts.info =
                part(result, "/_meta/io.modelcontextprotocol~1serverInfo", answer.exchange);
        facts.capabilities = part(result, "/capabilities", answer.exchange);
        facts.instructions = part(result, "/instructions", answer.exchange);
    }
    return facts;
}

JsonText paramsOf(const ComparedTrace &from, ExchangeId id)
{
    const QByteArray body = from.trace->requestBody(id);
    if (body.size() > MostParsedRequest)
        return {};
    const EnvelopeBatch messages = scanBody(body);
    if (messages.messages.size() != 1 || messages.batch)
        return JsonText::parse(shownBytes(from, body));
    const QByteArrayView params = messages.messages.constFirst().params;
    return params.isEmpty() ? JsonText() : JsonText::parse(shownBytes(from, params.toByteArray()));
}

QList<AskedAlike> askedIn(const ComparedTrace &from, const std::function<bool(ExchangeId)> &goesOn)
{
    const TraceReader &trace = *from.trace;
    QList<AskedAlike> all;
    QHash<QString, qsizetype> places;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        if (!goesOn(id))
            return {};
        const RequestRecord &request = trace.request(id);
        if (request.kind == ExchangeKind::ErrorOutput)
            continue;
        const QString subject = subjectOf(request);
        const auto place = places.constFind(subject);
        if (place == places.constEnd()) {
            places.insert(subject, all.size());
            all.append({subject, request.kind, {}});
        }
        AskedOnce once{id, 0};
        const JsonText params = paramsOf(from, id);
        for (JsonText::Node node : params.children(params.root())) {
            if (params.isObject(params.root()) && params.key(node) == "_meta"_L1)
                continue;
            once.arguments +=
                jsonValueHash(params, node) * 31 + quint64(qHash(params.key(node), size_t(7)));
        }
        all[place == places.constEnd() ? all.size() - 1 : *place].times.append(once);
    }
    return all;
}

QList<CarriedFacts> carriedIn(const ComparedTrace &from)
{
    const TraceReader &trace = *from.trace;
    QList<CarriedFacts> all;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        const RequestRecord &request = trace.request(id);
        const QString subject = carrierOf(request);
        if (subject.isEmpty())
            continue;
        auto facts = std::find_if(all.begin(), all.end(), [&](const CarriedFacts &each) {
            return each.subject == subject;
        });
        if (facts == all.end())
            facts = all.insert(all.end(), {subject, {}});
        bool carried = false;
        for (const Header &header : request.headers) {
            if (header.source == HeaderSource::Session
                || !(Redactor::isSecret(header) || header.source == HeaderSource::Credential))
                continue;
            carried = true;
            const QString kind = credentialKind(header);
            if (!facts->kinds.contains(kind))
                facts->kinds.insert(kind, id);
        }
        if (!carried && !facts->kinds.contains(u"none"_s))
            facts->kinds.insert(u"none"_s, id);
    }
    return all;
}

} // namespace sightglass
