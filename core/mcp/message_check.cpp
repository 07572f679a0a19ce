// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/message_check.h"

#include "core/jsonrpc/json_edit.h"

#include <QResource>

// A resource in a static library is not linked in by itself. Not in a namespace, by Qt's rule.
static void linkMessageSchemas()
{
    Q_INIT_RESOURCE(message_schemas);
}

namespace sightglass {

using namespace Qt::StringLiterals;

MessageCheck::MessageCheck(const QByteArray &revision)
    : m_revision(revision)
{
    linkMessageSchemas();
    const QResource file(u":/mcp/schema/%1.json"_s.arg(QString::fromLatin1(revision)));
    if (!file.isValid())
        return;
    m_schema = JsonText::parse(file.uncompressedData());
    for (const QStringView name : {u"$defs", u"definitions"}) {
        if (const JsonText::Node all = m_schema.member(m_schema.root(), name); all >= 0)
            m_definitions = all;
    }
    for (const JsonText::Node one : m_schema.children(m_definitions)) {
        const QString type = m_schema.key(one);
        // Groups are not a message: "ClientNotification" may be just one of them.
        if (type == u"ClientNotification"_s || type == u"ClientRequest"_s)
            continue;
        const JsonText::Node method =
            m_schema.member(m_schema.member(one, u"properties"), u"method");
        const QString constant = m_schema.string(m_schema.member(method, u"const"));
        if (!constant.isEmpty())
            m_methods.insert(constant.toUtf8(), type);
    }
}

bool MessageCheck::has(const QString &type) const
{
    return m_schema.member(m_definitions, type) >= 0;
}

QString MessageCheck::definitionOf(const QByteArray &method, QStringView kind) const
{
    const QString type = m_methods.value(method);
    return type.endsWith(kind) ? type : QString();
}

QByteArray MessageCheck::definition(const QString &name) const
{
    return m_schema.raw(m_schema.member(m_definitions, name)).toByteArray();
}

std::optional<QByteArray> MessageCheck::paramsOf(const QByteArray &method) const
{
    const auto type = m_methods.constFind(method);
    if (type == m_methods.constEnd())
        return {};
    const JsonText::Node message = m_schema.member(m_definitions, *type);
    const JsonText::Node params =
        m_schema.member(m_schema.member(message, u"properties"), u"params");
    const QString named =
        m_schema.string(m_schema.member(params, u"$ref")).section(QLatin1Char('/'), -1);
    const QByteArray text =
        named.isEmpty() ? m_schema.raw(params).toByteArray() : definition(named);
    return text.isEmpty() ? "{}"_ba : text;
}

QList<MessageCheck::Fault> MessageCheck::check(QByteArrayView message, const QByteArray &answered)
{
    QList<Fault> faults;
    if (m_definitions < 0 || message.size() > MostBytes)
        return faults;
    const JsonText json = JsonText::parse(message.toByteArray());
    const JsonText::Node root = json.root();
    if (!json.isObject(root))
        return faults;
    const JsonText::Node method = json.member(root, u"method");
    const JsonText::Node error = json.member(root, u"error");
    if (method >= 0) {
        const bool asks = json.member(root, u"id") >= 0;
        const QStringView kind = asks ? u"Request" : u"Notification";
        const QString type = definitionOf(json.string(method).toUtf8(), kind);
        judge(u"JSONRPC"_s + kind.toString(), json, root, &faults);
        if (faults.isEmpty() && !type.isEmpty())
            judge(type, json, root, &faults);
    } else if (error >= 0) {
        judge(has(u"JSONRPCError"_s) ? u"JSONRPCError"_s : u"JSONRPCErrorResponse"_s, json, root,
              &faults);
    } else {
        const JsonText::Node result = json.member(root, u"result");
        const QString request = definitionOf(answered, u"Request");
        QString type = request.isEmpty() ? QString() : request.chopped(7) + u"Result"_s;
        // Where the schema pairs a request with its response, a result says itself what it is.
        if (!type.isEmpty() && has(type + u"Response"_s) && json.isObject(result)) {
            judgeNamed(type, json, result, &faults);
            return faults;
        }
        judge(has(u"JSONRPCResultResponse"_s) ? u"JSONRPCResultResponse"_s : u"JSONRPCResponse"_s,
              json, root, &faults);
        // A call that was asked for as a task is answered by the task.
        if (json.isObject(json.member(result, u"task")) && has(u"CreateTaskResult"_s))
            type = u"CreateTaskResult"_s;
        else if (!type.isEmpty() && !has(type))
            type = u"EmptyResult"_s;
        if (faults.isEmpty() && !type.isEmpty())
            judge(type, json, result, &faults);
    }
    return faults;
}

void MessageCheck::judgeNamed(const QString &complete, const JsonText &message,
                              JsonText::Node result, QList<Fault> *faults)
{
    judge(u"JSONRPCResultResponse"_s, message, message.root(), faults);
    // Of the result all is said below, by the name that fits it better.
    faults->removeIf([](const Fault &fault) { return fault.problem.place.startsWith("/result"); });
    const JsonText::Node named = message.member(result, u"resultType");
    const QString kind = message.string(named);
    if (named < 0 || kind == u"complete"_s)
        judge(complete, message, result, faults);
    else if (kind == u"input_required"_s)
        judge(u"InputRequiredResult"_s, message, result, faults);
    else
        judge(u"Result"_s, message, result, faults); // of an extension, perhaps
}

void MessageCheck::judge(const QString &type, const JsonText &message, JsonText::Node node,
                         QList<Fault> *faults)
{
    auto known = m_validators.find(type);
    if (known == m_validators.end()) {
        std::optional<SchemaValidator> made;
        const JsonText::Node place = m_schema.member(m_definitions, type);
        if (place >= 0) {
            if (Expected<SchemaValidator> validator = SchemaValidator::compileAt(
                    m_schema.text(), m_schema.pointer(place), SchemaValidator::Options()))
                made = *validator;
        }
        known = m_validators.insert(type, made);
    }
    if (!*known)
        return;
    const bool whole = node == message.root();
    QList<SchemaProblem> problems =
        whole ? (*known)->validate(message) : (*known)->validate(message.raw(node));
    for (SchemaProblem &problem : problems) {
        if (!whole)
            problem.place.prepend(message.pointer(node));
        faults->append({type, problem});
    }
}

} // namespace sightglass
