// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/auth_clients.h"
#include "core/lab/auth_form.h"
#include "core/lab/auth_grants.h"
#include "core/lab/auth_proof.h"
#include "core/lab/fault.h"

#include "core/auth/jose.h"

#include <QHash>

#include <functional>

namespace sightglass {

class LabWorld;

/// The lab's own authorisation server: OAuth 2.1 as MCP wants it (2026-07-28, basic/authorization):
/// metadata (RFC 8414, and OpenID Connect Discovery), dynamic registration (RFC 7591), the
/// authorisation code with PKCE (RFC 7636) and resource indicators (RFC 8707), `iss` in the answer
/// (RFC 9207), refresh tokens that rotate, client credentials, revocation (RFC 7009) and
/// introspection (RFC 7662).
///
/// It is strict where the specification says MUST of clients: `resource` and S256 are demanded.
/// Clients authenticate by secret or by private_key_jwt (RFC 7523), or not at all. Access tokens
/// are JWTs (RFC 9068) or random text, bound to a key where the settings say so (RFC 9449).
/// Everything is in memory, and new with each lab.
class LabAuthServer {
public:
    static constexpr auto readScope = "lab:read"; ///< lists, resources, prompts
    static constexpr auto callScope = "lab:call"; ///< tools/call
    static constexpr auto writeScope = "lab:write"; ///< besides, for tools that change something
    /// Those that a client is told to ask for at first; without asking it gets them.
    static QStringList firstScopes();
    static QStringList scopes(); ///< all
    /// Of the client that is known without registration: it has no secret, and loopback redirects.
    static constexpr auto knownClient = "practice-client";
    /// The same with the secret of LabOAuth::serviceSecret, for client credentials too.
    static constexpr auto knownService = "practice-service";

    /// `origin`: where it is reached; `resources`: for which it gives tokens now, the first where
    /// none is asked for.
    LabAuthServer(const LabWorld &world, const QByteArray &origin,
                  std::function<QStringList()> resources);

    QString issuer() const;
    /// Whether it has anything at this path, where it shares its origin with the MCP server.
    bool serves(const QByteArray &path) const;
    /// Answers; at once.
    void handle(FaultPlay &play);
    const LabGrants &grants() const { return m_grants; }

private:
    struct Pending {
        LabGrant grant;
        QString state;
    };
    /// Without a secret, with redirects on loopback.
    static LabClient publicClient(const QString &id, const QString &name);
    void sendMetadata(FaultPlay &play);
    void registerClient(FaultPlay &play);
    void revoke(FaultPlay &play);
    void introspect(FaultPlay &play);
    void sendKeys(FaultPlay &play);
    bool isMetadataPath(const QByteArray &path) const;
    bool metadataIsHidden() const;
    void sendDocument(FaultPlay &play, int status, const LabDocument &document);
    void refuse(FaultPlay &play, const LabRefusal &refusal);
    std::optional<LabForm> readForm(FaultPlay &play);

    // auth_server_authorize.cpp
    void authorize(FaultPlay &play);
    void decide(FaultPlay &play);
    LabRefusal checkRequest(const LabForm &form, const LabClient &client, LabGrant *grant) const;
    void sendCallback(FaultPlay &play, const Pending &pending, const LabRefusal &refusal);
    LabRefusal checkResource(const LabForm &form, bool needed) const;
    LabRefusal chooseScopes(const QString &asked, QStringList *chosen) const;
    /// Null: it is not known.
    const LabClient *client(const QString &id);

    // auth_server_token.cpp
    struct TokenRequest {
        LabForm form;
        LabClient client;
        QByteArray thumbprint; ///< of the key of which it proved possession; empty: none
    };
    void giveToken(FaultPlay &play);
    LabRefusal checkProof(FaultPlay &play, QByteArray *thumbprint);
    LabRefusal useCode(FaultPlay &play, const TokenRequest &request);
    LabRefusal useRefresh(FaultPlay &play, const TokenRequest &request);
    LabRefusal useCredentials(FaultPlay &play, const TokenRequest &request);
    void issue(FaultPlay &play, LabToken token, const QByteArray &refresh);
    QByteArray tokenText(const LabToken &token) const;

    // auth_server_client.cpp
    const LabClient *authenticate(FaultPlay &play, const LabForm &form, LabRefusal *refusal);
    const LabClient *checkAssertion(const LabForm &form, LabRefusal *refusal);

    const LabWorld &m_world;
    QByteArray m_origin;
    std::function<QStringList()> m_resources;
    LabClients m_clients;
    LabGrants m_grants;
    SigningKey m_key;
    LabProofs m_proofs;
    LabOnce m_assertions; ///< that were used
    QHash<QByteArray, Pending> m_pending; ///< consents that are waited for, by ticket
    QList<QByteArray> m_pendingOrder;
};

} // namespace sightglass
