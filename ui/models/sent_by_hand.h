// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

#include <QHash>

#include <optional>

namespace sightglass {

/// Which exchanges a person sent again, and whether edited, by the notes of the trace. Grows with
/// it and reads each note once.
class SentByHand {
public:
    struct Origin {
        ExchangeId of = 0; ///< the exchange that it was made from
        bool edited = false;
        QString words; ///< what was changed, as the note tells it

        bool operator==(const Origin &) const = default;
    };

    void reset();
    void update(const TraceReader &trace);
    /// Nothing for what went out by itself.
    std::optional<Origin> originOf(ExchangeId id) const;

private:
    qint64 m_notes = 0; ///< read so far
    QHash<ExchangeId, Origin> m_origins;
};

} // namespace sightglass
