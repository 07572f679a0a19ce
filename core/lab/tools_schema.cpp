// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Schemas and hints: what a tool can say of itself.

#include "core/lab/tool.h"

namespace sightglass {

namespace {

/// Answers with the arguments as they came, spelling and order included.
void echoArguments(LabCall &call)
{
    call.sayText(QStringLiteral("This is what the server received:\n%1")
                     .arg(QString::fromUtf8(JsonText::parse(call.arguments()).indented())));
}

void breakPromise(LabCall &call)
{
    const QString how = call.text(u"how", QStringLiteral("wrong type"));
    if (how == QLatin1String("missing altogether")) {
        call.sayText(QStringLiteral("A result without the structured content that was promised."));
        return;
    }
    const QByteArray structured = how == QLatin1String("missing member")
        ? QByteArray(R"({"bar":1.5})")
        : QByteArray(R"({"bar":"one and a half","clear":"yes","colour":"red"})");
    call.sayStructured(QStringLiteral("Structured content that breaks its schema."), structured);
}

void drain(LabCall &call)
{
    call.sayText(QStringLiteral("Nothing was drained: this tool only says of itself that it is "
                                "dangerous."));
}

void tellRegion(LabCall &call)
{
    call.sayText(QStringLiteral("Region %1 was asked. Arguments:\n%2")
                     .arg(call.text(u"region"),
                          QString::fromUtf8(JsonText::parse(call.arguments()).indented())));
}

constexpr auto zooDefinition = R"json({
  "name": "schema-zoo",
  "title": "A schema with all there is",
  "description": "Its input schema uses references, recursion, oneOf, anyOf, allOf, const, patterns, tuples and conditions. Answers with exactly what it received.",
  "inputSchema": {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
      "pipe": {
        "type": "object", "title": "Pipe",
        "properties": {
          "name": { "type": "string", "pattern": "^[a-z][a-z0-9-]*$", "description": "Small letters, digits, hyphens" },
          "bore": { "type": "number", "exclusiveMinimum": 0, "maximum": 200, "multipleOf": 0.5 },
          "branches": { "type": "array", "items": { "$ref": "#/$defs/pipe" }, "maxItems": 4, "description": "Pipes again: as deep as one likes" }
        },
        "required": ["name"], "additionalProperties": false
      },
      "address": { "type": "object", "properties": { "street": { "type": "string" }, "town": { "type": "string" } }, "required": ["town"] }
    },
    "properties": {
      "network": { "$ref": "#/$defs/pipe" },
      "contact": {
        "title": "Contact", "description": "One of the two",
        "oneOf": [
          { "title": "By mail", "type": "object", "properties": { "kind": { "const": "mail" }, "email": { "type": "string", "format": "email" } }, "required": ["kind", "email"] },
          { "title": "By post", "type": "object", "properties": { "kind": { "const": "post" }, "to": { "$ref": "#/$defs/address" } }, "required": ["kind", "to"] }
        ]
      },
      "amount": { "title": "Amount", "anyOf": [ { "type": "integer", "minimum": 1 }, { "type": "string", "enum": ["some", "all"] }, { "type": "null" } ] },
      "site": { "title": "Site", "allOf": [ { "$ref": "#/$defs/address" }, { "type": "object", "properties": { "gate": { "type": "integer" } } } ] },
      "corner": { "title": "Corner", "description": "Two numbers, then a word, and no more", "type": "array", "prefixItems": [ { "type": "number" }, { "type": "number" }, { "type": "string" } ], "items": false, "minItems": 2 },
      "tags": { "title": "Tags", "type": "array", "items": { "type": "string", "minLength": 1 }, "uniqueItems": true },
      "labels": { "title": "Labels", "description": "Any names, with texts", "type": "object", "additionalProperties": { "type": "string" } },
      "when": { "title": "When", "type": "string", "format": "date-time" },
      "anything": { "title": "Anything", "description": "Whatever JSON can say" },
      "urgent": { "title": "Urgent", "type": "boolean", "default": false },
      "reason": { "title": "Reason", "type": "string", "maxLength": 200 }
    },
    "required": ["network"],
    "if": { "properties": { "urgent": { "const": true } }, "required": ["urgent"] },
    "then": { "required": ["reason"] }
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto draft7Definition = R"json({
  "name": "schema-draft-07",
  "title": "A schema of draft-07",
  "description": "Says which dialect of JSON Schema it is written in, and uses what that one has: definitions, dependencies, items as a list. Answers with exactly what it received.",
  "inputSchema": {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "definitions": { "level": { "type": "integer", "minimum": 0, "maximum": 10 } },
    "properties": {
      "level": { "$ref": "#/definitions/level" },
      "pair": { "type": "array", "items": [ { "type": "string" }, { "type": "number" } ], "additionalItems": false },
      "card": { "type": "string" },
      "billing": { "type": "string" }
    },
    "dependencies": { "card": ["billing"] }
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto promiseDefinition = R"json({
  "name": "broken-promise",
  "title": "Structured content that breaks its schema",
  "description": "Promises an output schema and does not keep to it, on purpose.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "how": { "type": "string", "description": "What is wrong", "enum": ["wrong type", "missing member", "missing altogether"], "default": "wrong type" }
    }
  },
  "outputSchema": {
    "type": "object",
    "properties": {
      "bar": { "type": "number", "description": "The pressure" },
      "clear": { "type": "boolean", "description": "The water is clear" }
    },
    "required": ["bar", "clear"],
    "additionalProperties": false
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": false }
})json";

constexpr auto drainDefinition = R"json({
  "name": "drain-everything",
  "title": "Drain everything",
  "description": "Every hint says that it is dangerous; it does nothing. It has icons: by a URL, which is not to be fetched unasked, and as data.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "title": "Drain everything (really)", "readOnlyHint": false, "destructiveHint": true, "idempotentHint": false, "openWorldHint": true },
  "icons": [
    { "src": "https://icons.example.com/drain.svg", "mimeType": "image/svg+xml", "sizes": ["any"] },
    { "src": "https://icons.example.com/drain-dark.png", "mimeType": "image/png", "sizes": ["48x48"], "theme": "dark" },
    { "src": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "mimeType": "image/png", "sizes": ["1x1"] }
  ]
})json";

constexpr auto regionDefinition = R"json({
  "name": "ask-region",
  "title": "Arguments in headers",
  "description": "Some of its arguments are marked to stand in headers, too (x-mcp-header): text, number and switch, one of them inside a group.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "region": { "type": "string", "description": "Also in Mcp-Param-Region", "default": "north", "x-mcp-header": "Region" },
      "shard": { "type": "integer", "description": "Also in Mcp-Param-Shard", "x-mcp-header": "Shard" },
      "options": {
        "type": "object",
        "properties": { "dryRun": { "type": "boolean", "description": "Also in Mcp-Param-Dry-Run", "x-mcp-header": "Dry-Run" } }
      },
      "question": { "type": "string", "description": "Stands in the body alone" }
    },
    "required": ["region"]
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": false }
})json";

} // namespace

QList<LabTool> labSchemaTools()
{
    return {
        {"schema-zoo", zooDefinition, false, echoArguments},
        {"schema-draft-07", draft7Definition, false, echoArguments},
        {"broken-promise", promiseDefinition, false, breakPromise},
        {"drain-everything", drainDefinition, false, drain},
        {"ask-region", regionDefinition, false, tellRegion},
    };
}

} // namespace sightglass
