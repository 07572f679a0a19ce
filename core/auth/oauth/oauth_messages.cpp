// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/oauth_messages.h"

#include "core/auth/oauth/oauth_metadata.h"
#include "core/http/header_list.h"
#include "core/jsonrpc/json_text.h"

#include <QCryptographicHash>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr struct {
    ClientAuthentication method;
    const char *name;
} authenticationNames[] = {
    {ClientAuthentication::None, "none"},
    {ClientAuthentication::Basic, "client_secret_basic"},
    {ClientAuthentication::Post, "client_secret_post"},
    {ClientAuthentication::PrivateKeyJwt, "private_key_jwt"},
};

/// A number, or a text that is one, which some servers send.
std::optional<qint64> secondsOf(const JsonText &json, JsonText::Node node)
{
    // Beyond that nothing can be reckoned with, in milliseconds least of all.
    constexpr qint64 MostSeconds = 1'000'000'000'000'000;
    if (const std::optional<double> number = json.number(node))
        return std::abs(*number) < double(MostSeconds) ? std::optional(qint64(*number))
                                                       : std::nullopt;
    bool fits = false;
    const qint64 seconds = json.string(node).trimmed().toLongLong(&fits);
    fits = fits && seconds > -MostSeconds && seconds < MostSeconds;
    return fits ? std::optional(seconds) : std::nullopt;
}

QString shownRaw(const JsonText &json, JsonText::Node node)
{
    return QString::fromUtf8(json.raw(node).first(std::min<qsizetype>(40, json.raw(node).size())));
}

/// A JSON object; else `problem` says what came.
JsonText objectOf(const QByteArray &mediaType, const QByteArray &body, QString *problem,
                  bool *isPage)
{
    if (body.size() > MostMetadataBytes) {
        *problem = u"more than 1 MiB"_s;
        return {};
    }
    const JsonText json = JsonText::parse(body);
    if (json.isValid() && json.isObject(json.root()))
        return json;
    if (body.isEmpty())
        *problem = u"nothing"_s;
    else if (json.isValid())
        *problem = u"JSON that is no object"_s;
    else if (mediaType == "text/html" || body.trimmed().startsWith('<'))
        *problem = u"a web page"_s;
    else
        *problem = u"no JSON"_s;
    if (isPage)
        *isPage = !json.isValid() && !body.isEmpty();
    return {};
}

} // namespace

QByteArray clientAuthenticationName(ClientAuthentication method)
{
    for (const auto &row : authenticationNames) {
        if (row.method == method)
            return row.name;
    }
    return {};
}

std::optional<ClientAuthentication> clientAuthenticationFromName(QStringView name)
{
    for (const auto &row : authenticationNames) {
        if (name == QLatin1StringView(row.name))
            return row.method;
    }
    return {};
}

QByteArray formEncoded(const FormFields &fields)
{
    QByteArray text;
    for (const auto &[name, value] : fields) {
        if (!text.isEmpty())
            text += '&';
        text += name + '=' + value.toUtf8().toPercentEncoding("*", "~");
    }
    return text;
}

QList<std::pair<QString, QString>> formDecoded(QByteArrayView text)
{
    const auto decoded = [](QByteArray part) {
        return utf8Text(QByteArray::fromPercentEncoding(part.replace('+', ' ')));
    };
    QList<std::pair<QString, QString>> fields;
    const QList<QByteArray> pairs = text.toByteArray().split('&');
    for (const QByteArray &pair : pairs) {
        if (pair.isEmpty())
            continue;
        const qsizetype equals = pair.indexOf('=');
        fields.append({decoded(equals < 0 ? pair : pair.first(equals)),
                       decoded(equals < 0 ? QByteArray() : pair.mid(equals + 1))});
    }
    return fields;
}

Pkce pkceFrom(QByteArrayView random)
{
    Pkce pkce;
    pkce.verifier = base64Url(random);
    pkce.challenge = base64Url(QCryptographicHash::hash(pkce.verifier, QCryptographicHash::Sha256));
    return pkce;
}

QStringList scopeWords(const QString &scope)
{
    QStringList words = scope.split(u' ', Qt::SkipEmptyParts);
    words.removeDuplicates();
    return words;
}

QString scopeUnion(const QString &a, const QString &b)
{
    return scopeWords(a + u' ' + b).join(u' ');
}

