// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/auth_server.h"

#include "core/lab/auth_pages.h"
#include "core/lab/connection.h"
#include "core/lab/lab_world.h"
#include "core/lab/rpc_text.h"

#include <QDateTime>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestBody = 64 * 1024;
constexpr auto oauthPlace = "/.well-known/oauth-authorization-server";
constexpr auto openIdPlace = "/.well-known/openid-configuration";

const char authFrontPage[] =
    "This is the authorisation server of Sightglass's lab. It gives out tokens to practise with,\n"
    "which are good for nothing else. Its metadata is at "
    "/.well-known/oauth-authorization-server.\n";

} // namespace

LabAuthServer::LabAuthServer(const LabWorld &world, const QByteArray &origin,
                             std::function<QStringList()> resources)
    : m_world(world)
    , m_origin(origin)
    , m_resources(std::move(resources))
    , m_key(SigningKey::generate())
{
    LabClient known = publicClient(QLatin1String(knownClient), u"A client that the lab knows"_s);
    m_clients.add(known);
    known.secret = world.settings().oauth.serviceSecret;
    if (known.secret.isEmpty())
        return;
    known.id = QLatin1String(knownService);
    known.name = u"A service that the lab knows"_s;
    known.authMethod = u"client_secret_basic"_s;
    known.grantTypes.append(u"client_credentials"_s);
    m_clients.add(known);
}

LabClient LabAuthServer::publicClient(const QString &id, const QString &name)
{
    LabClient client;
    client.id = id;
    client.name = name;
    client.redirectUris = {u"http://127.0.0.1/"_s, u"http://127.0.0.1/callback"_s,
                           u"http://localhost/callback"_s};
    client.authMethod = u"none"_s;
    client.grantTypes = {u"authorization_code"_s, u"refresh_token"_s};
    return client;
}

QStringList LabAuthServer::firstScopes()
{
    return {QLatin1String(readScope), QLatin1String(callScope)};
}

QStringList LabAuthServer::scopes()
{
    return firstScopes() + QStringList{QLatin1String(writeScope), u"offline_access"_s};
}

QString LabAuthServer::issuer() const
{
    const QString path =
        m_world.faults().plays("AF-28") ? u"/tenant"_s : m_world.settings().oauth.issuerPath;
    return QString::fromLatin1(m_origin) + path;
}

bool LabAuthServer::isMetadataPath(const QByteArray &path) const
{
    const QByteArray own = issuer().sliced(m_origin.size()).toUtf8();
    if (m_world.faults().plays("AF-28"))
        return path == own + oauthPlace;
    // RFC 8414, 3.1 puts the well-known part in front of the issuer's path; OpenID Connect
    // Discovery, 4 behind it.
    return path == oauthPlace + own || path == openIdPlace + own || path == own + openIdPlace;
}

bool LabAuthServer::metadataIsHidden() const
{
    return m_world.settings().oauth.place == LabOAuth::Place::SameOriginUnannounced;
}

bool LabAuthServer::serves(const QByteArray &path) const
{
    static const QList<QByteArray> endpoints{"/authorize", "/consent",    "/token", "/register",
                                             "/revoke",    "/introspect", "/jwks"};
    return endpoints.contains(path) || isMetadataPath(path);
}

void LabAuthServer::handle(FaultPlay &play)
{
    LabReply *reply = play.reply;
    const LabRequest &request = reply->request();
    const bool reads = request.method == "GET" || request.method == "HEAD";
    reply->what = u"authorisation server "_s + QString::fromUtf8(request.path.left(200));
    if (labPlayHook(m_world.faults(), play, &Fault::atIssuer))
        return;
    if (isMetadataPath(request.path) && !metadataIsHidden() && reads) {
        sendMetadata(play);
        return;
    }
    if (request.path == "/" && reads) {
        reply->send(200, "text/plain; charset=utf-8", authFrontPage);
        return;
    }
    const struct {
        const char *path;
        const char *method;
        void (LabAuthServer::*serve)(FaultPlay &);
    } endpoints[] = {
        {"/authorize", "GET", &LabAuthServer::authorize},
        {"/consent", "POST", &LabAuthServer::decide},
        {"/token", "POST", &LabAuthServer::giveToken},
        {"/register", "POST", &LabAuthServer::registerClient},
        {"/revoke", "POST", &LabAuthServer::revoke},
        {"/introspect", "POST", &LabAuthServer::introspect},
        {"/jwks", "GET", &LabAuthServer::sendKeys},
    };
    for (const auto &endpoint : endpoints) {
        if (request.path != endpoint.path)
            continue;
        if (request.method == endpoint.method) {
            (this->*endpoint.serve)(play);
        } else {
            reply->addHeader("Allow", endpoint.method);
            reply->send(405, "text/plain; charset=utf-8", "Method not allowed.\n");
        }
        return;
    }
    reply->send(404, "text/plain; charset=utf-8",
                "Nothing is here. This is the authorisation server of the lab.\n");
}

