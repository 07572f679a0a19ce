// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The token endpoint (OAuth 2.1, 3.2, 4.1.3, 4.2 and 4.3).

#include "core/lab/auth_secrets.h"
#include "core/lab/auth_server.h"
#include "core/lab/connection.h"
#include "core/lab/lab_server.h"
#include "core/lab/lab_world.h"

#include <QDateTime>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

bool isSubset(const QStringList &scopes, const QStringList &granted)
{
    return std::all_of(scopes.begin(), scopes.end(),
                       [&](const QString &scope) { return granted.contains(scope); });
}

} // namespace

void LabAuthServer::giveToken(FaultPlay &play)
{
    const std::optional<LabForm> form = readForm(play);
    if (!form)
        return;
    const struct {
        const char *name;
        LabRefusal (LabAuthServer::*use)(FaultPlay &, const TokenRequest &);
    } grants[] = {
        {"authorization_code", &LabAuthServer::useCode},
        {"refresh_token", &LabAuthServer::useRefresh},
        {"client_credentials", &LabAuthServer::useCredentials},
    };
    const QString wanted = form->value(u"grant_type");
    const auto grant = std::find_if(std::begin(grants), std::end(grants), [&](const auto &one) {
        return wanted == QLatin1String(one.name);
    });
    LabRefusal refusal;
    if (wanted.isEmpty()) {
        refusal = {"invalid_request", u"grant_type is missing."_s};
    } else if (grant == std::end(grants)) {
        refusal = {"unsupported_grant_type", u"grant_type is none that is offered here."_s};
    } else if (const LabClient *client = authenticate(play, *form, &refusal)) {
        TokenRequest request{*form, *client, {}};
        if (!client->grantTypes.contains(wanted))
            refusal = {"unauthorized_client", u"The client was not registered for this."_s};
        else
            refusal = checkProof(play, &request.thumbprint);
        if (!refusal)
            refusal = (this->*grant->use)(play, request);
    }
    if (refusal)
        refuse(play, refusal);
}

LabRefusal LabAuthServer::checkProof(FaultPlay &play, QByteArray *thumbprint)
{
    if (!m_world.settings().oauth.dpop)
        return {};
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const LabProofs::Checked checked = m_proofs.check(
        play.reply->request(), play.server->requestUrl(play.reply->request()), {}, now);
    play.reply->addHeader("DPoP-Nonce", m_proofs.nonce(now));
    *thumbprint = checked.thumbprint;
    return checked.refusal;
}

LabRefusal LabAuthServer::useCode(FaultPlay &play, const TokenRequest &request)
{
    const LabForm &form = request.form;
    const LabClient &client = request.client;
    for (const char *needed : {"code", "redirect_uri", "code_verifier"}) {
        if (!form.has(QString::fromLatin1(needed)))
            return {"invalid_request", QLatin1String(needed) + u" is missing."_s};
    }
    if (const LabRefusal refusal = checkResource(form, true))
        return refusal;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    // Whatever is wrong with the rest: the code is used up.
    const std::optional<LabGrants::Code> code = m_grants.useCode(form.value(u"code").toUtf8(), now);
    if (!code || code->grant.clientId != client.id)
        return {"invalid_grant", u"The code is unknown, too old, or was used before."_s};
    LabGrant grant = code->grant;
    if (!grant.thumbprint.isEmpty() && grant.thumbprint != request.thumbprint)
        return {"invalid_grant", u"The code is bound to another key."_s};
    if (grant.redirectUri != form.value(u"redirect_uri"))
        return {"invalid_grant", u"redirect_uri is not that of the authorisation request."_s};
    if (!labEqualSecrets(labDigest(form.value(u"code_verifier").toUtf8()),
                         grant.challenge.toUtf8()))
        return {"invalid_grant", u"code_verifier does not fit code_challenge."_s};
    if (form.has(u"resource") && form.value(u"resource") != grant.resource)
        return {"invalid_target", u"resource is not that of the authorisation request."_s};
    // Of a client without a secret the refresh token is bound as well (RFC 9449, section 5).
    grant.thumbprint = client.authMethod == "none"_L1 ? request.thumbprint : QByteArray();
    LabToken token;
    token.grant = grant;
    token.thumbprint = request.thumbprint;
    token.scopes = grant.scopes;
    token.family = code->family;
    QByteArray refresh;
    if (client.grantTypes.contains("refresh_token"_L1))
        refresh = m_grants.addRefresh(grant, code->family);
    issue(play, token, refresh);
    return {};
}

