// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/token_claims.h"

#include "core/auth/jose.h"
#include "core/trace/trace_text.h"

#include <QDateTime>
#include <QTimeZone>

#include <array>
#include <charconv>
#include <cmath>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MaxShown = 2000; ///< characters
constexpr qsizetype MaxMembers = 300;
/// Clocks may disagree by so much without anybody's minding.
constexpr qint64 Tolerance = 60;
/// The last second of the year 9999. Beyond it stand milliseconds, mostly.
constexpr qint64 LastTime = 253'402'300'799;

enum class ClaimType : quint8 { Text, TextOrTexts, Time, Flag, Object, Texts, Any };

struct KnownClaim {
    const char16_t *name;
    ClaimType type;
    const char16_t *meaning; ///< of times: what it says in words stands behind it
    const char16_t *rule; ///< where the type stands
};

constexpr std::array Claims{
    KnownClaim{u"iss", ClaimType::Text, u"who issued it", u"RFC 7519, 4.1.1"},
    KnownClaim{u"sub", ClaimType::Text, u"whom it is about", u"RFC 7519, 4.1.2"},
    KnownClaim{u"aud", ClaimType::TextOrTexts, u"for whom it is meant", u"RFC 7519, 4.1.3"},
    KnownClaim{u"exp", ClaimType::Time, u"expire", u"RFC 7519, 4.1.4"},
    KnownClaim{u"nbf", ClaimType::Time, u"valid", u"RFC 7519, 4.1.5"},
    KnownClaim{u"iat", ClaimType::Time, u"issued", u"RFC 7519, 4.1.6"},
    KnownClaim{u"jti", ClaimType::Text, u"its number, unlike any other's", u"RFC 7519, 4.1.7"},
    KnownClaim{u"scope", ClaimType::Text, u"what it allows", u"RFC 8693, 4.2"},
    KnownClaim{u"scp", ClaimType::TextOrTexts, u"what it allows", u""},
    KnownClaim{u"client_id", ClaimType::Text, u"the client that it was issued to",
               u"RFC 8693, 4.3"},
    KnownClaim{u"azp", ClaimType::Text, u"the client that it was issued to",
               u"OpenID Connect Core, 2"},
    KnownClaim{u"auth_time", ClaimType::Time, u"signed in", u"OpenID Connect Core, 2"},
    KnownClaim{u"updated_at", ClaimType::Time, u"changed", u"OpenID Connect Core, 5.1"},
    KnownClaim{u"acr", ClaimType::Text, u"how strong the sign-in was", u"OpenID Connect Core, 2"},
    KnownClaim{u"amr", ClaimType::Texts, u"ways in which the person signed in",
               u"OpenID Connect Core, 2"},
    KnownClaim{u"nonce", ClaimType::Text, u"ties it to one sign-in", u"OpenID Connect Core, 2"},
    KnownClaim{u"at_hash", ClaimType::Text, u"hash of the access token that goes with it",
               u"OpenID Connect Core, 3.1.3.6"},
    KnownClaim{u"c_hash", ClaimType::Text, u"hash of the code that it was had for",
               u"OpenID Connect Core, 3.3.2.11"},
    KnownClaim{u"sid", ClaimType::Text, u"the session at the authorisation server", u""},
    KnownClaim{u"cnf", ClaimType::Object, u"the key that it is bound to", u"RFC 7800, 3.1"},
    KnownClaim{u"act", ClaimType::Object, u"who acts in the name of the subject", u"RFC 8693, 4.1"},
    KnownClaim{u"may_act", ClaimType::Object, u"who may act in the name of the subject",
               u"RFC 8693, 4.4"},
    KnownClaim{u"authorization_details", ClaimType::Any, u"what it allows, in detail", u""},
    KnownClaim{u"roles", ClaimType::Any, u"roles of the subject", u""},
    KnownClaim{u"groups", ClaimType::Any, u"groups of the subject", u""},
    KnownClaim{u"entitlements", ClaimType::Any, u"what the subject may do", u""},
    KnownClaim{u"permissions", ClaimType::Any, u"what it allows", u""},
    KnownClaim{u"tid", ClaimType::Any, u"the tenant", u""},
    KnownClaim{u"name", ClaimType::Any, u"name of the person", u""},
    KnownClaim{u"email", ClaimType::Any, u"address of the person", u""},
    KnownClaim{u"email_verified", ClaimType::Any, u"whether the address was checked", u""},
    KnownClaim{u"preferred_username", ClaimType::Any, u"name with which the person signs in", u""},
    KnownClaim{u"username", ClaimType::Text, u"name of the person", u"RFC 7662, 2.2"},
    KnownClaim{u"token_type", ClaimType::Text, u"how it is used", u"RFC 7662, 2.2"},
    KnownClaim{u"active", ClaimType::Flag, u"whether it counts now", u"RFC 7662, 2.2"},
};

