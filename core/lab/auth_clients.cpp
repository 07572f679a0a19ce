// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/auth_clients.h"

#include "core/lab/auth_secrets.h"

#include <QHostAddress>
#include <QUrl>

#include <optional>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostClients = 1000;
constexpr qsizetype mostRedirects = 20;
constexpr qsizetype longestText = 2000;

bool isLoopback(const QUrl &url)
{
    return url.host() == "localhost"_L1 || QHostAddress(url.host()).isLoopback();
}

/// Nothing where the member is there and no list of strings.
std::optional<QStringList> texts(const JsonText &json, QStringView name)
{
    const JsonText::Node list = json.member(json.root(), name);
    if (list < 0)
        return QStringList();
    if (!json.isArray(list) || json.childCount(list) > mostRedirects)
        return std::nullopt;
    QStringList values;
    for (const JsonText::Node node : json.children(list)) {
        if (!json.isString(node) || json.string(node).size() > longestText)
            return std::nullopt;
        values.append(json.string(node));
    }
    return values;
}

/// Nothing where the member is there and no string.
std::optional<QString> text(const JsonText &json, QStringView name, const QString &otherwise)
{
    const JsonText::Node node = json.member(json.root(), name);
    if (node < 0)
        return otherwise;
    if (!json.isString(node) || json.string(node).size() > longestText)
        return std::nullopt;
    return json.string(node);
}

LabRefusal invalidMetadata(const QString &sentence)
{
    return {"invalid_client_metadata", sentence};
}

LabRefusal checkRedirects(const LabClient &client, bool web)
{
    if (client.redirectUris.isEmpty() && client.grantTypes.contains("authorization_code"_L1))
        return {"invalid_redirect_uri", u"redirect_uris is missing or empty."_s};
    for (const QString &uri : client.redirectUris) {
        if (const QString problem = labRedirectProblem(uri, web); !problem.isEmpty())
            return {"invalid_redirect_uri", problem};
    }
    return {};
}

LabRefusal readMetadata(const JsonText &json, LabClient *client)
{
    if (!json.isObject(json.root()))
        return invalidMetadata(u"The body is no JSON object."_s);
    const auto redirects = texts(json, u"redirect_uris");
    const auto grants = texts(json, u"grant_types");
    const auto responses = texts(json, u"response_types");
    const auto method = text(json, u"token_endpoint_auth_method", u"client_secret_basic"_s);
    const auto name = text(json, u"client_name", {});
    const auto application = text(json, u"application_type", {});
    if (!redirects)
        return {
            "invalid_redirect_uri",
            u"redirect_uris has to be a list of at most 20 strings of at most 2000 characters."_s};
    if (!grants || !responses || !method || !name || !application)
        return invalidMetadata(u"A member of the metadata is of the wrong type, or too long."_s);
    // RFC 7591, section 2: what is left out means the authorisation code.
    client->grantTypes = grants->isEmpty() ? QStringList{u"authorization_code"_s} : *grants;
    client->redirectUris = *redirects;
    client->authMethod = *method;
    client->name = *name;
    for (const QString &grant : std::as_const(client->grantTypes)) {
        if (!LabClients::grantTypes().contains(grant))
            return invalidMetadata(u"grant_types names one that is not offered here."_s);
    }
    if (!responses->isEmpty() && *responses != QStringList{u"code"_s})
        return invalidMetadata(u"response_types may have code alone."_s);
    if (!LabClients::authMethods().contains(*method))
        return invalidMetadata(u"token_endpoint_auth_method is none that is offered here."_s);
    if (*method == "none"_L1 && client->grantTypes.contains("client_credentials"_L1))
        return invalidMetadata(u"client_credentials is for clients that authenticate."_s);
    if (!application->isEmpty() && *application != "native"_L1 && *application != "web"_L1)
        return invalidMetadata(u"application_type has to be native or web."_s);
    const JsonText::Node jwks = json.member(json.root(), u"jwks");
    if (*method == "private_key_jwt"_L1) {
        if (!json.isArray(json.member(jwks, u"keys")))
            return invalidMetadata(u"private_key_jwt wants the public keys in jwks."_s);
        client->jwks = json.raw(jwks).toByteArray();
    }
    return checkRedirects(*client, *application == "web"_L1);
}

} // namespace

QString labRedirectProblem(const QString &uri, bool web)
{
    const QUrl url(uri, QUrl::StrictMode);
    if (!url.isValid() || url.scheme().isEmpty() || uri.size() > longestText)
        return u"A redirect URI is no absolute URI."_s;
    if (url.hasFragment())
        return u"A redirect URI has no fragment."_s;
    if (!url.userInfo().isEmpty())
        return u"A redirect URI names no user."_s;
    if (url.scheme() == "https"_L1)
        return url.host().isEmpty() ? u"A redirect URI is no absolute URI."_s : QString();
    if (url.scheme() == "http"_L1) {
        if (!isLoopback(url))
            return u"A redirect URI with http is for loopback alone: 127.0.0.1, [::1] or localhost."_s;
        return web
            ? u"A web application has no redirect URI on loopback; application_type native has."_s
            : QString();
    }
    if (!url.scheme().contains(u'.'))
        return u"A scheme of the client's own is a domain name turned round, such as com.example.app."_s;
    return {};
}

bool labSameRedirect(const QString &registered, const QString &asked, bool exact)
{
    if (registered == asked)
        return true;
    QUrl one(registered, QUrl::StrictMode);
    QUrl other(asked, QUrl::StrictMode);
    if (exact || !other.isValid() || one.scheme() != "http"_L1 || !isLoopback(one))
        return false;
    one.setPort(-1);
    other.setPort(-1);
    return one.toEncoded() == other.toEncoded();
}

QStringList LabClients::authMethods()
{
    return {u"none"_s, u"client_secret_basic"_s, u"client_secret_post"_s, u"private_key_jwt"_s};
}

QStringList LabClients::grantTypes()
{
    return {u"authorization_code"_s, u"refresh_token"_s, u"client_credentials"_s};
}

const LabClient *LabClients::registerClient(const QByteArray &metadata, bool withoutPorts,
                                            LabRefusal *refusal)
{
    LabClient client;
    *refusal = readMetadata(JsonText::parse(metadata), &client);
    if (*refusal)
        return nullptr;
    for (QString &uri : client.redirectUris) {
        QUrl url(uri, QUrl::StrictMode);
        if (!withoutPorts || url.scheme() != "http"_L1)
            continue;
        url.setPort(-1);
        uri = QString::fromLatin1(url.toEncoded());
    }
    client.id = QString::fromLatin1(labRandomText().left(22));
    if (client.authMethod.startsWith("client_secret"_L1))
        client.secret = labRandomText();
    if (m_order.size() >= mostClients)
        m_clients.remove(m_order.takeFirst());
    m_order.append(client.id);
    return &*m_clients.insert(client.id, client);
}

void LabClients::add(const LabClient &client)
{
    m_clients.insert(client.id, client);
}

const LabClient *LabClients::find(const QString &id) const
{
    const auto found = m_clients.constFind(id);
    return found == m_clients.cend() ? nullptr : &*found;
}

} // namespace sightglass
