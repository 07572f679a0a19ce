// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What an authoriser does with tokens that are there: has them from earlier runs, renews them, asks
// about them and gives them up.

#include "core/auth/login/authorizer.h"

#include <algorithm>
#include <limits>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Of the same client at the same authorisation server.
bool isSameLogin(const TokenSet &one, const TokenSet &other)
{
    return one.issuer == other.issuer && one.clientId == other.clientId;
}

} // namespace

bool Authorizer::restore(const KeptLogin &login)
{
    m_flow.setKnownClients(login.clients);
    // Of somebody else it is not used, nor where another grant is asked for.
    const bool asked = m_settings.clientId.isEmpty() && m_settings.clientMetadataUrl.isEmpty();
    TokenSet tokens;
    for (const TokenSet &kept : login.tokens) {
        const bool right = asked || kept.clientId == m_settings.clientId
            || kept.clientId == m_settings.clientMetadataUrl;
        if (right && (tokens.isEmpty() || kept.received > tokens.received))
            tokens = kept;
    }
    if (tokens.isEmpty() || m_settings.grant != OAuthGrant::AuthorizationCode)
        return false;
    restore(tokens, login.clients);
    planRefresh();
    return true;
}

void Authorizer::restore(const TokenSet &tokens, const QList<ClientIdentity> &clients)
{
    ClientIdentity client;
    for (const ClientIdentity &known : clients) {
        if (known.issuer == tokens.issuer && known.id == tokens.clientId)
            client = known;
    }
    if (client.id.isEmpty()) {
        client.id = tokens.clientId;
        client.issuer = tokens.issuer;
        client.source = ClientIdentity::Source::Given;
    }
    m_flow.restore(m_server, tokens, client);
}

void Authorizer::afterLoading(const std::function<void()> &then)
{
    if (m_loaded || !m_kept.load) {
        then();
        return;
    }
    m_loaded = true;
    m_loading = true;
    m_kept.load(m_server,
                [this, alive = QPointer(this), then, run = m_run](const KeptLogin &login) {
                    if (!alive || run != m_run)
                        return;
                    m_loading = false;
                    if (m_flow.tokens().isEmpty() && !m_flow.isRunning())
                        restore(login);
                    then();
                });
}

void Authorizer::prepare(const std::function<void()> &then)
{
    const auto ready = [this, then] {
        const std::optional<qint64> expires = m_flow.tokens().expires();
        const bool over = expires && *expires * 1000 <= m_environment.now();
        if (!over || !canRenew() || isRunning()) {
            then();
            return;
        }
        m_prepared.push_back(then);
        m_byHand = false;
        renew({});
    };
    const bool off = m_settings.mode == OAuthSettings::Mode::Off;
    if (off || m_loaded || isRunning() || !m_flow.tokens().isEmpty() || !m_kept.find) {
        if (off)
            then();
        else
            ready();
        return;
    }
    m_loading = true;
    m_kept.find(
        m_server,
        [this, alive = QPointer(this), ready, run = m_run](const std::optional<KeptLogin> &login) {
            if (!alive || run != m_run)
                return;
            m_loading = false;
            if (login) {
                m_loaded = true;
                restore(*login);
                Q_EMIT changed();
            }
            ready();
        });
}

void Authorizer::renew(const OAuthRefusal &refusal)
{
    if (!m_kept.lock) {
        renewLocked(refusal, {});
        return;
    }
    m_loading = true;
    const auto loaded = [this, alive = QPointer(this), refusal,
                         run = m_run](const KeptLogin &login) {
        if (!alive || run != m_run)
            return;
        m_loading = false;
        renewLocked(refusal, login);
    };
    m_kept.lock(m_server,
                [this, alive = QPointer(this), loaded, kept = m_kept, server = m_server,
                 run = m_run](bool had) {
                    if (!alive || run != m_run) {
                        if (had)
                            kept.unlock(server);
                        return;
                    }
                    if (had)
                        m_locked = server;
                    // Whoever had it before us may have been quicker.
                    m_kept.load(server, loaded);
                });
    Q_EMIT changed();
}

void Authorizer::renewLocked(const OAuthRefusal &refusal, const KeptLogin &login)
{
    const TokenSet ours = m_flow.tokens();
    const auto newer =
        std::find_if(login.tokens.cbegin(), login.tokens.cend(), [&ours](const TokenSet &kept) {
            return isSameLogin(kept, ours) && kept.accessToken != ours.accessToken
                && kept.received >= ours.received;
        });
    if (newer != login.tokens.cend()) {
        m_flow.takeRenewed(*newer);
        m_fresh = m_refreshed = false;
        if (!m_byHand) {
            unlock();
            note();
            planRefresh();
            decideAll(true);
            Q_EMIT changed();
            return;
        }
    }
    if (m_flow.refresh(refusal)) {
        proceed();
    } else {
        unlock();
        decideAll(false);
    }
}

void Authorizer::unlock()
{
    if (!m_locked.isEmpty())
        m_kept.unlock(std::exchange(m_locked, QUrl()));
}

