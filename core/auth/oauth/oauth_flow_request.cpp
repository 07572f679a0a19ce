// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What is asked of a person, and what the browser brings back.

#include "core/auth/oauth/oauth_flow.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// The same place, without what a shell would heed if somebody between here and the browser hands
/// it to one: of the characters that may stand in a URL as they are, all but those that its parts
/// are made of.
QUrl withoutShellSyntax(const QUrl &url)
{
    QByteArray text;
    for (const char character : url.toEncoded()) {
        if (QByteArrayView("!$'()*;").contains(character))
            text += '%' + QByteArray(1, character).toHex().toUpper();
        else
            text += character;
    }
    return QUrl::fromEncoded(text, QUrl::StrictMode);
}

} // namespace

QString OAuthFlow::scopeToRequest(QString *rule) const
{
    if (m_settings.scope) {
        *rule = u"chosen by you"_s;
        return *m_settings.scope;
    }
    QString scope;
    if (!m_scopeSoFar.isEmpty()) {
        *rule = u"MCP, Step-Up Authorization Flow: all so far and the challenge's"_s;
        scope = scopeUnion(m_scopeSoFar, m_challengedScope);
    } else if (!m_challengedScope.isEmpty()) {
        *rule = u"MCP, Scope Selection Strategy, 1: the challenge's"_s;
        scope = m_challengedScope;
    } else if (m_resource && m_resource->scopesSupported) {
        *rule = u"MCP, Scope Selection Strategy, 2: scopes_supported of the resource"_s;
        scope = m_resource->scopesSupported->join(u' ');
    } else {
        *rule = u"MCP, Scope Selection Strategy, 2: none, as nothing is said of scopes"_s;
    }
    // Alone it would be all that is granted.
    const bool offline = m_settings.offlineAccess && !scope.isEmpty() && isInteractive()
        && m_server->scopesSupported && m_server->scopesSupported->contains("offline_access"_L1);
    return offline ? scopeUnion(scope, u"offline_access"_s) : scope;
}

void OAuthFlow::requestAuthorization()
{
    const OAuthStepKind kind = OAuthStepKind::Authorization;
    QString rule;
    m_requestedScope = scopeToRequest(&rule);
    m_pkce = pkceFrom(m_environment.random(32));
    m_state = randomText(24);
    m_stateIssuer = m_server->issuer;
    m_code.clear();

    OAuthStep &now = enter(kind, {});
    QUrl url(m_server->authorizationEndpoint, QUrl::StrictMode);
    url.setFragment(QString());
    url.setUserInfo(QString());
    if (asksAbout(url))
        return;
    FormFields fields{{"response_type", u"code"_s},
                      {"client_id", m_client.id},
                      {"redirect_uri", m_redirectUri.toString(QUrl::FullyEncoded)},
                      {"state", QString::fromLatin1(m_state)},
                      {"code_challenge", QString::fromLatin1(m_pkce.challenge)},
                      {"code_challenge_method", u"S256"_s}};
    if (!m_requestedScope.isEmpty())
        fields.append({"scope", m_requestedScope});
    if (!resource().isEmpty())
        fields.append({"resource", resource()});
    // OpenID Connect Core, 11: without it offline_access is not heeded.
    if (scopeWords(m_requestedScope).contains("offline_access"_L1))
        fields.append({"prompt", u"consent"_s});
    if (usesDPoP()) {
        if (m_dpopKey.isNull())
            m_dpopKey = SigningKey::generate();
        // RFC 9449, 10: the code is bound to the key as well.
        fields.append({"dpop_jkt", QString::fromLatin1(m_dpopKey.thumbprint())});
    }
    // Its own parameters stay (RFC 6749, 3.1), but for those that would stand there twice.
    FormFields all;
    for (const auto &there : formDecoded(url.query(QUrl::FullyEncoded).toUtf8())) {
        const bool ours = std::any_of(fields.cbegin(), fields.cend(), [&](const auto &field) {
            return QString::fromLatin1(field.first) == there.first;
        });
        if (!ours)
            all.append({there.first.toUtf8().toPercentEncoding(), there.second});
    }
    url.setQuery(QString::fromLatin1(formEncoded(all + fields)), QUrl::StrictMode);
    url = withoutShellSyntax(url);
    now.input.clear();
    for (const auto &[name, value] : std::as_const(fields))
        now.input.append({QString::fromLatin1(name), value, name == "state"});
    now.output = {{u"host"_s, url.host(), false}};
    now.checks = {
        {OAuthCheck::Result::Passed, u"The scope was chosen: “%1”."_s.arg(m_requestedScope), rule}};
    if (resource().isEmpty()) {
        now.checks.append({OAuthCheck::Result::Deviates,
                           u"The request goes without resource, as you chose."_s,
                           u"MCP, Resource Parameter Implementation"_s, u"AF-44"_s});
    }
    leave(kind, u"A person is asked at %1."_s.arg(url.host()));
    if (endsHere(kind))
        return;
    enter(OAuthStepKind::Callback,
          u"Waiting for the browser to come back to %1."_s.arg(
              m_redirectUri.toString(QUrl::FullyEncoded)));
    m_action = OAuthBrowse{url, m_redirectUri};
}

void OAuthFlow::calledBack(const QUrl &url)
{
    if (!std::holds_alternative<OAuthBrowse>(m_action))
        return;
    m_action = OAuthRest();
    takeCallback(readCallback(url));
}