bool scopeHolds(const QString &all, const QString &some)
{
    const QStringList words = scopeWords(all);
    const QStringList wanted = scopeWords(some);
    return std::all_of(wanted.cbegin(), wanted.cend(),
                       [&](const QString &word) { return words.contains(word); });
}

bool sameSecret(QByteArrayView a, QByteArrayView b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= unsigned(quint8(a[i]) ^ quint8(b[i]));
    return difference == 0;
}

OAuthCallback readCallback(const QUrl &url)
{
    OAuthCallback callback;
    QStringList seen;
    for (const auto &[name, value] : formDecoded(url.query(QUrl::FullyEncoded).toUtf8())) {
        if (seen.contains(name)) {
            if (!callback.repeated.contains(name))
                callback.repeated.append(name);
            continue;
        }
        seen.append(name);
        if (name == "code"_L1)
            callback.code = value;
        else if (name == "state"_L1)
            callback.state = value;
        else if (name == "iss"_L1)
            callback.issuer = value;
        else if (name == "error"_L1)
            callback.error = value;
        else if (name == "error_description"_L1)
            callback.errorDescription = value;
    }
    return callback;
}

TokenAnswer readTokenAnswer(int status, const QByteArray &mediaType, const QByteArray &body)
{
    TokenAnswer answer;
    const JsonText json = objectOf(mediaType, body, &answer.problem, &answer.isPage);
    if (!answer.problem.isEmpty())
        return answer;
    const auto node = [&json](QStringView name) { return json.member(json.root(), name); };
    answer.error = json.string(node(u"error"));
    answer.errorDescription = json.string(node(u"error_description"));
    if (!answer.error.isEmpty()) {
        if (status == 200)
            answer.oddities.append(u"An error came with status 200, where 400 or 401 is meant."_s);
        return answer;
    }
    if (status != 200) {
        answer.problem = u"JSON that names no error"_s;
        return answer;
    }
    const JsonText::Node token = node(u"access_token");
    answer.tokens.accessToken = json.string(token).toUtf8();
    if (token < 0)
        answer.problem = u"JSON that has no access_token"_s;
    else if (answer.tokens.accessToken.isEmpty())
        answer.problem = u"JSON whose access_token is no text"_s;
    else if (HeaderList::check("Authorization", answer.tokens.accessToken)
             || answer.tokens.accessToken.contains(' '))
        answer.problem = u"an access_token with characters that cannot stand in a header"_s;
    if (!answer.problem.isEmpty()) {
        answer.tokens = {};
        return answer;
    }

    const JsonText::Node type = node(u"token_type");
    const QString typeName = json.string(type);
    if (typeName.compare("Bearer"_L1, Qt::CaseInsensitive) == 0) {
        answer.tokens.type = "Bearer";
    } else if (typeName.compare("DPoP"_L1, Qt::CaseInsensitive) == 0) {
        answer.tokens.type = "DPoP";
    } else if (typeName.compare("N_A"_L1, Qt::CaseInsensitive) == 0) {
        // RFC 8693, 2.2.1: what was exchanged for is no access token.
        answer.tokens.type = "N_A";
    } else if (type >= 0 && json.isString(type)) {
        // RFC 6749, 7.1: what is not understood must not be used.
        answer.problem =
            u"a token of the type %1, which is neither Bearer nor DPoP"_s.arg(shownRaw(json, type));
        answer.tokens = {};
        return answer;
    } else {
        answer.oddities.append(
            type < 0
                ? u"token_type is missing; the token is taken for a bearer token."_s
                : u"token_type is %1, which is neither Bearer nor DPoP; the token is taken for a bearer token."_s
                      .arg(shownRaw(json, type)));
    }
    answer.issuedType = json.string(node(u"issued_token_type"));
    if (const JsonText::Node refresh = node(u"refresh_token"); refresh >= 0) {
        answer.tokens.refreshToken = json.string(refresh).toUtf8();
        if (!json.isString(refresh))
            answer.oddities.append(u"refresh_token is no text, and left out."_s);
    }
    answer.tokens.idToken = json.string(node(u"id_token")).toUtf8();
    if (const JsonText::Node expires = node(u"expires_in"); expires >= 0) {
        answer.tokens.expiresIn = secondsOf(json, expires);
        if (!answer.tokens.expiresIn)
            answer.oddities.append(
                u"expires_in is %1, which is no number of seconds: when the token expires is not known."_s
                    .arg(shownRaw(json, expires)));
        else if (!json.isNumber(expires))
            answer.oddities.append(u"expires_in is a text, where a number is meant."_s);
        if (answer.tokens.expiresIn && *answer.tokens.expiresIn <= 0) {
            answer.oddities.append(
                u"expires_in is %1: the token would have expired before it came, so when it expires is not known."_s
                    .arg(*answer.tokens.expiresIn));
            answer.tokens.expiresIn.reset();
        }
    }
    if (const JsonText::Node scope = node(u"scope"); scope >= 0) {
        if (json.isString(scope)) {
            answer.scope = json.string(scope);
        } else if (json.isArray(scope)) {
            QStringList words;
            for (const JsonText::Node word : json.children(scope))
                words.append(json.string(word));
            answer.scope = words.join(u' ');
            answer.oddities.append(u"scope is an array, where words in one text are meant."_s);
        } else {
            answer.oddities.append(
                u"scope is %1, which is no text, and left out."_s.arg(shownRaw(json, scope)));
        }
    }
    return answer;
}

