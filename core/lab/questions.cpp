// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/questions.h"

namespace sightglass {

namespace {

constexpr auto plainFields = R"json(
    "name": { "type": "string", "title": "Name", "description": "How you want to be called", "minLength": 1, "maxLength": 40 },
    "email": { "type": "string", "title": "E-mail", "description": "Somewhere to write to", "format": "email" },
    "website": { "type": "string", "title": "Website", "description": "With its scheme", "format": "uri" },
    "birthday": { "type": "string", "title": "Birthday", "description": "A day", "format": "date" },
    "meeting": { "type": "string", "title": "Meeting", "description": "A day and a time", "format": "date-time" },
    "glasses": { "type": "integer", "title": "Glasses", "description": "How many, 0 to 12", "minimum": 0, "maximum": 12 },
    "temperature": { "type": "number", "title": "Temperature", "description": "In degrees Celsius", "minimum": -10, "maximum": 100 },
    "sparkling": { "type": "boolean", "title": "Sparkling", "description": "With bubbles", "default": true },
    "size": { "type": "string", "title": "Size", "description": "A choice", "enum": ["small", "medium", "large"] },
    "source": { "type": "string", "title": "Source", "description": "A choice with names of its own", "enum": ["tap", "spring", "rain"], "enumNames": ["From the tap", "From a spring", "From the sky"] })json";

constexpr auto newerFields = R"json(,
    "greeting": { "type": "string", "title": "Greeting", "description": "Filled in already", "default": "Good morning" },
    "mood": { "type": "string", "title": "Mood", "description": "A choice with titles", "oneOf": [ { "const": "calm", "title": "Calm water" }, { "const": "wild", "title": "Wild water" } ], "default": "calm" },
    "extras": { "type": "array", "title": "Extras", "description": "As many as you like", "items": { "type": "string", "enum": ["ice", "lemon", "mint"] }, "maxItems": 2, "default": ["lemon"] },
    "days": { "type": "array", "title": "Days", "description": "At least one, with titles", "items": { "anyOf": [ { "const": "mon", "title": "Monday" }, { "const": "tue", "title": "Tuesday" }, { "const": "wed", "title": "Wednesday" } ] }, "minItems": 1 })json";

constexpr auto samplingTools =
    R"json([{"name":"measure","description":"Measures the pressure in a pipe.","inputSchema":{"type":"object","properties":{"pipe":{"type":"string"}},"required":["pipe"]}}])json";

QByteArray elicitation(const QString &message, const QByteArray &schema)
{
    JsonWriter params;
    params.beginObject().key(u"message").value(QStringView(message));
    params.key(u"requestedSchema").raw(JsonText::parse(schema).compact());
    params.endObject();
    return params.text();
}

/// A message of the user's.
QByteArray asked(const QString &text)
{
    return R"({"role":"user","content":{"type":"text","text":)" + jsonQuoted(text) + "}}";
}

/// Parameters of sampling/createMessage; `messages` are joined by commas.
QByteArray sampling(const QByteArray &messages, qint64 mostTokens, bool withTools)
{
    JsonWriter params;
    params.beginObject().key(u"messages").raw('[' + messages + ']');
    params.key(u"systemPrompt").value("You are a plumber with a sense of humour.");
    params.key(u"modelPreferences")
        .raw(R"({"hints":[{"name":"small"}],"costPriority":0.8,"speedPriority":0.5,)"
             R"("intelligencePriority":0.2})");
    params.key(u"temperature").value(0.7);
    params.key(u"maxTokens").value(mostTokens);
    params.key(u"stopSequences").raw(R"(["THE END"])");
    if (withTools) {
        params.key(u"tools").raw(samplingTools);
        params.key(u"toolChoice").raw(R"({"mode":"auto"})");
    }
    params.endObject();
    return params.text();
}

} // namespace

LabQuestion labNameQuestion(const QString &key)
{
    return {key, "elicitation/create",
            elicitation(QStringLiteral("What is your name?"),
                        R"({"type":"object","properties":{"name":{"type":"string","title":"Name",)"
                        R"("minLength":1}},"required":["name"]})")};
}

