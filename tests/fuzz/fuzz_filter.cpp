// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_completion.h"
#include "core/filter/trace_filter.h"
#include "tests/fuzz/fuzz_targets.h"
#include "tests/support/export_trace.h"

namespace sightglass::fuzz {

namespace {

void checkProblems(const QList<FilterProblem> &problems, const QString &text)
{
    for (const FilterProblem &problem : problems) {
        require(problem.length >= 1 && problem.start >= 0
                    && problem.start + problem.length <= std::max<qsizetype>(1, text.size()),
                "a problem has a place in the text");
        require(!problem.sentence.isEmpty(), "and a sentence");
    }
}

void checkNode(const FilterNode &node, int depth)
{
    require(depth <= 4 * MaxFilterDepth, "nesting is bounded");
    switch (node.kind) {
    case FilterNode::Kind::All:
    case FilterNode::Kind::Any:
        require(node.children.size() >= 2, "what joins has something to join");
        break;
    case FilterNode::Kind::Not:
        require(node.children.size() == 1, "one thing is not so");
        break;
    case FilterNode::Kind::Term:
        require(node.children.isEmpty(), "a term has nothing below it");
        break;
    }
    for (const FilterNode &child : node.children)
        checkNode(child, depth + 1);
}

void checkCompletion(const QString &text)
{
    SeenValues seen;
    for (const qsizetype cursor : {text.size(), text.size() / 2}) {
        for (const FilterSuggestion &suggestion : filterSuggestions(text, cursor, seen, true)) {
            require(suggestion.start >= 0 && suggestion.length >= 0
                        && suggestion.start + suggestion.length <= text.size(),
                    "a suggestion replaces a part of the text");
        }
    }
}

} // namespace

/// What is wrong has its place; what is right goes through a trace, matches or not but never both,
/// and can be narrowed further.
void fuzzFilter(QByteArrayView input)
{
    const QString text = QString::fromUtf8(input);
    const FilterSyntax syntax = parseFilter(text);
    checkProblems(syntax.problems, text);
    if (syntax.root)
        checkNode(*syntax.root, 0);
    filterTreeText(syntax);
    checkCompletion(text);

    static const std::unique_ptr<TraceStore> trace = test::exportSample();
    QList<FilterProblem> problems;
    const TraceFilter filter = TraceFilter::parse(text, &problems);
    require(problems == syntax.problems, "a filter has the problems of its text");
    require(!syntax.root || filter.isEmpty() == false, "what asks something is not empty");
    const TraceFilter narrowed =
        TraceFilter::parse(filterWithTerm(text, QStringLiteral("status:200")));
    for (ExchangeId id = 1; id <= trace->exchangeCount(); ++id) {
        const bool matches = filter.matches(*trace, id);
        require(matches == filter.matches(*trace, id), "the same filter gives the same answer");
        if (problems.isEmpty()) {
            const bool both = matches && trace->summary(id).status == 200;
            require(narrowed.matches(*trace, id) == both, "a further term narrows");
        }
        const qint64 frames = trace->summary(id).frames;
        QList<qint64> found;
        filter.findEvents(*trace, id, 0, frames, found);
        QList<qint64> single;
        for (qint64 frame = 0; frame < frames; ++frame) {
            if (filter.matchesEvent(*trace, id, frame))
                single.append(frame);
        }
        require(found == single, "events are found together as alone");
    }
    const QString quoted = filterQuoted(text);
    if (!quoted.isEmpty() && !text.isEmpty()) {
        const FilterSyntax read = parseFilter(QStringLiteral("tool=") + quoted);
        require(read.problems.isEmpty() && read.root && read.root->term.value.text == text,
                "a value in quotes is read as it was");
    }
}

} // namespace sightglass::fuzz
