// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/notice_filter.h"

#include "core/jsonrpc/json_text.h"

#include <QSet>

namespace sightglass {

QStringList notGranted(const QByteArray &asked, const QByteArray &acknowledged)
{
    const JsonText wishes = JsonText::parse(asked);
    const JsonText grants = JsonText::parse(acknowledged);
    const JsonText::Node granted = grants.member(grants.root(), u"notifications");
    QStringList missing;
    if (!grants.isObject(granted))
        return missing;
    for (const JsonText::Node wish :
         wishes.children(wishes.member(wishes.root(), u"notifications"))) {
        const QString name = wishes.key(wish);
        const JsonText::Node grant = grants.member(granted, name);
        if (!wishes.isArray(wish)) {
            if (wishes.boolean(wish) && !grants.boolean(grant))
                missing.append(name);
            continue;
        }
        QSet<QString> uris;
        for (const JsonText::Node uri : grants.children(grant))
            uris.insert(grants.string(uri));
        for (const JsonText::Node uri : wishes.children(wish)) {
            if (const QString text = wishes.string(uri); !uris.contains(text))
                missing.append(text);
        }
    }
    return missing;
}

} // namespace sightglass
