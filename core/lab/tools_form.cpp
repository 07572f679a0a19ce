// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/tool.h"

namespace sightglass {

namespace {

void echo(LabCall &call)
{
    call.sayText(call.text(u"message"));
}

void add(LabCall &call)
{
    const double a = call.number(u"a", 0);
    const double b = call.number(u"b", 0);
    JsonWriter sum;
    sum.value(a + b);
    call.sayText(QStringLiteral("%1 + %2 = %3")
                     .arg(QString::fromUtf8(call.params().raw(call.argument(u"a"))),
                          QString::fromUtf8(call.params().raw(call.argument(u"b"))),
                          QString::fromUtf8(sum.text())));
}

/// Answers with the arguments as they came, spelling and order included.
void showForm(LabCall &call)
{
    const qint64 travellers = call.integer(u"travellers", 2, 1, 9);
    const QString text = QStringLiteral("A trip to %1 for %2 is noted.\nThis is what the server "
                                        "received:\n%3")
                             .arg(call.text(u"destination"), QString::number(travellers),
                                  QString::fromUtf8(JsonText::parse(call.arguments()).indented()));
    call.sayText(text);
}

constexpr auto echoDefinition = R"json({
  "name": "echo",
  "title": "Echo",
  "description": "Answers with the text that it was given.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "message": { "type": "string", "description": "What to say back", "default": "Hello from the lab" }
    },
    "required": ["message"]
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto addDefinition = R"json({
  "name": "add",
  "title": "Add two numbers",
  "description": "Adds two numbers and answers with the sum.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "a": { "type": "number", "description": "The first number" },
      "b": { "type": "number", "description": "The second number" }
    },
    "required": ["a", "b"]
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto formDefinition = R"json({
  "name": "form-showcase",
  "title": "Plan a trip (all kinds of fields)",
  "description": "Shows every kind of field that a form can have: text, whole and decimal numbers with bounds, a switch, a choice with titles, a list, a group of fields, defaults and required fields. Answers with exactly what it received.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "destination": { "type": "string", "title": "Destination", "description": "Town or region", "minLength": 2, "maxLength": 60 },
      "travellers": { "type": "integer", "title": "Travellers", "description": "How many people travel, 1 to 9", "minimum": 1, "maximum": 9, "default": 2 },
      "budget": { "type": "number", "title": "Budget", "description": "In euros for each person", "minimum": 0, "default": 450.5 },
      "flexible": { "type": "boolean", "title": "Dates are flexible", "description": "Up to three days earlier or later", "default": true },
      "season": {
        "type": "string", "title": "Season", "description": "When to go",
        "oneOf": [
          { "const": "spring", "title": "Spring, when the orchards bloom" },
          { "const": "summer", "title": "Summer, for the lakes" },
          { "const": "autumn", "title": "Autumn, when the vineyards turn" },
          { "const": "winter", "title": "Winter, for the snow" }
        ],
        "default": "autumn"
      },
      "transport": { "type": "string", "title": "Transport", "description": "How to get there", "enum": ["train", "ferry", "bicycle"], "default": "train" },
      "interests": {
        "type": "array", "title": "Interests", "description": "As many as you like",
        "items": { "type": "string" }, "maxItems": 8, "default": ["museums", "hiking"]
      },
      "lodging": {
        "type": "object", "title": "Lodging", "description": "Where to sleep",
        "properties": {
          "kind": { "type": "string", "title": "Kind", "enum": ["hotel", "guest house", "tent"], "default": "guest house" },
          "nights": { "type": "integer", "title": "Nights", "minimum": 1, "maximum": 30, "default": 3 },
          "breakfast": { "type": "boolean", "title": "With breakfast", "default": true }
        },
        "required": ["kind"]
      }
    },
    "required": ["destination", "travellers"]
  },
  "annotations": { "readOnlyHint": false, "destructiveHint": false, "idempotentHint": false, "openWorldHint": false }
})json";

} // namespace

QList<LabTool> labFormTools()
{
    return {
        {"echo", echoDefinition, false, echo},
        {"add", addDefinition, false, add},
        {"form-showcase", formDefinition, false, showForm},
    };
}

} // namespace sightglass
