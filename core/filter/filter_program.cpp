// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_program.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// How much it costs to ask, roughly: what is in the summary first, bodies and streams last.
int costOf(const FilterTest &test)
{
    int cost = 0;
    switch (test.field) {
    case FilterField::Status:
    case FilterField::Kind:
    case FilterField::Id:
    case FilterField::Duration:
    case FilterField::Size:
    case FilterField::RequestSize:
    case FilterField::Events:
    case FilterField::At:
    case FilterField::EventKind:
    case FilterField::EventSize:
        cost = 1;
        break;
    case FilterField::Method:
    case FilterField::Clock:
    case FilterField::Gap:
    case FilterField::Tool:
    case FilterField::What:
        cost = 2;
        break;
    case FilterField::RequestHeader:
    case FilterField::ResponseHeader:
    case FilterField::EventType:
    case FilterField::EventId:
    case FilterField::Is:
        cost = 4;
        break;
    case FilterField::Url:
    case FilterField::Server:
    case FilterField::Missing:
    case FilterField::Carried:
    case FilterField::Withheld:
    case FilterField::Finding:
    case FilterField::Note:
        cost = 8;
        break;
    case FilterField::Error:
        cost = 16;
        break;
    case FilterField::RequestBody:
        cost = 24;
        break;
    case FilterField::Body:
    case FilterField::ResponseBody:
    case FilterField::RpcMethod:
    case FilterField::RpcId:
    case FilterField::EventData:
        cost = 32;
        break;
    case FilterField::Words:
        cost = 48;
        break;
    }
    return cost;
}

FilterTest compiledTest(const FilterTerm &term)
{
    FilterTest test;
    test.field = term.field;
    test.kind = term.kind;
    test.scope = term.scope;
    test.op = term.op;
    test.range = term.value.range;
    test.exact = term.value.exact;
    test.choice = term.value.choice;
    test.timeOfDay = term.value.timeOfDay;
    test.name = term.argument.toUtf8();
    test.stringOnly = term.value.quoted;
    const bool whole = term.kind == FilterValueKind::Name;
    if (term.op != FilterOperator::Exists)
        test.text = TextTest(term, whole);
    if (term.kind == FilterValueKind::Credential)
        test.name = term.value.text.toUtf8();
    if (term.field == FilterField::RpcMethod)
        test.path = JsonPath::fromPointer("/method");
    else if (term.field == FilterField::RpcId)
        test.path = JsonPath::fromPointer("/id");
    else if (term.kind == FilterValueKind::Json)
        test.path = JsonPath::fromPointer(test.name);
    return test;
}

FilterStep compiledStep(const FilterNode &node)
{
    FilterStep step;
    step.kind = node.kind;
    if (node.kind == FilterNode::Kind::Term) {
        step.test = compiledTest(node.term);
        step.cost = costOf(step.test);
        step.ofExchange = node.term.scope == FilterScope::Exchange;
        return step;
    }
    for (const FilterNode &child : node.children) {
        step.children.push_back(compiledStep(child));
        step.cost = std::max(step.cost, step.children.back().cost);
        step.ofExchange = step.ofExchange && step.children.back().ofExchange;
    }
    // Stable: equals keep the order in which they were written.
    std::stable_sort(step.children.begin(), step.children.end(),
                     [](const FilterStep &a, const FilterStep &b) { return a.cost < b.cost; });
    return step;
}

bool asksFor(FilterField field, const FilterStep &step)
{
    if (step.kind == FilterNode::Kind::Term)
        return step.test.field == field;
    return std::any_of(step.children.begin(), step.children.end(),
                       [field](const FilterStep &child) { return asksFor(field, child); });
}

void giveSlots(FilterStep &step, int &slots)
{
    if (step.ofExchange) {
        step.slot = slots++;
        return;
    }
    for (FilterStep &child : step.children)
        giveSlots(child, slots);
}

} // namespace

FilterProgram compileFilter(const FilterSyntax &syntax)
{
    FilterProgram program;
    if (!syntax.root)
        return program;
    program.root = compiledStep(*syntax.root);
    giveSlots(*program.root, program.slots);
    program.findings = asksFor(FilterField::Finding, *program.root);
    return program;
}

} // namespace sightglass
