// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The MCP server as a protected resource: metadata (RFC 9728), and what it asks of tokens (OAuth
// 2.1, section 5; 2026-07-28, basic/authorization, "Token Handling" and "Error Handling").

#include "core/lab/auth_server.h"
#include "core/lab/connection.h"
#include "core/lab/lab_server.h"
#include "core/lab/rpc_text.h"
#include "core/lab/tool.h"

#include "core/jsonrpc/json_text.h"

#include <QDateTime>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView resourcePlace("/.well-known/oauth-protected-resource");

/// Its own tools say whether they change something; of those that it does not know it is not known.
bool changesSomething(const Envelope &call)
{
    const JsonText params = JsonText::parse(call.params.toByteArray());
    const LabTool *tool = labFindTool(params.string(params.member(params.root(), u"name")));
    const JsonText definition = JsonText::parse(tool ? QByteArray(tool->definition) : "{}");
    const JsonText::Node hint = definition.find("/annotations/readOnlyHint");
    return definition.isBool(hint) && !definition.boolean(hint);
}

/// What a message needs; requests that only open, end or keep a session need no scope.
QStringList demandedScopes(const Envelope &message)
{
    static const QList<QByteArray> reading{"tools/list",
                                           "prompts/list",
                                           "prompts/get",
                                           "resources/list",
                                           "resources/templates/list",
                                           "resources/read",
                                           "resources/subscribe",
                                           "completion/complete"};
    QStringList scopes;
    if (reading.contains(message.method))
        scopes.append(QLatin1String(LabAuthServer::readScope));
    if (message.method == "tools/call")
        scopes.append(QLatin1String(LabAuthServer::callScope));
    if (message.method == "tools/call" && changesSomething(message))
        scopes.append(QLatin1String(LabAuthServer::writeScope));
    return scopes;
}

} // namespace

bool LabServer::usesOAuth() const
{
    return settings().oauth.on || m_world.faults().needsOAuth();
}

QString LabServer::issuer() const
{
    return usesOAuth() && m_auth ? m_auth->issuer() : QString();
}

bool LabServer::openAuthServer(QString *problem)
{
    if (m_auth)
        return true;
    const LabOAuth &oauth = settings().oauth;
    const bool apart = oauth.place == LabOAuth::Place::OtherOrigin;
    if (apart && !m_issuer.listen(QHostAddress::LocalHost, oauth.port)) {
        *problem = u"The lab's authorisation server cannot listen on port %1 of 127.0.0.1: %2."_s
                       .arg(oauth.port)
                       .arg(m_issuer.errorString());
        return false;
    }
    m_auth = std::make_unique<LabAuthServer>(m_world, apart ? m_issuer.origin() : origin(),
                                             [this] { return allResources(); });
    return true;
}

void LabServer::handleAtIssuer(LabReply *reply)
{
    logRequest(reply);
    FaultPlay play;
    play.server = this;
    play.reply = reply;
    play.http = reply->request().method;
    if (passesOrigin(reply))
        m_auth->handle(play);
}

QByteArray LabServer::requestUrl(const LabRequest &request) const
{
    return (speaksTls() ? "https://" : "http://") + request.header("Host") + request.path;
}

QByteArray LabServer::resourceOf(const QByteArray &path) const
{
    if (usesOAuth() && (isSse(path) || !m_world.offersStreamableHttp()))
        return origin() + "/sse";
    return origin() + (path == "/mcp/main" ? path : QByteArray("/mcp"));
}

/// What an endpoint is, and what its metadata says that it is, where that is played with: the two
/// servers of the lab agree, so that a client which takes such metadata gets in.
QStringList LabServer::resourcesAt(const QByteArray &path)
{
    const QString resource = QString::fromLatin1(resourceOf(path));
    LabDocument document(LabDocument::Kind::Resource);
    document.set(u"resource"_s, resource);
    FaultPlay play;
    play.server = this;
    play.http = "GET";
    labPlayHook(m_world.faults(), play, &Fault::document, document);
    return {resource, jsonUnquoted(document.raw(u"resource"))};
}

QStringList LabServer::allResources()
{
    QStringList resources;
    if (m_world.offersStreamableHttp())
        resources += resourcesAt("/mcp");
    if (m_world.offersHttpSse())
        resources += resourcesAt("/sse");
    return resources;
}

bool LabServer::passesToken(FaultPlay &play)
{
    const LabRequest &request = play.reply->request();
    const QByteArray authorization = request.header("Authorization");
    if (authorization.isEmpty()) {
        refuse(play, {}, "This request carries no Authorization");
        return false;
    }
    // RFC 9110, section 11.1: the scheme's case does not matter.
    const QByteArray scheme = settings().oauth.dpop ? "DPoP " : "Bearer ";
    const bool fits = authorization.left(scheme.size()).compare(scheme, Qt::CaseInsensitive) == 0;
    const QByteArray text = authorization.mid(scheme.size()).trimmed();
    const LabToken *token = fits && m_auth ? m_auth->grants().token(text) : nullptr;
    if (!token) {
        refuse(play, "invalid_token", "The access token is not valid");
        return false;
    }
    QByteArray problem;
    if (token->revoked)
        problem = "The access token was revoked";
    else if (token->expires <= QDateTime::currentMSecsSinceEpoch())
        problem = "The access token expired";
    else if (!resourcesAt(request.path).contains(token->audience))
        problem = "The access token was issued for another resource";
    if (!problem.isEmpty()) {
        refuse(play, "invalid_token", problem);
        return false;
    }
    if (settings().oauth.dpop && !passesProof(play, text, *token))
        return false;
    play.token = *token;
    return true;
}

