// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose/failed_refresh.h"

#include "core/auth/oauth/oauth_messages.h"

#include <QSet>

namespace sightglass {

namespace {

using Why = FailedRefresh::Why;

Why reasonOf(const TraceFacts &facts, const SeenTokenRequest &token, ExchangeId first)
{
    // These say something else than that the refresh token is dead.
    static const QSet<QByteArray> others{
        "invalid_scope",          "invalid_target", "slow_down",
        "server_error",           "use_dpop_nonce", "invalid_dpop_proof",
        "temporarily_unavailable"};
    if (token.status == 0)
        return Why::NoAnswer;
    if (isBusy(facts, token.exchange))
        return Why::Busy;
    if (!token.isJson)
        return token.hasBody ? Why::NoJson : Why::Other;
    if (token.error == "invalid_client")
        return Why::Client;
    if (token.error == "invalid_grant") {
        if (first == 0)
            return Why::Dead;
        return facts.exchange(first).status == 0 ? Why::AnswerLost : Why::UsedTwice;
    }
    const bool refused = token.status >= 400 && token.status < 500;
    return refused && !token.error.isEmpty() && !others.contains(token.error) ? Why::OddError
                                                                              : Why::Other;
}

} // namespace

QList<FailedRefresh> failedRefreshes(const TraceFacts &facts)
{
    QList<FailedRefresh> list;
    QHash<QByteArray, ExchangeId> spent; // by refresh token
    for (const SeenTokenRequest &token : facts.tokens()) {
        if (token.grant != "refresh_token" || token.error == "use_dpop_nonce")
            continue;
        const ExchangeId first = token.refreshToken.isEmpty() ? 0 : spent.value(token.refreshToken);
        // Of an answer that was lost it is not known whether it was given.
        const bool lost = token.status == 0;
        if (!token.refreshToken.isEmpty() && (token.succeeded() || (lost && first == 0)))
            spent.insert(token.refreshToken, token.exchange);
        if (!token.succeeded())
            list.append({&token, reasonOf(facts, token, first), first});
    }
    return list;
}

std::optional<FailedRefresh> renewalInVain(const TraceFacts &facts, qint32 server)
{
    const SeenTokenRequest *newest = nullptr;
    for (const SeenTokenRequest &token : facts.tokens()) {
        // Requests about a token (RFC 7009, RFC 7662) have no grant.
        if (!token.grant.isEmpty() && facts.exchange(token.exchange).behalf == server)
            newest = &token;
    }
    if (!newest)
        return {};
    for (const FailedRefresh &one : failedRefreshes(facts)) {
        if (one.request == newest)
            return one;
    }
    return {};
}

bool isBusy(const TraceFacts &facts, ExchangeId id)
{
    const std::optional<ResponseRecord> response = facts.trace().response(id);
    return response && isBusyAnswer(response->status, response->headers);
}

} // namespace sightglass
