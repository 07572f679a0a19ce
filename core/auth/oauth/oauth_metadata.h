// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QStringList>
#include <QUrl>

#include <optional>

namespace sightglass {

/// No document of OAuth is read beyond this.
inline constexpr qint64 MostMetadataBytes = 1024 * 1024;

/// A member that is not of the type that it has to be: it counts as absent.
struct MetadataProblem {
    QString member;
    QString sentence;

    bool operator==(const MetadataProblem &) const = default;
};

/// Protected resource metadata (RFC 9728, 2): who may issue tokens for an MCP server.
struct ResourceMetadata {
    QString resource; ///< as spelled
    QStringList authorizationServers; ///< issuers, as spelled, in order
    std::optional<QStringList> scopesSupported;
    std::optional<bool> dpopRequired; ///< dpop_bound_access_tokens_required
    QStringList dpopAlgorithms; ///< dpop_signing_alg_values_supported; empty: not told
    QList<MetadataProblem> problems;

    bool operator==(const ResourceMetadata &) const = default;
};

/// Authorisation server metadata (RFC 8414, 2; OpenID Connect Discovery 1.0, 3).
struct ServerMetadata {
    QString issuer; ///< as spelled
    QString authorizationEndpoint;
    QString tokenEndpoint;
    QString registrationEndpoint;
    QString revocationEndpoint;
    QString introspectionEndpoint;
    QString jwksUri;
    std::optional<QStringList> scopesSupported;
    std::optional<QStringList> grantTypes; ///< absent: authorization_code and implicit
    std::optional<QStringList> codeChallengeMethods;
    std::optional<QStringList> tokenAuthMethods; ///< absent: client_secret_basic
    QStringList dpopAlgorithms;
    bool issInResponse = false; ///< authorization_response_iss_parameter_supported
    bool clientIdMetadata = false; ///< client_id_metadata_document_supported
    QList<MetadataProblem> problems;

    bool operator==(const ServerMetadata &) const = default;
};

/// What came where a document was asked for: the document, or what it is instead, as words that
/// stand behind "is" ("a web page (text/html)").
template <typename T> struct ReadMetadata {
    std::optional<T> document;
    QString instead;
    bool isPage = false; ///< a web page: AF-27

    bool operator==(const ReadMetadata &) const = default;
};

// Pure; never fail otherwise. `mediaType` in lower case, without parameters.
ReadMetadata<ResourceMetadata> readResourceMetadata(const QByteArray &mediaType,
                                                    const QByteArray &body);
ReadMetadata<ServerMetadata> readServerMetadata(const QByteArray &mediaType,
                                                const QByteArray &body);

/// Where metadata of a resource may stand (RFC 9728, 3.1), in the order in which it is asked for:
/// with the path inserted, then at the root.
QList<QUrl> resourceMetadataPlaces(const QUrl &resource);
/// Where metadata of an issuer may stand (MCP 2026-07-28, "Authorization Server Metadata
/// Discovery"), in that order: three with a path, two without. Empty where it is no http(s) URL.
QList<QUrl> serverMetadataPlaces(const QString &issuer);
/// Where people put it all the same: asked only when it stands at none of the right places.
QList<QUrl> wrongMetadataPlaces(const QString &issuer);

/// How one identifier differs from another, to which it should be identical.
enum class UriDifference : quint8 {
    None,
    TrailingSlash, ///< AF-22
    Parent, ///< of the same origin, and a folder above it: AF-23
    SameOrigin, ///< of the same origin, with another path: AF-24
    Other, ///< of another origin, or no URL
};
UriDifference uriDifference(const QString &given, const QString &expected);
/// The same of the `resource` in metadata and the URL of an endpoint (RFC 9728, 3.3). An origin has
/// two spellings, with its slash and without: where the endpoint has no other path, neither is
/// wrong (RFC 3986, 6.2.3).
UriDifference resourceDifference(const QString &resource, const QString &endpoint);
/// The first character at which both differ; -1: they are the same.
qsizetype firstDifference(QStringView a, QStringView b);
/// A server's URL as the identifier of a resource (RFC 8707, 2): lower-case scheme and host, no
/// user info, no fragment, no slash where there is no path.
QString canonicalResource(const QUrl &url);

/// May be talked to: https, or http on loopback (RFC 8252, 8.3; OAuth 2.1, 1.5).
bool isSafeEndpoint(const QUrl &url);
/// An address of this machine or of a local network, or a name that is one of these by custom.
/// `host` as QUrl::host() has it.
bool isPrivateHost(const QString &host);
bool isLoopbackHost(const QString &host);

} // namespace sightglass
