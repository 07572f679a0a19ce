// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

#include <QHash>

#include <vector>

namespace sightglass {

/// Which exchange carried, lacked or withheld which credential; grows with a trace and looks at
/// each exchange once. What the matrix, the glances and the filter are made from.
class CredentialIndex {
public:
    using Mask = quint64; ///< a bit for each column
    static constexpr int SessionColumn = 0;
    static constexpr int VersionColumn = 1;
    static constexpr Mask ProtocolColumns = 3;

    /// The kinds of request that the matrix has rows for, in its order.
    enum class Row : quint8 {
        Discover, ///< of the modern era's connection
        Initialize,
        Messages,
        Stream,
        Reconnect,
        Discovery,
        Registration,
        Token,
        Delete,
        Other,
    };
    static constexpr int RowCount = int(Row::Other) + 1;
    static bool opensConnection(Row row) { return row == Row::Discover || row == Row::Initialize; }

    struct Entry {
        Mask carried = 0;
        Mask missing = 0;
        Mask withheld = 0;
        /// Of `missing`: what nothing but the refusal tells, since no request before carried it.
        Mask asked = 0;
        quint32 origin = 0;
        quint16 status = 0;
        Row row = Row::Other;
        /// Refused, and sent again at once with other credentials: that it lacked them, or had old
        /// ones, is how one is asked for them, and no fault.
        bool takenUp = false;

        bool wasRefused() const { return status == 401 || status == 403; }
        bool wasAccepted() const { return status >= 200 && status < 400; }
    };

    CredentialIndex();

    /// Takes in exchanges that began, and answers that came, since the last time. `changed` gets
    /// the ids of both; new ones are above the old count(). Of the new ones at most `upTo`, so that
    /// a long trace can be taken in slices; negative: all.
    void update(const TraceReader &trace, QList<ExchangeId> *changed = nullptr,
                ExchangeId upTo = -1);
    ExchangeId count() const { return ExchangeId(m_entries.size()); }
    const Entry &entry(ExchangeId id) const { return m_entries[size_t(id - 1)]; }

    int columnCount() const { return int(m_columns.size()); }
    const QByteArray &columnName(int column) const { return m_columns.at(column); }
    /// -1 where no exchange carried it.
    int columnOf(QByteArrayView name) const;
    /// The nearest exchange to the same origin that carried the column and was answered well; 0
    /// where there is none.
    ExchangeId nearestAccepted(ExchangeId id, int column) const;

private:
    Entry look(const TraceReader &trace, ExchangeId id);
    int makeColumn(const QByteArray &name);
    /// The exchange `id` is what took up the refusal of another, whose id that is; 0: of none.
    ExchangeId takesUp(const TraceReader &trace, ExchangeId id);
    quint32 originOf(const QUrl &url);
    void answered(Entry &entry, const RequestRecord &request, const ResponseRecord &response);

    QList<QByteArray> m_columns;
    std::vector<Entry> m_entries;
    QList<ExchangeId> m_unanswered;
    QHash<QByteArray, quint32> m_originNumbers;
    struct OriginState {
        Mask carried = 0; ///< since its last connection was opened
        Mask accepted = 0; ///< ever
    };
    std::vector<OriginState> m_origins;
    QUrl m_lastUrl;
    quint32 m_lastOrigin = 0;
};

} // namespace sightglass
