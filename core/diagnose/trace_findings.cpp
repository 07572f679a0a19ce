// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose/trace_findings.h"

#include <memory>

namespace sightglass {

TraceFindings::TraceFindings(const Redactor &redactor, TraceState state)
    : m_redactor(redactor)
    , m_state(state)
{
}

QStringList TraceFindings::of(const TraceReader &trace, ExchangeId id,
                              const std::atomic<bool> *stop)
{
    const std::lock_guard lock(m_mutex);
    if (!m_found) {
        ExchangeFindings found;
        findings(trace, m_redactor, stop, m_state, &found);
        if (stop && stop->load(std::memory_order_relaxed))
            return {};
        m_found = std::move(found);
    }
    return m_found->value(id);
}

std::function<QStringList(const TraceReader &, ExchangeId, const std::atomic<bool> *)>
ruleFindings(const Redactor &redactor, TraceState state)
{
    return [found = std::make_shared<TraceFindings>(redactor, state)](
               const TraceReader &trace, ExchangeId id, const std::atomic<bool> *stop) {
        return found->of(trace, id, stop);
    };
}

} // namespace sightglass