bool LabServer::passesProof(FaultPlay &play, const QByteArray &text, const LabToken &token)
{
    const LabRequest &request = play.reply->request();
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const LabProofs::Checked checked = m_proofs.check(request, requestUrl(request), text, now);
    play.reply->addHeader("DPoP-Nonce", m_proofs.nonce(now));
    if (checked.refusal) {
        QByteArray sentence = checked.refusal.sentence.toLatin1();
        sentence.chop(1);
        refuse(play, checked.refusal.error, sentence);
    } else if (checked.thumbprint != token.thumbprint) {
        refuse(play, "invalid_token", "The access token is bound to another key");
    } else {
        return true;
    }
    return false;
}

bool LabServer::passesScopes(FaultPlay &play, const EnvelopeBatch &body)
{
    QStringList demanded;
    for (const Envelope &message : body.messages)
        demanded += demandedScopes(message);
    for (const ActiveFault &active : m_world.faults().at(play)) {
        if (active.fault->demandedScope)
            demanded.append(QLatin1String(active.fault->demandedScope));
    }
    demanded.removeDuplicates();
    const bool granted = std::all_of(demanded.begin(), demanded.end(), [&](const QString &scope) {
        return play.token->scopes.contains(scope);
    });
    if (!granted) {
        // All that this request needs, in one challenge.
        challenge(play, 403, "insufficient_scope", "The access token lacks a scope", demanded);
    }
    return granted;
}

void LabServer::challenge(FaultPlay &play, int status, const QByteArray &error,
                          const QByteArray &problem, const QStringList &scopes)
{
    const bool bound = usesOAuth() && settings().oauth.dpop;
    LabChallenge challenge(bound ? "DPoP" : "Bearer");
    challenge.set("realm", "Sightglass lab");
    if (!error.isEmpty()) {
        challenge.set("error", error);
        challenge.set("error_description", problem);
    }
    // 2025-03-26 has no metadata of the resource.
    if (!usesOAuth() || settings().oauth.place == LabOAuth::Place::OtherOrigin) {
        const QByteArray resource = resourceOf(play.reply->request().path);
        challenge.set("resource_metadata",
                      origin() + resourcePlace.toByteArray() + resource.sliced(origin().size()));
    }
    if (bound)
        challenge.set("algs", LabProofs::algorithms().join(u' ').toUtf8());
    if (!scopes.isEmpty())
        challenge.set("scope", scopes.join(u' ').toUtf8());
    labPlayHook(m_world.faults(), play, &Fault::challenge, challenge);
    play.reply->addHeader("WWW-Authenticate", challenge.text());
    labRefuseMessage(play.reply, status, -32001, QString::fromUtf8(problem) + u'.');
}

bool LabServer::serveResourceMetadata(FaultPlay &play)
{
    const QByteArray &path = play.reply->request().path;
    // RFC 9728, section 3.1: the well-known part goes in front of the resource's path.
    if (!path.startsWith(resourcePlace))
        return false;
    const QByteArray endpoint = path.sliced(resourcePlace.size());
    const bool known = usesOAuth() ? settings().oauth.place == LabOAuth::Place::OtherOrigin
            && (endpoint.isEmpty() || isSse(endpoint) || isEndpoint(endpoint))
                                   : endpoint.isEmpty() || endpoint == "/mcp";
    if (!known)
        return false;
    LabDocument document(LabDocument::Kind::Resource);
    const QByteArray resource =
        endpoint.isEmpty() && !usesOAuth() ? origin() : resourceOf(endpoint);
    document.set(u"resource"_s, QString::fromLatin1(resource));
    document.set(u"resource_name"_s, u"Sightglass lab"_s);
    document.set(u"resource_documentation"_s, QString::fromLatin1(origin()) + u'/');
    // Section 3.2 wants authorization_servers left out where there is none: the lab's token is then
    // handed out by hand, and the documentation says so.
    if (usesOAuth()) {
        document.set(u"authorization_servers"_s, QStringList{issuer()});
        document.set(u"scopes_supported"_s, LabAuthServer::firstScopes());
    }
    if (usesOAuth() && settings().oauth.dpop) {
        document.setFlag(u"dpop_bound_access_tokens_required"_s, true);
        document.set(u"dpop_signing_alg_values_supported"_s, LabProofs::algorithms());
    }
    document.set(u"bearer_methods_supported"_s, QStringList{u"header"_s});
    if (!labPlayHook(m_world.faults(), play, &Fault::document, document))
        play.reply->send(200, "application/json", document.text());
    return true;
}

} // namespace sightglass
