// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/everything.h"

namespace sightglass::test {

using namespace Qt::StringLiterals;

bool Everything::start(const QString &transport)
{
    m_process.setEnvironment({u"SIGHTGLASS_MARK=seen"_s});
    if (transport == "stdio"_L1)
        return !pinnedNode().isEmpty();
    m_started = m_process.start(pinnedNode(), {npmPath(u"everything.mjs"_s), transport});
    if (!m_started)
        return false;
    m_url = m_process.waitForUrl();
    return m_url.isValid();
}

ServerTarget Everything::target() const
{
    ServerTarget target;
    target.network.proxy = NetworkSettings::Proxy::None;
    if (m_url.isValid()) {
        target.url = m_url;
        return target;
    }
    ServerCommand command;
    command.program = pinnedNode();
    command.arguments = {
        npmPath(u"node_modules/@modelcontextprotocol/server-everything/dist/index.js"_s),
        u"stdio"_s};
    command.environment = {{u"SIGHTGLASS_MARK"_s, u"seen"_s, false}};
    target.command = command;
    return target;
}

QList<Everything::ToolCall> Everything::toolCalls()
{
    return {
        {"echo", R"({"message":"gr\u00fc\u00dfe"})",
         "Echo: gr\xc3\xbc\xc3\x9f"
         "e"},
        {"get-annotated-message", R"({"messageType":"error","includeImage":true})",
         R"("mimeType":"image/png")"},
        {"get-env", "{}", R"(\"SIGHTGLASS_MARK\": \"seen\")"},
        {"get-resource-links", R"({"count":2})", R"("type":"resource_link")"},
        {"get-resource-reference", R"({"resourceType":"Text","resourceId":2})",
         R"("type":"resource")"},
        {"get-structured-content", R"({"location":"Chicago"})",
         R"("structuredContent":{"temperature":36)"},
        {"get-sum", R"({"a":2,"b":40})", "42"},
        {"get-tiny-image", "{}", R"("type":"image")"},
        {"gzip-file-as-resource",
         R"({"name":"a.gz","data":"data:text/plain,abc","outputType":"resource"})",
         R"("mimeType":"application/gzip")"},
        {"toggle-simulated-logging", "{}", "Started simulated"},
        {"toggle-subscriber-updates", "{}", "Started simulated resource updated"},
        {"trigger-long-running-operation", R"({"duration":0.2,"steps":2})",
         "Long running operation completed"},
    };
}

QStringList Everything::toolNames()
{
    QStringList names;
    for (const ToolCall &call : toolCalls())
        names.append(QString::fromLatin1(call.tool));
    names.sort();
    return names;
}

} // namespace sightglass::test
