// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/elicitation.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass {

QByteArray elicitationDefaults(const QByteArray &params)
{
    const JsonText json = JsonText::parse(params);
    const JsonText::Node properties = json.find("/requestedSchema/properties");
    JsonWriter content;
    content.beginObject();
    if (json.isObject(properties)) {
        for (JsonText::Node property = json.firstChild(properties); property >= 0;
             property = json.nextSibling(property)) {
            const JsonText::Node proposed = json.member(property, u"default");
            if (proposed >= 0)
                content.key(json.key(property)).raw(json.raw(proposed));
        }
    }
    content.endObject();
    return content.text();
}

QList<WantedAddress> wantedAddresses(const QByteArray &error)
{
    constexpr qint64 UrlElicitationRequired = -32042;
    constexpr qsizetype Most = 10;
    QList<WantedAddress> addresses;
    const JsonText json = JsonText::parse(error);
    if (json.integer(json.find("/code")) != UrlElicitationRequired)
        return addresses;
    for (const JsonText::Node one : json.children(json.find("/data/elicitations"))) {
        const QString url = json.string(json.member(one, u"url"));
        if (!url.isEmpty() && addresses.size() < Most)
            addresses.append({url, json.string(json.member(one, u"message"))});
    }
    return addresses;
}

} // namespace sightglass
