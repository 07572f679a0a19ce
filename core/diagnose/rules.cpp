// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/rules.h"

#include "core/diagnose/catalogue.h"

#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostEvidence = 8; ///< of one finding; the exchanges are all there

const QList<Rule> &allRules()
{
    // What a rule says of an id goes before what a failure says of it.
    static const QList<Rule> rules = credentialRules() + discoveryRules() + issuerRules()
        + registrationRules() + tokenRules() + sessionRules() + transportRules() + failureRules();
    return rules;
}

/// Each id once a server; the first says it.
QList<Finding> joined(const QList<Finding> &found)
{
    QList<Finding> list;
    QHash<QString, qsizetype> places;
    for (const Finding &one : found) {
        const QString key = one.id + u' ' + one.server;
        const auto place = places.constFind(key);
        if (place == places.constEnd()) {
            places.insert(key, list.size());
            list.append(one);
            continue;
        }
        Finding &first = list[*place];
        first.exchanges += one.exchanges;
        for (const Evidence &evidence : one.evidence) {
            if (first.evidence.size() < MostEvidence && !first.evidence.contains(evidence))
                first.evidence.append(evidence);
        }
    }
    for (Finding &one : list) {
        std::sort(one.exchanges.begin(), one.exchanges.end());
        one.exchanges.erase(std::unique(one.exchanges.begin(), one.exchanges.end()),
                            one.exchanges.end());
    }
    return list;
}

ExchangeFindings ofExchanges(const QList<Finding> &found)
{
    ExchangeFindings ids;
    for (const Finding &one : found) {
        for (const ExchangeId exchange : one.exchanges) {
            QStringList &of = ids[exchange];
            if (!of.contains(one.id))
                of.append(one.id);
        }
    }
    return ids;
}

/// Without what another finding of the same server brings about. A cause that was itself brought
/// about counts as well: what follows from it follows from the first.
QList<Finding> withoutConsequences(const QList<Finding> &found)
{
    QSet<QString> there;
    for (const Finding &one : found)
        there.insert(one.id + u' ' + one.server);
    QList<Finding> list;
    for (const Finding &one : found) {
        const auto causes = causations();
        const bool follows =
            std::any_of(causes.begin(), causes.end(), [&](const Causation &causation) {
                return causation.consequence == one.id
                    && there.contains(QString(causation.cause) + u' ' + one.server);
            });
        if (!follows)
            list.append(one);
    }
    return list;
}

} // namespace

QList<Finding> findings(const TraceReader &trace, const Redactor &redactor,
                        const std::atomic<bool> *stop, TraceState state,
                        ExchangeFindings *byExchange)
{
    const TraceFacts facts(trace, redactor, stop, state == TraceState::Over);
    QList<Finding> found;
    for (const Rule &rule : allRules()) {
        if (facts.stopped())
            return {};
        rule.find(facts, &found);
    }
    const QList<Finding> all = joined(found);
    if (byExchange)
        *byExchange = ofExchanges(all);
    QList<Finding> list = withoutConsequences(all);
    std::stable_sort(list.begin(), list.end(), [](const Finding &a, const Finding &b) {
        if (a.weight != b.weight)
            return a.weight < b.weight;
        // The newest first: that is what a person is at.
        const ExchangeId ofA = a.exchanges.isEmpty() ? 0 : a.exchanges.constLast();
        const ExchangeId ofB = b.exchanges.isEmpty() ? 0 : b.exchanges.constLast();
        return ofA != ofB ? ofA > ofB : a.id < b.id;
    });
    return list;
}

} // namespace sightglass
