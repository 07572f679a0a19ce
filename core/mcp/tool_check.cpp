// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/tool_check.h"

#include "core/mcp/tool.h"
#include "core/schema/schema_validator.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostFaults = 10;

/// The words are how sentences begin: "The arguments are", "The arguments break"; and "the tool's
/// input schema".
QStringList faults(const QByteArray &schema, QByteArrayView value, const QString &are,
                   const QString &breaks, const QString &bySchema)
{
    const Expected<SchemaValidator> validator = SchemaValidator::compile(schema);
    if (!validator)
        return {
            u"%1 not checked, as %2 is wrong. %3"_s.arg(are, bySchema, validator.error().sentence)};
    QStringList sentences;
    const QList<SchemaProblem> problems = validator->validate(value);
    for (const SchemaProblem &problem : problems) {
        if (sentences.size() == MostFaults) {
            sentences.append(u"%1 more faults."_s.arg(problems.size() - MostFaults));
            break;
        }
        sentences.append(problem.unjudged
                             ? problem.sentence
                             : u"%1 %2: at %3"_s.arg(breaks, bySchema, problemLine(problem)));
    }
    for (const QString &sentence : validator->unchecked())
        sentences.append(u"In %1, "_s.arg(bySchema) + sentence);
    return sentences;
}

} // namespace

QStringList outputFaults(const QByteArray &outputSchema, const QByteArray &result)
{
    const JsonText json = JsonText::parse(result);
    if (outputSchema.isEmpty() || !json.isObject(json.root()) || toolSaidError(result))
        return {};
    const JsonText::Node structured = json.member(json.root(), u"structuredContent");
    if (structured < 0) {
        // What is no finished result of a tool (a task, a question) has none to show.
        if (json.member(json.root(), u"content") < 0)
            return {};
        return {u"The tool has an output schema, but its result has no structuredContent."_s};
    }
    return faults(outputSchema, json.raw(structured), u"structuredContent is"_s,
                  u"structuredContent breaks"_s, u"the tool's output schema"_s);
}

QStringList argumentFaults(const QByteArray &inputSchema, const QByteArray &arguments)
{
    if (inputSchema.isEmpty())
        return {};
    return faults(inputSchema, arguments.isEmpty() ? "{}" : arguments, u"The arguments are"_s,
                  u"The arguments break"_s, u"the tool's input schema"_s);
}

} // namespace sightglass
