// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/oauth_world.h"

#include <QUrlQuery>

namespace sightglass::test {

OAuthWorld::OAuthWorld()
    : flow({[this](int bytes) { return QByteArray(bytes, char(++randoms)); },
            [this] { return nowMs; }})
{
    OAuthSettings settings;
    settings.mode = OAuthSettings::Mode::Interactive;
    flow.setSettings(settings);
    pages["GET https://mcp.example/.well-known/oauth-protected-resource/mcp"] = {
        200,
        R"({"resource":"https://mcp.example/mcp",)"
        R"("authorization_servers":["https://as.example"],"scopes_supported":["read"]})"};
    setServer({});
    pages["POST https://as.example/register"] = {201, R"({"client_id":"c1"})"};
    pages["POST https://as.example/token"] = {
        200,
        R"({"access_token":"at","token_type":"Bearer","expires_in":3600,)"
        R"("refresh_token":"rt"})"};
}

void OAuthWorld::setServer(const QHash<QByteArray, QByteArray> &changed)
{
    QList<std::pair<QByteArray, QByteArray>> members{
        {"issuer", "\"https://as.example\""},
        {"authorization_endpoint", "\"https://as.example/authorize\""},
        {"token_endpoint", "\"https://as.example/token\""},
        {"registration_endpoint", "\"https://as.example/register\""},
        {"code_challenge_methods_supported", "[\"S256\"]"},
        {"token_endpoint_auth_methods_supported", "[\"none\"]"}};
    for (auto it = changed.cbegin(); it != changed.cend(); ++it) {
        members.removeIf([&](const auto &member) { return member.first == it.key(); });
        if (!it.value().isEmpty())
            members.append({it.key(), it.value()});
    }
    QByteArray body;
    for (const auto &[name, value] : members)
        body += (body.isEmpty() ? "{\"" : ",\"") + name + "\":" + value;
    pages["GET https://as.example/.well-known/oauth-authorization-server"] = {200, body + '}'};
}

OAuthRefusal OAuthWorld::refusal(const QByteArray &challenge, int status, bool hadToken,
                                 const QByteArray &type)
{
    OAuthRefusal refusal;
    refusal.exchange = 1;
    refusal.status = status;
    refusal.hadToken = hadToken;
    if (!challenge.isEmpty())
        refusal.headers.append({"WWW-Authenticate", challenge, HeaderSource::Server, false});
    if (!type.isEmpty())
        refusal.headers.append({"Content-Type", type, HeaderSource::Server, false});
    return refusal;
}

void OAuthWorld::begin(const QByteArray &challenge)
{
    flow.begin(QUrl(QStringLiteral("https://mcp.example/mcp")), refusal(challenge));
    run();
}

void OAuthWorld::run()
{
    for (int i = 0; i < 100; ++i) {
        const OAuthAction action = flow.action();
        if (const auto *fetch = std::get_if<OAuthFetch>(&action)) {
            asked.append(fetch->method + ' ' + fetch->url.toEncoded());
            fetches.append(*fetch);
            const Page page = pages.value(asked.constLast(), Page{404, "none", "text/plain"});
            OAuthAnswer answer;
            answer.exchange = ++exchange;
            answer.status = page.status;
            answer.headers = page.headers;
            answer.headers.append({"Content-Type", page.type, HeaderSource::Server, false});
            answer.body = page.body;
            if (page.status == 0)
                answer.failure = Failure{FailureKind::Unreachable,
                                         QStringLiteral("refused"),
                                         QStringLiteral("Nobody listens."),
                                         {},
                                         exchange,
                                         {}};
            flow.answered(answer);
        } else if (std::holds_alternative<OAuthListen>(action)) {
            flow.listening(QUrl(QStringLiteral("http://127.0.0.1:%1/callback").arg(4711)));
        } else {
            return;
        }
    }
}

QUrl OAuthWorld::browse() const
{
    const auto *action = std::get_if<OAuthBrowse>(&flow.action());
    return action ? action->url : QUrl();
}

QString OAuthWorld::parameter(const QString &name) const
{
    return QUrlQuery(browse()).queryItemValue(name, QUrl::FullyDecoded);
}

void OAuthWorld::comeBack(const QByteArray &query)
{
    QByteArray text = query;
    text.replace("STATE", parameter(QStringLiteral("state")).toLatin1());
    flow.calledBack(
        QUrl(QStringLiteral("http://127.0.0.1:4711/callback?") + QString::fromLatin1(text)));
    run();
}

QString OAuthWorld::sent(const QString &name) const
{
    for (const auto &[key, value] : formDecoded(fetches.constLast().body)) {
        if (key == name)
            return value;
    }
    return {};
}

QStringList OAuthWorld::findings() const
{
    QStringList ids;
    for (const OAuthStep &one : flow.steps()) {
        for (const OAuthCheck &check : one.checks) {
            if (!check.finding.isEmpty() && !ids.contains(check.finding))
                ids.append(check.finding);
        }
    }
    return ids;
}

} // namespace sightglass::test
