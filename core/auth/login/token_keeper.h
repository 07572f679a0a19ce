// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/credential_store.h"
#include "core/auth/login/login_folder.h"
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
    /// The store is not owned, and outlives this. `folder` is what all programs share that use the
    /// same keychain (LoginFolder::systemPath()); empty: there are none.
    explicit TokenKeeper(CredentialStore *store, const QString &folder = {},
                         QObject *parent = nullptr);

    /// What is kept for a server, and the clients of all authorisation servers.
    void load(const QUrl &server, QObject *context,
              const std::function<void(const KeptLogin &)> &then);
    /// Whether something was kept in the keychain, which may be locked now (then it finds nothing).
    bool isKnown(const QUrl &server) const;
    /// Likewise, but does not open the keychain for a server of which nothing is known to be kept.
    void find(const QUrl &server, QObject *context,
              const std::function<void(const std::optional<KeptLogin> &)> &then);
    /// For whoever renews the server's tokens, and nobody besides; false: it could not be had in
    /// time.
    void lock(const QUrl &server, QObject *context, LoginFolder::Locked then);
    /// When all is written that was to be kept so far.
    void unlock(const QUrl &server);
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
    LoginFolder m_folder;
};

} // namespace sightglass
