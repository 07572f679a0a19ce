// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/rpc_text.h"

#include "core/jsonrpc/json_text.h"
#include "core/lab/lab_world.h"

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

QByteArray labRequest(const QByteArray &id, const QByteArray &method, const QByteArray &params)
{
    QByteArray text = R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + '"';
    if (!params.isEmpty())
        text += R"(,"params":)" + params;
    return text + '}';
}

QByteArray labLogMessage(const QByteArray &level, const QByteArray &logger, const QByteArray &data)
{
    return labNotification("notifications/message",
                           R"({"level":")" + level + R"(","logger":")" + logger + R"(","data":)"
                               + data + '}');
}

QByteArray labElicitationComplete(const QString &id)
{
    return labNotification("notifications/elicitation/complete",
                           R"({"elicitationId":)" + jsonQuoted(id) + '}');
}

QByteArray labUnsupported(const LabWorld &world, const QByteArray &id, const QByteArray &asked)
{
    JsonWriter data;
    data.beginObject().key(u"supported").beginArray();
    const QList<QByteArray> &names = world.revisions();
    for (auto name = names.crbegin(); name != names.crend(); ++name)
        data.value(name->constData());
    data.endArray();
    data.key(u"requested").value(QStringView(QString::fromUtf8(asked)));
    data.endObject();
    return labError(id, labUnsupportedRevision,
                    QStringLiteral("The lab does not speak this revision."), data.text());
}

QByteArray labWithMembers(const QByteArray &object, const QByteArray &members)
{
    const qsizetype brace = object.indexOf('{');
    if (brace < 0 || members.isEmpty())
        return object;
    qsizetype next = brace + 1;
    while (next < object.size() && QByteArrayView(" \t\r\n").contains(object[next]))
        ++next;
    const bool empty = next < object.size() && object[next] == '}';
    QByteArray text = object;
    return text.insert(brace + 1, empty ? members : members + ',');
}

} // namespace sightglass
