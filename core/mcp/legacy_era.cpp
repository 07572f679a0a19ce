// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/legacy_era.h"

namespace sightglass {

using namespace Qt::StringLiterals;

LegacyEra::LegacyEra(ClientOffer offer)
    : m_offer(offer)
{
}

std::optional<RpcCall> LegacyEra::opening(const QByteArray &revision) const
{
    const Revision *known = revisionNamed(revision);
    JsonWriter params;
    params.beginObject();
    params.key(u"protocolVersion").value(QString::fromLatin1(revision));
    params.key(u"capabilities").raw(clientCapabilities(m_offer, known ? *known : Revision()));
    params.key(u"clientInfo").raw(clientInfo());
    params.endObject();
    return RpcCall{"initialize", params.text()};
}

Expected<Agreement> LegacyEra::settle(const QByteArray &asked, bool pinned,
                                      const QByteArray &result) const
{
    const auto wrong = [](const QString &code, const QString &sentence, const QString &advice) {
        return Failure{FailureKind::Protocol, code, sentence, advice, 0, {}};
    };
    const JsonText json = JsonText::parse(result);
    const JsonText::Node root = json.root();
    if (!json.isValid() || !json.isObject(root)) {
        return wrong(
            u"initialize-result"_s, u"The result of initialize is no JSON object."_s,
            u"The server has to answer with protocolVersion, capabilities and serverInfo."_s);
    }
    const JsonText::Node version = json.member(root, u"protocolVersion");
    if (!json.isString(version)) {
        return wrong(u"initialize-result"_s, u"The result of initialize has no protocolVersion."_s,
                     u"The server has to say which revision it speaks."_s);
    }
    const QByteArray answered = json.string(version).toUtf8();
    const Revision *revision = revisionNamed(answered);
    if (!revision || revision->era != EraKind::Legacy || (pinned && answered != asked)) {
        return wrong(u"revision-not-agreed"_s,
                     u"The server answered initialize with revision “%1”; asked was %2."_s.arg(
                         QString::fromUtf8(answered.left(40)), QString::fromLatin1(asked)),
                     !revision    ? u"Sightglass speaks %1."_s.arg(revisionNames().join(u", "_s))
                         : pinned ? u"Choose “auto”, or that revision."_s
                                  : u"It is opened with server/discover: choose that revision."_s);
    }
    const JsonText::Node info = json.member(root, u"serverInfo");
    Agreement agreement;
    agreement.revision = *revision;
    agreement.serverName = json.string(json.member(info, u"name"));
    agreement.serverTitle = json.string(json.member(info, u"title"));
    agreement.serverVersion = json.string(json.member(info, u"version"));
    agreement.instructions = json.string(json.member(root, u"instructions"));
    agreement.capabilities = json.raw(json.member(root, u"capabilities")).toByteArray();
    return agreement;
}

std::optional<RpcCall> LegacyEra::confirmation() const
{
    return RpcCall{"notifications/initialized", {}};
}

std::optional<RpcCall> LegacyEra::subscribing(const QString &uri, bool on) const
{
    JsonWriter params;
    params.beginObject().key(u"uri").value(uri).endObject();
    return RpcCall{on ? "resources/subscribe" : "resources/unsubscribe", params.text()};
}

std::optional<RpcCall> LegacyEra::settingLogLevel(const QByteArray &level) const
{
    if (level.isEmpty())
        return {}; // there is no way to ask for none
    JsonWriter params;
    params.beginObject().key(u"level").value(QString::fromLatin1(level)).endObject();
    return RpcCall{"logging/setLevel", params.text()};
}

RpcCall LegacyEra::dressed(const Agreement &, const RpcCall &call) const
{
    return call;
}

HeaderList LegacyEra::commonHeaders(const Agreement &agreement) const
{
    HeaderList headers;
    if (agreement.revision.versionHeader)
        headers.add("MCP-Protocol-Version", agreement.revision.name, HeaderSource::Protocol);
    return headers;
}

HeaderList LegacyEra::messageHeaders(const Agreement &, const RpcCall &) const
{
    return {};
}

} // namespace sightglass
