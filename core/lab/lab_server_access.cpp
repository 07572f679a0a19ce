// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/connection.h"
#include "core/lab/lab_server.h"
#include "core/lab/rpc_text.h"

#include "core/jsonrpc/json_text.h"

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

/// Takes the same time for every wrong value of the same length.
bool equalSecrets(QByteArrayView a, QByteArrayView b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= unsigned(quint8(a[i]) ^ quint8(b[i]));
    return difference == 0;
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
    "Where it asks for a token: whoever started the lab chose one (--bearer-env, --bearer-file).\n"
    "No authorisation server issues it, so the lab's metadata names none.\n";

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
        || (path == "/mcp/moved"
            && (m_world.faults().plays("redirect-307") || m_world.faults().plays("redirect-302")));
}

bool LabServer::servePage(LabReply *reply)
{
    const LabRequest &request = reply->request();
    if (request.method != "GET" && request.method != "HEAD")
        return false;
    reply->what = QString::fromUtf8(request.path.left(200));
    if (request.path == "/") {
        reply->send(200, "text/plain; charset=utf-8", frontPage);
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
    // RFC 9728, section 3.1: the well-known part goes in front of the resource's path. Section 3.2
    // wants authorization_servers left out where there is none: the lab's token is handed out by
    // hand, and the documentation says so.
    if (request.path == "/.well-known/oauth-protected-resource/mcp"
        || request.path == "/.well-known/oauth-protected-resource") {
        const QString resource = QString::fromUtf8(origin())
            + (request.path.endsWith("/mcp") ? QStringLiteral("/mcp") : QString());
        JsonWriter body;
        body.beginObject().key(u"resource").value(QStringView(resource));
        body.key(u"resource_name").value("Sightglass lab");
        body.key(u"resource_documentation").value(QString::fromUtf8(origin()) + QLatin1Char('/'));
        body.key(u"bearer_methods_supported").beginArray().value("header").endArray();
        body.endObject();
        reply->send(200, "application/json", body.text());
        return true;
    }
    return false;
}

bool LabServer::passesCredentials(FaultPlay &play)
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
        if (!isBearer || !equalSecrets(authorization.mid(7).trimmed(), settings().bearer)) {
            refuse(play, "invalid_token", "The access token is not valid");
            return false;
        }
    }
    if (settings().apiKey.isEmpty())
        return true;
    const qsizetype colon = settings().apiKey.indexOf(':');
    const QByteArray name = settings().apiKey.left(colon).trimmed();
    const QByteArray wanted = settings().apiKey.mid(colon + 1).trimmed();
    bool found = equalSecrets(request.header(name), wanted);
    if (name.compare("Cookie", Qt::CaseInsensitive) == 0) {
        for (const QByteArray &pair : request.header(name).split(';'))
            found = found || equalSecrets(pair.trimmed(), wanted);
    }
    if (!found) {
        refuse(play, {},
               request.has(name) ? name + " is not valid" : "This request carries no " + name);
    }
    return found;
}

void LabServer::refuse(FaultPlay &play, const QByteArray &error, const QByteArray &problem)
{
    for (const ActiveFault &active : m_world.faults().at(play)) {
        play.number = active.number;
        if (active.fault->refuse && active.fault->refuse(play, problem))
            return;
    }
    // RFC 6750, section 3: no error code where no token was sent.
    QByteArray challenge = R"(Bearer realm="Sightglass lab")";
    if (!error.isEmpty())
        challenge += R"(, error=")" + error + R"(", error_description=")" + problem + '"';
    challenge +=
        R"(, resource_metadata=")" + origin() + R"(/.well-known/oauth-protected-resource/mcp")";
    play.reply->addHeader("WWW-Authenticate", challenge);
    labRefuseMessage(play.reply, 401, -32001, QString::fromUtf8(problem) + QLatin1Char('.'));
}

} // namespace sightglass