void OAuthFlow::notCalledBack(qint64 waitedMs)
{
    if (!std::holds_alternative<OAuthBrowse>(m_action))
        return;
    constexpr qint64 SecondMs = 1000;
    constexpr qint64 MinuteMs = 60 * SecondMs;
    const QString waited = waitedMs >= MinuteMs ? u"%1 min"_s.arg(waitedMs / MinuteMs)
                                                : u"%1 s"_s.arg(waitedMs / SecondMs);
    fail(
        OAuthStepKind::Callback,
        {FailureKind::TimedOut, u"callback-missing"_s,
         u"The browser was sent to %1, and did not come back to %2 within %3."_s.arg(
             std::get<OAuthBrowse>(m_action).url.host(), m_redirectUri.toString(QUrl::FullyEncoded),
             waited),
         u"Log in again, and see where the browser ends: the page may have been closed, or lead elsewhere. From another computer that address is not reached: paste the one that the browser shows."_s,
         0, u"AF-48"_s});
}

void OAuthFlow::takeCallback(const OAuthCallback &callback)
{
    const OAuthStepKind kind = OAuthStepKind::Callback;
    OAuthStep &now = step(kind);
    const QString expected = QString::fromLatin1(m_state);
    const bool sameState = callback.state && callback.repeated.isEmpty()
        && sameSecret(callback.state->toUtf8(), m_state);
    now.checks = {{sameState ? OAuthCheck::Result::Passed : OAuthCheck::Result::Failed,
                   sameState            ? u"state is the one of this request."_s
                       : callback.state ? u"state is not the one of this request."_s
                                        : u"state is missing."_s,
                   u"OAuth 2.1, 4.1.2 and 7.12"_s, sameState ? QString() : u"AF-46"_s}};
    if (!callback.repeated.isEmpty()) {
        now.checks.append(
            {OAuthCheck::Result::Failed,
             u"Parameters stand there more than once: %1."_s.arg(callback.repeated.join(u", "_s)),
             u"OAuth 2.1, 3.1"_s});
    }
    if (!sameState) {
        fail(
            kind,
            {FailureKind::Protocol, u"state-mismatch"_s,
             !callback.repeated.isEmpty()
                 ? u"The browser came back with parameters that stand there more than once (%1): which is meant nobody can tell. It was not used."_s
                       .arg(callback.repeated.join(u", "_s))
                 : callback.state
                 ? u"The browser came back with another state than this request had: it belongs to another log-in, or somebody else sent it. It was not used."_s
                 : u"The browser came back without state: it belongs to another log-in, or the authorisation server drops it. It was not used."_s,
             u"Log in again. If it happens each time: on the authorisation server's side, state has to come back as it was sent."_s,
             0, u"AF-46"_s});
        return;
    }
    // RFC 9207, 2.4: before anything else that the answer says is heeded, or shown.
    if (callback.issuer) {
        const bool same = *callback.issuer == m_stateIssuer;
        now.checks.append({same ? OAuthCheck::Result::Passed : OAuthCheck::Result::Failed,
                           same ? u"iss is the issuer that was asked."_s
                                : u"iss is another issuer than was asked."_s,
                           u"RFC 9207, 2.4"_s, same ? QString() : u"AF-47"_s, u"iss"_s,
                           *callback.issuer, u"issuer asked"_s, m_stateIssuer});
        if (!same) {
            fail(
                kind,
                {FailureKind::Protocol, u"issuer-mix-up"_s,
                 u"The browser came back from another authorisation server (iss is “%1”) than was asked (“%2”): it was not used."_s
                     .arg(*callback.issuer, m_stateIssuer),
                 u"On the authorisation server's side: iss has to be its issuer, character by character. If it is not that, somebody mixes up servers on purpose."_s,
                 0, u"AF-47"_s});
            return;
        }
    } else if (m_server->issInResponse) {
        now.checks.append({OAuthCheck::Result::Failed,
                           u"iss is missing, though the metadata promises it."_s,
                           u"RFC 9207, 2.4"_s,
                           u"AF-47"_s,
                           u"iss"_s,
                           {},
                           u"issuer asked"_s,
                           m_stateIssuer});
        fail(
            kind,
            {FailureKind::Protocol, u"issuer-missing"_s,
             u"The browser came back without iss, which the authorisation server's metadata promises: it was not used."_s,
             u"On the authorisation server's side: send iss, or do not promise it (authorization_response_iss_parameter_supported)."_s,
             0, u"AF-47"_s});
        return;
    }
    if (!callback.error.isEmpty()) {
        const bool denied = callback.error == "access_denied"_L1;
        const QString said = callback.errorDescription.isEmpty()
            ? QString()
            : u" It says: “%1”."_s.arg(callback.errorDescription.left(300));
        const bool ofTarget = callback.error == "invalid_target"_L1;
        fail(kind,
             {denied ? FailureKind::Refused : FailureKind::Protocol,
              denied ? u"access-denied"_s : u"authorization-error"_s,
              denied ? u"Access was denied at the authorisation server.%1"_s.arg(said)
                     : u"The authorisation server answered with the error %1.%2"_s.arg(
                         callback.error.left(100), said),
              ofTarget ? targetAdvice()
                  : callback.error == "invalid_scope"_L1
                  ? u"It does not know the scope “%1”: ask for another."_s.arg(m_requestedScope)
                  : u"Log in again, or change what is asked for."_s,
              0, ofTarget ? targetFinding() : QString()});
        return;
    }
    if (!callback.code || callback.code->isEmpty()) {
        fail(kind,
             {FailureKind::Protocol,
              u"code-missing"_s,
              u"The browser came back with neither a code nor an error."_s,
              u"On the authorisation server's side: see OAuth 2.1, 4.1.2."_s,
              0,
              {}});
        return;
    }
    m_code = *callback.code;
    now.output = {{u"code"_s, m_code, true}};
    if (callback.issuer)
        now.output.append({u"iss"_s, *callback.issuer, false});
    leave(kind, u"The browser brought a code."_s);
    if (!endsHere(kind))
        requestToken();
}

} // namespace sightglass
