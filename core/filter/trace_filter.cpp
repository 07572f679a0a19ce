// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_filter.h"

#include "core/filter/filter_program.h"

namespace sightglass {

struct TraceFilter::Private {
    QString text;
    FilterProgram program;
    mutable TraceKnowledge knowledge;
};

TraceFilter::TraceFilter()
    : d(std::make_shared<Private>())
{
}

TraceFilter TraceFilter::parse(const QString &text, QList<FilterProblem> *problems)
{
    const FilterSyntax syntax = parseFilter(text);
    if (problems)
        problems->append(syntax.problems);
    auto parsed = std::make_shared<Private>();
    parsed->text = text;
    parsed->program = compileFilter(syntax);
    TraceFilter filter;
    filter.d = parsed;
    return filter;
}

bool TraceFilter::isEmpty() const
{
    return !d->program.root;
}

QString TraceFilter::text() const
{
    return d->text;
}

bool TraceFilter::matches(const TraceReader &trace, ExchangeId id,
                          const std::atomic<bool> *stop) const
{
    if (id < 1 || id > trace.exchangeCount())
        return false;
    ExchangeFacts facts(trace, id, d->knowledge, stop);
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
    ExchangeFacts facts(trace, id, d->knowledge, stop);
    FilterRunner runner(d->program, facts);
    FrameReader reader(trace, id, first, end);
    EventFacts event;
    while (!facts.isStopped() && reader.next(event)) {
        if (runner.holds(event, reader))
            found.append(event.index);
    }
}

} // namespace sightglass
