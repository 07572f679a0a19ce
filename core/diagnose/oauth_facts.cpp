// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/oauth_facts.h"

#include "core/auth/jose.h"
#include "core/auth/oauth/oauth_messages.h"
#include "core/http/header_list.h"
#include "core/trace/secret_names.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

QStringList strings(const JsonText &json, JsonText::Node array)
{
    constexpr qsizetype Most = 1000;
    QStringList list;
    if (!json.isArray(array))
        return list;
    for (JsonText::Node node = json.firstChild(array); node >= 0 && list.size() < Most;
         node = json.nextSibling(node)) {
        if (json.isString(node))
            list.append(json.string(node));
    }
    return list;
}

QString text(const JsonText &json, QStringView name)
{
    return json.string(json.member(json.root(), name));
}

/// What formDecoded() gives.
using DecodedForm = QList<std::pair<QString, QString>>;

/// The first of that name; nothing where there is none.
std::optional<QByteArray> parameter(const DecodedForm &form, QStringView name)
{
    for (const auto &[known, value] : form) {
        if (known == name)
            return value.toUtf8();
    }
    return {};
}

bool asksBasic(const QList<Header> &headers)
{
    return std::any_of(headers.begin(), headers.end(), [](const Header &line) {
        return sameHeaderName(line.name, "Authorization")
            && line.value.left(6).toLower() == "basic ";
    });
}

QByteArray authMethodOf(const QList<Header> &headers, const DecodedForm &form)
{
    if (asksBasic(headers))
        return "client_secret_basic";
    if (parameter(form, u"client_assertion"))
        return "private_key_jwt";
    return parameter(form, u"client_secret") ? "client_secret_post" : "none";
}

} // namespace

std::optional<SeenResource> seenResource(const JsonText &json)
{
    const QString resource = text(json, u"resource");
    const JsonText::Node servers = json.member(json.root(), u"authorization_servers");
    if (!json.isValid() || !json.isObject(json.root()) || (resource.isEmpty() && servers < 0)
        || json.member(json.root(), u"token_endpoint") >= 0)
        return {};
    SeenResource metadata;
    metadata.resource = resource;
    metadata.hasServers = servers >= 0;
    metadata.servers = strings(json, servers);
    return metadata;
}

std::optional<SeenIssuer> seenIssuer(const JsonText &json)
{
    if (!json.isValid() || !json.isObject(json.root()))
        return {};
    const JsonText::Node root = json.root();
    SeenIssuer metadata;
    metadata.issuer = text(json, u"issuer");
    metadata.authorizationEndpoint = text(json, u"authorization_endpoint");
    metadata.tokenEndpoint = text(json, u"token_endpoint");
    metadata.registrationEndpoint = text(json, u"registration_endpoint");
    metadata.challengeMethods =
        strings(json, json.member(root, u"code_challenge_methods_supported"));
    metadata.authMethods =
        strings(json, json.member(root, u"token_endpoint_auth_methods_supported"));
    metadata.takesClientMetadata =
        json.boolean(json.member(root, u"client_id_metadata_document_supported"));
    if (metadata.issuer.isEmpty()
        || (metadata.tokenEndpoint.isEmpty() && metadata.authorizationEndpoint.isEmpty()))
        return {};
    return metadata;
}

SeenTokenRequest seenTokenRequest(const QList<Header> &headers, QByteArrayView form, int status,
                                  QByteArrayView answer)
{
    const DecodedForm asked = formDecoded(form);
    SeenTokenRequest request;
    request.grant = parameter(asked, u"grant_type").value_or(QByteArray());
    request.resource = parameter(asked, u"resource").value_or(QByteArray());
    request.askedScope = QString::fromUtf8(parameter(asked, u"scope").value_or(QByteArray()))
                             .split(u' ', Qt::SkipEmptyParts);
    request.hasClient = parameter(asked, u"client_id").has_value() || asksBasic(headers);
    request.refreshToken = secretKey(parameter(asked, u"refresh_token").value_or(QByteArray()));
    request.authMethod = authMethodOf(headers, asked);
    request.status = status;
    request.hasBody = !answer.trimmed().isEmpty();
    const JsonText json = JsonText::parse(answer.toByteArray());
    request.isJson = json.isValid() && json.isObject(json.root());
    if (!request.isJson)
        return request;
    request.error = text(json, u"error").toUtf8();
    request.errorDescription = text(json, u"error_description");
    request.accessToken = secretKey(text(json, u"access_token").toUtf8());
    const JsonText::Node scope = json.member(json.root(), u"scope");
    if (json.isString(scope))
        request.scope = json.string(scope).split(u' ', Qt::SkipEmptyParts);
    return request;
}

SeenRegistration seenRegistration(QByteArrayView asked, int status, QByteArrayView answer)
{
    SeenRegistration registration;
    const JsonText request = JsonText::parse(asked.toByteArray());
    registration.redirectUris = strings(request, request.member(request.root(), u"redirect_uris"));
    registration.status = status;
    const JsonText json = JsonText::parse(answer.toByteArray());
    registration.error = text(json, u"error").toUtf8();
    registration.errorDescription = text(json, u"error_description");
    registration.authMethod = text(json, u"token_endpoint_auth_method").toUtf8();
    return registration;
}

bool isResourceMetadataPlace(const QUrl &url)
{
    return url.path().contains("/.well-known/oauth-protected-resource"_L1);
}

bool isIssuerMetadataPlace(const QUrl &url)
{
    const QString path = url.path();
    return path.contains("/.well-known/oauth-authorization-server"_L1)
        || path.contains("/.well-known/openid-configuration"_L1);
}

QByteArray secretKey(QByteArrayView value)
{
    constexpr qsizetype Fingerprint = 5; // "~7f2a"
    const QByteArrayView bare = value.sliced(schemeLength(value)).trimmed();
    return (fingerprintLength(bare) > 0 ? bare.first(Fingerprint) : bare).toByteArray();
}

JsonText jwtClaims(QByteArrayView token)
{
    constexpr qsizetype Most = 64 * 1024;
    const QByteArrayView bare = token.sliced(schemeLength(token)).trimmed();
    if (bare.size() > Most)
        return {};
    const std::optional<Jwt> jwt = readJwt(bare);
    return jwt ? JsonText::parse(jwt->claims) : JsonText();
}

} // namespace sightglass
