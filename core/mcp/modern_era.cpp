// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/modern_era.h"

#include "core/jsonrpc/json_edit.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView MetaRevision = u"io.modelcontextprotocol/protocolVersion";
constexpr QStringView MetaClient = u"io.modelcontextprotocol/clientInfo";
constexpr QStringView MetaOffer = u"io.modelcontextprotocol/clientCapabilities";
constexpr QStringView MetaLogLevel = u"io.modelcontextprotocol/logLevel";
constexpr QStringView MetaServer = u"io.modelcontextprotocol/serverInfo";
constexpr QStringView MetaSubscription = u"io.modelcontextprotocol/subscriptionId";

Failure unusable(const QString &code, const QString &sentence, const QString &advice)
{
    return Failure{FailureKind::Protocol, code, sentence, advice, 0, {}};
}

bool mayNeedInput(const QByteArray &method)
{
    return method == "tools/call" || method == "prompts/get" || method == "resources/read";
}

} // namespace

bool isModernError(qint64 code)
{
    return code == qint64(ModernError::HeaderMismatch)
        || code == qint64(ModernError::MissingClientCapability)
        || code == qint64(ModernError::UnsupportedRevision);
}

ModernEra::ModernEra(ClientOffer offer, ToolHeaders toolHeaders)
    : m_offer(offer)
    , m_toolHeaders(std::move(toolHeaders))
{
}

QByteArray ModernEra::meta(const Agreement &agreement) const
{
    const Revision &revision = agreement.revision;
    JsonWriter json;
    json.beginObject();
    json.key(MetaRevision).value(QString::fromLatin1(revision.name));
    json.key(MetaClient).raw(clientInfo());
    json.key(MetaOffer).raw(clientCapabilities(m_offer, revision));
    if (!agreement.logLevel.isEmpty())
        json.key(MetaLogLevel).value(QString::fromLatin1(agreement.logLevel));
    json.endObject();
    return json.text();
}

bool ModernEra::isSpokenIn(const Envelope &message) const
{
    if (message.kind == EnvelopeKind::Error)
        return isModernError(message.errorCode);
    if (message.kind != EnvelopeKind::Result)
        return false;
    const JsonText result = JsonText::parse(message.result.toByteArray());
    return result.find("/resultType") >= 0 || result.find("/supportedVersions") >= 0;
}

std::optional<RpcCall> ModernEra::opening(const QByteArray &revision) const
{
    Agreement asked;
    if (const Revision *known = revisionNamed(revision))
        asked.revision = *known;
    asked.revision.name = revision;
    return dressed(asked, RpcCall{"server/discover", {}});
}

Expected<Agreement> ModernEra::settle(const QByteArray &asked, bool pinned,
                                      const QByteArray &result) const
{
    const JsonText json = JsonText::parse(result);
    const JsonText::Node root = json.root();
    const JsonText::Node versions = json.member(root, u"supportedVersions");
    if (!json.isObject(root) || !json.isArray(versions)) {
        return unusable(u"discover-result"_s,
                        u"The result of server/discover has no list supportedVersions."_s,
                        u"The server has to say which revisions it speaks."_s);
    }
    // Newest first, as our table is; what was asked for comes before all.
    QStringList named;
    for (const JsonText::Node version : json.children(versions))
        named.append(json.string(version));
    const Revision *chosen =
        named.contains(QString::fromLatin1(asked)) ? revisionNamed(asked) : nullptr;
    if (!chosen && !pinned) {
        for (const Revision &revision : revisions()) {
            if (!chosen && revision.era == EraKind::Modern
                && named.contains(QString::fromLatin1(revision.name)))
                chosen = &revision;
        }
    }
    if (!chosen) {
        return unusable(
            u"revision-not-agreed"_s,
            u"The server speaks %1; asked was %2."_s.arg(
                named.isEmpty() ? u"no revision that it names"_s : named.join(u", "_s).left(200),
                QString::fromLatin1(asked)),
            pinned ? u"Choose a revision that the server names, or “auto”."_s
                   : u"Sightglass speaks %1."_s.arg(revisionNames().join(u", "_s)));
    }
    JsonText::Node info = json.member(json.member(root, u"_meta"), MetaServer);
    if (info < 0)
        info = json.member(root, u"serverInfo");
    Agreement agreement;
    agreement.revision = *chosen;
    agreement.serverName = json.string(json.member(info, u"name"));
    agreement.serverTitle = json.string(json.member(info, u"title"));
    agreement.serverVersion = json.string(json.member(info, u"version"));
    agreement.instructions = json.string(json.member(root, u"instructions"));
    agreement.capabilities = json.raw(json.member(root, u"capabilities")).toByteArray();
    return agreement;
}

RpcCall ModernEra::dressed(const Agreement &agreement, const RpcCall &call) const
{
    const QByteArray own = meta(agreement);
    if (call.params.isEmpty())
        return RpcCall{call.method, "{\"_meta\":" + own + '}'};
    const JsonText params = JsonText::parse(call.params);
    // What a person wrote by hand goes out as it is, whatever it is.
    if (!params.isObject(params.root()))
        return call;
    // Nothing was laid out in an empty object, and nothing shall be.
    if (params.childCount(params.root()) == 0)
        return RpcCall{call.method, "{\"_meta\":" + own + '}'};
    const JsonText::Node given = params.member(params.root(), u"_meta");
    RpcCall result = call;
    if (given < 0) {
        result.params = jsonWithMember(call.params, "/_meta", own).text;
        return result;
    }
    if (!params.isObject(given))
        return call;
    const JsonText ours = JsonText::parse(own);
    for (const JsonText::Node member : ours.children(ours.root())) {
        if (params.member(given, ours.key(member)) >= 0)
            continue;
        result.params = jsonWithMember(result.params, jsonPointer("/_meta", ours.key(member)),
                                       ours.raw(member).toByteArray())
                            .text;
    }
    return result;
}

