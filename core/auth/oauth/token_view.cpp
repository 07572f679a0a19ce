// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/token_view.h"

#include "core/auth/oauth/token_claims.h"

#include <QtNumeric>

#include <algorithm>
#include <limits>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MaxScopes = 500;

using Compared = TokenComparison::State;

QString quotedClaim(const QString &text)
{
    return u'"' + shownClaim(text) + u'"';
}

QString quotedClaims(const QStringList &texts)
{
    QStringList quoted;
    for (const QString &text : texts.first(qMin(texts.size(), qsizetype(5))))
        quoted.append(quotedClaim(text));
    if (texts.size() > quoted.size())
        quoted.append(u"%1 others"_s.arg(texts.size() - quoted.size()));
    return quoted.join(u", "_s);
}

/// What two strings differ by that people overlook.
QString smallDifference(const QString &one, const QString &other)
{
    if (one + u'/' == other || other + u'/' == one)
        return u" They differ by a slash at the end alone."_s;
    if (one.compare(other, Qt::CaseInsensitive) == 0)
        return u" They differ by upper and lower case alone."_s;
    if (one.trimmed() == other.trimmed())
        return u" They differ by white space alone."_s;
    return {};
}

QString smallDifference(const QString &one, const QStringList &others)
{
    for (const QString &other : others) {
        const QString difference = smallDifference(one, other);
        if (!difference.isEmpty())
            return difference;
    }
    return {};
}

TokenComparison compareAudience(const JsonText &claims, const TokenContext &context)
{
    if (context.resource.isEmpty())
        return {};
    TokenComparison compared{Compared::Absent, context.resource, claimTexts(claims, u"aud"), {}};
    if (compared.found.isEmpty()) {
        compared.sentence = u"The token does not say for whom it is meant (\"aud\"), so it cannot "
                            "be told whether it is for %1."_s.arg(quotedClaim(context.resource));
    } else if (compared.found.contains(context.resource)) {
        compared.state = Compared::Same;
        compared.sentence = u"The token is for %1."_s.arg(quotedClaim(context.resource));
    } else {
        compared.state = Compared::Differs;
        compared.sentence = u"The token is for %1, not for %2."_s.arg(
            quotedClaims(compared.found), quotedClaim(context.resource));
        if (!context.clientId.isEmpty() && compared.found.contains(context.clientId))
            compared.sentence += u" It is for the client itself, as an ID token is, which opens "
                                 "no resource."_s;
        else
            compared.sentence += smallDifference(context.resource, compared.found);
    }
    return compared;
}

TokenComparison compareIssuer(const JsonText &claims, const TokenContext &context)
{
    if (context.issuer.isEmpty())
        return {};
    const JsonText::Node node = claims.member(claims.root(), u"iss");
    TokenComparison compared{Compared::Absent, context.issuer, {}, {}};
    if (claims.isString(node))
        compared.found = {claims.string(node)};
    if (compared.found.isEmpty()) {
        compared.sentence = u"The token does not say who issued it (\"iss\")."_s;
    } else if (compared.found.constFirst() == context.issuer) {
        compared.state = Compared::Same;
        compared.sentence = u"The token was issued by %1."_s.arg(quotedClaim(context.issuer));
    } else {
        compared.state = Compared::Differs;
        compared.sentence = u"The token was issued by %1, not by %2."_s.arg(
                                quotedClaims(compared.found), quotedClaim(context.issuer))
            + smallDifference(context.issuer, compared.found);
    }
    return compared;
}

TokenComparison compareKey(const JsonText &claims, const TokenContext &context)
{
    const JsonText::Node confirmation = claims.member(claims.root(), u"cnf");
    const JsonText::Node thumbprint = claims.member(confirmation, u"jkt");
    if (!claims.isString(thumbprint)) {
        if (context.keyThumbprint.isEmpty())
            return {};
        return {Compared::Absent,
                QString::fromLatin1(context.keyThumbprint),
                {},
                u"The token is not bound to a key (\"cnf\"): whoever has it can use it."_s};
    }
    TokenComparison compared{Compared::None,
                             QString::fromLatin1(context.keyThumbprint),
                             {claims.string(thumbprint)},
                             {}};
    if (context.keyThumbprint.isEmpty()) {
        compared.sentence = u"The token is bound to a key: it counts only with a proof of DPoP."_s;
    } else if (compared.found.constFirst() == compared.expected) {
        compared.state = Compared::Same;
        compared.sentence = u"The token is bound to the key that proves possession."_s;
    } else {
        compared.state = Compared::Differs;
        compared.sentence =
            u"The token is bound to another key (%1) than the one that proves "
            "possession (%2)."_s.arg(quotedClaims(compared.found), quotedClaim(compared.expected));
    }
    return compared;
}

QStringList scopesOf(const JsonText &claims)
{
    QStringList scopes;
    for (const char16_t *name : {u"scope", u"scp"}) {
        for (const QString &text : claimTexts(claims, name)) {
            for (const QString &scope : text.split(u' ', Qt::SkipEmptyParts)) {
                const QString shown = shownClaim(scope);
                if (scopes.size() < MaxScopes && !scopes.contains(shown))
                    scopes.append(shown);
            }
        }
    }
    return scopes;
}

