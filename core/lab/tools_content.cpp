// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/tool.h"

#include "core/lab/media.h"
#include "core/lab/resources.h"

#include <algorithm>
#include <array>

namespace sightglass {

namespace {

struct Weather {
    const char *town;
    double temperature;
    qint64 humidity;
    double wind;
    const char *sky;
};

constexpr std::array<Weather, 4> weathers{{
    {"Lisbon", 21.5, 62, 14.8, "sunny"},
    {"Bergen", 8.2, 91, 23.4, "rain"},
    {"Prague", 13.7, 70, 9.1, "partly cloudy"},
    {"Reykjavik", 4.9, 78, 31.0, "showers"},
}};

void weather(LabCall &call)
{
    const QString town = call.text(u"town", QStringLiteral("Lisbon"));
    const auto found = std::find_if(weathers.begin(), weathers.end(), [&](const Weather &known) {
        return town.compare(QLatin1String(known.town), Qt::CaseInsensitive) == 0;
    });
    if (found == weathers.end()) {
        call.sayError(QStringLiteral("There is no weather station in %1. Known are Lisbon, Bergen, "
                                     "Prague and Reykjavik.")
                          .arg(town));
        return;
    }
    JsonWriter report;
    report.beginObject();
    report.key(u"town").value(found->town);
    report.key(u"temperature").value(found->temperature);
    report.key(u"humidity").value(found->humidity);
    report.key(u"wind").beginObject();
    report.key(u"speed").value(found->wind);
    report.key(u"unit").value("km/h");
    report.endObject();
    report.key(u"sky").value(found->sky);
    report.key(u"next").beginArray();
    constexpr std::array<const char *, 3> days{"tomorrow", "in two days", "in three days"};
    for (std::size_t i = 0; i < days.size(); ++i) {
        report.beginObject();
        report.key(u"day").value(days[i]);
        report.key(u"temperature").value(found->temperature + double(i) * 0.5 - 0.5);
        report.endObject();
    }
    report.endArray().endObject();
    call.sayStructured(QString::fromUtf8(report.text()), report.text());
}

void image(LabCall &call)
{
    const QString name = call.text(u"colour", QStringLiteral("blue"));
    const LabColour colour = name == QLatin1String("amber") ? LabColour::Amber
        : name == QLatin1String("green")                    ? LabColour::Green
                                                            : LabColour::Blue;
    const int size = int(call.integer(u"size", 192, 16, 512));
    call.succeed(R"({"content":[)"
                 + labTextBlock(QStringLiteral("A sight glass, %1 by %1 pixels:").arg(size)) + ','
                 + labImageBlock(labSightGlassPng(size, colour)) + "]}");
}

void audio(LabCall &call)
{
    const double frequency = std::clamp(call.number(u"frequency", 523.25), 50.0, 4000.0);
    const double seconds = std::clamp(call.number(u"seconds", 1.5), 0.1, 10.0);
    call.succeed(R"({"content":[)" + labTextBlock(QStringLiteral("A bell of %1 Hz:").arg(frequency))
                 + ',' + labAudioBlock(call.revision(), labBellWav(frequency, seconds)) + "]}");
}

void resourceLink(LabCall &call)
{
    const QString text = QStringLiteral("Two resources that can be read with resources/read:");
    if (!call.revision().resourceLinks) {
        call.sayText(text
                     + QStringLiteral(" %1 and %2")
                           .arg(QLatin1String(labNoteUri), QLatin1String(labPictureUri)));
        return;
    }
    JsonWriter content;
    content.beginArray().raw(labTextBlock(text));
    content.beginObject().key(u"type").value("resource_link");
    content.key(u"uri").value(labNoteUri);
    content.key(u"name").value("welcome");
    content.key(u"title").value("Welcome to the lab");
    content.key(u"description").value("What there is to see here, in a few lines");
    content.key(u"mimeType").value("text/markdown");
    content.endObject();
    content.beginObject().key(u"type").value("resource_link");
    content.key(u"uri").value(labPictureUri);
    content.key(u"name").value("sight-glass.png");
    content.key(u"title").value("A sight glass");
    content.key(u"mimeType").value("image/png");
    content.key(u"annotations").raw(R"({"audience":["user"],"priority":0.8})");
    content.endObject().endArray();
    call.succeed(R"({"content":)" + content.text() + '}');
}

void embeddedResource(LabCall &call)
{
    call.succeed(R"({"content":[)"
                 + labTextBlock(QStringLiteral("A note and a picture, carried along:")) + ','
                 + labEmbeddedBlock(labFixedContents(QLatin1String(labNoteUri))) + ','
                 + labEmbeddedBlock(labFixedContents(QLatin1String(labPictureUri))) + "]}");
}

/// Text that a careless program draws in another order, in another place, or not at all.
void unusualText(LabCall &call)
{
    call.sayText(QStringLiteral("Bidirectional override: invoice-\u202Efdp.exe\u202C\n"
                                "Zero-width characters: pay\u200Bpal and sight\u2060glass\n"
                                "Control characters: bell \u0007, escape \u001B[31mred\u001B[0m, "
                                "delete \u007F\n"
                                "Combining: e\u0301 o\u0308 z\u0351\u036B\u0343\u036A\n"
                                "Beyond the basic plane: \U0001F9EA \U0001D11E \U00020BB7\n"
                                "Right to left: \u05E9\u05DC\u05D5\u05DD, \u0645\u0631\u062D\u0628"
                                "\u0627\n"
                                "Markup, which is only text: <b>bold</b> <img src=x> [link]"
                                "(javascript:alert(1))"));
}

constexpr auto weatherDefinition = R"json({
  "name": "structured-content",
  "title": "Weather report",
  "description": "A weather report as structured content that keeps to an output schema, and as text. The weather is made up.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "town": { "type": "string", "description": "Where the station stands", "enum": ["Lisbon", "Bergen", "Prague", "Reykjavik"], "default": "Lisbon" }
    },
    "required": ["town"]
  },
  "outputSchema": {
    "type": "object",
    "properties": {
      "town": { "type": "string" },
      "temperature": { "type": "number", "description": "In degrees Celsius" },
      "humidity": { "type": "integer", "minimum": 0, "maximum": 100, "description": "In per cent" },
      "wind": {
        "type": "object",
        "properties": { "speed": { "type": "number" }, "unit": { "type": "string" } },
        "required": ["speed", "unit"]
      },
      "sky": { "type": "string" },
      "next": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": { "day": { "type": "string" }, "temperature": { "type": "number" } },
          "required": ["day", "temperature"]
        }
      }
    },
    "required": ["town", "temperature", "humidity", "wind", "sky"]
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": true }
})json";