HeaderList ModernEra::commonHeaders(const Agreement &) const
{
    return {};
}

HeaderList ModernEra::messageHeaders(const Agreement &agreement, const RpcCall &call) const
{
    HeaderList headers;
    const JsonText params = JsonText::parse(call.params);
    const JsonText::Node root = params.root();
    // The header says what the body says, also where a person wrote another revision there.
    const JsonText::Node version = params.member(params.member(root, u"_meta"), MetaRevision);
    headers.add("MCP-Protocol-Version",
                version >= 0 ? headerText(params.string(version)) : agreement.revision.name,
                HeaderSource::Protocol);
    headers.add("Mcp-Method", headerText(QString::fromUtf8(call.method)), HeaderSource::Protocol);
    // Requests about a task are routed to whoever has it (extension io.modelcontextprotocol/tasks).
    const bool aboutTask = call.method.startsWith("tasks/");
    const QStringView source = aboutTask  ? u"taskId"
        : call.method == "resources/read" ? u"uri"
                                          : u"name";
    const JsonText::Node name = params.member(root, source);
    if ((aboutTask || mayNeedInput(call.method)) && params.isString(name))
        headers.add("Mcp-Name", headerText(params.string(name)), HeaderSource::Protocol);
    if (call.method == "tools/call" && m_toolHeaders) {
        const QByteArray arguments = params.raw(params.member(root, u"arguments")).toByteArray();
        const HeaderList marked = parameterHeaders(m_toolHeaders(params.string(name)), arguments);
        for (const Header &line : marked.lines())
            headers.add(line);
    }
    return headers;
}

std::optional<RpcCall> ModernEra::listening(const Agreement &agreement,
                                            const QStringList &resources) const
{
    const JsonText offers = JsonText::parse(agreement.capabilities);
    const auto announces = [&offers](QStringView feature) {
        return offers.boolean(offers.member(offers.member(offers.root(), feature), u"listChanged"));
    };
    JsonWriter filter;
    filter.beginObject();
    bool any = false;
    const std::pair<QStringView, QStringView> lists[] = {
        {u"tools", u"toolsListChanged"},
        {u"prompts", u"promptsListChanged"},
        {u"resources", u"resourcesListChanged"},
    };
    for (const auto &[feature, wish] : lists) {
        if (announces(feature)) {
            filter.key(wish).value(true);
            any = true;
        }
    }
    if (!resources.isEmpty()) {
        filter.key(u"resourceSubscriptions").beginArray();
        for (const QString &uri : resources)
            filter.value(uri);
        filter.endArray();
        any = true;
    }
    filter.endObject();
    if (!any)
        return std::nullopt;
    return RpcCall{"subscriptions/listen", "{\"notifications\":" + filter.text() + '}'};
}

QByteArray ModernEra::subscriptionOf(QByteArrayView params) const
{
    // Of the many messages that name none, none is parsed.
    if (!params.contains("subscriptionId"))
        return {};
    const JsonText json = JsonText::parse(params.toByteArray());
    return json.raw(json.member(json.member(json.root(), u"_meta"), MetaSubscription))
        .toByteArray();
}

bool ModernEra::refusesHeaders(qint64 errorCode) const
{
    return errorCode == qint64(ModernError::HeaderMismatch);
}

ResultKind ModernEra::judge(const RpcCall &call, const QByteArray &result) const
{
    ResultKind kind;
    // Most results are large and complete: only one that names a kind is parsed.
    if (!result.contains("\"resultType\""))
        return kind;
    const JsonText json = JsonText::parse(result);
    const JsonText::Node root = json.root();
    const JsonText::Node type = json.member(root, u"resultType");
    if (type < 0 || json.string(type) == "complete"_L1)
        return kind;
    const QString name = json.string(type);
    if (name == "task"_L1 && m_offer.tasks)
        return kind;
    kind.kind = ResultKind::Kind::Unknown;
    if (name != "input_required"_L1) {
        kind.problem = u"The result of %1 is of a kind that is not known: resultType is %2."_s.arg(
            QString::fromUtf8(call.method),
            QString::fromUtf8(json.raw(type).toByteArray().left(60)));
        return kind;
    }
    const JsonText::Node requests = json.member(root, u"inputRequests");
    const JsonText::Node state = json.member(root, u"requestState");
    if (!mayNeedInput(call.method)) {
        kind.problem = u"The server asked for input to %1, which no server may do."_s.arg(
            QString::fromUtf8(call.method));
        return kind;
    }
    if ((requests < 0 && state < 0) || (requests >= 0 && !json.isObject(requests))
        || (state >= 0 && !json.isString(state))) {
        kind.problem =
            u"The server asked for input to %1, but not as it has to: it needs an object inputRequests or a string requestState."_s
                .arg(QString::fromUtf8(call.method));
        return kind;
    }
    kind.kind = ResultKind::Kind::InputRequired;
    if (state >= 0)
        kind.input.state = json.raw(state).toByteArray();
    for (const JsonText::Node request : json.children(requests)) {
        kind.input.requests.append(InputRequired::Request{
            json.key(request), json.string(json.member(request, u"method")).toUtf8(),
            json.raw(json.member(request, u"params")).toByteArray()});
    }
    return kind;
}

} // namespace sightglass