void LabAuthServer::sendMetadata(FaultPlay &play)
{
    const auto at = [this](const char *path) {
        return QString::fromLatin1(m_origin) + QLatin1String(path);
    };
    LabDocument document(LabDocument::Kind::Issuer);
    document.set(u"issuer"_s, issuer());
    document.set(u"authorization_endpoint"_s, at("/authorize"));
    document.set(u"token_endpoint"_s, at("/token"));
    document.set(u"registration_endpoint"_s, at("/register"));
    document.set(u"revocation_endpoint"_s, at("/revoke"));
    document.set(u"introspection_endpoint"_s, at("/introspect"));
    document.set(u"jwks_uri"_s, at("/jwks"));
    document.set(u"scopes_supported"_s, scopes());
    document.set(u"response_types_supported"_s, QStringList{u"code"_s});
    document.set(u"response_modes_supported"_s, QStringList{u"query"_s});
    document.set(u"grant_types_supported"_s, LabClients::grantTypes());
    for (const char *endpoint : {"token", "revocation", "introspection"}) {
        const QString name = QLatin1String(endpoint) + u"_endpoint_auth_"_s;
        document.set(name + u"methods_supported"_s, LabClients::authMethods());
        document.set(name + u"signing_alg_values_supported"_s, LabProofs::algorithms());
    }
    document.set(u"code_challenge_methods_supported"_s, QStringList{u"S256"_s});
    if (m_world.settings().oauth.dpop)
        document.set(u"dpop_signing_alg_values_supported"_s, LabProofs::algorithms());
    // What OpenID Connect Discovery wants to be there; there are no ID tokens here.
    document.set(u"subject_types_supported"_s, QStringList{u"public"_s});
    document.set(u"id_token_signing_alg_values_supported"_s,
                 QStringList{QString::fromLatin1(m_key.algorithm())});
    document.setFlag(u"authorization_response_iss_parameter_supported"_s, true);
    document.setFlag(u"client_id_metadata_document_supported"_s,
                     m_world.settings().oauth.takesClientDocuments);
    document.set(u"service_documentation"_s, at("/"));
    sendDocument(play, 200, document);
}

void LabAuthServer::sendKeys(FaultPlay &play)
{
    LabDocument document;
    const QByteArray about =
        R"("kid":")" + m_key.thumbprint() + R"(","use":"sig","alg":")" + m_key.algorithm() + '"';
    document.setRaw(u"keys"_s, '[' + labWithMembers(m_key.publicJwk(), about) + ']');
    sendDocument(play, 200, document);
}

void LabAuthServer::sendDocument(FaultPlay &play, int status, const LabDocument &document)
{
    LabDocument sent = document;
    if (labPlayHook(m_world.faults(), play, &Fault::document, sent))
        return;
    // RFC 6749, 5.1: answers with tokens are kept by nobody.
    play.reply->addHeader("Cache-Control", "no-store");
    play.reply->send(status, "application/json", sent.text());
}

void LabAuthServer::refuse(FaultPlay &play, const LabRefusal &refusal)
{
    // RFC 6749, 5.2: a client that used the header is told of it.
    if (refusal.status == 401 && play.reply->request().has("Authorization"))
        play.reply->addHeader("WWW-Authenticate", R"(Basic realm="Sightglass lab")");
    sendDocument(play, refusal.status, refusal.document());
}

std::optional<LabForm> LabAuthServer::readForm(FaultPlay &play)
{
    const LabRequest &request = play.reply->request();
    LabRefusal refusal;
    LabForm form;
    if (labBefore(request.header("Content-Type").toLower(), ';').trimmed()
        != "application/x-www-form-urlencoded") {
        refusal = {"invalid_request",
                   u"Content-Type has to be application/x-www-form-urlencoded."_s};
    } else if (request.body.size() > longestBody) {
        refusal = {"invalid_request", u"The body is longer than 64 KiB."_s, 413};
    } else {
        form = LabForm::parse(request.body);
        if (!form.repeated().isEmpty())
            refusal = {"invalid_request", u"A parameter comes more than once."_s};
    }
    if (!refusal)
        return form;
    refuse(play, refusal);
    return std::nullopt;
}

