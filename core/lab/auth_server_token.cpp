// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The token endpoint (OAuth 2.1, 3.2, 4.1.3, 4.2 and 4.3).

#include "core/lab/auth_secrets.h"
#include "core/lab/auth_server.h"
#include "core/lab/connection.h"
#include "core/lab/lab_world.h"

#include <QDateTime>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Id and secret of Basic, which are form-encoded before they are joined (RFC 6749, 2.3.1).
std::optional<std::pair<QString, QByteArray>> basicCredentials(const QByteArray &authorization)
{
    if (authorization.left(6).compare("Basic ", Qt::CaseInsensitive) != 0)
        return std::nullopt;
    const QByteArray pair = QByteArray::fromBase64(authorization.mid(6).trimmed());
    const qsizetype colon = pair.indexOf(':');
    if (colon < 0)
        return std::nullopt;
    const LabForm form =
        LabForm::parse("id=" + pair.left(colon) + "&secret=" + pair.mid(colon + 1));
    return std::pair(form.value(u"id"), form.value(u"secret").toUtf8());
}

bool isSubset(const QStringList &scopes, const QStringList &granted)
{
    return std::all_of(scopes.begin(), scopes.end(),
                       [&](const QString &scope) { return granted.contains(scope); });
}

} // namespace

const LabClient *LabAuthServer::authenticate(FaultPlay &play, const LabForm &form,
                                             LabRefusal *refusal)
{
    const QByteArray authorization = play.reply->request().header("Authorization");
    const auto basic = basicCredentials(authorization);
    const bool posted = form.has(u"client_secret");
    *refusal = {"invalid_client", u"The client could not be authenticated."_s, 401};
    if (!authorization.isEmpty() && !basic)
        return nullptr;
    if (basic && posted) {
        *refusal = {"invalid_request", u"The client authenticates in more than one way."_s};
        return nullptr;
    }
    if (!basic && !form.has(u"client_id")) {
        *refusal = {"invalid_client", u"client_id is missing."_s, 401};
        return nullptr;
    }
    const LabClient *known = client(basic ? basic->first : form.value(u"client_id"));
    if (!known) {
        refusal->sentence = u"No client with this client_id is known here."_s;
        return nullptr;
    }
    if (basic && form.has(u"client_id") && form.value(u"client_id") != known->id)
        return nullptr;
    const QString method = basic ? u"client_secret_basic"_s
        : posted                 ? u"client_secret_post"_s
                                 : u"none"_s;
    if (method != known->authMethod) {
        refusal->sentence =
            u"The client was registered to authenticate with %1, and used %2."_s.arg(
                known->authMethod, method);
        return nullptr;
    }
    const QByteArray secret = basic ? basic->second : form.value(u"client_secret").toUtf8();
    if (method != "none"_L1 && !labEqualSecrets(secret, known->secret))
        return nullptr;
    *refusal = {};
    return known;
}

void LabAuthServer::giveToken(FaultPlay &play)
{
    const std::optional<LabForm> form = readForm(play);
    if (!form)
        return;
    const struct {
        const char *name;
        LabRefusal (LabAuthServer::*use)(FaultPlay &, const LabForm &, const LabClient &);
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
        refusal = client->grantTypes.contains(wanted)
            ? (this->*grant->use)(play, *form, *client)
            : LabRefusal{"unauthorized_client", u"The client was not registered for this."_s};
    }
    if (refusal)
        refuse(play, refusal);
}

LabRefusal LabAuthServer::useCode(FaultPlay &play, const LabForm &form, const LabClient &client)
{
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
    const LabGrant &grant = code->grant;
    if (grant.redirectUri != form.value(u"redirect_uri"))
        return {"invalid_grant", u"redirect_uri is not that of the authorisation request."_s};
    if (!labEqualSecrets(labDigest(form.value(u"code_verifier").toUtf8()),
                         grant.challenge.toUtf8()))
        return {"invalid_grant", u"code_verifier does not fit code_challenge."_s};
    if (form.has(u"resource") && form.value(u"resource") != grant.resource)
        return {"invalid_target", u"resource is not that of the authorisation request."_s};
    LabToken token;
    token.grant = grant;
    token.scopes = grant.scopes;
    token.family = code->family;
    QByteArray refresh;
    if (client.grantTypes.contains("refresh_token"_L1))
        refresh = m_grants.addRefresh(grant, code->family);
    issue(play, token, refresh);
    return {};
}

LabRefusal LabAuthServer::useRefresh(FaultPlay &play, const LabForm &form, const LabClient &client)
{
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
    LabToken token;
    token.grant = known->grant;
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

LabRefusal LabAuthServer::useCredentials(FaultPlay &play, const LabForm &form,
                                         const LabClient &client)
{
    if (const LabRefusal refusal = checkResource(form, true))
        return refusal;
    LabToken token;
    token.grant.clientId = client.id;
    token.grant.resource = form.has(u"resource") ? form.value(u"resource") : resources().value(0);
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
    const QByteArray value = labRandomText();
    m_grants.addToken(value, token);
    LabDocument document(token.refreshed ? LabDocument::Kind::RefreshedToken
                                         : LabDocument::Kind::Token);
    document.set(u"access_token"_s, QString::fromLatin1(value));
    document.set(u"token_type"_s, u"Bearer"_s);
    document.set(u"expires_in"_s, (token.expires - token.issued) / 1000);
    document.set(u"scope"_s, token.scopes.join(u' '));
    if (!refresh.isEmpty())
        document.set(u"refresh_token"_s, QString::fromLatin1(refresh));
    sendDocument(play, 200, document);
}

} // namespace sightglass
