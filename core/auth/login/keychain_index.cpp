// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/keychain_index.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

QString entryName(const CredentialKey &key)
{
    JsonWriter parts;
    parts.beginArray().value(key.resource).value(key.issuer).value(key.client).endArray();
    return u"credential "_s + QString::fromUtf8(parts.text());
}

QString indexName(const QString &resource)
{
    return u"index "_s + QString::fromUtf8(jsonQuoted(resource));
}

QByteArray indexText(const QList<CredentialKey> &keys)
{
    JsonWriter index;
    index.beginArray();
    for (const CredentialKey &key : keys)
        index.beginArray().value(key.issuer).value(key.client).endArray();
    index.endArray();
    return index.text();
}

QList<CredentialKey> readIndex(const QByteArray &text, const QString &resource)
{
    QList<CredentialKey> keys;
    const JsonText json = JsonText::parse(text);
    if (!json.isValid() || !json.isArray(json.root()))
        return keys;
    for (const JsonText::Node pair : json.children(json.root())) {
        const JsonText::Node issuer = json.isArray(pair) ? json.at(pair, 0) : -1;
        const JsonText::Node client = json.isArray(pair) ? json.at(pair, 1) : -1;
        if (!json.isString(issuer) || !json.isString(client))
            continue;
        const CredentialKey key{resource, json.string(issuer), json.string(client)};
        if (!keys.contains(key))
            keys.append(key);
    }
    return keys;
}

} // namespace sightglass
