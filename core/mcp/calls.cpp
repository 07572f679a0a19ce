// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/calls.h"

namespace sightglass {

using namespace Qt::StringLiterals;

RpcCall pingCall()
{
    return {"ping", {}};
}

RpcCall readResourceCall(const QString &uri)
{
    JsonWriter params;
    params.beginObject().key(u"uri").value(uri).endObject();
    return {"resources/read", params.text()};
}

RpcCall getPromptCall(const QString &name, const QByteArray &arguments)
{
    JsonWriter params;
    params.beginObject().key(u"name").value(name);
    if (!arguments.isEmpty())
        params.key(u"arguments").raw(arguments);
    params.endObject();
    return {"prompts/get", params.text()};
}

RpcCall completeCall(const CompletionFor &wanted)
{
    JsonWriter params;
    params.beginObject().key(u"ref").beginObject();
    if (!wanted.uriTemplate.isEmpty())
        params.key(u"type").value(u"ref/resource").key(u"uri").value(wanted.uriTemplate);
    else
        params.key(u"type").value(u"ref/prompt").key(u"name").value(wanted.prompt);
    params.endObject();
    params.key(u"argument").beginObject();
    params.key(u"name").value(wanted.argument).key(u"value").value(wanted.value).endObject();
    if (!wanted.known.isEmpty())
        params.key(u"context").beginObject().key(u"arguments").raw(wanted.known).endObject();
    params.endObject();
    return {"completion/complete", params.text()};
}

Completion readCompletion(const QByteArray &result)
{
    constexpr qsizetype Most = 100; // the specification's own limit
    Completion completion;
    const JsonText json = JsonText::parse(result);
    const JsonText::Node of = json.member(json.root(), u"completion");
    const JsonText::Node values = json.member(of, u"values");
    if (!json.isArray(values)) {
        completion.problem = u"The result has no completion with an array of values."_s;
        return completion;
    }
    for (JsonText::Node value = json.firstChild(values);
         value >= 0 && completion.values.size() < Most; value = json.nextSibling(value)) {
        if (json.isString(value))
            completion.values.append(json.string(value));
    }
    bool whole = false;
    const qint64 total = json.raw(json.member(of, u"total")).toByteArray().toLongLong(&whole);
    if (whole)
        completion.total = total;
    completion.hasMore = json.boolean(json.member(of, u"hasMore"));
    return completion;
}

QString callTitle(const RpcCall &call)
{
    const QString method = QString::fromUtf8(call.method);
    if (call.params.isEmpty())
        return method;
    constexpr qsizetype Most = 200;
    const JsonText params = JsonText::parse(call.params);
    for (const char *about : {"/name", "/uri", "/taskId", "/level", "/ref/name", "/ref/uri"}) {
        const JsonText::Node node = params.find(about);
        if (params.isString(node))
            return method + u' ' + params.string(node).left(Most);
    }
    return method;
}

} // namespace sightglass