constexpr std::array HeaderMembers{
    KnownClaim{u"alg", ClaimType::Text, u"how it is signed", u"RFC 7515, 4.1.1"},
    KnownClaim{u"typ", ClaimType::Text, u"what it is", u"RFC 7515, 4.1.9"},
    KnownClaim{u"cty", ClaimType::Text, u"what is within", u"RFC 7515, 4.1.10"},
    KnownClaim{u"kid", ClaimType::Text, u"which key signed it", u"RFC 7515, 4.1.4"},
    KnownClaim{u"jku", ClaimType::Text, u"where its key is said to be; nobody should ask there",
               u"RFC 7515, 4.1.2"},
    KnownClaim{u"jwk", ClaimType::Object, u"its key, by its own word", u"RFC 7515, 4.1.3"},
    KnownClaim{u"x5u", ClaimType::Text,
               u"where its certificate is said to be; nobody should ask "
               "there",
               u"RFC 7515, 4.1.5"},
    KnownClaim{u"x5c", ClaimType::Texts, u"its certificates, by its own word", u"RFC 7515, 4.1.6"},
    KnownClaim{u"x5t", ClaimType::Text, u"fingerprint of its certificate", u"RFC 7515, 4.1.7"},
    KnownClaim{u"x5t#S256", ClaimType::Text, u"fingerprint of its certificate", u"RFC 7515, 4.1.8"},
    KnownClaim{u"crit", ClaimType::Texts, u"members that one has to understand",
               u"RFC 7515, 4.1.11"},
    KnownClaim{u"enc", ClaimType::Text, u"how it is encrypted", u"RFC 7516, 4.1.2"},
};

bool isListOfTexts(const JsonText &json, JsonText::Node node)
{
    if (!json.isArray(node))
        return false;
    for (JsonText::Node item = json.firstChild(node); item >= 0; item = json.nextSibling(item)) {
        if (!json.isString(item))
            return false;
    }
    return true;
}

bool isOfType(const JsonText &json, JsonText::Node node, ClaimType type)
{
    switch (type) {
    case ClaimType::Text:
        return json.isString(node);
    case ClaimType::TextOrTexts:
        return json.isString(node) || isListOfTexts(json, node);
    case ClaimType::Texts:
        return isListOfTexts(json, node);
    case ClaimType::Time:
        return json.isNumber(node);
    case ClaimType::Flag:
        return json.isBool(node);
    case ClaimType::Object:
        return json.isObject(node);
    case ClaimType::Any:
        break;
    }
    return true;
}

QString typeInWords(ClaimType type)
{
    switch (type) {
    case ClaimType::Text:
        return u"a text"_s;
    case ClaimType::TextOrTexts:
        return u"a text or a list of texts"_s;
    case ClaimType::Texts:
        return u"a list of texts"_s;
    case ClaimType::Time:
        return u"a number of seconds"_s;
    case ClaimType::Flag:
        return u"true or false"_s;
    case ClaimType::Object:
        return u"an object"_s;
    case ClaimType::Any:
        break;
    }
    return u"anything"_s;
}

