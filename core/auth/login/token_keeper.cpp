// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/token_keeper.h"

#include "core/auth/oauth/oauth_metadata.h"
#include "core/jsonrpc/json_text.h"

#include <memory>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

void writeText(JsonWriter &json, QStringView name, const QByteArray &text)
{
    if (!text.isEmpty())
        json.key(name).value(QStringView(QString::fromUtf8(text)));
}

QByteArray readText(const JsonText &json, QStringView name)
{
    return json.string(json.member(json.root(), name)).toUtf8();
}

/// Of its issuer: the one that was registered there, or one of those that were given. Nothing where
/// there is nothing to keep of it.
std::optional<CredentialKey> keyOf(const ClientIdentity &client)
{
    const bool given = client.source == ClientIdentity::Source::Given;
    if (client.issuer.isEmpty() || (!given && client.source != ClientIdentity::Source::Registered))
        return {};
    return CredentialKey{{}, client.issuer, given ? client.id : QString()};
}

} // namespace

QByteArray tokensToJson(const TokenSet &tokens)
{
    JsonWriter json;
    json.beginObject();
    writeText(json, u"access_token", tokens.accessToken);
    writeText(json, u"refresh_token", tokens.refreshToken);
    writeText(json, u"id_token", tokens.idToken);
    writeText(json, u"token_type", tokens.type);
    writeText(json, u"scope", tokens.scope.toUtf8());
    writeText(json, u"requested_scope", tokens.requestedScope.toUtf8());
    writeText(json, u"resource", tokens.resource.toUtf8());
    writeText(json, u"issuer", tokens.issuer.toUtf8());
    writeText(json, u"client_id", tokens.clientId.toUtf8());
    json.key(u"received").value(tokens.received);
    if (tokens.expiresIn)
        json.key(u"expires_in").value(*tokens.expiresIn);
    if (!tokens.dpopKey.isNull())
        json.key(u"dpop_key").raw(tokens.dpopKey.privateJwk());
    return json.endObject().text();
}

TokenSet tokensFromJson(const QByteArray &text)
{
    const JsonText json = JsonText::parse(text);
    TokenSet tokens;
    tokens.accessToken = readText(json, u"access_token");
    if (tokens.isEmpty())
        return {};
    tokens.refreshToken = readText(json, u"refresh_token");
    tokens.idToken = readText(json, u"id_token");
    tokens.type = readText(json, u"token_type");
    tokens.scope = QString::fromUtf8(readText(json, u"scope"));
    tokens.requestedScope = QString::fromUtf8(readText(json, u"requested_scope"));
    tokens.resource = QString::fromUtf8(readText(json, u"resource"));
    tokens.issuer = QString::fromUtf8(readText(json, u"issuer"));
    tokens.clientId = QString::fromUtf8(readText(json, u"client_id"));
    tokens.received = json.integer(json.member(json.root(), u"received")).value_or(0);
    tokens.expiresIn = json.integer(json.member(json.root(), u"expires_in"));
    if (const JsonText::Node key = json.member(json.root(), u"dpop_key"); key >= 0) {
        const Expected<SigningKey> read = SigningKey::fromJwk(json.raw(key).toByteArray());
        // A token that is bound to a key is of no use without it.
        if (!read)
            return {};
        tokens.dpopKey = *read;
    }
    if (tokens.isDPoP() && tokens.dpopKey.isNull())
        return {};
    return tokens;
}

QByteArray clientToJson(const ClientIdentity &client)
{
    JsonWriter json;
    json.beginObject();
    if (client.source == ClientIdentity::Source::Given)
        writeText(json, u"source", "given");
    writeText(json, u"issuer", client.issuer.toUtf8());
    writeText(json, u"client_id", client.id.toUtf8());
    writeText(json, u"client_secret", client.secret.toUtf8());
    writeText(json, u"token_endpoint_auth_method", clientAuthenticationName(client.authentication));
    writeText(json, u"redirect_uri", client.redirectUri.toUtf8());
    if (client.secretExpires)
        json.key(u"client_secret_expires_at").value(*client.secretExpires);
    return json.endObject().text();
}

