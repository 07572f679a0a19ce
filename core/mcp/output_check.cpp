// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/output_check.h"

#include "core/mcp/tool.h"
#include "core/schema/schema_validator.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostFaults = 10;

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
    const Expected<SchemaValidator> validator = SchemaValidator::compile(outputSchema);
    if (!validator)
        return {u"structuredContent is not checked, as the tool's output schema is wrong. %1"_s.arg(
            validator.error().sentence)};
    QStringList sentences;
    const QList<SchemaProblem> problems = validator->validate(json.raw(structured));
    for (const SchemaProblem &problem : problems) {
        if (sentences.size() == MostFaults) {
            sentences.append(u"%1 more faults."_s.arg(problems.size() - MostFaults));
            break;
        }
        sentences.append(problem.unjudged
                             ? problem.sentence
                             : u"structuredContent breaks the tool's output schema: at %1"_s.arg(
                                 problemLine(problem)));
    }
    for (const QString &sentence : validator->unchecked())
        sentences.append(u"In the tool's output schema, "_s + sentence);
    return sentences;
}

} // namespace sightglass