void readClaims(const JsonText &claims, const TokenContext &context, TokenView &view)
{
    view.claims = viewMembers(claims, false, context.now);
    view.scopes = scopesOf(claims);
    view.expires = claimTime(claims, u"exp");
    view.notBefore = claimTime(claims, u"nbf");
    view.issued = claimTime(claims, u"iat");
    if (view.expires && *view.expires <= context.now)
        view.validity = TokenView::Validity::Expired;
    else if (view.notBefore && *view.notBefore > context.now)
        view.validity = TokenView::Validity::NotYet;
    else if (view.expires)
        view.validity = TokenView::Validity::Valid;
    view.audience = compareAudience(claims, context);
    view.issuer = compareIssuer(claims, context);
    view.key = compareKey(claims, context);
}

QString validityInWords(const TokenView &view, qint64 now)
{
    switch (view.validity) {
    case TokenView::Validity::Valid:
        return u"it expires %1"_s.arg(timeInWords(*view.expires, now));
    case TokenView::Validity::Expired:
        return u"it expired %1"_s.arg(timeInWords(*view.expires, now));
    case TokenView::Validity::NotYet:
        return u"it is not valid yet: it begins %1"_s.arg(timeInWords(*view.notBefore, now));
    case TokenView::Validity::Inactive:
        return u"it is not active"_s;
    case TokenView::Validity::Unknown:
        break;
    }
    return u"it does not say when it expires"_s;
}

/// RFC 7516, 7.1: five parts, of which the first is a header that says how it is encrypted.
std::optional<JsonText> headerOfEncrypted(QByteArrayView token)
{
    if (std::count(token.begin(), token.end(), '.') != 4)
        return {};
    const auto header = fromBase64Url(token.first(token.indexOf('.')));
    const JsonText json = JsonText::parse(header.value_or(QByteArray()));
    if (!json.isValid() || json.member(json.root(), u"enc") < 0)
        return {};
    return json;
}

constexpr qint64 Year = 31'557'600; ///< seconds

struct TimeUnit {
    qint64 seconds;
    const char16_t *name;
};
constexpr TimeUnit TimeUnits[] = {
    {Year, u"years"}, {86'400, u"d"}, {3'600, u"h"}, {60, u"min"}, {1, u"s"}};

} // namespace

QString timeInWords(qint64 seconds, qint64 now)
{
    // Both may be anything that a stranger wrote.
    qint64 apart = 0;
    if (qSubOverflow(seconds, now, &apart) || apart == std::numeric_limits<qint64>::min())
        return seconds > now ? u"in the far future"_s : u"in the far past"_s;
    const qint64 length = qAbs(apart);
    if (length == 0)
        return u"now"_s;
    QString words;
    for (qsizetype i = 0; i < std::ssize(TimeUnits); ++i) {
        const TimeUnit &unit = TimeUnits[i];
        // The first year is of days.
        if (length < (unit.seconds == Year ? 2 : 1) * unit.seconds)
            continue;
        words = u"%1 %2"_s.arg(length / unit.seconds).arg(QStringView(unit.name));
        // The next unit tells something only from minutes on, and not beside years.
        if (i > 0 && i < 3) {
            const TimeUnit &next = TimeUnits[i + 1];
            if (const qint64 rest = length % unit.seconds / next.seconds)
                words += u" %1 %2"_s.arg(rest).arg(QStringView(next.name));
        }
        break;
    }
    return apart > 0 ? u"in "_s + words : words + u" ago"_s;
}

TokenView viewToken(QByteArrayView token, const TokenContext &context)
{
    TokenView view;
    if (const auto jwt = readJwt(token)) {
        view.form = TokenView::Form::Jwt;
        view.header = viewMembers(JsonText::parse(jwt->header), true, context.now);
        readClaims(JsonText::parse(jwt->claims), context, view);
        if (!context.jwks.isEmpty())
            view.signature = checkSignature(*jwt, context.jwks);
        view.sentence = u"A JWT: %1."_s.arg(validityInWords(view, context.now));
    } else if (const auto header = headerOfEncrypted(token)) {
        view.form = TokenView::Form::Encrypted;
        view.header = viewMembers(*header, true, context.now);
        view.sentence = u"An encrypted JWT: only the one for whom it is meant can read it."_s;
    } else if (token.isEmpty()) {
        view.sentence = u"There is no token."_s;
    } else {
        view.sentence = u"An opaque token of %1 characters: only the authorisation server can tell "
                        "what it stands for."_s.arg(token.size());
    }
    return view;
}

TokenView viewIntrospection(const QByteArray &body, const TokenContext &context)
{
    TokenView view;
    view.form = TokenView::Form::Introspection;
    const JsonText claims = JsonText::parse(body);
    if (!claims.isValid() || !claims.isObject(claims.root())) {
        view.sentence =
            u"What the authorisation server tells of the token cannot be read: it is no "
            "JSON object."_s;
        return view;
    }
    readClaims(claims, context, view);
    const JsonText::Node active = claims.member(claims.root(), u"active");
    if (!claims.isBool(active)) {
        view.validity = TokenView::Validity::Unknown;
        view.sentence =
            u"The authorisation server does not say whether the token is active, as RFC "
            "7662, 2.2 asks."_s;
    } else if (!claims.boolean(active)) {
        view.validity = TokenView::Validity::Inactive;
        view.sentence = u"The authorisation server says that the token is not active: it has "
                        "expired, was revoked, or is not one of its own."_s;
    } else {
        if (view.validity == TokenView::Validity::Unknown)
            view.validity = TokenView::Validity::Valid;
        view.sentence = view.expires
            ? u"The authorisation server says that the token is active; %1."_s.arg(
                validityInWords(view, context.now))
            : u"The authorisation server says that the token is active; it does not say when it "
              "expires."_s;
    }
    return view;
}

} // namespace sightglass
