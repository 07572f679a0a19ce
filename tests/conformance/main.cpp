// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// The client that the official conformance suite drives: connects to the URL that comes last on the
// command line, uses all that the server offers, and disconnects. The suite says by its environment
// which revision to speak and what it wants to see besides. A test part only.
#include "tests/conformance/driver.h"
#include "tests/conformance/samples.h"
#include "tests/support/sent_messages.h"

#include <QCoreApplication>

#include <cstdio>

using namespace sightglass;
using namespace sightglass::conformance;
using namespace Qt::StringLiterals;

namespace {

/// What the suite asks for.
struct Task {
    QByteArray scenario;
    JsonText context;

    /// Arguments that it wants a tool to be called with; empty: none in particular.
    QByteArray argumentsFor(const QString &tool, const ToolList &tools) const
    {
        for (const JsonText::Node call : context.children(context.find("/toolCalls"))) {
            if (context.string(context.member(call, u"name")) == tool)
                return context.raw(context.member(call, u"arguments")).toByteArray();
        }
        // This tool wants to hear the schema of the other one as we know it.
        if (tool == "json_schema_echo"_L1 && !tools.tools.isEmpty())
            return "{\"schema\":" + tools.tools.constFirst().inputSchema + '}';
        return {};
    }
};

void useTools(Driver &driver, const Task &task)
{
    const ToolList tools = driver.tools();
    for (const Tool &tool : tools.tools) {
        QByteArray arguments = task.argumentsFor(tool.name, tools);
        if (arguments.isEmpty())
            arguments = sampleObject(tool.inputSchema);
        driver.callTool(tool.name, arguments);
    }
}

void useResources(Driver &driver)
{
    for (const ListItem &resource : driver.list(ListKind::Resources).items)
        driver.request(readResourceCall(resource.uri));
}

void usePrompts(Driver &driver)
{
    for (const ListItem &prompt : driver.list(ListKind::Prompts).items)
        driver.request(getPromptCall(prompt.name, {}));
}

/// Loads each skill: its SKILL.md first, then, if that is what it should be, the rest.
void useSkills(Driver &driver, const Task &task)
{
    const CallResult listed = driver.request(RpcCall{"skills/list", "{}"});
    if (task.scenario == "sep-2640-client-no-prefetch")
        return; // nobody has chosen a skill
    for (const Skill &skill : readSkills(listed.result)) {
        if (!skill.problem.isEmpty() || driver.request(readResourceCall(skill.uri)).failure)
            continue;
        for (const SkillFile &file : skill.files) {
            if (file.uri != skill.uri)
                driver.request(readResourceCall(file.uri));
        }
    }
}

/// How to come to a token, as the scenario wants it.
OAuthSettings oauthFor(const Task &task)
{
    const auto text = [&task](QStringView name) {
        return task.context.string(task.context.member(task.context.root(), name));
    };
    OAuthSettings oauth;
    oauth.mode = OAuthSettings::Mode::Interactive;
    oauth.clientMetadataUrl = u"https://conformance-test.local/client-metadata.json"_s;
    oauth.clientId = text(u"client_id");
    oauth.clientSecret = text(u"client_secret");
    if (const QString pem = text(u"private_key_pem"); !pem.isEmpty()) {
        if (const Expected<SigningKey> key = SigningKey::fromPem(pem.toLatin1()))
            oauth.clientKey = *key;
    }
    if (task.scenario.startsWith("auth/client-credentials")) {
        oauth.grant = OAuthGrant::ClientCredentials;
    } else if (task.scenario.startsWith("auth/wif")) {
        oauth.grant = OAuthGrant::JwtBearer;
        oauth.assertion = text(u"valid_jwt").toLatin1();
    } else if (task.scenario.startsWith("auth/enterprise")) {
        oauth.grant = OAuthGrant::Enterprise;
        oauth.idToken = text(u"idp_id_token").toLatin1();
        oauth.idpIssuer = text(u"idp_issuer");
        oauth.idpTokenEndpoint = text(u"idp_token_endpoint");
        oauth.idpClientId = text(u"idp_client_id");
    }
    return oauth;
}

/// Whatever the scenario was about: what we sent is valid by the schema of its revision. The runner
/// looks for these lines, as the suite's own judgement does not heed them.
bool sentInvalid(const Driver &driver)
{
    const sightglass::test::SentMessages sent = sightglass::test::sentMessages(driver.trace());
    for (const QString &message : sent.invalid)
        std::fprintf(stderr, "conformance-client: sent an invalid message: %s\n",
                     qPrintable(message));
    std::fprintf(stderr, "conformance-client: %d messages judged, %d invalid\n", sent.judged,
                 int(sent.invalid.size()));
    return !sent.invalid.isEmpty();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const Expected<ServerTarget> parsed = parseTarget(QCoreApplication::arguments().constLast());
    if (!parsed || argc < 2) {
        std::fprintf(stderr, "usage: conformance-client URL\n");
        return 2;
    }
    ServerTarget target = *parsed;
    target.network.proxy = NetworkSettings::Proxy::None;
    target.offer = {.roots = true, .sampling = true, .elicitation = true};
    target.revision = qEnvironmentVariable("MCP_CONFORMANCE_PROTOCOL_VERSION", u"auto"_s);
    const Task task{qgetenv("MCP_CONFORMANCE_SCENARIO"),
                    JsonText::parse(qgetenv("MCP_CONFORMANCE_CONTEXT"))};
    target.oauth = oauthFor(task);

    Driver driver;
    const bool used = driver.connectTo(target);
    if (used) {
        useTools(driver, task);
        if (driver.offers(ListKind::Resources))
            useResources(driver);
        if (driver.offers(ListKind::Prompts))
            usePrompts(driver);
        if (offersSkills(driver.state().capabilities))
            useSkills(driver, task);
        driver.disconnectFrom();
    }
    return sentInvalid(driver) || !used || driver.hasFailed() ? 1 : 0;
}