RegistrationAnswer readRegistrationAnswer(int status, const QByteArray &mediaType,
                                          const QByteArray &body)
{
    RegistrationAnswer answer;
    const JsonText json = objectOf(mediaType, body, &answer.problem, nullptr);
    if (!answer.problem.isEmpty())
        return answer;
    const auto node = [&json](QStringView name) { return json.member(json.root(), name); };
    answer.error = json.string(node(u"error"));
    answer.errorDescription = json.string(node(u"error_description"));
    if (!answer.error.isEmpty())
        return answer;
    if (status != 200 && status != 201) {
        answer.problem = u"JSON that names no error"_s;
        return answer;
    }
    answer.client.source = ClientIdentity::Source::Registered;
    answer.client.id = json.string(node(u"client_id"));
    answer.client.secret = json.string(node(u"client_secret"));
    if (answer.client.id.isEmpty())
        answer.problem = u"JSON that has no client_id"_s;
    if (const auto method =
            clientAuthenticationFromName(json.string(node(u"token_endpoint_auth_method"))))
        answer.client.authentication = *method;
    else
        answer.client.authentication = ClientAuthentication::Auto;
    const std::optional<qint64> expires = secondsOf(json, node(u"client_secret_expires_at"));
    if (expires && *expires > 0)
        answer.client.secretExpires = expires;
    for (const JsonText::Node uri : json.children(node(u"redirect_uris")))
        answer.redirectUris.append(json.string(uri));
    return answer;
}

QByteArray registrationBody(const RegistrationWish &wish)
{
    JsonWriter json;
    json.beginObject();
    json.key(u"client_name").value("Sightglass");
    json.key(u"redirect_uris").beginArray().value(QStringView(wish.redirectUri)).endArray();
    json.key(u"grant_types").beginArray().value("authorization_code");
    if (wish.refresh)
        json.value("refresh_token");
    json.endArray();
    json.key(u"response_types").beginArray().value("code").endArray();
    json.key(u"token_endpoint_auth_method")
        .value(clientAuthenticationName(wish.authentication).constData());
    json.key(u"application_type").value("native");
    if (!wish.scope.isEmpty())
        json.key(u"scope").value(QStringView(wish.scope));
    if (wish.dpop)
        json.key(u"dpop_bound_access_tokens").value(true);
    json.endObject();
    return json.text();
}

bool isBusyAnswer(int status, const QList<Header> &headers)
{
    return (status == 429 || status == 503) && !headerOf(headers, "Retry-After").isEmpty();
}

QString busyWords(const QString &request, int status, const QList<Header> &headers)
{
    return u"%1 was answered with %2, and Retry-After: %3."_s.arg(
        request, QString::number(status),
        QString::fromUtf8(headerOf(headers, "Retry-After").left(60)));
}

QByteArray headerOf(const QList<Header> &headers, QByteArrayView name)
{
    for (const Header &line : headers) {
        if (sameHeaderName(line.name, name))
            return line.value;
    }
    return {};
}

QByteArray mediaTypeOf(const QList<Header> &headers)
{
    const QByteArray value = headerOf(headers, "Content-Type");
    return value.first(value.indexOf(';') < 0 ? value.size() : value.indexOf(';'))
        .trimmed()
        .toLower();
}

} // namespace sightglass
