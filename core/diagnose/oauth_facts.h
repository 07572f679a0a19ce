// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"
#include "core/trace/records.h"

#include <QStringList>

namespace sightglass {

// What the exchanges of OAuth say, read from their bytes. Secrets may stand there as fingerprints
// (a redacted recording): those that are the same have the same one.

/// Metadata of a protected resource (RFC 9728, 2) that was fetched.
struct SeenResource {
    ExchangeId exchange = 0;
    ExchangeId asked = 0; ///< the MCP request for whose sake it was asked; 0: not known
    QUrl url;
    QString resource;
    bool hasServers = false; ///< `authorization_servers` is there, though perhaps empty
    QStringList servers;

    bool operator==(const SeenResource &) const = default;
};

/// Metadata of an authorisation server (RFC 8414, 2; OpenID Connect Discovery 1.0, 3).
struct SeenIssuer {
    ExchangeId exchange = 0;
    QUrl url;
    QString issuer;
    QString authorizationEndpoint;
    QString tokenEndpoint;
    QString registrationEndpoint;
    QStringList challengeMethods; ///< `code_challenge_methods_supported`
    QStringList authMethods; ///< `token_endpoint_auth_methods_supported`
    bool takesClientMetadata = false; ///< `client_id_metadata_document_supported`

    bool operator==(const SeenIssuer &) const = default;
};

/// A request to a token endpoint (RFC 6749, 4.1.3, 6) and its answer.
struct SeenTokenRequest {
    ExchangeId exchange = 0;
    QByteArray grant; ///< `grant_type`
    QByteArray resource; ///< RFC 8707; empty: none was sent
    QStringList askedScope; ///< that it asked for; empty: it asked for none
    bool hasClient = false; ///< a client id was sent, in the form or by Basic
    QByteArray refreshToken; ///< that it sent, or its fingerprint
    QByteArray authMethod; ///< how the client proved itself: "client_secret_basic", …, "none"
    int status = 0; ///< 0: no answer
    bool isJson = false; ///< the answer is a JSON object
    bool hasBody = false;
    QByteArray error; ///< RFC 6749, 5.2
    QString errorDescription;
    QByteArray accessToken; ///< that it got, or its fingerprint
    std::optional<QStringList> scope; ///< that was granted; nothing: the answer does not say

    bool succeeded() const { return status / 100 == 2 && !accessToken.isEmpty(); }
    bool operator==(const SeenTokenRequest &) const = default;
};

/// A registration (RFC 7591, 3) and its answer.
struct SeenRegistration {
    ExchangeId exchange = 0;
    QStringList redirectUris; ///< that were asked for
    int status = 0;
    QByteArray error;
    QString errorDescription;
    QByteArray authMethod; ///< `token_endpoint_auth_method` that was given; empty: not said

    bool operator==(const SeenRegistration &) const = default;
};

/// Nothing where it is none.
std::optional<SeenResource> seenResource(const JsonText &json);
std::optional<SeenIssuer> seenIssuer(const JsonText &json);
SeenTokenRequest seenTokenRequest(const QList<Header> &headers, QByteArrayView form, int status,
                                  QByteArrayView answer);
SeenRegistration seenRegistration(QByteArrayView asked, int status, QByteArrayView answer);

/// A URL whose path is one of those where metadata of a resource (an issuer) is looked for.
bool isResourceMetadataPlace(const QUrl &url);
bool isIssuerMetadataPlace(const QUrl &url);

/// The bare secret of a header's value or a member: without the scheme, and of a redacted one the
/// fingerprint alone.
QByteArray secretKey(QByteArrayView value);

/// The claims of a token that is a JWT (RFC 7519), unchecked; invalid where it is none, or was
/// redacted.
JsonText jwtClaims(QByteArrayView token);

} // namespace sightglass
