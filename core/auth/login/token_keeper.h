// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/credential_store.h"
#include "core/auth/oauth/oauth_settings.h"

namespace sightglass {

/// Tokens and registered clients as JSON, for the keychain. What cannot be read is empty.
QByteArray tokensToJson(const TokenSet &tokens);
TokenSet tokensFromJson(const QByteArray &json);
QByteArray clientToJson(const ClientIdentity &client);
ClientIdentity clientFromJson(const QByteArray &json);

/// Keeps log-ins: tokens by resource, issuer and client, registered clients by their issuer. Lives
/// in the thread of its store.
class TokenKeeper : public QObject {
    Q_OBJECT
public:
    /// Not owned, and outlives this.
    explicit TokenKeeper(CredentialStore *store, QObject *parent = nullptr);

    /// What is kept for a server, and the clients of all authorisation servers.
    void load(const QUrl &server, QObject *context,
              const std::function<void(const KeptLogin &)> &then);
    /// Replaces what was kept for the server.
    void keep(const QUrl &server, const TokenSet &tokens);
    void keepClient(const ClientIdentity &client);
    void forgetClient(const ClientIdentity &client);
    /// Tokens of the server are gone; the client stays registered.
    void forget(const QUrl &server, QObject *context,
                const std::function<void(CredentialStore::Kept)> &then);

private:
    void readAll(const QList<CredentialKey> &keys, QObject *context,
                 const std::function<void(const QList<QByteArray> &)> &then);

    CredentialStore *m_store;
};

} // namespace sightglass