ClientIdentity clientFromJson(const QByteArray &text)
{
    const JsonText json = JsonText::parse(text);
    ClientIdentity client;
    client.id = QString::fromUtf8(readText(json, u"client_id"));
    client.issuer = QString::fromUtf8(readText(json, u"issuer"));
    if (client.id.isEmpty() || client.issuer.isEmpty())
        return {};
    client.source = readText(json, u"source") == "given" ? ClientIdentity::Source::Given
                                                         : ClientIdentity::Source::Registered;
    client.secret = QString::fromUtf8(readText(json, u"client_secret"));
    client.authentication = clientAuthenticationFromName(
                                QString::fromUtf8(readText(json, u"token_endpoint_auth_method")))
                                .value_or(ClientAuthentication::None);
    client.redirectUri = QString::fromUtf8(readText(json, u"redirect_uri"));
    client.secretExpires = json.integer(json.member(json.root(), u"client_secret_expires_at"));
    return client;
}

TokenKeeper::TokenKeeper(CredentialStore *store, const QString &folder, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_folder(folder, this)
{
}

void TokenKeeper::readAll(const QList<CredentialKey> &keys, QObject *context,
                          const std::function<void(const QList<QByteArray> &)> &then)
{
    if (keys.isEmpty()) {
        then({});
        return;
    }
    auto found = std::make_shared<QList<QByteArray>>();
    for (const CredentialKey &key : keys) {
        const bool last = key == keys.constLast();
        m_store->read(key, context, [found, last, then](const std::optional<QByteArray> &secret) {
            if (secret)
                found->append(*secret);
            // They come in the order in which they were asked for.
            if (last)
                then(*found);
        });
    }
}

void TokenKeeper::load(const QUrl &server, QObject *context,
                       const std::function<void(const KeptLogin &)> &then)
{
    const QString resource = canonicalResource(server);
    m_store->list(resource, context, [this, context, then](const QList<CredentialKey> &keys) {
        readAll(keys, context, [this, context, then](const QList<QByteArray> &secrets) {
            KeptLogin login;
            for (const QByteArray &secret : secrets) {
                const TokenSet tokens = tokensFromJson(secret);
                if (!tokens.isEmpty())
                    login.tokens.append(tokens);
            }
            m_store->list(
                {}, context, [this, context, then, login](const QList<CredentialKey> &issuers) {
                    readAll(issuers, context, [then, login](const QList<QByteArray> &clients) {
                        KeptLogin whole = login;
                        for (const QByteArray &secret : clients) {
                            const ClientIdentity client = clientFromJson(secret);
                            if (!client.id.isEmpty())
                                whole.clients.append(client);
                        }
                        then(whole);
                    });
                });
        });
    });
}

bool TokenKeeper::isKnown(const QUrl &server) const
{
    return m_folder.isMarked(canonicalResource(server));
}

void TokenKeeper::find(const QUrl &server, QObject *context,
                       const std::function<void(const std::optional<KeptLogin> &)> &then)
{
    if (isKnown(server))
        load(server, context, then);
    else
        then(std::nullopt);
}

void TokenKeeper::lock(const QUrl &server, QObject *context, LoginFolder::Locked then)
{
    m_folder.lock(canonicalResource(server), context, std::move(then));
}

void TokenKeeper::unlock(const QUrl &server)
{
    m_store->whenDone(this, [this, server] { m_folder.unlock(canonicalResource(server)); });
}

void TokenKeeper::keep(const QUrl &server, const TokenSet &tokens)
{
    const QString resource = canonicalResource(server);
    const CredentialKey key{resource, tokens.issuer, tokens.clientId};
    if (tokens.isEmpty()) {
        forget(server, this, [](CredentialStore::Kept) {});
        return;
    }
    m_store->write(key, tokensToJson(tokens), this, [this, resource](CredentialStore::Kept kept) {
        m_folder.mark(resource, kept == CredentialStore::Kept::InKeychain);
    });
}

void TokenKeeper::keepClient(const ClientIdentity &client)
{
    if (const std::optional<CredentialKey> key = keyOf(client))
        m_store->write(*key, clientToJson(client), this, [](CredentialStore::Kept) {});
}

void TokenKeeper::forgetClient(const ClientIdentity &client)
{
    if (const std::optional<CredentialKey> key = keyOf(client))
        m_store->remove(*key, this, [](CredentialStore::Kept) {});
}

void TokenKeeper::forget(const QUrl &server, QObject *context,
                         const std::function<void(CredentialStore::Kept)> &then)
{
    const QString resource = canonicalResource(server);
    m_store->removeAll(resource, context, [this, resource, then](CredentialStore::Kept kept) {
        // What may still stand in the keychain is still looked for.
        if (kept == CredentialStore::Kept::InKeychain)
            m_folder.unmark(resource);
        then(kept);
    });
}

} // namespace sightglass
