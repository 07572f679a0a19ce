// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_syntax.h"
#include "core/trace/trace_store.h"

#include <atomic>
#include <functional>
#include <memory>

namespace sightglass {

/// Gives the ids of findings ("AF-01") that concern an exchange: from whoever knows the rules,
/// which are none of this room's business. Asked only where a filter asks for findings, by any
/// number of threads at once; may take long. `stop` as in TraceFilter::matches(), or null.
using FindingsLookup = std::function<QStringList(const TraceReader &trace, ExchangeId id,
                                                 const std::atomic<bool> *stop)>;

/// A filter over exchanges and over single events: `status:401 and kind:stream and not
/// header.authorization`. filterKeys() and filterRules() tell the language. Copies are cheap, and
/// any number of threads may ask one at once.
///
/// An event has what holds of its exchange; a term about events holds for an exchange where it
/// holds for any of its events.
class TraceFilter {
public:
    TraceFilter(); ///< matches everything
    /// What is wrong is left out, and told in `problems`.
    static TraceFilter parse(const QString &text, QList<FilterProblem> *problems = nullptr);

    /// Where each of these holds.
    static TraceFilter allOf(const QStringList &texts, QList<FilterProblem> *problems = nullptr);

    /// The same with that to ask for findings. Without it, it knows of those alone that stand in
    /// the trace.
    TraceFilter withFindings(const FindingsLookup &lookup) const;
    bool asksForFindings() const;
    /// What the lookup gives; nothing where the filter does not ask for findings.
    QStringList findings(const TraceReader &trace, ExchangeId id,
                         const std::atomic<bool> *stop = nullptr) const;

    bool isEmpty() const;
    /// The text that it was parsed from; of several a line each.
    QString text() const;
    /// `stop` is looked at where it may take long: once it is true, the answer is of no worth.
    bool matches(const TraceReader &trace, ExchangeId id,
                 const std::atomic<bool> *stop = nullptr) const;
    bool matchesEvent(const TraceReader &trace, ExchangeId id, qint64 frame) const;
    /// Appends the frames from `first` up to, not including, `end` that match.
    void findEvents(const TraceReader &trace, ExchangeId id, qint64 first, qint64 end,
                    QList<qint64> &found, const std::atomic<bool> *stop = nullptr) const;

    /// What "missing:" and the like ask for that no request of the trace carried, that none was
    /// asked for, and whose name tells of no secret: it may be misspelt. `look` goes over all
    /// exchanges for it; else it is quick, and tells what asking the filter has found out already.
    QStringList unknownCredentials(const TraceReader &trace, bool look) const;

private:
    struct Private;
    std::shared_ptr<const Private> d;
};

} // namespace sightglass
