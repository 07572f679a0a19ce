// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

#include <memory>

namespace sightglass {

/// What is wrong with a filter, and where.
struct FilterProblem {
    qsizetype start = 0;
    qsizetype length = 0;
    QString sentence;
};

/// A filter over exchanges: words (found in what, URL, heads and the first 64 KiB of the bodies,
/// without case; not in the values of secret headers) and terms KEY:VALUE (status:401, status:4xx,
/// method:GET, kind:stream, missing:authorization, carried:authorization, tool:add,
/// server:example.org, finding:AF-01, error:-32602, is:failed), all of which must hold; a term
/// after '-' or 'not' must not. Text in quotes is one word. Copies are cheap.
class TraceFilter {
public:
    TraceFilter(); ///< matches everything
    static TraceFilter parse(const QString &text, QList<FilterProblem> *problems = nullptr);

    bool isEmpty() const;
    bool matches(const TraceReader &trace, ExchangeId id) const;

private:
    struct Private;
    std::shared_ptr<const Private> d;
};

/// Known keys with a sentence each, for completion and help.
struct FilterKey {
    QString key;
    QString description;
};
QList<FilterKey> filterKeys();

} // namespace sightglass
