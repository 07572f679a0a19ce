// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/jose.h"

#include <QStringList>
#include <QUrl>

#include <optional>

namespace sightglass {

/// How a client comes to its tokens.
enum class OAuthGrant : quint8 {
    AuthorizationCode, ///< a person logs in with a browser (OAuth 2.1, 4.1)
    ClientCredentials, ///< the client itself (MCP extension oauth-client-credentials)
    JwtBearer, ///< a workload's own token (RFC 7523, 2.1; MCP extension auth/wif)
    Enterprise, ///< by an identity provider's ID-JAG (MCP extension
                ///< enterprise-managed-authorization)
};

/// How a client proves who it is at the token endpoint (OAuth 2.1, 2.4).
enum class ClientAuthentication : quint8 { Auto, None, Basic, Post, PrivateKeyJwt };
/// "none", "client_secret_basic", …; empty for Auto.
QByteArray clientAuthenticationName(ClientAuthentication method);
std::optional<ClientAuthentication> clientAuthenticationFromName(QStringView name);

/// What a person chose for the authorisation at one server. A plain value; all of it may be left as
/// it is.
struct OAuthSettings {
    /// What becomes of a refusal.
    enum class Mode : quint8 {
        Off, ///< it stands
        Silent, ///< answered with what is there: kept tokens, and grants that need no person
        Interactive, ///< answered; a person may have to log in
    };
    Mode mode = Mode::Off;
    OAuthGrant grant = OAuthGrant::AuthorizationCode;

    // The client.
    QString clientId; ///< registered beforehand; empty: none
    QString clientSecret; ///< a secret
    QString clientIssuer; ///< the issuer that it is registered with; empty: not known
    ClientAuthentication clientAuthentication = ClientAuthentication::Auto;
    SigningKey clientKey; ///< of private_key_jwt
    QString clientMetadataUrl; ///< an https URL of one's own metadata document; empty: none

    // The request.
    std::optional<QString> scope; ///< in place of what the specification's order says; empty: none
    std::optional<QString> resource; ///< in place of the server's; empty: not sent
    QString redirectHost = QStringLiteral("127.0.0.1"); ///< or "localhost", "[::1]"
    quint16 redirectPort = 0; ///< 0: any that is free
    QString redirectPath = QStringLiteral("/callback");
    int browserTimeoutMs = 600'000; ///< until nobody waits for the browser any more; 0: for ever
    bool offlineAccess = true; ///< asks for it where the authorisation server offers it
    enum class DPoP : quint8 { Auto, Never, Always };
    DPoP dpop = DPoP::Auto; ///< Auto: where the MCP server takes or demands it

    // The other grants.
    QByteArray assertion; ///< JwtBearer: the workload's JWT; a secret
    QByteArray idToken; ///< Enterprise: of the identity provider; a secret
    QString idpIssuer; ///< Enterprise: of the identity provider; or
    QString idpTokenEndpoint; ///< its token endpoint
    QString idpClientId; ///< as whom we are known there
    QString idpClientSecret; ///< a secret; empty: none

    /// Protected resource metadata that leads into a local network from a public server was agreed
    /// to by the person.
    bool allowPrivateAddresses = false;
    /// The dated revision that is spoken, where it is known: 2025-03-26 has fallbacks of its own.
    QByteArray revision;

    bool operator==(const OAuthSettings &) const = default;
};

/// Tokens, and what they are bound to. All texts of tokens are secrets.
struct TokenSet {
    QByteArray accessToken;
    QByteArray refreshToken; ///< empty: none
    QByteArray idToken; ///< empty: none
    QByteArray type = QByteArrayLiteral("Bearer"); ///< or "DPoP"
    QString scope; ///< granted: as told, or as asked for where nothing was told (RFC 6749, 5.1)
    QString requestedScope;
    QString resource; ///< that they are for
    QString issuer;
    QString clientId;
    qint64 received = 0; ///< seconds since 1970, UTC
    std::optional<qint64> expiresIn; ///< seconds; nothing: not told
    SigningKey dpopKey; ///< null: not bound to one

    bool isEmpty() const { return accessToken.isEmpty(); }
    bool isDPoP() const { return type.compare("DPoP", Qt::CaseInsensitive) == 0; }
    std::optional<qint64> expires() const
    {
        return expiresIn ? std::optional(received + *expiresIn) : std::nullopt;
    }

    bool operator==(const TokenSet &) const = default;
};

/// As whom a client is known to one authorisation server. Never used with another (MCP 2026-07-28,
/// "Authorization Server Binding").
struct ClientIdentity {
    enum class Source : quint8 { None, Given, MetadataDocument, Registered };
    Source source = Source::None;
    QString issuer;
    QString id;
    QString secret; ///< a secret; empty: none
    ClientAuthentication authentication = ClientAuthentication::None;
    QString redirectUri; ///< with which it was registered
    std::optional<qint64> secretExpires; ///< seconds since 1970; nothing: does not

    bool operator==(const ClientIdentity &) const = default;
};

/// What is kept of earlier log-ins at a server. Secrets.
struct KeptLogin {
    QList<TokenSet> tokens; ///< of each authorisation server and client
    QList<ClientIdentity> clients; ///< registered, or given with their secrets

    bool operator==(const KeptLogin &) const = default;
};

} // namespace sightglass
