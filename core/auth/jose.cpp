// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/jose.h"

#include "core/jsonrpc/json_text.h"

#include <QCryptographicHash>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

bool isBase64UrlCharacter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
        || c == '_';
}

bool isJsonObject(const QByteArray &text)
{
    const JsonText json = JsonText::parse(text);
    return json.isValid() && json.isObject(json.root());
}

} // namespace

QByteArray base64Url(QByteArrayView bytes)
{
    return QByteArray::fromRawData(bytes.data(), bytes.size())
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

std::optional<QByteArray> fromBase64Url(QByteArrayView text)
{
    if (!std::all_of(text.begin(), text.end(), isBase64UrlCharacter))
        return {};
    const auto decoded = QByteArray::fromBase64Encoding(
        QByteArray::fromRawData(text.data(), text.size()),
        QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    // One text for the same bytes: neither a lone character nor bits that no byte holds at the end.
    if (!decoded || base64Url(*decoded) != text)
        return {};
    return *decoded;
}

QByteArray jwkThumbprint(const QByteArray &jwk)
{
    const JsonText json = JsonText::parse(jwk);
    const QString type = json.string(json.member(json.root(), u"kty"));
    QList<const char16_t *> counting; // in lexicographic order
    if (type == "EC"_L1)
        counting = {u"crv", u"kty", u"x", u"y"};
    else if (type == "RSA"_L1)
        counting = {u"e", u"kty", u"n"};
    else if (type == "OKP"_L1)
        counting = {u"crv", u"kty", u"x"};
    else
        return {};
    JsonWriter members;
    members.beginObject();
    for (const char16_t *name : counting) {
        const JsonText::Node node = json.member(json.root(), name);
        if (!json.isString(node))
            return {};
        members.key(name).value(json.string(node));
    }
    members.endObject();
    return base64Url(QCryptographicHash::hash(members.text(), QCryptographicHash::Sha256));
}

QByteArray signJwt(const SigningKey &key, const QByteArray &header, const QByteArray &claims)
{
    const QByteArray signedPart = base64Url(header) + '.' + base64Url(claims);
    return signedPart + '.' + base64Url(key.sign(signedPart));
}

std::optional<Jwt> readJwt(QByteArrayView token)
{
    const qsizetype first = token.indexOf('.');
    const qsizetype second = first < 0 ? -1 : token.indexOf('.', first + 1);
    if (second < 0 || token.indexOf('.', second + 1) >= 0)
        return {};
    const auto header = fromBase64Url(token.first(first));
    const auto claims = fromBase64Url(token.sliced(first + 1, second - first - 1));
    const auto signature = fromBase64Url(token.sliced(second + 1));
    if (!header || !claims || !signature || !isJsonObject(*header) || !isJsonObject(*claims))
        return {};
    return Jwt{*header, *claims, token.first(second).toByteArray(), *signature};
}

} // namespace sightglass
