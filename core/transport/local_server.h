// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/transport/transport.h"

#include <memory>

namespace sightglass {

class TraceStore;

/// A server within this process, which is reached without any network: what a target may have in
/// place of a URL or a program. Whoever connects owns the transport that it gets; each connection
/// has one of its own. Called in the session's thread.
class LocalServer {
public:
    virtual ~LocalServer() = default;
    virtual QString name() const = 0; ///< for people
    /// The trace outlives the transport.
    virtual std::unique_ptr<Transport> open(TraceStore *trace) const = 0;
};

} // namespace sightglass
