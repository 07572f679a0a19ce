// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/rules.h"

#include <QHash>
#include <QStringList>

#include <functional>
#include <mutex>
#include <optional>

namespace sightglass {

/// What the rules find in one trace, asked for by exchange: by filters, in any number of threads.
/// The rules run when it is asked for the first time, in the thread that asks, while the others
/// wait; what comes later is not in it.
class TraceFindings {
public:
    explicit TraceFindings(const Redactor &redactor, TraceState state = TraceState::Growing);

    /// Ids of the findings that the exchange is among those of; always of the same trace. Where
    /// `stop` became true it may be empty, and the next one to ask has the rules run again.
    QStringList of(const TraceReader &trace, ExchangeId id,
                   const std::atomic<bool> *stop = nullptr);

private:
    const Redactor m_redactor;
    const TraceState m_state;
    std::mutex m_mutex;
    std::optional<ExchangeFindings> m_found;
};

/// One of those, as filters take it (TraceFilter::withFindings()).
std::function<QStringList(const TraceReader &, ExchangeId, const std::atomic<bool> *)>
ruleFindings(const Redactor &redactor, TraceState state = TraceState::Growing);

} // namespace sightglass
