// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// How clients authenticate (OAuth 2.1, 2.4; RFC 7523, 2.2).

#include "core/lab/auth_secrets.h"
#include "core/lab/auth_server.h"
#include "core/lab/connection.h"

#include <QDateTime>

#include <optional>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 longestAssertion = 3600; ///< seconds that one may be good

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

} // namespace

const LabClient *LabAuthServer::authenticate(FaultPlay &play, const LabForm &form,
                                             LabRefusal *refusal)
{
    if (form.has(u"client_assertion") || form.has(u"client_assertion_type")) {
        if (!play.reply->request().has("Authorization") && !form.has(u"client_secret"))
            return checkAssertion(form, refusal);
        *refusal = {"invalid_request", u"The client authenticates in more than one way."_s};
        return nullptr;
    }
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

const LabClient *LabAuthServer::checkAssertion(const LabForm &form, LabRefusal *refusal)
{
    const QByteArray text = form.value(u"client_assertion").toUtf8();
    const LabAssertion assertion = LabAssertion::read(text);
    const LabClient *known = client(assertion.clientId);
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QString problem;
    if (form.value(u"client_assertion_type")
        != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"_L1)
        problem = u"client_assertion_type is not that of a JWT."_s;
    else if (!known || (form.has(u"client_id") && form.value(u"client_id") != known->id))
        problem = u"The assertion names no client that is known here as both iss and sub."_s;
    else if (known->authMethod != "private_key_jwt"_L1)
        problem = u"The client was registered to authenticate with %1."_s.arg(known->authMethod);
    else if (!labSignedBy(text, known->jwks))
        problem = u"The assertion is not signed with a key of the client."_s;
    else if (!assertion.audience.contains(issuer())
             && !assertion.audience.contains(QString::fromLatin1(m_origin) + u"/token"_s))
        problem = u"aud of the assertion is not this authorisation server."_s;
    else if (assertion.expires <= now || assertion.expires > now + longestAssertion)
        problem = u"exp of the assertion is missing, past, or more than an hour away."_s;
    else if (assertion.jti.isEmpty() || !m_assertions.use(assertion.jti))
        problem = u"jti of the assertion is missing, or was used before."_s;
    *refusal = problem.isEmpty() ? LabRefusal() : LabRefusal{"invalid_client", problem, 401};
    return problem.isEmpty() ? known : nullptr;
}

} // namespace sightglass
