// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_keys.h"
#include "core/trace/trace_store.h"

#include <QMap>
#include <QSet>

namespace sightglass {

/// Values that occur in a trace, for completion; no secrets, since the values of headers are not
/// among them. Grows with the trace, some exchanges at a time.
class SeenValues {
public:
    /// Looks at no more than `most` exchanges that it has not seen; true if there are more. Another
    /// trace starts it anew.
    bool update(const TraceReader &trace, qint64 most);
    /// Sorted; untrusted. Of a header its names.
    QStringList of(FilterField field) const;

private:
    void look(const TraceReader &trace, ExchangeId id);
    void add(FilterField field, const QString &value);

    const TraceReader *m_trace = nullptr;
    ExchangeId m_seen = 0;
    qint64 m_notes = 0;
    QMap<FilterField, QSet<QString>> m_values;
};

/// Something that may stand at the cursor.
struct FilterSuggestion {
    QString insert; ///< in place of `length` characters from `start`
    qsizetype start = 0;
    qsizetype length = 0;
    QString label; ///< what is listed; a value is untrusted
    QString description;
    bool goesOn = false; ///< more is to be written: a key wants its value

    bool operator==(const FilterSuggestion &) const = default;
};

/// What one may mean with the text up to the cursor: keys that begin so (then those that hold it),
/// the values of a key, the names of headers. Without a word there all keys, if `all`.
QList<FilterSuggestion> filterSuggestions(const QString &text, qsizetype cursor,
                                          const SeenValues &seen, bool all = false);

/// A value as it has to be written: in quotes where it needs them.
QString filterQuoted(const QString &value);

} // namespace sightglass
