// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_filter.h"

#include "core/filter/filter_program.h"
#include "core/trace/redaction.h"

namespace sightglass {

namespace {

/// The names of credentials that a filter asks for, each once.
void gatherCredentials(const FilterNode &node, QStringList &names)
{
    for (const FilterNode &child : node.children)
        gatherCredentials(child, names);
    const QString &name = node.term.value.text;
    if (node.kind == FilterNode::Kind::Term && node.term.kind == FilterValueKind::Credential
        && name != QLatin1StringView("any") && !names.contains(name))
        names.append(name);
}

} // namespace

struct TraceFilter::Private {
    QString text;
    QStringList credentials; ///< that it asks for
    FilterProgram program;
    FindingsLookup findings; ///< may be empty
    mutable TraceKnowledge knowledge;
};

TraceFilter::TraceFilter()
    : d(std::make_shared<Private>())
{
}

TraceFilter TraceFilter::parse(const QString &text, QList<FilterProblem> *problems)
{
    return allOf({text}, problems);
}

TraceFilter TraceFilter::allOf(const QStringList &texts, QList<FilterProblem> *problems)
{
    FilterSyntax all;
    for (const QString &text : texts) {
        const FilterSyntax syntax = parseFilter(text);
        if (problems)
            problems->append(syntax.problems);
        if (!syntax.root)
            continue;
        if (!all.root) {
            all.root = syntax.root;
            continue;
        }
        FilterNode both;
        both.kind = FilterNode::Kind::All;
        both.children = {*all.root, *syntax.root};
        all.root = both;
    }
    auto parsed = std::make_shared<Private>();
    parsed->text = texts.join(QLatin1Char('\n'));
    if (all.root)
        gatherCredentials(*all.root, parsed->credentials);
    parsed->program = compileFilter(all);
    TraceFilter filter;
    filter.d = parsed;
    return filter;
}

TraceFilter TraceFilter::withFindings(const FindingsLookup &lookup) const
{
    if (!asksForFindings())
        return *this;
    auto known = std::make_shared<Private>();
    known->text = d->text;
    known->credentials = d->credentials;
    known->program = d->program;
    known->findings = lookup;
    TraceFilter filter;
    filter.d = known;
    return filter;
}

bool TraceFilter::asksForFindings() const
{
    return d->program.findings;
}

QStringList TraceFilter::findings(const TraceReader &trace, ExchangeId id,
                                  const std::atomic<bool> *stop) const
{
    return d->findings ? d->findings(trace, id, stop) : QStringList();
}

bool TraceFilter::isEmpty() const
{
    return !d->program.root;
}

QString TraceFilter::text() const
{
    return d->text;
}

QStringList TraceFilter::unknownCredentials(const TraceReader &trace, bool look) const
{
    QStringList names = d->credentials;
    names.removeIf([](const QString &name) { return Redactor::isSecretName(name.toLatin1()); });
    if (names.isEmpty())
        return names;
    return look ? TraceKnowledge::unknownCredentials(names, trace)
                : d->knowledge.unknownSoFar(names, trace);
}

bool TraceFilter::matches(const TraceReader &trace, ExchangeId id,
                          const std::atomic<bool> *stop) const
{
    if (id < 1 || id > trace.exchangeCount())
        return false;
    ExchangeFacts facts(trace, id, d->knowledge, stop, d->findings);
    return FilterRunner(d->program, facts).holds();
}

bool TraceFilter::matchesEvent(const TraceReader &trace, ExchangeId id, qint64 frame) const
{
    QList<qint64> found;
    findEvents(trace, id, frame, frame + 1, found);
    return !found.isEmpty();
}

void TraceFilter::findEvents(const TraceReader &trace, ExchangeId id, qint64 first, qint64 end,
                             QList<qint64> &found, const std::atomic<bool> *stop) const
{
    if (id < 1 || id > trace.exchangeCount() || first < 0)
        return;
    ExchangeFacts facts(trace, id, d->knowledge, stop, d->findings);
    FilterRunner runner(d->program, facts);
    FrameReader reader(trace, id, first, end);
    EventFacts event;
    while (!facts.isStopped() && reader.next(event)) {
        if (runner.holds(event, reader))
            found.append(event.index);
    }
}

} // namespace sightglass
