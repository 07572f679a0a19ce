// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/samples.h"

#include "core/jsonrpc/json_edit.h"
#include "core/mcp/elicitation.h"

namespace sightglass::conformance {

using namespace Qt::StringLiterals;

namespace {

QByteArray sampleValue(const JsonText &schema, JsonText::Node property)
{
    const JsonText::Node proposed = schema.member(property, u"default");
    if (proposed >= 0)
        return schema.raw(proposed).toByteArray();
    const JsonText::Node choices = schema.member(property, u"enum");
    if (schema.childCount(choices) > 0)
        return schema.raw(schema.firstChild(choices)).toByteArray();
    const QString type = schema.string(schema.member(property, u"type"));
    if (type == "number"_L1 || type == "integer"_L1)
        return "5"_ba;
    if (type == "boolean"_L1)
        return "true"_ba;
    if (type == "array"_L1)
        return "[]"_ba;
    if (type == "object"_L1)
        return "{}"_ba;
    return "\"sightglass\""_ba;
}

} // namespace

QByteArray sampleObject(const QByteArray &schemaText)
{
    const JsonText schema = JsonText::parse(schemaText);
    JsonWriter json;
    json.beginObject();
    for (const JsonText::Node property :
         schema.children(schema.member(schema.root(), u"properties")))
        json.key(schema.key(property)).raw(sampleValue(schema, property));
    json.endObject();
    return json.text();
}

QByteArray acceptedForm(const QByteArray &params)
{
    const JsonText json = JsonText::parse(params);
    if (json.string(json.member(json.root(), u"mode")) == "url"_L1)
        return R"({"action":"accept"})";
    const QByteArray schema = json.raw(json.member(json.root(), u"requestedSchema")).toByteArray();
    QByteArray content = elicitationDefaults(params);
    const JsonText proposed = JsonText::parse(content);
    const JsonText samples = JsonText::parse(sampleObject(schema));
    for (const JsonText::Node sample : samples.children(samples.root())) {
        const QString name = samples.key(sample);
        if (proposed.member(proposed.root(), name) < 0)
            content =
                jsonWithMember(content, jsonPointer({}, name), samples.raw(sample).toByteArray())
                    .text;
    }
    return R"({"action":"accept","content":)" + content + '}';
}

} // namespace sightglass::conformance
