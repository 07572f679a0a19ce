// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/rpc_text.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass {

QByteArray labResult(const QByteArray &id, const QByteArray &result)
{
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + result + '}';
}

QByteArray labError(const QByteArray &id, qint64 code, const QString &message,
                    const QByteArray &data)
{
    QByteArray text = R"({"jsonrpc":"2.0",)";
    if (!id.isEmpty())
        text += R"("id":)" + id + ',';
    text +=
        R"("error":{"code":)" + QByteArray::number(code) + R"(,"message":)" + jsonQuoted(message);
    if (!data.isEmpty())
        text += R"(,"data":)" + data;
    return text + "}}";
}

QByteArray labNotification(const QByteArray &method, const QByteArray &params)
{
    QByteArray text = R"({"jsonrpc":"2.0","method":")" + method + '"';
    if (!params.isEmpty())
        text += R"(,"params":)" + params;
    return text + '}';
}

QByteArray labRequest(const QByteArray &id, const QByteArray &method)
{
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"("})";
}

} // namespace sightglass
