// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/counted.h"
#include "ui/models/events_model.h"
#include "ui/visible_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

// Members that name what a method is about; a larger one is not read for a few words.
constexpr qsizetype kParamsLimit = 64 * 1024;

QString words(QStringView text)
{
    return visibleText(text.left(200).toString());
}

QString about(const Envelope &envelope)
{
    const QString method = visibleText(QString::fromUtf8(envelope.method));
    if (envelope.params.isEmpty() || envelope.params.size() > kParamsLimit)
        return method;
    const JsonText params = JsonText::parse(envelope.params.toByteArray());
    const JsonText::Node root = params.root();
    if (!params.isObject(root))
        return method;
    if (envelope.method == "notifications/progress") {
        const QByteArrayView done = params.raw(params.member(root, u"progress"));
        const QByteArrayView total = params.raw(params.member(root, u"total"));
        const QString message = params.string(params.member(root, u"message"));
        QString text = method + u"  "_s + words(QString::fromUtf8(done));
        if (!total.isEmpty())
            text += EventsModel::tr(" of %1").arg(words(QString::fromUtf8(total)));
        if (!message.isEmpty())
            text += u"  "_s + words(message);
        return text;
    }
    if (envelope.method == "notifications/message") {
        const JsonText::Node data = params.member(root, u"data");
        const QString said = params.isString(data)
            ? params.string(data)
            : QString::fromUtf8(
                params.raw(data).first(std::min<qsizetype>(200, params.raw(data).size())));
        return method + u"  "_s + words(params.string(params.member(root, u"level"))) + u": "_s
            + words(said);
    }
    for (const char16_t *name : {u"name", u"uri", u"requestId"}) {
        const JsonText::Node node = params.member(root, QStringView(name));
        if (params.isString(node))
            return method + u' ' + words(params.string(node));
        if (node >= 0 && params.isNumber(node))
            return method + u' ' + words(QString::fromUtf8(params.raw(node)));
    }
    return method;
}

} // namespace

QHash<RpcId, QString> askedIn(const QByteArray &body)
{
    QHash<RpcId, QString> asked;
    const EnvelopeBatch batch = scanBody(body);
    for (const Envelope &message : batch.messages) {
        if (message.kind == EnvelopeKind::Request)
            asked.insert(message.id, about(message));
    }
    return asked;
}

QString messageWords(QByteArrayView text, const QHash<RpcId, QString> &asked)
{
    const EnvelopeBatch body = scanBody(text);
    if (body.error || body.messages.isEmpty())
        return {};
    if (body.batch)
        return counted(body.messages.size(), EventsModel::tr("batch of %1 message"),
                       EventsModel::tr("batch of %1 messages"));
    const Envelope &message = body.messages.constFirst();
    const QString id = words(QString::fromUtf8(message.id.raw));
    switch (message.kind) {
    case EnvelopeKind::Request:
        return EventsModel::tr("%1, id %2").arg(about(message), id);
    case EnvelopeKind::Notification:
        return about(message);
    case EnvelopeKind::Result: {
        const QString what = asked.value(message.id);
        return what.isEmpty() ? EventsModel::tr("result, id %1").arg(id)
                              : EventsModel::tr("result of %1, id %2").arg(what, id);
    }
    case EnvelopeKind::Error: {
        const QString what = asked.value(message.id);
        const QString said = words(message.errorMessage);
        return what.isEmpty()
            ? EventsModel::tr("error %1: %2, id %3").arg(message.errorCode).arg(said, id)
            : EventsModel::tr("error %1 for %2: %3, id %4")
                  .arg(QString::number(message.errorCode), what, said, id);
    }
    case EnvelopeKind::Malformed:
        break;
    }
    return {};
}

} // namespace sightglass