QString typeInWords(const JsonText &json, JsonText::Node node)
{
    switch (json.type(node)) {
    case JsonType::Null:
        return u"null"_s;
    case JsonType::False:
    case JsonType::True:
        return u"true or false"_s;
    case JsonType::Number:
        return u"a number"_s;
    case JsonType::String:
        return u"a text"_s;
    case JsonType::Array:
        return u"a list"_s;
    case JsonType::Object:
        return u"an object"_s;
    }
    return {};
}

std::optional<qint64> timeOf(const JsonText &json, JsonText::Node node)
{
    // As a text it is wrong, but what is meant is plain.
    if (!json.isNumber(node) && !json.isString(node))
        return {};
    const QByteArray text =
        json.isNumber(node) ? json.raw(node).toByteArray() : json.string(node).toUtf8();
    double number = 0;
    const auto [rest, problem] = std::from_chars(text.cbegin(), text.cend(), number);
    if (problem != std::errc() || rest != text.cend() || !std::isfinite(number)
        || std::abs(number) > double(LastTime))
        return {};
    return qint64(std::floor(number));
}

/// "expires in 58 min (2026-11-27 18:02:11 UTC)".
QString timeMeaning(const QString &name, const QString &word, qint64 time, qint64 now)
{
    const bool past = time <= now;
    QString verb = word;
    if (name == "exp"_L1)
        verb = past ? u"expired"_s : u"expires"_s;
    else if (name == "nbf"_L1)
        verb = past ? u"valid since"_s : u"not valid yet: begins"_s;
    const QString when = QDateTime::fromSecsSinceEpoch(time, QTimeZone::utc())
                             .toString(u"yyyy-MM-dd hh:mm:ss 'UTC'"_s);
    return u"%1 %2 (%3)"_s.arg(verb, timeInWords(time, now), when);
}

void readTime(const JsonText &json, JsonText::Node node, const KnownClaim &known, qint64 now,
              ClaimView &view)
{
    const std::optional<qint64> time = timeOf(json, node);
    const QString word = QString::fromUtf16(known.meaning);
    if (time) {
        view.meaning = timeMeaning(view.name, word, *time, now);
        // Something that has happened before cannot happen later.
        const bool happened = view.name != "exp"_L1 && view.name != "nbf"_L1;
        view.wrong = happened ? *time > now + Tolerance : (view.name == "exp"_L1) == (*time <= now);
        if (happened && view.wrong)
            view.meaning += u": in the future, so the clocks disagree"_s;
        return;
    }
    view.wrong = true;
    view.meaning = u"no time: a number of seconds since 1970 is expected"_s;
    const double number = json.number(node).value_or(0);
    if (number > double(LastTime) && number < double(LastTime) * 1000)
        view.meaning += u", and this one seems to be of milliseconds"_s;
}

QString meaningOfType(const QString &type)
{
    const QString lower = type.toLower();
    if (lower == "at+jwt"_L1 || lower == "application/at+jwt"_L1)
        return u"an access token (RFC 9068)"_s;
    if (lower == "jwt"_L1)
        return u"a JWT of any kind"_s;
    if (lower == "dpop+jwt"_L1)
        return u"a proof of possession (RFC 9449), which is no token"_s;
    if (lower == "oauth-id-jag+jwt"_L1)
        return u"an identity assertion, to be exchanged for an access token"_s;
    if (lower == "logout+jwt"_L1)
        return u"a logout token of OpenID Connect"_s;
    return {};
}