LabQuestion labFormQuestion(const QString &key, const LabRevision &revision)
{
    QByteArray schema = R"({"type":"object","properties":{)" + QByteArray(plainFields);
    if (revision.elicitationModes)
        schema += newerFields;
    schema += R"(},"required":["name","glasses"]})";
    LabQuestion question{
        key, "elicitation/create",
        elicitation(QStringLiteral("A glass of water: how would you like it?"), schema)};
    if (revision.elicitationModes)
        question.params.insert(1, R"("mode":"form",)");
    return question;
}

LabQuestion labUrlQuestion(const QString &key, const LabRevision &revision, const QString &id,
                           const QString &url)
{
    JsonWriter params;
    params.beginObject().key(u"mode").value("url");
    params.key(u"message")
        .value("Please confirm on a page of the lab. Nothing but your consent is asked for there.");
    params.key(u"url").value(QStringView(url));
    if (revision.elicitationIds)
        params.key(u"elicitationId").value(QStringView(id));
    params.endObject();
    return {key, "elicitation/create", params.text()};
}

LabQuestion labSamplingQuestion(const QString &key, const QString &text, qint64 mostTokens,
                                bool withTools)
{
    return {key, "sampling/createMessage", sampling(asked(text), mostTokens, withTools)};
}

LabQuestion labToolResultQuestion(const QString &key, const QString &text, qint64 mostTokens,
                                  const LabHeard &heard)
{
    const JsonText json = JsonText::parse(heard.result);
    const JsonText::Node content = json.find("/content");
    const QList<JsonText::Node> blocks =
        json.isArray(content) ? json.children(content) : QList<JsonText::Node>{content};
    JsonWriter results;
    results.beginArray();
    bool any = false;
    for (const JsonText::Node block : blocks) {
        if (json.string(json.member(block, u"type")) != QLatin1String("tool_use"))
            continue;
        any = true;
        results.beginObject().key(u"type").value("tool_result");
        results.key(u"toolUseId").value(QStringView(json.string(json.member(block, u"id"))));
        results.key(u"content").raw(R"([{"type":"text","text":"1.50 bar"}])").endObject();
    }
    results.endArray();
    if (!any)
        return {};
    const QByteArray messages = asked(text) + R"(,{"role":"assistant","content":)"
        + json.raw(content).toByteArray() + R"(},{"role":"user","content":)" + results.text() + '}';
    return {key, "sampling/createMessage", sampling(messages, mostTokens, true)};
}

LabQuestion labRootsQuestion(const QString &key)
{
    return {key, "roots/list", {}};
}

LabAnswerToForm::LabAnswerToForm(const LabHeard &heard)
    : m_json(JsonText::parse(heard.result))
{
    const QString action = m_json.string(m_json.find("/action"));
    if (heard.result.isEmpty())
        m_problem = heard.problem;
    else if (action == QLatin1String("decline"))
        m_problem = QStringLiteral("It was declined.");
    else if (action == QLatin1String("cancel"))
        m_problem = QStringLiteral("It was closed without an answer.");
    else if (action != QLatin1String("accept"))
        m_problem = QStringLiteral("The answer has no action accept, decline or cancel.");
}

QString LabAnswerToForm::text(QStringView field) const
{
    const JsonText::Node node = m_json.member(m_json.find("/content"), field);
    return m_json.isString(node) ? m_json.string(node) : QString();
}

QString LabAnswerToForm::indented() const
{
    const JsonText::Node content = m_json.find("/content");
    return content < 0 ? QStringLiteral("{}") : QString::fromUtf8(m_json.indented(content));
}

QString labSampledText(const LabHeard &heard)
{
    if (heard.result.isEmpty())
        return heard.problem;
    const JsonText json = JsonText::parse(heard.result);
    JsonText::Node content = json.find("/content");
    if (json.isArray(content))
        content = json.firstChild(content);
    const QString type = json.string(json.member(content, u"type"));
    const QString model = json.string(json.find("/model"));
    if (type == QLatin1String("text"))
        return QStringLiteral("%1 said: %2").arg(model, json.string(json.member(content, u"text")));
    return QStringLiteral("%1 answered with content of type %2:\n%3")
        .arg(model, type.isEmpty() ? QStringLiteral("(none)") : type,
             QString::fromUtf8(json.indented()));
}

} // namespace sightglass
