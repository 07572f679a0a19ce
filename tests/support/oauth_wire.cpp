// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/oauth_wire.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace sightglass::test {

namespace {

QByteArray pathOf(const RawRequest &request)
{
    const QByteArray target = request.target();
    return target.left(target.indexOf('?') < 0 ? target.size() : target.indexOf('?'));
}

} // namespace

OAuthWire::OAuthWire()
{
    listens = mcp.listen() && as.listen();
    mcp.onRequest(
        [this](RawConnection &to, const RawRequest &request) { serve(mcpPages, to, request); });
    as.onRequest(
        [this](RawConnection &to, const RawRequest &request) { serve(asPages, to, request); });
    const auto quoted = [](const QByteArray &text) { return '"' + text + '"'; };
    resourceMembers = {{"resource", quoted(resource())},
                       {"authorization_servers", '[' + quoted(issuer()) + ']'},
                       {"scopes_supported", R"(["read"])"}};
    serverMembers = {{"issuer", quoted(issuer())},
                     {"authorization_endpoint", quoted(issuer() + "/authorize")},
                     {"token_endpoint", quoted(issuer() + "/token")},
                     {"registration_endpoint", quoted(issuer() + "/register")},
                     {"revocation_endpoint", quoted(issuer() + "/revoke")},
                     {"code_challenge_methods_supported", R"(["S256"])"},
                     {"token_endpoint_auth_methods_supported", R"(["none"])"}};
    tokenMembers = {{"access_token", quoted(token)},
                    {"token_type", R"("Bearer")"},
                    {"expires_in", "3600"},
                    {"refresh_token", R"("refresh-1")"},
                    {"scope", R"("read")"}};
    // As they are at the moment of asking.
    const auto document = [](const Members &members) {
        return [&members](RawConnection &to, const RawRequest &) {
            to.answer(200, json(members), "Content-Type: application/json\r\n");
        };
    };
    mcpPages[ResourcePath] = document(resourceMembers);
    mcpPages["/mcp"] = [this](RawConnection &to, const RawRequest &request) {
        answerMcp(to, request);
    };
    asPages[ServerPath] = document(serverMembers);
    asPages["/register"] = answering(201, R"({"client_id":"client-1"})");
    asPages["/authorize"] = [this](RawConnection &to, const RawRequest &request) {
        authorize(to, request);
    };
    asPages["/token"] = document(tokenMembers);
    asPages["/revoke"] = answering(200, "{}");

    target.url = mcp.url();
    target.revision = u"2025-11-25"_s;
    target.network.proxy = NetworkSettings::Proxy::None;
    target.oauth.mode = OAuthSettings::Mode::Interactive;
    QObject::connect(&probe.session(), &Session::browserWanted, &browser, [this](const QUrl &url) {
        asked.append(url);
        if (opens)
            browser.open(url);
    });
}

QByteArray OAuthWire::issuer() const
{
    return "http://127.0.0.1:" + QByteArray::number(as.port());
}

QByteArray OAuthWire::json(const Members &members)
{
    QByteArray text;
    for (auto it = members.cbegin(); it != members.cend(); ++it)
        text += (text.isEmpty() ? "\"" : ",\"") + it.key() + "\":" + it.value();
    return '{' + text + '}';
}

OAuthWire::Page OAuthWire::answering(int status, const QByteArray &body, const QByteArray &type)
{
    return [=](RawConnection &to, const RawRequest &) {
        to.answer(status, body, "Content-Type: " + type + "\r\n");
    };
}

OAuthWire::Page OAuthWire::truncated()
{
    return [](RawConnection &to, const RawRequest &) {
        to.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                 "Content-Length: 5000\r\n\r\n{\"issuer\":\"http");
        to.close();
    };
}

OAuthWire::Page OAuthWire::endless(qint64 total)
{
    return [=](RawConnection &to, const RawRequest &) {
        const QByteArray first = R"({"issuer":")";
        to.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                 + QByteArray::number(first.size() + total) + "\r\n\r\n" + first);
        to.stream(total);
    };
}

OAuthWire::Page OAuthWire::redirecting(const QByteArray &location)
{
    return [=](RawConnection &to, const RawRequest &) {
        to.answer(302, {}, "Location: " + location + "\r\n");
    };
}

OAuthWire::Page OAuthWire::resetting()
{
    return [](RawConnection &to, const RawRequest &) { to.reset(); };
}

QList<RawRequest> OAuthWire::got(const RawServer &server, const QByteArray &path)
{
    QList<RawRequest> found;
    for (const RawRequest &request : server.requests()) {
        if (pathOf(request) == path)
            found.append(request);
    }
    return found;
}

std::optional<OAuthStep> OAuthWire::failed()
{
    for (const OAuthStep &one : state().steps) {
        if (one.state == OAuthStep::State::Failed)
            return one;
    }
    return {};
}

bool OAuthWire::goesOnFrom(OAuthStepKind from)
{
    // It is a command: until the first change the state is the one of before.
    bool begun = false;
    QObject context;
    QObject::connect(&probe.session(), &Session::oauthChanged, &context,
                     [&begun] { begun = true; });
    probe.session().runOAuthAgain(from, false, target.oauth);
    probe.waitFor([this, &begun] {
        const OAuthState::Phase phase = begun ? state().phase : OAuthState::Phase::Running;
        return phase == OAuthState::Phase::Authorized || phase == OAuthState::Phase::Failed
            || phase == OAuthState::Phase::Question;
    });
    return state().phase == OAuthState::Phase::Authorized;
}

void OAuthWire::serve(const QHash<QByteArray, Page> &pages, RawConnection &to,
                      const RawRequest &request)
{
    if (const Page page = pages.value(pathOf(request)))
        page(to, request);
    else
        to.answer(404);
}

void OAuthWire::answerMcp(RawConnection &to, const RawRequest &request)
{
    const QByteArray type = "Content-Type: application/json\r\n";
    if (!answersAnybody && request.header("Authorization") != "Bearer " + token) {
        to.answer(401, {},
                  "WWW-Authenticate: Bearer resource_metadata=\""
                      + mcp.url(QString::fromLatin1(ResourcePath)).toEncoded() + "\"\r\n");
        return;
    }
    const QJsonObject message = QJsonDocument::fromJson(request.body).object();
    const QString method = message.value("method"_L1).toString();
    const QByteArray id = QByteArray::number(message.value("id"_L1).toInteger());
    if (request.method() == "GET")
        to.answer(405);
    else if (request.method() == "DELETE")
        to.answer(200);
    else if (method == "initialize"_L1)
        to.answer(200,
                  R"({"jsonrpc":"2.0","id":)" + id
                      + R"(,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},)"
                        R"("serverInfo":{"name":"wire","version":"1"}}})",
                  type + "Mcp-Session-Id: session-1\r\n");
    else if (method == "tools/list"_L1)
        to.answer(200, R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"tools":[]}})", type);
    else
        to.answer(202);
}

void OAuthWire::authorize(RawConnection &to, const RawRequest &request)
{
    const QUrlQuery query(QUrl::fromEncoded(request.target()).query(QUrl::FullyEncoded));
    to.answer(302, {},
              "Location: " + query.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded).toLatin1()
                  + "?code=the-code&state=" + query.queryItemValue(u"state"_s).toLatin1() + "\r\n");
}

} // namespace sightglass::test
