// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/era.h"

namespace sightglass {

QByteArray rpcMessage(QByteArrayView id, const RpcCall &call)
{
    JsonWriter json;
    json.beginObject().key(u"jsonrpc").value(u"2.0");
    if (!id.isEmpty())
        json.key(u"id").raw(id);
    json.key(u"method").value(QString::fromUtf8(call.method));
    if (!call.params.isEmpty())
        json.key(u"params").raw(call.params);
    json.endObject();
    return json.text();
}

QByteArray rpcResult(QByteArrayView id, QByteArrayView result)
{
    JsonWriter json;
    json.beginObject()
        .key(u"jsonrpc")
        .value(u"2.0")
        .key(u"id")
        .raw(id)
        .key(u"result")
        .raw(result)
        .endObject();
    return json.text();
}

QByteArray rpcError(QByteArrayView id, qint64 code, QStringView message)
{
    JsonWriter json;
    json.beginObject().key(u"jsonrpc").value(u"2.0").key(u"id").raw(id);
    json.key(u"error")
        .beginObject()
        .key(u"code")
        .value(code)
        .key(u"message")
        .value(message)
        .endObject();
    json.endObject();
    return json.text();
}

} // namespace sightglass
