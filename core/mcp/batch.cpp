// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/batch.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

Failure noBatch(const QString &why)
{
    return Failure{
        FailureKind::Usage,
        u"bad-batch"_s,
        u"This is no batch that can be sent: %1."_s.arg(why),
        u"Give an array such as [{\"method\": \"ping\"}, {\"method\": \"tools/list\", \"params\": {}}]."_s,
        0,
        {}};
}

} // namespace

bool isNotification(const RpcCall &call)
{
    return call.method.startsWith("notifications/");
}

Expected<QList<RpcCall>> readBatch(const QByteArray &text)
{
    const JsonText json = JsonText::parse(text);
    if (json.error()) {
        QString why = json.error()->sentence;
        if (why.endsWith(u'.'))
            why.chop(1);
        return noBatch(u"%1 (at byte %2)"_s.arg(why, QString::number(json.error()->offset)));
    }
    if (!json.isArray(json.root()))
        return noBatch(u"it is no array"_s);
    QList<RpcCall> calls;
    for (const JsonText::Node message : json.children(json.root())) {
        const QString number = QString::number(calls.size() + 1);
        const JsonText::Node method = json.member(message, u"method");
        if (!json.isObject(message) || !json.isString(method))
            return noBatch(u"message %1 is no object with a method"_s.arg(number));
        const RpcCall call{json.string(method).toUtf8(),
                           json.raw(json.member(message, u"params")).toByteArray()};
        if (call.method == "initialize")
            return noBatch(u"initialize (message %1) must not be part of one"_s.arg(number));
        calls.append(call);
    }
    if (calls.isEmpty())
        return noBatch(u"it is empty"_s);
    return calls;
}

QByteArray batchText(const QByteArrayList &messages)
{
    return '[' + messages.join(',') + ']';
}

} // namespace sightglass
