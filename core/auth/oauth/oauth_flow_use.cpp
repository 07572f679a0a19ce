// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What becomes of a token that came: when it is good, and whether the server takes it.

#include "core/auth/oauth/oauth_flow.h"
#include "core/auth/oauth/token_claims.h"

#include <QLocale>
#include <QTimeZone>

#include <cmath>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Of a token that was just issued: "it had expired 60 min before (exp)". Empty where its times are
/// as they should be. `now`: seconds since 1970.
QString untimelyWords(const JsonText &claims, qint64 now)
{
    constexpr qint64 Tolerance = 120; // seconds: what servers commonly allow clocks to differ
    const std::optional<qint64> expires = claimTime(claims, u"exp");
    const std::optional<qint64> from = claimTime(claims, u"nbf");
    if (expires && *expires <= now)
        return u"it expired %1 (exp)"_s.arg(timeInWords(*expires, now));
    if (from && *from > now + Tolerance)
        return u"it is not valid yet: it begins %1 (nbf)"_s.arg(timeInWords(*from, now));
    return {};
}

QString clockAdvice()
{
    return u"Set the clock of the authorisation server, or of this computer, whichever is wrong."_s;
}

} // namespace

/// Of a token that was refused although it is new. What it says is a secret, which a recording does
/// not hold: so it is told here.
Failure OAuthFlow::refusedToken() const
{
    Failure failure{
        FailureKind::Refused,
        u"fresh-token-refused"_s,
        u"The token was issued a moment ago, and the server refuses it (401)."_s,
        u"Its audience or scope is not what the server wants: compare the token's claims with the resource on the Access page."_s,
        0,
        u"AF-60"_s};
    const std::optional<Jwt> jwt = readJwt(m_tokens.accessToken);
    const JsonText claims = jwt ? JsonText::parse(jwt->claims) : JsonText();
    if (const QString untimely = untimelyWords(claims, m_environment.now() / 1000);
        !untimely.isEmpty()) {
        failure.finding = u"AF-11"_s;
        failure.sentence = u"The server refuses the new token (401), and %1."_s.arg(untimely);
        failure.advice = clockAdvice();
        return failure;
    }
    const QStringList audience = claimTexts(claims, u"aud");
    if (audience.isEmpty() || m_tokens.resource.isEmpty() || audience.contains(m_tokens.resource))
        return failure;
    failure.finding = u"AF-10"_s;
    failure.sentence =
        u"The server refuses the new token (401): it is made for “%1” (aud), and “%2” was asked for."_s
            .arg(shownClaim(audience.join(u", "_s)), m_tokens.resource);
    failure.advice =
        u"On the authorisation server's side: heed resource, and issue the token for that (RFC 8707, 2.2)."_s;
    return failure;
}

void OAuthFlow::judgeTimes(OAuthStepKind kind, const QList<Header> &headers)
{
    const std::optional<Jwt> jwt = readJwt(m_tokens.accessToken);
    const qint64 now = m_environment.now() / 1000;
    const QString untimely = jwt ? untimelyWords(JsonText::parse(jwt->claims), now) : QString();
    if (m_failure || untimely.isEmpty())
        return;
    QString sentence = u"The token is new, and %1."_s.arg(untimely);
    const QString date = QString::fromLatin1(headerOf(headers, "Date")).trimmed();
    // RFC 9110, 5.6.7: the one form that may be sent.
    QDateTime there = QLocale::c().toDateTime(date, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    there.setTimeZone(QTimeZone::utc());
    constexpr qint64 Tolerance = 60; // seconds
    const qint64 ahead = there.isValid() ? there.toSecsSinceEpoch() - now : 0;
    if (std::abs(ahead) > Tolerance)
        sentence += u" The clock of the authorisation server is %1 s %2 ours (Date: %3)."_s.arg(
            QString::number(std::abs(ahead)), ahead > 0 ? u"ahead of"_s : u"behind"_s, date);
    step(kind).checks.append(
        {OAuthCheck::Result::Deviates, sentence, u"RFC 7519, 4.1"_s, u"AF-11"_s});
}

/// What invalid_target comes of.
QString OAuthFlow::targetFinding() const
{
    return resource().isEmpty() ? u"AF-44"_s : u"AF-45"_s;
}

QString OAuthFlow::targetAdvice() const
{
    if (resource().isEmpty())
        return u"Let resource be sent: authorisation servers for MCP demand it."_s;
    if (m_resource && m_resource->resource != resource())
        return u"“%1” was sent, and the server's metadata spells it “%2”: send it as it stands there, to the last slash."_s
            .arg(resource(), m_resource->resource);
    return u"The authorisation server does not know the resource “%1”: it has to be spelled there as in the server's metadata, to the last slash."_s
        .arg(resource());
}

void OAuthFlow::used(const OAuthRefusal &outcome)
{
    OAuthStep &use = step(OAuthStepKind::Use);
    use = OAuthStep();
    enter(OAuthStepKind::Use, {});
    use.attempts.append({outcome.exchange, m_url, QString::number(outcome.status)});
    const bool refused = outcome.status == 401;
    Failure wrong = refusedToken();
    wrong.exchange = outcome.exchange;
    use.checks.append({refused ? OAuthCheck::Result::Failed : OAuthCheck::Result::Passed,
                       refused ? u"The server refuses the token that was issued for it."_s
                               : u"The server accepts the token."_s,
                       u"OAuth 2.1, 5.2"_s, refused ? wrong.finding : QString()});
    if (!refused) {
        leave(OAuthStepKind::Use, u"The server accepted the token."_s);
        return;
    }
    fail(OAuthStepKind::Use, wrong);
}

} // namespace sightglass
