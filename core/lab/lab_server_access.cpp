// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/auth_secrets.h"
#include "core/lab/auth_server.h"
#include "core/lab/connection.h"
#include "core/lab/lab_server.h"
#include "core/lab/rpc_text.h"

#include <QHostAddress>
#include <QUrl>

namespace sightglass {

namespace {

bool isLoopbackName(const QString &host)
{
    QString name = host;
    if (name.startsWith(QLatin1Char('[')) && name.endsWith(QLatin1Char(']')))
        name = name.mid(1, name.size() - 2);
    return name.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0
        || QHostAddress(name).isLoopback();
}

bool isLoopbackAuthority(const QByteArray &authority)
{
    const QUrl url(QStringLiteral("http://") + QString::fromUtf8(authority), QUrl::StrictMode);
    return url.isValid() && isLoopbackName(url.host());
}

bool isLoopbackOrigin(const QByteArray &origin)
{
    const QUrl url(QString::fromUtf8(origin), QUrl::StrictMode);
    return url.isValid()
        && (url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https"))
        && isLoopbackName(url.host());
}

const char loginPage[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head>
<body><h1>Sign in</h1><p>Please sign in to continue.</p>
<form method="post"><input name="user"><input name="password" type="password"><button>Sign in</button></form>
</body></html>
)";

const char consentPage[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Thank you</title></head>
<body><h1>Thank you</h1><p>The lab knows now that you came. You can close this page.</p></body></html>
)";

const char frontPage[] =
    "This is the lab of Sightglass: an MCP server to practise on.\n"
    "Its MCP endpoint is /mcp (Streamable HTTP; POST, GET and DELETE). The older HTTP+SSE has its\n"
    "event stream at /sse.\n"
    "\n"
    "Where it asks for a token: ";
const char byHand[] = "whoever started the lab chose one (--bearer-env, --bearer-file).\n"
                      "No authorisation server issues it, so the lab's metadata names none.\n";
const char byIssuer[] = "the lab's own authorisation server gives it out.\n"
                        "How to get there is told by /.well-known/oauth-protected-resource/mcp.\n";

} // namespace

void labRefuseMessage(LabReply *reply, int status, qint64 code, const QString &sentence)
{
    reply->send(status, "application/json", labError({}, code, sentence));
}

bool LabServer::passesOrigin(LabReply *reply) const
{
    const LabRequest &request = reply->request();
    if (!isLoopbackAuthority(request.header("Host"))) {
        labRefuseMessage(
            reply, 403, -32000,
            QStringLiteral("The lab answers on loopback names only; Host names another "
                           "one."));
        return false;
    }
    if (request.has("Origin") && !isLoopbackOrigin(request.header("Origin"))) {
        labRefuseMessage(reply, 403, -32000,
                         QStringLiteral("Requests from this Origin are not allowed."));
        return false;
    }
    return true;
}

bool LabServer::isEndpoint(const QByteArray &path) const
{
    if (!m_world.offersStreamableHttp())
        return false;
    return path == "/mcp" || (path == "/mcp/" && m_world.faults().plays("AF-93"))
        || (path == "/mcp/main" && m_world.faults().plays("AF-24"))
        || (path == "/mcp/moved"
            && (m_world.faults().plays("redirect-307") || m_world.faults().plays("redirect-302")));
}

bool LabServer::servePage(FaultPlay &play)
{
    LabReply *reply = play.reply;
    const LabRequest &request = reply->request();
    if (usesOAuth() && m_auth && settings().oauth.place != LabOAuth::Place::OtherOrigin
        && m_auth->serves(request.path)) {
        m_auth->handle(play);
        return true;
    }
    if (request.method != "GET" && request.method != "HEAD")
        return false;
    reply->what = QString::fromUtf8(request.path.left(200));
    if (request.path == "/") {
        reply->send(200, "text/plain; charset=utf-8",
                    QByteArray(frontPage) + (usesOAuth() ? byIssuer : byHand));
        return true;
    }
    if (request.path == "/login") {
        reply->send(200, "text/html; charset=utf-8", loginPage);
        return true;
    }
    if (request.path.startsWith("/consent/")) {
        reply->send(200, "text/html; charset=utf-8", consentPage);
        m_world.openConsentPage(QString::fromLatin1(request.path.mid(9)));
        return true;
    }
    return serveResourceMetadata(play);
}

bool LabServer::passesCredentials(FaultPlay &play, const EnvelopeBatch &body)
{
    if (usesOAuth() ? !passesToken(play) : !passesBearer(play))
        return false;
    if (!passesExtraHeader(play))
        return false;
    for (const ActiveFault &active : m_world.faults().at(play)) {
        play.number = active.number;
        const QByteArray problem = active.fault->doubt ? active.fault->doubt(play) : QByteArray();
        if (!problem.isEmpty()) {
            refuse(play, "invalid_token", problem);
            return false;
        }
    }
    return !usesOAuth() || passesScopes(play, body);
}

bool LabServer::passesBearer(FaultPlay &play)
{
    const LabRequest &request = play.reply->request();
    const QByteArray authorization = request.header("Authorization");
    const bool demands = !settings().bearer.isEmpty() || m_world.faults().demandsToken();
    if (demands && authorization.isEmpty()) {
        refuse(play, {}, "This request carries no Authorization");
        return false;
    }
    if (!settings().bearer.isEmpty()) {
        // RFC 9110, section 11.1: the scheme's case does not matter.
        const bool isBearer = authorization.left(7).compare("Bearer ", Qt::CaseInsensitive) == 0;
        if (!isBearer || !labEqualSecrets(authorization.mid(7).trimmed(), settings().bearer)) {
            refuse(play, "invalid_token", "The access token is not valid");
            return false;
        }
    }
    return true;
}

bool LabServer::passesExtraHeader(FaultPlay &play)
{
    const LabRequest &request = play.reply->request();
    if (settings().apiKey.isEmpty())
        return true;
    const qsizetype colon = settings().apiKey.indexOf(':');
    const QByteArray name = settings().apiKey.left(colon).trimmed();
    const QByteArray wanted = settings().apiKey.mid(colon + 1).trimmed();
    bool found = labEqualSecrets(request.header(name), wanted);
    if (name.compare("Cookie", Qt::CaseInsensitive) == 0) {
        for (const QByteArray &pair : request.header(name).split(';'))
            found = found || labEqualSecrets(pair.trimmed(), wanted);
    }
    if (!found) {
        refuse(play, {},
               request.has(name) ? name + " is not valid" : "This request carries no " + name);
    }
    return found;
}

void LabServer::refuse(FaultPlay &play, const QByteArray &error, const QByteArray &problem)
{
    if (labPlayHook(m_world.faults(), play, &Fault::refuse, problem))
        return;
    // RFC 6750, section 3: no error code where no token was sent.
    challenge(play, 401, error, problem,
              usesOAuth() ? LabAuthServer::firstScopes() : QStringList());
}

} // namespace sightglass
