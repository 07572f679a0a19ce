// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/rules.h"
#include "core/filter/trace_filter.h"

#include <memory>
#include <mutex>

namespace sightglass {

/// Which findings concern which exchanges of the trace that is shown, as the last run of the rules
/// told (FindingsScan). Filters read it in their threads; it is replaced in the GUI's.
class KnownFindings {
public:
    void set(const ExchangeFindings &found)
    {
        const std::lock_guard lock(m_mutex);
        m_found = found;
    }
    QStringList of(ExchangeId id) const
    {
        const std::lock_guard lock(m_mutex);
        return m_found.value(id);
    }
    /// For filters that may outlive whoever made them.
    static FindingsLookup lookup(const std::shared_ptr<const KnownFindings> &known)
    {
        return [known](const TraceReader &, ExchangeId id, const std::atomic<bool> *) {
            return known->of(id);
        };
    }

private:
    mutable std::mutex m_mutex;
    ExchangeFindings m_found;
};

} // namespace sightglass