constexpr auto imageDefinition = R"json({
  "name": "get-image",
  "title": "Picture of a sight glass",
  "description": "Draws a small picture and sends it as PNG.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "colour": { "type": "string", "description": "Of the liquid", "enum": ["blue", "amber", "green"], "default": "blue" },
      "size": { "type": "integer", "description": "Width and height in pixels", "minimum": 16, "maximum": 512, "default": 192 }
    }
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto audioDefinition = R"json({
  "name": "get-audio",
  "title": "Sound of a bell",
  "description": "Makes the sound of a bell and sends it as WAV.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "frequency": { "type": "number", "description": "In hertz", "minimum": 50, "maximum": 4000, "default": 523.25 },
      "seconds": { "type": "number", "description": "How long it sounds", "minimum": 0.1, "maximum": 10, "default": 1.5 }
    }
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto linkDefinition = R"json({
  "name": "resource-link",
  "title": "Links to resources",
  "description": "Answers with links to two resources of this server.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto embeddedDefinition = R"json({
  "name": "embedded-resource",
  "title": "Embedded resources",
  "description": "Answers with a note (text) and a picture (binary) inside the result.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto unusualDefinition = R"json({
  "name": "unusual-text",
  "title": "Unusual characters \u202Etxet esreveR\u202C",
  "description": "Title, description and result have characters that must not be drawn as they are: a bidirectional override (\u202Eexe.tnemucod\u202C), zero-width\u200B spaces, an escape \u001B[1m sequence, and <b>markup</b>. Shown safely, each is a visible mark.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": true, "openWorldHint": false }
})json";

} // namespace

QList<LabTool> labContentTools()
{
    return {
        {"structured-content", weatherDefinition, false, weather},
        {"get-image", imageDefinition, false, image},
        {"get-audio", audioDefinition, false, audio},
        {"resource-link", linkDefinition, false, resourceLink},
        {"embedded-resource", embeddedDefinition, false, embeddedResource},
        {"unusual-text", unusualDefinition, false, unusualText},
    };
}

} // namespace sightglass