void LabAuthServer::registerClient(FaultPlay &play)
{
    const LabRequest &request = play.reply->request();
    LabRefusal refusal;
    const LabClient *client = nullptr;
    if (labBefore(request.header("Content-Type").toLower(), ';').trimmed() != "application/json")
        refusal = {"invalid_client_metadata", u"Content-Type has to be application/json."_s};
    else if (request.body.size() > longestBody)
        refusal = {"invalid_client_metadata", u"The body is longer than 64 KiB."_s, 413};
    else
        client = m_clients.registerClient(request.body, m_world.faults().plays("AF-42"), &refusal);
    if (!client) {
        refuse(play, refusal);
        return;
    }
    LabDocument document(LabDocument::Kind::Registration);
    document.set(u"client_id"_s, client->id);
    document.set(u"client_id_issued_at"_s, QDateTime::currentSecsSinceEpoch());
    if (!client->secret.isEmpty()) {
        document.set(u"client_secret"_s, QString::fromLatin1(client->secret));
        document.set(u"client_secret_expires_at"_s, qint64(0));
    }
    if (!client->name.isEmpty())
        document.set(u"client_name"_s, client->name);
    document.set(u"redirect_uris"_s, client->redirectUris);
    document.set(u"grant_types"_s, client->grantTypes);
    document.set(u"response_types"_s,
                 client->grantTypes.contains("authorization_code"_L1) ? QStringList{u"code"_s}
                                                                      : QStringList());
    document.set(u"token_endpoint_auth_method"_s, client->authMethod);
    sendDocument(play, 201, document);
}

/// RFC 7009. A token that is not known is as good as one that was revoked.
void LabAuthServer::revoke(FaultPlay &play)
{
    const std::optional<LabForm> form = readForm(play);
    if (!form)
        return;
    LabRefusal refusal;
    const LabClient *client = authenticate(play, *form, &refusal);
    const QByteArray value = form->value(u"token").toUtf8();
    if (client && value.isEmpty())
        refusal = {"invalid_request", u"token is missing."_s};
    if (!refusal) {
        const LabToken *token = m_grants.token(value);
        const LabGrants::Refresh *refresh = m_grants.refresh(value);
        if ((token && token->grant.clientId != client->id)
            || (refresh && refresh->grant.clientId != client->id))
            refusal = {"unauthorized_client", u"The token was issued to another client."_s};
        else if (refresh)
            m_grants.revokeFamily(refresh->family);
        else if (token)
            m_grants.revokeToken(value);
    }
    if (refusal)
        refuse(play, refusal);
    else
        play.reply->send(200, {}, {});
}

/// RFC 7662. A client learns of its own tokens alone.
void LabAuthServer::introspect(FaultPlay &play)
{
    const std::optional<LabForm> form = readForm(play);
    if (!form)
        return;
    LabRefusal refusal;
    const LabClient *client = authenticate(play, *form, &refusal);
    const QByteArray value = form->value(u"token").toUtf8();
    if (client && value.isEmpty())
        refusal = {"invalid_request", u"token is missing."_s};
    if (refusal) {
        refuse(play, refusal);
        return;
    }
    LabDocument document;
    const LabToken *token = m_grants.token(value);
    const LabGrants::Refresh *refresh = m_grants.refresh(value);
    if (token && token->grant.clientId == client->id && !token->revoked
        && token->expires > QDateTime::currentMSecsSinceEpoch()) {
        document.setFlag(u"active"_s, true);
        document.set(u"token_type"_s, token->thumbprint.isEmpty() ? u"Bearer"_s : u"DPoP"_s);
        if (!token->thumbprint.isEmpty())
            document.setRaw(u"cnf"_s, R"({"jkt":")" + token->thumbprint + R"("})");
        document.set(u"scope"_s, token->scopes.join(u' '));
        document.set(u"client_id"_s, token->grant.clientId);
        document.set(u"iss"_s, issuer());
        document.set(u"aud"_s, token->audience);
        document.set(u"iat"_s, token->issued / 1000);
        document.set(u"exp"_s, token->expires / 1000);
    } else if (refresh && refresh->grant.clientId == client->id && !refresh->used) {
        document.setFlag(u"active"_s, true);
        document.set(u"token_type"_s, u"refresh_token"_s);
        document.set(u"scope"_s, refresh->grant.scopes.join(u' '));
        document.set(u"client_id"_s, refresh->grant.clientId);
        document.set(u"iss"_s, issuer());
    } else {
        document.setFlag(u"active"_s, false);
    }
    sendDocument(play, 200, document);
}

} // namespace sightglass