void Authorizer::logOut()
{
    cancel();
    m_notRevoked.reset();
    m_notOffered.clear();
    // All that is kept of the server, of whatever client; and what is not kept.
    const auto leave = [this](const KeptLogin &login) {
        m_leaving = login;
        const TokenSet ours = m_flow.tokens();
        const auto same =
            std::find_if(m_leaving.tokens.begin(), m_leaving.tokens.end(),
                         [&ours](const TokenSet &kept) { return isSameLogin(kept, ours); });
        if (same == m_leaving.tokens.end()) {
            if (!ours.isEmpty())
                m_leaving.tokens.prepend(ours);
        } else if (same->received < ours.received) {
            *same = ours;
        }
        revokeNext();
    };
    if (!m_kept.load) {
        leave({});
        return;
    }
    m_loading = true;
    m_kept.load(m_server,
                [this, alive = QPointer(this), leave, run = m_run](const KeptLogin &login) {
                    if (!alive || run != m_run)
                        return;
                    m_loading = false;
                    leave(login);
                });
}

void Authorizer::revokeNext()
{
    if (m_leaving.tokens.isEmpty()) {
        finishLogOut();
        return;
    }
    const TokenSet tokens = m_leaving.tokens.takeFirst();
    if (tokens != m_flow.tokens())
        restore(tokens, m_leaving.clients);
    // Where tokens are revoked is known from the metadata alone.
    if (m_flow.serverMetadata()) {
        revoke();
        return;
    }
    m_loggingOut = true;
    m_byHand = true;
    m_flow.runAgain(OAuthStepKind::ServerMetadata, true);
    proceed();
}

void Authorizer::revoke()
{
    const auto failed = [this](const Failure &failure) {
        if (!m_notRevoked)
            m_notRevoked = failure;
    };
    if (!m_flow.client().id.isEmpty())
        Q_EMIT clientForgotten(m_flow.client());
    if (!m_flow.serverMetadata()) {
        failed(
            {FailureKind::Protocol,
             u"not-revoked"_s,
             u"The tokens were forgotten here, but not revoked: where that is done could not be found out. %1"_s
                 .arg(m_flow.failure() ? m_flow.failure()->sentence : QString()),
             u"They stay good until they expire: revoke them at the authorisation server."_s,
             m_flow.failure() ? m_flow.failure()->exchange : 0,
             {}});
    }
    const std::optional<OAuthFetch> revocation = m_flow.revocation();
    if (!revocation) {
        if (m_flow.serverMetadata())
            m_notOffered =
                u"Nothing was revoked at %1, which does not offer that: what was issued stays good until it expires."_s
                    .arg(m_flow.issuer());
        revokeNext();
        return;
    }
    dispatch(*revocation, [this, failed](HttpExchange *http) {
        if (http->failure()) {
            failed(*http->failure());
        } else if (http->status() != 200) {
            failed(
                {FailureKind::Protocol,
                 u"not-revoked"_s,
                 u"The token was forgotten here, but the authorisation server did not revoke it (%1)."_s
                     .arg(http->status()),
                 u"It stays good until it expires: revoke it there."_s,
                 http->id(),
                 {}});
        }
        revokeNext();
    });
}

void Authorizer::finishLogOut()
{
    m_flow.dropTokens();
    m_renewal.stop();
    m_fresh = m_refreshed = false;
    Q_EMIT tokensChanged();
    Q_EMIT changed();
    Q_EMIT loggedOut(m_notRevoked, m_notOffered);
}

void Authorizer::inspectTokens()
{
    TokenInspection found;
    const std::optional<OAuthFetch> keys = m_flow.keys();
    if (!keys) {
        found.problems.append(
            u"The authorisation server names no keys (jwks_uri) that could be asked for."_s);
        introspect(found);
        return;
    }
    dispatch(*keys, [this, found](HttpExchange *http) mutable {
        found.keysExchange = http->id();
        if (!http->failure() && http->status() == 200)
            found.keys = m_gate->trace()->responseBody(http->id(), 0, MostMetadataBytes);
        else
            found.problems.append(
                u"The keys of the authorisation server could not be had (%1)."_s.arg(
                    http->failure() ? http->failure()->sentence : QString::number(http->status())));
        introspect(found);
    });
}

void Authorizer::introspect(TokenInspection found)
{
    const std::optional<OAuthFetch> fetch = m_flow.introspection();
    if (!fetch) {
        Q_EMIT inspected(found);
        return;
    }
    dispatch(*fetch, [this, found](HttpExchange *http) mutable {
        found.introspectionExchange = http->id();
        if (!http->failure() && http->status() == 200)
            found.introspection = m_gate->trace()->responseBody(http->id(), 0, MostMetadataBytes);
        else
            found.problems.append(u"The authorisation server did not tell of the token (%1)."_s.arg(
                http->failure() ? http->failure()->sentence : QString::number(http->status())));
        Q_EMIT inspected(found);
    });
}

void Authorizer::planRefresh()
{
    constexpr qint64 AheadMs = 30'000;
    m_renewal.stop();
    const TokenSet &tokens = m_flow.tokens();
    if (tokens.refreshToken.isEmpty() || !tokens.expiresIn)
        return;
    // Of short lives a fifth.
    const qint64 ahead = std::min(AheadMs, *tokens.expiresIn * 1000 / 5);
    const qint64 in = *tokens.expires() * 1000 - ahead - m_environment.now();
    // Longer than a timer can wait it is not planned.
    constexpr qint64 MostMs = std::numeric_limits<int>::max();
    if (in < MostMs)
        m_renewal.start(int(std::max<qint64>(in, 100)));
}

} // namespace sightglass