LabRefusal LabAuthServer::useRefresh(FaultPlay &play, const TokenRequest &request)
{
    const LabForm &form = request.form;
    const LabClient &client = request.client;
    const QByteArray value = form.value(u"refresh_token").toUtf8();
    if (value.isEmpty())
        return {"invalid_request", u"refresh_token is missing."_s};
    if (const LabRefusal refusal = checkResource(form, false))
        return refusal;
    const LabGrants::Refresh *known = m_grants.refresh(value);
    if (!known || known->grant.clientId != client.id)
        return {"invalid_grant", u"The refresh token is unknown, or was revoked."_s};
    // Whoever used it first: one of the two has stolen it (OAuth 2.1, 4.3.1).
    if (known->used) {
        m_grants.revokeFamily(known->family);
        return {"invalid_grant",
                u"The refresh token was used before; all that came of it is revoked now."_s};
    }
    if (!known->grant.thumbprint.isEmpty() && known->grant.thumbprint != request.thumbprint)
        return {"invalid_grant", u"The refresh token is bound to another key."_s};
    LabToken token;
    token.grant = known->grant;
    token.thumbprint = request.thumbprint;
    token.family = known->family;
    token.refreshed = true;
    token.scopeAsked = form.has(u"scope");
    token.scopes = token.grant.scopes;
    if (form.has(u"resource") && form.value(u"resource") != token.grant.resource)
        return {"invalid_target", u"resource is not the one that was granted."_s};
    if (token.scopeAsked) {
        token.scopes = form.value(u"scope").split(u' ', Qt::SkipEmptyParts);
        if (token.scopes.isEmpty() || !isSubset(token.scopes, token.grant.scopes))
            return {"invalid_scope", u"A refresh cannot widen the scope that was granted."_s};
    }
    issue(play, token, m_grants.rotate(value));
    return {};
}

LabRefusal LabAuthServer::useCredentials(FaultPlay &play, const TokenRequest &request)
{
    const LabForm &form = request.form;
    const LabClient &client = request.client;
    if (const LabRefusal refusal = checkResource(form, true))
        return refusal;
    LabToken token;
    token.thumbprint = request.thumbprint;
    token.grant.clientId = client.id;
    token.grant.resource = form.has(u"resource") ? form.value(u"resource") : m_resources().value(0);
    if (const LabRefusal refusal = chooseScopes(form.value(u"scope"), &token.scopes))
        return refusal;
    token.scopes.removeAll(u"offline_access"_s);
    token.grant.scopes = token.scopes;
    token.family = m_grants.newFamily();
    issue(play, token, {});
    return {};
}

void LabAuthServer::issue(FaultPlay &play, LabToken token, const QByteArray &refresh)
{
    token.audience = token.grant.resource;
    token.issued = QDateTime::currentMSecsSinceEpoch();
    token.expires = token.issued + 1000LL * m_world.settings().oauth.tokenSeconds;
    labPlayHook(m_world.faults(), play, &Fault::token, token);
    const QByteArray value = tokenText(token);
    m_grants.addToken(value, token);
    LabDocument document(token.refreshed ? LabDocument::Kind::RefreshedToken
                                         : LabDocument::Kind::Token);
    document.set(u"access_token"_s, QString::fromLatin1(value));
    document.set(u"token_type"_s, token.thumbprint.isEmpty() ? u"Bearer"_s : u"DPoP"_s);
    document.set(u"expires_in"_s, (token.expires - token.issued) / 1000);
    document.set(u"scope"_s, token.scopes.join(u' '));
    if (!refresh.isEmpty())
        document.set(u"refresh_token"_s, QString::fromLatin1(refresh));
    sendDocument(play, 200, document);
}

QByteArray LabAuthServer::tokenText(const LabToken &token) const
{
    if (m_world.settings().oauth.opaqueTokens)
        return labRandomText();
    // RFC 9068, section 2.
    LabDocument header;
    header.set(u"typ"_s, u"at+jwt"_s);
    header.set(u"alg"_s, QString::fromLatin1(m_key.algorithm()));
    header.set(u"kid"_s, QString::fromLatin1(m_key.thumbprint()));
    LabDocument claims;
    claims.set(u"iss"_s, issuer());
    claims.set(u"sub"_s,
               token.refreshed || !token.grant.redirectUri.isEmpty() ? u"practising-person"_s
                                                                     : token.grant.clientId);
    claims.set(u"aud"_s, token.audience);
    claims.set(u"client_id"_s, token.grant.clientId);
    claims.set(u"scope"_s, token.scopes.join(u' '));
    claims.set(u"iat"_s, token.issued / 1000);
    claims.set(u"exp"_s, token.expires / 1000);
    claims.set(u"jti"_s, QString::fromLatin1(labRandomText()));
    if (!token.thumbprint.isEmpty())
        claims.setRaw(u"cnf"_s, R"({"jkt":")" + token.thumbprint + R"("})");
    return signJwt(m_key, header.text(), claims.text());
}

} // namespace sightglass
