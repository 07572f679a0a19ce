// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/client_offer.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass {

QByteArray clientCapabilities(const ClientOffer &offer, const Revision &revision)
{
    JsonWriter json;
    json.beginObject();
    if (offer.roots) {
        json.key(u"roots").beginObject();
        if (revision.rootsListChanged)
            json.key(u"listChanged").value(true);
        json.endObject();
    }
    if (offer.sampling) {
        json.key(u"sampling").beginObject();
        if (revision.samplingTools)
            json.key(u"tools").raw("{}");
        json.endObject();
    }
    if (offer.elicitation && revision.elicitation) {
        json.key(u"elicitation").beginObject();
        if (revision.elicitationModes)
            json.key(u"form").raw("{}").key(u"url").raw("{}");
        json.endObject();
    }
    if (offer.tasks && revision.extensions) {
        json.key(u"extensions").beginObject();
        json.key(QString::fromLatin1(TasksExtension)).raw("{}").endObject();
    }
    json.endObject();
    return json.text();
}

QByteArray clientInfo()
{
    JsonWriter json;
    json.beginObject().key(u"name").value(u"sightglass");
    json.key(u"version").value(QStringLiteral(SIGHTGLASS_VERSION)).endObject();
    return json.text();
}

} // namespace sightglass