void readMeaning(const JsonText &json, JsonText::Node node, const KnownClaim &known, bool header,
                 qint64 now, ClaimView &view)
{
    view.meaning = QString::fromUtf16(known.meaning);
    if (known.type == ClaimType::Time)
        readTime(json, node, known, now, view);
    if (!isOfType(json, node, known.type)) {
        view.wrong = true;
        view.meaning += u"; it is %1, where %2 has %3"_s.arg(
            typeInWords(json, node), *known.rule ? QString::fromUtf16(known.rule) : u"its maker"_s,
            typeInWords(known.type));
        return;
    }
    if (!header)
        return;
    if (view.name == "typ"_L1) {
        const QString meaning = meaningOfType(json.string(node));
        if (!meaning.isEmpty())
            view.meaning = meaning;
    }
    if (view.name == "alg"_L1 && json.string(node).compare("none"_L1, Qt::CaseInsensitive) == 0) {
        view.wrong = true;
        view.meaning = u"it is not signed: anybody can have made it"_s;
    }
}

} // namespace

QString shownClaim(const QString &text)
{
    const bool whole = text.size() <= MaxShown;
    return markedText(whole ? text : text.left(MaxShown) + u'…', LineEnds::Mark);
}

QList<ClaimView> viewMembers(const JsonText &json, bool header, qint64 now)
{
    QList<ClaimView> views;
    for (JsonText::Node node = json.firstChild(json.root()); node >= 0;
         node = json.nextSibling(node)) {
        if (views.size() == MaxMembers) {
            views.append({u"…"_s,
                          {},
                          u"%1 more are not shown"_s.arg(json.childCount(json.root()) - MaxMembers),
                          true});
            break;
        }
        ClaimView view;
        view.name = json.key(node);
        view.value = json.isString(node)
            ? shownClaim(json.string(node))
            : shownClaim(QString::fromUtf8(json.compact(node).left(MaxShown + 1)));
        const auto know = [&](const auto &table) {
            for (const KnownClaim &known : table) {
                if (view.name == QStringView(known.name))
                    readMeaning(json, node, known, header, now, view);
            }
        };
        if (header)
            know(HeaderMembers);
        else
            know(Claims);
        if (json.member(json.root(), view.name) != node) {
            view.wrong = true;
            view.meaning = u"stands here again: the last one of that name counts"_s;
        }
        view.name = shownClaim(view.name);
        views.append(view);
    }
    return views;
}

std::optional<qint64> claimTime(const JsonText &json, QStringView name)
{
    const JsonText::Node node = json.member(json.root(), name);
    return node < 0 ? std::nullopt : timeOf(json, node);
}

QByteArray claimsWithoutSecrets(QByteArrayView token)
{
    constexpr qsizetype MostToken = 64 * 1024;
    constexpr qsizetype MostClaim = 1000;
    const std::optional<Jwt> jwt = token.size() <= MostToken ? readJwt(token) : std::nullopt;
    const JsonText claims = jwt ? JsonText::parse(jwt->claims) : JsonText();
    if (!claims.isValid())
        return {};
    QByteArrayList members;
    for (const char16_t *name : {u"iss", u"aud", u"exp", u"nbf", u"iat"}) {
        const JsonText::Node node = claims.member(claims.root(), QStringView(name));
        if (node < 0)
            continue;
        const bool isTime = QStringView(name) != u"iss" && QStringView(name) != u"aud";
        const bool isRight = isTime
            ? claims.isNumber(node)
            : claims.isString(node) || (QStringView(name) == u"aud" && isListOfTexts(claims, node));
        const QByteArray value = isRight ? claims.compact(node) : QByteArray();
        if (!value.isEmpty() && value.size() <= MostClaim)
            members.append(jsonQuoted(QStringView(name)) + ':' + value);
    }
    return members.isEmpty() ? QByteArray() : '{' + members.join(',') + '}';
}

QStringList claimTexts(const JsonText &json, QStringView name)
{
    const JsonText::Node node = json.member(json.root(), name);
    if (json.isString(node))
        return {json.string(node)};
    QStringList texts;
    if (json.isArray(node)) {
        for (const JsonText::Node item : json.children(node)) {
            if (json.isString(item))
                texts.append(json.string(item));
        }
    }
    return texts;
}

} // namespace sightglass
